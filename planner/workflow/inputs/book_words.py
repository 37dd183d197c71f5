"""Rule books in words: the list of them, and one with every clause, as the shell prints them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from planner.labels import (
    DEFAULT_LANGUAGE,
    Language,
    Message,
    choice,
    enumerated,
    message,
    text,
)
from planner.outputs.terminal import padded, wrapped
from planner.standards.rulebooks.books import rule_book, rule_book_list
from planner.standards.rulebooks.clauses import CentreClass, Clause, RuleBook, When
from planner.standards.rulebooks.quantities import OF_CENTRES, QUANTITIES
from planner.standards.rulebooks.vocabulary import FORCES
from planner.standards.rulebooks.wording import figure, weight
from planner.workflow.inputs.project import read_settings

WIDTH: Final = 100
"""Columns of a terminal, where nothing else is known."""

_DECIMALS: Final = 3
_INDENT: Final = "    "


def amount(value: float, unit: str, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return a figure with its unit: ``1,085 m²``; a ratio of one in so many as ``1∶6``."""
    if unit == "ratio" and 0 < value < 1 and abs(1 / value - round(1 / value)) < 1e-9:
        return text("clauses.one_in", language, whole=round(1 / value))
    return text(f"units_of.{unit}", language, value=figure(value, _DECIMALS))


def _listed(values: Iterable[str], language: Language) -> str:
    return enumerated(choice(value) for value in values).text(language)


def _class_figure(one: CentreClass, clause: Clause, language: Language) -> str:
    """Return what the clause's figure is for one class."""
    found = getattr(one, str(clause.by_class))
    if isinstance(found, dict):
        told = enumerated(f"{group} {figure(share)} %" for group, share in found.items())
        shown = told.text(language)
    else:
        shown = amount(found, clause.unit, language)
    name = choice(one.name)
    return text("clauses.by_class", language, centre_class=name, figure=shown)


