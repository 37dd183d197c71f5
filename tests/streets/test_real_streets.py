"""Real streets: Monaco, Futian, Helsinki, Andorra, with known answers and a second opinion."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import geopandas
import networkx
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, Point

from planner.streets import (
    WalkingNetwork,
    foot_rules,
    join_to_streets,
    nearest_centre,
    read_ground,
    read_streets,
    travel_times,
)
from planner.streets.network.rule_lists import Rule
from tests.shared_data import shared_data
from tests.streets.drawn import points

SPEED_M_S = 0.83


@cache
def network_of(path: Path) -> WalkingNetwork:
    """Return the streets as a plain graph has them: walled estates open, squares walked round."""
    return read_streets(path, rules=replace(foot_rules().with_estates_open(), areas=()))


def foot_routes() -> list[dict[str, Any]]:
    truth = json.loads(shared_data("truth/monaco_foot_routes.json").read_text(encoding="utf-8"))
    routes: list[dict[str, Any]] = truth["comparable_to_plain_shortest_distance"]["routes"]
    return routes


@pytest.mark.parametrize("number", range(4))
def test_monaco_foot_routes(number: int) -> None:
    """Between the joined points, legs apart, to the greater of 2 m and 0.2 %."""
    network = network_of(shared_data("networks/monaco.osm.gz"))
    route = foot_routes()[number]
    start, end = (
        join_to_streets(network, points({name: tuple(route[name][::-1])}, crs="EPSG:4326"))
        for name in ("from", "to")
    )
    table = travel_times(network, start, end, limit_minutes=600, speed_m_s=1.0)
    walked_m = table["walk_minutes"].iloc[0] * 60 - start["leg_m"].iloc[0] - end["leg_m"].iloc[0]
    assert abs(walked_m - route["flat_m"]) <= max(2.0, 0.002 * route["flat_m"])


def test_monaco_routes_do_not_hang_on_private_ways() -> None:
    """Refusing ``access=private``, as other routers do, gives the same four routes."""
    path = shared_data("networks/monaco.osm.gz")
    ours = replace(foot_rules(), areas=())
    refused = Rule("private", {"access": frozenset({"private"})}, "refused")
    others = tuple(rule for rule in ours.ways if rule.verdict != "private")
    refusing = replace(ours, ways=(refused, *others))
    places = {
        f"{number}{name}": tuple(route[name][::-1])
        for number, route in enumerate(foot_routes())
        for name in ("from", "to")
    }
    doors = points(places, crs="EPSG:4326")
    starts, ends = (doors[doors.index.str.endswith(name)] for name in ("from", "to"))
    tables = [
        travel_times(network, starts, ends, limit_minutes=600)
        for network in (network_of(path), read_streets(path, rules=refusing))
    ]
    first, second = (table.set_index(["origin", "destination"])["walk_minutes"] for table in tables)
    for number in range(4):
        pair = (f"{number}from", f"{number}to")
        assert first.loc[pair] == pytest.approx(second.loc[pair], rel=1e-6)


def test_monaco_parts_and_notes() -> None:
    network = network_of(shared_data("networks/monaco.osm.gz"))
    assert network.part_count == pytest.approx(25, abs=3)
    main = network.segment_length_m[network.segment_part == 0].sum()
    assert main / network.segment_length_m.sum() > 0.97
    assert network.notes["points"] == pytest.approx(4750, rel=0.02)
    assert network.notes["rules"]["private"]["share"] < 0.01
    assert sum(rule["share"] for rule in network.notes["rules"].values()) == pytest.approx(1.0)


def test_andorra_falls_into_parts() -> None:
    """About 37,394 points on foot ways; the main part holds 81 % of them, the rest is reported."""
    network = network_of(shared_data("networks/andorra.osm.pbf"))
    assert network.notes["points"] == pytest.approx(37_394, rel=0.02)
    inner = np.diff(network.vertex_start) - 2
    part = network.segment_part
    held = inner[part == 0].sum() + (network.node_part == 0).sum()
    assert held / (inner.sum() + network.node_count) == pytest.approx(0.81, abs=0.02)
    lengths = np.bincount(part, weights=network.segment_length_m)
    assert np.all(np.diff(lengths) <= 1e-6)


def test_helsinki_size_and_ground() -> None:
    path = shared_data("networks/helsinki.osm.pbf")
    network = network_of(path)
    assert network.notes["points"] == pytest.approx(7001, rel=0.02)
    assert (network.node_part == 0).mean() == pytest.approx(0.979, abs=0.01)
    ground = read_ground(path)
    assert set(ground["ground_kind"]) <= {"water", "waterway", "railway"}
    assert (ground.geometry.geom_type[ground["ground_kind"] == "water"] == "MultiPolygon").all()
    assert ground.geometry.is_valid.all()


def test_junctions_keep_all_streets() -> None:
    """Leaving out the bends loses no metre, and every drawn line is as long as it says."""
    network = network_of(shared_data("networks/helsinki.osm.pbf"))
    coordinates = np.column_stack([network.vertex_easting_m, network.vertex_northing_m])
    step_m = np.hypot(*np.diff(coordinates, axis=0).T)
    step_m[network.vertex_start[1:-1] - 1] = 0.0
    drawn_m = np.add.reduceat(step_m, network.vertex_start[:-1])
    # The plane of UTM shrinks lengths by up to 0.04 % and stretches them at the zone's rim.
    np.testing.assert_allclose(drawn_m, network.segment_length_m, rtol=1e-3, atol=1e-6)
    allowed = [rule for rule in network.notes["rules"].values() if rule["verdict"] == "allowed"]
    read_m = sum(rule["length_m"] for rule in allowed)
    # Steps that two ways share are kept once: a little less than all ways together.
    assert network.segment_length_m.sum() <= read_m
    assert network.segment_length_m.sum() == pytest.approx(read_m, rel=0.04)


@dataclass(frozen=True)
class Futian:
    """The Futian graph as the second opinion sees it: streets as lines, walked both ways."""

    graph: Any
    ends: list[tuple[int, int]]
    lengths_m: list[float]
    lines: list[LineString]
    reached: dict[int, dict[int, float]] = field(default_factory=dict)


def _refused(data: dict[str, Any]) -> bool:
    """Tell which edges feet may not use, in the test's own words."""
    kinds = data["highway"] if isinstance(data["highway"], list) else [data["highway"]]
    return bool({"motorway", "motorway_link"} & set(kinds)) or data.get("access") == "no"


