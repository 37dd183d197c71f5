"""Around the city: villages, the roads between them, the hills, and an island without a bridge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.affinity import rotate, translate
from shapely.geometry.base import BaseGeometry

from sample_district import ground
from sample_district.city import City
from sample_district.lanes import Block, Building, LaneStyle, houses, split_into_lanes
from sample_district.network import Streets

VILLAGES: Final = 59
APART_M: Final = 830.0
LANES: Final = LaneStyle(
    4_800.0, 0.05, ("residential", "residential", "footway"), 0.15, 0.8, (1, 3)
)
HILL_FOOT_M: Final = 9_400.0
FLAT_ROAD: Final = {"highway": "unclassified"}
HILL_ROAD: Final = {"highway": "unclassified", "surface": "concrete"}


@dataclass
class Village:
    """A village's land, where its lanes meet the roads, and its houses."""

    land: BaseGeometry
    middle: tuple[float, float]
    corners: list[int] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)

    @property
    def in_hills(self) -> bool:
        """Whether it lies north of the expressway."""
        return self.middle[1] > HILL_FOOT_M


def open_country(city: City) -> list[Polygon]:
    """Return the land that city, river, railway and expressway leave, in pieces."""
    built = shapely.union_all([cell.polygon for cell in city.cells])
    frame = ground.curve
    margin = 400.0
    barriers = [
        LineString(frame(ground.railway, margin_m=margin)).buffer(ground.RAIL_ROAD_M),
        LineString(frame(ground.expressway, margin_m=margin)).buffer(ground.EXPRESSWAY_ROAD_M),
        Polygon(
            frame(ground.north_bank, margin_m=margin)
            + frame(ground.south_bank, margin_m=margin)[::-1]
        ),
        built,
    ]
    land = ground.outline().difference(shapely.union_all(barriers))
    return [piece for piece in ground.parts(land) if piece.area > 400_000]


def _seeds(pieces: list[Polygon], rng: np.random.Generator) -> list[list[Point]]:
    """Scatter villages over the pieces, none near another."""
    inner = [piece.buffer(-260) for piece in pieces]
    seeds: list[list[Point]] = [[] for _ in pieces]
    points: list[Point] = []
    for _ in range(20_000):
        if len(points) == VILLAGES:
            break
        point = Point(rng.uniform(0, ground.FRAME_M[0]), rng.uniform(0, ground.FRAME_M[1]))
        home = [number for number, piece in enumerate(inner) if piece.contains(point)]
        if home and all(point.distance(other) > APART_M for other in points):
            points.append(point)
            seeds[home[0]].append(point)
    return seeds


def _lands(piece: Polygon, seeds: list[Point]) -> list[Polygon]:
    """Share a piece of country among its villages: the land nearest to each."""
    if len(seeds) == 1:
        return [piece]
    regions = list(shapely.voronoi_polygons(MultiPoint(seeds), extend_to=piece).geoms)
    lands = []
    for seed in seeds:
        region = next(one for one in regions if one.contains(seed))
        lands.append(ground.parts(region.intersection(piece))[0])
    return lands


def _corners(rectangle: BaseGeometry) -> list[tuple[float, float]]:
    """Return the four corners of a rectangle, counter-clockwise."""
    ring = shapely.get_coordinates(shapely.orient_polygons(rectangle))[:4]
    return [(float(east), float(north)) for east, north in ring]


def _quarter(streets: Streets, corners: Iterable[tuple[float, float]]) -> Block:
    """Ring a village with lanes."""
    points = list(corners)
    nodes = [streets.node(point) for point in points]
    tags = {"highway": "residential"}
    sides = [
        streets.segment(nodes[k], nodes[(k + 1) % len(nodes)], tags) for k in range(len(nodes))
    ]
    return Block(points, sides)


