"""What one more place at a centre would give: a place for somebody more, or a shorter walk.

Prices of a linear programme do not say that: where several fit, any may come out. Both figures are
worked out from the plan itself, by the chains of moves that one more place would set off.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.coverage.assigning_problem import AssignmentProblem
from planner.units import BoolArray, FloatArray

SHOWN_PERSONS: Final = 1e-6
"""Fewer persons than this are rounding, not people: they are no state and fill no centre."""

HAIR_MINUTES: Final = 1e-9
"""A chain that saves less than this more is rounding."""


def serves_one_more(problem: AssignmentProblem, persons: FloatArray) -> BoolArray:
    """Tell for each centre whether one more place there would find a place for somebody more.

    So it is where somebody without a place can walk there, or somebody can who has a place at
    such a centre (a chain of moves ends in a freed place).

    Parameters
    ----------
    problem, persons
        The problem and its best plan, persons by arc.
    """
    served = np.bincount(problem.resident_of, weights=persons, minlength=len(problem.demand))
    wanting = problem.demand - served > SHOWN_PERSONS
    short = np.zeros(len(problem.capacity), np.bool_)
    while True:
        known = short.copy()
        short[problem.site_of[wanting[problem.resident_of]]] = True
        if (short == known).all():
            return short
        wanting[problem.resident_of[short[problem.site_of] & (persons > SHOWN_PERSONS)]] = True


def minutes_saved(problem: AssignmentProblem, persons: FloatArray) -> FloatArray:
    """Return by centre the minutes of walk that one more place would save those who are served.

    The best chain that it sets off: somebody comes from centre ``k``, which frees a place there,
    which somebody takes who comes from ``l``, and so on. Longest paths by Bellman (1958, Quarterly
    of Applied Mathematics 16, 87-90); they end, since in the best plan no circle of moves saves.

    Parameters
    ----------
    problem, persons
        The problem and its best plan, persons by arc.
    """
    sites = len(problem.capacity)
    going = np.flatnonzero(persons > SHOWN_PERSONS)
    # Every way of somebody who goes to one centre and could go to another.
    counts = np.bincount(problem.resident_of, minlength=len(problem.demand))
    firsts = np.cumsum(counts) - counts
    rows = problem.resident_of[going]
    left_by = np.repeat(going, counts[rows])
    within_row = np.arange(len(left_by)) - np.repeat(
        np.cumsum(counts[rows]) - counts[rows], counts[rows]
    )
    come_by = firsts[problem.resident_of[left_by]] + within_row
    saved = problem.minutes[left_by] - problem.minutes[come_by]
    pairs, pair_of = np.unique(
        problem.site_of[left_by] * sites + problem.site_of[come_by], return_inverse=True
    )
    most = np.full(len(pairs), -np.inf)
    np.maximum.at(most, pair_of, saved)
    left, come = np.divmod(pairs, max(sites, 1))
    worth = np.zeros(sites)
    for _ in range(sites):
        longer = worth.copy()
        np.maximum.at(longer, come, most + worth[left])
        if (longer <= worth + HAIR_MINUTES).all():
            break
        worth = longer
    return worth
