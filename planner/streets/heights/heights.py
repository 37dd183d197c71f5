"""Heights laid under the streets: sampled along every street, not only at its junctions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyproj

from planner.errors import InputFileError, StreetsError
from planner.labels import Message, message
from planner.projections import crs_transformer
from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.heights.blending import blended
from planner.streets.heights.cells import INTERPOLATIONS, MOST_PASSES
from planner.streets.heights.mosaics import mosaics_of
from planner.streets.heights.off_ground import bridged_heights
from planner.streets.heights.rasters import HeightRaster, header_of
from planner.streets.network.pieces import flat_ranges
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.walking.slopes import STEEPEST, slopes_of, stretches_of

SPACING_M: Final = 20.0
CELL_SHARE: Final = 1.0 / 3.0
"""Heights stand 20 m apart along a street, or a third of the raster's cell if that is more: closer
ones would tell nothing that the cells do not hold."""

MISSING_SHARE: Final = 0.01
"""So much of the streets may lie where there are no heights: they run straight between those that
are known. More is refused."""


@dataclass(frozen=True)
class Heights:
    """Grids of heights, read where streets need them.

    Parameters
    ----------
    rasters
        The finest first, by name where they are equally fine: each place takes its height from the
        first that has one. Those on one grid are read as one
        (:class:`planner.streets.heights.mosaics.Mosaic`), others fade into each other where they
        end (:func:`planner.streets.heights.blending.blended`).
    """

    rasters: tuple[HeightRaster, ...]

    @property
    def cell_m(self) -> float:
        """Side of the finest raster's cells in metres."""
        return self.rasters[0].cell_m

    @property
    def files(self) -> str:
        """Names of the files."""
        return "、".join(one.file.name for one in self.rasters)

    def at(
        self,
        easting: FloatArray,
        northing: FloatArray,
        crs: pyproj.CRS,
        *,
        interpolation: str = "bilinear",
        smoothing: int = 0,
    ) -> tuple[FloatArray, BoolArray]:
        """Return the heights of places, and which of them holes were filled for.

        Parameters
        ----------
        easting, northing, crs
            Places in any CRS (longitude first where it is in degrees), shape (places,).
        interpolation, smoothing
            As for :func:`with_heights`.

        Returns
        -------
        tuple of ndarray
            Metres, NaN where there are none; and booleans, shape (places,).
        """
        how: dict[str, Any] = {"interpolation": interpolation, "smoothing": smoothing}
        return blended(mosaics_of(self.rasters), easting, northing, crs, **how)


def read_heights(path: str | PathLike[str] | Iterable[str | PathLike[str]]) -> Heights:
    """Open files of heights: GeoTIFF in any CRS, or SRTM's ``.hgt``, also packed as ``.hgt.zip``.

    Only headers are read; heights are when they are laid under streets.

    Parameters
    ----------
    path
        One file, or several that together cover the streets, in any order.

    Raises
    ------
    InputFileError
        With every file that is missing or cannot be used, and why.
    """
    paths = [path] if isinstance(path, str | PathLike) else list(path)
    found = [header_of(Path(one)) for one in paths]
    problems = [one for one in found if isinstance(one, Message)]
    if not paths:
        problems.append(message("heights.no_file"))
    if problems:
        raise InputFileError(message("heights.refused"), problems)
    rasters = [one for one in found if isinstance(one, HeightRaster)]
    return Heights(tuple(sorted(rasters, key=lambda one: (one.cell_m, str(one.file)))))


@dataclass(frozen=True)
class _Samples:
    """Places along segments: where each segment's begin, and the places, both ends among them."""

    start: IntArray
    easting_m: FloatArray
    northing_m: FloatArray


def _samples(network: WalkingNetwork, spacing_m: float) -> _Samples:
    """Return places at equal spacing along each segment, as it is drawn."""
    count = np.maximum(np.ceil(network.segment_length_m / spacing_m).astype(np.int64), 1) + 1
    start = np.concatenate([[0], np.cumsum(count)])
    step_m = np.hypot(np.diff(network.vertex_easting_m), np.diff(network.vertex_northing_m))
    step_m[network.vertex_start[1:-1] - 1] = 1.0  # from one line to the next: parts their ends
    along_m = np.concatenate([[0.0], np.cumsum(step_m)])
    first, last = along_m[network.vertex_start[:-1]], along_m[network.vertex_start[1:] - 1]
    number = flat_ranges(np.zeros(len(count), dtype=np.int64), count)
    share = number / np.repeat(count - 1, count)
    place = np.repeat(first, count) + share * np.repeat(last - first, count)
    return _Samples(
        start,
        np.interp(place, along_m, network.vertex_easting_m),
        np.interp(place, along_m, network.vertex_northing_m),
    )


