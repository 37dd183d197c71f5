"""Measures that need somebody else: rooms and idle centres near by, neighbours, street-mates."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.standards.remedies.area_units import points_of
from planner.standards.remedies.circles import near_pairs
from planner.standards.remedies.ground import Ground, borne_at, told
from planner.standards.remedies.needs import RUNNING, SHARES, USE_AREA
from planner.tables import OPEN_STATUS

LISTS: Final = ("rooms", "building_services", "grounds", "equipment")


def room_offers(rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Offer rooms of a 党群服务中心, or an idle centre, that stand in reach."""
    kind = str(rows["kind"].iloc[0])
    source = "idle" if kind == "reopen_idle" else "party"
    per_use = ground.units.building_per_use
    rows = rows.assign(unit=borne_at(rows, ground))
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
    known = without["unit"].isin(near.loc[near["area_m2"].notna(), "unit"])
    why = np.select([~there, known], ["none_in_reach", "promised_elsewhere"], "area_unknown")
    none = told(without, 0.0, "ruled_out", why)
    others = rows[~rows["defect"].isin(area["defect"])]
    return pd.concat([taken, none, _room_for_use(others, ground, source)])[none.columns]


def _room_for_use(rows: pd.DataFrame, ground: Ground, source: str) -> pd.DataFrame:
    """Offer rooms for what a centre lacks, where it is not short of area: to be seen on the spot.

    Sharing a centre that has all that is lacking is sure, and promises nothing to anybody alone.
    """
    lent = ground.units.lent[ground.units.lent["source"] == source]
    near = ground.units.near[ground.units.near["source"] == source]
    first = lent.set_index("unit")
    partner = rows["centre"].map(first["room"])
    distance = rows["centre"].map(first["distance_m"]).astype(float)
    none = partner.isna()
    there = rows["centre"].isin(near["unit"])
    return told(
        rows,
        rows["need"].mask(none, 0.0),
        np.where(none, "ruled_out", "to_visit"),
        np.select([~none, there], ["facts_unknown", "promised_elsewhere"], "none_in_reach"),
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
    helps = known.notna()
    return made.assign(
        partner=known.where(helps, made["partner"]).astype(object),
        available=made["available"].mask(helps, made["need"]),
        certainty=made["certainty"].mask(helps, "certain"),
        reason=made["reason"].mask(helps, ""),
        distance_m=made["distance_m"].mask(helps, made["defect"].map(helped["distance_m"])),
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
