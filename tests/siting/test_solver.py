"""The solver's door: statuses, silence, limits, and the models as text."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import highspy
import numpy as np
import pytest

from planner.errors import SolverError
from planner.siting.covering.models import (
    fewest_centres_model,
    most_people_model,
    named,
    start_values,
    weight_scale,
)
from planner.siting.covering.problem import CoveringProblem
from planner.solver import STATUSES, Model, Solution, SparseRows, model_text, solve
from tests.siting.reduced_towns import reduced_town
from tests.siting.towns import street_town, town

MOST_PEOPLE = """\
maximise
  objective: +10 y[0] +20 y[1]
subject to
  group[0]: +1 y[0] -1 x[A] <= 0
  group[1]: +1 y[1] -1 x[A] -1 x[B] <= 0
  new_centres: +1 x[A] +1 x[B] <= 1
bounds
  0 <= x[A] <= 1 whole
  0 <= x[B] <= 1 whole
  0 <= y[0] <= 1
  0 <= y[1] <= 1
"""

FEWEST_CENTRES = """\
minimise
  objective: +1 x[A] +1 x[B]
subject to
  group[0]: 1 <= +1 x[A]
  group[1]: 1 <= +1 x[A] +1 x[B]
bounds
  0 <= x[A] <= 1 whole
  0 <= x[B] <= 1 whole
"""


@pytest.fixture
def tiny() -> CoveringProblem:
    pairs = [("a", "A", 5.0), ("b", "A", 15.0), ("b", "B", 5.0)]
    return reduced_town(town(pairs, {"a": 10.0, "b": 20.0}, ["A", "B"]))


@pytest.fixture
def large() -> CoveringProblem:
    return reduced_town(street_town(100, 800, 6, seed=11))


def knapsack(**changed: object) -> Model:
    """Worth 5, 4, 3; weights 2, 3, 1; hold 4: take the first and the third, 8."""
    model = Model(
        cost=np.array([5.0, 4.0, 3.0]),
        lower=np.zeros(3),
        upper=np.ones(3),
        rows=SparseRows(np.array([0, 3]), np.array([0, 1, 2]), np.array([2.0, 3.0, 1.0])),
        row_lower=np.array([-inf]),
        row_upper=np.array([4.0]),
        integral=np.ones(3, dtype=np.bool_),
        sense="maximise",
    )
    return replace(model, **changed)  # type: ignore[arg-type]


def _values(solution: Solution) -> list[float]:
    assert solution.values is not None
    return [round(float(value), 6) for value in solution.values]


def test_models_as_text(tiny: CoveringProblem) -> None:
    assert model_text(named(most_people_model(tiny, 1), tiny)) == MOST_PEOPLE
    assert model_text(named(fewest_centres_model(tiny), tiny)) == FEWEST_CENTRES
    equal = knapsack(row_lower=np.array([4.0]), cost=np.zeros(3))
    assert "r0: +2 c0 +3 c1 +1 c2 = 4\n" in model_text(equal)
    assert "objective: 0\n" in model_text(equal)


def test_optimum_of_both_senses() -> None:
    best = solve(knapsack())
    assert (best.status, best.objective, best.bound) == ("optimal", 8.0, 8.0)
    assert _values(best) == [1.0, 0.0, 1.0]
    assert best.row_duals is None
    assert best.status_text("en") == "proven optimal"
    least = solve(knapsack(sense="minimise", row_lower=np.array([3.0]), row_upper=np.array([inf])))
    assert (least.status, least.objective) == ("optimal", 4.0)


def test_relaxation_has_prices() -> None:
    relaxed = solve(knapsack(integral=np.zeros(3, dtype=np.bool_)))
    assert relaxed.objective == pytest.approx(8.0 + 4 / 3)
    assert relaxed.bound == relaxed.objective
    assert relaxed.row_duals is not None
    assert abs(relaxed.row_duals[0]) == pytest.approx(4 / 3)


def test_no_plan_is_said_not_raised() -> None:
    none = solve(knapsack(row_lower=np.array([7.0]), row_upper=np.array([9.0])))
    assert none.status == "infeasible"
    assert none.values is None
    endless = solve(
        knapsack(
            rows=SparseRows(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0)),
            row_lower=np.zeros(0),
            row_upper=np.zeros(0),
            upper=np.full(3, inf),
            integral=np.zeros(3, np.bool_),
        )
    )
    assert endless.status == "unbounded"


def test_every_status_has_words() -> None:
    for status in STATUSES:
        solution = Solution(status, None, 0.0, 0.0, None, 0.0)
        assert solution.status_text("zh") != solution.status_text("en")


def test_a_model_that_makes_no_sense_is_an_error() -> None:
    broken = knapsack(
        rows=SparseRows(np.array([0, 3]), np.array([0, 1, 9]), np.array([2.0, 3.0, 1.0]))
    )
    with pytest.raises(SolverError) as refused:
        solve(broken)
    assert refused.value.message.key == "solver.failed"


def test_time_limit_keeps_the_start(large: CoveringProblem) -> None:
    model = most_people_model(large, 20)
    start = start_values(large, np.arange(20), model)
    cut = solve(model, time_limit_s=0.0, start=start)
    assert cut.status == "time_limit"
    if cut.values is not None:
        assert cut.objective >= float(model.cost @ start) - 1e-6
    assert cut.bound >= solve(model).objective


def test_a_rough_answer_says_so(large: CoveringProblem) -> None:
    rough = solve(most_people_model(large, 20), gap=0.2)
    assert rough.status == "gap_reached"
    assert rough.objective <= rough.bound <= rough.objective * 1.2 + 1e-6


def test_interior_point_prices_agree_with_the_simplex_method(large: CoveringProblem) -> None:
    model = most_people_model(large, 20, integral=False)
    inside, corner = solve(model, interior_point=True), solve(model)
    assert inside.objective == pytest.approx(corner.objective, rel=1e-6)
    assert inside.row_duals is not None


def test_silent_and_the_same_every_time(
    large: CoveringProblem, capfd: pytest.CaptureFixture[str]
) -> None:
    model = most_people_model(large, 20)
    first, second = solve(model), solve(model)
    assert _values(first) == _values(second)
    shown = capfd.readouterr()
    assert shown.out == shown.err == ""


def test_works_beside_a_user_who_set_threads() -> None:
    """HiGHS refuses a second number of threads in one process; ours must not be the second."""
    theirs = highspy.Highs()  # type: ignore[no-untyped-call]
    theirs.setOptionValue("output_flag", False)
    theirs.setOptionValue("threads", 2)
    theirs.run()
    assert solve(knapsack()).objective == 8.0


@pytest.mark.parametrize(
    ("largest", "scale"),
    [(1.0, 1.0), (3.0, 1.0), (2.0**21, 0.25), (0.25, 2.0**11), (3.5, 2.0**8), (5000.5, 1.0)],
)
def test_scale_is_a_power_of_two_and_one_for_people(largest: float, scale: float) -> None:
    assert weight_scale(np.array([1e-9, largest])[1:]) == scale
