r"""Pools of estates' rooms in a programme, and candidates on no menu; figures by hand.

Doors of :mod:`tests.workflow.town` ask for day places, all of their elders; the estates' rooms are
those of :mod:`tests.workflow.test_estates`, 100 + 130 + 80 = 310 m² at E2, 24 day places::

    C1,P      R1  R2 R3   A     E1   R4 H,E2 E3    R5        K     R6
    ●─────────●───●──●────●─────●────●──●────●─────●─────────●─────●──
    0        200 700 900 1000  1200 1400 1600 1700 2000     2800 2900

C1 takes 54 of R1 and R2 (70), the room P 9 more. The pool reaches R3, R4, R5 (95); H, 800 m² and so
57 places of 三类 at 1,640 m, R4 and R5 (70). H is what E2 is to hand over: the same rooms.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
from openpyxl import Workbook
from shapely import Point

import planner
from planner.workflow.programmes.found import FoundProgramme, ProgrammeGround
from planner.workflow.programmes.pools import PooledRooms, pooled_rooms
from planner.workflow.programmes.rows import unused_rows
from planner.workflow.programmes.summary import programme_notices, programme_summary
from planner.workflow.programmes.words import programme_lines, programme_sheets
from planner.workflow.run import RunResult
from tests.workflow.programme_town import COSTS, ask, run_town, write_programme_town
from tests.workflow.town import degrees

CANDIDATES = (
    # id, name, easting, area, present use, way, cost in 10,000 yuan
    ("A", "乙闲置学校", 1000, 1_085, "闲置学校", "改造", 30),
    ("H", "E2苑配建用房", 1640, 800, "配建用房", "移交", 10),
    ("P", "甲党群服务中心", 100, 120, "党群服务中心", "党群整合", None),
    ("K", "丙小仓库", 2800, 749, "闲置仓库", "改造", 5),
    ("Z", "丙门房", 2800, 299, "闲置门房", "租赁", 1),
    ("Q", "丙党群服务中心", 2900, 500, "党群服务中心", "党群整合", None),
)
ESTATES = (("E1", 1200, 500, 0), ("E2", 1600, 600, 130), ("E3", 1700, 400, 0))
SECTIONS = """[estates]
file = "estates.xlsx"
datum = "cgcs2000"
[standard]
books = ["ningbo-2018", "shaanxi"]
on = "2025-06-30"
[siting]
barred = ["A", "H"]"""
PRICE = "归集小区配建用房,元/处,300000,合成数据,2026\n"
POOL = "pool_rooms:E2"


def write_pool_town(folder: Path) -> Path:
    """Write the town with three estates, E1's rooms expected in May of 2031."""
    text = 'unit = "day_places"\nbudgets_10k_yuan = { 2030 = 30, 2035 = 0 }'
    write_programme_town(folder, text, COSTS + PRICE, CANDIDATES, **{"[siting]": SECTIONS})
    book = Workbook()
    page = book.active
    assert page is not None
    heads = ("编号", "名称", "经度", "纬度", "规划户数", "已交付养老用房", "建成情况", "交付")
    page.append([*heads, "交付时间"])
    for one, east, households, delivered in ESTATES:
        expected = ("未到阶段", "2031-05") if one == "E1" else (None, None)
        place = degrees(float(east), 10.0)
        page.append([one, f"{one}苑", *place, households, delivered, "新建", *expected])
    book.save(folder / "estates.xlsx")
    return folder


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, ProgrammeGround]:
    return run_town(write_pool_town(tmp_path_factory.mktemp("pools") / "town"))


@pytest.fixture(scope="module")
def ground(ran: tuple[RunResult, ProgrammeGround]) -> ProgrammeGround:
    return ran[1]


def done(found: FoundProgramme) -> dict[str, Any]:
    assert found.plan is not None
    return {str(one): year for one, year in found.plan.chosen["year"].items()}


