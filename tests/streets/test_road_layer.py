"""Road layers drawn by hand: where lines meet, where they do not, and what is told of it."""

from __future__ import annotations

import dataclasses
import itertools
import random
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString

from planner.errors import StreetsError
from planner.streets import WalkingNetwork, foot_rules, join_to_streets, travel_times
from planner.streets.network.manners import Manners
from planner.streets.network.rules import FootRules
from planner.streets.road_layers.closing import closed_ends
from planner.streets.road_layers.noding import RoadLines, noded
from tests.shared_data import shared_data
from tests.streets.drawn import METRE_A_SECOND, minutes, points
from tests.streets.layers import EASTING_M, METRES, NORTHING_M, Road, network_of, parts_km

CROSS: list[Road] = [[(-100, 0), (100, 0)], [(0, -100), (0, 100)]]
"""Two streets that cross at (0, 0), neither with a vertex there."""


def walk_m(
    network: WalkingNetwork, start: tuple[float, float], end: tuple[float, float]
) -> float | None:
    """Return the metres between two spots on streets, None where there is no way."""
    places = {"o": start, "d": end}
    moved = {name: (EASTING_M + e, NORTHING_M + n) for name, (e, n) in places.items()}
    table = travel_times(
        network,
        points({"o": moved["o"]}, crs=METRES),
        points({"d": moved["d"]}, crs=METRES),
        limit_minutes=1000,
        speed_m_s=METRE_A_SECOND,
        join_limit_m=0.01,
    )
    found = minutes(table).get(("o", "d"))
    return None if found is None else found * 60


def test_lines_meet_where_they_cross(tmp_path: Path) -> None:
    """::

      │
    ──┼──   four arms of 100 m, one node in the middle
      │
    """
    network = network_of(tmp_path, CROSS)
    assert (network.node_count, network.segment_count) == (5, 4)
    assert network.segment_length_m == pytest.approx([100.0] * 4, rel=1e-6)
    assert network.notes["crossings"] == 1
    assert network.notes["links"] == 0
    assert network.notes["open_ends"] == 4
    assert walk_m(network, (-100, 0), (0, 100)) == pytest.approx(200, abs=1e-3)
    assert network.crs is not None
    assert network.crs.to_epsg() == METRES


def test_a_vertex_at_the_crossing_is_no_new_node(tmp_path: Path) -> None:
    lines = [[(-100, 0), (0, 0), (100, 0)], [(0, -100), (0, 100)]]
    network = network_of(tmp_path, lines)
    assert (network.node_count, network.segment_count) == (5, 4)
    assert network.notes["crossings"] == 0


@pytest.mark.parametrize(
    "columns",
    [
        {"layer": [0, 1]},
        {"LEVEL": ["", "1"]},
        {"层": [0, -1]},
        {"bridge": ["no", "viaduct"]},
        {"tunnel": [None, "yes"]},
        {"桥": ["否", "是"]},
        {"隧道": [0.0, 1.0]},
        {"fclass": ["residential", "footway"], "bridge": ["F", "T"]},
        {"道路等级": ["支路", "人行天桥"]},
    ],
)
def test_other_storeys_are_crossed_without_meeting(tmp_path: Path, columns: dict[str, Any]) -> None:
    network = network_of(tmp_path, CROSS, **columns)
    assert parts_km(network) == (2, pytest.approx(0.4, rel=1e-6))
    assert network.notes["lines_above"] + network.notes["lines_below"] == 1
    assert walk_m(network, (-100, 0), (0, 100)) is None


def test_bridges_meet_streets_at_their_ends(tmp_path: Path) -> None:
    """A street crosses a road by a bridge drawn as a line of its own, its ends on the street's.

    ::

        A────B═══════C────D      B═C passes over the road
                 │               and has a vertex right above the road's
                 │
    """
    lines: list[Road] = [
        [(-100, 0), (-20, 0)],
        [(-20, 0), (0, 0), (20, 0)],
        [(20, 0), (100, 0)],
        [(0, -50), (0, 0), (0, 50)],
    ]
    network = network_of(tmp_path, lines, layer=[0, 1, 0, 0])
    assert walk_m(network, (-100, 0), (100, 0)) == pytest.approx(200, abs=1e-3)
    assert walk_m(network, (0, -50), (0, 50)) == pytest.approx(100, abs=1e-3)
    assert walk_m(network, (-100, 0), (0, 50)) is None


