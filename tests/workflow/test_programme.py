"""A programme through a whole run, held against every other plan of a town small enough to try."""

from __future__ import annotations

import dataclasses
import itertools
import json
from pathlib import Path
from typing import Any

import networkx as nx
import openpyxl
import pyogrio
import pytest

import planner
from planner.errors import ScenarioError, SitingError
from planner.labels import Language
from planner.workflow.programmes.found import FoundProgramme, ProgrammeGround
from planner.workflow.programmes.rows import measure_rows
from planner.workflow.programmes.summary import programme_notices, programme_summary
from planner.workflow.programmes.words import programme_lines, programme_sheets
from planner.workflow.programmes.years import programme_years
from planner.workflow.run import RunResult
from tests.workflow.programme_town import (
    CANDIDATES,
    SITES,
    ask,
    asks,
    reaches,
    run_town,
    write_programme_town,
)
from tests.workflow.town import degrees

BUDGETS = {2030: 10.0, 2035: 42.0}
PLACES = {"A3": 57.0, "A2": 83.0, "B": 57.0, "P": 9.0}
COSTS = {"A3": 30.0, "A2": 30.0, "B": 20.0, "P": 4.8}
SITE = {"A3": "A", "A2": "A", "B": "B", "P": "C1"}
OURS = {"convert:A:三类": "A3", "convert:A:二类": "A2", "hand_over:B:三类": "B",
        "take_over_rooms:C1:P": "P"}  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, ProgrammeGround]:
    text = 'unit = "day_places"\nbudgets_10k_yuan = { 2030 = 10, 2035 = 42 }'
    return run_town(write_programme_town(tmp_path_factory.mktemp("money") / "town", text))


@pytest.fixture(scope="module")
def ground(ran: tuple[RunResult, ProgrammeGround]) -> ProgrammeGround:
    return ran[1]


def most_served(measures: set[str], year: int | None) -> float:
    """Return the most that can be served at all, by a flow of our own."""
    capacity = {"C1": 54.0}
    for one in measures:
        capacity[SITE[one]] = capacity.get(SITE[one], 0.0) + PLACES[one]
    graph = nx.DiGraph()
    graph.add_nodes_from(("all", "end"))
    for door, persons in asks(year or 2024).items():
        graph.add_edge("all", door, capacity=persons)
        for site in capacity:
            if reaches(door, site):
                graph.add_edge(door, site)
    for site, places in capacity.items():
        graph.add_edge(site, "end", capacity=places)
    return float(nx.maximum_flow_value(graph, "all", "end"))


def plans(budgets: dict[int, float]) -> list[tuple[float, float, dict[str, int]]]:
    """Return every plan that the money allows: served over the years, cost, year of each."""
    years, found = sorted(budgets), []
    for when in itertools.product((None, *years), repeat=len(PLACES)):
        plan = {one: year for one, year in zip(PLACES, when, strict=True) if year is not None}
        if {"A3", "A2"} <= plan.keys():
            continue
        spent = [sum(COSTS[one] for one, y in plan.items() if y <= year) for year in years]
        money = [sum(budgets[y] for y in years if y <= year) for year in years]
        if any(used > held + 1e-9 for used, held in zip(spent, money, strict=True)):
            continue
        served = sum(
            most_served({one for one, y in plan.items() if y <= year}, year) for year in years
        )
        found.append((served, spent[-1], plan))
    return found


def chosen(found: FoundProgramme) -> dict[str, Any]:
    assert found.plan is not None
    return {OURS[str(one)]: year for one, year in found.chosen["year"].to_dict().items()}


