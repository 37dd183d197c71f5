"""Heights of junctions that do not stand on the ground: on bridges, in tunnels, over holes."""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.network.spatial_order import roots

EXACT_M: Final = 1e-7
SHORTEST_M: Final = 0.01
"""Segments count as at least so long when heights are shared out between them."""


def _anchored(
    free: BoolArray, start: IntArray, end: IntArray, known: BoolArray
) -> tuple[BoolArray, IntArray]:
    """Tell of each node whether its chain of free nodes meets a known one; and the chains."""
    both = free[start] & free[end]
    chain = roots(len(free), start[both], end[both])
    meets = np.zeros(len(free), dtype=bool)
    for one, other in ((start, end), (end, start)):
        meets[chain[one[free[one] & known[other]]]] = True
    return meets[chain], chain


def bridged_heights(
    height_m: FloatArray, on_ground: BoolArray, start: IntArray, end: IntArray, length_m: FloatArray
) -> FloatArray:
    """Return the heights of all nodes, those off the ground between those on it.

    Along a chain of bridges and tunnels heights change evenly from the ground at one end to the
    ground at the other. Where chains branch, each node's height is the mean of its neighbours',
    weighted by the inverse lengths to them, which is the same along a chain: the only heights that
    bend nowhere but at the ground. A chain that meets no ground lies on whatever the raster says.

    Parameters
    ----------
    height_m
        Heights of the ground at the nodes, NaN where they are not known, shape (nodes,).
    on_ground
        Whether a node stands on it, shape (nodes,).
    start, end, length_m
        The segments that are straight between their ends, shape (segments,).

    Returns
    -------
    ndarray
        Shape (nodes,); NaN for chains that nothing is known of.
    """
    known = on_ground & ~np.isnan(height_m)
    free = ~known
    anchored, _ = _anchored(free, start, end, known)
    lying = free & ~anchored & ~np.isnan(height_m)
    known, free = known | lying, free & ~lying
    anchored, _ = _anchored(free, start, end, known)
    free &= anchored
    heights = np.where(known, height_m, np.nan)
    rows = np.flatnonzero(free)
    if not len(rows):
        return heights
    used = (free[start] | free[end]) & (start != end)
    start, end = start[used], end[used]
    weight = 1.0 / np.maximum(length_m[used], SHORTEST_M)
    heights[rows] = float(heights[known].mean())  # where the search begins
    heights[rows] = settled(heights, rows, start, end, weight)
    return heights


def settled(
    heights: FloatArray, rows: IntArray, start: IntArray, end: IntArray, weight: FloatArray
) -> FloatArray:
    """Return the heights of free nodes, each the weighted mean of its neighbours'.

    Solved by conjugate gradients, scaled by the diagonal: M. R. Hestenes and E. Stiefel, J. Res.
    Nat. Bur. Stand. 49 (1952).

    Parameters
    ----------
    heights
        Metres, of free nodes a first guess, shape (nodes,).
    rows
        Free nodes, each with a segment.
    start, end, weight
        Segments between nodes, shape (segments,).
    """
    size = len(heights)
    free = np.zeros(size, dtype=bool)
    free[rows] = True
    diagonal = np.bincount(start, weight, size) + np.bincount(end, weight, size)

    def pull(values: FloatArray) -> FloatArray:
        drop = weight * (values[start] - values[end])
        whole = np.bincount(start, drop, size) - np.bincount(end, drop, size)
        return np.where(free, whole, 0.0).astype(np.float64)

    solution = heights.copy()
    residual = -pull(np.nan_to_num(solution))
    scale = np.divide(1.0, diagonal, out=np.zeros(size), where=free)
    direction = scale * residual
    energy = float((residual * direction).sum())
    for _ in range(10 * len(rows) + 10):
        if np.abs(scale * residual).max() < EXACT_M:
            break
        pulled = pull(direction)
        step = energy / float((direction * pulled).sum())
        solution = solution + step * direction
        residual = residual - step * pulled
        before, energy = energy, float((residual * (scale * residual)).sum())
        direction = scale * residual + (energy / before) * direction
    return solution[rows]
