"""Minutes, metres, shares, and the one test of "within 15 minutes"."""

from __future__ import annotations

from typing import Final, TypeVar, overload

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Measure = TypeVar("Measure", float, FloatArray)

LIMIT_MINUTES: Final = 15.0
"""The 一刻钟: GB 50180-2018's 15-minute circle."""

ELDER_SPEED_M_S: Final = 0.83
"""Walking speed for elder planning, 3 km/h (ISOCARP 2020, abstract 401): 747 m in 15 minutes."""

TOLERANCE_MINUTES: Final = 1e-6
"""Slack of :func:`within`: 60 µs of walking, far above float64 error, far below a step."""

SECONDS_PER_MINUTE: Final = 60.0
M2_PER_MU: Final = 10_000.0 / 15.0
"""One 亩 is 1/15 of a hectare."""


@overload
def within(value: float, limit: float) -> bool: ...
@overload
def within(value: FloatArray, limit: float) -> BoolArray: ...
def within(value: float | FloatArray, limit: float) -> bool | BoolArray:
    """Tell whether a walk is within a limit: ``value <= limit + 1e-6``.

    The boundary belongs to the inside: a walk of exactly 15 minutes is within 15 minutes. Every
    comparison of a walk with a limit, in coverage and in siting, is this function.

    Parameters
    ----------
    value
        Minutes (or, in a table of distances, the same unit as ``limit``); scalar or array. NaN,
        which stands for "no way", is never within.
    limit
        Largest value that counts, in the same unit.

    Returns
    -------
    bool or ndarray of bool
        Same shape as ``value``.
    """
    return value <= limit + TOLERANCE_MINUTES


def minutes_from_metres(length_m: Measure, speed_m_s: float) -> Measure:
    """Return the minutes that a walk of ``length_m`` metres takes at ``speed_m_s``."""
    return length_m / (speed_m_s * SECONDS_PER_MINUTE)


def metres_from_minutes(minutes: Measure, speed_m_s: float) -> Measure:
    """Return the metres that are walked in ``minutes`` at ``speed_m_s``."""
    return minutes * (speed_m_s * SECONDS_PER_MINUTE)


def share(part: float, whole: float) -> float | None:
    """Return ``part / whole``, or ``None`` where there is no whole to have a share of."""
    return part / whole if whole else None
