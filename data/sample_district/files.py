"""Writing the sample in the formats that planners hold, the same content every time."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import openpyxl
import osmium
import pyogrio
import shapely
from osmium.osm import mutable
from shapely.geometry.base import BaseGeometry

from sample_district import ground
from sample_district.centres import Row
from sample_district.communities import Community
from sample_district.network import Streets, Tags

FIXED_TIME: Final = datetime(2024, 12, 31)
ZIP_TIME: Final = (2024, 12, 31, 0, 0, 0)
NOTICE: Final = "合成数据：虚构的青渡示范区，不对应任何真实地方、机构或个人"
FIRST_NODE, FIRST_WAY, FIRST_RELATION = 1_000_001, 100_001, 1_001


def write_streets(path: Path, streets: Streets) -> None:
    """Write streets, walls, railway and water as an OSM PBF.

    Parameters
    ----------
    path
        File to write; replaced.
    streets
        Nodes and ways; the river is added here, as OSM has it: a multipolygon with its island,
        and a line along its middle.
    """
    water, waterway = _river(streets)
    places = ground.degrees(np.array(streets.points))
    header = osmium.io.Header()
    header.set("generator", NOTICE)
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for number, (lon, lat) in enumerate(places.tolist()):
            tags = streets.node_tags.get(number, {})
            writer.add_node(
                mutable.Node(id=FIRST_NODE + number, version=1, location=(lon, lat), tags=tags)
            )
        ways = [(way.nodes, way.tags) for way in streets.finished()] + water + waterway
        for number, (nodes, tags) in enumerate(ways):
            refs = [FIRST_NODE + node for node in nodes]
            writer.add_way(mutable.Way(id=FIRST_WAY + number, version=1, nodes=refs, tags=tags))
        first = FIRST_WAY + len(ways) - len(water) - len(waterway)
        members = [("w", first + k, "outer" if k == 0 else "inner") for k in range(len(water))]
        tags = {"type": "multipolygon", "natural": "water", "water": "river", "name": "青渡河"}
        writer.add_relation(
            mutable.Relation(id=FIRST_RELATION, version=1, members=members, tags=tags)
        )


def _river(streets: Streets) -> tuple[list[tuple[list[int], Tags]], list[tuple[list[int], Tags]]]:
    shape = ground.river()
    rings = []
    for ring in (shape.exterior, *shape.interiors):
        nodes = [streets.node((east, north)) for east, north in list(ring.coords)[:-1]]
        tags: Tags = {}
        rings.append(([*nodes, nodes[0]], tags))
    line = [streets.node(point) for point in ground.curve(ground.river_middle)]
    return rings, [(line, {"waterway": "river", "name": "青渡河"})]


def _to_degrees(geometries: list[BaseGeometry]) -> list[BaseGeometry]:
    moved = shapely.transform(np.array(geometries, dtype=object), ground.degrees)
    return list(moved)


def _write_layer(path: Path, table: gpd.GeoDataFrame, description: str) -> None:
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{FIXED_TIME:%Y-%m-%dT%H:%M:%S}.000Z"})
    try:
        pyogrio.write_dataframe(
            table,
            path,
            driver="GPKG",
            layer=path.stem,
            layer_options={"SPATIAL_INDEX": "NO", "DESCRIPTION": f"{description}（{NOTICE}）"},
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_communities(path: Path, communities: list[Community]) -> None:
    """Write the communities' polygons and people, in CGCS2000 degrees."""
    people = {
        "名称": [one.name for one in communities],
        "代码": [one.code for one in communities],
        "街道": [one.street for one in communities],
        "类型": [one.kind for one in communities],
        "常住人口": [one.population for one in communities],
        "60岁以上": [one.elderly_60 for one in communities],
        "65岁以上": [one.elderly_65 for one in communities],
        "80岁以上": [one.elderly_80 for one in communities],
        "户数": [one.households for one in communities],
    }
    lands = _to_degrees([shapely.normalize(one.land) for one in communities])
    table = gpd.GeoDataFrame(people, geometry=lands, crs=ground.DEGREE_CRS)
    _write_layer(path, table, "社区和村界线与人口")


def write_residents(path: Path, communities: list[Community], without: set[str]) -> None:
    """Write the buildings, each in its community, in CGCS2000 degrees.

    Parameters
    ----------
    path
        File to write; replaced.
    communities
        With their buildings, in the order of their codes.
    without
        Codes of communities whose buildings nobody has surveyed yet.
    """
    rows = [
        (one.code, building.floors, building.use, building.footprint)
        for one in communities if one.code not in without
        for building in one.buildings
    ]  # fmt: skip
    table = gpd.GeoDataFrame(
        {
            "编号": [f"L{number:06d}" for number in range(1, len(rows) + 1)],
            "社区代码": [row[0] for row in rows],
            "层数": [row[1] for row in rows],
            "用途": [row[2] for row in rows],
        },
        geometry=_to_degrees([row[3] for row in rows]),
        crs=ground.DEGREE_CRS,
    )
    _write_layer(path, table, "居住建筑与其他建筑")


def write_csv(path: Path, rows: list[Row], headings: tuple[str, ...]) -> None:
    """Write rows as Excel saves a csv in China: GB18030, CRLF."""
    text = io.StringIO()
    writer = csv.DictWriter(text, headings, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("gb18030"))


def write_xlsx(path: Path, rows: list[Row], sheet: str) -> None:
    """Write rows as a workbook of one sheet, heading in row 1, with fixed times inside."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    page.append(list(rows[0]))
    for row in rows:
        page.append([value if value != "" else None for value in row.values()])
    page.freeze_panes = "A2"
    book.properties.creator = "service-circle-planner"
    book.properties.title = f"{sheet}（{NOTICE}）"
    book.properties.created = FIXED_TIME
    written = io.BytesIO()
    book.save(written)
    stamp = f"{FIXED_TIME:%Y-%m-%dT%H:%M:%S}Z".encode()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