def served(found: FoundProgramme) -> list[float]:
    assert found.plan is not None
    return [float(one) for one in found.plan.by_year["served_persons"]]


def test_a_pool_is_done_when_its_last_rooms_are_there(
    ran: tuple[RunResult, ProgrammeGround],
) -> None:
    result = ran[0]
    found = result.findings.programme
    assert found is not None
    # 24 in 2035 are more than the 9 of P in both years; before May of 2031 E1 brings nothing.
    assert done(found) == {POOL: 2035}
    assert served(found) == [54.0, 78.0]
    assert found.plan is not None
    assert found.plan.cost_yuan == 300_000.0
    assert found.walked
    assert found.menu is not None
    row = found.menu.menu.measures.loc[POOL]
    assert (row["adds_m2"], row["adds_persons"], row["from_year"]) == (310.0, 24.0, 2031.0)
    assert set(row["one_of"]) == {"E2", "H"}


def test_a_pool_is_judged_and_told_by_its_estates(ran: tuple[RunResult, ProgrammeGround]) -> None:
    result = ran[0]
    found = result.findings.programme
    assert found is not None
    assert found.audit is not None
    judged = found.audit.audit.centres.loc["E2"]
    assert (judged["building_m2"], judged["status"]) == (310.0, "运营")
    assert found.audit.sites.loc["E2", "to_visit"]
    assert found.audit.sites.loc["E2", "grade"] is not None
    kind = "归集小区配建用房（E1苑、E2苑、E3苑；其中应配未交 180 m²）"
    page = openpyxl.load_workbook(result.folder / "workbook.xlsx")["近期项目库"]
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    (row,) = [one for one in cells if one[1] == "E2"]
    assert row[:5] == ["2035", "E2", "E2苑", "东街道", kind]
    layer = pyogrio.read_dataframe(result.folder / "layers.gpkg", layer="programme")
    assert layer["programme_kind"].tolist() == [kind]
    spot = gpd.GeoSeries([Point(degrees(1600.0, 10.0))], crs="EPSG:4490").to_crs(layer.crs)
    assert layer.geometry.iloc[0].distance(spot.iloc[0]) < 0.01
    assert kind in (result.folder / "map.html").read_text(encoding="utf-8")
    assert result.summary["programme"]["pools"] == 1
    assert "归集小区配建用房 1 项" in programme_lines(result.summary["programme"], "zh")[0]


@pytest.mark.parametrize(("budget", "wanted"), [(29.99, {"take_over_rooms:C1:P"}), (30.0, {POOL})])
def test_a_pool_at_the_edge_of_the_money(
    ground: ProgrammeGround, budget: float, wanted: set[str]
) -> None:
    assert set(done(ask(ground, budget_10k_yuan=budget))) == wanted


def test_a_room_in_a_pool_counts_once(ground: ProgrammeGround) -> None:
    rules = {"barred": ("A",)}
    found = ask(ground, rules, budget_10k_yuan=99.0)
    # C1 54, P 9, H 57: with the pool's 24 more the 130 m² of E2 would be used twice.
    assert set(done(found)) == {"hand_over:H:三类", "take_over_rooms:C1:P"}
    assert served(found) == [120.0]
    assert "E2苑配建用房" in " ".join(programme_sheets(found, "zh")["programme_unused"].lines)
    other = ground.siting.candidates.assign(acquisition="改造")
    asked = dataclasses.replace(ground.siting.asked, candidates=other)
    free = dataclasses.replace(ground, siting=dataclasses.replace(ground.siting, asked=asked))
    found = ask(free, rules, budget_10k_yuan=99.0)
    assert POOL in done(found)
    assert served(found) == [144.0]


def told_unused(found: FoundProgramme) -> dict[str, dict[str, Any]]:
    rows = unused_rows(found, "zh").to_dict("records")
    return {str(row["id"]): {str(key): row[key] for key in row} for row in rows}


