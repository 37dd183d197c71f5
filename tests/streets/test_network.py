"""Networks made of tables: arcs, parts, order, lengths, and every fault reported."""

from __future__ import annotations

import dataclasses
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from planner.errors import StreetsError
from planner.streets import WalkingNetwork
from planner.streets.network.spatial_order import (
    connected_parts,
    grouped,
    joining,
    morton_codes,
    roots,
)
from tests.streets.drawn import bent, edge, points, town

SQUARE = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (100.0, 100.0), "D": (0.0, 100.0)}


def test_arcs_are_the_directions_that_feet_may_go() -> None:
    network = town(SQUARE, [edge("A", "B"), edge("C", "B", oneway=True), edge("C", "D")])
    arcs = set()
    for node in range(network.node_count):
        for arc in range(network.arc_start[node], network.arc_start[node + 1]):
            segment = network.arc_segment[arc]
            ends = (network.segment_from[segment], network.segment_to[segment])
            assert (node, network.arc_to[arc]) == (ends if network.arc_forward[arc] else ends[::-1])
            assert network.arc_length_m[arc] == network.segment_length_m[segment]
            arcs.add((str(network.node_ids[node]), str(network.node_ids[network.arc_to[arc]])))
    assert arcs == {("A", "B"), ("B", "A"), ("C", "B"), ("C", "D"), ("D", "C")}
    assert network.arc_count == 5
    assert network.part_count == 1


def test_segments_run_from_the_earlier_node_with_their_shape() -> None:
    """Whichever way a street is drawn, the network keeps it once, the same way round."""
    line = bent((100, 0), (60, 20), (0, 0))
    network = town(SQUARE, [edge("B", "A", geometry=line, oneway=True), edge("C", "D")])
    assert np.all(network.segment_from <= network.segment_to)
    for segment in range(network.segment_count):
        first = slice(network.vertex_start[segment], network.vertex_start[segment + 1])
        easting, northing = network.vertex_easting_m[first], network.vertex_northing_m[first]
        start, end = network.segment_from[segment], network.segment_to[segment]
        assert (easting[0], northing[0]) == (
            network.node_easting_m[start],
            network.node_northing_m[start],
        )
        assert (easting[-1], northing[-1]) == (
            network.node_easting_m[end],
            network.node_northing_m[end],
        )
    oneway = network.segment_forward != network.segment_backward
    assert oneway.sum() == 1
    assert network.segment_length_m[oneway] == pytest.approx(np.hypot(40, 20) + np.hypot(60, 20))


def test_rows_and_drawing_direction_do_not_matter() -> None:
    """Shuffled nodes, shuffled edges, lines drawn from the other end: the very same arrays."""
    random = np.random.default_rng(5)
    ring = bent((0, 0), (-30, 10), (-30, -20), (0, 0))
    edges = [
        edge("A", "B"),
        edge("A", "B", geometry=bent((0, 0), (50, -40), (100, 0))),
        edge("A", "B", geometry=bent((0, 0), (50, 40), (100, 0))),
        edge("B", "C", length_m=120.0),
        edge("C", "D"),
        edge("A", "A", geometry=ring),
    ]
    expected = town(SQUARE, edges)
    for _ in range(5):
        names = random.permutation(list(SQUARE))
        turned = []
        for number in random.permutation(len(edges)):
            row = dict(edges[number])
            if random.random() < 0.5:
                row["from_node"], row["to_node"] = row["to_node"], row["from_node"]
                if "geometry" in row:
                    row["geometry"] = row["geometry"].reverse()
            turned.append(row)
        network = town({name: SQUARE[name] for name in names}, turned)
        for entry in dataclasses.fields(WalkingNetwork):
            value = getattr(network, entry.name)
            if isinstance(value, np.ndarray):
                np.testing.assert_array_equal(
                    value, getattr(expected, entry.name), err_msg=entry.name
                )


def test_parts_by_street_length() -> None:
    """The part with more street comes first, not the one with more nodes; loners come last."""
    places = {f"n{number}": (10.0 * number, 0.0) for number in range(6)} | {
        "far1": (0.0, 900.0),
        "far2": (900.0, 900.0),
        "alone": (500.0, 500.0),
    }
    edges = [edge(f"n{number}", f"n{number + 1}") for number in range(5)]
    network = town(places, [*edges, edge("far1", "far2")])
    part = dict(zip(network.node_ids.tolist(), network.node_part.tolist(), strict=True))
    assert part["far1"] == part["far2"] == 0
    assert {part[f"n{number}"] for number in range(6)} == {1}
    assert part["alone"] == 2
    assert network.part_count == 3


