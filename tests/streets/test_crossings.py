"""Main roads crossed: junctions drawn by hand, and what walks over them are charged."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from planner.streets import WalkingNetwork, read_streets
from planner.streets.network.crossings import crossings_at_ends, main_road_at_points
from tests.streets.test_osm import WALK, Node, Way, osm_text

LANE = {"highway": "residential"}
MAIN = {"highway": "primary"}
DUAL = {"highway": "primary", "oneway": "yes"}
EXPRESSWAY = {"highway": "trunk", "motorroad": "yes"}
ZEBRA = {"highway": "footway", "footway": "crossing"}
LIGHTS = {"highway": "crossing", "crossing": "traffic_signals"}

NODES: list[Node] = [(row * 10 + column, column, row) for row in range(5) for column in range(1, 8)]
"""Node 23 lies in column 3 of row 2, and so on."""


def read(
    folder: Path, ways: list[Way], tags: dict[int, dict[str, str]] | None = None
) -> WalkingNetwork:
    (folder / "town.osm").write_text(osm_text(NODES, ways, node_tags=tags), encoding="utf-8")
    return read_streets(folder / "town.osm")


def charged(network: WalkingNetwork, *walk: int) -> float:
    """Return the crossings that a walk along nodes makes, the ends' own not counted."""
    ids = network.node_ids.tolist()
    met = 0.0
    row = {
        frozenset((ids[one], ids[other])): number
        for number, (one, other) in enumerate(
            zip(network.segment_from, network.segment_to, strict=True)
        )
    }
    for place, (one, other) in enumerate(itertools.pairwise(map(str, walk))):
        number = row[frozenset((one, other))]
        first = ids[network.segment_from[number]] == one
        ends = network.segment_crossings_from[number], network.segment_crossings_to[number]
        at_one, at_other = ends if first else ends[::-1]
        met += (at_one if place else 0.0) + (at_other if place < len(walk) - 2 else 0.0)
    return float(met)


def test_a_lane_over_a_main_road(tmp_path: Path) -> None:
    """One crossing straight over, half of one to turn in, none to go on.

    ::

             33
              │
        22═══23═══24
              │
             13
    """
    network = read(tmp_path, [([22, 23, 24], MAIN), ([13, 23, 33], LANE)])
    assert charged(network, 13, 23, 33) == 1.0
    assert charged(network, 33, 23, 13) == 1.0
    assert charged(network, 13, 23, 24) == 0.5
    assert charged(network, 22, 23, 13) == 0.5
    assert charged(network, 22, 23, 24) == 0.0


def test_a_lane_that_ends_at_a_main_road(tmp_path: Path) -> None:
    """Three arms: two of the main road's, which go straight on."""
    network = read(tmp_path, [([22, 23, 24], MAIN), ([13, 23], LANE)])
    assert charged(network, 13, 23, 22) == 0.5
    assert charged(network, 24, 23, 22) == 0.0


def test_lanes_cross_each_other_for_nothing(tmp_path: Path) -> None:
    network = read(tmp_path, [([22, 23, 24], LANE), ([13, 23, 33], LANE)])
    assert charged(network, 13, 23, 33) == 0.0


def test_a_dual_carriageway(tmp_path: Path) -> None:
    """Two one-way lines, each half a crossing: one in all, and a half to the far carriageway.

    ::

               43
                │
        32 ←── 33 ←── 34
                │
        22 ──→ 23 ──→ 24
                │
               13
    """
    ways: list[Way] = [([22, 23, 24], DUAL), ([34, 33, 32], DUAL), ([13, 23, 33, 43], LANE)]
    network = read(tmp_path, ways)
    assert charged(network, 13, 23, 33, 43) == 1.0
    assert charged(network, 13, 23, 24) == 0.25
    assert charged(network, 13, 23, 33, 34) == 0.75


def test_main_roads_cross_each_other(tmp_path: Path) -> None:
    """Straight over one of two main roads is one crossing; so is a turn: a half out, a half in."""
    network = read(tmp_path, [([22, 23, 24], MAIN), ([13, 23, 33], {"highway": "secondary"})])
    assert charged(network, 22, 23, 24) == 1.0
    assert charged(network, 22, 23, 13) == 1.0


