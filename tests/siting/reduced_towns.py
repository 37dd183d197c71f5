"""The reduced problem of a town, as the searches receive it."""

from __future__ import annotations

from collections.abc import Sequence

from planner.siting.asking.inputs import ask
from planner.siting.covering.problem import CoveringProblem, reduce_problem
from tests.siting.towns import LIMIT, Town


def reduced_town(some: Town, existing: Sequence[str] = ()) -> CoveringProblem:
    """Return the problem of a town in which only some of its centres are there already."""
    asked = ask(
        some.times,
        some.residents,
        some.candidates,
        existing,
        limit_minutes=LIMIT,
        weight="elderly_60",
    )
    return reduce_problem(asked)
