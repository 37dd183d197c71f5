"""What one clause comes to, for many centres at once: a value held against a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.rulebooks.clauses import Clause
from planner.standards.rulebooks.wording import SAME, slack_of
from planner.tables import LIST_MARK
from planner.units import BoolArray, FloatArray

TOLERANCE: Final = SAME
"""Slack of every comparison, in the clause's own unit: a value counts as equal to a figure that it
misses by no more than this. Far above float64 error, far below what any ledger tells apart."""

MORE_IS_NEVER_WORSE: Final = ("building_area", "place_area", "inner_area")
"""Areas: where a clause gives a range of them, only its lower end can be missed."""


MAP_DECIMALS: Final = 1
"""Distances on the map are read to a tenth of a metre (our own choice), and told so: no ledger
places a centre, and no map a road, so well that 100.0005 m is more than 100 m."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """A clause held against centres, before conditions and statuses are looked at.

    All arrays have shape (centres,).

    Parameters
    ----------
    value, required, upper
        What each has and the clause's figures for it; NaN where unknown or none.
    short_by
        How far it is on the wrong side: 0 where the clause is met, NaN where nobody knows.
    told
        Words: what is lacking, or found in place of what is asked for.
    reason
        Why nobody knows; ``""`` where the clause can be judged.
    fill_in
        Columns that would tell; ``""`` where the clause can be judged.
    """

    value: FloatArray
    required: FloatArray
    upper: FloatArray
    short_by: FloatArray
    told: np.ndarray
    reason: np.ndarray
    fill_in: np.ndarray


def texts(count: int, value: str = "") -> np.ndarray:
    """Return an array of one text, dtype object, shape (count,)."""
    return np.full(count, value, dtype=object)


def wrong_by(clause: Clause, value: FloatArray, required: FloatArray) -> FloatArray:
    """Return how far values are on the wrong side of a clause's figure, shape (centres,).

    0 where it is met. With t = :data:`TOLERANCE`, and of areas half of what a survey tells apart
    (:func:`planner.standards.rulebooks.wording.slack_of`), but for ``more_than, less_than``:

    ============= =================================== =====================================
    comparison    met where                           else wrong by
    ============= =================================== =====================================
    ``at_least``  value >= required - t               required - value
    ``at_most``   value <= required + t               value - required
    ``more_than`` value > required + t                required - value, at least t
    ``less_than`` value < required - t                value - required, at least t
    ``between``   required - t <= value <= upper + t  distance to the nearer end
    ``equal``     abs(value - required) <= slack + t  abs(value - required)
    ============= =================================== =====================================

    ``slack`` is the clause's tolerance. Of :data:`MORE_IS_NEVER_WORSE` the upper end is no limit.

    Parameters
    ----------
    clause
        A clause of a comparison with a figure.
    value, required
        In the clause's unit; NaN gives NaN.

    Raises
    ------
    ValueError
        If the clause compares no figures.
    """
    below, above = required - value, value - required
    same = slack_of(clause.unit)
    match clause.comparison:
        case "at_least":
            return _beyond(below, same)
        case "at_most":
            return _beyond(above, same)
        case "more_than":
            return np.where(below < -TOLERANCE, 0.0, np.maximum(below, TOLERANCE))
        case "less_than":
            return np.where(above < -TOLERANCE, 0.0, np.maximum(above, TOLERANCE))
        case "between":
            endless = clause.quantity in MORE_IS_NEVER_WORSE
            upper = clause.upper if clause.upper is not None and not endless else np.inf
            return _beyond(np.maximum(below, value - upper), same)
        case "equal":
            return _beyond(np.abs(above), same + (clause.tolerance or 0.0))
    text = f"{clause.comparison} compares no figures"
    raise ValueError(text)


def _beyond(gap: FloatArray, slack: float) -> FloatArray:
    """Return the gaps that are greater than the slack allows, 0 for the others."""
    return np.where(gap <= slack, 0.0, gap)


def empty_columns(facts: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Return which of some columns each centre's ledger leaves empty, joined by 、.

    All of them where it leaves none empty: then what they hold tells nothing (a capacity of 0).
    """
    codes = np.zeros(len(facts), dtype=np.int64)
    for place, column in enumerate(columns):
        codes |= facts[column].isna().to_numpy().astype(np.int64) << place
    named = [
        LIST_MARK.join(name for place, name in enumerate(columns) if code >> place & 1 or not code)
        for code in range(1 << len(columns))
    ]
    return np.array(named, dtype=object)[codes]


def read_on_map(clause: Clause, value: FloatArray) -> FloatArray:
    """Return distances measured on the map as they are read: to :data:`MAP_DECIMALS`.

    But where a clause asks for more than its figure, or less, reading must not make a breach: what
    truly lies beyond the figure stays as it was measured.

    Parameters
    ----------
    clause
        The clause that they are held against.
    value
        Metres, NaN where unknown.
    """
    read = np.round(value, MAP_DECIMALS)
    if clause.value is None or clause.comparison not in ("more_than", "less_than"):
        return read
    figure = np.full(len(value), clause.value)
    made = (wrong_by(clause, value, figure) == 0) & (wrong_by(clause, read, figure) > 0)
    return np.where(made, value, read)


def held_against(
    clause: Clause,
    value: FloatArray,
    required: FloatArray,
    *,
    reason: np.ndarray,
    fill_in: np.ndarray,
) -> Outcome:
    """Return the outcome of a clause with a figure, where values are known.

    Parameters
    ----------
    clause
        The clause.
    value, required
        NaN where nobody knows.
    reason, fill_in
        What is told where nobody knows; left out elsewhere.
    """
    gap = wrong_by(clause, value, required)
    unknown: BoolArray = np.isnan(gap)
    upper = np.nan if clause.upper is None else clause.upper
    return Outcome(
        value=value,
        required=required,
        upper=np.full(len(value), upper),
        short_by=gap,
        told=texts(len(value)),
        reason=np.where(unknown, reason, ""),
        fill_in=np.where(unknown, fill_in, ""),
    )
