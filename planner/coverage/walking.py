"""The one walking state of every resident row: covered, or the reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner import tables, units
from planner.errors import TableError
from planner.labels import Message, message

NEAREST_COLUMNS: Final = ("nearest", "walk_minutes", "leg_m", "joined", "part")
"""What a resident row learns from the nearest-centre table."""

PEOPLE_COLUMNS: Final = ("population", *tables.ELDERLY_COLUMNS, *tables.ELDER_GROUPS)


@dataclass(frozen=True, eq=False)
class Coverage:
    """Who is within the limit of an open centre, row by row.

    Parameters
    ----------
    limit_minutes
        The limit; a walk of exactly this long is covered (:func:`planner.units.within`).
    open_centres
        Number of open centres of the kind asked for.
    residents
        The residents table, in the caller's order, with ``state`` (one of
        :data:`planner.tables.WALKING_STATES`), ``nearest`` (id of the nearest open centre, or
        missing), ``walk_minutes`` (door to door; NaN where there is no walk), ``leg_m`` (metres
        from the door to the street), ``joined`` and ``part`` (component of the network; 0 is the
        largest, -1 not joined) added.
    states
        One row for each state, in the order of the states, also where nobody is in it:
        ``rows`` and the persons of each people column that the residents table has.
    """

    limit_minutes: float
    open_centres: int
    residents: pd.DataFrame
    states: pd.DataFrame

    @property
    def people_columns(self) -> tuple[str, ...]:
        """The people columns of which any figure is known, population first; 60+ always."""
        return known_people(self.residents)

    @property
    def elderly_columns(self) -> tuple[str, ...]:
        """The elderly columns of which any figure is known, the widest first; 60+ always."""
        return tuple(name for name in self.people_columns if name in tables.ELDERLY_COLUMNS)


def known_people(residents: pd.DataFrame) -> tuple[str, ...]:
    """Return the people columns of which any figure is known; 60+ always.

    A column without a single figure is unknown: summed, it would read as nobody.
    """
    return tuple(
        name
        for name in PEOPLE_COLUMNS
        if name in residents.columns
        and (name == tables.ELDERLY_COLUMNS[0] or residents[name].notna().any())
    )


def _nearest_problems(residents: pd.DataFrame, nearest: pd.DataFrame) -> list[Message]:
    problems = [
        message("tables.column_missing", table="nearest", column=name)
        for name in NEAREST_COLUMNS
        if name not in nearest.columns
    ]
    repeated = nearest.index[nearest.index.duplicated()].unique()
    if len(repeated):
        problems.append(message("tables.id_repeated", table="nearest", ids=tables.listed(repeated)))
    absent = residents.index.difference(nearest.index)
    if len(absent):
        problems.append(message("coverage.nearest_missing", ids=tables.listed(absent)))
    strange = nearest.index.difference(residents.index)
    if len(strange):
        problems.append(message("coverage.nearest_strange", ids=tables.listed(strange)))
    return problems


def walking_states(
    joined: units.BoolArray,
    walk_minutes: units.FloatArray,
    *,
    limit_minutes: float,
    open_centres: int,
) -> np.ndarray:
    """Return the one state of each row.

    The first that holds is the state: ``no_centre`` (no open centre of the kind exists, so
    nothing about streets is to blame), ``not_joined`` (the door is too far from any street, so
    that nothing can be said of its walk), ``no_way_through`` (on the street network, but no
    walk leads to any open centre), ``covered`` (``walk_minutes <= limit_minutes``, by
    :func:`planner.units.within`), ``too_far``.

    Parameters
    ----------
    joined
        Whether the row's point joins the streets; shape (n,).
    walk_minutes
        Minutes to the nearest open centre; NaN or infinite where there is no walk; shape (n,).
    limit_minutes
        The limit, inclusive.
    open_centres
        Number of open centres of the kind asked for.

    Returns
    -------
    ndarray of object
        Values of :data:`planner.tables.WALKING_STATES`, shape (n,).
    """
    if open_centres == 0:
        return np.full(len(joined), "no_centre", dtype=object)
    conditions = [
        ~joined,
        ~np.isfinite(walk_minutes),
        np.asarray(units.within(walk_minutes, limit_minutes)),
    ]
    states = np.select(conditions, ["not_joined", "no_way_through", "covered"], default="too_far")
    return states.astype(object)


def sorted_people(residents: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return the people columns as floats, unknown persons as 0, rows in the order of their ids.

    Sums of floats depend on their order in the last digit; summing in the order of the ids
    makes every total the same however the ledger was sorted.
    """
    ordered = residents[list(columns)].astype(float)
    return ordered.fillna(0.0).sort_index()


def _state_totals(residents: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    people = sorted_people(residents, columns)
    people.insert(0, "rows", 1)
    totals = people.groupby(residents["state"].reindex(people.index).to_numpy()).sum()
    totals = totals.reindex(list(tables.WALKING_STATES), fill_value=0)
    return totals.astype({"rows": int}).rename_axis("state")


def coverage(
    residents: pd.DataFrame,
    nearest: pd.DataFrame,
    *,
    limit_minutes: float = units.LIMIT_MINUTES,
    open_centres: int,
) -> Coverage:
    """Give every resident row its one walking state.

    The order in which the states are tried is that of :func:`walking_states`. Elders whose
    number is missing are unknown: their rows have a state, and add nobody to the sums.

    Parameters
    ----------
    residents
        A :data:`planner.tables.RESIDENTS` table, index its ids; geometry is not needed, and
        kept where given.
    nearest
        One row for each resident id: ``nearest, walk_minutes, leg_m, joined, part``, as
        ``streets.nearest_centre`` gives it for the open centres of the kind asked for. Where
        there are no such centres only ``leg_m, joined, part`` matter.
    limit_minutes
        The limit in minutes, inclusive.
    open_centres
        Number of open centres of the kind asked for that ``nearest`` was computed from.

    Raises
    ------
    TableError
        If a table is malformed, or the two do not hold the same ids.
    ValueError
        If the limit is not a positive number, or the number of centres negative.
    """
    if not limit_minutes > 0 or open_centres < 0:
        text = "limit_minutes must be positive and open_centres not negative"
        raise ValueError(text)
    problems = tables.table_problems(tables.RESIDENTS, residents, geometry=False)
    problems += _nearest_problems(residents, nearest)
    if problems:
        raise TableError(message("coverage.refused"), problems)
    found = nearest.loc[residents.index, list(NEAREST_COLUMNS)]
    minutes = found["walk_minutes"].to_numpy(dtype=float, na_value=np.nan)
    joined = found["joined"].to_numpy(dtype=bool)
    judged = residents.assign(
        state=walking_states(
            joined, minutes, limit_minutes=limit_minutes, open_centres=open_centres
        ),
        nearest=found["nearest"].astype(object),
        walk_minutes=np.where(np.isfinite(minutes), minutes, np.nan),
        leg_m=found["leg_m"],
        joined=joined,
        part=found["part"],
    )
    return Coverage(
        limit_minutes=float(limit_minutes),
        open_centres=int(open_centres),
        residents=judged,
        states=_state_totals(judged, known_people(residents)),
    )
