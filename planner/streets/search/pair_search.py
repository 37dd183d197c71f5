"""The compiled search for pairs: who reaches whom within a limit, one truncated Dijkstra a source.

E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische Mathematik 1 (1959).
Nodes wait in buckets of nearly equal minutes, a heap on top of them: B. V. Cherkassky, A. V.
Goldberg, C. Silverstein, "Buckets, heaps, lists, and monotone priority queues", SIAM Journal on
Computing 28 (1999). A bucket is a list in no order until its turn comes; then its nodes are settled
in the exact order of their minutes. Most hold one node, where a heap of all would hold a hundred.

Targets are worked out after the nodes, once each, from the end of their street settled first.
Costs are those of :mod:`planner.streets.walking.arcs`: exact, so that nothing depends on any order.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.streets.search.heap import ONE, drop_top, push
from planner.streets.search.pair_order import sort_nearly_sorted
from planner.streets.search.ways import Ways
from planner.streets.walking.arcs import Arcs, Spots, Targets, between, to_first, to_second, wider

NONE: Final = -1
"""Stands for the entry behind a bucket's last."""


class Bench(NamedTuple):
    """Memory that searches use one after another (:func:`search_bench`).

    Parameters
    ----------
    best
        Least minutes to each node so far; ``beyond`` the limit before and after each search.
    settled
        Nodes in the order of their minutes.
    first
        First entry of each bucket, or -1.
    costs, nodes, after
        Entries of buckets; the next in the same bucket, or -1.
    heap_costs, heap_nodes
        The bucket that is being emptied.
    found, minutes
        Codes of the targets found, and their minutes.
    """

    best: np.ndarray
    settled: np.ndarray
    first: np.ndarray
    costs: np.ndarray
    nodes: np.ndarray
    after: np.ndarray
    heap_costs: np.ndarray
    heap_nodes: np.ndarray
    found: np.ndarray
    minutes: np.ndarray


def search_bench(ways: Ways) -> Bench:
    """Return memory for searches, as large as the network and the targets, never their product."""
    # Every arc is offered once, when the node it leaves is settled; two more are the first ends.
    room = len(ways.arc) + 2
    return Bench(
        np.full(len(ways.node) - 1, ways.beyond),
        np.empty(len(ways.node) - 1, dtype=np.int32),
        np.full(ways.mask + 1, NONE, dtype=np.int32),
        np.empty(room, dtype=np.float64),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.float64),
        np.empty(room, dtype=np.int32),
        np.empty(len(ways.code), dtype=np.int32),
        np.empty(len(ways.code), dtype=np.float64),
    )


@compiled
def _settle(ways: Ways, bench: Bench, entries: int, bucket: int) -> int:
    """Walk from the entries in the buckets to all nodes within the limit; return how many they are.

    ``bucket`` is where to begin: no entry stands before it.
    """
    mask = np.uint64(ways.mask)
    current = np.uint64(bucket)
    waiting = entries
    held = 0
    settled = 0
    while True:
        if waiting > 0 and (held == 0 or bench.first[current & mask] >= 0):
            while bench.first[current & mask] < 0:
                current += ONE
            at = np.uint64(bench.first[current & mask])
            bench.first[current & mask] = bench.after[at]
            waiting -= 1
            cost = bench.costs[at]
            node = np.uint64(bench.nodes[at])
            if held > 0 or bench.after[at] >= 0:  # not one alone, as most are
                push(bench.heap_costs, bench.heap_nodes, held, cost, bench.nodes[at])
                held += 1
                continue
        elif held > 0:
            cost = bench.heap_costs[0]
            node = np.uint64(bench.heap_nodes[0])  # why unsigned: see planner.streets.search.heap
            held -= 1
            drop_top(bench.heap_costs, bench.heap_nodes, held)
        else:
            return settled
        if cost > bench.best[node]:
            continue
        bench.settled[settled] = node
        settled += 1
        last = np.uint64(ways.node[node + ONE]["arcs"])
        for place in range(np.uint64(ways.node[node]["arcs"]), last):
            arc = ways.arc[place]
            there = cost + arc["minutes"]
            head = np.uint64(arc["head"])
            if there < bench.best[head]:
                bench.best[head] = there
                there_bucket = np.uint64(there * ways.scale)
                if there_bucket == current:
                    push(bench.heap_costs, bench.heap_nodes, held, there, arc["head"])
                    held += 1
                else:
                    at = np.uint64(entries)
                    bench.costs[at] = there
                    bench.nodes[at] = head
                    bench.after[at] = bench.first[there_bucket & mask]
                    bench.first[there_bucket & mask] = entries
                    entries += 1
                    waiting += 1


