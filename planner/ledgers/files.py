"""The door that every ledger comes through: workbooks, delimited text and vector files.

Whatever the format, the outcome is the same: headings, cells as a reader of the file sees them, and
row numbers as a planner counts. Only real local files are opened.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, Final

import pyogrio
import python_calamine

from planner.errors import InputFileError, LedgerError, PlannerError
from planner.labels import Message, message
from planner.ledgers import old_workbooks, workbooks
from planner.ledgers.delimited import read_text
from planner.ledgers.heading_rows import Known, heading_of
from planner.ledgers.pages import laid_out
from planner.ledgers.raw import RawLedger
from planner.ledgers.sheets import Line, Sheet, holds_cells, sheet_meant
from planner.ledgers.source import (
    FOLDER_SUFFIXES,
    SUFFIXES,
    TEXT_SUFFIXES,
    VECTOR_SUFFIXES,
    WORKBOOK_SUFFIXES,
    LedgerSource,
)
from planner.ledgers.vectors import read_vector
from planner.ledgers.vocabulary import is_known, is_number, normalised

_REMOTE: Final = re.compile(r"^/vsi|^\\\\|[a-z][a-z0-9+.-]+:/", re.IGNORECASE)
"""GDAL's virtual files, network shares and addresses. A single letter before ``:/`` is a drive."""

_GDAL_MEMORY: Final = re.compile(r"/vsimem/\w+")
_ZIP_MAGIC: Final = b"PK"
_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"


def open_ledger(source: LedgerSource, table: str | None = None) -> RawLedger:
    """Read a ledger's cells, whatever its format.

    Parameters
    ----------
    source
        The file and how to read it.
    table
        Name of the table that it should become: by its headings the rows of headings, and the
        sheet, are found. ``None``: by those of all tables.

    Raises
    ------
    InputFileError
        If the file is missing, not local, of an unknown kind, or cannot be opened.
    LedgerError
        If it can be opened but holds no heading or no rows, or lacks the sheet or layer named.
    """
    name = str(source.file)
    if _REMOTE.search(name):
        raise InputFileError(message("ledgers.not_local", file=name))
    suffix = source.file.suffix.lower()
    is_folder = suffix in FOLDER_SUFFIXES and source.file.is_dir()
    if not source.file.is_file() and not is_folder:
        raise InputFileError(message("ledgers.no_file", file=name))
    if suffix not in SUFFIXES:
        known = " ".join(SUFFIXES)
        raise InputFileError(message("ledgers.unknown_suffix", file=name, known=known))
    if not is_folder and source.file.stat().st_size == 0:
        raise LedgerError(message("ledgers.empty_file", file=name))
    if source.file_crs is not None and suffix not in VECTOR_SUFFIXES:
        raise LedgerError(message("ledgers.file_crs_of_table", file=source.file.name))
    if suffix in WORKBOOK_SUFFIXES:
        return _guarded(lambda one: _read_workbook(one, table), source)
    if suffix in TEXT_SUFFIXES:
        return _guarded(lambda one: _read_text(one, table), source)
    return _guarded(read_vector, source)


def _guarded(read: Callable[[LedgerSource], RawLedger], source: LedgerSource) -> RawLedger:
    """Read, and turn what the libraries raise of broken files into one error of ours."""
    try:
        raw = read(source)
    except PlannerError:
        raise
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.FieldError,
        pyogrio.errors.GeometryError,
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        csv.Error,
        SyntaxError,  # xml.etree.ParseError, of a damaged workbook
        KeyError,
        OSError,
    ) as error:
        raise _unreadable(source, error) from error
    if not raw.headings:
        raise LedgerError(message("ledgers.no_heading", file=source.file.name))
    if raw.cells.empty and not len(raw.cells.index):
        raise LedgerError(message("ledgers.no_rows", file=source.file.name))
    return raw


def _unreadable(source: LedgerSource, error: Exception) -> InputFileError:
    """Return the error of a broken file; where it lies, on disk or in GDAL, is left out."""
    reason = str(error).replace(str(source.file.resolve()), source.file.name)
    reason = reason.replace(str(source.file), source.file.name)
    reason = _GDAL_MEMORY.sub(source.file.name, reason)
    return InputFileError(message("ledgers.unreadable", file=source.file.name, reason=reason))


