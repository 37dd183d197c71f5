"""Typed cells follow a centre by id and name: row numbers that stand for ids are no ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.standards.remedies.defects import COLUMNS, LastList, joined_lists, with_last
from planner.standards.remedies.identities import of_another_project, of_same_centres

CLAUSE = "book/one"


def last(rows: Mapping[str, tuple[str | None, str | None]], project: str = "") -> LastList:
    """A list: name and lead unit by defect id."""
    table: dict[str, dict[str, Any]] = {
        one: {"name": name, "lead_unit": typed, "defect_change": ""}
        for one, (name, typed) in rows.items()
    }
    frame = pd.DataFrame.from_dict(table, orient="index", columns=list(COLUMNS), dtype=object)
    return LastList(frame, project=project)


def typed(found: LastList) -> dict[str, str | None]:
    cells = found.rows["lead_unit"]
    return {str(one): cell if isinstance(cell, str) else None for one, cell in cells.items()}


def keys(found: LastList) -> list[str]:
    return [notice.key.removeprefix("remedies.") for notice in found.notices]


BEFORE = {f"C2/{CLAUSE}": ("甲中心", "甲局"), f"C3/{CLAUSE}": ("乙中心", "乙局")}


def test_rows_of_the_same_id_and_name_stay() -> None:
    found = of_same_centres(last(BEFORE), {"C2": "甲中心", "C3": "乙　中心"})
    assert typed(found) == {f"C2/{CLAUSE}": "甲局", f"C3/{CLAUSE}": "乙局"}
    assert keys(found) == []


def test_swapped_rows_follow_their_names_and_it_is_told() -> None:
    found = of_same_centres(last(BEFORE), {"C2": "乙中心", "C3": "甲中心"})
    assert typed(found) == {f"C3/{CLAUSE}": "甲局", f"C2/{CLAUSE}": "乙局"}
    assert keys(found) == ["list_followed"]


def test_a_row_taken_out_of_the_ledger_gives_nobody_its_typed_cells() -> None:
    # 甲 is gone and 乙 has moved up to C2.
    found = of_same_centres(last(BEFORE), {"C2": "乙中心"})
    assert typed(found) == {f"C2/{CLAUSE}@甲中心": "甲局", f"C2/{CLAUSE}": "乙局"}
    assert keys(found) == ["list_followed", "list_same_id"]
    # A further run leaves it as it is.
    again = of_same_centres(LastList(found.rows), {"C2": "乙中心"})
    assert typed(again) == typed(found)


@pytest.mark.parametrize("today", ["丙中心", "甲日照中心"])
def test_another_name_for_an_id_keeps_the_row_aside_and_drops_no_typed_cell(today: str) -> None:
    rows = {**BEFORE, f"C2/{CLAUSE}2": ("甲中心", None)}
    found = of_same_centres(last(rows), {"C2": today, "C3": "乙中心"})
    assert typed(found) == {f"C2/{CLAUSE}@甲中心": "甲局", f"C3/{CLAUSE}": "乙局"}
    now = pd.DataFrame({"name": [today]}, index=[f"C2/{CLAUSE}"])
    made = with_last(now, found, {}, frozenset({"C2", "C3"}))
    assert made.table["lead_unit"].isna().loc[f"C2/{CLAUSE}"]
    assert made.table.loc[f"C2/{CLAUSE}@甲中心", "defect_change"] == "other_name"
    assert "甲局" not in "".join(str(notice) for notice in made.notices)


def test_a_name_that_two_centres_bear_tells_nothing() -> None:
    found = of_same_centres(last(BEFORE), {"C2": "乙中心", "C3": "甲中心", "C4": "甲中心"})
    assert f"C2/{CLAUSE}@甲中心" in found.rows.index


def test_an_id_of_the_ledger_s_own_keeps_its_rows_whatever_its_centre_is_called() -> None:
    names = {"C2": "甲区甲中心", "C3": "乙中心"}
    found = of_same_centres(last(BEFORE), names, {"C2", "C3"})
    assert typed(found) == {f"C2/{CLAUSE}": "甲局", f"C3/{CLAUSE}": "乙局"}
    assert keys(found) == ["list_renamed"]
    # Of row numbers the same is kept aside.
    assert f"C2/{CLAUSE}@甲中心" in of_same_centres(last(BEFORE), names).rows.index
    # Codes come into the ledger later: names tell once whose they are.
    codes = of_same_centres(last(BEFORE), {"甲01": "甲中心", "乙01": "乙中心"}, {"甲01", "乙01"})
    assert typed(codes) == {f"甲01/{CLAUSE}": "甲局", f"乙01/{CLAUSE}": "乙局"}


def test_one_name_of_two_centres_without_ids_gives_neither_what_was_typed() -> None:
    rows = {f"C2/{CLAUSE}": ("中心", "甲局"), f"C3/{CLAUSE}": ("中心", None)}
    found = of_same_centres(last(rows), {"C2": "中心", "C3": "中心"})
    assert typed(found) == {f"C2/{CLAUSE}@中心": "甲局"}
    assert keys(found) == ["list_same_id"]
    given = of_same_centres(last(rows), {"C2": "中心", "C3": "中心"}, {"C2", "C3"})
    assert typed(given) == {f"C2/{CLAUSE}": "甲局", f"C3/{CLAUSE}": None}


def test_rows_of_one_s_own_and_of_centres_gone_stay() -> None:
    rows = {"自查-1": (None, "街道"), f"C9/{CLAUSE}": ("丁中心", "丁局"), "?7": (None, "某")}
    found = of_same_centres(last(rows), {"C2": "甲中心"})
    assert typed(found) == {"自查-1": "街道", f"C9/{CLAUSE}": "丁局", "?7": "某"}


def test_nothing_of_another_project_s_list_is_carried_over() -> None:
    found = of_another_project(last(BEFORE, "甲区"), "last.xlsx", "乙区")
    assert list(found.rows.index) == [f"C2/{CLAUSE}@甲区", f"C3/{CLAUSE}@甲区"]
    assert keys(found) == ["last_other_project"]
    after = of_same_centres(found, {"C2": "甲中心", "C3": "乙中心"})
    assert list(after.rows.index) == list(found.rows.index)


def test_two_lists_of_which_one_knows_the_id_by_another_name_are_not_mixed() -> None:
    ours, other = last({f"C2/{CLAUSE}": ("乙中心", None)}), last(BEFORE)
    found = joined_lists(ours, other, "last.xlsx")
    assert found.rows["lead_unit"].isna()[f"C2/{CLAUSE}"]
    assert found.rows.loc[f"C2/{CLAUSE}@甲中心", "lead_unit"] == "甲局"


NAMES = st.sampled_from(["甲", "乙", "丙", "丁"])


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.dictionaries(st.sampled_from(["C2", "C3", "C4"]), NAMES),
    st.dictionaries(st.sampled_from(["C2", "C3", "C4"]), NAMES),
)
def test_no_typed_cell_is_lost_or_given_to_another_name(
    before: dict[str, str], today: dict[str, str]
) -> None:
    rows = {f"{one}/{CLAUSE}": (name, f"{one}{name}局") for one, name in before.items()}
    found = of_same_centres(last(rows), today)
    assert sorted(found.rows["lead_unit"]) == sorted(cell for _, cell in rows.values())
    assert found.rows.index.is_unique
    for one, row in found.rows.iterrows():
        centre = str(one).split("/", maxsplit=1)[0]
        if "@" not in str(one) and centre in today:
            assert today[centre] == row["name"]
