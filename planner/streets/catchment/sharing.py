"""Sharing land out among street pieces: the few pieces that places in each block can join.

Blocks are looked at in squares first, then in quarters of these, then each: what no place of a
square can join, no place of its blocks can. Blocks whose places may not see what they would join,
for a barrier, are kept: what they join instead is not known yet.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.streets.catchment.land import BLOCK, ROUNDING_M, Land, by_distance
from planner.streets.compiled import compiled
from planner.streets.joining.lattice import Pieces, nearest_on, pieces_near
from planner.streets.joining.sectors import any_wall_within
from planner.streets.joining.sight import Walls
from planner.streets.walking.arcs import wider

TOGETHER: Final = 4
"""So many × so many blocks are looked at together first, then their quarters, then each."""


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
    (rows, columns), both multiples of :data:`TOGETHER`.
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
    columns = bounds[:count, 3].max() - column + 1
    rows += -rows % TOGETHER
    columns += -columns % TOGETHER
    near = np.full((rows, columns), -1, dtype=np.int32)
    for place in range(count):
        low, high, left, right = bounds[place] - np.array([row, row, column, column])
        near[low : high + 1, left : right + 1] = 0
    return row, column, near


@compiled
def _kept(
    line: np.ndarray,
    main: np.ndarray,
    near: np.ndarray,
    east: float,
    north: float,
    reach_m: float,
    join_limit_m: float,
    kept: np.ndarray,
    away_m: np.ndarray,
) -> tuple[int, int]:
    """Keep of some pieces those that places within ``reach_m`` of a middle can join.

    Parameters
    ----------
    line, main, near
        All pieces, whether they belong to the main part, and those to choose from.
    east, north, reach_m, join_limit_m
        The middle, and metres.
    kept, away_m
        Room for the pieces kept, those of the main part first, each in their order, and for the
        metres from the middle to each.

    Returns
    -------
    tuple of int
        How many pieces of the main part, and of all, are kept.
    """
    metres = np.empty(len(near))
    main_m = np.inf
    stray_m = np.inf
    for one in range(len(near)):
        metres[one] = np.sqrt(nearest_on(line, near[one], east, north)[0])
        if main[near[one]]:
            main_m = min(main_m, metres[one])
        else:
            stray_m = min(stray_m, metres[one])
    total = 0
    main_count = 0
    for stray in range(2):
        bound = min((stray_m if stray else main_m), join_limit_m + reach_m) + 2.0 * reach_m
        for one in range(len(near)):
            if main[near[one]] == (stray == 0) and metres[one] <= bound:
                kept[total] = near[one]
                away_m[total] = metres[one]
                total += 1
        if stray == 0:
            main_count = total
        if main_m + reach_m <= join_limit_m:
            break  # every place here has a street of the main part within the limit
    return main_count, total


@compiled
def _useful(
    segment: np.ndarray, margin_m: np.ndarray, kept: np.ndarray, away_m: np.ndarray, reach_m: float
) -> bool:
    """Tell whether a place within ``reach_m`` of a middle can be in time by a piece kept."""
    for one in range(len(kept)):
        margin = margin_m[segment[kept[one]]]
        if margin >= 0.0 and away_m[one] - reach_m <= margin:
            return True
    return False


@compiled
def _walled(
    walls: Walls,
    east: float,
    north: float,
    reach_m: float,
    join_limit_m: float,
    away_m: np.ndarray,
    main_count: int,
) -> bool:
    """Tell whether a barrier can stand on the leg of a place within ``reach_m`` of a middle.

    ``away_m`` are the metres to the pieces that such places can join, first those of the main part.
    """
    if len(walls.line) == 0 or len(away_m) == 0:
        return False
    nearest_m = away_m[:main_count].min() if main_count > 0 else away_m.min()
    longest_m = min(nearest_m + reach_m, join_limit_m)
    return any_wall_within(walls, east, north, longest_m + reach_m)


@compiled
def _shared(
    pieces: Pieces,
    walls: Walls,
    margin_m: np.ndarray,
    number: np.ndarray,
    side: float,
    join_limit_m: float,
    row: int,
    column: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the last five of :class:`Land`, and number its blocks.

    ``number`` tells which blocks to look at (not -1), in whole multiples of :data:`TOGETHER`; those
    that can join no reached segment in time become -1 too.
    """
    start = np.zeros(number.size + 1, dtype=np.int64)
    split = np.zeros(number.size, dtype=np.int64)
    walled = np.zeros(number.size, dtype=np.bool_)
    listed = np.empty(1024, dtype=np.int32)
    listed_m = np.empty(1024)
    seen = np.full(len(pieces.segment), -1, dtype=np.int64)
    near = np.empty(256, dtype=np.int32)
    away_m = np.empty(256)
    some = np.empty(256, dtype=np.int32)
    few = np.empty(256, dtype=np.int32)
    half = TOGETHER // 2
    line = pieces.line
    main = pieces.main
    segment = pieces.segment
    total = 0
    block = 0
    for place in range(number.size // (half * half)):
        # Quarters one after the other, four to each square of blocks.
        square, quarter = divmod(place, 4)
        up, across = divmod(square, number.shape[1] // TOGETHER)
        up = up * TOGETHER + quarter // 2 * half
        across = across * TOGETHER + quarter % 2 * half
        if quarter == 0:
            count = -1
        if number[up : up + half, across : across + half].max() < 0:
            continue
        if count < 0:
            reach_m = TOGETHER * side * np.sqrt(0.5) + ROUNDING_M
            east = (column + across - quarter % 2 * half + half) * side
            north = (row + up - quarter // 2 * half + half) * side
            count, _, _, near, away_m = pieces_near(
                pieces, east, north, reach_m, join_limit_m, seen, square, near, away_m
            )
            near[:count] = np.sort(near[:count])
            if len(some) < len(near):
                some = np.empty(len(near), dtype=np.int32)
                few = np.empty(len(near), dtype=np.int32)
        reach_m = half * side * np.sqrt(0.5) + ROUNDING_M
        east = (column + across + 0.5 * half) * side
        north = (row + up + 0.5 * half) * side
        main_count, some_count = _kept(
            line, main, near[:count], east, north, reach_m, join_limit_m, some, away_m
        )
        uneasy = _walled(walls, east, north, reach_m, join_limit_m, away_m[:some_count], main_count)
        useful = uneasy or _useful(segment, margin_m, some[:some_count], away_m, reach_m)
        reach_m = side * np.sqrt(0.5) + ROUNDING_M
        for inside in range(half * half):
            there = up + inside // half
            beside = across + inside % half
            if not useful or number[there, beside] < 0:
                number[there, beside] = -1
                continue
            east = (column + beside + 0.5) * side
            north = (row + there + 0.5) * side
            main_count, few_count = _kept(
                line, main, some[:some_count], east, north, reach_m, join_limit_m, few, away_m
            )
            walled[block] = uneasy and _walled(
                walls, east, north, reach_m, join_limit_m, away_m[:few_count], main_count
            )
            if not walled[block] and not _useful(
                segment, margin_m, few[:few_count], away_m, reach_m
            ):
                number[there, beside] = -1
                continue
            while total + few_count > len(listed):
                listed = wider(listed, total, 2 * len(listed))
                listed_m = wider(listed_m, total, len(listed))
            by_distance(few, away_m, 0, main_count)
            by_distance(few, away_m, main_count, few_count)
            listed[total : total + few_count] = few[:few_count]
            listed_m[total : total + few_count] = away_m[:few_count]
            split[block] = total + main_count
            total += few_count
            number[there, beside] = block
            block += 1
            start[block] = total
    return (
        start[: block + 1].copy(),
        split[:block].copy(),
        wider(listed, total, total),
        wider(listed_m, total, total),
        walled[:block].copy(),
    )


def land_near(
    pieces: Pieces, walls: Walls, margin_m: np.ndarray, step_m: float, join_limit_m: float
) -> Land:
    """Share out the land around segments.

    Parameters
    ----------
    pieces, walls
        All street pieces, and the barriers.
    margin_m
        How far around each segment the land is wanted, shape (segments,); negative where it is not,
        and not so for one segment at least.
    step_m, join_limit_m
        Step of the lattice, and the longest leg, in metres.
    """
    side = step_m * BLOCK
    row, column, number = _frame(pieces, margin_m, side)
    lists = _shared(pieces, walls, margin_m, number, side, join_limit_m, row, column)
    rows, columns = number.shape
    return Land(step_m, join_limit_m, row, column, rows, columns, number.ravel(), *lists)
