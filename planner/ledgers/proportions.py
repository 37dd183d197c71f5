"""Shares and grades as ledgers write them: 窗地比 1:6, 建筑密度 30%, 耐火等级 二级.

1:6, 1∶6, 1/6, 六分之一, 0.167 and 16.7 % are ways to write one ratio; the first four are exactly a
sixth.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.ledgers.coding import coded
from planner.ledgers.quantities import QUANTITIES
from planner.ledgers.values import EMPTY_WORDS, Cells, Remark, figure, ordinal, parsed

_PARTS: Final = re.compile(r"^(?P<part>\d+(?:\.\d+)?)[:∶比/⁄](?P<whole>\d+(?:\.\d+)?)$")
_PARTS_IN_WORDS: Final = re.compile(
    r"^(?P<whole>[一二两三四五六七八九十]{1,3})分之(?P<part>[一二两三四五六七八九十]{1,3})$"
)
_GRADE: Final = r"(?:[1-4]|[一二三四]|i{1,3}|iv)"
_ONE_GRADE: Final = re.compile(
    rf"^(?:建筑)?(?:耐火等级)?(?P<least>不低于|不小于|至少|≥|>=)?(?P<grade>{_GRADE})(?:\.0)?级?"
    r"(?P<above>(?:及|或)?以上)?$"
)
_GRADES: Final = re.compile(
    rf"^(?:耐火等级)?(?P<one>{_GRADE})级?(?:、|,|-|~|—|至|到|和|及|或|/)(?P<two>{_GRADE})级?$"
)
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def proportions(cells: pd.Series, quantity: str, heading_unit: str | None = None) -> Cells:
    """Return the shares of a column.

    Parameters
    ----------
    cells
        Cells as the file has them: numbers, text, times, or nothing; index = row numbers.
    quantity
        ``ratio`` (a share of 1) or ``percent`` (of 100).
    heading_unit
        ``%`` or ``‰`` where the heading says so, for cells that say nothing of their own.

    Returns
    -------
    Cells
        float64. A spreadsheet makes a time of day of 1:6 (01:06): read as what was typed, and told
        as ``"time"``.
    """
    units = QUANTITIES[quantity]
    whole = 100.0 if quantity == "percent" else 1.0
    factor = units.get(heading_unit, 1.0) if heading_unit else 1.0

    def parse(text: str) -> tuple[float, Remark | None]:
        share = _share(text)
        return (share * whole, None) if share is not None else figure(text, factor, units)

    return _with_times(cells, lambda typed: parsed(typed, factor, parse))


def _share(text: str) -> float | None:
    """Return the share of 1 that one part of a whole is, where a cell says that."""
    found = _PARTS.match(text)
    if found is not None:
        part, whole = float(found["part"]), float(found["whole"])
        return part / whole if whole > 0.0 else None
    found = _PARTS_IN_WORDS.match(text)
    if found is not None:
        return ordinal(found["part"]) / ordinal(found["whole"])
    return None


def _with_times(cells: pd.Series, parse: Callable[[pd.Series], Cells]) -> Cells:
    """Parse a column in which a spreadsheet may have made times of day of proportions."""
    distinct = coded(cells)[1]
    if not any(isinstance(cell, datetime.time) for cell in distinct):
        return parse(cells)
    is_time = cells.map(lambda cell: isinstance(cell, datetime.time)).to_numpy(dtype=bool)
    found = parse(cells.astype(object).where(~is_time, cells.map(_typed)))
    remarks = dict(found.remarks)
    for row in cells.index[is_time]:
        remarks.setdefault(int(row), ("time", str(cells[row])))
    return Cells(found.figures, remarks)


def _typed(cell: Any) -> str | None:
    """Return the proportion that a time of day was typed as: 01:06:00 as 1:6."""
    if not isinstance(cell, datetime.time):
        return None
    return f"{cell.hour}:{cell.minute}" if cell.second == 0 else str(cell)


def grade(text: str) -> tuple[float, Remark | None]:
    """Return the fire class that a cell names, 1 (best) to 4.

    Parameters
    ----------
    text
        The cell, as :func:`planner.ledgers.values.plain` leaves it.

    Returns
    -------
    tuple
        Of 二级及以上 and 一、二级 the lesser: it is at least that (remark ``"least_grade"``). NaN
        with ``"not_a_number"`` where it names none.
    """
    if text in EMPTY_WORDS:
        return np.nan, None
    found = _ONE_GRADE.match(text)
    if found is not None:
        is_least = found["least"] or found["above"]
        return _grade_number(found["grade"]), "least_grade" if is_least else None
    found = _GRADES.match(text)
    if found is not None:
        return max(_grade_number(found["one"]), _grade_number(found["two"])), "least_grade"
    return np.nan, "not_a_number"


def _grade_number(word: str) -> float:
    return float(_ROMAN[word] if word in _ROMAN else ordinal(word))


def grades(cells: pd.Series) -> Cells:
    """Return the fire classes of a column of cells; see :func:`grade`."""
    return parsed(cells, 1.0, grade)
