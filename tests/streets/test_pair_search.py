"""The search for pairs against a plain one, on streets that try its buckets and its packing."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.streets.search.pair_order import sort_nearly_sorted
from planner.streets.search.pair_search import pairs_within, search_bench
from planner.streets.search.ways import MOST_BUCKETS, ways_to
from planner.streets.walking.arcs import Arcs, Spots, Targets

QUANTUM = 2.0**-36
SETTINGS = settings(deadline=None, derandomize=True, max_examples=60)


def _exact(minutes: np.ndarray) -> np.ndarray:
    return np.rint(minutes / QUANTUM) * QUANTUM


class Streets:
    """Random streets with loops, parallels, closed directions and waits; spots in mid-segment."""

    def __init__(self, seed: int, lengths: str, *, nodes: int = 12, segments: int = 26) -> None:
        random = np.random.default_rng(seed)
        self.ends = random.integers(0, nodes, (2, segments)).astype(np.int32)
        self.minutes = [
            {
                "even": _exact(random.uniform(0.5, 2.0, segments)),
                "none": np.zeros(segments),
                "equal": np.full(segments, 0.75),
                "tiny and long": _exact(random.choice([QUANTUM, 1e-4, 3.0, 900.0], segments)),
                "zero or two": random.choice([0.0, 2.0], segments),
            }[lengths]
            for _ in range(2)
        ]
        for way in self.minutes:
            way[random.random(segments) < 0.15] = np.inf
        self.waits = [_exact(random.choice([0.0, 0.0, 0.25], segments)) for _ in range(2)]
        self.nodes = nodes
        self.sources = self._spots(random, 9)
        self.targets = self._spots(random, 23)

    def _spots(self, random: np.random.Generator, count: int) -> Spots:
        segment = np.sort(random.integers(0, self.ends.shape[1], count))
        share = random.choice([0.0, 1.0, 0.25, 0.625, 0.9], count)
        return Spots(segment, share, _exact(random.choice([0.0, 0.5], count)))

    def arcs(self) -> Arcs:
        """Return the streets as a search walks on them."""
        waits = self.waits[0] + self.waits[1]
        tail = np.concatenate([self.ends[0], self.ends[1]])
        head = np.concatenate([self.ends[1], self.ends[0]])
        minutes = np.concatenate([self.minutes[0] + waits, self.minutes[1] + waits])
        order = np.argsort(tail, kind="stable")
        segment = np.tile(np.arange(len(waits), dtype=np.int32), 2)
        start = np.searchsorted(tail[order], np.arange(self.nodes + 1))
        forward = np.arange(len(tail)) < len(waits)
        twin = np.full(self.nodes, -1, dtype=np.int32)
        return Arcs(
            start,
            head[order],
            segment[order],
            forward[order],
            minutes[order],
            self.ends[0],
            self.ends[1],
            self.minutes[0],
            self.minutes[1],
            self.waits[0],
            self.waits[1],
            twin,
        )

    def part(self, way: int, segment: int, share: float) -> float:
        """Return the minutes along a part of a segment, one way; nothing takes none."""
        minutes = self.minutes[way][segment]
        return float(_exact(share * minutes)) if share > 0 else 0.0

    def as_targets(self) -> Targets:
        """Return the targets as a search wants them."""
        segment, share, leg = self.targets
        start = np.searchsorted(segment, np.arange(self.ends.shape[1] + 2))
        rows = list(zip(segment.tolist(), share.tolist(), strict=True))
        onward = [self.waits[0][one] + self.part(0, one, at) for one, at in rows]
        back = [self.waits[1][one] + self.part(1, one, 1 - at) for one, at in rows]
        return Targets(start, share, leg, np.array(onward) + leg, np.array(back) + leg)

    def plainly(self, source: int, limit: float) -> list[tuple[float, int]]:
        """Return minutes and targets within a limit by Dijkstra's search with Python's heap."""
        home, share, leg = (float(column[source]) for column in self.sources)
        at = int(home)
        best: dict[int, float] = {}
        heap = [
            (leg + self.part(0, at, 1 - share) + self.waits[1][at], int(self.ends[1][at])),
            (leg + self.part(1, at, share) + self.waits[0][at], int(self.ends[0][at])),
        ]
        heapq.heapify(heap)
        while heap:
            cost, node = heapq.heappop(heap)
            if node in best or not np.isfinite(cost):
                continue
            best[node] = cost
            for way in range(2):
                for one in np.flatnonzero(self.ends[way] == node).tolist():
                    there = cost + self.minutes[way][one] + self.waits[0][one] + self.waits[1][one]
                    heapq.heappush(heap, (there, int(self.ends[1 - way][one])))
        found = []
        targets = self.as_targets()
        for target, (segment, there) in enumerate(
            zip(self.targets.segment.tolist(), self.targets.fraction.tolist(), strict=True)
        ):
            walks = [
                best.get(int(self.ends[0][segment]), np.inf) + targets.after_from[target],
                best.get(int(self.ends[1][segment]), np.inf) + targets.after_to[target],
            ]
            if segment == at:
                way = int(there < share)
                walks.append(leg + targets.leg[target] + self.part(way, at, abs(there - share)))
            if min(walks) <= limit:
                found.append((float(min(walks)), target))
        return sorted(found)


LENGTHS = ["even", "none", "equal", "tiny and long", "zero or two"]


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("limit", [0.0, 0.4, 2.5, 6.0, 950.0, 1e9])
def test_against_a_plain_search(lengths: str, limit: float) -> None:
    """To the last bit, one search after another with the same memory, which is left as it was."""
    for seed in range(12):
        streets = Streets(seed, lengths)
        arcs, targets = streets.arcs(), streets.as_targets()
        code = np.arange(len(targets.leg))
        ways = ways_to(arcs, targets, code, limit)
        assert ways.mask < 4 * MOST_BUCKETS
        bench = search_bench(ways)
        start, found, minutes = pairs_within(arcs, ways, streets.sources, targets, bench)
        for source in range(len(streets.sources.leg)):
            rows = slice(start[source], start[source + 1])
            ours = list(zip(minutes[rows].tolist(), found[rows].tolist(), strict=True))
            assert ours == streets.plainly(source, limit), (seed, source)
        assert (bench.best == ways.beyond).all()
        assert (bench.first == -1).all()


def test_a_start_between_ends_far_apart_on_a_street_longer_than_the_limit() -> None:
    """The far end waits for longer than any other street takes, and is reached round the corner."""
    count = 40
    streets = Streets(0, "none", nodes=count, segments=count)
    first = np.arange(count, dtype=np.int32)
    streets.ends = np.array([first, np.roll(first, -1)])  # a ring: its last street is long
    streets.minutes = [_exact(np.append(np.full(count - 1, 0.015), 30.0)) for _ in range(2)]
    streets.waits = [np.zeros(count), np.zeros(count)]
    streets.sources = Spots(np.array([count - 1]), np.array([0.4]), np.zeros(1))
    streets.targets = Spots(np.arange(count), np.full(count, 0.5), np.zeros(count))
    arcs, targets = streets.arcs(), streets.as_targets()
    ways = ways_to(arcs, targets, np.arange(count), 20.0)
    _, found, minutes = pairs_within(arcs, ways, streets.sources, targets, search_bench(ways))
    assert list(zip(minutes.tolist(), found.tolist(), strict=True)) == streets.plainly(0, 20.0)


def test_codes_are_what_targets_are_called() -> None:
    streets = Streets(3, "even")
    arcs, targets = streets.arcs(), streets.as_targets()
    names = np.random.default_rng(1).permutation(len(targets.leg)) + 1000
    answers = []
    for code in (np.arange(len(names)), names):
        ways = ways_to(arcs, targets, code, 5.0)
        bench = search_bench(ways)
        answers.append(pairs_within(arcs, ways, streets.sources, targets, bench))
    (start, by_place, minutes), (start_too, by_name, minutes_too) = answers
    np.testing.assert_array_equal(start, start_too)
    np.testing.assert_array_equal(minutes, minutes_too)
    source = np.repeat(np.arange(len(start) - 1), np.diff(start))
    order = np.lexsort((names[by_place], minutes, source))
    np.testing.assert_array_equal(names[by_place][order], by_name)


def test_no_targets_and_no_ways() -> None:
    streets = Streets(5, "even")
    arcs = streets.arcs()
    nothing = np.empty(0)
    nowhere = np.zeros(len(streets.waits[0]) + 2, dtype=np.int64)
    targets = Targets(nowhere, nothing, nothing, nothing, nothing)
    closed = arcs._replace(minutes=np.full(len(arcs.minutes), np.inf))
    for one in (arcs, closed):
        ways = ways_to(one, targets, np.empty(0, dtype=np.int64), 9.0)
        start, *_ = pairs_within(one, ways, streets.sources, targets, search_bench(ways))
        assert not start.any()


@SETTINGS
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4)), max_size=80),
    st.integers(0, 3),
    st.integers(0, 40),
)
def test_nearly_sorted_pairs(pairs: list[tuple[int, int]], order: int, behind: int) -> None:
    """Sorted, nearly sorted, the wrong way round, or as they come; what is behind stays."""
    pairs = [pairs, sorted(pairs), sorted(pairs)[::-1], sorted(pairs)][order]
    if order == 3 and len(pairs) > 2:
        pairs[-2], pairs[0] = pairs[0], pairs[-2]
    minutes = np.array([float(one) for one, _ in pairs] + [-1.0] * behind)
    other = np.array([two for _, two in pairs] + [7] * behind, dtype=np.int32)
    sort_nearly_sorted(other, minutes, len(pairs))
    ours = list(zip(minutes.tolist(), other.tolist(), strict=True))
    assert ours == sorted((float(one), two) for one, two in pairs) + [(-1.0, 7)] * behind
