"""Walled superblocks (小区, 大院): a wall, a gate or two, inner ways, rows of slabs or towers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely import MultiLineString, Polygon

from sample_district.grid import Cell
from sample_district.ground import FloatArray, Point
from sample_district.lanes import Building
from sample_district.network import Segment, Streets, Tags

SETBACK_M: Final = {"primary": 24.0, "secondary": 19.0, "tertiary": 15.0, "residential": 11.0}
"""From the middle of a street to the wall beside it."""


@dataclass(frozen=True)
class EstateStyle:
    """How an estate of one age was built; lengths in metres."""

    row_gap_m: float
    spine_gap_m: float
    slab_m: tuple[float, float]
    depth_m: float
    between_m: float
    floors: tuple[int, ...]
    built: float
    gates: tuple[float, ...]
    use: str = "住宅"


@dataclass
class Inside:
    """The land within a wall: its four corners, and a way to place things in it."""

    corners: FloatArray

    def at(self, east: float, north: float) -> Point:
        """Return the point at shares (0 to 1) of the way east and north."""
        south_west, south_east, north_east, north_west = self.corners
        low = south_west + east * (south_east - south_west)
        high = north_west + east * (north_east - north_west)
        point = low + north * (high - low)
        return (float(point[0]), float(point[1]))

    @property
    def width_m(self) -> float:
        """Mean width, west to east."""
        low, high = self.corners[1] - self.corners[0], self.corners[2] - self.corners[3]
        return float(np.hypot(*low) + np.hypot(*high)) / 2

    @property
    def height_m(self) -> float:
        """Mean height, south to north."""
        left, right = self.corners[3] - self.corners[0], self.corners[2] - self.corners[1]
        return float(np.hypot(*left) + np.hypot(*right)) / 2


def inset(quad: list[Point], distances_m: list[float]) -> Inside:
    """Return the land within a quadrilateral (counter-clockwise), each side moved inwards."""
    corners = np.array(quad, dtype=float)
    lines = []
    for number, distance_m in enumerate(distances_m):
        start, end = corners[number], corners[(number + 1) % 4]
        along = (end - start) / np.hypot(*(end - start))
        inward = np.array([-along[1], along[0]])
        lines.append((start + distance_m * inward, along))
    moved = []
    for number in range(4):
        (start, along), (other, across) = lines[number - 1], lines[number]
        matrix = np.column_stack([along, -across])
        step = np.linalg.solve(matrix, other - start)
        moved.append(start + step[0] * along)
    return Inside(np.array(moved))


def _setbacks(cell: Cell, sides: list[list[Segment]]) -> list[float]:
    """Return how far the wall stands back on each side: by the street's rank, and its bow."""
    setbacks = []
    for number, segments in enumerate(sides):
        start, end = np.array(cell.quad[number]), np.array(cell.quad[(number + 1) % 4])
        along = (end - start) / np.hypot(*(end - start))
        inward = np.array([-along[1], along[0]])
        bow = max(float((np.array(segment.start) - start) @ inward) for segment in segments)
        bow = max(bow, *(float((np.array(one.end) - start) @ inward) for one in segments))
        setbacks.append(SETBACK_M[segments[0].tags["highway"]] + max(0.0, bow))
    return setbacks


@dataclass
class InnerWays:
    """Inner crossings by (spine, row), and where spines and rows lie (shares)."""

    spines: list[float]
    rows: list[float]
    nodes: dict[tuple[int, int], int]


def _positions(length: float, gap: float, first: float, last: float, fewest: int) -> list[float]:
    count = max(fewest, round((length - first - last) / gap) + 1)
    return [float(v) for v in np.linspace(first / length, 1 - last / length, count)]


def _inner_ways(
    streets: Streets, inside: Inside, style: EstateStyle, tags: Tags, rng: np.random.Generator
) -> InnerWays:
    """Draw spines and rows; some rows have a gap, so that inner ways wind and end blind."""
    spines = _positions(inside.width_m, style.spine_gap_m, 12, 12, 2)
    rows = _positions(inside.height_m, style.row_gap_m, 10, style.depth_m + 20, 2)
    spines = [s + float(rng.uniform(-0.01, 0.01)) for s in spines]
    nodes = {
        (m, k): streets.node(inside.at(spine, row))
        for m, spine in enumerate(spines)
        for k, row in enumerate(rows)
    }
    last_row, last_spine = len(rows) - 1, len(spines) - 1
    for m in range(len(spines)):
        broken = 0 < m < last_spine and rng.random() < 0.5
        cut = int(rng.integers(0, max(1, last_row))) if broken else -1
        column = [nodes[m, k] for k in range(len(rows))]
        for piece in (column[: cut + 1], column[cut + 1 :]):
            if len(piece) > 1:
                streets.way(piece, {"highway": "service", **tags})
    for k in range(len(rows)):
        broken = 0 < k < last_row and rng.random() < 0.35
        cut = int(rng.integers(0, last_spine)) if broken else -1
        row_nodes = [nodes[m, k] for m in range(len(spines))]
        highway = "footway" if k % 3 == 1 else "service"
        for piece in (row_nodes[: cut + 1], row_nodes[cut + 1 :]):
            if len(piece) > 1:
                streets.way(piece, {"highway": highway, **tags})
    return InnerWays(spines, rows, nodes)


def _nearest(segments: list[Segment], point: Point) -> Segment:
    distances = [segment.distance_m(point) for segment in segments]
    return segments[int(np.argmin(distances))]


