"""Who goes where when centres fill up: the network simplex method on residents and centres.

A plan is a tree: it joins every resident and every centre to "without a place" (the root) by moves
that carry people. Prices along the tree tell of every other move what it would save; the best of a
block of them enters, goes round the one circle that it closes, and the move that runs dry first
leaves (Ahuja, Magnanti & Orlin 1993, *Network Flows*, chapter 11; strongly feasible trees after
Cunningham 1976, Mathematical Programming 11, 105-116).

Nothing rests on its answer: :mod:`planner.coverage.assigning_search` hands its prices to the
solver and proves the plan by sums of its own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from planner.compiled import compiled
from planner.units import FloatArray

IntArray = npt.NDArray[np.int64]

HAIR_MINUTES: Final = 1e-9
"""A move that saves less than this is rounding."""

PIVOTS_PER_NODE: Final = 500
"""More exchanges than this are rounding that goes round in circles: stop, the solver goes on."""


@compiled
def _hang(
    node: int, parent: int, up: IntArray, down: IntArray, right: IntArray, left: IntArray
) -> None:
    """Make ``node`` the first child of ``parent``."""
    up[node] = parent
    left[node], right[node] = -1, down[parent]
    if down[parent] >= 0:
        left[down[parent]] = node
    down[parent] = node


@compiled
def _cut(node: int, up: IntArray, down: IntArray, right: IntArray, left: IntArray) -> None:
    """Take ``node`` from its parent's children."""
    if left[node] >= 0:
        right[left[node]] = right[node]
    else:
        down[up[node]] = right[node]
    if right[node] >= 0:
        left[right[node]] = left[node]


@compiled
def _entering(
    begin: int, block: int, tail: IntArray, head: IntArray, cost: FloatArray, full: IntArray,
    worth: FloatArray,
) -> tuple[int, int]:  # fmt: skip
    """Return the best arc of the first block that has any (-1: none), and where to go on.

    ``full`` is 1 for an arc whose bound is reached (it may be emptied), else 0; an arc of the
    tree saves nothing, its reduced cost is 0.
    """
    arcs = len(tail)
    best, most = -1, HAIR_MINUTES
    looked = 0
    arc = begin
    for _ in range(arcs):
        reduced = cost[arc] + worth[tail[arc]] - worth[head[arc]]
        saving = reduced if full[arc] else -reduced
        if saving > most:
            best, most = arc, saving
        arc += 1
        if arc == arcs:
            arc = 0
        looked += 1
        if looked >= block:
            if best >= 0:
                break
            looked = 0
    return best, arc


@compiled
def _leaving(
    first: int, second: int, most: float, up: IntArray, depth: IntArray, by: IntArray,
    tail: IntArray, limit: FloatArray, persons: FloatArray,
) -> tuple[int, float, bool]:  # fmt: skip
    """Return the node whose arc to its parent blocks (-1: none), how many move, on which side.

    People go from ``first`` to ``second`` by the entering arc and on round the tree. Of several
    blocking arcs the last one seen from where the two sides meet leaves, which rules out circles.
    """
    node, other = first, second
    left_first, left_second = -1, -1
    most_first, most_second = most, most
    while node != other:
        if depth[node] >= depth[other]:
            arc = by[node]
            room = persons[arc] if tail[arc] == node else limit[arc] - persons[arc]
            if room < most_first:
                left_first, most_first = node, room
            node = up[node]
        else:
            arc = by[other]
            room = limit[arc] - persons[arc] if tail[arc] == other else persons[arc]
            if room <= most_second:
                left_second, most_second = other, room
            other = up[other]
    if left_second >= 0 and most_second <= most_first:
        return left_second, max(most_second, 0.0), False
    return left_first, max(most_first, 0.0), True


@compiled
def _move(
    first: int, second: int, count: float, up: IntArray, depth: IntArray, by: IntArray,
    tail: IntArray, persons: FloatArray,
) -> None:  # fmt: skip
    """Send ``count`` persons round the circle that the entering arc closes."""
    node, other = first, second
    while node != other:
        if depth[node] >= depth[other]:
            persons[by[node]] += -count if tail[by[node]] == node else count
            node = up[node]
        else:
            persons[by[other]] += count if tail[by[other]] == other else -count
            other = up[other]


