"""Every clause that speaks of estates, held against every estate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.estates.clause_judges import judged, storeys, words
from planner.standards.estates.delivered_area import Ratios
from planner.standards.estates.steps import FourSteps
from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.quantities import QUANTITIES
from planner.standards.rulebooks.vocabulary import BREACHES
from planner.tables import LIST_MARK
from planner.units import BoolArray

REASONS: Final = (
    "", "not_filled", "condition_unknown", "condition_not_met", "on_the_spot", "nothing_delivered",
    "joined_only", "not_yet_due", "kind_unknown", "places_unknown", "zero_base", "impossible",
)  # fmt: skip
"""Why a finding is no plain meets, remark or short; labels ``estates.reason_…``.

``nothing_delivered``: there are no rooms to judge yet. ``joined_only``: the clause speaks of rooms
that several estates have in common. ``not_yet_due``: the steps that are not done have not come up.
``kind_unknown``: the area is of another kind than the clause's. ``places_unknown``: several rooms
whose sizes are not told. ``zero_base``: households or housing of 0, which say nothing of what is
owed. ``impossible``: figures of the ledger that contradict each other.
"""

COLUMNS: Final = (
    "estate", "book", "clause", "quantity", "matter", "side", "force", "mark", "result", "reason",
    "value", "required", "required_m2", "delivered_m2", "short_m2", "short_at_least", "note",
    "told", "fill_in",
)  # fmt: skip

SIDES: Final = {"at_least": "from", "more_than": "from", "at_most": "to", "less_than": "to"}
"""Which side of a quantity a comparison bounds: a floor from which and one to which it may lie are
two rules beside each other, neither the stricter."""


def estate_clauses(books: Sequence[RuleBook]) -> list[tuple[RuleBook, Clause]]:
    """Return the clauses of the books that speak of estates, in the books' order."""
    return [
        (book, clause)
        for book in books
        for clause in book.clauses
        if (quantity := QUANTITIES.get(clause.quantity)) is not None
        and quantity.subject == "estate"
    ]


def _conditions(clause: Clause, estates: pd.DataFrame) -> tuple[BoolArray, BoolArray, list[str]]:
    """Return which estates a clause does not speak of, of which nobody knows, and what to fill."""
    rows = len(estates)
    out, unknown = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    fill: list[list[str]] = [[] for _ in range(rows)]
    asked: list[tuple[str, BoolArray, BoolArray]] = []
    if clause.when.estate:
        ages = words(estates, "estate_age")
        asked.append(
            ("estate_age", ages.isna().to_numpy(), ages.isin(clause.when.estate).to_numpy())
        )
    if clause.when.floor_from is not None:
        floor = storeys(estates)
        asked.append(("floor", np.isnan(floor), floor >= clause.when.floor_from))
    for column, empty, holds in asked:
        out |= ~empty & ~holds
        unknown |= empty
        for row in np.flatnonzero(empty).tolist():
            fill[row].append(column)
    if clause.when.built or clause.when.capacity_from is not None:
        unknown[:] = True
    return out, unknown & ~out, [LIST_MARK.join(one) for one in fill]


def clause_findings(
    book: RuleBook, clause: Clause, estates: pd.DataFrame, ratios: Ratios, steps: FourSteps
) -> pd.DataFrame:
    """Hold one clause against every estate; columns :data:`COLUMNS`, rows as the estates.

    Parameters
    ----------
    book, clause
        A clause whose quantity has the subject ``estate``.
    estates
        A :data:`planner.tables.ESTATES` table; absent columns are unknown.
    ratios
        Figures that areas are converted by.
    steps
        The four steps of the same estates (:func:`planner.standards.estates.steps.four_steps`).

    Returns
    -------
    DataFrame
        ``required`` and ``value`` in the clause's unit, areas in m² of the kind that the clause
        speaks of. ``short_m2`` is above 0 where short, a lower bound where ``short_at_least``.
        Where a condition of the clause is unknown, so is the result; ``required_m2`` is still
        told.
    """
    table = pd.DataFrame(judged(clause, estates, ratios, steps), index=range(len(estates)))
    if clause.force not in BREACHES:
        table["result"] = table["result"].replace("short", "remark")
    out, unknown, fill = _conditions(clause, estates)
    table["result"] = table["result"].mask(unknown, "unknown").mask(out, "not_applicable")
    reason = table["reason"].mask(unknown, "condition_unknown").mask(out, "condition_not_met")
    table["reason"] = reason
    also = [LIST_MARK.join(filter(None, pair)) for pair in zip(table["fill_in"], fill, strict=True)]
    table["fill_in"] = pd.Series(also, dtype=object).where(unknown, table["fill_in"]).mask(out, "")
    table["short_m2"] = table["short_m2"].mask(out | unknown)
    table["short_at_least"] &= ~(out | unknown)
    table["told"] = table["told"].mask(out | unknown, "")
    quantity = QUANTITIES[clause.quantity]
    return table.assign(
        estate=[str(one) for one in estates.index],
        book=book.name,
        clause=clause.id,
        quantity=clause.quantity,
        matter=quantity.about,
        side=SIDES.get(clause.comparison, clause.comparison),
        force=clause.force,
        mark=clause.mark,
    )[list(COLUMNS)]
