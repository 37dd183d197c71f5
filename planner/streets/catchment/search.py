"""The compiled searches behind catchments: minutes from every street within a limit to centres.

They walk against the residents' direction, as :mod:`planner.streets.search.nearest_kernel`, whose
costs and heap they share.
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


class Field(NamedTuple):
    """Walking times to one centre, or to the nearest of several.

    Parameters
    ----------
    best
        Minutes from each search node to the centre, its leg included, shape (search nodes,); in an
        estate's first copy from within or without, whichever is less; infinite beyond the
        limit.
    segment, fraction, leg
        Where the centres join the streets, in order of segments
        (:class:`planner.streets.walking.arcs.Spots`).
    """

    best: np.ndarray
    segment: np.ndarray
    fraction: np.ndarray
    leg: np.ndarray


@compiled
def _offered(
    best: np.ndarray,
    touched: np.ndarray,
    counts: np.ndarray,
    keys: np.ndarray,
    nodes: np.ndarray,
    node: int,
    cost: float,
) -> None:
    """Note a way to ``node`` if it is the best so far; ``counts``: entries waiting, and touched."""
    if cost >= best[node]:
        return
    if best[node] == np.inf:
        touched[counts[1]] = node
        counts[1] += 1
    best[node] = cost
    push(keys, nodes, counts[0], cost, node)
    counts[0] += 1


@compiled
def _fold(arcs: Arcs, best: np.ndarray, touched: np.ndarray, counts: np.ndarray) -> None:
    """Note in an estate's first copy which walks end in it sooner when they come from without."""
    for place in range(counts[1]):
        node = touched[place]
        first = arcs.twin[node]
        if first >= 0 and best[node] < best[first]:
            if best[first] == np.inf:
                touched[counts[1]] = first
                counts[1] += 1
            best[first] = best[node]


@compiled
def nodes_within(
    arcs: Arcs, spots: Spots, limit: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the nodes within a limit of each spot.

    Parameters
    ----------
    arcs
        What is walked on, from the spots' side (against the walk where it ends at them).
    spots
        Joined points, in any order.
    limit
        Minutes, the spots' legs included; nodes on it (``<=``) are found. Finite.

    Returns
    -------
    tuple of ndarray
        ``start``, shape (spots + 1,): the nodes of spot ``i`` are ``start[i]:start[i + 1]``; the
        nodes, in ascending order; their minutes.
    """
    node_count = len(arcs.start) - 1
    best = np.full(node_count, np.inf)
    touched = np.empty(node_count, dtype=np.int32)
    keys = np.empty(len(arcs.head) + 2, dtype=np.float64)
    nodes = np.empty(len(arcs.head) + 2, dtype=np.int32)
    counts = np.zeros(2, dtype=np.int64)
    start = np.zeros(len(spots.leg) + 1, dtype=np.int64)
    found = np.empty(1024, dtype=np.int32)
    minutes = np.empty(1024, dtype=np.float64)
    total = 0
    for spot in range(len(spots.leg)):
        counts[1] = 0
        home = spots.segment[spot]
        share = spots.fraction[spot]
        cost = spots.leg[spot] + to_first(arcs, home, share)
        if cost <= limit:
            _offered(best, touched, counts, keys, nodes, arcs.segment_from[home], cost)
        cost = spots.leg[spot] + to_second(arcs, home, share)
        if cost <= limit:
            _offered(best, touched, counts, keys, nodes, arcs.segment_to[home], cost)
        while counts[0] > 0:
            cost = keys[0]
            node = nodes[0]
            counts[0] -= 1
            drop_top(keys, nodes, counts[0])
            if cost > best[node]:
                continue
            for arc in range(arcs.start[node], arcs.start[node + 1]):
                there = cost + arcs.minutes[arc]
                if there <= limit:
                    _offered(best, touched, counts, keys, nodes, arcs.head[arc], there)
        _fold(arcs, best, touched, counts)
        count = counts[1]
        if total + count > len(found):
            room = max(2 * len(found), total + count)
            found = wider(found, total, room)
            minutes = wider(minutes, total, room)
        for node in np.sort(touched[:count]):
            found[total] = node
            minutes[total] = best[node]
            best[node] = np.inf
            total += 1
        start[spot + 1] = total
    return start, wider(found, total, total), wider(minutes, total, total)


@compiled
def first_home(field: Field, segment: int) -> int:
    """Return the first centre that stands on a segment or one after it (``numpy.searchsorted``)."""
    low = 0
    high = len(field.segment)
    while low < high:
        middle = (low + high) // 2
        if field.segment[middle] < segment:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def street_minutes(arcs: Arcs, field: Field, segment: int, fraction: float) -> float:
    """Return the minutes from a spot on a street to the nearest centre; infinite beyond the limit.

    Parameters
    ----------
    arcs
        What is walked on, against the walk: ``forward_minutes`` are those of walking backward.
    field
        Times to walk.
    segment, fraction
        The spot.
    """
    least: float = min(
        field.best[arcs.segment_from[segment]] + from_first(arcs, segment, fraction),
        field.best[arcs.segment_to[segment]] + from_second(arcs, segment, fraction),
    )
    place = first_home(field, segment)
    while place < len(field.segment) and field.segment[place] == segment:
        cost = between(arcs, segment, field.fraction[place], fraction)
        least = min(least, field.leg[place] + cost)
        place += 1
    return least


@compiled
def touched_segments(
    arcs: Arcs, nodes: np.ndarray, homes: np.ndarray, seen: np.ndarray, mark: int
) -> np.ndarray:
    """Return every segment that begins or ends at one of ``nodes``, and the centres' own.

    Parameters
    ----------
    arcs
        What is walked on.
    nodes, homes
        Nodes within the limit, and segments that centres stand on.
    seen, mark
        Memory, shape (segments,), in which no entry is ``mark`` yet.
    """
    found = np.empty(64, dtype=np.int32)
    count = 0
    for home in homes:
        if seen[home] != mark:
            seen[home] = mark
            if count == len(found):
                found = wider(found, count, 2 * count)
            found[count] = home
            count += 1
    for node in nodes:
        for arc in range(arcs.start[node], arcs.start[node + 1]):
            segment = arcs.segment[arc]
            if segment == len(seen):  # a gate's own arc
                continue
            if seen[segment] != mark:
                seen[segment] = mark
                if count == len(found):
                    found = wider(found, count, 2 * count)
                found[count] = segment
                count += 1
    return np.sort(found[:count])
