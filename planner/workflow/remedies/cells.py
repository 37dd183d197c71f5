"""Cells of a sheet: values of every kind, and what a reader of values does not see beside them.

That is comments, formulas without a value, formats.
"""

from __future__ import annotations

import datetime
import io
import math
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree as ET

from openpyxl.styles.numbers import BUILTIN_FORMATS, FORMAT_GENERAL, FORMAT_TEXT
from openpyxl.utils.cell import coordinate_to_tuple

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BOOK: Final = "xl/workbook.xml"
STYLES: Final = "xl/styles.xml"
COMMENTS: Final = "/comments"

NO_FORMATS: Final = (FORMAT_GENERAL, FORMAT_TEXT)
"""Formats that say nothing of how a number is read."""

Place = tuple[int, int]
"""Row and column of a cell, from 0."""


@dataclass(frozen=True)
class Unseen:
    """What stands in a sheet beside its values.

    Parameters
    ----------
    formulas
        Formulas that no program has computed yet, or that came to an error, with their text.
    comments
        What people have written as comments of cells.
    formats
        Formats of the cells that have another than :data:`NO_FORMATS`: whatever they hold.
    """

    formulas: dict[Place, str] = field(default_factory=dict)
    comments: dict[Place, str] = field(default_factory=dict)
    formats: dict[Place, str] = field(default_factory=dict)


def unseen_in(content: bytes, title: str) -> Unseen:
    """Return what stands in a sheet of a workbook (xlsx) beside its values.

    Parameters
    ----------
    content
        The workbook's bytes; of another kind of file nothing is found.
    title
        The sheet's title.

    Raises
    ------
    BadZipFile
        If it is an xlsx with a broken part.
    """
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return Unseen()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = set(book.namelist())
        sheet = _part(book, title) if BOOK in names else None
        if sheet is None or sheet not in names:
            return Unseen()
        comments: dict[Place, str] = {}
        for kind, target in _links(book, sheet).values():
            if kind.endswith(COMMENTS) and target in names:
                comments |= _comments(book.read(target))
        page = book.read(sheet)
        styles = _number_formats(book.read(STYLES)) if STYLES in names else {}
        return Unseen(_formulas(page), comments, _formats(page, styles))


def _part(book: zipfile.ZipFile, title: str) -> str | None:
    """Return the part of the workbook that holds the sheet of a title."""
    links = _links(book, BOOK)
    for sheet in _tree(book.read(BOOK)).iter(f"{MAIN}sheet"):
        if sheet.get("name") == title and (link := sheet.get(LINKED, "")) in links:
            return links[link][1]
    return None


def _links(book: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return what a part of the workbook is linked with: kind and part, by the link's id."""
    folder, name = posixpath.split(part)
    file = f"{folder}/_rels/{name}.rels"
    if file not in book.namelist():
        return {}
    found = {}
    for link in _tree(book.read(file)):
        target = link.get("Target", "")
        whole = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        found[link.get("Id", "")] = (link.get("Type", ""), posixpath.normpath(whole))
    return found


def _tree(content: bytes) -> ET.Element:
    try:
        return ET.fromstring(content)
    except ET.ParseError as error:
        raise zipfile.BadZipFile(str(error)) from error


def _formulas(content: bytes) -> dict[Place, str]:
    if b"<f" not in content and b":f" not in content:
        return {}
    found = {}
    for cell in _tree(content).iter(f"{MAIN}c"):
        formula, value = cell.find(f"{MAIN}f"), cell.find(f"{MAIN}v")
        empty = value is None or not value.text
        if formula is not None and (empty or cell.get("t") == "e"):
            row, column = coordinate_to_tuple(cell.get("r", "A1"))
            # Of formulas that were filled down, only the first holds its text.
            found[row - 1, column - 1] = f"={formula.text or '…'}"
    return found


def _comments(content: bytes) -> dict[Place, str]:
    found = {}
    for comment in _tree(content).iter(f"{MAIN}comment"):
        words = "".join(part.text or "" for part in comment.iter(f"{MAIN}t")).strip()
        if words:
            row, column = coordinate_to_tuple(comment.get("ref", "A1"))
            found[row - 1, column - 1] = " ".join(words.split())
    return found


def _number_formats(content: bytes) -> dict[int, str]:
    """Return the formats of numbers by the style of their cells."""
    tree = _tree(content)
    own = {
        int(form.get("numFmtId", "0")): form.get("formatCode", "")
        for form in tree.iter(f"{MAIN}numFmt")
    }
    styles = tree.find(f"{MAIN}cellXfs")
    found = {}
    for place, style in enumerate(() if styles is None else styles):
        number = int(style.get("numFmtId", "0"))
        form = own.get(number, BUILTIN_FORMATS.get(number, FORMAT_GENERAL))
        if form and form not in NO_FORMATS:
            found[place] = form
    return found


def _formats(content: bytes, styles: dict[int, str]) -> dict[Place, str]:
    """Return the formats of the cells that have one; of a large sheet only those are looked at."""
    if not styles:
        return {}
    known = "|".join(str(one) for one in styles)
    cells = re.compile(rf'<(?:\w+:)?c (?=[^>]*\bs="({known})")[^>]*\br="([A-Z]+\d+)"'.encode())
    found = {}
    for style, at in cells.findall(content):
        row, column = coordinate_to_tuple(at.decode())
        found[row - 1, column - 1] = styles[int(style)]
    return found


def typed_value(value: Any) -> str | float | bool | None:
    """Return what a cell holds as text, number, or yes and no; ``None`` where it is empty.

    Dates and times as they are written by standard, times that have passed as hours and minutes
    (36:00); a value of any other kind as its text, so that no later step of a run meets one that
    it cannot write.
    """
    if isinstance(value, datetime.timedelta):
        return _hours(value)
    if isinstance(value, datetime.datetime):
        whole = value.time() == datetime.time()
        return value.date().isoformat() if whole else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value).strip() or None


def _hours(passed: datetime.timedelta) -> str:
    """Return a time that has passed as people read it: 36:00, 48:05:07."""
    seconds = round(abs(passed).total_seconds())
    sign = "-" if passed < datetime.timedelta() else ""
    told = f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}"
    return f"{told}:{seconds % 60:02d}" if seconds % 60 else told
