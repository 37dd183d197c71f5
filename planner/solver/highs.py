"""The one file that knows HiGHS: a sparse linear or integer model in, a frozen solution out.

The solver is silent, uses one thread and a fixed seed, and keeps nothing between two calls (a
:class:`GrowingProgram` keeps its own), so that the same model always gives the same answer. Its
status is never taken for granted: what it can say about a model is one of the few words of
:data:`planner.solver.STATUSES`, and a plan that was cut short comes back as such.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import highspy
import numpy as np

from planner.errors import SolverError
from planner.labels import message
from planner.solver.models import IntArray, Model, Sense, Solution, SparseRows
from planner.units import FloatArray

GROWING_TOLERANCE: Final = 1e-9
"""Tolerance of :class:`GrowingProgram` for rows, bounds and prices."""

NO_STEP_LIMIT: Final = 2**31 - 1
"""HiGHS's own: as many steps as it takes."""

_STATUS_OF: Final = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
    highspy.HighsModelStatus.kTimeLimit: "time_limit",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
}


def _program(model: Model) -> highspy.HighsLp:
    program = highspy.HighsLp()
    program.num_col_ = len(model.cost)
    program.num_row_ = model.rows.count
    program.sense_ = (
        highspy.ObjSense.kMaximize if model.sense == "maximise" else highspy.ObjSense.kMinimize
    )
    program.col_cost_ = model.cost
    program.col_lower_, program.col_upper_ = model.lower, model.upper
    program.row_lower_, program.row_upper_ = model.row_lower, model.row_upper
    matrix = program.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.num_col_, matrix.num_row_ = program.num_col_, program.num_row_
    matrix.start_ = model.rows.starts.astype(np.int32)
    matrix.index_ = model.rows.columns.astype(np.int32)
    matrix.value_ = model.rows.values
    if model.integral.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        program.integrality_ = [kinds[int(whole)] for whole in model.integral]
    program.col_names_ = list(model.column_names)
    program.row_names_ = list(model.row_names)
    return program


def _loaded(model: Model) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    # Not `threads = 1`: HiGHS refuses to run when the process has used it with another number.
    highs.setOptionValue("parallel", "off")
    highs.setOptionValue("random_seed", 0)
    if highs.passModel(_program(model)) == highspy.HighsStatus.kError:
        raise SolverError(message("solver.failed", status="model"))
    return highs


def solve(
    model: Model,
    *,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    start: FloatArray | None = None,
    interior_point: bool = False,
) -> Solution:
    """Solve a model to the optimum, or as far as the limits allow.

    Parameters
    ----------
    model
        The model; with integral columns it goes to branch and bound.
    time_limit_s
        Seconds after which to stop with the best so far.
    gap
        Relative gap at which to stop; 0 asks for the optimum.
    start
        Shape (columns,): a plan known to be feasible, to begin from.
    interior_point
        For a model without integral columns: use the interior-point method and leave its answer
        inside the optimal face (no crossover). Fast on large covering models; values and duals
        are then close to optimal, not exactly so.

    Returns
    -------
    Solution
        Always labelled; ``values`` is None where no plan exists or none was found in time.

    Raises
    ------
    SolverError
        If the solver breaks down.
    """
    began = time.perf_counter()
    highs = _loaded(model)
    highs.setOptionValue("mip_rel_gap", gap)
    highs.setOptionValue("mip_abs_gap", 0.0)
    if time_limit_s is not None:
        highs.setOptionValue("time_limit", float(time_limit_s))
    if interior_point:
        highs.setOptionValue("solver", "ipm")
        highs.setOptionValue("run_crossover", "off")
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = list(start)
        highs.setSolution(known)
    highs.run()
    return _solution(model, highs, gap, time.perf_counter() - began)


