"""Encoding and format never matter: one ledger in every form is one and the same table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import LedgerError
from planner.ledgers import Ledger, LedgerSource, delimited, read_ledger
from tests.ledgers import zoo
from tests.ledgers.old_excel import Page, write_xls

HEADINGS = ("编号", "名称", "设施类型", "运营状态", "经度", "纬度", "建筑面积", "楼层", "备注")
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "名称": st.sampled_from([None, "乙 中心", "１号站", "合计路站"]),
        "设施类型": st.sampled_from(["日间照料中心", "棋牌室", None, "养老院"]),
        "运营状态": st.sampled_from(["运营", "不清楚", None]),
        "经度": st.sampled_from([108.71, 34.33, 108.712345678]),
        "纬度": st.sampled_from([34.34, 108.70]),
        "建筑面积": st.sampled_from(
            [300, 300.5, "约300㎡", "1,200", "3-4", -1, 0, None, "x", "#REF!", 1e9, "2亩"]
        ),
        "楼层": st.sampled_from(["一楼", -1, "2-3层", "?", None, 2]),
        "备注": st.sampled_from([None, "甲，乙", 'a"b', "=1+1", "x"]),
    },
)
GOOD = ("C", "甲中心", "日间照料", "运营", 108.70, 34.33, 300, 1, None)


def rows_of(changes: list[dict[str, Any]]) -> list[list[Any]]:
    return [
        list((dict(zip(HEADINGS, GOOD, strict=True)) | {"编号": f"C{number}"} | one).values())
        for number, one in enumerate(changes)
    ]


def _vector(rows: list[list[Any]]) -> gpd.GeoDataFrame:
    """Return the rows as points; a layer's column is numbers, or text, and never both."""
    frame = pd.DataFrame(rows, columns=list(HEADINGS), dtype=object)
    where = gpd.points_from_xy(frame.pop("经度"), frame.pop("纬度"), crs="EPSG:4326")
    for name in frame:
        texts = [None if cell is None else str(cell) for cell in frame[name]]
        is_number = all(cell is None or not isinstance(cell, str) for cell in frame[name])
        frame[name] = pd.Series(frame[name], dtype=float) if is_number else texts
    return gpd.GeoDataFrame(frame, geometry=where)


def _xlsx(folder: Path, rows: list[list[Any]]) -> Path:
    return zoo.write_xlsx(folder / "a.xlsx", HEADINGS, rows)


def _csv(encoding: str, delimiter: str, name: str) -> Callable[[Path, list[list[Any]]], Path]:
    return lambda folder, rows: zoo.write_csv(folder / name, HEADINGS, rows, encoding, delimiter)


def _gpkg(folder: Path, rows: list[list[Any]]) -> Path:
    _vector(rows).to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


FORMS: dict[str, Callable[[Path, list[list[Any]]], Path]] = {
    "xlsx": _xlsx,
    "xls": lambda folder, rows: write_xls(folder / "a.xls", Page("a", [HEADINGS, *rows])),
    "csv, GB18030": _csv("gb18030", ",", "a.csv"),
    "csv, GBK": _csv("gbk", ",", "b.csv"),
    "csv, UTF-8": _csv("utf-8", ",", "c.csv"),
    "csv, UTF-8 with mark": _csv("utf-8-sig", ",", "d.csv"),
    "csv, UTF-16": _csv("utf-16", ",", "e.csv"),
    "semicolons": _csv("utf-8", ";", "f.csv"),
    "tsv": _csv("gb18030", "\t", "a.tsv"),
    "gpkg": _gpkg,
    "geojson": lambda folder, rows: zoo.write_geojson(folder / "a.geojson", _vector(rows)),
    "shp, GBK": lambda folder, rows: zoo.write_shp(folder / "a.shp", _vector(rows), "gbk", None),
    "shp, UTF-8": lambda folder, rows: zoo.write_shp(
        folder / "b.shp", _vector(rows), "utf-8", "UTF-8"
    ),
}
VECTOR = {"gpkg", "geojson", "shp, GBK", "shp, UTF-8"}


