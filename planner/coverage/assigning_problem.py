"""Who can be assigned to whom: the pairs within the limit, as positions in the order of the ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner import tables
from planner.errors import TableError
from planner.labels import Message, message
from planner.units import BoolArray, FloatArray, within

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class AssignmentProblem:
    """A transport problem: persons of rows to places of centres, over the pairs within the limit.

    Parameters
    ----------
    demand
        Persons, shape (rows,), all above 0; each row has at least one arc.
    capacity
        Places, shape (centres,), finite and not negative.
    resident_of, site_of, minutes
        One entry an arc, shape (arcs,): positions and walk, by row, then by centre.
    """

    demand: FloatArray
    capacity: FloatArray
    resident_of: IntArray
    site_of: IntArray
    minutes: FloatArray

    @property
    def longest(self) -> float:
        """The longest walk of all arcs; 1 minute where all are 0 or there are none."""
        return float(self.minutes.max(initial=0.0)) or 1.0

    @property
    def unserved_cost(self) -> float:
        """Minutes that a person without a place counts: above what any place can cost the others.

        A chain that finds one person more a place moves others at most once at each centre, and
        each of them by at most ``longest`` minutes; so one person more served, worth this much,
        always outweighs the walk that it adds, by ``longest`` minutes or more.
        """
        return (min(len(self.capacity), len(self.demand)) + 1) * self.longest

    @property
    def nearest(self) -> IntArray:
        """Each row's arc of the shortest walk, shape (rows,); ties go to the first centre."""
        order = np.lexsort((self.site_of, self.minutes, self.resident_of))
        rows = self.resident_of[order]
        return order[np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])] if len(order) else order


@dataclass(frozen=True, eq=False)
class Reach:
    """The pairs of a table of travel times that count, as positions.

    Parameters
    ----------
    residents, centres
        Ids in their sorted order.
    resident_of, centre_of, minutes
        One entry a pair within the limit, by resident, then by centre.
    """

    residents: pd.Index[Any]
    centres: pd.Index[Any]
    resident_of: IntArray
    centre_of: IntArray
    minutes: FloatArray

    def any_of(self, centres: BoolArray) -> BoolArray:
        """Tell for each resident whether one of the marked centres is within the limit."""
        found = np.zeros(len(self.residents), dtype=np.bool_)
        found[self.resident_of[centres[self.centre_of]]] = True
        return found


def time_problems(times: pd.DataFrame) -> list[Message]:
    """Return what is wrong with a table of travel times, its ids apart."""
    # The rows of travel times have no ids of their own.
    problems = tables.table_problems(tables.TRAVEL_TIMES, times.reset_index(drop=True))
    if problems:
        return problems
    return [
        message(
            "tables.value_missing",
            table="travel_times",
            column=name,
            ids=tables.listed(times.index[times[name].isna()]),
        )
        for name in ("origin", "destination")
        if times[name].isna().any()
    ]


def summed(keys: IntArray, values: FloatArray, count: int) -> FloatArray:
    """Return the sum of the values of each key, 0 where it has none; shape (count,)."""
    return np.asarray(np.bincount(keys, weights=values, minlength=count), dtype=np.float64)


def positions(ends: pd.Series[Any], among: pd.Index[Any]) -> IntArray:
    """Return each entry's position among ids, -1 where it is none of them."""
    if isinstance(ends.dtype, pd.CategoricalDtype):
        # Each id is looked up once, not once a row.
        where = among.get_indexer(ends.cat.categories)
        return np.asarray(where[ends.cat.codes.to_numpy()], dtype=np.int64)
    codes, ids = pd.factorize(ends)
    return np.asarray(among.get_indexer(pd.Index(ids))[codes], dtype=np.int64)


def reach(
    times: pd.DataFrame,
    residents: pd.Index[Any],
    centres: pd.Index[Any],
    *,
    limit_minutes: float,
) -> Reach:
    """Return the pairs with ``walk_minutes <= limit_minutes`` (:func:`planner.units.within`).

    Parameters
    ----------
    times
        A :data:`planner.tables.TRAVEL_TIMES` table; absent pairs are out of reach, and so are
        those without minutes. Destinations that are none of the centres are not looked at.
    residents, centres
        Ids; every origin must be one of the residents.
    limit_minutes
        The limit, inclusive.

    Raises
    ------
    TableError
        If the table is malformed, names a strange origin, or a pair twice.
    """
    problems = time_problems(times)
    if problems:
        raise TableError(message("capacity.refused"), problems)
    # By their text where they are mixed: an order that depends on the ids alone.
    residents, centres = (
        pd.Index(sorted(ids, key=str), dtype=object) for ids in (residents, centres)
    )
    origin = positions(times["origin"], residents)
    if (origin < 0).any():
        strangers = tables.listed(sorted(set(times["origin"][origin < 0]), key=str))
        problem = message("capacity.origin_unknown", ids=strangers)
        raise TableError(message("capacity.refused"), [problem])
    place = positions(times["destination"], centres)
    minutes = times["walk_minutes"].to_numpy(dtype=np.float64, na_value=np.nan)
    kept = np.flatnonzero((place >= 0) & within(minutes, limit_minutes))
    keys = origin[kept] * max(len(centres), 1) + place[kept]
    order = np.argsort(keys, kind="stable")
    kept, keys = kept[order], keys[order]
    twice = kept[1:][keys[1:] == keys[:-1]]
    if len(twice):
        shown = times.iloc[twice[: tables.LISTED_ROWS + 1]]
        pairs = [f"{a} → {b}" for a, b in zip(shown["origin"], shown["destination"], strict=True)]
        problem = message("capacity.pairs_repeated", pairs=tables.listed(pairs))
        raise TableError(message("capacity.refused"), [problem])
    return Reach(residents, centres, origin[kept], place[kept], minutes[kept])


def assignment_problem(
    found: Reach, demand: FloatArray, capacity: FloatArray
) -> tuple[AssignmentProblem, IntArray, IntArray]:
    """Return the transport problem of the rows that ask and the centres of known capacity.

    Parameters
    ----------
    found
        The pairs within the limit.
    demand, capacity
        In the order of ``found``'s ids; NaN unknown.

    Returns
    -------
    tuple
        The problem; the rows of ``found.residents`` that it holds; the same of the centres.
    """
    asks = np.nan_to_num(demand) > 0
    known = np.isfinite(capacity)
    useful = asks[found.resident_of] & known[found.centre_of]
    rows, resident_of = np.unique(found.resident_of[useful], return_inverse=True)
    sites, site_of = np.unique(found.centre_of[useful], return_inverse=True)
    problem = AssignmentProblem(
        demand=demand[rows],
        capacity=capacity[sites],
        resident_of=resident_of.astype(np.int64),
        site_of=site_of.astype(np.int64),
        minutes=found.minutes[useful],
    )
    return problem, rows, sites