def with_heights(
    network: WalkingNetwork,
    heights: Heights,
    *,
    interpolation: str = "bilinear",
    smoothing: int = 0,
) -> WalkingNetwork:
    """Return the network with heights along every street.

    Heights are taken at equal spacing along each street as it is drawn: at its ends and every 20 m,
    or every third of the raster's cell where that is more. Between the middles of cells they are
    interpolated bilinearly, so that no street is steeper than the step between neighbouring cells
    over a cell's width, however short it is. (The nearest cell's height, which jumps from cell to
    cell, makes cliffs of them.) Bridges and tunnels run straight from ground to ground
    (:func:`planner.streets.heights.off_ground.bridged_heights`).

    What the cells' own errors do remains. SRTM's are 1.55 m (K. Becek, Geophys. Res. Lett. 35,
    2008): on level ground they cost a walker under Tobler's response about 3 % of the minutes. One
    pass of smoothing leaves under 1 %, and takes some of the true hills: it is for level towns.

    Parameters
    ----------
    network
        Streets with a CRS.
    heights
        What :func:`read_heights` opened.
    interpolation
        ``"bilinear"``, or ``"nearest"`` (the cell's own height, as some routers take it: for
        comparing with them).
    smoothing
        Passes of weights 1-2-1 over the cells, along rows and columns, 0 to 10.

    Returns
    -------
    WalkingNetwork
        Its ``notes["heights"]`` tell the files, the spacing, and what was mended: ``holes_share``
        of the samples lie in small holes, filled from the cells around; ``missing_m`` of streets
        have no heights and run straight between those that have; ``unknown_m`` have none at either
        end and count as level; ``steepest_m`` are steeper than any street
        (:data:`planner.streets.walking.slopes.STEEPEST`), such as beside a cliff.

    Raises
    ------
    planner.errors.StreetsError
        If the network has no CRS, or over 1 % of its length on the ground has no heights.
    planner.errors.InputFileError
        If a file cannot be read to its end.
    ValueError
        If ``interpolation`` or ``smoothing`` is none of the above.
    """
    if interpolation not in INTERPOLATIONS or not 0 <= smoothing <= MOST_PASSES:
        text = f"interpolation is one of {INTERPOLATIONS}, smoothing 0 to {MOST_PASSES}"
        raise ValueError(text)
    if network.crs is None:
        raise StreetsError(message("heights.network_without_crs"))
    spacing_m = max(SPACING_M, CELL_SHARE * heights.cell_m)
    samples = _samples(network, spacing_m)
    height_m, mended = heights.at(
        np.concatenate([samples.easting_m, network.node_easting_m]),
        np.concatenate([samples.northing_m, network.node_northing_m]),
        network.crs,
        interpolation=interpolation,
        smoothing=smoothing,
    )
    along_m, node_m = np.split(height_m, [len(samples.easting_m)])
    on_ground = ~network.segment_off_ground
    missing = on_ground & np.logical_or.reduceat(np.isnan(along_m), samples.start[:-1])
    missing_m = float(network.segment_length_m[missing].sum())
    total_m = float(network.segment_length_m[on_ground].sum())
    if missing_m > MISSING_SHARE * total_m:
        without = np.isnan(along_m) & np.repeat(on_ground, np.diff(samples.start))
        raise StreetsError(_not_covering(network, heights, samples, without, (missing_m, total_m)))
    straight = missing | ~on_ground
    ends = (network.segment_from.astype(np.int64), network.segment_to.astype(np.int64))
    grounded = np.zeros(network.node_count, dtype=bool)
    for end in ends:
        grounded[end[on_ground]] = True
    one, other = (end[straight] for end in ends)
    length_m = network.segment_length_m[straight]
    node_m = bridged_heights(node_m, grounded, one, other, length_m)
    profile = _profiles(samples.start, along_m, straight, (node_m[ends[0]], node_m[ends[1]]))
    found = replace(network, profile_start=profile[0], profile_height_m=profile[1])
    notes = {
        "files": [one.file.name for one in heights.rasters],
        "cell_m": round(heights.cell_m, 1),
        "spacing_m": round(spacing_m, 1),
        "interpolation": interpolation,
        "smoothing": smoothing,
        "holes_share": round(float(mended.mean()), 6),
        "missing_m": round(missing_m, 1),
    }
    return replace(found, notes={**network.notes, "heights": notes | _relief_notes(found)})


def _profiles(
    start: IntArray, along_m: FloatArray, straight: BoolArray, ends_m: tuple[FloatArray, FloatArray]
) -> tuple[IntArray, FloatArray]:
    """Return ``profile_start`` and ``profile_height_m``: straight segments by their ends alone."""
    known = ~np.isnan(ends_m[0]) & ~np.isnan(ends_m[1])
    count = np.where(known, np.where(straight, 2, np.diff(start)), 0)
    profile_start = np.concatenate([[0], np.cumsum(count)])
    height_m = along_m[flat_ranges(start[:-1], count)]
    height_m[profile_start[:-1][known]] = ends_m[0][known]
    height_m[profile_start[1:][known] - 1] = ends_m[1][known]
    return profile_start, height_m


def _relief_notes(network: WalkingNetwork) -> dict[str, float]:
    stretches = stretches_of(network)
    steep = np.abs(slopes_of(stretches)) > STEEPEST
    unknown = np.diff(network.profile_start) < 2
    return {
        "unknown_m": round(float(network.segment_length_m[unknown].sum()), 1),
        "steepest_m": round(float(stretches.run_m[steep].sum()), 1),
    }


def _not_covering(
    network: WalkingNetwork,
    heights: Heights,
    samples: _Samples,
    without: BoolArray,
    lengths_m: tuple[float, float],
) -> Message:
    """Return how much of the streets has no heights, and where."""
    to_degrees = crs_transformer(network.crs, "EPSG:4326")
    places = (samples.easting_m[without], samples.northing_m[without])
    longitude, latitude = to_degrees.transform(*places)
    missing_m, total_m = lengths_m
    return message(
        "heights.not_covering",
        files=heights.files,
        missing_km=missing_m / 1000,
        total_km=total_m / 1000,
        share=missing_m / total_m,
        west=float(longitude.min()),
        east=float(longitude.max()),
        south=float(latitude.min()),
        north=float(latitude.max()),
    )
