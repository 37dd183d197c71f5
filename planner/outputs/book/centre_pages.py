"""一户一档: one page a failing centre, to be printed and signed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from planner.labels import text
from planner.outputs.book.spreadsheet import (
    A4,
    FONT,
    HEAD_FILL,
    INK,
    LINE,
    LINE_HEIGHT,
    SOFT,
    WARNING,
    put,
    put_head,
    put_line,
    set_up_print,
    text_lines,
)
from planner.outputs.content import CentrePage, PlanContent
from planner.outputs.content_parts import About

WIDTHS: Final = (5.0, 26.0, 23.0, 16.0, 14.0, 12.0)
"""Six columns that fill the width of A4 upright at :data:`SCALE`."""

SCALE: Final = 75
"""Per cent at which pages are printed: fitted to a width, a sheet would ignore its page breaks."""

FACT_COLUMNS: Final = ((1, 2), (3, 3), (4, 4), (5, 6))
SIGNERS: Final = ("head", "street", "bureau")
SIGN_HEIGHT: Final = 34.0
CELL_POINTS: Final = 10.0

PAGE_POINTS: Final = 960.0
"""Height of rows that A4 upright holds at :data:`SCALE` between its margins, with some to spare."""

SIZES: Final = (1.0, 0.95, 0.9, 0.85, 0.8)
"""What a page's letters may be shrunk to so that it stays one page, the largest first."""

LEAST_FINDINGS: Final = 8
"""Findings and measures that a page keeps before its other sentences are left out."""

M2_PLACE: Final = 4
"""Column of the measures' square metres."""


