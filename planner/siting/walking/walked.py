"""What a search for walks hands back, and the best of plans that can all be looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from planner.siting.asking.inputs import Question
from planner.solver import IntArray, Status
from planner.units import BoolArray


@dataclass(frozen=True)
class Walked:
    """A plan of walks, and what is proven of it.

    Parameters
    ----------
    sites
        Positions in ``question.candidates`` of the open sites, ascending.
    value
        The walk that the search claims, in sum or the longest.
    bound
        No plan that reaches as much weight does better.
    gap
        Distance of plan and bound, as a share of the plan.
    status
        What this proves.
    """

    sites: IntArray
    value: float
    bound: float
    gap: float
    status: Status


def least_of(
    question: Question,
    plans: Sequence[BoolArray],
    value: Callable[[IntArray], float],
    *,
    equal: float = 0.0,
) -> Walked:
    """Return the plan of least value, of all that count.

    Of equal plans, one that keeps the most of today's centres; of those, the one whose sites stand
    first.

    Parameters
    ----------
    question
        As asked.
    plans
        Shape (candidates,) each: one or more.
    value
        Of a plan, by its positions in ``question.candidates``.
    equal
        Share by which plans may differ and still be called equal.
    """
    today = question.rules.today
    ranked = []
    for plan in plans:
        sites = np.flatnonzero(plan)
        ranked.append((value(sites), int(np.sum(today & ~plan)), tuple(sites.tolist())))
    least = min(ranked)[0]
    as_good = [one for one in ranked if one[0] <= least * (1.0 + equal)]
    best = min(as_good, key=lambda one: one[1:])
    return Walked(np.array(best[2], dtype=np.int64), best[0], best[0], 0.0, "optimal")
