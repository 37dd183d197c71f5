"""Barriers that no leg crosses: a planner's layer of rivers, railways and walls, or OSM's own."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from pathlib import Path
from typing import Any, Final

import geopandas
import numpy as np
import shapely

from planner.errors import StreetsError
from planner.labels import Message, message
from planner.streets.arrays import FloatArray
from planner.streets.joining.lattice import INDEX_SIDE_M, INDEX_SQUARES, looked_up
from planner.streets.joining.sight import Walls
from planner.streets.network.pieces import reprojected
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.road_layers.files import read_features
from planner.streets.sources.ground import GROUND_CRS, WATER, ground_rows
from planner.streets.sources.osm import SUFFIXES
from planner.tables import listed

BARRIER_LINES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "waterway": {"waterway": ("river", "canal")},
    "railway": {"railway": ("rail", "light_rail", "narrow_gauge")},
    "wall": {"barrier": ("wall", "city_wall")},
    "fence": {"barrier": ("fence",)},
    "hedge": {"barrier": ("hedge",)},
}
"""Kinds of barriers in OpenStreetMap, beside the outlines of ``water``."""

BARRIER_KINDS: Final = ("water", "waterway", "railway", "wall")
"""Kinds that count unless the caller says otherwise. Fences and hedges do not: most of them stand
round one house's own garden, whose door they would cut off from its street."""

DRAWN: Final = "drawn"
"""Kind of the barriers of a planner's own layer."""

LONGEST_PIECE_M: Final = 256.0
"""Straight pieces are cut to this, so that each touches few of the squares that they lie in."""

_LINEAR: Final = (
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.LINEARRING,
    shapely.GeometryType.POLYGON,
)


def _parts(barriers: geopandas.GeoDataFrame) -> tuple[Any, Any]:
    """Return the single shapes of a layer, and the row of each."""
    parts: Any = np.array(barriers.geometry.to_numpy(), dtype=object)
    row = np.arange(len(parts))
    for _ in range(2):  # a collection of multi-shapes
        parts, within = shapely.get_parts(parts, return_index=True)
        row = row[within]
    drawn = ~shapely.is_empty(parts)
    return parts[drawn], row[drawn]


def _problems(barriers: geopandas.GeoDataFrame, table: str) -> list[Message]:
    """Return all that keeps a layer from being one of barriers, but for its CRS."""
    parts, row = _parts(barriers)
    problems = []
    other = ~np.isin(shapely.get_type_id(parts), _LINEAR)
    if other.any():
        ids = listed(barriers.index[np.unique(row[other])])
        problems.append(message("barriers.points_in_it", table=table, ids=ids))
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    lost = np.unique(part[~np.isfinite(coordinates).all(axis=1)])
    if len(lost):
        ids = listed(barriers.index[np.unique(row[lost])])
        problems.append(message("barriers.off_the_map", table=table, ids=ids))
    return problems


def _ends(
    network: WalkingNetwork, barriers: geopandas.GeoDataFrame, limit_m: float, table: str
) -> FloatArray:
    """Return the straight pieces that legs can meet, in the network's CRS, shape (pieces, 4)."""
    if not isinstance(barriers, geopandas.GeoDataFrame):
        text = f"{table} must be a GeoDataFrame of lines or areas"
        raise TypeError(text)
    problems = _problems(barriers, table)
    if barriers.crs is None and network.crs is not None:
        crs = network.crs.name
        problems.append(message("barriers.without_crs", table=table, crs=crs))
    if network.crs is None and barriers.crs is not None and barriers.crs.is_geographic:
        problems.append(message("barriers.in_degrees", table=table))
    if problems:
        raise StreetsError(message("barriers.refused", table=table), problems)
    parts, _ = _parts(barriers)
    area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    lines = np.concatenate([parts[~area], shapely.get_rings(parts[area])])
    if network.crs is not None and barriers.crs != network.crs:
        lines = reprojected(lines, barriers.crs, network.crs)
    bounds = shapely.bounds(lines).reshape(-1, 4)
    margin_m = limit_m + 1.0
    near = np.isfinite(bounds).all(axis=1)
    for axis, all_m in enumerate((network.vertex_easting_m, network.vertex_northing_m)):
        near &= bounds[:, axis + 2] >= all_m.min() - margin_m
        near &= bounds[:, axis] <= all_m.max() + margin_m
    lines = shapely.segmentize(lines[near], LONGEST_PIECE_M)
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    ends = np.column_stack([coordinates[:-1], coordinates[1:]])[np.diff(line) == 0]
    moved: FloatArray = ends[(ends[:, :2] != ends[:, 2:]).any(axis=1)]
    return moved


