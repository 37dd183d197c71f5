"""The quickest walk between two spots, with the streets that it takes."""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np

from planner.streets.walking.arcs import (
    Arcs,
    Spots,
    between,
    from_first,
    from_second,
    to_first,
    to_second,
)


class Stretch(NamedTuple):
    """A part of a segment, as it is walked."""

    segment: int
    from_fraction: float
    to_fraction: float


class _Search:
    """Dijkstra's search between two spots, with the arcs that led to each node.

    One pair alone, so that it runs uncompiled; costs are those of the compiled searches.
    """

    def __init__(self, arcs: Arcs, start: Stretch, leg: float) -> None:
        self.arcs = arcs
        self.start = start
        self.best: dict[int, float] = {}
        self.came: dict[int, tuple[int, Stretch]] = {}
        self.settled: set[int] = set()
        self.heap: list[tuple[float, int]] = []
        home, share = start.segment, start.from_fraction
        onward = leg + to_second(arcs, home, share)
        self._offer(int(arcs.segment_to[home]), onward, -1, Stretch(home, share, 1.0))
        back = leg + to_first(arcs, home, share)
        self._offer(int(arcs.segment_from[home]), back, -1, Stretch(home, share, 0.0))

    def _offer(self, node: int, cost: float, before: int, stretch: Stretch) -> None:
        if cost < self.best.get(node, np.inf):
            self.best[node] = cost
            self.came[node] = (before, stretch)
            heapq.heappush(self.heap, (cost, node))

    def spread(self, enough: dict[int, float], least: float) -> tuple[float, int]:
        """Search until no way is better; return the least minutes and the last node (-1: none).

        ``enough`` holds the minutes from the two last nodes to the end, ``least`` those of a walk
        that passes no node.
        """
        arcs, last = self.arcs, -1
        while self.heap and self.heap[0][0] < least:
            cost, node = heapq.heappop(self.heap)
            if node in self.settled:
                continue
            self.settled.add(node)
            if cost + enough.get(node, np.inf) < least:
                least, last = cost + enough[node], node
            for arc in range(int(arcs.start[node]), int(arcs.start[node + 1])):
                ends = (0.0, 1.0) if arcs.forward[arc] else (1.0, 0.0)
                there = cost + float(arcs.minutes[arc])
                stretch = Stretch(int(arcs.segment[arc]), *ends)
                self._offer(int(arcs.head[arc]), there, node, stretch)
        return least, last

    def way(self, last: int) -> tuple[list[int], list[Stretch]]:
        """Return the nodes and stretches that lead to a node, in order."""
        nodes, stretches = [], []
        while last >= 0:
            nodes.append(last)
            last, stretch = self.came[last]
            stretches.append(stretch)
        return nodes[::-1], stretches[::-1]


def stretch_minutes(arcs: Arcs, stretch: Stretch) -> float:
    """Return the exact minutes of a stretch; infinite where feet may not go so."""
    return float(between(arcs, stretch.segment, stretch.from_fraction, stretch.to_fraction))


def shortest_walk(arcs: Arcs, spots: Spots) -> tuple[float, list[int], list[Stretch]]:
    """Return minutes, nodes and stretches of the walk from the first spot to the second.

    Nodes are those of the search; the stretches of a gate's own arcs, which have no length, are
    left out.
    """
    segment, fraction = spots.segment.tolist(), spots.fraction.tolist()
    leg_out, leg_in = spots.leg.tolist()
    least = np.inf
    straight = Stretch(segment[0], fraction[0], fraction[1])
    if segment[0] == segment[1]:
        least = leg_out + stretch_minutes(arcs, straight) + leg_in
    enough: dict[int, float] = {}
    final: dict[int, Stretch] = {}
    home, share = segment[1], fraction[1]
    for end, first, minutes in (
        (0.0, int(arcs.segment_from[home]), from_first(arcs, home, share) + leg_in),
        (1.0, int(arcs.segment_to[home]), from_second(arcs, home, share) + leg_in),
    ):
        for node in (first, *np.flatnonzero(arcs.twin == first).tolist()):
            if minutes < enough.get(node, np.inf):
                enough[node], final[node] = minutes, Stretch(home, end, share)
    search = _Search(arcs, straight, leg_out)
    least, last = search.spread(enough, least)
    if last < 0:
        return least, [], [straight]
    nodes, stretches = search.way(last)
    segments = len(arcs.segment_from)
    walked = [stretch for stretch in stretches if stretch.segment < segments]
    return least, nodes, [*walked, final[last]]
