"""Who may walk where."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from planner.errors import InputFileError, StreetsError
from planner.streets import FootRules, foot_rules, read_rules, read_streets, rules_table, rules_text
from tests.streets.drawn import edge, town
from tests.streets.layers import network_of
from tests.streets.test_osm import osm_text


@pytest.mark.parametrize(
    ("tags", "rule", "allowed"),
    [
        ({"highway": "footway"}, "foot_way", True),
        ({"highway": "pedestrian", "area": "yes"}, "foot_way", True),
        ({"highway": "steps"}, "foot_way", True),
        ({"highway": "residential"}, "street", True),
        ({"highway": "primary"}, "street", True),
        ({"highway": "trunk"}, "trunk", True),
        ({"highway": "trunk", "motorroad": "yes"}, "motorroad", False),
        ({"highway": "trunk", "foot": "no"}, "foot_no", False),
        ({"highway": "motorway"}, "motorway", False),
        ({"highway": "motorway_link"}, "motorway", False),
        ({"highway": "motorway", "foot": "yes"}, "foot_yes", True),
        ({"highway": "construction", "foot": "yes"}, "unbuilt", False),
        ({"highway": "proposed"}, "unbuilt", False),
        ({"highway": "footway", "foot": "no"}, "foot_no", False),
        ({"highway": "primary", "foot": "use_sidepath"}, "foot_no", False),
        ({"highway": "service", "access": "no"}, "closed", False),
        ({"highway": "service", "access": "no", "foot": "yes"}, "foot_yes", True),
        ({"highway": "residential", "access": "private"}, "private", True),
        ({"highway": "footway", "foot": "private"}, "private_foot", True),
        ({"highway": "primary", "access": "private"}, "private_other", False),
        ({"highway": "cycleway"}, "cycleway", True),
        ({"highway": "busway", "sidewalk": "both"}, "sidewalk", True),
        ({"highway": "busway"}, "no_rule", False),
        ({"highway": "raceway"}, "not_for_walking", False),
        ({"railway": "platform"}, "platform", True),
        ({"railway": "rail"}, "no_rule", False),
        ({"man_made": "pier"}, "pier", True),
        ({"man_made": "pier", "foot": "no"}, "foot_no", False),
        ({}, "no_rule", False),
    ],
)
def test_the_rules_that_come_with_the_package(
    tags: dict[str, str], rule: str, allowed: bool
) -> None:
    verdict = foot_rules().judge(tags)
    assert (verdict.rule, verdict.forward, verdict.backward) == (rule, allowed, allowed)


def test_every_rule_has_a_reason_and_a_use() -> None:
    rules = foot_rules()
    for entry in fields(rules):
        for rule in getattr(rules, entry.name):
            assert rule.reason, rule.name
            assert any("一" <= letter <= "鿿" for letter in rule.reason_zh), rule.name
    for rule in rules.ways:
        tags = {key: sorted(values - {"*"} or {"some"})[0] for key, values in rule.tags.items()}
        assert rule.fits(tags)
    assert {"highway", "railway", "man_made"} <= set(rules.street_keys)


def test_a_projects_own_rules(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(
        '[[rule]]\nname = "paths"\ntags = { highway = ["path"] }\nverdict = "allowed"\n',
        encoding="utf-8",
    )
    rules = read_rules(file)
    assert rules.judge({"highway": "path"}).forward
    assert not rules.judge({"highway": "footway"}).forward
    with pytest.raises(InputFileError):
        read_rules(tmp_path / "missing.toml")


def test_every_fault_of_a_rule_file(tmp_path: Path) -> None:
    with pytest.raises(StreetsError) as caught:
        FootRules.from_mapping(
            {
                "rule": [
                    {"name": "a", "tags": {"highway": ["path"]}, "verdict": "maybe"},
                    {"name": "b", "tags": {"highway": "path"}, "verdict": "allowed"},
                    {"tags": {"highway": ["path"]}, "verdict": "allowed"},
                ],
                "direction": [{"name": "c", "tags": {}, "walkable": "forward"}],
                "speeds": [],
            }
        )
    assert [problem.key for problem in caught.value.problems] == [
        *["streets.rule_malformed"] * 4,
        "streets.rule_unknown_entry",
        "streets.rules_empty",
    ]
    assert "tags = {" in caught.value.text("en")
    file = tmp_path / "bad.toml"
    file.write_text("[[rule", encoding="utf-8")
    with pytest.raises(StreetsError, match=r"bad\.toml"):
        read_rules(file)


def test_the_package_rules_as_a_projects_own(tmp_path: Path) -> None:
    """The text that a project is given reads back as the very same rules, comments and all."""
    file = tmp_path / "rules.toml"
    file.write_text(rules_text(), encoding="utf-8")
    assert read_rules(file) == foot_rules()
    assert "# 步行规则" in rules_text()
    edited = rules_text().replace('surface = ["grass"', 'surface = ["sett", "grass"')
    file.write_text(edited, encoding="utf-8")
    assert read_rules(file).judge({"highway": "path", "surface": "sett"}).pace == 1.1


def test_what_each_rule_touched(tmp_path: Path) -> None:
    """Shares of those that decide add up to one; marks stand beside them."""
    nodes = [(number, number, 0) for number in range(1, 8)]
    ways = [
        ([1, 2, 3], {"highway": "steps", "surface": "sand"}),
        ([3, 4], {"highway": "service", "access": "private"}),
        ([4, 5], {"highway": "motorway"}),
        ([5, 6], {"highway": "busway"}),
    ]
    (tmp_path / "town.osm").write_text(osm_text(nodes, ways), encoding="utf-8")
    network = read_streets(tmp_path / "town.osm")
    table = rules_table(network)
    assert table["rule"].tolist() == [
        "foot_way",
        "private",
        "motorway",
        "no_rule",
        "loose_ground",
        "steps",
    ]
    assert table["kind"].tolist() == ["allowed", "private", "refused", "refused", *["marked"] * 2]
    assert table.loc[table["kind"] != "marked", "share"].sum() == pytest.approx(1.0, abs=1e-5)
    assert table["share"].tolist() == pytest.approx([0.4, 0.2, 0.2, 0.2, 0.4, 0.4], abs=1e-5)
    assert table["reason"].str.len().min() > 0
    assert table["reason"][0] == "为步行而建。"
    chinese, english = (rules_table(network, language=one) for one in ("zh", "en"))
    assert list(chinese.columns) == ["规则", "结果", "道路条数", "长度（米）", "占全部长度", "理由"]
    assert chinese["结果"].tolist()[:3] == ["可走", "仅居民", "不可走"]
    assert english["Reason"][0] == "Made for walking."


def test_rules_without_reasons_and_networks_without_rules(tmp_path: Path) -> None:
    own = FootRules.from_mapping(
        {"rule": [{"name": "a", "tags": {"highway": ["path"]}, "verdict": "allowed"}]}
    )
    (tmp_path / "town.osm").write_text(
        osm_text([(1, 0, 0), (2, 1, 0)], [([1, 2], {"highway": "path"})]), encoding="utf-8"
    )
    assert rules_table(read_streets(tmp_path / "town.osm", rules=own))["reason"].tolist() == [""]
    drawn = rules_table(network_of(tmp_path, [[(0, 0), (9, 0)]]))
    assert drawn["rule"].tolist() == ["street"]
    tables = town({"a": (0, 0), "b": (1, 0)}, [edge("a", "b")])
    assert rules_table(tables).empty
    assert next(iter(rules_table(tables, language="en").columns)) == "Rule"


@pytest.mark.parametrize(
    "entry",
    [
        {"tags": {"highway": ["residential", ["a"]]}},
        {"tags": {"highway": ["residential", 1]}},
        {"tags": {"highway": []}},
        {"tags": {"highway": [" "]}},
        {"name": ["x"]},
        {"name": 1},
        {"verdict": ["allowed"]},
        {"verdct": "refused"},
        {"factor": 2.0},
    ],
)
def test_a_slip_in_a_rule_is_told(entry: dict[str, object]) -> None:
    rule = {"name": "x", "tags": {"highway": ["path"]}, "verdict": "allowed", **entry}
    with pytest.raises(StreetsError) as caught:
        FootRules.from_mapping({"rule": [rule]})
    assert caught.value.problems[0].key == "streets.rule_malformed"


@pytest.mark.parametrize("lists", [{"rule": 3}, {"rule": {"name": "x"}}, {"rule": ["x"]}])
def test_what_is_no_list_of_rules_is_told(lists: dict[str, object]) -> None:
    with pytest.raises(StreetsError, match="rule"):
        FootRules.from_mapping(lists)
