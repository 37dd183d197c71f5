"""The questions of walks that a planner asks: shortest in sum, and shortest for the last."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from planner.siting.asking.inputs import Question, ask
from planner.siting.asking.places import Places
from planner.siting.asking.recount import check_claim
from planner.siting.asking.rules import NO_RULES, SiteRules
from planner.siting.asking.settings import (
    centre_count_problems,
    effort_problems,
    limit_problems,
)
from planner.siting.asking.weights import Weight
from planner.siting.results import told_status
from planner.siting.walking.center import least_worst
from planner.siting.walking.median import least_total
from planner.siting.walking.plans import plan_of
from planner.siting.walking.problem import counted_pairs
from planner.siting.walking.results import LeastWorstWalk, ShortestWalk
from planner.siting.walking.walked import Walked


def shortest_walk(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    candidates: Places,
    *,
    new_centres: int,
    limit_minutes: float | None = None,
    existing: Places = (),
    weight: Weight = "elderly_60",
    rules: SiteRules = NO_RULES,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> ShortestWalk:
    """Choose the candidates that make the walk to the nearest open centre least in sum.

    The p-median problem (Hakimi 1964, Operations Research 12, 450-459) around centres that stay
    open: ``min Σ_i w_i min_{j open} t_ij`` with at most ``new_centres`` new centres. Where so few
    cannot reach everybody, the plan first reaches the most weight, then walks least.

    Parameters
    ----------
    times
        One row a pair with a way: origin (resident), destination (candidate or centre),
        walk_minutes (0 or more; any distance will do). What is not there cannot be walked. With
        ``straight_m`` where ``rules`` have a radius.
    residents
        Index: ids as in ``times.origin``; with the columns of ``weight``.
    candidates, existing
        Where a centre may be opened, and where one is today: tables (their index) or ids.
    new_centres
        Largest number of new centres. Each centre of ``rules.may_close`` that closes makes room
        for one more.
    limit_minutes
        Longer walks do not count (``<=``, by :func:`planner.units.within`); None counts all.
    weight
        ``w``: a column, factors by column, or None (each row is 1).
    rules
        What every plan keeps to.
    time_limit_s
        Seconds after which to stop with the best plan so far.
    gap
        Relative gap at which to stop; 0 asks for the optimum.

    Returns
    -------
    ShortestWalk
        Residents whom nothing reaches are named in ``unreachable``, those whom only other plans
        would reach in ``left_out``; neither makes the question impossible.

    Raises
    ------
    SitingError
        With every problem of tables, settings and rules.

    Notes
    -----
    Deterministic: the order of rows never matters, and equal plans are decided by the ids. At an
    equal walk the centres of today that may close are kept (exactly where weight × minutes are
    whole numbers, else up to 1e-10 of the walk).

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.DataFrame(
    ...     {
    ...         "origin": ["a", "a", "b", "b"],
    ...         "destination": ["east", "west", "east", "west"],
    ...         "walk_minutes": [2.0, 9.0, 12.0, 4.0],
    ...     }
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50]}, index=["a", "b"])
    >>> plan = shortest_walk(times, residents, ["east", "west"], new_centres=1)
    >>> plan.chosen, plan.walk, plan.bound, plan.worst
    (('west',), 470.0, 470.0, 9.0)
    """
    began = time.perf_counter()
    question = _question(
        times, residents, candidates, existing, new_centres, limit_minutes, weight, rules,
        effort_problems(time_limit_s, gap),
    )  # fmt: skip
    fields = _answered(question, least_total, time_limit_s, gap, measure="walk")
    return ShortestWalk(**_timed(fields, time.perf_counter() - began, time_limit_s))


def least_worst_walk(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    candidates: Places,
    *,
    new_centres: int,
    limit_minutes: float | None = None,
    existing: Places = (),
    weight: Weight = "elderly_60",
    rules: SiteRules = NO_RULES,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> LeastWorstWalk:
    """Choose the candidates that make the longest walk to the nearest open centre least.

    The p-center problem (Hakimi 1964, Operations Research 12, 450-459) around centres that stay
    open: ``min max_i min_{j open} t_ij`` over the residents with weight, with at most
    ``new_centres`` new centres. How much they weigh does not matter, unless so few centres cannot
    reach everybody: then the plan first reaches the most weight.

    Parameters
    ----------
    times, residents, candidates, new_centres, limit_minutes, existing, weight, rules, time_limit_s
        As for :func:`shortest_walk`.
    gap
        Relative gap of the longest walk at which to stop; 0 asks for the optimum.

    Returns
    -------
    LeastWorstWalk

    Raises
    ------
    SitingError
        With every problem of tables, settings and rules.

    Notes
    -----
    Deterministic in the same way as :func:`shortest_walk`. Of two plans with the same longest walk
    the one that keeps more of today's centres is taken; their total walk does not decide.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.DataFrame(
    ...     {
    ...         "origin": ["a", "a", "b", "b"],
    ...         "destination": ["east", "west", "east", "west"],
    ...         "walk_minutes": [2.0, 9.0, 12.0, 4.0],
    ...     }
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50]}, index=["a", "b"])
    >>> plan = least_worst_walk(times, residents, ["east", "west"], new_centres=1)
    >>> plan.chosen, plan.worst, plan.bound, plan.mean
    (('west',), 9.0, 9.0, 5.875)
    """
    began = time.perf_counter()
    question = _question(
        times, residents, candidates, existing, new_centres, limit_minutes, weight, rules,
        effort_problems(time_limit_s, gap),
    )  # fmt: skip
    fields = _answered(question, least_worst, time_limit_s, gap, measure="worst")
    return LeastWorstWalk(**_timed(fields, time.perf_counter() - began, time_limit_s))


def _question(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    candidates: Places,
    existing: Places,
    new_centres: int,
    limit_minutes: float | None,
    weight: Weight,
    rules: SiteRules,
    problems: list[Any],
) -> Question:
    settings = [*centre_count_problems(new_centres), *problems]
    if limit_minutes is not None:
        settings += limit_problems(limit_minutes)
    question = ask(
        times,
        residents,
        candidates,
        existing,
        limit_minutes=limit_minutes,
        weight=weight,
        new_centres=None if settings else int(new_centres),
        rules=rules,
        settings=settings,
    )
    # An endless walk is none: absent, like every pair that is not in the table.
    minutes = np.where(np.isfinite(question.minutes), question.minutes, np.nan)
    return replace(question, minutes=minutes)


def _timed(fields: dict[str, Any], seconds: float, time_limit_s: float | None) -> dict[str, Any]:
    status = told_status(fields["status"], seconds, time_limit_s)
    return {**fields, "status": status, "seconds": seconds}


def _answered(
    question: Question,
    search: Callable[..., Walked],
    time_limit_s: float | None,
    gap: float,
    *,
    measure: str,
) -> dict[str, Any]:
    pairs = counted_pairs(question)
    walked = search(question, pairs, time_limit_s=time_limit_s, gap=gap)
    fields = plan_of(question, pairs, walked)
    check_claim(walked.value, fields[measure] or 0.0, broken="siting_walking.claim_broken")
    return fields
