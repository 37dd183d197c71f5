"""Lines and outlines as short text: whole steps of about a metre, each told from the last.

A point is two whole numbers, its longitude and latitude in steps of 1e-5 degrees (1.1 m north to
south, less east to west). A line is the number of its points and then each point's steps from
the point before it, over the end of the line before it. A whole number ``n`` is folded to
``2 n`` or ``-2 n - 1`` and written five bits a letter, lowest first, a sixth bit saying that more
follow: the code of Google's encoded polylines, in an alphabet that needs no escaping anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from geopandas import GeoDataFrame, GeoSeries
from shapely.geometry.base import BaseGeometry

DEGREES: Final = "EPSG:4326"
STEP_DEGREES: Final = 1e-5
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BITS: Final = 5

IntArray = npt.NDArray[np.int64]


def encode_numbers(numbers: npt.ArrayLike) -> str:
    """Return whole numbers (any shape, read in order) as text."""
    values = np.asarray(numbers, dtype=np.int64).ravel()
    if not len(values):
        return ""
    folded = np.where(values < 0, -2 * values - 1, 2 * values)
    letters = max(1, -(-int(folded.max()).bit_length() // BITS))
    places = np.arange(letters)
    pieces = (folded[:, None] >> (BITS * places)) & (2**BITS - 1)
    used = (places == 0) | (folded[:, None] >> (BITS * places) > 0)
    follows = np.zeros_like(used)
    follows[:, :-1] = used[:, 1:]
    codes = (pieces + follows * 2**BITS)[used]
    letters_used = np.frombuffer(ALPHABET.encode("ascii"), dtype=np.uint8)[codes]
    return bytes(letters_used).decode("ascii")


def encode_lines(lines: Sequence[BaseGeometry] | npt.NDArray[np.object_]) -> str:
    """Return lines (or rings) in degrees as text; points that fall together are written once.

    Lines shorter than a step vanish.
    """
    coordinates, line = shapely.get_coordinates(np.asarray(lines, dtype=object), return_index=True)
    steps: IntArray = np.rint(coordinates / STEP_DEGREES).astype(np.int64)
    fresh = np.ones(len(steps), dtype=bool)
    fresh[1:] = (line[1:] != line[:-1]) | (steps[1:] != steps[:-1]).any(axis=1)
    steps, line = steps[fresh], line[fresh]
    long_enough = np.bincount(line, minlength=1)[line] >= 2 if len(line) else fresh
    steps, line = steps[long_enough], line[long_enough]
    if not len(line):
        return ""
    starts = np.flatnonzero(np.concatenate([[True], line[1:] != line[:-1]]))
    counts = np.diff(np.append(starts, len(line)))
    moves = np.diff(steps, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return encode_numbers(np.insert(moves.ravel(), 2 * starts, counts))


def encode_outlines(shapes: BaseGeometry | npt.NDArray[np.object_]) -> str:
    """Return the rings of polygons, single or multiple, holes among them, as text."""
    whole = np.atleast_1d(np.asarray(shapes, dtype=object))
    # Shapely finds no rings in a multipolygon: it is taken apart first.
    return encode_lines(shapely.get_rings(shapely.get_parts(whole)))


def in_degrees(table: GeoDataFrame, *, tolerance_m: float = 0.0) -> GeoSeries:
    """Return a table's geometry in degrees, its lines thinned by a tolerance in metres first."""
    geometry = table.geometry
    if tolerance_m:
        geometry = geometry.simplify(tolerance_m)
    if geometry.crs is None or not len(geometry):
        return geometry
    return geometry.to_crs(DEGREES)


def latitude_longitude(point: BaseGeometry | None) -> list[float] | None:
    """Return ``[latitude, longitude]`` of a point in degrees, or ``None`` where there is none."""
    if point is None or point.is_empty:
        return None
    place: Any = point
    return [round(place.y, 5), round(place.x, 5)]
