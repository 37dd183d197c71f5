"""What sites, numbers and money are worth, against trying every plan."""

from __future__ import annotations

import doctest
from math import inf
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import SitingError
from planner.siting import (
    coverage_by_money,
    coverage_by_number,
    covered_weight,
    fewest_centres,
    losses,
    most_people,
    price_of_each_site,
)
from planner.siting.beside import curves, insisting, money_curve
from planner.siting.beside import losses as losses_module
from planner.siting.walking.questions import shortest_walk
from tests.siting.beside_towns import beside_town
from tests.siting.towns import LIMIT, random_town


def _with(plans: list[Any], site: str, action: str) -> list[Any]:
    return [sites for sites in plans if (site in sites) == (action == "insist")]


def test_prices_are_those_of_trying_every_plan() -> None:
    told: set[str] = set()
    for seed in range(40):
        some = beside_town(seed)
        plan = some.ask(most_people, new_centres=some.new_centres)
        plans = list(some.plans())
        for site, row in price_of_each_site(plan).iterrows():
            values = [some.covered(one) for one in _with(plans, str(site), row["action"])]
            price = plan.covered - max(values) if values else inf
            assert row["is_exact"], (seed, site)
            assert row["at_least"] == pytest.approx(price, abs=1e-6), (seed, site)
            told.add(row["told_by"])
    assert told == {"asked", "bounds", "rules"}


def test_prices_of_walks_and_of_fewest_centres() -> None:
    for seed in range(12):
        some = beside_town(seed)
        plan = some.ask(shortest_walk, new_centres=some.new_centres)
        plans = {sites: some.walk(sites, worst=False) for sites in some.plans()}
        best = min(plans.values())
        for site, row in price_of_each_site(plan).iterrows():
            there = [plans[one] for one in _with(list(plans), str(site), row["action"])]
            left, walk = min(there) if there else (best[0], inf)
            assert row["at_least"] == pytest.approx(walk - best[1], abs=1e-5), (seed, site)
            assert row["unreached"] == pytest.approx(left - best[0], abs=1e-5)
    times = pd.DataFrame(
        {"origin": ["a", "b", "b"], "destination": ["A", "A", "B"], "walk_minutes": [1.0, 2, 3]}
    )
    people = pd.DataFrame({"elderly_60": [10.0, 20.0]}, index=["a", "b"])
    prices = price_of_each_site(fewest_centres(times, people, ["A", "B"], limit_minutes=5))
    assert list(prices.loc["B", ["action", "at_least", "unreached"]]) == ["insist", 1.0, 0.0]
    # Without A one centre does for those who still can be covered; 10 cannot.
    assert list(prices.loc["A", ["action", "at_least", "unreached"]]) == ["forbid", 0.0, 10.0]


def test_without_time_prices_are_bounds_and_say_so() -> None:
    for seed in range(20):
        some = beside_town(seed)
        plan = some.ask(most_people, new_centres=some.new_centres)
        exact = price_of_each_site(plan)
        hasty = price_of_each_site(plan, time_limit_s=1e-9).loc[exact.index]
        assert (hasty["at_least"] <= exact["at_least"] + 1e-9).all()
        assert (hasty["at_most"] >= exact["at_least"] - 1e-9).all()
        assert "asked" not in set(hasty["told_by"])
    with pytest.raises(SitingError):
        price_of_each_site(plan, time_limit_s=-1)


def test_losses_are_recounted() -> None:
    replaced = 0
    for seed in range(30):
        some = beside_town(seed)
        plan = some.ask(most_people, new_centres=some.new_centres)
        found = losses(plan)
        assert set(found.index) == set(plan.chosen)
        assert found["lost"].is_monotonic_decreasing
        base = {*plan.chosen, *plan.existing}

        def covered(sites: set[Any], some: Any = some) -> float:
            return float(some.town.weight_of(some.town.covered_by(sites)))

        for site, row in found.iterrows():
            lost = plan.covered - covered(base - {site})
            free = set(some.town.candidates) - base - set(some.town.rules.barred)
            others = [
                plan.covered - covered(base - {site} | {one})
                for one in free
                if some.town.allows(frozenset(base - {site} | {one}))
            ]
            assert row["lost"] == pytest.approx(lost, abs=1e-9), (seed, site)
            assert row["lost_with_replacement"] == pytest.approx(min([*others, lost]), abs=1e-9)
            replaced += row["replacement"] is not None
    assert replaced > 10


def test_the_curve_is_that_of_each_number() -> None:
    for seed in range(15):
        some = beside_town(seed)
        required = len(list(some.town.rules.required))
        numbers = [required + 3, required, required + 1]
        curve = some.ask(coverage_by_number, numbers=numbers)
        assert curve.points.index.tolist() == sorted(numbers)
        for number, row in curve.points.iterrows():
            best = max(
                some.town.covers(plan)
                for plan in some.town.plans()
                if some.town.is_within(plan, int(str(number)))
            )
            assert row["covered"] == pytest.approx(best, abs=1e-9), seed
            assert row["covered_bound"] == row["covered"]
        assert curve.points["covered"].is_monotonic_increasing


