"""What the figures in the cells of a ledger mean: numbers with units, storeys.

Nothing is guessed: a cell that is not plainly one figure is unknown, and said so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from planner.ledgers.coding import coded, rows_with
from planner.ledgers.quantities import QUANTITIES
from planner.units import FloatArray

Remark = Literal[
    "approximate", "range", "not_a_number", "storeys", "mezzanine", "error", "formula",
    "not_a_year", "time", "least_grade", "storey_0",
]  # fmt: skip

EMPTY_WORDS: Final = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "空", "未知", "不详", "待定", "待核实",
     "未填", "未测", "未统计", "n/a", "na", "nan", "null", "none"}
)  # fmt: skip
"""Cells that say "not known" in a column of numbers or choices: empty, without a finding."""

CELL_ERRORS: Final = frozenset(
    {"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#spill!", "#calc!",
     "#getting_data", "#field!"}
)  # fmt: skip
"""What spreadsheets show where a formula fails."""

_TROUBLES: Final = frozenset("=#")
"""What these and formulas begin with."""

_NUMBER: Final = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?"
_PLAIN: Final = re.compile(
    rf"^(?P<about>约为|大约|约|近|将近|≈|~|大概)?(?P<figure>{_NUMBER})(?P<more>余|多)?"
    rf"(?P<unit>(?:万|k)?m2|[^\d,.+~-]*?)(?P<about_after>左右|上下|余|多|约)?$"
)
_ANY_UNIT: Final = r"(?:(?:万|k)?m2|[^\d]{0,4})"
_RANGE: Final = re.compile(
    rf"^(?:约|大约)?{_NUMBER}{_ANY_UNIT}(?:-|~|—|–|至|到){_NUMBER}{_ANY_UNIT}$"
    rf"|^(?:>|<|≥|≤|>=|<=|超过|不足|不少于|不超过|至少|最多){_NUMBER}{_ANY_UNIT}$"
    rf"|^{_NUMBER}{_ANY_UNIT}(?:以上|以下|以内|及以上|起|\+)$"
)
_DIGITS: Final = {word: number for number, word in enumerate("零一二三四五六七八九")} | {"两": 2}
_STOREY: Final = re.compile(
    r"^(?:第)?(?P<below>地下|负|b|-)?(?:第)?(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,3})?"
    r"(?:层|楼|f|/f|室)?$"
)
_STOREY_0: Final = re.compile(r"^-?[0零〇](?:\.0+)?(?:层|楼|f)?$")
_STOREY_NUMBER: Final = (
    r"(?:地下|地上|负|b)?(?:-?\d{1,3}|[一二两三四五六七八九十]{1,3})(?:层|楼|f)?"
)
_STOREY_RANGE: Final = re.compile(
    rf"^(?P<low>{_STOREY_NUMBER})(?:-|~|—|–|至|到|、|,|和|及|/)(?P<high>{_STOREY_NUMBER})$"
)
GROUND_STOREYS: Final = frozenset(
    {"首层", "底层", "一层", "一楼", "地面层", "平房", "地上一层", "1层"}
)


@dataclass(frozen=True)
class Cells:
    """A column of cells turned into values.

    Parameters
    ----------
    figures
        float64, index as given; NaN where unknown.
    remarks
        Rows whose cell was not plain: row → (what it was, the cell's text).
    """

    figures: pd.Series
    remarks: dict[int, tuple[Remark, str]]


def plain(cell: Any) -> str:
    """Return a cell's text without full-width forms, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", str(cell)).split()).lower()


def figure(text: str, factor: float, units: Mapping[str, float]) -> tuple[float, Remark | None]:
    """Return the number that a cell states, and what is odd about it.

    Parameters
    ----------
    text
        The cell, as :func:`plain` leaves it.
    factor
        What one is worth in our unit where the cell names no unit itself.
    units
        The units that a cell may name, and what one of each is worth.

    Returns
    -------
    tuple
        The number in our unit; NaN with ``"range"`` or ``"not_a_number"`` where it states none,
        and without a remark where it says that it is not known.
    """
    if text in EMPTY_WORDS:
        return np.nan, None
    if text[0] in "=#" and (trouble := _trouble(text)) is not None:
        return np.nan, trouble
    found = _PLAIN.match(text)
    if found is not None:
        unit = found.group("unit")
        if not unit or unit in units:
            number = float(found.group("figure").replace(",", ""))
            if not np.isfinite(number):
                return np.nan, "not_a_number"
            about = found.group("about") or found.group("more") or found.group("about_after")
            return number * (units[unit] if unit else factor), "approximate" if about else None
    return np.nan, "range" if _RANGE.match(text) else "not_a_number"


def _trouble(text: str) -> Remark | None:
    """Return what is wrong with a cell that nobody wrote: a failed formula, or a bare one."""
    if text.startswith("="):
        return "formula"
    return "error" if text.lower() in CELL_ERRORS else None


def without_troubles(cells: pd.Series) -> tuple[pd.Series, Cells]:
    """Return a column of words without error cells and formulas, and what these were.

    Parameters
    ----------
    cells
        Cells as the file has them; index = row numbers.

    Returns
    -------
    tuple
        The cells, ``None`` where one was no word; and figures of nothing, with a remark for each.
    """
    distinct = coded(cells)[1]
    odd = {
        place: (trouble, cell.strip())
        for place, cell in enumerate(distinct)
        if isinstance(cell, str) and cell[:1] in _TROUBLES and (trouble := _trouble(cell.strip()))
    }
    remarks = {row: odd[place] for row, place in rows_with(cells, odd).items()}
    if remarks:
        cells = cells.astype(object)
        cells.loc[list(remarks)] = None
    return cells, Cells(pd.Series(np.nan, index=list(remarks), dtype=np.float64), remarks)


def numbers(cells: pd.Series, quantity: str, heading_unit: str | None = None) -> Cells:
    """Return the numbers of a column, in our units.

    Parameters
    ----------
    cells
        Cells as the file has them: numbers, text, or nothing; index = row numbers.
    quantity
        One of :data:`planner.ledgers.quantities.QUANTITIES`: which units may stand in a cell.
    heading_unit
        The unit that the heading names, for cells that name none.

    Returns
    -------
    Cells
        float64 values; NaN where unknown.
    """
    units = QUANTITIES[quantity]
    factor = units.get(heading_unit, 1.0) if heading_unit else 1.0
    return parsed(cells, factor, lambda text: figure(text, factor, units))


def parsed(
    cells: pd.Series, factor: float, parse: Callable[[str], tuple[float, Remark | None]]
) -> Cells:
    """Return the figures of a column: what is a number is taken, each other text parsed once.

    Parameters
    ----------
    cells
        Cells as the file has them; index = row numbers.
    factor
        What a bare number is worth in our unit.
    parse
        What turns a text, as :func:`plain` leaves it, into a figure in our unit and a remark.
    """
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        ready = cells.to_numpy(dtype=np.float64, na_value=np.nan) * factor
        # pandas reads a word of a text file as a number without end: "inf".
        endless = np.isinf(ready)
        rows = cells.index[endless].to_list()
        told: dict[int, tuple[Remark, str]] = dict.fromkeys(rows, ("not_a_number", "inf"))
        return Cells(pd.Series(np.where(endless, np.nan, ready), index=cells.index), told)
    texts = cells.astype(object)
    coerced = _coerced(texts)
    is_ready = np.isfinite(coerced)
    values = pd.Series(np.where(is_ready, coerced * factor, np.nan), index=cells.index)
    if is_ready.all():
        return Cells(values, {})
    rest = texts[~is_ready & texts.notna()]
    codes, distinct = pd.factorize(rest.map(str))
    parsed = [parse(plain(text)) for text in distinct]
    if not parsed:
        return Cells(values, {})
    values.loc[rest.index] = np.array([number for number, _ in parsed], dtype=np.float64)[codes]
    remarks: dict[int, tuple[Remark, str]] = {}
    for row, code in zip(rest.index.to_list(), codes.tolist(), strict=True):
        remark = parsed[code][1]
        if remark is not None:
            remarks[row] = (remark, str(distinct[code]).strip())
    return Cells(values, remarks)


_PLAIN_KINDS: Final = frozenset({"string", "integer", "floating", "mixed-integer-float", "empty"})
"""Kinds of columns, by :func:`pandas.api.types.infer_dtype`, that hold no booleans nor dates."""


def _coerced(texts: pd.Series) -> FloatArray:
    """Return the cells that are plain numbers, or text of one, as numbers; NaN for the others."""
    if pd.api.types.infer_dtype(texts, skipna=True) not in _PLAIN_KINDS:
        # Booleans and dates (Excel makes one of "2-3") are no figures, though they can be coerced.
        texts = texts.where(texts.map(type).isin((int, float, str)))
    return pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64)


