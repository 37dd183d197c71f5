"""In what order measures are taken up: a stated rule, each of its parts shown beside the result.

First the force of what is breached (应 before 宜 before 可); then how many elders are concerned,
by steps that double (512 to 1,023 are one step, 1,024 to 2,047 the next); then how much is short,
by steps that halve (half or more of what is asked for, a quarter to a half, …); then the cost an
elder, known before unknown, the least first; then the ids. Steps stand in place of the figures
themselves, so that a handful of elders more does not outweigh a facility that lacks half of what
it should have.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.units import ROUNDING

CLASSES: Final = {"应": "first", "宜": "second", "可": "optional", "-": "optional"}
"""The class of a measure's priority, by the greatest force that it cures."""

UNKNOWN_STEP: Final = -1
"""Elders or shortfalls that nobody knows come after those that are known."""


def doubling_step(values: pd.Series) -> pd.Series:
    """Return ``floor(log2(value))`` of values above 0; below the least step, or unknown: lowest.

    Values from 0 up to (not with) 1 are of step 0.
    """
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    steps = np.full(len(numbers), UNKNOWN_STEP)
    known = np.isfinite(numbers)
    steps[known] = np.floor(np.log2(np.maximum(numbers[known], 1.0))).astype(int)
    return pd.Series(steps, index=values.index)


def priorities(measures: pd.DataFrame) -> pd.DataFrame:
    """Return the priority of every measure, with its parts.

    Parameters
    ----------
    measures
        ``centre, kind, partner, defects, force, optional, elders, short_share, cost_yuan``.

    Returns
    -------
    DataFrame
        Same index: ``priority_class`` (``first, second, optional``), ``elders_step`` (a
        higher one holds twice as many), ``short_step`` (0: half or more is short; each further
        step half as much; missing: of no figure), ``cost_per_elder_yuan``, ``priority`` (1 is to
        be taken up first; no two are alike).
    """
    elders = doubling_step(measures["elders"])
    share = measures["short_share"].to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(share) & (share > 0.0)
    halvings = np.full(len(share), np.nan)
    # The least slack keeps an exact half in its step, whatever the division lost.
    halvings[known] = np.maximum(np.ceil(-np.log2(share[known]) - ROUNDING) - 1.0, 0.0)
    cost = measures["cost_yuan"].to_numpy(dtype=float, na_value=np.nan)
    people = measures["elders"].to_numpy(dtype=float, na_value=np.nan)
    each = np.divide(cost, people, out=np.full(len(cost), np.nan), where=people > 0)
    table = pd.DataFrame(
        {
            "priority_class": [
                "optional" if optional else CLASSES[force]
                for force, optional in zip(measures["force"], measures["optional"], strict=True)
            ],
            "elders_step": elders.to_numpy(),
            "short_step": halvings,
            "cost_per_elder_yuan": each,
        },
        index=measures.index,
    )
    ranks = table["priority_class"].map({"first": 0, "second": 1, "optional": 2})
    keys = pd.DataFrame(
        {
            "class": ranks,
            "elders": -table["elders_step"],
            "short": table["short_step"].fillna(np.inf),
            "cost": table["cost_per_elder_yuan"].fillna(np.inf),
            "centre": measures["centre"].astype(str),
            "kind": measures["kind"].astype(str),
            "partner": measures["partner"].fillna("").astype(str),
            "defects": measures["defects"].astype(str),
        }
    )
    order = keys.sort_values(list(keys.columns)).index
    places = pd.Series(np.arange(1, len(order) + 1), index=order)
    return table.assign(priority=places.reindex(table.index))
