"""All-round sight from a door: which walls stand in which direction, and what they surely hide.

The round is cut into sectors. A wall, or several that meet or overlap, that crosses a whole sector
hides all that lies behind it there; a street piece behind such walls in all of its sectors need not
be looked at, and of the others only the walls in their own sectors matter. What is left is judged
by :mod:`planner.streets.joining.sight`: sectors make that faster, and change no answer.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.streets.joining.sight import TOUCH_M, Walls, square_away

SECTORS: Final = 128
"""Sectors of the round: about 5 m wide at 100 m, less than most walls."""

BEHIND_M: Final = 10.0 * TOUCH_M
"""A street piece this far beyond all walls before it is hidden, though a wall may be touched."""

PASSES: Final = 4
"""So often short walls are gone over, to and fro, for those that go on where others end."""

_SURE: Final = 1e-6
"""Share of a sector by which a wall crosses its rim for sure, whatever the rounding."""


def _rims() -> np.ndarray:
    """Return the directions of all sectors' rims, shape (sectors + 1, 2), of no special length."""
    turn = np.arange(SECTORS + 1) * (4.0 / SECTORS)
    north = 1.0 - np.abs(turn - 1.0)
    north[turn > 2.0] = np.abs(turn[turn > 2.0] - 3.0) - 1.0
    east = np.where(turn <= 2.0, 1.0 - turn, turn - 3.0)
    long = np.hypot(east, north)
    return np.column_stack([east / long, north / long])


RIMS: Final = _rims()
"""Unit vectors along the lower rim of every sector; that of the first again at the end."""


class Around(NamedTuple):
    """Walls around a door.

    Parameters
    ----------
    near
        Their ends, as of :func:`planner.streets.joining.sight.walls_around`.
    first, last
        First and last sector of each; the last counts on beyond the round, shape (walls,).
    shut_m
        Metres beyond which nothing is in sight, shape (sectors,); infinite where there may be.
    """

    near: np.ndarray
    first: np.ndarray
    last: np.ndarray
    shut_m: np.ndarray


@compiled
def any_wall_within(walls: Walls, east: float, north: float, radius_m: float) -> bool:
    """Tell whether any piece of a barrier is within a radius of a place."""
    if len(walls.line) == 0:
        return False
    low = max(int(np.floor((north - radius_m - walls.south) / walls.side)), 0)
    high = min(int(np.floor((north + radius_m - walls.south) / walls.side)), walls.rows - 1)
    left = max(int(np.floor((east - radius_m - walls.west) / walls.side)), 0)
    right = min(int(np.floor((east + radius_m - walls.west) / walls.side)), walls.columns - 1)
    for row in range(low, high + 1):
        for square in range(row * walls.columns + left, row * walls.columns + right + 1):
            for place in range(walls.square_start[square], walls.square_start[square + 1]):
                wall = walls.square_piece[place]
                if square_away(walls.line, wall, east, north) <= radius_m * radius_m:
                    return True
    return False


@compiled
def _turn(east: float, north: float) -> float:
    """Return a direction in sectors from the east against the clock, along the diamond."""
    both = abs(east) + abs(north)
    if both == 0.0:
        return 0.0
    turn = 1.0 - east / both if north >= 0.0 else 3.0 + east / both
    turn *= SECTORS / 4.0
    return turn - SECTORS if turn >= SECTORS else turn


@compiled
def span_of(
    east: float, north: float, last_east: float, last_north: float
) -> tuple[float, float, int, int]:
    """Return from where to where, and from which to which sector, a straight piece is seen.

    Parameters
    ----------
    east, north, last_east, last_north
        Both ends, from the door, which does not stand on the piece.

    Returns
    -------
    tuple
        Direction of the end seen first against the clock, and of the other, in sectors; the sector
        of the first, and that of the other, which counts on beyond the round.
    """
    low = _turn(east, north)
    high = _turn(last_east, last_north)
    if (high - low) % SECTORS > SECTORS / 2:  # a straight piece fills less than half of the round
        low, high = high, low
    first = int(low)
    return low, high, first, first + (int(high) - first) % SECTORS


@compiled
def _rim_m(wall: np.ndarray, rim: int) -> float:
    """Return how far off a straight wall's line crosses a rim; ends as seen from the door."""
    way_east = wall[2] - wall[0]
    way_north = wall[3] - wall[1]
    over = RIMS[rim % SECTORS, 0] * way_north - RIMS[rim % SECTORS, 1] * way_east
    if over == 0.0:
        return np.inf
    metres: float = abs((wall[0] * way_north - wall[1] * way_east) / over)
    return metres


