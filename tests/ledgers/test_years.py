"""Coming years: given, grown or aged; residents keep their ids, sums are the year's figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import LedgerError
from planner.ledgers import LedgerSource, read_ledger
from planner.ledgers.forecasts import projected_years, year_figures
from planner.ledgers.sharing import PEOPLE_COLUMNS, PERSON_COLUMNS
from planner.ledgers.spreading import spread_over_buildings
from planner.ledgers.spreading_cells import spread_over_cells
from planner.ledgers.year_ledgers import given_years
from planner.ledgers.years import (
    YearFigures,
    available_in,
    centres_open_in,
    residents_in,
    undated,
)
from planner.scenario import YearsSettings
from tests.ledgers import zoo

RATES = {"population": -0.01, "elderly_60": 0.03, "elderly_65": 0.035, "elderly_80": 0.05}
HEADINGS = ("社区代码", "社区名称", "年份", "常住人口", "60岁以上", "65岁以上", "80岁以上")
FORECAST: tuple[tuple[Any, ...], ...] = (
    ("A", "甲社区", "2030年", 950, 230, 150, 30), ("B", "乙社区", 2030, 1900, 480, 300, 70),
    (None, "丙村", 2030, 450, 160, 110, 30), ("A", "甲社区", 2035, 900, 260, 190, 45),
    ("B", "乙社区", 2035, 1800, 520, 360, 100), (None, "丙村", 2035, 400, 165, 125, 40),
)  # fmt: skip


def homes(town: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return residents of the tests' town, spread over four buildings; C is at one point."""
    stock = gpd.GeoDataFrame(
        {"floors": [6.0, 3.0, 30.0, 1.0]},
        index=["b1", "b2", "b3", "b4"],
        geometry=[zoo.at(10, 10, 10), zoo.at(100, 10, 20), zoo.at(1100, 10, 10),
                  zoo.at(1200, 10, 30)],
        crs=zoo.METRES,
    )  # fmt: skip
    return spread_over_buildings(town, stock).residents


def forecast(tmp_path: Path, rows: Sequence[Sequence[Any]] = FORECAST) -> YearFigures:
    file = zoo.write_csv(tmp_path / "预测.csv", HEADINGS, rows)
    return given_years(
        LedgerSource(file), zoo.town(), years=(2030, 2035), base=2024, note="某院预测"
    )


# Given ----------------------------------------------------------------------------------------
def test_a_ledger_of_years_by_hand(tmp_path: Path) -> None:
    town = zoo.town()
    figures = forecast(tmp_path)
    assert figures.years == (2030, 2035)
    assert (figures.rows_read, figures.rows_used, len(figures.set_aside)) == (6, 6, 0)
    assert figures.of(2030)["elderly_60"].to_dict() == {"A": 230.0, "B": 480.0, "C": 160.0}
    today = homes(town)
    then = residents_in(2035, today, town, figures)
    assert then.index.equals(today.index)
    assert then.geometry.equals(today.geometry)
    # b1 and b2 hold 1/3 and 2/3 of A's, b3 and b4 3,000 and 900 m² of floor of B's.
    assert then["elderly_60"].to_dict() == pytest.approx(
        {"b1": 260 / 3, "b2": 520 / 3, "b3": 400.0, "b4": 120.0, "PC": 165.0}
    )
    sums = then.groupby("community")[list(PEOPLE_COLUMNS)].sum()
    pd.testing.assert_frame_equal(
        sums, figures.of(2035)[list(PEOPLE_COLUMNS)], check_names=False, rtol=1e-12
    )
    assert residents_in(2024, today, town, figures).equals(today)
    with pytest.raises(ValueError, match="2040"):
        residents_in(2040, today, town, figures)


def test_a_file_a_year(tmp_path: Path) -> None:
    headings = [one for one in HEADINGS if one != "年份"]
    sources = {}
    for year in (2030, 2035):
        rows = [row[:2] + row[3:] for row in FORECAST if str(year) in str(row[2])]
        file = zoo.write_xlsx(tmp_path / f"{year}.xlsx", headings, rows)
        sources[year] = LedgerSource(file)
    figures = given_years(sources, zoo.town(), years=(2030, 2035), base=2024)
    pd.testing.assert_frame_equal(figures.table, forecast(tmp_path).table)


