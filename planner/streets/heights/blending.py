"""Heights from several mosaics: the finest first, and no cliff where one ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyproj

from planner.projections import crs_transformer
from planner.streets.arrays import BoolArray, FloatArray
from planner.streets.heights.cells import Answers, answers_of
from planner.streets.heights.mosaics import Mosaic

_Share = tuple[np.ndarray, Answers]


def blended(
    mosaics: Sequence[Mosaic],
    easting: FloatArray,
    northing: FloatArray,
    crs: pyproj.CRS,
    *,
    interpolation: str,
    smoothing: int,
) -> tuple[FloatArray, BoolArray]:
    """Return the heights of places, and which of them holes were filled for.

    Each place takes its height from the first mosaic that has one. Where that ends and another goes
    on, on a grid of its own, the one fades into the other over the first's outermost cell, between
    the middles of cells: both are exact there on even ground, and what they disagree about (another
    datum, another year) is spread over a cell instead of making a cliff. Where they meet rim to
    rim, heights run straight from the one's outermost middles to the other's. What remains: on
    grids that overlap by under two cells, or leave a gap, an even slope is up to twice as steep, or
    level, over a cell. (Shares of each: first ``inner``, then ``reach`` of
    :class:`planner.streets.heights.cells.Answers`, every mosaic taking at most what is left.)

    Parameters
    ----------
    mosaics
        The finest first.
    easting, northing, crs, interpolation, smoothing
        As for :meth:`planner.streets.Heights.at`.

    Returns
    -------
    tuple of ndarray
        Metres, NaN outside all tiles and where none has a height; and booleans, shape (places,).
    """
    size = len(easting)
    left, covered = np.ones(size), np.zeros(size, dtype=bool)
    total, shared = np.zeros(size), np.zeros(size)
    mended = np.zeros(size, dtype=bool)
    asked: list[_Share] = []

    def take(rows: np.ndarray, said: Answers, share: FloatArray) -> None:
        share = np.where(np.isnan(said.height_m), 0.0, np.minimum(share, left[rows]))
        total[rows] += share * np.nan_to_num(said.height_m)
        shared[rows] += share
        left[rows] -= share
        mended[rows] |= said.mended & (share > 0)

    for mosaic in mosaics:
        rows = np.flatnonzero(left > 0)
        if not len(rows):
            break
        crs_here = mosaic.tiles[0].raster.crs
        to_raster = crs_transformer(crs, crs_here)
        row, column = mosaic.cells_at(*to_raster.transform(easting[rows], northing[rows]))
        near = mosaic.near(row, column)
        rows, row, column = rows[near], row[near], column[near]
        covered[rows] |= mosaic.holding(row, column)[0]
        said = answers_of(mosaic, row, column, interpolation=interpolation, passes=smoothing)
        take(rows, said, said.inner)
        asked.append((rows, said))
    for rows, said in asked:
        take(rows, said, said.reach)
    known = covered & (shared > 0)
    heights = np.divide(total, shared, out=np.full(size, np.nan), where=known)
    return heights, mended & known
