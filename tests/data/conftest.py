"""The sample's tables and streets, read once."""

from __future__ import annotations

from typing import Any

import geopandas
import pandas as pd
import pytest

from tests.data.sample_files import SAMPLE, Streets, read_osm


@pytest.fixture(scope="package")
def streets() -> Streets:
    return read_osm(SAMPLE / "streets.osm.pbf")


@pytest.fixture(scope="package")
def communities() -> Any:
    return geopandas.read_file(SAMPLE / "communities.gpkg")


@pytest.fixture(scope="package")
def residents() -> Any:
    return geopandas.read_file(SAMPLE / "residents.gpkg")


@pytest.fixture(scope="package")
def centres() -> pd.DataFrame:
    return pd.read_csv(SAMPLE / "centres.csv", encoding="gb18030", dtype=str)
