"""Moving centres never worsens a plan, keeps to the rules, and ends where no move helps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.siting.covering.found import Clock
from planner.siting.covering.greedy import greedy_order
from planner.siting.covering.problem import CoveringProblem
from planner.siting.covering.swaps import fewer, moved
from planner.solver import IntArray
from tests.siting.reduced_towns import reduced_town
from tests.siting.towns import random_town, street_town


def _problems() -> list[CoveringProblem]:
    found = []
    for seed in range(6000, 6120):
        some = random_town(seed)
        reduced = reduced_town(some)
        sites = np.arange(len(reduced.sites))
        if len(sites) >= 3:
            rng = np.random.default_rng(seed)
            conflicts = tuple(np.sort(rng.choice(sites, 2, replace=False)) for _ in range(seed % 3))
            found.append(replace(reduced, conflicts=conflicts))
    return found


PROBLEMS = _problems()


def _moves(problem: CoveringProblem, plan: IntArray, most: int) -> list[IntArray]:
    """Every plan that one site more, or one in place of another, makes."""
    opened = set(plan.tolist())
    closed = [site for site in range(len(problem.sites)) if site not in opened]
    plans = [sorted(opened - {out} | {new}) for new in closed for out in opened]
    if len(opened) < most:
        plans += [sorted(opened | {new}) for new in closed]
    return [np.array(one) for one in plans if problem.allows(np.array(one))]


def test_no_single_move_makes_the_plan_better() -> None:
    helped = 0
    for number, problem in enumerate(PROBLEMS):
        rng = np.random.default_rng(number)
        for most in (1, 2, 3):
            start = rng.choice(len(problem.sites), most, replace=False)
            if not problem.allows(start):
                continue
            plan = moved(problem, problem.weights, start, most)
            assert len(plan) <= most
            assert problem.allows(plan)
            covered = problem.newly_covered(plan)
            assert covered >= problem.newly_covered(start)
            for other in _moves(problem, plan, most):
                assert problem.newly_covered(other) <= covered * (1 + 1e-9)
            helped += covered > problem.newly_covered(start)
    assert helped > 50


def test_nothing_to_begin_with_and_no_room() -> None:
    for problem in PROBLEMS:
        nothing = np.zeros(0, dtype=np.int64)
        assert not len(moved(problem, problem.weights, nothing, 0))
        one = moved(problem, problem.weights, nothing, 1)
        best = max(problem.newly_covered(np.array([site])) for site in range(len(problem.sites)))
        assert problem.newly_covered(one) == pytest.approx(best)


def test_fewer_sites_still_cover_everybody() -> None:
    saved = 0
    for problem in PROBLEMS:
        cost = np.ones(len(problem.sites))
        every = np.arange(len(problem.sites))
        free = replace(problem, conflicts=())
        plan = fewer(free, every, cost, Clock(None))
        assert free.covered_groups(plan).all()
        saved += len(every) - len(plan)
        for site in plan:
            assert not free.covered_groups(plan[plan != site]).all()
    assert saved > 50


def test_the_dearest_needless_site_goes_first() -> None:
    problem = next(p for p in PROBLEMS if p.groups)
    twin = replace(problem, conflicts=())
    every = np.arange(len(twin.sites))
    dear = np.ones(len(every))
    kept = fewer(twin, every, dear, Clock(None))
    dear[kept] = 5.0
    other = fewer(twin, every, dear, Clock(None))
    assert dear[other].sum() <= dear[kept].sum()


def test_moves_help_greedy_on_a_district() -> None:
    district = street_town(200, 2000, 10, seed=4)
    problem = reduced_town(district)
    greedy = greedy_order(problem, problem.weights, most=20)
    plan = moved(problem, problem.weights, greedy, 20)
    assert problem.newly_covered(plan) > problem.newly_covered(greedy)
