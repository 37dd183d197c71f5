"""What the headline and the sheets say of a siting plan: true under every rule, and of nobody."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import ScenarioError
from planner.scenario import from_mapping
from planner.siting import best_plans
from planner.workflow.run import RunResult
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.beside import plans_beside
from planner.workflow.siting.gain_rows import hidden_prices, shown_gains
from planner.workflow.siting.gap_site_rows import PARTS
from planner.workflow.siting.lines import amounts, siting_lines
from planner.workflow.siting.reach import beyond_reach, by_walk_alone, shown_part
from planner.workflow.siting.register import few
from planner.workflow.siting.rows import siting_sheets
from planner.workflow.siting.settings import refuse_siting
from planner.workflow.siting.small import shown_gaps, shown_levels
from planner.workflow.siting.summary import siting_figures
from planner.workflow.siting.words import closing_line, curve_lines, plan_notices
from tests.workflow.siting_town import Ground, asked, ground, with_settings


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return ground(tmp_path_factory.mktemp("told") / "town")


@pytest.fixture(scope="module")
def audit(plain_town: RunResult) -> Any:
    return plain_town.audit


def found(town: Ground, audit: Any, **settings: Any) -> Siting:
    siting = asked(town, **settings)
    coverage = town.walks.coverage_by(town.open_sites)
    communities = town.ledgers.communities.table
    beside = plans_beside(siting.asked, siting.most, siting.fewest, coverage, audit, communities)
    return dataclasses.replace(siting, beside=beside)


def lines(siting: Siting, language: Any = "zh") -> list[str]:
    return siting_lines(siting_figures(siting), language)


def test_with_weights_the_proof_is_of_the_weight(town: Ground, audit: Any) -> None:
    siting = found(town, audit, new_centres=2, weights={"elderly_60": 0.5, "elderly_80": 2})
    first, second, near, *rest = lines(siting)
    for words in (
        "60岁以上每人 0.5、80岁以上每人 2",
        "55 → 133.5",
        "不超过 133.5",
        "就加权人数而言已证明",
    ):
        assert words in first
    assert "最多" not in second
    assert "70 → 175" in second
    assert "未作最优证明" in second
    assert "加权人数，不是老年人数" in near
    assert "有权数" in rest[0]
    english = lines(siting, "en")
    assert "no proof is claimed" in english[1]
    assert "in weight" in english[2]
    assert [one.key for one in plan_notices(siting)] == ["siting_told.compare_by_weight"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((70.0, 165.0, 165.0), ("70", "165", "165")),
        ((70.0, 126.5, 126.5), ("70", "126.5", "126.5")),
        ((0.0, 126.999, 126.9991), ("0", "126.99", "127")),
        ((0.0, 12.0 + 1e-12, 12.0 - 1e-12), ("0", "12", "12")),
        ((0.0, 0.000123, 0.0002), ("0", "0.000123", "0.0002")),
        ((0.0, 1234.56, 1234.561), ("0", "1,234.56", "1,234.57")),
    ],
)
def test_values_are_rounded_down_and_bounds_up(given: Any, told: Any) -> None:
    assert amounts(*given) == told


def test_those_whom_rules_leave_out_are_told(town: Ground) -> None:
    siting = asked(town, new_centres=3, at_most_one={"g": ["A", "B", "C", "D", "E"]})
    # B covers all but R6 (10 elders), whom only D reaches: one of both may open.
    assert siting_figures(siting)["fewest"]["left_out_elderly_60"] == 10
    told = "\n".join(lines(siting))
    assert "在选址规则之内覆盖规则容许的全部老年人至少需新建 1 处" in told
    assert "另有 10 人虽有场地够得到" in told
    assert "要求新建 3 处，只选 1 处（可选备选点 5 处）" in told
    plain = "\n".join(lines(asked(town, new_centres=3)))
    assert "覆盖全部够得到的老年人至少需新建 2 处" in plain
    assert "虽有场地" not in plain
    assert "要求新建 3 处，只选 2 处" in plain
    assert "只有 1 处，已全部选中" in "\n".join(
        lines(asked(town, new_centres=3, barred=["A", "C", "D", "E"]))
    )


def test_those_whom_only_barred_sites_reach_are_told_apart(town: Ground) -> None:
    siting = asked(town, new_centres=2, barred=["A", "B", "C", "D", "E"])
    figures = siting_figures(siting)
    # R3 to R6 by candidates that are barred; R7 and R8 (15 elders) by none.
    assert figures["unreachable_by_rules"] == {"rows": 4, "elderly_60": 105}
    assert (figures["unreachable"], figures["unreachable_elderly_60"]) == (6, 120)
    assert figures["usable"] == figures["to_visit"] == 0
    told = lines(siting)
    assert "其中 105 人（4 个居民点）只有规则不许选" in told[-1]
    assert "备选点可选 0 处（其中 0 处待踏勘），规则不许选 5 处，不可用 1 处" in told[-1]
    assert "没有一处可选备选点能使更多人可达" in told[0]
    assert siting_figures(asked(town, new_centres=1))["usable"] == 5
    for settings in ({}, {"must_close": ["C1"]}, {"radius_m": 500, "least_distance_m": 650}):
        some = asked(town, new_centres=1, **settings)
        assert set(beyond_reach(some).unreached.index) == set(some.most.unreachable)


def test_parts_of_a_few_are_withheld_with_their_rest() -> None:
    assert [shown_part(part, 20.0) for part in (0.0, 4.9, 5.0, 15.0, 15.1, 20.0)] == [
        0.0, None, 5.0, 15.0, None, 20.0,
    ]  # fmt: skip


def test_another_cover_than_by_walk_is_named_beside_the_walk(town: Ground) -> None:
    siting = asked(town, new_centres=1, radius_m=590, walkers=["wheelchair"])
    assert by_walk_alone(siting) == (70.0, 165.0)
    told = lines(siting)[1]
    for words in ("590 米", "轮椅", "现状可达 40 人", "现状 70 人", "实施后 165 人"):
        assert words in told
    assert siting_figures(asked(town))["walking"] is None
    (notice,) = plan_notices(siting)
    assert "40 → 115 人" in notice.text("zh")
    assert plan_notices(asked(town)) == ()


def test_one_meaning_of_who_is_new_where_centres_close(town: Ground, audit: Any) -> None:
    siting = found(town, audit, new_centres=1, must_close=["C1"])
    sheet = siting_sheets(siting, town.ledgers, "zh")["site_gains"].table
    # B newly serves R3, R4, R5; R2 (30 elders) it takes over from C1, R1 (40) is lost.
    assert shown_gains(siting).tolist() == sheet["gain_60"].tolist() == [95.0]
    told = closing_line(siting, siting.beside, "zh") if siting.beside else ""
    for words in ("新增可达 60 岁以上 95 人", "不再可达的 40 人", "净增 55 人", "另有 30 人"):
        assert words in told


def test_nothing_new_and_losses_have_their_own_sentences(town: Ground) -> None:
    assert (
        lines(asked(town, new_centres=0))[0]
        == "项目不要求新建（new_centres = 0）：可达 70 人不变。"
    )
    loss = lines(asked(town, new_centres=0, must_close=["C1"]))[0]
    assert "净减 70 人" in loss
    assert "新增" not in loss


def test_the_curve_tells_openings_closings_and_where_it_bends(town: Ground, audit: Any) -> None:
    siting = found(town, audit, new_centres=1, may_close=["C1"])
    table = siting_sheets(siting, town.ledgers, "zh")["site_curve"].table
    opened, closed = table["site_opened"].to_numpy(), table["site_closes"].to_numpy()
    assert (opened - closed <= table["site_number"]).all()
    assert (opened[0], closed[0]) == (1, 1)
    beside = found(town, audit, new_centres=2).beside
    assert beside is not None
    assert beside.curve.knee == 1
    assert "从第 2 处起" in curve_lines(siting, beside, "zh")[-1]


def test_plans_that_only_build_less_are_none_of_their_own(town: Ground, audit: Any) -> None:
    siting = asked(town, new_centres=2)
    every, whole = (best_plans(siting.most, 6, skip_parts=skip).plans for skip in (False, True))
    sites = [set(one.plan.chosen) for one in whole]
    assert not any(one < other for one in sites for other in sites)
    assert any(set(one.plan.chosen) < sites[0] for one in every)
    assert best_plans(siting.most, 6, skip_parts=True).parts > 0
    # Where there is nothing else there is no other plan: each of the two can only be left out.
    only = best_plans(asked(town, new_centres=2, barred=["A", "C", "E"]).most, 3, skip_parts=True)
    assert (len(only.plans), only.ended) == (1, "parts")
    told = found(town, audit, new_centres=2, near_plans=3).beside
    assert told is not None
    assert told.near is not None
    assert len({frozenset(one.plan.chosen) for one in told.near.plans}) == len(told.near.plans)


# Few persons ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def thin(town: Ground) -> Ground:
    """The town with three elders alone at D."""
    residents = town.walks.residents
    elders = residents["elderly_60"].where(residents.index != "R6", 3.0)
    changed = residents.assign(elderly_60=elders)
    return town._replace(walks=dataclasses.replace(town.walks, residents=changed))


def test_few_elders_are_in_no_figure_nor_difference(thin: Ground, audit: Any) -> None:
    siting = found(thin, audit, new_centres=2, near_plans=6)
    assert siting.beside is not None
    sheets = siting_sheets(siting, thin.ledgers, "zh")
    curve = sheets["site_curve"].table
    # 70, 165, 168: the step of three, and what stands before it.
    assert curve["site_covered_60"].fillna(-1).tolist() == [70, -1, 168]
    assert curve["site_gain_of_one"].isna().all()
    gains = sheets["site_gains"].table
    for column in ("gain_60", "loss_60", "gain_cost_yuan"):
        assert gains[column].isna().all(), column
    assert gains["gain_communities"].isna().all()
    assert gains["price"].tolist()[1] == "不足 5 人，不列"
    near = sheets["near_plans"].table
    levels = near["near_60"].dropna().to_numpy()
    assert levels[0] == 168
    assert not any(few(one - 168) or few(one - 70) for one in levels)
    assert 165 not in levels
    figures = siting_figures(siting)
    assert [one["covered_60"] for one in figures["curve"]] == [70, None, 168]
    assert all(one["covered_after"] != 165 for one in figures["near_plans"])
    # One centre alone: what all who can be covered are would tell of the three.
    fewest = siting_figures(found(thin, audit, new_centres=1))
    assert (fewest["covered_after"], fewest["fewest"]["covered_after"]) == (165, None)
    assert fewest["coverable"] is None


def test_prices_tell_nothing_that_is_withheld_elsewhere(thin: Ground, audit: Any) -> None:
    siting = found(thin, audit, new_centres=2)
    assert siting.beside is not None
    hidden = hidden_prices(siting)
    assert [hidden.word(price) for price in (0.0, 3.0, 4.9, 5.0, 43.0)] == [
        None, "price_few", "price_few", None, None,
    ]  # fmt: skip
    levels = shown_levels(siting)
    assert not levels.tells_value(165.0)
    assert levels.tells_value(168.0)


def test_a_sum_told_elsewhere_brings_no_gap_back() -> None:
    parts = pd.DataFrame(
        {name: [0.0, 0.0] for name in PARTS} | {"closed": [8.0, 20.0]}, index=["a", "b"]
    )
    same, untold = shown_gaps(parts, "closed", 28.0)
    assert same.equals(parts)
    assert not untold.any()
    # Three are closed elsewhere: 31 less 28.
    shown, untold = shown_gaps(parts, "closed", 31.0)
    assert np.isnan(shown["closed"].iloc[0])
    assert untold.tolist() == [True, False]


# Settings ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("factor", [1e6 + 1, 1e300, 9e-7, True])
def test_weights_that_nobody_can_read_are_refused(town: Ground, factor: float) -> None:
    with pytest.raises(ScenarioError, match="elderly_60 ="):
        refuse_siting(with_settings(town.project, weights={"elderly_60": factor}))


@pytest.mark.parametrize("factor", [1e6, 1e-6])
def test_weights_at_the_bounds_are_taken(town: Ground, factor: float) -> None:
    refuse_siting(with_settings(town.project, weights={"elderly_60": factor}))
    plain = asked(town, new_centres=2).most
    weighed = asked(town, new_centres=2, weights={"elderly_60": factor}).most
    # One weight for all changes no choice.
    assert plain is not None
    assert weighed is not None
    assert weighed.chosen == plain.chosen
    assert weighed.bound == pytest.approx(factor * plain.bound)


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"required": "A"}, "写 [] 或删去"),
        ({"at_most_one": {"g": "AB"}}, '组名 = ["编号", "编号"]'),
        ({"at_most_one": [["A", "B"]]}, '组名 = ["编号", "编号"]'),
        ({"weights": {"elderly_60": "1"}}, "elderly_60 = 1"),
        ({"new_centres": -1}, "不小于 0 的有限数字"),
        ({"radius_m": 0}, "应在 1.0 至 5000.0 之间"),
    ],
)
def test_each_remedy_is_of_its_own_setting(settings: dict[str, Any], remedy: str) -> None:
    files = {name: {"file": "x"} for name in ("streets", "communities", "residents", "centres")}
    with pytest.raises(ScenarioError) as caught:
        from_mapping({"project": {"name": "x"}, **files, "siting": settings})
    told = "\n".join(one.text("zh") for one in caught.value.problems)
    assert remedy in told
    assert "台账表头" not in told
    assert "inf" not in told
