"""How far each goal of a programme is reached, its bound, gap and status, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from planner.labels import Language, message, text
from planner.outputs.words import MISSING, percent
from planner.siting.programmes.years import ONE_YEAR
from planner.workflow.programmes.years import TEN_THOUSAND

SUMMED: Final = ("served", "shortfall", "walk")
UNKNOWN: Final = "unknown"
"""Status of a goal of which no part is known: it claims nothing."""


def goal_line(goal: Mapping[str, Any], language: Language, years: int = 1) -> str:
    """Return how far one goal is reached, its bound, gap and status, in words.

    Figures of several ``years`` are summed where the goal is of all of them, and say so. Of what
    nobody knows no figure is told, and nothing is claimed.
    """
    is_sum = years > 1 and goal["year"] == ONE_YEAR and goal["goal"] in SUMMED
    name = f"{'summed' if is_sum else 'goal'}_{goal['goal']}"
    if goal["status"] == UNKNOWN:
        told = message(f"programme_run.{name}")
        return text("programme_run.goal_unknown", language, goal=told, missing=MISSING)
    money = goal["goal"] == "money"
    figures = {
        key: None if goal[key] is None else goal[key] / (TEN_THOUSAND if money else 1.0)
        for key in ("value", "bound")
    }
    return text(
        "programme_run.goal",
        language,
        goal=message(f"programme_run.{name}"),
        value=_figure(figures["value"], money=money),
        bound=_figure(figures["bound"], money=money),
        gap=percent(goal["gap"]) if np.isfinite(goal["gap"]) else MISSING,
        status=message(f"programme_run.status_{goal['status']}"),
        scope=message(f"programme_run.scope_{goal['scope']}"),
        proof=message(f"programme_run.proof_{goal['proof']}"),
    )


def _figure(value: float | None, *, money: bool) -> str:
    if value is None or not np.isfinite(value):
        return MISSING
    return f"{value:,.1f}" if money else f"{value:,.0f}"
