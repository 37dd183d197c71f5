"""The access scores that planners publish: places per person asking, by floating catchments.

All of them are sums over the long table of travel times; a pair that is absent is out of reach.
With ``t_ij`` the walk, ``d_i`` the demand, ``s_j`` the supply, ``T`` the limit and ``f`` a decay:

- 2SFCA: ``A_i = Σ_j R_j`` with ``R_j = s_j / Σ_i d_i``, both over ``t_ij <= T``
  (Luo & Wang 2003, Environment and Planning B 30, 865-884);
- E2SFCA: ``A_i = Σ_j R_j f(t_ij)``, ``R_j = s_j / Σ_i d_i f(t_ij)``, with ``f`` in :func:`steps`
  (Luo & Qi 2009, Health & Place 15, 1100-1107);
- Gaussian 2SFCA: the same with ``f`` a :func:`gaussian` (Dai 2010, Health & Place 16, 1038-1052,
  there brought down to 0 at the limit; here not);
- 3SFCA: every pair weighted once more by ``G_ij = f(t_ij) / Σ_j f(t_ij)``, the share that
  centre ``j`` has in what row ``i`` can choose from (Wan, Zou & Sternberg 2012, International
  Journal of Geographical Information Science 26, 1073-1089).

RAAM, a cost and not a score, is in :mod:`planner.coverage.access_scores_congestion`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from planner.coverage.access_scores_congestion import congestion_costs
from planner.coverage.assigning_problem import Reach, reach, summed
from planner.units import FloatArray, within

Decay: TypeAlias = Callable[[FloatArray], FloatArray]
"""What a walk of so many minutes counts: shape (pairs,) in, shape (pairs,) out, 0 or more."""


def alike(minutes: FloatArray) -> FloatArray:
    """Count every walk within the limit as 1: the decay of the plain 2SFCA."""
    return np.ones(len(minutes))


def steps(weights: Mapping[float, float]) -> Decay:
    """Return a decay in steps: ``{5: 1, 10: 0.68, 15: 0.22}`` counts a walk of 7 minutes 0.68.

    Parameters
    ----------
    weights
        Weight by the largest walk that it holds for (inclusive, by
        :func:`planner.units.within`); beyond the largest the weight is 0. The three weights
        above are those of Luo & Qi 2009.

    Raises
    ------
    ValueError
        If a limit is not positive, a weight negative, or there are none.
    """
    limits = sorted(weights)
    if not limits or limits[0] <= 0 or min(weights.values()) < 0:
        what = "steps need limits above 0 and weights of 0 or more"
        raise ValueError(what)

    def decay(minutes: FloatArray) -> FloatArray:
        conditions = [within(minutes, limit) for limit in limits]
        return np.select(conditions, [weights[limit] for limit in limits], default=0.0)

    return decay


def gaussian(sigma_minutes: float) -> Decay:
    """Return the decay ``exp(-t² / (2 σ²))``.

    Parameters
    ----------
    sigma_minutes
        ``σ``, above 0: a walk of so long counts 0.607.

    Raises
    ------
    ValueError
        If sigma is not positive.
    """
    if not sigma_minutes > 0:
        what = "sigma_minutes must be above 0"
        raise ValueError(what)
    return lambda minutes: np.asarray(np.exp(-(minutes**2) / (2 * sigma_minutes**2)))


def gravity(power: float, *, least_minutes: float = 1.0) -> Decay:
    """Return the decay ``max(t, least)^-power``.

    Parameters
    ----------
    power
        Above 0.
    least_minutes
        Above 0: shorter walks count as this long, since none may count without end.

    Raises
    ------
    ValueError
        If one of them is not positive.
    """
    if not (power > 0 and least_minutes > 0):
        what = "power and least_minutes must be above 0"
        raise ValueError(what)
    return lambda minutes: np.asarray(np.maximum(minutes, least_minutes) ** -power)


@dataclass(frozen=True, eq=False)
class AccessScores:
    """All five measures side by side.

    Parameters
    ----------
    limit_minutes
        The limit, inclusive.
    residents
        By resident id, in the caller's order: ``two_step, enhanced_two_step, gaussian_two_step,
        three_step`` (places for each person asking; 0 where no centre is within the limit) and
        ``congestion_cost`` (RAAM; NaN there; *less* is better).
    communities
        Means by community, weighted by demand, sorted by id; NaN without demand. Empty where no
        communities were given. RAAM's mean is of those who reach a centre.
    supply_unknown
        Ids of the centres whose supply is not known: they count in none of the scores.
    """

    limit_minutes: float
    residents: pd.DataFrame
    communities: pd.DataFrame
    supply_unknown: tuple[str, ...]


def two_step_scores(
    times: pd.DataFrame,
    demand: pd.Series,
    supply: pd.Series,
    *,
    limit_minutes: float,
    decay: Decay = alike,
) -> pd.Series:
    """Return 2SFCA scores; with a decay, E2SFCA (:func:`steps`) or Gaussian (:func:`gaussian`).

    ``A_i = Σ_j R_j f(t_ij)`` with ``R_j = s_j / Σ_i d_i f(t_ij)`` over ``t_ij <= limit_minutes``.
    The scores weighted by demand add up to the supply of the centres that somebody reaches.

    Parameters
    ----------
    times
        A :data:`planner.tables.TRAVEL_TIMES` table, origin = resident, destination = centre. Any
        measure may stand in for minutes if the limit and the decay are in the same unit.
    demand
        ``d``, by resident id: persons who ask; unknown counts as 0.
    supply
        ``s``, by centre id: places; unknown counts in no score.
    limit_minutes
        ``T``, inclusive (:func:`planner.units.within`).
    decay
        ``f``.

    Returns
    -------
    Series
        By resident id, in the order of ``demand``: places per person; 0 where nothing is reached.

    Raises
    ------
    TableError
        If the table of times is malformed.
    """
    pairs = _pairs(times, demand, supply, limit_minutes)
    scores = _scores(pairs, demand, supply, decay(pairs.minutes))
    return scores.reindex(demand.index).rename("two_step")


def three_step_scores(
    times: pd.DataFrame,
    demand: pd.Series,
    supply: pd.Series,
    *,
    limit_minutes: float,
    decay: Decay,
    choice_limit_minutes: float | None = None,
) -> pd.Series:
    """Return 3SFCA scores.

    ``A_i = Σ_j G_ij R_j f(t_ij)``, ``R_j = s_j / Σ_i G_ij d_i f(t_ij)``,
    ``G_ij = f(t_ij) / Σ_j f(t_ij)``, over ``t_ij <= limit_minutes``.

    Parameters
    ----------
    times, demand, supply, limit_minutes
        As for :func:`two_step_scores`.
    decay
        ``f``; Wan, Zou & Sternberg take the :func:`steps` of the E2SFCA.
    choice_limit_minutes
        The sum in ``G`` is over the centres within this limit; None for ``limit_minutes``, as in
        the paper. (The PySAL package ``access`` sums over all pairs of its table: ``math.inf``.)
    """
    far = limit_minutes if choice_limit_minutes is None else choice_limit_minutes
    wide = _pairs(times, demand, supply, max(far, limit_minutes))
    weight = decay(wide.minutes)
    counted = np.where(np.asarray(within(wide.minutes, far)), weight, 0.0)
    chosen_from = summed(wide.resident_of, counted, len(wide.residents))
    share = _divided(weight, chosen_from[wide.resident_of])
    inside = np.asarray(within(wide.minutes, limit_minutes))
    scores = _scores(wide, demand, supply, np.where(inside, weight * share, 0.0))
    return scores.reindex(demand.index).rename("three_step")


def all_access_scores(
    times: pd.DataFrame,
    demand: pd.Series,
    supply: pd.Series,
    *,
    limit_minutes: float,
    step_weights: Mapping[float, float],
    sigma_minutes: float,
    congestion_minutes: float,
    communities: pd.Series | None = None,
) -> AccessScores:
    """Return all five measures by resident row and, if asked, by community.

    Parameters
    ----------
    times, demand, supply, limit_minutes
        As for :func:`two_step_scores`.
    step_weights
        For E2SFCA and 3SFCA, as for :func:`steps`.
    sigma_minutes
        For the Gaussian 2SFCA, as for :func:`gaussian`.
    congestion_minutes
        ``τ`` of RAAM: how much further people walk to avoid one average crowd.
    communities
        Community by resident id; rows without one are in none.
    """
    stepped = steps(step_weights)
    given = (times, demand, supply)
    table = pd.DataFrame(
        {
            "two_step": two_step_scores(*given, limit_minutes=limit_minutes),
            "enhanced_two_step": two_step_scores(
                *given, limit_minutes=limit_minutes, decay=stepped
            ),
            "gaussian_two_step": two_step_scores(
                *given, limit_minutes=limit_minutes, decay=gaussian(sigma_minutes)
            ),
            "three_step": three_step_scores(*given, limit_minutes=limit_minutes, decay=stepped),
            "congestion_cost": congestion_costs(
                *given, limit_minutes=limit_minutes, congestion_minutes=congestion_minutes
            ),
        }
    )
    named = pd.Series(None, index=demand.index, dtype=object)
    if communities is not None:
        named = communities.reindex(demand.index).astype(object)
    return AccessScores(
        limit_minutes=float(limit_minutes),
        residents=table,
        communities=_by_community(table, demand, named),
        supply_unknown=tuple(sorted(supply.index[supply.isna()].to_list())),
    )


def _by_community(table: pd.DataFrame, demand: pd.Series, communities: pd.Series) -> pd.DataFrame:
    order = table.sort_index().index
    keys, asked = communities.loc[order].to_numpy(), demand.fillna(0.0).loc[order]
    means = {}
    for name in table.columns:
        scored = table.loc[order, name]
        weight = asked.where(scored.notna(), 0.0)
        sums = (scored.fillna(0.0) * weight).groupby(keys).sum()
        weights = weight.groupby(keys).sum()
        means[name] = sums / weights.where(weights > 0)
    return pd.DataFrame(means).rename_axis("community")


def _pairs(
    times: pd.DataFrame, demand: pd.Series, supply: pd.Series, limit_minutes: float
) -> Reach:
    if not limit_minutes > 0:
        what = "limit_minutes must be above 0"
        raise ValueError(what)
    known = supply.index[supply.notna()]
    return reach(times, demand.index, known, limit_minutes=min(limit_minutes, math.inf))


def _divided(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return ``part / whole``, 0 where there is no whole."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def _scores(pairs: Reach, demand: pd.Series, supply: pd.Series, weight: FloatArray) -> pd.Series:
    """Return ``Σ_j R_j w_ij`` with ``R_j = s_j / Σ_i d_i w_ij``, by resident id."""
    asked = demand.reindex(pairs.residents).fillna(0.0).to_numpy(dtype=float)
    places = supply.reindex(pairs.centres).to_numpy(dtype=float)
    crowd = summed(pairs.centre_of, asked[pairs.resident_of] * weight, len(places))
    ratio = _divided(places, crowd)
    scores = summed(pairs.resident_of, ratio[pairs.centre_of] * weight, len(asked))
    return pd.Series(scores, index=pairs.residents)
