"""The covering questions as sparse integer models."""

from __future__ import annotations

from math import frexp, inf
from typing import Any

import numpy as np

from planner.siting.problem import CoveringProblem
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
    ``Σ_j x_j <= p``, ``x_j in {0, 1}``, ``0 <= y_g <= 1``.

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
        then the number of centres.
    """
    sites, groups = len(problem.sites), problem.groups
    # Each group's row is its own column, then its sites.
    starts = problem.starts + np.arange(groups + 1)
    columns = np.empty(starts[-1], dtype=np.int64)
    own = starts[:-1]
    columns[own] = sites + np.arange(groups)
    values = np.full(len(columns), -1.0)
    values[own] = 1.0
    others = np.ones(len(columns), dtype=np.bool_)
    others[own] = False
    columns[others] = problem.site_of
    rows = SparseRows(
        starts=np.r_[starts, starts[-1] + sites],
        columns=np.r_[columns, np.arange(sites)],
        values=np.r_[values, np.ones(sites)],
    )
    return Model(
        cost=np.r_[np.zeros(sites), problem.weights],
        lower=np.zeros(sites + groups),
        upper=np.ones(sites + groups),
        rows=rows,
        row_lower=np.full(groups + 1, -inf),
        row_upper=np.r_[np.zeros(groups), float(new_centres)],
        integral=np.arange(sites + groups) < (sites if integral else 0),
        sense="maximise",
    )


def fewest_centres_model(problem: CoveringProblem, *, integral: bool = True) -> Model:
    """Return the location set covering problem (Toregas, Swain, ReVelle & Bergman 1971).

    ``min Σ_j x_j`` with ``Σ_{j in N_g} x_j >= 1`` for each group ``g``, ``x_j in {0, 1}``.

    Parameters
    ----------
    problem
        ``N_g`` is the sites that reach group ``g``; each group has at least one.
    integral
        False gives the linear relaxation.

    Returns
    -------
    Model
        Columns: the sites. Rows: the groups.
    """
    sites, groups = len(problem.sites), problem.groups
    return Model(
        cost=np.ones(sites),
        lower=np.zeros(sites),
        upper=np.ones(sites),
        rows=SparseRows(problem.starts, problem.site_of, np.ones(len(problem.site_of))),
        row_lower=np.ones(groups),
        row_upper=np.full(groups, inf),
        integral=np.full(sites, integral),
        sense="minimise",
    )


def named(model: Model, problem: CoveringProblem) -> Model:
    """Return the model with names: ``x[id]`` for sites, ``y[k]`` and ``group[k]`` for groups."""
    sites: list[Any] = problem.sites.tolist()
    numbers = range(problem.groups)
    columns = [f"x[{site}]" for site in sites]
    rows = [f"group[{number}]" for number in numbers]
    if len(model.cost) > len(sites):
        columns += [f"y[{number}]" for number in numbers]
        rows.append("new_centres")
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
