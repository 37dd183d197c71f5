"""The compiled look for the street that a door joins: nearest of all, or nearest in sight."""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.compiled import compiled
from planner.streets.joining.lattice import Pieces, nearest_on, ring_of_squares
from planner.streets.joining.sectors import (
    BEHIND_M,
    Around,
    around,
    in_sectors,
    span_of,
    surely_hidden,
)
from planner.streets.joining.sight import TOUCH_M, Walls, nearest_in_sight, walls_around

FIRST_LOOK_M: Final = 50.0
"""Around a door behind a barrier the streets in sight are looked for within this, then twice it."""


@compiled
def _sectors_of(pieces: Pieces, piece: int, east: float, north: float) -> tuple[int, int]:
    """Return the first and last sector in which a door that is not on it sees a street piece."""
    line = pieces.line
    _, _, first, last = span_of(
        line[piece, 0] - east, line[piece, 1] - north, line[piece, 7] - east, line[piece, 8] - north
    )
    return first, last


@compiled
def _idle(
    pieces: Pieces, walls: Around, row: int, column: int, east: float, north: float, radius_m: float
) -> bool:
    """Tell whether all of a square of the look-up is beyond a radius or surely hidden."""
    left = pieces.west + column * pieces.side - TOUCH_M - east
    low = pieces.south + row * pieces.side - TOUCH_M - north
    right = left + pieces.side + 2.0 * TOUCH_M
    high = low + pieces.side + 2.0 * TOUCH_M
    away_m = np.hypot(max(left, -right, 0.0), max(low, -high, 0.0))
    if away_m == 0.0:
        return False
    if away_m > radius_m:
        return True
    # A square fills as much of the round as its two diagonals do.
    _, _, first, last = span_of(left, low, right, high)
    if not surely_hidden(walls, first, last, away_m):
        return False
    _, _, first, last = span_of(left, high, right, low)
    return surely_hidden(walls, first, last, away_m)


