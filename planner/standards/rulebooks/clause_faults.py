"""What is wrong with a clause whose keys are all there: what it speaks of, figures, conditions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from typing import Any, Final

from planner import tables
from planner.labels import Message, message
from planner.standards.rulebooks.clauses import (
    BUILT_AS,
    CLASS_FIGURES,
    COMPARISONS,
    ESTATE_AGES,
    FORCES,
    MARKS,
    MEASURES,
    PER,
)
from planner.standards.rulebooks.quantities import QUANTITIES, UNITS, Quantity

_FIGURED: Final = ("at_least", "at_most", "less_than", "more_than", "between", "equal")
_LISTED: Final = ("has", "one_of")
_ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    # A standard may speak of a number and give none: it is measured, and judged on the spot.
    "number": (*_FIGURED, "statement"),
    "list": ("has", "statement"),
    "word": ("one_of", "statement"),
    "statement": ("statement",),
}
"""Comparisons that the nature of a quantity allows."""

_PER_OF_UNIT: Final[Mapping[str, tuple[str, ...]]] = {
    "m2_per_elder": ("elder",),
    "m2_per_seat": ("seat",),
    "m2_per_bed": ("bed",),
    "m2_per_hundred_households": ("hundred_households",),
    "per_mille": ("housing",),
    "beds_per_thousand_elders": ("thousand_elders",),
    "persons_per_room": ("room",),
    "m2_per_person": ("day_user", "district"),
}
"""What a unit's figure is for one of, where the unit says so."""

_GREATEST: Final[Mapping[str, float]] = {
    "percent": 100.0,
    "per_mille": 1000.0,
    "ratio": 1.0,
    "grade": 4.0,
}
"""The greatest figure that a unit can have: no more than the whole, fire class 4 the worst."""

_WHOLE: Final = ("storey", "grade", "beds", "persons")

_OF_CENTRES: Final = ("centre", "group")
_WHEN_OF: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_OF_CENTRES, ("built", "capacity_from", "floor_from")),
    "estate": ("estate",),
}
"""Conditions that a clause on a subject can have."""

_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "unit": UNITS,
    "force": FORCES,
    "mark": MARKS,
    "comparison": COMPARISONS,
    "by_class": tuple(CLASS_FIGURES),
    "per": PER,
    "quantity": tuple(QUANTITIES),
}
_LIST_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "kinds": tables.CENTRE_KINDS,
    "measures": MEASURES,
}
_WHEN_CHOICES: Final[Mapping[str, Sequence[str]]] = {"built": BUILT_AS, "estate": ESTATE_AGES}

CLASS_QUANTITIES: Final[Mapping[str, str]] = dict(
    zip(
        CLASS_FIGURES,
        ("building_area", "building_area_per_elder", "use_area_share"),
        strict=True,
    )
)
"""The quantity that each figure of a class is of."""


def _not_a_choice(
    file: str, where: str, key: str, value: object, choices: Sequence[str]
) -> Message:
    return message(
        "standards.not_a_choice",
        file=file,
        clause=where,
        key=key,
        value=value,
        choices="、".join(choices),
    )


def _choice_problems(file: str, where: str, clause: Mapping[str, Any]) -> list[Message]:
    problems = [
        _not_a_choice(file, where, key, clause[key], choices)
        for key, choices in _CHOICES.items()
        if key in clause and key != "quantity" and clause[key] not in choices
    ]
    if "quantity" in clause and clause["quantity"] not in QUANTITIES:
        problems.append(
            message(
                "standards.quantity_unknown",
                file=file,
                clause=where,
                value=clause["quantity"],
                choices="、".join(QUANTITIES),
            )
        )
    lists = [(key, clause.get(key, []), choices) for key, choices in _LIST_CHOICES.items()]
    when = clause.get("when", {})
    lists += [(f"when.{key}", when.get(key, []), known) for key, known in _WHEN_CHOICES.items()]
    problems += [
        _not_a_choice(file, where, key, value, choices)
        for key, values, choices in lists
        for value in values
        if value not in choices
    ]
    weighed = "force" in clause and "mark" in clause
    if weighed and (clause["force"] == "-") != (clause["mark"] == "-"):
        problems.append(message("standards.choice_marks", file=file, clause=where))
    return problems


def _quantity_problems(
    file: str, where: str, clause: Mapping[str, Any], quantity: Quantity
) -> list[Message]:
    """Return where unit, comparison, per or the class's figure do not fit the quantity."""
    named = {"file": file, "clause": where, "quantity": quantity.name}
    problems = []
    unit = clause.get("unit", quantity.unit)
    if unit in UNITS and unit != quantity.unit:
        told = message("standards.unit_of_another", **named, value=unit, unit=quantity.unit)
        problems.append(told)
    allowed = _ALLOWED[quantity.nature]
    comparison = clause.get("comparison")
    if comparison in COMPARISONS and comparison not in allowed:
        told = message(
            "standards.comparison_wrong",
            **named,
            value=comparison,
            choices="、".join(allowed),
        )
        problems.append(told)
    per, known = clause.get("per", "centre"), _PER_OF_UNIT.get(quantity.unit)
    if known is not None and per in PER and per not in known:
        problems.append(_not_a_choice(file, where, "per", per, known))
    figure = clause.get("by_class")
    if figure in CLASS_FIGURES and CLASS_QUANTITIES[figure] != quantity.name:
        fitting = CLASS_QUANTITIES[figure]
        problems.append(
            message("standards.class_figure_of_another", **named, value=figure, fitting=fitting)
        )
    return problems