def test_rows_that_are_no_figure_of_a_year(tmp_path: Path) -> None:
    rows = [
        *FORECAST, ("Z", "不明社区", 2030, 1, 1, 1, 1), ("A", "甲社区", None, 1, 1, 1, 1),
        ("A", "甲社区", 2024, 1, 1, 1, 1), ("A", "甲社区", 2030, 2, 2, 1, 1),
    ]  # fmt: skip
    figures = forecast(tmp_path, rows)
    assert [key.removeprefix("residents.") for key in figures.set_aside["key"]] == [
        "year_community_unknown", "year_missing", "year_not_planned", "year_twice",
    ]  # fmt: skip
    assert (figures.rows_read, figures.rows_used) == (10, 6)
    assert figures.table.equals(forecast(tmp_path).table)


def test_what_a_year_lacks_stays_unknown(tmp_path: Path) -> None:
    figures = forecast(tmp_path, FORECAST[:5])
    told = figures.findings[figures.findings["key"] == "residents.year_lacks"]
    assert [row["ids"] for row in told["fields"]] == ["C"]
    assert set(told["severity"]) == {"grave"}
    then = residents_in(2035, homes(zoo.town()), zoo.town(), figures)
    assert np.isnan(then["elderly_60"]["PC"])
    assert then["elderly_60"].sum() == pytest.approx(780.0)
    with pytest.raises(LedgerError, match="2035"):
        forecast(tmp_path, FORECAST[:3])


def test_a_part_above_its_whole_is_emptied(tmp_path: Path) -> None:
    rows = [("A", "甲社区", 2030, 950, 230, 240, 30), *FORECAST[1:]]
    figures = forecast(tmp_path, rows)
    assert np.isnan(figures.of(2030)["elderly_65"]["A"])
    assert figures.of(2030)["elderly_60"]["A"] == 230.0
    assert "ledgers.part_above_whole" in set(figures.findings["key"])


# The section of the project -------------------------------------------------------------------
def test_the_section_of_the_project(tmp_path: Path) -> None:
    zoo.write_csv(tmp_path / "预测.csv", HEADINGS, FORECAST)
    plan = YearsSettings(plan=(2030.0, 2035.0), file="预测.csv")
    figures = year_figures(plan, zoo.town(), folder=tmp_path, population_date="2024-12-31")
    assert (figures.base, figures.method) == (2024.0, "given")
    assert figures.table.equals(forecast(tmp_path).table)
    growing = YearsSettings(plan=(2030.0,), method="growth", growth=RATES, base=2025.0)
    grown_60 = year_figures(growing, zoo.town(), folder=tmp_path).of(2030)["elderly_60"]
    assert grown_60["A"] == pytest.approx(190 * 1.03**5)
    for section, key in (
        (YearsSettings(plan=(2030.0,), file="a.csv"), "base_missing"),
        (YearsSettings(plan=(2030.0,), base=2024.0), "years_file_missing"),
        (YearsSettings(plan=(2030.0,), base=2024.0, files={"近期": "a"}), "files_year"),
        (YearsSettings(plan=(2030.0,), base=2024.0, method="cohorts"), "survival_missing"),
    ):
        with pytest.raises(LedgerError) as caught:
            year_figures(section, zoo.town(), folder=tmp_path)
        assert f"residents.{key}" in {one.key for one in caught.value.problems}


HUNDREDTHS = st.integers(0, 100).map(lambda one: one / 100)


