"""A run by either reading of whom a centre serves: both are shown, and the choice is named.

C1's ledger names 甲 (12,000 people, 70 aged 60+) and 乙 (8,000 / 82); on foot only 甲 is its.
By the ledger: 20,000 people, 二类, 1,085 m², held 700: short of 385. By the walk: 甲 三类 750,
short of 50, and 乙 alone, .39 x 82 = 31.98. By the area per elder: .32 x 152 = 48.64 by
the ledger. 丙 is C4's, whose area nobody knows: apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import planner
from planner.outputs.content import PlanContent
from planner.outputs.figures import standard_lines
from planner.workflow.content import plan_content
from planner.workflow.findings import Findings
from planner.workflow.headline import headline
from planner.workflow.inputs.record import Clock, silent
from planner.workflow.run import STEPS, find_out
from tests.workflow.town import write_town

SITING = "[siting]"


def found(folder: Path, settings: str) -> Findings:
    write_town(folder, **{SITING: f"[standard]\n{settings}\n{SITING}"})
    ledger = folder / "centres.csv"
    lines = ledger.read_bytes().decode("gb18030").split("\r\n")
    lists = ["服务社区", "甲社区、乙社区", "", "", ""]
    told = [f"{line},{served}" for line, served in zip(lines, lists, strict=True)]
    ledger.write_bytes("\r\n".join(told).encode("gb18030"))
    return find_out(planner.read_project(folder), Clock(STEPS, silent))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Findings]:
    home = tmp_path_factory.mktemp("served")
    chosen = {
        "ledger": "",
        "walk": 'served = "walk"',
        "elders": "per_elder_decides = true",
    }
    return {name: found(home / name, settings) for name, settings in chosen.items()}


@pytest.fixture(scope="module")
def contents(runs: dict[str, Findings]) -> dict[str, PlanContent]:
    return {name: plan_content(one) for name, one in runs.items()}


def area(runs: dict[str, Findings], name: str) -> dict[str, Any]:
    told: dict[str, Any] = runs[name].summary["floor_area"]
    return told


def test_figures_by_hand(runs: dict[str, Findings]) -> None:
    by_ledger, by_walk = area(runs, "ledger"), area(runs, "walk")
    assert (by_ledger["served"], by_walk["served"]) == ("ledger", "walk")
    assert (by_ledger["required_m2"], by_ledger["shortfall_m2"]) == (1_085.0, 385.0)
    assert by_walk["required_m2"] == pytest.approx(781.98)
    assert by_walk["shortfall_m2"] == pytest.approx(81.98)
    by_elders = area(runs, "elders")
    assert by_elders["required_m2"] == pytest.approx(48.64)
    assert by_elders["shortfall_m2"] == 0.0
    assert by_elders["per_elder_decides"] is True


def test_the_other_reading_stands_beside(runs: dict[str, Findings]) -> None:
    one, other = area(runs, "ledger"), area(runs, "walk")
    for mine, theirs in ((one, other), (other, one)):
        for figure in ("served", "required_m2", "held_m2", "shortfall_m2", "groups_short"):
            assert mine["beside"][figure] == theirs[figure]
        # C1 is short by both; C4's area is unknown by both.
        assert mine["beside"]["judged_otherwise"] == 0
    assert area(runs, "elders")["beside"]["required_m2"] == pytest.approx(0.39 * 70 + 31.98)


def test_every_output_names_the_choice(
    runs: dict[str, Findings], contents: dict[str, PlanContent]
) -> None:
    words = {
        "ledger": ("台账列出的按台账", "台账列出的社区按台账"),
        "walk": ("一律按步行最近", "一律归步行最近"),
        "elders": ("代替类别面积", "代替类别面积"),
    }
    for name, (in_headline, on_sheets) in words.items():
        assert any(in_headline in line for line in headline(runs[name].summary, "zh"))
        assert on_sheets in standard_lines(contents[name].about)[1]
        assert any("other reading" in line for line in headline(runs[name].summary, "en"))


def test_the_sheet_holds_both(contents: dict[str, PlanContent]) -> None:
    sheets = {name: one.measures["served"].table for name, one in contents.items()}
    pd.testing.assert_frame_equal(sheets["ledger"], sheets["walk"])
    table = sheets["ledger"].set_index("id")
    assert table.index.to_list()[1:] == ["C1", "C4"]
    total, centre = sheets["ledger"].iloc[0], table.loc["C1"]
    assert (total["ledger_shortfall_m2"], centre["ledger_shortfall_m2"]) == (385.0, 385.0)
    assert total["walk_shortfall_m2"] == pytest.approx(81.98)
    assert (centre["walk_required_m2"], centre["walk_shortfall_m2"]) == (750.0, 50.0)
    assert (centre["served_ledger"], centre["served_walk"]) == ("甲社区、乙社区", "甲社区")
    unknown = table.loc["C4"]
    assert (unknown["ledger_result"], unknown["walk_result"]) == ("资料不足", "资料不足")
    assert pd.isna(unknown["walk_shortfall_m2"])
