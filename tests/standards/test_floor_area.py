from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.standards.floor_area.required import required_floor_area, required_floor_areas
from planner.standards.rulebooks.books import rule_book

BOOK = rule_book()


@pytest.mark.parametrize(
    ("population", "centre_class", "class_area", "required", "centres", "reading"),
    [
        (9_999, None, 390.0, 390.0, 1, "pro_rata"),  # 1,000 elders x 0.39
        (10_000, "三类", 750, 750, 1, "class_area"),
        (14_999, "三类", 750, 750, 1, "class_area"),
        (15_000, "二类", 1085, 1085, 1, "class_area"),
        (29_999, "二类", 1085, 1085, 1, "class_area"),
        (30_000, "一类", 1600, 1600, 1, "class_area"),
        (50_000, "一类", 1600, 1600, 1, "class_area"),
        (50_001, "二类", 1085, 2170, 2, "several_centres"),  # 2 of 25,000.5
        (60_000, "一类", 1600, 3200, 2, "several_centres"),  # 2 of 30,000
        (100_000, "一类", 1600, 3200, 2, "several_centres"),
        (100_001, "一类", 1600, 4800, 3, "several_centres"),
    ],
)
def test_both_sides_of_every_bound(
    population: float,
    centre_class: str | None,
    class_area: float,
    required: float,
    centres: int,
    reading: str,
) -> None:
    result = required_floor_area(population, 1_000)
    assert result.centre_class == centre_class
    assert result.class_area_m2 == pytest.approx(class_area)
    assert result.required_m2 == pytest.approx(required)
    assert result.centres_needed == centres
    assert result.reading == reading


def test_the_area_per_elder_stands_beside() -> None:
    # 19 % aged 60+: the step at 30,000 people, TRADE.md 4
    assert required_floor_area(29_999, 0.19 * 29_999).per_elder_area_m2 == pytest.approx(
        1823.94, abs=0.01
    )
    result = required_floor_area(23_400, 4_446)
    assert result.per_elder_area_m2 == pytest.approx(1422.72)
    assert result.required_m2 == 1085
    assert result.marks == {"class-area": "C", "per-elder-area": "C"}


def test_pro_rata_never_exceeds_the_class_it_is_a_part_of() -> None:
    # 750 / 0.39 = 1,923.08 elders are what 三类 is made for
    assert required_floor_area(9_000, 1_923).required_m2 == pytest.approx(749.97)
    assert required_floor_area(9_000, 1_924).required_m2 == 750
    assert required_floor_area(9_000, 4_000).required_m2 == 750
    assert required_floor_area(9_000, 4_000).per_elder_area_m2 == pytest.approx(1560)
    # Among 9,000 people there are elders: 0 is a number that is not known, as a population of 0.
    assert required_floor_area(9_000, 0).required_m2 is None
    assert required_floor_area(9_000, 0).reading == "unknown"
    assert required_floor_area(20_000, 0).per_elder_area_m2 is None
    assert required_floor_area(9_000, 10).marks["below-least-class"] == "-"


def test_a_group_left_alone_says_so() -> None:
    result = required_floor_area(9_000, 1_000, small_groups="join_nearest")
    assert (result.required_m2, result.reading) == (390.0, "left_alone")


@pytest.mark.parametrize("population", [None, 0, float("nan")])
def test_a_population_that_is_not_known_requires_nobody_knows_what(
    population: float | None,
) -> None:
    result = required_floor_area(population, 500)
    assert result.required_m2 is None
    assert result.class_area_m2 is None
    assert result.centre_class is None
    assert result.centres_needed is None
    assert result.per_elder_area_m2 is None
    assert result.reading == "unknown"
    assert result.marks == {}


def test_unknown_elders_matter_below_the_least_class_only() -> None:
    assert required_floor_area(9_000, None).required_m2 is None
    assert required_floor_area(9_000, None).reading == "unknown"
    large = required_floor_area(20_000, None)
    assert (large.required_m2, large.per_elder_area_m2) == (1085, None)


@pytest.mark.parametrize(
    ("population", "elders"), [(-1, 0), (10_000, -1), (math.inf, 0), (1, math.inf)]
)
def test_senseless_numbers_are_refused(population: float, elders: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        required_floor_area(population, elders)


def test_an_unknown_reading_is_refused() -> None:
    with pytest.raises(ValueError, match="small_groups"):
        required_floor_area(9_000, 10, small_groups="largest")  # type: ignore[arg-type]


def test_the_table_is_the_scalar_row_by_row() -> None:
    people = pd.DataFrame(
        {
            "population": [np.nan, 5_000.0, 12_000, 29_999, 50_000, 120_001],
            "elderly_60": [1.0, np.nan, 3_000, np.nan, 9_000, 20_000],
        },
        index=list("abcdef"),
    )
    table = required_floor_areas(people, book=BOOK)
    for id_, row in people.iterrows():
        alone = required_floor_area(row["population"], row["elderly_60"], book=BOOK)
        found = table.loc[[id_]].iloc[0].to_dict()
        for name in ("class_area_m2", "per_elder_area_m2", "required_m2", "centres_needed"):
            expected = getattr(alone, name)
            assert found[name] == pytest.approx(
                np.nan if expected is None else expected, nan_ok=True
            )
        assert found["centre_class"] == alone.centre_class
        assert found["reading"] == alone.reading


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 400_000), st.floats(1e-6, 1))
def test_against_the_standard_read_aloud(population: int, share: float) -> None:
    elders = share * population
    parts = -(-population // 50_000)
    each = population / parts
    if population < 10_000:
        expected = min(750.0, 0.39 * elders)
    elif each < 15_000:
        expected = 750.0
    else:
        expected = parts * (1085.0 if each < 30_000 else 1600.0)
    assert required_floor_area(population, elders).required_m2 == pytest.approx(expected)


def test_the_example_of_the_docstring() -> None:
    assert required_floor_area(23_400, 4_446).class_area_m2 == 1085.0
