"""Plans from prices: what a place is worth makes the flows fall away, and a small model remains.

Near the best programme a place at site ``j`` in year ``t`` serves about ``p_jt`` persons more (the
price of the place in the relaxed programme over that of a person). With
``served ≈ constant + Σ p_jt a_mt x_mt`` only the measures are left to choose: a knapsack with a
few side conditions, which branch and bound solves at once where it cannot solve the whole. Its
plans are offered like any other and reckoned anew; nothing rests on the estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, inf
from typing import Final

import numpy as np

from planner.siting.programmes.bounds import priced_bound
from planner.siting.programmes.evaluating import shortfall
from planner.siting.programmes.models import (
    ProgrammeModel,
    plan_of,
    programme_model,
    with_goal,
)
from planner.siting.programmes.problem import ProgrammeProblem, Reach
from planner.siting.programmes.years import Goal
from planner.solver import IntArray, Model, Solution, SparseRows, solve
from planner.units import FloatArray

TRIES: Final = 4
"""How often a plan that serves too few is asked for again, with what it lacks added."""

SMALL_MODEL_GAP: Final = 1e-4
SMALL_MODEL_S: Final = 20.0
"""What the small model may leave open, and its seconds: it gives plans, never a proof."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """About how many persons a plan serves: ``constant + Σ persons[t, m] x[m, t]``.

    With ``ceiling`` in place of ``constant`` the sum is never less than what a plan serves,
    whatever the prices: ``ceiling = Σ_it d_it max(0, 1 - min_j p_jt) + Σ_jt p_jt c_j`` (weak
    duality of the flow).
    """

    persons: FloatArray
    constant: float
    ceiling: float

    def of(self, when: IntArray) -> float:
        """Return the estimate for a plan."""
        years = np.arange(len(self.persons))[:, None]
        return self.constant + float(self.persons[years >= when[None, :]].sum())


def estimate(
    problem: ProgrammeProblem,
    reach: Reach,
    made: ProgrammeModel,
    solved: Solution,
    *,
    aim: Mapping[Goal, float],
    kept: Sequence[Mapping[Goal, float]],
) -> Estimate | None:
    """Return the estimate that a relaxed programme's prices give.

    Parameters
    ----------
    problem, reach, made
        The problem, the reach that its model was made of, and the model.
    solved
        The relaxed programme's solution, with values and prices.
    aim, kept
        Its goal, and the goals that it keeps, whose rows stand last.

    Returns
    -------
    Estimate or None
        None where a person more is worth nothing to the programme: its prices then say nothing of
        persons.
    """
    duals, values, layout = solved.row_duals, solved.values, made.layout
    if duals is None or values is None:
        return None
    person = aim.get("served", 0.0) / layout.scale
    for place, goals in enumerate(kept):
        person += goals.get("served", 0.0) * max(-float(duals[len(duals) - len(kept) + place]), 0.0)
    if person <= 1e-9:
        return None
    useful = problem.useful()
    persons = np.zeros_like(useful)
    ceiling = []
    at = problem.site >= 0
    for year in range(layout.years):
        price = np.clip(-duals[layout.places(year)] / person, 0.0, 1.0)
        persons[year, at] = price[problem.site[at]] * useful[year, at]
        cheapest = np.ones(reach.rows)
        np.minimum.at(cheapest, reach.row_of, price[reach.site_of])
        ceiling += [*(reach.demand[year] * (1.0 - cheapest)), *(price * problem.capacity)]
    served = -float(made.goals["served"] @ values)
    done = values[: layout.measures * layout.years].reshape(layout.years, -1)
    return Estimate(persons, served - float((persons * done).sum()), fsum(ceiling))


def priced_plans(
    problem: ProgrammeProblem,
    about: Estimate,
    start: IntArray,
    *,
    aim: Mapping[Goal, float],
    kept: Sequence[tuple[Mapping[Goal, float], float]],
    floor: float,
    offer: Callable[[IntArray], float],
    left_s: Callable[[], float | None],
    gap: float = SMALL_MODEL_GAP,
) -> None:
    """Offer the plans that are best by an estimate, until one serves enough.

    Parameters
    ----------
    problem
        The problem.
    about
        The estimate of persons served.
    start
        The plan in hand.
    aim, kept
        The goal, and those that are kept; walks are not known here and are left out.
    floor
        Persons that must be served.
    offer
        Takes a plan and returns how many it truly serves.
    left_s
        Seconds left; None without a limit.
    gap
        What the small model may leave open.
    """
    made, model = _small_model(problem, about, aim, kept)
    worth = about.persons.ravel()
    asked = min(floor, about.of(start))
    values = _values(problem, made, start)
    for _ in range(TRIES):
        seconds = left_s()
        limit = SMALL_MODEL_S if seconds is None else min(SMALL_MODEL_S, seconds / 3.0)
        solved = solve(
            _serving(model, worth, asked - about.constant),
            time_limit_s=max(limit, 0.01),
            gap=gap,
            start=values,
        )
        if solved.values is None:
            return
        when = plan_of(solved.values, made.layout)
        served = offer(when)
        if served >= floor:
            return
        # As much as the estimate was above what the plan truly serves is asked for besides.
        asked = max(asked + (floor - served), floor + about.of(when) - served)


def flowless_bound(
    problem: ProgrammeProblem,
    about: Estimate,
    *,
    aim: Mapping[Goal, float],
    kept: Sequence[tuple[Mapping[Goal, float], float]],
    floor: float,
    limit_s: float | None,
) -> float:
    """Return a value that no plan that serves ``floor`` persons is below, without any flows.

    Every such plan has ``ceiling + Σ persons[t, m] x[m, t] >= floor``; among all that have, the
    relaxed small model and plain sums from its prices give the bound.

    Parameters
    ----------
    problem, about, aim, kept, floor
        As for :func:`priced_plans`; the goal is neither served nor the walk.
    limit_s
        Seconds that the small model may take; None without a limit.
    """
    made, model = _small_model(problem, about, aim, kept)
    row = _serving(model, about.persons.ravel(), floor - about.ceiling)
    relaxed = replace(row, integral=np.zeros(made.layout.columns, dtype=np.bool_))
    solved = solve(relaxed, time_limit_s=limit_s)
    if solved.row_duals is None:
        return -inf
    return priced_bound(relaxed, made.layout, solved.row_duals).value


def _small_model(
    problem: ProgrammeProblem,
    about: Estimate,
    aim: Mapping[Goal, float],
    kept: Sequence[tuple[Mapping[Goal, float], float]],
) -> tuple[ProgrammeModel, Model]:
    """Return the model of the measures alone; persons by their estimate, walks left out."""
    nobody = Reach(
        np.zeros((problem.years, 0)),
        np.zeros(0, dtype=np.int64),
        np.zeros(0, dtype=np.int64),
        np.zeros(0),
    )
    made = programme_model(replace(problem, reach=nobody), nobody)
    others = [(goals, limit) for goals, limit in kept if not {"served", "walk"} & set(goals)]
    plain = {goal: factor for goal, factor in aim.items() if goal not in ("served", "walk")}
    model = with_goal(made, plain, others)
    cost = model.cost.copy()
    cost[: about.persons.size] -= aim.get("served", 0.0) * about.persons.ravel()
    return made, replace(model, cost=cost)


def _values(problem: ProgrammeProblem, made: ProgrammeModel, when: IntArray) -> FloatArray:
    """Return the columns of the small model for a plan."""
    layout = made.layout
    values = np.zeros(layout.columns)
    short = shortfall(problem, when)
    for year in range(layout.years):
        values[layout.done(year)] = when <= year
        values[layout.short(year)] = short[year]
    return values


def _serving(model: Model, worth: FloatArray, least: float) -> Model:
    """Return the model with a row that keeps the estimate of persons at least at a number."""
    if least == -inf:
        return model
    rows = model.rows
    at = np.flatnonzero(worth)
    end = int(rows.starts[-1]) + len(at)
    return replace(
        model,
        rows=SparseRows(
            np.r_[rows.starts, end],
            np.r_[rows.columns, at],
            np.r_[rows.values, worth[at]],
        ),
        row_lower=np.r_[model.row_lower, least],
        row_upper=np.r_[model.row_upper, inf],
    )
