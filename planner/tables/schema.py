"""What a table is: its name and columns, and each column's kind, labels, meaning and bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from planner.labels import DEFAULT_LANGUAGE, Language

Kind = Literal["text", "number", "choice", "flag", "geometry"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Name in code, with its unit.
    kind
        What its values are: text, a number, one of ``choices``, true/false, or a geometry.
    zh, en
        What a planner reads above the column.
    meaning
        One sentence for the data dictionary.
    required
        Whether the table is refused without it. Values may still be missing in columns that
        are ``nullable``; missing means *unknown*, never 0.
    nullable
        Whether single values may be missing.
    minimum, maximum
        Bounds of a number, both inclusive.
    choices
        Allowed values of a choice.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    meaning: str
    required: bool = False
    nullable: bool = True
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    def label(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the heading that a planner reads."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Table:
    """A table's name and columns; the index is the row's id."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]

    def label(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the table's name as a planner reads it."""
        return self.zh if language == "zh" else self.en

    def __iter__(self) -> Iterator[Column]:
        """Iterate over the columns."""
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        """Return the column called ``name``."""
        return next(column for column in self.columns if column.name == name)
