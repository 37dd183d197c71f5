"""Orders and groups of nodes: neighbours in space near each other in memory, and parts."""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.compiled import compiled
from planner.streets.arrays import BoolArray, FloatArray, IntArray

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
def grouped(number: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return where each group of rows begins, and the rows group by group, as they stood before.

    A counting sort: the second is what a stable ``argsort`` gives, without comparing.

    Parameters
    ----------
    number
        Group of each row, from 0 below ``count``, shape (rows,).
    count
        Groups.

    Returns
    -------
    tuple of ndarray
        Shapes (count + 1,) and (rows,): ``rows[begin[g]:begin[g + 1]]`` are those of group ``g``.
    """
    begin = np.zeros(count + 1, dtype=np.int64)
    for row in range(len(number)):
        begin[number[row] + 1] += 1
    for group in range(count):
        begin[group + 1] += begin[group]
    free = begin.copy()
    rows = np.empty(len(number), dtype=np.int64)
    for row in range(len(number)):
        group = number[row]
        rows[free[group]] = row
        free[group] += 1
    return begin, rows


@compiled
def _united(node_count: int, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what :func:`roots` and what :func:`joining` return (union-find, path halving)."""
    parent = np.arange(node_count)
    joins = np.zeros(len(start), dtype=np.bool_)
    for piece in range(len(start)):
        first = start[piece]
        while parent[first] != first:
            parent[first] = parent[parent[first]]
            first = parent[first]
        second = end[piece]
        while parent[second] != second:
            parent[second] = parent[parent[second]]
            second = parent[second]
        joins[piece] = first != second
        if first < second:
            parent[second] = first
        else:
            parent[first] = second
    for node in range(node_count):
        parent[node] = parent[parent[node]]
    return parent, joins


def roots(node_count: int, start: IntArray, end: IntArray) -> IntArray:
    """Return the lowest node of each node's connected part, shape (nodes,).

    Parameters
    ----------
    node_count
        Nodes.
    start, end
        Nodes at both ends of each piece, shape (pieces,).
    """
    lowest: IntArray = _united(node_count, start, end)[0]
    return lowest


def joining(node_count: int, start: IntArray, end: IntArray) -> BoolArray:
    """Tell which pieces, taken in turn, join two parts that were apart, shape (pieces,).

    Taken in the order of their lengths, those are the shortest tree (J. B. Kruskal, 1956).

    Parameters
    ----------
    node_count, start, end
        As for :func:`roots`.
    """
    joins: BoolArray = _united(node_count, start, end)[1]
    return joins


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
    lowest = root == np.arange(node_count)
    first_nodes = np.flatnonzero(lowest)
    part = (np.cumsum(lowest) - 1)[root]
    part_length_m = np.bincount(part[start], weights=length_m, minlength=len(first_nodes))
    # Rounded so that the order of summing cannot tell two equal parts apart.
    order = np.lexsort((first_nodes, -np.round(part_length_m, 6)))
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    parts: IntArray = number[part]
    return parts