@compiled
def _leave(arcs: Arcs, ways: Ways, sources: Spots, source: int, bench: Bench) -> int:
    """Walk from a source, and return how many nodes are settled."""
    home = sources.segment[source]
    share = sources.fraction[source]
    entries = 0
    least = np.inf
    for end in range(2):
        if end == 0:
            node = arcs.segment_to[home]
            cost = sources.leg[source] + to_second(arcs, home, share)
        else:
            node = arcs.segment_from[home]
            cost = sources.leg[source] + to_first(arcs, home, share)
        if cost < bench.best[node]:
            bench.best[node] = cost
            bucket = int(cost * ways.scale) & ways.mask
            bench.costs[entries] = cost
            bench.nodes[entries] = node
            bench.after[entries] = bench.first[bucket]
            bench.first[bucket] = entries
            entries += 1
            least = min(least, cost)
    if entries == 0:
        return 0
    return _settle(ways, bench, entries, int(least * ways.scale))


@compiled
def _fold(ways: Ways, bench: Bench, settled: int) -> int:
    """Note in an estate's first copy which walks end in it sooner when they come from without."""
    count = settled
    if len(ways.twin) > 0:
        for place in range(settled):
            node = bench.settled[place]
            first = ways.twin[node]
            if first >= 0 and bench.best[node] < bench.best[first]:
                if bench.best[first] == ways.beyond:
                    bench.settled[count] = first
                    count += 1
                bench.best[first] = bench.best[node]
    return count


@compiled
def _at_home(
    arcs: Arcs,
    ways: Ways,
    sources: Spots,
    source: int,
    targets: Targets,
    bench: Bench,
) -> int:
    """Note the targets on the source's own segment; return how many are within the limit."""
    home = sources.segment[source]
    from_best = bench.best[arcs.segment_from[home]]
    to_best = bench.best[arcs.segment_to[home]]
    found = 0
    for target in range(targets.start[home], targets.start[home + 1]):
        cost = sources.leg[source] + targets.leg[target]
        cost += between(arcs, home, sources.fraction[source], targets.fraction[target])
        cost = min(cost, from_best + targets.after_from[target])
        cost = min(cost, to_best + targets.after_to[target])
        if cost <= ways.limit:
            bench.found[found] = ways.code[target]
            bench.minutes[found] = cost
            found += 1
    return found


@compiled
def _elsewhere(
    ways: Ways, bench: Bench, settled: int, found: int, home_first: int, home_last: int
) -> int:
    """Note the targets of all settled nodes behind those ``found``; return how many there are.

    Each is noted at the end of its segment that is settled first. Those on the source's own
    segment, ``home_first:home_last``, are left out.
    """
    for place in range(settled):
        node = np.uint64(bench.settled[place])
        cost = bench.best[node]
        last = np.uint64(ways.node[node + ONE]["offers"])
        for at in range(np.uint64(ways.node[node]["offers"]), last):
            other = np.uint64(ways.offer[at]["other"])
            there = bench.best[other]
            if there < cost or (there == cost and other < node):
                continue
            least = min(cost + ways.offer[at]["after"], there + ways.offer[at]["after_other"])
            if least <= ways.limit and not home_first <= ways.offer_target[at] < home_last:
                bench.found[found] = ways.offer[at]["code"]
                bench.minutes[found] = least
                found += 1
    return found


@compiled
def pairs_within(
    arcs: Arcs, ways: Ways, sources: Spots, targets: Targets, bench: Bench
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find every target that lies within the limit of each source.

    Parameters
    ----------
    arcs
        What is walked on.
    ways
        What :func:`ways_to` made of these arcs and targets.
    sources, targets
        Joined points.
    bench
        Memory for these ways that no other search uses at the same time.

    Returns
    -------
    tuple of ndarray
        ``pair_start``, shape (sources + 1,): the pairs of source ``i`` are
        ``pair_start[i]:pair_start[i + 1]``; codes of their targets; their minutes. Sorted by
        minutes, then code.
    """
    pair_start = np.zeros(len(sources.leg) + 1, dtype=np.int64)
    pair_code = np.empty(1024, dtype=np.int32)
    pair_minutes = np.empty(1024, dtype=np.float64)
    pairs = 0
    for source in range(len(sources.leg)):
        home = sources.segment[source]
        settled = _leave(arcs, ways, sources, source, bench)
        settled = _fold(ways, bench, settled)
        found = _at_home(arcs, ways, sources, source, targets, bench)
        home_first, home_last = targets.start[home], targets.start[home + 1]
        found = _elsewhere(ways, bench, settled, found, home_first, home_last)
        for place in range(settled):
            bench.best[np.uint64(bench.settled[place])] = ways.beyond
        sort_nearly_sorted(bench.found, bench.minutes, found)
        if pairs + found > len(pair_code):
            left = (len(sources.leg) - source) * (pairs + found) // (source + 1)
            room = max(2 * len(pair_code), pairs + found + left + left // 8)
            pair_code = wider(pair_code, pairs, room)
            pair_minutes = wider(pair_minutes, pairs, room)
        for place in range(found):
            pair_code[pairs + place] = bench.found[place]
            pair_minutes[pairs + place] = bench.minutes[place]
        pairs += found
        pair_start[source + 1] = pairs
    return pair_start, pair_code[:pairs], pair_minutes[:pairs]
