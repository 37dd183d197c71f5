"""Straight street pieces in flat arrays, and looking up those near a place."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.streets.arrays import BoolArray
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.walking.arcs import wider

INDEX_SIDE_M: Final = 64.0
"""Side of the squares in which street pieces are looked up, unless the network is vast."""

INDEX_SQUARES: Final = 4096
"""At most so many such squares stand side by side."""

FIRST_LOOK_M: Final = 20.0
"""Most land lies this near to a street: so far beyond what surely matters is looked first."""


class Pieces(NamedTuple):
    """Straight street pieces, in the order of their segments, and squares to look them up.

    Parameters
    ----------
    line
        One row a piece, so that a look at it is one look at memory, shape (pieces, 9): easting and
        northing of its first end, the way to its second end east and north, one over the square of
        its length (0 for none), where it begins and ends on its segment, as fractions, and easting
        and northing of its second end.
    segment, main
        Segment of each, and whether it belongs to the network's main part.
    west, south, side, columns, rows
        Lowest corner, side and number of the squares.
    square_start, square_piece
        Pieces that touch square ``i``: ``square_piece[square_start[i]:square_start[i + 1]]``.
    """

    line: np.ndarray
    segment: np.ndarray
    main: np.ndarray
    west: float
    south: float
    side: float
    columns: int
    rows: int
    square_start: np.ndarray
    square_piece: np.ndarray


def straight_street_pieces(network: WalkingNetwork, usable: BoolArray | None = None) -> Pieces:
    """Return the straight pieces of all segments, those of usable ones ready to be looked up.

    Parameters
    ----------
    network
        The streets.
    usable
        Which segments places may join, shape (segments,); None for all.
    """
    easting_m, northing_m = network.vertex_easting_m, network.vertex_northing_m
    line, segment = _straight(easting_m, northing_m, network.vertex_start)
    east, north = line[:, [0, 7]], line[:, [1, 8]]
    west, south = float(easting_m.min()), float(northing_m.min())
    extent_m = max(float(easting_m.max()) - west, float(northing_m.max()) - south)
    side = max(INDEX_SIDE_M, extent_m / INDEX_SQUARES)
    columns = int((easting_m.max() - west) / side) + 1
    rows = int((northing_m.max() - south) / side) + 1
    if usable is None:
        start, piece = looked_up(east, north, west, south, side, columns, rows)
    else:
        kept = np.flatnonzero(usable[segment])
        start, piece = looked_up(east[kept], north[kept], west, south, side, columns, rows)
        piece = kept.astype(np.int32)[piece]
    main = (network.segment_part == 0)[segment]
    return Pieces(line, segment, main, west, south, side, columns, rows, start, piece)


@compiled
def _straight(
    easting_m: np.ndarray, northing_m: np.ndarray, vertex_start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return ``line`` and ``segment`` of :class:`Pieces`; fractions are of the drawn length."""
    count = len(easting_m) - len(vertex_start) + 1
    line = np.zeros((count, 9))
    segment = np.empty(count, dtype=np.int32)
    piece = 0
    for one in range(len(vertex_start) - 1):
        first = piece
        passed_m = 0.0
        for vertex in range(vertex_start[one], vertex_start[one + 1] - 1):
            way_east = easting_m[vertex + 1] - easting_m[vertex]
            way_north = northing_m[vertex + 1] - northing_m[vertex]
            square = way_east * way_east + way_north * way_north
            line[piece, 0] = easting_m[vertex]
            line[piece, 1] = northing_m[vertex]
            line[piece, 2] = way_east
            line[piece, 3] = way_north
            if square > 0.0:
                line[piece, 4] = 1.0 / square
            line[piece, 5] = passed_m
            passed_m += np.hypot(way_east, way_north)
            line[piece, 6] = passed_m
            line[piece, 7] = easting_m[vertex + 1]
            line[piece, 8] = northing_m[vertex + 1]
            segment[piece] = one
            piece += 1
        # A line without length has no fractions: its start will do.
        for place in range(first, piece):
            line[place, 5] = line[place, 5] / passed_m if passed_m > 0.0 else 0.0
            line[place, 6] = line[place, 6] / passed_m if passed_m > 0.0 else 0.0
    return line, segment


