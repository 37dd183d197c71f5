"""Central Helsinki as a project: real streets, a real population grid, real places of care.

The grid holds a population and no ages, so that the elders are a stated share of it. The places are
those of OpenStreetMap that come nearest to a day-care centre; libraries and community centres stand
for buildings where one could be opened. Areas are not in the data, and stay unknown.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import osmium

from tests.shared_data import shared_data

ELDERLY_SHARE = 0.21
"""Stated assumption: about a fifth of Helsinki's people are 60 and over."""

DAY_CARE_LIKE = {"social_facility", "clinic", "doctors"}
CANDIDATE_LIKE = {"library", "community_centre", "school", "university", "theatre", "cinema"}

SETTINGS = f"""
[project]
name = "Helsinki keskusta"
language = "en"
[streets]
file = "helsinki.osm.pbf"
[communities]
file = "communities.gpkg"
elderly_share_60 = {ELDERLY_SHARE}
population_kind = "常住"
population_date = "2020"
[residents]
file = "grid.gpkg"
elderly_share_60 = {ELDERLY_SHARE}
[centres]
file = "centres.csv"
datum = "wgs84"
[candidates]
file = "candidates.csv"
datum = "wgs84"
[walking]
limit_minutes = 5
[siting]
new_centres = 3
least_area_m2 = 100
"""


def write_helsinki(folder: Path) -> Path:
    """Write the project; the limit is 5 minutes, since the extract is only 1.7 km high."""
    folder.mkdir(parents=True, exist_ok=True)
    streets = shared_data("networks/helsinki.osm.pbf")
    shutil.copy(streets, folder / "helsinki.osm.pbf")
    (folder / "project.toml").write_text(SETTINGS, encoding="utf-8")
    cells = gpd.read_file(shared_data("population/helsinki_population_grid_2020.gpkg"))
    cells.to_file(folder / "grid.gpkg", layer="grid", driver="GPKG")
    _write_quarters(cells, folder / "communities.gpkg")
    _write_places(streets, DAY_CARE_LIKE, folder / "centres.csv", prefix="C")
    _write_places(streets, CANDIDATE_LIKE, folder / "candidates.csv", prefix="K")
    return folder


def _write_quarters(cells: gpd.GeoDataFrame, path: Path) -> None:
    """Write the four quarters of the grid as communities: the data holds no boundaries."""
    middles = cells.geometry.representative_point()
    east = middles.x > np.median(middles.x)
    north = middles.y > np.median(middles.y)
    names = np.where(north, "north", "south") + np.where(east, "east", "west").astype(object)
    quarters = cells.assign(name=names).dissolve("name", aggfunc={"population": "sum"})
    quarters = quarters.reset_index()
    quarters.insert(0, "代码", [f"Q{number}" for number in range(len(quarters))])
    quarters.rename(columns={"name": "名称", "population": "常住人口"}).to_file(
        path, layer="communities", driver="GPKG"
    )


def _write_places(streets: Path, kinds: set[str], path: Path, *, prefix: str) -> None:
    rows = []
    thing: Any
    for thing in osmium.FileProcessor(str(streets)).with_filter(osmium.filter.KeyFilter("amenity")):
        if thing.is_node() and thing.tags["amenity"] in kinds:
            name = thing.tags.get("name", thing.tags["amenity"])
            rows.append((f"{prefix}{thing.id}", name, thing.location.lon, thing.location.lat))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if prefix == "C":
            writer.writerow(["编号", "名称", "经度", "纬度", "设施类型", "运营状态"])
            writer.writerows((*row, "日间照料", "运营") for row in rows)
        else:
            writer.writerow(["编号", "名称", "经度", "纬度"])
            writer.writerows(rows)
