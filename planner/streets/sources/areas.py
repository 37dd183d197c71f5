"""Squares that feet cross: lines of sight between their entrances, round what stands there.

A pedestrian area is drawn by its rim, but walked across. Its shortest walks run along lines of
sight between entrances and the corners that they bend round (T. Lozano-Pérez and M. A. Wesley, "An
algorithm for planning collision-free paths among polyhedral obstacles", Communications of the ACM
22, 1979): corners of holes, and corners where the rim bends inward. Only lines that touch a corner
without cutting into it are of use. All run between nodes that mappers drew: ids stay theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import shapely

from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.network.drawn_ways import DrawnWays, column_of

MOST_PLACES: Final = 16
"""So many entrances, and so many corners, of one area are joined by lines at most (our own bound:
pairs grow with the square). Of more, as many are taken at even steps round the rim; the others are
reached along it."""


@dataclass(frozen=True)
class _Area:
    """One polygon: its rims as nodes (first not repeated), and the drawn way that it is of."""

    verdict: int
    way: int
    rims: list[IntArray]
    shape: Any


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


def _polygons(
    ways: DrawnWays, place: FloatArray, entrance: BoolArray, rows: list[int]
) -> Iterator[_Area]:
    """Yield the polygons that some stretches draw together, if they have entrances."""
    lines = [ways.node[ways.vertex_start[row] : ways.vertex_start[row + 1]] for row in rows]
    if entrance[np.concatenate(lines)].sum() < 2:
        return
    rings = _rings([line.tolist() for line in lines])
    for polygon in _nested(rings, place) if rings else []:
        shape = shapely.Polygon(place[polygon[0]], [place[hole] for hole in polygon[1:]])
        if len(polygon) == 1 or shape.is_valid:
            rims = [np.array(ring, dtype=np.int64) for ring in polygon]
            yield _Area(int(ways.verdict[rows[0]]), int(ways.way[rows[0]]), rims, shape)


def _lots(ways: DrawnWays) -> list[list[int]]:
    """Return the stretches of each area that the file holds whole."""
    crossed = np.array([bool(one.area) for one in ways.verdicts], dtype=bool)[ways.verdict]
    first, last = ways.vertex_start[:-1], ways.vertex_start[1:] - 1
    several = np.isin(ways.way, list(ways.rim_vertices))
    closed = crossed & ~several & (ways.node[first] == ways.node[last]) & (last - first > 2)
    lots = [[row] for row in np.flatnonzero(closed).tolist()]
    rows = np.flatnonzero(several)
    for way, vertices in sorted(ways.rim_vertices.items()):
        mine = rows[ways.way[rows] == way]
        if (last - first + 1)[mine].sum() == vertices:  # else the file's rim cuts it
            lots.append(mine.tolist())
    return lots


def _corners(area: _Area, place: FloatArray) -> tuple[IntArray, IntArray, IntArray, BoolArray]:
    """Return all nodes of an area, their neighbours on its rims, and whether walks bend there.

    They do where the ground is reflex: a hole's corner, or one where the outer rim bends inward.
    """
    node, before, behind, bends = [], [], [], []
    for number, rim in enumerate(area.rims):
        turned = (_double_area(place[rim]) > 0.0) == (number > 0)
        ring = rim[::-1] if turned else rim  # ground to the left: rims ccw, holes cw
        last = np.concatenate([ring[-1:], ring[:-1]])
        following = np.concatenate([ring[1:], ring[:1]])
        node.append(ring)
        before.append(last)
        behind.append(following)
        bends.append(_turn(place[last], place[ring], place[following]) < 0.0)
    return (
        np.concatenate(node),
        np.concatenate(before),
        np.concatenate(behind),
        np.concatenate(bends),
    )


def _turn(first: FloatArray, second: FloatArray, third: FloatArray) -> FloatArray:
    """Return twice the areas of triangles: above 0 where the way turns left at the second."""
    one, other = second - first, third - first
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])


def _double_area(ring: FloatArray) -> float:
    """Return twice the area of a ring of points, above 0 where it runs counter-clockwise."""
    east, north = (ring - ring[0]).T  # near the origin, where products of degrees lose nothing
    return float(east[:-1] @ north[1:] - east[1:] @ north[:-1])


def _thinned(rows: IntArray) -> IntArray:
    """Return at most so many rows as are joined, at even steps."""
    if len(rows) <= MOST_PLACES:
        return rows
    return rows[np.arange(MOST_PLACES) * len(rows) // MOST_PLACES]


def _sights(area: _Area, place: FloatArray, entrance: BoolArray) -> tuple[IntArray, bool]:
    """Return pairs of nodes that feet may cross an area between, if they see each other.

    Also tells whether there are more places than are looked at.
    """
    node, before, behind, bends = _corners(area, place)
    enters = entrance[node]
    entrances, corners = _thinned(np.flatnonzero(enters)), _thinned(np.flatnonzero(bends & ~enters))
    thinned = len(entrances) + len(corners) < int((enters | bends).sum())
    rows = np.sort(np.concatenate([entrances, corners]))
    one, other = (rows[side] for side in np.triu_indices(len(rows), 1))
    rim_step = (behind[one] == node[other]) | (behind[other] == node[one])
    kept = ~rim_step & (node[one] != node[other])
    for end, far in ((one, other), (other, one)) if len(corners) else ():
        # Walks bend at a corner only round it: both its neighbours lie on one side of the line.
        sides = [
            _turn(place[node[far]], place[node[end]], place[neighbour[end]])
            for neighbour in (before, behind)
        ]
        kept &= enters[end] | (sides[0] * sides[1] >= 0.0)
    return np.sort(np.column_stack([node[one[kept]], node[other[kept]]]), axis=1), thinned


def _entrances(ways: DrawnWays, rims: IntArray) -> BoolArray:
    """Tell which nodes of rims other walked ways run through as well, shape (nodes,)."""
    on_rim = np.zeros(len(ways.node_ids), dtype=bool)
    on_rim[rims] = True
    walked = np.repeat(column_of(ways.verdicts, "walked")[ways.verdict], np.diff(ways.vertex_start))
    vertex = np.flatnonzero(walked & on_rim[ways.node])
    stretch = np.searchsorted(ways.vertex_start, vertex, side="right") - 1
    met = np.unique(np.column_stack([ways.node[vertex], ways.way[stretch]]), axis=0)[:, 0]
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
        ``areas`` with two entrances or more, ``lines`` over them, and ``thinned``: areas with more
        entrances or corners than are joined (:data:`MOST_PLACES`).
    """
    lots = _lots(ways)
    notes = {"areas": 0, "lines": 0, "thinned": 0}
    if not lots:
        return ways, notes
    ranges = [
        np.arange(ways.vertex_start[n], ways.vertex_start[n + 1]) for lot in lots for n in lot
    ]
    entrance = _entrances(ways, ways.node[np.concatenate(ranges)])
    place = np.column_stack([ways.longitude, ways.latitude])
    areas = [area for lot in lots for area in _polygons(ways, place, entrance, lot)]
    areas = [area for area in areas if entrance[np.concatenate(area.rims)].sum() > 1]
    if not areas:
        return ways, notes
    seen = [_sights(area, place, entrance) for area in areas]
    count = np.array([len(pairs) for pairs, _ in seen])
    pairs = np.concatenate([pairs for pairs, _ in seen])
    shapes = np.array([area.shape for area in areas], dtype=object)
    shapely.prepare(shapes)
    inside = shapely.covers(np.repeat(shapes, count), shapely.linestrings(place[pairs]))
    verdict = np.repeat([area.verdict for area in areas], count)[inside]
    way = np.repeat([area.way for area in areas], count)[inside]
    notes["areas"], notes["lines"] = len(areas), int(inside.sum())
    notes["thinned"] = sum(thinned for _, thinned in seen)
    return _with_lines(ways, pairs[inside], verdict, way), notes


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
