"""Centres in their communities: by what the ledger says, else by where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from planner.ledgers import Ledger, LedgerSource, doubtful_in_water, place_centres, read_ledger
from planner.ledgers.placing import Gazetteer, communities_at
from tests.ledgers import zoo

WORDS = ("编号", "名称", "设施类型", "运营状态", "所在街道", "所在社区", "服务社区")
HEADINGS = (*WORDS, "建筑面积", "经度", "纬度")
IN_A, IN_B, NOWHERE = (500.0, 500.0), (1500.0, 500.0), (500.0, 5000.0)


def centre(
    place: tuple[float, float] | None,
    community: str | None = None,
    *,
    name: str = "C1",
    street: str | None = None,
    serves: str | None = None,
) -> list[Any]:
    """Return a ledger's row at metres from the origin of the tests' town."""
    degrees: tuple[float | None, float | None] = (None, None)
    if place is not None:
        east, north = (zoo.ORIGIN[axis] + place[axis] for axis in (0, 1))
        point = gpd.GeoSeries([shapely.Point(east, north)], crs=zoo.METRES).to_crs(4326)
        degrees = (float(point.x.iloc[0]), float(point.y.iloc[0]))
    return [name, name, "日间照料", "运营", street, community, serves, 300, *degrees]


def read(
    tmp_path: Path, *rows: Sequence[Any], town: gpd.GeoDataFrame | None = None, **more: Any
) -> Ledger:
    file = zoo.write_csv(tmp_path / "设施.csv", HEADINGS, rows)
    communities = zoo.town() if town is None else town
    return read_ledger("centres", LedgerSource(file, "wgs84"), communities=communities, **more)


def test_by_place_where_the_ledger_is_silent(tmp_path: Path) -> None:
    ledger = read(tmp_path, centre(IN_A), centre(IN_B, name="C2"))
    assert ledger.table["community"].to_list() == ["A", "B"]
    assert ledger.table["street"].to_list() == ["东街道", "东街道"]
    assert zoo.keys(ledger) == ["encoding_found"]


@pytest.mark.parametrize("label", ["乙社区", "B", " 乙 社区 "])
def test_the_ledger_goes_before_the_place(label: str, tmp_path: Path) -> None:
    ledger = read(tmp_path, centre(IN_B, label))
    assert ledger.table["community"].to_list() == ["B"]
    assert zoo.keys(ledger) == ["encoding_found"]
    differs = read(tmp_path, centre(IN_A, label))
    assert differs.table["community"].to_list() == ["B"]
    found = zoo.finding(differs, "community_differs")
    assert (found["row"], found["id"], found["fields"]) == (
        2,
        "C1",
        {"said": "乙社区", "lies": "甲社区"},
    )


def test_an_unknown_name_is_told_and_found_by_place(tmp_path: Path) -> None:
    ledger = read(tmp_path, centre(IN_A, "甲"))
    assert ledger.table["community"].to_list() == ["A"]
    assert zoo.finding(ledger, "community_unknown")["fields"] == {"label": "甲"}


def test_a_name_of_two_communities_is_not_guessed(tmp_path: Path) -> None:
    town = zoo.town(name=["和平社区", "和平社区", "丙村"], street=["东街道", "西街道", "西镇"])
    ledger = read(tmp_path, centre(NOWHERE, "和平社区"), town=town)
    assert ledger.table["community"].isna().all()
    assert "community_ambiguous" in zoo.keys(ledger)
    by_place = read(tmp_path, centre(IN_B, "和平社区"), town=town)
    assert by_place.table["community"].to_list() == ["B"]
    by_street = read(tmp_path, centre(NOWHERE, "和平社区", street="西街道"), town=town)
    assert by_street.table["community"].to_list() == ["B"]
    assert "community_ambiguous" not in zoo.keys(by_street)


def test_a_name_with_its_street_and_a_street_that_differs(tmp_path: Path) -> None:
    town = zoo.town(name=["和平社区", "和平社区", "丙村"], street=["东街道", "西街道", "西镇"])
    full = read(tmp_path, centre(NOWHERE, "西街道和平社区"), town=town)
    assert full.table["community"].to_list() == ["B"]
    assert "community_unknown" not in zoo.keys(full)
    other = read(tmp_path, centre(IN_B, street="北街道"), town=town)
    assert zoo.finding(other, "street_differs")["fields"] == {"said": "北街道", "lies": "西街道"}
    assert other.table["street"].to_list() == ["北街道"]
    office = read(tmp_path, centre(IN_B, street="西街道办事处"), town=town)
    assert "street_differs" not in zoo.keys(office)


def test_served_communities_become_ids(tmp_path: Path) -> None:
    ledger = read(tmp_path, centre(IN_A, serves="甲社区，B、丁社区;甲社区"))
    assert ledger.table["serves"].to_list() == ["A、B"]
    told = zoo.finding(ledger, "serves_unknown")
    # The ledger's own heading, by which its cell is found and marked.
    assert (told["fields"], told["column"]) == ({"label": "丁社区"}, "服务社区")
    none = read(tmp_path, centre(IN_A, serves="丁社区"))
    assert none.table["serves"].isna().all()


def test_a_centre_without_coordinates_stands_in_its_community(tmp_path: Path) -> None:
    ledger = read(
        tmp_path, centre(None, "乙社区"), centre(None, name="C2"), centre(IN_A, name="C3")
    )
    assert ledger.table["position"].to_list() == ["approximate", "none", "given"]
    town = zoo.town()
    assert ledger.table.geometry["C1"].within(town.geometry["B"])
    assert ledger.table.geometry["C2"] is None
    assert zoo.keys(ledger, row=2) == ["centre_without_place", "place_approximate"]


def test_outside_the_district(tmp_path: Path) -> None:
    ledger = read(tmp_path, centre(NOWHERE))
    assert zoo.finding(ledger, "outside_district")["row"] == 2
    assert ledger.table["community"].isna().all()
    wide = read(tmp_path, centre(NOWHERE), district=zoo.at(-9000, -9000, 20_000))
    assert "outside_district" not in zoo.keys(wide)


def test_in_water(tmp_path: Path) -> None:
    ledger = read(
        tmp_path, centre(IN_A), centre(IN_B, name="C2"), centre(None, "甲社区", name="C3")
    )
    shapes = [zoo.at(0, 0, 1000), zoo.at(1000, 0, 1000), shapely.LineString([(0, 0), (1, 1)])]
    water = gpd.GeoDataFrame(
        {"ground_kind": ["water", "railway", "water"]}, geometry=shapes, crs=zoo.METRES
    ).to_crs(4326)
    wet = doubtful_in_water(ledger, water)
    # C3 was put there by us: its own coordinates are not in doubt, it has none.
    assert wet.table["position"].to_list() == ["doubtful", "given", "approximate"]
    found = zoo.finding(wet, "in_water")
    assert (found["severity"], found["row"], found["id"]) == ("grave", 2, "C1")
    assert ledger.table["position"].to_list() == ["given", "given", "approximate"]
    assert doubtful_in_water(ledger, water[:0]) is ledger


def test_candidates_outside_are_told(tmp_path: Path) -> None:
    rows = [[one[0], one[1], *one[-2:]] for one in (centre(IN_A), centre(NOWHERE, name="C2"))]
    file = zoo.write_csv(tmp_path / "a.csv", ["编号", "名称", "经度", "纬度"], rows)
    ledger = read_ledger("candidates", LedgerSource(file, "wgs84"), communities=zoo.town())
    assert zoo.finding(ledger, "outside_district")["id"] == "C2"


def test_the_caller_keeps_its_tables(tmp_path: Path) -> None:
    file = zoo.write_csv(tmp_path / "设施.csv", HEADINGS, [centre(None, "乙社区", serves="A")])
    town = zoo.town()
    ledger = read_ledger("centres", LedgerSource(file, "wgs84"), crs=town.crs)
    table, before = ledger.table.copy(), town.copy()
    placed = place_centres(ledger, town)
    pd.testing.assert_frame_equal(ledger.table, table)
    pd.testing.assert_frame_equal(town, before)
    again = place_centres(placed, town)
    assert again.table["community"].to_list() == ["B"]
    assert again.table["serves"].to_list() == ["A"]


def test_a_point_on_a_border_belongs_to_the_lesser_id() -> None:
    town = zoo.town()
    border = gpd.GeoSeries(
        [shapely.Point(zoo.ORIGIN[0] + 1000, zoo.ORIGIN[1] + 500)], index=["P"], crs=zoo.METRES
    )
    assert communities_at(border, town).to_list() == ["A"]
    assert communities_at(border, town[::-1]).to_list() == ["A"]


def test_a_gazetteer_knows_ids_before_names() -> None:
    gazetteer = Gazetteer.of(zoo.town(name=["B", "乙社区", "丙村"]))
    assert gazetteer.candidates("B") == ("B",)
    assert gazetteer.candidates("丁") == ()
