from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from planner.coverage.community_centre import community_centre, community_middles
from planner.coverage.facility_rate import facility_rate
from planner.coverage.serving import named_communities, operating
from planner.coverage.walking import coverage
from tests.coverage.towns import COMMUNITIES, NEAREST, RESIDENTS

TOWN = coverage(RESIDENTS, NEAREST, limit_minutes=15, open_centres=2)

#   z1 stands in c2 (20 minutes from its elders) and names 四社区 · z2 closed, in c1
#   z3 a station, in c1
CENTRES = pd.DataFrame(
    {
        "name": ["甲", "乙", "丙"],
        "centre_kind": ["日间照料", "日间照料", "居家服务站"],
        "status": ["运营", "停运", "运营"],
        "position": ["given"] * 3,
        "community": ["c2", "c1", "c1"],
        "serves": ["四社区，c2、不存在", None, None],
    },
    index=["z1", "z2", "z3"],
)


def test_operating_centres_of_a_kind() -> None:
    assert operating(CENTRES).index.to_list() == ["z1"]
    assert operating(CENTRES, ("居家服务站", "日间照料")).index.to_list() == ["z1", "z3"]


def test_served_lists_hold_ids_or_unique_names_and_the_rest_is_told() -> None:
    named = named_communities(CENTRES, COMMUNITIES)
    assert named.pairs.to_numpy().tolist() == [["z1", "c2"], ["z1", "c4"]]
    assert named.unmatched.to_numpy().tolist() == [["z1", "不存在"]]
    twins = COMMUNITIES.assign(name="同名")
    assert named_communities(CENTRES.assign(serves="同名"), twins).pairs.empty


def test_the_two_rates_and_why_they_differ() -> None:
    result = facility_rate(TOWN, COMMUNITIES, CENTRES)
    # 社区: c1 none (closed; station), c2 inside, c4 named: 2 of 3; c3 is a village without.
    assert result.communities["has_centre"].to_dict() == {
        "c1": False,
        "c2": True,
        "c3": False,
        "c4": True,
    }
    assert result.facility_rate == pytest.approx(2 / 3)
    assert result.walking_rate == pytest.approx(87 / 227)
    assert result.kinds["communities"].to_dict() == {"社区": 3, "村": 1}
    assert result.kinds.loc["村", "facility_rate"] == 0
    # c2 has one that none of its 80 can walk to; c1 has none, yet 80 of 100 walk to one.
    assert result.communities["difference"].dropna().to_dict() == {
        "c1": "reached_without_centre",
        "c2": "centre_not_reached",
    }
    numbers = result.differences
    assert numbers.loc["centre_not_reached"].to_numpy().tolist() == [1, 80, 0, 80]
    assert numbers.loc["reached_without_centre"].to_numpy().tolist() == [1, 100, 80, 20]


def test_without_centres_or_communities_the_rate_is_zero_or_none() -> None:
    assert facility_rate(TOWN, COMMUNITIES, CENTRES.iloc[:0]).facility_rate == 0
    villages = COMMUNITIES.assign(community_kind="村")
    assert facility_rate(TOWN, villages, CENTRES).facility_rate is None


def test_an_unstated_community_is_found_by_its_outline() -> None:
    outlines = gpd.GeoDataFrame(
        COMMUNITIES, geometry=[box(place, 0, place + 1, 1) for place in range(4)], crs=4547
    )
    points = gpd.GeoDataFrame(
        CENTRES.drop(columns=["community", "serves"]),
        geometry=[Point(2.5, 0.5), Point(0.5, 0.5), None],
        crs=4547,
    )
    result = facility_rate(TOWN, outlines, points)
    assert result.communities["centre_inside"].to_list() == [False, False, True, False]


def test_a_community_goes_to_the_centre_of_most_of_its_covered_elders() -> None:
    nearest = NEAREST.assign(
        nearest=["z1", "z2", "z2", "z1", "z2", "z3", "z1", "z1", "z9"],
        walk_minutes=[5.0, 6, 7, 30, 8, 9, 1, 1, 1],
        joined=True,
    )
    town = coverage(RESIDENTS, nearest, limit_minutes=15, open_centres=3)
    chosen = community_centre(town, COMMUNITIES)
    # c1: z1 50, z2 30 + 20, z9 unknown elders. Equal elders: z2 has more rows.
    # c2: z1 is nearest to r4, but too far; r5 walks to z2. c4 is empty.
    assert chosen.fillna("-").to_dict() == {"c1": "z2", "c2": "z2", "c3": "z3", "c4": "-"}


def test_ties_of_elders_and_rows_go_to_the_least_id() -> None:
    residents = pd.DataFrame(
        {"community": "c1", "elderly_60": [0.1 + 0.2, 0.3]}, index=["r1", "r2"]
    )
    nearest = NEAREST.iloc[:2].assign(nearest=["z2", "z1"])
    town = coverage(residents, nearest, limit_minutes=15, open_centres=2)
    assert community_centre(town, COMMUNITIES)["c1"] == "z1"


def test_the_middle_is_where_the_elders_live() -> None:
    outlines = gpd.GeoDataFrame(
        COMMUNITIES, geometry=[box(10 * place, 0, 10 * place + 10, 10) for place in range(4)]
    )
    residents = gpd.GeoDataFrame(
        RESIDENTS.copy(), geometry=[Point(number, 2 * number) for number in range(9)]
    )
    middles = community_middles(residents, outlines)
    # c1: (0·50 + 1·30 + 2·20) / 100 = 0.7; c2: (3·40 + 4·40) / 80 = 3.5; c4: its centroid
    assert middles.loc["c1"].to_numpy().tolist() == pytest.approx([0.7, 1.4])
    assert middles.loc["c2"].to_numpy().tolist() == pytest.approx([3.5, 7.0])
    assert middles.loc["c4"].to_numpy().tolist() == pytest.approx([35, 5])
    unnamed = community_middles(residents.drop(columns="community"), outlines)
    assert unnamed["easting_m"].to_list() == [5, 15, 25, 35]
