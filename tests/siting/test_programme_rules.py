"""Rules of sites in a programme: what stands may stay, what closes is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.siting import SiteRules, least_cost, programme, verify
from planner.siting.programmes.recount import recount_programme
from planner.siting.programmes.results import Programme
from planner.siting.programmes.years import PlanYear

TIMES = pd.DataFrame(
    [("a", "e0", 5.0), ("b", "e1", 5.0), ("b", "c0", 9.0)],
    columns=["origin", "destination", "walk_minutes"],
)
RESIDENTS = pd.DataFrame({"elderly_60": [30.0, 50.0]}, index=["a", "b"])
EXISTING = pd.DataFrame({"capacity_persons": [40.0, 60.0]}, index=["e0", "e1"])
BUILD = pd.DataFrame(
    {"site": ["c0"], "kind": ["new_centre"], "adds_persons": [83.0], "cost_yuan": [100.0]},
    index=["m0"],
)
CLOSE = pd.DataFrame(
    {"site": ["e1"], "kind": ["close"], "adds_persons": [np.nan], "cost_yuan": [100.0]},
    index=["m1"],
)
BOTH = pd.concat([BUILD, CLOSE])
BESIDE = pd.DataFrame({"first": ["c0"], "second": ["e1"]})


def asked(measures: pd.DataFrame, **changes: Any) -> Programme:
    given: dict[str, Any] = {
        "existing": EXISTING,
        "limit_minutes": 15.0,
        "unit": "community_elders",
        "budget_yuan": 1_000.0,
    }
    plan = programme(TIMES, RESIDENTS, measures, **given | changes)
    verify(plan).raise_if_false()
    return plan


@pytest.mark.parametrize("budget_yuan", [0.0, 1_000.0])
@pytest.mark.parametrize("group", [["e0", "e1"], ["e0", "e1", "c0"]])
def test_no_group_spends_money_to_close_what_stands(group: list[str], budget_yuan: float) -> None:
    rules = SiteRules(at_most_one=[group])
    plan = asked(BOTH, rules=rules, budget_yuan=budget_yuan)
    assert (plan.served_persons, plan.cost_yuan, len(plan.chosen)) == (80.0, 0.0, 0)
    assert list(plan.by_year[["walk_minutes", "capacity_persons"]].loc["all"]) == [400.0, 100.0]
    assert plan.sites["state"].tolist() == ["open_today", "open_today"]


def test_the_least_money_closes_nothing_either() -> None:
    plan = least_cost(
        TIMES,
        RESIDENTS,
        BOTH,
        existing=EXISTING,
        limit_minutes=15.0,
        unit="community_elders",
        served_share=0.9,
        rules=SiteRules(at_most_one=[["e0", "e1"]]),
    )
    verify(plan).raise_if_false()
    assert (plan.served_persons, plan.cost_yuan) == (80.0, 0.0)


@pytest.mark.parametrize("rule", [{"apart": BESIDE}, {"at_most_one": [["e1", "c0"]]}])
def test_a_required_site_closes_the_centre_beside_it_by_its_measure(rule: dict[str, Any]) -> None:
    plan = asked(BOTH, rules=SiteRules(required=["c0"], **rule))
    assert list(plan.chosen.index) == ["m0", "m1"]
    assert (plan.cost_yuan, plan.served_persons) == (200.0, 80.0)
    free = asked(BOTH, rules=SiteRules(**rule))
    assert len(free.chosen) == 0


@pytest.mark.parametrize("capacity", [60.0, np.nan])
def test_a_centre_closed_by_rule_is_told_as_closed(capacity: float) -> None:
    existing = pd.DataFrame({"capacity_persons": [40.0, capacity]}, index=["e0", "e1"])
    for unknown in ("nothing", "refuse"):
        plan = asked(
            BUILD,
            existing=existing,
            rules=SiteRules(must_close=["e1"]),
            unknown_capacity=unknown,
        )
        states = plan.sites.set_index("site")["state"].to_dict()
        assert states == {"c0": "new", "e0": "open_today", "e1": "closed"}
        assert plan.sites.set_index("site")["capacity_persons"]["e1"] == 0.0
        assert (plan.unknown_centres, plan.served_persons) == ((), 80.0)


@pytest.mark.parametrize(
    "cells", [{"cost_yuan": np.nan}, {"adds_persons": np.nan}, {"from_year": 2040.0}]
)
def test_whom_only_a_measure_set_aside_reaches_is_out_of_reach(cells: dict[str, float]) -> None:
    plan = programme(
        TIMES.drop(index=1),
        RESIDENTS,
        BUILD.assign(**cells),
        existing=EXISTING,
        limit_minutes=15.0,
        unit="community_elders",
        years=[PlanYear(2030, 100.0)],
    )
    assert list(plan.set_aside.index) == ["m0"]
    assert plan.unreachable == ("b",)
    assert plan.by_year["out_of_reach_persons"].tolist() == [50.0]
    verify(plan).raise_if_false()


def test_measures_that_need_each_other_are_done_together_or_not_at_all() -> None:
    circle = BOTH.assign(needs=["m1", "m0"], cost_yuan=10.0)
    assert len(asked(circle).chosen) == 0
    times = TIMES.assign(walk_minutes=[5.0, 15.1, 9.0])
    given: dict[str, Any] = {
        "existing": EXISTING, "limit_minutes": 15.0, "unit": "community_elders",
    }  # fmt: skip
    for budget_yuan, done in ((20.0, ["m0", "m1"]), (19.99, [])):
        plan = programme(times, RESIDENTS, circle, budget_yuan=budget_yuan, **given)
        verify(plan).raise_if_false()
        assert list(plan.chosen.index) == done


def test_two_places_of_a_group_are_open_together_in_no_year() -> None:
    years = [PlanYear(2030, 100.0), PlanYear(2035, 100.0)]
    rules = SiteRules(required=["c0"], apart=BESIDE)
    plan = asked(BOTH, rules=rules, budget_yuan=None, years=years, carries_over=False)
    assert plan.chosen["year"].to_dict() == {"m0": 2035, "m1": 2030}
    early = plan.chosen.assign(year=plan.chosen["year"].map({2030: 2035, 2035: 2030}))
    broken = recount_programme(replace(plan, chosen=early)).broken
    assert "programme.recount_crowded" in [one.key for one in broken]
