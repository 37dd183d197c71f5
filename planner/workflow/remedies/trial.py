"""A copy of the ledger with measures carried out, its groups cut anew on foot, judged by the books.

What the sheet says of a measure is what this says: the same walks, audit and books as today's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.judging.facts import NEAR, centre_facts
from planner.standards.judging.findings import Judgement
from planner.standards.judging.judge import judge
from planner.standards.remedies.trials import Carried, Trial, Tried
from planner.standards.remedies.works import AREA_MAKING
from planner.tables import BUILT_AS, CENTRES, LIST_MARK, PLACED
from planner.tables.centres import JUDGED_COLUMNS
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.project_books import audit_day, project_books
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.walking import Walks, open_centres
from planner.workflow.standards.auditing import audited
from planner.workflow.standards.judging_near import near_centres
from planner.workflow.standards.planned_audit import candidates_as_centres, community_at
from planner.workflow.standards.provision_neighbours import neighbour_walks

GONE: Final = "停运"
STAYS_WITH_IT: Final = frozenset({"carers", "dining_seats", "rest_room_persons", "equipment"})
"""Of the columns that clauses ask for, those that a centre takes along when it moves: people and
things. All others are of the building, and are the new place's, as far as its ledger tells."""

OF_BUILDING: Final = ("rooms", "shared_m2", "floor", "address",
                      *sorted(JUDGED_COLUMNS - STAYS_WITH_IT))  # fmt: skip
MAP_KINDS: Final = ("merge", "move", "close")


def taken_over(centres: pd.DataFrame, giver: str, receiver: str) -> tuple[str, ...]:
    """Return the communities that a receiver's list must take over from the giver's.

    Parameters
    ----------
    centres
        The ledger.
    giver, receiver
        Ids of centres that are merged.
    """
    lists = centres.reindex(columns=["serves"])["serves"]
    given, has = (
        [part for part in str(lists[one]).split(LIST_MARK) if part] if pd.notna(lists[one]) else []
        for one in (giver, receiver)
    )
    return tuple(one for one in given if one not in has)


def carried_out(
    centres: gpd.GeoDataFrame,
    candidates: gpd.GeoDataFrame | None,
    communities: gpd.GeoDataFrame,
    building_m2: pd.Series,
    changes: Sequence[Carried],
) -> gpd.GeoDataFrame:
    """Return the ledger as it stands once measures are carried out.

    A centre that is merged or closed no longer operates; whoever it is merged with answers for the
    communities of its list, too. One that moves stands at the candidate's place, on its floor, in
    the area that the measure names; what its old building had is not known of the new one. Rooms
    and enlargements add to a centre's building area.

    Parameters
    ----------
    centres, candidates, communities
        The ledgers.
    building_m2
        Building area of centres today.
    changes
        The measures.
    """
    cells: dict[str, dict[str, Any]] = {}
    spots = dict(zip(centres.index, centres.geometry, strict=True))
    gained: dict[str, float] = {}
    for one in changes:
        if one.kind in AREA_MAKING:
            gained[one.centre] = gained.get(one.centre, 0.0) + np.nan_to_num(one.m2)
            continue
        if one.kind == "move" and candidates is not None:
            kind = str(centres.loc[one.centre, "centre_kind"])
            row = candidates_as_centres(candidates.loc[[one.partner]], centre_kind=kind).iloc[0]
            cells[one.centre] = _moved(row, one, communities, centres.crs)
            spots[one.centre] = row["geometry"]
            continue
        cells.setdefault(one.centre, {})["status"] = GONE
        if one.kind == "merge" and (more := taken_over(centres, one.centre, str(one.partner))):
            own = cells.setdefault(str(one.partner), {})
            has = own.get("serves", centres.loc[one.partner, "serves"])
            told = [str(has)] if pd.notna(has) else []
            own["serves"] = LIST_MARK.join([*told, *more])
    for centre, metres in gained.items():
        area = float(building_m2.get(centre, float("nan"))) + metres
        cells.setdefault(centre, {}).update(area_m2=area, area_kind="建筑")
    return _with_cells(centres, cells, spots)


