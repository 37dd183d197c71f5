"""Who gains, and what closes each gap: a town by hand, and sums that add up in random ones."""

from __future__ import annotations

import doctest
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import SitingError
from planner.siting import compare_plans, gap_sites, most_people, together, who_gains
from planner.siting.asking.rules import SiteRules
from planner.siting.beside import comparing_plans, gains, gap_closing_sites, walkers
from planner.siting.beside.gap_closing_sites import WHY_NOT
from planner.siting.beside.walkers import WalkerPart
from planner.siting.walking.questions import shortest_walk
from tests.siting.beside_towns import beside_town
from tests.siting.towns import LIMIT

# Minutes; (60+/80+). A gains a and b, B gains c; b is nearer to B; d has the old centre at 14 and
# A at 4; e has nothing near but the cellar (barred by its own facts) and f nothing at all; g has
# only C, of one owner with B.
PAIRS = [
    ("a", "A", 5.0),
    ("b", "A", 12.0),
    ("b", "B", 2.0),
    ("c", "B", 15.0),
    ("d", "old", 14.0),
    ("d", "A", 4.0),
    ("e", "cellar", 3.0),
    ("g", "C", 7.0),
    ("h", "D", 7.0),
]
TIMES = pd.DataFrame(PAIRS, columns=["origin", "destination", "walk_minutes"])
PEOPLE = pd.DataFrame(
    {
        "elderly_60": [40, 20, 30, 10, 5, 6, 7, 1],
        "elderly_80": [4, 2, 3, 1, 0, 0, 1, 0],
        "community": ["x", "x", "y", "x", "y", None, "y", None],
    },
    index=list("abcdefgh"),
)


@pytest.fixture
def plan() -> Any:
    return most_people(
        TIMES,
        PEOPLE,
        ["A", "B", "C", "D"],
        limit_minutes=15,
        new_centres=2,
        existing=["old"],
        rules=SiteRules(at_most_one=[["B", "C"]]),
    )


def test_each_is_told_under_one_site(plan: Any) -> None:
    assert plan.chosen == ("A", "B")
    by_order = who_gains(plan)
    sites = by_order.sites
    assert sites["elderly_60"].to_dict() == {"A": 60.0, "B": 30.0}
    assert sites["elderly_80"].to_dict() == {"A": 6.0, "B": 3.0}
    assert sites["weight"].tolist() == plan.gains["gain"].tolist()
    assert sites.loc["A", "mean_minutes"] == pytest.approx((40 * 5 + 20 * 12) / 60)
    assert list(sites.loc["A", ["nearer_weight", "nearer_saved"]]) == [10.0, 100.0]
    assert sites.loc["A", "weight_without_before"] == 60.0
    assert by_order.communities["elderly_60"].to_dict() == {("A", "x"): 60.0, ("B", "y"): 30.0}
    assert not by_order.communities["is_few"].any()
    assert list(by_order.totals.loc["elderly_60"]) == [90.0, 0.0, 90.0]
    nearest = who_gains(plan, by="nearest")
    assert nearest.sites["elderly_60"].to_dict() == {"A": 40.0, "B": 50.0}
    assert nearest.sites.loc["B", "mean_minutes"] == pytest.approx((20 * 2 + 30 * 15) / 50)
    assert nearest.communities["elderly_60"].to_dict() == {
        ("A", "x"): 40.0,
        ("B", "x"): 20.0,
        ("B", "y"): 30.0,
    }
    assert nearest.totals.equals(by_order.totals)


def test_minutes_money_and_square_metres(plan: Any) -> None:
    before = pd.Series({"a": 25.0, "b": 42.0, "c": np.inf, "d": 14.0})
    found = who_gains(
        plan,
        minutes_before=before,
        costs=pd.Series({"A": 120.0, "B": np.nan}),
        areas_m2=pd.Series({"A": 300.0, "B": 400.0}),
        group_of=pd.Series({"A": "g1", "B": "g1"}),
        shortfall_m2=pd.Series({"g1": 500.0}),
    ).sites
    assert found["minutes_saved"].tolist() == [40 * 20 + 20 * 30, 0]
    assert found["weight_without_before"].tolist() == [0, 30]
    assert found["cost_per_served"].tolist()[0] == 2.0
    assert found["cost"].isna().tolist() == [False, True]
    assert found["cured_m2"].tolist() == [300.0, 200.0]
    unknown = who_gains(
        plan,
        areas_m2=pd.Series({"A": np.nan, "B": 400.0}),
        group_of=pd.Series({"A": "g1", "B": "g2"}),
        shortfall_m2=pd.Series({"g1": 500.0}),
    ).sites
    assert unknown["cured_m2"].isna().all()


