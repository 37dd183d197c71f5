"""What is wrong with a clause whose keys are all there: what it speaks of, figures, conditions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from typing import Any

from planner import tables
from planner.labels import Message, message
from planner.standards.rulebooks.clause_terms import (
    ALLOWED,
    CHOICES,
    CLASS_QUANTITIES,
    FIGURED,
    GREATEST,
    LIST_CHOICES,
    LISTED,
    PER_OF_UNIT,
    WHEN_CHOICES,
    WHEN_OF,
    WHOLE,
    words_of,
)
from planner.standards.rulebooks.quantities import OF_CENTRES, QUANTITIES, UNITS, Quantity
from planner.standards.rulebooks.vocabulary import (
    CLASS_FIGURES,
    COMPARISONS,
    PER,
)


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
        for key, choices in CHOICES.items()
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
    lists = [(key, clause.get(key, []), choices) for key, choices in LIST_CHOICES.items()]
    when = clause.get("when", {})
    lists += [(f"when.{key}", when.get(key, []), known) for key, known in WHEN_CHOICES.items()]
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
    allowed = ALLOWED[quantity.nature]
    comparison = clause.get("comparison")
    if comparison in COMPARISONS and comparison not in allowed:
        told = message(
            "standards.comparison_wrong",
            **named,
            value=comparison,
            choices="、".join(allowed),
        )
        problems.append(told)
    per, known = clause.get("per", "centre"), PER_OF_UNIT.get(quantity.unit)
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
    if figures != int(comparison in FIGURED):
        problems.append(message("standards.figure_wrong", file=file, clause=where))
    between = comparison == "between"
    upper = "upper" in clause or "upper" in wrong
    if between != upper or (between and clause.get("value", 0) > clause.get("upper", math.inf)):
        problems.append(message("standards.upper_wrong", file=file, clause=where))
    if "items" not in wrong and bool(clause.get("items")) != (comparison in LISTED):
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
        most = GREATEST.get(unit)
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
        elif unit in WHOLE and figure != int(figure):
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
    of_centres, problems = quantity.subject in OF_CENTRES, []
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
    known = WHEN_OF.get(quantity.subject, ())
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
