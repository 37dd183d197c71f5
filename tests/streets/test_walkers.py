"""Walkers: what they are made of, and what steps, slopes and crossings cost each of them."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import geopandas
import networkx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import units
from planner.errors import StreetsError
from planner.labels import catalogue
from planner.streets import WalkingNetwork, edge_minutes, explain_walk, join_to_streets, route
from planner.streets.walking.costs import KEPT_WALKERS
from planner.streets.walking.slopes import relief, slope_factor
from planner.streets.walking.walkers import Walker, mean_wait_s, walker, walker_of, walkers
from tests.streets.drawn import edge, points, town
from tests.streets.test_explaining import check

SIXTY = Walker("sixty", 1.0, steps_factor=2.0, signal_s=30.0, crossing_s=12.0)
"""A metre a second, so that a street of 60 m takes one minute."""


def test_named_profiles() -> None:
    """Speeds are those of STANDARDS.md; each has a source, and texts in both languages."""
    speeds = {one.name: round(one.speed_m_s, 2) for one in walkers()}
    assert speeds == {
        "elder": 0.83,
        "elder_65_74": 0.80,
        "elder_75_84": 0.75,
        "elder_85": 0.71,
        "gb50180": 1.11,
        "wheelchair": 0.64,
    }
    for one in walkers():
        assert one.source
        assert one.own_choices
        assert one.title("zh") != one.title("en") != one.name
        for language in ("zh", "en"):
            assert re.search(rf"{one.speed_m_s:.2g}|1000|1,000", one.about(language))
        assert walker(one.name) is one is walker_of(one.name)
    assert walker_of() == walker("elder")
    assert walker("elder").speed_m_s == units.ELDER_SPEED_M_S
    assert walker("gb50180").speed_m_s * 15 * 60 == pytest.approx(1000)
    assert walker("wheelchair").steps_refused


def test_planning_speeds_hold_their_waits() -> None:
    """A planning speed stands for whole walks; measured ones do not, so that waits are added."""
    assert walker("elder").signal_s == walker("elder").crossing_s == 0
    for name in ("elder_65_74", "elder_75_84", "elder_85", "wheelchair"):
        assert walker(name).signal_s == pytest.approx(mean_wait_s(120, 40), abs=0.05)
        assert walker(name).crossing_s == 15


@pytest.mark.parametrize(
    ("cycle_s", "green_s", "wait_s"), [(120, 30, 33.75), (60, 0, 30), (90, 90, 0)]
)
def test_mean_wait(cycle_s: float, green_s: float, wait_s: float) -> None:
    """By hand, and by letting somebody come at every moment of the cycle."""
    assert mean_wait_s(cycle_s, green_s) == pytest.approx(wait_s)
    moments = (np.arange(100_000) + 0.5) / 100_000 * cycle_s
    waited = np.maximum(cycle_s - green_s - moments, 0)
    assert mean_wait_s(cycle_s, green_s) == pytest.approx(waited.mean(), abs=1e-3)


def test_mean_wait_refuses() -> None:
    for cycle_s, green_s in ((0, 0), (60, 61), (60, -1), (float("nan"), 1)):
        with pytest.raises(ValueError, match="green_s"):
            mean_wait_s(cycle_s, green_s)


def test_a_planners_own_walker() -> None:
    own = Walker.from_mapping({"name": "新桥社区", "speed_m_s": 0.9, "slope": "tobler"})
    assert own == Walker("新桥社区", 0.9, "tobler")
    assert own.title("en") == own.title("zh") == "新桥社区"
    assert own.about() == ""
    impostor = Walker("elder", 2.0)
    assert impostor.title() == "elder"


def test_every_fault_at_once() -> None:
    """One error lists all that is wrong, in both languages."""
    wrong = {
        "name": " ",
        "speed_m_s": 0,
        "slope": "hilly",
        "steps_factor": 0.5,
        "steps_refused": "no",
        "signal_s": -3,
        "crossing_s": float("nan"),
        "source": 5,
        "speed": 5,
    }
    with pytest.raises(StreetsError) as caught:
        Walker.from_mapping(wrong)
    said = [str(problem.fields.get("entry", "name")) for problem in caught.value.problems]
    assert sorted(said) == sorted(wrong)
    for language in ("zh", "en"):
        for entry in wrong:
            assert entry in caught.value.text(language)


@pytest.mark.parametrize("speed", [0, 5, -1, float("nan"), float("inf"), None, "1", True])
def test_speeds_refused(speed: object) -> None:
    with pytest.raises(StreetsError, match=re.escape("speed_m_s")):
        Walker("one", speed)  # type: ignore[arg-type]
    with pytest.raises(StreetsError, match=re.escape("speed_m_s")):
        Walker.from_mapping({"name": "one", "speed_m_s": speed})


def test_missing_entries() -> None:
    with pytest.raises(StreetsError) as caught:
        Walker.from_mapping({})
    assert [one.key for one in caught.value.problems] == [
        "walkers.name_missing",
        "walkers.number_refused",
    ]


def test_who_walks() -> None:
    assert walker_of(None, 1.2) == Walker("plain", 1.2)
    assert walker_of(SIXTY) is SIXTY
    with pytest.raises(StreetsError) as caught:
        walker_of("elder", 1.0)
    assert caught.value.message.key == "walkers.both"
    with pytest.raises(StreetsError) as caught:
        walker_of("alder")
    assert "elder" in caught.value.text("en")
    for speed in (0.0, 5.0, float("nan")):
        with pytest.raises(StreetsError) as caught:
            walker_of(None, speed)
        assert caught.value.message.key == "streets.speed_refused"


def test_texts_are_in_step() -> None:
    """Every profile has its two texts, and no text is left over."""
    texts = {key for key in catalogue() if key.startswith("walkers.") and "about" in key}
    assert texts == {
        f"walkers.{name}_about" for name in [one.name for one in walkers()] + ["plain"]
    }


@pytest.mark.parametrize(
    ("slope", "factor"),
    [
        (0.0, 1.0),
        (0.10, 1.4190675),  # exp(0.35)
        (-0.05, 1.0),
        (-0.10, 1.0),
        (-0.20, 1.4190675),
        (0.35, 3.4042),
        (0.80, 3.4042),
        (-0.80, 2.3989),
    ],
)
def test_slope_factor(slope: float, factor: float) -> None:
    """Against Tobler's own speeds: the flat's, 5.037 km/h, over the slope's, and never below 1."""
    assert slope_factor(np.array([slope]))[0] == pytest.approx(factor, rel=1e-4)
    bounded = min(max(slope, -0.35), 0.35)
    tobler_km_h = 6 * np.exp(-3.5 * abs(bounded + 0.05))
    flat_km_h = 6 * np.exp(-3.5 * 0.05)
    assert slope_factor(np.array([slope]))[0] == pytest.approx(max(1, flat_km_h / tobler_km_h))