def told_of_rows(ledger: Ledger) -> list[tuple[str, str, str]]:
    """Return id, key and action of what is said of single rows."""
    found = ledger.findings[ledger.findings["row"].notna()]
    columns = (found["id"].fillna(""), found["key"], found["action"])
    return sorted(zip(*columns, strict=True))


def same(one: Ledger, other: Ledger) -> None:
    """Check that two readings are of one ledger."""
    left, right = (
        pd.DataFrame(ledger.table.drop(columns="geometry")).sort_index() for ledger in (one, other)
    )
    pd.testing.assert_frame_equal(left, right, check_dtype=False, check_index_type=False)
    here, there = (
        ledger.table.geometry.sort_index().get_coordinates().to_numpy() for ledger in (one, other)
    )
    np.testing.assert_allclose(here, there, atol=1e-6, rtol=0)
    assert told_of_rows(one) == told_of_rows(other)
    assert one.rows_read == other.rows_read
    assert list(one.set_aside["id"]) == list(other.set_aside["id"])


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.lists(CELLS, min_size=2, max_size=6))
def test_format_and_encoding_never_matter(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("forms")
    rows = rows_of(changes)
    ledgers = {
        name: read_ledger("centres", LedgerSource(write(folder, rows), "wgs84"), crs="EPSG:4545")
        for name, write in FORMS.items()
    }
    for name, ledger in ledgers.items():
        # A layer holds its places beside the cells, and so has no cells to tell of.
        same(ledgers["gpkg" if name in VECTOR else "xlsx"], ledger)
    pd.testing.assert_frame_equal(
        pd.DataFrame(ledgers["gpkg"].table.drop(columns="geometry")),
        pd.DataFrame(ledgers["xlsx"].table.drop(columns="geometry")),
        check_dtype=False,
    )


TEXTS = st.sampled_from(
    ["", " ", "甲", "1", "007", "1.5", "1e3", "True", "nan", "inf", "NA", "约3", '"', 'a"b',
     '"a,b"', '"a\nb"', "=1", '="007"', "\t", "合计", "注：x", "　"]
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.lists(TEXTS, min_size=1, max_size=7), min_size=1, max_size=6), st.booleans())
def test_both_ways_to_split_text_agree(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], is_titled: bool
) -> None:
    """Reading by columns is a faster way to what reading cell by cell gives, or steps back."""
    lines = [",".join(("编号", "名称", "设施类型", "建筑面积", "楼层", "备注"))]
    lines = ["台账", *lines] if is_titled else lines
    content = "\n".join([*lines, *(",".join(row) for row in rows)])
    file = tmp_path_factory.mktemp("split") / "a.csv"
    file.write_text(content, encoding="utf-8")
    outcomes: list[Ledger | str] = []
    ways = {
        "as objects": (delimited._by_columns, delimited.LEAST_LINES),
        "as words that come again": (delimited._by_columns, 0),
        "cell by cell": (lambda *_: None, 0),
    }
    for by_columns, least_lines in ways.values():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(delimited, "_by_columns", by_columns)
            patch.setattr(delimited, "LEAST_LINES", least_lines)
            patch.setattr(delimited, "AGAIN", 1.0)
            try:
                outcomes.append(read_ledger("centres", LedgerSource(file)))
            except LedgerError as error:
                outcomes.append(error.message.key)
    for one in outcomes[:-1]:
        if isinstance(one, str) or isinstance(outcomes[-1], str):
            assert one == outcomes[-1]
        else:
            _assert_same_reading(one, outcomes[-1])


def _assert_same_reading(one: Ledger, other: Ledger) -> None:
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.table.drop(columns="geometry")),
        pd.DataFrame(other.table.drop(columns="geometry")),
        check_dtype=False,
    )
    assert list(zip(one.findings["row"].fillna(0), one.findings["key"], strict=True)) == list(
        zip(other.findings["row"].fillna(0), other.findings["key"], strict=True)
    )
    assert one.rows_read == other.rows_read
