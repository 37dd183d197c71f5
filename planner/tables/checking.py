"""The door of every calculation: a table is refused with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.errors import TableError
from planner.labels import Message, message
from planner.tables.schema import Column, Table

LISTED_ROWS: Final = 5


def listed(ids: Iterable[Any]) -> str:
    """Return the first few of many ids for a message, each once: ``a、b、c … (120)``."""
    shown = list(dict.fromkeys(str(value) for value in ids))
    first = "、".join(shown[:LISTED_ROWS])
    return first if len(shown) <= LISTED_ROWS else f"{first} … ({len(shown)})"


def _index_problems(table: Table, frame: pd.DataFrame) -> list[Message]:
    problems = []
    if frame.index.hasnans:
        problems.append(message("tables.id_missing", table=table.name))
    repeated = frame.index[frame.index.duplicated()].unique()
    if len(repeated):
        problems.append(message("tables.id_repeated", table=table.name, ids=listed(repeated)))
    return problems


def _number_problems(table: Table, column: Column, values: pd.Series) -> list[Message]:
    if not pd.api.types.is_numeric_dtype(values):
        return [message("tables.not_numbers", table=table.name, column=column.name)]
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    wrong = np.isinf(numbers)
    if column.minimum is not None:
        wrong |= numbers < column.minimum
    if column.maximum is not None:
        wrong |= numbers > column.maximum
    if not wrong.any():
        return []
    return [
        message(
            "tables.out_of_bounds",
            table=table.name,
            column=column.name,
            ids=listed(values.index[wrong]),
        )
    ]


def _column_problems(table: Table, column: Column, frame: pd.DataFrame) -> list[Message]:
    if column.name not in frame.columns:
        if not column.required:
            return []
        return [message("tables.column_missing", table=table.name, column=column.name)]
    values = frame[column.name]
    problems = []
    if not column.nullable:
        missing = values.isna()
        if missing.any():
            empty = listed(values.index[missing])
            problems.append(
                message("tables.value_missing", table=table.name, column=column.name, ids=empty)
            )
    if column.kind == "number":
        problems += _number_problems(table, column, values)
    if column.kind == "choice":
        # The few words of a long column are looked up, not its rows.
        words = pd.Series(list(set(values.to_numpy(dtype=object))), dtype=object).dropna()
        if not set(words) <= set(column.choices):
            unknown = ~values.isin(column.choices) & values.notna()
            problems.append(
                message(
                    "tables.not_a_choice",
                    table=table.name,
                    column=column.name,
                    ids=listed(values.index[unknown]),
                    choices="、".join(column.choices),
                )
            )
    return problems


def table_problems(table: Table, frame: pd.DataFrame, *, geometry: bool = True) -> list[Message]:
    """Return everything that is wrong with ``frame`` as a ``table``; an empty list if nothing.

    Parameters
    ----------
    table
        What the frame should be.
    frame
        The table to look at; never changed.
    geometry
        Whether its geometry is needed. Siting, for one, needs none.
    """
    problems = _index_problems(table, frame)
    for column in table:
        if geometry or column.kind != "geometry":
            problems += _column_problems(table, column, frame)
    return problems


def check(table: Table, frame: pd.DataFrame, *, geometry: bool = True) -> None:
    """Refuse a frame that breaks the promises of its table.

    Parameters
    ----------
    table, frame, geometry
        As for :func:`table_problems`.

    Raises
    ------
    TableError
        With every problem found.
    """
    problems = table_problems(table, frame, geometry=geometry)
    if problems:
        raise TableError(message("tables.refused", table=table.name), problems)
