"""From what a walk costs to minutes: what a walker needs for each segment, both ways."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from planner import units
from planner.streets.arrays import BoolArray, FloatArray
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.walking.arcs import QUANTUM_MINUTES
from planner.streets.walking.slopes import segment_slope_factors
from planner.streets.walking.walkers import Walker, walker_of

KEPT_WALKERS: Final = 4
"""Walkers whose minutes a network keeps: 32 bytes a segment each."""


def exact_minutes(minutes: FloatArray) -> FloatArray:
    """Return minutes rounded to the grain of :mod:`planner.streets.walking.arcs`."""
    return np.rint(minutes / QUANTUM_MINUTES) * QUANTUM_MINUTES


def parts_of_minutes(part: FloatArray, minutes: FloatArray) -> FloatArray:
    """Return exact minutes along parts of segments (:func:`planner.streets.walking.arcs.along`)."""
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

    def __post_init__(self) -> None:
        """Close the arrays against writing: they are kept for whoever asks again."""
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def turned(self) -> EdgeMinutes:
        """Return the minutes of the same streets walked the other way."""
        return EdgeMinutes(
            self.backward, self.forward, self.wait_from, self.wait_to, self.leg_minutes_per_m
        )


def edge_minutes(
    network: WalkingNetwork, walker: Walker | str | float | None = None
) -> EdgeMinutes:
    """Return the minutes that each segment takes a walker, in both directions.

    Along a segment of length :math:`l`, a walker of speed :math:`v` takes :math:`l / v` times the
    segment's pace, times the mean of the slope's factor along it or, on steps, the steps' factor
    (never both: measured on stairs it holds their climb). Whoever passes an end of a segment waits
    there for each crossing of a main road, with lights or without. All is rounded to the grain of
    :mod:`planner.streets.walking.arcs`, so that sums are exact. Within a segment minutes are spread
    evenly along its length: who joins it half-way up a hill that only its one end climbs is some
    seconds off (in Monaco, on heights of 79 m cells: 1 s in the middle, 24 s for one in twenty).

    Parameters
    ----------
    network
        What is walked.
    walker
        Who walks: a walker, the name of one (:func:`planner.streets.walkers`), or one speed
        in m/s whatever the slopes, steps and crossings. ``elder`` unless given.

    Returns
    -------
    EdgeMinutes
        Kept on the network for the last few walkers.

    Raises
    ------
    planner.errors.StreetsError
        If the name is unknown or the speed is no walking speed.
    """
    is_speed = units.is_number(walker)
    who = walker_of(None, walker) if is_speed else walker_of(walker)  # type: ignore[arg-type]
    kept: dict[Walker, EdgeMinutes] = network.kept.get("edge_minutes", {})
    if who in kept:
        return kept[who]
    costs = _minutes_of(network, who)
    last = list(kept.items())[-(KEPT_WALKERS - 1) :]
    network.kept["edge_minutes"] = dict([*last, (who, costs)])
    return costs


def _minutes_of(network: WalkingNetwork, who: Walker) -> EdgeMinutes:
    length_m = network.segment_length_m * network.segment_pace
    level = units.minutes_from_metres(length_m, who.speed_m_s)
    onward, back = ground_factors(network, who)
    passable = ~network.segment_steps if who.steps_refused else np.True_
    forward = network.segment_forward & passable
    backward = network.segment_backward & passable
    return EdgeMinutes(
        np.where(forward, exact_minutes(level * onward), np.inf),
        np.where(backward, exact_minutes(level * back), np.inf),
        _waits(network.segment_crossings_from, network.node_signals[network.segment_from], who),
        _waits(network.segment_crossings_to, network.node_signals[network.segment_to], who),
        units.minutes_from_metres(1.0, who.speed_m_s),
    )


def ground_factors(network: WalkingNetwork, who: Walker) -> tuple[FloatArray, FloatArray]:
    """Return how many times the minutes of flat ground steps or slopes take, forward and back."""
    level = np.ones(network.segment_count)
    slopes = segment_slope_factors(network) if who.slope == "tobler" else (level, level)
    steps = network.segment_steps
    return (
        np.where(steps, who.steps_factor, slopes[0]),
        np.where(steps, who.steps_factor, slopes[1]),
    )


def _waits(crossings: FloatArray, signals: BoolArray, who: Walker) -> FloatArray:
    """Return exact minutes waited at one end of each segment."""
    seconds = np.where(signals, who.signal_s, who.crossing_s)
    return exact_minutes(crossings * seconds / units.SECONDS_PER_MINUTE)
