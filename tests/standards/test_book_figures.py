"""The figures of the shipped books, typed anew from what is known of each standard."""

from __future__ import annotations

import datetime

import pytest

from planner.standards.rulebooks.books import rule_book
from planner.standards.rulebooks.clauses import Clause

Figure = tuple[str, str, float, str, str]
"""Clause, comparison, figure, force, mark."""

FIGURES: dict[str, list[Figure]] = {
    "gb-50180-2018": [
        ("day-care-area", "at_least", 350, "宜", "I"),
        ("day-care-radius", "at_most", 300, "宜", "I"),
        ("institution-area", "at_least", 3500, "可", "C"),
        ("institution-beds", "at_least", 100, "可", "C"),
    ],
    "gb-50437-2007": [
        ("station-radius", "at_most", 300, "宜", "W1"),
        ("centre-radius", "at_most", 1000, "宜", "W1"),
        ("beds-per-thousand", "at_least", 40, "宜", "W2"),
        ("land-per-head", "at_least", 0.1, "宜", "W2"),
        ("area-per-bed", "at_least", 35, "宜", "W1"),
        ("building-density", "at_most", 30, "宜", "W1"),
    ],
    "jgj-450-2018": [
        ("rest-area", "at_least", 4.0, "宜", "W1"),
        ("dining-seats", "at_least", 100, "宜", "W1"),
        ("dining-area", "at_least", 2.5, "宜", "W1"),
        ("recreation-area", "at_least", 2.0, "宜", "W1"),
        ("no-basement", "at_least", 1, "应", "W1"),
        ("ground-slope", "at_most", 2.5, "宜", "W2"),
    ],
    "complete-community-2020": [
        ("community-rooms", "at_least", 30, "宜", "W2"),
        ("resident-activities", "at_least", 60, "宜", "W1"),
        ("day-care-area", "at_least", 350, "宜", "C"),
    ],
    "ningbo-2018": [
        ("new-estates", "at_least", 20, "应", "W1"),
        ("built-estates", "at_least", 15, "应", "W1"),
    ],
    "zhejiang": [("care-area-of-housing", "at_least", 2, "宜", "W2")],
    "shaoxing": [
        ("care-area-of-housing", "at_least", 2, "宜", "W2"),
        ("least-place", "at_least", 30, "宜", "W1"),
        ("least-joined-place", "at_least", 300, "宜", "W1"),
    ],
    "shaanxi": [],
    "guizhou-2022": [
        ("service-radius", "less_than", 700, "宜", "W2"),
        ("street-centre-area", "at_least", 1000, "宜", "W2"),
        ("station-area", "at_least", 350, "宜", "W2"),
        ("not-below-ground", "at_least", 1, "应", "W2"),
        ("third-floor-or-lower", "at_most", 3, "宜", "W2"),
        ("new-estates", "at_least", 20, "宜", "W2"),
        ("built-estates", "at_least", 15, "宜", "W2"),
        ("care-rooms-above-ground", "at_least", 1, "应", "W2"),
        ("care-rooms-third-floor-or-lower", "at_most", 3, "宜", "W2"),
    ],
    "henan": [
        ("new-estates", "at_least", 30, "宜", "W1"),
        ("built-estates", "at_least", 20, "宜", "W1"),
    ],
    "mca-mnr-2025-07": [("not-below-ground", "at_least", 1, "宜", "I")],
    "td-t-1062-2021": [],
    "xianyang-2021-182": [],
    "gb-t-33168-2016": [],
    "gb-t-33169-2016": [],
    "gb-55019": [],
    "gb-55031": [],
}


def told(clause: Clause) -> Figure:
    return (clause.id, clause.comparison, clause.value or 0.0, clause.force, clause.mark)


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_of_a_book(name: str) -> None:
    book = rule_book(name)
    assert [told(one) for one in book.clauses if one.value is not None] == FIGURES[name]


