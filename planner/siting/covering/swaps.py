"""Making a plan better by moving one centre at a time, until no move helps.

The vertex substitution of Teitz & Bart (1968, Operations Research 16, 955-961) for covering: a
closed site is opened in place of the open one that is missed least, whenever this covers more.
How many open sites see each group is kept up to date, so that a look at a site costs only as many
steps as it reaches groups.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.siting.covering.found import Clock
from planner.siting.covering.greedy import reach
from planner.siting.covering.problem import CoveringProblem
from planner.solver import IntArray
from planner.units import BoolArray, FloatArray

PASSES: Final = 200
"""Most rounds over all sites; a few are enough, the rest guards against rounding."""

SMALLEST_STEP: Final = 1e-12
"""A move must gain more than this share of all weight: sums of floats may differ by less."""


class Sets(NamedTuple):
    """Groups (``starts``, ``group_of``) and conflicts of each site; what each group is worth."""

    starts: IntArray
    group_of: IntArray
    conflict_starts: IntArray
    conflict_of: IntArray
    weights: FloatArray


class Accounts(NamedTuple):
    """What is kept up to date while sites open and close.

    Parameters
    ----------
    is_open
        Shape (sites,).
    seen, seers
        Shape (groups,): number and sum of the open sites that see each group: where the number is
        1, the sum is that site.
    loss, shared
        Shape (sites,): weight that each open site alone sees; the part of it that a site looked at
        would see as well (0 between two looks).
    holder
        Shape (conflicts,): the open site of each conflict, or -1.
    """

    is_open: BoolArray
    seen: IntArray
    seers: IntArray
    loss: FloatArray
    shared: FloatArray
    holder: IntArray


def moved(problem: CoveringProblem, weights: FloatArray, plan: IntArray, most: int) -> IntArray:
    """Return a plan that no single move of a centre makes better.

    Parameters
    ----------
    problem
        Sites, groups and conflicts.
    weights
        Shape (groups,): what covering each group is worth.
    plan
        Positions of the sites to begin with, at most ``most`` of them, no two in conflict.
    most
        Largest number of open sites.

    Returns
    -------
    ndarray of int
        Positions of the open sites, ascending; worth at least what ``plan`` is.
    """
    by_site, conflicts = problem.by_site, problem.conflicts_by_site
    sites, groups = len(problem.sites), problem.groups
    sets = Sets(by_site.starts, by_site.group_of, conflicts.starts, conflicts.group_of, weights)
    now = Accounts(
        is_open=np.zeros(sites, dtype=np.bool_),
        seen=np.zeros(groups, dtype=np.int64),
        seers=np.zeros(groups, dtype=np.int64),
        loss=np.zeros(sites),
        shared=np.zeros(sites),
        holder=np.full(len(problem.conflicts), -1, dtype=np.int64),
    )
    _move(sets, now, plan, most, SMALLEST_STEP * float(weights.sum()))
    return np.flatnonzero(now.is_open)


@compiled
def _forced(site: int, sets: Sets, now: Accounts) -> int:
    """Return the one open site in conflict with ``site``: -1 for none, -2 for several."""
    found = -1
    for entry in range(sets.conflict_starts[site], sets.conflict_starts[site + 1]):
        other = int(now.holder[sets.conflict_of[entry]])
        if other >= 0 and other != found:
            if found >= 0:
                return -2
            found = other
    return found


@compiled
def _turn(site: int, sign: int, sets: Sets, now: Accounts) -> None:
    """Open (1) or close (-1) a site in every account."""
    now.is_open[site] = sign > 0
    for entry in range(sets.starts[site], sets.starts[site + 1]):
        group = sets.group_of[entry]
        if now.seen[group] == 1:
            now.loss[now.seers[group]] -= sets.weights[group]
        now.seen[group] += sign
        now.seers[group] += sign * site
        if now.seen[group] == 1:
            now.loss[now.seers[group]] += sets.weights[group]
    for entry in range(sets.conflict_starts[site], sets.conflict_starts[site + 1]):
        now.holder[sets.conflict_of[entry]] = site if sign > 0 else -1


@compiled
def _opening_gain(site: int, sets: Sets, now: Accounts) -> float:
    gain = 0.0
    for entry in range(sets.starts[site], sets.starts[site + 1]):
        if now.seen[sets.group_of[entry]] == 0:
            gain += sets.weights[sets.group_of[entry]]
    return gain


@compiled
def _best_exchange(
    site: int, sets: Sets, now: Accounts, open_sites: IntArray, only: int
) -> tuple[float, int]:
    """Return what opening a site is worth, and the open one to close for it (-1: none is open)."""
    gain = _opening_gain(site, sets, now)
    for entry in range(sets.starts[site], sets.starts[site + 1]):
        group = sets.group_of[entry]
        if now.seen[group] == 1:
            now.shared[now.seers[group]] += sets.weights[group]
    leaver, missed = -1, np.inf
    for other in open_sites:
        loss = now.loss[other] - now.shared[other]
        if (only < 0 or other == only) and loss < missed:
            leaver, missed = int(other), loss
    for entry in range(sets.starts[site], sets.starts[site + 1]):
        if now.seen[sets.group_of[entry]] == 1:
            now.shared[now.seers[sets.group_of[entry]]] = 0.0
    return gain - missed, leaver


@compiled
def _move(sets: Sets, now: Accounts, plan: IntArray, most: int, step: float) -> None:
    """Open closed sites, in place of open ones where there is no room, while this gains."""
    for site in plan:
        _turn(int(site), 1, sets, now)
    open_sites = np.flatnonzero(now.is_open)
    for _ in range(PASSES):
        moves = 0
        for closed in np.flatnonzero(~now.is_open):
            site = int(closed)
            only = _forced(site, sets, now)
            if now.is_open[site] or only == -2:
                continue
            if only < 0 and len(open_sites) < most:
                worth, leaver = _opening_gain(site, sets, now), -1
            else:
                worth, leaver = _best_exchange(site, sets, now, open_sites, only)
            if worth > step:
                if leaver >= 0:
                    _turn(leaver, -1, sets, now)
                _turn(site, 1, sets, now)
                open_sites = np.flatnonzero(now.is_open)
                moves += 1
        if moves == 0:
            return


def fewer(problem: CoveringProblem, plan: IntArray, cost: FloatArray, clock: Clock) -> IntArray:
    """Return a plan that covers all groups as ``plan`` does, with fewer sites where easily found.

    Needless sites are left out, the dearest first; then, again and again, one site is closed and
    the others moved, as long as they come to cover all groups.

    Parameters
    ----------
    problem
        Sites, groups and conflicts.
    plan
        Positions of sites that cover all groups.
    cost
        Shape (sites,): what opening each costs.
    clock
        Stops the search.
    """
    plan = _needed(problem, plan, cost)
    every = np.ones(problem.groups)
    while len(plan) > 1 and not clock.is_over():
        alone = _only_here(problem, plan)
        others = np.delete(plan, int(np.argmin(alone[plan])))
        tried = moved(problem, every, others, len(others))
        if not problem.covered_groups(tried).all():
            break
        plan = _needed(problem, tried, cost)
    return plan


def _only_here(problem: CoveringProblem, plan: IntArray) -> FloatArray:
    """Return, for each site, how many groups only it among the plan reaches."""
    is_open = np.zeros(len(problem.sites), dtype=np.int64)
    is_open[plan] = 1
    seen = np.add.reduceat(is_open[problem.site_of], problem.starts[:-1])
    return reach(problem, (seen == 1).astype(np.float64))


def _needed(problem: CoveringProblem, plan: IntArray, cost: FloatArray) -> IntArray:
    """Return the plan without sites that it covers all groups without."""
    is_open = np.zeros(len(problem.sites), dtype=np.int64)
    is_open[plan] = 1
    seen = np.add.reduceat(is_open[problem.site_of], problem.starts[:-1])
    for site in plan[np.lexsort((plan, -cost[plan]))]:
        groups = problem.by_site[site]
        if (seen[groups] > 1).all():
            seen[groups] -= 1
            is_open[site] = 0
    return np.flatnonzero(is_open)
