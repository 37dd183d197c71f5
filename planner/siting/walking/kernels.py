"""Loops over flat arrays of costs, compiled.

Askers' sites stand nearest first (``starts``, ``site_of``, ``cost``), so that most loops stop
early; see :class:`planner.siting.walking.problem.WalkingProblem`.
"""

from __future__ import annotations

import numpy as np

from planner.compiled import compiled
from planner.solver import IntArray
from planner.units import BoolArray, FloatArray


@compiled
def reduced_costs(
    starts: IntArray, site_of: IntArray, cost: FloatArray, prices: FloatArray, sites: int
) -> FloatArray:
    """Return ``Σ_i min(0, cost_ij - price_i)`` for each site ``j``."""
    total = np.zeros(sites)
    for asker in range(len(prices)):
        for entry in range(starts[asker], starts[asker + 1]):
            saved = cost[entry] - prices[asker]
            if saved >= 0.0:
                break
            total[site_of[entry]] += saved
    return total


@compiled
def times_served(
    starts: IntArray, site_of: IntArray, cost: FloatArray, prices: FloatArray, is_open: BoolArray
) -> FloatArray:
    """Return how many open sites are cheaper than its price for each asker."""
    served = np.zeros(len(prices))
    for asker in range(len(prices)):
        for entry in range(starts[asker], starts[asker + 1]):
            if cost[entry] >= prices[asker]:
                break
            if is_open[site_of[entry]]:
                served[asker] += 1.0
    return served


@compiled
def nearest_two(
    starts: IntArray, site_of: IntArray, cost: FloatArray, base: FloatArray, is_open: BoolArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return each asker's cheapest open site (-1: none below base), its cost and the next cost."""
    askers = len(base)
    site = np.full(askers, -1, dtype=np.int64)
    first, second = base.copy(), base.copy()
    for asker in range(askers):
        for entry in range(starts[asker], starts[asker + 1]):
            if is_open[site_of[entry]]:
                if site[asker] < 0:
                    site[asker] = site_of[entry]
                    first[asker] = cost[entry]
                else:
                    second[asker] = cost[entry]
                    break
    return site, first, second


@compiled
def opening_gains(
    site_starts: IntArray, asker_of: IntArray, site_cost: FloatArray, now: FloatArray
) -> FloatArray:
    """Return what each site alone would save, given each asker's cost ``now``."""
    sites = len(site_starts) - 1
    saved = np.zeros(sites)
    for one in range(sites):
        for entry in range(site_starts[one], site_starts[one + 1]):
            if site_cost[entry] < now[asker_of[entry]]:
                saved[one] += now[asker_of[entry]] - site_cost[entry]
    return saved


@compiled
def cut_levels(
    starts: IntArray, site_of: IntArray, cost: FloatArray, base: FloatArray, share: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return, for shares of sites, each asker's critical level and its cost.

    The cheapest way to serve an asker takes the shares of its sites, nearest first, until they
    sum to 1; the level is the cost of the last one taken, or the base.
    """
    askers = len(base)
    level, total = base.copy(), np.zeros(askers)
    for asker in range(askers):
        left = 1.0
        for entry in range(starts[asker], starts[asker + 1]):
            part = share[site_of[entry]]
            if part <= 0.0:
                continue
            if part >= left - 1e-9:
                level[asker] = cost[entry]
                total[asker] += cost[entry] * left
                left = 0.0
                break
            total[asker] += cost[entry] * part
            left -= part
        total[asker] += base[asker] * left
    return level, total


@compiled
def cut_rows(
    starts: IntArray,
    site_of: IntArray,
    cost: FloatArray,
    askers: IntArray,
    levels: FloatArray,
    sites: int,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the rows ``cost_i + Σ_j (level - cost_ij)^+ open_j`` of some askers, sparse."""
    row_starts = np.zeros(len(askers) + 1, dtype=np.int64)
    for row in range(len(askers)):
        count = 1
        for entry in range(starts[askers[row]], starts[askers[row] + 1]):
            if cost[entry] >= levels[row]:
                break
            count += 1
        row_starts[row + 1] = row_starts[row] + count
    columns = np.empty(row_starts[-1], dtype=np.int64)
    values = np.empty(row_starts[-1])
    for row in range(len(askers)):
        at, asker = row_starts[row], askers[row]
        first = starts[asker]
        for offset in range(row_starts[row + 1] - at - 1):
            columns[at + offset] = site_of[first + offset]
            values[at + offset] = levels[row] - cost[first + offset]
        columns[row_starts[row + 1] - 1] = sites + asker
        values[row_starts[row + 1] - 1] = 1.0
    return row_starts, columns, values
