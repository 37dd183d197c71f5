"""Sharing land out among street pieces: the few pieces that places in each block can join.

Blocks are looked at in squares first, then in quarters of these, then each: what no place of a
square can join, no place of its blocks can. Blocks whose places may not see what they would join,
for a barrier, are kept: what they join instead is not known yet.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.compiled import compiled
from planner.streets.catchment.land import BLOCK, ROUNDING_M, Land
from planner.streets.catchment.quarters import Quarters, quarter_out, room_for
from planner.streets.joining.lattice import Pieces, pieces_near
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
def _any_wanted(number: np.ndarray, row: int, column: int, side: int) -> bool:
    """Tell whether any block of a square is to be looked at."""
    for up in range(row, row + side):
        for across in range(column, column + side):
            if number[up, across] >= 0:
                return True
    return False


@compiled
def _numbered(
    blocks: Quarters,
    number: np.ndarray,
    row: int,
    column: int,
    block: int,
    start: np.ndarray,
    split: np.ndarray,
    walled: np.ndarray,
    listed: np.ndarray,
) -> tuple[int, np.ndarray]:
    """Give numbers from ``block`` on to those of four blocks that are wanted and useful.

    ``number`` gets the numbers (-1: none), from a row and column on. Pieces of these blocks are
    listed; the next number, and the list, made longer if need be, are returned.
    """
    for one in range(4):
        up = row + one // 2
        across = column + one % 2
        if number[up, across] < 0 or not blocks.useful[one]:
            number[up, across] = -1
            continue
        total = start[block] + blocks.piece_count[one]
        if total > len(listed):
            listed = wider(listed, start[block], 2 * total)
        for place in range(blocks.piece_count[one]):
            listed[start[block] + place] = blocks.piece[one, place]
        split[block] = start[block] + blocks.main_count[one]
        walled[block] = blocks.walled[one]
        number[up, across] = block
        block += 1
        start[block] = total
    return block, listed


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
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the last four of :class:`Land`, and number its blocks.

    ``number`` tells which blocks to look at (not -1), in whole multiples of :data:`TOGETHER`; those
    that can join no reached segment in time become -1 too.
    """
    start = np.zeros(number.size + 1, dtype=np.int64)
    split = np.zeros(number.size, dtype=np.int64)
    walled = np.zeros(number.size, dtype=np.bool_)
    listed = np.empty(1024, dtype=np.int32)
    seen = np.full(len(pieces.segment), -1, dtype=np.int32)
    near = np.empty(256, dtype=np.int32)
    quarters, blocks = room_for(len(near)), room_for(len(near))
    block = 0
    for square in range(number.size // (TOGETHER * TOGETHER)):
        up, across = divmod(square, number.shape[1] // TOGETHER)
        up, across = up * TOGETHER, across * TOGETHER
        if not _any_wanted(number, up, across, TOGETHER):
            continue
        east = (column + across + 0.5 * TOGETHER) * side
        north = (row + up + 0.5 * TOGETHER) * side
        reach_m = TOGETHER * side * np.sqrt(0.5) + ROUNDING_M
        split_at, count, near = pieces_near(
            pieces, east, north, reach_m, join_limit_m, seen, square, near
        )
        if len(near) > len(quarters.away):
            quarters, blocks = room_for(len(near)), room_for(len(near))
        uneasy = len(walls.line) > 0
        task = (pieces, walls, margin_m)
        middle = (east, north)
        quarter_out(
            *task, near[:count], split_at, middle, 2.0 * side, join_limit_m, uneasy, quarters
        )
        for quarter in range(4):
            there = up + quarter // 2 * 2
            beside = across + quarter % 2 * 2
            if not _any_wanted(number, there, beside, 2):
                continue
            if not quarters.useful[quarter]:
                number[there : there + 2, beside : beside + 2] = -1
                continue
            some = quarters.piece[quarter, : quarters.piece_count[quarter]]
            uneasy = quarters.walled[quarter]
            middle = (east + (quarter % 2 * 2 - 1) * side, north + (quarter // 2 * 2 - 1) * side)
            split_at = quarters.main_count[quarter]
            quarter_out(*task, some, split_at, middle, side, join_limit_m, uneasy, blocks)
            block, listed = _numbered(
                blocks, number, there, beside, block, start, split, walled, listed
            )
    return start[: block + 1], split[:block], listed[: start[block]], walled[:block]


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
    copies = (part.copy() for part in lists)  # without the room that was not needed
    return Land(step_m, join_limit_m, row, column, rows, columns, number.ravel(), *copies)
