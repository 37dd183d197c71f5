"""Moving to a candidate site: which centres could, and which site is promised to whom."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.standards.remedies.allotting import unit_needs
from planner.standards.remedies.area_units import points_of
from planner.standards.remedies.assigning import assign_sites
from planner.standards.remedies.circles import near_pairs
from planner.standards.remedies.ground import Ground
from planner.standards.remedies.needs import BUILDING_AREA, USE_AREA

AREA_SLACK_M2: Final = 1e-6
UPPER_FLOORS: Final = ("floor", "lift", "lift_or_ramp")
"""Quantities that a site on the first floor settles."""


def move_offers(ground: Ground, milder: pd.Series) -> pd.DataFrame:
    """Return what a move would do for each finding whose clause names it.

    A site must stand within ``move_m``, and hold what the centre has and is short of, or what it
    has where it is short of no area. A site that leaves an elder without any centre, or of which
    some fact is unknown, is to be seen first.

    Parameters
    ----------
    ground
        What offers are made from.
    milder
        By defect: how much of its need the measures before the move make good.

    Returns
    -------
    DataFrame
        The columns of :func:`planner.standards.remedies.options.offers`, and ``site_m2``.
    """
    defects = ground.defects.rename_axis("defect").reset_index()
    named = np.array(["move" in kinds for kinds in defects["measures"]], dtype=bool)
    rows = defects[named].reset_index(drop=True)
    known = rows["is_area"] & rows["need_m2"].notna()
    need = rows["need_m2"].astype(float).where(known, 1.0)
    rows = rows.assign(
        kind="move", place=[kinds.index("move") for kinds in rows["measures"]], need=need,
        known_m2=known,
    )  # fmt: skip
    # What hangs on a single elder's door or a single m² less than nothing is no reason to move.
    before = rows["defect"].map(milder).astype(float).fillna(0.0)
    must = (before < need - AREA_SLACK_M2) & ~rows["optional"].astype(bool)
    movers = must.groupby(rows["centre"]).any() if len(rows) else pd.Series(dtype=bool)
    promised = assign_sites(_pairs(ground, movers)).set_index("centre")
    return _told(rows, promised, ground)


def required_site(ground: Ground) -> pd.Series:
    """Return the building area that a site must hold, by centre; NaN where nobody knows."""
    defects = ground.defects[ground.defects["is_area"] & ~ground.defects["optional"]]
    per_use = ground.units.building_per_use
    made = defects[defects["quantity"].isin((*BUILDING_AREA, *USE_AREA))]
    most = unit_needs(made, made["centre"], per_use)
    facts = ground.judgement.facts.reindex(columns=["building_area"])
    own = facts["building_area"].astype(float)
    return own + most.reindex(own.index).fillna(0.0)


def _pairs(ground: Ground, movers: pd.Series) -> pd.DataFrame:
    """Return the sites that each centre could move to."""
    around = ground.around
    points = points_of(around.centres)
    sites = around.sites
    pairs = near_pairs(
        points[points.index.isin(movers.index)],
        sites["geometry"],
        around.move_m,
        ("centre", "site"),
    )
    asked = pairs["centre"].map(required_site(ground)).astype(float)
    holds = pairs["site"].map(sites["area_m2"]).astype(float) >= asked - AREA_SLACK_M2
    pairs = pairs[holds].reset_index(drop=True)
    beyond = np.zeros(len(pairs))
    stranded = np.zeros(len(pairs))
    if around.circles is not None and len(pairs):
        keys = pd.MultiIndex.from_frame(pairs[["centre", "site"]].rename(columns={"site": "other"}))
        own = around.circles.centres.reindex(pairs["centre"])
        both = around.circles.pairs.reindex(keys)
        beyond = np.maximum(own["elders"].to_numpy() - both["both"].to_numpy(), 0.0)
        stranded = np.maximum(own["only"].to_numpy() - both["only_both"].to_numpy(), 0.0)
    return pairs.assign(
        must=pairs["centre"].map(movers).astype(bool),
        stranded=np.nan_to_num(stranded),
        elders_beyond=np.nan_to_num(beyond),
    )


def _told(rows: pd.DataFrame, promised: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    around = ground.around
    found = promised.reindex(rows["centre"]).set_axis(rows.index, axis="index")
    site = found["site"].astype(object)
    none = site.isna()
    floor = site.map(around.sites["floor"]).astype(float)
    upper = rows["quantity"].isin(UPPER_FLOORS)
    conditions = [
        none,
        upper & (floor > 1.0),
        found["stranded"].astype(float).fillna(0.0) > 0.0,
        pd.Series(around.circles is None, index=rows.index),
        site.map(around.sites["to_visit"]).astype("boolean").fillna(value=True).astype(bool),
        ~(rows["quantity"].isin(BUILDING_AREA) | (upper & (floor == 1.0))),
    ]
    reasons = ["no_site", "no_help", "some_stranded", "walks_unknown", "facts_unknown", "structure"]
    reason = np.select([one.to_numpy(dtype=bool) for one in conditions], reasons, "")
    out = np.isin(reason, ["no_site", "no_help"])
    return rows.assign(
        partner=site.where(~none, None).mask(out, None),
        available=rows["need"].mask(out, 0.0),
        certainty=np.where(out, "ruled_out", np.where(reason == "", "certain", "to_visit")),
        reason=reason,
        distance_m=found["distance_m"].astype(float),
        elders_beyond=found["elders_beyond"].astype(float),
        stranded=found["stranded"].astype(float),
    )
