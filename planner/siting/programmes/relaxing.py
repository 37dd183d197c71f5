"""The relaxed programme: its prices bound every plan, its values and prices lead to good ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import Final

import numpy as np

from planner.siting.programmes.bounds import Priced, priced_bound
from planner.siting.programmes.models import ProgrammeModel, programme_model, with_goal
from planner.siting.programmes.pricing import price_cuts
from planner.siting.programmes.problem import ProgrammeProblem, Reach, summed
from planner.siting.programmes.search import exchanges, fill_money, rounded, without_idle
from planner.siting.programmes.served_cuts import Cut
from planner.siting.programmes.tasks import Best, Clock, Task
from planner.siting.programmes.trial import Trial
from planner.solver import Model, Solution, solve
from planner.units import BoolArray, FloatArray

KEPT_SLACK: Final = 1e-8
"""Share of a goal's value that the solver may lose where it has to keep it."""

INTERIOR_POINT_ENTRIES: Final = 50_000
"""Size of matrix from which the interior-point method is used."""

RELAXED_SHARE: Final = 0.75
"""Of the time left, what the relaxed programme may take; the rest is for plans."""

SEARCH_SHARE: Final = 0.3
"""Of the time left, what exchanges may take."""

LINKED_ARCS: Final = 20_000
"""Arcs times years up to which every arc gets its own row from the start."""

LINK_ROUNDS: Final = 3
"""How often rows are added to a large relaxation for arcs that cheat it."""


def greedy_plan(task: Task, best: Best) -> None:
    """Offer the plan in hand with the money left spent on the goal."""
    if "walk" in task.aim or "money" in task.aim or task.name == "weighted":
        return
    trial = Trial(task.problem, task.groups, best.when)
    fill_money(trial, next(iter(task.aim)))
    best.offer(trial.when.copy())


def exchanged_plans(task: Task, best: Best, clock: Clock) -> None:
    """Offer what small exchanges make of the plan in hand."""
    if "walk" in task.aim or task.name == "weighted":
        return
    if task.with_walk:
        # Another plan would have another walk: only what nobody needs can go.
        best.offer(without_idle(task.problem, best.when))
        return
    trial = Trial(task.problem, task.groups, best.when)
    exchanges(trial, next(iter(task.aim)), task.floor, clock.part(SEARCH_SHARE).is_over)
    best.offer(trial.when.copy())


def model_of(task: Task, made: ProgrammeModel) -> Model:
    """Return the model of a task: its goal, and what it keeps."""
    kept = [(one.aim, one.limit + KEPT_SLACK * max(abs(one.limit), 1.0)) for one in task.kept]
    return with_goal(made, task.aim, kept)


@dataclass(frozen=True, eq=False)
class Relaxation:
    """What the relaxed programme says.

    Parameters
    ----------
    priced
        Its best bound.
    links
        Shape (years, arcs): the arcs that have rows of their own.
    cuts
        What its prices tell of the persons served.
    """

    priced: Priced
    links: BoolArray
    cuts: tuple[Cut, ...]


def is_large(task: Task, reach: Reach) -> bool:
    """Tell whether not every arc gets its own row from the start."""
    return task.problem.years * len(reach.row_of) > LINKED_ARCS


def relaxed(task: Task, reach: Reach, best: Best, clock: Clock) -> Relaxation:
    """Solve the relaxed programme, with rows added as needed, and offer what rounding gives."""
    problem = task.problem
    links = np.zeros((problem.years, len(reach.row_of)), dtype=np.bool_)
    links[:] = not is_large(task, reach)
    cuts: tuple[Cut, ...] = ()
    made = programme_model(problem, reach, links=links)
    # Without any prices: everybody served, nothing spent. True, if of little use.
    nothing = model_of(task, made)
    best_priced = priced_bound(nothing, made.layout, np.zeros(nothing.rows.count))
    for _ in range(LINK_ROUNDS):
        made = programme_model(problem, reach, links=links)
        model = task.settled.narrowed(model_of(task, made), made.layout)
        model = replace(model, integral=np.zeros(made.layout.columns, np.bool_))
        large = len(model.rows.columns) >= INTERIOR_POINT_ENTRIES
        seconds = clock.part(RELAXED_SHARE).left()
        solved = solve(model, time_limit_s=seconds, interior_point=large)
        if solved.row_duals is not None:
            found = priced_bound(model, made.layout, solved.row_duals)
            best_priced = max(best_priced, found, key=lambda one: one.value)
        if solved.values is None:
            break
        if "walk" not in task.aim:
            _round(task, best, solved, made, clock)
            kept = [one.aim for one in task.kept]
            cuts += tuple(price_cuts(problem, reach, made, solved, aim=task.aim, kept=kept))
        if best.gap(best_priced.value) <= task.gap or clock.is_over():
            break
        cheating = _cheating(problem, reach, made, solved.values) & ~links
        if not cheating.any():
            break
        links |= cheating
    return Relaxation(best_priced, links, cuts)


def _cheating(
    problem: ProgrammeProblem, reach: Reach, made: ProgrammeModel, values: FloatArray
) -> BoolArray:
    """Return the arcs that carry more of a row than of its site is built: (years, arcs)."""
    layout = made.layout
    found = np.zeros((layout.years, layout.arcs), dtype=np.bool_)
    makers = (problem.site >= 0) & (problem.adds > 0)
    for year in range(layout.years):
        built = summed(problem.site[makers], values[layout.done(year)][makers], layout.sites)
        share = built[reach.site_of] * reach.demand[year][reach.row_of] * layout.scale
        over = values[layout.persons(year)] > share * 1.01 + 1e-3
        found[year] = over & (problem.capacity <= 0.0)[reach.site_of]
    return found


def _round(task: Task, best: Best, solved: Solution, made: ProgrammeModel, clock: Clock) -> None:
    """Offer the plan that rounding leaves, and what can be done with the money left."""
    if solved.values is None:
        return
    problem, layout = task.problem, made.layout
    done = solved.values[: layout.measures * layout.years].reshape(layout.years, -1)
    nothing = np.full(layout.measures, layout.years, dtype=np.int64)
    trial = Trial(problem, task.groups, nothing)
    rounded(trial, done)
    best.offer(trial.when.copy())
    if "walk" in task.aim or "money" in task.aim:
        fill_money(trial, "served", stop=task.floor)
        best.offer(trial.when.copy())
        return
    fill_money(trial, "served", stop=inf if "served" in task.aim else task.floor)
    if trial.served() < task.floor:
        exchanges(trial, "served", -inf, clock.part(0.2).is_over, until=task.floor)
    best.offer(trial.when.copy())
    if "shortfall" in task.aim:
        fill_money(trial, "shortfall")
        best.offer(trial.when.copy())
