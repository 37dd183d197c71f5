"""Coverage asked many times over: by set of centres, age, walker and limit, in one table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner import tables, units
from planner.coverage.walking import known_people, sorted_people
from planner.errors import TableError
from planner.labels import message


@dataclass(frozen=True, eq=False)
class Asked:
    """One question's answer, resident by resident.

    Parameters
    ----------
    dimension, value
        Which centres, as :class:`planner.coverage.needs.CentreSet` names them.
    walker
        Name of who walks.
    walk_minutes
        Index = resident ids. Minutes to the nearest of these centres, door to door; NaN where
        there is no walk, or no such centre.
    possible_minutes
        The same with the centres of which nobody knows whether they serve; None if there are
        none of these.
    centres, unknown
        How many centres were asked of, and of how many it is unknown.
    """

    dimension: str
    value: str
    walker: str
    walk_minutes: pd.Series
    possible_minutes: pd.Series | None = None
    centres: int = 0
    unknown: int = 0


def _minutes(one: pd.Series, residents: pd.DataFrame) -> units.FloatArray:
    """Return minutes in the order of the residents' ids; infinite where there is no walk."""
    absent = residents.index.symmetric_difference(one.index)
    if len(absent):
        raise TableError(message("coverage.minutes_ids", ids=tables.listed(absent)))
    found = one.reindex(residents.sort_index().index).to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(found), found, np.inf)


def coverage_table(
    residents: pd.DataFrame, asked: Iterable[Asked], *, limits_minutes: Sequence[float]
) -> pd.DataFrame:
    """Return who is covered, for every question, limit and age group.

    Parameters
    ----------
    residents
        A :data:`planner.tables.RESIDENTS` table; geometry is not needed.
    asked
        The questions, each with the nearest minutes of every resident row.
    limits_minutes
        Limits, each inclusive (:func:`planner.units.within`).

    Returns
    -------
    DataFrame
        One row for each question, limit and people column of which any figure is known:
        ``dimension, value, walker, limit_minutes, people`` (``population``, ``elderly_60`` …),
        ``total, covered, share`` (NaN where there is nobody), ``possible`` (covered if the
        centres whose services are unknown serve, too; at least ``covered``), ``centres``,
        ``unknown``. In the order of the questions, limits ascending.

    Raises
    ------
    TableError
        If a question's minutes and the residents do not hold the same ids.
    ValueError
        If a limit is not a positive number, or there is none.
    """
    limits = sorted(float(limit) for limit in limits_minutes)
    if not limits or not all(0 < limit < np.inf for limit in limits):
        text = "limits_minutes must be positive numbers, at least one"
        raise ValueError(text)
    columns = known_people(residents)
    people = sorted_people(residents, columns)
    persons = people.to_numpy()
    rows = []
    for one in asked:
        nearest = _minutes(one.walk_minutes, residents)
        possible = nearest
        if one.possible_minutes is not None:
            possible = np.minimum(nearest, _minutes(one.possible_minutes, residents))
        for limit in limits:
            covered = persons[units.within(nearest, limit)].sum(axis=0)
            most = persons[units.within(possible, limit)].sum(axis=0)
            rows += [
                (one.dimension, one.value, one.walker, limit, *figures, one.centres, one.unknown)
                for figures in zip(columns, persons.sum(axis=0), covered, most, strict=True)
            ]
    names = ["dimension", "value", "walker", "limit_minutes", "people", "total", "covered"]
    table = pd.DataFrame(rows, columns=[*names, "possible", "centres", "unknown"])
    total = table["total"].to_numpy(dtype=float)
    share = np.divide(table["covered"], total, out=np.full(len(table), np.nan), where=total > 0)
    table.insert(7, "share", share)
    return table
