"""What the minutes of a walk are spent on, piece by piece; they add up to the walk, bit by bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from planner import units
from planner.streets.arrays import FloatArray, IntArray
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.routes.search import Stretch, stretch_minutes
from planner.streets.walking.arcs import Arcs
from planner.streets.walking.costs import exact_minutes, ground_factors
from planner.streets.walking.slopes import relief
from planner.streets.walking.walkers import Walker

CAUSES: Final = (
    "leg_from_origin",
    "flat",
    "slope",
    "steps",
    "slow_ground",
    "signals",
    "crossings",
    "leg_to_destination",
)
"""What the minutes of a walk are spent on: the legs between doors and streets; streets, taken as
flat; what their slopes add; steps; ground that the rules call slow, taken as flat; waits at main
roads with lights, and without."""

GROUNDS: Final = ("flat", "steps", "slow_ground")
"""What a piece of street is."""


def pieces_by_cause(
    network: WalkingNetwork, who: Walker, arcs: Arcs, stretches: Sequence[Stretch]
) -> pd.DataFrame:
    """Return the street pieces of a walk with their minutes by cause.

    Parameters
    ----------
    network, who
        What is walked, and by whom.
    arcs
        What the search walked on.
    stretches
        All of the walk, in order.

    Returns
    -------
    DataFrame
        A row for each stretch: ``segment``, ``from_fraction``, ``to_fraction``, ``metres``,
        ``ground`` (one of :data:`GROUNDS`), ``minutes`` (all), and of them ``slope_minutes``,
        ``signal_minutes`` and ``crossing_minutes``; ``climb_m``, ``fall_m`` and ``surface_m``, NaN
        where heights are not known.
    """
    segment = np.array([one.segment for one in stretches], dtype=np.int64)
    begin = np.array([one.from_fraction for one in stretches], dtype=np.float64)
    end = np.array([one.to_fraction for one in stretches], dtype=np.float64)
    ahead = end >= begin
    part = np.abs(end - begin)
    metres = part * network.segment_length_m[segment]
    moving = np.array([stretch_minutes(arcs, one) for one in stretches], dtype=np.float64)
    steps = network.segment_steps[segment]
    pace = network.segment_pace[segment]
    onward, back = ground_factors(network, who)
    factor = np.where(ahead, onward[segment], back[segment])
    level = units.minutes_from_metres(metres * pace, who.speed_m_s)
    slope = np.where(steps, 0.0, np.minimum(exact_minutes(level * (factor - 1.0)), moving))
    signal, crossing = _waits(network, arcs, segment, (begin, end))
    reliefs = [relief(network, *one) or (np.nan, np.nan, np.nan) for one in stretches]
    climb_m, fall_m, surface_m = np.array(reliefs, dtype=np.float64).reshape(-1, 3).T
    return pd.DataFrame(
        {
            "segment": segment,
            "from_fraction": begin,
            "to_fraction": end,
            "metres": metres,
            "ground": np.select([steps, pace > 1.0], GROUNDS[1:], GROUNDS[0]),
            "minutes": moving + signal + crossing,
            "slope_minutes": slope,
            "signal_minutes": signal,
            "crossing_minutes": crossing,
            "climb_m": climb_m,
            "fall_m": fall_m,
            "surface_m": surface_m,
        }
    )


def _waits(
    network: WalkingNetwork,
    arcs: Arcs,
    segment: IntArray,
    fractions: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """Return what is waited with lights and without at the ends that each stretch passes.

    All stretches but the first are entered past an end, all but the last are left past one, also
    those without length.
    """
    begin, end = fractions
    entered = np.arange(len(segment)) > 0
    left = np.arange(len(segment)) < len(segment) - 1
    signal, crossing = np.zeros(len(segment)), np.zeros(len(segment))
    for place, wait, node in (
        (0.0, arcs.wait_from, network.segment_from),
        (1.0, arcs.wait_to, network.segment_to),
    ):
        times = 1.0 * (entered & (begin == place)) + (left & (end == place))
        minutes = times * wait[segment]
        lights = network.node_signals[node[segment]]
        signal += np.where(lights, minutes, 0.0)
        crossing += np.where(lights, 0.0, minutes)
    return signal, crossing


def causes_of(
    pieces: pd.DataFrame, legs_m: Sequence[float], leg_minutes: Sequence[float]
) -> pd.DataFrame:
    """Return ``metres`` and ``minutes`` of a walk, indexed by cause (:data:`CAUSES`).

    Parameters
    ----------
    pieces
        What :func:`pieces_by_cause` returned.
    legs_m, leg_minutes
        Of the legs at both ends.
    """
    waits = pieces["slope_minutes"] + pieces["signal_minutes"] + pieces["crossing_minutes"]
    level = pieces["minutes"] - waits
    by_cause = pd.DataFrame(
        0.0, index=pd.Index(CAUSES, name="cause"), columns=["metres", "minutes"]
    )
    for ground in GROUNDS:
        rows = pieces["ground"] == ground
        by_cause.loc[ground] = pieces["metres"][rows].sum(), level[rows].sum()
    by_cause.loc["slope", "minutes"] = pieces["slope_minutes"].sum()
    by_cause.loc["signals", "minutes"] = pieces["signal_minutes"].sum()
    by_cause.loc["crossings", "minutes"] = pieces["crossing_minutes"].sum()
    ends = ("leg_from_origin", "leg_to_destination")
    for end, metres, minutes in zip(ends, legs_m, leg_minutes, strict=True):
        by_cause.loc[end] = metres, minutes
    return by_cause


def walked_pieces(pieces: pd.DataFrame) -> pd.DataFrame:
    """Return the pieces that have a length; waits of the others count with the piece behind.

    (With the one before, where none is behind.)
    """
    walked = np.flatnonzero(pieces["from_fraction"] != pieces["to_fraction"])
    kept = pieces.iloc[walked].reset_index(drop=True)
    if not len(walked):
        return kept
    owner = np.minimum(np.searchsorted(walked, np.arange(len(pieces))), len(walked) - 1)
    for column in ("minutes", "signal_minutes", "crossing_minutes"):
        kept[column] = np.bincount(owner, pieces[column], minlength=len(walked))
    return kept
