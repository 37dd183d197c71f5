"""Files of heights (GeoTIFF, SRTM's .hgt): only this file opens them, window by window.

``.hgt`` (NASA, "SRTM Topography" 2.1, 2015): squares of 1201 or 3601 big-endian 16-bit metres, row
by row from the north, that stand on the whole degrees at the square's rim; -32768: none.
"""

from __future__ import annotations

import lzma
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyproj

from planner.errors import InputFileError
from planner.labels import Message, message
from planner.streets.arrays import FloatArray

DAMAGED: Final = (
    OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError
)  # fmt: skip
"""All that a damaged archive raised in 24,000 trials (``NotImplementedError``, of a method of
packing that there is none, is a ``RuntimeError``)."""

SUFFIXES: Final = (".tif", ".tiff", ".hgt", ".hgt.zip")
HGT_SIDES: Final = (1201, 3601)
HGT_NONE: Final = -32768

LOWEST_M: Final = -500.0
HIGHEST_M: Final = 9000.0
"""Heights beyond these are no ground (the Dead Sea's shore lies at -430 m, the top of Everest at
8,849 m) but stand for "none" in a file that does not say so."""

Affine = tuple[float, float, float, float, float, float]
Reader = Callable[[int, int, int, int], FloatArray]
"""Returns the heights of rows ``[a, b)`` and columns ``[c, d)``, NaN where there are none."""