def test_closing_a_centre_is_told_beside_the_gain() -> None:
    moved = most_people(
        TIMES,
        PEOPLE,
        ["B"],
        limit_minutes=15,
        new_centres=0,
        existing=["old"],
        rules=SiteRules(may_close=["old"]),
    )
    found = who_gains(moved)
    assert found.sites["elderly_60"].to_dict() == {"B": 50.0}
    assert found.closed["elderly_60"].to_dict() == {"old": 10.0}
    assert list(found.totals.loc["weight"]) == [50.0, 10.0, 40.0]
    assert found.totals.loc["weight", "net"] == moved.gain
    assert found.communities["is_few"].tolist() == [False, False]


def test_small_numbers_are_marked() -> None:
    plan = most_people(TIMES, PEOPLE, ["D"], limit_minutes=15, new_centres=1)
    found = who_gains(plan)
    assert found.sites["is_few"].tolist() == [True]
    assert found.communities.index.tolist() == [("D", None)] or pd.isna(
        found.communities.index[0][1]
    )


def test_sums_are_those_of_the_plan_in_random_towns() -> None:
    for seed in range(12):
        some = beside_town(seed)
        plan = some.ask(most_people, new_centres=some.new_centres)
        for by in ("order", "nearest"):
            found = who_gains(plan, by=by)
            assert found.totals.loc["weight", "net"] == pytest.approx(plan.gain, abs=1e-9)
            newly = found.totals.loc["weight", "newly_served"]
            assert found.sites["weight"].sum() == pytest.approx(newly)
            assert found.communities["weight"].sum() == pytest.approx(newly)
            assert found.closed["weight"].sum() == pytest.approx(
                found.totals.loc["weight", "no_longer_served"]
            )
        walk = some.ask(shortest_walk, new_centres=some.new_centres)
        net = who_gains(walk).totals.loc["weight", "net"]
        assert net == pytest.approx(walk.reached - walk.reached_before, abs=1e-9)


def test_what_is_wrong_with_series_is_said(plan: Any) -> None:
    with pytest.raises(SitingError) as refused:
        who_gains(plan, costs=pd.Series({"A": 1.0}))
    assert refused.value.problems[0].key == "siting_beside.sites_missing"
    with pytest.raises(SitingError) as refused:
        who_gains(plan, PEOPLE.iloc[1:])
    assert refused.value.problems[0].key == "siting_beside.residents_missing"
    with pytest.raises(ValueError, match="go together"):
        who_gains(plan, areas_m2=pd.Series({"A": 1.0, "B": 2.0}))
    with pytest.raises(ValueError, match="must be"):
        who_gains(plan, by="wealth")  # type: ignore[arg-type]


def test_a_site_that_loses_to_a_required_one_is_kept_out_by_rules() -> None:
    rules = SiteRules(at_most_one=[["B", "C"]], required=["B"])
    plan = most_people(
        TIMES, PEOPLE, ["A", "B", "C", "D"], limit_minutes=15, new_centres=2, existing=["old"],
        rules=rules,
    )  # fmt: skip
    assert set(plan.chosen) == {"A", "B"}
    gaps = gap_sites(plan, pd.Series({"g": "g3", "h": "g3"})).gaps
    assert list(gaps.loc["g3", list(WHY_NOT)]) == [1.0, 7.0, 0.0, 0.0]
    assert gaps["kept_out"].tolist() == [("C",)]