def two_ways() -> WalkingNetwork:
    """Thirty metres of steps, or 120 m round; and a slow lane behind.

    ::

        A═steps 30 m═B────60 m────C
        └──120 m─────┘   (pace 1.5)
    """
    return town(
        {"A": (0, 0), "B": (30, 0), "C": (90, 0)},
        [
            edge("A", "B", steps=True),
            edge("A", "B", length_m=120.0),
            edge("B", "C", pace=1.5),
        ],
    )


@pytest.mark.parametrize(
    ("who", "minutes", "steps_m"),
    [
        (walker_of(None, 1.0), 0.5 + 1.5, 30),
        (replace(SIXTY, steps_factor=3.9), 0.5 * 3.9 + 1.5, 30),
        (replace(SIXTY, steps_factor=4.1), 2.0 + 1.5, 0),
        (replace(SIXTY, steps_refused=True), 2.0 + 1.5, 0),
    ],
)
def test_steps(who: Walker, minutes: float, steps_m: float) -> None:
    """Four times as long is where the way round is as quick; wheels never take the steps."""
    network = two_ways()
    doors = points({"o": (0, 0)}), points({"d": (90, 0)})
    found = route(network, *doors, walker=who)
    check(network, found, *doors)
    assert found.walk_minutes == pytest.approx(minutes)
    assert found.by_cause.loc["steps", "metres"] == pytest.approx(steps_m)
    assert found.by_cause.loc["slow_ground", "metres"] == pytest.approx(60)
    assert found.by_cause.loc["slow_ground", "minutes"] == pytest.approx(1.5)
    assert set(found.pieces["ground"]) <= {"flat", "steps", "slow_ground"}


def test_wheels_find_no_way() -> None:
    network = town(
        {"A": (0, 0), "B": (60, 0), "C": (120, 0), "D": (180, 0)},
        [edge("A", "B"), edge("B", "C", steps=True), edge("C", "D")],
    )
    doors = points({"o": (50, 0)}), points({"d": (130, 0)})
    with pytest.raises(StreetsError) as caught:
        route(network, *doors, walker="wheelchair")
    assert [one.key for one in caught.value.problems] == ["explaining_walks.no_way_for"]
    assert route(network, *doors).walk_minutes > 0


