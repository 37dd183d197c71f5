"""Plans of the most reach: all of them found, none that is none; and what made them fast."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum, isfinite

import numpy as np
import pytest

from planner.siting.asking.inputs import Question, ask
from planner.siting.covering.found import Clock
from planner.siting.walking import prices, reaching
from planner.siting.walking.alike import alike_as_one
from planner.siting.walking.interchange import Interchange, Plan
from planner.siting.walking.problem import counted_pairs
from planner.siting.walking.questions import least_worst_walk, shortest_walk
from planner.siting.walking.reaching import most_reached, narrowed_question
from planner.siting.walking.results import WalkingPlan
from tests.siting.test_median_engine import made_problem, plans_of
from tests.siting.towns import street_town
from tests.siting.walking_towns import RuledTown, ruled_town


def asked(town: RuledTown) -> Question:
    return ask(
        town.times[np.isfinite(town.times["walk_minutes"])],
        town.residents,
        town.candidates,
        weight="elderly_60",
        **town.asked(),  # type: ignore[arg-type]
    )


def best_plans(town: RuledTown) -> set[frozenset[str]]:
    """Every plan that leaves out the least weight, by trying all."""
    left = {plan: town.value(plan, worst=False)[0] for plan in town.plans()}
    least = min(left.values())
    return {plan for plan, weight in left.items() if weight <= least + 1e-9}


def test_the_plans_listed_are_all_that_reach_the_most() -> None:
    listed = narrowed = 0
    for seed in range(240):
        town = ruled_town(seed)
        question = asked(town)
        reached = most_reached(question, counted_pairs(question), Clock(None))
        best, kept = best_plans(town), frozenset(question.existing)
        assert reached.is_proven
        sites, state = question.candidates, reached.state
        assert kept | frozenset(sites[reached.plan]) in best, seed
        for plan in best:
            assert frozenset(sites[state.opened]) <= plan, seed
            assert not plan & frozenset(sites[state.closed]), seed
        if reached.plans is not None:
            assert {kept | frozenset(sites[plan]) for plan in reached.plans} == best, seed
            listed += 1
        else:
            narrowed += bool(state.closed.any() or (state.opened & ~question.rules.required).any())
    assert listed > 25
    assert narrowed > 0


def test_a_narrowed_question_keeps_its_best_plans() -> None:
    for seed in range(1, 90, 2):
        town = ruled_town(seed)
        question = asked(town)
        pairs = counted_pairs(question)
        state = most_reached(question, pairs, Clock(None)).state
        narrow, fewer = narrowed_question(question, pairs, state)
        new = question.asked.new_centres or 0
        assert narrow.rules.most_open(new) == question.rules.most_open(new)
        assert not narrow.rules.today[state.opened | state.closed].any()
        assert all(not state.closed[one] for one in fewer.place if one < len(state.closed))


@pytest.mark.parametrize("question", [shortest_walk, least_worst_walk])
@pytest.mark.parametrize("centres", [3, 6])
def test_listing_and_penalties_find_the_same(
    question: Callable[..., WalkingPlan], centres: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = street_town(40, 500, 6, seed=centres)

    def answer() -> WalkingPlan:
        return question(town.times, town.residents, town.candidates, new_centres=centres)

    fast = answer()
    monkeypatch.setattr(reaching, "MOST_NODES", 0)
    slow = answer()
    assert fast.reached == pytest.approx(slow.reached)
    value = "walk" if question is shortest_walk else "worst"
    assert getattr(fast, value) == pytest.approx(getattr(slow, value))
    assert fast.is_proven
    assert slow.is_proven


def test_askers_of_one_order_cost_the_same_as_one() -> None:
    fewer = 0
    for seed in range(120):
        problem = made_problem(seed, whole=seed % 2 == 0)
        merged, group = alike_as_one(problem)
        assert len(group) == len(problem.askers)
        assert merged.whole == problem.whole
        fewer += len(merged.askers) < len(problem.askers)
        whole, small = Interchange(problem, Clock(None)), Interchange(merged, Clock(None))
        for is_open, cost in plans_of(problem):
            assert small.cost(is_open) == pytest.approx(cost)
            assert whole.cost(is_open) == pytest.approx(cost)
        for asker in range(len(merged.askers)):
            costs = merged.cost[merged.starts[asker] : merged.starts[asker + 1]]
            assert (np.diff(costs) >= 0).all()
            assert (costs <= merged.base[asker]).all()
    assert fewer > 20


@pytest.mark.parametrize("seed", [2147, 3241])
def test_an_ascent_that_has_arrived_stops(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two sites of one group serve everybody once: no price is wrong, yet no plan may open both.
    monkeypatch.setattr(prices, "FEW_STEPS", 1200)
    problem = made_problem(seed)
    search = Interchange(problem, Clock(None))
    nothing = search.filled(
        np.zeros(len(problem.sites), dtype=np.bool_), np.zeros(len(problem.sites))
    )
    ascent = prices.ascend(search, Plan(nothing, search.cost(nothing)), prices.Goal(problem))
    assert np.isfinite(ascent.prices).all()
    assert isfinite(ascent.bound)
    assert ascent.bound <= min(cost for _, cost in plans_of(problem)) + 1e-9
    assert fsum(ascent.prices.tolist()) > 0
