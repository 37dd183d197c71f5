"""Ends of lines that nearly meet: joined by a short link, unless they are joined already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import shapely

from planner.compiled import compiled
from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.network.manners import EVERYBODY, Manners, joined_manners
from planner.streets.network.spatial_order import joining, roots
from planner.streets.road_layers.noding import (
    SAME_SPOT_M,
    NodedRoads,
    cut_steps,
    foot_on_step,
    single_pairs,
    step_shapes,
)

TOUCH_M: Final = 0.05
"""An end on the ground meets a bridge or tunnel between that one's own ends only where it was drawn
onto it, as stairs are: within this, the rounding of coordinates in files."""

DETOUR: Final = 3.0
"""What a walk of at most this many times the tolerance joins is joined already: an end drawn a
little past a crossing, the short lines of a curve."""


def _neighbours(roads: NodedRoads) -> tuple[IntArray, IntArray, FloatArray]:
    """Return for each point where its steps are (CSR), where each leads, and its metres."""
    tail = np.concatenate([roads.start, roads.end])
    head = np.concatenate([roads.end, roads.start])
    order = np.lexsort((head, tail))
    first = np.zeros(len(roads.point_m) + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=len(roads.point_m)), out=first[1:])
    tail, head = tail[order], head[order]
    length_m = np.hypot(*(roads.point_m[tail] - roads.point_m[head]).T)
    return first, head, length_m


@compiled
def _search(
    source: int,
    first: np.ndarray,
    head: np.ndarray,
    length_m: np.ndarray,
    limit_m: float,
    best: np.ndarray,
    reached: np.ndarray,
) -> int:
    """Fill ``best`` within the limit of a source and return how many points were ``reached``.

    Dijkstra's method on the few points within the limit: the nearest is found by looking through
    all that wait.
    """
    reached[0] = source
    best[source] = 0.0
    count = 1
    settled = 0
    while settled < count:
        nearest = settled
        for place in range(settled + 1, count):
            if best[reached[place]] < best[reached[nearest]]:
                nearest = place
        here = reached[nearest]
        reached[nearest] = reached[settled]
        reached[settled] = here
        settled += 1
        for way in range(first[here], first[here + 1]):
            through = best[here] + length_m[way]
            if through <= limit_m and through < best[head[way]]:
                if best[head[way]] == np.inf:
                    reached[count] = head[way]
                    count += 1
                best[head[way]] = through
    return count


@compiled
def _walks_m(
    sources: np.ndarray,
    targets: np.ndarray,
    first: np.ndarray,
    head: np.ndarray,
    length_m: np.ndarray,
    limit_m: float,
) -> np.ndarray:
    """Return the walk from each source to its target, infinite beyond the limit.

    Sources stand in order, so that a run of one source is searched once.
    """
    found = np.full(len(sources), np.inf)
    best = np.full(len(first) - 1, np.inf)
    reached = np.empty(len(first), dtype=np.int64)
    begin = 0
    while begin < len(sources):
        count = _search(sources[begin], first, head, length_m, limit_m, best, reached)
        source = sources[begin]
        while begin < len(sources) and sources[begin] == source:
            found[begin] = best[targets[begin]]
            begin += 1
        for place in range(count):
            best[reached[place]] = np.inf
    return found


def _degree(roads: NodedRoads) -> IntArray:
    """Return how many steps meet at each point."""
    return np.bincount(np.concatenate([roads.start, roads.end]), minlength=len(roads.point_m))


def _link_manners(roads: NodedRoads, one: IntArray, other: IntArray) -> Manners:
    """Return how links are walked: plain, unless what they join is not plain on both sides.

    A link between two private roads is private, one between two flights of stairs is stairs; a link
    from a main road's end to its other part is main road, and so crosses none.
    """
    ends = np.concatenate([roads.start, roads.end])
    order = np.argsort(ends, kind="stable")
    steps = roads.manners.take(order % max(len(roads.start), 1))
    first = np.flatnonzero(np.diff(ends[order], prepend=-1))
    off_ground = np.logical_and.reduceat(steps.off_ground, first) if len(first) else steps.steps
    known = ends[order][first]
    # A point that no step is left at, as of a line shorter than a spot, is plain.
    sides = joined_manners(replace(steps.easiest(first), off_ground=off_ground), Manners.plain(1))
    rows = [np.searchsorted(known, at) for at in (one, other)]
    met = [np.isin(at, known) for at in (one, other)]
    here, there = (
        sides.take(np.where(is_met, row, len(known))) for row, is_met in zip(rows, met, strict=True)
    )
    public = (here.estate == EVERYBODY) | (there.estate == EVERYBODY)
    return Manners(
        steps=here.steps & there.steps,
        pace=np.minimum(here.pace, there.pace),
        estate=np.where(public, EVERYBODY, np.maximum(here.estate, there.estate)),
        main_road=np.minimum(here.main_road, there.main_road),
        off_ground=here.off_ground & there.off_ground,
    )


def _linked(
    roads: NodedRoads, one: IntArray, other: IntArray, length_m: FloatArray
) -> tuple[NodedRoads, int]:
    """Return the streets with straight links, and their number; those of no length unite points."""
    long = length_m > SAME_SPOT_M
    root = roots(len(roads.point_m), one[~long], other[~long])
    both = np.ones(int(long.sum()), dtype=bool)
    links = _link_manners(roads, one[long], other[long])
    start = root[np.concatenate([roads.start, one[long]])]
    end = root[np.concatenate([roads.end, other[long]])]
    start, end, forward, backward, manners = single_pairs(
        start,
        end,
        np.concatenate([roads.forward, both]),
        np.concatenate([roads.backward, both]),
        joined_manners(roads.manners, links),
    )
    walked = start < end
    joined = replace(
        roads,
        start=start[walked],
        end=end[walked],
        forward=forward[walked],
        backward=backward[walked],
        manners=manners.take(walked),
        line_ends=np.unique(root[roads.line_ends]),
    )
    return joined, int(long.sum())


def _ends_joined(roads: NodedRoads, gap_m: float) -> tuple[NodedRoads, int]:
    """Join ends of lines with each other: the shortest links first, none between what is joined."""
    ends = roads.line_ends
    shapes: Any = shapely.points(roads.point_m[ends])
    pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=gap_m)
    one, other = ends[pairs[:, pairs[0] < pairs[1]]]
    order = np.lexsort((other, one))
    one, other = one[order], other[order]
    walk_m = _walks_m(one, other, *_neighbours(roads), DETOUR * gap_m)
    apart = walk_m == np.inf
    one, other = one[apart], other[apart]
    length_m = np.hypot(*(roads.point_m[one] - roads.point_m[other]).T)
    order = np.lexsort((other, one, length_m))
    order = order[joining(len(roads.point_m), one[order], other[order])]
    return _linked(roads, one[order], other[order], length_m[order])


def _lines_joined(roads: NodedRoads, gap_m: float) -> tuple[NodedRoads, int]:
    """Join each end of a line to the nearest line that storeys allow, if it is not joined yet."""
    ends = roads.line_ends
    shapes = step_shapes(roads.point_m[np.column_stack([roads.start, roads.end])])
    row, step = shapely.STRtree(shapes).query(
        shapely.points(roads.point_m[ends]), predicate="dwithin", distance=gap_m
    )
    point = ends[row]
    apart = (roads.start[step] != point) & (roads.end[step] != point)
    order = np.lexsort((step[apart], point[apart]))
    point, step = point[apart][order], step[apart][order]
    start, end = roads.start[step], roads.end[step]
    ends_m = roads.point_m[np.column_stack([start, end])]
    length_m, share, foot_m = foot_on_step(roads.point_m[point], ends_m)
    network = _neighbours(roads)
    limit_m = DETOUR * gap_m
    step_m = np.hypot(*(ends_m[:, 0] - ends_m[:, 1]).T)
    walk_m = np.minimum(
        _walks_m(point, start, *network, limit_m) + share * step_m,
        _walks_m(point, end, *network, limit_m) + (1 - share) * step_m,
    )
    wanted = np.flatnonzero((walk_m > limit_m) & _lawful(roads, point, step, length_m))
    wanted = wanted[np.lexsort((step[wanted], length_m[wanted], point[wanted]))]
    wanted = wanted[np.unique(point[wanted], return_index=True)[1]]
    roads, foot = _cut_at(roads, step[wanted], share[wanted], foot_m[wanted])
    return _linked(roads, point[wanted], foot, length_m[wanted])


def _lawful(roads: NodedRoads, point: IntArray, step: IntArray, length_m: FloatArray) -> BoolArray:
    """Tell which ends may meet which steps between those ones' ends; see :func:`closed_ends`."""
    own = roads.point_storey[point] == roads.point_storey[roads.start[step]]
    loose = _degree(roads) == 1
    loose[point[own]] = False
    drawn_onto = (roads.point_storey[point] != 0) | (length_m <= TOUCH_M)
    lawful: BoolArray = own | (loose[point] & drawn_onto)
    return lawful


