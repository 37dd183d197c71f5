"""What estates owe, by figures worked by hand and on both sides of each boundary."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import TableError
from planner.standards.estates.findings import COLUMNS, REASONS
from planner.standards.estates.required import EstatesOwed, estates_owed
from planner.standards.rulebooks.vocabulary import RESULTS
from tests.standards.estate_books import (
    BUILT,
    GUIZHOU,
    HOUSEHOLDS,
    NEW,
    NINGBO,
    SHAANXI,
    SHAOXING,
    ZHEJIANG,
    book,
    clause,
    estates,
)

NAN = np.nan


def _one(owed: EstatesOwed, clause_id: str, estate: str = "E1") -> pd.Series:
    found = owed.findings
    row = found[(found["clause"] == clause_id) & (found["estate"] == estate)]
    assert len(row) == 1
    return row.iloc[0]


def test_twenty_square_metres_a_hundred_households_new_fifteen_built() -> None:
    """1,234 households: 20 x 12.34 = 246.8 m² new, 15 x 12.34 = 185.1 m² built."""
    owed = estates_owed(
        estates(
            households=[1234.0] * 3,
            delivered_m2=[200.0] * 3,
            estate_age=["新建", "已建", None],
        ),
        [NINGBO],
    )
    assert _one(owed, "new")["required_m2"] == 246.8
    assert _one(owed, "new")["short_m2"] == pytest.approx(46.8)
    assert _one(owed, "built")["reason"] == "condition_not_met"
    assert owed.estates["result"].tolist() == ["short", "meets", "unknown"]
    # Of no stated age: unknown, with both figures told, and in no sum of what is owed.
    assert _one(owed, "new", "E3")["required_m2"] == 246.8
    assert _one(owed, "built", "E3")["required_m2"] == 185.1
    assert _one(owed, "new", "E3")["fill_in"] == "estate_age"
    ageless = owed.estates.loc["E3"]
    assert np.isnan(ageless["required_m2"])
    assert (ageless["required_new_m2"], ageless["required_built_m2"]) == (246.8, 185.1)
    district = owed.district
    assert (district.meeting, district.short, district.unknown) == (1, 1, 1)
    assert district.required_m2 == pytest.approx(246.8 + 185.1)
    assert district.delivered_m2 == 400.0
    assert district.short_m2 == pytest.approx(46.8)
    assert (district.unknown_if_new_m2, district.unknown_if_built_m2) == (246.8, 185.1)


@pytest.mark.parametrize(
    ("delivered", "result"),
    [(246.79, "short"), (246.8, "meets"), (246.81, "meets"), (NAN, "unknown")],
)
def test_the_boundary_belongs_to_meeting(delivered: float, result: str) -> None:
    table = estates(households=[1234.0], delivered_m2=[delivered], estate_age=["新建"])
    assert estates_owed(table, [NINGBO]).estates["result"]["E1"] == result


@pytest.mark.parametrize(("delivered", "result"), [(246.911, "short"), (246.912, "meets")])
def test_two_per_mille_of_the_housing(delivered: float, result: str) -> None:
    """2 ‰ of 123,456 m² = 246.912 m² of inner area."""
    table = estates(housing_area_m2=[123_456.0], delivered_m2=[delivered], delivered_kind=["套内"])
    found = _one(estates_owed(table, [ZHEJIANG]), "housing")
    assert found["required_m2"] == 246.912
    assert found["result"] == result


def test_an_area_of_another_kind_is_a_bound() -> None:
    """1,000 households new: 200 m² of building area; 100,000 m²: 200 m² of inner area."""
    kinds = ["建筑", "套内", "使用", "未注明", "占地", None]
    table = estates(
        households=[1000.0] * 6,
        housing_area_m2=[100_000.0] * 6,
        estate_age=["新建"] * 6,
        delivered_kind=kinds,
        delivered_m2=[210.0] * 6,
    )
    owed = estates_owed(table, [NINGBO, ZHEJIANG])
    by_clause = {
        one: owed.findings.loc[owed.findings["clause"] == one, "result"].tolist()
        for one in ("new", "housing")
    }
    assert by_clause["new"] == ["meets"] * 4 + ["unknown", "meets"]
    # 210 m² of building area may be 190 of inner; 210 of use area are more than 210 of inner.
    assert by_clause["housing"] == ["unknown", "meets", "meets", "unknown", "unknown", "unknown"]
    less = estates_owed(table.assign(delivered_m2=190.0), [NINGBO, ZHEJIANG]).findings
    new, housing = (less[less["clause"] == one] for one in ("new", "housing"))
    assert new["result"].tolist() == ["short", *["unknown"] * 2, "short", "unknown", "short"]
    assert housing["result"].tolist() == ["short", "short", "unknown", "short", "unknown", "short"]
    assert housing["short_at_least"].tolist() == [True, False, False, True, False, True]
    assert new["note"].tolist()[3] == "kind_to_check"


def test_a_books_figure_converts_use_area() -> None:
    """190 m² of use area / 0.65 = 292.308 m² of building area."""
    ratio = book("ratio", clause("use", "use_area_ratio", 0.65, comparison="equal"))
    table = estates(
        households=[1000.0], estate_age=["新建"], delivered_kind=["使用"], delivered_m2=[190.0]
    )
    found = _one(estates_owed(table, [NINGBO, ratio]), "new")
    assert found["result"] == "meets"
    assert found["delivered_m2"] == pytest.approx(190.0 / 0.65)
    assert found["note"] == "derived"


def test_of_several_clauses_must_decides_then_the_stricter() -> None:
    """A 宜 of 30 m² never decides over a 应 of 15 or 20; of two 应 the greater shortfall does."""
    should = book("should", clause("thirty", HOUSEHOLDS, 30.0, force="宜"))
    must = book("must", clause("fifteen", HOUSEHOLDS, 15.0), clause("twenty", HOUSEHOLDS, 20.0))
    table = estates(households=[1000.0, 1000.0], delivered_m2=[250.0, 160.0])
    owed = estates_owed(table, [should, must])
    assert len(owed.findings) == 6
    assert owed.estates["clause"].tolist() == ["twenty", "twenty"]
    assert owed.estates["result"].tolist() == ["meets", "short"]
    assert owed.estates["short_m2"].tolist() == [0.0, 40.0]
    assert _one(owed, "thirty")["result"] == "short"
    assert owed.district.short_m2 == 40.0
    turned = estates_owed(table, [must, should])
    assert turned.estates["clause"].tolist() == ["twenty", "twenty"]


def test_what_is_unknown_neither_meets_nor_hides_a_shortfall() -> None:
    """The housing is not told: 250 m² keep the one clause, nobody knows of the other."""
    table = estates(
        households=[1000.0, 1000.0],
        housing_area_m2=[NAN, NAN],
        delivered_m2=[250.0, 150.0],
        delivered_kind=["建筑", "建筑"],
        estate_age=["新建", "新建"],
    )
    owed = estates_owed(table, [NINGBO, ZHEJIANG])
    assert owed.estates["result"].tolist() == ["unknown", "short"]
    assert owed.estates["short_m2"].tolist()[1] == 50.0
    assert owed.estates["short_at_least"].tolist() == [False, True]
    assert _one(owed, "housing")["fill_in"] == "housing_area_m2"


def test_a_may_clause_is_a_remark() -> None:
    may = book("may", clause("may", HOUSEHOLDS, 20.0, force="可"))
    owed = estates_owed(estates(households=[1000.0], delivered_m2=[0.0]), [may])
    assert owed.estates["result"].tolist() == ["remark"]
    assert owed.estates["breaches"].tolist() == [0]


@pytest.mark.parametrize(
    ("facts", "result", "reason"),
    [
        ({"delivered_m2": 29.9}, "short", ""),
        ({"delivered_m2": 30.0}, "unknown", "places_unknown"),
        ({"delivered_m2": 30.0, "delivered_places": 1.0}, "meets", ""),
        ({"delivered_m2": 59.9, "delivered_places": 2.0}, "short", ""),
        ({"delivered_m2": 60.0, "delivered_places": 2.0}, "unknown", "places_unknown"),
        ({"delivered_m2": 90.0, "least_place_m2": 30.0}, "meets", ""),
        ({"delivered_m2": 90.0, "least_place_m2": 29.0}, "short", ""),
        ({"delivered_m2": 0.0}, "not_applicable", "nothing_delivered"),
        ({"delivered_m2": NAN}, "unknown", "not_filled"),
        ({"delivered_m2": 90.0, "delivered_places": 1.0, "delivered_kind": "占地"}, "unknown",
         "kind_unknown"),
        # Use area is no more than building area: of 30 it is a bound, of 29 it tells nothing.
        ({"delivered_m2": 30.0, "delivered_places": 1.0, "delivered_kind": "使用"}, "meets", ""),
        ({"delivered_m2": 29.0, "delivered_places": 1.0, "delivered_kind": "使用"}, "unknown",
         "kind_unknown"),
        # One place cannot be larger than all that was delivered, nor two together.
        ({"delivered_m2": 29.0, "least_place_m2": 40.0}, "unknown", "impossible"),
        ({"delivered_m2": 70.0, "least_place_m2": 40.0, "delivered_places": 2.0}, "unknown",
         "impossible"),
        ({"delivered_m2": 90.0, "least_place_m2": 0.0}, "unknown", "places_unknown"),
    ],
)  # fmt: skip
def test_the_smallest_place(facts: dict[str, object], result: str, reason: str) -> None:
    """绍兴: a single place of at least 30 m²; joined places bind pools, no estate alone."""
    owed = estates_owed(estates(**{name: [value] for name, value in facts.items()}), [SHAOXING])
    found = _one(owed, "place")
    assert (found["result"], found["reason"]) == (result, reason)
    assert _one(owed, "joined")["reason"] == "joined_only"


@pytest.mark.parametrize(
    ("floor", "storey", "ground", "told"),
    [
        (3.0, "meets", "meets", ""),
        (4.0, "short", "meets", ""),
        (1.0, "meets", "meets", ""),
        (1.5, "short", "short", "mezzanine"),
        (-0.5, "short", "short", "below_ground"),
        (-1.0, "short", "short", "below_ground"),
        (NAN, "unknown", "unknown", ""),
    ],
)
def test_third_floor_or_lower_and_never_below_ground(
    floor: float, storey: str, ground: str, told: str
) -> None:
    owed = estates_owed(estates(floor=[floor], delivered_m2=[100.0]), [GUIZHOU])
    assert _one(owed, "storey")["result"] == storey
    assert _one(owed, "ground")["result"] == ground
    assert _one(owed, "storey")["told"] == told
    # Neither rule is the stricter: both decide, whatever their force.
    weaker = book(
        "weaker",
        clause("storey", "care_rooms_floor", 3.0, comparison="at_most", force="宜"),
        clause("ground", "care_rooms_floor", 1.0),
    )
    both = estates_owed(estates(floor=[floor], delivered_m2=[100.0]), [weaker])
    assert both.findings["decides"].tolist() == [True, True]
    assert both.estates["breaches"].tolist() == [(storey, ground).count("short")]
    nothing = estates_owed(estates(floor=[NAN], delivered_m2=[0.0]), [GUIZHOU])
    assert _one(nothing, "storey")["reason"] == "nothing_delivered"


def test_the_steps_that_a_clause_names() -> None:
    done, undone, waits = "已同步", "未同步", "未到阶段"
    table = estates(
        planned=[done, done, done, done],
        built=[done, undone, done, done],
        accepted=[done, None, waits, done],
        handed_over=[done, waits, waits, None],
    )
    found = estates_owed(table, [SHAANXI]).findings
    assert found["result"].tolist() == ["meets", "short", "not_applicable", "unknown"]
    assert found["told"].tolist() == ["", "built", "accepted、handed_over", ""]
    assert found["fill_in"].tolist() == ["", "accepted", "", "handed_over"]


def test_rooms_of_the_community_and_their_share() -> None:
    """完整社区: 30 m² a hundred households; 60 % of them for residents."""
    whole = book(
        "whole",
        clause("rooms", "community_rooms_per_hundred_households", 30.0),
        clause("share", "resident_activity_share", 60.0, unit="percent"),
    )
    table = estates(
        households=[1000.0] * 3,
        community_rooms_m2=[300.0, 299.0, NAN],
        activity_m2=[180.0, 179.0, NAN],
    )
    found = estates_owed(table, [whole]).findings
    assert found.loc[found["clause"] == "rooms", "result"].tolist() == ["meets", "short", "unknown"]
    share = found[found["clause"] == "share"]
    assert share["result"].tolist() == ["meets", "short", "unknown"]
    assert share["value"].tolist()[:2] == pytest.approx([60.0, 100 * 179 / 299])
    # No clause on care rooms: nothing is said of them.
    assert estates_owed(table, [whole]).district.without_rule == 3


def test_what_is_short_is_due_when_the_housing_is_handed_over() -> None:
    table = estates(
        households=[1000.0] * 4,
        delivered_m2=[0.0] * 4,
        estate_age=["新建"] * 4,
        handed_over=["已同步", "未同步", "未到阶段", None],
    )
    owed = estates_owed(table, [NINGBO])
    assert owed.estates["due"].tolist() == ["now", "now", "later", "unknown"]
    district = owed.district
    assert district.short_m2 == 800.0
    assert (district.short_now_m2, district.short_later_m2) == (400.0, 200.0)
    assert district.short_unknown_m2 == 200.0


def test_a_surplus_hides_no_shortfall_and_books_have_dates() -> None:
    table = estates(households=[1000.0] * 2, delivered_m2=[500.0, 100.0], estate_age=["新建"] * 2)
    assert estates_owed(table, [NINGBO]).district.short_m2 == 100.0
    early = estates_owed(table, [NINGBO], on=datetime.date(2018, 9, 30))
    assert early.not_in_force == ("ningbo",)
    assert early.findings.empty
    assert list(early.findings.columns) == [*COLUMNS, "decides"]
    assert early.district.without_rule == 2
    first = estates_owed(table, [NINGBO], on=datetime.date(2018, 10, 1))
    assert first.not_in_force == ()


def test_no_estates_and_tables_that_are_none() -> None:
    empty = estates(households=[1.0]).iloc[:0]
    assert estates_owed(empty, [NINGBO, SHAANXI]).district.estates == 0
    with pytest.raises(TableError, match="households"):
        estates_owed(estates(households=[-1.0]), [NINGBO])


FIGURES = st.one_of(st.just(NAN), st.floats(0, 3000).map(lambda one: round(one, 1)))
ROW = st.fixed_dictionaries(
    {
        "households": FIGURES,
        "housing_area_m2": FIGURES.map(lambda one: one * 100),
        "delivered_m2": FIGURES,
        "estate_age": st.sampled_from(["新建", "已建", None]),
        "delivered_kind": st.sampled_from(["建筑", "套内", "使用", "占地", None]),
        "delivered_places": st.sampled_from([NAN, 1.0, 2.0, 5.0]),
        "floor": st.sampled_from([NAN, -1.0, 1.0, 1.5, 3.0, 4.0]),
        "handed_over": st.sampled_from(["已同步", "未同步", "未到阶段", None]),
    }
)
BOOKS = (NINGBO, ZHEJIANG, SHAOXING, GUIZHOU, SHAANXI)
RANK = {"meets": 2, "unknown": 1, "short": 0}


@settings(deadline=None, derandomize=True, max_examples=7)
@given(rows=st.lists(ROW, min_size=1, max_size=5), more=st.floats(0, 500), seed=st.randoms())
def test_more_area_never_worsens_and_order_never_matters(
    rows: list[dict[str, object]], more: float, seed: object
) -> None:
    table = estates(**{name: [row[name] for row in rows] for name in rows[0]})
    owed = estates_owed(table, BOOKS)
    assert set(owed.findings["result"]) <= set(RESULTS)
    assert set(owed.findings["reason"]) <= set(REASONS)
    district = owed.district
    parts = (district.meeting, district.short, district.unknown, district.without_rule)
    assert sum(parts) == len(rows) == district.estates
    due = district.short_now_m2 + district.short_later_m2 + district.short_unknown_m2
    assert due == pytest.approx(district.short_m2)
    larger = estates_owed(table.assign(delivered_m2=table["delivered_m2"] + more), BOOKS)
    ranks, larger_ranks = (one.estates["result"].map(RANK) for one in (owed, larger))
    assert (larger_ranks >= ranks).all()
    assert larger.district.short_m2 <= district.short_m2 + 1e-6
    order = list(range(len(table)))
    seed.shuffle(order)  # type: ignore[attr-defined]
    turned = estates_owed(table.iloc[order], BOOKS)
    pd.testing.assert_frame_equal(turned.estates.loc[owed.estates.index], owed.estates)
    # Split in two and joined again: the same.
    halves = [
        estates_owed(table.iloc[part], BOOKS).estates for part in (slice(0, 1), slice(1, None))
    ]
    pd.testing.assert_frame_equal(pd.concat([h for h in halves if len(h)]), owed.estates)


@pytest.mark.parametrize("percent", [60.0, 33.0, 0.1])
def test_exactly_the_share_asked_for_is_kept_at_every_size(percent: float) -> None:
    """65.1 of 108.5 m² are 60 %, in float64 59.99999999999999: sizes from 100 to 2,000 m²."""
    whole = np.arange(1001, 20_001, 4) / 10.0  # 108.5 among them
    part = np.round(whole * percent / 100.0, 6)
    results = {  # a little less, exactly so much, a little more
        "at_least": ("short", "meets", "meets"),
        "at_most": ("meets", "meets", "short"),
        "more_than": ("short", "short", "meets"),
        "less_than": ("meets", "short", "short"),
    }
    shares = [clause(name, "resident_activity_share", percent, comparison=name) for name in results]
    for place, change in enumerate((-1e-4, 0.0, 1e-4)):
        table = estates(community_rooms_m2=whole, activity_m2=part + change)
        found = estates_owed(table, [book("whole", *shares)]).findings
        for name, expected in results.items():
            of_clause = found.loc[found["clause"] == name, "result"]
            assert len(of_clause) == len(whole)
            assert of_clause.eq(expected[place]).all(), (name, change)


def test_ground_area_is_no_floor_and_other_kinds_are_converted_or_left_out() -> None:
    """Of 160 m² of ground, 150 of inner and 130 of use area only 130 / 0.65 = 200 are known."""
    table = estates(
        households=[1000.0] * 4,
        delivered_m2=[160.0, 150.0, 130.0, 100.0],
        delivered_kind=["占地", "套内", "使用", None],
        estate_age=[None] * 4,
    )
    ratio = book("ratio", clause("use", "use_area_ratio", 0.65, comparison="equal"))
    owed = estates_owed(table, [NINGBO, ratio])
    np.testing.assert_allclose(owed.estates["building_m2"], [NAN, NAN, 200.0, 100.0])
    assert owed.estates["kind_unknown"].tolist() == [True, True, False, False]
    assert owed.district.unknown_delivered_m2 == pytest.approx(300.0)
    assert owed.district.kind_unknown == 2
    unruled = estates_owed(table, [ratio])
    np.testing.assert_allclose(unruled.estates["delivered_m2"], [NAN, NAN, 200.0, 100.0])
    assert estates_owed(table, []).district.kind_unknown == 3


def test_ground_area_is_told_one_way_by_every_clause() -> None:
    """It is filled in, but says nothing of the floor: with or without a base to owe by."""
    table = estates(households=[1000.0, NAN], delivered_m2=[150.0] * 2, delivered_kind=["占地"] * 2)
    area = book("area", clause("area", HOUSEHOLDS, 20.0))
    place = book("place", clause("place", "care_area_least_place", 350.0))
    owed = estates_owed(table, [area, place])
    for name in ("area", "place"):
        found = _one(owed, name)
        assert (found["result"], found["reason"]) == ("unknown", "kind_unknown")
        assert found["fill_in"] == "delivered_m2、delivered_kind"
    assert _one(owed, "area", "E2")["reason"] == "not_filled"
    assert _one(owed, "area", "E2")["fill_in"] == "households"


def test_no_unknown_must_hides_a_certain_breach_of_a_should() -> None:
    """0 households, 100,000 m² of housing: 应 unknown; 宜 2 per mille = 200, 150 held, short 50."""
    should = book("should", clause("housing", "care_area_of_housing", 2.0, force="宜"))
    facts = {
        "housing_area_m2": [100_000.0] * 3,
        "delivered_m2": [150.0, 150.0, 200.0],
        "delivered_kind": ["套内"] * 3,
        "estate_age": ["新建"] * 3,
    }
    # Of 500 households 100 m² of building area are met by 150 of inner: another quantity is not.
    owed = estates_owed(estates(households=[0.0, 500.0, 0.0], **facts), [NINGBO, should])
    assert owed.estates["result"].tolist() == ["short", "short", "unknown"]
    assert owed.estates["clause"].tolist() == ["housing", "housing", "new"]
    assert owed.estates["short_m2"].tolist()[:2] == [50.0, 50.0]
    assert owed.estates["breaches"].tolist() == [1, 1, 0]
    # 应 may ask for more still, where nobody knows it.
    assert owed.estates["short_at_least"].tolist() == [True, False, False]
    # A remark is no breach, and a known breach of 应 stays the one that decides.
    may = book("may", clause("housing", "care_area_of_housing", 2.0, force="可"))
    facts["delivered_kind"] = ["建筑"] * 3
    table = estates(households=[0.0, 5000.0, 0.0], **facts)
    assert estates_owed(table, [NINGBO, may]).estates["result"].tolist() == [
        "unknown", "short", "unknown",
    ]  # fmt: skip
    assert estates_owed(table, [NINGBO, should]).estates["clause"].tolist()[1] == "new"


def test_rules_of_two_provinces_never_contend() -> None:
    """1,000 households: 20 a hundred in 甲省 (200 m²), 15 in 乙省 (150 m², of building area)."""
    one = book("one", clause("twenty", HOUSEHOLDS, 20.0), place="甲省")
    two = book("two", clause("fifteen", HOUSEHOLDS, 15.0), place="乙省")
    nation = book("nation", clause("ten", HOUSEHOLDS, 10.0), place="全国")
    city = book("city", clause("thirty", HOUSEHOLDS, 30.0, force="宜"), place="甲省丙市")
    facts = {"households": [1000.0] * 3, "delivered_m2": [120.0, 160.0, NAN]}
    owed = estates_owed(estates(**facts), [one, two, nation, city])
    decides = owed.findings[owed.findings["decides"]]
    # Each province's is stricter than the nation's; 应 of the province stands before the city's 宜.
    assert decides.groupby("estate")["clause"].agg(list).tolist() == [
        ["twenty", "fifteen"], ["twenty", "fifteen"], ["twenty", "fifteen"],
    ]  # fmt: skip
    # What the estate owes is one figure: the stricter of those that decide.
    assert owed.estates["clause"].tolist() == ["twenty"] * 3
    assert owed.estates["short_m2"].tolist()[:2] == [80.0, 40.0]
    # Short by the rules of both, or of one, it is one matter that is not met.
    assert owed.estates["breaches"].tolist() == [1, 1, 0]
    assert owed.estates.index.is_unique


def test_there_is_no_storey_0() -> None:
    found = estates_owed(estates(floor=[0.0], delivered_m2=[100.0]), [GUIZHOU]).findings
    assert found["result"].tolist() == ["unknown", "unknown"]
    assert found["fill_in"].tolist() == ["floor", "floor"]


def test_a_single_place_is_converted_as_the_area_owed_is() -> None:
    """300 m² of use area / 0.65 = 461.54: more than 350; 100 are 153.85, short by 196.15."""
    ratio = book("ratio", clause("use", "use_area_ratio", 0.65, comparison="equal"))
    place = book("place", clause("place", "care_area_least_place", 350.0))
    table = estates(
        delivered_m2=[300.0, 100.0], delivered_places=[1.0, 1.0], delivered_kind=["使用"] * 2
    )
    found = estates_owed(table, [place, ratio]).findings
    assert found["result"].tolist() == ["meets", "short"]
    np.testing.assert_allclose(found["delivered_m2"], [300 / 0.65, 100 / 0.65])
    np.testing.assert_allclose(found["short_m2"].tolist()[1], 350 - 100 / 0.65)
    assert found["note"].tolist() == ["derived"] * 2
    # Without the ratio use area bounds from below alone: neither meets nor short.
    assert estates_owed(table, [place]).findings["result"].tolist() == ["unknown"] * 2


def test_steps_are_held_against_their_dates_too() -> None:
    """All four said to be done; built and accepted after the housing, or after the audit."""
    done = dict.fromkeys(("planned", "built", "accepted", "handed_over"), ["已同步"] * 3)
    dates: dict[str, list[str | None]] = {
        "built_on": ["2024-05-01", "2022", None],
        "accepted_on": ["2024-06-01", "2022", None],
        "handed_over_on": [None, None, "2027-01-01"],
        "housing_on": ["2023-01-01", "2023", None],
    }
    table = estates(**done, **dates)
    owed = estates_owed(table, [SHAANXI], on=datetime.date(2025, 1, 1))
    assert owed.findings["result"].tolist() == ["short", "meets", "short"]
    assert owed.findings["told"].tolist() == ["built、accepted", "", "handed_over"]
    assert owed.estates["breaches"].tolist() == [1, 0, 1]


def test_no_households_owe_nobody_knows_what() -> None:
    table = estates(households=[0.0, 1000.0], delivered_m2=[0.0, 0.0], estate_age=["新建"] * 2)
    owed = estates_owed(table, [NINGBO])
    first = _one(owed, "new")
    assert (first["result"], first["reason"], first["fill_in"]) == (
        "unknown", "zero_base", "households"
    )  # fmt: skip
    assert (owed.district.meeting, owed.district.unknown, owed.district.short) == (0, 1, 1)


def test_what_would_be_owed_at_an_age_is_what_must_be() -> None:
    """1,000 households of no stated age: 应 20 or 15 decide, and not 宜 30 or 20."""
    should = book(
        "anhui",
        clause("new", HOUSEHOLDS, 30.0, when=NEW, force="宜"),
        clause("built", HOUSEHOLDS, 20.0, when=BUILT, force="宜"),
    )
    table = estates(households=[1000.0], delivered_m2=[0.0])
    district = estates_owed(table, [should, NINGBO]).district
    assert (district.unknown_if_new_m2, district.unknown_if_built_m2) == (200.0, 150.0)
    alone = estates_owed(table, [should]).district
    assert (alone.unknown_if_new_m2, alone.unknown_if_built_m2) == (300.0, 200.0)


def test_a_part_larger_than_the_whole_meets_nothing() -> None:
    share = book("whole", clause("share", "resident_activity_share", 60.0, unit="percent"))
    table = estates(community_rooms_m2=[30.0, 30.0, 0.0], activity_m2=[31.0, 30.0, 31.0])
    found = estates_owed(table, [share]).findings
    assert found["result"].tolist() == ["unknown", "meets", "unknown"]
    assert found["reason"].tolist() == ["impossible", "", "impossible"]
