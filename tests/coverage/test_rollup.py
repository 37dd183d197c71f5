"""Communities to sub-districts to counties: sums add up, codes are doubted, villages apart."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.areas import OUTSIDE, UNNAMED, by_street, district
from planner.coverage.rollup import KINDS, LEVELS, Rollup, code_problems, rollup
from planner.coverage.walking import Coverage, coverage
from planner.tables import WALKING_STATES
from tests.coverage.towns import COMMUNITIES, NEAREST, RESIDENTS
from tests.shared_data import shared_data

TOWN = coverage(RESIDENTS, NEAREST, limit_minutes=15, open_centres=2)
CODES = {"c1": "610402001001", "c2": "610402002200", "c3": "610403001001", "c4": "610402001002"}


def coded() -> tuple[Coverage, pd.DataFrame]:
    """Return the tests' town with 12-digit codes for ids."""
    residents = RESIDENTS.assign(community=RESIDENTS["community"].replace(CODES))
    town = coverage(residents, NEAREST, limit_minutes=15, open_centres=2)
    return town, COMMUNITIES.rename(index=CODES)


def adds_up(found: Rollup, town: Coverage) -> None:
    """Check that every level adds up to the next, kinds to all, and all to the district."""
    whole = district(town)
    states = [f"{what}_{state}" for what in ("rows", "elderly_60") for state in WALKING_STATES]
    for column in ("rows", "elderly_60", "elderly_60_covered", *states):
        for level in LEVELS:
            everyone = found.level(level)
            assert math.fsum(everyone[column]) == pytest.approx(whole[column], rel=1e-12)
            kinds = pd.concat([found.level(level, kind)[column] for kind in KINDS[:-1]])
            inside = everyone[column].drop(OUTSIDE, errors="ignore")
            sums = kinds.groupby(level=0).sum().reindex(inside.index, fill_value=0)
            np.testing.assert_allclose(sums.astype(float), inside.astype(float), rtol=1e-12)
        for below, above in (("community", "street"), ("street", "county")):
            for kind in KINDS:
                rows, sums = found.level(below, kind), found.level(above, kind)
                for area, part in rows.groupby("parent"):
                    assert math.fsum(part[column]) == sums[column].to_dict()[area]


def test_by_code() -> None:
    town, communities = coded()
    found = rollup(town, communities, county="某区")
    assert found.by == "code"
    streets = found.level("street")
    assert streets.index.to_list() == ["610402001", "610402002", "610403001", OUTSIDE]
    assert streets["communities"].to_list() == [2, 1, 1, 0]
    assert (
        streets["elderly_60"].to_list()
        == found.level("community").groupby("parent")["elderly_60"].sum().to_list()
    )
    counties = found.level("county")
    assert counties.index.to_list() == ["610402", "610403", OUTSIDE]
    assert counties.loc["610402", "elderly_60_covered"] == 80
    assert streets.loc["610402001", "parent"] == "610402"
    # Two counties: the project's one name is neither's.
    assert counties["name"].to_list()[:2] == ["610402", "610403"]
    adds_up(found, town)


def test_by_place_is_what_streets_are() -> None:
    found = rollup(TOWN, COMMUNITIES, county="某区")
    assert (found.by, found.notes[0].key) == ("place", "residents.street_unknown")
    streets, expected = found.level("street"), by_street(TOWN, COMMUNITIES)
    for column in ("rows", "elderly_60", "elderly_60_covered", "elderly_60_share"):
        np.testing.assert_allclose(
            streets[column].reindex(expected.index), expected[column].astype(float), rtol=1e-12
        )
    assert found.level("county").index.to_list() == [OUTSIDE, "某区"]
    adds_up(found, TOWN)


def test_villages_are_apart() -> None:
    found = rollup(TOWN, COMMUNITIES)
    urban, villages = (found.level("county", kind) for kind in ("社区", "村"))
    assert (urban["communities"].sum(), villages["communities"].sum()) == (3, 1)
    village = COMMUNITIES.index[COMMUNITIES["community_kind"] == "村"]
    expected = found.level("community").loc[village, "elderly_60"].sum()
    assert villages["elderly_60"].sum() == expected


