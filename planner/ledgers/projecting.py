"""Elders of a coming year from those of today: by yearly rates, or by ageing five-year bands.

No rate is built in: those of the user's own forecast are taken, and named in every output.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from planner.errors import LedgerError
from planner.labels import Message, message
from planner.ledgers.age_bands import COLUMN_AGES, AgeBand, band_of, columns_of
from planner.ledgers.rasters import FloatArray
from planner.ledgers.sharing import PEOPLE_COLUMNS, PERSON_COLUMNS
from planner.tables import ELDER_GROUPS, ELDERLY_COLUMNS

STEP_YEARS: Final = 5
"""Width of a band of ages, and so of a step of the cohort method."""

RATE_BOUNDS: Final = (-0.5, 0.5)
"""Yearly rates beyond these are slips of the pen: percent written for shares."""


def grown(
    communities: pd.DataFrame, rates: Mapping[str, float], *, base: float, year: float
) -> pd.DataFrame:
    """Return communities' figures after some years of growth by constant yearly rates.

    F(year) = F(base) · (1 + r)^(year - base), for each column by its own rate.

    Parameters
    ----------
    communities
        The figures of the base year; index = ids.
    rates
        ``{column: r}``, yearly, as a share (0.03 is 3 %), by
        :data:`planner.ledgers.sharing.PERSON_COLUMNS`; 60+ must be among them.
    base, year
        Year of the figures, and the one asked for.

    Returns
    -------
    DataFrame
        The columns that have a rate; the others are unknown then.

    Raises
    ------
    LedgerError
        If 60+ has no rate, a column is unknown, or a rate is out of :data:`RATE_BOUNDS`.
    """
    problems: list[Message] = []
    least, most = RATE_BOUNDS
    for column, rate in sorted(rates.items()):
        if column not in PERSON_COLUMNS:
            known = " ".join(PERSON_COLUMNS)
            problems.append(message("residents.rate_unknown", name=column, known=known))
        elif not least <= rate <= most:
            told = message(
                "residents.rate_out_of_bounds", name=column, rate=rate, least=least, most=most
            )
            problems.append(told)
    if ELDERLY_COLUMNS[0] not in rates:
        problems.append(message("residents.rate_missing", name=ELDERLY_COLUMNS[0]))
    if problems:
        raise LedgerError(message("residents.years_refused"), problems)
    figures = {
        column: _figures(communities, column) * (1.0 + rates[column]) ** (year - base)
        for column in PERSON_COLUMNS
        if column in rates
    }
    return pd.DataFrame(figures, index=communities.index)


def _figures(communities: pd.DataFrame, column: str) -> FloatArray:
    if column not in communities:
        return np.full(len(communities), np.nan)
    return communities[column].to_numpy(dtype=np.float64, na_value=np.nan)


def with_groups(figures: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """Return figures of a year with all person columns, 失能 and 独居 by their share of today.

    Where a year's figures lack them, D(year) = D · E(year) / E, with E those aged 60 and over:
    constant prevalence, the assumption of Sullivan's method (D. F. Sullivan, "A single index of
    mortality and morbidity", HSMHA Health Reports 86, 1971). It does not see that the old grow
    older within 60+; give the figures where that matters.

    Parameters
    ----------
    figures
        Figures of the year, index = ids of communities, whichever columns are known.
    communities
        Figures of today, index = ids.
    """
    columns = {
        name: figures[name].astype(np.float64)
        if name in figures
        else pd.Series(np.nan, index=figures.index)
        for name in PERSON_COLUMNS
    }
    today = communities.reindex(figures.index)
    elders = pd.Series(_figures(today, ELDERLY_COLUMNS[0]), index=figures.index)
    for name in ELDER_GROUPS:
        share = pd.Series(_figures(today, name), index=figures.index) / elders.where(elders > 0.0)
        columns[name] = columns[name].where(
            columns[name].notna(), share * columns[ELDERLY_COLUMNS[0]]
        )
    return pd.DataFrame(columns)


def aged(
    bands: pd.DataFrame, survival: Mapping[str, float], *, base: float, year: float
) -> pd.DataFrame:
    """Return elders after some years in which people grow older and nobody moves.

    The cohort-component method without migration (Preston, Heuveline & Guillot, *Demography*,
    2001, ch. 6.3): with N the persons of a band of five years of age and S the share of them who
    are alive five years later, then five years older,

        N[x+5, t+5] = S[x] · N[x, t],   N[w+, t+5] = S[w-5] · N[w-5, t] + S[w+] · N[w+, t]

    where w+ is the band without end. A year between two steps is interpolated linearly.

    Parameters
    ----------
    bands
        Persons by community (index) and band (columns ``50-54`` … ``80+``), of the base year:
        bands of five years that follow each other, the last without end.
    survival
        ``{band: S}`` for every band, 0 to 1.
    base, year
        Year of the figures, and the one asked for (not earlier).

    Returns
    -------
    DataFrame
        elderly_60, elderly_65, elderly_80 by community, where the bands reach that far.

    Raises
    ------
    LedgerError
        If bands are missing or not of five years, or survival is; if the youngest band is past 60
        in that year, so that those who turn 60 until then are unknown.
    """
    names, problems = _band_names(bands)
    problems += _survival_problems(names, survival)
    steps = (year - base) / STEP_YEARS
    if steps < 0.0:
        problems.append(message("residents.year_past", year=year, base=base))
    elif names and not problems:
        youngest = names[0].first + STEP_YEARS * math.ceil(steps)
        if youngest > COLUMN_AGES[ELDERLY_COLUMNS[0]]:
            needed = COLUMN_AGES[ELDERLY_COLUMNS[0]] - STEP_YEARS * math.ceil(steps)
            label = AgeBand(needed, needed + STEP_YEARS - 1).label
            problems.append(message("residents.bands_too_old", year=year, band=label))
    if problems:
        raise LedgerError(message("residents.years_refused"), problems)
    figures = bands[[_column(bands, one) for one in names]].to_numpy(dtype=np.float64)
    rates = np.array([_rate(survival, one) for one in names])
    before = _stepped(figures, rates, math.floor(steps))
    after = _stepped(before, rates, 1 if steps > math.floor(steps) else 0)
    part = steps - math.floor(steps)
    now = before * (1.0 - part) + after * part if part else before
    columns, _ = columns_of(names)
    return pd.DataFrame(
        {
            name: now[:, places].sum(axis=1)
            for name, places in columns.items()
            if name != "population"
        },
        index=bands.index,
    )


def _stepped(figures: FloatArray, rates: FloatArray, steps: int) -> FloatArray:
    """Return the bands some steps on; the youngest, which nobody is known to enter, are NaN."""
    now = figures
    for _ in range(steps):
        living = now * rates
        after = np.full_like(now, np.nan)
        after[:, 1:] = living[:, :-1]
        after[:, -1] += living[:, -1]
        now = after
    return now


def _band_names(bands: pd.DataFrame) -> tuple[list[AgeBand], list[Message]]:
    """Return the bands in the order of ages, and what is wrong with their sequence."""
    named = [(band_of(str(name)), str(name)) for name in bands.columns]
    strange = [name for band, name in named if band is None]
    found = sorted(band for band, _ in named if band is not None and band.sex == "t")
    problems = [message("residents.band_strange", band=name) for name in strange]
    last_is_open = bool(found) and found[-1].last is None and found[-1].first in range(80, 101, 5)
    steady = all(
        one.last == one.first + STEP_YEARS - 1 and other.first == one.first + STEP_YEARS
        for one, other in pairwise(found)
    )
    if not last_is_open or not steady or len(found) < 2:
        shown = "、".join(band.label for band in found) or "—"
        problems.append(message("residents.bands_not_steady", bands=shown))
    return found, problems


def _survival_problems(names: Sequence[AgeBand], survival: Mapping[str, float]) -> list[Message]:
    problems = []
    given = {band.label for name in survival if (band := band_of(name)) is not None}
    for name, share in sorted(survival.items()):
        if band_of(name) is None:
            problems.append(message("residents.band_strange", band=name))
        if not 0.0 <= share <= 1.0:
            problems.append(message("residents.survival_bounds", band=name, share=share))
    missing = [one.label for one in names if one.label not in given]
    if missing:
        problems.append(message("residents.survival_missing", bands="、".join(missing)))
    return problems


def _column(bands: pd.DataFrame, band: AgeBand) -> str:
    return next(str(name) for name in bands.columns if band_of(str(name)) == band)


def _rate(survival: Mapping[str, float], band: AgeBand) -> float:
    return next(
        float(share)
        for name, share in survival.items()
        if (one := band_of(name)) is not None and one.label == band.label
    )


def contradictions(figures: pd.DataFrame) -> pd.DataFrame:
    """Return which figures are larger than the whole that they are part of.

    Parameters
    ----------
    figures
        Person columns of a year, index = ids.

    Returns
    -------
    DataFrame of bool
        True where a figure is more than a wider column's (1e-9 of slack), same index; columns =
        those after population.
    """
    over = {}
    for place, part in enumerate(PEOPLE_COLUMNS[1:], start=1):
        wider = figures[list(PEOPLE_COLUMNS[:place])].min(axis="columns")
        over[part] = figures[part] > wider * (1.0 + 1e-9)
    for part in ELDER_GROUPS:
        over[part] = figures[part] > figures[ELDERLY_COLUMNS[0]] * (1.0 + 1e-9)
    return pd.DataFrame(over, index=figures.index)
