"""The door of every calculation, and the one test of "within"."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import TableError
from planner.tables import CENTRES, LEDGER_TABLES, RESIDENTS, check, table_problems
from planner.units import metres_from_minutes, minutes_from_metres, share, within


def test_within_includes_the_line_and_nothing_beyond_its_tolerance() -> None:
    assert within(15.0, 15.0)
    assert within(15.0 + 0.9e-6, 15.0)
    assert not within(15.0 + 1.1e-6, 15.0)
    assert within(np.nextafter(15.0, 0), 15.0)
    assert not within(float("nan"), 15.0)
    assert within(np.array([14.0, 15.0, 16.0, np.nan]), 15.0).tolist() == [
        True,
        True,
        False,
        False,
    ]


@given(st.floats(0, 1e5), st.floats(0.2, 2.0))
def test_minutes_and_metres_are_inverse(length_m: float, speed_m_s: float) -> None:
    back = metres_from_minutes(minutes_from_metres(length_m, speed_m_s), speed_m_s)
    assert back == pytest.approx(length_m)


def test_the_elder_s_fifteen_minutes_are_747_metres() -> None:
    assert metres_from_minutes(15.0, 0.83) == pytest.approx(747.0)


def test_a_share_of_nothing_is_unknown() -> None:
    assert share(0.0, 0.0) is None
    assert share(1.0, 4.0) == 0.25


def test_a_good_table_passes() -> None:
    frame = pd.DataFrame({"elderly_60": [1.5, np.nan]}, index=["a", "b"])
    assert table_problems(RESIDENTS, frame, geometry=False) == []
    check(RESIDENTS, frame, geometry=False)


def test_every_problem_is_told_at_once_and_the_table_stays_as_it_was() -> None:
    frame = pd.DataFrame(
        {
            "centre_kind": ["日间照料", "食堂", None],
            "status": ["运营", "运营", "运营"],
            "position": ["given", "given", "given"],
            "area_m2": [-1.0, np.inf, 5.0],
            "beds": ["3", "x", "4"],
        },
        index=["a", "a", "b"],
    )
    before = frame.copy()
    keys = sorted(problem.key for problem in table_problems(CENTRES, frame, geometry=False))
    assert keys == [
        "tables.column_missing",
        "tables.id_repeated",
        "tables.not_a_choice",
        "tables.not_numbers",
        "tables.out_of_bounds",
        "tables.value_missing",
    ]
    with pytest.raises(TableError, match="centre_kind"):
        check(CENTRES, frame, geometry=False)
    pd.testing.assert_frame_equal(frame, before)


def test_every_column_of_every_table_is_labelled_in_both_languages() -> None:
    for table in LEDGER_TABLES.values():
        names = [column.name for column in table]
        assert len(set(names)) == len(names)
        for column in table:
            assert column.zh
            assert column.en
            assert column.meaning.endswith(".")
            assert (column.kind == "choice") == bool(column.choices)
