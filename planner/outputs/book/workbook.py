"""The workbook: the run's tables as a bureau files them, in Excel's own format.

Text stays text: a name that begins with ``=``, ``+``, ``-`` or ``@`` is a name, not a formula.
The file holds no date and no machine's name, so that the same results make the same bytes.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from planner.labels import Language, text
from planner.outputs.book.centre_pages import fill_pages
from planner.outputs.book.charts import add_lines
from planner.outputs.book.defect_sheet import WIDTHS as DEFECT_WIDTHS
from planner.outputs.book.defect_sheet import dress_defects
from planner.outputs.book.sheet_colours import add_colours
from planner.outputs.book.spreadsheet import (
    FONT,
    HEAD_FILL,
    INK,
    LINE,
    LINE_HEIGHT,
    NEVER,
    SOFT,
    put,
    put_head,
    put_line,
    put_value,
    safe_text,
    set_format,
    set_row_heights,
    set_up_print,
    text_width,
    undated,
)
from planner.outputs.content import PlanContent
from planner.outputs.content_parts import About
from planner.outputs.figures import Figure, overview
from planner.outputs.sheet_columns import ORDER
from planner.outputs.sheets import Sheet, sheet_title, workbook_sheets
from planner.outputs.words import heading, is_missing, number_format, word

LEAST_WIDTH, MOST_WIDTH = 7.0, 36.0
PROSE: Final = {
    "communities": 40.0,
    "estate_finding": 60.0,
    "estate_members": 44.0,
    "estate_rule": 40.0,
    "estate_told": 56.0,
    "explanation": 110.0,
    "gain_communities": 44.0,
    "gap_causes": 30.0,
    "gap_closers": 36.0,
    "gap_could": 36.0,
    "joins": 26.0,
    "grade_why": 52.0,
    "judged_asks": 34.0,
    "judged_fill_in": 44.0,
    "judged_has": 28.0,
    "judged_mark": 18.0,
    "judged_source": 34.0,
    "judged_verdict": 40.0,
    "judged_what": 18.0,
    "meaning": 80.0,
    "near_closed": 26.0,
    "near_left_out": 26.0,
    "near_new": 26.0,
    "near_sites": 56.0,
    "problem": 76.0,
    "programme_breaches": 70.0,
    "programme_from": 34.0,
    "programme_kind": 34.0,
    "programme_reason": 50.0,
    "reading": 46.0,
    "rooms_lacking": 44.0,
    "served_with": 22.0,
    "site_breaches": 56.0,
    "served_ledger": 30.0,
    "served_walk": 30.0,
}
"""Columns of sentences, with the width at which they are wrapped."""

OVERVIEW_WIDTHS: Final = {"A": 36.0, "B": 16.0, "C": 50.0}


def write_workbook(content: PlanContent, path: Path) -> None:
    """Write the workbook of a plan (xlsx).

    Sheets, in this order: reconciliation, overview, communities, sub-districts, audit of
    facilities, service groups, gaps, siting plan, candidates, new estates, data quality, rows set
    aside, data dictionary. Every sheet names the project, its pace and limit, and its population.
    """
    language = content.about.language
    book = Workbook()
    book.remove(book.active)
    sheets = {sheet.key: sheet for sheet in workbook_sheets(content)}
    for key in ORDER:
        page = book.create_sheet(sheet_title(key, language))
        if key == "overview":
            _fill_overview(page, content)
        elif key == "centre_pages":
            lines = (text("outputs.about_centre_pages", language), *content.centre_page_lines)
            fill_pages(page, sheet_title(key, language), lines, content)
        else:
            first = fill_table(page, sheets[key], content.about)
            if key == "curve" and len(sheets[key].table):
                _draw_curves(page, sheets[key].table, first, language)
            if key == "site_curve" and len(sheets[key].table):
                _draw_numbers(page, sheets[key].table, first, language)
            if key == "defects":
                dress_defects(page, sheets[key].table, first, language)
    book.active = ORDER.index("overview")
    for page in book.worksheets:
        page.sheet_view.tabSelected = page is book.active
    book.properties.title = safe_text(content.about.title)
    book.properties.creator = "service-circle-planner"
    book.properties.created = NEVER
    made = io.BytesIO()
    book.save(made)
    path.write_bytes(undated(made.getvalue()))


def _draw_curves(page: Worksheet, table: pd.DataFrame, first: int, language: Language) -> None:
    """Draw coverage over the limit, a line a walker."""
    across, up = "curve_minutes", "curve_share_60"
    add_lines(
        page,
        table,
        first,
        lines="curve_walker",
        across=across,
        up=up,
        title=text("measures.curve_chart", language),
        titles=(heading(across, language), heading(up, language)),
    )


def _draw_numbers(page: Worksheet, table: pd.DataFrame, first: int, language: Language) -> None:
    """Draw coverage over the number of new centres."""
    across, up = "site_number", "site_share_60"
    add_lines(
        page,
        table,
        first,
        lines=None,
        across=across,
        up=up,
        title=text("outputs.site_curve_chart", language),
        titles=(heading(across, language), heading(up, language)),
    )


def _column_width(column: str, values: list[Any], language: Language) -> float:
    """Return a width at which values fit and the heading fits in two lines, beside its button."""
    if column in DEFECT_WIDTHS:
        return DEFECT_WIDTHS[column]
    widest = max((text_width(value) for value in values if isinstance(value, str)), default=0.0)
    most = PROSE.get(column, MOST_WIDTH)
    least = max(LEAST_WIDTH, text_width(heading(column, language)) / 2 + 5)
    return max(least, min(widest, most) + 3)


def fill_table(page: Worksheet, sheet: Sheet, about: About, *, facts: str | None = None) -> int:
    """Fill a sheet with its opening lines and its table; return the first row of the table's body.

    Parameters
    ----------
    page
        An empty sheet.
    sheet
        What stands on it.
    about
        Whose project it is.
    facts
        The first line, where it is not the pace, limit and population of ``about``.
    """
    language, table = about.language, sheet.table
    columns = [str(column) for column in table.columns]
    for number, column in enumerate(columns, start=1):
        width = _column_width(column, table[column].tolist(), language)
        page.column_dimensions[get_column_letter(number)].width = width
    top = put_head(page, sheet.title, sheet.lines, about, len(columns), facts=facts)
    last = top + max(len(table), 1)
    for number, column in enumerate(columns, start=1):
        _put_heading(page, top, number, heading(column, language))
        _put_column(page, top + 1, number, column, table[column].tolist(), language)
    page.row_dimensions[top].height = 2 * LINE_HEIGHT
    set_row_heights(page, table, top + 1)
    if table.empty:
        cell = page.cell(last, 1)
        put(cell, text("outputs.no_rows", language))
        cell.font = Font(FONT, 10, italic=True, color=SOFT)
    page.freeze_panes = page.cell(top + 1, _frozen(columns) + 1)
    page.auto_filter.ref = f"A{top}:{get_column_letter(len(columns))}{last}"
    add_colours(page, columns, (top + 1, last), sheet.totals, language)
    set_up_print(page, about, top)
    return top + 1


def _put_heading(page: Worksheet, row: int, number: int, label: str) -> None:
    cell = page.cell(row, number)
    put(cell, label)
    cell.font = Font(FONT, 10, bold=True, color=INK)
    cell.fill = PatternFill("solid", fgColor=HEAD_FILL)
    cell.border = Border(bottom=Side("medium", color=INK), top=Side("thin", color=LINE))
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _put_column(
    page: Worksheet, first: int, number: int, column: str, values: list[Any], language: Language
) -> None:
    """Write the values of one column, text to the left and figures to the right."""
    form = number_format(column)
    font, border = Font(FONT, 10, color=INK), Border(bottom=Side("thin", color=LINE))
    if any(isinstance(value, (str, bool)) for value in values):
        place = Alignment("left", vertical="center", wrap_text=True, indent=1)
    else:
        place = Alignment("right", vertical="center")
    # Styling every cell anew takes ten times as long as all the rest: one of each kind is enough.
    styles: dict[str, Any] = {}
    for row, value in enumerate(values, start=first):
        cell = page.cell(row, number)
        shown = word("yes" if value else "no", language) if isinstance(value, bool) else value
        content = put_value(cell, shown)
        if content not in styles:
            set_format(cell, content, form)
            cell.font, cell.border, cell.alignment = font, border, place
            styles[content] = cell._style
        cell._style = styles[content]


def _frozen(columns: list[str]) -> int:
    """Return how many columns stay in sight: those up to the name, where it is among the first."""
    return columns.index("name") + 1 if "name" in columns[:3] else 0


def _fill_overview(page: Worksheet, content: PlanContent) -> None:
    """Fill the overview: blocks of labelled figures, one below the other."""
    about, columns = content.about, len(OVERVIEW_WIDTHS)
    for letter, width in OVERVIEW_WIDTHS.items():
        page.column_dimensions[letter].width = width
    row = put_head(page, sheet_title("overview", about.language), (), about, columns)
    for block in overview(content):
        row += 1
        cell = page.cell(row, 1)
        put(cell, block.title)
        cell.font = Font(FONT, 11, bold=True, color=INK)
        for number in range(1, columns + 1):
            page.cell(row, number).fill = PatternFill("solid", fgColor=HEAD_FILL)
        row += 1
        for figure in block.figures:
            _put_figure(page, row, figure, columns)
            row += 1
    page.freeze_panes = "A2"
    set_up_print(page, about, None)
    page.page_setup.orientation = "portrait"


def _put_figure(page: Worksheet, row: int, figure: Figure, columns: int) -> None:
    """Write one figure beside its label, or a sentence over the whole width."""
    if not figure.label:
        put_line(page, row, str(figure.value), columns, Font(FONT, 10, color=INK))
        return
    label, cell = page.cell(row, 1), page.cell(row, 2)
    put(label, figure.label)
    label.font = Font(FONT, 10, color=SOFT)
    label.alignment = Alignment(vertical="center")
    put(cell, figure.shown() if is_missing(figure.value) else figure.value, figure.number_format)
    cell.font = Font(FONT, 10, bold=True, color=INK)
    words = isinstance(figure.value, str)
    cell.alignment = Alignment("left" if words else "right", vertical="center", wrap_text=words)
    page.row_dimensions[row].height = LINE_HEIGHT
    if words:
        page.merge_cells(start_row=row, start_column=2, end_row=row, end_column=columns)
