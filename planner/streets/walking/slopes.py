"""What slopes cost: Tobler's response along the heights that a network keeps for each segment."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.streets.arrays import FloatArray, IntArray
from planner.streets.network.walking_network import WalkingNetwork

STEEPNESS: Final = 3.5
EASIEST_SLOPE: Final = -0.05
"""W. Tobler, "Three presentations on geographical analysis and modeling", NCGIA technical report
93-1, 1993: 6 exp(-3.5 |S + 0.05|) km/h, fitted on hikers."""

STEEPEST: Final = 0.35
"""No street is steeper (Baldwin Street in Dunedin, the steepest there is, rises 34.8 %): slopes
beyond are faults of the heights, such as a cliff beside the street, and count as this."""


def slope_factor(slope: FloatArray) -> FloatArray:
    r"""Return how many times the minutes of flat ground a slope takes.

    .. math:: \max(1, \exp(3.5 (|S + 0.05| - 0.05)))

    Tobler's speed as a ratio to the flat, so that it says nothing of how fast hikers are, and never
    above it: down a gentle slope nobody is faster than on the flat. Down steep ones people are
    slower, too.

    Parameters
    ----------
    slope
        Rise over run in the direction of walking, any shape.
    """
    bounded = np.clip(slope, -STEEPEST, STEEPEST)
    harder = np.abs(bounded - EASIEST_SLOPE) + EASIEST_SLOPE
    return np.maximum(1.0, np.exp(STEEPNESS * harder))


class Stretches(NamedTuple):
    """The stretches between the known heights along segments, in order.

    Parameters
    ----------
    segment
        Segment that each is of, shape (stretches,).
    run_m, rise_m
        Length along the street, and rise in the segment's forward direction, in metres.
    """

    segment: IntArray
    run_m: FloatArray
    rise_m: FloatArray


def stretches_of(network: WalkingNetwork) -> Stretches:
    """Return the stretches of all segments whose heights are known."""
    count = np.diff(network.profile_start)
    owner = np.repeat(np.arange(network.segment_count), count)
    within = owner[1:] == owner[:-1]
    segment = owner[:-1][within]
    run_m = network.segment_length_m / np.maximum(count - 1, 1)
    return Stretches(segment, run_m[segment], np.diff(network.profile_height_m)[within])


def slopes_of(one: Stretches) -> FloatArray:
    """Return rise over run; 0 for stretches without length."""
    long = one.run_m > 0
    return np.divide(one.rise_m, one.run_m, out=np.zeros(len(one.run_m)), where=long)


def segment_slope_factors(network: WalkingNetwork) -> tuple[FloatArray, FloatArray]:
    """Return how many times the minutes of flat ground each segment takes, forward and back.

    The mean over its stretches, which are equally long; 1 where heights are not known. Worked out
    once for each network.
    """
    kept: tuple[FloatArray, FloatArray] | None = network.kept.get("slope_factors")
    if kept is None:
        stretches = stretches_of(network)
        slope = slopes_of(stretches)
        count = np.bincount(stretches.segment, minlength=network.segment_count)
        means = []
        for factor in (slope_factor(slope), slope_factor(-slope)):
            total = np.bincount(stretches.segment, factor, minlength=network.segment_count)
            means.append(np.where(count > 0, total / np.maximum(count, 1), 1.0))
        kept = means[0], means[1]
        network.kept["slope_factors"] = kept
    return kept


class Relief(NamedTuple):
    """Heights along a part of a street: climb, fall, and its length on the slope, in metres."""

    climb_m: float
    fall_m: float
    surface_m: float


def relief(
    network: WalkingNetwork, segment: int, from_fraction: float, to_fraction: float
) -> Relief | None:
    """Return climb, fall and surface length along a part of a segment, as it is walked.

    Parameters
    ----------
    network
        With heights (:func:`planner.streets.with_heights`).
    segment, from_fraction, to_fraction
        The part; ``to_fraction`` is the less where it is walked backward.

    Returns
    -------
    Relief or None
        None where the segment's heights are not known.
    """
    first, last = network.profile_start[segment : segment + 2].tolist()
    if last - first < 2:
        return None
    known = np.linspace(0.0, 1.0, last - first)
    low, high = sorted((from_fraction, to_fraction))
    fraction = np.concatenate([[low], known[(known > low) & (known < high)], [high]])
    height_m = np.interp(fraction, known, network.profile_height_m[first:last])
    if to_fraction < from_fraction:
        fraction, height_m = fraction[::-1], height_m[::-1]
    rise_m = np.diff(height_m)
    run_m = np.abs(np.diff(fraction)) * network.segment_length_m[segment]
    return Relief(
        float(np.maximum(rise_m, 0.0).sum()),
        float(np.maximum(-rise_m, 0.0).sum()),
        float(np.hypot(run_m, rise_m).sum()),
    )
