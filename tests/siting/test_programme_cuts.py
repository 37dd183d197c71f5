"""Cuts on the persons served: true of every plan, an equation for their own, enough to decide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.siting.programmes.cutting import cut_plans
from planner.siting.programmes.evaluating import (
    flows,
    is_allowed,
    places,
    served,
    worth,
)
from planner.siting.programmes.goals import required_plan
from planner.siting.programmes.measures_model import MeasuresModel
from planner.siting.programmes.models import programme_model, with_goal
from planner.siting.programmes.pricing import price_cuts
from planner.siting.programmes.problem import ProgrammeProblem, merged
from planner.siting.programmes.search import without_idle
from planner.siting.programmes.served_cuts import Cut, cut_of_sites, cuts_of_flow
from planner.siting.programmes.tasks import Aim, Best, Bound, Clock, Kept, Task
from planner.solver import IntArray, solve
from tests.siting.programme_towns import MeasureTown, random_measure_town
from tests.siting.test_programme_models import problem_of_town

SEEDS = range(0, 40, 3)


def whens(town: MeasureTown, problem: ProgrammeProblem) -> list[IntArray]:
    """Every allowed plan of a town, as years by the measures of its problem."""
    count = len(town.years)
    return [
        np.array([plan.get(str(one), count) for one in problem.measures], dtype=np.int64)
        for plan in town.plans()
        if set(plan) <= set(problem.measures)
    ]


def told(cut: Cut, when: IntArray) -> float:
    return cut.constant + float(cut.persons[when <= cut.year].sum())


def test_cuts_of_flows_hold_for_every_plan_and_exactly_for_their_own() -> None:
    for seed in SEEDS:
        town = random_measure_town(seed)
        problem = problem_of_town(town)
        reach = merged(problem.reach)
        plans = whens(town, problem)
        counts = [served(reach, places(problem, when)) for when in plans]
        for when, own in zip(plans[:: max(len(plans) // 6, 1)], counts[:: max(len(plans) // 6, 1)],
                             strict=True):  # fmt: skip
            net, year_flows = flows(reach, places(problem, when))
            for year, flow in enumerate(year_flows):
                cuts = cuts_of_flow(problem, reach, net, flow, year)
                for cut in cuts:
                    assert told(cut, when) == pytest.approx(own[year], abs=1e-9), seed
                    for other, count in zip(plans, counts, strict=True):
                        assert told(cut, other) >= count[year] - 1e-9, (seed, other)


def test_any_set_of_sites_and_any_prices_give_a_true_cut() -> None:
    random = np.random.default_rng(5)
    for seed in SEEDS:
        town = random_measure_town(seed)
        problem = problem_of_town(town)
        reach = merged(problem.reach)
        cuts = [
            cut_of_sites(problem, reach, random.random(len(problem.sites)) < 0.5, year)
            for year in range(problem.years)
            for _ in range(4)
        ]
        made = programme_model(problem, reach)
        model = with_goal(made, {"served": 1.0})
        relaxed = solve(replace(model, integral=np.zeros(len(model.cost), np.bool_)))
        for spread in (0.0, 0.5):
            assert relaxed.row_duals is not None
            noise = random.normal(0.0, spread, model.rows.count) if spread else 0.0
            other = replace(relaxed, row_duals=relaxed.row_duals + noise)
            cuts += price_cuts(problem, reach, made, other, aim={"served": 1.0}, kept=[])
        for when in whens(town, problem):
            counts = served(reach, places(problem, when))
            for cut in cuts:
                assert told(cut, when) >= counts[cut.year] - 1e-9, seed


def task_of(problem: ProgrammeProblem, name: str, aim: Aim, kept: tuple[Kept, ...]) -> Task:
    return Task(problem, merged(problem.reach), name, aim, kept, 0.0)


def test_cuts_alone_bring_plan_and_bound_together() -> None:
    for seed in range(0, 60, 2):
        town = random_measure_town(seed)
        problem = problem_of_town(town)
        best_of_all = town.best()
        when = required_plan(problem)
        kept: tuple[Kept, ...] = ()
        steps: list[tuple[str, Aim]] = [
            ("served", {"served": 1.0}), ("shortfall", {"shortfall": 1.0})
        ]  # fmt: skip
        for place, (name, aim) in enumerate(steps):
            task = task_of(problem, name, aim, kept)
            best = Best(task, when)
            bound = Bound(best)
            cut_plans(task, best, bound, (), Clock(None))
            sign = -1.0 if name == "served" else 1.0
            assert sign * best.cost == pytest.approx(best_of_all[place], abs=1e-6), seed
            assert bound.gap() == 0.0, seed
            when, kept = best.when, (*kept, Kept(aim, best.cost))


def test_without_cuts_the_measures_model_is_a_weaker_programme() -> None:
    for seed in SEEDS:
        town = random_measure_town(seed)
        problem = problem_of_town(town)
        made = MeasuresModel(task_of(problem, "served", {"served": 1.0}, ()))
        assert solve(made.model()).objective <= -town.best()[0] + 1e-6


def test_what_nobody_needs_is_left_out_and_nothing_else() -> None:
    for seed in range(0, 60, 2):
        town = random_measure_town(seed)
        problem = problem_of_town(town)
        reach = merged(problem.reach)
        plans = whens(town, problem)
        for when in plans[:: max(len(plans) // 5, 1)]:
            less = without_idle(problem, when)
            assert (less >= when).all()
            before, after = (worth(problem, reach, one, with_walk=True) for one in (when, less))
            assert is_allowed(problem, less) or not is_allowed(problem, when)
            assert after.money <= before.money
            # Rooms that take m² away may go, too, so that less is short.
            assert after.shortfall <= before.shortfall + 1e-9
            assert (after.served, after.walk) == pytest.approx(
                (before.served, before.walk), abs=1e-6
            )
