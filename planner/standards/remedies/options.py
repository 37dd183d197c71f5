"""What each measure that a clause names would do for each finding: how much, where, how surely."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.remedies.ground import Ground, borne_at, told
from planner.standards.remedies.needs import (
    BUILDING_AREA,
    SHARES,
    TASKS,
    USE_AREA,
)
from planner.standards.remedies.partners import (
    operate_offers,
    room_offers,
    share_offers,
)

SURE: Final = ("supply", "add_staff")
"""Measures that need nothing but to be done; all others on a building ask for a look at it."""


def listed_measures(defects: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each finding and measure that its clause names.

    Returns
    -------
    DataFrame
        The columns of ``defects`` with ``defect``, and ``kind, place`` (the measure's place in its
        clause), ``need`` (m² of the finding, 1 where it is of no area), ``known_m2``.
    """
    listed = defects.rename_axis("defect").reset_index()
    steps = [list(enumerate(kinds)) for kinds in listed["measures"]]
    listed = listed.assign(kind=pd.Series(steps, index=listed.index, dtype=object))
    rows = listed.explode("kind").dropna(subset=["kind"]).reset_index(drop=True)
    rows = rows.assign(
        place=pd.Series([place for place, _ in rows["kind"]], index=rows.index, dtype=int),
        kind=pd.Series([kind for _, kind in rows["kind"]], index=rows.index, dtype=object),
    )
    rows = rows[~rows["kind"].isin(TASKS)].reset_index(drop=True)
    known = rows["is_area"].astype(bool) & rows["need_m2"].notna()
    return rows.assign(need=rows["need_m2"].astype(float).where(known, 1.0), known_m2=known)


def offers(rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Return what works offer to every finding: all measures but those that change the map.

    Parameters
    ----------
    rows
        :func:`listed_measures`, of such measures.
    ground
        What offers are made from.

    Returns
    -------
    DataFrame
        The rows with ``partner`` (id of the room, centre or street that it needs; missing where
        none), ``available`` (how much of ``need`` it can make good), ``certainty`` (of
        :mod:`planner.standards.remedies.ground`), ``reason`` (of its reasons), ``distance_m``,
        ``elders_beyond``, ``stranded``. A measure of several rooms has a row each.
    """
    made = [
        _MAKERS.get(str(kind), _plain_offer)(part.reset_index(drop=True), ground)
        for kind, part in rows.groupby("kind", sort=True)
    ]
    if not made:
        return told(rows, 0.0, "", "")
    return pd.concat(made, ignore_index=True)


def _plain_offer(rows: pd.DataFrame, _ground: Ground) -> pd.DataFrame:
    """Offer a measure on the centre itself, which cures the finding whole."""
    kind = str(rows["kind"].iloc[0])
    sure = kind in SURE
    return told(rows, rows["need"], *(("certain", "") if sure else ("to_visit", "structure")))


def _whole_decision(rows: pd.DataFrame, _ground: Ground) -> pd.DataFrame:
    """Offer what lies with the district: a further centre, rooms of estates."""
    return told(rows, rows["need"], "to_visit", "decision")


def _change_use(rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Offer rooms of a group with more than it needs, for one with less."""
    given = rows["defect"].map(ground.changed.given).astype(float)
    less = rows["defect"].map(ground.changed.reason).astype(object)
    of_use = rows["quantity"].isin((*USE_AREA, SHARES)) & rows["known_m2"]
    new_area = rows["quantity"].isin(BUILDING_AREA)
    unknown = of_use & given.isna()
    none = of_use & (given <= 0.0)
    certainty = np.select(
        [new_area | none, unknown, of_use], ["ruled_out", "to_visit", "certain"], "to_visit"
    )
    reason = np.select([new_area, of_use], ["no_new_area", less.fillna("")], "structure")
    available = given.where(of_use & given.notna(), rows["need"]).mask(new_area, 0.0)
    return told(rows, available, certainty, reason)


def _enlarge(rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Offer building on the own lot, as far as it has room."""
    bearer = borne_at(rows, ground)
    lots = ground.lots.reindex(bearer).set_axis(rows.index, axis="index")
    per_use = ground.units.building_per_use
    in_use = rows["quantity"].isin(USE_AREA) & np.isfinite(per_use)
    scale = pd.Series(1.0, index=rows.index).mask(in_use, per_use)
    room, most = lots["room_m2"] / scale, lots["most_m2"].fillna(np.inf) / scale
    of_area = rows["is_area"] & (rows["quantity"] != "site_area")
    # Where a lot's room is not known, it may still be too small for certain.
    need = rows["need"].astype(float)
    given = need.clip(upper=room.fillna(most)).where(of_area, need)
    none = of_area & (given <= 0.0)
    sure = of_area & room.notna() & rows["known_m2"]
    certainty = np.select([none, sure], ["ruled_out", "certain"], "to_visit")
    reason = np.select([none, sure, of_area], ["no_room", "", "room_unknown"], "structure")
    return told(rows, given, certainty, reason)


_MAKERS: Final[dict[str, Callable[[pd.DataFrame, Ground], pd.DataFrame]]] = {
    "change_use": _change_use,
    "take_over_rooms": room_offers,
    "share_rooms": share_offers,
    "reopen_idle": room_offers,
    "enlarge": _enlarge,
    "chain_operation": operate_offers,
    "packaged_operation": operate_offers,
    "add_centre": _whole_decision,
    "pool_estates": _whole_decision,
    "claim_delivery": _whole_decision,
}
