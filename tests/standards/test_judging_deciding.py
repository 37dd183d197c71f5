"""Which clause decides where several speak of one matter."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pandas as pd
import pytest

from planner.standards.judging.facts import centre_facts
from planner.standards.judging.findings import Judgement
from planner.standards.judging.grades import centre_grades
from planner.standards.judging.judge import judge
from planner.standards.rulebooks.books import rule_book
from planner.standards.rulebooks.clauses import RuleBook, When
from planner.standards.rulebooks.contending import places_of
from tests.standards.one_centre import (
    BOOK,
    audited,
    centre,
    community,
    finding,
    judged,
    own_book,
    own_clause,
)

JGJ = rule_book("jgj-450-2018")


def _deciding(judgement: Judgement, matter: str = "clear_door_width") -> list[tuple[str, str]]:
    table = judgement.findings
    chosen = table[(table["matter"] == matter) & table["decides"]]
    return list(zip(chosen["book"], chosen["clause"], strict=True))


def _two(one: dict[str, Any], other: dict[str, Any]) -> list[RuleBook]:
    return [
        own_book(own_clause("a", **one), name="one"),
        own_book(own_clause("b", **other), name="two"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        ({"force": "应", "value": 0.8}, {"force": "宜", "value": 1.2}, "a"),  # force before figure
        ({"force": "可", "value": 1.2}, {"force": "宜", "value": 0.8}, "b"),
        ({"force": "可", "value": 1.2}, {"force": "应", "value": 0.8}, "b"),
        ({"value": 0.9}, {"value": 1.0}, "b"),  # the greater least figure is the stricter
        ({"comparison": "at_most", "value": 1.0}, {"comparison": "at_most", "value": 2.0}, "a"),
        ({"value": 0.9}, {"value": 0.9, "comparison": "more_than"}, "b"),
        ({"value": 0.9}, {"value": 0.9}, "a"),  # alike: the book that comes first
    ],
)
def test_force_then_figure(one: dict[str, Any], other: dict[str, Any], first: str) -> None:
    books = _two(one, other)
    for order in itertools.permutations(books):
        decides = _deciding(judged(*order, door_width_m=0.5))
        if one == other:
            assert decides == [(order[0].name, order[0].clauses[0].id)]
        else:
            assert [clause for _, clause in decides] == [first]


def test_a_least_and_a_greatest_figure_both_hold() -> None:
    books = _two({"value": 0.9}, {"value": 1.5, "comparison": "at_most"})
    assert [clause for _, clause in _deciding(judged(*books, door_width_m=1.0))] == ["a", "b"]


def test_a_clause_that_may_not_apply_hides_no_breach() -> None:
    when = When(capacity_from=20.0)
    books = _two({"value": 0.9, "force": "宜"}, {"value": 1.2, "when": when})
    unknown = judged(*books, door_width_m=0.5)
    assert _deciding(unknown) == [("one", "a")]
    assert set(unknown.findings["result"]) == {"short", "unknown"}
    assert _deciding(judged(*books, door_width_m=0.5, capacity_persons=30.0)) == [("two", "b")]
    assert _deciding(judged(*books, door_width_m=0.5, capacity_persons=10.0)) == [("one", "a")]


@pytest.mark.parametrize("order", [(BOOK, JGJ), (JGJ, BOOK)])
@pytest.mark.parametrize(
    ("places", "floor", "deciding"),
    [
        (30.0, 2.0, [("jgj-450-2018", "lift")]),
        (10.0, 2.0, [("jianbiao-143-2010", "lift-or-ramp")]),
        (None, 2.0, [("jgj-450-2018", "lift")]),  # both 应: unknown before met
        (30.0, 1.0, []),
    ],
)
def test_a_lift_is_stricter_than_a_lift_or_a_ramp(
    order: tuple[RuleBook, ...],
    places: float | None,
    floor: float,
    deciding: list[tuple[str, str]],
) -> None:
    found = judged(*order, capacity_persons=places, floor=floor, lift="无", ramp="有")
    assert _deciding(found, "upper_floors") == deciding


def test_a_groups_area_and_a_single_places_own_both_decide() -> None:
    books = (BOOK, rule_book("gb-50180-2018"), rule_book("complete-community-2020"))
    two = pd.concat([centre(area_m2=100.0), centre(area_m2=1_500.0)]).set_axis(["a", "b"])
    audit = audited(two, community())
    found = judge(centre_facts(two, audit), books)
    table = found.findings[found.findings["decides"]].set_index(["centre", "matter"])
    assert table.loc[("a", "building_area"), "result"] == "meets"  # 1,600 of the group's 1,085
    assert table.loc[("a", "place_area"), "result"] == "short"  # 100 of 350
    assert table.loc[("a", "place_area"), "clause"] == "day-care-area"
    assert table.loc[("b", "place_area"), "result"] == "meets"
    grades = centre_grades(found)
    assert grades["breaches_should"].to_dict() == {"a": 1, "b": 0}
    assert grades.loc["a", "shortfall_share"] == pytest.approx(250 / 350)


def test_an_area_that_is_not_by_class_never_contends_with_the_groups() -> None:
    own = own_book(own_clause("p", quantity="building_area", value=5_000.0, force="应", unit="m2"))
    found = judged(BOOK, own)
    assert finding(found, "class-area")["decides"]
    assert finding(found, "p")["decides"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("ramp", "capacity", "decides", "result"),
    [
        ("无", 30.0, "lift", "short"),
        (None, 30.0, "lift", "short"),
        ("有", None, "lift", "unknown"),  # an unknown before one that is met
        ("无", None, "lift-or-ramp", "short"),  # a known breach before an unknown
    ],
)
def test_of_one_force_short_before_unknown_before_met(
    order: tuple[int, int], ramp: str | None, capacity: float | None, decides: str, result: str
) -> None:
    books = [(BOOK, JGJ)[place] for place in order]
    found = judged(*books, floor=2.0, lift="无", ramp=ramp, capacity_persons=capacity)
    assert [clause for _, clause in _deciding(found, "upper_floors")] == [decides]
    assert finding(found, decides)["result"] == result


def test_what_is_met_of_another_quantity_hides_no_breach() -> None:
    mca = rule_book("mca-mnr-2025-07")  # 宜, and of mezzanines; JGJ 450 is 应, of basements only
    for floor, decides in ((1.5, "not-below-ground"), (-1.0, "no-basement"), (1.0, "no-basement")):
        found = judged(JGJ, mca, floor=floor, capacity_persons=30.0)
        assert [clause for _, clause in _deciding(found, "floor")] == [decides]


ADOPTED = {"per_elder_decides": True}


def test_the_area_for_each_elder_takes_the_place_of_its_own_books_class_only() -> None:
    books = (BOOK, rule_book("gb-50180-2018"))
    found = judged(*books, area_m2=100.0, population=20_000, elders=200, options=ADOPTED)
    assert _deciding(found, "building_area_per_elder") == [(BOOK.name, "per-elder-area")]
    assert finding(found, "per-elder-area")["result"] == "meets"  # 100 of 64
    assert not finding(found, "class-area")["decides"]
    assert _deciding(found, "place_area") == [("gb-50180-2018", "day-care-area")]
    assert centre_grades(found)["breaches_should"].to_list() == [1]


def test_the_class_decides_where_the_area_for_each_elder_cannot_be_reckoned() -> None:
    for elders in (None, 0):
        found = judged(elders=elders, options=ADOPTED)
        assert finding(found, "class-area")["decides"]
        assert not finding(found, "per-elder-area")["decides"]
    unfilled = judged(area_m2=None, options=ADOPTED)  # reckoned, but nobody knows what there is
    assert finding(unfilled, "per-elder-area")["decides"]
    assert not finding(unfilled, "class-area")["decides"]


def test_an_adopted_area_for_each_elder_weighs_as_its_class_against_other_books() -> None:
    must = dataclasses.replace(BOOK.class_clause("class_area_m2"), id="must", force="应")
    per = BOOK.class_clause("per_elder_area_m2")
    other = dataclasses.replace(BOOK, name="other", clauses=(must, per), based_on="")
    for books in ((BOOK, other), (other, BOOK)):
        found = judged(*books, options=ADOPTED)
        decides = found.findings[found.findings["decides"]]
        area = decides[decides["matter"].isin(["building_area", "building_area_per_elder"])]
        assert area[["book", "clause"]].astype(str).to_numpy().tolist() == [["other", per.id]]
        assert found.force(other, per) == "应"
        assert found.force(BOOK, per) == "宜"
        assert judged(*books).force(other, per) == "可"


def test_books_of_two_places_never_meet() -> None:
    everywhere = own_book(own_clause("n", value=0.9, force="宜"), name="n")
    here = own_book(own_clause("z", value=1.0, force="宜"), name="z", place="浙江省")
    town = own_book(own_clause("s", value=1.1, force="宜"), name="s", place="浙江省绍兴市")
    there = own_book(own_clause("g", value=0.8, force="应"), name="g", place="贵州省")
    books = (everywhere, here, town, there)
    assert places_of(books) == [{"n", "z", "s"}, {"n", "g"}]
    assert sorted(_deciding(judged(*books, door_width_m=0.5))) == [("g", "g"), ("s", "s")]
    assert _deciding(judged(everywhere, here, door_width_m=0.5)) == [("z", "z")]
    assert places_of([everywhere]) == [{"n"}]


def test_statements_each_decide_and_compete_with_nothing() -> None:
    statement = dataclasses.replace(
        BOOK.clause("siting"), quantity="clear_door_width", comparison="statement"
    )
    twice = (statement, dataclasses.replace(statement, id="again"), own_clause("a", value=0.9))
    found = judged(own_book(*twice), door_width_m=0.5)
    assert [clause for _, clause in _deciding(found)] == ["siting", "again", "a"]


def test_one_clause_decides_in_every_matter_of_the_shipped_books() -> None:
    books = [BOOK, JGJ, rule_book("gb-50180-2018"), rule_book("gb-50437-2007")]
    found = judged(*books, capacity_persons=30.0, floor=2.0).findings
    figures = found[(found["reason"] != "on_the_spot") & (found["result"] != "not_applicable")]
    groups = figures.groupby("matter", observed=True)["decides"].sum()
    assert (groups.drop("building_area_per_elder") == 1).all(), groups


@pytest.mark.parametrize(
    ("places", "sets"),
    [
        (("陕西省", "陕西省咸阳市", "浙江省宁波市（含慈溪市）", "浙江省"), ["*01", "*23"]),
        (("浙江省宁波市", "浙江省绍兴市", "浙江省"), ["*02", "*12"]),
        (("陕西省", "陕西省", "浙江省"), ["*01", "*2"]),
        # A city of which nobody says in which province it lies may lie in either.
        (("陕西省", "浙江省", "咸阳市"), ["*02", "*12"]),
        (("咸阳市", "宁波市"), ["*01"]),
        (("陕西省", "陕西"), ["*01"]),
        # Names match by whole words of administration, never by how they begin.
        (("海南省", "青海省海南藏族自治州"), ["*0", "*1"]),
        (("吉林省", "吉林省吉林市", "吉林省吉林市昌邑区", "吉林省长春市"), ["*012", "*03"]),
        (("四川省阿坝藏族羌族自治州", "四川省阿坝县"), ["*0", "*1"]),
        (("广西壮族自治区", "广西壮族自治区南宁市", "广东省"), ["*01", "*2"]),
        (("北京市", "北京市海淀区", "河北省"), ["*01", "*2"]),
    ],
)
def test_places_are_told_by_their_words(places: tuple[str, ...], sets: list[str]) -> None:
    books = [own_book(own_clause("a"), name="*")]
    books += [own_book(own_clause("a"), name=str(at), place=one) for at, one in enumerate(places)]
    assert sorted("".join(sorted(one)) for one in places_of(books)) == sets
