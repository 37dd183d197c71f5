"""A project whose residents are a raster of people, from project.toml to the workbook's figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

import planner
from tests.workflow.town import SOUTH_M, WEST_M, write_town


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Write the one-street town with a raster of 100 m cells in two bands of its own names."""
    folder = write_town(
        tmp_path / "town",
        **{
            'file = "residents.csv"\ndatum = "cgcs2000"\n': 'file = "people.tif"\n'
            'bands = { "young old" = "60-79", "old old" = "80+" }\n'
            'disabled_share = 0.1\nshares_source = "测试"\n'
        },
    )
    figures = np.zeros((2, 30, 32))
    # Cells of the street's northern side, from 100 m west of the centre.
    figures[:, 24, 1:30] = np.array([[4.0], [1.0]])
    with rasterio.open(
        folder / "people.tif", "w", driver="GTiff", count=2, height=30, width=32, dtype="float64",
        crs="EPSG:4545", transform=Affine(100, 0, WEST_M - 100, 0, -100, SOUTH_M + 2500),
    ) as file:  # fmt: skip
        file.write(figures)
        file.descriptions = ("young old", "old old")
    return folder


def test_communities_are_spread_over_the_cells(town: Path) -> None:
    result = planner.run(town)
    elders = result.summary["elderly_60"]
    assert elders["total"] == pytest.approx(190.0, rel=1e-9)
    rows = planner.check(town).rows.loc["residents"]
    # 丁村 has no cell: its one point is added.
    assert rows["rows_used"] == rows["rows_read"] == 29
    assert rows["rows_added"] >= 1
    findings = planner.check(town).residents.findings
    # The shares of [residents] are of no use where the communities' figures count, and told so.
    keys = set(findings["key"])
    assert {"residents.spread_over_cells", "residents.shares_unused"} <= keys
    table = planner.check(town).residents.table
    assert table.groupby("community")["elderly_80"].sum().to_list() == pytest.approx(
        [10.0, 11.0, 3.0, 1.0]
    )


def test_the_raster_s_own_figures(town: Path) -> None:
    text = (town / "project.toml").read_text(encoding="utf-8")
    (town / "project.toml").write_text(
        text.replace("disabled_share", 'counts_from = "file"\ndisabled_share'), encoding="utf-8"
    )
    ledger = planner.check(town).residents
    # 29 cells of 5 persons, all within communities.
    assert ledger.table["elderly_60"].sum() == pytest.approx(145.0)
    assert ledger.table["disabled"].sum() == pytest.approx(14.5)
    assert set(ledger.table["placed_by"]) == {"given"}
