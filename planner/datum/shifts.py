"""Coordinates as maps in China give them, and the true ones: WGS-84, GCJ-02, BD-09, CGCS2000.

Web maps in mainland China publish shifted coordinates: GCJ-02 (高德, 腾讯) and, on top of it,
BD-09 (百度). Nothing in a file tells them apart, and the shift (458 m at 咸阳, 499 m at 慈溪;
BD-09 1,150 m and 1,114 m) is more than half a 15-minute walk: a datum is declared, never guessed.
Degrees stand in this package only here, in the readers and in the outputs.

CGCS2000 and WGS-84 differ by centimetres at the epoch of either (GB 22021-2008 defines CGCS2000
on ITRF97 at 2000.0): far below the error of any ledger, so both are taken as one here.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt

Datum = Literal["wgs84", "gcj02", "bd09", "cgcs2000"]
DATUMS: Final[tuple[str, ...]] = get_args(Datum)

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Degrees = npt.ArrayLike
Pair = tuple[FloatArray, FloatArray]

# Constants of the GCJ-02 formula in common public use (Krassovsky 1940 ellipsoid).
_SEMI_MAJOR_M: Final = 6_378_245.0
_ECCENTRICITY_2: Final = 0.00669342162296594323
# Constants of the BD-09 formula in common public use, over GCJ-02.
_BD_WAVE: Final = np.pi * 3000.0 / 180.0
_BD_SHIFT: Final = (0.0065, 0.006)

_STEPS: Final = 3
"""Steps of the inverses: each cuts the error at least a hundredfold; 3 leave under 2 mm anywhere in
China, where one leaves up to 3.6 m."""

_CHUNK: Final = 1 << 15
"""Points worked on at once: their intermediate arrays stay in the processor's cache."""

_THREADS: Final = 2
"""Threads that share the chunks: what a small machine has, and more gain little."""

# West, south, east, north (degrees) of rectangles that together hold mainland China, in which
# the shift applies, and of those cut out of them. In common public use ("insane region" lists);
# generalised: within some tens of km of a land border they may err, where nobody plans a 15-minute
# circle without looking at the map.
_INSIDE: Final = (
    (79.4462, 42.8899, 96.3300, 49.2204),
    (109.6872, 39.3742, 135.0002, 54.1415),
    (73.1246, 29.5297, 124.143255, 42.8899),
    (82.9684, 26.7186, 97.0352, 29.5297),
    (97.0253, 20.414096, 124.367395, 29.5297),
    (107.975793, 17.871542, 111.744104, 20.414096),
)
_OUTSIDE: Final = (
    (119.921265, 21.785006, 122.497559, 25.398623),  # Taiwan
    (101.8652, 20.0988, 106.6650, 22.2840),
    (106.4525, 20.4878, 108.0510, 21.5422),
    (109.0323, 50.3257, 119.1270, 55.8175),
    (127.4568, 49.5574, 137.0227, 55.8175),
    (131.2662, 42.5692, 137.0227, 44.8922),
    (113.5280, 22.1050, 113.6000, 22.2120),  # Macau
)
# Hong Kong, drawn a little south of the Shenzhen River, so that all of Shenzhen stays inside.
_HONG_KONG: Final = (
    (113.815, 22.130),
    (114.500, 22.130),
    (114.500, 22.520),
    (114.300, 22.545),
    (114.230, 22.540),
    (114.160, 22.548),
    (114.115, 22.528),
    (114.075, 22.512),
    (114.050, 22.498),
    (114.010, 22.490),
    (113.950, 22.470),
    (113.880, 22.425),
    (113.815, 22.330),
)


def _in_rectangle(
    longitude: FloatArray, latitude: FloatArray, bounds: tuple[float, float, float, float]
) -> BoolArray:
    west, south, east, north = bounds
    return (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)


