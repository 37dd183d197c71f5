"""What single cells mean."""

from __future__ import annotations

import datetime
import tomllib
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.ledgers import values, words
from planner.ledgers.lost_digits import lost_digits
from planner.ledgers.quantities import COLUMN_QUANTITIES, QUANTITIES
from planner.units import M2_PER_MU


def one(cell: Any, quantity: str, unit: str | None = None) -> tuple[float, str | None]:
    found = values.numbers(pd.Series([cell], index=[2], dtype=object), quantity, unit)
    remark = found.remarks.get(2)
    return float(found.figures.iloc[0]), None if remark is None else remark[0]


@pytest.mark.parametrize(
    ("cell", "quantity", "number"),
    [
        (300, "area", 300.0),
        ("300", "area", 300.0),
        (" 300.50 ", "area", 300.5),
        ("３００．５", "area", 300.5),
        ("1,600", "area", 1600.0),
        ("1，600.25", "area", 1600.25),
        ("300㎡", "area", 300.0),
        ("300 m²", "area", 300.0),
        ("300平方米", "area", 300.0),
        ("0.3万平方米", "area", 3000.0),
        ("0.3万㎡", "area", 3000.0),
        ("2亩", "area", 2 * M2_PER_MU),
        ("1.5公顷", "area", 15_000.0),
        ("2.3万人", "count", 23_000.0),
        ("2300人", "count", 2300.0),
        ("40张", "count", 40.0),
        ("25万元", "money", 25.0),
        ("250000元", "money", 25.0),
        ("6层", "storeys", 6.0),
        ("-5", "area", -5.0),
        ("108.7°", "degrees", 108.7),
        ("1.2e3", "area", 1200.0),
        (np.float64(3.5), "area", 3.5),
    ],
)
def test_plain_figures(cell: Any, quantity: str, number: float) -> None:
    found, remark = one(cell, quantity)
    assert found == pytest.approx(number)
    assert remark is None


@pytest.mark.parametrize(
    "cell", ["约300", "约300㎡", "300左右", "300余", "300余平方米", "近300", "大约300平米", "≈300"]
)
def test_about_a_figure(cell: str) -> None:
    assert one(cell, "area") == (300.0, "approximate")


@pytest.mark.parametrize(
    "cell",
    [
        "300-400",
        "300～400㎡",
        "300至400",
        "约300-400",
        "300㎡-400㎡",
        "300以上",
        "≥300",
        ">300",
        "不少于300㎡",
    ],
)
def test_ranges_are_unknown(cell: str) -> None:
    number, remark = one(cell, "area")
    assert np.isnan(number)
    assert remark == "range"


@pytest.mark.parametrize(
    "cell",
    ["三百", "见附件", "12,34", "1.2.3", "300+50", "原300现500", "300人", "inf", "1e999", True,
     datetime.date(2024, 2, 3), datetime.datetime(2024, 2, 3), "300/400", "50%"],
)  # fmt: skip
def test_no_figure_is_unknown_and_told(cell: Any) -> None:
    number, remark = one(cell, "area")
    assert np.isnan(number)
    assert remark == "not_a_number"


@pytest.mark.parametrize("cell", [None, "", " ", "-", "—", "/", "无", "不详", "N/A", np.nan])
def test_nothing_is_unknown_without_remark(cell: Any) -> None:
    number, remark = one(cell, "area")
    assert np.isnan(number)
    assert remark is None


@pytest.mark.parametrize(
    ("cell", "trouble"),
    [("#N/A", "error"), ("#REF!", "error"), ("#DIV/0!", "error"), ("=A1*2", "formula"),
     ("#12", "not_a_number"), ("300+", "range"), ("300㎡+", "range"), ("不足300", "range")],
)  # fmt: skip
def test_troubles_are_told_apart(cell: str, trouble: str) -> None:
    number, remark = one(cell, "area")
    assert np.isnan(number)
    assert remark == trouble


def test_words_without_troubles() -> None:
    cells = pd.Series(["甲", "#REF!", None, "=B2", "#1楼"], index=[2, 3, 4, 5, 6], dtype=object)
    words_left, found = values.without_troubles(cells)
    assert words_left.to_list() == ["甲", None, None, None, "#1楼"]
    assert found.remarks == {3: ("error", "#REF!"), 5: ("formula", "=B2")}
    assert cells[3] == "#REF!"


