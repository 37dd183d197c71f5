"""What a project is refused for is told at once, by check and by run alike, before any work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

import planner
from planner.cli import main
from planner.errors import PlannerError, RuleBookError, StreetsError
from tests.workflow.town import write_town

BOOK = '[book]\nname = "here"\nzh = "甲"\nen = "A"\nplace = "乙"\napplies_to = ["火箭"]\n'

SETTINGS = """
[standard]
books = ["nobody", "here"]
on = "2026-02-30"
[grades]
centre_shortfalls = [0.5, 0.3]
centre_unknown_share = 2
community_shares = [0.1, 0.2, 0.3]
[provision]
elders = { beds = 0 }
population_dates = { beds = "2024-13-01" }
[remedies]
reach_m = -1
last = "nowhere.xlsx"
costs = "costs.csv"
"""

TOLD = (
    "reach_m", "centre_unknown_share", "centre_shortfalls", "community_shares", "nobody", "火箭",
    "2026-02-30", "elders 中 beds", "2024-13-01", "nowhere.xlsx", "刷墙",
)  # fmt: skip


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    folder = write_town(tmp_path / "town")
    settings = folder / "project.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    (folder / "rules").mkdir()
    (folder / "rules" / "here.toml").write_text(BOOK, encoding="utf-8")
    (folder / "costs.csv").write_text("措施,单位,单价(元)\n刷墙,元/处,5\n", encoding="utf-8")
    return folder


def test_run_and_check_tell_everything_in_one_list(wrong: Path) -> None:
    lists = []
    steps: list[int] = []
    for call in (planner.check, planner.run):
        with pytest.raises(PlannerError) as caught:
            call(wrong, progress=lambda step, *_: steps.append(step))
        told = caught.value.text("zh")
        assert [one for one in TOLD if one not in told] == []
        lists.append([problem.text() for problem in caught.value.problems])
    assert set(lists[1]) <= set(lists[0])
    assert len(set(lists[1])) == len(lists[1])
    assert not steps
    assert not (wrong / "out").exists()


@pytest.mark.parametrize(
    "setting",
    [
        '[standard]\nbooks = ["nobody"]',
        '[standard]\non = "2026-02-30"',
        "[grades]\ncentre_breaches = [3, 1]",
        '[provision]\npopulation_dates = { beds = "2024-13-01" }',
        '[provision]\npopulation_dates = { beds = "2023-02-29" }',
        '[remedies]\nlast = "nowhere.xlsx"',
    ],
)
def test_check_ends_with_2_where_run_does(tmp_path: Path, setting: str) -> None:
    folder = write_town(tmp_path / "town")
    settings = folder / "project.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + setting, encoding="utf-8")
    assert main(["check", str(folder)]) == main(["run", str(folder)]) == 2


def test_ledgers_and_settings_are_told_together(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    settings = folder / "project.toml"
    more = '[standard]\nbooks = ["nobody"]\n'
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    (folder / "residents.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(PlannerError) as caught:
        planner.check(folder)
    told = caught.value.text("zh")
    assert "nobody" in told
    assert "residents.csv" in told


@pytest.mark.parametrize("date", ["2024", "2024-06", "2024-12-31", "2024年末", "2024年12月"])
def test_dates_that_can_be_pass(tmp_path: Path, date: str) -> None:
    folder = write_town(tmp_path / "town")
    settings = folder / "project.toml"
    more = f'[provision]\nelders = {{ beds = 5 }}\npopulation_dates = {{ beds = "{date}" }}\n'
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert planner.check(folder).centres.rows_read > 0


FUTURE = '[book]\nname = "mine"\nbased_on = "jianbiao-143-2010"\n'


@pytest.mark.parametrize(
    ("dates", "on", "told"),
    [
        ('in_force_from = "2030-01-01"\n', "2026-01-01", "2030-01-01 起施行"),
        ('in_force_until = "2020-12-31"\n', "2021-01-01", "施行至 2020-12-31"),
    ],
)
def test_the_book_that_sets_areas_must_be_in_force(
    tmp_path: Path, dates: str, on: str, told: str
) -> None:
    """Areas, grades and clauses would else rest on different books: refused at the door."""
    folder = write_town(tmp_path / "town")
    settings = folder / "project.toml"
    own = f'[standard]\nbook = "mine"\non = "{on}"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + own, encoding="utf-8")
    (folder / "rules").mkdir()
    (folder / "rules" / "mine.TOML").write_text(FUTURE + dates, encoding="utf-8")
    for call in (planner.check, planner.run):
        with pytest.raises(RuleBookError) as caught:
            call(folder)
        line = caught.value.text("zh")
        assert "book = mine" in line
        assert on in line
        assert told in line
        assert "删去 on" in line
    text = settings.read_text(encoding="utf-8").replace(f'on = "{on}"\n', "")
    settings.write_text(text, encoding="utf-8")
    planner.check(folder)


LAYER: dict[str, tuple[list[Any], str, str]] = {
    "empty": ([], "EPSG:4490", "没有一个图形"),
    "nowhere": ([shapely.Point(108.7, 34.3), None], "EPSG:4490", "第 2 个要素没有图形"),
    "metres": ([shapely.Point(500_000, 3_800_000)], "EPSG:4490", "是以米计的"),
    "no prefix": ([shapely.Point(500_000, 3_800_000)], "EPSG:4528", "不在坐标系"),
    "elsewhere": ([shapely.Point(113.0, 34.3)], "EPSG:4490", "公里之外"),
}


@pytest.mark.parametrize("kind", LAYER)
def test_a_layer_that_is_not_where_it_says_is_refused(tmp_path: Path, kind: str) -> None:
    """Else its distance were infinite, and a clause of 应 met."""
    shapes, crs, told = LAYER[kind]
    folder = write_town(tmp_path / "town")
    settings = folder / "project.toml"
    own = '[standard]\nnoise = "noise.gpkg"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + own, encoding="utf-8")
    layer = gpd.GeoDataFrame({"a": range(len(shapes))}, geometry=shapes, crs=crs)
    layer.to_file(folder / "noise.gpkg", engine="pyogrio")
    calls: list[Any] = [planner.run] if kind == "elsewhere" else [planner.check, planner.run]
    for call in calls:
        with pytest.raises(StreetsError) as caught:
            call(folder, out=folder / "new") if call is planner.run else call(folder)
        assert "noise.gpkg" in caught.value.text("zh")
        assert told in caught.value.text("zh")


def test_elders_who_are_all_none_are_told_at_the_door(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    ledger = folder / "residents.csv"
    head, *rows = ledger.read_text(encoding="utf-8-sig").splitlines()
    place = head.split(",").index("60岁以上")
    nobody = [
        ",".join("0" if at == place else cell for at, cell in enumerate(row.split(",")))
        for row in rows
    ]
    ledger.write_text("\n".join([head, *nobody]), encoding="utf-8-sig")
    for call in (planner.check, planner.run):
        with pytest.raises(PlannerError, match="60 岁以上人数全是 0"):
            call(folder)
    assert not (folder / "out").exists()
