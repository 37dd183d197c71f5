"""Small counts are withheld, and others with them, so that no difference brings one back.

TRADE.md 13: a figure of fewer than :data:`planner.outputs.content.LEAST_ELDERS` persons of an area
may name somebody, and so may the difference of two figures that stand side by side.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.outputs.content import LEAST_ELDERS
from planner.units import TOLERANCE_MINUTES


def without_small_parts(parts: pd.DataFrame, least: float = LEAST_ELDERS) -> pd.DataFrame:
    """Withhold the small figures of rows whose parts add up to a total that is shown.

    Parameters
    ----------
    parts
        Persons, shape (rows, parts), a total's parts side by side; missing is nobody.
    least
        Figures above 0 and below this are withheld.

    Returns
    -------
    DataFrame
        The same with missing values for what is withheld. Where all that is withheld in a row
        comes to less than ``least``, its smallest other figure above 0 is withheld, too (the first
        of equal ones): else the total less the rest would tell it.
    """
    values = parts.to_numpy(dtype=float, na_value=0.0)
    hidden = (values > 0) & (values < least)
    thin = hidden.any(axis=1) & ((values * hidden).sum(axis=1) < least)
    others = np.where((values > 0) & ~hidden, values, np.inf)
    rows = np.flatnonzero(thin & np.isfinite(others).any(axis=1))
    hidden[rows, others[rows].argmin(axis=1)] = True
    return pd.DataFrame(np.where(hidden, np.nan, values), index=parts.index, columns=parts.columns)


def without_small_rows(rows: pd.Series, total: float, least: float = LEAST_ELDERS) -> pd.Series:
    """Withhold small figures of rows that stand below a total which other rows may belong to.

    Parameters
    ----------
    rows
        Persons; missing is nobody.
    total
        The figure that is shown elsewhere: what the rows leave of it can be worked out.
    least
        As for :func:`without_small_parts`.

    Returns
    -------
    Series
        The same with missing values for what is withheld. Where the total less all that is shown
        comes to fewer than ``least``, but not to nobody, the smallest figure shown that is above 0
        is withheld, too (the first of equal ones).
    """
    values = rows.to_numpy(dtype=float, na_value=0.0)
    hidden = (values > 0) & (values < least)
    left = total - float(values[~hidden].sum())
    others = np.where((values > 0) & ~hidden, values, np.inf)
    if TOLERANCE_MINUTES < left < least and np.isfinite(others).any():
        hidden[others.argmin()] = True
    return pd.Series(np.where(hidden, np.nan, values), index=rows.index, name=rows.name)


def without_small_ages(ages: pd.DataFrame, least: float = LEAST_ELDERS) -> pd.DataFrame:
    """Withhold figures of older age groups that are small, or leave a small remainder.

    Parameters
    ----------
    ages
        Persons, the columns from the widest group (60+, always shown) to the narrowest (80+), each
        holding the next.
    least
        As for :func:`without_small_parts`.

    Returns
    -------
    DataFrame
        The same with missing values for what is withheld: every figure shown, and every difference
        of two of them, is 0 or at least ``least``.
    """
    shown = ages.astype(float)
    if shown.columns.empty:
        return shown
    last = shown.iloc[:, 0]
    for name in shown.columns[1:]:
        rest = last - shown[name]
        whole = (shown[name] <= 0) | (shown[name] >= least)
        safe = whole & ((rest.abs() <= TOLERANCE_MINUTES) | (rest >= least))
        shown[name] = shown[name].where(safe)
        last = shown[name].where(safe, last)
    return shown