@cache
def futian(path: Path) -> Futian:
    osmnx = pytest.importorskip("osmnx")
    network = network_of(path)
    projected = osmnx.project_graph(osmnx.load_graphml(path), to_crs=network.crs)
    graph = networkx.MultiGraph()
    ends, lengths, lines = [], [], []
    for tail, head, data in projected.edges(data=True):
        if _refused(data):
            continue
        corners = [(projected.nodes[end]["x"], projected.nodes[end]["y"]) for end in (tail, head)]
        graph.add_edge(tail, head, length=data["length"])
        ends.append((tail, head))
        lengths.append(float(data["length"]))
        lines.append(data.get("geometry", LineString(corners)))
    return Futian(graph, ends, lengths, lines)


def _joined(town: Futian, door: Point, main: set[int]) -> tuple[int, float, float]:
    """Return street, fraction and leg of a door: the nearest street of the main part."""
    away = shapely.distance(town.lines, door)
    away[[ends[0] not in main for ends in town.ends]] = np.inf
    street = int(np.argmin(away))
    return street, town.lines[street].project(door, normalized=True), float(away[street])


def _walked_m(
    town: Futian, start: tuple[int, float, float], end: tuple[int, float, float]
) -> float:
    """Return the shortest way between two joined doors, legs included."""
    shortest = np.inf
    (first, last), length_m = town.ends[start[0]], town.lengths_m[start[0]]
    for node, to_node_m in ((first, start[1] * length_m), (last, (1 - start[1]) * length_m)):
        if node not in town.reached:
            town.reached[node] = networkx.single_source_dijkstra_path_length(
                town.graph, node, weight="length"
            )
        reached = town.reached[node]
        head, tail = town.ends[end[0]]
        for other, from_node in ((head, end[1]), (tail, 1 - end[1])):
            if other in reached:
                way_m = to_node_m + reached[other] + from_node * town.lengths_m[end[0]]
                shortest = min(shortest, way_m)
    same = town.lines[start[0]].equals(town.lines[end[0]])
    if same:
        there = end[1] if town.ends[start[0]] == town.ends[end[0]] else 1 - end[1]
        shortest = min(shortest, abs(there - start[1]) * length_m)
    return start[2] + shortest + end[2]


def _futian_doors(town: Futian) -> tuple[dict[str, Point], dict[str, Point]]:
    """Return 40 residents and 25 centres, five of which stand on a resident's own street."""
    random = np.random.default_rng(20260707)
    streets = random.choice(len(town.lines), 60, replace=False)

    def beside(street: int) -> Point:
        spot = town.lines[street].interpolate(random.uniform(0.05, 0.95), normalized=True)
        return Point(spot.x + random.uniform(-8, 8), spot.y + random.uniform(-8, 8))

    residents = {f"r{number}": beside(street) for number, street in enumerate(streets[:40])}
    longest = sorted(range(40), key=lambda number: -town.lengths_m[streets[number]])[:5]
    centres = {f"c{number}": beside(streets[number]) for number in longest}
    centres |= {f"d{number}": beside(street) for number, street in enumerate(streets[40:])}
    return residents, centres


