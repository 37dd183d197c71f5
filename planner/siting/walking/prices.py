"""What no plan can beat, worked out by plain sums from a price for each asker.

An asker pays its price ``u_i`` and is then served by any open site for the difference. For *any*
prices up to the bases, and any fee ``v_g >= 0`` for each group of which at most one may be open,
every plan costs at least::

    Σ_i u_i - Σ_g v_g + Σ_{j open} (Σ_{g with j} v_g + Σ_i min(0, cost_ij - u_i))

so the least of it over the sites that may be opened is a bound (Cornuéjols, Fisher & Nemhauser
1977, Management Science 23, 789-810). It stands on no solver's word. The same sums tell which
sites no better plan opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, inf
from typing import Final

import numpy as np

from planner.siting.walking.interchange import Interchange, Plan
from planner.siting.walking.kernels import nearest_two, reduced_costs, times_served
from planner.siting.walking.problem import WalkingProblem
from planner.units import BoolArray, FloatArray

SUM_SLACK: Final = 1e-12
"""Share of the prices: far above the rounding of a float64 sum of a million terms."""

PROOF_TOLERANCE: Final = 1e-9
"""Share by which bound and plan may differ and still be called equal: far below one step."""

FEW_STEPS: Final = 50
STEPS: Final = 1200
"""Steps of an ascent, from a few to many by the number of pairs; the linear relaxation does the
rest."""

PAIRS_A_STEP: Final = 50
"""Pairs for which one step more is taken."""

PATIENCE: Final = 20
"""Steps without a better bound after which the step length is cut."""

SHORTER: Final = 0.7
"""Factor of the step length when patience ends."""

MEMORY: Final = 0.3
"""Share of the last direction in the next (Camerini, Fratta & Maffioli 1975)."""

LISTENING: Final = 60
"""Steps between two plans that are made from the prices."""


@dataclass(frozen=True)
class SiteState:
    """Which sites are settled: shape (sites,), each open by force, closed, or free."""

    opened: BoolArray
    closed: BoolArray

    @property
    def free(self) -> BoolArray:
        """Sites that are not settled."""
        free: BoolArray = ~(self.opened | self.closed)
        return free


@dataclass(frozen=True)
class PriceBound:
    """A bound, and what it becomes when a free site is opened or closed against its will."""

    value: float
    if_opened: FloatArray
    if_closed: FloatArray
    picked: BoolArray


def price_bound(
    problem: WalkingProblem, prices: FloatArray, fees: FloatArray, state: SiteState
) -> PriceBound:
    """Return the bound that prices prove for the plans that keep to a state.

    Parameters
    ----------
    problem
        What is asked.
    prices
        Shape (askers,); brought between 0 and the bases first.
    fees
        Shape (groups,); brought to 0 or more first.
    state
        Sites that are open or closed in the plans looked at; not more open than allowed.
    """
    prices = np.clip(prices, 0.0, problem.base)
    fees = np.maximum(fees, 0.0)
    count = len(problem.sites)
    worth = reduced_costs(problem.starts, problem.site_of, problem.cost, prices, count)
    for group, fee in zip(problem.groups, fees, strict=True):
        worth[group] += fee
    room = problem.most_open - int(state.opened.sum())
    free = np.flatnonzero(state.free)
    order = free[np.argsort(worth[free], kind="stable")]
    taken = order[:room][worth[order[:room]] < 0.0]
    paid, waived = float(prices.sum()), float(fees.sum())
    value = paid - waived + float(worth[state.opened].sum()) + float(worth[taken].sum())
    value -= SUM_SLACK * (paid + waived)
    last = min(float(worth[order[room - 1]]), 0.0) if 0 < room <= len(order) else 0.0
    after = min(float(worth[order[room]]), 0.0) if room < len(order) else 0.0
    if_opened = value + np.maximum(worth - last, 0.0) if room > 0 else np.full(count, inf)
    picked = state.opened.copy()
    picked[taken] = True
    return PriceBound(value, if_opened, value + np.maximum(after - worth, 0.0), picked)


class Goal:
    """The bound from which plans can only be as good as one that is known.

    Parameters
    ----------
    problem
        Where all its costs are whole, so is every better plan: it costs at least 1 less.
    gap
        Share of the walk by which a plan may be worse than the best; penalties are no walk.
    standing
        Walk beside the problem, in the unit of its costs.
    spared
        What a bound loses afterwards, in the same unit.
    """

    def __init__(
        self,
        problem: WalkingProblem,
        *,
        gap: float = 0.0,
        standing: float = 0.0,
        spared: float = 0.0,
    ) -> None:
        self.problem, self.gap, self.standing, self.spared = problem, gap, standing, spared
        self._whole = problem.whole

    def of(self, plan: Plan) -> float:
        """Return the goal that a plan sets."""
        goal = plan.cost * (1.0 - PROOF_TOLERANCE)
        if self._whole:
            goal = min(goal, float(np.nextafter(plan.cost - 1.0, inf)))
        if self.gap > 0.0:
            unpaid = fsum(self.problem.base[self.problem.unserved(plan.is_open)].tolist())
            walk = fsum([plan.cost, self.standing, -unpaid])
            goal = min(goal, plan.cost - max(self.gap * walk - self.spared, 0.0))
        return max(goal, 0.0)


@dataclass(frozen=True)
class Ascent:
    """Where an ascent has ended.

    Parameters
    ----------
    bound
        No plan is better, but for plans no better than ``plan``.
    prices
        Shape (askers,): those that prove it.
    alive
        Shape (sites,): the sites that a better plan could open.
    plan
        The best plan seen.
    """

    bound: float
    prices: FloatArray
    alive: BoolArray
    plan: Plan


def ascend(search: Interchange, plan: Plan, goals: Goal) -> Ascent:
    """Raise the bound of the prices step by step, and rule out sites on the way.

    Subgradient steps after Held, Wolfe & Crowder (1974, Mathematical Programming 6, 62-88): a
    price rises where nobody serves its asker, and falls where several do. Fees stay 0.

    Parameters
    ----------
    search
        Makes plans of the whole problem.
    plan
        A plan to measure against.
    goals
        The bound at which to stop.
    """
    whole = search.problem
    _, first, second = nearest_two(
        whole.starts, whole.site_of, whole.cost, whole.base, plan.is_open
    )
    prices, fees = (first + second) / 2, np.zeros(len(whole.groups))
    alive = np.ones(len(whole.sites), dtype=np.bool_)
    problem, state = whole, _settled(whole)
    best, best_prices, length, waited = -inf, prices, 1.5, 0
    direction = np.zeros(len(prices))
    for step in range(min(FEW_STEPS + len(whole.cost) // PAIRS_A_STEP, STEPS)):
        bound = price_bound(problem, prices, fees[: len(problem.groups)], state)
        waited = waited + 1 if bound.value <= best + 1e-6 * abs(best) else 0
        if bound.value > best:
            best, best_prices = bound.value, prices
            goal = goals.of(plan)
            never = (bound.if_opened >= goal) & state.free
            if best >= goal or length < 1e-3:
                break
            if never.sum() > 0.1 * len(never):
                alive[np.flatnonzero(alive)[never]] = False
                problem = problem.narrowed(~never)
                state = _settled(problem)
                bound = price_bound(problem, prices, fees[: len(problem.groups)], state)
        if step % LISTENING == 0:
            plan = _listened(search, plan, alive, bound.picked)
            if best >= goals.of(plan):
                break
        if waited >= PATIENCE:
            prices, length, waited = best_prices, length * SHORTER, 0
            bound = price_bound(problem, prices, fees[: len(problem.groups)], state)
        served = times_served(problem.starts, problem.site_of, problem.cost, prices, bound.picked)
        if np.all(served == 1.0):
            # No prices prove more; what is left of the last directions would lead nowhere.
            break
        direction = 1.0 - served + MEMORY * direction
        # Not `direction @ direction`: that would start threads for a sum of some thousands.
        square = float(np.square(direction).sum())
        if square == 0.0 or length < 1e-3 or search.clock.is_over():
            break
        stride = length * max(plan.cost - bound.value, 0.0) / square
        prices = np.clip(prices + stride * direction, 0.0, problem.base)
    return Ascent(best, best_prices, alive, plan)


def _settled(problem: WalkingProblem) -> SiteState:
    return SiteState(problem.required.copy(), np.zeros(len(problem.sites), dtype=np.bool_))


def _listened(search: Interchange, plan: Plan, alive: BoolArray, picked: BoolArray) -> Plan:
    """Return the better of a plan and the one that the prices suggest."""
    wanted = np.zeros(len(alive))
    wanted[np.flatnonzero(alive)[picked]] = 1.0
    nothing = np.zeros(len(alive), dtype=np.bool_)
    other = search.improved(search.filled(search.filled(nothing, among=wanted)))
    return other if other.cost < plan.cost else plan
