"""Books listed beside the one that they are based on: what both say is judged once.

A book that is based on another holds that one's clauses already. Where a project lists both, the
heir stands for both: else each inherited breach would be told, counted and costed twice.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from planner.labels import Message, enumerated, message
from planner.standards.judging.naming import ROOMS
from planner.standards.rulebooks.books import rule_book
from planner.standards.rulebooks.clauses import Clause, RuleBook


@dataclass(frozen=True)
class OnceJudged:
    """Books of which no inherited clause is judged twice.

    Parameters
    ----------
    books
        In the order given; those that another stands for are left out.
    stands_for
        Names of heirs, and of the books that each stands for.
    shared
        Names of books that keep their place, and of the earlier one that says some of the same:
        these clauses are judged there alone.
    """

    books: tuple[RuleBook, ...]
    stands_for: tuple[tuple[str, str], ...]
    shared: tuple[tuple[str, str], ...]

    @property
    def notices(self) -> tuple[Message, ...]:
        """What is to be told of it: nothing where no book is based on another."""
        told = [
            message("standards.heir_stands", heir=heir, base=base) for heir, base in self.stands_for
        ]
        for book in dict.fromkeys(name for name, _ in self.shared):
            earlier = enumerated(other for name, other in self.shared if name == book)
            told.append(message("standards.judged_once", book=book, others=earlier))
        return tuple(told)


def _family(book: RuleBook, folder: Path | None) -> tuple[str, ...]:
    """Return the book's name and those of all that it is based on, the nearest first."""
    names = [book.name]
    base = book.based_on
    while base and base not in names:
        names.append(base)
        base = rule_book(base, folder).based_on
    return tuple(names)


def _said(book: RuleBook, clause: Clause) -> tuple[object, ...]:
    """Return what a clause says and of which kinds of centre: equal ones are the same rule.

    A clause by class says what the book's classes have, one on rooms what its list of rooms has.
    """
    figures = book.classes if clause.by_class else ()
    rooms = book.rooms if clause.quantity == ROOMS else ()
    return clause, book.kinds_of(clause), figures, rooms


def judged_once(
    books: Sequence[RuleBook],
    folder: Path | None,
    *,
    main: str,
    on: datetime.date | None = None,
) -> OnceJudged:
    """Return books with every inherited clause in one of them alone.

    Parameters
    ----------
    books
        The project's books, in its order.
    folder
        A folder of the user's own books.
    main
        The book that sets floor areas: it stays though another is based on it, and what the two
        have in common is judged by it.
    on
        The day of the audit: a book that does not bind on it stands for none.
    """
    bound = {one.name for one in books if on is None or one.in_force(on)}
    families = {book.name: _family(book, folder) for book in books}
    heirs = {
        base: heir.name
        for heir in reversed(books)
        for base in families[heir.name][1:]
        if heir.name in bound and base != main and base in families
    }
    kept: list[RuleBook] = []
    shared: list[tuple[str, str]] = []
    for given in books:
        if given.name in heirs:
            continue
        # Only relatives: that two independent books ask for the same is worth two findings.
        related = [
            one
            for one in (books if given.name == main else kept)
            if {one.name, given.name} <= bound
            and one.name != given.name
            and set(families[one.name]) & set(families[given.name])
        ]
        if given.name == main:
            changed = [one for one in related if main in families[one.name]]
            kept.append(_unchanged(given, changed))
            continue
        twice = _said_before(given, related)
        shared += [(given.name, name) for name in dict.fromkeys(twice.values())]
        own = tuple(clause for clause in given.clauses if clause.id not in twice)
        kept.append(replace(given, clauses=own))
    stands = tuple((_last(heirs, heir), base) for base, heir in heirs.items())
    return OnceJudged(tuple(kept), stands, tuple(shared))


def _unchanged(main: RuleBook, heirs: Sequence[RuleBook]) -> RuleBook:
    """Return the project's first book without what its heirs say otherwise.

    The figures of its classes stay: floor areas are set by them.
    """
    theirs = {clause.id: _said(heir, clause) for heir in heirs for clause in heir.clauses}
    own = tuple(
        clause
        for clause in main.clauses
        if clause.by_class or theirs.get(clause.id) in (None, _said(main, clause))
    )
    return replace(main, clauses=own)


def _said_before(book: RuleBook, others: Sequence[RuleBook]) -> dict[str, str]:
    """Return the clauses that another book says word for word of the same kinds: by which."""
    said = [(_said(one, clause), one.name) for one in others for clause in one.clauses]
    return {
        clause.id: name
        for clause in book.clauses
        for rule, name in said
        if rule == _said(book, clause)
    }


def _last(heirs: dict[str, str], name: str) -> str:
    """Return the heir that stays: an heir may itself be stood for."""
    while name in heirs:
        name = heirs[name]
    return name
