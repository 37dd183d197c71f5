"""Columns whose words come again: what a word means is looked up once, however often it stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.ledgers.sheets import ObjectArray, whole_text

CodeArray = np.ndarray[tuple[int, ...], np.dtype[np.integer[Any]]]


def coded(cells: pd.Series) -> tuple[CodeArray, ObjectArray]:
    """Return a column as its distinct cells and which of them each row has.

    Parameters
    ----------
    cells
        Cells as the file has them, or a column that :func:`with_codes` returned.

    Returns
    -------
    tuple
        The place of each row's cell among the distinct ones, -1 where it is missing, shape
        (rows,); and the distinct cells, all of which need not be in use.
    """
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return cells.cat.codes.to_numpy(), cells.cat.categories.to_numpy(dtype=object)
    codes, distinct = pd.factorize(cells.to_numpy(dtype=object))
    return codes, np.asarray(distinct, dtype=object)


def with_codes(cells: pd.Series) -> pd.Series:
    """Return a column as a categorical one, so that it is never coded twice."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return cells
    codes, distinct = coded(cells)
    words = pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype=object))
    return pd.Series(words, index=cells.index)


def decoded_texts(cells: pd.Series, texts: Sequence[Any]) -> pd.Series:
    """Return a column of text from what each distinct cell of :func:`coded` means."""
    codes, _ = coded(cells)
    taken = np.array([*texts, None], dtype=object)[codes]
    return pd.Series(taken, index=cells.index, dtype="string")


def rows_with(cells: pd.Series, places: Collection[int]) -> dict[int, int]:
    """Return the rows that have certain distinct cells, and which: row → place among them."""
    if not places:
        return {}
    codes, _ = coded(cells)
    found = np.flatnonzero(np.isin(codes, list(places)))
    rows = cells.index.to_numpy(dtype=np.int64)
    return dict(zip(rows[found].tolist(), codes[found].tolist(), strict=True))


class ColumnTexts:
    """The columns of a ledger as one text each (:func:`column_text`), each made once.

    Parameters
    ----------
    cells
        The ledger's cells; columns are asked for by their place.
    """

    def __init__(self, cells: pd.DataFrame) -> None:
        self.cells = cells
        self._made: dict[int, str | None] = {}

    def __getitem__(self, place: int) -> str | None:
        """Return the text of the column at a place."""
        if place not in self._made:
            self._made[place] = column_text(self.cells[place])
        return self._made[place]


def column_text(cells: pd.Series) -> str | None:
    """Return :func:`planner.ledgers.sheets.whole_text` of a column, its repeats left out.

    ``None`` where any cell is no text, or missing.
    """
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        return whole_text(cells.to_numpy(dtype=object))
    codes, distinct = coded(cells)
    return None if len(codes) and codes.min() < 0 else whole_text(distinct)
