"""The words of rule books: forces, marks, comparisons, results, cures."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

FORCES: Final = ("应", "宜", "可", "-")
"""应 must · 宜 should · 可 may · ``-`` the project's own choice, no rule being seen: in the
order in which they decide where several clauses speak of one matter."""

FORCE_PLACE: Final = MappingProxyType({force: place for place, force in enumerate(FORCES)})
"""The place of each force in that order, from 0."""

BREACHES: Final = ("应", "宜")
"""Forces whose clauses, where they are not met, are breaches; all others are remarks."""

RESULTS: Final = ("meets", "remark", "short", "unknown", "not_applicable")
"""What a clause comes to for a centre or an estate. ``short``: one of :data:`BREACHES` is not met.
``remark``: one of another force is not, which is no breach. ``unknown`` counts neither as meeting
nor as failing."""

MARKS: Final = ("W2", "W1", "I", "C", "-")
"""How well a clause's wording is known: seen twice, once, restated, not seen (未见原文), none."""

UNCHECKED_MARKS: Final = ("I", "C")
"""Marks whose figures are shown as 待核对: to be checked against the printed standard."""

COMPARISONS: Final = (
    "at_least",
    "at_most",
    "less_than",
    "more_than",
    "between",
    "equal",
    "has",
    "one_of",
    "statement",
)
"""How a quantity is held against a clause. ``has``: every one of ``items`` is listed. ``one_of``:
the word is one of ``items``. ``equal``: a figure that areas are converted by, or near which shares
lie.
``statement``: nobody but a person on the spot can judge it."""

PER: Final = (
    "centre",
    "community",
    "elder",
    "thousand_elders",
    "household",
    "hundred_households",
    "housing",
    "bed",
    "day_user",
    "seat",
    "room",
    "district",
    "estate",
)
"""What a clause's figure is for one of."""

EVERYWHERE: Final = "全国"
"""The place of a book that applies everywhere."""

COUNTRY: Final = ("中国", "全中国", "国家", "中华人民共和国", "全国范围", "全国各地")
"""What people write for that; places else are local, the province's name first."""

CLASS_AREA: Final = "class_area_m2"
PER_ELDER: Final = "per_elder_area_m2"
USE_SHARES: Final = "use_share_percent"
CLASS_FIGURES: Final = (CLASS_AREA, PER_ELDER, USE_SHARES)
"""The figures of a class that a clause may stand for, by ``by_class``."""

MEASURES: Final = (
    "fill_ledger",
    "inspect",
    "change_use",
    "take_over_rooms",
    "share_rooms",
    "enlarge",
    "add_lift",
    "add_ramp",
    "widen",
    "refit",
    "supply",
    "add_staff",
    "add_centre",
    "merge",
    "move",
    "reopen_idle",
    "chain_operation",
    "packaged_operation",
    "pool_estates",
    "claim_delivery",
    "close",
)
"""Kinds of measure that a clause may name as its cure (:mod:`planner.standards.remedies`)."""
