"""The search for the best covering plan that differs from others, one after another.

A plan differs from another in ``d`` sites if it leaves out at least ``d`` of those that the other
needs. Sites that a plan has open without needing them (they reach nobody whom its others do not)
count for nothing, so that no plan is told twice with ornaments. In the model this is one row for
each plan before (a no-good cut; Balas & Jeroslow 1972, SIAM Journal on Applied Mathematics 23,
61-69): ``Σ_{j in A} x_j <= |A| - d``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np

from planner.siting.asking.inputs import Question
from planner.siting.beside.exchanges import Exchanges
from planner.siting.beside.settling import (
    ExtraRow,
    Relaxed,
    price_bound,
    relax,
    settle,
    with_rows,
)
from planner.siting.covering.models import (
    fewest_centres_model,
    fewest_for_weight_model,
    most_people_model,
    site_values,
    start_values,
    weight_scale,
    whole,
)
from planner.siting.covering.problem import CoveringProblem, reduce_problem
from planner.siting.covering.today import opening_costs
from planner.solver import IntArray, Model
from planner.units import BoolArray, FloatArray

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


@dataclass(frozen=True)
class Ranking:
    """A covering question, ready to be asked for further plans.

    Parameters
    ----------
    problem
        The reduced problem, with every site that reaches anybody new.
    most_open
        Largest number of open sites; None where the fewest are sought.
    goal
        Weight that every plan must newly cover; None where the most is sought.
    model
        The integer model, its weights times ``scale``.
    scale
        See :func:`planner.siting.covering.models.weight_scale`.
    step
        Every plan's objective in the model is a whole multiple of it, where that is known.
    """

    problem: CoveringProblem
    most_open: int | None
    goal: float | None
    model: Model
    scale: float
    step: float | None

    def values(self, sites: IntArray) -> FloatArray:
        """Return the columns of the model that open some sites."""
        return start_values(self.problem, sites, self.model)

    def exact(self, values: FloatArray) -> FloatArray:
        """Return the columns that the sites of a solution give."""
        return self.values(site_values(self.problem, values))

    def is_plan(self, sites: IntArray) -> bool:
        """Tell whether sites keep to the rules, the number and the goal."""
        if self.most_open is not None and len(sites) > self.most_open:
            return False
        if not self.problem.allows(sites):
            return False
        return self.goal is None or self.problem.newly_covered(sites) >= self.goal


def most_people_ranking(question: Question, most_open: int | None = None) -> Ranking | None:
    """Return the ranking of plans for the most people; None where no plan gains anybody.

    Parameters
    ----------
    question
        As asked.
    most_open
        Largest number of open sites, the required ones among them; None takes it from the
        question.
    """
    problem = reduce_problem(question)
    if most_open is None:
        most_open = question.rules.most_open(question.asked.new_centres or 0)
    most_open -= len(problem.required)
    if not problem.groups or most_open < 1:
        return None
    scale = weight_scale(problem.weights)
    scaled = replace(problem, weights=problem.weights * scale)
    model = most_people_model(scaled, most_open)
    step = scale if whole(problem.weights) else None
    return Ranking(problem, most_open, None, model, scale, step)


def fewest_centres_ranking(question: Question, covered: float) -> Ranking | None:
    """Return the ranking of plans with the fewest centres that cover as much as one known.

    Parameters
    ----------
    question
        As asked.
    covered
        Weight that each plan must cover in all.
    """
    problem = reduce_problem(question)
    if not problem.groups:
        return None
    cost = opening_costs(problem)
    goal = covered - problem.covered_before
    everybody = fsum(problem.weights)
    if goal >= everybody * (1.0 - 1e-12):
        model = fewest_centres_model(problem, cost=cost)
        return Ranking(problem, None, everybody, model, 1.0, 1.0)
    # Rules keep some of them out of every plan: as many as can be covered must be.
    scale = weight_scale(problem.weights)
    scaled = replace(problem, weights=problem.weights * scale)
    least = goal * (1.0 - 1e-12)
    model = fewest_for_weight_model(scaled, cost, least * scale)
    return Ranking(problem, None, least, model, 1.0, 1.0)


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
