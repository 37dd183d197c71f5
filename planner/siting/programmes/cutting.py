"""Plan and bound brought together by cuts: the measures are chosen, the flow says who is served.

The model of the measures alone (:mod:`.measures_model`) promises so many served; the flow of its
plan tells how many there truly are, and its cuts take the false promise back (Benders 1962,
Numerische Mathematik 4, 238-252). Each round bounds all plans; when a plan keeps its promise, bound
and plan have met. First the relaxed model is cut, at its solution and halfway to the plan in hand
(Ben-Ameur & Neto 2007, Networks 49, 3-17), which costs little; then branch and bound goes on.
"""

from __future__ import annotations

from math import inf
from typing import Final

import numpy as np

from planner.siting.programmes.bounds import priced_bound
from planner.siting.programmes.evaluating import flows, places
from planner.siting.programmes.measures_model import MeasuresModel
from planner.siting.programmes.models import plan_of
from planner.siting.programmes.problem import summed
from planner.siting.programmes.search import fill_money
from planner.siting.programmes.served_cuts import Cut, cuts_of_flow
from planner.siting.programmes.tasks import Best, Bound, Clock, Task
from planner.siting.programmes.trial import Trial
from planner.solver import GrowingProgram, IntArray, Solution, solve
from planner.units import FloatArray

RELAXED_ROUNDS: Final = 40
"""Most rounds in which the relaxed model is cut."""

STALLED: Final = 0.02
"""Share of the distance to the plan in hand that a round must win for another to follow."""

STALLED_ROUNDS: Final = 3
"""Rounds in a row without it."""

OPEN_SHARE: Final = 0.2
"""Share of the open gap at which branch and bound stops while its plans still break promises."""

LAST_SHARE: Final = 0.9
"""Share of the gap asked for at which it stops at last."""

POLISHED_SHARE: Final = 0.1
POLISHING_TIME: Final = 0.1
"""Where the gap is met already: share of it, and of the time left, for one plan more."""

FIRST_GAP: Final = 0.05
"""The same while no gap is known."""


def cut_plans(
    task: Task, best: Best, bound: Bound, cuts: tuple[Cut, ...], clock: Clock
) -> tuple[Cut, ...]:
    """Bound all plans by the measures alone, and offer the plans met on the way.

    Parameters
    ----------
    task
        The task, without the walk for its goal.
    best, bound
        The best plan so far, and what is known of all others; both are made better.
    cuts
        Cuts known before.
    clock
        The time.

    Returns
    -------
    tuple of Cut
        The cuts known now.
    """
    made = MeasuresModel(task)
    made.add(cuts)
    made.add(_cuts_at(task, places(task.problem, best.when))[1])
    _relaxed(task, best, bound, made, clock)
    last, exact = LAST_SHARE * task.gap, False
    while bound.is_open() and not clock.is_over():
        left = bound.gap()
        now = last if exact else max(last, OPEN_SHARE * left if left < inf else FIRST_GAP)
        solved = _branched(task, best, made, now, clock)
        value = solved.bound if solved.status != "infeasible" else best.cost
        if solved.values is None:
            bound.raise_to(value, "branch_and_bound")
            break
        when = plan_of(solved.values, made.layout)
        bound.raise_to(value, "branch_and_bound")
        new = made.add(_cuts_at(task, places(task.problem, when))[1], solved.values)
        if solved.status == "time_limit" or (not new and now <= last):
            break
        exact = not new
    return tuple(made.cuts)


def polished(task: Task, best: Best, cuts: tuple[Cut, ...], clock: Clock) -> None:
    """Offer the plan that the cuts known so far promise most of, where the gap is met already.

    A person served who could have been served for the same money is lost to every later goal.
    """
    made = MeasuresModel(task)
    made.add(cuts)
    _branched(task, best, made, POLISHED_SHARE * task.gap, clock.part(POLISHING_TIME))


def _branched(task: Task, best: Best, made: MeasuresModel, gap: float, clock: Clock) -> Solution:
    """Solve the model of the measures by branch and bound, and offer its plan."""
    start = made.values(best.when, _cuts_at(task, places(task.problem, best.when))[0])
    solved = solve(made.model(), time_limit_s=clock.left(), gap=gap, start=start)
    if solved.values is not None:
        _offer(task, best, plan_of(solved.values, made.layout))
    return solved


def _relaxed(task: Task, best: Best, bound: Bound, made: MeasuresModel, clock: Clock) -> None:
    """Cut the relaxed model as long as that wins much."""
    program = GrowingProgram(made.model(integral=False))
    home = places(task.problem, best.when)
    value, dull = -inf, 0
    for _ in range(RELAXED_ROUNDS):
        solved = program.solve(time_limit_s=clock.left())
        if solved.values is None or solved.row_duals is None:
            return
        model = made.model(integral=False)
        found = priced_bound(model, made.layout, solved.row_duals).value
        dull = 0 if found - value > STALLED * (best.cost - found) else dull + 1
        value = max(value, found)
        bound.raise_to(value, "prices")
        if not bound.is_open() or dull >= STALLED_ROUNDS or clock.is_over():
            return
        here = _relaxed_places(task, made.done(solved.values))
        known = len(made.cuts)
        new = made.add(_cuts_at(task, here)[1], solved.values)
        made.add(_cuts_at(task, (here + home) / 2.0)[1], solved.values)
        if not new:
            return
        program.add_rows(*made.rows(made.cuts[known:]))


def _offer(task: Task, best: Best, when: IntArray) -> None:
    """Offer a plan, as it is and with its money spent on whom it does not serve."""
    best.offer(when)
    trial = Trial(task.problem, task.groups, when)
    if trial.served() < task.floor or "served" in task.aim:
        fill_money(trial, "served", stop=inf if "served" in task.aim else task.floor)
        best.offer(trial.when.copy())


def _relaxed_places(task: Task, done: FloatArray) -> FloatArray:
    """Return the places at each site of measures done in part: (years, sites)."""
    problem = task.problem
    held = np.tile(problem.capacity, (problem.years, 1))
    at = problem.site >= 0
    for year, useful in enumerate(problem.useful()):
        held[year] += summed(problem.site[at], (useful * done[year])[at], len(problem.sites))
    return np.maximum(held, 0.0)


def _cuts_at(task: Task, held: FloatArray) -> tuple[FloatArray, list[Cut]]:
    """Return the persons served in each year by the places held, and the cuts that show it."""
    net, year_flows = flows(task.groups, held)
    asked = task.groups.demand.sum(axis=1)
    served = asked - np.array([flow.left.sum() for flow in year_flows])
    found = [
        cut
        for year, flow in enumerate(year_flows)
        for cut in cuts_of_flow(task.problem, task.groups, net, flow, year)
    ]
    return served, found
