"""The linear relaxation, grown cut by cut: only what an asker's walk depends on is ever told.

One column a site (its share of being open) and one an asker (its cost). Whatever is open, asker
``i`` costs at least ``level - Σ_j (level - cost_ij)^+ open_j`` for every level: Benders' cuts of
the p-median problem (Magnanti & Wong 1981, Operations Research 29, 464-484; Duran-Mateluna, Ales &
Elloumi 2023, European Journal of Operational Research 304, 444-458), found in one pass over the
sites of an asker. The duals of the cuts are prices, and prices prove bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import frexp, inf
from typing import Final

import numpy as np

from planner.siting.covering.found import Clock
from planner.siting.walking.kernels import cut_levels, cut_rows
from planner.siting.walking.prices import PriceBound, SiteState, price_bound
from planner.siting.walking.problem import WalkingProblem
from planner.solver import GrowingProgram, IntArray, Model, SparseRows
from planner.units import FloatArray

VIOLATION: Final = 1e-7
"""Share of the mean cost by which a cut must be missed to be added."""

STALLED: Final = 0.02
"""Share of the distance to the goal that a round of cuts must win for another round to follow."""

STALLED_ROUNDS: Final = 4
"""Rounds in a row without it, after which branching does more."""

GLIMPSE_STEPS: Final = 100
"""Steps of the simplex method after which a glimpse is enough to compare sites by."""

IDLE_SOLVES: Final = 12
"""Solves in a row in which a cut had no price, after which it is dropped."""


@dataclass(frozen=True)
class Relaxed:
    """What the relaxation says of the plans that keep to a state.

    Parameters
    ----------
    bound
        The best that its prices prove, see :class:`PriceBound`.
    share
        Shape (sites,): how far each site is open.
    estimate
        The relaxation's own value; no proof.
    """

    bound: PriceBound
    share: FloatArray
    estimate: float


class Relaxation:
    """A relaxation that keeps the cuts it has learned.

    Parameters
    ----------
    problem
        What is asked, with the sites that still matter.
    prices
        Shape (askers,): its first cuts, so that it begins no lower than their bound.
    """

    def __init__(self, problem: WalkingProblem, prices: FloatArray) -> None:
        self.problem = problem
        self.solves = 0
        mean = float(problem.base.mean()) if len(problem.base) else 1.0
        _, exponent = frexp(max(mean, 1e-300))
        self._scale = 2.0 ** (8 - exponent) if not 1 <= exponent <= 16 else 1.0
        self._fixed_rows = 1 + len(problem.groups)
        self._program = GrowingProgram(median_master(problem, self._scale))
        self._owner = np.zeros(0, dtype=np.int64)
        self._level = np.zeros(0)
        self._idle = np.zeros(0, dtype=np.int64)
        self._cheapest = problem.cheapest()
        everyone = np.arange(len(problem.askers))
        self._add(everyone, np.clip(prices, 0.0, problem.base))

    def solve(self, state: SiteState, goal: float, clock: Clock) -> Relaxed:
        """Add cuts until none is missing, the goal is reached, or rounds win little.

        Parameters
        ----------
        state
            Which sites are settled.
        goal
            Bound at which to stop.
        clock
            When to stop at the latest.
        """
        sites = len(self.problem.sites)
        self._program.bound_columns(
            state.opened.astype(np.float64), (~state.closed).astype(np.float64)
        )
        best, best_value, dull = None, -inf, 0
        while True:
            solved = self._program.solve(time_limit_s=clock.left())
            self.solves += 1
            if solved.values is None or solved.row_duals is None:
                break
            prices, fees = self._prices(solved.row_duals)
            bound = price_bound(self.problem, prices, fees, state)
            share = np.clip(solved.values[:sites], 0.0, 1.0)
            told = solved.values[sites:] / self._scale
            missed = self._missed(share, told)
            gained = bound.value - best_value
            dull = 0 if gained > STALLED * (goal - bound.value) else dull + 1
            if best is None or bound.value >= best_value:
                best_value = bound.value
                best = Relaxed(bound, share, solved.objective / self._scale)
            else:
                best = Relaxed(best.bound, share, solved.objective / self._scale)
            if best_value >= goal or not missed or dull >= STALLED_ROUNDS or clock.is_over():
                break
        self._drop_idle()
        return best if best is not None else self._nothing(state)

    def glimpse(self, states: Sequence[SiteState]) -> FloatArray:
        """Return about what the relaxation would be in each of some states; no proof."""
        bounds = [
            (state.opened.astype(np.float64), (~state.closed).astype(np.float64))
            for state in states
        ]
        return self._program.glimpse(GLIMPSE_STEPS, bounds) / self._scale

    def _missed(self, share: FloatArray, told: FloatArray) -> bool:
        problem = self.problem
        levels, costs = cut_levels(
            problem.starts, problem.site_of, problem.cost, problem.base, share
        )
        least = VIOLATION * max(float(costs.mean()), 1e-300)
        missed = np.flatnonzero(costs - told > least)
        if len(missed):
            self._add(missed, levels[missed])
        return len(missed) > 0

    def _nothing(self, state: SiteState) -> Relaxed:
        """Return what can be said without the solver."""
        askers, groups = len(self.problem.askers), len(self.problem.groups)
        bound = price_bound(self.problem, np.zeros(askers), np.zeros(groups), state)
        return Relaxed(bound, state.opened.astype(np.float64), bound.value)

    def _add(self, askers: IntArray, levels: FloatArray) -> None:
        problem = self.problem
        starts, columns, values = cut_rows(
            problem.starts, problem.site_of, problem.cost, askers, levels, len(problem.sites)
        )
        own = starts[1:] - 1
        values = values * self._scale
        values[own] = 1.0
        self._program.add_rows(
            SparseRows(starts, columns, values), levels * self._scale, np.full(len(askers), inf)
        )
        self._owner = np.r_[self._owner, askers]
        self._level = np.r_[self._level, levels]
        self._idle = np.r_[self._idle, np.zeros(len(askers), dtype=np.int64)]

    def _prices(self, duals: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return each asker's price and each group's fee.

        An asker's column has its own lower bound, the cheapest site: that is a cut as well, and
        takes what the duals of the other cuts leave of 1.
        """
        problem = self.problem
        cut_duals = np.clip(duals[self._fixed_rows :], 0.0, 1.0)
        self._idle = np.where(cut_duals > 0.0, 0, self._idle + 1)
        askers = len(problem.askers)
        told = np.bincount(self._owner, weights=cut_duals, minlength=askers)
        prices = np.bincount(self._owner, weights=cut_duals * self._level, minlength=askers)
        rest = np.maximum(1.0 - told, 0.0) * self._cheapest
        fees = -duals[1 : self._fixed_rows] / self._scale
        return prices + rest, np.maximum(fees, 0.0)

    def _drop_idle(self) -> None:
        idle = np.flatnonzero(self._idle >= IDLE_SOLVES)
        if len(idle) < 0.3 * len(self._idle):
            return
        self._program.drop_rows(self._fixed_rows + idle)
        self._owner = np.delete(self._owner, idle)
        self._level = np.delete(self._level, idle)
        self._idle = np.delete(self._idle, idle)


