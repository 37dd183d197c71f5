"""GeoParquet on request: the layers of the GeoPackage, row for row, and no household."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from planner.errors import OutputFileError
from planner.outputs.layers import parquet
from planner.outputs.layers.writing import layer_tables
from tests.outputs.town import CRS, example_content


def test_every_layer_is_a_file_with_its_rows_and_crs(tmp_path: Path) -> None:
    content = example_content()
    files = {file.stem: file for file in parquet.write_parquet(content, tmp_path / "parquet")}
    tables = layer_tables(content)
    assert set(files) == {*tables, "dictionary"}
    for name, table in tables.items():
        if isinstance(table, gpd.GeoDataFrame):
            read = gpd.read_parquet(files[name])
            assert read.crs == CRS
            assert read.geometry.geom_equals(table.geometry.reset_index(drop=True)).all()
        else:
            read = pd.read_parquet(files[name])
        assert list(read.columns) == list(table.columns)
        assert len(read) == len(table)


def test_a_word_among_figures_makes_the_column_text(tmp_path: Path) -> None:
    content = example_content()
    costs = [*["不列"], *[1.5] * (len(content.candidates) - 1)]
    candidates = content.candidates.assign(cost_10k_yuan=pd.Series(costs, dtype=object).to_numpy())
    given = dataclasses.replace(content, candidates=candidates)
    files = {file.stem: file for file in parquet.write_parquet(given, tmp_path / "parquet")}
    read = gpd.read_parquet(files["candidates"])["cost_10k_yuan"]
    assert read.tolist()[:2] == ["不列", "1.5"]


def test_without_its_library_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "LIBRARY", "no_such_library")
    with pytest.raises(OutputFileError, match=r"\[parquet\]"):
        parquet.write_parquet(example_content(), tmp_path / "parquet")
    assert not (tmp_path / "parquet").exists()
