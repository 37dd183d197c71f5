"""The longest walk: towns solved by hand, and the decision that its search asks again and again."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from planner.siting.asking.inputs import ask
from planner.siting.asking.rules import SiteRules
from planner.siting.covering.found import Clock
from planner.siting.covering.problem import reduce_problem
from planner.siting.covering.questions import fewest_centres
from planner.siting.walking.deciding import decide
from planner.siting.walking.questions import least_worst_walk, shortest_walk
from tests.benchmarks.walking_graphs import beasley_walks, walking_tables
from tests.siting.walking_towns import ruled_town

# Along one street, minutes apart:  a(1) -2- P -2- b(90) -6- Q -4- c(5)      d(0)  far away
WALKS = {"P": [2.0, 2.0, 12.0, 60.0], "Q": [10.0, 6.0, 4.0, 90.0]}
TIMES = pd.DataFrame(
    [
        (one, site, minutes)
        for site in WALKS
        for one, minutes in zip("abcd", WALKS[site], strict=True)
    ],
    columns=["origin", "destination", "walk_minutes"],
)
RESIDENTS = pd.DataFrame({"elderly_60": {"a": 1, "b": 90, "c": 5, "d": 0}})


def test_the_last_to_arrive_decides_however_few_they_are() -> None:
    worst = least_worst_walk(TIMES, RESIDENTS, ["P", "Q"], new_centres=1)
    assert (worst.chosen, worst.worst, worst.bound, worst.gap) == (("Q",), 10.0, 10.0, 0.0)
    assert worst.is_proven
    assert shortest_walk(TIMES, RESIDENTS, ["P", "Q"], new_centres=1).chosen == ("P",)
    both = least_worst_walk(TIMES, RESIDENTS, ["P", "Q"], new_centres=2)
    assert (both.worst, both.worst_before) == (4.0, None)


def test_one_house_never_makes_a_city_impossible() -> None:
    cut_off = TIMES[TIMES["origin"] != "a"]
    plan = least_worst_walk(cut_off, RESIDENTS, ["P", "Q"], new_centres=1)
    assert (plan.unreachable, plan.worst, plan.chosen) == (("a",), 6.0, ("Q",))


def test_the_most_are_reached_before_the_longest_walk_counts() -> None:
    # Either site reaches b; only P reaches a, only Q reaches c, and c weighs more.
    sparse = TIMES[[True, True, False, False, False, True, True, False]]
    plan = least_worst_walk(sparse, RESIDENTS, ["P", "Q"], new_centres=1)
    assert (plan.chosen, plan.worst, plan.bound) == (("Q",), 6.0, 6.0)
    assert (plan.left_out, plan.reached) == (("a",), 95.0)


def test_distances_nearer_than_a_tolerance_are_told_apart() -> None:
    close = TIMES.assign(walk_minutes=TIMES["walk_minutes"] * 1e-8)
    plan = least_worst_walk(close, RESIDENTS, ["P", "Q"], new_centres=1)
    assert (plan.chosen, plan.worst) == (("Q",), 10.0 * 1e-8)


def test_today_is_kept_at_an_equal_longest_walk() -> None:
    rules = SiteRules(may_close=["Q"])
    kept = least_worst_walk(TIMES, RESIDENTS, ["P"], new_centres=0, existing=["Q"], rules=rules)
    assert (kept.chosen, kept.existing, kept.worst) == ((), ("Q",), 10.0)
    assert (kept.worst_before, kept.walks.loc["a", "centre"]) == (10.0, "Q")


@pytest.mark.parametrize("effort", ["plans", "prices", "exact"])
def test_decisions_are_never_wrong_and_exact_ones_always_made(effort: str) -> None:
    made = 0
    for seed in range(1, 120, 2):
        town = ruled_town(seed)
        asked = {name: value for name, value in town.asked().items() if name != "existing"}
        asked["limit_minutes"] = 9.0
        question = ask(
            town.times.replace(np.inf, np.nan),
            town.residents,
            town.candidates,
            town.existing,
            weight="elderly_60",
            **asked,  # type: ignore[arg-type]
        )
        problem = reduce_problem(question)
        for room in (1, 2):
            sites = range(len(problem.sites))
            plans = [np.array(one, dtype=np.int64) for one in combinations(sites, room)]
            singles = [np.array([one]) for one in sites]
            possible = not problem.groups or any(
                problem.allows(one) and problem.covered_groups(one).all()
                for one in [*plans, *singles]
            )
            decision = decide(problem, room, effort=effort, clock=Clock(None))  # type: ignore[arg-type]
            if decision.answer != "unknown":
                assert decision.answer == ("yes" if possible else "no"), seed
                made += 1
            if decision.answer == "yes":
                assert len(decision.sites) <= room
                assert problem.covered_groups(decision.sites).all()
                assert problem.allows(decision.sites)
    assert made >= {"plans": 30, "prices": 60, "exact": 120}[effort]


def test_fewest_sites_within_the_distance_agree() -> None:
    walks = beasley_walks(80, seed=4)
    times, residents = walking_tables(walks)
    for count in (3, 7):
        plan = least_worst_walk(times, residents, residents, new_centres=count)
        assert plan.is_proven
        assert plan.worst is not None
        chosen = [int(site) for site in plan.chosen]
        assert walks[:, chosen].min(axis=1).max() == plan.worst
        # No plan does it with a unit less: trying with the solver's own covering model.
        nearer = fewest_centres(times, residents, residents, limit_minutes=plan.worst - 1)
        assert nearer.bound > count
        assert fewest_centres(times, residents, residents, limit_minutes=plan.worst).bound <= count
