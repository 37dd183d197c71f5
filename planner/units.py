"""Minutes, metres, shares, and the one test of "within 15 minutes"."""

from __future__ import annotations

from numbers import Real
from typing import Any, Final, TypeGuard, TypeVar, overload

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Measure = TypeVar("Measure", float, FloatArray)

LIMIT_MINUTES: Final = 15.0
"""The 一刻钟: GB 50180-2018's 15-minute circle."""

ELDER_SPEED_M_S: Final = 0.83
"""Walking speed for elder planning, 3 km/h (ISOCARP 2020, abstract 401): 747 m in 15 minutes."""

WALKER_BOUNDS: Final = {
    "speed_m_s": (0.2, 2.0),
    "steps_factor": (1.0, 10.0),
    "signal_s": (0.0, 300.0),
    "crossing_s": (0.0, 300.0),
}
"""The least and the most that a walker's own numbers may be, in a project's file and in a call: our
own bounds against slips. Slower than 0.2 m/s is not walking, faster than 2.0 m/s is running (3 is a
planner's 3 km/h); steps ten times slower than flat ground, five minutes at a road."""

SLOPE_RESPONSES: Final = ("flat", "tobler")
"""What slopes may do to a walker."""

TOLERANCE_MINUTES: Final = 1e-6
"""Slack of :func:`within`: 60 µs of walking, far above float64 error, far below a step."""

ROUNDING: Final = 1e-9
"""Relative slack of comparing products and shares: what float64 loses, far below any survey."""

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


def is_number(value: Any) -> TypeGuard[float]:
    """Tell whether a value is a number that can be compared with others.

    NumPy's numbers are, and infinity; truth values, texts, arrays, None and NaN are none.
    """
    return not isinstance(value, bool) and isinstance(value, Real) and bool(value == value)


def share(part: float, whole: float) -> float | None:
    """Return ``part / whole``, or ``None`` where there is no whole to have a share of."""
    return part / whole if whole else None
