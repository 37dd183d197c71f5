"""What no programme can beat, by plain sums from prices that any solver may have suggested.

For *any* price of each row of the model the sums below bound every plan from below (weak duality),
so the bound stands on no solver's word or tolerance. In words, for the goal of serving most: each
person asks at the site where a place is cheapest or not at all, each place is bought where it is
worth its money, and the money is priced, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import Final

import numpy as np

from planner.siting.programmes.layout import Layout
from planner.siting.programmes.problem import ProgrammeProblem, summed
from planner.solver import Model
from planner.units import BoolArray, FloatArray

SUM_SLACK: Final = 1e-12
"""Far above the rounding of a float64 sum of a million terms, far below one person."""


@dataclass(frozen=True, eq=False)
class Priced:
    """A bound from prices.

    Parameters
    ----------
    value
        No plan is below.
    left
        Shape (columns,): what each column costs beyond what its prices pay for: a plan that takes
        a column at 1 is not below ``value + left``, one that leaves it out not below
        ``value - left``.
    """

    value: float
    left: FloatArray


def priced_bound(model: Model, layout: Layout, prices: FloatArray) -> Priced:
    """Return a value that no plan is below, for any prices of the model's rows.

    With prices ``p``, lower for rows from above and upper for rows from below taken as 0:
    ``c·v >= Σ_r p_r b_r + Σ_k min(l_k r_k, u_k r_k)`` with ``r = c - A'p``, where ``b_r`` is the
    row's lower bound if ``p_r > 0``, else its upper. The price of each row of persons is then
    set to what its cheapest way to a place leaves, which is the best that it can be.

    Parameters
    ----------
    model
        The model, to be minimised; every column has finite bounds.
    layout
        Its columns.
    prices
        Shape (rows of the model,).
    """
    prices = _allowed(model, np.nan_to_num(prices))
    for year in range(layout.years):
        prices[layout.asked(year)] = 0.0
    left = model.cost - _priced(model, prices)
    for year in range(layout.years):
        persons = layout.persons(year)
        cheapest = np.zeros(layout.rows)
        np.minimum.at(cheapest, layout.row_of, left[persons])
        prices[layout.asked(year)] = cheapest
        left[persons] -= cheapest[layout.row_of]
    ends = np.where(prices > 0, model.row_lower, model.row_upper)
    at_rows = prices * np.where(prices == 0.0, 0.0, ends)
    at_columns = np.minimum(left * model.lower, left * model.upper)
    value = fsum(at_rows) + fsum(at_columns)
    lost = SUM_SLACK * (float(np.abs(at_rows).sum()) + float(np.abs(at_columns).sum()))
    return Priced(value - lost, left)


def _allowed(model: Model, prices: FloatArray) -> FloatArray:
    """Return prices of the sign that each row allows; 0 where its bound is infinite."""
    infinite = np.where(prices > 0, model.row_lower, model.row_upper)
    return np.where(np.isfinite(infinite), prices, 0.0)


def _priced(model: Model, prices: FloatArray) -> FloatArray:
    rows = model.rows
    by_entry = np.repeat(prices, np.diff(rows.starts)) * rows.values
    return summed(rows.columns, by_entry, len(model.cost))


@dataclass(frozen=True, eq=False)
class Settled:
    """Measures that every plan looked at does by a year (``always``), or never does (``never``).

    Shape (years, measures) each, or None where nothing is known.
    """

    always: BoolArray | None = None
    never: BoolArray | None = None

    def narrowed(self, model: Model, layout: Layout) -> Model:
        """Return the model with what is settled written into its bounds."""
        if self.always is None or self.never is None:
            return model
        lower, upper = model.lower.copy(), model.upper.copy()
        for year in range(layout.years):
            done = layout.done(year)
            upper[done[self.never[year]]] = 0.0
            lower[done[self.always[year] & (upper[done] > 0)]] = 1.0
        return replace(model, lower=lower, upper=upper)

    def besides(self, other: Settled) -> Settled:
        """Return what is settled by either."""
        if self.always is None or self.never is None:
            return other
        if other.always is None or other.never is None:
            return self
        return Settled(self.always | other.always, self.never | other.never)


def settled_by(priced: Priced, problem: ProgrammeProblem, known: float) -> Settled:
    """Return the measures that every plan better than ``known`` does, or leaves.

    Prices must be of the model that is narrowed or of one with fewer rows.
    """
    columns = problem.years * len(problem.measures)
    left = priced.left[:columns].reshape(problem.years, -1)
    return Settled(
        always=(left < 0) & (priced.value - left >= known),
        never=(left > 0) & (priced.value + left >= known),
    )
