"""What an assignment says of every row, every centre and every state, as tables."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd

from planner import tables
from planner.coverage.assigning_places import SHOWN_PERSONS
from planner.coverage.assigning_problem import AssignmentProblem, IntArray, Reach
from planner.coverage.assigning_search import Assignment
from planner.units import FloatArray

SUM_TOLERANCE: Final = 1e-9
"""The states of a row add up to its demand within this share of it (float64 rounding)."""


def flows_table(
    found: Reach,
    problem: AssignmentProblem,
    rows: IntArray,
    sites: IntArray,
    best: Assignment,
) -> pd.DataFrame:
    """Return ``resident, centre, persons, walk_minutes`` of the pairs that serve somebody.

    ``rows`` and ``sites`` tell which of ``found``'s ids the problem's rows and centres are.
    """
    used = np.flatnonzero(best.persons > SHOWN_PERSONS)
    return pd.DataFrame(
        {
            "resident": found.residents[rows[problem.resident_of[used]]],
            "centre": found.centres[sites[problem.site_of[used]]],
            "persons": best.persons[used],
            "walk_minutes": problem.minutes[used],
        }
    )


def nearest_table(
    found: Reach, problem: AssignmentProblem, rows: IntArray, sites: IntArray
) -> pd.DataFrame:
    """Return the nearest centre of known capacity, and its minutes, by resident id."""
    arcs = problem.nearest
    return pd.DataFrame(
        {
            "nearest": found.centres[sites[problem.site_of[arcs]]],
            "nearest_minutes": problem.minutes[arcs],
        },
        index=found.residents[rows[problem.resident_of[arcs]]],
    )


def _means(flows: pd.DataFrame, key: str) -> pd.Series:
    sums = (
        flows.assign(minutes=flows["persons"] * flows["walk_minutes"])
        .groupby(key)[["persons", "minutes"]]
        .sum()
    )
    return sums["minutes"] / sums["persons"]


def residents_table(
    found: Reach,
    asked: FloatArray,
    places: FloatArray,
    flows: pd.DataFrame,
    nearest: pd.DataFrame,
) -> pd.DataFrame:
    """Return the row of each resident id, as :class:`CapacityAssignment` describes it."""
    ids, demand = found.residents, np.nan_to_num(asked)
    served = flows.groupby("resident")["persons"].sum().reindex(ids, fill_value=0.0).to_numpy()
    rest = demand - served
    # What is left of a row that is served whole is rounding.
    whole = np.abs(rest) <= np.maximum(SHOWN_PERSONS, SUM_TOLERANCE * demand)
    served, rest = np.where(whole, demand, served), np.where(whole, 0.0, rest)
    by_unknown = found.any_of(np.isnan(places))
    by_known = found.any_of(np.isfinite(places))
    table = pd.DataFrame(
        {
            "demand_persons": asked,
            "served": served,
            "covered_full": np.where(by_known & ~by_unknown, rest, 0.0),
            "capacity_unknown": np.where(by_unknown, rest, 0.0),
            "out_of_reach": np.where(by_known | by_unknown, 0.0, rest),
        },
        index=ids,
    )
    persons = table[list(tables.CAPACITY_STATES)].to_numpy()
    states = np.array(tables.CAPACITY_STATES, dtype=object)[persons.argmax(axis=1)]
    ranked = flows.sort_values(
        ["resident", "persons", "centre"], ascending=[True, False, True], key=_by_text
    )
    joined = ranked.groupby("resident", sort=False)["centre"].agg("、".join)
    own = flows["centre"].to_numpy() == nearest["nearest"].reindex(flows["resident"]).to_numpy()
    sent_on = flows["persons"].where(~own, 0.0).groupby(flows["resident"]).sum()
    return table.assign(
        state=pd.Series(np.where(demand > 0, states, None), index=ids, dtype=object),
        centres=joined.reindex(ids).astype(object),
        walk_minutes=_means(flows, "resident").reindex(ids),
        nearest=nearest["nearest"].reindex(ids).astype(object),
        nearest_minutes=nearest["nearest_minutes"].reindex(ids),
        sent_on=sent_on.reindex(ids, fill_value=0.0),
    )


def _by_text(values: pd.Series) -> pd.Series:
    return values if pd.api.types.is_numeric_dtype(values) else values.astype(str)


def centres_table(
    found: Reach,
    places: FloatArray,
    flows: pd.DataFrame,
    residents: pd.DataFrame,
    one_more: pd.DataFrame,
) -> pd.DataFrame:
    """Return the row of each centre id, as :class:`CapacityAssignment` describes it.

    ``one_more`` has ``serves`` and ``minutes`` by the ids of the problem's centres.
    """
    ids = found.centres
    known = np.isfinite(places)

    def by_centre(persons: pd.Series, centre: pd.Series) -> FloatArray:
        sums = persons.groupby(centre.to_numpy()).sum().reindex(ids, fill_value=0.0)
        return np.where(known, sums.to_numpy(dtype=float), np.nan)

    nearest = residents["nearest"].reindex(flows["resident"]).to_numpy()
    foreign = flows["persons"].where(flows["centre"].to_numpy() != nearest, 0.0)
    load = by_centre(flows["persons"], flows["centre"])
    sent_on = by_centre(residents["sent_on"], residents["nearest"])
    left = residents["demand_persons"].fillna(0.0) - residents["served"]
    left_out = by_centre(left, residents["nearest"])
    serves = one_more["serves"].reindex(ids, fill_value=False).to_numpy(dtype=bool)
    saves = one_more["minutes"].reindex(ids, fill_value=0.0).to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "capacity_persons": places,
            "load_persons": load,
            "free_persons": np.maximum(places - load, 0.0),
            "is_full": known & (places - load <= np.maximum(SHOWN_PERSONS, SUM_TOLERANCE * load)),
            "nearest_persons": by_centre(residents["demand_persons"], residents["nearest"]),
            "turned_away": sent_on + left_out,
            "sent_on": sent_on,
            "left_out": left_out,
            "come_from_elsewhere": by_centre(foreign, flows["centre"]),
            "walk_minutes": _means(flows, "centre").reindex(ids).to_numpy(dtype=float),
            "one_more_serves": serves,
            "one_more_minutes": np.where(known & ~serves, saves, np.nan),
        },
        index=ids,
    )


def states_table(residents: pd.DataFrame) -> pd.DataFrame:
    """Return ``rows`` and ``persons`` by state."""
    names = list(tables.CAPACITY_STATES)
    return pd.DataFrame(
        {
            "rows": residents["state"].value_counts().reindex(names, fill_value=0).astype(int),
            "persons": [math.fsum(residents[name]) for name in names],
        },
        index=pd.Index(names, name="state"),
    )