TIMES = pd.DataFrame(
    [("a", "A", 1.0), ("b", "B", 2.0), ("c", "C", 3.0), ("d", "D", 4.0)],
    columns=["origin", "destination", "walk_minutes"],
)
PEOPLE = pd.DataFrame({"elderly_60": [60.0, 30.0, 5.0, 5.0]}, index=list("abcd"))


def test_the_knee_is_where_a_planner_sees_it() -> None:
    curve = coverage_by_number(TIMES, PEOPLE, list("ABCD"), limit_minutes=9, numbers=range(5))
    assert curve.points["covered"].tolist() == [0, 60, 90, 95, 100]
    assert curve.points["gain_of_one"].tolist()[1:] == [60, 30, 5, 5]
    assert curve.points["share"].iloc[-1] == 1.0
    # Above the line by 0.6 - 0.25, then by 0.9 - 0.5, then by 0.95 - 0.75.
    assert curve.knee == 2
    straight = coverage_by_number(TIMES, PEOPLE, ["C", "D"], limit_minutes=9, numbers=range(3))
    assert straight.knee is None
    assert coverage_by_number(TIMES, PEOPLE, ["A"], limit_minutes=9, numbers=[1]).knee is None


def test_a_curve_cut_short_never_falls_and_its_bounds_hold() -> None:
    full = coverage_by_number(TIMES, PEOPLE, list("ABCD"), limit_minutes=9, numbers=range(5))
    hasty = coverage_by_number(
        TIMES, PEOPLE, list("ABCD"), limit_minutes=9, numbers=range(5), time_limit_s=1e-9
    )
    assert hasty.points["covered"].is_monotonic_increasing
    assert hasty.points["covered_bound"].is_monotonic_increasing
    assert (hasty.points["covered_bound"] >= full.points["covered"]).all()
    with pytest.raises(SitingError) as refused:
        coverage_by_number(TIMES, PEOPLE, ["A"], limit_minutes=9, numbers=[-1, 1.5], time_limit_s=0)  # type: ignore[list-item]
    assert len(refused.value.problems) == 3
    with pytest.raises(SitingError):
        coverage_by_number(TIMES, PEOPLE, ["A"], limit_minutes=9, numbers=[])


def test_money_buys_what_trying_every_plan_finds() -> None:
    for seed in range(40):
        some = random_town(seed)
        rng = np.random.default_rng(seed)
        costs = pd.Series(
            {site: float(rng.integers(0, 9)) * 0.1 for site in some.candidates}, dtype=float
        )
        budgets = [0.0, 0.3, 0.7, 1.1, 9.0]
        curve = coverage_by_money(
            some.times,
            some.residents,
            some.candidates,
            limit_minutes=LIMIT,
            costs=costs,
            budgets=budgets[::-1],
            existing=some.existing,
        )
        for budget, row in curve.points.iterrows():
            best = max(
                some.weight_of(some.covered_by((*some.existing, *sites)))
                for sites in some.subsets(9)
                if sum(costs[one] for one in sites) <= float(str(budget)) + 1e-9
            )
            assert row["covered"] == pytest.approx(best, abs=1e-9), (seed, budget)
            assert row["covered_bound"] == pytest.approx(best, abs=1e-9)
            assert row["cost"] <= float(str(budget)) + 1e-9
            assert row["status"] == "optimal"
            opened = [*some.existing, *row["chosen"]]
            again = covered_weight(some.times, some.residents, opened, limit_minutes=LIMIT)
            assert again == pytest.approx(row["covered"])


def test_money_with_rules_and_without_enough() -> None:
    for seed in range(15):
        some = beside_town(seed)
        costs = pd.Series(1.0, index=list(some.town.candidates))
        required = len(list(some.town.rules.required))
        curve = some.ask(coverage_by_money, costs=costs, budgets=[0, required, required + 1])
        if required:
            assert curve.points.loc[0.0, "status"] == "infeasible"
            assert np.isnan(curve.points.loc[0.0, "covered"])
            assert curve.points.loc[0.0, "chosen"] == ()
        best = max(
            some.town.covers(plan) for plan in some.town.plans() if len(plan.new) <= required + 1
        )
        assert curve.points["covered"].iloc[-1] == pytest.approx(best, abs=1e-9), seed


def test_costs_and_budgets_that_are_wrong() -> None:
    def keys(costs: Any, budgets: Any, **more: Any) -> list[str]:
        with pytest.raises(SitingError) as refused:
            coverage_by_money(
                TIMES, PEOPLE, ["A", "B"], limit_minutes=9, costs=costs, budgets=budgets, **more
            )
        return [problem.key.split(".")[1] for problem in refused.value.problems]

    assert keys(pd.Series({"A": 1.0}), [1]) == ["costs_missing"]
    assert keys(pd.Series({"A": 1.0, "B": np.nan}), []) == ["costs_missing", "no_numbers"]
    assert keys(pd.Series({"A": 1.0, "B": -2.0}), [-1]) == ["costs_wrong", "budget_wrong"]
    assert keys(pd.Series({"A": 1.0, "B": 1.0}), [1], time_limit_s=0) == ["not_positive"]


@pytest.mark.parametrize("module", [curves, insisting, losses_module, money_curve])
def test_the_examples_in_the_docstrings_run(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
