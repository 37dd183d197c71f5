"""One hand-solved door for each cause of a gap."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import LineString, Point, Polygon

from planner.coverage.gap_causes import GAP_CAUSES, UNKNOWN_BARRIER, left_out
from planner.coverage.severing import BarrierPieces, nearest_by_air, severing
from planner.errors import TableError
from planner.labels import catalogue
from tests.coverage.gap_towns import (
    BARRIERS,
    CENTRES,
    COMMUNITIES,
    DOORS,
    RESIDENTS,
    other_centre,
    town_coverage,
    town_left_out,
)


def test_every_door_has_its_cause() -> None:
    rows = town_left_out().rows
    assert rows["cause"].to_dict() == {
        "bank1": "severed",
        "bank2": "severed",
        "bend": "too_far",  # 13.3 minutes by air, but 16 on foot is an ordinary walk
        "blank": "too_far",
        "far": "too_far",
        "field": "not_joined",
        "island": "no_way_through",
        "need": "lacks_need",
        "shut": "closed",
        "tower": "severed",
    }
    assert rows["centre"].dropna().to_dict() == {
        "bank1": "Z", "bank2": "Z", "need": "M", "shut": "K", "tower": "Z",
    }  # fmt: skip
    blamed = rows[rows["barrier_kind"] != ""]
    assert blamed[["barrier_kind", "barrier"]].to_numpy().tolist() == [
        ["waterway", "渭河"],
        ["waterway", "渭河"],
        ["waterway", "渭河"],  # the island: no way, and what lies between
        [UNKNOWN_BARRIER, ""],
    ]
    assert blamed.index.to_list() == ["bank1", "bank2", "island", "tower"]


def test_what_no_straight_way_would_bring_within_the_limit_is_too_far() -> None:
    cut = severing(RESIDENTS, CENTRES, BarrierPieces.of(BARRIERS))
    line = cut.assign(air_m=cut["air_m"].where(cut.index != "bank1", 900.0))
    beyond = cut.assign(air_m=cut["air_m"].where(cut.index != "bank1", 900.1))
    assert town_left_out(severing=line).rows["cause"]["bank1"] == "severed"
    assert town_left_out(severing=beyond).rows["cause"]["bank1"] == "too_far"
    assert town_left_out(severing=beyond).rows["barrier_kind"]["bank1"] == ""


def test_nobody_is_lost_and_unknown_elders_are_counted() -> None:
    found = town_left_out()
    states = town_coverage().states
    assert found.rows["elderly_60"].sum() == states["elderly_60"].drop("covered").sum()
    assert found.rows["disabled"].sum() == 5.0
    assert found.people_columns == ("elderly_60", "elderly_80", "disabled")
    assert found.rows_unknown_elders == 1


def test_without_tables_the_walking_states_are_the_causes() -> None:
    found = left_out(town_coverage(), COMMUNITIES, speed_m_s=1.0)
    assert (found.rows["cause"] == found.rows["state"]).all()
    assert (found.rows["barrier_kind"] == "").all()


def test_no_centre_open_is_a_cause_of_its_own_unless_one_is_closed_near_by() -> None:
    closed = other_centre("K", {"shut": 1.0})
    found = left_out(town_coverage(open_centres=0), COMMUNITIES, closed=closed)
    assert found.rows["cause"].value_counts().to_dict() == {"no_centre": 10, "closed": 1}


def test_the_full_share_of_a_covered_door_is_left_out() -> None:
    full = pd.Series(0.0, index=RESIDENTS.index)
    full["near"] = 10.0
    row = town_left_out(full=full).rows.loc["near"]
    assert row["cause"] == "full"
    assert row["centre"] == "Z"
    # 10 of its 40 elders find no place: a quarter of its 8 aged 80+ and of its 2 失能, too
    assert [row["elderly_60"], row["elderly_80"], row["disabled"]] == [10.0, 2.0, 0.5]


def test_the_limit_itself_is_near_and_just_beyond_it_is_not() -> None:
    walk = pd.DataFrame({"nearest": "K", "walk_minutes": 15.0}, index=RESIDENTS.index)
    assert set(town_left_out(closed=walk).rows["cause"]) >= {"closed"}
    beyond = walk.assign(walk_minutes=15.0001)
    assert "closed" not in set(town_left_out(closed=beyond).rows["cause"])


def test_all_that_is_wrong_with_the_tables_is_told_at_once() -> None:
    half = pd.DataFrame({"nearest": ["K"], "walk_minutes": [1.0]}, index=["near"])
    with pytest.raises(TableError) as refused:
        town_left_out(closed=half, lacking_need=half.drop(columns="nearest"))
    keys = [problem.key for problem in refused.value.problems]
    assert sorted(keys) == ["gaps.rows_missing", "gaps.rows_missing", "tables.column_missing"]
    with pytest.raises(ValueError, match="speed_m_s"):
        left_out(town_coverage(), COMMUNITIES, speed_m_s=0.0)


def test_the_order_of_the_rows_is_nothing() -> None:
    first = town_left_out().rows
    cut = severing(RESIDENTS.iloc[::-1], CENTRES, BarrierPieces.of(BARRIERS.iloc[::-1]))
    assert_frame_equal(first, town_left_out(severing=cut).rows)


def test_every_cause_and_barrier_has_words() -> None:
    words = catalogue()
    assert all(f"words.{cause}" in words for cause in GAP_CAUSES)
    kinds = ("water", "waterway", "railway", "wall", "fence", "hedge", "drawn", UNKNOWN_BARRIER)
    assert all(f"gaps.barrier_{kind}" in words for kind in kinds)


def test_the_hardest_barrier_is_named_and_touching_is_not_crossing() -> None:
    barriers = gpd.GeoDataFrame(
        {
            "barrier_kind": ["wall", "railway", "water", "water"],
            "name": ["", "陇海线", "", "湖"],
        },
        geometry=[
            LineString([(10, -5), (10, 5)]),
            LineString([(20, -5), (20, 5)]),
            Polygon([(30, -5), (35, -5), (35, 5), (30, 5)]),
            Polygon([(40, -5), (45, -5), (45, 5), (40, 5)]),
        ],
    )
    centre = gpd.GeoDataFrame(geometry=[Point(0, 0)], index=["Z"])
    doors = gpd.GeoDataFrame(
        geometry=[Point(east, 0) for east in (5, 10, 15, 25, 50)], index=list("abcde")
    )
    doors.loc["f"] = [Point()]
    told = severing(doors, centre, BarrierPieces.of(barriers))
    # b's door stands in the wall; e crosses all four, and of the two waters the one with a name
    assert told["barrier_kind"].to_list() == ["", "", "wall", "railway", "water", ""]
    assert told["barrier"].to_list() == ["", "", "", "陇海线", "湖", ""]
    assert told["barrier_kinds"]["e"] == "railway、wall、water"
    assert told["air_m"].to_list()[:5] == [5, 10, 15, 25, 50]
    assert told["centre"].isna().to_list() == [False] * 5 + [True]
    assert told["air_m"].isna()["f"]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.data())
def test_crossings_are_those_of_shapely_one_by_one(data: st.DataObject) -> None:
    number = st.integers(0, 40)
    place = st.tuples(number, number)
    walls = data.draw(st.lists(st.lists(place, min_size=2, max_size=4, unique=True), max_size=4))
    doors = data.draw(st.lists(place, min_size=1, max_size=6))
    sites = data.draw(st.lists(place, min_size=1, max_size=3))
    barriers = gpd.GeoDataFrame(
        {"barrier_kind": ["wall"] * len(walls), "name": [str(one) for one in range(len(walls))]},
        geometry=[LineString(wall) for wall in walls],
    )
    points = gpd.GeoDataFrame(geometry=[Point(one) for one in doors])
    centres = gpd.GeoDataFrame(
        geometry=[Point(one) for one in sites], index=[f"z{one}" for one in range(len(sites))]
    )
    told = severing(points, centres, BarrierPieces.of(barriers))
    for row, door in enumerate(points.geometry):
        metres = [door.distance(site) for site in centres.geometry]
        assert told["air_m"].iloc[row] == min(metres)
        chosen = int(np.argmin(metres))
        assert told["centre"].iloc[row] == f"z{chosen}"
        line = LineString([door, centres.geometry.iloc[chosen]])
        inner = line if line.length == 0 else LineString(
            [line.interpolate(0.001), line.interpolate(line.length - 0.001)]
        )  # fmt: skip
        crossed = {
            str(one) for one, wall in enumerate(walls) if LineString(wall).distance(inner) < 1e-9
        }
        clear = {
            str(one) for one, wall in enumerate(walls) if LineString(wall).distance(inner) > 1e-9
        }
        named = told["barrier"].iloc[row]
        # Within a billionth of a metre either answer is right.
        assert (named == "" and not crossed) or (named in crossed and named not in clear)


def test_equally_near_centres_fall_to_the_least_id() -> None:
    doors = gpd.GeoDataFrame(geometry=[Point(0, 0)], index=["a"])
    sites = gpd.GeoDataFrame(geometry=[Point(1, 0), Point(-1, 0)], index=["z2", "z1"])
    assert nearest_by_air(doors, sites).loc["a", "centre"] == "z1"
    assert nearest_by_air(doors, sites.iloc[::-1]).loc["a", "centre"] == "z1"
    assert nearest_by_air(doors, sites.iloc[:0])["centre"].isna().all()


def test_degrees_and_two_crs_are_refused() -> None:
    doors = gpd.GeoDataFrame(geometry=[Point(0, 0)], index=["a"], crs=4545)
    with pytest.raises(TableError, match="坐标系不同"):
        nearest_by_air(doors, doors.set_crs(4546, allow_override=True))
    with pytest.raises(TableError, match="经纬度"):
        nearest_by_air(doors.to_crs(4490), doors.to_crs(4490))
    assert len(DOORS) == len(RESIDENTS)


def test_barriers_without_a_place_or_a_name_cross_nothing() -> None:
    barriers = gpd.GeoDataFrame(geometry=[None, LineString(), LineString([(10, -5), (10, 5)])])
    doors = gpd.GeoDataFrame(geometry=[Point(20, 0)], index=["a"])
    centre = gpd.GeoDataFrame(geometry=[Point(0, 0)], index=["Z"])
    told = severing(doors, centre, BarrierPieces.of(barriers))
    # A layer that does not say what its lines are: one is crossed, of a kind that nobody knows
    assert told["barrier_kind"].to_list() == ["drawn"]
    empty = BarrierPieces.of(barriers.iloc[:2])
    assert severing(doors, centre, empty)["barrier_kind"].to_list() == [""]
