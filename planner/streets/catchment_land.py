"""Land shared out among street pieces: which spot of which street every place joins.

The land is covered by a lattice of places. Each joins the streets as
:func:`planner.streets.joining.join_to_streets` has it: the nearest spot of the main part within the
limit, else of a stray one. Lattice squares are taken 4 × 4 at a time; each such block keeps the few
street pieces that any place in it can join.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.streets.catchment_pieces import Pieces, nearest_on, pieces_near
from planner.streets.compiled import compiled
from planner.streets.kernel import wider

BLOCK: Final = 4
"""Lattice steps to a block's side."""

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
    start, split, piece
        Pieces of block ``i``: ``piece[start[i]:split[i]]`` of the main part, and
        ``piece[split[i]:start[i + 1]]`` of stray ones; each in ascending order.
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
def joined_at(pieces: Pieces, land: Land, east: float, north: float) -> tuple[int, float, float]:
    """Return the segment that a place joins (-1: none), the fraction of it, and the leg in metres.

    Parameters
    ----------
    pieces, land
        Streets and land; a place outside the land joins nothing.
    east, north
        The place, in metres of the network's CRS.
    """
    side = land.step_m * BLOCK
    row = int(np.floor(north / side)) - land.row
    column = int(np.floor(east / side)) - land.column
    if row < 0 or column < 0 or row >= land.rows or column >= land.columns:
        return NOT_JOINED, 0.0, np.inf
    block = land.number[row * land.columns + column]
    if block < 0:
        return NOT_JOINED, 0.0, np.inf
    first = land.start[block]
    last = land.split[block]
    for _ in range(2):
        nearest = np.inf
        found = -1
        share = 0.0
        for place in range(first, last):
            away, passed = nearest_on(pieces.line, land.piece[place], east, north)
            if away < nearest:
                nearest = away
                found = land.piece[place]
                share = passed
        if nearest <= land.join_limit_m * land.join_limit_m:
            begin = pieces.line[found, 5]
            end = pieces.line[found, 6]
            fraction = end if share == 1.0 else begin + share * (end - begin)
            return pieces.segment[found], fraction, np.sqrt(nearest)
        first = last
        last = land.start[block + 1]
    return NOT_JOINED, 0.0, np.inf


@compiled
def _bounds(first: float, way: float, margin_m: float, side: float) -> tuple[int, int]:
    """Return the first and last block, along one axis, within a margin of a piece."""
    low = min(first, first + way) - margin_m
    high = max(first, first + way) + margin_m
    return int(np.floor(low / side)), int(np.floor(high / side))


@compiled
def _frame(pieces: Pieces, margin_m: np.ndarray, side: float) -> tuple[int, int, np.ndarray]:
    """Return the first row and column of blocks near segments, and which blocks are near.

    The latter is 0 within the margin of a segment's pieces (by their bounds), else -1, shape
    (rows, columns).
    """
    bounds = np.empty((len(pieces.segment), 4), dtype=np.int64)
    count = 0
    for piece in range(len(pieces.segment)):
        margin = margin_m[pieces.segment[piece]]
        if margin >= 0.0:
            left, right = _bounds(pieces.line[piece, 0], pieces.line[piece, 2], margin, side)
            low, high = _bounds(pieces.line[piece, 1], pieces.line[piece, 3], margin, side)
            bounds[count] = np.array([low, high, left, right])
            count += 1
    row = bounds[:count, 0].min()
    column = bounds[:count, 2].min()
    rows = bounds[:count, 1].max() - row + 1
    near = np.full((rows, bounds[:count, 3].max() - column + 1), -1, dtype=np.int32)
    for place in range(count):
        low, high, left, right = bounds[place] - np.array([row, row, column, column])
        near[low : high + 1, left : right + 1] = 0
    return row, column, near


