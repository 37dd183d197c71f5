"""Tables of nodes and edges, checked as a whole, as street pieces."""

from __future__ import annotations

from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely

from planner.errors import StreetsError
from planner.labels import Message, message
from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.network.crossings import crossings_at_ends, main_road_at_points
from planner.streets.network.estates import OPEN, estates_of
from planner.streets.network.manners import Manners
from planner.streets.network.node_places import node_places
from planner.streets.network.pieces import (
    StreetPieces,
    line_lengths_m,
    reprojected,
    straight_pieces,
)
from planner.streets.network.rule_lists import SLOWEST_PACE
from planner.tables import listed

FLAGS: Final = ("oneway", "steps", "off_ground", "private")
"""Columns of edges that are true or false."""

NUMBERS: Final = (("pace", 1.0, 1.0, SLOWEST_PACE), ("main_road", 0.0, 0.0, 1.0))
"""Columns of edges with numbers: what an empty cell means, the least, the most."""

END_TOLERANCE_M: Final = 1.0
"""A drawn line may begin and end this far from its nodes: rounding of coordinates, not a gap."""


def pieces_from_tables(
    nodes: pd.DataFrame, edges: pd.DataFrame, *, crs: Any = None
) -> tuple[StreetPieces, pyproj.CRS | None]:
    """Return street pieces and their metre CRS from tables of nodes and edges.

    Parameters and errors are those of
    :meth:`planner.streets.WalkingNetwork.from_tables`.
    """
    problems = _shape_problems(nodes, edges)
    if problems:
        raise StreetsError(message("streets.tables_refused"), problems)
    easting_m, northing_m, known, metre = node_places(nodes, crs)
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
    oneway = _flags(edges, "oneway")
    start, end = start.astype(np.int64), end.astype(np.int64)
    length_m = np.where(np.isnan(given_m), measured_m, given_m)
    rank = np.argsort(np.argsort(ids.astype(str).to_numpy(dtype=object), kind="stable"))
    manners = _manners(edges, rank[start], rank[end], length_m, len(nodes))
    met = main_road_at_points(
        len(nodes), np.concatenate([start, end]), np.tile(manners.main_road, 2)
    )
    crossings = crossings_at_ends(start, end, manners.main_road, met)
    pieces = StreetPieces(
        node_ids=np.asarray(ids.astype(str), dtype=np.str_),
        node_easting_m=easting_m,
        node_northing_m=northing_m,
        start=start,
        end=end,
        length_m=length_m,
        forward=np.ones(len(edges), dtype=bool),
        backward=~oneway,
        vertex_start=vertex_start,
        vertex_easting_m=vertex_easting_m,
        vertex_northing_m=vertex_northing_m,
        manners=manners,
        crossings_start=crossings[0],
        crossings_end=crossings[1],
        node_signals=_flags(nodes, "signals"),
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


def _flags(table: pd.DataFrame, column: str) -> BoolArray:
    """Return which rows of a table have True in a column; none where there is no such column."""
    if column not in table.columns:
        return np.zeros(len(table), dtype=bool)
    return table[column].isin([True]).to_numpy(dtype=bool)


def _numbers(edges: pd.DataFrame, column: str, plain: float) -> FloatArray:
    """Return the numbers of a column, ``plain`` where it has none, NaN where it has no number."""
    if column not in edges.columns:
        return np.full(len(edges), plain)
    given = pd.to_numeric(edges[column], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return np.where(edges[column].isna().to_numpy(), plain, given)


def _manners(
    edges: pd.DataFrame, start: IntArray, end: IntArray, length_m: FloatArray, nodes: int
) -> Manners:
    """Return how the edges are walked; each that is private belongs to an estate."""
    estates = estates_of(
        start,
        end,
        length_m,
        _flags(edges, "private"),
        way=np.arange(len(edges)),
        gate=np.full(nodes, OPEN),
    )
    return Manners(
        steps=_flags(edges, "steps"),
        pace=_numbers(edges, "pace", 1.0),
        estate=estates.estate,
        main_road=_numbers(edges, "main_road", 0.0),
        off_ground=_flags(edges, "off_ground"),
    )


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
    problems += _flag_problems(edges) + _number_problems(edges)
    if "geometry" in edges.columns:
        kinds = shapely.get_type_id(_geometries(edges))
        strange = (kinds != shapely.GeometryType.LINESTRING) & (kinds >= 0)
        if strange.any():
            problems.append(message("streets.not_a_line", rows=listed(edges.index[strange])))
    return problems


def _flag_problems(edges: pd.DataFrame) -> list[Message]:
    problems = []
    for column in FLAGS:
        if column in edges.columns:
            other = edges[column].notna() & ~edges[column].isin([True, False])
            if other.any():
                rows = listed(edges.index[other])
                problems.append(message("streets.flag_refused", column=column, rows=rows))
    return problems


def _number_problems(edges: pd.DataFrame) -> list[Message]:
    problems = []
    for column, plain, least, most in NUMBERS:
        numbers = _numbers(edges, column, plain)
        wrong = ~((numbers >= least) & (numbers <= most))
        if wrong.any():
            rows = listed(edges.index[wrong])
            problems.append(
                message("streets.number_refused", column=column, rows=rows, least=least, most=most)
            )
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
