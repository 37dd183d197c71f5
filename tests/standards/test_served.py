"""Whose elders a centre answers for: the ledgers' lists or the walk, both readings side by side.

The hand town (:mod:`tests.standards.hand_town`) by the walk alone, small groups pro rata, in m²:

  group         people/60+   class          required   held                short  surplus
  k01 k03 k04  31000/5900    一类             1,600    960 + 1,230.769            590.769
  k02           9000/1800    .39 x 1800         702    0                   702
  k05           5000/1000    .39 x 1000         390    300                  90
  k06           6000/1200    .39 x 1200         468    0                   468
  k08           4000/ 900    .39 x  900         351    0                   351
  k09          12000/2000    三类               750 }  500 + 400 - 100     700 (together)
  k10           9500/2500    750 at most        750 }
  k11 k12      53000/10000   2 x 26500: 二类  2,170    2,500                      330
  known                                       7,181    5,790.769         2,311    920.769
  k07          31000/5000    一类             1,600    unknown: apart

a, to which nobody walks, stands in k01, whose elders walk to b: it is of b's group.

By the area per elder, with the ledgers' lists: k01 k02 1,088 · k03 k04 1,376 · k05 390 · k06 468 ·
k08 351 · k09 k10 1,440 · k11 k12 .32 x 10000 = 3,200: 8,313, short of 128 + 145.231 + 90 + 468 +
351 + 640 + 700 = 2,522.231.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.labels import LANGUAGES
from planner.standards.floor_area.audit import FloorAreaAudit, audit_floor_area
from planner.standards.floor_area.explaining import explain
from planner.standards.floor_area.required import required_floor_area
from planner.standards.floor_area.service_groups import SERVED
from tests.standards.hand_town import CENTRES, COMMUNITIES, MIDDLES, WALKS


def audit(**choices: Any) -> FloorAreaAudit:
    return audit_floor_area(CENTRES, COMMUNITIES, WALKS, middles=MIDDLES, **choices)


WALKED = audit(served="walk")
LISTED = audit()
BY_ELDERS = audit(per_elder_decides=True)


def test_groups_by_the_walk() -> None:
    groups = WALKED.groups
    assert groups["communities"].to_list() == [
        "k01、k03、k04", "k02", "k05", "k06", "k07", "k08", "k09", "k10", "k11、k12",
    ]  # fmt: skip
    assert groups["required_m2"].to_list() == [1600, 702, 390, 468, 1600, 351, 750, 750, 2170]
    assert groups.loc["k01", "centres"] == "a、b"
    assert groups.loc[["k09", "k10"], "held_m2"].sum() == 800
    assert WALKED.service_groups.community_basis.to_dict() == {
        "k01": "walk", "k02": "none", "k03": "walk", "k04": "walk", "k05": "walk", "k06": "none",
        "k07": "walk", "k08": "none", "k09": "walk", "k10": "walk", "k11": "walk", "k12": "walk",
        "v01": "walk",
    }  # fmt: skip


def test_the_district_by_the_walk() -> None:
    district = WALKED.district
    assert district.required_m2 == 7_181
    assert district.held_m2 == pytest.approx(5_790.769, abs=1e-3)
    assert district.shortfall_m2 == pytest.approx(2_311)
    assert district.surplus_m2 == pytest.approx(920.769, abs=1e-3)
    assert (district.unknown_groups, district.unknown_required_m2) == (1, 1_600)


def same(one: FloorAreaAudit, other: FloorAreaAudit) -> None:
    pd.testing.assert_frame_equal(one.centres, other.centres)
    pd.testing.assert_frame_equal(one.groups, other.groups)
    assert one.district == other.district


def test_both_readings_stand_side_by_side() -> None:
    assert (LISTED.served, WALKED.served) == SERVED
    assert LISTED.district.shortfall_m2 == pytest.approx(1_319)
    for one, other in ((LISTED, WALKED), (WALKED, LISTED)):
        assert one.beside is not None
        same(one.beside, other)
        assert one.beside.beside is None
        assert list(one.by_served) == list(SERVED)
        same(one.by_served["ledger"], LISTED)
        same(one.by_served["walk"], WALKED)
    # a's list holds 125 m² too little; by the walk it stands in b's group, which holds enough.
    assert LISTED.centres["result"].to_dict() | {"a": "meets", "f": "short"} == (
        WALKED.centres["result"].to_dict()
    )
    assert LISTED.centres.loc["a", "result"] == "short"


def test_without_lists_both_readings_are_one() -> None:
    bare = audit_floor_area(CENTRES.drop(columns="serves"), COMMUNITIES, WALKS, middles=MIDDLES)
    assert bare.beside is not None
    same(bare, bare.beside)
    same(bare, WALKED)


def test_by_the_area_per_elder() -> None:
    groups = BY_ELDERS.groups
    known = groups["result"] != "unknown"
    assert groups["required_m2"][known].to_list() == [1088, 1376, 390, 468, 351, 1440, 3200]
    assert set(groups["reading"]) == {"per_elder"}
    assert BY_ELDERS.district.required_m2 == 8_313
    assert BY_ELDERS.district.shortfall_m2 == pytest.approx(2_522.231, abs=1e-3)
    assert set(BY_ELDERS.centres["force"]) == {"可"}
    assert set(LISTED.centres["force"]) == {"宜", "-"}


@pytest.mark.parametrize(
    ("population", "elders", "required", "reading"),
    [
        (9_999, 1_923, 749.97, "per_elder"),
        # Below the least class, too, no bound: these elders are what the figure is for.
        (9_999, 4_000, 1_560.0, "per_elder"),
        (10_000, 1_000, 390.0, "per_elder"),
        (15_000, 1_000, 320.0, "per_elder"),
        (30_000, 10_000, 2_600.0, "per_elder"),
        (50_000, 10_000, 2_600.0, "per_elder"),
        # Two parts of 25,000.5: 二类.
        (50_001, 10_000, 3_200.0, "per_elder"),
        # Nobody knows how high the ageing is: the class's area, as for any other community.
        (20_000, 0, 1_085.0, "class_area"),
        (20_000, None, 1_085.0, "class_area"),
        (60_000, None, 3_200.0, "several_centres"),
        (9_999, 0, None, "unknown"),
        (9_999, None, None, "unknown"),
        (None, 1_000, None, "unknown"),
    ],
)
def test_the_area_per_elder_by_hand(
    population: float | None, elders: float | None, required: float | None, reading: str
) -> None:
    found = required_floor_area(population, elders, per_elder_decides=True)
    assert found.required_m2 == pytest.approx(required)
    assert found.reading == reading
    if reading == "per_elder":
        assert list(found.marks) == ["per-elder-area", "class-area"]


def test_what_is_decided_is_said_in_words() -> None:
    told = explain(LISTED, "a", "zh")
    assert (
        "另一口径（步行最近）：服务 k01名、k03名、k04名，应有 1,600 m²，现有 2,190.8 m²，短缺 0 m²"
        in told
    )
    assert "（ledger）" in told
    assert (
        "另一口径（台账所列）：服务 k01名、k02名，应有 1,085 m²，现有 960 m²，短缺 125 m²"
        in explain(WALKED, "a", "zh")
    )
    by_elders = explain(BY_ELDERS, "a", "zh")
    assert "60岁以上 3,400 × 0.32 = 应有 1,088 m²" in by_elders
    assert "可按此核定（建议值" not in by_elders
    for language in LANGUAGES:
        for one in (LISTED, WALKED, BY_ELDERS):
            for centre in one.centres.index:
                assert explain(one, centre, language)


def test_a_reading_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="served must be one of"):
        audit(served="bus")


PEOPLE = st.tuples(st.integers(1, 60_000), st.integers(1, 12_000))
HOUSES = st.lists(PEOPLE, min_size=1, max_size=8)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(HOUSES, st.lists(st.integers(-1, 4), min_size=8, max_size=8), st.data())
def test_the_walk_agrees_with_loops(
    people: list[tuple[int, int]], walks: list[int], data: st.DataObject
) -> None:
    """The second opinion: each centre gathers who walks to it, by plain loops."""
    names = [f"k{place}" for place in range(len(people))]
    communities = pd.DataFrame(
        {
            "name": names,
            "community_kind": "社区",
            "population": [float(one) for one, _ in people],
            "elderly_60": [float(one) for _, one in people],
        },
        index=names,
    )
    lists = [data.draw(st.lists(st.sampled_from(names), unique=True, max_size=3)) for _ in range(5)]
    centres = pd.DataFrame(
        {
            "name": "某", "centre_kind": "日间照料", "status": "运营", "position": "given",
            "serves": ["、".join(one) or None for one in lists],
            "area_m2": [100.0 * (place + 1) for place in range(5)], "area_kind": "建筑",
        },
        index=[f"c{place}" for place in range(5)],
    )  # fmt: skip
    walked = pd.Series(
        {name: None if to < 0 else f"c{to}" for name, to in zip(names, walks, strict=False)},
        dtype=object,
    )
    found = audit_floor_area(centres, communities, walked, served="walk", beside=False)
    short = held = 0.0
    for centre in [*centres.index, *(name for name in names if walked[name] is None)]:
        mine = [centre] if centre in names else [one for one in names if walked[one] == centre]
        if not mine:
            continue
        needs = required_floor_area(
            float(communities["population"][mine].sum()),
            float(communities["elderly_60"][mine].sum()),
        ).required_m2
        area = 0.0 if centre in names else float(centres["area_m2"][centre])
        assert needs is not None
        held += area
        short += max(0.0, needs - area)
    assert found.district.held_m2 == pytest.approx(held)
    assert found.district.shortfall_m2 == pytest.approx(short)
    assert found.beside is None
    mixed = audit_floor_area(
        centres.iloc[::-1], communities.iloc[::-1], walked, served="walk", beside=False
    )
    assert mixed.district == found.district
