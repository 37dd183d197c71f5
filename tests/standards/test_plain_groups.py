"""The audit of many groups at once, beside plain loops over random towns."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.standards.floor_area.audit import audit_floor_area
from planner.standards.floor_area.listing import listed_by
from planner.standards.floor_area.rooms import rooms_found
from planner.standards.floor_area.service_groups import SERVED
from planner.standards.rulebooks.books import rule_book
from planner.tables import PLACED
from tests.standards.plain_groups import KNOWN_PLACES, plain_groups, plain_rooms

BOOK = rule_book()
MOST = 9
TEXTS = ("communities", "community_names", "centres")


@st.composite
def towns(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str | None]]:
    """Return centres, communities and who walks where; ids in any order, names not unique."""

    def column(count: int, *values: Any) -> list[Any]:
        return draw(st.lists(st.sampled_from(values), min_size=count, max_size=count))

    places = draw(st.permutations([f"k{number}" for number in range(draw(st.integers(1, MOST)))]))
    ids = draw(st.permutations([f"c{number}" for number in range(draw(st.integers(1, MOST)))]))
    communities = pd.DataFrame(
        {
            "name": column(len(places), "东社区", "西社区", "k1", "南社区", "北社区", None),
            "community_kind": column(len(places), "社区", "社区", "社区", "村"),
            "population": column(len(places), 0.0, 4_000.0, 12_000.0, 35_000.0, float("nan")),
            "elderly_60": column(len(places), 0.0, 700.0, 2_100.0, 5_000.0, float("nan")),
        },
        index=places,
    )
    lists = st.lists(st.sampled_from([*places, "东社区", "南社区", "虚构"]), max_size=3)
    centres = pd.DataFrame(
        {
            "name": "某",
            "centre_kind": column(len(ids), "日间照料", "日间照料", "日间照料", "助餐点"),
            "status": column(len(ids), "运营", "运营", "运营", "停运"),
            "position": column(len(ids), "given", "none"),
            "community": column(len(ids), *places, None),
            "serves": [draw(st.sampled_from("、，;")).join(draw(lists)) or None for _ in ids],
            "area_m2": column(len(ids), 0.0, 400.0, 750.0, 1_600.0, float("nan")),
            "area_kind": column(len(ids), "建筑", "使用", "未注明", "占地", None),
        },
        index=ids,
    ).astype({"serves": object, "community": object})
    open_ = centres.index[(centres["status"] == "运营") & (centres["centre_kind"] == "日间照料")]
    return centres, communities, dict(zip(places, column(len(places), None, *open_), strict=True))


@settings(deadline=None, derandomize=True, max_examples=25)
@given(towns())
def test_groups_of_random_towns_are_those_of_plain_loops(
    town: tuple[pd.DataFrame, pd.DataFrame, dict[str, str | None]],
) -> None:
    centres, communities, walks = town
    audit = audit_floor_area(centres, communities, pd.Series(walks, dtype=object))
    for served in SERVED:
        plain = pd.DataFrame.from_dict(
            plain_groups(centres, communities, walks, served), orient="index"
        )
        found = audit.by_served[served].groups
        assert found.index.to_list() == plain.index.to_list()
        for name in plain:
            if name in TEXTS:
                assert found[name].to_list() == plain[name].to_list(), (served, name)
            else:
                figures = pytest.approx(plain[name].to_numpy(dtype=float), nan_ok=True)
                assert found[name].to_numpy(dtype=float) == figures, (served, name)


def test_both_know_the_same_places() -> None:
    assert set(KNOWN_PLACES) == set(PLACED)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    st.lists(
        st.lists(st.sampled_from(["餐厅", "休息室", "沐浴间", "水吧", " 餐厅", "", "库房"]))
        .map("、".join)
        .map(lambda text: text or None)
    )
)
def test_rooms_are_those_of_a_plain_loop(lists: list[str | None]) -> None:
    menu = {name: room.name for room in BOOK.rooms for name in (room.name, *room.also_called)}
    table = rooms_found(pd.DataFrame({"rooms": lists}, dtype=object), book=BOOK)
    found = [
        tuple(None if pd.isna(text) else text for text in row)
        for row in table.itertuples(index=False, name=None)
    ]
    assert found == [plain_rooms(listed, menu) for listed in lists]


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.tuples(st.sampled_from(["b", "a", "丙", None]), st.text("xyz、", max_size=2))))
def test_lines_of_groups_are_those_of_a_plain_loop(rows: list[tuple[str | None, str]]) -> None:
    groups = sorted({group for group, _ in rows if group is not None})
    expected = {group: "、".join(text for of, text in rows if of == group) for group in groups}
    found = listed_by([group for group, _ in rows], [text for _, text in rows])
    assert found.to_dict() == expected
    assert found.index.to_list() == groups
