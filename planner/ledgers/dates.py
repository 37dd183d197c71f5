"""Dates as ledgers write them: 2024年12月31日, 二〇二四年十二月, 2024.12, 2024/12/31.

A spreadsheet's cell of a date is one here too. Its serial (45657) without a date's format is not: a
plain 20300 is as likely an area or a head count in the wrong column, and is asked about.

A date keeps the precision that its cell has: December 2024 is ``2024-12``, and no day is made up.
"""

from __future__ import annotations

import datetime
import re
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.ledgers.values import EMPTY_WORDS, Cells, Remark, ordinal, plain

_CHINESE_YEAR: Final = {word: str(number) for number, word in enumerate("零一二三四五六七八九")} | {
    "〇": "0", "○": "0", "0": "0",
}  # fmt: skip
_DATE: Final = re.compile(
    r"^(?:截至|截止|至|到)?(?P<year>\d{4}|[零〇○一二三四五六七八九]{4})"
    r"(?:(?:年度?|[-/.])(?:(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})"
    r"(?:(?:月份?|[-/.])(?:(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?)?)?)?)?"
    r"(?P<end>底|末|年底|年末)?(?:t?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
)
_COMPACT: Final = re.compile(r"^(?P<year>(?:19|20|21)\d{2})(?P<month>\d{2})(?P<day>\d{2})?$")
YEARS: Final = (1900, 2200)
"""A year outside is a slip."""

PLAN_YEARS: Final = (1949.0, 2100.0)
"""A year of people's figures, or of an opening, outside is a slip (2205 for 2025)."""


def date(text: str) -> str | None:
    """Return the date that a cell states, as ``2024``, ``2024-12`` or ``2024-12-31``.

    Parameters
    ----------
    text
        The cell, as :func:`planner.ledgers.values.plain` leaves it.

    Returns
    -------
    str or None
        ``None`` where it states none, or one that no calendar has. 年底 is 31 December.
    """
    text = text.removesuffix(".0")
    found = _COMPACT.match(text) or _DATE.match(text)
    if found is None:
        return None
    parts = found.groupdict()
    year = int("".join(_CHINESE_YEAR.get(word, word) for word in parts["year"]))
    month = ordinal(parts["month"]) if parts["month"] else None
    day = ordinal(parts["day"]) if parts["day"] else None
    if parts.get("end") and day is None:
        month, day = (12, 31) if month is None else (month, None)
    if not YEARS[0] <= year <= YEARS[1]:
        return None
    try:
        whole = datetime.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    return whole.isoformat()[: 4 if month is None else 7 if day is None else 10]


def _cell_date(cell: Any) -> str | None:
    if isinstance(cell, datetime.date):
        return cell.isoformat()[:10]
    return date(plain(cell))


def dates(cells: pd.Series) -> tuple[pd.Series, dict[int, str]]:
    """Return the dates of a column, as text of the precision that each cell has.

    Parameters
    ----------
    cells
        Cells as the file has them: text, dates or numbers; index = row numbers.

    Returns
    -------
    tuple
        The dates (NA where the cell is empty or none) and the cells that are neither, by row.
    """
    codes, distinct = pd.factorize(cells.to_numpy(dtype=object))
    found = [_cell_date(cell) for cell in distinct]
    texts = np.array([*found, None], dtype=object)
    odd = {
        code
        for code, (cell, when) in enumerate(zip(distinct, found, strict=True))
        if when is None and plain(cell) not in EMPTY_WORDS
    }
    rows = cells.index.to_list()
    return (
        pd.Series(texts[codes], index=cells.index, dtype="string"),
        {rows[place]: str(distinct[code]).strip() for place, code in enumerate(codes)
         if code in odd},
    )  # fmt: skip


def years(cells: pd.Series) -> Cells:
    """Return the years of a column of years or dates.

    A cell that is neither, or a year outside :data:`PLAN_YEARS`, is unknown and told.

    Parameters
    ----------
    cells
        As for :func:`dates`.
    """
    found, odd = dates(cells)
    figures = pd.to_numeric(found.str[:4]).to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    remarks: dict[int, tuple[Remark, str]] = {
        row: ("not_a_year", cell) for row, cell in odd.items()
    }
    with np.errstate(invalid="ignore"):
        slip = (figures < PLAN_YEARS[0]) | (figures > PLAN_YEARS[1])
    for place in np.flatnonzero(slip).tolist():
        remarks[int(cells.index[place])] = ("not_a_year", str(cells.iloc[place]).strip())
    figures[slip] = np.nan
    return Cells(pd.Series(figures, index=cells.index), remarks)
