"""How headings are understood, and what is said where they are not."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest

from planner.errors import LedgerError
from planner.ledgers import LedgerSource, read_ledger
from planner.ledgers.headings import Matches, match_headings
from planner.ledgers.quantities import COLUMN_QUANTITIES
from planner.ledgers.raw import RawLedger
from planner.ledgers.vocabulary import column_names, names_persons, normalised, synonyms
from planner.tables import LEDGER_TABLES
from tests.ledgers import zoo

TEXT_COLUMNS = ("id", "longitude", "latitude", "floors", "building_use", "footprint_m2")


def matched(
    table: str, *headings: str, columns: Mapping[str, str] | None = None, kind: str | None = None
) -> Matches:
    raw = RawLedger(headings, pd.DataFrame([["x"] * len(headings)], index=[2]))
    source = LedgerSource(Path("a.csv"), columns=columns or {}, population_kind=kind)
    return match_headings(raw, table, source)


SAMPLE = {
    "centres": """编号 名称 设施类型 运营状态 所在街道 所在社区 服务社区 经度 纬度
        建筑面积 面积口径 共用面积 功能用房 楼层 日托位 床位""",
    "candidates": """编号 名称 现状用途 经度 纬度 可用面积 面积口径 楼层 产权 取得方式
        房屋安全鉴定 消防手续 改造费用(万元)""",
    "estates": """编号 名称 所在街道 经度 纬度 规划户数 住宅建筑面积 已交付养老用房
        规划 建设 验收 交付""",
    "communities": "名称 代码 街道 类型 常住人口 60岁以上 65岁以上 80岁以上 户数 经度 纬度",
}


@pytest.mark.parametrize("table", SAMPLE)
def test_the_headings_of_the_sample(table: str) -> None:
    found = matched(table, *SAMPLE[table].split())
    assert not found.problems
    assert not found.unmatched
    assert set(found.columns) <= set(column_names(table))
    assert len(found.columns) == len(SAMPLE[table].split())


def test_the_headings_of_buildings() -> None:
    found = matched("residents", "编号", "社区代码", "层数", "用途")
    assert set(found.columns) == {"id", "community", "floors", "building_use"}


@pytest.mark.parametrize(
    ("heading", "column", "unit"),
    [
        ("改造费用(万元)", "cost_10k_yuan", "万元"),
        ("改造费用（元）", "cost_10k_yuan", "元"),
        ("可用面积（㎡）", "area_m2", "m2"),
        ("可用面积【亩】", "area_m2", "亩"),
        ("可 用 面 积 ", "area_m2", None),
        ("可用面积㎡", "area_m2", "m2"),
        ("可用面积/平方米", "area_m2", "平方米"),
        ("*名称：", "name", None),
        ("ＬＯＮ", "longitude", None),
        ("改造费用\n（单位：万元）", "cost_10k_yuan", "万元"),
    ],
)
def test_dress_does_not_matter(heading: str, column: str, unit: str | None) -> None:
    found = matched("candidates", heading)
    assert found.columns[column].unit == unit
    assert found.columns[column].heading == heading


@pytest.mark.parametrize(
    "heading", ["60岁及以上", "60岁以上(人)", "６０周岁以上", "60岁及以上老年人口", "60+", "≥60岁"]
)
def test_elders(heading: str) -> None:
    assert set(matched("communities", heading).columns) == {"elderly_60"}


@pytest.mark.parametrize("table", LEDGER_TABLES)
def test_every_column_is_found_by_its_own_name_and_labels(table: str) -> None:
    for column in LEDGER_TABLES[table]:
        if column.name in column_names(table):
            for heading in (column.name, column.zh, column.en):
                assert synonyms(table)[normalised(heading)[0]] == column.name


@pytest.mark.parametrize("table", LEDGER_TABLES)
def test_no_synonym_means_two_columns_or_a_person(table: str) -> None:
    file = resources.files("planner.ledgers") / "headings.toml"
    book = tomllib.loads(file.read_text(encoding="utf-8"))
    counted: Counter[str] = Counter()
    for name in book[table]:
        listed = [*book[table][name], *book["shared"].get(name, {}).get("headings", [])]
        counted.update({normalised(heading)[0] for heading in listed})
        for heading in listed:
            assert not names_persons(heading), heading
    assert not [heading for heading, times in counted.items() if times > 1]


@pytest.mark.parametrize("table", LEDGER_TABLES)
def test_every_column_is_of_the_table_or_known(table: str) -> None:
    known = {column.name for column in LEDGER_TABLES[table]}
    assert set(column_names(table)) - known <= {*TEXT_COLUMNS, "street", "easting", "northing"}
    numbers = {one.name for one in LEDGER_TABLES[table] if one.kind == "number"} - {"floor"}
    assert numbers <= set(COLUMN_QUANTITIES)


PERSONS = """姓名 联系人 联系电话 负责人姓名 身份证号码 手机号 门牌号 户主 家庭住址
    联系方式 院长（签字） Phone 老人姓名 责任人(电话) 出生年月"""


@pytest.mark.parametrize("heading", PERSONS.split())
def test_persons(heading: str) -> None:
    found = matched("centres", "名称", heading)
    assert found.persons == (heading,)
    assert found.unmatched == ()
    assert found.compared == (0,)


@pytest.mark.parametrize(
    "heading", ["名称", "户数", "功能室", "教室", "街道", "建筑面积", "地址", "运营单位"]
)
def test_not_persons(heading: str) -> None:
    assert not names_persons(heading)
    assert not names_persons(heading, short=True)


def test_two_headings_for_one_column() -> None:
    found = matched("centres", "名称", "设施名称", "类型")
    (problem,) = found.problems
    assert problem.key == "ledgers.heading_twice"
    assert problem.fields["headings"] == "名称、设施名称"
    assert "columns" in problem.text()
    mended = matched("centres", "名称", "设施名称", "类型", columns={"name": "设施名称"})
    assert not mended.problems
    assert mended.columns["name"].position == 1
    assert mended.unmatched == ("名称",)


def test_several_areas() -> None:
    found = matched("centres", "占地面积", "使用面积", "建筑面积(㎡)")
    assert found.columns["area_m2"].heading == "建筑面积(㎡)"
    assert found.columns["area_m2"].says == "建筑"
    assert [told.key for told in found.remarks] == ["ledgers.heading_chosen"]
    assert set(found.unmatched) == {"占地面积", "使用面积"}
    assert matched("centres", "建筑面积", "总建筑面积").problems


def test_several_populations() -> None:
    both = ("常住人口", "户籍人口")
    assert matched("communities", *both).problems
    found = matched("communities", *both, kind="户籍")
    assert found.columns["population"].heading == "户籍人口"
    assert found.unmatched == ("常住人口",)


def test_counters_are_neither_used_nor_told() -> None:
    found = matched("centres", "序号", "名称", "备注")
    assert found.unmatched == ("备注",)
    assert found.compared == (1, 2)


def test_an_odd_bracket_is_told() -> None:
    found = matched("centres", "建筑面积（不含地下）")
    assert found.columns["area_m2"].position == 0
    assert found.remarks[0].fields == {"heading": "建筑面积（不含地下）", "bracket": "不含地下"}


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"nmae": "名称"}, "override_unknown"),
        ({"name": "没有"}, "override_missing"),
        ({"name": "联系人"}, "override_person"),
        ({"rooms": "备注"}, "override_twice"),
    ],
)
def test_overrides_that_cannot_be_followed(columns: Mapping[str, str], key: str) -> None:
    found = matched("centres", "名称", "类型", "联系人", "备注", "备注", columns=columns)
    (problem,) = found.problems
    assert problem.key == f"ledgers.{key}"


def test_all_problems_are_listed_at_once(tmp_path: Path) -> None:
    file = zoo.write_csv(tmp_path / "a.csv", ["面积", "电话", "编号", "代码"], [[1, "138", 2, 3]])
    source = LedgerSource(file, datum="wgs84", columns={"rooms": "没有"})
    with pytest.raises(LedgerError) as caught:
        read_ledger("centres", source)
    listed = [problem.key.removeprefix("ledgers.") for problem in caught.value.problems]
    assert sorted(listed) == [
        "column_required", "column_required", "heading_twice", "override_missing",
    ]  # fmt: skip
    text = str(caught.value)
    assert "a.csv" in text
    assert "面积" in text
    assert "138" not in text


def test_unmatched_headings_are_told(tmp_path: Path) -> None:
    rows = [["甲", "日间照料", 108.7, 34.3, "x", "y"]]
    file = zoo.write_csv(tmp_path / "a.csv", ["名称", "类型", "经度", "纬度", "备注", "星级"], rows)
    ledger = read_ledger("centres", LedgerSource(file, datum="wgs84"))
    assert zoo.finding(ledger, "unmatched")["fields"] == {"headings": "备注、星级"}
