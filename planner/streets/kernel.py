"""The compiled searches: truncated Dijkstra from points in mid-segment to points in mid-segment.

E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische Mathematik 1 (1959),
with a binary heap that holds outdated entries until they surface, and arrays stamped with the
number of the search instead of being cleared for each.

All costs are whole multiples of :data:`QUANTUM_MINUTES`. Sums of such numbers are exact in float64
up to 131,072 minutes, so that a walk costs the same to the last bit whichever end the search began
at and in whatever order the streets came, and equal walks are seen to be equal.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.streets.compiled import compiled
from planner.streets.heap import drop_top, push

QUANTUM_MINUTES: Final = 2.0**-36
"""Grain of all costs: 1.5e-11 minutes. Rounding a thousand streets moves a walk by under 1e-8."""


class Arcs(NamedTuple):
    """What a search walks on: both directions of every segment, by the node that they leave.

    Parameters
    ----------
    start, head, segment, forward
        CSR of arcs, as in :class:`planner.streets.network.WalkingNetwork`, but with the directions
        in which feet may not go among them.
    minutes
        Exact minutes along each arc; infinite where feet may not go.
    segment_from, segment_to
        Ends of each segment.
    forward_minutes, backward_minutes
        Exact minutes along each segment in both directions; infinite where feet may not go.
    wait_from, wait_to
        Exact minutes waited at both ends of each segment by whoever passes them.
    twin
        As in :class:`planner.streets.search_layers.Layers`.
    """

    start: np.ndarray
    head: np.ndarray
    segment: np.ndarray
    forward: np.ndarray
    minutes: np.ndarray
    segment_from: np.ndarray
    segment_to: np.ndarray
    forward_minutes: np.ndarray
    backward_minutes: np.ndarray
    wait_from: np.ndarray
    wait_to: np.ndarray
    twin: np.ndarray


class Spots(NamedTuple):
    """Points joined to the streets, in any order.

    Parameters
    ----------
    segment, fraction
        Segments that they stand on, and fractions of their length from their first nodes.
    leg
        Exact minutes of the legs between points and streets.
    """

    segment: np.ndarray
    fraction: np.ndarray
    leg: np.ndarray


class Targets(NamedTuple):
    """Joined points that a search looks for, sorted by segment.

    Parameters
    ----------
    start
        Those on segment ``i`` are ``start[i]:start[i + 1]``.
    fraction, leg
        As in :class:`Spots`.
    after_from, after_to
        Exact minutes from the segment's first node, and from its second, to the target along the
        segment, leg included; infinite where feet may not go so.
    """

    start: np.ndarray
    fraction: np.ndarray
    leg: np.ndarray
    after_from: np.ndarray
    after_to: np.ndarray


class Bench(NamedTuple):
    """Memory that all searches of one call share.

    Parameters
    ----------
    best, stamp
        Least minutes to each node so far, true where ``stamp`` is the number of the search.
    keys, nodes
        The heap.
    target_best
        Least minutes to each target so far, legs included; infinite again after each search.
    touched
        Targets found by the search.
    """

    best: np.ndarray
    stamp: np.ndarray
    keys: np.ndarray
    nodes: np.ndarray
    target_best: np.ndarray
    touched: np.ndarray


@compiled
def along(part: float, minutes: float) -> float:
    """Return exact minutes along a part of a segment; an end is reached even of a closed one."""
    if part == 0.0:
        return 0.0
    minutes_there: float = np.rint(part * minutes * 2.0**36) * 2.0**-36
    return minutes_there


@compiled
def to_first(arcs: Arcs, segment: int, fraction: float) -> float:
    """Return exact minutes from a spot on a segment to its first node, and past it."""
    minutes: float = along(fraction, arcs.backward_minutes[segment]) + arcs.wait_from[segment]
    return minutes


@compiled
def to_second(arcs: Arcs, segment: int, fraction: float) -> float:
    """Return exact minutes from a spot on a segment to its second node, and past it."""
    onward = along(1.0 - fraction, arcs.forward_minutes[segment])
    minutes: float = onward + arcs.wait_to[segment]
    return minutes


@compiled
def from_first(arcs: Arcs, segment: int, fraction: float) -> float:
    """Return exact minutes past a segment's first node to a spot on it."""
    minutes: float = arcs.wait_from[segment] + along(fraction, arcs.forward_minutes[segment])
    return minutes


@compiled
def from_second(arcs: Arcs, segment: int, fraction: float) -> float:
    """Return exact minutes past a segment's second node to a spot on it."""
    back = along(1.0 - fraction, arcs.backward_minutes[segment])
    minutes: float = arcs.wait_to[segment] + back
    return minutes


@compiled
def between(arcs: Arcs, segment: int, start: float, end: float) -> float:
    """Return exact minutes from spot to spot along a segment."""
    if end >= start:
        onward: float = along(end - start, arcs.forward_minutes[segment])
        return onward
    back: float = along(start - end, arcs.backward_minutes[segment])
    return back


@compiled
def _offer(bench: Bench, search: int, waiting: int, node: int, cost: float) -> int:
    """Note a way to ``node`` if it is the best so far; return how many entries the heap holds."""
    if bench.stamp[node] == search and cost >= bench.best[node]:
        return waiting
    bench.stamp[node] = search
    bench.best[node] = cost
    push(bench.keys, bench.nodes, waiting, cost, node)
    return waiting + 1


