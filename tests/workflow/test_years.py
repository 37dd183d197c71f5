r"""Years planned for, on the town of one street solved by hand.

      A             B              C                  C1 operates (0 m), C2 opens in 2030 (1,400 m)
    C1●──────────┼───●C2────────┼─────────────●      K1 is to be had from 2031 on (1,300 m)
      0    200 700   900  1400     2000 2900          K2 today (2,800 m)

The forecast doubles the elders of 甲 and 乙 by 2029 and keeps them so in 2030.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planner
from planner.coverage.rollup import rollup
from planner.coverage.walking import coverage
from planner.errors import InputFileError, LedgerError, ScenarioError
from planner.ledgers import YearFigures
from planner.ledgers.sharing import PERSON_COLUMNS
from planner.scenario.questions import StandardSettings
from planner.standards.rulebooks.books import rule_book
from planner.workflow.covering.street_rows import street_rows
from planner.workflow.inputs.record import Clock, silent
from planner.workflow.inputs.walking import Walks, open_centres
from planner.workflow.run import STEPS, find_out
from planner.workflow.standards.auditing import audited
from planner.workflow.years.plans import FoundYears, Today, YearPlan
from planner.workflow.years.reckoning import _Reckoner, one_table, people_in, plan_years
from planner.workflow.years.rows import year_rows, year_summary
from tests.coverage.towns import COMMUNITIES, NEAREST, RESIDENTS
from tests.workflow import town
from tests.workflow.town import CENTRES, degrees, write_town

FORECAST = """社区代码,年份,常住人口,60岁以上,65岁以上,80岁以上
990401001001,{year},12000,140,96,20
990401001002,{year},8000,164,108,22
990401001003,{year},4000,30,18,3
990401001201,{year},900,8,5,1
"""
GIVEN = """[years]
plan = [2029, 2030]
base = 2024
file = "forecast.csv"
source = "某院预测"
[control_totals]"""
STEADY = """[years]
plan = [2026, 2035]
base = 2024
method = "growth"
source = "测试"
growth = { population = 0.0, elderly_60 = 0.0, elderly_65 = 0.0, elderly_80 = 0.0 }
[control_totals]"""
OPENS = {"C2": ("在建", "2030"), "C5": ("规划", "")}


def write_dated(folder: Path, years: str) -> Path:
    """Write the town with 2030 for C2, no year for C5, 2031 for K1, and a forecast."""
    write_town(folder, **{"[control_totals]": years})
    lines = ["编号,名称,设施类型,运营状态,经度,纬度,建筑面积,面积口径,投用年份,所在社区"]
    planned = ("C5", "丁日间照料中心", "日间照料", "规划", 2900, 10, 800, "建筑", "")
    for code, name, kind, status, easting, northing, area, area_kind, _ in (*CENTRES, planned):
        place: Any = ("", "")
        if easting is not None and northing is not None:
            place = degrees(easting, northing)
        says, year = OPENS.get(code, (status, ""))
        community = "丙社区" if easting is None else ""
        cells = (code, name, kind, says, *place, area, area_kind, year, community)
        lines.append(",".join("" if cell is None else str(cell) for cell in cells))
    (folder / "centres.csv").write_bytes("\r\n".join(lines).encode("gb18030"))
    book = openpyxl.load_workbook(folder / "candidates.xlsx")
    sheet = book.active
    sheet.cell(1, sheet.max_column + 1, "投用年份")
    sheet.cell(2, sheet.max_column, 2031)
    book.save(folder / "candidates.xlsx")
    head, *rows = FORECAST.splitlines()
    both = [row.format(year=year) for year in (2029, 2030) for row in rows]
    (folder / "forecast.csv").write_text("\n".join([head, *both]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return planner.run(write_dated(tmp_path_factory.mktemp("years"), GIVEN))


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = write_dated(tmp_path_factory.mktemp("steady"), STEADY)
    return find_out(planner.read_project(folder), Clock(STEPS, silent))


def years_of(result: Any) -> FoundYears:
    found = result.findings.years
    assert isinstance(found, FoundYears)
    return found


# By hand --------------------------------------------------------------------------------------
def test_people_centres_and_coverage_by_hand(result: Any) -> None:
    years = result.summary["years"]
    assert (years["base"], years["method"], years["source"]) == (2024, "given", "某院预测")
    today, near, far = (years["plans"][year] for year in ("2024", "2029", "2030"))
    assert today["elderly_60"] == result.summary["elderly_60"]
    # 2029: twice R1 and R2 reach C1, C2 is not there yet.
    assert near["elderly_60"]["total"] == pytest.approx(140 + 164 + 30 + 8)
    assert near["elderly_60"]["covered"] == pytest.approx(2 * 70)
    assert near["elderly_80"]["total"] == pytest.approx(20 + 22 + 3 + 1)
    # 2030: C2 at 1,400 m adds R3 (520 m), R4 (20 m) and R5 (620 m), whose people do not grow.
    assert far["elderly_60"]["covered"] == pytest.approx(2 * 70 + 2 * (25 + 50) + 20)
    assert [plan["centres_open_placed"] for plan in (today, near, far)] == [1, 1, 2]
    assert far["kinds"]["村"] == {
        "elderly_60": pytest.approx(8), "covered_60": 0.0, "unknown_communities": 0,
    }  # fmt: skip


def test_floor_area_by_hand(result: Any) -> None:
    years = result.summary["years"]["plans"]
    # Small groups take 0.39 m² an elder, so that 乙 asks for twice as much in 2029.
    assert years["2024"]["required_m2"] == pytest.approx(750 + 0.39 * 82)
    assert years["2029"]["required_m2"] == pytest.approx(750 + 0.39 * 164)
    assert years["2029"]["shortfall_m2"] == pytest.approx(50 + 0.39 * 164)
    # In 2030 乙 and 丙 (12,000 people) both walk to C2. C4 stands in 丙 and answers for the same
    # group, and nobody knows its area: the group cannot be judged.
    assert years["2030"]["required_m2"] == pytest.approx(750)
    assert years["2030"]["held_m2"] == pytest.approx(700)
    assert years["2030"]["shortfall_m2"] == pytest.approx(50)
    assert (years["2030"]["groups"], years["2030"]["unknown_groups"]) == (2, 1)
    assert years["2030"]["unknown_required_m2"] == pytest.approx(750)


def test_siting_by_hand(result: Any) -> None:
    years = result.summary["years"]["plans"]
    # Today both can be chosen; before 2031 K2 alone, and it reaches R6.
    assert years["2024"]["siting"]["chosen"] == result.summary["siting"]["chosen"] == ["K1"]
    for year, before in (("2029", 140), ("2030", 310)):
        siting = years[year]["siting"]
        assert siting["chosen"] == ["K2"]
        assert siting["covered_before"] == pytest.approx(before)
        assert siting["gain"] == pytest.approx(10)


def test_every_output_tells_of_the_years(result: Any) -> None:
    book = openpyxl.load_workbook(result.folder / "workbook.xlsx")
    page = book["规划年份"]
    rows = [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]
    said = "\n".join(str(row[0]) for row in rows if len(row) == 1)
    assert "2030 年：60 岁以上 342 人（2024 年 190）" in said
    assert "某院预测" in said
    assert "C5" in said
    named = [row[:2] for row in rows if len(row) > 3]
    assert ["2024（现状）", "合计"] in named
    assert ["2030", "其中：村小计"] in named
    assert ["2029", "东街道"] in named
    lines = "\n".join(result.headline())
    assert "2029 年：" in lines
    assert "再建 1 处最多可新增可达 10 人" in lines
    keys = [notice.key for notice in result.content.notices]
    assert {"years.method_given", "residents.centres_undated"} <= set(keys)
    record = json.loads((result.folder / "run.json").read_text(encoding="utf-8"))
    assert record["inputs"]["years"]["file"] == "forecast.csv"
    assert {"year_2029", "year_2030"} <= set(record["seconds"])
    assert result.summary["ledgers"]["years"] == {
        "rows_read": 8, "rows_used": 8, "rows_set_aside": 0,
    }  # fmt: skip


# What must hold ---------------------------------------------------------------------------------
def today_of(found: Any) -> Today:
    walks = Walks.of(found.network, found.ledgers.residents.table, found.scenario)
    centres, book = found.ledgers.centres.table, rule_book(found.scenario.standard.book)
    walked = walks.coverage_by(open_centres(centres, book.applies_to))
    return Today(walks, found.coverage, walked, found.audit, found.areas, found.siting, book)


def same(one: YearPlan, other: YearPlan) -> None:
    """Check that two years have the same figures."""
    pd.testing.assert_frame_equal(one.coverage.states, other.coverage.states)
    pd.testing.assert_series_equal(
        one.coverage.residents["walk_minutes"], other.coverage.residents["walk_minutes"]
    )
    pd.testing.assert_frame_equal(one.audit.groups, other.audit.groups)
    assert one.audit.district == other.audit.district
    pd.testing.assert_frame_equal(one.areas.table, other.areas.table)
    assert one.open_placed == other.open_placed


def test_the_base_year_reckoned_like_any_other_is_the_main_run(result: Any) -> None:
    found = result.findings
    today = today_of(found)
    reckoned = _Reckoner(today, found.ledgers, years_of(result).figures).plan(2024)
    same(reckoned, years_of(result).of(2024))
    assert reckoned.coverage.states.equals(found.coverage.states)


def test_no_growth_and_nothing_opening_changes_nothing(steady: Any) -> None:
    found = steady.years
    base = found.of(2024)
    then = found.of(2026)
    same(then, base)
    assert then.most is not None
    # By 2035 C2 is open: more are covered, of as many.
    later = found.of(2035)
    assert later.coverage.states["elderly_60"].sum() == base.coverage.states["elderly_60"].sum()
    assert later.coverage.states["elderly_60"]["covered"] == 70 + 25 + 50 + 20


def test_walks_to_new_centres_join_those_known_however_ids_are_coded() -> None:
    first = pd.DataFrame({"origin": ["a", "b"], "destination": ["s", "s"], "walk_minutes": 1.0})
    second = first.assign(destination="t", walk_minutes=2.0)
    coded = first.astype({name: pd.CategoricalDtype(pd.Index(list("abst"), dtype=object))
                          for name in ("origin", "destination")})  # fmt: skip
    both = one_table(coded, second.astype({"origin": "string", "destination": "category"}))
    assert both["origin"].to_list() == ["a", "b", "a", "b"]
    assert both["destination"].to_list() == ["s", "s", "t", "t"]
    assert both["walk_minutes"].to_list() == [1.0, 1.0, 2.0, 2.0]


def test_a_centre_counts_from_its_year_on(result: Any) -> None:
    found = years_of(result)
    assert [plan.open_placed for plan in found.plans] == [("C1",), ("C1",), ("C1", "C2")]
    assert all(plan.centres["status"]["C5"] == "规划" for plan in found.plans)


def test_sub_districts_and_kinds_add_up_each_year(result: Any, steady: Any) -> None:
    for found in (years_of(result), steady.years):
        for plan in found.plans:
            total = plan.coverage.states["elderly_60"]
            for level in ("community", "street", "county"):
                rows = plan.areas.level(level)
                assert rows["elderly_60"].sum() == pytest.approx(total.sum(), abs=1e-9)
                covered = rows["elderly_60_covered"].sum()
                assert covered == pytest.approx(total["covered"], abs=1e-9)
            kinds = [
                plan.areas.level("county", kind)["elderly_60"].sum() for kind in ("社区", "村")
            ]
            assert sum(kinds) == pytest.approx(total.sum(), abs=1e-9)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.lists(st.floats(1.0, 40.0), min_size=4, max_size=4))
def test_more_elders_never_lower_the_area_required(steady: Any, growth: list[float]) -> None:
    communities = steady.ledgers.communities.table
    columns = ["elderly_60", "elderly_65", "elderly_80"]
    more = communities[columns].astype(float).mul(np.array(growth), axis="index")
    table = communities.reindex(columns=list(PERSON_COLUMNS)).astype(float).assign(**more)
    table["population"] = communities["population"].astype(float)
    figures = YearFigures(
        2024,
        table.rename_axis("community").reset_index().assign(year=2030),
        pd.DataFrame(), pd.DataFrame(), 0, 0, "given", "",
    )  # fmt: skip
    then = people_in(2030, communities, figures)
    centres = steady.ledgers.centres.table
    book = rule_book(steady.scenario.standard.book)
    before, after = (
        audited(centres, one, steady.coverage, book, StandardSettings())
        for one in (communities, then)
    )
    assert after.district.required_m2 >= before.district.required_m2 - 1e-9
    assert after.district.shortfall_m2 >= before.district.shortfall_m2 - 1e-9
    assert after.groups["required_m2"].ge(before.groups["required_m2"] - 1e-9).all()


def test_a_project_of_the_year_s_own_ledgers_gives_the_same(
    result: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second opinion: 2030 written down as if it were today, and run like any other day."""
    twice = {"R1", "R2", "R3", "R4", "R8"}
    doors = {
        name: (*place[:2], *(2 * one if name in twice else one for one in place[2:]))
        for name, place in town.DOORS.items()
    }
    people = {"990401001001": (140, 96, 20), "990401001002": (164, 108, 22)}
    communities = {
        code: (*facts[:7], *people.get(code, facts[7:])) for code, facts in town.COMMUNITIES.items()
    }
    centres = [(*one[:3], "运营", *one[4:]) if one[0] == "C2" else one for one in town.CENTRES]
    monkeypatch.setattr(town, "DOORS", doors)
    monkeypatch.setattr(town, "COMMUNITIES", communities)
    monkeypatch.setattr(town, "CENTRES", centres)
    monkeypatch.setattr(town, "CANDIDATES", [one for one in town.CANDIDATES if one[0] != "K1"])
    project = planner.read_project(write_town(tmp_path / "town"))
    own = find_out(project, Clock(STEPS, silent))
    then = years_of(result).of(2030)
    for column in ("rows", "elderly_60", "elderly_65", "elderly_80"):
        expected = own.coverage.states[column].to_dict()
        assert then.coverage.states[column].to_dict() == pytest.approx(expected)
    for name in ("required_m2", "held_m2", "shortfall_m2", "unknown_required_m2"):
        expected = getattr(own.audit.district, name)
        assert getattr(then.audit.district, name) == pytest.approx(expected)
    assert own.siting is not None
    assert then.most is not None
    assert then.most.chosen == own.siting.most.chosen
    assert then.most.covered == pytest.approx(own.siting.most.covered)


