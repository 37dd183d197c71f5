"""The built city: streets drawn between the banks, the railway and the edges, and their cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from shapely import Polygon

from sample_district import ground
from sample_district.ground import Curve, FloatArray, Point
from sample_district.lanes import Block
from sample_district.network import Segment, Streets, Tags

Use = Literal["old", "homes", "school", "park", "industry", "office", "market", "cleared"]
Edge = tuple[str, int, int]
Rectangle = tuple[int, int, int, int]

RANKS: Final[dict[str, Tags]] = {
    "primary": {"highway": "primary", "sidewalk": "both", "lanes": "6"},
    "secondary": {"highway": "secondary", "sidewalk": "both", "lanes": "4"},
    "tertiary": {"highway": "tertiary", "sidewalk": "both"},
    "residential": {"highway": "residential"},
}


@dataclass
class Cell:
    """A walled block, a lane quarter, a park: what lies between streets."""

    block: Block
    quad: list[Point]
    use: Use
    quarter: str
    number: int = -1

    @property
    def polygon(self) -> Polygon:
        """The cell up to the middle of its streets."""
        return self.block.polygon


@dataclass
class Grid:
    """Crossings, the segments between them, and the cells they enclose."""

    crossings: list[list[Point]]
    column_ranks: list[str]
    row_ranks: list[str]
    column_names: list[str]
    row_names: list[str]
    nodes: dict[tuple[int, int], int] = field(default_factory=dict)
    segments: dict[Edge, Segment] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)

    def corner(self, column: int, row: int) -> Point:
        """Return the crossing of a column and a row."""
        return self.crossings[column][row]


def spaced(
    start: float, end: float, gap: tuple[float, float], fixed: tuple[float, ...], part: int
) -> list[float]:
    """Return places from ``start`` to ``end`` at random gaps, the nearest moved onto each fixed."""
    rng = ground.random_source(part)
    places = [start]
    while places[-1] < end - gap[1] / 2:
        places.append(places[-1] + float(rng.uniform(*gap)))
    for place in fixed:
        nearest = int(np.argmin(np.abs(np.array(places) - place)))
        places[nearest] = place
    return places


def crossings(eastings: list[float], rows: list[Curve], still_row: int) -> list[list[Point]]:
    """Return every crossing of columns that sway with rows that follow the ground.

    Parameters
    ----------
    eastings
        Where the columns stand before they sway.
    rows
        Each row's northing as a function of the easting.
    still_row
        The row along the river, where columns stand still so that bridges meet them.
    """
    made = []
    for easting in eastings:
        column = []
        for number, row in enumerate(rows):
            calm = min(1.0, abs(number - still_row) / 3)
            lean = calm * ground.sway(easting, row(easting))
            column.append((easting + lean, row(easting + lean)))
        made.append(column)
    return made


def _edges(rectangle: Rectangle) -> tuple[list[Edge], list[Edge]]:
    """Return the edges around a rectangle (counter-clockwise from its foot) and those inside."""
    left, right, low, high = rectangle
    around = [("h", i, low) for i in range(left, right)]
    around += [("v", right, j) for j in range(low, high)]
    around += [("h", i, high) for i in reversed(range(left, right))]
    around += [("v", left, j) for j in reversed(range(low, high))]
    inside = [("h", i, j) for i in range(left, right) for j in range(low + 1, high)]
    inside += [("v", i, j) for i in range(left + 1, right) for j in range(low, high)]
    return around, inside


def _corners(rectangle: Rectangle) -> list[tuple[int, int]]:
    left, right, low, high = rectangle
    around = [(i, low) for i in range(left, right)]
    around += [(right, j) for j in range(low, high)]
    around += [(i, high) for i in range(right, left, -1)]
    around += [(left, j) for j in range(high, low, -1)]
    return around


def _node(streets: Streets, grid: Grid, column: int, row: int) -> int:
    if (column, row) not in grid.nodes:
        grid.nodes[column, row] = streets.node(grid.corner(column, row))
    return grid.nodes[column, row]


def edge_tags(grid: Grid, edge: Edge) -> Tags:
    """Return the tags of the street that an edge is part of."""
    way, column, row = edge
    rank = grid.row_ranks[row] if way == "h" else grid.column_ranks[column]
    name = grid.row_names[row] if way == "h" else grid.column_names[column]
    return {**RANKS[rank], "name": name}


def _segment(streets: Streets, grid: Grid, edge: Edge) -> Segment:
    if edge not in grid.segments:
        way, column, row = edge
        start = _node(streets, grid, column, row)
        end = _node(streets, grid, column + (way == "h"), row + (way == "v"))
        grid.segments[edge] = streets.segment(start, end, edge_tags(grid, edge))
    return grid.segments[edge]


def lay(streets: Streets, grid: Grid, rectangles: list[tuple[Rectangle, Use, str]]) -> None:
    """Draw the streets around every rectangle of the grid and make it a cell.

    Parameters
    ----------
    streets
        Receives the streets.
    grid
        Receives the segments and cells; changed in place, as it is being built.
    rectangles
        ``((left, right, low, high), use, quarter)``: columns and rows of each cell.
    """
    for rectangle, use, quarter in rectangles:
        left, right, low, high = rectangle
        sides = [_segment(streets, grid, edge) for edge in _edges(rectangle)[0]]
        ring = [grid.corner(*corner) for corner in _corners(rectangle)]
        quad = [
            grid.corner(left, low),
            grid.corner(right, low),
            grid.corner(right, high),
            grid.corner(left, high),
        ]
        grid.cells.append(Cell(Block(ring, sides), quad, use, quarter))


def merge(
    wanted: FloatArray, column_ranks: list[str], row_ranks: list[str], chance: float, part: int
) -> list[Rectangle]:
    """Cover the wanted cells by rectangles, some of two cells: superblocks of unlike size.

    Parameters
    ----------
    wanted
        Shape (columns, rows): 1 where a cell is built.
    column_ranks, row_ranks
        Rank of each grid line; only ``residential`` ones may vanish into a larger cell.
    chance
        Chance that a cell swallows its neighbour.
    part
        Number of the random source.
    """
    rng = ground.random_source(part)
    free = wanted > 0
    made = []
    for row in range(free.shape[1]):
        for column in range(free.shape[0]):
            if not free[column, row]:
                continue
            right, high = column + 1, row + 1
            draw = rng.random()
            if (
                draw < chance / 2
                and right < free.shape[0]
                and free[right, row]
                and column_ranks[right] == "residential"
            ):
                right += 1
            elif (
                draw < chance
                and high < free.shape[1]
                and free[column, high]
                and row_ranks[high] == "residential"
            ):
                high += 1
            free[column:right, row:high] = False
            made.append((column, right, row, high))
    return made
