"""From communities to the places where people live: totals kept, nobody lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import LedgerError
from planner.ledgers import LedgerSource, read_ledger, residents_from, spread_over_buildings
from planner.ledgers.sharing import PEOPLE_COLUMNS
from tests.ledgers import zoo
from tests.shared_data import shared_data


def buildings(rows: Sequence[Sequence[Any]], **columns: Sequence[Any]) -> gpd.GeoDataFrame:
    """Return buildings from (id, easting, northing, side, floors) in metres of the tests' town."""
    frame = pd.DataFrame(
        {"floors": [row[4] for row in rows]}, index=[row[0] for row in rows], dtype=float
    )
    places = [zoo.at(*row[1:4]) for row in rows]
    return gpd.GeoDataFrame(frame.assign(**columns), geometry=places, crs=zoo.METRES)


BLOCKS = [("b1", 10, 10, 10, 6), ("b2", 100, 10, 20, 3), ("b3", 1100, 10, 10, 30)]


def test_by_hand() -> None:
    # A: 100 m² × 6 = 600 and 400 m² × 3 = 1,200, so 1/3 and 2/3 of 190; B: b3 has all of 400.
    spread = spread_over_buildings(zoo.town(), buildings(BLOCKS))
    residents = spread.residents
    assert residents.index.to_list() == ["PC", "b1", "b2", "b3"]
    assert residents["community"].to_list() == ["C", "A", "A", "B"]
    assert residents["elderly_60"].to_list() == pytest.approx([150.0, 190 / 3, 380 / 3, 400.0])
    assert residents["population"].to_list() == pytest.approx([500.0, 1000 / 3, 2000 / 3, 2000.0])
    assert residents["placed_by"].to_list() == ["community", "building", "building", "building"]
    assert residents.geometry["PC"].within(zoo.town().geometry["C"])
    assert residents.geometry["b1"].equals(buildings(BLOCKS).geometry["b1"].centroid)
    assert spread.set_aside == {}
    assert [one.told.key for one in spread.findings] == [
        "ledgers.use_unknown",
        "ledgers.community_without_buildings",
    ]


def test_the_code_goes_before_the_place() -> None:
    spread = spread_over_buildings(zoo.town(), buildings(BLOCKS, community=["B", "甲社区", "丁"]))
    assert spread.residents["community"][["b1", "b2", "b3"]].to_list() == ["B", "A", "B"]
    (told,) = (one for one in spread.findings if one.told.key == "ledgers.label_unknown")
    assert told.told.fields == {"label": "丁", "rows": 1}


def test_buildings_that_house_nobody() -> None:
    rows = [*BLOCKS, ("shop", 200, 10, 10, 2), ("far", 9000, 10, 10, 2)]
    stock = buildings(rows, building_use=["住宅", "住宅", None, "商业", "住宅"])
    spread = spread_over_buildings(zoo.town(), stock)
    assert {name: told.key for name, told in spread.set_aside.items()} == {
        "shop": "ledgers.not_housing",
        "far": "ledgers.building_outside",
    }
    assert set(spread.residents.index) == {"b1", "b2", "b3", "PC"}


def test_missing_floors() -> None:
    rows = [("b1", 10, 10, 10, 2), ("b2", 50, 10, 10, 6), ("b3", 90, 10, 10, None),
            ("b4", 1100, 10, 10, None), ("b5", 1200, 10, 10, None)]  # fmt: skip
    spread = spread_over_buildings(zoo.town(), buildings(rows))
    # b3 takes the median of A, 4 floors: weights 2, 6, 4.
    assert spread.residents["elderly_60"][["b1", "b2", "b3"]].to_list() == pytest.approx(
        [190 * 2 / 12, 190 * 6 / 12, 190 * 4 / 12]
    )
    told = {one.told.key: one.told.fields for one in spread.findings}
    assert told["ledgers.floors_of_community"] == {"community": "A", "rows": 1, "floors": 4.0}
    assert told["ledgers.floors_of_all"] == {"community": "B", "rows": 2, "floors": 4.0}
    assert spread.residents["elderly_60"][["b4", "b5"]].to_list() == pytest.approx([200.0, 200.0])


def test_a_footprint_given_goes_before_the_shape() -> None:
    rows = [("b1", 10, 10, 10, 1), ("b2", 50, 10, 10, 1)]
    spread = spread_over_buildings(zoo.town(), buildings(rows, footprint_m2=[300.0, np.nan]))
    assert spread.residents["elderly_60"]["b1"] == pytest.approx(190 * 0.75)


def test_unknown_elders_stay_unknown() -> None:
    town = zoo.town(elderly_60=[np.nan, 400.0, 150.0])
    spread = spread_over_buildings(town, buildings(BLOCKS))
    assert spread.residents["elderly_60"][["b1", "b2"]].isna().all()
    assert spread.residents["population"][["b1", "b2"]].notna().all()


def test_no_buildings_at_all() -> None:
    spread = spread_over_buildings(zoo.town(), buildings(BLOCKS)[:0])
    assert spread.residents["elderly_60"].to_list() == [190.0, 400.0, 150.0]
    assert spread.residents.crs == zoo.town().crs


