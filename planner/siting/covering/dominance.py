"""Sites that a better one makes needless, and residents whom others speak for.

A site whose groups another one reaches as well can be left out: wherever a plan opens it, the
other does at least as much. Where everybody must be covered, a group that sees all the sites of
another is covered with it. To find who contains whom, each set is compared only with those that
share its rarest member, never all with all.
"""

from __future__ import annotations

import numpy as np

from planner.compiled import compiled
from planner.siting.covering.problem import CoveringProblem, restricted
from planner.solver import IntArray
from planner.units import BoolArray, FloatArray

ROUNDS = 10
"""Leaving out sites may make further groups needless, and the other way round: look so often."""


def without_dominated(
    problem: CoveringProblem, *, cost: FloatArray | None = None, cover_all: bool = False
) -> tuple[CoveringProblem, IntArray]:
    """Return the problem without what cannot change its optimum, and where its sites stood.

    Parameters
    ----------
    problem
        The problem.
    cost
        Shape (sites,): what opening each costs; None means the same for all. A site makes way
        only for one that costs no more; between equals the first in canonical order stays.
    cover_all
        Whether every group must be covered: then groups whose sites include all those of another
        group are left out as well.

    Returns
    -------
    CoveringProblem, ndarray of int
        The smaller problem, and the position in ``problem.sites`` of each of its sites.
    """
    cost = np.ones(len(problem.sites)) if cost is None else cost
    where = np.arange(len(problem.sites))
    for _ in range(ROUNDS):
        sites = ~dominated_sites(problem, cost[where])
        smaller, kept = restricted(problem, sites, np.ones(problem.groups, np.bool_))
        groups = ~implied_groups(smaller) if cover_all else np.ones(smaller.groups, np.bool_)
        changed = len(kept) < len(problem.sites) or not groups.all()
        if not groups.all():
            smaller, _ = restricted(smaller, np.ones(len(kept), np.bool_), groups)
        problem, where = smaller, where[kept]
        if not cover_all or not changed:
            break
    return problem, where


def dominated_sites(problem: CoveringProblem, cost: FloatArray) -> BoolArray:
    """Tell which sites reach no group that one other site, which may always open, does not.

    Parameters
    ----------
    problem
        Sites and groups. A site in a conflict may make way for one in none, never the reverse.
    cost
        Shape (sites,): a site makes way only for one that costs no more.
    """
    free = np.diff(problem.conflicts_by_site.starts) == 0
    by_site = problem.by_site
    return _dominated(by_site.starts, by_site.group_of, problem.starts, problem.site_of, free, cost)


def implied_groups(problem: CoveringProblem) -> BoolArray:
    """Tell which groups are covered in every plan that covers some other group."""
    by_site = problem.by_site
    return _implied(problem.starts, problem.site_of, by_site.starts, by_site.group_of)


@compiled
def _rarest(members: IntArray, starts: IntArray) -> int:
    """Return the member of a set that the fewest sets have."""
    best = int(members[0])
    for member in members:
        if starts[member + 1] - starts[member] < starts[best + 1] - starts[best]:
            best = int(member)
    return best


@compiled
def _holds(members: IntArray, mark: IntArray, own: int, needed: int) -> bool:
    """Tell whether so many members are marked as ``own``."""
    left = len(members)
    for member in members:
        if mark[member] == own:
            needed -= 1
        left -= 1
        if needed > left:
            return False
    return needed <= 0


@compiled
def _dominated(
    starts: IntArray,
    group_of: IntArray,
    group_starts: IntArray,
    site_of: IntArray,
    free: BoolArray,
    cost: FloatArray,
) -> BoolArray:
    sites = len(starts) - 1
    out = np.zeros(sites, dtype=np.bool_)
    mark = np.full(len(group_starts) - 1, -1, dtype=np.int64)
    for site in range(sites):
        own = group_of[starts[site] : starts[site + 1]]
        if len(own) == 0:
            out[site] = True
            continue
        for group in own:
            mark[group] = site
        rarest = _rarest(own, group_starts)
        for other in site_of[group_starts[rarest] : group_starts[rarest + 1]]:
            size = starts[other + 1] - starts[other]
            # What makes the other needless makes this one needless too.
            if other == site or out[other] or not free[other]:
                continue
            if size < len(own) or cost[other] > cost[site]:
                continue
            is_equal = size == len(own) and cost[other] == cost[site] and free[site]
            if is_equal and other > site:
                continue
            theirs = group_of[starts[other] : starts[other + 1]]
            if _holds(theirs, mark, site, len(own)):
                out[site] = True
                break
    return out


@compiled
def _implied(
    starts: IntArray, site_of: IntArray, site_starts: IntArray, group_of: IntArray
) -> BoolArray:
    groups = len(starts) - 1
    out = np.zeros(groups, dtype=np.bool_)
    mark = np.full(len(site_starts) - 1, -1, dtype=np.int64)
    for group in range(groups):
        if out[group]:
            continue
        own = site_of[starts[group] : starts[group + 1]]
        for site in own:
            mark[site] = group
        rarest = _rarest(own, site_starts)
        for other in group_of[site_starts[rarest] : site_starts[rarest + 1]]:
            size = starts[other + 1] - starts[other]
            if size > len(own) and not out[other]:
                theirs = site_of[starts[other] : starts[other + 1]]
                out[other] = _holds(theirs, mark, group, len(own))
    return out
