"""Circles, access scores, equity and curves of the river town, by hand and by what must hold.

Walks to Z: w1 320 m, w9 1,010, e9 1,080, e3 1,890, e2 1,970, e1 2,050; u has no street. At 1 m/s.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.assigning import assign_capacity
from planner.coverage.capacity import CentreCapacity, capacity_demand
from planner.coverage.circles import CASES, circles
from planner.labels import LANGUAGES
from planner.outputs.sheet_columns import COLUMNS
from planner.outputs.summary import plain
from planner.standards.rulebooks.books import rule_book
from planner.standards.rulebooks.clauses import RuleBook
from planner.workflow.covering.measure_rows import curve_limits
from planner.workflow.covering.measure_words import circle_figures, measure_sheets, measure_summary
from planner.workflow.covering.measures import Measures, equity_by_area, measures_of
from planner.workflow.inputs.walking import Walks
from tests.streets.drawn import points
from tests.workflow.river_town import CENTRE, COMMUNITIES, walks

BOOK = rule_book("jianbiao-143-2010")
MINUTES = {"w1": 320, "w9": 1010, "e1": 2050, "e2": 1970, "e3": 1890, "e9": 1080}
ELDERS = {"w1": 40, "w9": 7, "e1": 30, "e2": 20, "e3": 10, "e9": 6}


def measured(
    sites: gpd.GeoDataFrame = CENTRE,
    places: dict[str, float] | None = None,
    book: RuleBook = BOOK,
    minutes: Mapping[str, pd.Series] | None = None,
    town: Walks | None = None,
) -> tuple[Measures, Any]:
    one = town or walks()
    coverage = one.coverage_by(sites)
    times = one.times_to(sites)
    capacities = {}
    if places is not None:
        table = pd.DataFrame({"capacity_persons": pd.Series(places, dtype=float)})
        demand = capacity_demand(one.residents, unit="community_elders")
        found = assign_capacity(times, demand, CentreCapacity("community_elders", table))
        capacities = {"community_elders": found}
    given_ = {"capacities": capacities, "times": times, "minutes": minutes or {}}
    return measures_of(one, coverage, COMMUNITIES, sites, book, **given_), coverage  # type: ignore[arg-type]


def sheets(measures: Measures, language: Any = "zh") -> Any:
    names = pd.Series({"Z": "中心", "K": "暗点"})
    return measure_sheets(measures, COMMUNITIES, names, 15.0, language)


def test_whom_a_circle_counts_across_the_river() -> None:
    measures, _ = measured()
    found = measures.circles["limit"]
    assert found.radius_m == 900.0
    persons = found.cases["elderly_60"].to_dict()
    assert persons == {"both": 40.0, "circle_only": 60.0, "walk_only": 0.0, "neither": 16.0}
    table = sheets(measures)["circle"].table
    assert table["area_level"].to_list() == ["全区", "街道", "社区"]
    assert table["circle_only_60"].to_list() == [60.0, 60.0, 60.0]
    assert table["name"].to_list()[-1] == "河东"
    assert table["circle_only_share"].to_list()[0] == pytest.approx(60 / 116)
    assert "walk_only_60" not in table
    figures = circle_figures(measure_summary(measures, 15.0))
    assert figures == {"radius_m": 900.0, "over": 60.0}


def test_a_book_s_radius_stands_beside_that_of_the_limit() -> None:
    clause = dataclasses.replace(BOOK.clauses[0], quantity="service_radius", value=250.0)
    book = dataclasses.replace(BOOK, clauses=(clause, *BOOK.clauses[1:]))
    measures, _ = measured(book=book)
    # Z to w1 300 m, e1 73, e2 122, e3 193: w1 is outside the circle, yet walks there.
    cases = measures.circles["book"].cases["elderly_60"].to_dict()
    assert cases == {"both": 0.0, "circle_only": 60.0, "walk_only": 40.0, "neither": 16.0}
    told = sheets(measures)["circle"]
    assert set(told.table["circle_radius_m"]) == {900.0, 250.0}
    assert told.table["walk_only_60"].max() == 40.0
    assert len([line for line in told.lines if "250 米" in line]) == 1


def test_a_circle_without_end_counts_all_and_sums_agree() -> None:
    _, coverage = measured()
    found = circles(coverage, COMMUNITIES, CENTRE, radius_m=1e9)
    assert found.cases["elderly_60"]["neither"] == found.cases["elderly_60"]["walk_only"] == 0.0
    for case in CASES:
        name = f"elderly_60_{case}"
        assert found.communities[name].sum() == found.cases["elderly_60"][case]


def test_access_of_one_centre() -> None:
    measures, _ = measured(places={"Z": 20.0})
    access = measures.access
    assert access is not None
    # w1 alone is within 15 minutes: 20 places for 40 elders, whatever the decay.
    for name in ("two_step", "enhanced_two_step", "gaussian_two_step", "three_step"):
        assert access.residents.loc["w1", name] == pytest.approx(0.5)
    table = access.by(measures.communities)
    assert table.loc["c1", "two_step"] == pytest.approx(40 * 0.5 / 47)
    assert (table.loc["c2", "two_step"], table.loc["c2", "persons_none"]) == (0.0, 69.0)
    rows = sheets(measures)["access"].table.set_index("name")
    assert rows.loc["河西", "access_two_step"] == pytest.approx(40 * 0.5 / 47)
    assert measure_summary(measures, 15.0)["access"]["capacity_persons"] == 20.0


def test_unknown_capacity_is_told_and_no_zero() -> None:
    sites = gpd.GeoDataFrame(pd.concat([CENTRE, points({"K": (60, 90)})]))
    measures, _ = measured(sites, {"Z": 20.0, "K": math.nan})
    access = measures.access
    assert access is not None
    # e9 is 920 m from K: 15.3 minutes.
    assert access.reach[access.reach == "unknown"].index.to_list() == ["e1", "e2", "e3"]
    assert access.reach[access.reach == "known"].index.to_list() == ["w1"]
    assert access.residents.loc["e1"].isna().all()
    told = sheets(measures)["access"]
    assert any("暗点" in line for line in told.lines)
    nothing, _ = measured(sites, {"Z": math.nan, "K": math.nan})
    assert nothing.access is None
    assert "access" not in nothing.equity
    empty = sheets(nothing)["access"]
    assert empty.table.empty
    assert "未知不当作 0" in empty.lines[0]
    assert measure_summary(nothing, 15.0)["access"] is None


def test_equity_of_minutes_by_hand() -> None:
    measures, _ = measured()
    found = measures.equity["walk_minutes"]
    persons = sum(ELDERS.values())
    mean = sum(MINUTES[one] * ELDERS[one] for one in ELDERS) / 60 / persons
    assert found.district.persons == persons
    assert found.district.mean == pytest.approx(mean, abs=1e-3)
    assert found.without.to_dict() == {"c1": 0.0, "c2": 3.0}
    # The worst tenth, 11.3 persons, are of e1; her 30 are all as badly off.
    assert found.worst.to_dict() == {"c1": 0.0, "c2": 30.0}
    table = sheets(measures)["equity"].table
    assert table["worst_60"].to_list() == [30.0, 30.0, 30.0]
    assert table["worst_share"].to_list() == [1.0, 1.0, 1.0]
    assert math.isnan(table["equity_without"].to_list()[0])  # 3 persons


def test_equal_minutes_are_even() -> None:
    residents = walks().residents
    lives_in = residents["community"]
    same = pd.Series(7.0, index=residents.index)
    found = equity_by_area(same, residents, lives_in, COMMUNITIES, measure="walk_minutes")
    for one in (found.district, *found.streets.values()):
        assert one.gini == pytest.approx(0.0, abs=1e-12)
        assert one.palma == pytest.approx(0.25)
    assert found.district.street_concentration == pytest.approx(0.0, abs=1e-12)
    assert found.worst.sum() == found.persons.sum()


def test_the_curve_is_monotone_and_passes_through_coverage() -> None:
    quick = pd.Series(MINUTES, dtype=float) / 60 / 1.3
    asked = {"quick": quick.reindex(walks().residents.index)}
    measures, coverage = measured(minutes=asked)
    assert list(measures.curves) == ["own", "quick"]
    own = measures.curves["own"].at(curve_limits(15.0))
    assert own["elderly_60"].is_monotonic_increasing
    assert own["elderly_60"].to_dict()[15.0] == coverage.states["elderly_60"]["covered"]
    assert (measures.curves["quick"].at([15.0])["elderly_60"] == 53.0).all()
    assert 12.5 in curve_limits(12.5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_hold_columns_that_the_workbook_knows(language: Any) -> None:
    measures, _ = measured(places={"Z": 20.0})
    told = sheets(dataclasses.replace(measures, curves={"elder": measures.curves["own"]}), language)
    shown = {key: [one for one in COLUMNS[key] if one in told[key].table] for key in told}
    assert set(COLUMNS["access"]) == set(shown["access"])
    assert set(COLUMNS["equity"]) == set(shown["equity"])
    assert {"circle_radius_m", "circle_only_60"} <= set(shown["circle"])
    assert {"curve_walker", "curve_share_60"} <= set(shown["curve"])
    assert all(line for one in told.values() for line in one.lines)


def test_nobody_walks_anywhere() -> None:
    measures, _ = measured(CENTRE.iloc[:0])
    told = sheets(measures)
    assert measures.circles["limit"].cases["elderly_60"]["neither"] == 116.0
    assert "没有人有路" in told["equity"].lines[0]
    assert told["curve"].table["covered_60"].to_list() == [0.0] * 26
    assert plain(measure_summary(measures, 15.0))["equity"]["walk_minutes"]["gini"] is None


@settings(deadline=None, derandomize=True, max_examples=4)
@given(st.permutations(range(7)))
def test_order_of_rows_never_matters(order: list[int]) -> None:
    town = walks()
    places = {"Z": 20.0}
    first = plain(measure_summary(measured(places=places, town=town)[0], 15.0))
    mixed = dataclasses.replace(
        town,
        residents=gpd.GeoDataFrame(town.residents.iloc[order]),
        joined=town.joined.iloc[order],
    )
    again = plain(measure_summary(measured(places=places, town=mixed)[0], 15.0))
    assert first == again
