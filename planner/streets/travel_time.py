"""Walking times: who reaches what within a limit, and which centre is nearest."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner import units
from planner.errors import StreetsError
from planner.labels import message
from planner.streets.joining import JOIN_LIMIT_M
from planner.streets.kernel import Arcs, pairs_within
from planner.streets.nearest_kernel import nearest_spots
from planner.streets.network import WalkingNetwork
from planner.streets.pair_order import sorted_within_groups, turned_pairs
from planner.streets.pieces import FloatArray, IntArray
from planner.streets.search_points import (
    JoinedPoints,
    check_ids,
    coded,
    joined_frame,
    search_arcs,
)
from planner.streets.walking_costs import EdgeMinutes, edge_minutes

LONGEST_MINUTES: Final = 1e9
"""Stands for "no limit" in a search: longer than any walk, but finite, as no way is infinite."""

SOURCES_AT_ONCE: Final = 4096
"""Sources searched in one call of the kernel: bounds the memory that growing answers need."""


def _pairs(
    arcs: Arcs,
    sources: JoinedPoints,
    targets: JoinedPoints,
    limit_minutes: float,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return ``pair_start``, target and minutes of all pairs, sorted by source.

    The search goes a hair beyond the limit; :func:`planner.units.within` has the last word.
    """
    spots, order = targets.targets(arcs)
    beyond = min(limit_minutes + 2 * units.TOLERANCE_MINUTES, LONGEST_MINUTES)
    counts = [np.zeros(1, dtype=np.int64)]
    found, minutes = [], []
    for first in range(0, len(sources), SOURCES_AT_ONCE):
        rows = np.arange(first, min(first + SOURCES_AT_ONCE, len(sources)))
        start, target, walk = pairs_within(arcs, sources.spots(order=rows), spots, beyond)
        kept = np.asarray(units.within(walk, limit_minutes))
        counts.append(np.diff(np.concatenate([[0], np.cumsum(kept)])[start]))
        found.append(order[target[kept]].astype(np.int32))
        minutes.append(walk[kept])
    pair_start = np.cumsum(np.concatenate(counts))
    if not found:
        return pair_start, np.empty(0, dtype=np.int32), np.empty(0)
    return pair_start, np.concatenate(found), np.concatenate(minutes)


def _pairs_by_origin(
    network: WalkingNetwork,
    costs: EdgeMinutes,
    starts: JoinedPoints,
    ends: JoinedPoints,
    limit_minutes: float,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return ``pair_start``, destination and minutes, sorted by origin, minutes, destination.

    One search a source, so the side with fewer points searches: destinations against the walk.
    """
    against = len(ends) < len(starts)
    arcs = search_arcs(network, costs, against=against)
    if against:
        found = _pairs(arcs, ends, starts, limit_minutes)
        pair_start, other, minutes = turned_pairs(*found, len(starts))
    else:
        pair_start, other, minutes = _pairs(arcs, starts, ends, limit_minutes)
    sorted_within_groups(pair_start, other, minutes)
    return pair_start, other, minutes


def travel_times(
    network: WalkingNetwork,
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    *,
    limit_minutes: float,
    speed_m_s: float = units.ELDER_SPEED_M_S,
    join_limit_m: float = JOIN_LIMIT_M,
) -> pd.DataFrame:
    """Return the walk from every origin to every destination within a limit.

    A walk is both legs and the shortest way along streets between, all at one speed. Two points on
    one segment walk along it, or round where that is shorter. Pairs beyond the limit are absent, as
    are points not joined: memory grows with the pairs found.

    Parameters
    ----------
    network
        What is walked.
    origins, destinations
        Points by id (GeoDataFrames, any CRS), or what
        :func:`planner.streets.joining.join_to_streets` returned for them on this network.
    limit_minutes
        Longest walk that counts (:func:`planner.units.within`: ``<=``).
    speed_m_s
        Walking speed, from 0.1 to 3 m/s.
    join_limit_m
        Longest leg in metres, for points that do not come joined.

    Returns
    -------
    DataFrame
        ``origin`` and ``destination`` (categorical, over all ids in sorted order) and
        ``walk_minutes`` (float64); sorted by origin, then minutes, then destination.

    Raises
    ------
    TableError
        If ids are missing, repeated, or shared between origins and destinations.
    StreetsError
        If the speed, the limit or the points cannot be used.
    """
    if not limit_minutes > 0:
        refusal = message("streets.limit_refused", name="limit_minutes", value=limit_minutes)
        raise StreetsError(refusal)
    costs = edge_minutes(network, speed_m_s)
    check_ids(origins, destinations)
    starts = coded(joined_frame(network, origins, "origins", join_limit_m), costs)
    ends = coded(joined_frame(network, destinations, "destinations", join_limit_m), costs)
    pair_start, other, minutes = _pairs_by_origin(network, costs, starts, ends, limit_minutes)
    origin = np.repeat(starts.code.astype(np.int32), np.diff(pair_start))
    return pd.DataFrame(
        {
            "origin": pd.Categorical.from_codes(origin, categories=starts.ids),
            "destination": pd.Categorical.from_codes(
                ends.code.astype(np.int32)[other], categories=ends.ids
            ),
            "walk_minutes": minutes,
        }
    )


def nearest_centre(
    network: WalkingNetwork,
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    *,
    speed_m_s: float = units.ELDER_SPEED_M_S,
    join_limit_m: float = JOIN_LIMIT_M,
) -> pd.DataFrame:
    """Return every origin's nearest destination on foot, however far, in one pass.

    Parameters
    ----------
    network, origins, destinations, speed_m_s, join_limit_m
        As for :func:`travel_times`.

    Returns
    -------
    DataFrame
        One row for every origin, in their order, by their ids: ``nearest`` (id of the destination,
        the first by id of equally near ones; missing where no way leads to any), ``walk_minutes``
        (NaN there), ``leg_m``, ``joined`` and ``part`` of the origin, as
        :func:`planner.streets.joining.join_to_streets` gives them.

    Raises
    ------
    TableError
        If ids are missing, repeated, or shared between origins and destinations.
    StreetsError
        If the speed or the points cannot be used.
    """
    costs = edge_minutes(network, speed_m_s)
    check_ids(origins, destinations)
    joined = joined_frame(network, origins, "origins", join_limit_m)
    starts = coded(joined, costs)
    ends = coded(joined_frame(network, destinations, "destinations", join_limit_m), costs)
    spots, start, order = ends.by_segment(network.segment_count)
    found, minutes = nearest_spots(
        search_arcs(network, costs, against=True), spots, start, order, starts.spots()
    )
    reached = found >= 0
    nearest = np.full(len(joined), pd.NA, dtype=object)
    walk_minutes = np.full(len(joined), np.nan)
    rows = joined.index.get_indexer(starts.ids[starts.code[reached]])
    nearest[rows] = ends.ids[ends.code[found[reached]]].to_numpy(dtype=object)
    walk_minutes[rows] = minutes[reached]
    return pd.DataFrame(
        {
            "nearest": nearest,
            "walk_minutes": walk_minutes,
            "leg_m": joined["leg_m"],
            "joined": joined["joined"],
            "part": joined["part"],
        }
    )