@compiled
def _shared(
    pieces: Pieces,
    margin_m: np.ndarray,
    number: np.ndarray,
    side: float,
    join_limit_m: float,
    row: int,
    column: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ``start``, ``split`` and ``piece`` of :class:`Land`, and number its blocks.

    ``number`` tells which blocks to look at (not -1); those that can join no reached segment become
    -1 too.
    """
    reach_m = side * np.sqrt(0.5) + 1e-6
    start = np.zeros(number.size + 1, dtype=np.int64)
    split = np.zeros(number.size, dtype=np.int64)
    listed = np.empty(1024, dtype=np.int32)
    seen = np.full(len(pieces.segment), -1, dtype=np.int64)
    near = np.empty(256, dtype=np.int32)
    away_m = np.empty(256)
    total = 0
    block = 0
    for place in range(number.size):
        up, across = divmod(place, number.shape[1])
        if number[up, across] < 0:
            continue
        east = (column + across + 0.5) * side
        north = (row + up + 0.5) * side
        count, main_m, stray_m, near, away_m = pieces_near(
            pieces, east, north, reach_m, join_limit_m, seen, place, near, away_m
        )
        while total + count > len(listed):
            listed = wider(listed, total, 2 * len(listed))
        first = total
        useful = False
        for stray in range(2):
            begin = total
            bound = min((stray_m if stray else main_m), join_limit_m + reach_m) + 2.0 * reach_m
            for one in range(count):
                if pieces.main[near[one]] == (stray == 0) and away_m[one] <= bound:
                    listed[total] = near[one]
                    total += 1
                    useful |= margin_m[pieces.segment[near[one]]] >= 0.0
            listed[begin:total] = np.sort(listed[begin:total])
            if stray == 0:
                split[block] = total
            if main_m + reach_m <= join_limit_m:
                break  # every place of the block has a street of the main part within the limit
        if useful:
            number[up, across] = block
            block += 1
            start[block] = total
        else:
            number[up, across] = -1
            total = first
    return start[: block + 1].copy(), split[:block].copy(), wider(listed, total, total)


def land_near(pieces: Pieces, margin_m: np.ndarray, step_m: float, join_limit_m: float) -> Land:
    """Share out the land around segments.

    Parameters
    ----------
    pieces
        All street pieces.
    margin_m
        How far around each segment the land is wanted, shape (segments,); negative where it is not,
        and not so for one segment at least.
    step_m, join_limit_m
        Step of the lattice, and the longest leg, in metres.
    """
    side = step_m * BLOCK
    row, column, number = _frame(pieces, margin_m, side)
    start, split, piece = _shared(pieces, margin_m, number, side, join_limit_m, row, column)
    rows, columns = number.shape
    flat = number.ravel()
    return Land(step_m, join_limit_m, row, column, rows, columns, flat, start, split, piece)


@compiled
def _join_all(
    pieces: Pieces, land: Land
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return row, column, segment, fraction and leg of all places of the land's lattice."""
    room = (len(land.start) - 1) * BLOCK * BLOCK
    rows = np.empty(room, dtype=np.int32)
    columns = np.empty(room, dtype=np.int32)
    segments = np.empty(room, dtype=np.int32)
    fractions = np.empty(room, dtype=np.float32)
    legs_m = np.empty(room, dtype=np.float32)
    count = 0
    for place in range(len(land.number)):
        if land.number[place] < 0:
            continue
        for inside in range(BLOCK * BLOCK):
            row = (land.row + place // land.columns) * BLOCK + inside // BLOCK
            column = (land.column + place % land.columns) * BLOCK + inside % BLOCK
            segment, fraction, leg_m = joined_at(
                pieces, land, column * land.step_m, row * land.step_m
            )
            if segment != NOT_JOINED:
                rows[count] = row
                columns[count] = column
                segments[count] = segment
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


def places_of(pieces: Pieces, land: Land, segment_count: int) -> Places:
    """Join every place of the land's lattice; those that join a street, sorted by segment."""
    row, column, segment, fraction, leg_m = _join_all(pieces, land)
    start, order = _by_segment(segment, segment_count)
    return Places(start, row[order], column[order], fraction[order], leg_m[order])
