"""Tables that speak of the same residents: every row once, joined by id, never by position."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner import tables, units
from planner.errors import TableError
from planner.labels import Message, message


def row_problems(residents: pd.DataFrame, index: pd.Index, table: str) -> list[Message]:
    """Return why a table does not hold each resident once; an empty list if it does.

    Parameters
    ----------
    residents
        Whose rows are asked for, by id.
    index
        Ids of the table; those of nobody else matter not.
    table
        Its name, as it is told.
    """
    problems = []
    repeated = index[index.duplicated()]
    if len(repeated):
        problems.append(message("tables.id_repeated", table=table, ids=tables.listed(repeated)))
    absent = residents.index.difference(index)
    if len(absent):
        problems.append(message("gaps.rows_missing", table=table, ids=tables.listed(absent)))
    return problems


def same_rows(residents: pd.DataFrame, walk_minutes: pd.Series, table: str) -> units.FloatArray:
    """Return minutes in the order of the residents, NaN where there is no walk.

    Raises
    ------
    TableError
        If the ids are not those of the residents, each once.
    """
    problems = row_problems(residents, walk_minutes.index, table)
    if problems:
        raise TableError(message("gaps.refused_doubt"), problems)
    found = walk_minutes.reindex(residents.index).to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(found), found, np.nan)
