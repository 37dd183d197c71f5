"""The city itself: old town, superblocks, work-unit quarters and the new district."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely.affinity import scale

from sample_district import ground
from sample_district.estates import EstateStyle, build_estate
from sample_district.grid import Cell, Grid, Rectangle, Use, crossings, lay, merge, spaced
from sample_district.ground import Curve
from sample_district.lanes import Building, LaneStyle, houses, split_into_lanes
from sample_district.names import unused_names
from sample_district.network import Streets

OLD_TOWN_M: Final = (6_650.0, 9_050.0, 4_300.0, 6_500.0)
"""West, east, south, north edge of the old town."""
NORTH_ROWS: Final = (10, 8)
"""Rows of cells between river and railway, and between railway and expressway."""
SOUTH_ROWS: Final = 5
"""Rows of cells in the new district; the last ends at the river."""

OLD_LANES: Final = LaneStyle(
    3_600.0, 0.17, ("residential", "living_street", "living_street", "footway"), 0.45, 0.8, (1, 3)
)
ESTATES: Final[dict[str, EstateStyle]] = {
    "compound": EstateStyle(
        42.0, 66.0, (34, 58), 12.0, 8.0, (5, 6, 6, 6), 0.88, (0.25, 0.5, 0.2, 0.05)
    ),
    "gated": EstateStyle(
        52.0, 78.0, (28, 62), 13.0, 12.0, (6, 7, 11, 11, 18), 0.85, (0.3, 0.45, 0.2, 0.05)
    ),
    "towers": EstateStyle(
        82.0, 92.0, (26, 46), 15.0, 26.0, (11, 18, 18, 26, 33), 0.72, (0.2, 0.5, 0.3)
    ),
    "school": EstateStyle(85.0, 120.0, (40, 70), 14.0, 40.0, (4, 5), 0.5, (0.8, 0.2), "学校"),
    "industry": EstateStyle(75.0, 130.0, (50, 90), 32.0, 14.0, (1, 2), 0.7, (0.6, 0.4), "厂房"),
    "office": EstateStyle(70.0, 95.0, (40, 70), 22.0, 22.0, (6, 12, 20), 0.6, (0.1, 0.5, 0.4),
                          "办公"),
    "market": EstateStyle(58.0, 85.0, (36, 66), 24.0, 10.0, (2, 3, 4), 0.7, (0.0, 0.4, 0.6),
                          "商业"),
}  # fmt: skip


@dataclass
class City:
    """Both grids with their cells, and each cell's buildings."""

    north: Grid
    south: Grid
    buildings: list[tuple[Cell, Building]]

    @property
    def cells(self) -> list[Cell]:
        """Cells of both banks."""
        return self.north.cells + self.south.cells


def _between(low: Curve, high: Curve, share: float) -> Curve:
    return lambda easting: low(easting) + share * (high(easting) - low(easting))


def _rows(low: Curve, high: Curve, count: int) -> list[Curve]:
    """Return ``count + 1`` curves from one to the other, evenly apart."""
    return [_between(low, high, k / count) for k in range(count + 1)]


def _south_of_railway(easting: float) -> float:
    return ground.railway(easting) - ground.RAIL_ROAD_M


def _north_of_railway(easting: float) -> float:
    return ground.railway(easting) + ground.RAIL_ROAD_M


def _foot_of_expressway(easting: float) -> float:
    return ground.expressway(easting) - ground.EXPRESSWAY_ROAD_M


def _ranks(count: int, pattern: tuple[str, ...], fixed: dict[int, str]) -> list[str]:
    ranks = [pattern[number % len(pattern)] for number in range(count)]
    for number, rank in fixed.items():
        ranks[number] = rank
    return ranks


