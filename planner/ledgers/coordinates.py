"""What the cells of coordinates say: degrees in any notation, metres, and which column is which."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.datum.shifts import BoolArray, FloatArray
from planner.labels import message
from planner.ledgers.draft import Draft
from planner.ledgers.values import EMPTY_WORDS, numbers

DEGREES: Final = ("longitude", "latitude")
METRES: Final = ("easting", "northing")

_MARKS: Final = str.maketrans(
    {"º": "°", "˚": "°", "∘": "°", "′": "'", "’": "'", "‘": "'", "´": "'", "`": "'", "分": "'",
     "″": '"', "”": '"', "“": '"', "〃": '"', "秒": '"', "度": "°"}
)  # fmt: skip
_SIDES: Final = {
    "东经": 1, "北纬": 1, "西经": -1, "南纬": -1, "东": 1, "北": 1, "西": -1, "南": -1,
    "e": 1, "n": 1, "w": -1, "s": -1,
}  # fmt: skip
_SIDE: Final = "|".join(_SIDES)
_DEGREES: Final = re.compile(
    rf"^(?P<before>{_SIDE})?(?P<sign>[+-])?(?P<degrees>\d{{1,3}}(?:\.\d+)?)°?"
    rf"(?:(?<=°)(?P<minutes>\d{{1,2}}(?:\.\d+)?)'(?:(?P<seconds>\d{{1,2}}(?:\.\d+)?)(?:\"|''))?)?"
    rf"(?P<after>{_SIDE})?$"
)
_SPACED: Final = re.compile(r"^(\d{1,3})[ :](\d{1,2})[ :](\d{1,2}(?:\.\d+)?)$")
_METRES: Final = re.compile(r"^[+-]?(?:\d{1,3}(?:,\d{3})+|\d{4,})(?:\.\d+)?(?:米|m)?$")


def coordinate(text: str) -> float | None:
    """Return the degrees or metres that a cell of coordinates states.

    Parameters
    ----------
    text
        ``108.7083``, ``108°42′30″``, ``108度42分30秒``, ``东经108°42.5'``, ``108 42 30``,
        ``34.33N``, ``3800123.45``, ``36,512,345米``.

    Returns
    -------
    float or None
        Degrees (south and west negative) or metres; ``None`` where it states neither, or minutes
        or seconds of 60 and more.
    """
    marked = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS)
    spaced = _SPACED.match(marked.strip())
    if spaced is not None:
        return _summed(*spaced.groups())
    plain = "".join(marked.split()).lower()
    if _METRES.match(plain):
        return float(plain.rstrip("米m").replace(",", ""))
    found = _DEGREES.match(plain)
    if found is None:
        return None
    parts = found.groupdict()
    if sum(parts[name] is not None for name in ("before", "after", "sign")) > 1:
        return None
    figure = _summed(parts["degrees"], parts["minutes"] or "0", parts["seconds"] or "0")
    side = _SIDES.get(parts["before"] or parts["after"] or "", 1)
    return None if figure is None else figure * (-1 if parts["sign"] == "-" else side)


def _summed(degrees: str, minutes: str, seconds: str) -> float | None:
    if float(minutes) >= 60.0 or float(seconds) >= 60.0:
        return None
    if "." in degrees and float(minutes) + float(seconds) > 0.0:
        return None
    return float(degrees) + float(minutes) / 60.0 + float(seconds) / 3600.0


@dataclass(frozen=True)
class Figures:
    """The two figures of each row's place, as the ledger writes them.

    Parameters
    ----------
    columns
        Our columns that they stand in: longitude and latitude, or easting and northing.
    east, north
        The figures of the two columns, shape (rows,); NaN where there is none. Not yet told:
        whether they are degrees or metres, and whether the columns are exchanged.
    """

    columns: tuple[str, str]
    east: FloatArray
    north: FloatArray


def figures_of(draft: Draft) -> Figures | None:
    """Return the coordinates of a ledger, or ``None`` where it has no two columns of them.

    Degrees (经度, 纬度) go before metres (X坐标, Y坐标) where a ledger has both.

    Parameters
    ----------
    draft
        The ledger. Cells in degrees, minutes and seconds, which draft cells do not know, are
        read here, and what was said of them is taken back; the columns of metres leave the frame.
    """
    columns = next((pair for pair in (DEGREES, METRES) if all(map(draft.has, pair))), None)
    both = None
    if columns is not None:
        east, north = (_column(draft, name) for name in columns)
        both = Figures((columns[0], columns[1]), east, north)
    draft.frame = draft.frame.drop(columns=list(METRES), errors="ignore")
    return both


def _column(draft: Draft, column: str) -> FloatArray:
    cells = draft.raw.cells[draft.matches.columns[column].position]
    heading = draft.heading(column)
    if column in DEGREES:
        figures = draft.frame[column].to_numpy(dtype=np.float64, na_value=np.nan).copy()
    else:
        figures = numbers(cells, "degrees").figures.to_numpy(dtype=np.float64).copy()
    written = cells.to_numpy(dtype=object)
    read, odd = set(), []
    for place in np.flatnonzero(np.isnan(figures)).tolist():
        cell = written[place]
        if _is_empty(cell):
            continue
        row = int(cells.index[place])
        stated = _stated(cell)
        if stated is None:
            odd.append((row, str(cell).strip()))
        else:
            figures[place] = stated
            read.add(row)
    if column in DEGREES:
        _take_back(draft, heading, read)
        draft.frame[column] = pd.Series(figures, index=draft.frame.index)
    else:
        for row, text in odd:
            told = message("datum.no_coordinate", heading=heading, cell=text)
            draft.journal.add("doubt", told, action="emptied", row=row, column=heading)
    return figures


def _is_empty(cell: Any) -> bool:
    if (
        cell is None
        or cell is pd.NA
        or cell is pd.NaT
        or (isinstance(cell, float) and cell != cell)
    ):
        return True
    return str(cell).strip().lower() in EMPTY_WORDS


def _stated(cell: Any) -> float | None:
    """Return the figure of a cell; booleans, and dates that Excel makes of texts, are none."""
    if isinstance(cell, int | float | np.integer | np.floating) and not isinstance(cell, bool):
        return float(cell) if np.isfinite(cell) else None
    return coordinate(cell) if isinstance(cell, str) else None


def _take_back(draft: Draft, heading: str, rows: set[int]) -> None:
    """Take back what was said of cells that are understood after all."""
    if rows:
        draft.journal.found = [
            one
            for one in draft.journal.found
            if one.column != heading or one.row not in rows or one.action != "emptied"
        ]


def exchanged_columns(rows: BoolArray, known: BoolArray) -> bool:
    """Tell whether the columns are exchanged, and not the figures of a few rows.

    Parameters
    ----------
    rows
        Rows whose figures are exchanged, shape (rows,).
    known
        Rows that have both figures, shape (rows,).
    """
    return bool(rows.sum() >= LEAST_EXCHANGED and rows.sum() > known.sum() / 2.0)


LEAST_EXCHANGED: Final = 3
"""Fewer exchanged rows are told of row by row, be they all that the ledger has."""
