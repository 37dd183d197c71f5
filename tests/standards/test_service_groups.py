from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from planner.errors import TableError
from planner.standards.floor_area.joining import join_small_groups, middles_of
from planner.standards.floor_area.service_groups import ServiceGroups, service_groups
from planner.standards.rulebooks.books import rule_book

BOOK = rule_book()


def _communities(people: Mapping[str, float], villages: tuple[str, ...] = ()) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": [f"{id_}名" for id_ in people],
            "community_kind": ["村" if id_ in villages else "社区" for id_ in people],
            "population": [float(value) for value in people.values()],
            "elderly_60": [0.2 * value for value in people.values()],
        },
        index=list(people),
    )


def _centres(**rows: tuple[str | None, str | None, str]) -> pd.DataFrame:
    """Return operating day-care centres from ``id=(community, serves, position)``."""
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["community", "serves", "position"]
    ).assign(centre_kind="日间照料", status="运营", name="某")


def _walks(**centres: str | None) -> pd.Series:
    return pd.Series(centres, dtype=object)


FOUR = _communities({"k1": 12_000, "k2": 13_000, "k3": 14_000, "v1": 2_000}, ("v1",))


def _groups(centres: pd.DataFrame, walks: pd.Series) -> ServiceGroups:
    return service_groups(FOUR, centres, walks, book=BOOK)


def test_a_shared_community_joins_two_centres() -> None:
    centres = _centres(a=("k1", "k1、k2", "given"), b=("k3", "k3，k2名", "given"))
    groups = _groups(centres, _walks(k1="b", k2=None, k3=None, v1=None))
    assert set(groups.community_group) == {"k1"}
    assert groups.centre_group.to_dict() == {"a": "k1", "b": "k1"}


def test_a_village_joins_nobody_together() -> None:
    centres = _centres(a=("k1", "k1、v1", "given"), b=("k2", "k2、v1", "given"))
    groups = _groups(centres, _walks(k1=None, k2=None, k3=None, v1=None))
    assert groups.community_group.to_dict() == {"k1": "k1", "k2": "k2", "k3": "k3"}
    assert groups.centre_villages.to_dict() == {"a": "v1", "b": "v1"}
    assert groups.community_basis.to_dict() == {
        "k1": "ledger",
        "k2": "ledger",
        "k3": "none",
        "v1": "ledger",
    }


def test_a_centre_that_no_community_is_left_for() -> None:
    # b stands in k1, which walks to a; c stands in k3, which nobody reaches; d's point is not
    # known, and k2 names it as its place; e stands nowhere that the ledger says.
    centres = _centres(
        a=("k1", None, "given"),
        b=("k1", None, "given"),
        c=("k3", None, "given"),
        d=("k2", None, "none"),
        e=(None, None, "none"),
    )
    groups = _groups(centres, _walks(k1="a", k2=None, k3=None, v1=None))
    assert groups.centre_group.fillna("-").to_dict() == {
        "a": "k1",
        "b": "k1",
        "c": "-",
        "d": "k2",
        "e": "-",
    }
    assert groups.community_basis["k2"] == "stands"
    assert groups.community_basis["k3"] == "none"


def test_closed_centres_and_other_kinds_name_nobody() -> None:
    centres = _centres(a=("k1", "k1、k2", "given"), b=("k1", "k1、k3", "given"))
    centres = centres.assign(status=["停运", "运营"], centre_kind=["日间照料", "助餐点"])
    groups = _groups(centres, _walks(k1=None, k2=None, k3=None, v1=None))
    assert groups.groups == ["k1", "k2", "k3"]
    assert groups.centre_group.empty


def test_walks_that_do_not_fit_are_refused_all_at_once() -> None:
    centres = _centres(a=("k1", None, "given"))
    with pytest.raises(TableError) as caught:
        _groups(centres, _walks(k1="zz", k3=None, v1=None))
    assert [problem.key for problem in caught.value.problems] == [
        "standards.community_without_walk",
        "standards.walk_to_strange_centre",
    ]
    assert "k2" in str(caught.value)
    assert "zz" in caught.value.text("en")


@settings(deadline=None, derandomize=True)
@given(st.data())
def test_groups_are_the_connected_parts(data: st.DataObject) -> None:
    names = [f"k{number:02}" for number in range(data.draw(st.integers(1, 9)))]
    ids = [f"z{number}" for number in range(data.draw(st.integers(1, 5)))]
    chosen = st.lists(st.sampled_from(names), unique=True, max_size=3)
    lists = {id_: data.draw(chosen) for id_ in ids}
    walks = {name: data.draw(st.sampled_from([None, *ids])) for name in names}
    communities = _communities(dict.fromkeys(names, 12_000))
    rows = {id_: (None, "、".join(listed) or None, "given") for id_, listed in lists.items()}
    groups = service_groups(communities, _centres(**rows), _walks(**walks), book=BOOK)
    graph = nx.Graph()
    graph.add_nodes_from(names)
    named = {name for listed in lists.values() for name in listed}
    for id_, listed in lists.items():
        graph.add_edges_from((id_, name) for name in listed)
    graph.add_edges_from((id_, name) for name, id_ in walks.items() if id_ and name not in named)
    expected = {
        frozenset(part & set(names)) for part in nx.connected_components(graph) if part & set(names)
    }
    found = groups.community_group.groupby(groups.community_group.to_numpy()).groups
    assert {frozenset(members) for members in found.values()} == expected
    assert all(group == min(members) for group, members in found.items())
    assert sorted(groups.community_group.index) == names


