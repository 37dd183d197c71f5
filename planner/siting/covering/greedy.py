"""Plans made one site at a time: a good start for the solver, and the order a planner reads.

Greedy covering takes, again and again, the site with the largest gain; ties go to the first in
canonical order. It is within 1 - 1/e of the best for the most people (Nemhauser, Wolsey &
Fisher 1978) and within 1 + ln(largest site) of the fewest centres (Chvátal 1979); neither is
taken for an optimum here.
"""

from __future__ import annotations

import numpy as np

from planner.siting.covering.merging import ranges
from planner.siting.covering.problem import CoveringProblem, GroupsOfSites
from planner.solver import IntArray
from planner.units import FloatArray


def groups_of_sites(problem: CoveringProblem) -> GroupsOfSites:
    """Return the groups of each site."""
    return problem.by_site


def reach(problem: CoveringProblem, weights: FloatArray) -> FloatArray:
    """Return, for each site, the summed ``weights`` of the groups that it reaches."""
    weight_seen = weights[problem.group_of()]
    total = np.bincount(problem.site_of, weights=weight_seen, minlength=len(problem.sites))
    return total.astype(np.float64)


def greedy_order(
    problem: CoveringProblem,
    weights: FloatArray,
    *,
    most: int | None = None,
    among: IntArray | None = None,
) -> IntArray:
    """Return sites in greedy order, as long as each still gains something.

    Once a site is taken, those in conflict with it are left aside.

    Parameters
    ----------
    problem
        Sites, groups and conflicts.
    weights
        Shape (groups,), what covering each group is worth; positive.
    most
        Stop after so many sites; None goes on until nothing is left to gain.
    among
        Positions of the sites to take from; None means all.

    Returns
    -------
    ndarray of int
        Positions in ``problem.sites``; each one newly covers at least one group.
    """
    sites = problem.by_site
    groups = reach(problem, np.ones(problem.groups)).astype(np.int64)
    gain = reach(problem, weights)
    barred = np.ones(len(gain), dtype=np.bool_)
    barred[slice(None) if among is None else among] = False
    open_groups = np.ones(problem.groups, dtype=np.bool_)
    order: list[int] = []
    while most is None or len(order) < most:
        # Gains are differences of sums: a site is spent when its groups are, not at "about 0".
        gain[barred | (groups == 0)] = -np.inf
        site = int(np.argmax(gain)) if len(gain) else -1
        if site < 0 or gain[site] == -np.inf:
            break
        order.append(site)
        for conflict in problem.conflicts_by_site[site]:
            barred[problem.conflicts[conflict]] = True
        new = sites[site][open_groups[sites[site]]]
        open_groups[new] = False
        lengths = problem.starts[new + 1] - problem.starts[new]
        touched = problem.site_of[ranges(problem.starts[new], lengths)]
        np.subtract.at(gain, touched, np.repeat(weights[new], lengths))
        np.subtract.at(groups, touched, 1)
    return np.array(order, dtype=np.int64)
