r"""The one-street town with money to spend: small enough to try every programme.

Doors ask for day places, all of their elders (rate 1), so that places run short::

    C1,P(room)   A          B(warehouse)   E
    0  100    1000         2100           2800      m along the street
    R1 R2 R3        R4     R5                 R6

C1 takes 700 × 0.65 / 8.5 = 54, a centre of 三类 57, of 二类 83, the room P 9 more.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

import planner
from planner.scenario.siting import ProgrammeSettings
from planner.workflow.inputs.record import Clock, silent
from planner.workflow.programmes.answering import programme_of
from planner.workflow.programmes.found import FoundProgramme, ProgrammeGround
from planner.workflow.run import RunResult
from tests.workflow.town import DOORS, degrees, write_town

HEADINGS = ("编号", "名称", "经度", "纬度", "可用面积", "面积口径", "楼层", "房屋安全鉴定",
            "消防手续", "现状用途", "取得方式", "改造费用(万元)")  # fmt: skip
CANDIDATES = (
    # id, name, easting, area, present use, way, cost in 10,000 yuan
    ("A", "乙闲置学校", 1000, 1_085, "闲置学校", "改造", 30),
    ("B", "丙闲置仓库", 2100, 800, "闲置仓库", "移交", 20),
    ("P", "甲党群服务中心", 100, 120, "党群服务中心", "党群整合", None),
    ("E", "丙闲置厂房", 2800, 760, "闲置厂房", "回购", None),
)
SITES = {"C1": 0.0, **{row[0]: float(row[2]) for row in CANDIDATES}}
REACH_M = 15 * 60 * 0.83 - 20.0
"""Along the street; doors and sites stand 10 m off it."""

SETTINGS = """
[years]
base = 2024
plan = [2030, 2035]
method = "growth"
growth = { elderly_60 = 0.03, elderly_65 = 0.03, elderly_80 = 0.03, population = 0.0 }
source = "试算"
[capacity]
demand_rate = 1.0
[remedies]
costs = "costs.csv"
"""
COSTS = "措施,单位,单价(元),来源,日期\n调剂党群服务中心房间,元/㎡,400,合成数据,2026\n"


def write_programme_town(
    folder: Path,
    programme: str,
    costs: str = COSTS,
    candidates: Sequence[tuple[Any, ...]] = CANDIDATES,
    **replaced: str,
) -> Path:
    """Write the town's project with ``[programme]``; ``replaced`` as :func:`write_town` has it."""
    write_town(folder, **replaced)
    settings = folder / "project.toml"
    told = settings.read_text(encoding="utf-8")
    settings.write_text(f"{told}{SETTINGS}[programme]\n{programme}\n", encoding="utf-8")
    (folder / "costs.csv").write_text(costs, encoding="utf-8")
    book = Workbook()
    sheet = book.active
    sheet.append(list(HEADINGS))
    for one, name, east, area, use, way, cost in candidates:
        place = degrees(float(east), 10.0)
        sheet.append([one, name, *place, area, "建筑", 1, "合格", "齐全", use, way, cost])
    book.save(folder / "candidates.xlsx")
    return folder


def run_town(folder: Path) -> tuple[RunResult, ProgrammeGround]:
    """Run the town; return the run, and what its programme was asked with."""
    grounds: list[ProgrammeGround] = []

    def watched(ground: ProgrammeGround, clock: Clock) -> FoundProgramme | None:
        grounds.append(ground)
        return programme_of(ground, clock)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["planner.workflow.run"], "programme_of", watched)
        result = planner.run(folder)
    return result, grounds[0]


def ask(
    ground: ProgrammeGround, siting: dict[str, Any] | None = None, **given: Any
) -> FoundProgramme:
    """Ask another programme of the same town."""
    scenario = ground.project.scenario
    scenario = dataclasses.replace(
        scenario,
        programme=ProgrammeSettings(**{"unit": "day_places", **given}),
        siting=dataclasses.replace(scenario.siting, **(siting or {})),
    )
    project = dataclasses.replace(ground.project, scenario=scenario)
    found = programme_of(dataclasses.replace(ground, project=project), Clock(1, silent))
    assert found is not None
    return found


def asks(year: int) -> dict[str, float]:
    """Return how many of each door ask for a place in a year."""
    return {door: row[2] * 1.03 ** (year - 2024) for door, row in DOORS.items()}


def reaches(door: str, site: str) -> bool:
    """Tell who walks to what in time, by hand: those on the stray street and off it go nowhere."""
    east, north = DOORS[door][:2]
    return north == 10.0 and abs(east - SITES[site]) <= REACH_M