def pools_of(ground: ProgrammeGround, candidates: gpd.GeoDataFrame, taken: set[str]) -> PooledRooms:
    assert ground.ledgers.estates is not None
    pools = pooled_rooms(ground.estates, ground.ledgers.estates.table, candidates, taken)
    assert pools is not None
    return pools


@pytest.mark.parametrize(("off_m", "same"), [(49.9, ("H",)), (50.1, ())])
def test_the_same_rooms_by_place(
    ground: ProgrammeGround, off_m: float, same: tuple[str, ...]
) -> None:
    alone = ground.siting.candidates.loc[["H"]].assign(name="配建用房")
    assert ground.ledgers.estates is not None
    west = ground.ledgers.estates.table.geometry["E1"]
    moved = alone.set_geometry([Point(west.x - off_m, west.y)], crs=alone.crs)
    assert pools_of(ground, moved, set()).rooms["same_as"].tolist() == [same]
    leased = moved.assign(acquisition="租赁")
    assert pools_of(ground, leased, set()).rooms["same_as"].tolist() == [()]


def test_a_pools_id_is_its_own(ground: ProgrammeGround) -> None:
    candidates = ground.siting.candidates
    assert pools_of(ground, candidates, {"E1"}).sites.index.tolist() == ["E2"]
    assert pools_of(ground, candidates, {"E2"}).sites.index.tolist() == ["归集·E2"]


def test_pools_are_asked_for_and_priced_by_the_table(ground: ProgrammeGround) -> None:
    told = programme_summary(ask(ground, budget_10k_yuan=99.0, pool_estates=False))
    assert told is not None
    assert "pool_rooms" not in told["menu"]
    costs = ground.remedies.costs.drop(index="pool_estates")
    poor = dataclasses.replace(ground, remedies=dataclasses.replace(ground.remedies, costs=costs))
    found = ask(poor, budget_10k_yuan=99.0)
    told = programme_summary(found)
    assert told is not None
    assert told["menu"]["pool_rooms"] == 1
    assert told["prices_missing"] == ["pool_estates"]
    rows = told_unused(found)
    assert "费用不详" in rows["E2"]["programme_reason"]
    assert "E1苑、E2苑、E3苑" in rows["E2"]["programme_kind"]


def test_candidates_on_no_menu_are_told_with_the_reason(ground: ProgrammeGround) -> None:
    found = ask(ground, budget_10k_yuan=99.0)
    told = programme_summary(found)
    assert told is not None
    assert (told["candidates_left_out"], told["candidates_below_class"]) == (3, 2)
    rows = told_unused(found)
    # 749 m² are enough for [siting], 300, and too little for 三类, 750; 299 m² for either.
    for one, least in (("K", "750 m²"), ("Z", "300 m²")):
        assert f"小于所需的 {least}" in rows[one]["programme_reason"]
    # Q is too small for a centre, and no centre is near enough to take its rooms over.
    reason = rows["Q"]["programme_reason"]
    assert "小于所需的 750 m²" in reason
    assert "没有可以接收其用房的运营设施" in reason
    (notice,) = programme_notices(found)
    assert "2 处" in notice.text("zh")
    assert "750 m²" in notice.text("zh")
    # P stands on the menu as a room of C1: taken off it, it stands among the rest.
    assert "P" not in rows
    assert "P" in told_unused(ask(ground, budget_10k_yuan=9.0, take_over=False))
    # Nothing is lost: each candidate is a site, a room that is offered, or among the rest.
    assert found.menu is not None
    measures = found.menu.menu.measures
    offered = {one for cell in measures["one_of"] if isinstance(cell, tuple) for one in cell}
    assert offered | set(rows) >= set(ground.siting.candidates.index)


def test_planner_run_reads_the_setting(tmp_path: Path) -> None:
    folder = write_programme_town(tmp_path / "town", "budget_10k_yuan = 1\npool_estates = false")
    settings = planner.read_project(folder).scenario.programme
    assert settings is not None
    assert settings.pool_estates is False
