"""What a search hands back, the time that it has, and when a plan counts as proven."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np

from planner.siting.covering.problem import CoveringProblem
from planner.solver import IntArray, Status

PROOF_TOLERANCE: Final = 1e-9
"""Share by which bound and plan may differ and still be called equal: far below one person."""


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
        What this proves. "infeasible": the plan does not cover everybody, and none does.
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


def share(distance: float, whole: float) -> float:
    """Return a distance as a share, 0 where there is none, infinite where it is all there is."""
    return 0.0 if distance <= 0 else distance / whole if whole else inf


def found_most(
    problem: CoveringProblem, sites: IntArray, bound: float, gap: float, *, is_cut: bool
) -> Found:
    """Return a plan for the most people with what its bound proves."""
    gain = problem.newly_covered(sites)
    left = share(bound - gain, gain)
    if left <= PROOF_TOLERANCE:
        return Found(np.sort(sites), gain, 0.0, "optimal")
    status: Status = "optimal"
    if gap > 0 and left <= gap:
        status = "gap_reached"
    elif is_cut:
        status = "time_limit"
    # Branch and bound that ran to its end leaves no more than its tolerance: told, not hidden.
    return Found(np.sort(sites), bound, left, status)


def found_fewest(sites: IntArray, bound: float, gap: float = 0.0) -> Found:
    """Return a plan of few sites with what its bound proves."""
    left = share(len(sites) - bound, len(sites))
    if left == 0:
        return Found(np.sort(sites), float(len(sites)), 0.0, "optimal")
    status: Status = "gap_reached" if left <= gap else "time_limit"
    return Found(np.sort(sites), bound, left, status)
