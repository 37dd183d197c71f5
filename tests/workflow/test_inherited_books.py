"""A book beside the one that it is based on: each inherited clause is judged once."""

from __future__ import annotations

import datetime
from pathlib import Path

import planner
from planner.standards.rulebooks.books import rule_book
from planner.workflow.inputs.inherited_books import OnceJudged, judged_once
from planner.workflow.inputs.project_books import book_notices
from tests.standards.one_centre import judged
from tests.standards.test_books_based_on import CLAUSE, write
from tests.workflow.town import write_town

MAIN = "jianbiao-143-2010"
ROOMS = CLAUSE.format(id="rooms", value=20)


def once(
    folder: Path, *names: str, main: str = MAIN, on: datetime.date | None = None
) -> OnceJudged:
    books = [rule_book(name, folder) for name in names]
    return judged_once(books, folder, main=main, on=on)


def ids(found: OnceJudged) -> dict[str, list[str]]:
    return {book.name: [one.id for one in book.clauses] for book in found.books}


def told(found: OnceJudged) -> list[str]:
    return [one.text("zh") for one in found.notices]


def test_the_heir_stands_for_both(tmp_path: Path) -> None:
    write(tmp_path, "city", "shaanxi", ROOMS)
    for order in (("shaanxi", "city"), ("city", "shaanxi")):
        found = once(tmp_path, *order)
        assert ids(found) == {"city": ["four-steps", "rooms"]}
        assert found.stands_for == (("city", "shaanxi"),)
        assert "由 city 代表两本" in told(found)[0]
    alone = once(tmp_path, "shaanxi", "gb-50180-2018")
    assert [one.name for one in alone.books] == ["shaanxi", "gb-50180-2018"]
    assert alone.notices == ()


def test_heirs_of_heirs_and_sisters(tmp_path: Path) -> None:
    write(tmp_path, "city", "shaanxi", ROOMS)
    write(tmp_path, "county", "city", CLAUSE.format(id="more", value=25))
    write(tmp_path, "sister", "shaanxi", CLAUSE.format(id="other", value=30))
    found = once(tmp_path, "shaanxi", "city", "county")
    assert ids(found) == {"county": ["four-steps", "rooms", "more"]}
    assert set(found.stands_for) == {("county", "shaanxi"), ("county", "city")}
    # The grandchild and its grandmother, without the one between.
    assert ids(once(tmp_path, "shaanxi", "county")) == {"county": ["four-steps", "rooms", "more"]}
    sisters = once(tmp_path, "city", "sister")
    assert ids(sisters) == {"city": ["four-steps", "rooms"], "sister": ["other"]}
    assert "相同条款只在 city 中评一次" in told(sisters)[0]


def test_an_heir_that_does_not_bind_yet_stands_for_nobody(tmp_path: Path) -> None:
    write(tmp_path, "city", "shaanxi", ROOMS, 'in_force_from = "2026-01-01"\n')
    early = once(tmp_path, "shaanxi", "city", on=datetime.date(2025, 12, 31))
    assert ids(early) == {"shaanxi": ["four-steps"], "city": ["four-steps", "rooms"]}
    assert early.notices == ()
    late = once(tmp_path, "shaanxi", "city", on=datetime.date(2026, 1, 1))
    assert list(ids(late)) == ["city"]


def test_the_book_that_sets_areas_stays(tmp_path: Path) -> None:
    """Its heir keeps what is its own, and what it says otherwise is said by it alone."""
    plain = rule_book(MAIN)
    other = next(one.id for one in plain.clauses if not one.by_class)
    own = CLAUSE.format(id=other, value=20) + CLAUSE.format(id="our-own", value=20)
    write(tmp_path, "ours", MAIN, own)
    found = once(tmp_path, MAIN, "ours")
    assert ids(found)["ours"] == [other, "our-own"]
    assert ids(found)[MAIN] == [one.id for one in plain.clauses if one.id != other]
    assert next(one for one in found.books if one.name == MAIN).classes == plain.classes
    assert found.stands_for == ()
    assert found.shared == (("ours", MAIN),)


CLASS = """
[[class]]
name = "三类"
population_from = 10_000
population_to = 15_000
includes_upper = false
class_area_m2 = 900
per_elder_area_m2 = 0.39
use_share_percent = { "生活服务" = 35.7, "保健康复" = 20.3, "娱乐" = 15.5, "辅助" = 28.5 }
"""


def test_changed_figures_of_a_class_are_said_by_their_book(tmp_path: Path) -> None:
    """The clause reads alike, but 900 m² are no 750: both are judged, and the stricter decides."""
    write(tmp_path, "ours", MAIN, CLASS)
    found = once(tmp_path, MAIN, "ours")
    by_class = [one.id for one in rule_book(MAIN).clauses if one.by_class]
    assert ids(found)["ours"] == by_class
    assert set(by_class) < set(ids(found)[MAIN])
    facts = judged(*found.books, population=12_000, elders=1_900, area_m2=700.0).findings
    area = facts[facts["clause"] == "class-area"].set_index("book")
    assert area["short_by"].to_dict() == {MAIN: 50.0, "ours": 200.0}
    assert area["decides"].to_dict() == {MAIN: False, "ours": True}


def test_changed_rooms_are_said_by_their_book(tmp_path: Path) -> None:
    write(tmp_path, "ours", MAIN, '[[room]]\nname = "棋牌室"\ngroup = "娱乐"\n')
    found = once(tmp_path, MAIN, "ours")
    (rooms,) = ids(found)["ours"]
    assert rule_book(MAIN).clause(rooms).quantity == "rooms"
    assert rooms not in ids(found)[MAIN]


def test_a_book_of_the_same_name_as_its_base_is_one_book(tmp_path: Path) -> None:
    write(tmp_path, "shaanxi", "shaanxi", ROOMS)
    found = once(tmp_path, "shaanxi")
    assert ids(found) == {"shaanxi": ["four-steps", "rooms"]}
    assert found.notices == ()


def test_a_day_before_the_year_in_a_title_is_told(tmp_path: Path) -> None:
    folder = write_town(tmp_path)
    settings = folder / "project.toml"
    plain = settings.read_text(encoding="utf-8")
    assert "[standard]" not in plain

    def early(on: str) -> list[str]:
        asked = f'\n[standard]\nbooks = ["gb-50180-2018", "shaanxi"]\non = "{on}"\n'
        settings.write_text(plain + asked, encoding="utf-8")
        return [one.text("zh") for one in book_notices(planner.read_project(folder))]

    first, second = early("1900-01-01")
    assert "建标 143-2010：名称中的年份 2010 晚于评估日 1900-01-01" in first
    assert "GB 50180-2018：名称中的年份 2018" in second  # no year in 50180, none in Shaanxi's title
    assert [line.split("：")[0][-13:] for line in early("2017-12-31")] == ["GB 50180-2018"]
    assert early("2018-01-01") == []
