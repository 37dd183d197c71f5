"""Typed cells follow a centre by id and name: row numbers that stand for ids are no ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.standards.remedies.defects import COLUMNS, LastList, joined_lists, with_last
from planner.standards.remedies.identities import namesakes, of_another_project, of_same_centres

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
    assert f"C2/{CLAUSE}@@甲中心" in found.rows.index


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
    assert typed(found) == {f"C2/{CLAUSE}@@中心": "甲局"}
    assert keys(found) == ["list_same_id"]
    given = of_same_centres(last(rows), {"C2": "中心", "C3": "中心"}, {"C2", "C3"})
    assert typed(given) == {f"C2/{CLAUSE}": "甲局", f"C3/{CLAUSE}": None}


def test_a_name_typed_otherwise_in_one_of_two_rows_is_the_same_name() -> None:
    rows = {f"C3/{CLAUSE}": ("乙 Ａ中心", "乙局"), f"C3/{CLAUSE}2": ("乙a中心", "丙局")}
    found = of_same_centres(last(rows), {"C2": "乙A中心"})
    assert typed(found) == {f"C2/{CLAUSE}": "乙局", f"C2/{CLAUSE}2": "丙局"}


def test_a_row_without_a_name_makes_way_for_one_that_follows_its_name() -> None:
    rows = {f"C2/{CLAUSE}": (None, "某局"), f"C3/{CLAUSE}": ("乙中心", "乙局")}
    found = of_same_centres(last(rows), {"C2": "乙中心"})
    assert typed(found) == {f"C2/{CLAUSE}": "乙局", f"C2/{CLAUSE}@": "某局"}


def test_an_id_of_the_ledger_s_own_is_no_other_s_name() -> None:
    """甲01 was renamed to what a centre without an id was called: neither gets the other's."""
    rows = {f"甲01/{CLAUSE}": ("甲中心", "甲局"), f"C3/{CLAUSE}": ("乙中心", "乙局")}
    found = of_same_centres(last(rows), {"甲01": "乙中心", "C2": "丙中心"}, {"甲01"})
    assert typed(found) == {f"甲01/{CLAUSE}": "甲局", f"C3/{CLAUSE}": "乙局"}


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


def test_a_row_kept_aside_comes_back_with_its_centre_and_is_never_doubled() -> None:
    """甲 乙 丙; 乙 goes, comes back, goes again: each time 丙 has its row number meanwhile."""
    all_three, without = {"C2": "甲", "C3": "乙", "C4": "丙"}, {"C2": "甲", "C3": "丙"}
    rows = {f"{one}/{CLAUSE}": (name, f"{name}局") for one, name in all_three.items()}
    gone = of_same_centres(last(rows), without)
    assert typed(gone) == {
        f"C2/{CLAUSE}": "甲局", f"C3/{CLAUSE}@乙": "乙局", f"C3/{CLAUSE}": "丙局",
    }  # fmt: skip
    back = of_same_centres(LastList(gone.rows), all_three)
    assert typed(back) == {one: cell for one, (_, cell) in rows.items()}
    assert keys(back) == ["list_followed", "list_back"]
    # Typed anew into an emptied row meanwhile: both are kept, and nothing crashes.
    twice = pd.concat([gone.rows, last({f"C3/{CLAUSE}@乙#2": ("乙", "又一行")}).rows])
    again = of_same_centres(LastList(twice), without)
    assert again.rows.index.is_unique
    doubled = pd.concat([gone.rows.drop(f"C3/{CLAUSE}"), last({f"C3/{CLAUSE}": ("乙", "新")}).rows])
    kept = of_same_centres(LastList(doubled), without)
    assert sorted(kept.rows["lead_unit"]) == ["乙局", "新", "甲局"]
    assert kept.rows.index.is_unique