def test_ids_that_lost_digits() -> None:
    cells = pd.Series(["001", "012", 7, 610402199001011234, None], index=[2, 3, 4, 5, 6])
    assert lost_digits(cells) == ({5: "610402199001011234"}, [4])
    assert lost_digits(pd.Series([1.0, 2.0, np.nan])) == ({}, [])
    assert lost_digits(pd.Series(["1", "22", 3], dtype=object)) == ({}, [])


def test_the_unit_of_the_heading_counts_where_the_cell_has_none() -> None:
    assert one("2", "area", "亩")[0] == pytest.approx(2 * M2_PER_MU)
    assert one(2, "area", "亩")[0] == pytest.approx(2 * M2_PER_MU)
    assert one("2㎡", "area", "亩")[0] == 2.0
    assert one("0.5", "count", "万人")[0] == 5000.0
    assert one("500000", "money", "元")[0] == 50.0


def test_numeric_columns_pass_through() -> None:
    found = values.numbers(pd.Series([1, 2, None], dtype="float64"), "area", "亩")
    assert found.figures.to_list()[:2] == pytest.approx([M2_PER_MU, 2 * M2_PER_MU])
    assert np.isnan(found.figures.iloc[2])


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    st.integers(0, 10**9), st.sampled_from(["{}", "{:,}", "{}㎡", "{:,} 平方米", "约{}", "{}.0"])
)
def test_figures_survive_their_dress(number: int, form: str) -> None:
    assert one(form.format(number), "area")[0] == number


@pytest.mark.parametrize(
    ("cell", "storey", "remark"),
    [
        ("1", 1.0, None), (2, 2.0, None), (2.0, 2.0, None), ("2.0", 2.0, None), ("一楼", 1.0, None),
        ("1层", 1.0, None), ("首层", 1.0, None), ("底层", 1.0, None), ("三层", 3.0, None),
        ("十二层", 12.0, None), ("二十三楼", 23.0, None), ("3F", 3.0, None), ("地上2层", 2.0, None),
        ("第二层", 2.0, None),
        ("-1", -1.0, None), (-1, -1.0, None), ("负一层", -1.0, None), ("地下一层", -1.0, None),
        ("地下1层", -1.0, None), ("B1", -1.0, None), ("b2", -2.0, None), ("负二楼", -2.0, None),
        ("地下室", -1.0, None), ("地下", -1.0, None),
        ("半地下", -0.5, "mezzanine"), ("半地下室", -0.5, "mezzanine"), ("夹层", 1.5, "mezzanine"),
        ("2-3层", 3.0, "storeys"), ("1、2层", 2.0, "storeys"), ("一至三层", 3.0, "storeys"),
        ("-1至2层", -1.0, "storeys"), ("地下1层-地上2层", -1.0, "storeys"),
        ("很高", None, "not_a_number"), ("0", None, "storey_0"), (0, None, "storey_0"),
        (0.0, None, "storey_0"), ("0层", None, "storey_0"), ("零层", None, "storey_0"),
        ("0F", None, "storey_0"),
        (datetime.datetime(2024, 2, 3), None, "not_a_number"),
        ("", None, None), (None, None, None), ("不详", None, None),
    ],
)  # fmt: skip
def test_storeys(cell: Any, storey: float | None, remark: str | None) -> None:
    found = values.storeys(pd.Series([cell], index=[2], dtype=object))
    number = float(found.figures.iloc[0])
    assert (None if np.isnan(number) else number) == storey
    told = found.remarks.get(2)
    assert (None if told is None else told[0]) == remark


