"""Keeping today's centres where a plan without them is no better.

Whether a centre of today stays is a second question, put after the first. Both are asked at once:
each centre that may close is given a resident of its own, who weighs less than any difference that
matters, or costs a little less than a new one. Where weights are whole numbers, this decides
exactly; else, coverage that differs by less than :data:`EQUAL_SHARE` counts as equal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from planner.siting.covering.models import whole
from planner.siting.covering.problem import CoveringProblem
from planner.units import FloatArray

EQUAL_SHARE: Final = 1e-10
"""Share of the largest group by which coverage may differ and still be called equal."""


def favouring_today(problem: CoveringProblem) -> tuple[CoveringProblem, float]:
    """Return the problem in which staying is worth something, and its unit of weight.

    Parameters
    ----------
    problem
        The problem.

    Returns
    -------
    CoveringProblem, float
        The same sites; the groups with their weights times the unit, then one group for each of
        ``problem.today``, of weight 1 in whole numbers, and next to nothing otherwise. So a
        weight there, divided by the unit and (whole numbers) rounded down, is one here.
    """
    count = len(problem.today)
    if not count:
        return problem, 1.0
    unit, bonus = (count + 1.0, 1.0) if whole(problem.weights) else (1.0, 0.0)
    if not bonus:
        bonus = EQUAL_SHARE * float(problem.weights.max()) / count
    entries = len(problem.site_of)
    return replace(
        problem,
        starts=np.r_[problem.starts, entries + 1 + np.arange(count)],
        site_of=np.r_[problem.site_of, problem.today],
        weights=np.r_[problem.weights * unit, np.full(count, bonus)],
    ), unit


def opening_costs(problem: CoveringProblem) -> FloatArray:
    """Return what opening each site costs where the fewest are sought, in whole numbers.

    With ``n`` centres that may close, a new one costs ``n + 1``, one of them ``n``: no number of
    them outweighs one centre more, and a cost divided by ``n + 1`` and rounded up is a number of
    centres.
    """
    cost = np.full(len(problem.sites), len(problem.today) + 1.0)
    cost[problem.today] -= 1.0
    return cost
