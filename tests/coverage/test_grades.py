"""Grades of communities and gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.coverage.areas import by_community
from planner.coverage.gap_closing import WAY_KINDS
from planner.coverage.grades import (
    GRADES,
    PATTERNS,
    UNGRADED,
    GradeSettings,
    community_grades,
    gap_grades,
    grade_totals,
)
from planner.coverage.walking import coverage
from planner.errors import ScenarioError
from planner.labels import catalogue
from tests.coverage.towns import COMMUNITIES, NEAREST, RESIDENTS

AREAS = pd.DataFrame(
    # elders, covered: by share and number both
    {
        "a": (1000, 0),  # all of 1,000: red
        "b": (800, 200),  # 0.75 on the line, 600: red
        "c": (800, 201),  # a hair below 0.75: orange
        "d": (6, 0),  # all of six: the number is blue's
        "e": (6000, 5400),  # 600, but one in ten: blue
        "f": (150, 50),  # two thirds, 100 on the line: orange
        "g": (100, 50),  # half, but 50 only: yellow
        "h": (100, 100),  # nobody left out
        "i": (0, 0),  # nobody lives there
    },
    index=["elderly_60", "elderly_60_covered"],
).T


def test_share_and_number_must_both_be_reached() -> None:
    assert community_grades(AREAS).to_dict() == {
        "a": "red", "b": "red", "c": "orange", "d": "blue", "e": "blue", "f": "orange",
        "g": "yellow", "h": UNGRADED, "i": UNGRADED,
    }  # fmt: skip


def test_gaps_are_graded_by_their_elders() -> None:
    gaps = pd.DataFrame({"elderly_60": [400.0, 399.9, 200.0, 100.0, 99.0]})
    assert gap_grades(gaps).to_list() == ["red", "orange", "orange", "yellow", "blue"]
    own = GradeSettings(gap_elders=(50.0, 40.0, 30.0))
    assert set(gap_grades(gaps, own)) == {"red"}


def test_a_last_bit_decides_nothing() -> None:
    thirds = pd.DataFrame({"elderly_60": [0.1 + 0.2], "elderly_60_covered": [0.3]}, index=["a"])
    assert community_grades(thirds)["a"] == UNGRADED
    gaps = pd.DataFrame({"elderly_60": [np.nextafter(400.0, 0)]})
    assert gap_grades(gaps).to_list() == ["red"]


def test_totals_are_those_of_all_areas() -> None:
    lacking = AREAS["elderly_60"] - AREAS["elderly_60_covered"]
    table = grade_totals(community_grades(AREAS).iloc[::-1], lacking)
    assert table.index.to_list() == [*GRADES, UNGRADED]
    assert table["areas"].to_list() == [2, 2, 1, 2, 2]
    assert table["elderly_60"].sum() == lacking.sum()
    assert table["pattern"].to_list() == [*PATTERNS.values(), ""]


def test_real_coverage_is_graded_row_by_row() -> None:
    town = coverage(RESIDENTS, NEAREST, limit_minutes=15, open_centres=2)
    grades = community_grades(by_community(town, COMMUNITIES))
    # c2: all of 80: by number yellow; c3: 30 of 30: blue; c4 has no elders
    assert grades.to_dict() == {
        "c1": "blue", "c2": "yellow", "c3": "blue", "c4": UNGRADED, "outside": "blue",
    }  # fmt: skip


def test_thresholds_that_are_no_ladder_are_all_told() -> None:
    with pytest.raises(ScenarioError) as refused:
        GradeSettings(
            community_shares=(1.5, 0.5, 0.2),
            community_elders=(10.0, 10.0, 5.0),
            gap_elders=(3.0, 2.0),
        )
    assert [one.fields["name"] for one in refused.value.problems] == [
        "community_shares", "community_elders", "gap_elders",
    ]  # fmt: skip


def test_grades_patterns_and_ways_have_words() -> None:
    words = catalogue()
    assert set(PATTERNS) == set(GRADES)
    assert len(set(PATTERNS.values())) == len(GRADES)
    assert all(f"words.{grade}" in words for grade in GRADES)
    assert all(f"words.{pattern}" in words for pattern in PATTERNS.values())
    assert all(f"words.{kind}" in words for kind in WAY_KINDS)