def _settle(streets: Streets, village: Village, rng: np.random.Generator) -> None:
    """Build a village: a ring of lanes, lanes within, houses along them."""
    small = 0.75 if village.in_hills else 1.0
    width, height = rng.uniform(200, 380) * small, rng.uniform(150, 270) * small
    shape = rotate(
        shapely.box(-width / 2, -height / 2, width / 2, height / 2), rng.uniform(-35, 35), (0, 0)
    )
    shape = translate(shape, *village.middle)
    slip = rng.uniform(-18, 18, (4, 2))
    corners = [
        (east + float(slip[k][0]), north + float(slip[k][1]))
        for k, (east, north) in enumerate(_corners(shape))
    ]
    block = _quarter(streets, corners)
    village.corners = [side.stops[0][1] for side in block.sides]
    for small_block in split_into_lanes(streets, block, LANES, rng):
        village.buildings += houses(streets, small_block, LANES, rng)
    kept = village.land.buffer(-5)
    village.buildings = [one for one in village.buildings if kept.contains(one.footprint)]


def _near(streets: Streets, nodes: list[int], others: list[int]) -> tuple[float, int, int]:
    """Return the shortest distance between two lists of nodes, and the two nodes."""
    here = np.array([streets.points[node] for node in nodes])
    there = np.array([streets.points[node] for node in others])
    gaps = np.hypot(*(here[:, None, :] - there[None, :, :]).transpose(2, 0, 1))
    first, second = np.unravel_index(int(np.argmin(gaps)), gaps.shape)
    return float(gaps[first, second]), nodes[int(first)], others[int(second)]


def _road(
    streets: Streets, start: int, end: int, *, hilly: bool, rng: np.random.Generator
) -> LineString:
    """Lead a road from node to node, swinging a little on the flat and widely in the hills."""
    here, there = np.array(streets.points[start]), np.array(streets.points[end])
    length = float(np.hypot(*(there - here)))
    across = np.array([-(there - here)[1], (there - here)[0]]) / max(length, 1.0)
    count = max(2, int(length / (38 if hilly else 130)))
    shares = np.linspace(0, 1, count + 1)[1:-1]
    swings = length / 420 if hilly else 1.0
    reach = min(85.0, length / 8) if hilly else min(40.0, length / 14)
    wave = np.sin(np.pi * shares * 2 * swings + rng.uniform(0, np.pi)) * np.sin(np.pi * shares)
    points = [
        tuple(here + s * (there - here) + reach * w * across)
        for s, w in zip(shares, wave, strict=True)
    ]
    nodes = [start, *[streets.node((float(p[0]), float(p[1]))) for p in points], end]
    streets.way(nodes, HILL_ROAD if hilly else FLAT_ROAD)
    if hilly and len(nodes) > 9:
        place = len(nodes) // 3
        streets.way([nodes[place], nodes[place + 4]], {"highway": "steps", "surface": "stone"})
        tip = streets.points[nodes[place * 2]]
        away = streets.node(
            (tip[0] + float(rng.uniform(60, 140)), tip[1] + float(rng.uniform(-90, 90)))
        )
        streets.way([nodes[place * 2], away], {"highway": "path"})
    return LineString([streets.points[node] for node in nodes])


def _free(
    line: LineString, piece: Polygon, villages: list[Village], roads: list[LineString]
) -> bool:
    """Tell whether a straight road stays on its land and crosses neither village nor road."""
    if not piece.buffer(130).contains(line):
        return False
    middles = [Point(village.middle) for village in villages]
    if sum(line.distance(middle) < 230 for middle in middles) > 2:
        return False
    return not any(line.crosses(road) for road in roads)


