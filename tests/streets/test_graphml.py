"""Small graphs saved by OSMnx: one street for two directed edges, feet free of car one-ways."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import networkx
import numpy as np
import osmnx
import pyproj
import pytest
from shapely.geometry import LineString

from planner.errors import InputFileError, StreetsError
from planner.streets import WalkingNetwork, read_streets
from tests.shared_data import shared_data
from tests.streets.test_pbf import assert_same

NODES = {1: (114.00, 22.50), 2: (114.01, 22.50), 3: (114.01, 22.51), 4: (114.00, 22.51)}


Edges = list[tuple[int, int, dict[str, Any]]]


def made(edges: Edges, **attributes: Any) -> Any:
    """Return a graph as OSMnx makes it."""
    graph = networkx.MultiDiGraph(**({"crs": "epsg:4326", "simplified": True} | attributes))
    for node, (longitude, latitude) in NODES.items():
        graph.add_node(node, x=longitude, y=latitude)
    for tail, head, data in edges:
        graph.add_edge(tail, head, **data)
    return graph


def saved(tmp_path: Path, edges: Edges) -> Path:
    graph = made(edges)
    file = tmp_path / "graph.graphml"
    osmnx.save_graphml(graph, file)
    return file


def read(tmp_path: Path, edges: Edges) -> WalkingNetwork:
    return read_streets(saved(tmp_path, edges))


def street(**data: Any) -> dict[str, Any]:
    """Return the data of an edge."""
    return {"osmid": 7, "highway": "residential", "length": 100.0, "oneway": False} | data


def test_there_and_back_is_one_street(tmp_path: Path) -> None:
    line = LineString([NODES[1], (114.005, 22.501), NODES[2]])
    edges = [
        (1, 2, street(geometry=line, osmid=[7, 8])),
        (2, 1, street(geometry=line.reverse(), osmid=[8, 7], reversed=True)),
        (2, 3, street(oneway=True)),
    ]
    network = read(tmp_path, edges)
    assert network.segment_count == 2
    assert network.segment_forward.all()
    assert network.segment_backward.all()
    assert network.segment_length_m.tolist() == [100.0, 100.0]
    assert network.crs is not None
    assert network.crs.to_epsg() == 4547
    assert network.node_ids.tolist() == ["1", "2", "3"]


def test_parallel_streets_stay_parallel(tmp_path: Path) -> None:
    """Round the block and straight on; and two carriageways, each one-way for cars."""
    block = LineString([NODES[1], (114.005, 22.505), NODES[2]])
    edges = [
        (1, 2, street(geometry=block, length=1500.0)),
        (2, 1, street(geometry=block.reverse(), length=1500.0)),
        (1, 2, street(length=1029.0, oneway=True)),
        (2, 1, street(length=1040.0, oneway=True)),
    ]
    assert sorted(read(tmp_path, edges).segment_length_m) == [1029.0, 1040.0, 1500.0]


def test_loops(tmp_path: Path) -> None:
    """A loop comes as two edges from a node to itself, one drawn either way round."""
    ring = LineString([NODES[1], (114.001, 22.501), (114.001, 22.499), NODES[1]])
    edges = [
        (1, 1, street(geometry=ring)),
        (1, 1, street(geometry=ring.reverse(), reversed=True)),
        (1, 2, street()),
    ]
    assert read(tmp_path, edges).segment_count == 2


@pytest.mark.parametrize("backward_edge", [False, True])
def test_one_way_for_feet(tmp_path: Path, backward_edge: bool) -> None:
    """``oneway:foot`` speaks of the way as drawn, also on the edge that runs against it."""
    tags = {"oneway:foot": "yes"}
    edges = [(1, 2, street(reversed=False, **tags))]
    if backward_edge:
        edges.append((2, 1, street(reversed=True, **tags)))
    network = read(tmp_path, edges)
    from_one = network.node_ids[network.segment_from[0]] == "1"
    found = (bool(network.segment_forward[0]), bool(network.segment_backward[0]))
    assert (found if from_one else found[::-1]) == (True, False)


def test_rules_hold_for_graphs(tmp_path: Path) -> None:
    edges = [
        (1, 2, street()),
        (2, 3, street(highway="motorway_link", length=50.0)),
        (3, 4, street(highway=["footway", "motorway"], length=50.0)),
        (4, 1, street(access="private")),
    ]
    network = read(tmp_path, edges)
    assert network.node_ids.size == 3
    assert network.segment_count == 2
    rules = network.notes["rules"]
    assert rules["motorway"] == {
        "verdict": "refused",
        "ways": 2,
        "length_m": 100.0,
        "share": pytest.approx(1 / 3, abs=1e-6),
    }
    assert rules["private"]["verdict"] == "private"
    with pytest.raises(StreetsError) as caught:
        read(tmp_path, edges[1:3])
    assert caught.value.message.key == "streets.no_way"


def test_a_missing_length_is_measured(tmp_path: Path) -> None:
    data = street()
    del data["length"]
    network = read(tmp_path, [(1, 2, data), (2, 3, street(length=1.0))])
    geod = pyproj.Geod(ellps="WGS84")
    whole_m = geod.geometry_length(LineString([NODES[1], NODES[2]]))
    assert network.segment_length_m.max() == pytest.approx(whole_m, abs=1e-3)


def test_a_graph_without_places(tmp_path: Path) -> None:
    graph = networkx.MultiDiGraph(crs="epsg:4326")
    graph.add_edge(1, 2, osmid=1, highway="footway", length=5.0)
    networkx.write_graphml(graph, tmp_path / "bare.graphml")
    with pytest.raises(InputFileError, match=r"bare\.graphml"):
        read_streets(tmp_path / "bare.graphml")


BLOCK: Edges = [
    (tail, head, street(reversed=back, osmid=10 + n, length=length))
    for n, (one, other, length) in enumerate([(1, 2, 1030.0), (2, 3, 1107.0), (3, 4, 1030.0)])
    for back, tail, head in ((False, one, other), (True, other, one))
]


def test_a_graph_in_memory_is_its_file(tmp_path: Path) -> None:
    graph = made([*BLOCK, (4, 1, street(highway="steps", access="private"))])
    before = graph.copy()
    network = read_streets(graph)
    osmnx.save_graphml(graph, tmp_path / "graph.graphml")
    assert_same(replace(read_streets(tmp_path / "graph.graphml"), source="graph"), network)
    assert network.segment_steps.sum() == 1
    assert networkx.utils.graphs_equal(graph, before)  # the caller's is left alone


def test_real_graphs_in_memory() -> None:
    file = shared_data("networks/shenzhen_futian.graphml")
    network = read_streets(osmnx.load_graphml(file))
    assert_same(replace(network, source=file.name), read_streets(file))
    assert network.notes["data_date"] == "2023-05-25"


def test_projected_graphs() -> None:
    """A graph in metres stays in its own CRS, with its own lengths; one in feet does not."""
    plain = made([*BLOCK])
    projected = read_streets(osmnx.project_graph(plain))
    assert projected.crs is not None
    assert projected.crs.to_epsg() == 32650
    assert sorted(projected.segment_length_m) == sorted(read_streets(plain).segment_length_m)
    feet = made([*BLOCK], crs="epsg:2230")  # California's, in US survey feet
    places = {1: (0, 0), 2: (5000, 0), 3: (5000, 5000), 4: (0, 5000)}
    for node, (easting, northing) in places.items():
        feet.nodes[node].update(x=6_000_000 + easting, y=2_000_000 + northing)
    for _, _, data in feet.edges(data=True):
        del data["length"]
    network = read_streets(feet)
    assert network.segment_length_m == pytest.approx([1524.0] * 3, rel=1e-3)
    assert np.ptp(network.node_easting_m) == pytest.approx(1524.0, rel=0.02)


def test_a_graph_that_was_not_simplified_is_simplified_here() -> None:
    """Bends become shape; a gate's own node is kept, where OSMnx was told to keep its tags."""
    network = read_streets(made([*BLOCK], simplified=False))
    assert (network.node_count, network.segment_count) == (2, 1)
    assert network.segment_length_m.tolist() == [3167.0]
    assert len(network.vertex_easting_m) == 4
    gated = made([*BLOCK], simplified=False)
    gated.nodes[2].update(barrier="gate", access="no")
    assert read_streets(gated).part_count == 2
    lit = made([*BLOCK, (2, 4, street(highway="primary"))], simplified=False)
    lit.nodes[2].update(highway="traffic_signals")
    network = read_streets(lit)
    assert network.node_ids[network.node_signals].tolist() == ["2"]