def _line(people: Mapping[str, float], places: list[float]) -> dict[str, str]:
    communities = _communities(people)
    middles = pd.DataFrame(
        {"easting_m": places, "northing_m": 0.0}, index=communities.index, dtype=float
    )
    alone = pd.Series(communities.index, index=communities.index, dtype=object)
    return join_small_groups(alone, communities, middles, least_population=10_000).ends


def test_joining_starts_from_the_smallest_and_stops_at_10000() -> None:
    # on a line, km:  a 4,000 at 0 · b 6,000 at 1 · c 3,000 at 3 · d 50,000 at 9
    # c (smallest) joins b (2 off): 9,000 at (6·1 + 3·3)/9 = 1.67; a (4,000) joins bc: 13,000
    people = {"a": 4_000, "b": 6_000, "c": 3_000, "d": 50_000}
    assert _line(people, [0, 1_000, 3_000, 9_000]) == {"a": "a", "b": "a", "c": "a", "d": "d"}
    # exactly 10,000 is enough: e is left as it is
    assert _line({"d": 10_000, "e": 10_000}, [0, 1]) == {"d": "d", "e": "e"}


def test_equal_distances_go_to_the_least_id_and_one_may_be_left_alone() -> None:
    assert _line({"a": 20_000, "b": 5_000, "c": 20_000}, [0, 1, 2])["b"] == "a"
    assert _line({"a": 5_000}, [0]) == {"a": "a"}
    assert _line({"a": 2_000, "b": 3_000}, [0, 1]) == {"a": "a", "b": "a"}


def test_groups_of_unknown_people_are_left_alone() -> None:
    people = {"a": float("nan"), "b": 0.0, "c": 5_000, "d": 20_000}
    assert _line(people, [0, 1, 2, 90]) == {"a": "a", "b": "b", "c": "c", "d": "c"}


def test_middles_come_from_the_outlines_where_not_given() -> None:
    communities = gpd.GeoDataFrame(
        _communities({"a": 1, "b": 1}), geometry=[box(0, 0, 2, 2), box(4, 0, 6, 2)]
    )
    given_a = pd.DataFrame({"easting_m": [9.0], "northing_m": [9.0]}, index=["a"])
    assert middles_of(communities, given_a).to_numpy().tolist() == [[9, 9], [5, 1]]
    with pytest.raises(TableError, match="b"):
        middles_of(communities.drop(columns="geometry"), given_a)


def _join_slowly(people: list[float], places: list[tuple[float, float]]) -> set[frozenset[int]]:
    """Join by the rule's words, without arrays: an oracle."""
    groups = [frozenset([number]) for number in range(len(people))]

    def size(group: frozenset[int]) -> float:
        return sum(people[member] for member in group)

    def middle(group: frozenset[int]) -> tuple[float, float]:
        east = sum(people[member] * places[member][0] for member in group) / size(group)
        north = sum(people[member] * places[member][1] for member in group) / size(group)
        return east, north

    while len(groups) > 1:
        smallest = min(groups, key=lambda group: (size(group), min(group)))
        if size(smallest) >= 10_000:
            break
        here = middle(smallest)
        others = [group for group in groups if group != smallest]
        nearest = min(
            others,
            key=lambda group: (
                round(float(np.hypot(middle(group)[0] - here[0], middle(group)[1] - here[1])), 3),
                min(group),
            ),
        )
        groups = [group for group in others if group != nearest] + [smallest | nearest]
    return set(groups)


@settings(deadline=None, derandomize=True)
@given(st.data())
def test_joining_as_the_rule_says(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 12))
    people = [
        float(value)
        for value in data.draw(st.lists(st.integers(500, 15_000), min_size=size, max_size=size))
    ]
    spot = st.tuples(st.integers(0, 5_000), st.integers(0, 5_000))
    places = [
        (float(east), float(north))
        for east, north in data.draw(st.lists(spot, min_size=size, max_size=size))
    ]
    names = [f"k{number:02}" for number in range(size)]
    communities = _communities(dict(zip(names, people, strict=True)))
    middles = pd.DataFrame(places, index=names, columns=["easting_m", "northing_m"])
    alone = pd.Series(names, index=names, dtype=object)
    ends = join_small_groups(alone, communities, middles, least_population=10_000).ends
    found: dict[str, set[int]] = {}
    for number, name in enumerate(names):
        found.setdefault(ends[name], set()).add(number)
    assert set(map(frozenset, found.values())) == _join_slowly(people, places)
    assert all(name == names[min(members)] for name, members in found.items())
    if len(found) > 1:
        assert all(sum(people[number] for number in part) >= 10_000 for part in found.values())
