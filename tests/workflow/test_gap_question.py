"""Gaps asked of the circle, and of needs: the one-street town, run from its folder to its files.

C1 (日间照料, 0 m; rest room and dining room) serves 生活照料 and 临休就餐; C3 (助餐点, 2,000 m)
meals alone, its ledger telling nothing else; C2 (日间照料, 1,400 m) stands idle. 15 minutes are
747 m.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pyogrio
import pytest

from planner.errors import PlannerError
from planner.workflow.gaps.areas import find_gaps
from planner.workflow.gaps.question import GapQuestion, gap_question
from planner.workflow.inputs.project import read_project
from planner.workflow.inputs.walking import Walks
from planner.workflow.run import RunResult, run
from tests.workflow.town import write_town

ELDERS = 190.0
DAILY_CARE = {"[siting]": '[coverage]\nneeds = ["生活照料"]\n[siting]'}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """The town's run, its gaps asked of daily care."""
    return run(write_town(tmp_path_factory.mktemp("town") / "town", **DAILY_CARE))


def _asked(ran: RunResult, *needs: str) -> tuple[GapQuestion, dict[str, float]]:
    """Ask anew of other needs; return the question and persons by cause."""
    found = ran.findings
    asked = replace(found.scenario.coverage, needs=needs)
    scenario = replace(found.scenario, coverage=asked)
    walks = Walks.of(found.network, found.ledgers.residents.table, scenario)
    question = gap_question(scenario, walks, found.coverage, found.ledgers.centres.table)
    lost = find_gaps(
        walks,
        question.coverage,
        found.ledgers.communities.table,
        question.open_sites,
        closed_sites=question.closed_sites,
        lacking_sites=question.lacking_sites,
        ways_asked=0,
    ).left_out.rows
    causes = lost.groupby("cause")["elderly_60"].sum()
    return question, {str(cause): float(elders) for cause, elders in causes.items()}


def test_without_needs_gaps_are_asked_of_the_circle(ran: RunResult) -> None:
    question, causes = _asked(ran)
    assert list(question.open_sites.index) == ["C1"]
    assert question.lacking_sites.empty
    # R3 to R5 are within 747 m of C2, which stands idle
    assert causes == {"closed": 95.0, "too_far": 10.0, "no_way_through": 8.0, "not_joined": 7.0}
    assert question.coverage is ran.findings.coverage


def test_a_near_centre_that_lacks_the_need_is_the_cause(ran: RunResult) -> None:
    gaps = ran.summary["gap_areas"]
    assert gaps["needs"] == ["生活照料"]
    told = [gaps[f"centres_{name}"] for name in ("asked", "lacking_needs", "unknown_needs")]
    assert told == [1, 1, 1]
    # R4 and R5 live 620 m and 20 m from the meal point; R3 1,120 m from it, and 520 m from C2
    causes = {
        "lacks_need": 70.0, "closed": 25.0, "too_far": 10.0, "no_way_through": 8.0,
        "not_joined": 7.0,
    }  # fmt: skip
    assert {cause: elders for cause, elders in gaps["by_cause"].items() if elders} == causes
    assert _asked(ran, "生活照料")[1] == causes
    # The sheet of coverage by question leaves out as many; the headline is the circle's
    asked = ran.findings.asked.set_index(["dimension", "value", "limit_minutes", "people"])
    key = ("need", "生活照料", 15.0, "elderly_60")
    assert gaps["elderly_60"] == ELDERS - asked["covered"].to_dict()[key]
    assert ran.summary["elderly_60"]["covered"] == 70.0


def test_the_outputs_say_what_was_asked(ran: RunResult) -> None:
    book = openpyxl.load_workbook(ran.files["workbook"])
    for name in ("缺口片区", "缺口补法"):
        said = [str(cell.value) for row in book[name].iter_rows() for cell in row if cell.value]
        of_needs = [one for one in said if "同时提供生活照料的运营设施 1 处" in one]
        assert len(of_needs) == 1
        assert "1 处台账未列" in of_needs[0]
    said = [cell.value for row in book["缺口片区"].iter_rows() for cell in row]
    assert "附近设施不提供此项服务" in said
    layer = pyogrio.read_dataframe(ran.files["layers"], layer="gap_areas")
    assert "附近设施不提供此项服务" in set(layer["cause"])
    assert layer["elderly_60_lacks_need"].sum() == 70.0
    assert "同时提供生活照料" in ran.files["map"].read_text(encoding="utf-8")


def test_a_meal_point_serves_whoever_asks_for_meals_alone(ran: RunResult) -> None:
    question, causes = _asked(ran, "临休就餐")
    # C3 counts, though the circle is of day care; of C2 nobody knows whether it would
    assert list(question.open_sites.index) == ["C1", "C3"]
    assert question.closed_sites.empty
    assert causes == {"too_far": 35.0, "no_way_through": 8.0, "not_joined": 7.0}


def test_all_of_several_needs_must_be_served(ran: RunResult) -> None:
    question, causes = _asked(ran, "生活照料", "临休就餐")
    assert list(question.open_sites.index) == ["C1"]
    # Of C2, idle, nobody knows whether it would serve meals: R3 is too far, not near a closed one
    assert causes == {"lacks_need": 70.0, "too_far": 35.0, "no_way_through": 8.0, "not_joined": 7.0}


def test_nobody_serves_the_need(ran: RunResult) -> None:
    question, causes = _asked(ran, "文化娱乐")
    # R1, R2 near C1, R4, R5 near C3: both operate, neither serves it, C3 for all we know
    assert causes == {"lacks_need": 140.0, "no_centre": 50.0}
    assert question.open_sites.empty
    assert list(question.lacking_sites.index) == ["C1", "C3"]
    assert question.unknown == 1


def test_a_need_that_is_none_of_the_seven_is_refused(tmp_path: Path) -> None:
    town = write_town(tmp_path, **{"[siting]": '[coverage]\nneeds = ["打牌"]\n[siting]'})
    with pytest.raises(PlannerError, match="生活照料"):
        read_project(town)