def test_one_way_that_crosses_a_street_is_one_estate() -> None:
    """Ways 7 and 8 cross the street at 2; both halves of 7 are of one estate."""
    edges = [
        (1, 2, street(osmid=7, access="private")),
        (2, 3, street(osmid=[7, 9], access="private", length=90.0)),
        (2, 4, street(osmid=8, length=5000.0)),
    ]
    assert sorted(read_streets(made(edges)).segment_estate.tolist()) == [-1, 0, 0]
    edges[1][2]["osmid"] = 9
    assert sorted(read_streets(made(edges)).segment_estate.tolist()) == [-1, 0, 1]


@pytest.mark.parametrize(
    "thing",
    [
        None,
        7,
        networkx.path_graph(3),
        networkx.DiGraph([(1, 2)]),
        networkx.MultiDiGraph([(1, 2)]),
        made(BLOCK, crs="nowhere"),
        geopandas.GeoDataFrame(geometry=[]),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_what_is_no_graph_of_osmnx(thing: Any) -> None:
    with pytest.raises(StreetsError) as caught:
        read_streets(thing)
    assert caught.value.message.key == "sources.no_osmnx_graph"
    assert type(thing).__name__ in caught.value.text("en")


def test_a_graph_without_streets() -> None:
    with pytest.raises(StreetsError) as caught:
        read_streets(networkx.MultiDiGraph(crs="epsg:4326"))
    assert caught.value.message.key == "streets.no_way"
