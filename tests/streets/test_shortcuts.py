"""Gates, bridges and crossings that would shorten walks."""

from __future__ import annotations

import itertools
from typing import Any

import geopandas
import networkx
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from planner.errors import StreetsError
from planner.streets import WalkingNetwork, nearest_centre, shortcuts
from planner.streets.search import shortcuts as room
from planner.streets.search.nearest_kernel import settled_network
from planner.streets.search.shortcuts import LEAST_SAVING_MINUTES
from tests.streets.drawn import METRE_A_SECOND, edge, points, town

LIMIT_MINUTES = 15.0


def walled_yard(**inner: object) -> WalkingNetwork:
    """Return a yard whose way runs 40 m beside the street but meets it 1.2 km further on.

    a ---------------------------------------- e    the street, 1,200 m; the centre stands at a
                                               |    wall between, 40 m
    y ---------------------------------------- x    the yard's way; homes at y
    """
    return town(
        {"a": (0, 40), "e": (1200, 40), "x": (1200, 0), "y": (0, 0)},
        [edge("a", "e"), edge("e", "x", **inner), edge("x", "y", **inner)],
    )


def test_a_gate_in_a_wall() -> None:
    network = walled_yard()
    homes = points({"home": (0, 0), "beyond": (1190, 0)})
    centre = points({"centre": (0, 40)})
    found = shortcuts(
        network,
        homes,
        centre,
        limit_minutes=LIMIT_MINUTES,
        speed_m_s=METRE_A_SECOND,
        weight=pd.Series({"home": 7.0, "beyond": 5.0}),
    )
    best = found.iloc[0]
    assert best["length_m"] == pytest.approx(40.0)
    assert best.geometry.equals(LineString([(0, 0), (0, 40)]))
    assert best["minutes_before"] == pytest.approx(2440 / 60)
    assert best["minutes_after"] == pytest.approx(40 / 60)
    # From beyond it is 1,250 m round by the street and 1,230 m through the gate: both too far.
    assert best["persons_within"] == 7.0
    assert best["persons_reached"] == 0.0
    assert best["person_minutes"] == pytest.approx(7 * 2400 / 60 + 5 * 20 / 60)


def test_others_do_not_walk_through_an_estate_to_its_new_gate() -> None:
    """x–y is an estate: the neighbour on the street at e gains nothing by its gate."""
    network = walled_yard(private=True)
    far = shortcuts(
        network,
        points({"neighbour": (1200, 40)}),
        points({"centre": (0, 40)}),
        limit_minutes=LIMIT_MINUTES,
        speed_m_s=METRE_A_SECOND,
    )
    assert far.empty
    near = shortcuts(
        network,
        points({"home": (0, 0)}),
        points({"centre": (0, 40)}),
        limit_minutes=LIMIT_MINUTES,
        speed_m_s=METRE_A_SECOND,
    )
    assert near["in_estate"].iloc[0]
    assert near["persons_within"].iloc[0] == 1.0


def test_a_bridge_to_people_without_a_way() -> None:
    network = town(
        {"a": (0, 0), "b": (500, 0), "c": (0, 150), "d": (300, 150)},
        [edge("a", "b"), edge("c", "d")],
    )
    homes, centre = points({"home": (300, 150), "near": (100, 0)}), points({"centre": (0, 0)})
    arguments: dict[str, Any] = {
        "limit_minutes": LIMIT_MINUTES,
        "speed_m_s": METRE_A_SECOND,
        "join_limit_m": 1.0,
    }
    assert shortcuts(network, homes, centre, reach_m=100.0, **arguments).empty
    best = shortcuts(network, homes, centre, reach_m=200.0, **arguments).iloc[0]
    assert np.isinf(best["minutes_before"])
    assert best["persons_reached"] == 1.0
    assert best["persons_within"] == 1.0
    assert best["person_minutes"] == 0.0


def test_what_a_way_crosses() -> None:
    shapes = {
        "wall": LineString([(-50, 20), (50, 20)]),
        "water": Point(0, 20).buffer(5),
        "railway": LineString([(0, 900), (9, 900)]),  # elsewhere
        "touched": LineString([(-50, 0), (50, 0)]),  # along the street where the way begins
        "round": Point(0, 0).buffer(5000),  # around the whole town: its outline is not crossed
    }
    barriers = geopandas.GeoDataFrame({"barrier_kind": list(shapes)}, geometry=[*shapes.values()])
    arguments: dict[str, Any] = {"limit_minutes": LIMIT_MINUTES, "speed_m_s": METRE_A_SECOND}
    town_and_doors = walled_yard(), points({"home": (0, 0)}), points({"centre": (0, 40)})
    found = shortcuts(*town_and_doors, barriers=barriers, **arguments)
    assert found["barriers"].iloc[0] == "wall、water"
    own = shortcuts(*town_and_doors, barriers=barriers[["geometry"]].iloc[:1], **arguments)
    assert own["barriers"].iloc[0] == "drawn"
    assert shortcuts(*town_and_doors, **arguments)["barriers"].iloc[0] == ""
    with pytest.raises(StreetsError):
        shortcuts(*town_and_doors, barriers=points({"post": (0, 20)}), **arguments)


