"""What clauses ask for, held against itself: rooms of a centre, care rooms of an estate.

A part above the whole of its building is emptied. Where only the sum of parts is above it, or a
part above one that is a part itself, one of the figures is wrong and nobody can say which: told,
and kept.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.labels import message
from planner.ledgers import dates
from planner.ledgers.draft import UNKNOWN, Draft
from planner.ledgers.judging import empty_figures, row_at
from planner.tables import LIST_MARK
from planner.units import BoolArray, FloatArray

ROOM_GROUPS: Final = ("living_area_m2", "health_area_m2", "recreation_area_m2", "support_area_m2")
"""The four groups of rooms of 建标 143-2010, which together are a centre's use area."""

PARTS_OF_CENTRES: Final = (*ROOM_GROUPS, "rest_area_m2", "dining_area_m2")
"""Use areas, none of which can be more than the area of the building."""

PARTS_WITHIN: Final = (("rest_area_m2", "living_area_m2"), ("dining_area_m2", "living_area_m2"))
"""Rooms that 建标 143-2010 art. 10 counts among others."""

PARTS_OF_ESTATES: Final = (
    ("activity_m2", "community_rooms_m2"),
    ("least_place_m2", "delivered_m2"),
    ("delivered_m2", "housing_area_m2"),
)
ROUNDING_M2: Final = 0.5
"""By how much rounded areas may together be above their whole."""

NO_FLOOR: Final = "占地"
SLOPE_TYPED_AS_SHARE: Final = 0.1
"""Percent below which a slope is likelier a share of 1 (0.02 for 2 %): ground is laid at 0.3 %
or more, so that water runs off."""


def judge_rooms(draft: Draft) -> None:
    """Hold the rooms of centres against each other and against their building's area.

    Parameters
    ----------
    draft
        The ledger of centres, its areas judged.
    """
    whole = _figures(draft, "area_m2")
    # Ground area is no whole of rooms: several storeys may stand on it.
    whole[(draft.frame["area_kind"] == NO_FLOOR).to_numpy(dtype=bool)] = np.nan
    for column in PARTS_OF_CENTRES:
        if draft.has(column):
            over = _figures(draft, column) > whole + ROUNDING_M2
            _empty(draft, column, over, "ledgers.part_above_area")
    _tell_sums(draft, whole)
    for part, of in PARTS_WITHIN:
        _tell_part(draft, part, of)
    if draft.has("ground_slope_percent"):
        slope = _figures(draft, "ground_slope_percent")
        is_share = (slope > 0.0) & (slope < SLOPE_TYPED_AS_SHARE)
        _empty(draft, "ground_slope_percent", is_share, "ledgers.percent_or_share")


def _tell_sums(draft: Draft, whole: FloatArray) -> None:
    """Tell where groups of rooms, none too large by itself, are together above the building."""
    there = [column for column in ROOM_GROUPS if draft.has(column)]
    if len(there) < 2:
        return
    parts = draft.frame[there].to_numpy(dtype=np.float64)
    sums = np.nansum(parts, axis=1)
    for place in np.flatnonzero(sums > whole + ROUNDING_M2):
        # Only what is in the sum: a part that was emptied, or was never filled in, is not.
        summed = [
            draft.heading(one) for one, part in zip(there, parts[place], strict=True) if part > 0
        ]
        told = message(
            "ledgers.parts_above_area",
            headings=LIST_MARK.join(summed),
            sum=float(sums[place]),
            area=float(whole[place]),
        )
        row = row_at(draft.frame["area_m2"], place)
        draft.journal.add("doubt", told, row=row, column=summed[0])


def judge_estates(draft: Draft) -> None:
    """Hold the figures of estates against each other, and read the date of their housing.

    Parameters
    ----------
    draft
        The ledger of estates, its bounds judged.
    """
    for part, of in PARTS_OF_ESTATES:
        _tell_part(draft, part, of)
    # As for areas of centres: a column of kinds decides, else what the heading says.
    says = draft.matches.columns["delivered_m2"].says if draft.has("delivered_m2") else None
    fallback = UNKNOWN if draft.has("delivered_kind") or says is None else says
    known = draft.frame["delivered_m2"].notna()
    kinds = draft.frame["delivered_kind"]
    draft.frame["delivered_kind"] = kinds.where(kinds.notna() | ~known, fallback)
    found, odd = dates.dates(draft.frame["housing_on"])
    heading = draft.heading("housing_on")
    for row, cell in odd.items():
        told = message("ledgers.no_date", heading=heading, cell=cell, taken=UNKNOWN)
        draft.journal.add("doubt", told, action="emptied", row=row, column=heading)
    draft.frame["housing_on"] = found


def _tell_part(draft: Draft, part: str, of: str) -> None:
    """Tell where a part is above what it is part of; which of the two is wrong is not known."""
    if not (draft.has(part) and draft.has(of)):
        return
    some, whole = _figures(draft, part), _figures(draft, of)
    for place in np.flatnonzero(some > whole + ROUNDING_M2):
        told = message(
            "ledgers.part_above_part",
            heading=draft.heading(part),
            number=float(some[place]),
            other=draft.heading(of),
            whole=float(whole[place]),
        )
        row = row_at(draft.frame[part], place)
        draft.journal.add("doubt", told, row=row, column=draft.heading(part))


def _figures(draft: Draft, column: str) -> FloatArray:
    return draft.frame[column].to_numpy(dtype=np.float64, copy=True)


def _empty(draft: Draft, column: str, wrong: BoolArray, key: str) -> None:
    if wrong.any():
        empty_figures(draft, column, pd.Series(wrong, index=draft.frame.index), "doubt", key)
