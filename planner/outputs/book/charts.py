"""Line charts in the workbook: native, and told apart in black and white by dash and marker."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from openpyxl.chart import Reference, ScatterChart, Series
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
)
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from planner.outputs.book.spreadsheet import FONT, safe_text

STROKES: Final = (
    ("1F2937", "solid", "circle"),
    ("1D4ED8", "dash", "square"),
    ("B45309", "sysDot", "triangle"),
    ("047857", "dashDot", "diamond"),
    ("7E22CE", "lgDash", "x"),
    ("6B7280", "lgDashDotDot", "plus"),
    ("BE123C", "sysDash", "star"),
)
"""Colour, dash and marker of each line in turn; each is its own in grey, too."""

WIDTH_CM, HEIGHT_CM = 21.0, 14.0
LINE_EMU: Final = 19_050
"""1.5 points."""


def add_lines(
    page: Worksheet,
    table: pd.DataFrame,
    first: int,
    *,
    lines: str | None,
    across: str,
    up: str,
    title: str,
    titles: tuple[str, str],
) -> None:
    """Draw one line for each value of a column, beside the table that it is drawn from.

    Nothing is copied: the chart refers to the table's cells, and follows them when edited.

    Parameters
    ----------
    page
        The sheet with the table.
    table
        What stands there, the rows of a line together.
    first
        First row of the table's body.
    lines, across, up
        Columns: which line (``None``: all one), where along, how high (a share, 0 to 1).
    title, titles
        Of the chart, and of its two axes.
    """
    columns = list(table.columns)
    chart = ScatterChart()
    chart.style, chart.scatterStyle = 2, "lineMarker"
    chart.width, chart.height = WIDTH_CM, HEIGHT_CM
    chart.title = safe_text(title)
    _set_font(chart.title, 1_200)
    for axis, name in zip((chart.x_axis, chart.y_axis), titles, strict=True):
        axis.title = safe_text(name)
        _set_font(axis.title, 900)
    limits = table[across].to_numpy(dtype=float)
    _set_axis(chart.x_axis, "0", float(limits.min()), float(limits.max()), 5.0)
    _set_axis(chart.y_axis, "0%", 0.0, 1.0, 0.2)
    chart.legend.position = "b"
    named = table[lines].to_numpy() if lines else [titles[1]] * len(table)
    for number, name in enumerate(dict.fromkeys(named)):
        rows = [first + place for place, one in enumerate(named) if one == name]
        where = {"min_row": rows[0], "max_row": rows[-1]}
        series = Series(
            Reference(page, min_col=columns.index(up) + 1, **where),
            Reference(page, min_col=columns.index(across) + 1, **where),
            title=safe_text(str(name)),
        )
        _stroke(series, number)
        chart.series.append(series)
    page.add_chart(chart, f"{get_column_letter(len(columns) + 2)}{first}")


def _set_axis(axis: Any, form: str, least: float, most: float, step: float) -> None:
    axis.number_format, axis.delete = form, False
    axis.scaling.min, axis.scaling.max, axis.majorUnit = least, most, step
    axis.majorTickMark = "out"
    grid = LineProperties(solidFill="D1D5DB", w=6_350)
    if axis.majorGridlines is not None:
        axis.majorGridlines.spPr = GraphicalProperties(ln=grid)
    axis.txPr = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=_font(900)))])


def _font(size: int) -> CharacterProperties:
    """Return the workbook's font in hundredths of a point."""
    return CharacterProperties(sz=size, b=False, latin=Font(typeface=FONT), ea=Font(typeface=FONT))


def _set_font(title: Any, size: int) -> None:
    for paragraph in title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=_font(size))
        for run in paragraph.r or ():
            run.rPr = _font(size)


def _stroke(series: Any, number: int) -> None:
    colour, dash, marker = STROKES[number % len(STROKES)]
    series.smooth = False
    line = LineProperties(solidFill=colour, prstDash=dash, w=LINE_EMU)
    series.graphicalProperties = GraphicalProperties(ln=line)
    filled = GraphicalProperties(solidFill="FFFFFF", ln=LineProperties(solidFill=colour))
    series.marker = Marker(symbol=marker, size=6, spPr=filled)
