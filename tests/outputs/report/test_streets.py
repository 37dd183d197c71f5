"""Small counts by sub-district are withheld, and cannot be had back by subtraction."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.outputs.report.streets import street_figures
from tests.outputs.town import example_content

CONTENT = example_content()


def table_of(covered: list[int], uncovered: list[int]) -> pd.DataFrame:
    names = [f"街道{number}" for number in range(len(covered))]
    table = pd.DataFrame({"covered_60": covered, "uncovered_60": uncovered}, index=names)
    table.loc["合计"] = table.sum()
    return table.astype(float).assign(
        elderly_60=lambda one: one["covered_60"] + one["uncovered_60"],
        share_60=lambda one: one["covered_60"] / one["elderly_60"],
    )


def shown_of(covered: list[int], uncovered: list[int]) -> pd.DataFrame:
    content = dataclasses.replace(
        CONTENT, streets_table=table_of(covered, uncovered), street_totals=1
    )
    return street_figures(content)


def test_a_small_count_takes_its_row_and_another_with_it() -> None:
    shown = shown_of([100, 200, 300], [3, 50, 40])
    assert list(shown["street"]) == ["街道0", "街道1", "街道2", "合计"]
    assert shown["uncovered_60"].isna().tolist() == [True, False, True, False]
    for name in ("covered_60", "elderly_60", "share_60"):
        assert shown[name].isna().tolist() == [True, False, True, False]


def test_without_small_counts_nothing_is_withheld() -> None:
    assert not shown_of([100, 0, 300], [30, 50, 0])["covered_60"].isna().any()


counts = st.lists(st.sampled_from([0, 0, 1, 2, 4, 5, 6, 40, 300]), min_size=2, max_size=6)


@settings(max_examples=80, deadline=None)
@given(counts, st.randoms(use_true_random=False))
def test_no_difference_tells_a_small_count(covered: list[int], random: object) -> None:
    uncovered = sorted(covered, key=lambda one: hash((one, str(random))))
    shown = shown_of(covered, uncovered)
    rows, total = shown.iloc[:-1], table_of(covered, uncovered).iloc[-1]
    for name in ("elderly_60", "covered_60", "uncovered_60"):
        known = rows[name].dropna()
        assert not ((known > 0) & (known < 5)).any()
        left = float(total[name] - known.sum())
        # Only a whole district that is itself so small leaves a small rest.
        assert left < 1e-9 or left >= 5 or np.isclose(left, total[name])
