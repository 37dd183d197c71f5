"""Walking times: who reaches what within a limit, and which centre is nearest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Final

import numpy as np
import pandas as pd

from planner import units
from planner.streets.arrays import FloatArray, Int32Array
from planner.streets.joining.joining import JOIN_LIMIT_M
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.search.nearest_kernel import nearest_spots, settled_network
from planner.streets.search.pair_order import (
    PairColumns,
    bring_together,
    group_starts,
    sort_within_groups,
)
from planner.streets.search.pair_search import Bench, pairs_within, search_bench
from planner.streets.search.points import (
    LONGEST_MINUTES,
    JoinedPoints,
    check_ids,
    checked_limit,
    coded,
    joined_frame,
    search_arcs,
)
from planner.streets.search.threads import in_turn, slice_bounds, thread_count
from planner.streets.search.trips import ONE_WAY, check_trip, part_of, trip_columns, ways_of
from planner.streets.search.ways import ways_to
from planner.streets.walking.arcs import Arcs
from planner.streets.walking.costs import EdgeMinutes, edge_minutes
from planner.streets.walking.walkers import Walker, walker_of

SOURCES_AT_ONCE: Final = 128
"""Most sources searched in one call of the kernel: milliseconds in most towns, after which answers
are handed over, an interrupt is heard and progress told."""

ORIGINS_AT_ONCE: Final = 65_536
"""Most origins whose pairs are sorted in one call of the kernel."""

Progress = Callable[[int, int], None]
"""Called as ``progress(done, sources)`` after each slice of sources."""

Columns = tuple[Int32Array, Int32Array, FloatArray]
"""Codes of origins and destinations, and minutes."""


def _no_progress(done: int, sources: int) -> None:
    """Tell nobody."""


def _searched(
    arcs: Arcs,
    sources: JoinedPoints,
    targets: JoinedPoints,
    limit_minutes: float,
    *,
    threads: int,
    progress: Progress,
) -> Columns:
    """Return the codes of sources and targets and the minutes of all pairs within a limit.

    Grouped by source, sources in order; within each by minutes, then target. The search goes a hair
    beyond the limit; :func:`planner.units.within` has the last word.
    """
    spots, order = targets.targets(arcs)
    source_code = sources.code.astype(np.int32)
    beyond = min(limit_minutes + 2 * units.TOLERANCE_MINUTES, LONGEST_MINUTES)
    ways = ways_to(arcs, spots, targets.code[order], beyond)
    slices = slice_bounds(len(sources), SOURCES_AT_ONCE, threads)
    benches: list[Bench] = []  # those that no thread searches with now

    def search(number: int) -> Columns:
        rows = np.arange(*slices[number])
        try:
            bench = benches.pop()
        except IndexError:
            bench = search_bench(ways)
        start, other, walk = pairs_within(arcs, ways, sources.spots(order=rows), spots, bench)
        benches.append(bench)
        kept = np.asarray(units.within(walk, limit_minutes))
        if not kept.all():
            start = np.concatenate([[0], np.cumsum(kept)])[start]
            other, walk = other[kept], walk[kept]
        return np.repeat(source_code[rows], np.diff(start)), other, walk

    columns = PairColumns()
    with closing(in_turn(search, len(slices), threads)) as answers:
        for (_, done), answer in zip(slices, answers, strict=True):
            expected = (len(columns) + len(answer[0])) * len(sources) // done
            columns.add(*answer, expected=expected)
            progress(done, len(sources))
    return columns.taken()


def _by_origin(found: Columns, origin_count: int, threads: int) -> Columns:
    """Return pairs (destinations, origins, minutes) of searches against the walk by origin.

    They are rearranged in place: nobody else may hold them.
    """
    destination, origin, minutes = found
    start = group_starts(origin, origin_count)
    bring_together(origin, destination, minutes, start)
    slices = slice_bounds(origin_count, ORIGINS_AT_ONCE, threads)

    def sort(number: int) -> None:
        first, last = slices[number]
        sort_within_groups(start[first : last + 1], destination, minutes)

    with closing(in_turn(sort, len(slices), threads)) as done:
        for _ in done:
            pass
    return origin, destination, minutes


def _pairs(
    network: WalkingNetwork,
    costs: EdgeMinutes,
    sides: tuple[JoinedPoints, JoinedPoints],
    limit_minutes: float,
    *,
    threads: int,
    progress: Progress,
) -> Columns:
    """Return the codes of origins and destinations and the minutes of all pairs within a limit."""
    starts, ends = sides
    against = len(ends) < len(starts)
    found = _searched(
        search_arcs(network, costs, against=against),
        *((ends, starts) if against else (starts, ends)),
        limit_minutes,
        threads=threads,
        progress=progress,
    )
    return _by_origin(found, len(starts.ids), threads) if against else found


def travel_times(
    network: WalkingNetwork,
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    *,
    limit_minutes: float,
    walker: Walker | str | None = None,
    speed_m_s: float | None = None,
    join_limit_m: float = JOIN_LIMIT_M,
    trip: str = "there",
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the walk from every origin to every destination within a limit.

    A walk is both legs and the quickest way along streets between, for the walker. Two points on
    one segment walk along it, or round where that is quicker. Pairs beyond the limit are absent, as
    are points not joined: memory grows with the pairs found (16 bytes each, held once), beside what
    each thread needs for its searches (about 12 bytes a node and a point to find) and what all
    share (about 16 bytes an arc, 24 to 48 a point to find).

    One search a source: the side with fewer points searches, destinations against the walk. Slices
    of sources are searched in threads, where there is enough to do. The answer is the same, to the
    last bit, on any number of threads; calls from threads and from forked processes are welcome.

    Parameters
    ----------
    network
        What is walked.
    origins, destinations
        Points by id (GeoDataFrames, any CRS), or what
        :func:`planner.streets.join_to_streets` returned for them on this network.
    limit_minutes
        Longest walk that counts (:func:`planner.units.within`: ``<=``); infinite for all walks.
    walker
        Who walks: a :class:`planner.streets.Walker` or the name of a profile; ``elder``
        unless given.
    speed_m_s
        In place of a walker, one speed from 0.2 to 2 m/s whatever the slopes, steps and crossings.
    join_limit_m
        Longest leg in metres, for points that do not come joined; these join streets that the
        walker can use (:func:`planner.streets.join_to_streets`).
    trip
        Which way counts, for the limit too: ``there``, to the destination; ``back``, from it home;
        ``harder``, the longer of the two; ``round``, both together. Ways differ on slopes and in
        streets that are walked one way only.
    threads
        Threads that search at once, from 1. None: what the environment variable ``PLANNER_THREADS``
        says, else as many as this process may use.
    progress
        Called as ``progress(done, sources)`` after each slice of sources, in the caller's thread;
        ``sources`` are the joined points of the side that searches, twice where both ways are
        searched. What it raises ends the search.

    Returns
    -------
    DataFrame
        ``origin`` and ``destination`` (categorical, over all ids in sorted order) and
        ``walk_minutes`` (float64); sorted by origin, then minutes, then destination. Where both
        ways count, ``there_minutes`` and ``home_minutes`` besides.

    Raises
    ------
    TableError
        If ids are missing, repeated, or shared between origins and destinations.
    StreetsError
        If the speed, the limit, the points or the environment variable cannot be used.
    ValueError
        If ``threads`` is below 1.
    """
    limit_minutes = checked_limit(limit_minutes)
    check_trip(trip)
    workers = thread_count(threads)
    tell = progress or _no_progress
    who = walker_of(walker, speed_m_s)
    costs = edge_minutes(network, who)
    check_ids(origins, destinations)
    starts = coded(joined_frame(network, origins, "origins", join_limit_m, who), costs)
    ends = coded(joined_frame(network, destinations, "destinations", join_limit_m, who), costs)
    ways = ways_of(trip, costs)
    pairs = [
        _pairs(
            network,
            one,
            (starts, ends),
            limit_minutes,
            threads=workers,
            progress=part_of(tell, number, len(ways)),
        )
        for number, one in enumerate(ways)
    ]
    origin, destination, minutes = trip_columns(pairs, trip, limit_minutes)
    columns = {
        "origin": pd.Categorical.from_codes(origin, categories=starts.ids),
        "destination": pd.Categorical.from_codes(destination, categories=ends.ids),
    }
    return pd.DataFrame(columns | minutes, copy=False)


