"""Catchments: the streets and the land from which a centre is reached within some minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import shapely

from planner.errors import StreetsError, TableError
from planner.labels import message
from planner.streets.arrays import IntArray
from planner.streets.catchment.drawing import (
    Drawn,
    Shapes,
    Task,
    batches,
    draw_batch,
    draw_lines,
    field_of,
)
from planner.streets.catchment.search import touched_segments
from planner.streets.joining.barriers import walls_of
from planner.streets.joining.joining import JOIN_LIMIT_M, checked_join_limit, usable_segments
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.search.points import (
    LONGEST_MINUTES,
    coded,
    joined_frame,
    limit_problems,
)
from planner.streets.search.threads import in_turn, thread_count
from planner.streets.walking.arcs import Spots
from planner.streets.walking.costs import edge_minutes
from planner.streets.walking.walkers import Walker, walker_of
from planner.tables import listed

CATCHMENT_MINUTES: Final = (5.0, 10.0, 15.0)
"""Limits unless the caller says otherwise: the circles of GB 50180-2018."""

TOLERANCE_M: Final = 5.0
"""How near to the true edge of a catchment a place may be misjudged, unless the caller says
otherwise: well under the depth of a building."""

Progress = Callable[[int, int], None]
"""Called as ``progress(done, centres)`` for each centre, when those around it are drawn too."""


@dataclass(frozen=True)
class Catchments:
    """Streets and land from which centres are reached in time.

    Parameters
    ----------
    streets
        ``centre``, ``limit_minutes``, ``geometry``: the street pieces reached, cut at the limit
        (MultiLineString). One row for every centre and limit, centres in their order; empty for a
        centre that joins no street.
    areas
        The same with the land reached (MultiPolygon, its holes true).
    union_streets, union_areas
        ``limit_minutes`` and ``geometry`` of all centres together, one row a limit; None unless
        asked for.
    joined
        How the centres join the streets (:func:`planner.streets.join_to_streets`).
    tolerance_m
        Exactness of the areas.
    """

    streets: geopandas.GeoDataFrame
    areas: geopandas.GeoDataFrame
    union_streets: geopandas.GeoDataFrame | None
    union_areas: geopandas.GeoDataFrame | None
    joined: pd.DataFrame
    tolerance_m: float


def _checked(limits_minutes: Any, tolerance_m: Any) -> tuple[float, ...]:
    """Return the limits in ascending order."""
    is_list = not isinstance(limits_minutes, str) and np.iterable(limits_minutes)
    limits: list[Any] = list(limits_minutes) if is_list else [limits_minutes]
    problems = [
        problem
        for limit in limits or [()]
        for problem in limit_problems(LONGEST_MINUTES, limits_minutes=limit)
    ]
    problems += limit_problems(LONGEST_MINUTES, tolerance_m=tolerance_m)
    if problems:
        raise StreetsError(problems[0], problems[1:])
    return tuple(sorted({float(limit) for limit in limits}))


def _check_ids(centres: pd.DataFrame) -> None:
    """Refuse ids that are missing or repeated."""
    problems = []
    if centres.index.hasnans:
        problems.append(message("tables.id_missing", table="centres"))
    if centres.index.has_duplicates:
        repeated = centres.index[centres.index.duplicated()]
        problems.append(message("tables.id_repeated", table="centres", ids=listed(repeated)))
    if problems:
        raise TableError(message("tables.refused", table="centres"), problems)


def catchments(
    network: WalkingNetwork,
    centres: pd.DataFrame,
    *,
    limits_minutes: Sequence[float] = CATCHMENT_MINUTES,
    walker: Walker | str | None = None,
    speed_m_s: float | None = None,
    join_limit_m: float = JOIN_LIMIT_M,
    barriers: geopandas.GeoDataFrame | None = None,
    tolerance_m: float = TOLERANCE_M,
    union: bool = False,
    progress: Progress | None = None,
) -> Catchments:
    r"""Draw the streets and the land from which each centre is reached within some minutes.

    A place :math:`p` belongs to the area of a centre :math:`c` and a limit :math:`L` if and only if

    .. math:: \text{leg}(p) + \text{street}(p, c) + \text{leg}(c) \le L,

    that is, if :func:`planner.streets.travel_times` finds its walk to the centre within
    the limit: it joins its own nearest street within ``join_limit_m`` (of the main part where there
    is one) and walks the leg. A far bank without a bridge, a yard whose street leads the long way
    round and land far from streets stay outside, also as holes. With ``barriers``, places join past
    these as :func:`planner.streets.join_to_streets` has it: land behind a wall belongs to
    the street that is in sight from there, or to none.

    The land is shared out once among the streets that its places join, on a lattice; outlines
    follow the lattice, and cross its lines where the walk passes the limit, to about 0.1 m
    (:mod:`planner.streets.catchment.shape`). Street pieces are exact.

    Parameters
    ----------
    network
        What is walked.
    centres
        Centres by id (GeoDataFrame of points, any CRS), or what
        :func:`planner.streets.join_to_streets` returned for them on this network.
    limits_minutes
        Limits; on the limit counts (:func:`planner.units.within`). Each area holds those of the
        shorter limits.
    walker
        Who walks: a :class:`planner.streets.Walker` or the name of a profile; ``elder``
        unless given.
    speed_m_s
        In place of a walker, one speed from 0.2 to 2 m/s whatever the slopes, steps and crossings.
    join_limit_m
        Longest leg in metres, of places and of centres that do not come joined.
    barriers
        Lines and areas that no leg crosses, of places and of centres that do not come joined, as
        for :func:`planner.streets.join_to_streets`; None for none.
    tolerance_m
        Exactness of the areas: a place is misjudged only where land of the other kind is truly
        within this many metres of it. Strips narrower than this can be missed; along plain edges
        the outline is right to centimetres, along straight walls to decimetres; walls' corners are
        cut, and what a wall hides in less than this can be missed. The lattice's step is √2 times
        it, so that no place is farther than this from a place of the lattice; time and memory grow
        with its inverse square.
    union
        Whether to draw all centres together as well.
    progress
        Called as ``progress(done, centres)`` for each centre, some dozens that lie together at a
        time, by the caller's own thread.

    Returns
    -------
    Catchments
        In the network's CRS.

    Raises
    ------
    StreetsError
        If the walker, a limit, the tolerance, the centres or the barriers cannot be used.
    TableError
        If ids of centres are missing or repeated.
    """
    limits = _checked(limits_minutes, tolerance_m)
    # One kind of number: compiled code is made anew for each.
    join_limit_m, tolerance_m = checked_join_limit(join_limit_m), float(tolerance_m)
    _check_ids(centres)
    who = walker_of(walker, speed_m_s)
    costs = edge_minutes(network, who)
    joined = joined_frame(network, centres, "centres", join_limit_m, who, barriers)
    ends = coded(joined, costs)
    row_of = joined.index.get_indexer(ends.ids[ends.code])
    task = Task.of(
        network,
        costs,
        limits,
        join_limit_m,
        np.sqrt(2.0) * tolerance_m,
        walls_of(network, barriers, join_limit_m),
        usable_segments(network, who),
    )
    lines = np.full((len(joined), len(limits)), shapely.MultiLineString(), dtype=object)
    areas = np.full((len(joined), len(limits)), shapely.MultiPolygon(), dtype=object)
    nearest = np.full(len(task.arcs.start) - 1, np.inf)
    together: list[Any] = []
    done = len(joined) - len(ends)
    shares = _in_order(list(batches(network, ends.spots(), task)))

    def drawn(number: int) -> Drawn:
        return draw_batch(task, ends.spots(order=shares[number]), union=union)

    drawings = in_turn(drawn, len(shares), thread_count())
    for batch, drawing in zip(shares, drawings, strict=True):
        rows = row_of[batch]
        lines[rows], areas[rows] = drawing.lines, drawing.areas
        if union:
            np.minimum.at(nearest, drawing.node, drawing.minutes)
            together.append(drawing.together)
        for _ in batch:
            done += 1
            if progress is not None:
                progress(done, len(joined))
    return Catchments(
        _table(network, limits, lines, joined.index),
        _table(network, limits, areas, joined.index),
        _table(network, limits, _union_lines(task, nearest, ends.spots())) if union else None,
        _table(network, limits, _united(together, len(limits))) if union else None,
        joined,
        tolerance_m,
    )


def _in_order(shares: list[IntArray]) -> list[IntArray]:
    """Return batches as threads best take them: the smallest, drawn alone, then by size."""
    by_size = sorted(shares, key=len, reverse=True)
    return by_size[-1:] + by_size[:-1]


def _table(
    network: WalkingNetwork, limits: tuple[float, ...], shapes: Any, ids: pd.Index | None = None
) -> geopandas.GeoDataFrame:
    """Return shapes, shape (centres, limits) or (limits,), as a table of a row each."""
    columns: dict[str, Any] = {}
    if ids is not None:
        columns["centre"] = np.repeat(ids.to_numpy(dtype=object), len(limits))
    columns["limit_minutes"] = np.tile(limits, shapes.size // len(limits))
    return geopandas.GeoDataFrame(columns, geometry=shapes.ravel(), crs=network.crs)


def _union_lines(task: Task, nearest: Any, spots: Spots) -> Any:
    """Return the street pieces from which some centre is within each limit, shape (limits,)."""
    node = np.flatnonzero(np.isfinite(nearest)).astype(np.int32)
    seen = np.full(len(task.arcs.segment_from), -1, dtype=np.int32)
    segments = touched_segments(task.arcs, node, spots.segment, seen, 0)
    lines = Shapes()
    draw_lines(task, field_of(nearest, spots), segments, lines, 0)
    return lines.lines(len(task.limits))


def _united(together: list[Any], limit_count: int) -> Any:
    """Return the union of the batches' areas, shape (limits,)."""
    united = np.full(limit_count, shapely.MultiPolygon(), dtype=object)
    for number in range(limit_count):
        shapes = [areas[number] for areas in together]
        whole = shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)
        polygons = [one for one in shapely.get_parts(whole) if one.geom_type == "Polygon"]
        united[number] = shapely.MultiPolygon(polygons)
    return united
