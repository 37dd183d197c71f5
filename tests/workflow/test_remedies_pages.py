"""Pages of centres by hand: what a mate bears is told with its place, and its cost once."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from planner.labels import Language
from planner.ledgers.read import read_ledger
from planner.ledgers.source import LedgerSource
from planner.outputs.book.defect_sheet import dress_defects
from planner.outputs.book.spreadsheet import put_value
from planner.standards.remedies.costs import unit_costs
from planner.standards.remedies.defects import with_last
from planner.standards.remedies.priorities import priorities
from planner.workflow.remedies.found import FoundRemedies, made_ids
from planner.workflow.remedies.last_list import read_last_list
from planner.workflow.remedies.listing import lines
from planner.workflow.remedies.own_sheets import heading_of
from planner.workflow.remedies.pages import centre_pages
from planner.workflow.remedies.worded import Worded
from tests.standards.remedy_town import judgement, remedies
from tests.standards.test_remedy_supply import IN_GROUP, group, rules

RULES = rules(class_area=("add_centre",))


def worded(language: Language, cost_yuan: float, costs_file: str = "costs.csv") -> Worded:
    """Two centres of a group that lacks 685 m²; a bears the further centre for both."""
    findings = group("a", "b")
    found = remedies(RULES, findings, IN_GROUP)
    measures = found.measures.assign(cost_yuan=cost_yuan)
    ranked = pd.concat([measures, priorities(measures)], axis="columns")
    costs = unit_costs((), file="")[0]
    told = FoundRemedies(found, ranked, costs, costs_file, 300.0, 750.0, ())
    names = pd.Series({"a": "甲中心", "b": "乙中心"}, dtype=object)
    judged = judgement(RULES, findings, IN_GROUP)
    kinds = dict.fromkeys(("centre", "book", "clause"), "category")
    return Worded(
        told, dataclasses.replace(judged, findings=judged.findings.astype(kinds)), names, language
    )


@pytest.mark.parametrize("cost_yuan", [np.nan, 2e6])
@pytest.mark.parametrize(
    ("language", "told", "borne"),
    [("zh", "计入 a", "由同一服务组的甲中心（a）一并补足"), ("en", "told at a", "at 甲中心 (a)")],
)
def test_what_a_mate_bears_is_costed_on_its_page_alone(
    language: Language, told: str, borne: str, cost_yuan: float
) -> None:
    pages = {page.title: page for page in centre_pages(worded(language, cost_yuan), {})}
    (own,), (other,) = pages["甲中心"].measures, pages["乙中心"].measures
    what, m2, cost, *_ = other
    # A cost that nobody knows yet is no less told at a.
    assert (m2, cost) == (None, told)
    assert borne in what
    assert own[2] == (None if np.isnan(cost_yuan) else cost_yuan)
    assert borne not in own[0]


@pytest.mark.parametrize(("language", "most"), [("zh", "合计是上限"), ("en", "the most it can be")])
def test_centres_added_for_a_radius_are_told_to_be_charged_at_most(
    language: Language, most: str
) -> None:
    of_list, of_pages = (" ".join(lines(worded(language, 2e6), typed=one)) for one in (True, False))
    assert most in of_list
    assert most in of_pages
    # Without costs there is nothing of which it could be said.
    nothing: Any = worded(language, 2e6, costs_file="")
    assert most not in " ".join(lines(nothing))


def test_a_list_that_was_printed_with_other_signs_is_read() -> None:
    """Until lately areas were headed ㎡; a heading may also be typed in full-width brackets."""
    line = ["缺陷编号", "面积(㎡)", "费用（元）", "牵头单位"]
    assert heading_of([["示范区 · 整改清单"], line], named=True) == (
        1,
        {0: "defect", 1: "measure_m2", 2: "cost_yuan", 3: "lead_unit"},
    )


@pytest.mark.parametrize(
    ("heading", "ids", "made"),
    [
        # Ids of the ledger's own that look like row numbers, each in its row.
        ("编号,", ("C0002,", "C0003,", "C0004,"), set()),
        ("编号,", ("C0002,", ",", "甲,"), {"C0003"}),
        ("", ("", "", ""), {"C0002", "C0003", "C0004"}),
    ],
)
def test_the_ledger_tells_which_ids_are_row_numbers(
    tmp_path: Path, heading: str, ids: tuple[str, ...], made: set[str]
) -> None:
    rows = [
        f"{one}{name},日间照料,运营,108.7,34.3,500" for one, name in zip(ids, "甲乙丙", strict=True)
    ]
    text = "\n".join([f"{heading}名称,设施类型,运营状态,经度,纬度,建筑面积", *rows])
    (tmp_path / "centres.csv").write_text(text, encoding="utf-8")
    ledger = read_ledger("centres", LedgerSource(tmp_path / "centres.csv", "wgs84"))
    assert len(ledger.table) == 3
    assert made_ids(ledger) == made


def test_what_was_typed_as_a_share_or_as_true_is_written_so_again(tmp_path: Path) -> None:
    """30 % in 资金 stays 30 %, TRUE in 佐证 stays TRUE, 12.5 without a format stays plain."""
    book = openpyxl.Workbook()
    page = book.create_sheet("整改清单")
    page.append(["示范区 · 整改清单"])
    page.append(["缺陷编号", "名称", "变化", "资金", "佐证", "结论"])
    page.append(["a/b/c", "甲", None, 0.3, True, 12.5])
    page["D3"].number_format = "0%"
    book.save(tmp_path / "last.xlsx")
    last = read_last_list(tmp_path / "last.xlsx")
    current = pd.DataFrame({"name": ["甲"]}, index=["a/b/c"])
    table = with_last(current, last, {}, frozenset("a")).table.reset_index()
    sheet = openpyxl.Workbook().create_sheet()
    for number, column in enumerate(table.columns, start=1):
        put_value(sheet.cell(2, number), table[column].iloc[0])
    dress_defects(sheet, table, 2, "zh")
    cells = {
        str(column): sheet.cell(2, number) for number, column in enumerate(table.columns, start=1)
    }
    told = {name: (cells[name].value, cells[name].number_format) for name in COLUMNS_TYPED}
    assert told == {
        "funds": (0.3, "0%"), "evidence": (True, "General"), "conclusion": (12.5, "General"),
    }  # fmt: skip


COLUMNS_TYPED = ("funds", "evidence", "conclusion")
