"""The rows of the programme's model: places, floor area, money, and what goes with what."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.siting.programmes.layout import Layout
from planner.siting.programmes.problem import ProgrammeProblem, Reach, summed
from planner.solver import IntArray, SparseRows
from planner.units import BoolArray, FloatArray

MONEY_SCALE: Final = 2.0**-10
"""The solver reckons in units of 1,024 yuan: its tolerance of 1e-6 is then a tenth of a fen."""


class Rows:
    """Rows of a model as they are put together."""

    def __init__(self, *, named: bool) -> None:
        self.named = named
        self.count = 0
        self.row_of: list[IntArray] = []
        self.columns: list[IntArray] = []
        self.values: list[FloatArray] = []
        self.lower: list[FloatArray] = []
        self.upper: list[FloatArray] = []
        self.names: list[str] = []

    def add(
        self,
        name: str,
        keys: Sequence[Any] | IntArray | pd.Index[Any],
        entries: Sequence[tuple[IntArray, IntArray, FloatArray]],
        *,
        lower: FloatArray | float = -inf,
        upper: FloatArray | float = inf,
    ) -> None:
        """Add a row for each key; entries give the row (from 0), the column and the value."""
        for row_of, columns, values in entries:
            self.row_of.append(np.asarray(row_of, dtype=np.int64) + self.count)
            self.columns.append(np.asarray(columns, dtype=np.int64))
            self.values.append(np.asarray(values, dtype=np.float64))
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), len(keys)))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), len(keys)))
        self.count += len(keys)
        if self.named:
            self.names += [name.format(key) for key in keys]

    def matrix(self) -> SparseRows:
        """Return the rows, entries by row and column."""
        row_of, columns = np.concatenate(self.row_of), np.concatenate(self.columns)
        values = np.concatenate(self.values)
        kept = values != 0.0
        row_of, columns, values = row_of[kept], columns[kept], values[kept]
        order = np.lexsort((columns, row_of))
        counts = np.bincount(row_of, minlength=self.count)
        return SparseRows(np.r_[0, np.cumsum(counts)], columns[order], values[order])


def places_rows(rows: Rows, problem: ProgrammeProblem, reach: Reach, layout: Layout) -> None:
    """Add who asks, and what each site takes, in each year: the first rows of a model."""
    sites = len(problem.sites)
    useful = problem.useful()
    at = np.flatnonzero(problem.site >= 0)
    for year in range(layout.years):
        persons = layout.persons(year)
        ones = np.ones(layout.arcs)
        rows.add(
            f"asked[{{}},{year}]",
            range(reach.rows),
            [(reach.row_of, persons, ones)],
            upper=reach.demand[year] * layout.scale,
        )
        rows.add(
            f"places[{{}},{year}]",
            problem.sites,
            [
                (reach.site_of, persons, ones),
                (problem.site[at], layout.done(year)[at], -useful[year, at] * layout.scale),
            ],
            upper=problem.capacity[:sites] * layout.scale,
        )


def floor_area_rows(rows: Rows, problem: ProgrammeProblem, layout: Layout) -> None:
    """Add what each group is short of.

    A measure counts no more m² than its group can ever be short of: with the rest a part of a
    measure would cure a whole deficit.
    """
    at = np.flatnonzero(problem.group >= 0)
    most = most_short(problem)
    for year in range(layout.years):
        m2 = np.minimum(problem.m2[at], most[year, problem.group[at]])
        rows.add(
            f"floor_area[{{}},{year}]",
            problem.groups,
            [
                (np.arange(layout.groups), layout.short(year), np.ones(layout.groups)),
                (problem.group[at], layout.done(year)[at], m2),
            ],
            lower=problem.required[year] - problem.held,
        )


def most_short(problem: ProgrammeProblem) -> FloatArray:
    """Return the m² that each group can be short of at most: (years, groups)."""
    takes = (problem.group >= 0) & (problem.m2 < 0)
    taken = -summed(problem.group[takes], problem.m2[takes], len(problem.groups))
    return np.maximum(problem.required - problem.held + taken, 0.0)


def spending_rows(rows: Rows, problem: ProgrammeProblem, layout: Layout) -> None:
    """Add the budgets, and that what is done stays done."""
    cost = problem.cost * MONEY_SCALE
    limits = problem.money.limits()
    for year in np.flatnonzero(np.isfinite(limits)).tolist():
        entries = [(np.zeros(layout.measures, np.int64), layout.done(year), cost)]
        if year > 0 and not problem.money.carries_over:
            entries.append((np.zeros(layout.measures, np.int64), layout.done(year - 1), -cost))
        rows.add("budget[{}]", [year], entries, upper=limits[year] * MONEY_SCALE)
    for year in range(layout.years - 1):
        each, one = np.arange(layout.measures), np.ones(layout.measures)
        rows.add(
            f"stays[{{}},{year}]",
            problem.measures,
            [(each, layout.done(year), one), (each, layout.done(year + 1), -one)],
            upper=0.0,
        )


def choosing_rows(rows: Rows, problem: ProgrammeProblem, layout: Layout) -> None:
    """Add what excludes each other, what must be done, and what needs what."""
    last = layout.done(layout.years - 1)
    for name, groups, bound in (
        ("one_of", problem.exclusive, {"upper": 1.0}),
        ("must", problem.must, {"lower": 1.0}),
    ):
        for number, group in enumerate(groups):
            entry = (np.zeros(len(group), np.int64), last[group], np.ones(len(group)))
            rows.add(f"{name}[{{}}]", [number], [entry], **bound)
    if not len(problem.needs):
        return
    pairs, ones = np.arange(len(problem.needs)), np.ones(len(problem.needs))
    for year in range(layout.years):
        done = layout.done(year)
        rows.add(
            f"needs[{{}},{year}]",
            pairs,
            [(pairs, done[problem.needs[:, 0]], ones), (pairs, done[problem.needs[:, 1]], -ones)],
            upper=0.0,
        )


def links_rows(
    rows: Rows, problem: ProgrammeProblem, reach: Reach, layout: Layout, links: BoolArray
) -> None:
    """Add ``y <= d · Σ x`` for some arcs to sites that have no places today."""
    makers = np.flatnonzero((problem.site >= 0) & (problem.adds > 0))
    order = makers[np.argsort(problem.site[makers], kind="stable")]
    starts = np.searchsorted(problem.site[order], np.arange(len(problem.sites) + 1))
    for year in range(layout.years):
        arcs = np.flatnonzero(links[year] & (problem.capacity <= 0.0)[reach.site_of])
        if not len(arcs):
            continue
        sites = reach.site_of[arcs]
        counts = starts[sites + 1] - starts[sites]
        row_of = np.repeat(np.arange(len(arcs)), counts)
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        makes = order[np.repeat(starts[sites], counts) + within]
        asked = reach.demand[year][reach.row_of[arcs]] * layout.scale
        rows.add(
            f"link[{{}},{year}]",
            arcs,
            [
                (np.arange(len(arcs)), layout.persons(year)[arcs], np.ones(len(arcs))),
                (row_of, layout.done(year)[makes], -asked[row_of]),
            ],
            upper=0.0,
        )
