"""What of ages and gaps may be told: sums that stand elsewhere must bring no few persons back.

A run prints its totals by age, and the elders of each gap. Joining small groups keeps the sums by
band and state of today, and by gap, only where each of them is enough to stay together; where one
is of a few persons, the band is joined with its neighbour, or the gap is not told, so that the
table less what is printed tells of nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from planner.siting.what_if.table import NO_GAP

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

SAME: Final = 1e-6
"""Share of a person below which there is nobody."""


def few(persons: FloatArray, least: float) -> BoolArray:
    """Tell which figures are of somebody, but of fewer than may be told."""
    found: BoolArray = (persons > SAME) & (persons < least)
    return found


def told_bands(
    persons: FloatArray, is_covered: BoolArray, bands: Sequence[int], *, least: float
) -> tuple[tuple[int, ...], FloatArray]:
    """Join bands of age until each holds enough of those covered today, and of the others.

    An older band of a few joins the next younger one, the youngest the next older.

    Parameters
    ----------
    persons
        Of bands that exclude each other, shape (rows, bands).
    is_covered
        Whether a site of today covers a row, shape (rows,).
    bands
        Lower ages, youngest first.
    least
        Least number of persons of a figure.

    Returns
    -------
    bands, persons
        One band at least is left, whatever it holds.
    """
    ages, held = list(bands), persons
    while len(ages) > 1:
        states = np.vstack([held[is_covered].sum(axis=0), held[~is_covered].sum(axis=0)])
        wrong = np.flatnonzero(few(states, least).any(axis=0))
        if not len(wrong):
            break
        older = max(int(wrong[-1]), 1)
        held = np.column_stack(
            [held[:, : older - 1], held[:, older - 1 : older + 1].sum(axis=1), held[:, older + 1 :]]
        )
        del ages[older]
    return tuple(ages), held


def told_gaps(
    gap: IntArray,
    persons: FloatArray,
    is_covered: BoolArray,
    *,
    least: float,
) -> IntArray:
    """Return each row's gap as far as it may be told, else that it lives in none.

    Gaps are of walking: who is covered today, but finds no place, is in none. A gap is told if the
    bands of those who are left, and those whom it holds besides (all of them full), are each of
    nobody or of enough, and so are all who are covered today; where the rows of no gap that are
    left out then come to a few in a band, the smallest gap told is withheld with them, until they
    do not.

    Parameters
    ----------
    gap
        Rank of each row's gap, or :data:`planner.siting.what_if.table.NO_GAP`, shape (rows,).
    persons
        Shape (rows, bands).
    is_covered
        Whether a site of today covers each row.
    least
        Least number of persons of a figure.
    """
    own = np.where(is_covered, NO_GAP, gap)
    ranks = np.unique(gap[gap != NO_GAP])
    left = _sums(own, persons, ranks)
    full = _sums(np.where(is_covered, gap, NO_GAP), persons, ranks).sum(axis=1)
    whole = left.sum(axis=1)
    told = (whole >= least) & ~few(left, least).any(axis=1) & ~few(full, least)
    if few(persons[is_covered].sum(axis=0), least).any():
        # A few who are covered have nobody of their state to join: inside a gap they would be the
        # difference between the table and the gap's printed elders.
        told[:] = False
    outside = persons[~is_covered & (own == NO_GAP)].sum(axis=0)
    while told.any() and few(outside + left[~told].sum(axis=0), least).any():
        shown = np.flatnonzero(told)
        told[shown[np.argmin(whole[shown])]] = False
    found: IntArray = np.where(np.isin(own, ranks[told]), own, NO_GAP)
    return found


def _sums(gap: IntArray, persons: FloatArray, ranks: IntArray) -> FloatArray:
    """Return the persons of each gap, shape (gaps, bands)."""
    sums = np.zeros((len(ranks), persons.shape[1]))
    inside = gap != NO_GAP
    np.add.at(sums, np.searchsorted(ranks, gap[inside]), persons[inside])
    return sums
