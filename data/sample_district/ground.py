"""The lie of the land: frame, river, railway, expressway, and the way to degrees.

Everything is laid out in local metres (easting, northing) from the frame's south-west corner, and
turned into degrees only when a file is written.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import Transformer
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from planner.datum import from_wgs84

FloatArray = npt.NDArray[np.float64]
Point = tuple[float, float]
Curve = Callable[[float], float]
"""A line from west to east: its northing as a function of the easting."""

SEED: Final = 990401
FRAME_M: Final = (16_000.0, 12_000.0)
MIDDLE_DEGREES: Final = (108.70, 34.33)
"""Longitude and latitude of the frame's middle: 咸阳's zone, invented ground."""
METRE_CRS: Final = "EPSG:4545"
"""CGCS2000 3° zone, central meridian 108°E."""
DEGREE_CRS: Final = "EPSG:4490"
DEGREE_DECIMALS: Final = 7

ISLAND_MIDDLE_M: Final = 10_300.0
BANK_ROAD_M: Final = 45.0
"""From the water's edge to the middle of the road on the embankment."""
RAIL_ROAD_M: Final = 55.0
"""From the track to the roads along both sides of it."""
EXPRESSWAY_ROAD_M: Final = 75.0
"""From the expressway to the side road on its city side."""
BRIDGES_M: Final = (4_700.0, 8_000.0, 11_700.0)
"""Eastings of the three bridges."""

_TO_DEGREES = Transformer.from_crs(METRE_CRS, DEGREE_CRS, always_xy=True)
_TO_METRES = Transformer.from_crs(DEGREE_CRS, METRE_CRS, always_xy=True)
_MIDDLE = _TO_METRES.transform(*MIDDLE_DEGREES)
_ORIGIN = (_MIDDLE[0] - FRAME_M[0] / 2, _MIDDLE[1] - FRAME_M[1] / 2)


def random_source(part: int) -> np.random.Generator:
    """Return the random source of one part, so that a change in one leaves the others alone."""
    return np.random.default_rng([SEED, part])


def degrees(points: FloatArray) -> FloatArray:
    """Turn local metres into CGCS2000 longitude and latitude.

    Parameters
    ----------
    points
        Shape (n, 2): easting, northing in local metres.

    Returns
    -------
    ndarray
        Shape (n, 2): longitude, latitude, rounded to 7 decimals (1 cm).
    """
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    lon, lat = _TO_DEGREES.transform(points[:, 0] + _ORIGIN[0], points[:, 1] + _ORIGIN[1])
    result: FloatArray = np.round(np.column_stack([lon, lat]), DEGREE_DECIMALS)
    return result


def gcj02(points: FloatArray) -> FloatArray:
    """Turn local metres into GCJ-02 longitude and latitude, as a web map's pins have them.

    Parameters
    ----------
    points
        Shape (n, 2): easting, northing in local metres.

    Returns
    -------
    ndarray
        Shape (n, 2): longitude, latitude in degrees.
    """
    places = degrees(points)
    return np.column_stack(from_wgs84(places[:, 0], places[:, 1], "gcj02"))


def river_middle(easting: float) -> float:
    """Return the northing of the river's middle line."""
    slow = 260 * math.sin(2 * math.pi * easting / 9_000 + 0.6)
    return 3_900 + slow + 90 * math.sin(2 * math.pi * easting / 3_700 + 1.9)


def river_half_width(easting: float) -> float:
    """Return half the river's width; it widens where the island lies."""
    return (
        165
        + 35 * math.sin(easting / 2_100)
        + 150 * math.exp(-(((easting - ISLAND_MIDDLE_M) / 650) ** 2))
    )


def north_bank(easting: float) -> float:
    """Return the northing of the road on the north embankment."""
    return river_middle(easting) + river_half_width(easting) + BANK_ROAD_M


def south_bank(easting: float) -> float:
    """Return the northing of the road on the south embankment."""
    return river_middle(easting) - river_half_width(easting) - BANK_ROAD_M


def railway(easting: float) -> float:
    """Return the northing of the railway."""
    return 6_950 + 190 * math.sin(2 * math.pi * easting / 14_000 + 0.4)


def expressway(easting: float) -> float:
    """Return the northing of the expressway."""
    return 9_350 + 160 * math.sin(2 * math.pi * easting / 16_000 + 2.0)


def foot_of_new_district(easting: float) -> float:
    """Return the northing of the new district's southern edge."""
    return 800 + 170 * math.sin(easting / 2_600)


def sway(easting: float, northing: float) -> float:
    """Return how far a north-south street leans east at a place, so that none is ruled straight."""
    return (
        85 * math.sin(northing / 1_500 + easting / 5_200)
        + 40 * math.sin(northing / 620 + easting / 1_900)
        + 18 * math.sin(northing / 260 + easting / 310)
    )


def curve(function: Curve, step_m: float = 120.0, margin_m: float = 0.0) -> list[Point]:
    """Return points along a curve from the frame's western edge to its eastern."""
    eastings = np.arange(-margin_m, FRAME_M[0] + margin_m + step_m / 2, step_m)
    return [(float(easting), float(function(float(easting)))) for easting in eastings]


def river() -> Polygon:
    """Return the water surface from frame edge to frame edge, the island cut out of it."""
    north = curve(lambda e: river_middle(e) + river_half_width(e))
    south = curve(lambda e: river_middle(e) - river_half_width(e))
    return Polygon(north + south[::-1], [list(island().exterior.coords)])


def island() -> Polygon:
    """Return the island in the river."""
    angles = np.linspace(0, 2 * np.pi, 33)[:-1]
    middle = river_middle(ISLAND_MIDDLE_M)
    reach = 1 + 0.08 * np.sin(3 * angles)
    eastings = ISLAND_MIDDLE_M + 420 * reach * np.cos(angles)
    slope = (river_middle(ISLAND_MIDDLE_M + 400) - river_middle(ISLAND_MIDDLE_M - 400)) / 800
    northings = middle + slope * (eastings - ISLAND_MIDDLE_M) + 130 * reach * np.sin(angles)
    return Polygon(list(zip(eastings.tolist(), northings.tolist(), strict=True)))


def outline() -> Polygon:
    """Return the district's edge: the frame with worn corners."""
    angles = np.linspace(0, 2 * np.pi, 181)[:-1]
    wear = 1 - 0.03 * (1 + np.sin(5 * angles + 0.7)) - 0.02 * (1 + np.sin(11 * angles))
    flat = (np.abs(np.cos(angles)) ** 4 + np.abs(np.sin(angles)) ** 4) ** -0.25
    eastings = FRAME_M[0] / 2 * (1 + wear * flat * np.cos(angles))
    northings = FRAME_M[1] / 2 * (1 + wear * flat * np.sin(angles))
    return Polygon(list(zip(eastings.tolist(), northings.tolist(), strict=True)))


def parts(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons of a geometry, largest first."""
    pieces = getattr(geometry, "geoms", [geometry])
    polygons = [piece for piece in pieces if isinstance(piece, Polygon) and not piece.is_empty]
    return sorted(polygons, key=lambda piece: -piece.area)
