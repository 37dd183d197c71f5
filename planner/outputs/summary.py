"""``summary.json``, the same bytes on every rerun, and ``run.json``, the run's record."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

DIGITS: Final = 9
"""Significant digits, and most decimals, of a figure: finer than any ledger, coarser than the
noise of adding floats in another order."""


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: numpy's scalars as numbers, NaN and infinity as ``None``.

    Floats are rounded to nine significant digits and nine decimals. Tuples, lists and arrays
    become lists; mappings keep their order, their keys become text.

    Raises
    ------
    TypeError
        If the value holds something that JSON does not know.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(entry) for entry in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return float(f"{round(value, DIGITS):.{DIGITS}g}") if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    problem = f"a summary cannot hold {type(value).__name__}"
    raise TypeError(problem)


def _write_json(value: Mapping[str, Any], path: Path) -> None:
    text = json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def write_summary(summary: Mapping[str, Any], path: Path) -> None:
    """Write ``summary.json``: the run's figures in their order, with no date and no timing."""
    _write_json(summary, path)


def write_run_record(record: Mapping[str, Any], path: Path) -> None:
    """Write ``run.json``: scenario, versions, checksums of the inputs, date and timings."""
    _write_json(record, path)
