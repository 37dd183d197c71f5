"""How values and columns are put before a reader: headings, meanings, translated words, figures."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from planner.labels import Language, catalogue, text

MISSING: Final = "—"

ACCESS_FIGURES: Final = (
    "access_two_step", "access_enhanced", "access_gaussian", "access_three_step",
    "access_congestion",
)  # fmt: skip
EQUITY_FIGURES: Final = (
    "equity_mean", "equity_mean_80", "equity_ratio_80", "equity_gini", "equity_palma",
    "equity_concentration",
)  # fmt: skip
"""Ratios and means: told with decimals."""

DEGREES: Final = ("zone_longitude", "zone_latitude")

SITE_VALUES: Final = ("near_value", "near_worse", "near_bound", "site_covered", "site_bound")
"""Weights count parts of persons: a bound stands apart from a value by a decimal."""

ELDER_RATIOS: Final = ("per_100_elders_m2", "per_1000_elders_beds", "per_10000_elders_carers")


def heading(column: str, language: Language) -> str:
    """Return what a planner reads above a column.

    Raises
    ------
    KeyError
        If the column has no heading in the label files.
    """
    return text(f"columns.{column}", language)


def meaning(column: str, language: Language) -> str:
    """Return the sentence of the data dictionary about a column.

    Raises
    ------
    KeyError
        If the column has no meaning in the label files.
    """
    return text(f"meanings.{column}", language)


def word(value: str, language: Language) -> str:
    """Return a value of a choice column in one language; any other text stays as it is."""
    entry = catalogue().get(f"words.{value}")
    return value if entry is None else entry[language]


def is_missing(value: Any) -> bool:
    """Tell whether a single value is missing, which means unknown and never 0."""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def percent(share: float | None) -> str:
    """Return a share of 0 to 1 as ``"81.2%"``."""
    return MISSING if share is None or math.isnan(share) else f"{share:.1%}"


def count(value: float | None) -> str:
    """Return a number as a whole one with thousands: ``"12,820"``."""
    return MISSING if value is None or math.isnan(value) else f"{value:,.0f}"


def number_format(column: str) -> str:
    """Return the number format of a column, told from the unit in its name."""
    if "share" in column:
        return "0.0%"
    if column == "curve_minutes":
        return "General"
    if column in ACCESS_FIGURES:
        return "0.000"
    if column in EQUITY_FIGURES:
        return "0.00"
    if column in DEGREES:
        return "0.00000"
    if (
        "walk_minutes" in column
        or column == "gain_saved_minutes"
        or column.startswith("way_minutes")
    ):
        return "0.0"
    one_decimal = (("estate_", "_m2"), ("programme_", "_10k_yuan"))
    if (
        column in ELDER_RATIOS
        or column in SITE_VALUES
        or any(column.startswith(start) and column.endswith(end) for start, end in one_decimal)
    ):
        return "#,##0.0"
    return "#,##0"


def shown(column: str, value: Any, language: Language) -> str:
    """Return one value as text: figures by their unit, words translated, missing as a dash."""
    if is_missing(value) or value == "":
        return MISSING
    if isinstance(value, bool):
        return text("words.yes" if value else "words.no", language)
    if isinstance(value, (int, float)) or hasattr(value, "dtype"):
        number = float(value)
        match number_format(column):
            case "0.0%":
                return percent(number)
            case "0.00000":
                return f"{number:.5f}"
            case "0.0":
                return f"{number:,.1f}"
            case "#,##0.0":
                return f"{number:,.1f}"
            case _:
                return count(number)
    return word(str(value), language)