def nearest_centre(
    network: WalkingNetwork,
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    *,
    walker: Walker | str | None = None,
    speed_m_s: float | None = None,
    join_limit_m: float = JOIN_LIMIT_M,
    trip: str = "there",
) -> pd.DataFrame:
    """Return every origin's nearest destination on foot, however far, in one pass.

    Parameters
    ----------
    network, origins, destinations, walker, speed_m_s, join_limit_m
        As for :func:`travel_times`.
    trip
        ``there``, or ``back``: nearest on the way home. (What is nearest both ways together, no one
        search finds: ``travel_times`` has those within a limit.)

    Returns
    -------
    DataFrame
        One row for every origin, in their order, by their ids: ``nearest`` (id of the destination,
        the first by id of equally near ones; missing where no way leads to any), ``walk_minutes``
        (NaN there), ``leg_m``, ``joined`` and ``part`` of the origin, as
        :func:`planner.streets.join_to_streets` gives them.

    Raises
    ------
    TableError
        If ids are missing, repeated, or shared between origins and destinations.
    StreetsError
        If the walker, the trip or the points cannot be used.
    """
    check_trip(trip, ONE_WAY)
    who = walker_of(walker, speed_m_s)
    costs = ways_of(trip, edge_minutes(network, who))[0]
    check_ids(origins, destinations)
    joined = joined_frame(network, origins, "origins", join_limit_m, who)
    starts = coded(joined, costs)
    ends = coded(joined_frame(network, destinations, "destinations", join_limit_m, who), costs)
    spots, start, order = ends.by_segment(network.segment_count)
    arcs = search_arcs(network, costs, against=True)
    settled = settled_network(arcs, spots, order)
    found, minutes = nearest_spots(arcs, spots, start, order, settled, starts.spots())
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
