"""Ledgers of communities, and what a vector file says of where its shapes lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.errors import LedgerError
from planner.ledgers import Ledger, LedgerSource, read_ledger
from tests.ledgers import zoo


def communities(tmp_path: Path, frame: gpd.GeoDataFrame, **reading: Any) -> Ledger:
    frame.to_file(tmp_path / "社区.gpkg")
    source = LedgerSource(tmp_path / "社区.gpkg", **({"datum": "cgcs2000"} | reading))
    return read_ledger("communities", source)


def plan(**columns: Sequence[Any]) -> gpd.GeoDataFrame:
    """Return the tests' town as a bureau's ledger has it."""
    town = zoo.town()
    frame = town.rename(
        columns={
            "name": "名称", "community_kind": "类型", "street": "街道", "population": "常住人口",
            "elderly_60": "60岁以上", "elderly_65": "65岁以上", "elderly_80": "80岁以上",
        }
    ).reset_index(names="代码")  # fmt: skip
    return frame.assign(**columns)


def test_clean_communities(tmp_path: Path) -> None:
    ledger = communities(tmp_path, plan())
    assert zoo.keys(ledger) == ["population_kind_found"]
    assert ledger.table["community_kind"].to_list() == ["社区", "社区", "村"]
    assert ledger.table.geometry.area.to_list() == pytest.approx([1e6] * 3)
    assert zoo.keys(communities(tmp_path, plan(), population_kind="常住")) == []
    unsaid = communities(tmp_path, plan(), population_kind="未注明")
    assert zoo.keys(unsaid) == ["population_kind_found"]
    differs = communities(tmp_path, plan(), population_kind="户籍")
    assert zoo.finding(differs, "population_kind_differs")["severity"] == "grave"


def test_more_elders_than_people(tmp_path: Path) -> None:
    frame = plan(
        常住人口=[1000, 2000, 500],
        **{"60岁以上": [1900, 400, 150], "65岁以上": [120, 401, 100], "80岁以上": [20, 50, 101]},
    )
    ledger = communities(tmp_path, frame)
    found = ledger.findings[ledger.findings["key"] == "ledgers.part_above_whole"]
    assert found["row"].to_list() == [1, 2, 3]
    assert found["column"].to_list() == ["60岁以上", "65岁以上", "80岁以上"]
    assert set(found["severity"]) == {"grave"}
    people = ledger.table[["population", "elderly_60", "elderly_65", "elderly_80"]]
    nan = np.nan
    expected = [[1000, nan, 120, 20], [2000, 400, nan, 50], [500, 150, 100, nan]]
    np.testing.assert_array_equal(people.to_numpy(), np.array(expected))


def test_a_community_without_elders(tmp_path: Path) -> None:
    ledger = communities(tmp_path, plan(**{"60岁以上": [None, 0, 150], "65岁以上": [None, 0, 100]}))
    assert zoo.keys(ledger, row=1) == ["elders_missing"]
    assert zoo.keys(ledger, row=2) == ["elders_none", "part_above_whole"]


def test_a_population_of_none_is_not_given(tmp_path: Path) -> None:
    """0 people and 150 elders: the 0 is no figure, and empties no elders; 0 and 0 nobody lives."""
    ledger = communities(
        tmp_path,
        plan(常住人口=[1000, 0, 0], **{"60岁以上": [190, 150, 0], "65岁以上": [120, 90, 0],
                                   "80岁以上": [20, 10, 0]}),
    )  # fmt: skip
    people = ledger.table[["population", "elderly_60"]].to_numpy()
    np.testing.assert_array_equal(people, np.array([[1000, 190], [np.nan, 150], [np.nan, 0]]))
    assert zoo.keys(ledger, row=2) == zoo.keys(ledger, row=3) == ["population_none"]
    told = ledger.findings[ledger.findings["key"] == "ledgers.population_none"]
    assert (
        told[["severity", "action", "column"]].to_numpy().tolist()
        == [["doubt", "emptied", "常住人口"]] * 2
    )


def test_community_kinds(tmp_path: Path) -> None:
    codes = ["610402001001", "610402001201", "A3"]
    ledger = communities(tmp_path, plan(代码=codes, 类型=[None, None, None]))
    assert ledger.table["community_kind"].to_list() == ["社区", "村", "社区"]
    assert zoo.finding(ledger, "kind_from_code")["fields"] == {"rows": 2}
    assert zoo.finding(ledger, "kind_assumed")["fields"] == {"rows": 1}
    odd = communities(tmp_path, plan(代码=codes, 类型=["园区", "社区", "社区"]))
    assert odd.table["community_kind"].to_list() == ["社区", "社区", "社区"]
    assert zoo.keys(odd, row=1) == ["community_kind_unknown"]


def test_outlines(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon(
        [(500_000, 3_800_000), (500_100, 3_800_100), (500_100, 3_800_000), (500_000, 3_800_100)]
    )
    frame = plan().set_geometry([bow_tie, shapely.Polygon(), zoo.at(0, 0, 10)], crs=zoo.METRES)
    ledger = communities(tmp_path, frame)
    assert ledger.table.index.to_list() == ["A", "C"]
    assert ledger.table.geometry.is_valid.all()
    assert ledger.table.geometry["A"].area == pytest.approx(5000.0)
    assert zoo.keys(ledger, row=1) == ["outline_mended"]
    assert zoo.keys(ledger, row=2) == ["no_outline"]
    assert len(ledger.set_aside) == 1


def test_lines_are_no_outlines_and_points_are_told(tmp_path: Path) -> None:
    line = shapely.LineString([(500_000, 3_800_000), (500_100, 3_800_100)])
    point = shapely.Point(500_000, 3_800_000)
    frame = plan().set_geometry([line, point, zoo.at(0, 0, 10)], crs=zoo.METRES)
    frame.to_file(tmp_path / "社区.geojson", driver="GeoJSON")
    ledger = read_ledger("communities", LedgerSource(tmp_path / "社区.geojson", "cgcs2000"))
    assert ledger.table.index.to_list() == ["B", "C"]
    assert zoo.finding(ledger, "outline_is_point")["fields"] == {"rows": 1}


def test_the_crs_of_a_file(tmp_path: Path) -> None:
    metres = communities(tmp_path, plan(), datum=None)
    assert "datum_of_file" not in zoo.keys(metres)
    degrees = communities(tmp_path, plan().to_crs(4326), datum=None)
    assert zoo.finding(degrees, "datum_of_file")["severity"] == "doubt"
    assert metres.table.geometry.geom_equals_exact(degrees.table.geometry, 0.01).all()
    shifted = communities(tmp_path, plan().to_crs(4326), datum="gcj02")
    offset = shifted.table.geometry["A"].centroid.distance(metres.table.geometry["A"].centroid)
    assert 400 < offset < 600
    zone = communities(tmp_path, plan().to_crs(4524), datum=None)
    assert zone.crs.to_epsg() == 4545
    assert zone.table.geometry.geom_equals_exact(metres.table.geometry, 0.01).all()


def test_local_grids_are_refused(tmp_path: Path) -> None:
    for epsg in (4610, 4214, 2343):
        with pytest.raises(LedgerError) as caught:
            communities(tmp_path, plan().to_crs(epsg))
        assert caught.value.message.key == "ledgers.datum_refused"


def test_no_crs(tmp_path: Path) -> None:
    bare = zoo.write_shp(
        tmp_path / "a.shp", plan().to_crs(4326).set_crs(None, allow_override=True), "utf-8", None
    )
    with pytest.raises(LedgerError) as caught:
        read_ledger("communities", LedgerSource(bare))
    assert caught.value.message.key == "ledgers.crs_required"
    read = read_ledger("communities", LedgerSource(bare, "cgcs2000"))
    assert read.table.geometry.area.to_list() == pytest.approx([1e6] * 3, rel=1e-6)
    metres = zoo.write_shp(
        tmp_path / "b.shp", plan().set_crs(None, allow_override=True), "utf-8", None
    )
    with pytest.raises(LedgerError) as caught:
        read_ledger("communities", LedgerSource(metres, "wgs84"))
    assert caught.value.message.key == "ledgers.metres_without_crs"
    with pytest.raises(LedgerError) as caught:
        read_ledger("communities", LedgerSource(metres, "cgcs2000"))
    assert [one.key for one in caught.value.problems] == ["datum.meridian_required"]
    source = LedgerSource(metres, "cgcs2000", central_meridian=108.0)
    found = read_ledger("communities", source).table
    assert found.crs.to_epsg() == 4545
    assert found.geometry.area.to_list() == pytest.approx([1e6] * 3, rel=1e-6)


def test_communities_need_places(tmp_path: Path) -> None:
    file = zoo.write_csv(tmp_path / "a.csv", ["名称", "60岁以上"], [["甲", 100]])
    with pytest.raises(LedgerError, match="经度"):
        read_ledger("communities", LedgerSource(file, "wgs84"))