@compiled
def _pieces_within(
    pieces: Pieces, walls: Around, east: float, north: float, radius_m: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pieces within a radius by distance, then number; and the distances' squares.

    Those that walls surely hide are left out. A piece can stand there more than once.
    """
    found = np.empty(64, dtype=np.int64)
    square = np.empty(64)
    count = 0
    low = max(int(np.floor((north - radius_m - pieces.south) / pieces.side)), 0)
    high = min(int(np.floor((north + radius_m - pieces.south) / pieces.side)), pieces.rows - 1)
    left = max(int(np.floor((east - radius_m - pieces.west) / pieces.side)), 0)
    right = min(int(np.floor((east + radius_m - pieces.west) / pieces.side)), pieces.columns - 1)
    for row in range(low, high + 1):
        for column in range(left, right + 1):
            if _idle(pieces, walls, row, column, east, north, radius_m):
                continue
            cell = row * pieces.columns + column
            for place in range(pieces.square_start[cell], pieces.square_start[cell + 1]):
                piece = pieces.square_piece[place]
                away, _ = nearest_on(pieces.line, piece, east, north)
                if away > radius_m * radius_m:
                    continue
                if away > TOUCH_M * TOUCH_M:
                    first, last = _sectors_of(pieces, piece, east, north)
                    if surely_hidden(walls, first, last, np.sqrt(away)):
                        continue
                if count == len(found):
                    found = np.concatenate((found, np.empty(count, dtype=np.int64)))
                    square = np.concatenate((square, np.empty(count)))
                found[count] = piece
                square[count] = away
                count += 1
    by_number = np.argsort(found[:count], kind="mergesort")
    order = by_number[np.argsort(square[:count][by_number], kind="mergesort")]
    return found[:count][order], square[:count][order]


@compiled
def _nearest_seen(
    pieces: Pieces,
    walls: Around,
    found: np.ndarray,
    square: np.ndarray,
    main: bool,
    east: float,
    north: float,
) -> tuple[int, float, float]:
    """Return the nearest piece in sight of one kind, the share passed there, and the square."""
    best = np.inf
    taken = -1
    share = 0.0
    before = -1
    for place in range(len(found)):
        piece = found[place]
        if square[place] > best:
            break
        if piece == before or pieces.main[piece] != main:
            continue
        before = piece
        near = walls.near
        if square[place] > TOUCH_M * TOUCH_M:
            first, last = _sectors_of(pieces, piece, east, north)
            near = in_sectors(walls, first, last)
        away, passed = nearest_in_sight(pieces.line, piece, near, east, north)
        if away < best or (away == best and away < np.inf and piece < taken):
            best = away
            taken = piece
            share = passed
    return taken, share, best


@compiled
def nearest_seen(
    pieces: Pieces, walls: Walls, east: float, north: float, limit_m: float
) -> tuple[int, float, float]:
    """Return the piece whose nearest spot in sight is nearest to a place; of the main part if any.

    Parameters
    ----------
    pieces, walls
        Streets and barriers.
    east, north
        The place.
    limit_m
        Longest leg (``<=``).

    Returns
    -------
    tuple
        The piece (-1: none in sight), the share of it passed, the square of the leg in metres.
    """
    radius_m = min(FIRST_LOOK_M, limit_m)
    while True:
        near = around(walls_around(walls, east, north, radius_m), east, north)
        found, square = _pieces_within(pieces, near, east, north, radius_m)
        for main in (True, False):
            piece, share, away = _nearest_seen(pieces, near, found, square, main, east, north)
            if away <= radius_m * radius_m:
                return piece, share, away
            if radius_m < limit_m:
                break  # a stray piece counts only where none of the main part is within the limit
        if radius_m >= limit_m:
            return -1, 0.0, np.inf
        if near.shut_m.max() + BEHIND_M < radius_m:
            limit_m = radius_m  # nothing farther off is in sight
            continue
        radius_m = min(2.0 * radius_m, limit_m)


@compiled
def past_barriers(
    pieces: Pieces,
    walls: Walls,
    piece: int,
    share: float,
    square: float,
    east: float,
    north: float,
    limit_m: float,
) -> tuple[int, float, float]:
    """Return what a place joins that would join ``piece`` if there were no barriers.

    Parameters
    ----------
    pieces, walls
        Streets and barriers.
    piece, share, square
        Piece, share of it passed, and square of the leg, without barriers.
    east, north, limit_m
        As for :func:`nearest_seen`, which tells what is returned.
    """
    if len(walls.line) == 0:
        return piece, share, square
    near = walls_around(walls, east, north, np.sqrt(square))
    if len(near) == 0 or nearest_in_sight(pieces.line, piece, near, east, north)[0] == square:
        return piece, share, square
    return nearest_seen(pieces, walls, east, north, limit_m)


@compiled
def _nearest_pieces(
    pieces: Pieces, east: float, north: float, limit_m: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the nearest piece of the main part and of the others: piece, share, square of the leg.

    Only what lies within the limit and, of the others, no farther than the main part, is surely
    found; -1 stands for nothing found. Of equally near pieces the lowest is taken.
    """
    taken = np.full(2, -1, dtype=np.int64)
    shares = np.zeros(2)
    best = np.full(2, np.inf)
    column = int(np.floor((east - pieces.west) / pieces.side))
    row = int(np.floor((north - pieces.south) / pieces.side))
    # Squares of the n-th ring lie at least n - 1 sides and the way to the own square's rim away.
    off_east = east - pieces.west - column * pieces.side
    off_north = north - pieces.south - row * pieces.side
    rim_m = min(min(off_east, pieces.side - off_east), min(off_north, pieces.side - off_north))
    ring = 0
    while ring == 0 or (ring - 1) * pieces.side + rim_m <= min(limit_m, np.sqrt(best[0])):
        for cell in ring_of_squares(row, column, ring, pieces.rows, pieces.columns):
            for place in range(pieces.square_start[cell], pieces.square_start[cell + 1]):
                piece = pieces.square_piece[place]
                away, share = nearest_on(pieces.line, piece, east, north)
                kind = 0 if pieces.main[piece] else 1
                if away < best[kind] or (away == best[kind] and piece < taken[kind]):
                    best[kind] = away
                    taken[kind] = piece
                    shares[kind] = share
        ring += 1
    return taken, shares, best


@compiled
def join_all(
    pieces: Pieces, walls: Walls, places: np.ndarray, limit_m: float
) -> tuple[np.ndarray, np.ndarray]:
    """Join places to the nearest spot in sight within a limit, of the main part if there is one.

    Parameters
    ----------
    pieces, walls
        Streets and barriers.
    places
        Easting and northing, shape (places, 2).
    limit_m
        Longest leg (``<=``). Finite.

    Returns
    -------
    tuple of ndarray
        The piece that each place joins (-1: none), shape (places,). Share of the piece passed,
        metres to it, metres to the piece that it would join but for the barriers, and metres to
        the nearest piece of any part (both infinite where that is beyond the limit), shape
        (places, 4).
    """
    joined = np.full(len(places), -1, dtype=np.int64)
    measures = np.full((len(places), 4), np.inf)
    for place in range(len(places)):
        east = places[place, 0]
        north = places[place, 1]
        taken, shares, best = _nearest_pieces(pieces, east, north, limit_m)
        kind = 0 if best[0] <= limit_m * limit_m else 1
        if best[kind] > limit_m * limit_m:
            continue
        measures[place, 2] = np.sqrt(best[kind])
        measures[place, 3] = np.sqrt(min(best[0], best[1]))
        piece, share, square = past_barriers(
            pieces, walls, taken[kind], shares[kind], best[kind], east, north, limit_m
        )
        joined[place] = piece
        measures[place, 0] = share
        measures[place, 1] = np.sqrt(square)
    return joined, measures