@dataclass(frozen=True)
class HeightRaster:
    """A grid of heights, known by its header alone.

    Parameters
    ----------
    file
        Where it is.
    crs
        CRS of its coordinates.
    to_map
        ``easting = a * column + b * row + c``, ``northing = d * column + e * row + f``, columns and
        rows counted from the outer corner of the first cell.
    rows, columns
        Size.
    cell_m
        Side of a cell in metres, in the middle of the grid.
    """

    file: Path
    crs: pyproj.CRS
    to_map: Affine
    rows: int
    columns: int
    cell_m: float

    @property
    def is_hgt(self) -> bool:
        """Whether it is an ``.hgt``, packed or not."""
        return self.file.name.lower().endswith((".hgt", ".hgt.zip"))

    def cells_at(self, easting: FloatArray, northing: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return rows and columns, with fractions, of places in the raster's CRS."""
        a, b, c, d, e, f = self.to_map
        determinant = a * e - b * d
        column = (e * (easting - c) - b * (northing - f)) / determinant
        row = (a * (northing - f) - d * (easting - c)) / determinant
        return row, column

    @contextmanager
    def opened(self) -> Iterator[Reader]:
        """Open the file; what is read is as large as the window, but an ``.hgt`` is read whole."""
        if self.is_hgt:
            square = _hgt_heights(self.file)
            yield lambda a, b, c, d: square[a:b, c:d].astype(np.float64)
            return
        import rasterio
        from rasterio.windows import Window

        with _geotiff(self.file) as dataset:
            scale, offset = dataset.scales[0], dataset.offsets[0]

            def read(first: int, last: int, left: int, right: int) -> FloatArray:
                window = Window(left, first, right - left, last - first)
                try:
                    band = dataset.read(1, window=window, masked=True)
                except rasterio.errors.RasterioError as error:
                    raise _unreadable(self.file, "GeoTIFF", error) from error
                heights = band.astype(np.float64).filled(np.nan) * scale + offset
                heights[~((heights >= LOWEST_M) & (heights <= HIGHEST_M))] = np.nan
                return np.asarray(heights)

            yield read


def _unreadable(file: Path, kind: str, error: Exception | str) -> InputFileError:
    detail = str(error).strip() or type(error).__name__
    problem = message("heights.unreadable", file=file.name, kind=kind, detail=detail)
    return InputFileError(message("heights.refused"), [problem])


@contextmanager
def _geotiff(file: Path) -> Iterator[Any]:
    """Open a GeoTIFF on this machine, and nothing else."""
    import rasterio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            dataset = rasterio.open(file.resolve(), driver="GTiff")
    except (rasterio.errors.RasterioError, OSError, ValueError) as error:
        raise _unreadable(file, "GeoTIFF", error) from error
    with dataset:
        yield dataset


def _hgt_bytes(file: Path) -> tuple[str, int, Callable[[], bytes]]:
    """Return the name and size of an ``.hgt``, and what reads it."""
    if file.suffix.lower() == ".hgt":
        return file.name, file.stat().st_size, file.read_bytes
    with zipfile.ZipFile(file) as archive:
        squares = [one for one in archive.infolist() if one.filename.lower().endswith(".hgt")]
    if len(squares) != 1:
        detail = f"{len(squares)} × .hgt"
        raise _unreadable(file, ".hgt.zip", detail)

    def unpacked() -> bytes:
        with zipfile.ZipFile(file) as archive:
            return archive.read(squares[0])

    return Path(squares[0].filename).name, squares[0].file_size, unpacked


def _hgt_heights(file: Path) -> npt.NDArray[np.float32]:
    try:
        _, size, read = _hgt_bytes(file)
        side = int(np.sqrt(size // 2))
        heights = np.frombuffer(read(), dtype=">i2").astype(np.float32).reshape(side, side)
    except DAMAGED as error:
        if isinstance(error, InputFileError):
            raise
        raise _unreadable(file, ".hgt", error) from error
    heights[(heights == HGT_NONE) | (heights < LOWEST_M) | (heights > HIGHEST_M)] = np.nan
    return heights


def _hgt_header(file: Path) -> HeightRaster | Message:
    name, size, _ = _hgt_bytes(file)
    place = re.fullmatch(r"([NS])(\d{2})([EW])(\d{3}).*", name, flags=re.IGNORECASE)
    if place is None:
        return message("heights.hgt_name", file=file.name)
    known = [2 * side * side for side in HGT_SIDES]
    if size not in known:
        return message(
            "heights.hgt_size",
            file=file.name,
            bytes=size,
            known="、".join(str(one) for one in known),
        )
    south = int(place[2]) * (1 if place[1].upper() == "N" else -1)
    west = int(place[4]) * (1 if place[3].upper() == "E" else -1)
    side = HGT_SIDES[known.index(size)]
    step = 1.0 / (side - 1)
    to_map = (step, 0.0, west - step / 2, 0.0, -step, south + 1 + step / 2)
    crs = pyproj.CRS("EPSG:4326")
    return HeightRaster(file, crs, to_map, side, side, _cell_m(crs, to_map, side, side))


def _geotiff_header(file: Path) -> HeightRaster | Message:
    with _geotiff(file) as dataset:
        to_map: Affine = tuple(dataset.transform)[:6]
        a, b, _, d, e, _ = to_map
        if dataset.crs is None or dataset.transform.is_identity or a * e == b * d:
            return message("heights.without_crs", file=file.name)
        if dataset.count != 1:
            return message("heights.many_bands", file=file.name, count=dataset.count)
        crs = pyproj.CRS.from_wkt(dataset.crs.to_wkt())
        crs = crs.sub_crs_list[0] if crs.is_compound else crs  # one for heights is of no use here
        rows, columns = dataset.height, dataset.width
    return HeightRaster(file, crs, to_map, rows, columns, _cell_m(crs, to_map, rows, columns))


def _cell_m(crs: pyproj.CRS, to_map: Affine, rows: int, columns: int) -> float:
    """Return the side in metres of a square as large as a cell in the middle of the grid."""
    a, b, c, d, e, f = to_map
    easting = a * columns / 2 + b * rows / 2 + c
    northing = d * columns / 2 + e * rows / 2 + f
    if crs.is_geographic:
        geod = crs.get_geod() or pyproj.Geod(ellps="WGS84")
        sides = [
            geod.inv(easting, northing, easting + step[0], northing + step[1])[2]
            for step in ((a, d), (b, e))
        ]
    else:
        metres = crs.axis_info[0].unit_conversion_factor
        sides = [float(np.hypot(*step)) * metres for step in ((a, d), (b, e))]
    return float(np.sqrt(sides[0] * sides[1]))


def header_of(path: Path) -> HeightRaster | Message:
    """Return what the header of a file of heights says, or why it cannot be used."""
    lower = path.name.lower()
    if not path.is_file():
        return message("heights.file_missing", file=str(path))
    if not lower.endswith(SUFFIXES):
        return message("heights.suffix_unknown", file=path.name, known="、".join(SUFFIXES))
    try:
        return _hgt_header(path) if lower.endswith((".hgt", ".hgt.zip")) else _geotiff_header(path)
    except InputFileError as error:
        return error.problems[0]
    except DAMAGED as error:
        return _unreadable(path, "".join(path.suffixes[-2:]), error).problems[0]
