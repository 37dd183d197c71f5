"""RAAM's cycles as loops over flat arrays: who moves from the dearest centre to the cheapest."""

from __future__ import annotations

import numpy as np

from planner.compiled import compiled
from planner.coverage.assigning_problem import IntArray
from planner.units import FloatArray

CYCLES = 150
FIRST_STEP = 0.2
LEAST_STEP = 0.005
HALF_LIFE = 50
CALMED_CYCLES = 20
"""The published schedule: at most 20 % of a row moves in a cycle, halved every 50 cycles down to
0.5 %; in the first 20 cycles no centre gains more than an average crowd at once."""

NO_PAIR = -1


@compiled
def _at_the_nearest(firsts: IntArray, walk: FloatArray, demand: FloatArray) -> FloatArray:
    """Return persons by pair, all at the nearest centre of their row."""
    persons = np.zeros(len(walk))
    for row in range(len(demand)):
        nearest = firsts[row]
        for pair in range(firsts[row] + 1, firsts[row + 1]):
            if walk[pair] < walk[nearest]:
                nearest = pair
        persons[nearest] = demand[row]
    return persons


@compiled
def _crowding(persons: FloatArray, centre_of: IntArray, crowd: FloatArray) -> FloatArray:
    """Return the cost of each centre's crowd, summed anew pair by pair: no error grows."""
    load = np.zeros(len(crowd))
    for pair in range(len(persons)):
        if persons[pair] != 0.0:
            load[centre_of[pair]] += persons[pair]
    return load / crowd


@compiled
def _ends(
    start: int,
    stop: int,
    persons: FloatArray,
    centre_of: IntArray,
    crowding: FloatArray,
    walk: FloatArray,
) -> tuple[int, int, float]:
    """Return a row's cheapest pair, its dearest with persons, and what the one saves on the other.

    Of equal costs the first pair counts; without persons there is no dearest (:data:`NO_PAIR`).
    """
    cheap, dear = start, NO_PAIR
    least, most = np.inf, -np.inf
    for pair in range(start, stop):
        cost = crowding[centre_of[pair]] + walk[pair]
        if cost < least:
            least, cheap = cost, pair
        if persons[pair] != 0.0 and cost > most:
            most, dear = cost, pair
    return cheap, dear, most - least


@compiled
def _mean_costs(
    firsts: IntArray,
    persons: FloatArray,
    centre_of: IntArray,
    crowding: FloatArray,
    walk: FloatArray,
    demand: FloatArray,
) -> FloatArray:
    """Return the mean cost by row; of a row without persons its least."""
    costs = np.zeros(len(demand))
    for row in range(len(demand)):
        least, total = np.inf, 0.0
        for pair in range(firsts[row], firsts[row + 1]):
            cost = crowding[centre_of[pair]] + walk[pair]
            least = min(least, cost)
            total += cost * persons[pair]
        costs[row] = total / demand[row] if demand[row] > 0 else least
    return costs


@compiled
def settled(
    firsts: IntArray,
    centre_of: IntArray,
    walk: FloatArray,
    demand: FloatArray,
    crowd: FloatArray,
    whole_persons: bool,
) -> FloatArray:
    """Return the cost by row after all cycles; a cycle is two passes over the pairs.

    Parameters
    ----------
    firsts
        Where each row's pairs begin, and their number last; shape (rows + 1,). Every row has one.
    centre_of, walk
        By pair, by row, then by centre: position of the centre, cost of the walk; shape (pairs,).
    demand
        Persons by row, shape (rows,).
    crowd
        Average crowd by centre, above 0, shape (centres,).
    whole_persons
        Whether only whole persons move.

    Returns
    -------
    ndarray
        Shape (rows,): the mean cost of the row's persons, in the crowds of the last cycle; of a
        row without persons its least cost.
    """
    rows = len(demand)
    persons = _at_the_nearest(firsts, walk, demand)
    crowding = np.zeros(len(crowd))
    cheap, dear = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    moved = np.zeros(rows)
    for cycle in range(CYCLES):
        crowding = _crowding(persons, centre_of, crowd)
        gained = np.zeros(len(crowd))
        step = max(FIRST_STEP * 0.5 ** (cycle / HALF_LIFE), LEAST_STEP)
        for row in range(rows):
            cheap[row], dear[row], saved = _ends(
                firsts[row], firsts[row + 1], persons, centre_of, crowding, walk
            )
            moved[row] = 0.0
            if dear[row] != NO_PAIR and dear[row] != cheap[row]:
                low, high = crowd[centre_of[cheap[row]]], crowd[centre_of[dear[row]]]
                even = saved * (low * high) / (low + high)
                moved[row] = min(even, persons[dear[row]], step * demand[row])
            if whole_persons:
                moved[row] = np.trunc(moved[row])
            gained[centre_of[cheap[row]]] += moved[row]
        for row in range(rows):
            if cycle < CALMED_CYCLES:
                centre = centre_of[cheap[row]]
                moved[row] /= max(gained[centre] / crowd[centre], 1.0)
                if whole_persons:
                    moved[row] = np.rint(moved[row])
            persons[cheap[row]] += moved[row]
            persons[dear[row]] -= moved[row]
    return _mean_costs(firsts, persons, centre_of, crowding, walk, demand)
