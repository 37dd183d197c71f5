"""Walled estates: whose streets are whose, and no way through, against a policy said anew."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.errors import StreetsError
from planner.streets import (
    WalkingNetwork,
    catchments,
    nearest_centre,
    read_streets,
    route,
    travel_times,
)
from tests.streets.drawn import METRE_A_SECOND, edge, minutes, points, town
from tests.streets.estate_policy import CLOSED, OPEN, RESIDENTS, Spot, Step, Town
from tests.streets.test_osm import Node, Way, osm_text
from tests.streets.test_pbf import assert_same

LONG = 10_000.0
PUBLIC = {"highway": "residential"}
PRIVATE = {"highway": "service", "access": "private"}
GATES = {
    OPEN: {"barrier": "gate"},
    RESIDENTS: {"barrier": "gate", "access": "private"},
    CLOSED: {"barrier": "gate", "access": "no"},
}
HOW: dict[str, Any] = {"speed_m_s": METRE_A_SECOND, "join_limit_m": 3.0}


def on_streets(steps: list[Spot], network: WalkingNetwork, prefix: str) -> geopandas.GeoDataFrame:
    """Return places on steps, by the nodes' places in the network's own metres."""
    places = {}
    for number, (step, share) in enumerate(steps):
        start, end = PLACES[step.start], PLACES[step.end]
        places[f"{prefix}{number:02}"] = (
            start[0] + share * (end[0] - start[0]),
            start[1] + share * (end[1] - start[1]),
        )
    return points(places, crs=network.crs if network.crs is None else 4326)


PLACES: dict[int, tuple[float, float]] = {}


def agree(network: WalkingNetwork, policy: Town, origins: list[Spot], centres: list[Spot]) -> None:
    """Assert that times, nearest centres, routes and catchments keep to the policy."""
    from_table = on_streets(origins, network, "o")
    to_table = on_streets(centres, network, "c")
    expected = {
        (f"o{row:02}", f"c{column:02}"): metres / 60.0
        for row, line in enumerate(policy.times(origins, centres))
        for column, metres in enumerate(line)
    }
    reached = {pair: time for pair, time in expected.items() if time < LONG}
    found = minutes(travel_times(network, from_table, to_table, limit_minutes=LONG, **HOW))
    assert found.keys() == reached.keys()
    assert found == pytest.approx(reached, abs=1e-3)
    nearest = nearest_centre(network, from_table, to_table, **HOW)
    for name, row in zip(nearest.index.astype(str), nearest.to_dict("records"), strict=True):
        best = min(time for (origin, _), time in expected.items() if origin == name)
        if best < LONG:
            assert row["walk_minutes"] == pytest.approx(best, abs=1e-3)
            assert expected[name, row["nearest"]] == pytest.approx(best, abs=1e-3)
        else:
            assert pd.isna(row["nearest"])
    for origin, centre in itertools.islice(expected, 0, 60, 4):
        ends = from_table.loc[[origin]], to_table.loc[[centre]]
        if (origin, centre) not in reached:
            with pytest.raises(StreetsError):
                route(network, *ends, **HOW)
            continue
        walk = route(network, *ends, **HOW)
        assert walk.walk_minutes == pytest.approx(reached[origin, centre], abs=1e-3)
        met = network.segment_estate[walk.pieces["segment"].to_numpy(dtype=int)].tolist()
        met = [estate for estate, _ in itertools.groupby(met)]
        assert -1 not in met[:1] + met[-1:] or len(met) <= 2 or met[1:-1] == [-1]
        assert all(estate == -1 for estate in met[1:-1])


def agree_reached(
    network: WalkingNetwork, policy: Town, origins: list[Spot], centres: list[Spot]
) -> None:
    """Assert that catchments hold the streets that the policy lets reach a centre in time."""
    from_table = on_streets(origins, network, "o")
    to_table = on_streets(centres, network, "c")
    times = np.array(policy.times(origins, centres)) / 60.0
    limit = float(np.median(times[np.isfinite(times)])) + 0.0137 if np.isfinite(times).any() else 5
    drawn = catchments(
        network, to_table, limits_minutes=(limit,), tolerance_m=50.0, **HOW
    ).streets.set_index("centre")
    spots = np.asarray(
        from_table.to_crs(network.crs).geometry if network.crs else from_table.geometry
    )
    for column, centre in enumerate(to_table.index):
        away_m = shapely.distance(drawn.geometry[centre], spots)
        clear = np.abs(times[:, column] - limit) > 0.01
        assert ((away_m < 0.05) == (times[:, column] <= limit))[clear].all()


def grid_steps(side: int) -> list[tuple[int, int]]:
    """Return the steps of a square grid of nodes 1, 2, …, row by row."""
    found = []
    for row, column in itertools.product(range(side), repeat=2):
        node = row * side + column + 1
        found += [(node, node + 1)] * (column < side - 1) + [(node, node + side)] * (row < side - 1)
    return found


SIDE = 4
GRID = grid_steps(SIDE)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from("-ooopp"), min_size=len(GRID), max_size=len(GRID)), st.data())
def test_random_towns_of_tables(kinds: list[str], data: Any) -> None:
    """Streets of a grid, absent, open (o) or private (p), each of a length of its own."""
    jitter = np.random.default_rng(len(kinds) + sum(map(ord, kinds))).uniform(-9, 9, (SIDE**2, 2))
    PLACES.clear()
    for number in range(SIDE**2):
        row, column = divmod(number, SIDE)
        PLACES[number + 1] = (60.0 * column + jitter[number, 0], 60.0 * row + jitter[number, 1])
    steps = [
        Step(one, other, float(np.hypot(*np.subtract(PLACES[one], PLACES[other]))), kind == "p", n)
        for n, ((one, other), kind) in enumerate(zip(GRID, kinds, strict=True))
        if kind != "-"
    ]
    if len(steps) < 2:
        return
    shuffled = data.draw(st.permutations(steps))
    network = town(
        {str(node): PLACES[node] for node in data.draw(st.permutations(sorted(PLACES)))},
        [edge(str(one.start), str(one.end), private=one.private) for one in shuffled],
    )
    plain = town(
        {str(node): place for node, place in PLACES.items()},
        [edge(str(one.start), str(one.end), private=one.private) for one in steps],
    )
    assert_same(network, plain)
    policy = Town(steps, parallels=True)
    agree(network, policy, [(one, 0.25) for one in steps[::2]], [(one, 0.6) for one in steps[1::3]])
    if len(steps) > 15:
        centres = [(one, 0.6) for one in steps[::8]]
        agree_reached(network, policy, [(one, 0.7) for one in steps], centres)


@st.composite
def drawn_towns(draw: Any) -> tuple[list[list[int]], list[bool], dict[int, int]]:
    """Return ways that wander over a grid, whether each is private, and gates."""
    neighbours: dict[int, list[int]] = {}
    for one, other in GRID:
        neighbours.setdefault(one, []).append(other)
        neighbours.setdefault(other, []).append(one)
    ways = []
    for _ in range(draw(st.integers(3, 9))):
        way = [draw(st.integers(1, SIDE**2))]
        for _ in range(draw(st.integers(1, 5))):
            way.append(draw(st.sampled_from(neighbours[way[-1]])))
        ways.append(way)
    private = [draw(st.booleans()) for _ in ways]
    gates = draw(st.dictionaries(st.integers(1, SIDE**2), st.integers(0, 2), max_size=4))
    return ways, private, gates


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn_towns(), st.randoms(use_true_random=False))
def test_random_towns_of_osm_files(tmp_path: Path, drawn: Any, random: Any) -> None:
    """Ways over a grid, drawn over each other, turned and shuffled; gates on their nodes."""
    ways, private, gates = drawn
    nodes = [
        (number, 4 * ((number - 1) % SIDE) + number % 3, 4 * ((number - 1) // SIDE) + number**2 % 5)
        for number in range(1, SIDE**2 + 1)
    ]
    tags = [PRIVATE if one else PUBLIC for one in private]
    rows: list[Way] = list(zip(ways, tags, strict=True))
    network = in_file(tmp_path, nodes, rows, gates)
    random.shuffle(rows)
    random.shuffle(nodes)
    turned: list[Way] = [(way[::-1] if random.random() < 0.5 else way, tag) for way, tag in rows]
    assert_same(in_file(tmp_path, nodes, turned, gates), network)
    steps = steps_of(nodes, ways, private)
    policy = Town(steps, gates)
    origins = [(one, 0.25) for one in steps[::3]]
    agree(network, policy, origins, [(one, 0.6) for one in steps[:1] + steps[2::4]])


def in_file(
    folder: Path, nodes: list[Node], ways: list[Way], gates: dict[int, int]
) -> WalkingNetwork:
    text = osm_text(nodes, ways, node_tags={node: GATES[gate] for node, gate in gates.items()})
    (folder / "town.osm").write_text(text, encoding="utf-8")
    return read_streets(folder / "town.osm")


def steps_of(nodes: list[Node], ways: list[list[int]], private: list[bool]) -> list[Step]:
    """Return the ways' steps with their lengths on the ellipsoid; note where the nodes lie."""
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    PLACES.clear()
    PLACES.update({node: (114 + 0.001 * east, 30 + 0.001 * north) for node, east, north in nodes})
    steps = []
    for number, (way, own) in enumerate(zip(ways, private, strict=True)):
        for one, other in itertools.pairwise(way):
            metres = geod.inv(*PLACES[one], *PLACES[other])[2]
            steps.append(Step(one, other, metres, own, number))
    return steps


