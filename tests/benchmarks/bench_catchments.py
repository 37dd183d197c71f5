"""Catchments of 500 centres in Porto against the usual recipe, on one network, in one run.

Twice: with centres in the city, within 5 km of its middle, and all over the 35 × 46 km of the file,
where lone centres share no land with others.

The recipe is that of OSMnx's isoline example: ``networkx.ego_graph`` within the minutes, the lines
of its edges buffered by 25 m and united. It is timed on 20 of the centres, which stand on junctions
so that both begin at the same place; its graph is made beforehand and not timed. Ours is timed as a
whole: searching, sharing the land out, drawing areas and cut streets.

How right the shapes are is measured on those 20: of random places inside a shape, the share whose
walk to the centre is not within the limit (land that is wrongly in); and of random places around
whose walk is, the share outside the shape (land that is missing).

Run as ``python -m tests.benchmarks.bench_catchments``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import networkx
import numpy as np
import shapely

from planner.streets import WalkingNetwork, edge_minutes, read_streets, travel_times
from planner.streets.catchment.catchments import CATCHMENT_MINUTES, TOLERANCE_M, catchments
from planner.streets.joining.joining import segment_lines

CENTRES = 500
MIDDLE = (-8.611, 41.150)  # WGS 84
CITY_RADIUS_M = 5000.0
RECIPE_CENTRES = 20
LIMIT_MINUTES = 15.0
BUFFER_M = 25.0
SAMPLES = 3000
SEED = 20260102
FOLDER = Path(os.environ.get("PLANNER_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


@dataclass(frozen=True)
class Figures:
    """What one contender took for a catchment, and how much of its land is wrong or missing."""

    milliseconds: float
    wrong_share: float
    missing_share: float


def centres_of(
    network: WalkingNetwork, radius_m: float
) -> tuple[np.ndarray, geopandas.GeoDataFrame]:
    """Return junctions of the main part around the middle of Porto, and the same as points."""
    middle = geopandas.GeoSeries.from_xy([MIDDLE[0]], [MIDDLE[1]], crs=4326).to_crs(network.crs)
    away_m = np.hypot(
        network.node_easting_m - middle.x.iloc[0], network.node_northing_m - middle.y.iloc[0]
    )
    main = np.flatnonzero((network.node_part == 0) & (away_m <= radius_m))
    nodes = np.random.default_rng(SEED).choice(main, CENTRES, replace=False)
    places = geopandas.points_from_xy(network.node_easting_m[nodes], network.node_northing_m[nodes])
    ids = [f"c{number:03}" for number in range(CENTRES)]
    return nodes, geopandas.GeoDataFrame(index=ids, geometry=places, crs=network.crs)


def graph_of(network: WalkingNetwork) -> networkx.MultiDiGraph:
    """Return the network as OSMnx would have it: edges with minutes and lines."""
    lines = segment_lines(network)
    minutes = edge_minutes(network).forward
    graph = networkx.MultiDiGraph()
    tail = np.repeat(np.arange(network.node_count), np.diff(network.arc_start))
    for start, end, segment in zip(
        tail.tolist(), network.arc_to.tolist(), network.arc_segment.tolist(), strict=True
    ):
        graph.add_edge(start, end, minutes=minutes[segment], geometry=lines[segment])
    return graph


def recipe(graph: networkx.MultiDiGraph, node: int) -> Any:
    """Return the catchment of one junction by the usual recipe."""
    near = networkx.ego_graph(graph, node, radius=LIMIT_MINUTES, distance="minutes")
    lines = [line for _, _, line in near.edges(data="geometry")]
    return geopandas.GeoSeries(lines).buffer(BUFFER_M).union_all()


def _in_time(
    network: WalkingNetwork, places: np.ndarray, centre: geopandas.GeoDataFrame
) -> np.ndarray:
    doors = geopandas.GeoDataFrame(
        index=np.arange(len(places)).astype(str),
        geometry=geopandas.points_from_xy(places[:, 0], places[:, 1]),
        crs=network.crs,
    )
    found = travel_times(network, doors, centre, limit_minutes=LIMIT_MINUTES)
    reached: np.ndarray = doors.index.isin(found["origin"].astype(str))
    return reached


def rightness(
    network: WalkingNetwork, centres: geopandas.GeoDataFrame, contenders: Sequence[Sequence[Any]]
) -> list[tuple[float, float]]:
    """Return the share of wrong and of missing land of each contender's shapes, over all centres.

    All are judged by the same places, in the box that holds both shapes and 250 m around.
    """
    random = np.random.default_rng(SEED + 1)
    counts = np.zeros((len(contenders), 4))
    for number in range(len(centres)):
        shapes = [shapes_of_one[number] for shapes_of_one in contenders]
        west, south, east, north = shapely.total_bounds(np.array(shapes))
        low, high = [west - 250, south - 250], [east + 250, north + 250]
        places = random.uniform(low, high, (SAMPLES, 2))
        weight = (high[0] - low[0]) * (high[1] - low[1]) / SAMPLES
        truth = _in_time(network, places, centres.iloc[[number]])
        for contender, shape in enumerate(shapes):
            inside = shapely.contains_xy(shape, places[:, 0], places[:, 1])
            found = (inside & ~truth, inside, truth & ~inside, truth)
            counts[contender] += [weight * part.sum() for part in found]
    return [(row[0] / row[1], row[2] / row[3]) for row in counts]


def compared(
    network: WalkingNetwork, graph: networkx.MultiDiGraph, where: str, radius_m: float
) -> dict[str, Figures]:
    """Print the table for centres around the middle of Porto; return its figures by contender."""
    nodes, centres = centres_of(network, radius_m)
    before = time.perf_counter()
    shapes = [[recipe(graph, int(node)) for node in nodes[:RECIPE_CENTRES]]]
    seconds = {
        "networkx ego_graph, edges buffered": (time.perf_counter() - before) / RECIPE_CENTRES
    }
    for tolerance_m in (TOLERANCE_M, 2 * TOLERANCE_M):
        before = time.perf_counter()
        ours = catchments(network, centres, limits_minutes=[LIMIT_MINUTES], tolerance_m=tolerance_m)
        passed = time.perf_counter() - before
        seconds[f"planner catchments, to {tolerance_m:.0f} m"] = passed / CENTRES
        shapes.append(ours.areas.geometry.tolist()[:RECIPE_CENTRES])
    before = time.perf_counter()
    catchments(network, centres, limits_minutes=CATCHMENT_MINUTES, union=True)
    bands_seconds = time.perf_counter() - before
    shares = rightness(network, centres.iloc[:RECIPE_CENTRES], shapes)
    figures = {
        name: Figures(one * 1e3, *share)
        for (name, one), share in zip(seconds.items(), shares, strict=True)
    }
    first = next(iter(figures.values())).milliseconds
    print(f"15-minute catchments of {CENTRES} centres {where}, {network.segment_count:,} segments")
    print(f"{'':36}{'each':>10}{'wrongly in':>12}{'missing':>9}{'ratio':>8}")
    for name, one in figures.items():
        print(
            f"{name:36}{one.milliseconds:7.1f} ms{one.wrong_share:12.2%}{one.missing_share:9.2%}"
            f"{first / one.milliseconds:7.1f}×"
        )
    print(f"5, 10 and 15 minutes, and all centres united: {bands_seconds:.2f} s")
    return figures


def main() -> dict[str, dict[str, Figures]]:
    """Print the tables and return their figures by place and contender."""
    file = FOLDER / "networks" / "porto.osm.pbf"
    if not file.exists():
        print(f"Catchments: {file.name} is not here, skipped")
        return {}
    network = read_streets(file)
    catchments(network, centres_of(network, CITY_RADIUS_M)[1].iloc[:2], union=True)  # compiles
    graph = graph_of(network)
    return {
        "city": compared(network, graph, "in the city", CITY_RADIUS_M),
        "all over": compared(network, graph, "all over Porto", np.inf),
    }


if __name__ == "__main__":
    main()
