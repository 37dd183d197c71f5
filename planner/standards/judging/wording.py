"""How a finding is put into words: what is asked, what there is, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from planner import tables
from planner.labels import DEFAULT_LANGUAGE, Language, Message, choice, enumerated, message, text
from planner.standards.judging.facts import MAP_DISTANCES, SHARE_COLUMNS
from planner.standards.judging.figures import MEZZANINE
from planner.standards.judging.findings import Judgement
from planner.standards.judging.naming import asked_items
from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.quantities import QUANTITIES
from planner.standards.rulebooks.vocabulary import CLASS_AREA, PER_ELDER
from planner.standards.rulebooks.wording import (
    DECIMALS,
    SAME,
    Row,
    decimals_apart,
    decimals_by_hand,
    difference,
    figure,
    weight,
)
from planner.tables import LIST_MARK

APART: Final = {"storey": "judging.storeys_apart", "grade": "judging.grades_apart"}
"""Units whose differences are told otherwise than their figures: the third floor, three floors."""

SHARE_QUANTITY: Final = "use_area_share"


@dataclass(frozen=True)
class Told:
    """A finding in words; each part may stand in a cell of its own.

    Parameters
    ----------
    what
        What it is about.
    asks
        What the clause asks for, with its unit.
    has
        What the centre has, with its unit; empty where nobody knows.
    verdict
        Meets, short by how much, not known why, not applicable why.
    force, weight
        应, 宜 or 可 (empty for a project's choice), and the mark in words.
    source
        Title of the book and article.
    """

    what: str
    asks: str
    has: str
    verdict: str
    force: str
    weight: str
    source: str


def amount(
    value: float,
    unit: str,
    language: Language = DEFAULT_LANGUAGE,
    *,
    apart: bool = False,
    decimals: int | None = None,
) -> str:
    """Return a figure with its unit: ``1,085 m²``, ``2.67 m²/人``.

    Parameters
    ----------
    value, unit
        The figure and its unit, of :data:`planner.standards.rulebooks.quantities.UNITS`.
    language
        Language of the unit.
    apart
        Whether it is a difference of two figures.
    decimals
        With how many decimals, at most; by default the unit's.
    """
    if unit == "storey" and not apart and value != int(value):
        return text("judging.mezzanine" if value > 0 else "judging.half_below", language)
    # A miss by less than is shown must not read as none.
    shown = difference(value, DECIMALS.get(unit, 2) if decimals is None else decimals)
    key = APART.get(unit) if apart else None
    return text(key or f"units_of.{unit}", language, value=shown)


def column_names(fill_in: str, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return the headings of columns to fill in, as a planner finds them in the ledgers."""
    known = {
        column.name: column for table in (tables.COMMUNITIES, tables.CENTRES) for column in table
    }
    names = [known[name].label(language) for name in fill_in.split(LIST_MARK) if name in known]
    return enumerated(names).text(language)


def source_of(book: RuleBook, clause: Clause, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return where a clause stands: the book's title and the article, where that is known."""
    if clause.article == "-":
        return book.title(language)
    return text("judging.source", language, title=book.title(language), article=clause.article)


def asked(
    book: RuleBook, clause: Clause, finding: Row, language: Language = DEFAULT_LANGUAGE
) -> str:
    """Return what a clause asks of this centre, with its unit."""
    fields: dict[str, Any] = {}
    decimals = _decimals(clause, finding)
    if clause.comparison in ("has", "one_of"):
        fields["items"] = enumerated(choice(item) for item in asked_items(book, clause))
    elif finding["required"] is None:
        return clause.text(language)
    else:
        fields["required"] = amount(finding["required"], clause.unit, language, decimals=decimals)
    if finding["upper"] is not None:
        fields["upper"] = amount(finding["upper"], clause.unit, language, decimals=decimals)
    if clause.quantity == SHARE_QUANTITY:
        fields["tolerance"] = figure(clause.tolerance or 0.0)
        return text("judging.asks_share", language, **fields)
    return text(f"judging.asks_{clause.comparison}", language, **fields)


def _decimals(clause: Clause, finding: Row) -> int:
    """Return with how many decimals what is asked, what there is and what is missing agree."""
    value, required, upper = (finding[name] for name in ("value", "required", "upper"))
    apart = decimals_apart(clause.unit, value, required, upper)
    if not finding["short_by"] or value is None or required is None:
        return apart
    missed = upper if upper is not None and value > upper else required
    return max(apart, decimals_by_hand(clause.unit, value, missed))


def had(clause: Clause, finding: Row, facts: Row, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return what the centre has, with the arithmetic behind it; empty where nobody knows."""
    quantity = QUANTITIES[clause.quantity]
    if clause.comparison in ("has", "one_of"):
        listed = facts.get(clause.quantity)
        if listed is None:
            return ""
        return enumerated(choice(part) for part in str(listed).split(LIST_MARK)).text(language)
    if finding["value"] is None:
        return ""
    value = amount(finding["value"], quantity.unit, language, decimals=_decimals(clause, finding))
    if quantity.name in MAP_DISTANCES:
        return text("judging.on_map", language, value=value)
    if finding["value"] > 0 and _some_rooms_unknown(clause, facts):
        return text("judging.share_at_most", language, value=value)
    return (
        text("judging.equals", language, made=made, value=value)
        if (made := _made(clause, facts, language))
        else value
    )


def _some_rooms_unknown(clause: Clause, facts: Row) -> bool:
    """Tell whether a finding on shares of use area rests on what is known of them."""
    missing = (facts.get(column) is None for column in SHARE_COLUMNS.values())
    return clause.quantity == SHARE_QUANTITY and any(missing)


_QUOTIENTS: Final = {
    "building_area_per_elder": ("group_held_m2", "elderly_60", "quotient"),
    "rest_area_per_day_user": ("rest_area_m2", "capacity_persons", "quotient"),
    "dining_area_per_seat": ("dining_area_m2", "dining_seats", "quotient"),
    "dining_seats_share": ("dining_seats", "capacity_persons", "percent"),
    "recreation_area_per_day_user": ("recreation_area_m2", "capacity_persons", "quotient"),
    "building_area_per_bed": ("building_area", "beds", "quotient"),
}
"""Quantities that are quotients: of what, by what."""

_PARTS_DECIMALS: Final = 2
"""Ledgers write areas to the square decimetre: so the quotient can be made by hand."""


def _made(clause: Clause, facts: Row, language: Language) -> str:
    """Return how a quotient is made; empty for what the ledger or the streets tell as it is."""
    if clause.quantity not in _QUOTIENTS:
        return ""
    part, whole, kind = _QUOTIENTS[clause.quantity]
    if facts[part] is None or facts[whole] is None:
        return ""
    key = f"judging.made_{kind}"
    shown = (figure(facts[name], _PARTS_DECIMALS) for name in (part, whole))
    return text(key, language, **dict(zip(("part", "whole"), shown, strict=True)))


def verdict(clause: Clause, finding: Row, facts: Row, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return what a finding comes to, in words."""
    result, reason = finding["result"], finding["reason"]
    if result in ("unknown", "not_applicable"):
        told = text(f"judging.{result}", language, reason=message(f"judging.reason_{reason}"))
        if not finding["fill_in"]:
            return told
        columns = column_names(finding["fill_in"], language)
        return told + text("judging.fill_in", language, columns=columns)
    if result == "meets":
        return text("judging.meets", language)
    missed = _missed(clause, finding, facts, language).text(language)
    return text("judging.remark", language, missed=missed) if result == "remark" else missed


def _missed(clause: Clause, finding: Row, facts: Row, language: Language) -> Message:
    """Return what is missing, or too much."""
    if clause.comparison == "has":
        items = enumerated(choice(item) for item in str(finding["told"]).split(LIST_MARK))
        return message("judging.lacks", items=items, count=int(finding["short_by"]))
    if clause.comparison == "one_of":
        return message("judging.is_not")
    if clause.quantity == SHARE_QUANTITY:
        groups = enumerated(choice(group) for group in str(finding["told"]).split(LIST_MARK))
        least = "_at_least" if _some_rooms_unknown(clause, facts) else ""
        return message(
            f"judging.shares_low{least}", groups=groups, short=figure(finding["short_by"])
        )
    if finding["told"] == MEZZANINE:
        return message("judging.on_mezzanine")
    strict = clause.comparison in ("more_than", "less_than")
    if strict and finding["short_by"] <= SAME:
        return message(f"judging.not_{clause.comparison}")
    upper = clause.upper if finding["upper"] is None else finding["upper"]
    too_much = clause.comparison in ("at_most", "less_than") or (
        upper is not None and finding["value"] > upper
    )
    if clause.comparison == "equal":
        too_much = finding["value"] > finding["required"]
    decimals = _decimals(clause, finding)
    short = amount(finding["short_by"], clause.unit, language, apart=True, decimals=decimals)
    fields = {"short": short}
    key = "judging.over" if too_much else "judging.short"
    if finding["short_share"] is None:
        return message(key, **fields)
    return message(f"{key}_share", **fields, percent=difference(100.0 * finding["short_share"]))


def adopted(
    judgement: Judgement, clause: Clause, finding: Row, language: Language = DEFAULT_LANGUAGE
) -> str:
    """Return what the project's choice of the area for each elder does to a finding that decides.

    Empty where the project has not chosen it, nobody knows, or the finding is of something else.
    """
    chosen = {PER_ELDER: "judging.by_elders", CLASS_AREA: "judging.not_by_elders"}
    if not (judgement.per_elder_decides and finding["decides"] and clause.by_class in chosen):
        return ""
    if finding["result"] == "unknown":
        return ""
    return text(chosen[clause.by_class], language)


def told_finding(
    judgement: Judgement, finding: Row, facts: Row, language: Language = DEFAULT_LANGUAGE
) -> Told:
    """Return a finding in words.

    Parameters
    ----------
    judgement
        Its books.
    finding, facts
        The finding, and the facts of its centre; whatever is missing as ``None``.
    language
        Language of the words.
    """
    book = judgement.book(str(finding["book"]))
    clause = book.clause(str(finding["clause"]))
    force = judgement.force(book, clause)
    told = verdict(clause, finding, facts, language)
    return Told(
        what=QUANTITIES[clause.quantity].label(language),
        asks=asked(book, clause, finding, language),
        has=had(clause, finding, facts, language),
        verdict=told + adopted(judgement, clause, finding, language),
        force="" if force == "-" else force,
        weight=weight(clause, language),
        source=source_of(book, clause, language),
    )
