"""Settings: what is refused, that all is refused at once, and that nothing can be changed."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import tomllib
from typing import Any

import pytest

from planner.errors import ScenarioError
from planner.scenario import from_mapping

GOOD: dict[str, Any] = {
    "project": {"name": "示例区"},
    "streets": {"file": "streets.osm.pbf"},
    "communities": {"file": "communities.gpkg", "population_kind": "常住"},
    "residents": {"file": "residents.gpkg"},
    "centres": {"file": "centres.csv", "datum": "gcj02", "columns": {"name": "站点"}},
}


def changed(section: str, **settings: Any) -> dict[str, Any]:
    mapping = copy.deepcopy(GOOD)
    mapping.setdefault(section, {}).update(settings)
    return mapping


def keys(mapping: dict[str, Any]) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        from_mapping(mapping)
    return [problem.key for problem in caught.value.problems]


def test_defaults_are_the_documented_ones() -> None:
    scenario = from_mapping(GOOD)
    assert (scenario.walking.walker, scenario.walking.own) == ("elder", {})
    assert scenario.walking.limit_minutes == 15.0
    assert scenario.coverage.centre_kinds == ("日间照料",)
    assert scenario.standard.small_groups == "pro_rata"
    assert scenario.candidates is None
    assert scenario.project.language == "zh"


def test_a_scenario_cannot_be_changed() -> None:
    scenario = from_mapping(GOOD)
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.walking.speed_m_s = 1.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        scenario.centres.columns["name"] = "other"  # type: ignore[index]


def test_the_caller_s_mapping_is_not_kept() -> None:
    mapping = copy.deepcopy(GOOD)
    scenario = from_mapping(mapping)
    mapping["centres"]["columns"]["name"] = "other"
    assert scenario.centres.columns == {"name": "站点"}


@pytest.mark.parametrize(
    ("section", "settings", "key"),
    [
        ("walking", {"speed_m_s": 5.0}, "scenario.out_of_bounds"),
        ("walking", {"speed_m_s": 0}, "scenario.out_of_bounds"),
        ("walking", {"speed_m_s": float("nan")}, "scenario.out_of_bounds"),
        ("walking", {"speed_m_s": "0.83"}, "scenario.not_number"),
        ("walking", {"speed": 0.8}, "scenario.unknown_key"),
        ("centres", {"datum": "高德"}, "scenario.not_a_choice"),
        ("centres", {"columns": {"name": 3}}, "scenario.not_mapping"),
        ("coverage", {"centre_kinds": []}, "scenario.not_list"),
        ("coverage", {"centre_kinds": ["食堂"]}, "scenario.not_a_choice"),
        ("project", {"synthetic": "yes"}, "scenario.not_flag"),
        ("project", {"name": 7}, "scenario.not_text"),
        ("siting", {"new_centres": 2.5}, "scenario.not_whole"),
        ("siting", {"new_centres": True}, "scenario.not_whole"),
        ("siting", {"new_centres": -1}, "scenario.too_low"),
        ("residents", {"elderly_share_60": 19}, "scenario.out_of_bounds"),
        ("control_totals", {"people": 1}, "scenario.unknown_key"),
        ("control_totals", {"population": -1}, "scenario.not_number"),
        ("control_totals", {"population": float("inf")}, "scenario.not_number"),
        ("siteing", {"new_centres": 1}, "scenario.unknown_section"),
    ],
)
def test_each_fault_has_its_own_sentence(section: str, settings: dict[str, Any], key: str) -> None:
    assert keys(changed(section, **settings)) == [key]


def test_all_faults_are_told_at_once_with_the_nearest_name() -> None:
    mapping = changed("walking", sped_m_s=1, limit_minutes=0)
    del mapping["centres"]
    mapping["streets"] = "streets.osm.pbf"
    with pytest.raises(ScenarioError, match="speed_m_s") as caught:
        from_mapping(mapping)
    assert sorted(problem.key for problem in caught.value.problems) == [
        "scenario.missing_section",
        "scenario.not_a_section",
        "scenario.out_of_bounds",
        "scenario.unknown_key",
    ]
    assert str(caught.value).count("\n") == 4


def test_the_mapping_of_a_scenario_makes_the_same_scenario() -> None:
    scenario = from_mapping(GOOD)
    kept = {name: part for name, part in scenario.as_mapping().items() if part is not None}
    for section in kept.values():
        for name in [name for name, value in section.items() if value is None]:
            del section[name]
    assert from_mapping(kept) == scenario


def test_dates_may_stand_without_quotes() -> None:
    """TOML writes ``on = 2026-07-01`` for a date: it is the text that it would be in quotes."""
    text = """
    [standard]
    on = 2026-07-01
    [control_source]
    population_date = 2020-11-01
    [provision]
    population_dates = { area = 2024-12-31 }
    """
    plain = GOOD | tomllib.loads(text)
    plain["communities"] = GOOD["communities"] | {"population_date": datetime.date(2024, 12, 31)}
    scenario = from_mapping(plain)
    assert scenario.standard.on == "2026-07-01"
    assert scenario.communities.population_date == "2024-12-31"
    assert scenario.control_source.population_date == "2020-11-01"
    assert scenario.provision.population_dates == {"area": "2024-12-31"}
    # Elsewhere, and with a time of day, a date is no text.
    assert keys(changed("project", name=datetime.date(2024, 1, 1))) == ["scenario.not_text"]
    noon = datetime.datetime(2024, 1, 1, 12)
    assert keys(changed("standard", on=noon)) == ["scenario.not_text"]
