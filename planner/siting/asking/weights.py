"""Whom a question counts, and how much: a column, several columns with factors, or heads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

from planner.labels import Message, message
from planner.siting.asking.places import id_problems
from planner.siting.asking.settings import finite
from planner.tables import listed
from planner.units import FloatArray

Weight: TypeAlias = "str | Mapping[str, float] | None"
"""A column of the residents; factors by column, such as ``{"elderly_60": 1, "disabled": 2}``, so
that one who is both counts 3; or None, which counts every resident row as 1."""

MOST_WEIGHT: Final = 2.0**53
"""Sum of all weights up to which float64 still counts by ones."""


def weight_problems(residents: pd.DataFrame, weight: Weight) -> list[Message]:
    """Tell of columns that are missing or hold no plain numbers, and of weights that are all 0.

    Also of weights that are no such thing, or more in all than can be counted by ones.
    """
    wrong_kind = weight_kind_problems(weight)
    if wrong_kind:
        return wrong_kind
    problems = id_problems("residents", residents.index)
    if weight is None:
        return problems if len(residents) else [*problems, message("siting.nobody")]
    for column, factor in factors_of(weight).items():
        if not finite(factor) >= 0:
            problems.append(message("siting.factor_wrong", column=column, value=factor))
        problems += _column_problems(residents, column)
    if problems:
        return problems
    with np.errstate(over="ignore"):
        total = weights_of(residents, weight).sum()
    if not total:
        return [message("siting.nobody")]
    return [message("siting.weights_too_large", total=f"{total:g}")] if total > MOST_WEIGHT else []


def weight_kind_problems(weight: object) -> list[Message]:
    """Tell if a weight is neither a column, nor factors by column, nor None."""
    if weight is None or isinstance(weight, str | Mapping):
        return []
    wanted, found = message("siting.kind_weight"), type(weight).__name__
    return [message("siting.kind_wrong", name="weight", wanted=wanted, found=found)]


def weights_of(residents: pd.DataFrame, weight: Weight) -> FloatArray:
    """Return what each resident row weighs, shape (rows,), in the order of the rows."""
    if weight is None:
        return np.ones(len(residents))
    total = np.zeros(len(residents))
    for column, factor in factors_of(weight).items():
        total += residents[column].to_numpy(dtype=np.float64, na_value=np.nan) * factor
    return total


def factors_of(weight: str | Mapping[str, float]) -> dict[str, float]:
    """Return the factor of each column that counts."""
    return {weight: 1.0} if isinstance(weight, str) else dict(weight)


def is_numeric(values: pd.Series[Any]) -> bool:
    """Tell whether a column holds real numbers; True and False are none."""
    kinds = pd.api.types
    strange = kinds.is_bool_dtype(values) or kinds.is_complex_dtype(values)
    return kinds.is_numeric_dtype(values) and not strange


def _column_problems(residents: pd.DataFrame, column: str) -> list[Message]:
    if column not in residents.columns:
        return [message("tables.column_missing", table="residents", column=column)]
    if not is_numeric(residents[column]):
        return [message("tables.not_numbers", table="residents", column=column)]
    values = residents[column].to_numpy(dtype=np.float64, na_value=np.nan)
    return [
        message(key, column=column, ids=listed(residents.index[wrong]))
        for key, wrong in (
            ("siting.weight_missing", np.isnan(values)),
            ("siting.weight_infinite", np.isinf(values)),
            ("siting.weight_negative", values < 0),
        )
        if wrong.any()
    ]
