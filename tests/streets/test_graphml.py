"""Small graphs saved by OSMnx: one street for two directed edges, feet free of car one-ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx
import osmnx
import pyproj
import pytest
from shapely.geometry import LineString

from planner.errors import InputFileError, StreetsError
from planner.streets import WalkingNetwork, read_streets

NODES = {1: (114.00, 22.50), 2: (114.01, 22.50), 3: (114.01, 22.51), 4: (114.00, 22.51)}


def saved(tmp_path: Path, edges: list[tuple[int, int, dict[str, Any]]]) -> Path:
    graph = networkx.MultiDiGraph(crs="epsg:4326", simplified=True)
    for node, (longitude, latitude) in NODES.items():
        graph.add_node(node, x=longitude, y=latitude)
    for tail, head, data in edges:
        graph.add_edge(tail, head, **data)
    file = tmp_path / "graph.graphml"
    osmnx.save_graphml(graph, file)
    return file


def read(tmp_path: Path, edges: list[tuple[int, int, dict[str, Any]]]) -> WalkingNetwork:
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
