"""Who may walk where."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import InputFileError, StreetsError
from planner.streets import FootRules, foot_rules, read_rules


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
    assert all(rule.reason for rule in rules.ways)
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
