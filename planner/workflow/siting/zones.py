"""Where a candidate would have to be, for those whom none reaches: places on the streets."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.labels import Language
from planner.siting import FewestCentres, MostPeople, Zones, zones
from planner.streets import WalkingNetwork
from planner.streets.joining.joining import segment_lines
from planner.units import BoolArray, metres_from_minutes, within
from planner.workflow.inputs.walking import Walks
from planner.workflow.siting.rules import SitesAsked
from planner.workflow.siting.times import site_times

CELL_M: Final = 100.0
"""Of the places on streets in a square of this size one is looked at: the one where most streets
meet (our own choice: a search for a building looks down the street both ways)."""

ALONG_M: Final = 100.0
"""Between two corners that lie farther apart a street has places at most so far apart, along it."""

DOWNHILL: Final = 1.2
"""Nobody walks faster than so many times the pace on the flat (Tobler at a fall of 5 %: 1.19)."""

PLACE: Final = "corner:"
BETWEEN: Final = "street:"
"""Mark the ids of street corners, and of places between them: no resident and no site is called so.
"""


def proposed_zones(
    asked: SitesAsked,
    plans: tuple[MostPeople, FewestCentres],
    walkers: Mapping[str, Walks],
    standing: gpd.GeoDataFrame,
    ground: gpd.GeoDataFrame,
    language: Language,
) -> Zones | None:
    """Return where candidates would have to be for those whom none reaches.

    Parameters
    ----------
    asked
        The rules and weights of the plan.
    plans
        Most people and fewest centres: whom neither could reach is the same.
    walkers
        Walks of all who must arrive in time, the plan's own walker first.
    standing
        Centres of today and chosen sites: ``least_distance_m`` holds between them and proposals;
        between two proposals only as far as there are places for it, and is told where not.
    ground
        Water, rivers and railways: nothing is proposed in water.
    language
        Of the names of the proposals.

    Returns
    -------
    Zones or None
        ``None`` where everybody with weight is reached. Whoever joins no street, or has no place
        near him, is told in ``out_of_reach``.
    """
    most = plans[0]
    people = most.asked.residents
    unreached = people.index[people.index.isin(most.unreachable)]
    if unreached.empty:
        return None
    few = {name: _only(one, unreached) for name, one in walkers.items()}
    corners = _corners(next(iter(few.values())), asked.limit_minutes)
    radius_m = asked.settings.radius_m
    times = _times(few, corners, straight=radius_m is not None)
    if radius_m is not None:
        times = times[within(times["straight_m"].to_numpy(dtype=float), radius_m)]
    return zones(
        list(unreached),
        people,
        corners,
        times.astype({"origin": object, "destination": object}),
        limit_minutes=asked.limit_minutes,
        weight=asked.weight,
        barred_areas=_water(ground, corners),
        standing=standing,
        least_distance_m=asked.settings.least_distance_m or None,
        language=language,
        time_limit_s=asked.settings.time_limit_s,
    )


def _only(walks: Walks, ids: pd.Index) -> Walks:
    """Return the walks of some residents alone."""
    return dataclasses.replace(
        walks, residents=walks.residents.loc[ids], joined=walks.joined.loc[ids]
    )


def _times(
    walkers: Mapping[str, Walks], places: gpd.GeoDataFrame, *, straight: bool
) -> pd.DataFrame:
    """Return the walks to some places; none where there are no places."""
    if places.empty:
        return pd.DataFrame(
            {
                "origin": pd.Series(dtype=object),
                "destination": pd.Series(dtype=object),
                "walk_minutes": pd.Series(dtype=float),
                "straight_m": pd.Series(dtype=float),
            }
        )
    return site_times(walkers, places, straight=straight)


def _corners(walks: Walks, limit_minutes: float) -> gpd.GeoDataFrame:
    """Return places on streets near some residents: one of each square of :data:`CELL_M`.

    They are street corners, and places along streets whose corners lie far apart. Streets inside a
    walled estate, stairs, bridges and tunnels have none.
    """
    network = walks.network
    public = (network.segment_estate < 0) & ~network.segment_off_ground & ~network.segment_steps
    streets = _streets_at(network, public)
    meets = np.flatnonzero(streets > 0)
    along, between = _along_streets(network, public)
    corners = np.column_stack([network.node_easting_m, network.node_northing_m])[meets]
    at = np.concatenate([corners, between])
    # As the crow flies nobody comes farther: what lies beyond need not be walked to.
    reach_m = DOWNHILL * float(metres_from_minutes(limit_minutes, walks.walker.speed_m_s))
    near = _is_near(at, walks, reach_m)
    ids = np.array([*(f"{PLACE}{one}" for one in network.node_ids[meets]), *along], dtype=object)
    table = pd.DataFrame(
        {
            "id": ids[near],
            # A corner comes before any place between two.
            "streets": np.concatenate([streets[meets], np.zeros(len(along), dtype=int)])[near],
            "column": np.floor(at[near, 0] / CELL_M),
            "row": np.floor(at[near, 1] / CELL_M),
            "easting_m": at[near, 0],
            "northing_m": at[near, 1],
        }
    )
    table = table.sort_values(["streets", "id"], ascending=[False, True])
    table = table.drop_duplicates(["column", "row"]).sort_values("id").set_index("id")
    points = gpd.points_from_xy(table["easting_m"], table["northing_m"])
    return gpd.GeoDataFrame(geometry=points, index=table.index.astype(object), crs=network.crs)


def _along_streets(network: WalkingNetwork, public: BoolArray) -> tuple[list[str], np.ndarray]:
    """Return ids and places, shape (places, 2), between the corners of long streets."""
    parts = np.ceil(network.segment_length_m / ALONG_M).astype(np.int64)
    # Feet must be able to get there: a street that nobody may walk in either direction has none.
    walked = network.segment_forward | network.segment_backward
    long = np.flatnonzero(public & walked & (parts > 1))
    segment = np.repeat(long, parts[long] - 1)
    step = np.concatenate([np.arange(1, one) for one in parts[long]] or [np.empty(0, dtype=int)])
    lines = segment_lines(network)[segment]
    points = shapely.line_interpolate_point(lines, step / parts[segment], normalized=True)
    ends = network.node_ids
    ids = [
        f"{BETWEEN}{ends[network.segment_from[one]]}:{ends[network.segment_to[one]]}:{one}:{number}"
        for one, number in zip(segment.tolist(), step.tolist(), strict=True)
    ]
    return ids, shapely.get_coordinates(points).reshape(-1, 2)


def _streets_at(network: WalkingNetwork, public: BoolArray) -> np.ndarray:
    """Return how many public streets on the ground meet at each node."""
    ends = np.concatenate([network.segment_from[public], network.segment_to[public]])
    return np.bincount(ends, minlength=network.node_count)


def _is_near(at: np.ndarray, walks: Walks, reach_m: float) -> BoolArray:
    homes = walks.residents.geometry[walks.joined["joined"].to_numpy(dtype=bool)]
    if homes.empty:
        return np.zeros(len(at), dtype=np.bool_)
    tree = shapely.STRtree(homes.to_crs(walks.network.crs).to_numpy())
    found = tree.query_nearest(shapely.points(at), max_distance=reach_m, all_matches=False)[0]
    near = np.zeros(len(at), dtype=np.bool_)
    near[found] = True
    return near


def _water(ground: gpd.GeoDataFrame, corners: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """Return the water near some corners; nothing is proposed in it."""
    water = ground[ground["ground_kind"] == "water"]
    if water.empty or corners.empty:
        return None
    water = water.to_crs(corners.crs)
    west, south, east, north = corners.total_bounds
    return gpd.GeoDataFrame(water.cx[west:east, south:north])
