"""Who bears a shortfall of floor area, and which rooms and idle centres are promised to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.judging.findings import Judgement
from planner.standards.remedies.allotting import unit_needs
from planner.standards.remedies.assigning import assign_rooms, assign_sites
from planner.standards.remedies.changing import Changes
from planner.standards.remedies.circles import near_pairs
from planner.standards.remedies.needs import BUILDING_AREA, SHARES, USE_AREA
from planner.standards.remedies.surroundings import Surroundings
from planner.tables import OPEN_STATUS, PLACED

ROOM_KINDS: Final = ("take_over_rooms", "share_rooms", "reopen_idle")
"""Measures that bring rooms which stand near by."""

IDLE: Final = "闲置"


@dataclass(frozen=True, eq=False)
class AreaUnits:
    """Shortfalls of floor area, each borne by one centre.

    Parameters
    ----------
    bearer
        By defect: the centre that makes good the shortfall. Not the defect's own centre where the
        service group's shortfall falls to another of its centres: what a group lacks is built
        once, however many of its centres carry the finding.
    near
        ``unit`` (the bearing centre), ``room, source`` (``party`` or ``idle``), ``area_m2,
        to_visit, distance_m``: every room in reach.
    promised
        Those of them promised, a room to one unit only, with ``m2``.
    lent
        ``unit, room, source, distance_m``: rooms for what a centre lacks besides floor area, or of
        an area that nobody knows: promised to nobody else, one to a unit and source.
    building_per_use
        Building area for each m² of use area; NaN where no book gives the ratio.
    """

    bearer: pd.Series
    near: pd.DataFrame
    promised: pd.DataFrame
    lent: pd.DataFrame
    building_per_use: float


def points_of(centres: pd.DataFrame) -> pd.Series:
    """Return the points of the centres whose place counts, by id."""
    if "geometry" not in centres.columns:
        return pd.Series(dtype=object)
    placed = centres[centres["position"].isin(PLACED)]
    return pd.Series(placed["geometry"].to_numpy(), index=placed.index, dtype=object)


def building_per_use(judgement: Judgement) -> float:
    """Return the building area of each m² of use area by the first book that has the ratio."""
    for book in judgement.books:
        ratio = book.figure("use_area_ratio")
        if ratio:
            return 1.0 / ratio
    return float("nan")


def area_units(
    defects: pd.DataFrame,
    judgement: Judgement,
    around: Surroundings,
    lots: pd.DataFrame,
    changed: Changes,
) -> AreaUnits:
    """Say who bears each shortfall of floor area, and promise the rooms near by.

    The shortfall of a service group is borne by that of its failing centres with the most area at
    hand that its clause names (rooms in reach, idle centres, known room on its lot; of equals the
    least id). What a unit needs is
    told by :func:`planner.standards.remedies.allotting.unit_needs`; what a change of use gives
    before, it needs no more.

    Parameters
    ----------
    defects
        :func:`planner.standards.remedies.needs.to_cure`.
    judgement, around
        The findings and what stands around.
    lots
        :func:`planner.standards.remedies.surroundings.room_left`.
    changed
        What changes of use give.
    """
    area = defects[defects["is_area"] & ~defects["optional"]]
    near = _rooms_near(sorted(set(defects["centre"])), around, judgement)
    bearer = defects["centre"].where(defects["is_area"])
    open_now = around.centres.index[around.centres["status"] == OPEN_STATUS]
    bearer.update(_bearers(area, near, lots, judgement, open_now))
    per_use = building_per_use(judgement)
    made = area["quantity"].isin((*BUILDING_AREA, *USE_AREA)) & area["need_m2"].notna()
    made &= np.array([bool({*kinds} & {*ROOM_KINDS}) for kinds in area["measures"]], dtype=bool)
    wants = area[made]
    first = np.array([_changed_first(kinds) for kinds in wants["measures"]], dtype=bool)
    given = changed.given.reindex(wants.index).fillna(0.0).where(first, 0.0)
    wants = wants.assign(need_m2=(wants["need_m2"].astype(float) - given).clip(lower=0.0))
    unit_of = bearer.reindex(wants.index)
    needs = unit_needs(wants, unit_of, per_use).dropna()
    needs = needs[needs > 0.0]
    allowed = {
        unit: {kind for kinds in group for kind in kinds}
        for unit, group in wants["measures"].groupby(unit_of)
    }
    pairs = near[near["unit"].isin(needs.index) & near["area_m2"].gt(0.0)]
    wanted = [
        bool(allowed[unit] & ({"reopen_idle"} if source == "idle" else set(ROOM_KINDS[:2])))
        for unit, source in zip(pairs["unit"], pairs["source"], strict=True)
    ]
    steps = _steps(wants, unit_of)
    promised = assign_rooms(pairs[np.array(wanted, dtype=bool)], needs, steps)
    return AreaUnits(bearer, near, promised, _lent(defects, near, promised), per_use)


def _steps(wants: pd.DataFrame, unit_of: pd.Series) -> pd.Series:
    """Return what cures one of each unit's findings on a whole building, each a step, by unit."""
    whole = wants[wants["quantity"].isin(BUILDING_AREA) & (wants["need_m2"] > 0.0)]
    needs = whole["need_m2"].astype(float)
    by_unit = needs.groupby(unit_of.reindex(whole.index).astype(object))
    return by_unit.agg(lambda each: tuple(sorted(set(each))))


