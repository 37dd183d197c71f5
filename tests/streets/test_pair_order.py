"""Pairs kept, grouped and sorted against numpy, with many ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.streets.search.pair_order import (
    PairColumns,
    bring_together,
    group_starts,
    sort_within_groups,
)

SETTINGS = settings(deadline=None, derandomize=True, max_examples=60)


def _sorted_by_us(
    group: np.ndarray, other: np.ndarray, minutes: np.ndarray, groups: int
) -> list[tuple[int, float, int]]:
    start = group_starts(group, groups)
    bring_together(group, other, minutes, start)
    sort_within_groups(start, other, minutes)
    return list(zip(group.tolist(), minutes.tolist(), other.tolist(), strict=True))


def test_against_numpy() -> None:
    random = np.random.default_rng(8)
    pairs = 20_000
    group = random.integers(0, 300, pairs).astype(np.int32)
    other = random.integers(0, 5_000, pairs).astype(np.int32)
    minutes = random.integers(0, 6, pairs) / 4.0
    order = np.lexsort((other, minutes, group))
    by_numpy = zip(group[order], minutes[order], other[order], strict=True)
    expected = [(int(one), float(walk), int(two)) for one, walk, two in by_numpy]
    start = group_starts(group, 310)
    np.testing.assert_array_equal(start, np.searchsorted(group[order], np.arange(311)))
    assert _sorted_by_us(group, other, minutes, 310) == expected


@pytest.mark.parametrize("groups", [1, 255, 256, 257, 511, 512, 513, 100_000])
def test_any_number_of_groups(groups: int) -> None:
    random = np.random.default_rng(groups)
    group = random.integers(0, groups, 5_000).astype(np.int32)
    other = np.arange(5_000, dtype=np.int32)
    minutes = other / 8.0
    pairs = sorted(zip(group.tolist(), minutes.tolist(), other.tolist(), strict=True))
    assert _sorted_by_us(group, other, minutes, groups) == pairs


@SETTINGS
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(0, 9)), max_size=60))
def test_any_pairs_are_sorted(pairs: list[tuple[int, int, int]]) -> None:
    columns = np.array(pairs, dtype=np.int32).reshape(-1, 3)
    group, other = columns[:, 0].copy(), columns[:, 2].copy()
    ours = _sorted_by_us(group, other, columns[:, 1].astype(np.float64), 7)
    assert ours == sorted(ours) == sorted((one, float(walk), two) for one, walk, two in pairs)


@pytest.mark.parametrize("shape", ["even", "equal", "crowded", "two values", "sorted", "reversed"])
def test_large_groups_however_minutes_lie(shape: str) -> None:
    random = np.random.default_rng(4)
    count = 3_000
    minutes = {
        "even": random.random(count),
        "equal": np.full(count, 2.5),
        "crowded": np.append(random.random(count - 1) * 2.0**-20, 900.0),
        "two values": random.integers(0, 2, count) * 2.0**-36,
        "sorted": np.arange(count) / 7.0,
        "reversed": np.arange(count)[::-1] / 7.0,
    }[shape]
    other = random.permutation(count).astype(np.int32)
    order = np.lexsort((other, minutes))
    expected = minutes[order].copy(), other[order].copy()
    sort_within_groups(np.array([0, count]), other, minutes)
    np.testing.assert_array_equal(minutes, expected[0])
    np.testing.assert_array_equal(other, expected[1])


def test_a_slice_of_groups_is_sorted_alone() -> None:
    start = np.array([0, 3, 6, 8])
    other = np.array([3, 2, 1, 9, 8, 7, 5, 4], dtype=np.int32)
    minutes = np.ones(8)
    sort_within_groups(start[1:3], other, minutes)
    assert other.tolist() == [3, 2, 1, 7, 8, 9, 5, 4]


@pytest.mark.parametrize("expected", [0, 7, 949, 5_000])
def test_columns_hold_what_came_however_much_was_expected(expected: int) -> None:
    random = np.random.default_rng(9)
    columns = PairColumns()
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for count in (0, 1, 5, 0, 40, 3, 900):
        one, two = random.integers(0, 99, (2, count)).astype(np.int32)
        parts.append((one, two, random.random(count)))
        columns.add(*parts[-1], expected=expected)
    assert len(columns) == 949
    for number, column in enumerate(columns.taken()):
        np.testing.assert_array_equal(column, np.concatenate([part[number] for part in parts]))


def test_columns_without_pairs() -> None:
    assert [len(column) for column in PairColumns().taken()] == [0, 0, 0]
