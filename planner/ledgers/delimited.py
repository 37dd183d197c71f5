"""Opens delimited text (csv, tsv, txt), for :mod:`planner.ledgers.files` alone."""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pandas as pd

from planner.errors import LedgerError
from planner.labels import Message, message
from planner.ledgers.heading_rows import Known, heading_of
from planner.ledgers.raw import decoded
from planner.ledgers.sheets import Body, Line, Sheet, holds_cells
from planner.ledgers.source import LedgerSource

SHOWN_CHARACTERS: Final = 20
"""How much of a cell is quoted to find it by."""

LOOKED_AT: Final = 50
"""Lines by which the delimiter is told."""

HEAD_BYTES: Final = 1 << 17
"""Bytes in which the headings are looked for."""

LEAST_LINES: Final = 100
AGAIN: Final = 0.75
"""If the distinct words of so many lines are this share of them at most, they will come again."""

WORDS: Final = "category"
UTF_8: Final = "UTF-8"

_WRAPPED: Final = re.compile(r'^="(.*)"$')
_DELIMITERS: Final = (",", "\t", ";", "，", "|")


Numbers = Callable[[tuple[str, ...]], bool]
"""Tells whether the parts of a heading are one of a column of numbers."""


def read_text(source: LedgerSource, known: Known, numbers: Numbers) -> tuple[Sheet, list[Message]]:
    """Read a text file as a sheet, and tell of its encoding.

    Parameters
    ----------
    source
        The file and how to read it.
    known
        Tells a heading that a column of ours may have.
    numbers
        Tells a heading of a column of numbers, which may be read as such. All others are text: an
        id keeps its leading zeros.

    Raises
    ------
    LedgerError
        If its encoding is unknown, or a quotation mark without its pair swallows rows.
    csv.Error
        If it cannot be split into cells.
    """
    data = source.file.read_bytes()
    tab = "\t" if source.file.suffix.lower() == ".tsv" else None
    if source.encoding is None:
        # Text that is UTF-8 after all is decoded cell by cell, and never as a whole.
        sheet = _by_columns(data, tab, known, numbers)
        if sheet is not None:
            return sheet, [message("ledgers.encoding_found", encoding=UTF_8)]
    text, encoding = decoded(data, source)
    sheet = None
    if source.encoding is not None or encoding != UTF_8:
        sheet = _by_columns(text.encode(), tab, known, numbers)
    sheet = sheet or _by_lines(text, tab or _delimiter(text), source.file.name)
    return sheet, [message("ledgers.encoding_found", encoding=encoding)]


def _by_lines(text: str, delimiter: str, file: str) -> Sheet:
    """Read any text at all, cell by cell."""
    lines: list[Line] = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if len(lines) < text.count("\n"):
        _refuse_swallowed_rows(lines, delimiter, file)
    for line in lines if '="' in text or '=""' in text else ():
        line[:] = [_unwrapped(cell) for cell in line]
    return Sheet("", lines)


def _by_columns(data: bytes, tab: str | None, known: Known, numbers: Numbers) -> Sheet | None:
    """Read UTF-8 whose rows are all of one width, and one line each, much faster; else ``None``."""
    head = _head(data)
    if head is None or (b"=" in data and b'="' in data):
        return None
    delimiter = tab or _delimiter(head)
    lines: list[Line] = list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
    if len(data) > HEAD_BYTES:
        lines = lines[:-1]  # may be cut
    heading = heading_of(Sheet("", lines), known)
    if heading is None or len(lines) < len(head.splitlines()) - 1:
        return None
    below, width = heading.last + 1, len(lines[heading.last])
    kinds: dict[int, str | type] = {
        place: _text_kind(lines[below:], place)
        for place, parts in enumerate(heading.by_column())
        if not (parts and numbers(parts))
    }
    try:
        frame = _frame(data, delimiter, below, width, kinds)
        # pandas makes numbers of categories if all of them can be: 007 would be 7.
        lost = [
            place for place, kind in kinds.items() if kind == WORDS and _are_no_texts(frame[place])
        ]
        if lost:
            kinds |= dict.fromkeys(lost, object)
            frame = _frame(data, delimiter, below, width, kinds)
    except (
        pd.errors.ParserError,
        pd.errors.EmptyDataError,
        pd.errors.ParserWarning,
        OverflowError,
        UnicodeDecodeError,
    ):
        return None
    # A cell of several lines may be a remark, or several rows swallowed: that takes a closer look.
    is_bool = map(pd.api.types.is_bool_dtype, frame.dtypes)
    if len(frame) + below < data.count(b"\n") or any(is_bool):
        return None
    columns = [
        frame[place].array if place and kinds.get(place) == WORDS else frame[place].to_numpy()
        for place in range(width)
    ]
    return Sheet("", lines[:below], body=Body(below, columns))


