"""Rasters of heights that continue each other's grid, read as one: no seam shows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np

from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.heights.rasters import HeightRaster, Reader

ALIGNED_CELLS: Final = 0.01
"""Corners of a tile so near to corners of another's cells, in cells, stand on its grid: 1 cm of
height at 100 % on cells of a metre, and more than what rounding in a header moves them."""

MOST_OPEN: Final = 4
"""So many files are open at a time: an ``.hgt`` is in memory whole (52 MB at 3601 squared), and a
window of cells touches four of its size at most."""

Windows = Callable[[int, int, int, int], tuple[FloatArray, BoolArray]]
"""Returns the heights of rows ``[a, b)`` and columns ``[c, d)``, NaN where there are none, and
which cells any tile holds."""


@dataclass(frozen=True)
class Tile:
    """A raster, and where in a mosaic its first row and column stand."""

    raster: HeightRaster
    row: int
    column: int


@dataclass(frozen=True)
class Mosaic:
    """Tiles on one grid.

    Parameters
    ----------
    tiles
        Where they overlap, each cell takes its height from the first that has one. Rows and columns
        count from the first tile's, and may be negative.
    """

    tiles: tuple[Tile, ...]

    def cells_at(self, easting: FloatArray, northing: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return rows and columns, with fractions, of places in the tiles' CRS."""
        return self.tiles[0].raster.cells_at(easting, northing)

    def holding(self, row: FloatArray, column: FloatArray) -> tuple[BoolArray, IntArray, IntArray]:
        """Return which places lie in a tile or on its rim, and the cell each lies in."""
        held = np.zeros(len(row), dtype=bool)
        down, right = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
        for tile in self.tiles:
            last, end = tile.row + tile.raster.rows, tile.column + tile.raster.columns
            inside = (row >= tile.row) & (row <= last) & (column >= tile.column) & (column <= end)
            new = inside & ~held
            down[new] = np.minimum(down[new], last - 1)
            right[new] = np.minimum(right[new], end - 1)
            held |= inside
        return held, down, right

    def near(self, row: FloatArray, column: FloatArray) -> BoolArray:
        """Return which places lie within half a cell of a tile."""
        near = np.zeros(len(row), dtype=bool)
        for tile in self.tiles:
            last, end = tile.row + tile.raster.rows + 0.5, tile.column + tile.raster.columns + 0.5
            near |= (
                (row > tile.row - 0.5)
                & (row < last)
                & (column > tile.column - 0.5)
                & (column < end)
            )
        return near

    @contextmanager
    def opened(self) -> Iterator[Windows]:
        """Read windows of any place and size; only the tiles they touch are opened."""
        readers: OrderedDict[Tile, tuple[Reader, ExitStack]] = OrderedDict()

        def reader(tile: Tile) -> Reader:
            if tile not in readers:
                while len(readers) >= MOST_OPEN:
                    readers.popitem(last=False)[1][1].close()
                stack = ExitStack()
                readers[tile] = stack.enter_context(tile.raster.opened()), stack
            readers.move_to_end(tile)
            return readers[tile][0]

        def read(first: int, last: int, left: int, right: int) -> tuple[FloatArray, BoolArray]:
            heights = np.full((last - first, right - left), np.nan)
            held = np.zeros(heights.shape, dtype=bool)
            for tile in self.tiles:
                top, bottom = max(first, tile.row), min(last, tile.row + tile.raster.rows)
                west, east = max(left, tile.column), min(right, tile.column + tile.raster.columns)
                if top >= bottom or west >= east:
                    continue
                place = (slice(top - first, bottom - first), slice(west - left, east - left))
                window = (top - tile.row, bottom - tile.row, west - tile.column, east - tile.column)
                found = reader(tile)(*window)
                heights[place] = np.where(np.isnan(heights[place]), found, heights[place])
                held[place] = True
            return heights, held

        try:
            yield read
        finally:
            for _, stack in readers.values():
                stack.close()


def _tile_of(raster: HeightRaster, first: HeightRaster) -> Tile | None:
    """Return where a raster stands on another's grid; None if it does not."""
    if raster.crs != first.crs:
        return None
    a, b, c, d, e, f = raster.to_map
    rows = np.array([0.0, 0.0, raster.rows, raster.rows])
    columns = np.array([0.0, raster.columns, 0.0, raster.columns])
    row, column = first.cells_at(a * columns + b * rows + c, d * columns + e * rows + f)
    row, column = row - rows, column - columns
    place = np.rint(row[0]), np.rint(column[0])
    if max(np.abs(row - place[0]).max(), np.abs(column - place[1]).max()) > ALIGNED_CELLS:
        return None
    return Tile(raster, int(place[0]), int(place[1]))


def mosaics_of(rasters: Iterable[HeightRaster]) -> list[Mosaic]:
    """Join rasters of one CRS whose cells stand on one grid, in the order of their first."""
    groups: list[list[Tile]] = []
    for raster in rasters:
        for group in groups:
            tile = _tile_of(raster, group[0].raster)
            if tile is not None:
                group.append(tile)
                break
        else:
            groups.append([Tile(raster, 0, 0)])
    return [Mosaic(tuple(group)) for group in groups]