def main_road() -> WalkingNetwork:
    """A lane over a main road with lights (at X) and one without (at Y).

    ::

              N        M
              │        │       60 m each
        A─────X────────Y─────B
              │        │
              S        T
    """
    return _main_road(signals=True)


def _main_road(*, signals: bool) -> WalkingNetwork:
    nodes = {
        "A": (0, 0), "X": (60, 0), "Y": (120, 0), "B": (180, 0),
        "N": (60, 60), "S": (60, -60), "M": (120, 60), "T": (120, -60),
    }  # fmt: skip
    table = pd.DataFrame.from_dict(nodes, orient="index", columns=["easting_m", "northing_m"])
    table["signals"] = [name == "X" and signals for name in nodes]
    rows = [edge("A", "X"), edge("X", "Y"), edge("Y", "B")]
    rows += [edge(*ends, main_road=1.0) for ends in ("XN", "XS", "YM", "YT")]
    return WalkingNetwork.from_tables(table, pd.DataFrame(rows))


def test_crossings() -> None:
    """180 m and one crossing with lights (30 s), one without (12 s)."""
    network = main_road()
    doors = points({"o": (0, 0)}), points({"d": (180, 0)})
    found = route(network, *doors, walker=SIXTY)
    check(network, found, *doors)
    assert found.walk_minutes == pytest.approx(3 + 0.5 + 0.2)
    assert found.by_cause.loc["signals", "minutes"] == pytest.approx(0.5)
    assert found.by_cause.loc["crossings", "minutes"] == pytest.approx(0.2)
    assert (found.by_cause.loc[["signals", "crossings"], "metres"] == 0).all()
    home = route(network, doors[1], doors[0], walker=SIXTY)
    assert home.walk_minutes == found.walk_minutes
    # Into the main road is half a crossing; along it none.
    turned = route(network, doors[0], points({"d": (60, 50)}), walker=SIXTY)
    assert turned.by_cause.loc["signals", "minutes"] == pytest.approx(0.25)
    along = route(network, points({"o": (60, -50)}), points({"d": (60, 50)}), walker=SIXTY)
    assert along.by_cause.loc[["signals", "crossings"], "minutes"].sum() == 0
    assert route(network, *doors).by_cause.loc["signals", "minutes"] == 0


def test_sentences_name_what_there_is() -> None:
    """Causes without minutes are not spoken of; the lines add up."""
    network = main_road()
    doors = points({"o": (0, 0)}), points({"d": (180, 0)})
    walk = route(network, *doors, walker=SIXTY)
    assert explain_walk(walk) == [
        "从 o 步行到 d：3.70 分钟，180 米。步行者：sixty，平路步速 1 米/秒。",
        "沿街行走（按平路计）：3 段，经过 2 个路口，180 米，3.00 分钟。",
        "在灯控路口等候过主要道路：0.50 分钟。",
        "在没有信号灯处等候过主要道路：0.20 分钟。",
    ]
    assert explain_walk(walk, language="en")[2:] == [
        "Waiting for the lights at main roads: 0.50 minutes.",
        "Waiting to cross main roads without lights: 0.20 minutes.",
    ]
    walk = route(two_ways(), points({"o": (0, 0)}), points({"d": (90, 0)}), walker="elder")
    zh = explain_walk(walk)
    assert len(zh) == 3
    assert "老年人（规划步速）" in zh[0]
    assert zh[1].startswith("台阶：30 米")


def test_minutes_are_kept() -> None:
    """The same walker asks twice, and gets the same arrays, closed; few walkers are kept."""
    network = two_ways()
    first = edge_minutes(network, "elder")
    assert edge_minutes(network) is first
    assert not first.forward.flags.writeable
    for number in range(KEPT_WALKERS + 3):
        edge_minutes(network, 0.5 + 0.1 * number)
    assert len(network.kept["edge_minutes"]) == KEPT_WALKERS
    again = edge_minutes(network, "elder")
    assert again is not first
    assert np.array_equal(again.forward, first.forward)
    # A town without heights, steps or main roads costs the elder its length.
    plain = town({"A": (0, 0), "B": (333, 0)}, [edge("A", "B")])
    assert edge_minutes(plain).forward[0] == edge_minutes(plain, 0.83).forward[0]


