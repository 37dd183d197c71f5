"""Small counts of areas are withheld, and nothing that is shown tells them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.areas import OUTSIDE, UNNAMED
from planner.workflow.covering.area_counts import area_frame, put_counts, shown_parts, withheld

COMMUNITIES = pd.DataFrame(
    {"name": ["甲", "乙", "丙", "丁"], "street": ["东", "东", "西", None]},
    index=["c1", "c2", "c3", "c4"],
)


def test_a_small_part_takes_another_with_it() -> None:
    nothing = np.zeros(4, dtype=bool)
    told = shown_parts(np.array([3.0, 40.0, 8.0, 0.0]), nothing)
    assert told.tolist() == [False, True, False, True]
    assert shown_parts(np.array([5.0, 40.0, 0.0, 0.0]), nothing).all()
    # 1 + 1 are still fewer than five.
    assert shown_parts(np.array([1.0, 1.0, 9.0, 7.0]), nothing).tolist() == [
        False, False, True, False,
    ]  # fmt: skip


def test_a_street_that_is_withheld_is_not_the_sum_of_its_communities() -> None:
    counts = pd.Series({"a": 3.0, "b": 10.0, "c": 20.0, "d": 30.0})
    whole, streets, communities = withheld(counts, pd.Series(["x", "y", "y", "z"], counts.index))
    assert whole == 63.0
    assert streets.isna().to_dict() == {"x": True, "y": True, "z": False}
    assert communities["a":"c"].isna().to_list() == [True, True, True]


def _told(whole: float, shown: pd.Series) -> float:
    """Return how many of a total cannot be told apart."""
    return whole - float(shown.fillna(0.0).sum())


@settings(deadline=None, derandomize=True, max_examples=80)
@given(
    st.lists(
        st.tuples(st.sampled_from("xyz"), st.sampled_from([0, 1, 2, 4, 5, 6, 30])),
        min_size=1,
        max_size=9,
    )
)
def test_no_difference_brings_a_small_count_back(rows: list[tuple[str, int]]) -> None:
    ids = [f"c{place}" for place in range(len(rows))]
    streets = pd.Series([street for street, _ in rows], index=ids)
    counts = pd.Series([float(count) for _, count in rows], index=ids)
    whole, by_street, by_community = withheld(counts, streets)
    for shown in (by_street, by_community):
        assert not ((shown > 0) & (shown < 5)).any()
    sums = counts.groupby(streets).sum()
    hidden = by_street.isna()
    positive = int((sums > 0).sum())
    if hidden.any() and positive > 1 and not math.isnan(whole):
        assert hidden.sum() >= 2
        assert _told(whole, by_street) >= 5
    for street, here in counts.groupby(streets):
        gone = by_community[here.index].isna()
        if gone.any() and (here > 0).sum() > 1 and not math.isnan(by_street[street]):
            assert gone.sum() >= 2
            assert _told(by_street[street], by_community[here.index]) >= 5
        if math.isnan(by_street[street]):
            assert gone.any()
    # Zeros are shown, and what is shown is true.
    for true, shown in itertools.chain(
        zip(counts, by_community, strict=True), zip(sums, by_street, strict=True)
    ):
        assert math.isnan(shown) or shown == true
        assert true > 0 or shown == 0


def test_areas_in_words_and_sums_of_streets_are_the_district() -> None:
    ids = ["c1", "c2", "c3", "c4", OUTSIDE]
    frame = area_frame(COMMUNITIES, ids, "zh")
    assert frame["area_level"].to_list() == ["全区", *["街道"] * 4, *["社区"] * 5]
    streets = frame[frame["level"] == "street"]
    assert sorted(streets["key"]) == sorted(["东", "西", UNNAMED, OUTSIDE])
    assert "（未注明街道）" in set(streets["street"])
    counts = pd.Series([10.0, 20.0, 30.0, 40.0, 50.0], index=ids)
    table = put_counts(frame, "people", counts, COMMUNITIES).set_index("level")["people"]
    assert table["district"] == table["street"].sum() == table["community"].sum() == 150.0