@pytest.mark.parametrize(
    ("column", "word", "choice"),
    [
        ("centre_kind", "日间照料中心", "日间照料"),
        ("centre_kind", " 社区老年人日间照料中心 ", "日间照料"),
        ("centre_kind", "敬老院", "机构"),
        ("centre_kind", "长者饭堂", "助餐点"),
        ("centre_kind", "区域性居家养老服务机构", "街道综合中心"),
        ("status", "运营中", "运营"),
        ("status", "正常运营", "运营"),
        ("status", "建成未运营", "闲置"),
        ("status", "停业", "停运"),
        ("status", "建设中", "在建"),
        ("area_kind", "建筑面积", "建筑"),
        ("area_kind", "套内建筑面积", "套内"),
        ("community_kind", "居委会", "社区"),
        ("community_kind", "村民委员会", "村"),
        ("building_use", "居民楼", "住宅"),
        ("centre_kind", "日照中心", "日间照料"),
        ("centre_kind", "托老所", "日间照料"),
        ("centre_kind", "长者食堂", "助餐点"),
        ("centre_kind", "老年助餐点", "助餐点"),
        ("centre_kind", "福利院", "机构"),
        ("centre_kind", "农村互助幸福院", "农村幸福院"),
        ("centre_kind", "养老服务驿站", "居家服务站"),
        ("centre_kind", "街道（乡镇）综合养老服务中心", "街道综合中心"),
        ("status", "已运营", "运营"),
        ("status", "在营", "运营"),
        ("status", "暂停", "停运"),
        ("status", "建而未用", "闲置"),
        ("status", "未开工", "规划"),
        ("area_kind", "室内使用面积", "使用"),
        ("step", "√", "已同步"),
        ("step", "有", "已同步"),
        ("step", "×", "未同步"),
        ("step", "无", "未同步"),
        ("step", "待验收", "未到阶段"),
    ],
)
def test_choices(column: str, word: str, choice: str) -> None:
    found, odd = words.choices(pd.Series([word, None, "火星", "不明白"]), column)
    assert found.iloc[0] == choice
    assert found.iloc[1:].isna().all()
    assert odd == {2: "火星", 3: "不明白"}


@pytest.mark.parametrize(
    ("column", "word"),
    [("centre_kind", "居家养老服务照料中心"), ("centre_kind", "驿站"), ("centre_kind", "养老设施"),
     ("status", "未运行"), ("status", "已建"), ("area_kind", "证载面积")],
)  # fmt: skip
def test_a_word_of_two_meanings_is_asked_about(column: str, word: str) -> None:
    found, odd = words.choices(pd.Series([word]), column)
    assert found.isna().all()
    assert odd == {0: word}


def test_no_word_stands_for_two_choices() -> None:
    file = resources.files("planner.ledgers") / "choices.toml"
    for column, choices in tomllib.loads(file.read_text(encoding="utf-8")).items():
        seen: dict[str, str] = {}
        for choice, listed in choices.items():
            for word in (choice, *listed):
                assert seen.setdefault(values.plain(word), choice) == choice, (column, word)


def test_every_choice_is_one_of_its_table() -> None:
    from planner import tables

    allowed = {
        "centre_kind": tables.CENTRE_KINDS,
        "status": tables.STATUSES,
        "area_kind": tables.AREA_KINDS,
        "community_kind": tables.COMMUNITY_KINDS,
        "building_use": ("住宅",),
        "step": tables.STEP_STATES,
    }
    for column, kinds in allowed.items():
        found, odd = words.choices(pd.Series(list(kinds)), column)
        assert found.to_list() == list(kinds)
        assert not odd


def test_texts() -> None:
    cells = pd.Series(
        [" 甲\u3000 ", 610402001001.0, 7, "", None, "-", "无", "甲\n乙"], dtype=object
    )
    found = words.texts(pd.Series(cells, dtype=object))
    assert found[[0, 1, 2, 6, 7]].to_list() == ["甲", "610402001001", "7", "无", "甲 乙"]
    assert found[[3, 4, 5]].isna().all()


def test_lists() -> None:
    found = words.listed(
        pd.Series(["休息室,餐厅；休息室、 阅览室/办公室", None, "、"], dtype="string")
    )
    assert found.iloc[0] == "休息室、餐厅、阅览室、办公室"
    assert found.iloc[1:].isna().all()
    lines = words.listed(pd.Series(["休息室\n餐 厅\r\n-\n休息室", 7.0, "--"], dtype=object))
    assert lines.to_list()[:2] == ["休息室、餐 厅", "7"]
    assert lines.isna().to_list() == [False, False, True]


def test_every_column_of_numbers_has_a_known_quantity() -> None:
    assert set(COLUMN_QUANTITIES.values()) <= set(QUANTITIES)
