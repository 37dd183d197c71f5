"""Models that a solver takes, and the solutions that it gives back: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from planner.labels import DEFAULT_LANGUAGE, Language, text
from planner.units import BoolArray, FloatArray

IntArray = npt.NDArray[np.int64]
Sense = Literal["minimise", "maximise"]
Status = Literal["optimal", "gap_reached", "time_limit", "infeasible", "unbounded"]
STATUSES: Final[tuple[Status, ...]] = (
    "optimal",
    "gap_reached",
    "time_limit",
    "infeasible",
    "unbounded",
)


@dataclass(frozen=True)
class SparseRows:
    """A sparse matrix by rows: row ``r`` holds ``columns[starts[r]:starts[r + 1]]``.

    Parameters
    ----------
    starts
        Shape (rows + 1,), ascending from 0 to the number of entries.
    columns
        Shape (entries,), column positions.
    values
        Shape (entries,).
    """

    starts: IntArray
    columns: IntArray
    values: FloatArray

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.starts) - 1


@dataclass(frozen=True)
class Model:
    """``sense  cost · v``  with  ``row_lower <= A v <= row_upper``,  ``lower <= v <= upper``.

    Parameters
    ----------
    cost, lower, upper
        Shape (columns,); infinite bounds are allowed.
    rows
        The matrix A.
    row_lower, row_upper
        Shape (rows,); infinite bounds are allowed.
    integral
        Shape (columns,): which columns must be whole numbers.
    sense
        Whether the sum is to be small or large.
    column_names, row_names
        For :func:`planner.solver.model_text`; empty, or one for each column and row.
    """

    cost: FloatArray
    lower: FloatArray
    upper: FloatArray
    rows: SparseRows
    row_lower: FloatArray
    row_upper: FloatArray
    integral: BoolArray
    sense: Sense
    column_names: tuple[str, ...] = field(default=())
    row_names: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Solution:
    """What the solver found, and how far it can vouch for it.

    Parameters
    ----------
    status
        One of :data:`STATUSES`.
    values
        Shape (columns,); None where there is no plan at all.
    objective
        ``cost · values``; NaN without values.
    bound
        No plan is better than this (infinite where nothing is known).
    row_duals
        Shape (rows,): worth of one more unit of each row's bound; only for models without
        integral columns, else None.
    seconds
        Wall time.
    """

    status: Status
    values: FloatArray | None
    objective: float
    bound: float
    row_duals: FloatArray | None
    seconds: float

    def status_text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the status in words."""
        return text(f"siting.status_{self.status}", language)
