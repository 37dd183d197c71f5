"""The rule books of a project, and the day on which they are held against its ledgers."""

from __future__ import annotations

import datetime
import re
from typing import Final

from planner.errors import RuleBookError, ScenarioError
from planner.labels import Message, message
from planner.standards.rulebooks.books import classed_book, faults_once, rule_book
from planner.standards.rulebooks.clauses import RuleBook
from planner.workflow.inputs.book_words import dates_of
from planner.workflow.inputs.inherited_books import OnceJudged, judged_once
from planner.workflow.inputs.project import Project

YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
"""A year in a title: 建标 143-2010; no part of a longer number, as in GB 50180."""


def project_book(project: Project) -> RuleBook:
    """Return the rule book that sets a project's floor areas, its own where it has such a folder.

    It must be in force on the day of the audit, where the project names one: floor areas, grades
    and clauses would else be judged by different books.

    Raises
    ------
    RuleBookError
        If no such book is known, one is badly formed, it has no classes to set areas by, or it is
        not in force on the day.
    ScenarioError
        If the day of the audit is none.
    """
    book = classed_book(project.scenario.standard.book, project.rules_folder)
    on = audit_day(project)
    if on is None or book.in_force(on):
        return book
    told = message(
        "standards.main_not_in_force",
        name=book.name,
        dates=dates_of(book),
        on=on,
    )
    raise RuleBookError(told)


def project_books(project: Project) -> tuple[RuleBook, ...]:
    """Return all rule books of a project, in its order: ``[standard] book`` first, each once.

    Where one is based on another, what both say is in one of them alone.

    Raises
    ------
    RuleBookError
        If one of them is not known, or badly formed.
    ScenarioError
        If the day of the audit is none.
    """
    return _books_once(project).books


def books_in_force(project: Project) -> tuple[RuleBook, ...]:
    """Return those of :func:`project_books` that are in force on the day of the audit.

    Raises
    ------
    RuleBookError, ScenarioError
        As :func:`project_books`.
    """
    on = audit_day(project)
    return tuple(book for book in project_books(project) if on is None or book.in_force(on))


def book_notices(project: Project) -> tuple[Message, ...]:
    """Return what is to be told of books beside the one they are based on, or not yet written.

    A book without dates is judged by on any day; but where its title bears a later year than that
    of the day of the audit it cannot have been in force then.

    Raises
    ------
    RuleBookError, ScenarioError
        As :func:`project_books`.
    """
    once, on = _books_once(project), audit_day(project)
    if on is None:
        return once.notices
    years = [(book, _title_year(book)) for book in books_in_force(project)]
    early = [
        message("standards.before_its_year", book=book.zh, year=str(year), on=on)
        for book, year in years
        if book.in_force_from is None and on.year < year
    ]
    return (*once.notices, *early)


def _title_year(book: RuleBook) -> int:
    """Return the last year that a book's title bears, that of its edition; 0 where it has none."""
    return max((int(year) for year in YEAR.findall(book.zh)), default=0)


def _books_once(project: Project) -> OnceJudged:
    main, others = project_book(project), project_other_books(project)
    return judged_once((main, *others), project.rules_folder, main=main.name, on=audit_day(project))


def project_other_books(project: Project) -> tuple[RuleBook, ...]:
    """Return the rule books that are judged beside ``[standard] book``, each once.

    Raises
    ------
    RuleBookError
        If some are not known, or badly formed: with every fault of each.
    """
    names = dict.fromkeys(project.scenario.standard.books)
    names.pop(project.scenario.standard.book, None)
    books, errors = [], []
    for name in names:
        try:
            books.append(rule_book(name, project.rules_folder))
        except RuleBookError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        told = [problem for error in errors for problem in (error.problems or (error.message,))]
        raise RuleBookError(message("standards.books_refused"), faults_once(told))
    return tuple(books)


def audit_day(project: Project) -> datetime.date | None:
    """Return the day of the audit, ``[standard] on``; ``None`` where the project names none.

    Raises
    ------
    ScenarioError
        If what it names is no day.
    """
    on = project.scenario.standard.on.strip()
    if not on:
        return None
    try:
        return datetime.date.fromisoformat(on)
    except ValueError as error:
        problem = message("estates.no_audit_day", value=on)
        raise ScenarioError(message("scenario.refused"), [problem]) from error
