"""The programme as one sparse model: what is done by each year, who goes where, what stays short.

Columns: ``x[m,t]``, 1 if measure ``m`` is done by year ``t``; ``y[a,t]``, persons on arc ``a`` in
year ``t``; ``s[g,t]``, m² short in group ``g``. One model serves every goal: the others become
rows that keep what is already reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import frexp, inf

import numpy as np

from planner.siting.programmes.layout import Layout
from planner.siting.programmes.model_rows import (
    MONEY_SCALE,
    Rows,
    choosing_rows,
    floor_area_rows,
    links_rows,
    places_rows,
    spending_rows,
)
from planner.siting.programmes.problem import ProgrammeProblem, Reach, summed
from planner.siting.programmes.years import GOALS, Goal
from planner.solver import IntArray, Model, SparseRows
from planner.units import BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class ProgrammeModel:
    """The model without a goal, the columns' layout, and what each goal costs by column."""

    model: Model
    layout: Layout
    goals: Mapping[Goal, FloatArray]


def persons_scale(reach: Reach) -> float:
    """Return the power of two by which persons go to the solver.

    Its tolerances are absolute, about 1e-6: the largest number of persons is brought to between
    2**6 and 2**20. A power of two changes no digit.
    """
    most = float(reach.demand.max(initial=0.0))
    if most <= 0.0:
        return 1.0
    _, exponent = frexp(most)
    return 2.0 ** (min(max(exponent, 6), 20) - exponent)


def programme_model(
    problem: ProgrammeProblem,
    reach: Reach,
    *,
    links: BoolArray | None = None,
    named: bool = False,
) -> ProgrammeModel:
    """Return the programme as a model.

    With ``x`` whole and cumulative (``x[m,t] <= x[m,t+1]``: what is built stays):
    ``Σ_j y[ij,t] <= d[i,t]``; ``Σ_i y[ij,t] <= c[j] + Σ_m a[m] x[m,t]``;
    ``s[g,t] + Σ_m b[m] x[m,t] >= required[g,t] - held[g]``; the money spent up to each year (or in
    it) within its budget; at most one of what excludes each other; ``x[m,t] <= x[n,t]`` where
    ``m`` needs ``n``.

    Parameters
    ----------
    problem
        The problem.
    reach
        Its reach: merged, or row by row where walks count.
    links
        Shape (years, arcs): arcs for which ``y <= d · (x of the site's measures)`` is added, at
        sites without places today. True of every plan, and closer than the places alone where a
        centre holds more than one row asks for.
    named
        Whether columns and rows get names, for :func:`planner.solver.model_text`.
    """
    layout = Layout(
        len(problem.measures),
        reach.rows,
        len(problem.sites),
        len(problem.groups),
        problem.years,
        reach.row_of,
        persons_scale(reach),
    )
    rows = Rows(named=named)
    places_rows(rows, problem, reach, layout)
    floor_area_rows(rows, problem, layout)
    spending_rows(rows, problem, layout)
    choosing_rows(rows, problem, layout)
    if links is not None:
        links_rows(rows, problem, reach, layout, links)
    upper = np.full(layout.columns, 1.0)
    for year in range(problem.years):
        upper[layout.done(year)] = problem.first_year <= year
        upper[layout.persons(year)] = reach.demand[year][reach.row_of] * layout.scale
        upper[layout.short(year)] = np.maximum(problem.required[year], 0.0) + _taken(problem)
    whole = np.arange(layout.columns) < layout.measures * layout.years
    model = Model(
        cost=np.zeros(layout.columns),
        lower=np.zeros(layout.columns),
        upper=upper,
        rows=rows.matrix(),
        row_lower=np.concatenate(rows.lower),
        row_upper=np.concatenate(rows.upper),
        integral=whole,
        sense="minimise",
        column_names=_column_names(problem, reach) if named else (),
        row_names=tuple(rows.names),
    )
    return ProgrammeModel(model, layout, _goals(problem, reach, layout))


def _column_names(problem: ProgrammeProblem, reach: Reach) -> tuple[str, ...]:
    years = range(problem.years)
    arcs = list(zip(reach.row_of.tolist(), reach.site_of.tolist(), strict=True))
    return (
        *(f"x[{one},{year}]" for year in years for one in problem.measures),
        *(f"y[{row}>{problem.sites[site]},{year}]" for year in years for row, site in arcs),
        *(f"s[{one},{year}]" for year in years for one in problem.groups),
    )


def _taken(problem: ProgrammeProblem) -> FloatArray:
    """Return the m² that measures could take from each group: (groups,)."""
    takes = (problem.group >= 0) & (problem.m2 < 0)
    return -summed(problem.group[takes], problem.m2[takes], len(problem.groups))


def _goals(problem: ProgrammeProblem, reach: Reach, layout: Layout) -> dict[Goal, FloatArray]:
    """Return what each goal costs by column, all to be small; served is negative."""
    costs: dict[Goal, FloatArray] = {goal: np.zeros(layout.columns) for goal in GOALS}
    for year in range(layout.years):
        persons = layout.persons(year)
        costs["served"][persons] = -1.0 / layout.scale
        costs["walk"][persons] = reach.minutes / layout.scale
        costs["shortfall"][layout.short(year)] = 1.0
    costs["money"][layout.done(layout.years - 1)] = problem.cost
    return costs


def with_goal(
    made: ProgrammeModel,
    aim: Mapping[Goal, float],
    kept: Sequence[tuple[Mapping[Goal, float], float]] = (),
) -> Model:
    """Return the model with a goal to make small, and what is already reached kept.

    Parameters
    ----------
    made
        The model.
    aim
        Factors of the goals, all to be small (served: minus the persons).
    kept
        Sums of goals by their factors, and the most that each may be.
    """
    model = made.model
    rows = model.rows
    starts, columns = [rows.starts], [rows.columns]
    values = [model.rows.values]
    upper = model.row_upper.tolist()
    names = list(model.row_names)
    end = int(model.rows.starts[-1])
    for goals, limit in kept:
        total = _total(made, goals)
        # Rows as large as the solver's other rows, so that its tolerance means the same.
        scale = min((_unit(made, goal) for goal in goals), default=1.0)
        at = np.flatnonzero(total)
        end += len(at)
        starts.append(np.array([end]))
        columns.append(at)
        values.append(total[at] * scale)
        upper.append(limit * scale)
        names += [f"kept[{'+'.join(goals)}]"] if names else []
    return replace(
        model,
        cost=_total(made, aim),
        rows=SparseRows(np.concatenate(starts), np.concatenate(columns), np.concatenate(values)),
        row_lower=np.r_[model.row_lower, np.full(len(kept), -inf)],
        row_upper=np.array(upper, dtype=np.float64),
        row_names=tuple(names),
    )


def _total(made: ProgrammeModel, aim: Mapping[Goal, float]) -> FloatArray:
    total = np.zeros(made.layout.columns)
    for goal, factor in aim.items():
        total += factor * made.goals[goal]
    return total


def _unit(made: ProgrammeModel, goal: Goal) -> float:
    if goal == "money":
        return MONEY_SCALE
    return made.layout.scale if goal in ("served", "walk") else 1.0


def plan_of(values: FloatArray, layout: Layout) -> IntArray:
    """Return the plan (``when``) of a solution."""
    done = values[: layout.measures * layout.years].reshape(layout.years, layout.measures) > 0.5
    return np.where(done.any(axis=0), done.argmax(axis=0), layout.years).astype(np.int64)
