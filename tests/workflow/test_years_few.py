"""Few persons whom today's siting withholds come back neither by years, nor by gaps.

The town of one street, whose farthest door (R6) holds three elders: K2 alone may be chosen, and
brings these three within reach. Nothing changes in the years planned for.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
from typing import Any

import openpyxl
import pandas as pd
import pytest

from planner.workflow.gaps.content import gap_summary
from planner.workflow.gaps.listed import listed_gaps
from planner.workflow.run import RunResult, run
from planner.workflow.siting.register import few
from planner.workflow.years.lines import year_lines
from planner.workflow.years.rows import year_rows, year_summary
from tests.workflow import town

YEARS = """[years]
plan = [2030, 2035]
base = 2024
method = "growth"
source = "测试"
growth = { population = 0.0, elderly_60 = 0.0, elderly_65 = 0.0, elderly_80 = 0.0 }
[control_totals]"""
BARRED = 'new_centres = 1\nbarred = ["K1"]'


def thin_run(factory: pytest.TempPathFactory, **settings: str) -> RunResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(town, "DOORS", town.DOORS | {"R6": (2900.0, 10.0, 3, 2, 0)})
        folder = town.write_town(factory.mktemp("few") / "town", **settings)
    return run(folder)


@pytest.fixture(scope="module")
def thin(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return thin_run(tmp_path_factory, **{"new_centres = 1": BARRED, "[control_totals]": YEARS})


def sheet(result: RunResult, name: str) -> list[list[Any]]:
    page = openpyxl.load_workbook(result.files["workbook"], read_only=True)[name]
    return [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]


# Years ------------------------------------------------------------------------------------------
def test_no_year_tells_what_today_withholds(thin: RunResult) -> None:
    today = thin.summary["siting"]
    assert (today["covered_before"], today["covered_after"], today["gain"]) == (70, None, None)
    for year, plan in thin.summary["years"]["plans"].items():
        told = plan["siting"]
        assert told["chosen"] == ["K2"], year
        assert (told["covered_before"], told["covered_after"], told["gain"]) == (70, None, None)
    rows = year_rows(thin.findings.years, ("日间照料",), "zh")
    assert "year_gain" not in rows
    said = "\n".join(thin.headline())
    assert "新增可达 3 人" not in said
    assert said.count("再建 1 处，新增可达人数不列") == 2
    english = "\n".join(year_lines(thin.summary["years"], "en"))
    assert english.count("how many more they bring within reach is not told") == 2
    written = json.loads(thin.files["summary"].read_text("utf-8"))
    assert written["years"]["plans"]["2035"]["siting"]["covered_after"] is None


def test_today_is_told_in_the_years_as_it_is_told_today(
    thin: RunResult, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # By the walk 43 are covered today, within 690 m three fewer: today's figure is withheld.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(town, "DOORS", town.DOORS | {"R2": (700.0, 10.0, 3, 2, 0)})
        settings = {"new_centres = 1": "new_centres = 1\nradius_m = 690", "[control_totals]": YEARS}
        near = run(town.write_town(tmp_path_factory.mktemp("near") / "town", **settings))
    today = near.summary["siting"]
    assert (today["covered_before"], today["covered_after"]) == (None, 118)
    for year, plan in near.summary["years"]["plans"].items():
        told = plan["siting"]
        figures = (told["covered_before"], told["covered_after"], told["gain"])
        assert figures == (None, 118, None), year
    # Whose siting is unknown, or of nobody's people, is not told either.
    found = thin.findings.years
    assert found is not None
    plans = tuple(dataclasses.replace(one, most=None) for one in found.plans)
    summary = year_summary(dataclasses.replace(found, plans=plans))
    assert summary is not None
    assert all(one["siting"] is None for one in summary["plans"].values())


# Gaps -------------------------------------------------------------------------------------------
def test_the_total_of_gaps_less_those_listed_tells_of_no_few(thin: RunResult) -> None:
    # 113 are left out: 50, 25, 20, 8, 7 and, in 丙 with the 20, the 3.
    found = thin.findings.gap_areas
    assert found is not None
    rows = thin.content.gap_areas
    assert rows["gap_elderly_60"].tolist() == [50, 25, 8, 7]
    summary = gap_summary(found)
    assert (summary["elderly_60"], summary["rows"]) == (113, 6)
    assert (summary["rows_under_5_elders"], summary["rows_not_listed"]) == (1, 2)
    line = thin.content.gap_lines[0]
    assert "其中 2 处只计数、不列出" in line
    assert "由其人数可得出不足 5 人的数" in line
    left = {"total": summary["elderly_60"] - rows["gap_elderly_60"].sum()}
    for grade, one in summary["by_grade"].items():
        left[grade] = one["elderly_60"] - rows["gap_elderly_60"][rows["grade"] == grade].sum()
    assert not any(few(one) for one in left.values()), left


def test_gaps_that_are_not_listed_stand_beside_no_site(thin: RunResult) -> None:
    listed = set(thin.content.gap_areas.index)
    told = [row for row in sheet(thin, "缺口与选址") if row and isinstance(row[0], int)]
    assert {row[1] for row in told} == listed
    # The community's own figure less its gaps that are listed tells nothing, either.
    third = {row[2]: row[4] for row in sheet(thin, "缺口") if row and isinstance(row[0], int)}
    assert third["丙社区"] == 23
    assert not any("丙社区" in row for row in told)
    # What the map's trial of sites is told of gaps is of no others.
    reach = thin.findings.reach
    assert reach is not None
    assert set(reach.gaps.index) <= set(thin.content.gap_areas["rank"])


def areas(*elders: float, communities: str) -> pd.DataFrame:
    table = pd.DataFrame({"elderly_60": elders, "communities": communities.split()})
    return table.set_axis([f"g{number}" for number in range(len(table))], axis="index")


def listed(table: pd.DataFrame, grades: str) -> list[str]:
    return list(table.index[listed_gaps(table, pd.Series(list(grades), index=table.index))])


def test_which_gaps_are_listed() -> None:
    # Nobody is hidden; five hidden are no few; four are, and the smallest goes with them.
    assert listed(areas(50, 25, 7, 0, communities="a b c d"), "rrbb") == ["g0", "g1", "g2"]
    assert listed(areas(50, 25, 3, 2, communities="a b c d"), "rrrr") == ["g0", "g1"]
    assert listed(areas(50, 25, 3, 1, communities="a b c d"), "rrrr") == ["g0"]
    # One of the same community rather than the smallest: its community's figure is told, too.
    assert listed(areas(50, 25, 7, 3, communities="a b、c d c"), "rrrr") == ["g0", "g2"]
    # The sums of each grade are told, too: b's three go with the seven.
    assert listed(areas(50, 25, 7, 3, communities="a b、c d c"), "rrbb") == ["g0"]
    # Where nothing else can be hidden, nothing is.
    assert listed(areas(3, communities="a"), "b") == []
    assert listed(areas(communities=""), "") == []


def test_no_sum_less_the_listed_is_of_a_few() -> None:
    table = areas(0, 0, 0, 0, communities="a a b b")
    grades = pd.Series(list("rbrb"), index=table.index)
    for elders in itertools.product((0.0, 2.0, 4.0, 6.0, 30.0), repeat=4):
        told = table.assign(elderly_60=elders)
        shown = listed_gaps(told, grades)
        for among in (grades != "", grades == "r", grades == "b"):
            one = told["elderly_60"].where(among, 0.0)
            assert not (one[shown].any() and few(float(one[~shown].sum()))), elders
