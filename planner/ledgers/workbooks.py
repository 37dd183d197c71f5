"""Opens xlsx workbooks, for :mod:`planner.ledgers.files` alone.

Cells are read by calamine, an order of magnitude faster than by openpyxl. What it leaves out, and a
planner must know, is read from the workbook's own XML: error cells and formulas never calculated
(calamine shows both as blanks), number formats that change what is seen, hidden rows and columns.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree

import python_calamine

from planner.ledgers.sheets import Line, Sheet, as_shown, is_percent, zeros_of

FIRST_ROWS: Final = 40
"""How many rows of each sheet are looked at to tell which one is meant."""

_BUILT_IN_PERCENT: Final = {"9": "0%", "10": "0.00%"}
"""Number formats that a workbook uses without defining them (ECMA-376 part 1, 18.8.30)."""

_PREFIX: Final = rb"(?:\w+:)?"
_PLACE: Final = rb'(?=[^>]*\sr="(?P<column>[A-Z]{1,3})(?P<row>\d+)")'
_ERROR: Final = re.compile(
    rb"<" + _PREFIX + rb"c\b" + _PLACE + rb'(?=[^>]*\st="e")[^>]*>'
    rb"(?:(?!</" + _PREFIX + rb"c>).)*?<" + _PREFIX + rb"v>(?P<text>[^<]*)<",
    re.DOTALL,
)
_UNCOUNTED: Final = re.compile(
    rb"<" + _PREFIX + rb"c\b" + _PLACE + rb'(?![^>]*\st="str")[^>]*>\s*'
    rb"<" + _PREFIX + rb"f\b[^>]*(?:/>|>(?P<text>[^<]*)</" + _PREFIX + rb"f>)\s*"
    rb"(?:<" + _PREFIX + rb"v\s*/>|<" + _PREFIX + rb"v></" + _PREFIX + rb"v>)?\s*"
    rb"</" + _PREFIX + rb"c>"
)
_HIDDEN_ROW: Final = re.compile(
    rb"<" + _PREFIX + rb'row\b(?=[^>]*\shidden="(?:1|true)")(?=[^>]*\sr="(?P<row>\d+)")'
)
_COLUMN: Final = re.compile(rb"<" + _PREFIX + rb'col\b(?=[^>]*\shidden="(?:1|true)")([^>]*)>')
_BOUND: Final = re.compile(rb'\b(min|max)="(\d+)"')


def worksheets(book: python_calamine.CalamineWorkbook) -> dict[str, bool]:
    """Return title → whether it is hidden, of the worksheets in their order; charts are none."""
    sheet_type = python_calamine.SheetTypeEnum.WorkSheet
    visible = python_calamine.SheetVisibleEnum.Visible
    return {
        one.name: one.visible != visible for one in book.sheets_metadata if one.typ == sheet_type
    }


def first_lines(book: python_calamine.CalamineWorkbook, title: str) -> list[Line]:
    """Return the first rows of a sheet, to tell which one is meant."""
    return book.get_sheet_by_name(title).to_python(skip_empty_area=False, nrows=FIRST_ROWS)


def read_sheet(book: python_calamine.CalamineWorkbook, file: io.BytesIO, title: str) -> Sheet:
    """Read one sheet.

    Parameters
    ----------
    book
        The open workbook.
    file
        Its bytes.
    title
        The sheet.

    Raises
    ------
    CalamineError, OSError, KeyError, SyntaxError
        If the file is damaged.
    """
    cells = book.get_sheet_by_name(title)
    lines: list[Line] = cells.to_python(skip_empty_area=False)
    merged = tuple(cells.merged_cell_ranges or ())
    with zipfile.ZipFile(file) as archive:
        data = archive.read(_part_of(archive, title))
        formats = _telling_formats(archive)
    for row, column, text in (*_errors(data), *_formulas(data)):
        _put(lines, row, column, text)
    for style, code in formats.items():
        for row, column in _styled(data, style):
            _put(lines, row, column, _shown(_cell(lines, row, column), code))
    hidden = frozenset(int(found["row"]) - 1 for found in _matches(_HIDDEN_ROW, data, b"hidden"))
    return Sheet(title, lines, merged, hidden, frozenset(_hidden_columns(data)))


def _shown(cell: Any, code: str) -> Any:
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return as_shown(float(cell), code) if is_number else cell


def _cell(lines: list[Line], row: int, column: int) -> Any:
    line = lines[row] if row < len(lines) else []
    return line[column] if column < len(line) else None


def _put(lines: list[Line], row: int, column: int, cell: Any) -> None:
    """Change one cell, making room for it where nothing else stands so far out."""
    while len(lines) <= row:
        lines.append([])
    line = lines[row]
    line.extend([None] * (column + 1 - len(line)))
    line[column] = cell


def _matches(pattern: re.Pattern[bytes], data: bytes, *needed: bytes) -> Iterator[re.Match[bytes]]:
    """Find a pattern, but only in a sheet that holds any of its plain parts: most hold none."""
    return pattern.finditer(data) if any(part in data for part in needed) else iter(())


def _place(found: re.Match[bytes]) -> tuple[int, int]:
    column = 0
    for letter in found["column"]:
        column = column * 26 + letter - ord("A") + 1
    return int(found["row"]) - 1, column - 1


def _plain(text: bytes) -> str:
    decoded = text.decode("utf-8", errors="replace")
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        decoded = decoded.replace(entity, sign)
    return decoded


def _errors(data: bytes) -> Iterator[tuple[int, int, str]]:
    for found in _matches(_ERROR, data, b't="e"'):
        yield (*_place(found), _plain(found["text"]))


def _formulas(data: bytes) -> Iterator[tuple[int, int, str]]:
    for found in _matches(_UNCOUNTED, data, b"<f>", b"<f ", b"<f/", b":f>", b":f "):
        yield (*_place(found), "=" + _plain(found["text"] or b""))


def _styled(data: bytes, style: str) -> Iterator[tuple[int, int]]:
    attribute = f's="{style}"'.encode()
    pattern = re.compile(
        rb"<" + _PREFIX + rb"c\b" + _PLACE + rb"(?=[^>]*\s" + attribute + rb")[^>]*>"
    )
    for found in _matches(pattern, data, b" " + attribute):
        yield _place(found)


def _hidden_columns(data: bytes) -> Iterator[int]:
    head = data[: max(data.find(b"sheetData"), 0)]
    for found in _COLUMN.finditer(head):
        bounds = {name: int(number) for name, number in _BOUND.findall(found.group(1))}
        first, last = bounds.get(b"min", 1), bounds.get(b"max", 0)
        yield from range(first - 1, min(last, first + 1000))


def _tree(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(part))


def _named(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Return the elements of a name in whatever namespace: strict workbooks have another."""
    return (one for one in element.iter() if one.tag.rpartition("}")[2] == name)


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next((one for key, one in element.items() if key.rpartition("}")[2] == name), "")


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return what a part of the archive refers to: id (and kind) → part."""
    folder, name = posixpath.split(part)
    beside = f"{folder}/_rels/{name}.rels".lstrip("/")
    targets = {}
    for one in _named(_tree(archive, beside), "Relationship"):
        target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
        targets[one.get("Id", "")] = target
        targets.setdefault(one.get("Type", "").rpartition("/")[2], target)
    return targets


def _part_of(archive: zipfile.ZipFile, title: str) -> str:
    book = _relations(archive, "")["officeDocument"]
    targets = _relations(archive, book)
    sheets = _named(_tree(archive, book), "sheet")
    return next(targets[_attribute(one, "id")] for one in sheets if one.get("name") == title)


def _telling_formats(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the styles whose number format changes what is seen: number of the style → format."""
    styles = _relations(archive, _relations(archive, "")["officeDocument"]).get("styles")
    if styles is None:
        return {}
    book = _tree(archive, styles)
    codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in _named(book, "numFmt")}
    codes = _BUILT_IN_PERCENT | codes
    formats = next(_named(book, "cellXfs"), None)
    found = {
        str(place): codes.get(one.get("numFmtId", ""), "")
        for place, one in enumerate(() if formats is None else formats)
    }
    return {style: code for style, code in found.items() if is_percent(code) or zeros_of(code)}
