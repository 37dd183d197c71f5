"""Writing on a spreadsheet: cells that keep text as text, opening lines, heights, print set-up."""

from __future__ import annotations

import io
import math
import re
import unicodedata
import zipfile
from datetime import datetime
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from planner.labels import text
from planner.outputs.content_parts import About
from planner.outputs.figures import population_line, subtitle
from planner.outputs.summary import plain
from planner.outputs.words import is_missing

FONT: Final = "Microsoft YaHei"
INK, SOFT, WARNING, HEAD_FILL, LINE = "1F2937", "5B6472", "9A3412", "E8ECF3", "C9CCD2"

LINE_HEIGHT: Final = 16.5
"""Points that a line of 10-point Chinese text takes."""

LEAST_HEAD_WIDTH: Final = 96.0
"""Opening lines run at least this far, in digits, also over a narrow table."""

UNSET_WIDTH: Final = 8.4
"""Width, in digits, of a column that nobody set."""

A3, A4 = 8, 9
WIDEST_A4: Final = 150.0
"""Tables wider than this, in digits, are printed on A3: on A4 they would be too small to read."""

LONGEST_TEXT: Final = 32_767
"""Characters that a cell of Excel can hold."""

NEVER: Final = datetime(1980, 1, 1)
"""The date that the file bears: the first that a ZIP archive knows. run.json holds the true one."""

FORMULA_SIGNS: Final = ("=", "+", "-", "@")
Content = Literal["nothing", "number", "text", "formula-like"]

NOT_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def undated(workbook: bytes) -> bytes:
    """Return the same workbook without the hour of its making in its parts and properties."""
    settled = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as made,
        zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for name in made.namelist():
            part = made.read(name)
            if name == "docProps/core.xml":
                date = NEVER.strftime("%Y-%m-%dT%H:%M:%SZ").encode("ascii")
                part = MODIFIED.sub(rb"\g<1>" + date + rb"\g<2>", part)
            entry = zipfile.ZipInfo(name, (NEVER.year, NEVER.month, NEVER.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, part)
    return settled.getvalue()


def safe_text(value: str) -> str:
    """Return text that XML and a cell can hold: stray control characters become U+FFFD."""
    return NOT_XML.sub("\ufffd", value)[:LONGEST_TEXT]


def put_value(cell: Cell, value: Any) -> Content:
    """Write one value, numbers as numbers and anything else as text that is never a formula.

    A value of a kind that no output of ours holds is written as its text: no run is to fail for it
    after all its work. Returns what was written, for its format: see :func:`set_format`.
    """
    value = value.item() if isinstance(value, np.generic) else value
    if is_missing(value):
        value = None
    else:
        value = plain(value) if isinstance(value, (bool, int, float)) else str(value)
    if value is None:
        return "nothing"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        cell.value = value
        return "number"
    cell.value = safe_text(str(value))
    # openpyxl takes text that begins with "=" for a formula and "#N/A" for an error.
    cell.data_type = "s"
    return "formula-like" if cell.value[:1] in FORMULA_SIGNS else "text"


def set_format(cell: Cell, content: Content, number_format: str) -> None:
    """Format a cell by what it holds; text that looks like a formula is marked as text."""
    cell.number_format = number_format if content == "number" else "@"
    cell.quotePrefix = content == "formula-like"


def put(cell: Cell, value: Any, number_format: str = "#,##0") -> None:
    """Write one value with its format."""
    set_format(cell, put_value(cell, value), number_format)


def text_width(value: str) -> float:
    """Return how many digits' width a text takes; a Chinese character takes two."""
    if value.isascii():
        return float(len(value))
    return sum(2.0 if unicodedata.east_asian_width(sign) in "WF" else 1.0 for sign in value)


def text_lines(value: str, width: float) -> int:
    """Return on how many lines a text stands when wrapped at a width in digits."""
    parts = value.split("\n")
    return sum(max(1, math.ceil(text_width(part) / max(width, 4.0))) for part in parts)


def _across(page: Worksheet, columns: int) -> float:
    """Return the width of the first columns together."""
    widths = 0.0
    for number in range(1, columns + 1):
        letter = get_column_letter(number)
        known = letter in page.column_dimensions
        widths += float(page.column_dimensions[letter].width) if known else UNSET_WIDTH
    return widths


def put_line(page: Worksheet, row: int, value: str, columns: int, font: Font) -> None:
    """Write a sentence across the first columns, high enough to be read whole."""
    cell = page.cell(row, 1)
    put(cell, value)
    cell.font = font
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    size = (font.size or 10) / 10
    lines = text_lines(value, _across(page, columns) / size - 2)
    page.row_dimensions[row].height = LINE_HEIGHT * size * lines + 3
    if columns > 1:
        page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)


def put_head(
    page: Worksheet,
    title: str,
    lines: tuple[str, ...],
    about: About,
    columns: int,
    *,
    facts: str | None = None,
) -> int:
    """Write what every sheet begins with; return the row below.

    Project and sheet, the warning of made-up data, pace, limit and population (or the ``facts``
    given instead, where they are those of no one run), and the sheet's own lines. They run over
    more than the table's ``columns`` where the table is narrow.
    """
    while _across(page, columns) < LEAST_HEAD_WIDTH:
        columns += 1
    put_line(page, 1, f"{about.title} · {title}", columns, Font(FONT, 14, bold=True, color=INK))
    row = 2
    if about.synthetic:
        warning = text("outputs.synthetic_long", about.language)
        put_line(page, row, warning, columns, Font(FONT, 10, bold=True, color=WARNING))
        row += 1
    for line in (facts or f"{subtitle(about)}　{population_line(about)}", *lines):
        put_line(page, row, line, columns, Font(FONT, 10, color=SOFT))
        row += 1
    return row


def set_row_heights(page: Worksheet, table: pd.DataFrame, first: int) -> None:
    """Make every row as high as its longest wrapped text: spreadsheets differ in doing so."""
    widths = [
        float(page.column_dimensions[get_column_letter(number)].width)
        for number in range(1, len(table.columns) + 1)
    ]
    for number, row in enumerate(table.itertuples(index=False, name=None), start=first):
        lines = [
            text_lines(value, width - 3)
            for value, width in zip(row, widths, strict=True)
            if isinstance(value, str)
        ]
        page.row_dimensions[number].height = LINE_HEIGHT * max(lines, default=1)


def set_up_print(page: Worksheet, about: About, heading_row: int | None) -> None:
    """Fit a sheet to its paper's width, repeat its heading, and number its pages."""
    across = sum(float(column.width) for column in page.column_dimensions.values())
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4 if across <= WIDEST_A4 else A3
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.5
    page.page_margins.top, page.page_margins.bottom, page.page_margins.footer = 0.6, 0.8, 0.4
    if heading_row is not None:
        page.print_title_rows = f"{heading_row}:{heading_row}"
    marks = [about.title, *([text("outputs.synthetic", about.language)] if about.synthetic else [])]
    # An ampersand begins a code in headers and footers; twice, it is itself.
    page.oddFooter.left.text = safe_text(" · ".join(marks)).replace("&", "&&")
    page.oddFooter.right.text = text("outputs.sheet_page_number", about.language)