def test_strokes_and_signs_in_names_tear_no_id_apart() -> None:
    rows = {f"C3/{CLAUSE}": ("乙/二@站#3", "乙局"), f"C4/{CLAUSE}": ("丙", "丙局")}
    gone = of_same_centres(last(rows), {"C3": "丙"})
    made = with_last(pd.DataFrame(), LastList(gone.rows), {}, frozenset({"C3"})).table
    assert made.loc[f"C3/{CLAUSE}@乙/二@站#3", "defect_change"] == "other_name"
    back = of_same_centres(LastList(made), {"C3": "乙/二@站#3", "C4": "丙"})
    assert typed(back) == {f"C3/{CLAUSE}": "乙局", f"C4/{CLAUSE}": "丙局"}


def test_two_lists_with_a_row_kept_aside_of_one_name_stay_unique() -> None:
    ours = last({f"C2/{CLAUSE}": ("乙", "新")})
    other = last({f"C2/{CLAUSE}": ("甲", "一"), f"C2/{CLAUSE}@甲": ("甲", "二")})
    found = joined_lists(ours, other, "last.xlsx").rows
    assert found.index.is_unique
    assert sorted(found["lead_unit"]) == ["一", "二", "新"]


TODAY = st.dictionaries(
    st.sampled_from(["C2", "C3", "C4"]), st.sampled_from(["甲", "乙/二", "丙@1#2"])
)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(TODAY, min_size=2, max_size=6))
def test_run_after_run_no_typed_cell_is_lost_and_no_id_stands_twice(
    ledgers: list[dict[str, str]],
) -> None:
    """As a year has it: each run finds a defect a centre, and somebody types into every row."""
    before: LastList | None = None
    cells: list[str] = []
    for run, names in enumerate(ledgers):
        current = pd.DataFrame(
            {"name": list(names.values())}, index=[f"{one}/{CLAUSE}" for one in names]
        )
        found = None if before is None else of_same_centres(before, names)
        table = with_last(current, found, {}, frozenset(names)).table.copy()
        assert table.index.is_unique
        assert sorted(table["lead_unit"].dropna()) == sorted(cells)
        # Whoever typed it, typed it for the centre of that name.
        told = table["lead_unit"].dropna().astype(str).str.split("：").str[0]
        assert (told == table["name"].reindex(told.index)).all()
        for one in table.index[table["lead_unit"].isna()]:
            cells.append(f"{table.loc[one, 'name']}：{run}{one}")
            table.loc[one, "lead_unit"] = cells[-1]
        before = LastList(table)


NAMES = st.sampled_from(["甲", "乙", "丙", "丁"])


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.dictionaries(st.sampled_from(["C2", "C3", "C4"]), NAMES | st.none()),
    st.dictionaries(st.sampled_from(["C2", "C3", "C4"]), NAMES),
)
def test_no_typed_cell_is_lost_or_given_to_another_name(
    before: dict[str, str | None], today: dict[str, str]
) -> None:
    rows = {f"{one}/{CLAUSE}": (name, f"{one}{name}局") for one, name in before.items()}
    found = of_same_centres(last(rows), today)
    assert sorted(found.rows["lead_unit"]) == sorted(cell for _, cell in rows.values())
    assert found.rows.index.is_unique
    for one, row in found.rows.iterrows():
        centre = str(one).split("/", maxsplit=1)[0]
        if "@" not in str(one) and centre in today and isinstance(row["name"], str):
            assert today[centre] == row["name"]


