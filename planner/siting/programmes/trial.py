"""A plan under way: measures come and go, and the flow of each year follows."""

from __future__ import annotations

from math import fsum, inf

import numpy as np

from planner.siting.programmes.evaluating import MONEY_SLACK, flows, places
from planner.siting.programmes.flows import Flow, Net, fewer_places, more_places, search_room
from planner.siting.programmes.problem import ProgrammeProblem, Reach
from planner.solver import IntArray
from planner.units import BoolArray, FloatArray


class Trial:
    """A plan under way, with the flow of each year and the money left.

    Its arrays change as measures are added and dropped; nothing leaves but ``when``.
    """

    def __init__(self, problem: ProgrammeProblem, reach: Reach, when: IntArray) -> None:
        self.problem = problem
        self.when = when.copy()
        self.net: Net
        self.net, self.flows = flows(reach, places(problem, when))
        self.asked = fsum(reach.demand.ravel())
        self.room = search_room(reach.rows, len(problem.sites))
        self.useful = problem.useful()
        self.beside = _beside(problem)
        self.needed = _needed(problem)
        self.has_needs = np.array([bool(others) for others in self.needed], dtype=np.bool_)
        early = np.arange(problem.years)[:, None] >= problem.first_year[None, :]
        self.most_useful = np.maximum(self.useful * early, 0.0).sum(axis=0)
        self.short = problem.required - problem.held - added_m2(problem, when)
        self.spent = np.array([fsum(problem.cost[when == year]) for year in range(problem.years)])

    def served(self) -> float:
        """Return how many are served over all years."""
        return self.asked - fsum(float(flow.left.sum()) for flow in self.flows)

    def earliest(self, bundle: list[int], cost: float, first: int = 0) -> int | None:
        """Return the first year in which a bundle can be done and paid; None if it never can."""
        years = self.problem.years
        first = max(first, self.not_before(bundle))
        money = self.problem.money
        used = np.cumsum(self.spent) if money.carries_over else self.spent
        free = (money.limits() - used).tolist()
        for year in range(first, years):
            touched = free[year:] if money.carries_over else free[year : year + 1]
            if min(touched) + MONEY_SLACK >= cost:
                return year
        return None

    def could_be_paid(self) -> BoolArray:
        """Return the measures not done for which there may be money: (measures,)."""
        money = self.problem.money
        used = np.cumsum(self.spent) if money.carries_over else self.spent
        free = money.limits() - used
        most = float(free[-1] if money.carries_over else free.max())
        # What something needs may bring money in.
        cheap = (self.problem.cost <= most + MONEY_SLACK) | self.has_needs
        return np.asarray(cheap & (self.when >= self.problem.years), dtype=np.bool_)

    def most_gains(self, goal: str) -> FloatArray:
        """Return what each measure could gain at most, over the years: (measures,)."""
        problem = self.problem
        if goal == "served":
            gains = np.where(problem.site >= 0, self.most_useful, 0.0)
        else:
            years = problem.years - problem.first_year
            gains = np.where(problem.group >= 0, problem.m2 * years, 0.0)
        return np.where(self.has_needs & (gains > 0), inf, gains)

    def bundle(self, measure: int) -> list[int] | None:
        """Return a measure with what it needs and is not done yet; None if something is in the way.

        What is done already in a later year than the measure would be is no help to it.
        """
        found: list[int] = []
        stack = [measure]
        years = self.problem.years
        while stack:
            one = stack.pop()
            if self.when[one] < years or one in found:
                continue
            if any(self.when[other] < years or other in found for other in self.beside[one]):
                return None
            found.append(one)
            stack += self.needed[one]
        return found

    def not_before(self, bundle: list[int]) -> int:
        """Return the first year in which all of a bundle may be done, by what it needs, too."""
        years = self.problem.years
        done = [
            int(self.when[other])
            for one in bundle
            for other in self.needed[one]
            if self.when[other] < years
        ]
        return max([*done, *(int(self.problem.first_year[one]) for one in bundle)])

    def add(self, bundle: list[int], year: int) -> float:
        """Do measures in a year; return how many more are served over the years."""
        gain = 0.0
        # Places that close go first: what opens beside them may take their people in.
        for one in sorted(bundle, key=lambda measure: self.problem.adds[measure]):
            gain += self._change(one, year, +1.0)
            self.when[one] = year
            self.spent[year] += self.problem.cost[one]
        return gain

    def drop(self, measure: int) -> float:
        """Undo a measure; return how many more are served over the years (a loss is negative)."""
        year = int(self.when[measure])
        gain = self._change(measure, year, -1.0)
        self.when[measure] = self.problem.years
        self.spent[year] -= self.problem.cost[measure]
        return gain

    def _change(self, measure: int, first: int, sign: float) -> float:
        problem = self.problem
        if problem.group[measure] >= 0:
            self.short[first:, problem.group[measure]] -= sign * problem.m2[measure]
        site, places_more = int(problem.site[measure]), sign * float(problem.adds[measure])
        if site < 0 or places_more == 0.0:
            return 0.0
        gain = 0.0
        for year in range(first, problem.years):
            flow = self.flows[year]
            if places_more > 0:
                gain += more_places(site, places_more, self.net, flow, self.room)
            else:
                gain -= fewer_places(site, -places_more, self.net, flow, self.room)
        return gain

    def kept(self) -> tuple[list[Flow], IntArray, FloatArray, FloatArray]:
        """Return all that changes, to come back to."""
        copies = [Flow(*(part.copy() for part in flow)) for flow in self.flows]
        return copies, self.when.copy(), self.spent.copy(), self.short.copy()

    def back(self, kept: tuple[list[Flow], IntArray, FloatArray, FloatArray]) -> None:
        """Come back to what :meth:`kept` returned."""
        copies, when, spent, short = kept
        for flow, copy in zip(self.flows, copies, strict=True):
            for part, saved in zip(flow, copy, strict=True):
                np.copyto(part, saved)
        self.when, self.spent, self.short = when.copy(), spent.copy(), short.copy()

    def gain(self, bundle: list[int], year: int) -> float:
        """Return how many more would be served, with nothing changed."""
        kept = self.kept()
        gain = self.add(bundle, year)
        self.back(kept)
        return gain

    def m2_short(self) -> float:
        """Return the m² short over all years and groups."""
        return float(np.maximum(self.short, 0.0).sum())


def added_m2(problem: ProgrammeProblem, when: IntArray) -> FloatArray:
    """Return the m² that a plan adds to each group by each year: (years, groups)."""
    added = np.zeros((problem.years, len(problem.groups)))
    for year in range(problem.years):
        done = (when <= year) & (problem.group >= 0)
        np.add.at(added[year], problem.group[done], problem.m2[done])
    return added


def _beside(problem: ProgrammeProblem) -> list[list[int]]:
    """Return for each measure those that it excludes."""
    beside: list[set[int]] = [set() for _ in problem.measures]
    for group in problem.exclusive:
        for one in group.tolist():
            beside[one].update(group.tolist())
    return [sorted(others - {one}) for one, others in enumerate(beside)]


def _needed(problem: ProgrammeProblem) -> list[list[int]]:
    needed: list[list[int]] = [[] for _ in problem.measures]
    for one, other in problem.needs.tolist():
        needed[one].append(other)
    return needed
