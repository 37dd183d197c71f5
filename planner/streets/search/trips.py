"""Which way a walk counts: there, home, the harder of both, or both together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from planner import units
from planner.errors import StreetsError
from planner.labels import message
from planner.streets.arrays import FloatArray, Int32Array
from planner.streets.walking.costs import EdgeMinutes

ONE_WAY: Final = ("there", "back")
TRIPS: Final = (*ONE_WAY, "harder", "round")
"""``there``: from origin to destination; ``back``: from destination home; ``harder``: the longer of
the two; ``round``: their sum."""


Pairs = tuple[Int32Array, Int32Array, FloatArray]
"""Codes of origins and destinations, and minutes."""


def check_trip(trip: str, known: tuple[str, ...] = TRIPS) -> None:
    """Refuse a trip that is none of ``known``.

    Raises
    ------
    planner.errors.StreetsError
        Naming those that are.
    """
    if trip not in known:
        choices = "、".join(known)
        raise StreetsError(
            message("walkers.choice_refused", entry="trip", value=trip, choices=choices)
        )


def ways_of(trip: str, costs: EdgeMinutes) -> list[EdgeMinutes]:
    """Return the minutes of each way of a trip, as walks from origin to destination."""
    ways = {"there": [costs], "back": [costs.turned()]}
    return ways.get(trip, [costs, costs.turned()])


def part_of(tell: Callable[[int, int], None], way: int, ways: int) -> Callable[[int, int], None]:
    """Return what is told of the progress of one of several ways, so that all are told as one."""

    def tell_part(done: int, sources: int) -> None:
        tell(done + way * sources, ways * sources)

    return tell_part


def trip_columns(
    ways: list[Pairs], trip: str, limit_minutes: float
) -> tuple[Int32Array, Int32Array, dict[str, FloatArray]]:
    """Return codes of origins and destinations and the columns of minutes of trips within a limit.

    Parameters
    ----------
    ways
        For each way of the trip (:func:`ways_of`) the pairs within the limit, each pair once,
        sorted as the answer where it is one way alone.
    trip
        One of :data:`TRIPS`.
    limit_minutes
        Longest trip that counts (:func:`planner.units.within`).

    Returns
    -------
    tuple
        Sorted by origin, then minutes, then destination. ``walk_minutes``, and where both ways
        count ``there_minutes`` and ``home_minutes``.
    """
    if len(ways) == 1:
        origin, destination, minutes = ways[0]
        return origin, destination, {"walk_minutes": minutes}
    there, back = ways
    width = 1 + max(int(one[1].max(initial=0)) for one in ways)
    out, into = (one[0].astype(np.int64) * width + one[1] for one in ways)
    pair, first, second = np.intersect1d(out, into, assume_unique=True, return_indices=True)
    outward, home = there[2][first], back[2][second]
    minutes = np.maximum(outward, home) if trip == "harder" else outward + home
    kept = np.flatnonzero(units.within(minutes, limit_minutes))
    order = kept[np.lexsort((pair[kept] % width, minutes[kept], pair[kept] // width))]
    columns = {"walk_minutes": minutes, "there_minutes": outward, "home_minutes": home}
    return (
        (pair[order] // width).astype(np.int32),
        (pair[order] % width).astype(np.int32),
        {name: column[order] for name, column in columns.items()},
    )
