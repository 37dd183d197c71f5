"""Towns solved by hand: whom a plan walks to, what it leaves out, and what it says of it."""

from __future__ import annotations

import dataclasses
import doctest
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import PlannerError
from planner.siting.asking.rules import SiteRules
from planner.siting.walking import plans, questions, recount
from planner.siting.walking.questions import least_worst_walk, shortest_walk

# Minutes on foot; (n) are elders, capitals are candidates, "old" is open already.
#
#   a(10) --5-- A --15-- b(20) --5-- B --5-- c(30)      e(7): no street      f(0): nobody there
#                          |                 |
#                          6                 9
#                          |                 |
#                          C --3-- d(40)    old
WEIGHTS = {"a": 10, "b": 20, "c": 30, "d": 40, "e": 7, "f": 0}
PAIRS = [
    ("a", "A", 5.0),
    ("b", "A", 15.0),
    ("b", "B", 5.0),
    ("c", "B", 5.0),
    ("b", "C", 6.0),
    ("d", "C", 3.0),
    ("f", "C", 1.0),
    ("c", "old", 14.0),
    ("b", "old", 19.0),
]
TIMES = pd.DataFrame(PAIRS, columns=["origin", "destination", "walk_minutes"])
RESIDENTS = pd.DataFrame({"elderly_60": WEIGHTS})
SITES = ["A", "B", "C"]


def test_first_the_most_are_reached_then_they_walk_least() -> None:
    plan = shortest_walk(TIMES, RESIDENTS, SITES, new_centres=1, existing=["old"])
    # b and c have the old centre: C alone brings 40 more within reach, A 10, B nobody.
    assert plan.chosen == ("C",)
    assert (plan.reached_before, plan.reached, plan.reachable) == (50.0, 90.0, 100.0)
    # 30 x 14 to the old centre, 20 x 6 and 40 x 3 to C; today 20 x 19 and 30 x 14.
    assert (plan.walk_before, plan.walk, plan.bound) == (800.0, 660.0, 660.0)
    assert (plan.mean_before, plan.mean) == (16.0, 660 / 90)
    assert (plan.worst_before, plan.worst) == (19.0, 14.0)
    assert (plan.left_out, plan.unreachable) == (("a",), ("e",))
    assert (plan.without_weight, plan.total) == (1, 107.0)
    assert plan.is_proven
    assert plan.gap == 0.0
    assert plan.existing == ("old",)
    assert plan.status_text("en") == "proven optimal"


def test_walks_are_told_for_everybody() -> None:
    walks = shortest_walk(TIMES, RESIDENTS, SITES, new_centres=1, existing=["old"]).walks
    assert walks.index.name == "resident"
    assert walks["centre"].tolist() == [None, "C", "old", "C", None, "C"]
    assert walks["centre_before"].tolist() == [None, "old", "old", None, None, None]
    np.testing.assert_array_equal(
        walks["walk_minutes"].to_numpy(), [np.nan, 6.0, 14.0, 3.0, np.nan, 1.0]
    )
    np.testing.assert_array_equal(
        walks["minutes_before"].to_numpy(), [np.nan, 19.0, 14.0, np.nan, np.nan, np.nan]
    )


def test_gains_say_what_each_site_adds_and_what_hangs_on_it() -> None:
    plan = shortest_walk(TIMES, RESIDENTS, SITES, new_centres=3, existing=["old"])
    assert plan.chosen == ("C", "A", "B")
    expected = pd.DataFrame(
        {
            "newly_reached": [40.0, 10.0, 0.0],
            # C brings b from 19 to 6; A nobody; B brings b from 6 to 5 and c from 14 to 5.
            "saved": [260.0, 0.0, 290.0],
            "serves": [40.0, 10.0, 50.0],
            "mean_minutes": [3.0, 5.0, 5.0],
            "only_here": [40.0, 10.0, 0.0],
            "longer": [0.0, 0.0, 290.0],
        },
        index=pd.Index(["C", "A", "B"], name="candidate"),
    )
    pd.testing.assert_frame_equal(plan.gains, expected, check_index_type=False)


def test_sites_that_serve_nobody_are_not_built_and_idle_ones_are_named() -> None:
    times = pd.concat([TIMES, pd.DataFrame([("c", "far", 14.0)], columns=TIMES.columns)])
    plan = shortest_walk(times, RESIDENTS, [*SITES, "far"], new_centres=9, existing=["old"])
    assert plan.chosen == ("C", "A", "B")
    assert plan.idle_candidates == ("far",)
    assert plan.left_out == ()


def test_nobody_in_reach_no_candidates_no_new_centres() -> None:
    for answer in (shortest_walk, least_worst_walk):
        nowhere = answer(TIMES.iloc[:0], RESIDENTS, SITES, new_centres=2)
        assert (nowhere.chosen, nowhere.walk, nowhere.bound, nowhere.gap) == ((), 0.0, 0.0, 0.0)
        assert (nowhere.mean, nowhere.worst, nowhere.reached) == (None, None, 0.0)
        assert nowhere.unreachable == ("a", "b", "c", "d", "e")
        assert nowhere.idle_candidates == ("A", "B", "C")
        assert list(nowhere.gains.columns)[:2] == ["newly_reached", "saved"]
        none = answer(TIMES, RESIDENTS, SITES, new_centres=0, existing=["old"])
        assert (none.chosen, none.walk, none.worst) == ((), 800.0, 19.0)
        assert none.left_out == ("a", "d")
        assert none.is_proven
        assert answer(TIMES, RESIDENTS, [], new_centres=3, existing=["old"]).walk == 800.0


