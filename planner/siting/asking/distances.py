"""Which places are too near each other to be open both."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.errors import SitingError
from planner.labels import message
from planner.siting.asking.places import id_problems
from planner.siting.asking.rules import PAIR_OF_PLACES
from planner.siting.asking.settings import limit_problems
from planner.tables import listed


def too_near(places: gpd.GeoDataFrame, *, least_distance_m: float) -> pd.DataFrame:
    """Return the pairs of places that stand less than a distance apart, in a straight line.

    Parameters
    ----------
    places
        Points in a metre CRS; index: ids.
    least_distance_m
        Two places exactly so far apart may both be open.

    Returns
    -------
    DataFrame
        Columns first, second (ids), straight_m; each pair once, by ``first``, then ``second``.
        For ``SiteRules(apart=…)``.

    Raises
    ------
    SitingError
        If the distance is not positive, ids are missing or stand twice, the places have no metre
        CRS, or some of them are no points.
    """
    problems = limit_problems(least_distance_m, "least_distance_m")
    problems += id_problems("places", places.index)
    if places.crs is None or not places.crs.is_projected:
        problems.append(message("siting.no_metres", table="places"))
    is_point = (places.geom_type == "Point") & ~places.geometry.is_empty
    if not is_point.all():
        without = places.index[~is_point.to_numpy()]
        problems.append(message("siting.no_position", table="places", ids=listed(without)))
    if problems:
        raise SitingError(message("siting.refused"), problems)
    at = np.column_stack([places.geometry.x, places.geometry.y])
    points = places.geometry.to_numpy()
    pairs = shapely.STRtree(points).query(points, "dwithin", float(least_distance_m)).T
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    apart_m = np.hypot(*(at[pairs[:, 0]] - at[pairs[:, 1]]).T)
    near = apart_m < least_distance_m * (1.0 - 1e-9)
    ids = places.index.to_numpy()
    found = pd.DataFrame(
        {
            PAIR_OF_PLACES[0]: ids[pairs[near, 0]],
            PAIR_OF_PLACES[1]: ids[pairs[near, 1]],
            "straight_m": apart_m[near],
        }
    )
    swapped = found["first"].astype(str) > found["second"].astype(str)
    found.loc[swapped, list(PAIR_OF_PLACES)] = found.loc[
        swapped, list(PAIR_OF_PLACES)[::-1]
    ].to_numpy()
    return found.sort_values(list(PAIR_OF_PLACES), ignore_index=True)
