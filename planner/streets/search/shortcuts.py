"""Shortcuts: the gate, bridge or crossing that would spare most people most of their walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from planner import units
from planner.errors import StreetsError
from planner.labels import message
from planner.streets.arrays import FloatArray, IntArray
from planner.streets.joining.barriers import DRAWN, walls_of
from planner.streets.joining.joining import JOIN_LIMIT_M, segment_lines
from planner.streets.network.manners import EVERYBODY
from planner.streets.network.pieces import reprojected
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.search.nearest_kernel import nearest_spots, settled_network
from planner.streets.search.points import (
    LONGEST_MINUTES,
    JoinedPoints,
    check_ids,
    coded,
    joined_frame,
    limit_problems,
    search_arcs,
)
from planner.streets.search.shortcut_kernel import Today, gains_of_spots
from planner.streets.walking.arcs import Spots
from planner.streets.walking.costs import edge_minutes, exact_minutes
from planner.streets.walking.walkers import Walker, walker_of
from planner.tables import listed

REACH_M: Final = 60.0
"""How long a new way may be unless the caller says otherwise: over a wall or a road, not a river
(our own choice; a footbridge over a river wants 200 m or more)."""

SPACING_M: Final = 20.0
"""How far apart the spots on streets are at which a new way may begin or end: an estate's gate is
not planned more exactly."""

SPOTS_AT_ONCE: Final = 50_000
"""Spots whose partners are searched at once."""

LEAST_SAVING_MINUTES: Final = 2.0
"""A way that spares less than this where it begins is no shortcut worth a wall's opening (our own
choice)."""


TOUCHED_M: Final = 0.001
"""Barriers this near to an end of a way are not crossed by it."""


@dataclass(frozen=True)
class _StreetSpots:
    """Spots along the streets, in the order of segments and fractions."""

    segment: IntArray
    fraction: FloatArray
    place_m: FloatArray
    in_estate: np.ndarray

    def spots(self, rows: IntArray) -> Spots:
        """Return some of them for a search, without legs."""
        return Spots(self.segment[rows], self.fraction[rows], np.zeros(len(rows)))


def _street_spots(network: WalkingNetwork) -> _StreetSpots:
    """Return spots on every segment, its ends among them, evenly at most ``SPACING_M`` apart."""
    steps = np.maximum(np.ceil(network.segment_length_m / SPACING_M).astype(np.int64), 1)
    count = steps + 1
    segment = np.repeat(np.arange(network.segment_count), count)
    place = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    fraction = place / np.repeat(steps, count)
    spot = shapely.line_interpolate_point(
        segment_lines(network)[segment], fraction, normalized=True
    )
    in_estate = network.segment_estate[segment] != EVERYBODY
    return _StreetSpots(segment, fraction, shapely.get_coordinates(spot), in_estate)


def _best_partners(
    spots: _StreetSpots,
    now: FloatArray,
    minutes_per_m: float,
    reach_m: float,
    least_saving_minutes: float,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return for each spot that a new way would help: itself, the best end of the way, its metres.

    The best end is the one from which a centre is reached soonest, the way to it included; of equal
    ones the nearest, then the first. Ends lie on everybody's streets.
    """
    ends = np.flatnonzero(np.isfinite(now) & ~spots.in_estate)
    points: Any = shapely.points(spots.place_m)
    tree = shapely.STRtree(points[ends])
    found = []
    # Slice by slice: the pairs of a city's spots would fill a memory.
    for start in range(0, len(points), SPOTS_AT_ONCE):
        one, other = tree.query(
            points[start : start + SPOTS_AT_ONCE], predicate="dwithin", distance=reach_m
        )
        one, other = one + start, ends[other]
        gap_m = np.hypot(*(spots.place_m[one] - spots.place_m[other]).T)
        after = now[other] + gap_m * minutes_per_m
        worth = now[one] >= least_saving_minutes + after
        one, other, gap_m, after = one[worth], other[worth], gap_m[worth], after[worth]
        order = np.lexsort((other, gap_m, np.round(after, 9), one))
        first = order[np.concatenate([[True], np.diff(one[order]) != 0])[: len(order)]]
        found.append((one[first], other[first], gap_m[first]))
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    ones, others, gaps_m = zip(*found, strict=True)
    return np.concatenate(ones), np.concatenate(others), np.concatenate(gaps_m)


