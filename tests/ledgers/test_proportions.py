"""Shares, grades and widths as ledgers write them."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.ledgers import values
from planner.ledgers.proportions import grades, proportions


def one(cell: Any, quantity: str, unit: str | None = None) -> tuple[float, str | None]:
    cells = pd.Series([cell], index=[2], dtype=object)
    found = (
        grades(cells)
        if quantity == "grade"
        else values.numbers(cells, quantity, unit)
        if quantity in ("length", "each")
        else proportions(cells, quantity, unit)
    )
    remark = found.remarks.get(2)
    return float(found.figures.iloc[0]), None if remark is None else remark[0]


@pytest.mark.parametrize(
    "cell", ["1:6", "1∶6", "1：6", "1 : 6", "1/6", "1比6", "六分之一", "⅙", "1:06", "2:12", "1.0/6"]
)
def test_a_sixth_is_exactly_a_sixth(cell: str) -> None:
    assert one(cell, "ratio") == (1 / 6, None)
    assert one(cell, "percent") == (100 * (1 / 6), None)


@pytest.mark.parametrize(
    ("cell", "unit", "ratio"),
    [
        (0.167, None, 0.167), ("0.167", None, 0.167), ("16.7%", None, 0.167),
        ("16.7％", None, 0.167), (16.7, "%", 0.167), ("16.7", "%", 0.167), ("1:5.5", None, 1 / 5.5),
        ("1:6", "%", 1 / 6), ("25‰", None, 0.025), (6, None, 6.0), ("6:1", None, 6.0),
    ],
)  # fmt: skip
def test_ratios(cell: Any, unit: str | None, ratio: float) -> None:
    found, remark = one(cell, "ratio", unit)
    assert found == pytest.approx(ratio, rel=1e-12)
    assert remark is None


@pytest.mark.parametrize(
    ("cell", "unit", "percent"),
    [
        ("30%", None, 30.0), (30, "%", 30.0), (30, None, 30.0), ("0.3", None, 0.3),
        ("25‰", None, 2.5), (25, "‰", 2.5), ("1:40", None, 2.5), ("1/40", "%", 2.5),
    ],
)  # fmt: skip
def test_percents(cell: Any, unit: str | None, percent: float) -> None:
    found, remark = one(cell, "percent", unit)
    assert found == pytest.approx(percent, rel=1e-12)
    assert remark is None


def test_a_proportion_that_became_a_time_of_day() -> None:
    assert one(datetime.time(1, 6), "ratio") == (1 / 6, "time")
    assert one(datetime.time(2, 12), "ratio") == (1 / 6, "time")
    number, remark = one(datetime.time(1, 6, 30), "ratio")
    assert np.isnan(number)
    assert remark == "not_a_number"
    cells = pd.Series([0.2, datetime.time(1, 8), None, "1:5"], index=[2, 3, 4, 5], dtype=object)
    found = proportions(cells, "ratio")
    assert found.figures.to_list()[:2] == [0.2, 0.125]
    assert np.isnan(found.figures[4])
    assert found.figures[5] == 0.2
    assert found.remarks == {3: ("time", "01:08:00")}


@pytest.mark.parametrize(
    "cell", ["1:0", "1:6:2", "满足", datetime.datetime(2024, 1, 6), True, "约1:6", "≥1:6"]
)
def test_no_ratio_is_unknown_and_told(cell: Any) -> None:
    number, remark = one(cell, "ratio")
    assert np.isnan(number)
    assert remark == "not_a_number"


@pytest.mark.parametrize("quantity", ["ratio", "percent", "grade"])
@pytest.mark.parametrize("cell", [None, "", "/", "—", "无", "不详", np.nan])
def test_nothing_is_unknown_without_remark(cell: Any, quantity: str) -> None:
    number, remark = one(cell, quantity)
    assert np.isnan(number)
    assert remark is None


@pytest.mark.parametrize(
    ("cell", "grade", "remark"),
    [
        ("二级", 2.0, None), ("2级", 2.0, None), (2, 2.0, None), ("2.0", 2.0, None),
        ("Ⅱ级", 2.0, None), ("耐火等级二级", 2.0, None), ("一级", 1.0, None), ("四级", 4.0, None),
        ("IV", 4.0, None), ("III级", 3.0, None), ("三", 3.0, None),
        ("二级及以上", 2.0, "least_grade"), ("二级以上", 2.0, "least_grade"),
        ("不低于二级", 2.0, "least_grade"), ("≥2级", 2.0, "least_grade"),
        ("一、二级", 2.0, "least_grade"), ("二～三级", 3.0, "least_grade"),
        ("三级或二级", 3.0, "least_grade"),
        ("二级以下", None, "not_a_number"), ("五级", None, "not_a_number"),
        ("甲级", None, "not_a_number"), ("合格", None, "not_a_number"),
    ],
)  # fmt: skip
def test_fire_classes(cell: Any, grade: float | None, remark: str | None) -> None:
    number, told = one(cell, "grade")
    assert (None if np.isnan(number) else number) == grade
    assert told == remark


@pytest.mark.parametrize(
    ("cell", "unit", "metres"),
    [
        (0.9, None, 0.9), ("0.90m", None, 0.9), ("0.9米", None, 0.9), ("900mm", None, 0.9),
        ("90cm", None, 0.9), ("90厘米", None, 0.9), (900, "mm", 0.9), ("1,800 毫米", None, 1.8),
        (180, "cm", 1.8), ("0.9m", "mm", 0.9), (900, None, 900.0),
    ],
)  # fmt: skip
def test_widths(cell: Any, unit: str | None, metres: float) -> None:
    found, remark = one(cell, "length", unit)
    assert found == pytest.approx(metres, rel=1e-12)
    assert remark is None


def test_persons_a_room() -> None:
    assert one("4人/间", "each") == (4.0, None)
    assert one("4-6人", "each")[1] == "range"


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    st.integers(1, 40),
    st.integers(1, 400),
    st.sampled_from(["{}:{}", "{}/{}", "{} ： {}", "{}比{}", "{}.0∶{}.00"]),
)
def test_every_dress_of_a_proportion_is_one_figure(part: int, whole: int, form: str) -> None:
    assert one(form.format(part, whole), "ratio") == (part / whole, None)
