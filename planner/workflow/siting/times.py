"""The walks that siting questions are asked with: of every walker that must arrive in time."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.siting import SitingPlan
from planner.siting.asking.weights import weights_of
from planner.units import FloatArray, within
from planner.workflow.inputs.walking import Walks, points_only
from planner.workflow.siting.rules import SitesAsked

ENDS = ["origin", "destination"]


def site_times(
    walkers: Mapping[str, Walks],
    sites: gpd.GeoDataFrame,
    *,
    straight: bool,
    limit_minutes: float | None = None,
) -> pd.DataFrame:
    """Return the walks within the limit that count for siting.

    A centre counts for a home if each of the walkers gets there in time; the walk is that of
    whoever takes longest.

    Parameters
    ----------
    walkers
        Walks by name of the walker, the plan's own first.
    sites
        Points, by id.
    straight
        Whether to add ``straight_m``, the straight line from the home to the site.
    limit_minutes
        Longest walk; ``None`` takes the plan's limit.

    Returns
    -------
    DataFrame
        ``origin, destination, walk_minutes``, and ``straight_m`` where asked for.
    """
    own, *others = walkers.values()
    times = own.times_to(sites, limit_minutes=limit_minutes)
    for one in others:
        times = _slower(times, one.times_to(sites, limit_minutes=limit_minutes))
    if straight:
        times = times.assign(straight_m=_straight_m(times, own.residents, sites))
    return times


def _slower(times: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the walks that both walkers make in time, by the longer of the two."""
    both = times.astype(dict.fromkeys(ENDS, object)).merge(
        others.astype(dict.fromkeys(ENDS, object)), on=ENDS, suffixes=("", "_other")
    )
    minutes = both[["walk_minutes", "walk_minutes_other"]].max(axis="columns")
    slower = both[ENDS].assign(walk_minutes=minutes)
    slower = slower.sort_values(["origin", "walk_minutes", "destination"], ignore_index=True)
    return slower.astype(dict.fromkeys(ENDS, "category"))


def _straight_m(
    times: pd.DataFrame, residents: gpd.GeoDataFrame, sites: gpd.GeoDataFrame
) -> FloatArray:
    homes = _places(times["origin"], residents)
    ends = _places(times["destination"], sites.to_crs(residents.crs))
    apart_m: FloatArray = np.hypot(*(homes - ends).T)
    return apart_m


def _places(ids: pd.Series, table: gpd.GeoDataFrame) -> FloatArray:
    """Return the place of each id, shape (ids, 2), in metres."""
    at = np.column_stack([table.geometry.x, table.geometry.y])
    coded = pd.Categorical(ids)
    rows = table.index.get_indexer(pd.Index(coded.categories).astype(object))
    places: FloatArray = at[rows[coded.codes]]
    return places


def covered_on_streets(
    asked: SitesAsked, plan: SitingPlan, walkers: Mapping[str, Walks], sites: gpd.GeoDataFrame
) -> float:
    """Return the weight that a plan covers, walked anew site by site.

    Nothing of the tables that the question was asked with is used: neither the pairs of
    :func:`site_times` nor who is near whom.

    Parameters
    ----------
    asked, plan
        The question and its answer.
    walkers
        As for :func:`site_times`.
    sites
        The centres that are open with the plan.
    """
    residents = next(iter(walkers.values())).residents
    homes = residents.geometry.to_numpy()
    alone = [[one] for one in sites.index]
    arrives = np.ones((len(alone), len(residents)), dtype=bool)
    for one in walkers.values():
        for row, minutes in enumerate(one.minutes_to_sets(sites, alone)):
            found = minutes.reindex(residents.index).to_numpy(dtype=float)
            arrives[row] &= within(np.nan_to_num(found, nan=np.inf), asked.limit_minutes)
    radius_m = asked.settings.radius_m
    if radius_m is not None:
        for row, site in enumerate(sites.to_crs(residents.crs).geometry):
            arrives[row] &= within(shapely.distance(homes, site), radius_m)
    weights = weights_of(plan.asked.residents, plan.asked.weight)
    return fsum(weights[arrives.any(axis=0)])


def open_with(
    plan: SitingPlan, open_sites: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the places that are open with a plan: those that stay, then the new ones."""
    return points_only([open_sites.loc[list(plan.existing)], candidates.loc[list(plan.chosen)]])
