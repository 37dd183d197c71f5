"""RAAM: what a walk and a crowd cost those who choose the cheaper of their centres.

The rational agent access model (Saxon & Snow 2020, Annals of the American Association of
Geographers 110, 205-222): a person of row ``i`` at centre ``j`` bears
``c_ij = (D_j / s_j) / ρ + t_ij / τ``, ``D_j`` being those who go to ``j`` and ``ρ`` all demand over
all supply. People move to the cheapest of their centres until there is nothing to gain.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.coverage.assigning_problem import IntArray, Reach, reach, summed
from planner.units import BoolArray, FloatArray

CYCLES: Final = 150
FIRST_STEP: Final = 0.2
LEAST_STEP: Final = 0.005
HALF_LIFE: Final = 50
CALMED_CYCLES: Final = 20
"""The published schedule: at most 20 % of a row moves in a cycle, halved every 50 cycles down to
0.5 %; in the first 20 cycles no centre gains more than an average crowd at once."""


def congestion_costs(
    times: pd.DataFrame,
    demand: pd.Series,
    supply: pd.Series,
    *,
    limit_minutes: float,
    congestion_minutes: float,
    whole_persons: bool = False,
) -> pd.Series:
    """Return RAAM's cost of each row: 1 is an average crowd next door, or ``τ`` minutes alone.

    Parameters
    ----------
    times
        A :data:`planner.tables.TRAVEL_TIMES` table, origin = resident, destination = centre.
    demand
        By resident id: persons who ask; unknown counts as 0.
    supply
        By centre id: places; centres of unknown or no supply are left out.
    limit_minutes
        Longest walk that is looked at, inclusive (:func:`planner.units.within`).
    congestion_minutes
        ``τ``, above 0.
    whole_persons
        Move only whole persons, as the published procedure does; rows of a few persons then
        hardly move at all, so that parts of persons move by default.

    Returns
    -------
    Series
        By resident id, in the order of ``demand``: mean cost of the row's persons; of a row that
        asks for nobody, the least that one person would bear; NaN where nothing is reached.

    Raises
    ------
    TableError
        If the table of times is malformed.
    ValueError
        If a setting is not positive.

    Notes
    -----
    The procedure is the published one, cycle by cycle: each row moves persons from the dearest
    centre that it uses to the cheapest within reach, so many as would make the two equal if
    nobody else moved, within the schedule above. It comes near to rest, not wholly to it.
    """
    if not (limit_minutes > 0 and congestion_minutes > 0):
        what = "limit_minutes and congestion_minutes must be above 0"
        raise ValueError(what)
    known = supply.index[supply.fillna(0.0) > 0]
    pairs = reach(times, demand.index, known, limit_minutes=limit_minutes)
    asked = demand.reindex(pairs.residents).fillna(0.0).to_numpy(dtype=float)
    places = supply.reindex(pairs.centres).to_numpy(dtype=float)
    costs = np.full(len(asked), np.nan)
    rows = np.unique(pairs.resident_of)
    if len(rows) and asked.sum() > 0:
        crowd = places * (asked.sum() / places.sum())
        walk = pairs.minutes / congestion_minutes
        costs[rows] = _Crowds(pairs, asked[rows], crowd, walk).settled(whole_persons=whole_persons)
    return pd.Series(costs, index=pairs.residents, name="congestion_cost").reindex(demand.index)


class _Crowds:
    """Where people are, cycle by cycle; arrays are by pair unless said otherwise.

    Parameters
    ----------
    pairs
        Pairs by row, then by centre.
    demand, crowd
        Persons by row that has pairs; average crowd by centre (supply times ``ρ``).
    walk
        Cost of the walk.
    """

    def __init__(
        self, pairs: Reach, demand: FloatArray, crowd: FloatArray, walk: FloatArray
    ) -> None:
        rows = pairs.resident_of
        self.firsts: IntArray = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
        self.row_of: IntArray = np.cumsum(np.r_[False, rows[1:] != rows[:-1]])
        self.centre_of = pairs.centre_of
        self.demand, self.crowd, self.walk = demand, crowd, walk
        self.persons = np.zeros(len(walk))
        self.persons[self._first_where(walk == self._least(walk)[self.row_of])] = demand

    def settled(self, *, whole_persons: bool) -> FloatArray:
        """Return the cost by row after all cycles."""
        cost = self.walk
        for cycle in range(CYCLES):
            load = summed(self.centre_of, self.persons, len(self.crowd))
            cost = (load / self.crowd)[self.centre_of] + self.walk
            used = np.where(self.persons != 0, cost, -np.inf)
            cheap = self._first_where(cost == self._least(cost)[self.row_of])
            most = np.maximum.reduceat(used, self.firsts)
            dear = self._first_where(used == most[self.row_of])
            step = max(FIRST_STEP * 0.5 ** (cycle / HALF_LIFE), LEAST_STEP)
            moved = np.minimum(self._evened(cheap, dear, load), step * self.demand)
            if whole_persons:
                moved = np.trunc(moved)
            if cycle < CALMED_CYCLES:
                moved = self._calmed(moved, cheap)
                moved = np.round(moved) if whole_persons else moved
            self.persons[cheap] += moved
            self.persons[dear] -= moved
        asking = self.demand > 0
        mean = np.add.reduceat(cost * self.persons, self.firsts)
        return np.where(asking, mean / np.where(asking, self.demand, 1.0), self._least(cost))

    def _least(self, cost: FloatArray) -> FloatArray:
        return np.asarray(np.minimum.reduceat(cost, self.firsts))

    def _first_where(self, marked: BoolArray) -> IntArray:
        """Return each row's first marked pair; the pairs of a row come in the order of the ids."""
        found = np.flatnonzero(marked)
        rows = self.row_of[found]
        return found[np.r_[True, rows[1:] != rows[:-1]]]

    def _evened(self, cheap: IntArray, dear: IntArray, load: FloatArray) -> FloatArray:
        """Return persons by row to move so that both centres cost the same to the row."""
        low, high = self.crowd[self.centre_of[cheap]], self.crowd[self.centre_of[dear]]
        at_low, at_high = load[self.centre_of[cheap]], load[self.centre_of[dear]]
        saved = (at_high / high + self.walk[dear]) - (at_low / low + self.walk[cheap])
        moved = saved * (low * high) / (low + high)
        return np.where(cheap == dear, 0.0, np.minimum(moved, self.persons[dear]))

    def _calmed(self, moved: FloatArray, cheap: IntArray) -> FloatArray:
        """Return fewer persons where a centre would gain more than its average crowd at once."""
        centres = self.centre_of[cheap]
        gained = summed(centres, moved, len(self.crowd))
        return moved / np.maximum(gained / self.crowd, 1.0)[centres]
