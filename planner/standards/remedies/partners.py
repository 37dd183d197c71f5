"""Measures that need somebody else: rooms and idle centres near by, neighbours, street-mates."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.standards.remedies.area_units import IDLE, points_of
from planner.standards.remedies.circles import near_pairs
from planner.standards.remedies.ground import Ground, told
from planner.standards.remedies.needs import BUILDING_AREA, RUNNING, SHARES, USE_AREA
from planner.standards.remedies.surroundings import merged_enough
from planner.tables import OPEN_STATUS

LISTS: Final = ("rooms", "building_services", "grounds", "equipment")


def room_offers(rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Offer rooms of a 党群服务中心, or an idle centre, that stand in reach."""
    kind = str(rows["kind"].iloc[0])
    source = "idle" if kind == "reopen_idle" else "party"
    per_use = ground.units.building_per_use
    rows = rows.assign(
        unit=rows["defect"]
        .map(ground.units.bearer.astype(object))
        .astype(object)
        .fillna(rows["centre"])
    )
    area = rows[rows["is_area"] & rows["known_m2"] & (rows["quantity"] != SHARES)]
    promised = ground.units.promised[ground.units.promised["source"] == source]
    found = area.merge(promised[["unit", "room", "m2", "to_visit", "distance_m"]], on="unit")
    scale = np.where(found["quantity"].isin(USE_AREA), per_use, 1.0)
    taken = told(
        found,
        found["m2"] / scale,
        np.where(found["to_visit"], "to_visit", "certain"),
        np.where(found["to_visit"], "facts_unknown", ""),
        found["room"],
        distance_m=found["distance_m"],
    )
    near = ground.units.near[ground.units.near["source"] == source]
    without = area[~area["defect"].isin(found["defect"])]
    there = without["unit"].isin(near["unit"])
    why = np.where(there, "promised_elsewhere", "none_in_reach")
    none = told(without, 0.0, "ruled_out", why)
    others = rows[~rows["defect"].isin(area["defect"])]
    return pd.concat([taken, none, _room_for_use(others, ground, source)])[none.columns]


def _room_for_use(rows: pd.DataFrame, ground: Ground, source: str) -> pd.DataFrame:
    """Offer rooms for what a centre lacks, where it is not short of area: to be seen on the spot.

    Sharing a centre that has all that is lacking is sure; nothing is promised to anybody alone.
    """
    around = ground.around
    points = points_of(around.centres)
    own = points[points.index.isin(set(rows["centre"]))]
    if source == "party":
        other = around.party_rooms["geometry"]
    else:
        closed = around.centres[around.centres["status"] == IDLE]
        other = points.reindex(closed.index)
    near = near_pairs(own, other, around.reach_m, ("centre", "other"))
    promised = near["other"].map(ground.units.promised.set_index("room")["unit"])
    near = near[promised.isna() | (promised == near["centre"])]
    first = near.drop_duplicates("centre").set_index("centre")
    partner = rows["centre"].map(first["other"])
    distance = rows["centre"].map(first["distance_m"]).astype(float)
    none = partner.isna()
    return told(
        rows,
        rows["need"].mask(none, 0.0),
        np.where(none, "ruled_out", "to_visit"),
        np.where(none, "none_in_reach", "facts_unknown"),
        partner,
        distance_m=distance,
    )


