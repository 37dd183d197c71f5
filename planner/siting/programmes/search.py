"""Programmes made measure by measure: a good start, what rounding leaves, and small exchanges.

Money goes, again and again, to what serves most persons for a yuan, over all years in which it
will stand; persons served grow less and less with each place (Nemhauser, Wolsey & Fisher 1978), so
that a gain seen before is a bound now, and few have to be tried again (Minoux 1978).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from math import fsum, inf
from typing import Final

import numpy as np

from planner.siting.programmes.evaluating import places, walks
from planner.siting.programmes.flows import DUST
from planner.siting.programmes.problem import ProgrammeProblem, summed
from planner.siting.programmes.trial import Trial, added_m2
from planner.solver import IntArray
from planner.units import FloatArray

HALF: Final = 0.5

TRIES_IN_VAIN: Final = 60
"""Exchanges without a gain after which the search gives up."""


def fill_money(trial: Trial, goal: str, stop: float = inf) -> None:
    """Do measures, the most of the goal for a yuan first, until no money or no gain is left.

    Parameters
    ----------
    trial
        Changed in place.
    goal
        ``served``: persons; ``shortfall``: m² that are short.
    stop
        Persons served at which there are enough.
    """
    problem = trial.problem
    queue = []
    most = trial.most_gains(goal)
    for measure in np.flatnonzero(trial.could_be_paid() & (most > DUST)).tolist():
        cost = float(problem.cost[measure])
        queue.append((-_for_yuan(float(most[measure]), cost), cost, measure))
    heapq.heapify(queue)
    while queue and (stop == inf or trial.served() < stop):
        _, cost, measure = heapq.heappop(queue)
        bundle = trial.bundle(measure)
        if not bundle:
            continue
        cost = fsum(problem.cost[bundle])
        year = trial.earliest(bundle, cost)
        if year is None:
            continue
        gain = _gain(trial, bundle, year, goal)
        if gain <= DUST:
            continue
        key = (-_for_yuan(gain, cost), cost, measure)
        if queue and key > queue[0]:
            heapq.heappush(queue, key)
        elif trial.earliest(bundle, cost) is not None:
            trial.add(bundle, year)


def _for_yuan(gain: float, cost: float) -> float:
    return gain / cost if cost > 0 else inf


def _gain(trial: Trial, bundle: list[int], year: int, goal: str) -> float:
    if goal == "served":
        return trial.gain(bundle, year)
    before = trial.m2_short()
    kept = trial.kept()
    served = trial.add(bundle, year)
    gain = before - trial.m2_short()
    trial.back(kept)
    return gain if served >= -DUST else 0.0


def rounded(trial: Trial, done: FloatArray) -> None:
    """Do what a relaxed programme does for the most part, the surest first, as money allows.

    Parameters
    ----------
    trial
        Changed in place.
    done
        Shape (years, measures): how far each measure is done by each year, 0 to 1.
    """
    sure = done[-1]
    for measure in np.lexsort((np.arange(len(sure)), -sure)).tolist():
        if sure[measure] < HALF:
            return
        bundle = trial.bundle(measure)
        if not bundle:
            continue
        first = int(np.argmax(done[:, measure] >= HALF))
        year = trial.earliest(bundle, fsum(trial.problem.cost[bundle]), first)
        if year is not None:
            trial.add(bundle, year)


def exchanges(
    trial: Trial, goal: str, floor: float, is_over: Callable[[], bool], *, until: float = inf
) -> None:
    """Drop measures one by one and spend their money better, as long as that gains.

    Parameters
    ----------
    trial
        Changed in place; never worse in the end.
    goal
        ``served``, ``shortfall`` or ``money``.
    floor
        Persons that stay served, whatever is gained.
    is_over
        Tells when the time is up.
    until
        Persons served at which there are enough.
    """
    vain = 0
    tried: set[tuple[int, int]] = set()
    while vain < TRIES_IN_VAIN and not is_over() and trial.served() < until:
        order = [one for one in _by_loss(trial) if (one, int(trial.when[one])) not in tried]
        if not order:
            return
        for one in order:
            tried.add((one, int(trial.when[one])))
            if _exchanged(trial, one, goal, floor):
                vain = 0
                break
            vain += 1
            if vain >= TRIES_IN_VAIN or is_over():
                return


def _by_loss(trial: Trial) -> list[int]:
    """Return the measures done, those that lose fewest persons for their money first."""
    problem = trial.problem
    done = np.flatnonzero(trial.when < problem.years).tolist()
    held = {other for one in done for other in trial.needed[one]}
    useful = trial.useful.sum(axis=0)
    free = [one for one in done if one not in held]
    return sorted(
        free, key=lambda one: (_for_yuan(float(useful[one]), float(problem.cost[one])), one)
    )


def _exchanged(trial: Trial, measure: int, goal: str, floor: float) -> bool:
    """Drop a measure and spend the money anew; keep that if it is better, else undo it."""
    before = _standing(trial, goal)
    kept = trial.kept()
    trial.drop(measure)
    if goal == "money":
        fill_money(trial, "served", stop=floor)
    else:
        fill_money(trial, goal)
        fill_money(trial, "served")
    enough = trial.served() >= floor - DUST * max(abs(floor), 1.0)
    must = all((trial.when[group] < trial.problem.years).any() for group in trial.problem.must)
    if must and enough and _standing(trial, goal) < before:
        return True
    trial.back(kept)
    return False


def _standing(trial: Trial, goal: str) -> tuple[float, ...]:
    served = -round(trial.served(), 6)
    if goal == "served":
        return (served,)
    if goal == "shortfall":
        return (round(trial.m2_short(), 6),)
    return (round(fsum(trial.spent), 3),)


def without_idle(problem: ProgrammeProblem, when: IntArray) -> IntArray:
    """Return the plan without the measures whose places and m² nobody needs, the dearest first.

    Who goes where on the least walk stays as it is: nobody goes without a place, or walks longer.
    """
    when, years = when.copy(), problem.years
    free = places(problem, when)
    for year, persons in enumerate(walks(problem, free)):
        free[year] -= summed(problem.reach.site_of, persons, len(problem.sites))
    over = problem.held - problem.required + added_m2(problem, when)
    done = np.flatnonzero((when < years) & (problem.cost > 0) & (problem.adds >= 0))
    for one in done[np.lexsort((done, -problem.cost[done]))].tolist():
        first, site, group = int(when[one]), int(problem.site[one]), int(problem.group[one])
        if _is_held(problem, when, one):
            continue
        if site >= 0 and (free[first:, site] < problem.adds[one]).any():
            continue
        if group >= 0 and problem.m2[one] > 0 and (over[first:, group] < problem.m2[one]).any():
            continue
        when[one] = years
        if site >= 0:
            free[first:, site] -= problem.adds[one]
        if group >= 0:
            over[first:, group] -= problem.m2[one]
    return when


def _is_held(problem: ProgrammeProblem, when: IntArray, measure: int) -> bool:
    """Tell whether something done needs a measure, or a required site has no other."""
    needy = problem.needs[problem.needs[:, 1] == measure, 0]
    alone = any(
        measure in group and (when[group] < problem.years).sum() == 1 for group in problem.must
    )
    return alone or bool((when[needy] < problem.years).any())