def walls_of(
    network: WalkingNetwork,
    barriers: geopandas.GeoDataFrame | None,
    limit_m: float,
    table: str = "barriers",
) -> Walls:
    """Return the straight pieces of barriers that legs to a network can meet, for the kernels.

    Parameters
    ----------
    network
        What doors join.
    barriers
        Lines and areas (their outlines count) in any CRS; None for none.
    limit_m
        Longest leg.
    table
        What the errors call the barriers.

    Raises
    ------
    StreetsError
        If the layer holds points, places that its CRS cannot show, or has no CRS.
    """
    ends = np.empty((0, 4)) if barriers is None else _ends(network, barriers, limit_m, table)
    if not len(ends):
        nothing = np.zeros(1, dtype=np.int64)
        return Walls(ends, 0.0, 0.0, INDEX_SIDE_M, 0, 0, nothing, np.empty(0, dtype=np.int32))
    east, north = ends[:, ::2].copy(), ends[:, 1::2].copy()
    west, south = float(east.min()), float(north.min())
    extent_m = max(float(east.max()) - west, float(north.max()) - south)
    side = max(INDEX_SIDE_M, extent_m / INDEX_SQUARES)
    columns = int((east.max() - west) / side) + 1
    rows = int((north.max() - south) / side) + 1
    start, piece = looked_up(east, north, west, south, side, columns, rows)
    return Walls(ends, west, south, side, columns, rows, start, piece)


def read_barriers(
    path: str | PathLike[str],
    *,
    layer: str | None = None,
    kinds: Collection[str] = BARRIER_KINDS,
) -> geopandas.GeoDataFrame:
    """Read barriers from a planner's own layer or from an OpenStreetMap file.

    Parameters
    ----------
    path
        ``.gpkg``, ``.shp`` or ``.geojson`` with lines or areas, all of which count; or an
        OpenStreetMap file (``.osm.pbf``, ``.osm``, ``.osm.gz``, ``.osm.bz2``).
    layer
        Layer of the former; the first with lines, else with shapes, unless given.
    kinds
        Kinds of the latter that count: ``water`` (outlines of lakes, wide rivers and reservoirs),
        ``waterway`` (rivers and canals), ``railway`` (rail, light rail and narrow gauge), ``wall``
        (walls and city walls), ``fence``, ``hedge``. What lies in a tunnel or culvert never counts,
        nor does a railway or canal on a bridge: one walks above or below. Fences and hedges only
        count where asked for, see :data:`BARRIER_KINDS`.

    Returns
    -------
    GeoDataFrame
        ``barrier_kind`` (``drawn`` in a planner's own layer), ``name`` and ``geometry``, in the
        CRS of the file; EPSG:4326 for OpenStreetMap. Without rows for an OpenStreetMap file that
        holds none.

    Raises
    ------
    InputFileError
        If the file is missing or broken.
    StreetsError
        If a layer holds no line or area, or holds points, or has no CRS.
    ValueError
        If a kind is unknown.
    """
    file = Path(path)
    unknown = sorted(set(kinds) - {"water", *BARRIER_LINES})
    if unknown:
        text = f"unknown kinds of barriers: {unknown}"
        raise ValueError(text)
    if file.name.lower().endswith(SUFFIXES):
        lines = {kind: BARRIER_LINES[kind] for kind in BARRIER_LINES if kind in kinds}
        rows = ground_rows(file, WATER if "water" in kinds else {}, lines, bridges=False)
        shapes: Any = shapely.from_wkb([row[2] for row in rows])
        names = {
            "barrier_kind": [row[0] for row in rows],
            "name": [row[1] for row in rows],
        }
        return geopandas.GeoDataFrame(names, geometry=list(shapes), crs=GROUND_CRS)
    frame, _ = read_features(file, layer)
    problems = _problems(frame, file.name)
    if frame.crs is None:
        problems.append(message("barriers.file_without_crs", table=file.name))
    if not len(_parts(frame)[0]):
        problems.append(message("barriers.empty", table=file.name))
    if problems:
        raise StreetsError(message("barriers.refused", table=file.name), problems)
    texts = frame["name"].fillna("").astype(str).tolist() if "name" in frame.columns else ""
    return geopandas.GeoDataFrame(
        {"barrier_kind": DRAWN, "name": texts}, geometry=frame.geometry, index=frame.index
    )
