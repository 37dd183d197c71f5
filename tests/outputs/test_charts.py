"""Line charts refer to the cells they are drawn from, each line its own without colour."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import openpyxl
import pandas as pd

from planner.outputs.book.charts import STROKES, add_lines


def _book(walkers: int) -> bytes:
    table = pd.DataFrame(
        {
            "walker": np.repeat([f"=走{place}" for place in range(walkers)], 3),
            "minutes": np.tile([5.0, 12.5, 30.0], walkers),
            "share": np.linspace(0, 1, 3 * walkers),
        }
    )
    book = openpyxl.Workbook()
    page = book.active
    page.title = "时间曲线"
    add_lines(
        page, table, 8, lines="walker", across="minutes", up="share", title="曲线",
        titles=("分钟", "比例"),
    )  # fmt: skip
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_each_line_is_its_rows_and_no_copy() -> None:
    page = openpyxl.load_workbook(io.BytesIO(_book(3))).worksheets[0]
    (chart,) = page._charts
    found = [(one.xVal.numRef.f, one.yVal.numRef.f) for one in chart.series]
    assert found == [
        (f"'时间曲线'!$B${first}:$B${first + 2}", f"'时间曲线'!$C${first}:$C${first + 2}")
        for first in (8, 11, 14)
    ]
    assert (chart.x_axis.scaling.min, chart.x_axis.scaling.max) == (5.0, 30.0)
    assert chart.x_axis.delete is False


def test_lines_are_told_apart_without_colour() -> None:
    assert len({dash for _, dash, _ in STROKES}) == len(STROKES)
    assert len({marker for _, _, marker in STROKES}) == len(STROKES)
    with zipfile.ZipFile(io.BytesIO(_book(len(STROKES)))) as parts:
        drawn = parts.read("xl/charts/chart1.xml").decode()
    assert all(f'prstDash val="{dash}"' in drawn for _, dash, _ in STROKES)
    assert all(f'symbol val="{marker}"' in drawn for _, _, marker in STROKES)
