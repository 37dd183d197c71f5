"""Colours of cells in the workbook: rules that Excel keeps, not paint."""

from __future__ import annotations

from openpyxl.formatting.rule import CellIsRule, DataBarRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from planner.labels import Language
from planner.outputs.palette import (
    CENTRE_GRADE_FILLS,
    COVERAGE_BOUNDS,
    COVERAGE_CLASSES,
    COVERAGE_FILLS,
    ESTATE_FILLS,
    GRADE_FILLS,
    JUDGED_FILLS,
    RESULT_FILLS,
    SEVERITY_FILLS,
)
from planner.outputs.words import word


def add_colours(
    page: Worksheet, columns: list[str], rows: tuple[int, int], totals: int, language: Language
) -> None:
    """Colour what a planner looks for, by rules that keep working when values are edited.

    Parameters
    ----------
    page
        The sheet.
    columns
        Of its table, from the sheet's first column on.
    rows
        First and last row of the table's body.
    totals
        How many of the last rows are sums.
    language
        Of the words in the cells.
    """
    first, last = rows
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        for rule in _rules(column, language, f"{letter}{first}"):
            # Beside a bar as long as the district, those of its parts would all look alike.
            end = last - totals if rule.type == "dataBar" else last
            page.conditional_formatting.add(f"{letter}{first}:{letter}{end}", rule)


def _rules(column: str, language: Language, first_cell: str) -> list[Rule]:
    fills: dict[str, dict[str, str]] = {
        "result": RESULT_FILLS, "severity": SEVERITY_FILLS, "grade": GRADE_FILLS,
        "judged_result": JUDGED_FILLS, "centre_grade": CENTRE_GRADE_FILLS,
        "estate_result": ESTATE_FILLS,
        "ledger_result": RESULT_FILLS, "walk_result": RESULT_FILLS,
    }  # fmt: skip
    if column in fills:
        return [
            CellIsRule("equal", [f'"{word(value, language)}"'], fill=_fill(colour))
            for value, colour in fills[column].items()
        ]
    if column == "share_60":
        return _coverage_rules(first_cell)
    if "shortfall" in column:
        return [CellIsRule("greaterThan", ["0"], font=Font(color="B91C1C", bold=True))]
    if column in {"uncovered_60", "gain", "gap_elderly_60"}:
        return [DataBarRule("num", 0, "max", None, color="E3A79F", showValue=True)]
    return []


def _coverage_rules(first_cell: str) -> list[Rule]:
    """Return the classes of the map as cell colours; empty cells stay blank."""
    rules = [Rule("expression", formula=[f"ISBLANK({first_cell})"], stopIfTrue=True)]
    for name, bound in zip(COVERAGE_CLASSES, (*COVERAGE_BOUNDS, 0.0), strict=False):
        fill = _fill(COVERAGE_FILLS[name])
        rules.append(CellIsRule("greaterThanOrEqual", [str(bound)], stopIfTrue=True, fill=fill))
    return rules


def _fill(colour: str) -> PatternFill:
    code = colour.lstrip("#").upper()
    return PatternFill("solid", start_color=code, end_color=code)
