"""New estates of one plan: what they owe, their four steps, and which rooms could be pooled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from planner import units
from planner.coverage.walking import Coverage
from planner.labels import message
from planner.ledgers import Ledger
from planner.standards.estates.pooling import Pools, propose_pools
from planner.standards.estates.required import EstatesOwed, estates_owed
from planner.standards.estates.rooms import farthest_walks, small_rooms
from planner.standards.estates.steps import FourSteps, asked_ages, four_steps
from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.vocabulary import FORCE_PLACE
from planner.streets import nearest_centre, travel_times
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.project_books import audit_day, project_books
from planner.workflow.inputs.record import Clock
from planner.workflow.inputs.walking import Walks

JOINED_PLACE: Final = "care_area_least_joined_place"
AS_DOOR: Final = "door→"
"""Marks an estate's id where a walk begins."""


@dataclass(frozen=True, eq=False)
class FoundEstates:
    """What was found of a plan's new estates.

    Parameters
    ----------
    owed, steps, pools
        What they owe; their four steps; proposed pools.
    least_from
        The book and clause that set the least area of a centre; ``None`` where no book does and
        the project's ``[siting] least_area_m2`` stands in.
    outlined, pointed
        Estates whose elders are the residents within their outline; those whose elders are at
        their own place. Estates without coordinates are neither.
    """

    owed: EstatesOwed
    steps: FourSteps
    pools: Pools
    least_from: tuple[RuleBook, Clause] | None
    outlined: tuple[str, ...]
    pointed: tuple[str, ...]


def least_joined(books: tuple[RuleBook, ...]) -> tuple[RuleBook, Clause] | None:
    """Return the clause that sets the least area of joined rooms: 应 before 宜, then the larger."""
    found = [
        (book, clause)
        for book in books
        for clause in book.clauses
        if clause.quantity == JOINED_PLACE and clause.value is not None
    ]

    def order(one: tuple[RuleBook, Clause]) -> tuple[int, float]:
        clause = one[1]
        return FORCE_PLACE[clause.force], -(clause.value or 0.0)

    return min(found, key=order, default=None)


def estate_doors(estates: gpd.GeoDataFrame, residents: gpd.GeoDataFrame) -> pd.Series:
    """Return where the elders of each estate live: estate by id of a door.

    Parameters
    ----------
    estates
        Points or outlines, in the residents' CRS.
    residents
        Where people live.

    Returns
    -------
    Series
        The resident rows within an estate's outline (in two outlines, those of the first id); an
        estate that is a point, or whose outline holds no resident, is a door itself, by its own id.
    """
    areas = estates[estates.geometry.geom_type.isin(["Polygon", "MultiPolygon"])].sort_index()
    outlines = gpd.GeoDataFrame(
        {"estate": [str(one) for one in areas.index]},
        geometry=areas.geometry.to_numpy(),
        crs=areas.crs,
    )
    points = gpd.GeoDataFrame(geometry=residents.geometry)
    within = gpd.sjoin(points, outlines, how="inner", predicate="within")
    doors = within[~within.index.duplicated()]["estate"].astype(object)
    alone = [str(one) for one in estates.index if str(one) not in set(doors)]
    doors.index = doors.index.astype(object)
    own = pd.Series(alone, index=pd.Index(alone, dtype=object), dtype=object)
    both: pd.Series = pd.concat([doors, own])
    return both


def _between(
    walks: Walks, origins: gpd.GeoDataFrame, places: gpd.GeoDataFrame, limit_minutes: float
) -> pd.DataFrame:
    # The same points are both ends of the walk, and ids of two tables that meet must differ.
    doors = {f"{AS_DOOR}{one}": one for one in origins.index}
    found = travel_times(
        walks.network,
        walks.points(origins.set_axis(list(doors), axis="index")),
        walks.points(places),
        limit_minutes=limit_minutes,
        walker=walks.walker,
    )
    return found.assign(origin=found["origin"].astype(object).map(doors))


