"""Every comparison by hand, and every clause of the shipped books on both sides of its figure."""

from __future__ import annotations

import dataclasses
import datetime
import math
from typing import Any

import pytest

from planner.standards.judging.facts import NEAR
from planner.standards.judging.findings import COLUMNS, REASONS
from planner.standards.judging.judge import clauses_of_centres
from planner.standards.judging.naming import asked_items
from planner.standards.rulebooks.books import rule_book, rule_books
from planner.standards.rulebooks.clauses import Clause, RuleBook, When
from planner.standards.rulebooks.quantities import QUANTITIES
from planner.standards.rulebooks.vocabulary import RESULTS
from tests.standards.one_centre import (
    BOOK,
    finding,
    judged,
    judged_rows,
    own_book,
    own_clause,
)

DOOR = "door_width_m"
BOOKS = tuple(rule_book(name) for name in rule_books())


def _clause(comparison: str, **more: Any) -> Clause:
    return own_clause(comparison=comparison, **more)


COMPARED = [
    (_clause("at_least", value=0.9), 0.899, "short", 0.001),
    (_clause("at_least", value=0.9), 0.9, "meets", 0.0),
    (_clause("at_least", value=0.9), 0.8999999, "meets", 0.0),  # less than the slack of 1e-6
    (_clause("at_most", value=0.9), 0.9, "meets", 0.0),
    (_clause("at_most", value=0.9), 1.0, "short", 0.1),
    (_clause("more_than", value=0.9), 0.9, "short", 1e-6),  # never 0 where it is short
    (_clause("more_than", value=0.9), 0.8, "short", 0.1),
    (_clause("more_than", value=0.9), 0.901, "meets", 0.0),
    (_clause("less_than", value=0.9), 0.9, "short", 1e-6),
    (_clause("less_than", value=0.9), 1.1, "short", 0.2),
    (_clause("less_than", value=0.9), 0.899, "meets", 0.0),
    (_clause("between", value=0.9, upper=1.2), 0.8, "short", 0.1),
    (_clause("between", value=0.9, upper=1.2), 0.9, "meets", 0.0),
    (_clause("between", value=0.9, upper=1.2), 1.2, "meets", 0.0),
    (_clause("between", value=0.9, upper=1.2), 1.5, "short", 0.3),
    (_clause("equal", value=0.9), 0.91, "short", 0.01),
    (_clause("equal", value=0.9, tolerance=0.02), 0.91, "meets", 0.0),
    (_clause("equal", value=0.9, tolerance=0.02), 0.88, "meets", 0.0),
    (_clause("equal", value=0.9, tolerance=0.02), 0.87, "short", 0.03),
    (_clause("at_least", value=0.9, force="可"), 0.8, "remark", 0.1),
    (_clause("at_least", value=0.9, force="宜"), 0.8, "short", 0.1),
]


def test_a_figure_is_compared() -> None:
    clauses = [
        dataclasses.replace(one, id=f"a{number}") for number, (one, *_) in enumerate(COMPARED)
    ]
    rows = [{DOOR: value} for _, value, _, _ in COMPARED]
    table = judged_rows(own_book(*clauses), rows).findings.set_index(["centre", "clause"])
    for number, (_, value, result, short_by) in enumerate(COMPARED):
        found = table.loc[[(f"c{number}", f"a{number}")]].iloc[0]
        assert found["result"] == result, (number, dict(found))
        assert found["short_by"] == pytest.approx(short_by, abs=1e-12)
        assert (found["value"], found["reason"], found["fill_in"]) == (value, "", "")


def test_a_range_that_is_passed_is_off_by_a_share_of_its_upper_end() -> None:
    book = own_book(_clause("between", value=4.0, upper=6.0))
    assert finding(judged(book, door_width_m=9.0), "a")["short_share"] == pytest.approx(0.5)
    assert finding(judged(book, door_width_m=3.0), "a")["short_share"] == pytest.approx(0.25)


def test_an_area_above_its_range_is_no_failure() -> None:
    clause = _clause("between", quantity="building_area", unit="m2", value=350.0, upper=750.0)
    assert finding(judged(own_book(clause), area_m2=2_000.0), "a")["result"] == "meets"
    assert finding(judged(own_book(clause), area_m2=349.0), "a")["short_by"] == 1.0