def test_the_figures_of_jianbiao_143() -> None:
    book = rule_book("jianbiao-143-2010")
    assert book.applies_to == ("日间照料",)
    figures = {entry.name: (entry.class_area_m2, entry.per_elder_area_m2) for entry in book.classes}
    assert figures == {"三类": (750, 0.39), "二类": (1085, 0.32), "一类": (1600, 0.26)}
    assert book.figure("use_area_ratio") == 0.65
    assert book.figure("inner_area_ratio") is None
    assert book.figure("clear_door_width") == 0.90
    assert book.figure("clear_corridor_width") == 1.80
    assert book.figure("window_to_floor_ratio") == 1 / 6
    assert book.figure("fire_class") == 2
    assert len(book.rooms) == 14
    # Areas over per-elder figures: 6,154 / 3,391 / 1,923 elders
    elders = [round(area / figure) for area, figure in figures.values()]
    assert elders == [1923, 3391, 6154]
    assert book.class_clause("class_area_m2").force == "宜"
    assert book.class_clause("per_elder_area_m2").force == "可"
    assert book.clause("rooms").article == "第十条"
    with pytest.raises(KeyError):
        book.clause("nothing")


def test_jianbiao_143_in_registered_quantities() -> None:
    book = rule_book()
    lift = book.clause("lift-or-ramp")
    assert (lift.quantity, lift.items, lift.when.floor_from) == ("lift_or_ramp", ("有",), 2)
    rest = book.clause("rest-room-persons")
    assert (rest.comparison, rest.value, rest.upper) == ("between", 4, 6)
    assert book.clause("use-shares").tolerance == 3.0
    assert book.clause("own-entrance").quantity == "own_entrance"
    assert book.clause("floor").comparison == "statement"
    assert book.clause("earthquake").items == ("重点设防类", "特殊设防类")


def test_the_day_user_of_jgj_450_has_8_5_m2() -> None:
    book = rule_book("jgj-450-2018")
    shares = [book.clause(name).value for name in ("rest-area", "dining-area", "recreation-area")]
    assert sum(value or 0.0 for value in shares) == 8.5
    assert all(clause.when.capacity_from == 20 for clause in book.clauses)
    assert not book.in_force(datetime.date(2018, 9, 30))
    assert book.in_force(datetime.date(2018, 10, 1))


def test_a_station_of_350_m2_never_fails_a_day_care_centres_area() -> None:
    of_stations = {
        (name, clause.id)
        for name in FIGURES
        for clause in rule_book(name).clauses
        if clause.quantity == "place_area" and "居家服务站" in rule_book(name).kinds_of(clause)
    }
    assert of_stations == {("guizhou-2022", "station-area")}
    assert rule_book().kinds_of(rule_book().clause("class-area")) == ("日间照料",)


def test_the_air_line_radius_is_no_walk() -> None:
    for name in ("gb-50180-2018", "gb-50437-2007"):
        for clause in rule_book(name).clauses:
            if clause.value in (300, 1000):
                assert (clause.quantity, clause.comparison) == ("service_radius", "at_most")
                assert clause.force == "宜"
            assert clause.quantity not in ("walked_radius", "walked_minutes")


def test_estates_of_ningbo_and_shaanxi() -> None:
    ningbo, shaanxi = rule_book("ningbo-2018"), rule_book("shaanxi")
    assert ningbo.clause("new-estates").when.estate == ("新建",)
    assert ningbo.clause("built-estates").when.estate == ("已建",)
    assert ningbo.in_force_from == datetime.date(2018, 10, 1)
    assert ningbo.applies_to == ()
    steps = shaanxi.clause("four-steps")
    assert steps.items == ("规划", "建设", "验收", "交付")
    assert rule_book("shaoxing").based_on == "zhejiang"


def test_a_figure_of_kinds_of_centre_is_one_that_all_of_them_have() -> None:
    book = rule_book("gb-50437-2007")
    assert book.figure_for("service_radius", ["日间照料"]) == 300
    assert book.figure_for("service_radius", ["日间照料", "居家服务站"]) == 300
    assert book.figure_for("service_radius", ["街道综合中心"]) == 1000
    assert book.figure_for("service_radius", ["日间照料", "街道综合中心"]) is None  # two figures
    assert book.figure_for("service_radius", ["日间照料", "机构"]) is None  # one has none
    assert book.figure_for("service_radius", []) is None
