"""Plans that differ from those before, found by the model where there is one, else by parts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from planner.siting.beside.asking_again import kind_of, question_of
from planner.siting.beside.different_plans import NextPlan, needed, next_plan
from planner.siting.beside.parts import plans_by_parts
from planner.siting.beside.rankings import (
    Ranking,
    fewest_centres_ranking,
    most_people_ranking,
)
from planner.siting.results import FewestCentres, MostPeople, SitingPlan
from planner.solver import IntArray


@dataclass(frozen=True)
class Candidate:
    """A plan as ids, before its whole answer is worked out.

    Parameters
    ----------
    chosen, closed
        Ids of new centres; of centres of today that close.
    value, bound
        In the unit of the question; no plan that differs enough from those before is better than
        ``bound``.
    is_complete
        Whether the search for it ran to its end.
    needs
        Ids of the places without any one of which it would be worse.
    """

    chosen: tuple[Any, ...]
    closed: tuple[Any, ...]
    value: float
    bound: float
    is_complete: bool
    needs: tuple[Any, ...]

    @classmethod
    def of(cls, plan: SitingPlan, needs: tuple[Any, ...]) -> Candidate:
        """Return a plan that is known already."""
        value = kind_of(plan).value(plan)
        return cls(plan.chosen, plan.closed, value, plan.bound, plan.is_proven, needs)


def different_candidates(
    plan: SitingPlan, *, least_difference: int, end: float
) -> Iterable[Candidate | str]:
    """Return a plan and those that differ from it and from each other, best first.

    Parameters
    ----------
    plan
        The first plan.
    least_difference
        See :func:`planner.siting.beside.best_plans.best_plans`.
    end
        When to stop, by ``time.perf_counter``; infinite for never.

    Returns
    -------
    iterable of Candidate or str
        A word says why no more follow.
    """
    if isinstance(plan, MostPeople | FewestCentres):
        return _by_cuts(plan, least_difference, end)
    return _by_parts(plan, least_difference, end)


def _by_cuts(
    plan: MostPeople | FewestCentres, least_difference: int, end: float
) -> Iterator[Candidate | str]:
    question = question_of(plan.asked)
    most = isinstance(plan, MostPeople)
    ranking = (
        most_people_ranking(question) if most else fewest_centres_ranking(question, plan.covered)
    )
    if ranking is None:
        yield Candidate.of(plan, ())
        return
    before = [needed(ranking.problem, _positions(ranking, plan))]
    yield Candidate.of(plan, _ids(ranking, before[0]))
    bound = kind_of(plan).sign * plan.bound
    while True:
        left = None if end == inf else max(end - time.perf_counter(), 0.0)
        if left == 0.0:
            yield "time_limit"
            return
        found = next_plan(
            ranking, before, least_difference=least_difference, time_limit_s=left, gap=0.0
        )
        if found is None:
            yield "none_left" if left is None or time.perf_counter() < end else "time_limit"
            return
        sites = needed(ranking.problem, found.sites)
        before.append(sites)
        told = _candidate(ranking, question.rules.must_close, sites, found, bound)
        bound = kind_of(plan).sign * told.bound
        yield told


def _positions(ranking: Ranking, plan: SitingPlan) -> IntArray:
    known = set(plan.chosen) | set(plan.existing)
    return np.flatnonzero([site in known for site in ranking.problem.sites])


def _ids(ranking: Ranking, sites: IntArray) -> tuple[Any, ...]:
    return tuple(ranking.problem.sites[sites].tolist())


def _candidate(
    ranking: Ranking,
    must_close: tuple[Any, ...],
    sites: IntArray,
    found: NextPlan,
    before: float,
) -> Candidate:
    """Return a plan as ids; ``before`` bounds it as well, in the sense that more is better."""
    problem = ranking.problem
    opened = sites if ranking.most_open is None else _with_today(ranking, sites)
    ids = problem.sites[opened].tolist()
    today = set(problem.sites[problem.today].tolist())
    needs = _ids(ranking, sites)
    chosen = (*problem.required, *(one for one in ids if one not in today))
    leaving = (one for one in problem.sites[problem.today] if one not in set(ids))
    closed = (*must_close, *leaving)
    if ranking.goal is None:
        value = problem.covered_before + problem.newly_covered(sites)
        bound = min(problem.covered_before + found.bound, before)
        return Candidate(chosen, closed, value, max(bound, value), found.is_complete, needs)
    value = float(len(problem.required) + len(sites))
    bound = max(len(problem.required) + found.bound, -before)
    return Candidate(chosen, closed, value, min(bound, value), found.is_complete, needs)


def _with_today(ranking: Ranking, sites: IntArray) -> IntArray:
    """Return a plan with the centres of today that may stay at no loss."""
    problem, opened = ranking.problem, sites.tolist()
    covered = problem.covered_groups(sites)
    for site in problem.today.tolist():
        wider = np.array([*opened, site], dtype=np.int64)
        # One that would add somebody was closed to differ from a plan before.
        idle = bool(covered[problem.by_site[site]].all())
        if site not in opened and idle and ranking.is_plan(wider):
            opened.append(site)
    return np.array(sorted(opened), dtype=np.int64)


def _by_parts(plan: SitingPlan, least_difference: int, end: float) -> Iterator[Candidate | str]:
    for found in plans_by_parts(plan, least_difference=least_difference, end=end):
        if isinstance(found, str):
            yield found
        else:
            answer, value, bound, is_complete, needs = found
            yield Candidate(answer.chosen, answer.closed, value, bound, is_complete, needs)
