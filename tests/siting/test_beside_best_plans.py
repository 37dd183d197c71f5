"""The best different plans are those that trying every plan puts first."""

from __future__ import annotations

import doctest
from itertools import islice
from math import inf
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import SitingError
from planner.siting import best_plans, fewest_centres, most_people, site_frequency, verify
from planner.siting.beside import best_plans as module
from planner.siting.beside.asking_again import question_of
from planner.siting.beside.parts import plans_by_parts
from planner.siting.beside.rankings import most_people_ranking
from planner.siting.beside.settling import ExtraRow, price_bound, relax, with_rows
from planner.siting.covering.models import named
from planner.siting.walking.questions import least_worst_walk, shortest_walk
from planner.solver import model_text, solve
from tests.siting.beside_towns import Ruled, Sites, beside_town
from tests.siting.towns import LIMIT, street_town

COUNT = 6


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 6) for value in values]


@pytest.mark.parametrize("first", range(0, 80, 20))
def test_plans_for_most_people_are_those_of_all_in_order(first: int) -> None:
    for seed in range(first, first + 20):
        some = beside_town(seed)
        plan = some.ask(most_people, new_centres=some.new_centres)
        found = best_plans(plan, COUNT)
        every = sorted(
            (some.covered(sites) for sites in some.plans() if some.needs_all(sites)), reverse=True
        )
        assert _rounded(near.value for near in found.plans) == _rounded(every[:COUNT]), seed
        assert (found.ended == "none_left") == (len(every) < COUNT), seed
        for near in found.plans:
            assert near.is_proven, seed
            assert near.reached == pytest.approx(near.value, abs=1e-9)
            assert verify(near.plan).is_true


@pytest.mark.parametrize("first", range(0, 40, 20))
def test_plans_of_fewest_centres_are_those_of_all_in_order(first: int) -> None:
    for seed in range(first, first + 20):
        some = beside_town(seed)
        plan = some.ask(fewest_centres)
        every = list(some.plans(any_number=True))
        best = max(map(some.covered, every)) - 1e-7
        numbers = sorted(
            len(one) for one in every if some.covered(one) >= best and some.needs_all(one)
        )
        found = best_plans(plan, COUNT)
        assert [near.value for near in found.plans] == numbers[:COUNT], seed
        assert all(near.is_proven and near.reached >= best for near in found.plans), seed


@pytest.mark.parametrize(("question", "worst"), [(shortest_walk, False), (least_worst_walk, True)])
def test_plans_of_walks_are_those_of_all_in_order(question: Any, *, worst: bool) -> None:
    for seed in range(12):
        some = beside_town(seed)
        plan = some.ask(question, new_centres=some.new_centres)
        walks = {sites: some.walk(sites, worst=worst) for sites in some.plans()}
        every = sorted(
            here
            for sites, here in walks.items()
            if all(some.walk(sites - {one}, worst=worst) > here for one in some.removable(sites))
        )
        found = [(plan.total - near.reached, near.value) for near in best_plans(plan, 4).plans]
        assert np.allclose(found, every[:4], atol=1e-5), seed


def test_plans_differ_in_as_many_sites_as_asked_and_are_the_best_that_do() -> None:
    seen = 0
    for seed in range(25):
        some = Ruled(beside_town(seed).town, beside_town(seed).new_centres + 1)
        plan = some.ask(most_people, new_centres=some.new_centres)
        found = best_plans(plan, 3, least_difference=2)
        before: list[Sites] = []
        for near in found.plans:
            allowed = [
                some.covered(sites)
                for sites in some.plans()
                if all(len(one - sites) >= 2 for one in before)
            ]
            assert near.value == pytest.approx(max(allowed), abs=1e-9), seed
            needs = frozenset(near.needs)
            assert some.covered(needs | some.required) >= near.value - 1e-9
            before.append(needs)
        if found.ended == "none_left":
            assert not any(
                all(len(one - sites) >= 2 for one in before) for sites in some.plans()
            ) or not some.town.weight_of(some.town.residents.index), seed
        seen += len(found.plans) > 1
    assert seen > 5


def test_cuts_and_parts_find_plans_of_the_same_worth() -> None:
    for seed in range(25):
        some = beside_town(seed)
        plan = some.ask(most_people, new_centres=some.new_centres)
        by_cuts = [near.value for near in best_plans(plan, 4).plans[1:]]
        parts = plans_by_parts(plan, least_difference=1, end=inf)
        by_parts = [one[1] for one in islice(parts, 1, 4) if not isinstance(one, str)]
        assert _rounded(by_parts) == _rounded(by_cuts), seed


TIMES = pd.DataFrame(
    [("a", "A", 1.0), ("b", "A", 2.0), ("b", "B", 3.0), ("c", "B", 4.0), ("d", "C", 5.0)],
    columns=["origin", "destination", "walk_minutes"],
)
PEOPLE = pd.DataFrame({"elderly_60": [10.0, 20.0, 12.0, 15.0]}, index=list("abcd"))


def _by_hand(**settings: Any) -> Any:
    # A: 30, B: 32, C: 15; A+B: 42, A+C: 45, B+C: 47.
    return most_people(TIMES, PEOPLE, list("ABC"), limit_minutes=15, new_centres=2, **settings)