def test_communities_of_a_year_are_told_but_for_the_few(result: Any) -> None:
    table = result.content.year_communities
    then = table[table["plan_year"] == "2030"].set_index("name")
    assert then["elderly_60"].to_dict() == {
        "甲社区": 140, "乙社区": 164, "丙社区": 30, "丁村": 8,
    }  # fmt: skip
    # 3 of 丙 and 1 of 丁 are 80+: withheld, and the 20 of 甲 with them, for their sum is below 5.
    assert then["elderly_80"].isna().to_dict() == {
        "甲社区": True, "乙社区": False, "丙社区": True, "丁村": True,
    }  # fmt: skip
    assert then["covered_60"]["甲社区"] == pytest.approx(140)
    assert then["street"].unique().tolist() == ["东街道"]


# What is missing is told ------------------------------------------------------------------------
def test_without_population_no_area_is_required(tmp_path: Path) -> None:
    settings_ = STEADY.replace("population = 0.0, ", "").replace("[2026, 2035]", "[2026]")
    project = planner.read_project(write_dated(tmp_path / "town", settings_))
    found = find_out(project, Clock(STEPS, silent))
    summary = year_summary(found.years)
    assert summary is not None
    assert summary["plans"]["2024"]["required_m2"] is not None
    assert summary["plans"]["2026"]["required_m2"] is None
    assert "years.population_unknown" in {notice.key for notice in found.notices}
    rows = year_rows(found.years, ("日间照料",), "en")
    assert rows["plan_year"].unique().tolist() == ["2024 (today)", "2026"]
    assert rows.loc[rows["plan_year"] == "2026", "required_m2"].isna().all()


