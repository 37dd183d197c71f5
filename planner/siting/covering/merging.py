"""Merging rows with equal sets: residents who see the same sites decide as one."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from planner.solver import IntArray
from planner.units import FloatArray

_MIX: Final = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
"""Constants of SplitMix64 (Steele, Lea, Flood 2014), to spread site positions over 64 bits."""


def merged(
    row: IntArray, site: IntArray, weights: FloatArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Merge the rows that have equal sets of sites, and sum their weights.

    Parameters
    ----------
    row, site
        One entry a pair, by row, then site; each pair once. Rows without a pair fall away.
    weights
        What each row weighs, by row number.

    Returns
    -------
    starts, site_of, weights
        Group ``g`` has the sites ``site_of[starts[g]:starts[g + 1]]``; groups stand in the order
        of their first rows.
    """
    if not len(row):
        return np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0)
    firsts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    lengths = np.diff(np.r_[firsts, len(row)])
    group, leaders = _groups(site, firsts, lengths)
    summed = np.bincount(group, weights=weights[row[firsts]]).astype(np.float64)
    starts = np.r_[0, np.cumsum(lengths[leaders])]
    entries = ranges(firsts[leaders], lengths[leaders])
    return starts, site[entries], summed


def ranges(firsts: IntArray, lengths: IntArray) -> IntArray:
    """Return ``first, first + 1, …`` (``length`` of them) for each row, one row after another.

    Parameters
    ----------
    firsts, lengths
        Shape (rows,).
    """
    ends = np.cumsum(lengths)
    count = int(ends[-1]) if len(ends) else 0
    positions: IntArray = np.arange(count) + np.repeat(firsts - ends + lengths, lengths)
    return positions


def _groups(site: IntArray, firsts: IntArray, lengths: IntArray) -> tuple[IntArray, IntArray]:
    """Return each row's group, and each group's first row, groups in order of first row."""
    sums = np.add.reduceat(_mixed(site), firsts)
    _, leader, row_group = np.unique(sums, return_index=True, return_inverse=True)
    leader_of_row = leader[row_group]
    # Equal sums of mixed numbers all but prove equal sets; "all but" is not enough for a proof,
    # so every row is compared with its leader, entry by entry.
    same_length = lengths[leader_of_row] == lengths
    differs = ~same_length
    rows = np.flatnonzero(same_length)
    own = ranges(firsts[rows], lengths[rows])
    led = ranges(firsts[leader_of_row[rows]], lengths[rows])
    entry_row = np.repeat(rows, lengths[rows])
    differs[entry_row[site[own] != site[led]]] = True
    leader_of_row = np.where(differs, np.arange(len(firsts)), leader_of_row)
    leaders, group = np.unique(leader_of_row, return_inverse=True)
    return group, leaders


def _mixed(positions: IntArray) -> npt.NDArray[np.uint64]:
    value = (positions.astype(np.uint64) + np.uint64(1)) * np.uint64(_MIX[0])
    value = (value ^ (value >> np.uint64(30))) * np.uint64(_MIX[1])
    value = (value ^ (value >> np.uint64(27))) * np.uint64(_MIX[2])
    return value ^ (value >> np.uint64(31))
