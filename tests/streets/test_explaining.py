"""Routes between two doors: their minutes by cause add up to the travel time, to the last bit."""

from __future__ import annotations

import itertools
import re

import geopandas
import networkx
import numpy as np
import pytest
import shapely

from planner.errors import StreetsError, TableError
from planner.labels import Language
from planner.streets import WalkingNetwork, join_to_streets, read_streets, travel_times
from planner.streets.routes.causes import CAUSES
from planner.streets.routes.routes import Route, explain_walk, route
from tests.shared_data import shared_data
from tests.streets.drawn import bent, edge, points, town
from tests.streets.test_second_opinion import RandomTown, oracle


def walked(
    network: WalkingNetwork,
    origin: tuple[float, float],
    destination: tuple[float, float],
    speed_m_s: float = 1.0,
) -> Route:
    """Return the route between two places, having checked all that holds for any route."""
    starts, ends = (
        points({"o": origin}, crs=network.crs),
        points({"d": destination}, crs=network.crs),
    )
    found = route(network, starts, ends, speed_m_s=speed_m_s)
    check(network, found, starts, ends)
    return found


def check(
    network: WalkingNetwork,
    found: Route,
    starts: geopandas.GeoDataFrame,
    ends: geopandas.GeoDataFrame,
    join_limit_m: float = 200.0,
) -> None:
    """Compare a route with travel_times, its parts with their sums, its line with its pieces."""
    table = travel_times(
        network,
        starts,
        ends,
        limit_minutes=1e6,
        walker=found.walker,
        join_limit_m=join_limit_m,
    )
    assert found.walk_minutes == table["walk_minutes"].iloc[0]
    assert found.by_cause["minutes"].sum() == found.walk_minutes
    assert list(found.by_cause.index) == list(CAUSES)
    assert found.by_cause["metres"].sum() == pytest.approx(found.metres)
    legs = ["leg_from_origin", "leg_to_destination"]
    assert found.by_cause["minutes"].drop(legs).sum() == found.pieces["minutes"].sum() or (
        found.pieces.empty
    )
    if found.walker.name == "plain" and not network.segment_pace.max(initial=1) > 1:
        assert found.walk_minutes == pytest.approx(found.metres / found.speed_m_s / 60, abs=1e-7)
        assert found.pieces["minutes"].sum() == found.by_cause.loc["flat", "minutes"]
    ahead = found.pieces["to_fraction"] > found.pieces["from_fraction"]
    segment = found.pieces["segment"].to_numpy()
    for allowed, used in (
        (network.segment_forward, ahead),
        (network.segment_backward, ~ahead),
    ):
        assert allowed[segment[used.to_numpy()]].all()
    lines = list(found.pieces.geometry)
    for before, after in itertools.pairwise(lines):
        assert before.coords[-1] == pytest.approx(after.coords[0], abs=1e-6)
    legs_m = found.by_cause.loc[legs, "metres"].sum()
    drawn_m = sum(line.length for line in lines) + legs_m
    assert found.geometry.length == pytest.approx(drawn_m, abs=1e-4)


def one_street() -> WalkingNetwork:
    return town({"A": (0, 0), "B": (600, 0)}, [edge("A", "B")])


def test_two_doors_on_one_street() -> None:
    """Legs of 30 m and 60 m, 120 m of street, no junction.

    ::

             o (30 m)
        A────┼───────┼────B
                     d (60 m)
    """
    found = walked(one_street(), (180, 30), (300, -60))
    spent = found.by_cause[found.by_cause["minutes"] > 0]
    assert spent.index.tolist() == ["leg_from_origin", "flat", "leg_to_destination"]
    assert spent["metres"].tolist() == pytest.approx([30, 120, 60])
    assert spent["minutes"].tolist() == pytest.approx([0.5, 2, 1])
    assert found.nodes == ()
    assert list(found.geometry.coords) == [(180, 30), (180, 0), (300, 0), (300, -60)]
    back = walked(one_street(), (300, -60), (180, 30))
    assert back.pieces["from_fraction"].iloc[0] > back.pieces["to_fraction"].iloc[0]
    assert shapely.equals(back.geometry, found.geometry)


