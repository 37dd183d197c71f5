from __future__ import annotations

import pandas as pd
import pytest

from planner.coverage.areas import OUTSIDE, UNNAMED, by_community, by_street, district
from planner.coverage.walking import coverage
from planner.errors import TableError
from tests.coverage.towns import COMMUNITIES, NEAREST, RESIDENTS

TOWN = coverage(RESIDENTS, NEAREST, limit_minutes=15, open_centres=2)


def test_by_community_counts_elders_and_states() -> None:
    table = by_community(TOWN, COMMUNITIES)
    assert table.index.to_list() == ["c1", "c2", "c3", "c4", OUTSIDE]
    first = table.loc["c1"]
    assert first["rows"] == 4
    assert first["rows_unknown_elders"] == 1
    assert first["elderly_60"] == 100
    assert first["elderly_60_covered"] == 80
    assert first["elderly_60_share"] == pytest.approx(0.8)
    assert first["elderly_65_covered"] == 50
    assert first["elderly_80_share"] == pytest.approx(15 / 17)
    assert first["elderly_60_too_far"] == 20
    assert first["rows_covered"] == 3
    assert first["population"] == 560
    assert table.loc["c2", "elderly_60_no_way_through"] == 40
    assert table.loc["c3", "rows_not_joined"] == 1


def test_an_empty_community_appears_without_a_share() -> None:
    row = by_community(TOWN, COMMUNITIES).loc["c4"]
    assert row["rows"] == 0
    assert pd.isna(row["elderly_60_share"])


def test_those_outside_every_community_have_a_row_of_their_own() -> None:
    # r7 has no community, r8 one that the ledger does not hold
    row = by_community(TOWN, COMMUNITIES).loc[OUTSIDE]
    assert (row["rows"], row["elderly_60"], row["elderly_60_covered"]) == (2, 17, 7)
    inside = RESIDENTS[RESIDENTS["community"].isin(COMMUNITIES.index)]
    town = coverage(inside, NEAREST.loc[inside.index], limit_minutes=15, open_centres=2)
    assert OUTSIDE not in by_community(town, COMMUNITIES).index


def test_by_street_and_district_add_up() -> None:
    streets = by_street(TOWN, COMMUNITIES)
    assert streets.index.to_list() == ["东街", "西街", UNNAMED, OUTSIDE]
    assert streets["communities"].to_list() == [2, 0, 1, 0]
    assert streets["villages"].to_list() == [0, 1, 0, 0]
    assert streets.loc["东街", "elderly_60_covered"] == 80
    whole = district(TOWN)
    for column in ("rows", "elderly_60", "elderly_65", "elderly_80", "elderly_60_too_far"):
        assert streets[column].sum() == whole[column]
        assert by_community(TOWN, COMMUNITIES)[column].sum() == whole[column]
    assert whole["elderly_60"] == 227
    assert whole["elderly_60_share"] == pytest.approx(87 / 227)


def test_residents_without_a_community_column_are_all_outside() -> None:
    town = coverage(RESIDENTS.drop(columns="community"), NEAREST, limit_minutes=15, open_centres=2)
    assert by_community(town, COMMUNITIES).loc[OUTSIDE, "rows"] == len(RESIDENTS)


def test_no_residents_at_all() -> None:
    town = coverage(RESIDENTS.iloc[:0], NEAREST.iloc[:0], limit_minutes=15, open_centres=2)
    assert district(town)["rows"] == 0
    assert pd.isna(district(town)["elderly_60_share"])
    assert by_community(town, COMMUNITIES)["rows"].sum() == 0


def test_a_community_may_not_be_called_outside() -> None:
    with pytest.raises(TableError, match="outside"):
        by_community(TOWN, COMMUNITIES.rename(index={"c1": OUTSIDE}))


def test_order_of_rows_changes_no_figure() -> None:
    turned = coverage(RESIDENTS.iloc[::-1], NEAREST, limit_minutes=15, open_centres=2)
    here, there = by_community(TOWN, COMMUNITIES), by_community(turned, COMMUNITIES.iloc[::-1])
    pd.testing.assert_frame_equal(here, there.loc[here.index], check_exact=True)
