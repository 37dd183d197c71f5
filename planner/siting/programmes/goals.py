"""Goal after goal: each made as good as can be, none given up for a later one.

For each goal: a plan by search, the linear relaxation (its prices bound every plan by plain sums,
its values give better plans by rounding), and branch and bound for what remains. Every plan is
reckoned anew from the measures that it takes, never from the solver's columns.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from planner.errors import SitingError
from planner.labels import message
from planner.siting.programmes.bounds import narrowed
from planner.siting.programmes.evaluating import flows, places, shortfall, walks
from planner.siting.programmes.models import (
    ProgrammeModel,
    plan_of,
    programme_model,
    with_goal,
)
from planner.siting.programmes.pricing import Estimate
from planner.siting.programmes.problem import ProgrammeProblem, Reach, merged
from planner.siting.programmes.relaxing import exchanged_plans, greedy_plan, model_of, relaxed
from planner.siting.programmes.tasks import (
    PROVEN,
    Aim,
    Best,
    Clock,
    GoalFound,
    GoalStatus,
    Kept,
    Proof,
    Task,
)
from planner.solver import IntArray, Model, solve
from planner.units import FloatArray

WALK_ARCS: Final = 60_000
"""Arcs times years from which the walk is made least for the measures chosen, not over all."""

BRANCHED_ENTRIES_PER_S: Final = 2_000
"""Entries of a model for each second left up to which branch and bound is begun: on larger ones the
solver spends all its time, and more, before the first branch."""

SHARES_OF_TIME: Final = (0.6, 0.4, 0.5, 0.9)
"""Of the time that is left, what each goal in its turn may take."""


def reach_goal(
    task: Task, start: IntArray, clock: Clock
) -> tuple[IntArray, GoalFound, Estimate | None]:
    """Make one goal as good as can be, from a plan that keeps all goals before it.

    Parameters
    ----------
    task
        The goal's turn.
    start
        A plan that is allowed and keeps what is kept.
    clock
        The time that this goal may take.

    Returns
    -------
    ndarray of int, GoalFound, Estimate or None
        The plan (``when``), how good it is, and the last estimate of persons served.
    """
    problem = task.problem
    best = Best(task, start)
    large = task.with_walk and len(problem.reach.row_of) * problem.years > WALK_ARCS
    if large and "walk" in task.aim:
        return start, _of_these_measures(best, clock), task.about
    greedy_plan(task, best)
    # Without the walk that is kept the bound is a weaker one, and still true.
    weaker = replace(task, kept=tuple(k for k in task.kept if "walk" not in k.aim))
    used = weaker if large else task
    reach = problem.reach if used.with_walk else task.groups
    priced, linked, about = relaxed(used, reach, best, clock)
    bound = priced.value
    proof: Proof = "prices"
    if best.gap(bound) > task.gap and not clock.is_over():
        exchanged_plans(task, best, clock)
    if large or best.gap(bound) <= max(task.gap, 0.0) or clock.is_over():
        return best.when, _found(task, best, bound, proof, clock, ended=False), about
    made = programme_model(problem, reach, links=linked)
    known = best.cost + PROVEN * max(abs(best.cost), 1.0)
    model = narrowed(model_of(used, made), made.layout, priced, known)
    if _too_large(model, clock):
        return best.when, _found(task, best, bound, proof, clock, ended=False), about
    start_values = _values(made, problem, reach, best.when)
    solved = solve(model, time_limit_s=clock.left(), gap=task.gap, start=start_values)
    if solved.values is not None:
        best.offer(plan_of(solved.values, made.layout))
    # The solver may keep a hair less than asked of it: no bound is above the plan in hand.
    searched = min(solved.bound if solved.status != "infeasible" else best.cost, best.cost)
    if searched > bound:
        bound, proof = searched, "branch_and_bound"
    told = _found(task, best, bound, proof, clock, ended=solved.status != "time_limit")
    return best.when, told, about


def _too_large(model: Model, clock: Clock) -> bool:
    """Tell whether the time left would go by before branch and bound has begun."""
    left = clock.left()
    return left is not None and len(model.rows.columns) > BRANCHED_ENTRIES_PER_S * left


def _of_these_measures(best: Best, clock: Clock) -> GoalFound:
    """Tell of a walk that is the least for the measures chosen; others were not looked at."""
    seconds = time.perf_counter() - clock.began
    value = best.worth.walk
    return GoalFound("walk", value, value, 0.0, "optimal", "these_measures", "prices", seconds)


def _found(
    task: Task, best: Best, bound: float, proof: Proof, clock: Clock, *, ended: bool
) -> GoalFound:
    bound = min(bound, best.cost)
    gap = best.gap(bound)
    status: GoalStatus = "best_found"
    if gap == 0.0 or (ended and task.gap == 0.0):
        status = "optimal"
    elif gap <= task.gap or ended:
        status = "gap_reached"
    elif clock.is_over():
        status = "time_limit"
    sign = -1.0 if task.name == "served" else 1.0
    value = sign * best.cost + 0.0
    return GoalFound(
        task.name,
        value,
        value if gap == 0.0 else sign * bound + 0.0,
        gap,
        status,
        "all_plans",
        proof,
        time.perf_counter() - clock.began,
    )


def _values(
    made: ProgrammeModel, problem: ProgrammeProblem, reach: Reach, when: IntArray
) -> FloatArray:
    """Return the columns of a model for a plan, to begin branch and bound from."""
    layout = made.layout
    values = np.zeros(layout.columns)
    held = places(problem, when)
    if reach is problem.reach:
        persons = walks(problem, held)
    else:
        persons = [flow.persons for flow in flows(reach, held)[1]]
    short = shortfall(problem, when)
    for year in range(layout.years):
        values[layout.done(year)] = when <= year
        values[layout.persons(year)] = persons[year] * layout.scale
        values[layout.short(year)] = short[year]
    return values


def reach_goals(
    problem: ProgrammeProblem,
    aims: Sequence[tuple[str, Aim]],
    start: IntArray,
    clock: Clock,
    *,
    gap: float,
    kept: tuple[Kept, ...] = (),
) -> tuple[IntArray, list[GoalFound]]:
    """Make goals as good as can be, one after the other.

    Parameters
    ----------
    problem
        The problem.
    aims
        Names and factors of the goals, in their order.
    start
        A plan that is allowed.
    clock
        The time for all of them.
    gap
        Share of each goal at which to stop.
    kept
        What every plan keeps to from the start.

    Returns
    -------
    ndarray of int, list of GoalFound
        The plan, and how far each goal is reached.
    """
    groups = merged(problem.reach)
    found = []
    when, about = start, None
    for place, (name, aim) in enumerate(aims):
        task = Task(problem, groups, name, aim, kept, gap, about)
        part = clock.part(SHARES_OF_TIME[min(place, len(SHARES_OF_TIME) - 1)])
        when, told, about = reach_goal(task, when, part)
        found.append(told)
        value = told.value if name != "served" else -told.value
        kept = (*kept, Kept(aim, value))
    return when, found


def required_plan(problem: ProgrammeProblem) -> IntArray:
    """Return a plan to begin from: nothing, or the least money that opens what is required.

    Raises
    ------
    SitingError
        If the money does not reach for what is required.
    """
    nothing = np.full(len(problem.measures), problem.years, dtype=np.int64)
    if not problem.must:
        return nothing
    nobody = Reach(
        np.zeros((problem.years, 0)),
        np.zeros(0, dtype=np.int64),
        np.zeros(0, dtype=np.int64),
        np.zeros(0),
    )
    alone = replace(problem, reach=nobody)
    made = programme_model(alone, nobody)
    solved = solve(with_goal(made, {"money": 1.0}))
    if solved.values is None:
        raise SitingError(message("siting.refused"), [message("programme.required_too_dear")])
    return plan_of(solved.values, made.layout)
