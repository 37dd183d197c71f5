"""Catchments of 500 centres in Porto against the usual recipe, in one run.

Twice: with centres in the city, within 5 km of its middle, and all over the 35 × 46 km of the file,
where lone centres share no land with others.

The recipe is that of OSMnx's isoline example: ``networkx.ego_graph`` within the minutes, the lines
of its edges buffered by 25 m and united. It is timed on 100 of the centres, which stand on
junctions so that both begin at the same place; its graph is made beforehand and not timed. Ours is
timed as a whole: searching, sharing the land out, drawing areas and cut streets, on all cores.

Both walk the network as it is read by default, and one without lines over squares, which is what a
planner has by OSMnx: the lines slow the recipe more than us. All ratios are to the recipe on the
latter, from the same centres, whatever ours walks on. Contenders take turns, so that noise hits
all of them.

With walls there is no recipe: the sample district with the barriers of its own file, and a made
town of 20,000 walls.

How right the shapes are is measured on 20 of those centres: of random places inside a shape, the
share whose walk is not within the limit (land that is wrongly in); and of random places around
whose walk is, the share outside the shape (land that is missing).

Run as ``python -m tests.benchmarks.bench_catchments``.
"""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import geopandas
import networkx
import numpy as np
import pandas as pd
import shapely

from planner.streets import (
    WalkingNetwork,
    edge_minutes,
    foot_rules,
    read_barriers,
    read_streets,
    travel_times,
)
from planner.streets.catchment.catchments import CATCHMENT_MINUTES, TOLERANCE_M, catchments
from planner.streets.joining.joining import segment_lines

