"""Lengths on the ground: chords made arcs against the geodesics of PROJ."""

from __future__ import annotations

import itertools

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.streets.network.pieces import (
    SHORT_M,
    ellipsoid_lengths_m,
    ellipsoid_steps_m,
    line_lengths_m,
)

WGS84 = pyproj.Geod(ellps="WGS84")
RIGHT_TO_M = 1e-7


def ahead(
    longitude: float, latitude: float, azimuth: float, length_m: float, geod: pyproj.Geod = WGS84
) -> tuple[np.ndarray, np.ndarray]:
    """Return a point and the one at some distance in some direction from it, in degrees."""
    far = geod.fwd(longitude, latitude, azimuth, length_m)
    return np.array([longitude, far[0]]), np.array([latitude, far[1]])


@settings(max_examples=500, deadline=None, derandomize=True)
@given(
    st.floats(-180, 180),
    st.floats(-90, 90),
    st.floats(0, 360),
    st.one_of(st.floats(0, 2), st.floats(0, 1.2 * SHORT_M), st.floats(0, 100_000)),
)
def test_any_step_anywhere(
    longitude: float, latitude: float, azimuth: float, length_m: float
) -> None:
    """At the poles and across the line where longitudes jump as well; 0.1 µm, which is 1/10 asked.

    Coordinates in degrees are themselves rounded to 3 nm on the ground.
    """
    place = ahead(longitude, latitude, azimuth, length_m)
    there, back = ellipsoid_lengths_m(*place, np.array([0, 1]), np.array([1, 0]))
    assert there == pytest.approx(length_m, abs=RIGHT_TO_M)
    assert back == pytest.approx(length_m, abs=RIGHT_TO_M)
    if length_m <= 0.999 * SHORT_M:
        assert there == back


@pytest.mark.parametrize("name", ["WGS84", "GRS80", "krass", "clrk66"])
def test_where_the_arc_matters_most(name: str) -> None:
    """Just below the bound, at all latitudes and in all directions, on ellipsoids in use."""
    geod = pyproj.Geod(ellps=name)
    latitude, azimuth = (grid.ravel() for grid in np.mgrid[-90:91:2, 0:360:15].astype(np.float64))
    longitude = np.full(len(latitude), 114.0)
    length_m = np.full(len(latitude), 0.9999 * SHORT_M)
    far = geod.fwd(longitude, latitude, azimuth, length_m)
    count = np.arange(len(latitude))
    found = ellipsoid_lengths_m(
        np.concatenate([longitude, far[0]]),
        np.concatenate([latitude, far[1]]),
        count,
        count + len(count),
        geod,
    )
    assert np.abs(found - length_m).max() < RIGHT_TO_M
    assert np.abs(found - length_m).max() > 0  # the arcs were made of chords, not by PROJ


def test_long_steps_are_geodesics() -> None:
    longitude, latitude = np.array([114.0, 114.001, 114.5, -60.0]), np.array([30.0, 30, 30.2, -40])
    found = ellipsoid_steps_m(longitude, latitude)
    expected = WGS84.inv(longitude[:-1], latitude[:-1], longitude[1:], latitude[1:])[2]
    assert found[1:].tolist() == expected[1:].tolist()
    assert found[0] == pytest.approx(expected[0], abs=RIGHT_TO_M)


def test_no_step_and_none_known() -> None:
    nothing = np.empty(0)
    assert not len(ellipsoid_steps_m(nothing, nothing))
    assert not len(ellipsoid_steps_m(np.array([114.0]), np.array([30.0])))
    same = ellipsoid_steps_m(np.array([114.0, 114.0]), np.array([30.0, 30.0]))
    assert same.tolist() == [0.0]


def test_lines_in_a_plan() -> None:
    """Lines in metres of CGCS2000 are measured on its ellipsoid, which is nearly GRS 80's."""
    plan = pyproj.CRS("EPSG:4547")
    random = np.random.default_rng(3)
    east, north = (centre + random.uniform(-800, 800, 50) for centre in (500_000.0, 3_380_000.0))
    start = np.array([0, 20, 22, 50])
    to_degrees = pyproj.Transformer.from_crs(plan, plan.geodetic_crs, always_xy=True)
    longitude, latitude = to_degrees.transform(east, north)
    expected = [
        pyproj.Geod(ellps="GRS80").line_length(longitude[a:b], latitude[a:b])
        for a, b in itertools.pairwise(start.tolist())
    ]
    assert line_lengths_m(start, east, north, plan) == pytest.approx(expected, abs=1e-6)
