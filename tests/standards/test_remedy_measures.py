"""Each kind of measure, by hand: what it cures, how much, how surely, and why not."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from planner.standards.remedies.circles import circles_of
from planner.standards.remedies.measures import Remedies
from planner.standards.rulebooks.clauses import RuleBook
from tests.standards.remedy_town import book, chosen, circles, finding, places, remedies

AREA = {"value": 960.0, "required": 1085.0, "short_share": 125 / 1085}


def why(found: Remedies, kind: str) -> str:
    rows = found.cures[found.cures["kind"] == kind]
    assert len(rows) == 1
    return f"{rows['certainty'].iloc[0]}:{rows['reason'].iloc[0]}"


@pytest.mark.parametrize(
    ("site", "density", "measures"),
    [
        # 1,000 m² at 30 % built, at most 30 %: nothing left; at 17.5 %, exactly 125 m².
        (1000.0, 17.5, [("a", "enlarge", None, 125.0, "certain")]),
        (1000.0, 17.6, [("a", "enlarge", None, 124.0, "certain")]),
        (1000.0, 30.0, []),
        (None, 17.5, [("a", "enlarge", None, 125.0, "to_visit")]),
        (1000.0, None, [("a", "enlarge", None, 125.0, "to_visit")]),
    ],
)
def test_enlarging_takes_the_room_that_the_lot_has_left(
    site: float | None, density: float | None, measures: list[object]
) -> None:
    rules = book(class_area=("enlarge",))
    capped = _with_density(rules)
    facts = {"a": {"site_area_m2": site, "building_density_percent": density}}
    found = remedies(capped, [finding("a", "class-area", 125.0, **AREA)], facts)
    assert chosen(found) == measures
    left = 125.0 - sum(row[3] or 0.0 for row in chosen(found))
    assert found.defects["left"].iloc[0] == pytest.approx(left)
    assert len(found.uncured) == int(left > 0)


def _with_density(rules: RuleBook) -> RuleBook:
    clause = dataclasses.replace(
        rules.clause("door-width"), id="density", quantity="building_density",
        comparison="at_most", unit="percent", value=30.0, measures=(),
    )  # fmt: skip
    return dataclasses.replace(rules, clauses=(*rules.clauses, clause))


def test_a_lot_without_free_land_is_full_whatever_may_be_built() -> None:
    facts = {"a": {"site_area_m2": 500.0, "building_density_percent": 100.0}}
    found = remedies(book(class_area=("enlarge",)), [finding("a", "class-area", 125.0)], facts)
    assert chosen(found) == []
    assert why(found, "enlarge") == "ruled_out:no_room"
    assert "enlarge:no_room" in found.uncured["why"].iloc[0]


@pytest.mark.parametrize(("distance", "takes"), [(300.0, True), (300.1, False)])
def test_rooms_are_taken_over_within_reach_and_the_rest_is_built(
    distance: float, takes: bool
) -> None:
    rooms = places({"p": (distance, 0.0)}, area_m2=80.0, to_visit=False)
    rules = book(class_area=("take_over_rooms", "enlarge"))
    found = remedies(rules, [finding("a", "class-area", 125.0)], {"a": {}}, rooms=rooms)
    room = [("a", "take_over_rooms", "p", 80.0, "certain")] if takes else []
    built = 45.0 if takes else 125.0
    assert chosen(found) == [*room, ("a", "enlarge", None, built, "to_visit")]
    assert found.uncured.empty


def test_a_shared_room_counts_once_though_both_ways_are_named() -> None:
    rooms = places({"p": (100.0, 0.0)}, area_m2=80.0, to_visit=True)
    rules = book(class_area=("share_rooms", "take_over_rooms"))
    found = remedies(rules, [finding("a", "class-area", 125.0)], {"a": {}}, rooms=rooms)
    assert chosen(found) == [("a", "share_rooms", "p", 80.0, "to_visit")]
    assert found.defects["left"].iloc[0] == pytest.approx(45.0)


def test_a_group_s_shortfall_is_made_good_once_where_rooms_are() -> None:
    rooms = places({"p": (1_050.0, 0.0)}, area_m2=500.0, to_visit=False)
    short = [finding(name, "class-area", 285.0) for name in ("e", "f")]
    facts = {"e": {"group": "k"}, "f": {"group": "k"}}
    found = remedies(book(class_area=("take_over_rooms", "enlarge")), short, facts, rooms=rooms)
    assert chosen(found) == [("f", "take_over_rooms", "p", 285.0, "certain")]
    assert found.measures["defects"].iloc[0].count("class-area") == 2
    assert found.uncured.empty


def test_one_measure_has_the_greatest_of_its_findings_never_the_sum() -> None:
    rules = book(class_area=("enlarge",), per_elder_area=("enlarge",))
    short = [
        finding("a", "class-area", 125.0),
        finding("a", "per-elder-area", 0.05),
    ]
    found = remedies(rules, short, {"a": {"elderly_60": 4000.0}})
    assert chosen(found) == [("a", "enlarge", None, 200.0, "to_visit")]


def test_a_remark_s_measure_is_optional_and_apart() -> None:
    rules = book(class_area=("enlarge",), per_elder_area=("enlarge",))
    short = [
        finding("a", "class-area", 125.0),
        finding("a", "per-elder-area", 0.05, result="remark"),
    ]
    found = remedies(rules, short, {"a": {"elderly_60": 4000.0}})
    assert found.measures["optional"].tolist() == [False, True]
    assert found.measures["m2"].tolist() == [125.0, 200.0]


def test_use_is_changed_from_groups_with_more_than_their_share() -> None:
    # 二类: 39.3/16.2/16.2/28.3 % of 1,000 m²: living 93 too much, recreation 62 short.
    areas = {
        "living_area_m2": 486.0, "health_area_m2": 131.0, "recreation_area_m2": 100.0,
        "support_area_m2": 283.0, "capacity_persons": 55.0,
    }  # fmt: skip
    rules = book(use_shares=("change_use",))
    found = remedies(rules, [finding("a", "use-shares", 6.2)], {"a": areas}, classes={"a": "二类"})
    assert chosen(found) == [("a", "change_use", None, 93.0, "certain")]


def test_idle_centres_of_the_kind_are_reopened_after_what_the_clause_names() -> None:
    found = remedies(
        book(class_area=("take_over_rooms",)),
        [finding("a", "class-area", 125.0)],
        {"a": {}, "i": {"building_area": 400.0}},
        points={"a": (0.0, 0.0), "i": (200.0, 0.0)},
        status={"i": "闲置"},
    )
    assert chosen(found) == [("a", "reopen_idle", "i", 125.0, "to_visit")]
    assert why(found, "take_over_rooms") == "ruled_out:none_in_reach"


def test_equipment_is_bought_and_street_mates_may_run_together() -> None:
    short = [
        finding("a", "equipment", told="安防、交通工具"),
        finding("b", "services", told="供电"),
        finding("c", "equipment", told="安防"),
    ]
    facts = {"a": {"street": "东街"}, "b": {"street": "东街"}, "c": {"street": "西街"}}
    found = remedies(book(equipment=("supply",), services=("supply",)), short, facts)
    assert [row[:2] for row in chosen(found)] == [("a", "supply"), ("b", "supply"), ("c", "supply")]
    assert found.measures["items"].tolist() == [2, 1, 1]
    chain = found.cures[found.cures["kind"] == "chain_operation"].set_index("centre")
    assert chain["certainty"].to_dict() == {"a": "to_visit", "b": "to_visit", "c": "ruled_out"}
    assert chain["partner"]["a"] == "东街"


def test_lift_ramp_and_widening_are_to_be_seen_and_doors_are_not_corridors() -> None:
    rules = book(lift_or_ramp=("add_ramp", "add_lift"), door_width=("widen",),
                 corridor_width=("widen",))  # fmt: skip
    short = [finding("a", name) for name in ("lift-or-ramp", "door-width", "corridor-width")]
    found = remedies(rules, short, {"a": {}})
    assert sorted(row[1] for row in chosen(found)) == ["add_ramp", "widen", "widen"]
    assert set(found.measures["certainty"]) == {"to_visit"}


def _moving(area: float, **more: object) -> Remedies:
    sites = places({"s": (500.0, 0.0)}, area_m2=area, to_visit=False, floor=1.0, cost_yuan=9e5)
    short = [finding("a", "class-area", 125.0), finding("a", "door-width", 0.1)]
    rules = book(class_area=("take_over_rooms", "move"), door_width=("widen",))
    return remedies(rules, short, {"a": {"building_area": 960.0}}, sites=sites, **more)  # type: ignore[arg-type]


def test_a_move_needs_the_whole_area_and_replaces_work_on_the_old_place() -> None:
    walks = {"a": ["r1", "r2", "r3"], "s": ["r1", "r3"], "b": ["r2"]}
    town = circles(walks, {"r1": 300.0, "r2": 100.0, "r3": 500.0}, sites=["s"])
    found = _moving(1085.0, circles=town)
    assert [row[1:3] for row in chosen(found)] == [("move", "s")]
    assert found.measures["m2"].tolist() == [1085.0]
    assert found.uncured.empty
    widen = found.cures[found.cures["kind"] == "widen"]
    assert widen["reason"].tolist() == ["superseded"]
    assert found.measures["elders_beyond"].tolist() == [100.0]
    stays = _moving(1084.9, circles=town)
    assert [row[1] for row in chosen(stays)] == ["widen"]
    assert stays.uncured["left"].tolist() == [125.0]


@pytest.mark.parametrize(
    ("only", "places", "closes"),
    [(0.0, 0.0, True), (1.0, 0.0, False), (np.nan, 0.0, False), (0.0, 1.0, False),
     (0.0, np.nan, False)],
)  # fmt: skip
def test_closing_only_where_everybody_keeps_a_centre_with_places(
    only: float, places: float, closes: bool
) -> None:
    town = circles({"a": ["r1", "r2"], "b": ["r1"]}, {"r1": 900.0, "r2": only})
    facts = {"a": {"capacity_persons": places}, "b": {"capacity_persons": 90.0}}
    rules = book(class_area=("take_over_rooms",))
    found = remedies(rules, [finding("a", "class-area", 125.0)], facts, circles=town)
    assert [row[1] for row in chosen(found)] == (["close"] if closes else [])


def test_what_no_measure_cures_is_said_and_unknowns_are_tasks() -> None:
    short = [
        finding("a", "fire"),
        finding("a", "window-ratio", result="unknown", reason="not_filled", fill_in="window_ratio"),
        finding("a", "earthquake", result="unknown", reason="on_the_spot"),
        finding("a", "scope", result="unknown", reason="on_the_spot"),
    ]
    found = remedies(book(), short, {"a": {}})
    assert found.uncured["why"].tolist() == ["none_named"]
    # scope is of 可: nobody need judge it.
    assert found.tasks[["clause", "kind"]].to_numpy().tolist() == [
        ["window-ratio", "fill_ledger"], ["earthquake", "inspect"],
    ]  # fmt: skip


def test_deciding_comes_before_beside_and_must_before_should() -> None:
    short = [
        finding("a", "class-area", 125.0, decides=False),
        finding("a", "rest-room-persons", 1.0),
        finding("a", "door-width", 0.1),
        finding("a", "rooms", result="remark"),
    ]
    found = remedies(book(), short, {"a": {}})
    order = [one.rsplit("/", 1)[1] for one in found.defects.index]
    assert order == ["door-width", "rest-room-persons", "class-area", "rooms"]


def test_circles_hold_doors_and_sum_those_who_are_known() -> None:
    times = pd.DataFrame(
        {"origin": ["r1", "r1", "r2", "r3", "r3"], "destination": ["a", "b", "a", "a", "s"]}
    )
    elders = pd.Series({"r1": 10.0, "r2": 5.0, "r3": np.nan})
    kinds = pd.Series({"a": "日间照料", "b": "日间照料", "c": "日间照料"})
    found = circles_of(times, elders, kinds, ["a", "b", "s"])
    assert {name: rows.tolist() for name, rows in found.places.items()} == {
        "a": [0, 1, 2], "b": [0], "s": [2],
    }  # fmt: skip
    # c is off the streets: nobody knows its circle.
    assert found.elders_within().to_dict() == {"a": 15.0, "b": 10.0}
