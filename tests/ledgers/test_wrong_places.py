"""Coordinates that cannot be right: exchanged, one answer for many addresses, in water."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pyproj
import pytest
import shapely

from planner.ledgers import Ledger, LedgerSource, doubtful_in_water, read_ledger
from tests.ledgers import zoo

HEADINGS = ("编号", "名称", "设施类型", "运营状态", "所在社区", "地址", "建筑面积", "经度", "纬度")
PORTO = (-8.61, 41.15)


def row(name: str, place: tuple[float, float], community: str = "", address: str = "") -> list[Any]:
    return [name, name, "日间照料", "运营", community, address, 300, *place]


def degrees(east: float, north: float) -> tuple[float, float]:
    point = gpd.GeoSeries(
        [shapely.Point(zoo.ORIGIN[0] + east, zoo.ORIGIN[1] + north)], crs=zoo.METRES
    ).to_crs(4326)
    return float(point.x.iloc[0]), float(point.y.iloc[0])


def read(
    tmp_path: Path, *rows: list[Any], town: gpd.GeoDataFrame | None = None, datum: str = "wgs84"
) -> Ledger:
    file = zoo.write_csv(tmp_path / "设施.csv", HEADINGS, rows)
    communities = zoo.town() if town is None else town
    return read_ledger("centres", LedgerSource(file, datum), communities=communities)


def porto() -> gpd.GeoDataFrame:
    """Return the town's three communities, 1 km each, at Porto."""
    east, north = pyproj.Transformer.from_crs(4326, 32629, always_xy=True).transform(*PORTO)
    places = [zoo.square(east + 1000 * step - 1500, north - 500, 1000) for step in range(3)]
    return zoo.town().set_geometry(gpd.GeoSeries(places, index=["A", "B", "C"], crs=32629))


def test_exchanged_where_only_that_makes_sense(tmp_path: Path) -> None:
    """41°E, 9°S is a place, in Tanzania: only the district tells that it is Porto's."""
    ledger = read(tmp_path, row("C1", PORTO), row("C2", PORTO[::-1]), town=porto())
    assert ledger.table["community"].to_list() == ["B", "B"]
    assert ledger.table.geometry["C1"].distance(ledger.table.geometry["C2"]) < 0.001
    told = ledger.findings.set_index("key").loc["datum.swapped_into_district"]
    assert (told["row"], told["id"], told["severity"]) == (3, "C2", "doubt")
    assert "outside_district" not in zoo.keys(ledger)


def test_not_exchanged_where_it_makes_none(tmp_path: Path) -> None:
    away = (-8.0, 41.5)
    ledger = read(tmp_path, row("C1", PORTO), row("C2", away), town=porto())
    assert "datum.swapped_into_district" not in zoo.keys(ledger)
    assert zoo.finding(ledger, "outside_district")["id"] == "C2"
    back = ledger.table.to_crs(4326).geometry["C2"]
    assert (back.x, back.y) == pytest.approx(away, abs=1e-9)


def test_exchanged_and_still_outside_is_doubtful(tmp_path: Path) -> None:
    ledger = read(tmp_path, row("C1", degrees(500, 500)), row("C2", (36.0, 109.9)))
    assert ledger.table["position"].to_list() == ["given", "doubtful"]
    assert {"swapped", "datum.swapped_outside", "outside_district"} <= set(zoo.keys(ledger, row=3))


def test_candidates_are_mended_too(tmp_path: Path) -> None:
    file = zoo.write_csv(
        tmp_path / "a.csv", ["编号", "名称", "经度", "纬度"], [["B1", "甲", *PORTO[::-1]]]
    )
    ledger = read_ledger("candidates", LedgerSource(file, "wgs84"), communities=porto())
    assert "datum.swapped_into_district" in zoo.keys(ledger)
    assert "outside_district" not in zoo.keys(ledger)


def test_one_place_for_many_is_doubtful(tmp_path: Path) -> None:
    middle = degrees(1500, 500)
    rows = [row(f"C{n}", middle) for n in range(5)] + [row("C9", degrees(1600, 500))]
    ledger = read(tmp_path, *rows)
    assert ledger.table["position"].to_list() == ["doubtful"] * 5 + ["given"]
    told = ledger.findings[ledger.findings["key"] == "datum.one_place"]
    assert told["row"].to_list() == [2, 3, 4, 5, 6]
    assert {fields["rows"] for fields in told["fields"]} == {5}


def test_a_shared_house_is_no_doubt(tmp_path: Path) -> None:
    middle = degrees(1500, 500)
    few = read(tmp_path, *(row(f"C{n}", middle) for n in range(4)))
    assert set(few.table["position"]) == {"given"}
    same = ("东街道 12号", "东街道１２号", "东街道十二号", "东街道12", "东街道,12号", "东街道12号")
    one_address = read(tmp_path, *(row(f"C{n}", middle, "", text) for n, text in enumerate(same)))
    assert set(one_address.table["position"]) == {"given"}
    one_community = read(tmp_path, *(row(f"C{n}", middle, "乙社区") for n in range(6)))
    assert set(one_community.table["position"]) == {"given"}


def test_three_communities_at_one_place_are_enough(tmp_path: Path) -> None:
    middle = degrees(1500, 500)
    named = ("甲社区", "乙社区", "丙村")
    ledger = read(tmp_path, *(row(name, middle, name) for name in named))
    assert set(ledger.table["position"]) == {"doubtful"}


def test_residents_in_water_are_counted(tmp_path: Path) -> None:
    rows = [["R1", 10, *degrees(500, 500)], ["R2", 20, *degrees(1500, 500)]]
    file = zoo.write_csv(tmp_path / "r.csv", ["编号", "60岁以上", "经度", "纬度"], rows)
    ledger = read_ledger("residents", LedgerSource(file, "wgs84"), communities=zoo.town())
    water = gpd.GeoDataFrame(
        {"ground_kind": ["water"]}, geometry=[zoo.at(0, 0, 1000)], crs=zoo.METRES
    )
    wet = doubtful_in_water(ledger, water)
    told = wet.findings.set_index("key").loc["datum.residents_in_water"]
    assert told["fields"] == {"rows": 1, "all": 2}
    assert len(wet.table) == 2
    dry = doubtful_in_water(ledger, water.set_geometry([zoo.at(5000, 0, 10)], crs=zoo.METRES))
    assert "datum.residents_in_water" not in zoo.keys(dry)
