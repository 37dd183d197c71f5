"""Outlines of the land from which a centre is reached in time: marching squares on the lattice.

W. E. Lorensen and H. E. Cline, "Marching Cubes", SIGGRAPH 21 (1987), in the plane. Where the
outline crosses a lattice line is found by joining and timing points of that line anew
(:mod:`planner.streets.catchment.crossings`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.compiled import compiled
from planner.streets.catchment.crossings import crossings
from planner.streets.catchment.land import BLOCK, Land
from planner.streets.catchment.memory import Memory
from planner.streets.catchment.places import Places
from planner.streets.catchment.search import Field, street_minutes
from planner.streets.catchment.steps import Window
from planner.streets.joining.lattice import Pieces
from planner.streets.joining.sight import Walls
from planner.streets.walking.arcs import Arcs, wider

# Sides of a square: 0 south, 1 east, 2 north, 3 west. Corners inside: 1 south-west, 2 south-east,
# 4 north-east, 8 north-west, added up. An outline runs from FROM to TO with the inside on its left;
# corners that touch by a diagonal alone stay apart.
FROM: Final = np.array([-1, 0, 1, 1, 2, 0, 2, 2, 3, 0, 1, 1, 3, 0, 3, -1])
TO: Final = np.array([-1, 3, 0, 3, 1, 3, 0, 3, 2, 2, 0, 2, 1, 1, 0, -1])
DIAGONAL_FROM: Final = np.array([-1, -1, -1, -1, -1, 2, -1, -1, -1, -1, 3, -1, -1, -1, -1, -1])
DIAGONAL_TO: Final = np.array([-1, -1, -1, -1, -1, 1, -1, -1, -1, -1, 2, -1, -1, -1, -1, -1])


@compiled
def window_of(
    arcs: Arcs,
    field: Field,
    places: Places,
    segments: np.ndarray,
    minutes_per_m: float,
    limit: float,
) -> Window:
    """Return the minutes at every place within the limit, in the smallest rectangle.

    Parameters
    ----------
    arcs, field
        What is walked on, and the times to walk.
    places
        Places of the lattice with the spots that they join.
    segments
        Segments that have a spot within the limit.
    minutes_per_m
        Minutes a metre on the legs.
    limit
        Minutes; places on it (``<=``) are inside.
    """
    room = 0
    for segment in segments:
        room += places.start[segment + 1] - places.start[segment]
    found = np.empty(room, dtype=np.int64)
    cost = np.empty(room)
    count = 0
    for segment in segments:
        for one in range(places.start[segment], places.start[segment + 1]):
            place = places.place[one]
            leg = places.leg_m[place] * minutes_per_m
            if leg > limit:
                continue
            there = leg + street_minutes(arcs, field, segment, places.fraction[place])
            if there <= limit:
                found[count] = place
                cost[count] = there
                count += 1
    if count == 0:
        return Window(np.full((2, 2), np.inf), 0, 0)
    rows = np.empty(count, dtype=np.int32)
    columns = np.empty(count, dtype=np.int32)
    for place in range(count):
        block, inside = divmod(found[place], BLOCK * BLOCK)
        rows[place] = places.row[block] + inside // BLOCK
        columns[place] = places.column[block] + inside % BLOCK
    row = rows.min() - 1
    column = columns.min() - 1
    minutes = np.full((rows.max() - row + 2, columns.max() - column + 2), np.inf)
    for place in range(count):
        minutes[rows[place] - row, columns[place] - column] = cost[place]
    return Window(minutes, row, column)


@compiled
def _sides(width: int, row: int, column: int, side: int) -> int:
    """Return the number of a square's side: twice its first place, plus 1 if it runs north."""
    if side == 0:
        return 2 * (row * width + column)
    if side == 1:
        return 2 * (row * width + column + 1) + 1
    if side == 2:
        return 2 * ((row + 1) * width + column)
    return 2 * (row * width + column) + 1


@compiled
def _linked(inside: np.ndarray) -> np.ndarray:
    """Return the side that an outline crosses next after each side; -1 where it crosses none."""
    rows, width = inside.shape
    follows = np.full(2 * rows * width, -1, dtype=np.int32)
    for row in range(rows - 1):
        for column in range(width - 1):
            code = (
                inside[row, column]
                + 2 * inside[row, column + 1]
                + 4 * inside[row + 1, column + 1]
                + 8 * inside[row + 1, column]
            )
            if code in (0, 15):
                continue
            follows[_sides(width, row, column, FROM[code])] = _sides(width, row, column, TO[code])
            if DIAGONAL_FROM[code] >= 0:
                follows[_sides(width, row, column, DIAGONAL_FROM[code])] = _sides(
                    width, row, column, DIAGONAL_TO[code]
                )
    return follows