def fill_pages(
    page: Worksheet,
    title: str,
    lines: tuple[str, ...],
    content: PlanContent,
) -> None:
    """Fill a sheet with a page a centre, each followed by a page break, after one that explains.

    Parameters
    ----------
    page
        An empty sheet.
    title, lines
        The sheet's name, and the sentences of its first page.
    content
        Whose project it is, and the centres' pages in their order.
    """
    pages, about = content.centre_pages, content.about
    for number, width in enumerate(WIDTHS, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    row = put_head(page, title, lines, about, len(WIDTHS))
    if not pages:
        put_line(page, row, text("outputs.no_rows", about.language), len(WIDTHS), _font(SOFT))
        row += 1
    for one in pages:
        page.row_breaks.append(Break(id=row - 1))
        row = _fill(page, row, one, about)
    set_up_print(page, about, None)
    page.sheet_properties.pageSetUpPr.fitToPage = False
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.page_setup.orientation, page.page_setup.paperSize = "portrait", A4
    page.page_setup.scale = SCALE
    page.sheet_view.view = "pageBreakPreview" if pages else "normal"
    page.sheet_view.zoomScaleSheetLayoutView = 100


@cache
def _font(color: str = INK, size: float = 11, *, bold: bool = False) -> Font:
    return Font(FONT, size, bold=bold, color=color)


_THIN: Final = Side("thin", color=LINE)
_BOX: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def _fresh_rows() -> defaultdict[int, SimpleNamespace]:
    return defaultdict(lambda: SimpleNamespace(height=None))


@dataclass
class _Scratch:
    """A sheet that keeps only its rows' heights: drawing each trial takes ten times as long."""

    column_dimensions: dict[str, SimpleNamespace]
    row_dimensions: defaultdict[int, SimpleNamespace] = field(default_factory=_fresh_rows)

    def cell(self, _row: int, _column: int) -> SimpleNamespace:
        return SimpleNamespace()

    def merge_cells(self, **_corners: int) -> None:
        """Do nothing: merged or not, rows are as high as they were set."""


def _fill(page: Worksheet, row: int, one: CentrePage, about: About) -> int:
    """Write one centre's page, no longer than A4; return the row below it."""
    scratch = _Scratch(
        {
            get_column_letter(number): SimpleNamespace(width=width)
            for number, width in enumerate(WIDTHS, start=1)
        }
    )
    start = 1
    for size in SIZES:
        end = _write(scratch, start, one, about, size)
        if _height(scratch, start, end) <= PAGE_POINTS:
            return _write(page, row, one, about, size)
        start = end
    size, kept = SIZES[-1], one
    while (shorter := _shorter(kept)) is not kept:
        kept = shorter
        end = _write(scratch, start, kept, about, size, one)
        if _height(scratch, start, end) <= PAGE_POINTS:
            break
        start = end
    return _write(page, row, kept, about, size, one)


def _height(page: Worksheet, start: int, end: int) -> float:
    """Return how high rows stand, in points."""
    known = page.row_dimensions
    return sum(
        float(known[row].height or LINE_HEIGHT) if row in known else LINE_HEIGHT
        for row in range(start, end)
    )


def _shorter(one: CentrePage) -> CentrePage:
    """Return a page with the last of its findings, else its sentences, else measures left out."""
    if len(one.findings) > LEAST_FINDINGS:
        return replace(one, findings=one.findings[:-1])
    if len(one.lines) > 1:
        return replace(one, lines=one.lines[:-1])
    if len(one.measures) > LEAST_FINDINGS:
        return replace(one, measures=one.measures[:-1])
    return one


def _write(
    page: Worksheet,
    row: int,
    one: CentrePage,
    about: About,
    size: float,
    whole: CentrePage | None = None,
) -> int:
    """Write a page in letters of a size; what is left out of the ``whole`` is counted."""
    language, width = about.language, len(WIDTHS)
    whole = one if whole is None else whole
    title = text("remedies.page_title", language, name=one.title)
    put_line(page, row, title, width, _font(size=18 * size, bold=True))
    row += 1
    if about.synthetic:
        warning = text("outputs.synthetic_long", language)
        put_line(page, row, warning, width, _font(WARNING, 11 * size, bold=True))
        row += 1
    put_line(page, row, about.title, width, _font(SOFT, 11 * size))
    row = _facts(page, row + 1, one, size)
    heads = [text(f"remedies.page_{name}", language)
             for name in ("number", "clause", "asked", "has", "short", "weight")]  # fmt: skip
    row = _section(page, row, text("remedies.page_findings", language), heads, size)
    for number, found in enumerate(one.findings, start=1):
        row = _cells(page, row, [number, *found], size)
    row = _numbers_left_out(page, row, len(one.findings) + 1, len(whole.findings), about, size)
    heads = [text(f"remedies.page_{name}", language)
             for name in ("number", "measure", "state", "m2", "cost", "priority")]  # fmt: skip
    row = _section(page, row, text("remedies.page_measures", language), heads, size)
    unknown = text("remedies.page_unknown_cost", language)
    for number, (what, m2, cost, priority, state) in enumerate(one.measures, start=1):
        told = unknown if cost is None else cost
        cells = [number, what, state, "—" if m2 is None else float(m2), told, priority]
        row = _cells(page, row, cells, size)
    row = _rest(page, row, len(whole.measures) - len(one.measures), about, size)
    for label, sentence in one.lines:
        line = text("outputs.labelled", language, label=label, value=sentence)
        put_line(page, row, line, width, _font(size=CELL_POINTS * size))
        row += 1
    row = _rest(page, row, len(whole.lines) - len(one.lines), about, size)
    return _signatures(page, row, about, size)


def _numbers_left_out(
    page: Worksheet, row: int, first: int, last: int, about: About, size: float
) -> int:
    """Say which findings a page leaves out, by the numbers under which measures speak of them."""
    if first > last:
        return row
    line = text("remedies.page_rest_numbers", about.language, first=first, last=last)
    put_line(page, row, line, len(WIDTHS), _font(SOFT, CELL_POINTS * size))
    return row + 1


def _rest(page: Worksheet, row: int, count: int, about: About, size: float) -> int:
    """Say how many entries a page leaves out, where it leaves any."""
    if count <= 0:
        return row
    line = text("remedies.page_rest", about.language, count=count)
    put_line(page, row, line, len(WIDTHS), _font(SOFT, CELL_POINTS * size))
    return row + 1


def _facts(page: Worksheet, row: int, one: CentrePage, size: float) -> int:
    """Write labels and values, two of each a row."""
    for start in range(0, len(one.facts), 2):
        cells = [cell for fact in one.facts[start : start + 2] for cell in fact]
        lines = 1
        for (left, right), value, place in zip(FACT_COLUMNS, cells, range(4), strict=False):
            for number in range(left, right + 1):
                page.cell(row, number).border = _BOX
            cell = page.cell(row, left)
            put(cell, value)
            cell.font = _font(SOFT if place % 2 == 0 else INK, 11 * size, bold=place % 2 == 1)
            cell.alignment = Alignment("left", vertical="center", wrap_text=True, indent=1)
            if right > left:
                page.merge_cells(start_row=row, start_column=left, end_row=row, end_column=right)
            lines = max(lines, _lines(str(value), sum(WIDTHS[left - 1 : right]) - 1, 11 * size))
        page.row_dimensions[row].height = LINE_HEIGHT * 1.1 * size * lines + 3
        row += 1
    return row


def _lines(value: str, width: float, points: float) -> int:
    """Return on how many lines a text of a size stands; widths are told in ten points."""
    return text_lines(value, (width - 2) * 10 / points)


def _section(page: Worksheet, row: int, title: str, heads: list[str], size: float) -> int:
    put_line(page, row, title, len(WIDTHS), _font(size=14 * size, bold=True))
    for number, head in enumerate(heads, start=1):
        cell = page.cell(row + 1, number)
        put(cell, head)
        cell.font = _font(size=11 * size, bold=True)
        cell.fill = PatternFill("solid", fgColor=HEAD_FILL)
        cell.border = _BOX
        cell.alignment = Alignment("center", vertical="center", wrap_text=True)
    lines = max(_lines(head, WIDTHS[place], 12 * size) for place, head in enumerate(heads))
    page.row_dimensions[row + 1].height = LINE_HEIGHT * 1.1 * size * lines + 3
    return row + 2


def _cells(page: Worksheet, row: int, values: list[Any], size: float) -> int:
    lines, points = 1, CELL_POINTS * size
    for number, value in enumerate(values, start=1):
        cell = page.cell(row, number)
        # Square metres have one decimal, as in the list and in words; yuan none.
        put(cell, value, "#,##0.0" if number == M2_PLACE else "#,##0")
        cell.font, cell.border = _font(size=points), _BOX
        figure = isinstance(value, (int, float))
        cell.alignment = Alignment(
            "center" if number == 1 else "right" if figure else "left",
            vertical="center", wrap_text=True,
        )  # fmt: skip
        if isinstance(value, str):
            lines = max(lines, _lines(value, WIDTHS[number - 1], points))
    page.row_dimensions[row].height = LINE_HEIGHT * points / 10 * lines + 3
    return row + 1


def _signatures(page: Worksheet, row: int, about: About, size: float) -> int:
    for name in SIGNERS:
        label = text(f"remedies.sign_{name}", about.language)
        line = text("remedies.sign_line", about.language, who=label)
        put_line(page, row, line, len(WIDTHS), _font(size=13 * size))
        page.row_dimensions[row].height = SIGN_HEIGHT * size
        row += 1
    return row