TOWNS: dict[str, tuple[list[Way], dict[int, int], list[list[int]]]] = {
    # 1──2──3──4   a street; 5 and 6 are homes of two estates that face each other over it
    "facing": (
        [([1, 2, 3, 4], PUBLIC), ([2, 5], PRIVATE), ([2, 6], PRIVATE)],
        {2: OPEN},
        [[5, 2, 6], [6, 2, 5], [5, 2, 1], [1, 2, 6]],
    ),
    # A drive 5─2─6 crosses the street 1─2─3─4 in two ways, cut at 2; past 6 it meets the street
    # again, at 4. Home to home is open; through the other to 4 is not, for they are two estates.
    "meeting_end_to_end": (
        [([1, 2, 3, 4], PUBLIC), ([5, 2], PRIVATE), ([2, 6, 4], PRIVATE), ([4, 8], PUBLIC)],
        {},
        [[5, 2, 6], [6, 2, 5], [5, 2, 6, 4], [5, 2, 3, 4, 8], [8, 4, 3, 2, 5], [6, 4, 8]],
    ),
    # The same, and a path 5─7─6 behind the houses joins them: one estate, and a way through it.
    "meeting_end_to_end_and_joined": (
        [
            ([1, 2, 13, 14, 4], PUBLIC),
            ([5, 2], PRIVATE),
            ([2, 6, 4], PRIVATE),
            ([5, 9, 17, 18, 6], PRIVATE),
            ([4, 8], PUBLIC),
        ],
        {},
        [[5, 2, 6, 4, 8], [8, 4, 6, 2, 5], [1, 2, 5]],
    ),
    # The drive 2─8─7─3 of an estate is shorter than the street 2─9─10─3 to those who live there.
    "no_way_through": (
        [([1, 2, 19, 20, 3, 4], PUBLIC), ([2, 8, 7, 3], PRIVATE)],
        {},
        [[1, 2, 19, 20, 3, 4], [8, 7, 3, 4], [1, 2, 8, 7], [4, 3, 7, 8], [7, 8, 2, 1]],
    ),
    # A footway 1─5─6─7─8 crosses the estate's drive 2─6─10─11, and the street 1─2─3 leads round.
    "crossed_by_a_footway": (
        [([1, 2, 3], PUBLIC), ([1, 5, 6, 7, 8], PUBLIC), ([2, 6, 10, 11], PRIVATE)],
        {},
        [[11, 10, 6, 2, 3], [11, 10, 6, 7, 8], [3, 2, 6, 10], [3, 2, 1, 5, 6, 7], [1, 2, 6]],
    ),
    # The street stops at 2; a private road 2─7─8 leads on to the village 8─9─10, where all is free.
    "village_on_a_private_road": (
        [([1, 2, 3], PUBLIC), ([2, 7, 8], PRIVATE), ([8, 9, 10], PUBLIC), ([9, 14], PUBLIC)],
        {},
        [[10, 9, 8, 7, 2, 1], [14, 9, 10], [1, 2, 7, 8, 9, 14], [7, 8, 9, 10]],
    ),
    # Lanes inside the wall bear no tag; gates at 2 and 3 let residents pass, and their visitors.
    "gates_only": (
        [([1, 2], PUBLIC), ([3, 4], PUBLIC), ([2, 6, 7, 3], PUBLIC), ([1, 17, 18, 4], PUBLIC)],
        {2: RESIDENTS, 3: RESIDENTS},
        [[6, 7, 3, 4], [6, 2, 1], [7, 6, 2, 1], [1, 2, 6, 7], [2, 1, 17, 18, 4, 3]],
    ),
    # A gate that nobody passes parts the drive 2─6─7─3: both halves are reached from their ends.
    "closed_gate": (
        [([1, 2, 3, 4], PUBLIC), ([2, 6, 7, 3], PRIVATE)],
        {6: CLOSED},
        [[2, 6], [1, 2, 6], [6, 7, 3, 4], [7, 6]],
    ),
    # The first steps 2─6─7 of an estate's drive are also drawn as a footway: everybody's.
    "drawn_twice": (
        [([1, 2], PUBLIC), ([2, 6, 7, 8, 4], PRIVATE), ([7, 6, 2], PUBLIC), ([7, 3], PUBLIC)],
        {},
        [[1, 2, 6, 7, 3], [8, 7, 6, 2, 1], [4, 8, 7, 3]],
    ),
    # A ring without a gate: its people walk round it, and nobody gets in or out.
    "ring": ([([1, 2, 3], PUBLIC), ([6, 7, 11, 10, 6], PRIVATE)], {}, [[6, 7, 11], [10, 6, 7]]),
}
NOT_JOINED = {"closed_gate": ([2, 6], [6, 7]), "ring": ([1, 2], [6, 7])}
NODES: list[Node] = [(1 + n, 2 * (n % 4) + n % 3, 2 * (n // 4) + n**2 % 3) for n in range(20)]


@pytest.mark.parametrize("name", TOWNS)
def test_towns_drawn_by_hand(tmp_path: Path, name: str) -> None:
    """Walks from mid-step to mid-step: the lawful one, node by node, and its metres."""
    ways, gates, walks = TOWNS[name]
    network = in_file(tmp_path, NODES, ways, gates)
    steps = steps_of(NODES, [refs for refs, _ in ways], [tags is PRIVATE for _, tags in ways])
    policy = Town(steps, gates)

    def spot(one: int, other: int) -> Spot:
        return next(step for step in steps if step.key == (min(one, other), max(one, other))), 0.5

    for walk in walks:
        legs = [spot(*pair) for pair in itertools.pairwise(walk)]
        metres = sum(step.metres for step, _ in legs)
        metres -= (legs[0][0].metres + legs[-1][0].metres) / 2
        assert policy.times(legs[:1], legs[-1:])[0][0] == pytest.approx(metres), walk
        agree(network, policy, legs[:1], legs[-1:])
    if name in NOT_JOINED:
        one, other = (spot(*pair) for pair in NOT_JOINED[name])
        if name == "ring":
            assert policy.times([one], [other]) == [[float("inf")]]
        agree(network, policy, [one, other], [other, one])


def test_a_gate_that_is_a_crossing_too(tmp_path: Path) -> None:
    """One node may be both; a gate on a way's last node shuts nothing."""
    both = GATES[CLOSED] | {"highway": "traffic_signals"}
    text = osm_text(NODES, [([1, 2, 3], PUBLIC), ([2, 6], PUBLIC)], node_tags={2: both, 3: both})
    (tmp_path / "town.osm").write_text(text, encoding="utf-8")
    network = read_streets(tmp_path / "town.osm")
    assert sorted(network.node_ids.tolist()) == ["1", "2/1", "2/2", "2/3", "3", "6"]
    lit = network.node_ids[network.node_signals].tolist()
    assert sorted(lit) == ["2/1", "2/2", "2/3", "3"]
    assert network.part_count == 3
    assert network.notes["private"]["gates_shut"] == 2


def test_a_gate_between_everybodys_streets(tmp_path: Path) -> None:
    """Both sides are joined elsewhere: nobody knows whose gate it is, so it is shut, and told."""
    ways: list[Way] = [([1, 2, 3], PUBLIC), ([1, 5, 6, 7, 3], PUBLIC)]
    network = in_file(tmp_path, NODES, ways, {2: RESIDENTS})
    assert (network.segment_estate == -1).all()
    assert network.notes["private"]["gates_shut"] == 1
    assert network.part_count == 1


def test_the_longer_side_is_everybodys_on_islands_too(tmp_path: Path) -> None:
    """Two towns without a way between them: in each the longest streets are the public's."""
    ways: list[Way] = [
        ([1, 2, 3, 4], PUBLIC),
        ([2, 6], PRIVATE),
        ([9, 13, 17], PUBLIC),
        ([13, 14], PRIVATE),
        ([14, 15], PUBLIC),
    ]
    network = in_file(tmp_path, NODES, ways, {})
    assert network.notes["private"]["estates"] == 2
    own = network.segment_estate >= 0
    ends = zip(network.segment_from[own], network.segment_to[own], strict=True)
    ids = {frozenset(network.node_ids[list(pair)].tolist()) for pair in ends}
    assert ids == {frozenset({"2", "6"}), frozenset({"13", "15"})}
