"""What is written as short text is read back point by point."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from planner.outputs.palette import coverage_class
from planner.outputs.web.drawing import (
    ALPHABET,
    STEP_DEGREES,
    encode_lines,
    encode_numbers,
    encode_outlines,
    latitude_longitude,
)


def _decoded(text: str) -> list[int]:
    """Read whole numbers back: a second, plain implementation of the code."""
    numbers, folded, place = [], 0, 0
    for letter in text:
        value = ALPHABET.index(letter)
        folded += (value % 32) << place
        place += 5
        if value < 32:
            numbers.append(-(folded + 1) // 2 if folded % 2 else folded // 2)
            folded, place = 0, 0
    return numbers


def _lines(text: str) -> list[list[tuple[int, int]]]:
    numbers = iter(_decoded(text))
    lines, east, north = [], 0, 0
    for count in numbers:
        line = []
        for _ in range(count):
            east, north = east + next(numbers), north + next(numbers)
            line.append((east, north))
        lines.append(line)
    return lines


@settings(deadline=None, derandomize=True)
@given(st.lists(st.integers(-(2**40), 2**40)))
def test_whole_numbers_are_read_back(numbers: list[int]) -> None:
    assert _decoded(encode_numbers(numbers)) == numbers


degree = st.floats(-179.0, 179.0, allow_nan=False)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.lists(st.tuples(degree, degree), min_size=2, max_size=6), max_size=6))
def test_lines_are_read_back_to_the_step(lines: list[list[tuple[float, float]]]) -> None:
    wanted = []
    for line in lines:
        steps = [tuple(int(np.rint(part / STEP_DEGREES)) for part in point) for point in line]
        fresh = [
            point for place, point in enumerate(steps) if place == 0 or point != steps[place - 1]
        ]
        if len(fresh) >= 2:
            wanted.append(fresh)
    assert _lines(encode_lines([LineString(line) for line in lines])) == wanted


def test_outlines_keep_parts_and_holes() -> None:
    ring = Polygon(box(0, 0, 1, 1).exterior, [box(0.2, 0.2, 0.4, 0.4).exterior])
    assert len(_lines(encode_outlines(MultiPolygon([ring, box(2, 2, 3, 3)])))) == 3


def test_the_alphabet_needs_no_escaping() -> None:
    assert len(set(ALPHABET)) == 64
    assert not set(ALPHABET) & set("<>&\"'\\$`{}")


def test_a_point_that_is_nowhere_has_no_place() -> None:
    assert latitude_longitude(Point()) is None
    assert latitude_longitude(None) is None
    assert latitude_longitude(Point(108.1234567, 34.1)) == [34.1, 108.12346]


@pytest.mark.parametrize(
    ("share", "name"),
    [
        (1.0, "most"), (0.9, "most"), (0.8999, "many"), (0.6, "many"), (0.5999, "some"),
        (0.3, "some"), (0.2999, "few"), (0.0, "few"), (math.nan, "nobody"),
    ],
)  # fmt: skip
def test_a_bound_belongs_to_the_better_class(share: float, name: str) -> None:
    assert coverage_class(share) == name
