from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from planner import tables
from planner.errors import RuleBookError
from planner.standards.rulebooks.books import book_from_text, rule_book, rule_books
from planner.standards.rulebooks.clauses import COMPARISONS, FORCES, MARKS, Clause
from planner.standards.rulebooks.quantities import UNITS

SHIPPED = [(name, clause) for name in rule_books() for clause in rule_book(name).clauses]
TEXT = (resources.files("planner.standards") / "rules" / "jianbiao-143-2010.toml").read_text(
    encoding="utf-8"
)
FILE = "jianbiao-143-2010.toml"


@pytest.mark.parametrize(
    ("name", "clause"), SHIPPED, ids=[f"{name}-{clause.id}" for name, clause in SHIPPED]
)
def test_every_clause_has_its_grounds(name: str, clause: Clause) -> None:
    assert clause.force in FORCES
    assert clause.mark in MARKS
    assert clause.unit in UNITS
    assert clause.comparison in COMPARISONS
    for text in (clause.article, clause.quantity, clause.source, clause.zh, clause.en):
        assert text.strip()
    assert clause.remedy("zh").strip() != clause.remedy("en").strip()
    assert re.search(r"[\u4e00-\u9fff]", clause.text("zh"))
    assert clause.text("en").isascii()
    assert clause.to_check == (clause.mark in ("I", "C"))
    if clause.mark == "C":
        assert "未见原文" in clause.source
    if clause.by_class:
        classes = rule_book(name).classes
        assert all(getattr(centre_class, clause.by_class) for centre_class in classes)


@pytest.mark.parametrize("name", rule_books())
def test_classes_meet_and_shares_sum_to_100(name: str) -> None:
    book = rule_book(name)
    assert set(book.applies_to) <= set(tables.CENTRE_KINDS)
    for centre_class in book.classes:
        assert round(sum(centre_class.use_share_percent.values()), 9) == 100.0
        assert {room.group for room in book.rooms} == set(centre_class.use_share_percent)
    for population in (10_000, 12_345.5, 15_000, 30_000, 50_000):
        assert sum(entry.holds(population) for entry in book.classes) == 1
    assert not any(entry.holds(9_999) or entry.holds(50_001) for entry in book.classes)


def test_the_figures_of_jianbiao_143() -> None:
    book = rule_book("jianbiao-143-2010")
    assert book.applies_to == ("日间照料",)
    figures = {entry.name: (entry.class_area_m2, entry.per_elder_area_m2) for entry in book.classes}
    assert figures == {"三类": (750, 0.39), "二类": (1085, 0.32), "一类": (1600, 0.26)}
    assert book.figure("use_area_ratio") == 0.65
    assert book.figure("inner_area_ratio") is None
    assert book.figure("clear_door_width") == 0.90
    assert book.figure("clear_corridor_width") == 1.80
    assert book.figure("window_to_floor_ratio") == pytest.approx(1 / 6)
    assert len(book.rooms) == 14
    # Areas over per-elder figures: 6,154 / 3,391 / 1,923 elders
    elders = [round(area / figure) for area, figure in figures.values()]
    assert elders == [1923, 3391, 6154]
    assert book.class_clause("class_area_m2").force == "宜"
    assert book.class_clause("per_elder_area_m2").force == "可"
    assert book.clause("rooms").article == "第十条"
    with pytest.raises(KeyError):
        book.clause("nothing")
    with pytest.raises(KeyError):
        book.class_named("四类")


def test_no_name_that_a_ledger_writes_means_two_rooms() -> None:
    for name in rule_books():
        called = [word for room in rule_book(name).rooms for word in (room.name, *room.also_called)]
        assert len(called) == len(set(called))