def _in_hong_kong(longitude: FloatArray, latitude: FloatArray) -> BoolArray:
    """Tell which points lie in the ring, by counting crossings to the east."""
    inside = np.zeros(longitude.shape, dtype=bool)
    ring = _HONG_KONG
    for (east_a, north_a), (east_b, north_b) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if north_a == north_b:
            continue
        spans = (north_a > latitude) != (north_b > latitude)
        crossing = east_a + (latitude - north_a) * (east_b - east_a) / (north_b - north_a)
        inside ^= spans & (longitude < crossing)
    return inside


def in_mainland_china(longitude: Degrees, latitude: Degrees) -> BoolArray:
    """Tell which points lie where web maps shift coordinates: mainland China, generalised.

    Parameters
    ----------
    longitude, latitude
        Degrees, scalars or arrays of one shape; NaN is outside.

    Returns
    -------
    ndarray of bool
        Same shape.
    """
    east = np.asarray(longitude, dtype=np.float64)
    north = np.asarray(latitude, dtype=np.float64)
    inside = np.zeros(np.broadcast_shapes(east.shape, north.shape), dtype=bool)
    for bounds in _INSIDE:
        inside |= _in_rectangle(east, north, bounds)
    if inside.any():
        for bounds in _OUTSIDE:
            inside &= ~_in_rectangle(east, north, bounds)
        # The crossings are only counted where a point is anywhere near.
        near = inside & _in_rectangle(east, north, (113.8, 22.1, 114.51, 22.56))
        if near.any():
            east, north = np.broadcast_arrays(east, north)
            inside[near] = ~_in_hong_kong(east[near], north[near])
    return inside


def _gcj_shift(longitude: FloatArray, latitude: FloatArray) -> Pair:
    """Return the shift of GCJ-02 in degrees at a WGS-84 point, wherever it lies."""
    east, north = longitude - 105.0, latitude - 35.0
    root = np.sqrt(np.abs(east))
    # sin(2a) and sin(6a), each used twice, from one sine and cosine: 6a = 3 × 2a.
    wave = np.sin(2.0 * np.pi * east)
    waves = (20.0 * (wave * (3.0 - 4.0 * wave * wave)) + 20.0 * wave) * 2.0 / 3.0
    # And sin(3b) from sin(b), of b = πx/3.
    third = np.sin(np.pi / 3.0 * east)
    east_waves = (20.0 * (third * (3.0 - 4.0 * third * third)) + 40.0 * third) * 2.0 / 3.0
    twelfth, thirtieth = np.pi / 12.0 * east, np.pi / 30.0 * east
    east_shift = (
        300.0 + east + 2.0 * north + 0.1 * east * east + 0.1 * east * north + 0.1 * root + waves
        + east_waves
        + (150.0 * np.sin(twelfth) + 300.0 * np.sin(thirtieth)) * 2.0 / 3.0
    )  # fmt: skip
    north_wave = np.pi * north
    third = np.sin(north_wave / 3.0)
    north_waves = (20.0 * (third * (3.0 - 4.0 * third * third)) + 40.0 * third) * 2.0 / 3.0
    north_shift = (
        -100.0 + 2.0 * east + 3.0 * north + 0.2 * north * north + 0.1 * east * north
        + 0.2 * root + waves + north_waves
        + (160.0 * np.sin(north_wave / 12.0) + 320.0 * np.sin(north_wave / 30.0)) * 2.0 / 3.0
    )  # fmt: skip
    sine = np.sin(np.radians(latitude))
    flattening = 1.0 - _ECCENTRICITY_2 * sine * sine
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_2) / (flattening * np.sqrt(flattening))
    parallel_m = _SEMI_MAJOR_M / np.sqrt(flattening) * np.sqrt(1.0 - sine * sine)
    return np.degrees(east_shift / parallel_m), np.degrees(north_shift / meridian_m)


def _bd_shift(longitude: FloatArray, latitude: FloatArray) -> Pair:
    """Return the shift of BD-09 in degrees at a GCJ-02 point."""
    radius = np.hypot(longitude, latitude) + 2e-5 * np.sin(latitude * _BD_WAVE)
    angle = np.arctan2(latitude, longitude) + 3e-6 * np.cos(longitude * _BD_WAVE)
    return (
        radius * np.cos(angle) + _BD_SHIFT[0] - longitude,
        radius * np.sin(angle) + _BD_SHIFT[1] - latitude,
    )


