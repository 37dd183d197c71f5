"""Heights at places between the cells of a raster, read block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.heights.mosaics import Mosaic, Windows
from planner.streets.heights.off_ground import settled

BLOCK_CELLS: Final = 1024
"""So many rows and columns are in memory at a time, beside the places themselves."""

HOLE_RINGS: Final = 3
"""Cells without a height are filled where one that has a height is so many cells away: holes up to
six cells wide close."""

HOLE_MARGIN: Final = 32
"""So many cells around a block are read with it. What happens at one end of a hole of six cells'
width fades along it by exp(-pi / 6) a cell: 32 cells on, to a ten-millionth."""

MOST_PASSES: Final = 10
"""Most passes of smoothing."""

INTERPOLATIONS: Final = ("bilinear", "nearest")


def _neighbours(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the sum of the eight cells around each that have a height, and how many have."""
    rows, columns = values.shape
    known = np.pad(~np.isnan(values), 1).astype(np.float64)
    padded = np.pad(np.nan_to_num(values), 1)
    total, count = np.zeros(values.shape), np.zeros(values.shape)
    for down in range(3):
        for right in range(3):
            if (down, right) != (1, 1):
                place = (slice(down, down + rows), slice(right, right + columns))
                total += padded[place]
                count += known[place]
    return total, count


def filled(values: FloatArray, held: BoolArray) -> FloatArray:
    """Return cells with small holes filled: each the mean of the four cells beside it.

    That is Laplace's equation over the hole, its rim given: no hole bends an even slope, or makes a
    step. Where a hole meets the rim of the raster, or the middle of a hole that stays open, the
    ground runs out level.

    Parameters
    ----------
    values
        Metres, NaN where there are none, shape (rows, columns).
    held
        Cells that are in a raster; no other is filled.
    """
    hole = np.isnan(values) & held
    for _ in range(HOLE_RINGS):
        total, count = _neighbours(values)
        fill = np.isnan(values) & hole & (count > 0)
        if not fill.any():
            break
        values = np.where(fill, total / np.maximum(count, 1.0), values)
    hole &= ~np.isnan(values)
    if not hole.any():
        return values
    known = ~np.isnan(values)
    number = np.arange(values.size).reshape(values.shape)
    starts, ends = [], []
    for one, other in (
        ((slice(None), slice(None, -1)), (slice(None), slice(1, None))),
        ((slice(None, -1), slice(None)), (slice(1, None), slice(None))),
    ):
        pair = (hole[one] | hole[other]) & known[one] & known[other]
        starts.append(number[one][pair])
        ends.append(number[other][pair])
    used, place = np.unique(np.concatenate(starts + ends), return_inverse=True)
    start, end = np.split(place, 2)
    heights, rows = values.ravel()[used], np.flatnonzero(hole.ravel()[used])
    found = values.ravel().copy()
    found[used[rows]] = settled(heights, rows, start, end, np.ones(len(start)))
    return found.reshape(values.shape)


def smoothed(values: FloatArray, passes: int) -> FloatArray:
    """Return cells smoothed by weights 1-2-1 along columns and rows, those that have a height."""
    known = ~np.isnan(values)
    for _ in range(passes):
        total, weight = np.nan_to_num(values), known.astype(np.float64)
        for axis in (0, 1):
            total, weight = _one_two_one(total, axis), _one_two_one(weight, axis)
        values = np.where(known, total / np.maximum(weight, 1e-12), np.nan)
    return values


def _one_two_one(values: FloatArray, axis: int) -> FloatArray:
    lines = np.moveaxis(values, axis, 0)
    summed = 2.0 * lines
    summed[1:] += lines[:-1]
    summed[:-1] += lines[1:]
    return np.moveaxis(summed, 0, axis)


@dataclass(frozen=True)
class Answers:
    """What one mosaic says of places, arrays of shape (places,).

    Parameters
    ----------
    height_m
        NaN where it has none.
    mended
        Whether a filled hole is part of it.
    inner
        How far a place lies within the outermost cells that have heights: 0 at the middles of those
        and beyond, 1 a cell within, linear between.
    reach
        1 up to the middles of the outermost cells of the tiles, 0 a cell beyond them, linear
        between.
    """

    height_m: FloatArray
    mended: BoolArray
    inner: FloatArray
    reach: FloatArray


