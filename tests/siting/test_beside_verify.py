"""True plans are borne out by the tables, and every claim that is bent is found."""

from __future__ import annotations

import dataclasses
import doctest
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import SitingError
from planner.siting import fewest_centres, most_people, verify
from planner.siting.asking.rules import SiteRules
from planner.siting.beside import verifying
from planner.siting.results import SitingPlan
from planner.siting.walking.questions import least_worst_walk, shortest_walk
from tests.siting.beside_towns import Ruled, beside_town
from tests.siting.towns import LIMIT, street_town

NUMBERED = (most_people, shortest_walk, least_worst_walk)

TIMES = pd.DataFrame(
    [
        ("a", "east", 4.0, 300.0),
        ("a", "west", 15.0, 900.0),
        ("b", "east", 15.000001, 700.0),
        ("b", "hall", 6.0, 400.0),
        ("c", "west", 9.0, 700.0),
        ("d", "old", 3.0, 200.0),
        ("d", "hall", 2.0, 950.0),
        ("e", "far", 15.1, 100.0),
    ],
    columns=["origin", "destination", "walk_minutes", "straight_m"],
)
PEOPLE = pd.DataFrame(
    {"elderly_60": [10.0, 20.0, 30.0, 40.0, 5.0, 0.0]}, index=["a", "b", "c", "d", "e", "f"]
)


def _plan(question: Any, **changed: Any) -> Any:
    asked: dict[str, Any] = {
        "candidates": ["east", "west", "hall", "far"],
        "existing": ["old"],
        "limit_minutes": 15.0,
    }
    if question is not fewest_centres:
        asked["new_centres"] = 2
    return question(TIMES, PEOPLE, **(asked | changed))


@pytest.mark.parametrize("question", [most_people, fewest_centres, shortest_walk, least_worst_walk])
def test_plans_by_hand_are_true(question: Any) -> None:
    for rules in (
        SiteRules(),
        SiteRules(required=["far"], barred=["east"], radius_m=800.0),
        SiteRules(may_close=["old"], at_most_one=[["west", "hall"]]),
        SiteRules(must_close=["old"], apart=pd.DataFrame({"first": ["east"], "second": ["west"]})),
    ):
        found = verify(_plan(question, rules=rules))
        assert found.is_true, found.false_claims
        assert found.false_claims == ()
        found.raise_if_false()
        table = found.table("en")
        assert list(table.columns) == ["title", "claimed", "recounted", "agrees"]
        assert table["agrees"].all()
        assert table.index.is_unique
        assert found.table()["title"].str.len().gt(2).all()


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_every_plan_of_random_towns_is_true(first: int) -> None:
    for seed in range(first, first + 20):
        some = beside_town(seed)
        plans = [some.ask(one, new_centres=some.new_centres) for one in NUMBERED[: 1 + seed % 3]]
        for plan in [*plans, some.ask(fewest_centres)]:
            found = verify(plan)
            assert found.is_true, (seed, type(plan).__name__, found.false_claims)


def _bent(plan: SitingPlan, **changed: Any) -> set[str]:
    return {claim.name for claim in verify(dataclasses.replace(plan, **changed)).false_claims}


def test_each_claim_that_is_bent_is_found() -> None:
    plan = _plan(most_people, rules=SiteRules(required=["east"], may_close=["old"]))
    assert plan.chosen == ("west", "hall", "east") or len(plan.chosen) >= 2
    assert "chosen_once" in _bent(plan, chosen=(plan.chosen[0], *plan.chosen[1:], plan.chosen[0]))
    assert "chosen_are_candidates" in _bent(plan, chosen=("nowhere", *plan.chosen[1:]))
    assert "required_open" in _bent(plan, chosen=("west", "hall", "far")[: len(plan.chosen)])
    assert "existing_and_closed" in _bent(plan, existing=(), closed=())
    assert _bent(plan, barred=("far",)) == {"barred"}
    assert "number_of_centres" in _bent(plan, chosen=("east", "west", "hall", "far"))
    assert _bent(plan, total=106.0) == {"total"}
    assert _bent(plan, unreachable=()) == {"unreachable"}
    assert _bent(plan, without_weight=0) == {"without_weight"}
    assert _bent(plan, idle_candidates=()) == {"idle_candidates"}
    assert _bent(plan, covered_before=41.0) == {"covered_before"}
    assert _bent(plan, covered=plan.covered + 1) == {"covered"}
    assert "gain" in _bent(plan, gain=plan.gain + 1)
    assert _bent(plan, coverable=1.0) == {"coverable"}
    assert _bent(plan, bound=plan.covered - 1) == {"bound"}
    assert _bent(plan, bound=plan.covered + 1) == {"gap", "proven"}
    assert _bent(plan, gap=0.5) == {"gap"}
    assert _bent(plan, new_centres=99) == {"asked_new_centres"}
    assert _bent(plan, limit_minutes=99.0) == {"asked_limit_minutes"}
    assert _bent(plan, weight=None) == {"asked_weight"}
    for column in plan.gains.columns:
        gains = plan.gains.assign(**{column: plan.gains[column] + np.eye(len(plan.gains))[0]})
        assert _bent(plan, gains=gains) == {f"gains_{column}"}


