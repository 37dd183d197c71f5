"""The truth about who is left out, in one run: spreading, coverage by many walkers, gaps.

A city of 1,000 communities is spread over 300,000 buildings, coverage is told for five walkers and
three limits by every kind, need and tier of centre, and the gaps are found with their causes and
how sure they are. The bars: one process under 2 GB, Python, libraries and input tables counted,
and time that grows with the size: four times the city in at most six times the time (what grows
with the square would take sixteen).

The city is that of :mod:`tests.benchmarks.bench_spreading`; its streets are a grid of 75 m that
lacks one piece in ten, and rivers every 3 km that only every eighth street crosses. Every other
community has a centre, drawn once.

Run as ``python -m tests.benchmarks.bench_district``.
"""

from __future__ import annotations

import time
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.coverage.walking import Coverage
from planner.ledgers.spreading import spread_over_buildings
from planner.scenario import Scenario, from_mapping
from planner.streets import WalkingNetwork
from planner.tables import CENTRE_KINDS
from planner.workflow.covering.asking import coverage_by_question, other_walks
from planner.workflow.gaps.areas import Gaps, find_gaps, how_sure
from planner.workflow.inputs.walking import Walks, open_centres
from tests.benchmarks.bench_spreading import CRS, SEED, SIZES, buildings_of, city
from tests.benchmarks.grids import alone, bar, memory_mb

BLOCK_M: Final = 75.0
RIVER_M: Final = 3_000.0
BRIDGE_EVERY: Final = 8
MISSING_SHARE: Final = 0.1
WALKERS: Final = ("elder", "elder_65_74", "elder_75_84", "elder_85", "wheelchair")
LIMITS_MINUTES: Final = (10.0, 15.0, 20.0)
MEMORY_BAR_MB: Final = 2048.0
GROWTH_BAR: Final = 6.0


def scenario() -> Scenario:
    """Return the settings: five walkers, three limits."""
    files = {name: {"file": f"{name}.gpkg"} for name in ("communities", "residents", "centres")}
    return from_mapping(
        {
            "project": {"name": "bench"},
            "streets": {"file": "streets.gpkg"},
            **files,
            "walking": {"walker": WALKERS[0]},
            "coverage": {"walkers": list(WALKERS[1:]), "limits_minutes": list(LIMITS_MINUTES)},
        }
    )


