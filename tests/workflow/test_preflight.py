"""What a project is refused for is told at once, by check and by run alike, before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

import planner
from planner.cli import main
from planner.errors import PlannerError
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
