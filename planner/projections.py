"""The metre CRS that a plan is drawn and measured in, and the ways from one CRS to another."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import pyproj

CHINA_WEST_EAST: Final = (73.62, 134.77)
CHINA_SOUTH_NORTH: Final = (16.7, 53.56)
"""Area of use of CGCS2000 (EPSG:4490) in degrees, as the EPSG registry states it. It is a box, no
boundary: the neighbours' land in it gets the same kind of CRS, which is as true to scale there."""

FIRST_ZONE_EPSG: Final = 4534
FIRST_ZONE_MERIDIAN: Final = 75
ZONE_DEGREES: Final = 3
"""CGCS2000 / 3-degree Gauss-Kruger CM 75E is EPSG:4534, CM 78E is 4535, … CM 135E is 4554: eastings
without a zone number in front (EPSG registry)."""

UTM_NORTH_EPSG: Final = 32600
UTM_SOUTH_EPSG: Final = 32700
UTM_ZONES: Final = 60
UTM_ZONE_DEGREES: Final = 6


def metre_crs(longitude: float, latitude: float) -> pyproj.CRS:
    """Return the metre CRS of a place: CGCS2000's 3° zone in China, the UTM zone elsewhere.

    Parameters
    ----------
    longitude, latitude
        A place in the middle of the plan, in degrees (WGS 84 or CGCS2000), east and north positive.

    Returns
    -------
    pyproj.CRS
        EPSG:4534–4554 (without zone number) within the area of use of CGCS2000, by the nearest
        central meridian (half-way between two, the eastern one); else EPSG:326xx or 327xx.

    Raises
    ------
    ValueError
        If the place is not on the globe.

    Examples
    --------
    >>> metre_crs(108.7, 34.3).to_epsg()
    4545
    >>> metre_crs(24.94, 60.17).to_epsg()
    32635
    """
    if not (-180.0 <= longitude <= 180.0 and -90.0 <= latitude <= 90.0):
        text = f"longitude {longitude}, latitude {latitude} is no place on the globe"
        raise ValueError(text)
    west, east = CHINA_WEST_EAST
    south, north = CHINA_SOUTH_NORTH
    if west <= longitude <= east and south <= latitude <= north:
        zone = math.floor((longitude - FIRST_ZONE_MERIDIAN) / ZONE_DEGREES + 0.5)
        return pyproj.CRS.from_epsg(FIRST_ZONE_EPSG + max(zone, 0))
    utm_zone = min(math.floor((longitude + 180.0) / UTM_ZONE_DEGREES) + 1, UTM_ZONES)
    return pyproj.CRS.from_epsg((UTM_NORTH_EPSG if latitude >= 0 else UTM_SOUTH_EPSG) + utm_zone)


@lru_cache(maxsize=64)
def crs_transformer(source: pyproj.CRS | str, target: pyproj.CRS | str) -> pyproj.Transformer:
    """Return the way from one CRS to another, coordinates in the order of maps (east, north).

    Finding it between CGCS2000 and WGS 84 takes a twentieth of a second each time, and a plan goes
    the same few ways over and over: each is found once. It may be shared among threads (pyproj
    gives each its own).

    Parameters
    ----------
    source, target
        CRS, or a text that names one.

    Raises
    ------
    pyproj.exceptions.ProjError
        If there is no way, or a CRS is none.
    """
    return pyproj.Transformer.from_crs(source, target, always_xy=True)
