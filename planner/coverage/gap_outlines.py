"""Outlines of gaps: the ground round their doors, as far as nobody else's door is nearer."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from planner.coverage.severing import same_metres

SLIT_M: Final = 0.25
"""Half the width of the slit that a line of barriers cuts into an outline."""

NEAR_PIECE_M: Final = 1.0
"""A piece of an outline this near to one of the gap's doors is kept: one in the wall itself."""

CORNERS: Final = 8
"""Corners of a quarter circle."""

Shapes = Any


def _cells(points: Shapes, margin_m: float) -> Shapes:
    """Return the Voronoi cell of each of some distinct points, in their order."""
    if len(points) == 1:
        return shapely.buffer(points, 2 * margin_m, cap_style="square")
    west, south, east, north = shapely.total_bounds(points)
    frame = shapely.box(*(west - margin_m, south - margin_m), *(east + margin_m, north + margin_m))
    drawn = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame)
    )
    point, cell = shapely.STRtree(drawn).query(points, predicate="intersects")
    # A point on an edge, which rounding alone can put there, takes the first cell it touches.
    order = np.lexsort((cell, point))
    point, cell = point[order], cell[order]
    _, first = np.unique(point, return_index=True)
    return drawn[cell[first]]


def _nearby(
    points: Shapes, members: npt.NDArray[np.bool_], reach_m: float
) -> npt.NDArray[np.bool_]:
    """Return which points are members or so near to one that they bound its ground."""
    near = members.copy()
    others = np.flatnonzero(~members)
    if len(others):
        tree = shapely.STRtree(points[members])
        found = tree.query_nearest(points[others], max_distance=2 * reach_m, all_matches=False)
        near[others[found[0]]] = True
    return near


def _clipped(outline: Any, doors: Shapes, barriers: Shapes, tree: shapely.STRtree) -> Any:
    """Return those pieces of an outline, parted by barriers, in which doors stand."""
    found = tree.query(outline, predicate="intersects")
    if not len(found):
        return outline
    west, south, east, north = shapely.bounds(outline)
    cut = shapely.clip_by_rect(barriers[np.sort(found)], west - 1, south - 1, east + 1, north + 1)
    area = shapely.get_dimensions(cut) == 2
    cut[~area] = shapely.buffer(cut[~area], SLIT_M, cap_style="flat")
    pieces = shapely.get_parts(shapely.difference(outline, shapely.union_all(cut)))
    pieces = pieces[shapely.get_dimensions(pieces) == 2]
    if not len(pieces):
        return outline
    kept = np.unique(
        shapely.STRtree(pieces).query(doors, predicate="dwithin", distance=NEAR_PIECE_M)[1]
    )
    return shapely.union_all(pieces[kept]) if len(kept) else outline


def gap_outlines(
    points: GeoDataFrame,
    gap: pd.Series,
    *,
    reach_m: float,
    barriers: GeoDataFrame | None = None,
) -> GeoSeries:
    """Draw the ground of each gap.

    Every door owns the ground within ``reach_m`` that is nearer to it than to any other door,
    covered or not; a gap's outline is the ground of its doors together, so that outlines never
    overlap. Barriers part it, and pieces without a door go: ground across the river.

    Parameters
    ----------
    points
        The doors of *all* residents in a metre CRS, by id; missing or empty ones own nothing.
    gap
        Gap of each resident who is in one, by id.
    reach_m
        How far a door's ground goes, in metres.
    barriers
        Lines and areas in that CRS. Lines cut a slit half a metre wide; areas are left out whole.

    Returns
    -------
    GeoSeries
        (Multi)polygons by gap, in the order of the gaps' ids, in the CRS of ``points``; empty
        where none of a gap's doors has a place.

    Raises
    ------
    TableError
        If the CRSs differ or are in degrees.
    ValueError
        If ``reach_m`` is not a positive number.
    """
    if not 0 < reach_m < np.inf:
        text = "reach_m must be a positive number"
        raise ValueError(text)
    same_metres(points, *(() if barriers is None else (barriers,)))
    ordered = points.geometry.sort_index()
    shapes: Shapes = np.asarray(ordered.to_numpy(), dtype=object)
    placed = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    ordered, shapes = ordered[placed], shapes[placed]
    named = gap.reindex(ordered.index)
    # Doors at one place: a gap's own before a covered neighbour's, then the first by id.
    place_m = np.round(shapely.get_coordinates(shapes), 3)
    order = np.lexsort((named.isna().to_numpy(), place_m[:, 1], place_m[:, 0]))
    moved = (np.diff(place_m[order], axis=0) != 0).any(axis=1)
    first = np.sort(order[np.concatenate([[True], moved])[: len(order)]])
    shapes, named = shapely.points(place_m[first]), named.iloc[first]
    grounds: dict[str, Any] = {}
    members = named.notna().to_numpy()
    if members.any():
        near = _nearby(shapes, members, reach_m)
        cells = _cells(shapes[near], 3 * reach_m)[members[near]]
        grounds = _united(named[members], cells, shapes[members], reach_m, barriers)
    ids = sorted(gap.dropna().unique())
    drawn = [grounds.get(one, shapely.Polygon()) for one in ids]
    return GeoSeries(drawn, index=pd.Index(ids, name="gap", dtype=object), crs=points.crs)


def _ground(cells: Shapes, doors: Shapes, reach_m: float) -> Any:
    """Return the ground of a gap's doors: of each its cell, as far as ``reach_m``."""
    corners_m, cell = shapely.get_coordinates(cells, return_index=True)
    away_m = np.hypot(*(corners_m - shapely.get_coordinates(doors)[cell]).T)
    farthest_m = np.zeros(len(cells))
    np.maximum.at(farthest_m, cell, away_m)
    # Inside the circle's chords, too: such cells meet edge to edge, and are joined fast.
    inner = farthest_m < reach_m * np.cos(np.pi / (4 * CORNERS))
    discs = shapely.buffer(doors[~inner], reach_m, quad_segs=CORNERS)
    outer = shapely.intersection(cells[~inner], discs)
    return shapely.union_all([shapely.coverage_union_all(cells[inner]), *outer])


def _united(
    gap: pd.Series, cells: Shapes, doors: Shapes, reach_m: float, barriers: GeoDataFrame | None
) -> dict[str, Any]:
    """Return the ground of each gap in one piece or more, parted by barriers."""
    walls: Shapes = np.empty(0, dtype=object)
    if barriers is not None:
        walls = np.asarray(barriers.geometry.to_numpy(), dtype=object)
        walls = walls[~(shapely.is_missing(walls) | shapely.is_empty(walls))]
    tree = shapely.STRtree(walls)
    return {
        str(name): _clipped(_ground(cells[rows], doors[rows], reach_m), doors[rows], walls, tree)
        for name, rows in gap.groupby(gap.to_numpy()).indices.items()
    }