def test_each_gap_has_its_site_or_its_reason(plan: Any) -> None:
    gap_of = pd.Series(
        {"a": "g1", "b": "g1", "c": "g1", "d": "g2", "e": "g2", "f": "g2", "g": "g3", "h": "g3"}
    )
    gaps = gap_sites(plan, gap_of, barred=["cellar"]).gaps
    assert gaps.index.tolist() == ["g1", "g2", "g3"]
    assert gaps["closed"].tolist() == [90.0, 0.0, 0.0]
    assert gaps["already"].tolist() == [0.0, 10.0, 0.0]
    assert list(gaps.loc["g2", list(WHY_NOT)]) == [0.0, 0.0, 5.0, 6.0]
    # C could be chosen instead of B: no rule keeps it closed whatever is chosen.
    assert list(gaps.loc["g3", list(WHY_NOT)]) == [8.0, 0.0, 0.0, 0.0]
    assert gaps["sites"].tolist() == [("A", "B"), (), ()]
    assert gaps["could"].tolist() == [(), (), ("C", "D")]
    assert gaps["kept_out"].tolist() == [(), (), ()]
    assert gaps["barred_sites"].tolist() == [(), ("cellar",), ()]
    assert gap_sites(plan, gap_of).gaps.loc["g2", "no_candidate"] == 11.0
    told = gap_sites(plan, gap_of)
    assert {told.why_text(reason, "zh") for reason in WHY_NOT} != {""}
    assert told.closers["weight"].to_dict() == {("g1", "A"): 60.0, ("g1", "B"): 30.0}


def test_gaps_add_up_in_random_towns() -> None:
    for seed in range(12):
        some = beside_town(seed)
        plan = some.ask(most_people, new_centres=some.new_centres)
        rng = np.random.default_rng(seed)
        ids = plan.asked.residents.index
        gap_of = pd.Series(
            rng.choice(np.array(["p", "q", None], dtype=object), len(ids)), index=ids
        )
        gaps = gap_sites(plan, gap_of).gaps
        held = gaps["already"] + gaps["closed"] + gaps["left"]
        assert np.allclose(gaps["weight"], held)
        assert np.allclose(gaps["left"], gaps[list(WHY_NOT)].sum(axis=1))
        whole = gap_sites(plan, pd.Series("p", index=ids)).gaps
        assert whole["left"].sum() == pytest.approx(plan.total - plan.covered, abs=1e-9)


def test_gaps_of_strangers_are_refused(plan: Any) -> None:
    with pytest.raises(SitingError) as refused:
        gap_sites(plan, pd.Series({"nobody": "g"}), barred=["A"])
    keys = [problem.key for problem in refused.value.problems]
    assert keys == ["siting_beside.gap_strangers", "siting_beside.barred_asked"]


def test_two_plans_side_by_side(plan: Any) -> None:
    other = most_people(
        TIMES, PEOPLE, ["B", "D"], limit_minutes=15, new_centres=1, existing=["old"]
    )
    found = compare_plans(plan, other, costs=pd.Series({"A": 100.0, "B": 50.0, "D": 1.0}))
    assert found.sites.index.tolist() == ["A", "B", "old"]
    assert found.sites["second"].tolist() == [False, True, True]
    people = found.people.loc["elderly_60"]
    assert list(people[["total", "first", "second", "difference"]]) == [119, 100, 60, -40]
    assert list(people[["both", "wins", "loses", "neither"]]) == [60, 0, 40, 19]
    assert found.people.loc["elderly_80", "loses"] == 4
    assert list(found.communities.loc["x", ["first", "second"]]) == [70.0, 30.0]
    assert found.communities["difference"].sum() == people["difference"]
    assert found.money.tolist() == [150.0, 50.0, -100.0]
    assert found.residents["flow"].to_dict()["a"] == "loses"
    assert found.equity_first is not None
    # b at 2 by B, d at 4 by A, a at 5, c at 15.
    assert found.equity_first.mean == pytest.approx((20 * 2 + 10 * 4 + 40 * 5 + 30 * 15) / 100)
    assert compare_plans(plan, other).money.isna().all()
    with pytest.raises(SitingError) as refused:
        compare_plans(plan, _of_others())
    assert refused.value.problems[0].key == "siting_beside.residents_differ"


