"""The arithmetic of a service group's floor area: by its class, and for each elder."""

from __future__ import annotations

from typing import Any

from planner.labels import Language, text
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.floor_area.required import (
    RequiredFloorArea,
    clauses_used,
    required_floor_area,
)
from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.vocabulary import CLASS_AREA, PER_ELDER
from planner.standards.rulebooks.wording import (
    Row,
    decimals_apart,
    decimals_by_hand,
    difference,
    figure,
    weight,
)


def _required(
    book: RuleBook, needs: RequiredFloorArea, weight_of: str, decimals: int
) -> tuple[str, dict[str, Any]]:
    """Return the key and the fields of the line that tells how an area was reached."""
    least, clause = book.classes[0], book.class_clause(CLASS_AREA)
    fields: dict[str, Any] = {
        "population": figure(needs.population or 0.0, 0),
        "required": figure(needs.required_m2 or 0.0, decimals),
        "weight": weight_of,
        "centre_class": needs.centre_class or least.name,
        "force": clause.force,
    }
    if needs.reading in ("pro_rata", "left_alone"):
        elders = needs.elderly_60 or 0.0
        fields |= {
            "least": figure(least.population_from, 0),
            "elders": figure(elders),
            "per_elder": figure(least.per_elder_area_m2, 2),
            "product": figure(least.per_elder_area_m2 * elders, decimals),
            "most": figure(least.class_area_m2),
        }
        return "judging.pro_rata", fields
    if needs.reading == "several_centres":
        fields |= {
            "top": figure(book.classes[-1].population_to, 0),
            "centres": needs.centres_needed,
            "each": figure(needs.class_area_m2 or 0.0, decimals),
        }
        return "judging.several_centres", fields
    return "judging.class_area", fields


def class_line(
    book: RuleBook,
    clause: Clause,
    finding: Row,
    facts: Row,
    audit: FloorAreaAudit,
    verdict: str,
    language: Language,
) -> str | None:
    """Return the line of a group's floor area; ``None`` where its people are not known.

    Parameters
    ----------
    book, clause
        A clause by class, on the whole area or that for each elder, and its book.
    finding, facts
        The finding, and the facts of its centre; whatever is missing as ``None``.
    audit
        The floor-area audit behind it.
    verdict
        What the finding comes to, in words.
    language
        Language of the line.
    """
    needs = required_floor_area(
        facts["population"], facts["elderly_60"], book=book, small_groups=audit.small_groups
    )
    if finding["required"] is None or needs.required_m2 is None:
        return None
    if clause.by_class == PER_ELDER:
        if facts["elderly_60"] is None:
            return None
        return _per_elder(clause, finding, facts, verdict, language)
    told = weight(clauses_used(book, needs.reading)[0], language)
    decimals = decimals_apart("m2", finding["value"], needs.required_m2)
    if finding["short_by"]:
        decimals = max(decimals, decimals_by_hand("m2", finding["value"], needs.required_m2))
    key, fields = _required(book, needs, told, decimals)
    asks = text(key, language, **fields)
    if finding["value"] is None:
        return text("judging.held_unknown", language, asks=asks, verdict=verdict)
    centres = audit.groups["centre_count"].get(facts["group"], 1)
    held = {"held": figure(finding["value"], decimals), "asks": asks, "verdict": verdict}
    if centres > 1:
        return text("judging.held_by_group", language, **held, centres=int(centres))
    return text("judging.held", language, **held)


def _per_elder(
    clause: Clause, finding: Row, facts: Row, verdict: str, language: Language
) -> str | None:
    """Return the line of the recommendation for each elder: in m², as planners reckon it."""
    elders = facts["elderly_60"]
    recommended = finding["required"] * elders
    decimals = decimals_apart("m2", facts["group_held_m2"], recommended)
    fields = {
        "elders": figure(elders),
        "per_elder": figure(finding["required"], 2),
        "recommended": figure(recommended, decimals),
        "weight": weight(clause, language),
    }
    if facts["group_held_m2"] is None:
        return text("judging.per_elder", language, **fields, verdict=verdict)
    apart = facts["group_held_m2"] - recommended
    key = "less" if apart < 0 else "more"
    return text(
        f"judging.per_elder_{key}", language, **fields, apart=difference(abs(apart), decimals)
    )
