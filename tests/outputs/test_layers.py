"""layers.gpkg opens, holds no household, and is the same bytes on every rerun."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest

from planner.labels import Language
from planner.outputs.layers.writing import write_layers
from tests.outputs.town import CRS, GAPS, HOSTILE_NAMES, empty_content, example_content

LAYERS = {
    "communities", "gaps", "centres", "candidates", "estates", "cells", "streets", "groups",
    "gap_areas", "new_ways", "proposals", "programme",
    "dictionary", "layer_styles",
}  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("layers") / "layers.gpkg"
    write_layers(example_content(), path)
    return path


def test_layers_open_in_the_plans_crs(package: Path) -> None:
    layers = {str(name): kind for name, kind in pyogrio.list_layers(package)}
    assert set(layers) == LAYERS
    for name, kind in layers.items():
        info = pyogrio.read_info(package, layer=name)
        assert info["crs"] == (None if kind is None else CRS)
    communities = pyogrio.read_dataframe(package, layer="communities")
    assert communities["name"].tolist()[: len(HOSTILE_NAMES)] == list(HOSTILE_NAMES)
    gaps = pyogrio.read_dataframe(package, layer="gaps")
    assert gaps["rank"].tolist() == list(range(1, len(gaps) + 1))
    assert gaps["uncovered_60"].is_monotonic_decreasing


def test_residents_appear_only_as_cells(package: Path) -> None:
    cells = pyogrio.read_dataframe(package, layer="cells")
    assert list(cells.columns) == [
        "community", "state", "elderly_60", "walk_minutes", "geometry",
    ]  # fmt: skip
    assert (cells["elderly_60"] >= 5.0).all()
    residents = example_content().residents
    assert not set(cells.geometry.to_wkb()) & set(residents.geometry.to_wkb())
    assert b"building-" not in package.read_bytes()


def test_gap_areas_and_new_ways_are_layers_with_headings(package: Path) -> None:
    gaps = pyogrio.read_dataframe(package, layer="gap_areas")
    assert gaps["id"].tolist() == list(GAPS)
    assert gaps["grade"].tolist() == ["红", "橙", "黄", "蓝"]
    assert gaps["grade_pattern"].tolist() == ["交叉线", "斜线", "点", "无纹"]
    assert set(gaps.geometry.geom_type) == {"MultiPolygon"}
    ways = pyogrio.read_dataframe(package, layer="new_ways")
    assert ways[["id", "way", "way_elderly_60"]].to_numpy().tolist() == [["11-1", "桥", 600.0]]
    assert ways.geometry.length.tolist() == pytest.approx([54.0])
    with closing(sqlite3.connect(package)) as file:
        asked = "SELECT column_name, title FROM gpkg_data_columns WHERE table_name = ?"
        titles = dict(file.execute(asked, ("gap_areas",)).fetchall())
        ways_titles = dict(file.execute(asked, ("new_ways",)).fetchall())
    assert titles["gap_elderly_60"] == "缺口60岁以上"
    assert titles["grade"] == "分级"
    assert ways_titles["way_minutes_after"] == "有通道后步行分钟"
    communities = pyogrio.read_dataframe(package, layer="communities")
    assert set(communities["grade"].dropna()) == {"红", "橙", "黄", "蓝"}


def test_the_dictionary_names_every_column(package: Path) -> None:
    dictionary = pyogrio.read_dataframe(package, layer="dictionary")
    listed = set(zip(dictionary["layer"], dictionary["field"], strict=True))
    for layer in LAYERS - {"dictionary", "layer_styles"}:
        fields = pyogrio.read_info(package, layer=layer)["fields"]
        assert {(layer, field) for field in fields} <= listed
    with closing(sqlite3.connect(package)) as file:
        titles = dict(
            file.execute(
                "SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'communities'"
            ).fetchall()
        )
    assert titles["elderly_60"] == "60岁以上"


@pytest.mark.parametrize(("language", "words"), [("zh", "步行可达"), ("en", "can walk there")])
def test_choices_are_words_of_the_project_s_language(
    language: Language, words: str, tmp_path: Path
) -> None:
    write_layers(example_content(language), tmp_path / "layers.gpkg")
    cells = pyogrio.read_dataframe(tmp_path / "layers.gpkg", layer="cells")
    assert words in set(cells["state"])
    assert "covered" not in set(cells["state"])


def test_the_same_results_make_the_same_bytes(package: Path, tmp_path: Path) -> None:
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    write_layers(example_content(), tmp_path / "layers.gpkg")
    assert (tmp_path / "layers.gpkg").read_bytes() == package.read_bytes()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == before


def test_empty_tables_make_no_layers(tmp_path: Path) -> None:
    write_layers(empty_content(), tmp_path / "empty.gpkg")
    layers = {str(name) for name, _ in pyogrio.list_layers(tmp_path / "empty.gpkg")}
    assert layers == {"cells", "dictionary", "layer_styles"}


def test_a_name_that_is_no_column_of_ours_is_left_out(tmp_path: Path) -> None:
    content = example_content()
    centres = content.centres.assign(负责人电话="13800000000")
    write_layers(example_content(centres=centres), tmp_path / "layers.gpkg")
    assert b"13800000000" not in (tmp_path / "layers.gpkg").read_bytes()