def test_degrees_are_refused() -> None:
    with pytest.raises(ValueError, match="metre CRS"):
        spread_over_buildings(zoo.town().to_crs(4326), buildings(BLOCKS))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2900),
            st.integers(0, 900),
            st.floats(0.1, 60.0),
            st.one_of(st.none(), st.integers(1, 40)),
            st.sampled_from(["住宅", "商业", None]),
        ),
        max_size=25,
    ),
    st.lists(st.floats(0.0, 1e5), min_size=3, max_size=3),
    st.randoms(use_true_random=False),
)
def test_totals_are_kept_and_order_never_matters(
    rows: list[tuple[int, int, float, int | None, str | None]], elders: list[float], random: Any
) -> None:
    town = zoo.town(elderly_60=elders)
    stock = buildings(
        [(f"b{number}", *row[:4]) for number, row in enumerate(rows)],
        building_use=[row[4] for row in rows],
    )
    spread = spread_over_buildings(town, stock)
    residents = spread.residents
    for column in PEOPLE_COLUMNS:
        kept = residents.groupby("community")[column].sum().sort_index()
        np.testing.assert_allclose(kept, town[column].sort_index(), rtol=1e-9)
    used = int((residents["placed_by"] == "building").sum())
    assert used + len(spread.set_aside) == len(stock)
    order = random.sample(range(len(stock)), len(stock))
    other = spread_over_buildings(town[::-1], stock.iloc[order])
    pd.testing.assert_frame_equal(residents, other.residents)
    assert spread.set_aside == other.set_aside
    assert spread.findings == other.findings


def ledger_of_buildings(tmp_path: Path, **columns: Sequence[Any]) -> Path:
    frame = pd.DataFrame(
        {"编号": ["b1", "b2", "b3", "b1"], "层数": ["6层", 3, "三十", 6]}, dtype=object
    )
    frame["层数"] = frame["层数"].map(str)
    places = [zoo.at(*row[1:4]) for row in (*BLOCKS, BLOCKS[0])]
    stock = gpd.GeoDataFrame(frame.assign(**columns), geometry=places, crs=zoo.METRES)
    stock.to_file(tmp_path / "楼栋.gpkg")
    return tmp_path / "楼栋.gpkg"


def test_a_ledger_of_buildings(tmp_path: Path) -> None:
    file = ledger_of_buildings(tmp_path, 用途=["居民楼", "住宅", "商业", "居民楼"])
    ledger = read_ledger("residents", LedgerSource(file), communities=zoo.town())
    assert ledger.rows_read == 4
    assert ledger.rows_added == 2
    assert ledger.table.index.to_list() == ["PB", "PC", "b1", "b2"]
    assert ledger.rows.to_dict() == {"PB": 0, "PC": 0, "b1": 1, "b2": 2}
    assert ledger.set_aside[["row", "id", "key"]].to_numpy().tolist() == [
        [3, "b3", "ledgers.not_housing"],
        [4, "b1", "ledgers.id_repeated"],
    ]
    assert zoo.keys(ledger, row=3) == ["not_a_number", "not_housing"]
    with pytest.raises(LedgerError, match="社区台账"):
        read_ledger("residents", LedgerSource(file))


def test_points_with_their_own_people(tmp_path: Path) -> None:
    headings = ("编号", "社区", "常住人口", "60岁以上", "经度", "纬度")
    rows = [
        ("r1", "甲社区", 100, 20, 108.0, 34.3), ("r2", None, 50.5, None, 108.0, 34.3),
        ("r3", None, 10, 5, None, None), ("r4", None, 10, 15, 108.0, 34.3),
    ]  # fmt: skip
    file = zoo.write_csv(tmp_path / "a.csv", headings, rows)
    source = LedgerSource(file, "wgs84", elderly_share_60=0.2, elderly_share_80=0.04)
    ledger = residents_from(source, zoo.town())
    assert ledger.table.index.to_list() == ["r1", "r2", "r4"]
    assert set(ledger.table["placed_by"]) == {"given"}
    assert ledger.table["elderly_60"][["r1", "r2"]].to_list() == pytest.approx([20.0, 10.1])
    assert ledger.table["elderly_80"][["r1", "r2"]].to_list() == pytest.approx([4.0, 2.02])
    assert ledger.table["elderly_65"].isna().all()
    assert ledger.table["community"]["r1"] == "A"
    assert zoo.keys(ledger, row=4) == ["no_place"]
    # Its elders are emptied and told of once: not "missing" as well.
    assert zoo.keys(ledger, row=5) == ["part_above_whole"]
    shares = ledger.findings[ledger.findings["key"] == "ledgers.share_taken"]
    assert {row["share"] for row in shares["fields"]} == {0.2, 0.04}
    assert set(shares["severity"]) == {"doubt"}


def test_two_people_of_one_house_are_no_repeat(tmp_path: Path) -> None:
    headings = ("60岁以上", "经度", "纬度")
    file = zoo.write_csv(tmp_path / "a.csv", headings, [(1, 108.7, 34.3), (1, 108.7, 34.3)])
    ledger = residents_from(LedgerSource(file, "wgs84"))
    assert len(ledger.table) == 2
    assert ledger.table["elderly_60"].sum() == 2


def test_neither_elders_nor_floors(tmp_path: Path) -> None:
    file = zoo.write_csv(tmp_path / "a.csv", ("人口", "经度", "纬度"), [(100, 108.7, 34.3)])
    with pytest.raises(LedgerError, match="elderly_share_60"):
        residents_from(LedgerSource(file, "wgs84"))


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_a_share(share: float) -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        LedgerSource(Path("a.csv"), elderly_share_60=share)


def test_the_cells_of_helsinki() -> None:
    file = shared_data("population/helsinki_population_grid_2020.gpkg")
    source = LedgerSource(file, datum="wgs84", elderly_share_60=0.25)
    ledger = residents_from(source)
    assert len(ledger.table) == ledger.rows_read == 92
    assert ledger.table["population"].sum() == pytest.approx(71_724)
    assert ledger.table["elderly_60"].sum() == pytest.approx(71_724 * 0.25)
    assert ledger.crs.to_epsg() == 32635
    assert set(ledger.table.geom_type) == {"Point"}
    assert "share_taken" in zoo.keys(ledger)