def test_no_plan_of_two_years_serves_more(ran: tuple[RunResult, ProgrammeGround]) -> None:
    found = ran[0].findings.programme
    assert found is not None
    assert found.plan is not None
    every = plans(BUDGETS)
    best = max(served for served, _, _ in every)
    assert found.plan.served_persons == pytest.approx(best, abs=1e-6)
    mine = next(plan for plan in every if plan[2] == chosen(found))
    assert mine[0] == pytest.approx(best, abs=1e-6)
    assert found.plan.cost_yuan == pytest.approx(1e4 * mine[1])
    assert found.plan.is_proven
    # The money binds: with more, more are served.
    assert best < max(served for served, _, _ in plans({2030: 99.0, 2035: 0.0}))
    assert found.before is not None
    for year in BUDGETS:
        nothing = most_served(set(), year)
        assert found.before.by_year.loc[year, "served_persons"] == pytest.approx(nothing)


def test_numbers_are_the_same_in_all_outputs(ran: tuple[RunResult, ProgrammeGround]) -> None:
    result = ran[0]
    told = result.summary["programme"]
    found = result.findings.programme
    assert found is not None
    written = json.loads((result.folder / "summary.json").read_text(encoding="utf-8"))
    assert written["programme"]["measures"] == told["measures"] == len(chosen(found))
    book = openpyxl.load_workbook(result.folder / "workbook.xlsx")
    rows = {name: _table(book[name]) for name in ("近期项目库", "分年方案", "未列入措施")}
    done, years = rows["近期项目库"], rows["分年方案"]
    assert sum(row["费用(万元)"] for row in done) == pytest.approx(told["cost_yuan"] / 1e4)
    assert done[-1]["费用累计(万元)"] == pytest.approx(told["cost_yuan"] / 1e4)
    for row in years:
        figures = told["by_year"][row["年份"]]
        assert row["实施后有名额(人)"] == pytest.approx(figures["served_persons"])
        assert row["花费(万元)"] == pytest.approx(figures["spent_yuan"] / 1e4)
        parts = ("实施后有名额(人)", "够得着但已满(人)", "名额不详(人)", "够不着(人)")
        assert sum(row[one] for one in parts) == pytest.approx(row["需要名额(人)"])
    layer = pyogrio.read_dataframe(result.folder / "layers.gpkg", layer="programme")
    assert list(layer["programme_site"]) == [row["编号"] for row in done]
    assert layer["programme_cost_10k_yuan"].sum() == pytest.approx(told["cost_yuan"] / 1e4)
    page = (result.folder / "map.html").read_text(encoding="utf-8")
    assert "新设施（数字为实施年份）" in page
    lines = result.headline("zh")
    assert any(f"花费 {told['cost_yuan'] / 1e4:,.1f} 万元" in line for line in lines)
    assert any("已证明最优" in line and "方案的把握" in line for line in lines)
    # E would be bought back: no table prices that, and its own row is empty.
    assert {row["编号"] for row in rows["未列入措施"]} == {"E"}
    assert told["set_aside"] == {"cost": 1}


def _table(page: Any) -> list[dict[str, Any]]:
    top = int(page.auto_filter.ref.split(":")[0].lstrip("A"))
    heads = [cell.value for cell in page[top]]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=top + 1)]
    return [dict(zip(heads, row, strict=True)) for row in rows if row[0] not in (None, "（无）")]


def test_every_site_is_judged_with_its_clause_before_it_is_printed(
    ran: tuple[RunResult, ProgrammeGround],
) -> None:
    found = ran[0].findings.programme
    assert found is not None
    assert found.audit is not None
    assert found.plan is not None
    assert set(found.audit.sites.index) == set(found.plan.chosen["site"])
    assert found.audit.sites["grade"].notna().all()
    told = programme_summary(found)
    assert told is not None
    assert sum(told["audit"]["grades"].values()) == len(found.audit.sites)
    table = found.audit.audit.centres
    # C1 stands in the audit with the area that it gains, and a new site with its class's.
    assert table.loc["C1", "building_m2"] == 700.0 + (120.0 if "P" in chosen(found) else 0.0)
    assert table.loc["B", "building_m2"] == 750.0
    assert table.loc["B", "status"] == "运营"


