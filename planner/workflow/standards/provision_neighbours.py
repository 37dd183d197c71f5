"""How long elders walk from one community's middle to another's."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.coverage.community_centre import community_middles
from planner.streets import travel_times
from planner.workflow.inputs.walking import Walks

NEIGHBOUR_MINUTES: Final = 60.0
"""Communities farther apart on foot are no neighbours (our own bound: four 15-minute circles)."""

AS_END: Final = "→"
"""Marks a community's id where a walk ends."""


def middle_doors(walks: Walks, communities: pd.DataFrame) -> pd.Series:
    """Return of each community the resident row that is nearest to where its elders live.

    Of the rows that join the streets, that nearest to the elders' mean place (to the millimetre;
    of equals the least id): a mean place itself may lie in a river.

    Parameters
    ----------
    walks
        The plan's walks.
    communities
        The communities, with their outlines.

    Returns
    -------
    Series
        Resident id by community id, sorted; communities none of whose rows joins are absent.
    """
    residents = walks.residents
    middles = community_middles(residents, communities)
    named = residents.reindex(columns=["community"])["community"].astype(object)
    places = middles.reindex(named.to_numpy())
    points = residents.geometry
    apart_m = np.hypot(
        points.x.to_numpy() - places["easting_m"].to_numpy(),
        points.y.to_numpy() - places["northing_m"].to_numpy(),
    )
    table = pd.DataFrame(
        {
            "community": named.to_numpy(),
            "door": residents.index.astype(object),
            "apart_m": np.round(apart_m, 3),
            "joined": walks.joined["joined"].reindex(residents.index).to_numpy(dtype=bool),
        }
    )
    table = table[table["joined"] & table["apart_m"].notna()]
    ranked = table.sort_values(["community", "apart_m", "door"])
    return ranked.drop_duplicates("community").set_index("community")["door"]


def neighbour_walks(walks: Walks, communities: pd.DataFrame) -> pd.DataFrame:
    """Return the walks between the communities (社区) of a plan.

    Parameters
    ----------
    walks
        The plan's walks: its walker, its barriers.
    communities
        The communities and villages, with their outlines.

    Returns
    -------
    DataFrame
        ``origin, destination, walk_minutes``: the harder way of each pair within
        :data:`NEIGHBOUR_MINUTES`, between their :func:`middle_doors`.
    """
    urban = communities[communities["community_kind"] != "村"]
    doors = middle_doors(walks, urban)
    doors = doors[doors.index.isin(urban.index)]
    points = walks.joined.loc[doors.to_list()].set_axis(doors.index, axis="index")
    # Ids must be unique across the tables that meet.
    ends = [f"{community}{AS_END}" for community in doors.index]
    times = travel_times(
        walks.network,
        points,
        points.set_axis(pd.Index(ends, dtype=object), axis="index"),
        limit_minutes=NEIGHBOUR_MINUTES,
        walker=walks.walker,
        trip="harder",
    )
    table = pd.DataFrame(
        {
            "origin": times["origin"].astype(object),
            "destination": times["destination"].astype(str).str.removesuffix(AS_END).astype(object),
            "walk_minutes": times["walk_minutes"].to_numpy(dtype=float),
        }
    )
    return table[table["origin"] != table["destination"]].reset_index(drop=True)
