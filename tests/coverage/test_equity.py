"""Equity figures by hand, against PySAL's inequality, and by what must hold for all."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.equity import (
    concentration_index,
    equity_figures,
    gini,
    held_by,
    palma,
)
from planner.errors import TableError

#          street  60+  80+  minutes
#   r1     东       40   2    5
#   r2     东       30   2   10
#   r3     西       20   6   20
#   r4     西       10   0   30      the worst-off tenth
#   r5     西        5   1    no walk
RESIDENTS = pd.DataFrame(
    {"elderly_60": [40.0, 30, 20, 10, 5], "elderly_80": [2.0, 2, 6, 0, 1]},
    index=["r1", "r2", "r3", "r4", "r5"],
)
MINUTES = pd.Series([5.0, 10, 20, 30, math.nan], index=RESIDENTS.index)
STREETS = pd.Series(["东", "东", "西", "西", "西"], index=RESIDENTS.index)


def test_the_town_by_hand() -> None:
    found = equity_figures(MINUTES, RESIDENTS, measure="分钟", better="less", streets=STREETS)
    assert (found.persons, found.persons_without) == (100, 5)
    assert found.mean == pytest.approx(12.0)  # (200 + 300 + 400 + 300) / 100
    # Σ w_i w_j |x_i - x_j| over pairs: 40·30·5 + 40·20·15 + 40·10·25 + 30·20·10 + 30·10·20
    # + 20·10·10 = 42,000; G = 42,000 / (100² × 12)
    assert found.gini == pytest.approx(0.35)
    # most: 10 persons × 30; least: 40 persons × 5
    assert found.palma == pytest.approx(300 / 200)
    assert found.worst["persons"].to_dict() == {"r4": 10}
    assert (found.worst_mean, found.worst_bound) == (30, 30)
    # 80+: (2·5 + 2·10 + 6·20) / 10
    assert found.mean_80 == pytest.approx(15.0)
    assert found.ratio_80 == pytest.approx(1.25)


def test_streets_and_their_concentration() -> None:
    found = equity_figures(MINUTES, RESIDENTS, measure="分钟", better="less", streets=STREETS)
    table = found.streets
    assert table.index.to_list() == ["东", "西"]
    assert table["persons"].to_list() == [70, 30]
    assert table["mean"].to_list() == pytest.approx([500 / 70, 700 / 30])
    assert table["curve_measure"].to_list() == pytest.approx([500 / 1200, 1.0])
    assert table["worst_persons"].to_list() == [0, 10]
    # Twice the area between the diagonal and (0, 0), (0.7, 5/12), (1, 1).
    area = 0.7 * (5 / 12) / 2 + 0.3 * (5 / 12 + 1) / 2
    assert found.street_concentration == pytest.approx(1 - 2 * area)


def test_the_worst_tenth_may_hold_part_of_a_row_and_turns_with_the_measure() -> None:
    more = equity_figures(MINUTES, RESIDENTS, measure="位", better="more")
    assert more.worst["persons"].to_dict() == {"r1": 10}
    half = RESIDENTS.assign(elderly_60=[40.0, 35, 20, 5, 5])
    found = equity_figures(MINUTES, half, measure="分钟", better="less")
    assert found.worst["persons"].to_dict() == {"r4": 5, "r3": 5}
    assert found.worst_mean == pytest.approx(25)
    assert found.worst_bound == 20
    assert found.streets.empty
    assert math.isnan(found.street_concentration)


def test_nobody_and_nothing_to_share() -> None:
    nobody = equity_figures(
        MINUTES, RESIDENTS.assign(elderly_60=0.0), measure="分钟", better="less"
    )
    assert math.isnan(nobody.gini)
    assert nobody.worst.empty
    nothing = equity_figures(MINUTES * 0, RESIDENTS, measure="位", better="more")
    assert math.isnan(nothing.gini)
    assert math.isnan(nothing.palma)
    no_80 = equity_figures(
        MINUTES, RESIDENTS.drop(columns="elderly_80"), measure="分钟", better="less"
    )
    assert math.isnan(no_80.mean_80)


def test_refused_measures() -> None:
    with pytest.raises(TableError, match="r1"):
        equity_figures(MINUTES.drop("r1"), RESIDENTS, measure="分钟", better="less")
    with pytest.raises(TableError, match="负数"):
        equity_figures(-MINUTES, RESIDENTS, measure="分钟", better="less")
    with pytest.raises(ValueError, match="better"):
        equity_figures(MINUTES, RESIDENTS, measure="分钟", better="low")  # type: ignore[arg-type]


def test_concentration_by_another_measure() -> None:
    # The first half has all: C = -1/2; the last half has all: C = 1/2.
    persons = np.array([1.0, 1.0])
    order = np.array([0.0, 1.0])
    assert concentration_index(np.array([4.0, 0.0]), persons, order) == pytest.approx(-0.5)
    assert concentration_index(np.array([0.0, 4.0]), persons, order) == pytest.approx(0.5)
    assert concentration_index(np.array([3.0, 5.0]), persons, np.zeros(2)) == pytest.approx(0.0)


ROWS = st.lists(
    st.tuples(st.floats(0.0, 60.0), st.integers(1, 40)), min_size=1, max_size=12
).filter(lambda rows: sum(value for value, _ in rows) > 1e-3)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(ROWS)
def test_gini_equals_pysal_and_the_double_sum(rows: list[tuple[float, int]]) -> None:
    values = np.array([value for value, _ in rows])
    persons = np.array([count for _, count in rows], dtype=float)
    ours = gini(values, persons)
    mean = (values * persons).sum() / persons.sum()
    distances = np.abs(values[:, None] - values[None]) * persons[:, None] * persons[None]
    assert ours == pytest.approx(distances.sum() / (2 * persons.sum() ** 2 * mean), abs=1e-9)
    # PySAL knows no weights: a row of 30 is thirty rows.
    inequality = pytest.importorskip("inequality.gini")
    everybody = np.repeat(values, persons.astype(int))
    assert ours == pytest.approx(inequality.Gini(everybody).g, abs=1e-9)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(ROWS, st.floats(0.1, 10.0))
def test_what_must_hold_for_all(rows: list[tuple[float, int]], factor: float) -> None:
    values = np.array([value for value, _ in rows])
    persons = np.array([count for _, count in rows], dtype=float)
    assert -1e-12 <= gini(values, persons) < 1
    # Neither the unit of the measure, nor more of everybody, nor the order of rows matters.
    assert gini(values * factor, persons) == pytest.approx(gini(values, persons), abs=1e-9)
    assert gini(values, persons * factor) == pytest.approx(gini(values, persons), abs=1e-9)
    assert palma(values[::-1], persons[::-1]) == pytest.approx(palma(values, persons), nan_ok=True)
    # A row split in two is the same persons.
    twice = np.repeat(values, 2), np.repeat(persons / 2, 2)
    assert gini(*twice) == pytest.approx(gini(values, persons), abs=1e-9)
    assert palma(*twice) == pytest.approx(palma(values, persons), nan_ok=True)
    # By persons one by one, ten for each, so that every share is whole.
    everybody = np.sort(np.repeat(values, 10 * persons.astype(int)))
    count = len(everybody) * 4 // 10
    assert held_by(values, persons, 0.4) * 10 == pytest.approx(everybody[:count].sum(), abs=1e-6)


def test_all_alike_is_no_inequality() -> None:
    values, persons = np.full(7, 12.0), np.arange(1.0, 8.0)
    assert gini(values, persons) == pytest.approx(0, abs=1e-12)
    assert palma(values, persons) == pytest.approx(0.25)