def test_an_empty_cell_is_unknown_and_told() -> None:
    found = finding(judged(own_book(_clause("at_least", value=0.9))), "a")
    assert (found["result"], found["reason"], found["fill_in"]) == ("unknown", "not_filled", DOOR)
    assert math.isnan(found["value"])
    assert math.isnan(found["short_by"])
    assert math.isnan(found["short_share"])


def test_lists_tell_what_is_lacking() -> None:
    clause = own_clause(
        quantity="building_services", comparison="has", value=None, items=("供电", "消防(喷淋)"),
        unit="items",
    )  # fmt: skip
    book = own_book(clause)
    both = finding(judged(book, building_services="供电、消防（喷淋）、网络"), "a")
    assert (both["result"], both["value"], both["required"]) == ("meets", 2.0, 2.0)
    one = finding(judged(book, building_services="供电，网络"), "a")
    assert (one["result"], one["told"], one["short_by"]) == ("short", "消防(喷淋)", 1.0)
    assert one["short_share"] == 0.5
    none = finding(judged(book), "a")
    assert (none["result"], none["fill_in"]) == ("unknown", "building_services")


def test_rooms_are_known_by_their_other_names_and_lacking_ones_are_remarks() -> None:
    found = finding(judged(rooms="日间休息室、浴室、食堂、观影室"), "rooms")
    assert found["result"] == "remark"
    assert found["value"] == 3.0
    assert found["told"].startswith("医疗保健室、康复训练室")


LIFTS = [
    ("有", "无", "meets", ""),
    ("有", None, "meets", ""),
    (None, "有", "meets", ""),
    ("无", "无", "short", ""),
    ("无", None, "unknown", "ramp"),
    (None, "无", "unknown", "lift"),
    (None, None, "unknown", "lift、ramp"),
]


def test_a_lift_or_a_ramp() -> None:
    rows = [{"floor": 2.0, "lift": lift, "ramp": ramp} for lift, ramp, _, _ in LIFTS]
    table = judged_rows(BOOK, rows).findings
    found = table[table["clause"] == "lift-or-ramp"]
    assert found["result"].to_list() == [result for _, _, result, _ in LIFTS]
    assert found["fill_in"].to_list() == [fill_in for *_, fill_in in LIFTS]
    assert found["told"].to_list() == ["", "", "", "无", "", "", ""]
    assert found["short_by"].to_list()[:4] == [0.0, 0.0, 0.0, 1.0]
    assert found["short_by"].iloc[4:].isna().all()


@pytest.mark.parametrize(
    ("cells", "result", "reason", "fill_in"),
    [
        ({"floor": 2.0}, "short", "", ""),
        ({"floor": 1.0}, "not_applicable", "condition_not_met", ""),
        ({}, "unknown", "condition_unknown", "floor"),
        ({"lift": None, "ramp": None}, "unknown", "condition_unknown", "floor、lift、ramp"),
    ],
)
def test_a_condition_that_is_not_known_makes_the_clause_unknown(
    cells: dict[str, Any], result: str, reason: str, fill_in: str
) -> None:
    found = finding(judged(**({"lift": "无", "ramp": "无"} | cells)), "lift-or-ramp")
    assert (found["result"], found["reason"], found["fill_in"]) == (result, reason, fill_in)
    assert found["decides"] == (result != "not_applicable")


NONE = "not_applicable"
PLACES = [
    (20.0, None, "short", "short"), (None, 20.0, "capacity_persons", "short"),
    (19.0, None, NONE, "beds"), (None, 19.0, "capacity_persons", "capacity_persons"),
    (19.0, 25.0, NONE, "short"), (25.0, 19.0, "short", "short"), (19.0, 19.0, NONE, NONE),
    (None, 0.0, "capacity_persons", "capacity_persons"),
    (None, None, "capacity_persons", "capacity_persons、beds"),
]  # fmt: skip
"""Day places, beds; of a day-care centre, which has no beds, and of a kind that may have both: the
result, or what to fill in."""


