"""Which spots of a street a door sees: straight legs and the barriers between, exactly.

Seen from a door, every straight piece of a barrier throws a shadow on a straight street piece: the
spots whose legs it cuts. Walls that meet throw shadows that meet, and a gap without width lets
nobody through. The nearest spot in sight is the nearest of all, or lies at an end of the shadow
over it: its leg then passes the very tip of a barrier.

A leg may touch a barrier at its own ends: a door on a wall, a gate on it, a street that runs along
it or ends on it. Nearer than :data:`TOUCH_M` to the door or the street piece no barrier counts.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.streets.joining.lattice import nearest_on

TOUCH_M: Final = 0.001
"""A barrier this near to a leg's end is touched, not crossed: coordinates that went through another
CRS agree no better."""

SEAM_M: Final = 1e-6
"""Shadows that lie this near to each other on the street are one."""


class Walls(NamedTuple):
    """Straight pieces of barriers, and squares to look them up.

    Parameters
    ----------
    line
        Easting and northing of both ends, shape (pieces, 4).
    west, south, side, columns, rows
        Lowest corner, side and number of the squares.
    square_start, square_piece
        Pieces that touch square ``i`` (by their bounds):
        ``square_piece[square_start[i]:square_start[i + 1]]``.
    """

    line: np.ndarray
    west: float
    south: float
    side: float
    columns: int
    rows: int
    square_start: np.ndarray
    square_piece: np.ndarray


@compiled
def square_away(line: np.ndarray, wall: int, east: float, north: float) -> float:
    """Return the square of the distance to a straight piece of a barrier."""
    way_east = line[wall, 2] - line[wall, 0]
    way_north = line[wall, 3] - line[wall, 1]
    off_east = east - line[wall, 0]
    off_north = north - line[wall, 1]
    square = way_east * way_east + way_north * way_north
    if square > 0.0:
        share = min(max((off_east * way_east + off_north * way_north) / square, 0.0), 1.0)
        off_east -= share * way_east
        off_north -= share * way_north
    away: float = off_east * off_east + off_north * off_north
    return away


@compiled
def walls_around(walls: Walls, east: float, north: float, radius_m: float) -> np.ndarray:
    """Return the pieces of barriers within a radius of a place that does not stand on them.

    Parameters
    ----------
    walls
        Barriers.
    east, north, radius_m
        The place and the radius, in metres.

    Returns
    -------
    ndarray
        Their ends, shape (pieces, 4).
    """
    near = np.empty((0, 4))
    count = 0
    if len(walls.line) == 0:
        return near
    low = max(int(np.floor((north - radius_m - walls.south) / walls.side)), 0)
    high = min(int(np.floor((north + radius_m - walls.south) / walls.side)), walls.rows - 1)
    left = max(int(np.floor((east - radius_m - walls.west) / walls.side)), 0)
    right = min(int(np.floor((east + radius_m - walls.west) / walls.side)), walls.columns - 1)
    for row in range(low, high + 1):
        for column in range(left, right + 1):
            square = row * walls.columns + column
            for place in range(walls.square_start[square], walls.square_start[square + 1]):
                wall = walls.square_piece[place]
                # A piece stands in all squares that it touches: it is taken in the first of ours.
                first = int(
                    (min(walls.line[wall, 1], walls.line[wall, 3]) - walls.south) / walls.side
                )
                if row != max(first, low):
                    continue
                first = int(
                    (min(walls.line[wall, 0], walls.line[wall, 2]) - walls.west) / walls.side
                )
                if column != max(first, left):
                    continue
                away = square_away(walls.line, wall, east, north)
                if away <= TOUCH_M * TOUCH_M or away > radius_m * radius_m:
                    continue
                if count == len(near):
                    more = np.empty((max(2 * count, 16), 4))
                    more[:count] = near
                    near = more
                near[count] = walls.line[wall]
                count += 1
    return near[:count]


@compiled
def _cut(
    first: float, last: float, low: float, high: float, begin: float, end: float
) -> tuple[float, float]:
    """Return the part of ``begin``–``end`` in which a value from first to last is low to high."""
    if first == last:
        return (begin, end) if low <= first <= high else (1.0, 0.0)
    one = (low - first) / (last - first)
    other = (high - first) / (last - first)
    return max(begin, min(one, other)), min(end, max(one, other))


@compiled
def _shade(
    share: float, along: float, off: float, last_along: float, last_off: float, door: np.ndarray
) -> float:
    """Return where on the street the shadow falls of the spot at a share of a wall."""
    # The ends themselves, bit for bit: so that walls that meet throw shadows that meet.
    if share == 1.0:
        along = last_along
        off = last_off
    else:
        along += share * (last_along - along)
        off += share * (last_off - off)
    shade: float = door[0] + (along - door[0]) * door[1] / (door[1] - off)
    return shade


@compiled
def _added(spans: np.ndarray, count: int, length: float, one: float, other: float) -> int:
    """Add a shadow in its order unless it misses the street; return how many there are."""
    low = min(one, other)
    high = max(one, other)
    if high < -SEAM_M or low > length + SEAM_M:
        return count
    place = count
    while place > 0 and spans[place - 1, 0] > low:
        spans[place, 0] = spans[place - 1, 0]
        spans[place, 1] = spans[place - 1, 1]
        place -= 1
    spans[place, 0] = low
    spans[place, 1] = high
    return count + 1


@compiled
def _shadow_over(
    near: np.ndarray,
    origin: np.ndarray,
    street: np.ndarray,
    length: float,
    door: np.ndarray,
    wanted: float,
) -> tuple[bool, float, float]:
    """Tell whether a spot of a straight street is hidden, and from where to where around it.

    Parameters
    ----------
    near
        Barriers, as of :func:`walls_around`.
    origin, street
        First end of the street, and the unit vector along it.
    length
        Metres of it.
    door
        Metres along the street, and off it (more than 0), of the door.
    wanted
        The spot, in metres along the street.
    """
    spans = np.empty((2 * len(near), 2))
    count = 0
    foot = door[0]
    highest = door[1] * (
        1.0 - 1e-9
    )  # level with the door a wall throws its shadow past all streets
    turn = 1.0 if door[2] > 0.0 else -1.0
    least = min(foot, 0.0)
    most = max(foot, length)
    before = -np.inf if foot < 0.0 else length + TOUCH_M
    behind = -TOUCH_M if foot < 0.0 else np.inf
    for wall in range(len(near)):
        east = near[wall, 0] - origin[0]
        north = near[wall, 1] - origin[1]
        along = east * street[0] + north * street[1]
        off = turn * (north * street[0] - east * street[1])
        east = near[wall, 2] - origin[0]
        north = near[wall, 3] - origin[1]
        last_along = east * street[0] + north * street[1]
        last_off = turn * (north * street[0] - east * street[1])
        if max(off, last_off) < 0.0 or min(off, last_off) > highest:
            continue
        if max(along, last_along) < least or min(along, last_along) > most:
            continue
        begin, end = _cut(off, last_off, TOUCH_M, highest, 0.0, 1.0)
        if begin <= end:
            one = _shade(begin, along, off, last_along, last_off, door)
            other = _shade(end, along, off, last_along, last_off, door)
            count = _added(spans, count, length, one, other)
        # Beyond the street's end a wall counts however near it comes to the street's line.
        if foot < 0.0 or foot > length:
            begin, end = _cut(off, last_off, 0.0, highest, 0.0, 1.0)
            begin, end = _cut(along, last_along, before, behind, begin, end)
            if begin <= end:
                one = _shade(begin, along, off, last_along, last_off, door)
                other = _shade(end, along, off, last_along, last_off, door)
                count = _added(spans, count, length, one, other)
    place = 0
    while place < count:
        low = spans[place, 0]
        high = spans[place, 1]
        place += 1
        while place < count and spans[place, 0] <= high + SEAM_M:
            high = max(high, spans[place, 1])
            place += 1
        if low < wanted < high:
            return True, low, high
    return False, 0.0, 0.0


@compiled
def nearest_in_sight(
    line: np.ndarray, piece: int, near: np.ndarray, east: float, north: float
) -> tuple[float, float]:
    """Return the square of the distance to the nearest spot in sight, and the share passed there.

    Parameters
    ----------
    line, piece
        Straight street pieces (:class:`planner.streets.joining.lattice.Pieces`) and one of them.
    near
        All barriers that can stand between, as of :func:`walls_around`.
    east, north
        The door.

    Returns
    -------
    tuple of float
        As of :func:`planner.streets.joining.lattice.nearest_on`; infinite where all is hidden.
    """
    square, share = nearest_on(line, piece, east, north)
    if len(near) == 0 or square <= TOUCH_M * TOUCH_M:
        return square, share
    length = np.sqrt(line[piece, 2] * line[piece, 2] + line[piece, 3] * line[piece, 3])
    origin = line[piece, :2].copy()
    street = np.zeros(2)
    door = np.zeros(3)
    if length > 0.0:
        street[:] = line[piece, 2:4] / length
        off_east = east - origin[0]
        off_north = north - origin[1]
        door[0] = off_east * street[0] + off_north * street[1]
        door[2] = off_north * street[0] - off_east * street[1]
        door[1] = abs(door[2])
    if door[1] <= TOUCH_M:
        # The street is seen end on (or is a mere spot): all of it, or nothing. It is judged as if
        # it ran across the leg.
        away = np.sqrt(square)
        spot = origin + share * line[piece, 2:4]
        street[0] = (north - spot[1]) / away
        street[1] = (spot[0] - east) / away
        door[:] = np.array([0.0, away, 1.0])
        hidden, _, _ = _shadow_over(near, spot, street, 0.0, door, 0.0)
        return (np.inf, 0.0) if hidden else (square, share)
    hidden, low, high = _shadow_over(near, origin, street, length, door, share * length)
    if not hidden:
        return square, share
    best = np.inf
    spot_m = 0.0
    for end in range(2):
        along = high if end else low
        if 0.0 <= along <= length:
            there = door[1] * door[1] + (along - door[0]) * (along - door[0])
            if there < best:
                best = there
                spot_m = along
    return best, min(spot_m / length, 1.0)
