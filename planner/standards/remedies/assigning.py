"""Rooms and sites promised to centres, each to one only: solved exactly, goal after goal.

Promising rooms centre by centre, in the order of a ledger, gives the last ones nothing although
an exchange would have helped all. Here every promise of a cluster (centres and rooms that any
chain of reach joins) is chosen together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.solver import IntArray, Model, Sense, SparseRows, solve
from planner.units import BoolArray, FloatArray

SUM_SLACK: Final = 1e-3
"""By how much an earlier goal in m², metres or elders may be missed by a later one: finer than any
ledger."""

COUNT_SLACK: Final = 0.5
"""The same for goals that count: whole numbers stay as they are."""


@dataclass(frozen=True)
class _Goal:
    """One sum to be made small or large, and by how much later goals may miss it."""

    cost: FloatArray
    sense: Sense
    slack: float


Row = tuple[Sequence[int], Sequence[float], float, float]


def _solve_in_order(
    goals: Sequence[_Goal], rows: Sequence[Row], upper: FloatArray, integral: BoolArray
) -> FloatArray:
    """Return the plan that is best by the first goal, among those by the second, and so on."""
    bound: list[Row] = list(rows)
    values: FloatArray = np.zeros(len(upper))
    for goal in goals:
        starts = np.cumsum([0, *(len(columns) for columns, *_ in bound)], dtype=np.int64)
        matrix = SparseRows(
            starts,
            np.concatenate([np.asarray(columns, dtype=np.int64) for columns, *_ in bound]),
            np.concatenate([np.asarray(factors, dtype=float) for _, factors, *_ in bound]),
        )
        found = solve(
            Model(
                cost=goal.cost,
                lower=np.zeros(len(upper)),
                upper=upper,
                rows=matrix,
                row_lower=np.array([low for *_, low, _ in bound]),
                row_upper=np.array([high for *_, high in bound]),
                integral=integral,
                sense=goal.sense,
            )
        )
        plan = found.values  # noqa: PD011 - a solution, no table
        if plan is None:  # to promise nothing is always a plan
            return values
        values = plan
        reached = float(goal.cost @ values)
        used = np.flatnonzero(goal.cost)
        if not len(used):
            continue
        low, high = reached - goal.slack, np.inf
        if goal.sense == "minimise":
            low, high = -np.inf, reached + goal.slack
        bound.append((used.tolist(), goal.cost[used].tolist(), low, high))
    return values


def clusters(left: Sequence[str], right: Sequence[str]) -> IntArray:
    """Return for each pair the number of the cluster that it belongs to.

    Parameters
    ----------
    left, right
        The two ends of each pair; an id on the left and the same on the right are not one.
    """
    above: dict[tuple[str, str], tuple[str, str]] = {}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        while above.setdefault(node, node) != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    for one, other in zip(left, right, strict=True):
        first, second = sorted((root(("left", one)), root(("right", other))))
        above[second] = first
    roots = [root(("left", one)) for one in left]
    numbers = {node: number for number, node in enumerate(sorted(set(roots)))}
    return np.array([numbers[node] for node in roots], dtype=np.int64)


def _each_cluster(pairs: pd.DataFrame, left: str, right: str) -> Iterator[pd.DataFrame]:
    ordered = pairs.sort_values([left, right]).reset_index(drop=True)
    if ordered.empty:
        return
    numbers = clusters(ordered[left].tolist(), ordered[right].tolist())
    for _, cluster in ordered.groupby(numbers, sort=True):
        yield cluster


def assign_rooms(
    pairs: pd.DataFrame, needs: pd.Series, steps: pd.Series | None = None
) -> pd.DataFrame:
    """Promise rooms to those who are short of floor area, each room to one only.

    Best by four goals, one after the other: most needs met whole; most square metres of need met;
    fewest rooms taken; least metres (air line) in all. A need may take several rooms.

    Parameters
    ----------
    pairs
        ``unit, room, area_m2, distance_m``: which rooms stand in reach of which need. A room's
        area is the same in all its rows.
    needs
        Square metres that each unit is short of, above 0, by unit.
    steps
        By unit: square metres at which one of several needs is met whole (a tuple). To meet each is
        a goal of its own, so that a great need does not leave a small one with nothing. Without
        them a unit's need is one.

    Returns
    -------
    DataFrame
        The pairs promised, by unit and distance, with ``m2``: the part of the need that the room
        meets, nearer rooms first. The same whatever the order of the rows.
    """
    kept = [_rooms_of(cluster, needs, steps) for cluster in _each_cluster(pairs, "unit", "room")]
    columns = [*pairs.columns, "m2"]
    if not kept:
        return pairs.iloc[:0].assign(m2=pd.Series(dtype=float))[columns]
    promised = pd.concat(kept).sort_values(["unit", "distance_m", "room"]).reset_index(drop=True)
    before = promised.groupby("unit")["area_m2"].cumsum() - promised["area_m2"]
    left = promised["unit"].map(needs).astype(float) - before
    return promised.assign(m2=np.minimum(promised["area_m2"], left.clip(lower=0.0)))[columns]


def _steps_of(
    units: Sequence[str], needs: pd.Series, steps: pd.Series | None
) -> list[tuple[int, float]]:
    """Return the number of the unit and the square metres of each need to be met whole."""
    found: list[tuple[int, float]] = []
    for number, unit in enumerate(units):
        need = float(needs[unit])
        given = () if steps is None else steps.get(unit, ())
        found += [(number, step) for step in sorted({need, *(s for s in given if 0 < s < need)})]
    return found


def _rooms_of(cluster: pd.DataFrame, needs: pd.Series, steps: pd.Series | None) -> pd.DataFrame:
    if len(cluster) == 1:
        return cluster
    units, rooms = sorted(set(cluster["unit"])), sorted(set(cluster["room"]))
    unit_of = {name: number for number, name in enumerate(units)}
    need = needs.reindex(units).to_numpy(dtype=float)
    area = cluster["area_m2"].to_numpy(dtype=float)
    count, edges = len(units), len(cluster)
    owner = np.array([unit_of[name] for name in cluster["unit"]])
    # Columns: a promise a pair, the m² met a unit, whether each of its needs is met whole.
    marks = _steps_of(units, needs, steps)
    met, whole = edges + np.arange(count), edges + count + np.arange(len(marks))
    rows: list[Row] = []
    for unit in range(count):
        own = np.flatnonzero(owner == unit)
        rows.append(([met[unit], *own], [-1.0, *area[own]], 0.0, np.inf))
    for place, (unit, step) in enumerate(marks):
        rows.append(([met[unit], whole[place]], [1.0, -step], 0.0, np.inf))
    for room in rooms:
        taken = np.flatnonzero((cluster["room"] == room).to_numpy())
        rows.append((taken.tolist(), [1.0] * len(taken), -np.inf, 1.0))
    size = edges + count + len(marks)
    zero: FloatArray = np.zeros(size)

    def goal(places: IntArray, factor: FloatArray | float, sense: Sense, slack: float) -> _Goal:
        cost = zero.copy()
        cost[places] = factor
        return _Goal(cost, sense, slack)

    promise = np.arange(edges)
    metres = cluster["distance_m"].to_numpy(dtype=float)
    integral = np.ones(size, dtype=bool)
    integral[met] = False
    upper: FloatArray = np.ones(size)
    upper[met] = need
    values = _solve_in_order(
        [
            goal(whole, 1.0, "maximise", COUNT_SLACK),
            goal(met, 1.0, "maximise", SUM_SLACK),
            goal(promise, 1.0, "minimise", COUNT_SLACK),
            goal(promise, metres, "minimise", SUM_SLACK),
        ],
        rows,
        upper,
        integral,
    )
    return cluster[values[:edges] > 0.5]


def assign_sites(pairs: pd.DataFrame) -> pd.DataFrame:
    """Promise sites to centres that would move, a site to one centre and a centre to one site.

    Best by four goals, one after the other: most centres that must move have a site; most of the
    others have one; fewest elders left without any centre; least metres (air line) in all.

    Parameters
    ----------
    pairs
        ``centre, site, must (bool, the same in all rows of a centre), stranded, distance_m``.

    Returns
    -------
    DataFrame
        The pairs promised, by centre. The same whatever the order of the rows.
    """
    kept = [_sites_of(cluster) for cluster in _each_cluster(pairs, "centre", "site")]
    if not kept:
        return pairs.iloc[:0]
    return pd.concat(kept).sort_values("centre").reset_index(drop=True)


def _sites_of(cluster: pd.DataFrame) -> pd.DataFrame:
    if len(cluster) == 1:
        return cluster
    rows: list[Row] = []
    for column in ("centre", "site"):
        for name in sorted(set(cluster[column])):
            places = np.flatnonzero((cluster[column] == name).to_numpy())
            rows.append((places.tolist(), [1.0] * len(places), -np.inf, 1.0))
    must = cluster["must"].to_numpy(dtype=float)
    size = len(cluster)
    values = _solve_in_order(
        [
            _Goal(must, "maximise", COUNT_SLACK),
            _Goal(1.0 - must, "maximise", COUNT_SLACK),
            _Goal(cluster["stranded"].to_numpy(dtype=float), "minimise", SUM_SLACK),
            _Goal(cluster["distance_m"].to_numpy(dtype=float), "minimise", SUM_SLACK),
        ],
        rows,
        np.ones(size),
        np.ones(size, dtype=bool),
    )
    return cluster[values > 0.5]
