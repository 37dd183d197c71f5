"""The search for the best plan of a reduced problem.

A greedy plan first, so that there is always one. Then the linear relaxation, whose prices bound
what any plan can do and whose support holds a better plan; covering problems are often settled
here. What is left, with the sites that cannot matter closed, goes to branch and bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from math import ceil, floor, inf
from typing import Final

import numpy as np

from planner.siting.bounds import (
    Bound,
    even_prices,
    fewest_centres_bound,
    leftover_prices,
    most_people_bound,
)
from planner.siting.greedy import greedy_order
from planner.siting.models import (
    fewest_centres_model,
    most_people_model,
    site_values,
    start_values,
    weight_scale,
    whole,
)
from planner.siting.problem import CoveringProblem
from planner.solver import IntArray, Model, Solution, Status, solve
from planner.units import FloatArray

PROOF_TOLERANCE: Final = 1e-9
"""Share by which bound and plan may differ and still be called equal: far below one person."""

SOLVER_SLACK: Final = 1e-5
"""What a whole-numbered bound of branch and bound may be off by (its tolerance is 1e-6)."""

INTERIOR_POINT_ENTRIES: Final = 50_000
"""Size of matrix from which the interior-point method beats the simplex method here."""

SUPPORT: Final = 1e-3
"""Share of a site in the linear relaxation from which rounding looks at it."""


@dataclass(frozen=True)
class Found:
    """A plan and how good it is proven to be.

    Parameters
    ----------
    sites
        Positions of the chosen sites, ascending.
    bound
        No plan is better: newly covered weight, or number of sites.
    gap
        Distance of plan and bound, as a share of the plan.
    status
        What this proves.
    """

    sites: IntArray
    bound: float
    gap: float
    status: Status


class Clock:
    """Counts down the seconds that a search may take."""

    def __init__(self, time_limit_s: float | None) -> None:
        self._end = inf if time_limit_s is None else time.perf_counter() + time_limit_s

    def left(self) -> float | None:
        """Return the seconds left (never below 0), None where there is no limit."""
        return None if self._end == inf else max(self._end - time.perf_counter(), 0.0)

    def is_over(self) -> bool:
        """Tell whether the time is used up."""
        return time.perf_counter() >= self._end


def best_cover(
    problem: CoveringProblem, new_centres: int, *, time_limit_s: float | None, gap: float
) -> Found:
    """Return the plan of at most ``new_centres`` sites that newly covers the most.

    Parameters
    ----------
    problem
        The reduced problem.
    new_centres
        Largest number of sites.
    time_limit_s
        Seconds after which to stop, or None.
    gap
        Relative gap at which to stop; 0 for the optimum.
    """
    clock = Clock(time_limit_s)
    greedy = greedy_order(problem, problem.weights, most=new_centres)
    if new_centres == 0 or not problem.groups or problem.covered_groups(greedy).all():
        return Found(np.sort(greedy), problem.newly_covered(greedy), 0.0, "optimal")

    # Weights are scaled by a power of two, so nothing is rounded on the way there and back.
    scale = weight_scale(problem.weights)
    scaled = replace(problem, weights=problem.weights * scale)
    relaxed = _relaxed(most_people_model(scaled, new_centres, integral=False), clock)
    plans = [greedy, *_rounded(problem, relaxed, problem.weights, new_centres)]
    best = max(plans, key=problem.newly_covered)
    known = problem.newly_covered(best)
    if relaxed.row_duals is None:
        prices = leftover_prices(problem, greedy)
    else:
        prices = np.abs(relaxed.row_duals[: problem.groups]) / scale
    bound = most_people_bound(problem, new_centres, prices, known)
    if _share(bound.value - known, known) <= max(gap, PROOF_TOLERANCE) or clock.is_over():
        return _most(problem, best, bound.value, gap, is_cut=True)

    model = _narrowed(most_people_model(scaled, new_centres), bound)
    solved = solve(model, time_limit_s=clock.left(), gap=gap, start=_start(problem, best, model))
    best = max([best, *_opened(problem, solved)], key=problem.newly_covered)
    value = solved.bound / scale if solved.status != "infeasible" else 0.0
    if whole(problem.weights) and value < inf:
        value = floor(value + SOLVER_SLACK)
    # Plans that were closed off are no better than the one known, so they raise no bound.
    value = min(max(value, known), bound.value)
    return _most(problem, best, value, gap, is_cut=solved.status == "time_limit")


def smallest_cover(problem: CoveringProblem, *, time_limit_s: float | None) -> Found:
    """Return the plan with the fewest sites that covers every group.

    Parameters
    ----------
    problem
        The reduced problem.
    time_limit_s
        Seconds after which to stop, or None.
    """
    clock = Clock(time_limit_s)
    every = np.ones(problem.groups)
    greedy = greedy_order(problem, every)
    if len(greedy) <= 1:
        return Found(greedy, len(greedy), 0.0, "optimal")

    relaxed = _relaxed(fewest_centres_model(problem, integral=False), clock)
    best = min([greedy, *_rounded(problem, relaxed, every, None)], key=len)
    duals = relaxed.row_duals
    prices = even_prices(problem) if duals is None else np.abs(duals)
    bound = fewest_centres_bound(problem, prices, len(best))
    if bound.value >= len(best) or clock.is_over():
        return _fewest(best, bound.value)

    known = len(best)
    model = _narrowed(fewest_centres_model(problem), bound)
    solved = solve(model, time_limit_s=clock.left(), start=_start(problem, best, model))
    best = min([best, *_opened(problem, solved)], key=len)
    # With the sites of no better plan closed there may be no plan left: the one known is best.
    value = known if solved.status == "infeasible" else solved.bound - SOLVER_SLACK
    return _fewest(best, ceil(max(min(value, known), bound.value)))


def _relaxed(model: Model, clock: Clock) -> Solution:
    large = len(model.rows.columns) >= INTERIOR_POINT_ENTRIES
    return solve(model, time_limit_s=clock.left(), interior_point=large)


def _rounded(
    problem: CoveringProblem, relaxed: Solution, weights: FloatArray, most: int | None
) -> list[IntArray]:
    """Return the greedy plan among the sites that the linear relaxation opens in part."""
    if relaxed.values is None:
        return []
    support = np.flatnonzero(relaxed.values[: len(problem.sites)] > SUPPORT)
    plan = greedy_order(problem, weights, most=most, among=support)
    covers = most is not None or bool(problem.covered_groups(plan).all())
    return [plan] if covers else []


def _narrowed(model: Model, bound: Bound) -> Model:
    """Return the model with the sites that cannot matter closed, and those that must, open."""
    sites = len(bound.never)
    lower, upper = model.lower.copy(), model.upper.copy()
    # A site in both is in no better plan and in every one: there is no better plan at all.
    upper[:sites][bound.never] = 0.0
    lower[:sites][bound.always & ~bound.never] = 1.0
    return replace(model, lower=lower, upper=upper)


def _start(problem: CoveringProblem, sites: IntArray, model: Model) -> FloatArray | None:
    """Return the plan as a start for the solver, if the narrowed model still allows it."""
    values = start_values(problem, sites, model)
    return values if bool(np.all((model.lower <= values) & (values <= model.upper))) else None


def _opened(problem: CoveringProblem, solved: Solution) -> list[IntArray]:
    return [] if solved.values is None else [site_values(problem, solved.values)]


def _share(distance: float, whole: float) -> float:
    return 0.0 if distance <= 0 else distance / whole if whole else inf


def _most(
    problem: CoveringProblem, sites: IntArray, bound: float, gap: float, *, is_cut: bool
) -> Found:
    gain = problem.newly_covered(sites)
    left = _share(bound - gain, gain)
    if left <= PROOF_TOLERANCE:
        return Found(np.sort(sites), gain, 0.0, "optimal")
    status: Status = "optimal"
    if gap > 0 and left <= gap:
        status = "gap_reached"
    elif is_cut:
        status = "time_limit"
    # Branch and bound that ran to its end leaves no more than its tolerance: told, not hidden.
    return Found(np.sort(sites), bound, left, status)


def _fewest(sites: IntArray, bound: float) -> Found:
    left = _share(len(sites) - bound, len(sites))
    return Found(np.sort(sites), bound, left, "optimal" if left == 0 else "time_limit")