def share_offers(rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Offer rooms shared with a 党群服务中心, or with a near centre that has what is lacking."""
    made = room_offers(rows, ground)
    lists = made[made["quantity"].isin(LISTS)]
    if lists.empty:
        return made
    helped = _with_the_lacking(lists, ground)
    known = made["defect"].map(helped["other"])
    told = known.notna()
    return made.assign(
        partner=known.where(told, made["partner"]).astype(object),
        available=made["available"].mask(told, made["need"]),
        certainty=made["certainty"].mask(told, "certain"),
        reason=made["reason"].mask(told, ""),
        distance_m=made["distance_m"].mask(told, made["defect"].map(helped["distance_m"])),
    )


def _with_the_lacking(rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Return, by defect, the nearest operating centre in reach that meets the same clause."""
    around = ground.around
    points = points_of(around.centres)
    running = around.centres.index[around.centres["status"] == OPEN_STATUS]
    near = near_pairs(
        points[points.index.isin(set(rows["centre"]))],
        points[points.index.isin(running)],
        around.reach_m,
        ("centre", "other"),
    )
    findings = ground.judgement.findings
    meets = findings.loc[findings["result"] == "meets", ["centre", "book", "clause"]]
    has = meets.astype(object).rename(columns={"centre": "other"})
    found = rows[["defect", "centre", "book", "clause"]].merge(near, on="centre")
    found = found.merge(has, on=["other", "book", "clause"])
    found = found.sort_values(["defect", "distance_m", "other"]).drop_duplicates("defect")
    return found.set_index("defect")[["other", "distance_m"]]


def merge_offers(rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Offer one body for two near centres of a kind, whose area serves the people of both."""
    around = ground.around
    running = around.centres[around.centres["status"] == OPEN_STATUS]
    points = points_of(running)
    near = near_pairs(
        points[points.index.isin(set(rows["centre"]))], points, around.reach_m, ("centre", "other")
    )
    kinds = around.centres["centre_kind"]
    near = near[near["centre"].map(kinds).to_numpy() == near["other"].map(kinds).to_numpy()]
    facts = ground.judgement.facts
    group = facts.reindex(columns=["group"])["group"]
    own = facts.reindex(columns=["building_area"])["building_area"].astype(float)
    near = near.reset_index(drop=True)
    near = near.assign(
        groups_enough=merged_enough(near, around, group),
        together=near["centre"].map(own) + near["other"].map(own),
    )
    beyond = np.full(len(near), np.nan)
    if around.circles is not None and len(near):
        keys = pd.MultiIndex.from_frame(near[["centre", "other"]])
        both = around.circles.pairs["both"].reindex(keys).to_numpy()
        mine = around.circles.centres["elders"].reindex(near["centre"]).to_numpy()
        beyond = np.maximum(mine - both, 0.0)
    near = near.assign(elders_beyond=beyond)
    pairs = rows.assign(row=np.arange(len(rows))).merge(near, on="centre")
    spare = pairs["together"] - pairs["required"].astype(float)
    by_area = (spare >= 0.0).astype(float).where(spare.notna())
    enough = pairs["groups_enough"].where(pairs["by_group"].astype(bool), by_area)
    pairs = pairs.assign(enough=enough.where(pairs["quantity"].isin(BUILDING_AREA), 0.0))
    pairs = pairs.assign(rank=pairs["enough"].fillna(0.5))
    pairs = pairs.sort_values(
        ["row", "rank", "elders_beyond", "distance_m", "other"],
        ascending=[True, False, True, True, True],
    )
    best = pairs.drop_duplicates("row").set_index("row").reindex(np.arange(len(rows)))
    return _merge_told(rows, best)


def _merge_told(rows: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """Return what is told of merging with the best of the near centres."""
    best = best.set_axis(rows.index, axis="index")
    conditions = [
        ~rows["quantity"].isin(BUILDING_AREA),
        best["other"].isna(),
        best["enough"].isna(),
        best["enough"] <= 0.0,
        best["elders_beyond"].isna(),
        best["elders_beyond"] > 0.0,
    ]
    reasons = [
        "no_help", "none_in_reach", "together_unknown", "not_enough_together", "walks_unknown",
        "some_beyond",
    ]  # fmt: skip
    reason = np.select(conditions, reasons, "")
    out = np.isin(reason, ["no_help", "none_in_reach", "together_unknown", "not_enough_together"])
    return told(
        rows,
        rows["need"].mask(out, 0.0),
        np.where(out, "ruled_out", np.where(reason == "", "certain", "to_visit")),
        reason,
        best["other"].mask(out),
        distance_m=best["distance_m"].astype(float),
        elders_beyond=best["elders_beyond"].astype(float),
    )


def close_offers(rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Offer closing, only where every elder of the circle keeps an operating centre of its kind."""
    circles = ground.around.circles
    empty = pd.DataFrame(columns=["elders", "only"], dtype=float)
    table = empty if circles is None else circles.centres
    only = rows["centre"].map(table["only"]).astype(float)
    conditions = [only.isna(), only > 0.0]
    reason = np.select(conditions, ["walks_unknown", "some_stranded"], "decision")
    out = reason != "decision"
    return told(
        rows,
        rows["need"].mask(out, 0.0),
        np.where(out, "ruled_out", "to_visit"),
        reason,
        stranded=only,
    )


def operate_offers(rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Offer one operator for the centres of a street that fail for equipment, services or staff."""
    streets = ground.judgement.facts.reindex(columns=["street"])["street"]
    failing = ground.defects[ground.defects["quantity"].isin(RUNNING) & ~ground.defects["optional"]]
    mates = failing.drop_duplicates("centre")["centre"].map(streets).value_counts()
    street = rows["centre"].map(streets)
    alone = ~(street.map(mates).fillna(0.0) >= 2.0)
    return told(
        rows,
        rows["need"].mask(alone, 0.0),
        np.where(alone, "ruled_out", "to_visit"),
        np.where(alone, "alone_in_street", "decision"),
        street.mask(alone),
    )
