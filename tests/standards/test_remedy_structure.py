"""Measures that change the map: together they take nobody his centre."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import RemedyError
from planner.standards.remedies.measures import Remedies
from planner.standards.remedies.verifying import check_promises
from planner.standards.rulebooks.clauses import RuleBook
from tests.standards.remedy_town import (
    book,
    chosen,
    circles,
    finding,
    judgement,
    places,
    remedies,
)
from tests.standards.remedy_walks import broken

NOTHING: dict[str, Any] = {"site_area_m2": 200.0, "building_density_percent": 100.0}
"""A lot that is full."""


def centre(area: float = 200.0, held: float = 0.0, **more: Any) -> dict[str, Any]:
    return NOTHING | {"building_area": area, "capacity_persons": held} | more


def short(*names: str, by: float = 150.0, required: float = 350.0) -> list[dict[str, Any]]:
    return [finding(name, "class-area", by, required=required) for name in names]


def structural(found: Remedies) -> list[tuple[str, str, str | None]]:
    return [row[:3] for row in chosen(found)]


def reason(found: Remedies, name: str, kind: str) -> str:
    rows = found.cures[(found.cures["centre"] == name) & (found.cures["kind"] == kind)]
    return str(rows["reason"].iloc[0])


def own_area(**measures: tuple[str, ...]) -> RuleBook:
    """A book with an area that each place must have by itself, merging being its measure."""
    rules = book(**measures)
    clause = dataclasses.replace(
        rules.clause("door-width"), id="own-area", quantity="place_area", unit="m2", value=350.0,
        measures=("merge",),
    )  # fmt: skip
    return dataclasses.replace(rules, clauses=(*rules.clauses, clause))


def small(*names: str) -> list[dict[str, Any]]:
    return [finding(name, "own-area", 150.0, required=350.0) for name in names]


BOTH = {"a": ["r1"], "b": ["r1"]}


def test_of_two_centres_that_could_each_close_only_one_does() -> None:
    found = remedies(
        book(class_area=("take_over_rooms",)),
        short("a", "b"),
        {"a": centre(), "b": centre()},
        circles=circles(BOTH, {"r1": 180.0}),
    )
    assert structural(found) == [("a", "close", None)]
    assert reason(found, "b", "close") == "receives"
    assert found.uncured["centre"].tolist() == ["b"]


def test_nobody_closes_onto_a_centre_that_moves_away() -> None:
    # a's r1 walks to b as well; b would move to k, where r1 does not reach.
    sites = places({"k": (0.0, 600.0)}, area_m2=500.0, to_visit=False, floor=1.0, cost_yuan=0.0)
    walks = {"a": ["r1"], "b": ["r1", "r2"], "k": ["r2"]}
    found = remedies(
        book(class_area=("move",)),
        short("a", "b"),
        {"a": centre(), "b": centre()},
        points={"a": (-5_000.0, 0.0), "b": (0.0, 0.0)},
        sites=sites,
        circles=circles(walks, {"r1": 100.0, "r2": 50.0}, sites=["k"]),
        elders={"a": 1_000.0, "b": 150.0},
    )
    # a has the more elders: it is taken up first and relies on b, which then stays.
    assert structural(found) == [("a", "close", None)]
    assert reason(found, "b", "move") == "receives"
    other = remedies(
        book(class_area=("move",)),
        short("a", "b"),
        {"a": centre(), "b": centre()},
        points={"a": (-5_000.0, 0.0), "b": (0.0, 0.0)},
        sites=sites,
        circles=circles(walks, {"r1": 100.0, "r2": 50.0}, sites=["k"]),
        elders={"a": 150.0, "b": 1_000.0},
    )
    # b comes first: r1 keeps a, so that b may move; then a may not close.
    assert structural(other) == [("b", "move", "k")]
    assert reason(other, "a", "close") == "some_stranded"


@pytest.mark.parametrize("only", [1.0, np.nan])
def test_a_move_that_strands_somebody_is_an_option_and_cures_nothing(only: float) -> None:
    sites = places({"k": (0.0, 600.0)}, area_m2=500.0, to_visit=False, floor=1.0, cost_yuan=0.0)
    found = remedies(
        book(class_area=("move",)),
        short("a"),
        {"a": centre()},
        points={"a": (0.0, 0.0)},
        sites=sites,
        circles=circles({"a": ["r1", "r2"], "k": ["r1"]}, {"r1": 9.0, "r2": only}, sites=["k"]),
    )
    assert chosen(found) == []
    row = found.cures[found.cures["kind"] == "move"].iloc[0]
    lost = "some_stranded" if only == 1.0 else "unknown_stranded"
    assert (row["certainty"], row["reason"], row["partner"]) == ("ruled_out", lost, "k")
    assert row["stranded"] == (1.0 if only == 1.0 else 0.0)
    assert len(found.uncured) == 1


def test_a_centre_off_the_streets_never_closes_and_nobody_is_sent_there() -> None:
    found = remedies(
        own_area(),
        small("a", "b"),
        {"a": centre(), "b": centre()},
        points={"a": (0.0, 0.0), "b": (100.0, 0.0)},
        circles=circles({"b": ["r1"]}, {"r1": 9.0}),
    )
    assert chosen(found) == []
    assert reason(found, "a", "merge") == "walks_unknown"
    assert reason(found, "a", "close") == "walks_unknown"


def test_two_near_centres_merge_once_and_the_place_given_up_gets_no_works() -> None:
    facts = {"a": centre(), "b": centre()}
    rules = own_area(door_width=("widen",))
    found = remedies(
        rules,
        [*small("a", "b"), finding("a", "door-width", 0.1), finding("b", "door-width", 0.1)],
        facts,
        points={"a": (0.0, 0.0), "b": (100.0, 0.0)},
        circles=circles(BOTH, {"r1": 180.0}),
    )
    assert structural(found) == [("a", "merge", "b"), ("b", "widen", None)]
    # b's own floor area is as it was: a's rooms go with a.
    assert found.uncured["centre"].tolist() == ["b"]
    merge = found.measures.iloc[0]
    assert str(merge["defects"]).count("own-area") == 1


def test_closing_never_makes_a_group_poorer() -> None:
    groups = pd.DataFrame(
        {"population": [24_000.0], "elderly_60": [2_000.0], "required_m2": [1_085.0],
         "held_m2": [400.0]},
        index=["k"],
    )  # fmt: skip
    facts = {"a": centre(group="k"), "b": centre(group="k")}
    found = remedies(
        book(class_area=("take_over_rooms",)),
        short("a", "b", by=685.0, required=1_085.0),
        facts,
        groups=groups,
        circles=circles(BOTH, {"r1": 180.0}),
    )
    assert chosen(found) == []
    assert reason(found, "a", "close") == "group_short"


@st.composite
def towns(draw: st.DrawFn) -> dict[str, Any]:
    """A street of centres, sites and doors; figures may be unknown."""
    names = [f"c{n}" for n in range(draw(st.integers(2, 5)))]
    sites = [f"s{n}" for n in range(draw(st.integers(0, 2)))]
    where = {one: (100.0 * draw(st.integers(0, 12)), 0.0) for one in [*names, *sites]}
    elders = {
        f"r{n}": draw(st.sampled_from([0.0, 1.0, 20.0, float("nan")]))
        for n in range(draw(st.integers(1, 10)))
    }
    doors = {one: 100.0 * draw(st.integers(0, 12)) for one in elders}
    reach = draw(st.sampled_from([200.0, 400.0, 700.0]))
    off = draw(st.sampled_from([(), ("c0",)]))
    walks = {
        one: [door for door, at in doors.items() if abs(at - where[one][0]) <= reach]
        for one in [*names, *sites]
        if one not in off
    }
    facts = {
        one: centre(
            draw(st.sampled_from([100.0, 200.0, 400.0, float("nan")])),
            draw(st.sampled_from([0.0, 0.0, 0.0, 10.0, float("nan")])),
            group=draw(st.sampled_from([None, "k1", "k2"])),
            centre_kind=draw(st.sampled_from(["日间照料", "日间照料", "助餐点"])),
        )
        for one in names
    }
    failing = [one for one in names if draw(st.integers(0, 3))]
    area = {one: draw(st.sampled_from([200.0, 500.0])) for one in sites}
    return {
        "names": names, "sites": sites, "where": where, "elders": elders, "walks": walks,
        "facts": facts, "failing": failing, "area": area,
        "weights": {one: float(draw(st.integers(1, 4_000))) for one in names},
    }  # fmt: skip


def far_apart(drawn: list[dict[str, Any]]) -> dict[str, Any]:
    """One town of many, 100 km from each other: solved in the time of one."""
    whole: dict[str, Any] = {name: type(part)() for name, part in drawn[0].items()}
    for number, town in enumerate(drawn):

        def here(one: str, number: int = number) -> str:
            return f"{number}{one}"

        for name in ("names", "sites", "failing"):
            whole[name] += [here(one) for one in town[name]]
        for name in ("elders", "area", "weights"):
            whole[name] |= {here(one): figure for one, figure in town[name].items()}
        whole["where"] |= {
            here(one): (east + 1e5 * number, north) for one, (east, north) in town["where"].items()
        }
        whole["walks"] |= {here(one): [*map(here, doors)] for one, doors in town["walks"].items()}
        whole["facts"] |= {
            here(one): fact | {"group": fact["group"] and here(fact["group"])}
            for one, fact in town["facts"].items()
        }
    return whole


def solved(town: dict[str, Any], names: list[str]) -> Remedies:
    grouped = sorted({fact["group"] for fact in town["facts"].values()} - {None})
    groups = pd.DataFrame(
        {"population": 12_000.0, "elderly_60": 500.0, "required_m2": 750.0,
         "held_m2": [700.0 if one.endswith("k1") else 900.0 for one in grouped]},
        index=grouped,
    )  # fmt: skip
    where, failing = town["where"], [one for one in names if one in town["failing"]]
    sites = places(
        {one: where[one] for one in town["sites"]},
        area_m2=town["area"], to_visit=False, floor=1.0, cost_yuan=0.0,
    )  # fmt: skip
    kinds = {one: town["facts"][one]["centre_kind"] for one in names}
    order = {one: town["walks"][one] for one in [*names, *town["sites"]] if one in town["walks"]}
    return remedies(
        own_area(class_area=("move", "merge")),
        [*short(*failing), *small(*failing)],
        {one: town["facts"][one] for one in names},
        points={one: where[one] for one in names},
        kinds=kinds,
        sites=sites if town["sites"] else None,
        groups=groups,
        circles=circles(order, town["elders"], sites=town["sites"], kinds=kinds),
        elders=town["weights"],
    )


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.lists(towns(), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_no_plan_ever_takes_somebody_his_centre(drawn: list[dict[str, Any]], random: Any) -> None:
    town = far_apart(drawn)
    found = solved(town, town["names"])
    assert broken(found, town) == []
    shuffled = list(town["names"])
    random.shuffle(shuffled)
    again = solved(town, shuffled)
    pd.testing.assert_frame_equal(found.measures, again.measures)


@pytest.mark.parametrize(
    ("rows", "promise"),
    [
        ([("a", "close", None)], "reach"),
        ([("b", "close", None), ("a", "merge", "b")], "goes"),
        ([("b", "close", None), ("b", "widen", None)], "worked"),
        ([("b", "close", None), ("b", "move", "k")], "twice"),
        ([("a", "take_over_rooms", "p"), ("b", "take_over_rooms", "p")], "room_twice"),
        ([("a", "take_over_rooms", "p"), ("a", "share_rooms", "p")], "room"),
        ([("b", "move", "k")], "site"),
        ([("c", "close", None)], "unwalked"),
        ([("d", "close", None)], "places"),
    ],
)
def test_a_plan_that_breaks_a_promise_is_refused_whole(
    rows: list[tuple[str, str, str | None]], promise: str
) -> None:
    walks = {"a": ["r1", "r2"], "b": ["r2"], "d": ["r2"], "k": ["r2"]}
    facts = {
        "a": centre(), "b": centre(), "c": centre(), "d": centre(held=90.0),
    }  # fmt: skip
    around: list[Any] = []
    town = circles(walks, {"r1": 5.0, "r2": 5.0}, sites=["k"])
    judged = judgement(book(), short("a"), facts)
    found = remedies(
        book(),
        short("a"),
        facts,
        rooms=places({"p": (0.0, 9e5)}, area_m2=60.0, to_visit=False),
        sites=places({"k": (0.0, 9e5)}, area_m2=60.0, to_visit=False, floor=1.0, cost_yuan=0.0),
        circles=town,
        seen=around,
    )
    plan = pd.DataFrame(
        [{"centre": c, "kind": k, "partner": p, "m2": 40.0 if p == "p" else 100.0,
          "optional": False, "defects": f"{c}/x/y"} for c, k, p in rows]
    )  # fmt: skip
    check_promises(found.measures, found.defects, judged, around[0])
    with pytest.raises(RemedyError) as caught:
        check_promises(plan, found.defects, judged, around[0])
    assert f"remedies.broken_{promise}" in {one.key for one in caught.value.problems}
