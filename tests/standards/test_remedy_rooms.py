"""Separate rooms add up, and a group of rooms spares only what its own rooms do not need."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.standards.remedies.measures import Remedies, find_remedies
from planner.standards.remedies.surroundings import Surroundings
from planner.standards.rulebooks.books import rule_book
from planner.standards.rulebooks.clauses import RuleBook
from tests.standards.remedy_town import book, finding, judgement, places

JGJ = "jgj-450-2018"
HELD = {
    "capacity_persons": 55.0, "dining_seats": 62.0, "rest_area_m2": 193.0, "dining_area_m2": 128.0,
    "living_area_m2": 347.0, "health_area_m2": 52.0, "recreation_area_m2": 71.0,
    "support_area_m2": 88.0, "building_area": 862.0,
}  # fmt: skip
"""A centre of 55 day users and 62 seats: 558 m² of use area, 一类 35.7 % for living."""


def jgj(clause: str, required: float, short_by: float, result: str = "short") -> dict[str, object]:
    more = {"book": JGJ, "required": required, "result": result, "short_share": 0.1}
    return finding("a", clause, short_by, **more)


def both_books(**measures: tuple[str, ...]) -> tuple[RuleBook, RuleBook]:
    return book(**measures), rule_book(JGJ)


def found(
    books: tuple[RuleBook, ...],
    findings: list[dict[str, object]],
    facts: dict[str, dict[str, float]],
    rooms: pd.DataFrame | None = None,
) -> Remedies:
    judged = judgement(books[0], findings, facts)
    judged = type(judged)(books, judged.findings, judged.facts)
    none = places({}, area_m2=0.0, to_visit=False, floor=1.0, cost_yuan=0.0)
    none = none.assign(area_m2=[], to_visit=[], floor=[], cost_yuan=[])
    where = {name: (1_000.0 * place, 0.0) for place, name in enumerate(facts)}
    around = Surroundings(
        centres=places(where, centre_kind="日间照料", status="运营", position="given"),
        party_rooms=none if rooms is None else rooms,
        sites=none,
        elders=pd.Series(dtype=float),
        centre_class=pd.Series("三类", index=list(facts), dtype=object),
        groups=pd.DataFrame(columns=["population", "elderly_60", "required_m2", "held_m2"]),
        book=books[0],
        small_groups="pro_rata",
        circles=None,
        reach_m=300.0,
        move_m=750.0,
    )
    return find_remedies(judged, around)


ROOMS = [jgj("rest-area", 4.0, 27 / 55), jgj("dining-area", 2.5, 27 / 62)]


def metres(of: Remedies, kind: str) -> list[float]:
    return of.measures.loc[of.measures["kind"] == kind, "m2"].round(3).tolist()


def test_a_rest_room_is_no_dining_room() -> None:
    got = found(both_books(), ROOMS, {"a": HELD})
    # 27 + 27 m² of use; 54 / 0.65 = 83.08 m² of building.
    assert metres(got, "enlarge") == [83.077]
    assert got.uncured.empty


@pytest.mark.parametrize(("whole", "built"), [(83.0, 83.077), (83.1, 83.1), (300.0, 300.0)])
def test_the_whole_building_s_shortfall_counts_what_rooms_add(whole: float, built: float) -> None:
    short = [*ROOMS, finding("a", "class-area", whole)]
    got = found(both_books(class_area=("enlarge",)), short, {"a": HELD})
    assert metres(got, "enlarge") == [built]


@pytest.mark.parametrize(("area", "left"), [(83.08, 0), (83.0, 1), (41.6, 1), (41.5, 2)])
def test_a_room_near_by_is_given_to_one_room_or_to_another(area: float, left: int) -> None:
    rooms = places({"p": (100.0, 0.0)}, area_m2=area, to_visit=False)
    facts = HELD | {"site_area_m2": 500.0, "building_density_percent": 100.0}
    got = found(both_books(), ROOMS, {"a": facts}, rooms)
    assert len(got.uncured) == left
    # The same room is either taken over or shared.
    assert metres(got, "take_over_rooms") == [round(min(area, 54 / 0.65), 3)]
    assert metres(got, "share_rooms") == []


def _shares(got: Remedies) -> pd.Series:
    rows = got.cures[(got.cures["clause"] == "use-shares") & (got.cures["kind"] == "change_use")]
    return rows.iloc[0]


def test_a_group_whose_rooms_are_short_spares_nothing() -> None:
    short = [finding("a", "use-shares", 12.7, short_share=0.4), *ROOMS]
    got = found(both_books(use_shares=("change_use",)), short, {"a": HELD})
    row = _shares(got)
    assert (row["certainty"], row["reason"], row["chosen"]) == ("ruled_out", "rooms_need_it", False)
    assert "a/jianbiao-143-2010/use-shares" in got.uncured.index


@pytest.mark.parametrize(("living", "spare"), [(375.0, 0.0), (376.0, 1.0), (400.0, 25.0)])
def test_what_rooms_ask_for_stays_and_the_rest_is_given_once(living: float, spare: float) -> None:
    facts = HELD | {"living_area_m2": living, "rest_area_m2": 220.0, "dining_area_m2": 155.0}
    short = [
        finding("a", "use-shares", 12.7, short_share=0.4),
        jgj("recreation-area", 2.0, 39 / 55) | {"short_share": 0.5},
        jgj("rest-area", 4.0, 0.0, "meets"),
        jgj("dining-area", 2.5, 0.0, "meets"),
    ]
    got = found(both_books(use_shares=("change_use",)), short, {"a": facts})
    moved = got.cures[got.cures["kind"] == "change_use"]
    assert moved["part"].sum() == pytest.approx(spare)
    # The finding that lacks the larger share of what it should have comes first.
    first = moved.set_index("clause")["part"].to_dict()
    assert first["recreation-area"] == pytest.approx(spare)
    assert moved.loc[moved["chosen"], "certainty"].isin(["certain"]).all()


def test_unknown_rooms_are_to_be_visited() -> None:
    facts = {name: value for name, value in HELD.items() if name != "capacity_persons"}
    short = [
        finding("a", "use-shares", 12.7, short_share=0.4),
        jgj("rest-area", 4.0, float("nan"), "unknown"),
    ]
    facts = facts | {"capacity_persons": float("nan"), "rest_area_m2": float("nan")}
    got = found(both_books(use_shares=("change_use",)), short, {"a": facts})
    row = _shares(got)
    assert (row["certainty"], row["reason"]) == ("to_visit", "use_unknown")


def test_without_any_use_area_nothing_is_given() -> None:
    rules = (book(door_width=("change_use",)),)
    got = found(rules, [finding("a", "door-width", 0.1)], {"a": {"building_area": 500.0}})
    assert got.measures["kind"].tolist() == ["change_use"]
