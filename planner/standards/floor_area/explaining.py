"""A finding's arithmetic, line by line, to be checked by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.labels import DEFAULT_LANGUAGE, Language, Message, choice, enumerated, message, text
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.floor_area.required import clauses_used
from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.vocabulary import CLASS_AREA, PER_ELDER
from planner.standards.rulebooks.wording import (
    Row,
    decimals_apart,
    decimals_by_hand,
    difference,
    figure,
    rows_of,
    weight,
)
from planner.tables import LIST_MARK


def _full_weight(clause: Clause, language: Language) -> str:
    """Return a clause's force and mark: ``宜，待核对，未见原文``; a choice has no force."""
    told = weight(clause, language)
    if clause.force == "-":
        return told
    mark = text("standards.weight_mark", language)
    return f"{clause.force}{mark}{told}"


def area_marks(book: RuleBook, reading: str, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return the marks behind a required area and the recommendation beside it, in words.

    That of the clause which decides first; those of the others where they differ from it, with
    what they are of. Empty where nothing is required.

    Parameters
    ----------
    book
        The rule book.
    reading
        How the area was reached (:data:`planner.standards.floor_area.required.READINGS`).
    language
        Language of the words.
    """
    used = clauses_used(book, reading)
    if not used:
        return ""
    told, others = [weight(used[0], language)], used[1:]
    for mark in dict.fromkeys(weight(clause, language) for clause in others):
        if mark != told[0]:
            of = enumerated(
                message(f"standards.mark_of_{clause.by_class}")
                for clause in others
                if weight(clause, language) == mark
            )
            told.append(text("standards.mark_of", language, of=of, mark=mark))
    return text("standards.marks_apart", language).join(told)


def _required(group: Row, audit: FloorAreaAudit, language: Language) -> Message:
    """Return how the required area was reached."""
    book, reading = audit.book, str(group["reading"])
    if reading == "unknown":
        return message("standards.explain_required_unknown")
    decimals = _decimals(group)
    shown = {
        "population": figure(group["population"], 0),
        "required": figure(group["required_m2"], decimals),
        "weight": weight(clauses_used(book, reading)[0], language),
    }
    if reading in ("pro_rata", "left_alone"):
        least = book.classes[0]
        return message(
            f"standards.explain_required_{reading}",
            **shown,
            least=figure(least.population_from, 0),
            centre_class=least.name,
            elders=figure(group["elderly_60"]),
            per_elder=figure(least.per_elder_area_m2, 2),
            product=figure(least.per_elder_area_m2 * group["elderly_60"], decimals),
            most=figure(least.class_area_m2),
        )
    if reading == "per_elder":
        return message(
            "standards.explain_required_per_elder",
            **shown,
            centre_class=str(group["centre_class"] or book.classes[0].name),
            elders=figure(group["elderly_60"]),
            per_elder=figure(group["per_elder_m2"], 2),
        )
    shown |= {
        "centre_class": str(group["centre_class"]),
        "force": book.class_clause(CLASS_AREA).force,
    }
    if reading == "class_area":
        return message("standards.explain_required_class_area", **shown)
    return message(
        "standards.explain_required_several_centres",
        **shown,
        top=figure(book.classes[-1].population_to, 0),
        centres=figure(group["centres_needed"], 0),
        each=figure(group["class_area_m2"]),
        present=int(group["centre_count"]),
    )


def _own_area(centre: Row) -> list[Message]:
    """Return how the centre's building area was reached, where it is not simply given."""
    fields: dict[str, Any] = {"kind": centre["area_kind"]}
    if centre["building_m2"] is not None:
        fields["area"] = figure(centre["area_m2"])
        fields["building"] = figure(centre["building_m2"])
    if centre["area_note"] == "derived":
        fields["ratio"] = figure(centre["area_m2"] / centre["building_m2"], 3)
    lines = [message(f"standards.area_{centre['area_note']}", **fields)]
    if centre["counted_m2"] is not None and centre["counted_m2"] < centre["building_m2"]:
        again = centre["building_m2"] - centre["counted_m2"]
        lines.append(message("standards.explain_shared_once", again=figure(again)))
    return lines


def _decimals(group: Row) -> int:
    """Return with how many decimals what is required, held and short agree."""
    held, required = group["held_m2"], group["required_m2"]
    decimals = decimals_apart("m2", held, required)
    if group["result"] != "short":
        return decimals
    return max(decimals, decimals_by_hand("m2", held, required))


def _comparison(group: Row) -> Message:
    """Return held against required."""
    if group["result"] == "unknown":
        return message("standards.explain_unknown", held=figure(group["held_known_m2"]))
    decimals = _decimals(group)
    held = figure(group["held_m2"], decimals)
    if group["result"] == "short":
        return message(
            "standards.explain_short",
            held=held,
            short=difference(group["shortfall_m2"], decimals),
            percent=difference(100.0 * group["shortfall_share"]),
        )
    surplus = difference(group["surplus_m2"], decimals)
    return message("standards.explain_meets", held=held, surplus=surplus)


def _recommendation(group: Row, audit: FloorAreaAudit, language: Language) -> list[Message]:
    """Return the area per elder beside what is held, where both are known."""
    if group["per_elder_area_m2"] is None or audit.per_elder_decides:
        return []
    fields = {
        "elders": figure(group["elderly_60"]),
        "per_elder": figure(group["per_elder_m2"], 2),
        "recommended": figure(group["per_elder_area_m2"]),
        "weight": weight(audit.book.class_clause(PER_ELDER), language),
    }
    if group["held_m2"] is None:
        return [message("standards.explain_per_elder", **fields)]
    apart = group["held_m2"] - group["per_elder_area_m2"]
    key = "less" if apart < 0 else "more"
    told = difference(abs(apart))
    return [message(f"standards.explain_per_elder_{key}", **fields, apart=told)]


def _beside(audit: FloorAreaAudit, centre_id: str) -> list[Message]:
    """Return what the centre's group requires and holds by the other reading of whom it serves."""
    if audit.beside is None:
        return []
    other = _row(audit.beside.centres, centre_id)
    key = f"standards.explain_beside_{audit.beside.served}"
    if other["group"] is None:
        return [message(f"{key}_nobody")]
    if other["result"] not in ("meets", "short"):
        return [message(f"{key}_unknown")]
    return [
        message(
            key,
            communities=other["serves_names"],
            required=figure(other["group_required_m2"]),
            held=figure(other["group_held_m2"]),
            short=figure(other["group_shortfall_m2"]),
        )
    ]


def _row(table: pd.DataFrame, id_: str) -> Row:
    return rows_of(table.loc[[id_]])[0]


def _remarks(centre: Row) -> list[Message]:
    """Return what is said of rooms and floor, which decides nothing."""
    lines = []
    lacking, below = centre["rooms_lacking"], centre["below_ground"]
    if lacking is None:
        lines.append(message("standards.remark_rooms_unknown"))
    elif lacking:
        rooms = enumerated(choice(room) for room in str(lacking).split(LIST_MARK))
        lines.append(message("standards.remark_rooms_lacking", rooms=rooms))
    if below:
        lines.append(message("standards.remark_below_ground", floor=figure(centre["floor"], 0)))
    return lines


def _elders_decide(audit: FloorAreaAudit, reading: str) -> list[Message]:
    """Return that the project lets the area per elder decide, and where it cannot be reckoned."""
    if not audit.per_elder_decides:
        return []
    key = "decides" if reading in ("per_elder", "unknown") else "not_known"
    return [message(f"standards.explain_per_elder_{key}")]


def _grounds(audit: FloorAreaAudit, reading: str, language: Language) -> list[Message]:
    """Return the project's choice, the book, and the clauses behind the figures."""
    return [
        message(f"standards.explain_small_groups_{audit.small_groups}"),
        message(f"standards.explain_served_{audit.served}"),
        *_elders_decide(audit, reading),
        message("standards.explain_book", title=audit.book.title(language)),
        *(
            message(
                "standards.explain_clause",
                clause=clause.id,
                weight=_full_weight(clause, language),
                rule=clause.text(language),
            )
            for clause in clauses_used(audit.book, reading)
        ),
    ]


def explanation(
    audit: FloorAreaAudit, centre_id: str, language: Language = DEFAULT_LANGUAGE
) -> list[Message]:
    """Return a centre's finding with its arithmetic, units, clauses and marks, line by line.

    Parameters
    ----------
    audit
        What :func:`planner.standards.floor_area.audit.audit_floor_area` gave.
    centre_id
        Id of any facility of its ledger.
    language
        Language of the clauses' own words.

    Raises
    ------
    KeyError
        If the audit holds no such facility.
    """
    centre = _row(audit.centres, centre_id)
    head = message("standards.explain_head", name=centre["name"], centre=centre_id)
    reason, group_id = centre["reason"], centre["group"]
    if group_id is None:
        remarks = [] if reason == "other_kind" else _remarks(centre)
        return [head, message(f"standards.reason_{reason}"), *remarks]
    group = _row(audit.groups, group_id)
    serves = message(
        "standards.explain_group",
        communities=group["community_names"],
        centres=group["centres"],
    )
    return [
        head,
        serves,
        _required(group, audit, language),
        *_own_area(centre),
        _comparison(group),
        *_beside(audit, centre_id),
        *([message(f"standards.reason_{reason}")] if reason else []),
        *_recommendation(group, audit, language),
        *_remarks(centre),
        *_grounds(audit, str(group["reading"]), language),
    ]


def explain(audit: FloorAreaAudit, centre_id: str, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return :func:`explanation` as text, one finding a line.

    Raises
    ------
    KeyError
        If the audit holds no such facility.
    """
    return "\n".join(line.text(language) for line in explanation(audit, centre_id, language))
