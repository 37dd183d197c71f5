"""What a plan comes to: persons served, m² short, minutes walked, money; by the plan alone.

A plan is ``when``: for each measure the year (position) in which it is done, or the number of
years where it never is. Nothing here knows how the plan was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, inf
from typing import Final

import numpy as np

from planner.coverage.assigning_problem import AssignmentProblem
from planner.coverage.assigning_search import best_assignment
from planner.siting.programmes.flows import Flow, Net, fill, net_of, search_room
from planner.siting.programmes.problem import ProgrammeProblem, Reach, summed
from planner.solver import IntArray
from planner.units import BoolArray, FloatArray

MONEY_SLACK: Final = 0.005
"""Half a fen: what a sum of float64 and the solver's tolerance may lose."""

REMEMBERED: Final = 12
"""Years whose least walks are kept: of the plan in hand, and of those tried beside it."""

ALIKE: Final = 1e-7
"""Share by which two values of a goal may differ and be called equal."""


def done_by(when: IntArray, year: int) -> BoolArray:
    """Return which measures are done in a year or before."""
    return np.asarray(when <= year)


def places(problem: ProgrammeProblem, when: IntArray) -> FloatArray:
    """Return the persons that each site takes in each year: (years, sites)."""
    held = np.empty((problem.years, len(problem.sites)))
    somewhere = problem.site >= 0
    for year in range(problem.years):
        done = done_by(when, year) & somewhere
        added = summed(problem.site[done], problem.adds[done], len(problem.sites))
        held[year] = problem.capacity + added
    return held


def served(reach: Reach, held: FloatArray) -> FloatArray:
    """Return how many are served in each year, shape (years,), by the places held."""
    net = net_of(reach, held.shape[1])
    return np.array([_flow(reach, net, held, year)[1] for year in range(len(held))])


def _flow(reach: Reach, net: Net, held: FloatArray, year: int) -> tuple[Flow, float]:
    flow = Flow(np.zeros(len(reach.row_of)), reach.demand[year].copy(), np.maximum(held[year], 0.0))
    return flow, fill(net, flow, search_room(reach.rows, held.shape[1]))


def flows(reach: Reach, held: FloatArray) -> tuple[Net, list[Flow]]:
    """Return a flow of each year that serves most."""
    net = net_of(reach, held.shape[1])
    return net, [_flow(reach, net, held, year)[0] for year in range(len(held))]


def shortfall(problem: ProgrammeProblem, when: IntArray) -> FloatArray:
    """Return ``max(0, required - held)`` of each year and group, m²: (years, groups)."""
    short = np.empty_like(problem.required)
    somewhere = problem.group >= 0
    for year in range(problem.years):
        done = done_by(when, year) & somewhere
        added = summed(problem.group[done], problem.m2[done], len(problem.groups))
        short[year] = np.maximum(problem.required[year] - problem.held - added, 0.0)
    return short


def spent(problem: ProgrammeProblem, when: IntArray) -> FloatArray:
    """Return the yuan spent in each year, net of savings: (years,)."""
    return np.array([fsum(problem.cost[when == year]) for year in range(problem.years)])


@dataclass(frozen=True, eq=False)
class Transport:
    """A year's transport problem, and which arc of the reach each of its arcs is."""

    problem: AssignmentProblem
    arc_of: IntArray


def walks(problem: ProgrammeProblem, held: FloatArray) -> list[FloatArray]:
    """Return the persons by arc of each year: most served, and among those least walked; proven.

    Raises
    ------
    SolverError
        If the solver breaks down, or its answer cannot be proven.
    """
    return [_walked(problem, held[year], year) for year in range(problem.years)]


def _walked(problem: ProgrammeProblem, held: FloatArray, year: int) -> FloatArray:
    """Return the persons by arc of a year; what was asked last is not worked out again."""
    known, key = problem.remembered, (year, held.tobytes())
    if key not in known:
        transport = _transport(problem.reach, held, problem.reach.demand[year])
        persons = np.zeros(len(problem.reach.row_of))
        persons[transport.arc_of] = best_assignment(transport.problem).persons
        while len(known) >= REMEMBERED:
            known.pop(next(iter(known)))
        known[key] = persons
    # Those asked for again are forgotten last.
    known[key] = known.pop(key)
    return known[key]


def _transport(reach: Reach, held: FloatArray, demand: FloatArray) -> Transport:
    """Return the transport problem of a year: rows that ask, sites that have places."""
    useful = (held > 0.0)[reach.site_of] & (demand > 0.0)[reach.row_of]
    rows, row_of = np.unique(reach.row_of[useful], return_inverse=True)
    sites, site_of = np.unique(reach.site_of[useful], return_inverse=True)
    problem = AssignmentProblem(
        demand=demand[rows],
        capacity=held[sites],
        resident_of=row_of.astype(np.int64),
        site_of=site_of.astype(np.int64),
        minutes=reach.minutes[useful],
    )
    return Transport(problem, np.flatnonzero(useful))


def walked(problem: ProgrammeProblem, held: FloatArray) -> float:
    """Return the least minutes that those served walk in all, over the years."""
    return fsum(fsum(persons * problem.reach.minutes) for persons in walks(problem, held))


@dataclass(frozen=True)
class Worth:
    """What a plan comes to, over all years; ``walk`` is NaN where nobody asked for it."""

    served: float
    shortfall: float
    walk: float
    money: float

    def cost(self, goal: str) -> float:
        """Return a goal's value as something to be small."""
        value: float = getattr(self, goal)
        return -value if goal == "served" else value


def worth(problem: ProgrammeProblem, groups: Reach, when: IntArray, *, with_walk: bool) -> Worth:
    """Return what a plan comes to; ``groups`` is the merged reach."""
    held = places(problem, when)
    return Worth(
        served=fsum(served(groups, held)),
        shortfall=fsum(shortfall(problem, when).ravel()),
        walk=walked(problem, held) if with_walk else float("nan"),
        money=fsum(problem.cost[when < problem.years]),
    )


def at_most(value: float, limit: float) -> bool:
    """Tell whether a value to be small is within a limit, but for what arithmetic loses."""
    return value <= limit + ALIKE * max(abs(limit), 1.0) if limit < inf else True


def is_allowed(problem: ProgrammeProblem, when: IntArray) -> bool:
    """Tell whether a plan keeps to money, years, needs and what excludes each other."""
    years = problem.years
    done = when < years
    if (when[done] < problem.first_year[done]).any():
        return False
    if len(problem.needs) and (when[problem.needs[:, 0]] < when[problem.needs[:, 1]]).any():
        return False
    if any(done[group].sum() > 1 for group in problem.exclusive):
        return False
    if any(not done[group].any() for group in problem.must):
        return False
    used = spent(problem, when)
    used = np.cumsum(used) if problem.money.carries_over else used
    return bool(np.all(used <= problem.money.limits() + MONEY_SLACK))
