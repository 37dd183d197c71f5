"""Every plan tried on hundreds of random towns with every rule, for both questions of walks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.siting.walking.questions import least_worst_walk, shortest_walk
from planner.siting.walking.results import WalkingPlan
from tests.siting.walking_towns import RuledTown, ruled_town

Question = Callable[..., WalkingPlan]


def asked(question: Question, town: RuledTown, **changed: Any) -> WalkingPlan:
    given_tables = (town.times, town.residents, town.candidates)
    return question(*given_tables, **{**town.asked(), **changed})


def opened(plan: WalkingPlan) -> frozenset[str]:
    return frozenset(plan.chosen) | frozenset(plan.existing)


def value_of(plan: WalkingPlan, question: Question) -> float:
    return (plan.walk if question is shortest_walk else plan.worst) or 0.0


@pytest.mark.parametrize("question", [shortest_walk, least_worst_walk])
@pytest.mark.parametrize("first", range(0, 120, 30))
def test_no_plan_of_all_is_better(question: Question, first: int) -> None:
    for seed in range(first, first + 30):
        town = ruled_town(seed)
        plan = asked(question, town)
        worst = question is least_worst_walk
        best, found = town.best(worst=worst), town.value(opened(plan), worst=worst)
        assert opened(plan) in set(town.plans()), seed
        assert found == pytest.approx(best, rel=1e-9, abs=1e-9), seed
        assert value_of(plan, question) == pytest.approx(best[1], rel=1e-9), seed
        assert plan.bound == pytest.approx(best[1], rel=1e-9), seed
        assert (plan.status, plan.gap) == ("optimal", 0.0), seed
        assert_told_truly(plan, town, seed)


def assert_told_truly(plan: WalkingPlan, town: RuledTown, seed: int) -> None:
    """What is told beside the answer is what the tables give."""
    weights = town.residents["elderly_60"]
    asking = set(weights.index[weights > 0])
    walks = town.walks(opened(plan))
    told = plan.walks["walk_minutes"].dropna().to_dict()
    assert told == walks, seed
    before = town.walks(frozenset(town.existing))
    assert plan.walks["minutes_before"].dropna().to_dict() == before, seed
    rules = town.rules
    if not rules.at_most_one and rules.apart is None:
        never = {*rules.barred, *rules.must_close}
        anyone = town.walks(frozenset({*town.candidates, *town.existing} - never))
        assert set(plan.unreachable) == asking - set(anyone), seed
    assert set(plan.left_out) | set(plan.unreachable) == asking - set(walks), seed
    assert plan.gains["newly_reached"].sum() == pytest.approx(
        plan.reached - sum(weights[one] for one in asking & set(kept_walks(plan, town))), abs=1e-9
    ), seed


def kept_walks(plan: WalkingPlan, town: RuledTown) -> dict[str, float]:
    return town.walks(frozenset(plan.existing))


@pytest.mark.parametrize("question", [shortest_walk, least_worst_walk])
@given(seed=st.integers(1000, 4000), shuffle=st.integers(0, 99))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_the_order_of_rows_never_matters(question: Question, seed: int, shuffle: int) -> None:
    town = ruled_town(seed)
    random = np.random.default_rng(shuffle)
    turned = question(
        town.times.iloc[random.permutation(len(town.times))],
        town.residents.iloc[random.permutation(len(town.residents))],
        random.permutation(np.array(town.candidates, dtype=object)).tolist(),
        **{**town.asked(), "existing": town.existing[::-1]},
    )
    plan = asked(question, town)
    assert (turned.chosen, turned.existing) == (plan.chosen, plan.existing)
    assert (turned.walk, turned.worst, turned.bound) == (plan.walk, plan.worst, plan.bound)
    pd.testing.assert_frame_equal(turned.walks, plan.walks)
    pd.testing.assert_frame_equal(turned.gains, plan.gains)


@pytest.mark.parametrize("question", [shortest_walk, least_worst_walk])
@given(seed=st.integers(4000, 8000))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_one_centre_more_is_never_worse(question: Question, seed: int) -> None:
    town = ruled_town(seed)
    plan = asked(question, town)
    more = asked(question, town, new_centres=town.new_centres + 1)
    assert more.reached >= plan.reached * (1 - 1e-12)
    if more.reached <= plan.reached * (1 + 1e-12):
        assert value_of(more, question) <= value_of(plan, question) * (1 + 1e-12)


@pytest.mark.parametrize("question", [shortest_walk, least_worst_walk])
@given(seed=st.integers(8000, 12000))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_a_candidate_no_nearer_than_another_changes_nothing(question: Question, seed: int) -> None:
    town = ruled_town(seed)
    if not town.candidates:
        return
    like = town.times[town.times["destination"] == town.candidates[0]]
    farther = like.assign(destination="zz", walk_minutes=like["walk_minutes"] + 0.5)
    plan = asked(question, town)
    with_it = question(
        pd.concat([town.times, farther], ignore_index=True),
        town.residents,
        [*town.candidates, "zz"],
        **{**town.asked(), "rules": plan.asked.rules},
    )
    rules = town.rules
    free = not rules.at_most_one and rules.apart is None
    if free and town.candidates[0] not in list(rules.barred):
        assert with_it.reached == pytest.approx(plan.reached, rel=1e-12)
        assert value_of(with_it, question) == pytest.approx(value_of(plan, question), rel=1e-12)


@pytest.mark.parametrize("question", [shortest_walk, least_worst_walk])
def test_a_gap_or_a_time_limit_leaves_a_true_answer(question: Question) -> None:
    for seed in range(12):
        town = ruled_town(seed)
        worst = question is least_worst_walk
        best = town.best(worst=worst)
        for changed in ({"gap": 0.3}, {"time_limit_s": 1e-9}, {"time_limit_s": 0.003}):
            plan = asked(question, town, **changed)
            left, value, _ = town.value(opened(plan), worst=worst)
            assert opened(plan) in set(town.plans()), (seed, changed)
            assert left >= best[0] - 1e-9
            if plan.status != "time_limit":
                assert left == pytest.approx(best[0], abs=1e-9)
                assert plan.bound <= best[1] * (1 + 1e-9)
                assert value <= plan.bound * (1 + plan.gap / (1 - plan.gap)) * (1 + 1e-9)
            if "gap" in changed:
                assert plan.status in ("optimal", "gap_reached")
                assert plan.gap <= 0.3
