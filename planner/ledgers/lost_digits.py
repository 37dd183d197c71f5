"""Ids that a spreadsheet made numbers of, and that lost digits by it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from planner.labels import message
from planner.ledgers.findings import Journal
from planner.ledgers.sheets import rows_listed, whole_text

LARGEST_NUMBER: Final = 10**15
"""Spreadsheets keep 15 digits of a number; those after are 0."""


def lost_digits(ids: pd.Series) -> tuple[dict[int, str], list[int]]:
    """Return ids that were stored as numbers and lost digits by it.

    Parameters
    ----------
    ids
        Cells as the file has them; index = row numbers.

    Returns
    -------
    tuple
        Cells of more than 15 digits, by row; and rows whose number is shorter than ids of the same
        column that are text, all of one length, some with a leading zero.
    """
    if whole_text(ids.to_numpy(dtype=object)) is not None:
        return {}, []
    numbers = {
        int(row): int(cell)
        for row, cell in zip(ids.index, ids.to_numpy(dtype=object), strict=True)
        if isinstance(cell, int | float) and cell == cell and not isinstance(cell, bool)
    }
    if not numbers:
        return {}, []
    lost = {row: str(number) for row, number in numbers.items() if number >= LARGEST_NUMBER}
    texts = [cell.strip() for cell in ids if isinstance(cell, str) and cell.strip().isdecimal()]
    lengths = {len(text) for text in texts}
    if len(lengths) != 1 or not any(text.startswith("0") for text in texts):
        return lost, []
    (length,) = lengths
    return lost, [row for row, number in numbers.items() if len(str(number)) < length]


def without_lost_digits(
    ids: pd.Series, cells: pd.Series, heading: str, journal: Journal
) -> pd.Series:
    """Return ids without those that lost digits, telling of them, and of zeros that were lost.

    Parameters
    ----------
    ids
        The ids as text; index = row numbers.
    cells
        Their cells as the file has them.
    heading
        Of their column.
    journal
        Is told.
    """
    lost, zeros = lost_digits(cells)
    for row, cell in lost.items():
        told = message("ledgers.id_digits_lost", cell=cell)
        journal.add("grave", told, action="emptied", row=row, column=heading)
    if zeros:
        example = next(one for one in ids.dropna() if one.startswith("0"))
        told = message("ledgers.id_zeros_lost", example=example, rows=rows_listed(zeros))
        journal.add("doubt", told, column=heading)
    return ids.mask(ids.index.isin(list(lost))) if lost else ids
