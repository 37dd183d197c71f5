"""Whom a question counts: a column, several with factors, or heads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import SitingError
from planner.siting.asking.recount import covered_weight
from planner.siting.asking.weights import factors_of, weight_problems, weights_of
from planner.siting.covering.questions import fewest_centres, most_people

PEOPLE = pd.DataFrame(
    {"elderly_60": [10, 20, 0], "elderly_80": [1, 5, 0], "disabled": [0.5, 0.0, 3.0]},
    index=["a", "b", "c"],
)
TIMES = pd.DataFrame(
    {"origin": ["a", "b", "c"], "destination": ["A", "B", "C"], "walk_minutes": 5.0}
)


def test_a_column_factors_and_heads() -> None:
    assert weights_of(PEOPLE, "elderly_80").tolist() == [1.0, 5.0, 0.0]
    assert weights_of(PEOPLE, None).tolist() == [1.0, 1.0, 1.0]
    both = weights_of(PEOPLE, {"elderly_60": 1, "disabled": 2.0})
    assert both.tolist() == [11.0, 20.0, 6.0]
    assert weights_of(PEOPLE, {"elderly_60": 0, "disabled": 1}).tolist() == [0.5, 0.0, 3.0]
    assert factors_of("elderly_60") == {"elderly_60": 1.0}


@pytest.mark.parametrize("dtype", ["int64", "Int64", "float32", "Float64"])
def test_every_kind_of_number_column_counts(dtype: Any) -> None:
    people = pd.DataFrame({"elderly_60": [1, 2]}, index=["a", "b"]).astype(dtype)
    assert weights_of(people, "elderly_60").tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("weight", "chosen"),
    [
        ("elderly_60", "B"),
        ({"disabled": 1.0}, "C"),
        ({"elderly_60": 1, "disabled": 10}, "C"),
        ({"elderly_60": 1, "disabled": 5}, "B"),
        (None, "A"),  # all alike: the first in the order of ids
    ],
)
def test_the_weight_decides_who_comes_first(weight: Any, chosen: str) -> None:
    plan = most_people(
        TIMES, PEOPLE, ["C", "B", "A"], limit_minutes=15, new_centres=1, weight=weight
    )
    assert plan.chosen == (chosen,)
    assert plan.weight == weight
    again = covered_weight(TIMES, PEOPLE, plan.chosen, limit_minutes=15, weight=weight)
    assert plan.covered == again == weights_of(PEOPLE, weight).max()


def test_who_weighs_nothing_needs_no_centre() -> None:
    plan = fewest_centres(TIMES, PEOPLE, ["A", "B", "C"], limit_minutes=15, weight="elderly_80")
    assert plan.chosen == ("B", "A")
    assert plan.without_weight == 1
    both = {"elderly_80": 1.0, "disabled": 1.0}
    assert (
        len(fewest_centres(TIMES, PEOPLE, ["A", "B", "C"], limit_minutes=15, weight=both).chosen)
        == 3
    )


def _keys(weight: Any, people: pd.DataFrame = PEOPLE) -> list[str]:
    problems = weight_problems(people, weight)
    for problem in problems:
        assert problem.text("zh")
        assert problem.text("en")
    return [problem.key for problem in problems]


def test_sound_weights_have_no_problem() -> None:
    assert _keys("elderly_60") == _keys(None) == _keys({"elderly_60": 0.5, "disabled": 0}) == []


@pytest.mark.parametrize("factor", [-1, float("nan"), float("inf"), "2", None, True])
def test_factors_out_of_bounds(factor: Any) -> None:
    assert _keys({"elderly_60": 1.0, "disabled": factor}) == ["siting.factor_wrong"]


def test_weights_that_are_all_zero() -> None:
    assert _keys({"elderly_60": 0.0}) == ["siting.nobody"]
    assert _keys({}) == ["siting.nobody"]
    assert _keys("elderly_60", PEOPLE * 0) == ["siting.nobody"]
    assert _keys(None, PEOPLE.iloc[:0]) == ["siting.nobody"]
    with pytest.raises(SitingError):
        most_people(TIMES, PEOPLE * 0, ["A"], limit_minutes=15, new_centres=1)


def test_columns_that_are_missing_or_hold_no_sound_numbers() -> None:
    assert _keys({"elderly_60": 1, "zz": 1, "yy": 1}) == ["tables.column_missing"] * 2
    assert _keys("name", PEOPLE.assign(name="x")) == ["tables.not_numbers"]
    wrong = PEOPLE.assign(elderly_60=[np.nan, np.inf, -1.0])
    assert _keys("elderly_60", wrong) == [
        "siting.weight_missing",
        "siting.weight_infinite",
        "siting.weight_negative",
    ]
    gap = PEOPLE.assign(elderly_60=pd.array([1, None, 2], dtype="Int64"))
    assert _keys({"elderly_60": 1.0}, gap) == ["siting.weight_missing"]


def test_ids_that_are_missing_or_stand_twice() -> None:
    assert _keys("elderly_60", PEOPLE.set_axis(["a", "a", "c"])) == ["tables.id_repeated"]
    assert _keys(None, PEOPLE.set_axis(["a", None, "c"])) == ["tables.id_missing"]
