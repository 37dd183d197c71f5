"""Lines of sight over areas: which corners of rims see each other, and where walks bend.

Of the lines between entrances and corners only those are of use that touch a corner without cutting
into it (:mod:`planner.streets.sources.areas` tells why). All areas are gone through in one loop,
compiled. It decides wherever signs of triangles' areas are beyond doubt; what touches a rim between
its ends, or may do so, is left to GEOS, which computes such cases exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from planner.compiled import compiled
from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.network.pieces import flat_ranges

MOST_PLACES: Final = 16
"""So many entrances, and so many corners, of one area are joined by lines at most (our own bound:
pairs grow with the square). Of more, as many are taken at even steps round the rim; the others are
reached along it."""

ROUNDING: Final = 1e-15
"""A triangle's area has a sure sign if it is more than this part of the products that it is the
difference of; 3.4e-16 would do (J. R. Shewchuk, "Adaptive precision floating-point arithmetic and
fast robust geometric predicates", Discrete & Computational Geometry 18, 1997)."""

HIDDEN: Final = 0
SEEN: Final = 1
UNSURE: Final = 2
"""Whether one corner sees another."""


@dataclass(frozen=True)
class Grounds:
    """Areas by the corners of their rims, each rim a ring whose first corner is not repeated.

    Parameters
    ----------
    place
        Where the corners lie, in degrees, shape (corners, 2).
    node
        Which node each is, shape (corners,).
    rim_start
        Rim ``r`` has the corners ``rim_start[r]:rim_start[r + 1]``, shape (rims + 1,).
    area_start
        Area ``a`` has the rims ``area_start[a]:area_start[a + 1]``, the outer first, shape
        (areas + 1,).
    """

    place: FloatArray
    node: IntArray
    rim_start: IntArray
    area_start: IntArray

    @property
    def corner_start(self) -> IntArray:
        """Where each area's corners begin, shape (areas + 1,)."""
        return self.rim_start[self.area_start]

    def shapes(self) -> np.ndarray:
        """Return the polygons, shape (areas,)."""
        rims = np.arange(len(self.rim_start) - 1)
        rim = np.repeat(rims, np.diff(self.rim_start))
        area = np.repeat(np.arange(len(self.area_start) - 1), np.diff(self.area_start))
        rings = shapely.linearrings(self.place, indices=rim)
        return np.asarray(shapely.polygons(np.asarray(rings), indices=area))

    def take(self, areas: IntArray) -> Grounds:
        """Return some of the areas."""
        rim_count = np.diff(self.area_start)[areas]
        rims = flat_ranges(self.area_start[:-1][areas], rim_count)
        count = np.diff(self.rim_start)[rims]
        corners = flat_ranges(self.rim_start[:-1][rims], count)
        return Grounds(
            self.place[corners],
            self.node[corners],
            np.concatenate([[0], np.cumsum(count)]),
            np.concatenate([[0], np.cumsum(rim_count)]),
        )

    def ground_left(self) -> Grounds:
        """Return the areas with all rims in such order that the ground is to their left."""
        first, count = self.rim_start[:-1], np.diff(self.rim_start)
        # Near the origin, where products of degrees lose nothing.
        east, north = (self.place - np.repeat(self.place[first], count, axis=0)).T
        following = _following(self.rim_start)
        double_area = np.add.reduceat(east * north[following] - east[following] * north, first)
        hole = np.ones(len(first), dtype=bool)
        hole[self.area_start[:-1]] = False
        turned = np.repeat((double_area > 0.0) == hole, count)
        corner = np.arange(len(self.node))
        mirror = np.repeat(first + self.rim_start[1:] - 1, count) - corner
        order = np.where(turned, mirror, corner)
        return Grounds(self.place[order], self.node[order], self.rim_start, self.area_start)


def _following(rim_start: IntArray) -> IntArray:
    """Return the corner after each corner of its rim, shape (corners,)."""
    following = np.arange(1, rim_start[-1] + 1)
    following[rim_start[1:] - 1] = rim_start[:-1]
    return following


def _thinned(chosen: BoolArray, start: IntArray) -> IntArray:
    """Return at most so many of each area's chosen corners as are joined, at even steps."""
    rows = np.flatnonzero(chosen)
    begin = np.searchsorted(rows, start)
    count = np.diff(begin)
    many = np.flatnonzero(count > MOST_PLACES)
    kept = np.ones(len(rows), dtype=bool)
    kept[flat_ranges(begin[many], count[many])] = False
    steps = np.arange(MOST_PLACES) * count[many, np.newaxis] // MOST_PLACES
    kept[begin[many, np.newaxis] + steps] = True
    return rows[kept]


@compiled
def _turn(place: np.ndarray, first: int, second: int, third: int) -> float:
    """Return twice a triangle's area, above 0 where the way turns left at the second corner."""
    left = (place[second, 0] - place[first, 0]) * (place[third, 1] - place[first, 1])
    right = (place[second, 1] - place[first, 1]) * (place[third, 0] - place[first, 0])
    return float(left - right)


@compiled
def _side(place: np.ndarray, first: int, second: int, third: int) -> int:
    """Tell whether the way turns left at the second corner (1), right (-1), or it is unsure (0)."""
    left = (place[second, 0] - place[first, 0]) * (place[third, 1] - place[first, 1])
    right = (place[second, 1] - place[first, 1]) * (place[third, 0] - place[first, 0])
    if abs(left - right) <= ROUNDING * (abs(left) + abs(right)):
        return 0
    return 1 if left > right else -1


@compiled
def _bent_round(place: np.ndarray, before: int, corner: int, following: int, far: int) -> bool:
    """Tell whether walks to ``far`` bend round a corner: its neighbours lie on one side of it."""
    return _turn(place, far, corner, before) * _turn(place, far, corner, following) >= 0.0


@compiled
def _sets_out(place: np.ndarray, before: int, corner: int, following: int, far: int) -> int:
    """Tell whether the straight line from a corner to ``far`` begins on the ground."""
    last, first = _side(place, before, corner, far), _side(place, corner, following, far)
    bend = _side(place, before, corner, following)
    if (last > 0 and first > 0) or (bend < 0 and (last > 0 or first > 0)):
        return SEEN
    if (last < 0 and first < 0) or (bend > 0 and (last < 0 or first < 0)):
        return HIDDEN
    return UNSURE


@compiled
def _sees(
    place: np.ndarray,
    before: np.ndarray,
    following: np.ndarray,
    begin: int,
    end: int,
    one: int,
    other: int,
) -> int:
    """Tell whether one corner sees another over an area of the corners ``begin:end``."""
    answer = _sets_out(place, before[one], one, following[one], other)
    if answer == HIDDEN:
        return HIDDEN
    for corner in range(begin, end):
        after = following[corner]
        if corner in (one, other) or after in (one, other):
            continue  # such a side lies on the line, or else meets it at its end alone
        sides = _side(place, one, other, corner) * _side(place, one, other, after)
        if sides > 0:
            continue
        ends = _side(place, corner, after, one) * _side(place, corner, after, other)
        if ends > 0:
            continue
        if sides < 0 and ends < 0:
            return HIDDEN
        answer = UNSURE
    return answer


@compiled
def _sights(
    place: np.ndarray,
    node: np.ndarray,
    before: np.ndarray,
    following: np.ndarray,
    bound: np.ndarray,
    corner_start: np.ndarray,
    rows: np.ndarray,
    row_start: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of corners that see each other, or may, shape (pairs, 3), with their area.

    ``rows[row_start[a]:row_start[a + 1]]`` are the corners of area ``a`` to be joined; at those
    that are ``bound`` walks bend round. The second tells for each pair ``SEEN`` or ``UNSURE``.
    """
    room = 0
    for area in range(len(row_start) - 1):
        count = row_start[area + 1] - row_start[area]
        room += count * (count - 1) // 2
    pairs = np.empty((room, 3), dtype=np.int64)
    answers = np.empty(room, dtype=np.int64)
    found = 0
    for area in range(len(row_start) - 1):
        for first in range(row_start[area], row_start[area + 1]):
            for second in range(first + 1, row_start[area + 1]):
                one, other = rows[first], rows[second]
                if following[one] == other or following[other] == one or node[one] == node[other]:
                    continue
                if bound[one] and not _bent_round(place, before[one], one, following[one], other):
                    continue
                if bound[other] and not _bent_round(
                    place, before[other], other, following[other], one
                ):
                    continue
                answer = _sees(
                    place, before, following, corner_start[area], corner_start[area + 1], one, other
                )
                if answer != HIDDEN:
                    pairs[found] = one, other, area
                    answers[found] = answer
                    found += 1
    return pairs[:found].copy(), answers[:found].copy()


def sight_lines(
    grounds: Grounds, shapes: np.ndarray, entrance: BoolArray
) -> tuple[IntArray, IntArray, int]:
    """Return the lines of sight that feet walk along over areas.

    Parameters
    ----------
    grounds, shapes
        The areas, all valid, and their polygons.
    entrance
        Which nodes are entrances, shape (nodes,).

    Returns
    -------
    tuple
        Nodes at the ends of each line, the lower first, shape (lines, 2); the area of each; and how
        many areas have more entrances or corners than are joined (:data:`MOST_PLACES`).
    """
    ground = grounds.ground_left()
    following = _following(ground.rim_start)
    before = np.empty_like(following)
    before[following] = np.arange(len(following))
    east, north = ground.place.T
    bends = (  # a hole's corner, or one where the outer rim bends inward: the ground is reflex
        (east - east[before]) * (north[following] - north[before])
        - (north - north[before]) * (east[following] - east[before])
    ) < 0.0
    enters = entrance[ground.node]
    start = ground.corner_start
    entrances, corners = _thinned(enters, start), _thinned(bends & ~enters, start)
    rows = np.sort(np.concatenate([entrances, corners]))
    row_start = np.searchsorted(rows, start)
    chosen = np.concatenate([[0], np.cumsum(enters | bends)])[start]
    thinned = int((np.diff(row_start) < np.diff(chosen)).sum())
    found, answer = _sights(
        ground.place, ground.node, before, following, ~enters, start, rows, row_start
    )
    unsure = np.flatnonzero(answer == UNSURE)
    kept = answer == SEEN
    of = shapes[found[unsure, 2]]
    shapely.prepare(of)
    kept[unsure] = shapely.covers(of, shapely.linestrings(ground.place[found[unsure, :2]]))
    pairs = np.sort(ground.node[found[kept, :2]], axis=1)
    return pairs, found[kept, 2], thinned
