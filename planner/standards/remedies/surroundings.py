"""What stands around a centre that fails: room on its lot, rooms and sites near by, neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.floor_area.required import SmallGroups
from planner.standards.judging.facts import SHARE_COLUMNS
from planner.standards.judging.findings import Judgement
from planner.standards.remedies.circles import Circles
from planner.standards.rulebooks.clauses import RuleBook

PARTY: Final = "党群"
"""What a 党群服务中心 is known by in a candidate's present use or way to obtain it."""

ROOMS: Final = ("area_m2", "to_visit", "geometry")
SITES: Final = ("area_m2", "to_visit", "floor", "cost_yuan", "geometry")


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What measures may draw upon. Everything is by id; ids of one table meet none of another's.

    Parameters
    ----------
    centres
        A :data:`planner.tables.CENTRES` table: all kinds and statuses.
    party_rooms
        Rooms of 党群服务中心 that nothing bars: ``area_m2`` (building, NaN unknown), ``to_visit``
        (some fact is unknown), ``geometry``.
    sites
        Candidates that nothing bars and no other plan has taken: the same, ``floor`` and
        ``cost_yuan`` (to fit it out; NaN unknown).
    elders
        Persons aged 60+ whom each centre answers for; missing is unknown.
    centre_class
        Name of the class of each centre's service group; missing is unknown.
    groups
        By group: ``population, elderly_60, required_m2, held_m2``
        (:func:`planner.standards.floor_area.group_area.group_areas`).
    book
        The book that ``groups`` are of.
    small_groups
        How it is read below its least class.
    circles
        Who walks where; ``None`` where nobody has walked.
    reach_m
        How far (air line) rooms to be taken over or shared, idle centres, and centres to be
        merged with, may lie.
    move_m
        How far a site may lie that a centre moves to.
    per_elder_decides
        Whether the area per elder decides in place of the class's.
    """

    centres: pd.DataFrame
    party_rooms: pd.DataFrame
    sites: pd.DataFrame
    elders: pd.Series
    centre_class: pd.Series
    groups: pd.DataFrame
    book: RuleBook
    small_groups: SmallGroups
    circles: Circles | None
    reach_m: float
    move_m: float
    per_elder_decides: bool = False


def room_left(judgement: Judgement) -> pd.DataFrame:
    """Return how much building area each centre's own lot has room for, on one storey.

    With S the site, d its built part in percent, and L the least upper limit that a clause on
    ``building_density`` sets for the centre's kind: ``S * (L - d) / 100``, not below 0. Without
    such a clause nobody knows how much may be built, but no more than ``S * (100 - d) / 100``.
    Further storeys ask for an inspection of the structure and are not counted.

    Returns
    -------
    DataFrame
        By centre: ``room_m2`` (NaN unknown: to be seen on the spot), ``most_m2`` (no more than
        this; infinite where nothing is known).
    """
    facts = judgement.facts
    site = _numbers(facts, "site_area_m2")
    built = _numbers(facts, "building_density_percent")
    limit = pd.Series(np.inf, index=facts.index)
    for book in judgement.books:
        for clause in book.clauses:
            caps = clause.quantity == "building_density" and clause.comparison == "at_most"
            if caps and clause.value is not None:
                bound = facts["centre_kind"].isin(book.kinds_of(clause))
                limit = limit.mask(bound, limit.clip(upper=clause.value))
    known = np.isfinite(limit)
    most = site * (limit.where(known, 100.0) - built).clip(lower=0.0) / 100.0
    nothing = most.notna() & (most <= 0.0)
    return pd.DataFrame(
        {"room_m2": most.where(known | nothing), "most_m2": most.fillna(np.inf)},
        index=facts.index,
    )


def _numbers(table: pd.DataFrame, column: str) -> pd.Series:
    return table.reindex(columns=[column])[column].astype(float)


def surplus_use_area(judgement: Judgement, around: Surroundings) -> pd.DataFrame:
    """Return how much use area each group of rooms has beyond its class's share, in m².

    Returns
    -------
    DataFrame
        By centre, a column a group of rooms; NaN where the four areas or the class are unknown.
    """
    has = judgement.facts.reindex(columns=list(SHARE_COLUMNS.values())).astype(float)
    has = has.set_axis(list(SHARE_COLUMNS), axis="columns")
    total = has.sum(axis="columns", skipna=False)
    classes = around.centre_class.reindex(has.index)
    shares = {one.name: one.use_share_percent for one in around.book.classes}
    asked = pd.DataFrame(
        {
            group: classes.map({name: share.get(group) for name, share in shares.items()})
            for group in SHARE_COLUMNS
        },
        index=has.index,
    ).astype(float)
    return (has - asked.mul(total, axis="index") / 100.0).clip(lower=0.0)
