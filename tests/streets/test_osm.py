"""Small OpenStreetMap files, written by the test: who meets whom, what is kept, what is refused."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import osmium
import pyproj
import pytest

from planner.errors import InputFileError, PlannerError, StreetsError
from planner.streets import WalkingNetwork, read_ground, read_streets
from planner.streets.sources import osm

STEP = 0.001
"""Nodes lie on a grid of a thousandth of a degree."""

Node = tuple[int, int, int]
Way = tuple[list[int], dict[str, str]]


def tag_text(tags: Mapping[str, str]) -> str:
    """Return tags as an OSM file writes them."""
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def osm_text(
    nodes: list[Node],
    ways: list[Way],
    relations: str = "",
    node_tags: Mapping[int, Mapping[str, str]] | None = None,
) -> str:
    """Return an OSM file of nodes ``(id, column, row)`` and ways ``(node ids, tags)``."""
    lines = ['<?xml version="1.0"?><osm version="0.6" generator="test">']
    for number, column, row in nodes:
        place = f'lon="{114 + column * STEP:.4f}" lat="{30 + row * STEP:.4f}"'
        inner = tag_text((node_tags or {}).get(number, {}))
        end = f">{inner}</node>" if inner else "/>"
        lines.append(f'<node id="{number}" {place}{end}')
    for number, (refs, tags) in enumerate(ways, start=1):
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        inner += tag_text(tags)
        lines.append(f'<way id="{number}">{inner}</way>')
    return "\n".join([*lines, relations, "</osm>"])


def streets(tmp_path: Path, nodes: list[Node], ways: list[Way]) -> WalkingNetwork:
    file = tmp_path / "town.osm"
    file.write_text(osm_text(nodes, ways), encoding="utf-8")
    return read_streets(file)


def joins(network: WalkingNetwork) -> list[tuple[str, str]]:
    """Return the segments as sorted pairs of node ids."""
    ids = network.node_ids
    pairs = zip(ids[network.segment_from], ids[network.segment_to], strict=True)
    return sorted((min(a, b), max(a, b)) for a, b in pairs)


WALK = {"highway": "footway"}


def test_streets_meet_where_they_share_a_node_only(tmp_path: Path) -> None:
    """Two ways cross at a shared node 5; a third crosses the first without one: a bridge.

    ::

            3       6
            │       │
        1───5───────┼───2       6–7 has no node in common with 1–2
            │       │
            4       7
    """
    nodes = [(1, 0, 1), (2, 9, 1), (3, 2, 2), (4, 2, 0), (5, 2, 1), (6, 6, 2), (7, 6, 0)]
    network = streets(tmp_path, nodes, [([1, 5, 2], WALK), ([3, 5, 4], WALK), ([6, 7], WALK)])
    assert joins(network) == [("1", "5"), ("2", "5"), ("3", "5"), ("4", "5"), ("6", "7")]
    assert network.part_count == 2


def test_nodes_at_one_place_do_not_meet(tmp_path: Path) -> None:
    """Two nodes with the very same coordinates are two nodes (a footbridge's foot and a street)."""
    nodes = [(1, 0, 0), (2, 5, 0), (3, 5, 0), (4, 9, 0)]
    network = streets(tmp_path, nodes, [([1, 2], WALK), ([3, 4], WALK)])
    assert network.part_count == 2


def test_bends_become_shape(tmp_path: Path) -> None:
    """Bends and way ends between junctions vanish, their shape and length stay.

    ::

        1──2──3      4 hangs below 3 by another way; 5 leaves 2
           │  │
           5  4      2 is a junction, 3 a bend between two ways
    """
    nodes = [(1, 0, 1), (2, 1, 1), (3, 2, 1), (4, 2, 0), (5, 1, 0)]
    network = streets(tmp_path, nodes, [([1, 2, 3], WALK), ([4, 3], WALK), ([2, 5], WALK)])
    assert joins(network) == [("1", "2"), ("2", "4"), ("2", "5")]
    assert sorted(np.diff(network.vertex_start).tolist()) == [2, 2, 3]
    geod = pyproj.Geod(ellps="WGS84")
    whole_m = geod.line_length(*np.array([(114.001, 30.001), (114.002, 30.001), (114.002, 30.0)]).T)
    assert network.segment_length_m.max() == pytest.approx(whole_m, abs=1e-6)
    assert network.crs is not None
    assert network.crs.to_epsg() == 4547
    assert network.source == "town.osm"
    assert "OpenStreetMap" in network.attribution


def test_a_ring_without_junction(tmp_path: Path) -> None:
    """A plaza's outline that meets nothing keeps one node, its first."""
    nodes = [(4, 0, 0), (2, 1, 0), (3, 1, 1), (1, 0, 1)]
    network = streets(tmp_path, nodes, [([2, 3, 1, 4, 2], {"highway": "pedestrian"})])
    assert joins(network) == [("1", "1")]
    assert np.diff(network.vertex_start).tolist() == [5]


def test_a_loop_on_a_stem_and_a_double_drawn_step(tmp_path: Path) -> None:
    """A lollipop: the loop starts and ends at 2. Step 1–2 is drawn by two ways, but is one."""
    nodes = [(1, 0, 0), (2, 1, 0), (3, 2, 0), (4, 2, 1)]
    ways = [([1, 2], WALK), ([2, 3, 4, 2], WALK), ([2, 1], {"highway": "residential"})]
    network = streets(tmp_path, nodes, ways)
    assert joins(network) == [("1", "2"), ("2", "2")]


def test_two_ways_between_the_same_junctions(tmp_path: Path) -> None:
    nodes = [(1, 0, 0), (2, 3, 0), (3, 1, 1), (4, 1, -1), (5, -1, 0), (6, 4, 0)]
    ways = [([1, 3, 2], WALK), ([1, 4, 2], WALK), ([5, 1], WALK), ([2, 6], WALK)]
    assert joins(streets(tmp_path, nodes, ways)) == [("1", "2"), ("1", "2"), ("1", "5"), ("2", "6")]


def test_repeated_points_and_stubs(tmp_path: Path) -> None:
    """A point listed twice running is one; a way of one point is none."""
    nodes = [(1, 0, 0), (2, 1, 0)]
    assert joins(streets(tmp_path, nodes, [([1, 1, 2], WALK), ([2], WALK)])) == [("1", "2")]


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"highway": "residential", "oneway": "yes"}, True, True),
        ({"highway": "footway", "oneway:foot": "yes"}, True, False),
        ({"highway": "footway", "oneway:foot": "-1"}, False, True),
        ({"highway": "footway", "foot:backward": "no"}, True, False),
        ({"highway": "steps", "conveying": "backward"}, False, True),
        ({"highway": "steps", "conveying": "reversible"}, True, True),
    ],
)
def test_cars_one_ways_do_not_bind_feet(
    tmp_path: Path, tags: dict[str, str], forward: bool, backward: bool
) -> None:
    """The way is drawn 9 → 1, against the order of ids: the direction still holds."""
    network = streets(tmp_path, [(9, 0, 0), (5, 1, 0), (1, 2, 0)], [([9, 5, 1], tags)])
    from_first = network.node_ids[network.segment_from[0]] == "9"
    found = network.segment_forward[0], network.segment_backward[0]
    assert (found if from_first else found[::-1]) == (forward, backward)


