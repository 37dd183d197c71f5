"""Who is reached today and with a plan, resident by resident."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from planner import tables
from planner.errors import SitingError
from planner.labels import message
from planner.siting.asking.places import canonical_order, ids_of, plain, positions
from planner.siting.asking.weights import weights_of
from planner.siting.results import SitingPlan
from planner.siting.walking.recount import nearest_open
from planner.units import within

FEW: Final = 5.0
"""Persons below which a number could tell of one (TRADE.md, 13): marked here, suppressed where it
is printed."""

PEOPLE: Final = ("population", *tables.ELDERLY_COLUMNS, *tables.ELDER_GROUPS)
"""People columns that are told where they are known."""


def served(plan: SitingPlan, residents: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what a plan means for each resident.

    Parameters
    ----------
    plan
        The answer of any question about walks within a limit, or without one.
    residents
        Residents with further columns (ages, community); None takes those that were asked with.

    Returns
    -------
    DataFrame
        Index ``resident``, by id. Columns: ``weight`` (as asked), those of :data:`PEOPLE` that
        the table has, ``community`` (None where it is not known), ``centre_before``,
        ``minutes_before`` and ``centre``, ``minutes`` (nearest within the limit, today and with
        the plan; None and NaN where there is none), ``first_site`` (of the chosen sites that
        reach it the first in the order of ``chosen``; None where none does).

    Raises
    ------
    SitingError
        If a resident of the question is not in the table, or a people column has no numbers.
    """
    asked = plan.asked
    limits = {"limit_minutes": asked.limit_minutes, "radius_m": asked.rules.radius_m}
    opened = [*plan.existing, *plan.chosen]
    before = nearest_open(asked.times, asked.residents, asked.existing, **limits)
    after = nearest_open(asked.times, asked.residents, opened, **limits)
    weight = pd.Series(
        weights_of(asked.residents, asked.weight), index=plain(asked.residents.index)
    )
    table = asked.residents if residents is None else residents
    people = _people(table, after.index)
    return pd.DataFrame(
        {
            "weight": weight.loc[after.index],
            **{name: people[name] for name in people.columns},
            "centre_before": before["centre"],
            "minutes_before": before["walk_minutes"],
            "centre": after["centre"],
            "minutes": after["walk_minutes"],
            "first_site": _first_sites(plan, after.index),
        },
        index=after.index,
    )


def people_columns(rows: pd.DataFrame) -> list[str]:
    """Return the columns to add up: the weight, then the people columns that are there."""
    return ["weight", *(name for name in PEOPLE if name in rows.columns)]


def elders_of(rows: pd.DataFrame) -> str:
    """Return the column that small numbers are judged by: 60+ where known, else the weight."""
    return "elderly_60" if "elderly_60" in rows.columns else "weight"


def is_few(numbers: pd.Series[Any]) -> pd.Series[Any]:
    """Tell which numbers of persons are above 0 but below :data:`FEW`."""
    return (numbers > 0) & (numbers < FEW)


def _people(table: pd.DataFrame, ids: pd.Index[Any]) -> pd.DataFrame:
    index = plain(table.index)
    absent = ids[~ids.isin(index)]
    problems = []
    if len(absent):
        problems.append(message("siting_beside.residents_missing", ids=tables.listed(absent)))
    names = [name for name in PEOPLE if name in table.columns]
    problems += [
        message("tables.not_numbers", table="residents", column=name)
        for name in names
        if not pd.api.types.is_numeric_dtype(table[name])
    ]
    if problems:
        raise SitingError(message("siting.refused"), problems)
    rows = table.set_axis(index).loc[ids]
    known = {name: rows[name].astype(float).fillna(0.0) for name in names}
    community = pd.Series(None, index=ids, dtype=object)
    if "community" in rows.columns:
        community = rows["community"].astype(object).where(rows["community"].notna(), None)
    return pd.DataFrame({**known, "community": community}, index=ids)


def _first_sites(plan: SitingPlan, residents: pd.Index[Any]) -> pd.Series[Any]:
    chosen = ids_of(plan.chosen)
    found = counted_pairs_of(plan, chosen)
    rank = positions(plain(pd.Index(found["destination"])), chosen)
    first = pd.Series(rank).groupby(plain(pd.Index(found["origin"])).to_numpy()).min()
    ranks = first.reindex(residents)
    names = np.array([*chosen, None], dtype=object)
    places = ranks.fillna(len(chosen)).to_numpy(dtype=np.int64)
    return pd.Series(names[places], index=residents, dtype=object)


def counted_pairs_of(plan: SitingPlan, places: Any) -> pd.DataFrame:
    """Return the rows of a question's times that lead to some places and count.

    Parameters
    ----------
    plan
        Whose question is meant: its limit and its straight-line radius.
    places
        Ids or a table.
    """
    asked = plan.asked
    times = asked.times
    minutes = times["walk_minutes"].to_numpy(dtype=np.float64, na_value=np.nan)
    counts = np.isfinite(minutes) & times["destination"].isin(ids_of(places)).to_numpy()
    if asked.limit_minutes is not None:
        counts &= within(minutes, asked.limit_minutes)
    if asked.rules.radius_m is not None:
        straight_m = times["straight_m"].to_numpy(dtype=np.float64, na_value=np.nan)
        counts &= within(straight_m, asked.rules.radius_m)
    found: pd.DataFrame = times.loc[counts, ["origin", "destination", "walk_minutes"]]
    return found


def in_id_order(ids: pd.Index[Any]) -> pd.Index[Any]:
    """Return distinct ids in their natural order."""
    distinct = plain(ids).unique()
    ordered: pd.Index[Any] = distinct[canonical_order(distinct)]
    return ordered