@pytest.mark.parametrize(("kind", "place"), [("日间照料", 2), ("街道综合中心", 3), ("机构", 3)])
def test_capacity_is_day_places_or_beds(kind: str, place: int) -> None:
    clause = _clause("at_least", value=0.9, when=When(capacity_from=20.0))
    book = dataclasses.replace(own_book(clause), applies_to=(kind,))
    rows = [
        {"centre_kind": kind, "capacity_persons": case[0], "beds": case[1], DOOR: 0.8}
        for case in PLACES
    ]
    found = judged_rows(book, rows).findings
    told = found["fill_in"].where(found["result"] == "unknown", found["result"].astype(str))
    assert told.to_list() == [case[place] for case in PLACES]
    unknown = found[found["result"] == "unknown"]
    assert set(unknown["reason"]) == {"condition_unknown"}


EMPTIED = (
    "capacity_persons", "floor", "lift", "ramp", "ambulance_access", "door_width_m", "area_m2",
    "built_as", "fire_class", "own_entrance", "ground_slope_percent", "dining_seats",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["日间照料", "机构", "街道综合中心"])
def test_an_emptied_cell_never_makes_a_breach_vanish(kind: str) -> None:
    bad: dict[str, Any] = {
        "centre_kind": kind, "capacity_persons": 30.0, "beds": 10.0, "floor": 2.0, "lift": "无",
        "ramp": "无", "ambulance_access": "无", DOOR: 0.5, "area_m2": 50.0, "built_as": "新建",
        "fire_class": 4.0, "own_entrance": "无", "ground_slope_percent": 9.0, "dining_seats": 1.0,
    }  # fmt: skip
    if kind == "机构":
        bad |= {"capacity_persons": 10.0, "beds": 30.0}
    columns = [*EMPTIED, "beds"] if kind == "机构" else EMPTIED
    cases = [bad, *(bad | {column: None} for column in columns)]
    for book in BOOKS:
        if kind not in book.applies_to:
            continue
        table = judged_rows(book, cases).findings
        results = table.pivot(index="clause", columns="centre", values="result").astype(str)
        short = results[results["c0"] == "short"]
        assert short.isin(["short", "unknown"]).all(axis=None), short


STOREYS = [
    # ledger's storey; JGJ 450 not below ground; Guizhou no mezzanine either; third floor or lower
    (-2.0, 2.0, 2.0, 0.0), (-1.0, 1.0, 1.0, 0.0), (-0.5, 1.0, 1.0, 0.0),
    (1.0, 0.0, 0.0, 0.0), (1.5, 0.0, 1.0, 0.0), (2.0, 0.0, 0.0, 0.0), (3.0, 0.0, 0.0, 0.0),
    (3.5, 0.0, 1.0, 1.0), (5.0, 0.0, 0.0, 2.0),
]  # fmt: skip


def test_storeys_are_whole_there_is_none_0_and_a_mezzanine_is_none() -> None:
    jgj, guizhou = rule_book("jgj-450-2018"), rule_book("guizhou-2022")
    rows = [{"floor": floor, "capacity_persons": 30.0} for floor, *_ in STOREYS]
    tables = [judged_rows(book, rows).findings for book in (jgj, guizhou, guizhou)]
    clauses = ("no-basement", "not-below-ground", "third-floor-or-lower")
    for place, (table, clause) in enumerate(zip(tables, clauses, strict=True), start=1):
        found = table[table["clause"] == clause]
        assert found["short_by"].to_list() == [case[place] for case in STOREYS]
        results = ["short" if case[place] else "meets" for case in STOREYS]
        assert found["result"].to_list() == results
        assert found["short_share"].isna().all()
    barred = tables[1][tables[1]["clause"] == "not-below-ground"]["told"]
    assert barred.to_list() == ["夹层" if case[0] in (1.5, 3.5) else "" for case in STOREYS]


