"""Rasters of people made for the tests: bands over the tests' town, in any grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import Affine

from tests.ledgers import zoo

BANDS = ("60_f", "60_m", "65_f", "65_m", "70_f", "70_m", "75_f", "75_m", "80_f", "80_m")
WEST, NORTH = zoo.ORIGIN[0], zoo.ORIGIN[1] + 1000.0


def grid(west: float, north: float, side: float, turned: float = 0.0) -> Affine:
    """Return square cells from a north-western corner, turned clockwise about it by degrees."""
    along, across = side * np.cos(np.radians(turned)), side * np.sin(np.radians(turned))
    return Affine(along, -across, west, -across, -along, north)


def write_raster(
    path: Path,
    bands: Mapping[str, Any],
    *,
    side: float = 500.0,
    nodata: float | None = -1.0,
    crs: Any = zoo.METRES,
    transform: Affine | None = None,
    **profile: Any,
) -> Path:
    """Write bands by their descriptions over the tests' town: 3 km × 1 km from the north-west."""
    figures = np.array([np.asarray(band, dtype=np.float64) for band in bands.values()])
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=len(figures),
        height=figures.shape[1],
        width=figures.shape[2],
        dtype="float64",
        crs=crs,
        nodata=nodata,
        transform=grid(WEST, NORTH, side) if transform is None else transform,
        **profile,
    ) as file:
        file.write(figures)
        for number, name in enumerate(bands, start=1):
            file.set_band_description(number, name)
    return path


def cells_of(rows: Sequence[Sequence[float]], ages: str = "60+") -> dict[str, Any]:
    return {ages: rows}


TOWN_CELLS = [[1.0, 2.0, 3.0, 0.0, -1.0, -1.0], [3.0, 2.0, 1.0, 0.0, -1.0, -1.0]]
"""500 m cells of the town: A has 8 in four cells, B has 4 in two, C has nobody."""
