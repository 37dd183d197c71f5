"""A binary heap of nodes by cost, in two flat arrays.

J. W. J. Williams, "Algorithm 232: Heapsort", CACM 7 (1964). Outdated entries stay until they
surface; whoever takes them out tells them by their cost.
"""

from __future__ import annotations

import numpy as np

from planner.streets.compiled import compiled


@compiled
def push(keys: np.ndarray, nodes: np.ndarray, count: int, key: float, node: int) -> None:
    """Put ``node`` into a heap of ``count`` entries."""
    place = count
    while place > 0:
        above = (place - 1) >> 1
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
    key = keys[count]
    node = nodes[count]
    place = 0
    below = 1
    while below < count:
        if below + 1 < count and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[place] = keys[below]
        nodes[place] = nodes[below]
        place = below
        below = 2 * place + 1
    keys[place] = key
    nodes[place] = node
