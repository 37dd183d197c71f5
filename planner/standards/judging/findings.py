"""What a finding is: one clause of one book held against one centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from planner.standards.judging.deciding import force_of
from planner.standards.rulebooks.clauses import Clause, RuleBook

REASONS: Final = (
    "",
    "not_filled",
    "condition_unknown",
    "condition_not_met",
    "on_the_spot",
    "not_operating",
    "serves_villages_only",
    "serves_no_community",
    "people_unknown",
    "neighbour_unknown",
    "no_layer",
    "not_placed",
    "per_elder_beside",
    "no_main_road",
    "no_homes",
    "no_way",
    "others_nearer",
)
"""Why a finding is no plain meets, remark or short; labels ``judging.reason_…``.

``not_filled``: the ledger leaves a cell empty (which: ``fill_in``). ``condition_unknown``,
``condition_not_met``: of the clause's ``when``. ``on_the_spot``: a statement that a person must
judge. ``no_layer``: the project names no such layer. ``per_elder_beside``: the recommendation per
elder, printed beside the class's area without deciding. ``no_main_road``: the street data holds
none. ``no_homes``: no home of elders is known in the communities that it answers for; ``no_way``:
none of them has a way to it; ``others_nearer``: each is nearer to another centre that answers for
it, so that there is no radius to be judged.
"""

COLUMNS: Final = (
    "centre",
    "book",
    "clause",
    "matter",
    "result",
    "reason",
    "value",
    "required",
    "upper",
    "short_by",
    "short_share",
    "told",
    "fill_in",
    "decides",
)


@dataclass(frozen=True, eq=False)
class Judgement:
    """Every finding of an audit.

    Parameters
    ----------
    books
        The books held against the centres, in the project's order; those not in force on the day
        of the audit are in ``not_in_force``.
    findings
        One row for each centre and each clause that speaks of its kind, in the order of centres,
        books and clauses. Columns: ``centre, book, clause`` (ids, categorical), ``matter``
        (:attr:`planner.standards.rulebooks.quantities.Quantity.about`), ``result``
        (:data:`planner.standards.rulebooks.vocabulary.RESULTS`), ``reason`` (:data:`REASONS`),
        ``value`` (what the centre has, in the clause's unit), ``required`` and ``upper`` (the
        clause's figures for this centre),
        ``short_by`` (how much is missing or too much, above 0 where short or remark),
        ``short_share`` (of ``required``; missing for storeys and grades), ``told`` (words: what is
        lacking or found, joined by 、), ``fill_in`` (columns to fill in, joined by 、), ``decides``
        (whether it is the clause that decides its matter for this centre:
        :func:`planner.standards.judging.deciding.decisive`).
    facts
        What the centres have, by centre id: :func:`planner.standards.judging.facts.centre_facts`.
    not_in_force
        Names of books left out for their dates.
    per_elder_decides
        Whether the project lets the area for each elder decide in place of the class's.
    """

    books: tuple[RuleBook, ...]
    findings: pd.DataFrame
    facts: pd.DataFrame
    not_in_force: tuple[str, ...] = ()
    per_elder_decides: bool = False

    def book(self, name: str) -> RuleBook:
        """Return one of its books.

        Raises
        ------
        KeyError
            If it holds no book of that name.
        """
        for book in self.books:
            if book.name == name:
                return book
        raise KeyError(name)

    def force(self, book: RuleBook, clause: Clause) -> str:
        """Return the force that a clause of one of its books weighs with here.

        Its own; that of the class's area for the area for each elder where the project lets it
        decide.
        """
        return force_of(book, clause, per_elder_decides=self.per_elder_decides)

    def clause(self, book: str, clause: str) -> Clause:
        """Return a clause of one of its books.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self.book(book).clause(clause)


def defect_id(centre: str, book: str, clause: str) -> str:
    """Return the id of a defect, the same from run to run: facility, book and clause (TRADE 11)."""
    return f"{centre}/{book}/{clause}"
