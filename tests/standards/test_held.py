from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest

from planner.standards.floor_area.held import building_areas, counted_areas
from planner.standards.floor_area.rooms import rooms_found
from planner.standards.rulebooks.books import rule_book
from planner.standards.rulebooks.clauses import Clause

BOOK = rule_book()


def _areas(**columns: Sequence[object]) -> pd.DataFrame:
    return building_areas(pd.DataFrame(columns), book=BOOK)


def test_kinds_of_area_in_building_terms() -> None:
    kinds = ["建筑", "使用", "未注明", None, "套内", "占地", "建筑"]
    table = _areas(area_m2=[650.0, 650, 650, 650, 650, 650, None], area_kind=kinds)
    assert table["building_m2"].fillna(-1).to_list() == pytest.approx(
        [650, 1000, 650, 650, -1, -1, -1]
    )
    assert table["area_note"].to_list() == [
        *("as_given", "derived", "kind_unstated", "kind_unstated"),
        *("unknown_kind", "ground", "missing"),
    ]


def test_an_inner_area_counts_where_the_book_has_its_ratio() -> None:
    ratio: Clause = replace(BOOK.clause("use-area-ratio"), quantity="inner_area_ratio", value=0.8)
    book = replace(BOOK, clauses=(*BOOK.clauses, ratio))
    centres = pd.DataFrame({"area_m2": [800.0], "area_kind": ["套内"]})
    table = building_areas(centres, book=book)
    assert table.iloc[0].to_list() == [1000.0, 0.0, "derived"]


def test_without_the_columns_all_is_unknown() -> None:
    table = building_areas(pd.DataFrame(index=["a"]), book=BOOK)
    assert table["area_note"].to_list() == ["missing"]


def _counted(**columns: Sequence[object]) -> list[float]:
    centres = pd.DataFrame(columns, index=["a", "b", "c"][: len(columns["area_m2"])])
    counted = counted_areas(centres, building_areas(centres, book=BOOK))
    return [float(value) for value in counted.fillna(-1)]


def test_rooms_shared_in_one_community_count_once() -> None:
    areas = [500.0, 400.0, 300.0]
    kinds = ["建筑"] * 3
    # the largest share counts with its centre, whatever the others share does not again
    assert _counted(
        area_m2=areas, area_kind=kinds, shared_m2=[100.0, 150, 50], community=["k", "k", "k"]
    ) == [400, 400, 250]
    # equal shares: the least id keeps them
    assert _counted(
        area_m2=areas, area_kind=kinds, shared_m2=[100.0, 100, None], community=["k", "k", "k"]
    ) == [500, 300, 300]
    # other communities, or none known: not the same rooms
    assert _counted(
        area_m2=areas, area_kind=kinds, shared_m2=[100.0, 100, 100], community=["k", "l", None]
    ) == [500, 400, 300]


def test_a_share_is_of_the_kind_of_its_area_and_never_more() -> None:
    assert _counted(
        area_m2=[650.0, 65.0],
        area_kind=["使用", "使用"],
        shared_m2=[130.0, 900.0],
        community=["k", "k"],
    ) == pytest.approx([1000 - 0, 0])  # shares 200 and 100: the second's is all it has
    assert _counted(
        area_m2=[None, 300.0],
        area_kind=["建筑", "建筑"],
        shared_m2=[500.0, 100.0],
        community=["k", "k"],
    ) == [-1, 300]


def test_rooms_present_and_lacking() -> None:
    listed = ["休息间、餐厅（含配餐间）；茶室", None, " ", "休息室、沐浴间(含理发室)、餐厅"]
    table = rooms_found(pd.DataFrame({"rooms": listed}, index=list("abcd")), book=BOOK)
    assert table["rooms_present"].iloc[0] == "休息室、餐厅"
    assert table["rooms_lacking"].iloc[0].startswith("沐浴间、医疗保健室")
    assert table["rooms_other"].iloc[0] == "茶室"
    assert table["rooms_lacking"].isna().to_list() == [False, True, True, False]
    assert table["rooms_present"].iloc[3] == "休息室、沐浴间、餐厅"
    everything = "、".join(room.name for room in BOOK.rooms)
    full = rooms_found(pd.DataFrame({"rooms": [everything]}), book=BOOK).iloc[0]
    assert full["rooms_lacking"] == ""
