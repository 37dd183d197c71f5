"""New estates of the one-street town, from their ledger to the sheets, figures by hand.

Estates stand 10 m north of the street, as the doors of :mod:`tests.workflow.town` do:

      R3      E1    R4   E2 E3    R5        E4  R6
    ──●───────●─────●────●──●─────●──────────●──●──
     900    1200  1400 1600 1700 2000      2880 2900

E6 has no coordinates. By 20 m² a hundred households E1 owes 100, E2 120 (has 130), E3 80, E4 40,
E6 20 m²: together E1–E3 bring
100 + 130 + 80 = 310 m², a centre of 300. Elders reach 727 m along the street: at E1 R3 and R4 (75
who reach no centre today), at E2 R3, R4 and R5 (95), at E3 R4 and R5 (70).
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from openpyxl import Workbook
from shapely import Point, box

import planner
from planner.errors import ScenarioError
from planner.outputs.book.workbook import write_workbook
from planner.outputs.sheet_columns import COLUMNS
from planner.outputs.sheets import workbook_tables
from planner.outputs.web.web_map import write_map
from planner.workflow.content import plan_content
from planner.workflow.findings import Findings
from planner.workflow.inputs.project_books import audit_day
from planner.workflow.inputs.record import Clock, silent
from planner.workflow.run import STEPS, find_out
from planner.workflow.standards.estate_rows import estate_sheets, estate_summary
from planner.workflow.standards.estates import estate_doors, least_joined
from tests.standards.estate_books import SHAOXING, ZHEJIANG, book, clause
from tests.workflow.town import degrees, write_town

ESTATES = (
    # id, easting, households, delivered, age, four states, expected hand-over, housing handed over
    ("E1", 1200, 500, 0, "新建", "已同步", "未同步", "未到阶段", "未到阶段", "2025-06-29", None),
    ("E2", 1600, 600, 130, "新建", "已同步", "已同步", "已同步", "已同步", "2025-02-01", "2025-01"),
    ("E3", 1700, 400, 0, "新建", "已同步", "已同步", "未到阶段", "未到阶段", None, "2025-06-20"),
    ("E4", 2880, 200, 0, "新建", None, None, None, None, None, None),
    ("E5", 2890, 1000, 0, None, None, None, None, None, None, None),
    ("E6", None, 100, 0, "新建", None, None, None, None, None, None),
)
HEADINGS = (
    "编号", "名称", "经度", "纬度", "规划户数", "已交付养老用房", "建成情况", "规划", "建设",
    "验收", "交付", "交付时间", "住宅交付时间",
)  # fmt: skip
SECTIONS = """[estates]
file = "estates.xlsx"
datum = "cgcs2000"
[standard]
books = ["ningbo-2018", "shaanxi"]
on = "2025-06-30"
[siting]"""


def write_estates(folder: Path, **settings: str) -> Path:
    """Write the town with its estates."""
    write_town(folder, **{"[siting]": SECTIONS}, **settings)
    made = Workbook()
    page = made.active
    assert page is not None
    page.append(list(HEADINGS))
    for name, easting, *facts in ESTATES:
        place = (None, None) if easting is None else degrees(float(easting), 10.0)
        page.append([name, f"{name}苑", *place, *facts])
    made.save(folder / "estates.xlsx")
    return folder


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    folder = write_estates(tmp_path_factory.mktemp("estates"))
    return find_out(planner.read_project(folder), Clock(STEPS, silent))


def test_what_they_owe(found: Findings) -> None:
    assert found.estates is not None
    owed = found.estates.owed
    assert owed.estates["required_m2"].tolist()[:4] == [100.0, 120.0, 80.0, 40.0]
    assert owed.estates["result"].tolist() == [
        "short",
        "meets",
        "short",
        "short",
        "unknown",
        "short",
    ]
    assert owed.estates["due"].tolist() == ["later", "now", "now", *["unknown"] * 3]
    figures = found.summary["estates"]
    assert (figures["required_m2"], figures["delivered_m2"]) == (360.0, 130.0)
    assert figures["short_m2"] == 240.0
    assert (figures["short_now_m2"], figures["short_later_m2"]) == (80.0, 100.0)
    assert figures["short_unknown_m2"] == 60.0
    assert (figures["unknown_if_new_m2"], figures["unknown_if_built_m2"]) == (200.0, 150.0)
    assert figures["books"] == ["ningbo-2018", "shaanxi"]


def test_one_pool_where_most_elders_newly_walk_to_it(found: Findings) -> None:
    assert found.estates is not None
    pools = found.estates.pools
    assert pools.pools[["place", "estates", "rooms_m2"]].to_numpy().tolist() == [
        ["E2", "E1、E2、E3", 310.0]
    ]
    pool = pools.pools.loc[1]
    assert pool["elderly_60_new"] == pool["elderly_60_reached"] == pools.bound == 95.0
    assert (pool["delivered_m2"], pool["owed_m2"]) == (130.0, 180.0)
    # E1 to E2: 400 m along the street and 10 m from either door.
    assert pool["walk_minutes_longest"] == pytest.approx(420 / 0.83 / 60, rel=1e-3)
    assert pools.estates["state"].tolist() == [
        *["pooled"] * 3, "no_partner", "unknown", "not_placed",
    ]  # fmt: skip
    assert found.estates.least_from is None
    assert found.summary["estates"]["pools"] == {
        "pools": 1, "estates": 3, "rooms_m2": 310.0, "least_m2": 300.0, "least_from": "siting",
        "elderly_60_new": 95.0, "bound": 95.0, "status": "optimal",
    }  # fmt: skip


def test_the_steps_that_are_late(found: Findings) -> None:
    assert found.estates is not None
    late = found.estates.steps.late.set_index(["estate", "step"])
    assert list(late.index) == [
        ("E1", "built"), ("E1", "handed_over"), ("E2", "handed_over"),
        ("E3", "accepted"), ("E3", "handed_over"),
    ]  # fmt: skip
    assert late["late_days"].tolist()[1:] == [1.0, 1.0, 10.0, 10.0]
    # January to the first of February: at least a day.
    assert late["late_at_least"].tolist() == [False, False, True, False, False]
    assert found.summary["estates"]["steps"] == {
        "done": 6, "late": 5, "not_due": 1, "unknown": 12, "not_applicable": 0,
    }  # fmt: skip


def test_sheets_and_layer_say_the_same(found: Findings, tmp_path: Path) -> None:
    content = plan_content(found)
    shown = workbook_tables(content)
    rooms = shown["estate_rooms"]
    assert len(rooms) == 6 * 3
    own = rooms[(rooms["id"] == "E1") & rooms["estate_decides"]].iloc[0]
    assert own["estate_told"] == "500 户 × 20 m²/百户 = 100 m²；已有 0 m²；短缺 100 m²"
    assert own["estate_result"] == "不符合"
    ageless = rooms[rooms["id"] == "E5"]["estate_told"].tolist()
    assert ageless[0] == (
        "1,000 户 × 20 m²/百户 = 200 m²；已有 0 m²；不知是否适用；请在台账填写：建成情况"
    )
    assert ageless[1].startswith("1,000 户 × 15 m²/百户 = 150 m²")
    assert shown["estate_steps"]["estate_result"].tolist()[:4] == [
        "已完成", "滞后或有误", "未到阶段", "滞后或有误",
    ]  # fmt: skip
    pool = shown["estate_pools"].iloc[0]
    assert pool["estate_members"] == "E1苑、E2苑、E3苑"
    assert (pool["estate_new_60"], pool["estate_rooms_owed_m2"]) == (95.0, 180.0)
    basis = pool["estate_basis"]
    assert basis.startswith("已交面积口径待核对：E2苑；应建按《宁波市居家养老服务条例》（应，")
    ledger = shown["estates"]
    assert (
        ledger["estate_told"]
        .tolist()[1]
        .startswith("600 户 × 20 m²/百户 = 120 m²；已有 130 m²；口径待核对")
    )
    assert ledger["estate_pool"].tolist()[:4] == ["归集 1"] * 3 + ["限时内凑不够面积"]
    assert ledger["estate_short_m2"].tolist()[:4] == [100.0, 0.0, 80.0, 40.0]
    write_workbook(content, tmp_path / "book.xlsx")
    write_map(content, tmp_path / "map.html")
    page = openpyxl.load_workbook(tmp_path / "book.xlsx")["配建归集"]
    said = "\n".join(str(page.cell(row, 1).value) for row in range(1, 12))
    assert "任何归集方案至多 95 名" in said
    assert "least_area_m2" in said
    assert "归集的用房中 3 处楼层未填，待踏勘：E1苑、E2苑、E3苑" in said
    assert "（0 个）按居民点，其余（5 个）按其位置" in said
    assert all(len(COLUMNS[key]) <= 14 for key in ("estate_rooms", "estate_steps", "estate_pools"))


def test_few_elders_are_told_in_no_output(found: Findings) -> None:
    """Under five persons newly within reach: neither sheet, sentence nor summary tells them."""
    assert found.estates is not None
    assert found.ledgers.estates is not None
    pools = found.estates.pools
    few = type(found.estates)(
        **found.estates.__dict__
        | {
            "pools": type(pools)(
                **pools.__dict__
                | {
                    "elderly_60_new": 4.0,
                    "bound": 4.0,
                    "pools": pools.pools.assign(elderly_60_new=4.0, elderly_60_reached=4.0),
                }
            )
        }
    )
    figures = estate_summary(few)
    assert figures is not None
    assert figures["pools"]["elderly_60_new"] is figures["pools"]["bound"] is None
    told = estate_sheets(few, found.ledgers.estates.table, "en")["estate_pools"]
    assert told.table[["estate_new_60", "estate_reached_60"]].isna().all(axis=None)
    assert any("fewer than 5" in line for line in told.lines)


def test_no_estates_and_no_books_that_speak_of_them(tmp_path: Path) -> None:
    assert estate_summary(None) is None
    assert all(told.table.empty for told in estate_sheets(None, None, "zh").values())
    folder = write_estates(tmp_path / "silent", **{'books = ["ningbo-2018", "shaanxi"]': ""})
    silent_one = find_out(planner.read_project(folder), Clock(STEPS, silent)).estates
    assert silent_one is not None
    assert silent_one.owed.findings.empty
    assert silent_one.owed.district.without_rule == 6
    estates = pd.DataFrame({"name": [None] * 6}, index=[f"E{n}" for n in range(1, 7)])
    assert "[standard] books" in estate_sheets(silent_one, estates, "zh")["estate_rooms"].lines[0]
    bad = write_estates(tmp_path / "bad", **{"2025-06-30": "midsummer"})
    with pytest.raises(ScenarioError, match="midsummer"):
        audit_day(planner.read_project(bad))


def test_where_the_elders_of_an_estate_live() -> None:
    """Residents within its outline; none there, or a point: the estate's own place."""
    estates = gpd.GeoDataFrame(
        geometry=[box(0, 0, 10, 10), box(5, 0, 20, 10), box(50, 0, 60, 10), Point(1, 1)],
        index=["A", "B", "C", "D"],
        crs="EPSG:4545",
    )
    residents = gpd.GeoDataFrame(
        geometry=[Point(1, 1), Point(7, 5), Point(15, 5), Point(40, 5)],
        index=["r1", "r2", "r3", "r4"],
        crs="EPSG:4545",
    )
    expected = {"r1": "A", "r2": "A", "r3": "B", "C": "C", "D": "D"}
    assert estate_doors(estates, residents).to_dict() == expected
    assert estate_doors(estates.iloc[::-1], residents.iloc[::-1]).to_dict() == expected
    assert estate_doors(estates.iloc[:0], residents).empty


def test_the_least_area_of_joined_rooms_is_the_must_then_the_larger() -> None:
    joined = "care_area_least_joined_place"
    should = book("should", clause("most", joined, 900.0, force="宜"))
    must = book("must", clause("less", joined, 250.0), clause("more", joined, 350.0))
    for books in ((should, SHAOXING, must), (must, SHAOXING, should)):
        least = least_joined(books)
        assert least is not None
        assert (least[0].name, least[1].id) == ("must", "more")
    assert least_joined((ZHEJIANG,)) is None


def test_a_wrong_day_of_the_audit_is_refused_by_the_check_too(tmp_path: Path) -> None:
    bad = write_estates(tmp_path, **{"2025-06-30": "midsummer"})
    for asked in (planner.check, planner.run):
        with pytest.raises(ScenarioError, match="midsummer"):
            asked(bad)