@compiled
def _replant(
    leaving: int, inner: int, outer: int, entering: int, up: IntArray, down: IntArray,
    right: IntArray, left: IntArray, by: IntArray,
) -> None:  # fmt: skip
    """Cut the branch at ``leaving``, hang it by ``inner`` on ``outer`` with arc ``entering``."""
    node, parent, arc = inner, outer, entering
    while True:
        above, arc_above = up[node], by[node]
        _cut(node, up, down, right, left)
        _hang(node, parent, up, down, right, left)
        by[node] = arc
        if node == leaving:
            break
        parent, arc, node = node, arc_above, above


@compiled
def _price(
    branch: int, up: IntArray, down: IntArray, right: IntArray, by: IntArray, tail: IntArray,
    cost: FloatArray, worth: FloatArray, depth: IntArray,
) -> None:  # fmt: skip
    """Work out prices and depths of a branch from its parent down."""
    node = branch
    while True:
        arc, parent = by[node], up[node]
        worth[node] = worth[parent] - cost[arc] if tail[arc] == node else worth[parent] + cost[arc]
        depth[node] = depth[parent] + 1
        if down[node] >= 0:
            node = down[node]
            continue
        while node != branch and right[node] < 0:
            node = up[node]
        if node == branch:
            return
        node = right[node]


@compiled
def placed(
    resident_of: IntArray,
    site_of: IntArray,
    minutes: FloatArray,
    demand: FloatArray,
    capacity: FloatArray,
    unserved_cost: float,
) -> tuple[FloatArray, FloatArray]:
    """Return persons by arc and the price of a place by centre.

    Parameters
    ----------
    resident_of, site_of, minutes
        One entry an arc, shape (arcs,).
    demand, capacity
        Persons, shape (residents,) and (centres,).
    unserved_cost
        Minutes that a person without a place counts, above every chain of moves.

    Returns
    -------
    tuple
        Persons by arc, shape (arcs,); price in minutes by centre, 0 or more, shape (centres,).
    """
    arcs, residents, sites = len(site_of), len(demand), len(capacity)
    root = residents + sites
    nodes = root + 1
    tail = np.concatenate((resident_of, np.arange(root)))
    head = np.concatenate((site_of + residents, np.full(root, root)))
    cost = np.concatenate((minutes, np.full(residents, unserved_cost), np.zeros(sites)))
    persons = np.concatenate((np.zeros(arcs), demand, np.zeros(sites)))
    limit = np.concatenate((np.full(arcs + residents, np.inf), capacity))
    full = np.zeros(len(tail), dtype=np.int64)
    up, down = np.full(nodes, -1), np.full(nodes, -1)
    right, left = np.full(nodes, -1), np.full(nodes, -1)
    by, depth = np.full(nodes, -1), np.zeros(nodes, dtype=np.int64)
    worth = np.zeros(nodes)
    for node in range(root):
        by[node] = arcs + node
        _hang(node, root, up, down, right, left)
        _price(node, up, down, right, by, tail, cost, worth, depth)
    block = max(int(np.sqrt(len(tail))), 10)
    begin = 0
    for _ in range(PIVOTS_PER_NODE * nodes):
        entering, begin = _entering(begin, block, tail, head, cost, full, worth)
        if entering < 0:
            break
        first, second = tail[entering], head[entering]
        if full[entering]:
            first, second = second, first
        leaving, count, is_first = _leaving(
            first, second, limit[entering], up, depth, by, tail, limit, persons
        )
        _move(first, second, count, up, depth, by, tail, persons)
        persons[entering] += -count if full[entering] else count
        if leaving < 0:
            full[entering] = 1 - full[entering]
            continue
        left_arc = by[leaving]
        # Exactly empty or exactly full: what leaves must not carry dust.
        full[left_arc] = 1 if persons[left_arc] > 0.5 * limit[left_arc] else 0
        persons[left_arc] = limit[left_arc] if full[left_arc] else 0.0
        full[entering] = 0
        inner, outer = (first, second) if is_first else (second, first)
        _replant(leaving, inner, outer, entering, up, down, right, left, by)
        _price(inner, up, down, right, by, tail, cost, worth, depth)
    return persons[:arcs], np.maximum(-worth[residents:root], 0.0)
