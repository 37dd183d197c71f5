"""Coming years by rates and by ageing bands, beside the textbook's matrix."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import LedgerError
from planner.ledgers import LedgerSource
from planner.ledgers.forecasts import cohort_years, projected_years
from planner.ledgers.projecting import aged, grown
from tests.ledgers import zoo

RATES = {"population": -0.01, "elderly_60": 0.03, "elderly_65": 0.035, "elderly_80": 0.05}


# Grown ----------------------------------------------------------------------------------------
def test_growth_by_hand() -> None:
    town = zoo.town(disabled=[19.0, 40.0, np.nan])
    figures = projected_years(town, RATES, years=(2030,), base=2025, note="某规划")
    found = figures.of(2030)
    assert found["elderly_60"]["A"] == pytest.approx(190 * 1.03**5)
    assert found["population"]["B"] == pytest.approx(2000 * 0.99**5)
    # 失能 keeps its share of 60+.
    assert found["disabled"]["A"] == pytest.approx(19 * 1.03**5)
    assert np.isnan(found["disabled"]["C"])
    assert figures.is_projected
    assert set(figures.findings["key"]) == {"residents.groups_by_share"}


def test_growth_that_cannot_be() -> None:
    with pytest.raises(LedgerError) as caught:
        grown(zoo.town(), {"elderly_65": 3.0, "elders": 0.01}, base=2025, year=2030)
    assert [one.key for one in caught.value.problems] == [
        "residents.rate_out_of_bounds", "residents.rate_unknown", "residents.rate_missing",
    ]  # fmt: skip
    steep = {"elderly_60": 0.0, "elderly_80": 0.5}
    figures = projected_years(zoo.town(), steep, years=(2035,), base=2025)
    assert figures.of(2035)["elderly_80"].isna().all()
    keys = set(figures.findings["key"])
    assert {"residents.year_part_above", "residents.rates_without_source"} <= keys


# Aged -----------------------------------------------------------------------------------------
SURVIVAL = {
    "50-54": 0.98, "55-59": 0.97, "60-64": 0.95, "65-69": 0.92, "70-74": 0.86, "75-79": 0.76,
    "80+": 0.5,
}  # fmt: skip
BANDS = pd.DataFrame([[100.0, 90.0, 80.0, 70.0, 60.0, 50.0, 40.0]], ["A"], list(SURVIVAL))


def test_ageing_by_hand() -> None:
    found = aged(BANDS, SURVIVAL, base=2025, year=2030).loc["A"]
    rings = [90 * 0.97, 80 * 0.95, 70 * 0.92, 60 * 0.86, 50 * 0.76 + 40 * 0.5]
    assert found["elderly_60"] == pytest.approx(sum(rings))
    assert found["elderly_65"] == pytest.approx(sum(rings[1:]))
    assert found["elderly_80"] == pytest.approx(rings[-1])
    half = aged(BANDS, SURVIVAL, base=2025, year=2027.5).loc["A"]
    now = aged(BANDS, SURVIVAL, base=2025, year=2025).loc["A"]
    assert now.to_dict() == {"elderly_60": 300.0, "elderly_65": 220.0, "elderly_80": 40.0}
    assert half["elderly_80"] == pytest.approx((now["elderly_80"] + found["elderly_80"]) / 2)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(st.floats(0.0, 1e4), min_size=7, max_size=7),
    st.lists(st.floats(0.0, 1.0), min_size=7, max_size=7),
    st.sampled_from([0, 1, 2]),
)
def test_ageing_is_a_leslie_matrix(people: list[float], shares: list[float], steps: int) -> None:
    """A second opinion: the matrix of the textbook, multiplied."""
    leslie = np.diag(shares[:-1], k=-1)
    leslie[-1, -1] = shares[-1]
    then = np.linalg.matrix_power(leslie, steps) @ np.array(people)
    bands = pd.DataFrame([people], ["A"], list(SURVIVAL))
    survival = dict(zip(SURVIVAL, shares, strict=True))
    found = aged(bands, survival, base=2025, year=2025 + 5 * steps).loc["A"]
    assert found["elderly_60"] == pytest.approx(then[2:].sum(), abs=1e-9)
    assert found["elderly_65"] == pytest.approx(then[3:].sum(), abs=1e-9)
    assert found["elderly_80"] == pytest.approx(then[6], abs=1e-9)


@pytest.mark.parametrize(
    ("columns", "survival", "year", "key"),
    [
        (list(SURVIVAL), SURVIVAL, 2040, "residents.bands_too_old"),
        (list(SURVIVAL), SURVIVAL, 2020, "residents.year_past"),
        (list(SURVIVAL)[:-1], SURVIVAL, 2030, "residents.bands_not_steady"),
        (list(SURVIVAL), {"80+": 0.5}, 2030, "residents.survival_missing"),
        (list(SURVIVAL), SURVIVAL | {"80+": 50.0}, 2030, "residents.survival_bounds"),
        (["青年", *SURVIVAL][:7], SURVIVAL, 2030, "residents.band_strange"),
        ([*list(SURVIVAL)[:5], "75-84", "85+"], SURVIVAL, 2030, "residents.bands_not_steady"),
    ],
)
def test_bands_that_cannot_be_aged(
    columns: list[str], survival: Mapping[str, float], year: int, key: str
) -> None:
    bands = BANDS.iloc[:, : len(columns)].set_axis(columns, axis="columns")
    with pytest.raises(LedgerError) as caught:
        aged(bands, survival, base=2025, year=year)
    assert key in {one.key for one in caught.value.problems}


def test_a_ledger_of_bands(tmp_path: Path) -> None:
    closed = [f"{one}岁(人)" for one in SURVIVAL if one != "80+"]
    headings = ["社区名称", *closed, "60岁以上", "80岁及以上"]
    cells = [100, 90, 80, 70, 60, 50, 300, 40]
    rows = [["甲社区", *cells], ["乙社区", *(2 * one for one in cells)], ["丁", *cells]]
    file = zoo.write_xlsx(tmp_path / "年龄.xlsx", headings, rows)
    figures = cohort_years(
        LedgerSource(file), zoo.town(), SURVIVAL, years=(2030, 2035), base=2025, note="某生命表"
    )
    expected = aged(BANDS, SURVIVAL, base=2025, year=2035).loc["A"]
    assert figures.of(2035).loc["A", "elderly_60"] == pytest.approx(expected["elderly_60"])
    assert figures.of(2035).loc["B", "elderly_80"] == pytest.approx(2 * expected["elderly_80"])
    assert figures.of(2035).loc["C"].isna().all()
    assert (figures.rows_read, figures.rows_used, len(figures.set_aside)) == (3, 2, 1)
