"""Each way to ask wrongly has its own clear sentence, and all are told at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import SitingError
from planner.siting import fewest_centres, most_people

TIMES = pd.DataFrame(
    {
        "origin": ["a", "a", "b", "c"],
        "destination": ["A", "B", "B", "old"],
        "walk_minutes": [3.0, 9.0, 15.0, 7.0],
    }
)
RESIDENTS = pd.DataFrame({"elderly_60": [10.0, 20.0, 30.0]}, index=["a", "b", "c"])


def _keys(**changed: Any) -> list[str]:
    asked: dict[str, Any] = {
        "times": TIMES,
        "residents": RESIDENTS,
        "candidates": ["A", "B"],
        "existing": ["old"],
        "limit_minutes": 15.0,
        "new_centres": 1,
    } | changed
    with pytest.raises(SitingError) as refused:
        most_people(**asked)
    problems = refused.value.problems
    for problem in problems:
        assert problem.text("zh")
        assert problem.text("en")
    return [problem.key for problem in problems]


def _residents(*weights: Any) -> pd.DataFrame:
    return pd.DataFrame({"elderly_60": weights}, index=["a", "b", "c"])


@pytest.mark.parametrize("limit", [0, -1.0, float("nan"), float("inf"), "15", None, True])
def test_limit(limit: Any) -> None:
    assert _keys(limit_minutes=limit) == ["siting.not_positive"]


@pytest.mark.parametrize("count", [-1, 1.5, float("nan"), "3", None, True, np.float64("inf")])
def test_number_of_centres(count: Any) -> None:
    assert _keys(new_centres=count) == ["siting.count_wrong"]


@pytest.mark.parametrize("count", [1, np.int32(1), 1.0])
def test_whole_numbers_of_any_make_are_welcome(count: Any) -> None:
    plan = most_people(TIMES, RESIDENTS, ["A", "B"], limit_minutes=15, new_centres=count)
    assert plan.chosen == ("B",)
    assert plan.new_centres == 1


def test_effort() -> None:
    assert _keys(time_limit_s=0, gap=1.0) == ["siting.not_positive", "siting.gap_wrong"]
    assert _keys(gap=-0.1) == ["siting.gap_wrong"]
    assert _keys(gap=float("nan")) == ["siting.gap_wrong"]


@pytest.mark.parametrize(
    ("weights", "key"),
    [
        ((1.0, float("nan"), 2.0), "siting.weight_missing"),
        ((1.0, -2.0, 2.0), "siting.weight_negative"),
        ((1.0, float("inf"), 2.0), "siting.weight_infinite"),
        ((0.0, 0.0, 0.0), "siting.nobody"),
        (("1", "2", "3"), "tables.not_numbers"),
        ((True, False, True), "tables.not_numbers"),
    ],
)
def test_weights(weights: tuple[Any, ...], key: str) -> None:
    assert _keys(residents=_residents(*weights)) == [key]


def test_the_residents_with_wrong_weights_are_named() -> None:
    with pytest.raises(SitingError, match=r"elderly_60.*：b"):
        most_people(TIMES, _residents(1, -2, 3), ["A"], limit_minutes=15, new_centres=1)


def test_weight_column() -> None:
    assert _keys(weight="elderly_99") == ["tables.column_missing"]
    assert _keys(residents=RESIDENTS.iloc[:0], times=TIMES.iloc[:0]) == ["siting.nobody"]
    nobody = {"residents": RESIDENTS.iloc[:0], "times": TIMES.iloc[:0], "weight": None}
    assert _keys(**nobody) == ["siting.nobody"]


def test_ids_repeated_or_missing_or_shared() -> None:
    assert _keys(candidates=["A", "A"]) == ["tables.id_repeated"]
    assert _keys(existing=["old", "old"]) == ["tables.id_repeated"]
    assert _keys(candidates=["A", float("nan")]) == ["tables.id_missing"]
    assert _keys(candidates=["A", "old"]) == ["tables.ids_shared"]
    twice = RESIDENTS.iloc[[0, 1, 2, 2]]
    assert _keys(residents=twice) == ["tables.id_repeated"]


def test_a_single_text_is_no_list_of_ids() -> None:
    with pytest.raises(TypeError, match="'AB'"):
        most_people(TIMES, RESIDENTS, "AB", limit_minutes=15, new_centres=1)


def test_columns_of_the_times() -> None:
    assert _keys(times=TIMES[["origin"]]) == ["tables.column_missing"] * 2
    assert _keys(times=TIMES.assign(walk_minutes="3")) == ["tables.not_numbers"]
    assert _keys(times=TIMES.assign(walk_minutes=[1, -1, 2, 3])) == ["siting.minutes_negative"]
    holed = TIMES.assign(origin=TIMES["origin"].where(TIMES["origin"] != "b"))
    assert _keys(times=holed) == ["siting.pair_end_missing"]
    holed = holed.assign(origin=holed["origin"].astype("category"))
    assert _keys(times=holed) == ["siting.pair_end_missing"]


def test_origins_that_are_no_residents_are_named() -> None:
    with pytest.raises(SitingError, match="zz") as refused:
        fewest_centres(
            TIMES.assign(origin=["a", "zz", "b", "c"]), RESIDENTS, ["A"], limit_minutes=15
        )
    assert [problem.key for problem in refused.value.problems] == ["siting.origin_unknown"]


def test_categories_that_no_row_uses_are_no_origins() -> None:
    origins = pd.Categorical(TIMES["origin"], categories=["zz", "c", "b", "a"])
    plan = most_people(
        TIMES.assign(origin=origins), RESIDENTS, ["A", "B"], limit_minutes=15, new_centres=1
    )
    assert plan.chosen == ("B",)


def test_numbers_in_one_table_and_text_in_the_other() -> None:
    numbered = TIMES.assign(origin=[1, 1, 2, 3])
    text = RESIDENTS.set_axis(["1", "2", "3"])
    assert _keys(times=numbered, residents=text) == [
        "siting.origin_unknown",
        "siting.ids_differ_in_type",
    ]
    ends = TIMES.assign(destination=[1, 2, 2, 3])
    assert _keys(times=ends, candidates=["1", "2"]) == ["siting.ids_differ_in_type"]


@pytest.mark.parametrize("minutes", [3.0, 99.0])
def test_a_pair_that_stands_twice_is_not_guessed_at(minutes: float) -> None:
    twice = pd.concat(
        [TIMES, pd.DataFrame({"origin": "a", "destination": "A", "walk_minutes": [minutes]})]
    )
    assert _keys(times=twice) == ["siting.pairs_repeated"]
    with pytest.raises(SitingError, match="a → A"):
        fewest_centres(twice, RESIDENTS, ["A"], limit_minutes=15)


def test_everything_wrong_is_told_at_once() -> None:
    keys = _keys(
        limit_minutes=-1,
        new_centres=-1,
        time_limit_s=-1,
        candidates=["A", "A", "old"],
        residents=_residents(1.0, float("nan"), -3.0),
        times=TIMES.assign(walk_minutes=-1.0),
    )
    assert keys == [
        "siting.not_positive",
        "siting.count_wrong",
        "siting.not_positive",
        "tables.id_repeated",
        "tables.ids_shared",
        "siting.weight_missing",
        "siting.weight_negative",
        "siting.minutes_negative",
    ]
