"""A thousand walks in Helsinki and in Andorra against networkx, on graphs built another way.

The graphs here keep every point that a mapper drew, are read by plain loops, and know no squares to
cross, no slow ground and no residents: the network is read with the rules for these left out.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import geopandas
import networkx
import numpy as np
import osmium
import pyproj
import pytest
import shapely
from shapely.geometry import Point

from planner.streets import WalkingNetwork, foot_rules, read_streets, travel_times
from tests.shared_data import shared_data

SPEED_M_S = 0.83
CITIES = {"helsinki": "helsinki.osm.pbf", "andorra": "andorra.osm.pbf"}

UNBUILT = {
    "construction", "proposed", "planned", "abandoned", "razed", "disused", "demolished",
    "dismantled", "no",
}  # fmt: skip
NEVER = {
    "bus_guideway", "raceway", "via_ferrata", "escape", "rest_area", "services", "bus_stop",
    "emergency_bay", "emergency_access_point",
}  # fmt: skip
WELCOME = {"yes", "designated", "official", "permissive", "public", "destination", "customers"}
BARRED = {"no", "use_sidepath", "restricted", "military", "emergency"}
CLOSED = {"no", "military", "emergency", "agricultural", "forestry", "agricultural;forestry"}
HOMES = {
    "footway", "path", "steps", "pedestrian", "living_street", "residential", "service",
    "unclassified", "track", "road", "tertiary", "cycleway", "corridor", "elevator",
}  # fmt: skip
OTHERS = {
    "platform", "crossing", "trail", "tertiary_link", "secondary", "secondary_link", "primary",
    "primary_link", "trunk", "trunk_link", "bridleway",
}  # fmt: skip


def walked(tags: dict[str, str]) -> bool:
    """Tell whether feet may use a way, in the test's own words."""
    kind, foot, access = tags.get("highway"), tags.get("foot"), tags.get("access")
    if kind in UNBUILT | NEVER or foot in BARRED:
        return False
    if kind and foot in WELCOME:
        return True
    if kind in {"motorway", "motorway_link"} or tags.get("motorroad") == "yes" or access in CLOSED:
        return False
    if "private" in (access, foot):
        return kind in HOMES
    if kind in HOMES | OTHERS or (
        kind and tags.get("sidewalk") in {"yes", "both", "left", "right"}
    ):
        return True
    return tags.get("railway") == "platform" or tags.get("man_made") == "pier"


def directions(tags: dict[str, str]) -> tuple[bool, bool]:
    """Return whether feet may go forward and backward, in the test's own words."""
    if tags.get("oneway:foot") in {"yes", "true", "1"} or tags.get("foot:backward") == "no":
        return True, False
    if tags.get("oneway:foot") in {"-1", "reverse"} or tags.get("foot:forward") == "no":
        return False, True
    return tags.get("conveying") != "backward", tags.get("conveying") != "forward"


def shut(tags: Any) -> bool:
    """Tell whether nobody passes a node."""
    if "barrier" not in tags or tags.get("foot") in WELCOME:
        return False
    return tags.get("foot") == "no" or (
        tags.get("access") in {"no", "military"}
        and tags.get("barrier") in {"gate", "lift_gate", "swing_gate", "entrance", "yes"}
        and "foot" not in tags
    )


@cache
def graph_of(city: str) -> networkx.DiGraph:
    """Return every straight step of every way, both ways where feet may, with its metres."""
    path = str(shared_data(f"networks/{CITIES[city]}"))
    geod = pyproj.Geod(ellps="WGS84")
    closed = {node.id for node in osmium.FileProcessor(path, osmium.osm.NODE) if shut(node.tags)}
    graph = networkx.DiGraph()
    way: Any
    for way in osmium.FileProcessor(path).with_locations():
        if not way.is_way() or not walked(tags := {tag.k: tag.v for tag in way.tags}):
            continue
        forward, backward = directions(tags)
        nodes = [
            (node.ref, node.location.lon, node.location.lat)
            for node in way.nodes
            if node.location.valid()
        ]
        for number, ((first, *start), (last, *end)) in enumerate(pairwise(nodes)):
            # Nobody passes a closed gate: each step ends there in a point of its own.
            own = (way.id, number)
            one, other = ((ref, *own) if ref in closed else (ref, 0, 0) for ref in (first, last))
            metres = geod.inv(*start, *end)[2]
            graph.add_node(one, place=tuple(start))
            graph.add_node(other, place=tuple(end))
            for tail, head, may in ((one, other, forward), (other, one, backward)):
                if may:
                    graph.add_edge(tail, head, m=metres)
    return graph


