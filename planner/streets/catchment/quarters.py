"""Quarters of a square of land: which of its street pieces the places of each can join."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.streets.catchment.land import ROUNDING_M
from planner.streets.joining.lattice import Pieces
from planner.streets.joining.sectors import any_wall_within
from planner.streets.joining.sight import Walls


class Quarters(NamedTuple):
    """The four quarters of a square of land, south-west, south-east, north-west, north-east.

    Parameters
    ----------
    east, north
        Their middles, shape (4,).
    away
        Squares of the metres from each quarter's middle to all pieces of the square, shape
        (pieces, 4).
    piece, main_count, piece_count
        Pieces that places of each quarter can join, shape (4, room): how many of the main part,
        which come first, and of all, shape (4,).
    walled
        Whether a barrier can stand on the leg of a place there, shape (4,).
    useful
        Whether a place there can be in time, as far as is known, shape (4,).
    """

    east: np.ndarray
    north: np.ndarray
    away: np.ndarray
    piece: np.ndarray
    main_count: np.ndarray
    piece_count: np.ndarray
    walled: np.ndarray
    useful: np.ndarray


@compiled
def room_for(count: int) -> Quarters:
    """Return quarters of a square with so many pieces, still to be filled."""
    return Quarters(
        np.empty(4),
        np.empty(4),
        np.empty((count, 4)),
        np.empty((4, count), dtype=np.int32),
        np.empty(4, dtype=np.int64),
        np.empty(4, dtype=np.int64),
        np.empty(4, dtype=np.bool_),
        np.empty(4, dtype=np.bool_),
    )


@compiled
def _measured(
    line: np.ndarray,
    near: np.ndarray,
    east: np.ndarray,
    north: np.ndarray,
    away: np.ndarray,
) -> None:
    """Note the squares of the metres from four places to pieces, shape (pieces, 4).

    Without branches: compilers do the four at once. What is worked out is
    :func:`planner.streets.joining.lattice.nearest_on`.
    """
    for one in range(len(near)):
        piece = near[one]
        from_east = line[piece, 0]
        from_north = line[piece, 1]
        way_east = line[piece, 2]
        way_north = line[piece, 3]
        scale = line[piece, 4]
        for place in range(4):
            off_east = east[place] - from_east
            off_north = north[place] - from_north
            share = (off_east * way_east + off_north * way_north) * scale
            share = share if share > 0.0 else 0.0
            share = share if share < 1.0 else 1.0
            off_east -= share * way_east
            off_north -= share * way_north
            away[one, place] = off_east * off_east + off_north * off_north


@compiled
def _kept(
    near: np.ndarray,
    split: int,
    away: np.ndarray,
    reach_m: float,
    join_limit_m: float,
    kept: np.ndarray,
) -> tuple[int, int, float]:
    """Keep of some pieces those that places within ``reach_m`` of a middle can join.

    Parameters
    ----------
    near, split, away
        Pieces to choose from, the first ``split`` of the main part; and the squares of the metres
        from the middle to them.
    reach_m, join_limit_m
        Metres.
    kept
        Room for the pieces kept, those of the main part first, each in their order.

    Returns
    -------
    tuple
        How many pieces of the main part, and of all, are kept; the metres to the nearest that
        places can join: of the main part if any is kept, else of the others.
    """
    total = 0
    main_count = 0
    nearest_m = np.inf
    for stray in range(2):
        first = split if stray else 0
        last = len(near) if stray else split
        least = np.inf
        for one in range(first, last):
            least = min(least, away[one])
        least_m = np.sqrt(least)
        bound_m = min(least_m, join_limit_m + reach_m) + 2.0 * reach_m
        for one in range(first, last):
            if away[one] <= bound_m * bound_m:
                kept[total] = near[one]
                total += 1
        if main_count == 0:
            nearest_m = least_m
        if stray == 0:
            main_count = total
            if least_m + reach_m <= join_limit_m:
                break  # every place here has a street of the main part within the limit
    return main_count, total, nearest_m


@compiled
def _in_time(
    segment: np.ndarray, margin_m: np.ndarray, near: np.ndarray, away: np.ndarray, reach_m: float
) -> bool:
    """Tell whether a place within ``reach_m`` of a middle can be in time by a piece near it."""
    for one in range(len(near)):
        margin = margin_m[segment[near[one]]]
        if margin >= 0.0 and away[one] <= (margin + reach_m) * (margin + reach_m):
            return True
    return False


@compiled
def quarter_out(
    pieces: Pieces,
    walls: Walls,
    margin_m: np.ndarray,
    near: np.ndarray,
    split: int,
    middle: tuple[float, float],
    side_m: float,
    join_limit_m: float,
    uneasy: bool,
    quarters: Quarters,
) -> None:
    """Share a square of land out to its quarters.

    Parameters
    ----------
    pieces, walls, margin_m, join_limit_m
        As for :func:`land_near`.
    near, split
        Pieces that places of the square can join, the first ``split`` of the main part.
    middle, side_m
        Easting and northing of the square's middle, and the side of a quarter.
    uneasy
        Whether a barrier can stand on a leg in the square.
    quarters
        Is filled.
    """
    east = quarters.east
    north = quarters.north
    for quarter in range(4):
        east[quarter] = middle[0] + (quarter % 2 - 0.5) * side_m
        north[quarter] = middle[1] + (quarter // 2 - 0.5) * side_m
    reach_m = side_m * np.sqrt(0.5) + ROUNDING_M
    _measured(pieces.line, near, east, north, quarters.away)
    for quarter in range(4):
        away = quarters.away[: len(near), quarter]
        main_count, count, nearest_m = _kept(
            near, split, away, reach_m, join_limit_m, quarters.piece[quarter]
        )
        quarters.main_count[quarter] = main_count
        quarters.piece_count[quarter] = count
        # The longest leg of any place of the quarter, from its middle.
        leg_m = min(nearest_m + reach_m, join_limit_m) + reach_m
        quarters.walled[quarter] = (
            uneasy and count > 0 and any_wall_within(walls, east[quarter], north[quarter], leg_m)
        )
        quarters.useful[quarter] = quarters.walled[quarter] or _in_time(
            pieces.segment, margin_m, near, away, reach_m
        )
