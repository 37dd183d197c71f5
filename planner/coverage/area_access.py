"""Access scores of a district and its communities, unknown capacity told apart from none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.coverage.access_scores import AccessScores, all_access_scores
from planner.coverage.assigning_problem import reach, summed

SCORES: Final = ("two_step", "enhanced_two_step", "gaussian_two_step", "three_step")
"""Those where more is better; RAAM's ``congestion_cost`` is a cost."""

STEP_WEIGHTS: Final = (1.0, 0.68, 0.22)
"""Weights of the three thirds of the limit: Luo & Qi 2009, table 1, the slower decay, whose bands
are 10, 20 and 30 minutes."""


@dataclass(frozen=True, eq=False)
class AreaAccess:
    """Access scores by resident row, and their means by area.

    Parameters
    ----------
    limit_minutes, step_weights, sigma_minutes, congestion_minutes
        How they were made (:func:`decays_for`).
    supply_persons, centres, supply_unknown
        Places of the centres whose supply is known, and how many centres these are; ids of the
        centres of unknown supply.
    residents
        By resident id: the columns of :data:`SCORES` and ``congestion_cost``, all NaN where only
        centres of unknown supply are within the limit: nobody knows whether there is a place.
    demand
        Persons who ask, by resident id; unknown counts as 0.
    reach
        By resident id: ``known`` (a centre of known supply is within the limit), ``unknown`` (only
        such of unknown supply), ``none``.
    """

    limit_minutes: float
    step_weights: dict[float, float]
    sigma_minutes: float
    congestion_minutes: float
    supply_persons: float
    centres: int
    supply_unknown: tuple[str, ...]
    residents: pd.DataFrame
    demand: pd.Series
    reach: pd.Series

    def by(self, areas: pd.Series) -> pd.DataFrame:
        """Return the means by area, weighted by demand.

        Parameters
        ----------
        areas
            Name of the area by resident id; rows without one are in none.

        Returns
        -------
        DataFrame
            Sorted by area: the means of the scores (NaN where nobody who asks has one; RAAM's
            of those who reach a centre), ``persons``, and those of them who reach ``none``, or
            only ``unknown``: ``persons_none, persons_unknown``.
        """
        order = self.demand.sort_index().index
        asked = self.demand.loc[order]
        keys = areas.reindex(order).to_numpy()
        found = self.reach.loc[order]
        columns = {}
        for name in self.residents.columns:
            scored = self.residents.loc[order, name]
            weight = asked.where(scored.notna(), 0.0)
            sums = (scored.fillna(0.0) * weight).groupby(keys).sum()
            weights = weight.groupby(keys).sum()
            columns[name] = sums / weights.where(weights > 0)
        columns["persons"] = asked.groupby(keys).sum()
        for state in ("none", "unknown"):
            columns[f"persons_{state}"] = asked.where(found == state, 0.0).groupby(keys).sum()
        return pd.DataFrame(columns)


def decays_for(limit_minutes: float) -> tuple[dict[float, float], float, float]:
    """Return the steps, the sigma and RAAM's walk that stand for a limit.

    Parameters
    ----------
    limit_minutes
        The limit ``T``.

    Returns
    -------
    tuple
        Steps: :data:`STEP_WEIGHTS` by third of the limit. Sigma: that of the Gaussian which is
        0.68 at the end of the first third (``T / 3 / √(-2 ln 0.68)``, 5.7 minutes for 15), so that
        both decays lose alike; it is 0.21 at the end of the second. RAAM's ``τ``: the limit; an
        average crowd is worth as much as the longest walk (our own choice: Saxon & Snow leave it
        to the question).
    """
    third = limit_minutes / 3.0
    weights = {third * (place + 1): weight for place, weight in enumerate(STEP_WEIGHTS)}
    return weights, third / math.sqrt(-2.0 * math.log(STEP_WEIGHTS[1])), limit_minutes


def area_access(
    times: pd.DataFrame, demand: pd.Series, supply: pd.Series, *, limit_minutes: float
) -> AreaAccess | None:
    """Return all five access scores with what is unknown told apart.

    Parameters
    ----------
    times
        A :data:`planner.tables.TRAVEL_TIMES` table, origin = resident, destination = centre.
    demand
        Persons who ask, by resident id; unknown counts as 0.
    supply
        Places by centre id; NaN unknown.
    limit_minutes
        The limit, inclusive.

    Returns
    -------
    AreaAccess or None
        None where no centre's supply is known: scores of 0 would say that there is nothing.

    Raises
    ------
    TableError
        If the table of times is malformed.
    """
    known = supply.notna()
    if not known.any():
        return None
    weights, sigma, tau = decays_for(limit_minutes)
    scores: AccessScores = all_access_scores(
        times,
        demand,
        supply,
        limit_minutes=limit_minutes,
        step_weights=weights,
        sigma_minutes=sigma,
        congestion_minutes=tau,
    )
    pairs = reach(times, demand.index, supply.index, limit_minutes=limit_minutes)
    of_known = known.reindex(pairs.centres).to_numpy()[pairs.centre_of].astype(float)
    rows = len(pairs.residents)
    to_known = summed(pairs.resident_of, of_known, rows) > 0
    to_any = summed(pairs.resident_of, np.ones(len(of_known)), rows) > 0
    states = np.select([to_known, to_any], ["known", "unknown"], default="none").astype(object)
    found = pd.Series(states, index=pairs.residents).reindex(demand.index)
    return AreaAccess(
        limit_minutes=float(limit_minutes),
        step_weights=weights,
        sigma_minutes=sigma,
        congestion_minutes=tau,
        supply_persons=float(math.fsum(supply[known])),
        centres=int(known.sum()),
        supply_unknown=scores.supply_unknown,
        residents=scores.residents.where(found != "unknown"),
        demand=demand.fillna(0.0).astype(float),
        reach=found,
    )
