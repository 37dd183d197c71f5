"""The programme with the measures alone: who goes where falls away, cuts tell who is served.

All who ask are one row, and all places one: one column a year, ``y[t]``, for the persons served.
Each cut (:mod:`.served_cuts`) is a row ``y[t] <= constant + Σ_m persons_m x[m,t]``. Whatever cuts
there are, no plan is better than the best of this model; with all of them it is the programme
itself, but for the walk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Final

import numpy as np
import pandas as pd

from planner.siting.programmes.evaluating import shortfall
from planner.siting.programmes.models import programme_model
from planner.siting.programmes.problem import ProgrammeProblem, Reach
from planner.siting.programmes.relaxing import model_of
from planner.siting.programmes.served_cuts import Cut
from planner.siting.programmes.tasks import Task, without_walk
from planner.solver import IntArray, Model, SparseRows
from planner.units import FloatArray

MISSED: Final = 1e-6
"""Share by which a cut must be missed to be added."""


class MeasuresModel:
    """A task's model without its flows, and the cuts that it has learned.

    Parameters
    ----------
    task
        The task; that it keeps a walk is left out, since no walk is known here.
    """

    def __init__(self, task: Task) -> None:
        self.problem = task.problem
        together = pooled(task.problem, task.groups)
        made = programme_model(together, together.reach)
        self.layout = made.layout
        self._model = task.settled.narrowed(model_of(without_walk(task), made), made.layout)
        self.cuts: list[Cut] = []

    def add(self, cuts: Sequence[Cut], values: FloatArray | None = None) -> int:
        """Add cuts, or those that a solution does not satisfy; return how many."""
        new = [one for one in cuts if values is None or self._missed(one, values)]
        self.cuts += new
        return len(new)

    def _missed(self, cut: Cut, values: FloatArray) -> bool:
        most = cut.constant + float(cut.persons @ values[self.layout.done(cut.year)])
        return bool(self.served(values)[cut.year] > most + MISSED * max(abs(most), 1.0))

    def served(self, values: FloatArray) -> FloatArray:
        """Return the persons that a solution claims to serve in each year: (years,)."""
        return values[self._persons] / self.layout.scale

    def done(self, values: FloatArray) -> FloatArray:
        """Return how far a solution does each measure by each year: (years, measures)."""
        layout = self.layout
        return values[: layout.years * layout.measures].reshape(layout.years, -1)

    @property
    def _persons(self) -> IntArray:
        return np.concatenate([self.layout.persons(year) for year in range(self.layout.years)])

    def rows(self, cuts: Sequence[Cut]) -> tuple[SparseRows, FloatArray, FloatArray]:
        """Return cuts as rows of the model, with their bounds."""
        layout, columns, values = self.layout, [], []
        for cut in cuts:
            at = np.flatnonzero(cut.persons)
            columns.append(np.r_[layout.done(cut.year)[at], layout.persons(cut.year)])
            values.append(np.r_[-cut.persons[at] * layout.scale, 1.0])
        starts = np.r_[0, np.cumsum([len(one) for one in columns])].astype(np.int64)
        rows = SparseRows(
            starts,
            np.concatenate([np.zeros(0, np.int64), *columns]),
            np.concatenate([np.zeros(0), *values]),
        )
        upper = np.array([cut.constant * layout.scale for cut in cuts], dtype=np.float64)
        return rows, np.full(len(cuts), -inf), upper

    def model(self, *, integral: bool = True) -> Model:
        """Return the model with its cuts, or its relaxation."""
        base, (rows, lower, upper) = self._model, self.rows(self.cuts)
        first, entries = base.rows, [base.rows.values]  # noqa: PD011 - no pandas here
        entries.append(rows.values)
        return replace(
            base,
            rows=SparseRows(
                np.r_[first.starts, first.starts[-1] + rows.starts[1:]],
                np.r_[first.columns, rows.columns],
                np.concatenate(entries),
            ),
            row_lower=np.r_[base.row_lower, lower],
            row_upper=np.r_[base.row_upper, upper],
            integral=base.integral & integral,
        )

    def values(self, when: IntArray, served: FloatArray) -> FloatArray:
        """Return the columns of a plan that serves so many in each year."""
        layout = self.layout
        values = np.zeros(layout.columns)
        short = shortfall(self.problem, when)
        for year in range(layout.years):
            values[layout.done(year)] = when <= year
            values[layout.persons(year)] = served[year] * layout.scale
            values[layout.short(year)] = short[year]
        return values


def pooled(problem: ProgrammeProblem, reach: Reach) -> ProgrammeProblem:
    """Return the problem as if everybody could walk to every place."""
    one = np.zeros(1, dtype=np.int64)
    together = Reach(reach.demand.sum(axis=1, keepdims=True), one, one, np.zeros(1))
    return replace(
        problem,
        sites=pd.Index(["all"], dtype=object),
        site=np.where(problem.site >= 0, 0, -1),
        capacity=problem.capacity.sum(keepdims=True),
        reach=together,
    )
