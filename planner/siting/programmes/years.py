"""The years of a programme, the goals it is judged by, and the kinds of measure it chooses from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from planner.siting.asking.weights import Weight

Goal = Literal["served", "shortfall", "walk", "money"]
GOALS: Final[tuple[Goal, ...]] = get_args(Goal)
"""In the order in which they count: more persons served, fewer m² short, fewer minutes walked in
all by those served, less money. Served is to be large, the others small."""

KINDS: Final = (
    "new_centre", "enlarge", "take_over_rooms", "convert", "exchange", "buy_back", "hand_over",
    "pool_rooms", "lease", "close",
)  # fmt: skip
"""新建、扩建、党群服务中心用房调剂、改造、置换、回购、移交、归集小区用房、租赁、撤并关闭."""

AT_CENTRES: Final = ("enlarge", "close")
"""Kinds that only a centre of today can have."""

ONE_YEAR: Final = "all"
"""What the only year of a programme without years is called."""


@dataclass(frozen=True)
class PlanYear:
    """A year of the plan: its money, and whom it is to serve.

    Parameters
    ----------
    year
        The year, such as 2030 (近期) or 2035 (远期); later years after earlier ones.
    budget_yuan
        Money that comes in that year, 0 or more.
    weight
        Column of the residents with the persons who ask for a place in that year, or factors by
        column (``{"elderly_60_2030": 0.05}``: one in twenty asks for day care).
    required
        Column of the groups with the m² that the standard requires in that year.
    """

    year: int | str
    budget_yuan: float
    weight: Weight = "elderly_60"
    required: str = "required_m2"
