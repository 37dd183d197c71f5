"""The search for the best plan of a reduced problem.

A greedy plan first, so that there is always one. Then the linear relaxation, whose prices bound
what any plan can do and whose support holds a better plan, made better still by moving centres;
covering problems are often settled here. What is left, with the sites that cannot matter closed
and those that must be there open, merged anew, goes to branch and bound.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor, inf
from typing import Final

import numpy as np

from planner.siting.covering.bounds import (
    Bound,
    even_prices,
    fewest_centres_bound,
    leftover_prices,
    most_people_bound,
)
from planner.siting.covering.dominance import without_dominated
from planner.siting.covering.found import (
    PROOF_TOLERANCE,
    Clock,
    Found,
    found_fewest,
    found_most,
    share,
)
from planner.siting.covering.greedy import greedy_order
from planner.siting.covering.models import (
    fewest_centres_model,
    fewest_for_weight_model,
    most_people_model,
    site_values,
    start_values,
    weight_scale,
    whole,
)
from planner.siting.covering.narrowing import Rest, rest_of
from planner.siting.covering.prices import polished
from planner.siting.covering.problem import CoveringProblem
from planner.siting.covering.swaps import fewer, moved
from planner.siting.covering.today import favouring_today, opening_costs
from planner.solver import IntArray, Model, Solution, Status, solve
from planner.units import FloatArray

__all__ = ["Clock", "Found", "best_cover", "cover_who_can", "smallest_cover"]

SOLVER_SLACK: Final = 1e-5
"""What a whole-numbered bound of branch and bound may be off by (its tolerance is 1e-6)."""

INTERIOR_POINT_ENTRIES: Final = 50_000
"""Size of matrix from which the interior-point method beats the simplex method here."""

SUPPORT: Final = 1e-3
"""Share of a site in the linear relaxation from which rounding looks at it."""


def best_cover(
    problem: CoveringProblem, new_centres: int, *, time_limit_s: float | None, gap: float
) -> Found:
    """Return the plan of at most ``new_centres`` sites that newly covers the most.

    Among plans that cover the same, one that keeps the most of today's centres.

    Parameters
    ----------
    problem
        The reduced problem.
    new_centres
        Largest number of open sites, today's that stay among them.
    time_limit_s
        Seconds after which to stop, or None.
    gap
        Relative gap at which to stop; 0 for the optimum.
    """
    clock = Clock(time_limit_s)
    favoured, unit = favouring_today(problem)
    greedy = greedy_order(favoured, favoured.weights, most=new_centres)
    if new_centres == 0 or not favoured.groups or favoured.covered_groups(greedy).all():
        return Found(np.sort(greedy), problem.newly_covered(greedy), 0.0, "optimal")
    core, where = without_dominated(favoured)
    plan, bound, is_cut = _most(core, new_centres, clock, gap)
    bound /= unit
    if whole(problem.weights) and bound < inf:
        bound = floor(bound)
    return found_most(problem, where[plan], bound, gap, is_cut=is_cut)


def _most(
    core: CoveringProblem, most: int, clock: Clock, gap: float
) -> tuple[IntArray, float, bool]:
    """Return a plan, a bound, and whether time ran out before the two met."""

    def better(plan: IntArray) -> IntArray:
        return moved(core, core.weights, plan, most)

    greedy = greedy_order(core, core.weights, most=most)
    # Scaling by a power of two rounds nothing, on the way there and back.
    scale = weight_scale(core.weights)
    scaled = replace(core, weights=core.weights * scale)
    relaxed = _relaxed(most_people_model(scaled, most, integral=False), clock)
    plans = [better(greedy), *map(better, _rounded(core, relaxed, core.weights, most))]
    best = max(plans, key=core.newly_covered)
    known = core.newly_covered(best)
    prices, rents = leftover_prices(core, greedy), np.zeros(len(core.conflicts))
    if relaxed.row_duals is not None:
        prices = np.abs(relaxed.row_duals[: core.groups]) / scale
        rents = np.abs(relaxed.row_duals[core.groups + 1 :]) / scale
    bound = most_people_bound(core, most, prices, known, rents=rents)
    if relaxed.row_duals is not None:
        bound = polished(core, most, prices, rents, bound, known, clock)
    if share(bound.value - known, known) <= max(gap, PROOF_TOLERANCE) or clock.is_over():
        return best, bound.value, True

    rest = rest_of(core, bound)
    if rest is None or len(rest.sure) > most:
        return best, known, False
    return _most_of_rest(core, rest, most, best, bound, clock, gap)


def _most_of_rest(
    core: CoveringProblem,
    rest: Rest,
    most: int,
    best: IntArray,
    bound: Bound,
    clock: Clock,
    gap: float,
) -> tuple[IntArray, float, bool]:
    known, sure = core.newly_covered(best), core.newly_covered(rest.sure)
    small, room = rest.problem, most - len(rest.sure)
    if not room or not small.groups:
        best = max([best, rest.sure], key=core.newly_covered)
        return best, core.newly_covered(best), False
    scale = weight_scale(small.weights)
    model = most_people_model(replace(small, weights=small.weights * scale), room)
    start = moved(small, small.weights, greedy_order(small, small.weights, most=room), room)
    solved = solve(
        model,
        time_limit_s=clock.left(),
        # As a share of what the rest can be worth at most, so that the whole keeps to its gap.
        gap=min(share(gap * known, bound.value - sure), 0.99),
        start=start_values(small, start, model),
    )
    plans = [best, rest.plan(start), *map(rest.plan, _opened(small, solved))]
    best = max(plans, key=core.newly_covered)
    value = sure + solved.bound / scale if solved.status != "infeasible" else 0.0
    if whole(core.weights) and value < inf:
        value = floor(value + SOLVER_SLACK)
    # Plans that were closed off are no better than the one known, so they raise no bound.
    value = min(max(value, known), bound.value)
    return best, value, solved.status == "time_limit"


def smallest_cover(
    problem: CoveringProblem, *, time_limit_s: float | None, gap: float = 0.0
) -> Found:
    """Return the plan with the fewest sites that covers every group.

    Among plans of as many sites, one that keeps the most of today's centres.

    Parameters
    ----------
    problem, time_limit_s, gap
        As for :func:`best_cover`.

    Returns
    -------
    Found
        With status "infeasible" if conflicts allow no plan that covers every group; if time ran
        out before one was found, the plan leaves groups out, its bound is 1 and its gap infinite.
    """
    clock = Clock(time_limit_s)
    if not problem.groups:
        return Found(np.zeros(0, np.int64), 0.0, 0.0, "optimal")
    cost = opening_costs(problem)
    core, where = without_dominated(problem, cost=cost, cover_all=True)
    cost = cost[where]
    plan, status = _some_cover(core, clock)
    if status != "optimal":
        return Found(where[plan], 1.0, inf, status)
    plan, value = _fewest(core, cost, plan, clock, gap)
    return found_fewest(where[plan], ceil(value / (len(problem.today) + 1.0)), gap)


def _some_cover(core: CoveringProblem, clock: Clock) -> tuple[IntArray, Status]:
    """Return a plan that covers every group, or that none does, or that time ran out."""
    plan = greedy_order(core, np.ones(core.groups))
    if core.covered_groups(plan).all():
        return plan, "optimal"
    heads = replace(core, weights=np.ones(core.groups), today=np.zeros(0, np.int64))
    full = best_cover(heads, len(core.sites), time_limit_s=clock.left(), gap=0.0)
    if core.covered_groups(full.sites).all():
        return full.sites, "optimal"
    return full.sites, "infeasible" if full.bound < core.groups else "time_limit"


def _fewest(
    core: CoveringProblem, cost: FloatArray, plan: IntArray, clock: Clock, gap: float
) -> tuple[IntArray, float]:
    """Return a cheapest plan that covers every group, and what none is cheaper than."""

    def price(sites: IntArray) -> float:
        return float(cost[sites].sum())

    every = np.ones(core.groups)
    relaxed = _relaxed(fewest_centres_model(core, cost=cost, integral=False), clock)
    rounded = _rounded(core, relaxed, every, None)
    best = min([fewer(core, one, cost, clock) for one in (plan, *rounded)], key=price)
    known = price(best)
    prices, rents = even_prices(core) * cost.min(), np.zeros(len(core.conflicts))
    if relaxed.row_duals is not None:
        prices = np.abs(relaxed.row_duals[: core.groups])
        rents = np.abs(relaxed.row_duals[core.groups :])
    bound = fewest_centres_bound(core, prices, known, cost=cost, rents=rents)
    if share(known - bound.value, known) <= gap or clock.is_over():
        return best, bound.value

    rest = rest_of(core, bound, cost=cost, cover_all=True)
    if rest is None:
        return best, known
    small, sure = rest.problem, price(rest.sure)
    if not small.groups:
        return min([best, rest.sure], key=price), min(known, sure)
    model = fewest_centres_model(small, cost=cost[rest.where])
    start = _start(small, rest, best, model)
    solved = solve(model, time_limit_s=clock.left(), gap=gap, start=start)
    best = min([best, *map(rest.plan, _opened(small, solved))], key=price)
    # With the sites of no better plan closed there may be no plan left: the one known is best.
    value = known if solved.status == "infeasible" else sure + solved.bound - SOLVER_SLACK
    return best, ceil(max(min(value, known), bound.value))


def cover_who_can(problem: CoveringProblem, *, time_limit_s: float | None, gap: float) -> Found:
    """Return the fewest sites that cover as much weight as the conflicts allow.

    Parameters
    ----------
    problem, time_limit_s, gap
        As for :func:`smallest_cover`.

    Returns
    -------
    Found
        Its bound is about plans that cover as much as it does.
    """
    clock = Clock(time_limit_s)
    found = smallest_cover(problem, time_limit_s=time_limit_s, gap=gap)
    if problem.covered_groups(found.sites).all():
        return found
    most = best_cover(problem, len(problem.sites), time_limit_s=clock.left(), gap=0.0)
    if most.status != "optimal":
        return Found(most.sites, 1.0, share(len(most.sites) - 1.0, len(most.sites)), "time_limit")
    weight = problem.newly_covered(most.sites)
    cost, scale = opening_costs(problem), weight_scale(problem.weights)
    scaled = replace(problem, weights=problem.weights * scale)
    # Whole weights leave half a person of room, others the share that counts as proven.
    slack = 0.5 if whole(problem.weights) else PROOF_TOLERANCE * weight
    model = fewest_for_weight_model(scaled, cost, (weight - slack) * scale)
    start = start_values(problem, most.sites, model)
    solved = solve(model, time_limit_s=clock.left(), gap=gap, start=start)
    plans = [most.sites, *_opened(problem, solved)]
    best = min(plans, key=lambda sites: float(cost[sites].sum()))
    bound = max(solved.bound - SOLVER_SLACK, 1.0)
    return found_fewest(best, ceil(bound / (len(problem.today) + 1.0)), gap)


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


def _start(small: CoveringProblem, rest: Rest, best: IntArray, model: Model) -> FloatArray | None:
    """Return the plan known as a start for the solver, if the rest still holds it."""
    chosen = np.flatnonzero(np.isin(rest.where, best))
    covers = bool(small.covered_groups(chosen).all())
    return start_values(small, chosen, model) if covers else None


def _opened(problem: CoveringProblem, solved: Solution) -> list[IntArray]:
    return [] if solved.values is None else [site_values(problem, solved.values)]
