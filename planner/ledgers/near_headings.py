"""Headings that may be one of ours and are not certain to be: asked about, never guessed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from typing import Final

from planner.labels import Message, message
from planner.ledgers.vocabulary import label_of, normalised, synonyms

LIKENESS: Final = 0.75
"""From which likeness on (:class:`difflib.SequenceMatcher`, 0 to 1) a heading is asked about."""

SHORTEST: Final = 3
"""Characters of a heading that may be part of another: shorter ones are part of anything."""

NEEDED: Final = (
    "id", "name", "centre_kind", "status", "community", "street", "longitude", "latitude",
    "area_m2", "population", "elderly_60", "elderly_65", "elderly_80", "households",
    "capacity_persons", "floor", "floors", "housing_area_m2", "delivered_m2", "serves",
)  # fmt: skip
"""Columns whose absence is worth a question."""

_DIGITS: Final = re.compile(r"\d+")


def likeness(heading: str, known: str) -> float:
    """Return how alike two normalised headings are, from 0 to 1.

    One that is part of the other counts as alike (现状建筑面积, 建筑面积); ages and other figures
    must be the same (65岁以上 is not nearly 60岁以上).
    """
    if _DIGITS.findall(heading) != _DIGITS.findall(known):
        return 0.0
    shorter, longer = sorted((heading, known), key=len)
    if len(shorter) >= SHORTEST and shorter in longer:
        return max(LIKENESS, len(shorter) / len(longer))
    if len(shorter) < SHORTEST:
        return 0.0
    return difflib.SequenceMatcher(None, heading, known, autojunk=False).ratio()


def near_misses(table: str, matched: Collection[str], unmatched: Iterable[str]) -> list[Message]:
    """Return a question for each heading that may be a column of ours which was not found.

    Parameters
    ----------
    table
        Our table.
    matched
        Our columns that were found.
    unmatched
        Headings that are none of ours.

    Returns
    -------
    list of Message
        For each heading at most one: the column that it is most like.
    """
    known = {
        heading: name
        for heading, name in synonyms(table).items()
        if name in NEEDED and name not in matched
    }
    asked = []
    for heading in unmatched:
        plain = normalised(heading)[0]
        best = max(known, key=lambda one: likeness(plain, one), default=None)
        if best is not None and likeness(plain, best) >= LIKENESS:
            name = known[best]
            label = label_of(table, name)
            asked.append(
                message("ledgers.heading_maybe", column=name, label=label, heading=heading)
            )
    return asked
