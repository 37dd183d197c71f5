"""Whole hundredths that add up: parts of a total are rounded together, never one by one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]


def rounded_parts(parts: IntArray, unit: int, total: int | None = None) -> IntArray:
    """Return parts in whole units that add up to a total, by the largest remainders.

    Each part is rounded down, and those with the largest remainders (of equal ones the first) get
    one more: Hamilton's method of apportioning seats. No part moves by a unit or more.

    Parameters
    ----------
    parts
        Not negative, shape (parts,).
    unit
        Parts that make a unit.
    total
        Units to be shared out; the nearest to the sum (a half up) if not given. Between the sum
        of the parts rounded down and of those rounded up.

    Returns
    -------
    ndarray of int
        Shape (parts,).
    """
    whole = parts // unit
    if total is None:
        total = (int(parts.sum()) + unit // 2) // unit
    more = total - int(whole.sum())
    first = np.argsort(-(parts % unit), kind="stable")[:more]
    whole[first] += 1
    return whole


def rounded_in(parts: IntArray, groups: list[IntArray], unit: int) -> IntArray:
    """Return parts in whole units whose sums over nested groups are rounded together, too.

    Parameters
    ----------
    parts
        Shape (parts,).
    groups
        Number of the group of each part, the widest groups first; each lies in one of the wider.
    unit
        Parts that make a unit.
    """
    if not groups or not len(parts):
        return rounded_parts(parts, unit)
    return _rounded_below(parts, groups, unit, None)


def _rounded_below(
    parts: IntArray, groups: list[IntArray], unit: int, total: int | None
) -> IntArray:
    if not groups:
        return rounded_parts(parts, unit, total)
    names, place = np.unique(groups[0], return_inverse=True)
    sums = np.zeros(len(names), dtype=np.int64)
    np.add.at(sums, place, parts)
    shares = rounded_parts(sums, unit, total)
    whole = np.zeros(len(parts), dtype=np.int64)
    for number in range(len(names)):
        mine = np.flatnonzero(place == number)
        inner = [one[mine] for one in groups[1:]]
        whole[mine] = _rounded_below(parts[mine], inner, unit, int(shares[number]))
    return whole
