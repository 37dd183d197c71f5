"""Street pieces as every reader hands them over, before they become a network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyproj
import shapely

from planner.projections import crs_transformer
from planner.streets.arrays import BoolArray, FloatArray, IntArray, TextArray
from planner.streets.network.manners import Manners

SHORT_M: Final = 1000.0
"""Steps of streets at most so long are measured by their chords."""


@dataclass(frozen=True)
class StreetPieces:
    """Undirected street pieces between nodes, in any order, with their shape in metres.

    Parameters
    ----------
    node_ids
        Text ids of the nodes, shape (nodes,).
    node_easting_m, node_northing_m
        Where they lie, shape (nodes,), in metres.
    start, end
        First and last node of each piece, as positions in ``node_ids``, shape (pieces,).
    length_m
        Walked length of each piece in metres, shape (pieces,).
    forward, backward
        Whether feet may go from ``start`` to ``end``, and back, shape (pieces,).
    vertex_start
        Piece ``i`` is drawn by the vertices ``vertex_start[i]:vertex_start[i + 1]``, its two ends
        among them, shape (pieces + 1,).
    vertex_easting_m, vertex_northing_m
        The vertices, in metres.
    manners
        How each piece is walked.
    crossings_start, crossings_end
        Crossings of main roads that whoever passes an end of a piece makes there, in either
        direction, shape (pieces,).
    node_signals
        Whether lights stop the traffic at a node, shape (nodes,).
    """

    node_ids: TextArray
    node_easting_m: FloatArray
    node_northing_m: FloatArray
    start: IntArray
    end: IntArray
    length_m: FloatArray
    forward: BoolArray
    backward: BoolArray
    vertex_start: IntArray
    vertex_easting_m: FloatArray
    vertex_northing_m: FloatArray
    manners: Manners
    crossings_start: FloatArray
    crossings_end: FloatArray
    node_signals: BoolArray


def only_touched_nodes(pieces: StreetPieces) -> StreetPieces:
    """Return the pieces without nodes that none of them touches."""
    used, place = np.unique(np.concatenate([pieces.start, pieces.end]), return_inverse=True)
    return replace(
        pieces,
        node_ids=pieces.node_ids[used],
        node_easting_m=pieces.node_easting_m[used],
        node_northing_m=pieces.node_northing_m[used],
        node_signals=pieces.node_signals[used],
        start=place[: len(pieces.start)],
        end=place[len(pieces.start) :],
    )


def straight_pieces(
    start: IntArray, end: IntArray, node_easting_m: FloatArray, node_northing_m: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return vertices of pieces that run straight from node to node.

    Returns
    -------
    tuple of ndarray
        ``vertex_start``, ``vertex_easting_m`` and ``vertex_northing_m`` of :class:`StreetPieces`.
    """
    ends = np.column_stack([start, end]).ravel()
    return np.arange(len(start) + 1) * 2, node_easting_m[ends], node_northing_m[ends]


def flat_ranges(first: IntArray, count: IntArray) -> IntArray:
    """Return ``first[0], first[0] + 1, …`` (``count[0]`` of them), then those of the next, …."""
    offset = np.concatenate([[0], np.cumsum(count)])
    positions: IntArray = np.arange(offset[-1]) + np.repeat(first - offset[:-1], count)
    return positions


def reprojected(shapes: Any, source: pyproj.CRS, target: pyproj.CRS) -> Any:
    """Return shapely shapes (none missing) in another CRS, coordinates in the order of maps."""
    transformer = crs_transformer(source, target)

    def moved(coordinates: FloatArray) -> FloatArray:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    return shapely.transform(shapes, moved)


def line_lengths_m(
    vertex_start: IntArray,
    vertex_easting_m: FloatArray,
    vertex_northing_m: FloatArray,
    crs: pyproj.CRS | None,
) -> FloatArray:
    """Return how long lines are on the ground, shape (lines,).

    On the ellipsoid of ``crs``, vertex by vertex; in the plane where there is no CRS.
    """
    if crs is None:
        step_m = np.hypot(np.diff(vertex_easting_m), np.diff(vertex_northing_m))
    else:
        to_degrees = crs_transformer(crs, crs.geodetic_crs)
        longitude, latitude = to_degrees.transform(vertex_easting_m, vertex_northing_m)
        step_m = ellipsoid_steps_m(longitude, latitude, crs)
    return line_sums(step_m, vertex_start)


def line_sums(step_m: FloatArray, vertex_start: IntArray) -> FloatArray:
    """Return the sum of each line's own steps; the steps from line to line count nowhere."""
    if len(vertex_start) < 2:
        return np.empty(0)
    own_m = step_m.copy()
    own_m[vertex_start[1:-1] - 1] = 0.0
    return np.add.reduceat(own_m, vertex_start[:-1])


def ellipsoid_steps_m(
    longitude: FloatArray, latitude: FloatArray, crs: pyproj.CRS | None = None
) -> FloatArray:
    """Return metres from each point to the next on the ellipsoid (WGS 84's unless given)."""
    geod = None if crs is None else crs.get_geod()
    point = np.arange(len(longitude))
    return ellipsoid_lengths_m(longitude, latitude, point[:-1], point[1:], geod)


def _space_m(
    longitude: FloatArray, latitude: FloatArray, geod: pyproj.Geod
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return where points of the ellipsoid lie in space, in metres from its middle."""
    east, north = np.radians(longitude), np.radians(latitude)
    upward = np.sin(north)
    normal_m = geod.a / np.sqrt(1.0 - geod.es * upward**2)
    outward_m = normal_m * np.cos(north)
    return (
        outward_m * np.cos(east),
        outward_m * np.sin(east),
        normal_m * (1.0 - geod.es) * upward,
    )


def ellipsoid_lengths_m(
    longitude: FloatArray,
    latitude: FloatArray,
    start: IntArray,
    end: IntArray,
    geod: pyproj.Geod | None = None,
) -> FloatArray:
    """Return metres between pairs of points on the ellipsoid (WGS 84's unless given).

    Nearly all steps of streets are short. Of those the straight line through the ground is
    measured, and the arc made of it: a chord ``d`` of a circle of radius ``R`` has the arc
    ``d + d³ / 24 R²`` and less than ``d⁵ / 200 R⁴`` more. Curvature of the ellipsoid differs from
    the mean radius by 0.6 % at most, so that up to :data:`SHORT_M` the length is right to 1e-7 m
    (roundings of coordinates in space are 1e-8 m). Longer ones are geodesics (C. F. F. Karney,
    "Algorithms for geodesics", Journal of Geodesy 87, 2013).

    Parameters
    ----------
    longitude, latitude
        Points, in degrees, shape (points,).
    start, end
        The two points of each pair, by position, shape (pairs,).
    geod
        The ellipsoid.

    Returns
    -------
    ndarray
        Shape (pairs,); the same to the last bit for a pair turned round, if short.
    """
    geod = pyproj.Geod(ellps="WGS84") if geod is None else geod
    square_m2 = np.zeros(len(start))
    for place_m in _space_m(longitude, latitude, geod):
        square_m2 += (place_m[start] - place_m[end]) ** 2
    chord_m = np.sqrt(square_m2)
    mean_radius_m = (2.0 * geod.a + geod.b) / 3.0
    length_m: FloatArray = chord_m * (1.0 + square_m2 / (24.0 * mean_radius_m**2))
    long = np.flatnonzero(~(chord_m <= SHORT_M))
    if len(long):
        first, last = start[long], end[long]
        length_m[long] = geod.inv(
            longitude[first], latitude[first], longitude[last], latitude[last]
        )[2]
    return length_m
