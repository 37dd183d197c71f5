"""Every format and encoding gives the same table; what cannot be read says why."""

from __future__ import annotations

import json
import os
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from planner.errors import InputFileError, LedgerError
from planner.ledgers import LedgerSource, read_ledger
from planner.ledgers.draft import draft_ledger
from planner.ledgers.files import open_ledger
from tests.ledgers import zoo

EXPECTED = {
    "C1": ("甲中心", "日间照料", "运营", 420.0, 1.0, 20.0),
    "C2": ("乙中心", "日间照料", "在建", 300.5, 2.0, 15.0),
    "C3": ("丙站", "居家服务站", "闲置", None, -1.0, None),
}


def write(path: Path, form: str) -> Path:
    headings, rows = zoo.CENTRE_HEADINGS, zoo.CENTRES
    points = zoo.as_points(headings, rows)
    match form.split():
        case ["csv", encoding]:
            return zoo.write_csv(path / "a.csv", headings, rows, encoding)
        case ["semicolon"]:
            return zoo.write_csv(path / "a.csv", headings, rows, delimiter=";")
        case ["tsv", encoding]:
            return zoo.write_csv(path / "a.tsv", headings, rows, encoding, "\t")
        case ["xlsx"]:
            return zoo.write_xlsx(path / "a.xlsx", headings, rows)
        case ["gpkg"]:
            points.to_file(path / "a.gpkg", layer="设施")
            return path / "a.gpkg"
        case ["geojson", encoding]:
            return zoo.write_geojson(path / "a.geojson", points, encoding)
        case ["shp", encoding, cpg]:
            declared = None if cpg == "without" else cpg
            return zoo.write_shp(path / "a.shp", points, encoding, declared)
    raise AssertionError(form)