def test_a_mezzanine_lies_above_the_first_floor() -> None:
    cases = [(1.0, "not_applicable"), (1.5, "short"), (2.0, "short"), (-0.5, "not_applicable")]
    for book, clause in ((rule_book("jgj-450-2018"), "lift"), (BOOK, "lift-or-ramp")):
        rows = [
            {"floor": floor, "lift": "无", "ramp": "无", "capacity_persons": 30.0}
            for floor, _ in cases
        ]
        table = judged_rows(book, rows).findings
        found = table[table["clause"] == clause]
        assert found["result"].to_list() == [result for _, result in cases]


def test_a_class_has_no_share() -> None:
    found = finding(judged(fire_class=4.0), "fire")
    assert (found["result"], found["short_by"]) == ("short", 2.0)
    assert math.isnan(found["short_share"])


def test_one_condition_that_fails_settles_it() -> None:
    when = When(built=("新建",), capacity_from=20.0)
    book = own_book(_clause("at_least", value=0.9, when=when))
    assert finding(judged(book, capacity_persons=5.0), "a")["reason"] == "condition_not_met"
    unknown = finding(judged(book, capacity_persons=25.0), "a")
    assert unknown["fill_in"] == f"built_as、{DOOR}"
    applies = judged(book, capacity_persons=25.0, built_as="新建", door_width_m=1.0)
    assert finding(applies, "a")["result"] == "meets"
    assert finding(judged(book, built_as="改建"), "a")["result"] == "not_applicable"


def test_only_operating_centres_of_its_kinds_are_judged() -> None:
    found = judged(status="停运", door_width_m=0.5).findings
    assert set(found["result"]) == {"not_applicable"}
    assert set(found["reason"]) == {"not_operating"}
    assert not found["decides"].any()
    assert judged(centre_kind="助餐点").findings.empty


def test_statements_are_judged_on_the_spot_and_show_what_is_known() -> None:
    found = finding(judged(floor=3.0), "floor")
    assert (found["result"], found["reason"]) == ("unknown", "on_the_spot")
    assert (found["value"], found["fill_in"]) == (3.0, "")


def test_there_is_no_storey_0() -> None:
    """A table of one's own may hold a 0: it is unknown, and no storey below the first."""
    assert judged(floor=0.0).facts["floor"].isna().all()
    assert judged(floor=1.0).facts.loc["c", "floor"] == 1.0


# ---- the classes -----------------------------------------------------------------------------


CLASS_AREAS = [
    (9_999, 0.39 * 1_500),  # below the least class, pro rata by elders
    (10_000, 750), (14_999, 750), (15_000, 1_085), (29_999, 1_085), (30_000, 1_600),
    (50_000, 1_600), (50_001, 2 * 1_085),  # two centres of 25,000.5 people
]  # fmt: skip


def test_the_class_of_the_people_sets_the_area() -> None:
    wide = [(population, required, apart) for population, required in CLASS_AREAS
            for apart in (-1.0, 0.0, 1.0)]  # fmt: skip
    rows = [
        {"area_m2": required + apart, "population": population, "elders": 1_500}
        for population, required, apart in wide
    ]
    table = judged_rows(BOOK, rows).findings
    found = table[table["clause"] == "class-area"]
    for (_, required, apart), (_, row) in zip(wide, found.iterrows(), strict=True):
        assert row["required"] == pytest.approx(required)
        assert row["result"] == ("short" if apart < 0 else "meets")
        assert row["short_by"] == pytest.approx(1.0 if apart < 0 else 0.0)
        assert row["short_share"] == pytest.approx(1.0 / required if apart < 0 else 0.0)
        assert row["matter"] == "building_area"


def test_the_area_for_each_elder_stands_beside() -> None:
    judgement = judged()
    beside = finding(judgement, "per-elder-area")
    assert (beside["result"], beside["reason"]) == ("remark", "per_elder_beside")
    assert beside["value"] == pytest.approx(960 / 4_446)
    assert not beside["decides"]
    assert finding(judgement, "class-area")["decides"]
    decides = judged(options={"per_elder_decides": True})
    adopted = finding(decides, "per-elder-area")
    assert (adopted["result"], adopted["reason"]) == ("short", "")
    assert adopted["decides"]
    assert not finding(decides, "class-area")["decides"]


