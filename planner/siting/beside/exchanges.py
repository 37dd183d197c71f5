"""What covering plans are worth with one site dropped, one opened, or one in place of another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.siting.covering.problem import CoveringProblem
from planner.solver import IntArray
from planner.units import BoolArray, FloatArray


@dataclass(frozen=True)
class Exchanges:
    """A covering plan, and what becomes of it when one site changes.

    Parameters
    ----------
    problem
        The reduced problem.
    opened
        Positions of the open sites, ascending.
    """

    problem: CoveringProblem
    opened: IntArray

    @cached_property
    def _seen(self) -> IntArray:
        """How many open sites reach each group."""
        is_open = np.zeros(len(self.problem.sites))
        is_open[self.opened] = 1.0
        counts = np.bincount(
            self.problem.group_of(),
            weights=is_open[self.problem.site_of],
            minlength=self.problem.groups,
        )
        return counts.astype(np.int64)

    @cached_property
    def gain(self) -> FloatArray:
        """Weight that each site would add to the plan, shape (sites,)."""
        problem = self.problem
        left = np.where(self._seen == 0, problem.weights, 0.0)
        return np.bincount(
            problem.site_of, weights=left[problem.group_of()], minlength=len(problem.sites)
        ).astype(np.float64)

    @cached_property
    def loss(self) -> FloatArray:
        """Weight that the plan loses with each open site dropped, shape (opened,)."""
        problem = self.problem
        alone = np.where(self._seen == 1, problem.weights, 0.0)
        reach = np.bincount(
            problem.site_of, weights=alone[problem.group_of()], minlength=len(problem.sites)
        )
        return np.asarray(reach[self.opened])

    @cached_property
    def change(self) -> FloatArray:
        """Change of the covered weight when a site takes the place of an open one.

        Shape (sites, opened): ``gain_j - loss_r + regained_jr``, where ``regained`` is what only
        ``r`` reaches of the open sites and ``j`` reaches too. Minus infinity where ``j`` is open,
        or at most one of it and another open site may be.
        """
        problem = self.problem
        place = np.full(len(problem.sites), -1)
        place[self.opened] = np.arange(len(self.opened))
        group_of = problem.group_of()
        entry = (place[problem.site_of] >= 0) & (self._seen == 1)[group_of]
        owner = np.full(problem.groups, -1)
        owner[group_of[entry]] = place[problem.site_of[entry]]
        shared = owner[group_of] >= 0
        count = max(len(self.opened), 1)
        regained = np.bincount(
            problem.site_of[shared] * count + owner[group_of[shared]],
            weights=problem.weights[group_of[shared]],
            minlength=len(problem.sites) * count,
        ).reshape(len(problem.sites), count)[:, : len(self.opened)]
        change = self.gain[:, None] - self.loss[None, :] + regained
        return np.where(self.is_allowed, change, -np.inf)

    @cached_property
    def is_allowed(self) -> BoolArray:
        """Whether a site may take the place of an open one, shape (sites, opened)."""
        problem = self.problem
        allowed = np.ones((len(problem.sites), len(self.opened)), dtype=np.bool_)
        allowed[self.opened] = False
        for conflict in problem.conflicts:
            in_the_way = np.isin(self.opened, conflict)
            if in_the_way.any():
                # Only for the one that stands in the way; with two of them there is no plan.
                allowed[np.ix_(conflict, ~in_the_way)] = False
        return allowed

    @cached_property
    def is_free(self) -> BoolArray:
        """Whether a site may open beside all open ones, shape (sites,)."""
        free = np.ones(len(self.problem.sites), dtype=np.bool_)
        free[self.opened] = False
        for conflict in self.problem.conflicts:
            if np.isin(self.opened, conflict).any():
                free[conflict] = False
        return free
