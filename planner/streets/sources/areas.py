"""Squares that feet cross: lines of sight between their entrances, round what stands there.

A pedestrian area is drawn by its rim, but walked across. Its shortest walks run along lines of
sight between entrances and the corners that they bend round (T. Lozano-Pérez and M. A. Wesley, "An
algorithm for planning collision-free paths among polyhedral obstacles", Communications of the ACM
22, 1979): corners of holes, and corners where the rim bends inward. Only lines that touch a corner
without cutting into it are of use. All run between nodes that mappers drew: ids stay theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import shapely

from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.network.drawn_ways import DrawnWays, column_of
from planner.streets.network.pieces import flat_ranges
from planner.streets.sources.sight_lines import Grounds, sight_lines


def _rings(lines: list[list[int]]) -> list[list[int]] | None:
    """Return the rings that lines of nodes make, end to end; None if any end is left over."""
    rings = [line[:-1] for line in lines if line[0] == line[-1] and len(line) > 3]
    open_lines = [line for line in lines if line[0] != line[-1]]
    at: dict[int, list[int]] = {}
    for number, line in enumerate(open_lines):
        for end in (line[0], line[-1]):
            at.setdefault(end, []).append(number)
    if any(len(met) != 2 for met in at.values()):
        return None
    left = set(range(len(open_lines)))
    while left:
        number = min(left)
        left.remove(number)
        ring = list(open_lines[number])
        while ring[-1] != ring[0]:
            number = next(one for one in at[ring[-1]] if one in left)
            left.remove(number)
            line = open_lines[number]
            ring += line[1:] if line[0] == ring[-1] else line[-2::-1]
        if len(ring) > 3:
            rings.append(ring[:-1])
    return rings


def _nested(rings: list[list[int]], place: FloatArray) -> list[list[list[int]]]:
    """Return the rings as polygons, rim first, then holes: whatever roles the file gives them."""
    shapes = np.array([shapely.polygons(place[ring]) for ring in rings], dtype=object)
    if not shapely.is_valid(shapes).all():
        return []
    inside = [
        [n for n, other in enumerate(shapes) if n != m and shapely.covers(other, one)]
        for m, one in enumerate(shapes)
    ]
    area = shapely.area(shapes)
    polygons = {m: [rings[m]] for m, around in enumerate(inside) if len(around) % 2 == 0}
    for m, around in enumerate(inside):
        if len(around) % 2:
            polygons[min(around, key=lambda n: area[n])].append(rings[m])
    return list(polygons.values())


def _lots(ways: DrawnWays) -> tuple[IntArray, list[IntArray], int]:
    """Return the stretches that are areas alone, and those of each area that several draw.

    Of both only what the file holds whole; the third is how many areas it draws at all.
    """
    crossed = np.array([bool(one.area) for one in ways.verdicts], dtype=bool)[ways.verdict]
    first, last = ways.vertex_start[:-1], ways.vertex_start[1:] - 1
    several = np.isin(ways.way, list(ways.rim_vertices))
    closed = crossed & ~several & (ways.node[first] == ways.node[last]) & (last - first > 2)
    drawn = len(np.unique(ways.way[crossed & ~several])) + len(ways.rim_vertices)
    rows = np.flatnonzero(several)
    lots = []
    for way, vertices in sorted(ways.rim_vertices.items()):
        mine = rows[ways.way[rows] == way]
        if (last - first + 1)[mine].sum() == vertices:  # else the file's rim cuts it
            lots.append(mine)
    return np.flatnonzero(closed), lots, drawn


def _polygons(
    ways: DrawnWays, place: FloatArray, lots: list[IntArray]
) -> Iterator[tuple[int, list[list[int]]]]:
    """Yield the polygons that several stretches draw together, with the first stretch of each."""
    for rows in lots:
        lines = [
            ways.node[ways.vertex_start[row] : ways.vertex_start[row + 1]].tolist()
            for row in rows.tolist()
        ]
        rings = _rings(lines)
        for polygon in _nested(rings, place) if rings else []:
            yield int(rows[0]), polygon


def _grounds(
    ways: DrawnWays, closed: IntArray, lots: list[IntArray]
) -> tuple[Grounds, np.ndarray, IntArray]:
    """Return the areas whose rims are sound, their polygons, and one of the stretches of each."""
    place = np.column_stack([ways.longitude, ways.latitude])
    first, count = ways.vertex_start[:-1][closed], np.diff(ways.vertex_start)[closed] - 1
    drawn = list(_polygons(ways, place, lots))
    rims = [np.array(rim, dtype=np.int64) for _, polygon in drawn for rim in polygon]
    node = np.concatenate([ways.node[flat_ranges(first, count)], *rims])
    rim_count = np.concatenate([count, np.array([len(rim) for rim in rims], dtype=np.int64)])
    area_count = np.concatenate(
        [np.ones_like(closed), np.array([len(polygon) for _, polygon in drawn], dtype=np.int64)]
    )
    grounds = Grounds(
        place[node],
        node,
        np.concatenate([[0], np.cumsum(rim_count)]),
        np.concatenate([[0], np.cumsum(area_count)]),
    )
    shapes = grounds.shapes()
    valid = np.flatnonzero(shapely.is_valid(shapes))
    row = np.concatenate([closed, np.array([row for row, _ in drawn], dtype=np.int64)])
    return grounds.take(valid), shapes[valid], row[valid]


def _entrances(ways: DrawnWays, rims: IntArray) -> BoolArray:
    """Tell which nodes of some stretches other walked ways run through as well, shape (nodes,)."""
    on_rim = np.zeros(len(ways.node_ids), dtype=bool)
    count = np.diff(ways.vertex_start)
    on_rim[ways.node[flat_ranges(ways.vertex_start[:-1][rims], count[rims])]] = True
    walked = np.repeat(column_of(ways.verdicts, "walked")[ways.verdict], count)
    vertex = np.flatnonzero(walked & on_rim[ways.node])
    stretch = np.searchsorted(ways.vertex_start, vertex, side="right") - 1
    numbers = int(ways.way.max(initial=0)) + 1
    met = np.sort(ways.node[vertex] * numbers + ways.way[stretch])
    met = met[np.diff(met, prepend=-1) != 0] // numbers  # of each node and way once
    entrance: BoolArray = np.bincount(met, minlength=len(on_rim)) > 1
    return entrance


def crossed(ways: DrawnWays) -> tuple[DrawnWays, dict[str, int]]:
    """Return ways with straight lines over the areas that feet cross, and how many there are.

    An area's entrances are the nodes of its rims, outer and inner, that other walked ways run
    through. Lines stay on the area's ground; they belong to the area's way, and to its estate where
    it is private.

    Parameters
    ----------
    ways
        What was drawn. Closed ways whose verdict names an ``area`` are areas, and so are those of
        ``rim_vertices`` together.

    Returns
    -------
    DrawnWays, dict
        ``areas`` with two entrances or more, ``lines`` over them, ``thinned``: areas with more
        entrances or corners than are joined
        (:data:`planner.streets.sources.sight_lines.MOST_PLACES`), and ``uncrossed``: areas that
        nothing is known of but their rim, or a part of it, which alone is walked. The file does not
        hold it whole, or it is open or crosses itself.
    """
    closed, lots, drawn = _lots(ways)
    notes = {"areas": 0, "lines": 0, "thinned": 0, "uncrossed": drawn}
    if not len(closed) and not lots:
        return ways, notes
    grounds, shapes, row = _grounds(ways, closed, lots)
    notes["uncrossed"] -= len(np.unique(ways.way[row]))
    entrance = _entrances(ways, np.concatenate([closed, *lots]))
    entrances = np.concatenate([[0], np.cumsum(entrance[grounds.node])])[grounds.corner_start]
    entered = np.flatnonzero(np.diff(entrances) > 1)
    if not len(entered):
        return ways, notes
    pairs, area, thinned = sight_lines(grounds.take(entered), shapes[entered], entrance)
    notes |= {"areas": len(entered), "lines": len(pairs), "thinned": thinned}
    row = row[entered][area]
    return _with_lines(ways, pairs, ways.verdict[row], ways.way[row]), notes


def _with_lines(ways: DrawnWays, pairs: IntArray, verdict: IntArray, way: IntArray) -> DrawnWays:
    begin = ways.vertex_start[-1]
    return replace(
        ways,
        node=np.concatenate([ways.node, pairs.reshape(-1)]),
        vertex_start=np.concatenate([ways.vertex_start, begin + 2 * np.arange(1, len(way) + 1)]),
        way=np.concatenate([ways.way, way]),
        verdict=np.concatenate([ways.verdict, verdict]),
        sights=len(way),
    )
