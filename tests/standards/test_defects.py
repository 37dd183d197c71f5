"""The list of defects: ids stay, typed columns survive whatever becomes of a defect."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.standards.remedies.defects import (
    COLUMNS,
    FOUND,
    TYPED,
    LastList,
    joined_lists,
    with_last,
)

A, B, C = "a/book/one", "a/book/two", "x/y/book/one"
CENTRES = frozenset({"a", "x/y"})


def current(*ids: str) -> pd.DataFrame:
    return pd.DataFrame({name: [f"{name} of {one}" for one in ids] for name in FOUND}, index=ids)


def last(**rows: dict[str, Any]) -> LastList:
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS), dtype=object)
    return LastList(table)


def row(change: str = "", **typed: Any) -> dict[str, Any]:
    return {"defect_change": change, "name": "旧名", **typed}


def test_the_first_list_marks_nothing_as_new() -> None:
    made = with_last(current(A, B), None, {}, CENTRES)
    assert made.table["defect_change"].tolist() == ["", ""]
    assert made.table[list(TYPED)].isna().all().all()
    again = with_last(current(A, B), LastList(made.table), {A: "short", B: "short"}, CENTRES)
    pd.testing.assert_frame_equal(again.table, made.table.rename_axis("defect"), check_dtype=False)


def test_what_becomes_of_defects_is_told_and_typed_cells_stay() -> None:
    before = last(
        **{
            A: row(lead_unit="民政局", due="2026-06-30"),
            B: row(progress="closed"),
            C: row(evidence="照片"),
            "a/book/back": row("gone", conclusion="已整改"),
            "a/book/dark": row(funds=12.5),
            "gone/book/one": row(checked_by="某某"),
            "a/book/old": row(),
            "自查-1": row(lead_unit="街道"),
            f"{A}#2": row(lead_unit="又一行"),
        }
    )
    found = current(A, B, "a/book/back", "a/book/fresh")
    results = {C: "meets", "a/book/dark": "unknown", "a/book/old": "not_applicable"}
    made = with_last(found, before, results, CENTRES)
    table = made.table
    assert table["defect_change"].to_dict() == {
        A: "", B: "closed_found", "a/book/back": "returned", "a/book/fresh": "new", C: "gone",
        "a/book/dark": "unclear", "gone/book/one": "no_centre", "a/book/old": "no_clause",
        f"{A}#2": "twice", "自查-1": "apart",
    }  # fmt: skip
    assert list(table.loc[A, ["lead_unit", "due", "name"]]) == [
        "民政局", "2026-06-30", f"name of {A}",
    ]  # fmt: skip
    assert list(table.loc[C, ["evidence", "name"]]) == ["照片", "旧名"]
    assert table.loc["a/book/dark", "funds"] == 12.5
    assert table.loc["gone/book/one", "checked_by"] == "某某"
    assert sum(made.counts.values()) == len(table) == 10
    told = {notice.key.removeprefix("remedies.list_") for notice in made.notices}
    assert told == set(table["defect_change"]) - {""}
    # Names of persons reach no notice.
    assert not any("某某" in str(notice) for notice in made.notices)


def test_a_row_that_repeated_another_takes_its_place_once_that_one_is_gone() -> None:
    rows = {f"{A}#2": row(lead_unit="街道"), f"{A}#3": row(due="5 月")}
    made = with_last(current(A), last(**rows), {}, CENTRES)
    assert made.table["lead_unit"].to_dict()[A] == "街道"
    assert made.table["defect_change"].to_dict() == {A: "", f"{A}#3": "twice"}


IDS = ["a/book/one", "a/book/two", "x/y/book/one", "b/book/one", "odd", "a/other/one"]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(IDS), unique=True),
    st.dictionaries(st.sampled_from(IDS), st.dictionaries(st.sampled_from(TYPED), st.text("字9"))),
    st.lists(st.sampled_from(IDS), unique=True),
)
def test_no_typed_cell_is_ever_lost(
    now: list[str], typed: dict[str, dict[str, str]], later: list[str]
) -> None:
    before = last(**{name: row(**cells) for name, cells in typed.items()})
    made = with_last(current(*now), before, {}, CENTRES)
    again = with_last(current(*later), LastList(made.table), {}, CENTRES)
    for table in (made.table, again.table):
        assert not table.index.duplicated().any()
        for name, cells in typed.items():
            for column, value in cells.items():
                assert table.loc[name, column] == value
    assert set(made.table.index) == set(now) | set(typed)


def test_ids_typed_otherwise_are_matched_and_unclear_ones_told() -> None:
    before = last(
        **{
            "A／Book／One": row(lead_unit="民政局"),
            " a / book / two ": row(lead_unit="街道"),
            "A/BOOK/ONE": row(lead_unit="又一行"),
        }
    )
    made = with_last(current(A, B), before, {}, CENTRES)
    assert made.table["lead_unit"].to_dict() == {A: "民政局", B: "街道", "A/BOOK/ONE": "又一行"}
    unclear = [one for one in made.notices if one.key == "remedies.list_id_unclear"]
    assert [one.fields["id"] for one in unclear] == ["A/BOOK/ONE"]


def test_an_id_that_may_mean_two_defects_is_left_apart() -> None:
    both = current("c1/book/one", "C1/book/one")
    made = with_last(both, last(**{"ｃ1/book/one": row(due="5 月")}), {}, frozenset({"c1", "C1"}))
    assert made.table.loc["ｃ1/book/one", "due"] == "5 月"
    assert made.table["due"].notna().sum() == 1
    assert "remedies.list_id_unclear" in {one.key for one in made.notices}


def test_facilities_with_strokes_in_their_ids_are_known() -> None:
    before = last(**{C: row(), "x/y/book/old": row(), "x/book/one": row(), "book/one": row()})
    made = with_last(current(A), before, {C: "meets"}, CENTRES)
    ids = [C, "x/y/book/old", "x/book/one", "book/one"]
    assert made.table.loc[ids, "defect_change"].tolist() == [
        "gone", "no_clause", "no_centre", "apart",
    ]  # fmt: skip


def test_two_lists_become_one_and_nothing_typed_is_lost() -> None:
    ours = last(**{A: row(lead_unit="新", due="今"), "?3": row(funds=1)})
    named = last(**{A: row(lead_unit="旧", evidence="照片"), B: row(checked_by="某某")})
    both = joined_lists(ours, named, "last.xlsx")
    assert list(both.rows.index) == [A, "?3", B]
    assert list(both.rows.loc[A, ["lead_unit", "due", "evidence"]]) == ["新", "今", "照片"]
    assert both.rows.loc[B, "checked_by"] == "某某"
    (told,) = both.notices
    assert told.fields["count"] == 1
    assert A in str(told.fields["cells"])
    assert "旧" not in told.text("zh")
    again = joined_lists(both, named, "last.xlsx")
    pd.testing.assert_frame_equal(again.rows, both.rows)
