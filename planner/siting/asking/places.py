"""Where centres are or could be: tables or plain ids, in an order that depends on the ids alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.labels import Message, message
from planner.tables import listed

IntArray = npt.NDArray[np.int64]
Places: TypeAlias = "pd.DataFrame | pd.Series[Any] | pd.Index[Any] | Sequence[Any]"
"""Where centres are or could be: a table (its index counts) or the ids themselves."""


def ids_of(places: Places) -> pd.Index[Any]:
    """Return the ids of a table of places, or of a plain sequence of ids, in the order given.

    Raises
    ------
    TypeError
        If a single text, or a single thing, is given where several ids are meant.
    """
    if isinstance(places, str):
        what = f"a sequence of ids or a table is needed, not the single text {places!r}"
        raise TypeError(what)
    if isinstance(places, pd.DataFrame | pd.Series):
        return plain(places.index)
    if isinstance(places, pd.Index):
        return plain(places)
    given: object = places
    if not isinstance(given, Iterable):
        what = f"a sequence of ids or a table is needed, not {type(given).__name__}"
        raise TypeError(what)
    listed_ids = list(given)
    ids: pd.Index[Any] = pd.Index(listed_ids, dtype=None if listed_ids else object)
    return ids


def has_parts(ids: pd.Index[Any] | pd.Series[Any]) -> bool:
    """Tell whether some id is no single value: a tuple, a list, or a row of a MultiIndex."""
    if isinstance(ids, pd.MultiIndex):
        return True
    if ids.dtype != object:
        return False
    return any(isinstance(one, tuple | list | set | frozenset | dict) for one in ids.to_numpy())


def plain(index: pd.Index[Any]) -> pd.Index[Any]:
    """Return an index without categories, whose own order is no property of the ids."""
    if isinstance(index.dtype, pd.CategoricalDtype):
        uncategorised: pd.Index[Any] = index.astype(index.dtype.categories.dtype)
        return uncategorised
    return index


def canonical_order(ids: pd.Index[Any]) -> IntArray:
    """Return the positions that put ids in their natural order; mixed types go by their text."""
    try:
        return np.asarray(np.argsort(ids.to_numpy(), kind="stable"), dtype=np.int64)
    except TypeError:
        keys = [(str(value), type(value).__name__) for value in ids]
        return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def in_order(ids: pd.Index[Any]) -> pd.Index[Any]:
    """Return ids in canonical order."""
    ordered: pd.Index[Any] = ids[canonical_order(ids)]
    return ordered


def positions(ids: pd.Index[Any], among: pd.Index[Any]) -> IntArray:
    """Return the position of each id in another index, -1 where it is not there."""
    if not len(ids):
        return np.zeros(0, dtype=np.int64)
    return np.asarray(among.get_indexer(ids), dtype=np.int64)


def id_problems(table: str, ids: pd.Index[Any]) -> list[Message]:
    """Tell of ids that are missing, stand twice, or are no single values."""
    if has_parts(ids):
        return [message("siting.ids_in_parts", table=table)]
    problems = []
    if ids.hasnans:
        problems.append(message("tables.id_missing", table=table))
    repeated = ids[ids.duplicated()].unique()
    if len(repeated):
        problems.append(message("tables.id_repeated", table=table, ids=listed(repeated)))
    return problems


def place_problems(candidates: pd.Index[Any], existing: pd.Index[Any]) -> list[Message]:
    """Tell of ids of places that are missing, stand twice, or stand in both tables."""
    problems = id_problems("candidates", candidates) + id_problems("existing", existing)
    if has_parts(candidates) or has_parts(existing):
        return problems
    shared = candidates[candidates.isin(existing)]
    if len(shared):
        problems.append(
            message("tables.ids_shared", ids=listed(shared), first="candidates", second="existing")
        )
    return problems
