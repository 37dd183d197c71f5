"""The program that grows: rows come and go, bounds change, and a glimpse changes nothing."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from planner.solver import GrowingProgram, Model, SparseRows, solve


def _rows(*rows: tuple[float, float]) -> SparseRows:
    """Return rows over the two columns a and b."""
    return SparseRows(
        starts=np.arange(0, 2 * len(rows) + 1, 2),
        columns=np.tile(np.array([0, 1]), len(rows)),
        values=np.array(rows, dtype=float).ravel(),
    )


def _model(*, integral: bool = False) -> Model:
    """Least a + 2b with a + b >= 4, both from 0 to 10: a = 4."""
    return Model(
        cost=np.array([1.0, 2.0]),
        lower=np.zeros(2),
        upper=np.full(2, 10.0),
        rows=_rows((1.0, 1.0)),
        row_lower=np.array([4.0]),
        row_upper=np.array([inf]),
        integral=np.array([False, integral]),
        sense="minimise",
    )


def _answer(program: GrowingProgram) -> tuple[str, float, list[float]]:
    found = program.solve()
    assert found.values is not None
    return found.status, round(found.objective, 9), found.values.round(9).tolist()


def test_rows_come_and_go() -> None:
    program = GrowingProgram(_model())
    assert program.rows == 1
    assert _answer(program) == ("optimal", 4.0, [4.0, 0.0])
    # a <= 3, and b >= 2.
    program.add_rows(_rows((1.0, 0.0), (0.0, 1.0)), np.array([-inf, 2.0]), np.array([3.0, inf]))
    assert program.rows == 3
    assert _answer(program) == ("optimal", 6.0, [2.0, 2.0])
    program.drop_rows(np.array([2]))
    assert program.rows == 2
    assert _answer(program) == ("optimal", 5.0, [3.0, 1.0])
    # Those behind a row that goes move up: what is left is a <= 3 alone.
    program.drop_rows(np.array([0]))
    assert _answer(program) == ("optimal", 0.0, [0.0, 0.0])


def test_duals_are_those_of_the_program_solved_at_once() -> None:
    program = GrowingProgram(_model())
    duals = program.solve().row_duals
    at_once = solve(_model()).row_duals
    assert duals is not None
    assert at_once is not None
    assert duals.tolist() == at_once.tolist() == [1.0]


def test_bounds_of_the_first_columns() -> None:
    program = GrowingProgram(_model())
    program.bound_columns(np.array([0.0]), np.array([1.0]))
    assert _answer(program) == ("optimal", 7.0, [1.0, 3.0])
    program.bound_columns(np.array([0.0]), np.array([10.0]))
    assert _answer(program) == ("optimal", 4.0, [4.0, 0.0])
    program.bound_columns(np.zeros(2), np.ones(2))
    found = program.solve()
    assert (found.status, found.values, found.bound) == ("infeasible", None, -inf)


def test_a_glimpse_changes_nothing() -> None:
    program = GrowingProgram(_model())
    before = _answer(program)
    one, none = (np.zeros(2), np.array([1.0, 10.0])), (np.zeros(2), np.ones(2))
    assert program.glimpse(100, [one, none]).tolist() == [7.0, inf]
    # Its last bounds stay until others are set; where the program stands does not.
    program.bound_columns(np.zeros(2), np.full(2, 10.0))
    assert _answer(program) == before


def test_whole_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="no integral columns"):
        GrowingProgram(_model(integral=True))
