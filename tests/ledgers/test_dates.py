"""Dates as ledgers write them."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.ledgers import dates
from planner.ledgers.values import plain


@pytest.mark.parametrize(
    ("cell", "when"),
    [
        ("2024年12月31日", "2024-12-31"), ("2024 年 12 月 31 日", "2024-12-31"),
        ("二〇二四年十二月", "2024-12"), ("二○二四年十二月三十一日", "2024-12-31"),
        ("二零二四年一月二十日", "2024-01-20"), ("2024.12", "2024-12"),
        ("2024.12.31", "2024-12-31"),
        ("2024/12/31", "2024-12-31"), ("2024-12-31", "2024-12-31"), ("2024-1-5", "2024-01-05"),
        ("２０２４年１２月", "2024-12"), ("2024年", "2024"), ("2024", "2024"), ("2024年度", "2024"),
        ("20241231", "2024-12-31"), ("202412", "2024-12"), ("截至2024年底", "2024-12-31"),
        ("2024年末", "2024-12-31"), ("2024-12-31 00:00:00", "2024-12-31"),
        ("2024-12-31T08:30:00", "2024-12-31"), (2024, "2024"), (2024.0, "2024"),
        (datetime.date(2024, 12, 31), "2024-12-31"),
        (datetime.datetime(2024, 12, 31, 8), "2024-12-31"),
        ("2024-02-29", "2024-02-29"),
    ],
)  # fmt: skip
def test_dates(cell: Any, when: str) -> None:
    found, odd = dates.dates(pd.Series([cell], index=[2], dtype=object))
    assert found.to_list() == [when]
    assert not odd


@pytest.mark.parametrize(
    "cell",
    ["2024-13-01", "2023-02-29", "2024年2月30日", "民国113年", "24.12", "去年", "12月31日",
     "1024年", "9999", "2024年第三季度", "3", "1234567", "45657", "20300", "45657.0"],
)  # fmt: skip
def test_no_dates(cell: str) -> None:
    found, odd = dates.dates(pd.Series([cell], index=[2], dtype=object))
    assert found.isna().all()
    assert odd == {2: cell}


def test_empty_cells_are_no_dates_and_not_odd() -> None:
    cells = pd.Series([None, "", "—", "不详", np.nan], dtype=object)
    found, odd = dates.dates(cells)
    assert found.isna().all()
    assert not odd


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.dates(datetime.date(1955, 1, 1), datetime.date(2118, 12, 31)),
    st.sampled_from(
        ["{0.year}年{0.month}月{0.day}日", "{0.year}.{0.month}.{0.day}", "{0:%Y%m%d}", "{0}",
         "{0.year}/{0.month:02d}/{0.day:02d}"]
    ),
)  # fmt: skip
def test_every_form_gives_the_same_date(day: datetime.date, form: str) -> None:
    assert dates.date(plain(form.format(day))) == day.isoformat()


def test_years() -> None:
    cells = pd.Series(
        [2026, "2026年", "2026年12月", datetime.datetime(2027, 1, 1), "待定", "明年", None, 1948,
         2101.0, 20300, 1949, 2100],
        dtype=object,
    )  # fmt: skip
    found = dates.years(cells)
    assert found.figures.to_list()[:4] == [2026.0, 2026.0, 2026.0, 2027.0]
    assert found.figures[4:10].isna().all()
    assert found.figures[10:].to_list() == [1949.0, 2100.0]
    told = {5: "明年", 7: "1948", 8: "2101.0", 9: "20300"}
    assert found.remarks == {row: ("not_a_year", cell) for row, cell in told.items()}
