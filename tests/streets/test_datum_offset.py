"""Points held against streets: a wrong datum is named, points that belong are let be."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pytest
import shapely

from planner.datum import from_wgs84, to_wgs84
from planner.errors import StreetsError
from planner.ledgers import LedgerSource, read_ledger
from planner.streets import DatumOffset, WalkingNetwork, datum_offset, read_streets
from planner.streets.joining.joining import segment_lines
from planner.streets.joining.street_fit import FAR_M, REACH_M, StreetDistances, moves, standing
from tests.shared_data import shared_data

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
Places = npt.NDArray[np.float64]
CITIES = ("networks/porto.osm.pbf", "networks/shenzhen_futian.graphml")


@cache
def sample_streets() -> WalkingNetwork:
    return read_streets(SAMPLE / "streets.osm.pbf")


@cache
def city(name: str) -> WalkingNetwork:
    return read_streets(shared_data(name))


@cache
def sample_communities() -> gpd.GeoDataFrame:
    source = LedgerSource(SAMPLE / "communities.gpkg", "cgcs2000")
    return read_ledger("communities", source, crs=sample_streets().crs).table


def sample_points(table: str, file: str, datum: str) -> gpd.GeoSeries:
    source = LedgerSource(SAMPLE / file, datum)
    return read_ledger(table, source, crs=sample_streets().crs).table.geometry


@pytest.mark.parametrize(
    ("table", "file"), [("centres", "centres.csv"), ("candidates", "candidates.xlsx")]
)
@pytest.mark.parametrize("declared", ["wgs84", "gcj02", "bd09", "cgcs2000"])
def test_the_sample_s_ledgers_are_gcj02(table: str, file: str, declared: str) -> None:
    points = sample_points(table, file, declared)
    found = datum_offset(sample_streets(), points, declared=declared, outline=sample_communities())
    if declared == "gcj02":
        assert found.verdict == "as_declared"
        assert found.message(file, table) is None
        return
    assert found.verdict == "gcj02"
    # STANDARDS: 458 m at 咸阳; BD-09 minus GCJ-02 is 11 to 13 thousandths of a degree.
    assert found.shift_m == pytest.approx(890 if declared == "bd09" else 457, abs=10)
    told = found.message(file, table)
    assert told is not None
    for language in ("zh", "en"):
        assert f"[{table}]" in told.text(language)
        assert file in told.text(language)
        assert f"{found.shift_m:.0f}"[:1] in told.text(language)
    row = found.hypotheses.loc["gcj02"]
    assert row["shift_m"] == pytest.approx(found.shift_m, abs=1.0)
    assert row["pattern_score"] >= 5.0


def test_a_few_points_are_never_enough() -> None:
    points = sample_points("centres", "centres.csv", "wgs84").dropna().sort_index()
    assert datum_offset(sample_streets(), points[:19]).verdict == "too_few"
    estates = sample_points("estates", "estates.xlsx", "wgs84")
    assert datum_offset(sample_streets(), estates).verdict == "too_few"
    assert datum_offset(sample_streets(), points[:0]).verdict == "too_few"
    # A hundred rows at nineteen places are nineteen places.
    repeated = gpd.GeoSeries(np.tile(points[:19].to_numpy(), 6), crs=points.crs)
    found = datum_offset(sample_streets(), repeated)
    assert (found.verdict, found.points) == ("too_few", 19)


LINES: dict[int, tuple[Any, Any]] = {}
"""Lines of the networks above, which stay as long as the tests, and their lengths."""


def drawn(network: WalkingNetwork, count: int, chance: np.random.Generator) -> tuple[Any, Any]:
    """Return spots on random streets, by length, and the unit normals there."""
    if id(network) not in LINES:
        drawn_lines = segment_lines(network)
        LINES[id(network)] = (drawn_lines, shapely.length(drawn_lines))
    lines, length = LINES[id(network)]
    line = lines[chance.choice(len(lines), count, p=length / length.sum())]
    share = chance.uniform(0.02, 0.97, count)
    ends = [
        shapely.get_coordinates(shapely.line_interpolate_point(line, at, normalized=True))
        for at in (share, share + 0.02)
    ]
    along = ends[1] - ends[0]
    along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    return ends[0], np.column_stack([-along[:, 1], along[:, 0]])


def scattered(network: WalkingNetwork, count: int, chance: np.random.Generator) -> Places:
    """Return points 0-150 m from streets, in any direction."""
    spots, _ = drawn(network, count, chance)
    angle, away = chance.uniform(0, 2 * np.pi, count), chance.uniform(0, 150, count)
    return np.asarray(spots + np.column_stack([away * np.cos(angle), away * np.sin(angle)]))


def one_sided(network: WalkingNetwork, count: int, chance: np.random.Generator) -> Places:
    """Return points 0-150 m from streets, all in one compass direction."""
    spots, _ = drawn(network, count, chance)
    angle = chance.uniform(0, 2 * np.pi)
    toward = np.array([np.cos(angle), np.sin(angle)])
    return np.asarray(spots + chance.uniform(0, 150, count)[:, None] * toward)


def north_sides(network: WalkingNetwork, count: int, chance: np.random.Generator) -> Places:
    """Return points 0-150 m off the northern side of their street."""
    spots, normal = drawn(network, count, chance)
    side = np.where(normal[:, 1] < 0, -1.0, 1.0)
    return np.asarray(spots + (side * chance.uniform(0, 150, count))[:, None] * normal)


def river_bank(network: WalkingNetwork, count: int, chance: np.random.Generator) -> Places:
    """Return points 0-150 m off one side of the streets along one straight bank."""
    spots, normal = drawn(network, 4000, chance)
    start, angle = spots[0], chance.uniform(0, np.pi)
    across = np.array([-np.sin(angle), np.cos(angle)])
    near = np.flatnonzero(np.abs((spots - start) @ across) < 100.0)
    taken = chance.choice(near, count)
    side = np.where(normal[taken] @ across < 0, -1.0, 1.0)
    return np.asarray(
        spots[taken] + (side * chance.uniform(0, 150, count))[:, None] * normal[taken]
    )


def doors(network: WalkingNetwork, count: int, chance: np.random.Generator) -> Places:
    """Return points 5-40 m off either side of their street."""
    spots, normal = drawn(network, count, chance)
    away = chance.choice([-1.0, 1.0], count) * chance.uniform(5, 40, count)
    return np.asarray(spots + away[:, None] * normal)


DRAWS: dict[str, Callable[[WalkingNetwork, int, np.random.Generator], Places]] = {
    "scattered": scattered,
    "one_sided": one_sided,
    "north_sides": north_sides,
    "river_bank": river_bank,
    "doors": doors,
}


def checked(network: WalkingNetwork, places: Places, declared: str) -> DatumOffset:
    points = gpd.GeoSeries(shapely.points(places), crs=network.crs)
    return datum_offset(network, points, declared=declared)


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize("name", CITIES)
def test_no_false_alarm(name: str, kind: str) -> None:
    """20 draws of each kind in each city: 200 in all, of 20 to 120 points."""
    network, chance = city(name), np.random.default_rng(20)
    for draw in range(20):
        count = (20, 30, 45, 70, 120)[draw % 5]
        declared = ("wgs84", "gcj02", "bd09")[draw % 3]
        found = checked(network, DRAWS[kind](network, count, chance), declared)
        assert not found.is_doubtful, (draw, found)


@pytest.mark.parametrize(
    ("true", "declared"), [("gcj02", "wgs84"), ("bd09", "gcj02"), ("wgs84", "gcj02")]
)
def test_a_wrong_datum_is_named(true: str, declared: str) -> None:
    network, chance = city(CITIES[1]), np.random.default_rng(4)
    points = gpd.GeoSeries(shapely.points(doors(network, 150, chance)), crs=network.crs)
    degrees = points.to_crs(4326)
    written = from_wgs84(degrees.x.to_numpy(), degrees.y.to_numpy(), true)
    read = gpd.GeoSeries.from_xy(*to_wgs84(*written, declared), crs=4326)
    found = datum_offset(network, read, declared=declared)
    assert found.verdict == true
    moved = read.to_crs(network.crs)
    east = np.median(moved.x.to_numpy() - points.x.to_numpy())
    north = np.median(moved.y.to_numpy() - points.y.to_numpy())
    assert (found.east_m, found.north_m) == pytest.approx((east, north), abs=5.0)
    # The order of rows does not matter.
    assert datum_offset(network, read[::-1], declared=declared).east_m == found.east_m


def test_outside_china_web_maps_shift_nothing() -> None:
    network, chance = city(CITIES[0]), np.random.default_rng(4)
    found = checked(network, doors(network, 150, chance), "gcj02")
    assert found.verdict == "as_declared"
    assert not {"wgs84", "gcj02", "bd09"} & set(found.hypotheses.index)


def test_a_shift_that_no_datum_explains() -> None:
    network, chance = city(CITIES[0]), np.random.default_rng(11)
    places = doors(network, 200, chance)
    found = checked(network, places + np.array([150.0, -60.0]), "wgs84")
    assert found.verdict == "shifted"
    assert (found.east_m, found.north_m) == pytest.approx((150.0, -60.0), abs=25.0)
    told = found.message("台账.csv", "centres")
    assert told is not None
    assert told.key == "datum.offset_shifted"


def test_exchanged_axes_and_neighbouring_zones() -> None:
    points = sample_points("centres", "centres.csv", "gcj02").dropna()
    degrees = points.to_crs(4326)
    longitude, latitude = degrees.x.to_numpy(), degrees.y.to_numpy()
    off = gpd.GeoSeries.from_xy(longitude - 3.0, latitude, crs=4326)
    for ground in (sample_streets(), sample_communities()):
        found = datum_offset(ground, off[:6])
        assert found.verdict == "zone_3_east"
        assert found.east_m == pytest.approx(-276_000, abs=2_000)
        told = found.message("a.csv", "centres")
        assert told is not None
        assert told.key == "datum.offset_zone"
    network = city(CITIES[0])
    at_porto = gpd.GeoSeries(
        shapely.points(doors(network, 10, np.random.default_rng(1))), crs=network.crs
    ).to_crs(4326)
    turned = gpd.GeoSeries.from_xy(at_porto.y, at_porto.x, crs=4326)
    assert datum_offset(network, turned).verdict == "swapped"
    assert datum_offset(network, turned[:4]).verdict == "too_few"


def test_by_the_outline_alone() -> None:
    """A long narrow district, points up to its edge: only a shift leaves any outside."""
    district = gpd.GeoSeries([shapely.box(550_000, 3_800_000, 562_000, 3_801_500)], crs=4545)
    chance = np.random.default_rng(3)
    within = np.column_stack(
        [chance.uniform(550_010, 561_990, 400), chance.uniform(3_800_010, 3_801_490, 400)]
    )
    points = gpd.GeoSeries(shapely.points(within), crs=4545).to_crs(4326)
    east, north = from_wgs84(points.x.to_numpy(), points.y.to_numpy(), "gcj02")
    unconverted = gpd.GeoSeries.from_xy(east, north, crs=4326)
    assert datum_offset(district, unconverted).verdict == "gcj02"
    assert datum_offset(district, points).verdict == "cannot_tell"
    # Some that truly lie outside do not make the rest a slip.
    strays = gpd.GeoSeries(
        shapely.points(np.column_stack([within[:20, 0], within[:20, 1] + 1_600.0])), crs=4545
    ).to_crs(4326)
    both = gpd.GeoSeries([*points[20:], *strays], crs=4326)
    assert datum_offset(district, both).verdict == "cannot_tell"


def test_distances_are_those_of_shapely() -> None:
    network = sample_streets()
    places = scattered(network, 300, np.random.default_rng(2))
    tree = shapely.STRtree(segment_lines(network))
    _, metres = tree.query_nearest(shapely.points(places), return_distance=True, all_matches=False)
    found = np.minimum(StreetDistances(network).within(places, REACH_M), FAR_M)
    np.testing.assert_allclose(found, np.where(metres > REACH_M, FAR_M, metres), atol=1e-6)


def test_the_fit_by_hand() -> None:
    """One street 4 km long, points 10 m beside it: nothing that moves along it stands out."""
    nodes = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([550_000.0, 554_000.0], [3_800_000.0] * 2), crs=4545
    ).set_axis(["a", "b"])
    edges = gpd.GeoDataFrame({"from_node": ["a"], "to_node": ["b"]})
    network = WalkingNetwork.from_tables(nodes, edges)
    places = np.column_stack([np.linspace(551_900.0, 552_100.0, 30), np.full(30, 3_800_010.0)])
    fit = StreetDistances(network).fit(places)
    assert fit.median_m == pytest.approx(10.0)
    assert fit.nearness == pytest.approx(np.exp(-0.25))
    shifts = moves()
    assert len(shifts) == 400
    assert np.hypot(*shifts.T).min() >= 150.0
    assert np.hypot(*shifts.T).max() <= 1000.0
    assert np.abs(shifts.mean(axis=0)).max() < 10.0
    assert standing(3.0, np.array([0.0, 1.0, 2.0])) == pytest.approx(2.0 / 1.4826)


def test_what_cannot_be_asked() -> None:
    points = gpd.GeoSeries([shapely.Point(0, 0)])
    with pytest.raises(StreetsError):
        datum_offset(sample_streets(), points)
    with pytest.raises(ValueError, match="gcj02"):
        datum_offset(sample_streets(), points.set_crs(4326), declared="xian80")
    lost = gpd.GeoSeries([None, shapely.Point()], crs=4326)
    assert datum_offset(sample_streets(), lost).verdict == "too_few"