def _moved(row: pd.Series, one: Carried, communities: gpd.GeoDataFrame, crs: Any) -> dict[str, Any]:
    """Return the cells of a centre that stands in a candidate's place."""
    home = community_at(gpd.GeoSeries([row["geometry"]], crs=crs), communities).iloc[0]
    streets = communities.reindex(columns=["street"])["street"]
    built = row["works"] if row["works"] in BUILT_AS else None
    return {
        **{name: row.get(name) for name in OF_BUILDING},
        "community": home,
        "street": streets.get(home),
        "area_m2": one.m2,
        "area_kind": "建筑",
        "position": PLACED[0],
        "built_as": built,
    }


def _with_cells(
    centres: gpd.GeoDataFrame, cells: dict[str, dict[str, Any]], spots: dict[Any, Any]
) -> gpd.GeoDataFrame:
    plain = pd.DataFrame(centres.drop(columns="geometry"))
    # How a place came to be is told of a site although no centre's row has the column.
    if "built_as" not in plain.columns and any(row.get("built_as") for row in cells.values()):
        plain = plain.assign(built_as=pd.Series(None, index=plain.index, dtype=object))
    for name in plain.columns:
        told = {one: row[name] for one, row in cells.items() if name in row}
        if not told:
            continue
        column = plain[name].astype(object)
        column.loc[list(told)] = list(told.values())
        number = name in _NUMBERS
        plain[name] = column.astype(float) if number else column.where(column.notna(), None)
    geometry = gpd.GeoSeries([spots[one] for one in plain.index], plain.index, crs=centres.crs)
    return gpd.GeoDataFrame(plain, geometry=geometry, crs=centres.crs)


_NUMBERS: Final = frozenset(column.name for column in CENTRES if column.kind == "number")


def trial_of(
    project: Project, walks: Walks, ledgers: Ledgers, audit: FloorAreaAudit, judgement: Judgement
) -> Trial:
    """Return what carries measures out on a copy of a plan's ledger and judges it.

    Parameters
    ----------
    project, walks, ledgers
        The plan.
    audit, judgement
        How it stands today.
    """
    scenario = project.scenario
    centres, communities = ledgers.centres.table, ledgers.communities.table
    candidates = None if ledgers.candidates is None else ledgers.candidates.table
    joins = scenario.standard.small_groups == "join_nearest"
    # Walked once, at the first trial: most plans have none.
    neighbours = cache(lambda: neighbour_walks(walks, communities) if joins else None)
    kinds = centres["centre_kind"].astype(object)

    def trial(changes: Sequence[Carried]) -> Tried:
        if not changes:
            return _told(audit, judgement)
        then = carried_out(centres, candidates, communities, audit.centres["building_m2"], changes)
        walked = walks.coverage_by(open_centres(then, audit.book.applies_to))
        audit_then = audited(
            then, communities, walked, audit.book, scenario.standard, neighbours(), beside=False
        )
        near = _as_today(judgement)
        moved = {one.centre for one in changes if one.kind in MAP_KINDS}
        if moved:
            own = set(audit.book.applies_to)
            touched = tuple(dict.fromkeys(str(kinds[one]) for one in sorted(moved)))
            anew = near_centres(project, walks, then, communities, audit_then, walked, touched)
            rows = kinds.isin({*own, *touched}).reindex(near.index)
            near = pd.concat([near[~rows], anew.loc[near.index[rows]]]).reindex(near.index)
        found = judge(
            centre_facts(then, audit_then, near=near),
            project_books(project),
            on=audit_day(project),
            small_groups=audit_then.small_groups,
            per_elder_decides=scenario.standard.per_elder_decides,
        )
        return _told(audit_then, found)

    return trial


def _as_today(judgement: Judgement) -> pd.DataFrame:
    """Return what streets and layers tell today: of centres that no measure touches it stays."""
    return judgement.facts[[*NEAR, *(f"{name}_reason" for name in NEAR)]]


def _told(audit: FloorAreaAudit, judgement: Judgement) -> Tried:
    groups = audit.service_groups
    return Tried(
        judgement,
        audit.groups["shortfall_m2"].astype(float),
        groups.community_group.astype(object),
        groups.centre_group.astype(object),
    )
