"""Pairs of points found by a search: kept, grouped and sorted without a matrix and without copies.

A city's pairs fill most of the memory that a search takes. They are kept once, in the columns of
the table that the caller gets, and rearranged where they lie.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.compiled import compiled
from planner.streets.arrays import FloatArray, Int32Array, IntArray

BLOCKS: Final = 256
"""Most blocks of groups in the first pass of :func:`bring_together`."""

GUESS: Final = 256
"""So many times the pairs found so far are believed in, if as many are expected."""

FEW: Final = 24
"""Groups of no more pairs are sorted as they are."""

MOVES: Final = 4
"""So many places a pair moves at most, in the mean, where pairs count as nearly sorted."""


class PairColumns:
    """Three columns of pairs that grow at their ends: codes of both points, and minutes.

    Room is made for as many pairs as are expected, which takes no memory until they come. Where
    more come, columns grow in place, by an eighth (numpy's ``resize``; Linux moves pages instead of
    copying them), so that no moment sees them twice.
    """

    def __init__(self) -> None:
        """Begin without pairs."""
        self._count = 0
        self._make(0)

    def __len__(self) -> int:
        """Return how many pairs there are."""
        return self._count

    def add(
        self,
        origin: Int32Array,
        destination: Int32Array,
        minutes: FloatArray,
        *,
        expected: int = 0,
    ) -> None:
        """Put pairs behind those there are; ``expected`` are all there will be in the end."""
        after = self._count + len(minutes)
        if after > len(self._columns[0]):
            room = max(after, min(expected, GUESS * after))
            room += room // 8
            if self._count:
                self._resize(room)
            else:
                self._make(room)
        rows = slice(self._count, after)
        self._columns[0][rows] = origin
        self._columns[1][rows] = destination
        self._columns[2][rows] = minutes
        self._count = after

    def taken(self) -> tuple[Int32Array, Int32Array, FloatArray]:
        """Return the columns: origins, destinations, minutes; whoever takes them owns them."""
        self._resize(self._count)
        return self._columns

    def _make(self, room: int) -> None:
        self._columns = (
            np.empty(room, dtype=np.int32),
            np.empty(room, dtype=np.int32),
            np.empty(room, dtype=np.float64),
        )

    def _resize(self, room: int) -> None:
        for column in self._columns:
            column.resize(room, refcheck=False)


def group_starts(group: Int32Array, group_count: int) -> IntArray:
    """Return where each group's pairs begin once they are sorted by group, shape (groups + 1,)."""
    start = np.zeros(group_count + 1, dtype=np.int64)
    _counted(group, start)
    return np.cumsum(start, out=start)


@compiled
def _counted(group: np.ndarray, count: np.ndarray) -> None:
    """Add up how often each group occurs, in ``count[group + 1]``."""
    for pair in range(len(group)):
        count[group[pair] + 1] += 1


@compiled
def _bring_home(
    group: np.ndarray,
    other: np.ndarray,
    minutes: np.ndarray,
    home_start: np.ndarray,
    shift: int,
    first: int,
) -> None:
    """Sort pairs in place by their home, which is ``(group >> shift) - first``.

    Those of home ``i`` come to stand at ``home_start[i]:home_start[i + 1]``. Each pair in a strange
    place is swapped home, and the one found there in turn, until one belongs where the first stood.
    """
    place = home_start[:-1].copy()
    for home in range(len(place)):
        while place[home] < home_start[home + 1]:
            here = place[home]
            code = group[here]
            away = (code >> shift) - first
            if away != home:
                one = other[here]
                walk = minutes[here]
                while away != home:
                    there = place[away]
                    place[away] += 1
                    code, group[there] = group[there], code
                    one, other[there] = other[there], one
                    walk, minutes[there] = minutes[there], walk
                    away = (code >> shift) - first
                group[here] = code
                other[here] = one
                minutes[here] = walk
            place[home] += 1


