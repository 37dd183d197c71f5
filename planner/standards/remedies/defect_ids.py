"""Ids of the list of defects: facility, book and clause, and what marks rows that stand apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple

AGAIN: Final = "#"
"""Behind an id, before a number: a further row of it, as the last list held several."""

ASIDE: Final = "@"
"""What parts the id of a row that is kept aside from the name, or project, under which it stood."""

_ID: Final = re.compile(
    rf"(?P<centre>.+?)/(?P<book>[^/{ASIDE}{AGAIN}]+)/(?P<clause>[^/{ASIDE}{AGAIN}]+)"
    rf"(?:{ASIDE}(?P<aside>.*?))?(?:{AGAIN}(?P<again>\d+))?",
    re.DOTALL,
)


class DefectId(NamedTuple):
    """The parts of an id of the list.

    Parameters
    ----------
    centre
        The facility; its id may hold strokes itself, those of books and clauses never do.
    defect
        Facility, book and clause, as they stand.
    aside
        Under which name, or project, the row is kept aside; ``None`` where it is not.
    again
        Whether it is a further row of an id.
    """

    centre: str
    defect: str
    aside: str | None
    again: bool


def parts_of(defect: str) -> DefectId | None:
    """Return the parts of an id; ``None`` where it is none of ours."""
    found = _ID.fullmatch(defect)
    if found is None:
        return None
    whole = defect[: found.end("clause")]
    return DefectId(found["centre"], whole, found["aside"], found["again"] is not None)


def unique_ids(ids: Iterable[str]) -> list[str]:
    """Return ids of which those that stood before are further rows: ``…#2``, ``…#3``."""
    given = list(ids)
    taken, found = set(given), set[str]()
    unique = []
    for one in given:
        name, number = one, 2
        while name in found or (name != one and name in taken):
            name, number = f"{one}{AGAIN}{number}", number + 1
        found.add(name)
        unique.append(name)
    return unique


def plain_id(defect: object) -> str:
    """Return an id without what typing changes: full-width signs, spaces, capitals."""
    return "".join(unicodedata.normalize("NFKC", str(defect)).casefold().split())
