"""The new ways of a plan, gates, bridges and crossings, and what each is worth to each gap."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner import units
from planner.coverage.gap_areas import GapAreas
from planner.coverage.severing import BarrierPieces
from planner.streets import join_to_streets, shortcuts, travel_times
from planner.workflow.inputs.walking import Walks

WAYS_ASKED: Final = 100
"""New ways that are looked for in a whole plan; each gap is told the best of them for itself."""

WAY_M: Final = 60.0
"""Longest new way: over a wall, a railway or a road (our own choice). Bridges over wide rivers want
more, and the search for them far more memory."""

LEAST_SAVING_MINUTES: Final = 1.0
"""Ways that spare less than this are not worth naming (our own choice)."""

SPOT_M: Final = 0.5
"""Where a new way begins is a spot on a street: nothing farther is joined."""

LONGEST_MINUTES: Final = 120.0
"""Walks to a new way beyond this are not looked at: nobody of 60+ takes them."""

PAIRS_AT_ONCE: Final = 2_000_000
"""Walks from homes to new ways that are weighed at once, at most 50 bytes each."""

_MARK: Final = "→"


def joined_sites(walks: Walks, sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """Join centres to the streets as the plan joins them."""
    return join_to_streets(
        walks.network,
        sites,
        limit_m=walks.scenario.streets.join_limit_m,
        barriers=walks.barriers,
        walker=walks.walker,
        table="sites",
    )


def ways_to_close(
    walks: Walks,
    gaps: GapAreas,
    open_sites: gpd.GeoDataFrame,
    barriers: BarrierPieces | None,
    *,
    ways_asked: int = WAYS_ASKED,
    reach_m: float = WAY_M,
) -> gpd.GeoDataFrame:
    """Return, of the best new ways of the plan, that which spares the elders of each gap most.

    Parameters
    ----------
    walks, gaps, open_sites
        As for :func:`find_gaps`.
    barriers
        In the network's CRS: told where a way crosses them.
    ways_asked
        How many ways :func:`planner.streets.shortcuts` is asked for, on behalf of all elders left
        out together; 0 to look for none.
    reach_m
        Longest way.

    Returns
    -------
    GeoDataFrame
        Index ``gap``, gaps that no way helps absent; the columns of
        :func:`planner.streets.shortcuts`, persons being those of 60+ left out in that gap alone. By
        persons brought within the limit, then those given any way, then minutes saved.
    """
    sites = joined_sites(walks, open_sites)
    members = gaps.members
    starts = walks.joined.loc[members.index]
    if not ways_asked or not sites["joined"].any() or not starts["joined"].any():
        return _no_ways(walks)
    limit = walks.scenario.walking.limit_minutes
    ways = shortcuts(
        walks.network,
        starts,
        sites,
        limit_minutes=limit,
        weight=members["elderly_60"],
        walker=walks.walker,
        reach_m=reach_m,
        count=ways_asked,
        least_saving_minutes=LEAST_SAVING_MINUTES,
    )
    if ways.empty:
        return _no_ways(walks)
    if barriers is not None:
        ends = shapely.get_coordinates(ways.geometry.to_numpy()).reshape(-1, 2, 2)
        ways = ways.assign(barriers=barriers.kinds_crossed(ends[:, 0], ends[:, 1]))
    gains = _gains(walks, members, ways, limit)
    ranked = gains.sort_values(
        ["gap", "persons_within", "persons_reached", "person_minutes", "way"],
        ascending=[True, False, False, False, True],
    ).drop_duplicates("gap")
    ranked = ranked[(ranked[list(_GAINS)] > 0).any(axis="columns")].set_index("gap")
    told = ways.loc[ranked["way"]].set_axis(ranked.index, axis="index")
    return gpd.GeoDataFrame(told.assign(**ranked[list(_GAINS)]), crs=walks.network.crs)


_GAINS: Final = ("persons_within", "persons_reached", "person_minutes")


def _gains(
    walks: Walks, members: pd.DataFrame, ways: gpd.GeoDataFrame, limit: float
) -> pd.DataFrame:
    """Return what each way is worth to each gap: ``gap, way`` and the persons and minutes.

    A few ways at a time: everybody left out may reach every way, and a city's pairs fill a memory.
    """
    network, who = walks.network, walks.walker
    coordinates = shapely.get_coordinates(ways.geometry.to_numpy())[::2]
    begins = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(*coordinates.T),
        index=[f"{_MARK}{way}" for way in ways.index],
        crs=network.crs,
    )
    spots = join_to_streets(network, begins, limit_m=SPOT_M, walker=who)
    at_once = max(1, PAIRS_AT_ONCE // len(members))
    tables = [
        _gains_of(
            walks,
            members,
            ways.iloc[start : start + at_once],
            spots.iloc[start : start + at_once],
            limit,
        )
        for start in range(0, len(ways), at_once)
    ]
    return pd.concat(tables, ignore_index=True)


def _gains_of(
    walks: Walks,
    members: pd.DataFrame,
    ways: gpd.GeoDataFrame,
    spots: pd.DataFrame,
    limit: float,
) -> pd.DataFrame:
    """Return what some ways, which begin at these spots in the same order, are worth."""
    joined = walks.joined.loc[members.index]
    farthest = min(float(members["walk_minutes"].max()), LONGEST_MINUTES)
    pairs = travel_times(
        walks.network,
        joined,
        spots,
        limit_minutes=LONGEST_MINUTES if np.isnan(farthest) else farthest,
        walker=walks.walker,
    )
    row = _places_of(pairs["origin"], members.index)
    way = _places_of(pairs["destination"], spots.index)
    before = members["walk_minutes"].to_numpy(dtype=float)[row]
    after = pairs["walk_minutes"].to_numpy(dtype=float)
    after = after + ways["minutes_after"].to_numpy(dtype=float)[way]
    # A way that begins in a walled estate serves its residents alone.
    estate = walks.network.segment_estate
    homes = estate[joined["segment"].to_numpy(dtype=np.int64)][row]
    there = estate[spots["segment"].to_numpy(dtype=np.int64)][way]
    serves = ~ways["in_estate"].to_numpy(dtype=bool)[way] | (homes == there)
    none, shorter = np.isnan(before), after < before
    within = np.asarray(units.within(after, limit)) & ~np.asarray(units.within(before, limit))
    persons = members["elderly_60"].to_numpy(dtype=float)[row] * serves
    table = pd.DataFrame(
        {
            "gap": members["gap"].to_numpy()[row],
            "way": ways.index.to_numpy()[way],
            "persons_within": persons * within,
            "persons_reached": persons * none,
            "person_minutes": np.where(shorter, persons * (before - after), 0.0),
        }
    )
    return table.groupby(["gap", "way"])[list(_GAINS)].sum().reset_index()


def _places_of(ids: pd.Series, index: pd.Index) -> npt.NDArray[np.int64]:
    """Return the places in ``index`` of a categorical column of its ids."""
    places = index.get_indexer(pd.Index(ids.cat.categories).astype(index.dtype))
    return np.asarray(places[ids.cat.codes.to_numpy()], dtype=np.int64)


def _no_ways(walks: Walks) -> gpd.GeoDataFrame:
    numbers = ("length_m", "minutes_before", "minutes_after", *_GAINS)
    columns = {name: np.empty(0) for name in numbers}
    return gpd.GeoDataFrame(
        {**columns, "in_estate": np.empty(0, dtype=bool), "barriers": np.empty(0, dtype=object)},
        geometry=[],
        index=pd.Index([], name="gap", dtype=object),
        crs=walks.network.crs,
    )
