"""Ledgers with X坐标 and Y坐标, or degrees, minutes and seconds: the same places as by degrees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyproj
import pytest

from planner.errors import LedgerError
from planner.ledgers import Ledger, LedgerSource, read_ledger
from planner.ledgers.coordinates import coordinate
from tests.ledgers import zoo

PLACES = ((108.701, 34.331), (108.712, 34.334), (108.723, 34.337))
WORDS = ("编号", "名称", "设施类型", "运营状态", "建筑面积")


def write(tmp_path: Path, headings: tuple[str, str], pairs: Sequence[Sequence[Any]]) -> Path:
    rows = [
        (f"C{number}", f"中心{number}", "日间照料", "运营", 300, *pair)
        for number, pair in enumerate(pairs, start=1)
    ]
    return zoo.write_csv(tmp_path / "设施.csv", (*WORDS, *headings), rows)


def read(
    tmp_path: Path,
    headings: tuple[str, str],
    pairs: Sequence[Sequence[Any]],
    datum: str | None = "cgcs2000",
    **declared: Any,
) -> Ledger:
    source = LedgerSource(write(tmp_path, headings, pairs), datum, **declared)
    return read_ledger("centres", source)


def metres(epsg: int) -> list[tuple[float, float]]:
    """Return easting and northing of the places, rounded as surveyors do."""
    there = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)
    return [tuple(round(figure, 3) for figure in there.transform(*place)) for place in PLACES]


def degrees(ledger: Ledger) -> list[tuple[float, float]]:
    points = ledger.table.to_crs(4490).geometry
    return list(zip(points.x, points.y, strict=True))


def assert_placed(ledger: Ledger) -> None:
    assert ledger.table["position"].to_list() == ["given"] * 3
    for found, place in zip(degrees(ledger), PLACES, strict=True):
        assert found == pytest.approx(place, abs=2e-8)


@pytest.mark.parametrize("surveyor", [True, False])
@pytest.mark.parametrize(
    ("epsg", "declared"),
    [
        (4524, {}),
        (4545, {"central_meridian": 108.0}),
        (4497, {"six_degree_zones": True}),
        (4508, {"central_meridian": 111.0}),
    ],
)
def test_metres_in_any_zone_and_order(
    surveyor: bool, epsg: int, declared: dict[str, Any], tmp_path: Path
) -> None:
    pairs = [(north, east) if surveyor else (east, north) for east, north in metres(epsg)]
    ledger = read(tmp_path, ("X坐标", "Y坐标"), pairs, **declared)
    assert_placed(ledger)
    told = [key for key in zoo.keys(ledger) if key != "encoding_found"]
    # Whoever writes X for the easting is told how it was read: once, as a note.
    assert told == ([] if surveyor else ["datum.axes_found"])
    assert not {"easting", "northing", "longitude", "latitude"} & set(ledger.table.columns)


def test_text_metres(tmp_path: Path) -> None:
    pairs = [(f"{north:,.3f}", f"{east:.3f}米") for east, north in metres(4524)]
    assert_placed(read(tmp_path, ("纵坐标", "横坐标"), pairs))


def test_degrees_under_x_and_y(tmp_path: Path) -> None:
    ledger = read(tmp_path, ("X", "Y"), PLACES)
    assert_placed(ledger)
    assert "swapped" not in zoo.keys(ledger)


def test_metres_under_longitude_and_latitude(tmp_path: Path) -> None:
    assert_placed(read(tmp_path, ("经度", "纬度"), metres(4524)))
    turned = [(north, east) for east, north in metres(4524)]
    ledger = read(tmp_path, ("经度", "纬度"), turned)
    assert_placed(ledger)
    found = ledger.findings.set_index("key").loc["datum.columns_exchanged"]
    assert found["severity"] == "doubt"
    assert found["fields"]["rows"] == 3


def test_degrees_go_before_metres(tmp_path: Path) -> None:
    rows = [
        (f"C{n}", f"中心{n}", "日间照料", "运营", 300, 1.0, 2.0, *place)
        for n, place in enumerate(PLACES, start=1)
    ]
    file = zoo.write_csv(tmp_path / "a.csv", (*WORDS, "X坐标", "Y坐标", "经度", "纬度"), rows)
    assert_placed(read_ledger("centres", LedgerSource(file, "wgs84")))


def test_exchanged_columns_are_told_once(tmp_path: Path) -> None:
    ledger = read(tmp_path, ("经度", "纬度"), [(north, east) for east, north in PLACES])
    assert_placed(ledger)
    assert [key for key in zoo.keys(ledger) if key != "encoding_found"] == [
        "datum.columns_exchanged"
    ]
    one_row = read(tmp_path, ("经度", "纬度"), [PLACES[0][::-1], *PLACES[1:]])
    assert_placed(one_row)
    assert zoo.finding(one_row, "swapped")["row"] == 2


@pytest.mark.parametrize(
    ("datum", "declared", "epsg", "key"),
    [
        (None, {}, 4524, "datum.metres_datum_required"),
        ("gcj02", {}, 4524, "datum.metres_of_other_datum"),
        ("wgs84", {}, 4545, "datum.metres_of_other_datum"),
        ("cgcs2000", {}, 4545, "datum.meridian_required"),
        ("cgcs2000", {}, 4497, "datum.six_degrees"),
        ("cgcs2000", {"central_meridian": 111.0}, 4524, "datum.meridian_contradicted"),
    ],
)
def test_what_must_be_declared(
    datum: str | None, declared: dict[str, Any], epsg: int, key: str, tmp_path: Path
) -> None:
    with pytest.raises(LedgerError) as caught:
        read(tmp_path, ("Y坐标", "X坐标"), metres(epsg), datum, **declared)
    keys = [caught.value.message.key, *(one.key for one in caught.value.problems)]
    assert key in keys
    assert caught.value.text("en")
    assert "设施.csv" in caught.value.text("zh")


def test_a_bad_row_among_good_ones(tmp_path: Path) -> None:
    pairs = [*metres(4524), (36_512_345.0, 380_000.0), ("见图", 3_800_000.0), (None, None)]
    pairs += [(37_512_345.0, 3_800_000.0)]
    ledger = read(tmp_path, ("Y坐标", "X坐标"), pairs, central_meridian=108.0)
    assert ledger.table["position"].to_list() == [*["given"] * 3, *["none"] * 4]
    found = ledger.findings[ledger.findings["row"].notna()]
    told = {int(row): key for row, key in zip(found["row"], found["key"], strict=True)}
    assert told[5] in ("datum.off_grid", "ledgers.centre_without_place")
    by_key = set(found["key"])
    assert {"datum.off_grid", "datum.no_coordinate", "datum.other_zone"} <= by_key


CELLS = {
    "108°42′30″": 108.0 + 42 / 60 + 30 / 3600,
    "108°42'30.6\"": 108.0 + 42 / 60 + 30.6 / 3600,
    "108度42分30秒": 108.0 + 42 / 60 + 30 / 3600,
    "东经108°42′30″": 108.0 + 42 / 60 + 30 / 3600,
    "E108°42.5′": 108.0 + 42.5 / 60,
    "108 42 30": 108.0 + 42 / 60 + 30 / 3600,
    "１０８°４２′３０″": 108.0 + 42 / 60 + 30 / 3600,
    "108º42’30”": 108.0 + 42 / 60 + 30 / 3600,
    "108° 42' 30'' E": 108.0 + 42 / 60 + 30 / 3600,
    "108.7083°": 108.7083,
    "北纬34.33度": 34.33,
    "34.33N": 34.33,
    "8°37′W": -8.0 - 37 / 60,
    "-8.61": -8.61,
    "36,512,345.5米": 36_512_345.5,
    "3800123.4": 3_800_123.4,
}


@pytest.mark.parametrize("cell", CELLS)
def test_notations(cell: str) -> None:
    assert coordinate(cell) == pytest.approx(CELLS[cell], abs=1e-12)


@pytest.mark.parametrize(
    "cell", ["108°62′30″", "108°42′75″", "见图", "108.5°30′", "东经-108.7", "", "108,34", "42′30″"]
)
def test_what_is_no_coordinate(cell: str) -> None:
    assert coordinate(cell) is None


def test_minutes_and_seconds_in_a_ledger(tmp_path: Path) -> None:
    pairs: list[tuple[Any, Any]] = [
        ("108°42′30″", "34°20′06″"),
        ("108度42分30秒", 34.335),
        ("108°62′30″", "34°20′06″"),
    ]
    ledger = read(tmp_path, ("经度", "纬度"), pairs, "wgs84")
    assert ledger.table["position"].to_list() == ["given", "given", "none"]
    for found in degrees(ledger)[:1]:
        assert found == pytest.approx((108 + 42.5 / 60, 34 + 20.1 / 60), abs=1e-8)
    # What is understood after all is not told of; what is not, is.
    odd = ledger.findings[ledger.findings["key"] == "ledgers.not_a_number"]
    assert odd["row"].to_list() == [4]
