from __future__ import annotations

import re
import tomllib
from importlib import resources
from string import Formatter

import pandas as pd
import pytest

from planner.labels import catalogue
from planner.standards.floor_area.audit import FloorAreaAudit, audit_floor_area
from planner.standards.floor_area.explaining import explain, explanation
from planner.standards.rulebooks.wording import figure
from tests.standards.hand_town import CENTRES, COMMUNITIES, MIDDLES, WALKS

AUDIT = audit_floor_area(CENTRES, COMMUNITIES, WALKS)
JOINED = audit_floor_area(CENTRES, COMMUNITIES, WALKS, small_groups="join_nearest", middles=MIDDLES)


def test_the_finding_that_the_letter_asks_for() -> None:
    communities = COMMUNITIES.loc[["k04"]].assign(population=23_400.0, elderly_60=4_446.0)
    centres = CENTRES.loc[["a"]].assign(serves="k04", rooms="休息室、餐厅", floor=-1.0)
    audit = audit_floor_area(centres, communities, pd.Series({"k04": None}, dtype=object))
    lines = explain(audit, "a").splitlines()
    assert lines[0] == "a中心（a）"
    assert "人口 23,400 → 二类 → 宜 1,085 m²（待核对，未见原文）。" in lines
    assert "现有 960 m² → 短缺 125 m²（11.5 %）。" in lines
    recommended = "60岁以上 4,446 × 0.32 = 1,422.7 m²，可按此核定（建议值，待核对，未见原文）"
    assert f"{recommended}，相差 462.7 m²。" in lines
    assert any("在地下（-1 层）" in line for line in lines)
    assert any("沐浴间" in line and "不作不达标处理" in line for line in lines)
    assert any("建标 143-2010" in line for line in lines)
    english = explain(audit, "a", "en")
    assert "Held 960 m² → short of 125 m² (11.5 %)." in english
    assert "to be checked against the printed standard" in english


@pytest.mark.parametrize(
    ("centre", "words"),
    [
        ("b", "使用面积 800 m² ÷ 0.65 = 建筑面积 1,230.8 m²（推算）"),
        ("b", "现有 1,230.8 m² → 达到（多 145.8 m²）"),
        ("c", "口径待核对"),
        ("c", "人口 5,000，不足 10,000 → 按三类折算：60岁以上 1,000 × 0.39 = 390 m²"),
        ("c", "项目自选，未见规定"),
        ("d", "不判达标也不判短缺"),
        ("d", "建筑面积不明。请在设施台账中补填"),
        ("e", "其中 100 m² 与同社区另一设施共用"),
        ("e", "服务社区：k09名、k10名；同一服务范围内的运营设施：e、f"),
        (
            "g",
            "人口 53,000，超过 50,000 → 需 2 处（现有 1 处），均分后为二类 → 宜 2 × 1,085 = 2,170",
        ),
        ("h", "只服务村"),
        ("m", "未在运营"),
        ("s", "不评判"),
    ],
)
def test_each_kind_of_finding_shows_its_arithmetic(centre: str, words: str) -> None:
    assert words in explain(AUDIT, centre)


def test_the_projects_choice_is_named() -> None:
    assert "pro_rata" in explain(AUDIT, "c")
    assert "join_nearest" in explain(JOINED, "c")
    assert "人口 11,000 → 三类 → 宜 750 m²" in explain(JOINED, "c")


@pytest.mark.parametrize("audit", [AUDIT, JOINED])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_centre_can_be_explained_in_both_languages(
    audit: FloorAreaAudit, language: str
) -> None:
    for centre in audit.centres.index:
        text = explain(audit, centre, "zh" if language == "zh" else "en")
        assert not re.search(r"\bnan\b|None|<NA>", text)
        assert len(explanation(audit, centre)) == text.count("\n") + 1


def test_an_unknown_population_is_explained() -> None:
    communities = COMMUNITIES.assign(population=COMMUNITIES["population"].mask(lambda s: s > 0))
    audit = audit_floor_area(CENTRES, communities, WALKS)
    assert audit.centres["reason"].loc["a"] == "population_unknown"
    assert audit.centres["result"].loc["a"] == "unknown"
    assert "应有面积无法确定" in explain(audit, "a")
    assert audit.district.unknown_groups == audit.district.groups


def test_a_neighbours_unknown_area_leaves_both_unknown() -> None:
    centres = CENTRES.assign(area_m2=CENTRES["area_m2"].mask(CENTRES.index == "f"))
    audit = audit_floor_area(centres, COMMUNITIES, WALKS)
    assert audit.centres["reason"].loc[["e", "f"]].to_list() == [
        "neighbour_area_unknown",
        "area_unknown",
    ]
    assert "另一处设施的建筑面积不明" in explain(audit, "e")
    # what is known of the group stays apart from the district's sums
    assert audit.district.unknown_held_m2 == 500
    assert audit.district.unknown_groups == 2


@pytest.mark.parametrize(
    ("value", "text"), [(1085, "1,085"), (459.42, "459.4"), (300, "300"), (0.0, "0"), (100, "100")]
)
def test_figures(value: float, text: str) -> None:
    assert figure(value) == text


@pytest.mark.parametrize("file", ["coverage.toml", "standards.toml"])
def test_both_languages_name_the_same_fields(file: str) -> None:
    raw = (resources.files("planner.labels") / file).read_text(encoding="utf-8")
    for room, entries in tomllib.loads(raw).items():
        for name, entry in entries.items():
            assert set(entry) == {"zh", "en"}
            zh, en = (
                {field for _, field, _, _ in Formatter().parse(entry[language]) if field}
                for language in ("zh", "en")
            )
            assert zh == en, f"{room}.{name}"
            assert f"{room}.{name}" in catalogue()
