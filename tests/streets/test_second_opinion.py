"""Travel times against networkx, scipy and themselves, on random towns."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import geopandas
import networkx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, Point

from planner import units
from planner.streets import Walker, WalkingNetwork, edge_minutes, nearest_centre, travel_times
from tests.streets.drawn import bent, edge, minutes, points, town

SPEED_M_S = 0.83

Place = tuple[float, float]


class RandomTown:
    """A town of random streets: bends, dead ends, loops, parallels, one-ways and strays.

    Coordinates are whole millimetres, so that a moved town has the very same distances.
    """

    def __init__(self, seed: int, *, oneway_share: float = 0.3, nodes: int = 14) -> None:
        random = np.random.default_rng(seed)
        self.nodes: dict[str, Place] = {
            f"n{number}": self._place(random, 0, 900) for number in range(nodes)
        }
        self.edges: list[dict[str, Any]] = []
        names = list(self.nodes)
        for number in range(2 * nodes):
            start, end = random.choice(names, 2)
            first, last = self.nodes[start], self.nodes[end]
            vertices = [first]
            for _ in range(int(random.integers(0 if start != end else 2, 4))):
                vertices.append(self._place(random, 0, 900))
            vertices.append(last)
            row = edge(start, end, geometry=bent(*vertices))
            row["oneway"] = bool(random.random() < oneway_share)
            row["length_m"] = float(row["geometry"].length * random.uniform(1, 1.2))
            if number % 3 == 0:
                row["length_m"] = None
            self.edges.append(row)
        self.origins = {f"o{i}": self._place(random, 0, 900) for i in range(12)}
        self.destinations = {f"d{i}": self._place(random, 0, 900) for i in range(7)}

    @staticmethod
    def _place(random: np.random.Generator, low: float, high: float) -> Place:
        easting, northing = random.integers(int(low * 1000), int(high * 1000), 2) / 1000
        return float(easting), float(northing)

    def network(self) -> WalkingNetwork:
        return town(self.nodes, self.edges)

    def tables(self) -> tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame]:
        return points(self.origins), points(self.destinations)


def oracle(one: RandomTown, join_limit_m: float = 200.0) -> dict[tuple[str, str], float]:
    """Return all walks by networkx: every point is made a node by cutting its street there.

    Nothing of the package is used: points join by measuring to every drawn line, streets are cut at
    the points, and each leg is a street of its own.
    """
    graph = networkx.MultiDiGraph()
    parts = networkx.Graph()
    parts.add_nodes_from(one.nodes)
    lengths = [
        row["geometry"].length if row["length_m"] is None else row["length_m"] for row in one.edges
    ]
    parts.add_edges_from((row["from_node"], row["to_node"]) for row in one.edges)
    groups = list(networkx.connected_components(parts))
    weight = [
        sum(
            length
            for row, length in zip(one.edges, lengths, strict=True)
            if row["from_node"] in group
        )
        for group in groups
    ]
    main = groups[int(np.argmax(weight))]
    cuts: dict[int, list[tuple[float, str]]] = {number: [] for number in range(len(one.edges))}
    for name, place in itertools.chain(one.origins.items(), one.destinations.items()):
        door = Point(place)
        away = [row["geometry"].distance(door) for row in one.edges]
        choices = [n for n, row in enumerate(one.edges) if row["from_node"] in main]
        choices = [n for n in choices if away[n] <= join_limit_m] or [
            n for n in range(len(away)) if away[n] <= join_limit_m
        ]
        if choices:
            street = min(choices, key=lambda number: away[number])
            line: LineString = one.edges[street]["geometry"]
            cuts[street].append((line.project(door, normalized=True), f"on {name}"))
            graph.add_edge(name, f"on {name}", length=away[street])
            graph.add_edge(f"on {name}", name, length=away[street])
    for number, row in enumerate(one.edges):
        stops = [(0.0, row["from_node"]), *sorted(cuts[number]), (1.0, row["to_node"])]
        for (before, start), (after, end) in itertools.pairwise(stops):
            length = (after - before) * lengths[number]
            graph.add_edge(start, end, length=length)
            # A door on the very corner stands on the corner, whatever the street allows.
            if not row["oneway"] or length == 0:
                graph.add_edge(end, start, length=length)
    found = {}
    for name in one.origins:
        if name not in graph:
            continue
        reached = networkx.single_source_dijkstra_path_length(graph, name, weight="length")
        for other in one.destinations:
            if other in reached:
                found[name, other] = reached[other] / SPEED_M_S / 60
    return found


@pytest.mark.parametrize("seed", range(25))
def test_against_networkx(seed: int) -> None:
    """Every walk of a random town, mid-segment to mid-segment, one-ways and strays among them."""
    one = RandomTown(seed, oneway_share=(seed % 3) * 0.3)
    network = one.network()
    origins, destinations = one.tables()
    expected = oracle(one)
    table = travel_times(network, origins, destinations, limit_minutes=1e5, speed_m_s=SPEED_M_S)
    assert minutes(table) == pytest.approx(expected, abs=1e-8)
    limit = float(np.median(list(expected.values())))
    table = travel_times(network, origins, destinations, limit_minutes=limit, speed_m_s=SPEED_M_S)
    within = {pair: walk for pair, walk in expected.items() if walk <= limit + 1e-6}
    assert minutes(table) == pytest.approx(within, abs=1e-8)
    nearest = nearest_centre(network, origins, destinations, speed_m_s=SPEED_M_S)
    for name in one.origins:
        walks = [walk for (origin, _), walk in expected.items() if origin == name]
        assert nearest["walk_minutes"].loc[name] == pytest.approx(
            min(walks, default=np.nan), abs=1e-8, nan_ok=True
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_against_scipy(seed: int) -> None:
    """Between nodes, on a larger town, against ``scipy.sparse.csgraph.dijkstra``."""
    one = RandomTown(seed, nodes=150)
    network = one.network()
    costs = edge_minutes(network, SPEED_M_S)
    by_arc = np.where(
        network.arc_forward,
        costs.forward[network.arc_segment],
        costs.backward[network.arc_segment],
    )
    size = network.node_count
    # Parallel streets: scipy adds them up, so only the shortest may stay.
    tail = np.repeat(np.arange(size), np.diff(network.arc_start))
    shortest = pd.Series(by_arc).groupby([tail, network.arc_to]).min()
    ends = shortest.index.to_frame().to_numpy()
    graph = csr_array((shortest.to_numpy(), (ends[:, 0], ends[:, 1])), shape=(size, size))
    limit = 40.0
    rows = dijkstra(graph, limit=limit)
    places = list(zip(network.node_easting_m, network.node_northing_m, strict=True))
    touched = np.flatnonzero(np.bincount(tail, minlength=size) > 0)
    origins = points({f"o{node}": places[node] for node in touched[:40]})
    destinations = points({f"d{node}": places[node] for node in touched})
    table = travel_times(network, origins, destinations, limit_minutes=limit, speed_m_s=SPEED_M_S)
    expected = {
        (f"o{start}", f"d{end}"): rows[start, end]
        for start in touched[:40]
        for end in touched
        if np.isfinite(rows[start, end]) or start == end
    }
    found = minutes(table)
    stray = network.node_part != 0  # a stray node may join the main part instead
    assert {
        pair: walk
        for pair, walk in found.items()
        if not (stray[int(pair[0][1:])] or stray[int(pair[1][1:])])
    } == pytest.approx(
        {
            pair: walk
            for pair, walk in expected.items()
            if not (stray[int(pair[0][1:])] or stray[int(pair[1][1:])])
        },
        abs=1e-8,
    )
    assert len(found) > 200


quick = settings(max_examples=25, deadline=None, derandomize=True)
seeds = st.integers(0, 10**6)


def walks(one: RandomTown, **settings_: Any) -> dict[tuple[str, str], float]:
    given_ = {"limit_minutes": 60.0, "speed_m_s": SPEED_M_S} | settings_
    return minutes(travel_times(one.network(), *one.tables(), **given_))


@quick
@given(seeds)
def test_there_and_back_without_one_ways(seed: int) -> None:
    """Where feet are free, the way back takes as long, to the last bit."""
    one = RandomTown(seed, oneway_share=0.0)
    network = one.network()
    origins, destinations = one.tables()
    there = minutes(travel_times(network, origins, destinations, limit_minutes=60))
    back = minutes(travel_times(network, destinations, origins, limit_minutes=60))
    assert there == {(origin, end): walk for (end, origin), walk in back.items()}


@quick
@given(seeds)
def test_rows_in_any_order(seed: int) -> None:
    """Shuffled nodes, edges, origins and destinations give the same table, bit by bit."""
    one = RandomTown(seed)
    random = np.random.default_rng(seed + 1)

    def shuffled(mapping: Mapping[str, Place]) -> dict[str, Place]:
        return {name: mapping[name] for name in random.permutation(list(mapping)).tolist()}

    other = RandomTown(seed)
    other.nodes, other.edges = shuffled(one.nodes), list(one.edges)
    random.shuffle(other.edges)
    other.origins, other.destinations = shuffled(one.origins), shuffled(one.destinations)
    first, second = (
        travel_times(each.network(), *each.tables(), limit_minutes=30) for each in (one, other)
    )
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    first, second = (
        nearest_centre(each.network(), *each.tables()).sort_index() for each in (one, other)
    )
    pd.testing.assert_frame_equal(first, second, check_exact=True)


@quick
@given(seeds, st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_a_moved_town_is_the_same_town(seed: int, east: int, north: int) -> None:
    one, moved = RandomTown(seed), RandomTown(seed)

    def shifted(mapping: Mapping[str, Place]) -> dict[str, Place]:
        return {name: (e + east, n + north) for name, (e, n) in mapping.items()}

    moved.nodes = shifted(one.nodes)
    moved.origins, moved.destinations = shifted(one.origins), shifted(one.destinations)
    moved.edges = [
        row | {"geometry": LineString([(e + east, n + north) for e, n in row["geometry"].coords])}
        for row in one.edges
    ]
    assert walks(moved) == pytest.approx(walks(one), abs=1e-6)


@quick
@given(seeds, st.floats(1, 40), st.floats(0.1, 20))
def test_a_longer_limit_only_adds(seed: int, limit: float, more: float) -> None:
    one = RandomTown(seed)
    near, far = walks(one, limit_minutes=limit), walks(one, limit_minutes=limit + more)
    assert near.items() <= far.items()
    assert {pair for pair, walk in far.items() if units.within(walk, limit)} == set(near)


@quick
@given(seeds, st.floats(0.3, 1.4), st.floats(0.01, 0.5))
def test_a_faster_walker_is_never_later(seed: int, slow: float, faster: float) -> None:
    one = RandomTown(seed)
    late = walks(one, speed_m_s=slow)
    early = walks(one, speed_m_s=slow + faster)
    assert set(late) <= set(early)
    for pair, walk in late.items():
        assert early[pair] == pytest.approx(walk * slow / (slow + faster), abs=1e-6)


@quick
@given(seeds)
def test_a_new_street_never_lengthens_a_walk(seed: int) -> None:
    """Joins held fixed: doors stand on nodes, the new street lies between two nodes."""
    one = RandomTown(seed, oneway_share=0.2)
    random = np.random.default_rng(seed)
    names = sorted({row[end] for row in one.edges for end in ("from_node", "to_node")})
    one.origins = {f"o {name}": one.nodes[name] for name in names[:4]}
    one.destinations = {f"d {name}": one.nodes[name] for name in names[4:9]}
    before = walks(one, join_limit_m=0.0)
    start, end = random.choice(names, 2, replace=False)
    one.edges.append(edge(start, end, oneway=True, length_m=1.0))
    after = walks(one, join_limit_m=0.0)
    for pair, walk in before.items():
        assert after[pair] <= walk


CAREFUL = Walker("careful", SPEED_M_S, steps_factor=2.5, signal_s=40.0, crossing_s=15.0)


@quick
@given(seeds)
def test_by_way_of_a_third_place_is_no_shorter(seed: int) -> None:
    """Between the network's nodes, with stairs, slow ground, lights and main roads, none private.

    Joins are held fixed: every door stands on a node, whichever of its streets it joins.
    """
    one = RandomTown(seed, oneway_share=0.2)
    random = np.random.default_rng(seed)
    for row in one.edges:
        row["steps"] = bool(random.random() < 0.2)
        row["pace"] = float(random.choice([1.0, 1.25]))
        row["main_road"] = float(random.choice([0.0, 0.0, 0.5, 1.0]))
    nodes = pd.DataFrame.from_dict(one.nodes, orient="index", columns=["easting_m", "northing_m"])
    nodes["signals"] = random.random(len(nodes)) < 0.5
    network = WalkingNetwork.from_tables(nodes, pd.DataFrame(one.edges))
    names = sorted({row[end] for row in one.edges for end in ("from_node", "to_node")})
    tables = [points({f"{letter} {name}": one.nodes[name] for name in names}) for letter in "od"]
    table = travel_times(network, *tables, limit_minutes=1e6, walker=CAREFUL, join_limit_m=0.0)
    walk = {(start[2:], end[2:]): time for (start, end), time in minutes(table).items()}
    for (start, middle), first in walk.items():
        for end in names:
            if (middle, end) in walk:
                # The same to the last bit: all costs are multiples of one grain.
                assert walk[start, end] <= first + walk[middle, end]


@quick
@given(seeds)
def test_nearest_is_the_first_of_the_times(seed: int) -> None:
    """Without a limit both say the same centre and the same minutes, bit by bit."""
    one = RandomTown(seed)
    network = one.network()
    table = travel_times(network, *one.tables(), limit_minutes=float("inf"))
    nearest = nearest_centre(network, *one.tables())
    first = table.groupby("origin", observed=True).first()
    reached = nearest.dropna(subset="nearest")
    assert set(reached.index) == set(first.index.astype(str))
    reached = reached.loc[first.index.astype(str)]
    assert reached["nearest"].tolist() == first["destination"].tolist()
    assert reached["walk_minutes"].tolist() == first["walk_minutes"].tolist()
