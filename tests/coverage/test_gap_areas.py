"""Gap areas: who is in which, what they are called, where they lie; totals to the person."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import LineString, Point, Polygon

from planner.coverage.areas import OUTSIDE
from planner.coverage.gap_areas import GapAreas, gap_areas, reach_of_link
from planner.coverage.gap_causes import left_out
from planner.coverage.gap_outlines import gap_outlines
from planner.coverage.grouping import walking_groups
from planner.coverage.walking import coverage
from planner.errors import TableError
from tests.coverage.gap_towns import BARRIERS, COMMUNITIES, PAIRS, RESIDENTS, town_left_out

REACH_M = 90.0


def town_gaps(**more: Any) -> GapAreas:
    found = town_left_out(**more)
    together = walking_groups(found.rows.index, [PAIRS], link_minutes=3.0)
    return gap_areas(found, together, COMMUNITIES, RESIDENTS, reach_m=REACH_M, barriers=BARRIERS)


def test_the_town_has_these_gaps_worst_first() -> None:
    gaps = town_gaps()
    # 山后 has four gaps, numbered in the order of their least doors: blank, field, need, shut
    assert gaps.areas["elderly_60"].to_dict() == {
        "c2-1": 75.0, "c1-2": 30.0, "c3-1": 20.0, "c3-3": 12.0, "c3-4": 11.0, "c1-1": 10.0,
        "c3-2": 7.0, "c2-2": 6.0,
    }  # fmt: skip
    assert gaps.areas["rank"].to_list() == list(range(1, 9))
    assert gaps.areas["cause"].to_list() == [
        "severed", "severed", "too_far", "lacks_need", "closed", "too_far", "not_joined",
        "no_way_through",
    ]  # fmt: skip
    bank = gaps.areas.loc["c2-1"]
    assert bank["rows"] == 2
    assert bank["elderly_80"] == 13.0
    assert bank["disabled"] == 3.0
    assert bank["name"] == "河东"
    assert bank["street"] == "东街"
    assert bank[["barrier_kind", "barrier"]].to_list() == ["waterway", "渭河"]
    assert bank["cause_centre"] == bank["nearest_centre"] == "Z"
    assert bank["walk_minutes_least"] == 60.0
    assert bank["walk_minutes_mean"] == pytest.approx((50 * 60 + 25 * 61) / 75)
    assert bank["walk_minutes_largest"] == 61.0
    assert bank["elderly_60_walking"] == 75.0
    far = gaps.areas.loc["c3-1"]
    assert far["rows"] == 2  # with the door whose elders nobody knows
    assert pd.isna(far["cause_centre"])
    assert pd.isna(far["barrier_kind"])
    assert np.isnan(gaps.areas.loc["c2-2", "walk_minutes_mean"])
    assert gaps.areas.loc["c3-4", "cause_centre"] == "K"


def test_sums_over_gaps_causes_and_places_are_those_left_out() -> None:
    gaps, rows = town_gaps(), town_left_out().rows
    for name in gaps.people_columns:
        assert gaps.areas[name].sum() == gaps.places[name].sum() == rows[name].sum()
    causes = gaps.areas.filter(like="elderly_60_").drop(columns="elderly_60_walking")
    assert causes.sum(axis="columns").to_list() == gaps.areas["elderly_60"].to_list()
    assert gaps.barriers[["gap", "barrier", "rows", "elderly_60"]].to_numpy().tolist() == [
        ["c2-1", "渭河", 2, 75.0], ["c1-2", "", 1, 30.0], ["c2-2", "渭河", 1, 6.0],
    ]  # fmt: skip
    assert len(gaps.members) + gaps.without_elders == len(rows)


def test_a_group_without_a_known_elder_is_counted_not_drawn() -> None:
    found = town_left_out()
    alone = pd.Series(found.rows.index, index=found.rows.index)
    gaps = gap_areas(found, alone, COMMUNITIES, RESIDENTS, reach_m=REACH_M)
    assert gaps.without_elders == 1
    assert "blank" not in gaps.members.index
    assert len(gaps.areas) == 9


def test_outlines_hold_their_doors_and_no_ground_across_the_river() -> None:
    gaps = town_gaps()
    river = BARRIERS.geometry.iloc[0]
    for name, outline in gaps.areas.geometry.items():
        doors = RESIDENTS.loc[gaps.members.index[gaps.members["gap"] == name]]
        assert outline.is_valid
        assert doors.distance(outline).max() <= 1.0
        assert not outline.buffer(-0.01).intersects(river)
    # bank1 is 50 m from the river: the ground beyond is not the gap's
    assert gaps.areas.geometry["c2-1"].bounds[0] == pytest.approx(800.25)
    # A lone door owns a circle of 90 m (32 corners): field
    circle = 0.5 * 32 * 90**2 * np.sin(2 * np.pi / 32)
    assert gaps.areas.loc["c3-2", "area_m2"] == pytest.approx(circle)


def test_covered_neighbours_keep_their_ground() -> None:
    doors = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(60, 0)], index=["lost", "covered"])
    outline = gap_outlines(doors, pd.Series({"lost": "g"}), reach_m=90.0)["g"]
    assert outline.bounds == pytest.approx((-90, -90, 30, 90))


def test_doors_at_one_place_in_water_or_without_a_place() -> None:
    pond = Polygon([(-200, -200), (200, -200), (200, 200), (-200, 200)])
    doors = gpd.GeoDataFrame(
        geometry=[Point(0, 0), Point(0, 0), None, Point(900, 0)], index=["a", "b", "c", "d"]
    )
    gap = pd.Series({"b": "wet", "c": "nowhere", "d": "dry"})
    drawn = gap_outlines(doors, gap, reach_m=50.0, barriers=gpd.GeoDataFrame(geometry=[pond, None]))
    assert drawn.index.to_list() == ["dry", "nowhere", "wet"]
    assert drawn["nowhere"].is_empty
    assert drawn["wet"].area == pytest.approx(drawn["dry"].area)
    with pytest.raises(ValueError, match="reach_m"):
        gap_outlines(doors, gap, reach_m=0.0)


def test_a_wall_with_a_door_in_it_does_not_lose_the_door() -> None:
    wall = gpd.GeoDataFrame(geometry=[LineString([(0, -500), (0, 500)])])
    doors = gpd.GeoDataFrame(geometry=[Point(0, 0)], index=["a"])
    outline = gap_outlines(doors, pd.Series({"a": "g"}), reach_m=50.0, barriers=wall)["g"]
    assert outline.bounds == pytest.approx((-50, -50, 50, 50), abs=0.1)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.data())
def test_outlines_never_overlap_and_are_the_nearest_ground(data: st.DataObject) -> None:
    """Doors on a lattice (many equally near, many at one place), beside a count by points."""
    place = st.tuples(st.integers(0, 6), st.integers(0, 6))
    doors = data.draw(st.lists(place, min_size=1, max_size=14))
    named = data.draw(
        st.lists(st.sampled_from(["g", "h", None]), min_size=len(doors), max_size=len(doors))
    )
    ids = [f"r{one:02d}" for one in range(len(doors))]
    points = gpd.GeoDataFrame(geometry=[Point(10 * e, 10 * n) for e, n in doors], index=ids)
    gap = pd.Series(named, index=ids, dtype=object).dropna()
    drawn = gap_outlines(points, gap, reach_m=12.0)
    if {"g", "h"} <= set(drawn.index):
        assert drawn["g"].intersection(drawn["h"]).area < 1e-6
    owners: dict[tuple[int, int], Any] = {}
    for door, name in zip(doors, named, strict=True):
        # At one place a gap's door goes before a covered one, and the first by id of two gaps'.
        if owners.get(door) is None:
            owners[door] = name
    sites = np.array(list(owners)) * 10.0
    for probe in np.random.default_rng(1).uniform(-15, 75, (60, 2)):
        metres = np.hypot(*(sites - probe).T)
        nearest = np.flatnonzero(metres < metres.min() + 1e-6)
        if len(nearest) > 1 or 11.9 < metres.min() < 12.01:
            continue
        owner = list(owners.values())[nearest[0]]
        for name, outline in drawn.items():
            expected = owner == name and metres.min() <= 12.0
            assert outline.intersects(Point(probe)) == expected


def test_the_order_of_rows_is_nothing() -> None:
    first = town_gaps()
    found = town_left_out()
    together = walking_groups(found.rows.index[::-1], [PAIRS.iloc[::-1]], link_minutes=3.0)
    again = gap_areas(
        found,
        together.iloc[::-1],
        COMMUNITIES.iloc[::-1],
        RESIDENTS.iloc[::-1],
        reach_m=REACH_M,
        barriers=BARRIERS.iloc[::-1],
    )
    assert_geodataframe_equal(gpd.GeoDataFrame(first.areas), again.areas)
    assert_frame_equal(first.places, again.places)
    assert_frame_equal(first.barriers, again.barriers)
    assert_frame_equal(first.members, again.members)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.integers(0, 10_000))
def test_random_towns_keep_every_person(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 40))
    ids = pd.Index([f"r{one:02d}" for one in range(count)])
    place = rng.uniform(0, 500, (count, 2))
    residents = gpd.GeoDataFrame(
        {
            "community": rng.choice(["c1", "c2", "elsewhere"], count),
            "elderly_60": np.where(rng.random(count) < 0.1, np.nan, rng.uniform(0, 9, count)),
        },
        geometry=gpd.points_from_xy(*place.T),
        index=ids,
    )
    joined = rng.random(count) < 0.9
    nearest = pd.DataFrame(
        {
            "nearest": "Z",
            "walk_minutes": np.where(joined, rng.uniform(0, 40, count), np.nan),
            "leg_m": 5.0,
            "joined": joined,
            "part": 0,
        },
        index=ids,
    )
    found = left_out(coverage(residents, nearest, open_centres=1), COMMUNITIES)
    metres = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    one, other = np.nonzero(metres < 120)
    pairs = pd.DataFrame(
        {"origin": ids[one], "destination": ids[other], "walk_minutes": metres[one, other] / 60}
    )
    together = walking_groups(found.rows.index, [pairs], link_minutes=2.0)
    gaps = gap_areas(found, together, COMMUNITIES, residents, reach_m=60.0)
    lost = residents["elderly_60"].fillna(0)[nearest["walk_minutes"].fillna(99) > 15].sum()
    assert gaps.areas["elderly_60"].sum() == pytest.approx(lost)
    assert gaps.areas["rows"].sum() + gaps.without_elders == len(found.rows)
    assert (gaps.areas["elderly_60"] > 0).all()
    assert set(gaps.places["community"]) <= {"c1", "c2", OUTSIDE}
    overlaps = gaps.areas.geometry.to_numpy()
    for first in range(len(overlaps)):
        rest = shapely.intersection(overlaps[first], overlaps[first + 1 :])
        assert shapely.area(rest).sum() < 1e-6


def test_nobody_left_out_makes_no_gaps() -> None:
    found = town_left_out()
    nobody = type(found)(found.limit_minutes, found.people_columns, found.rows.iloc[:0], 0)
    together = walking_groups(nobody.rows.index, [PAIRS], link_minutes=3.0)
    gaps = gap_areas(nobody, together, COMMUNITIES, RESIDENTS, reach_m=REACH_M)
    assert gaps.areas.empty
    assert gaps.places.empty
    assert "elderly_60_severed" in gaps.areas
    assert gaps.areas.geometry.crs == RESIDENTS.crs


def test_missing_rows_are_told() -> None:
    found = town_left_out()
    together = pd.Series("a", index=found.rows.index[1:])
    with pytest.raises(TableError) as refused:
        gap_areas(found, together, COMMUNITIES, RESIDENTS, reach_m=REACH_M)
    assert "bank1" in str(refused.value)
    assert reach_of_link(3.0, 0.83) == pytest.approx(74.7)
