"""Goal after goal: each made as good as can be, none given up for a later one.

For each goal: a plan by search, the linear relaxation (its prices bound every plan by plain sums,
its values give better plans by rounding), then branch and bound over the measures alone, with cuts
for who is served, and over everything where the walk counts or that was not enough. What a goal
has shown of measures and of persons served, the later ones use. Every plan is reckoned anew from
the measures that it takes, never from the solver's columns.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from planner.errors import SitingError
from planner.labels import message
from planner.siting.programmes.bounds import Settled, settled_by
from planner.siting.programmes.cutting import cut_plans, polished
from planner.siting.programmes.evaluating import ALIKE, flows, places, shortfall, walks
from planner.siting.programmes.models import (
    ProgrammeModel,
    plan_of,
    programme_model,
    with_goal,
)
from planner.siting.programmes.problem import ProgrammeProblem, Reach, merged
from planner.siting.programmes.relaxing import (
    Relaxation,
    exchanged_plans,
    greedy_plan,
    is_large,
    model_of,
    relaxed,
)
from planner.siting.programmes.served_cuts import Cut
from planner.siting.programmes.tasks import (
    PROVEN,
    Aim,
    Best,
    Bound,
    Clock,
    GoalFound,
    GoalStatus,
    Kept,
    Task,
    without_walk,
)
from planner.solver import IntArray, solve
from planner.units import FloatArray

WALK_ARCS: Final = 30_000
"""Arcs times years from which the walk is made least for the measures chosen, not over all: of
28,000 arcs of a year the walk is proven in seconds, of 56,000 not in any time worth waiting."""

BRANCHED_ENTRIES_PER_S: Final = 2_000
"""Entries of a model for each second left up to which branch and bound is begun: on larger ones the
solver spends all its time, and more, before the first branch."""

SOLVER_HAIR: Final = 1e-6
"""A search that has ended keeps its bound to this relative gap; by its figure, never by its word,
is a goal called proven."""

SHARES_OF_TIME: Final = (0.6, 0.4, 0.5, 0.9)
"""Of the time that is left, what each goal in its turn may take."""


@dataclass(frozen=True, eq=False)
class Reached:
    """Where a goal's turn has ended: the plan, how good it is, and what later goals may use."""

    when: IntArray
    told: GoalFound
    settled: Settled
    cuts: tuple[Cut, ...]


def reach_goal(task: Task, start: IntArray, clock: Clock) -> Reached:
    """Make one goal as good as can be, from a plan that keeps all goals before it.

    Parameters
    ----------
    task
        The goal's turn.
    start
        A plan that is allowed and keeps what is kept.
    clock
        The time that this goal may take.
    """
    problem = task.problem
    best = Best(task, start)
    large = task.with_walk and len(problem.reach.row_of) * problem.years > WALK_ARCS
    if large and "walk" in task.aim:
        return Reached(start, _of_these_measures(best, clock), task.settled, task.cuts)
    greedy_plan(task, best)
    # Without the walk that is kept the bound is a weaker one, and still true.
    used = without_walk(task) if large else task
    reach = problem.reach if used.with_walk else task.groups
    bound = Bound(best)
    relaxation, cuts = None, task.cuts
    # Where cuts of a goal before tell who is served, a goal without flows needs none.
    if not cuts or used.with_walk or "served" in task.aim or not is_large(task, reach):
        relaxation = relaxed(used, reach, best, clock)
        bound.raise_to(relaxation.priced.value, "prices")
        cuts += relaxation.cuts
    if bound.is_open() and not used.with_walk and not clock.is_over():
        cuts = cut_plans(used, best, bound, cuts, clock)
    elif "served" in task.aim and cuts and bound.gap() > 0.0 and not clock.is_over():
        polished(used, best, cuts, clock)
    if bound.is_open() and not clock.is_over():
        exchanged_plans(task, best, clock)
    ended = False
    if bound.is_open() and relaxation is not None and not large and not clock.is_over():
        ended = _branched(used, reach, best, bound, relaxation, clock)
    told = _found(task, best, bound, clock, ended=ended)
    settled = task.settled
    if relaxation is not None:
        limit = best.cost + 2.0 * ALIKE * max(abs(best.cost), 1.0)
        settled = settled.besides(settled_by(relaxation.priced, problem, limit))
    return Reached(best.when, told, settled, cuts)


def _branched(
    task: Task,
    reach: Reach,
    best: Best,
    bound: Bound,
    relaxation: Relaxation,
    clock: Clock,
) -> bool:
    """Go on by branch and bound with all flows; tell whether it ran to its end."""
    problem = task.problem
    made = programme_model(problem, reach, links=relaxation.links)
    known = best.cost + PROVEN * max(abs(best.cost), 1.0)
    settled = task.settled.besides(settled_by(relaxation.priced, problem, known))
    model = settled.narrowed(model_of(task, made), made.layout)
    left = clock.left()
    if left is not None and len(model.rows.columns) > BRANCHED_ENTRIES_PER_S * left:
        return False
    start = _values(made, problem, reach, best.when)
    solved = solve(model, time_limit_s=left, gap=task.gap, start=start)
    if solved.values is not None:
        best.offer(plan_of(solved.values, made.layout))
    # The solver may keep a hair less than asked of it: no bound is above the plan in hand.
    searched = solved.bound if solved.status != "infeasible" else best.cost
    bound.raise_to(searched, "branch_and_bound")
    return solved.status != "time_limit"


def _of_these_measures(best: Best, clock: Clock) -> GoalFound:
    """Tell of a walk that is the least for the measures chosen; others were not looked at."""
    seconds = time.perf_counter() - clock.began
    value = best.worth.walk
    return GoalFound("walk", value, value, 0.0, "optimal", "these_measures", "prices", seconds)


def _found(task: Task, best: Best, bound: Bound, clock: Clock, *, ended: bool) -> GoalFound:
    value, gap = min(bound.value, best.cost), bound.gap()
    status: GoalStatus = "best_found"
    if gap == 0.0 or (ended and gap <= SOLVER_HAIR):
        status = "optimal"
    elif gap <= task.gap + SOLVER_HAIR:
        status = "gap_reached"
    elif clock.is_over():
        status = "time_limit"
    sign = -1.0 if task.name == "served" else 1.0
    told = sign * best.cost + 0.0
    return GoalFound(
        task.name,
        told,
        told if gap == 0.0 else sign * value + 0.0,
        gap,
        status,
        "all_plans",
        bound.proof,
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
    found: list[GoalFound] = []
    when, settled = start, Settled()
    cuts: tuple[Cut, ...] = ()
    for place, (name, aim) in enumerate(aims):
        task = Task(problem, groups, name, aim, kept, gap, settled, cuts)
        part = clock.part(SHARES_OF_TIME[min(place, len(SHARES_OF_TIME) - 1)])
        now = reach_goal(task, when, part)
        when, settled, cuts = now.when, now.settled, now.cuts
        found.append(now.told)
        value = now.told.value if name != "served" else -now.told.value
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