@compiled
def _offer_target(bench: Bench, reached: int, target: int, cost: float) -> int:
    """Note a way to ``target`` if it is the best so far; return how many targets are reached."""
    best = bench.target_best[target]
    if cost < best:
        bench.target_best[target] = cost
        if best == np.inf:
            bench.touched[reached] = target
            return reached + 1
    return reached


@compiled
def _leave(arcs: Arcs, sources: Spots, source: int, bench: Bench, search: int, limit: float) -> int:
    """Walk from a source to both ends of its segment; return how many entries the heap holds."""
    home = sources.segment[source]
    share = sources.fraction[source]
    waiting = 0
    onward = sources.leg[source] + to_second(arcs, home, share)
    if onward <= limit:
        waiting = _offer(bench, search, waiting, arcs.segment_to[home], onward)
    back = sources.leg[source] + to_first(arcs, home, share)
    if back <= limit:
        waiting = _offer(bench, search, waiting, arcs.segment_from[home], back)
    return waiting


@compiled
def _stay(
    arcs: Arcs,
    sources: Spots,
    source: int,
    targets: Targets,
    bench: Bench,
    limit: float,
) -> int:
    """Walk along the source's own segment to the targets on it; return how many are reached."""
    home = sources.segment[source]
    share = sources.fraction[source]
    reached = 0
    for target in range(targets.start[home], targets.start[home + 1]):
        cost = sources.leg[source] + between(arcs, home, share, targets.fraction[target])
        cost += targets.leg[target]
        if cost <= limit:
            reached = _offer_target(bench, reached, target, cost)
    return reached


@compiled
def _spread(
    arcs: Arcs,
    targets: Targets,
    bench: Bench,
    search: int,
    waiting: int,
    reached: int,
    limit: float,
) -> int:
    """Walk from the heap's nodes to all within the limit; return how many targets are reached."""
    while waiting > 0:
        cost = bench.keys[0]
        node = bench.nodes[0]
        waiting -= 1
        drop_top(bench.keys, bench.nodes, waiting)
        if cost > bench.best[node]:
            continue
        for arc in range(arcs.start[node], arcs.start[node + 1]):
            segment = arcs.segment[arc]
            for target in range(targets.start[segment], targets.start[segment + 1]):
                if arcs.forward[arc]:
                    there = cost + targets.after_from[target]
                else:
                    there = cost + targets.after_to[target]
                if there <= limit:
                    reached = _offer_target(bench, reached, target, there)
            there = cost + arcs.minutes[arc]
            if there <= limit:
                waiting = _offer(bench, search, waiting, arcs.head[arc], there)
    return reached


@compiled
def _bench(arcs: Arcs, target_count: int) -> Bench:
    """Return memory for searches, as large as the network and the targets, never their product."""
    nodes = len(arcs.start) - 1
    # Every arc is offered once, when the node it leaves is settled; two more are the first ends.
    room = len(arcs.head) + 2
    return Bench(
        np.empty(nodes, dtype=np.float64),
        np.zeros(nodes, dtype=np.int32),
        np.empty(room, dtype=np.float64),
        np.empty(room, dtype=np.int32),
        np.full(target_count, np.inf),
        np.empty(target_count, dtype=np.int32),
    )


@compiled
def wider(array: np.ndarray, used: int, room: int) -> np.ndarray:
    """Return a copy of the first ``used`` entries with room for more."""
    copy = np.empty(room, dtype=array.dtype)
    for place in range(used):
        copy[place] = array[place]
    return copy


@compiled
def pairs_within(
    arcs: Arcs, sources: Spots, targets: Targets, limit: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find every source and target that lie within a limit of each other.

    Parameters
    ----------
    arcs
        What is walked on.
    sources, targets
        Joined points.
    limit
        Minutes, both legs included; pairs on it (``<=``) are found. Finite.

    Returns
    -------
    tuple of ndarray
        ``pair_start``, shape (sources + 1,): the pairs of source ``i`` are
        ``pair_start[i]:pair_start[i + 1]``; their targets, by position; their minutes.
    """
    bench = _bench(arcs, len(targets.leg))
    pair_start = np.zeros(len(sources.leg) + 1, dtype=np.int64)
    pair_target = np.empty(1024, dtype=np.int32)
    pair_minutes = np.empty(1024, dtype=np.float64)
    pairs = 0
    for source in range(len(sources.leg)):
        search = source + 1
        reached = _stay(arcs, sources, source, targets, bench, limit)
        waiting = _leave(arcs, sources, source, bench, search, limit)
        reached = _spread(arcs, targets, bench, search, waiting, reached, limit)
        if pairs + reached > len(pair_target):
            room = max(2 * len(pair_target), pairs + reached)
            pair_target = wider(pair_target, pairs, room)
            pair_minutes = wider(pair_minutes, pairs, room)
        for place in range(reached):
            target = bench.touched[place]
            pair_target[pairs] = target
            pair_minutes[pairs] = bench.target_best[target]
            bench.target_best[target] = np.inf
            pairs += 1
        pair_start[source + 1] = pairs
    return pair_start, wider(pair_target, pairs, pairs), wider(pair_minutes, pairs, pairs)
