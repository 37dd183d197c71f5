"""The compiled search behind shortcuts: who walks less if a new way began at some spot.

Costs and heap are those of :mod:`planner.streets.walking.arcs`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.streets.search.heap import drop_top, push
from planner.streets.walking.arcs import Arcs, Spots, Targets, between, to_first, to_second


class Today(NamedTuple):
    """What walks to the nearest centre take today.

    Parameters
    ----------
    node
        Minutes from every search node, shape (search nodes,); infinite where there is no way.
    resident
        Minutes of every resident, legs included, in the order of the targets.
    weight
        Persons there.
    limit
        Minutes, with the slack of :func:`planner.units.within`.
    """

    node: np.ndarray
    resident: np.ndarray
    weight: np.ndarray
    limit: float


class _Memory(NamedTuple):
    """Memory that all searches share: as that of :mod:`planner.streets.search.pair_search`.

    ``counts`` holds the number of the search, entries waiting, and residents touched.
    """

    best: np.ndarray
    stamp: np.ndarray
    keys: np.ndarray
    nodes: np.ndarray
    after: np.ndarray
    touched: np.ndarray
    counts: np.ndarray


@compiled
def _offer(arcs: Arcs, today: Today, memory: _Memory, node: int, cost: float) -> None:
    """Note a way from ``node`` if it is the best so far and shorter than today's."""
    first = arcs.twin[node]
    if cost >= today.node[node if first < 0 else first]:
        return
    if memory.stamp[node] == memory.counts[0] and cost >= memory.best[node]:
        return
    memory.stamp[node] = memory.counts[0]
    memory.best[node] = cost
    push(memory.keys, memory.nodes, memory.counts[1], cost, node)
    memory.counts[1] += 1


@compiled
def _offer_resident(today: Today, memory: _Memory, resident: int, cost: float) -> None:
    """Note a resident's way if it is the best so far and shorter than today's."""
    if cost >= today.resident[resident] or cost >= memory.after[resident]:
        return
    if memory.after[resident] == np.inf:
        memory.touched[memory.counts[2]] = resident
        memory.counts[2] += 1
    memory.after[resident] = cost


@compiled
def _leave(
    arcs: Arcs,
    residents: Targets,
    today: Today,
    memory: _Memory,
    home: int,
    share: float,
    on: float,
) -> None:
    """Walk from a spot along its own segment, ``on`` minutes from a centre."""
    for resident in range(residents.start[home], residents.start[home + 1]):
        cost = on + between(arcs, home, share, residents.fraction[resident])
        _offer_resident(today, memory, resident, cost + residents.leg[resident])
    _offer(arcs, today, memory, arcs.segment_from[home], on + to_first(arcs, home, share))
    _offer(arcs, today, memory, arcs.segment_to[home], on + to_second(arcs, home, share))


@compiled
def _spread(
    arcs: Arcs, residents: Targets, today: Today, memory: _Memory, within_estate: bool
) -> None:
    """Walk from the heap's nodes as far as the new way is shorter than today's."""
    segments = len(arcs.segment_from)
    while memory.counts[1] > 0:
        cost = memory.keys[0]
        node = memory.nodes[0]
        memory.counts[1] -= 1
        drop_top(memory.keys, memory.nodes, memory.counts[1])
        if cost > memory.best[node]:
            continue
        for arc in range(arcs.start[node], arcs.start[node + 1]):
            segment = arcs.segment[arc]
            if within_estate and segment == segments:
                continue  # a gate: others do not walk through the estate to the spot
            for resident in range(residents.start[segment], residents.start[segment + 1]):
                if arcs.forward[arc]:
                    after = cost + residents.after_from[resident]
                else:
                    after = cost + residents.after_to[resident]
                _offer_resident(today, memory, resident, after)
            _offer(arcs, today, memory, arcs.head[arc], cost + arcs.minutes[arc])


@compiled
def gains_of_spots(
    arcs: Arcs,
    spots: Spots,
    within_estate: np.ndarray,
    onward: np.ndarray,
    residents: Targets,
    today: Today,
) -> np.ndarray:
    """Return what a new way to a centre would be worth that begins at each spot.

    A resident gains where the walk to the spot and ``onward`` is shorter than today's. Nobody gains
    behind a place from which the way over the spot is no shorter: the search ends there.

    Parameters
    ----------
    arcs
        What is walked on, against the walk.
    spots
        Where the new ways begin; their legs are not looked at.
    within_estate
        Whether a spot lies in a walled estate, whose residents alone can walk to it.
    onward
        Exact minutes from each spot over the new way to the nearest centre.
    residents, today
        Residents as targets, and what they walk today.

    Returns
    -------
    ndarray of float64
        Shape (spots, 3): persons who come within the limit; persons who get a way to a centre at
        all; minutes saved by all others, times persons.
    """
    nodes = len(arcs.start) - 1
    room = len(arcs.head) + 2
    memory = _Memory(
        np.empty(nodes),
        np.full(nodes, -1),
        np.empty(room),
        np.empty(room, dtype=np.int32),
        np.full(len(today.resident), np.inf),
        np.empty(len(today.resident), dtype=np.int32),
        np.zeros(3, dtype=np.int64),
    )
    gains = np.zeros((len(onward), 3))
    for spot in range(len(onward)):
        memory.counts[:] = (spot, 0, 0)
        home = spots.segment[spot]
        _leave(arcs, residents, today, memory, home, spots.fraction[spot], onward[spot])
        _spread(arcs, residents, today, memory, within_estate[spot])
        for resident in np.sort(memory.touched[: memory.counts[2]]):
            after = memory.after[resident]
            before = today.resident[resident]
            persons = today.weight[resident]
            if after <= today.limit < before:
                gains[spot, 0] += persons
            if before == np.inf:
                gains[spot, 1] += persons
            else:
                gains[spot, 2] += persons * (before - after)
            memory.after[resident] = np.inf
    return gains
