"""What is settled before a programme is asked: centres that open in its years, and ones that close.

A centre under construction or planned that opens after the first year asked counts from the first
year asked in which it operates: a measure that is done already, costs nothing, and is none of the
plan's own. Its floor area is held from then on; that of a centre that ``[siting] must_close`` names
is held no longer.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.coverage.serving import operating
from planner.siting import SiteRules
from planner.siting.asking.rules import PAIR_OF_PLACES
from planner.standards.floor_area.held import building_areas
from planner.workflow.covering.capacities import places_of_centres
from planner.workflow.inputs.walking import open_centres
from planner.workflow.programmes.years import ProgrammeYears
from planner.workflow.standards.planned_audit import community_at
from planner.workflow.years.plans import FoundYears

DECIDED_MARK: Final = "decided:"
"""Before the id of a centre in the id of the measure that stands for it."""


@dataclass(frozen=True, eq=False)
class DecidedCentres:
    """Centres that open after the first year of a programme, whatever it chooses.

    Parameters
    ----------
    centres
        Their rows of the last year, placed, by id; ``from_year`` is the first year asked in which
        they operate.
    measures
        A measure for each, for :func:`planner.siting.programmes.questions.programme`.
    places_unknown
        Ids of those of which nobody knows how many they take: they count for no places.
    """

    centres: gpd.GeoDataFrame
    measures: pd.DataFrame
    places_unknown: tuple[Any, ...]


def decided_centres(
    asked: ProgrammeYears, years: FoundYears | None, kinds: Iterable[str], unit: Any
) -> DecidedCentres:
    """Return the centres of the circle's kinds that open between the years of a programme."""
    first = _first_years(asked, years, list(kinds), placed=True)
    rows = asked.centres.loc[first.index]
    centres = gpd.GeoDataFrame(rows.assign(from_year=first))
    together = pd.concat([asked.open_then, rows]) if len(rows) else asked.open_then
    table = pd.DataFrame(together.drop(columns="geometry"))
    places = places_of_centres(table, unit, asked.audit.book).centres["capacity_persons"]
    own = places.reindex(first.index).astype(float)
    measures = pd.DataFrame(
        {
            "site": first.index.to_numpy(dtype=object),
            "kind": "new_centre",
            "adds_persons": own.fillna(0.0).to_numpy(),
            "adds_m2": 0.0,
            "cost_yuan": 0.0,
            "from_year": first.to_numpy(dtype=float),
        },
        index=pd.Index([f"{DECIDED_MARK}{one}" for one in first.index], dtype=object),
    )
    return DecidedCentres(centres, measures, tuple(own.index[own.isna()]))


def _first_years(
    asked: ProgrammeYears, years: FoundYears | None, kinds: list[str], *, placed: bool
) -> pd.Series:
    """Return the first year asked in which each centre operates that does not in the first."""
    found: dict[Any, int] = {}
    if years is None or len(asked.names) < 2:
        return pd.Series(found, dtype=float)
    seen: set[Any] = set()
    for name in asked.names:
        table = years.of(name).centres
        is_open = open_centres(table, kinds) if placed else operating(table, kinds)
        found |= {one: name for one in is_open.index if one not in seen and name != asked.names[0]}
        seen |= set(is_open.index)
    return pd.Series(found, dtype=float).sort_index()


def with_area_of_years(asked: ProgrammeYears, years: FoundYears | None) -> ProgrammeYears:
    """Return the years with the floor area of centres that open in them off what is required.

    What a group lacks is what it requires less what it holds: to hold more from a year on is to
    require as much less from then. An unknown area leaves the group unknown.
    """
    book = asked.audit.book
    first = _first_years(asked, years, list(book.applies_to), placed=False)
    if first.empty:
        return asked
    rows = asked.centres.loc[first.index]
    areas = building_areas(pd.DataFrame(rows), book=book)["building_m2"]
    told = rows.reindex(columns=["community"])["community"].astype(object)
    known = told.where(told.isin(asked.communities.index))
    home = known.where(known.notna(), community_at(rows.geometry, asked.communities))
    group = home.map(asked.audit.service_groups.community_group)
    groups = asked.groups.copy()
    for year in asked.budgets:
        by_then = first.index[first <= float(year.year)]
        gained = _by_group(areas[by_then], group[by_then], groups.index)
        groups[year.required] = (groups[year.required] - gained).clip(lower=0.0)
    return dataclasses.replace(asked, groups=groups)


def without_closed(asked: ProgrammeYears, closed: Iterable[Any]) -> pd.DataFrame:
    """Return the groups without the floor area of the centres that close by rule."""
    ids = [one for one in closed if one in asked.open_then.index]
    audit = asked.audit
    own = [one for one in ids if asked.open_then.loc[one, "centre_kind"] in audit.book.applies_to]
    if not own:
        return asked.groups
    rows = pd.DataFrame(asked.open_then.loc[own])
    areas = building_areas(rows, book=audit.book)["building_m2"]
    group = areas.index.to_series().map(audit.service_groups.centre_group)
    lost = _by_group(areas, group, asked.groups.index)
    return asked.groups.assign(held_m2=(asked.groups["held_m2"] - lost).clip(lower=0.0))


def _by_group(areas: pd.Series, group: pd.Series, index: pd.Index[Any]) -> pd.Series:
    """Return the area by group, 0 where none is; unknown where any of it is."""
    sums = {
        one: float(np.sum(part.to_numpy(dtype=float)))
        for one, part in areas.groupby(group.to_numpy(dtype=object))
    }
    return pd.Series([sums.get(one, 0.0) for one in index], index=index)


def with_decided(rules: SiteRules, decided: DecidedCentres, existing: Iterable[Any]) -> SiteRules:
    """Return the rules that open decided centres whatever else is done.

    No distance is asked of what stands or is decided from each other: that is settled.
    """
    ids = set(decided.centres.index)
    apart = rules.apart
    if apart is not None:
        settled = ids | set(existing)
        first, second = (apart[name] for name in PAIR_OF_PLACES)
        apart = apart[~(first.isin(settled) & second.isin(settled))]
    return dataclasses.replace(
        rules, required=(*rules.required, *decided.centres.index), apart=apart
    )
