"""The least money that brings a share of all who ask a place within reach."""

from __future__ import annotations

from dataclasses import replace
from math import fsum, inf

import pandas as pd

from planner.coverage.capacity import CapacityUnit, CentreCapacity
from planner.errors import SitingError
from planner.labels import message
from planner.siting.asking.rules import NO_RULES, SiteRules
from planner.siting.asking.settings import finite
from planner.siting.asking.weights import Weight
from planner.siting.programmes.answering import Found, answer
from planner.siting.programmes.asked import ProgrammeAsked
from planner.siting.programmes.coding import demands
from planner.siting.programmes.goals import reach_goals, required_plan
from planner.siting.programmes.inputs import (
    NO_GROUPS,
    UnknownCapacity,
    ask_programme,
    centre_table,
)
from planner.siting.programmes.results import Programme
from planner.siting.programmes.tasks import Aim, Clock, Kept
from planner.siting.programmes.years import ONE_YEAR, Goal, PlanYear

ORDER: tuple[Goal, ...] = ("money", "served", "shortfall", "walk")
"""The order of the goals here."""


def least_cost(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    measures: pd.DataFrame,
    *,
    existing: pd.DataFrame | CentreCapacity,
    limit_minutes: float,
    unit: CapacityUnit,
    served_share: float,
    groups: pd.DataFrame | None = None,
    weight: Weight = "elderly_60",
    unknown_capacity: UnknownCapacity = "nothing",
    rules: SiteRules = NO_RULES,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Programme:
    """Choose measures so that a share of all who ask is served for the least money.

    ``min Σ_m cost_m x_m`` with ``Σ_ij y_ij >= served_share · Σ_i d_i`` under the conditions of
    :func:`planner.siting.programmes.questions.programme`; among plans of the least money most
    persons served, then least floor area short, then least walk. Where all measures together
    cannot serve the share, the most that can be served is, for the least money, and the answer
    says so (``is_reached``).

    Parameters
    ----------
    times, residents, measures, existing, limit_minutes, unit, groups, weight, unknown_capacity
        As for :func:`planner.siting.programmes.questions.programme`.
    served_share
        Share of all who ask (those whom nothing reaches included), above 0, up to 1; exactly
        reached is enough.
    rules, time_limit_s, gap
        As for :func:`planner.siting.programmes.questions.programme`.

    Returns
    -------
    Programme
        With ``target_persons``, ``is_reached`` and ``most_persons``.

    Raises
    ------
    SitingError
        With every problem of tables and settings.
    ValueError
        If the unit is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["A", "B"], "walk_minutes": [5.0, 9.0]}
    ... )
    >>> residents = pd.DataFrame({"asks": [30, 50]}, index=["a", "b"])
    >>> measures = pd.DataFrame(
    ...     {
    ...         "site": ["A", "B"],
    ...         "kind": ["new_centre", "hand_over"],
    ...         "adds_persons": [40, 40],
    ...         "cost_yuan": [900_000, 0],
    ...     },
    ...     index=["build A", "take B"],
    ... )
    >>> none = pd.DataFrame({"capacity_persons": []}, dtype=float)
    >>> plan = least_cost(
    ...     times,
    ...     residents,
    ...     measures,
    ...     existing=none,
    ...     limit_minutes=15,
    ...     unit="day_places",
    ...     served_share=0.5,
    ...     weight="asks",
    ... )
    >>> list(plan.chosen.index), plan.cost_yuan, plan.is_reached
    (['take B'], 0.0, True)
    """
    clock = Clock.of(time_limit_s)
    if not 0 < finite(served_share) <= 1:
        problem = message("programme.share_wrong", value=served_share)
        raise SitingError(message("siting.refused"), [problem])
    centres, given_unit = centre_table(existing)
    asked = ProgrammeAsked(
        times=times,
        residents=residents,
        measures=measures,
        existing=centres,
        groups=NO_GROUPS if groups is None else groups,
        limit_minutes=limit_minutes,
        years=(PlanYear(ONE_YEAR, inf, weight),),
        unit=unit,
        rules=rules,
        carries_over=True,
        foresight=True,
        unknown_capacity=unknown_capacity,
        goal_weights=None,
        served_share=served_share,
    )
    question = ask_programme(asked, given_unit=given_unit, time_limit_s=time_limit_s, gap=gap)
    target = float(served_share) * fsum(demands(asked, question.question).ravel())
    when, most = reach_goals(
        question.problem,
        [("served", {"served": 1.0})],
        required_plan(question.problem),
        clock.part(0.3),
        gap=gap,
    )
    able = most[0].value
    reached = able >= target * (1 - 1e-9)
    kept = Kept({"served": 1.0}, -min(target, able))
    aims: list[tuple[str, Aim]] = [(goal, {goal: 1.0}) for goal in ORDER]
    when, told = reach_goals(question.problem, aims, when, clock, gap=gap, kept=(kept,))
    found: Found = [(ONE_YEAR, replace(most[0], name="most_persons"))]
    found += [(ONE_YEAR, one) for one in told]
    plan = answer(question, when, found, clock)
    return replace(plan, target_persons=target, is_reached=reached, most_persons=able)
