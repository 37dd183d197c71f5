"""What of a run is kept: nothing tells of a few people, or of where a door is."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from planner.coverage.comparing_shared import shareable, squares
from tests.coverage.states import state


def test_what_is_kept_tells_of_no_few() -> None:
    one = state(
        {"a": 20, "c": 20, "d": 20, "b": 1, "f": 1, "g": 1, "h": 1},
        "a c d",
        {"z1": 0, "z2": 200, "z3": 500, "z4": 600},
        nearest={"b": "z1", "f": "z2", "g": "z3", "h": "z4"},
        elders={"a": 4.0, "c": 5.0, "d": 30.0, "b": 3.0, "f": 0.0, "g": 8.0, "h": 9.0},
    )
    kept = shareable(one, least_elders=5)
    assert kept.gaps["elderly_60"].to_list() == [30.0, 5.0]
    assert (kept.few.gaps, kept.few.gaps_elderly_60) == (1, 4.0)
    # z1 covers 3: told alone, the total less the others would give it away, so z3 goes with it.
    assert kept.centres["elderly_60"].fillna(-1).to_list() == [-1, 0, -1, 9]
    assert kept.few.centres_elderly_60 == 11.0
    assert kept.rows is not None
    assert sorted(kept.rows.members["gap"].unique()) == sorted(kept.gaps.index)
    again = shareable(kept, least_elders=5)
    assert_geodataframe_equal(again.gaps, kept.gaps)
    assert again.few == kept.few


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=8))
def test_no_difference_brings_back_a_few(numbers: list[int]) -> None:
    centres = gpd.GeoDataFrame(
        {"name": "中心", "elderly_60": np.array(numbers, dtype=float)},
        geometry=[Point(0, 0)] * len(numbers),
        index=[f"z{number}" for number in range(len(numbers))],
    )
    one = state({"a": 20}, "a", {"z1": 0})
    kept = shareable(dataclasses.replace(one, centres=centres), least_elders=5)
    told = kept.centres["elderly_60"]
    assert not told.between(0, 5, inclusive="neither").any()
    hidden = sum(number for number, shown in zip(numbers, told, strict=True) if np.isnan(shown))
    assert kept.few.centres_elderly_60 == hidden
    # Nothing is hidden, or enough to hide among, or all that there is.
    assert hidden == 0 or hidden >= 5 or (told.fillna(0) == 0).all()


def test_squares_follow_the_ground_and_do_not_overlap() -> None:
    one, two = box(130, 0, 655, 400), box(655, 0, 900, 400)
    first, second = squares(one), squares(two)
    assert first.equals(box(100, 0, 700, 400))  # the middle 650 lies in it
    assert second.equals(box(700, 0, 900, 400))
    assert squares(box(10, 10, 20, 20)).equals(box(0, 0, 100, 100))
    assert squares(Polygon()).is_empty
