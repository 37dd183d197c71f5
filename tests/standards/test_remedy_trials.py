"""Trials of measures: what is refused, by which trial, and what is left without one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.standards.remedies.measures import Remedies
from planner.standards.remedies.trials import Carried, Trial, Tried, trials_allowed
from planner.standards.remedies.trying import key_of
from tests.standards.remedy_town import book, circles, finding, judgement, remedies
from tests.standards.test_remedy_structure import centre, own_area, reason, small, structural

FACTS = {one: centre() for one in "abcd"}
POINTS = {"a": (0.0, 0.0), "b": (100.0, 0.0), "c": (200.0, 0.0), "d": (250.0, 0.0)}
WALKS = {one: ["r1"] for one in "abcd"}


def trial(
    found: dict[frozenset[str], list[dict[str, Any]]],
    *,
    groups: dict[str, str],
    short: dict[frozenset[str], float] | None = None,
    asked: list[tuple[str, ...]] | None = None,
) -> Trial:
    """A trial by hand: findings, and m² lacking in group ``g``, by who gives up his place."""

    def told(changes: Sequence[Carried]) -> Tried:
        gone = frozenset(one.centre for one in changes)
        if changes and asked is not None:
            asked.append(tuple(sorted(gone)))
        rows = [row for row in small("a", "c") if row["centre"] not in gone]
        rows += [row for who, more in found.items() if who <= gone for row in more]
        lacking = max((m2 for who, m2 in (short or {}).items() if who <= gone), default=0.0)
        names = sorted(set(groups.values()))
        return Tried(
            judgement(own_area(), rows, FACTS),
            pd.Series({name: lacking if name == "g" else 0.0 for name in names}, dtype=float),
            pd.Series({f"k{name}": name for name in names}, dtype=object),
            pd.Series(groups, dtype=object),
        )

    return told


def planned(by: Trial | None) -> Remedies:
    return remedies(
        own_area(),
        small("a", "c"),
        FACTS,
        points=POINTS,
        reach_m=100.0,
        circles=circles(WALKS, {"r1": 100.0}),
        trial=by,
    )


APART = {"a": "g", "b": "g", "c": "h", "d": "h"}
ONE = dict.fromkeys("abcd", "g")


def test_nobody_can_try_here_so_nothing_is_sure() -> None:
    found = planned(None)
    assert structural(found) == [("a", "merge", "b"), ("c", "merge", "d")]
    assert set(found.measures["certainty"]) == {"to_visit"}
    assert set(found.measures["reason"]) == {"untried"}


def test_what_holds_is_sure_and_far_ones_are_tried_at_once() -> None:
    asked: list[tuple[str, ...]] = []
    found = planned(trial({}, groups=APART, asked=asked))
    assert structural(found) == [("a", "merge", "b"), ("c", "merge", "d")]
    assert set(found.measures["certainty"]) == {"certain"}
    assert asked == [("a", "c"), ("a", "c")]  # the plan, and all of it together at last
    assert found.experience.trials == 1
    assert found.experience.together is not None
    assert found.experience.together.holds


def test_one_that_harms_is_refused_and_the_next_partner_tried() -> None:
    harm = [finding("b", "door-width", 0.1)]
    found = planned(trial({frozenset("a"): harm}, groups=APART))
    assert structural(found) == [("c", "merge", "d")]
    assert reason(found, "a", "merge") == "tried_worse"
    refused = found.experience.outcomes[key_of("a", "merge", "b")]
    assert len(refused.worse) == 1
    assert found.uncured["centre"].tolist() == ["a"]


def test_a_growing_shortfall_refuses_only_in_the_groups_concerned() -> None:
    found = planned(trial({}, groups=APART, short={frozenset("a"): 30.0}))
    assert structural(found) == [("c", "merge", "d")]
    assert found.experience.outcomes[key_of("a", "merge", "b")].rise_m2 == 30.0


def test_what_it_was_to_cure_stands() -> None:
    found = planned(trial({frozenset("a"): small("a")}, groups=APART))
    assert reason(found, "a", "merge") == "tried_stays"


def test_of_two_that_hold_alone_and_not_together_the_first_stays() -> None:
    harm = [finding("b", "door-width", 0.1)]
    asked: list[tuple[str, ...]] = []
    found = planned(trial({frozenset("ac"): harm}, groups=ONE, asked=asked))
    assert structural(found) == [("a", "merge", "b")]
    assert ("a",) in asked
    assert reason(found, "c", "merge") == "tried_worse"
    assert found.experience.together is not None
    assert found.experience.together.holds


def test_beyond_the_trials_allowed_nothing_is_adopted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.standards.remedies.trying.trials_allowed", lambda _: 1)
    harm = [finding("b", "door-width", 0.1)]
    found = planned(trial({frozenset("ac"): harm}, groups=ONE))
    assert structural(found) == []
    assert reason(found, "a", "merge") == "not_tried"
    assert set(found.experience.untried) >= {key_of("a", "merge", "b"), key_of("c", "merge", "d")}
    assert np.isnan(found.measures["m2"]).all()


def test_a_group_that_can_no_more_be_told_is_no_cure() -> None:
    found = planned(trial({}, groups=APART, short={frozenset("a"): np.nan}))
    assert structural(found) == [("c", "merge", "d")]
    assert found.experience.outcomes[key_of("a", "merge", "b")].unknown == 1


def test_works_that_do_not_hold_together_are_told() -> None:
    def told(changes: Sequence[Carried]) -> Tried:
        more = [finding("a", "door-width", 0.1)] if changes else []
        none = pd.Series(dtype=object)
        lacking = finding("a", "class-area", 100.0, value=650.0, required=750.0)
        by = judgement(rules, [lacking, *more], facts)
        return Tried(by, none.astype(float), none, none)

    rules = book(class_area=("enlarge",))
    facts = {"a": centre(650.0) | {"site_area_m2": 900.0, "building_density_percent": 20.0}}
    found = remedies(
        rules, [finding("a", "class-area", 100.0, value=650.0, required=750.0)], facts, trial=told
    )
    assert found.measures["kind"].tolist() == ["enlarge"]
    together = found.experience.together
    assert together is not None
    assert len(together.worse) == 1
    assert not together.holds


def test_of_two_partners_as_near_the_one_with_area_enough_takes_the_elders() -> None:
    """``b`` lacks area itself: ``d`` stands as far away, and comes later by its id."""
    found = remedies(
        own_area(),
        [*small("c"), finding("b", "class-area", 100.0, value=400.0, required=500.0)],
        {one: centre() for one in "bcd"},
        points={"b": (0.0, 0.0), "c": (100.0, 0.0), "d": (200.0, 0.0)},
        reach_m=100.0,
        circles=circles({one: ["r1"] for one in "bcd"}, {"r1": 100.0}),
    )
    assert structural(found) == [("c", "merge", "d")]


def test_large_ledgers_have_fewer_trials() -> None:
    assert [trials_allowed(n) for n in (0, 68, 1_666, 4_000, 20_000)] == [24, 24, 24, 10, 4]
