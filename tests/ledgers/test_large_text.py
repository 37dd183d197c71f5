"""Text files larger than what is looked at first: what stands far below counts all the same."""

from __future__ import annotations

import gc
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.errors import LedgerError
from planner.ledgers import Ledger, LedgerSource, delimited, read_ledger
from tests.ledgers import zoo

HEADINGS = ("编号", "名称", "设施类型", "运营状态", "服务社区", "经度", "纬度", "建筑面积", "楼层")
COUNT = 1500


def rows_of(**last: Any) -> list[list[Any]]:
    """Return rows of few words, more than the bytes looked at first; the last one as asked."""
    rows = [
        dict(
            zip(
                HEADINGS,
                (
                    f"C{number:04d}", f"第{number}日间照料中心，东街道甲乙丙丁社区服务楼内",
                    "日间照料中心", "运营", f"第{number % 9}社区、第{number % 5}社区",
                    108.70 + number * 1e-5, 34.33, 300.5, 1,
                ),
                strict=True,
            )
        )
        for number in range(COUNT)
    ]  # fmt: skip
    rows[-1] |= last
    return [list(row.values()) for row in rows]


def read(file: Path) -> Ledger:
    return read_ledger("centres", LedgerSource(file, "gcj02"), crs="EPSG:4545")


def is_fast(patch: pytest.MonkeyPatch) -> None:
    """Let reading cell by cell fail."""
    patch.setattr(delimited, "_by_lines", lambda *_: pytest.fail("read cell by cell"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_odd_cells_far_below_are_told_as_in_a_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    is_fast(monkeypatch)
    last = {
        "设施类型": "棋牌室",
        "运营状态": "#N/A",
        "服务社区": None,
        "建筑面积": "约300",
        "楼层": "三楼",
    }
    rows = rows_of(**last)
    rows[-3][3], rows[-2][3], rows[-4][2] = None, "停业", "#REF!"
    text = read(zoo.write_csv(tmp_path / "a.csv", HEADINGS, rows, encoding))
    book = read(zoo.write_xlsx(tmp_path / "a.xlsx", HEADINGS, rows))
    assert (tmp_path / "a.csv").stat().st_size > delimited.HEAD_BYTES
    columns = ["row", "id", "column", "key", "action"]
    here, there = (
        one.findings.loc[one.findings["row"].notna(), columns].reset_index(drop=True)
        for one in (text, book)
    )
    pd.testing.assert_frame_equal(here, there)
    assert len(here) > 4
    pd.testing.assert_frame_equal(
        text.table.drop(columns="geometry"), book.table.drop(columns="geometry")
    )
    assert text.table.geometry.geom_equals_exact(book.table.geometry, tolerance=1e-6).all()


def test_text_whose_first_bytes_could_be_utf_8_may_still_be_gb18030(tmp_path: Path) -> None:
    rows = [
        [f"C{number}", "x" * 60, "daycare", "open", "", 108.7, 34.3, 300, 1]
        for number in range(COUNT)
    ]
    rows[-1][1] = "东街道日间照料中心"
    plain = ("id", "name", "kind", "status", "serves", "lon", "lat", "area", "floor")
    ledger = read(zoo.write_csv(tmp_path / "a.csv", plain, rows, "gb18030"))
    assert ledger.table["name"].iloc[-1] == "东街道日间照料中心"
    assert zoo.finding(ledger, "encoding_found")["fields"] == {"encoding": "GB18030"}


def test_words_that_are_numbers_stay_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_fast(monkeypatch)
    headings = (*HEADINGS[:5], "所在街道", *HEADINGS[5:])
    rows = [[*row[:5], f"{place % 7:03d}", *row[5:]] for place, row in enumerate(rows_of())]
    ledger = read(zoo.write_csv(tmp_path / "a.csv", headings, rows))
    assert set(ledger.table["street"]) == {f"{place:03d}" for place in range(7)}


def test_a_byte_far_below_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = zoo.write_csv(tmp_path / "a.csv", HEADINGS, rows_of())
    file.write_bytes(file.read_bytes() + "C9,甲\n".encode() + b"\xff\xff\n")
    with pytest.raises(LedgerError) as caught:
        read(file)
    assert caught.value.message.key == "ledgers.encoding_unknown"


def test_a_row_far_below_that_is_too_wide_is_told_of(tmp_path: Path) -> None:
    file = zoo.write_csv(tmp_path / "a.csv", HEADINGS, [*rows_of()[:-1], [*rows_of()[-1], "x"]])
    with warnings.catch_warnings():
        # As in a planner's own process, where pandas' warning is no error.
        warnings.simplefilter("ignore")
        ledger = read(file)
    assert zoo.finding(ledger, "cells_without_heading")["row"] == COUNT + 1
    assert ledger.rows_read == COUNT


@pytest.mark.parametrize("is_on", [True, False])
def test_the_collector_of_garbage_is_left_as_it_was(tmp_path: Path, is_on: bool) -> None:
    file = zoo.write_csv(tmp_path / "a.csv", zoo.CENTRE_HEADINGS, zoo.CENTRES)
    before = gc.isenabled()
    (gc.enable if is_on else gc.disable)()
    try:
        read(file)
        assert gc.isenabled() is is_on
    finally:
        (gc.enable if before else gc.disable)()