def test_a_bridge_ends_on_the_middle_of_a_street(tmp_path: Path) -> None:
    """::

    ────┬────  street; a footbridge from its middle over the road to the other street's middle
        ║
    ────╫────  road
        ║
    ────┴────
    """
    lines: list[Road] = [
        [(-50, 50), (50, 50)],
        [(-50, 0), (50, 0)],
        [(-50, -50), (50, -50)],
        [(0, 49.5), (0, -50)],
    ]
    network = network_of(tmp_path, lines, bridge=["", "", "", "yes"])
    assert network.part_count == 2
    assert network.notes["links"] == 1  # half a metre short at its northern end
    assert walk_m(network, (-50, 50), (50, -50)) == pytest.approx(200, abs=1e-3)


def test_two_pieces_of_a_bridge_that_meet_above_a_road(tmp_path: Path) -> None:
    """They meet each other there, not the road."""
    lines: list[Road] = [[(-100, 0), (100, 0)], [(0, -50), (0, 0)], [(0, 0), (0, 50)]]
    network = network_of(tmp_path, lines, bridge=["no", "yes", "yes"])
    assert network.part_count == 2
    assert walk_m(network, (0, -50), (0, 50)) == pytest.approx(100, abs=1e-3)


@pytest.mark.parametrize(("gap", "meets"), [(0.0, True), (0.3, False)])
def test_stairs_meet_a_bridge_where_they_are_drawn_onto_it(
    tmp_path: Path, gap: float, meets: bool
) -> None:
    """A street that ends below a bridge is another thing than stairs up to it."""
    lines: list[Road] = [[(-100, 0), (100, 0)], [(0, gap), (0, 50)]]
    network = network_of(tmp_path, lines, bridge=["yes", "no"])
    assert (network.part_count == 1) is meets


@pytest.mark.parametrize("storey", [0, 1])
def test_t_junctions(tmp_path: Path, storey: int) -> None:
    """A street that ends on another's middle meets it, on whatever storey both are."""
    network = network_of(
        tmp_path, [[(-100, 0), (100, 0)], [(0, 0), (0, 50)]], layer=[storey, storey]
    )
    assert (network.node_count, network.segment_count, network.part_count) == (4, 3, 1)
    assert network.notes["links"] == 0


@pytest.mark.parametrize(
    ("gap", "tolerance", "meets"),
    [(0.999, 1.0, True), (1.01, 1.0, False), (1.01, 2.0, True), (0.2, 0.0, False)],
)
@pytest.mark.parametrize("to_end", [True, False])
def test_near_ends_are_closed_within_the_tolerance(
    tmp_path: Path, gap: float, tolerance: float, meets: bool, to_end: bool
) -> None:
    """::

    ────┬────  or  ────  ────
        : gap
        │
    """
    other: Road = [(0, gap), (0, 50)] if not to_end else [(100 + gap, 0), (150 + gap, 0)]
    network = network_of(tmp_path, [[(-100, 0), (100, 0)], other], gap_m=tolerance)
    assert (network.part_count, network.notes["links"]) == ((1, 1) if meets else (2, 0))
    if meets:
        far = (0.0, 50.0) if not to_end else (150.0 + gap, 0.0)
        across = 150 if not to_end else 250 + gap
        assert walk_m(network, (-100, 0), far) == pytest.approx(across, abs=1e-3)


def test_a_crossing_of_four_ends_drawn_apart(tmp_path: Path) -> None:
    """Pairs of ends lie 0.3 m apart, the pairs 0.8 m: all four are joined, by three links."""
    lines: list[Road] = [
        [(-100, 0), (-0.4, 0)],
        [(-0.4, 0.3), (-0.4, 100)],
        [(0.4, 0), (100, 0)],
        [(0.4, -0.3), (0.4, -100)],
    ]
    network = network_of(tmp_path, lines)
    assert network.part_count == 1
    assert network.notes["links"] == 3
    assert network.notes["open_ends"] == 4


