"""Exchanging one open site for another, compiled: a pass over its pairs tells all about a site."""

from __future__ import annotations

import numpy as np

from planner.compiled import compiled
from planner.solver import IntArray
from planner.units import BoolArray, FloatArray


@compiled
def _clash(one: int, is_open: BoolArray, clash_starts: IntArray, clash_with: IntArray) -> int:
    """Return the open site that may not be open beside ``one``: -1 for none, -2 for several."""
    found = -1
    for entry in range(clash_starts[one], clash_starts[one + 1]):
        if is_open[clash_with[entry]]:
            if found >= 0:
                return -2
            found = int(clash_with[entry])
    return found


@compiled
def _saved(
    first_entry: int,
    last_entry: int,
    asker_of: IntArray,
    site_cost: FloatArray,
    near: IntArray,
    costs: FloatArray,
    eased: FloatArray,
) -> float:
    """Return what opening a site saves; ``eased`` gets what closing each other costs less then."""
    saved = 0.0
    for entry in range(first_entry, last_entry):
        asker, cost = asker_of[entry], site_cost[entry]
        if cost < costs[asker, 1]:
            nearest = near[asker, 0]
            if cost < costs[asker, 0]:
                saved += costs[asker, 0] - cost
                if nearest >= 0:
                    eased[nearest] += costs[asker, 1] - costs[asker, 0]
            elif nearest >= 0:
                eased[nearest] += costs[asker, 1] - cost
    return saved


@compiled
def _look_again(
    asker: int,
    starts: IntArray,
    site_of: IntArray,
    cost: FloatArray,
    base: FloatArray,
    is_open: BoolArray,
    near: IntArray,
    costs: FloatArray,
) -> None:
    """Set an asker's two cheapest open sites (-1: base) and their costs anew."""
    near[asker, :], costs[asker, :] = -1, base[asker]
    found = 0
    for entry in range(starts[asker], starts[asker + 1]):
        if is_open[site_of[entry]]:
            near[asker, found], costs[asker, found] = site_of[entry], cost[entry]
            found += 1
            if found == 2:
                break


@compiled
def _losses(near: IntArray, costs: FloatArray, sites: int) -> FloatArray:
    """Return what closing each site costs its askers."""
    loss = np.zeros(sites)
    for asker in range(len(near)):
        if near[asker, 0] >= 0:
            loss[near[asker, 0]] += costs[asker, 1] - costs[asker, 0]
    return loss


@compiled
def _change(
    leaving_sites: IntArray,
    clash: int,
    has_room: bool,
    saved: float,
    loss: FloatArray,
    eased: FloatArray,
) -> tuple[float, int]:
    """Return the best change of cost with a site opened, and the site to close (-1: none)."""
    best, leaving = np.inf, -1
    if has_room and clash == -1:
        best = -saved
    for other in leaving_sites:
        change = loss[other] - eased[other] - saved
        if change < best and clash in (-1, other):
            best, leaving = change, int(other)
    return best, leaving


@compiled
def exchange(
    starts: IntArray,
    site_of: IntArray,
    cost: FloatArray,
    base: FloatArray,
    site_starts: IntArray,
    asker_of: IntArray,
    site_cost: FloatArray,
    is_open: BoolArray,
    stays: BoolArray,
    most_open: int,
    clash_starts: IntArray,
    clash_with: IntArray,
    noise: float,
    most_looks: int,
) -> int:
    """Open and exchange sites, changing ``is_open``, until nothing that saves more is left.

    Whitaker's fast interchange (1983, INFOR 21, 95-108): what a site saves, and what closing
    another costs beside it, come from one pass over the pairs of the site; the first site that
    saves anything is taken, with the best one to close.

    Parameters
    ----------
    stays
        Sites that are neither opened nor closed.
    noise
        A change that saves no more than this saves nothing.
    most_looks
        Sites to look at before coming back.

    Returns
    -------
    int
        Looks left; above 0 where nothing is left to gain.
    """
    sites, askers = len(is_open), len(base)
    near, costs = np.empty((askers, 2), dtype=np.int64), np.empty((askers, 2))
    for asker in range(askers):
        _look_again(asker, starts, site_of, cost, base, is_open, near, costs)
    loss = _losses(near, costs, sites)
    leaving_sites, opened = np.flatnonzero(is_open & ~stays), is_open.sum()
    eased = np.zeros(sites)
    idle, one = 0, -1
    while idle < sites and most_looks > 0:
        one, idle, most_looks = (one + 1) % sites, idle + 1, most_looks - 1
        if is_open[one] or stays[one]:
            continue
        clash = _clash(one, is_open, clash_starts, clash_with)
        if clash == -2:
            continue
        eased[leaving_sites] = 0.0
        first, last = site_starts[one], site_starts[one + 1]
        saved = _saved(first, last, asker_of, site_cost, near, costs, eased)
        change, leaving = _change(leaving_sites, clash, opened < most_open, saved, loss, eased)
        if change >= -noise:
            continue
        idle, is_open[one] = 0, True
        if leaving >= 0:
            is_open[leaving] = False
            _around(
                leaving, starts, site_of, cost, base, site_starts, asker_of, is_open, near, costs
            )
        else:
            opened += 1
        _around(one, starts, site_of, cost, base, site_starts, asker_of, is_open, near, costs)
        loss = _losses(near, costs, sites)
        leaving_sites = np.flatnonzero(is_open & ~stays)
    return most_looks


@compiled
def _around(
    one: int,
    starts: IntArray,
    site_of: IntArray,
    cost: FloatArray,
    base: FloatArray,
    site_starts: IntArray,
    asker_of: IntArray,
    is_open: BoolArray,
    near: IntArray,
    costs: FloatArray,
) -> None:
    """Look again at the askers of a site that was opened or closed."""
    for entry in range(site_starts[one], site_starts[one + 1]):
        asker = asker_of[entry]
        is_new = is_open[one]
        was_near = near[asker, 0] == one or near[asker, 1] == one
        if is_new or was_near:
            _look_again(asker, starts, site_of, cost, base, is_open, near, costs)
