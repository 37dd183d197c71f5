"""The programme as text, its bounds for any prices, and what a recount refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import SitingError
from planner.siting.programmes.asked import ProgrammeAsked
from planner.siting.programmes.bounds import priced_bound, settled_by
from planner.siting.programmes.inputs import ask_programme
from planner.siting.programmes.models import programme_model, with_goal
from planner.siting.programmes.problem import ProgrammeProblem, merged
from planner.siting.programmes.questions import programme
from planner.siting.programmes.recount import check_programme, recount_programme
from planner.siting.programmes.years import Goal, PlanYear
from planner.solver import model_text, solve
from tests.siting.programme_towns import LIMIT, MeasureTown, random_measure_town
from tests.siting.test_programme import GROUPS, MENU, OLD, PEOPLE, TIMES, asked

GOLDEN = """\
minimise
  objective: +1 s[east,0] +1 s[west,0]
subject to
  asked[0,0]: +1 y[0>rooms,0] +1 y[0>old,0] <= 20
  asked[1,0]: +1 y[1>old,0] <= 30
  asked[2,0]: +1 y[2>rooms,0] <= 40
  places[rooms,0]: -30 x[rooms,0] +1 y[0>rooms,0] +1 y[2>rooms,0] <= 0
  places[old,0]: -10 x[enlarge,0] +1 y[0>old,0] +1 y[1>old,0] <= 25
  floor_area[east,0]: 750 <= +300 x[rooms,0] +1 s[east,0]
  floor_area[west,0]: 450 <= +100 x[enlarge,0] +1 s[west,0]
  budget[0]: +0.29296875 x[enlarge,0] +0.48828125 x[rooms,0] <= 0.48828125
  link[0,0]: -20 x[rooms,0] +1 y[0>rooms,0] <= 0
  link[3,0]: -40 x[rooms,0] +1 y[2>rooms,0] <= 0
  kept[served]: -1 y[0>rooms,0] -1 y[0>old,0] -1 y[1>old,0] -1 y[2>rooms,0] <= -35
bounds
  0 <= x[enlarge,0] <= 1 whole
  0 <= x[rooms,0] <= 1 whole
  0 <= y[0>rooms,0] <= 20
  0 <= y[0>old,0] <= 20
  0 <= y[1>old,0] <= 30
  0 <= y[2>rooms,0] <= 40
  0 <= s[east,0] <= 750
  0 <= s[west,0] <= 750
