from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.areas import OUTSIDE
from planner.coverage.gaps import gaps, weighted_median
from planner.coverage.walking import coverage
from tests.coverage.towns import COMMUNITIES, NEAREST, RESIDENTS

TOWN = coverage(RESIDENTS, NEAREST, limit_minutes=15, open_centres=2)


def test_worst_first_with_cause_and_nearest_centre() -> None:
    table = gaps(TOWN, COMMUNITIES)
    # c2: 40 too far + 40 no way; c3: 30 not joined; c1: 20 too far; outside: 10 too far
    assert table["elderly_60_uncovered"].to_dict() == {"c2": 80, "c3": 30, "c1": 20, OUTSIDE: 10}
    assert table["elderly_80_uncovered"].to_list() == [16, 3, 2, 1]
    assert table["uncovered_share"].to_list() == pytest.approx([1, 1, 0.2, 10 / 17])
    # c2's two causes have 40 each: the first in the order of the states
    assert table["cause"].to_list() == ["too_far", "not_joined", "too_far", "too_far"]
    assert table.loc[
        "c2", ["elderly_60_too_far", "elderly_60_no_way_through"]
    ].to_numpy().tolist() == [
        40,
        40,
    ]
    assert table.loc["c2", "nearest_centre"] == "z2"
    assert table.loc["c2", "walk_minutes_median"] == 20
    assert table["nearest_centre"].isna().to_list() == [False, True, False, False]
    assert table["walk_minutes_largest"].isna().to_list() == [False, True, False, False]
    assert table.loc["c1", "walk_minutes_largest"] == 16
    assert table.loc["c1", "communities"] == "c1"


def test_equal_gaps_stand_by_id() -> None:
    residents = pd.DataFrame(
        {"community": ["c2", "c1"], "elderly_60": [10.0, 10.0]}, index=["r1", "r2"]
    )
    nearest = NEAREST.loc[["r3", "r4"]].set_axis(["r1", "r2"], axis="index")
    town = coverage(residents, nearest, limit_minutes=15, open_centres=1)
    assert gaps(town, COMMUNITIES).index.to_list() == ["c1", "c2"]


def test_no_centre_open_makes_every_community_a_gap() -> None:
    town = coverage(RESIDENTS, NEAREST, limit_minutes=15, open_centres=0)
    table = gaps(town, COMMUNITIES)
    assert set(table["cause"]) == {"no_centre"}
    assert table["elderly_60_uncovered"].sum() == RESIDENTS["elderly_60"].sum()


def test_all_covered_leaves_no_gap() -> None:
    nearest = NEAREST.assign(walk_minutes=1.0, joined=True)
    town = coverage(RESIDENTS, nearest, limit_minutes=15, open_centres=1)
    assert gaps(town, COMMUNITIES).empty


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=15))
def test_the_weighted_median_is_that_of_the_people_in_a_row(
    people: list[tuple[int, int]],
) -> None:
    values = np.array([float(value) for value, _ in people])
    weights = np.array([float(count) for _, count in people])
    in_a_row = sorted(value for value, count in people for _ in range(count))
    assert weighted_median(values, weights) == in_a_row[(len(in_a_row) - 1) // 2]


def test_a_median_of_nobody_is_none() -> None:
    assert np.isnan(weighted_median(np.array([]), np.array([])))
    assert np.isnan(weighted_median(np.array([1.0]), np.array([0.0])))
