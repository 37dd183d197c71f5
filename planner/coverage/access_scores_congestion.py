"""RAAM: what a walk and a crowd cost those who choose the cheaper of their centres.

The rational agent access model (Saxon & Snow 2020, Annals of the American Association of
Geographers 110, 205-222): a person of row ``i`` at centre ``j`` bears
``c_ij = (D_j / s_j) / ρ + t_ij / τ``, ``D_j`` being those who go to ``j`` and ``ρ`` all demand over
all supply. People move to the cheapest of their centres until there is nothing to gain.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.coverage.assigning_problem import reach
from planner.coverage.crowding_kernel import settled


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
    rows, firsts = np.unique(pairs.resident_of, return_index=True)
    if len(rows) and asked.sum() > 0:
        crowd = places * (asked.sum() / places.sum())
        costs[rows] = settled(
            np.r_[firsts, len(pairs.minutes)],
            pairs.centre_of,
            pairs.minutes / congestion_minutes,
            asked[rows],
            crowd,
            whole_persons,
        )
    return pd.Series(costs, index=pairs.residents, name="congestion_cost").reindex(demand.index)
