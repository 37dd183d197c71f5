"""Catchments against travel times: an area holds a place if and only if its walk is in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from planner.errors import StreetsError, TableError
from planner.streets import WalkingNetwork, read_streets, travel_times
from planner.streets.catchment import drawing
from planner.streets.catchment.catchments import TOLERANCE_M, Catchments, catchments
from planner.streets.joining.joining import segment_lines
from tests.shared_data import shared_data
from tests.streets.drawn import bent, edge, points, town
from tests.streets.test_second_opinion import RandomTown


def in_time(
    network: WalkingNetwork,
    places: np.ndarray,
    centres: geopandas.GeoDataFrame,
    limit_minutes: float,
    speed_m_s: float | None,
) -> np.ndarray:
    """Return which places, shape (places, 2), walk to some centre in time, by travel_times."""
    doors = geopandas.GeoDataFrame(
        index=pd.RangeIndex(len(places)).astype(str),
        geometry=geopandas.points_from_xy(places[:, 0], places[:, 1]),
        crs=network.crs,
    )
    found = travel_times(network, doors, centres, limit_minutes=limit_minutes, speed_m_s=speed_m_s)
    reached: np.ndarray = doors.index.isin(found["origin"].astype(str))
    return reached


def held(area: Any, places: np.ndarray) -> np.ndarray:
    """Return which places an area holds."""
    shapely.prepare(area)
    return np.asarray(shapely.contains_xy(area, places[:, 0], places[:, 1]), dtype=bool)


def around(places: np.ndarray, radius_m: float) -> np.ndarray:
    """Return places on circles up to a radius around each place, shape (places * n, 2)."""
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    radii = radius_m * np.array([0.01, 0.1, 0.25, 0.5, 0.75, 0.99])
    circle = np.concatenate(
        [radius * np.column_stack([np.cos(turns), np.sin(turns)]) for radius in radii]
    )
    near: np.ndarray = (places[:, None, :] + circle).reshape(-1, 2)
    return near


def check_area(
    network: WalkingNetwork,
    area: Any,
    centres: geopandas.GeoDataFrame,
    limit_minutes: float,
    *,
    speed_m_s: float | None,
    samples: int,
    tolerance_m: float = TOLERANCE_M,
) -> float:
    """Compare an area with travel times at random places; return the share misjudged.

    Every misjudged place must have a place of the other truth within the tolerance.
    """
    west, south = network.vertex_easting_m.min(), network.vertex_northing_m.min()
    east, north = network.vertex_easting_m.max(), network.vertex_northing_m.max()
    if not area.is_empty:
        bounds = shapely.bounds(area)
        west, south = np.maximum(bounds[:2] - 150, [west - 250, south - 250])
        east, north = np.minimum(bounds[2:] + 150, [east + 250, north + 250])
    random = np.random.default_rng(7)
    places = random.uniform([west, south], [east, north], (samples, 2))
    truth = in_time(network, places, centres, limit_minutes, speed_m_s)
    wrong = held(area, places) != truth
    if wrong.any():
        near = around(places[wrong], tolerance_m)
        other = in_time(network, near, centres, limit_minutes, speed_m_s)
        same = other.reshape(wrong.sum(), -1) == truth[wrong][:, None]
        alone = same.all(axis=1)
        assert not alone.any(), places[wrong][alone]
    return float(wrong.mean())


def check_lines(
    network: WalkingNetwork,
    lines: Any,
    centres: geopandas.GeoDataFrame,
    limit_minutes: float,
    speed_m_s: float,
) -> None:
    """Compare the streets reached with travel times at spots of all streets, to a millimetre."""
    random = np.random.default_rng(8)
    segment = np.tile(np.arange(network.segment_count), 12)
    fraction = random.uniform(size=len(segment))
    joined = pd.DataFrame(
        {
            "segment": segment,
            "fraction": fraction,
            "leg_m": 0.0,
            "joined": True,
            "part": 0,
            "easting_m": 0.0,
            "northing_m": 0.0,
        },
        index=pd.RangeIndex(len(segment)).astype(str),
    )
    spots = shapely.line_interpolate_point(
        segment_lines(network)[segment], fraction, normalized=True
    )
    # Where streets cross or coincide, the other one may be in time: judge by spots of one alone.
    spot, _ = shapely.STRtree(segment_lines(network)).query(
        spots, predicate="dwithin", distance=0.01
    )
    single = np.bincount(spot, minlength=len(spots)) == 1
    away_m = shapely.distance(spots, lines)
    for nudge in (-1e-4, 1e-4):
        table = travel_times(
            network, joined, centres, limit_minutes=limit_minutes + nudge, speed_m_s=speed_m_s
        )
        reached = joined.index.isin(table["origin"].astype(str))
        if nudge < 0:
            assert (away_m[reached] < 1e-6).all()
        else:
            assert not (away_m[single & ~reached] < 1e-6).any()


def check(
    network: WalkingNetwork,
    centres: geopandas.GeoDataFrame,
    limits: Sequence[float],
    *,
    speed_m_s: float = 1.0,
    samples: int = 3000,
) -> Catchments:
    """Draw catchments and compare every shape, also of the union, with travel times."""
    drawn = catchments(network, centres, limits_minutes=limits, speed_m_s=speed_m_s, union=True)
    assert drawn.areas.geometry.is_valid.all()
    assert drawn.union_areas is not None
    assert drawn.union_streets is not None
    for table, everyone in ((drawn.areas, False), (drawn.union_areas, True)):
        for number, row in enumerate(table.itertuples()):
            some = centres if everyone else centres.loc[[row.centre]]
            lines = (drawn.union_streets if everyone else drawn.streets).geometry.iloc[number]
            limit = row.limit_minutes
            check_area(network, row.geometry, some, limit, speed_m_s=speed_m_s, samples=samples)
            check_lines(network, lines, some, limit, speed_m_s)
    return drawn


def one_area(drawn: Catchments, centre: str, limit: float) -> Any:
    """Return the area of one centre and limit."""
    rows = drawn.areas
    return rows.geometry[(rows["centre"] == centre) & (rows["limit_minutes"] == limit)].iloc[0]


def test_one_straight_street() -> None:
    """A diamond round the centre, its tips cut off where nobody joins the street.

    The centre stands 30 m off a long street; of 5 minutes at 1 m/s its leg leaves 270 m. The land
    is |along| + |off| <= 270, |off| <= 200: 2 * 270² - 2 * 70² square metres.
    """
    network = town({"A": (0, 0), "B": (2000, 0)}, [edge("A", "B")])
    drawn = catchments(network, points({"c": (1003, 30)}), limits_minutes=[5], speed_m_s=1.0)
    line = drawn.streets.geometry.iloc[0]
    assert shapely.bounds(line).tolist() == pytest.approx([733, 0, 1273, 0], abs=1e-4)
    assert line.length == pytest.approx(540, abs=2e-4)
    area = drawn.areas.geometry.iloc[0]
    assert area.area == pytest.approx(2 * 270**2 - 2 * 70**2, rel=1e-3)
    assert shapely.bounds(area).tolist() == pytest.approx([733, -200, 1273, 200], abs=0.3)


def test_finer_tolerance_is_finer() -> None:
    """Only the corners of the diamond are cut by the lattice: a finer one cuts less."""
    network = town({"A": (0, 0), "B": (2000, 0)}, [edge("A", "B")])
    centre = points({"c": (1003, 30)})
    missing = [
        2 * 270**2
        - 2 * 70**2
        - catchments(network, centre, limits_minutes=[5], speed_m_s=1.0, tolerance_m=tolerance_m)
        .areas.geometry.iloc[0]
        .area
        for tolerance_m in (20.0, 2.0)
    ]
    assert abs(missing[1]) < 0.2 * abs(missing[0])


def river_town() -> WalkingNetwork:
    """Two banks 80 m apart, one bridge far in the west; a dead end, a one-way, a yard.

    ::

        N0───N1────────────────N2          north bank, 80 m from the south bank
        │bridge
        S0───S1────────S2──────S3
              │         └─→ one way to T, the way back is round by S3
              └─ dead end D, with a yard Y-Z beside S2 that opens to D only
    """
    return town(
        {
            "N0": (0, 80),
            "N1": (300, 80),
            "N2": (1200, 80),
            "S0": (0, 0),
            "S1": (400, 0),
            "S2": (800, 0),
            "S3": (1200, 0),
            "T": (900, -240),
            "D": (400, -300),
            "Y": (560, -300),
            "Z": (560, -40),
        },
        [
            edge("N0", "N1"),
            edge("N1", "N2"),
            edge("N0", "S0"),
            edge("S0", "S1"),
            edge("S1", "S2"),
            edge("S2", "S3"),
            edge("S1", "D"),
            edge("D", "Y"),
            edge("Y", "Z"),
            edge("S2", "T", oneway=True),
            edge("T", "S3", geometry=bent((900, -240), (1200, -240), (1200, 0))),
        ],
    )


def test_river_yard_dead_end_and_one_way() -> None:
    network = river_town()
    centres = points({"c": (810, 15), "d": (420, -290)})
    drawn = check(network, centres, [3, 5, 8])
    area = one_area(drawn, "c", 5)
    assert area.contains(shapely.Point(800, 30))
    # The far bank is 65 m away as the crow flies, and over a kilometre on foot.
    assert not area.intersects(shapely.box(300, 45, 1200, 200))
    # The yard's street ends 40 m from the centre's own, and is reached round three corners.
    assert not area.contains(shapely.Point(560, -45))
    assert area.contains(shapely.Point(560, -10))
    # The one-way leads away from the centre: its doors walk round by S3.
    assert not area.contains(shapely.Point(850, -120))


def test_true_holes() -> None:
    """Along a ring road all round a field too wide to join it, the field is a hole."""
    side = 500
    ring = bent((0, 0), (side, 0), (side, side), (0, side), (0, 0))
    network = town({"A": (0, 0), "B": (-10, 0)}, [edge("A", "A", geometry=ring), edge("B", "A")])
    drawn = check(network, points({"c": (-5, 0)}), [30])
    area = drawn.areas.geometry.iloc[0]
    assert [len(part.interiors) for part in area.geoms] == [1]
    hole = shapely.Polygon(area.geoms[0].interiors[0])
    assert hole.area == pytest.approx(100**2, rel=0.01)


def test_stray_pieces_are_nobodys_land_near_the_main_part() -> None:
    """A stray footpath holds only land that the main part is too far from."""
    network = town(
        {"A": (0, 0), "B": (900, 0), "C": (300, 100), "D": (300, 700)},
        [edge("A", "B"), edge("C", "D")],
    )
    drawn = check(network, points({"c": (300, 5), "stray": (310, 650)}), [6, 15])
    assert one_area(drawn, "c", 6).contains(shapely.Point(302, 150))
    assert not one_area(drawn, "stray", 15).contains(shapely.Point(302, 150))
    assert one_area(drawn, "stray", 15).contains(shapely.Point(302, 250))


@pytest.mark.parametrize("seed", range(6))
def test_random_towns(seed: int) -> None:
    """Bends, dead ends, loops, parallels, one-ways and strays, also with given lengths."""
    one = RandomTown(seed, nodes=9)
    network, (_, centres) = one.network(), one.tables()
    drawn = check(network, centres.iloc[:3], [4, 11], speed_m_s=0.83, samples=1500)
    assert sorted(drawn.areas["limit_minutes"]) == [4, 4, 4, 11, 11, 11]


def test_helsinki() -> None:
    """Real streets: almost nothing is misjudged, and that only beside the edge."""
    network = read_streets(shared_data("networks/helsinki.osm.pbf"))
    random = np.random.default_rng(3)
    node = random.choice(np.flatnonzero(network.node_part == 0), 6, replace=False)
    centres = points(
        {
            f"c{number}": (network.node_easting_m[one] + 8, network.node_northing_m[one] - 5)
            for number, one in enumerate(node)
        },
        crs=network.crs,
    )
    drawn = catchments(network, centres, limits_minutes=[5, 10], union=True)
    shares = [
        check_area(
            network,
            row.geometry,
            centres.loc[[row.centre]],
            row.limit_minutes,
            speed_m_s=None,
            samples=1500,
        )
        for row in drawn.areas.itertuples()
    ]
    assert np.mean(shares) < 0.01
    assert drawn.areas.geometry.is_valid.all()
    assert drawn.union_areas is not None
    for limit, rows in drawn.areas.groupby("limit_minutes"):
        whole = drawn.union_areas.set_index("limit_minutes").geometry.loc[limit]
        assert whole.symmetric_difference(rows.geometry.union_all()).area < 0.002 * whole.area


def test_rows_and_limits() -> None:
    """One row for every centre and limit in the caller's order; shorter limits lie inside."""
    network = river_town()
    centres = points({"z": (810, 15), "far": (9e5, 0), "a": (420, -290)})
    drawn = catchments(network, centres, limits_minutes=[8, 3, 8], speed_m_s=1.0)
    for table in (drawn.streets, drawn.areas):
        assert table["centre"].tolist() == ["z", "z", "far", "far", "a", "a"]
        assert table["limit_minutes"].tolist() == [3, 8] * 3
        assert table.geometry.is_empty.tolist() == [False, False, True, True, False, False]
    assert drawn.joined["joined"].tolist() == [True, False, True]
    assert drawn.union_areas is None
    for centre in ("z", "a"):
        inner, outer = one_area(drawn, centre, 3), one_area(drawn, centre, 8)
        assert inner.difference(outer).area < 1e-6 * inner.area


