"""The columns that only clauses ask for, as bureaus fill them in, and what is doubtful in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner import tables
from planner.labels import LANGUAGES
from planner.ledgers import Ledger, LedgerSource, finding_text, read_ledger
from planner.ledgers.quantities import ABSURD_ABOVE, COLUMN_QUANTITIES
from planner.ledgers.vocabulary import column_names
from tests.ledgers import zoo

HEAD = ("编号", "名称", "设施类型", "运营状态", "经度", "纬度", "建筑面积")
CENTRE = ("C1", "甲中心", "日间照料", "运营", 108.7, 34.33, 750)


def centres(folder: Path, **columns: Any) -> Ledger:
    """Return centres that are alike but for these columns, one row for each of their values."""
    cells = [value if isinstance(value, list) else [value] for value in columns.values()]
    rows = [
        [f"C{place}", f"第{place}中心", *CENTRE[2:], *row]
        for place, row in enumerate(zip(*cells, strict=True))
    ]
    file = zoo.write_xlsx(folder / "a.xlsx", (*HEAD, *columns), rows)
    return read_ledger("centres", LedgerSource(file, "wgs84"))


@pytest.mark.parametrize(
    ("heading", "cell", "column", "value"),
    [
        ("持证护理员数（人）", "12人", "carers", 12.0),
        ("建设性质", "改造", "built_as", "改建"),
        ("生活服务用房面积（㎡）", "210.5", "living_area_m2", 210.5),
        ("保健康复用房", 58, "health_area_m2", 58.0),
        ("文化娱乐用房面积", 79, "recreation_area_m2", 79.0),
        ("辅助用房(㎡)", 138, "support_area_m2", 138.0),
        ("日间休息室面积", "80㎡", "rest_area_m2", 80.0),
        ("餐厅使用面积", 60, "dining_area_m2", 60.0),
        ("餐位数", "24个", "dining_seats", 24.0),
        ("每间人数", "5人/间", "rest_room_persons", 5.0),
        ("用地面积（亩）", 3, "site_area_m2", 2000.0),
        ("建筑密度（%）", 28, "building_density_percent", 28.0),
        ("有无独立出入口", "√", "own_entrance", "有"),
        ("是否有电梯", "否", "lift", "无"),
        ("电梯", "2部", "lift", "有"),
        ("无障碍坡道", "已设", "ramp", "有"),
        ("坡道", "×", "ramp", "无"),
        ("救护车能否到达", "能", "ambulance_access", "有"),
        ("门净宽(mm)", 900, "door_width_m", 0.9),
        ("房门净宽（m）", 0.95, "door_width_m", 0.95),
        ("走道净宽/cm", 180, "corridor_width_m", 1.8),
        ("走廊净宽", "1800mm", "corridor_width_m", 1.8),
        ("窗地比", "1∶6", "window_ratio", 1 / 6),
        ("窗地面积比(%)", 16.7, "window_ratio", 0.167),
        ("建筑耐火等级", "二级", "fire_class", 2.0),
        ("抗震设防类别", "重点设防类（乙类）", "earthquake_class", "重点设防类"),
        ("抗震设防分类", "丙类", "earthquake_class", "标准设防类"),
        ("建筑设备", "供电，给排水/消防", "building_services", "供电、给排水、消防"),
        ("场地", "道路；绿化\n停车", "grounds", "道路、绿化、停车"),
        ("设备配备", "轮椅 护理床", "equipment", "轮椅 护理床"),
        ("场地坡度", "1:40", "ground_slope_percent", 2.5),
    ],
)
def test_headings_and_cells(
    tmp_path: Path, heading: str, cell: Any, column: str, value: float | str
) -> None:
    ledger = centres(tmp_path, **{heading: cell})
    expected = pytest.approx(value, rel=1e-12) if isinstance(value, float) else value
    assert ledger.table[column].iloc[0] == expected
    assert zoo.keys(ledger) == []
    # Only the columns that the ledger has are made: the others cost nothing.
    assert tables.JUDGED_COLUMNS & set(ledger.table.columns) == {column}


def test_every_column_of_clauses_can_be_read() -> None:
    assert set(column_names("centres")) >= tables.JUDGED_COLUMNS
    assert {name for name in COLUMN_QUANTITIES if not name.endswith("tude")} <= set(ABSURD_ABOVE)


@pytest.mark.parametrize("heading", ["护理员数", "门宽", "走廊宽", "电梯或坡道"])
def test_what_is_nearly_asked_for_is_not_taken_for_it(tmp_path: Path, heading: str) -> None:
    """Carers without certificates, and widths that are not clear ones."""
    ledger = centres(tmp_path, **{heading: 2})
    assert zoo.keys(ledger) == ["unmatched"]


@pytest.mark.parametrize(
    ("heading", "cell", "key", "kept"),
    [
        ("门净宽", 900, "absurd_high", None),
        ("门净宽(m)", 90, "absurd_high", None),
        ("门净宽(mm)", 0.9, "absurd_low", None),
        ("走道净宽", "≥1.8m", "range", None),
        ("窗地比", 6, "absurd_high", None),
        ("窗地比", "满足", "not_a_number", None),
        ("建筑密度", 0.28, "absurd_low", None),
        ("建筑密度", 128, "absurd_high", None),
        ("场地坡度", 0.02, "percent_or_share", None),
        ("场地坡度", 0.1, "", 0.1),
        ("场地坡度", 0, "", 0.0),
        ("耐火等级", "二级及以上", "least_grade", 2.0),
        ("耐火等级", "合格", "not_a_number", None),
        ("电梯", "有（已停用）", "choice_unknown", None),
        ("抗震设防类别", "8度", "choice_unknown", None),
        ("建设性质", "保留", "choice_unknown", None),
        ("休息室每间人数", "4-6", "range", None),
        ("休息室面积", 751, "part_above_area", None),
        ("休息室面积", 750.4, "", 750.4),
        ("持证护理员", -1, "absurd_low", None),
    ],
)
def test_what_is_doubtful_is_told(
    tmp_path: Path, heading: str, cell: Any, key: str, kept: float | None
) -> None:
    ledger = centres(tmp_path, **{heading: cell})
    assert zoo.keys(ledger) == ([key] if key else [])
    if key:
        told = zoo.finding(ledger, key)
        assert (told["row"], told["action"]) == (2, "emptied" if kept is None else "kept")
    value = ledger.table[next(iter(tables.JUDGED_COLUMNS & set(ledger.table.columns)))].iloc[0]
    assert pd.isna(value) if kept is None else value == kept


def test_unknown_is_said_as_unknown(tmp_path: Path) -> None:
    ledger = centres(tmp_path, 电梯=["有", None, "/", "无"], 耐火等级=["不详", None, 2, "—"])
    assert ledger.table["lift"].isna().to_list() == [False, True, True, False]
    assert ledger.table["fire_class"].isna().to_list() == [True, True, False, True]
    assert zoo.keys(ledger) == []


def test_rooms_that_are_together_above_their_building(tmp_path: Path) -> None:
    parts = {"生活服务用房": [300, 300.4, 300, 300], "娱乐用房": [450, 450, 451, None]}
    ledger = centres(tmp_path, **parts)
    assert zoo.keys(ledger) == ["parts_above_area"]
    told = zoo.finding(ledger, "parts_above_area")
    assert (told["row"], told["action"]) == (4, "kept")
    assert told["fields"] == {"headings": "生活服务用房、娱乐用房", "sum": 751.0, "area": 750.0}
    assert ledger.table["living_area_m2"].to_list() == [300.0, 300.4, 300.0, 300.0]


def test_a_sum_names_only_what_is_in_it(tmp_path: Path) -> None:
    parts = {"生活服务用房": 900, "保健康复用房": 400, "娱乐用房": None, "辅助用房": 360}
    ledger = centres(tmp_path, **parts)
    assert zoo.keys(ledger) == ["part_above_area", "parts_above_area"]
    told = zoo.finding(ledger, "parts_above_area")
    assert told["fields"] == {"headings": "保健康复用房、辅助用房", "sum": 760.0, "area": 750.0}
    assert told["column"] == "保健康复用房"


def test_a_range_is_unknown_and_said_so_plainly(tmp_path: Path) -> None:
    told = zoo.finding(centres(tmp_path, 娱乐用房="100-200"), "range")
    for language in LANGUAGES:
        assert "nan" not in finding_text(told, language).lower()


def test_rooms_are_not_held_against_ground_area_nor_against_one_that_is_unknown(
    tmp_path: Path,
) -> None:
    file = zoo.write_xlsx(
        tmp_path / "a.xlsx",
        (*HEAD, "生活服务用房", "娱乐用房", "面积口径"),
        [
            [*CENTRE, 800, 800, "占地"],
            ["C2", "乙中心", *CENTRE[2:6], None, 800, 800, "建筑"],
        ],
    )
    ledger = read_ledger("centres", LedgerSource(file, "wgs84"))
    assert zoo.keys(ledger) == ["area_missing"]


def test_a_room_above_the_group_that_it_is_in(tmp_path: Path) -> None:
    ledger = centres(tmp_path, 生活服务用房=[100, 100], 餐厅面积=[100.5, 101])
    told = zoo.finding(ledger, "part_above_part")
    assert (told["row"], told["action"]) == (3, "kept")
    assert told["fields"] == {
        "heading": "餐厅面积", "number": 101.0, "other": "生活服务用房", "whole": 100.0,
    }  # fmt: skip


def test_a_site_is_no_floor_area(tmp_path: Path) -> None:
    ledger = centres(tmp_path, 用地面积=2000)
    row = ledger.table.iloc[0]
    assert (row["area_m2"], row["area_kind"], row["site_area_m2"]) == (750.0, "建筑", 2000.0)


def test_a_total_of_figures_that_cannot_be_summed_is_not_held_against_them(tmp_path: Path) -> None:
    """Persons a room, widths and shares of a 合计 say nothing."""
    rows: list[list[Any]] = [
        [*CENTRE, 0.9, 5, "1:6"], ["C2", "乙中心", *CENTRE[2:], 0.9, 5, "1:6"],
        ["合计", *[None] * 5, 1500, 3, 40, 2],
    ]  # fmt: skip
    head = (*HEAD, "门净宽", "每间人数", "窗地比")
    ledger = read_ledger(
        "centres", LedgerSource(zoo.write_xlsx(tmp_path / "a.xlsx", head, rows), "wgs84")
    )
    assert zoo.keys(ledger) == ["total_row"]


ESTATE_HEAD = ("编号", "名称", "经度", "纬度")
ESTATES: tuple[tuple[str, Any, str, Any], ...] = (
    ("所在街道", "东街道", "street", "东街道"),
    ("所在社区", "甲社区", "community", "甲社区"),
    ("建成情况", "老旧小区", "estate_age", "已建"),
    ("小区类别", "新建小区", "estate_age", "新建"),
    ("养老用房楼层", "地下一层", "floor", -1.0),
    ("养老用房处数", "2处", "delivered_places", None),
    ("养老用房处数", 2, "delivered_places", 2.0),
    ("最小单处面积（㎡）", 28, "least_place_m2", 28.0),
    ("社区综合服务设施面积", 350, "community_rooms_m2", 350.0),
    ("居民活动用房面积", 210, "activity_m2", 210.0),
    ("住宅交付时间", "2024年6月", "housing_on", "2024-06"),
)


@pytest.mark.parametrize(("heading", "cell", "column", "value"), ESTATES)
def test_columns_of_estates(
    tmp_path: Path, heading: str, cell: Any, column: str, value: Any
) -> None:
    file = zoo.write_xlsx(
        tmp_path / "a.xlsx", (*ESTATE_HEAD, heading), [["E1", "甲苑", 108.7, 34.33, cell]]
    )
    ledger = read_ledger("estates", LedgerSource(file, "wgs84"))
    found = ledger.table[column].iloc[0]
    assert pd.isna(found) if value is None else found == value
    assert set(ledger.table.columns) >= {one.name for one in tables.ESTATES}


@pytest.mark.parametrize(
    ("headings", "cells", "kind"),
    [
        (("已交付养老用房",), (300,), "未注明"),
        (("已交付养老用房套内面积（㎡）",), (300,), "套内"),
        (("已交付养老用房建筑面积", "已交付养老用房套内面积"), (300, 240), "建筑"),
        (("已交付养老用房", "面积口径"), (300, "使用面积"), "使用"),
        (("已交付养老用房套内面积", "面积口径"), (300, None), "未注明"),
        (("已交付养老用房套内面积",), (None,), None),
    ],
)
def test_kinds_of_what_estates_hand_over(
    tmp_path: Path, headings: tuple[str, ...], cells: tuple[Any, ...], kind: str | None
) -> None:
    rows = [["E1", "甲苑", 108.7, 34.33, *cells]]
    file = zoo.write_xlsx(tmp_path / "a.xlsx", (*ESTATE_HEAD, *headings), rows)
    found = read_ledger("estates", LedgerSource(file, "wgs84")).table.iloc[0]
    assert found["delivered_m2"] == 300.0 or kind is None
    assert pd.isna(found["delivered_kind"]) if kind is None else found["delivered_kind"] == kind


def test_figures_of_estates_that_cannot_both_be_right(tmp_path: Path) -> None:
    head = (*ESTATE_HEAD, "住宅建筑面积", "已交付养老用房", "最小单处面积", "住宅交付时间")
    rows = [["E1", "甲苑", 108.7, 34.33, 1000, 300, 300, "2024"],
            ["E2", "乙苑", 108.7, 34.34, 200, 300, 301, "去年"]]  # fmt: skip
    file = zoo.write_xlsx(tmp_path / "a.xlsx", head, rows)
    ledger = read_ledger("estates", LedgerSource(file, "wgs84"))
    assert zoo.keys(ledger) == ["no_date", "part_above_part", "part_above_part"]
    assert set(ledger.findings["row"]) == {3}
    assert ledger.table["delivered_m2"].to_list() == [300.0, 300.0]


def test_estates_lie_in_communities(tmp_path: Path) -> None:
    """By their own words where these are plain, else by where they lie."""
    town = zoo.town()
    inside = town.geometry.representative_point().to_crs("EPSG:4326")
    places = [(point.x, point.y) for point in inside]
    rows = [["E1", "甲苑", *places[0], None], ["E2", "乙苑", *places[0], "乙社区"],
            ["E3", "丙苑", *places[2], "没有的社区"], ["E4", "丁苑", None, None, None]]  # fmt: skip
    file = zoo.write_xlsx(tmp_path / "a.xlsx", (*ESTATE_HEAD, "所在社区"), rows)
    ledger = read_ledger("estates", LedgerSource(file, "wgs84"), communities=town)
    found = ledger.table[["community", "street"]].astype(object)
    assert found.where(found.notna(), None).to_numpy().tolist() == [
        ["A", "东街道"], ["B", "东街道"], ["C", "西镇"], [None, None],
    ]  # fmt: skip
    assert zoo.finding(ledger, "community_unknown")["fields"] == {"label": "没有的社区"}


def test_splitting_a_ledger_changes_no_value(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "窗地比": ["1:6", 0.2, None],
        "电梯": ["有", None, "无"],
        "门净宽(mm)": [900, 1000, 850],
    }
    whole = centres(tmp_path, **columns).table
    for place in range(3):
        (folder := tmp_path / str(place)).mkdir()
        part = centres(folder, **{name: [cells[place]] for name, cells in columns.items()}).table
        for column in ("window_ratio", "lift", "door_width_m"):
            both = (whole[column].iloc[place], part[column].iloc[0])
            assert both[0] == both[1] or all(pd.isna(one) for one in both)
    assert np.isclose(whole["door_width_m"], [0.9, 1.0, 0.85]).all()
