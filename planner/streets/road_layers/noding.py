"""Lines drawn without nodes, cut where they meet: crossings, touches and overlaps of one storey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.network.manners import Manners
from planner.streets.network.spatial_order import roots

SAME_SPOT_M: Final = 0.001
"""Points of one storey this near are one point: what arithmetic leaves, no drawing."""


@dataclass(frozen=True)
class RoadLines:
    """Lines of a road layer that feet may use, in metres.

    Parameters
    ----------
    vertex_start
        Line ``i`` is drawn by the vertices ``vertex_start[i]:vertex_start[i + 1]``, at least two.
    easting_m, northing_m
        The vertices.
    storey
        Storey of each line, shape (lines,): lines of different storeys do not meet where they
        cross.
    forward, backward
        Directions in which feet may go, shape (lines,).
    manners
        How each line is walked; the ``estate`` of a private one is a number of its own, which does
        not depend on the order of the lines.
    """

    vertex_start: IntArray
    easting_m: FloatArray
    northing_m: FloatArray
    storey: IntArray
    forward: BoolArray
    backward: BoolArray
    manners: Manners


@dataclass(frozen=True)
class NodedRoads:
    """Steps between points such that those of one storey meet in points only.

    All is in an order of its own: it depends on what was drawn, not on the order or direction in
    which it was.

    Parameters
    ----------
    point_m
        Easting and northing of the points, shape (points, 2).
    point_storey
        Their storey, shape (points,).
    start, end
        Points at both ends of each step, shape (steps,), ``start < end``; each pair once.
    forward, backward
        Directions in which feet may go, shape (steps,).
    manners
        How each step is walked: the easiest of the lines drawn there.
    line_ends
        Points where a line begins or ends, ascending.
    crossings
        Points where lines pass through each other and neither had a vertex.
    """

    point_m: FloatArray
    point_storey: IntArray
    start: IntArray
    end: IntArray
    forward: BoolArray
    backward: BoolArray
    manners: Manners
    line_ends: IntArray
    crossings: int


@dataclass(frozen=True)
class _Steps:
    """Straight steps, each once: ends (steps, 2, 2), first end before the second, and storeys."""

    ends_m: FloatArray
    storey: IntArray
    forward: BoolArray
    backward: BoolArray
    manners: Manners


def _unique_rows(rows: Any) -> tuple[Any, IntArray]:
    """Return rows sorted, each once, and the place of each row given: ``np.unique``, but faster."""
    order = np.lexsort(rows.T[::-1])
    rows = rows[order]
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    place = np.empty(len(rows), dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    return rows[new], place


def _steps(lines: RoadLines) -> _Steps:
    """Return the steps of all lines, sorted, without repeated ones and those of no length."""
    count = np.diff(lines.vertex_start)
    first = np.ones(len(lines.easting_m), dtype=bool)
    first[lines.vertex_start[1:] - 1] = False
    at = np.flatnonzero(first)
    line = np.repeat(np.arange(len(count)), count)[at]
    place_m = np.column_stack([lines.easting_m, lines.northing_m])
    one, other = place_m[at], place_m[at + 1]
    turned = (one[:, 0] > other[:, 0]) | ((one[:, 0] == other[:, 0]) & (one[:, 1] > other[:, 1]))
    rows = np.column_stack(
        [
            lines.storey[line],
            np.where(turned[:, None], other, one),
            np.where(turned[:, None], one, other),
        ]
    )
    rows, place = _unique_rows(rows)
    forward = np.zeros(len(rows), dtype=bool)
    backward = np.zeros(len(rows), dtype=bool)
    np.logical_or.at(forward, place, np.where(turned, lines.backward[line], lines.forward[line]))
    np.logical_or.at(backward, place, np.where(turned, lines.forward[line], lines.backward[line]))
    manners = _grouped(lines.manners.take(line), place)
    long = (rows[:, 1:3] != rows[:, 3:5]).any(axis=1)
    ends_m = rows[long, 1:].reshape(-1, 2, 2)
    storey = rows[long, 0].astype(np.int64)
    return _Steps(ends_m, storey, forward[long], backward[long], manners.take(long))


def _grouped(manners: Manners, place: IntArray) -> Manners:
    """Return the easiest manner at each place: 0, 1, …, all of which occur."""
    order = np.argsort(place, kind="stable")
    first = np.flatnonzero(np.diff(place[order], prepend=-1))
    return manners.take(order).easiest(first)


def step_shapes(ends_m: FloatArray) -> Any:
    """Return steps as shapes for a search tree, shape (steps,)."""
    return shapely.linestrings(ends_m)


def foot_on_step(
    place_m: FloatArray, ends_m: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return how near points are to steps, and where: distance, share of the step, foot (…, 2)."""
    along = ends_m[:, 1] - ends_m[:, 0]
    square = np.maximum((along**2).sum(axis=1), np.finfo(np.float64).tiny)
    share = np.clip(((place_m - ends_m[:, 0]) * along).sum(axis=1) / square, 0.0, 1.0)
    foot_m = ends_m[:, 0] + share[:, None] * along
    return np.hypot(*(place_m - foot_m).T), share, foot_m


@dataclass(frozen=True)
class _Cuts:
    """Where steps are to be cut: step, share of it, and the point there."""

    step: IntArray
    share: FloatArray
    place_m: FloatArray


def _near_pairs(steps: _Steps) -> tuple[IntArray, IntArray]:
    """Return all pairs of steps of one storey that touch, lower number first."""
    one, other = [], []
    for storey in np.unique(steps.storey):
        mine = np.flatnonzero(steps.storey == storey)
        shapes = step_shapes(steps.ends_m[mine])
        pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=SAME_SPOT_M)
        pairs = pairs[:, pairs[0] < pairs[1]]
        one.append(mine[pairs[0]])
        other.append(mine[pairs[1]])
    return np.concatenate(one), np.concatenate(other)


