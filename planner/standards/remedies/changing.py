"""Changes of use: what a group of rooms can truly spare, and to which finding it is given.

A group has a surplus only beyond both its class's share and what its own rooms are asked to have:
a dining room that is itself too small spares nothing, however large its group. Each square metre
is given once, by a stated rule: findings of 应 first, then the one that lacks the larger share,
then the ids; the larger surplus gives first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.judging.facts import SHARE_COLUMNS
from planner.standards.judging.findings import Judgement
from planner.standards.remedies.needs import GROUP_OF, SHARES, USE_AREA, clause_table
from planner.standards.remedies.surroundings import Surroundings, surplus_use_area

ROOM_COLUMNS: Final = {
    "rest_area_per_day_user": "rest_area_m2",
    "dining_area_per_seat": "dining_area_m2",
    "recreation_area_per_day_user": "recreation_area_m2",
}
"""The column that holds the use area of each kind of room."""


@dataclass(frozen=True, eq=False)
class Changes:
    """Square metres of use that a change of use gives.

    Parameters
    ----------
    given
        By defect: use area given to it; NaN where the areas behind it are not known.
    reason
        By defect: why it has less than it needs (of
        :mod:`planner.standards.remedies.ground`); empty where it has all.
    """

    given: pd.Series
    reason: pd.Series


def rooms_asked(judgement: Judgement) -> pd.DataFrame:
    """Return the use area that each group's own rooms are asked to have, in m².

    The greatest requirement of the findings on each kind of room, times the persons or seats it
    is for; where those are not known, what the room holds: it cannot be spared.

    Returns
    -------
    DataFrame
        By centre, a column a group of rooms: 0 where no clause speaks of its rooms, NaN where
        neither the requirement nor the room's area is known.
    """
    facts = judgement.facts
    table = judgement.findings[["centre", "book", "clause", "result", "required"]]
    table = table.assign(
        **{name: table[name].astype(object) for name in ("centre", "book", "clause")}
    ).merge(clause_table(judgement)[["book", "clause", "quantity"]], on=["book", "clause"])
    table = table[table["result"].isin(("meets", "short", "unknown"))]
    asked = pd.DataFrame(0.0, index=facts.index, columns=list(SHARE_COLUMNS))
    for quantity, of in USE_AREA.items():
        rows = table[table["quantity"] == quantity]
        each = rows["required"].astype(float).groupby(rows["centre"]).max().reindex(facts.index)
        known = facts.reindex(columns=[of, ROOM_COLUMNS[quantity]]).astype(float)
        room = (each * known[of]).fillna(known[ROOM_COLUMNS[quantity]])
        judged = facts.index.isin(rows["centre"])
        asked[GROUP_OF[quantity]] += room.where(judged, 0.0)
    return asked


def spare_use_area(judgement: Judgement, around: Surroundings) -> pd.DataFrame:
    """Return how much use area each group of rooms can spare, in m².

    ``held - max(share of its class, what its own rooms are asked to have)``, not below 0.

    Returns
    -------
    DataFrame
        By centre, a column a group of rooms; NaN unknown. Never more than
        :func:`planner.standards.remedies.surroundings.surplus_use_area`.
    """
    beyond = surplus_use_area(judgement, around)
    held = judgement.facts.reindex(columns=list(SHARE_COLUMNS.values())).astype(float)
    held = held.set_axis(list(SHARE_COLUMNS), axis="columns")
    left = (held - rooms_asked(judgement)).clip(lower=0.0)
    return beyond.where(~(left < beyond), left).where(left.notna())


def changes(defects: pd.DataFrame, judgement: Judgement, around: Surroundings) -> Changes:
    """Give what the groups of rooms can spare to the findings whose clause names it.

    Parameters
    ----------
    defects
        :func:`planner.standards.remedies.needs.to_cure`, with the m² of shares.
    judgement, around
        The findings and what stands around.

    Returns
    -------
    Changes
        For every finding of use area, or of its shares, with a known need.
    """
    named = np.array(["change_use" in kinds for kinds in defects["measures"]], dtype=bool)
    of_use = defects["quantity"].isin((*USE_AREA, SHARES)) & defects["is_area"]
    wants = defects[named & of_use & defects["need_m2"].notna()].rename_axis("defect")
    wants = wants.reset_index().sort_values(
        ["centre", "optional", "force_place", "short_share", "defect"],
        ascending=[True, True, True, False, True],
    )
    spare = spare_use_area(judgement, around)
    beyond = surplus_use_area(judgement, around).reindex(wants["centre"]).to_numpy()
    own = np.array(
        [[GROUP_OF.get(str(one)) == group for group in spare.columns] for one in wants["quantity"]],
        dtype=bool,
    ).reshape(len(wants), spare.shape[1])
    need = wants["need_m2"].to_numpy(dtype=float)
    start = spare.reindex(wants["centre"]).to_numpy()
    given = np.zeros(len(wants))
    pool = spare.to_numpy().copy()
    place = spare.index.get_indexer(pd.Index(wants["centre"]))
    turn = wants.groupby("centre").cumcount().to_numpy()
    for now in range(int(turn.max()) + 1 if len(turn) else 0):
        rows = np.flatnonzero(turn == now)
        offer = np.where(own[rows], 0.0, pool[place[rows]])
        largest = np.argsort(-np.nan_to_num(offer), axis=1, kind="stable")
        ordered = np.take_along_axis(offer, largest, axis=1)
        before = ordered.cumsum(axis=1) - ordered
        taken = np.minimum(ordered, np.clip(need[rows, None] - before, 0.0, None))
        given[rows] = taken.sum(axis=1)
        back = np.zeros_like(taken)
        np.put_along_axis(back, largest, np.nan_to_num(taken), axis=1)
        pool[place[rows]] -= back
    some = (np.nan_to_num(np.where(own, 0.0, start)).sum(axis=1)) > 0.0
    large = (np.nan_to_num(np.where(own, 0.0, beyond)).sum(axis=1)) > 0.0
    reason = np.select(
        [np.isnan(given), given >= need - 1e-9, some, large],
        ["use_unknown", "", "given_already", "rooms_need_it"],
        "no_surplus",
    )
    # A part is given, yet no other finding had any of it: the rest is what the rooms need.
    short = (given < need - 1e-9) & some & (given >= np.nansum(np.where(own, 0.0, start), axis=1))
    reason[short] = np.where(large[short], "rooms_need_it", "no_surplus")
    index = pd.Index(wants["defect"], dtype=object)
    return Changes(pd.Series(given, index=index), pd.Series(reason, index=index, dtype=object))
