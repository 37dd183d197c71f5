"""The sample's streets: junctions, bridges, underpasses, walls and gates."""

from __future__ import annotations

import itertools
from collections import Counter

import networkx as nx
import osmium
import shapely

from tests.data.sample_files import SAMPLE, Streets, walkable


def test_streets_have_junctions_enough(streets: Streets) -> None:
    places, _, ways = streets
    assert min(places) > 0
    graph = nx.Graph(list(walkable(ways)))
    assert sum(degree >= 3 for _, degree in graph.degree) > 20_000
    highways = {tags.get("highway") for _, tags in ways}
    assert {"primary", "secondary", "tertiary", "residential", "living_street", "footway", "steps",
            "path", "service", "motorway"} <= highways  # fmt: skip


def test_island_and_yard_are_apart_and_all_else_is_joined(streets: Streets) -> None:
    graph = nx.Graph(list(walkable(streets[2])))
    sizes = sorted(map(len, nx.connected_components(graph)), reverse=True)
    assert len(sizes) == 3
    assert sizes[1] < 60


def test_three_bridges_join_the_banks(streets: Streets) -> None:
    places, _, ways = streets
    bridges = [way for way in ways if way[1].get("name", "").endswith("桥")]
    assert len([way for way in bridges if way[1].get("bridge") == "yes"]) == 3
    joined = nx.Graph(list(walkable(ways)))
    parted = nx.Graph(list(walkable(ways, bridges=False)))
    north = max(joined.nodes, key=lambda node: places[node][1])
    south = min(joined.nodes, key=lambda node: places[node][1])
    assert nx.has_path(joined, north, south)
    assert not nx.has_path(parted, north, south)
    large = [len(part) for part in nx.connected_components(parted) if len(part) > 1_000]
    assert len(large) == 2


def test_underpasses_are_the_way_through_the_railway(streets: Streets) -> None:
    places, _, ways = streets
    rail = next(nodes for nodes, tags in ways if tags.get("railway") == "rail")
    line = shapely.LineString([places[node] for node in rail])
    edges = [
        (shapely.LineString([places[a] for a in pair]), tags)
        for nodes, tags in ways if "highway" in tags
        for pair in itertools.pairwise(nodes)
    ]  # fmt: skip
    crossing = [edges[k][1] for k in shapely.STRtree([e for e, _ in edges]).query(line, "crosses")]
    assert sum(tags.get("tunnel") == "yes" for tags in crossing) == 6
    assert all("tunnel" in tags or "bridge" in tags for tags in crossing)


def test_walls_are_passed_only_at_gates(streets: Streets) -> None:
    places, marks, ways = streets
    gates = {node for node, tags in marks.items() if tags.get("barrier") == "gate"}
    rings = [nodes for nodes, tags in ways if tags.get("barrier") == "wall"]
    counts = Counter(len(gates & set(nodes)) for nodes in rings)
    assert len(rings) > 500
    assert set(counts) <= {0, 1, 2, 3, 4}
    assert counts[0] == 1
    walls = shapely.STRtree([shapely.LineString([places[n] for n in nodes]) for nodes in rings])
    pairs = list(walkable(ways))
    edges = [shapely.LineString([places[a], places[b]]) for a, b in pairs]
    passing = {int(k) for k in walls.query(edges, predicate="crosses")[0]}
    assert not [k for k in passing if not gates & set(pairs[k])]


def test_few_estates_are_private(streets: Streets) -> None:
    tags = [tags for nodes, tags in streets[2] if tags.get("highway") == "service"]
    share = sum(one.get("access") == "private" for one in tags) / len(tags)
    assert 0.03 < share < 0.15


def test_water_is_a_multipolygon_with_an_island() -> None:
    found = []
    for one in osmium.FileProcessor(SAMPLE / "streets.osm.pbf"):
        if isinstance(one, osmium.osm.Relation):
            found.append((dict(one.tags), Counter(member.role for member in one.members)))
    assert len(found) == 1
    tags, roles = found[0]
    assert (tags["type"], tags["natural"]) == ("multipolygon", "water")
    assert roles == {"outer": 1, "inner": 1}
