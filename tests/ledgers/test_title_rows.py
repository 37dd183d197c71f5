"""Titles above a table that say who filled it in: they are no headings, and nobody is told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.ledgers import Ledger, LedgerSource, read_ledger
from planner.workflow import check
from tests.ledgers import zoo
from tests.workflow.town import CENTRES, degrees, write_town

HEAD = ("编号", "名称", "设施类型", "运营状态", "经度", "纬度", "建筑面积", "面积口径", "功能用房")
PERSON = "张三某"
TITLES = (
    f"填报单位：民政局  联系人：{PERSON}  电话：3512345",
    f"填报人：{PERSON}",
    f"院长：{PERSON}（签字）",
    "填报日期：2025-01-01",
)
MORE = ((), ("备注",), ("备注", "院长"))


def rows_of(more: Sequence[str]) -> list[list[Any]]:
    """Return the town's centres below their headings, with further columns."""
    rows: list[list[Any]] = [[*HEAD, *more]]
    for code, name, kind, status, easting, northing, *rest in CENTRES:
        place = (None, None) if easting is None or northing is None else degrees(easting, northing)
        rows.append([code, name, kind, status, *place, *rest, *["x"] * len(more)])
    return rows


def write(path: Path, titles: Sequence[str], more: Sequence[str], *, merged: bool) -> Path:
    """Write a ledger with title rows, each one cell or one merged over the whole table."""
    rows = [*([title] for title in titles), *rows_of(more)]
    if path.suffix == ".csv":
        width = len(HEAD) + len(more)
        padded = [[*row, *[""] * (width - len(row))] for row in rows]
        path.write_text(zoo.text_of(padded[0], padded[1:]), encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    page = book.active
    for row in rows:
        page.append(row)
    for number in range(1, len(titles) + 1 if merged else 1):
        page.merge_cells(
            start_row=number, end_row=number, start_column=1, end_column=len(HEAD) + len(more)
        )
    book.save(path)
    return path


def read(path: Path) -> Ledger:
    return read_ledger("centres", LedgerSource(path, datum="cgcs2000"))


@pytest.mark.parametrize("form", ["csv", "cells", "merged"])
@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_no_heading(tmp_path: Path, title: str, more: Sequence[str], form: str) -> None:
    name = "a.csv" if form == "csv" else "a.xlsx"
    for titles in ([title], ["2025年养老服务设施台账", title], [title, "2025年养老服务设施台账"]):
        ledger = read(write(tmp_path / name, titles, more, merged=form == "merged"))
        assert list(ledger.table.index) == ["C1", "C2", "C3", "C4"]
        assert not ledger.findings["key"].eq("ledgers.heading_rows").any()
        assert not ledger.findings["key"].eq("ledgers.title_unit").any()
        told = ledger.findings["fields"].astype(str).str.cat() + ledger.table.astype(str).to_csv()
        assert PERSON not in told


def test_a_title_over_some_columns_beside_another_is_none(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append([f"填报单位：民政局 联系人：{PERSON}", *[None] * 5, "填报日期：2025-01-01"])
    for row in rows_of(["备注"]):
        page.append(row)
    page.merge_cells("A1:F1")
    page.merge_cells("G1:J1")
    book.save(tmp_path / "a.xlsx")
    assert len(read(tmp_path / "a.xlsx").table) == len(CENTRES)


@pytest.mark.parametrize("merged", [False, True])
def test_a_group_over_the_first_columns_is_still_a_heading(tmp_path: Path, merged: bool) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["社区名称", "人口", None, None, "经度", "纬度"])
    page.append([None, "总数", "其中：60岁以上", "其中：80岁以上", None, None])
    page.append(["甲社区", 1000, 190, 20, 108.7, 34.33])
    if merged:
        page.merge_cells("B1:D1")
    book.save(tmp_path / "a.xlsx")
    source = LedgerSource(tmp_path / "a.xlsx", datum="cgcs2000", population_kind="常住")
    table = read_ledger("communities", source).table
    assert table[["population", "elderly_60", "elderly_80"]].to_numpy().tolist() == [
        [1000, 190, 20]
    ]


def test_a_unit_of_money_above_is_still_told(tmp_path: Path) -> None:
    ledger = read(write(tmp_path / "a.xlsx", ["金额单位：万元"], [], merged=True))
    assert ledger.findings["key"].eq("ledgers.title_unit").any()


@pytest.mark.parametrize("merged", [False, True])
def test_persons_of_a_title_reach_no_marked_ledger(tmp_path: Path, merged: bool) -> None:
    project = write_town(tmp_path / "town", **{'"centres.csv"': '"centres.xlsx"'})
    write(project / "centres.xlsx", TITLES[:3], ["备注", "院长"], merged=merged)
    check(project, tmp_path / "out")
    (marked,) = (tmp_path / "out").glob("centres*.xlsx")
    book = openpyxl.load_workbook(marked)
    cells = [str(cell.value) + str(cell.comment) for page in book for row in page for cell in row]
    assert "甲日间照料中心" in "".join(cells)
    assert PERSON not in "".join(cells)
    assert PERSON not in (tmp_path / "out" / "quality.json").read_text(encoding="utf-8")
