"""Plans under rules: solved by hand, and every set of open places tried on hundreds of towns."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from planner.siting.asking.rules import SiteRules
from planner.siting.covering.questions import fewest_centres, most_people
from planner.siting.results import CoveringPlan, MostPeople
from tests.siting.ruled_towns import RuledTown, ruled_town
from tests.siting.towns import LIMIT, Town, town


def _keeps_the_rules(plan: CoveringPlan, some: RuledTown) -> None:
    rules, opened = some.rules, {*plan.chosen, *plan.existing}
    assert set(rules.required) <= set(plan.chosen) <= set(some.candidates)
    assert not set(plan.chosen) & (set(rules.barred) | set(plan.barred))
    assert some.kept <= set(plan.existing)
    assert not set(plan.existing) & set(rules.must_close)
    assert sorted([*plan.existing, *plan.closed]) == sorted(some.existing)
    assert some.allows(frozenset(opened))
    assert list(plan.gains.index) == list(plan.chosen)
    assert plan.covered == pytest.approx(some.weight_of(some.covered_by(opened)), rel=1e-12)
    before = some.weight_of(some.covered_by(some.existing))
    assert plan.covered_before == pytest.approx(before, rel=1e-12)
    assert plan.gain == pytest.approx(plan.covered - before, abs=1e-9)
    stays = some.weight_of(some.covered_by(plan.existing))
    assert plan.gains["gain"].sum() == pytest.approx(plan.covered - stays, abs=1e-9)


@pytest.mark.parametrize("first", range(0, 240, 60))
def test_most_people_under_rules_equals_trying_everything(first: int) -> None:
    for seed in range(first, first + 60):
        some = ruled_town(seed)
        new_centres = len(some.rules.required) + seed % 4
        plan = most_people(**some.asked, new_centres=new_centres)
        _keeps_the_rules(plan, some)
        best, stay = some.most(new_centres)
        assert plan.covered == pytest.approx(best, rel=1e-12), seed
        assert plan.bound == plan.covered, seed
        assert (plan.gap, plan.status) == (0.0, "optimal"), seed
        assert len(plan.existing) == stay, seed
        moved = len(set(plan.closed) & some.may_close)
        assert len(plan.chosen) <= new_centres + moved


@pytest.mark.parametrize("first", range(0, 240, 60))
def test_fewest_centres_under_rules_equals_trying_everything(first: int) -> None:
    left_out = 0
    for seed in range(first, first + 60):
        some = ruled_town(seed)
        plan = fewest_centres(**some.asked)
        _keeps_the_rules(plan, some)
        best, count, stay = some.fewest()
        assert plan.covered == pytest.approx(best, rel=1e-12), seed
        centres = len(plan.chosen) + len(set(plan.existing) & some.may_close)
        assert centres == plan.bound == count, seed
        assert (plan.gap, plan.status) == (0.0, "optimal"), seed
        assert len(plan.existing) == stay, seed
        missing = plan.coverable - plan.covered
        assert some.weight_of(plan.left_out) == pytest.approx(missing, abs=1e-9), seed
        assert not set(plan.left_out) & set(plan.unreachable)
        left_out += len(plan.left_out)
    assert left_out > 0


# Minutes on foot; (n) are elders, capitals are candidates, "old" and "far" are open today.
#
#   a(10) -- A -- b(20) -- B -- c(30) -- old      d(5) -- far      e(5) -- far, D
PAIRS = [
    ("a", "A", 5.0),
    ("b", "A", 5.0),
    ("b", "B", 5.0),
    ("c", "B", 5.0),
    ("c", "old", 5.0),
    ("d", "far", 5.0),
    ("e", "far", 5.0),
    ("e", "D", 5.0),
]
WEIGHTS = {"a": 10.0, "b": 20.0, "c": 30.0, "d": 5.0, "e": 5.0}


@pytest.fixture
def by_hand() -> Town:
    return town(PAIRS, WEIGHTS, ["A", "B", "D"], ["old", "far"])


def _asked(some: Town, new_centres: int, **rules: Any) -> MostPeople:
    return most_people(**some.asked, new_centres=new_centres, rules=SiteRules(**rules))


def test_a_centre_that_may_close_moves_where_it_serves_more(by_hand: Town) -> None:
    stays = _asked(by_hand, 0)
    assert (stays.chosen, stays.covered, stays.closed) == ((), 40.0, ())
    moves = _asked(by_hand, 0, may_close=["far"])
    # A brings 30 and costs the 10 of the centre that moves.
    assert (moves.chosen, moves.existing, moves.closed) == (("A",), ("old",), ("far",))
    assert (moves.covered_before, moves.covered, moves.gain) == (40.0, 60.0, 20.0)
    assert moves.gains["gain"].tolist() == [30.0]
    both = _asked(by_hand, 1, may_close=["far"])
    assert (both.chosen, both.closed, both.covered) == (("A",), (), 70.0)


def test_at_equal_value_today_stays() -> None:
    same = town([("a", "A", 1.0), ("a", "z", 1.0)], {"a": 3.0}, ["A"], ["z"])
    for new_centres in (0, 1, 2):
        plan = _asked(same, new_centres, may_close=["z"])
        assert (plan.chosen, plan.existing, plan.closed) == ((), ("z",), ())
    fewest = fewest_centres(
        same.times,
        same.residents,
        ["A"],
        limit_minutes=LIMIT,
        existing=["z"],
        rules=SiteRules(may_close=["z"]),
    )
    assert (fewest.chosen, fewest.existing, fewest.bound) == ((), ("z",), 1)


def test_a_centre_that_must_close_may_lose_people(by_hand: Town) -> None:
    plan = _asked(by_hand, 0, must_close=["far"])
    assert (plan.closed, plan.covered_before, plan.covered, plan.gain) == (
        ("far",),
        40.0,
        30.0,
        -10.0,
    )
    assert (plan.gap, plan.status, plan.unreachable) == (0.0, "optimal", ("d",))


def test_required_sites_are_built_though_they_add_nobody(by_hand: Town) -> None:
    plan = _asked(by_hand, 2, required=["D"])
    assert plan.chosen == ("A", "D")
    assert plan.gains["gain"].tolist() == [30.0, 0.0]
    assert "D" not in plan.idle_candidates
    fewest = fewest_centres(**by_hand.asked, rules=SiteRules(required=["D"]))
    assert (fewest.chosen, fewest.bound) == (("A", "D"), 2)


def test_barred_and_crowded_out_sites_are_told(by_hand: Town) -> None:
    plan = _asked(by_hand, 3, barred=["D"], at_most_one=[["A", "old"]])
    assert plan.barred == ("A", "D")
    assert (plan.chosen, plan.unreachable) == (("B",), ("a",))


def test_a_required_site_pushes_out_a_centre_and_takes_its_place(by_hand: Town) -> None:
    plan = _asked(by_hand, 0, required=["A"], may_close=["old"], at_most_one=[["A", "old"]])
    assert (plan.chosen, plan.closed, plan.covered) == (("A",), ("old",), 40.0)


def test_one_of_two_buildings_of_one_owner_leaves_somebody_out(by_hand: Town) -> None:
    apart = pd.DataFrame({"first": ["A"], "second": ["B"]})
    for rules in (SiteRules(at_most_one=[["A", "B"]]), SiteRules(apart=apart)):
        plan = fewest_centres(
            by_hand.times,
            by_hand.residents,
            by_hand.candidates,
            limit_minutes=LIMIT,
            rules=rules,
        )
        # B covers 50, A only 30: D is needed by e; nobody but "far" (not asked here) reaches d.
        assert (plan.chosen, plan.covered, plan.coverable) == (("B", "D"), 55.0, 65.0)
        assert (plan.left_out, plan.unreachable) == (("a",), ("d",))
        assert (plan.bound, plan.gap, plan.status) == (2, 0.0, "optimal")


def test_a_radius_beside_the_walk(by_hand: Town) -> None:
    straight = by_hand.times.assign(straight_m=[500.0, 300.0, 300.0, 301.0, 0, 0, 0, 0])
    plan = most_people(
        straight,
        by_hand.residents,
        ["A", "B"],
        limit_minutes=LIMIT,
        new_centres=2,
        rules=SiteRules(radius_m=300.0),
    )
    assert (plan.chosen, plan.covered) == (("A",), 20.0)


def test_time_too_short_under_rules_is_a_labelled_plan() -> None:
    for seed in range(40):
        some = ruled_town(seed)
        plan = fewest_centres(**some.asked, time_limit_s=1e-9)
        _keeps_the_rules(plan, some)
        best, count, _ = some.fewest()
        assert plan.covered <= best * (1 + 1e-12)
        if plan.status == "optimal":
            assert plan.bound == count
        if plan.covered >= best * (1 - 1e-12):
            assert plan.bound <= count
