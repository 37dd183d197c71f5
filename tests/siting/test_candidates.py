"""Which buildings are barred, why, and what is still to be seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import SitingError
from planner.siting import Screening, usable_candidates

GOOD: dict[str, Any] = {
    "name": "x",
    "area_m2": 800.0,
    "area_kind": "建筑",
    "floor": 1.0,
    "safety": "合格",
    "fire_permit": "有",
}


def _screen(*rows: dict[str, Any], least: float = 750.0) -> Screening:
    table = pd.DataFrame([GOOD | row for row in rows], index=[f"c{k}" for k in range(len(rows))])
    return usable_candidates(table, least_area_m2=least, use_area_ratio=0.65)


def _reasons(**changed: Any) -> list[str]:
    screened = _screen(changed)
    if not len(screened.barred):
        return []
    for reason in screened.barred["reasons"].iloc[0]:
        assert reason.text("zh")
        assert reason.text("en")
    return [reason.key for reason in screened.barred["reasons"].iloc[0]]


def _unknown(**changed: Any) -> tuple[str, ...]:
    screened = _screen(changed)
    assert len(screened.usable) == 1
    facts: tuple[str, ...] = screened.usable["unknown_facts"].iloc[0]
    assert screened.usable["to_visit"].iloc[0] == bool(facts)
    return facts


def test_a_good_building_is_usable_and_nothing_is_open() -> None:
    assert _reasons() == []
    assert _unknown() == ()


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"floor": -1.0}, "siting.barred_below_ground"),
        ({"floor": -0.5}, "siting.barred_below_ground"),
        ({"floor": 1.5}, "siting.barred_mezzanine"),
        ({"area_m2": 749.99}, "siting.barred_too_small"),
        ({"area_m2": 0.0}, "siting.barred_too_small"),
        ({"area_m2": 480.0, "area_kind": "使用"}, "siting.barred_too_small"),
        ({"area_m2": 480.0, "area_kind": "未注明"}, "siting.barred_too_small"),
        ({"safety": " 不合格 "}, "siting.barred_unsafe"),
        ({"safety": "D级"}, "siting.barred_unsafe"),
    ],
)
def test_what_bars(changed: dict[str, Any], key: str) -> None:
    assert _reasons(**changed) == [key]


def test_reasons_in_english_hold_no_chinese_words() -> None:
    barred = _screen({"area_m2": 480.0, "area_kind": "使用", "safety": "不合格"}).barred
    told = " ".join(reason.text("en") for reason in barred["reasons"].iloc[0])
    assert "kind of area: usable area" in told
    assert "says “failed”" in told


def test_every_reason_is_listed() -> None:
    assert _reasons(floor=-2.0, area_m2=10.0, safety="危房") == [
        "siting.barred_below_ground",
        "siting.barred_too_small",
        "siting.barred_unsafe",
    ]


@pytest.mark.parametrize(
    ("changed", "facts"),
    [
        ({"area_m2": np.nan}, ("area_m2",)),
        ({"area_m2": 5000.0, "area_kind": "占地"}, ("area_m2",)),
        ({"area_m2": 700.0, "area_kind": "套内"}, ("area_m2",)),
        ({"area_m2": 751.0, "area_kind": "套内"}, ()),
        ({"area_kind": "未注明"}, ("area_kind",)),
        ({"area_kind": None}, ("area_kind",)),
        ({"floor": np.nan}, ("floor",)),
        ({"floor": 0.0}, ()),
        ({"safety": None}, ("safety",)),
        ({"safety": "未鉴定"}, ("safety",)),
        ({"safety": "非危房？"}, ("safety",)),
        ({"fire_permit": " "}, ("fire_permit",)),
    ],
)
def test_what_is_unknown_is_to_be_visited_not_barred(
    changed: dict[str, Any], facts: tuple[str, ...]
) -> None:
    assert _unknown(**changed) == facts


def test_exactly_the_least_area_is_enough_also_from_use_area() -> None:
    assert _reasons(area_m2=750.0) == []
    screened = _screen({"area_m2": 487.5, "area_kind": "使用"})  # 487.5 / 0.65 = 750
    assert screened.usable["building_area_m2"].tolist() == [750.0]
    assert screened.usable["area_is_derived"].tolist() == [True]
    rounded = _screen({"area_m2": 213.2, "area_kind": "使用"}, least=328.0)  # 327.99999999999994
    assert len(rounded.usable) == 1


def test_every_candidate_is_in_one_of_the_two_tables_in_its_order() -> None:
    usable, barred = _screen({}, {"floor": -1.0}, {"safety": None}, {"area_m2": 1.0})
    assert list(usable.index) == ["c0", "c2"]
    assert list(barred.index) == ["c1", "c3"]
    assert usable["to_visit"].tolist() == [False, True]
    assert usable["name"].tolist() == ["x", "x"]
    assert barred["building_area_m2"].tolist() == [800.0, 1.0]


def test_columns_that_are_absent_are_unknown_for_all() -> None:
    bare = pd.DataFrame({"name": ["x"]}, index=["c0"])
    screened = usable_candidates(bare, least_area_m2=750, use_area_ratio=0.65)
    assert screened.usable["unknown_facts"].iloc[0] == (
        "area_m2",
        "area_kind",
        "floor",
        "safety",
        "fire_permit",
    )
    assert np.isnan(screened.usable["building_area_m2"].iloc[0])
    assert list(bare.columns) == ["name"]


def test_no_candidates_is_no_error() -> None:
    usable, barred = usable_candidates(
        pd.DataFrame({"area_m2": []}), least_area_m2=750, use_area_ratio=0.65
    )
    assert len(usable) == len(barred) == 0
    assert "unknown_facts" in usable.columns
    assert "reasons" in barred.columns


@pytest.mark.parametrize(
    ("least", "ratio", "keys"),
    [
        (0.0, 0.65, ["siting.not_positive"]),
        (float("nan"), float("nan"), ["siting.not_positive"] * 2),
        (750.0, 1.2, ["siting.ratio_above_one"]),
    ],
)
def test_settings_out_of_bounds(least: float, ratio: float, keys: list[str]) -> None:
    with pytest.raises(SitingError) as refused:
        usable_candidates(pd.DataFrame([GOOD]), least_area_m2=least, use_area_ratio=ratio)
    assert [problem.key for problem in refused.value.problems] == keys


def test_without_a_ratio_use_area_bars_nobody_and_is_unknown() -> None:
    table = pd.DataFrame({"area_m2": [100.0], "area_kind": ["使用"], "floor": [1.0]}, index=["a"])
    screening = usable_candidates(table, least_area_m2=300.0, use_area_ratio=None)
    assert screening.barred.empty
    assert "area_m2" in screening.usable["unknown_facts"]["a"]


def test_a_building_whose_place_cannot_be_right_is_barred() -> None:
    table = pd.DataFrame(
        {"area_m2": [900.0, 900.0], "area_kind": "建筑", "position": ["given", "doubtful"]},
        index=["a", "b"],
    )
    screening = usable_candidates(table, least_area_m2=300.0, use_area_ratio=0.65)
    assert screening.usable.index.to_list() == ["a"]
    assert [told.key for told in screening.barred["reasons"]["b"]] == ["siting.barred_place"]