def asks(clause: Clause, book: RuleBook, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return what a clause asks for, with its figure and unit: ``建筑面积 ≥ 350 m²``.

    Parameters
    ----------
    clause, book
        A clause of a book: the figures by class stand in the book.
    language
        Language of the words.
    """
    quantity = QUANTITIES[clause.quantity]
    if clause.comparison == "statement":
        if clause.force == "-":
            return text("clauses.asks_of_project", language)
        if quantity.subject == "community":
            return text("clauses.asks_of_circle", language)
        if quantity.name == "statement":
            return quantity.label(language)
    if clause.by_class:
        mark = text("clauses.group_mark", language)
        shown = mark.join(_class_figure(one, clause, language) for one in book.classes)
    else:
        shown = "" if clause.value is None else amount(clause.value, clause.unit, language)
    key = f"clauses.asks_{clause.comparison}" + ("_within" if clause.tolerance else "")
    return text(
        key,
        language,
        what=quantity.label(language),
        figure=shown,
        upper="" if clause.upper is None else amount(clause.upper, clause.unit, language),
        tolerance=amount(
            clause.tolerance or 0.0,
            "percentage_points" if clause.unit == "percent" else clause.unit,
            language,
        ),
        items=_listed(clause.items, language),
    )


def conditions(when: When, language: Language = DEFAULT_LANGUAGE) -> list[str]:
    """Return the conditions of a clause in words, none where it always applies."""
    told = []
    if when.built:
        values = _listed(when.built, language)
        told.append(text("clauses.when_built", language, values=values))
    for name in ("capacity_from", "floor_from"):
        least = getattr(when, name)
        if least is not None:
            told.append(text(f"clauses.when_{name}", language, value=figure(least)))
    if when.estate:
        ages = [text(f"clauses.estate_{age}", language) for age in when.estate]
        values = enumerated(ages).text(language)
        told.append(text("clauses.when_estate", language, values=values))
    return told


def scope(clause: Clause, book: RuleBook, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return whom a clause binds, and under which conditions."""
    subject = QUANTITIES[clause.quantity].subject
    told = conditions(clause.when, language)
    if subject in OF_CENTRES:
        kinds = book.kinds_of(clause)
        told.insert(0, _listed(kinds, language) if kinds else text("books.no_centre", language))
    elif not clause.when.estate:
        told.insert(0, text(f"clauses.subject_{subject}", language))
    return text("clauses.group_mark", language).join(told)


def _force(force: str, language: Language) -> str:
    return text("books.force_choice" if force == "-" else f"books.force_{force}", language)


def dates_of(book: RuleBook) -> Message:
    """Return from when until when a book binds, as far as it is known."""
    given = {"begins": book.in_force_from, "ends": book.in_force_until}
    dates = {name: date for name, date in given.items() if date is not None}
    return message("_".join(["books.in_force", *dates]), **dates)


def in_force(book: RuleBook, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return :func:`dates_of` in words."""
    return dates_of(book).text(language)


def counts(clauses: Sequence[Clause], language: Language = DEFAULT_LANGUAGE) -> str:
    """Return how many clauses there are, by force, and how many are still to be checked."""
    number = {force: sum(one.force == force for one in clauses) for force in FORCES}
    by_force = enumerated(
        f"{_force(force, language)} {count}" for force, count in number.items() if count
    )
    to_check = sum(one.to_check for one in clauses)
    return text("books.counts", language, all=len(clauses), by_force=by_force, to_check=to_check)


def _about(book: RuleBook, language: Language) -> str:
    kinds = _listed(book.applies_to, language) or text("books.no_centre", language)
    parts = [_listed([book.place], language), in_force(book, language), kinds]
    if book.based_on:
        parts.append(text("books.based_on", language, name=book.based_on))
    return text("books.part_mark", language).join(parts)


def book_list(
    books: Sequence[RuleBook], language: Language = DEFAULT_LANGUAGE, *, width: int = WIDTH
) -> list[str]:
    """Return the list of rule books: name, title, place, dates, kinds, clauses by force.

    Parameters
    ----------
    books
        The books, in the order in which they are listed.
    language
        Language of the words.
    width
        Columns of the terminal.
    """
    column = max((len(book.name) for book in books), default=0) + 2
    indent = " " * column
    lines = []
    for book in books:
        title = wrapped(book.title(language), width, indent)
        lines.append(padded(book.name, column) + title[0].removeprefix(indent))
        lines += title[1:]
        for part in (_about(book, language), counts(book.clauses, language)):
            lines += wrapped(part, width, indent)
    return [*lines, "", *wrapped(text("books.how_to_read", language), width)]


def _clause_lines(clause: Clause, book: RuleBook, language: Language, width: int) -> list[str]:
    said = {
        "rule": clause.text(language),
        "scope": scope(clause, book, language),
        "source": clause.source,
        "remedy": clause.remedy(language),
    }
    article = "" if clause.article == "-" else f" {clause.article}"
    weighed = [] if clause.force == "-" else [_force(clause.force, language)]
    mark_code = "" if clause.mark == "-" else f"{clause.mark} "
    weighed.append(mark_code + weight(clause, language))
    mark = text("books.part_mark", language)
    lines = wrapped(f"{clause.id}{article}{mark}{mark.join(weighed)}", width)
    lines += wrapped(asks(clause, book, language), width, _INDENT)
    for key, told in said.items():
        lines += wrapped(text(f"books.{key}", language, told=told), width, _INDENT)
    return lines


def book_lines(
    book: RuleBook, language: Language = DEFAULT_LANGUAGE, *, width: int = WIDTH
) -> list[str]:
    """Return a rule book with every clause: article, force, mark, figure, scope, source, remedy.

    Parameters
    ----------
    book
        The book.
    language
        Language of the words; sources are told as the book has them.
    width
        Columns of the terminal.
    """
    lines = wrapped(book.title(language), width)
    lines += wrapped(
        f"{book.name}{text('books.part_mark', language)}{_about(book, language)}", width
    )
    lines += wrapped(counts(book.clauses, language), width)
    for one in book.classes:
        key = "books.class_upper" if one.includes_upper else "books.class"
        bounds = (figure(one.population_from, 0), figure(one.population_to, 0))
        name = choice(one.name)
        told = text(key, language, name=name, least=bounds[0], most=bounds[1])
        lines += wrapped(told, width, _INDENT)
    for clause in book.clauses:
        lines += ["", *_clause_lines(clause, book, language, width)]
    return lines


def standards_lines(
    name: str | None,
    project: Path | None = None,
    language: Language = DEFAULT_LANGUAGE,
    *,
    width: int = WIDTH,
) -> list[str]:
    """Return what ``planner standards`` prints.

    Parameters
    ----------
    name
        A book's name; ``None`` for the list of all.
    project
        A project's folder, whose own books are told, too.
    language
        Language of the words.
    width
        Columns of the terminal.

    Raises
    ------
    RuleBookError
        If no book has that name, or one is badly formed.
    InputFileError, ScenarioError
        If the folder holds no project, or its settings are wrong.
    """
    folder = None if project is None else read_settings(project).rules_folder
    if name is None:
        return book_list(rule_book_list(folder), language, width=width)
    return book_lines(rule_book(name, folder), language, width=width)
