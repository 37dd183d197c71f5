"""Where main roads are crossed: half a crossing at each end of a street that meets one."""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.streets.arrays import FloatArray, IntArray

ARMS_OF_A_JUNCTION: Final = 3
"""So many arms of main roads make a junction of main roads, where their own arms cross one too."""


def main_road_at_points(points: int, touched: IntArray, main_road: FloatArray) -> FloatArray:
    """Return the greatest ``main_road`` of the ways at each point, 0 where none touches it.

    Parameters
    ----------
    points
        How many there are.
    touched
        A point for every time that a way touches one, in any order, shape (touches,).
    main_road
        ``main_road`` of the way that touches it, as in
        :class:`planner.streets.network.manners.Manners`, shape (touches,). Ways that feet may not
        use are crossed like others.
    """
    greatest = np.zeros(points)
    np.maximum.at(greatest, touched, main_road)
    return greatest


def crossings_at_ends(
    start: IntArray, end: IntArray, main_road: FloatArray, point_main_road: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return how many crossings of main roads each piece of street has at its start and its end.

    A street that meets a main road has half a crossing there: whoever comes out of one side street
    and goes on into another, or along a footway drawn over the road, makes a whole one; whoever
    turns into the main road makes a half, the mean of going along this side of it and the other.
    One-way carriageways count half, for a dual road is drawn as two. Where three or more arms of
    main roads meet, they cross each other in the same way.

    Parameters
    ----------
    start, end
        Points at both ends of each piece, shape (pieces,).
    main_road
        As in :class:`planner.streets.network.manners.Manners`, shape (pieces,).
    point_main_road
        Greatest ``main_road`` of the ways at each point (:func:`main_road_at_points`), shape
        (points,).

    Returns
    -------
    tuple of ndarray
        Crossings at the start and at the end, shape (pieces,).
    """
    on_main = main_road > 0
    arms = np.bincount(
        np.concatenate([start[on_main], end[on_main]]), minlength=len(point_main_road)
    )
    crossed = arms >= ARMS_OF_A_JUNCTION
    at_start = np.where(on_main & ~crossed[start], 0.0, 0.5 * point_main_road[start])
    at_end = np.where(on_main & ~crossed[end], 0.0, 0.5 * point_main_road[end])
    return at_start, at_end
