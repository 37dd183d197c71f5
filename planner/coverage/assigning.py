"""Who finds a place: residents assigned to centres that take only so many."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner import units
from planner.coverage.assigning_places import minutes_saved, serves_one_more
from planner.coverage.assigning_problem import assignment_problem, reach
from planner.coverage.assigning_search import best_assignment
from planner.coverage.assigning_tables import (
    centres_table,
    flows_table,
    nearest_table,
    residents_table,
    states_table,
)
from planner.coverage.capacity import CapacityDemand, CapacityUnit, CentreCapacity
from planner.errors import TableError
from planner.labels import DEFAULT_LANGUAGE, Language, message, text


@dataclass(frozen=True, eq=False)
class CapacityAssignment:
    """Who finds a place where, in one unit, and how far that is proven to be the best.

    Parameters
    ----------
    unit
        One of :data:`planner.coverage.capacity.CAPACITY_UNITS`, of every number of persons here.
    limit_minutes
        The limit of the walk, inclusive.
    residents
        By resident id, in the order of the demand: ``demand_persons`` (NaN unknown: such a row
        asks for nobody); ``served, covered_full, capacity_unknown, out_of_reach`` (persons; they
        add up to the demand within 1e-9 of it); ``state`` (that of most of its persons, the
        first of equals; missing where nobody asks); ``centres`` (ids of those who
        take them, most persons first, joined by 、); ``walk_minutes`` (mean of the served, NaN
        without); ``nearest`` and ``nearest_minutes`` (of the centres of known capacity within the
        limit); ``sent_on`` (persons served, but by another than the nearest).
    flows
        ``resident, centre, persons, walk_minutes``: one row for each pair that serves somebody.
    centres
        By centre id, in the order of the capacities: ``capacity_persons`` (NaN unknown),
        ``load_persons`` (NaN where the capacity is), ``free_persons``, ``is_full``;
        ``nearest_persons`` (those of whom it is the nearest); ``turned_away`` (those of them who
        find no place here) = ``sent_on`` (find one elsewhere) + ``left_out`` (find none);
        ``come_from_elsewhere`` (served here, though another is nearest); ``walk_minutes`` (mean
        of its load); ``one_more_serves`` (one more place here would find a place for somebody
        who has none); ``one_more_minutes`` (else: minutes of walk that it would save; NaN where
        it serves, or the capacity is unknown).
    states
        By :data:`planner.tables.CAPACITY_STATES`: ``rows`` (by their ``state``), ``persons``.
    demand_persons, walk_person_minutes
        All demand that is known; the walk of the served, one way.
    demand_unknown
        Rows whose demand is unknown.
    gap_person_minutes
        No assignment is better by more than this (0 is a proof to the last digit).
    unserved_cost_minutes
        What a person without a place counts in that, above any walk.
    """

    unit: CapacityUnit
    limit_minutes: float
    residents: pd.DataFrame
    flows: pd.DataFrame
    centres: pd.DataFrame
    states: pd.DataFrame
    demand_persons: float
    walk_person_minutes: float
    demand_unknown: int
    gap_person_minutes: float
    unserved_cost_minutes: float

    @property
    def served_persons(self) -> float:
        """Persons who find a place."""
        return float(self.states["persons"].to_numpy()[0])

    @property
    def served_share(self) -> float | None:
        """Their share of the known demand; None without demand."""
        return units.share(self.served_persons, self.demand_persons)

    def state_text(self, state: str, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return a state in words."""
        return text(f"capacity.state_{state}", language)


def assign_capacity(
    times: pd.DataFrame,
    demand: CapacityDemand,
    capacity: CentreCapacity,
    *,
    limit_minutes: float = units.LIMIT_MINUTES,
) -> CapacityAssignment:
    """Assign residents to centres so that most find a place, and among those walk least.

    The transport problem (Hitchcock 1941, Journal of Mathematics and Physics 20, 224-230) in two
    steps of one weight: first ``max Σ x_ij``, then ``min Σ t_ij x_ij``, with
    ``Σ_j x_ij <= d_i``, ``Σ_i x_ij <= c_j``, ``x_ij >= 0``, over the pairs with
    ``t_ij <= limit_minutes`` (:func:`planner.units.within`). ``d`` is ``demand``, ``c``
    ``capacity``, ``t`` the walk. The persons of a row may go to several centres. With whole
    numbers of persons and places the answer is whole, but for rounding.

    This is what could be had at best, by the rule stated; nobody is told where to go.

    Parameters
    ----------
    times
        A :data:`planner.tables.TRAVEL_TIMES` table: origin = resident, destination = centre.
        Absent pairs are out of reach; destinations without a capacity row are not looked at.
    demand
        Of :func:`planner.coverage.capacity.capacity_demand`.
    capacity
        Of :func:`planner.coverage.capacity.centre_capacity`, for the centres that count (those
        that operate, of the kind). A centre of unknown capacity takes nobody for certain; those
        who are left over within its reach are ``capacity_unknown``, neither served nor full.
    limit_minutes
        The limit, inclusive.

    Raises
    ------
    TableError
        If the units differ, a table is malformed, or ids do not match.
    SolverError
        If the best assignment cannot be proven.
    ValueError
        If the limit is not a positive number.

    Notes
    -----
    Order of rows never matters: rows and centres are put in the order of their ids. Where several
    assignments are equally good, the same one is always returned.
    """
    if not (math.isfinite(limit_minutes) and limit_minutes > 0):
        what = "limit_minutes must be a positive number"
        raise ValueError(what)
    if demand.unit != capacity.unit:
        problem = message(
            "capacity.units_differ",
            demand=text(f"capacity.unit_{demand.unit}"),
            capacity=text(f"capacity.unit_{capacity.unit}"),
        )
        raise TableError(message("capacity.refused"), [problem])
    found = reach(
        times, demand.residents.index, capacity.centres.index, limit_minutes=limit_minutes
    )
    asked = demand.residents["demand_persons"].reindex(found.residents).to_numpy(dtype=float)
    places = capacity.centres["capacity_persons"].reindex(found.centres).to_numpy(dtype=float)
    problem_, rows, sites = assignment_problem(found, asked, places)
    best = best_assignment(problem_)
    flows = flows_table(found, problem_, rows, sites, best)
    nearest = nearest_table(found, problem_, rows, sites)
    residents = residents_table(found, asked, places, flows, nearest)
    one_more = pd.DataFrame(
        {
            "serves": serves_one_more(problem_, best.persons),
            "minutes": minutes_saved(problem_, best.persons),
        },
        index=found.centres[sites],
    )
    centres = centres_table(found, places, flows, residents, one_more)
    return CapacityAssignment(
        unit=demand.unit,
        limit_minutes=float(limit_minutes),
        residents=residents.loc[demand.residents.index].rename_axis("resident"),
        flows=flows,
        centres=centres.loc[capacity.centres.index].rename_axis("centre"),
        states=states_table(residents),
        demand_persons=math.fsum(np.nan_to_num(asked)),
        walk_person_minutes=math.fsum(flows["persons"] * flows["walk_minutes"]),
        demand_unknown=int(np.isnan(asked).sum()),
        gap_person_minutes=max(best.gap_minutes, 0.0),
        unserved_cost_minutes=problem_.unserved_cost,
    )
