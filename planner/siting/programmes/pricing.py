"""What a place is worth: prices of the relaxed programme as cuts on the persons served.

A place at site ``j`` in year ``t`` is worth ``p_jt`` persons: the price of the place in the
relaxed programme over that of a person. For any prices from 0 to 1, each person asks where a place
is cheapest and each place is sold (weak duality of the flow)::

    served_t(x) <= Σ_i d_it (1 - min_j p_jt) + Σ_j p_jt c_j + Σ_m p_jt a_mt x_mt

so nothing rests on the solver's word. Only the measures are left in it: near the best plan it is
almost an equation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum
from typing import Final

import numpy as np

from planner.siting.programmes.models import ProgrammeModel
from planner.siting.programmes.problem import ProgrammeProblem, Reach
from planner.siting.programmes.served_cuts import Cut
from planner.siting.programmes.years import Goal
from planner.solver import Solution

NOTHING_A_PERSON: Final = 1e-9
"""Price of a person below which the other prices say nothing of persons."""


def price_cuts(
    problem: ProgrammeProblem,
    reach: Reach,
    made: ProgrammeModel,
    solved: Solution,
    *,
    aim: Mapping[Goal, float],
    kept: Sequence[Mapping[Goal, float]],
) -> list[Cut]:
    """Return a cut of each year from a relaxed programme's prices.

    Parameters
    ----------
    problem, reach, made
        The problem, the reach that its model was made of, and the model.
    solved
        The relaxed programme's solution.
    aim, kept
        Its goal, and the goals that it keeps, whose rows stand last.

    Returns
    -------
    list of Cut
        Empty where a person more is worth nothing to the programme: its prices then say nothing
        of persons.
    """
    duals, layout = solved.row_duals, made.layout
    if duals is None:
        return []
    person = aim.get("served", 0.0) / layout.scale
    for place, goals in enumerate(kept):
        person += goals.get("served", 0.0) * max(-float(duals[len(duals) - len(kept) + place]), 0.0)
    if person <= NOTHING_A_PERSON:
        return []
    useful = problem.useful()
    at = problem.site >= 0
    cuts = []
    for year in range(layout.years):
        price = np.clip(-duals[layout.places(year)] / person, 0.0, 1.0)
        cheapest = np.ones(reach.rows)
        np.minimum.at(cheapest, reach.row_of, price[reach.site_of])
        constant = fsum([*(reach.demand[year] * (1.0 - cheapest)), *(price * problem.capacity)])
        persons = np.zeros(len(problem.measures))
        persons[at] = price[problem.site[at]] * useful[year, at]
        cuts.append(Cut(year, constant, persons))
    return cuts
