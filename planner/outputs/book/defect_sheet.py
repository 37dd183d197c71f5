"""The list of defects as people work on it: typed columns tinted, unlocked, with drop-downs."""

from __future__ import annotations

import math
from copy import copy
from typing import Final

import pandas as pd
from openpyxl.styles import Alignment, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from planner.labels import Language, text
from planner.outputs.book.spreadsheet import A3
from planner.standards.remedies.defects import OTHER, PROGRESS, TYPED, FormattedNumber

TYPED_FILL: Final = "FFF7DB"
"""A light yellow: here people type; it prints as white on most machines."""

EARLIER_FILL: Final = "EEF1F5"
"""Rows that are no longer found, or stand apart."""

WIDTHS: Final = {
    "defect": 17.0, "defect_change": 8.5, "clause_told": 34.0, "asked_told": 17.0,
    "has_told": 13.0, "short_told": 14.0, "measure_told": 40.0, "measure_m2": 8.0,
    "cost_yuan": 10.0, "priority_told": 9.0, "lead_unit": 11.0, "assisting_units": 11.0,
    "due": 11.0, "funds": 9.0, "progress": 9.0, "evidence": 11.0, "checked_by": 9.0,
    "checked_on": 11.0,
    "conclusion": 11.0, OTHER: 16.0,
}  # fmt: skip
"""Widths at which the list reads on A3, wide enough to type in."""

NAME_WIDTH: Final = 16.0


def dress_defects(page: Worksheet, table: pd.DataFrame, first: int, language: Language) -> None:
    """Tint and unlock the typed columns, offer the words of their state, and fit it all to A3.

    The sheet itself stays unprotected, so that rows can be taken out and sorted, which Excel
    refuses under protection; typing in our own columns is refused by a rule of their cells.

    Parameters
    ----------
    page
        The sheet, filled.
    table
        What stands on it.
    first
        First row of the table's body.
    language
        Language of the words.
    """
    last = first + max(len(table), 1) - 1
    columns = [str(column) for column in table.columns]
    earlier = [row for row, change in enumerate(table["defect_change"], start=first) if
               change in _earlier(language)]  # fmt: skip
    for number, column in enumerate(columns, start=1):
        if column in (*TYPED, OTHER):
            _open(page, number, (first, last))
            _as_typed(page, number, first, table[column].tolist())
        else:
            _shade(page, number, earlier)
    if "progress" in columns:
        words = ",".join(text(f"remedies.progress_{name}", language) for name in PROGRESS)
        choices = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
        choices.error = text("remedies.progress_choose", language, words=words)
        choices.showErrorMessage = True
        letter = get_column_letter(columns.index("progress") + 1)
        choices.add(f"{letter}{first}:{letter}{last}")
        page.add_data_validation(choices)
    _refuse_typing(page, columns, (first, last), language)
    page.column_dimensions[get_column_letter(columns.index("name") + 1)].width = NAME_WIDTH
    page.page_setup.paperSize = A3


def _earlier(language: Language) -> set[str]:
    names = ("gone", "unclear", "no_centre", "no_clause", "other_name", "twice", "apart")
    return {text(f"remedies.change_{name}", language) for name in names}


def _open(page: Worksheet, number: int, rows: tuple[int, int]) -> None:
    fill = PatternFill("solid", start_color=TYPED_FILL, end_color=TYPED_FILL)
    styles: dict[object, object] = {}
    for row in range(rows[0], rows[1] + 1):
        cell = page.cell(row, number)
        key = copy(cell._style)
        if key not in styles:
            cell.fill = fill
            cell.protection = Protection(locked=False)
            cell.alignment = Alignment("left", vertical="center", wrap_text=True)
            # Typed amounts stand as they were typed, 12.5 as 12.5.
            cell.number_format = "General"
            styles[key] = cell._style
        cell._style = copy(styles[key])


def _as_typed(page: Worksheet, number: int, first: int, values: list[object]) -> None:
    """Give back what people typed that is no text: TRUE, 30 %, and numbers to the last digit."""
    for row, value in enumerate(values, start=first):
        if isinstance(value, bool):
            page.cell(row, number).value = value
        elif isinstance(value, float) and math.isfinite(value):
            # What we find out is rounded as it is written; what people typed is theirs.
            page.cell(row, number).value = float(value)
        if isinstance(value, FormattedNumber):
            page.cell(row, number).number_format = value.number_format


def _refuse_typing(
    page: Worksheet, columns: list[str], rows: tuple[int, int], language: Language
) -> None:
    """Let Excel refuse what is typed into our own columns: no later run would keep it."""
    rule = DataValidation(type="custom", formula1="FALSE", allow_blank=False, errorStyle="stop")
    rule.error = text("remedies.column_ours", language)
    rule.showErrorMessage = True
    for number, column in enumerate(columns, start=1):
        if column not in (*TYPED, OTHER):
            letter = get_column_letter(number)
            rule.add(f"{letter}{rows[0]}:{letter}{rows[1]}")
    page.add_data_validation(rule)


def _shade(page: Worksheet, number: int, rows: list[int]) -> None:
    fill = PatternFill("solid", start_color=EARLIER_FILL, end_color=EARLIER_FILL)
    for row in rows:
        page.cell(row, number).fill = fill
