"""Rasters of people: the totals of Wuhan kept, edges cut by area, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import rasterio.features
import shapely
from rasterio.transform import Affine

from planner.errors import InputFileError, LedgerError
from planner.ledgers import LedgerSource, read_ledger
from planner.tables import RESIDENTS, check
from tests.ledgers import zoo
from tests.ledgers.people_rasters import (
    BANDS,
    NORTH,
    WEST,
    grid,
    write_raster,
)
from tests.shared_data import shared_data

TOTALS = {"hankou": 202_305.62, "huashan": 25_905.37}


@pytest.mark.parametrize("name", TOTALS)
def test_the_totals_of_wuhan_are_kept(name: str) -> None:
    file = shared_data(f"population/wuhan_{name}_60plus_10band.tif")
    with rasterio.open(file) as dataset:
        figures = dataset.read().astype(np.float64)
        spots = {band: number for number, band in enumerate(dataset.descriptions)}
    there = np.where(figures > 0, figures, 0.0)
    ledger = read_ledger("residents", LedgerSource(file))
    table = ledger.table
    check(RESIDENTS, table)
    assert table["elderly_60"].sum() == pytest.approx(TOTALS[name], abs=0.01)
    assert table["elderly_60"].sum() == pytest.approx(there.sum(), rel=1e-12)
    assert table["elderly_80"].sum() == pytest.approx(
        there[[spots["80_f"], spots["80_m"]]].sum(), rel=1e-12
    )
    over_65 = [spots[band] for band in BANDS if not band.startswith("60")]
    assert table["elderly_65"].sum() == pytest.approx(there[over_65].sum(), rel=1e-12)
    assert len(table) == ledger.rows_read == int((there.sum(axis=0) > 0).sum())
    assert table["population"].isna().all()
    assert ledger.crs.to_epsg() == 4547
    assert set(table.geom_type) == {"Point"}
    # The same places, by the raster's own affine: a second way to the middle of a cell.
    row, column = np.nonzero(there.sum(axis=0))
    with rasterio.open(file) as dataset:
        eastings, northings = rasterio.transform.xy(dataset.transform, row, column)
    middles = gpd.GeoSeries.from_xy(eastings, northings, crs=4326).to_crs(ledger.crs)
    ids = [f"K{one:05d}-{other:05d}" for one, other in zip(row, column, strict=True)]
    assert table.geometry[ids].reset_index(drop=True).distance(middles).max() < 0.01


@pytest.mark.parametrize("name", TOTALS)
def test_a_partition_of_wuhan_keeps_the_totals(name: str) -> None:
    """Communities that tile the raster, cutting cells everywhere: nobody is lost or doubled."""
    file = shared_data(f"population/wuhan_{name}_60plus_10band.tif")
    whole = read_ledger("residents", LedgerSource(file))
    west, south, east, north = whole.table.total_bounds
    eastings = np.linspace(west - 500, east + 500, 8)
    northings = np.linspace(south - 500, north + 500, 6)
    tiles = [shapely.box(a, b, c, d) for a, c in pairwise(eastings) for b, d in pairwise(northings)]
    frame = pd.DataFrame({"name": [f"第{number}" for number in range(len(tiles))]})
    frame.index = pd.Index([f"Q{number:03d}" for number in range(len(tiles))])
    communities = gpd.GeoDataFrame(
        frame.assign(community_kind="社区"), geometry=tiles, crs=whole.crs
    )
    ledger = read_ledger(
        "residents", LedgerSource(file, counts_from="file"), communities=communities
    )
    for column in ("elderly_60", "elderly_65", "elderly_80"):
        assert ledger.table[column].sum() == pytest.approx(whole.table[column].sum(), rel=1e-9)
    assert ledger.rows_read == whole.rows_read
    assert ledger.rows_added > 0
    assert ledger.table.index.is_unique
    assert "cells_outside" not in zoo.keys(ledger)


def test_the_district_s_edge_cuts_by_area_as_a_second_library_says() -> None:
    file = shared_data("population/wuhan_huashan_60plus_10band.tif")
    whole = read_ledger("residents", LedgerSource(file))
    middle = whole.table.union_all().centroid
    district = gpd.GeoDataFrame(
        {"name": ["圆"], "community_kind": ["社区"]},
        index=["O"],
        geometry=[middle.buffer(2_345.0)],
        crs=whole.crs,
    )
    source = LedgerSource(file, counts_from="file")
    found = read_ledger("residents", source, communities=district).table["elderly_60"].sum()
    with rasterio.open(file) as dataset:
        figures = dataset.read().astype(np.float64)
        a, b, c, d, e, f = tuple(dataset.transform)[:6]
        fine = Affine(a / 20, b, c, d, e / 20, f)
        outline = district.to_crs(4326).geometry.iloc[0]
        inside = rasterio.features.rasterize(
            [outline], out_shape=(dataset.height * 20, dataset.width * 20), transform=fine
        )
    share = inside.reshape(figures.shape[1], 20, figures.shape[2], 20).mean(axis=(1, 3))
    expected = (np.where(figures > 0, figures, 0.0).sum(axis=0) * share).sum()
    assert 1_000 < found < 25_000
    assert found == pytest.approx(expected, rel=2e-4)


# What is refused ------------------------------------------------------------------------------
def refused(file: Path, **declared: Any) -> list[str]:
    with pytest.raises((LedgerError, InputFileError)) as caught:
        read_ledger("residents", LedgerSource(file, **declared), communities=zoo.town())
    return [one.key for one in caught.value.problems] or [caught.value.message.key]


def test_what_cannot_be_used_is_refused(tmp_path: Path) -> None:
    def raster(name: str, bands: Mapping[str, Any], **more: Any) -> Path:
        return write_raster(tmp_path / f"{name}.tif", bands, **more)

    ones = np.ones((2, 6))
    assert refused(tmp_path / "none.tif") == ["ledgers.no_file"]
    (tmp_path / "text.tif").write_text("no raster")
    assert refused(tmp_path / "text.tif") == ["ledgers.unreadable"]
    assert refused(raster("what", {"slope": ones})) == ["residents.bands_unknown"]
    assert refused(raster("half", {"60+_f": ones})) == ["residents.band_one_sex"]
    assert refused(raster("short", {"60_f": ones, "60_m": ones})) == ["residents.bands_short"]
    assert refused(raster("nowhere", {"60+": ones}, crs=None)) == ["residents.raster_without_crs"]
    assert refused(raster("xian", {"60+": ones}, crs="EPSG:2343")) == ["ledgers.datum_refused"]
    good = raster("good", {"60+": ones})
    assert refused(good, datum="gcj02") == ["residents.raster_datum"]
    assert refused(good, bands={"2": "60+"}) == ["residents.band_setting"]
    assert refused(good, bands={"1": "sixty"}) == ["residents.band_setting"]
    assert refused(raster("zero", {"60+": 0 * ones})) == ["residents.raster_empty"]
    away = grid(WEST + 90_000, NORTH, 500.0)
    elsewhere = raster("away", {"60+": ones}, transform=away)
    assert refused(elsewhere) == ["residents.raster_elsewhere"]
    people = raster("people", {"all": ones})
    assert refused(people, counts_from="file") == ["residents.raster_without_elders"]
    folder = tmp_path / "bands"
    folder.mkdir()
    assert refused(folder) == ["residents.bands_unknown"]
    write_raster(folder / "x_f_80_2020.tif", {"": ones})
    write_raster(folder / "x_m_80_2020.tif", {"": ones}, side=400.0)
    assert refused(folder) == ["residents.raster_grids"]
    assert refused(folder, bands={"gone.tif": "60+"}) == ["ledgers.no_file"]


def test_shares_of_a_raster_of_everybody(tmp_path: Path) -> None:
    file = write_raster(tmp_path / "a.tif", {"all": [[100.0, 50.0]]})
    source = LedgerSource(
        file, elderly_share_60=0.2, disabled_share=0.1, counts_from="file", shares_source="某普查"
    )
    ledger = read_ledger("residents", source, communities=zoo.town())
    assert ledger.table["elderly_60"].to_list() == pytest.approx([20.0, 10.0])
    assert ledger.table["disabled"].to_list() == pytest.approx([2.0, 1.0])
    assert ledger.table["living_alone"].isna().all()
    told = ledger.findings[ledger.findings["key"] == "residents.share_taken"]["fields"].iloc[0]
    assert told["source"] == "某普查"
    assert json.loads(json.dumps(told))["share"] == 0.1