class HillTown:
    """A random town of steps, slow ground, main roads, lights and hills (along every street)."""

    def __init__(self, seed: int, nodes: int = 12) -> None:
        random = np.random.default_rng(seed)
        self.names = [f"n{number}" for number in range(nodes)]
        table = pd.DataFrame(
            random.integers(0, 900, (nodes, 2)).astype(float),
            index=self.names,
            columns=["easting_m", "northing_m"],
        )
        table["signals"] = random.random(nodes) < 0.5
        ring = [(one, self.names[(place + 1) % nodes]) for place, one in enumerate(self.names)]
        more = [tuple(random.choice(self.names, 2, replace=False)) for _ in range(nodes)]
        rows = [
            edge(
                start,
                end,
                length_m=float(random.integers(40, 900)),
                steps=bool(random.random() < 0.2),
                pace=float(random.choice([1.0, 1.0, 1.25])),
                main_road=float(random.choice([0, 0, 0.5, 1])),
                oneway=bool(random.random() < 0.15),
            )
            for start, end in ring + more
        ]
        flat = WalkingNetwork.from_tables(table, pd.DataFrame(rows))
        count = random.integers(2, 7, flat.segment_count)
        start = np.concatenate([[0], np.cumsum(count)])
        height_m = random.normal(50, 15, start[-1]).round(1)
        node_m = random.normal(50, 15, flat.node_count).round(1)
        height_m[start[:-1]] = node_m[flat.segment_from]
        height_m[start[1:] - 1] = node_m[flat.segment_to]
        self.flat = flat
        self.network = replace(flat, profile_start=start, profile_height_m=height_m)

    def doors(self) -> tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame]:
        """Return doors at the first two junctions."""
        easting, northing = self.network.node_easting_m, self.network.node_northing_m
        places = [(float(easting[node]), float(northing[node])) for node in (0, 1)]
        return points({"o": places[0]}), points({"d": places[1]})


def along_minutes(network: WalkingNetwork, who: Walker, segment: int, *, ahead: bool) -> float:
    """Return the minutes along one segment in one direction, in the test's own words."""
    allowed = network.segment_forward if ahead else network.segment_backward
    if not allowed[segment]:
        return float("inf")
    length = float(network.segment_length_m[segment])
    minutes = length / who.speed_m_s / 60 * float(network.segment_pace[segment])
    if network.segment_steps[segment]:
        return float("inf") if who.steps_refused else minutes * who.steps_factor
    heights = network.profile_height_m[
        network.profile_start[segment] : network.profile_start[segment + 1]
    ].tolist()
    heights = heights if ahead else heights[::-1]
    run = length / (len(heights) - 1)
    slowness = []
    for low, high in itertools.pairwise(heights):
        slope = max(min((high - low) / run, 0.35), -0.35)
        ratio = np.exp(-3.5 * abs(slope + 0.05)) / np.exp(-3.5 * 0.05)
        slowness.append(1 / min(1.0, ratio))
    return minutes * float(np.mean(slowness))


def wait_minutes(network: WalkingNetwork, who: Walker, segment: int, *, first: bool) -> float:
    """Return what whoever passes an end of a segment waits there."""
    node = (network.segment_from if first else network.segment_to)[segment]
    crossings = network.segment_crossings_from if first else network.segment_crossings_to
    seconds = who.signal_s if network.node_signals[node] else who.crossing_s
    return float(crossings[segment] * seconds / 60)


def graph_of(network: WalkingNetwork, who: Walker) -> networkx.MultiDiGraph:
    """Return the streets as a graph, waits at their ends included."""
    graph = networkx.MultiDiGraph()
    for segment in range(network.segment_count):
        ends = int(network.segment_from[segment]), int(network.segment_to[segment])
        waits = sum(wait_minutes(network, who, segment, first=first) for first in (True, False))
        for tail, head, ahead in ((*ends, True), (*ends[::-1], False)):
            minutes = along_minutes(network, who, segment, ahead=ahead)
            if np.isfinite(minutes):
                graph.add_edge(tail, head, minutes=minutes + waits)
    return graph