def _apart(place_m: FloatArray, order: IntArray, apart_m: float, count: int) -> list[int]:
    """Return the first rows in an order that lie apart from all those taken before them."""
    taken: list[int] = []
    for row in order.tolist():
        if len(taken) == count:
            break
        away_m = np.hypot(*(place_m[taken] - place_m[row]).T)
        if (away_m > apart_m).all():
            taken.append(row)
    return taken


def _checked(limit_minutes: float, reach_m: float, count: int, least_saving_minutes: float) -> None:
    whole = units.is_number(count) and count % 1 == 0
    limits = {"limit_minutes": limit_minutes, "reach_m": reach_m, "count": count if whole else None}
    problems = limit_problems(LONGEST_MINUTES, **limits)
    saving = least_saving_minutes
    if not (units.is_number(saving) and 0 <= saving <= LONGEST_MINUTES):
        told = {"name": "least_saving_minutes", "value": saving}
        problems.append(message("shortcuts.saving_refused", **told))
    if problems:
        raise StreetsError(problems[0], problems[1:])


def shortcuts(
    network: WalkingNetwork,
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    *,
    limit_minutes: float,
    weight: pd.Series | None = None,
    walker: Walker | str | None = None,
    speed_m_s: float | None = None,
    join_limit_m: float = JOIN_LIMIT_M,
    reach_m: float = REACH_M,
    count: int = 10,
    least_saving_minutes: float = LEAST_SAVING_MINUTES,
    barriers: geopandas.GeoDataFrame | None = None,
) -> geopandas.GeoDataFrame:
    r"""Find the new ways between near spots of the streets that would shorten walks most.

    A new way runs straight from a spot :math:`a` to a spot :math:`b` on a street, at most
    ``reach_m`` metres: a gate in a wall, a footbridge, a crossing. With :math:`t` the minutes to
    the nearest centre today, a resident :math:`r` walks with it

    .. math:: \min\{t(r),\ d(r, a) + |ab| / v + t(b)\},

    and it is worth the persons who come within the limit by it. Each way is judged by itself: what
    two are worth together is not the sum. Ways begin and end at spots at most 20 m apart along the
    streets, and end on everybody's streets; one that begins in a walled estate serves its residents
    alone. Of ways that begin within ``reach_m`` of each other only the best is given.

    Parameters
    ----------
    network
        What is walked.
    origins, destinations
        Residents and centres, as for :func:`planner.streets.travel_times`.
    limit_minutes
        Longest walk that counts (:func:`planner.units.within`).
    weight
        Persons by resident's id (60+, say); one each unless given.
    walker, speed_m_s, join_limit_m
        As for :func:`planner.streets.travel_times`.
    reach_m
        Longest new way in metres.
    count
        How many ways to return at most.
    least_saving_minutes
        Ways that spare less than this where they begin are left out (0: none is).
    barriers
        Lines and areas, whose outlines count, in any CRS
        (:func:`planner.streets.read_barriers`): told where a way crosses them.

    Returns
    -------
    GeoDataFrame
        One row a way, the best first: ``length_m``; ``minutes_before`` and ``minutes_after`` from
        where it begins to the nearest centre (infinite where there is no way today);
        ``persons_within`` who come within the limit by it; ``persons_reached`` who had no way to
        any centre; ``person_minutes`` saved by all others; ``in_estate`` (it begins in a walled
        estate); ``barriers`` (kinds of the barriers that it crosses, in the order of the alphabet,
        parted by ``、``: a wall wants a gate, water a bridge, a railway a footbridge or an
        underpass; empty: none, a path will do); and its line, in the network's CRS. Sorted by
        persons within, persons reached, minutes saved. Ways that bring nobody anything are left
        out. Whether
        houses stand in the way is to be seen on the spot.

    Raises
    ------
    StreetsError
        If walker, limit, reach, weights or points cannot be used.
    TableError
        If ids are missing, repeated, or shared between origins and destinations.
    """
    _checked(limit_minutes, reach_m, count, least_saving_minutes)
    who = walker_of(walker, speed_m_s)
    costs = edge_minutes(network, who)
    check_ids(origins, destinations)
    starts = coded(joined_frame(network, origins, "origins", join_limit_m, who), costs)
    ends = coded(joined_frame(network, destinations, "destinations", join_limit_m, who), costs)
    persons = _persons(weight, starts)
    arcs = search_arcs(network, costs, against=True)
    spots = _street_spots(network)
    every = np.arange(len(spots.segment))
    centres = ends.by_segment(network.segment_count)
    settled = settled_network(arcs, centres[0], centres[2])
    _, resident_minutes = nearest_spots(arcs, *centres, settled, starts.spots())
    _, now = nearest_spots(arcs, *centres, settled, spots.spots(every))
    begin, end, gap_m = _best_partners(
        spots, now, costs.leg_minutes_per_m, reach_m, least_saving_minutes
    )
    onward = now[end] + exact_minutes(gap_m * costs.leg_minutes_per_m)
    residents, order = starts.targets(arcs)
    limit = float(limit_minutes) + units.TOLERANCE_MINUTES
    today = Today(settled.minutes, resident_minutes[order], persons[order], limit)
    estate = spots.in_estate[begin]
    gains = gains_of_spots(arcs, spots.spots(begin), estate, onward, residents, today)
    place_m = spots.place_m[begin]
    ranked = np.lexsort((every[begin], gap_m, -gains[:, 2], -gains[:, 1], -gains[:, 0]))
    ranked = ranked[(gains[ranked] > 0).any(axis=1)]
    rows = _apart(place_m, ranked, reach_m, count)
    lines = shapely.linestrings(np.stack([place_m[rows], spots.place_m[end[rows]]], axis=1))
    return geopandas.GeoDataFrame(
        {
            "length_m": gap_m[rows],
            "minutes_before": now[begin[rows]],
            "minutes_after": onward[rows],
            "persons_within": gains[rows, 0],
            "persons_reached": gains[rows, 1],
            "person_minutes": gains[rows, 2],
            "in_estate": estate[rows],
            "barriers": _crossed(network, lines, barriers),
        },
        geometry=lines,
        crs=network.crs,
    )