def test_a_planned_site_short_of_its_class_is_printed_with_the_clause(
    ground: ProgrammeGround,
) -> None:
    ledger = ground.ledgers.communities
    # 31,000 people ask for 一类, 1,600 m²; A holds 二类, 1,085 m².
    people = ledger.table["population"].mask(ledger.table["name"] == "乙社区", 31_000.0)
    table = ledger.table.assign(population=people)
    grown = dataclasses.replace(
        ground,
        ledgers=dataclasses.replace(
            ground.ledgers, communities=dataclasses.replace(ledger, table=table)
        ),
    )
    found = ask(grown, {"barred": ("B", "P")}, budget_10k_yuan=30.0)
    assert chosen(found) == {"A2": "all"}
    (row,) = measure_rows(found, "zh").to_dict("records")
    assert "建筑面积：短缺 515 m²" in row["programme_breaches"]
    assert "建标 143-2010" in row["programme_breaches"]
    assert row["centre_grade"] == "严重不足"
    assert found.audit is not None
    facts = found.audit.judgement.facts.loc["A"]
    assert (facts["built_as"], facts["group_held_m2"]) == ("改建", 1_085.0)
    words = found.audit.findings("en")
    assert set(words["result"]) <= {"short", "remark", "unknown"}


def test_least_money_for_a_share(ground: ProgrammeGround) -> None:
    found = ask(ground, served_share=0.6)
    target = 0.6 * sum(asks(2024).values())
    subsets = [
        set(one)
        for size in range(len(PLACES) + 1)
        for one in itertools.combinations(PLACES, size)
        if not {"A3", "A2"} <= set(one)
    ]
    enough = [one for one in subsets if most_served(one, None) >= target - 1e-9]
    least = min(sum(COSTS[name] for name in one) for one in enough)
    assert found.plan is not None
    assert found.plan.cost_yuan == pytest.approx(1e4 * least)
    told = programme_summary(found)
    assert told is not None
    assert told["is_reached"] is True
    assert told["by_year"]["all"]["budget_yuan"] is None
    missed = ask(ground, served_share=1.0)
    assert missed.plan is not None
    assert missed.plan.is_reached is False
    assert "达不到" in programme_lines(programme_summary(missed), "zh")[0]


def test_without_money_nothing_is_done_and_said_so(ground: ProgrammeGround) -> None:
    found = ask(ground, budget_10k_yuan=0.0)
    told = programme_summary(found)
    assert told is not None
    assert (told["measures"], told["cost_yuan"], told["audit"]) == (0, 0.0, None)
    assert told["by_year"]["all"]["served_persons"] == pytest.approx(most_served(set(), None))
    assert "没有一项措施" in programme_lines(told, "zh")[0]
    sheets = programme_sheets(found, "en")
    assert sheets["programme"].table.empty
    assert len(sheets["programme_years"].table) == 1


@pytest.mark.parametrize("budget", [4.79, 4.8, 19.99, 20.0, 34.79, 34.8])
def test_one_year_at_the_edge_of_the_money(ground: ProgrammeGround, budget: float) -> None:
    found = ask(ground, budget_10k_yuan=budget)
    best = max(
        most_served(set(one), None)
        for size in range(len(PLACES) + 1)
        for one in itertools.combinations(PLACES, size)
        if not {"A3", "A2"} <= set(one) and sum(COSTS[name] for name in one) <= budget + 1e-9
    )
    assert found.plan is not None
    assert found.plan.served_persons == pytest.approx(best)


def test_rules_of_siting_hold_here_too(ground: ProgrammeGround) -> None:
    found = ask(ground, {"barred": ("A",)}, budget_10k_yuan=99.0)
    assert chosen(found).keys() == {"B", "P"}
    found = ask(ground, {"barred": ("P",)}, budget_10k_yuan=4.8)
    assert chosen(found) == {}
    found = ask(ground, {"required": ("B",)}, budget_10k_yuan=20.0)
    assert chosen(found).keys() == {"B"}
    with pytest.raises(SitingError, match="必选"):
        ask(ground, {"required": ("B",)}, budget_10k_yuan=19.0)
    with pytest.raises(SitingError, match="P"):
        ask(ground, {"required": ("P",)}, budget_10k_yuan=99.0)


