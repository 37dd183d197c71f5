"""Tables of nodes and edges, checked as a whole, as street pieces."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely

from planner.errors import StreetsError
from planner.labels import Message, message
from planner.projections import metre_crs
from planner.streets.pieces import (
    BoolArray,
    FloatArray,
    IntArray,
    StreetPieces,
    line_lengths_m,
    reprojected,
    straight_pieces,
)
from planner.tables import listed

END_TOLERANCE_M = 1.0
"""A drawn line may begin and end this far from its nodes: rounding of coordinates, not a gap."""


def pieces_from_tables(
    nodes: pd.DataFrame, edges: pd.DataFrame, *, crs: Any = None
) -> tuple[StreetPieces, pyproj.CRS | None]:
    """Return street pieces and their metre CRS from tables of nodes and edges.

    Parameters and errors are those of
    :meth:`planner.streets.network.WalkingNetwork.from_tables`.
    """
    problems = _shape_problems(nodes, edges)
    if problems:
        raise StreetsError(message("streets.tables_refused"), problems)
    easting_m, northing_m, known, metre = _node_coordinates(nodes, crs)
    ids = nodes.index
    start = ids.get_indexer(pd.Index(edges["from_node"]))
    end = ids.get_indexer(pd.Index(edges["to_node"]))
    lines = _lines(edges, known, metre)
    given_m = _given_lengths_m(edges)
    problems = [
        *_node_problems(nodes, easting_m, northing_m),
        *_edge_problems(edges, start, end, given_m),
    ]
    if problems:
        raise StreetsError(message("streets.tables_refused"), problems)
    vertex_start, vertex_easting_m, vertex_northing_m, ends_fit = _shapes(
        start, end, easting_m, northing_m, lines
    )
    if not ends_fit.all():
        rows = listed(edges.index[~ends_fit])
        problem = message("streets.line_off_nodes", rows=rows, limit_m=END_TOLERANCE_M)
        raise StreetsError(message("streets.tables_refused"), [problem])
    measured_m = line_lengths_m(vertex_start, vertex_easting_m, vertex_northing_m, metre)
    oneway = _oneway(edges)
    pieces = StreetPieces(
        node_ids=np.asarray(ids.astype(str), dtype=np.str_),
        node_easting_m=easting_m,
        node_northing_m=northing_m,
        start=start.astype(np.int64),
        end=end.astype(np.int64),
        length_m=np.where(np.isnan(given_m), measured_m, given_m),
        forward=np.ones(len(edges), dtype=bool),
        backward=~oneway,
        vertex_start=vertex_start,
        vertex_easting_m=vertex_easting_m,
        vertex_northing_m=vertex_northing_m,
    )
    return pieces, metre


def _shape_problems(nodes: pd.DataFrame, edges: pd.DataFrame) -> list[Message]:
    """Return what makes the tables unreadable: columns that are not there, no rows."""
    problems = []
    if not isinstance(nodes, geopandas.GeoDataFrame):
        problems += [
            message("streets.column_missing", table="nodes", column=column)
            for column in ("easting_m", "northing_m")
            if column not in nodes.columns
        ]
    problems += [
        message("streets.column_missing", table="edges", column=column)
        for column in ("from_node", "to_node")
        if column not in edges.columns
    ]
    problems += [
        message("streets.table_empty", table=name)
        for name, table in (("nodes", nodes), ("edges", edges))
        if not len(table)
    ]
    if nodes.index.has_duplicates:
        repeated = nodes.index[nodes.index.duplicated()]
        problems.append(message("tables.id_repeated", table="nodes", ids=listed(repeated)))
    return problems


def _node_coordinates(
    nodes: pd.DataFrame, crs: Any
) -> tuple[FloatArray, FloatArray, pyproj.CRS | None, pyproj.CRS | None]:
    """Return the nodes in metres, the CRS that they came in, and that of the metres."""
    known = getattr(nodes, "crs", None)
    known = known if known is not None else crs
    source = pyproj.CRS.from_user_input(known) if known is not None else None
    if isinstance(nodes, geopandas.GeoDataFrame):
        points = nodes.geometry.to_numpy()
        easting, northing = shapely.get_x(points), shapely.get_y(points)
    else:
        easting = nodes["easting_m"].to_numpy(dtype=np.float64, na_value=np.nan)
        northing = nodes["northing_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    if source is None or not source.is_geographic:
        return easting, northing, source, source
    metre = metre_crs(float(np.nanmedian(easting)), float(np.nanmedian(northing)))
    to_metres = pyproj.Transformer.from_crs(source, metre, always_xy=True)
    easting_m, northing_m = to_metres.transform(easting, northing)
    return np.asarray(easting_m), np.asarray(northing_m), source, metre


def _lines(edges: pd.DataFrame, nodes_crs: pyproj.CRS | None, metre: pyproj.CRS | None) -> Any:
    """Return the edges' lines in the network's metres (None where not drawn), shape (edges,)."""
    lines = np.full(len(edges), None, dtype=object)
    if "geometry" not in edges.columns:
        return lines
    given = _geometries(edges)
    drawn = shapely.get_type_id(given) == shapely.GeometryType.LINESTRING
    drawn &= ~shapely.is_empty(given)
    lines[drawn] = given[drawn]
    known = getattr(edges, "crs", None)
    source = pyproj.CRS.from_user_input(known) if known is not None else nodes_crs
    if source is not None and metre is not None and source != metre:
        lines[drawn] = reprojected(lines[drawn], source, metre)
    return lines


def _geometries(edges: pd.DataFrame) -> Any:
    """Return the geometry column, None where missing, an empty point where it is something else."""
    cells = np.empty(len(edges), dtype=object)
    for place, cell in enumerate(edges["geometry"]):
        if isinstance(cell, shapely.Geometry):
            cells[place] = cell
        elif not pd.isna(cell):
            cells[place] = shapely.Point()
    return cells


def _given_lengths_m(edges: pd.DataFrame) -> FloatArray:
    """Return the lengths that the table gives, NaN where it leaves them to be measured."""
    if "length_m" not in edges.columns:
        return np.full(len(edges), np.nan)
    numbers = pd.to_numeric(edges["length_m"], errors="coerce")
    given: FloatArray = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    # A text that is no number is a fault, an empty cell is not: -1 is refused further on.
    unreadable = np.isnan(given) & edges["length_m"].notna().to_numpy()
    return np.where(unreadable, -1.0, given)


def _oneway(edges: pd.DataFrame) -> BoolArray:
    """Return which edges feet may use only from ``from_node`` to ``to_node``."""
    if "oneway" not in edges.columns:
        return np.zeros(len(edges), dtype=bool)
    return edges["oneway"].isin([True]).to_numpy(dtype=bool)


def _node_problems(
    nodes: pd.DataFrame, easting_m: FloatArray, northing_m: FloatArray
) -> list[Message]:
    wrong = ~(np.isfinite(easting_m) & np.isfinite(northing_m))
    if not wrong.any():
        return []
    return [message("streets.node_without_place", ids=listed(nodes.index[wrong]))]


def _edge_problems(
    edges: pd.DataFrame, start: IntArray, end: IntArray, given_m: FloatArray
) -> list[Message]:
    problems = []
    unknown = np.concatenate(
        [edges["from_node"].to_numpy()[start < 0], edges["to_node"].to_numpy()[end < 0]]
    )
    if len(unknown):
        problems.append(message("streets.node_unknown", ids=listed(unknown)))
    wrong = (given_m < 0) | np.isinf(given_m)
    if wrong.any():
        problems.append(message("streets.length_refused", rows=listed(edges.index[wrong])))
    if "oneway" in edges.columns:
        other = edges["oneway"].notna() & ~edges["oneway"].isin([True, False])
        if other.any():
            rows = listed(edges.index[other])
            problems.append(message("streets.oneway_refused", rows=rows))
    if "geometry" in edges.columns:
        kinds = shapely.get_type_id(_geometries(edges))
        strange = (kinds != shapely.GeometryType.LINESTRING) & (kinds >= 0)
        if strange.any():
            problems.append(message("streets.not_a_line", rows=listed(edges.index[strange])))
    return problems


def _shapes(
    start: IntArray, end: IntArray, easting_m: FloatArray, northing_m: FloatArray, lines: Any
) -> tuple[IntArray, FloatArray, FloatArray, BoolArray]:
    """Return the vertices of all pieces, and whether each drawn line runs between its nodes."""
    straight = shapely.is_missing(lines)
    if straight.all():
        return (*straight_pieces(start, end, easting_m, northing_m), straight)
    ends = np.column_stack([easting_m[start], northing_m[start], easting_m[end], northing_m[end]])
    shapes = lines.copy()
    shapes[straight] = shapely.linestrings(ends[straight].reshape(-1, 2, 2))
    coordinates = shapely.get_coordinates(shapes)
    count = shapely.get_num_coordinates(shapes)
    vertex_start = np.concatenate([[0], np.cumsum(count)])
    first, last = coordinates[vertex_start[:-1]], coordinates[vertex_start[1:] - 1]
    gap_m = np.maximum(np.hypot(*(first - ends[:, :2]).T), np.hypot(*(last - ends[:, 2:]).T))
    fits = gap_m <= END_TOLERANCE_M
    return vertex_start, coordinates[:, 0].copy(), coordinates[:, 1].copy(), fits
