"""Squares are crossed: by lines of sight, round fountains, and no further than the rim."""

from __future__ import annotations

import itertools
import math
import tomllib
from collections.abc import Sequence
from pathlib import Path

import networkx
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from planner.streets import WalkingNetwork, read_streets
from planner.streets.network.rules import FootRules, rules_text
from planner.streets.sources import sight_lines
from tests.streets.test_osm import WALK, Node, Way, osm_text, tag_text
from tests.streets.test_pbf import assert_same, by_library, packed, plain

SQUARE = {"highway": "pedestrian", "area": "yes"}
GEOD = Geod(ellps="WGS84")


def degrees(nodes: Sequence[Node]) -> dict[int, tuple[float, float]]:
    return {number: (114 + 0.001 * east, 30 + 0.001 * north) for number, east, north in nodes}


def polygon(outer: Sequence[int], inner: Sequence[int], tags: dict[str, str]) -> str:
    """Return a multipolygon of ways, by their numbers."""
    members = "".join(
        f'<member type="way" ref="{number}" role="{role}"/>'
        for role, ways in (("outer", outer), ("inner", inner))
        for number in ways
    )
    return f'<relation id="1">{members}{tag_text({"type": "multipolygon"} | tags)}</relation>'


def read(folder: Path, nodes: list[Node], ways: list[Way], relation: str = "") -> WalkingNetwork:
    """Return the network of a packed file, which both readers read alike."""
    (folder / "t.osm.pbf").unlink(missing_ok=True)
    file = packed(folder, osm_text(nodes, ways, relation))
    assert plain(file) is not None
    with pytest.MonkeyPatch.context() as patch:
        assert_same(read_streets(file), by_library(file, patch))
    return read_streets(file)


def walks_m(network: WalkingNetwork) -> dict[str, dict[str, float]]:
    """Return the metres between all nodes."""
    graph = networkx.Graph()
    ids = network.node_ids
    rows = zip(
        ids[network.segment_from],
        ids[network.segment_to],
        network.segment_length_m.tolist(),
        strict=True,
    )
    for one, other, metres in sorted(rows, key=lambda row: -row[2]):
        graph.add_edge(str(one), str(other), metres=metres)
    return dict(networkx.all_pairs_dijkstra_path_length(graph, weight="metres"))


def path_m(nodes: Sequence[Node], *path: int) -> float:
    place = degrees(nodes)
    return sum(float(GEOD.inv(*place[a], *place[b])[2]) for a, b in itertools.pairwise(path))


# 4──────3     Streets end at 1 and 3 and 5, the middle of the lower side.
# │      │
# │      │
# 1──5───2
CORNERS: list[Node] = [(1, 0, 0), (2, 6, 0), (3, 6, 6), (4, 0, 6), (5, 3, 0)]
STUBS: list[Node] = [(11, -1, -1), (13, 7, 7), (15, 3, -1)]
RIM = [1, 5, 2, 3, 4, 1]
STREETS: list[Way] = [([11, 1], WALK), ([13, 3], WALK), ([15, 5], WALK)]


def test_a_square_is_crossed(tmp_path: Path) -> None:
    nodes = CORNERS + STUBS
    network = read(tmp_path, nodes, [(RIM, SQUARE), *STREETS])
    assert network.notes["areas"] == {
        "areas": 1,
        "lines": 2,
        "thinned": 0,
        "uncrossed": 0,
    }
    walks = walks_m(network)
    assert walks["11"]["13"] == pytest.approx(path_m(nodes, 11, 1, 3, 13))
    assert walks["15"]["13"] == pytest.approx(path_m(nodes, 15, 5, 3, 13))
    assert walks["11"]["15"] == pytest.approx(path_m(nodes, 11, 1, 5, 15))
    drawn_m = sum(entry["length_m"] for entry in network.notes["rules"].values())
    rims_m = path_m(nodes, *RIM) + path_m(nodes, 11, 1) + path_m(nodes, 13, 3)
    assert drawn_m == pytest.approx(rims_m + path_m(nodes, 15, 5), abs=0.1)


@pytest.mark.parametrize(
    ("tags", "lines"),
    [
        ({"highway": "footway", "area": "yes"}, 2),
        ({"highway": "pedestrian", "place": "square"}, 2),
        ({"highway": "pedestrian", "area": "yes", "foot": "no"}, 0),
        ({"highway": "pedestrian"}, 0),
        ({"highway": "residential", "area": "yes"}, 0),
        ({"place": "square"}, 0),
    ],
)
def test_what_is_crossed(tmp_path: Path, tags: dict[str, str], lines: int) -> None:
    network = read(tmp_path, CORNERS + STUBS, [(RIM, tags), *STREETS])
    assert network.notes["areas"]["lines"] == lines


def test_a_private_court_is_its_residents(tmp_path: Path) -> None:
    tags = SQUARE | {"access": "private"}
    network = read(tmp_path, CORNERS + STUBS, [(RIM, tags), *STREETS, ([11, 13, 15], WALK)])
    assert network.notes["areas"]["lines"] == 2
    assert network.notes["private"]["estates"] == 1
    assert (network.segment_estate >= 0).sum() == 5


