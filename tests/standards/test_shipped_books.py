"""Every clause of every shipped rule book: the books are found, none is named here."""

from __future__ import annotations

import re

import pytest

from planner import tables
from planner.labels import LANGUAGES, catalogue
from planner.standards.rulebooks.books import rule_book, rule_book_list, rule_books
from planner.standards.rulebooks.clause_terms import words_of
from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.quantities import QUANTITIES, UNITS
from planner.standards.rulebooks.vocabulary import COMPARISONS, FORCES, MARKS, MEASURES, PER
from planner.tables import BUILT_AS, ESTATE_AGES

SHIPPED = [(book, clause) for book in rule_book_list() for clause in book.clauses]
IDS = [f"{book.name}-{clause.id}" for book, clause in SHIPPED]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLAIN_ENGLISH = re.compile(r"[\x20-\x7e²‰]+")


@pytest.mark.parametrize(("book", "clause"), SHIPPED, ids=IDS)
def test_every_clause_has_its_grounds(book: RuleBook, clause: Clause) -> None:
    assert clause.force in FORCES
    assert clause.mark in MARKS
    assert (clause.force == "-") == (clause.mark == "-")
    for text in (clause.id, clause.article, clause.source):
        assert text == text.strip() != ""
    assert clause.to_check == (clause.mark in ("I", "C"))
    if clause.mark in ("I", "C"):
        assert "未见原文" in clause.source
    else:
        assert "未见原文" not in clause.source
    assert not book.clause(clause.id).by_class or book.classes


@pytest.mark.parametrize(("book", "clause"), SHIPPED, ids=IDS)
def test_every_clause_speaks_of_a_known_quantity(book: RuleBook, clause: Clause) -> None:
    quantity = QUANTITIES[clause.quantity]
    assert clause.unit == quantity.unit
    assert clause.unit in UNITS
    assert clause.comparison in COMPARISONS
    assert clause.per in PER
    figured = clause.value is not None or clause.by_class is not None
    assert figured == (clause.comparison not in ("has", "one_of", "statement"))
    assert bool(clause.items) == (clause.comparison in ("has", "one_of"))
    if quantity.nature == "word":
        assert set(clause.items) <= set(words_of(quantity))
    if clause.quantity == "rooms":
        assert clause.items == tuple(room.name for room in book.rooms)
    if quantity.subject in ("centre", "group") and clause.comparison != "statement":
        assert book.kinds_of(clause)


@pytest.mark.parametrize(("book", "clause"), SHIPPED, ids=IDS)
def test_every_clause_is_worded_in_both_languages(book: RuleBook, clause: Clause) -> None:
    del book
    assert clause.text("zh") == clause.zh
    assert clause.text("en") == clause.en
    for text in (clause.text("zh"), clause.remedy("zh")):
        assert CHINESE.search(text)
        assert text.endswith("。")
    assert PLAIN_ENGLISH.fullmatch(clause.text("en"))
    for text in (clause.text("en"), clause.remedy("en")):
        assert text.endswith(".")


@pytest.mark.parametrize(("book", "clause"), SHIPPED, ids=IDS)
def test_every_clause_says_whom_and_when_it_binds_and_what_cures_it(
    book: RuleBook, clause: Clause
) -> None:
    assert set(book.kinds_of(clause)) <= set(tables.CENTRE_KINDS)
    assert set(clause.when.built) <= set(BUILT_AS)
    assert set(clause.when.estate) <= set(ESTATE_AGES)
    assert clause.measures
    assert set(clause.measures) <= set(MEASURES)
    assert len(set(clause.measures)) == len(clause.measures)


@pytest.mark.parametrize("book", rule_book_list(), ids=rule_books())
def test_every_book_is_titled_and_whole(book: RuleBook) -> None:
    assert rule_book(book.name) is rule_book(book.name)
    assert CHINESE.search(book.title("zh"))
    assert PLAIN_ENGLISH.fullmatch(book.title("en"))
    assert CHINESE.search(book.place)
    assert set(book.applies_to) <= set(tables.CENTRE_KINDS)
    assert len({clause.id for clause in book.clauses}) == len(book.clauses)
    called = [word for room in book.rooms for word in (room.name, *room.also_called)]
    assert len(called) == len(set(called))


@pytest.mark.parametrize("book", rule_book_list(), ids=rule_books())
def test_classes_meet_and_shares_sum_to_100(book: RuleBook) -> None:
    for entry in book.classes:
        assert round(sum(entry.use_share_percent.values()), 9) == 100.0
        assert {room.group for room in book.rooms} == set(entry.use_share_percent)
    if book.classes:
        least, most = book.classes[0].population_from, book.classes[-1].population_to
        steps = [entry.population_from for entry in book.classes]
        for people in (*steps, (least + most) / 2, most):
            assert sum(entry.holds(people) for entry in book.classes) == 1
        assert not any(entry.holds(least - 1) or entry.holds(most + 1) for entry in book.classes)


def test_books_of_papers_that_nobody_has_read_give_no_figure() -> None:
    for book in rule_book_list():
        for clause in book.clauses:
            if "只知其名" in clause.source:
                assert clause.mark == "C"
                assert clause.comparison == "statement"
                assert clause.value is None


def test_every_quantity_and_unit_has_its_words() -> None:
    words = catalogue()
    for quantity in QUANTITIES.values():
        assert quantity.label("zh") != quantity.label("en")
        assert CHINESE.search(quantity.label("zh"))
    keys = {key.removeprefix("quantities.") for key in words if key.startswith("quantities.")}
    assert keys == set(QUANTITIES)
    units = {key.removeprefix("units_of.") for key in words if key.startswith("units_of.")}
    assert units == {*UNITS, "percentage_points"}
    rooms = ("books.", "clauses.", "quantities.", "units_of.", "standards.")
    for key, entry in words.items():
        if key.startswith(rooms):
            fields = [set(re.findall(r"\{(\w+)", entry[language])) for language in LANGUAGES]
            assert fields[0] == fields[1], key
