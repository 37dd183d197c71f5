"""Opens xls workbooks (Excel 97–2003), for :mod:`planner.ledgers.files` alone.

By xlrd, which knows error cells, number formats and hidden rows; calamine reads xls too, but shows
error cells as blanks. Only old files need it, so it is loaded where one is read.
"""

from __future__ import annotations

import io
from types import ModuleType
from typing import Any

from planner.ledgers.sheets import Line, Sheet, as_shown


def xlrd_itself() -> ModuleType:
    """Return the library, loaded only here."""
    import xlrd
    import xlrd.compdoc

    module: ModuleType = xlrd
    return module


def open_book(data: bytes) -> Any:
    """Open a workbook from its bytes.

    Parameters
    ----------
    data
        The file.

    Raises
    ------
    xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error, IndexError, AssertionError …
        If it is damaged: xlrd raises whatever it trips over.
    """
    # xlrd writes of odd records to the standard output unless it is given another.
    return xlrd_itself().open_workbook(
        file_contents=data, formatting_info=True, logfile=io.StringIO()
    )


def worksheets(book: Any) -> dict[str, bool]:
    """Return title → whether it is hidden, of the worksheets in their order."""
    return {one.name: one.visibility != 0 for one in book.sheets()}


def read_sheet(book: Any, title: str, *, rows: int | None = None) -> Sheet:
    """Read one sheet, or its first rows."""
    page = book.sheet_by_name(title)
    count = page.nrows if rows is None else min(rows, page.nrows)
    lines: list[Line] = [
        [_cell(book, cell) for cell in page.row(number)] for number in range(count)
    ]
    return Sheet(
        title,
        lines,
        tuple(
            ((top, left), (below - 1, right - 1)) for top, below, left, right in page.merged_cells
        ),
        frozenset(row for row, how in page.rowinfo_map.items() if how.hidden and row < count),
        frozenset(column for column, how in page.colinfo_map.items() if how.hidden),
    )


def _cell(book: Any, cell: Any) -> Any:
    xlrd = xlrd_itself()
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(book, cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        style = book.xf_list[cell.xf_index]
        return as_shown(cell.value, book.format_map[style.format_key].format_str)
    return cell.value or None


def _date(book: Any, serial: float) -> Any:
    xlrd = xlrd_itself()
    try:
        when = xlrd.xldate_as_datetime(serial, book.datemode)
    except (xlrd.xldate.XLDateError, OverflowError):
        return serial
    # A serial below one day is a time of day; a whole one is a date.
    if serial < 1:
        return when.time()
    return when.date() if float(serial).is_integer() else when
