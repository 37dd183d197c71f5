"""What searches for pairs walk on: arcs and targets, packed so that what is used together is near.

Nodes wait in buckets of nearly equal minutes (:mod:`planner.streets.search.pair_search`); how wide
these are is decided here, too.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.streets.arrays import BoolArray, FloatArray, Int32Array, IntArray
from planner.streets.search.pair_order import bring_together, group_starts
from planner.streets.walking.arcs import Arcs, Targets

BUCKETS_AN_ARC: Final = 64
"""Buckets that the mean arc reaches over: so many that most hold a node or none."""

MOST_BUCKETS: Final = 4096
"""Where the longest arc would reach over more, buckets are wider: empty ones take time, too."""

MOST_A_MINUTE: Final = 2.0**20
"""Buckets are no narrower: their numbers stay whole for any walk (2**50 for a thousand years)."""

ARC: Final = np.dtype([("minutes", np.float64), ("head", np.int32)], align=True)
NODE: Final = np.dtype([("arcs", np.uint32), ("offers", np.uint32)])
OFFER: Final = np.dtype(
    [("after", np.float64), ("after_other", np.float64), ("other", np.int32), ("code", np.int32)]
)


class Ways(NamedTuple):
    """What searches with one limit and for the same targets share; made by :func:`ways_to`.

    Parameters
    ----------
    node
        Where each node's arcs and offers begin, shape (nodes + 1,).
    arc
        Exact minutes along each arc and the node at its end.
    offer
        Targets by the nodes from which they can be reached first: exact minutes from there, and
        from the other end of their segment; that other end; the code of the target.
    offer_target
        The offers' targets by their position.
    code
        Codes of the targets, shape (targets,).
    twin
        As in :class:`planner.streets.search.layers.Layers`; empty where no node has one.
    limit, beyond
        Longest walk that counts, and the next longer.
    scale, mask
        Buckets a minute, and number of buckets less 1.
    """

    node: np.ndarray
    arc: np.ndarray
    offer: np.ndarray
    offer_target: np.ndarray
    code: np.ndarray
    twin: np.ndarray
    limit: float
    beyond: float
    scale: float
    mask: int


def _useful_ends(arcs: Arcs, targets: Targets, segment: IntArray) -> tuple[BoolArray, BoolArray]:
    """Tell whether targets may be reached first from the first ends of their segments, the second.

    Not from an end from which it is no farther by way of the other: most doors at corners. The ends
    of a loop are one, the first.
    """
    waits = arcs.wait_from[segment] + arcs.wait_to[segment]
    by_first = arcs.backward_minutes[segment] + waits + targets.after_from
    by_second = arcs.forward_minutes[segment] + waits + targets.after_to
    loop = arcs.segment_from[segment] == arcs.segment_to[segment]
    at_second = ~loop & (by_first > targets.after_to)
    return ~at_second | (by_second > targets.after_from), at_second


def _offers(
    arcs: Arcs, targets: Targets, code: IntArray
) -> tuple[IntArray, np.ndarray, Int32Array]:
    """Return where each node's offers begin, the offers, and their targets."""
    segment = np.repeat(np.arange(len(targets.start) - 1), np.diff(targets.start))
    at_first, at_second = _useful_ends(arcs, targets, segment)
    target = np.concatenate([np.flatnonzero(at_first), np.flatnonzero(at_second)]).astype(np.int32)
    count = np.count_nonzero(at_first)
    ends = arcs.segment_from[segment], arcs.segment_to[segment]
    afters = targets.after_from, targets.after_to
    own = np.concatenate([ends[0][target[:count]], ends[1][target[count:]]])
    after = np.concatenate([afters[0][target[:count]], afters[1][target[count:]]])
    start = group_starts(own, len(arcs.start) - 1)
    bring_together(own, target, after, start)
    # What is at the other end: nothing to be had, where only one end is useful, but on a loop.
    one, two = (end[target] for end in ends)
    from_first = at_first[target] & (own == one)
    both = (at_first & at_second)[target]
    offer = np.empty(len(target), dtype=OFFER)
    offer["after"] = after
    offer["other"] = np.where(both, np.where(from_first, two, one), own)
    from_other = np.where(from_first, afters[1][target], afters[0][target])
    offer["after_other"] = np.where(both | (one == two), from_other, np.inf)
    offer["code"] = code[target]
    return start, offer, target


def _buckets(minutes: FloatArray, limit: float) -> tuple[float, int]:
    """Return buckets a minute, and the number of buckets less 1, for arcs of so many minutes.

    Nodes wait for no longer than the longest arc takes, or the limit. The buckets, used in turn and
    a power of 2, reach over more than that, so that each holds one span of minutes only.
    """
    lengths = np.minimum(minutes[np.isfinite(minutes)], limit)
    longest = float(lengths.max(initial=0.0))
    if longest == 0.0:
        return 1.0, 1
    scale = min(BUCKETS_AN_ARC / float(lengths.mean()), MOST_BUCKETS / longest, MOST_A_MINUTE)
    return scale, (1 << int(longest * scale + 2).bit_length()) - 1


def ways_to(arcs: Arcs, targets: Targets, code: IntArray, limit: float) -> Ways:
    """Return what searches for the same targets within one limit walk on.

    Parameters
    ----------
    arcs
        What is walked on.
    targets
        Joined points to look for.
    code
        What each of them is called in the answer, shape (targets,).
    limit
        Minutes, both legs included; pairs on it (``<=``) are found. Finite.
    """
    arc = np.empty(len(arcs.head), dtype=ARC)
    arc["minutes"], arc["head"] = arcs.minutes, arcs.head
    start, offer, offer_target = _offers(arcs, targets, code)
    node = np.empty(len(arcs.start), dtype=NODE)
    node["arcs"], node["offers"] = arcs.start, start
    scale, mask = _buckets(arcs.minutes, limit)
    return Ways(
        node,
        arc,
        offer,
        offer_target,
        code.astype(np.int32),
        arcs.twin if (arcs.twin >= 0).any() else arcs.twin[:0],
        limit,
        float(np.nextafter(limit, np.inf)),
        scale,
        mask,
    )
