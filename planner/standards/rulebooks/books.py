"""Rule books from their files: one a standard or place, shipped or in the user's folder."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from planner.errors import RuleBookError
from planner.labels import Message, message
from planner.standards.rulebooks.book_faults import ENDING, book_faults, partial_faults
from planner.standards.rulebooks.book_schema import day, is_text, schema_problems
from planner.standards.rulebooks.clauses import CentreClass, Clause, Room, RuleBook, When
from planner.standards.rulebooks.inheriting import Raw, changed

DEFAULT_BOOK: Final = "jianbiao-143-2010"

Step = tuple[str, bool]
"""A book on the way down: its name, and whether it is the shipped one of that name."""

_LISTS: Final = ("items", "kinds", "measures")
_LISTED_CONDITIONS: Final = ("built", "estate")


def book_from_text(text: str, file: str, folder: Path | None = None) -> RuleBook:
    """Return the rule book that a file's text holds.

    Parameters
    ----------
    text
        TOML; the shipped books are examples.
    file
        The file's name (``<book's name>.toml``), for messages.
    folder
        A folder of the user's own books, where the one that it is based on may stand.

    Raises
    ------
    RuleBookError
        With every fault found: file, clause and cure.
    """
    return _book(_whole(text, ((file.removesuffix(ENDING), False),), folder))


def _whole(text: str, way: tuple[Step, ...], folder: Path | None) -> Raw:
    """Return what a file holds, with what the book that it is based on gives; all checked."""
    file = way[-1][0] + ENDING
    refused = message("standards.book_refused", file=file)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = message("standards.not_toml", file=file, why=str(error))
        raise RuleBookError(refused, [problem]) from error
    problems, base = schema_problems(file, raw), None
    book = raw.get("book")
    if isinstance(book, dict) and is_text(book.get("based_on")):
        base = _base(book["based_on"], way, folder)
    if isinstance(base, Message):
        problems.append(base)
    below: Raw | None = None
    beneath: tuple[Message, ...] = ()
    if isinstance(base, tuple):
        try:
            below = _whole(_text(_files(folder, shipped=base[1])[base[0]]), (*way, base), folder)
        except RuleBookError as error:
            beneath = error.problems
    if problems or beneath:
        raise RuleBookError(refused, [*problems, *partial_faults(file, raw, below), *beneath])
    whole = raw if below is None else changed(below, raw)
    if problems := book_faults(file, whole):
        raise RuleBookError(refused, problems)
    return whole


def _base(name: str, way: tuple[Step, ...], folder: Path | None) -> Step | Message | None:
    """Return the book that the last one on the way is based on, or why it cannot be.

    A book of the user's own may be based on the shipped one of its own name: that is how one
    figure is corrected. Any other way back to a book that is on the way already is a circle.
    """
    above, own = way[-1], (name, False)
    file, shipped = above[0] + ENDING, name in _files(None)
    there = own in way or name in own_books(folder)
    step = own if there and own != above else (name, True)
    if step in way or (own == above and not shipped):
        chain = " → ".join([*(one for one, _ in way), name])
        return message("standards.base_circular", file=file, chain=chain)
    if not there and not shipped:
        known = "、".join(sorted(_files(folder)))
        return message("standards.base_unknown", file=file, name=name, names=known)
    return step


def _clause(entry: Mapping[str, Any]) -> Clause:
    """Return a clause of its entry: lists as tuples, its conditions as a :class:`When`."""
    values = dict(entry)
    values |= {key: tuple(values[key]) for key in _LISTS if key in values}
    when = dict(values.get("when", {}))
    when |= {key: tuple(when[key]) for key in _LISTED_CONDITIONS if key in when}
    return Clause(**(values | {"when": When(**when)}))


def _book(raw: Raw) -> RuleBook:
    book = raw["book"]
    classes = [CentreClass(**entry) for entry in raw.get("class", [])]
    return RuleBook(
        name=book["name"],
        zh=book["zh"],
        en=book["en"],
        place=book["place"],
        applies_to=tuple(book["applies_to"]),
        classes=tuple(sorted(classes, key=lambda entry: entry.population_from)),
        rooms=tuple(
            Room(entry["name"], entry["group"], tuple(entry.get("also_called", ())))
            for entry in raw.get("room", [])
        ),
        clauses=tuple(_clause(entry) for entry in raw["clause"]),
        in_force_from=day(book.get("in_force_from")),
        in_force_until=day(book.get("in_force_until")),
        based_on=book.get("based_on", ""),
    )


def _text(file: Traversable) -> str:
    """Return a file's text; Notepad's mark at its beginning is no part of it."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = message("standards.not_utf8", file=file.name)
        raise RuleBookError(message("standards.book_refused", file=file.name), [problem]) from error


