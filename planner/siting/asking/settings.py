"""Single numbers of a question, looked over one by one."""

from __future__ import annotations

import math
from numbers import Real
from typing import Final

from planner.labels import Message, message

MOST_CENTRES: Final = 1_000_000_000
"""More centres than this in one plan are a slip of the keys."""


def limit_problems(value: object, setting: str = "limit_minutes") -> list[Message]:
    """Tell if a setting is not a positive, finite number."""
    if finite(value) > 0:
        return []
    return [message("siting.not_positive", setting=setting, value=value)]


def centre_count_problems(new_centres: object) -> list[Message]:
    """Tell if a number of new centres is not a whole number from 0 up, or beyond any plan."""
    count = finite(new_centres)
    if count.is_integer() and 0 <= count <= MOST_CENTRES:
        return []
    return [message("siting.count_wrong", value=new_centres, most=f"{MOST_CENTRES:,}")]


def effort_problems(time_limit_s: object, gap: object) -> list[Message]:
    """Tell if a time limit is not positive, or a gap not from 0 up to below 1."""
    problems = []
    if time_limit_s is not None:
        problems += limit_problems(time_limit_s, "time_limit_s")
    if not 0 <= finite(gap) < 1:
        problems.append(message("siting.gap_wrong", value=gap))
    return problems


def finite(value: object) -> float:
    """Return a finite number as float, and NaN for everything else."""
    # True and False are numbers to Python, but nobody means one centre by True.
    if isinstance(value, bool) or not isinstance(value, Real):
        return math.nan
    try:
        return float(value) if math.isfinite(value) else math.nan
    except OverflowError:  # a whole number beyond any float
        return math.nan
