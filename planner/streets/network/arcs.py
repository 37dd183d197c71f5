"""Directed arcs of street segments, those that leave a node side by side (CSR)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from planner.streets.arrays import BoolArray, Int32Array, IntArray


def arc_rows(
    node_count: int,
    segment_from: npt.NDArray[Any],
    segment_to: npt.NDArray[Any],
    forward: BoolArray,
    backward: BoolArray,
) -> tuple[IntArray, Int32Array, Int32Array, BoolArray]:
    """Return ``arc_start``, ``arc_to``, ``arc_segment`` and ``arc_forward`` (CSR) of segments."""
    onward = np.flatnonzero(forward)
    back = np.flatnonzero(backward)
    tail = np.concatenate([segment_from[onward], segment_to[back]])
    head = np.concatenate([segment_to[onward], segment_from[back]])
    segment = np.concatenate([onward, back])
    is_forward = np.arange(len(tail)) < len(onward)
    order = np.lexsort((~is_forward, segment, tail))
    arc_start = np.zeros(node_count + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=node_count), out=arc_start[1:])
    return (
        arc_start,
        head[order].astype(np.int32),
        segment[order].astype(np.int32),
        is_forward[order],
    )