def _unshifted(
    longitude: FloatArray, latitude: FloatArray, shift: Callable[[FloatArray, FloatArray], Pair]
) -> Pair:
    """Return the point that ``shift`` moves to the one given, by fixed-point steps."""
    east, north = longitude, latitude
    for _ in range(_STEPS):
        shift_east, shift_north = shift(east, north)
        east, north = longitude - shift_east, latitude - shift_north
    return east, north


def _chunk_from_wgs84(longitude: FloatArray, latitude: FloatArray, *, baidu: bool) -> Pair:
    inside = in_mainland_china(longitude, latitude)
    shift_east, shift_north = _gcj_shift(longitude, latitude)
    east, north = longitude + shift_east, latitude + shift_north
    if baidu:
        shift_east, shift_north = _bd_shift(east, north)
        east, north = east + shift_east, north + shift_north
    return np.where(inside, east, longitude), np.where(inside, north, latitude)


def _chunk_to_wgs84(longitude: FloatArray, latitude: FloatArray, *, baidu: bool) -> Pair:
    east, north = longitude, latitude
    if baidu:
        east, north = _unshifted(east, north, _bd_shift)
    east, north = _unshifted(east, north, _gcj_shift)
    # Asked of the true point, so that the answer agrees with the way there.
    inside = in_mainland_china(east, north)
    return np.where(inside, east, longitude), np.where(inside, north, latitude)


def _converted(
    longitude: Degrees, latitude: Degrees, datum: str, convert: Callable[..., Pair]
) -> Pair:
    if datum not in DATUMS:
        text = f"datum must be one of {', '.join(DATUMS)}, not {datum!r}"
        raise ValueError(text)
    east, north = np.broadcast_arrays(
        np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    )
    new_east, new_north = east.copy(), north.copy()
    if datum in ("gcj02", "bd09"):
        flat_east, flat_north = new_east.reshape(-1), new_north.reshape(-1)

        def convert_from(start: int) -> None:
            part = slice(start, start + _CHUNK)
            flat_east[part], flat_north[part] = convert(
                flat_east[part], flat_north[part], baidu=datum == "bd09"
            )

        starts = range(0, flat_east.size, _CHUNK)
        if len(starts) > 1:
            # numpy lets go of the interpreter: each chunk is its own, whoever works on it.
            with ThreadPoolExecutor(min(_THREADS, len(starts))) as pool:
                for _ in pool.map(convert_from, starts):
                    pass
        elif starts:
            convert_from(0)
    return new_east, new_north


def to_wgs84(longitude: Degrees, latitude: Degrees, datum: str) -> Pair:
    """Return true coordinates from those of a datum.

    The inverse of the published shift has no closed form; fixed-point steps w ← g − shift(w)
    bring it to far under 0.01 m. Outside mainland China nothing is shifted.

    Parameters
    ----------
    longitude, latitude
        Degrees in ``datum``, scalars or arrays of one shape. NaN stays NaN.
    datum
        ``wgs84``, ``cgcs2000`` (taken as WGS-84: they agree to centimetres), ``gcj02`` or
        ``bd09``.

    Returns
    -------
    tuple of ndarray
        Longitude and latitude, WGS-84 degrees, new arrays of the same shape.

    Raises
    ------
    ValueError
        If the datum is not one of the four.
    """
    return _converted(longitude, latitude, datum, _chunk_to_wgs84)


def from_wgs84(longitude: Degrees, latitude: Degrees, datum: str) -> Pair:
    """Return the coordinates that a datum gives true ones: the inverse of :func:`to_wgs84`.

    Parameters
    ----------
    longitude, latitude
        WGS-84 degrees, scalars or arrays of one shape. NaN stays NaN.
    datum
        As for :func:`to_wgs84`.

    Returns
    -------
    tuple of ndarray
        Longitude and latitude in ``datum``, new arrays of the same shape.

    Raises
    ------
    ValueError
        If the datum is not one of the four.
    """
    return _converted(longitude, latitude, datum, _chunk_from_wgs84)
