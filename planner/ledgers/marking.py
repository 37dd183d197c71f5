"""Where a ledger's columns stand in its workbook, to put findings back onto its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MARKED_SUFFIXES: Final = (".xlsx", ".xlsm")
"""Workbooks that a copy can be made of, cell by cell."""


@dataclass(frozen=True)
class Layout:
    """Where a ledger's columns stand in its workbook.

    Parameters
    ----------
    sheet
        Title of the sheet that was read; ``None`` where the file is no workbook that can be
        marked (text, vector files, old ``.xls``).
    columns
        Heading as the findings name it → its place, from 0.
    persons
        Places of columns that identify persons: emptied in every copy.
    data_rows
        First and last row, as a planner counts, of the rows under the headings. Others (titles,
        who filled it in) are emptied in every copy where they name persons.
    """

    sheet: str | None = None
    columns: Mapping[str, int] = field(default_factory=dict)
    persons: tuple[int, ...] = ()
    data_rows: tuple[int, int] = (2, 2)