"""


def problem_of(measures: pd.DataFrame, **changes: Any) -> ProgrammeProblem:
    question = ProgrammeAsked(
        times=TIMES, residents=PEOPLE, measures=measures, existing=OLD, groups=GROUPS,
        limit_minutes=15.0, years=(PlanYear("all", 500.0, "asks"),), unit="community_elders",
        rules=asked().asked.rules, carries_over=True, foresight=True, unknown_capacity="nothing",
        goal_weights=None, served_share=None,
    )  # fmt: skip
    question = replace(question, **changes)
    return ask_programme(question, given_unit=None, time_limit_s=None, gap=0.0).problem


def problem_of_town(town: MeasureTown) -> ProgrammeProblem:
    return problem_of(
        town.measures, times=town.times, residents=town.residents, existing=town.existing,
        groups=town.groups, years=town.years, carries_over=town.carries_over,
        limit_minutes=LIMIT,
    )  # fmt: skip


def test_the_model_as_text() -> None:
    problem = problem_of(MENU.iloc[:2])
    reach = merged(problem.reach)
    links = np.ones((1, len(reach.row_of)), dtype=np.bool_)
    made = programme_model(problem, reach, links=links, named=True)
    model = with_goal(made, {"shortfall": 1.0}, [({"served": 1.0}, -35.0)])
    assert model_text(model) == GOLDEN


@pytest.mark.parametrize("goal", ["served", "shortfall", "walk", "money"])
def test_no_prices_give_a_bound_that_a_plan_beats(goal: Goal) -> None:
    random = np.random.default_rng(3)
    for seed in range(5):
        problem = problem_of_town(random_measure_town(seed))
        made = programme_model(problem, problem.reach)
        model = with_goal(made, {goal: 1.0})
        best = solve(model)
        for spread in (0.0, 0.3, 3.0):
            prices = (
                random.normal(0.0, spread, model.rows.count)
                if spread
                else np.zeros(model.rows.count)
            )
            bound = priced_bound(model, made.layout, prices)
            assert bound.value <= best.objective + 1e-6, (seed, spread)
            settled = settled_by(bound, problem, best.objective + 1e-4)
            tight = settled.narrowed(model, made.layout)
            assert solve(tight).objective == pytest.approx(best.objective, abs=1e-5)
        relaxed = solve(replace(model, integral=np.zeros(len(model.cost), np.bool_)))
        assert relaxed.row_duals is not None
        bound = priced_bound(model, made.layout, relaxed.row_duals)
        assert bound.value == pytest.approx(relaxed.objective, abs=1e-5)


def test_merging_rows_changes_nothing_but_their_number() -> None:
    for seed in range(6):
        problem = problem_of_town(random_measure_town(seed))
        reach = merged(problem.reach)
        assert reach.rows <= problem.reach.rows
        assert reach.demand.sum() == problem.reach.demand.sum()
        goals = [
            solve(with_goal(programme_model(problem, one), {"served": 1.0})).objective
            for one in (problem.reach, reach)
        ]
        assert goals[0] == pytest.approx(goals[1])


def test_a_recount_finds_what_does_not_agree() -> None:
    plan = asked()
    assert not recount_programme(plan).broken
    assert recount_programme(plan).by_year["servable_persons"].to_list() == [0.0]
    flows, chosen, menu = plan.flows, plan.chosen, plan.asked.measures
    for changed, key in (
        (replace(plan, flows=flows.assign(persons=flows["persons"] * 1.01)), "recount_"),
        (replace(plan, flows=flows.iloc[1:]), "recount_more"),
        (replace(plan, flows=flows.assign(site="mill")), "recount_strays"),
        (replace(plan, chosen=chosen.iloc[:2]), "recount_"),
        (replace(plan, asked=replace(plan.asked, years=(PlanYear("all", 899.0, "asks"),))),
         "recount_money"),
        (replace(plan, asked=replace(plan.asked, measures=menu.assign(one_of="x"))),
         "recount_excluded"),
        (replace(plan, asked=replace(plan.asked, measures=menu.assign(needs="enlarge"))),
         "recount_needed"),
    ):  # fmt: skip
        with pytest.raises(SitingError) as caught:
            check_programme(changed)
        assert any(key in problem.key for problem in caught.value.problems)
        assert all(problem.text("en") for problem in caught.value.problems)
    for column in ("served_persons", "spent_yuan", "shortfall_m2", "walk_minutes"):
        lied = replace(plan, by_year=plan.by_year.assign(**{column: plan.by_year[column] * 1.001}))
        with pytest.raises(SitingError):
            check_programme(lied)


def test_more_money_or_a_measure_more_never_worsens_and_order_never_matters() -> None:
    for seed in range(5):
        town = random_measure_town(seed)
        plan = town.solved()
        richer = tuple(replace(year, budget_yuan=year.budget_yuan + 1.0) for year in town.years)
        assert town.solved(years=richer).served_persons >= plan.served_persons - 1e-6
        more = pd.DataFrame(
            {"site": ["c0"], "kind": "new_centre", "adds_persons": 3.0, "cost_yuan": 1.0},
            index=["zz"],
        )
        menu = pd.concat([town.measures, more])
        wider = replace(town, measures=menu.assign(saves_yuan=menu["saves_yuan"].fillna(0.0)))
        assert wider.solved().served_persons >= plan.served_persons - 1e-6
        shuffled = replace(
            town,
            times=town.times.sample(frac=1.0, random_state=seed),
            residents=town.residents.iloc[::-1],
            measures=town.measures.iloc[::-1],
            existing=town.existing.iloc[::-1],
            groups=town.groups.iloc[::-1],
        ).solved()
        pd.testing.assert_frame_equal(shuffled.chosen, plan.chosen, check_dtype=False)
        pd.testing.assert_frame_equal(shuffled.by_year, plan.by_year)
        pd.testing.assert_frame_equal(shuffled.flows, plan.flows)


def test_persons_of_each_year_end_in_one_state() -> None:
    for seed in range(0, 30, 3):
        plan = random_measure_town(seed).solved()
        states = ["served", "covered_full", "capacity_unknown", "out_of_reach"]
        total = plan.by_year[[f"{state}_persons" for state in states]].sum(axis=1)
        assert total.to_list() == pytest.approx(plan.by_year["asked_persons"].to_list())


def test_the_callers_tables_are_left_alone() -> None:
    before = [table.copy(deep=True) for table in (TIMES, PEOPLE, MENU, OLD, GROUPS)]
    programme(
        TIMES, PEOPLE, MENU, existing=OLD, groups=GROUPS, limit_minutes=15, weight="asks",
        unit="community_elders", budget_yuan=900.0,
    )  # fmt: skip
    for table, saved in zip((TIMES, PEOPLE, MENU, OLD, GROUPS), before, strict=True):
        pd.testing.assert_frame_equal(table, saved)
