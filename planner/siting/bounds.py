"""What no plan can beat, worked out from prices that any solver may have suggested.

A price on each group of residents gives a bound by plain sums. The bound holds for *any* prices,
however they were found, so it stands on no solver's word or tolerance; good prices (the duals of
the linear relaxation) make it tight. The same sums tell which sites can be left out, or must be
taken, in every plan that is better than one already known.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, fsum
from typing import Final

import numpy as np

from planner.siting.greedy import reach
from planner.siting.models import whole
from planner.siting.problem import CoveringProblem, IntArray
from planner.units import BoolArray, FloatArray

SUM_SLACK: Final = 1e-12
"""Far above the rounding of a float64 sum of a million terms, far below one person."""


@dataclass(frozen=True)
class Bound:
    """A bound, and which sites can matter to a plan that beats a known one.

    Parameters
    ----------
    value
        No plan is better.
    never, always
        Shape (sites,): sites that no better plan opens; sites that every better plan opens.
    """

    value: float
    never: BoolArray
    always: BoolArray


def most_people_bound(
    problem: CoveringProblem, new_centres: int, prices: FloatArray, known: float
) -> Bound:
    """Return the Lagrangian bound of the maximal covering problem.

    For any prices ``0 <= u_g <= w_g``: ``Σ_g w_g y_g <= Σ_g (w_g - u_g) + Σ_j S_j x_j`` with
    ``S_j = Σ_{g reached by j} u_g``, so no plan covers more than ``Σ_g (w_g - u_g)`` plus the
    ``p`` largest ``S_j`` (Galvão & ReVelle 1996, European Journal of Operational Research 88,
    114-123).

    Parameters
    ----------
    problem
        ``w = problem.weights``.
    new_centres
        ``p``, from 1 up to below the number of sites.
    prices
        Shape (groups,): ``u``; brought into its bounds first.
    known
        Gain of a plan already known.
    """
    prices = np.clip(np.nan_to_num(prices), 0.0, problem.weights)
    worth = reach(problem, prices)
    ranked = np.sort(worth)[::-1]
    free = fsum(problem.weights - prices)
    value = (free + fsum(ranked[:new_centres])) * (1.0 + SUM_SLACK)
    # Best plan with site j opened, or closed, against its will.
    opened = value - np.maximum(ranked[new_centres - 1] - worth, 0.0)
    closed = value - np.maximum(worth - ranked[new_centres], 0.0)
    if whole(problem.weights):
        value, opened, closed = floor(value), np.floor(opened), np.floor(closed)
    return Bound(min(float(value), fsum(problem.weights)), opened <= known, closed <= known)


def leftover_prices(problem: CoveringProblem, chosen: IntArray) -> FloatArray:
    """Return prices without a solver: full for the groups that a good plan leaves, else 0.

    The bound that they give is the plan's own gain and the ``p`` largest gains that are left
    (Nemhauser, Wolsey & Fisher 1978).
    """
    return np.where(problem.covered_groups(chosen), 0.0, problem.weights)


def even_prices(problem: CoveringProblem) -> FloatArray:
    """Return prices without a solver: each group's even share of the largest site reaching it."""
    sizes = reach(problem, np.ones(problem.groups))
    return np.asarray(1.0 / np.maximum.reduceat(sizes[problem.site_of], problem.starts[:-1]))


def fewest_centres_bound(problem: CoveringProblem, prices: FloatArray, known: int) -> Bound:
    """Return the dual bound of the set covering problem.

    For any prices ``u_g >= 0`` with ``S_j = Σ_{g reached by j} u_g <= 1`` at every site, a plan
    has at least ``Σ_g u_g`` sites: each pays for its groups at most once. Opening ``j`` wastes
    ``1 - S_j``.

    Parameters
    ----------
    problem
        The groups that must all be covered.
    prices
        Shape (groups,): ``u``; brought into 0 to 1, then scaled down until they are allowed.
    known
        Number of sites of a plan already known.
    """
    # A price above 1 is allowed at no site, and every group has one.
    prices = np.clip(np.nan_to_num(prices), 0.0, 1.0)
    worth = reach(problem, prices)
    scale = (1.0 - SUM_SLACK) / max(float(worth.max()), 1.0)
    value = fsum(prices) * scale
    opened = np.ceil(value + np.maximum(1.0 - worth * scale, 0.0))
    return Bound(float(max(ceil(value), 1)), opened >= known, np.zeros(len(worth), np.bool_))
