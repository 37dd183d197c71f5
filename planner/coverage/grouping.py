"""Single linkage: who lives together, where any two that are near each other on foot are linked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from geopandas import GeoSeries

from planner import tables, units
from planner.coverage.severing import BarrierPieces
from planner.errors import TableError
from planner.labels import message

IntArray = npt.NDArray[np.int64]


def linked(label: IntArray, first: IntArray, second: IntArray) -> IntArray:
    """Return the groups after more links: the least member of each member's group.

    Union-find by rounds over all links at once: the greater of two groups hangs itself on the
    lesser, chains are cut short, until no link joins two groups (Shiloach & Vishkin 1982).

    Parameters
    ----------
    label
        Groups before: the least member of each, ``arange(n)`` where nobody is linked; shape (n,).
    first, second
        Members that a link joins, from 0 to n - 1; shape (links,).

    Returns
    -------
    ndarray of int64
        Shape (n,). The order of the links, and of the ends of each, makes no difference.
    """
    label = label.copy()
    first, second = label[first], label[second]
    while len(first):
        np.minimum.at(label, np.maximum(first, second), np.minimum(first, second))
        while not np.array_equal(shorter := label[label], label):
            label = shorter
        first, second = label[first], label[second]
        apart = first != second
        first, second = first[apart], second[apart]
    return label


def _codes(column: pd.Series, ids: pd.Index) -> IntArray:
    """Return each entry's place in ``ids``, -1 where it is in none."""
    coded = column.astype("category").cat
    known: IntArray = np.append(ids.get_indexer(coded.categories), -1).astype(np.int64)
    return known[coded.codes.to_numpy(dtype=np.int64)]


def walking_groups(
    ids: pd.Index,
    pairs: Iterable[pd.DataFrame],
    *,
    link_minutes: float,
    apart: pd.Series | None = None,
) -> pd.Series:
    """Group points of which each is within a short walk of another of its group.

    Parameters
    ----------
    ids
        Who is to be grouped.
    pairs
        Tables of walks between them, ``origin, destination, walk_minutes`` (one, or slices of
        one, so that a city's pairs are never held at once). Walks from or to others are passed
        over; a walk either way links.
    link_minutes
        Longest walk that links two, inclusive (:func:`planner.units.within`).
    apart
        What no group may mix, by id: the nearest centre, say, or the sub-district that answers for
        it, where chains of homes would run through half a city. Missing is a value like any other.
        None: only walks decide.

    Returns
    -------
    Series
        Index ``ids`` sorted; the least id of each one's group, in the order of the ids. Neither
        the order of the ids nor that of the walks makes a difference.

    Raises
    ------
    TableError
        If an id is repeated.
    ValueError
        If the link is not a positive number.
    """
    if not 0 < link_minutes < np.inf:
        text = "link_minutes must be a positive number"
        raise ValueError(text)
    repeated = ids[ids.duplicated()]
    if len(repeated):
        ids_told = tables.listed(repeated)
        problem = message("tables.id_repeated", table="residents", ids=ids_told)
        raise TableError(message("tables.refused", table="residents"), [problem])
    members = ids.sort_values()
    label: IntArray = np.arange(len(members))
    kinds = np.zeros(len(members), dtype=np.int64)
    if apart is not None:
        kinds = pd.factorize(apart.reindex(members))[0]
    for table in pairs:
        short = table[units.within(table["walk_minutes"].to_numpy(dtype=float), link_minutes)]
        first, second = (_codes(short[name], members) for name in ("origin", "destination"))
        known = (first >= 0) & (second >= 0)
        known[known] = kinds[first[known]] == kinds[second[known]]
        label = linked(label, first[known], second[known])
    return pd.Series(members.to_numpy()[label], index=members, name="together", dtype=object)


def with_unjoined(
    together: pd.Series,
    points: GeoSeries,
    joined: pd.Series,
    *,
    link_m: float,
    barriers: BarrierPieces | None = None,
) -> pd.Series:
    """Put those who join no street with their neighbours by the straight line.

    Nobody knows how they walk. They are grouped among themselves by straight lines of at most
    ``link_m`` that cross no barrier, and each such group goes to the one group of walkers whose
    member is nearest to any of its own, by such a line: it never links two groups of walkers.

    Parameters
    ----------
    together
        What :func:`walking_groups` returned.
    points
        Points in a metre CRS by id; missing or empty ones stay alone.
    joined
        Whether each joins a street, by id.
    link_m
        Longest straight line that links, inclusive.
    barriers
        What no line may cross.

    Returns
    -------
    Series
        As ``together``.
    """
    ids = together.index
    shapes: Any = points.reindex(ids).to_numpy()
    placed = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    walks = joined.reindex(ids).to_numpy(dtype=bool)
    lost = np.flatnonzero(placed & ~walks)
    if not len(lost):
        return together
    near = np.flatnonzero(placed)
    first, second = shapely.STRtree(shapes[near]).query(
        shapes[lost], predicate="dwithin", distance=link_m + units.TOLERANCE_MINUTES
    )
    first, second = lost[first], near[second]
    if barriers is not None:
        start, end = (shapely.get_coordinates(shapes[rows]) for rows in (first, second))
        clear = ~barriers.crossed(start, end)
        first, second = first[clear], second[clear]
    label = np.asarray(ids.get_indexer(pd.Index(together)), dtype=np.int64)
    among = ~walks[second]
    own = linked(np.arange(len(ids)), first[among], second[among])
    metres = shapely.distance(shapes[first], shapes[second])[~among]
    group, walker = own[first[~among]], second[~among]
    # Nearest to the millimetre, then the least id: rounding must not decide between neighbours.
    order = np.lexsort((walker, np.round(metres, 3), group))
    group, walker = group[order], walker[order]
    nearest = np.concatenate([[True], np.diff(group) != 0])[: len(group)]
    host = own.copy()
    host[group[nearest]] = label[walker[nearest]]
    label = label.copy()
    label[lost] = host[own[lost]]
    # A host's least member may be the newcomer: name each group by its least again.
    label = linked(np.arange(len(ids)), np.arange(len(ids)), label)
    return pd.Series(ids.to_numpy()[label], index=ids, name=together.name, dtype=object)