def test_no_way_to_cross_anything() -> None:
    """Where no way helps there is no line to hold against the barriers, and no error either."""
    wall = geopandas.GeoDataFrame(geometry=[LineString([(-50, 20), (50, 20)])])
    arguments: dict[str, Any] = {"limit_minutes": LIMIT_MINUTES, "speed_m_s": METRE_A_SECOND}
    doors = points({"home": (0, 0)}), points({"centre": (0, 1)})
    assert shortcuts(walled_yard(), *doors, barriers=wall, **arguments).empty


def test_small_savings_on_request() -> None:
    """110 m round a U, 30 m straight over: 1.8 minutes today, all within one by the new way."""
    network = town(
        {"a": (0, 0), "b": (40, 0), "c": (40, 30), "d": (0, 30)},
        [edge("a", "b"), edge("b", "c"), edge("c", "d")],
    )
    doors = points({"home": (0, 0)}), points({"centre": (0, 30)})
    arguments: dict[str, Any] = {"limit_minutes": 1.0, "speed_m_s": METRE_A_SECOND}
    assert shortcuts(network, *doors, **arguments).empty
    found = shortcuts(network, *doors, least_saving_minutes=0.5, **arguments)
    assert found["persons_within"].iloc[0] == 1.0


@pytest.mark.parametrize(
    "wrong", [{"count": 2.5}, {"count": 0}, {"least_saving_minutes": -1.0}, {"reach_m": np.nan}]
)
def test_arguments_that_say_nothing(wrong: dict[str, Any]) -> None:
    doors = points({"home": (0, 0)}), points({"centre": (0, 40)})
    with pytest.raises(StreetsError):
        shortcuts(walled_yard(), *doors, limit_minutes=15.0, **wrong)


