"""Old lanes: a block is split again and again, each split a lane, never quite straight across."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon, box
from shapely.affinity import rotate, translate
from shapely.geometry.base import BaseGeometry

from sample_district.ground import Point
from sample_district.network import Segment, Streets


@dataclass(frozen=True)
class LaneStyle:
    """How a quarter was built.

    Parameters
    ----------
    block_m2
        Blocks larger than this are split.
    crooked
        How far a lane's two ends may slip against each other (share of the side).
    highway
        Choices of the ``highway`` tag, main lanes first.
    dead_ends
        Chance that a block has a blind lane into it.
    houses
        Chance that a plot along a lane is built.
    floors
        Fewest and most floors of a house.
    """

    block_m2: float
    crooked: float
    highway: tuple[str, ...]
    dead_ends: float
    houses: float
    floors: tuple[int, int]


@dataclass(frozen=True)
class Building:
    """A footprint in local metres, its floors and its use."""

    footprint: Polygon
    floors: int
    use: str


@dataclass
class Block:
    """A ring of corners; side ``k`` runs from corner ``k`` to the next along ``sides[k]``."""

    corners: list[Point]
    sides: list[Segment]

    @property
    def polygon(self) -> Polygon:
        """The block as a polygon."""
        return Polygon(self.corners)

    def length(self, side: int) -> float:
        """Return the length of one side in metres."""
        start, end = self.corners[side], self.corners[(side + 1) % len(self.corners)]
        return float(np.hypot(end[0] - start[0], end[1] - start[1]))

    def along(self, side: int, share: float) -> Point:
        """Return the point at a share of one side."""
        start, end = self.corners[side], self.corners[(side + 1) % len(self.corners)]
        return (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))


def _cut(
    block: Block, style: LaneStyle, rng: np.random.Generator
) -> tuple[tuple[int, Point], tuple[int, Point]] | None:
    """Return the two sides, and where on them, that a lane across the block's length meets."""
    box_corners = shapely.get_coordinates(block.polygon.minimum_rotated_rectangle)[:4]
    edges = np.diff(box_corners[:3], axis=0)
    long = int(np.argmax(np.hypot(edges[:, 0], edges[:, 1])))
    share = rng.uniform(0.5 - style.crooked, 0.5 + style.crooked)
    place = box_corners[long] + share * edges[long] + 0.5 * edges[1 - long] * (1 - 2 * long)
    turn = rng.uniform(-1.2, 1.2) * style.crooked
    across = edges[1 - long] / np.hypot(*edges[1 - long])
    across = np.array(
        [
            across[0] * np.cos(turn) - across[1] * np.sin(turn),
            across[0] * np.sin(turn) + across[1] * np.cos(turn),
        ]
    )
    corners = np.array(block.corners)
    offsets = (corners - place) @ np.array([-across[1], across[0]])
    hits = []
    for side in range(len(corners)):
        here, there = offsets[side], offsets[(side + 1) % len(corners)]
        if (here < 0) != (there < 0):
            hits.append((side, block.along(side, float(here / (here - there)))))
    return (hits[0], hits[1]) if len(hits) == 2 else None


