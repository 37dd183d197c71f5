"""The same answers as published truth and as another solver's door, and within seconds."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, eye_array, hstack

from planner.siting import fewest_centres, most_people
from planner.siting.asking.rules import SiteRules
from planner.units import within
from tests.shared_data import shared_data
from tests.siting.san_francisco import SanFrancisco
from tests.siting.towns import LIMIT, Town, street_town


def test_san_francisco(san_francisco: SanFrancisco) -> None:
    times, tracts, stores = san_francisco
    truth = pd.read_csv(shared_data("truth/sf_siting_exact.csv"))
    seen = 0
    for row in truth[truth["problem"].isin(["mclp", "lscp"])].to_dict("records"):
        if row["problem"] == "mclp":
            most = most_people(
                times,
                tracts,
                stores,
                limit_minutes=row["radius"],
                new_centres=int(row["p"]),
                weight="POP2000",
            )
            assert most.covered == most.bound == row["objective"], row
            assert most.gap == 0.0
            assert len(most.chosen) <= row["p"]
        else:
            fewest = fewest_centres(
                times, tracts, stores, limit_minutes=row["radius"], weight="POP2000"
            )
            assert len(fewest.chosen) == fewest.bound == row["objective"], row
            assert fewest.covered == tracts["POP2000"].sum()
        seen += 1
    assert seen == 62


def _by_scipy(some: Town, new_centres: int | None) -> float:
    """The textbook model, one column a resident, nothing reduced."""
    near = some.times[within(some.times["walk_minutes"].to_numpy(), LIMIT)]
    rows = some.residents.index.get_indexer(pd.Index(near["origin"].astype(str)))
    columns = pd.Index(some.candidates).get_indexer(pd.Index(near["destination"].astype(str)))
    people, sites = len(some.residents), len(some.candidates)
    sees = coo_array((np.ones(len(near)), (rows, columns)), shape=(people, sites)).tocsr()
    if new_centres is None:
        sees = sees[np.flatnonzero(sees.sum(axis=1))]
        rule = LinearConstraint(sees, 1.0)
        return float(milp(np.ones(sites), constraints=rule, integrality=1, bounds=Bounds(0, 1)).fun)
    weights = some.residents["elderly_60"].to_numpy(dtype=float)
    cost = np.r_[np.zeros(sites), -weights]
    covering = LinearConstraint(hstack([-sees, eye_array(people)]).tocsr(), -np.inf, 0.0)
    number = LinearConstraint(np.r_[np.ones(sites), np.zeros(people)], -np.inf, new_centres)
    solved = milp(
        cost,
        constraints=[covering, number],
        integrality=np.r_[np.ones(sites), np.zeros(people)],
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    return -float(solved.fun)


@pytest.mark.parametrize(("seed", "seen"), [(1, 2.0), (2, 5.0), (3, 7.0)])
def test_scipy_finds_the_same(seed: int, seen: float) -> None:
    some = street_town(60, 600, seen, seed=seed)
    for new_centres in (3, 12):
        plan = most_people(**some.asked, new_centres=new_centres)
        assert plan.covered == pytest.approx(_by_scipy(some, new_centres), rel=1e-9)
    fewest = fewest_centres(**some.asked)
    assert len(fewest.chosen) == round(_by_scipy(some, None))


def test_a_district_is_solved_in_seconds() -> None:
    district = street_town(300, 3000, 5, seed=1)
    began = time.perf_counter()
    plan = most_people(
        district.times,
        district.residents,
        district.candidates,
        limit_minutes=LIMIT,
        new_centres=30,
    )
    assert plan.status == "optimal"
    assert time.perf_counter() - began < 20


def _ruled_by_scipy(some: Town, new_centres: int, rules: SiteRules) -> float:
    """The textbook model with its rules as rows; today's centres are sites like the others."""
    near = some.times[within(some.times["walk_minutes"].to_numpy(), LIMIT)]
    rows = some.residents.index.get_indexer(pd.Index(near["origin"].astype(str)))
    places = pd.Index([*some.candidates, *some.existing])
    columns = places.get_indexer(pd.Index(near["destination"].astype(str)))
    people, sites = len(some.residents), len(places)
    sees = coo_array((np.ones(len(near)), (rows, columns)), shape=(people, sites)).tocsr()
    lower, upper = np.zeros(sites + people), np.ones(sites + people)
    lower[places.get_indexer(pd.Index(rules.required))] = 1.0
    lower[sites - len(some.existing) : sites] = ~places[-len(some.existing) :].isin(rules.may_close)
    upper[places.get_indexer(pd.Index(rules.barred))] = 0.0
    covering = LinearConstraint(hstack([-sees, eye_array(people)]).tocsr(), -np.inf, 0.0)
    ones = np.r_[np.ones(sites), np.zeros(people)]
    rows_of_rules = [LinearConstraint(ones, -np.inf, new_centres + len(some.existing))]
    for group in rules.at_most_one:
        member = np.zeros(sites + people)
        member[places.get_indexer(pd.Index(group))] = 1.0
        rows_of_rules.append(LinearConstraint(member, -np.inf, 1.0))
    solved = milp(
        np.r_[np.zeros(sites), -some.residents["elderly_60"].to_numpy(dtype=float)],
        constraints=[covering, *rows_of_rules],
        integrality=np.r_[np.ones(sites), np.zeros(people)],
        bounds=Bounds(lower, upper),
        options={"mip_rel_gap": 0.0},
    )
    return -float(solved.fun)


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_scipy_finds_the_same_under_rules(seed: int) -> None:
    some = street_town(70, 600, 5.0, seed=seed)
    rng = np.random.default_rng(seed)
    places = list(rng.permutation(some.candidates))
    some = Town(some.times, some.residents, tuple(places[10:]), tuple(places[:10]), {})
    rules = SiteRules(
        required=places[10:13],
        barred=places[13:20],
        may_close=places[:6],
        at_most_one=[places[number : number + 4] for number in range(20, 68, 4)]
        + [[places[0], places[25]]],
    )
    plan = most_people(**some.asked, new_centres=8, rules=rules)
    assert plan.covered == pytest.approx(_ruled_by_scipy(some, 8, rules), rel=1e-9)
    assert plan.status == "optimal"
