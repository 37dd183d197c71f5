"""Cells that people live in: their outlines in the plan's metres, cut by communities or a district.

A cell on a boundary is shared by area: of a cell with 10 persons, three quarters of whose area lie
in a community, 7.5 persons are that community's. Nobody knows better where in it they live.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
import shapely.geometry.base

from planner.ledgers.rasters import Affine, FloatArray, PeopleRaster
from planner.ledgers.sheets import ObjectArray
from planner.ledgers.spots import inner_points
from planner.projections import crs_transformer

CELL_ID: Final = "K{row:05d}-{column:05d}"
EVEN_SIDE_M: Final = 100.0
"""Side of the cells that a community without anything better is divided into: WorldPop's own."""

EVEN_CELLS: Final = 400
"""Most cells of one community that is divided evenly, about: a vast village gets wider ones."""

LEAST_SHARE: Final = 1e-9
"""A smaller part of a cell is where two boundaries touch by the rounding of floats."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """Parts of cells that lie in one community each.

    Parameters
    ----------
    table
        ``cell`` (id of the cell), ``community``, ``share`` (of the cell's area, or of 1 for a
        point), ``is_whole`` (whether the cell lies in this community alone), ``geometry`` (a point
        in the piece); sorted by cell, then community. The shares of a cell add up to 1 at most.
    outside
        Share of each cell that lies in no community; index = cells.
    overlapping
        Cells of which communities that overlap claim more than there is; their shares are scaled.
    """

    table: gpd.GeoDataFrame
    outside: pd.Series
    overlapping: int


def raster_cells(raster: PeopleRaster, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return the lived-in cells of a raster as outlines in a metre CRS.

    Parameters
    ----------
    raster
        What :func:`planner.ledgers.rasters.read_people_raster` returned.
    crs
        Metre CRS of the plan. A cell keeps its four corners, its sides become straight.

    Returns
    -------
    GeoDataFrame
        The people columns of the raster, ``number`` (cell number), geometry; index = ids by row
        and column, which stay the same as long as the raster does.
    """
    cells = raster.cells
    row, column = cells["row"].to_numpy(), cells["column"].to_numpy()
    outlines = _outlines(raster.to_map, raster.crs, crs, row, column)
    ids = [CELL_ID.format(row=one, column=other) for one, other in zip(row, column, strict=True)]
    people = cells.drop(columns=["row", "column"]).assign(number=cells.index)
    return gpd.GeoDataFrame(
        people.set_axis(pd.Index(ids, dtype=object)), geometry=outlines, crs=crs
    )


def _outlines(
    to_map: Affine,
    crs: pyproj.CRS,
    target: pyproj.CRS,
    row: np.ndarray[tuple[int], np.dtype[np.int64]],
    column: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> ObjectArray:
    a, b, c, d, e, f = to_map
    columns = column[:, None] + np.array([0, 1, 1, 0, 0])
    rows = row[:, None] + np.array([0, 0, 1, 1, 0])
    turn = crs_transformer(crs, target)
    easting, northing = turn.transform(
        (a * columns + b * rows + c).ravel(), (d * columns + e * rows + f).ravel()
    )
    corners = np.column_stack([easting, northing]).reshape(-1, 5, 2)
    return np.asarray(shapely.polygons(corners), dtype=object)


def even_cells(
    outline: shapely.geometry.base.BaseGeometry, crs: pyproj.CRS, name: str
) -> gpd.GeoDataFrame:
    """Return squares that cover an outline, each as populous as any: nothing better is known.

    Parameters
    ----------
    outline
        Outline of a community in a metre CRS.
    crs
        That CRS.
    name
        Id of the community; those of the cells begin with it.
    """
    west, south, east, north = outline.bounds
    side = max(EVEN_SIDE_M, float(np.sqrt(outline.area / EVEN_CELLS)))
    eastings = np.arange(np.floor(west / side), np.ceil(east / side)) * side
    northings = np.arange(np.floor(south / side), np.ceil(north / side)) * side
    left, low = (one.ravel() for one in np.meshgrid(eastings, northings))
    squares = np.asarray(shapely.box(left, low, left + side, low + side), dtype=object)
    there = shapely.intersects(squares, outline)
    ids = [f"{name}-{number:04d}" for number in range(1, int(there.sum()) + 1)]
    weights = np.ones(len(ids))
    return gpd.GeoDataFrame(
        {"elderly_60": weights}, index=pd.Index(ids, dtype=object), geometry=squares[there], crs=crs
    )


def cut_by(cells: gpd.GeoDataFrame, outlines: gpd.GeoSeries) -> Pieces:
    """Return the parts of cells that lie in each outline.

    Parameters
    ----------
    cells
        Cells (polygons) or points in a metre CRS; index = ids. A point on a boundary is the
        lesser id's.
    outlines
        Outlines of communities in the same CRS; index = ids.

    Returns
    -------
    Pieces
        A cell's share in an outline is the area of their intersection by the cell's own.
    """
    outlines = outlines[~(outlines.isna() | outlines.is_empty)].sort_index()
    shapes = cells.geometry.to_numpy()
    borders = outlines.to_numpy()
    shapely.prepare(borders)
    tree = shapely.STRtree(shapes)
    which, cell = tree.query(borders, predicate="intersects")
    order = np.lexsort((which, cell))
    which, cell = which[order], cell[order]
    is_area = shapely.get_dimensions(shapes) == 2
    inside = shapely.contains_properly(borders[which], shapes[cell])
    share = np.where(inside, 1.0, 0.0)
    parts = shapes[cell].copy()
    cut = ~inside & is_area[cell]
    parts[cut] = shapely.intersection(borders[which[cut]], shapes[cell[cut]])
    share[cut] = shapely.area(parts[cut]) / shapely.area(shapes[cell[cut]])
    # A point has one home: the first outline, by id, that holds it.
    points = ~is_area[cell]
    first = np.concatenate([[True], cell[1:] != cell[:-1]]) if len(cell) else points
    share[points] = np.where(first[points], 1.0, 0.0)
    held = share > LEAST_SHARE
    which, cell, share, parts = which[held], cell[held], share[held], parts[held]
    total = np.bincount(cell, weights=share, minlength=len(cells))
    over = total > 1.0 + LEAST_SHARE
    share = share / np.maximum(total, 1.0)[cell]
    whole = np.bincount(cell, minlength=len(cells))[cell] == 1
    table = gpd.GeoDataFrame(
        {
            "cell": cells.index.to_numpy()[cell],
            "community": outlines.index.to_numpy()[which],
            "share": share,
            "is_whole": whole & (share > 1.0 - LEAST_SHARE),
        },
        geometry=gpd.GeoSeries(_middles(parts), crs=cells.crs),
    )
    outside: FloatArray = np.clip(1.0 - total, 0.0, 1.0)
    outside[outside <= LEAST_SHARE] = 0.0
    return Pieces(table, pd.Series(outside, index=cells.index), int(over.sum()))


def _middles(parts: ObjectArray) -> ObjectArray:
    return inner_points(parts) if len(parts) else parts