def test_by_the_outline_that_a_community_lies_in() -> None:
    outlines = gpd.GeoDataFrame(
        COMMUNITIES.drop(columns="geometry", errors="ignore").assign(street=None),
        geometry=[shapely.box(one, 0, one + 1, 1) for one in range(len(COMMUNITIES))],
        crs="EPSG:4545",
    )
    streets = gpd.GeoDataFrame(
        {"name": ["甲镇", "乙街道"]},
        geometry=[shapely.box(0, 0, 2, 1), shapely.box(2, 0, 3, 1)],
        crs="EPSG:4545",
    )
    found = rollup(TOWN, outlines, streets=streets).level("street")
    assert found["communities"].to_dict() == {"甲镇": 2, "乙街道": 1, UNNAMED: 1, OUTSIDE: 0}


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("6.10402E+11", "code_damaged"), ("6.1e11", "code_damaged"), ("61040200100", "code_digits"),
        ("6104020010011", "code_digits"), ("61040200100X", "code_digits"), ("c1", "code_digits"),
        ("６１０４０２００１００１", "code_digits"), ("610402001000", "code_of_street"),
        ("610402000001", "code_without_street"),
    ],
)  # fmt: skip
def test_codes_that_are_none(code: str, key: str) -> None:
    assert code_problems([code, "610402001001"])[code].key == f"residents.{key}"
    assert len(code_problems([code, "610402001001"])) == 1


def test_a_damaged_code_among_good_ones_sends_all_to_places() -> None:
    town, communities = coded()
    damaged = communities.rename(index={"610402001002": "6.10402E+11"})
    found = rollup(town, damaged)
    assert (found.by, found.notes[0].key) == ("place", "residents.code_damaged")
    with pytest.raises(ValueError, match=r"6\.10402E"):
        rollup(town, damaged, by="code")


def test_names_that_contradict_codes_are_told() -> None:
    town, communities = coded()
    names = communities.assign(street=["东街", "东街", "东街", "西街"])
    found = rollup(town, names)
    assert {one.key for one in found.notes} == {"residents.code_names", "residents.name_codes"}
    assert found.level("street").loc["610402001", "name"] == "东街"


def test_the_codes_of_three_real_counties() -> None:
    """A second opinion: pandas by the street and county columns of the bureau's own list."""
    listed = pd.read_csv(shared_data("places/villages_communities.csv"), dtype=str)
    kinds = np.where(listed["kind"] == "社区", "社区", "村")
    communities = pd.DataFrame(
        {"name": listed["name"], "community_kind": kinds, "street": listed["streetName"],
         "elderly_60": 0.0}
    ).set_index(pd.Index(listed["code"]))  # fmt: skip
    assert code_problems(listed["code"]) == {}
    random = np.random.default_rng(4)
    people = pd.DataFrame(
        {"community": random.choice(listed["code"], 5000),
         "elderly_60": random.gamma(2.0, 20.0, 5000)},
        index=[f"r{one:04d}" for one in range(5000)],
    )  # fmt: skip
    nearest = pd.DataFrame(
        {"nearest": "x", "walk_minutes": random.uniform(0, 40, 5000), "leg_m": 1.0,
         "joined": random.random(5000) > 0.05, "part": 0},
        index=people.index,
    )  # fmt: skip
    town = coverage(people, nearest, limit_minutes=15, open_centres=1)
    found = rollup(town, communities)
    assert found.by == "code"
    keys = listed.set_index("code").loc[people["community"]]
    for level, column in (("street", "streetCode"), ("county", "areaCode")):
        expected = people["elderly_60"].groupby(keys[column].to_numpy()).sum()
        rows = found.level(level)["elderly_60"]
        rows = rows[rows > 0]
        np.testing.assert_allclose(rows, expected.loc[rows.index], rtol=1e-12)
        assert len(found.level(level)) == listed[column].nunique()
    names = listed.drop_duplicates("streetCode").set_index("streetCode")["streetName"]
    streets = found.level("street")
    assert streets["name"].to_dict() == names.loc[streets.index].to_dict()
    villages = found.level("county", "村")["communities"]
    assert villages.sum() == (kinds == "村").sum()
    adds_up(found, town)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(random: Any) -> None:
    town, communities = coded()
    rows = random.sample(range(len(communities)), len(communities))
    other = rollup(town, communities.iloc[rows]).table
    first = rollup(town, communities).table
    pd.testing.assert_frame_equal(other.loc[first.index], first)
