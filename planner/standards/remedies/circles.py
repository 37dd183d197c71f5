"""Whose circle overlaps whose: the elders who would still have a centre if one were closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely

ROWS_AT_ONCE: Final = 2_000_000
"""Walks joined at a time: bounds the memory of a district of a million doors."""


@dataclass(frozen=True, eq=False)
class Circles:
    """Who can walk where within the limit.

    Parameters
    ----------
    centres
        By centre id: ``elders`` (60+ within the limit of it), ``only`` (those of them within the
        limit of no other operating centre of its kind).
    pairs
        By ``centre, other``: ``both`` (60+ within the limit of both), ``only_both`` (those of
        ``only`` within the limit of the other, too).
    """

    centres: pd.DataFrame
    pairs: pd.DataFrame


def near_pairs(
    left: pd.Series, right: pd.Series, reach_m: float, names: tuple[str, str]
) -> pd.DataFrame:
    """Return which points of two sets lie within reach of each other, by air line.

    Parameters
    ----------
    left, right
        Points in one metre CRS, by id; those that are missing or empty are near nothing.
    reach_m
        Distance, itself within.
    names
        What the two columns of ids are called.

    Returns
    -------
    DataFrame
        The two ids and ``distance_m``, by distance; a point is never near itself (same id).
    """
    sets = [one[[_stands(point) for point in one]] for one in (left, right)]
    first, second = (np.array(one.to_list(), dtype=object) for one in sets)
    if not len(first) or not len(second):
        return pd.DataFrame({names[0]: [], names[1]: [], "distance_m": []}).astype(
            {names[0]: object, names[1]: object, "distance_m": float}
        )
    tree = shapely.STRtree(second)
    one, other = tree.query(first, predicate="dwithin", distance=reach_m)
    found = pd.DataFrame(
        {
            names[0]: sets[0].index.to_numpy(dtype=object)[one],
            names[1]: sets[1].index.to_numpy(dtype=object)[other],
            "distance_m": shapely.distance(first[one], second[other]),
        }
    )
    found = found[found[names[0]] != found[names[1]]]
    return found.sort_values([names[0], "distance_m", names[1]]).reset_index(drop=True)


def _stands(point: object) -> bool:
    return isinstance(point, shapely.Point) and not point.is_empty


def circles_of(
    times: pd.DataFrame, elders: pd.Series, kinds: pd.Series, pairs: pd.DataFrame
) -> Circles:
    """Count the elders within the limit of centres, of no other, and of two at once.

    Parameters
    ----------
    times
        Walks within the limit: ``origin`` (resident row), ``destination``.
    elders
        60+ by resident row; missing counts as nobody, for nobody knows them.
    kinds
        Kind of every operating centre, by id. Destinations without one (candidates) take nobody's
        only centre away.
    pairs
        ``centre, other``: which to count for.

    Returns
    -------
    Circles
        ``centres`` for the ids of ``kinds``, ``pairs`` for those given.
    """
    walks = pd.DataFrame(
        {
            "origin": times["origin"].astype(object),
            "centre": times["destination"].astype(object),
        }
    )
    walks = walks.assign(
        elders=walks["origin"].map(elders).astype(float).fillna(0.0),
        kind=walks["centre"].map(kinds),
    )
    served = walks[walks["kind"].notna()]
    choices = served.groupby(["origin", "kind"])["centre"].transform("size")
    served = served.assign(only=served["elders"].where(choices == 1, 0.0))
    totals = served.groupby("centre")[["elders", "only"]].sum()
    counted = [_both(block, served, walks) for block in _blocks(pairs, served["centre"])]
    index = pd.MultiIndex.from_frame(pairs[["centre", "other"]].drop_duplicates())
    return Circles(
        centres=totals.reindex(kinds.index).fillna(0.0),
        pairs=_both(pairs.iloc[:0], served, walks).reindex(index).fillna(0.0)
        if not counted
        else pd.concat(counted).reindex(index).fillna(0.0),
    )


def _both(pairs: pd.DataFrame, served: pd.DataFrame, walks: pd.DataFrame) -> pd.DataFrame:
    """Return the elders within the limit of both of each pair that has any."""
    joined = pairs.merge(served[["origin", "centre", "elders", "only"]], on="centre").merge(
        walks[["origin", "centre"]].rename(columns={"centre": "other"}), on=["origin", "other"]
    )
    named = joined.rename(columns={"elders": "both", "only": "only_both"})
    return named.groupby(["centre", "other"])[["both", "only_both"]].sum()


def _blocks(pairs: pd.DataFrame, walked: pd.Series) -> Iterator[pd.DataFrame]:
    """Yield pairs in blocks of so many walks that they fit in memory."""
    distinct = pairs[["centre", "other"]].drop_duplicates()
    size = distinct["centre"].map(walked.value_counts()).fillna(0.0).cumsum().to_numpy()
    numbers = (size // ROWS_AT_ONCE).astype(np.int64)
    for _, block in distinct.groupby(numbers, sort=True):
        yield block