def _knows(source: LedgerSource, table: str | None) -> Known:
    """Return what tells headings of ours from other text."""
    named = {normalised(heading) for heading in source.columns.values()}
    seen: dict[tuple[str, ...], bool] = {}

    def known(parts: tuple[str, ...]) -> bool:
        if parts not in seen:
            seen[parts] = normalised("".join(parts)) in named or is_known(parts, table)
        return seen[parts]

    return known


def _read_text(source: LedgerSource, table: str | None) -> RawLedger:
    known = _knows(source, table)
    sheet, notes = read_text(source, known, lambda parts: is_number(parts, table))
    return laid_out(sheet, notes, known)


def _read_workbook(source: LedgerSource, table: str | None) -> RawLedger:
    """Read a workbook by what it is, not by what its name says: an xls is often an xlsx renamed."""
    with source.file.open("rb") as file:
        start = file.read(8)
    if start.startswith(_ZIP_MAGIC):
        read, told = _read_new, source.file.suffix.lower() == ".xls"
    elif start.startswith(_OLE_MAGIC):
        read, told = _read_old, source.file.suffix.lower() != ".xls"
    else:
        suffix = source.file.suffix.lower()
        raise InputFileError(
            message("ledgers.not_that_format", file=source.file.name, suffix=suffix)
        )
    known = _knows(source, table)
    sheet, notes = read(source, known)
    if told:
        is_new = start.startswith(_ZIP_MAGIC)
        notes.insert(0, message("ledgers.renamed", format=".xlsx" if is_new else ".xls"))
    return laid_out(sheet, notes, known)


def _read_new(source: LedgerSource, known: Known) -> tuple[Sheet, list[Message]]:
    # From its bytes: of a file, calamine believes the ending.
    data = io.BytesIO(source.file.read_bytes())
    book = python_calamine.load_workbook(data)
    hidden = workbooks.worksheets(book)
    title, notes = _meant(source, hidden, lambda one: workbooks.first_lines(book, one), known)
    return workbooks.read_sheet(book, data, title), notes


def _read_old(source: LedgerSource, known: Known) -> tuple[Sheet, list[Message]]:
    xlrd = old_workbooks.xlrd_itself()
    try:
        book = old_workbooks.open_book(source.file.read_bytes())
        hidden = old_workbooks.worksheets(book)

        def lines(title: str) -> list[Line]:
            first = old_workbooks.read_sheet(book, title, rows=workbooks.FIRST_ROWS)
            return list(first.lines)

        title, notes = _meant(source, hidden, lines, known)
        return old_workbooks.read_sheet(book, title), notes
    except (
        xlrd.XLRDError,
        xlrd.compdoc.CompDocError,
        struct.error,
        AssertionError,
        IndexError,
        UnicodeError,
        TypeError,
        AttributeError,
    ) as error:
        # xlrd raises whatever it trips over in a damaged file.
        raise _unreadable(source, error) from error


def _meant(
    source: LedgerSource,
    hidden: dict[str, bool],
    lines: Callable[[str], list[Line]],
    known: Known,
) -> tuple[str, list[Message]]:
    """Return the sheet to read, and what is to be said of the choice."""
    if not hidden:
        raise LedgerError(message("ledgers.no_heading", file=source.file.name))

    def score(title: str) -> int:
        first: list[list[Any]] = lines(title)
        heading = heading_of(Sheet(title, first), known)
        if heading is None:
            return -1
        # A sheet of headings alone is a form that nobody filled in: one filled in goes before it,
        # but not a page of explanations with a word of ours on it.
        filled = any(holds_cells(line) for line in first[heading.last + 1 :])
        return heading.score if filled else heading.score // 2

    unseen = [title for title, is_hidden in hidden.items() if is_hidden]
    title, notes = sheet_meant(source, list(hidden), unseen, score)
    if title in unseen:
        notes.append(message("ledgers.sheet_hidden", sheet=title))
    return title, notes
