"""The relaxed programme: its prices bound every plan, its values and prices lead to good ones."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Final

import numpy as np

from planner.siting.programmes.bounds import Priced, priced_bound
from planner.siting.programmes.models import ProgrammeModel, programme_model, with_goal
from planner.siting.programmes.pricing import (
    SMALL_MODEL_GAP,
    Estimate,
    estimate,
    flowless_bound,
    priced_plans,
)
from planner.siting.programmes.problem import ProgrammeProblem, Reach, summed
from planner.siting.programmes.search import exchanges, fill_money, rounded
from planner.siting.programmes.tasks import Best, Clock, Task
from planner.siting.programmes.trial import Trial
from planner.solver import IntArray, Model, Solution, solve
from planner.units import BoolArray, FloatArray

KEPT_SLACK: Final = 1e-8
"""Share of a goal's value that the solver may lose where it has to keep it."""

INTERIOR_POINT_ENTRIES: Final = 50_000
"""Size of matrix from which the interior-point method is used."""

RELAXED_SHARE: Final = 0.75
"""Of the time left, what the relaxed programme may take; the rest is for plans."""

RELAXED_ENTRIES_PER_S: Final = 10_000
"""Entries of a relaxed model for each second left from which it is not begun, where the prices of a
goal before give a bound without it."""

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
    trial = Trial(task.problem, task.groups, best.when)
    exchanges(trial, next(iter(task.aim)), task.floor, clock.part(SEARCH_SHARE).is_over)
    best.offer(trial.when.copy())


def model_of(task: Task, made: ProgrammeModel) -> Model:
    """Return the model of a task: its goal, and what it keeps."""
    kept = [(one.aim, one.limit + KEPT_SLACK * max(abs(one.limit), 1.0)) for one in task.kept]
    return with_goal(made, task.aim, kept)


def relaxed(
    task: Task, reach: Reach, best: Best, clock: Clock
) -> tuple[Priced, BoolArray, Estimate | None]:
    """Return the best bound of the relaxed programme, and the arcs that have rows of their own.

    Plans that rounding gives are offered on the way.
    """
    problem = task.problem
    links = np.zeros((problem.years, len(reach.row_of)), dtype=np.bool_)
    if links.size <= LINKED_ARCS:
        links[:] = True
    about = task.about
    made = programme_model(problem, reach, links=links)
    # Without any prices: everybody served, nothing spent. True, if of little use.
    nothing = model_of(task, made)
    best_priced = priced_bound(nothing, made.layout, np.zeros(nothing.rows.count))
    if links.size > LINKED_ARCS and about is not None and not task.aim.keys() & {"served", "walk"}:
        value = _without_flows(task, best, about, clock)
        without = Priced(value, np.zeros(made.layout.columns))
        best_priced = max(best_priced, without, key=lambda one: one.value)
        left = clock.left()
        too_large = left is not None and len(nothing.rows.columns) > RELAXED_ENTRIES_PER_S * left
        if best.gap(best_priced.value) <= task.gap or too_large:
            return best_priced, links, about
    for _ in range(LINK_ROUNDS):
        made = programme_model(problem, reach, links=links)
        model = replace(model_of(task, made), integral=np.zeros(made.layout.columns, np.bool_))
        large = len(model.rows.columns) >= INTERIOR_POINT_ENTRIES
        seconds = clock.part(RELAXED_SHARE).left()
        solved = solve(model, time_limit_s=seconds, interior_point=large)
        if solved.row_duals is not None:
            found = priced_bound(model, made.layout, solved.row_duals)
            best_priced = max(best_priced, found, key=lambda one: one.value)
        if solved.values is None:
            break
        if task.aim.keys() & {"walk"} == set():
            _round(task, best, solved, made, clock)
            kept = [one.aim for one in task.kept]
            about = estimate(problem, reach, made, solved, aim=task.aim, kept=kept) or about
            _offer_priced(task, best, about, clock)
        if best.gap(best_priced.value) <= task.gap or clock.is_over():
            break
        cheating = _cheating(problem, reach, made, solved.values) & ~links
        if not cheating.any():
            break
        links |= cheating
    return best_priced, links, about


def _without_flows(task: Task, best: Best, about: Estimate, clock: Clock) -> float:
    """Return a bound from the prices of a goal before, and offer the plans that they lead to."""
    value = flowless_bound(
        task.problem,
        about,
        aim=task.aim,
        kept=[(one.aim, one.limit + KEPT_SLACK * max(abs(one.limit), 1.0)) for one in task.kept],
        floor=task.floor - KEPT_SLACK * abs(task.floor) if task.floor > -inf else task.floor,
        limit_s=clock.part(SEARCH_SHARE).left(),
    )
    _offer_priced(task, best, about, clock)
    return value


def _offer_priced(task: Task, best: Best, about: Estimate | None, clock: Clock) -> None:
    """Offer the plans that prices of places lead to, and what their money left can do."""
    if about is None:
        return

    def offer(when: IntArray) -> float:
        trial = Trial(task.problem, task.groups, when)
        if "money" not in task.aim:
            fill_money(trial, "served", stop=inf if "served" in task.aim else task.floor)
        best.offer(trial.when.copy())
        return trial.served()

    priced_plans(
        task.problem,
        about,
        best.when,
        aim=task.aim,
        kept=[(one.aim, one.limit) for one in task.kept],
        floor=task.floor,
        offer=offer,
        left_s=clock.left,
        gap=max(task.gap / 10.0, SMALL_MODEL_GAP),
    )


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
