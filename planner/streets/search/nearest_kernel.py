"""The compiled search for the nearest centre: all centres set out at once, once over the network.

It walks the streets against the residents' direction, so that each node learns which centre can be
reached from it soonest. Costs and heap are those of :mod:`planner.streets.walking.arcs`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.streets.search.heap import drop_top, push
from planner.streets.walking.arcs import (
    Arcs,
    Spots,
    between,
    from_first,
    from_second,
    to_first,
    to_second,
    wider,
)

NOBODY = -1


class Settled(NamedTuple):
    """What every search node knows of its nearest centre.

    Parameters
    ----------
    minutes
        Minutes to it, shape (search nodes,); infinite where there is no way to any.
    rank
        Which it is, shape (search nodes,); -1 where there is none.
    """

    minutes: np.ndarray
    rank: np.ndarray


@compiled
def settled_network(arcs: Arcs, centres: Spots, rank: np.ndarray) -> Settled:
    """Let every search node know its nearest centre: the one search of the whole network.

    Parameters
    ----------
    arcs
        What is walked on, from the centres' side: ``forward_minutes`` are those that residents walk
        backward.
    centres
        Joined centres, in any order.
    rank
        Rank of each centre; of equally near ones the one with the lowest is the nearest.
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
                cost = centres.leg[centre] + to_first(arcs, home, share)
            else:
                node = arcs.segment_to[home]
                cost = centres.leg[centre] + to_second(arcs, home, share)
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
    _fold(arcs, best, label)
    return Settled(best, label)


@compiled
def _fold(arcs: Arcs, best: np.ndarray, label: np.ndarray) -> None:
    """Note in an estate's first copy which walks end in it sooner when they come from without."""
    for node in range(len(best)):
        first = arcs.twin[node]
        if first >= 0 and _nearer(best[node], label[node], best[first], label[first]):
            best[first] = best[node]
            label[first] = label[node]


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
    settled: Settled,
    residents: Spots,
) -> tuple[np.ndarray, np.ndarray]:
    """Look each resident's nearest centre up, however far.

    Parameters
    ----------
    arcs, rank
        As for :func:`settled_network`.
    centres, centre_start
        Joined centres, sorted by segment: those on segment ``i`` are
        ``centre_start[i]:centre_start[i + 1]``.
    settled
        What :func:`settled_network` found for these centres.
    residents
        Joined residents, in any order.

    Returns
    -------
    tuple of ndarray
        Rank of the nearest centre (-1: no way to any) and minutes (infinite: none), both legs
        included, shape (residents,).
    """
    best, label = settled
    nearest = np.full(len(residents.leg), NOBODY)
    minutes = np.full(len(residents.leg), np.inf)
    for resident in range(len(residents.leg)):
        home = residents.segment[resident]
        share = residents.fraction[resident]
        node = arcs.segment_from[home]
        least = best[node] + from_first(arcs, home, share)
        found = label[node]
        node = arcs.segment_to[home]
        cost = best[node] + from_second(arcs, home, share)
        if _nearer(cost, label[node], least, found):
            least = cost
            found = label[node]
        for centre in range(centre_start[home], centre_start[home + 1]):
            cost = centres.leg[centre] + between(arcs, home, centres.fraction[centre], share)
            if _nearer(cost, rank[centre], least, found):
                least = cost
                found = rank[centre]
        if least < np.inf:
            nearest[resident] = found
            minutes[resident] = least + residents.leg[resident]
    return nearest, minutes
