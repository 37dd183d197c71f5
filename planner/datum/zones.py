"""Metres in the Gauss-Krüger zones of CGCS2000, as surveyors write them, and their degrees.

A place is two figures: the northing (纵坐标, a surveyor's X: metres from the equator) and the
easting (横坐标, a surveyor's Y: metres from the central meridian, plus 500,000). Many write the
zone's number in front of the easting: 36 500 000 is the central meridian of zone 36, 108°E. Others
write X and Y as mathematicians and most software do. In China the two figures cannot be taken for
each other, whoever wrote them: northings are 1.9 to 6 million metres, eastings below 1 million,
or with a zone's number above 13 million. Nor can zones: those of 3° are 25 to 45, those of 6° are
13 to 23.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyproj

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
ObjectArray = npt.NDArray[np.object_]

NORTHINGS_M: Final = (1_800_000.0, 6_000_000.0)
"""From 16.7°N to 53.56°N (area of use of CGCS2000 in the EPSG registry) is 1.85 to 5.94 million."""

EASTINGS_M: Final = (100_000.0, 900_000.0)
"""Without a zone's number: 400 km to either side of the central meridian. A zone of 6° ends 330 km
from it at 18°N, and ledgers run somewhat over."""

ZONES_3: Final = (25, 45)
ZONES_6: Final = (13, 23)
"""Numbers of the zones that China lies in (GB/T 17278-2009; EPSG:4513-4533 and EPSG:4491-4501)."""

MERIDIANS: Final = (75.0, 135.0)
"""First and last central meridian of either kind of zone, in degrees east."""

PREFIX_M: Final = 1_000_000.0
LEAST_METRES: Final = 1_000.0
"""A figure above this is no degree, and one below it no place in China in metres."""

_ELLIPSOID: Final = "+ellps=GRS80 +no_defs"
"""CGCS2000's axis of 6378137 m and flattening of 1/298.257222101 (GB 22021-2008) are GRS80's."""

OFF_GRID: Final = "off_grid"
NO_MERIDIAN: Final = "no_meridian"
SIX_DEGREES: Final = "six_degrees"
OTHER_ZONE: Final = "other_zone"


@dataclass(frozen=True)
class Unprojected:
    """Places that were metres in zones.

    Parameters
    ----------
    longitude, latitude
        CGCS2000 degrees, shape (places,); NaN where a place has none.
    northing_first
        Whether the first figure was the northing, shape (places,).
    zone
        Zone's number in front of the easting, 0 for none, shape (places,).
    why_not
        Why a place has no degrees, shape (places,): empty where it has; ``off_grid``: the figures
        are no northing and easting of China; ``no_meridian``: no zone's number and no central
        meridian declared; ``six_degrees``: the number of a 6° zone, not declared as such;
        ``other_zone``: the number of another zone than that of the meridian declared.
    """

    longitude: FloatArray
    latitude: FloatArray
    northing_first: BoolArray
    zone: IntArray
    why_not: ObjectArray


def are_metres(first: npt.ArrayLike, second: npt.ArrayLike) -> BoolArray:
    """Tell which pairs of figures can be no degrees, either of them, shape (places,)."""
    one = np.abs(np.asarray(first, dtype=np.float64))
    other = np.abs(np.asarray(second, dtype=np.float64))
    return np.asarray((one > LEAST_METRES) & (other > LEAST_METRES), dtype=np.bool_)


def from_zones(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    *,
    central_meridian: float | None = None,
    six_degree_zones: bool = False,
) -> Unprojected:
    """Return the degrees of metres in zones of CGCS2000, in whichever order they were written.

    Parameters
    ----------
    first, second
        The two figures of each place in metres, shape (places,); NaN has no place.
    central_meridian
        Central meridian in degrees east of eastings that carry no zone's number. Where eastings
        carry one, it must be that zone's.
    six_degree_zones
        Whether zones' numbers may be those of 6° zones (13-23), and not of 3° ones alone.

    Returns
    -------
    Unprojected
        Degrees of the inverse Gauss-Krüger (transverse Mercator, scale 1) projection.
    """
    one = np.asarray(first, dtype=np.float64).ravel()
    other = np.asarray(second, dtype=np.float64).ravel()
    northing_first = _are_northings(one) & ~_are_northings(other)
    northing = np.where(northing_first, one, other)
    written = np.where(northing_first, other, one)
    known = np.isfinite(written)
    zone = np.zeros(len(written), dtype=np.int64)
    zone[known] = np.floor_divide(written[known], PREFIX_M).astype(np.int64)
    easting = written - zone * PREFIX_M
    is_3 = (zone >= ZONES_3[0]) & (zone <= ZONES_3[1])
    is_6 = (zone >= ZONES_6[0]) & (zone <= ZONES_6[1])
    meridian = np.where(is_3, 3.0 * zone, np.where(is_6, 6.0 * zone - 3.0, np.nan))
    meridian[zone == 0] = np.nan if central_meridian is None else central_meridian
    on_grid = _are_northings(northing) & (easting >= EASTINGS_M[0]) & (easting <= EASTINGS_M[1])
    on_grid &= (zone == 0) | is_3 | is_6
    why_not = np.full(len(zone), "", dtype=object)
    if central_meridian is not None:
        why_not[(zone != 0) & (meridian != central_meridian)] = OTHER_ZONE
    if not six_degree_zones:
        why_not[is_6] = SIX_DEGREES
    why_not[(zone == 0) & np.isnan(meridian)] = NO_MERIDIAN
    why_not[~on_grid] = OFF_GRID
    longitude, latitude = _degrees(easting, northing, np.where(why_not == "", meridian, np.nan))
    return Unprojected(longitude, latitude, northing_first, zone, why_not)


def _are_northings(figures: FloatArray) -> BoolArray:
    return np.asarray((figures >= NORTHINGS_M[0]) & (figures <= NORTHINGS_M[1]), dtype=np.bool_)


def _degrees(
    easting: FloatArray, northing: FloatArray, meridian: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return longitude and latitude, each place by its own meridian; NaN where that is NaN."""
    longitude = np.full(len(easting), np.nan)
    latitude = np.full(len(easting), np.nan)
    for degrees in np.unique(meridian[~np.isnan(meridian)]).tolist():
        there = meridian == degrees
        zone = f"+proj=tmerc +lat_0=0 +lon_0={degrees} +k=1 +x_0=500000 +y_0=0 {_ELLIPSOID}"
        inverse = pyproj.Transformer.from_crs(zone, f"+proj=longlat {_ELLIPSOID}", always_xy=True)
        longitude[there], latitude[there] = inverse.transform(easting[there], northing[there])
    return longitude, latitude