def _figure_problems(
    file: str, where: str, clause: Mapping[str, Any], wrong: Set[str]
) -> list[Message]:
    """Return where value, upper, by_class, items and tolerance do not fit the comparison.

    Keys whose value is ``wrong`` are there, though nothing can be said of it.
    """
    comparison = clause.get("comparison")
    if comparison not in COMPARISONS:
        return []
    problems = []
    figures = len({"value", "by_class"} & (clause.keys() | wrong))
    if figures != int(comparison in _FIGURED):
        problems.append(message("standards.figure_wrong", file=file, clause=where))
    between = comparison == "between"
    upper = "upper" in clause or "upper" in wrong
    if between != upper or (between and clause.get("value", 0) > clause.get("upper", math.inf)):
        problems.append(message("standards.upper_wrong", file=file, clause=where))
    if "items" not in wrong and bool(clause.get("items")) != (comparison in _LISTED):
        problems.append(message("standards.items_wrong", file=file, clause=where))
    quantity = QUANTITIES.get(clause.get("quantity", ""))
    if quantity is not None and "tolerance" not in wrong:
        judged = comparison == "equal" and quantity.subject != "conversion"
        if judged != (clause.get("tolerance", 0) > 0) or (not judged and "tolerance" in clause):
            problems.append(message("standards.tolerance_wrong", file=file, clause=where))
    return problems


def _bound_problems(file: str, where: str, clause: Mapping[str, Any]) -> list[Message]:
    """Return which figures no thing can have: 120 %, fire class 7, the floor 2.5."""
    unit, problems = clause.get("unit", ""), []
    for key in ("value", "upper", "tolerance"):
        figure = clause.get(key)
        if figure is None:
            continue
        most = _GREATEST.get(unit)
        if most is not None and figure > most:
            problems.append(
                message(
                    "standards.figure_too_great",
                    file=file,
                    clause=where,
                    key=key,
                    value=figure,
                    most=f"{most:g}",
                )
            )
        elif unit in _WHOLE and figure != int(figure):
            problems.append(
                message(
                    "standards.figure_not_whole", file=file, clause=where, key=key, value=figure
                )
            )
    return problems


def _subject_problems(
    file: str,
    where: str,
    clause: Mapping[str, Any],
    quantity: Quantity,
    applies_to: Sequence[str] | None,
) -> list[Message]:
    """Return where kinds of centre and conditions do not fit what the clause speaks of."""
    of_centres, problems = quantity.subject in _OF_CENTRES, []
    kinds, when = clause.get("kinds", []), clause.get("when", {})
    own = tables.CENTRE_KINDS if applies_to is None else applies_to
    strange = [kind for kind in kinds if kind in tables.CENTRE_KINDS and kind not in own]
    if not of_centres and kinds:
        problems.append(message("standards.kinds_of_no_centre", file=file, clause=where))
    elif strange:
        problems.append(
            message(
                "standards.kinds_beyond_book", file=file, clause=where, kinds="、".join(strange)
            )
        )
    elif of_centres and clause.get("comparison", "statement") != "statement" and not (kinds or own):
        problems.append(message("standards.kinds_missing", file=file, clause=where))
    known = _WHEN_OF.get(quantity.subject, ())
    beyond = [key for key in when if key not in known]
    if beyond:
        told = message(
            "standards.when_of_another",
            file=file,
            clause=where,
            keys="、".join(beyond),
            known="、".join(known) or "-",
        )
        problems.append(told)
    return problems


def words_of(quantity: Quantity) -> tuple[str, ...]:
    """Return the words that a clause's ``items`` can be: those its columns can hold.

    A list that several columns tell (the four steps of an estate) is of their headings; none
    where a column holds free text.
    """
    table = tables.ESTATES if quantity.subject == "estate" else tables.CENTRES
    columns = {column.name: column for column in table.columns}
    told = [columns[name] for name in quantity.columns if name in columns]
    if quantity.nature == "list":
        return tuple(column.zh for column in told) if len(told) > 1 else ()
    return tuple(dict.fromkeys(word for column in told for word in column.choices))


def _item_problems(
    file: str, where: str, clause: Mapping[str, Any], quantity: Quantity, rooms: Sequence[str]
) -> list[Message]:
    known = rooms if quantity.name == "rooms" else words_of(quantity)
    if not known:
        return []
    return [
        _not_a_choice(file, where, "items", item, known)
        for item in clause.get("items", [])
        if item not in known
    ]


def id_problems(file: str, where: str, key: str, value: str) -> list[Message]:
    """Return whether a name cannot be a part of a defect's id (facility/book/clause)."""
    if not any(sign in "/／、" or sign.isspace() for sign in value):
        return []
    return [message("standards.id_wrong", file=file, clause=where, key=key, value=value)]


def clause_problems(
    file: str,
    clause: Mapping[str, Any],
    *,
    applies_to: Sequence[str] | None,
    rooms: Sequence[str],
    wrong: Set[str] = frozenset(),
) -> list[Message]:
    """Return everything that is wrong with a clause besides the form of its keys, each fault once.

    Parameters
    ----------
    file
        The file's name, for messages.
    clause
        The clause as its TOML has it; keys that are missing are not judged.
    applies_to
        The kinds of centre that its book speaks of; ``None`` where that is not known.
    rooms
        Names of the rooms of its book's menu; none where they are not known.
    wrong
        Keys that the clause has, but of a wrong form: they are left out of it.
    """
    where = str(clause.get("id", "?"))
    problems = id_problems(file, where, "id", clause.get("id", "-"))
    problems += _choice_problems(file, where, clause)
    problems += _figure_problems(file, where, clause, wrong)
    problems += _bound_problems(file, where, clause)
    quantity = QUANTITIES.get(clause.get("quantity", ""))
    if quantity is not None:
        problems += _quantity_problems(file, where, clause, quantity)
        problems += _subject_problems(file, where, clause, quantity, applies_to)
        problems += _item_problems(file, where, clause, quantity, rooms)
    return problems
