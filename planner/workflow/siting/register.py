"""The register of told levels: no two figures of persons tell of a few by their difference.

Whatever the siting outputs tell of persons is a level, the persons within reach of some places, or
a difference of two levels. The figures of one run stand side by side, whichever sheet they stand
in: a plan that covers three elders fewer than another tells of these three.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.outputs.content import LEAST_ELDERS
from planner.units import BoolArray, FloatArray

SAME: Final = 1e-6
"""Share of a person below which two figures are one."""

Level = tuple[float, float]
"""Elders aged 60+, and what the plan counts of them; NaN for what is not told of it."""


def few(difference: float, least: float = LEAST_ELDERS) -> bool:
    """Tell whether a difference is of somebody, but of fewer than may be told."""
    return SAME < abs(difference) < least


class Register:
    """Levels that are told; those that differ from one of them by a few may not be.

    Parameters
    ----------
    least
        The smallest differences that may be told, of elders and of what the plan counts.
    """

    def __init__(self, least: Level) -> None:
        self._least = least
        # Nobody at all: a level of a few is itself a figure of a few.
        self._told: FloatArray = np.zeros((1, 2))

    def keep(self, *levels: Level, always: bool = False) -> None:
        """Take up levels in their order, each where it may be told beside those before it.

        Parameters
        ----------
        levels
            What is to be told.
        always
            Whether they are told elsewhere in any case.
        """
        for level in levels:
            if not self._same(level).any() and (always or not self._few(level).any()):
                self._told = np.vstack([self._told, level])

    def tells(self, level: Level) -> bool:
        """Tell whether a level may be told: it is one that is told, or far from all of them.

        After all are taken up the answer for each of them is the one that it was kept by.
        """
        return bool(self._same(level).any()) or not self._few(level).any()

    def _same(self, level: Level) -> BoolArray:
        apart = np.abs(self._told - level)
        unknown = np.isnan(apart)
        known = np.count_nonzero(~unknown, axis=1)
        same: BoolArray = (np.count_nonzero(apart <= SAME, axis=1) == known) & (known > 0)
        return same

    def _few(self, level: Level) -> BoolArray:
        """Tell which levels differ by a few persons; where elders are as many, by what counts."""
        elders, value = np.abs(self._told - level).T
        of_elders = elders > SAME
        small: BoolArray = np.where(
            of_elders, elders < self._least[0], (value > SAME) & (value < self._least[1])
        )
        return small
