"""Metres of CGCS2000's zones: against the EPSG registry's own projections, in any order."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.datum import Unprojected, are_metres, from_zones

XIANYANG = (108.709, 34.329)


def projected(epsg: int, longitude: float, latitude: float) -> tuple[float, float]:
    """Return easting and northing by the registry's projection."""
    there = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)
    easting, northing = there.transform(longitude, latitude)
    return float(easting), float(northing)


def one(first: float, second: float, **declared: object) -> Unprojected:
    return from_zones([first], [second], **declared)  # type: ignore[arg-type]


# Without a zone's number: EPSG:4534-4554 (3°) and 4502-4512 (6°); with it: 4513-4533, 4491-4501.
KINDS = {
    "3 degrees": (4534, 4513, 3.0, 25),
    "6 degrees": (4502, 4491, 6.0, 13),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_zone_of_the_registry(kind: str) -> None:
    plain, numbered, width, first_zone = KINDS[kind]
    zones = int((135 - 75) / width) + 1
    for zone in range(zones):
        meridian = 75.0 + width * zone
        for place in ((meridian + 0.7, 18.3), (meridian - 1.2, 34.4), (meridian, 53.1)):
            easting, northing = projected(plain + zone, *place)
            found = one(easting, northing, central_meridian=meridian)
            assert (found.longitude[0], found.latitude[0]) == pytest.approx(place, abs=1e-9)
            assert found.zone[0] == 0
            easting, northing = projected(numbered + zone, *place)
            found = one(easting, northing, six_degree_zones=kind == "6 degrees")
            assert (found.longitude[0], found.latitude[0]) == pytest.approx(place, abs=1e-9)
            assert found.zone[0] == first_zone + zone


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.floats(73.7, 134.7), st.floats(16.8, 53.5), st.booleans(), st.booleans())
def test_either_order_says_the_same(
    longitude: float, latitude: float, numbered: bool, turned: bool
) -> None:
    zone = round((longitude - 75.0) / 3.0)
    easting, northing = projected((4513 if numbered else 4534) + zone, longitude, latitude)
    pair = (northing, easting) if turned else (easting, northing)
    found = one(*pair, central_meridian=None if numbered else 75.0 + 3.0 * zone)
    assert found.northing_first[0] == turned
    assert found.why_not[0] == ""
    assert found.longitude[0] == pytest.approx(longitude, abs=1e-9)
    assert found.latitude[0] == pytest.approx(latitude, abs=1e-9)


def test_what_is_not_declared_is_not_guessed() -> None:
    easting, northing = projected(4545, *XIANYANG)
    assert one(easting, northing).why_not[0] == "no_meridian"
    numbered = projected(4524, *XIANYANG)[0]
    assert one(numbered, northing, central_meridian=111.0).why_not[0] == "other_zone"
    six = projected(4497, *XIANYANG)[0]
    assert one(six, northing).why_not[0] == "six_degrees"
    assert one(six, northing, six_degree_zones=True).why_not[0] == ""


@pytest.mark.parametrize(
    ("easting", "northing"),
    [
        (24_500_000.0, 3_800_000.0),  # no zone has number 24
        (46_500_000.0, 3_800_000.0),
        (36_950_000.0, 3_800_000.0),  # 450 km off the meridian
        (500_000.0, 38_000_000.0),
        (500_000.0, 380_000.0),  # a digit lost
        (-500_000.0, 3_800_000.0),
    ],
)
def test_figures_that_are_no_place(easting: float, northing: float) -> None:
    found = one(easting, northing, central_meridian=None)
    assert found.why_not[0] in ("off_grid", "no_meridian")
    assert np.isnan(found.longitude[0])


def test_each_row_is_its_own_affair() -> None:
    """A district on the border of two zones, with a bad row between."""
    places = [(109.4, 34.3), (109.6, 34.3)]
    pairs = [projected(4524, *places[0]), (np.nan, 1.0), projected(4525, *places[1])]
    east, north = np.array(pairs).T
    found = from_zones(east, north)
    assert found.zone.tolist() == [36, 0, 37]
    assert found.longitude[[0, 2]] == pytest.approx([109.4, 109.6], abs=1e-9)
    assert np.isnan(found.longitude[1])


def test_degrees_are_no_metres() -> None:
    assert are_metres([500_000.0], [3_800_000.0]).tolist() == [True]
    assert are_metres([108.7, 500_000.0, np.nan], [34.3, 34.3, 3.8e6]).tolist() == [False] * 3
