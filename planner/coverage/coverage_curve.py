"""How coverage grows with the limit: the exact step function, from the nearest minutes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner import tables, units
from planner.coverage.gap_causes import people_of
from planner.coverage.same_rows import same_rows

CURVE_MINUTES: Final = tuple(float(minutes) for minutes in range(5, 31))
"""Limits at which the curve is told unless the caller says otherwise: 5 to 30, each minute."""


@dataclass(frozen=True, eq=False)
class CoverageCurve:
    """Who is covered at every limit.

    Parameters
    ----------
    people_columns
        The people columns of which any figure is known; 60+ always.
    totals
        Persons of each people column, covered or not.
    steps
        Index ``walk_minutes``: every distinct minute at which somebody comes within the limit,
        ascending; the persons of each people column who are within it.
    """

    people_columns: tuple[str, ...]
    totals: pd.Series
    steps: pd.DataFrame

    def at(self, limits_minutes: Sequence[float] = CURVE_MINUTES) -> pd.DataFrame:
        """Return who is covered at some limits, each inclusive (:func:`planner.units.within`).

        Parameters
        ----------
        limits_minutes
            Limits in any order.

        Returns
        -------
        DataFrame
            Index ``limit_minutes`` in the order given; for each people column the persons
            covered, and ``<people>_share`` of its total (NaN where there is nobody).
        """
        limits = np.asarray(list(limits_minutes), dtype=float)
        place = np.searchsorted(
            self.steps.index.to_numpy(), limits + units.TOLERANCE_MINUTES, side="right"
        )
        columns = {}
        for name in self.people_columns:
            covered = np.concatenate([[0.0], self.steps[name].to_numpy()])[place]
            total = float(self.totals[name])
            columns[name] = covered
            columns[f"{name}_share"] = covered / total if total else np.full(len(limits), np.nan)
        return pd.DataFrame(columns, index=pd.Index(limits, name="limit_minutes"))


def coverage_curve(residents: pd.DataFrame, walk_minutes: pd.Series) -> CoverageCurve:
    """Return the curve of coverage over the limit.

    Parameters
    ----------
    residents
        A :data:`planner.tables.RESIDENTS` table; geometry is not needed.
    walk_minutes
        Minutes of each resident row to its nearest centre, however far; NaN or infinite where
        there is no walk. Of one walker: a curve for each.

    Returns
    -------
    CoverageCurve
        Exact: at any limit the persons are those of
        :func:`planner.coverage.walking.coverage` at that limit.

    Raises
    ------
    TableError
        If the residents are malformed, or the ids differ.
    """
    tables.check(tables.RESIDENTS, residents, geometry=False)
    columns = people_of(residents)
    people = residents[list(columns)].astype(float).fillna(0.0)
    people = people.assign(minutes=same_rows(residents, walk_minutes, "walk_minutes"))
    people = people.sort_index()
    walking = people[people["minutes"].notna()]
    sums = walking.groupby("minutes")[list(columns)].sum()
    return CoverageCurve(
        people_columns=columns,
        totals=people[list(columns)].sum(),
        steps=sums.cumsum().rename_axis("walk_minutes"),
    )
