"""A book that is based on another: what it changes in it, and what stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from planner.standards.rulebooks.book_schema import entries_of
from planner.standards.rulebooks.vocabulary import MARKS

Raw = dict[str, Any]
"""What a book's TOML holds."""

NAMED_BY: Final = {"class": "name", "room": "name", "clause": "id"}
"""By what the entries of each section are known in the book below."""


def changed(below: Mapping[str, Any], raw: Mapping[str, Any]) -> Raw:
    """Return a book with what another changes in it: clauses by id, classes and rooms by name.

    Classes whose whole range of population the other's own take give way, too, so that a book can
    part the people otherwise. Whatever it says nothing of stays. A clause by class has the weakest
    mark of those whose figures it stands for: where classes stay, that of the book below, too.

    Parameters
    ----------
    below
        The book that is changed, whole.
    raw
        What the book that is based on it says, each entry whole.
    """
    merged = {"book": below["book"] | raw["book"]}
    for section in NAMED_BY:
        if entries := inherited(below, raw, section):
            merged[section] = entries
    stay = [entry for entry in merged.get("class", []) if entry not in entries_of(raw, "class")]
    if stay:
        merged["clause"] = [_weakened(clause, below) for clause in merged["clause"]]
    return merged


def _weakened(clause: Raw, below: Mapping[str, Any]) -> Raw:
    """Return a clause with the weakest mark of its own and of the figures by class below."""
    figure = clause.get("by_class")
    others = [one["mark"] for one in below["clause"] if figure and one.get("by_class") == figure]
    marks = [mark for mark in (clause["mark"], *others) if mark in MARKS]
    return clause | {"mark": max(marks, key=MARKS.index)} if marks else clause


def inherited(below: Mapping[str, Any], raw: Mapping[str, Any], section: str) -> list[Raw]:
    """Return the entries of a section in both: changed ones in their places, new ones behind.

    Parameters
    ----------
    below, raw
        As for :func:`changed`.
    section
        ``class``, ``room`` or ``clause``.
    """
    own, key = entries_of(raw, section), NAMED_BY[section]
    given = below.get(section, [])
    if section == "class":
        given = [entry for entry in given if not _taken(entry, own)]
    anew = {entry[key]: entry for entry in own}
    kept = [anew.pop(entry[key], entry) for entry in given]
    return [*kept, *anew.values()]


def _taken(below: Raw, own: list[Raw]) -> bool:
    """Tell whether classes of other names take the whole range of population of one below."""
    if any(entry["name"] == below["name"] for entry in own):
        return False
    reached = below["population_from"]
    for entry in sorted(own, key=lambda one: float(one["population_from"])):
        if entry["population_from"] <= reached:
            reached = max(reached, entry["population_to"])
    return bool(reached >= below["population_to"])
