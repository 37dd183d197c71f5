"""What is left to decide once prices have closed some sites for good and opened others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.siting.covering.bounds import Bound
from planner.siting.covering.dominance import without_dominated
from planner.siting.covering.problem import CoveringProblem, restricted
from planner.solver import IntArray
from planner.units import FloatArray


@dataclass(frozen=True)
class Rest:
    """The part of a problem in which a better plan would have to be.

    Parameters
    ----------
    problem
        The smaller problem.
    where
        Shape (its sites,): their positions in the problem it comes from.
    sure
        Positions, there, of the sites that every better plan opens.
    """

    problem: CoveringProblem
    where: IntArray
    sure: IntArray

    def plan(self, chosen: IntArray) -> IntArray:
        """Return the plan of the whole that opens these sites (positions) of the rest."""
        return np.sort(np.r_[self.sure, self.where[chosen]])


def rest_of(
    problem: CoveringProblem,
    bound: Bound,
    *,
    cost: FloatArray | None = None,
    cover_all: bool = False,
) -> Rest | None:
    """Return what is left of a problem for plans better than the one known.

    Parameters
    ----------
    problem
        The problem.
    bound
        Which sites matter to a better plan.
    cost, cover_all
        As for :func:`planner.siting.covering.dominance.without_dominated`.

    Returns
    -------
    Rest or None
        None if there is no better plan: a site is in none of them and in all of them, or two
        that are in all of them may not be open together.
    """
    sure = np.flatnonzero(bound.always)
    if (bound.never & bound.always).any() or not problem.allows(sure):
        return None
    sites = ~bound.never & ~bound.always
    held = np.flatnonzero(problem.in_conflicts(bound.always.astype(np.float64)))
    for conflict in held:
        sites[problem.conflicts[conflict]] = False
    left = ~problem.covered_groups(sure)
    if cover_all and (left & ~problem.covered_groups(np.flatnonzero(sites))).any():
        return None
    smaller, where = restricted(problem, sites, left)
    smaller, kept = without_dominated(
        smaller, cost=None if cost is None else cost[where], cover_all=cover_all
    )
    return Rest(smaller, where[kept], sure)
