"""武汉花山 as a project: one's own road layer (no OSM file), and the people of a WorldPop raster.

The layer covers about a square kilometre and the raster seventy: most people live beyond the
streets, and have to be told as such, not lost. There are no outlines of communities in the data:
rectangles stand for them. Centres and candidates are made up, at places along the layer's lines.
"""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import shapely

from tests.shared_data import shared_data

SETTINGS = """
[project]
name = "武汉花山"
synthetic = true
[streets]
file = "roads.geojson"
gap_m = 15
attribution = "© OpenStreetMap contributors, ODbL"
[communities]
file = "communities.gpkg"
elderly_share_60 = 0.2
population_kind = "常住"
population_date = "2020"
[residents]
file = "elders.tif"
counts_from = "file"
attribution = "WorldPop, CC BY 4.0"
[centres]
file = "centres.csv"
datum = "wgs84"
[candidates]
file = "candidates.csv"
datum = "wgs84"
[siting]
new_centres = 2
"""

EAST, NORTH = (114.44, 114.505, 114.514, 114.58), (30.44, 30.492, 30.498, 30.55)
"""Edges of the rectangles: the middle ones cut the road layer into four."""


def write_huashan(folder: Path) -> Path:
    """Write the project and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    roads = shared_data("networks/wuhan_huashan.geojson")
    shutil.copy(roads, folder / "roads.geojson")
    shutil.copy(shared_data("population/wuhan_huashan_60plus_10band.tif"), folder / "elders.tif")
    boxes = [
        shapely.box(west, south, east, north)
        for south, north in pairwise(NORTH)
        for west, east in pairwise(EAST)
    ]
    gpd.GeoDataFrame(
        {
            "代码": [f"Q{number}" for number in range(len(boxes))],
            "名称": [f"第{number}片" for number in range(len(boxes))],
            "常住人口": [30_000.0] * len(boxes),
        },
        geometry=boxes,
        crs=4326,
    ).to_file(folder / "communities.gpkg", layer="communities", driver="GPKG")
    features = json.loads(roads.read_text(encoding="utf-8"))["features"]
    lines = [shapely.geometry.shape(one["geometry"]) for one in features]
    lines = [line for line in lines if isinstance(line, shapely.LineString)]
    chosen = [line.interpolate(0.5, normalized=True) for line in lines[:: len(lines) // 6]]
    centres = [
        f"C{n},第{n}日间照料中心,{one.x},{one.y},日间照料,运营,{400 + 200 * n}"
        for n, one in enumerate(chosen[:3])
    ]
    candidates = [f"K{n},第{n}候选,{one.x},{one.y},800" for n, one in enumerate(chosen[3:])]
    (folder / "centres.csv").write_text(
        "\n".join(["编号,名称,经度,纬度,设施类型,运营状态,建筑面积", *centres]), encoding="utf-8"
    )
    (folder / "candidates.csv").write_text(
        "\n".join(["编号,名称,经度,纬度,可用面积", *candidates]), encoding="utf-8"
    )
    (folder / "project.toml").write_text(SETTINGS, encoding="utf-8")
    return folder
