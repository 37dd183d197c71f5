"""Reading the sample's files, without the planner's own readers: a second opinion."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import osmium
import pandas as pd

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
METRES = "EPSG:4545"
Way = tuple[tuple[int, ...], dict[str, str]]
Streets = tuple[dict[int, tuple[float, float]], dict[int, dict[str, str]], list[Way]]


def read_osm(path: Path) -> Streets:
    places, marks, ways = {}, {}, []
    for one in osmium.FileProcessor(path):
        if isinstance(one, osmium.osm.Node):
            places[one.id] = (one.location.lon, one.location.lat)
            if len(one.tags):
                marks[one.id] = dict(one.tags)
        elif isinstance(one, osmium.osm.Way):
            ways.append((tuple(node.ref for node in one.nodes), dict(one.tags)))
    return places, marks, ways


def sheet(path: Path) -> pd.DataFrame:
    rows = list(openpyxl.load_workbook(path).worksheets[0].values)
    return pd.DataFrame(rows[1:], columns=list(rows[0]))


def walkable(ways: list[Way], *, bridges: bool = True) -> Iterator[tuple[int, int]]:
    for nodes, tags in ways:
        river_bridge = tags.get("name", "").startswith("青渡") and tags.get("bridge") == "yes"
        if "highway" in tags and tags.get("foot") != "no" and (bridges or not river_bridge):
            yield from itertools.pairwise(nodes)
