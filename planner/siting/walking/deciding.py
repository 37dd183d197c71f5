"""Can so many sites cover everybody? Asked again and again by the search on the distance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import Final, Literal

import numpy as np

from planner.siting.covering.bounds import fewest_centres_bound
from planner.siting.covering.dominance import without_dominated
from planner.siting.covering.found import Clock
from planner.siting.covering.greedy import greedy_order
from planner.siting.covering.models import fewest_centres_model, site_values
from planner.siting.covering.problem import CoveringProblem
from planner.siting.covering.swaps import moved
from planner.solver import IntArray, Model, SparseRows, solve
from planner.units import FloatArray

Answer = Literal["yes", "no", "unknown"]
Effort = Literal["plans", "prices", "exact"]
"""How far to go: look for a plan; then for prices that rule one out; then branch and bound."""

NO_SITES: Final = np.zeros(0, dtype=np.int64)

ANY_PLAN: Final = 1.0
"""Gap at which the solver stops with the first plan that it finds."""


@dataclass(frozen=True)
class Decision:
    """Whether a plan exists; the positions of its sites where it does."""

    answer: Answer
    sites: IntArray


def decide(problem: CoveringProblem, room: int, *, effort: Effort, clock: Clock) -> Decision:
    """Decide whether at most ``room`` sites can cover every group.

    Parameters
    ----------
    problem
        The reduced problem; each group has at least one site.
    room
        Largest number of open sites.
    effort, clock
        How far to go, and when to stop.

    Returns
    -------
    Decision
        "no" rests on prices and plain sums, or on branch and bound that ran to its end.
    """
    if not problem.groups:
        return Decision("yes", NO_SITES)
    if room <= 0:
        return Decision("no", NO_SITES)
    core, where = without_dominated(problem, cover_all=True)
    heads = np.ones(core.groups)
    plan = greedy_order(core, heads, most=room)
    if not core.covered_groups(plan).all():
        plan = moved(core, heads, plan, room)
    if core.covered_groups(plan).all():
        return Decision("yes", where[plan])
    if effort == "plans":
        return Decision("unknown", NO_SITES)
    left = clock.left()
    relaxed = solve(fewest_centres_model(core, integral=False), time_limit_s=left)
    if relaxed.status == "infeasible":
        return Decision("no", NO_SITES)
    if relaxed.row_duals is not None:
        bound = fewest_centres_bound(
            core,
            np.abs(relaxed.row_duals[: core.groups]),
            inf,
            rents=np.abs(relaxed.row_duals[core.groups :]),
        )
        if bound.value > room:
            return Decision("no", NO_SITES)
    if effort == "prices" or clock.is_over():
        return Decision("unknown", NO_SITES)
    return _branched(core, where, room, clock)


def _branched(core: CoveringProblem, where: IntArray, room: int, clock: Clock) -> Decision:
    model = counted(fewest_centres_model(core), room)
    solved = solve(model, time_limit_s=clock.left(), gap=ANY_PLAN)
    if solved.values is not None:
        plan = site_values(core, solved.values)
        if len(plan) <= room and core.covered_groups(plan).all() and core.allows(plan):
            return Decision("yes", where[plan])
    return Decision("no" if solved.status == "infeasible" else "unknown", NO_SITES)


def counted(model: Model, room: int) -> Model:
    """Return a covering model with a row more: at most ``room`` of its sites are open."""
    sites, rows = len(model.cost), model.rows
    return replace(
        model,
        rows=SparseRows(
            np.r_[rows.starts, rows.starts[-1] + sites],
            np.r_[rows.columns, np.arange(sites)],
            np.r_[rows.values, np.ones(sites)],
        ),
        row_lower=np.r_[model.row_lower, -inf],
        row_upper=np.r_[model.row_upper, float(room)],
    )


def keeping_today(problem: CoveringProblem, room: int, sites: IntArray, clock: Clock) -> IntArray:
    """Return a plan that covers as well and keeps the most of today's centres, then opens fewest.

    Parameters
    ----------
    problem, room, clock
        As for :func:`decide`.
    sites
        Positions of a plan that covers every group.
    """
    if not len(problem.today):
        return sites
    cost = np.ones(len(problem.sites))
    cost[problem.today] = -float(len(problem.sites))
    model = counted(fewest_centres_model(problem, cost=cost), room)
    solved = solve(model, time_limit_s=clock.left(), start=_opened(sites, len(cost)))
    if solved.values is None:
        return sites
    plan = site_values(problem, solved.values)
    allowed = len(plan) <= room and problem.allows(plan)
    covers = bool(problem.covered_groups(plan).all())
    return plan if covers and allowed and cost[plan].sum() <= cost[sites].sum() else sites


def _opened(sites: IntArray, count: int) -> FloatArray:
    values = np.zeros(count)
    values[sites] = 1.0
    return values