def test_futian_against_networkx() -> None:
    """1,000 pairs on the graph's own lengths to 0.001 minutes, some on one segment."""
    path = shared_data("networks/shenzhen_futian.graphml")
    network, town = network_of(path), futian(path)
    assert network.crs is not None
    assert network.crs.to_epsg() == 4547
    residents, centres = _futian_doors(town)
    tables = [
        geopandas.GeoDataFrame(index=list(doors), geometry=list(doors.values()), crs=network.crs)
        for doors in (residents, centres)
    ]
    table = travel_times(
        network, *(each.to_crs(4326) for each in tables), limit_minutes=1e4, speed_m_s=SPEED_M_S
    )
    assert len(table) == 1000
    main = max(networkx.connected_components(town.graph), key=len)
    joined = {name: _joined(town, door, main) for name, door in (residents | centres).items()}
    expected = [
        _walked_m(town, joined[origin], joined[destination]) / SPEED_M_S / 60
        for origin, destination in zip(table["origin"], table["destination"], strict=True)
    ]
    np.testing.assert_allclose(table["walk_minutes"], expected, atol=1e-3, rtol=0)
    ours = pd.concat([join_to_streets(network, each) for each in tables])["segment"]
    on_one = ours.loc[table["origin"]].to_numpy() == ours.loc[table["destination"]].to_numpy()
    assert on_one.sum() >= 3


def test_futian_streets() -> None:
    """Each street once, car one-ways both ways, lengths the graph's own."""
    path = shared_data("networks/shenzhen_futian.graphml")
    network, town = network_of(path), futian(path)
    assert network.segment_forward.all()
    assert network.segment_backward.all()
    once = {
        (frozenset(ends), round(length, 6), frozenset(line.coords))
        for ends, length, line in zip(town.ends, town.lengths_m, town.lines, strict=True)
    }
    assert network.segment_count == len(once)
    assert network.segment_length_m.sum() == pytest.approx(sum(length for _, length, _ in once))
    assert {"motorway", "closed", "private"} <= set(network.notes["rules"])
    assert network.notes["rules"]["private"]["verdict"] == "allowed"


def test_a_city_of_pairs_without_a_matrix() -> None:
    """30,000 × 30,000 doors would fill 7 GB as a matrix; the pairs within a minute are few."""
    side = 100
    row, column = np.divmod(np.arange(side * side), side)
    names = np.char.add("n", np.arange(side * side).astype(str))
    nodes = pd.DataFrame({"easting_m": column * 50.0, "northing_m": row * 50.0}, index=names)
    square = names.reshape(side, side)
    edges = pd.DataFrame(
        {
            "from_node": np.concatenate([square[:, :-1].ravel(), square[:-1].ravel()]),
            "to_node": np.concatenate([square[:, 1:].ravel(), square[1:].ravel()]),
        }
    )
    network = WalkingNetwork.from_tables(nodes, edges)
    random = np.random.default_rng(1)

    def doors(prefix: str) -> pd.DataFrame:
        places = random.uniform(0, 4950, (2, 30_000))
        ids = [f"{prefix}{number}" for number in range(30_000)]
        table = geopandas.GeoDataFrame(index=ids, geometry=geopandas.points_from_xy(*places))
        return join_to_streets(network, table)

    origins, destinations = doors("o"), doors("d")
    tracemalloc.start()
    table = travel_times(network, origins, destinations, limit_minutes=1.0, speed_m_s=SPEED_M_S)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 50_000 < len(table) < 500_000
    assert peak < 100e6
    assert table.memory_usage(deep=False, index=True).sum() < 40 * len(table) + 10e6
    nearest = nearest_centre(network, origins, destinations, speed_m_s=SPEED_M_S)
    first = table.drop_duplicates("origin").set_index("origin")["walk_minutes"]
    near = nearest["walk_minutes"].loc[first.index.astype(str)]
    assert near.tolist() == first.tolist()


def test_importing_streets_loads_no_osmnx() -> None:
    """A fresh Python that read the streets of a table has not loaded what takes seconds."""
    program = (
        "import sys, planner.streets; "
        "slow = {'osmnx', 'networkx', 'folium', 'matplotlib'} & set(sys.modules); "
        "sys.exit(', '.join(slow) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
