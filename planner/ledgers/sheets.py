"""A sheet as its reader sees it, and which sheet of a workbook is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.errors import LedgerError
from planner.labels import Message, message
from planner.ledgers.source import LedgerSource

Line = list[Any]
Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of merged cells, both from 0 and both inclusive."""

LISTED: Final = 12
"""How many row numbers a finding lists before it only counts them."""

CELL_END: Final = "\x00"
"""Stands between the cells of a column in one text; no cell of a ledger holds it."""

_BLANK: Final = re.compile(rf"{CELL_END}\s*{CELL_END}")
_PADDED: Final = re.compile(r"^0{2,}$")
_LITERALS: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


ObjectArray = np.ndarray[tuple[int, ...], np.dtype[np.object_]]


@dataclass(frozen=True, eq=False)
class Body:
    """Rows of a sheet, column by column.

    Parameters
    ----------
    first
        Row of the sheet, from 0, that the first of them is.
    columns
        Arrays of equal length: objects; of a text file also numbers where a column holds nothing
        else (NaN where blank), and categories where words come again. The first is never of these.
    """

    first: int
    columns: Sequence[np.ndarray[tuple[int, ...], np.dtype[Any]] | pd.Categorical]

    @classmethod
    def of_lines(cls, lines: Sequence[Line], first: int, width: int) -> Body:
        """Return lines as columns; short ones end in blank cells."""
        if set(map(len, lines)) - {width}:
            lines = [[*line, *[None] * (width - len(line))] for line in lines]
        cells: ObjectArray = np.empty(len(lines) * width, dtype=object)
        cells[:] = list(chain.from_iterable(lines))
        return cls(first, list(np.ascontiguousarray(cells.reshape(len(lines), width).T)))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.columns[0]) if self.columns else 0

    def line(self, place: int) -> Line:
        """Return one row, by its place among these."""
        return [column[place] for column in self.columns]

    def is_filled(
        self, first: str | None = None
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Tell which rows hold anything; in most, the first cell does.

        Parameters
        ----------
        first
            The first column as one text (:func:`whole_text`), where it is one.
        """
        if first is not None and not has_blanks(first):
            return np.ones(len(self), dtype=bool)
        filled = np.zeros(len(self), dtype=bool)
        for column in self.columns:
            left = np.flatnonzero(~filled)
            if not len(left):
                break
            cells = column if len(left) == len(column) else column[left]
            filled[left] = [not blank(cell) for cell in cells.tolist()]
        return filled


def whole_text(cells: Iterable[Any]) -> str | None:
    """Return a column as one text, each cell between two marks; ``None`` where any is no text.

    One search through it takes a hundredth of the time of a look at each cell.
    """
    try:
        return f"{CELL_END}{CELL_END.join(cells)}{CELL_END}"
    except TypeError:
        return None


def has_blanks(text: str) -> bool:
    """Tell whether a column, as :func:`whole_text` returns it, has blank cells."""
    return _BLANK.search(text) is not None


def blank(cell: Any) -> bool:
    """Tell whether a cell holds nothing."""
    if cell.__class__ is str:
        return not cell or cell.isspace()
    return cell is None or cell != cell


def holds_cells(line: Iterable[Any]) -> bool:
    """Tell whether a row or column holds anything."""
    return any(not blank(cell) for cell in line)


def text_of(cell: Any) -> str:
    """Return a cell as text, without the spaces at its ends."""
    return "" if blank(cell) else str(cell).strip()


@dataclass(frozen=True)
class Sheet:
    """One sheet, its cells as a reader of it sees them.

    Parameters
    ----------
    title
        Its name.
    lines
        Cells of row 1, 2, …: numbers, text, dates, booleans; ``None`` or ``""`` where empty. Error
        cells are their text (``#N/A``), formulas that were never calculated their text (``=A1*2``),
        percentages text (``19%``), and numbers that a format fills up with zeros (``000012``) too.
    merged
        Merged cells.
    hidden_rows, hidden_columns
        Numbers from 0.
    body
        Its rows below those of ``lines``, where they were read column by column.
    """

    title: str
    lines: Sequence[Line]
    merged: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    body: Body | None = None


def is_percent(number_format: str) -> bool:
    """Tell whether a number format shows percentages (``0.0%``)."""
    return "%" in _LITERALS.sub("", number_format)


def zeros_of(number_format: str) -> int:
    """Return to how many digits a number format fills numbers up (``000000`` → 6), else 0."""
    return len(number_format) if _PADDED.match(number_format) else 0


def as_shown(number: float, number_format: str) -> float | str:
    """Return a number, or the text that its format makes of it where that says more.

    Parameters
    ----------
    number
        The cell's number.
    number_format
        Its format code.
    """
    if is_percent(number_format):
        return f"{number * 100:.10g}%"
    zeros = zeros_of(number_format)
    if zeros and number >= 0 and float(number).is_integer():
        return str(int(number)).zfill(zeros)
    return number


def rows_listed(rows: Collection[int]) -> str:
    """Return row numbers for a finding: ``2–5、9``, cut after a dozen stretches."""
    ordered = sorted(rows)
    stretches: list[list[int]] = []
    for row in ordered:
        if stretches and row == stretches[-1][1] + 1:
            stretches[-1][1] = row
        else:
            stretches.append([row, row])
    shown = [
        str(first) if first == last else f"{first}–{last}" for first, last in stretches[:LISTED]
    ]
    return "、".join(shown) + (" …" if len(stretches) > LISTED else "")


def sheet_meant(
    source: LedgerSource,
    titles: Sequence[str],
    hidden: Collection[str],
    score: Callable[[str], int],
) -> tuple[str, list[Message]]:
    """Return the title of the sheet to read, and what is to be said of the choice.

    Parameters
    ----------
    source
        Its ``sheet``, where given, is the one meant.
    titles
        All worksheets of the workbook, in its order.
    hidden
        Those that a reader does not see: taken only where they are named, or none else is there.
    score
        How many headings of ours a sheet's first rows hold; -1 where it holds nothing at all.

    Raises
    ------
    LedgerError
        If the workbook has no such sheet.
    """
    if source.sheet is not None:
        if source.sheet not in titles:
            raise LedgerError(
                message(
                    "ledgers.no_sheet",
                    file=source.file.name,
                    sheet=source.sheet,
                    sheets="、".join(titles),
                )
            )
        return source.sheet, []
    seen = [title for title in titles if title not in hidden] or list(titles)
    if len(titles) == 1:
        return titles[0], []
    scores = {title: score(title) for title in seen}
    taken = max(seen, key=lambda title: scores[title])
    others = "、".join(title for title in titles if title != taken)
    alike = [title for title in seen if scores[title] == scores[taken] > 0 and title != taken]
    if alike:
        return taken, [
            message("ledgers.sheets_alike", sheet=taken, alike="、".join(alike), others=others)
        ]
    return taken, [message("ledgers.sheet_taken", sheet=taken, others=others)]
