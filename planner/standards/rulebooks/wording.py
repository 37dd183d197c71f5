"""How the figures and marks of clauses are written, and the rows that are put into words."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from planner.labels import DEFAULT_LANGUAGE, Language, text
from planner.standards.rulebooks.clauses import Clause

DECIMALS: Final = {"m2": 1, "ratio": 3}
"""With how many decimals figures are shown, others with two; with more where two figures that
differ would read alike."""

MOST_DECIMALS: Final = 7
"""Figures that differ by more than the slack of comparisons never read alike with so many."""

SAME: Final = 1e-6
"""Figures that differ by no more than this are the same: the slack of comparisons."""

SAME_M2: Final = 0.005
"""Areas are surveyed to 0.01 m²: half of that is rounding, and no shortage (our own choice)."""

SHARES_AGREE: Final = 0.001
"""A share is written to a tenth of a percent: so near must come who works it out by hand."""

Row = dict[str, Any]
"""One row of a table, by column; whatever is missing as ``None``."""


def rows_of(table: pd.DataFrame) -> list[Row]:
    """Return a table's rows by column, whatever is missing as ``None``."""
    names = [str(name) for name in table.columns]
    if not names:
        return [{} for _ in range(len(table))]
    columns = [_cells(table.iloc[:, place]) for place in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _cells(column: pd.Series) -> list[Any]:
    """Return a column's cells as plain Python values, whatever is missing as ``None``."""
    cells = column.tolist()
    if column.dtype == object:
        cells = [cell.item() if isinstance(cell, np.generic) else cell for cell in cells]
    missing = column.isna().to_numpy()
    if not missing.any():
        return cells
    return [None if gone else cell for cell, gone in zip(cells, missing, strict=True)]


def figure(value: float, decimals: int = 1) -> str:
    """Return a figure as planners write it: thousands apart, no trailing zeros."""
    digits = f"{value:,.{decimals}f}"
    plain = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if plain == "-0" else plain


def difference(value: float, decimals: int = 1) -> str:
    """Return a figure that never reads as 0 unless it is: with one digit where decimals end."""
    shown = figure(value, decimals)
    if value and not float(shown.replace(",", "")):
        return np.format_float_positional(value, precision=1, fractional=False, trim="-")
    return shown


def slack_of(unit: str) -> float:
    """Return by how much figures of a unit may differ and are still the same."""
    return SAME_M2 if unit == "m2" else SAME


def decimals_apart(unit: str, value: float | None, *others: float | None) -> int:
    """Return with how many decimals a figure reads otherwise than others from which it differs.

    Parameters
    ----------
    unit
        Their unit, which has its own least (:data:`DECIMALS`).
    value, others
        The figures; ``None`` is left out.
    """
    least = DECIMALS.get(unit, 2)
    if value is None:
        return least
    apart = [one for one in others if one is not None and abs(one - value) > slack_of(unit)]
    for decimals in range(least, MOST_DECIMALS):
        if all(figure(one, decimals) != figure(value, decimals) for one in apart):
            return decimals
    return MOST_DECIMALS


def decimals_by_hand(unit: str, value: float, required: float) -> int:
    """Return with how many decimals the difference of two figures, and its share, follow by hand.

    Parameters
    ----------
    unit
        Their unit, which has its own least (:data:`DECIMALS`).
    value, required
        What there is, and what is asked for.
    """
    apart = abs(required - value)
    for decimals in range(DECIMALS.get(unit, 2), MOST_DECIMALS):
        shown = abs(round(required, decimals) - round(value, decimals))
        if difference(shown, decimals) != difference(apart, decimals):
            continue
        if not required or abs(shown - apart) <= SHARES_AGREE * abs(required):
            return decimals
    return MOST_DECIMALS


def weight(clause: Clause, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return a clause's mark in words, as it stands behind a figure: ``待核对，未见原文``."""
    key = "choice" if clause.mark == "-" else clause.mark
    return text(f"standards.weight_{key}", language)