# Residents of their own, and of nowhere -------------------------------------------------------
def test_residents_given_with_people_of_their_own_grow_by_the_ledger_s_rate() -> None:
    town = zoo.town(disabled=[19.0, 40.0, 15.0])
    people = {"population": [50.0, 50.0, 10.0], "elderly_60": [10.0, 30.0, 5.0],
              "elderly_65": [5.0, 15.0, np.nan], "elderly_80": [1.0, 3.0, np.nan],
              "disabled": [4.0, 0.0, 1.0], "living_alone": [np.nan] * 3}  # fmt: skip
    residents = gpd.GeoDataFrame(
        {"community": ["A", "A", None], **people, "placed_by": "given"},
        index=["r1", "r2", "r3"],
        geometry=[zoo.at(0, 0, 1).centroid] * 3,
        crs=zoo.METRES,
    )
    figures = projected_years(town, {"elderly_60": 0.03}, years=(2030,), base=2025)
    then = residents_in(2030, residents, town, figures)
    # The ledger's 60+ grow by 1.03^5 everywhere: so do rows whose sum is not the ledger's.
    assert then["elderly_60"].to_list() == pytest.approx([10 * 1.03**5, 30 * 1.03**5, 5 * 1.03**5])
    assert then["disabled"].to_list() == pytest.approx([4 * 1.03**5, 0.0, 1.03**5])
    assert then["population"].isna().all()
    assert then["community"].to_list()[:2] == ["A", "A"]
    assert then["community"].isna().to_list() == [False, False, True]


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(st.tuples(*[HUNDREDTHS] * 5), min_size=6, max_size=6),
    st.lists(st.tuples(st.integers(0, 2900), st.integers(0, 900), st.integers(1, 700),
                       *[HUNDREDTHS] * 4), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_a_year_keeps_its_totals_and_the_order_of_rows_never_matters(
    parts: list[tuple[float, ...]], rows: list[tuple[Any, ...]], random: Any
) -> None:
    def figures_of(some: list[tuple[float, ...]]) -> dict[str, Any]:
        whole = np.cumprod(np.array(some)[:, :4], axis=1).T * 1e4
        columns = dict(zip(PEOPLE_COLUMNS, whole, strict=True))
        return columns | {"disabled": columns["elderly_60"] * np.array(some)[:, 4]}

    town = zoo.town(**figures_of(parts[:3]))
    coming = pd.DataFrame(figures_of(parts[3:]), index=town.index).reindex(
        columns=list(PERSON_COLUMNS)
    )
    table = coming.rename_axis("community").reset_index().assign(year=2030)
    empty = pd.DataFrame()
    figures = YearFigures(2024.0, table, empty, empty, 3, 3, "given", "")
    people = np.cumsum(np.array([row[3:] for row in rows])[:, ::-1], axis=1)[:, ::-1]
    cells = gpd.GeoDataFrame(
        dict(zip(PEOPLE_COLUMNS, people.T, strict=True)),
        index=[f"g{number}" for number in range(len(rows))],
        geometry=[zoo.at(*row[:3]) for row in rows],
        crs=zoo.METRES,
    )
    today = spread_over_cells(town, cells).residents
    then = residents_in(2030, today, town, figures)
    for column in (*PEOPLE_COLUMNS, "disabled"):
        kept = then.groupby("community")[column].sum().sort_index()
        np.testing.assert_allclose(kept, coming[column].sort_index(), rtol=1e-9, atol=1e-9)
    for part, whole in zip(PEOPLE_COLUMNS[1:], PEOPLE_COLUMNS[:-1], strict=True):
        assert (then[part] <= then[whole] * (1 + 1e-9) + 1e-9).all()
    order = random.sample(range(len(today)), len(today))
    other = residents_in(2030, today.iloc[order], town[::-1], figures)
    pd.testing.assert_frame_equal(then, other.loc[then.index])


# What stands open -----------------------------------------------------------------------------
def test_what_is_open_in_a_year() -> None:
    centres = pd.DataFrame(
        {
            "status": ["运营", "在建", "规划", "规划", "闲置", "闲置", "停运"],
            "opens_year": [np.nan, 2028.0, 2033.0, np.nan, 2030.0, 2030.0, np.nan],
            "works": [None, "新建", "新建", "新建", "改建", "保留", None],
        },
        index=list("abcdefg"),
    )

    def open_in(year: int) -> str:
        return "".join(centres.index[centres_open_in(centres, year)["status"] == "运营"])

    assert [open_in(year) for year in (2025, 2028, 2030, 2035)] == ["a", "ab", "abe", "abce"]
    assert centres_open_in(centres, 2035)["status_today"].equals(centres["status"])
    (told,) = undated(centres)
    assert told.fields == {"count": 1, "ids": "d"}
    candidates = pd.DataFrame({"opens_year": [np.nan, 2028.0, 2033.0]}, index=list("xyz"))
    assert available_in(candidates, 2030).index.to_list() == ["x", "y"]


def test_the_years_and_works_of_a_ledger(tmp_path: Path) -> None:
    headings = (*zoo.CENTRE_HEADINGS, "投用年份", "建设方式")
    rows = [
        (*zoo.CENTRES[0], None, "现状保留"), (*zoo.CENTRES[1], "2030年", "新建"),
        (*zoo.CENTRES[2], "待定", "拆除"),
    ]  # fmt: skip
    file = zoo.write_csv(tmp_path / "设施.csv", headings, rows)
    ledger = read_ledger("centres", LedgerSource(file, "wgs84"), crs=zoo.METRES)
    assert ledger.table["works"].to_list()[:2] == ["保留", "新建"]
    assert ledger.table["works"].isna().to_list() == [False, False, True]
    assert ledger.table["opens_year"].fillna(0).to_list() == [0, 2030, 0]
    assert "residents.works_unknown" in zoo.keys(ledger, row=4)
    assert centres_open_in(ledger.table, 2030)["status"].to_list() == ["运营", "运营", "闲置"]