@pytest.mark.parametrize(
    ("columns", "people", "reason", "fill_in"),
    [
        ({"area_m2": None}, {}, "not_filled", "area_m2"),
        ({"area_kind": "占地"}, {}, "not_filled", "area_m2、area_kind"),
        ({}, {"population": None}, "people_unknown", "population"),
        ({}, {"population": 9_000, "elders": None}, "people_unknown", "elderly_60"),
        ({"serves": None}, {}, "serves_no_community", "serves"),
    ],
)
def test_why_the_floor_area_is_unknown(
    columns: dict[str, Any], people: dict[str, Any], reason: str, fill_in: str
) -> None:
    found = finding(judged(**columns, **people), "class-area")
    assert (found["result"], found["reason"], found["fill_in"]) == ("unknown", reason, fill_in)


SHARES = ("living_area_m2", "health_area_m2", "recreation_area_m2", "support_area_m2")


SHARED = [
    ((393, 162, 162, 283), "meets", "", 0.0),
    ((363, 192, 162, 283), "meets", "", 0.0),  # 36.3 %: 3 points below, the tolerance
    ((362, 193, 162, 283), "short", "生活服务", 3.1),
    ((450, 120, 120, 310), "short", "保健康复、娱乐", 4.2),
    ((393, math.nan, 162, 283), "unknown", "", math.nan),
]


def test_shares_of_use_area() -> None:
    rows = [dict(zip(SHARES, areas, strict=True)) for areas, *_ in SHARED]
    table = judged_rows(BOOK, rows).findings
    found = table[table["clause"] == "use-shares"]
    assert found["result"].to_list() == [result for _, result, _, _ in SHARED]
    assert found["told"].to_list() == [told for *_, told, _ in SHARED]
    assert found["short_by"].to_list() == pytest.approx(
        [short_by for *_, short_by in SHARED], nan_ok=True
    )
    assert found["fill_in"].to_list() == ["", "", "", "", "health_area_m2"]


def test_shares_are_those_of_the_class() -> None:
    cells = dict(zip(SHARES, (10.0, 30.0, 30.0, 30.0), strict=True))
    people = {9_999: 35.7, 12_000: 35.7, 15_000: 39.3, 60_000: 43.0, 50_001: 39.3}
    table = judged_rows(BOOK, [cells | {"population": one} for one in people]).findings
    found = table[table["clause"] == "use-shares"]
    assert found["required"].to_list() == pytest.approx(list(people.values()))


# ---- every clause of every shipped book ------------------------------------------------------

ON_FIGURES = [
    (book, clause)
    for book, clause in clauses_of_centres(BOOKS)
    if clause.value is not None and clause.comparison != "statement"
]
ON_WORDS = [
    (book, clause)
    for book, clause in clauses_of_centres(BOOKS)
    if clause.comparison in ("has", "one_of")
]


def _named(value: object) -> str | None:
    if isinstance(value, RuleBook):
        return value.name
    return value.id if isinstance(value, Clause) else None


def _base(book: RuleBook, clause: Clause) -> dict[str, Any]:
    """Return the cells of a centre that the clause binds."""
    when = clause.when
    cells: dict[str, Any] = {"centre_kind": book.kinds_of(clause)[0], "capacity_persons": 40.0}
    if when.built:
        cells["built_as"] = when.built[0]
    if when.floor_from is not None:
        cells["floor"] = when.floor_from
    return cells


def _with(quantity: str, value: float) -> dict[str, Any]:
    """Return what a ledger or the streets hold where a quantity has this value."""
    if quantity in NEAR and not QUANTITIES[quantity].columns:
        return {"near": {quantity: value}}
    return {
        "place_area": {"area_m2": value},
        "rest_area_per_day_user": {"rest_area_m2": 40.0 * value},
        "dining_area_per_seat": {"dining_area_m2": 30.0 * value, "dining_seats": 30.0},
        "dining_seats_share": {"dining_seats": 0.4 * value},
        "recreation_area_per_day_user": {"recreation_area_m2": 40.0 * value},
        "building_area_per_bed": {"area_m2": 50.0 * value, "beds": 50.0},
    }.get(
        quantity, {QUANTITIES[quantity].columns[0]: value} if QUANTITIES[quantity].columns else {}
    )