def _lent(defects: pd.DataFrame, near: pd.DataFrame, promised: pd.DataFrame) -> pd.DataFrame:
    """Promise rooms, one to a unit, for what is not told in m²; a unit's own rooms serve first."""
    asking = np.array([bool({*kinds} & {*ROOM_KINDS}) for kinds in defects["measures"]], dtype=bool)
    told = defects["is_area"] & defects["need_m2"].notna() & (defects["quantity"] != SHARES)
    rows = defects[asking & ~told.astype(bool)]
    must = (~rows["optional"].astype(bool)).groupby(rows["centre"].astype(object)).any()
    parts = []
    for source in ("party", "idle"):
        rooms = near[(near["source"] == source) & near["unit"].isin(must.index)]
        mine = promised[(promised["source"] == source) & promised["unit"].isin(must.index)]
        mine = mine.sort_values(["unit", "distance_m", "room"]).drop_duplicates("unit")
        free = rooms[
            ~rooms["room"].isin(promised["room"]) & ~rooms["unit"].isin(mine["unit"])
        ].reset_index(drop=True)
        pairs = free.rename(columns={"unit": "centre", "room": "site"}).assign(
            must=free["unit"].map(must).astype(bool), stranded=0.0
        )
        found = assign_sites(pairs).rename(columns={"centre": "unit", "site": "room"})
        kept = ["unit", "room", "source", "distance_m"]
        parts += [one[kept] for one in (mine, found) if len(one)]
    none = near.iloc[:0][["unit", "room", "source", "distance_m"]]
    return pd.concat(parts, ignore_index=True) if parts else none


def _changed_first(kinds: tuple[str, ...]) -> bool:
    """Return whether a clause names the change of use before rooms near by."""
    rooms = [place for place, kind in enumerate(kinds) if kind in ROOM_KINDS]
    return "change_use" in kinds and kinds.index("change_use") < min(rooms)


def _bearers(
    area: pd.DataFrame,
    near: pd.DataFrame,
    lots: pd.DataFrame,
    judgement: Judgement,
    open_now: pd.Index,
) -> pd.Series:
    """Return who bears the findings that are a service group's, by defect: one that stays."""
    shared = area[area["by_group"].astype("boolean").fillna(value=False).astype(bool)]
    groups = judgement.facts.reindex(columns=["group"])["group"]
    group = shared["centre"].map(groups)
    shared, group = shared[group.notna()], group[group.notna()]
    in_reach = near.groupby(["source", "unit"])["area_m2"].sum()
    at_hand = np.zeros(len(shared))
    for kinds, areas in (
        (ROOM_KINDS[:2], in_reach.get("party")),
        (ROOM_KINDS[2:], in_reach.get("idle")),
        (("enlarge",), lots["room_m2"]),
    ):
        named = np.array([bool({*kinds} & {*one}) for one in shared["measures"]], dtype=bool)
        if areas is not None:
            there = areas.reindex(shared["centre"]).fillna(0.0).to_numpy(dtype=float)
            at_hand += np.where(named, there, 0.0)
    ranked = pd.DataFrame(
        {"group": group.to_numpy(), "centre": shared["centre"].to_numpy(), "at_hand": at_hand}
    ).sort_values(["group", "at_hand", "centre"], ascending=[True, False, True])
    ranked = ranked[ranked["centre"].isin(open_now)]
    first = ranked.drop_duplicates("group").set_index("group")["centre"]
    return group.map(first).rename("bearer")


def _rooms_near(units: list[str], around: Surroundings, judgement: Judgement) -> pd.DataFrame:
    """Return every room of a 党群服务中心 and every idle centre of a kind in reach of a unit."""
    points = points_of(around.centres)
    own = points[points.index.isin(units)]
    party = near_pairs(own, around.party_rooms["geometry"], around.reach_m, ("unit", "room"))
    closed = around.centres[around.centres["status"] == IDLE]
    idle = near_pairs(own, points.reindex(closed.index), around.reach_m, ("unit", "room"))
    kinds = around.centres["centre_kind"]
    idle = idle[idle["unit"].map(kinds).to_numpy() == idle["room"].map(kinds).to_numpy()]
    areas = judgement.facts.reindex(columns=["building_area"])["building_area"].astype(float)
    rooms = pd.concat(
        [
            party.assign(
                source="party",
                area_m2=party["room"].map(around.party_rooms["area_m2"]).astype(float),
                to_visit=party["room"].map(around.party_rooms["to_visit"]).astype(bool),
            ),
            idle.assign(
                source="idle", area_m2=idle["room"].map(areas).astype(float), to_visit=True
            ),
        ],
        ignore_index=True,
    )
    ordered: pd.DataFrame = rooms.sort_values(["unit", "distance_m", "room"])
    return ordered.reset_index(drop=True)
