"""Spreading communities over buildings and over cells, at three sizes up to a large city.

The bars: 1,000 communities over 300,000 buildings within 2 GB, and time that grows with the size:
four times the city in at most six times the time (a sort's logarithm and a machine's noise; what
grows with the square would take sixteen). Memory counts all of a fresh process: Python, the
libraries, and the tables that go in. Totals are checked on the way.

Communities are squares of 600 m side by side, slightly turned so that no cell fits them; buildings
stand on a lattice with jitter, one in ten a shop, one in twenty without floors.

Run as ``python -m tests.benchmarks.bench_spreading``.
"""

from __future__ import annotations

import time
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.affinity import rotate

from planner.ledgers.spreading import spread_over_buildings
from planner.ledgers.spreading_cells import Spread, spread_over_cells
from tests.benchmarks.grids import alone, bar, memory_mb

SIZES: Final = (250, 500, 1000)
BUILDINGS_EACH: Final = 300
SIDE_M: Final = 600.0
CELL_M: Final = 100.0
CRS: Final = "EPSG:4547"
ORIGIN: Final = (500_000.0, 3_380_000.0)
MEMORY_BAR_MB: Final = 2048.0
GROWTH_BAR: Final = 6.0
SEED: Final = 20260103
TURN_DEGREES: Final = 7.0


def city(communities: int) -> gpd.GeoDataFrame:
    """Return communities side by side with their people, in rows of 25."""
    number = np.arange(communities)
    west = ORIGIN[0] + (number % 25) * SIDE_M
    south = ORIGIN[1] + (number // 25) * SIDE_M
    squares = gpd.GeoSeries(shapely.box(west, south, west + SIDE_M, south + SIDE_M), crs=CRS)
    outlines = squares.map(lambda one: rotate(one, TURN_DEGREES, origin=(*ORIGIN,)))
    random = np.random.default_rng(SEED)
    population = random.integers(2_000, 15_000, communities).astype(float)
    return gpd.GeoDataFrame(
        {
            "name": [f"第{one}社区" for one in number],
            "population": population,
            "elderly_60": population * 0.2,
            "elderly_65": population * 0.14,
            "elderly_80": population * 0.03,
            "disabled": population * 0.01,
        },
        index=[f"Q{one:05d}" for one in number],
        geometry=outlines.to_numpy(),
        crs=CRS,
    )


def lattice(communities: int, each: int, step_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Return eastings and northings of a lattice over the city, ``each`` places a community."""
    rows = communities // 25
    across = np.arange(0.0, 25 * SIDE_M, step_m)
    up = np.arange(0.0, rows * SIDE_M, step_m)
    easting, northing = (one.ravel() for one in np.meshgrid(across, up))
    turn = np.radians(TURN_DEGREES)
    count = communities * each
    return (
        (ORIGIN[0] + easting * np.cos(turn) - northing * np.sin(turn))[:count],
        (ORIGIN[1] + easting * np.sin(turn) + northing * np.cos(turn))[:count],
    )


def buildings_of(communities: int) -> gpd.GeoDataFrame:
    """Return 300 buildings a community, some of them shops, some without floors."""
    step_m = SIDE_M / np.sqrt(BUILDINGS_EACH)
    easting, northing = lattice(communities, BUILDINGS_EACH, step_m)
    random = np.random.default_rng(SEED + 1)
    easting = easting + random.uniform(0.0, 15.0, len(easting))
    northing = northing + random.uniform(0.0, 15.0, len(northing))
    shop = random.random(len(easting)) < 0.1
    floors = random.integers(1, 34, len(easting)).astype(float)
    floors[random.random(len(easting)) < 0.05] = np.nan
    return gpd.GeoDataFrame(
        {"floors": floors, "building_use": np.where(shop, "商业", "住宅")},
        index=[f"b{one:06d}" for one in range(len(easting))],
        geometry=shapely.box(easting, northing, easting + 12.0, northing + 40.0),
        crs=CRS,
    )


def cells_of(communities: int) -> gpd.GeoDataFrame:
    """Return cells of 100 m, not turned, over the city; one in five without anybody is left out."""
    west, south, east, north = city(communities).total_bounds
    eastings, northings = np.arange(west, east, CELL_M), np.arange(south, north, CELL_M)
    left, low = (one.ravel() for one in np.meshgrid(eastings, northings))
    random = np.random.default_rng(SEED + 2)
    people = random.gamma(2.0, 5.0, len(left))
    table = pd.DataFrame(
        {"elderly_60": people, "elderly_65": people * 0.7, "elderly_80": people * 0.1},
        index=[f"K{one:06d}" for one in range(len(left))],
    )
    squares = shapely.box(left, low, left + CELL_M, low + CELL_M)
    cells = gpd.GeoDataFrame(table, geometry=squares, crs=CRS)
    return cells[random.random(len(left)) > 0.2]


def _kept(communities: gpd.GeoDataFrame, spread: Spread) -> float:
    """Return the largest relative difference of any community's figure after spreading."""
    columns = ["population", "elderly_60", "elderly_65", "elderly_80", "disabled"]
    sums = spread.residents.groupby("community")[columns].sum()
    return float((sums / communities[columns] - 1.0).abs().max().max())


def spreading(communities: int, over: str) -> dict[str, float]:
    """Spread a city and return seconds, places, memory and how well totals were kept."""
    town = city(communities)
    homes = buildings_of(communities) if over == "buildings" else cells_of(communities)
    before = time.perf_counter()
    if over == "buildings":
        spread = spread_over_buildings(town, homes)
    else:
        spread = spread_over_cells(town, homes)
    return {
        "seconds": time.perf_counter() - before,
        "places": float(len(homes)),
        "rows": float(len(spread.residents)),
        "peak_mb": memory_mb("VmHWM"),
        "off": _kept(town, spread),
    }


def main() -> dict[str, Any]:
    """Print the figures and the bars met, and return the figures."""
    figures: dict[str, Any] = {}
    for over in ("buildings", "cells"):
        print(f"communities spread over {over}")
        runs = [alone(spreading, size, over) for size in SIZES]
        for size, one in zip(SIZES, runs, strict=True):
            print(
                f"  {size:,} communities over {one['places']:,.0f} {over}: {one['seconds']:.2f} s, "
                f"{one['rows']:,.0f} rows, {one['peak_mb']:.0f} MB in all, totals off by "
                f"{one['off']:.0e} at most"
            )
        growth = runs[-1]["seconds"] / runs[0]["seconds"]
        bar("four times the city takes", growth, GROWTH_BAR, at_least=False)
        bar("memory", runs[-1]["peak_mb"], MEMORY_BAR_MB, at_least=False, unit=" MB")
        bar("totals off by (1e-9)", max(one["off"] for one in runs) / 1e-9, 1.0, at_least=False)
        figures[over] = runs
    return figures


if __name__ == "__main__":
    main()
