"""What is wrong with a rule book's file is told whole: file, clause and cure."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import RuleBookError
from planner.standards.floor_area.required import required_floor_area
from planner.standards.rulebooks.book_schema import day
from planner.standards.rulebooks.books import (
    book_from_text,
    classed_book,
    rule_book,
    rule_book_list,
    rule_books,
)

RULES = resources.files("planner.standards") / "rules"
TEXT = (RULES / "jianbiao-143-2010.toml").read_text(encoding="utf-8")
FILE = "jianbiao-143-2010.toml"
PLACE = """[book]
name = "here"
zh = "本地规定"
en = "Local rule"
place = "某市"
applies_to = ["日间照料"]
in_force_from = "2020-01-01"

[[clause]]
id = "radius"
article = "-"
quantity = "service_radius"
comparison = "at_most"
value = 300
unit = "m"
when = { built = ["新建"], capacity_from = 20, floor_from = 2 }
force = "宜"
mark = "W1"
source = "本地文件"
zh = "半径。"
en = "Radius."
remedy_zh = "增设。"
remedy_en = "Add one."
measures = ["add_centre"]

[[clause]]
id = "estates"
article = "-"
quantity = "care_area_per_hundred_households"
comparison = "at_least"
value = 20
unit = "m2_per_hundred_households"
per = "hundred_households"
when = { estate = ["新建"] }
force = "应"
mark = "W1"
source = "本地文件"
zh = "用房。"
en = "Rooms."
remedy_zh = "追索。"
remedy_en = "Claim."
measures = ["claim_delivery"]
"""
HERE = "here.toml"


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
        ('unit = "m2"\n', 'unit = "m"\n', "unit_of_another"),
        ('quantity = "building_area"', 'quantity = "area"', "quantity_unknown"),
        ('quantity = "building_area"', 'quantity = "site_area"', "class_figure_of_another"),
        ('per = "elder"', 'per = "bed"', "not_a_choice"),
        ('per = "elder"', 'per = "head"', "not_a_choice"),
        ('measures = ["widen"]', 'measures = ["wish"]', "not_a_choice"),
        ('measures = ["widen"]', 'measures = ["widen", "widen"]', "value_wrong"),
        ('measures = ["widen"]', 'measures = "widen"', "value_wrong"),
        ('measures = ["widen"]', 'kinds = ["日托"]', "not_a_choice"),
        ('measures = ["widen"]', 'kinds = ["机构"]', "kinds_beyond_book"),
        ('applies_to = ["日间照料"]', "applies_to = []", "kinds_missing"),
        ("when = { floor_from = 2 }", "when = { floor = 2 }", "key_unknown"),
        ("when = { floor_from = 2 }", 'when = { floor_from = "2" }', "value_wrong"),
        ("when = { floor_from = 2 }", "when = {}", "when_empty"),
        ("when = { floor_from = 2 }", "when = { built = [] }", "when_empty"),
        ("when = { floor_from = 2 }", 'when = { built = ["旧"] }', "not_a_choice"),
        ("when = { floor_from = 2 }", 'when = { estate = ["新建"] }', "when_of_another"),
        ("when = { floor_from = 2 }", "when = 2", "value_wrong"),
        ('items = ["有"]\n', "", "items_wrong"),
        ('items = ["有"]', 'items = ["好"]', "not_a_choice"),
        ('"休息室", "沐浴间"', '"卧室", "沐浴间"', "not_a_choice"),
        ("value = 0.90", 'value = 0.90\nitems = ["有"]', "items_wrong"),
        ("tolerance = 3.0\n", "", "tolerance_wrong"),
        ("tolerance = 3.0", "tolerance = 0", "tolerance_wrong"),
        ("value = 0.65", "value = 0.65\ntolerance = 0.1", "tolerance_wrong"),
        ("value = 0.65", "value = 65", "figure_too_great"),
        ("tolerance = 3.0", "tolerance = 300", "figure_too_great"),
        ("value = 2\n", "value = 7\n", "figure_too_great"),
        ("value = 2\n", "value = 1.5\n", "figure_not_whole"),
        ('comparison = "has"', 'comparison = "one_of"', "comparison_wrong"),
        ('comparison = "has"', 'comparison = "at_least"', "comparison_wrong"),
        ('group = "娱乐"', 'group = "休闲"', "not_a_choice"),
        ('"娱乐" = 18.3', '"休闲" = 18.3', "groups_differ"),
        ("[book]", "[book]\nin_force_from = 2018", "date_wrong"),
        ("[book]", '[book]\nin_force_from = "2023-02-30"', "date_wrong"),
        ("[book]", '[book]\nin_force_from = "2023年2月3日"', "date_wrong"),
        ("[book]", "[book]\nin_force_from = 2023-02-03T00:00:00", "date_wrong"),
        ("[book]", "[book]\nin_force_from = 2023-02-30", "not_toml"),
        ("[book]", '[book]\nin_force_from = "2023-02-03"\nin_force_until = "2023-02-02"',
         "dates_crossed"),
        ("[book]", '[book]\nbased_on = "nobody"', "base_unknown"),
        ("[book]", '[book]\nbased_on = ""', "value_wrong"),
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
        ("value = 0.90", "value = 1" + 400 * "0", "value_wrong"),
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


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("value = 300", 'by_class = "class_area_m2"', "class_missing"),
        ('"service_radius"', '"walked_minutes"', "unit_of_another"),
        ('per = "hundred_households"\n', "", "not_a_choice"),
        ('when = { estate = ["新建"] }', 'when = { built = ["新建"] }', "when_of_another"),
        ('when = { estate = ["新建"] }', 'when = { estate = ["在建"] }', "not_a_choice"),
        ('when = { estate = ["新建"] }', 'kinds = ["日间照料"]', "kinds_of_no_centre"),
        ('comparison = "at_most"\nvalue = 300', 'comparison = "statement"', None),
        ('comparison = "at_most"', 'comparison = "less_than"', None),
        ('applies_to = ["日间照料"]', "applies_to = []", "kinds_missing"),
        ('in_force_from = "2020-01-01"', "in_force_from = 2020-01-01", None),
        ('mark = "W1"', 'mark = "A"', "not_a_choice"),
    ],
)
def test_a_book_without_classes_has_one_fault_at_a_time(
    old: str, new: str, fault: str | None
) -> None:
    assert old in PLACE
    text = PLACE.replace(old, new, 1)
    if fault is None:
        book_from_text(text, HERE)
    elif fault == "class_missing":
        assert set(_faults(text, HERE)) == {fault, "class_figure_of_another"}
    else:
        assert _faults(text, HERE) == [fault]


def test_an_unknown_quantity_is_told_how_to_stand_as_a_statement() -> None:
    with pytest.raises(RuleBookError) as caught:
        book_from_text(PLACE.replace('"service_radius"', '"air"'), HERE)
    assert len(caught.value.problems) == 1
    told = caught.value.problems[0].text("en")
    assert "here.toml, radius: unknown quantity = air" in told
    assert 'comparison and unit = "statement"' in told


def test_lists_become_tuples_and_conditions_a_when() -> None:
    book = book_from_text(PLACE, HERE)
    radius = book.clause("radius")
    assert radius.measures == ("add_centre",)
    assert radius.when.built == ("新建",)
    assert (radius.when.capacity_from, radius.when.floor_from) == (20, 2)
    assert book.clause("estates").when.estate == ("新建",)
    assert hash(radius)
    assert str(book.in_force_from) == "2020-01-01"
    assert book.in_force_until is None


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(0, 20_261_399))
def test_a_day_is_what_the_calendar_has(number: int) -> None:
    digits = f"{number:08d}"
    written = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    try:
        meant = tomllib.loads(f"day = {written}")["day"]
    except tomllib.TOMLDecodeError:
        meant = None
    assert day(written) == meant
    assert day(f" {written}") is None


LINES = PLACE.splitlines()


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.sets(st.integers(0, len(LINES) - 1), max_size=4))
def test_a_file_with_lines_left_out_is_read_or_told_never_a_crash(gone: set[int]) -> None:
    text = "\n".join(line for number, line in enumerate(LINES) if number not in gone)
    problems = []
    try:
        book_from_text(text, HERE)
    except RuleBookError as error:
        problems = [problem.text("zh") for problem in error.problems]
    assert all(HERE in problem for problem in problems)
    needed = ('name = "here"', 'quantity = "service_radius"', 'source = "本地文件"')
    if any(LINES.index(line) in gone for line in needed):
        assert problems


def test_no_floor_area_follows_from_a_book_without_classes(tmp_path: Path) -> None:
    (tmp_path / HERE).write_text(PLACE, encoding="utf-8")
    with pytest.raises(RuleBookError, match="没有按人口的分类"):
        classed_book("here", tmp_path)
    with pytest.raises(RuleBookError, match="没有按人口的分类"):
        required_floor_area(20_000, 4_000, book="jgj-450-2018")
    assert classed_book().name == "jianbiao-143-2010"


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
    assert set(rule_books(tmp_path)) == {*rule_books(), "here", "latin"}
    books = (rule_book("here", tmp_path), rule_book(folder=tmp_path), rule_book())
    areas = [[one.class_area_m2 for one in book.classes] for book in books]
    assert areas == [[750, 1085, 1700], [750, 1100, 1600], [750, 1085, 1600]]
    with pytest.raises(RuleBookError, match="UTF-8"):
        rule_book("latin", tmp_path)
    assert rule_books(tmp_path / "nowhere") == rule_books()


def test_a_list_of_books_tells_every_fault_of_every_file(tmp_path: Path) -> None:
    (tmp_path / HERE).write_text(PLACE, encoding="utf-8")
    assert "here" in [book.name for book in rule_book_list(tmp_path)]
    wrong = PLACE.replace('mark = "W1"', 'mark = "A"').replace('"here"', '"there"')
    (tmp_path / "there.toml").write_text(wrong, encoding="utf-8")
    (tmp_path / HERE).write_text(PLACE.replace("300", "-3"), encoding="utf-8")
    with pytest.raises(RuleBookError) as caught:
        rule_book_list(tmp_path)
    told = [problem.text("en") for problem in caught.value.problems]
    assert [line.split(":")[0] for line in told] == [
        "here.toml, radius",
        "there.toml, radius",
        "there.toml, estates",
    ]