def test_doors_opposite_each_other() -> None:
    """No street piece is walked: the legs are the walk."""
    found = walked(one_street(), (180, 30), (180, -30))
    assert found.pieces.empty
    assert found.walk_minutes == pytest.approx(1.0)
    assert walked(one_street(), (180, 0), (180, 0)).metres == 0


def test_round_is_shorter_than_along() -> None:
    """Doors on one winding street walk over the bridge between its ends."""
    winding = bent((0, 0), (0, 500), (100, 500), (100, 0))
    network = town({"A": (0, 0), "B": (100, 0)}, [edge("A", "B", geometry=winding), edge("A", "B")])
    found = walked(network, (0, 100), (100, 100))
    assert found.nodes == ("A", "B")
    assert found.pieces["metres"].tolist() == pytest.approx([100, 100, 100])


def test_one_way_round_the_block() -> None:
    network = town(
        {"A": (0, 0), "B": (60, 0), "C": (60, 60), "D": (0, 60)},
        [edge("A", "B", oneway=True), edge("B", "C"), edge("C", "D"), edge("D", "A")],
    )
    assert walked(network, (12, 0), (48, 0)).nodes == ()
    assert walked(network, (48, 0), (12, 0)).nodes == ("B", "C", "D", "A")


@pytest.mark.parametrize("seed", range(8))
def test_random_towns_and_networkx(seed: int) -> None:
    """Every pair of a random town, against networkx on a graph cut at the doors."""
    one = RandomTown(seed)
    network, (origins, destinations) = one.network(), one.tables()
    expected = oracle(one)
    for origin in origins.index[:6]:
        for destination in destinations.index[:4]:
            starts, ends = origins.loc[[origin]], destinations.loc[[destination]]
            if (origin, destination) not in expected:
                with pytest.raises(StreetsError):
                    route(network, starts, ends)
                continue
            found = route(network, starts, ends)
            assert found.walk_minutes == pytest.approx(expected[origin, destination], abs=1e-6)
            check(network, found, starts, ends)


def test_helsinki_and_networkx() -> None:
    """On real streets the metres between junctions are those of networkx's shortest path."""
    network = read_streets(shared_data("networks/helsinki.osm.pbf"))
    graph = networkx.MultiDiGraph()
    tail = np.repeat(np.arange(network.node_count), np.diff(network.arc_start))
    graph.add_weighted_edges_from(
        zip(tail.tolist(), network.arc_to.tolist(), network.arc_length_m.tolist(), strict=True)
    )
    random = np.random.default_rng(5)
    main = np.flatnonzero(network.node_part == 0)
    for first, last in random.choice(main, (20, 2), replace=False):
        doors = [
            points(
                {name: (network.node_easting_m[node], network.node_northing_m[node])},
                crs=network.crs,
            )
            for name, node in (("o", first), ("d", last))
        ]
        found = route(network, *doors, speed_m_s=0.83)
        shortest_m = networkx.dijkstra_path_length(graph, first, last)
        assert found.metres == pytest.approx(shortest_m, abs=0.01)
        check(network, found, *doors)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_add_up(language: Language) -> None:
    """The minutes written beside the causes are those of the first line, to the last digit."""
    network = RandomTown(3).network()
    for shift in range(12):
        found = route(
            network,
            points({"o": (100 + 37.1 * shift, 320)}),
            points({"d": (500, 80 + 41.7 * shift)}),
            speed_m_s=0.83,
        )
        whole, *causes = explain_walk(found, language=language)
        pattern = r"(\d+\.\d\d) (?:分钟|minutes)"
        shown = [int(re.findall(pattern, line)[0].replace(".", "")) for line in (whole, *causes)]
        assert shown[0] == sum(shown[1:]) == round(found.walk_minutes * 100)
        assert len(causes) == (found.by_cause["metres"] > 0).sum()


