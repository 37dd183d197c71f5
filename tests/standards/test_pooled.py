"""Communities' parts of their groups, held against plain loops."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from planner.standards.floor_area.audit import audit_floor_area
from planner.standards.floor_area.joining import join_small_groups
from planner.standards.floor_area.required import SmallGroups
from planner.standards.provision.pooled import (
    community_areas,
    group_shares,
    joined_with,
    rolled_up,
    spanning,
)
from tests.standards.hand_town import CENTRES, COMMUNITIES, MIDDLES, WALKS


def areas_of(
    communities: pd.DataFrame = COMMUNITIES,
    centres: pd.DataFrame = CENTRES,
    small_groups: SmallGroups = "pro_rata",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    walks = WALKS.where(WALKS.isin(centres.index), None)
    audit = audit_floor_area(
        centres, communities, walks, small_groups=small_groups, middles=MIDDLES
    )
    areas = community_areas(communities, audit.service_groups, audit.groups, book=audit.book)
    return areas, audit.groups


def test_the_hand_town() -> None:
    areas, _ = areas_of()
    # k01 and k02: 1,085 m² required and 960 held, by 1,600 and 1,800 elders
    assert areas.loc["k01", "required_m2"] == pytest.approx(1_085 * 1_600 / 3_400)
    assert areas.loc["k02", "shortfall_m2"] == pytest.approx(125 * 1_800 / 3_400)
    assert areas.loc["k02", "served_with"] == "k01"
    assert list(areas.loc["k05", ["share", "required_m2", "shortfall_m2"]]) == [1, 390, 90]
    # d's area is not known
    assert areas.loc["k07", ["held_m2", "shortfall_m2"]].isna().all()
    assert areas.loc["k07", "result"] == "unknown"
    assert areas.loc["k07", "required_m2"] == 1_600
    assert "v01" not in areas.index
    assert areas["size"].to_dict() == {
        **dict.fromkeys(["k01", "k02", "k03", "k05", "k06", "k08", "k10"], "below"),
        **dict.fromkeys(["k04", "k07", "k09", "k11", "k12"], "class"),
    }
    # g serves 53,000 people: two centres are wanted, one is there
    assert list(areas.loc["k11", ["group_centres_needed", "group_centres"]]) == [2, 1]
    assert areas.loc["k11", "centres_needed"] == 1


@pytest.mark.parametrize(
    ("population", "size", "centre_class", "centres"),
    [
        (9_999, "below", None, 1),
        (10_000, "class", "三类", 1),
        (14_999, "class", "三类", 1),
        (15_000, "class", "二类", 1),
        (29_999, "class", "二类", 1),
        (30_000, "class", "一类", 1),
        (50_000, "class", "一类", 1),
        (50_001, "above", "二类", 2),
        (100_001, "above", "一类", 3),
        (0, "unknown", None, math.nan),
    ],
)
def test_sizes_on_either_side_of_their_bounds(
    population: float, size: str, centre_class: str | None, centres: float
) -> None:
    communities = COMMUNITIES.assign(
        population=COMMUNITIES["population"].replace(5_000, population)
    )
    areas, _ = areas_of(communities)
    assert areas.loc["k05", "size"] == size
    assert (areas.loc["k05", "centre_class"] or None) == centre_class
    assert areas.loc["k05", "centres_needed"] == pytest.approx(centres, nan_ok=True)


def test_a_group_of_unknown_elders_is_shared_by_population() -> None:
    communities = COMMUNITIES.copy()
    communities.loc["k02", "elderly_60"] = np.nan
    communities.loc["k05", "elderly_60"] = np.nan
    areas, groups = areas_of(communities)
    assert areas.loc["k01", "share"] == pytest.approx(8_000 / 17_000)
    assert areas.loc["k01", "share_by"] == "population"
    assert areas.loc["k03", "share_by"] == "elders"
    assert list(areas.loc["k05", ["share", "share_by"]]) == [1.0, "alone"]
    assert areas["shortfall_m2"].sum() == pytest.approx(groups["shortfall_m2"].sum())


def test_shares_where_nothing_is_known() -> None:
    people = pd.DataFrame(
        {"population": [np.nan, 100.0, 50.0, 0.0], "elderly_60": [np.nan, 5.0, 0.0, 0.0]},
        index=list("abcd"),
    )
    groups = pd.Series(["g", "g", "h", "h"], index=people.index)
    shares = group_shares(people, groups)
    assert shares["share"].isna().all()  # h: nobody is 60+, and 0 people are unknown ones
    assert set(shares["share_by"]) == {""}
    people.loc["d", "population"] = 150.0
    assert group_shares(people, groups)["share"].tolist()[2:] == [0.25, 0.75]


def test_groups_that_span_streets() -> None:
    areas, _ = areas_of()
    streets = pd.Series("东街", index=areas.index).mask(areas.index.isin(["k02", "k05"]), "西街")
    found = spanning(areas, streets)
    assert found.to_dict("index") == {"k01": {"streets": "东街、西街", "communities": 2}}
    sums = rolled_up(areas, streets)
    assert sums.loc["西街", "shortfall_m2"] == pytest.approx(125 * 1_800 / 3_400 + 90)
    assert sums["unknown"].to_dict() == {"东街": 1, "西街": 0}
    assert sums["communities"].sum() == len(areas)
    whole = rolled_up(areas, pd.Series("全", index=areas.index)).iloc[0]
    assert whole[["required_m2", "held_m2", "shortfall_m2"]].tolist() == pytest.approx(
        [6_634, 5_790.769, 1_319], abs=1e-3
    )


def _by_loops(communities: pd.DataFrame, groups: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return each community's parts, group by group."""
    found = {}
    for _, row in groups.iterrows():
        members = row["communities"].split("、")
        people = [communities.loc[one, "elderly_60"] for one in members]
        if any(math.isnan(one) for one in people) or sum(people) == 0:
            people = [communities.loc[one, "population"] or math.nan for one in members]
        for one, persons in zip(members, people, strict=True):
            share = 1.0 if len(members) == 1 else persons / sum(people)
            found[one] = {
                name: share * row[name] for name in ("required_m2", "held_m2", "shortfall_m2")
            }
    return found


