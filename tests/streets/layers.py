"""Road layers drawn by hand, near the central meridian of CGCS2000's zone of 108°E."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
from shapely.affinity import translate
from shapely.geometry import LineString

from planner.streets import WalkingNetwork, read_streets

METRES = 4545
EASTING_M, NORTHING_M = 500_000.0, 3_800_000.0
"""Where the drawings' (0, 0) lies: on the meridian, where the projection keeps lengths."""

Road = Sequence[tuple[float, float]]


def roads(shapes: Sequence[Any], **columns: Sequence[Any]) -> geopandas.GeoDataFrame:
    """Return a table of lines (or other shapes) drawn about (0, 0), with columns."""
    lines = [
        shape if shape is None or hasattr(shape, "geom_type") else LineString(shape)
        for shape in shapes
    ]
    moved = [line if line is None else translate(line, EASTING_M, NORTHING_M) for line in lines]
    return geopandas.GeoDataFrame(dict(columns), geometry=moved, crs=METRES)


def save(frame: geopandas.GeoDataFrame, file: Path, **how: Any) -> Path:
    """Write a layer as it stands, in degrees if it becomes GeoJSON."""
    if file.suffix == ".geojson":
        frame = frame.to_crs(4490)
        how = {"COORDINATE_PRECISION": 12, **how}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GDAL says that it cuts long headings
        pyogrio.write_dataframe(frame, file, **how)
    return file


def network_of(
    folder: Path, shapes: Sequence[Any], *, gap_m: float = 1.0, **columns: Any
) -> WalkingNetwork:
    """Return the network of lines drawn about (0, 0)."""
    return read_streets(save(roads(shapes, **columns), folder / "roads.gpkg"), gap_m=gap_m)


def parts_km(network: WalkingNetwork) -> tuple[int, Any]:
    """Return the number of parts and the kilometres of a network."""
    return network.part_count, float(network.segment_length_m.sum()) / 1000
