"""Main roads, walked or not, but in no tunnel: kept as lines by every reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import pytest
import shapely

from planner.streets import WalkingNetwork, read_streets
from planner.streets.network.traffic_roads import traffic_lines, traffic_roads
from tests.streets.layers import EASTING_M, NORTHING_M, Road, network_of
from tests.streets.test_graphml import read, street

WAYS = {
    1: ((1, 2), {"highway": "residential"}),
    2: ((3, 4), {"highway": "motorway"}),
    3: ((5, 6), {"highway": "trunk", "motorroad": "yes"}),
    4: ((7, 8), {"highway": "primary", "foot": "no"}),
    5: ((9, 10), {"highway": "motorway", "tunnel": "yes"}),
    6: ((11, 12), {"highway": "construction", "construction": "motorway"}),
    7: ((13, 14), {"highway": "primary"}),
    8: ((15, 16), {"highway": "service", "foot": "no"}),
    9: ((17, 18), {"highway": "primary", "tunnel": "yes", "layer": "-3"}),
    10: ((19, 20), {"highway": "secondary", "bridge": "yes", "layer": "1"}),
}
"""Parallel lines, each 0.001° farther north: those numbered 2, 3, 4, 7 and 10 bear traffic."""


def _osm(folder: Path, name: str) -> WalkingNetwork:
    file = folder / name
    with osmium.SimpleWriter(str(file)) as writer:
        for row in range(len(WAYS)):
            for end in range(2):
                node = osmium.osm.mutable.Node(
                    id=2 * row + 1 + end, location=(108.70 + 0.01 * end, 34.30 + 0.001 * row)
                )
                writer.add_node(node)
        for way, (nodes, tags) in WAYS.items():
            writer.add_way(osmium.osm.mutable.Way(id=way, nodes=list(nodes), tags=tags))
    return read_streets(file, cache=folder / "cache")


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf"])
def test_an_osm_file_tells_of_main_roads_walked_or_not_but_of_no_tunnel(
    tmp_path: Path, name: str
) -> None:
    network = _osm(tmp_path, name)
    lines = traffic_lines(network)
    assert network.segment_count == 4
    northings = sorted(round(line.centroid.y / 110.9) for line in lines)
    assert [one - northings[0] for one in northings] == [0, 1, 2, 5, 8]
    kept = read_streets(tmp_path / name, cache=tmp_path / "cache")
    for field in ("road_start", "road_easting_m", "road_northing_m"):
        np.testing.assert_array_equal(getattr(kept, field), getattr(network, field))


def test_a_road_layer_tells_of_them(tmp_path: Path) -> None:
    drawn: list[Road] = [[(0, 50 * row), (100, 50 * row)] for row in range(7)]
    network = network_of(
        tmp_path,
        drawn,
        道路等级=["支路", "快速路", "高速公路", "高速公路", "主干路", "主干路", "主干路"],
        隧道=["否", "否", "否", "是", "否", "是", "否"],
        层级=[0, 0, 0, 0, 0, 0, -1],
    )
    lines = traffic_lines(network)
    assert network.segment_count == 4
    found = sorted(line.centroid.y - NORTHING_M for line in lines)
    assert found == pytest.approx([50.0, 100.0, 200.0], abs=0.01)
    assert shapely.get_x(shapely.centroid(lines)) == pytest.approx(EASTING_M + 50, abs=0.01)


def test_a_graph_tells_of_them(tmp_path: Path) -> None:
    edges = [
        (1, 2, street()),
        (3, 4, street(highway="motorway", osmid=8)),
        (4, 3, street(highway="motorway", osmid=8, reversed=True)),
    ]
    network = read(tmp_path, edges)
    assert network.segment_count == 1
    assert len(traffic_lines(network)) == 1


def test_tables_of_nodes_and_edges_tell_of_them() -> None:
    nodes = pd.DataFrame(
        {"easting_m": [0.0, 90.0, 90.0], "northing_m": [0.0, 0.0, 50.0]}, index=list("abc")
    )
    edges = pd.DataFrame({"from_node": ["a", "b"], "to_node": ["b", "c"], "main_road": [0.0, 0.5]})
    (line,) = traffic_lines(WalkingNetwork.from_tables(nodes, edges))
    assert line.equals(shapely.LineString([(90, 0), (90, 50)]))


def test_none_are_none(tmp_path: Path) -> None:
    assert len(traffic_lines(network_of(tmp_path, [[(0, 0), (9, 0)]]))) == 0


@pytest.mark.parametrize(
    "turned", [lambda lines: lines[::-1], lambda lines: [line[::-1] for line in lines]]
)
def test_the_order_of_drawing_tells_nothing(
    turned: Callable[[list[np.ndarray]], list[np.ndarray]],
) -> None:
    lines = [
        np.array([[0.0, 0.0], [1.0, 3.0], [2.0, 0.0]]),
        np.array([[0.0, 0.0], [2.0, 0.0]]),
        np.array([[5.0, 9.0], [5.0, 1.0]]),
    ]

    def made(drawn: list[np.ndarray]) -> tuple[np.ndarray, ...]:
        vertices = np.concatenate(drawn)
        start = np.concatenate([[0], np.cumsum([len(line) for line in drawn])])
        return traffic_roads(np.ones(3, dtype=bool), start, vertices[:, 0], vertices[:, 1])

    for one, other in zip(made(lines), made(turned(lines)), strict=True):
        np.testing.assert_array_equal(one, other)