@compiled
def looked_up(
    east: np.ndarray,
    north: np.ndarray,
    west: float,
    south: float,
    side: float,
    columns: int,
    rows: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return ``square_start`` and ``square_piece`` of :class:`Pieces` (by pieces' bounds).

    ``east`` and ``north`` are those of both ends, shape (pieces, 2).
    """
    start = np.zeros(rows * columns + 1, dtype=np.int64)
    listed = np.empty(0, dtype=np.int32)
    for turn in range(2):
        place = start[:-1].copy()
        for piece in range(len(east)):
            left = int((min(east[piece, 0], east[piece, 1]) - west) / side)
            right = int((max(east[piece, 0], east[piece, 1]) - west) / side)
            low = int((min(north[piece, 0], north[piece, 1]) - south) / side)
            high = int((max(north[piece, 0], north[piece, 1]) - south) / side)
            for row in range(low, min(high, rows - 1) + 1):
                for column in range(left, min(right, columns - 1) + 1):
                    square = row * columns + column
                    if turn == 0:
                        start[square + 1] += 1
                    else:
                        listed[place[square]] = piece
                        place[square] += 1
        if turn == 0:
            start = np.cumsum(start)
            listed = np.empty(start[-1], dtype=np.int32)
    return start, listed


@compiled
def nearest_on(line: np.ndarray, piece: int, east: float, north: float) -> tuple[float, float]:
    """Return the square of the distance to a straight piece, and the share of it passed there."""
    off_east = east - line[piece, 0]
    off_north = north - line[piece, 1]
    share = (off_east * line[piece, 2] + off_north * line[piece, 3]) * line[piece, 4]
    if share >= 1.0:  # pieces that meet are equally far, to the last bit
        off_east = east - line[piece, 7]
        off_north = north - line[piece, 8]
        return off_east * off_east + off_north * off_north, 1.0
    share = max(share, 0.0)
    off_east -= share * line[piece, 2]
    off_north -= share * line[piece, 3]
    return off_east * off_east + off_north * off_north, share


@compiled
def ring_of_squares(row: int, column: int, ring: int, rows: int, columns: int) -> np.ndarray:
    """Return the squares that lie ``ring`` squares off another one, without those beyond."""
    squares = np.empty(max(8 * ring, 1), dtype=np.int64)
    count = 0
    for there in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
        step = 1 if abs(there - row) == ring else 2 * ring
        for across in range(column - ring, column + ring + 1, step):
            if 0 <= across < columns:
                squares[count] = there * columns + across
                count += 1
    return squares[:count]


@compiled
def _gone_through(
    pieces: Pieces,
    east: float,
    north: float,
    radius_m: float,
    most_m: float,
    seen: np.ndarray,
    mark: int,
    found: tuple[int, np.ndarray, np.ndarray],
) -> tuple[int, np.ndarray, np.ndarray]:
    """Add the pieces within ``most_m`` that stand in squares within a radius and are not seen yet.

    ``found`` and what is returned: how many pieces, these, and the squares of the metres to them.
    """
    count, near, squares = found
    low = max(int(np.floor((north - radius_m - pieces.south) / pieces.side)), 0)
    high = min(int(np.floor((north + radius_m - pieces.south) / pieces.side)), pieces.rows - 1)
    left = max(int(np.floor((east - radius_m - pieces.west) / pieces.side)), 0)
    right = min(int(np.floor((east + radius_m - pieces.west) / pieces.side)), pieces.columns - 1)
    for row in range(low, high + 1 if left <= right else low):
        first = pieces.square_start[row * pieces.columns + left]
        last = pieces.square_start[row * pieces.columns + right + 1]
        for place in range(first, last):
            piece = pieces.square_piece[place]
            if seen[piece] == mark:
                continue
            seen[piece] = mark
            square = nearest_on(pieces.line, piece, east, north)[0]
            if square > most_m * most_m:
                continue
            if count == len(near):
                near = wider(near, count, 2 * count)
                squares = wider(squares, count, 2 * count)
            near[count] = piece
            squares[count] = square
            count += 1
    return count, near, squares


@compiled
def _main_first(
    main: np.ndarray, near: np.ndarray, squares: np.ndarray, count: int, bound_m: float
) -> tuple[int, int]:
    """Keep what is no farther than a bound, the main part first; return how many of it, and all."""
    kept = 0
    split = 0
    for one in range(count):
        if squares[one] <= bound_m * bound_m:
            piece = near[one]
            near[kept] = near[split]
            if main[piece]:
                near[split] = piece
                split += 1
            else:
                near[kept] = piece
            kept += 1
    return split, kept


@compiled
def pieces_near(
    pieces: Pieces,
    east: float,
    north: float,
    reach_m: float,
    join_limit_m: float,
    seen: np.ndarray,
    mark: int,
    near: np.ndarray,
) -> tuple[int, int, np.ndarray]:
    """Collect the pieces that places within ``reach_m`` of a middle can join.

    The nearest piece to any of these places is at most ``2 * reach_m`` farther from the middle than
    the piece nearest to the middle. Wider and wider rectangles of the look-up are gone through
    until they hold all that is so near.

    Parameters
    ----------
    pieces
        All street pieces.
    east, north, reach_m, join_limit_m
        The middle, and metres.
    seen, mark
        Memory, shape (pieces,), in which no entry is ``mark`` yet.
    near
        Room for pieces.

    Returns
    -------
    tuple
        How many pieces of the main part, and of all, were found; and these, those of the main part
        first, in no special order else (``near``, or wider).
    """
    most_m = join_limit_m + reach_m
    radius_m = min(2.0 * reach_m + FIRST_LOOK_M, most_m)
    found = (0, near, np.empty(len(near)))
    main_m = np.inf
    looked_at = 0
    while True:
        found = _gone_through(pieces, east, north, radius_m, most_m, seen, mark, found)
        count, near, squares = found
        for one in range(looked_at, count):
            if pieces.main[near[one]]:
                main_m = min(main_m, np.sqrt(squares[one]))
        looked_at = count
        bound_m = most_m
        if main_m + reach_m <= join_limit_m:
            bound_m = min(bound_m, main_m + 2.0 * reach_m)
        if radius_m >= bound_m:
            break
        radius_m = bound_m if main_m < np.inf else min(2.0 * radius_m, most_m)
    split, kept = _main_first(pieces.main, near, squares, count, bound_m)
    return split, kept, near