def test_what_is_joined_already_is_left_alone(tmp_path: Path) -> None:
    """A street that overshoots the other by 0.5 m, and a curve drawn in lines of 0.3 m each."""
    overshoot: list[Road] = [[(-100, 0), (100, 0)], [(0, -0.5), (0, 50)]]
    assert network_of(tmp_path, overshoot).notes["links"] == 0
    turn = np.linspace(0, np.pi / 2, 60)
    arc = np.column_stack([10 * np.cos(turn), 10 * np.sin(turn)]).tolist()
    pieces = [[tuple(a), tuple(b)] for a, b in itertools.pairwise(arc)]
    (tmp_path / "arc").mkdir()
    network = network_of(tmp_path / "arc", pieces)
    assert (network.notes["links"], network.segment_count) == (0, 1)
    assert network.segment_length_m[0] == pytest.approx(5 * np.pi, rel=1e-3)


def test_the_gap_of_a_nearly_closed_loop_is_closed(tmp_path: Path) -> None:
    """Its ends are joined by one street, but only the long way round."""
    loop: Road = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0.6)]
    network = network_of(tmp_path, [loop])
    assert network.notes["links"] == 1
    assert walk_m(network, (10, 0), (0, 10)) == pytest.approx(20, abs=1e-3)


def test_what_is_drawn_twice_is_one_street(tmp_path: Path) -> None:
    """Twice the same, once turned round, and a part of it once more."""
    line: Road = [(0, 0), (50, 10), (100, 0)]
    network = network_of(tmp_path, [line, line, line[::-1], [(0, 0), (25, 5)]])
    assert parts_km(network) == (1, pytest.approx(2 * np.hypot(50, 10) / 1000, rel=1e-6))
    assert network.segment_count == 1


def test_overlaps_of_lines_are_one_street(tmp_path: Path) -> None:
    network = network_of(tmp_path, [[(0, 0), (60, 0)], [(40, 0), (100, 0)]])
    assert parts_km(network) == (1, pytest.approx(0.1, rel=1e-6))


def test_multi_lines_and_rings(tmp_path: Path) -> None:
    """A row of two lines, and a ring of 400 m that a street touches at its first vertex."""
    ring = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    two = MultiLineString([[(-100, 0), (0, 0)], [(300, 0), (400, 0)]])
    network = network_of(tmp_path, [two, LineString(ring)])
    assert network.notes["rows"] == 2
    assert network.notes["lines"] == 3
    assert parts_km(network) == (2, pytest.approx(0.6, rel=1e-6))
    alone = network_of(tmp_path / ".", [ring])
    assert (alone.node_count, alone.segment_count) == (1, 1)
    assert alone.segment_length_m[0] == pytest.approx(400, rel=1e-6)


def test_classes_go_through_the_foot_rules(tmp_path: Path) -> None:
    kinds = ["支路", "高速公路", "快速路", "步行街", "不知何路", None, "motorway", "在建"]
    lines: list[Road] = [[(0, 50 * row), (100, 50 * row)] for row in range(len(kinds))]
    network = network_of(tmp_path, lines, 道路等级=kinds)
    rules = network.notes["rules"]
    assert {name: rule["ways"] for name, rule in rules.items()} == {
        "street": 3,
        "motorway": 2,
        "motorroad": 1,
        "foot_way": 1,
        "unbuilt": 1,
    }
    assert network.notes["lines_refused"] == 4
    assert network.notes["classes_unknown"] == {"不知何路": 1}
    assert network.notes["columns"] == {"class": "道路等级"}


def test_a_refused_line_joins_nothing(tmp_path: Path) -> None:
    """Two streets that both cross a motorway, and only that."""
    lines: list[Road] = [[(-100, 0), (100, 0)], [(-50, -50), (-50, 50)], [(50, -50), (50, 50)]]
    network = network_of(tmp_path, lines, highway=["motorway", "footway", "footway"])
    assert parts_km(network) == (2, pytest.approx(0.2, rel=1e-6))


