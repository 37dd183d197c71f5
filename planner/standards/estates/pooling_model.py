"""The choice of pools as an integer model, solved for one aim after the other.

Sets: estates ``e`` with ``m_e`` m² of rooms, each less than the least area ``A`` of a centre;
places ``p``; pairs ``(e, p)`` whose elders walk to the place within the limit, in ``t_ep`` minutes;
groups ``g`` of residents who reach no centre today, ``w_g`` elders within the limit of the places
``N_g``. ``x_ep`` is 1 where the estate's rooms go to the place, ``z_p`` where a centre opens there,
``y_g`` where the group has one within the limit::

    Σ_p x_ep <= 1                 each estate joins at most one pool
    x_ep <= z_p                   = z_p for the estate whose own place it is
    Σ_e m_e x_ep >= A z_p         a pool is large enough for a centre
    y_g <= Σ_{p in N_g} z_p
    Σ_{p in N_g} z_p <= 1 + (|N_g| - 1)(1 - v_g)      v_g is 1 only where one pool reaches g
    z_p <= Σ_{g: p in N_g} v_g    each centre reaches somebody whom no other does

The last two hold for places that gain by nothing else (``gains``). They never cost an elder: a
centre that reaches nobody of its own can be left out.

First ``Σ w_g y_g`` is maximised (a maximal covering problem: Church & ReVelle 1974), then, with
that kept, ``Σ m_e x_ep``, then, with both kept, ``Σ t_ep x_ep`` is minimised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import Final

import numpy as np

from planner.solver import IntArray, Model, Sense, Solution, SparseRows, solve
from planner.units import ROUNDING, BoolArray, FloatArray

_Row = tuple[list[int], list[float], float, float]
"""A row of the model: columns, factors, least and most."""

KEPT: Final = 1e-6
"""Relative slack with which an aim's optimum is kept while the next is sought: HiGHS keeps rows to
1e-6, so that a tighter one could refuse the very plan that was found."""


@dataclass(frozen=True, eq=False)
class PoolingProblem:
    """A pooling question in numbers.

    Parameters
    ----------
    rooms_m2
        Shape (estates,): above 0 and less than ``least_m2``.
    own_estate
        Shape (places,): position of the estate whose own place it is, -1 if nobody's.
    pair_estate, pair_place
        Shape (pairs,): positions; each pair once.
    pair_minutes
        Shape (pairs,).
    group_weights
        Shape (groups,).
    group_starts, group_places
        Group ``g`` reaches ``group_places[group_starts[g]:group_starts[g + 1]]``.
    least_m2
        Least area of a centre.
    gains
        Shape (places,): whether a centre there is a gain though it reached nobody newly.
    """

    rooms_m2: FloatArray
    own_estate: IntArray
    pair_estate: IntArray
    pair_place: IntArray
    pair_minutes: FloatArray
    group_weights: FloatArray
    group_starts: IntArray
    group_places: IntArray
    least_m2: float
    gains: BoolArray

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return len(self.pair_estate)

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.own_estate)

    @property
    def groups(self) -> int:
        """Number of groups of residents."""
        return len(self.group_weights)


@dataclass(frozen=True)
class Chosen:
    """Which pairs are chosen, and how far the solver can vouch for it.

    Parameters
    ----------
    pairs
        Positions of the chosen pairs.
    bound
        No choice brings more weight within the limit.
    status
        The solver's ending (:data:`planner.solver.STATUSES`): ``optimal`` where every aim's is.
    """

    pairs: IntArray
    bound: float
    status: str


def _own_gains(problem: PoolingProblem) -> list[_Row]:
    """Return the rows that leave out centres which reach nobody whom no other does."""
    first_place, first_alone = problem.pairs, problem.pairs + problem.places + problem.groups
    rows: list[_Row] = []
    near: list[list[int]] = [[] for _ in range(problem.places)]
    for group in range(problem.groups):
        part = slice(problem.group_starts[group], problem.group_starts[group + 1])
        there = problem.group_places[part].tolist()
        for place in there:
            near[place].append(first_alone + group)
        reach = [first_place + place for place in there]
        more = float(len(there) - 1)
        if more:
            rows.append(
                ([*reach, first_alone + group], [*[1.0] * len(reach), more], -inf, 1.0 + more)
            )
    for place in np.flatnonzero(~problem.gains).tolist():
        alone = near[place]
        rows.append(([first_place + place, *alone], [1.0, *[-1.0] * len(alone)], -inf, 0.0))
    return rows


def pooling_model(problem: PoolingProblem) -> Model:
    """Return the model with its first aim; columns: pairs, places, groups, groups of one pool."""
    pairs, places, groups = problem.pairs, problem.places, problem.groups
    rows: list[_Row] = []
    for estate in range(len(problem.rooms_m2)):
        own = np.flatnonzero(problem.pair_estate == estate).tolist()
        if own:
            rows.append((own, [1.0] * len(own), -inf, 1.0))
    for pair, (estate, place) in enumerate(
        zip(problem.pair_estate.tolist(), problem.pair_place.tolist(), strict=True)
    ):
        is_host = problem.own_estate[place] == estate
        rows.append(([pair, pairs + place], [1.0, -1.0], 0.0 if is_host else -inf, 0.0))
    shares = problem.rooms_m2 / problem.least_m2
    for place in range(places):
        own = np.flatnonzero(problem.pair_place == place).tolist()
        rows.append(
            ([*own, pairs + place], [*shares[problem.pair_estate[own]].tolist(), -1.0], 0.0, inf)
        )
    for group in range(groups):
        part = slice(problem.group_starts[group], problem.group_starts[group + 1])
        reach = (pairs + problem.group_places[part]).tolist()
        rows.append(([pairs + places + group, *reach], [1.0, *[-1.0] * len(reach)], -inf, 0.0))
    rows += _own_gains(problem)
    columns = pairs + places + 2 * groups
    return Model(
        cost=np.r_[np.zeros(pairs + places), problem.group_weights, np.zeros(groups)],
        lower=np.zeros(columns),
        upper=np.ones(columns),
        rows=SparseRows(
            starts=np.cumsum([0, *(len(row[0]) for row in rows)]),
            columns=np.array([column for row in rows for column in row[0]], dtype=np.int64),
            values=np.array([value for row in rows for value in row[1]], dtype=np.float64),
        ),
        row_lower=np.array([row[2] for row in rows]),
        row_upper=np.array([row[3] for row in rows]),
        integral=(np.arange(columns) < pairs + places)
        | (np.arange(columns) >= pairs + places + groups),
        sense="maximise",
    )


def _keeping(model: Model, aim: FloatArray, reached: float) -> Model:
    """Return the model with a row that keeps what an aim has reached."""
    columns = np.flatnonzero(aim).tolist()
    if not columns:
        return model
    least = reached - KEPT * max(1.0, abs(reached))
    return _with_rows(model, [(columns, aim[columns].tolist(), least, inf)])


def _too_small(problem: PoolingProblem, values: FloatArray) -> list[_Row]:
    """Return a row for each chosen pool that is too small: one more of the others must join.

    The solver keeps rows to 1e-6 of the least area, and would take 299.9999 m² for 300.
    """
    chosen = values[: problem.pairs] > 0.5
    rows: list[_Row] = []
    for place in np.flatnonzero(values[problem.pairs :][: problem.places] > 0.5).tolist():
        here = problem.pair_place == place
        gathered_m2 = float(problem.rooms_m2[problem.pair_estate[here & chosen]].sum())
        if gathered_m2 < problem.least_m2 * (1.0 - ROUNDING):
            others = np.flatnonzero(here & ~chosen).tolist()
            columns = [*others, problem.pairs + place]
            rows.append((columns, [*[1.0] * len(others), -1.0], 0.0, inf))
    return rows


def _with_rows(model: Model, rows: list[_Row]) -> Model:
    """Return the model with more rows."""
    lengths = np.cumsum([len(row[0]) for row in rows])
    more = SparseRows(
        starts=np.r_[model.rows.starts, model.rows.starts[-1] + lengths],
        columns=np.r_[
            model.rows.columns, np.array([one for row in rows for one in row[0]], dtype=np.int64)
        ],
        values=np.r_[model.rows.values, np.array([one for row in rows for one in row[1]])],
    )
    return replace(
        model,
        rows=more,
        row_lower=np.r_[model.row_lower, [row[2] for row in rows]],
        row_upper=np.r_[model.row_upper, [row[3] for row in rows]],
    )


def choose_pools(problem: PoolingProblem, *, time_limit_s: float | None = None) -> Chosen:
    """Choose the pools: most weight newly within the limit, then most m², then least walk.

    Parameters
    ----------
    problem
        The question.
    time_limit_s
        Seconds for each of the three aims.

    Raises
    ------
    SolverError
        If the solver breaks down.
    """
    model = pooling_model(problem)
    pairs = problem.pairs
    zeros = np.zeros(problem.places + 2 * problem.groups)
    aims: tuple[tuple[FloatArray, Sense], ...] = (
        (model.cost, "maximise"),
        (np.r_[problem.rooms_m2[problem.pair_estate] / problem.least_m2, zeros], "maximise"),
        (np.r_[problem.pair_minutes, zeros], "minimise"),
    )
    start, found = np.zeros(len(model.cost)), list[Solution]()
    for aim, sense in aims:
        while True:
            asked = replace(model, cost=aim, sense=sense)
            solution = solve(asked, time_limit_s=time_limit_s, start=start)
            small = [] if solution.values is None else _too_small(problem, solution.values)
            if not small:
                break
            model = _with_rows(model, small)
        found.append(solution)
        if solution.values is not None:
            start = np.where(asked.integral, np.round(solution.values), solution.values)
        if sense == "maximise":
            model = _keeping(model, aim, float(aim @ start))
    status = next((one.status for one in found if one.status != "optimal"), "optimal")
    # A solver may write nothing as -0.0.
    return Chosen(np.flatnonzero(start[:pairs] > 0.5), max(0.0, found[0].bound), status)
