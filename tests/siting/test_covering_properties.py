"""What must hold for every town, small or large, whatever its plan."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.siting import covered_weight, fewest_centres, most_people
from tests.siting.towns import LIMIT, Town, random_town, street_town

SEEDS = st.integers(1000, 10**6)
offline = settings(deadline=None, derandomize=True, max_examples=40)


def _most(some: Town, new_centres: int) -> float:
    return most_people(**some.asked, new_centres=new_centres).covered


@offline
@given(SEEDS)
def test_one_more_centre_never_worsens_and_gains_shrink_to_nothing(seed: int) -> None:
    some = random_town(seed)
    covered = [_most(some, count) for count in range(len(some.candidates) + 2)]
    assert covered == sorted(covered)
    assert covered[-1] == pytest.approx(
        some.weight_of(some.covered_by((*some.candidates, *some.existing)))
    )


@offline
@given(SEEDS, st.integers(0, 4))
def test_a_dominated_candidate_changes_nothing(seed: int, new_centres: int) -> None:
    some = random_town(seed)
    if not some.candidates:
        return
    model = some.times[some.times["destination"] == some.candidates[0]]
    weaker = model.iloc[: len(model) // 2 + 1].assign(destination="zz")
    richer = pd.concat([some.times, weaker], ignore_index=True)
    after = most_people(
        richer,
        some.residents,
        [*some.candidates, "zz"],
        limit_minutes=LIMIT,
        new_centres=new_centres,
        existing=some.existing,
    )
    assert after.covered == pytest.approx(_most(some, new_centres), rel=1e-12)
    fewest = fewest_centres(
        richer,
        some.residents,
        [*some.candidates, "zz"],
        limit_minutes=LIMIT,
        existing=some.existing,
    )
    assert len(fewest.chosen) == some.fewest()


@offline
@given(SEEDS, st.integers(0, 4))
def test_the_order_of_rows_never_matters(seed: int, new_centres: int) -> None:
    some = random_town(seed)
    rng = np.random.default_rng(seed)
    times = some.times.iloc[rng.permutation(len(some.times))]
    times = times.assign(
        origin=pd.Categorical(times["origin"], rng.permutation(times["origin"].unique())),
    )
    residents = some.residents.iloc[rng.permutation(len(some.residents))]
    candidates = list(rng.permutation(list(some.candidates)))
    one = most_people(**some.asked, new_centres=new_centres)
    other = most_people(
        times,
        residents,
        candidates,
        limit_minutes=LIMIT,
        new_centres=new_centres,
        existing=some.existing[::-1],
    )
    assert one.chosen == other.chosen
    assert (one.covered, one.bound, one.unreachable) == (
        other.covered,
        other.bound,
        other.unreachable,
    )
    pd.testing.assert_frame_equal(one.gains, other.gains)
    again = fewest_centres(times, residents, candidates, limit_minutes=LIMIT)
    assert (
        again.chosen
        == fewest_centres(some.times, some.residents, some.candidates, limit_minutes=LIMIT).chosen
    )


@offline
@given(SEEDS, st.integers(1, 4))
def test_what_is_claimed_is_what_the_tables_give(seed: int, new_centres: int) -> None:
    some = random_town(seed)
    plan = most_people(**some.asked, new_centres=new_centres)

    def counted(sites: list[str]) -> float:
        return covered_weight(some.times, some.residents, sites, limit_minutes=LIMIT)

    assert plan.covered_before == pytest.approx(counted([*some.existing]), rel=1e-12)
    assert plan.covered == pytest.approx(counted([*some.existing, *plan.chosen]), rel=1e-12)
    assert plan.gains["gain"].sum() == pytest.approx(plan.gain)
    assert (plan.gains["gain"] > 0).all()
    assert plan.gains["gain"].is_monotonic_decreasing
    for site, row in zip(plan.chosen, plan.gains.to_dict("records"), strict=True):
        without = [*some.existing, *(other for other in plan.chosen if other != site)]
        assert plan.covered - counted(without) == pytest.approx(row["only_here"], abs=1e-9)
        assert counted([*some.existing, site]) - plan.covered_before == pytest.approx(row["reach"])


def test_a_time_limit_too_short_for_the_solver_still_gives_a_labelled_plan() -> None:
    large = street_town(150, 1500, 8, seed=3)
    best = most_people(**large.asked, new_centres=15)
    assert best.status == "optimal"
    short = most_people(**large.asked, new_centres=15, time_limit_s=1e-9)
    assert short.status == "time_limit"
    assert not short.is_proven
    assert short.covered <= best.covered <= short.bound
    assert short.gap == pytest.approx((short.bound - short.covered) / short.gain)
    assert short.gap > 0
    fewest = fewest_centres(**large.asked)
    hasty = fewest_centres(**large.asked, time_limit_s=1e-9)
    assert (fewest.status, hasty.status) == ("optimal", "time_limit")
    assert hasty.bound <= len(fewest.chosen) <= len(hasty.chosen)
    assert hasty.covered == pytest.approx(hasty.coverable)


def test_a_gap_that_is_allowed_is_kept_and_said() -> None:
    large = street_town(150, 1500, 8, seed=3)
    best = _most(large, 15)
    rough = most_people(**large.asked, new_centres=15, gap=0.5)
    assert rough.status == "gap_reached"
    assert 0 < rough.gap <= 0.5
    assert rough.covered <= best <= rough.bound


@pytest.mark.parametrize("gap", [0.02, 0.1, 0.5])
def test_fewest_centres_within_a_gap(gap: float) -> None:
    large = street_town(150, 1500, 8, seed=3)
    tables = (large.times, large.residents, large.candidates)
    fewest = fewest_centres(*tables, limit_minutes=LIMIT)
    rough = fewest_centres(*tables, limit_minutes=LIMIT, gap=gap)
    assert rough.gap <= gap
    assert rough.status == ("gap_reached" if rough.gap else "optimal")
    assert rough.bound <= len(fewest.chosen) <= len(rough.chosen)
    assert rough.covered == pytest.approx(rough.coverable)
