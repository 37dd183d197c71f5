"""A finding's arithmetic, line by line, to be checked by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.labels import DEFAULT_LANGUAGE, Language, Message, choice, enumerated, message, text
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.floor_area.required import clauses_used
from planner.standards.rulebooks.clauses import Clause

Row = dict[str, Any]
"""One row of an audit's table, by column."""


def figure(value: float, decimals: int = 1) -> str:
    """Return a figure as planners write it: thousands apart, no trailing zeros."""
    digits = f"{value:,.{decimals}f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def weight(clause: Clause, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return a clause's mark in words, as it stands behind a figure: ``待核对，未见原文``."""
    key = "choice" if clause.mark == "-" else clause.mark
    return text(f"standards.weight_{key}", language)


def _full_weight(clause: Clause, language: Language) -> str:
    """Return a clause's force and mark: ``宜，待核对，未见原文``; a choice has no force."""
    told = weight(clause, language)
    if clause.force == "-":
        return told
    mark = text("standards.weight_mark", language)
    return f"{clause.force}{mark}{told}"


def _required(group: Row, audit: FloorAreaAudit, language: Language) -> Message:
    """Return how the required area was reached."""
    book, reading = audit.book, str(group["reading"])
    if reading == "unknown":
        return message("standards.explain_required_unknown")
    shown = {
        "population": figure(group["population"], 0),
        "required": figure(group["required_m2"]),
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
            product=figure(least.per_elder_area_m2 * group["elderly_60"]),
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
        "force": book.class_clause("class_area_m2").force,
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


def _comparison(group: Row) -> Message:
    """Return held against required."""
    if group["result"] == "unknown":
        return message("standards.explain_unknown", held=figure(group["held_known_m2"]))
    held = figure(group["held_m2"])
    if group["result"] == "short":
        return message(
            "standards.explain_short",
            held=held,
            short=figure(group["shortfall_m2"]),
            percent=figure(100.0 * group["shortfall_share"]),
        )
    return message("standards.explain_meets", held=held, surplus=figure(group["surplus_m2"]))


def _recommendation(group: Row, audit: FloorAreaAudit, language: Language) -> list[Message]:
    """Return the area per elder beside what is held, where both are known."""
    if group["per_elder_area_m2"] is None or audit.per_elder_decides:
        return []
    fields = {
        "elders": figure(group["elderly_60"]),
        "per_elder": figure(group["per_elder_m2"], 2),
        "recommended": figure(group["per_elder_area_m2"]),
        "weight": weight(audit.book.class_clause("per_elder_area_m2"), language),
    }
    if group["held_m2"] is None:
        return [message("standards.explain_per_elder", **fields)]
    apart = group["held_m2"] - group["per_elder_area_m2"]
    key = "less" if apart < 0 else "more"
    return [message(f"standards.explain_per_elder_{key}", **fields, apart=figure(abs(apart)))]


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
    """Return one row of a table, whatever is missing as ``None``."""
    row = table.loc[[id_]].astype(object)
    cells = row.where(row.notna(), None).to_dict("records")[0]
    return {str(name): value for name, value in cells.items()}


def _remarks(centre: Row) -> list[Message]:
    """Return what is said of rooms and floor, which decides nothing."""
    lines = []
    lacking, below = centre["rooms_lacking"], centre["below_ground"]
    if lacking is None:
        lines.append(message("standards.remark_rooms_unknown"))
    elif lacking:
        rooms = enumerated(choice(room) for room in str(lacking).split("、"))
        lines.append(message("standards.remark_rooms_lacking", rooms=rooms))
    if below:
        lines.append(message("standards.remark_below_ground", floor=figure(centre["floor"], 0)))
    return lines


def _grounds(audit: FloorAreaAudit, reading: str, language: Language) -> list[Message]:
    """Return the project's choice, the book, and the clauses behind the figures."""
    return [
        message(f"standards.explain_small_groups_{audit.small_groups}"),
        message(f"standards.explain_served_{audit.served}"),
        *([message("standards.explain_per_elder_decides")] if audit.per_elder_decides else []),
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
