from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import tables
from planner.errors import TableError
from planner.labels import catalogue
from planner.standards.floor_area.audit import FloorAreaAudit, audit_floor_area
from planner.standards.floor_area.centre_table import REASONS
from planner.standards.floor_area.district_area import CIXI_PER_100_ELDERS_M2
from planner.standards.floor_area.group_area import RESULTS
from planner.standards.floor_area.held import AREA_NOTES
from planner.standards.floor_area.required import READINGS, SMALL_GROUPS, SmallGroups
from tests.standards.hand_town import CENTRES, COMMUNITIES, MIDDLES, WALKS

ORDER = {"short": 0, "unknown": 0, "not_applicable": 0, "meets": 1}


def _audit(centres: pd.DataFrame, small_groups: SmallGroups) -> FloorAreaAudit:
    return audit_floor_area(
        centres, COMMUNITIES, WALKS, small_groups=small_groups, middles=MIDDLES, beside=False
    )


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.data())
def test_more_area_never_worsens_a_finding(data: st.DataObject) -> None:
    choice = data.draw(st.sampled_from(SMALL_GROUPS))
    areas = data.draw(
        st.lists(st.floats(0, 3_000) | st.none(), min_size=10, max_size=10).map(
            lambda values: np.array(values, dtype=float)
        )
    )
    more = np.array(data.draw(st.lists(st.floats(0, 2_000), min_size=10, max_size=10)))
    shared = np.array(data.draw(st.lists(st.floats(0, 900), min_size=10, max_size=10)))
    kinds = data.draw(
        st.lists(st.sampled_from(["建筑", "使用", "未注明"]), min_size=10, max_size=10)
    )
    today = CENTRES.assign(area_m2=areas, shared_m2=shared, area_kind=kinds)
    before, after = _audit(today, choice), _audit(today.assign(area_m2=areas + more), choice)
    assert (
        after.centres["result"].map(ORDER).to_numpy()
        >= before.centres["result"].map(ORDER).to_numpy()
    ).all()
    short_before, short_after = before.groups["shortfall_m2"], after.groups["shortfall_m2"]
    assert ((short_after <= short_before + 1e-6) | short_before.isna()).all()
    assert after.district.shortfall_m2 <= before.district.shortfall_m2 + 1e-6
    for district in (before.district, after.district):
        balance = district.required_m2 - district.held_m2 + district.surplus_m2
        assert balance == pytest.approx(district.shortfall_m2, abs=1e-6)


def test_units_of_area_kind_agree() -> None:
    as_use = CENTRES.assign(area_m2=CENTRES["area_m2"] * 0.65, area_kind="使用", shared_m2=np.nan)
    as_building = CENTRES.assign(area_kind="建筑", shared_m2=np.nan)
    here, there = _audit(as_use, "pro_rata"), _audit(as_building, "pro_rata")
    assert here.centres["result"].equals(there.centres["result"])
    assert here.district.shortfall_m2 == pytest.approx(there.district.shortfall_m2)


def test_the_last_bit_of_a_float_is_not_short() -> None:
    # k05, pro rata: 131 elders x 0.39 = 51.09; 0.65 of it / 0.65 is 51.089999999999996
    required = 0.39 * 131
    assert 0.65 * required / 0.65 < required
    communities = COMMUNITIES.assign(
        elderly_60=COMMUNITIES["elderly_60"].mask(COMMUNITIES.index == "k05", 131.0)
    )
    centres = CENTRES.assign(
        area_m2=CENTRES["area_m2"].mask(CENTRES.index == "c", 0.65 * required),
        area_kind=CENTRES["area_kind"].mask(CENTRES.index == "c", "使用"),
    )
    row = audit_floor_area(centres, communities, WALKS).groups.loc["k05"]
    assert row["result"] == "meets"
    assert row["shortfall_m2"] == 0


def test_a_square_metre_short_is_short() -> None:
    centres = CENTRES.assign(area_m2=CENTRES["area_m2"].mask(CENTRES.index == "a", 1084.0))
    row = _audit(centres, "pro_rata").groups.loc["k01"]
    assert (row["result"], row["shortfall_m2"]) == ("short", 1.0)


def test_no_centres_at_all_leaves_everything_short() -> None:
    nobody = pd.Series(None, index=COMMUNITIES.index, dtype=object)
    audit = audit_floor_area(CENTRES.iloc[:0], COMMUNITIES, nobody)
    assert audit.district.held_m2 == 0
    assert audit.district.shortfall_m2 == pytest.approx(audit.district.required_m2)
    assert audit.district.per_100_elders_m2 == 0
    assert audit.centres.empty


def test_villages_alone_have_no_groups() -> None:
    villages = COMMUNITIES.assign(community_kind="村")
    audit = audit_floor_area(CENTRES, villages, WALKS)
    assert audit.groups.empty
    assert audit.district.shortfall_m2 == 0
    assert audit.villages.loc["k10", "centres"] == "e、f"
    # d's area is missing, but what it serves has no required area to fall short of
    assert set(audit.centres["result"]) == {"not_applicable"}


def test_no_communities_give_no_ratio() -> None:
    audit = audit_floor_area(CENTRES.assign(serves=None), COMMUNITIES.iloc[:0], WALKS.iloc[:0])
    assert audit.district.per_100_elders_m2 is None
    assert set(audit.centres["reason"]) == {"serves_no_community", "not_operating", "other_kind"}
    assert audit.district.unassigned_centres == 8


def test_cixis_ratio_comes_out_of_a_table_built_to_it() -> None:
    # 85,944 m² and 31 m² per 100 elders imply 277,239 elders
    communities = COMMUNITIES.iloc[[0]].assign(elderly_60=277_239.0, population=1_400_000.0)
    centres = CENTRES.iloc[[0]].assign(area_m2=85_944.0, serves=None)
    audit = audit_floor_area(centres, communities, pd.Series({"k01": "a"}, dtype=object))
    assert audit.district.per_100_elders_m2 == pytest.approx(CIXI_PER_100_ELDERS_M2, abs=1e-3)


def test_malformed_tables_are_refused() -> None:
    with pytest.raises(TableError, match="centre_kind"):
        audit_floor_area(CENTRES.drop(columns="centre_kind"), COMMUNITIES, WALKS)
    with pytest.raises(TableError, match="elderly_60"):
        audit_floor_area(CENTRES, COMMUNITIES.drop(columns="elderly_60"), WALKS)


def test_every_word_has_its_label() -> None:
    keys = [f"standards.reason_{reason}" for reason in REASONS if reason]
    keys += [f"standards.reading_{reading}" for reading in READINGS]
    keys += [f"standards.area_{note}" for note in AREA_NOTES]
    keys += [f"standards.result_{result}" for result in RESULTS]
    keys += [f"standards.small_groups_{choice}" for choice in SMALL_GROUPS]
    keys += [f"coverage.state_{state}" for state in tables.WALKING_STATES]
    assert [key for key in keys if key not in catalogue()] == []
