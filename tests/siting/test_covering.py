"""Towns solved by hand, and every subset tried on hundreds of random ones."""

from __future__ import annotations

import dataclasses
import doctest

import pandas as pd
import pytest

from planner.errors import PlannerError
from planner.siting import covered_weight, fewest_centres, most_people
from planner.siting.covering import outcome as reporting
from planner.siting.covering import questions as covering
from tests.siting.towns import LIMIT, Town, random_town, town

# Minutes on foot; (n) are elders, capitals are candidates, "old" is open already.
#
#   a(10) --5-- A --15-- b(20) --5-- B --5-- c(30)      e(7): no street      f(0): nobody there
#                          |                 |
#                          6                 9
#                          |                 |
#                          C --3-- d(40)    old
WEIGHTS = {"a": 10.0, "b": 20.0, "c": 30.0, "d": 40.0, "e": 7.0, "f": 0.0}
PAIRS = [
    ("a", "A", 5.0),
    ("b", "A", 15.0),
    ("b", "B", 5.0),
    ("c", "B", 5.0),
    ("b", "C", 6.0),
    ("d", "C", 3.0),
    ("c", "old", 14.0),
    ("b", "old", 19.0),
]


@pytest.fixture
def by_hand() -> Town:
    return town(PAIRS, WEIGHTS, ["A", "B", "C"], ["old"])


def test_one_centre_goes_where_most_are_new(by_hand: Town) -> None:
    plan = most_people(
        by_hand.times,
        by_hand.residents,
        by_hand.candidates,
        limit_minutes=LIMIT,
        new_centres=1,
        existing=by_hand.existing,
    )
    # B would reach 50, but 30 of them have the old centre: C brings 60, A 30, B 20.
    assert plan.chosen == ("C",)
    assert (plan.covered_before, plan.gain, plan.covered) == (30.0, 60.0, 90.0)
    assert (plan.total, plan.coverable, plan.bound, plan.gap) == (107.0, 100.0, 90.0, 0.0)
    assert plan.status == "optimal"
    assert plan.is_proven
    assert plan.status_text() == "已证明最优"
    assert plan.status_text("en") == "proven optimal"
    assert plan.unreachable == ("e",)
    assert plan.without_weight == 1
    assert (plan.limit_minutes, plan.new_centres, plan.weight) == (15.0, 1, "elderly_60")


def test_without_the_old_centre_the_answer_changes(by_hand: Town) -> None:
    plan = most_people(
        by_hand.times, by_hand.residents, by_hand.candidates, limit_minutes=LIMIT, new_centres=2
    )
    assert plan.chosen == ("C", "B")
    assert plan.covered_before == 0.0
    assert plan.covered == 90.0


def test_centres_that_add_nobody_are_not_built(by_hand: Town) -> None:
    plan = most_people(
        by_hand.times,
        by_hand.residents,
        by_hand.candidates,
        limit_minutes=LIMIT,
        new_centres=9,
        existing=by_hand.existing,
    )
    assert plan.chosen == ("C", "A")
    assert plan.covered == plan.coverable == plan.bound == 100.0


def test_gains_say_what_each_site_adds_and_what_hangs_on_it(by_hand: Town) -> None:
    gains = most_people(
        by_hand.times, by_hand.residents, by_hand.candidates, limit_minutes=LIMIT, new_centres=3
    ).gains
    assert gains.index.name == "candidate"
    expected = pd.DataFrame(
        {
            "gain": [60.0, 30.0, 10.0],
            "covered_after": [60.0, 90.0, 100.0],
            "reach": [60.0, 50.0, 30.0],
            "only_here": [40.0, 30.0, 10.0],
        },
        index=pd.Index(["C", "B", "A"], name="candidate"),
    )
    pd.testing.assert_frame_equal(gains, expected, check_index_type=False)


def test_fewest_centres_for_all_who_can_be(by_hand: Town) -> None:
    plan = fewest_centres(by_hand.times, by_hand.residents, by_hand.candidates, limit_minutes=LIMIT)
    assert plan.chosen == ("C", "B", "A")
    assert (plan.bound, plan.gap, plan.status) == (3, 0.0, "optimal")
    assert plan.unreachable == ("e",)
    assert plan.covered == plan.coverable == 100.0
    around = fewest_centres(
        by_hand.times,
        by_hand.residents,
        by_hand.candidates,
        limit_minutes=LIMIT,
        existing=["old"],
    )
    assert around.chosen == ("C", "A")
    assert around.bound == 2
    assert around.existing == ("old",)
    assert around.idle_candidates == ()


def test_an_empty_house_needs_no_centre() -> None:
    lonely = town([("a", "A", 1.0), ("f", "B", 1.0)], {"a": 1.0, "f": 0.0}, ["A", "B"])
    plan = fewest_centres(lonely.times, lonely.residents, lonely.candidates, limit_minutes=LIMIT)
    assert plan.chosen == ("A",)
    assert plan.idle_candidates == ("B",)
    everyone = fewest_centres(
        lonely.times, lonely.residents, lonely.candidates, limit_minutes=LIMIT, weight=None
    )
    assert everyone.chosen == ("A", "B")


@pytest.mark.parametrize(
    ("minutes", "covered"),
    [(15.0, 5.0), (15.0 + 9e-7, 5.0), (15.0 + 2e-6, 0.0), (14.999999, 5.0), (float("inf"), 0.0)],
)
def test_the_limit_itself_is_within(minutes: float, covered: float) -> None:
    border = town([("a", "A", minutes)], {"a": 5.0}, ["A"])
    plan = most_people(border.times, border.residents, ["A"], limit_minutes=LIMIT, new_centres=1)
    assert plan.covered == covered
    assert plan.unreachable == (() if covered else ("a",))