def _between(values: FloatArray, row: FloatArray, column: FloatArray) -> FloatArray:
    """Interpolate bilinearly between the middles of cells."""
    top, left = np.floor(row - 0.5).astype(np.int64), np.floor(column - 0.5).astype(np.int64)
    down, right = row - 0.5 - top, column - 0.5 - left
    above = values[top, left] + right * (values[top, left + 1] - values[top, left])
    under = values[top + 1, left] + right * (values[top + 1, left + 1] - values[top + 1, left])
    heights: FloatArray = above + down * (under - above)
    return heights


def _eroded(cells: BoolArray) -> FloatArray:
    """Return 1.0 for the cells that have all of their eight neighbours, else 0.0."""
    padded = np.pad(cells, 1)
    rows, columns = cells.shape
    whole = cells.copy()
    for down in range(3):
        for right in range(3):
            whole &= padded[down : down + rows, right : right + columns]
    return whole.astype(np.float64)


def _blocks(row: FloatArray, column: FloatArray) -> list[IntArray]:
    """Return the places of each block of cells."""
    down = (row // BLOCK_CELLS).astype(np.int64)
    right = (column // BLOCK_CELLS).astype(np.int64)
    order = np.lexsort((right, down))
    new = (np.diff(down[order]) != 0) | (np.diff(right[order]) != 0)
    return np.split(order, np.flatnonzero(new) + 1)


def answers_of(
    mosaic: Mosaic, row: FloatArray, column: FloatArray, *, interpolation: str, passes: int
) -> Answers:
    """Return what a mosaic says of places; within half a cell beyond its tiles, too.

    From the middles of a tile's outermost cells outward heights are level across the rim.

    Parameters
    ----------
    mosaic
        What is read.
    row, column
        Places in cells, none over half a cell outside all tiles, shape (places,).
    interpolation, passes
        As for :func:`planner.streets.with_heights`. The nearest cell's height is taken
        within tiles only, and ``inner`` and ``reach`` are then 1.
    """
    size = len(row)
    found = Answers(
        np.full(size, np.nan), np.zeros(size, dtype=bool), np.zeros(size), np.zeros(size)
    )
    if not size:
        return found
    nearest = interpolation == "nearest"
    inside, own_row, own_column = mosaic.holding(row, column)
    with mosaic.opened() as read:
        for places in _blocks(row, column):
            if nearest:
                places = places[inside[places]]
                if not len(places):
                    continue
            first, left, bare, held = _window(read, row[places], column[places], passes)
            whole = smoothed(filled(bare, held), passes)
            if nearest:
                cell = own_row[places] - first, own_column[places] - left
                found.height_m[places] = whole[cell]
                found.mended[places] = np.isnan(bare[cell]) & ~np.isnan(whole[cell])
                found.inner[places] = found.reach[places] = 1.0
                continue
            spot = row[places] - first, column[places] - left
            reach = _between(held.astype(np.float64), *spot)
            level = np.maximum(reach, 1e-12)
            height_m = _between(np.where(held, whole, 0.0), *spot) / level
            height_m[reach <= 0.0] = np.nan
            bare_m = _between(np.where(held, bare, 0.0), *spot)
            found.height_m[places] = height_m
            found.mended[places] = np.isnan(bare_m) & ~np.isnan(height_m)
            found.inner[places] = _between(_eroded(~np.isnan(whole)), *spot)
            found.reach[places] = reach
    return found


def _window(
    read: Windows, row: FloatArray, column: FloatArray, passes: int
) -> tuple[int, int, FloatArray, BoolArray]:
    """Return the first row and column of the cells around places, the cells, and which are held.

    The margin is so wide that no answer depends on where a block ends.
    """
    margin = HOLE_MARGIN + passes + 3
    first, last = int(np.floor(row.min())) - margin, int(np.floor(row.max())) + margin + 1
    left, right = int(np.floor(column.min())) - margin, int(np.floor(column.max())) + margin + 1
    return first, left, *read(first, last, left, right)
