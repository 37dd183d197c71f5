"""Who can walk where within the limit, door by door: what closings, mergers and moves hang on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from planner.solver import IntArray


@dataclass(frozen=True, eq=False)
class Circles:
    """Who can walk where within the limit.

    Parameters
    ----------
    doors
        60+ by resident row. Missing is somebody: nobody knows how many.
    places
        By id of each operating centre and site that joins the streets: the rows of ``doors``
        within the limit of it, ascending. An id that is missing has no circle that anybody knows.
    kinds
        Kind of every operating centre, by id.
    """

    doors: pd.Series
    places: Mapping[str, IntArray]
    kinds: pd.Series

    def elders_within(self) -> pd.Series:
        """Return the 60+ who are known to live within the limit of each centre that has a circle.

        Returns
        -------
        Series
            By centre id; sites are left out.
        """
        known = self.doors.to_numpy(dtype=float, na_value=np.nan)
        ids = [str(one) for one in self.kinds.index if str(one) in self.places]
        sums = [float(np.nansum(known[self.places[one]])) for one in ids]
        return pd.Series(sums, index=pd.Index(ids, dtype=object), dtype=float)


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
    times: pd.DataFrame, elders: pd.Series, kinds: pd.Series, walked: Iterable[str]
) -> Circles:
    """Return the circles of centres and sites.

    Parameters
    ----------
    times
        Walks within the limit: ``origin`` (resident row), ``destination``.
    elders
        60+ by resident row; missing is unknown.
    kinds
        Kind of every operating centre, by id. Destinations without one (sites) serve nobody yet.
    walked
        Ids of the centres and sites that join the streets: their circles are known, though nobody
        may live in them.
    """
    row = elders.index.get_indexer(pd.Index(times["origin"].astype(object)))
    ids = times["destination"].astype(object).to_numpy()
    order = np.argsort(row, kind="stable")
    table = pd.DataFrame({"row": row[order], "place": ids[order]})
    found = {str(place): rows.to_numpy() for place, rows in table.groupby("place")["row"]}
    nobody = np.array([], dtype=np.int64)
    places = {str(one): found.get(str(one), nobody) for one in walked}
    return Circles(elders.reset_index(drop=True), places, kinds)
