"""A programme's question as it was put."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from planner.coverage.capacity import CapacityUnit
from planner.siting.asking.rules import SiteRules
from planner.siting.programmes.years import PlanYear


@dataclass(frozen=True, eq=False)
class ProgrammeAsked:
    """A programme's question as it was put: what it is verified from.

    Parameters
    ----------
    times, residents, measures, existing, groups
        The tables as given, never changed; ``groups`` empty where none were given.
    limit_minutes, unit, rules, carries_over, foresight, unknown_capacity, goal_weights
        As asked.
    years
        The years; one, called ``all``, where only a budget was given.
    served_share
        The share to be served, for the least money; else None.
    """

    times: pd.DataFrame
    residents: pd.DataFrame
    measures: pd.DataFrame
    existing: pd.DataFrame
    groups: pd.DataFrame
    limit_minutes: float
    years: tuple[PlanYear, ...]
    unit: CapacityUnit
    rules: SiteRules
    carries_over: bool
    foresight: bool
    unknown_capacity: str
    goal_weights: Mapping[str, float] | None
    served_share: float | None