def _cuts(steps: _Steps) -> tuple[_Cuts, int]:
    """Return where touching steps cut each other, and how many pairs do so between their ends."""
    one, other = _near_pairs(steps)
    found = []
    touching = np.zeros(len(one), dtype=bool)
    for cut, cutting in ((one, other), (other, one)):
        for end in range(2):
            place_m = steps.ends_m[cutting, end]
            distance_m, share, _ = foot_on_step(place_m, steps.ends_m[cut])
            near = distance_m <= SAME_SPOT_M
            touching |= near
            found.append((cut[near], share[near], place_m[near]))
    through = np.flatnonzero(~touching)
    first, second = steps.ends_m[one[through]], steps.ends_m[other[through]]
    along, across = first[:, 1] - first[:, 0], second[:, 1] - second[:, 0]
    between = second[:, 0] - first[:, 0]
    turn = along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0]
    turn[turn == 0.0] = np.finfo(np.float64).tiny  # never of lines that cross: rounding's own
    share = (between[:, 0] * across[:, 1] - between[:, 1] * across[:, 0]) / turn
    share = np.clip(share, 0.0, 1.0)
    place_m = first[:, 0] + share[:, None] * along
    _, other_share, _ = foot_on_step(place_m, second)
    found += [(one[through], share, place_m), (other[through], other_share, place_m)]
    cut, shares, places = (np.concatenate(column) for column in zip(*found, strict=True))
    return _Cuts(cut, shares, places), len(through)


def same_points(place_m: FloatArray, storey: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Return points without repetition, their storeys, and the point of each place given.

    Places of one storey within a millimetre are one point, the first of them by easting, northing.
    """
    rows = np.column_stack([storey, place_m])
    rows, place = _unique_rows(rows)
    shapes: Any = shapely.points(rows[:, 1:])
    near = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=SAME_SPOT_M)
    near = near[:, (near[0] < near[1]) & (rows[near[0], 0] == rows[near[1], 0])]
    lowest, number = np.unique(roots(len(rows), near[0], near[1]), return_inverse=True)
    return rows[lowest, 1:], rows[lowest, 0].astype(np.int64), number[place]


def cut_steps(
    start: IntArray, end: IntArray, step: IntArray, share: FloatArray, point: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Return steps cut at points: start and end of each part, and the step it was part of."""
    count = len(start)
    number = np.arange(count)
    all_step = np.concatenate([number, step, number])
    all_share = np.concatenate([np.full(count, -1.0), share, np.full(count, 2.0)])
    all_point = np.concatenate([start, point, end])
    order = np.lexsort((all_point, all_share, all_step))
    all_step, all_point = all_step[order], all_point[order]
    kept = (all_step[:-1] == all_step[1:]) & (all_point[:-1] != all_point[1:])
    return all_point[:-1][kept], all_point[1:][kept], all_step[:-1][kept]


def single_pairs(
    start: IntArray, end: IntArray, forward: BoolArray, backward: BoolArray, manners: Manners
) -> tuple[IntArray, IntArray, BoolArray, BoolArray, Manners]:
    """Return steps from their lower point to their higher, each once; feet may go where any may."""
    turned = start > end
    pairs = np.column_stack([np.minimum(start, end), np.maximum(start, end)])
    pairs, place = _unique_rows(pairs)
    onward = np.zeros(len(pairs), dtype=bool)
    back = np.zeros(len(pairs), dtype=bool)
    np.logical_or.at(onward, place, np.where(turned, backward, forward))
    np.logical_or.at(back, place, np.where(turned, forward, backward))
    return pairs[:, 0].copy(), pairs[:, 1].copy(), onward, back, _grouped(manners, place)


def noded(lines: RoadLines) -> NodedRoads:
    """Return lines cut wherever those of one storey cross, touch or overlap.

    Lines of different storeys share no point, also where their vertices coincide. What is drawn
    twice is kept once, in the easiest manner of the lines there.

    Parameters
    ----------
    lines
        What was drawn.
    """
    steps = _steps(lines)
    cuts, _ = _cuts(steps)
    first, last = lines.vertex_start[:-1], lines.vertex_start[1:] - 1
    place_m = np.column_stack([lines.easting_m, lines.northing_m])
    open_line = (place_m[first] != place_m[last]).any(axis=1)
    ends = np.concatenate([first[open_line], last[open_line]])
    ends_storey = np.tile(lines.storey[open_line], 2)
    place_m = np.concatenate([steps.ends_m[:, 0], steps.ends_m[:, 1], cuts.place_m, place_m[ends]])
    storey = np.concatenate([steps.storey, steps.storey, steps.storey[cuts.step], ends_storey])
    point_m, point_storey, point = same_points(place_m, storey)
    count = len(steps.storey)
    sections = np.cumsum([count, count, len(cuts.step)])
    start, end, cut, line_end = np.split(point, sections)
    vertices = np.unique(np.concatenate([start, end]))
    start, end, step = cut_steps(start, end, cuts.step, cuts.share, cut)
    start, end, forward, backward, manners = single_pairs(
        start, end, steps.forward[step], steps.backward[step], steps.manners.take(step)
    )
    return NodedRoads(
        point_m,
        point_storey,
        start,
        end,
        forward,
        backward,
        manners,
        line_ends=np.unique(line_end),
        crossings=len(np.setdiff1d(cut, vertices)),
    )