def test_what_was_typed_for_one_of_two_namesakes_never_comes_back_by_itself() -> None:
    rows = {f"C2/{CLAUSE}": ("中心", "甲局"), f"C3/{CLAUSE}": ("中心", None)}
    aside = {f"C2/{CLAUSE}@@中心": "甲局"}
    both = of_same_centres(last(rows), {"C2": "中心", "C3": "中心"})
    assert typed(both) == aside
    # One of them goes; then the other alone bears the name: nobody knows which it was typed for.
    for today in ({"C2": "中心"}, {"C3": "中心"}, {"C2": "别的"}, {"A1": "中心"}):
        assert typed(of_same_centres(both, today, {"A1"})) == aside
        assert typed(of_same_centres(last(rows), today, {"A1"})) == aside
    # Of three, the one typed for has gone with its row number.
    three = of_same_centres(last({f"C4/{CLAUSE}": ("中心", "丙局")}), {"C2": "中心", "C3": "中心"})
    assert typed(of_same_centres(three, {"C2": "中心"})) == {f"C4/{CLAUSE}@@中心": "丙局"}
    # Kept aside under its name, and two bear it now.
    waiting = last({f"C2/{CLAUSE}@中心": ("中心", "甲局")})
    assert typed(of_same_centres(waiting, {"C2": "中心", "C3": "中心"})) == aside


def test_a_namesake_without_a_defect_is_remembered_by_the_row_of_the_other() -> None:
    """C2 and C3 are both called 中心; only C2 stands in the list. Then C2 goes, C3 moves up."""
    names = {"C2": "中心", "C3": "中 心", "C4": "乙", "A1": "乙"}
    same = namesakes(names, {"A1"})
    assert same == {"C2", "C3", "C4"}
    now = pd.DataFrame({"name": ["中心"]}, index=[f"C2/{CLAUSE}"])
    made = with_last(now, None, {}, frozenset(names), same_name=same)
    assert made.table["defect_change"].to_list() == ["same_name"]
    assert made.counts == {"same_name": 1}
    assert [notice.key for notice in made.notices] == ["remedies.list_same_name"]
    table = made.table.assign(lead_unit="甲局")
    found = of_same_centres(LastList(table), {"C2": "中心"})
    assert typed(found) == {f"C2/{CLAUSE}@@中心": "甲局"}
    assert keys(found) == ["list_same_id"]
    again = with_last(now, found, {}, frozenset({"C2"}))
    assert again.table["defect_change"].to_dict() == {
        f"C2/{CLAUSE}": "new", f"C2/{CLAUSE}@@中心": "other_name",
    }  # fmt: skip
    other = of_same_centres(last({f"C2/{CLAUSE}": ("中心", None)}), {"C2": "中心"})
    mixed = joined_lists(other, LastList(table), "last.xlsx")
    assert typed(of_same_centres(mixed, {"C2": "中心"})) == {f"C2/{CLAUSE}@@中心": "甲局"}


def test_a_further_row_of_an_id_is_no_other_centre_s() -> None:
    rows = {f"C2/{CLAUSE}": ("甲", "甲局"), f"C2/{CLAUSE}#2": ("甲", "又一行")}
    found = of_same_centres(last(rows), {"C2": "乙"})
    now = pd.DataFrame({"name": ["乙"]}, index=[f"C2/{CLAUSE}"])
    table = with_last(now, found, {}, frozenset({"C2"})).table
    assert table["lead_unit"].isna()[f"C2/{CLAUSE}"]
    assert sorted(table["lead_unit"].dropna()) == ["又一行", "甲局"]
    moved = of_same_centres(last(rows), {"C3": "甲"})
    assert typed(moved) == {f"C3/{CLAUSE}": "甲局", f"C3/{CLAUSE}#2": "又一行"}


def test_codes_that_changed_places_are_told_as_such() -> None:
    rows = {f"01/{CLAUSE}": ("甲", "甲局"), f"02/{CLAUSE}": ("乙", "乙局")}
    found = of_same_centres(last(rows), {"01": "乙", "02": "甲"}, {"01", "02"})
    assert typed(found) == {f"01/{CLAUSE}": "甲局", f"02/{CLAUSE}": "乙局"}
    assert keys(found) == ["list_renamed", "list_swapped"]
    assert "01：甲 → 02、02：乙 → 01" in found.notices[1].text("zh")
    only = of_same_centres(last(rows), {"01": "丙", "02": "乙"}, {"01", "02"})
    assert keys(only) == ["list_renamed"]
