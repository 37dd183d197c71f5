"""Bands and gaps of a few are joined or withheld, and what would tell them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.siting.what_if.table import NO_GAP
from planner.siting.what_if.withholding import told_bands, told_gaps

COVERED = np.array([True, False])


def bands(*rows: tuple[float, ...]) -> tuple[tuple[int, ...], list[list[float]]]:
    ages, persons = told_bands(np.array(rows), COVERED, (60, 65, 80)[: len(rows[0])], least=5.0)
    return ages, persons.tolist()


def test_an_older_band_of_a_few_joins_the_younger_one() -> None:
    assert bands((9, 8, 7), (9, 8, 4)) == ((60, 65), [[9, 15], [9, 12]])


def test_the_youngest_of_a_few_joins_the_older_one() -> None:
    assert bands((4, 8, 7), (9, 8, 0)) == ((60, 80), [[12, 7], [17, 0]])


def test_one_band_is_left_whatever_it_holds() -> None:
    assert bands((1, 1, 1), (0, 0, 0)) == ((60,), [[3], [0]])
    assert bands((9, 8, 7), (9, 8, 5))[0] == (60, 65, 80)


def gaps(
    gap: list[int], persons: list[list[float]], covered: list[bool] | None = None
) -> npt.NDArray[np.int64]:
    is_covered = np.array(covered or [False] * len(gap))
    return told_gaps(np.array(gap), np.array(persons, dtype=float), is_covered, least=5.0)


def test_a_gap_with_a_few_of_one_age_is_not_told() -> None:
    told = gaps([0, 1, NO_GAP], [[9, 9], [9, 3], [50, 50]])
    assert told.tolist() == [0, NO_GAP, NO_GAP]


def test_a_gap_alone_in_being_withheld_takes_the_smallest_along() -> None:
    told = gaps([0, 1, 2], [[30, 30], [9, 3], [8, 8]])
    assert told.tolist() == [0, NO_GAP, NO_GAP]


def test_who_is_covered_but_finds_no_place_is_in_no_gap_of_walking() -> None:
    told = gaps([0, 0, 1, 1], [[9], [6], [9], [2]], [False, True, False, True])
    # The second holds two besides: its whole is printed, and would tell of them.
    assert told.tolist() == [0, NO_GAP, NO_GAP, NO_GAP]


def test_no_gaps_are_no_gaps() -> None:
    assert gaps([NO_GAP, NO_GAP], [[9], [9]]).tolist() == [NO_GAP, NO_GAP]


def test_a_few_who_are_covered_leave_no_gap_told() -> None:
    # Alone of their state, the three would join somebody inside the gap and swell it to 58.
    persons = np.array([[3.0], [25.0], [30.0]])
    gap, covered = np.array([NO_GAP, 1, 1]), np.array([True, False, False])
    assert told_gaps(gap, persons, covered, least=5.0).tolist() == [NO_GAP] * 3
    enough = np.array([[5.0], [25.0], [30.0]])
    assert told_gaps(gap, enough, covered, least=5.0).tolist() == [NO_GAP, 1, 1]