def _north_grid(taken: set[str]) -> Grid:
    south_rows, north_rows = NORTH_ROWS
    rows = _rows(ground.north_bank, _south_of_railway, south_rows)
    rows += _rows(_north_of_railway, _foot_of_expressway, north_rows)
    eastings = spaced(1_900, 13_900, (205.0, 315.0), ground.BRIDGES_M, 1)
    bridges = {eastings.index(bridge): "primary" for bridge in ground.BRIDGES_M}
    pattern = ("tertiary", "residential", "secondary", "residential")
    ranks = _ranks(len(eastings), pattern, bridges)
    row_ranks = _ranks(
        len(rows),
        ("residential", "residential", "tertiary", "residential"),
        {0: "secondary", 4: "primary", 8: "secondary", 10: "tertiary", 11: "tertiary",
         14: "primary", 17: "residential", 19: "tertiary"},
    )  # fmt: skip
    return Grid(
        crossings(eastings, rows, 0),
        ranks,
        row_ranks,
        [name + "路" for name in unused_names(len(eastings), 2, taken)],
        [name + "街" for name in unused_names(len(rows), 3, taken)],
    )


def _south_grid(taken: set[str]) -> Grid:
    rows = _rows(ground.foot_of_new_district, ground.south_bank, SOUTH_ROWS)
    eastings = spaced(3_500, 12_900, (430.0, 590.0), ground.BRIDGES_M, 4)
    bridges = {eastings.index(bridge): "primary" for bridge in ground.BRIDGES_M}
    return Grid(
        crossings(eastings, rows, SOUTH_ROWS),
        _ranks(len(eastings), ("tertiary", "secondary"), bridges),
        ["tertiary", "secondary", "tertiary", "primary", "tertiary", "secondary"],
        [name + "大道" for name in unused_names(len(eastings), 5, taken)],
        [name + "大街" for name in unused_names(len(rows), 6, taken)],
    )


def _inside_old_town(point: ground.Point) -> bool:
    west, east, south, north = OLD_TOWN_M
    return west <= point[0] <= east and south <= point[1] <= north


def _middle(grid: Grid, column: int, row: int) -> ground.Point:
    corners = [grid.corner(column + i, row + j) for i in (0, 1) for j in (0, 1)]
    return (sum(c[0] for c in corners) / 4, sum(c[1] for c in corners) / 4)


def _north_uses(grid: Grid) -> list[tuple[Rectangle, Use, str]]:
    """Decide what stands where on the north bank."""
    columns, rows = len(grid.column_ranks) - 1, len(grid.row_ranks) - 1
    rail_row = NORTH_ROWS[0]
    wanted, old = np.zeros((columns, rows)), np.zeros((columns, rows))
    for column in range(columns):
        for row in range(rows):
            east, north = _middle(grid, column, row)
            reach = abs((east - 7_900) / 6_050) ** 3 + abs((north - 6_500) / 3_050) ** 3
            if row == rail_row or reach > 1 + 0.16 * np.sin(east / 700) * np.cos(north / 900):
                continue
            (old if _inside_old_town((east, north)) else wanted)[column, row] = 1
    rng = ground.random_source(7)
    made: list[tuple[Rectangle, Use, str]] = []
    for rectangle in merge(old, grid.column_ranks, grid.row_ranks, 0.9, 8):
        made.append((rectangle, "park" if rng.random() < 0.03 else "old", "old"))
    uses: list[Use] = ["homes", "school", "park", "industry", "office", "market", "cleared"]
    for rectangle in merge(wanted, grid.column_ranks, grid.row_ranks, 0.3, 9):
        east, north = _middle(grid, rectangle[0], rectangle[2])
        works = east > 11_300 and north > ground.railway(east)
        odds = [0.34, 0.05, 0.04, 0.47, 0.03, 0.04, 0.03] if works else [
            0.82, 0.06, 0.04, 0.01, 0.03, 0.03, 0.01]  # fmt: skip
        use = uses[int(rng.choice(len(uses), p=odds))]
        made.append((rectangle, use, "works" if works else "north"))
    return made