def test_a_run_without_years_has_none(steady: Any) -> None:
    assert plan_years(today_of(steady), dataclasses.replace(steady.ledgers, years=None),
                      Clock(1, silent)) is None  # fmt: skip
    assert year_summary(None) is None
    assert year_rows(None, ("日间照料",), "zh").empty


@pytest.mark.parametrize(
    ("years", "error", "told"),
    [
        ("[years]\nbase = 2024\n[control_totals]", ScenarioError, "years.plan_missing"),
        (GIVEN.replace("forecast", "none"), InputFileError, "workflow.no_input"),
        (GIVEN.replace("2029, 2030", "2040"), LedgerError, "residents.years_missing"),
        (GIVEN.replace("base = 2024\n", ""), LedgerError, "residents.base_missing"),
    ],
)
def test_years_that_cannot_be_planned_for(
    tmp_path: Path, years: str, error: type[Exception], told: str
) -> None:
    folder = write_dated(tmp_path / "town", years)
    with pytest.raises(error) as caught:
        planner.check(folder)
    assert [problem.key for problem in caught.value.problems] == [told]  # type: ignore[attr-defined]


def test_findings_of_the_forecast_are_told_and_stop_a_strict_check(tmp_path: Path) -> None:
    folder = write_dated(tmp_path / "town", GIVEN)
    file = folder / "forecast.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:-1], "1,2030,9,9,9,9"]), encoding="utf-8")
    ledgers = planner.check(folder)
    assert ledgers.rows.loc["years"].to_dict() == {
        "file": "forecast.csv", "rows_read": 8, "rows_used": 7, "rows_set_aside": 1,
        "rows_added": 0,
    }  # fmt: skip
    assert "residents.year_lacks" in set(ledgers.findings["key"])
    assert "residents.year_community_unknown" in set(ledgers.set_aside["key"])
    with pytest.raises(LedgerError):
        planner.check(folder, strict=True)