def test_the_others_do_not_matter() -> None:
    """A centre's shapes are the same alone, among others, in any order, and from joined points."""
    network = river_town()
    centres = points({"z": (810, 15), "b": (0, 40), "a": (420, -290)})
    whole = catchments(network, centres, speed_m_s=1.0)
    alone = catchments(network, centres.loc[["a"]], speed_m_s=1.0)
    turned = catchments(network, centres.iloc[::-1], speed_m_s=1.0)
    from_joined = catchments(network, turned.joined, speed_m_s=1.0)
    for table in ("streets", "areas"):
        rows = getattr(whole, table)
        one = rows[rows["centre"] == "a"].geometry.tolist()
        assert getattr(alone, table).geometry.tolist() == one
        for other in (turned, from_joined):
            frame = getattr(other, table)
            assert frame[frame["centre"] == "a"].geometry.tolist() == one


def test_batches_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Centres drawn one at a time give the same shapes, and the same union but for slivers."""
    network = river_town()
    centres = points({"z": (810, 15), "b": (0, 40), "a": (420, -290)})
    calls: list[tuple[int, int]] = []

    def note(done: int, count: int) -> None:
        calls.append((done, count))

    once = catchments(network, centres, speed_m_s=1.0, union=True, progress=note)
    assert calls == [(1, 3), (2, 3), (3, 3)]
    monkeypatch.setattr(drawing, "LAND_AT_ONCE_M2", 1.0)
    apart = catchments(network, centres, speed_m_s=1.0, union=True)
    assert once.areas.geometry.tolist() == apart.areas.geometry.tolist()
    assert once.streets.geometry.tolist() == apart.streets.geometry.tolist()
    assert once.union_areas is not None
    assert apart.union_areas is not None
    assert apart.union_streets is not None
    assert apart.union_streets.equals(once.union_streets)
    for one, other in zip(once.union_areas.geometry, apart.union_areas.geometry, strict=True):
        assert one.symmetric_difference(other).area < 0.002 * one.area


def test_nobody_and_nowhere() -> None:
    """No centre, or none that joins a street, is no error."""
    network = river_town()
    for centres in (points({}), points({"far": (9e3, 0)})):
        drawn = catchments(network, centres, union=True)
        assert len(drawn.areas) == 3 * len(centres)
        assert drawn.areas.geometry.is_empty.all()
        assert drawn.union_areas is not None
        assert drawn.union_streets is not None
        assert drawn.union_areas.geometry.is_empty.all()
        assert drawn.union_streets.geometry.is_empty.all()


def test_a_leg_longer_than_the_limit() -> None:
    """Whoever needs the whole time to reach the street from the centre reaches nothing else."""
    network = town({"A": (0, 0), "B": (900, 0)}, [edge("A", "B")])
    drawn = catchments(network, points({"c": (300, 150)}), limits_minutes=[2, 3], speed_m_s=1.0)
    assert drawn.areas.geometry.is_empty.tolist() == [True, False]
    assert drawn.streets.geometry.length.tolist() == pytest.approx([0, 60], abs=1e-3)


@pytest.mark.parametrize("limits", [[], [0], [5, -1], [float("nan")], [float("inf")]])
def test_limits_refused(limits: list[float]) -> None:
    with pytest.raises(StreetsError) as caught:
        catchments(river_town(), points({"c": (0, 0)}), limits_minutes=limits)
    assert caught.value.message.key == "streets.limit_refused"


def test_other_refusals() -> None:
    network = river_town()
    with pytest.raises(StreetsError):
        catchments(network, points({"c": (0, 0)}), tolerance_m=0.0)
    with pytest.raises(StreetsError):
        catchments(network, points({"c": (0, 0)}), speed_m_s=5.0)
    twice = pd.concat([points({"c": (0, 0)}), points({"c": (9, 0)})])
    with pytest.raises(TableError):
        catchments(network, twice)