def _south_uses(grid: Grid) -> list[tuple[Rectangle, Use, str]]:
    """Decide what stands where in the new district."""
    columns, rows = len(grid.column_ranks) - 1, len(grid.row_ranks) - 1
    rng = ground.random_source(10)
    uses: list[Use] = ["homes", "school", "park", "office", "market", "cleared"]
    made: list[tuple[Rectangle, Use, str]] = []
    for column in range(columns):
        for row in range(rows):
            east, north = _middle(grid, column, row)
            if abs((east - 8_200) / 4_900) ** 4 + max(0.0, (1_900 - north) / 1_250) ** 4 > 1:
                continue
            use = uses[int(rng.choice(6, p=[0.70, 0.07, 0.06, 0.07, 0.04, 0.06]))]
            made.append(((column, column + 1, row, row + 1), use, "new"))
    return made


def _estate_style(cell: Cell, rng: np.random.Generator) -> EstateStyle:
    if cell.use != "homes":
        return ESTATES[cell.use]
    if cell.quarter == "new":
        return ESTATES["towers"]
    middle = cell.polygon.centroid
    near = np.hypot(middle.x - 7_900, (middle.y - 5_700) * 1.4) < 2_600
    return ESTATES["compound" if rng.random() < (0.8 if near else 0.42) else "gated"]


def _park(streets: Streets, cell: Cell, rng: np.random.Generator) -> None:
    """Lead open paths from the corners and sides of a park to a ring around its middle."""
    inner = scale(cell.polygon, 0.62, 0.62)
    rounding = 0.2 * float(np.sqrt(inner.area))
    walk = inner.buffer(-rounding).buffer(rounding).exterior
    first = float(rng.uniform(0, 0.07))
    ring = []
    for share in np.linspace(0, 1, 15)[:-1]:
        spot = walk.interpolate(float(first + share), normalized=True)
        ring.append(streets.node((spot.x, spot.y)))
    streets.way([*ring, ring[0]], {"highway": "footway", "surface": "paving_stones"})
    for segment in cell.block.sides:
        outside = streets.join(segment, segment.at(float(rng.uniform(0.3, 0.7))))
        start = np.array(streets.points[outside])
        away = [float(np.hypot(*(np.array(streets.points[node]) - start))) for node in ring]
        streets.way([outside, ring[int(np.argmin(away))]], {"highway": "footway"})


def _fill(streets: Streets, cells: list[Cell]) -> list[tuple[Cell, Building]]:
    """Build every cell."""
    rng = ground.random_source(11)
    shut = _stray_yard(cells)
    built: list[tuple[Cell, Building]] = []
    for cell in cells:
        if cell.use == "old":
            for block in split_into_lanes(streets, cell.block, OLD_LANES, rng):
                built += [(cell, one) for one in houses(streets, block, OLD_LANES, rng)]
        elif cell.use == "park":
            _park(streets, cell, rng)
        elif cell.use != "cleared":
            private = cell.use == "homes" and rng.random() < 0.10
            style = _estate_style(cell, rng)
            estate = build_estate(streets, cell, style, private=private, rng=rng, shut=cell is shut)
            built += [(cell, one) for one in estate]
    return built


def _stray_yard(cells: list[Cell]) -> Cell:
    """Return the one superblock whose gate nobody mapped."""
    homes = [cell for cell in cells if cell.use == "homes" and cell.quarter == "north"]
    away = [np.hypot(c.polygon.centroid.x - 3_300, c.polygon.centroid.y - 8_100) for c in homes]
    return homes[int(np.argmin(away))]


def build_city(streets: Streets, taken: set[str]) -> City:
    """Draw both banks and build every cell.

    Parameters
    ----------
    streets
        Receives all streets, walls and gates.
    taken
        Names in use; those of streets are added.
    """
    north, south = _north_grid(taken), _south_grid(taken)
    lay(streets, north, _north_uses(north))
    lay(streets, south, _south_uses(south))
    buildings = _fill(streets, north.cells + south.cells)
    return City(north, south, buildings)