HOLE: list[Node] = [(21, 2, 2), (22, 4, 2), (23, 4, 4), (24, 2, 4)]
INNER = [21, 22, 23, 24, 21]


def test_round_a_fountain(tmp_path: Path) -> None:
    """The basin lies in the middle: from corner to corner one walks by one of its own corners."""
    nodes = CORNERS + STUBS + HOLE
    ways: list[Way] = [(RIM, {}), (INNER, {}), *STREETS]
    network = read(tmp_path, nodes, ways, polygon([1], [2], {"highway": "pedestrian"}))
    walks = walks_m(network)
    assert walks["11"]["13"] == pytest.approx(path_m(nodes, 11, 1, 24, 3, 13))
    assert walks["15"]["13"] == pytest.approx(path_m(nodes, 15, 5, 22, 3, 13))
    assert network.notes["areas"]["areas"] == 1
    assert "24" in network.node_ids.tolist()


def test_a_stair_in_the_middle(tmp_path: Path) -> None:
    """A metro's stairs end on the rim of the hole: an entrance like the others."""
    nodes = [*CORNERS, *STUBS, *HOLE, (31, 3, 3)]
    steps = {"highway": "steps"}
    ways: list[Way] = [(RIM, {}), (INNER, {}), *STREETS, ([31, 23], steps)]
    network = read(tmp_path, nodes, ways, polygon([1], [2], SQUARE))
    walks = walks_m(network)
    assert walks["31"]["13"] == pytest.approx(path_m(nodes, 31, 23, 3, 13))
    assert walks["31"]["11"] == pytest.approx(path_m(nodes, 31, 23, 22, 1, 11))


def test_a_rim_of_several_ways_whatever_their_roles(tmp_path: Path) -> None:
    """The rim comes in three pieces, one turned; the file calls the hole outer."""
    nodes = CORNERS + STUBS + HOLE
    ways: list[Way] = [([1, 5, 2], {}), ([3, 2], WALK), ([3, 4, 1], {}), (INNER, {}), *STREETS]
    network = read(tmp_path, nodes, ways, polygon([1, 2, 3, 4], [], {"highway": "pedestrian"}))
    assert walks_m(network)["11"]["13"] == pytest.approx(path_m(nodes, 11, 1, 24, 3, 13))


@pytest.mark.parametrize("missing", ["way", "node", "end"])
def test_an_area_that_the_file_cuts(tmp_path: Path, missing: str) -> None:
    """Nobody knows what lies beyond: what the file holds of the rim is walked, no more."""
    nodes = CORNERS + STUBS
    first, second = [1, 5, 2, 3], [3, 4, 1]
    if missing == "node":
        second = [3, 4, 99, 1]
    if missing == "end":
        second = [3, 4]
    ways: list[Way] = [(first, {}), (second, {}), *STREETS]
    numbers = [1, 2, 77] if missing == "way" else [1, 2]
    network = read(tmp_path, nodes, ways, polygon(numbers, [], {"highway": "pedestrian"}))
    assert network.notes["areas"] == {"areas": 0, "lines": 0, "thinned": 0, "uncrossed": 1}
    assert walks_m(network)["11"]["13"] == pytest.approx(
        path_m(nodes, 11, 1, 4, 3, 13) if missing == "way" else path_m(nodes, 11, 1, 5, 2, 3, 13)
    )


def test_areas_of_which_the_file_holds_nothing(tmp_path: Path) -> None:
    """All members are missing, or there is none but a node: counted, and nothing else."""
    street: list[Way] = [([1, 2], WALK)]
    for numbers in ([77, 78], []):
        network = read(tmp_path, CORNERS, street, polygon(numbers, [], {"highway": "pedestrian"}))
        assert network.notes["areas"]["uncrossed"] == 1
        assert network.segment_count == 1


@pytest.mark.parametrize("rim", [[1, 5, 2, 3, 4], [1, 5, 2, 99, 3, 4, 1], [1, 2, 4, 3, 1]])
def test_rims_that_are_none(tmp_path: Path, rim: list[int]) -> None:
    """An open one, one of which a node is missing, and one that crosses itself."""
    network = read(tmp_path, CORNERS + STUBS, [(rim, SQUARE), *STREETS])
    assert network.notes["areas"] == {"areas": 0, "lines": 0, "thinned": 0, "uncrossed": 1}


def test_areas_that_nobody_enters(tmp_path: Path) -> None:
    """Sound, but with nothing to cross for: neither crossed nor counted as unsound."""
    network = read(tmp_path, CORNERS + STUBS, [(RIM, SQUARE), ([11, 13], WALK)])
    assert network.notes["areas"] == {"areas": 0, "lines": 0, "thinned": 0, "uncrossed": 0}


