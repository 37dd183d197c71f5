"""The metre CRS of a place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pyproj
import pytest

from planner.projections import crs_transformer, metre_crs


@pytest.mark.parametrize(
    ("longitude", "latitude", "epsg"),
    [
        (108.7, 34.3, 4545),  # 咸阳
        (121.25, 30.17, 4549),  # 慈溪
        (114.03, 22.54, 4547),  # 福田
        (75.9, 39.5, 4534),  # 喀什
        (73.7, 39.5, 4534),
        (134.7, 48.3, 4554),  # 抚远
        (109.5, 34.0, 4546),  # half-way between two meridians: the eastern
        (24.94, 60.17, 32635),  # Helsinki
        (7.42, 43.73, 32632),  # Monaco
        (-58.4, -34.6, 32721),  # Buenos Aires
        (180.0, 10.0, 32660),
        (-180.0, 10.0, 32601),
    ],
)
def test_zone(longitude: float, latitude: float, epsg: int) -> None:
    assert metre_crs(longitude, latitude).to_epsg() == epsg


def test_every_zone_in_china_has_its_meridian() -> None:
    """The formula against the registry: no zone number in the eastings, meridian within 1.5°."""
    for meridian in range(75, 136, 3):
        crs = metre_crs(min(meridian, 134.7), 35.0)
        assert f"CM {meridian}E" in crs.name
        easting, _ = pyproj.Transformer.from_crs(4490, crs, always_xy=True).transform(meridian, 35)
        assert easting == pytest.approx(500_000)


@pytest.mark.parametrize("place", [(181.0, 0.0), (0.0, 91.0), (float("nan"), 0.0)])
def test_no_place(place: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="globe"):
        metre_crs(*place)


@pytest.mark.parametrize(("source", "target"), [("EPSG:4326", 4545), (4545, "EPSG:4326")])
def test_a_way_is_found_once_and_is_pyproj_s(source: str | int, target: str | int) -> None:
    place = (108.7, 34.3) if source == "EPSG:4326" else (472_000.0, 3_797_000.0)
    ends = [one if isinstance(one, str) else pyproj.CRS.from_epsg(one) for one in (source, target)]
    found = crs_transformer(*ends)
    assert found.transform(*place) == (
        pyproj.Transformer.from_crs(source, target, always_xy=True).transform(*place)
    )
    # The same CRS made anew is the same question; the way back is another.
    again = [one if isinstance(one, str) else pyproj.CRS.from_epsg(one) for one in (source, target)]
    assert crs_transformer(*again) is found
    assert crs_transformer(*again[::-1]) is not found


def test_threads_share_a_way() -> None:
    turn = crs_transformer("EPSG:4326", pyproj.CRS.from_epsg(4545))
    places = [(108.0 + step / 1000, 34.3) for step in range(200)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda place: turn.transform(*place), places))
    assert together == [turn.transform(*place) for place in places]