def add_door(
    graph: networkx.MultiDiGraph, network: WalkingNetwork, who: Walker, door: pd.DataFrame
) -> None:
    """Tie a joined door to both ends of its street, and to the other door if that is on it."""
    segment, share = int(door["segment"].iloc[0]), float(door["fraction"].iloc[0])
    name = door.index[0]
    leg = float(door["leg_m"].iloc[0]) / who.speed_m_s / 60
    ahead, back = (along_minutes(network, who, segment, ahead=way) for way in (True, False))
    ends = (
        (int(network.segment_from[segment]), share, back, ahead, True),
        (int(network.segment_to[segment]), 1 - share, ahead, back, False),
    )
    for node, part, out, home, first in ends:
        wait = leg + wait_minutes(network, who, segment, first=first)
        for start, end, minutes in ((name, node, out), (node, name, home)):
            if np.isfinite(minutes) or part == 0:  # at a corner one stands on all its streets
                along = part * minutes if part else 0.0
                graph.add_edge(start, end, minutes=along + wait)
    graph.add_node(name, segment=segment, share=share, leg=leg, ways=(ahead, back))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", ["elder", "elder_85", "wheelchair"])
def test_against_networkx(seed: int, name: str) -> None:
    """Door to door, on weights that the test works out itself, both ways."""
    one, who = HillTown(seed), walker(name)
    network, random = one.network, np.random.default_rng(seed)
    for _ in range(6):
        places = random.uniform(0, 900, (2, 2)).tolist()
        doors = [points({name: (e, n)}) for name, (e, n) in zip("od", places, strict=True)]
        joined = [join_to_streets(network, door, limit_m=500, walker=who) for door in doors]
        graph = graph_of(network, who)
        for door in joined:
            add_door(graph, network, who, door)
        expected = np.inf
        if networkx.has_path(graph, "o", "d"):
            expected = networkx.dijkstra_path_length(graph, "o", "d", weight="minutes")
        start, end = graph.nodes["o"], graph.nodes["d"]
        if start["segment"] == end["segment"]:
            way = start["ways"][0 if end["share"] >= start["share"] else 1]
            straight = abs(end["share"] - start["share"]) * way
            expected = min(expected, start["leg"] + straight + end["leg"])
        if np.isinf(expected):
            with pytest.raises(StreetsError):
                route(network, doors[0], doors[1], walker=who, join_limit_m=500)
            continue
        found = route(network, doors[0], doors[1], walker=who, join_limit_m=500)
        assert found.walk_minutes == pytest.approx(expected, abs=1e-6)
        check(network, found, doors[0], doors[1], join_limit_m=500)


quick = settings(max_examples=25, deadline=None, derandomize=True)
seeds = st.integers(0, 10**6)


@quick
@given(seeds, st.floats(0.3, 1.5), st.floats(0.01, 0.5))
def test_a_slower_walker_never_arrives_sooner(seed: int, slow: float, faster: float) -> None:
    one = HillTown(seed)
    doors = one.doors()
    late, early = (
        route(one.network, *doors, walker=Walker("one", speed, "tobler", 2.0, signal_s=20))
        for speed in (slow, slow + faster)
    )
    assert early.walk_minutes <= late.walk_minutes


@quick
@given(seeds, st.integers(0, 11))
def test_added_lights_never_shorten(seed: int, node: int) -> None:
    """Lights where there were none cost whoever loses more at lights than without."""
    one = HillTown(seed)
    doors = one.doors()
    who = Walker("one", 0.8, "tobler", 2.0, signal_s=30, crossing_s=10)
    signals = one.network.node_signals.copy()
    signals[node] = True
    lit = replace(one.network, node_signals=signals)
    before, after = (route(each, *doors, walker=who) for each in (one.network, lit))
    assert after.walk_minutes >= before.walk_minutes


@quick
@given(seeds, st.floats(-100, 3000))
def test_level_heights_change_nothing(seed: int, height_m: float) -> None:
    """To the last bit: a plain is a plain at any height."""
    one = HillTown(seed)
    level = replace(
        one.network, profile_height_m=np.full(len(one.network.profile_height_m), height_m)
    )
    for field in ("forward", "backward", "wait_from", "wait_to"):
        flat, found = (getattr(edge_minutes(each, "elder"), field) for each in (one.flat, level))
        assert np.array_equal(flat, found)


@quick
@given(seeds, st.floats(0, 1), st.floats(0, 1))
def test_walking_back_reverses_climb_and_fall(seed: int, begin: float, end: float) -> None:
    network = HillTown(seed).network
    for segment in range(network.segment_count):
        there = relief(network, segment, begin, end)
        back = relief(network, segment, end, begin)
        assert there is not None
        assert back is not None
        assert there.climb_m == pytest.approx(back.fall_m)
        assert there.fall_m == pytest.approx(back.climb_m)
        assert there.surface_m == pytest.approx(back.surface_m)
        length_m = abs(end - begin) * network.segment_length_m[segment]
        assert there.surface_m >= length_m - 1e-9