@pytest.mark.parametrize(
    ("minutes", "reached"),
    [(15.0, 5.0), (15.0 + 9e-7, 5.0), (15.0 + 2e-6, 0.0), (math.inf, 0.0), (math.nan, 0.0)],
)
def test_the_limit_itself_is_within(minutes: float, reached: float) -> None:
    times = pd.DataFrame({"origin": ["a"], "destination": ["A"], "walk_minutes": [minutes]})
    people = pd.DataFrame({"elderly_60": [5]}, index=["a"])
    for answer in (shortest_walk, least_worst_walk):
        plan = answer(times, people, ["A"], new_centres=1, limit_minutes=15)
        assert plan.reached == reached
        assert plan.unreachable == (() if reached else ("a",))
        assert plan.limit_minutes == 15


def test_weights_of_every_size_give_the_same_plan() -> None:
    for factor in (1e-9, 1e-3, 1e9):
        plan = shortest_walk(TIMES, RESIDENTS * factor, SITES, new_centres=2, existing=["old"])
        assert plan.chosen == ("C", "A")
        assert plan.is_proven
        assert plan.walk == pytest.approx(710.0 * factor, rel=1e-12)


def test_weights_may_be_factors_or_heads() -> None:
    people = RESIDENTS.assign(disabled=[90, 0, 0, 0, 0, 0])
    counted: dict[str, float] = {"elderly_60": 1, "disabled": 2}
    assert shortest_walk(TIMES, people, SITES, new_centres=1, weight=counted).chosen == ("A",)
    heads = shortest_walk(TIMES, people, SITES, new_centres=1, weight=None)
    assert (heads.chosen, heads.reached, heads.walk) == (("C",), 3.0, 10.0)


def test_ids_may_be_numbers_shared_by_residents_and_candidates() -> None:
    times = pd.DataFrame(
        {"origin": [1, 2, 3, 10], "destination": [2, 2, 10, 10], "walk_minutes": [1.0, 0, 1, 0]}
    )
    people = pd.DataFrame({"elderly_60": [1, 1, 1, 1]}, index=[10, 3, 2, 1])
    plan = shortest_walk(times, people, [10, 2, 1], new_centres=2)
    assert set(map(int, plan.chosen)) == {2, 10}
    assert plan.walk == 2.0


def test_a_centre_may_move_and_stays_where_moving_wins_nothing() -> None:
    rows = [("a", "old", 5.0), ("a", "new", 5.0), ("b", "old", 5.0), ("b", "new", 5.0)]
    times = pd.DataFrame(rows, columns=TIMES.columns)
    people = pd.DataFrame({"elderly_60": [1, 1]}, index=["a", "b"])
    moving = SiteRules(may_close=["old"])
    for answer in (shortest_walk, least_worst_walk):
        same = answer(times, people, ["new"], new_centres=0, existing=["old"], rules=moving)
        assert (same.chosen, same.existing, same.closed) == ((), ("old",), ())
        nearer = times.assign(walk_minutes=[5.0, 4.0, 5.0, 4.0])
        moved = answer(nearer, people, ["new"], new_centres=0, existing=["old"], rules=moving)
        assert (moved.chosen, moved.existing, moved.closed) == (("new",), (), ("old",))


def test_required_sites_are_opened_even_if_they_serve_nobody() -> None:
    rules = SiteRules(required=["A"], barred=["B"])
    plan = shortest_walk(TIMES, RESIDENTS, SITES, new_centres=2, rules=rules)
    assert plan.chosen == ("C", "A")
    assert plan.barred == ("B",)
    # Only the barred site would reach c.
    assert (plan.left_out, plan.unreachable) == ((), ("c", "e"))


def test_every_fault_is_told_at_once() -> None:
    times = TIMES.assign(walk_minutes=-1.0)
    with pytest.raises(PlannerError) as refused:
        shortest_walk(
            times, RESIDENTS, SITES, new_centres=-1, limit_minutes=0, time_limit_s=0, gap=1
        )
    keys = [problem.key for problem in refused.value.problems]
    assert keys == [
        "siting.count_wrong",
        "siting.not_positive",
        "siting.gap_wrong",
        "siting.not_positive",
        "siting.minutes_negative",
    ]
    twice = pd.concat([TIMES, TIMES.iloc[:2]])
    for answer in (shortest_walk, least_worst_walk):
        with pytest.raises(PlannerError) as repeated:
            answer(twice, RESIDENTS, SITES, new_centres=1)
        assert [problem.key for problem in repeated.value.problems] == ["siting.pairs_repeated"]
        assert "a → A" in str(repeated.value)


def test_tables_are_not_changed_and_results_are_frozen() -> None:
    times = TIMES.astype({"origin": "category", "destination": "category"})
    before = times.copy(deep=True)
    plan = shortest_walk(times, RESIDENTS, SITES, new_centres=1)
    pd.testing.assert_frame_equal(times, before)
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan.gap = 1.0  # type: ignore[misc]


def test_a_claim_that_the_tables_do_not_bear_out_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest = recount.nearest_open

    def lying(*tables: Any, **limits: Any) -> pd.DataFrame:
        told = honest(*tables, **limits)
        return told.assign(walk_minutes=told["walk_minutes"] + 0.1)

    monkeypatch.setattr(plans, "nearest_open", lying)
    for answer in (shortest_walk, least_worst_walk):
        with pytest.raises(PlannerError) as refused:
            answer(TIMES, RESIDENTS, SITES, new_centres=2)
        assert refused.value.message.key == "siting_walking.claim_broken"


def test_the_examples_in_the_docstrings_run() -> None:
    assert doctest.testmod(questions) == doctest.TestResults(failed=0, attempted=10)
