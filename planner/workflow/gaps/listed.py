"""Which gaps are listed one by one: those of few elders are not, nor those that would tell them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from planner.outputs.content import LEAST_ELDERS
from planner.units import TOLERANCE_MINUTES, BoolArray, FloatArray

_MARK: Final = "、"


def listed_gaps(areas: pd.DataFrame, grades: pd.Series[Any]) -> BoolArray:
    """Tell which gaps may be listed.

    The elders of all gaps together are told beside the list, as whom coverage leaves out, and so
    are those of each grade. What the listed leave of such a sum is nobody, or no few: else one more
    is left out, the smallest of those that share a community with what is hidden (the community's
    own figure is told, too), or the smallest of all.

    Parameters
    ----------
    areas
        Gaps, with ``elderly_60`` and ``communities``.
    grades
        Their grades.
    """
    elders = areas["elderly_60"].to_numpy(dtype=float)
    kinds = grades.reindex(areas.index).astype(object).to_numpy()
    of_kind = [kinds == one for one in pd.unique(kinds)]
    listed: BoolArray = elders >= LEAST_ELDERS
    while (among := _telling(elders, listed, [*of_kind, np.ones(len(areas), bool)])) is not None:
        near = among & _beside(areas["communities"], among, listed, elders)
        choice = np.flatnonzero((near if near.any() else among) & listed)
        listed = listed.copy()
        # The last of equal ones: gaps stand worst first.
        listed[choice[::-1][elders[choice[::-1]].argmin()]] = False
    return listed


def _telling(elders: FloatArray, listed: BoolArray, sums: list[BoolArray]) -> BoolArray | None:
    """Return of which gaps a sum is told that tells of a few hidden; ``None`` for no such sum."""
    for among in reversed(sums):
        hidden = float(elders[among & ~listed].sum())
        if TOLERANCE_MINUTES < hidden < LEAST_ELDERS and (among & listed).any():
            return among
    return None


def _beside(
    communities: pd.Series[Any], among: BoolArray, listed: BoolArray, elders: FloatArray
) -> BoolArray:
    """Tell which listed gaps share a community with those that are hidden and hold somebody."""
    parts = [set(str(one).split(_MARK)) for one in communities]
    hidden = np.flatnonzero(among & ~listed & (elders > 0))
    there = set().union(*(parts[row] for row in hidden))
    return np.array([bool(one & there) for one in parts], dtype=bool) & listed