def _side_segments(cell: Cell) -> list[list[Segment]]:
    """Return the street segments along the south, east, north and west side of a cell."""
    sides: list[list[Segment]] = [[], [], [], []]
    side = 0
    for number, segment in enumerate(cell.block.sides):
        corner = cell.block.corners[number]
        if side < 3 and number and corner == cell.quad[side + 1]:
            side += 1
        sides[side].append(segment)
    return sides


@dataclass
class Gate:
    """A node on the wall, where along it (side, share), and whether it is joined to a street."""

    node: int
    side: int
    share: float


def _gate(
    streets: Streets,
    inside: Inside,
    ways: InnerWays,
    side: int,
    segments: list[Segment],
    tags: Tags,
    rng: np.random.Generator,
) -> Gate:
    """Open the wall on one side and lead an inner way through it to the street."""
    last_spine, last_row = len(ways.spines) - 1, len(ways.rows) - 1
    if side in (0, 2):
        spine = int(rng.integers(0, last_spine + 1))
        inner = ways.nodes[spine, 0 if side == 0 else last_row]
        share = ways.spines[spine]
        on_wall = inside.at(share, 0.0 if side == 0 else 1.0)
    else:
        row = int(rng.integers(0, last_row + 1))
        inner = ways.nodes[last_spine if side == 1 else 0, row]
        share = ways.rows[row]
        on_wall = inside.at(1.0 if side == 1 else 0.0, share)
    node = streets.node(on_wall, barrier="gate")
    if "access" in tags:
        streets.mark(node, access="private")
    elif rng.random() < 0.4:
        streets.mark(node, foot="yes", motor_vehicle="private")
    outside = streets.join(_nearest(segments, on_wall), on_wall)
    streets.way([inner, node, outside], {"highway": "service", **tags})
    return Gate(node, side, share if side < 2 else 1 - share)


def _wall(streets: Streets, inside: Inside, gates: list[Gate]) -> None:
    nodes = []
    for side, corner in enumerate(inside.corners):
        nodes.append(streets.node((float(corner[0]), float(corner[1]))))
        here = sorted((gate.share, gate.node) for gate in gates if gate.side == side)
        nodes += [node for _, node in here]
    streets.way([*nodes, nodes[0]], {"barrier": "wall"})


def _lean(inside: Inside, spine: float, row: float, along: FloatArray, north: FloatArray) -> float:
    """Return how far a spine leans along its row with each metre away from it."""
    way = np.array(inside.at(spine, min(1.0, row + 0.1))) - np.array(inside.at(spine, row))
    return float((way @ along) / (way @ north))


def _slabs(
    inside: Inside, ways: InnerWays, style: EstateStyle, rng: np.random.Generator
) -> list[Building]:
    """Stand slabs facing south behind each row, gable to gable between the spines."""
    built = []
    for row in ways.rows:
        for west, east in zip(ways.spines[:-1], ways.spines[1:], strict=True):
            start, end = np.array(inside.at(west, row)), np.array(inside.at(east, row))
            length = float(np.hypot(*(end - start)))
            along = (end - start) / length
            north = np.array([-along[1], along[0]])
            # Where spines lean, a slab behind the row must keep clear of the one it leans into.
            lean = _lean(inside, west, row, along, north) * (10 + style.depth_m)
            place, last = 6.0 + max(0.0, lean), length - 6 - max(0.0, -lean)
            while place < last - style.slab_m[0]:
                most = min(style.slab_m[1], last - place)
                long = float(rng.uniform(style.slab_m[0], most))
                if rng.random() < style.built:
                    foot = start + place * along + float(rng.uniform(7, 10)) * north
                    corners = [
                        foot,
                        foot + long * along,
                        foot + long * along + style.depth_m * north,
                        foot + style.depth_m * north,
                    ]
                    floors = int(rng.choice(style.floors))
                    built.append(Building(Polygon(corners), floors, style.use))
                place += long + style.between_m
    if style.use == "住宅" and built and rng.random() < 0.6:
        shop = built[-1]
        built[-1] = Building(shop.footprint, min(3, shop.floors), "商业")
    return built


def build_estate(
    streets: Streets,
    cell: Cell,
    style: EstateStyle,
    *,
    private: bool,
    rng: np.random.Generator,
    shut: bool = False,
) -> list[Building]:
    """Wall a cell in, open its gates, draw its inner ways and stand its buildings.

    Parameters
    ----------
    streets
        Receives wall, gates and inner ways.
    cell
        The superblock.
    style
        How it was built.
    private
        Whether its inner ways are tagged ``access=private``.
    rng
        Random source.
    shut
        Whether no gate is mapped, so that no way leads in: the stray walled yard.

    Returns
    -------
    list of Building
        Its buildings.
    """
    sides = _side_segments(cell)
    inside = inset(cell.quad, _setbacks(cell, sides))
    tags: Tags = {"access": "private"} if private else {}
    ways = _inner_ways(streets, inside, style, tags, rng)
    gates = []
    if not shut:
        count = 1 + int(rng.choice(len(style.gates), p=style.gates))
        order = [int(side) for side in rng.permutation(4)]
        for side in order[:count]:
            gates.append(_gate(streets, inside, ways, side, sides[side], tags, rng))
    _wall(streets, inside, gates)
    buildings = _slabs(inside, ways, style, rng)
    spines = MultiLineString(
        [[inside.at(spine, ways.rows[0]), inside.at(spine, 1.0)] for spine in ways.spines]
    )
    ground = Polygon(inside.corners).difference(spines.buffer(2.5))
    return [one for one in buildings if ground.contains(one.footprint)]
