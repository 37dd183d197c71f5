"""What is made of the solver's word: cut short, rounded, or contradicted by a better plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from planner.siting.covering import search
from planner.siting.covering.problem import CoveringProblem
from planner.siting.covering.search import best_cover, smallest_cover
from planner.solver import Model, Solution, Status
from tests.siting.reduced_towns import reduced_town
from tests.siting.towns import street_town

Fake = Callable[[Status, float], None]


@pytest.fixture
def reduced() -> CoveringProblem:
    some = street_town(80, 600, 10, seed=0)
    return reduced_town(some)


@pytest.fixture
def branch_and_bound_says(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Let branch and bound end without a plan of its own, and the relaxation without prices."""

    def arrange(status: Status, bound: float) -> None:
        def fake(model: Model, **_: Any) -> Solution:
            if model.integral.any():
                return Solution(status, None, float("nan"), bound, None, 0.0)
            return Solution("time_limit", None, float("nan"), float("nan"), None, 0.0)

        monkeypatch.setattr(search, "solve", fake)

    return arrange


@pytest.mark.parametrize("noise", [-1e-7, 0.0, 1e-7])
def test_a_bound_on_centres_is_rounded_up_but_not_past_a_whole_number(
    reduced: CoveringProblem, branch_and_bound_says: Fake, noise: float
) -> None:
    fewest = int(smallest_cover(reduced, time_limit_s=None).bound)
    branch_and_bound_says("time_limit", fewest - 1.0 + noise)
    cut = smallest_cover(reduced, time_limit_s=None)
    assert cut.bound == fewest - 1
    assert cut.status == "time_limit"
    assert reduced.covered_groups(cut.sites).all()
    branch_and_bound_says("time_limit", fewest - 0.9)
    assert smallest_cover(reduced, time_limit_s=None).bound == fewest


@pytest.mark.parametrize("noise", [-1e-7, 0.0, 1e-7])
def test_a_bound_on_people_is_rounded_down_but_not_past_a_whole_number(
    reduced: CoveringProblem, branch_and_bound_says: Fake, noise: float
) -> None:
    best = best_cover(reduced, 8, time_limit_s=None, gap=0.0)
    assert best.status == "optimal"
    branch_and_bound_says("time_limit", best.bound + 1.0 + noise)
    cut = best_cover(reduced, 8, time_limit_s=None, gap=0.0)
    assert cut.bound == best.bound + 1.0
    assert cut.status == "time_limit"
    branch_and_bound_says("time_limit", best.bound + 1.9)
    assert best_cover(reduced, 8, time_limit_s=None, gap=0.0).bound == best.bound + 1.0


def test_with_every_better_plan_closed_off_the_known_one_is_best(
    reduced: CoveringProblem, branch_and_bound_says: Fake
) -> None:
    branch_and_bound_says("infeasible", float("nan"))
    most = best_cover(reduced, 8, time_limit_s=None, gap=0.0)
    assert (most.status, most.gap) == ("optimal", 0.0)
    assert most.bound == reduced.newly_covered(most.sites)
    fewest = smallest_cover(reduced, time_limit_s=None)
    assert (fewest.status, fewest.bound) == ("optimal", len(fewest.sites))


def test_a_bound_without_end_falls_back_on_the_prices(
    reduced: CoveringProblem, branch_and_bound_says: Fake
) -> None:
    branch_and_bound_says("time_limit", float("inf"))
    cut = best_cover(reduced, 8, time_limit_s=None, gap=0.0)
    assert np.isfinite(cut.bound)
    assert cut.bound <= reduced.weights.sum()
    branch_and_bound_says("time_limit", float("-inf"))
    assert 1 < smallest_cover(reduced, time_limit_s=None).bound <= 14
