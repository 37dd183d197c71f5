"""What bounds the persons served by sums over the measures alone: cuts of the flow.

Who is served in a year is a flow from those who ask through places to be had. For any set ``A`` of
sites no more are served than those who can walk to a site outside it ask, and the sites in it take
(Ford & Fulkerson 1956, Canadian Journal of Mathematics 8, 399-404):

``served_t(x) <= Σ_{i: N(i) not in A} d_it + Σ_{j in A} min(c_j + Σ_m a_m x_mt, D_jt(A))``

where ``D_jt(A)`` is what those ask who reach ``j`` and nothing outside ``A``. A flow that serves
most shows two sets for which this is an equation (:func:`cuts_of_flow`). The measures of a better
plan have to satisfy it, too; and enough such sums tell of every plan how many it serves (Benders
1962, Numerische Mathematik 4, 238-252).
"""

from __future__ import annotations

from math import fsum
from typing import NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.siting.programmes.flows import DUST, Flow, Net
from planner.siting.programmes.problem import ProgrammeProblem, Reach, summed
from planner.solver import IntArray
from planner.units import BoolArray, FloatArray


class Cut(NamedTuple):
    """No plan serves more than ``constant + persons @ x[:, year]`` in a year.

    ``persons`` has shape (measures,).
    """

    year: int
    constant: float
    persons: FloatArray


@compiled
def _taken_in(
    row: int, least: float, net: Net, flow: Flow, found: BoolArray, queue: IntArray, tail: int
) -> int:
    """Add the sites that a row can walk to, and that hold more of it than ``least``."""
    for arc in range(net.starts[row], net.starts[row + 1]):
        site = net.site_of[arc]
        if not found[site] and flow.persons[arc] > least:
            found[site] = True
            queue[tail] = site
            tail += 1
    return tail


@compiled
def _wanted(net: Net, flow: Flow) -> BoolArray:
    """Return the sites at which a place more would serve somebody, by some chain of moves."""
    found = np.zeros(len(flow.free), np.bool_)
    queue = np.zeros(len(flow.free), np.int64)
    seen = np.zeros(len(flow.left), np.bool_)
    head, tail = 0, 0
    for row in range(len(flow.left)):
        if flow.left[row] > DUST:
            seen[row] = True
            tail = _taken_in(row, -1.0, net, flow, found, queue, tail)
    while head < tail:
        site = queue[head]
        head += 1
        for place in range(net.site_starts[site], net.site_starts[site + 1]):
            arc = net.arc_at[place]
            row = net.row_of[arc]
            if not seen[row] and flow.persons[arc] > DUST:
                seen[row] = True
                tail = _taken_in(row, -1.0, net, flow, found, queue, tail)
    return found


@compiled
def _with_way_out(net: Net, flow: Flow) -> BoolArray:
    """Return the sites from which a chain of moves leads to a free place."""
    found = flow.free > DUST
    queue = np.zeros(len(flow.free), np.int64)
    seen = np.zeros(len(flow.left), np.bool_)
    head, tail = 0, 0
    for site in range(len(flow.free)):
        if found[site]:
            queue[tail] = site
            tail += 1
    while head < tail:
        site = queue[head]
        head += 1
        for place in range(net.site_starts[site], net.site_starts[site + 1]):
            row = net.row_of[net.arc_at[place]]
            if not seen[row]:
                seen[row] = True
                tail = _taken_in(row, DUST, net, flow, found, queue, tail)
    return found


def cuts_of_flow(
    problem: ProgrammeProblem, reach: Reach, net: Net, flow: Flow, year: int
) -> list[Cut]:
    """Return the cuts that a flow that serves most shows: one, or two where they differ.

    Both are an equation for the places of that flow. The first tells what more places would bring,
    the second what fewer would lose.
    """
    wanted, full = _wanted(net, flow), ~_with_way_out(net, flow)
    found = [cut_of_sites(problem, reach, wanted, year)]
    if (wanted != full).any():
        found.append(cut_of_sites(problem, reach, full, year))
    return found


def cut_of_sites(problem: ProgrammeProblem, reach: Reach, among: BoolArray, year: int) -> Cut:
    """Return the cut of any set of sites, shape (sites,)."""
    demand = reach.demand[year]
    outside = np.zeros(reach.rows, dtype=np.bool_)
    outside[reach.row_of[~among[reach.site_of]]] = True
    kept = among[reach.site_of] & ~outside[reach.row_of]
    asked = summed(reach.site_of[kept], demand[reach.row_of[kept]], len(problem.sites))
    # Where something may close, places count in full: what opens there is counted from less.
    asked[problem.site[(problem.site >= 0) & (problem.adds < 0)]] = np.inf
    today = np.minimum(problem.capacity, asked)
    persons = np.zeros(len(problem.measures))
    at = np.flatnonzero(problem.site >= 0)
    at = at[among[problem.site[at]]]
    site, adds = problem.site[at], problem.adds[at]
    persons[at] = np.where(adds > 0, np.minimum(adds, asked[site] - today[site]), adds)
    return Cut(year, fsum([*demand[outside], *today[among]]), persons)
