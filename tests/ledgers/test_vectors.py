"""Geodatabases, drawings, and grids that only the user's own parameters can turn."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest

from planner.errors import InputFileError, LedgerError
from planner.ledgers import LedgerSource, read_ledger
from planner.ledgers.files import open_ledger
from tests.ledgers import zoo

CGCS2000 = "EPSG:4545"
SHIFT = (-12.5, 108.25, 42.0, 1.5, -0.75, 2.25, 3.5)
XIAN80 = "EPSG:2379"
STATED = f"{XIAN80} +towgs84={','.join(map(str, SHIFT))}"


def pairs(*entity: tuple[int, object]) -> str:
    return "".join(f"{code}\n{value}\n" for code, value in entity)


def label(layer: str, text: str, east: float, north: float) -> str:
    return pairs((0, "TEXT"), (8, layer), (10, east), (20, north), (40, 2.5), (1, text))


def block(layer: str, name: str, east: float, north: float) -> str:
    return pairs((0, "INSERT"), (8, layer), (2, name), (10, east), (20, north))


def outline(layer: str, east: float, north: float, side: float) -> str:
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    places = [(code, start + add) for one in corners
              for code, start, add in ((10, east, one[0]), (20, north, one[1]))]  # fmt: skip
    return pairs((0, "LWPOLYLINE"), (8, layer), (90, 4), (70, 1), *places)


def line(layer: str) -> str:
    return pairs((0, "LINE"), (8, layer), (10, 500000), (20, 3800000), (11, 500500), (21, 3800000))


def write_dxf(path: Path, *entities: str, encoding: str = "gb18030") -> Path:
    """Write a drawing as text, with one block of a circle."""
    circle = pairs((0, "CIRCLE"), (8, "0"), (10, 0), (20, 0), (40, 2))
    body = (
        pairs((0, "SECTION"), (2, "BLOCKS"))
        + pairs((0, "BLOCK"), (8, "0"), (2, "托老所"), (70, 0), (10, 0), (20, 0))
        + circle
        + pairs((0, "ENDBLK"), (8, "0"), (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES"))
        + "".join(entities)
        + pairs((0, "ENDSEC"), (0, "EOF"))
    )
    path.write_bytes(body.encode(encoding))
    return path


DRAWN = (
    label("日间照料", "第一中心", 500_100, 3_800_100),
    block("日间照料", "托老所", 500_300, 3_800_100),
    outline("日间照料", 500_400, 3_800_000, 100),
    label("日间照料", "第三中心", 500_450, 3_800_050),
    outline("日间照料", 500_600, 3_800_000, 100),
    line("道路"),
)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_drawing(encoding: str, tmp_path: Path) -> None:
    file = write_dxf(tmp_path / "a.dxf", *DRAWN, encoding=encoding)
    source = LedgerSource(file, file_crs=CGCS2000, columns={"centre_kind": "图层"})
    ledger = read_ledger("centres", source)
    assert ledger.table["name"].to_list() == ["第一中心", "托老所", "第三中心"]
    assert set(ledger.table["centre_kind"]) == {"日间照料"}
    places = ledger.table.geometry
    assert ledger.crs.to_epsg() == 4545
    assert places.x.to_list() == pytest.approx([500_100, 500_300, 500_450], abs=1e-4)
    assert places.y.to_list() == pytest.approx([3_800_100, 3_800_100, 3_800_050], abs=1e-4)
    # The line, and the outline that nothing names.
    assert zoo.finding(ledger, "drawing_left")["fields"] == {"rows": 2}


def test_a_drawing_of_estates_keeps_outlines(tmp_path: Path) -> None:
    file = write_dxf(tmp_path / "a.dxf", *DRAWN)
    ledger = read_ledger("estates", LedgerSource(file, file_crs=CGCS2000))
    areas = dict(zip(ledger.table["name"], ledger.table.area, strict=True))
    assert areas["第三中心"] == pytest.approx(10_000, rel=1e-6)


def test_a_drawing_says_no_crs(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        open_ledger(LedgerSource(write_dxf(tmp_path / "a.dxf", *DRAWN)))
    assert caught.value.message.key == "ledgers.drawing_without_crs"


def test_what_is_no_drawing(tmp_path: Path) -> None:
    (tmp_path / "a.dxf").write_bytes(b"<html>")
    with pytest.raises(InputFileError, match="dxf"):
        open_ledger(LedgerSource(tmp_path / "a.dxf", file_crs=CGCS2000))


def test_a_geodatabase(tmp_path: Path) -> None:
    points = zoo.as_points(zoo.CENTRE_HEADINGS, zoo.CENTRES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of whole numbers written as others
        points.to_file(tmp_path / "a.gdb", driver="OpenFileGDB", layer="设施")
    ledger = read_ledger("centres", LedgerSource(tmp_path / "a.gdb", datum="wgs84"))
    assert ledger.table["name"].to_list() == ["甲中心", "乙中心", "丙站"]
    with pytest.raises(LedgerError, match="设施"):
        open_ledger(LedgerSource(tmp_path / "a.gdb", layer="没有"))


def test_a_folder_is_no_geodatabase(tmp_path: Path) -> None:
    (tmp_path / "a.gdb").mkdir()
    with pytest.raises(InputFileError, match=r"a\.gdb"):
        open_ledger(LedgerSource(tmp_path / "a.gdb"))


def in_grid(folder: Path, crs: str | None) -> Path:
    """Write three centres in metres of Xi'an 1980 as this tests' parameters have it."""
    true = zoo.as_points(zoo.CENTRE_HEADINGS, zoo.CENTRES)
    geodetic = pyproj.CRS(XIAN80).geodetic_crs
    bound = pyproj.crs.BoundCRS(
        XIAN80, "EPSG:4326", pyproj.crs.coordinate_operation.ToWGS84Transformation(geodetic, *SHIFT)
    )
    forward = pyproj.Transformer.from_crs("EPSG:4326", bound, always_xy=True)
    east, north = forward.transform(true.geometry.x.to_numpy(), true.geometry.y.to_numpy())
    moved = true.set_geometry(gpd.points_from_xy(east, north, crs=crs))
    moved.to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


@pytest.mark.parametrize("declared", [XIAN80, None])
def test_a_grid_with_the_users_parameters(declared: str | None, tmp_path: Path) -> None:
    true = zoo.as_points(zoo.CENTRE_HEADINGS, zoo.CENTRES).to_crs(CGCS2000)
    ledger = read_ledger("centres", LedgerSource(in_grid(tmp_path, declared), file_crs=STATED))
    off = ledger.table.geometry.to_crs(CGCS2000).distance(
        true.geometry.set_axis(["C1", "C2", "C3"])
    )
    assert off.max() < 0.001
    assert zoo.finding(ledger, "file_crs_taken")["fields"] == {"crs": STATED}


def test_parameters_are_applied_as_published() -> None:
    """EPSG Guidance Note 7-2, position vector 7-parameter transformation, its own example."""
    from planner.ledgers.own_grids import users_crs

    stated = "+proj=longlat +ellps=WGS72 +towgs84=0,0,4.5,0,0,0.554,0.219"
    crs = users_crs(LedgerSource(Path("a.gpkg"), file_crs=stated))
    forward = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    found = forward.transform(4.0, 55.0)
    assert np.allclose(found, (4.0 + 0.554 / 3600, 55.0 + 0.090 / 3600), atol=1e-3 / 3600)


@pytest.mark.parametrize(
    ("file_crs", "key"),
    [
        (None, "datum_refused"),
        (XIAN80, "parameters_required"),
        ("EPSG:2435", "parameters_required"),
        ("+proj=tmerc +lon_0=108.75 +ellps=krass +x_0=50000", "parameters_required"),
        (f"{XIAN80} +towgs84=1,2,3,4", "parameters_wrong"),
        (f"{XIAN80} +towgs84=a,b,c", "parameters_wrong"),
        ("西安80", "file_crs_unknown"),
    ],
)
def test_a_grid_without_them_is_refused(file_crs: str | None, key: str, tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        read_ledger("centres", LedgerSource(in_grid(tmp_path, XIAN80), file_crs=file_crs))
    assert caught.value.message.key == f"ledgers.{key}"
    if key in ("datum_refused", "parameters_required"):
        assert "七参数" in str(caught.value)


def test_a_crs_is_not_for_tables(tmp_path: Path) -> None:
    file = zoo.write_csv(tmp_path / "a.csv", zoo.CENTRE_HEADINGS, zoo.CENTRES)
    with pytest.raises(LedgerError) as caught:
        open_ledger(LedgerSource(file, file_crs=CGCS2000))
    assert caught.value.message.key == "ledgers.file_crs_of_table"