def median_master(problem: WalkingProblem, scale: float = 1.0) -> Model:
    """Return the relaxation without cuts.

    ``min Σ_i z_i`` with ``Σ_j open_j <= p``, ``Σ_{j in g} open_j <= 1`` for each group,
    ``0 <= open_j <= 1`` and ``z_i`` at least the cost of the asker's nearest site.

    Parameters
    ----------
    problem
        ``p = most_open``.
    scale
        A power of two by which all costs are multiplied, for the solver's absolute tolerances.
    """
    sites, askers = len(problem.sites), len(problem.askers)
    sizes = [len(group) for group in problem.groups]
    members = [np.arange(sites), *problem.groups]
    starts = np.r_[0, np.cumsum([sites, *sizes])].astype(np.int64)
    rows = SparseRows(starts, np.concatenate(members), np.ones(int(starts[-1])))
    return Model(
        cost=np.r_[np.zeros(sites), np.ones(askers)],
        lower=np.r_[np.zeros(sites), problem.cheapest() * scale],
        upper=np.r_[np.ones(sites), np.full(askers, inf)],
        rows=rows,
        row_lower=np.full(rows.count, -inf),
        row_upper=np.r_[float(problem.most_open), np.ones(len(sizes))],
        integral=np.zeros(sites + askers, dtype=np.bool_),
        sense="minimise",
    )
