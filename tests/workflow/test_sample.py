"""The sample district as ``make demo`` runs it: its figures hold together, and the READMEs'."""

from __future__ import annotations

import ast
import json
from typing import Any

import geopandas as gpd
import openpyxl
import pytest

import planner
from planner.labels import Language
from planner.siting import covered_weight
from planner.streets import read_barriers
from planner.workflow import RunResult
from planner.workflow.inputs.walking import points_only
from tests.workflow.sample_run import ROOT, SAMPLE, SampleRun, python_of

READMES = ("README.md", "README.zh-CN.md")


@pytest.fixture(scope="module")
def result(sample_run: SampleRun) -> RunResult:
    return sample_run.result


@pytest.fixture(scope="module")
def summary(result: RunResult) -> dict[str, Any]:
    text = result.files["summary"].read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def test_states_add_up_to_the_rows_and_the_elders(summary: dict[str, Any]) -> None:
    residents = summary["residents"]
    assert sum(residents["states"].values()) == residents["rows"]
    for rows in summary["ledgers"].values():
        assert rows["rows_read"] == rows["rows_used"] + rows["rows_set_aside"]
    covered, total = summary["elderly_60"]["covered"], summary["elderly_60"]["total"]
    assert summary["gaps"]["elderly_60"] == pytest.approx(total - covered)


def test_elders_of_the_ledger_are_all_there(result: RunResult, summary: dict[str, Any]) -> None:
    ledger = gpd.read_file(SAMPLE / "communities.gpkg")
    for heading, column in (
        ("60岁以上", "elderly_60"),
        ("65岁以上", "elderly_65"),
        ("80岁以上", "elderly_80"),
    ):
        assert summary[column]["total"] == pytest.approx(ledger[heading].sum(), rel=1e-9)
    by_community = result.findings.coverage.residents.groupby("community")["elderly_60"].sum()
    expected = ledger.set_index("代码")["60岁以上"]
    assert by_community.to_dict() == pytest.approx(expected[expected > 0].to_dict())


def test_the_shortfall_is_the_sum_of_the_groups_deficits(
    result: RunResult, summary: dict[str, Any]
) -> None:
    groups = result.audit.groups
    known = groups[groups["required_m2"].notna() & groups["held_m2"].notna()]
    deficit = (known["required_m2"] - known["held_m2"]).clip(lower=0).sum()
    assert summary["floor_area"]["shortfall_m2"] == pytest.approx(deficit)
    members = "、".join(groups["communities"]).split("、")
    assert len(members) == len(set(members)) == summary["communities"]["urban"]


def test_optimiser_s_claim_is_what_the_streets_give(
    result: RunResult, summary: dict[str, Any]
) -> None:
    siting = result.siting
    assert siting is not None
    after = siting.after.residents
    recounted = after.loc[after["state"] == "covered", "elderly_60"].sum()
    assert summary["siting"]["covered_after"] == pytest.approx(recounted, rel=1e-6)
    assert summary["siting"]["status"] == "optimal"
    assert summary["siting"]["bound"] == pytest.approx(recounted, rel=1e-6)
    # The same by the table of pairs, which knows neither network nor solver.
    found = result.findings
    sites = points_only([found.ledgers.centres.table.loc[list(siting.most.existing)]])
    walls = read_barriers(SAMPLE / "streets.osm.pbf")
    joined = [
        planner.join_to_streets(found.network, points, barriers=walls)
        for points in (found.ledgers.residents.table, sites)
    ]
    times = planner.travel_times(found.network, *joined, limit_minutes=15)
    before = covered_weight(
        times, found.ledgers.residents.table, siting.most.existing, limit_minutes=15
    )
    assert before == pytest.approx(summary["siting"]["covered_before"])
    assert before == pytest.approx(summary["elderly_60"]["covered"])


def test_measures_add_up_and_agree_with_coverage(
    result: RunResult, summary: dict[str, Any]
) -> None:
    told = result.content.measures
    circle = told["circle"].table
    streets = circle.loc[circle["area_level"] == "街道", ["elderly_60", "circle_only_60"]]
    whole = circle.iloc[0]
    assert streets.notna().all().all()
    assert streets["circle_only_60"].sum() == pytest.approx(whole["circle_only_60"])
    assert streets["elderly_60"].sum() == pytest.approx(summary["elderly_60"]["total"])
    cases = summary["circle"]["limit"]["elderly_60"]
    assert cases["both"] + cases["walk_only"] == pytest.approx(summary["elderly_60"]["covered"])
    curve = told["curve"].table
    own = curve[curve["curve_walker"] == curve["curve_walker"].iloc[0]].set_index("curve_minutes")
    assert own["covered_60"].to_dict()[15.0] == pytest.approx(summary["elderly_60"]["covered"])
    assert (
        curve.groupby("curve_walker")["covered_60"]
        .apply(lambda one: one.is_monotonic_increasing)
        .all()
    )
    access, equity = summary["access"], summary["equity"]
    assert access["centres"] + access["centres_unknown"] == summary["centres"]["open_placed"]
    counted = access["elderly_60"] - access["elderly_60_unknown"]
    assert equity["access"]["elderly_60"] == pytest.approx(counted)
    # All places go to somebody who can walk there.
    assert access["means"]["two_step"] * counted == pytest.approx(access["capacity_persons"])


def test_the_ledger_s_faults_are_told(result: RunResult) -> None:
    told = set(result.findings.ledgers.findings["key"])
    assert {
        "ledgers.in_water",
        "ledgers.row_repeated",
        "ledgers.place_approximate",
    } <= told, told


def test_workbook_and_map_hold_the_summary_s_figures(
    result: RunResult, summary: dict[str, Any]
) -> None:
    book = openpyxl.load_workbook(result.files["workbook"], read_only=True)
    cells = {value for row in book["总览"].iter_rows(values_only=True) for value in row}
    assert any(
        isinstance(cell, int | float) and cell == pytest.approx(summary["elderly_60"]["covered"])
        for cell in cells
    )
    page = result.files["map"].read_text(encoding="utf-8")
    assert f"{summary['elderly_60']['share']:.1%}" in page
    assert "合成路网" in page


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.zh-CN.md", "zh")])
def test_readme_quotes_what_the_demo_prints(
    result: RunResult, readme: str, language: Language
) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    for line in result.headline(language):
        assert line in text


def test_both_readmes_show_the_same_python() -> None:
    """But for the comments, so that running one proves both."""
    one, other = (ast.dump(ast.parse(python_of(name))) for name in READMES)
    assert one == other


def test_readme_s_python_runs(sample_run: SampleRun) -> None:
    names = sample_run.go_on()
    assert len(names["plan"].chosen) == 5
    assert sample_run.result.files["map"].exists()
