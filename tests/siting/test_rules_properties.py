"""What must hold under any rules: room helps, rules cost, order never matters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.siting.asking.rules import NO_RULES, SiteRules
from planner.siting.covering.questions import fewest_centres, most_people
from planner.siting.results import MostPeople
from tests.siting.ruled_towns import RuledTown, ruled_town
from tests.siting.towns import LIMIT

SEEDS = st.integers(1000, 10**6)
offline = settings(deadline=None, derandomize=True, max_examples=15)


def _most(some: RuledTown, new_centres: int, **changed: Any) -> MostPeople:
    asked: dict[str, Any] = {
        "times": some.times,
        "residents": some.residents,
        "candidates": some.candidates,
        "existing": some.existing,
        "rules": some.rules,
    } | changed
    return most_people(**asked, limit_minutes=LIMIT, new_centres=new_centres)


@offline
@given(SEEDS)
def test_one_more_centre_never_worsens(seed: int) -> None:
    some = ruled_town(seed)
    least = len(some.rules.required)
    covered = [_most(some, count).covered for count in range(least, least + 5)]
    assert covered == sorted(covered)


@offline
@given(SEEDS, st.integers(0, 3))
def test_leave_to_close_never_worsens_and_force_to_close_never_helps(seed: int, more: int) -> None:
    some = ruled_town(seed)
    new_centres = len(some.rules.required) + more
    free = replace(some.rules, at_most_one=(), apart=None, may_close=(), must_close=())
    stays = _most(some, new_centres, rules=free)
    may = _most(some, new_centres, rules=replace(free, may_close=some.existing))
    must = _most(some, new_centres, rules=replace(free, must_close=some.existing))
    assert must.covered <= stays.covered <= may.covered
    assert len(may.chosen) <= new_centres + len(may.closed)
    if may.covered == stays.covered:
        assert may.closed == ()


@offline
@given(SEEDS, st.integers(0, 3))
def test_fewer_rules_never_worsen(seed: int, more: int) -> None:
    some = ruled_town(seed)
    new_centres = len(some.rules.required) + more
    bound = _most(some, new_centres).covered
    for loosened in (
        replace(some.rules, required=()),
        replace(some.rules, barred=()),
        replace(some.rules, apart=None),
        replace(some.rules, at_most_one=some.rules.at_most_one[1:]),
        replace(some.rules, radius_m=None),
        NO_RULES,
    ):
        if loosened is NO_RULES and some.rules.may_close:
            continue
        assert _most(some, new_centres, rules=loosened).covered >= bound * (1 - 1e-12)


@offline
@given(SEEDS, st.integers(0, 3))
def test_the_order_of_rows_and_rules_never_matters(seed: int, more: int) -> None:
    some = ruled_town(seed)
    new_centres = len(some.rules.required) + more
    rng = np.random.default_rng(seed)
    rules = some.rules
    apart = rules.apart
    if apart is not None:
        apart = apart.iloc[rng.permutation(len(apart))].rename(
            columns={"first": "second", "second": "first"}
        )
    shuffled = SiteRules(
        required=list(rules.required)[::-1],
        barred=list(rules.barred)[::-1],
        may_close=list(rules.may_close)[::-1],
        must_close=list(rules.must_close)[::-1],
        at_most_one=[list(group)[::-1] for group in rules.at_most_one][::-1],
        apart=apart,
        radius_m=rules.radius_m,
    )
    changed: dict[str, Any] = {
        "times": some.times.iloc[rng.permutation(len(some.times))],
        "residents": some.residents.iloc[rng.permutation(len(some.residents))],
        "candidates": some.candidates[::-1],
        "existing": some.existing[::-1],
        "rules": shuffled,
    }
    one, other = _most(some, new_centres), _most(some, new_centres, **changed)
    assert (one.chosen, one.existing, one.closed, one.barred) == (
        other.chosen,
        other.existing,
        other.closed,
        other.barred,
    )
    pd.testing.assert_frame_equal(one.gains, other.gains)
    first = fewest_centres(
        some.times,
        some.residents,
        some.candidates,
        limit_minutes=LIMIT,
        existing=some.existing,
        rules=rules,
    )
    second = fewest_centres(**changed, limit_minutes=LIMIT)
    assert (first.chosen, first.closed, first.left_out) == (
        second.chosen,
        second.closed,
        second.left_out,
    )


@offline
@given(SEEDS, st.integers(0, 3))
def test_a_dominated_candidate_changes_nothing_under_rules(seed: int, more: int) -> None:
    some = ruled_town(seed)
    new_centres = len(some.rules.required) + more
    model = some.times[some.times["destination"] == some.candidates[0]]
    weaker = model.iloc[: len(model) // 2].assign(destination="zz")
    richer = {
        "times": pd.concat([some.times, weaker], ignore_index=True),
        "candidates": [*some.candidates, "zz"],
    }
    free = replace(some.rules, at_most_one=(), apart=None, barred=())
    after = _most(some, new_centres, rules=free, **richer).covered
    assert after == pytest.approx(_most(some, new_centres, rules=free).covered, rel=1e-12)