def test_without_classes_every_line_is_a_street(tmp_path: Path) -> None:
    """Car one-ways do not bind feet; a column named like a tag is heard."""
    network = network_of(tmp_path, CROSS, oneway=["yes", "T"], foot=["no", None])
    assert network.segment_count == 1
    assert network.segment_forward.all()
    assert network.segment_backward.all()
    assert network.notes["rules"]["foot_no"]["ways"] == 1


def test_rules_of_ones_own_that_know_no_roads(tmp_path: Path) -> None:
    """Lines of no known class are streets for rules that speak of none, too."""
    from planner.streets.road_layers.layers import network_from_road_layer

    network_of(tmp_path, CROSS)
    narrow = FootRules(foot_rules().ways[:3], ())
    network = network_from_road_layer(tmp_path / "roads.gpkg", narrow)
    assert network.notes["rules"]["every_line"]["ways"] == 2


def test_a_level_that_numbers_classes_is_no_storey(tmp_path: Path) -> None:
    network = network_of(tmp_path, CROSS, level=[1, 2])
    assert network.part_count == 1
    assert network.notes["level_ignored"] == "level"


def test_a_storey_that_nobody_can_read_is_told(tmp_path: Path) -> None:
    network = network_of(tmp_path, CROSS, layer=["0", "上"])
    assert network.notes["storeys_unreadable"] == 1
    assert network.part_count == 1


def test_a_layer_of_refused_lines_is_no_network(tmp_path: Path) -> None:
    with pytest.raises(StreetsError) as caught:
        network_of(tmp_path, CROSS, highway=["motorway", "motorway"])
    assert caught.value.message.key == "streets.no_way"


def test_lengths_on_a_grid_by_a_second_opinion(tmp_path: Path) -> None:
    """Streets drawn from rim to rim, against networkx on a grid made node by node."""
    easting, northing = [0, 70, 150, 240], [0, 40, 130]
    lines: list[Road] = [[(e, -10), (e, 140)] for e in easting]
    lines += [[(-10, n), (250, n)] for n in northing]
    network = network_of(tmp_path, lines)
    graph = networkx.Graph()
    for row in range(network.segment_count):
        graph.add_edge(
            network.segment_from[row], network.segment_to[row], m=network.segment_length_m[row]
        )
    spots = points(
        {f"{e},{n}": (EASTING_M + e, NORTHING_M + n) for e in easting for n in northing},
        crs=METRES,
    )
    joined = join_to_streets(network, spots)
    assert joined["leg_m"].max() < 1e-6
    own = {
        (
            round(network.node_easting_m[i] - EASTING_M),
            round(network.node_northing_m[i] - NORTHING_M),
        ): i
        for i in range(network.node_count)
    }
    drawn = networkx.Graph()
    for e, n in itertools.product(easting, northing):
        for e2, n2 in itertools.product(easting, northing):
            if (e == e2) != (n == n2):
                drawn.add_edge((e, n), (e2, n2), m=abs(e - e2) + abs(n - n2))
    for start in itertools.product(easting, northing):
        ours = networkx.single_source_dijkstra_path_length(graph, own[start], weight="m")
        theirs = networkx.single_source_dijkstra_path_length(drawn, start, weight="m")
        for end, length in theirs.items():
            assert ours[own[end]] == pytest.approx(length, rel=1e-6, abs=1e-6)


def _lines(shapes: list[Any], storeys: list[int]) -> RoadLines:
    count = [len(shape) for shape in shapes]
    places = np.array([place for shape in shapes for place in shape], dtype=float)
    both = np.ones(len(shapes), dtype=bool)
    return RoadLines(
        np.concatenate([[0], np.cumsum(count)]),
        places[:, 0],
        places[:, 1],
        np.array(storeys),
        both,
        both,
        _manners(shapes),
    )


