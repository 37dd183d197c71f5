"""Communities over the cells of rasters and grids: cut by area, totals kept to the person."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import rasterio.features
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.ledgers import Ledger, LedgerSource, read_ledger
from planner.ledgers.cells import cut_by
from planner.ledgers.rasters import read_people_raster
from tests.ledgers import zoo
from tests.ledgers.people_rasters import (
    NORTH,
    TOWN_CELLS,
    WEST,
    cells_of,
    grid,
    write_raster,
)


def spread(tmp_path: Path, bands: Mapping[str, Any], **declared: Any) -> Ledger:
    file = write_raster(tmp_path / "人口.tif", bands)
    return read_ledger("residents", LedgerSource(file, **declared), communities=zoo.town())


def test_communities_over_cells_by_hand(tmp_path: Path) -> None:
    ledger = spread(tmp_path, cells_of(TOWN_CELLS))
    table = ledger.table
    # A's 190 by 1, 2, 3, 2 of 8; B's 400 by 3, 1 of 4; C has no cell: one point.
    assert table["elderly_60"].to_dict() == pytest.approx(
        {
            "K00000-00000": 190 / 8, "K00000-00001": 380 / 8, "K00001-00000": 570 / 8,
            "K00001-00001": 380 / 8, "K00000-00002": 300.0, "K00001-00002": 100.0, "PC": 150.0,
        }
    )  # fmt: skip
    assert table["placed_by"].to_dict()["PC"] == "community"
    assert set(table["placed_by"]) == {"cell", "community"}
    assert (ledger.rows_read, ledger.rows_added, len(ledger.set_aside)) == (6, 1, 0)
    assert "community_without_cells" in {
        key.removeprefix("residents.") for key in ledger.findings["key"]
    }
    # One band weighs every column.
    assert table["population"]["K00000-00000"] == pytest.approx(1000 / 8)
    assert table.geometry["K00000-00000"].equals(
        shapely.Point(zoo.ORIGIN[0] + 250.0, zoo.ORIGIN[1] + 750.0)
    )


def test_a_cell_on_a_boundary_is_shared_by_area(tmp_path: Path) -> None:
    # Cells of 800 m: the second spans A (200 m of 800) and B (600 m); only the northern 800 m.
    file = write_raster(tmp_path / "a.tif", {"60+": [[6.0, 4.0, 0.0]]}, side=800.0)
    own = read_ledger(
        "residents", LedgerSource(file, counts_from="file"), communities=zoo.town()
    ).table
    assert own["elderly_60"].to_dict() == pytest.approx(
        {"K00000-00000": 6.0, "K00000-00001/A": 1.0, "K00000-00001/B": 3.0}
    )
    assert own["community"].to_dict()["K00000-00001/B"] == "B"
    given = read_ledger("residents", LedgerSource(file), communities=zoo.town()).table
    assert given["elderly_60"]["K00000-00000"] == pytest.approx(190 * 6 / 7)
    assert given["elderly_60"]["K00000-00001/A"] == pytest.approx(190 * 1 / 7)
    assert given["elderly_60"]["K00000-00001/B"] == pytest.approx(400.0)


def test_ages_go_where_the_bands_say(tmp_path: Path) -> None:
    # A: 60-64 live in the north-west, 65-79 in the north-east, 80+ in the south-west.
    def corner(row: int, column: int) -> np.ndarray[Any, Any]:
        figures = np.zeros((2, 6))
        figures[row, column] = 5.0
        return figures

    bands = {"60-64": corner(0, 0), "65-79": corner(0, 1), "80+": corner(1, 0)}
    table = spread(tmp_path, bands).table
    # A has 190, 120, 20: rings of 70, 100, 20. Its 1,000 people lie as its elders do.
    assert table["elderly_60"]["K00000-00000"] == pytest.approx(70.0)
    assert table["elderly_60"]["K00000-00001"] == pytest.approx(100.0)
    assert table["elderly_65"]["K00000-00001"] == pytest.approx(100.0)
    assert table["elderly_80"].to_dict()["K00001-00000"] == pytest.approx(20.0)
    assert table["elderly_80"]["K00000-00000"] == 0.0


def test_disabled_and_alone_follow_the_elders(tmp_path: Path) -> None:
    file = write_raster(tmp_path / "a.tif", cells_of(TOWN_CELLS))
    town = zoo.town(disabled=[19.0, np.nan, 15.0], living_alone=[38.0, 40.0, 0.0])
    table = read_ledger("residents", LedgerSource(file), communities=town).table
    assert table["disabled"]["K00000-00000"] == pytest.approx(190 / 8 / 10)
    assert table["disabled"][["K00000-00002", "K00001-00002"]].isna().all()
    assert table["living_alone"].groupby(table["community"]).sum().to_dict() == pytest.approx(
        {"A": 38.0, "B": 40.0, "C": 0.0}
    )


def test_a_community_without_anything_is_divided_evenly(tmp_path: Path) -> None:
    ledger = spread(tmp_path, cells_of(TOWN_CELLS), without_homes="area")
    squares = ledger.table[ledger.table["community"] == "C"]
    assert set(squares["placed_by"]) == {"area"}
    assert len(squares) == 100
    assert squares["elderly_60"].sum() == pytest.approx(150.0, rel=1e-12)
    assert squares["elderly_60"].to_numpy() == pytest.approx(1.5)
    assert squares.index[0] == "PC-0001"


def test_buildings_first_then_the_raster_then_a_point(tmp_path: Path) -> None:
    stock = gpd.GeoDataFrame(
        {"编号": ["b1", "b2"], "层数": [6, 3]},
        geometry=[zoo.at(10, 10, 10), zoo.at(100, 10, 20)],
        crs=zoo.METRES,
    )
    stock.to_file(tmp_path / "楼栋.gpkg")
    raster = write_raster(tmp_path / "a.tif", cells_of(TOWN_CELLS))
    source = LedgerSource(tmp_path / "楼栋.gpkg", blend=raster)
    ledger = read_ledger("residents", source, communities=zoo.town())
    assert ledger.table["placed_by"].to_dict() == {
        "K00000-00002": "cell", "K00001-00002": "cell", "PC": "community",
        "b1": "building", "b2": "building",
    }  # fmt: skip
    sums = ledger.table.groupby("community")["elderly_60"].sum()
    assert sums.to_dict() == pytest.approx({"A": 190.0, "B": 400.0, "C": 150.0}, rel=1e-12)
    assert (ledger.rows_read, ledger.rows_added) == (2, 3)


def test_a_grid_layer_that_only_distributes(tmp_path: Path) -> None:
    grid = gpd.GeoDataFrame(
        {"格网编号": ["g1", "g2", "g3"], "人口": [10, 30, 5]},
        geometry=[zoo.at(0, 0, 500), zoo.at(500, 0, 1000), zoo.at(9000, 0, 500)],
        crs=zoo.METRES,
    )
    grid.to_file(tmp_path / "格网.gpkg")
    source = LedgerSource(tmp_path / "格网.gpkg", counts_from="communities")
    ledger = read_ledger("residents", source, communities=zoo.town())
    # g2 lies half in A and half in B: A has 10 and 15.
    assert ledger.table["elderly_60"].to_dict() == pytest.approx(
        {"g1": 190 * 10 / 25, "g2/A": 190 * 15 / 25, "g2/B": 400.0, "PC": 150.0}
    )
    assert ledger.set_aside["key"].to_list() == ["residents.cell_outside"]
    assert ledger.rows.to_dict() == {"g1": 1, "g2/A": 2, "g2/B": 2, "PC": 0}
    assert (ledger.rows_read, ledger.rows_added) == (3, 2)


def test_one_file_a_band(tmp_path: Path) -> None:
    folder = tmp_path / "worldpop"
    folder.mkdir()
    for sex in "fm":
        for age in (60, 65, 70, 75, 80):
            figures = np.full((2, 6), age / 100 if sex == "f" else 1.0)
            write_raster(folder / f"chn_{sex}_{age}_2020.tif", {"": figures})
    write_raster(folder / "slope.tif", {"": np.ones((2, 6))})
    raster = read_people_raster(folder)
    assert len(raster.cells) == 12
    assert raster.cells["elderly_60"].to_numpy() == pytest.approx(5 + 3.5)
    assert raster.cells["elderly_80"].to_numpy() == pytest.approx(1.8)
    named = {"chn_f_60_2020.tif": "60+_f", "chn_m_60_2020.tif": "60+_m"}
    other = read_people_raster(folder, bands=named)
    assert list(other.cells.columns) == ["row", "column", "elderly_60"]
    assert other.cells["elderly_60"].to_numpy() == pytest.approx(1.6)


def test_bands_by_number(tmp_path: Path) -> None:
    file = write_raster(tmp_path / "a.tif", {"": [[1.0, 2.0]], " ": [[3.0, 0.0]]})
    raster = read_people_raster(file, bands={"1": "60-79", "2": "80+"})
    assert raster.cells["elderly_60"].to_list() == [4.0, 2.0]
    assert raster.cells["elderly_80"].to_list() == [3.0, 0.0]


def test_nobody_where_there_is_no_figure(tmp_path: Path) -> None:
    bands = {"60-79": [[1.0, -1.0, -1.0, np.nan]], "80+": [[1.0, 2.0, -1.0, 3.0]]}
    raster = read_people_raster(write_raster(tmp_path / "a.tif", bands))
    assert raster.cells["elderly_60"].to_list() == [2.0, 2.0, 3.0]
    assert (raster.empty_cells, raster.partly_empty_cells, raster.negative_cells) == (1, 2, 0)
    undeclared = read_people_raster(write_raster(tmp_path / "b.tif", bands, nodata=None))
    assert undeclared.negative_cells == 2
    pd.testing.assert_frame_equal(raster.cells, undeclared.cells)


def test_a_projected_and_turned_raster(tmp_path: Path) -> None:
    """A raster turned by 30° around the town, in another zone: cells keep their own corners."""
    corner = gpd.GeoSeries([shapely.Point(WEST, NORTH)], crs=zoo.METRES).to_crs(4547).iloc[0]
    turned = grid(corner.x, corner.y, 100.0, turned=30.0)
    figures = np.arange(1.0, 201.0).reshape(10, 20)
    file = write_raster(tmp_path / "a.tif", {"60+": figures}, crs="EPSG:4547", transform=turned)
    table = read_ledger("residents", LedgerSource(file), crs=zoo.METRES).table
    assert table["elderly_60"].sum() == figures.sum()
    eastings, northings = rasterio.transform.xy(turned, [3], [7])
    where = gpd.GeoSeries.from_xy(eastings, northings, crs=4547).to_crs(zoo.METRES).iloc[0]
    assert table.geometry["K00003-00007"].distance(where) < 0.01


def test_only_the_surroundings_are_read(tmp_path: Path) -> None:
    """A raster far larger than the town gives the same answer as the part around it."""
    wide = np.full((200, 300), 7.0)
    wide[100:102, 100:106] = np.where(np.array(TOWN_CELLS) < 0, -1.0, TOWN_CELLS)
    far = grid(WEST - 100 * 500.0, NORTH + 100 * 500.0, 500.0)
    file = write_raster(tmp_path / "a.tif", {"60+": wide}, transform=far)
    ledger = read_ledger("residents", LedgerSource(file), communities=zoo.town())
    narrow = spread(tmp_path, cells_of(TOWN_CELLS))
    np.testing.assert_allclose(
        np.sort(ledger.table["elderly_60"]), np.sort(narrow.table["elderly_60"])
    )
    assert ledger.rows_read == 6


HUNDREDTHS = st.integers(0, 100).map(lambda one: one / 100)


# Properties -----------------------------------------------------------------------------------
@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 2900), st.integers(0, 900), st.integers(1, 700),
                  *[HUNDREDTHS] * 4),
        min_size=1, max_size=20,
    ),
    st.lists(st.tuples(*[HUNDREDTHS] * 5), min_size=3, max_size=3),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_totals_and_ages_hold_whatever_the_cells(
    rows: list[tuple[int, int, int, float, float, float, float]],
    parts: list[tuple[float, float, float, float, float]],
    random: Any,
) -> None:
    from planner.ledgers.spreading_cells import spread_over_cells

    columns = ("population", "elderly_60", "elderly_65", "elderly_80")
    figures = pd.DataFrame(parts).to_numpy() * 1e4
    wholes = dict(zip(columns, np.cumprod(figures[:, :4] / 1e4, axis=1).T * 1e4, strict=True))
    town = zoo.town(**wholes, disabled=wholes["elderly_60"] * figures[:, 4] / 1e4)
    people = np.cumsum(np.array([row[3:] for row in rows])[:, ::-1], axis=1)[:, ::-1]
    cells = gpd.GeoDataFrame(
        dict(zip(columns, people.T, strict=True)),
        index=[f"g{number}" for number in range(len(rows))],
        geometry=[zoo.at(*row[:3]) for row in rows],
        crs=zoo.METRES,
    )
    found = spread_over_cells(town, cells).residents
    for column in (*columns, "disabled"):
        kept = found.groupby("community")[column].sum().sort_index()
        np.testing.assert_allclose(kept, town[column].sort_index(), rtol=1e-9, atol=1e-9)
    for part, whole in zip(("elderly_60", "elderly_65", "elderly_80", "disabled"),
                           ("population", "elderly_60", "elderly_65", "elderly_60"),
                           strict=True):  # fmt: skip
        assert (found[part] <= found[whole] * (1 + 1e-9) + 1e-9).all()
    assert (found[list(columns)] >= -1e-9).all().all()
    order = random.sample(range(len(cells)), len(cells))
    pd.testing.assert_frame_equal(found, spread_over_cells(town[::-1], cells.iloc[order]).residents)


def test_overlapping_communities_never_double_anybody() -> None:
    cells = gpd.GeoDataFrame(
        {"elderly_60": [8.0]}, index=["g"], geometry=[zoo.at(0, 0, 100)], crs=zoo.METRES
    )
    outlines = gpd.GeoSeries([zoo.at(0, 0, 100), zoo.at(0, 0, 100)], ["A", "B"], crs=zoo.METRES)
    pieces = cut_by(cells, outlines)
    assert pieces.overlapping == 1
    assert pieces.table["share"].to_list() == [0.5, 0.5]