def test_centres_that_may_close_close_for_money_only(ground: ProgrammeGround) -> None:
    found = ask(ground, may_close=("C1",), budget_10k_yuan=99.0)
    told = programme_summary(found)
    assert told is not None
    assert told["menu"]["close"] == 1
    # Nobody has priced a closing, and it would serve nobody: it stands among those set aside.
    assert told["set_aside"]["cost"] == 2
    assert "撤并关闭" in " ".join(one.text("zh") for one in programme_notices(found))


def test_unknown_capacity_counts_for_nothing_or_refuses(ground: ProgrammeGround) -> None:
    centres = ground.ledgers.centres.table
    before = centres.loc["C1", "area_m2"]
    ledgers = ground.ledgers
    unknown = centres.assign(area_m2=centres["area_m2"].where(centres.index != "C1"))
    assert before == 700.0
    changed = dataclasses.replace(
        ledgers, centres=dataclasses.replace(ledgers.centres, table=unknown)
    )
    poor = dataclasses.replace(ground, ledgers=changed)
    found = ask(poor, budget_10k_yuan=0.0)
    assert found.plan is not None
    assert found.plan.unknown_centres == ("C1",)
    row = found.plan.by_year.loc["all"]
    assert row["served_persons"] == 0.0
    assert row["capacity_unknown_persons"] == 70.0
    assert any(
        "容量不详" in line for line in programme_sheets(found, "zh")["programme_years"].lines
    )
    with pytest.raises(SitingError, match="C1"):
        ask(poor, budget_10k_yuan=0.0, unknown_capacity="refuse")


def test_without_any_costs_a_true_answer_names_the_prices(ground: ProgrammeGround) -> None:
    siting = ground.siting
    candidates = siting.candidates.assign(cost_10k_yuan=float("nan"))
    asked = dataclasses.replace(siting.asked, candidates=candidates)
    free = dataclasses.replace(
        ground,
        siting=dataclasses.replace(siting, asked=asked),
        remedies=dataclasses.replace(ground.remedies, costs=ground.remedies.costs.iloc[:0]),
    )
    found = ask(free, budget_10k_yuan=99.0)
    told = programme_summary(found)
    assert told is not None
    assert told["measures"] == 0
    assert told["set_aside"] == {"cost": sum(told["menu"].values())}
    assert told["prices_missing"] == ["claim_delivery", "refit", "take_over_rooms"]
    (notice,) = programme_notices(found)
    for word in ("改造", "督促移交配建用房", "党群服务中心"):
        assert word in notice.text("zh")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", {"asked_nothing"}),
        ("budget_10k_yuan = 1\nserved_share = 0.5", {"asked_twice"}),
        ("budgets_10k_yuan = { 2031 = 5 }", {"year_strange"}),
        ("budgets_10k_yuan = { 2030 = -5, later = 1 }", {"budget_wrong", "year_strange"}),
        ("served_share = 0.0", {"share_zero"}),
        ("served_share = 0.5\ngoal_weights = { served = 1 }", {"weights_with_share"}),
        ("budget_10k_yuan = 1\ngoal_weights = { walk = 1 }", {"weights_wrong"}),
    ],
)
def test_settings_are_refused_before_work_naming_the_key(
    tmp_path: Path, text: str, keys: set[str]
) -> None:
    folder = write_programme_town(tmp_path / "town", text)
    with pytest.raises(ScenarioError) as refused:
        planner.run(folder)
    assert {one.key.partition(".")[2] for one in refused.value.problems} == keys
    assert all("project.toml" in str(one) for one in refused.value.problems)
    assert all(one.text("en") for one in refused.value.problems)
    assert not (folder / "out").exists()


