"""What a reader of values does not see of a sheet: comments, and formulas without a value."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

from openpyxl.utils.cell import coordinate_to_tuple

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BOOK: Final = "xl/workbook.xml"
COMMENTS: Final = "/comments"

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
    """

    formulas: dict[Place, str] = field(default_factory=dict)
    comments: dict[Place, str] = field(default_factory=dict)


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
        return Unseen(_formulas(book.read(sheet)), comments)


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
