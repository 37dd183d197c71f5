"""A programme's answer from its plan: put together, and recounted before anybody sees it."""

from __future__ import annotations

import time
from typing import Any

from planner.siting.programmes.inputs import ProgrammeQuestion
from planner.siting.programmes.recount import check_programme
from planner.siting.programmes.reporting import (
    chosen_table,
    flow_table,
    goals_table,
    shortfall_table,
    site_table,
    status_of,
    unreachable,
    year_table,
)
from planner.siting.programmes.results import Programme
from planner.siting.programmes.tasks import Clock, GoalFound
from planner.solver import IntArray

Found = list[tuple[Any, GoalFound]]
"""The year that each goal was planned for (``all``: together), and how far it is reached."""


def answer(question: ProgrammeQuestion, when: IntArray, found: Found, clock: Clock) -> Programme:
    """Return the answer.

    Raises
    ------
    SitingError
        If it is not what the tables give.
    """
    flows = flow_table(question, when)
    sites = site_table(question, when, flows)
    short = shortfall_table(question, when)
    plan = Programme(
        unit=question.asked.unit,
        chosen=chosen_table(question, when),
        goals=goals_table(found),
        by_year=year_table(question, when, flows, sites, short),
        sites=sites,
        flows=flows,
        shortfall=short,
        set_aside=question.set_aside,
        unknown_centres=question.unknown_centres,
        unknown_groups=question.unknown_groups,
        unreachable=unreachable(question),
        status=status_of(found),
        seconds=time.perf_counter() - clock.began,
        target_persons=None,
        is_reached=None,
        most_persons=None,
        asked=question.asked,
    )
    check_programme(plan)
    return plan
