"""No figure that is shown, nor any difference of figures, speaks of fewer than five persons."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.outputs.small_counts import without_small_ages, without_small_parts, without_small_rows

PERSONS = st.one_of(st.just(0.0), st.floats(0.01, 30.0))


def _parts(*rows: list[float]) -> list[list[float]]:
    return without_small_parts(pd.DataFrame(rows)).fillna(-1.0).to_numpy().tolist()


def test_a_small_part_takes_the_least_other_with_it() -> None:
    assert _parts([100, 20, 3, 0]) == [[100, -1, -1, 0]]
    # Two that come to five together tell of neither
    assert _parts([100, 20, 3, 2]) == [[100, 20, -1, -1]]
    assert _parts([100, 20, 3, 1]) == [[100, -1, -1, -1]]
    assert _parts([100, 0, 0, 5]) == [[100, 0, 0, 5]]
    assert _parts([3, 0, 0, 0]) == [[-1, 0, 0, 0]]
    assert _parts([20, 20, 4, 0]) == [[-1, 20, -1, 0]]


@settings(deadline=None, derandomize=True)
@given(st.lists(PERSONS, min_size=1, max_size=8))
def test_what_is_withheld_is_never_few(parts: list[float]) -> None:
    shown = np.array(_parts(parts)[0])
    hidden = shown == -1.0
    assert (shown[~hidden] == np.array(parts)[~hidden]).all()
    assert not ((shown > 0) & (shown < 5)).any()
    if hidden.any() and sum(parts) >= 5:
        assert np.array(parts)[hidden].sum() >= 5 - 1e-9
        # Nothing is withheld but small figures and one more
        assert (np.array(parts)[hidden] >= 5).sum() <= 1


def test_ages_that_differ_by_few_are_not_told_side_by_side() -> None:
    ages = pd.DataFrame(
        [[100, 70, 15], [100, 98, 15], [100, 70, 3], [10, 8, 7], [10, 10, 0], [6, 6, 6]],
        columns=["gap_elderly_60", "gap_elderly_65", "gap_elderly_80"],
    )
    told = without_small_ages(ages).fillna(-1.0).to_numpy().tolist()
    assert told == [
        [100, 70, 15], [100, -1, 15], [100, 70, -1], [10, -1, -1], [10, 10, 0], [6, 6, 6],
    ]  # fmt: skip
    assert without_small_ages(pd.DataFrame(index=[1, 2])).empty


@settings(deadline=None, derandomize=True)
@given(st.floats(5.0, 60.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_no_difference_of_ages_brings_few_back(elders: float, older: float, oldest: float) -> None:
    row = pd.DataFrame([[elders, elders * older, elders * older * oldest]])
    told = [one for one in without_small_ages(row).iloc[0] if not np.isnan(one)]
    assert told[0] == elders
    for one, other in combinations([*told, 0.0], 2):
        assert abs(one - other) < 1e-5 or abs(one - other) >= 5 or min(one, other) == 0.0
    assert all(one == 0 or one >= 5 for one in told)


@settings(deadline=None, derandomize=True)
@given(st.lists(PERSONS, min_size=1, max_size=8), PERSONS)
def test_rows_below_a_total_tell_of_few_in_no_way(rows: list[float], elsewhere: float) -> None:
    total = sum(rows) + elsewhere
    shown = without_small_rows(pd.Series(rows), total)
    told = shown.dropna()
    assert (told == pd.Series(rows)[told.index]).all()
    assert not ((told > 0) & (told < 5)).any()
    left = total - float(told.sum())
    assert left <= 1e-6 or left >= 5 - 1e-9 or not (told > 0).any()


def test_what_rows_leave_of_their_total_is_not_few() -> None:
    rows = pd.Series([105.0, 40.0, 3.0])
    assert without_small_rows(rows, 148.0).fillna(-1).tolist() == [105, -1, -1]
    # Five or more elsewhere hide the three
    assert without_small_rows(rows, 150.0).fillna(-1).tolist() == [105, 40, -1]
    # Few elsewhere, at a place without a row
    assert without_small_rows(rows.iloc[:2], 148.0).fillna(-1).tolist() == [105, -1]
    assert without_small_rows(rows.iloc[:2], 145.0).tolist() == [105, 40]