def test_no_candidate_in_reach_is_a_true_answer() -> None:
    far = town([("a", "A", 16.0)], {"a": 5.0}, ["A"])
    most = most_people(far.times, far.residents, ["A"], limit_minutes=LIMIT, new_centres=3)
    fewest = fewest_centres(far.times, far.residents, ["A"], limit_minutes=LIMIT)
    for plan in (most, fewest):
        assert plan.chosen == ()
        assert (plan.covered, plan.gap, plan.status) == (0.0, 0.0, "optimal")
        assert plan.unreachable == ("a",)
        assert plan.idle_candidates == ("A",)
        assert list(plan.gains.columns) == ["gain", "covered_after", "reach", "only_here"]
    assert (most.bound, fewest.bound) == (0.0, 0)


def test_no_times_no_candidates_no_new_centres(by_hand: Town) -> None:
    nothing = by_hand.times.iloc[:0]
    assert most_people(nothing, by_hand.residents, [], limit_minutes=5, new_centres=2).chosen == ()
    none = most_people(
        by_hand.times,
        by_hand.residents,
        by_hand.candidates,
        limit_minutes=LIMIT,
        new_centres=0,
        existing=["old"],
    )
    assert (none.chosen, none.covered, none.bound) == ((), 30.0, 30.0)


def test_tables_are_not_changed_and_candidates_may_be_a_table(by_hand: Town) -> None:
    times = by_hand.times.astype({"origin": "category", "destination": "category"})
    before = times.copy(deep=True)
    table = pd.DataFrame({"name": ["x", "y", "z"]}, index=list(by_hand.candidates))
    plan = most_people(times, by_hand.residents, table, limit_minutes=LIMIT, new_centres=1)
    assert plan.chosen == ("C",)
    pd.testing.assert_frame_equal(times, before)
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan.gap = 1.0  # type: ignore[misc]


def test_ids_may_be_numbers_and_shared_by_residents_and_candidates() -> None:
    times = pd.DataFrame(
        {"origin": [1, 2, 3, 10], "destination": [2, 2, 10, 10], "walk_minutes": [1.0, 0, 1, 0]}
    )
    people = pd.DataFrame({"elderly_60": [1, 1, 1, 1]}, index=[10, 3, 2, 1])
    plan = most_people(times, people, [10, 2, 1], limit_minutes=1, new_centres=1)
    assert list(map(str, plan.chosen)) == [
        "2"
    ]  # as good as 10, and before it as a number (not as a text)
    assert plan.covered == 2.0


def test_destinations_that_are_no_sites_do_not_count(by_hand: Town) -> None:
    plan = most_people(by_hand.times, by_hand.residents, ["B"], limit_minutes=LIMIT, new_centres=1)
    assert plan.covered == 50.0
    assert plan.unreachable == ("a", "d", "e")


def test_weights_of_every_size_give_the_same_plan() -> None:
    mixed = random_town(7)
    plans = {
        most_people(
            mixed.times,
            mixed.residents * factor,
            mixed.candidates,
            limit_minutes=LIMIT,
            new_centres=2,
        ).chosen
        for factor in (1e-9, 1e-3, 1.0, 1e9)
    }
    assert len(plans) == 1


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_most_people_equals_trying_every_subset(first: int) -> None:
    for seed in range(first, first + 50):
        small = random_town(seed)
        for new_centres in (1, seed % 9):
            plan = most_people(
                small.times,
                small.residents,
                small.candidates,
                limit_minutes=LIMIT,
                new_centres=new_centres,
                existing=small.existing,
            )
            best = small.most_covered(new_centres)
            assert plan.covered == pytest.approx(best, rel=1e-12), seed
            assert plan.bound == plan.covered, seed
            assert plan.status == "optimal", seed
            assert len(plan.chosen) <= new_centres
            assert set(plan.unreachable) == small.unreachable(), seed
            assert plan.covered_before == pytest.approx(
                small.weight_of(small.covered_by(small.existing))
            )
            again = covered_weight(
                small.times,
                small.residents,
                [*small.existing, *plan.chosen],
                limit_minutes=LIMIT,
            )
            assert plan.covered_before + plan.gain == pytest.approx(again, rel=1e-12)


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_fewest_centres_equals_trying_every_subset(first: int) -> None:
    for seed in range(first, first + 50):
        small = random_town(seed)
        plan = fewest_centres(
            small.times,
            small.residents,
            small.candidates,
            limit_minutes=LIMIT,
            existing=small.existing,
        )
        assert len(plan.chosen) == plan.bound == small.fewest(), seed
        assert plan.status == "optimal"
        assert small.in_need() <= small.covered_by((*small.existing, *plan.chosen)), seed
        assert set(plan.unreachable) == small.unreachable(), seed
        assert plan.covered == pytest.approx(plan.coverable, rel=1e-12)


def test_a_claim_that_the_tables_do_not_bear_out_is_refused(
    by_hand: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "covered_weight", lambda *_, **__: 89.9)
    with pytest.raises(PlannerError) as refused:
        most_people(
            by_hand.times, by_hand.residents, by_hand.candidates, limit_minutes=15, new_centres=2
        )
    assert refused.value.message.key == "siting.claim_broken"


def test_the_examples_in_the_docstrings_run() -> None:
    assert doctest.testmod(covering) == doctest.TestResults(failed=0, attempted=10)
