"""The parts of the p-median search: bounds hold for any prices, cuts for any plan."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.siting.covering.found import Clock
from planner.siting.walking.branching import rounded_up
from planner.siting.walking.interchange import Interchange, Plan
from planner.siting.walking.kernels import cut_levels, cut_rows
from planner.siting.walking.prices import Goal, SiteState, price_bound
from planner.siting.walking.problem import WalkingProblem
from planner.siting.walking.relaxation import Relaxation, median_master
from planner.solver import model_text
from planner.units import BoolArray, FloatArray


def made_problem(seed: int, *, whole: bool = True, groups: bool = True) -> WalkingProblem:
    """Up to 8 sites and 9 askers; sparse, with ties, groups and required sites."""
    random = np.random.default_rng(seed)
    sites, askers = int(random.integers(2, 9)), int(random.integers(1, 10))
    table = random.integers(0, 20, (askers, sites)).astype(float)
    if not whole:
        table *= random.random((askers, sites))
    base = random.integers(5, 25, askers).astype(float)
    seen = (random.random((askers, sites)) < 0.7) & (table < base[:, np.newaxis])
    rows = [
        sorted((table[one, site], site) for site in np.flatnonzero(seen[one]))
        for one in range(askers)
    ]
    together = [np.sort(random.permutation(sites)[:2]) for _ in range(2 if groups else 0)]
    required = np.zeros(sites, dtype=np.bool_)
    free = np.setdiff1d(np.arange(sites), np.concatenate([*together, np.zeros(0, np.int64)]))
    required[free[:1]] = seed % 3 == 0
    return WalkingProblem(
        sites=np.arange(sites),
        required=required,
        today=np.zeros(sites, dtype=np.bool_),
        groups=tuple(together),
        most_open=int(random.integers(1, 4)),
        askers=np.arange(askers),
        base=base,
        starts=np.r_[0, np.cumsum([len(row) for row in rows])],
        site_of=np.array([site for row in rows for _, site in row], dtype=np.int64),
        cost=np.array([cost for row in rows for cost, _ in row]),
        penalised=random.random(askers) < 0.5,
    )


def plans_of(problem: WalkingProblem) -> list[tuple[BoolArray, float]]:
    """Every plan that keeps the rules, with its cost, worked out the long way."""
    sites, plans = len(problem.sites), []
    for count in range(problem.most_open + 1):
        for chosen in combinations(range(sites), count):
            is_open = np.zeros(sites, dtype=np.bool_)
            is_open[list(chosen)] = True
            if (is_open | ~problem.required).all() and all(
                is_open[group].sum() <= 1 for group in problem.groups
            ):
                plans.append((is_open, _cost(problem, is_open)))
    return plans


def _cost(problem: WalkingProblem, is_open: BoolArray) -> float:
    total = 0.0
    for asker, base in enumerate(problem.base):
        entries = range(problem.starts[asker], problem.starts[asker + 1])
        costs = [problem.cost[one] for one in entries if is_open[problem.site_of[one]]]
        total += min([base, *costs])
    return total


def root(problem: WalkingProblem) -> SiteState:
    return SiteState(problem.required, np.zeros(len(problem.sites), dtype=np.bool_))


@given(seed=st.integers(0, 10_000), stretch=st.floats(0, 2))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_plan_beats_the_bound_of_any_prices(seed: int, stretch: float) -> None:
    problem = made_problem(seed)
    random = np.random.default_rng(seed)
    prices = random.random(len(problem.base)) * problem.base * stretch
    fees = random.random(len(problem.groups)) * 5 * (stretch - 0.5)
    state = root(problem)
    bound = price_bound(problem, prices, fees, state)
    for is_open, cost in plans_of(problem):
        assert cost >= bound.value - 1e-9
        assert (cost >= bound.if_opened[is_open & state.free] - 1e-9).all()
        assert (cost >= bound.if_closed[~is_open & state.free] - 1e-9).all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_every_plan_keeps_every_cut(seed: int) -> None:
    problem = made_problem(seed)
    share = np.random.default_rng(seed).random(len(problem.sites)) * 0.8
    where = (problem.starts, problem.site_of, problem.cost)
    levels, costs = cut_levels(*where, problem.base, share)
    askers, sites = np.arange(len(problem.base)), len(problem.sites)
    starts, columns, values = cut_rows(*where, askers, levels, sites)

    def told(opened: FloatArray) -> FloatArray:
        """What the cuts say that each asker costs at least."""
        least = levels.copy()
        for asker in askers:
            for entry in range(starts[asker], starts[asker + 1] - 1):
                least[asker] -= values[entry] * opened[columns[entry]]
        return least

    np.testing.assert_allclose(told(share), costs, atol=1e-9)
    search = Interchange(problem, Clock(None))
    for is_open, cost in plans_of(problem):
        assert told(is_open.astype(float)).sum() <= cost + 1e-9
        assert search.cost(is_open) == pytest.approx(cost)


@pytest.mark.parametrize("whole", [True, False])
def test_the_relaxation_proves_what_it_says(whole: bool) -> None:
    for seed in range(40):
        problem = made_problem(seed, whole=whole)
        relaxation = Relaxation(problem, np.zeros(len(problem.base)))
        relaxed = relaxation.solve(root(problem), np.inf, Clock(None))
        best = min(cost for _, cost in plans_of(problem))
        assert relaxed.bound.value <= best + 1e-9
        # All that the linear program is worth is proven by plain sums.
        assert relaxed.bound.value == pytest.approx(relaxed.estimate, rel=1e-7, abs=1e-7)
        # The last cuts may not have been solved with: a glimpse sees them, and no more.
        glimpse = relaxation.glimpse([root(problem)])[0]
        assert relaxed.estimate - 1e-6 <= glimpse <= best + 1e-6


def test_exchanges_keep_the_rules_and_never_do_worse() -> None:
    found = 0
    for seed in range(150):
        problem = made_problem(seed)
        search = Interchange(problem, Clock(None))
        allowed = {tuple(is_open): cost for is_open, cost in plans_of(problem)}
        plan = search.greedy()
        assert allowed[tuple(plan.is_open)] == pytest.approx(plan.cost)
        kicked = search.kicked(plan, np.random.default_rng(seed))
        assert allowed[tuple(kicked.is_open)] == pytest.approx(kicked.cost)
        needed = search.needed(plan.is_open)
        assert allowed[tuple(needed)] == pytest.approx(plan.cost)
        found += min(plan.cost, kicked.cost) == pytest.approx(min(allowed.values()))
    assert found > 130


def test_goals_and_rounding() -> None:
    problem = made_problem(1)
    plan = Plan(np.zeros(len(problem.sites), dtype=np.bool_), 100.0)
    assert problem.whole
    assert 99.0 < Goal(problem).of(plan) < 99.0 + 1e-9
    assert rounded_up(99.2, 100.0, whole=True) == 100.0
    assert rounded_up(99.2, 100.0, whole=False) == 99.2
    assert rounded_up(100.0 * (1 - 1e-10), 100.0, whole=False) == 100.0
    assert rounded_up(101.0, 100.0, whole=True) == 100.0


def test_the_master_as_text() -> None:
    problem = WalkingProblem(
        sites=np.arange(3),
        required=np.zeros(3, dtype=np.bool_),
        today=np.zeros(3, dtype=np.bool_),
        groups=(np.array([0, 2]),),
        most_open=2,
        askers=np.arange(2),
        base=np.array([9.0, 7.0]),
        starts=np.array([0, 2, 2]),
        site_of=np.array([1, 0]),
        cost=np.array([3.0, 4.0]),
        penalised=np.array([False, True]),
    )
    assert model_text(median_master(problem)) == (
        "minimise\n"
        "  objective: +1 c3 +1 c4\n"
        "subject to\n"
        "  r0: +1 c0 +1 c1 +1 c2 <= 2\n"
        "  r1: +1 c0 +1 c2 <= 1\n"
        "bounds\n"
        "  0 <= c0 <= 1\n"
        "  0 <= c1 <= 1\n"
        "  0 <= c2 <= 1\n"
        "  3 <= c3\n"
        "  7 <= c4\n"
    )