def ordinal(word: str) -> int:
    """Return the number that digits or Chinese numerals up to 99 write."""
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.partition("十")
    if not ten:
        return _DIGITS.get(word, 0)
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)


def storey(text: str) -> tuple[float, Remark | None]:
    """Return the storey that a cell names.

    Parameters
    ----------
    text
        The cell, as :func:`plain` leaves it.

    Returns
    -------
    tuple
        Storeys count from 1 at the ground; below ground they are negative (地下一层, 负一层, B1 =
        -1). 半地下 is -0.5 and 夹层 1.5: no whole storey, since rules bar them by name (remark
        ``"mezzanine"``). Several storeys (``2-3层``) are the one that rules are strictest on: the
        lowest where any is below ground, else the highest (remark ``"storeys"``). There is no
        storey 0 (remark ``"storey_0"``).
    """
    if text in EMPTY_WORDS:
        return np.nan, None
    if _STOREY_0.match(text):
        return np.nan, "storey_0"
    if text in GROUND_STOREYS:
        return 1.0, None
    if "半地下" in text:
        return -0.5, "mezzanine"
    if "夹层" in text:
        return 1.5, "mezzanine"
    single = _one_storey(text)
    if single is not None:
        return single, None
    several = _STOREY_RANGE.match(text)
    if several is not None:
        ends = [_one_storey(several.group(name)) for name in ("low", "high")]
        known = [end for end in ends if end is not None]
        if len(known) == len(ends):
            return (min(known) if min(known) < 0 else max(known)), "storeys"
    return np.nan, "not_a_number"


def _one_storey(text: str) -> float | None:
    found = _STOREY.match(text.removeprefix("地上").removesuffix(".0"))
    if found is None or not text:
        return None
    word, below = found.group("number"), found.group("below")
    if word is None:
        return -1.0 if below in ("地下", "负") else None
    number = float(ordinal(word))
    if number == 0.0:
        return None
    return -number if below else number


def storeys(cells: pd.Series) -> Cells:
    """Return the storeys of a column of cells; see :func:`storey`."""
    found = parsed(cells, 1.0, storey)
    # Storeys count from 1: a 0 is none of them.
    none = found.figures == 0.0
    remarks: dict[int, tuple[Remark, str]] = dict.fromkeys(
        found.figures.index[none].to_list(), ("storey_0", "0")
    )
    return Cells(found.figures.where(~none), found.remarks | remarks)