def test_sentences() -> None:
    found = walked(one_street(), (180, 30), (300, -60))
    assert explain_walk(found) == [
        "从 o 步行到 d：3.50 分钟，210 米，步速 1 米/秒。",
        "从 o 走到街道：30 米，0.50 分钟。",
        "沿街行走（按平路计）：1 段，经过 0 个路口，120 米，2.00 分钟。",
        "从街道走到 d：60 米，1.00 分钟。",
    ]
    assert explain_walk(found, language="en")[0] == (
        "From o to d: 3.50 minutes on foot, 210 m, at 1 m/s."
    )


def test_points_in_degrees() -> None:
    """The points may come in any CRS; the line is in the network's."""
    network = town({"A": (5e5, 4e6), "B": (5e5 + 600, 4e6)}, [edge("A", "B")], crs="EPSG:32650")
    starts = points({"o": (5e5 + 100, 4e6 + 20)}, crs="EPSG:32650")
    ends = points({"d": (5e5 + 400, 4e6)}, crs="EPSG:32650")
    found = route(network, starts.to_crs("EPSG:4326"), ends)
    assert shapely.get_coordinates(found.geometry)[0] == pytest.approx(
        [5e5 + 100, 4e6 + 20], abs=1e-3
    )
    assert found.pieces.crs == network.crs


def test_refusals_name_both_ends() -> None:
    network = one_street()
    near, far = points({"o": (0, 0)}), points({"f": (0, 5000)})
    with pytest.raises(StreetsError) as caught:
        route(network, far, points({"g": (float("nan"), 0)}))
    assert [problem.key for problem in caught.value.problems] == [
        "explaining_walks.not_joined",
        "explaining_walks.without_place",
    ]
    for language in ("zh", "en"):
        assert "f" in caught.value.text(language)
    with pytest.raises(TableError):
        route(network, near, near)
    with pytest.raises(StreetsError):
        route(network, near.iloc[:0], far)
    with pytest.raises(TypeError):
        route(network, join_to_streets(network, near), far)


def test_no_way_names_the_parts() -> None:
    network = town(
        {"A": (0, 0), "B": (300, 0), "C": (0, 600), "D": (100, 600)},
        [edge("A", "B"), edge("C", "D")],
    )
    with pytest.raises(StreetsError) as caught:
        route(network, points({"o": (0, 0)}), points({"d": (0, 590)}))
    assert [problem.key for problem in caught.value.problems] == ["explaining_walks.no_way"]
    assert caught.value.problems[0].fields == {"origin_part": 0, "destination_part": 1}


def test_a_walk_is_explained_with_the_barriers_that_it_was_joined_with() -> None:
    """A U of streets, a wall before the near arm: the door joins the far one."""
    network = town(
        {"a": (0, 0), "b": (100, 0), "c": (100, 50), "d": (0, 50)},
        [edge("a", "b"), edge("b", "c"), edge("c", "d")],
    )
    wall = geopandas.GeoDataFrame(geometry=[shapely.LineString([(-200, 10), (90, 10)])])
    home, centre = points({"home": (10, 20)}), points({"centre": (10, 55)})
    joined = [join_to_streets(network, one, barriers=wall) for one in (home, centre)]
    table = travel_times(network, *joined, limit_minutes=60, speed_m_s=1.0)
    walk = route(network, home, centre, speed_m_s=1.0, barriers=wall)
    assert walk.walk_minutes == table["walk_minutes"].iloc[0] == pytest.approx(35 / 60)
    assert not walk.geometry.crosses(wall.geometry.iloc[0])
    shut = geopandas.GeoDataFrame(geometry=[shapely.Point(10, 20).buffer(3)])
    with pytest.raises(StreetsError) as caught:
        route(network, home, centre, speed_m_s=1.0, barriers=shut)
    assert caught.value.problems[0].key == "explaining_walks.behind_barrier"
