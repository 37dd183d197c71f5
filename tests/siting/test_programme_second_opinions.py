"""Every set of measures in every year tried on random small towns, and flows against scipy's."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from planner.siting import verify
from planner.siting.programmes.evaluating import flows, served
from planner.siting.programmes.flows import fewer_places, more_places, search_room
from planner.siting.programmes.least_cost import least_cost
from planner.siting.programmes.problem import Reach
from planner.siting.programmes.results import Programme
from planner.units import FloatArray
from tests.siting.programme_towns import LIMIT, MeasureTown, random_measure_town


def value_of(plan: Programme) -> tuple[float, float, float, float]:
    walked = float(plan.by_year["walk_minutes"].sum())
    return (plan.served_persons, plan.shortfall_m2, walked, plan.cost_yuan)


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_every_plan_tried(first: int) -> None:
    for seed in range(first, first + 10):
        town = random_measure_town(seed)
        plan = town.solved()
        assert plan.status == "optimal", seed
        assert value_of(plan) == pytest.approx(town.best(), abs=1e-3), seed
        for goal in plan.goals.itertuples():
            assert goal.bound == pytest.approx(goal.value, abs=1e-3), (seed, goal)


def year_after_year(town: MeasureTown) -> tuple[float, float]:
    """Served and short if each year takes its own best, the year before being what it is."""
    done: dict[str, int] = {}
    for place in range(len(town.years)):
        options = [
            plan
            for plan in town.plans()
            if {one: year for one, year in plan.items() if year < place} == done
            and all(year <= place for year in plan.values())
        ]
        alone = MeasureTown(
            town.times, town.residents, town.measures, town.existing, town.groups,
            town.years[: place + 1],
        )  # fmt: skip
        before = alone.short(done) if place else 0.0

        def rank(
            plan: dict[str, int], alone: MeasureTown = alone, place: int = place
        ) -> tuple[float, ...]:
            last = dict.fromkeys(plan, 0)
            only = MeasureTown(
                alone.times, alone.residents, alone.measures, alone.existing, alone.groups,
                (alone.years[place],),
            )  # fmt: skip
            return (
                -only.served_in(last, 0), only.short(last), round(only.walk(last), 4),
                only.money(plan),
            )  # fmt: skip

        best = min(rank(plan) for plan in options)
        tied = [plan for plan in options if rank(plan) == best]
        if len(tied) > 1:
            return (float("nan"), before)
        done = tied[0]
    return town.served(done), town.short(done)


def test_each_year_by_itself() -> None:
    compared = 0
    for seed in range(0, 24, 2):
        town = random_measure_town(seed)
        most, short = year_after_year(town)
        plan = town.solved(foresight=False)
        assert plan.served_persons <= town.best()[0] + 1e-6
        if not isnan(most):
            compared += 1
            assert (plan.served_persons, plan.shortfall_m2) == pytest.approx((most, short)), seed
    assert compared >= 4


def test_the_least_money_of_every_plan_that_serves_a_share() -> None:
    for seed in range(1, 26, 2):
        town = random_measure_town(seed)
        share = (0.3, 0.6, 1.0)[seed % 3]
        year = town.years[0]
        plan = least_cost(
            town.times, town.residents, town.measures, existing=town.existing, groups=town.groups,
            limit_minutes=LIMIT, unit="community_elders", served_share=share, weight=year.weight,
        )  # fmt: skip
        rich = MeasureTown(
            town.times, town.residents, town.measures.assign(from_year=np.nan), town.existing,
            town.groups, (type(year)(2030, 1e9, year.weight),),
        )  # fmt: skip
        ranked = [(rich.money(one), -rich.served(one), rich.short(one)) for one in rich.plans()]
        most = max(-one[1] for one in ranked)
        target = min(share * float(town.residents[year.weight].sum()), most)
        best = min(one for one in ranked if -one[1] >= target - 1e-6)
        found = (plan.cost_yuan, -plan.served_persons, plan.shortfall_m2)
        assert found == pytest.approx(best, abs=1e-3), seed
        assert plan.is_reached == (most >= share * float(town.residents[year.weight].sum()) - 1e-6)
        assert plan.most_persons == pytest.approx(most)


def test_one_sum_of_weighed_goals() -> None:
    for seed in range(10):
        town = random_measure_town(seed)
        plan = town.solved(goal_weights={"served": 3.0, "shortfall": 0.5, "money": 1.0})
        best = min(
            -3.0 * town.served(one) + 0.5 * town.short(one) + town.money(one)
            for one in town.plans()
        )
        assert plan.goals.loc["weighted", "value"] == pytest.approx(best, abs=1e-3), seed
        told = -3.0 * plan.served_persons + 0.5 * plan.shortfall_m2 + plan.cost_yuan
        assert told == pytest.approx(best, abs=1e-3), seed


def test_weights_that_count_no_persons_still_serve_all_whom_the_plan_can() -> None:
    for seed in range(10):
        town = random_measure_town(seed)
        plan = town.solved(goal_weights={"shortfall": 2.0})
        best = min((town.short(one), -town.served(one)) for one in town.plans())
        assert list(plan.goals.index) == ["weighted", "served", "walk"]
        found = (plan.shortfall_m2, -plan.served_persons)
        assert found == pytest.approx(best, abs=1e-3), seed
        assert not verify(plan).false_claims, seed
        walk = plan.goals.loc["walk"]
        assert walk["value"] == pytest.approx(walk["bound"], rel=1e-6)


def test_flows_that_follow_their_places_serve_what_fresh_ones_do() -> None:
    random = np.random.default_rng(7)
    for _ in range(30):
        rows, sites = int(random.integers(1, 12)), int(random.integers(1, 7))
        pairs = np.argwhere(random.random((rows, sites)) < 0.4)
        demand: FloatArray = random.integers(0, 9, (1, rows)).astype(float)
        reach = Reach(demand, pairs[:, 0], pairs[:, 1], np.zeros(len(pairs)))
        held: FloatArray = random.integers(0, 9, (1, sites)).astype(float)
        net, (flow,) = flows(reach, held)
        room = search_room(rows, sites)
        for _ in range(12):
            site = int(random.integers(sites))
            before = served(reach, held)[0]
            if random.random() < 0.5:
                change = float(random.integers(0, 6))
                gain = more_places(site, change, net, flow, room)
            else:
                change = -min(float(random.integers(0, 6)), held[0, site])
                gain = -fewer_places(site, -change, net, flow, room)
            held[0, site] += change
            now = served(reach, held)[0]
            assert gain == pytest.approx(now - before, abs=1e-9)
            assert float(flow.persons.sum()) == pytest.approx(now, abs=1e-9)
            assert (flow.free >= -1e-9).all()
            assert (flow.left >= -1e-9).all()
