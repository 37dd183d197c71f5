"""What the compiled searches share: arcs, joined points, and what walks in mid-segment cost.

All costs are whole multiples of :data:`QUANTUM_MINUTES`. Sums of such numbers are exact in float64
up to 131,072 minutes, so that a walk costs the same to the last bit whichever end the search began
at and in whatever order the streets came, and equal walks are seen to be equal.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.compiled import compiled

QUANTUM_MINUTES: Final = 2.0**-36
"""Grain of all costs: 1.5e-11 minutes. Rounding a thousand streets moves a walk by under 1e-8."""


class Arcs(NamedTuple):
    """What a search walks on: both directions of every segment, by the node that they leave.

    Parameters
    ----------
    start, head, segment, forward
        CSR of arcs, as in :class:`planner.streets.WalkingNetwork`, but with the directions
        in which feet may not go among them.
    minutes
        Exact minutes along each arc; infinite where feet may not go.
    segment_from, segment_to
        Ends of each segment.
    forward_minutes, backward_minutes
        Exact minutes along each segment in both directions; infinite where feet may not go.
    wait_from, wait_to
        Exact minutes waited at both ends of each segment by whoever passes them.
    twin
        As in :class:`planner.streets.search.layers.Layers`.
    """

    start: np.ndarray
    head: np.ndarray
    segment: np.ndarray
    forward: np.ndarray
    minutes: np.ndarray
    segment_from: np.ndarray
    segment_to: np.ndarray
    forward_minutes: np.ndarray
    backward_minutes: np.ndarray
    wait_from: np.ndarray
    wait_to: np.ndarray
    twin: np.ndarray


class Spots(NamedTuple):
    """Points joined to the streets, in any order.

    Parameters
    ----------
    segment, fraction
        Segments that they stand on, and fractions of their length from their first nodes.
    leg
        Exact minutes of the legs between points and streets.
    """

    segment: np.ndarray
    fraction: np.ndarray
    leg: np.ndarray


class Targets(NamedTuple):
    """Joined points that a search looks for, sorted by segment.

    Parameters
    ----------
    start
        Those on segment ``i`` are ``start[i]:start[i + 1]``.
    fraction, leg
        As in :class:`Spots`.
    after_from, after_to
        Exact minutes from the segment's first node, and from its second, to the target along the
        segment, leg included; infinite where feet may not go so.
    """

    start: np.ndarray
    fraction: np.ndarray
    leg: np.ndarray
    after_from: np.ndarray
    after_to: np.ndarray


@compiled
def along(part: float, minutes: float) -> float:
    """Return exact minutes along a part of a segment; an end is reached even of a closed one."""
    if part == 0.0:
        return 0.0
    minutes_there: float = np.rint(part * minutes * 2.0**36) * 2.0**-36
    return minutes_there


@compiled
def to_first(arcs: Arcs, segment: int, fraction: float) -> float:
    """Return exact minutes from a spot on a segment to its first node, and past it."""
    minutes: float = along(fraction, arcs.backward_minutes[segment]) + arcs.wait_from[segment]
    return minutes


@compiled
def to_second(arcs: Arcs, segment: int, fraction: float) -> float:
    """Return exact minutes from a spot on a segment to its second node, and past it."""
    onward = along(1.0 - fraction, arcs.forward_minutes[segment])
    minutes: float = onward + arcs.wait_to[segment]
    return minutes


@compiled
def from_first(arcs: Arcs, segment: int, fraction: float) -> float:
    """Return exact minutes past a segment's first node to a spot on it."""
    minutes: float = arcs.wait_from[segment] + along(fraction, arcs.forward_minutes[segment])
    return minutes


@compiled
def from_second(arcs: Arcs, segment: int, fraction: float) -> float:
    """Return exact minutes past a segment's second node to a spot on it."""
    back = along(1.0 - fraction, arcs.backward_minutes[segment])
    minutes: float = arcs.wait_to[segment] + back
    return minutes


@compiled
def between(arcs: Arcs, segment: int, start: float, end: float) -> float:
    """Return exact minutes from spot to spot along a segment."""
    if end >= start:
        onward: float = along(end - start, arcs.forward_minutes[segment])
        return onward
    back: float = along(start - end, arcs.backward_minutes[segment])
    return back


@compiled
def wider(array: np.ndarray, used: int, room: int) -> np.ndarray:
    """Return a copy of the first ``used`` entries with room for more."""
    copy = np.empty(room, dtype=array.dtype)
    for place in range(used):
        copy[place] = array[place]
    return copy