CENTRES = 500
MIDDLE = (-8.611, 41.150)  # WGS 84
CITY_RADIUS_M = 5000.0
RECIPE_CENTRES = 100
JUDGED_CENTRES = 20
LIMIT_MINUTES = 15.0
BUFFER_M = 25.0
SAMPLES = 3000
TURNS = 4
WALLED_CENTRES = 60
WALLS = 20_000
TOWN_M = 3000.0
STREETS_M = 100.0
SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "streets.osm.pbf"
SEED = 20260102
FOLDER = Path(os.environ.get("PLANNER_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


@dataclass(frozen=True)
class Figures:
    """What one contender took for a catchment, and how much of its land is wrong or missing."""

    milliseconds: float
    wrong_share: float
    missing_share: float


def centres_at(network: WalkingNetwork, nodes: np.ndarray) -> geopandas.GeoDataFrame:
    """Return junctions as points."""
    places = geopandas.points_from_xy(network.node_easting_m[nodes], network.node_northing_m[nodes])
    ids = [f"c{number:03}" for number in range(len(nodes))]
    return geopandas.GeoDataFrame(index=ids, geometry=places, crs=network.crs)


def centres_of(network: WalkingNetwork, radius_m: float) -> geopandas.GeoDataFrame:
    """Return junctions of the main part around the middle of Porto."""
    middle = geopandas.GeoSeries.from_xy([MIDDLE[0]], [MIDDLE[1]], crs=4326).to_crs(network.crs)
    away_m = np.hypot(
        network.node_easting_m - middle.x.iloc[0], network.node_northing_m - middle.y.iloc[0]
    )
    main = np.flatnonzero((network.node_part == 0) & (away_m <= radius_m))
    return centres_at(network, np.random.default_rng(SEED).choice(main, CENTRES, replace=False))


def nodes_under(network: WalkingNetwork, centres: geopandas.GeoDataFrame) -> np.ndarray:
    """Return the node nearest to each centre: the junction itself, whatever lines were added."""
    nodes: Any = shapely.points(network.node_easting_m, network.node_northing_m)
    found: np.ndarray = shapely.STRtree(nodes).nearest(centres.geometry.to_numpy())
    return found


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


def recipe(graph: networkx.MultiDiGraph, nodes: np.ndarray, number: int) -> Any:
    """Return the catchment of one of some junctions by the usual recipe."""
    near = networkx.ego_graph(graph, int(nodes[number]), radius=LIMIT_MINUTES, distance="minutes")
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


def in_turns(
    recipes: dict[str, Callable[[int], Any]], ours: dict[str, Callable[[], Any]]
) -> tuple[dict[str, float], dict[str, list[Any]]]:
    """Return the seconds for a centre and the shapes of each contender, who take turns."""
    seconds = dict.fromkeys([*recipes, *ours], 0.0)
    shapes: dict[str, list[Any]] = {name: [] for name in seconds}
    share = RECIPE_CENTRES // TURNS
    for turn in range(TURNS):
        for name, one in recipes.items():
            before = time.perf_counter()
            shapes[name] += [one(number) for number in range(turn * share, (turn + 1) * share)]
            seconds[name] += (time.perf_counter() - before) / RECIPE_CENTRES
        for name, whole in ours.items():
            before = time.perf_counter()
            drawn = whole()
            seconds[name] += (time.perf_counter() - before) / (TURNS * CENTRES)
            shapes[name] = drawn.areas.geometry.tolist()[:RECIPE_CENTRES]
    return seconds, shapes


def compared(
    networks: dict[str, WalkingNetwork], where: str, radius_m: float
) -> dict[str, Figures]:
    """Print the table for centres around the middle of Porto; return its figures by contender.

    Parameters
    ----------
    networks
        By what the table calls them; ratios are to the recipe on the last.
    where, radius_m
        Where the centres are, and within how many metres of the middle.
    """
    recipes: dict[str, Callable[[int], Any]] = {}
    ours: dict[str, Callable[[], Any]] = {}
    judges: dict[str, WalkingNetwork] = {}
    centres = centres_of(list(networks.values())[-1], radius_m)
    for kind, network in networks.items():
        nodes, graph = nodes_under(network, centres), graph_of(network)
        name = f"networkx ego_graph, edges buffered, {kind}"
        recipes[name] = partial(recipe, graph, nodes)
        judges[name] = network
        for tolerance_m in (TOLERANCE_M, 2 * TOLERANCE_M):
            name = f"planner catchments, to {tolerance_m:.0f} m, {kind}"
            ours[name] = partial(
                catchments,
                network,
                centres,
                limits_minutes=[LIMIT_MINUTES],
                tolerance_m=tolerance_m,
            )
            judges[name] = network
    seconds, shapes = in_turns(recipes, ours)
    figures: dict[str, Figures] = {}
    for network in networks.values():
        names = [name for name in shapes if judges[name] is network]
        some = centres.iloc[:JUDGED_CENTRES]
        shares = rightness(network, some, [shapes[name] for name in names])
        for name, one in zip(names, shares, strict=True):
            figures[name] = Figures(seconds[name] * 1e3, *one)
    usual = seconds[list(recipes)[-1]] * 1e3
    print(f"15-minute catchments of {CENTRES} centres {where}")
    print(f"{'':54}{'each':>10}{'wrongly in':>12}{'missing':>9}{'ratio':>8}")
    for name, figure in figures.items():
        print(
            f"{name:54}{figure.milliseconds:7.1f} ms{figure.wrong_share:12.2%}"
            f"{figure.missing_share:9.2%}{usual / figure.milliseconds:7.1f}×"
        )
    before = time.perf_counter()
    catchments(next(iter(networks.values())), centres, limits_minutes=CATCHMENT_MINUTES, union=True)
    passed = time.perf_counter() - before
    print(f"5, 10 and 15 minutes, and all centres united: {passed:.2f} s")
    return figures


def walled_town() -> tuple[WalkingNetwork, geopandas.GeoDataFrame]:
    """Return a town of streets every 100 m, and 20,000 walls of 10 to 40 m any way round."""
    random = np.random.default_rng(SEED)
    steps = int(TOWN_M / STREETS_M) + 1
    number = np.arange(steps * steps).reshape(steps, steps)
    north, east = np.divmod(number.ravel(), steps)
    nodes = pd.DataFrame({"easting_m": east * STREETS_M, "northing_m": north * STREETS_M})
    nodes.index = nodes.index.astype(str)
    starts = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    ends = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    edges = pd.DataFrame({"from_node": starts.astype(str), "to_node": ends.astype(str)})
    middle = random.uniform(0, TOWN_M, (WALLS, 2))
    turn = random.uniform(0, np.pi, WALLS)
    half_m = random.uniform(5, 20, (WALLS, 1)) * np.column_stack([np.cos(turn), np.sin(turn)])
    walls: Any = shapely.linestrings(np.stack([middle - half_m, middle + half_m], axis=1))
    return WalkingNetwork.from_tables(nodes, edges), geopandas.GeoDataFrame(geometry=walls)


def walled() -> dict[str, tuple[float, float]]:
    """Print and return the milliseconds for a catchment without walls and with them, by place."""
    towns = {f"made town, {WALLS:,} walls": walled_town()}
    if SAMPLE.exists():
        towns["sample district, its own barriers"] = read_streets(SAMPLE), read_barriers(SAMPLE)
    print(f"5, 10 and 15-minute catchments of {WALLED_CENTRES} centres")
    print(f"{'':54}{'no walls':>13}{'walls':>10}")
    figures = {}
    for where, (network, barriers) in towns.items():
        main = np.flatnonzero(network.node_part == 0)
        nodes = np.random.default_rng(SEED).choice(main, WALLED_CENTRES, replace=False)
        centres = centres_at(network, nodes)
        passed = []
        for some in (None, barriers):
            catchments(network, centres.iloc[:2], barriers=some)  # compiles
            before = time.perf_counter()
            catchments(network, centres, limits_minutes=CATCHMENT_MINUTES, barriers=some)
            passed.append((time.perf_counter() - before) * 1e3 / WALLED_CENTRES)
        print(f"{where:54}{passed[0]:10.1f} ms{passed[1]:7.1f} ms")
        figures[where] = (passed[0], passed[1])
    return figures


def main() -> dict[str, dict[str, Figures]]:
    """Print the tables and return the figures of Porto by place and contender."""
    walled()
    file = FOLDER / "networks" / "porto.osm.pbf"
    if not file.exists():
        print(f"Catchments: {file.name} is not here, skipped")
        return {}
    networks = {
        "default": read_streets(file),
        "no squares": read_streets(file, rules=dataclasses.replace(foot_rules(), areas=())),
    }
    for network in networks.values():  # compiles, and asks each for its minutes
        catchments(network, centres_of(network, CITY_RADIUS_M).iloc[:2], union=True)
    return {
        "city": compared(networks, "in the city", CITY_RADIUS_M),
        "all over": compared(networks, "all over Porto", np.inf),
    }


if __name__ == "__main__":
    main()
