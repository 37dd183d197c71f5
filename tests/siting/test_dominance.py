"""What may be left out changes no optimum, and is found without comparing all with all."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from planner.siting.covering.bounds import Bound
from planner.siting.covering.dominance import dominated_sites, implied_groups, without_dominated
from planner.siting.covering.narrowing import rest_of
from planner.siting.covering.problem import CoveringProblem, restricted
from planner.units import FloatArray
from tests.siting.reduced_towns import reduced_town
from tests.siting.towns import random_town, street_town, town


def _problems() -> list[CoveringProblem]:
    """Problems of random towns, every other one with conflicts."""
    found = []
    for seed in range(5000, 5150):
        reduced = reduced_town(random_town(seed))
        rng = np.random.default_rng(seed)
        count = len(reduced.sites)
        if count >= 3 and seed % 2:
            pair = np.sort(rng.choice(count, 2, replace=False))
            reduced = replace(reduced, conflicts=(pair,))
        if reduced.groups:
            found.append(reduced)
    return found


PROBLEMS = _problems()


def _sets(problem: CoveringProblem) -> list[frozenset[int]]:
    return [frozenset(problem.by_site[site].tolist()) for site in range(len(problem.sites))]


def _best(problem: CoveringProblem, most: int) -> float:
    sites = range(len(problem.sites))
    plans = (np.array(p, dtype=int) for n in range(most + 1) for p in combinations(sites, n))
    return max(problem.newly_covered(plan) for plan in plans if problem.allows(plan))


def _cheapest(problem: CoveringProblem, cost: FloatArray) -> float:
    sites = range(len(problem.sites))
    plans = (np.array(p, int) for n in range(len(sites) + 1) for p in combinations(sites, n))
    covers = [
        float(cost[plan].sum())
        for plan in plans
        if problem.allows(plan) and problem.covered_groups(plan).all()
    ]
    return min(covers, default=np.inf)


def test_by_hand() -> None:
    #   A: a b    B: b    C: a b (as A)    D: c
    sees = {"A": "ab", "B": "b", "C": "ab", "D": "c"}
    reduced = reduced_town(
        town(
            [(who, site, 1.0) for site, seen in sees.items() for who in seen],
            {"a": 1.0, "b": 2.0, "c": 4.0},
            "ABCD",
        )
    )
    assert dominated_sites(reduced, np.ones(4)).tolist() == [False, True, True, False]
    # Between equals the first stays, unless it costs more.
    dear = np.array([2.0, 1.0, 1.0, 1.0])
    assert dominated_sites(reduced, dear).tolist() == [True, True, False, False]
    # C may always open, A only while D does not.
    tied = replace(reduced, conflicts=(np.array([0, 3]),))
    assert dominated_sites(tied, np.ones(4)).tolist() == [True, True, False, False]
    # Whoever sees A and C also, besides B, is covered with those who see A and C only.
    assert implied_groups(reduced).tolist() == [False, True, False]
    smaller, where = without_dominated(reduced, cover_all=True)
    assert where.tolist() == [0, 3]
    assert list(smaller.sites) == ["A", "D"]
    assert smaller.groups == 2


def test_every_site_left_out_is_in_another_and_every_other_is_not() -> None:
    out = 0
    for problem in PROBLEMS:
        if problem.conflicts:
            continue
        dominated = dominated_sites(problem, np.ones(len(problem.sites)))
        sets = _sets(problem)
        for site, own in enumerate(sets):
            beaten = any(
                own < other or (own == other and number < site)
                for number, other in enumerate(sets)
                if number != site
            )
            assert dominated[site] == (beaten or not own)
        out += int(dominated.sum())
    assert out > 20


def test_groups_left_out_are_those_that_hold_another() -> None:
    out = 0
    for problem in PROBLEMS:
        sets = [
            frozenset(sites.tolist()) for sites in np.split(problem.site_of, problem.starts[1:-1])
        ]
        implied = implied_groups(problem)
        assert implied.tolist() == [any(other < own for other in sets) for own in sets]
        out += int(implied.sum())
    assert out > 20


def test_the_most_stays_the_most() -> None:
    for problem in PROBLEMS:
        smaller, where = without_dominated(problem)
        np.testing.assert_array_equal(smaller.sites, problem.sites[where])
        for most in range(1, 4):
            assert _best(smaller, most) == pytest.approx(_best(problem, most), rel=1e-12)


def test_the_fewest_stay_the_fewest_whatever_each_costs() -> None:
    for number, problem in enumerate(PROBLEMS):
        cost = np.random.default_rng(number).integers(1, 4, len(problem.sites)).astype(float)
        smaller, where = without_dominated(problem, cost=cost, cover_all=True)
        assert _cheapest(smaller, cost[where]) == _cheapest(problem, cost)


def test_restricting_keeps_weights_and_merges_what_has_become_equal() -> None:
    for number, problem in enumerate(PROBLEMS):
        rng = np.random.default_rng(number)
        sites = rng.random(len(problem.sites)) < 0.6
        groups = rng.random(problem.groups) < 0.7
        smaller, where = restricted(problem, sites, groups)
        np.testing.assert_array_equal(where, np.flatnonzero(sites))
        expected: dict[frozenset[int], float] = {}
        for group in np.flatnonzero(groups):
            sees = problem.site_of[problem.starts[group] : problem.starts[group + 1]]
            key = frozenset(sees[sites[sees]].tolist())
            if key:
                expected[key] = expected.get(key, 0.0) + problem.weights[group]
        found = (
            {
                frozenset(where[sees].tolist()): weight
                for sees, weight in zip(
                    np.split(smaller.site_of, smaller.starts[1:-1]), smaller.weights, strict=True
                )
            }
            if smaller.groups
            else {}
        )
        assert found == pytest.approx(expected)
        for conflict in smaller.conflicts:
            assert set(where[conflict]) <= set(problem.conflicts[0].tolist())


def test_the_rest_holds_every_plan_that_the_bound_leaves() -> None:
    for number, problem in enumerate(PROBLEMS):
        rng = np.random.default_rng(number)
        lot = rng.random(len(problem.sites))
        never, always = lot < 0.3, lot > 0.8
        rest = rest_of(problem, Bound(np.inf, never, always))
        sure = np.flatnonzero(always)
        if rest is None:
            assert not problem.allows(sure)
            continue
        plans = (
            np.array(plan, dtype=int)
            for count in range(len(problem.sites) + 1)
            for plan in combinations(range(len(problem.sites)), count)
        )
        best = max(
            problem.newly_covered(plan)
            for plan in plans
            if problem.allows(plan) and not never[plan].any() and np.isin(sure, plan).all()
        )
        room = len(rest.problem.sites)
        found = problem.newly_covered(sure) + _best(rest.problem, room)
        assert found == pytest.approx(best, rel=1e-12)
        assert problem.allows(rest.plan(np.zeros(0, dtype=int)))


def test_a_site_both_never_and_always_leaves_no_better_plan() -> None:
    both = np.ones(len(PROBLEMS[0].sites), dtype=np.bool_)
    assert rest_of(PROBLEMS[0], Bound(1.0, both, both)) is None


def test_thousands_of_sites_are_compared_in_seconds() -> None:
    reduced = reduced_town(street_town(2000, 8000, 8, seed=2))
    without_dominated(reduced, cover_all=True)
    began = time.perf_counter()
    smaller, _ = without_dominated(reduced, cover_all=True)
    assert time.perf_counter() - began < 5
    assert len(smaller.sites) < len(reduced.sites)
    assert smaller.groups < reduced.groups
