"""What is wrong with a rule book's file: everything, each with file, clause and cure."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, Final

from planner import tables
from planner.labels import Message, message
from planner.standards.rulebooks.book_schema import (
    entries_of,
    is_text,
    is_whole_class,
    judgeable,
)
from planner.standards.rulebooks.clause_faults import clause_problems, id_problems
from planner.standards.rulebooks.inheriting import inherited
from planner.standards.rulebooks.vocabulary import CLASS_FIGURES, COUNTRY, EVERYWHERE

ENDING: Final = ".toml"
_SHARES_SUM: Final = 100.0
_SHARES_TOLERANCE: Final = 0.05
"""Shares are printed to a tenth of a percent: half of that is rounding, more is a slip."""


def _class_problems(file: str, classes: list[dict[str, Any]]) -> list[Message]:
    """Return what is wrong with the classes together: bounds, areas and shares."""
    problems = []
    for entry in classes:
        if entry["population_from"] >= entry["population_to"] or not entry["class_area_m2"]:
            problems.append(message("standards.bounds_wrong", file=file, clause=entry["name"]))
        if abs(sum(entry["use_share_percent"].values()) - _SHARES_SUM) > _SHARES_TOLERANCE:
            total = round(sum(entry["use_share_percent"].values()), 3)
            problems.append(
                message("standards.shares_wrong", file=file, clause=entry["name"], total=total)
            )
        if set(entry["use_share_percent"]) != set(classes[0]["use_share_percent"]):
            named = {"clause": entry["name"], "other": classes[0]["name"]}
            problems.append(message("standards.groups_differ", file=file, **named))
    ordered = sorted(classes, key=lambda entry: float(entry["population_from"]))
    for below, above in itertools.pairwise(ordered):
        if below["population_to"] != above["population_from"] or below["includes_upper"]:
            problems.append(
                message(
                    "standards.classes_meet", file=file, clause=below["name"], other=above["name"]
                )
            )
    return problems


def _class_clause_problems(file: str, raw: Mapping[str, Any]) -> list[Message]:
    """Return where classes and the clauses that stand for their figures do not match."""
    if not raw.get("class"):
        return [
            message("standards.class_missing", file=file, clause=clause["id"])
            for clause in raw["clause"]
            if "by_class" in clause
        ]
    stood_for = {clause.get("by_class") for clause in raw["clause"]}
    return [
        message("standards.class_clause_missing", file=file, figure=figure)
        for figure in CLASS_FIGURES
        if figure not in stood_for
    ]


def _room_problems(file: str, raw: Mapping[str, Any]) -> list[Message]:
    """Return the rooms of a group that the classes give no share of."""
    classes = raw.get("class", [])
    if not classes:
        return []
    groups = list(classes[0]["use_share_percent"])
    return [
        message(
            "standards.not_a_choice",
            file=file,
            clause=room["name"],
            key="group",
            value=room["group"],
            choices="、".join(groups),
        )
        for room in raw.get("room", [])
        if room["group"] not in groups
    ]


def _head_problems(file: str, book: Mapping[str, Any]) -> list[Message]:
    """Return what is wrong with the head of a book, as far as its keys have the right form."""
    name, kinds, problems = book.get("name"), book.get("applies_to"), []
    place = book.get("place")
    if place in COUNTRY:
        told = message("standards.place_everywhere", file=file, place=place, everywhere=EVERYWHERE)
        problems.append(told)
    if is_text(name):
        problems += id_problems(file, "book", "name", str(name))
        if name != file.removesuffix(ENDING):
            problems.append(message("standards.name_wrong", file=file, name=name))
    return problems + [
        message(
            "standards.not_a_choice",
            file=file,
            clause="book",
            key="applies_to",
            value=kind,
            choices="、".join(tables.CENTRE_KINDS),
        )
        for kind in (kinds if isinstance(kinds, list) else [])
        if is_text(kind) and kind not in tables.CENTRE_KINDS
    ]


def partial_faults(
    file: str, raw: Mapping[str, Any], below: Mapping[str, Any] | None
) -> list[Message]:
    """Return what is wrong with the parts of a book that can be judged by themselves.

    Of a file with faults of form (:func:`.book_schema.schema_problems`), or whose base cannot be
    used: so that all its faults are told at once.

    Parameters
    ----------
    file, raw
        As for :func:`book_faults`, ``raw`` without what its base gives.
    below
        The book that it is based on, where that can be used.
    """
    head = raw.get("book")
    head = head if isinstance(head, dict) else {}
    problems = _head_problems(file, head)
    kinds = head.get("applies_to", (below or {"book": {}})["book"].get("applies_to"))
    applies_to = kinds if isinstance(kinds, list) else None
    rooms = [
        room["name"]
        for room in [*(below or {}).get("room", []), *entries_of(raw, "room")]
        if isinstance(room, dict) and is_text(room.get("name"))
    ]
    for place, entry in enumerate(entries_of(raw, "clause"), start=1):
        clause, wrong = judgeable(entry)
        named = {"id": f"#{place}"} | clause
        problems += clause_problems(file, named, applies_to=applies_to, rooms=rooms, wrong=wrong)
    classes = entries_of(raw, "class")
    if classes and all(map(is_whole_class, classes)):
        problems += _class_problems(file, inherited(below or {}, raw, "class"))
    return problems


def book_faults(file: str, raw: Mapping[str, Any]) -> list[Message]:
    """Return what is wrong with a book as a whole; an empty list if nothing.

    Only a file whose entries are whole (:func:`.book_schema.schema_problems` found nothing) can
    be looked at so: choices, quantities and their units, figures, conditions, classes that meet.

    Parameters
    ----------
    file
        The file's name, for messages.
    raw
        What its TOML holds, with what the book that it is based on gives.
    """
    book = raw["book"]
    problems = _head_problems(file, book)
    rooms = [room["name"] for room in raw.get("room", [])]
    for clause in raw["clause"]:
        problems += clause_problems(file, clause, applies_to=book["applies_to"], rooms=rooms)
    problems += _class_clause_problems(file, raw) + _room_problems(file, raw)
    return problems + _class_problems(file, raw.get("class", []))