def _estate_walks(
    walks: Walks, places: gpd.GeoDataFrame, times: pd.DataFrame, doors: pd.Series, limit: float
) -> pd.DataFrame:
    """Return which estates' elders can all walk to which places."""
    alone = [one for one in doors.index if doors[one] == one and one in places.index]
    own = pd.DataFrame({"origin": alone, "destination": alone, "walk_minutes": 0.0})
    between = _between(walks, places.loc[alone], places, limit) if alone else own
    # Who lives where the rooms are does not walk to the street and back.
    apart = between["origin"].astype(object) != between["destination"].astype(object)
    parts = [times[times["origin"].isin(doors.index)], between[apart], own]
    plain = [part.astype({"origin": object, "destination": object}) for part in parts if len(part)]
    every = pd.concat(plain, ignore_index=True) if plain else own
    return farthest_walks(every, doors, limit_minutes=limit)


def _without_centre(
    walks: Walks, places: gpd.GeoDataFrame, open_sites: gpd.GeoDataFrame, limit: float
) -> pd.Series:
    """Return which places no operating centre is within the limit of."""
    if places.empty or open_sites.empty:
        return pd.Series(True, index=places.index)
    near = nearest_centre(
        walks.network, walks.points(places), walks.points(open_sites), walker=walks.walker
    )
    reached = units.within(near["walk_minutes"].to_numpy(dtype=float), limit)
    return pd.Series(~reached, index=near.index).reindex(places.index)


def estates_of(
    project: Project,
    walks: Walks,
    coverage: Coverage,
    ledger: Ledger | None,
    open_sites: gpd.GeoDataFrame,
    clock: Clock,
) -> FoundEstates | None:
    """Judge the new estates as a step of a run; ``None`` where the project names none."""
    if ledger is None:
        return None
    with clock.step(message("estates.estates")):
        return find_estates(project, walks, coverage, ledger.table, open_sites)


def find_estates(
    project: Project,
    walks: Walks,
    coverage: Coverage,
    estates: gpd.GeoDataFrame,
    open_sites: gpd.GeoDataFrame,
) -> FoundEstates:
    """Judge the new estates of a plan, and propose pools of their small rooms.

    Parameters
    ----------
    project
        The plan.
    walks
        Its network and residents.
    coverage
        Who reaches an operating centre of the circle today.
    estates
        The ledger of estates; ids are those of no resident row.
    open_sites
        The operating centres of the circle whose place is known.

    Raises
    ------
    RuleBookError, ScenarioError
        If a book or the day of the audit is none.
    """
    on, scenario = audit_day(project), project.scenario
    owed = estates_owed(estates, project_books(project), on=on)
    least = least_joined(owed.books)
    least_m2 = scenario.siting.least_area_m2 if least is None else float(least[1].value or 0.0)
    limit = scenario.walking.limit_minutes
    placed = estates[~(estates.geometry.isna() | estates.geometry.is_empty)]
    places = gpd.GeoDataFrame(
        index=pd.Index([str(one) for one in placed.index], dtype=object),
        geometry=placed.geometry.representative_point().to_numpy(),
        crs=placed.crs,
    )
    doors = estate_doors(placed, walks.residents)
    times = walks.times_to(places).astype({"origin": object, "destination": object})
    residents = pd.DataFrame(
        {
            "elderly_60": walks.residents["elderly_60"].astype(float),
            "covered": coverage.residents["state"].eq("covered").reindex(walks.residents.index),
        }
    )
    rooms = small_rooms(owed, least_m2)
    lost = rooms["state"].eq("not_pooled") & ~rooms.index.isin(places.index)
    pools = propose_pools(
        rooms.assign(state=rooms["state"].mask(lost, "not_placed")),
        _estate_walks(walks, places, times, doors, limit),
        times,
        residents,
        hosts=pd.Series(places.index, index=places.index, dtype=object),
        limit_minutes=limit,
        least_m2=least_m2,
        without_centre=_without_centre(walks, places, open_sites, limit),
        time_limit_s=scenario.siting.time_limit_s,
    )
    alone = np.equal(doors.index.to_numpy(dtype=object), doors.to_numpy(dtype=object)).astype(bool)
    outlined, pointed = (tuple(sorted(set(doors[rows]))) for rows in (~alone, alone))
    steps = four_steps(estates, on=on, ages=asked_ages(owed.books))
    return FoundEstates(owed, steps, pools, least, outlined, pointed)
