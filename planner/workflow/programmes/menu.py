"""What a programme can choose from, by the facts that the remedies use, and what is on no menu."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from planner.labels import message
from planner.scenario import Scenario
from planner.scenario.siting import ProgrammeSettings
from planner.siting import Menu, measures_of
from planner.standards.floor_area.service_groups import ServiceGroups
from planner.standards.judging.findings import Judgement
from planner.standards.remedies.area_units import points_of
from planner.standards.remedies.circles import near_pairs
from planner.standards.remedies.surroundings import room_left
from planner.standards.rulebooks.clauses import RuleBook
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.programmes.pools import PooledRooms, pooled_rooms
from planner.workflow.programmes.years import ProgrammeYears
from planner.workflow.remedies.found import rooms_and_sites
from planner.workflow.siting.answering import Siting
from planner.workflow.standards.estates import FoundEstates
from planner.workflow.standards.planned_audit import community_at


@dataclass(frozen=True, eq=False)
class ProgrammeMenu:
    """What can be done, and what is not known of what could be.

    Parameters
    ----------
    menu
        Measures, and candidates that their own facts bar.
    lots_unknown
        Centres of which nobody knows how much may be built on their lot: nothing is enlarged
        there. ``None`` where enlarging is not asked for.
    rooms
        ``centre, room, area_m2, to_visit, distance_m``: rooms of party centres within reach.
    communities
        Community of each place of the menu, by id.
    sites
        Candidates and the places of pools, as candidates are told: points, by id.
    pools
        Pools of estates' rooms on the menu; ``None`` where there are none.
    left_out
        Candidates that no measure uses, by id: ``reasons`` (tuple of messages), ``below_class``
        (whether nothing bars them but the least class of the standard's book).
    least_m2
        Least area of a class of that book.
    """

    menu: Menu
    lots_unknown: int | None
    rooms: pd.DataFrame
    communities: pd.Series
    sites: gpd.GeoDataFrame
    pools: PooledRooms | None
    left_out: pd.DataFrame
    least_m2: float


def programme_menu(
    scenario: Scenario,
    settings: ProgrammeSettings,
    ledgers: Ledgers,
    siting: Siting,
    judgement: Judgement,
    asked: ProgrammeYears,
    costs: pd.DataFrame,
    estates: FoundEstates | None,
) -> ProgrammeMenu:
    """Return the menu of a programme.

    New centres at every candidate that nothing bars, centres of today enlarged by the room on
    their own lot (:func:`planner.standards.remedies.surroundings.room_left`), rooms of party
    centres taken over that lie within ``[remedies] reach_m``, pools of estates' rooms, and closings
    that the project allows. A place belongs to the service group of the community that it stands
    in, a centre of today to its own.

    Parameters
    ----------
    scenario, settings
        The project, and its ``[programme]``.
    ledgers, siting
        Today's ledgers, and what was found of the candidates.
    judgement
        What the clauses came to, for the lots.
    asked
        Groups and centres of the first year.
    costs
        The project's unit costs; may be empty.
    estates
        What was found of the plan's estates, with the pools proposed; ``None`` without estates.
    """
    book, open_then = asked.audit.book, asked.open_then
    barred = set(scenario.siting.barred)
    usable = siting.candidates.loc[siting.screening.usable.index]
    lots = room_left(judgement)["room_m2"].reindex(open_then.index)
    reach_m = scenario.remedies.reach_m
    party, rooms = _rooms(ledgers, asked, book, reach_m, barred)
    pools = _pools(settings, ledgers, siting.candidates, estates)
    spots = usable.geometry
    if pools is not None:
        spots = gpd.GeoSeries(pd.concat([spots, pools.sites.geometry]))
    where = community_at(spots, asked.communities)
    menu = measures_of(
        usable,
        pd.DataFrame(open_then.drop(columns="geometry")),
        unit=settings.unit,
        book=book,
        costs=costs if len(costs) else None,
        group_of=groups_of(where, asked.audit.service_groups),
        enlarge_m2=lots if settings.enlarge else None,
        rooms=rooms if settings.take_over else None,
        pools=None if pools is None else pools.rooms,
        closable=settings.may_close,
    )
    homes = pd.concat([where, _own_community(open_then, asked.communities)])
    unknown = int(lots.isna().sum()) if settings.enlarge else None
    apart = party.difference(pd.Index(rooms["room"]))
    if not settings.take_over:
        apart = party[:0]
    return ProgrammeMenu(
        menu,
        unknown,
        rooms,
        homes,
        _sites(siting.candidates, pools),
        pools,
        _left_out(siting, menu, apart, reach_m),
        min(one.class_area_m2 for one in book.classes),
    )


def _pools(
    settings: ProgrammeSettings,
    ledgers: Ledgers,
    candidates: gpd.GeoDataFrame,
    estates: FoundEstates | None,
) -> PooledRooms | None:
    ledger = None if ledgers.estates is None else ledgers.estates.table
    if not settings.pool_estates:
        return None
    residents = ledgers.residents.table.index
    taken = {str(one) for one in (*residents, *ledgers.centres.table.index, *candidates.index)}
    return pooled_rooms(estates, ledger, candidates, taken)


def _sites(candidates: gpd.GeoDataFrame, pools: PooledRooms | None) -> gpd.GeoDataFrame:
    """Return candidates and the places of pools as one table; unknown where a pool has no fact."""
    if pools is None:
        return candidates
    told = pools.sites[["name", "street", "community", "geometry"]]
    columns = list(dict.fromkeys([*candidates.columns, *told.columns]))
    together = pd.concat(
        [one.reindex(columns=columns).astype(object) for one in (candidates, told)]
    )
    return gpd.GeoDataFrame(together, geometry="geometry", crs=candidates.crs)


def _left_out(siting: Siting, menu: Menu, apart: pd.Index[Any], reach_m: float) -> pd.DataFrame:
    """Return the candidates that no measure uses, and why; rooms offered to a centre are used.

    Rooms of party centres need no centre's area, but a centre within reach: ``apart`` has none.
    """
    barred = [siting.screening.barred["reasons"], menu.barred["reasons"]]
    reasons = pd.concat([one.astype(object) for one in barred])
    taken = menu.measures.loc[menu.measures["kind"] == "take_over_rooms", "one_of"]
    offered = {one for cell in taken if isinstance(cell, tuple) for one in cell}
    left = reasons[~reasons.index.isin(list(offered))]
    far = (message("programme_run.room_apart", reach=reach_m),)
    told = [many + far if one in apart else many for one, many in left.items()]
    left = pd.Series(told, index=left.index, dtype=object)
    return pd.DataFrame(
        {"reasons": left, "below_class": left.index.isin(menu.barred.index)}
    ).sort_index()


def groups_of(where: pd.Series, groups: ServiceGroups) -> pd.Series:
    """Return the service group of each place: candidates by their community, centres their own.

    Places in a village, and centres that serve none but villages, have none.
    """
    of_sites = where.map(groups.community_group)
    together = pd.concat([of_sites.astype(object), groups.centre_group.astype(object)])
    found: pd.Series = together[~together.index.duplicated(keep="last")].dropna()
    return found


def _own_community(centres: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> pd.Series:
    told = centres.reindex(columns=["community"])["community"].astype(object)
    known = told.where(told.isin(communities.index))
    found: pd.Series = known.where(known.notna(), community_at(centres.geometry, communities))
    return found


def _rooms(
    ledgers: Ledgers,
    asked: ProgrammeYears,
    book: RuleBook,
    reach_m: float,
    barred: Collection[str],
) -> tuple[pd.Index[Any], pd.DataFrame]:
    """Return the rooms of party centres, and which each open centre could take over.

    Centres are those of the book's kinds.
    """
    party, _ = rooms_and_sites(ledgers, asked.audit, ())
    party = party[~party.index.isin(list(barred))]
    own = asked.open_then[asked.open_then["centre_kind"].isin(book.applies_to)]
    pairs = near_pairs(points_of(own), party["geometry"], reach_m, ("centre", "room"))
    table = pairs.assign(
        area_m2=pairs["room"].map(party["area_m2"]).astype(float),
        to_visit=pairs["room"].map(party["to_visit"]).astype(bool),
    )
    if ledgers.candidates is None:
        return party.index, table
    told = ledgers.candidates.table.reindex(columns=["opens_year", "cost_10k_yuan"])
    return party.index, table.assign(**{name: table["room"].map(told[name]) for name in told})
