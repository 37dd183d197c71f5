"""Good plans, found fast: greedy opening, then exchanges of one site for another.

Neither is taken for an optimum. They are what the bounds are measured against, and the better
they are the more sites a bound rules out.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Final

import numpy as np

from planner.siting.covering.found import Clock
from planner.siting.walking.exchanging import exchange
from planner.siting.walking.kernels import nearest_two, opening_gains
from planner.siting.walking.problem import WalkingProblem
from planner.solver import IntArray
from planner.units import BoolArray, FloatArray

KICK_SHARE: Final = 0.15
"""Share of the open sites that a kick closes: enough to leave a valley, few enough to keep most of
a good plan (our own choice, tried on random graphs)."""

PAIRS_AT_ONCE: Final = 50_000_000
"""Pairs to look at between two looks at the clock."""

NOISE: Final = 1e-11
"""Share of the cost below which an exchange saves nothing: far above rounding."""


@dataclass(frozen=True)
class Plan:
    """Open sites (shape (sites,)) and their cost."""

    is_open: BoolArray
    cost: float


class Interchange:
    """Looks for plans of a problem that keep its rules.

    Parameters
    ----------
    problem
        What is asked; its rules can all be kept together.
    clock
        When to stop looking for better plans.
    """

    def __init__(self, problem: WalkingProblem, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        self._by_site = problem.by_site()
        self._clash_starts, self._clash_with = _clashes(problem)
        self._required = problem.required.copy()
        # As many looks as make about a tenth of a second: often enough to look at the clock.
        each = 1 + len(problem.cost) // max(len(problem.sites), 1) + problem.most_open
        self._looks = max(PAIRS_AT_ONCE // each, len(problem.sites) + 1)

    def cost(self, is_open: BoolArray) -> float:
        """Return the cost of a plan, exactly rounded."""
        return fsum(self._nearest(is_open)[1].tolist())

    def improved(self, is_open: BoolArray) -> Plan:
        """Return a plan that opening or exchanging one site makes no better."""
        problem, now = self.problem, is_open.copy()
        noise = NOISE * self.cost(now)
        while not self.clock.is_over():
            left = exchange(
                problem.starts,
                problem.site_of,
                problem.cost,
                problem.base,
                *self._by_site,
                now,
                self._required,
                problem.most_open,
                self._clash_starts,
                self._clash_with,
                noise,
                self._looks,
            )
            if left > 0:
                break
        return Plan(now, self.cost(now))

    def filled(self, is_open: BoolArray, among: FloatArray | None = None) -> BoolArray:
        """Return a plan with sites opened, the one that saves most first, while there is room.

        Parameters
        ----------
        is_open
            A plan that keeps the rules.
        among
            Shape (sites,): take the sites by this number, the largest first, while it is
            positive, instead of by what they save.
        """
        now = is_open | self._required
        allowed = ~now
        for site in np.flatnonzero(now):
            allowed[self._clashing(int(site))] = False
        while now.sum() < self.problem.most_open:
            worth = self._savings(now) if among is None else among
            worth = np.where(allowed, worth, 0.0)
            best = int(np.argmax(worth)) if len(worth) else -1
            if best < 0 or worth[best] <= 0.0:
                break
            now[best], allowed[best] = True, False
            allowed[self._clashing(best)] = False
        return now

    def greedy(self) -> Plan:
        """Return the greedy plan, improved."""
        nothing = np.zeros(len(self.problem.sites), dtype=np.bool_)
        return self.improved(self.filled(nothing))

    def kicked(self, plan: Plan, random: np.random.Generator) -> Plan:
        """Return what becomes of a plan when some of its sites are drawn anew, and improved."""
        leaving = np.flatnonzero(plan.is_open & ~self._required)
        if not len(leaving) or self.clock.is_over():
            return plan
        count = min(len(leaving), max(2, round(KICK_SHARE * len(leaving))))
        now = plan.is_open.copy()
        now[random.choice(leaving, count, replace=False)] = False
        drawn = random.random(len(now)) + 1e-9
        return self.improved(self.filled(now, among=drawn))

    def needed(self, is_open: BoolArray) -> BoolArray:
        """Return a plan without the sites that nobody would miss, but for those of today.

        Of two sites of which either can go, the last goes.
        """
        now = is_open.copy()
        for one in np.flatnonzero(now & ~self._required & ~self.problem.today)[::-1]:
            site, first, second = self._nearest(now)
            if np.all(second[site == one] <= first[site == one]):
                now[one] = False
        return now

    def _savings(self, is_open: BoolArray) -> FloatArray:
        return opening_gains(*self._by_site, self._nearest(is_open)[1])

    def _nearest(self, is_open: BoolArray) -> tuple[IntArray, FloatArray, FloatArray]:
        problem = self.problem
        return nearest_two(problem.starts, problem.site_of, problem.cost, problem.base, is_open)

    def _clashing(self, site: int) -> IntArray:
        return self._clash_with[self._clash_starts[site] : self._clash_starts[site + 1]]


def _clashes(problem: WalkingProblem) -> tuple[IntArray, IntArray]:
    """Return, by site, the sites that may not be open beside it."""
    pairs = [
        np.stack([np.repeat(group, len(group)), np.tile(group, len(group))])
        for group in problem.groups
    ]
    sites = len(problem.sites)
    both = np.concatenate(pairs, axis=1) if pairs else np.zeros((2, 0), dtype=np.int64)
    keys = np.unique(both[0] * max(sites, 1) + both[1])
    first, second = np.divmod(keys, max(sites, 1))
    apart = first != second
    counts = np.bincount(first[apart], minlength=sites)
    return np.r_[0, np.cumsum(counts)], second[apart]
