"""What the streets lie on, for the eye and for checks: water, rivers and railways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Final

import geopandas
import osmium
import shapely

from planner.errors import InputFileError
from planner.labels import message
from planner.streets.osm import SUFFIXES, osm_file, readable

GROUND_CRS: Final = "EPSG:4326"
GROUND_KEYS: Final = ("natural", "waterway", "landuse", "railway")

WATER: Final = {
    "natural": ("water",),
    "waterway": ("riverbank", "dock"),
    "landuse": ("reservoir", "basin"),
}
"""Areas of water."""

LINES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "waterway": {"waterway": ("river", "canal")},
    "railway": {"railway": ("rail", "light_rail", "narrow_gauge")},
}
"""Lines that part the ground; those in a tunnel or culvert do not."""

HIDDEN: Final = ("yes", "culvert", "covered", "flooded")


def _is(tags: Mapping[str, str], wanted: Mapping[str, tuple[str, ...]]) -> bool:
    return any(tags.get(key) in values for key, values in wanted.items())


def _line_kind(tags: Mapping[str, str]) -> str | None:
    if tags.get("tunnel") in HIDDEN:
        return None
    return next((kind for kind, wanted in LINES.items() if _is(tags, wanted)), None)


def _found(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield kind, name and geometry (WKB in hexadecimal) of all that is ground in a file."""
    factory = osmium.geom.WKBFactory()
    keys = osmium.filter.KeyFilter(*GROUND_KEYS)
    processor = osmium.FileProcessor(osm_file(path)).with_areas(keys).with_filter(keys)
    thing: Any
    for thing in processor:
        tags = {tag.k: tag.v for tag in thing.tags}
        name = tags.get("name", "")
        try:
            if thing.is_area() and _is(tags, WATER):
                yield "water", name, factory.create_multipolygon(thing)
            elif thing.is_way():
                kind = _line_kind(tags)
                if kind is not None and len(thing.nodes) > 1:
                    yield kind, name, factory.create_linestring(thing)
        except (osmium.InvalidLocationError, RuntimeError):
            continue  # cut at the rim of the extract, or drawn so that no area comes of it


def read_ground(path: str | PathLike[str]) -> geopandas.GeoDataFrame:
    """Read water, rivers and railways from a street file, for the map and for checks of points.

    Parameters
    ----------
    path
        Street file. Files of other kinds than OpenStreetMap's own (``.graphml``) hold no ground.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, columns ``ground_kind``, ``name`` (empty where it has none) and ``geometry``:
        ``water`` (polygons of lakes, ponds, wide rivers, reservoirs), ``waterway`` (lines of rivers
        and canals) and ``railway`` (lines, not underground). The sea is no polygon in OpenStreetMap
        and is absent.

    Raises
    ------
    InputFileError
        If the file is missing or broken.
    """
    file = Path(path)
    if not file.is_file():
        raise InputFileError(message("streets.file_missing", file=str(file)))
    rows: list[tuple[str, str, str]] = []
    if file.name.lower().endswith(SUFFIXES):
        with readable(file):
            rows = list(_found(file))
    shapes: Any = shapely.from_wkb([row[2] for row in rows])
    return geopandas.GeoDataFrame(
        {"ground_kind": [row[0] for row in rows], "name": [row[1] for row in rows]},
        geometry=list(shapes),
        crs=GROUND_CRS,
    )
