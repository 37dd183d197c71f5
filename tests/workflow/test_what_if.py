"""The table of a run that sites are tried with, against the one-street town solved by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import planner
from planner.siting.what_if.table import ReachTable
from planner.workflow.run import RunResult
from planner.workflow.siting.what_if import reach_table_of


@pytest.fixture(scope="module")
def table(plain_town: RunResult) -> ReachTable:
    assert plain_town.reach is not None
    return plain_town.reach


def _made_of(result: RunResult, **changes: Any) -> ReachTable | None:
    found = result.findings
    given = {
        "siting": found.siting, "gaps": found.gap_areas,
        "costs": found.remedies.worded.found.costs,
    }  # fmt: skip
    ledgers = found.ledgers
    return reach_table_of(
        found.walks, found.open_sites, ledgers.centres.table, ledgers.communities.table,
        found.audit, **{**given, **changes},
    )  # fmt: skip


def test_today_is_what_the_run_says(plain_town: RunResult, table: ReachTable) -> None:
    today = planner.what_if(table, ["C1"])
    summary = plain_town.summary
    for age in (60, 65, 80):
        assert today.totals[age] == summary[f"elderly_{age}"]["total"]
        assert today.covered[age] == summary[f"elderly_{age}"]["covered"]
    assert today.shortfall_m2 == pytest.approx(summary["floor_area"]["shortfall_m2"], abs=0.01)


def test_sites_are_centres_that_operate_and_candidates_that_nothing_bars(table: ReachTable) -> None:
    assert table.sites.index.tolist() == ["C1", "K1", "K2"]
    assert table.sites["is_open"].tolist() == [True, False, False]
    assert table.sites["counted_m2"].tolist() == [700.0, 600.0, 500.0]
    # 丙's centre has no known area: its group is told nowhere, nor K2, which stands in it.
    assert set(table.service_groups.index) == set(table.sites["service_group"][["C1", "K1"]])
    assert table.service_groups["other_m2"].tolist() == [0.0, 0.0]


def test_opening_a_candidate_covers_whom_it_reaches(table: ReachTable) -> None:
    found = planner.what_if(table, ["C1", "K1"])
    # R2 to R5 walk at most 720 m to 1,300 m; 80+: R2's four count with R1, R5's two with R4.
    assert found.covered[60] == pytest.approx(165.0, abs=table.differences[60])
    assert found.shortfall_m2 == pytest.approx(50.0)
    assert found.unknown_cost == ("K1",)


def test_no_figure_is_of_a_few(table: ReachTable) -> None:
    assert not ((table.persons > 0) & (table.persons < 500)).any()
    # R3's gap holds three aged 80+, R5's two: of the gaps only R4's is told, which is whole.
    assert table.gaps["elderly_60"].tolist() == [5_000]
    closed = planner.what_if(table, ["C1", "K1"])
    assert (closed.gaps_closed, closed.gap_covered) == (1, {int(table.gaps.index[0]): 50.0})


def test_the_table_holds_no_resident(table: ReachTable) -> None:
    texts = [repr(one) for one in dataclasses.asdict(table).values()]
    assert not any(f"R{number}" in text for text in texts for number in range(1, 9))


def test_proven_plans_are_in_it(plain_town: RunResult, table: ReachTable) -> None:
    assert plain_town.siting is not None
    most = plain_town.siting.most
    assert set(table.plans[1]) == {"C1", *most.chosen}
    assert table.plans[0] == ("C1",)


def test_without_candidates_there_are_centres_alone(plain_town: RunResult) -> None:
    table = _made_of(plain_town, siting=None)
    assert table is not None
    assert table.sites.index.tolist() == ["C1"]
    assert (table.plans, len(table.options)) == ({}, 0)
    assert planner.what_if(table, []).lost[60] == 70.0


def test_without_gaps_none_is_told(plain_town: RunResult) -> None:
    table = _made_of(plain_town, gaps=None)
    assert table is not None
    assert planner.what_if(table, ["C1", "K1"]).gaps_closed == 0


def test_the_outputs_hold_the_same_table(plain_town: RunResult, table: ReachTable) -> None:
    assert plain_town.content.reach is table


def test_an_age_that_nobody_knows_is_left_out(plain_town: RunResult) -> None:
    found = plain_town.findings
    walks = dataclasses.replace(
        found.walks, residents=found.walks.residents.assign(elderly_65=float("nan"))
    )
    lean = dataclasses.replace(found, walks=walks)
    assert lean.reach is not None
    assert lean.reach.bands == (60, 80)
