"""A programme's claims are borne out by its tables, and every claim that is bent is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planner.siting import least_cost, verify
from planner.siting.programmes.results import Programme
from planner.siting.programmes.years import PlanYear
from tests.siting.programme_towns import LIMIT, random_measure_town
from tests.siting.test_programme import asked


def _false(plan: Programme) -> list[str]:
    return [claim.name for claim in verify(plan).false_claims]


@pytest.mark.parametrize("seed", range(6))
def test_random_towns_are_borne_out(seed: int) -> None:
    town = random_measure_town(seed)
    settings = {"served": 1.0, "shortfall": 0.01, "money": 0.001}
    for plan in (
        town.solved(),
        town.solved(foresight=False),
        town.solved(goal_weights=settings),
        least_cost(
            town.times,
            town.residents,
            town.measures,
            existing=town.existing,
            limit_minutes=LIMIT,
            unit="community_elders",
            served_share=0.5,
            groups=town.groups.assign(required_m2=1_000.0),
            weight=town.years[0].weight,
        ),
    ):
        verify(plan).raise_if_false()
        table = verify(plan).table("en")
        assert table.index.is_unique
        assert table["title"].str.len().gt(3).all()


def test_every_bent_claim_is_found() -> None:
    plan = asked()
    assert not _false(plan)
    years, goals = plan.by_year, plan.goals
    for column in ("served_persons", "shortfall_m2", "walk_minutes", "spent_yuan"):
        bent = replace(plan, by_year=years.assign(**{column: years[column] * 1.01 + 1.0}))
        assert f"programme_{column}" in _false(bent)
    full = years.assign(covered_full_persons=years["covered_full_persons"] + 1.0)
    assert _false(replace(plan, by_year=full)) == ["programme_states"]
    sites = plan.sites.assign(served_persons=plan.sites["served_persons"] + 1.0)
    assert _false(replace(plan, sites=sites)) == ["programme_places_taken", "programme_sites"]
    poorer = replace(plan.asked, years=(PlanYear("all", 1.0, "asks"),))
    assert "programme_rules" in _false(replace(plan, asked=poorer))
    assert "programme_rules" in _false(replace(plan, flows=plan.flows.iloc[1:]))
    assert _false(replace(plan, is_reached=True, target_persons=1e9)) == ["programme_target"]
    for goal in goals.index:
        better = 1.0 if goal == "served" else -1.0
        value = goals["value"].astype(float)
        told = goals.assign(value=value.where(goals.index != goal, value + better))
        assert f"programme_goal_{goal}" in _false(replace(plan, goals=told))
        bound = goals["bound"].astype(float)
        worse = goals.assign(bound=bound.where(goals.index != goal, value - better))
        assert _false(replace(plan, goals=worse)) == ["bound"]
    open_ = goals.assign(gap=np.where(goals.index == "walk", 0.01, goals["gap"]))
    assert _false(replace(plan, goals=open_)) == ["proven"]


NOT_COUNTED = {("goals", "seconds"), ("goals", "bound")}
"""What tables cannot tell: how long it took; bounds are looked at from one side."""


def test_no_column_of_any_table_can_be_bent() -> None:
    town = random_measure_town(1)
    # One measure whose cost nobody knows: set aside, and told with its reason.
    unknown = town.measures.iloc[:1].assign(cost_yuan=np.nan).set_axis(["unknown"])
    plan = replace(town, measures=pd.concat([town.measures, unknown])).solved()
    assert len(plan.chosen)
    assert list(plan.set_aside.index) == ["unknown"]
    assert not _false(plan)
    bent = 0
    for name in ("by_year", "chosen", "flows", "sites", "goals", "shortfall", "set_aside"):
        table = getattr(plan, name)
        for column in table.columns:
            if (name, column) in NOT_COUNTED or table[column].isna().all():
                continue
            cells = table[column].astype(object)
            first = cells.first_valid_index() if table.index.is_unique else cells.index[0]
            is_number = isinstance(cells[first], int | float)
            cells[first] = cells[first] + 1 if is_number else "zzz"
            assert _false(replace(plan, **{name: table.assign(**{column: cells})})), (name, column)
            bent += 1
    assert bent > 25
    for wrong in (
        replace(plan, unit="day_places"),
        replace(plan, status="time_limit"),
        replace(plan, unknown_centres=("Q",)),
        replace(plan, unknown_groups=("Q",)),
        replace(plan, unreachable=("Q",)),
    ):
        assert _false(wrong)
    for name in ("by_year", "sites", "goals", "shortfall", "set_aside"):
        table = getattr(plan, name)
        assert len(table), name
        for rows in (table.iloc[1:], pd.concat([table, table.iloc[:1]])):
            assert _false(replace(plan, **{name: rows})), name
    first = plan.chosen.index[:1]
    assert _false(replace(plan, set_aside=plan.set_aside.reindex(first)))


def test_the_target_and_the_most_are_counted_too() -> None:
    town = random_measure_town(0)
    plan = least_cost(
        town.times,
        town.residents,
        town.measures,
        existing=town.existing,
        limit_minutes=LIMIT,
        unit="community_elders",
        served_share=0.5,
        weight=town.years[0].weight,
    )
    assert not _false(plan)
    assert plan.target_persons is not None
    assert plan.most_persons is not None
    for by in (-1.0, 1.0):
        more = replace(plan, target_persons=plan.target_persons + by)
        assert _false(more) == ["programme_target_persons"]
        more = replace(plan, most_persons=plan.most_persons + by)
        assert _false(more) == ["programme_most_persons"]
    assert _false(replace(plan, target_persons=None)) == ["programme_target_persons"]
    assert _false(replace(town.solved(), most_persons=1.0)) == ["programme_target"]
