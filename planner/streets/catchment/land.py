"""Land shared out among street pieces: which spot of which street every place joins.

The land is covered by a lattice of places. Each joins the streets as
:func:`planner.streets.join_to_streets` has it: the nearest spot of the main part within the
limit, else of a stray one. Lattice squares are taken 4 × 4 at a time; each such block keeps the few
street pieces that any place in it can join. Where a barrier is near, places whose leg it crosses
join anew, as those of :mod:`planner.streets.joining.kernel`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.streets.compiled import compiled
from planner.streets.joining.kernel import past_barriers
from planner.streets.joining.lattice import Pieces, nearest_on
from planner.streets.joining.sight import Walls

BLOCK: Final = 4
"""Lattice steps to a block's side."""

ROUNDING_M: Final = 1e-6
"""Distances compared with each other are right to this."""

NOT_JOINED: Final = -1
"""Stands for the street of a place that joins none."""


class Land(NamedTuple):
    """Blocks of land near streets, with the street pieces that places in them can join.

    Parameters
    ----------
    step_m, join_limit_m
        Step of the lattice, and the longest leg.
    row, column, rows, columns
        First block (in blocks from the origin of the CRS) and number of blocks.
    number
        Number of the block at each place, row by row; -1 where the land is not looked at.
    start, split, piece, away_m
        Pieces of block ``i``: ``piece[start[i]:split[i]]`` of the main part, and
        ``piece[split[i]:start[i + 1]]`` of stray ones; each by distance from the block's middle,
        which ``away_m`` tells. Barriers apart: these can make a place join any other piece.
    walled
        Whether a barrier can stand on the leg of any place in block ``i``.
    """

    step_m: float
    join_limit_m: float
    row: int
    column: int
    rows: int
    columns: int
    number: np.ndarray
    start: np.ndarray
    split: np.ndarray
    piece: np.ndarray
    away_m: np.ndarray
    walled: np.ndarray


class Places(NamedTuple):
    """Places of the lattice that join a street, sorted by segment.

    Parameters
    ----------
    start
        Those on segment ``i`` are ``start[i]:start[i + 1]``.
    row, column
        Northing and easting in steps of the lattice.
    fraction, leg_m
        Spot on the segment, and metres to it.
    """

    start: np.ndarray
    row: np.ndarray
    column: np.ndarray
    fraction: np.ndarray
    leg_m: np.ndarray


@compiled
def joined_among(
    line: np.ndarray,
    join_limit_m: float,
    listed: np.ndarray,
    away_m: np.ndarray,
    split: int,
    east: float,
    north: float,
    off_m: float,
) -> tuple[int, float, float]:
    """Return the piece that a place joins (-1: none), the fraction there, and the leg in metres.

    Parameters
    ----------
    line, join_limit_m
        Street pieces (:class:`planner.streets.joining.lattice.Pieces`), and the longest leg.
    listed, away_m, split
        Pieces to choose from, and metres from a middle to them. The first ``split`` of them belong
        to the main part, the others do not; each by distance from the middle.
    east, north, off_m
        The place, and no less than the metres from the middle to it.
    """
    first = 0
    last = split
    for _ in range(2):
        nearest = np.inf
        bound = np.inf
        found = -1
        share = 0.0
        for place in range(first, last):
            if away_m[place] > bound:
                break
            piece = listed[place]
            away, passed = nearest_on(line, piece, east, north)
            if away < nearest or (away == nearest and piece < found):
                nearest = away
                bound = np.sqrt(away) + off_m + ROUNDING_M
                found = piece
                share = passed
        if nearest <= join_limit_m * join_limit_m:
            begin = line[found, 5]
            end = line[found, 6]
            fraction = end if share == 1.0 else begin + share * (end - begin)
            return found, fraction, np.sqrt(nearest)
        first = last
        last = len(listed)
    return NOT_JOINED, 0.0, np.inf


@compiled
def joined_in_sight(
    pieces: Pieces, walls: Walls, join_limit_m: float, piece: int, east: float, north: float
) -> tuple[int, float, float]:
    """Return what :func:`joined_among` does, of a place that joins ``piece`` but for barriers."""
    square, share = nearest_on(pieces.line, piece, east, north)
    found, share, square = past_barriers(
        pieces, walls, piece, share, square, east, north, join_limit_m
    )
    if found < 0:
        return NOT_JOINED, 0.0, np.inf
    begin = pieces.line[found, 5]
    end = pieces.line[found, 6]
    fraction = end if share == 1.0 else begin + share * (end - begin)
    return found, fraction, np.sqrt(square)


@compiled
def by_distance(listed: np.ndarray, away_m: np.ndarray, first: int, last: int) -> None:
    """Sort a few pieces, and the metres to them, by distance, in place."""
    for one in range(first + 1, last):
        piece = listed[one]
        metres = away_m[one]
        place = one
        while place > first and away_m[place - 1] > metres:
            listed[place] = listed[place - 1]
            away_m[place] = away_m[place - 1]
            place -= 1
        listed[place] = piece
        away_m[place] = metres


