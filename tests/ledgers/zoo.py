"""Ledgers made for the tests: one table in every format and encoding that a bureau sends."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import shapely

from planner.ledgers import Ledger

CENTRE_HEADINGS = (
    "编号", "名称", "设施类型", "运营状态", "所在街道", "所在社区", "经度", "纬度", "建筑面积",
    "楼层", "日托位", "联系人", "联系电话",
)  # fmt: skip
NAME, PHONE = "张某某", "13900000000"
CENTRES: tuple[tuple[Any, ...], ...] = tuple(
    (*words.split(), *figures, NAME, PHONE)
    for words, figures in (
        ("C1 甲中心 日间照料中心 正常运营 东街道 甲社区", (108.701, 34.331, 420, 1, 20)),
        ("C2 乙中心 日间照料 在建 东街道 乙社区", (108.712, 34.334, 300.5, 2, 15)),
        ("C3 丙站 居家养老服务站 闲置 西街道 丙社区", (108.723, 34.337, None, -1, None)),
    )
)
Rows = Sequence[Sequence[Any]]


def text_of(headings: Sequence[str], rows: Rows, delimiter: str = ",") -> str:
    """Return delimited text as a spreadsheet would write it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return buffer.getvalue()


def write_csv(
    path: Path, headings: Sequence[str], rows: Rows, encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    path.write_bytes(text_of(headings, rows, delimiter).encode(encoding))
    return path


def write_xlsx(path: Path, headings: Sequence[str], rows: Rows, sheet: str = "台账") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    page.append(list(headings))
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def as_points(headings: Sequence[str], rows: Rows) -> gpd.GeoDataFrame:
    """Return rows with 经度 and 纬度 as points without those columns."""
    frame = pd.DataFrame([list(row) for row in rows], columns=list(headings))
    where = gpd.points_from_xy(frame.pop("经度"), frame.pop("纬度"), crs="EPSG:4326")
    return gpd.GeoDataFrame(frame, geometry=where)


def write_geojson(path: Path, frame: gpd.GeoDataFrame, encoding: str = "utf-8") -> Path:
    content = json.loads(frame.to_json(drop_id=True))
    path.write_bytes(json.dumps(content, ensure_ascii=False).encode(encoding))
    return path


def write_shp(path: Path, frame: gpd.GeoDataFrame, encoding: str, cpg: str | None) -> Path:
    """Write a shapefile as any program does: headings cut to 10 bytes, amid a character or not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame.to_file(path, encoding=encoding)
    declared = path.with_suffix(".cpg")
    declared.unlink(missing_ok=True)
    if cpg is not None:
        declared.write_text(cpg, encoding="ascii")
    return path


def square(east: float, north: float, side: float) -> shapely.Polygon:
    """Return a square by its south-western corner."""
    return shapely.box(east, north, east + side, north + side)


ORIGIN = (500_000.0, 3_800_000.0)
METRES = "EPSG:4545"


def at(east: float, north: float, side: float) -> shapely.Polygon:
    """Return a square near 咸阳, metres from the origin of the tests' town."""
    return square(ORIGIN[0] + east, ORIGIN[1] + north, side)


def town(**columns: Sequence[Any]) -> gpd.GeoDataFrame:
    """Return three communities in a row, 1 km wide each: A, B and C."""
    frame = pd.DataFrame(
        {
            "name": ["甲社区", "乙社区", "丙村"],
            "community_kind": ["社区", "社区", "村"],
            "street": ["东街道", "东街道", "西镇"],
            "population": [1000.0, 2000.0, 500.0],
            "elderly_60": [190.0, 400.0, 150.0],
            "elderly_65": [120.0, 250.0, 100.0],
            "elderly_80": [20.0, 50.0, 25.0],
        },
        index=["A", "B", "C"],
    )
    places = [at(0, 0, 1000), at(1000, 0, 1000), at(2000, 0, 1000)]
    return gpd.GeoDataFrame(frame.assign(**columns), geometry=places, crs=METRES)


def keys(ledger: Ledger, *, row: int | None = None) -> list[str]:
    """Return the rules that a ledger's findings name, sorted, without ``ledgers.``."""
    found = ledger.findings
    if row is not None:
        found = found[found["row"] == row]
    return sorted(key.removeprefix("ledgers.") for key in found["key"])


def finding(ledger: Ledger, key: str) -> pd.Series:
    """Return the one finding of a rule."""
    found = ledger.findings[ledger.findings["key"] == f"ledgers.{key}"]
    assert len(found) == 1, f"{len(found)} findings of {key}: {keys(ledger)}"
    return found.iloc[0]
