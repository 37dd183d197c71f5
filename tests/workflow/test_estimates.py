"""失能 and 独居 from declared shares: covered like everybody, and said to be estimated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

import planner
from planner.workflow.run import RunResult
from tests.workflow.town import write_town

SHARES = """[residents]
disabled_share = 0.1
living_alone_share = 0.2
shares_source = "某市抽样调查"
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("shares")
    return planner.run(write_town(folder, **{"[residents]\n": SHARES}))


def test_groups_are_covered_where_their_elders_are(result: Any) -> None:
    # R1 and R2 of 190 elders reach C1: 70.
    assert result.summary["disabled"] == pytest.approx({"total": 19, "covered": 7, "share": 7 / 19})
    assert result.summary["living_alone"]["covered"] == pytest.approx(14)
    asked = result.content.asked
    row = asked[(asked["asked_by"] == "kind") & (asked["limit_minutes"] == 15)].iloc[0]
    assert row["covered_60"] == 70
    assert row["covered_disabled"] == pytest.approx(7)
    assert row["covered_living_alone"] == pytest.approx(14)


def test_estimates_are_told_wherever_they_stand(result: Any) -> None:
    told = [one.text() for one in result.content.notices if one.key == "years.estimated"]
    assert [line.split("“")[1].split("”")[0] for line in told] == ["失能", "独居"]
    assert all("8 行" in line and "residents.csv" in line for line in told)
    book = openpyxl.load_workbook(result.folder / "workbook.xlsx")
    for name in ("社区", "街道", "分类覆盖", "规划年份"):
        said = [book[name].cell(row, 1).value for row in range(1, 10)]
        assert set(told) <= set(said), name


def test_nothing_estimated_nothing_said(plain_town: RunResult) -> None:
    assert plain_town.content.estimated_lines == ()
    assert "disabled" not in plain_town.summary
    assert "covered_disabled" not in plain_town.content.asked
