"""Walled estates (小区, 大院): which streets are whose, and which gates part them.

Residents may use the ways and gates of their own estate, and whoever has business inside may come
in; nobody else may pass through. The search keeps to that
(:mod:`planner.streets.search.points`): a walk leaves the estate that it begins in once, goes along
everybody's streets, and enters the estate that it ends in once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.network.manners import EVERYBODY
from planner.streets.network.spatial_order import connected_parts, roots

OPEN: Final = 0
RESIDENTS: Final = 1
CLOSED: Final = 2
"""What a gate is: passed by everybody, by residents, by nobody."""


@dataclass(frozen=True)
class Estates:
    """Which estate each step of street belongs to.

    Parameters
    ----------
    estate
        Number of the estate, -1 for everybody's, shape (steps,).
    cut
        Points that nobody passes: steps do not meet there, shape (points,).
    notes
        How many estates there are, and what became of the gates.
    """

    estate: IntArray
    cut: BoolArray
    notes: dict[str, Any]


def _parted(
    start: IntArray, end: IntArray, length_m: FloatArray, gate: BoolArray
) -> tuple[int, IntArray, IntArray]:
    """Return a number of points, and steps between them that do not meet at gates.

    Each step's end at a gate is a point of its own, behind all others; their order is that of the
    steps' points and lengths, not that in which they were drawn.
    """
    ends, others = np.concatenate([start, end]), np.concatenate([end, start])
    at_gate = np.flatnonzero(gate[ends])
    order = np.lexsort((np.tile(length_m, 2)[at_gate], others[at_gate], ends[at_gate]))
    ends[at_gate[order]] = len(gate) + np.arange(len(at_gate))
    return len(gate) + len(at_gate), ends[: len(start)], ends[len(start) :]


def _enclosed(
    start: IntArray, end: IntArray, length_m: FloatArray, private: BoolArray, gate: IntArray
) -> BoolArray:
    """Tell which of everybody's steps are reached from the main streets through others' only.

    That is, along private steps, or through gates for residents. The main streets are the longest
    of everybody's in each part of the town that any way joins.
    """
    inside = np.zeros(len(start), dtype=bool)
    rows = np.flatnonzero(~private)
    if not len(rows) or not (private.any() or (gate == RESIDENTS).any()):
        return inside
    count, one, other = _parted(start, end, length_m, gate == CLOSED)
    whole = roots(count, one, other)[one][rows]
    count, one, other = _parted(start[rows], end[rows], length_m[rows], gate != OPEN)
    part = connected_parts(count, one, other, length_m[rows])[one]  # the longest is 0
    main = np.full(int(whole.max()) + 1, count)
    np.minimum.at(main, whole, part)
    inside[rows] = part != main[whole]
    return inside


def _touched(points: int, start: IntArray, end: IntArray, rows: BoolArray) -> BoolArray:
    touched = np.zeros(points, dtype=bool)
    touched[start[rows]] = True
    touched[end[rows]] = True
    return touched


def _numbers(
    start: IntArray, end: IntArray, way: IntArray, private: BoolArray, public_point: BoolArray
) -> IntArray:
    """Return the estate of each step (-1: everybody's).

    Private steps are of one estate where they meet and nothing public meets them; a way that
    crosses a public one is of one estate on both sides.

    Two ways that meet only where something public meets them are of two estates: gates that face
    each other over a street look like that, and so does one drive that a mapper cut where it
    crosses the street. No tag tells them apart. Taken for two, nobody's walk to or from a home of
    either is barred, for it leaves the one where it enters the other; only whoever would walk all
    through the second, which was one with the first, is sent round. Taken for one, strangers would
    be let through a wall, and be counted as reached who are not. What joins them privately
    elsewhere makes them one; streets reached through estates alone are not public.
    """
    estate = np.full(len(start), EVERYBODY, dtype=np.int64)
    rows = np.flatnonzero(private)
    if not len(rows):
        return estate
    points = len(public_point)
    # A point that something public touches is a point of each way's own.
    _, own = np.unique(way[rows], return_inverse=True)
    spread = points + own * points
    one = np.where(public_point[start[rows]], spread + start[rows], start[rows])
    other = np.where(public_point[end[rows]], spread + end[rows], end[rows])
    _, both = np.unique(np.concatenate([one, other]), return_inverse=True)
    first, last = both[: len(rows)], both[len(rows) :]
    root = roots(int(both.max()) + 1, first, last)[first]
    estate[rows] = np.unique(root, return_inverse=True)[1]
    return estate


def drawn_over(start: IntArray, end: IntArray, way: IntArray, private: BoolArray) -> IntArray:
    """Return numbers of ways, one for all private ways that are drawn over each other.

    Parameters
    ----------
    start, end, way, private
        As in :func:`estates_of`.
    """
    rows = np.flatnonzero(private)
    if not len(rows):
        return way
    low, high = np.minimum(start, end)[rows], np.maximum(start, end)[rows]
    order = rows[np.lexsort((high, low))]
    low, high = np.minimum(start, end)[order], np.maximum(start, end)[order]
    again = np.flatnonzero((low[1:] == low[:-1]) & (high[1:] == high[:-1]))
    joined = roots(int(way.max()) + 1, way[order[again]], way[order[again + 1]])
    numbers: IntArray = joined[way]
    return numbers


def estates_of(
    start: IntArray,
    end: IntArray,
    length_m: FloatArray,
    private: BoolArray,
    *,
    way: IntArray,
    gate: IntArray,
) -> Estates:
    """Return which estate each step of street belongs to, and where gates cut streets off.

    Private steps make estates. So do everybody's steps that are reached from the main streets along
    private ways or through gates for residents only, whatever their own tags: lanes inside a 小区
    whose drive alone is tagged, or a village at the end of a private road. What lies so behind one
    estate is one estate with it. A gate for residents between streets that are everybody's on both
    sides is shut, for nobody knows whose it is.

    Nothing depends on the order in which steps or ways were drawn; of parts of equal length the one
    with the lowest point is the main one.

    Parameters
    ----------
    start, end
        Points at both ends of each step that feet may use, shape (steps,).
    length_m
        Lengths, by which the network's main part is told.
    private
        Whether rules keep a step for residents, shape (steps,).
    way
        Number of the drawn way that a step is of, shape (steps,): a way that crosses everybody's
        streets is of one estate on both sides of them.
    gate
        ``OPEN``, ``RESIDENTS`` or ``CLOSED`` for each point, shape (points,).
    """
    closed, for_residents = gate == CLOSED, gate == RESIDENTS
    enclosed = _enclosed(start, end, length_m, private, gate)
    private = private | enclosed
    public_point = _touched(len(gate), start, end, ~private)
    estate = _numbers(start, end, way, private, public_point)
    inner_point = _touched(len(gate), start, end, private)
    cut = closed | (for_residents & public_point & ~inner_point)
    used = public_point | inner_point
    notes = {
        "estates": int(estate.max(initial=EVERYBODY)) + 1,
        "length_m": round(float(length_m[private].sum()), 1),
        "share": round(float(length_m[private].sum() / max(length_m.sum(), 1e-9)), 6),
        "enclosed_m": round(float(length_m[enclosed].sum()), 1),
        "gates_for_residents": int((for_residents & used).sum()),
        "gates_shut": int((cut & used).sum()),
    }
    return Estates(estate, cut, notes)


def renumbered(estate: IntArray) -> IntArray:
    """Return estates numbered 0, 1, … in the order in which they first stand; -1 stays."""
    names, first, number = np.unique(estate, return_index=True, return_inverse=True)
    kept = names >= 0
    order = np.argsort(first[kept], kind="stable")
    rank = np.full(len(names), EVERYBODY, dtype=np.int64)
    rank[np.flatnonzero(kept)[order]] = np.arange(len(order))
    return rank[number]
