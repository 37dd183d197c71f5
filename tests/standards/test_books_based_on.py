"""Books that take the clauses of another and change some."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import RuleBookError
from planner.standards.floor_area.required import required_floor_area
from planner.standards.rulebooks.books import rule_book

CLAUSE = """
[[clause]]
id = "{id}"
article = "第 1 条"
quantity = "care_area_per_hundred_households"
comparison = "at_least"
value = {value}
unit = "m2_per_hundred_households"
per = "hundred_households"
when = {{ estate = ["新建"] }}
force = "应"
mark = "W1"
source = "本地文件"
zh = "用房。"
en = "Rooms."
remedy_zh = "追索。"
remedy_en = "Claim."
measures = ["claim_delivery"]
"""


def write(folder: Path, name: str, base: str, clauses: str = "", more: str = "") -> None:
    text = f'[book]\nname = "{name}"\nbased_on = "{base}"\n{more}{clauses}'
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def faults(name: str, folder: Path) -> list[str]:
    with pytest.raises(RuleBookError) as caught:
        rule_book(name, folder)
    return [problem.text("en") for problem in caught.value.problems]


def test_one_figure_of_a_shipped_book_is_corrected_under_its_own_name(tmp_path: Path) -> None:
    write(tmp_path, "guizhou-2022", "guizhou-2022", CLAUSE.format(id="new-estates", value=25))
    shipped, own = rule_book("guizhou-2022"), rule_book("guizhou-2022", tmp_path)
    assert [one.id for one in own.clauses] == [one.id for one in shipped.clauses]
    for before, after in zip(shipped.clauses, own.clauses, strict=True):
        assert (after.id == "new-estates") or after == before
    assert own.clause("new-estates").value == 25
    assert own.clause("new-estates").article == "第 1 条"
    assert (own.zh, own.place, own.applies_to) == (shipped.zh, shipped.place, shipped.applies_to)


def test_new_clauses_come_last_and_the_head_may_change(tmp_path: Path) -> None:
    more = 'zh = "咸阳市"\nin_force_from = "2026-01-01"\n'
    write(tmp_path, "xianyang", "shaanxi", CLAUSE.format(id="rooms", value=20), more)
    book = rule_book("xianyang", tmp_path)
    assert [one.id for one in book.clauses] == ["four-steps", "rooms"]
    assert (book.zh, str(book.in_force_from), book.place) == ("咸阳市", "2026-01-01", "陕西省")
    assert book.based_on == "shaanxi"


def test_a_class_takes_the_ranges_it_covers_and_shipped_books_follow_the_projects(
    tmp_path: Path,
) -> None:
    classes = """
