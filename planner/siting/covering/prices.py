"""Prices that bound a covering problem: taken from a linear relaxation, then polished."""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.siting.covering.bounds import Bound, most_people_bound, rent_of_sites
from planner.siting.covering.found import Clock
from planner.siting.covering.greedy import reach
from planner.siting.covering.problem import CoveringProblem
from planner.units import FloatArray

ROUNDS: Final = 40
"""Steps of polishing: a few hundredths of the time of the linear relaxation."""

PATIENCE: Final = 5
"""Steps without a better bound before the next ones become half as long."""


def polished(
    problem: CoveringProblem,
    new_centres: int,
    prices: FloatArray,
    rents: FloatArray,
    bound: Bound,
    known: float,
    clock: Clock,
) -> Bound:
    """Return the best bound along a short subgradient descent (Held, Wolfe & Crowder 1974).

    Each step raises the prices of groups that the ``p`` sites of the largest worth leave out, and
    lowers those of groups that several of them reach.

    Parameters
    ----------
    problem, new_centres, prices, rents, known
        As for :func:`planner.siting.covering.bounds.most_people_bound`.
    bound
        What ``prices`` and ``rents`` give.
    clock
        Stops the descent.
    """
    length, waited = 1.0, 0
    rent = rent_of_sites(problem, rents)
    for _ in range(ROUNDS):
        if bound.value <= known or clock.is_over():
            break
        worth = reach(problem, prices) - rent
        taken = np.zeros(len(worth))
        taken[np.argsort(-worth, kind="stable")[:new_centres]] = 1.0
        taken[worth <= 0] = 0.0
        slope = 1.0 - np.add.reduceat(taken[problem.site_of], problem.starts[:-1])
        steepness = float(slope @ slope)
        if not steepness:
            break
        step = length * (bound.value - known) / steepness
        prices = np.clip(prices + step * slope, 0.0, problem.weights)
        other = most_people_bound(problem, new_centres, prices, known, rents=rents)
        if other.value < bound.value:
            bound, waited = other, 0
        else:
            waited += 1
            length = length / 2 if waited % PATIENCE == 0 else length
    return bound