def test_the_network_is_searched_once_for_all_centres(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = []

    def counted(*arguments: Any) -> Any:
        searches.append(arguments)
        return settled_network(*arguments)

    monkeypatch.setattr(room, "settled_network", counted)
    doors = points({"home": (0, 0)}), points({"centre": (0, 40)})
    assert len(shortcuts(walled_yard(), *doors, limit_minutes=15.0))
    assert len(searches) == 1


def test_ways_near_each_other_are_told_once() -> None:
    found = shortcuts(
        walled_yard(),
        points({"home": (0, 0)}),
        points({"centre": (0, 40)}),
        limit_minutes=LIMIT_MINUTES,
        speed_m_s=METRE_A_SECOND,
        count=50,
    )
    starts = np.array([line.coords[0] for line in found.geometry])
    apart = np.hypot(*(starts[:, None] - starts[None, :]).T)
    assert (apart[~np.eye(len(starts), dtype=bool)] > 60.0).all()
    assert found["persons_within"].is_monotonic_decreasing


def test_what_cannot_be_used() -> None:
    network, homes, centre = walled_yard(), points({"h": (0, 0)}), points({"c": (0, 40)})
    with pytest.raises(StreetsError, match="reach_m") as caught:
        shortcuts(network, homes, centre, limit_minutes=0.0, reach_m=-1.0)
    assert len(caught.value.problems) == 1
    twice = pd.Series([1.0, 1.0], index=["h", "h"])
    with pytest.raises(StreetsError, match="weight"):
        shortcuts(network, homes, centre, limit_minutes=15.0, weight=twice)
    for wrong in (pd.Series({"other": 1.0}), pd.Series({"h": -1.0}), pd.Series({"h": np.inf})):
        with pytest.raises(StreetsError, match="weight"):
            shortcuts(network, homes, centre, limit_minutes=15.0, weight=wrong)


def with_way(network: WalkingNetwork, line: LineString) -> networkx.Graph:
    """Return the streets and the new way as a graph of metres, cut at the new way's ends."""
    graph = networkx.Graph()
    ends = [Point(one) for one in line.coords]
    for number in range(network.segment_count):
        vertices = slice(*network.vertex_start[number : number + 2])
        street = LineString(
            np.column_stack(
                [network.vertex_easting_m[vertices], network.vertex_northing_m[vertices]]
            )
        )
        cuts = sorted(
            {
                0.0,
                street.length,
                *(street.project(end) for end in ends if street.distance(end) < 1e-6),
            }
        )
        for first, last in itertools.pairwise(cuts):
            one, other = street.interpolate(first), street.interpolate(last)
            names = [(round(spot.x, 5), round(spot.y, 5)) for spot in (one, other)]
            if names[0] != names[1]:
                graph.add_edge(*names, m=last - first)
    graph.add_edge(*((round(end.x, 5), round(end.y, 5)) for end in ends), m=line.length)
    return graph


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.integers(0, 10_000))
def test_gains_are_those_of_a_network_with_the_way_built(seed: int) -> None:
    """Streets of a grid, half of them missing: every way found is built, all walks counted anew."""
    random = np.random.default_rng(seed)
    side, step_m = 5, 100.0
    places = {f"{i},{j}": (i * step_m, j * step_m) for i in range(side) for j in range(side)}
    edges = [
        edge(f"{i},{j}", f"{i + di},{j + dj}")
        for i in range(side)
        for j in range(side)
        for di, dj in ((1, 0), (0, 1))
        if i + di < side and j + dj < side and random.random() < 0.55
    ]
    if not edges:
        return
    network = town(places, edges)
    used = sorted({row[end] for row in edges for end in ("from_node", "to_node")})
    names = random.permutation(used)
    homes = points({f"h{name}": places[name] for name in names[: len(names) // 2]})
    centres = points({f"c{name}": places[name] for name in names[-2:]})
    homes = homes[~homes.geometry.isin(centres.geometry)]
    if homes.empty:
        return
    weight = pd.Series(random.integers(0, 9, len(homes)).astype(float), index=homes.index)
    arguments: dict[str, Any] = {"speed_m_s": METRE_A_SECOND, "join_limit_m": 1.0}
    before = nearest_centre(network, homes, centres, **arguments)["walk_minutes"]
    found = shortcuts(
        network,
        homes,
        centres,
        limit_minutes=3.0,
        weight=weight,
        reach_m=120.0,
        count=5,
        **arguments,
    )
    for row in found.itertuples():
        graph = with_way(network, row.geometry)
        sources = [(round(one.x, 5), round(one.y, 5)) for one in centres.geometry]
        metres = networkx.multi_source_dijkstra_path_length(graph, set(sources), weight="m")
        after = pd.Series(
            {name: metres.get((one.x, one.y), np.inf) / 60 for name, one in homes.geometry.items()}
        )
        within = (after <= 3.0 + 1e-6) & ~(before <= 3.0 + 1e-6)
        reached = before.isna() & np.isfinite(after)
        saved = (before - after)[before.notna()] * weight[before.notna()]
        assert row.persons_within == pytest.approx(weight[within].sum())
        assert row.persons_reached == pytest.approx(weight[reached].sum())
        assert row.person_minutes == pytest.approx(saved.sum(), abs=1e-6)


def test_order_of_rows_does_not_matter() -> None:
    network = walled_yard()
    homes, centre = points({"b": (0, 0), "a": (600, 0)}), points({"c": (0, 40)})
    arguments: dict[str, Any] = {"limit_minutes": LIMIT_MINUTES, "speed_m_s": METRE_A_SECOND}
    one = shortcuts(network, homes, centre, **arguments)
    other = shortcuts(network, homes.iloc[::-1], centre, **arguments)
    assert_geodataframe_equal(one, other)


@pytest.mark.parametrize("seed", range(4))
def test_the_first_is_the_best_of_all_ways(seed: int) -> None:
    """Every pair of spots 20 m apart on the streets is tried by hand."""
    random = np.random.default_rng(seed)
    side, step_m, reach_m = 4, 100.0, 110.0
    places = {f"{i},{j}": (i * step_m, j * step_m) for i in range(side) for j in range(side)}
    every = networkx.grid_2d_graph(side, side)
    drawn = [pair for pair in every.edges if random.random() < 0.6]
    network = town(
        places, [edge(*(f"{i},{j}" for i, j in pair)) for pair in drawn or list(every.edges)[:1]]
    )
    fine = networkx.Graph()
    for (i, j), (k, m) in drawn:
        line = np.linspace((i * step_m, j * step_m), (k * step_m, m * step_m), 6)
        networkx.add_path(fine, [tuple(spot) for spot in line.round(6).tolist()], m=20.0)
    spots = sorted(fine.nodes)
    place = np.array(spots)
    number = {spot: row for row, spot in enumerate(spots)}
    metres = np.full((len(spots), len(spots)), np.inf)
    for spot, reached in networkx.all_pairs_dijkstra_path_length(fine, weight="m"):
        for other, away_m in reached.items():
            metres[number[spot], number[other]] = away_m
    homes, centre = random.choice(len(spots), 12, replace=False), int(random.integers(len(spots)))
    homes = homes[homes != centre]
    minutes = metres / 60
    gap_m = np.hypot(*(place[:, None] - place[None, :]).T).T
    now = minutes[:, centre]
    limit = 4.0
    onward = gap_m / 60 + now[None, :]
    after = minutes[homes][:, :, None] + onward[None]  # of each resident, over each pair
    within = (now[homes] > limit)[:, None, None] & (after <= limit)
    worth = (gap_m <= reach_m) & (now[:, None] >= LEAST_SAVING_MINUTES + onward)
    persons = np.where(worth, within.sum(axis=0), 0)
    found = shortcuts(
        network,
        points({f"h{row}": spots[row] for row in homes}),
        points({"centre": spots[centre]}),
        limit_minutes=limit,
        speed_m_s=METRE_A_SECOND,
        reach_m=reach_m,
        join_limit_m=1.0,
    )
    assert persons.max() == (found["persons_within"].iloc[0] if len(found) else 0)
