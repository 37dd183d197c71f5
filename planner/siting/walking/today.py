"""Keeping today's centres where a plan without them walks no less.

Each centre that may close is given an asker of its own, who pays next to nothing, and nothing
where the centre stays. Where all costs are whole numbers this decides exactly; else walks that
differ by less than :data:`EQUAL_SHARE` count as equal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, fsum
from typing import Final

import numpy as np

from planner.siting.walking.problem import WalkingProblem

EQUAL_SHARE: Final = 1e-10
"""Share of the least walk by which plans may differ and still be called equal."""


@dataclass(frozen=True)
class Favoured:
    """A problem in which staying is worth something.

    Parameters
    ----------
    problem
        Costs times ``unit``, and one asker more for each centre that may close.
    unit
        Factor of the costs.
    most
        What all these askers pay together at most.
    """

    problem: WalkingProblem
    unit: float
    most: float

    def bound_there(self, bound: float, *, whole: bool) -> float:
        """Return what a bound on this problem proves of the one that it was made from."""
        value = (bound - self.most) / self.unit
        # A whole-numbered bound times its unit is a few digits long: nothing is rounded up.
        return float(ceil(value - 1e-9)) if whole else value


def favouring_today(problem: WalkingProblem) -> Favoured:
    """Return a problem with a small worth on each centre of today that stays."""
    staying = np.flatnonzero(problem.today)
    count = len(staying)
    if not count:
        return Favoured(problem, 1.0, 0.0)
    unit, fee = (count + 1.0, 1.0) if problem.whole else (1.0, 0.0)
    if not fee:
        fee = EQUAL_SHARE * max(fsum(problem.cheapest().tolist()), 1e-300) / count
    entries = len(problem.cost)
    favoured = replace(
        problem,
        askers=np.r_[problem.askers, np.full(count, -1)],
        base=np.r_[problem.base * unit, np.full(count, fee)],
        starts=np.r_[problem.starts, entries + 1 + np.arange(count)],
        site_of=np.r_[problem.site_of, staying],
        cost=np.r_[problem.cost * unit, np.zeros(count)],
        penalised=np.r_[problem.penalised, np.zeros(count, dtype=np.bool_)],
    )
    return Favoured(favoured, unit, fee * count)