[[class]]
name = "一类"
population_from = 10_000
population_to = 50_000
includes_upper = true
class_area_m2 = 900
per_elder_area_m2 = 0.3
use_share_percent = { "生活服务" = 40, "保健康复" = 20, "娱乐" = 20, "辅助" = 20 }
"""
    write(tmp_path, "own", "jianbiao-143-2010", classes)
    book = rule_book("own", tmp_path)
    assert [one.name for one in book.classes] == ["一类"]
    assert book.rooms == rule_book().rooms
    assert book.clauses == rule_book().clauses
    # 绍兴 is based on 浙江: what the project says of 浙江 holds there, too.
    extra = CLAUSE.format(id="extra", value=20)
    write(tmp_path, "zhejiang", "zhejiang", extra)
    assert [one.id for one in rule_book("shaoxing", tmp_path).clauses] == [
        "care-area-of-housing",
        "extra",
        "least-place",
        "least-joined-place",
    ]


def test_three_books_on_top_of_each_other(tmp_path: Path) -> None:
    write(tmp_path, "a", "b", CLAUSE.format(id="one", value=1))
    write(tmp_path, "b", "c", CLAUSE.format(id="two", value=2) + CLAUSE.format(id="one", value=3))
    write(tmp_path, "c", "henan", CLAUSE.format(id="two", value=4))
    figures = {one.id: one.value for one in rule_book("a", tmp_path).clauses}
    assert figures == {"new-estates": 30, "built-estates": 20, "two": 2, "one": 1}


@pytest.mark.parametrize(
    ("chain", "told"),
    [
        ({"a": "a"}, "a.toml: [book] based_on runs in a circle (a → a)"),
        ({"a": "b", "b": "a"}, "b.toml: [book] based_on runs in a circle (a → b → a)"),
        (
            {"a": "b", "b": "c", "c": "b"},
            "c.toml: [book] based_on runs in a circle (a → b → c → b)",
        ),
        (
            {"a": "zhejiang", "zhejiang": "shaoxing"},
            "shaoxing.toml: [book] based_on runs in a circle (a → zhejiang → shaoxing → zhejiang)",
        ),
    ],
)
def test_a_circle_is_told_with_its_way(tmp_path: Path, chain: dict[str, str], told: str) -> None:
    for name, base in chain.items():
        write(tmp_path, name, base)
    (line,) = faults("a", tmp_path)
    assert told in line
    assert "Let one of them stand alone" in line


def test_an_unknown_base_is_told_beside_the_other_faults(tmp_path: Path) -> None:
    wrong = CLAUSE.format(id="one", value=20).replace('zh = "用房。"\n', "")
    write(tmp_path, "own", "nobody", wrong, more='in_force_until = "2026-13-01"\n')
    told = faults("own", tmp_path)
    assert len(told) == 3
    assert "one: zh is missing" in told[1]
    assert "there is no such book" in told[2]


def test_the_faults_of_the_base_name_its_own_file(tmp_path: Path) -> None:
    write(tmp_path, "own", "below")
    write(tmp_path, "below", "henan", CLAUSE.format(id="one", value=-1))
    (line,) = faults("own", tmp_path)
    assert line.startswith("below.toml, one:")


def test_what_a_change_breaks_is_told_of_the_changing_file(tmp_path: Path) -> None:
    write(tmp_path, "own", "jgj-450-2018", more='applies_to = ["机构"]\n')
    told = faults("own", tmp_path)
    assert len(told) == 4
    assert all(line.startswith("own.toml, ") and "applies_to" in line for line in told)


CLASS = """
[[class]]
name = "{name}"
population_from = {least}
population_to = {most}
includes_upper = {upper}
class_area_m2 = {area}
per_elder_area_m2 = 0.45
use_share_percent = {{ "生活服务" = 40, "保健康复" = 20, "娱乐" = 20, "辅助" = 20 }}
"""


def class_text(name: str, least: int, most: int, area: int, upper: str = "false") -> str:
    return CLASS.format(name=name, least=least, most=most, area=area, upper=upper)


def areas(name: str, folder: Path) -> dict[str, tuple[float, float]]:
    book = rule_book(name, folder)
    return {one.name: (one.population_from, one.class_area_m2) for one in book.classes}


def test_one_class_is_changed_and_the_others_stay(tmp_path: Path) -> None:
    write(tmp_path, "own", "jianbiao-143-2010", class_text("三类", 8_000, 15_000, 900))
    assert areas("own", tmp_path) == {
        "三类": (8_000, 900), "二类": (15_000, 1_085), "一类": (30_000, 1_600)
    }  # fmt: skip
    assert required_floor_area(50_000, 9_000, book=rule_book("own", tmp_path)).required_m2 == 1_600


def test_classes_of_other_names_take_the_ranges_that_they_cover(tmp_path: Path) -> None:
    whole = class_text("甲", 10_000, 20_000, 800) + class_text("乙", 20_000, 30_000, 1_200)
    write(tmp_path, "own", "jianbiao-143-2010", whole)
    assert list(areas("own", tmp_path)) == ["甲", "乙", "一类"]


@pytest.mark.parametrize(
    ("name", "least", "most", "first", "other"),
    [("三类", 8_000, 14_000, "三类", "二类"), ("三类", 8_000, 16_000, "三类", "二类"),
     ("丁", 12_000, 40_000, "三类", "丁")],
)  # fmt: skip
def test_a_hole_or_overlap_of_classes_is_told(
    tmp_path: Path, name: str, least: int, most: int, first: str, other: str
) -> None:
    write(tmp_path, "own", "jianbiao-143-2010", class_text(name, least, most, 900))
    told = faults("own", tmp_path)
    assert told[0].startswith(f"own.toml, {first}: a gap or overlap with {other}.")
    assert "stay unless it writes them anew" in told[0]


def test_a_sound_class_is_not_blamed_where_something_else_is_wrong(tmp_path: Path) -> None:
    text = class_text("三类", 8_000, 15_000, 900) + class_text(
        "一类", 30_000, 50_000, 2_000, "true"
    )
    write(tmp_path, "own", "jianbiao-143-2010", text, more='in_force_until = "2026-13-01"\n')
    (line,) = faults("own", tmp_path)
    assert "in_force_until" in line


def test_one_room_is_changed_and_the_others_stay(tmp_path: Path) -> None:
    room = '\n[[room]]\nname = "餐厅"\ngroup = "辅助"\nalso_called = ["食堂"]\n'
    new = '\n[[room]]\nname = "助浴车位"\ngroup = "辅助"\n'
    write(tmp_path, "own", "jianbiao-143-2010", room + new)
    shipped, own = rule_book().rooms, rule_book("own", tmp_path).rooms
    assert [one.name for one in own] == [*(one.name for one in shipped), "助浴车位"]
    assert [one for one in own if one not in shipped] == [
        next(one for one in own if one.name == "餐厅"), own[-1]
    ]  # fmt: skip


def test_a_file_in_capitals_is_a_book_as_well(tmp_path: Path) -> None:
    write(tmp_path, "M", "henan", CLAUSE.format(id="one", value=1))
    (tmp_path / "M.toml").rename(tmp_path / "M.TOML")
    assert rule_book("M", tmp_path).clause("one").value == 1


def test_a_place_that_means_everywhere_is_called_so(tmp_path: Path) -> None:
    write(tmp_path, "own", "henan", more='place = "中国"\n')
    (line,) = faults("own", tmp_path)
    assert '"全国"' in line
