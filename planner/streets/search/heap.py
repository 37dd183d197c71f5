"""A binary heap of nodes by cost, in two flat arrays.

J. W. J. Williams, "Algorithm 232: Heapsort", CACM 7 (1964). Outdated entries stay until they
surface; whoever takes them out tells them by their cost.

Places are unsigned: compiled code asks of each signed number whether it counts from the end, which
costs a third of a search's time. Unsigned and signed numbers must not meet, since their sum would
be a float.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.compiled import compiled

ZERO: Final = np.uint64(0)
ONE: Final = np.uint64(1)


@compiled
def push(keys: np.ndarray, nodes: np.ndarray, count: int, key: float, node: int) -> None:
    """Put ``node`` into a heap of ``count`` entries."""
    place = np.uint64(count)
    while place > ZERO:
        above = (place - ONE) >> ONE
        if keys[above] <= key:
            break
        keys[place] = keys[above]
        nodes[place] = nodes[above]
        place = above
    keys[place] = key
    nodes[place] = node


@compiled
def drop_top(keys: np.ndarray, nodes: np.ndarray, count: int) -> None:
    """Take the top from a heap that holds ``count`` entries without it."""
    end = np.uint64(count)
    key = keys[end]
    node = nodes[end]
    place = ZERO
    below = ONE
    while below < end:
        # Added, not branched on: which of two is less is anybody's guess, also the processor's.
        below += np.uint64(below + ONE < end and keys[below + ONE] < keys[below])
        if keys[below] >= key:
            break
        keys[place] = keys[below]
        nodes[place] = nodes[below]
        place = below
        below = place + place + ONE
    keys[place] = key
    nodes[place] = node
