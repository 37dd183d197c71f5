"""Askers who would turn to the same sites in the same order decide as one.

Whatever is open, the nearest open site of each of them is the same, so their costs may be summed
site by site. With few sites left, thousands of residents become hundreds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from planner.siting.walking.problem import WalkingProblem
from planner.solver import IntArray
from planner.units import FloatArray

MOST_CELLS: Final = 30_000_000
"""Askers times sites in the longest row up to which rows are compared (two bytes a cell)."""


def alike_as_one(problem: WalkingProblem) -> tuple[WalkingProblem, IntArray]:
    """Return the problem with askers summed who have the same sites in the same order.

    Parameters
    ----------
    problem
        Up to 65,535 sites.

    Returns
    -------
    WalkingProblem, ndarray of int
        Plans cost in it what they cost before; shape (askers,): the new asker of each. The new
        ``askers`` are the first of those summed; ``penalised`` is theirs.
    """
    askers, lengths = len(problem.askers), np.diff(problem.starts)
    longest = int(lengths.max(initial=0))
    too_large = askers * longest > MOST_CELLS or len(problem.sites) >= 2**16 - 1
    if not longest or too_large:
        return problem, np.arange(askers)
    rows = np.zeros((askers, longest), dtype=np.uint16)
    asker_of = np.repeat(np.arange(askers), lengths)
    rows[asker_of, np.arange(len(problem.cost)) - problem.starts[asker_of]] = problem.site_of + 1
    keys = rows.view(np.dtype((np.void, rows.itemsize * longest))).ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    count, kept = len(first), lengths[first]
    starts = np.r_[0, np.cumsum(kept)]
    entry = starts[group[asker_of]] + np.arange(len(problem.cost)) - problem.starts[asker_of]
    site_of = np.zeros(int(starts[-1]), dtype=np.int64)
    site_of[entry] = problem.site_of
    merged = replace(
        problem,
        askers=problem.askers[first],
        base=_summed(group, problem.base, count),
        starts=starts,
        site_of=site_of,
        cost=_summed(entry, problem.cost, len(site_of)),
        penalised=problem.penalised[first],
    )
    return merged, group.astype(np.int64)


def _summed(position: IntArray, values: FloatArray, count: int) -> FloatArray:
    return np.bincount(position, weights=values, minlength=count).astype(np.float64)
