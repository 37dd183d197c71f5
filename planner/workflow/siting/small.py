"""Small differences between the plans of one question are withheld, and what would tell them.

The figures of a run's siting outputs stand side by side: a plan that covers three elders fewer than
the best tells of these three, whichever sheet it stands in.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.outputs.content import LEAST_ELDERS
from planner.units import BoolArray
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.beside import SitingBeside
from planner.workflow.siting.elders import elders_covered

SAME: Final = 1e-6
"""Share of a person below which two figures are one."""


def few(difference: float, least: float = LEAST_ELDERS) -> bool:
    """Tell whether a difference is of somebody, but of fewer than may be told."""
    return SAME < abs(difference) < least


def least_value(siting: Siting) -> float:
    """Return the smallest difference of values that may be told: so much count five persons."""
    return LEAST_ELDERS * fsum(siting.asked.factors.values())


def newly_covered(siting: Siting) -> float:
    """Return the elders whom the plan brings within reach and no centre of today does."""
    if siting.beside is None:
        before, after = elders_covered(siting.most)
        return after - before
    return float(siting.beside.gains.totals["newly_served"]["weight"])


class ShownLevels:
    """Which plans' figures may be told beside those of today and of the plan itself.

    Parameters
    ----------
    siting, beside
        What was found.

    Attributes
    ----------
    curve, near
        For each point of the curve, and each near plan, whether its figures may be told.
    """

    curve: BoolArray
    near: BoolArray

    def __init__(self, siting: Siting, beside: SitingBeside) -> None:
        most = siting.most
        self._least = (LEAST_ELDERS, least_value(siting))
        before, after = elders_covered(most)
        self._kept = [(before, most.covered_before), (after, most.covered)]
        self._hidden: list[tuple[float, float]] = []
        points = [(elders_covered(one)[1], one.covered) for one in beside.curve.plans]
        self.curve = np.array([self._keeps(one) for one in points], dtype=bool)
        plans = () if beside.near is None else beside.near.plans
        near = [(elders_covered(one.plan)[1], one.value) for one in plans]
        self.near = np.array([not self._is_small(one, self._kept[:2]) for one in near], dtype=bool)
        self.near &= np.array([not self._is_hidden(one) for one in near], dtype=bool)

    def _keeps(self, level: tuple[float, float]) -> bool:
        """Tell whether a level is far from those kept before; keep it, or remember it."""
        small = self._is_small(level, self._kept)
        (self._hidden if small else self._kept).append(level)
        return not small

    def _is_small(self, level: tuple[float, float], kept: Sequence[tuple[float, float]]) -> bool:
        if any(_is_same(level, one) for one in kept):
            return False
        return any(self._is_few(level, one) for one in kept)

    def _is_few(self, level: tuple[float, float], other: tuple[float, float]) -> bool:
        """Tell whether two levels differ by a few persons; where elders are as many, by weight."""
        elders, value = (one - two for one, two in zip(level, other, strict=True))
        if abs(elders) > SAME:
            return few(elders, self._least[0])
        return few(value, self._least[1])

    def _is_hidden(self, level: tuple[float, float]) -> bool:
        return any(_is_same(level, one) for one in self._hidden)

    def tells(self, value: float) -> bool:
        """Tell whether a value of a plan may be told: it is not one that is withheld elsewhere."""
        return not any(abs(value - hidden) <= SAME for _, hidden in self._hidden)


def _is_same(level: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(one - two) <= SAME for one, two in zip(level, other, strict=True))


def shown_fewest(siting: Siting) -> float | None:
    """Return the elders whom the fewest centres cover; ``None`` where it tells of a few."""
    covered = elders_covered(siting.fewest)[1]
    return None if any(few(covered - one) for one in elders_covered(siting.most)) else covered


def shown_gaps(parts: pd.DataFrame, closed: str, newly: float) -> tuple[pd.DataFrame, BoolArray]:
    """Withhold a further row of a column whose hidden figures a sum elsewhere would tell.

    Parameters
    ----------
    parts
        Elders by gap and reason, small ones missing already; each row adds up to a total.
    closed
        The column whose sum is told elsewhere.
    newly
        That sum, of these gaps and whoever lives in none.

    Returns
    -------
    DataFrame, BoolArray
        The same with a figure more withheld, where all that is withheld of the sum comes to less
        than five elders; and the rows whose total must be withheld with it.
    """
    column = parts[closed]
    hidden_total = np.zeros(len(parts), dtype=bool)
    if not few(newly - float(column.sum())):
        return parts, hidden_total
    others = column.where(column > 0).dropna()
    if others.empty:
        return parts, hidden_total
    row = others.idxmin()
    hidden_total[parts.index.get_loc(row)] = True
    hidden: Any = column.where(column.index != row)
    return parts.assign(**{closed: hidden}), hidden_total