@compiled
def block_at(land: Land, east: float, north: float) -> int:
    """Return the number of the block that a place lies in; -1 where the land is not looked at."""
    side = land.step_m * BLOCK
    row = int(np.floor(north / side)) - land.row
    column = int(np.floor(east / side)) - land.column
    if row < 0 or column < 0 or row >= land.rows or column >= land.columns:
        return -1
    block: int = land.number[row * land.columns + column]
    return block


@compiled
def listed_near(
    pieces: Pieces, land: Land, east: float, north: float, reach_m: float
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return the pieces that places within ``reach_m`` of a place, in its block, can join.

    With them, metres to each from the place, and how many of them belong to the main part: all that
    :func:`joined_among` asks for.
    """
    block = block_at(land, east, north)
    room = 0 if block < 0 else land.start[block + 1] - land.start[block]
    found = np.empty(room, dtype=np.int32)
    away_m = np.empty(room)
    if block < 0:
        return found, away_m, 0
    off_m = land.step_m * BLOCK * np.sqrt(0.5) + ROUNDING_M
    count = 0
    main_count = 0
    for stray in range(2):
        begin = count
        bound = np.inf
        first = land.split[block] if stray else land.start[block]
        last = land.start[block + 1] if stray else land.split[block]
        for place in range(first, last):
            if land.away_m[place] > bound + off_m:
                break
            metres = np.sqrt(nearest_on(pieces.line, land.piece[place], east, north)[0])
            if metres <= bound:
                bound = min(bound, metres + 2.0 * reach_m + ROUNDING_M)
                found[count] = land.piece[place]
                away_m[count] = metres
                count += 1
        by_distance(found, away_m, begin, count)
        if stray == 0:
            main_count = count
    return found[:count], away_m[:count], main_count


@compiled
def _join_all(
    pieces: Pieces, walls: Walls, land: Land
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return row, column, segment, fraction and leg of all places of the land's lattice."""
    room = (len(land.start) - 1) * BLOCK * BLOCK
    rows = np.empty(room, dtype=np.int32)
    columns = np.empty(room, dtype=np.int32)
    segments = np.empty(room, dtype=np.int32)
    fractions = np.empty(room, dtype=np.float32)
    legs_m = np.empty(room, dtype=np.float32)
    line = pieces.line
    segment = pieces.segment
    join_limit_m = land.join_limit_m
    step_m = land.step_m
    off_m = np.empty(BLOCK * BLOCK)
    for inside in range(BLOCK * BLOCK):
        up, across = divmod(inside, BLOCK)
        off_m[inside] = step_m * np.hypot(up - 0.5 * BLOCK, across - 0.5 * BLOCK)
    count = 0
    for place in np.flatnonzero(land.number >= 0):
        block = land.number[place]
        listed = land.piece[land.start[block] : land.start[block + 1]]
        away_m = land.away_m[land.start[block] : land.start[block + 1]]
        split = land.split[block] - land.start[block]
        for inside in range(BLOCK * BLOCK):
            up, across = divmod(inside, BLOCK)
            row = (land.row + place // land.columns) * BLOCK + up
            column = (land.column + place % land.columns) * BLOCK + across
            piece, fraction, leg_m = joined_among(
                line,
                join_limit_m,
                listed,
                away_m,
                split,
                column * step_m,
                row * step_m,
                off_m[inside],
            )
            if land.walled[block] and piece != NOT_JOINED:
                piece, fraction, leg_m = joined_in_sight(
                    pieces, walls, join_limit_m, piece, column * step_m, row * step_m
                )
            if piece != NOT_JOINED:
                rows[count] = row
                columns[count] = column
                segments[count] = segment[piece]
                fractions[count] = fraction
                legs_m[count] = leg_m
                count += 1
    return rows[:count], columns[:count], segments[:count], fractions[:count], legs_m[:count]


@compiled
def _by_segment(segment: np.ndarray, segment_count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return where each segment's places begin, and the places in that order (a counting sort)."""
    start = np.zeros(segment_count + 1, dtype=np.int64)
    for place in range(len(segment)):
        start[segment[place] + 1] += 1
    start = np.cumsum(start)
    following = start[:-1].copy()
    order = np.empty(len(segment), dtype=np.int64)
    for place in range(len(segment)):
        order[following[segment[place]]] = place
        following[segment[place]] += 1
    return start, order


def places_of(pieces: Pieces, walls: Walls, land: Land, segment_count: int) -> Places:
    """Join every place of the land's lattice; those that join a street, sorted by segment."""
    row, column, segment, fraction, leg_m = _join_all(pieces, walls, land)
    start, order = _by_segment(segment, segment_count)
    return Places(start, row[order], column[order], fraction[order], leg_m[order])