@pytest.mark.parametrize(("book", "clause"), ON_FIGURES, ids=_named)
def test_every_clause_with_a_figure_on_both_sides_of_it(book: RuleBook, clause: Clause) -> None:
    assert clause.value is not None
    step = 1.0 if clause.unit == "storey" else 1e-3 * clause.value
    cases, expected = [], []
    for end in [clause.value] if clause.upper is None else [clause.value, clause.upper]:
        # Written apart from the code under test: what each word of comparison means.
        meets = {
            "at_least": (False, True, True),
            "at_most": (True, True, False),
            "less_than": (True, False, False),
            "more_than": (False, False, True),
            "between": (False, True, True) if end == clause.value else (True, True, False),
        }[clause.comparison]
        for value, met in zip((end - step, end, end + step), meets, strict=True):
            if clause.unit == "storey" and value == 0:
                value = -1.0  # there is no storey 0
            cases.append(_base(book, clause) | _with(clause.quantity, value))
            expected.append((value, met))
    table = judged_rows(book, cases).findings
    found = table[table["clause"] == clause.id]
    missed = "remark" if clause.force == "可" else "short"
    assert found["value"].to_list() == pytest.approx([value for value, _ in expected])
    assert found["result"].to_list() == ["meets" if met else missed for _, met in expected]
    assert (found["short_by"] > 0).to_list() == [not met for _, met in expected]


@pytest.mark.parametrize(("book", "clause"), ON_WORDS, ids=_named)
def test_every_clause_on_words_and_lists(book: RuleBook, clause: Clause) -> None:
    items = asked_items(book, clause)
    column = clause.quantity if clause.quantity != "lift_or_ramp" else "lift"
    base = _base(book, clause) | {"ramp": "无"}
    missed = "remark" if clause.force == "可" else "short"
    cases: list[tuple[str | None, str]]
    if clause.comparison == "has":
        cases = [("、".join(items), "meets"), ("、".join(items[1:]), missed)]
    else:
        other = "标准设防类" if clause.quantity == "earthquake_class" else "无"
        cases = [(word, "meets" if word in items else missed) for word in (*items, other)]
    cases.append((None, "unknown"))
    table = judged_rows(book, [base | {column: value} for value, _ in cases]).findings
    found = table[table["clause"] == clause.id]
    assert found["result"].to_list() == [result for _, result in cases]


@pytest.mark.parametrize("book", BOOKS, ids=_named)
def test_every_clause_of_every_book_can_be_judged(book: RuleBook) -> None:
    for kind in book.applies_to:
        found = judged(book, centre_kind=kind, door_width_m=0.5)
        assert tuple(found.findings.columns) == COLUMNS
        told = {
            clause.id for own, clause in clauses_of_centres([book]) if kind in own.kinds_of(clause)
        }
        assert set(found.findings["clause"]) == told
        assert set(found.findings["result"]) <= set(RESULTS)
        assert set(found.findings["reason"]) <= set(REASONS)
        short = found.findings[found.findings["result"].isin(["short", "remark"])]
        assert (short["short_by"] > 0).all()


def test_the_radius_of_a_service_never_touches_the_circle() -> None:
    book = rule_book("gb-50180-2018")
    for radius, result in ((300.0, "meets"), (301.0, "short")):
        judgement = judged(book, near={"service_radius": radius, "walked_minutes": 40.0})
        assert finding(judgement, "day-care-radius")["result"] == result
        assert set(judgement.findings["matter"]) >= {"service_radius"}
        assert "walked_minutes" not in set(judgement.findings["matter"])


def test_books_out_of_force_are_left_out_and_told() -> None:
    old = dataclasses.replace(BOOK, name="old", in_force_until=datetime.date(2020, 12, 31))
    judgement = judged(old, BOOK, options={"on": datetime.date(2021, 1, 1)})
    assert judgement.not_in_force == ("old",)
    assert [book.name for book in judgement.books] == [BOOK.name]
    assert judged(old, BOOK, options={"on": datetime.date(2020, 12, 31)}).not_in_force == ()
    assert judged(old, BOOK).not_in_force == ()
