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
from planner.streets.sources.osm import SUFFIXES, osm_file, readable

GROUND_CRS: Final = "EPSG:4326"

WATER: Final[dict[str, tuple[str, ...]]] = {
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


Tags = Mapping[str, tuple[str, ...]]
"""Keys, and the values of each that are meant."""


def _is(tags: Mapping[str, str], wanted: Tags) -> bool:
    return any(tags.get(key) in values for key, values in wanted.items())


def _line_kind(tags: Mapping[str, str], lines: Mapping[str, Tags], *, bridges: bool) -> str | None:
    if tags.get("tunnel") in HIDDEN or not (bridges or tags.get("bridge", "no") == "no"):
        return None
    return next((kind for kind, wanted in lines.items() if _is(tags, wanted)), None)


def _found(
    path: Path, water: Tags, lines: Mapping[str, Tags], *, bridges: bool
) -> Iterator[tuple[str, str, str]]:
    """Yield kind, name and geometry (WKB in hexadecimal) of all that is ground in a file."""
    factory = osmium.geom.WKBFactory()
    keys = osmium.filter.KeyFilter(
        *sorted({*water, *(key for tags in lines.values() for key in tags)})
    )
    processor = osmium.FileProcessor(osm_file(path)).with_areas(keys).with_filter(keys)
    thing: Any
    for thing in processor:
        tags = {tag.k: tag.v for tag in thing.tags}
        name = tags.get("name", "")
        try:
            if thing.is_area() and _is(tags, water):
                yield "water", name, factory.create_multipolygon(thing)
            elif thing.is_way():
                kind = _line_kind(tags, lines, bridges=bridges)
                if kind is not None and len(thing.nodes) > 1:
                    yield kind, name, factory.create_linestring(thing)
        except (osmium.InvalidLocationError, RuntimeError):
            continue  # cut at the rim of the extract, or drawn so that no area comes of it


def ground_rows(
    file: Path, water: Tags, lines: Mapping[str, Tags], *, bridges: bool = True
) -> list[tuple[str, str, str]]:
    """Return kind, name and geometry (hexadecimal WKB) of what a street file holds of the ground.

    Parameters
    ----------
    file
        Street file; none but OpenStreetMap's own hold any.
    water
        Tags of the areas of kind ``water``.
    lines
        Tags of the lines of each kind; none in a tunnel or culvert.
    bridges
        Whether lines on bridges count.

    Raises
    ------
    InputFileError
        If the file is missing or broken.
    """
    if not file.is_file():
        raise InputFileError(message("streets.file_missing", file=str(file)))
    if not (water or lines) or not file.name.lower().endswith(SUFFIXES):
        return []
    with readable(file):
        return list(_found(file, water, lines, bridges=bridges))


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
    rows = ground_rows(Path(path), WATER, LINES)
    shapes: Any = shapely.from_wkb([row[2] for row in rows])
    return geopandas.GeoDataFrame(
        {"ground_kind": [row[0] for row in rows], "name": [row[1] for row in rows]},
        geometry=list(shapes),
        crs=GROUND_CRS,
    )