def _crossed(
    network: WalkingNetwork, lines: Any, barriers: geopandas.GeoDataFrame | None
) -> list[str]:
    """Return the kinds of barriers that each line crosses between its own ends.

    Raises
    ------
    StreetsError
        If the barriers cannot be used, as :func:`planner.streets.joining.barriers.walls_of`.
    """
    if barriers is None:
        return [""] * len(lines)
    walls_of(network, barriers, limit_m=0.0)  # refuses what is no layer of barriers
    if len(lines) == 0:
        return []
    shapes: Any = np.array(barriers.geometry.to_numpy(), dtype=object)
    if network.crs is not None and barriers.crs != network.crs:
        known = ~shapely.is_missing(shapes)
        shapes[known] = reprojected(shapes[known], barriers.crs, network.crs)
    areas = shapely.get_dimensions(shapes) == 2
    shapes[areas] = shapely.boundary(shapes[areas])
    kinds = (
        barriers["barrier_kind"].astype(str).to_numpy()
        if "barrier_kind" in barriers
        else np.full(len(barriers), DRAWN)
    )
    # A barrier where a way begins or ends is touched, not crossed: as with the legs of doors.
    length_m = shapely.length(lines)
    between = [
        substring(line, min(TOUCHED_M, metres / 2), max(metres - TOUCHED_M, metres / 2))
        for line, metres in zip(lines, length_m, strict=True)
    ]
    line, barrier = shapely.STRtree(shapes).query(between, predicate="intersects")
    return ["、".join(sorted(set(kinds[barrier[line == row]]))) for row in range(len(lines))]


def _persons(weight: pd.Series | None, starts: JoinedPoints) -> FloatArray:
    """Return the persons of each joined resident."""
    ids = starts.ids[starts.code]
    if weight is None:
        return np.ones(len(ids))
    if weight.index.has_duplicates:
        repeated = listed(weight.index[weight.index.duplicated()])
        raise StreetsError(message("tables.id_repeated", table="weight", ids=repeated))
    persons = pd.to_numeric(weight.reindex(ids), errors="coerce").to_numpy(dtype=np.float64)
    wrong = ~((persons >= 0) & np.isfinite(persons))
    if wrong.any():
        raise StreetsError(message("shortcuts.weight_refused", count=int(wrong.sum())))
    return persons