@compiled
def bring_together(
    group: np.ndarray, other: np.ndarray, minutes: np.ndarray, group_start: np.ndarray
) -> None:
    """Sort pairs by group, in place; in no order within a group.

    P. M. McIlroy, K. Bostic, M. D. McIlroy, "Engineering radix sort", Computing Systems 6 (1993):
    their American flag sort. First by blocks of groups, so that the second pass stays within what
    the processor's cache holds: a million groups in one pass take ten times as long.

    Parameters
    ----------
    group, other, minutes
        Columns of the pairs; rearranged.
    group_start
        What :func:`group_starts` returned.
    """
    groups = len(group_start) - 1
    shift = 0
    while groups >> shift > BLOCKS:
        shift += 1
    size = 1 << shift
    block_start = np.append(group_start[:-1][::size], group_start[-1])
    _bring_home(group, other, minutes, block_start, shift, 0)
    if shift > 0:
        for first in range(0, groups, size):
            _bring_home(group, other, minutes, group_start[first : first + size + 1], 0, first)


@compiled
def _sort(first: int, last: int, other: np.ndarray, minutes: np.ndarray) -> None:
    """Sort the pairs from ``first`` to before ``last`` in place.

    D. L. Shell, "A high-speed sorting procedure", CACM 2 (1959), with D. E. Knuth's gaps 1, 4, 13,
    …: few pairs at once, and numpy's sorts take seconds to compile.
    """
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


@compiled
def _deal(
    least: float,
    longest: float,
    other: np.ndarray,
    minutes: np.ndarray,
    span_end: np.ndarray,
    dealt_other: np.ndarray,
    dealt_minutes: np.ndarray,
) -> None:
    """Copy pairs to ``dealt_…``, sorted by equal spans of minutes, and note where spans end."""
    count = len(minutes)
    scale = (count - 1) / (longest - least)
    span_end[: count + 1] = 0
    for pair in range(count):
        span_end[int((minutes[pair] - least) * scale) + 1] += 1
    for span in range(count):
        span_end[span + 1] += span_end[span]
    for pair in range(count):
        span = int((minutes[pair] - least) * scale)
        place = span_end[span]
        dealt_other[place] = other[pair]
        dealt_minutes[place] = minutes[pair]
        span_end[span] += 1  # begins where the span begins, ends where it ends


@compiled
def sort_within_groups(group_start: np.ndarray, other: np.ndarray, minutes: np.ndarray) -> None:
    """Sort the pairs of each group in place by minutes, then by ``other``.

    Larger groups are dealt out first to as many equal spans of minutes as they have pairs (S. J.
    Ross, "The spreadsort high-performance general-case sorting algorithm", 2002); each span is
    sorted, also where all pairs fall into one.

    Parameters
    ----------
    group_start
        Pairs of group ``i``: ``group_start[i]:group_start[i + 1]``.
    other, minutes
        The pairs' other ends and minutes, finite; rearranged.
    """
    most = 0
    for group in range(len(group_start) - 1):
        most = max(most, group_start[group + 1] - group_start[group])
    span_end = np.empty(most + 1, dtype=np.int64)
    dealt_other = np.empty(most, dtype=other.dtype)
    dealt_minutes = np.empty(most, dtype=minutes.dtype)
    for group in range(len(group_start) - 1):
        first = group_start[group]
        last = group_start[group + 1]
        if last - first <= FEW:
            _sort(first, last, other, minutes)
            continue
        ours, walks = other[first:last], minutes[first:last]
        least, longest = walks.min(), walks.max()
        if least == longest:
            _sort(first, last, other, minutes)
            continue
        _deal(least, longest, ours, walks, span_end, dealt_other, dealt_minutes)
        begin = 0
        for span in range(last - first):
            _sort(begin, span_end[span], dealt_other, dealt_minutes)
            begin = span_end[span]
        ours[:] = dealt_other[: last - first]
        walks[:] = dealt_minutes[: last - first]


@compiled
def sort_nearly_sorted(other: np.ndarray, minutes: np.ndarray, count: int) -> None:
    """Sort the first ``count`` pairs in place by minutes, then by ``other``.

    By insertion as long as few have to move; a search finds most pairs in the order of their
    minutes. Else as :func:`sort_within_groups`.
    """
    moves = 0
    for place in range(1, count):
        key = minutes[place]
        if key > minutes[place - 1]:
            continue
        tie = other[place]
        hole = place
        while hole > 0 and (
            minutes[hole - 1] > key or (minutes[hole - 1] == key and other[hole - 1] > tie)
        ):
            minutes[hole] = minutes[hole - 1]
            other[hole] = other[hole - 1]
            hole -= 1
        minutes[hole] = key
        other[hole] = tie
        moves += place - hole
        if moves > MOVES * count:
            sort_within_groups(np.array([0, count]), other, minutes)
            return
