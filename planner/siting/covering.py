"""The two covering questions: most people with n new centres, fewest centres for all."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pandas as pd

from planner.siting.greedy import greedy_order, reach
from planner.siting.inputs import Places, ask, centre_count_problems, effort_problems
from planner.siting.problem import CoveringProblem, reduce_problem
from planner.siting.recount import check_claim, covered_weight
from planner.siting.results import FewestCentres, MostPeople
from planner.siting.search import best_cover, smallest_cover
from planner.solver import IntArray


def most_people(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    candidates: Places,
    *,
    limit_minutes: float,
    new_centres: int,
    existing: Places = (),
    weight: str | None = "elderly_60",
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> MostPeople:
    """Choose at most ``new_centres`` candidates so that the most people are within the limit.

    The maximal covering location problem (Church & ReVelle 1974, Papers of the Regional Science
    Association 32, 101-118) around centres that stay open:
    ``max Σ_i w_i y_i`` with ``y_i <= Σ_{j in N_i} x_j`` and ``Σ_j x_j <= p``, where ``w`` is
    ``residents[weight]``, ``p`` is ``new_centres``, ``x_j`` is 1 for a chosen candidate, and
    ``N_i`` holds the candidates with ``walk_minutes_ij <= limit_minutes`` (by
    :func:`planner.units.within`). Residents whom an ``existing`` centre reaches are covered from
    the start.

    Parameters
    ----------
    times
        Columns origin, destination, walk_minutes; one row a pair, each pair once. Pairs without
        a way are absent (NaN and infinite values count as no way). Destinations that are neither
        candidates nor existing are not looked at. Any measure may stand in for minutes if
        ``limit_minutes`` is in the same unit.
    residents
        Index: ids as in ``origin``; column ``weight``: people, 0 or more. Other columns and
        geometry are not needed.
    candidates
        A table whose index holds the ids as in ``destination``, or the ids.
    limit_minutes
        Largest walk that counts, above 0.
    new_centres
        Largest number of new centres, 0 or more.
    existing
        Ids (or a table) of the centres that stay open, none of them a candidate.
    weight
        Column of ``residents`` to count; None counts every resident as 1.
    time_limit_s
        Seconds after which the best plan so far is returned, with its bound.
    gap
        Relative gap at which to stop; 0 asks for the proven optimum.

    Returns
    -------
    MostPeople
        With ``chosen``, ``covered``, ``bound``, ``gap``, ``status``, ``unreachable``, ``gains``.
        Asking for more centres than are useful is no error: fewer are chosen.

    Raises
    ------
    SitingError
        With every problem of tables and settings.

    Notes
    -----
    The order of rows never matters. Where several plans are equally good the same one is always
    returned: residents and candidates are put in the order of their ids, and the solver runs on
    one thread with a fixed seed.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.DataFrame(
    ...     {
    ...         "origin": ["a", "b", "b", "c"],
    ...         "destination": ["east", "east", "west", "west"],
    ...         "walk_minutes": [9.0, 15.0, 4.0, 16.0],
    ...     }
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50, 70]}, index=["a", "b", "c"])
    >>> plan = most_people(times, residents, ["east", "west"], limit_minutes=15, new_centres=1)
    >>> plan.chosen, plan.covered, plan.unreachable
    (('east',), 80.0, ('c',))
    """
    began = time.perf_counter()
    settings = centre_count_problems(new_centres) + effort_problems(time_limit_s, gap)
    question = ask(
        times,
        residents,
        candidates,
        existing,
        limit_minutes=limit_minutes,
        weight=weight,
        settings=settings,
    )
    problem = reduce_problem(question)
    found = best_cover(problem, int(new_centres), time_limit_s=time_limit_s, gap=gap)
    plan = _plan(problem, found.sites)
    _recount(times, residents, plan, question.existing, limit_minutes, weight)
    return MostPeople(
        **plan,
        status=found.status,
        gap=found.gap,
        existing=tuple(question.existing.tolist()),
        limit_minutes=float(limit_minutes),
        weight=weight,
        seconds=time.perf_counter() - began,
        new_centres=int(new_centres),
        bound=plan["covered"] + (found.bound - problem.newly_covered(found.sites)),
    )


def fewest_centres(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    candidates: Places,
    *,
    limit_minutes: float,
    existing: Places = (),
    weight: str | None = "elderly_60",
    time_limit_s: float | None = None,
) -> FewestCentres:
    """Choose the fewest candidates that bring everyone within the limit who can be.

    The location set covering problem (Toregas, Swain, ReVelle & Bergman 1971, Operations
    Research 19, 1363-1373) around centres that stay open: ``min Σ_j x_j`` with
    ``Σ_{j in N_i} x_j >= 1`` for every resident ``i`` with weight whom no ``existing`` centre
    but at least one candidate reaches. Those whom neither reaches do not make the question
    impossible: they are named in ``unreachable``.

    Parameters
    ----------
    times, residents, candidates, limit_minutes, existing, weight, time_limit_s
        As for :func:`most_people`. Residents of weight 0 need no centre.

    Returns
    -------
    FewestCentres
        ``bound`` counts new centres; ``covered`` equals ``coverable``.

    Raises
    ------
    SitingError
        With every problem of tables and settings.

    Notes
    -----
    Deterministic in the same way as :func:`most_people`.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.DataFrame(
    ...     {
    ...         "origin": ["a", "b", "b"],
    ...         "destination": ["east", "east", "west"],
    ...         "walk_minutes": [9.0, 15.0, 4.0],
    ...     }
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50, 70]}, index=["a", "b", "c"])
    >>> plan = fewest_centres(times, residents, ["east", "west"], limit_minutes=15)
    >>> plan.chosen, plan.bound, plan.unreachable
    (('east',), 1, ('c',))
    """
    began = time.perf_counter()
    question = ask(
        times,
        residents,
        candidates,
        existing,
        limit_minutes=limit_minutes,
        weight=weight,
        settings=effort_problems(time_limit_s, 0.0),
    )
    problem = reduce_problem(question)
    found = smallest_cover(problem, time_limit_s=time_limit_s)
    plan = _plan(problem, found.sites)
    _recount(times, residents, plan, question.existing, limit_minutes, weight)
    return FewestCentres(
        **plan,
        status=found.status,
        gap=found.gap,
        existing=tuple(question.existing.tolist()),
        limit_minutes=float(limit_minutes),
        weight=weight,
        seconds=time.perf_counter() - began,
        bound=round(found.bound),
    )


def _plan(problem: CoveringProblem, sites: IntArray) -> dict[str, Any]:
    """Return the part of a result that follows from the problem and the sites of the plan."""
    order = greedy_order(problem, problem.weights, among=sites)
    gain = problem.newly_covered(order)
    return {
        "chosen": tuple(problem.sites[order].tolist()),
        "covered_before": problem.covered_before,
        "gain": gain,
        "covered": math.fsum([problem.covered_before, gain]),
        "total": problem.total,
        "coverable": problem.coverable,
        "unreachable": problem.unreachable,
        "idle_candidates": problem.idle_sites,
        "gains": _gains(problem, order),
        "without_weight": problem.without_weight,
    }


def _gains(problem: CoveringProblem, order: IntArray) -> pd.DataFrame:
    is_chosen = np.zeros(len(problem.sites), dtype=np.bool_)
    is_chosen[order] = True
    centres_seen = np.bincount(
        problem.group_of(), weights=is_chosen[problem.site_of], minlength=problem.groups
    )
    newly = [problem.newly_covered(order[: count + 1]) for count in range(len(order))]
    return pd.DataFrame(
        {
            "gain": np.diff(newly, prepend=0.0),
            "covered_after": problem.covered_before + np.array(newly, dtype=np.float64),
            "reach": reach(problem, problem.weights)[order],
            "only_here": reach(problem, np.where(centres_seen == 1, problem.weights, 0.0))[order],
        },
        index=pd.Index(problem.sites[order], name="candidate"),
    )


def _recount(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    plan: dict[str, Any],
    existing: pd.Index[Any],
    limit_minutes: float,
    weight: str | None,
) -> None:
    """Refuse a plan whose coverage, counted again from the tables, is not what it claims."""
    open_sites = [*existing.tolist(), *plan["chosen"]]
    recounted = covered_weight(
        times, residents, open_sites, limit_minutes=limit_minutes, weight=weight
    )
    check_claim(plan["covered"], recounted)
