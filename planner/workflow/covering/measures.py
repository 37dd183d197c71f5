"""What else is measured in a run: circles beside walks, access scores, equity, coverage curves.

All from minutes that the run has found already; nothing is searched anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd

from planner.coverage.area_access import AreaAccess, area_access
from planner.coverage.areas import OUTSIDE, UNNAMED, community_of
from planner.coverage.assigning import CapacityAssignment
from planner.coverage.circles import Circles, circles
from planner.coverage.coverage_curve import CoverageCurve, coverage_curve
from planner.coverage.equity import Better, Equity, equity_figures
from planner.coverage.walking import Coverage
from planner.standards.rulebooks.clauses import RuleBook
from planner.units import metres_from_minutes
from planner.workflow.covering.area_counts import street_names
from planner.workflow.covering.asking import own_name
from planner.workflow.inputs.walking import Walks

SERVICE_RADIUS: Final = "service_radius"
"""Quantity of a rule book's clause that gives a 服务半径, in metres."""

EQUITY_SCORE: Final = "enhanced_two_step"
"""The access score whose spread is told: E2SFCA."""


@dataclass(frozen=True, eq=False)
class EquityByArea:
    """How evenly one measure is spread, over the district and within each street.

    Parameters
    ----------
    district
        Over all elders; its ``streets`` hold the concentration.
    streets
        By street, in the order of their names.
    persons, without, worst
        By community id, every community listed: elders whose measure is known; those of whom it is
        not (they are in none of the figures); those who are no better off than the best off of
        the district's worst-off tenth. Equals count together: who of those with a score of 0 is
        worst off nobody can say.
    """

    district: Equity
    streets: Mapping[str, Equity]
    persons: pd.Series
    without: pd.Series
    worst: pd.Series


@dataclass(frozen=True, eq=False)
class Measures:
    """What else a run measures.

    Parameters
    ----------
    communities
        Community id of each resident row, :data:`planner.coverage.areas.OUTSIDE` for none.
    circles
        By what the radius is: ``limit`` (the metres that the walker goes within the limit on the
        flat), ``book`` (the 服务半径 of the rule book, if it has one and the same for all the kinds
        that the circle is drawn around).
    access
        Scores of the capacity for community elders; None where no capacity is known.
    open_centres
        How many operating centres were asked for their capacity.
    equity
        By measure: ``walk_minutes`` (to the nearest centre, however far), and ``access`` where
        there are scores (:data:`EQUITY_SCORE`).
    curves
        Coverage over the limit by name of the walker, the plan's own first.
    """

    communities: pd.Series
    circles: Mapping[str, Circles]
    access: AreaAccess | None
    open_centres: int
    equity: Mapping[str, EquityByArea]
    curves: Mapping[str, CoverageCurve]


def measures_of(
    walks: Walks,
    coverage: Coverage,
    communities: pd.DataFrame,
    open_sites: gpd.GeoDataFrame,
    book: RuleBook,
    *,
    capacities: Mapping[str, CapacityAssignment],
    times: pd.DataFrame,
    minutes: Mapping[str, pd.Series],
) -> Measures:
    """Measure a plan beyond its coverage.

    Parameters
    ----------
    walks, coverage
        The plan's walks, and its coverage by the open sites.
    communities
        The communities table.
    open_sites
        Centres that coverage counts, all placed.
    book
        The rule book, for its 服务半径.
    capacities
        Who finds a place, of ``community_elders``.
    times
        Walks within the limit from residents to the open sites.
    minutes
        Of each walker to the nearest centre of the circle's kinds, the plan's own first
        (:func:`planner.workflow.covering.asking.coverage_by_question`).
    """
    lives_in = community_of(coverage, communities)
    elders = capacities.get("community_elders")
    access = None
    if elders is not None:
        access = area_access(
            times,
            elders.residents["demand_persons"],
            elders.centres["capacity_persons"],
            limit_minutes=coverage.limit_minutes,
        )
    values = {"walk_minutes": coverage.residents["walk_minutes"]}
    if access is not None:
        values["access"] = access.residents[EQUITY_SCORE]
    return Measures(
        communities=lives_in,
        circles={
            name: circles(coverage, communities, open_sites, radius_m=radius_m)
            for name, radius_m in _radii(walks, coverage, book).items()
        },
        access=access,
        open_centres=len(open_sites),
        equity={
            name: equity_by_area(one, coverage.residents, lives_in, communities, measure=name)
            for name, one in values.items()
        },
        curves=_curves(walks, coverage, minutes),
    )


def _radii(walks: Walks, coverage: Coverage, book: RuleBook) -> dict[str, float]:
    radii = {"limit": metres_from_minutes(coverage.limit_minutes, walks.walker.speed_m_s)}
    of_book = book.figure_for(SERVICE_RADIUS, walks.scenario.coverage.centre_kinds)
    return radii if of_book is None else radii | {"book": of_book}


def equity_by_area(
    values: pd.Series,
    residents: pd.DataFrame,
    lives_in: pd.Series,
    communities: pd.DataFrame,
    *,
    measure: str,
) -> EquityByArea:
    """Return how evenly a measure is spread over the district and within each street.

    Parameters
    ----------
    values
        The measure by resident id; NaN where it is not known.
    residents
        The residents table; geometry is not needed.
    lives_in
        Community id by resident id.
    communities
        The communities table.
    measure
        ``walk_minutes``, where less is better, or another, where more is.
    """
    plain = pd.DataFrame(residents.drop(columns="geometry", errors="ignore"))
    streets = lives_in.map(street_names(communities))
    better: Better = "less" if measure == "walk_minutes" else "more"
    named = streets.where(~streets.isin([UNNAMED, OUTSIDE]))
    whole = equity_figures(values, plain, measure=measure, better=better, streets=named)
    within = {
        str(street): equity_figures(values, plain.loc[rows], measure=measure, better=better)
        for street, rows in sorted(streets.groupby(streets).groups.items())
    }
    elders = plain["elderly_60"].astype(float).fillna(0.0)
    values = values.reindex(plain.index)
    known = values.notna()
    persons, without, worst = (
        _by_community(counts, lives_in, communities)
        for counts in (elders[known], elders[~known], elders[_no_better(values, whole)])
    )
    return EquityByArea(whole, within, persons, without, worst)


def _no_better(values: pd.Series, whole: Equity) -> pd.Series:
    """Return who is no better off than the best off of the worst-off tenth."""
    if whole.better == "less":
        return values >= whole.worst_bound
    return values <= whole.worst_bound


def _by_community(persons: pd.Series, lives_in: pd.Series, communities: pd.DataFrame) -> pd.Series:
    ordered = persons.sort_index()
    sums = ordered.groupby(lives_in.reindex(ordered.index).to_numpy()).sum()
    return sums.reindex(listed(lives_in, communities)).fillna(0.0).astype(float)


def listed(lives_in: pd.Series, communities: pd.DataFrame) -> list[str]:
    """Return the communities in the ledger's order, and those outside last where there are any."""
    outside = [OUTSIDE] if (lives_in == OUTSIDE).any() else []
    return [*communities.index, *outside]


def _curves(
    walks: Walks, coverage: Coverage, minutes: Mapping[str, pd.Series]
) -> dict[str, CoverageCurve]:
    """Return the curve of each walker; the plan's own from the minutes of its coverage."""
    residents = pd.DataFrame(coverage.residents.drop(columns="geometry", errors="ignore"))
    asked = {own_name(walks): residents["walk_minutes"]}
    for name, found in minutes.items():
        asked.setdefault(name, found)
    return {name: coverage_curve(residents, found) for name, found in asked.items()}
