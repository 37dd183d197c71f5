"""The covering questions as sparse integer models."""

from __future__ import annotations

from math import frexp, inf
from typing import Any

import numpy as np

from planner.siting.covering.problem import CoveringProblem
from planner.solver import IntArray, Model, SparseRows
from planner.units import FloatArray


def weight_scale(weights: FloatArray) -> float:
    """Return the power of two by which to multiply weights before they go to the solver.

    The solver's tolerances are absolute, about 1e-6: weights given as shares would drown in
    them, weights in the millions stretch them. So the largest is brought to at most 2**20, and,
    where weights are not whole numbers (two plans may then differ by as little as one likes), to
    at least 2**9. A power of two changes no digit; whole numbers of people keep scale 1.
    """
    _, exponent = frexp(float(weights.max()))
    least = 1 if whole(weights) else 10
    return 2.0 ** (min(max(exponent, least), 20) - exponent)


def whole(weights: FloatArray) -> bool:
    """Tell whether every weight is a whole number, so that every plan's coverage is one."""
    return bool(np.all(weights == np.round(weights)))


def most_people_model(
    problem: CoveringProblem, new_centres: int, *, integral: bool = True
) -> Model:
    """Return the maximal covering location problem (Church & ReVelle 1974).

    ``max Σ_g w_g y_g`` with ``y_g <= Σ_{j in N_g} x_j`` for each group ``g``,
    ``Σ_j x_j <= p``, ``Σ_{j in C} x_j <= 1`` for each conflict ``C``, ``x_j in {0, 1}``,
    ``0 <= y_g <= 1``.

    Parameters
    ----------
    problem
        ``w = problem.weights``; ``N_g`` the sites that reach group ``g``.
    new_centres
        ``p``.
    integral
        False gives the linear relaxation.

    Returns
    -------
    Model
        Columns: the sites ``x``, then the groups ``y``. Rows: one a group (``y_g - Σ x_j <= 0``),
        then the number of centres, then one a conflict.
    """
    sites, groups = len(problem.sites), problem.groups
    covering = _covering_rows(problem)
    number = SparseRows(np.array([0, sites]), np.arange(sites), np.ones(sites))
    return Model(
        cost=np.r_[np.zeros(sites), problem.weights],
        lower=np.zeros(sites + groups),
        upper=np.ones(sites + groups),
        rows=_stacked(covering, number, _conflict_rows(problem)),
        row_lower=np.full(groups + 1 + len(problem.conflicts), -inf),
        row_upper=np.r_[np.zeros(groups), float(new_centres), np.ones(len(problem.conflicts))],
        integral=np.arange(sites + groups) < (sites if integral else 0),
        sense="maximise",
    )


def _covering_rows(problem: CoveringProblem) -> SparseRows:
    """Return ``y_g - Σ x_j``: each group's row is its own column, then its sites."""
    starts = problem.starts + np.arange(problem.groups + 1)
    columns = np.empty(starts[-1], dtype=np.int64)
    own = starts[:-1]
    columns[own] = len(problem.sites) + np.arange(problem.groups)
    values = np.full(len(columns), -1.0)
    values[own] = 1.0
    others = np.ones(len(columns), dtype=np.bool_)
    others[own] = False
    columns[others] = problem.site_of
    return SparseRows(starts, columns, values)


def _conflict_rows(problem: CoveringProblem) -> SparseRows:
    members = np.concatenate([np.zeros(0, np.int64), *problem.conflicts])
    lengths = [len(conflict) for conflict in problem.conflicts]
    starts = np.r_[0, np.cumsum(lengths, dtype=np.int64)].astype(np.int64)
    return SparseRows(starts, members, np.ones(len(members)))


def _stacked(*parts: SparseRows) -> SparseRows:
    starts, end = [np.zeros(1, np.int64)], 0
    for part in parts:
        starts.append(part.starts[1:] + end)
        end += int(part.starts[-1])
    return SparseRows(
        np.concatenate(starts),
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.values for part in parts]),
    )


