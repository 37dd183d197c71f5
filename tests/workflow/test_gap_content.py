"""The gaps of the river town as its outputs tell them, and the grades of communities in a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planner.coverage.grades import GradeSettings, gap_grades
from planner.coverage.sensitivity import PERTURBED, Doubt
from planner.labels import Language
from planner.outputs.content import LEAST_ELDERS
from planner.streets import walker
from planner.workflow.covering.grading import community_grade_summary, graded_communities
from planner.workflow.gaps.areas import how_sure
from planner.workflow.gaps.content import (
    WAY_COLUMNS,
    FoundGaps,
    gap_lines,
    gap_rows,
    gap_summary,
    no_gaps,
    way_rows,
)
from planner.workflow.gaps.question import GapQuestion
from tests.streets.drawn import points
from tests.workflow.river_town import CENTRE, COMMUNITIES, RIVER, found, walks

NAMES: dict[str, dict[str, str]] = {
    "communities": {"c1": "河西", "c2": "河东"},
    "centres": {"Z": "中心"},
    "candidates": {"k1": "备选一"},
}
STEPS = GradeSettings(
    community_shares=(0.5, 0.3, 0.1),
    community_elders=(60.0, 7.0, 5.0),
    gap_elders=(60.0, 30.0, 10.0),
)


@pytest.fixture(scope="module")
def gaps() -> FoundGaps:
    sites = points({"k1": (60, 90)})
    asked, coverage, told = found(
        barriers=RIVER, times=walks().times_to(sites), candidates=sites.index
    )
    doubt = Doubt(speed_share=0.0, leg_m=0.0, runs=1)
    sure, _ = how_sure({"own": asked}, coverage, told.found, CENTRE, doubt=doubt)
    nothing = CENTRE.iloc[:0]
    question = GapQuestion((), coverage, CENTRE, nothing, nothing, 0)
    return FoundGaps(told, sure, STEPS, question)


def test_choices_are_keys_and_names_are_names(gaps: FoundGaps) -> None:
    rows = gap_rows(gaps, NAMES, "zh")
    # Of the three gaps one holds three elders, and another would tell them: both are counted alone
    assert list(rows.index) == ["c2-1"]
    first = rows.loc["c2-1"]
    assert first[["grade", "grade_pattern", "cause", "way", "verdict"]].to_list() == [
        "red", "crosshatch", "severed", "bridge", "stands",
    ]  # fmt: skip
    named = first[["gap_communities", "nearest_name", "candidate_name", "gap_barrier"]]
    assert named.to_list() == ["河东", "中心", "备选一", "河道 渭河"]
    assert first[["candidate_elderly_60", "candidate_share", "way_elderly_60"]].to_list() == [
        60.0, 1.0, 60.0,
    ]  # fmt: skip
    assert first["gap_causes"] == "近处被阻隔 60"
    areas = gaps.gaps.found.areas
    many = replace(gaps.gaps.found, areas=areas[areas["elderly_60"] >= LEAST_ELDERS])
    rows = gap_rows(replace(gaps, gaps=replace(gaps.gaps, found=many)), NAMES, "zh")
    assert list(rows.index) == ["c2-1", "c1-1"]
    assert rows.loc["c1-1", ["grade", "gap_communities"]].to_list() == ["yellow", "河西、河东"]
    assert not {"elderly_60_full", "elderly_60_closed"} & set(rows.columns)


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "{title}、步速与接入误差模拟"), ("en", "{title}, speeds and joins perturbed")],
)
def test_assumptions_under_which_a_gap_falls_are_named(
    gaps: FoundGaps, language: Language, told: str
) -> None:
    sure = gaps.sure.gaps.copy()
    assert gap_rows(gaps, NAMES, language)["not_under"].isna().all()
    sure.loc["c2-1", "not_under"] = f"wheelchair、{PERTURBED}"
    rows = gap_rows(replace(gaps, sure=replace(gaps.sure, gaps=sure)), NAMES, language)
    assert rows["not_under"].dropna().to_dict() == {
        "c2-1": told.format(title=walker("wheelchair").title(language))
    }


@pytest.mark.parametrize(("elders", "told"), [(0.0, False), (4.9, False), (5.0, True)])
def test_what_brings_nobody_or_few_within_is_not_named(
    gaps: FoundGaps, elders: float, told: bool
) -> None:
    closing = gaps.gaps.closing.copy()
    closing.loc["c2-1", ["way_elderly_60", "candidate_elderly_60"]] = elders
    changed = replace(gaps, gaps=replace(gaps.gaps, closing=closing))
    rows = gap_rows(changed, NAMES, "zh")
    for name in (*WAY_COLUMNS, "candidate_name", "candidate_elderly_60", "candidate_share"):
        assert pd.notna(rows.loc["c2-1", name]) == told, name
    lines = way_rows(changed, rows)
    assert list(lines.index) == (["c2-1"] if told else [])


def test_a_new_way_is_the_line_that_the_streets_found(gaps: FoundGaps) -> None:
    rows = gap_rows(gaps, NAMES, "zh")
    lines = way_rows(gaps, rows)
    assert lines.crs == rows.crs
    assert lines.geometry["c2-1"].length == pytest.approx(np.hypot(50, 20))
    assert lines.loc["c2-1", "way_length_m"] == pytest.approx(lines.geometry["c2-1"].length)
    assert lines.loc["c2-1", ["rank", "grade", "gap_communities"]].to_list() == [1, "red", "河东"]
    for empty, table in zip(no_gaps(rows.crs), (rows, lines), strict=True):
        assert empty.empty
        assert empty.crs == table.crs
        assert set(empty.columns) <= set(table.columns)


def test_small_parts_of_a_gap_are_withheld_and_add_up(gaps: FoundGaps) -> None:
    areas = gaps.gaps.found.areas.copy()
    areas.loc["c2-1", ["elderly_60_severed", "elderly_60_closed"]] = [57.0, 3.0]
    changed = replace(gaps, gaps=replace(gaps.gaps, found=replace(gaps.gaps.found, areas=areas)))
    row = gap_rows(changed, NAMES, "zh").loc["c2-1"]
    # 60 less 57 would tell of the three
    assert pd.isna(row["elderly_60_closed"])
    assert pd.isna(row["elderly_60_severed"])
    assert row["gap_causes"] == "其他 60"
    areas.loc["c2-1", ["elderly_60_severed", "elderly_60_closed", "elderly_60_full"]] = [40, 17, 3]
    row = gap_rows(changed, NAMES, "en").loc["c2-1"]
    assert row["gap_causes"] == "cut off from a near centre 40, other 20"


def test_the_summary_and_the_lines(gaps: FoundGaps) -> None:
    summary = gap_summary(gaps)
    assert summary["rows"] == 3
    assert (summary["rows_under_5_elders"], summary["rows_not_listed"]) == (1, 2)
    assert summary["by_grade"]["yellow"] == {"gaps": 1, "elderly_60": 13.0}
    assert sum(one["elderly_60"] for one in summary["by_grade"].values()) == 76.0
    assert (summary["needs"], summary["centres_asked"]) == ([], 1)
    assert len(gap_lines(gaps, "zh")) == 2
    of_needs = replace(gaps, question=replace(gaps.question, needs=("临休就餐", "生活照料")))
    line = gap_lines(of_needs, "en")[0]
    assert "1 operating facilities of any kind serve rest and meals, daily care" in line


def test_communities_are_graded_by_share_and_number() -> None:
    coverage = walks().coverage_by(CENTRE)
    # c1: 7 of 47 left out, c2: 69 of 69
    assert graded_communities(coverage, COMMUNITIES, STEPS).to_dict() == {
        "c1": "yellow", "c2": "red",
    }  # fmt: skip
    told = community_grade_summary(coverage, COMMUNITIES, STEPS)
    assert told["yellow"] == {"communities": 1, "elderly_60_uncovered": 7.0}
    assert told["red"] == {"communities": 1, "elderly_60_uncovered": 69.0}
    assert sum(one["communities"] for one in told.values()) == len(COMMUNITIES)
    everywhere = walks().coverage_by(points({"a": (-10, 500), "b": (60, 500), "c": (2000, 0)}))
    grades = graded_communities(everywhere, COMMUNITIES, STEPS)
    assert grades.to_dict()["c1"] is None
    # Another ledger's order changes nothing but the order
    turned = graded_communities(coverage, COMMUNITIES.iloc[::-1], STEPS)
    assert turned.to_dict() == {"c2": "red", "c1": "yellow"}
    assert gap_grades(pd.DataFrame({"elderly_60": [60.0]}), STEPS).to_list() == ["red"]
