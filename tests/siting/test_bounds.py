"""Bounds hold whatever the prices, and close no site that a better plan needs."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from planner.siting.covering.bounds import (
    even_prices,
    fewest_centres_bound,
    leftover_prices,
    most_people_bound,
)
from planner.siting.covering.found import Clock
from planner.siting.covering.greedy import greedy_order, groups_of_sites, reach
from planner.siting.covering.prices import polished
from planner.siting.covering.problem import CoveringProblem
from planner.units import FloatArray
from tests.siting.reduced_towns import reduced_town
from tests.siting.towns import random_town


def _problems() -> list[tuple[int, CoveringProblem]]:
    found = []
    for seed in range(3000, 3120):
        some = random_town(seed)
        reduced = reduced_town(some)
        if len(reduced.sites) >= 2:
            found.append((seed, reduced))
    return found


PROBLEMS = _problems()


def _prices(seed: int, reduced: CoveringProblem) -> list[FloatArray]:
    rng = np.random.default_rng(seed)
    wild = rng.normal(size=reduced.groups) * 100
    wild[0] = np.nan
    return [
        np.zeros(reduced.groups),
        reduced.weights / 2,
        np.full(reduced.groups, np.inf),
        rng.random(reduced.groups) * reduced.weights,
        wild,
        leftover_prices(reduced, greedy_order(reduced, reduced.weights, most=1)),
        even_prices(reduced),
    ]


def test_there_are_towns_to_try() -> None:
    assert len(PROBLEMS) > 50


def test_no_plan_beats_the_bound_and_better_plans_stay_open() -> None:
    closed = 0
    for seed, reduced in PROBLEMS:
        sites = range(len(reduced.sites))
        for count in range(1, len(sites)):
            plans = {
                plan: reduced.newly_covered(np.array(plan)) for plan in combinations(sites, count)
            }
            for prices in _prices(seed, reduced):
                for known in (0.0, min(plans.values())):
                    bound = most_people_bound(reduced, count, prices, known)
                    assert bound.value >= max(plans.values()) * (1 - 1e-12)
                    better = [plan for plan, value in plans.items() if value > known * (1 + 1e-9)]
                    for plan in better:
                        assert not bound.never[list(plan)].any()
                        assert set(np.flatnonzero(bound.always)) <= set(plan)
                    closed += int(bound.never.sum() + bound.always.sum())
    assert closed > 0


def test_no_cover_is_smaller_than_the_bound_and_smaller_covers_stay_open() -> None:
    closed = 0
    for seed, reduced in PROBLEMS:
        sites = range(len(reduced.sites))
        covers = [
            plan
            for count in range(1, len(sites) + 1)
            for plan in combinations(sites, count)
            if reduced.covered_groups(np.array(plan)).all()
        ]
        fewest = min(map(len, covers))
        for prices in _prices(seed, reduced):
            for known in (fewest, len(sites)):
                bound = fewest_centres_bound(reduced, prices, known)
                assert 1 <= bound.value <= fewest
                for plan in covers:
                    if len(plan) < known:
                        assert not bound.never[list(plan)].any()
                closed += int(bound.never.sum())
    assert closed > 0


def test_greedy_takes_the_largest_gain_and_ends_when_nothing_is_left() -> None:
    for _, reduced in PROBLEMS:
        order = greedy_order(reduced, reduced.weights)
        assert reduced.covered_groups(order).all()
        for count, site in enumerate(order):
            before = reduced.newly_covered(order[:count]) if count else 0.0
            gains = [
                reduced.newly_covered(np.r_[order[:count], other]) - before
                for other in range(len(reduced.sites))
            ]
            assert gains[site] == pytest.approx(max(gains), abs=1e-9)
            assert gains[site] > 0


def test_greedy_keeps_to_the_sites_and_number_that_it_is_given() -> None:
    for _, reduced in PROBLEMS:
        few = np.arange(0, len(reduced.sites), 2)
        assert set(greedy_order(reduced, reduced.weights, among=few)) <= set(few)
        assert len(greedy_order(reduced, reduced.weights, most=1)) == 1
        assert not len(greedy_order(reduced, reduced.weights, most=0))


def test_the_problem_read_by_sites_is_the_same_problem() -> None:
    for _, reduced in PROBLEMS:
        by_site = groups_of_sites(reduced)
        pairs = set(zip(reduced.site_of, reduced.group_of(), strict=True))
        assert pairs == {
            (site, group) for site in range(len(reduced.sites)) for group in by_site[site]
        }
        assert reach(reduced, np.ones(reduced.groups)).sum() == len(pairs)


def _tied(seed: int, reduced: CoveringProblem) -> CoveringProblem:
    """The problem with up to three conflicts."""
    rng = np.random.default_rng(seed)
    sites = len(reduced.sites)
    conflicts = tuple(
        np.sort(rng.choice(sites, min(sites, 2 + turn), replace=False)) for turn in range(seed % 3)
    )
    return replace(reduced, conflicts=conflicts)


def _rents(seed: int, tied: CoveringProblem) -> list[FloatArray]:
    rng, count = np.random.default_rng(seed), len(tied.conflicts)
    wild = rng.normal(size=count) * 10
    wild[:1] = np.nan
    return [np.zeros(count), rng.random(count) * 3, wild, np.full(count, np.inf)]


def test_with_rents_no_allowed_plan_beats_the_bound() -> None:
    marked = 0
    for seed, reduced in PROBLEMS[:60]:
        tied = _tied(seed, reduced)
        sites = range(len(tied.sites))
        for count in (1, 2, len(sites), len(sites) + 1):
            plans = {
                plan: tied.newly_covered(np.array(plan, dtype=int))
                for size in range(min(count, len(sites)) + 1)
                for plan in combinations(sites, size)
                if tied.allows(np.array(plan, dtype=int))
            }
            best = max(plans.values())
            known = best * 0.9
            for prices in _prices(seed, tied):
                for rents in _rents(seed, tied):
                    bound = most_people_bound(tied, count, prices, known, rents=rents)
                    assert bound.value >= best * (1 - 1e-12)
                    for plan, value in plans.items():
                        if value > known * (1 + 1e-9):
                            assert not bound.never[list(plan)].any()
                            assert set(np.flatnonzero(bound.always)) <= set(plan)
                    marked += int(bound.never.sum() + bound.always.sum())
    assert marked > 0


def test_with_rents_and_costs_no_cover_is_cheaper_than_the_bound() -> None:
    marked = 0
    for seed, reduced in PROBLEMS[:60]:
        tied = _tied(seed, reduced)
        cost = np.random.default_rng(seed).integers(1, 4, len(tied.sites)).astype(float)
        covers = {
            plan: float(cost[list(plan)].sum())
            for size in range(1, len(tied.sites) + 1)
            for plan in combinations(range(len(tied.sites)), size)
            if tied.allows(np.array(plan)) and tied.covered_groups(np.array(plan)).all()
        }
        if not covers:
            continue
        best = min(covers.values())
        for prices in _prices(seed, tied):
            for rents in _rents(seed, tied):
                bound = fewest_centres_bound(tied, prices, best + 1, cost=cost, rents=rents)
                assert bound.value <= best
                for plan, price in covers.items():
                    if price < best + 1:
                        assert not bound.never[list(plan)].any()
                        assert set(np.flatnonzero(bound.always)) <= set(plan)
                marked += int(bound.never.sum() + bound.always.sum())
    assert marked > 0


def test_polishing_never_loosens_a_bound_and_none_is_beaten() -> None:
    tightened = 0
    for _, reduced in PROBLEMS:
        sites = range(len(reduced.sites))
        for count in range(1, min(len(sites), 4)):
            best = max(reduced.newly_covered(np.array(plan)) for plan in combinations(sites, count))
            prices = reduced.weights / 3
            first = most_people_bound(reduced, count, prices, best)
            rents = np.zeros(0)
            bound = polished(reduced, count, prices, rents, first, best, Clock(None))
            assert best * (1 - 1e-12) <= bound.value <= first.value
            tightened += bound.value < first.value
            over = polished(reduced, count, prices, rents, first, best, Clock(1e-9))
            assert over is first
    assert tightened > 20
