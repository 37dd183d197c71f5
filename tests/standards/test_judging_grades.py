"""Grades of centres, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from planner.errors import ScenarioError
from planner.standards.judging.grades import (
    GRADES,
    CentreGrades,
    centre_grades,
    grade_distribution,
    why_graded,
)
from planner.standards.rulebooks.clauses import When
from tests.standards.one_centre import BOOK, judged, judged_rows, own_book, own_clause

MUST = [own_clause(f"m{number}", quantity=quantity, value=1.0)
        for number, quantity in enumerate(
            ("clear_door_width", "clear_corridor_width", "window_to_floor_ratio",
             "building_density", "site_area"))]  # fmt: skip
SHOULD = own_clause("s", quantity="persons_per_rest_room", value=1.0, force="宜")
MAY = own_clause("v", quantity="beds", value=1.0, force="可")
AREA = own_clause("area", quantity="building_area", value=1_000.0, force="宜", unit="m2")
BOTH = own_book(*MUST, SHOULD, MAY, AREA)
COLUMNS = ("door_width_m", "corridor_width_m", "window_ratio", "building_density_percent",
           "site_area_m2")  # fmt: skip
WELL: dict[str, Any] = dict.fromkeys((*COLUMNS, "rest_room_persons", "beds"), 2.0) | {
    "area_m2": 1_000.0
}

GRADED: list[tuple[dict[str, Any], str]] = [
    ({}, "达标"),
    ({"beds": 0.0}, "达标"),  # 可 is a remark
    ({"rest_room_persons": 0.0}, "基本达标"),
    ({"area_m2": 999.0}, "基本达标"),
    ({"area_m2": 901.0}, "基本达标"),
    ({"area_m2": 900.0}, "差距较大"),  # 10 % short
    ({"area_m2": 701.0}, "差距较大"),
    ({"area_m2": 700.0}, "严重不足"),  # 30 % short
    (dict.fromkeys(COLUMNS[:1], 0.0), "基本达标"),
    (dict.fromkeys(COLUMNS[:2], 0.0), "差距较大"),
    (dict.fromkeys(COLUMNS[:4], 0.0), "差距较大"),
    (dict.fromkeys(COLUMNS, 0.0), "严重不足"),
    ({"area_m2": None}, "资料不足"),  # the area is not known
    (dict.fromkeys(COLUMNS[:3], None), "达标"),  # 3 of 7 unknown
    (dict.fromkeys(COLUMNS[:4], None), "资料不足"),  # 4 of 7
    (dict.fromkeys(COLUMNS[:4], None) | {"rest_room_persons": 0.0}, "资料不足"),
    (dict.fromkeys(COLUMNS[:4], None) | {"area_m2": 800.0}, "差距较大"),  # a breach is a breach
    (dict.fromkeys(COLUMNS, None) | {"area_m2": 100.0}, "严重不足"),
]


def test_each_grade_on_both_sides_of_its_thresholds() -> None:
    grades = centre_grades(judged_rows(BOTH, [WELL | cells for cells, _ in GRADED]))
    assert grades["grade"].to_list() == [grade for _, grade in GRADED]


def test_counts_and_why() -> None:
    cells = WELL | {"area_m2": 800.0, "door_width_m": 0.5, "beds": 0.0, "site_area_m2": None}
    row = centre_grades(judged_rows(BOTH, [cells])).iloc[0]
    counts = ("clauses", "met", "breaches_must", "breaches_should", "unknown", "remarks")
    assert [row[name] for name in counts] == [7, 4, 1, 1, 1, 1]
    assert row["shortfall_share"] == pytest.approx(0.2)
    assert row["fill_in"] == "site_area_m2"
    told = why_graded(row)
    assert told == (
        "单处建筑面积短缺 20 %、“应”类条款 1 条不符合、“宜”类条款 1 条不符合、"
        "适用的 7 条中 1 条资料不明"
    )
    assert why_graded(centre_grades(judged_rows(BOTH, [WELL])).iloc[0]) == "适用的 7 条均符合"


def test_the_projects_own_thresholds() -> None:
    judgement = judged_rows(BOTH, [WELL | {"area_m2": 800.0, "door_width_m": 0.5}])
    for settings, grade in (
        (CentreGrades(shortfalls=(0.05, 0.2)), "严重不足"),
        (CentreGrades(shortfalls=(0.2, 0.9)), "差距较大"),
        (CentreGrades(shortfalls=(0.3, 0.9)), "基本达标"),
        (CentreGrades(shortfalls=(0.3, 0.9), breaches=(1, 2)), "差距较大"),
        (CentreGrades(shortfalls=(0.3, 0.9), breaches=(1, 1)), "严重不足"),
    ):
        assert centre_grades(judgement, settings)["grade"].to_list() == [grade]
    half = judged_rows(BOTH, [WELL | dict.fromkeys(COLUMNS[:1], None)])
    assert centre_grades(half, CentreGrades(unknown_share=0.0))["grade"].to_list() == ["资料不足"]


def test_thresholds_that_nobody_can_be_graded_by() -> None:
    with pytest.raises(ScenarioError) as refused:
        CentreGrades(shortfalls=(0.3, 0.1), breaches=(1,), unknown_share=2.0)
    assert str(refused.value).count("centre_") == 3


def test_who_is_graded() -> None:
    rows: list[dict[str, Any]] = [WELL, WELL | {"status": "停运"}, WELL | {"centre_kind": "助餐点"}]
    grades = centre_grades(judged_rows(BOTH, rows))
    assert grades.index.to_list() == ["c0"]
    assert centre_grades(judged(BOOK, centre_kind="助餐点")).empty


def test_statements_and_layers_are_no_gap_of_the_ledger() -> None:
    spot = own_clause("spot", comparison="statement", value=None)
    radius = own_clause("r", quantity="service_radius", comparison="at_most", value=300.0)
    row = centre_grades(judged(own_book(spot, radius))).iloc[0]
    assert [row["clauses"], row["unknown"], row["on_the_spot"]] == [0, 0, 2]
    assert row["grade"] == "资料不足"
    condition = own_clause("w", value=0.9, when=When(capacity_from=20.0))
    assert centre_grades(judged(own_book(condition), door_width_m=1.0)).iloc[0]["unknown"] == 1


def test_an_adopted_area_for_each_elder_sets_the_grade() -> None:
    cells: dict[str, Any] = {"area_m2": 1_085.0}
    assert centre_grades(judged(**cells)).iloc[0]["shortfall_share"] == 0.0
    adopted = centre_grades(judged(options={"per_elder_decides": True}, **cells)).iloc[0]
    assert adopted["shortfall_share"] == pytest.approx(1 - 1_085 / (0.32 * 4_446))
    assert adopted["breaches_should"] == 1
    group: dict[str, Any] = {"area_m2": 1_500.0}
    assert centre_grades(judged(**group)).iloc[0]["shortfall_share"] == 0.0
    unknown = centre_grades(judged(elders=None, options={"per_elder_decides": True}, **group))
    assert unknown.iloc[0]["shortfall_share"] == 0.0  # the class's area decides: nothing to divide
    assert not unknown.iloc[0]["area_unknown"]


def test_distribution_counts_every_centre_once() -> None:
    rows = [WELL | {"street": street, "area_m2": area} for street, area in
            (("东街", 1_000.0), ("东街", 100.0), ("西街", 100.0), (None, 800.0))]  # fmt: skip
    grades = centre_grades(judged_rows(BOTH, rows))
    table = grade_distribution(grades, "street")
    assert list(table.columns) == [*GRADES, "centres"]
    assert table.loc[["东街"]].to_numpy()[0].tolist() == [1, 0, 0, 1, 0, 2]
    assert table.loc[["西街"]].to_numpy()[0].tolist() == [0, 0, 0, 1, 0, 1]
    assert table.loc[[""]].to_numpy()[0].tolist() == [0, 0, 1, 0, 0, 1]
    assert grade_distribution(grades, "centre_kind").loc["日间照料", "centres"] == 4


def test_one_matter_short_by_the_rules_of_two_provinces_is_one_breach() -> None:
    def book(name: str, place: str, *clauses: Any) -> Any:
        return own_book(*clauses, name=name, place=place)

    nation = book("n", "全国", own_clause("n", value=0.9))
    here = book("s", "陕西省", own_clause("s", value=1.2))
    there = book("z", "浙江省", own_clause("z", value=1.0, force="宜"))
    for books, width, must, should, grade in (
        ((nation, here), 0.8, 1, 0, "基本达标"),
        ((nation, here, there), 0.8, 1, 0, "基本达标"),
        ((nation, here, there), 0.95, 1, 0, "基本达标"),
        ((here, there), 0.8, 1, 0, "基本达标"),  # 应 of 陕西, 宜 of 浙江: the stricter
        ((there,), 0.8, 0, 1, "基本达标"),
        ((nation, here, there), 1.1, 1, 0, "基本达标"),
        ((nation, here, there), 1.2, 0, 0, "达标"),
        ((nation, there), 0.95, 0, 0, "达标"),
    ):
        found = judged(*books, door_width_m=width)
        row = centre_grades(found).iloc[0]
        counts = [row[name] for name in ("breaches_must", "breaches_should", "grade")]
        assert counts == [must, should, grade], (len(books), width)
    # Both are still shown as deciding in their own place.
    shown = judged(nation, here, there, door_width_m=0.8).findings
    assert shown[shown["decides"]]["clause"].astype(str).to_list() == ["n", "s"]
    # Two things asked for are two matters, wherever they are asked for.
    kitchen = own_clause("k", quantity="rooms", comparison="has", value=None, items=("厨房",))
    office = own_clause("o", quantity="rooms", comparison="has", value=None, items=("办公室",))
    both = judged(book("s", "陕西省", kitchen), book("z", "浙江省", office), rooms="休息室")
    assert centre_grades(both).iloc[0]["breaches_must"] == 2