def test_parts_against_networkx() -> None:
    networkx = pytest.importorskip("networkx")
    random = np.random.default_rng(11)
    for _ in range(20):
        start, end = random.integers(0, 60, (2, 40))
        part = connected_parts(60, start, end, random.uniform(1, 9, 40))
        graph = networkx.Graph()
        graph.add_nodes_from(range(60))
        graph.add_edges_from(zip(start.tolist(), end.tolist(), strict=True))
        found = {frozenset(np.flatnonzero(part == number).tolist()) for number in set(part)}
        assert found == {frozenset(group) for group in networkx.connected_components(graph)}


def test_groups_keep_their_order() -> None:
    random = np.random.default_rng(7)
    for rows, groups in ((0, 0), (0, 3), (1, 1), (400, 30), (400, 4000)):
        number = random.integers(0, max(groups, 1), rows)
        begin, order = grouped(number, groups)
        assert order.tolist() == np.argsort(number, kind="stable").tolist()
        assert np.diff(begin).tolist() == np.bincount(number, minlength=groups).tolist()


def test_nodes_in_spatial_order() -> None:
    """Neighbours on the ground are neighbours in memory: mean jump far below that of rows."""
    side = 32
    row, column = np.divmod(np.arange(side * side), side)
    order = np.argsort(morton_codes(column * 10.0, row * 10.0))
    rank = np.empty(len(order), dtype=int)
    rank[order] = np.arange(len(order))
    square = rank.reshape(side, side)
    jumps = np.concatenate(
        [np.abs(np.diff(square, axis=0)).ravel(), np.abs(np.diff(square, axis=1)).ravel()]
    )
    assert np.median(jumps) <= 3
    assert len(set(rank)) == side * side


def test_the_arrays_are_closed() -> None:
    network = town(SQUARE, [edge("A", "B")])
    with pytest.raises(ValueError, match="read-only"):
        network.segment_length_m[0] = 5.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        network.crs = None  # type: ignore[misc]


def test_the_callers_tables_stay_as_they_were() -> None:
    nodes = pd.DataFrame.from_dict(SQUARE, orient="index", columns=["easting_m", "northing_m"])
    edges = pd.DataFrame([edge("A", "B", length_m=None), edge("B", "C", length_m=90.0)])
    before = nodes.copy(), edges.copy()
    network = WalkingNetwork.from_tables(nodes, edges)
    pd.testing.assert_frame_equal(nodes, before[0])
    pd.testing.assert_frame_equal(edges, before[1])
    assert sorted(network.segment_length_m) == [90.0, 100.0]
    nodes.loc["A", "easting_m"] = 7.0


def test_lengths_are_measured_on_the_ellipsoid() -> None:
    """In UTM's middle a metre of the plane is 1/0.9996 m of ground; lengths are of the ground."""
    crs = pyproj.CRS.from_epsg(32649)
    network = town({"A": (500_000, 3.8e6), "B": (501_000, 3.8e6)}, [edge("A", "B")], crs=crs)
    assert network.crs == crs
    assert network.segment_length_m[0] == pytest.approx(1000 / 0.9996, abs=1e-3)


def test_degrees_become_the_metre_crs_of_the_place() -> None:
    nodes = geopandas.GeoDataFrame(
        index=["a", "b"], geometry=[Point(108.70, 34.33), Point(108.71, 34.33)], crs="EPSG:4490"
    )
    line = LineString([(108.70, 34.33), (108.705, 34.331), (108.71, 34.33)])
    edges = geopandas.GeoDataFrame(
        {"from_node": ["a"], "to_node": ["b"]}, geometry=[line], crs="EPSG:4490"
    )
    network = WalkingNetwork.from_tables(nodes, edges)
    assert network.crs is not None
    assert network.crs.to_epsg() == 4545
    geod = pyproj.Geod(ellps="GRS80")
    assert network.segment_length_m[0] == pytest.approx(geod.geometry_length(line), abs=1e-3)
    assert network.vertex_start.tolist() == [0, 3]


def _keys(nodes: Any, edges: Any) -> list[str]:
    with pytest.raises(StreetsError) as caught:
        WalkingNetwork.from_tables(nodes, edges)
    assert str(caught.value)
    return [problem.key for problem in caught.value.problems]


def test_every_fault_at_once() -> None:
    nodes = pd.DataFrame({"easting_m": [0.0, np.nan], "northing_m": [0.0, 1.0]}, index=["A", "B"])
    edges = pd.DataFrame(
        [
            edge("A", "X", length_m=1.0, oneway=True),
            edge("A", "B", length_m=-1.0, oneway="yes"),
            edge("A", "B", length_m="ten", oneway=None),
        ]
    )
    cells = [None, Point(0, 0), "LINESTRING (0 0, 1 1)"]
    edges["geometry"] = pd.Series(cells, dtype=object)
    assert _keys(nodes, edges) == [
        "streets.node_without_place",
        "streets.node_unknown",
        "streets.length_refused",
        "streets.flag_refused",
        "streets.not_a_line",
    ]