@settings(deadline=None, derandomize=True, max_examples=8)
@given(st.data())
def test_parts_as_loops_have_them_and_they_add_up(data: st.DataObject) -> None:
    size = len(COMMUNITIES)
    communities = COMMUNITIES.assign(
        population=data.draw(
            st.lists(
                st.sampled_from([0.0, 4_000.0, 12_000.0, 61_000.0]), min_size=size, max_size=size
            )
        ),
        elderly_60=data.draw(
            st.lists(st.sampled_from([0.0, 3.0, 1_234.0, np.nan]), min_size=size, max_size=size)
        ),
    )
    kept = data.draw(st.lists(st.sampled_from(list(CENTRES.index)), unique=True))
    areas, groups = areas_of(communities, CENTRES.loc[sorted(kept)])
    expected = pd.DataFrame.from_dict(_by_loops(communities, groups), orient="index").sort_index()
    assert_frame_equal(
        areas[list(expected.columns)], expected, check_names=False, check_dtype=False
    )
    known = groups[groups["result"] != "unknown"]
    streets = pd.Series(
        data.draw(st.lists(st.sampled_from("东西北"), min_size=len(areas), max_size=len(areas))),
        index=areas.index,
    )
    sums = rolled_up(areas, streets)
    for name in ("required_m2", "held_m2", "shortfall_m2", "surplus_m2"):
        assert sums[name].sum() == pytest.approx(known[name].sum(), abs=1e-6)
    assert sums["unknown"].sum() == len(areas) - known["community_count"].sum()
    again, _ = areas_of(communities.iloc[::-1], CENTRES.loc[sorted(kept, reverse=True)])
    assert_frame_equal(again, areas)


