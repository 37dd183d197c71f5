"""The search for the plan with the least total walk.

A good plan by exchanges; prices that bound what any plan can do and rule out most sites; the
linear relaxation of what is left; then branch and bound. Where not everybody can be reached, only
the plans that reach the most count: where they are few, they are compared; else having no centre
costs a penalty, raised until the plan reaches as many as any plan can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, fsum
from typing import Final

import numpy as np

from planner.siting.asking.inputs import Question
from planner.siting.covering.found import PROOF_TOLERANCE, Clock, share
from planner.siting.walking.alike import alike_as_one
from planner.siting.walking.branching import Tree
from planner.siting.walking.interchange import Interchange
from planner.siting.walking.prices import Goal, ascend
from planner.siting.walking.problem import (
    Pairs,
    WalkingProblem,
    nearest_walks,
    reachable,
    standing_cost,
    walking_problem,
)
from planner.siting.walking.reaching import most_reached, narrowed_question
from planner.siting.walking.relaxation import Relaxation
from planner.siting.walking.today import EQUAL_SHARE, favouring_today
from planner.siting.walking.walked import Walked, least_of
from planner.solver import IntArray, Status
from planner.units import BoolArray

KICKS: Final = 8
"""Times that a good plan is kicked and improved again before its bound is sought."""

DEARER: Final = 8.0
"""Factor by which the penalty is raised."""

PENALTIES: Final = 14
"""Penalties tried: 8 to the 14th outweighs any difference of weights that counts."""


@dataclass(frozen=True)
class _Median:
    """Open sites and bound of one penalty, and whether the search ran to its end."""

    is_open: BoolArray
    bound: float
    finished: bool


def least_total(
    question: Question, pairs: Pairs, *, time_limit_s: float | None, gap: float
) -> Walked:
    """Return the plan that reaches the most weight and, of those, walks the least in sum.

    Parameters
    ----------
    question, pairs
        As asked, and its pairs that count.
    time_limit_s
        Seconds after which to stop, or None.
    gap
        Relative gap at which to stop; 0 for the optimum.
    """
    clock = Clock(time_limit_s)
    reached = most_reached(question, pairs, clock)
    if reached.plans is not None:
        return _least_of(question, pairs, reached.plans)
    question, pairs = narrowed_question(question, pairs, reached.state)
    first = 2.0 * ceil(float(pairs.minutes.max(initial=0.0))) + 1.0
    penalty = np.full(len(question.residents), first)
    within_reach = fsum(question.weights[reachable(question, pairs)].tolist())
    is_everybody = reached.most >= within_reach * (1.0 - PROOF_TOLERANCE)
    for _ in range(PENALTIES):
        problem = walking_problem(question, pairs, penalty=penalty)
        standing = standing_cost(question, pairs, problem)
        median = least_sum(problem, standing, clock, gap)
        is_open = median.is_open
        missing = problem.unserved(is_open)
        left = fsum(question.weights[problem.askers][missing].tolist())
        if left == 0.0 or within_reach - left >= reached.most * (1.0 - PROOF_TOLERANCE):
            break
        if clock.is_over():
            is_open = reached.plan[problem.sites]
            missing = problem.unserved(is_open)
            break
        # Where everybody can be reached it is enough to hurry those left out: the more the others
        # pay, the weaker are the bounds.
        dearer = problem.askers[missing] if is_everybody else slice(None)
        penalty[dearer] *= DEARER
    unpaid = fsum(problem.base[missing].tolist())
    walk = fsum([standing, Interchange(problem, clock).cost(is_open), -unpaid])
    bound = min(max(fsum([standing, median.bound, -unpaid]), 0.0), walk)
    away = share(walk - bound, walk)
    status: Status = "optimal"
    if not reached.is_proven:
        status = "time_limit"
    elif away > PROOF_TOLERANCE:
        status = "gap_reached" if away <= gap else "time_limit"
    else:
        bound, away = walk, 0.0
    return Walked(problem.sites[is_open], walk, bound, away, status)


def _least_of(question: Question, pairs: Pairs, plans: Sequence[BoolArray]) -> Walked:
    """Return the plan that walks the least, of all that count."""
    held = question.weights > 0

    def walk(sites: IntArray) -> float:
        walks = nearest_walks(question, pairs, sites)
        counts = held & np.isfinite(walks)
        return fsum((question.weights[counts] * walks[counts]).tolist())

    return least_of(question, plans, walk, equal=EQUAL_SHARE)


def least_sum(problem: WalkingProblem, standing: float, clock: Clock, gap: float) -> _Median:
    """Return the plan of least cost, as far as the time allows.

    Parameters
    ----------
    problem
        What is asked.
    standing
        Cost beside it, for the gap.
    clock, gap
        When to stop.
    """
    favoured = favouring_today(problem)
    search = Interchange(favoured.problem, clock)
    plan = search.greedy()
    random = np.random.default_rng(0)
    for _ in range(KICKS):
        other = search.kicked(plan, random)
        plan = other if other.cost < plan.cost else plan
    goals = Goal(favoured.problem, gap=gap, standing=standing * favoured.unit, spared=favoured.most)
    ascent = ascend(search, plan, goals)
    small, group = alike_as_one(favoured.problem.narrowed(ascent.alive))
    prices = np.bincount(group, weights=ascent.prices, minlength=len(small.askers))
    relaxation = Relaxation(small, prices.astype(np.float64))
    tree = Tree(search, ascent.alive, relaxation, goals)
    proof = tree.prove(ascent.plan, ascent.bound, clock)
    bound = favoured.bound_there(proof.bound, whole=problem.whole)
    return _Median(search.needed(proof.plan.is_open), bound, proof.finished)