def _head(data: bytes) -> str | None:
    """Return the first characters of UTF-8; ``None`` if these bytes are none."""
    try:
        # The last character may be cut; anything else that is no UTF-8 is an error.
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        return decoder.decode(data[:HEAD_BYTES], final=len(data) <= HEAD_BYTES)
    except UnicodeDecodeError:
        return None


def _text_kind(lines: Sequence[Line], place: int) -> str | type:
    """Return as what a column of text is read fastest: words that come again are made once."""
    cells = [line[place] for line in lines if len(line) > place]
    comes_again = len(cells) >= LEAST_LINES and len(set(cells)) <= AGAIN * len(cells)
    return WORDS if comes_again else object


def _are_no_texts(words: pd.Series) -> bool:
    return not pd.api.types.is_string_dtype(words.cat.categories.dtype) and not words.isna().all()


def _frame(
    content: bytes, delimiter: str, below: int, width: int, kinds: Mapping[int, str | type]
) -> pd.DataFrame:
    """Return the rows below the headings, by pandas' parser: blank cells are NaN, nothing else."""
    with warnings.catch_warnings():
        # Of a column in which only some cells are numbers: each is looked at by us.
        warnings.simplefilter("ignore", pd.errors.DtypeWarning)
        # Of rows that are wider than the headings: they are read cell by cell.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(
            io.BytesIO(content),
            sep=delimiter,
            header=None,
            names=range(width),
            index_col=False,
            skiprows=below,
            dtype=dict(kinds),
            keep_default_na=False,
            na_values=[""],
            skip_blank_lines=False,
            on_bad_lines="error",
        )


def _unwrapped(cell: str) -> str:
    """Return a cell without what keeps a spreadsheet from making a number of it: ``="007"``."""
    found = _WRAPPED.match(cell)
    return cell if found is None else found.group(1)


def _delimiter(text: str) -> str:
    """Return the sign that cuts most lines into equally many cells; a title is cut by none."""
    begin = text[:HEAD_BYTES].splitlines()[:LOOKED_AT]
    best, most = _DELIMITERS[0], 0
    for delimiter in _DELIMITERS:
        counts = Counter(count for line in begin if (count := line.count(delimiter)))
        cells = max((times * count for count, times in counts.items()), default=0)
        if cells > most:
            best, most = delimiter, cells
    return best


def _refuse_swallowed_rows(lines: list[Line], delimiter: str, file: str) -> None:
    """Refuse text in which a quotation mark without its pair has made one cell of several rows.

    Such a cell holds a line break and as many delimiters as a whole row: no remark does, and the
    rows in it would be lost without a word. (Of two columns nothing can be told.)

    Raises
    ------
    LedgerError
        With every row that holds such a cell.
    """
    widths = [len(line) for line in lines[:LOOKED_AT] if holds_cells(line)]
    width = max(widths, default=0)
    problems = [
        message("ledgers.rows_in_a_cell", row=number, begins=cell.strip()[:SHOWN_CHARACTERS])
        for number, line in enumerate(lines, start=1)
        for cell in line
        if width > 2 and cell.count(delimiter) >= width - 1 and len(cell.splitlines()) > 1
    ]
    if problems:
        raise LedgerError(message("ledgers.refused", file=file), problems)
