"""A model with rows of its own, solved: bounded by plain sums, narrowed, then searched.

The engines of the questions know their own rows only. Here a covering model may carry any further
row on its sites (a plan to differ from, a budget), at the price of being slower than they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import floor, fsum, inf
from typing import Final

import numpy as np

from planner.solver import IntArray, Model, SparseRows, solve
from planner.units import FloatArray

INTERIOR_POINT_ENTRIES: Final = 50_000
"""Size of matrix from which the interior-point method beats the simplex method here."""

SUM_SLACK: Final = 1e-12
"""Far above the rounding of a float64 sum of a million terms."""

STEP_SLACK: Final = 1e-5
"""What the solver's own bound may be off by, in steps of the objective (its tolerance is 1e-6)."""

PROOF_TOLERANCE: Final = 1e-9
"""Share by which bound and plan may differ and still be called equal."""


@dataclass(frozen=True)
class ExtraRow:
    """``Σ_j values_j x_j <= most`` over some columns of a model."""

    columns: IntArray
    values: FloatArray
    most: float


@dataclass(frozen=True)
class PriceBound:
    """What prices on the rows prove of a model.

    Parameters
    ----------
    value
        No solution is better, in the sense of the model.
    opened, closed
        Shape (columns,): the same for solutions in which a column is at its upper, or at its
        lower bound.
    """

    value: float
    opened: FloatArray
    closed: FloatArray


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation of a model.

    Parameters
    ----------
    is_feasible
        False where it is proven to have no solution.
    values, prices
        Shape (columns,) and (rows,); None where the search was cut short.
    """

    is_feasible: bool
    values: FloatArray | None
    prices: FloatArray | None


@dataclass(frozen=True)
class Settled:
    """The best solution of a model that was found, and how far it is proven.

    Parameters
    ----------
    values
        Shape (columns,); None where there is none, or none was found.
    value, bound
        In the sense of the model; no solution is better than ``bound``.
    is_complete
        Whether the search ran to its end: then ``values`` is the best, up to the solver's
        tolerance, or there is no solution.
    """

    values: FloatArray | None
    value: float
    bound: float
    is_complete: bool


def with_rows(model: Model, extra: Sequence[ExtraRow]) -> Model:
    """Return a model with more rows below its own."""
    if not extra:
        return model
    rows, end = model.rows, int(model.rows.starts[-1])
    lengths = np.cumsum([len(row.columns) for row in extra])
    return replace(
        model,
        rows=SparseRows(
            np.r_[rows.starts, end + lengths],
            np.concatenate([rows.columns, *(row.columns for row in extra)]),
            np.concatenate([rows.values, *(row.values for row in extra)]),
        ),
        row_lower=np.r_[model.row_lower, np.full(len(extra), -inf)],
        row_upper=np.r_[model.row_upper, [row.most for row in extra]],
    )


def price_bound(model: Model, prices: FloatArray, step: float | None = None) -> PriceBound:
    """Return what prices on the rows prove, by weak duality and plain sums.

    For ``max c·v`` with ``l <= A v <= b`` and bounds on ``v``, and any prices ``u``:
    ``c·v = (c - Aᵀu)·v + u·(A v) <= Σ_j max(r_j lower_j, r_j upper_j) + Σ_i max(u_i l_i, u_i b_i)``
    with ``r = c - Aᵀu``. It holds for any ``u``, so it stands on no solver's word.

    Parameters
    ----------
    model
        Every column has finite bounds.
    prices
        Shape (rows,), in either sign convention; what would prove nothing is taken as 0.
    step
        Every solution's objective is a whole multiple of it; None where it is not known to be.
    """
    sign = 1.0 if model.sense == "maximise" else -1.0
    found = [_price_bound(model, sign * model.cost, side * prices, step) for side in (1.0, -1.0)]
    best = min(found, key=lambda one: one.value)
    return PriceBound(sign * best.value, sign * best.opened, sign * best.closed)


def _price_bound(
    model: Model, cost: FloatArray, prices: FloatArray, step: float | None
) -> PriceBound:
    low, high = model.row_lower, model.row_upper
    prices = np.nan_to_num(prices, posinf=0.0, neginf=0.0)
    prices = np.where((prices > 0) & np.isinf(high) | (prices < 0) & np.isinf(low), 0.0, prices)
    priced = prices != 0
    rents = np.where(prices > 0, high, low)[priced] * prices[priced]
    each = np.repeat(prices, np.diff(model.rows.starts)) * model.rows.values
    reduced = cost - np.bincount(model.rows.columns, weights=each, minlength=len(cost))
    at_lower, at_upper = reduced * model.lower, reduced * model.upper
    best = np.maximum(at_lower, at_upper)
    slack = SUM_SLACK * (fsum(np.abs(best)) + fsum(np.abs(rents)))
    value = fsum([fsum(best), fsum(rents), slack])
    opened, closed = value - (best - at_upper), value - (best - at_lower)
    if step is None:
        return PriceBound(value, opened, closed)
    return PriceBound(
        floor(value / step) * step, np.floor(opened / step) * step, np.floor(closed / step) * step
    )


def relax(model: Model, *, time_limit_s: float | None) -> Relaxed:
    """Solve the linear relaxation of a model, large ones by the interior-point method."""
    large = len(model.rows.columns) >= INTERIOR_POINT_ENTRIES
    relaxed = replace(model, integral=np.zeros(len(model.cost), dtype=np.bool_))
    solution = solve(relaxed, time_limit_s=time_limit_s, interior_point=large)
    return Relaxed(solution.status != "infeasible", solution.values, solution.row_duals)


def settle(
    model: Model,
    *,
    starts: Sequence[FloatArray],
    bound: PriceBound | None,
    step: float | None,
    exact: Callable[[FloatArray], FloatArray],
    time_limit_s: float | None,
    gap: float = 0.0,
) -> Settled:
    """Find the best solution of a model, as far as the time allows.

    Parameters
    ----------
    model
        With 0 and 1 as the bounds of its integral columns.
    starts
        Solutions already known, each of shape (columns,).
    bound
        What :func:`price_bound` proved.
    step
        As for :func:`price_bound`.
    exact
        Makes of the solver's columns those that the opened sites give, without its tolerance.
    time_limit_s, gap
        As for :func:`planner.solver.solve`.
    """
    sign = 1.0 if model.sense == "maximise" else -1.0
    values = max(starts, key=lambda one: sign * fsum(model.cost * one), default=None)
    known = -inf if values is None else sign * fsum(model.cost * values)
    limit = inf if bound is None else sign * bound.value
    is_close = values is not None and limit - known <= max(gap, PROOF_TOLERANCE) * abs(known)
    if is_close or time_limit_s == 0.0:
        return Settled(values, sign * known, sign * max(limit, known), is_close)
    narrowed = model if bound is None else _narrowed(model, bound, known, sign)
    fits = values is not None and np.all((narrowed.lower <= values) & (values <= narrowed.upper))
    solved = solve(narrowed, time_limit_s=time_limit_s, gap=gap, start=values if fits else None)
    # Where what cannot matter is closed there may be nothing left: what is known is best.
    proven = known if solved.status == "infeasible" else sign * solved.bound
    if step is not None and np.isfinite(proven):
        proven = floor(proven / step + STEP_SLACK) * step
    if solved.values is not None:
        found = exact(solved.values)
        if sign * fsum(model.cost * found) > known:
            values, known = found, sign * fsum(model.cost * found)
    proven = min(max(proven, known), max(limit, known))
    return Settled(values, sign * known, sign * proven, solved.status != "time_limit")


def _narrowed(model: Model, bound: PriceBound, known: float, sign: float) -> Model:
    """Return the model with the columns that no better solution opens, or closes, fixed."""
    never = (sign * bound.opened <= known) & model.integral
    always = (sign * bound.closed <= known) & model.integral & ~never
    return replace(
        model,
        lower=np.where(always, model.upper, model.lower),
        upper=np.where(never, model.lower, model.upper),
    )