FORMS = (
    "csv utf-8", "csv utf-8-sig", "csv gb18030", "csv gbk", "csv utf-16", "semicolon", "tsv utf-8",
    "tsv gb18030", "xlsx", "gpkg", "geojson utf-8", "geojson utf-8-sig", "geojson gb18030",
    "shp utf-8 UTF-8", "shp utf-8 without", "shp gbk GBK", "shp gbk without", "shp gbk 936",
    "shp gbk UTF-8", "shp gbk nonsense",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_table(form: str, tmp_path: Path) -> None:
    file = write(tmp_path, form)
    ledger = read_ledger("centres", LedgerSource(file, datum="wgs84"))
    table = ledger.table
    assert ledger.rows_read == 3
    assert {
        name: tuple(None if pd.isna(value) else value for value in row)
        for name, *row in table[
            ["name", "centre_kind", "status", "area_m2", "floor", "capacity_persons"]
        ].itertuples()
    } == EXPECTED
    assert table["street"].to_list() == ["东街道", "东街道", "西街道"]
    assert table["area_kind"].to_list() == ["建筑", "建筑", "建筑"]
    assert ledger.crs.to_epsg() == 4545
    degrees = table.to_crs(4326)
    assert degrees.geometry.x.to_list() == pytest.approx([108.701, 108.712, 108.723], abs=1e-9)
    assert degrees.geometry.y.to_list() == pytest.approx([34.331, 34.334, 34.337], abs=1e-9)


@pytest.mark.parametrize("form", FORMS)
def test_persons_are_never_read(form: str, tmp_path: Path) -> None:
    ledger = read_ledger("centres", LedgerSource(write(tmp_path, form), datum="wgs84"))
    everything = "".join(
        frame.to_csv() for frame in (ledger.table, ledger.findings, ledger.set_aside)
    )
    assert zoo.NAME not in everything
    assert zoo.PHONE not in everything
    dropped = ledger.findings[ledger.findings["key"] == "ledgers.person_dropped"]
    # A shapefile in UTF-8 has room for three Chinese characters: 联系电.
    assert [heading[:3] for heading in dropped["column"]] == ["联系人", "联系电"]
    assert set(dropped["severity"]) == {"note"}


def test_columns_of_persons_end_at_the_headings(tmp_path: Path) -> None:
    source = LedgerSource(write(tmp_path, "csv utf-8"), datum="wgs84")
    draft = draft_ledger("centres", source, required=["name"])
    everything = draft.raw.cells.to_csv() + draft.frame.to_csv()
    assert "甲中心" in everything
    assert zoo.NAME not in everything
    assert zoo.PHONE not in everything


def test_utf8_that_would_pass_for_gb18030(tmp_path: Path) -> None:
    place = shapely.box(108.70, 34.33, 108.71, 34.34)
    frame = gpd.GeoDataFrame({"名称": ["甲乙"], "elderly_60": [19]}, geometry=[place], crs=4490)
    assert "甲乙名称".encode().decode("gb18030")
    file = zoo.write_shp(tmp_path / "a.shp", frame, "utf-8", None)
    assert read_ledger("communities", LedgerSource(file)).table["name"].to_list() == ["甲乙"]


def test_the_encoding_found_is_told(tmp_path: Path) -> None:
    ledger = read_ledger("centres", LedgerSource(write(tmp_path, "csv gb18030"), datum="wgs84"))
    assert zoo.finding(ledger, "encoding_found")["fields"] == {"encoding": "GB18030"}


def test_a_cpg_that_lies_is_told(tmp_path: Path) -> None:
    ledger = read_ledger("centres", LedgerSource(write(tmp_path, "shp gbk UTF-8"), datum="wgs84"))
    assert zoo.finding(ledger, "cpg_wrong")["severity"] == "doubt"


def test_rows_are_numbered_as_a_planner_counts(tmp_path: Path) -> None:
    rows = [*zoo.CENTRES[:2], (None,) * 13, (" ",) * 13, zoo.CENTRES[2]]
    for name, write_rows in (("a.csv", zoo.write_csv), ("a.xlsx", zoo.write_xlsx)):
        file = write_rows(tmp_path / name, zoo.CENTRE_HEADINGS, rows)
        ledger = read_ledger("centres", LedgerSource(file, datum="wgs84"))
        assert ledger.rows.to_dict() == {"C1": 2, "C2": 3, "C3": 6}
        assert zoo.finding(ledger, "blank_rows")["fields"] == {"rows": 2}
    features = read_ledger("centres", LedgerSource(write(tmp_path, "gpkg"), datum="wgs84"))
    assert features.rows.to_dict() == {"C1": 1, "C2": 2, "C3": 3}


def test_a_cell_may_hold_a_line_break(tmp_path: Path) -> None:
    rows = [("C1", "甲\n中心", "日间照料", 108.7, 34.3), ("C2", "乙", "日间照料", 108.7, 34.4)]
    file = zoo.write_csv(tmp_path / "a.csv", ("编号", "名称", "类型", "经度", "纬度"), rows)
    ledger = read_ledger("centres", LedgerSource(file, datum="wgs84"))
    assert ledger.rows.to_dict() == {"C1": 2, "C2": 3}
    assert ledger.table["name"]["C1"] == "甲 中心"


@pytest.mark.parametrize("closed", [False, True])
def test_an_open_quotation_mark_swallows_no_rows(closed: bool, tmp_path: Path) -> None:
    """The mark opens in row 2; it is closed in row 4 at the same column, or nowhere."""
    names = ['"甲', "乙", '丙"' if closed else "丙", "丁"]
    rows = [f"C{place},{name},日间照料,运营" for place, name in enumerate(names)]
    file = tmp_path / "a.csv"
    file.write_text("\n".join(["编号,名称,设施类型,运营状态", *rows]), encoding="utf-8")
    with pytest.raises(LedgerError, match="第 2 行从“甲") as caught:
        open_ledger(LedgerSource(file))
    assert [problem.key for problem in caught.value.problems] == ["ledgers.rows_in_a_cell"]


def test_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    page = book.create_sheet("设施")
    page.append(["名称", "类型", "经度", "纬度"])
    page.append(["甲", "日间照料", 108.7, 34.3])
    other = book.create_sheet("旧表")
    other.append(["名称", "类型", "经度", "纬度"])
    other.append(["乙", "日间照料", 108.7, 34.3])
    book.save(tmp_path / "a.xlsx")
    first = read_ledger("centres", LedgerSource(tmp_path / "a.xlsx", datum="wgs84"))
    assert first.table["name"].to_list() == ["甲"]
    found = zoo.finding(first, "sheets_alike")
    assert (found["fields"]["sheet"], found["fields"]["alike"]) == ("设施", "旧表")
    assert found["severity"] == "grave"
    named = read_ledger("centres", LedgerSource(tmp_path / "a.xlsx", datum="wgs84", sheet="旧表"))
    assert named.table["name"].to_list() == ["乙"]
    with pytest.raises(LedgerError, match="说明、设施、旧表"):
        open_ledger(LedgerSource(tmp_path / "a.xlsx", sheet="没有"))


def test_layers(tmp_path: Path) -> None:
    points = zoo.as_points(zoo.CENTRE_HEADINGS, zoo.CENTRES)
    points.to_file(tmp_path / "a.gpkg", layer="今年")
    points[:1].to_file(tmp_path / "a.gpkg", layer="去年")
    first = read_ledger("centres", LedgerSource(tmp_path / "a.gpkg", datum="wgs84"))
    assert len(first.table) == 3
    assert zoo.finding(first, "sheet_taken")["fields"] == {"sheet": "今年", "others": "去年"}
    named = LedgerSource(tmp_path / "a.gpkg", datum="wgs84", layer="去年")
    assert len(read_ledger("centres", named).table) == 1
    with pytest.raises(LedgerError, match="今年、去年"):
        open_ledger(LedgerSource(tmp_path / "a.gpkg", layer="前年"))


@pytest.mark.parametrize(
    ("name", "content", "error", "key"),
    [
        ("gone.csv", None, InputFileError, "no_file"),
        ("a.xls", b"\xd0\xcf\x11\xe0", InputFileError, "unreadable"),
        ("a.xls", b"<html><table>", InputFileError, "not_that_format"),
        ("a.pdf", b"%PDF", InputFileError, "unknown_suffix"),
        ("a.csv", b"", LedgerError, "empty_file"),
        ("a.csv", b"\xef\xbb\xbf\r\n\r\n", LedgerError, "no_heading"),
        ("a.csv", "名称,类型\r\n".encode(), LedgerError, "no_rows"),
        ("a.csv", b"\xff\x00\x81", LedgerError, "encoding_unknown"),
        ("a.xlsx", b"PK\x03\x04 nothing", InputFileError, "unreadable"),
        ("a.xlsx", b"plain text", InputFileError, "not_that_format"),
        ("a.gpkg", b"SQLite format 3\x00 and no more", InputFileError, "unreadable"),
        ("a.gpkg", b"<OGRVRTDataSource/>", InputFileError, "not_that_format"),
        ("a.geojson", b"<OGRVRTDataSource/>", InputFileError, "not_that_format"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', InputFileError, "unreadable"),
        ("a.geojson", b'{"no": "features"}', InputFileError, "unreadable"),
        ("a.shp", b"\x00\x00\x27\x0a too short", InputFileError, "unreadable"),
        ("a.shp", b"<OGRVRTDataSource/>", InputFileError, "not_that_format"),
    ],
)
def test_what_cannot_be_read(
    name: str, content: bytes | None, error: type[Exception], key: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as caught:
        open_ledger(LedgerSource(tmp_path / name))
    assert caught.value.message.key == f"ledgers.{key}"  # type: ignore[attr-defined]
    assert name in str(caught.value)
    assert "/vsimem" not in str(caught.value)


def test_a_chart_is_no_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("图")
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(LedgerError, match=r"a\.xlsx 里没有表头"):
        open_ledger(LedgerSource(tmp_path / "a.xlsx"))


def test_lists_in_a_cell_are_read_as_a_sheet_writes_them(tmp_path: Path) -> None:
    facts = {"名称": {"zh": "甲"}, "设施类型": "日间照料", "功能用房": ["休息室", "餐厅"]}
    point = {"type": "Point", "coordinates": [108.7, 34.3]}
    features = [
        {"type": "Feature", "properties": {**facts, "编号": one}, "geometry": point} for one in "ab"
    ]
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    table = read_ledger("centres", LedgerSource(file, datum="cgcs2000")).table
    assert table["rooms"].to_list() == ["休息室、餐厅"] * 2
    assert table["name"].to_list() == ['{"zh": "甲"}'] * 2


def test_a_shape_that_is_none_costs_its_row_only(tmp_path: Path) -> None:
    ring = [[108.7, 34.3], [108.8, 34.3], [108.8, 34.4], [108.7, 34.3]]
    features = [
        {
            "type": "Feature",
            "properties": {"名称": name, "60岁以上": 1},
            "geometry": {"type": "Polygon", "coordinates": [shape]},
        }
        for name, shape in (("甲", ring), ("乙", ring[:2]))
    ]
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    ledger = read_ledger("communities", LedgerSource(file, datum="cgcs2000"))
    assert ledger.table["name"].to_list() == ["甲"]
    assert ledger.set_aside[["row", "key"]].to_numpy().tolist() == [[2, "ledgers.no_outline"]]


@pytest.mark.parametrize(
    "name",
    [
        "/vsicurl/http://example.org/a.gpkg", "/vsizip/a.zip/a.shp", "/VSIMEM/a.gpkg",
        "https://example.org/a.geojson", "http:/example.org/a.csv", "WFS:http://example.org/a.json",
        "\\\\server\\share\\a.csv",
    ],
)  # fmt: skip
def test_only_local_files(name: str) -> None:
    with pytest.raises(InputFileError) as caught:
        open_ledger(LedgerSource(Path(name)))
    assert caught.value.message.key in ("ledgers.not_local",)


def test_a_shapefile_without_its_parts(tmp_path: Path) -> None:
    file = write(tmp_path, "shp utf-8 UTF-8")
    file.with_suffix(".shx").unlink()
    with pytest.raises(InputFileError, match="打不开"):
        open_ledger(LedgerSource(file))


def test_a_declared_encoding_is_the_only_one_tried(tmp_path: Path) -> None:
    file = write(tmp_path, "csv gb18030")
    with pytest.raises(LedgerError, match="utf-8"):
        open_ledger(LedgerSource(file, encoding="utf-8"))
    assert open_ledger(LedgerSource(file, encoding="gbk")).headings == zoo.CENTRE_HEADINGS
    # "undefined" is a codec of Python's whose error is no UnicodeDecodeError.
    for unusable in ("klingon", "undefined", "rot13"):
        with pytest.raises(LedgerError, match=unusable):
            open_ledger(LedgerSource(file, encoding=unusable))


def test_cut_headings_of_a_shapefile_still_match(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {
            "名称": ["甲社区"], "代码": ["610402001001"], "60岁及以上人口": [190],
            "65岁及以上人口": [120], "常住人口": [1000],
        },
        geometry=[shapely.box(108.70, 34.33, 108.71, 34.34)],
        crs="EPSG:4490",
    )  # fmt: skip
    for encoding in ("utf-8", "gbk"):
        file = zoo.write_shp(tmp_path / f"{encoding}.shp", frame, encoding, None)
        ledger = read_ledger("communities", LedgerSource(file, "cgcs2000"))
        row = ledger.table.iloc[0]
        assert (row["population"], row["elderly_60"], row["elderly_65"]) == (1000, 190, 120)


def test_a_stray_comma_is_told(tmp_path: Path) -> None:
    text = "名称,类型,经度,纬度\n甲,日间照料,108.7,34.3\n乙,日间照料,108.7,34.3,多\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    ledger = read_ledger("centres", LedgerSource(tmp_path / "a.csv", datum="wgs84"))
    assert zoo.finding(ledger, "cells_without_heading")["row"] == 3


def test_findings_travel_without_folders(tmp_path: Path) -> None:
    ledger = read_ledger("centres", LedgerSource(write(tmp_path, "csv utf-8"), datum="wgs84"))
    assert set(ledger.findings["file"]) == {"a.csv"}
    assert os.sep not in "".join(ledger.findings["fields"].map(str))
