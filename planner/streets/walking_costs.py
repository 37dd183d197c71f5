"""From what a walk costs to minutes: what a walker needs for each segment, both ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from planner import units
from planner.errors import StreetsError
from planner.labels import message
from planner.streets.kernel import QUANTUM_MINUTES
from planner.streets.network import WalkingNetwork
from planner.streets.pieces import FloatArray

SLOWEST_M_S: Final = 0.1
FASTEST_M_S: Final = 3.0
"""Walking speeds beyond these are refused: 3 m/s is running, below 0.1 m/s nobody gets anywhere (in
both cases a speed in km/h or a missing figure is likelier)."""


def exact_minutes(minutes: FloatArray) -> FloatArray:
    """Return minutes rounded to the grain of :mod:`planner.streets.kernel`."""
    return np.rint(minutes / QUANTUM_MINUTES) * QUANTUM_MINUTES


def parts_of_minutes(part: FloatArray, minutes: FloatArray) -> FloatArray:
    """Return exact minutes along parts of segments, as :func:`planner.streets.kernel.along`."""
    return exact_minutes(part * np.where(part == 0.0, 0.0, minutes))


@dataclass(frozen=True)
class EdgeMinutes:
    """Minutes along every segment, both ways.

    Parameters
    ----------
    forward, backward
        Float64 minutes from a segment's first node to its second, and back, shape (segments,);
        infinite where feet may not go.
    wait_from, wait_to
        Minutes that whoever passes a segment's first node, or its second, waits there before or
        behind it, in either direction, shape (segments,).
    leg_minutes_per_m
        Minutes a metre on the legs between points and streets.
    """

    forward: FloatArray
    backward: FloatArray
    wait_from: FloatArray
    wait_to: FloatArray
    leg_minutes_per_m: float


def edge_minutes(network: WalkingNetwork, speed_m_s: float = units.ELDER_SPEED_M_S) -> EdgeMinutes:
    """Return the minutes that each segment takes at one speed, whatever its slope and steps.

    Parameters
    ----------
    network
        What is walked.
    speed_m_s
        Speed on streets and legs, from 0.1 to 3 m/s.

    Raises
    ------
    StreetsError
        If the speed is no walking speed.
    """
    if not SLOWEST_M_S <= speed_m_s <= FASTEST_M_S:
        raise StreetsError(
            message(
                "streets.speed_refused",
                speed_m_s=speed_m_s,
                slowest=SLOWEST_M_S,
                fastest=FASTEST_M_S,
            )
        )
    length_m = network.segment_length_m * network.segment_pace
    minutes = exact_minutes(units.minutes_from_metres(length_m, speed_m_s))
    waits = np.zeros(network.segment_count)
    return EdgeMinutes(
        np.where(network.segment_forward, minutes, np.inf),
        np.where(network.segment_backward, minutes, np.inf),
        waits,
        waits,
        units.minutes_from_metres(1.0, speed_m_s),
    )
