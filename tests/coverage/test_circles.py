"""Circles beside walks."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from planner.coverage.areas import OUTSIDE
from planner.coverage.circles import CASES, circles
from planner.coverage.walking import coverage
from planner.labels import catalogue
from tests.coverage.gap_towns import CENTRES, COMMUNITIES, RESIDENTS, town_coverage
from tests.coverage.towns import NEAREST
from tests.coverage.towns import RESIDENTS as WITHOUT_POINTS


def test_the_town_by_hand() -> None:
    """Metres to Z by air: near 50, tower 300, bank1 350, bank2 400, island 492, bend 800, …"""
    found = circles(town_coverage(), COMMUNITIES, CENTRES, radius_m=400.0)
    assert found.rows["case"].value_counts().to_dict() == {
        "both": 1, "circle_only": 3, "neither": 7,
    }  # fmt: skip
    assert found.rows.loc["bank2", "case"] == "circle_only"  # on the line belongs to the inside
    assert found.communities.loc["c2", "elderly_60_circle_only"] == 75.0
    assert found.communities.loc["c2", "elderly_80_circle_only"] == 13.0
    assert found.communities.loc["c1", "elderly_60_circle_only"] == 30.0
    assert found.communities.loc["c1", "rows_both"] == 1
    small = circles(town_coverage(), COMMUNITIES, CENTRES, radius_m=49.0)
    assert small.communities.loc["c1", "elderly_60_walk_only"] == 40.0
    assert small.cases["elderly_60"]["circle_only"] == 0.0


def test_those_outside_every_community_have_a_row() -> None:
    residents = RESIDENTS.assign(community=None)
    found = coverage(
        residents,
        town_coverage().residents[["nearest", "walk_minutes", "leg_m", "joined", "part"]],
        open_centres=1,
    )
    table = circles(found, COMMUNITIES, CENTRES, radius_m=400.0).communities
    assert table.index.to_list() == ["c1", "c2", "c3", OUTSIDE]
    assert table.loc[OUTSIDE, "elderly_60_circle_only"] == 105.0


def test_no_centre_draws_no_circle() -> None:
    nobody = circles(town_coverage(open_centres=0), COMMUNITIES, CENTRES.iloc[:0], radius_m=1e6)
    assert set(nobody.rows["case"]) == {"neither"}


def test_odd_radii_and_places_are_refused() -> None:
    with pytest.raises(ValueError, match="radius_m"):
        circles(town_coverage(), COMMUNITIES, CENTRES, radius_m=0.0)
    plain = coverage(WITHOUT_POINTS, NEAREST, open_centres=2)
    with pytest.raises(ValueError, match="points"):
        circles(plain, COMMUNITIES, CENTRES, radius_m=1.0)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.integers(0, 10_000), st.floats(1, 800))
def test_every_person_is_in_one_case_as_counted_one_by_one(seed: int, radius_m: float) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 30))
    ids = [f"r{one:02d}" for one in range(count)]
    place, sites = rng.uniform(0, 900, (count, 2)), rng.uniform(0, 900, (3, 2))
    residents = gpd.GeoDataFrame(
        {
            "community": rng.choice(["c1", "c2", "x"], count),
            "elderly_60": rng.integers(0, 9, count).astype(float),
        },
        geometry=gpd.points_from_xy(*place.T),
        index=ids,
    )
    nearest = pd.DataFrame(
        {
            "nearest": "z0",
            "walk_minutes": rng.uniform(0, 30, count),
            "leg_m": 1.0,
            "joined": True,
            "part": 0,
        },
        index=ids,
    )
    centres = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*sites.T), index=["z0", "z1", "z2"])
    judged = coverage(residents, nearest, open_centres=3)
    found = circles(judged, COMMUNITIES, centres, radius_m=radius_m)
    expected = dict.fromkeys(CASES, 0.0)
    for row in range(count):
        inside = min(np.hypot(*(place[row] - site)) for site in sites) <= radius_m + 1e-6
        walks = nearest["walk_minutes"].iloc[row] <= 15 + 1e-6
        case = {(1, 1): "both", (1, 0): "circle_only", (0, 1): "walk_only", (0, 0): "neither"}
        expected[case[inside, walks]] += residents["elderly_60"].iloc[row]
    assert found.cases["elderly_60"].to_dict() == expected
    by_case = {case: found.communities[f"elderly_60_{case}"].sum() for case in CASES}
    assert by_case == expected
    turned = circles(
        coverage(residents.iloc[::-1], nearest, open_centres=3),
        COMMUNITIES,
        centres.iloc[::-1],
        radius_m=radius_m,
    )
    assert_frame_equal(turned.communities, found.communities)


def test_cases_have_words() -> None:
    assert all(f"gaps.case_{case}" in catalogue() for case in CASES)