def test_a_main_road_that_ends_at_another(tmp_path: Path) -> None:
    network = read(tmp_path, [([22, 23, 24], MAIN), ([13, 23], MAIN)])
    assert charged(network, 13, 23, 24) == 1.0
    assert charged(network, 22, 23, 24) == 1.0  # over the third arm


def test_a_zebra_in_mid_street(tmp_path: Path) -> None:
    """A footway over the road between two pavements: its crossing node is no junction of lanes.

    ::

        32──33──34   pavement
             │zebra
        22══23══24   primary, lights at 23
             │
        12──13──14   pavement
    """
    ways: list[Way] = [
        ([12, 13, 14], WALK),
        ([32, 33, 34], WALK),
        ([22, 23, 24], MAIN | {"foot": "use_sidepath"}),
        ([13, 23, 33], ZEBRA),
    ]
    network = read(tmp_path, ways, {23: LIGHTS})
    assert charged(network, 13, 23, 33) == 1.0  # though the road itself is not walked
    assert network.node_ids[network.node_signals].tolist() == ["23"]
    assert "22" not in network.node_ids.tolist()
    assert charged(network, 12, 13, 23, 33, 34) == 1.0


@pytest.mark.parametrize("road", [EXPRESSWAY, MAIN | {"foot": "no"}])
def test_roads_refused_to_feet_are_crossed_all_the_same(
    tmp_path: Path, road: dict[str, str]
) -> None:
    """The lane's own bend at the road is kept as a node, since it costs time there."""
    network = read(tmp_path, [([22, 23, 24], road), ([13, 23, 33], LANE)])
    assert sorted(network.node_ids.tolist()) == ["13", "23", "33"]
    assert charged(network, 13, 23, 33) == 1.0


def test_bridges_cross_nothing(tmp_path: Path) -> None:
    """No node is shared with the road below."""
    network = read(tmp_path, [([22, 24], MAIN), ([13, 33], LANE | {"bridge": "yes"})])
    assert not network.segment_crossings_from.any()
    assert not network.segment_crossings_to.any()


def test_a_main_road_of_two_ways_is_one(tmp_path: Path) -> None:
    """A bend or the joint of two ways on the road itself is no crossing, nor is its dead end."""
    network = read(tmp_path, [([22, 23], MAIN), ([23, 33, 34], MAIN | {"name": "路"})])
    assert network.segment_count == 1
    assert not (network.segment_crossings_from + network.segment_crossings_to).any()


def test_a_lane_that_goes_on_from_a_main_road(tmp_path: Path) -> None:
    """The main road ends and becomes a lane: half a crossing is charged there, as to all arms."""
    network = read(tmp_path, [([22, 23], MAIN), ([23, 24], LANE)])
    assert charged(network, 22, 23, 24) == 0.5


def test_turned_segments_keep_their_own_ends() -> None:
    """The formula by hand: pieces 0–1 (lane), 1–2 and 3–1 (main), 4–4 (a ring of main road)."""
    start, end = np.array([0, 1, 3, 4]), np.array([1, 2, 1, 4])
    main_road = np.array([0.0, 1.0, 1.0, 1.0])
    at_start, at_end = crossings_at_ends(start, end, main_road, np.array([0.0, 1, 1, 1, 1]))
    assert at_start.tolist() == [0.0, 0.0, 0.0, 0.0]
    assert at_end.tolist() == [0.5, 0.0, 0.0, 0.0]


def test_the_greatest_main_road_at_each_point() -> None:
    random = np.random.default_rng(3)
    touched, main_road = random.integers(0, 9, 40), random.choice([0.0, 0.5, 1.0], 40)
    expected = [max([0.0, *main_road[touched == point]]) for point in range(12)]
    assert main_road_at_points(12, touched, main_road).tolist() == expected
    assert main_road_at_points(2, touched[:0], main_road[:0]).tolist() == [0.0, 0.0]
