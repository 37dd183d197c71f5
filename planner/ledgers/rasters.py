"""Rasters of people (WorldPop and kin, GeoTIFF): only this file of the ledgers opens them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj

from planner.errors import InputFileError, LedgerError
from planner.labels import Message, message
from planner.ledgers.age_bands import columns_of
from planner.ledgers.positions import LOCAL_DATUMS
from planner.ledgers.raster_bands import (
    RASTER_SUFFIXES,
    RasterBand,
    ages_of,
    band_files,
    find_bands,
)
from planner.projections import crs_transformer
from planner.tables import ELDERLY_COLUMNS

STRIP_CELLS: Final = 4_000_000
"""Cells of one band held at a time (32 MB of floats): a raster of any size fits into memory."""

SAME_PLACE: Final = 1e-6
"""Share of a cell by which the grids of two files may differ: their headers round degrees."""

FloatArray = npt.NDArray[np.float64]
Affine = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, eq=False)
class PeopleRaster:
    """The cells of a raster in which people live.

    Parameters
    ----------
    crs
        CRS of the raster's coordinates.
    to_map
        ``easting = a * column + b * row + c``, ``northing = d * column + e * row + f``, columns and
        rows counted from the outer corner of the first cell.
    cells
        One row for each cell with anybody in it: ``row, column`` (from 0) and the people columns
        that its bands give, persons; sorted by row, then column. Index = cell number in the
        raster (row × columns of the raster + column + 1).
    empty_cells
        Cells of the window without a figure in any band, where nobody is said to live.
    partly_empty_cells
        Cells with a figure in some of the bands: the others are counted as nobody.
    negative_cells
        Cells with a figure below 0 that is not declared as "none": counted as nobody.
    notes
        What is to be said of the bands.
    """

    crs: pyproj.CRS
    to_map: Affine
    cells: pd.DataFrame
    empty_cells: int
    partly_empty_cells: int
    negative_cells: int
    notes: tuple[Message, ...]


def is_raster(file: Path) -> bool:
    """Tell whether a path is a raster of people, or a folder that may hold one file a band."""
    return file.suffix.lower() in RASTER_SUFFIXES or file.is_dir()


def read_people_raster(
    file: Path,
    *,
    bands: Mapping[str, str] | None = None,
    within: tuple[FloatArray, FloatArray, Any] | None = None,
) -> PeopleRaster:
    """Read a raster of persons a cell, by age bands.

    Parameters
    ----------
    file
        A GeoTIFF with one or many bands, or a folder of GeoTIFFs of one grid, a band each.
    bands
        ``{band: ages}``, where the names of the bands do not tell: a band is its description, its
        number from 1 (``"3"``), or a file of the folder; ages are ``60-64``, ``80+``, ``all``, with
        ``_f`` or ``_m`` behind where a band holds one sex. Bands not named are not read. Without
        it, WorldPop's names are understood (:func:`planner.ledgers.age_bands.band_of`).
    within
        Eastings, northings (or longitudes, latitudes) and CRS of places around which the raster
        is read: the window that holds them all. The whole raster if not given.

    Returns
    -------
    PeopleRaster
        60+ always; population, 65+ and 80+ where the bands add up to them.

    Raises
    ------
    InputFileError
        If a file is missing or cannot be read.
    LedgerError
        With all problems: no CRS or one on a datum that needs local parameters; bands that are
        not understood, come twice or for one sex alone; bands that do not add up to 60+; files of
        different grids; nothing of the raster near the places.
    """
    files = band_files(file, bands)
    with ExitStack() as stack:
        opened = {one: stack.enter_context(_geotiff(one)) for one in files}
        found = find_bands(file, opened, bands)
        crs = _one_grid(file, opened)
        columns, problems = columns_of([band.ages for band in found])
        if not problems and ELDERLY_COLUMNS[0] not in columns and "population" not in columns:
            shown = "、".join(sorted({band.ages.label for band in found}))
            problems = [message("residents.bands_short", file=file.name, bands=shown)]
        if problems:
            raise LedgerError(message("ledgers.refused", file=file.name), problems)
        notes = [message("residents.bands_read", file=file.name, bands=ages_of(found))]
        first = opened[files[0]]
        window = _window(first, crs, within)
        if window is None:
            told = message("residents.raster_elsewhere", file=file.name)
            raise LedgerError(message("ledgers.refused", file=file.name), [told])
        strips = [
            _strip(opened, found, columns, strip, int(first.width)) for strip in _strips(window)
        ]
    cells = pd.concat([one for one, _ in strips])
    empty, partly, negative = np.sum([counts for _, counts in strips], axis=0).tolist()
    to_map: Affine = tuple(first.transform)[:6]
    return PeopleRaster(crs, to_map, cells, empty, partly, negative, tuple(notes))


@contextmanager
def _geotiff(file: Path) -> Iterator[Any]:
    """Open a GeoTIFF on this machine, and nothing else."""
    import rasterio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            dataset = rasterio.open(file.resolve(), driver="GTiff")
    except (rasterio.errors.RasterioError, OSError, ValueError) as error:
        raise _unreadable(file, error) from error
    with dataset:
        yield dataset


def _unreadable(file: Path, error: Exception) -> InputFileError:
    reason = (str(error).strip() or type(error).__name__).replace(str(file.resolve()), file.name)
    return InputFileError(message("ledgers.unreadable", file=file.name, reason=reason))


def _one_grid(file: Path, opened: Mapping[Path, Any]) -> pyproj.CRS:
    """Return the CRS of all files; refuse none, one that cannot be shifted, and several grids."""
    problems: list[Message] = []
    datasets = list(opened.items())
    first = datasets[0][1]
    step = max(abs(first.transform.a), abs(first.transform.b)) * SAME_PLACE
    for one, dataset in datasets:
        if dataset.crs is None or dataset.transform.is_identity:
            problems.append(message("residents.raster_without_crs", file=one.name))
        elif (dataset.width, dataset.height, dataset.crs) != (
            first.width,
            first.height,
            first.crs,
        ) or not np.allclose(
            tuple(dataset.transform)[:6], tuple(first.transform)[:6], rtol=1e-12, atol=step
        ):
            told = message("residents.raster_grids", file=one.name, first=datasets[0][0].name)
            problems.append(told)
    if not problems:
        crs = pyproj.CRS.from_wkt(first.crs.to_wkt())
        geodetic = crs.geodetic_crs
        name = crs.name if geodetic is None else geodetic.name
        if geodetic is not None and not any(word in name.lower() for word in LOCAL_DATUMS):
            return crs
        problems.append(message("ledgers.datum_refused", file=file.name, crs=crs.name))
    raise LedgerError(message("ledgers.refused", file=file.name), problems)


def _window(
    dataset: Any, crs: pyproj.CRS, within: tuple[FloatArray, FloatArray, Any] | None
) -> tuple[int, int, int, int] | None:
    """Return first and last (exclusive) row and column around the places, a cell to spare."""
    if within is None:
        return 0, int(dataset.height), 0, int(dataset.width)
    easting, northing, of = within
    turn = crs_transformer(of, crs)
    places = np.column_stack(turn.transform(easting, northing))
    a, b, c, d, e, f = tuple(dataset.transform)[:6]
    column, row = np.linalg.solve(np.array([[a, b], [d, e]]), (places - np.array([c, f])).T)
    low_row, low_column = int(np.floor(row.min())) - 1, int(np.floor(column.min())) - 1
    high_row, high_column = int(np.ceil(row.max())) + 1, int(np.ceil(column.max())) + 1
    top, bottom = max(low_row, 0), min(high_row, int(dataset.height))
    left, right = max(low_column, 0), min(high_column, int(dataset.width))
    return (top, bottom, left, right) if top < bottom and left < right else None


def _strips(window: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    top, bottom, left, right = window
    rows = max(1, STRIP_CELLS // (right - left))
    return [(row, min(row + rows, bottom), left, right) for row in range(top, bottom, rows)]


def _strip(
    opened: Mapping[Path, Any],
    bands: Sequence[RasterBand],
    columns: Mapping[str, Sequence[int]],
    strip: tuple[int, int, int, int],
    width: int,
) -> tuple[pd.DataFrame, tuple[int, int, int]]:
    """Return the people of a strip's cells, and how many are empty, partly so, or negative."""
    top, bottom, left, right = strip
    shape = (bottom - top, right - left)
    people = {name: np.zeros(shape) for name in columns}
    known = np.zeros(shape, dtype=np.int32)
    negative = np.zeros(shape, dtype=bool)
    used = sorted({place for places in columns.values() for place in places})
    for place in used:
        figures = _figures(opened[bands[place].file], bands[place], strip)
        below = figures < 0.0
        there = np.isfinite(figures) & ~below
        negative |= below
        known += there
        for name, places in columns.items():
            if place in places:
                people[name] += np.where(there, figures, 0.0)
    lived_in = np.zeros(shape, dtype=bool)
    for figures in people.values():
        lived_in |= figures > 0.0
    row, column = np.nonzero(lived_in)
    row, column = row + top, column + left
    data = {name: figures[lived_in] for name, figures in people.items()}
    index = pd.Index(row * width + column + 1, dtype=np.int64)
    cells = pd.DataFrame({"row": row, "column": column, **data}, index=index)
    partly = int(((known > 0) & (known < len(used))).sum())
    return cells, (int((known == 0).sum()), partly, int(negative.sum()))


def _figures(dataset: Any, band: RasterBand, strip: tuple[int, int, int, int]) -> FloatArray:
    """Return the figures of one band in a strip, NaN where there are none."""
    import rasterio
    from rasterio.windows import Window

    top, bottom, left, right = strip
    window = Window(left, top, right - left, bottom - top)
    try:
        figures = dataset.read(band.number, window=window, masked=True)
    except rasterio.errors.RasterioError as error:
        raise _unreadable(band.file, error) from error
    scale, offset = dataset.scales[band.number - 1], dataset.offsets[band.number - 1]
    return np.asarray(figures.astype(np.float64).filled(np.nan) * scale + offset)
