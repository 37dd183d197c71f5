"""The best assignment, found by the solver on the few pairs that matter, and proven on all.

Most served comes before least walk: a person without a place counts ``unserved_cost`` minutes,
which outweighs any walk that a place for that person can add (:class:`AssignmentProblem`). Prices
of places tell for each row which centres can matter. Rows with one such centre go there; the rest,
a few hundred rows, is one linear programme for HiGHS. Weak duality then bounds every plan over
*all* pairs by plain sums, so the proof stands on no solver's word or tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Final

import numpy as np

from planner.coverage.assigning_flow import placed
from planner.coverage.assigning_problem import AssignmentProblem
from planner.errors import SolverError
from planner.labels import message
from planner.solver import IntArray, Model, SparseRows, solve
from planner.units import BoolArray, FloatArray

PROOF_MINUTES: Final = 1e-6
"""A plan is proven if no other is better by more than this many minutes a person, all told."""

TIE_MINUTES: Final = 1e-6
"""Centres that cost a row this little more than its best are looked at by the solver."""


@dataclass(frozen=True, eq=False)
class Assignment:
    """Persons by arc, and how far they are proven to be the best.

    Parameters
    ----------
    persons
        Shape (arcs,), not negative; never more than a row's demand or a centre's places, to the
        rounding of a float64 sum.
    prices
        Shape (centres,): prices of places in minutes, 0 or more, that the proof stands on.
    gap_minutes
        No plan beats this one by more person-minutes, a person without a place counting
        ``unserved_cost``; so none serves more persons than ``gap_minutes / longest`` more.
    """

    persons: FloatArray
    prices: FloatArray
    gap_minutes: float


def best_assignment(problem: AssignmentProblem) -> Assignment:
    """Return the assignment that serves most, and among those walks least.

    Parameters
    ----------
    problem
        The transport problem.

    Raises
    ------
    SolverError
        If the solver breaks down, or its answer cannot be proven.
    """
    if not len(problem.minutes):
        return Assignment(np.zeros(0), np.zeros(len(problem.capacity)), 0.0)
    _, prices = placed(
        problem.resident_of,
        problem.site_of,
        problem.minutes,
        problem.demand,
        problem.capacity,
        problem.unserved_cost,
    )
    found = _reduced(problem, prices)
    if not _proven(problem, found):
        found = plain_assignment(problem)
    if not _proven(problem, found):
        raise SolverError(message("capacity.not_proven", gap_minutes=found.gap_minutes))
    return found


def plain_assignment(problem: AssignmentProblem) -> Assignment:
    """Return the same by one call of the solver on the whole problem: slow, and needs no prices."""
    persons, duals = _solved(problem, np.ones(len(problem.minutes), np.bool_), problem.capacity)
    prices = np.maximum(duals, 0.0)
    persons = _trimmed(problem, persons)
    return Assignment(persons, prices, bound(problem, prices) - value(problem, persons))


def value(problem: AssignmentProblem, persons: FloatArray) -> float:
    """Return what a plan is worth: minutes by which it beats the plan that serves nobody."""
    return fsum((problem.unserved_cost - problem.minutes) * persons)


def bound(problem: AssignmentProblem, prices: FloatArray) -> float:
    """Return what no plan can be worth more than, for any prices of 0 or more.

    ``Σ_i d_i (M - min(M, min_j (t_ij + v_j))) + Σ_j c_j v_j`` with ``M = unserved_cost``: the
    dual of the transport problem, every row paying its best price (weak duality).
    """
    best = _least_cost(problem, prices)
    return fsum([*(problem.demand * (problem.unserved_cost - best)), *(problem.capacity * prices)])


def _least_cost(problem: AssignmentProblem, prices: FloatArray) -> FloatArray:
    best = np.full(len(problem.demand), problem.unserved_cost)
    np.minimum.at(best, problem.resident_of, problem.minutes + prices[problem.site_of])
    return best


def _proven(problem: AssignmentProblem, found: Assignment) -> bool:
    return found.gap_minutes <= PROOF_MINUTES * fsum(problem.demand)


def _reduced(problem: AssignmentProblem, prices: FloatArray) -> Assignment:
    """Return the plan on the pairs that the prices leave open."""
    best = _least_cost(problem, prices)
    cost = problem.minutes + prices[problem.site_of]
    open_arcs = cost <= best[problem.resident_of] + TIE_MINUTES
    choices = np.bincount(problem.resident_of[open_arcs], minlength=len(best))
    choices += best >= problem.unserved_cost - TIE_MINUTES
    settled = open_arcs & (choices == 1)[problem.resident_of]
    persons = np.where(settled, problem.demand[problem.resident_of], 0.0)
    load = np.bincount(problem.site_of, weights=persons, minlength=len(problem.capacity))
    left = np.maximum(problem.capacity - load, 0.0)
    moved, _ = _solved(problem, open_arcs & ~settled, left)
    persons = _trimmed(problem, persons + moved)
    return Assignment(persons, prices, bound(problem, prices) - value(problem, persons))


def _solved(
    problem: AssignmentProblem, arcs: BoolArray, capacity: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return persons by arc of the best plan on some arcs, and the worth of a place by centre."""
    persons, duals = np.zeros(len(arcs)), np.zeros(len(capacity))
    chosen = np.flatnonzero(arcs)
    if not len(chosen):
        return persons, duals
    rows, row_of = np.unique(problem.resident_of[chosen], return_inverse=True)
    sites, site_of = np.unique(problem.site_of[chosen], return_inverse=True)
    found = solve(
        Model(
            cost=problem.unserved_cost - problem.minutes[chosen],
            lower=np.zeros(len(chosen)),
            upper=np.full(len(chosen), np.inf),
            rows=_sums(row_of, len(rows), site_of, len(sites)),
            row_lower=np.full(len(rows) + len(sites), -np.inf),
            row_upper=np.r_[problem.demand[rows], capacity[sites]],
            integral=np.zeros(len(chosen), np.bool_),
            sense="maximise",
        )
    )
    if found.values is None or found.row_duals is None:
        raise SolverError(message("solver.failed", status=found.status))
    persons[chosen] = found.values
    duals[sites] = found.row_duals[len(rows) :]
    return persons, duals


def _sums(row_of: IntArray, rows: int, site_of: IntArray, sites: int) -> SparseRows:
    """Return one row of the model for each row's persons and each centre's load."""
    counts = np.r_[np.bincount(row_of, minlength=rows), np.bincount(site_of, minlength=sites)]
    order = [np.argsort(keys, kind="stable") for keys in (row_of, site_of)]
    return SparseRows(np.r_[0, np.cumsum(counts)], np.concatenate(order), np.ones(2 * len(row_of)))


def _trimmed(problem: AssignmentProblem, persons: FloatArray) -> FloatArray:
    """Return a plan within its bounds: what the solver's tolerance allows beyond is cut off."""
    persons = np.maximum(persons, 0.0)
    for keys, limit in (
        (problem.site_of, problem.capacity),
        (problem.resident_of, problem.demand),
    ):
        sums = np.bincount(keys, weights=persons, minlength=len(limit))
        over = np.where(sums > limit, limit / np.where(sums > 0, sums, 1.0), 1.0)
        persons = persons * over[keys]
    return persons
