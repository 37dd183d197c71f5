"""From every bend that a mapper drew to the junctions where feet can choose."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from planner.compiled import compiled
from planner.streets.arrays import BoolArray, FloatArray, IntArray, TextArray
from planner.streets.network.crossings import crossings_at_ends
from planner.streets.network.manners import Manners
from planner.streets.network.pieces import StreetPieces, flat_ranges
from planner.streets.network.spatial_order import grouped


@dataclass(frozen=True)
class DrawnStreets:
    """Straight steps between the points that mappers drew, each step between two of them.

    Parameters
    ----------
    point_ids
        Ids of the points, numbers or texts, shape (points,).
    easting_m, northing_m
        Where they lie, in metres, shape (points,).
    start, end
        Points at both ends of each step, shape (steps,).
    length_m
        Length of each step on the ground, shape (steps,).
    forward, backward
        Directions in which feet may go, shape (steps,).
    manners
        How each step is walked.
    point_main_road
        Greatest ``main_road`` of all ways at each point, also of those that feet may not use, shape
        (points,).
    point_signals
        Whether lights stop the traffic there, shape (points,).
    point_number
        Which of the points of one id each is, where there are several: 1, 2, …; else 0.
    """

    point_ids: IntArray | TextArray
    easting_m: FloatArray
    northing_m: FloatArray
    start: IntArray
    end: IntArray
    length_m: FloatArray
    forward: BoolArray
    backward: BoolArray
    manners: Manners
    point_main_road: FloatArray
    point_signals: BoolArray
    point_number: IntArray | None = None


def point_names(drawn: DrawnStreets, rows: IntArray) -> TextArray:
    """Return text ids of some points; those that several share are numbered: ``12/1``, ``12/2``."""
    names: TextArray = drawn.point_ids[rows].astype(np.str_)
    if drawn.point_number is None or not drawn.point_number[rows].any():
        return names
    number = drawn.point_number[rows]
    numbered = np.char.add(np.char.add(names, "/"), number.astype(np.str_))
    return np.asarray(np.where(number > 0, numbered, names), dtype=np.str_)


def single_steps(drawn: DrawnStreets) -> DrawnStreets:
    """Return the streets without steps that go nowhere, and with doubly drawn steps once.

    Two ways that share a step share their street: feet may go where either allows.
    """
    low, high = np.minimum(drawn.start, drawn.end), np.maximum(drawn.start, drawn.end)
    onward = drawn.start <= drawn.end
    forward = np.where(onward, drawn.forward, drawn.backward)
    backward = np.where(onward, drawn.backward, drawn.forward)
    order = np.flatnonzero(low < high)
    for point in (high, low):  # the last sorting counts most
        order = order[grouped(point[order], len(drawn.point_ids))[1]]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    first = np.flatnonzero(new)
    count = np.diff(first, append=len(order))
    doubly = np.flatnonzero(count > 1)  # few, and what is done to them takes long
    rows = order[flat_ranges(first[doubly], count[doubly])]
    begin = np.cumsum(count[doubly]) - count[doubly]
    order = order[first]
    single = replace(
        drawn,
        start=low[order],
        end=high[order],
        length_m=drawn.length_m[order],
        forward=forward[order],
        backward=backward[order],
        manners=drawn.manners.take(order),
    )
    if len(doubly):
        single.forward[doubly] = np.logical_or.reduceat(forward[rows], begin)
        single.backward[doubly] = np.logical_or.reduceat(backward[rows], begin)
        easiest = drawn.manners.take(rows).easiest(begin)
        for entry in fields(Manners):
            getattr(single.manners, entry.name)[doubly] = getattr(easiest, entry.name)
    return single


def passed_through(drawn: DrawnStreets, meeting: IntArray, meeting_start: IntArray) -> BoolArray:
    """Tell which points are mere bends: exactly two steps meet, alike in directions and manner.

    Where a way crosses a main road is no bend, for that costs time.

    ``meeting[meeting_start[p]:meeting_start[p + 1]]`` are the step ends that meet at point ``p``:
    numbers of steps that start there, and, counted on from the number of all steps, that end there.
    """
    steps = len(drawn.start)
    leaves = np.concatenate([drawn.forward, drawn.backward])
    enters = np.concatenate([drawn.backward, drawn.forward])
    bends = np.flatnonzero(np.diff(meeting_start) == 2)
    one, other = meeting[meeting_start[bends]], meeting[meeting_start[bends] + 1]
    alike = (leaves[one] == enters[other]) & (enters[one] == leaves[other])
    one, other = one % steps, other % steps
    for entry in fields(Manners):
        manner = getattr(drawn.manners, entry.name)
        alike &= manner[one] == manner[other]
    on_main_road = drawn.manners.main_road[one] > 0
    alike &= on_main_road | (drawn.point_main_road[bends] == 0)
    through = np.zeros(len(drawn.point_ids), dtype=bool)
    through[bends[alike & (one != other)]] = True
    return through


@compiled
def _chains(
    start: np.ndarray,
    end: np.ndarray,
    half_start: np.ndarray,
    half: np.ndarray,
    through: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Walk every street from junction to junction; rings without one from their lowest point.

    ``half[half_start[p]:half_start[p + 1]]`` are the steps that meet at point ``p``. Returns where
    each chain's points begin and its points, and the first and all steps in the order walked.
    """
    steps = len(start)
    done = np.zeros(steps, dtype=np.bool_)
    chain_start = np.empty(steps + 1, dtype=np.int64)
    points = np.empty(2 * steps, dtype=np.int64)
    first_step = np.empty(steps, dtype=np.int64)
    walked = np.empty(2 * steps, dtype=np.int64)
    chains = 0
    filled = 0
    for ring in range(2):
        for origin in range(len(through)):
            if ring == 0 and through[origin]:
                continue
            for place in range(half_start[origin], half_start[origin + 1]):
                step = half[place]
                if done[step]:
                    continue
                chain_start[chains] = filled
                first_step[chains] = step
                chains += 1
                here = origin
                points[filled] = here
                walking = True
                while walking:
                    done[step] = True
                    walked[filled] = step
                    filled += 1
                    here = end[step] if start[step] == here else start[step]
                    points[filled] = here
                    walking = False
                    if through[here] and here != origin:
                        for choice in range(half_start[here], half_start[here + 1]):
                            if not done[half[choice]]:
                                step = half[choice]
                                walking = True
                walked[filled] = -1
                filled += 1
    chain_start[chains] = filled
    return chain_start[: chains + 1], points[:filled], first_step[:chains], walked[:filled]


