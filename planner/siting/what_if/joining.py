"""The compiled part of grouping: small groups join the most similar reach, smallest first."""

from __future__ import annotations

import heapq
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from planner.compiled import compiled

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SAME_CELL: Final = 0
SAME_STATE: Final = 1
ANY: Final = 2
NOBODY: Final = -1


class Reach(NamedTuple):
    """Groups, what they reach, and whom they may join.

    Parameters
    ----------
    starts, sites
        Group ``i`` reaches ``sites[starts[i]:starts[i + 1]]``, ascending.
    cell, state
        Number of each group's cell (gap and state today), and of its state.
    """

    starts: IntArray
    sites: IntArray
    cell: IntArray
    state: IntArray


class Holders(NamedTuple):
    """Which groups reach each site; groups that are gone leave it as it is read.

    Parameters
    ----------
    starts, ends
        Site ``j`` is reached by ``groups[starts[j]:ends[j]]``.
    groups
        Positions of groups.
    """

    starts: IntArray
    ends: IntArray
    groups: IntArray


@compiled
def _is_open(reach: Reach, own: int, other: int, tier: int) -> bool:
    """Tell whether a group may join another."""
    if tier == SAME_CELL:
        return bool(reach.cell[other] == reach.cell[own])
    if tier == SAME_STATE:
        return bool(reach.state[other] == reach.state[own])
    return True


@compiled
def _count_shared(
    reach: Reach,
    holders: Holders,
    held: IntArray,
    own: int,
    tier: int,
    shared: IntArray,
    touched: IntArray,
) -> int:
    """Count the sites that others share with a group; return how many others there are."""
    found = 0
    for place in range(reach.starts[own], reach.starts[own + 1]):
        site = reach.sites[place]
        kept = holders.starts[site]
        for entry in range(holders.starts[site], holders.ends[site]):
            other = holders.groups[entry]
            if held[other] == 0:
                continue
            holders.groups[kept] = other
            kept += 1
            if other == own or not _is_open(reach, own, other, tier):
                continue
            if shared[other] == 0:
                touched[found] = other
                found += 1
            shared[other] += 1
        holders.ends[site] = kept
    return found


@compiled
def _most_alike(
    reach: Reach, held: IntArray, own: int, shared: IntArray, touched: IntArray, found: int
) -> int:
    """Return the most similar of those that share a site; the counts are set back to 0."""
    size = reach.starts[own + 1] - reach.starts[own]
    best, best_shared, best_union = NOBODY, 0, 1
    for place in range(found):
        other = touched[place]
        both = shared[other]
        shared[other] = 0
        union = size + reach.starts[other + 1] - reach.starts[other] - both
        # Fractions are compared by whole numbers, so that equal ones are equal.
        ahead = both * best_union - best_shared * union
        if best != NOBODY and ahead == 0:
            ahead = held[other] - held[best]
            if ahead == 0:
                ahead = best - other
        if best == NOBODY or ahead > 0:
            best, best_shared, best_union = other, both, union
    return best


@compiled
def _largest(reach: Reach, held: IntArray, own: int, tier: int) -> int:
    """Return the group of most persons where none shares a site; two that reach nothing first."""
    size = reach.starts[own + 1] - reach.starts[own]
    best, best_alike = NOBODY, False
    for other in range(len(held)):
        if held[other] == 0 or other == own or not _is_open(reach, own, other, tier):
            continue
        alike = size == 0 and reach.starts[other + 1] == reach.starts[other]
        larger = best != NOBODY and alike == best_alike and held[other] > held[best]
        if best == NOBODY or larger or (alike and not best_alike):
            best, best_alike = other, alike
    return best


@compiled
def join_small(
    reach: Reach, holders: Holders, persons: IntArray, least: int
) -> tuple[IntArray, IntArray]:
    """Return the group that each group joined, and what each then holds.

    The smallest group goes first, of equal ones the first; what it joins may be small still and
    waits in its turn.

    Parameters
    ----------
    reach
        The groups, sorted by what they reach.
    holders
        Their reach the other way round; changed in place.
    persons
        What each group holds, in any whole unit; groups of 0 take no part.
    least
        Groups of more than 0 and less than this join another.

    Returns
    -------
    joined, held
        ``joined[i]`` is ``i`` for groups that joined none; a group that was joined may have gone
        on to join another.
    """
    count = len(persons)
    held = persons.copy()
    joined = np.arange(count)
    in_cell = np.zeros(count + 1, dtype=np.int64)
    in_state = np.zeros(count + 1, dtype=np.int64)
    waiting = [(np.int64(0), np.int64(0)) for _ in range(0)]
    for one in range(count):
        if held[one] > 0:
            in_cell[reach.cell[one]] += 1
            in_state[reach.state[one]] += 1
            if held[one] < least:
                waiting.append((held[one], np.int64(one)))
    heapq.heapify(waiting)
    living = in_cell.sum()
    shared = np.zeros(count, dtype=np.int64)
    touched = np.empty(count, dtype=np.int64)
    while len(waiting) > 0 and living > 1:
        smallest, first = heapq.heappop(waiting)
        own = int(first)
        if held[own] != smallest:
            continue
        tier = ANY
        if in_cell[reach.cell[own]] > 1:
            tier = SAME_CELL
        elif in_state[reach.state[own]] > 1:
            tier = SAME_STATE
        found = _count_shared(reach, holders, held, own, tier, shared, touched)
        best = _most_alike(reach, held, own, shared, touched, found)
        if best == NOBODY:
            best = _largest(reach, held, own, tier)
        living -= 1
        in_cell[reach.cell[own]] -= 1
        in_state[reach.state[own]] -= 1
        joined[own] = best
        held[best] += held[own]
        held[own] = 0
        if held[best] < least:
            heapq.heappush(waiting, (held[best], np.int64(best)))
    return joined, held


@compiled
def not_contained(
    starts: IntArray, sites: IntArray, first: IntArray, second: IntArray
) -> BoolArray:
    """Return for each pair of groups whether the first reaches a site that the second does not.

    Parameters
    ----------
    starts, sites
        As in :class:`Reach`.
    first, second
        Positions of groups, shape (pairs,).
    """
    outside = np.zeros(len(first), dtype=np.bool_)
    for pair in range(len(first)):
        other, end = starts[second[pair]], starts[second[pair] + 1]
        for place in range(starts[first[pair]], starts[first[pair] + 1]):
            while other < end and sites[other] < sites[place]:
                other += 1
            if other == end or sites[other] != sites[place]:
                outside[pair] = True
                break
    return outside
