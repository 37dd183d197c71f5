"""What crosses river, railway and expressway, and those three themselves."""

from __future__ import annotations

from typing import Final

import numpy as np

from sample_district import ground
from sample_district.city import NORTH_ROWS, SOUTH_ROWS, City
from sample_district.grid import RANKS, Grid
from sample_district.ground import Point
from sample_district.network import Streets

UNDERPASSES: Final = 6
FOOTBRIDGES: Final = 2
PASSAGES: Final = 5
BEYOND_M: Final = 90.0
"""How far north of the expressway a passage comes out."""
EXPRESSWAY_TAGS: Final = {
    "highway": "motorway", "foot": "no", "bicycle": "no", "oneway": "yes", "name": "北环高速",
}  # fmt: skip


def _bridges(streets: Streets, city: City) -> None:
    for number, bridge in enumerate(ground.BRIDGES_M):
        north = min(
            (abs(city.north.corner(*key)[0] - bridge), node)
            for key, node in city.north.nodes.items() if key[1] == 0
        )[1]  # fmt: skip
        south = min(
            (abs(city.south.corner(*key)[0] - bridge), node)
            for key, node in city.south.nodes.items() if key[1] == SOUTH_ROWS
        )[1]  # fmt: skip
        name = f"青渡{'一二三'[number]}桥"
        tags = {**RANKS["primary"], "name": name, "bridge": "yes", "layer": "1"}
        streets.way([north, south], tags)


def _nearest(columns: list[int], grid: Grid, row: int, eastings: list[float]) -> list[int]:
    """Return the columns that stand nearest to each easting, each once."""
    chosen = [min(columns, key=lambda c: abs(grid.corner(c, row)[0] - e)) for e in eastings]
    return sorted(set(chosen))


def _under_railway(streets: Streets, grid: Grid) -> None:
    """Lead a handful of streets under the railway, and two stairs over it."""
    low, high = NORTH_ROWS[0], NORTH_ROWS[0] + 1
    both = [c for c in range(len(grid.column_ranks))
            if (c, low) in grid.nodes and (c, high) in grid.nodes]  # fmt: skip
    main = [c for c in both if grid.column_ranks[c] in ("primary", "secondary")]
    wanted = [2_500, 4_700, 6_400, 8_000, 10_000, 11_700]
    chosen = _nearest(main, grid, low, [float(e) for e in wanted])[:UNDERPASSES]
    for column in chosen:
        tags = {**RANKS[grid.column_ranks[column]], "name": grid.column_names[column]}
        nodes = [grid.nodes[column, low], grid.nodes[column, high]]
        streets.way(nodes, {**tags, "tunnel": "yes", "layer": "-1"})
    rest = [c for c in both if min(abs(c - other) for other in chosen) > 1]
    for column in _nearest(rest, grid, low, [7_200.0, 12_800.0])[:FOOTBRIDGES]:
        _footbridge(streets, grid.nodes[column, low], grid.nodes[column, high])


def _footbridge(streets: Streets, start: int, end: int) -> None:
    """Climb stairs, cross, and go down stairs."""
    here, there = np.array(streets.points[start]), np.array(streets.points[end])
    along = (there - here) / np.hypot(*(there - here))
    up = streets.node(tuple(here + 22 * along))
    down = streets.node(tuple(there - 22 * along))
    streets.way([start, up], {"highway": "steps", "step_count": "42"})
    streets.way([up, down], {"highway": "footway", "bridge": "yes", "layer": "1"})
    streets.way([down, end], {"highway": "steps", "step_count": "42"})


def _railway(streets: Streets) -> None:
    points = [p for p in ground.curve(ground.railway, 200.0) if 250 < p[0] < 15_750]
    tags = {"railway": "rail", "usage": "main", "electrified": "contact_line", "name": "青渡铁路"}
    streets.line(points, tags)


def _expressway(streets: Streets, grid: Grid) -> list[int]:
    """Draw both carriageways and what passes them; return the nodes on their far side."""
    for side, turn in ((13.0, -1), (-13.0, 1)):
        points = [(e, n + side) for e, n in ground.curve(ground.expressway, 200.0)]
        points = [p for p in points if 250 < p[0] < 15_750]
        nodes = streets.line(points[::turn], EXPRESSWAY_TAGS)
        for place in (len(nodes) // 4, len(nodes) // 4 * 3):
            _ramp(streets, grid, nodes[place])
    top = len(grid.row_ranks) - 1
    columns = [c for c in range(len(grid.column_ranks)) if (c, top) in grid.nodes]
    wanted = [3_300.0, 4_700.0, 6_300.0, 8_000.0, 9_700.0, 11_700.0, 12_400.0]
    heads = []
    for number, column in enumerate(_nearest(columns, grid, top, wanted)):
        start = grid.nodes[column, top]
        easting = streets.points[start][0]
        head = streets.node((easting, ground.expressway(easting) + BEYOND_M))
        if number in (1, PASSAGES):
            _footbridge(streets, start, head)
        else:
            name = grid.column_names[column]
            tags = {"highway": "tertiary", "name": name, "tunnel": "yes", "layer": "-1"}
            streets.way([start, head], tags)
        heads.append(head)
    return heads


def _ramp(streets: Streets, grid: Grid, node: int) -> None:
    """Lead a slip road, closed to walkers, down to the nearest point of the side road."""
    top = len(grid.row_ranks) - 1
    side_road = [s for (way, _, row), s in grid.segments.items() if way == "h" and row == top]
    point: Point = streets.points[node]
    nearest = min(side_road, key=lambda segment: segment.distance_m(point))
    if nearest.distance_m(point) < 400:
        tags = {"highway": "motorway_link", "foot": "no", "oneway": "yes"}
        streets.way([node, streets.join(nearest, point)], tags)


def _promenade(streets: Streets, grid: Grid) -> None:
    """Lay a path along the water below the north embankment, reached by stairs."""
    feet = sorted((grid.corner(*key)[0], node) for key, node in grid.nodes.items() if key[1] == 0)
    previous = None
    for number, (easting, node) in enumerate(feet):
        point = (easting, ground.north_bank(easting) - 0.55 * ground.BANK_ROAD_M)
        here = streets.node(point)
        if previous is not None:
            streets.way([previous, here], {"highway": "footway", "name": "滨河步道"})
        if number % 2 == 0:
            streets.way([node, here], {"highway": "steps", "handrail": "yes"})
        previous = here


def _signals(streets: Streets, grid: Grid) -> None:
    """Mark where main streets cross."""
    for (column, row), node in grid.nodes.items():
        ranks = {grid.column_ranks[column], grid.row_ranks[row]}
        if ranks <= {"primary", "secondary"}:
            streets.mark(node, highway="traffic_signals")
        elif ranks & {"primary"}:
            streets.mark(node, highway="crossing", crossing="zebra")


def build_links(streets: Streets, city: City) -> list[int]:
    """Draw the railway, the expressway and the promenade, and all that crosses them.

    Parameters
    ----------
    streets
        Receives the ways.
    city
        Both grids.

    Returns
    -------
    list of int
        Nodes on the far side of the expressway, where roads to the hills begin.
    """
    _bridges(streets, city)
    _under_railway(streets, city.north)
    _railway(streets)
    _promenade(streets, city.north)
    for grid in (city.north, city.south):
        _signals(streets, grid)
    return _expressway(streets, city.north)
