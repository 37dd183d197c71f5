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

from planner.siting.covering.greedy import reach
from planner.siting.covering.models import whole
from planner.siting.covering.problem import CoveringProblem
from planner.solver import IntArray
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
    problem: CoveringProblem,
    new_centres: int,
    prices: FloatArray,
    known: float,
    *,
    rents: FloatArray | None = None,
) -> Bound:
    """Return the Lagrangian bound of the maximal covering problem.

    For any prices ``0 <= u_g <= w_g`` and rents ``v_C >= 0``: ``Σ_g w_g y_g <= Σ_g (w_g - u_g) +
    Σ_C v_C + Σ_j S_j x_j`` with ``S_j = Σ_{g reached by j} u_g - Σ_{C with j} v_C``, so no plan
    covers more than ``Σ_g (w_g - u_g) + Σ_C v_C`` plus the ``p`` largest ``S_j`` above 0 (Galvão &
    ReVelle 1996, European Journal of Operational Research 88, 114-123).

    Parameters
    ----------
    problem
        ``w = problem.weights``.
    new_centres
        ``p``, 1 or more.
    prices
        Shape (groups,): ``u``; brought into its bounds first.
    known
        Gain of a plan already known.
    rents
        Shape (conflicts,): ``v``, brought into its bounds first; None means 0.
    """
    prices = np.clip(np.nan_to_num(prices), 0.0, problem.weights)
    rents = _rents(problem, rents)
    worth = reach(problem, prices) - rent_of_sites(problem, rents)
    ranked = np.r_[np.sort(np.maximum(worth, 0.0))[::-1], 0.0]
    count = min(new_centres, len(worth))
    free = fsum(problem.weights - prices) + fsum(rents)
    value = (free + fsum(ranked[:count])) * (1.0 + SUM_SLACK)
    # Best plan with site j opened, or closed, against its will. With room for all sites, only
    # those of negative worth are opened against it.
    last = ranked[count - 1] if new_centres <= len(worth) else 0.0
    opened = value - np.maximum(last - worth, 0.0)
    closed = value - np.maximum(worth - ranked[count], 0.0)
    if whole(problem.weights):
        value, opened, closed = floor(value), np.floor(opened), np.floor(closed)
    return Bound(min(float(value), fsum(problem.weights)), opened <= known, closed <= known)


def _rents(problem: CoveringProblem, rents: FloatArray | None) -> FloatArray:
    if rents is None:
        return np.zeros(len(problem.conflicts))
    return np.maximum(np.nan_to_num(rents, posinf=0.0), 0.0)


def rent_of_sites(problem: CoveringProblem, rents: FloatArray) -> FloatArray:
    """Return, for each site, the summed rents of the conflicts that it is in."""
    by_site = problem.conflicts_by_site
    site = np.repeat(np.arange(len(problem.sites)), np.diff(by_site.starts))
    total = np.bincount(site, weights=rents[by_site.group_of], minlength=len(problem.sites))
    return total.astype(np.float64)


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


def fewest_centres_bound(
    problem: CoveringProblem,
    prices: FloatArray,
    known: float,
    *,
    cost: FloatArray | None = None,
    rents: FloatArray | None = None,
) -> Bound:
    """Return the Lagrangian bound of the set covering problem.

    For any prices ``u_g >= 0`` and rents ``v_C >= 0`` a plan costs at least ``Σ_g u_g - Σ_C v_C -
    Σ_j max(0, r_j)`` with ``r_j = Σ_{g reached by j} u_g - Σ_{C with j} v_C - c_j``: what groups
    pay beyond the cost of a site may be had by opening it. Opening ``j`` with ``r_j < 0`` wastes
    ``-r_j``, leaving out ``j`` with ``r_j > 0`` loses ``r_j``.

    Parameters
    ----------
    problem
        The groups that must all be covered.
    prices
        Shape (groups,): ``u``; brought into 0 to the largest cost first.
    known
        Cost of a plan already known.
    cost
        ``c``, shape (sites,); None means 1 each. With whole numbers the bound is rounded up.
    rents
        Shape (conflicts,): ``v``, brought into its bounds first; None means 0.
    """
    cost = np.ones(len(problem.sites)) if cost is None else cost
    # A price above the cost of every site is worth no more than that.
    prices = np.clip(np.nan_to_num(prices), 0.0, float(cost.max()))
    rents = _rents(problem, rents)
    surplus = reach(problem, prices) - rent_of_sites(problem, rents) - cost
    sums = [fsum(prices), -fsum(rents), -fsum(np.maximum(surplus, 0.0))]
    value = fsum(sums) - SUM_SLACK * fsum(np.abs(sums))
    opened = value + np.maximum(-surplus, 0.0)
    closed = value + np.maximum(surplus, 0.0)
    least = float(cost.min())
    if whole(cost):
        value, opened, closed = ceil(value), np.ceil(opened), np.ceil(closed)
    return Bound(max(float(value), least), opened >= known, closed >= known)