@compiled
def _go_on(
    first: np.ndarray, last: np.ndarray, inside: np.ndarray, ends: np.ndarray, ends_m: np.ndarray
) -> None:
    """Lengthen walls that end in a sector by those within it that go on from there, in place.

    Parameters
    ----------
    first, last
        Sectors of all walls.
    inside
        Where each begins and ends in its first and last sector, and the metres to its farther end,
        shape (walls, 3).
    ends, ends_m
        Where those that cross a sector's lower rim end in it, and their metres, shape (sectors,).
    """
    small = np.flatnonzero(first == last)
    for turn in range(PASSES):
        longer = False
        for place in range(len(small)):
            wall = small[place if turn % 2 == 0 else len(small) - 1 - place]
            sector = first[wall]
            if inside[wall, 0] <= ends[sector] < inside[wall, 1]:
                ends[sector] = inside[wall, 1]
                ends_m[sector] = max(ends_m[sector], inside[wall, 2])
                longer = True
        if not longer:
            break


@compiled
def around(near: np.ndarray, east: float, north: float) -> Around:
    """Return the walls around a door by sectors.

    Parameters
    ----------
    near
        Walls that do not touch the door, shape (walls, 4).
    east, north
        The door.
    """
    first = np.empty(len(near), dtype=np.int32)
    last = np.empty(len(near), dtype=np.int32)
    shut_m = np.full(SECTORS, np.inf)
    # Walls that cross a sector's lower rim and end in it, and those that begin in it and cross the
    # upper one: the farthest end and begin, and the metres beyond which such a wall hides.
    ends = np.full(SECTORS, -1.0)
    ends_m = np.zeros(SECTORS)
    begins = np.full(SECTORS, 2.0)
    begins_m = np.zeros(SECTORS)
    inside = np.empty((len(near), 3))
    seen = np.empty(4)
    for wall in range(len(near)):
        seen[0] = near[wall, 0] - east
        seen[1] = near[wall, 1] - north
        seen[2] = near[wall, 2] - east
        seen[3] = near[wall, 3] - north
        low, high, first[wall], last[wall] = span_of(seen[0], seen[1], seen[2], seen[3])
        if _turn(seen[0], seen[1]) != low:
            seen[:] = np.array([seen[2], seen[3], seen[0], seen[1]])
        begin = low - int(low)
        end = high - int(high)
        inside[wall, 0] = begin
        inside[wall, 1] = end
        inside[wall, 2] = max(np.hypot(seen[0], seen[1]), np.hypot(seen[2], seen[3]))
        for count in range(first[wall], last[wall] + 1):
            sector = count % SECTORS
            lower = count > first[wall] and (count > first[wall] + 1 or begin < 1.0 - _SURE)
            upper = count < last[wall] and (count < last[wall] - 1 or end > _SURE)
            if lower and upper:
                metres = max(_rim_m(seen, count), _rim_m(seen, count + 1))
                shut_m[sector] = min(shut_m[sector], metres)
            elif lower and count == last[wall] and end > ends[sector]:
                ends[sector] = end
                ends_m[sector] = max(_rim_m(seen, count), np.hypot(seen[2], seen[3]))
            elif upper and count == first[wall] and begin < begins[sector]:
                begins[sector] = begin
                begins_m[sector] = max(_rim_m(seen, count + 1), np.hypot(seen[0], seen[1]))
    _go_on(first, last, inside, ends, ends_m)
    for sector in range(SECTORS):
        if ends[sector] >= begins[sector]:
            metres = max(ends_m[sector], begins_m[sector])
            shut_m[sector] = min(shut_m[sector], metres)
    return Around(near, first, last, shut_m)


@compiled
def surely_hidden(walls: Around, first: int, last: int, away_m: float) -> bool:
    """Tell whether walls hide all of a straight piece, by its sectors and the metres to it."""
    for count in range(first, last + 1):
        if walls.shut_m[count % SECTORS] + BEHIND_M >= away_m:
            return False
    return True


@compiled
def in_sectors(walls: Around, first: int, last: int) -> np.ndarray:
    """Return the walls in some sectors or right beside these, shape (walls, 4)."""
    kept = np.empty((len(walls.near), 4))
    count = 0
    for wall in range(len(walls.near)):
        after = (walls.first[wall] - first + 1) % SECTORS
        before = (first - 1 - walls.first[wall]) % SECTORS
        if after <= last - first + 2 or before <= walls.last[wall] - walls.first[wall]:
            kept[count] = walls.near[wall]
            count += 1
    return kept[:count]
