"""Each finding's arithmetic, to be checked by hand."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from string import Formatter
from typing import Any

import pytest

import planner
from planner.labels import LANGUAGES, Language
from planner.standards.floor_area.explaining import explain as explain_floor_area
from planner.standards.judging.explaining import explain, explain_findings, findings_lines
from planner.standards.judging.findings import REASONS, Judgement
from planner.standards.judging.wording import told_finding
from planner.standards.rulebooks.books import rule_book, rule_books
from planner.standards.rulebooks.wording import rows_of
from tests.standards.one_centre import BOOK, audited, centre, community, judged, judged_rows

JGJ = rule_book("jgj-450-2018")
TITLE = "《社区老年人日间照料中心建设标准》建标 143-2010"


def _lines(language: Language = "zh", **columns: Any) -> list[str]:
    judgement = judged(BOOK, JGJ, **columns)
    return findings_lines(judgement, audited(centre(**columns), community()), "c", language)


def _line(clause: str, **columns: Any) -> str:
    (line,) = (line for line in _lines(**columns) if f"，{clause}〕" in line)
    return line


def test_the_finding_that_the_letter_asks_for() -> None:
    area = _line("class-area")
    assert area.startswith(
        "人口 23,400 → 二类 → 宜 1,085 m²（待核对，未见原文）；现有 960 m² → 短缺 125 m²，11.5 %"
    )
    elders = _line("per-elder-area")
    assert elders.startswith(
        "60岁以上 4,446 × 0.32 = 1,422.7 m²，可按此核定，相差 462.7 m²（待核对，未见原文）"
    )
    assert f"〔{TITLE}，class-area〕" in area
    assert "本项以" in elders


@pytest.mark.parametrize(
    ("clause", "columns", "words"),
    [
        ("door-width", {"door_width_m": 0.85},
         "门净宽：应 ≥ 0.9 m（原文见于一处）；现有 0.85 m → 短缺 0.05 m，5.6 %"),
        ("rest-area", {"rest_area_m2": 80.0, "capacity_persons": 30.0},
         "现有 80 ÷ 30 = 2.67 m²/人 → 短缺 1.33 m²/人，33.3 %"),
        ("dining-seats", {"dining_seats": 24.0, "capacity_persons": 30.0},
         "现有 24 ÷ 30 × 100 = 80 % → 短缺 20 %，20 %"),
        ("services", {"building_services": "供电、网络"},
         "→ 缺 4 项：给排水、采暖通风、通信、消防"),
        ("rooms", {"rooms": "休息室"}, "只作提示，不作不达标处理"),
        ("rest-room-persons", {"rest_room_persons": 8.0}, "→ 超出 2 人/间，33.3 %"),
        ("fire", {"fire_class": 3.0}, "现有 3 级 → 超出 1 级"),
        ("no-basement", {"floor": -1.0, "capacity_persons": 30.0}, "现有 -1 层 → 短缺 1 层"),
        ("door-width", {"door_width_m": 0.899},
         "应 ≥ 0.9 m（原文见于一处）；现有 0.899 m → 短缺 0.001 m，0.1 %"),
        ("door-width", {"door_width_m": 0.8999}, "现有 0.8999 m → 短缺 0.0001 m，0.01 %"),
        ("class-area", {"area_m2": 1_084.98}, "1,085 m²（待核对，未见原文）；现有 1,084.98 m²"),
        ("per-elder-area", {"area_m2": 1_422.74}, "0.32 = 1,422.72 m²，可按此核定，现有多 0.02 m²"),
        ("rest-area", {"rest_area_m2": 119.97, "capacity_persons": 30.0},
         "= 3.999 m²/人 → 短缺 0.001 m²/人"),
        ("own-entrance", {"own_entrance": "无"},
         "宜 有（待核对，转引自其他文件）；现有 无 → 不符合"),
        ("corridor-width", {}, "→ 不明：台账未填，或所填不能判断。请补填：走道净宽(m)"),
        ("lift-or-ramp", {}, "→ 不明：条款是否适用不明。请补填：楼层、电梯、无障碍坡道"),
        ("siting", {}, "→ 不明：须现场核对"),
        ("door-width", {"door_width_m": 0.9}, "现有 0.9 m → 达到"),
        ("ground-slope", {"ground_slope_percent": 2.5 + 4e-6, "capacity_persons": 30.0},
         "现有 2.500004 % → 超出 0.000004 %"),
        ("class-area", {"area_m2": None}, "宜 1,085 m²（待核对，未见原文） → 不明"),
    ],
)  # fmt: skip
def test_each_kind_of_line(clause: str, columns: dict[str, Any], words: str) -> None:
    assert words in _line(clause, **columns)


def test_storeys_that_are_no_whole_ones_are_called_by_their_names() -> None:
    books = (rule_book("guizhou-2022"),)
    for floor, words in ((1.5, "现有 夹层 → 不符合：在夹层"), (-0.5, "现有 半地下 → 短缺 1 层")):
        text = explain_findings(judged(*books, floor=floor), audited(centre(), community()), "c")
        assert words in text


def test_whether_the_area_for_each_elder_decides_is_said() -> None:
    audit = audited(centre(), community())
    adopted = judged(options={"per_elder_decides": True})
    (line,) = (one for one in findings_lines(adopted, audit, "c") if "，per-elder-area〕" in one)
    assert "（项目决定按老年人均面积判定，力度同类别面积）" in line
    row = next(one for one in rows_of(adopted.findings) if one["clause"] == "per-elder-area")
    told = told_finding(adopted, row, rows_of(adopted.facts)[0])
    assert told.force == "宜"
    assert (told.asks, told.has.split(" = ")[1]) == (
        "≥ 0.32 m²/人（60 岁以上）", "0.216 m²/人（60 岁以上）"
    )  # fmt: skip
    unknown = judged(elders=None, options={"per_elder_decides": True})
    lines = findings_lines(unknown, audited(centre(), community(elders=None)), "c")
    (line,) = (one for one in lines if "，class-area〕" in one)
    assert "此处算不出，仍按类别面积" in line
    assert not any("项目决定" in one for one in _lines())


def test_the_clauses_beside_are_named() -> None:
    cells: dict[str, Any] = {"floor": 2.0, "lift": "无", "ramp": "有", "capacity_persons": 30.0}
    assert "；并列条款：" in _line("lift", **cells)
    assert "（lift-or-ramp，应）" in _line("lift", **cells)
    assert _line("lift-or-ramp", **cells).endswith("5.6.4（lift，应）为准")
    assert "并列" not in _line("door-width", **cells)


def test_other_readings_of_the_class() -> None:
    people = [(9_000, 1_000), (53_000, 10_000), (9_000, 1_000)]
    rows = [{"population": one, "elders": other} for one, other in people]
    judgement = judged_rows(BOOK, rows)
    audit = audited(centre(), community())
    told = [findings_lines(judgement, audit, f"c{number}")[1] for number in (0, 1)]
    assert told[0].startswith(
        "人口 9,000，不足 10,000 → 按三类折算：60岁以上 1,000 × 0.39 = 390 m²，"
        "最多 750 m² → 390 m²（项目自选"
    )
    assert told[1].startswith("人口 53,000，超过 50,000 → 2 处 × 1,085 m² = 2,170 m²（项目自选")


def test_every_line_of_every_book_is_whole() -> None:
    books = [rule_book(name) for name in rule_books()]
    for columns in ({}, {"floor": 2.0, "capacity_persons": 30.0, "rooms": "厨房", "beds": 5.0}):
        for kind in ("日间照料", "机构", "街道综合中心", "居家服务站", "助餐点"):
            cells: dict[str, Any] = {**columns, "centre_kind": kind}
            judgement = judged(*books, **cells)
            audit = audited(centre(**cells), community())
            applies = (judgement.findings["result"] != "not_applicable").sum()
            for language in LANGUAGES:
                text = explain_findings(judgement, audit, "c", language)
                assert not re.search(r"\bnan\b|None|<NA>|\{|\}", text), (kind, language)
                assert text.count("\n") == max(1, applies), (kind, language)


def test_the_public_call_works_with_and_without_a_judgement() -> None:
    audit = audited(centre(), community())
    assert planner.explain is explain
    assert explain(audit, "c") == explain_floor_area(audit, "c")
    whole = explain(audit, "c", judgement=judged())
    assert whole.startswith(explain_floor_area(audit, "c"))
    assert "逐条评估（" in whole
    closed = judged(status="停运")
    assert "没有适用于该设施的条款。" in explain_findings(closed, audit, "c")
    with pytest.raises(KeyError):
        explain_findings(closed, audit, "nobody")


def test_labels_name_the_same_fields_and_every_reason_has_one() -> None:
    raw = (resources.files("planner.labels") / "judging.toml").read_text(encoding="utf-8")
    for room, entries in tomllib.loads(raw).items():
        for key, entry in entries.items():
            assert set(entry) == {"zh", "en"}, (room, key)
            fields = [
                {name for _, name, _, _ in Formatter().parse(text) if name}
                for text in entry.values()
            ]
            assert fields[0] == fields[1], (room, key)
    labels = tomllib.loads(raw)["judging"]
    assert all(f"reason_{reason}" in labels for reason in REASONS)


def test_a_judgement_knows_its_books() -> None:
    judgement: Judgement = judged(BOOK, JGJ)
    assert judgement.book("jgj-450-2018") is JGJ
    assert judgement.clause("jgj-450-2018", "lift").force == "应"
    with pytest.raises(KeyError):
        judgement.book("none")