def _of_others() -> Any:
    people = pd.DataFrame({"elderly_60": [1.0]}, index=["z"])
    return most_people(TIMES.iloc[:0], people, ["A"], limit_minutes=1, new_centres=1)


def test_comparisons_add_up_in_random_towns() -> None:
    for seed in range(12):
        some = beside_town(seed)
        one = some.ask(most_people, new_centres=some.new_centres)
        two = some.ask(shortest_walk, new_centres=some.new_centres + 1)
        people = compare_plans(one, two).people
        assert people.loc["weight", "first"] == pytest.approx(one.covered, abs=1e-9)
        assert people.loc["weight", "second"] == pytest.approx(two.reached, abs=1e-9)
        assert np.allclose(people["first"] + people["wins"] - people["loses"], people["second"])
        assert np.allclose(
            people[["both", "wins", "loses", "neither"]].sum(axis=1), people["total"]
        )
        same = compare_plans(one, one)
        assert (same.people[["wins", "loses", "difference"]] == 0).all().all()


def test_several_walkers_are_one_question() -> None:
    slow = TIMES.assign(walk_minutes=TIMES["walk_minutes"] * 1.5)
    younger = PEOPLE.assign(younger=PEOPLE["elderly_60"] - PEOPLE["elderly_80"])
    both = together(
        {
            "60-79": WalkerPart(TIMES, younger, 15, "younger"),
            "80+": WalkerPart(slow, PEOPLE, 12, "elderly_80"),
        }
    )
    assert both.limit_minutes == 15.0
    assert len(both.residents) == 16
    plan = most_people(
        both.times,
        both.residents,
        ["A", "B", "C"],
        limit_minutes=both.limit_minutes,
        weight=both.weight,
        new_centres=2,
        existing=["old"],
    )
    told = both.by_walker(plan)
    assert told.index.tolist() == ["60-79", "80+"]
    # At 1.5 times the walk and 12 minutes: a to A 7.5, b to B 3, d to A 6; c and old are too far.
    assert plan.chosen == ("A", "B")
    assert list(told.loc["80+", ["total", "reached_before", "reached"]]) == [11, 0, 7]
    assert list(told.loc["60-79", ["total", "reached_before", "reached"]]) == [108, 9, 90]
    assert told["reached"].sum() == plan.covered
    assert told["gain"].sum() == plan.gain
    assert told["total"].sum() == plan.total
    walk = shortest_walk(both.times, both.residents, ["A", "B"], new_centres=1, weight=both.weight)
    assert both.by_walker(walk)["reached"].sum() == walk.reached


def test_one_walker_alone_is_the_plain_question() -> None:
    for seed in range(8):
        some = beside_town(seed)
        alone = together({"all": WalkerPart(some.town.times, some.town.residents, LIMIT)})
        rules = some.town.rules
        plain = some.ask(most_people, new_centres=some.new_centres)
        plan = most_people(
            alone.times,
            alone.residents,
            some.town.candidates,
            existing=some.town.existing,
            limit_minutes=LIMIT,
            rules=rules,
            weight=alone.weight,
            new_centres=some.new_centres,
        )
        assert plan.covered == pytest.approx(plain.covered)
        assert alone.by_walker(plan).loc["all", "reached"] == pytest.approx(plain.covered)


def test_walkers_that_are_wrong_are_told_by_name() -> None:
    with pytest.raises(SitingError) as refused:
        together({})
    assert refused.value.problems[0].key == "siting_beside.no_walkers"
    with pytest.raises(SitingError) as refused:
        together(
            {
                "a|b": WalkerPart(TIMES, PEOPLE, 15),
                "slow": WalkerPart(TIMES.drop(columns="origin"), PEOPLE, None, "nothing"),
            }
        )
    keys = [problem.key.split(".")[1] for problem in refused.value.problems]
    assert keys == ["walker_name", "limits_mixed", "of_walker", "of_walker"]
    assert "slow" in refused.value.text("en")


@pytest.mark.parametrize("module", [comparing_plans, gains, gap_closing_sites, walkers])
def test_the_examples_in_the_docstrings_run(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
