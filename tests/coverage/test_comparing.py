"""Two runs compared: every person and every gap accounted for."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import Point

from planner.coverage.comparing import FLOWS, Comparison, Rows, State, compare
from planner.coverage.comparing_centres import CENTRE_CHANGES, centre_changes
from planner.coverage.comparing_gaps import GAP_CHANGES
from planner.errors import TableError
from planner.labels import catalogue
from tests.coverage.states import EAST, state


def test_gaps_closed_opened_stay_move_merge_and_split() -> None:
    # before: abc together, d and e apart, f; after: a and bc apart, de together, g opened, f closed
    first = state(
        {"a": 20, "b": 20, "c": 20, "d": 20, "e": 20, "f": 20, "g": 1, "h": 20},
        "abc d e f h",
        {"z1": 3000},
        elders={"e": 8.0},
    )
    second = state(
        {"a": 20, "b": 20, "c": 20, "d": 20, "e": 20, "f": 1, "g": 20, "h": 20},
        "a bc de g h",
        {"z1": 2000},
        elders={"e": 8.0, "h": 30.0},
    )
    found = compare(first, second).gaps
    table = found.table.set_index("change")
    assert found.matched_by == "residents"
    assert found.totals["gaps"].to_dict() == {
        "closed": 1, "opened": 1, "smaller": 1, "larger": 2, "stays": 0, "moved": 0,
        "merged": 1, "split": 1,
    }  # fmt: skip
    # gap ids: community and number by least door. before abc 1, d 2, e 3, f 4, h 5
    assert table.loc["closed", "before"] == "c1-4"
    assert table.loc["opened", "after"] == "c1-4"
    told = table.drop(index="larger").T.to_dict()
    split, merged, smaller = told["split"], told["merged"], told["smaller"]
    assert (split["after"], split["other"], split["common"]) == ("c1-1", "c1-1", 10.0)
    assert (merged["before"], merged["other"], merged["common"]) == ("c1-3", "c1-3", 8.0)
    assert (smaller["elderly_60_change"], smaller["common"]) == (-10.0, 20.0)
    # h's elders trebled: 10 of 30 in common
    larger = table[table.index == "larger"].sort_values("after")
    assert larger["before"].to_list() == ["c1-2", "c1-5"]
    assert larger["elderly_60_change"].to_list() == [8.0, 20.0]
    assert larger["common"].to_list() == [10.0, 10.0]
    assert found.totals["elderly_60_before"].sum() == first.gaps["elderly_60"].sum()
    assert found.totals["elderly_60_after"].sum() == second.gaps["elderly_60"].sum()


def test_where_ids_changed_ground_decides() -> None:
    first = state({"a": 20, "b": 20, "f": 20, "g": 1}, "ab f", {"z1": 3000})
    second = state({"a": 20, "b": 20, "f": 1, "g": 20}, "ab g", {"z1": 2000}, prefix="new-")
    found = compare(first, second).gaps
    assert found.matched_by == "area"
    assert found.totals["gaps"][["closed", "opened", "stays"]].to_list() == [1, 1, 1]
    stays = found.table.set_index("change").loc["stays"]
    assert stays["common"] == pytest.approx(first.gaps.loc["c1-1", "area_m2"])


def test_covered_persons_are_accounted_for() -> None:
    first = state({"a": 20, "b": 1, "c": 1, "d": 1}, "a", {"z1": 0})
    second = state({"a": 1, "b": 20, "c": 1, "e": 1}, "b", {"z1": 0}, elders={"a": 12.0, "c": 15.0})
    row = compare(first, second).coverage.loc["elderly_60"]
    assert row.to_dict() == {
        "total_before": 40, "total_after": 47, "covered_before": 30, "covered_after": 37,
        "share_before": 0.75, "share_after": 37 / 47, "came_within": 12, "fell_out": 10,
        "grew": 5, "new_rows": 10, "gone_rows": 10,
    }  # fmt: skip
    assert compare(first, second).coverage.index.to_list() == ["elderly_60", "elderly_80"]


def test_centre_by_centre() -> None:
    first = state(
        {"a": 1, "b": 1, "c": 1, "d": 20},
        "d",
        {"z1": 0, "z2": 200, "z3": 500},
        nearest={"a": "z1", "b": "z2", "c": "z2", "d": "z3"},
    )
    second = state(
        {"a": 1, "b": 1, "c": 1, "d": 1},
        "",
        {"z1": 10, "z3": 510.5, "z4": 900},
        nearest={"a": "z1", "b": "z1", "c": "z1", "d": "z4"},
    )
    table = compare(first, second).centres
    assert table["change"].to_dict() == {
        "z1": "stays", "z2": "closed", "z3": "moved", "z4": "opened",
    }  # fmt: skip
    assert table["elderly_60_before"].to_list() == [10, 20, 0, 0]
    assert table["elderly_60_after"].to_list() == [30, 0, 0, 10]
    assert table["elderly_60_change"].sum() == 10
    assert table.loc["z3", "moved_m"] == pytest.approx(10.5)
    assert table["moved_m"].isna().to_list() == [False, True, False, True]
    assert table["name"].to_list() == ["中心z1", "中心z2", "中心z3", "中心z4"]


def test_a_run_beside_itself_changes_nothing() -> None:
    one = state({"a": 20, "b": 20, "c": 1, "d": 20}, "ab d", {"z1": 0})
    found = compare(one, one)
    assert set(found.gaps.table["change"]) == {"stays"}
    assert (found.gaps.table["elderly_60_change"] == 0).all()
    assert set(found.centres["change"]) == {"stays"}
    assert found.coverage[["came_within", "fell_out", "grew"]].to_numpy().sum() == 0


def sites(**centres: tuple[str | None, float]) -> gpd.GeoDataFrame:
    """Return open centres by id: name and easting."""
    names, eastings = zip(*centres.values(), strict=True)
    return gpd.GeoDataFrame(
        {"name": pd.Series(list(names), dtype=object), "elderly_60": 10.0},
        geometry=[Point(east, 0) for east in eastings],
    ).set_axis(pd.Index([one.removeprefix("n") for one in centres], dtype=object))


def test_centres_numbered_anew_are_known_by_their_name_or_place() -> None:
    before = sites(a=("甲", 0), b=("乙", 100), c=("丙", 200), d=("丙", 300), e=(None, 400))
    after = sites(x=("甲", 0), b=("新乙", 100), y=("丙", 950), z=("丁", 700), w=(None, 400))
    found = centre_changes(before, after)
    assert found["change"].to_dict() == {
        "x": "stays", "b": "stays", "c": "closed", "d": "closed", "w": "stays",
        "y": "opened", "z": "opened",
    }  # fmt: skip
    assert (found["name"]["x"], found["id_before"]["x"]) == ("甲", "a")
    assert list(found.loc["b", ["name", "name_before", "same_by"]]) == ["新乙", "乙", "id"]
    assert found.loc["w", "same_by"] == "place"
    assert found["elderly_60_before"].sum() == found["elderly_60_after"].sum() == 50


def test_an_id_that_another_centre_has_now_is_told_apart() -> None:
    """Numbered 1 to N, 甲 closed: 乙 and 丙 stay where they are, under other ids."""
    before = sites(n1=("甲", 0), n2=("乙", 1800), n3=("丙", 4000))
    after = sites(n1=("乙", 1800), n2=("丙", 4000))
    found = centre_changes(before, after)
    assert found["change"].to_dict() == {"1": "stays", "1′": "closed", "2": "stays"}
    assert found["name"].to_dict() == {"1": "乙", "1′": "甲", "2": "丙"}
    assert found["id_before"].to_dict() == {"1": "2", "1′": "1", "2": "3"}
    assert found["id_after"].isna().to_list() == [False, True, False]


def test_rows_numbered_anew_at_other_places_are_not_the_same() -> None:
    one = state({"a": 20, "b": 1, "c": 20, "d": 1}, "a c", {"z1": 0})
    two = state({"a": 20, "b": 1, "c": 20, "d": 1}, "a c", {"z1": 0})
    assert compare(one, two).by_rows
    rows = two.rows
    assert rows is not None
    residents = gpd.GeoDataFrame(rows.residents)
    moved = Rows(residents.set_geometry(residents.geometry.translate(0, 500)), rows.members)
    found = compare(one, dataclasses.replace(two, rows=moved))
    assert not found.by_rows
    assert found.gaps.matched_by == "area"
    assert found.coverage[list(FLOWS)].isna().all(axis=None)


def test_another_crs_is_projected() -> None:
    one = state({"a": 20, "b": 20, "f": 20}, "ab f", {"z1": 3000})

    def placed(crs: int) -> State:
        far = [
            gpd.GeoDataFrame(frame.set_geometry(frame.translate(440_000, 3_800_000)))
            for frame in (one.gaps, one.centres)
        ]
        gaps, centres = (frame.set_crs(4545).to_crs(crs) for frame in far)
        return dataclasses.replace(one, gaps=gaps, centres=centres, rows=None)

    found = compare(placed(4544), placed(4545))
    assert set(found.gaps.table["change"]) == {"stays"}
    assert set(found.centres["change"]) == {"stays"}
    assert found.centres["moved_m"].max() < 1e-3


def test_no_gaps_at_all() -> None:
    none = state({"a": 1}, "", {"z1": 0})
    some = state({"a": 20}, "a", {"z1": 0})
    assert compare(none, none).gaps.table.empty
    assert compare(none, some).gaps.totals.loc["opened", "elderly_60_after"] == 10
    assert compare(some, none).gaps.totals.loc["closed", "elderly_60_before"] == 10


def test_two_crs_are_refused() -> None:
    one = state({"a": 20}, "a", {"z1": 0})
    other = dataclasses.replace(one, centres=one.centres.set_crs(4545))
    with pytest.raises(TableError, match="坐标系不同"):
        compare(one, other)


MIRRORED = {
    "closed": "opened", "opened": "closed", "smaller": "larger", "larger": "smaller",
    "merged": "split", "split": "merged", "stays": "stays", "moved": "moved",
}  # fmt: skip


def assert_mirrored(back: Comparison, there: Comparison) -> None:
    """Assert that one comparison is the other, read from its end."""
    ends = {"before": "after", "after": "before"}
    table = there.gaps.table.rename(columns={
        **ends, "elderly_60_before": "elderly_60_after", "elderly_60_after": "elderly_60_before",
    })  # fmt: skip
    table["change"] = table["change"].map(MIRRORED).astype(object)
    table["elderly_60_change"] = 0.0 - table["elderly_60_change"]
    order = ["before", "after"]
    expected, given = (
        one.fillna("").sort_values(order, ignore_index=True)[list(back.gaps.table.columns)]
        for one in (table, back.gaps.table)
    )
    assert_frame_equal(given, expected)
    flows = back.coverage.rename(columns={
        "came_within": "fell_out", "fell_out": "came_within",
        "new_rows": "gone_rows", "gone_rows": "new_rows",
        **{f"{name}_{one}": f"{name}_{other}" for name in ("total", "covered", "share")
           for one, other in ends.items()},
    }).assign(grew=lambda one: 0.0 - one["grew"])  # fmt: skip
    assert_frame_equal(flows[there.coverage.columns], there.coverage)
    assert back.by_rows == there.by_rows
    swapped = there.centres["change"].replace({"opened": "closed", "closed": "opened"})
    assert sorted(back.centres["change"]) == sorted(swapped)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.integers(0, 100_000))
def test_totals_add_up_whatever_changes(seed: int) -> None:
    rng = np.random.default_rng(seed)

    def run() -> State:
        doors = [one for one in EAST if rng.random() < 0.8] or ["a"]
        minutes = {one: float(rng.integers(1, 31)) for one in doors}
        lost = [one for one in doors if minutes[one] > 15]
        number = {one: int(rng.integers(0, 3)) for one in lost}
        groups = ["".join(one for one in lost if number[one] == part) for part in range(3)]
        sites = {f"z{one}": float(rng.integers(0, 50)) for one in rng.permutation(4)[:2]}
        return state(
            minutes,
            " ".join(group for group in groups if group),
            sites,
            elders={one: float(rng.integers(0, 9)) for one in doors},
            nearest={one: str(rng.choice(list(sites))) for one in doors},
        )

    first, second = run(), run()
    found = compare(first, second)
    row = found.coverage.loc["elderly_60"]
    change = row["came_within"] - row["fell_out"] + row["grew"] + row["new_rows"]
    if found.by_rows:
        assert row["covered_after"] == row["covered_before"] + change - row["gone_rows"]
    else:
        assert found.coverage[list(FLOWS)].isna().all(axis=None)
    assert row["covered_before"] == first.people.loc["elderly_60", "covered"]
    assert found.centres["elderly_60_before"].sum() == row["covered_before"]
    assert found.centres["elderly_60_after"].sum() == row["covered_after"]
    for side, one in (("before", first), ("after", second)):
        named = found.gaps.table[side].dropna()
        assert sorted(named) == sorted(one.gaps.index)
        assert found.gaps.totals[f"elderly_60_{side}"].sum() == one.gaps["elderly_60"].sum()
    assert found.gaps.totals["gaps"].sum() == len(found.gaps.table)
    assert_mirrored(compare(second, first), found)
    assert_frame_equal(compare(first, second).gaps.table, found.gaps.table)


def test_changes_have_words() -> None:
    words = catalogue()
    assert all(f"gaps.change_{change}" in words for change in GAP_CHANGES)
    assert all(f"gaps.centre_{change}" in words for change in CENTRE_CHANGES)
