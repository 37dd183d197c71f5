"""Findings back on a copy of the planner's workbook: on their cells, and without persons."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment

from planner.ledgers.marking import Layout
from planner.outputs.book.marked_ledger import quality_rows, write_marked_ledger

LAYOUT = Layout(
    sheet="台账",
    columns={"名称": 0, "联系电话": 1, "建筑面积": 2},
    persons=(1,),
    data_rows=(4, 6),
)


def _findings(*rows: tuple[Any, ...]) -> pd.DataFrame:
    columns = ["file", "row", "id", "column", "severity", "key", "fields", "action"]
    return pd.DataFrame([("x.xlsx", *row) for row in rows], columns=columns).astype(
        {"row": "Int64"}
    )


RANGE = {"heading": "建筑面积", "cell": "200-300", "number": 0.0}
ABOUT = {"heading": "建筑面积", "cell": "约300", "number": 300.0}
FINDINGS = _findings(
    (6, "c", None, "grave", "ledgers.no_place", {}, "set_aside"),
    (4, "a", "建筑面积", "doubt", "ledgers.range", RANGE, "emptied"),
    (4, "a", "建筑面积", "note", "ledgers.approximate", ABOUT, "kept"),
    (None, None, None, "note", "ledgers.person_dropped", {"heading": "联系电话"}, "kept"),
)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "台账"
    page.append(["养老服务设施台账"])
    page.merge_cells("A1:C1")
    page.append(["填表人：王小明  电话 13912345678"])
    page.append(["名称", "联系电话", "建筑面积"])
    page.append(["甲", "13800000001", "200-300"])
    page.append(["乙", "13800000002", "=200+1"])
    page.append(["丙", "13800000003", 300])
    page["A5"].comment = Comment("王小明说的", "王小明")
    page["B4"].hyperlink = "tel:13800000001"
    book.create_sheet("通讯录").append(["王小明", "13912345678"])
    book.properties.creator = "王小明"
    path = tmp_path / "x.xlsx"
    book.save(path)
    return path


def test_findings_stand_on_their_cells(ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    write_marked_ledger(ledger, FINDINGS, LAYOUT, out, language="zh")
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["台账", "数据质量"]
    page = book["台账"]
    said = page["C4"].comment.text
    assert said.startswith("存疑：")
    assert "200-300" in said
    assert "约300" in said  # both findings of one cell, in one comment
    assert page["A6"].comment.text.startswith("严重：")
    assert page["C4"].fill.start_color.rgb != page["C5"].fill.start_color.rgb
    assert page["B6"].fill.start_color.rgb == page["C6"].fill.start_color.rgb  # the row is grey
    assert [page["A4"].value, page["C6"].value] == ["甲", 300]
    rows = list(book["数据质量"].iter_rows(values_only=True))
    assert [row[3] for row in rows[1:]] == ["严重", "存疑", "提示", "提示"]
    assert [row[0] for row in rows[1:]] == [6, 4, None, 4]


def test_no_person_reaches_the_copy(ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    write_marked_ledger(ledger, FINDINGS, LAYOUT, out, language="zh")
    with zipfile.ZipFile(out) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode("utf-8")
            for person in ("王小明", "1380000", "13912345678", "通讯录"):
                assert person not in text, (name, person)


def test_a_file_that_is_no_workbook_gets_the_sheet_alone(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    write_marked_ledger(tmp_path / "x.csv", FINDINGS, Layout(), out, language="en")
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Data quality"]
    assert len(list(book["Data quality"].iter_rows(values_only=True))) == 1 + len(FINDINGS)


def test_nothing_found_is_said(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    write_marked_ledger(tmp_path / "x.csv", FINDINGS.iloc[:0], Layout(), out, language="zh")
    assert openpyxl.load_workbook(out)["数据质量"]["A2"].value == "没有发现问题。"


def test_the_copy_is_the_same_bytes_again(ledger: Path, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_marked_ledger(ledger, FINDINGS, LAYOUT, tmp_path / name, language="zh")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_rows_are_ordered_by_gravity_then_row() -> None:
    assert quality_rows(FINDINGS, "zh")["row"].isna().tolist() == [False, False, True, False]