def _solution(model: Model, highs: highspy.Highs, gap: float, seconds: float) -> Solution:
    status = highs.getModelStatus()
    # Without crossover an interior point may be a hair outside: its duals still prove a bound.
    inexact = not model.integral.any() and status == highspy.HighsModelStatus.kUnknown
    word = "optimal" if inexact else _STATUS_OF.get(status)
    if word is None:
        raise SolverError(message("solver.failed", status=highs.modelStatusToString(status)))
    info = highs.getInfo()
    found = highs.getSolution()
    has_values = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(found.col_value) if has_values or inexact else None
    objective = float(model.cost @ values) if values is not None else float("nan")
    if model.integral.any():
        bound, duals = float(info.mip_dual_bound), None
        if word == "optimal" and gap > 0 and not np.isclose(bound, objective, rtol=1e-9):
            word = "gap_reached"
    else:
        bound = objective if word == "optimal" else _no_bound(model.sense)
        duals = np.array(found.row_dual) if found.dual_valid else None
    return Solution(word, values, objective, bound, duals, seconds)  # type: ignore[arg-type]


def _no_bound(sense: Sense) -> float:
    return float("inf") if sense == "maximise" else float("-inf")


class GrowingProgram:
    """A linear program that rows are added to, solved again from where it stood.

    Parameters
    ----------
    model
        Without integral columns. Later rows and bounds are not written back to it.
    """

    def __init__(self, model: Model) -> None:
        if model.integral.any():
            what = "a growing program has no integral columns"
            raise ValueError(what)
        self._model = model
        self._highs = _loaded(model)
        # Prices that are exact to the last digits prove plans whose costs are not whole numbers.
        for tolerance in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            self._highs.setOptionValue(tolerance, GROWING_TOLERANCE)

    @property
    def rows(self) -> int:
        """Number of rows at present."""
        return int(self._highs.getNumRow())

    def add_rows(self, rows: SparseRows, lower: FloatArray, upper: FloatArray) -> None:
        """Add rows behind those that are there."""
        self._highs.addRows(
            rows.count,
            lower,
            upper,
            len(rows.columns),
            rows.starts[:-1].astype(np.int32),
            rows.columns.astype(np.int32),
            rows.values,
        )

    def drop_rows(self, rows: IntArray) -> None:
        """Remove rows by their positions; those behind them move up."""
        self._highs.deleteRows(len(rows), rows.astype(np.int32))

    def bound_columns(self, lower: FloatArray, upper: FloatArray) -> None:
        """Set new bounds for the first ``len(lower)`` columns."""
        columns = np.arange(len(lower), dtype=np.int32)
        self._highs.changeColsBounds(len(lower), columns, lower, upper)

    def glimpse(self, steps: int, bounds: Sequence[tuple[FloatArray, FloatArray]]) -> FloatArray:
        """Return what the objective would be at least, about, under other bounds of columns.

        Each is tried for a few steps of the simplex method from where the program stands; then
        the program stands there again. What is told is a guess, and no bound.

        Parameters
        ----------
        steps
            Most steps for each.
        bounds
            Lower and upper bounds of the first columns, to be tried one after another.
        """
        stands = self._highs.getBasis()
        self._highs.setOptionValue("simplex_iteration_limit", steps)
        told = np.full(len(bounds), np.nan)
        for number, (lower, upper) in enumerate(bounds):
            self.bound_columns(lower, upper)
            self._highs.run()
            status = self._highs.getModelStatus()
            value = float(self._highs.getInfo().objective_function_value)
            infeasible = status == highspy.HighsModelStatus.kInfeasible
            told[number] = np.inf if infeasible else value
            self._highs.setBasis(stands)
        self._highs.setOptionValue("simplex_iteration_limit", NO_STEP_LIMIT)
        return told

    def solve(self, *, time_limit_s: float | None = None) -> Solution:
        """Solve the program as it is now, by the simplex method.

        Raises
        ------
        SolverError
            If the solver breaks down.
        """
        began = time.perf_counter()
        if time_limit_s is not None:
            # The solver counts the seconds of all its runs together.
            self._highs.setOptionValue("time_limit", self._highs.getRunTime() + time_limit_s)
        self._highs.run()
        return _solution(self._model, self._highs, 0.0, time.perf_counter() - began)
