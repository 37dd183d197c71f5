"""Orders and groups of nodes: neighbours in space near each other in memory, and parts."""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.streets.arrays import FloatArray, IntArray
from planner.streets.compiled import compiled

BITS: Final = 21
"""Cells to a side are 2**21, so that both coordinates fit one unsigned 64-bit code."""


def _spread(cell: np.ndarray) -> np.ndarray:
    """Return the bits of ``cell`` with an empty bit between each two (G. M. Morton, 1966)."""
    code = cell.astype(np.uint64)
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        code = (code | (code << np.uint64(shift))) & np.uint64(mask)
    return code


def morton_codes(easting_m: FloatArray, northing_m: FloatArray) -> np.ndarray:
    """Return each point's place on the Z-order curve over the points' extent, shape (points,)."""
    if not len(easting_m):
        return np.empty(0, dtype=np.uint64)
    side = max(np.ptp(easting_m), np.ptp(northing_m), 1.0)
    scale = (2**BITS - 1) / side
    column = (easting_m - easting_m.min()) * scale
    row = (northing_m - northing_m.min()) * scale
    codes: np.ndarray = _spread(column) | (_spread(row) << np.uint64(1))
    return codes


@compiled
def roots(node_count: int, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the lowest node of each node's connected part (union-find, path halving)."""
    parent = np.arange(node_count)
    for piece in range(len(start)):
        first = start[piece]
        while parent[first] != first:
            parent[first] = parent[parent[first]]
            first = parent[first]
        second = end[piece]
        while parent[second] != second:
            parent[second] = parent[parent[second]]
            second = parent[second]
        if first < second:
            parent[second] = first
        else:
            parent[first] = second
    for node in range(node_count):
        parent[node] = parent[parent[node]]
    return parent


def connected_parts(
    node_count: int, start: IntArray, end: IntArray, length_m: FloatArray
) -> IntArray:
    """Return the number of each node's part of the network, shape (nodes,).

    Parameters
    ----------
    node_count
        Nodes.
    start, end, length_m
        Street pieces; one-way streets connect like others.

    Returns
    -------
    ndarray of int64
        0 for the part with the greatest street length, 1 for the next, …; equal parts in the order
        of their first nodes.
    """
    root = roots(node_count, start, end)
    first_nodes, part = np.unique(root, return_inverse=True)
    part_length_m = np.bincount(part[start], weights=length_m, minlength=len(first_nodes))
    # Rounded so that the order of summing cannot tell two equal parts apart.
    order = np.lexsort((first_nodes, -np.round(part_length_m, 6)))
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    return number[part]