@compiled
def _patches(inside: np.ndarray) -> np.ndarray:
    """Return the patch of places side by side that each belongs to, from 0 (-1: outside)."""
    rows, width = inside.shape
    number = np.full(rows * width, -1, dtype=np.int32)
    flat = inside.ravel()
    waiting = np.empty(rows * width, dtype=np.int32)
    patches = 0
    for first in range(rows * width):
        if flat[first] == 0 or number[first] >= 0:
            continue
        number[first] = patches
        waiting[0] = first
        count = 1
        while count > 0:
            count -= 1
            place = waiting[count]
            # The window's rim is outside, so that no neighbour lies beyond it.
            for there in (place - 1, place + 1, place - width, place + width):
                if flat[there] == 1 and number[there] < 0:
                    number[there] = patches
                    waiting[count] = there
                    count += 1
        patches += 1
    return number


@compiled
def _rings(
    follows: np.ndarray, number: np.ndarray, width: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Follow the outlines side by side of squares; ``follows`` is used up.

    Returns
    -------
    tuple of ndarray
        Place inside and place outside of every side crossed, shape (crossings, 2); where each ring
        begins among them, shape (rings + 1,); and the patch inside each ring, shape (rings,).
    """
    pairs = np.empty((256, 2), dtype=np.int32)
    ring_start = np.zeros(16, dtype=np.int64)
    patch = np.empty(16, dtype=np.int32)
    crossings = 0
    rings = 0
    for first in np.flatnonzero(follows >= 0):
        side = first
        if follows[side] < 0:
            continue
        while follows[side] >= 0:
            place = side // 2
            other = place + width if side % 2 else place + 1
            if crossings == len(pairs):
                more = np.empty((2 * crossings, 2), dtype=np.int32)
                more[:crossings] = pairs
                pairs = more
            pairs[crossings, 0] = place if number[place] >= 0 else other
            pairs[crossings, 1] = other if number[place] >= 0 else place
            crossings += 1
            after = follows[side]
            follows[side] = -1
            side = after
        if rings + 1 == len(ring_start):
            ring_start = wider(ring_start, rings + 1, 2 * len(ring_start))
            patch = wider(patch, rings, 2 * len(ring_start))
        patch[rings] = number[pairs[crossings - 1, 0]]
        rings += 1
        ring_start[rings] = crossings
    return pairs[:crossings], ring_start[: rings + 1].copy(), patch[:rings].copy()


@compiled
def outlines(
    arcs: Arcs,
    field: Field,
    pieces: Pieces,
    walls: Walls,
    land: Land,
    places: Places,
    memory: Memory,
    minutes_per_m: float,
    window: Window,
    limit: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw the outlines of the places of a window that lie within a limit.

    Parameters
    ----------
    arcs, field, minutes_per_m
        As for :func:`window_of`.
    pieces, walls, land, places, memory
        Street pieces, barriers, the land shared out among them with its places, and a memory for
        places between these.
    window
        Minutes at the places.
    limit
        Minutes; places on it are inside.

    Returns
    -------
    tuple of ndarray
        Coordinates, shape (vertices, 2); where each ring begins among them, shape (rings + 1,); and
        the patch that a ring bounds, shape (rings,). Rings are closed; those around a patch run
        against the clock, those around its holes with it.
    """
    inside = (window.minutes <= limit).astype(np.int8)
    width = inside.shape[1]
    pairs, ring_start, patch = _rings(_linked(inside), _patches(inside), width)
    found = crossings(
        arcs, field, pieces, walls, land, places, memory, minutes_per_m, window, limit, pairs
    )
    closed = np.empty((len(pairs) + len(patch), 2))
    closed_start = ring_start + np.arange(len(ring_start))
    for ring in range(len(patch)):
        first = closed_start[ring]
        last = closed_start[ring + 1] - 1
        closed[first:last] = found[ring_start[ring] : ring_start[ring + 1]]
        closed[last] = closed[first]
    return closed, closed_start, patch
