"""What is wrong with a rule book's file: everything, each with file, clause and cure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from planner import tables
from planner.labels import Message, message
from planner.standards.rulebooks.clauses import (
    CLASS_FIGURES,
    COMPARISONS,
    FORCES,
    MARKS,
)
from planner.standards.rulebooks.quantities import UNITS

ENDING: Final = ".toml"
_SHARES_SUM: Final = 100.0
_SHARES_TOLERANCE: Final = 0.05
"""Shares are printed to a tenth of a percent: half of that is rounding, more is a slip."""

Test = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and value >= 0


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(_is_text(entry) for entry in value)


def _is_shares(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_is_number, value.values()))


_BOOK: Final[Mapping[str, Test]] = {
    "name": _is_text,
    "zh": _is_text,
    "en": _is_text,
    "place": _is_text,
    "applies_to": _is_texts,
}
_CLASS: Final[Mapping[str, Test]] = {
    "name": _is_text,
    "population_from": _is_number,
    "population_to": _is_number,
    "includes_upper": _is_flag,
    "class_area_m2": _is_number,
    "per_elder_area_m2": _is_number,
    "use_share_percent": _is_shares,
}
_ROOM: Final[Mapping[str, Test]] = {"name": _is_text, "group": _is_text}
_ROOM_MAY: Final[Mapping[str, Test]] = {"also_called": _is_texts}
_CLAUSE: Final[Mapping[str, Test]] = dict.fromkeys(
    (
        *("id", "article", "quantity", "comparison", "unit", "force", "mark", "source"),
        *("zh", "en", "remedy_zh", "remedy_en"),
    ),
    _is_text,
)
_CLAUSE_MAY: Final[Mapping[str, Test]] = {
    "value": _is_number,
    "upper": _is_number,
    "by_class": _is_text,
}
_CHOICES: Final = {
    "unit": UNITS,
    "force": FORCES,
    "mark": MARKS,
    "comparison": COMPARISONS,
    "by_class": CLASS_FIGURES,
}


def _entry_problems(
    file: str,
    where: str,
    entry: Any,
    must: Mapping[str, Test],
    may: Mapping[str, Test] | None = None,
) -> list[Message]:
    """Return what is wrong with one entry: keys missing, unknown or of the wrong kind."""
    if not isinstance(entry, dict):
        return [message("standards.not_a_table", file=file, clause=where)]
    known = {**must, **(may or {})}
    problems = [
        message("standards.key_unknown", file=file, clause=where, key=key, keys="、".join(known))
        for key in entry
        if key not in known
    ]
    problems += [
        message("standards.key_missing", file=file, clause=where, key=key)
        for key in must
        if key not in entry
    ]
    problems += [
        message("standards.value_wrong", file=file, clause=where, key=key, value=entry[key])
        for key, test in known.items()
        if key in entry and not test(entry[key])
    ]
    return problems


def _names(entries: Any, key: str) -> list[str]:
    """Return what each entry of a list is called in messages: its name, else its place."""
    return [
        str(entry[key]) if isinstance(entry, dict) and _is_text(entry.get(key)) else f"#{position}"
        for position, entry in enumerate(entries, start=1)
    ]


def _twice(file: str, names: Sequence[str]) -> list[Message]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    return [message("standards.clause_twice", file=file, clause=name) for name in repeated]


def _clause_problems(file: str, where: str, clause: dict[str, Any]) -> list[Message]:
    """Return what is wrong with a clause whose keys are all there."""
    problems = [
        message(
            "standards.not_a_choice",
            file=file,
            clause=where,
            key=key,
            value=clause[key],
            choices="、".join(choices),
        )
        for key, choices in _CHOICES.items()
        if key in clause and clause[key] not in choices
    ]
    wants_figure = clause.get("comparison") in ("at_least", "at_most", "between", "equal")
    figures = ("value" in clause) + ("by_class" in clause)
    if figures != int(wants_figure):
        problems.append(message("standards.figure_wrong", file=file, clause=where))
    between = clause.get("comparison") == "between"
    if between != ("upper" in clause) or (between and clause.get("value", 0) > clause["upper"]):
        problems.append(message("standards.upper_wrong", file=file, clause=where))
    if (clause.get("force") == "-") != (clause.get("mark") == "-"):
        problems.append(message("standards.choice_marks", file=file, clause=where))
    return problems


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
    ordered = sorted(classes, key=lambda entry: float(entry["population_from"]))
    for below, above in itertools.pairwise(ordered):
        if below["population_to"] != above["population_from"] or below["includes_upper"]:
            problems.append(
                message(
                    "standards.classes_meet", file=file, clause=below["name"], other=above["name"]
                )
            )
    return problems


def _list(raw: dict[str, Any], section: str) -> list[Any]:
    entries = raw.get(section, [])
    return entries if isinstance(entries, list) else [entries]


def _problems(file: str, raw: dict[str, Any]) -> list[Message]:
    sections = ("book", "class", "room", "clause")
    problems = [
        message("standards.section_unknown", file=file, section=key, sections="、".join(sections))
        for key in raw
        if key not in sections
    ]
    problems += [
        message("standards.section_missing", file=file, section=key)
        for key in ("book", "class", "clause")
        if not raw.get(key)
    ]
    problems += _entry_problems(file, "book", raw.get("book", {}), _BOOK)
    schemas = (
        ("class", "name", _CLASS, None),
        ("room", "name", _ROOM, _ROOM_MAY),
        ("clause", "id", _CLAUSE, _CLAUSE_MAY),
    )
    for section, key, must, may in schemas:
        entries = _list(raw, section)
        names = _names(entries, key)
        problems += _twice(file, names)
        for name, entry in zip(names, entries, strict=True):
            problems += _entry_problems(file, name, entry, must, may)
    return problems


def _meaning_problems(file: str, raw: dict[str, Any]) -> list[Message]:
    """Return what is wrong with entries that are complete by themselves."""
    problems = []
    if raw["book"]["name"] != file.removesuffix(ENDING):
        problems.append(message("standards.name_wrong", file=file, name=raw["book"]["name"]))
    strange = [kind for kind in raw["book"]["applies_to"] if kind not in tables.CENTRE_KINDS]
    problems += [
        message(
            "standards.not_a_choice",
            file=file,
            clause="book",
            key="applies_to",
            value=kind,
            choices="、".join(tables.CENTRE_KINDS),
        )
        for kind in strange
    ]
    for clause in raw["clause"]:
        problems += _clause_problems(file, clause["id"], clause)
    stood_for = {clause.get("by_class") for clause in raw["clause"]}
    problems += [
        message("standards.class_clause_missing", file=file, figure=figure)
        for figure in CLASS_FIGURES
        if figure not in stood_for
    ]
    return problems + _class_problems(file, raw["class"])


def book_faults(file: str, raw: dict[str, Any]) -> list[Message]:
    """Return everything that is wrong with a parsed rule book; an empty list if nothing.

    Entries are first looked at one by one (keys and kinds of values); only a file whose
    entries are complete is looked at as a whole (choices, figures, classes that meet).

    Parameters
    ----------
    file
        The file's name, for messages.
    raw
        What its TOML holds.
    """
    return _problems(file, raw) or _meaning_problems(file, raw)