def _connect(
    streets: Streets, piece: Polygon, villages: list[Village], doors: list[int], part: int
) -> None:
    """Join villages to the city and one another: a tree first, then a few short cuts."""
    rng = ground.random_source(part)
    joined: list[Village] = []
    roads: list[LineString] = []
    waiting = list(villages)
    while waiting:
        options = []
        for number, village in enumerate(waiting):
            options.append((*_near(streets, village.corners, doors), number))
            options += [(*_near(streets, village.corners, other.corners), number)
                        for other in joined]  # fmt: skip
        _, start, end, number = min(options)
        village = waiting.pop(number)
        roads.append(_road(streets, end, start, hilly=village.in_hills, rng=rng))
        joined.append(village)
    for village in villages:
        others = [other for other in villages if other is not village]
        targets = [doors, *[other.corners for other in others]]
        for target in targets:
            gap, start, end = _near(streets, village.corners, target)
            line = LineString([streets.points[start], streets.points[end]])
            if 60 < gap < 1_150 and rng.random() < 0.5 and _free(line, piece, villages, roads):
                roads.append(_road(streets, start, end, hilly=village.in_hills, rng=rng))


def _island(streets: Streets, rng: np.random.Generator) -> Village:
    """Build the island's village, which only a boat reaches."""
    land = ground.island()
    middle = (land.centroid.x, land.centroid.y)
    village = Village(land, middle)
    shape = shapely.box(-190, -48, 190, 48)
    block = _quarter(streets, _corners(translate(shape, *middle)))
    village.corners = [side.stops[0][1] for side in block.sides]
    for small_block in split_into_lanes(streets, block, LANES, rng):
        village.buildings += houses(streets, small_block, LANES, rng)
    return village


def _doors(streets: Streets, city: City, heads: list[int], piece: Polygon) -> list[int]:
    """Return the crossings at the city's edge from which a piece of country can be entered."""
    if piece.centroid.y > HILL_FOOT_M:
        return heads
    nodes = [node for grid in (city.north, city.south) for node in grid.nodes.values()]
    return [node for node in nodes if piece.distance(Point(streets.points[node])) < 40]


def build_country(streets: Streets, city: City, heads: list[int]) -> list[Village]:
    """Build every village and the roads to it; the last one is the island's.

    Parameters
    ----------
    streets
        Receives lanes and roads.
    city
        Its edge is where the roads begin.
    heads
        Nodes on the far side of the expressway.
    """
    rng = ground.random_source(20)
    first_way = len(streets.ways)
    pieces = open_country(city)
    villages: list[Village] = []
    for number, (piece, seeds) in enumerate(zip(pieces, _seeds(pieces, rng), strict=True)):
        if not seeds:
            continue
        here = [
            Village(land, (seed.x, seed.y))
            for land, seed in zip(_lands(piece, seeds), seeds, strict=True)
        ]
        for village in here:
            _settle(streets, village, rng)
        _connect(streets, piece, here, _doors(streets, city, heads, piece), 100 + number)
        villages += here
    _hill_paths(streets, villages)
    streets.knot(first_way)
    return [*villages, _island(streets, rng)]


def _hill_paths(streets: Streets, villages: list[Village]) -> None:
    """Wind a path around each hill village, with stairs down to its lanes."""
    rng = ground.random_source(21)
    for village in villages:
        if not village.in_hills:
            continue
        reach = rng.uniform(230, 300)
        first, bends = rng.uniform(0, 2 * np.pi), int(rng.integers(5, 10))
        angles = first + np.linspace(0, float(rng.uniform(0.7, 1.4)) * np.pi, 24)
        wave = reach * (1 + 0.12 * np.sin(bends * angles))
        nodes = streets.line(
            [
                (village.middle[0] + float(w * np.cos(a)), village.middle[1] + float(w * np.sin(a)))
                for a, w in zip(angles, wave, strict=True)
            ],
            {"highway": "path", "surface": "ground"},
        )
        for place in (4, 18):
            _, corner, _ = _near(streets, village.corners, [nodes[place]])
            bend = streets.node(
                tuple(
                    np.add(streets.points[corner], streets.points[nodes[place]]) / 2
                    + rng.uniform(-14, 14, 2)
                )
            )
            streets.way([nodes[place], bend, corner], {"highway": "steps"})