def _faults(text: str, file: str = FILE) -> list[str]:
    with pytest.raises(RuleBookError) as caught:
        book_from_text(text, file)
    for problem in caught.value.problems:
        assert file in problem.text("zh")
        assert file in problem.text("en")
    return [problem.key.removeprefix("standards.") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('unit = "m2"\n', 'unit = "sqm"\n', "not_a_choice"),
        ('force = "可"\n', 'force = "必"\n', "not_a_choice"),
        ('comparison = "has"', 'comparison = "owns"', "not_a_choice"),
        ('by_class = "class_area_m2"', 'by_class = "area"', "not_a_choice"),
        ('applies_to = ["日间照料"]', 'applies_to = ["日托"]', "not_a_choice"),
        ('mark = "C"\n', "", "key_missing"),
        ('source = "公开转载的标准条文，第十条"\n', "", "key_missing"),
        ('source = "公开转载的标准条文，第十条"', 'source = " "', "value_wrong"),
        ("value = 0.90", 'value = "0.90"', "value_wrong"),
        ("value = 0.90", "value = -0.90", "value_wrong"),
        ("value = 0.90", "value = true", "value_wrong"),
        ("value = 0.90", "value = nan", "value_wrong"),
        ("value = 0.90\n", "", "figure_wrong"),
        ('comparison = "has"', 'comparison = "has"\nvalue = 1', "figure_wrong"),
        ("upper = 6", "upper = 3", "upper_wrong"),
        ("upper = 6\n", "", "upper_wrong"),
        ('mark = "-"', 'mark = "W1"', "choice_marks"),
        ('id = "door-width"', 'id = "corridor-width"', "clause_twice"),
        ('id = "door-width"', 'id = "door-width"\nwdith = 1', "key_unknown"),
        ("[book]", "[extra]\na = 1\n[book]", "section_unknown"),
        ("[book]", "[books]", "section_unknown"),
        ('name = "jianbiao-143-2010"', 'name = "other"', "name_wrong"),
        ('"生活服务" = 43.0', '"生活服务" = 34.0', "shares_wrong"),
        ("population_from = 30_000", "population_from = 31_000", "classes_meet"),
        ("population_to = 30_000\nincludes_upper = false", "population_to = 30_000\n"
         "includes_upper = true", "classes_meet"),
        ("population_to = 50_000", "population_to = 20_000", "bounds_wrong"),
        ("class_area_m2 = 1_600", "class_area_m2 = 0", "bounds_wrong"),
        ('by_class = "per_elder_area_m2"', "value = 0.3", "class_clause_missing"),
        ("[book]", "[book", "not_toml"),
    ],
)  # fmt: skip
def test_each_fault_of_a_file_is_named(old: str, new: str, fault: str) -> None:
    assert old in TEXT
    assert fault in _faults(TEXT.replace(old, new, 1))


def test_all_faults_are_named_at_once_with_file_and_clause() -> None:
    broken = TEXT.replace('mark = "C"\n', "", 1).replace("value = 0.90", 'value = "x"', 1)
    with pytest.raises(RuleBookError) as caught:
        book_from_text(broken, FILE)
    text = caught.value.text("en")
    assert "class-area: mark is missing" in text
    assert "door-width: value has a wrong value (x)" in text
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("text", ["", "book = 1", "class = 1\nclause = [1]\nroom = 2", "a = 1"])
def test_files_that_are_no_books(text: str) -> None:
    assert _faults(text)


def test_an_unknown_book_names_the_known_ones() -> None:
    with pytest.raises(RuleBookError, match="jianbiao-143-2010"):
        rule_book("jianbiao-999")


def test_a_folder_called_like_a_book_is_none(tmp_path: Path) -> None:
    (tmp_path / "own.toml").mkdir()
    with pytest.raises(RuleBookError, match="own"):
        rule_book("own", tmp_path)


def test_a_book_saved_by_notepad_opens(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(TEXT, encoding="utf-8-sig")
    assert rule_book(folder=tmp_path) == rule_book()


def test_a_users_folder_adds_and_overrides(tmp_path: Path) -> None:
    here = TEXT.replace('name = "jianbiao-143-2010"', 'name = "here"')
    (tmp_path / "here.toml").write_text(here.replace("1_600", "1_700"), encoding="utf-8")
    (tmp_path / FILE).write_text(TEXT.replace("1_085", "1_100"), encoding="utf-8")
    (tmp_path / "latin.toml").write_bytes("[book]\nzh = '标准'".encode("gb18030"))
    assert rule_books(tmp_path) == ("here", "jianbiao-143-2010", "latin")
    assert rule_book("here", tmp_path).class_named("一类").class_area_m2 == 1700
    assert rule_book("jianbiao-143-2010", tmp_path).class_named("二类").class_area_m2 == 1100
    assert rule_book("jianbiao-143-2010").class_named("二类").class_area_m2 == 1085
    with pytest.raises(RuleBookError, match="UTF-8"):
        rule_book("latin", tmp_path)
    assert rule_books(tmp_path / "nowhere") == rule_books()