def street_pieces(drawn: DrawnStreets) -> StreetPieces:
    """Return the street pieces between junctions, with the bends between as their shape.

    Junctions are the points where one, three or more steps meet, two that differ in the directions
    allowed or in manner, or where a way crosses a main road. A ring that meets no other street gets
    one node, its first point. Nothing depends on the order in which steps or ways were drawn.

    Parameters
    ----------
    drawn
        All steps that feet may take; points that no step touches vanish.
    """
    drawn = single_steps(drawn)
    point = np.concatenate([drawn.start, drawn.end])
    half_start, meeting = grouped(point, len(drawn.point_ids))
    half = meeting % max(len(drawn.start), 1)
    chain_start, points, first_step, walked = _chains(
        drawn.start, drawn.end, half_start, half, passed_through(drawn, meeting, half_start)
    )
    chain_from, chain_to = points[chain_start[:-1]], points[chain_start[1:] - 1]
    step_m = np.where(walked >= 0, drawn.length_m[walked], 0.0)
    onward = drawn.start[first_step] == chain_from
    touched = np.zeros(len(drawn.point_ids), dtype=bool)
    touched[chain_from] = touched[chain_to] = True
    used, place = np.flatnonzero(touched), np.cumsum(touched) - 1
    manners = drawn.manners.take(first_step)
    crossings = crossings_at_ends(chain_from, chain_to, manners.main_road, drawn.point_main_road)
    return StreetPieces(
        node_ids=point_names(drawn, used),
        node_easting_m=drawn.easting_m[used],
        node_northing_m=drawn.northing_m[used],
        start=place[chain_from],
        end=place[chain_to],
        length_m=np.add.reduceat(step_m, chain_start[:-1]) if len(chain_from) else np.empty(0),
        forward=np.where(onward, drawn.forward[first_step], drawn.backward[first_step]),
        backward=np.where(onward, drawn.backward[first_step], drawn.forward[first_step]),
        vertex_start=chain_start,
        vertex_easting_m=drawn.easting_m[points],
        vertex_northing_m=drawn.northing_m[points],
        manners=manners,
        crossings_start=crossings[0],
        crossings_end=crossings[1],
        node_signals=drawn.point_signals[used],
    )