def _manners(shapes: list[Any]) -> Manners:
    """Return manners of all kinds, each told by its line's shape alone."""
    trait = np.array([round(10 * sum(e + n for e, n in shape)) for shape in shapes])
    return Manners(
        steps=trait % 2 == 0,
        pace=1.0 + (trait % 3) / 4,
        estate=np.where(trait % 5 < 2, trait, -1),
        main_road=(trait % 7 == 0).astype(float),
        off_ground=trait % 4 == 1,
    )


PLACES = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda p: (p[0] * 0.7, p[1] * 0.7))
WHOLE = st.tuples(st.integers(0, 12), st.integers(0, 12))


def drawings(places: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return up to nine lines of two to four places, most on the ground, some above."""
    lines = st.lists(places, min_size=2, max_size=4, unique=True)
    return st.lists(st.tuples(lines, st.sampled_from([0, 0, 1])), min_size=1, max_size=9)


@settings(max_examples=150, deadline=None)
@given(drawings(PLACES), st.randoms(use_true_random=False))
def test_order_and_direction_of_lines_change_nothing(
    drawing: list[tuple[list[tuple[float, float]], int]], chance: random.Random
) -> None:
    roads, links = closed_ends(noded(_lines(*map(list, zip(*drawing, strict=True)))), 1.0)
    shuffled = [
        (shape[::-1] if chance.random() < 0.5 else shape, storey) for shape, storey in drawing
    ]
    chance.shuffle(shuffled)
    again, links_again = closed_ends(noded(_lines(*map(list, zip(*shuffled, strict=True)))), 1.0)
    assert links == links_again
    for name in ("point_m", "point_storey", "start", "end", "line_ends"):
        np.testing.assert_array_equal(getattr(roads, name), getattr(again, name))
    for entry in dataclasses.fields(Manners):
        mine, theirs = (getattr(one.manners, entry.name) for one in (roads, again))
        np.testing.assert_array_equal(mine, theirs, err_msg=entry.name)


@settings(max_examples=100, deadline=None)
@given(drawings(WHOLE))
def test_noding_agrees_with_geos(drawing: list[tuple[list[tuple[float, float]], int]]) -> None:
    """On one storey the streets are as long as GEOS's union of the lines."""
    import shapely

    shapes = [shape for shape, _ in drawing]
    roads = noded(_lines(shapes, [0] * len(shapes)))
    ours_m = np.hypot(*(roads.point_m[roads.start] - roads.point_m[roads.end]).T).sum()
    united = shapely.union_all(
        shapely.linestrings([s for shape in shapes for s in itertools.pairwise(shape)])
    )
    assert ours_m == pytest.approx(shapely.length(united), abs=0.02)
    parts = networkx.number_connected_components(
        networkx.Graph(zip(roads.start.tolist(), roads.end.tolist(), strict=True))
    )
    touching = networkx.Graph()
    lines = [LineString(shape) for shape in shapes]
    touching.add_nodes_from(range(len(lines)))
    touching.add_edges_from(
        (one, other)
        for one, other in itertools.combinations(range(len(lines)), 2)
        if lines[one].distance(lines[other]) < 1e-3
    )
    assert parts == networkx.number_connected_components(touching)


def test_streets_of_huashan() -> None:
    """205 named lines that stop short of their junctions: with gaps of 15 m one town comes of it.

    The lines make 24.4 km; the points of the junctions in the same file are counted as no lines.
    """
    from planner.streets import read_streets

    path = shared_data("networks/wuhan_huashan.geojson")
    as_drawn, closed = read_streets(path), read_streets(path, gap_m=15.0)
    for network in (as_drawn, closed):
        assert network.notes["lines"] == 205
        assert network.notes["rows_no_line"] == {"MultiPoint": 105}
        assert network.crs is not None
        assert network.crs.to_epsg() == 4547
    assert as_drawn.notes["open_ends"] > 50
    assert 5 < as_drawn.notes["open_ends_gap_m"] < 15
    assert as_drawn.segment_length_m.sum() == pytest.approx(24_426, abs=5)
    assert closed.part_count <= 3
    main = closed.segment_length_m[closed.segment_part == 0].sum()
    assert main / closed.segment_length_m.sum() > 0.97
    assert closed.segment_length_m.sum() < 1.07 * 24_426