def fewest_centres_model(
    problem: CoveringProblem, *, cost: FloatArray | None = None, integral: bool = True
) -> Model:
    """Return the location set covering problem (Toregas, Swain, ReVelle & Bergman 1971).

    ``min Σ_j c_j x_j`` with ``Σ_{j in N_g} x_j >= 1`` for each group ``g``,
    ``Σ_{j in C} x_j <= 1`` for each conflict ``C``, ``x_j in {0, 1}``.

    Parameters
    ----------
    problem
        ``N_g`` is the sites that reach group ``g``; each group has at least one.
    cost
        ``c``, shape (sites,); None means 1 each.
    integral
        False gives the linear relaxation.

    Returns
    -------
    Model
        Columns: the sites. Rows: the groups, then the conflicts.
    """
    sites, groups, conflicts = len(problem.sites), problem.groups, len(problem.conflicts)
    covering = SparseRows(problem.starts, problem.site_of, np.ones(len(problem.site_of)))
    return Model(
        cost=np.ones(sites) if cost is None else cost,
        lower=np.zeros(sites),
        upper=np.ones(sites),
        rows=_stacked(covering, _conflict_rows(problem)),
        row_lower=np.r_[np.ones(groups), np.full(conflicts, -inf)],
        row_upper=np.r_[np.full(groups, inf), np.ones(conflicts)],
        integral=np.full(sites, integral),
        sense="minimise",
    )


def fewest_for_weight_model(problem: CoveringProblem, cost: FloatArray, least: float) -> Model:
    """Return the model of the fewest centres that cover a stated weight.

    ``min Σ_j c_j x_j`` with ``y_g <= Σ_{j in N_g} x_j``, ``Σ_g w_g y_g >= W`` and
    ``Σ_{j in C} x_j <= 1``: for rules under which not everybody can be covered at once.

    Parameters
    ----------
    problem
        ``w = problem.weights``; ``N_g`` the sites that reach group ``g``; ``C`` its conflicts.
    cost
        ``c``, shape (sites,).
    least
        ``W``.

    Returns
    -------
    Model
        Columns: the sites ``x``, then the groups ``y``. Rows: one a group (``y_g - Σ x_j <= 0``),
        then the weight, then one a conflict.
    """
    sites, groups, conflicts = len(problem.sites), problem.groups, len(problem.conflicts)
    weight = SparseRows(np.array([0, groups]), sites + np.arange(groups), problem.weights)
    return Model(
        cost=np.r_[cost, np.zeros(groups)],
        lower=np.zeros(sites + groups),
        upper=np.ones(sites + groups),
        rows=_stacked(_covering_rows(problem), weight, _conflict_rows(problem)),
        row_lower=np.r_[np.full(groups, -inf), least, np.full(conflicts, -inf)],
        row_upper=np.r_[np.zeros(groups), inf, np.ones(conflicts)],
        integral=np.arange(sites + groups) < sites,
        sense="minimise",
    )


def named(model: Model, problem: CoveringProblem) -> Model:
    """Return the model with names, for reading it as text.

    ``x[id]`` for sites, ``y[k]`` and ``group[k]`` for groups, ``at_most_one[k]`` for conflicts.
    """
    sites: list[Any] = problem.sites.tolist()
    numbers = range(problem.groups)
    columns = [f"x[{site}]" for site in sites]
    rows = [f"group[{number}]" for number in numbers]
    if len(model.cost) > len(sites):
        columns += [f"y[{number}]" for number in numbers]
        rows.append("new_centres" if model.sense == "maximise" else "weight")
    rows += [f"at_most_one[{number}]" for number in range(len(problem.conflicts))]
    return Model(**{**model.__dict__, "column_names": tuple(columns), "row_names": tuple(rows)})


def site_values(problem: CoveringProblem, values: FloatArray) -> IntArray:
    """Return the positions of the sites that a whole-numbered solution opens."""
    return np.flatnonzero(values[: len(problem.sites)] > 0.5)


def start_values(problem: CoveringProblem, chosen: IntArray, model: Model) -> FloatArray:
    """Return the columns of a model that open the ``chosen`` sites (positions)."""
    values = np.zeros(len(model.cost))
    values[chosen] = 1.0
    if len(values) > len(problem.sites):
        values[len(problem.sites) :] = problem.covered_groups(chosen)
    return values