def _books_in(place: Traversable) -> dict[str, Traversable]:
    return {
        file.name[: -len(ENDING)]: file
        for file in sorted(place.iterdir(), key=lambda entry: entry.name)
        if file.name.lower().endswith(ENDING) and file.is_file()
    }


def own_books(folder: Path | None) -> dict[str, Traversable]:
    """Return the files of the user's own books by name; none where there is no such folder."""
    return {} if folder is None or not folder.is_dir() else _books_in(folder)


def _files(folder: Path | None, *, shipped: bool = False) -> dict[str, Traversable]:
    """Return the files of all books by name; the user's own before the shipped ones."""
    found = _books_in(resources.files("planner.standards") / "rules")
    return found if shipped else found | own_books(folder)


def rule_books(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of the books that :func:`rule_book` knows.

    Parameters
    ----------
    folder
        A folder of the user's own books (``*.toml``), beside the shipped ones.
    """
    return tuple(sorted(_files(folder)))


@cache
def _shipped_book(name: str) -> RuleBook:
    return _book(_whole(_text(_files(None)[name]), ((name, True),), None))


def rule_book(name: str = DEFAULT_BOOK, folder: Path | None = None) -> RuleBook:
    """Return a rule book by its name.

    Parameters
    ----------
    name
        The book's name.
    folder
        A folder of the user's own books; one of the same name stands in for the shipped one,
        also where a shipped book is based on it.

    Raises
    ------
    RuleBookError
        If no book has that name, or its file is badly formed: with every fault found.
    """
    files, own = _files(folder), own_books(folder)
    if name not in files:
        known = "、".join(sorted(files))
        raise RuleBookError(message("standards.book_unknown", name=name, names=known))
    if not own:
        return _shipped_book(name)
    return _book(_whole(_text(files[name]), ((name, name not in own),), folder))


def classed_book(book: str | RuleBook = DEFAULT_BOOK, folder: Path | None = None) -> RuleBook:
    """Return a rule book that sets floor areas by classes of population.

    Parameters
    ----------
    book
        Its name, or the book itself.
    folder
        A folder of the user's own books.

    Raises
    ------
    RuleBookError
        As :func:`rule_book`; and if the book has no classes: no floor area follows from it.
    """
    found = rule_book(book, folder) if isinstance(book, str) else book
    if not found.classes:
        raise RuleBookError(message("standards.book_without_classes", name=found.name))
    return found


def faults_once(problems: Iterable[Message]) -> list[Message]:
    """Return faults of several books, each once; a circle of books is one fault of all of them."""
    told: dict[object, Message] = {}
    for problem in problems:
        key: object = problem.text()
        if problem.key == "standards.base_circular":
            names = str(problem.fields["chain"]).split(" → ")
            key = frozenset(names[names.index(names[-1]) :])
        told.setdefault(key, problem)
    return list(told.values())


def rule_book_list(folder: Path | None = None) -> tuple[RuleBook, ...]:
    """Return every book that :func:`rule_book` knows, by name.

    Parameters
    ----------
    folder
        A folder of the user's own books, beside the shipped ones.

    Raises
    ------
    RuleBookError
        With every fault of every file that is badly formed.
    """
    books: list[RuleBook] = []
    problems: list[Message] = []
    for name in rule_books(folder):
        try:
            books.append(rule_book(name, folder))
        except RuleBookError as error:
            problems += error.problems
    problems = faults_once(problems)
    if problems:
        raise RuleBookError(message("standards.books_refused"), problems)
    return tuple(books)