@cache
def network_of(city: str) -> WalkingNetwork:
    rules = replace(foot_rules().with_estates_open(), areas=(), slower=())
    return read_streets(shared_data(f"networks/{CITIES[city]}"), rules=rules)


def main_steps(graph: networkx.DiGraph) -> list[tuple[Any, Any]]:
    """Return the steps of the part with the greatest street length, each once."""
    parts = networkx.weakly_connected_components(graph)

    def length_m(part: set[Any]) -> float:
        inner = graph.subgraph(part).to_undirected(as_view=True)
        return float(sum(metres for *_, metres in inner.edges(data="m")))

    main = max(parts, key=length_m)
    steps = {tuple(sorted(pair)) for pair in graph.subgraph(main).edges}
    return sorted((one, other) for one, other in steps)


def with_doors(
    graph: networkx.DiGraph, steps: list[tuple[Any, Any]], lines: Any, doors: dict[str, Point]
) -> networkx.DiGraph:
    """Return the graph with each door tied to the nearest step, its leg walked."""
    town = graph.copy()
    tree = shapely.STRtree(lines)
    on: dict[int, list[tuple[str, float, float]]] = {}
    for name, door in doors.items():
        step = int(tree.nearest(door))
        share = float(lines[step].project(door, normalized=True))
        on.setdefault(step, []).append((name, share, float(lines[step].distance(door))))
    for step, here in on.items():
        for tail, head, flip in ((*steps[step], False), (*steps[step][::-1], True)):
            if not graph.has_edge(tail, head):
                continue
            metres = graph.edges[tail, head]["m"]
            for name, share, leg in here:
                at = 1 - share if flip else share
                town.add_edge(tail, name, m=at * metres + leg)
                town.add_edge(name, head, m=(1 - at) * metres + leg)
                for other, other_share, other_leg in here:
                    there = 1 - other_share if flip else other_share
                    if other != name and there >= at:
                        town.add_edge(name, other, m=(there - at) * metres + leg + other_leg)
    return town


@pytest.mark.parametrize("city", list(CITIES))
def test_a_thousand_walks(city: str) -> None:
    """To a thousandth of a minute, wherever the doors stand and whoever lives on one street."""
    graph, network = graph_of(city), network_of(city)
    assert network.crs is not None
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", network.crs, always_xy=True)
    names = list(graph.nodes)
    place = dict(
        zip(
            names,
            np.column_stack(
                to_metres.transform(*np.array([graph.nodes[one]["place"] for one in names]).T)
            ),
            strict=True,
        )
    )
    steps = main_steps(graph)
    lines = shapely.linestrings([[place[one], place[other]] for one, other in steps])
    random = np.random.default_rng(20261122)
    rows = random.choice(len(steps), 65, replace=False)
    spots = shapely.line_interpolate_point(lines[rows], random.uniform(0, 1, 65), normalized=True)
    places = shapely.get_coordinates(spots) + random.uniform(-15, 15, (65, 2))
    doors = {f"r{number}": Point(*places[number]) for number in range(40)}
    doors |= {f"c{number}": Point(*places[number]) for number in range(40, 62)}
    # Three centres stand beside a resident's own door.
    doors |= {f"c{number}": Point(*(places[number - 62] + 2.0)) for number in range(62, 65)}
    tables = [
        geopandas.GeoDataFrame(
            index=[name for name in doors if name.startswith(letter)],
            geometry=[door for name, door in doors.items() if name.startswith(letter)],
            crs=network.crs,
        )
        for letter in "rc"
    ]
    walks = travel_times(network, *tables, limit_minutes=1e5, speed_m_s=SPEED_M_S)
    town = with_doors(graph, steps, lines, doors)
    expected: dict[tuple[str, str], float] = {}
    for name in tables[0].index:
        metres = networkx.single_source_dijkstra_path_length(town, name, weight="m")
        expected |= {(name, other): metres[other] for other in tables[1].index if other in metres}
    assert len(walks) == len(expected) == 1000
    theirs = [
        expected[str(origin), str(destination)] / SPEED_M_S / 60
        for origin, destination in zip(walks["origin"], walks["destination"], strict=True)
    ]
    np.testing.assert_allclose(walks["walk_minutes"], theirs, atol=1e-3, rtol=1e-5)
