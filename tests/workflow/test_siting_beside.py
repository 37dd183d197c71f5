"""What is told beside a siting plan, against all plans of a small town counted by hand."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import planner
from planner.errors import ScenarioError
from planner.siting import verify
from planner.workflow.inputs.project import read_project
from planner.workflow.inputs.record import Clock, silent
from planner.workflow.inputs.site_names import SiteNames
from planner.workflow.inputs.walking import points_only
from planner.workflow.run import RunResult, find_out
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.beside import plans_beside
from planner.workflow.siting.elders import elders_covered
from planner.workflow.siting.gain_rows import HiddenPrices, gain_rows, shown_gains, shown_prices
from planner.workflow.siting.rows import siting_sheets
from planner.workflow.siting.times import open_with, site_times
from planner.workflow.siting.words import rule_lines
from planner.workflow.siting.zone_rows import _tellable, shown_zones
from planner.workflow.siting.zones import proposed_zones
from planner.workflow.standards.planned_audit import community_at
from tests.workflow.siting_town import PLACES, Ground, asked, covered, ground
from tests.workflow.test_years import STEADY, write_dated
from tests.workflow.town import DOORS, write_town

NEW = 2


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return ground(tmp_path_factory.mktemp("siting") / "town")


@pytest.fixture(scope="module")
def audit(plain_town: RunResult) -> Any:
    return plain_town.audit


def beside(town: Ground, audit: Any, siting: Siting, **more: Any) -> Any:
    coverage = town.walks.coverage_by(town.open_sites)
    communities = town.ledgers.communities.table
    return plans_beside(
        siting.asked, siting.most, siting.fewest, coverage, audit, communities, **more
    )


def test_near_plans_are_the_best_of_all_different_ones(town: Ground, audit: Any) -> None:
    found = beside(town, audit, asked(town, new_centres=NEW, near_plans=6))
    # Of all plans those that need each of their sites, the best first.
    needed = {
        sites: covered(["C1", *sites])
        for number in range(NEW + 1)
        for sites in itertools.combinations(PLACES, number)
        if all(covered(["C1", *sites]) > covered(["C1", *(set(sites) - {one})]) for one in sites)
    }
    # A plan that only builds less than a better one is none of its own.
    needed = {
        sites: value
        for sites, value in needed.items()
        if not any(set(sites) < set(other) and needed[other] > value for other in needed)
    }
    values = [one.value for one in found.near.plans]
    assert values == pytest.approx(sorted(needed.values(), reverse=True)[: len(values)])
    assert all(one.is_proven for one in found.near.plans)
    assert found.near.plans[0].plan.chosen == ("B", "D")
    counts = pd.Series([site for one in found.near.plans for site in one.plan.chosen])
    assert found.frequency["plans"].to_dict() == counts.value_counts().to_dict()
    assert beside(town, audit, asked(town, near_plans=0)).near is None


def test_the_curve_is_the_best_of_each_number(town: Ground, audit: Any) -> None:
    found = beside(town, audit, asked(town, new_centres=NEW))
    for number, row in found.curve.points.iterrows():
        tried = [covered(["C1", *sites]) for sites in itertools.combinations(PLACES, int(number))]
        assert row["covered"] == pytest.approx(max(tried))
        assert row["covered_bound"] == pytest.approx(row["covered"])
    assert list(found.curve.points.index) == [0, 1, 2]
    # With a required site no plan has fewer.
    required = beside(town, audit, asked(town, new_centres=NEW, required=["D"]))
    assert required.curve.points.index[0] == 1
    assert required.curve.points["covered"].tolist() == pytest.approx([80.0, 175.0])


def test_gains_prices_and_losses_by_hand(town: Ground, audit: Any) -> None:
    siting = asked(town, new_centres=NEW)
    found = beside(town, audit, siting)
    sites = found.gains.sites
    # B: R3 25, R4 50, R5 20; D: R6 10.
    assert sites["elderly_60"].to_dict() == {"B": 95.0, "D": 10.0}
    assert sites["elderly_80"].to_dict() == {"B": 12.0, "D": 1.0}
    assert sites["cost"].to_dict() == {"B": 20.0, "D": 40.0}
    walk_m = {"R3": (920, 420), "R4": (1420, 120), "R5": (2020, 720)}
    saved = sum(DOORS[home][2] * (long - short) for home, (long, short) in walk_m.items())
    assert sites["minutes_saved"]["B"] == pytest.approx(saved / 0.83 / 60, rel=1e-3)
    communities = found.gains.communities["elderly_60"]
    assert communities.loc["B"].to_dict() == {"990401001002": 75.0, "990401001003": 20.0}
    # 乙 lacks 31.98 m², B has 600; 丙's area is unknown.
    assert sites["cured_m2"]["B"] == pytest.approx(31.98)
    assert pd.isna(sites["cured_m2"]["D"])
    assert found.losses.loc["B", ["lost", "replacement"]].tolist() == [95.0, "C"]
    assert found.losses.loc["B", "lost_with_replacement"] == pytest.approx(25.0)
    best = covered(["C1", "B", "D"])
    for site, row in found.prices.iterrows():
        plans = [
            sites
            for sites in itertools.combinations(PLACES, NEW)
            if (site in sites) == (row["action"] == "insist")
        ]
        value = max(covered(["C1", *sites]) for sites in plans)
        assert row["is_exact"]
        assert row["at_least"] == pytest.approx(best - value)


def test_a_centre_that_closes_serves_nobody(town: Ground, audit: Any) -> None:
    siting = asked(town, new_centres=1, must_close=["C1"])
    found = beside(town, audit, siting)
    totals = found.gains.totals.loc["elderly_60"]
    before, after = elders_covered(siting.most)
    assert totals["net"] == pytest.approx(after - before)
    assert totals["no_longer_served"] == DOORS["R1"][2]
    assert found.gains.closed.index.tolist() == ["C1"]


def test_plans_of_walks_are_the_best_of_all(town: Ground, audit: Any) -> None:
    siting = asked(town, new_centres=1, walks=True)
    sites = points_only([town.open_sites, siting.screening.usable])
    every = site_times(siting.walkers, sites, straight=False, limit_minutes=120.0)
    found = beside(town, audit, siting, every_walk=every)
    pairs = every.set_index(["origin", "destination"])["walk_minutes"]

    def walks(site: str) -> list[tuple[float, float]]:
        return [
            (min(pairs[home, "C1"], pairs[home, site]), DOORS[home][2])
            for home in ("R1", "R2", "R3", "R4", "R5", "R6")
        ]

    total = {site: sum(minutes * elders for minutes, elders in walks(site)) for site in PLACES}
    longest = {site: max(minutes for minutes, _ in walks(site)) for site in PLACES}
    assert found.shortest.walk == pytest.approx(min(total.values()))
    assert found.worst.worst == pytest.approx(min(longest.values()))
    assert verify(found.shortest).is_true


def test_proposed_places_reach_those_whom_no_candidate_does(town: Ground) -> None:
    siting = asked(town, new_centres=1)
    standing = open_with(siting.most, town.open_sites, town.candidates)
    ledgers = town.ledgers
    plans = (siting.most, siting.fewest)
    found = proposed_zones(siting.asked, plans, siting.walkers, standing, ledgers.ground, "zh")
    assert found is not None
    # R7 at 100 m of the stray street, 300 m long, can walk to all its corners; R8 to none.
    assert found.members.to_dict() == {"R7": "proposed-01"}
    assert found.out_of_reach == ("R8",)
    place = found.proposals.geometry.iloc[0]
    home = town.walks.residents.geometry["R7"]
    # Streets are drawn without the nodes at which nothing meets: beside both ends there are places
    # at 100 m and at 200 m, the first of them opposite the home.
    assert place.distance(home) == pytest.approx(10, abs=0.1)
    corners = list(found.places["place"])
    assert len(corners) == len(set(corners)) == found.zones["places"].iloc[0] == 4
    shown = shown_zones(dataclasses.replace(siting, proposed=found))
    assert shown is not None
    assert (shown.elders, shown.too_few, shown.out_of_reach) == (8.0, 0, 1)
    assert shown.table["zone_longitude"].iloc[0] == pytest.approx(108.652, abs=0.01)
    for radius_m, reached in ((10.1, 1), (9.9, 0)):
        near = asked(town, new_centres=1, radius_m=radius_m)
        few = proposed_zones(near.asked, plans, near.walkers, standing, ledgers.ground, "zh")
        assert few is not None
        assert len(few.members) == reached
    # Nothing is proposed in water, nor nearer to a centre than the project's least distance.
    water = gpd.GeoDataFrame(
        {"ground_kind": ["water"]}, geometry=[place.buffer(5)], crs=town.candidates.crs
    )
    wet = proposed_zones(siting.asked, plans, siting.walkers, standing, water, "zh")
    assert wet is not None
    assert wet.proposals.geometry.iloc[0].distance(home) == pytest.approx(
        math.hypot(100, 10), abs=0.1
    )
    apart = asked(town, new_centres=1, least_distance_m=2_100)
    east = proposed_zones(apart.asked, plans, apart.walkers, standing, ledgers.ground, "zh")
    # C1 stands at (0, 10): the western end is 1,990 m away, the eastern 2,012 m; B nearer still.
    # So nothing is proposed; R7 has places near him, and they are too near.
    assert east is not None
    assert east.zones.empty
    assert (east.only_too_near, east.out_of_reach) == (("R7",), ("R8",))


@pytest.mark.parametrize(
    ("elders", "rest", "shown"),
    [
        ([8.0], 7.0, [True]),
        ([8.0], 0.0, [True]),
        ([8.0, 5.0], 3.0, [True, False]),
        ([8.0, 4.9], 0.0, [False, False]),
        ([8.0, 6.0, 4.9, 0.2], 0.0, [True, True, False, False]),
    ],
)
def test_few_elders_of_a_place_are_withheld_with_another(
    elders: list[float], rest: float, shown: list[bool]
) -> None:
    assert _tellable(pd.Series(elders), rest).tolist() == shown


# Words and sheets -------------------------------------------------------------------------------
def test_every_rule_is_told_in_both_languages(town: Ground) -> None:
    rules = {
        "new_centres": 2, "required": ["D"], "barred": ["E"], "may_close": ["C1"],
        "at_most_one": {"业主": ["B", "C"]}, "least_distance_m": 100, "radius_m": 700,
        "walkers": ["wheelchair"], "weights": {"elderly_80": 2},
    }  # fmt: skip
    names = SiteNames.of(town.ledgers)
    siting = asked(town, **rules)
    lines = "\n".join(rule_lines(siting, names.sites, "zh"))
    for words in ("必选", "禁选", "允许关闭", "业主", "100 米", "700 米", "轮椅", "80岁以上每人 2"):
        assert words in lines
    english = rule_lines(siting, names.sites, "en")
    assert len(english) == len(lines.splitlines())
    assert "每人计 1" in "\n".join(rule_lines(asked(town), names.sites, "zh"))


def test_sums_of_the_sheets_are_the_headline(town: Ground, audit: Any) -> None:
    for weights in ({}, {"elderly_60": 1, "elderly_80": 5}):
        siting = asked(town, new_centres=NEW, weights=weights)
        found = beside(town, audit, siting)
        siting = dataclasses.replace(siting, beside=found)
        before, after = elders_covered(siting.most)
        sheets = siting_sheets(siting, town.ledgers, "zh")
        assert sheets["site_gains"].table["gain_60"].sum() == pytest.approx(after - before)
        assert shown_gains(siting).sum() == pytest.approx(after - before)
        assert sheets["near_plans"].table["near_60"].iloc[0] == pytest.approx(after)
        curve = sheets["site_curve"].table.set_index("site_number")
        assert curve["site_covered_60"][NEW] == pytest.approx(after)
        assert ("加权" in sheets["near_plans"].lines[0]) == bool(weights)
        told = gain_rows(siting, found, SiteNames.of(town.ledgers), "zh")
        assert told["gain_communities"].tolist() == ["乙社区 75 人、丙社区 20 人", "丙社区 10 人"]
        assert told["gain_cost_yuan"].tolist() == pytest.approx([200_000 / 95, 40_000.0])


def test_prices_in_words_where_they_are_not_exact() -> None:
    inf = float("inf")
    prices = pd.DataFrame(
        {
            "at_least": [3.0, -1e-12, 3.0, 3.0, inf, float("nan")],
            "at_most": [3.0, 0.0, 7.0, inf, inf, float("nan")],
            "is_exact": [True, True, False, False, True, False],
        }
    )
    every = HiddenPrices(0.0, lambda _: True)
    told = shown_prices(prices, "zh", every)
    assert told == [3.0, 0.0, "3 至 7", "至少 3", "没有可行方案", None]
    few = shown_prices(prices, "zh", HiddenPrices(5.0, lambda _: True))
    assert few == ["不足 5 人，不列", 0.0, "0 至 7", "至少 0", "没有可行方案", None]


def test_a_place_on_the_line_of_two_communities_lies_in_the_first(town: Ground) -> None:
    told = community_at(town.candidates.geometry, town.ledgers.communities.table)
    assert told[["B", "D"]].tolist() == ["990401001002", "990401001003"]


# Whole runs -------------------------------------------------------------------------------------
RULES = """new_centres = 1
barred = ["K1"]
weights = { elderly_60 = 1, elderly_80 = 2 }
least_distance_m = 50
[years]
plan = [2030]
method = "growth"
source = "某院"
growth = { elderly_60 = 0.0, elderly_65 = 0.0, elderly_80 = 0.0 }
"""


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    folder = tmp_path_factory.mktemp("ruled") / "town"
    more = {"new_centres = 1\n": RULES, "[communities]\n": "[communities]\n"}
    folder = write_town(folder, **more)
    text = (folder / "project.toml").read_text("utf-8")
    text = text.replace(
        'population_kind = "常住"', 'population_kind = "常住"\npopulation_date = "2024-12-31"'
    )
    (folder / "project.toml").write_text(text, "utf-8")
    return planner.run(folder)


def test_a_run_keeps_to_its_rules_in_every_output(ruled: RunResult) -> None:
    siting = json.loads((ruled.folder / "summary.json").read_text("utf-8"))["siting"]
    assert siting["chosen"] == ["K2"]
    assert (siting["covered_before"], siting["covered_after"], siting["gain"]) == (70, 80, 10)
    assert siting["weighted"]["before"] == pytest.approx(70 + 2 * 10)
    assert siting["weighted"]["after"] == pytest.approx(80 + 2 * 11)
    assert siting["bound"] is None
    assert siting["rules"]["barred"] == siting["rules"]["kept_out"] == ["K1"]
    assert set(siting["audited"]) == {"K2"}
    assert siting["near_plans"][0]["value"] == pytest.approx(102)
    book = openpyxl.load_workbook(ruled.folder / "workbook.xlsx", read_only=True)
    said = "\n".join(str(row[0]) for row in book["选址方案"].iter_rows(values_only=True))
    assert "禁选备选点：乙党群服务中心" in said
    assert "加权人数现状 90，方案 102" in said
    rows = [row for row in book["备选点"].iter_rows(values_only=True) if row[0] == "K1"]
    assert "选址规则" in str(rows)
    gaps = {row[1]: row[4:] for row in book["缺口与选址"].iter_rows(values_only=True)}
    # R6 is closed by K2, R4 could be by K1 alone, R7 by nobody.
    assert gaps["990401001003-2"] == (10, 10, "丙闲置厂房", 0, None, 0, 0, 0)
    assert gaps["990401001002-2"] == (50, 0, None, 0, None, 50, 0, 0)
    assert gaps["990401001201-1"] == (8, 0, None, 0, None, 0, 0, 8)
    lines = "\n".join(ruled.headline())
    assert "60岁以上老年人 70 → 80（增减 +10 人）" in lines
    assert "未作最优证明" in lines
    assert "加权人数 90 → 102" in lines
    # R7 beside the stray street; R3, R4 and R5, 1,100 m apart, half-way along the main one.
    assert "103 人可由 2 处建议点位" in lines
    # Coming years are sited by the same rules and weights.
    year = ruled.summary["years"]["plans"]["2030"]["siting"]
    assert (year["chosen"], year["gain"]) == (["K2"], pytest.approx(10))
    # What the plan counts for the unreached, and what of gaps closes, is of elders.
    page = (ruled.folder / "map.html").read_text("utf-8")
    assert "建议点位01" in page


def test_compare_plan_keeps_to_the_same_rules(ruled: RunResult, tmp_path: Path) -> None:
    project = ruled.folder.parent
    found = planner.compare(project, plan=True)
    assert found.centres["change"].to_dict() == {"C1": "stays", "K2": "opened"}
    folder = write_town(
        tmp_path / "town", **{"new_centres = 1": 'new_centres = 1\nmust_close = ["C1"]'}
    )
    moved = planner.compare(folder, plan=True)
    assert moved.centres["change"].to_dict() == {"C1": "closed", "K1": "opened"}
    assert "关闭 1 处，加选中的 1 处" in moved.headline()[0]
    row = moved.coverage.loc["elderly_60"]
    assert (row["covered_before"], row["covered_after"]) == (70, 125)


def test_a_run_is_refused_before_long_work(tmp_path: Path) -> None:
    steps: list[int] = []
    folder = write_town(
        tmp_path / "town", **{"new_centres = 1": 'new_centres = 1\nrequired = ["K3"]'}
    )
    with pytest.raises(ScenarioError, match="楼层 -1"):
        planner.check(folder)
    with pytest.raises(ScenarioError, match="楼层 -1"):
        planner.run(folder, progress=lambda step, *_: steps.append(step))
    assert max(steps) == 2
    assert not (folder / "out").exists()


def test_a_year_in_which_the_rules_clash_is_told_and_its_figures_stand(tmp_path: Path) -> None:
    # C2 opens in 2030 at 1,400 m, 100 m from K1, which is required and can be had from 2031.
    rules = 'new_centres = 1\nrequired = ["K1"]\nleast_distance_m = 150'
    folder = write_dated(tmp_path / "town", STEADY)
    text = (folder / "project.toml").read_text("utf-8").replace("new_centres = 1", rules)
    (folder / "project.toml").write_text(text, "utf-8")
    clock = Clock(40, silent)
    found = find_out(read_project(folder), clock)
    assert found.siting is not None
    assert found.siting.most.chosen == ("K1",)
    years = found.summary["years"]["plans"]
    assert years["2026"]["siting"]["chosen"] == ["K2"]
    assert years["2035"]["siting"] is None
    assert years["2035"]["elderly_60"]["covered"] > 0
    told = [one.text("zh") for one in found.notices if one.key == "siting_told.year_refused"]
    assert len(told) == 1
    assert "2035 年" in told[0]