def test_rules_that_are_broken_are_found() -> None:
    apart = pd.DataFrame({"first": ["east"], "second": ["west"]})
    for rules, broken in (
        (SiteRules(at_most_one=[["east", "west"]]), "at_most_one"),
        (SiteRules(apart=apart), "at_most_one"),
        (SiteRules(must_close=["old"]), "must_close_closed"),
        (SiteRules(barred=["east"]), "chosen_are_candidates"),
    ):
        plan = _plan(most_people, rules=rules)
        forced = dataclasses.replace(plan, chosen=("east", "west"), existing=("old",), closed=())
        assert broken in {claim.name for claim in verify(forced).false_claims}
    plan = _plan(most_people)
    assert "closed_may_close" in _bent(plan, existing=(), closed=("old",))


@pytest.mark.parametrize("question", [shortest_walk, least_worst_walk])
def test_bent_walks_are_found(question: Any) -> None:
    plan = _plan(question, new_centres=1, limit_minutes=None)
    for name in ("reachable", "reached", "walk", "mean", "worst", "reached_before", "walk_before"):
        assert name in _bent(plan, **{name: getattr(plan, name) + 1.0})
    assert _bent(plan, worst_before=None) == {"worst_before"}
    assert _bent(plan, left_out=("a", "b", "c", "d")) == {"left_out"}
    assert {"walks", "walks_of_all"} <= _bent(plan, walks=plan.walks.iloc[1:])
    walks = plan.walks.assign(walk_minutes=plan.walks["walk_minutes"] + 0.5)
    assert "walks" in _bent(plan, walks=walks)
    for column in plan.gains.columns:
        assert f"gains_{column}" in _bent(plan, gains=plan.gains.assign(**{column: 999.0}))
    assert "bound" in _bent(plan, bound=1e9)


def test_bent_fewest_is_found() -> None:
    plan = _plan(fewest_centres)
    assert _bent(plan, left_out=("a",)) == {"left_out"}
    assert _bent(plan, bound=99) == {"bound", "gap"}


def test_a_false_plan_is_refused_with_both_figures() -> None:
    plan = dataclasses.replace(_plan(most_people), covered=1.0, total=7.0)
    with pytest.raises(SitingError) as refused:
        verify(plan).raise_if_false()
    assert [problem.fields["claimed"] for problem in refused.value.problems] == [7.0, 1.0]
    assert "总人数：方案称 7.0，由表重新计算为 105.0" in refused.value.text("zh")
    assert "the plan claims 7.0, the tables give 105.0" in refused.value.text("en")


def test_ids_that_are_numbers_and_factors_are_recounted() -> None:
    times = pd.DataFrame(
        {"origin": [1, 2, 3], "destination": [7, 7, 8], "walk_minutes": [1.0, 2, 3]}
    ).astype({"origin": "category", "destination": "category"})
    people = pd.DataFrame({"elderly_60": [5, 6, 9], "disabled": [1, 0, 3]}, index=[1, 2, 3])
    for weight in ({"elderly_60": 1, "disabled": 2.5}, None, "disabled"):
        plan = most_people(times, people, [7, 8], limit_minutes=5, new_centres=1, weight=weight)
        assert verify(plan).is_true


def test_a_plan_that_was_cut_short_is_true_and_says_so() -> None:
    large = street_town(150, 1500, 8, seed=3)
    plan = most_people(
        large.times,
        large.residents,
        large.candidates,
        limit_minutes=LIMIT,
        new_centres=15,
        time_limit_s=1e-9,
    )
    assert not plan.is_proven
    assert verify(plan).is_true
    assert verify(dataclasses.replace(plan, status="optimal")).false_claims[0].name == "proven"


def test_the_examples_in_the_docstrings_run() -> None:
    assert doctest.testmod(verifying).failed == 0


def test_towns_hold_what_is_tested() -> None:
    rules = [beside_town(seed).town.rules for seed in range(120)]
    assert all(
        sum(bool(len(list(getattr(one, name)))) for one in rules) > 10
        for name in ("required", "barred", "may_close", "must_close", "at_most_one")
    )
    assert isinstance(beside_town(0), Ruled)
