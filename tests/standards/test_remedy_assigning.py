"""Rooms and sites are assigned exactly: against every plan there is, written out."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.standards.remedies.assigning import assign_rooms, assign_sites, clusters
from planner.standards.remedies.circles import near_pairs
from tests.standards.remedy_town import places

Pairs = list[tuple[str, str, float, float]]


def rooms_table(pairs: Pairs) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["unit", "room", "area_m2", "distance_m"]).astype(
        {"unit": object, "room": object, "area_m2": float, "distance_m": float}
    )


def best_rooms(pairs: Pairs, needs: dict[str, float]) -> tuple[float, float, float, float]:
    """Return the four goals of the best of all plans: each room to one of its units, or to none."""
    rooms = sorted({room for _, room, *_ in pairs})
    choices = [[None, *(pair for pair in pairs if pair[1] == room)] for room in rooms]
    ranked = []
    for plan in itertools.product(*choices):
        taken = [pair for pair in plan if pair is not None]
        got = {unit: sum(p[2] for p in taken if p[0] == unit) for unit in needs}
        whole = sum(got[unit] >= need for unit, need in needs.items())
        met = sum(min(got[unit], need) for unit, need in needs.items())
        ranked.append((-whole, -met, len(taken), sum(pair[3] for pair in taken)))
    return min(ranked)


def goals_of(found: pd.DataFrame, needs: dict[str, float]) -> tuple[float, float, float, float]:
    got = found.groupby("unit")["area_m2"].sum()
    whole = sum(float(got.get(unit, 0.0)) >= need for unit, need in needs.items())
    met = sum(min(float(got.get(unit, 0.0)), need) for unit, need in needs.items())
    return (-whole, -met, len(found), float(found["distance_m"].sum()))


@st.composite
def towns(draw: st.DrawFn) -> tuple[Pairs, dict[str, float]]:
    units = [f"u{n}" for n in range(draw(st.integers(1, 3)))]
    rooms = {f"r{n}": draw(st.integers(1, 12)) * 25.0 for n in range(draw(st.integers(1, 4)))}
    pairs = [
        (unit, room, area, float(draw(st.integers(1, 300))))
        for unit in units
        for room, area in rooms.items()
        if draw(st.booleans())
    ]
    return pairs, {unit: draw(st.integers(1, 16)) * 25.0 for unit in units}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(towns(), st.randoms(use_true_random=False))
def test_rooms_are_promised_as_the_best_of_all_plans(
    town: tuple[Pairs, dict[str, float]], random: object
) -> None:
    pairs, needs = town
    found = assign_rooms(rooms_table(pairs), pd.Series(needs))
    assert not found["room"].duplicated().any()
    np.testing.assert_allclose(goals_of(found, needs), best_rooms(pairs, needs), atol=0.01)
    parts = found.groupby("unit")["m2"].sum()
    for unit, need in needs.items():
        area = found.loc[found["unit"] == unit, "area_m2"].sum()
        assert parts.get(unit, 0.0) == pytest.approx(min(area, need))
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(found, assign_rooms(rooms_table(shuffled), pd.Series(needs)))


def test_an_exchange_helps_both_where_ledger_order_helps_one() -> None:
    # a could take either room, b only p: who comes first must not matter.
    pairs: Pairs = [("a", "p", 100, 10), ("a", "q", 100, 200), ("b", "p", 100, 50)]
    found = assign_rooms(rooms_table(pairs), pd.Series({"a": 100.0, "b": 100.0}))
    assert found[["unit", "room"]].to_numpy().tolist() == [["a", "q"], ["b", "p"]]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(towns(), st.integers(1, 8))
def test_more_rooms_never_meet_less(town: tuple[Pairs, dict[str, float]], area: int) -> None:
    pairs, needs = town
    before = goals_of(assign_rooms(rooms_table(pairs), pd.Series(needs)), needs)
    more: Pairs = [*pairs, ("u0", "new", area * 50.0, 100.0)]
    after = goals_of(assign_rooms(rooms_table(more), pd.Series(needs)), needs)
    assert after[:2] <= (before[0] + 1e-9, before[1] + 0.01)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_sites_are_promised_as_the_best_of_all_plans(data: st.DataObject) -> None:
    centres = [f"c{n}" for n in range(data.draw(st.integers(1, 3)))]
    must = {centre: data.draw(st.booleans()) for centre in centres}
    pairs = [
        (centre, f"s{n}", must[centre], float(data.draw(st.integers(0, 3))),
         float(data.draw(st.integers(1, 50))))
        for centre in centres
        for n in range(3)
        if data.draw(st.booleans())
    ]  # fmt: skip
    table = pd.DataFrame(pairs, columns=["centre", "site", "must", "stranded", "distance_m"])
    table = table.astype({"must": bool, "stranded": float, "distance_m": float})
    found = assign_sites(table)
    plans = []
    for size in range(len(pairs) + 1):
        for plan in itertools.combinations(pairs, size):
            if len({p[0] for p in plan}) == len({p[1] for p in plan}) == size:
                plans.append(
                    (-sum(p[2] for p in plan), -sum(not p[2] for p in plan),
                     sum(p[3] for p in plan), sum(p[4] for p in plan))
                )  # fmt: skip
    goals = (
        -int(found["must"].sum()),
        -int((~found["must"].astype(bool)).sum()),
        found["stranded"].sum(),
        found["distance_m"].sum(),
    )
    np.testing.assert_allclose(goals, min(plans), atol=0.01)


def test_clusters_hang_together_by_any_chain() -> None:
    assert len(set(clusters(["a", "b", "c"], ["p", "p", "q"]))) == 2
    assert len(set(clusters(["a", "b", "b", "c"], ["p", "p", "q", "q"]))) == 1
    # An id on the left is not the same id on the right.
    assert len(set(clusters(["a", "b"], ["b", "c"]))) == 2


def test_near_is_by_air_line_with_the_reach_itself_within() -> None:
    left = places({"a": (0, 0), "b": (0, 400)}).geometry
    right = places({"a": (0, 0), "p": (300, 0), "q": (0, 700.1)}).geometry
    found = near_pairs(left, right, 300.0, ("one", "other"))
    assert found.to_numpy().tolist() == [["a", "p", 300.0]]
    wide = near_pairs(left, right, 400.0, ("one", "other"))
    assert set(zip(wide["one"], wide["other"], strict=True)) == {
        ("a", "p"), ("b", "a"), ("b", "q"),
    }  # fmt: skip
