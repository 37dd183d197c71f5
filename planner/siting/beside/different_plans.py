"""The search for the best covering plan that differs from others, one after another.

A plan differs from another in ``d`` sites if it leaves out at least ``d`` of those that the other
needs. Sites that a plan has open without needing them (they reach nobody whom its others do not)
count for nothing, so that no plan is told twice with ornaments. In the model this is one row for
each plan before (a no-good cut; Balas & Jeroslow 1972, SIAM Journal on Applied Mathematics 23,
61-69): ``Σ_{j in A} x_j <= |A| - d``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from planner.siting.beside.exchanges import Exchanges
from planner.siting.beside.rankings import Ranking
from planner.siting.beside.settling import (
    ExtraRow,
    Relaxed,
    price_bound,
    relax,
    settle,
    with_rows,
)
from planner.siting.covering.models import site_values
from planner.siting.covering.problem import CoveringProblem
from planner.solver import IntArray
from planner.units import BoolArray

SUPPORT = 1e-3
"""Share of a site in the linear relaxation from which rounding looks at it."""

EXCHANGES = 40
"""Most exchanges by which a guess is improved."""


@dataclass(frozen=True)
class NextPlan:
    """A plan that differs from those before it.

    Parameters
    ----------
    sites
        Positions of its open sites, ascending.
    bound
        No plan that differs so is better: newly covered weight, or number of open sites.
    is_complete
        Whether the search ran to its end.
    """

    sites: IntArray
    bound: float
    is_complete: bool


def needed(problem: CoveringProblem, sites: IntArray) -> IntArray:
    """Return those of the sites that a plan needs: without any one of them it covers fewer.

    Sites are left out one by one while that loses nobody: first those that would be new, and of
    these first those that reach the least; what is left is needed, and covers the same.

    Parameters
    ----------
    problem
        The problem.
    sites
        Positions.
    """
    seen = np.zeros(problem.groups, dtype=np.int64)
    for site in sites:
        seen[problem.by_site[site]] += 1
    is_today = np.isin(sites, problem.today)
    reach = np.array([fsum(problem.weights[problem.by_site[site]]) for site in sites])
    stays = []
    for site in sites[np.lexsort((sites, reach, is_today))]:
        groups = problem.by_site[site]
        if len(groups) and int(seen[groups].min()) == 1:
            stays.append(int(site))
        else:
            seen[groups] -= 1
    return np.array(sorted(stays), dtype=np.int64)


def next_plan(
    ranking: Ranking,
    before: Sequence[IntArray],
    *,
    least_difference: int,
    time_limit_s: float | None,
    gap: float,
) -> NextPlan | None:
    """Return the best plan that differs from each before it; None where there is none.

    Parameters
    ----------
    ranking
        The question.
    before
        The sites that each plan before needs (:func:`needed`).
    least_difference
        ``d``.
    time_limit_s, gap
        Where to stop.
    """
    if any(len(plan) < least_difference for plan in before):
        return None
    cuts = [
        ExtraRow(plan, np.ones(len(plan)), float(len(plan) - least_difference)) for plan in before
    ]
    model = with_rows(ranking.model, cuts)
    relaxed = relax(model, time_limit_s=time_limit_s)
    if not relaxed.is_feasible:
        return None
    bound = None if relaxed.prices is None else price_bound(model, relaxed.prices, ranking.step)
    guesses = [ranking.values(sites) for sites in _guesses(ranking, cuts, relaxed, before)]
    found = settle(
        model,
        starts=guesses,
        bound=bound,
        step=ranking.step,
        exact=ranking.exact,
        time_limit_s=time_limit_s,
        gap=gap,
    )
    if found.values is None:
        return None
    sites = site_values(ranking.problem, found.values)
    return NextPlan(sites, _in_plan_units(ranking, found.bound), found.is_complete)


def _in_plan_units(ranking: Ranking, bound: float) -> float:
    if ranking.goal is None:
        return bound / ranking.scale
    # A new centre costs one more than there are centres that may close: see opening_costs.
    return float(np.ceil(bound / (len(ranking.problem.today) + 1.0)))


def _guesses(
    ranking: Ranking, cuts: Sequence[ExtraRow], relaxed: Relaxed, before: Sequence[IntArray]
) -> list[IntArray]:
    """Return plans made one site at a time, or from those before, that keep to the cuts."""
    sites = len(ranking.problem.sites)
    masks = [np.ones(sites, dtype=np.bool_)]
    if relaxed.values is not None:
        masks.append(relaxed.values[:sites] > SUPPORT)
    plans = [_filled(ranking, cuts, mask) for mask in masks]
    if ranking.goal is None:
        plans = [_climbed(ranking.problem, cuts, one) for one in (*plans, *before)]
    return [one for one in plans if ranking.is_plan(one) and _keeps(cuts, one)]


def _keeps(cuts: Sequence[ExtraRow], sites: IntArray) -> bool:
    return all(np.isin(sites, cut.columns).sum() <= cut.most for cut in cuts)


def _climbed(problem: CoveringProblem, cuts: Sequence[ExtraRow], sites: IntArray) -> IntArray:
    """Return a plan improved by single exchanges; one that breaks a cut is led out of it first."""
    masks = [np.isin(np.arange(len(problem.sites)), cut.columns) for cut in cuts]
    for _ in range(EXCHANGES):
        if not len(sites):
            break
        change = Exchanges(problem, sites).change
        for mask, cut in zip(masks, cuts, strict=True):
            after = mask[sites].sum() + mask[:, None].astype(int) - mask[sites][None, :]
            # Never further beyond a cut than now, if it cannot be kept at once.
            change = np.where(after <= max(cut.most, mask[sites].sum() - 1), change, -np.inf)
        opened, dropped = np.unravel_index(int(np.argmax(change)), change.shape)
        best = change[opened, dropped]
        if best == -np.inf or (best <= 0 and _keeps(cuts, sites)):
            break
        sites = np.array(sorted({*sites.tolist(), int(opened)} - {int(sites[dropped])}))
    return sites


def _filled(ranking: Ranking, cuts: Sequence[ExtraRow], allowed: BoolArray) -> IntArray:
    """Return sites in greedy order as long as each gains, and every cut and rule allows it."""
    problem = ranking.problem
    room = np.array([cut.most for cut in cuts])
    in_cut = [np.isin(np.arange(len(problem.sites)), cut.columns) for cut in cuts]
    may = allowed.copy()
    left = problem.weights.copy()
    group_of = problem.group_of()
    chosen: list[int] = []
    for full in (mask for mask, most in zip(in_cut, room, strict=True) if most < 1):
        may[full] = False
    while ranking.most_open is None or len(chosen) < ranking.most_open:
        gain = np.bincount(problem.site_of, weights=left[group_of], minlength=len(may))
        gain = np.where(may, gain, 0.0)
        site = int(np.argmax(gain))
        if not gain[site] > 0:
            break
        chosen.append(site)
        left[problem.by_site[site]] = 0.0
        may[site] = False
        for conflict in problem.conflicts_by_site[site]:
            may[problem.conflicts[conflict]] = False
        for number, mask in enumerate(in_cut):
            room[number] -= mask[site]
            if room[number] < 1:
                may[mask] = False
    return np.array(sorted(chosen), dtype=np.int64)
