"""The two covering questions: most people with n new centres, fewest centres for all."""

from __future__ import annotations

import time

import pandas as pd

from planner.siting.asking.inputs import ask
from planner.siting.asking.places import Places
from planner.siting.asking.rules import NO_RULES, SiteRules
from planner.siting.asking.settings import centre_count_problems, effort_problems, limit_problems
from planner.siting.asking.weights import Weight
from planner.siting.covering.found import share
from planner.siting.covering.outcome import outcome
from planner.siting.covering.problem import reduce_problem
from planner.siting.covering.search import best_cover, cover_who_can
from planner.siting.results import FewestCentres, MostPeople, told_status


def most_people(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    candidates: Places,
    *,
    limit_minutes: float,
    new_centres: int,
    existing: Places = (),
    weight: Weight = "elderly_60",
    rules: SiteRules = NO_RULES,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> MostPeople:
    """Choose at most ``new_centres`` candidates so that the most people are within the limit.

    The maximal covering location problem (Church & ReVelle 1974, Papers of the Regional Science
    Association 32, 101-118) around centres that stay open:
    ``max Σ_i w_i y_i`` with ``y_i <= Σ_{j in N_i} x_j`` and ``Σ_j x_j <= p``, where ``w`` is
    ``residents[weight]``, ``p`` is ``new_centres`` and the number of centres that may close,
    ``x_j`` is 1 for a site that is open, and ``N_i`` holds the sites with
    ``walk_minutes_ij <= limit_minutes`` (by :func:`planner.units.within`). Sites are the
    candidates and the centres that may close. Residents whom an ``existing`` centre reaches that
    stays open are covered from the start. Among plans that cover the same, one that keeps the
    most of today's centres is taken.

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
        Column of ``residents`` to count; factors by column, such as
        ``{"elderly_60": 1, "disabled": 2}``; None counts every resident as 1.
    rules
        Sites that a plan must, may not or may not together open, centres that may or must close,
        a straight-line radius beside the walk: see
        :class:`planner.siting.asking.rules.SiteRules`.
    time_limit_s
        Seconds after which the best plan so far is returned, with its bound.
    gap
        Relative gap at which to stop; 0 asks for the proven optimum.

    Returns
    -------
    MostPeople
        With ``chosen``, ``covered``, ``bound``, ``gap``, ``status``, ``unreachable``, ``gains``.
        Asking for more centres than are useful is no error: fewer are chosen; asking for none
        (a budget of 0) says what is covered today.

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
    settings = [
        *limit_problems(limit_minutes),
        *centre_count_problems(new_centres),
        *effort_problems(time_limit_s, gap),
    ]
    question = ask(
        times,
        residents,
        candidates,
        existing,
        limit_minutes=limit_minutes,
        weight=weight,
        rules=rules,
        new_centres=int(new_centres) if not settings else None,
        settings=settings,
    )
    problem = reduce_problem(question)
    room = question.rules.most_open(int(new_centres)) - len(problem.required)
    found = best_cover(problem, room, time_limit_s=time_limit_s, gap=gap)
    plan = outcome(question, problem, found).facts
    left = found.bound - problem.newly_covered(found.sites)
    seconds = time.perf_counter() - began
    return MostPeople(
        **plan,
        status=told_status(found.status, seconds, time_limit_s),
        gap=share(left, max(plan["gain"], 0.0)),
        seconds=seconds,
        new_centres=int(new_centres),
        bound=plan["covered"] + left,
    )


def fewest_centres(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    candidates: Places,
    *,
    limit_minutes: float,
    existing: Places = (),
    weight: Weight = "elderly_60",
    rules: SiteRules = NO_RULES,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> FewestCentres:
    """Choose the fewest candidates that bring everyone within the limit who can be.

    The location set covering problem (Toregas, Swain, ReVelle & Bergman 1971, Operations
    Research 19, 1363-1373) around centres that stay open: ``min Σ_j x_j`` with
    ``Σ_{j in N_i} x_j >= 1`` for every resident ``i`` with weight whom no ``existing`` centre
    that stays but at least one site reaches. Centres that may close are sites like the
    candidates; among plans of as many centres, one that keeps the most of them is taken.

    One house does not make the question impossible: those whom no site reaches are named in
    ``unreachable``. Where the rules (at most one of a group) allow no plan that covers all
    others, the largest weight that they allow comes first, then the fewest centres for it; those
    left are named in ``left_out``.

    Parameters
    ----------
    times, residents, candidates, limit_minutes, existing, weight, rules, time_limit_s
        As for :func:`most_people`. Residents of weight 0 need no centre.
    gap
        Share of centres by which the plan may miss the fewest; 0 asks for the proven optimum.

    Returns
    -------
    FewestCentres
        ``bound`` counts new centres and those that may close but stay; ``covered`` equals
        ``coverable`` unless ``left_out`` names somebody.

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
        rules=rules,
        settings=limit_problems(limit_minutes) + effort_problems(time_limit_s, gap),
    )
    problem = reduce_problem(question)
    found = cover_who_can(problem, time_limit_s=time_limit_s, gap=gap)
    plan = outcome(question, problem, found)
    bound = min(round(found.bound) + len(problem.required), plan.centres)
    left = share(plan.centres - bound, plan.centres)
    is_best = not left and not plan.left_out
    seconds = time.perf_counter() - began
    return FewestCentres(
        **plan.facts,
        status="optimal" if is_best else told_status(found.status, seconds, time_limit_s),
        gap=left,
        seconds=seconds,
        bound=bound,
        left_out=plan.left_out,
    )
