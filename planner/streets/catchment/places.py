"""The places of the lattice, and which spot of which street each joins.

Each joins as :func:`planner.streets.join_to_streets` has it: the nearest spot of the main part
within the limit, else of a stray one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.streets.catchment.land import BLOCK, NOT_JOINED, Land, fraction_at, joined_in_sight
from planner.streets.joining.lattice import Pieces
from planner.streets.joining.sight import Walls


class Places(NamedTuple):
    """Places of the lattice: those of block ``i`` are ``i * BLOCK²`` and following, row by row.

    Parameters
    ----------
    row, column
        Northing and easting of each block's first place, in steps of the lattice.
    piece, fraction, leg_m
        Street piece that each place joins (:data:`NOT_JOINED` for none), spot on its segment, and
        metres to it.
    start, place
        Places that join segment ``i``: ``place[start[i]:start[i + 1]]``.
    """

    row: np.ndarray
    column: np.ndarray
    piece: np.ndarray
    fraction: np.ndarray
    leg_m: np.ndarray
    start: np.ndarray
    place: np.ndarray


@compiled
def place_at(land: Land, row: int, column: int) -> int:
    """Return the number of a place of the lattice, -1 where the land is not looked at."""
    up = row // BLOCK - land.row
    across = column // BLOCK - land.column
    if up < 0 or across < 0 or up >= land.rows or across >= land.columns:
        return -1
    block = land.number[up * land.columns + across]
    if block < 0:
        return -1
    place: int = block * BLOCK * BLOCK + row % BLOCK * BLOCK + column % BLOCK
    return place


@compiled
def _block_rows(land: Land) -> tuple[np.ndarray, np.ndarray]:
    """Return row and column of the first place of each block, in steps of the lattice."""
    rows = np.empty(len(land.split), dtype=np.int32)
    columns = np.empty(len(land.split), dtype=np.int32)
    for place in range(len(land.number)):
        block = land.number[place]
        if block >= 0:
            rows[block] = (land.row + place // land.columns) * BLOCK
            columns[block] = (land.column + place % land.columns) * BLOCK
    return rows, columns


@compiled
def _nearest_of(
    line: np.ndarray,
    listed: np.ndarray,
    first: int,
    last: int,
    east: np.ndarray,
    north: np.ndarray,
    best: np.ndarray,
    shares: np.ndarray,
    taken: np.ndarray,
) -> None:
    """Note which of some pieces is nearest to each of some places, as :func:`joined_among` does.

    A piece at a time for all places, without branches: compilers do several places at once. What
    is worked out is :func:`planner.streets.joining.lattice.nearest_on`, to the last bit.
    """
    best[:] = np.inf
    taken[:] = NOT_JOINED
    for one in range(first, last):
        piece = np.int64(listed[one])
        from_east = line[piece, 0]
        from_north = line[piece, 1]
        way_east = line[piece, 2]
        way_north = line[piece, 3]
        scale = line[piece, 4]
        to_east = line[piece, 7]
        to_north = line[piece, 8]
        for place in range(len(east)):
            off_east = east[place] - from_east
            off_north = north[place] - from_north
            share = (off_east * way_east + off_north * way_north) * scale
            at_end = share >= 1.0
            share = share if share > 0.0 else 0.0
            off_east = east[place] - to_east if at_end else off_east - share * way_east
            off_north = north[place] - to_north if at_end else off_north - share * way_north
            away = off_east * off_east + off_north * off_north
            nearer = (away < best[place]) | ((away == best[place]) & (piece < taken[place]))
            best[place] = away if nearer else best[place]
            shares[place] = (1.0 if at_end else share) if nearer else shares[place]
            taken[place] = piece if nearer else taken[place]


@compiled
def _join_all(
    pieces: Pieces, walls: Walls, land: Land, rows: np.ndarray, columns: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return piece, fraction and leg of all places of the land's lattice."""
    count = BLOCK * BLOCK
    joined = np.full(len(rows) * count, NOT_JOINED, dtype=np.int64)
    fractions = np.empty(len(joined), dtype=np.float32)
    legs_m = np.full(len(joined), np.inf, dtype=np.float32)
    line = pieces.line
    east = np.empty(count)
    north = np.empty(count)
    best = np.empty(count)
    shares = np.empty(count)
    taken = np.empty(count, dtype=np.int64)
    limit_m = land.join_limit_m
    for block in range(len(rows)):
        for inside in range(count):
            east[inside] = (columns[block] + inside % BLOCK) * land.step_m
            north[inside] = (rows[block] + inside // BLOCK) * land.step_m
        split = land.split[block]
        for stray in range(2):
            first = split if stray else land.start[block]
            last = land.start[block + 1] if stray else split
            if first == last:
                continue
            _nearest_of(line, land.piece, first, last, east, north, best, shares, taken)
            for inside in range(count):
                place = block * count + inside
                if joined[place] != NOT_JOINED or best[inside] > limit_m * limit_m:
                    continue
                piece = taken[inside]
                joined[place] = piece
                fractions[place] = fraction_at(line, piece, shares[inside])
                legs_m[place] = np.sqrt(best[inside])
        if land.walled[block]:
            for inside in range(count):
                place = block * count + inside
                if joined[place] != NOT_JOINED:
                    joined[place], fractions[place], legs_m[place] = joined_in_sight(
                        pieces, walls, limit_m, joined[place], east[inside], north[inside]
                    )
    return joined, fractions, legs_m


@compiled
def _by_segment(
    piece: np.ndarray, segment: np.ndarray, segment_count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return where each segment's places begin, and the places in that order (a counting sort)."""
    start = np.zeros(segment_count + 1, dtype=np.int64)
    for place in range(len(piece)):
        if piece[place] != NOT_JOINED:
            start[segment[piece[place]] + 1] += 1
    start = np.cumsum(start)
    following = start[:-1].copy()
    order = np.empty(start[-1], dtype=np.int32)
    for place in range(len(piece)):
        if piece[place] != NOT_JOINED:
            one = segment[piece[place]]
            order[following[one]] = place
            following[one] += 1
    return start, order


def places_of(pieces: Pieces, walls: Walls, land: Land, segment_count: int) -> Places:
    """Join every place of the land's lattice."""
    row, column = _block_rows(land)
    joined = _join_all(pieces, walls, land, row, column)
    return Places(row, column, *joined, *_by_segment(joined[0], pieces.segment, segment_count))
