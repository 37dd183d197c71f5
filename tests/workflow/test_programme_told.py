"""What a programme does not know is told: areas, places, and sites that open later than its people.

The town of :mod:`tests.workflow.programme_town`; C9, where it stands, has neither area nor places.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from planner.labels import LANGUAGES, Language
from planner.workflow.programmes.found import FoundProgramme, ProgrammeGround
from planner.workflow.programmes.rows import measure_rows
from planner.workflow.programmes.summary import programme_summary
from planner.workflow.programmes.words import programme_lines, programme_sheets
from planner.workflow.run import RunResult
from tests.workflow import town
from tests.workflow.programme_town import ask, run_town, write_programme_town

MONEY = {"2030": 10.0, "2035": 42.0}
C9 = ("C9", "丁日间照料中心", "日间照料", "运营", 300, 10, None, "", "休息室")


AREA_UNKNOWN: tuple[tuple[Language, str], ...] = (
    ("zh", "面积短缺不详"), ("en", "floor area short is unknown"),
)  # fmt: skip


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> ProgrammeGround:
    text = 'unit = "day_places"\nbudget_10k_yuan = 30'
    return run_town(write_programme_town(tmp_path_factory.mktemp("told") / "town", text))[1]


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, ProgrammeGround]:
    text = 'unit = "day_places"\nbudgets_10k_yuan = { 2030 = 30, 2035 = 20 }'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(town, "CENTRES", (*town.CENTRES, C9))
        return run_town(write_programme_town(tmp_path_factory.mktemp("areas") / "town", text))


def opening(ground: ProgrammeGround, years: Mapping[str, float]) -> ProgrammeGround:
    """Return the town with years in which candidates open."""
    ledger = ground.ledgers.candidates
    assert ledger is not None
    siting = ground.siting
    told = [
        table.assign(opens_year=table.index.map(years).to_numpy(dtype=float))
        for table in (siting.asked.candidates, ledger.table)
    ]
    asked = dataclasses.replace(siting.asked, candidates=told[0])
    ledgers = dataclasses.replace(
        ground.ledgers, candidates=dataclasses.replace(ledger, table=told[1])
    )
    return dataclasses.replace(
        ground, siting=dataclasses.replace(siting, asked=asked), ledgers=ledgers
    )


def told_of(found: FoundProgramme) -> dict[str, Any]:
    told = programme_summary(found)
    assert told is not None
    json.dumps(told, allow_nan=False)
    return told


def all_lines(found: FoundProgramme, language: Any = "zh") -> str:
    sheets = programme_sheets(found, language)
    return "\n".join(line for told in sheets.values() for line in told.lines)


@pytest.mark.parametrize("asked", [{"budget_10k_yuan": 34.8}, {"served_share": 0.8}])
def test_without_years_a_site_that_opens_later_is_chosen_and_told(
    ground: ProgrammeGround, asked: dict[str, Any]
) -> None:
    plain = ask(ground, **asked)
    found = ask(opening(ground, {"A": 2040.0, "P": 2050.0, "B": 2020.0}), **asked)
    assert list(found.chosen.index) == list(plain.chosen.index)
    rows = measure_rows(found, "zh").set_index("id")["programme_opens"]
    # The room P comes to C1; B stood before the people of 2024 were counted.
    years = {"A": "2040", "C1": "2050", "B": "2020"}
    assert rows.to_dict() == {one: years[one] for one in rows.index}
    later = {"A": 2040} | ({"P": 2050} if "C1" in rows.index else {})
    assert told_of(found)["opens_later"] == later
    zh, en = (programme_lines(programme_summary(found), language)[0] for language in LANGUAGES)
    sites = "、".join(f"{one}（{year} 年）" for one, year in later.items())
    assert f"按现状人口计算，未看投用年份：{sites}，在这一年之前不能投用。" in zh
    assert ", ".join(f"{one} ({year})" for one, year in later.items()) in en
    for language in LANGUAGES:
        years_sheet = "\n".join(programme_sheets(found, language)["programme_years"].lines)
        assert "乙闲置学校" in years_sheet
        assert ("甲党群服务中心" in years_sheet) is ("P" in later)
        assert "丙闲置仓库" not in years_sheet
    assert measure_rows(plain, "zh")["programme_opens"].eq("").all()
    sheet = programme_sheets(found, "zh")["programme"].table.set_index("id")
    assert sheet["programme_opens"].to_dict() == rows.to_dict()
    assert told_of(plain)["opens_later"] == {}
    assert "投用年份" not in "\n".join(programme_lines(programme_summary(plain), "zh"))


def test_with_years_the_year_of_a_site_is_kept_and_nothing_is_warned_of(
    unknown: tuple[RunResult, ProgrammeGround],
) -> None:
    found = ask(opening(unknown[1], {"A": 2040.0, "B": 2033.0}), budgets_10k_yuan=MONEY)
    assert "A" not in set(found.chosen["site"])
    row = measure_rows(found, "zh").set_index("id").loc["B"]
    assert (row["plan_year"], row["programme_opens"]) == ("2035", "2033")
    assert told_of(found)["opens_later"] == {}
    assert "未看投用年份" not in all_lines(found)


def test_where_no_area_is_known_no_shortfall_is_told_or_proven(
    unknown: tuple[RunResult, ProgrammeGround],
) -> None:
    result, ground = unknown
    for found in (
        result.findings.programme,
        ask(ground, budget_10k_yuan=30.0),
        ask(ground, served_share=0.5),
        ask(ground, budgets_10k_yuan=MONEY, foresight=False),
        ask(ground, budget_10k_yuan=0.0),
    ):
        assert found is not None
        told = told_of(found)
        assert told["unknown_groups"] == 2
        for year in told["by_year"].values():
            assert year["shortfall_m2"] is None
            assert year["shortfall_before_m2"] is None
        areas = [one for one in told["goals"] if one["goal"] == "shortfall"]
        assert areas
        for one in areas:
            keys = ("value", "bound", "gap", "status", "scope", "proof")
            assert [one[key] for key in keys] == [None, None, None, "unknown", None, None]
        assert told["proven"] is True
        table = programme_sheets(found, "zh")["programme_years"].table
        assert table[["programme_short_before_m2", "programme_short_m2"]].isna().all(axis=None)
        for language, word in AREA_UNKNOWN:
            what, surely = programme_lines(told, language)
            assert word in what
            assert "0 m²" not in what
            assert "None" not in all_lines(found, language)
            assert "nan" not in all_lines(found, language)
            assert ("不在其内" if language == "zh" else "not of") in surely
        assert "短缺（m²） 0" not in all_lines(found)
    written = json.loads((result.folder / "summary.json").read_text(encoding="utf-8"))
    assert written["programme"]["by_year"]["2030"]["shortfall_m2"] is None


def test_what_unknown_groups_are_known_to_require_is_told(
    ground: ProgrammeGround, unknown: tuple[RunResult, ProgrammeGround]
) -> None:
    # The group of the third community: nobody stands there, or nobody knows what.
    figures = told_of(ask(ground, budget_10k_yuan=30.0))["by_year"]["all"]
    groups = ground.today.audit.groups
    missing = groups["held_m2"].isna()
    lacking = float(groups.loc[missing, "required_m2"].sum())
    assert lacking > 0
    assert figures["unknown_required_m2"] == pytest.approx(lacking)
    for language in LANGUAGES:
        what = programme_lines(programme_summary(ask(ground, budget_10k_yuan=30.0)), language)[0]
        assert f"{lacking:,.0f} m²" in what
    found = unknown[0].findings.programme
    assert found is not None
    told = told_of(found)
    years = unknown[0].summary["years"]["plans"]
    for year in ("2030", "2035"):
        known = told["by_year"][year]["unknown_required_m2"]
        assert known == pytest.approx(years[year]["unknown_required_m2"])
    last = told["by_year"]["2035"]["unknown_required_m2"]
    assert f"其中已知应有 {last:,.0f} m²" in programme_lines(told, "zh")[0]


def test_a_weighted_sum_without_known_areas_is_of_the_rest(
    unknown: tuple[RunResult, ProgrammeGround],
) -> None:
    found = ask(unknown[1], budget_10k_yuan=30.0, goal_weights={"served": 1.0, "shortfall": 2.0})
    first = told_of(found)["goals"][0]
    assert (first["goal"], first["status"]) == ("weighted", "optimal")
    assert "加权和不含面积短缺" in all_lines(found)
    alone = ask(unknown[1], budget_10k_yuan=30.0, goal_weights={"shortfall": 2.0})
    first = told_of(alone)["goals"][0]
    assert (first["goal"], first["value"], first["status"]) == ("weighted", None, "unknown")


def test_one_sentence_of_groups_with_years_and_another_without(
    ground: ProgrammeGround, unknown: tuple[RunResult, ProgrammeGround]
) -> None:
    single, many = ask(ground, budget_10k_yuan=30.0), ask(unknown[1], budgets_10k_yuan=MONEY)
    assert "第一个规划年份" in all_lines(many)
    assert "第一个规划年份" not in all_lines(single)
    assert "first year" in all_lines(many, "en")
    assert "first year" not in all_lines(single, "en")
    assert "按现状的服务组" in all_lines(single)
    assert "自投用之年" not in all_lines(single)


def test_rooms_at_a_centre_of_unknown_places_are_marked_in_row_and_line(
    unknown: tuple[RunResult, ProgrammeGround],
) -> None:
    found = ask(unknown[1], {"must_close": ("C1",)}, budgets_10k_yuan={"2030": 25, "2035": 0})
    kinds = {
        language: measure_rows(found, language).set_index("id")["programme_kind"].astype(str)
        for language in LANGUAGES
    }
    assert "该设施现有名额不详，只计本项增加的" in kinds["zh"]["C9"]
    assert "不详" not in kinds["zh"]["B"]
    assert "places of its own unknown" in kinds["en"]["C9"]
    assert told_of(found)["unknown_centres_added_to"] == ["C9"]
    line = "\n".join(programme_sheets(found, "zh")["programme_years"].lines)
    assert "丁日间照料中心只计方案增加的名额" in line
    told = told_of(ask(unknown[1], {"barred": ("P",)}, budget_10k_yuan=20.0))
    assert told["unknown_centres_added_to"] == []


def test_today_has_no_floor_area_where_no_group_can_be_judged(
    unknown: tuple[RunResult, ProgrammeGround],
) -> None:
    area = unknown[0].summary["floor_area"]
    assert area["groups"] == area["unknown_groups"] == 2
    for name in ("required_m2", "held_m2", "shortfall_m2"):
        assert area[name] is None
        assert area["beside"][name] is None
    for language in LANGUAGES:
        assert "None" not in "\n".join(unknown[0].headline(language))


def test_one_year_and_years_of_equal_people_agree(ground: ProgrammeGround, tmp_path: Path) -> None:
    folder = write_programme_town(tmp_path / "town", "budgets_10k_yuan = { 2030 = 30 }")
    settings = folder / "project.toml"
    told = settings.read_text(encoding="utf-8").replace("= 0.03", "= 0.0")
    settings.write_text(told, encoding="utf-8")
    still = run_town(folder)[1]
    for money in (4.8, 20.0, 34.8):
        one = ask(ground, budget_10k_yuan=money)
        other = ask(still, budgets_10k_yuan={"2030": money})
        assert list(one.chosen.index) == list(other.chosen.index)
        figures = [next(iter(told_of(found)["by_year"].values())) for found in (one, other)]
        assert figures[0] == pytest.approx(figures[1], nan_ok=True)
