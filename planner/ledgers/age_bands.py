"""Age bands as rasters and ledgers name them, and which of our columns they add up to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from planner.labels import Message, message

Sex = Literal["f", "m", "t"]

OPEN_AGES: Final = (80, 85, 90)
"""Ages at which the last band of a set may begin: WorldPop's is 80+ (to 2020) or 90+ (from 2015 on,
release R2025A); the census tables of China end at 85+ or 100+, which are then added up."""

EVERYBODY: Final = ("all", "total", "全部", "合计", "总人口", "ppp", "pop")
"""Names of a band that holds everybody."""

COLUMN_AGES: Final = {"population": 0, "elderly_60": 60, "elderly_65": 65, "elderly_80": 80}
"""Age from which each of our columns counts."""

_RANGE: Final = re.compile(
    r"^(\d{1,3})(?:岁)?[-~—–至到](\d{1,3})(?:周?岁)?(?:人口)?(?:_?([fmt]))?$"
)
_OPEN: Final = re.compile(
    r"^[≥>=]*(\d{1,3})(?:\+|(?:周?岁)?(?:及?以上|\+))(?:周?岁)?(?:人口)?(?:_?([fmt]))?$"
)
_WORLDPOP_FILE: Final = re.compile(r"(?:^|_)([fmt])_(\d{1,2})(?:_|$)")
_WORLDPOP_BAND: Final = re.compile(r"^(\d{1,2})_([fmt])$")
_WORLDPOP_ALL: Final = re.compile(r"(?:^|_)(?:ppp|pop)(?:_|$)")
_WORLDPOP_ENDS: Final = {0: 0, 1: 4}
"""WorldPop's first two bands are the first year of life and ages 1 to 4; all others have five."""


@dataclass(frozen=True, order=True)
class AgeBand:
    """A band of ages.

    Parameters
    ----------
    first
        First age in it.
    last
        Last age in it; ``None`` where it has no end, or where only a set of bands tells
        (``is_stated`` false).
    sex
        ``f``, ``m``, or ``t`` for both.
    is_stated
        Whether its end is stated; WorldPop's names state the first age alone.
    """

    first: int
    last: int | None
    sex: Sex = "t"
    is_stated: bool = True

    @property
    def label(self) -> str:
        """The band as it is written: ``60-64``, ``80+``."""
        return f"{self.first}+" if self.last is None else f"{self.first}-{self.last}"


def band_of(name: str) -> AgeBand | None:
    """Return the age band that a text names, or nothing.

    Parameters
    ----------
    name
        ``60-64``, ``60-64岁``, ``80+``, ``80岁及以上``, ``all``; each may end in ``_f``, ``_m`` or
        ``_t``. Else a WorldPop name: ``60_f`` (band), ``chn_f_60_2020`` (file, without its
        ending), ``chn_ppp_2020``.

    Examples
    --------
    >>> band_of("60-64岁")
    AgeBand(first=60, last=64, sex='t', is_stated=True)
    >>> band_of("chn_f_80_2020_constrained")
    AgeBand(first=80, last=None, sex='f', is_stated=False)
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).lower()
    found = _RANGE.match(plain)
    if found is not None and int(found[1]) <= int(found[2]):
        return AgeBand(int(found[1]), int(found[2]), _sex(found[3]))
    found = _OPEN.match(plain)
    if found is not None:
        return AgeBand(int(found[1]), None, _sex(found[2]))
    if plain in EVERYBODY:
        return AgeBand(0, None)
    found = _WORLDPOP_BAND.match(plain)
    if found is not None:
        return AgeBand(int(found[1]), None, _sex(found[2]), is_stated=False)
    found = _WORLDPOP_FILE.search(plain)
    if found is not None:
        return AgeBand(int(found[2]), None, _sex(found[1]), is_stated=False)
    return AgeBand(0, None) if _WORLDPOP_ALL.search(plain) else None


def _sex(letter: str | None) -> Sex:
    return "f" if letter == "f" else "m" if letter == "m" else "t"


def with_ends(bands: Sequence[AgeBand]) -> list[AgeBand]:
    """Return bands with the ends that a set of WorldPop's tells: the last of all is open.

    The highest first age must be one of :data:`OPEN_AGES`; else each band ends after five years,
    so that a set that was cut short is missed by :func:`columns_of` rather than read as open.
    """
    starts = [band.first for band in bands if not band.is_stated]
    highest = max(starts, default=0)
    ended = []
    for band in bands:
        is_open = band.first == highest and highest in OPEN_AGES
        if band.is_stated or is_open:
            last = band.last
        else:
            last = _WORLDPOP_ENDS.get(band.first, band.first + 4)
        ended.append(AgeBand(band.first, last, band.sex))
    return ended


def columns_of(bands: Sequence[AgeBand]) -> tuple[dict[str, list[int]], list[Message]]:
    """Return which bands add up to which of our columns.

    A column that counts from age T is the band T+ itself, where there is one, else the bands from
    T on: without gap or overlap up to one without end. Of a set that holds both sexes apart and
    together, the bands together are taken.

    Parameters
    ----------
    bands
        The bands there are, with their ends (:func:`with_ends`).

    Returns
    -------
    tuple
        ``{column: places of its bands}``, columns that cannot be had left out, and what is wrong:
        one sex without the other, a band twice.
    """
    problems: list[Message] = []
    groups: dict[tuple[int, int | None], dict[str, list[int]]] = {}
    for place, band in enumerate(bands):
        groups.setdefault((band.first, band.last), {}).setdefault(band.sex, []).append(place)
    parts: dict[tuple[int, int | None], list[int]] = {}
    for key, by_sex in sorted(groups.items(), key=lambda one: (one[0][0], one[0][1] or 999)):
        label = AgeBand(*key).label
        if any(len(places) > 1 for places in by_sex.values()):
            problems.append(message("residents.band_twice", band=label))
        elif "t" in by_sex:
            parts[key] = by_sex["t"]
        elif set(by_sex) == {"f", "m"}:
            parts[key] = by_sex["f"] + by_sex["m"]
        else:
            problems.append(message("residents.band_one_sex", band=label, sex=next(iter(by_sex))))
    columns = {}
    for column, age in COLUMN_AGES.items():
        places = _from_age(parts, age)
        if places is not None:
            columns[column] = places
    return columns, problems


def _from_age(parts: Mapping[tuple[int, int | None], list[int]], age: int) -> list[int] | None:
    """Return the bands that hold those of an age and over, or nothing if no set of them does."""
    if (age, None) in parts:
        return parts[(age, None)]
    by_first: dict[int, list[tuple[int | None, list[int]]]] = {}
    for (first, last), places in parts.items():
        by_first.setdefault(first, []).append((last, places))
    taken: list[int] = []
    first = age
    while True:
        # The narrowest band that begins here: a set of bands may hold 60+ beside its own parts.
        ends = sorted(by_first.get(first, []), key=lambda one: 999 if one[0] is None else one[0])
        if not ends:
            return None
        last, places = ends[0]
        taken += places
        if last is None:
            return taken
        first = last + 1
