"""The sample district: all its files, what they say of themselves, and that they come again."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from planner.standards.remedies.costs import PRICED
from planner.workflow.remedies.costs import read_costs
from tests.data.sample_files import SAMPLE, Streets, read_osm, sheet

ROOT = Path(__file__).parents[2]
FILES = (
    "streets.osm.pbf",
    "communities.gpkg",
    "residents.gpkg",
    "centres.csv",
    "candidates.xlsx",
    "estates.xlsx",
    "remedy_costs.csv",
    "project.toml",
)


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    command = [sys.executable, "-B", str(ROOT / "data" / "make_sample.py"), "--out", str(folder)]
    subprocess.run(command, check=True, cwd=folder, capture_output=True)
    return folder


def test_every_file_is_there_and_small() -> None:
    sizes = [(SAMPLE / name).stat().st_size for name in FILES]
    assert min(sizes) > 500
    assert sum(sizes) < 8_000_000


def test_project_names_the_files_and_says_synthetic(communities: Any) -> None:
    project = tomllib.loads((SAMPLE / "project.toml").read_text(encoding="utf-8"))
    assert project["project"]["synthetic"] is True
    named = {part["file"] for part in project.values() if "file" in part}
    named.add(project["remedies"]["costs"])
    assert project["standard"]["on"] == "2025-06-30"
    assert named == set(FILES) - {"project.toml"}
    totals = project["control_totals"]
    for column, key in (("常住人口", "population"), ("60岁以上", "elderly_60")):
        ratio = totals[key] / communities[column].sum()
        assert ratio != 1
        assert abs(ratio - 1) < 0.02


def test_synthetic_is_written_in_the_files() -> None:
    book = openpyxl.load_workbook(SAMPLE / "candidates.xlsx")
    assert "合成数据" in book.properties.title
    for name in ("communities.gpkg", "residents.gpkg"):
        assert "合成数据".encode() in (SAMPLE / name).read_bytes()


def test_text_files_are_made_again_to_the_byte(again: Path) -> None:
    for name in ("centres.csv", "remedy_costs.csv", "project.toml"):
        assert (again / name).read_bytes() == (SAMPLE / name).read_bytes()


@pytest.mark.parametrize("name", ["candidates.xlsx", "estates.xlsx"])
def test_workbooks_are_made_again(again: Path, name: str) -> None:
    pd.testing.assert_frame_equal(sheet(again / name), sheet(SAMPLE / name))


@pytest.mark.parametrize("name", ["communities.gpkg", "residents.gpkg"])
def test_layers_are_made_again(again: Path, name: str) -> None:
    made, kept = geopandas.read_file(again / name), geopandas.read_file(SAMPLE / name)
    pd.testing.assert_frame_equal(made.drop(columns="geometry"), kept.drop(columns="geometry"))
    assert shapely.equals_exact(np.array(made.geometry), np.array(kept.geometry), 2e-7).all()


def test_streets_are_made_again(again: Path, streets: Streets) -> None:
    places, marks, ways = read_osm(again / "streets.osm.pbf")
    assert ways == streets[2]
    assert marks == streets[1]
    assert places.keys() == streets[0].keys()
    np.testing.assert_allclose(
        np.array(list(places.values())), np.array(list(streets[0].values())), atol=2e-7
    )


def test_every_measure_that_costs_something_has_an_invented_price() -> None:
    costs = read_costs(SAMPLE / "remedy_costs.csv")
    assert sorted(costs.index) == sorted(PRICED)
    assert (costs["price_yuan"] % 100 == 0).all()
    assert (costs["price_yuan"] > 0).all()
    assert set(costs["source"]) == {"合成数据"}