def test_a_one_way_ends_where_it_ends(tmp_path: Path) -> None:
    """Where a one-way meets a both-way street end to end there is a node; two one-ways merge."""
    nodes = [(1, 0, 0), (2, 1, 0), (3, 2, 0), (4, 3, 0)]
    only = {"highway": "footway", "oneway:foot": "yes"}
    against = {"highway": "footway", "oneway:foot": "-1"}
    network = streets(tmp_path, nodes, [([1, 2], WALK), ([2, 3], only), ([4, 3], against)])
    assert joins(network) == [("1", "2"), ("2", "4")]
    assert sorted((network.segment_forward & network.segment_backward).tolist()) == [False, True]


def test_notes_tell_what_each_rule_took(tmp_path: Path) -> None:
    nodes = [(number, number, 0) for number in range(1, 7)]
    ways: list[Way] = [
        ([1, 2], {"highway": "residential"}),
        ([2, 3], {"highway": "service", "access": "private"}),
        ([3, 4], {"highway": "primary", "foot": "no"}),
        ([4, 5], {"highway": "construction", "construction": "primary"}),
        ([5, 6], {"railway": "rail"}),
    ]
    network = streets(tmp_path, nodes, ways)
    rules = network.notes["rules"]
    assert {name: entry["verdict"] for name, entry in rules.items()} == {
        "street": "allowed",
        "private": "private",
        "foot_no": "refused",
        "unbuilt": "refused",
    }
    assert sum(entry["share"] for entry in rules.values()) == pytest.approx(1.0, abs=1e-5)
    assert rules["private"]["share"] == pytest.approx(0.25, abs=1e-3)
    assert joins(network) == [("1", "2"), ("2", "3")]  # a gate: who may walk differs