def rivers_of(communities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return rivers from west to east, half a block beside the streets along them."""
    west, south, east, north = communities.total_bounds
    northings = np.arange(south + RIVER_M, north, RIVER_M)
    lines = [shapely.LineString([(west, one), (east, one)]) for one in northings]
    return gpd.GeoDataFrame(
        {"barrier_kind": "river", "name": [f"第{n}河" for n in range(len(lines))]},
        geometry=lines,
        crs=CRS,
    )


def streets_of(communities: gpd.GeoDataFrame) -> WalkingNetwork:
    """Return a grid over the communities that lacks pieces, and crosses rivers by bridges only."""
    west, south, east, north = communities.total_bounds
    south += BLOCK_M / 2
    columns, rows = int((east - west) // BLOCK_M) + 1, int((north - south) // BLOCK_M) + 1
    row, column = np.divmod(np.arange(rows * columns), columns)
    number = np.arange(rows * columns).reshape(rows, columns)
    start = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    northing = south + row * BLOCK_M
    stretch = (northing - communities.total_bounds[1]) // RIVER_M
    crosses = stretch[start] != stretch[end]
    kept = np.random.default_rng(SEED + 3).random(len(start)) >= MISSING_SHARE
    kept = np.where(crosses, column[start] % BRIDGE_EVERY == 0, kept)
    nodes = pd.DataFrame({"easting_m": west + column * BLOCK_M, "northing_m": northing})
    edges = pd.DataFrame({"from_node": start[kept], "to_node": end[kept]})
    return WalkingNetwork.from_tables(nodes, edges, crs=CRS)


def centres_of(communities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a centre in every other community, most for day care, nine in ten operating."""
    random = np.random.default_rng(SEED + 4)
    home = communities.iloc[::2]
    where = home.geometry.centroid.translate(20.0, 30.0)
    count = len(home)
    kinds = np.where(random.random(count) < 0.7, "日间照料", random.choice(CENTRE_KINDS, count))
    return gpd.GeoDataFrame(
        {
            "name": [f"第{n}中心" for n in range(count)],
            "centre_kind": kinds,
            "status": np.where(random.random(count) < 0.9, "运营", "停运"),
            "rooms": "",
            "position": "given",
            "community": home.index.to_numpy(),
        },
        index=[f"C{n:04d}" for n in range(count)],
        geometry=where.to_numpy(),
        crs=CRS,
    )


def district(size: int) -> dict[str, float]:
    """Find out who is left out of a city of ``size`` communities, and return what it took."""
    communities = city(size)
    buildings = buildings_of(size)
    centres, barriers, settings = centres_of(communities), rivers_of(communities), scenario()
    network = streets_of(communities)
    clock = [time.perf_counter()]
    residents = spread_over_buildings(communities, buildings).residents
    clock.append(time.perf_counter())
    walks = Walks.of(network, residents, settings)
    open_sites = open_centres(centres, settings.coverage.centre_kinds)
    coverage = walks.coverage_by(open_sites)
    table, _ = coverage_by_question(walks, centres)
    clock.append(time.perf_counter())
    gaps = _gaps(walks, coverage, communities, open_sites, barriers)
    clock.append(time.perf_counter())
    _checked(coverage, gaps, communities, table)
    spread_s, coverage_s, gaps_s = np.diff(clock).tolist()
    return {
        "spread_s": spread_s,
        "coverage_s": coverage_s,
        "gaps_s": gaps_s,
        "seconds": clock[-1] - clock[0],
        "buildings": float(len(buildings)),
        "nodes": float(network.node_count),
        "gaps": float(len(gaps.found.areas)),
        "share": float(
            coverage.residents.loc[coverage.residents["state"] == "covered", "elderly_60"].sum()
            / communities["elderly_60"].sum()
        ),
        "peak_mb": memory_mb("VmHWM"),
    }


def _gaps(
    walks: Walks,
    coverage: Coverage,
    communities: gpd.GeoDataFrame,
    open_sites: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
) -> Gaps:
    gaps = find_gaps(walks, coverage, communities, open_sites, barriers=barriers)
    how_sure(other_walks(walks), coverage, gaps.found, open_sites)
    return gaps


def _checked(
    coverage: Coverage, gaps: Gaps, communities: gpd.GeoDataFrame, table: pd.DataFrame
) -> None:
    """Refuse figures of a run that lost people or answered less than was asked.

    Raises
    ------
    RuntimeError
        Which of both.
    """
    elders = communities["elderly_60"].sum()
    lost = gaps.found.areas["elderly_60"].sum()
    covered = coverage.residents.loc[coverage.residents["state"] == "covered", "elderly_60"].sum()
    if not np.isclose(lost + covered, elders, rtol=1e-9):
        told = f"{elders} elders, {covered} covered and {lost} in gaps"
        raise RuntimeError(told)
    asked = table[["walker", "limit_minutes"]].drop_duplicates()
    if len(asked) != len(WALKERS) * len(LIMITS_MINUTES):
        told = f"{len(asked)} walkers and limits answered"
        raise RuntimeError(told)


def main() -> dict[str, Any]:
    """Print the figures and the bars met, and return the figures."""
    print(f"{len(WALKERS)} walkers, limits of {LIMITS_MINUTES} minutes, gaps: one run")
    alone(district, 25)  # compiles what is compiled once
    runs = [alone(district, size) for size in SIZES]
    for size, one in zip(SIZES, runs, strict=True):
        print(
            f"  {size:,} communities, {one['buildings']:,.0f} buildings, "
            f"{one['nodes']:,.0f} nodes: "
            f"{one['seconds']:.1f} s (spreading {one['spread_s']:.1f}, coverage "
            f"{one['coverage_s']:.1f}, gaps {one['gaps_s']:.1f}), {one['gaps']:,.0f} gaps, "
            f"{one['share']:.1%} covered, {one['peak_mb']:.0f} MB in all"
        )
    growth = runs[-1]["seconds"] / runs[0]["seconds"]
    bar("four times the city takes", growth, GROWTH_BAR, at_least=False)
    bar("memory", runs[-1]["peak_mb"], MEMORY_BAR_MB, at_least=False, unit=" MB")
    return {"runs": runs, "growth": growth}


if __name__ == "__main__":
    main()
