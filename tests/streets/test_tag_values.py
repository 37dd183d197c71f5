"""Values of tags as mappers write them: capital letters, blanks, lists with semicolons."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import networkx
import osmium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.streets import FootRules, WalkingNetwork, foot_rules, read_streets
from planner.streets.network.estates import CLOSED, OPEN, RESIDENTS
from planner.streets.network.rules import Verdict
from planner.streets.network.tag_values import MOST_READINGS
from tests.streets.layers import network_of
from tests.streets.test_osm import Node, Way, osm_text

SERVICE = {"highway": "service"}


@pytest.mark.parametrize(
    ("tags", "rule"),
    [
        ({"access": "Private"}, "private"),
        ({"access": " private "}, "private"),
        ({"access": "PRIVATE;no"}, "private"),
        ({"access": "no;private"}, "private"),
        ({"access": "private; customers"}, "street"),
        ({"access": "customers;private"}, "street"),
        ({"access": "agricultural;forestry"}, "closed"),
        ({"access": "No"}, "closed"),
        ({"access": ""}, "street"),
        ({"access": ";"}, "street"),
        ({"access": "no;"}, "closed"),
        ({"foot": "No"}, "foot_no"),
        ({"foot": "no;yes", "access": "no"}, "foot_yes"),
        ({"foot": "private;Yes"}, "foot_yes"),
        ({"highway": "Footway"}, "foot_way"),
        ({"highway": "motorway;residential"}, "street"),
        ({"highway": "motorway;construction"}, "motorway"),
    ],
)
def test_who_may_walk(tags: dict[str, str], rule: str) -> None:
    assert foot_rules().judge(SERVICE | tags).rule == rule


def test_what_else_a_list_says() -> None:
    judge = foot_rules().judge
    assert judge({"highway": "Steps"}).steps
    assert not judge({"highway": "steps;footway"}).steps
    assert judge(SERVICE | {"surface": "grass;asphalt"}).pace == 1.0
    assert judge(SERVICE | {"surface": "mud; Grass"}).pace == 1.1
    both = judge(SERVICE | {"oneway:foot": "yes;no"})
    assert (both.forward, both.backward) == (True, True)
    assert not judge(SERVICE | {"oneway:foot": "Yes"}).backward
    assert judge({"highway": "Trunk", "oneway": "YES"}).main_road == 0.5


@pytest.mark.parametrize(
    ("tags", "gate"),
    [
        ({"barrier": "Gate", "access": "Private"}, RESIDENTS),
        ({"barrier": "gate", "access": "private;no"}, RESIDENTS),
        ({"barrier": "gate", "access": "customers;no"}, OPEN),
        ({"barrier": "gate", "access": " NO "}, CLOSED),
        ({"barrier": "gate;bollard", "access": "no"}, OPEN),
        ({"barrier": "gate", "foot": "No"}, CLOSED),
    ],
)
def test_gates(tags: dict[str, str], gate: int) -> None:
    assert foot_rules().judge_node(tags).gate == gate


def test_lights() -> None:
    assert foot_rules().judge_node({"crossing": "zebra;Traffic_Signals"}).signals
    assert foot_rules().judge_node({"highway": "crossing", "name": "a;b"}).signals is False


WORDS = st.sampled_from(["private", "no", "yes", "customers", "destination", "permissive", "x"])


@settings(deadline=None, derandomize=True)
@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=4), st.data())
def test_a_list_is_as_open_as_the_most_open_of_its_values(
    access: list[str], foot: list[str], data: Any
) -> None:
    """Whoever may come in by one of them may come in; no order, case or blank matters to that."""
    rules = foot_rules()
    alone = [
        rules.judge(SERVICE | {"access": one, "foot": other}) for one in access for other in foot
    ]

    def open_to(verdict: Verdict) -> int:
        return 0 if not verdict.walked else 1 if verdict.private else 2

    def written(words: list[str]) -> str:
        style = data.draw(st.sampled_from([str, str.upper, str.title]))
        mark = data.draw(st.sampled_from([";", "; ", " ; ", ";;"]))
        return str(mark.join(map(style, data.draw(st.permutations(words)))))

    found = rules.judge({"foot": written(foot), "access": written(access)} | SERVICE)
    assert open_to(found) == max(map(open_to, alone))


def test_endless_lists() -> None:
    """A file cannot make the rules try more than so many combinations."""
    many = ";".join(f"v{n}" for n in range(5000))
    endless = dict.fromkeys(foot_rules().keys, many) | {"highway": "footway"}
    assert foot_rules().judge(endless).rule == "foot_way"
    assert MOST_READINGS < 5000


def test_a_projects_own_rules_are_read_alike() -> None:
    rules = FootRules.from_mapping(
        {"rule": [{"name": "a", "tags": {"highway": [" Path", "x;y"]}, "verdict": "allowed"}]}
    )
    assert [rules.judge({"highway": one}).walked for one in ("path", "PATH", "y", "z")] == [
        *[True] * 3,
        False,
    ]


NODES: list[Node] = [(1, 0, 0), (2, 10, 0), (3, 20, 0), (4, 30, 0), (5, 30, 9), (6, 40, 0)]


def ways(private: str, listed: str, closed: str) -> list[Way]:
    return [
        ([1, 2, 3], {"highway": "Residential" if private == "Private" else "residential"}),
        ([3, 4], SERVICE | {"access": private}),
        ([4, 5], SERVICE | {"access": listed}),
        ([4, 6], SERVICE | {"access": closed}),
    ]


PLAIN, WRITTEN = ways("private", "customers", "no"), ways("Private", " no;Customers", "NO")


def osm_file(folder: Path, name: str, rows: list[Way]) -> WalkingNetwork:
    (folder / "town.osm").write_text(osm_text(NODES, rows), encoding="utf-8")
    if name == "town.osm":
        return read_streets(folder / name)
    (folder / name).unlink(missing_ok=True)
    with osmium.SimpleWriter(str(folder / name)) as writer:
        osmium.apply(str(folder / "town.osm"), writer)
    return read_streets(folder / name)


def graph(rows: list[Way]) -> WalkingNetwork:
    drawn = networkx.MultiDiGraph(crs="EPSG:4326")
    for node, east, north in NODES:
        drawn.add_node(node, x=114 + 0.001 * east, y=30 + 0.001 * north)
    for number, (refs, tags) in enumerate(rows):
        for one, other in itertools.pairwise(refs):
            drawn.add_edge(one, other, osmid=number, **tags)
    return read_streets(drawn)


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf", "town.osm.gz", "graph", "layer"])
def test_every_reader_reads_them_alike(tmp_path: Path, name: str) -> None:
    def read(rows: list[Way]) -> WalkingNetwork:
        if name == "graph":
            return graph(rows)
        if name == "layer":
            place = {node: (float(east), float(north)) for node, east, north in NODES}
            lines = [[place[ref] for ref in refs] for refs, _ in rows]
            columns: dict[str, Any] = {
                key: [tags.get(key) for _, tags in rows] for key in ("highway", "access")
            }
            return network_of(tmp_path, lines, **columns)
        return osm_file(tmp_path, name, rows)

    plain, written = read(PLAIN), read(WRITTEN)
    assert written.segment_estate.tolist() == plain.segment_estate.tolist()
    assert written.segment_length_m.tolist() == plain.segment_length_m.tolist()
    assert written.notes["rules"] == plain.notes["rules"]
    assert {"private", "closed", "street"} == set(plain.notes["rules"])