# The sheet of sub-districts -----------------------------------------------------------------------
def test_streets_communities_and_villages_add_up_to_the_last_row(result: Any) -> None:
    table = result.content.streets_table
    assert table.index.to_list() == ["东街道", "其中：社区小计", "其中：村小计", "合计"]
    assert table["elderly_60"].to_list() == [190, 182, 8, 190]
    assert table["covered_60"].to_list() == [70, 70, 0, 70]
    assert table["communities"].to_list() == [4, 3, 1, 4]
    assert table["villages"].to_list() == [1, 0, 1, 1]
    # C1 is in 甲, C4 in 丙 by its ledger's word; both operate.
    assert table["centres_open"].to_list() == [2, 2, 0, 2]


CODES = st.lists(st.sampled_from(["610402001", "610402002", "610403001"]), min_size=4, max_size=4)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(CODES, st.lists(st.integers(0, 60), min_size=9, max_size=9), st.booleans())
def test_whatever_the_codes_rows_add_up(codes: list[str], elders: list[int], coded: bool) -> None:
    ids = {name: f"{code}00{number}" for number, (name, code) in enumerate(
        zip(COMMUNITIES.index, codes, strict=True), start=1)} if coded else {}  # fmt: skip
    people = RESIDENTS.assign(
        community=RESIDENTS["community"].replace(ids),
        elderly_60=np.array(elders, dtype=float)[: len(RESIDENTS)] / 3,
    ).drop(columns=["elderly_65", "elderly_80", "population"], errors="ignore")
    found = coverage(people, NEAREST, limit_minutes=15, open_centres=2)
    named = COMMUNITIES.rename(index=ids)
    areas = rollup(found, named)
    assert areas.by == ("code" if coded else "place")
    centres = pd.DataFrame({"community": [None, *ids.values()], "street": "东街"}).iloc[
        : 1 + len(ids)
    ]
    rows = street_rows(areas, named, centres, centres.iloc[:0], "zh")
    assert rows.index.is_unique
    streets = rows[~rows.index.str.startswith("其中") & (rows.index != "合计")]
    whole = rows.loc["合计"]
    for name in ("elderly_60", "elderly_60_covered", "communities", "villages", "rows"):
        assert streets[name].sum() == pytest.approx(whole[name], abs=1e-9)
    assert whole["elderly_60"] == pytest.approx(found.states["elderly_60"].sum(), abs=1e-9)
    assert whole["centres_open"] == len(centres) >= streets["centres_open"].sum()
