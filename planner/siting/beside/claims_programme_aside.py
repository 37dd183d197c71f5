"""Which measures of a programme cannot be chosen, and why, by plain loops over the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

import pandas as pd

from planner.labels import Message, message
from planner.siting.asking.places import ids_of
from planner.siting.programmes.asked import ProgrammeAsked
from planner.siting.programmes.recount import number_or, rows_by_id
from planner.siting.programmes.results import Programme
from planner.siting.programmes.years import ONE_YEAR

Cells = dict[Any, dict[str, Any]]


def wrong_set_aside(plan: Programme) -> list[Any]:
    """Return the measures that are told as set aside wrongly, or not told.

    Parameters
    ----------
    plan
        The programme.
    """
    menu = rows_by_id(plan.asked.measures)
    reasons = aside_of(plan.asked)
    told = rows_by_id(plan.set_aside)
    wrong = (set(reasons) - set(told)) | (set(told) & set(plan.chosen.index))
    for one, row in told.items():
        same = one in menu and all(row[name] == menu[one][name] for name in ("site", "kind"))
        if not same or row["reason"] not in reasons.get(one, ()):
            wrong.add(one)
    return [*wrong, *(["set_aside"] if len(told) != len(plan.set_aside) else [])]


def aside_of(asked: ProgrammeAsked) -> dict[Any, list[Message]]:
    """Return the measures that cannot be chosen, each with the reasons that are true of it.

    Parameters
    ----------
    asked
        The question as it was put.
    """
    menu, around = rows_by_id(asked.measures), _Around.of(asked)
    aside: dict[Any, list[Message]] = {}
    for one, row in menu.items():
        reason = _reason(asked, row, around)
        if reason is not None:
            aside[one] = [reason]
    needed = {one: _needed(row, around) for one, row in menu.items()}
    grown = True
    while grown:
        grown = False
        for one, others in needed.items():
            missing = [other for other in others if other in aside]
            if one not in aside and missing:
                aside[one] = []
                grown = True
    for one, others in needed.items():
        # Whatever it needs and cannot have is reason enough, unless a reason of its own came first.
        if aside.get(one) == []:
            aside[one] = [
                message("programme.aside_need", other=other) for other in others if other in aside
            ]
    return aside


@dataclass(frozen=True)
class _Around:
    """What stands, closes, and may not stand together."""

    existing: frozenset[Any]
    barred: frozenset[Any]
    leaving: frozenset[Any]
    closing: dict[Any, Any]
    forced: frozenset[Any]
    groups: Sequence[frozenset[Any]]

    @classmethod
    def of(cls, asked: ProgrammeAsked) -> _Around:
        rules, existing = asked.rules, frozenset(asked.existing.index)
        menu = rows_by_id(asked.measures)
        closing = {row["site"]: one for one, row in menu.items() if row["kind"] == "close"}
        leaving = frozenset(ids_of(rules.must_close))
        standing = existing - leaving - set(closing)
        return cls(
            existing,
            frozenset(ids_of(rules.barred)),
            leaving,
            closing,
            standing | frozenset(ids_of(rules.required)),
            tuple(_groups(asked, existing)),
        )


def _groups(asked: ProgrammeAsked, existing: frozenset[Any]) -> Iterator[frozenset[Any]]:
    yield from (frozenset(ids_of(group)) for group in asked.rules.at_most_one)
    apart = asked.rules.apart
    if apart is not None:
        for pair in zip(apart["first"], apart["second"], strict=True):
            if not existing.issuperset(pair):
                yield frozenset(pair)


def _reason(asked: ProgrammeAsked, row: dict[str, Any], around: _Around) -> Message | None:
    """Return why a measure cannot be chosen whatever else is done."""
    site, last = row["site"], asked.years[-1].year
    if site in around.barred:
        return message("programme.aside_barred", site=site)
    if site in around.leaving:
        return message("programme.aside_closing", site=site)
    is_new = site not in around.existing
    if is_new and any(site in one and (one - {site}) & around.forced for one in around.groups):
        return message("programme.aside_beside", site=site)
    if isnan(number_or(row["cost_yuan"], nan)):
        return message("programme.aside_cost")
    if row["kind"] != "close" and isnan(number_or(row["adds_persons"], nan)):
        return message("programme.aside_capacity")
    first = number_or(row.get("from_year"), nan)
    if last != ONE_YEAR and first > float(last):
        return message("programme.aside_year", year=f"{first:g}")
    return None


def _needed(row: dict[str, Any], around: _Around) -> list[Any]:
    """Return the measures without which another cannot be done."""
    cell, site = row.get("needs"), row["site"]
    if isinstance(cell, tuple | list | set | frozenset):
        needed = list(cell)
    else:
        needed = [] if cell is None or pd.isna(cell) else [cell]
    if site in around.existing:
        return needed
    beside = {other for one in around.groups if site in one for other in one}
    return needed + [one for centre, one in around.closing.items() if centre in beside]
