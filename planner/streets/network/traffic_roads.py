"""Main roads, walked or not: their traffic reaches who lives beside them, but not in a tunnel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyproj
import shapely

from planner.projections import crs_transformer
from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.network.pieces import flat_ranges
from planner.streets.network.rules import Verdict

if TYPE_CHECKING:
    from planner.streets.network.drawn_ways import DrawnWays
    from planner.streets.network.walking_network import WalkingNetwork


class TrafficRoads(NamedTuple):
    """Lines of roads, as in :class:`planner.streets.network.walking_network.WalkingNetwork`.

    Parameters
    ----------
    start
        Road ``i`` is drawn by the vertices ``start[i]:start[i + 1]``, shape (roads + 1,).
    easting_m, northing_m
        Vertices, shape (vertices,).
    """

    start: IntArray
    easting_m: FloatArray
    northing_m: FloatArray


NO_ROADS: Final = TrafficRoads(np.zeros(1, dtype=np.int64), np.empty(0), np.empty(0))
"""None."""


def bear_traffic(verdicts: Sequence[Verdict]) -> BoolArray:
    """Tell which ways are main roads or motorways outside tunnels, shape (verdicts,)."""
    return np.array([one.traffic for one in verdicts], dtype=np.bool_)


def traffic_roads(
    chosen: BoolArray, vertex_start: IntArray, easting_m: FloatArray, northing_m: FloatArray
) -> TrafficRoads:
    """Return some of a source's lines as roads, whatever the order and direction of drawing.

    Parameters
    ----------
    chosen
        Which lines, shape (lines,).
    vertex_start
        Line ``i`` has the vertices ``vertex_start[i]:vertex_start[i + 1]``, two or more.
    easting_m, northing_m
        Vertices in metres, shape (vertices,).
    """
    lines = np.flatnonzero(chosen)
    if not len(lines):
        return NO_ROADS
    first, last = vertex_start[lines], vertex_start[lines + 1] - 1
    count = last - first + 1
    ends = np.stack([easting_m[[first, last]], northing_m[[first, last]]])
    turned = (ends[0, 0] > ends[0, 1]) | ((ends[0, 0] == ends[0, 1]) & (ends[1, 0] > ends[1, 1]))
    sums = [
        np.add.reduceat(values[flat_ranges(first, count)], np.cumsum(count) - count)
        for values in (easting_m, northing_m)
    ]
    lowest, highest = np.sort(ends, axis=1)[:, 0], np.sort(ends, axis=1)[:, 1]
    order = np.lexsort((*sums, count, *highest, *lowest))
    position = flat_ranges(first[order], count[order])
    mirror = np.repeat((first + last)[order], count[order]) - position
    vertex = np.where(np.repeat(turned[order], count[order]), mirror, position)
    start = np.concatenate([[0], np.cumsum(count[order])])
    return TrafficRoads(start, easting_m[vertex], northing_m[vertex])


def roads_of(ways: DrawnWays, crs: pyproj.CRS) -> TrafficRoads:
    """Return the main roads among ways, those in tunnels left out, in the network's metre CRS."""
    chosen = bear_traffic(ways.verdicts)[ways.verdict]
    if not chosen.any():
        return NO_ROADS
    count = np.diff(ways.vertex_start)
    node = ways.node[np.repeat(chosen, count)]
    to_metres = crs_transformer("EPSG:4326", crs)
    easting_m, northing_m = to_metres.transform(ways.longitude[node], ways.latitude[node])
    vertex_start = np.concatenate([[0], np.cumsum(count[chosen])])
    every = np.ones(len(vertex_start) - 1, dtype=np.bool_)
    return traffic_roads(every, vertex_start, np.asarray(easting_m), np.asarray(northing_m))


def traffic_lines(network: WalkingNetwork) -> Any:
    """Return the main roads that the network knows as shapely lines, shape (roads,)."""
    coordinates = np.column_stack([network.road_easting_m, network.road_northing_m])
    count = np.diff(network.road_start)
    return shapely.linestrings(coordinates, indices=np.repeat(np.arange(len(count)), count))