def _cut_at(
    roads: NodedRoads, step: IntArray, share: FloatArray, foot_m: FloatArray
) -> tuple[NodedRoads, IntArray]:
    """Return the streets with steps cut at feet, and the point of each foot."""
    count = len(roads.point_m)
    foot = count + np.arange(len(step))
    for end in (roads.start[step], roads.end[step]):
        foot = np.where(np.hypot(*(foot_m - roads.point_m[end]).T) <= SAME_SPOT_M, end, foot)
    start, end, part_of = cut_steps(roads.start, roads.end, step, share, foot)
    cut = replace(
        roads,
        point_m=np.concatenate([roads.point_m, foot_m]),
        point_storey=np.concatenate([roads.point_storey, roads.point_storey[roads.start[step]]]),
        start=start,
        end=end,
        forward=roads.forward[part_of],
        backward=roads.backward[part_of],
        manners=roads.manners.take(part_of),
    )
    return cut, foot


def closed_ends(roads: NodedRoads, gap_m: float) -> tuple[NodedRoads, int]:
    """Join the ends of lines to what they nearly meet.

    First all ends of lines within ``gap_m`` of each other are joined, whatever their storeys. Then
    each end is joined to the nearest line of its own storey within ``gap_m``; a bridge's or
    tunnel's end that meets nothing there, to the nearest line of another storey; and an end on the
    ground that meets nothing, to a bridge or tunnel only where it was drawn onto it (5 cm). What a
    walk of three times ``gap_m`` joins already is left alone. Nothing drawn is moved: a straight
    link is added, as long as the gap, and ends at one spot become one point.

    Parameters
    ----------
    roads
        Noded lines.
    gap_m
        Tolerance in metres, ``<=``; 0 joins only ends at one spot.

    Returns
    -------
    NodedRoads, int
        The streets with the links, and how many there are. Points that no step touches may be left.
    """
    reach_m = max(gap_m, SAME_SPOT_M)
    roads, between_ends = _ends_joined(roads, reach_m)
    roads, to_lines = _lines_joined(roads, reach_m)
    return roads, between_ends + to_lines
