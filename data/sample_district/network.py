"""Streets under construction: nodes, ways, and straight segments that others may join."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from shapely import LineString, STRtree

from sample_district.ground import Point

Tags = dict[str, str]
SAME_JUNCTION_M = 7.0
"""Two streets that would join a third nearer to each other than this share one junction."""


@dataclass
class Way:
    """An OSM way: node numbers in order, and tags."""

    nodes: list[int]
    tags: Tags


@dataclass
class Segment:
    """A straight street from one node to another; later streets may join anywhere along it."""

    start: Point
    end: Point
    tags: Tags
    stops: list[tuple[float, int]] = field(default_factory=list)

    @property
    def length_m(self) -> float:
        """Length in metres."""
        return float(np.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]))

    def position(self, point: Point) -> float:
        """Return where along the segment (0 to 1) a point comes nearest."""
        east, north = self.end[0] - self.start[0], self.end[1] - self.start[1]
        along = (point[0] - self.start[0]) * east + (point[1] - self.start[1]) * north
        return float(min(1.0, max(0.0, along / (east * east + north * north))))

    def at(self, position: float) -> Point:
        """Return the point at a position from 0 to 1."""
        return (
            self.start[0] + position * (self.end[0] - self.start[0]),
            self.start[1] + position * (self.end[1] - self.start[1]),
        )

    def distance_m(self, point: Point) -> float:
        """Return the distance from a point to the segment."""
        nearest = self.at(self.position(point))
        return float(np.hypot(point[0] - nearest[0], point[1] - nearest[1]))


@dataclass
class Streets:
    """All nodes and ways of the district while it is being built."""

    points: list[Point] = field(default_factory=list)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)

    def node(self, point: Point, **tags: str) -> int:
        """Add a node and return its number."""
        self.points.append((float(point[0]), float(point[1])))
        number = len(self.points) - 1
        if tags:
            self.node_tags[number] = dict(tags)
        return number

    def mark(self, node: int, **tags: str) -> None:
        """Add tags to a node."""
        self.node_tags.setdefault(node, {}).update(tags)

    def way(self, nodes: list[int], tags: Tags) -> None:
        """Add a way through nodes that exist."""
        self.ways.append(Way(list(nodes), dict(tags)))

    def line(self, points: list[Point], tags: Tags) -> list[int]:
        """Add a way through new nodes and return their numbers."""
        nodes = [self.node(point) for point in points]
        self.way(nodes, tags)
        return nodes

    def segment(self, start: int, end: int, tags: Tags) -> Segment:
        """Add a straight street between two nodes."""
        made = Segment(self.points[start], self.points[end], dict(tags))
        made.stops = [(0.0, start), (1.0, end)]
        self.segments.append(made)
        return made

    def join(self, segment: Segment, point: Point) -> int:
        """Return the node where a point meets a segment, made new unless one is at hand."""
        position = segment.position(point)
        for stop, node in segment.stops:
            if abs(stop - position) * segment.length_m < SAME_JUNCTION_M:
                return node
        node = self.node(segment.at(position))
        segment.stops.append((position, node))
        segment.stops.sort()
        return node

    def knot(self, first_way: int) -> None:
        """Give a shared node to ways that cross, from the way of that number on.

        Bridges and tunnels (any way with a ``layer``) cross without meeting.
        """
        pieces = [
            (number, place, LineString([self.points[way.nodes[place]], self.points[after]]))
            for number, way in enumerate(self.ways)
            if number >= first_way and "layer" not in way.tags
            for place, after in enumerate(way.nodes[1:])
        ]
        lines = [line for _, _, line in pieces]
        found = STRtree(lines).query(lines, predicate="crosses").T
        knots: dict[tuple[int, int], list[tuple[float, int]]] = {}
        for one, other in sorted((int(a), int(b)) for a, b in found if a < b):
            meeting = lines[one].intersection(lines[other]).centroid
            node = self.node((meeting.x, meeting.y))
            for piece in (one, other):
                number, place, line = pieces[piece]
                knots.setdefault((number, place), []).append((float(line.project(meeting)), node))
        for (number, place), met in sorted(knots.items(), reverse=True):
            nodes = self.ways[number].nodes
            nodes[place + 1 : place + 1] = [node for _, node in sorted(met)]

    def finished(self) -> list[Way]:
        """Return every way, the segments among them with all that joined them."""
        drawn = [Way([node for _, node in one.stops], one.tags) for one in self.segments]
        return drawn + self.ways