def test_ways_that_leave_the_file(tmp_path: Path) -> None:
    """An extract names points that it does not hold: the stretches that it knows are kept."""
    nodes = [(1, 0, 0), (2, 1, 0), (4, 3, 0), (5, 4, 0), (6, 5, 0)]
    ways = [([1, 2, 3, 4, 5, 7, 6], WALK)]
    assert joins(streets(tmp_path, nodes, ways)) == [("1", "2"), ("4", "5")]


def test_all_formats_read_alike(tmp_path: Path) -> None:
    nodes = [(1, 0, 0), (2, 1, 0), (3, 1, 1), (4, 2, 0)]
    text = osm_text(nodes, [([1, 2, 3], WALK), ([2, 4], WALK)]).encode()
    (tmp_path / "t.osm").write_bytes(text)
    (tmp_path / "t.osm.gz").write_bytes(gzip.compress(text))
    (tmp_path / "t.osm.bz2").write_bytes(bz2.compress(text))
    with osmium.SimpleWriter(str(tmp_path / "t.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(str(tmp_path / "t.osm")):
            writer.add(thing)
    expected = read_streets(tmp_path / "t.osm")
    (tmp_path / "t.osm.pbf").rename(tmp_path / "t.osm.PBF")
    for ending in ("gz", "bz2", "PBF"):
        network = read_streets(str(tmp_path / f"t.osm.{ending}"))
        np.testing.assert_array_equal(network.segment_length_m, expected.segment_length_m)
        np.testing.assert_array_equal(network.node_ids, expected.node_ids)
        assert read_ground(tmp_path / f"t.osm.{ending}").empty


def test_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XML is packed aside to be read faster; where there is no room it is read as it stands."""
    nodes = [(-5, 0, 0), (2, 1, 0), (3, 1, 1), (4, 2, 0)]
    tags = {2: {"barrier": "gate", "access": "no"}, 3: {"highway": "traffic_signals"}}
    text = osm_text(nodes, [([-5, 2, 3], WALK), ([2, 4], WALK)], node_tags=tags)
    (tmp_path / "t.osm").write_text(text, encoding="utf-8")
    packed = read_streets(tmp_path / "t.osm")

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(osm, "TemporaryDirectory", full)
    plain = read_streets(tmp_path / "t.osm")
    for entry in fields(WalkingNetwork):
        np.testing.assert_array_equal(getattr(plain, entry.name), getattr(packed, entry.name))
    assert sorted(packed.node_ids.tolist()) == ["-5", "2/1", "2/2", "2/3", "3", "4"]


GOOD = osm_text([(1, 0, 0), (2, 1, 0)], [([1, 2], WALK)]).encode()


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("missing.osm.pbf", None, "streets.file_missing"),
        ("missing.graphml", None, "streets.file_missing"),
        ("text.osm.pbf", b"this is no PBF, but long enough to be taken for one", "osm_unreadable"),
        ("empty.osm.pbf", b"", "osm_unreadable"),
        ("xml.osm.pbf", GOOD, "osm_unreadable"),
        ("cut.osm", GOOD[: len(GOOD) // 2], "osm_unreadable"),
        ("cut.osm.gz", gzip.compress(GOOD)[:-20], "osm_unreadable"),
        ("cut.osm.bz2", bz2.compress(GOOD)[:-20], "osm_unreadable"),
        ("plain.osm.gz", b"not packed", "osm_unreadable"),
        ("page.osm", b"<html><body>Too many requests</body></html>", "osm_unreadable"),
        ("page.graphml", b"<html></html>", "graphml_unreadable"),
        ("cut.graphml", b"<graphml><graph>", "graphml_unreadable"),
        ("roads.dwg", b"", "suffix_unknown"),
        ("no_way.osm", osm_text([(1, 0, 0)], []).encode(), "no_way"),
        ("where.osm", GOOD.replace(b'lat="30.', b'lat="930.', 1), "osm_unreadable"),
        (
            "motorway.osm",
            osm_text([(1, 0, 0), (2, 1, 0)], [([1, 2], {"highway": "motorway"})]).encode(),
            "no_way",
        ),
    ],
)
def test_files_that_are_no_streets(
    tmp_path: Path, name: str, content: bytes | None, key: str
) -> None:
    """One clear sentence that names the file and the cure, in both languages."""
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(PlannerError) as caught:
        read_streets(file)
    assert caught.value.message.key.endswith(key)
    assert isinstance(caught.value, InputFileError | StreetsError)
    for language in ("zh", "en"):
        assert name in caught.value.text(language)


def test_a_pbf_cut_short(tmp_path: Path) -> None:
    (tmp_path / "t.osm").write_bytes(GOOD)
    with osmium.SimpleWriter(str(tmp_path / "t.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(str(tmp_path / "t.osm")):
            writer.add(thing)
    content = (tmp_path / "t.osm.pbf").read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(content[:-7])
    for read in (read_streets, read_ground):
        with pytest.raises(InputFileError, match=r"cut\.osm\.pbf"):
            read(tmp_path / "cut.osm.pbf")


def test_ground(tmp_path: Path) -> None:
    """A lake with an island (a relation of two ways), a river, a railway and its tunnel."""
    nodes = [(1, 0, 0), (2, 9, 0), (3, 9, 9), (4, 0, 9), (5, 3, 3), (6, 6, 3), (7, 6, 6), (8, 3, 6)]
    ways: list[Way] = [
        ([1, 2, 3, 4, 1], {}),
        ([5, 6, 7, 8, 5], {}),
        ([1, 5], {"waterway": "river", "name": "渭河"}),
        ([2, 6], {"railway": "rail"}),
        ([3, 7], {"railway": "rail", "tunnel": "yes"}),
        ([5, 6, 7, 5], {"natural": "water", "name": "池"}),
        ([1, 2], {"waterway": "ditch"}),
        ([1, 2], WALK),
        ([1, 99], {"waterway": "river"}),
    ]
    relation = (
        '<relation id="1"><member type="way" ref="1" role="outer"/>'
        '<member type="way" ref="2" role="inner"/><tag k="type" v="multipolygon"/>'
        '<tag k="natural" v="water"/><tag k="name" v="湖"/></relation>'
    )
    file = tmp_path / "ground.osm"
    file.write_text(osm_text(nodes, ways, relation), encoding="utf-8")
    ground = read_ground(file)
    assert ground.crs.to_epsg() == 4326
    assert list(ground.columns) == ["ground_kind", "name", "geometry"]
    assert sorted(zip(ground["ground_kind"], ground["name"], strict=True)) == [
        ("railway", ""),
        ("water", "池"),
        ("water", "湖"),
        ("waterway", "渭河"),
    ]
    lake = ground[ground["name"] == "湖"].geometry.iloc[0]
    assert lake.area == pytest.approx((81 - 9) * STEP**2)


def test_ground_of_a_file_without_any(tmp_path: Path) -> None:
    (tmp_path / "t.osm").write_bytes(GOOD)
    (tmp_path / "t.graphml").write_text("<graphml/>", encoding="utf-8")
    for name in ("t.osm", "t.graphml"):
        ground = read_ground(tmp_path / name)
        assert ground.empty
        assert ground.crs.to_epsg() == 4326
        assert list(ground.columns) == ["ground_kind", "name", "geometry"]
    with pytest.raises(InputFileError):
        read_ground(tmp_path / "missing.osm")
