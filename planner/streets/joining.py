"""Joining points to the streets: each to the nearest spot of the nearest usable segment."""

from __future__ import annotations

from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import shapely

from planner.errors import StreetsError
from planner.labels import Message, message
from planner.streets.network import WalkingNetwork
from planner.streets.pieces import FloatArray, IntArray, reprojected
from planner.tables import listed

JOIN_LIMIT_M: Final = 200.0
"""A door farther than this from every street is not joined, unless the caller says otherwise."""

JOINED_COLUMNS: Final = (
    "segment",
    "fraction",
    "leg_m",
    "joined",
    "part",
    "easting_m",
    "northing_m",
)


def segment_lines(network: WalkingNetwork) -> Any:
    """Return the shapes of all segments as shapely lines, shape (segments,)."""
    coordinates = np.column_stack([network.vertex_easting_m, network.vertex_northing_m])
    lines = np.repeat(np.arange(network.segment_count), np.diff(network.vertex_start))
    return shapely.linestrings(coordinates, indices=lines)


def _points(network: WalkingNetwork, points: geopandas.GeoDataFrame, table: str) -> Any:
    """Return the points in the network's CRS, None where there is none, shape (points,)."""
    geometry = points.geometry
    problems: list[Message] = []
    kinds = geometry.geom_type
    other = kinds.notna() & (kinds != "Point")
    if other.any():
        ids = listed(points.index[other])
        problems.append(message("streets.not_points", table=table, ids=ids))
    if points.crs is None and network.crs is not None:
        crs = network.crs.name
        problems.append(message("streets.points_without_crs", table=table, crs=crs))
    if network.crs is None and points.crs is not None and points.crs.is_geographic:
        problems.append(message("streets.points_in_degrees", table=table))
    if problems:
        raise StreetsError(message("streets.points_refused"), problems)
    placed = np.array(geometry.to_numpy(), dtype=object)
    placed[shapely.is_empty(placed)] = None
    if network.crs is not None and points.crs != network.crs:
        known = ~shapely.is_missing(placed)
        placed[known] = reprojected(placed[known], points.crs, network.crs)
    # Coordinates that are no numbers, or that lie outside what the CRS can show, are no place.
    placed[~(np.isfinite(shapely.get_x(placed)) & np.isfinite(shapely.get_y(placed)))] = None
    return placed


def _nearest(lines: Any, numbers: IntArray, points: Any) -> tuple[IntArray, FloatArray]:
    """Return the nearest line to each point (-1: none) and the metres to it.

    Parameters
    ----------
    lines, numbers
        All lines, and the numbers of those to choose from, ascending. Of equally near lines the
        one with the lowest number is taken.
    points
        Points without None, shape (points,).
    """
    found = np.full(len(points), -1, dtype=np.int64)
    away_m = np.full(len(points), np.inf)
    if not len(numbers) or not len(points):
        return found, away_m
    tree = shapely.STRtree(lines[numbers])
    (point, line), distance_m = tree.query_nearest(points, return_distance=True)
    order = np.lexsort((line, point))
    first = order[np.concatenate([[True], np.diff(point[order]) != 0])]
    found[point[first]] = numbers[line[first]]
    away_m[point[first]] = distance_m[first]
    return found, away_m


def join_to_streets(
    network: WalkingNetwork,
    points: geopandas.GeoDataFrame,
    *,
    limit_m: float = JOIN_LIMIT_M,
    table: str = "points",
) -> pd.DataFrame:
    """Join points to the nearest spot on the nearest street segment within a limit.

    A segment of the network's main part is preferred wherever one is within the limit, even where a
    stray piece is nearer: one walks over to the street that leads somewhere.

    Parameters
    ----------
    network
        Where to join.
    points
        Points in any CRS, by id. Empty or missing geometry is allowed: not joined.
    limit_m
        Longest leg from a point to its street, in metres; a leg of exactly this length counts.
    table
        What the errors call the points.

    Returns
    -------
    DataFrame
        One row for every point, in their order, indexed by their ids:
        ``segment`` (-1 where not joined), ``fraction`` (0–1 along the segment's length from its
        first node; NaN where not joined), ``leg_m`` (straight metres to the joined spot, or to the
        nearest segment where that is beyond the limit; NaN for a point without a place),
        ``joined``, ``part`` (of the network; 0 is the main part, -1 where not joined),
        ``easting_m`` and ``northing_m`` of the joined spot, in the network's CRS.

    Raises
    ------
    StreetsError
        If geometry is not of points, or a CRS is missing.
    ValueError
        If the limit is negative or no number.
    """
    if not limit_m >= 0:
        text = f"limit_m must be 0 or more, not {limit_m}"
        raise ValueError(text)
    placed = _points(network, points, table)
    known = np.flatnonzero(~shapely.is_missing(placed))
    lines = segment_lines(network)
    main = network.segment_part == 0
    segment, leg_m = _nearest(lines, np.flatnonzero(main), placed[known])
    away = np.flatnonzero(~(leg_m <= limit_m))
    stray, stray_m = _nearest(lines, np.flatnonzero(~main), placed[known[away]])
    nearer = stray_m < leg_m[away]
    segment[away[nearer]] = stray[nearer]
    leg_m[away[nearer]] = stray_m[nearer]
    return _joined_table(network, points.index, placed, known, lines, segment, leg_m, limit_m)


def _joined_table(
    network: WalkingNetwork,
    ids: pd.Index,
    placed: Any,
    known: IntArray,
    lines: Any,
    segment: IntArray,
    leg_m: FloatArray,
    limit_m: float,
) -> pd.DataFrame:
    """Return the table of :func:`join_to_streets` from the segments found for ``known`` points."""
    near = leg_m <= limit_m
    rows, segment_here = known[near], segment[near]
    line = lines[segment_here]
    fraction = shapely.line_locate_point(line, placed[rows], normalized=True)
    # A line without length (a drawn ring shrunk to a point) has no fractions: its start will do.
    fraction = np.clip(np.nan_to_num(fraction, nan=0.0), 0.0, 1.0)
    spot = shapely.line_interpolate_point(line, fraction, normalized=True)
    count = len(ids)
    columns: dict[str, Any] = {
        "segment": np.full(count, -1, dtype=np.int64),
        "fraction": np.full(count, np.nan),
        "leg_m": np.full(count, np.nan),
        "joined": np.zeros(count, dtype=bool),
        "part": np.full(count, -1, dtype=np.int64),
        "easting_m": np.full(count, np.nan),
        "northing_m": np.full(count, np.nan),
    }
    columns["segment"][rows] = segment_here
    columns["fraction"][rows] = fraction
    columns["leg_m"][known] = leg_m
    columns["joined"][rows] = True
    columns["part"][rows] = network.segment_part[segment_here]
    columns["easting_m"][rows] = shapely.get_x(spot)
    columns["northing_m"][rows] = shapely.get_y(spot)
    return pd.DataFrame(columns, index=ids)
