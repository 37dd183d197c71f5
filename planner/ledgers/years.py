"""The years planned for: residents of each, and what stands open then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from planner import tables
from planner.labels import Message, message
from planner.ledgers.findings import Journal
from planner.ledgers.sharing import NOBODY, PEOPLE_COLUMNS, PERSON_COLUMNS, shared_out
from planner.tables import COMING_STATUSES, ELDER_GROUPS, ELDERLY_COLUMNS, OPEN_STATUS

REBUILT: Final = ("改建", "扩建", "新建")
"""Works after which a place that stands idle today is open."""

OUTSIDE: Final = "\x00outside"
"""Stands for residents of no community while a year is reckoned; never leaves this file."""


@dataclass(frozen=True, eq=False)
class YearFigures:
    """Communities' people in each year planned for.

    Parameters
    ----------
    base
        Year of the communities' ledger.
    table
        ``community, year`` and the person columns, persons; one row for each community and year,
        sorted; NaN where unknown. The base year is not in it.
    findings, set_aside
        As of a ledger (:class:`planner.ledgers.Ledger`); rows of the file that were not used.
    rows_read, rows_used
        Rows of the file; 0 where figures were projected by rates.
    method
        ``given``, ``growth`` or ``cohorts``.
    source
        Whose figures or rates they are, as the project says.
    file
        Names of the files that were read, joined by 、; empty where rates alone projected.
    rates
        Yearly rates by person column, as shares, where ``method`` is ``growth``.
    """

    base: float
    table: pd.DataFrame
    findings: pd.DataFrame
    set_aside: pd.DataFrame
    rows_read: int
    rows_used: int
    method: str
    source: str
    file: str = ""
    rates: Mapping[str, float] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        """The years there are figures for, in order."""
        return tuple(sorted({int(year) for year in self.table["year"]}))

    @property
    def is_projected(self) -> bool:
        """Whether the figures rest on rates: 推算 in every output."""
        return self.method != "given"

    def of(self, year: float) -> pd.DataFrame:
        """Return the person columns of one year, index = communities.

        Raises
        ------
        ValueError
            If there are no figures for that year.
        """
        rows = self.table[self.table["year"] == int(year)]
        if rows.empty:
            text = f"there are figures for {self.years}, not for {int(year)}"
            raise ValueError(text)
        return rows.set_index("community")[list(PERSON_COLUMNS)]


def residents_in(
    year: float, residents: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, figures: YearFigures
) -> gpd.GeoDataFrame:
    """Return the residents of a year: the same rows and places, with the people of then.

    Each community's figure of the year is shared among its rows of today
    (:func:`planner.ledgers.sharing.shared_out`, today's people as weights), so that its sum is
    that figure. Where rows were given with people of their own, whose sum is not the communities'
    ledger's, it is their sum times the ledger's growth; where the ledger knows nobody today, times
    that of the rates, else the year's own figure. Rows of no community grow as the whole district
    does. Rows keep their own shares of 失能 and 独居.

    Parameters
    ----------
    year
        A year that ``figures`` has, or its base year (today's table is returned).
    residents, communities
        Today's tables.
    figures
        What the year brings.

    Returns
    -------
    GeoDataFrame
        ``residents`` with its person columns replaced: same ids, order and other columns.
    """
    if int(year) == int(figures.base):
        return residents.copy()
    then = figures.of(year)
    ordered = residents.sort_index()
    homes = ordered["community"].astype(object)
    homes = homes.where(homes.isin(communities.index), OUTSIDE)
    held = ordered.reindex(columns=list(PERSON_COLUMNS)).astype(np.float64)
    sums = held.groupby(homes.to_numpy()).sum(min_count=1)
    targets = _targets(sums, communities, then, _rates_factors(figures, year))
    weights = held[list(PEOPLE_COLUMNS)].fillna(0.0)
    known = [name for name in PEOPLE_COLUMNS if weights[name].sum() > 0.0]
    spread = shared_out(targets, homes, weights[known] if known else weights)
    elders = ELDERLY_COLUMNS[0]
    for name in ELDER_GROUPS:
        part = held[name] / held[elders].where(held[elders] > NOBODY)
        own = (part * spread[elders]).fillna(0.0)
        total = own.groupby(homes.to_numpy()).transform("sum")
        shared = homes.map(targets[name]).astype(np.float64) * own / total.where(total > NOBODY)
        spread[name] = shared.where(total > NOBODY, spread[name])
    new = spread[list(PERSON_COLUMNS)].reindex(residents.index)
    return residents.assign(**{name: new[name] for name in PERSON_COLUMNS})


def _rates_factors(figures: YearFigures, year: float) -> pd.Series:
    """Return what the rates multiply each person column by; NaN where there is no rate.

    失能 and 独居 without a rate of their own stay the same share of 60+.
    """
    factors = {
        name: (1.0 + rate) ** (int(year) - figures.base) for name, rate in figures.rates.items()
    }
    elders = factors.get(ELDERLY_COLUMNS[0], np.nan)
    by_share = dict.fromkeys(ELDER_GROUPS, elders)
    return pd.Series(by_share | factors, dtype=np.float64).reindex(list(PERSON_COLUMNS))


def _targets(
    sums: pd.DataFrame, communities: gpd.GeoDataFrame, then: pd.DataFrame, factors: pd.Series
) -> pd.DataFrame:
    """Return the year's sum of each community's rows, and of those of none."""
    ids = [code for code in sums.index if code != OUTSIDE]
    today = communities.reindex(ids).reindex(columns=list(PERSON_COLUMNS)).astype(np.float64)
    coming = then.reindex(ids)
    held = sums.reindex(ids)
    same = (held - today).abs() <= 1e-9 * today.abs()
    known_today = today > NOBODY
    growth = coming / today.where(known_today)
    # Of nobody there is no growth: where rows alone know the people, the rates themselves apply.
    growth = growth.where(known_today, np.broadcast_to(factors.to_numpy(), growth.shape))
    targets = coming.where(same | growth.isna() | held.isna(), held * growth)
    if OUTSIDE in sums.index:
        both = (
            communities.reindex(then.index).reindex(columns=list(PERSON_COLUMNS)).astype(np.float64)
        )
        known = both.notna() & then.notna()
        district = then.where(known).sum() / both.where(known).sum().replace(0.0, np.nan)
        targets.loc[OUTSIDE] = sums.loc[OUTSIDE] * district.where(district.notna(), factors)
    return targets


def without_homes(
    year: float, residents: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, figures: YearFigures
) -> pd.DataFrame:
    """Return the people of a year whose community has no row among the residents.

    They live somewhere in it, and nobody knows where. Rates bring nobody into a community where
    nobody was: there they are none.

    Parameters
    ----------
    year, residents, communities, figures
        As for :func:`residents_in`.

    Returns
    -------
    DataFrame
        The person columns of communities that have elders then; index = their ids, sorted.
    """
    none = pd.DataFrame({name: [] for name in PERSON_COLUMNS}, dtype=np.float64)
    if int(year) == int(figures.base) or figures.rates:
        return none
    then = figures.of(year).reindex(communities.index).astype(np.float64)
    lacking = ~then.index.isin(residents["community"].dropna())
    found = then[lacking & (then[ELDERLY_COLUMNS[0]] > NOBODY).to_numpy()]
    return found.sort_index()


def centres_open_in(centres: gpd.GeoDataFrame, year: float) -> gpd.GeoDataFrame:
    """Return centres with the status that they have in a year.

    What is 在建 or 规划 is 运营 from its ``opens_year`` on; so is what is 闲置 or 停运 today and
    marked 改建, 扩建 or 新建. Without ``opens_year`` nothing opens (:func:`undated`).

    Parameters
    ----------
    centres
        The ledger's centres.
    year
        The year asked for; a centre that opens in it is open.

    Returns
    -------
    GeoDataFrame
        The same rows with ``status`` of then, and ``status_today``.
    """
    status = centres["status"]
    if "opens_year" not in centres:
        return centres.assign(status_today=status)
    opened = centres["opens_year"].to_numpy(dtype=np.float64, na_value=np.nan) <= float(year)
    coming = status.isin(COMING_STATUSES)
    if "works" in centres:
        coming |= (status != OPEN_STATUS) & centres["works"].isin(REBUILT)
    return centres.assign(status=status.mask(coming & opened, OPEN_STATUS), status_today=status)


def undated(centres: gpd.GeoDataFrame) -> list[Message]:
    """Return what is to be said of centres 在建 or 规划 that say no year: they open in none."""
    coming = centres["status"].isin(COMING_STATUSES)
    if "opens_year" in centres:
        coming &= centres["opens_year"].isna()
    ids = [str(name) for name in centres.index[coming]]
    if not ids:
        return []
    told = message("residents.centres_undated", count=len(ids), ids=tables.listed(ids))
    return [told]


def opening_later(centres: gpd.GeoDataFrame, base: float, file: str) -> Journal:
    """Return a doubt for each centre that operates today and opens after the base year.

    Its status decides: it counts as open, today and in every year.

    Parameters
    ----------
    centres
        The ledger's centres.
    base
        Year of today's ledgers.
    file
        Name of the centres' file.
    """
    journal = Journal(file)
    if "opens_year" in centres:
        opens = centres["opens_year"].to_numpy(dtype=np.float64, na_value=np.nan)
        late = centres["status"].eq(OPEN_STATUS).to_numpy() & (opens > base)
        for code, year in zip(centres.index[late], opens[late], strict=True):
            told = message("residents.opens_later", year=f"{year:g}", base=f"{base:g}")
            journal.add("doubt", told, of=str(code))
    return journal


def available_in(candidates: gpd.GeoDataFrame, year: float) -> gpd.GeoDataFrame:
    """Return the candidates that can be had by a year: those of later years are left out."""
    if "opens_year" not in candidates:
        return candidates
    opens = candidates["opens_year"].to_numpy(dtype=np.float64, na_value=-np.inf)
    return candidates[opens <= float(year)]