def test_a_square_that_an_editor_drew(tmp_path: Path) -> None:
    """What is new has numbers below 0 until it is uploaded: a planner's file, saved as drawn."""
    text = osm_text(CORNERS + STUBS, [(RIM, {}), *STREETS])
    text = text.replace('<way id="1"', '<way id="-1"')
    relation = polygon([-1], [], {"highway": "pedestrian"})
    file = tmp_path / "drawn.osm"
    file.write_text(text.replace("</osm>", relation + "</osm>"), encoding="utf-8")
    assert read_streets(file).notes["areas"]["lines"] == 2


def test_a_project_may_cross_its_squares(tmp_path: Path) -> None:
    """The package's rules leave a bare place=square alone; two rules of a project's own do not."""
    file = packed(tmp_path, osm_text(CORNERS + STUBS, [(RIM, {"place": "square"}), *STREETS]))
    own = """
[[rule]]
name = "square"
tags = { place = ["square"] }
verdict = "allowed"

[[area]]
name = "square_crossed"
tags = { place = ["square"] }
feet = "cross"
"""
    rules = FootRules.from_mapping(tomllib.loads(rules_text() + own))
    assert read_streets(file).notes["areas"]["lines"] == 0
    network = read_streets(file, rules=rules)
    assert network.notes["areas"]["lines"] == 2
    assert walks_m(network)["11"]["13"] == pytest.approx(path_m(CORNERS + STUBS, 11, 1, 3, 13))


def test_other_relations_are_none(tmp_path: Path) -> None:
    nodes = CORNERS + STUBS
    for tags in ({"type": "route", "highway": "pedestrian"}, {"landuse": "retail"}):
        relation = polygon([1], [], tags)
        network = read(tmp_path, nodes, [(RIM, {}), *STREETS], relation)
        assert network.notes["areas"]["areas"] == 0


def test_many_entrances_are_thinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more places than the bound, every so manieth is joined; the rest go along the rim."""
    nodes: list[Node] = [
        (n, round(40 * math.cos(n / 7)), round(40 * math.sin(n / 7))) for n in range(1, 44)
    ]
    rim = [number for number, _, _ in nodes]
    doors: list[Node] = [(100 + n, round(1.2 * e), round(1.2 * m)) for n, e, m in nodes]
    ways: list[Way] = [([*rim, 1], SQUARE), *(([n, 100 + n], WALK) for n in rim)]
    monkeypatch.setattr(sight_lines, "MOST_PLACES", 100)
    whole = read(tmp_path, nodes + doors, ways)
    assert whole.notes["areas"]["thinned"] == 0
    monkeypatch.setattr(sight_lines, "MOST_PLACES", 8)
    thin = read(tmp_path, nodes + doors, ways)
    assert thin.notes["areas"]["thinned"] == 1
    assert thin.notes["areas"]["lines"] <= 8 * 7 / 2
    near, far = walks_m(whole), walks_m(thin)
    for one, other in itertools.combinations(map(str, rim), 2):
        assert near[one][other] - 1e-6 <= far[one][other] <= 1.6 * near[one][other]


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_walks_are_the_shortest_over_the_ground(tmp_path: Path, data: st.DataObject) -> None:
    """Against all lines of sight between all nodes, for stars with a hole and any entrances."""
    count = data.draw(st.integers(3, 9))
    reach = [data.draw(st.integers(12, 40)) for _ in range(count)]
    core = [data.draw(st.integers(2, 9)) for _ in range(data.draw(st.integers(3, 6)))]
    rims, nodes = [], []
    for first, radii in ((1, reach), (51, core)):
        rim = list(range(first, first + len(radii)))
        turn = 2 * math.pi / len(radii)
        nodes += [
            (n, round(r * math.cos(turn * k)), round(r * math.sin(turn * k)))
            for k, (n, r) in enumerate(zip(rim, radii, strict=True))
        ]
        rims.append(rim)
    place = degrees(nodes)
    ground = shapely.Polygon([place[n] for n in rims[0]], [[place[n] for n in rims[1]]])
    if not ground.is_valid:
        return
    enter = data.draw(st.lists(st.sampled_from(rims[0] + rims[1]), min_size=2, unique=True))
    stubs: list[Node] = [(100 + n, 60 + k, 60) for k, n in enumerate(enter)]
    ways: list[Way] = [([*rim, rim[0]], {}) for rim in rims]
    if data.draw(st.booleans()):
        ways = [(refs[::-1], tags) for refs, tags in ways]
    ways += [([n, 100 + n], WALK) for n in enter]
    network = read(tmp_path, nodes + stubs, ways, polygon([1], [2], SQUARE))
    sight = networkx.Graph()
    for a, b in itertools.combinations(place, 2):
        if ground.covers(shapely.LineString([place[a], place[b]])):
            sight.add_edge(str(a), str(b), metres=path_m(nodes, a, b))
    walks = walks_m(network)
    for door, far_door in itertools.combinations(map(str, enter), 2):
        expected = networkx.dijkstra_path_length(sight, door, far_door, weight="metres")
        assert walks[door][far_door] == pytest.approx(expected, rel=1e-9)
    assert network.notes["areas"]["lines"] <= len(place) * (len(place) - 1) / 2
