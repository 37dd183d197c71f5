"""The covering models under rules as text, and what staying is worth in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.siting.asking.inputs import ask
from planner.siting.asking.rules import SiteRules
from planner.siting.covering.models import (
    fewest_centres_model,
    fewest_for_weight_model,
    most_people_model,
    named,
)
from planner.siting.covering.problem import CoveringProblem, reduce_problem
from planner.siting.covering.today import favouring_today, opening_costs
from planner.solver import model_text
from tests.siting.towns import LIMIT, town

MOST_PEOPLE = """\
maximise
  objective: +20 y[0] +40 y[1] +60 y[2] +1 y[3]
subject to
  group[0]: +1 y[0] -1 x[A] <= 0
  group[1]: +1 y[1] -1 x[A] -1 x[B] <= 0
  group[2]: +1 y[2] -1 x[B] -1 x[old] <= 0
  group[3]: +1 y[3] -1 x[old] <= 0
  new_centres: +1 x[A] +1 x[B] +1 x[old] <= 2
  at_most_one[0]: +1 x[A] +1 x[B] <= 1
bounds
  0 <= x[A] <= 1 whole
  0 <= x[B] <= 1 whole
  0 <= x[old] <= 1 whole
  0 <= y[0] <= 1
  0 <= y[1] <= 1
  0 <= y[2] <= 1
  0 <= y[3] <= 1
"""

FEWEST_CENTRES = """\
minimise
  objective: +2 x[A] +2 x[B] +1 x[old]
subject to
  group[0]: 1 <= +1 x[A]
  group[1]: 1 <= +1 x[A] +1 x[B]
  group[2]: 1 <= +1 x[B] +1 x[old]
  at_most_one[0]: +1 x[A] +1 x[B] <= 1
bounds
  0 <= x[A] <= 1 whole
  0 <= x[B] <= 1 whole
  0 <= x[old] <= 1 whole
"""

FEWEST_FOR_WEIGHT = """\
minimise
  objective: +2 x[A] +2 x[B] +1 x[old]
subject to
  group[0]: +1 y[0] -1 x[A] <= 0
  group[1]: +1 y[1] -1 x[A] -1 x[B] <= 0
  group[2]: +1 y[2] -1 x[B] -1 x[old] <= 0
  weight: 49.5 <= +10 y[0] +20 y[1] +30 y[2]
  at_most_one[0]: +1 x[A] +1 x[B] <= 1
bounds
  0 <= x[A] <= 1 whole
  0 <= x[B] <= 1 whole
  0 <= x[old] <= 1 whole
  0 <= y[0] <= 1
  0 <= y[1] <= 1
  0 <= y[2] <= 1
"""


@pytest.fixture
def small() -> CoveringProblem:
    """Elders (10, 20, 30) at a, b, c; A and B of one owner; the centre "old" may close."""
    sees = {"A": "ab", "B": "bc", "old": "c"}
    some = town(
        [(who, site, 1.0) for site, seen in sees.items() for who in seen],
        {"a": 10.0, "b": 20.0, "c": 30.0},
        "AB",
        ["old"],
    )
    asked = ask(
        some.times,
        some.residents,
        some.candidates,
        some.existing,
        limit_minutes=LIMIT,
        weight="elderly_60",
        new_centres=1,
        rules=SiteRules(may_close=["old"], at_most_one=[["A", "B"]]),
    )
    return reduce_problem(asked)


def test_the_models_under_rules_read_as_written(small: CoveringProblem) -> None:
    favoured, unit = favouring_today(small)
    assert unit == 2.0
    assert model_text(named(most_people_model(favoured, 2), favoured)) == MOST_PEOPLE
    cost = opening_costs(small)
    fewest = fewest_centres_model(small, cost=cost)
    assert model_text(named(fewest, small)) == FEWEST_CENTRES
    weight = fewest_for_weight_model(small, cost, 49.5)
    assert model_text(named(weight, small)) == FEWEST_FOR_WEIGHT


def test_a_problem_knows_its_rules(small: CoveringProblem) -> None:
    assert list(small.sites[small.today]) == ["old"]
    assert [conflict.tolist() for conflict in small.conflicts] == [[0, 1]]
    assert small.allows(np.array([0, 2]))
    assert not small.allows(np.array([0, 1]))


def test_staying_outweighs_no_person(small: CoveringProblem) -> None:
    tenths = replace(small, weights=small.weights + 0.3)
    favoured, unit = favouring_today(tenths)
    assert unit == 1.0
    assert favoured.weights[-1] <= 1e-10 * tenths.weights.max()
    np.testing.assert_array_equal(favoured.weights[:-1], tenths.weights)
    nobody = replace(small, today=np.zeros(0, np.int64))
    assert favouring_today(nobody) == (nobody, 1.0)
    assert opening_costs(nobody).tolist() == [1.0, 1.0, 1.0]
