"""What is certain is hidden by nothing: what is unknown, rounding, or another book."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.standards.floor_area.audit import FloorAreaAudit, audit_floor_area
from planner.standards.floor_area.explaining import area_marks, explain
from planner.standards.judging.explaining import findings_lines
from planner.standards.judging.facts import centre_facts
from planner.standards.judging.findings import Judgement
from planner.standards.judging.grades import centre_grades, why_graded
from planner.standards.judging.judge import judge
from planner.standards.rulebooks.clauses import RuleBook
from planner.standards.rulebooks.wording import decimals_by_hand, figure
from tests.standards.one_centre import (
    BOOK,
    audited,
    centre,
    community,
    finding,
    judged,
    own_book,
    own_clause,
)

PERSONS: dict[str, Any] = {"quantity": "persons_per_rest_room", "unit": "persons_per_room"}
RANGE = own_book(
    own_clause("r", **PERSONS, comparison="between", value=4.0, upper=6.0, force="宜"), name="r"
)
LEAST = own_book(own_clause("l", **PERSONS, value=2.0), name="l")
MOST = own_book(own_clause("m", **PERSONS, comparison="at_most", value=5.0), name="m")


@pytest.mark.parametrize(
    ("persons", "books", "decides"),
    [
        # Three in a room: the range's lower end and the least figure contend, 应 is met.
        (3.0, (RANGE, LEAST), ["l"]),
        (5.0, (RANGE, LEAST), ["l"]),
        # Seven: two at the least says nothing of it.
        (7.0, (RANGE, LEAST), ["l", "r"]),
        # Of two upper ends 应 decides, and a least figure beside.
        (7.0, (RANGE, LEAST, MOST), ["l", "m"]),
        (5.5, (RANGE, MOST), ["m", "r"]),
        (7.0, (RANGE,), ["r"]),
    ],
)
def test_a_missed_upper_end_contends_with_greatest_figures(
    persons: float, books: tuple[RuleBook, ...], decides: list[str]
) -> None:
    found = judged(*books, rest_room_persons=persons).findings
    assert sorted(found["clause"][found["decides"]]) == decides
    other = judged(*books[::-1], rest_room_persons=persons).findings
    assert sorted(other["clause"][other["decides"]]) == decides


def test_the_stricter_of_two_upper_ends_decides() -> None:
    wider = own_clause("w", **PERSONS, comparison="between", value=1.0, upper=5.0, force="宜")
    found = judged(RANGE, own_book(wider, name="w"), rest_room_persons=7.0).findings
    assert found["clause"][found["decides"]].to_list() == ["w"]


ROOMS = ("living_area_m2", "health_area_m2", "recreation_area_m2", "support_area_m2")


def _shares(*areas: float | None) -> pd.Series:
    columns: dict[str, Any] = dict(zip(ROOMS, areas, strict=True))
    return finding(judged(**columns), "use-shares")


def test_no_rooms_at_all_of_a_group_are_none_of_the_whole() -> None:
    found = _shares(300.0, 0.0, None, 130.0)
    assert (found["result"], found["told"], found["value"]) == ("short", "保健康复", 0.0)
    assert found["short_by"] == pytest.approx(16.2)  # 二类
    assert _shares(0.0, 0.0, None, 0.0)["result"] == "unknown"  # a share of nothing
    assert _shares(None, 0.0, None, None)["result"] == "unknown"


@pytest.mark.parametrize(
    ("health", "short"),
    # 二类 asks 16.2 %, 3 less at most: 13.2 %. Of 430 m² besides, 65.39 m² are 13.1997 %.
    [(10.0, 16.2 - 1000 / 440), (65.39, 16.2 - 6539 / 495.39), (65.40, None)],
)
def test_a_share_that_is_too_low_whatever_the_empty_cell_holds_is_short(
    health: float, short: float | None
) -> None:
    found = _shares(300.0, health, None, 130.0)
    if short is None:
        assert found["result"] == "unknown"
        return
    assert (found["result"], found["told"]) == ("short", "保健康复")
    assert found["short_by"] == pytest.approx(short)
    # At least so much: no cell that is filled in makes the share greater.
    for recreation in (0.0, 80.0, 1_000.0):
        whole = _shares(300.0, health, recreation, 130.0)
        assert whole["result"] == "short"
        assert whole["short_by"] >= short - 1e-9


def test_a_share_known_in_part_is_told_as_a_bound() -> None:
    columns: dict[str, Any] = dict(zip(ROOMS, (300.0, 10.0, None, 130.0), strict=True))
    audit = audited(centre(**columns), community(24_000, 4_000))
    lines = findings_lines(judged(**columns), audit, "c")
    (line,) = (one for one in lines if "，use-shares〕" in one)
    assert "现有 至多 2.27 %" in line
    assert "保健康复偏低，至少低 13.9 个百分点" in line


def _row(grades: pd.DataFrame) -> pd.Series[Any]:
    return next(row for _, row in grades.loc[["c"]].iterrows())


def test_lines_follow_by_hand() -> None:
    columns: dict[str, Any] = {"area_m2": 765.0, "population": 12_000, "elders": 2_000}
    found = judged(**columns)
    audit = audited(centre(area_m2=765.0), community(12_000, 2_000))
    (line,) = (one for one in findings_lines(found, audit, "c") if "，per-elder-area〕" in one)
    assert "60岁以上 2,000 × 0.39 = 780 m²" in line
    row = finding(found, "per-elder-area")
    assert decimals_by_hand("m2_per_elder", row["value"], row["required"]) == 4
    assert decimals_by_hand("m2_per_person", 80 / 30, 4.0) == 2  # 2.67, 1.33 short: 33.3 %
    for value, required in ((0.3825, 0.39), (749.99, 750.0), (735 / 3_400, 0.32), (1.9999, 2.0)):
        decimals = decimals_by_hand("ratio", value, required)
        by_hand = round(required, decimals) - round(value, decimals)
        assert 100 * by_hand / required == pytest.approx(100 * (1 - value / required), abs=0.1)


def _told(area_m2: float) -> str:
    return explain(audited(centre(area_m2=area_m2), community(12_000, 1_900)), "c", "zh")


def test_a_shortage_is_never_rounded_away() -> None:
    assert "现有 749.99 m² → 短缺 0.01 m²（0.001 %）" in _told(749.99)
    assert "现有 750 m² → 达到（多 0 m²）" in _told(750.0)
    assert figure(-0.0) == figure(-0.04) == "0"
    held = audited(centre(area_m2=750.0), community(12_000, 1_900)).groups["surplus_m2"]
    assert not np.signbit(held).any()


def _both(population: float, elders: float | None) -> tuple[FloorAreaAudit, Judgement]:
    communities, centres = community(population, elders), centre(area_m2=400.0)
    walks = pd.Series(None, index=communities.index, dtype=object)
    audit = audit_floor_area(centres, communities, walks, per_elder_decides=True)
    facts = centre_facts(centres, audit)
    return audit, judge(facts, (BOOK,), per_elder_decides=True)


@pytest.mark.parametrize(
    ("population", "elders", "result", "required"),
    [
        (12_000, 2_000, "short", 780.0),
        (12_000, 1_000, "meets", 390.0),
        (12_000, 0, "short", 750.0),
        (12_000, None, "short", 750.0),
        (9_000, 0, "unknown", None),
        (9_000, None, "unknown", None),
    ],
)
def test_audit_and_clauses_agree_where_elders_decide(
    population: float, elders: float | None, result: str, required: float | None
) -> None:
    audit, found = _both(population, elders)
    area = found.findings[found.findings["decides"] & found.findings["matter"].isin(
        ["building_area", "building_area_per_elder"]
    )]  # fmt: skip
    assert area["result"].to_list() == [result]
    assert audit.centres["result"].to_list() == [result]
    wanted = np.nan if required is None else required
    assert audit.centres["group_required_m2"].to_list() == pytest.approx([wanted], nan_ok=True)
    if result != "unknown":
        assert audit.centres["clause"].to_list() == area["clause"].to_list()
    told = explain(audit, "c", "zh")
    assert ("此处算不出，仍按类别面积" in told) == (result == "short" and not elders)
    assert not any("另一设施" in line for line in findings_lines(found, audit, "c"))


def test_the_grade_names_the_area_that_falls_short() -> None:
    place = own_clause("p", quantity="place_area", unit="m2", value=350.0, force="应")
    books = (BOOK, own_book(place, name="own"))
    short = centre_grades(judged(*books, area_m2=300.0, population=9_000, elders=700))
    assert short["shortfall_matter"].to_list() == ["place_area"]
    assert "单处建筑面积短缺 14.3 %" in why_graded(_row(short), "zh")
    group = _row(centre_grades(judged(*books, area_m2=960.0)))
    assert "建筑面积（服务组）短缺 11.5 %" in why_graded(group, "zh")
    # What is known suffices, what its group needs nobody knows: no share of 0.
    half = centre_grades(judged(*books, area_m2=400.0, population=None))
    assert half["shortfall_share"].isna().all()
    assert half["shortfall_matter"].to_list() == [""]
    assert "建筑面积是否达到不明" in why_graded(_row(half), "zh")
    both = _row(centre_grades(judged(*books, area_m2=300.0, population=None)))
    assert "短缺 14.3 %、建筑面积是否达到不明" in why_graded(both, "zh")


def test_every_figure_of_an_area_has_its_mark() -> None:
    weak = "待核对，未见原文"
    assert area_marks(BOOK, "class_area") == weak
    assert area_marks(BOOK, "pro_rata").startswith("项目自选，未见规定；类别面积、每位老年人面积")
    assert area_marks(BOOK, "several_centres").endswith(weak)
    assert area_marks(BOOK, "unknown") == ""
    seen = tuple(
        dataclasses.replace(one, mark="W2") if one.by_class == "class_area_m2" else one
        for one in BOOK.clauses
    )
    told = area_marks(dataclasses.replace(BOOK, clauses=seen), "class_area")
    assert told == f"原文见于两处以上；每位老年人面积：{weak}"
    unknown_area = audited(centre(area_m2=None), community(12_000, 1_900)).centres
    assert unknown_area["result"].to_list() == ["unknown"]
    assert unknown_area["reading"].to_list() == ["class_area"]  # 750 m² stands there, and its mark


NEAR_BOOK = own_book(
    own_clause("near", quantity="noise_distance", comparison="at_most", value=100.0, unit="m")
)


@pytest.mark.parametrize(
    ("metres", "result"), [(100.0005, "meets"), (100.049, "meets"), (100.06, "short")]
)
def test_a_distance_on_the_map_is_read_to_a_tenth_of_a_metre(metres: float, result: str) -> None:
    found = judged(NEAR_BOOK, near={"noise_distance": metres})
    assert finding(found, "near")["result"] == result
    (line,) = findings_lines(found, audited(centre(), community()), "c")
    assert "（图上量算，取至 0.1 m）" in line


def test_no_radius_where_others_are_nearer() -> None:
    radius = own_clause("r", quantity="service_radius", comparison="at_most", value=300.0, unit="m")
    near = {"service_radius": np.nan, "service_radius_reason": "others_nearer"}
    found = finding(judged(own_book(radius), near=near), "r")
    assert (found["result"], found["reason"]) == ("not_applicable", "others_nearer")
