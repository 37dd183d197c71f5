"""What reading a ledger has to say of it, row by row, and the ledger that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import geopandas as gpd
import pandas as pd
import pyproj

from planner.labels import DEFAULT_LANGUAGE, Language, Message, message
from planner.ledgers.marking import Layout
from planner.ledgers.vocabulary import label_of

Severity = Literal["grave", "doubt", "note"]
"""``grave``: a row or a figure could not be used, or two figures contradict each other;
``doubt``: used, but to be looked at; ``note``: said for the record."""

Action = Literal["set_aside", "emptied", "kept"]

FINDING_COLUMNS: Final = (
    "file", "row", "id", "column", "severity", "key", "fields", "action",
)  # fmt: skip
SET_ASIDE_COLUMNS: Final = ("file", "row", "id", "key", "fields")
_DTYPES: Final = {
    "file": "string",
    "row": "Int64",
    "id": "string",
    "column": "string",
    "severity": "string",
    "key": "string",
    "action": "string",
}


@dataclass(frozen=True)
class Finding:
    """One remark on a ledger.

    Parameters
    ----------
    told
        What it says; its key names the rule.
    severity, action
        How grave it is and what was done.
    row
        Row as a planner counts, or ``None`` where it concerns the whole file.
    column
        Heading of the ledger (or our column's name where it has none).
    id
        Id of the row, where it is already known.
    """

    told: Message
    severity: Severity
    action: Action = "kept"
    row: int | None = None
    column: str | None = None
    id: str | None = None


@dataclass
class Journal:
    """The findings of one reading, collected while it goes on.

    Parameters
    ----------
    file
        Name of the ledger's file (no folders: findings end up in outputs that travel).
    """

    file: str
    found: list[Finding] = field(default_factory=list)
    aside: dict[int, Message] = field(default_factory=dict)

    def add(
        self,
        severity: Severity,
        told: Message,
        *,
        action: Action = "kept",
        row: int | None = None,
        column: str | None = None,
        of: str | None = None,
    ) -> None:
        """Add a finding; ``of`` is the id of the row where there is no row number to look up."""
        self.found.append(Finding(told, severity, action, row, column, of))

    def set_aside(
        self, row: int, told: Message, *, severity: Severity = "grave", column: str | None = None
    ) -> None:
        """Set a row aside for the reason told; a row's first reason stands."""
        if row not in self.aside:
            self.aside[row] = told
            self.add(severity, told, action="set_aside", row=row, column=column)

    def findings(self, ids: Mapping[int, str]) -> pd.DataFrame:
        """Return the findings as a table, given the id of each row."""
        rows = [
            (
                self.file,
                one.row,
                one.id if one.row is None else ids.get(one.row, one.id),
                one.column,
                one.severity,
                one.told.key,
                one.told.fields,
                one.action,
            )
            for one in sorted(self.found, key=lambda one: one.row or 0)
        ]
        return _table(rows, FINDING_COLUMNS)

    def set_aside_rows(self, ids: Mapping[int, str]) -> pd.DataFrame:
        """Return the rows set aside as a table, given the id of each row."""
        rows = [
            (self.file, row, ids.get(row), told.key, told.fields)
            for row, told in sorted(self.aside.items())
        ]
        return _table(rows, SET_ASIDE_COLUMNS)


def _table(rows: Iterable[tuple[Any, ...]], columns: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(columns), dtype=object)
    return frame.astype({name: kind for name, kind in _DTYPES.items() if name in columns})


def finding_text(row: pd.Series, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return what one row of a findings or set-aside table says, in one language."""
    return message(row["key"], **row["fields"]).text(language)


@dataclass(frozen=True)
class Ledger:
    """A ledger that was read and judged: what is used, what is set aside, and what is said of it.

    Parameters
    ----------
    name
        Which table it is: ``communities``, ``residents``, ``centres``, ``candidates``,
        ``estates`` (or ``buildings``, residents that were not yet given their people).
    file
        Where it came from.
    table
        The checked table, in a metre CRS; index = ids (text).
    rows
        Row number in the file (as a planner counts) of each id of ``table``; 0 for rows that do
        not stand in the file.
    set_aside
        Rows not used: file, row, id, key, fields (the reason's text is ``message(key, **fields)``).
    findings
        file, row, id, column, severity, key, fields, action; rows without a row number concern
        the whole file.
    rows_read
        Rows of the file that hold anything.
    rows_added
        Rows of ``table`` that do not stand in the file (a community without buildings is one
        resident row).
    layout
        Where its columns stand in its workbook, where it is one that can be marked.
    headings
        The ledger's heading of each of our columns that it has.
    """

    name: str
    file: Path
    table: gpd.GeoDataFrame
    rows: pd.Series
    set_aside: pd.DataFrame
    findings: pd.DataFrame
    rows_read: int
    rows_added: int = 0
    layout: Layout | None = None
    headings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a ledger whose rows do not add up.

        Raises
        ------
        ValueError
            If rows read + rows added differs from rows used + rows set aside.
        """
        used, aside = len(self.table), len(self.set_aside)
        if self.rows_read + self.rows_added != used + aside:
            text = (
                f"{self.name}: {self.rows_read} rows read and {self.rows_added} added, "
                f"but {used} used and {aside} set aside"
            )
            raise ValueError(text)

    @property
    def crs(self) -> pyproj.CRS:
        """The metre CRS of the table."""
        return pyproj.CRS.from_user_input(self.table.crs)

    def with_findings(self, journal: Journal, table: gpd.GeoDataFrame) -> Ledger:
        """Return the ledger with a new table of the same rows, and a journal's findings added.

        Findings may name our columns: they are told by the ledger's headings, else by ours.
        """
        if not journal.found:
            return replace(self, table=table)
        named = {one.column for one in journal.found if one.column is not None}
        told = {
            one: self.headings[one] if one in self.headings else label_of(self.name, one)
            for one in named
        }
        row_of = dict(zip(self.rows.index.astype(str), self.rows.to_list(), strict=True))
        numbered = Journal(
            journal.file,
            [
                replace(
                    one, row=row_of.get(one.id or "", 0) or None, column=told.get(one.column or "")
                )
                for one in journal.found
            ],
        )
        parts: list[pd.DataFrame] = [self.findings, numbered.findings({})]
        return replace(self, table=table, findings=pd.concat(parts, ignore_index=True))
