"""The door that every ledger comes through: workbooks, delimited text and vector files.

Whatever the format, the outcome is the same: headings, cells as the file has them, and row numbers
as a planner counts. Only real local files are opened.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import openpyxl
import pandas as pd
import pyogrio

from planner.errors import InputFileError, LedgerError, PlannerError
from planner.labels import Message, message
from planner.ledgers.raw import RawLedger, decoded
from planner.ledgers.source import (
    SUFFIXES,
    TEXT_SUFFIXES,
    WORKBOOK_SUFFIXES,
    LedgerSource,
)
from planner.ledgers.vectors import read_vector

_REMOTE: Final = re.compile(r"^/vsi|^\\\\|[a-z][a-z0-9+.-]+:/", re.IGNORECASE)
"""GDAL's virtual files, network shares and addresses. A single letter before ``:/`` is a drive."""

_GDAL_MEMORY: Final = re.compile(r"/vsimem/\w+")

SHOWN_CHARACTERS: Final = 20
"""How much of a cell is quoted to find it by."""

_DELIMITERS: Final = (",", "\t", ";", "，")


def open_ledger(source: LedgerSource) -> RawLedger:
    """Read a ledger's cells, whatever its format.

    Parameters
    ----------
    source
        The file and how to read it.

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
    if not source.file.is_file():
        raise InputFileError(message("ledgers.no_file", file=name))
    suffix = source.file.suffix.lower()
    if suffix not in SUFFIXES:
        known = " ".join(SUFFIXES)
        raise InputFileError(message("ledgers.unknown_suffix", file=name, known=known))
    if source.file.stat().st_size == 0:
        raise LedgerError(message("ledgers.empty_file", file=name))
    if suffix in WORKBOOK_SUFFIXES:
        return _guarded(_read_workbook, source)
    if suffix in TEXT_SUFFIXES:
        return _guarded(_read_text, source)
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
        zipfile.BadZipFile,
        openpyxl.utils.exceptions.InvalidFileException,
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
    reason = _GDAL_MEMORY.sub(source.file.name, reason)
    return InputFileError(message("ledgers.unreadable", file=source.file.name, reason=reason))


def _workbook(source: LedgerSource) -> openpyxl.Workbook:
    try:
        return openpyxl.load_workbook(source.file, read_only=True, data_only=True)
    except (ValueError, TypeError, AttributeError) as error:
        # openpyxl trips so over styles and chart sheets that other programs write their own way.
        raise _unreadable(source, error) from error


def _read_workbook(source: LedgerSource) -> RawLedger:
    with warnings.catch_warnings():
        # openpyxl warns of styles and validations that it does not keep: nothing we read.
        warnings.simplefilter("ignore", UserWarning)
        book = _workbook(source)
        try:
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            if source.sheet is not None and source.sheet not in sheets:
                raise LedgerError(
                    message(
                        "ledgers.no_sheet",
                        file=source.file.name,
                        sheet=source.sheet,
                        sheets="、".join(sheets),
                    )
                )
            wanted = [source.sheet] if source.sheet is not None else list(sheets)
            lines: list[list[Any]] = []
            for title in wanted:
                # Some programs write a wrong size of the sheet; without it all rows are read.
                sheets[title].reset_dimensions()
                lines = [list(line) for line in sheets[title].iter_rows(values_only=True)]
                if any(_holds_cells(line) for line in lines):
                    break
        finally:
            book.close()
    notes = []
    if source.sheet is None and len(sheets) > 1:
        others = "、".join(name for name in sheets if name != title)
        notes.append(message("ledgers.sheet_taken", sheet=title, others=others))
    return _from_lines(lines, notes)


def _read_text(source: LedgerSource) -> RawLedger:
    text, encoding = decoded(source.file.read_bytes(), source)
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=heading.count)
    if source.file.suffix.lower() == ".tsv":
        delimiter = "\t"
    lines: list[list[Any]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    _refuse_swallowed_rows(lines, delimiter, source.file.name)
    return _from_lines(lines, [message("ledgers.encoding_found", encoding=encoding)])


def _refuse_swallowed_rows(lines: list[list[Any]], delimiter: str, file: str) -> None:
    """Refuse text in which a quotation mark without its pair has made one cell of several rows.

    Such a cell holds a line break and as many delimiters as a whole row: no remark does, and the
    rows in it would be lost without a word. (Of two columns nothing can be told.)

    Raises
    ------
    LedgerError
        With every row that holds such a cell.
    """
    width = next((len(line) for line in lines if _holds_cells(line)), 0)
    problems = [
        message("ledgers.rows_in_a_cell", row=number, begins=cell.strip()[:SHOWN_CHARACTERS])
        for number, line in enumerate(lines, start=1)
        for cell in line
        if width > 2 and cell.count(delimiter) >= width - 1 and len(cell.splitlines()) > 1
    ]
    if problems:
        raise LedgerError(message("ledgers.refused", file=file), problems)


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _holds_cells(line: list[Any]) -> bool:
    return any(not _blank(cell) for cell in line)


def _from_lines(lines: list[list[Any]], notes: list[Message]) -> RawLedger:
    """Return the ledger whose first line with a cell is the heading."""
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if _holds_cells(line)]
    if not numbered:
        return RawLedger((), pd.DataFrame())
    headings = ["" if _blank(cell) else str(cell).strip() for cell in numbered[0][1]]
    width = max(len(line) for _, line in numbered)
    headings += [""] * (width - len(headings))
    body = [
        line if len(line) == width else [*line, *[None] * (width - len(line))]
        for _, line in numbered[1:]
    ]
    skipped = numbered[-1][0] - numbered[0][0] + 1 - len(numbered)
    if skipped:
        notes = [*notes, message("ledgers.blank_rows", rows=skipped)]
    index = pd.Index([number for number, _ in numbered[1:]], dtype=np.int64)
    cells = pd.DataFrame(body, index=index, columns=range(width), dtype=object)
    # Columns that hold nothing at all, heading included, are the margin of a sheet.
    used = [
        position
        for position in range(width)
        if headings[position] or not all(_blank(cell) for cell in cells[position])
    ]
    cells = cells[used].set_axis(range(len(used)), axis="columns")
    return RawLedger(tuple(headings[place] for place in used), cells, notes=tuple(notes))
