"""Drawing catchments batch by batch: streets searched, land shared out, shapes gathered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import shapely

from planner import units
from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.catchment.lines import multi_lines_wkb, reached_lines
from planner.streets.catchment.memory import memory_for
from planner.streets.catchment.places import places_of
from planner.streets.catchment.search import Field, nodes_within, touched_segments
from planner.streets.catchment.shape import outlines, window_of
from planner.streets.catchment.sharing import land_near
from planner.streets.joining.lattice import Pieces, straight_street_pieces
from planner.streets.joining.sight import Walls
from planner.streets.network.spatial_order import morton_codes
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.search.points import search_arcs
from planner.streets.walking.arcs import Arcs, Spots
from planner.streets.walking.costs import EdgeMinutes

LAND_AT_ONCE_M2: Final = 2e8
"""Land that a thread works on at a time: bounds memory, however many centres there are."""

EXTENT_AT_ONCE_M: Final = 20_000.0
"""Centres of one batch lie within a square of this side, unless a single limit is wider."""


@dataclass(frozen=True)
class Task:
    """What is asked of the streets, for all centres alike.

    Parameters
    ----------
    arcs
        What is walked on, against the walk.
    pieces, piece_start
        Straight street pieces; those of segment ``i`` are ``piece_start[i]:piece_start[i + 1]``.
    walls
        Barriers that no leg crosses.
    minutes_per_m
        Minutes a metre on the legs.
    limits
        Minutes, ascending, with the slack of :func:`planner.units.within`.
    join_limit_m, step_m
        Longest leg, and step of the lattice.
    """

    arcs: Arcs
    pieces: Pieces
    piece_start: IntArray
    walls: Walls
    minutes_per_m: float
    limits: tuple[float, ...]
    join_limit_m: float
    step_m: float

    @classmethod
    def of(
        cls,
        network: WalkingNetwork,
        costs: EdgeMinutes,
        limits_minutes: tuple[float, ...],
        join_limit_m: float,
        step_m: float,
        walls: Walls,
        usable: BoolArray | None,
    ) -> Task:
        """Return the task for a network and its minutes; places join usable segments alone."""
        return cls(
            search_arcs(network, costs, against=True),
            straight_street_pieces(network, usable),
            network.vertex_start - np.arange(network.segment_count + 1),
            walls,
            costs.leg_minutes_per_m,
            tuple(limit + units.TOLERANCE_MINUTES for limit in limits_minutes),
            join_limit_m,
            step_m,
        )

    @property
    def margin_m(self) -> float:
        """How far land within the limit can lie from its street."""
        return min(self.join_limit_m, self.limits[-1] / self.minutes_per_m)


@dataclass
class Shapes:
    """Rings or lines drawn so far, each with the shape (by number) and the patch it belongs to."""

    coordinates: list[FloatArray] = field(default_factory=lambda: [np.empty((0, 2))])
    vertex_count: list[IntArray] = field(default_factory=lambda: [np.empty(0, dtype=np.int64)])
    shape: list[IntArray] = field(default_factory=lambda: [np.empty(0, dtype=np.int64)])
    patch: list[IntArray] = field(default_factory=lambda: [np.empty(0, dtype=np.int64)])

    def add(self, shape: int, drawn: FloatArray, start: IntArray, patch: IntArray) -> None:
        """Add the lines or rings of one shape."""
        self.coordinates.append(drawn)
        self.vertex_count.append(np.diff(start))
        self.shape.append(np.full(len(start) - 1, shape))
        self.patch.append(patch.astype(np.int64))

    def _flat(self) -> tuple[FloatArray, IntArray, IntArray, IntArray]:
        """Return all coordinates, which line each belongs to, and shape and patch of the lines."""
        count = np.concatenate(self.vertex_count)
        line = np.repeat(np.arange(len(count)), count)
        return (
            np.concatenate(self.coordinates),
            line,
            np.concatenate(self.shape),
            np.concatenate(self.patch),
        )

    def lines(self, count: int) -> Any:
        """Return ``count`` MultiLineStrings; their lines were added shape by shape."""
        gathered = np.full(count, shapely.MultiLineString(), dtype=object)
        shape = np.concatenate(self.shape)
        if not len(shape):
            return gathered
        vertex_count = np.concatenate(self.vertex_count)
        octets, first = multi_lines_wkb(np.concatenate(self.coordinates), vertex_count, shape)
        blobs = [octets[one:last].tobytes() for one, last in pairwise(first.tolist())]
        gathered[np.unique(shape)] = shapely.from_wkb(blobs)
        return gathered

    def areas(self, count: int) -> Any:
        """Return ``count`` MultiPolygons; each patch is a polygon, its holes are holes."""
        coordinates, line, shape, patch = self._flat()
        gathered = np.full(count, shapely.MultiPolygon(), dtype=object)
        if not len(line):
            return gathered
        rings: Any = shapely.linearrings(coordinates, indices=line)
        order = np.lexsort((~shapely.is_ccw(rings), patch, shape))
        shape, patch = shape[order], patch[order]
        begins = np.concatenate([[True], (np.diff(shape) != 0) | (np.diff(patch) != 0)])
        polygons: Any = shapely.polygons(rings[order], indices=np.cumsum(begins) - 1)
        shapely.multipolygons(polygons, indices=shape[begins], out=gathered)
        return gathered


def batches(network: WalkingNetwork, spots: Spots, task: Task) -> Iterator[IntArray]:
    """Yield centres that lie together, as many as :data:`LAND_AT_ONCE_M2` allows."""
    if not len(spots.segment):
        return
    node = network.segment_from[spots.segment]
    east, north = network.node_easting_m[node], network.node_northing_m[node]
    order = np.argsort(morton_codes(east, north), kind="stable")
    radius_m = task.limits[-1] / task.minutes_per_m + task.margin_m
    most = max(1, int(LAND_AT_ONCE_M2 / (4.0 * radius_m**2)))
    first = 0
    for place in range(1, len(order) + 1):
        if place < len(order) and place - first < most:
            batch = order[first : place + 1]
            if max(np.ptp(east[batch]), np.ptp(north[batch])) <= EXTENT_AT_ONCE_M:
                continue
        yield order[first:place]
        first = place


class Batch:
    """Centres that lie together, with the land around them shared out once."""

    def __init__(self, task: Task, spots: Spots) -> None:
        self.task = task
        self.spots = spots
        self.start, self.node, self.minutes = nodes_within(task.arcs, spots, task.limits[-1])
        segment_count = len(task.arcs.segment_from)
        self.best = np.full(len(task.arcs.start) - 1, np.inf)
        self.seen = np.full(segment_count, -1, dtype=np.int32)
        self.segments = touched_segments(task.arcs, self.node, spots.segment, self.seen, 0)
        self.land = land_near(
            task.pieces, task.walls, self._margins_m(), task.step_m, task.join_limit_m
        )
        self.places = places_of(task.pieces, task.walls, self.land, segment_count)
        self.memory = memory_for(task.walls)

    def _margins_m(self) -> FloatArray:
        """Return how far from each segment the land in time can lie, -1 where none can.

        No farther than the longest leg, nor than what is left at the segment's best end.
        """
        arcs, task = self.task.arcs, self.task
        best = self.nearest(self.best)
        least = np.minimum(best[arcs.segment_from], best[arcs.segment_to])
        np.minimum.at(least, self.spots.segment, self.spots.leg)
        best[self.node] = np.inf
        left_m = (task.limits[-1] - least) / task.minutes_per_m
        return np.where(left_m < 0, -1.0, np.minimum(left_m, task.join_limit_m))

    def draw(self, place: int, lines: Shapes, areas: Shapes) -> None:
        """Draw the streets and land of one centre, as shapes ``place * limits`` and following."""
        found = slice(self.start[place], self.start[place + 1])
        node, home = self.node[found], self.spots.segment[place : place + 1]
        self.best[node] = self.minutes[found]
        one = Field(self.best, *(column[place : place + 1] for column in self.spots))
        segments = touched_segments(self.task.arcs, node, home, self.seen, place + 1)
        shape = place * len(self.task.limits)
        draw_lines(self.task, one, segments, lines, shape)
        self._draw_areas(one, segments, areas, shape)
        self.best[node] = np.inf

    def draw_together(self, areas: Shapes) -> None:
        """Draw the land of all centres of the batch together."""
        nearest = self.nearest(self.best)
        self._draw_areas(field_of(nearest, self.spots), self.segments, areas, 0)
        self.best[self.node] = np.inf

    def nearest(self, best: FloatArray) -> FloatArray:
        """Return ``best`` with the minutes from each node to its nearest centre noted in it."""
        np.minimum.at(best, self.node, self.minutes)
        return best

    def _draw_areas(self, times: Field, segments: IntArray, areas: Shapes, shape: int) -> None:
        task = self.task
        window = window_of(
            task.arcs, times, self.places, segments, task.minutes_per_m, task.limits[-1]
        )
        for number, limit in enumerate(task.limits):
            drawn = outlines(
                task.arcs,
                times,
                task.pieces,
                task.walls,
                self.land,
                self.places,
                self.memory,
                task.minutes_per_m,
                window,
                limit,
            )
            areas.add(shape + number, *drawn)


class Drawn(NamedTuple):
    """What was drawn of a batch of centres.

    Parameters
    ----------
    lines, areas
        Streets and land of each centre and limit, shape (centres, limits).
    together
        Land of all centres together, shape (limits,); None unless asked for.
    node, minutes
        Nodes within the limit of each centre, and the minutes there.
    """

    lines: Any
    areas: Any
    together: Any
    node: IntArray
    minutes: FloatArray


def draw_batch(task: Task, spots: Spots, *, union: bool) -> Drawn:
    """Draw the streets and land of centres that lie together.

    Parameters
    ----------
    task
        What is asked.
    spots
        The centres.
    union
        Whether to draw the land of all of them together, too.
    """
    batch = Batch(task, spots)
    lines, areas, together = Shapes(), Shapes(), Shapes()
    count, limits = len(spots.leg), len(task.limits)
    for place in range(count):
        batch.draw(place, lines, areas)
    if union:
        batch.draw_together(together)
    return Drawn(
        lines.lines(count * limits).reshape(count, limits),
        areas.areas(count * limits).reshape(count, limits),
        together.areas(limits) if union else None,
        batch.node,
        batch.minutes,
    )


def field_of(best: FloatArray, spots: Spots) -> Field:
    """Return the times to the nearest of several centres."""
    order = np.argsort(spots.segment, kind="stable")
    return Field(best, *(column[order] for column in spots))


def draw_lines(task: Task, times: Field, segments: IntArray, lines: Shapes, shape: int) -> None:
    """Draw the street pieces within each limit, as shapes ``shape`` and following."""
    for number, limit in enumerate(task.limits):
        drawn, start = reached_lines(
            task.arcs, times, task.pieces, task.piece_start, segments, limit
        )
        lines.add(shape + number, drawn, start, np.zeros(len(start) - 1, dtype=np.int64))
