from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.standards.floor_area.audit import FloorAreaAudit, audit_floor_area
from planner.standards.floor_area.required import SmallGroups
from tests.standards.hand_town import CENTRES, COMMUNITIES, MIDDLES, WALKS

B_HELD = 800 / 0.65


def _audit(
    small_groups: SmallGroups = "pro_rata", centres: pd.DataFrame = CENTRES
) -> FloorAreaAudit:
    return audit_floor_area(centres, COMMUNITIES, WALKS, small_groups=small_groups, middles=MIDDLES)


def test_groups_by_list_then_by_walk_then_alone() -> None:
    groups = _audit().groups
    assert groups["communities"].to_dict() == {
        "k01": "k01、k02",
        "k03": "k03、k04",
        "k05": "k05",
        "k06": "k06",
        "k07": "k07",
        "k08": "k08",
        "k09": "k09、k10",
        "k11": "k11、k12",
    }
    assert groups["centres"].to_list() == ["a", "b", "c", "", "d", "", "e、f", "g"]
    basis = _audit().service_groups.community_basis
    assert basis.loc[["k01", "k03", "k06", "v01"]].to_list() == ["ledger", "walk", "none", "walk"]


def test_required_held_and_short_by_group() -> None:
    groups = _audit().groups
    assert groups["required_m2"].to_list() == pytest.approx(
        [1085, 1085, 390, 468, 1600, 351, 1085, 2170]
    )
    assert groups["held_m2"].drop(index="k07").to_list() == pytest.approx(
        [960, B_HELD, 300, 0, 0, 800, 2500]
    )
    assert groups["shortfall_m2"].drop(index="k07").to_list() == pytest.approx(
        [125, 0, 90, 468, 351, 285, 0]
    )
    assert groups["reading"].to_list() == [
        *("class_area", "class_area", "pro_rata", "pro_rata"),
        *("class_area", "pro_rata", "class_area", "several_centres"),
    ]
    assert groups["result"].to_list() == [
        *("short", "meets", "short", "short", "unknown", "short", "short", "meets")
    ]
    assert groups["needs_more_centres"].to_dict() == {
        **dict.fromkeys(groups.index, False),
        "k06": True,  # nobody reaches it: one centre is wanted
        "k08": True,
        "k11": True,  # 53,000 people: two are wanted, one is there
    }
    assert groups["shortfall_share"].loc["k01"] == pytest.approx(125 / 1085)


def test_the_district_never_lets_a_surplus_hide_a_deficit() -> None:
    district = _audit().district
    assert district.required_m2 == pytest.approx(6634)
    assert district.held_m2 == pytest.approx(4560 + B_HELD)
    assert district.shortfall_m2 == pytest.approx(125 + 90 + 468 + 351 + 285)
    assert district.surplus_m2 == pytest.approx((B_HELD - 1085) + 330)
    assert district.required_m2 - district.held_m2 + district.surplus_m2 == pytest.approx(
        district.shortfall_m2
    )


def test_the_unknown_group_is_totalled_apart() -> None:
    district = _audit().district
    assert (district.groups, district.groups_known, district.unknown_groups) == (8, 7, 1)
    assert (district.unknown_communities, district.unknown_elderly_60) == (1, 5000)
    assert (district.unknown_required_m2, district.unknown_held_m2) == (1600, 0)
    row = _audit().groups.loc["k07"]
    assert bool(row["unknown_area"])
    assert pd.isna(row["shortfall_m2"])


def test_counts_of_centres() -> None:
    district = _audit().district
    assert (district.centres, district.centres_open) == (10, 9)
    assert (district.day_care, district.day_care_open) == (9, 8)
    # short: a, c, e, f; meeting: b, g; unknown: d; h serves a village only
    assert (district.below_area, district.meeting, district.unknown_result) == (4, 2, 1)
    assert district.unknown_area == 1
    assert (district.groups_short, district.groups_without_centre) == (5, 2)
    assert district.groups_needing_more_centres == 3


def test_square_metres_per_100_elders() -> None:
    district = _audit().district
    # every known m² of operating day care (the village's too), by every elder of the ledger
    assert district.all_elderly_60 == 31_000
    assert district.all_held_m2 == pytest.approx(4560 + B_HELD + 200)
    assert district.per_100_elders_m2 == pytest.approx(100 * (4760 + B_HELD) / 31_000)


