"""Sorting pairs of sources and targets without a matrix and without copies."""

from __future__ import annotations

import numpy as np

from planner.streets.compiled import compiled


@compiled
def turned_pairs(
    pair_start: np.ndarray, target: np.ndarray, minutes: np.ndarray, target_count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pairs grouped by source as pairs grouped by target (a counting sort).

    Parameters
    ----------
    pair_start, target, minutes
        Pairs of source ``i``: ``pair_start[i]:pair_start[i + 1]``.
    target_count
        How many targets there are.

    Returns
    -------
    tuple of ndarray
        The same three for targets; within each, sources ascend.
    """
    turned_start = np.zeros(target_count + 1, dtype=np.int64)
    for pair in range(len(target)):
        turned_start[target[pair] + 1] += 1
    for group in range(target_count):
        turned_start[group + 1] += turned_start[group]
    place = turned_start[:-1].copy()
    source_of = np.empty(len(target), dtype=np.int32)
    turned_minutes = np.empty(len(target), dtype=np.float64)
    for source in range(len(pair_start) - 1):
        for pair in range(pair_start[source], pair_start[source + 1]):
            there = place[target[pair]]
            source_of[there] = source
            turned_minutes[there] = minutes[pair]
            place[target[pair]] += 1
    return turned_start, source_of, turned_minutes


@compiled
def sorted_within_groups(pair_start: np.ndarray, other: np.ndarray, minutes: np.ndarray) -> None:
    """Sort the pairs of each group in place by minutes, then by ``other``.

    D. L. Shell, "A high-speed sorting procedure", CACM 2 (1959), with D. E. Knuth's gaps 1, 4, 13,
    …: groups are small, and numpy's sorts take seconds to compile.

    Parameters
    ----------
    pair_start
        Pairs of group ``i``: ``pair_start[i]:pair_start[i + 1]``.
    other, minutes
        The pairs' other ends and minutes; rearranged.
    """
    for group in range(len(pair_start) - 1):
        first = pair_start[group]
        last = pair_start[group + 1]
        gap = 1
        while gap < (last - first) // 3:
            gap = 3 * gap + 1
        while gap > 0:
            for place in range(first + gap, last):
                key = minutes[place]
                tie = other[place]
                hole = place
                while hole - gap >= first and (
                    minutes[hole - gap] > key
                    or (minutes[hole - gap] == key and other[hole - gap] > tie)
                ):
                    minutes[hole] = minutes[hole - gap]
                    other[hole] = other[hole - gap]
                    hole -= gap
                minutes[hole] = key
                other[hole] = tie
            gap //= 3
