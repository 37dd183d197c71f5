"""Typed cells of kinds that this tool does not know are kept as text, and never stop a run."""

from __future__ import annotations

import datetime
import decimal
from typing import Any

import numpy as np
import openpyxl
import pytest

from planner.outputs.book.spreadsheet import put_value
from planner.workflow.remedies.cells import typed_value

ODD = [
    (datetime.timedelta(hours=36), "36:00"),
    (datetime.timedelta(days=2, minutes=5, seconds=7), "48:05:07"),
    (datetime.timedelta(minutes=-90), "-1:30"),
    (datetime.timedelta(), "0:00"),
    (datetime.time(9, 30), "09:30:00"),
    (datetime.datetime(2026, 12, 31, 9, 30), "2026-12-31 09:30"),
    (decimal.Decimal("0.30"), "0.30"),
    (b"x", "b'x'"),
    (True, True),
    (3.0, 3),
    (0.5, 0.5),
    ("  ", None),
    (None, None),
    (float("nan"), None),
]


@pytest.mark.parametrize(("value", "kept"), ODD)
def test_what_a_cell_holds_is_text_or_a_number_or_whether(value: Any, kept: Any) -> None:
    found = typed_value(value)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (datetime.timedelta(hours=36), "1 day, 12:00:00"),
        (datetime.date(2026, 12, 31), "2026-12-31"),
        (np.datetime64("2026-12-31"), "2026-12-31"),
        (decimal.Decimal("0.30"), "0.30"),
        (np.float64(0.25), 0.25),
        (float("inf"), None),
    ],
)
def test_a_value_of_no_kind_that_a_sheet_holds_is_written_as_text(value: Any, written: Any) -> None:
    cell = openpyxl.Workbook().create_sheet()["A1"]
    put_value(cell, value)
    assert cell.value == written