@pytest.mark.parametrize("told", [np.nan, 0.0])
@pytest.mark.parametrize("place", ["k07", "v01"])
def test_elders_that_are_not_known_are_in_no_sum(place: str, told: float) -> None:
    """Left out of the divisor, they would raise the m² per 100 elders; as 0 they would be a lie."""
    elders = COMMUNITIES["elderly_60"].mask(COMMUNITIES.index == place, told)
    district = audit_floor_area(
        CENTRES, COMMUNITIES.assign(elderly_60=elders), WALKS, middles=MIDDLES
    ).district
    assert (district.all_elderly_60, district.elders_unknown) == (None, 1)
    assert district.per_100_elders_m2 is None
    assert district.villages_elderly_60 == (None if place == "v01" else 700)
    assert district.unknown_elderly_60 == (None if place == "k07" else 5000)


def test_findings_of_centres() -> None:
    centres = _audit().centres
    assert centres.index.equals(CENTRES.index)
    assert centres["result"].to_dict() == {
        **{"a": "short", "b": "meets", "c": "short", "d": "unknown", "e": "short"},
        **{"f": "short", "g": "meets", "h": "not_applicable"},
        **{"m": "not_applicable", "s": "not_applicable"},
    }
    assert centres["reason"].loc[["d", "h", "m", "s"]].to_list() == [
        "area_unknown",
        "serves_villages_only",
        "not_operating",
        "other_kind",
    ]
    assert centres["area_note"].loc[["a", "b", "c", "d"]].to_list() == [
        "as_given",
        "derived",
        "kind_unstated",
        "missing",
    ]
    assert centres["area_to_check"].loc[["a", "b", "c"]].to_list() == [False, True, True]
    # e and f carry their group's finding; the 100 m² shared count once, with f's 150
    assert centres["group_shortfall_m2"].loc[["e", "f"]].to_list() == [285, 285]
    assert centres["counted_m2"].loc[["e", "f"]].to_list() == [400, 400]
    # per elder beside: 3,400 x 0.32 = 1,088
    assert centres["group_per_elder_area_m2"].loc["a"] == pytest.approx(1088)
    assert centres["group_per_elder_difference_m2"].loc["a"] == pytest.approx(960 - 1088)
    # Beyond the classes it is the project's choice that sets the area: c pro rata, g by two centres
    chosen = centres["force"] == "-"
    assert centres.index[chosen].to_list() == ["c", "g"]
    assert set(centres["mark"][~chosen]) == {"C"}
    assert set(centres["force"][~chosen]) == {"宜"}
    assert set(centres["mark"][chosen]) == {"-"}


def test_the_village_stands_apart() -> None:
    audit = _audit()
    assert "v01" not in "、".join(audit.groups["communities"])
    assert audit.villages["centres"].to_dict() == {"v01": "h"}
    assert (audit.district.villages, audit.district.villages_elderly_60) == (1, 700)


def test_joined_with_the_nearest() -> None:
    audit = _audit("join_nearest")
    groups, district = audit.groups, audit.district
    assert groups["communities"].to_dict() == {
        "k01": "k01、k02",
        "k03": "k03、k04",
        "k05": "k05、k06",
        "k07": "k07、k08",
        "k09": "k09、k10",
        "k11": "k11、k12",
    }
    assert groups.loc["k05", "required_m2"] == 750
    assert groups.loc["k05", "shortfall_m2"] == 450
    assert district.required_m2 == pytest.approx(6175)
    assert district.shortfall_m2 == pytest.approx(125 + 450 + 285)
    assert (district.unknown_groups, district.unknown_communities) == (1, 2)
    assert district.unknown_elderly_60 == 5900
    assert audit.small_groups == "join_nearest"


@pytest.mark.parametrize("small_groups", ["pro_rata", "join_nearest"])
def test_the_order_of_rows_changes_nothing(small_groups: SmallGroups) -> None:
    turned = audit_floor_area(
        CENTRES.iloc[::-1],
        COMMUNITIES.iloc[::-1],
        WALKS.iloc[::-1],
        small_groups=small_groups,
        middles=MIDDLES.iloc[::-1],
    )
    here = _audit(small_groups)
    pd.testing.assert_frame_equal(here.groups, turned.groups, check_exact=True)
    pd.testing.assert_frame_equal(here.centres, turned.centres.loc[here.centres.index])
    assert here.district == turned.district


def test_the_callers_tables_stay() -> None:
    centres, communities, walks = CENTRES.copy(), COMMUNITIES.copy(), WALKS.copy()
    _audit()
    pd.testing.assert_frame_equal(centres, CENTRES)
    pd.testing.assert_frame_equal(communities, COMMUNITIES)
    pd.testing.assert_series_equal(walks, WALKS)
