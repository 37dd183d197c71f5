"""Rule books from their files: one a standard or place, shipped or in the user's folder."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from planner.errors import RuleBookError
from planner.labels import message
from planner.standards.rulebooks.book_faults import ENDING, book_faults
from planner.standards.rulebooks.clauses import CentreClass, Clause, Room, RuleBook

DEFAULT_BOOK: Final = "jianbiao-143-2010"


def book_from_text(text: str, file: str) -> RuleBook:
    """Return the rule book that a file's text holds.

    Parameters
    ----------
    text
        TOML; the shipped books are examples.
    file
        The file's name (``<book's name>.toml``), for messages.

    Raises
    ------
    RuleBookError
        With every fault found: file, clause and cure.
    """
    refused = message("standards.book_refused", file=file)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = message("standards.not_toml", file=file, why=str(error))
        raise RuleBookError(refused, [problem]) from error
    problems = book_faults(file, raw)
    if problems:
        raise RuleBookError(refused, problems)
    classes = [CentreClass(**entry) for entry in raw["class"]]
    book = raw["book"]
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
        clauses=tuple(Clause(**entry) for entry in raw["clause"]),
    )


def _files(folder: Path | None) -> dict[str, Traversable]:
    """Return the files of all books by name; the user's folder comes before the shipped ones."""
    found: dict[str, Traversable] = {}
    places: list[Traversable] = [resources.files("planner.standards") / "rules"]
    if folder is not None and folder.is_dir():
        places.append(folder)
    for place in places:
        for file in sorted(place.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(ENDING) and file.is_file():
                found[file.name.removesuffix(ENDING)] = file
    return found


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
    file = _files(None)[name]
    return book_from_text(file.read_text(encoding="utf-8"), file.name)


def rule_book(name: str = DEFAULT_BOOK, folder: Path | None = None) -> RuleBook:
    """Return a rule book by its name.

    Parameters
    ----------
    name
        The book's name.
    folder
        A folder of the user's own books; one of the same name stands in for the shipped one.

    Raises
    ------
    RuleBookError
        If no book has that name, or its file is badly formed: with every fault found.
    """
    files = _files(folder)
    if name not in files:
        known = "、".join(sorted(files))
        raise RuleBookError(message("standards.book_unknown", name=name, names=known))
    file = files[name]
    if folder is None or not (folder / file.name).is_file():
        return _shipped_book(name)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problem = message("standards.not_utf8", file=file.name)
        raise RuleBookError(message("standards.book_refused", file=file.name), [problem]) from error
    return book_from_text(text, file.name)
