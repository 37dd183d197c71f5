"""Whether a programme keeps to its rules and its money, by plain loops over the tables."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from planner.labels import Message, message
from planner.siting.asking.places import ids_of
from planner.siting.programmes.asked import ProgrammeAsked
from planner.tables import listed

FEN_YUAN: Final = 0.01


def rule_breaks(
    asked: ProgrammeAsked, menu: dict[Any, dict[str, Any]], done: dict[Any, int]
) -> list[Message]:
    """Return what the chosen measures break between each other and of the site rules."""
    broken = []
    sites = {menu[one]["site"] for one in done}
    barred = sites & (set(ids_of(asked.rules.barred)) | set(ids_of(asked.rules.must_close)))
    missing = set(ids_of(asked.rules.required)) - sites
    for name, ids in (
        ("barred", barred),
        ("missing", missing),
        ("crowded", _crowded(asked, menu, done)),
        ("excluded", _excluded(menu, done)),
        ("needed", _unmet(menu, done)),
    ):
        if ids:
            broken.append(message(f"programme.recount_{name}", ids=listed(sorted(ids, key=str))))
    return broken


def _crowded(
    asked: ProgrammeAsked, menu: dict[Any, dict[str, Any]], done: dict[Any, int]
) -> set[Any]:
    """Return the places that are open beside another of their group in some year."""
    today, groups = set(asked.existing.index), _at_most_one(asked)
    crowded: set[Any] = set()
    for place in range(len(asked.years)):
        now = [menu[one] for one, built in done.items() if built <= place]
        closed = {row["site"] for row in now if row["kind"] == "close"}
        standing = today - closed - set(ids_of(asked.rules.must_close))
        open_ = standing | {row["site"] for row in now if row["kind"] != "close"}
        for group in groups:
            both = group & open_
            # What stands today may stay together.
            crowded |= both if len(both) > 1 and not both <= today else set()
    return crowded


def _at_most_one(asked: ProgrammeAsked) -> list[set[Any]]:
    groups = [set(ids_of(group)) for group in asked.rules.at_most_one]
    if asked.rules.apart is not None:
        groups += [
            {first, second}
            for first, second in zip(
                asked.rules.apart["first"], asked.rules.apart["second"], strict=True
            )
        ]
    return groups


def _cell(value: Any) -> tuple[Any, ...]:
    if isinstance(value, tuple | list | set | frozenset):
        return tuple(value)
    return () if value is None or pd.isna(value) else (value,)


def _excluded(menu: dict[Any, dict[str, Any]], done: dict[Any, int]) -> set[Any]:
    seen: dict[Any, Any] = {}
    both: set[Any] = set()
    for one in done:
        for tag in _cell(menu[one].get("one_of")):
            both |= {one, seen[tag]} if tag in seen else set()
            seen[tag] = one
    return both


def _unmet(menu: dict[Any, dict[str, Any]], done: dict[Any, int]) -> set[Any]:
    return {
        one
        for one, year in done.items()
        for other in _cell(menu[one].get("needs"))
        if done.get(other, year + 1) > year
    }


def money_breaks(asked: ProgrammeAsked, spent: list[float]) -> list[Message]:
    """Return the years whose money does not reach, by more than a fen."""
    broken, left = [], 0.0
    for year, used in zip(asked.years, spent, strict=True):
        left = (left if asked.carries_over else 0.0) + float(year.budget_yuan) - used
        if left < -FEN_YUAN:
            broken.append(message("programme.recount_money", year=year.year, over=-left))
    return broken
