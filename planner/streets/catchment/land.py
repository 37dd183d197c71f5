"""Land shared out among street pieces: blocks, and what a place in a block joins.

The land is covered by a lattice. Its squares are taken 4 × 4 at a time; each such block keeps the
few street pieces that any place in it can join. Where a barrier is near, places whose leg it
crosses join anew, as those of :mod:`planner.streets.joining.kernel`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.compiled import compiled
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
    start, split, piece
        Pieces of block ``i``: ``piece[start[i]:split[i]]`` of the main part, and
        ``piece[split[i]:start[i + 1]]`` of stray ones. Barriers apart: these can make a place join
        any other piece.
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
    walled: np.ndarray


@compiled
def fraction_at(line: np.ndarray, piece: int, share: float) -> float:
    """Return the fraction of its segment at which a share of a street piece is passed."""
    begin: float = line[piece, 5]
    end: float = line[piece, 6]
    return end if share == 1.0 else begin + share * (end - begin)


@compiled
def joined_among(
    line: np.ndarray,
    join_limit_m: float,
    listed: np.ndarray,
    split: int,
    east: float,
    north: float,
) -> tuple[int, float, float]:
    """Return the piece that a place joins (-1: none), the fraction there, and the leg in metres.

    Parameters
    ----------
    line, join_limit_m
        Street pieces (:class:`planner.streets.joining.lattice.Pieces`), and the longest leg.
    listed, split
        Pieces to choose from: the first ``split`` belong to the main part, the others do not.
    east, north
        The place.
    """
    first = 0
    last = split
    for _ in range(2):
        nearest = np.inf
        found = -1
        share = 0.0
        for place in range(first, last):
            piece = listed[place]
            away, passed = nearest_on(line, piece, east, north)
            if away < nearest or (away == nearest and piece < found):
                nearest = away
                found = piece
                share = passed
        if nearest <= join_limit_m * join_limit_m:
            return found, fraction_at(line, found, share), np.sqrt(nearest)
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
    return found, fraction_at(pieces.line, found, share), np.sqrt(square)


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
    line: np.ndarray,
    piece: np.ndarray,
    bounds: tuple[int, int, int],
    east: float,
    north: float,
    within_m: tuple[float, float],
    found: np.ndarray,
) -> tuple[int, int]:
    """Collect the pieces of a block that lie within some metres of a place.

    Parameters
    ----------
    line
        Street pieces.
    piece, bounds
        Those of all blocks (:class:`Land`), and ``start``, ``split`` and the next ``start`` of one.
    east, north
        The place.
    within_m
        How near pieces of the main part and others must be; negative for none.
    found
        Room for the block's pieces: gets those near.

    Returns
    -------
    tuple of int
        How many pieces of the main part, and of all, were found: what :func:`joined_among` asks
        for.
    """
    count = 0
    main_count = 0
    for stray in range(2):
        bound_m = within_m[1] if stray else within_m[0]
        first = bounds[1] if stray else bounds[0]
        last = bounds[2] if stray else bounds[1]
        if bound_m >= 0.0:
            for place in range(first, last):
                square = nearest_on(line, piece[place], east, north)[0]
                if square <= bound_m * bound_m:
                    found[count] = piece[place]
                    count += 1
        if stray == 0:
            main_count = count
    return main_count, count
