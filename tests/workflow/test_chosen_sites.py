"""A set of sites from the map is the plan of a run: exactly it, or a clear refusal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

import planner
from planner.errors import OutputFileError, ScenarioError
from planner.labels import Language
from planner.outputs.figures import plan_figures
from planner.outputs.report.mending import proof_lines
from planner.workflow.inputs.sites_file import MARK, VERSION
from planner.workflow.run import RunResult
from tests.workflow import town as made
from tests.workflow.programme_town import write_programme_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.write_town(tmp_path_factory.mktemp("chosen") / "town")


def _saved(folder: Path, **chosen: Any) -> Path:
    file = folder / "sites.json"
    file.write_text(json.dumps({MARK: VERSION, **chosen}), encoding="utf-8")
    return file


def test_the_plan_is_the_set_though_a_better_one_is_there(town: Path, tmp_path: Path) -> None:
    best = planner.run(town, tmp_path / "best")
    assert best.siting is not None
    assert best.siting.most.chosen != ("K2",)
    result = planner.run(town, tmp_path / "own", sites=_saved(tmp_path, open=["K2"]))
    assert result.siting is not None
    assert result.siting.most.chosen == ("K2",)
    # K2 stands at 2,800 m: of R5 (2,000 m) and R6 (2,900 m) it reaches R6 alone, 10 elders.
    assert result.siting.most.covered == 70.0 + 10.0
    assert result.reach is not None
    tried = planner.what_if(result.reach, ["C1", "K2"])
    assert abs(tried.covered[60] - 80.0) <= result.reach.differences[60]
    _told_as_given(result)


YEARS = """
[years]
base = 2024
plan = [2030, 2035]
method = "growth"
source = "试算"
growth = { elderly_60 = 0.02, elderly_65 = 0.03, elderly_80 = 0.05 }
"""


def _told_as_given(result: RunResult) -> None:
    """Nothing speaks of a best plan, a bound or a proof of the set."""
    siting = result.summary["siting"]
    assert (siting["given"], siting["status"]) == (True, "given")
    assert (siting["bound"], siting["gap"]) == (None, None)
    zh = next(one for one in result.headline("zh") if "所选站点（地图试算）" in one)
    en = next(one for one in result.headline("en") if "sites chosen on the map" in one)
    assert "新建 1 处（K2）、关闭 0 处，新增可达 10 人（70 → 80）" in zh
    assert "不是最优方案" in zh
    assert "not the best plan" in en
    headline = "\n".join(result.headline("zh"))
    assert "最多可新增" not in headline
    assert siting["near_plans"] == []
    assert (siting["shortest"], siting["worst"]) == (None, None)
    # The fewest centres and the curve are the project's own: K1 and K2 reach all.
    assert sorted(siting["fewest"]["chosen"]) == ["K1", "K2"]
    curve = {one["new_centres"]: one["covered_60"] for one in siting["curve"]}
    assert curve[1] == 165.0
    figures = {one.label: one.value for one in plan_figures(result.content)}
    assert not [label for label in figures if "上限" in label]
    assert "按所选站点试算，不是最优方案" in figures.values()
    assert "不能超过" not in "".join(proof_lines(result.content))
    assert result.reach is not None
    assert "K1" in result.reach.plans[1]


def test_an_empty_set_asks_for_nothing_and_blames_nobody(town: Path, tmp_path: Path) -> None:
    result = planner.run(town, tmp_path / "own", sites=_saved(tmp_path, open=[]))
    headline = "\n".join(result.headline("zh"))
    assert "项目不要求新建" not in headline
    assert "新建 0 处、关闭 0 处，新增可达 0 人（70 → 70）" in headline


def _opens(folder: Path, **years: int) -> None:
    """Give candidates the year in which they open."""
    book = load_workbook(folder / "candidates.xlsx")
    sheet = book.worksheets[0]
    column = sheet.max_column + 1
    sheet.cell(1, column).value = "投用年份"
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column).value = years.get(str(sheet.cell(row, 1).value))
    book.save(folder / "candidates.xlsx")


def _with_years(folder: Path, **replaced: str) -> Path:
    made.write_town(folder, **replaced)
    settings = folder / "project.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + YEARS, encoding="utf-8")
    _opens(folder, K2=2033)
    return folder


def test_years_open_no_other_site_than_the_set(tmp_path: Path) -> None:
    town = _with_years(tmp_path / "town")
    result = planner.run(town, tmp_path / "own", sites=_saved(tmp_path, open=["K2"]))
    plans = result.summary["years"]["plans"]
    assert {year: one["siting"]["chosen"] for year, one in plans.items()} == {
        "2024": ["K2"],
        "2030": [],
        "2035": ["K2"],
    }
    assert [one["siting"]["status"] for one in plans.values()] == ["given"] * 3
    assert plans["2030"]["required_later"] == [{"id": "K2", "opens_year": 2033}]
    early, late = (
        next(one for one in result.headline("zh") if one.startswith(f"{year} 年"))
        for year in (2030, 2035)
    )
    assert "K2（2033 年）" in early
    assert "所选站点该年开放 1 处（K2）" in late
    assert "最多" not in early + late


def test_a_required_site_that_opens_later_is_told_in_the_years_before(tmp_path: Path) -> None:
    required = {"new_centres = 1": 'new_centres = 1\nrequired = ["K2"]'}
    town = _with_years(tmp_path / "town", **required)
    result = planner.run(town, tmp_path / "own")
    plans = result.summary["years"]["plans"]
    assert plans["2030"]["siting"]["chosen"] == ["K1"]
    assert plans["2030"]["required_later"] == [{"id": "K2", "opens_year": 2033}]
    assert plans["2035"]["required_later"] == []
    words: dict[Language, str] = {"zh": "必选", "en": "required"}
    for language, word in words.items():
        told = [one for one in result.headline(language) if "2033" in one and word in one]
        assert any("2030" in one for one in told)
    assert any("2033" in one for one in result.content.year_lines if "2030" in one)


@pytest.mark.parametrize("budget", [200, 1])
def test_the_programme_is_asked_as_the_project_asks_it(tmp_path: Path, budget: int) -> None:
    town = write_programme_town(tmp_path / "town", f"budget_10k_yuan = {budget}")
    best = planner.run(town, tmp_path / "best")
    result = planner.run(town, tmp_path / "own", sites=_saved(tmp_path, open=["B"]))
    assert result.siting is not None
    assert result.siting.most.chosen == ("B",)
    chosen = [
        [] if (found := one.findings.programme) is None else found.chosen.index.tolist()
        for one in (best, result)
    ]
    assert chosen[0] == chosen[1]
    assert any("不限于所选站点" in one for one in result.headline("zh"))
    assert not any("不限于所选站点" in one for one in best.headline("zh"))


def test_a_link_of_the_map_closes_and_opens(town: Path, tmp_path: Path) -> None:
    held = json.dumps({MARK: VERSION, "open": ["K1"], "close": ["C1"]})
    link = f"file:///map.html#sites={quote(held)}"
    result = planner.run(town, tmp_path / "own", sites=link)
    assert result.siting is not None
    assert (result.siting.most.chosen, result.siting.most.closed) == (("K1",), ("C1",))
    # Of R1 (200) to R5 (2,000 m) K1 at 1,300 m reaches R2, R3, R4 and R5.
    assert result.siting.most.covered == 30.0 + 25.0 + 50.0 + 20.0


def test_what_no_ledger_holds_is_refused_in_one_list(town: Path, tmp_path: Path) -> None:
    chosen = {"open": ["K9", "K3", "C1", "K1"], "close": ["C9"], "classes": {"K1": "一类"}}
    with pytest.raises(ScenarioError) as caught:
        planner.run(town, tmp_path / "own", sites=_saved(tmp_path, **chosen))
    told = "\n".join(one.text("zh") for one in caught.value.problems)
    for name in ("K9", "K3", "C1", "C9", "一类"):
        assert name in told
    assert len(caught.value.problems) == 5
    assert not (tmp_path / "own").exists()


def test_a_class_where_none_fits_is_refused_with_the_reason(town: Path, tmp_path: Path) -> None:
    chosen = {"open": ["K1"], "classes": {"K1": "一类"}}
    with pytest.raises(ScenarioError) as caught:
        planner.run(town, tmp_path / "own", sites=_saved(tmp_path, **chosen))
    (told,) = (one.text("zh") for one in caught.value.problems)
    assert "能容下的有：。" not in told
    assert "600" in told
    assert "750" in told


def test_a_class_of_the_set_is_the_area_that_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    larger = [(*row[:4], 1_300, row[5]) if row[0] == "K1" else row for row in made.CANDIDATES]
    monkeypatch.setattr(made, "CANDIDATES", larger)
    town = made.write_town(tmp_path / "town")
    asked = {"open": ["K1"], "classes": {"K1": "三类"}}
    result = planner.run(town, tmp_path / "own", sites=_saved(tmp_path, **asked))
    held = result.findings.ledgers.candidates
    assert held is not None
    assert held.table.loc["K1", ["area_m2", "area_kind"]].tolist() == [750.0, "建筑"]
    assert result.siting is not None
    assert result.siting.audited is not None
    assert result.siting.audited.audit.centres.loc["K1", "building_m2"] == 750.0


def test_a_paper_that_nobody_draws_is_refused_at_once(town: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match="A5"):
        planner.run(town, tmp_path / "own", paper="A5")