def pairs(*walks: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(walks, columns=["origin", "destination", "walk_minutes"])


def test_a_river_sends_a_small_group_the_other_way() -> None:
    # On a line, km: a 4,000 at 0 · b 20,000 at 1, over the river · c 20,000 at 3
    people = pd.DataFrame(
        {"population": [4_000.0, 20_000.0, 20_000.0], "elderly_60": [800.0, 4_000.0, 4_000.0]},
        index=list("abc"),
    )
    middles = pd.DataFrame(
        {"easting_m": [0.0, 1_000.0, 3_000.0], "northing_m": 0.0}, index=people.index
    )
    alone = pd.Series(people.index, index=people.index, dtype=object)

    def joined(walks: pd.DataFrame | None) -> tuple[str, str, float, float]:
        found = join_small_groups(alone, people, middles, least_population=10_000, walks=walks)
        (step,) = found.steps.to_dict(orient="records")
        assert found.ends["a"] == "a"
        assert found.ends[step["joined_with"]] == "a"
        return step["joined_with"], step["how"], step["walk_minutes"], step["apart_m"]

    assert joined(None)[:2] == ("b", "air_line")
    assert joined(pairs(("a", "c", 40.0), ("a", "b", 55.0))) == ("c", "walk", 40.0, 3_000.0)
    # Both ways are given: the shorter counts; of equal walks the least id is taken.
    assert joined(pairs(("a", "b", 50.0), ("b", "a", 40.0), ("c", "a", 40.0)))[0] == "b"
    # No way on foot from a at all: by air, and named so.
    assert joined(pairs(("b", "c", 30.0)))[:2] == ("b", "air_line")
    # Walks to nobody known, to itself, or that nobody knows are none.
    assert joined(pairs(("a", "zz", 1.0), ("a", "a", 0.0), ("a", "c", math.nan)))[1] == "air_line"


def _join_slowly(
    people: list[float], walks: dict[tuple[int, int], float], places: list[float]
) -> set[frozenset[int]]:
    """Join by the rule's words, without arrays: an oracle."""
    groups = [frozenset([number]) for number in range(len(people))]

    def size(group: frozenset[int]) -> float:
        return sum(people[one] for one in group)

    def walk(one: frozenset[int], two: frozenset[int]) -> float:
        found = [walks.get((a, b), math.inf) for a in one for b in two]
        return min([*found, *(walks.get((b, a), math.inf) for a in one for b in two)])

    def middle(group: frozenset[int]) -> float:
        return sum(people[one] * places[one] for one in group) / size(group)

    while len(groups) > 1:
        smallest = min(groups, key=lambda group: (size(group), min(group)))
        if size(smallest) >= 10_000:
            break
        others = [group for group in groups if group != smallest]
        reached = [group for group in others if math.isfinite(walk(smallest, group))]
        if reached:
            nearest = min(reached, key=lambda group: (walk(smallest, group), min(group)))
        else:
            nearest = min(
                others,
                key=lambda group: (round(abs(middle(group) - middle(smallest)), 3), min(group)),
            )
        groups = [group for group in others if group != nearest] + [smallest | nearest]
    return set(groups)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.data())
def test_joining_on_foot_as_the_rule_says(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 9))

    def many(values: st.SearchStrategy[int]) -> list[float]:
        return [float(one) for one in data.draw(st.lists(values, min_size=size, max_size=size))]

    people, places = many(st.integers(500, 12_000)), many(st.integers(0, 5_000))
    number = st.integers(0, size - 1)
    found = data.draw(
        st.dictionaries(st.tuples(number, number), st.integers(1, 59).map(float), max_size=20)
    )
    names = [f"k{place}" for place in range(size)]
    communities = pd.DataFrame(
        {"population": people, "elderly_60": [0.2 * one for one in people]}, index=names
    )
    middles = pd.DataFrame({"easting_m": places, "northing_m": 0.0}, index=names)
    alone = pd.Series(names, index=names, dtype=object)
    walks = pairs(*((names[a], names[b], walk) for (a, b), walk in found.items()))
    joins = join_small_groups(alone, communities, middles, least_population=10_000, walks=walks)
    parts: dict[str, set[int]] = {}
    for place, name in enumerate(names):
        parts.setdefault(joins.ends[name], set()).add(place)
    assert set(map(frozenset, parts.values())) == _join_slowly(people, found, places)
    shuffled = walks.iloc[::-1].reset_index(drop=True)
    again = join_small_groups(
        alone.iloc[::-1], communities, middles, least_population=10_000, walks=shuffled
    )
    assert again.ends == joins.ends
    assert_frame_equal(again.steps, joins.steps)


def test_with_whom_each_community_is_joined() -> None:
    areas, _ = areas_of()
    base = areas["group"]
    urban = COMMUNITIES.drop(index="v01")
    joins = join_small_groups(
        base, urban, MIDDLES, least_population=10_000, walks=pairs(("k05", "k06", 14.0))
    )
    told = joined_with(areas, base, joins)
    # k08 (4,000) has no walk: by air to k07; then k05 (5,000) walks to k06
    assert list(told.loc["k08", ["joins", "join_how"]]) == ["k07", "air_line"]
    assert told.loc["k08", "join_apart_m"] == 1_000
    assert list(told.loc["k05", ["joins", "join_how", "join_minutes"]]) == ["k06", "walk", 14.0]
    assert told.loc["k06", "joins"] == "k05"
    assert told.loc["k01", "joins"] == ""
    assert told.loc["k01", ["join_how", "join_minutes"]].isna().all()
