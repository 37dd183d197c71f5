"""Tables of points made ready for the searches: ids checked, joined, in an order of their own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd

from planner import units
from planner.errors import StreetsError, TableError
from planner.labels import Message, message
from planner.streets.arrays import FloatArray, IntArray
from planner.streets.joining.joining import SPOT_COLUMNS, checked_join_limit, join_to_streets, shown
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.search.layers import search_layers
from planner.streets.walking.arcs import Arcs, Spots, Targets
from planner.streets.walking.costs import EdgeMinutes, exact_minutes, parts_of_minutes
from planner.streets.walking.walkers import Walker
from planner.tables import listed

ELSEWHERE_M: Final = 10_000.0
"""A table all of whose points are farther than this from every street is of another place (our own
bound: nobody walks from there)."""


LONGEST_MINUTES: Final = 1e9
"""Stands for "no limit" in a search: longer than any walk, but finite, as no way is infinite."""


@dataclass(frozen=True)
class JoinedPoints:
    """Joined points of one table, in the order of their ids.

    ``ids`` are all ids of the table, sorted; ``code`` tells which of them each joined point is.
    """

    ids: pd.Index
    code: IntArray
    segment: IntArray
    fraction: FloatArray
    leg_minutes: FloatArray

    def __len__(self) -> int:
        """Return how many points are joined."""
        return len(self.code)

    def spots(self, order: IntArray | None = None) -> Spots:
        """Return the points for a search, taken in ``order``."""
        rows = np.arange(len(self)) if order is None else order
        return Spots(self.segment[rows], self.fraction[rows], self.leg_minutes[rows])

    def by_segment(self, segment_count: int) -> tuple[Spots, IntArray, IntArray]:
        """Return the points sorted by segment, where each segment's begin, and which they are."""
        order = np.argsort(self.segment, kind="stable")
        start = np.zeros(segment_count + 2, dtype=np.int64)  # one more for the arcs of gates
        np.cumsum(np.bincount(self.segment, minlength=segment_count + 1), out=start[1:])
        return self.spots(order), start, order

    def targets(self, arcs: Arcs) -> tuple[Targets, IntArray]:
        """Return the points as targets of a search, and which point each of them is."""
        spots, start, order = self.by_segment(len(arcs.segment_from))
        segment = spots.segment
        onward = parts_of_minutes(spots.fraction, arcs.forward_minutes[segment])
        onward += arcs.wait_from[segment]
        back = parts_of_minutes(1.0 - spots.fraction, arcs.backward_minutes[segment])
        back += arcs.wait_to[segment]
        targets = Targets(start, spots.fraction, spots.leg, onward + spots.leg, back + spots.leg)
        return targets, order


def limit_problems(most: float = math.inf, **limits: Any) -> list[Message]:
    """Return what is wrong with limits: those that are no numbers above 0 and up to ``most``."""
    return [
        message("streets.limit_refused", name=name, value=shown(value))
        for name, value in limits.items()
        if not (units.is_number(value) and 0 < value <= most)
    ]


def checked_limit(limit_minutes: Any) -> float:
    """Return the longest walk that counts; infinite where all count.

    Raises
    ------
    StreetsError
        If it is no number above 0.
    """
    if problems := limit_problems(limit_minutes=limit_minutes):
        raise StreetsError(problems[0])
    return float(limit_minutes)


def check_ids(first: pd.DataFrame, second: pd.DataFrame) -> None:
    """Refuse ids that are missing, repeated, or shared by the two tables."""
    problems = []
    for name, table in (("origins", first), ("destinations", second)):
        if table.index.hasnans:
            problems.append(message("tables.id_missing", table=name))
        if table.index.has_duplicates:
            repeated = table.index[table.index.duplicated()]
            problems.append(message("tables.id_repeated", table=name, ids=listed(repeated)))
    few, many = sorted((first.index, second.index), key=len)
    if many.isin(few).any():  # three times as fast as the other way round
        shared = first.index[first.index.isin(second.index)]
        problems.append(
            message("tables.ids_shared", ids=listed(shared), first="origins", second="destinations")
        )
    if problems:
        raise TableError(message("tables.refused", table="origins, destinations"), problems)


def joined_frame(
    network: WalkingNetwork,
    points: pd.DataFrame,
    table: str,
    limit_m: float,
    walker: Walker,
    barriers: geopandas.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Return the table of joined points, joining them unless they come joined.

    Arguments as for :func:`planner.streets.join_to_streets`.

    Raises
    ------
    StreetsError
        If the limit is none, they were joined to other streets, or all of them lie over
        :data:`ELSEWHERE_M` from these: a file of another place, or coordinates that are not what
        they are said to be.
    """
    limit_m = checked_join_limit(limit_m)
    if set(SPOT_COLUMNS) <= set(points.columns):
        highest = int(points["segment"].max()) if len(points) else -1
        if highest >= network.segment_count:
            problem = message("streets.joined_elsewhere", table=table, segment=highest)
            raise StreetsError(message("streets.points_refused"), [problem])
        return points
    if not isinstance(points, geopandas.GeoDataFrame):
        text = f"{table} must be a GeoDataFrame of points or what join_to_streets returned"
        raise TypeError(text)
    joined = join_to_streets(
        network, points, limit_m=limit_m, barriers=barriers, walker=walker, table=table
    )
    nearest_m = float(joined["nearest_m"].min())
    if nearest_m > ELSEWHERE_M:
        problem = message(
            "streets.points_elsewhere",
            table=table,
            rows=len(joined),
            nearest_km=nearest_m / 1000,
            source=network.source,
        )
        raise StreetsError(message("streets.points_refused"), [problem])
    return joined


def coded(joined: pd.DataFrame, costs: EdgeMinutes) -> JoinedPoints:
    """Return the joined points in the order of their ids, so that no answer depends on rows."""
    order = np.argsort(joined.index.astype(str).to_numpy(dtype=object), kind="stable")
    is_joined = joined["joined"].to_numpy(dtype=bool)[order]
    rows = order[is_joined]
    leg_m = joined["leg_m"].to_numpy(dtype=np.float64)[rows]
    return JoinedPoints(
        joined.index[order],
        np.flatnonzero(is_joined),
        joined["segment"].to_numpy(dtype=np.int64)[rows],
        joined["fraction"].to_numpy(dtype=np.float64)[rows],
        exact_minutes(leg_m * costs.leg_minutes_per_m),
    )


def search_arcs(network: WalkingNetwork, costs: EdgeMinutes, *, against: bool) -> Arcs:
    """Return what a search walks on; ``against`` the way of the walk where it starts at its end."""
    forward = costs.backward if against else costs.forward
    backward = costs.forward if against else costs.backward
    layers = search_layers(network)
    waits = costs.wait_from + costs.wait_to
    onward = np.append(forward + waits, 0.0)  # a gate's own arcs take no time
    back = np.append(backward + waits, 0.0)
    return Arcs(
        layers.start,
        layers.head,
        layers.segment,
        layers.forward,
        np.where(layers.forward, onward[layers.segment], back[layers.segment]),
        layers.segment_from,
        layers.segment_to,
        forward,
        backward,
        costs.wait_from,
        costs.wait_to,
        layers.twin,
    )