def _split(
    streets: Streets, block: Block, style: LaneStyle, depth: int, rng: np.random.Generator
) -> tuple[Block, Block] | None:
    """Split a block in two by a lane across its length."""
    cut = _cut(block, style, rng)
    if cut is None:
        return None
    (low, starts), (high, ends) = cut
    node_low = streets.join(block.sides[low], starts)
    node_high = streets.join(block.sides[high], ends)
    if node_low == node_high:
        return None
    highway = style.highway[min(depth // 2, len(style.highway) - 1)]
    lane = streets.segment(node_low, node_high, {"highway": highway})
    here, there = streets.points[node_low], streets.points[node_high]
    one = Block(
        [here, *block.corners[low + 1 : high + 1], there],
        [*block.sides[low : high + 1], lane],
    )
    other = Block(
        [there, *block.corners[high + 1 :], *block.corners[: low + 1], here],
        [*block.sides[high:], *block.sides[: low + 1], lane],
    )
    if min(one.polygon.area, other.polygon.area) < 400 or not (
        one.polygon.is_valid and other.polygon.is_valid
    ):
        streets.segments.pop()
        return None
    return one, other


def split_into_lanes(
    streets: Streets, block: Block, style: LaneStyle, rng: np.random.Generator
) -> list[Block]:
    """Split a block into small blocks by lanes.

    Parameters
    ----------
    streets
        Receives the lanes.
    block
        The quarter; its sides are streets that lanes may join.
    style
        How fine and how crooked.
    rng
        Random source.

    Returns
    -------
    list of Block
        Blocks no larger than ``style.block_m2`` (a little random either way).
    """
    waiting, small = [(block, 0)], []
    while waiting:
        current, depth = waiting.pop()
        enough = style.block_m2 * rng.uniform(0.7, 1.5)
        pieces = None
        if current.polygon.area > enough:
            pieces = _split(streets, current, style, depth, rng)
        if pieces is None:
            small.append(current)
        else:
            waiting += [(piece, depth + 1) for piece in pieces]
    return small


def _blind_lane(streets: Streets, block: Block, rng: np.random.Generator) -> LineString | None:
    """Lead a lane from a block's longest side towards its middle, where it ends."""
    side = int(np.argmax([block.length(k) for k in range(len(block.corners))]))
    start = block.along(side, float(rng.uniform(0.35, 0.65)))
    middle = block.polygon.centroid
    reach = float(rng.uniform(0.75, 1.05))
    end = (
        start[0] + reach * (middle.x - start[0]) + float(rng.uniform(-4, 4)),
        start[1] + reach * (middle.y - start[1]) + float(rng.uniform(-4, 4)),
    )
    node = streets.join(block.sides[side], start)
    start = streets.points[node]
    if np.hypot(end[0] - start[0], end[1] - start[1]) < 14:
        return None
    tail = streets.node(end)
    streets.way([node, tail], {"highway": "footway" if rng.random() < 0.6 else "living_street"})
    return LineString([start, end])


def _plot(
    block: Block, side: int, place_m: float, frontage: float, depth: float, setback: float
) -> Polygon:
    """Return a house on a plot beside one side of a block."""
    start, end = block.corners[side], block.corners[(side + 1) % len(block.corners)]
    angle = float(np.degrees(np.arctan2(end[1] - start[1], end[0] - start[0])))
    house = box(place_m, setback, place_m + frontage, setback + depth)
    return translate(rotate(house, angle, origin=(0, 0)), start[0], start[1])


def houses(
    streets: Streets, block: Block, style: LaneStyle, rng: np.random.Generator
) -> list[Building]:
    """Build houses around a small block, and perhaps a blind lane into it.

    Parameters
    ----------
    streets, block, style, rng
        As for :func:`split_into_lanes`; the block's corners run counter-clockwise.

    Returns
    -------
    list of Building
        Houses that overlap neither one another nor a lane.
    """
    ground: BaseGeometry = block.polygon.buffer(-2.0)
    if rng.random() < style.dead_ends:
        blind = _blind_lane(streets, block, rng)
        if blind is not None:
            ground = ground.difference(blind.buffer(2.2))
    built: list[Building] = []
    for side in range(len(block.corners)):
        place = float(rng.uniform(3, 7))
        length = block.length(side)
        while place < length - 12:
            frontage, depth = float(rng.uniform(9, 15)), float(rng.uniform(8, 11))
            house = _plot(block, side, place, frontage, depth, float(rng.uniform(2.5, 4.5)))
            place += frontage + float(rng.uniform(1, 7))
            if rng.random() < style.houses and ground.contains(house):
                ground = ground.difference(house.buffer(0.8))
                floors = int(rng.integers(style.floors[0], style.floors[1] + 1))
                use = "商业" if rng.random() < 0.05 else "住宅"
                built.append(Building(house, floors, use))
    return built