def test_tables_without_what_is_needed() -> None:
    assert _keys(pd.DataFrame({"x": []}), pd.DataFrame({"u": []})) == [
        *["streets.column_missing"] * 4,
        *["streets.table_empty"] * 2,
    ]
    twice = pd.concat([points({"A": (0, 0), "B": (1, 0)}), points({"A": (5, 0)})])
    assert _keys(twice, pd.DataFrame([edge("A", "B")])) == ["tables.id_repeated"]


def test_a_line_must_run_between_its_nodes() -> None:
    nodes = points({"A": (0, 0), "B": (100, 0)})
    backward = pd.DataFrame([edge("A", "B", geometry=bent((100, 0), (0, 0)))])
    assert _keys(nodes, backward) == ["streets.line_off_nodes"]


def test_ids_may_be_numbers() -> None:
    nodes = pd.DataFrame({"easting_m": [0.0, 9.0], "northing_m": [0.0, 0.0]}, index=[7, 3])
    edges = pd.DataFrame({"from_node": [7], "to_node": [3]})
    network = WalkingNetwork.from_tables(nodes, edges)
    assert sorted(network.node_ids.tolist()) == ["3", "7"]
    assert "2 nodes, 1 segments" in repr(network)


NO_CRS = ["nonsense", "", 999_999, True, float("nan"), [1], {"a": 1}, object(), b"EPSG:4326"]


@pytest.mark.parametrize("crs", NO_CRS, ids=lambda one: type(one).__name__)
def test_a_crs_that_is_none(crs: Any) -> None:
    """In the planner's words, with the argument's name, not in those of PROJ."""
    for nodes in (town_table(), points(SQUARE)):
        with pytest.raises(StreetsError) as caught:
            WalkingNetwork.from_tables(nodes, pd.DataFrame([edge("A", "B")]), crs=crs)
        assert [problem.key for problem in caught.value.problems] == ["streets.crs_unknown"]
        for language in ("zh", "en"):
            assert f"crs = {crs!r}" in caught.value.text(language)
            assert "EPSG:4547" in caught.value.text(language)
            assert "proj_create" not in caught.value.text(language)


def town_table() -> pd.DataFrame:
    return pd.DataFrame.from_dict(SQUARE, orient="index", columns=["easting_m", "northing_m"])


@pytest.mark.parametrize(
    ("crs", "of_columns", "of_points"),
    [
        ("EPSG:4326", "streets.columns_not_in_metres", "streets.nodes_not_in_degrees"),
        ("EPSG:4979", "streets.columns_not_in_metres", "streets.nodes_not_in_degrees"),
        ("EPSG:4978", "streets.columns_not_in_metres", "streets.crs_of_no_map"),
        ("EPSG:5703", "streets.columns_not_in_metres", "streets.crs_of_no_map"),
        ("EPSG:2263", "streets.columns_not_in_metres", ""),  # US survey feet
    ],
)
def test_a_crs_that_the_coordinates_are_not_in(crs: str, of_columns: str, of_points: str) -> None:
    edges = pd.DataFrame([edge("A", "B")])
    far = {name: (easting + 5e5, 2e5) for name, (easting, _) in SQUARE.items()}
    for nodes, key in (
        (town_table(), of_columns),
        (points(far, crs=crs), of_points),
        (points(far), of_points),
    ):
        if key:
            with pytest.raises(StreetsError) as caught:
                WalkingNetwork.from_tables(nodes, edges, crs=crs)
            assert [problem.key for problem in caught.value.problems] == [key]
            for language in ("zh", "en"):
                assert pyproj.CRS(crs).name in caught.value.text(language)
            continue
        network = WalkingNetwork.from_tables(nodes, edges, crs=crs)
        assert network.crs is not None
        assert network.crs.to_epsg() == 32618  # New York
        foot_m = 1200 / 3937
        assert network.segment_length_m[0] == pytest.approx(100 * foot_m, rel=1e-4)


def test_columns_that_hold_no_numbers() -> None:
    nodes = town_table().astype(object)
    nodes.loc["C", "easting_m"] = "far"
    assert _keys(nodes, pd.DataFrame([edge("A", "B")])) == ["streets.node_without_place"]
    nowhere = points({"A": (np.nan, np.nan), "B": (np.inf, 0)}, crs=4326)
    assert "streets.node" in _keys(nowhere, pd.DataFrame([edge("A", "B")]))[0]


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40))
def test_parts_and_what_joins_them(pairs: list[tuple[int, int]]) -> None:
    """The lowest node of each part; the pairs that join are a forest, and the first that can be."""
    networkx = pytest.importorskip("networkx")
    start, end = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    graph = networkx.Graph()
    graph.add_nodes_from(range(20))
    joins = []
    for one, other in pairs:
        joins.append(not networkx.has_path(graph, one, other))
        graph.add_edge(one, other)
    lowest = {node: min(part) for part in networkx.connected_components(graph) for node in part}
    assert roots(20, start, end).tolist() == [lowest[node] for node in range(20)]
    assert joining(20, start, end).tolist() == joins
