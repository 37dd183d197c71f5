"""What is read and how: elders of none, distances on the map, areas, marks, bounds of classes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.standards.floor_area.audit import FloorAreaAudit, audit_floor_area
from planner.standards.floor_area.required import required_floor_areas
from planner.standards.judging.wording import told_finding
from planner.standards.provision.pooled import community_areas
from planner.standards.rulebooks.books import classed_book
from planner.standards.rulebooks.vocabulary import CLASS_AREA, PER_ELDER, USE_SHARES
from planner.standards.rulebooks.wording import rows_of
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


def _pair(one: tuple[float, float], two: tuple[float, float], held_m2: float) -> FloorAreaAudit:
    communities = pd.concat([community(*one), community(*two)]).set_axis(["k", "l"])
    centres = centre(area_m2=held_m2, serves="k、l")
    nobody = pd.Series(None, index=communities.index, dtype=object)
    return audit_floor_area(centres, communities, nobody, per_elder_decides=True)


@pytest.mark.parametrize(
    ("one", "two", "held_m2", "required", "short"),
    [
        # 24,000 people: of the second community's elders nobody knows, so that the class decides.
        ((12_000, 2_000), (12_000, 0), 800.0, 1_085.0, 285.0),
        ((6_000, 1_000), (5_000, 0), 395.0, 750.0, 355.0),
        ((6_000, 1_000), (5_000, 900), 395.0, 741.0, 346.0),
    ],
)
def test_elders_of_none_in_one_of_two_communities_are_not_known(
    one: tuple[float, float],
    two: tuple[float, float],
    held_m2: float,
    required: float,
    short: float,
) -> None:
    audit = _pair(one, two, held_m2)
    row = audit.groups.loc["k"]
    assert (row["required_m2"], row["shortfall_m2"]) == pytest.approx((required, short))
    assert audit.centres["result"].to_list() == ["short"]


def test_no_part_of_a_group_is_nothing_for_want_of_elders() -> None:
    communities = pd.concat([community(12_000, 2_000), community(6_000, 0)]).set_axis(["k", "l"])
    audit = _pair((12_000, 2_000), (6_000, 0), 800.0)
    parts = community_areas(communities, audit.service_groups, audit.groups, book=BOOK)
    assert parts["share_by"].to_list() == ["population", "population"]
    assert parts["share"].to_list() == pytest.approx([2 / 3, 1 / 3])


def test_below_the_least_class_elders_of_none_leave_the_area_unknown() -> None:
    audit = _pair((4_000, 700), (3_000, 0), 395.0)
    assert audit.groups["result"].to_list() == ["unknown"]


RADIUS = own_clause("r", quantity="service_radius", unit="m", comparison="less_than", value=700.0)


@pytest.mark.parametrize(
    ("comparison", "metres", "result", "value", "told"),
    [
        ("less_than", 699.9996, "meets", 699.9996, "699.9996 m"),
        ("less_than", 699.94, "meets", 699.9, "699.9 m"),
        ("less_than", 700.0, "short", 700.0, "恰为限值，须小于它"),
        ("less_than", 700.04, "short", 700.0, "恰为限值，须小于它"),
        ("less_than", 700.06, "short", 700.1, "超出 0.1 m"),
        ("more_than", 700.0004, "meets", 700.0004, "700.0004 m"),
        ("more_than", 700.0, "short", 700.0, "恰为限值，须大于它"),
        ("more_than", 699.96, "short", 700.0, "恰为限值，须大于它"),
        ("at_most", 700.04, "meets", 700.0, "700 m"),
        ("at_most", 700.06, "short", 700.1, "超出 0.1 m"),
        ("at_least", 699.96, "meets", 700.0, "700 m"),
    ],
)
def test_reading_a_distance_never_makes_a_breach(
    comparison: str, metres: float, result: str, value: float, told: str
) -> None:
    clause = dataclasses.replace(RADIUS, comparison=comparison)
    judgement = judged(own_book(clause), near={"service_radius": metres})
    found = finding(judgement, "r")
    assert (found["result"], found["value"]) == (result, pytest.approx(value, abs=1e-9))
    (row,), (facts,) = rows_of(judgement.findings), rows_of(judgement.facts)
    words = told_finding(judgement, row, facts, "zh")
    assert told in words.has + words.verdict
    assert "0.000001" not in words.has + words.verdict
    assert np.isnan(found["short_share"]) == ("恰为" in told)


@pytest.mark.parametrize(
    ("held_m2", "result"), [(749.99996, "meets"), (749.996, "meets"), (749.99, "short")]
)
def test_what_prints_as_no_square_metre_is_no_shortage(held_m2: float, result: str) -> None:
    audit = audited(centre(area_m2=held_m2), community(12_000, 1_900))
    assert audit.centres["result"].to_list() == [result]
    found = judged(area_m2=held_m2, population=12_000, elders=1_900)
    assert finding(found, "class-area")["result"] == result
    own = own_book(own_clause("p", quantity="place_area", unit="m2", value=750.0))
    assert finding(judged(own, area_m2=held_m2), "p")["result"] == result


def test_what_is_no_shortage_of_area_is_none_for_each_elder() -> None:
    held = 0.39 * 1_900 - 0.004  # 0.0000021 m² an elder
    found = judged(area_m2=held, population=12_000, elders=1_900)
    assert finding(found, "per-elder-area")["result"] == "meets"


def test_a_greatest_class_without_its_upper_bound_holds_no_such_people() -> None:
    greatest = dataclasses.replace(BOOK.classes[-1], includes_upper=False)
    book = dataclasses.replace(BOOK, classes=(*BOOK.classes[:-1], greatest))
    people = pd.DataFrame(
        {"population": [49_999.0, 50_000.0, 50_001.0, 100_000.0], "elderly_60": 9.0}
    )
    found = required_floor_areas(people, book=book)
    assert found["centres_needed"].to_list() == [1, 2, 2, 3]
    # 25,000, 25,000.5 and 33,333 people a centre.
    assert found["class_area_m2"].to_list() == [1_600.0, 1_085.0, 1_085.0, 1_600.0]
    assert found["reading"].to_list() == ["class_area", *["several_centres"] * 3]


def test_a_part_below_the_least_class_is_of_that() -> None:
    book = dataclasses.replace(BOOK, classes=BOOK.classes[-2:])  # from 15,000 on
    upper = dataclasses.replace(book.classes[0], population_to=25_000.0, includes_upper=True)
    book = dataclasses.replace(book, classes=(upper,))
    people = pd.DataFrame({"population": [25_001.0], "elderly_60": [4_000.0]})
    found = required_floor_areas(people, book=book).iloc[0]
    assert (found["centre_class"], found["class_area_m2"]) == ("二类", upper.class_area_m2)
    assert np.isclose(found["required_m2"], 2 * upper.class_area_m2)


HEAD = '[book]\nname = "mine"\nbased_on = "jianbiao-143-2010"\nzh = "我"\nen = "m"\n'
CLAUSE = """
[[clause]]
id = "class-area"
article = "9"
quantity = "building_area"
comparison = "at_least"
by_class = "class_area_m2"
unit = "m2"
per = "community"
force = "应"
mark = "W2"
source = "s"
zh = "z"
en = "e"
remedy_zh = "r"
remedy_en = "r"
"""


def _class(name: str, below: int, above: int, area: int, *, upper: bool = False) -> str:
    shares = ", ".join(
        f'"{key}" = {part}' for key, part in BOOK.classes[0].use_share_percent.items()
    )
    return (
        f'[[class]]\nname = "{name}"\npopulation_from = {below}\npopulation_to = {above}\n'
        f"includes_upper = {str(upper).lower()}\nclass_area_m2 = {area}\n"
        f"per_elder_area_m2 = 0.4\nuse_share_percent = {{ {shares} }}\n"
    )


def test_an_inherited_figure_keeps_its_weaker_mark(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    below = BOOK.class_clause(CLASS_AREA).mark
    assert below in ("I", "C")
    third = _class("三类", 10_000, 15_000, 900)
    file.write_text(HEAD + third + CLAUSE, encoding="utf-8")
    assert classed_book("mine", tmp_path).class_clause(CLASS_AREA).mark == below
    others = _class("二类", 15_000, 30_000, 1_100) + _class(
        "一类", 30_000, 50_000, 1_700, upper=True
    )
    file.write_text(HEAD + third + others + CLAUSE, encoding="utf-8")
    book = classed_book("mine", tmp_path)
    assert book.class_clause(CLASS_AREA).mark == "W2"
    for figure in (PER_ELDER, USE_SHARES):
        assert book.class_clause(figure).mark == BOOK.class_clause(figure).mark
