"""Which centres serve which need, tier and stage, and coverage asked of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import tables, units
from planner.coverage.coverage_curve import CURVE_MINUTES
from planner.coverage.many import Asked, coverage_table
from planner.coverage.needs import centre_sets, needs, needs_served, tiers
from planner.errors import TableError


def _centres(**rows: dict[str, Any]) -> pd.DataFrame:
    base: dict[str, Any] = {
        "name": "x",
        "centre_kind": "日间照料",
        "status": "运营",
        "position": "given",
    }
    return pd.DataFrame.from_dict(
        {
            name: {**base, "rooms": None, "services": None, "beds": np.nan, **row}
            for name, row in rows.items()
        },
        orient="index",
    )


def test_the_seven_needs_are_those_of_the_letter() -> None:
    assert needs() == tables.NEEDS
    assert len(tables.NEEDS) == 7


def test_every_kind_of_facility_is_of_exactly_one_tier() -> None:
    kinds = [kind for of_tier in tiers().values() for kind in of_tier]
    assert sorted(kinds) == sorted(tables.CENTRE_KINDS)


def test_a_need_is_served_by_rooms_by_word_by_kind_and_by_beds() -> None:
    served = needs_served(
        _centres(
            rooms={"rooms": "餐厅（含配餐间）、阅览室", "centre_kind": "居家服务站"},
            word={"services": "助餐， 康复", "centre_kind": "居家服务站"},
            beds={"rooms": "办公室", "beds": 4, "centre_kind": "居家服务站"},
            canteen={"centre_kind": "助餐点"},
            silent={"centre_kind": "居家服务站"},
            office={"rooms": "办公室", "centre_kind": "居家服务站"},
        )
    )
    assert served.loc["rooms", "临休就餐"] == "yes"
    assert served.loc["rooms", "文化娱乐"] == "yes"
    assert served.loc["rooms", "保健康复"] == "no"
    assert list(served.loc["word", ["临休就餐", "保健康复"]]) == ["yes", "yes"]
    assert served.loc["beds", "短期托养"] == "yes"
    assert served.loc["canteen", "临休就餐"] == "yes"
    assert served.loc["canteen", "保健康复"] == "unknown"  # nothing is listed: not a no
    assert set(served.loc["silent"]) == {"unknown"}
    assert set(served.loc["office"]) == {"no"}


def test_sets_by_kind_need_tier_and_stage() -> None:
    table = _centres(
        a={"rooms": "餐厅"},
        b={"status": "在建", "rooms": "餐厅"},
        c={"status": "停运"},
        d={"centre_kind": "街道综合中心"},
        e={"centre_kind": "助餐点"},
    )
    sets = {(one.dimension, one.value): one for one in centre_sets(table)}
    assert sets["kind", "日间照料"].centres == ("a",)
    assert sets["kind", "街道综合中心"].centres == ("d",)
    assert sets["need", "临休就餐"].centres == ("a", "e")
    assert sets["need", "临休就餐"].unknown == ("d",)
    assert sets["tier", "社区级"].centres == ("a", "e")
    assert sets["tier", "养老机构"].centres == ()
    assert sets["stage", "运营"].centres == ("a",)
    assert sets["stage", "运营与在建"].centres == ("a", "b")
    assert sets["stage", "运营与停用"].centres == ("a", "c")


def test_the_circle_of_several_kinds_is_one_set() -> None:
    table = _centres(a={}, e={"centre_kind": "助餐点"})
    sets = centre_sets(table, centre_kinds=["日间照料", "助餐点"])
    assert [(one.value, one.centres) for one in sets if one.dimension == "kind"] == [
        ("日间照料、助餐点", ("a", "e")),
        ("日间照料", ("a",)),
        ("助餐点", ("e",)),
    ]


RESIDENTS = pd.DataFrame(
    {"community": "s", "population": [10.0, 20.0, 40.0], "elderly_60": [1.0, 2.0, 4.0],
     "elderly_65": [1.0, np.nan, 2.0], "elderly_80": np.nan},
    index=["r1", "r2", "r3"],
)  # fmt: skip


def test_a_table_by_hand() -> None:
    asked = Asked(
        "need",
        "助餐",
        "elder",
        pd.Series({"r3": np.nan, "r2": 15.0, "r1": 4.0}),
        possible_minutes=pd.Series({"r1": 20.0, "r2": 3.0, "r3": 15.1}),
        centres=2,
        unknown=1,
    )
    table = coverage_table(RESIDENTS, [asked], limits_minutes=[15, 5]).set_index(
        ["limit_minutes", "people"]
    )
    assert sorted(set(table.index.get_level_values("people"))) == [
        "elderly_60", "elderly_65", "population",
    ]  # fmt: skip
    assert list(table.loc[(5.0, "elderly_60"), ["total", "covered", "possible"]]) == [7, 1, 3]
    assert table.loc[(15.0, "elderly_60"), "covered"] == 3  # exactly 15 minutes is within
    assert table.loc[(15.0, "elderly_65"), "covered"] == 1  # r2's are unknown: nobody
    assert table.loc[(15.0, "elderly_60"), "share"] == pytest.approx(3 / 7)
    assert set(table["centres"]) == {2}
    assert set(table["unknown"]) == {1}


def test_minutes_of_other_residents_are_refused() -> None:
    asked = Asked("kind", "x", "elder", pd.Series({"r1": 1.0, "r9": 1.0}))
    with pytest.raises(TableError) as refused:
        coverage_table(RESIDENTS, [asked], limits_minutes=[15])
    assert refused.value.message.key == "coverage.minutes_ids"


@pytest.mark.parametrize("limits", [[], [0.0], [-1.0], [np.nan], [np.inf]])
def test_limits_are_positive_numbers(limits: list[float]) -> None:
    with pytest.raises(ValueError, match="positive"):
        coverage_table(RESIDENTS, [], limits_minutes=limits)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.floats(0, 500),
            st.one_of(st.floats(0, 40), st.just(float("nan")), st.just(float("inf"))),
        ),
        min_size=1,
        max_size=30,
    ),
    seed=st.integers(0, 2**16),
)
def test_a_longer_limit_never_covers_fewer_and_order_never_matters(
    rows: list[tuple[float, float]], seed: int
) -> None:
    ids = [f"r{number}" for number in range(len(rows))]
    elders, minutes = np.array(rows).T
    residents = pd.DataFrame({"community": "s", "elderly_60": elders}, index=ids)
    asked = Asked("kind", "x", "elder", pd.Series(minutes, index=ids))
    table = coverage_table(residents, [asked], limits_minutes=CURVE_MINUTES)
    assert table["covered"].is_monotonic_increasing
    for limit, covered in zip(table["limit_minutes"], table["covered"], strict=True):
        plain = sum(one for one, walk in rows if units.within(walk, limit))
        assert covered == pytest.approx(plain, rel=1e-12)
    order = np.random.default_rng(seed).permutation(len(ids))
    again = coverage_table(residents.iloc[order], [asked], limits_minutes=CURVE_MINUTES)
    pd.testing.assert_frame_equal(again, table)