def test_ledgers_refuse_too_all_at_once(tmp_path: Path) -> None:
    text = 'unit = "day_places"\nbudget_10k_yuan = 5\nmay_close = ["C2", "X"]'
    folder = write_programme_town(tmp_path / "town", text)
    settings = folder / "project.toml"
    told = settings.read_text(encoding="utf-8").replace("[capacity]\ndemand_rate = 1.0\n", "")
    settings.write_text(told, encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        planner.run(folder)
    # C2 stands idle: what does not operate cannot be closed.
    keys = {one.key.partition(".")[2] for one in refused.value.problems}
    assert keys == {"rate_missing", "may_close_strange"}
    assert "C2" in str(refused.value)


def _with_centre_of_2033(folder: Path, area: str = "900", east: float = 2_000.0) -> None:
    """Write a centre into the ledger that opens between the two years asked."""
    file = folder / "centres.csv"
    lines = file.read_bytes().decode("gb18030").split("\r\n")
    x, y = degrees(east, 10.0)
    more = f"C5,丙新日间照料中心,日间照料,在建,{x},{y},{area},建筑,,,2033"
    rows = [f"{lines[0]},投用年份", *(f"{one}," for one in lines[1:] if one), more]
    file.write_bytes("\r\n".join(rows).encode("gb18030"))


def test_a_centre_that_opens_between_the_years_counts_from_then(tmp_path: Path) -> None:
    text = 'unit = "day_places"\nbudgets_10k_yuan = { 2030 = 10, 2035 = 0 }'
    folder = write_programme_town(tmp_path / "town", text)
    _with_centre_of_2033(folder)
    result, ground = run_town(folder)
    found = result.findings.programme
    assert found is not None
    assert found.before is not None
    # 900 m² take 900 × 0.65 / 8.5 = 69 of R4 and R5, who walk to it; before 2033 nobody does.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SITES, "C5", 2_000.0)
        patch.setitem(SITE, "C5", "C5")
        patch.setitem(PLACES, "C5", 69.0)
        for year, standing in ((2030, set()), (2035, {"C5"})):
            served = found.before.by_year.loc[year, "served_persons"]
            assert served == pytest.approx(most_served(standing, year))
            done = {one for one, when in chosen(found).items() if when <= year}
            assert found.plan is not None
            now = found.plan.by_year.loc[year, "served_persons"]
            assert now == pytest.approx(most_served(standing | done, year))
    told = programme_summary(found)
    assert told is not None
    assert told["decided_centres"] == {"C5": 2035}
    assert "decided:C5" not in measure_rows(found, "zh").index
    assert told["measures"] == len(measure_rows(found, "zh")) == 1
    assert "丙新日间照料中心" in " ".join(programme_sheets(found, "zh")["programme_years"].lines)
    assert "丙新日间照料中心" in " ".join(programme_sheets(found, "en")["programme_years"].lines)
    # Its area is held from 2035 on, in the group of its community.
    short = found.before.by_year["shortfall_m2"]
    bare = programme_years(found.settings, ground.today, ground.ledgers, ground.years).groups
    home = ground.ledgers.communities.table["name"].eq("丙社区").idxmax()
    group = ground.today.audit.service_groups.community_group[home]
    for year, held in ((2030, 0.0), (2035, 900.0)):
        lacking = bare[f"required_m2_{year}"] - bare["held_m2"]
        lacking[group] -= held
        assert short[year] == pytest.approx(lacking.clip(lower=0.0).sum())
    # A candidate too near it is not built, and the project's own sites stay as they were.
    near = ask(ground, {"least_distance_m": 150.0}, budgets_10k_yuan={"2030": 99.0, "2035": 99.0})
    assert "B" not in {one[0] for one in chosen(near)}


def test_a_later_centre_of_unknown_places_counts_for_none_or_refuses(tmp_path: Path) -> None:
    text = 'unit = "day_places"\nbudgets_10k_yuan = { 2030 = 0, 2035 = 0 }'
    folder = write_programme_town(tmp_path / "town", text)
    _with_centre_of_2033(folder, "")
    result, ground = run_town(folder)
    found = result.findings.programme
    assert found is not None
    assert found.plan is not None
    assert found.plan.by_year.loc[2035, "served_persons"] == pytest.approx(most_served(set(), 2035))
    lines = " ".join(programme_sheets(found, "zh")["programme_years"].lines)
    assert "容量不详" in lines
    with pytest.raises(SitingError, match="C5"):
        ask(ground, unknown_capacity="refuse", budgets_10k_yuan={"2030": 0.0, "2035": 0.0})


def test_a_centre_closed_by_rule_holds_no_area_and_is_told(ground: ProgrammeGround) -> None:
    today = ask(ground, budget_10k_yuan=0.0)
    found = ask(ground, {"must_close": ("C1",)}, budget_10k_yuan=0.0)
    before, told = programme_summary(today), programme_summary(found)
    assert before is not None
    assert told is not None
    old, new = before["by_year"]["all"], told["by_year"]["all"]
    assert (new["served_before_persons"], new["served_persons"]) == (old["served_persons"], 0.0)
    # C1 has 700 m² in a group that is short already.
    assert new["shortfall_before_m2"] == pytest.approx(old["shortfall_m2"])
    assert new["shortfall_m2"] == pytest.approx(old["shortfall_m2"] + 700.0)
    assert told["closed_by_rule"] == ["C1"]
    for language in ("zh", "en"):
        line = programme_lines(told, language)[0]
        assert "must_close" in line
        assert "782 m²" in line
        years = programme_sheets(found, language)["programme_years"]
        assert any("must_close" in one for one in years.lines)
        assert years.table.loc[0, "programme_short_before_m2"] == pytest.approx(old["shortfall_m2"])
    assert "must_close" not in programme_lines(before, "zh")[0]


def test_sums_over_years_and_unknown_groups_are_told_as_such(
    ran: tuple[RunResult, ProgrammeGround],
) -> None:
    told = ran[0].summary["programme"]
    assert "各年相加（人·年）" in programme_lines(told, "zh")[1]
    assert "person-years" in programme_lines(told, "en")[1]
    one_year = programme_summary(ask(ran[1], budget_10k_yuan=20.0))
    assert one_year is not None
    assert "各年相加" not in programme_lines(one_year, "zh")[1]
    assert one_year["unknown_groups"] == 1
    assert "不含 1 个面积不详的服务组" in programme_lines(one_year, "zh")[0]
    assert "leaves out 1 service groups" in programme_lines(one_year, "en")[0]


def test_the_proof_of_the_least_money_is_that_of_the_money(ground: ProgrammeGround) -> None:
    told = programme_summary(ask(ground, served_share=0.6))
    worded: tuple[tuple[Language, str], ...] = (
        ("zh", "花费（万元）"), ("en", "money (10,000 yuan)"),
    )  # fmt: skip
    for language, money in worded:
        what, surely = programme_lines(told, language)
        assert money in surely
        assert "服务目标" not in what


def test_weights_of_siting_do_not_count_and_that_is_told(ground: ProgrammeGround) -> None:
    plain = ask(ground, budget_10k_yuan=30.0)
    found = ask(ground, {"weights": {"elderly_60": 1, "elderly_80": 50}}, budget_10k_yuan=30.0)
    assert chosen(found) == chosen(plain)
    notices = " ".join(one.text("zh") for one in programme_notices(found))
    assert "weights" in notices
    assert "weights" not in " ".join(one.text("zh") for one in programme_notices(plain))
    for language in ("zh", "en"):
        lines = programme_sheets(found, language)["programme_years"].lines
        assert any("weights" in one for one in lines)


def test_a_room_has_its_own_cost_before_the_unit_cost_and_one_use(tmp_path: Path) -> None:
    rooms = tuple(
        (one, name, 290 if one == "P" else east, 400 if one == "P" else area, use, way,
         50 if one == "P" else cost)
        for one, name, east, area, use, way, cost in CANDIDATES
    )  # fmt: skip
    text = 'unit = "day_places"\nbudget_10k_yuan = 80'
    folder = write_programme_town(tmp_path / "town", text, candidates=rooms)
    settings = folder / "project.toml"
    told = settings.read_text(encoding="utf-8")
    told = told.replace("new_centres = 1", 'new_centres = 3\nbarred = ["A"]')
    settings.write_text(told, encoding="utf-8")
    found = run_town(folder)[0].findings.programme
    assert found is not None
    assert found.menu is not None
    row = found.menu.menu.measures.loc["take_over_rooms:C1:P"]
    assert (row["cost_yuan"], row["cost_note"]) == (500_000.0, "ledger")
    assert "take_over_rooms:C1:P" in found.chosen.index
    # The siting plan opens P as a centre of its own.
    assert found.sited == ("P",)
    worded: tuple[tuple[Language, str], ...] = (
        ("zh", "单独作新设施"), ("en", "new centres of their own"),
    )  # fmt: skip
    for language, word in worded:
        lines = programme_sheets(found, language)["programme"].lines
        assert any(word in one and "甲党群服务中心" in one for one in lines)


def test_check_refuses_what_a_run_refuses(tmp_path: Path) -> None:
    text = 'unit = "day_places"\nbudget_10k_yuan = 5\nmay_close = ["X"]'
    rooms = tuple((*one[:3], 400, *one[4:]) if one[0] == "P" else one for one in CANDIDATES)
    folder = write_programme_town(tmp_path / "town", text, candidates=rooms)
    settings = folder / "project.toml"
    told = settings.read_text(encoding="utf-8")
    told = told.replace("new_centres = 1", 'new_centres = 1\nrequired = ["P"]')
    settings.write_text(told, encoding="utf-8")
    for call in (planner.check, planner.run):
        with pytest.raises(ScenarioError) as refused:
            call(folder)
        keys = {one.key.partition(".")[2] for one in refused.value.problems}
        assert keys == {"may_close_strange", "required_no_site"}
        assert "P" in refused.value.text("zh")
        assert "用房调剂" in refused.value.text("zh")
        assert "least class" in refused.value.text("en")


def test_no_count_of_few_is_told_by_the_total(tmp_path: Path) -> None:
    folder = write_programme_town(tmp_path / "town", "budget_10k_yuan = 60")
    homes = folder / "residents.csv"
    told = homes.read_text(encoding="utf-8-sig")
    homes.write_text(told.replace(",100,20,12,2", ",15,3,2,1"), encoding="utf-8-sig")
    found = run_town(folder)[0].findings.programme
    assert found is not None
    assert found.plan is not None
    rows = measure_rows(found, "zh")
    assert rows["programme_served"].isna().any()
    shown = rows.drop_duplicates("id")["programme_served"].sum()
    left = float(found.plan.by_year.iloc[-1]["served_persons"]) - shown
    assert left >= 5
    assert (rows.loc[rows["programme_served"].isna(), "programme_from"] == "").all()


def test_area_that_opens_between_the_years_is_held_from_then(tmp_path: Path) -> None:
    text = 'unit = "day_places"\nbudgets_10k_yuan = { 2030 = 0, 2035 = 0 }'
    folder = write_programme_town(tmp_path / "town", text)
    _with_centre_of_2033(folder, "40", 50.0)
    result, ground = run_town(folder)
    found = result.findings.programme
    assert found is not None
    assert found.before is not None
    short = found.before.by_year["shortfall_m2"]
    bare = programme_years(found.settings, ground.today, ground.ledgers, ground.years)
    group = bare.audit.service_groups.centre_group["C1"]
    for year, held in ((2030, 0.0), (2035, 40.0)):
        lacking = bare.groups[f"required_m2_{year}"] - bare.groups["held_m2"]
        # C1's group lacks more than 40 m² in both years.
        assert lacking[group] > 40.0
        lacking[group] -= held
        assert short[year] == pytest.approx(lacking.clip(lower=0.0).sum())
