"""The programme as arrays: who asks, where there are places, what can be done for how much.

Positions follow the order of the ids, so that the order of the tables never matters. Residents
without anybody who asks, and those whom no place can ever reach, are left out; sites that can
never hold anybody are, too. None of this changes what the best programme is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from planner.solver import IntArray
from planner.units import FloatArray


@dataclass(frozen=True, eq=False)
class Reach:
    """Who reaches which sites: one entry an arc, by row, then by site.

    Parameters
    ----------
    demand
        Shape (years, rows): persons who ask, not negative.
    row_of, site_of
        Shape (arcs,): positions.
    minutes
        Shape (arcs,): the walk; 0 where rows of different walks were merged.
    """

    demand: FloatArray
    row_of: IntArray
    site_of: IntArray
    minutes: FloatArray

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.demand.shape[1])

    @property
    def starts(self) -> IntArray:
        """Where each row's arcs begin, shape (rows + 1,)."""
        return np.searchsorted(self.row_of, np.arange(self.rows + 1)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Money:
    """The money of each year.

    Parameters
    ----------
    budget
        Shape (years,), yuan; infinite where there is no limit.
    carries_over
        Whether what a year leaves may be spent in the next.
    """

    budget: FloatArray
    carries_over: bool

    def limits(self) -> FloatArray:
        """Return what may be spent up to each year (carried over), or in it."""
        return np.cumsum(self.budget) if self.carries_over else self.budget


@dataclass(frozen=True, eq=False)
class ProgrammeProblem:
    """What a programme chooses from.

    Parameters
    ----------
    residents, sites, measures, groups
        Ids in canonical order: rows of ``reach``, sites that may hold somebody, measures that can
        be chosen, service groups whose required and held area are known.
    reach
        Every resident row by itself, with walks.
    capacity
        Shape (sites,): persons whom the centres of today take.
    site, adds, m2, group, cost, first_year
        Shape (measures,): position of the site (-1: one that can hold nobody), persons and m² that
        the measure adds (negative: takes away), position of its group (-1: none), yuan net of what
        it saves, first year (position) in which it can be done.
    required, held
        Shape (years, groups) and (groups,): m².
    exclusive
        Groups of measures (positions) of which at most one is ever done.
    needs
        Shape (pairs, 2): a measure, and one that must be done by the same year.
    must
        Groups of measures of which at least one must be done by the last year.
    money
        The budgets.
    remembered
        The least walks worked out last, by year and places held (:func:`.evaluating.walks`).
    """

    residents: pd.Index[Any]
    sites: pd.Index[Any]
    measures: pd.Index[Any]
    groups: pd.Index[Any]
    reach: Reach
    capacity: FloatArray
    site: IntArray
    adds: FloatArray
    m2: FloatArray
    group: IntArray
    cost: FloatArray
    first_year: IntArray
    required: FloatArray
    held: FloatArray
    exclusive: tuple[IntArray, ...]
    needs: IntArray
    must: tuple[IntArray, ...]
    money: Money
    remembered: dict[tuple[int, bytes], FloatArray] = field(
        default_factory=dict, init=False, repr=False
    )

    @property
    def years(self) -> int:
        """Number of years."""
        return len(self.money.budget)

    def seen(self) -> FloatArray:
        """Return how many ask in each year among those who reach each site: (years, sites)."""
        seen = np.zeros((self.years, len(self.sites)))
        for year in range(self.years):
            asked = self.reach.demand[year][self.reach.row_of]
            seen[year] = summed(self.reach.site_of, asked, len(self.sites))
        return seen

    def useful(self) -> FloatArray:
        """Return the persons that each measure adds, at most as many as ask: (years, measures).

        Places beyond those who can walk there serve nobody; counted in full they would let the
        relaxed programme serve everyone around by a small part of a large centre.
        """
        seen = np.vstack([self.seen().T, np.zeros(self.years)]).T
        today = np.r_[self.capacity, 0.0]
        free = np.maximum(seen - today, 0.0)[:, self.site]
        return np.where(self.adds > 0, np.minimum(self.adds, free), self.adds[None, :])


def summed(keys: IntArray, values: FloatArray, length: int) -> FloatArray:
    """Return the sum of the values of each key from 0, shape (length,)."""
    return np.bincount(keys, weights=values, minlength=length).astype(np.float64)


def merged(reach: Reach) -> Reach:
    """Return a reach in which rows that see the same sites are one, their persons summed.

    The walks are set to 0: who serves most does not depend on them.
    """
    starts = reach.starts
    first: dict[bytes, int] = {}
    group_of = np.empty(reach.rows, dtype=np.int64)
    kept: list[int] = []
    for row in range(reach.rows):
        key = reach.site_of[starts[row] : starts[row + 1]].tobytes()
        if key not in first:
            first[key] = len(kept)
            kept.append(row)
        group_of[row] = first[key]
    demand = np.stack([summed(group_of, one, len(kept)) for one in reach.demand])
    is_kept = np.zeros(reach.rows, dtype=np.bool_)
    is_kept[kept] = True
    arcs = is_kept[reach.row_of]
    rows = np.cumsum(is_kept) - 1
    return Reach(demand, rows[reach.row_of[arcs]], reach.site_of[arcs], np.zeros(int(arcs.sum())))


def following(
    problem: ProgrammeProblem, when: IntArray, year: int
) -> tuple[ProgrammeProblem, IntArray]:
    """Return the problem of one year alone, after what was done before it.

    Parameters
    ----------
    problem
        The problem of all years.
    when
        What is done in the years before; nothing in later ones.
    year
        Position of the year.

    Returns
    -------
    ProgrammeProblem, ndarray of int
        With one year; and which of the measures its own are.
    """
    done = when < year
    open_ = ~done & (problem.first_year <= year)
    for group in problem.exclusive:
        if done[group].any():
            open_[group] = False
    for _ in range(len(problem.needs)):
        for one, other in problem.needs.tolist():
            open_[one] &= bool(done[other] or open_[other])
    kept = np.flatnonzero(open_)
    position = np.cumsum(open_) - 1
    held = done & (problem.site >= 0)
    area = done & (problem.group >= 0)
    before = float(problem.cost[done].sum())
    limit = problem.money.limits()[year] - (before if problem.money.carries_over else 0.0)
    pairs = [
        (position[one], position[other])
        for one, other in problem.needs.tolist()
        if open_[one] and not done[other]
    ]
    last = year == problem.years - 1
    return replace(
        problem,
        measures=problem.measures[kept],
        reach=replace(problem.reach, demand=problem.reach.demand[year : year + 1]),
        capacity=problem.capacity
        + summed(problem.site[held], problem.adds[held], len(problem.sites)),
        site=problem.site[kept],
        adds=problem.adds[kept],
        m2=problem.m2[kept],
        group=problem.group[kept],
        cost=problem.cost[kept],
        first_year=np.zeros(len(kept), dtype=np.int64),
        required=problem.required[year : year + 1],
        held=problem.held + summed(problem.group[area], problem.m2[area], len(problem.groups)),
        exclusive=tuple(
            position[group[open_[group]]] for group in problem.exclusive if open_[group].sum() > 1
        ),
        needs=np.array(pairs, dtype=np.int64).reshape(-1, 2),
        must=tuple(
            position[group[open_[group]]]
            for group in problem.must
            if last and not done[group].any()
        ),
        money=Money(np.array([limit]), carries_over=True),
    ), kept