def test_by_hand() -> None:
    found = best_plans(_by_hand(), 3)
    table = found.table()
    assert table["value"].tolist() == [47.0, 45.0, 42.0]
    assert table["worse_by"].tolist() == [0.0, 2.0, 5.0]
    assert table["new"].tolist() == [(), ("A",), ("A",)]
    assert table["left_out"].tolist() == [(), ("B",), ("C",)]
    assert (found.ended, found.ended_text("en")) == ("count", "as many plans as were asked for")
    assert found.plans[0].status_text() == "已证明最优"
    often = site_frequency(found)
    assert often["plans"].to_dict() == {"A": 2, "B": 2, "C": 2}
    assert often["in_first"].to_dict() == {"A": False, "B": True, "C": True}
    assert often["share"].tolist() == pytest.approx([2 / 3] * 3)
    assert site_frequency([found.plans[0].plan])["in_all"].all()
    assert site_frequency([]).empty


def test_a_share_ends_the_list_and_the_share_itself_is_within() -> None:
    plan = _by_hand()
    assert len(best_plans(plan, 9, within_share=2 / 47).plans) == 2
    ended = best_plans(plan, 9, within_share=0.04)
    assert (len(ended.plans), ended.ended) == (1, "share")
    # Then the plans of one site, each of which is needed.
    assert best_plans(plan, 99).table()["value"].tolist() == [47, 45, 42, 32, 30, 15, 0]
    assert best_plans(plan, 99).ended == "none_left"


def test_nothing_to_choose_is_one_plan() -> None:
    nobody = most_people(TIMES, PEOPLE, list("ABC"), limit_minutes=0.5, new_centres=2)
    assert len(best_plans(nobody, 3).plans) == 1
    none = most_people(TIMES, PEOPLE, list("ABC"), limit_minutes=15, new_centres=0)
    assert [near.value for near in best_plans(none, 3).plans] == [0.0]


def test_the_order_of_rows_never_matters() -> None:
    some = beside_town(4).town
    shuffled = some.times.sample(frac=1.0, random_state=1)
    one, other = (
        best_plans(
            most_people(
                times,
                some.residents.iloc[::step],
                some.candidates[::step],
                limit_minutes=LIMIT,
                new_centres=2,
                existing=some.existing,
            ),
            5,
        ).table()
        for times, step in ((some.times, 1), (shuffled, -1))
    )
    pd.testing.assert_frame_equal(one, other)


def test_time_that_is_too_short_is_said() -> None:
    large = street_town(60, 400, 5, seed=3)
    plan = most_people(
        large.times, large.residents, large.candidates, limit_minutes=LIMIT, new_centres=8
    )
    hasty = best_plans(plan, 4, time_limit_s=1e-9)
    assert (len(hasty.plans), hasty.ended) == (1, "time_limit")
    walk = shortest_walk(TIMES, PEOPLE, list("ABC"), new_centres=2)
    assert best_plans(walk, 4, time_limit_s=1e-9).ended == "time_limit"
    three = best_plans(plan, 3)
    assert [near.is_proven for near in three.plans] == [True] * 3
    values = [near.value for near in three.plans]
    assert values == sorted(values, reverse=True)
    assert len({near.plan.chosen for near in three.plans}) == 3


def test_wrong_settings_are_told_together() -> None:
    with pytest.raises(SitingError) as refused:
        best_plans(_by_hand(), 0, least_difference=1.5, within_share=-1, time_limit_s=0)  # type: ignore[arg-type]
    keys = [problem.key for problem in refused.value.problems]
    whole = "siting_beside.whole_from_one"
    assert keys == [whole, whole, "siting_beside.share_wrong", "siting.not_positive"]
    with pytest.raises(TypeError, match="can be asked again"):
        best_plans(object(), 2)  # type: ignore[arg-type]


def test_the_model_of_the_second_plan() -> None:
    ranking = most_people_ranking(question_of(_by_hand().asked))
    assert ranking is not None
    cut = ExtraRow(np.array([1, 2]), np.ones(2), 1.0)
    model = named(ranking.model, ranking.problem)
    text = model_text(with_rows(model, []))
    assert text == model_text(model)
    lines = model_text(with_rows(ranking.model, [cut])).splitlines()
    rows = lines[lines.index("subject to") + 1 : lines.index("bounds")]
    assert rows[-2:] == ["  r4: +1 c0 +1 c1 +1 c2 <= 2", "  r5: +1 c1 +1 c2 <= 1"]


def test_prices_bound_whatever_they_are() -> None:
    rng = np.random.default_rng(1)
    for seed in range(25):
        some = beside_town(seed)
        plan = some.ask(most_people, new_centres=some.new_centres)
        ranking = most_people_ranking(question_of(plan.asked))
        if ranking is None:
            continue
        best = solve(ranking.model).objective
        prices = rng.normal(0, 5, ranking.model.rows.count)
        assert price_bound(ranking.model, prices).value >= best - 1e-9
        relaxed = relax(ranking.model, time_limit_s=None)
        assert relaxed.prices is not None
        bound = price_bound(ranking.model, relaxed.prices, ranking.step)
        assert bound.value >= best - 1e-9
        assert (np.maximum(bound.opened, bound.closed) >= best - 1e-9).all()


def test_the_examples_in_the_docstrings_run() -> None:
    assert doctest.testmod(module).failed == 0
