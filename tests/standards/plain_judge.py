"""Clauses held against centres one by one, in plain Python: the second opinion, and the peer.

Written from the standard's words, with nothing of the package but its books.
"""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd

from planner.standards.judging.facts import SHARE_COLUMNS
from planner.standards.rulebooks.clauses import CentreClass, Clause, RuleBook
from planner.standards.rulebooks.quantities import QUANTITIES

SLACK = 1e-6
Row = dict[str, Any]


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _class_of(book: RuleBook, population: float) -> tuple[CentreClass | None, int]:
    """Return the class of so many people and the centres they need; none below the least."""
    top = book.classes[-1].population_to
    parts = 1 if population <= top else math.ceil(population / top)
    each = population / parts
    for one in book.classes:
        upper = each <= one.population_to if one.includes_upper else each < one.population_to
        if one.population_from <= each and upper:
            return one, parts
    return None, parts


def _class_result(row: Row, book: RuleBook, clause: Clause) -> str:
    if _missing(row["group"]):
        return "unknown" if _missing(row["serves_villages"]) else "not_applicable"
    people, elders, held = row["population"], row["elderly_60"], row["group_held_m2"]
    if _missing(people):
        return "unknown"
    of, parts = _class_of(book, people)
    least = book.classes[0]
    if clause.by_class == "use_share_percent":
        shares = (of or least).use_share_percent
        areas = {group: row[SHARE_COLUMNS[group]] for group in shares}
        told = {group: area for group, area in areas.items() if not _missing(area)}
        known = sum(told.values())
        slack = (clause.tolerance or 0) + SLACK
        if known and any(100 * told[one] / known < shares[one] - slack for one in told):
            return "short"  # whatever is not known of the others: they make the whole no smaller
        return "meets" if known and len(told) == len(shares) else "unknown"
    if clause.by_class == "per_elder_area_m2":
        if _missing(elders) or _missing(held) or not elders:
            return "unknown"
        return "meets" if held / elders >= (of or least).per_elder_area_m2 - SLACK else "short"
    if of is None and _missing(elders):
        return "unknown"
    required = (
        min(least.class_area_m2, least.per_elder_area_m2 * elders)
        if of is None
        else parts * of.class_area_m2
    )
    if _missing(held):
        return "unknown"
    return "meets" if held >= required - SLACK else "short"


def _plain(value: str) -> str:
    return value.strip().replace("（", "(").replace("）", ")")


def _list_result(listed: str, book: RuleBook, clause: Clause) -> str:
    there = {_plain(part) for part in re.split("[、,，;；]", listed)} - {""}
    for item in clause.items:
        names = {_plain(item)}
        for room in book.rooms:
            if clause.quantity == "rooms" and room.name == item:
                names |= {_plain(other) for other in room.also_called}
        if not names & there:
            return "short"
    return "meets"


def _figure_result(value: float, clause: Clause) -> str:
    asked = clause.value
    assert asked is not None
    met = {
        "at_least": value >= asked - SLACK,
        "at_most": value <= asked + SLACK,
        "more_than": value > asked + SLACK,
        "less_than": value < asked - SLACK,
        "between": asked - SLACK <= value <= (clause.upper or math.inf) + SLACK,
        "equal": abs(value - asked) <= (clause.tolerance or 0.0) + SLACK,
    }[clause.comparison]
    return "meets" if met else "short"


def _condition(row: Row, clause: Clause) -> str:
    when, unknown = clause.when, False
    if when.built:
        if _missing(row["built_as"]):
            unknown = True
        elif row["built_as"] not in when.built:
            return "not_applicable"
    with_beds = row["centre_kind"] in ("机构", "街道综合中心", "农村幸福院")
    counts = [row["capacity_persons"], *([row["beds"]] if with_beds else [])]
    given = [one for one in counts if not _missing(one)]
    if when.capacity_from is not None and not any(one >= when.capacity_from for one in given):
        if len(given) == len(counts):
            return "not_applicable"
        unknown = True
    if when.floor_from is not None:
        if _missing(row["floor"]):
            unknown = True
        elif math.ceil(row["floor"]) < when.floor_from:
            return "not_applicable"
    return "unknown" if unknown else ""


def _result(row: Row, book: RuleBook, clause: Clause) -> str:
    if row["status"] != "运营":
        return "not_applicable"
    if clause.by_class and _missing(row["group"]) and not _missing(row["serves_villages"]):
        return "not_applicable"
    condition = _condition(row, clause)
    if condition:
        return condition
    if clause.comparison == "statement" or QUANTITIES[clause.quantity].nature == "statement":
        return "unknown"
    if clause.by_class:
        return _class_result(row, book, clause)
    value = row[clause.quantity]
    if _missing(value):
        return "unknown"
    if clause.quantity == "full_storey" and value > 0 and value % 1:
        return "short"  # a mezzanine
    if clause.comparison == "one_of":
        return "meets" if value in clause.items else "short"
    if clause.comparison == "has":
        return _list_result(value, book, clause)
    return _figure_result(value, clause)


def plain_judge(facts: pd.DataFrame, books: list[RuleBook]) -> list[tuple[str, str, str, str]]:
    """Return ``(centre, book, clause, result)``, centre by centre and clause by clause."""
    found = []
    rows: list[Row] = [
        {str(name): value for name, value in row.items()}
        for row in facts.astype(object).to_dict("records")
    ]
    for centre, row in zip(facts.index, rows, strict=True):
        for book in books:
            for clause in book.clauses:
                if QUANTITIES[clause.quantity].subject not in ("centre", "group"):
                    continue
                if row["centre_kind"] not in (clause.kinds or book.applies_to):
                    continue
                result = _result(row, book, clause)
                if result == "short" and clause.force not in ("应", "宜"):
                    result = "remark"
                found.append((str(centre), book.name, clause.id, result))
    return found
