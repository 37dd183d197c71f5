"""Straight street pieces in flat arrays, and looking up those near a place."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.compiled import compiled
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.walking.arcs import wider

INDEX_SIDE_M: Final = 64.0
"""Side of the squares in which street pieces are looked up, unless the network is vast."""

INDEX_SQUARES: Final = 4096
"""At most so many such squares stand side by side."""


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
    last = np.zeros(len(easting_m), dtype=bool)
    last[network.vertex_start[1:] - 1] = True
    first = np.flatnonzero(~last)
    segment = np.repeat(np.arange(network.segment_count), np.diff(network.vertex_start))[first]
    east = np.column_stack([easting_m[first], easting_m[first + 1]])
    north = np.column_stack([northing_m[first], northing_m[first + 1]])
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
    way_east, way_north = np.diff(east).ravel(), np.diff(north).ravel()
    square = way_east**2 + way_north**2
    line = np.zeros((len(first), 9))
    line[:, 7:] = np.column_stack([east[:, 1], north[:, 1]])
    line[:, :4] = np.column_stack([east[:, 0], north[:, 0], way_east, way_north])
    np.divide(1.0, square, out=line[:, 4], where=square > 0)
    line[:, 5:7] = _fractions(network, first, segment)
    return Pieces(
        line,
        segment.astype(np.int32),
        network.segment_part[segment] == 0,
        west,
        south,
        side,
        columns,
        rows,
        start,
        piece,
    )


def _fractions(network: WalkingNetwork, first: IntArray, segment: IntArray) -> FloatArray:
    """Return where straight pieces begin and end on their segments, by drawn length."""
    step_m = np.hypot(np.diff(network.vertex_easting_m), np.diff(network.vertex_northing_m))[first]
    piece_start = network.vertex_start[:-1] - np.arange(network.segment_count)
    passed = np.cumsum(step_m) - step_m
    before_m = passed - passed[piece_start][segment]
    whole_m = np.add.reduceat(step_m, piece_start)[segment]
    drawn = whole_m > 0  # a line without length has no fractions: its start will do
    share = np.zeros((len(first), 2))
    np.divide(before_m, whole_m, out=share[:, 0], where=drawn)
    np.divide(before_m + step_m, whole_m, out=share[:, 1], where=drawn)
    share[piece_start, 0] = 0.0
    final = np.append(piece_start[1:], len(first)) - 1
    share[final, 1] = drawn[final]
    return np.clip(share, 0.0, 1.0)


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
def pieces_near(
    pieces: Pieces,
    east: float,
    north: float,
    reach_m: float,
    join_limit_m: float,
    seen: np.ndarray,
    mark: int,
    near: np.ndarray,
    away_m: np.ndarray,
) -> tuple[int, float, float, np.ndarray, np.ndarray]:
    """Collect the pieces near a block's middle, ring of squares by ring of squares.

    Places of the block lie within ``reach_m`` of its middle, so that the nearest piece to any of
    them is at most ``2 * reach_m`` farther from the middle than the piece nearest to the middle.

    Returns
    -------
    tuple
        How many pieces were found, metres to the nearest of the main part and of the others, and
        the pieces with their metres.
    """
    column = int(np.floor((east - pieces.west) / pieces.side))
    row = int(np.floor((north - pieces.south) / pieces.side))
    # Squares of the n-th ring lie at least n - 1 sides and the way to the own square's rim away.
    off_east = east - pieces.west - column * pieces.side
    off_north = north - pieces.south - row * pieces.side
    rim_m = min(min(off_east, pieces.side - off_east), min(off_north, pieces.side - off_north))
    line = pieces.line
    square_start = pieces.square_start
    square_piece = pieces.square_piece
    main_m = np.inf
    stray_m = np.inf
    count = 0
    ring = 0
    while True:
        bound = join_limit_m + reach_m
        if main_m + reach_m <= join_limit_m:
            bound = min(bound, main_m + 2.0 * reach_m)
        if ring > 0 and (ring - 1) * pieces.side + rim_m > bound:
            break
        for square in ring_of_squares(row, column, ring, pieces.rows, pieces.columns):
            for place in range(square_start[square], square_start[square + 1]):
                piece = square_piece[place]
                if seen[piece] == mark:
                    continue
                seen[piece] = mark
                metres = np.sqrt(nearest_on(line, piece, east, north)[0])
                if metres > bound:
                    continue
                if pieces.main[piece]:
                    main_m = min(main_m, metres)
                else:
                    stray_m = min(stray_m, metres)
                if count == len(near):
                    near = wider(near, count, 2 * count)
                    away_m = wider(away_m, count, 2 * count)
                near[count] = piece
                away_m[count] = metres
                count += 1
        ring += 1
    return count, main_m, stray_m, near, away_m
