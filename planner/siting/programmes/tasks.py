"""One goal's turn: what is to be small, what is kept, how long it may take, and the best so far."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Final, Literal

from planner.siting.asking.settings import finite
from planner.siting.programmes.bounds import Settled
from planner.siting.programmes.evaluating import Worth, at_most, is_allowed, worth
from planner.siting.programmes.problem import ProgrammeProblem, Reach
from planner.siting.programmes.served_cuts import Cut
from planner.siting.programmes.years import Goal
from planner.solver import IntArray

Aim = Mapping[Goal, float]
"""Factors of the goals, all to be small (served counts as minus the persons)."""

Scope = Literal["all_plans", "these_measures"]
Proof = Literal["prices", "branch_and_bound"]
GoalStatus = Literal["optimal", "gap_reached", "time_limit", "best_found"]

PROVEN: Final = 1e-8
"""Share by which value and bound may differ and still be called equal."""


class Clock:
    """What is left of a time limit."""

    def __init__(self, limit_s: float | None) -> None:
        self.began = time.perf_counter()
        self.ends = inf if limit_s is None else self.began + limit_s

    @classmethod
    def of(cls, time_limit_s: object) -> Clock:
        """Return the clock of a time limit that may still have to be looked over."""
        seconds = finite(time_limit_s)
        return cls(seconds if seconds > 0 else None)

    def left(self) -> float | None:
        """Return the seconds left, at least a little; None without a limit."""
        return None if self.ends == inf else max(self.ends - time.perf_counter(), 0.01)

    def is_over(self) -> bool:
        """Tell whether the time is up."""
        return time.perf_counter() >= self.ends

    def part(self, share: float) -> Clock:
        """Return a clock for a share of what is left."""
        left = self.left()
        return Clock(None if left is None else left * share)


@dataclass(frozen=True)
class GoalFound:
    """How far a goal is reached, and how surely.

    Parameters
    ----------
    name
        The goal, or ``weighted``.
    value, bound
        As the planner reads them: persons served (no plan more than the bound), else m²,
        person-minutes, yuan (no plan less).
    gap
        ``|value - bound|`` as a share of the value.
    status
        ``optimal``, ``gap_reached``, ``time_limit`` or ``best_found``.
    scope
        Whether the bound holds for all plans that keep the goals before, or for the measures
        chosen only.
    proof
        Whether the bound stands on prices (plain sums) or on branch and bound.
    seconds
        Wall time.
    """

    name: str
    value: float
    bound: float
    gap: float
    status: GoalStatus
    scope: Scope
    proof: Proof
    seconds: float


@dataclass(frozen=True, eq=False)
class Kept:
    """A goal that later ones must keep: the sum of ``aim`` is at most ``limit``."""

    aim: Aim
    limit: float


@dataclass(frozen=True, eq=False)
class Task:
    """One goal's turn: what is to be small, what is kept, and how far to go.

    Parameters
    ----------
    problem, groups
        The problem and its merged reach.
    name, aim
        The goal.
    kept
        What the goals before have reached.
    gap
        Share at which to stop.
    settled
        Measures that every plan does, or leaves, that keeps what is kept.
    cuts
        What goals before have learned of the persons served.
    """

    problem: ProgrammeProblem
    groups: Reach
    name: str
    aim: Aim
    kept: tuple[Kept, ...]
    gap: float
    settled: Settled = field(default_factory=Settled)
    cuts: tuple[Cut, ...] = ()

    @property
    def with_walk(self) -> bool:
        """Whether the walk counts, in the goal or in what is kept."""
        return any("walk" in aim for aim in (self.aim, *(one.aim for one in self.kept)))

    @property
    def floor(self) -> float:
        """Persons that must stay served."""
        served = [-one.limit for one in self.kept if set(one.aim) == {"served"}]
        return max(served, default=-inf)

    def cost(self, one: Worth) -> float:
        """Return what a plan costs by the goal."""
        return cost_of(one, self.aim)

    def worth(self, when: IntArray) -> Worth:
        """Return what a plan comes to."""
        return worth(self.problem, self.groups, when, with_walk=self.with_walk)

    def keeps(self, one: Worth) -> bool:
        """Tell whether a plan gives up nothing that is reached already."""
        return all(at_most(cost_of(one, kept.aim), kept.limit) for kept in self.kept)


def cost_of(one: Worth, aim: Aim) -> float:
    """Return the weighted sum of a plan's goals, to be small."""
    return float(sum(factor * one.cost(goal) for goal, factor in aim.items()))


def without_walk(task: Task) -> Task:
    """Return the task without the walk that it keeps: every bound stays true, if weaker."""
    return replace(task, kept=tuple(one for one in task.kept if "walk" not in one.aim))


class Best:
    """The best plan so far for a task."""

    def __init__(self, task: Task, when: IntArray) -> None:
        self.task, self.when = task, when
        self.worth = task.worth(when)
        self.cost = task.cost(self.worth)

    def offer(self, when: IntArray) -> None:
        """Take a plan if it is allowed, gives up nothing, and is better."""
        task = self.task
        if not is_allowed(task.problem, when):
            return
        found = worth(task.problem, task.groups, when, with_walk=False)
        if task.with_walk:
            # The walk takes longest: first is seen whether the plan is of use but for that.
            useless = "walk" not in task.aim and not self._is_less(task.cost(found))
            if useless or not without_walk(task).keeps(found):
                return
            found = task.worth(when)
        if self._is_less(task.cost(found)) and task.keeps(found):
            self.when, self.worth, self.cost = when, found, task.cost(found)

    def _is_less(self, cost: float) -> bool:
        return cost < self.cost - PROVEN * max(abs(self.cost), 1.0)

    def gap(self, bound: float) -> float:
        """Return how far the plan is from a bound, as a share of its value."""
        left = self.cost - bound
        if left <= PROVEN * max(abs(self.cost), 1e-6):
            return 0.0
        return left / abs(self.cost) if self.cost else inf


class Bound:
    """What no plan costs less than, and what that rests on; beside the best plan so far."""

    def __init__(self, best: Best) -> None:
        self.best = best
        self.value = -inf
        self.proof: Proof = "prices"

    def raise_to(self, value: float, proof: Proof) -> None:
        """Take a bound if it says more; none is above the plan in hand."""
        value = min(value, self.best.cost)
        if value > self.value:
            self.value, self.proof = value, proof

    def gap(self) -> float:
        """Return how far the plan in hand is from the bound, as a share of its value."""
        return self.best.gap(self.value)

    def is_open(self) -> bool:
        """Tell whether the gap is more than asked for."""
        return self.gap() > self.best.task.gap
