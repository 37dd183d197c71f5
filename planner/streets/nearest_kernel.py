"""The compiled search for the nearest centre: all centres set out at once, once over the network.

It walks the streets against the residents' direction, so that each node learns which centre can be
reached from it soonest. Costs and heap are those of :mod:`planner.streets.kernel`.
"""

from __future__ import annotations

import numpy as np

from planner.streets.compiled import compiled
from planner.streets.heap import drop_top, push
from planner.streets.kernel import Arcs, Spots, along, wider

NOBODY = -1


@compiled
def _settle(arcs: Arcs, centres: Spots, rank: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the minutes from each node's nearest centre, and that centre's rank (-1: none).

    Of equally near centres the one with the lowest rank is the nearest.
    """
    node_count = len(arcs.start) - 1
    best = np.full(node_count, np.inf)
    label = np.full(node_count, NOBODY)
    keys = np.empty(len(arcs.head) + 2 * len(centres.leg) + 2, dtype=np.float64)
    nodes = np.empty(len(keys), dtype=np.int32)
    waiting = 0
    for centre in range(len(centres.leg)):
        home = centres.segment[centre]
        share = centres.fraction[centre]
        for end in range(2):
            if end == 0:
                node = arcs.segment_from[home]
                cost = centres.leg[centre] + along(share, arcs.backward_minutes[home])
            else:
                node = arcs.segment_to[home]
                cost = centres.leg[centre] + along(1.0 - share, arcs.forward_minutes[home])
            if _nearer(cost, rank[centre], best[node], label[node]):
                best[node] = cost
                label[node] = rank[centre]
                push(keys, nodes, waiting, cost, node)
                waiting += 1
    while waiting > 0:
        cost = keys[0]
        node = nodes[0]
        waiting -= 1
        drop_top(keys, nodes, waiting)
        if cost > best[node]:
            continue
        for arc in range(arcs.start[node], arcs.start[node + 1]):
            head = arcs.head[arc]
            there = cost + arcs.minutes[arc]
            if _nearer(there, label[node], best[head], label[head]):
                best[head] = there
                label[head] = label[node]
                if waiting == len(keys):  # equal walks can offer an arc more than once
                    keys = wider(keys, waiting, 2 * waiting)
                    nodes = wider(nodes, waiting, 2 * waiting)
                push(keys, nodes, waiting, there, head)
                waiting += 1
    return best, label


@compiled
def _nearer(cost: float, rank: int, best: float, label: int) -> bool:
    """Tell whether a centre is nearer than the best so far, or as near and of lower rank."""
    return cost < best or (cost == best and cost < np.inf and rank < label)


@compiled
def nearest_spots(
    arcs: Arcs,
    centres: Spots,
    centre_start: np.ndarray,
    rank: np.ndarray,
    residents: Spots,
) -> tuple[np.ndarray, np.ndarray]:
    """Find each resident's nearest centre, however far.

    Parameters
    ----------
    arcs
        What is walked on, from the centres' side: ``forward_minutes`` are those that residents walk
        backward.
    centres, centre_start
        Joined centres, sorted by segment: those on segment ``i`` are
        ``centre_start[i]:centre_start[i + 1]``.
    rank
        Rank of each centre; of equally near ones the lowest is taken.
    residents
        Joined residents, in any order.

    Returns
    -------
    tuple of ndarray
        Rank of the nearest centre (-1: no way to any) and minutes (infinite: none), both legs
        included, shape (residents,).
    """
    best, label = _settle(arcs, centres, rank)
    nearest = np.full(len(residents.leg), NOBODY)
    minutes = np.full(len(residents.leg), np.inf)
    for resident in range(len(residents.leg)):
        home = residents.segment[resident]
        share = residents.fraction[resident]
        node = arcs.segment_from[home]
        least = best[node] + along(share, arcs.forward_minutes[home])
        found = label[node]
        node = arcs.segment_to[home]
        cost = best[node] + along(1.0 - share, arcs.backward_minutes[home])
        if _nearer(cost, label[node], least, found):
            least = cost
            found = label[node]
        for centre in range(centre_start[home], centre_start[home + 1]):
            between = share - centres.fraction[centre]
            if between >= 0.0:
                cost = centres.leg[centre] + along(between, arcs.forward_minutes[home])
            else:
                cost = centres.leg[centre] + along(-between, arcs.backward_minutes[home])
            if _nearer(cost, rank[centre], least, found):
                least = cost
                found = rank[centre]
        if least < np.inf:
            nearest[resident] = found
            minutes[resident] = least + residents.leg[resident]
    return nearest, minutes
