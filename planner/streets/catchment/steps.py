"""Steps of lattice lines that outlines cross: their ends, and what the places between can join."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.streets.catchment.land import (
    BLOCK,
    NOT_JOINED,
    ROUNDING_M,
    Land,
    block_at,
    listed_near,
)
from planner.streets.catchment.places import Places, place_at
from planner.streets.catchment.search import Field, street_minutes
from planner.streets.joining.lattice import Pieces
from planner.streets.walking.arcs import Arcs, wider

PARTS: Final = 64
"""A crossing is known to 1/64 of a lattice step."""

UNKNOWN: Final = -2
"""Stands for the street piece of a place that was not looked at."""

FLOAT32_M: Final = 0.001
"""Legs that were kept in float32 are right to this and more."""


class Window(NamedTuple):
    """Minutes at a rectangle of the lattice, the outermost places far from every street.

    Parameters
    ----------
    minutes
        Minutes to the centre, shape (rows, columns); infinite beyond the limit.
    row, column
        Northing and easting of the first place, in lattice steps.
    """

    minutes: np.ndarray
    row: int
    column: int


class Steps(NamedTuple):
    """Steps of lattice lines that an outline crosses, and what their places can join.

    Parameters
    ----------
    line
        Easting and northing of the western or southern end, and the way to the other, in metres,
        shape (steps, 4).
    turned
        Whether it is the eastern or northern end that lies inside.
    joined, minutes
        Street pieces that the ends inside and outside join, and the minutes there, shape
        (steps, 2).
    start, split, near
        Pieces that places on step ``i`` can join: ``near[start[i]:split[i]]`` of the main part,
        and ``near[split[i]:start[i + 1]]`` of stray ones.
    walled
        Whether a barrier can stand on a leg.
    key
        Number of the step; places on it are numbered from :data:`PARTS` times this.
    """

    line: np.ndarray
    turned: np.ndarray
    joined: np.ndarray
    minutes: np.ndarray
    start: np.ndarray
    split: np.ndarray
    near: np.ndarray
    walled: np.ndarray
    key: np.ndarray


@compiled
def ends_of(
    arcs: Arcs,
    field: Field,
    segment: np.ndarray,
    land: Land,
    places: Places,
    minutes_per_m: float,
    window: Window,
    pairs: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places (-1: not looked at) at the ends of steps, what they join, and minutes."""
    width = window.minutes.shape[1]
    place = np.empty((len(pairs), 2), dtype=np.int64)
    joined = np.full((len(pairs), 2), UNKNOWN)
    minutes = np.full((len(pairs), 2), np.inf)
    for step in range(len(pairs)):
        for end in range(2):
            row, column = divmod(pairs[step, end], width)
            one = place_at(land, window.row + row, window.column + column)
            place[step, end] = one
            if one < 0:
                continue
            piece = places.piece[one]
            joined[step, end] = piece
            if piece != NOT_JOINED:
                minutes[step, end] = places.leg_m[one] * minutes_per_m + street_minutes(
                    arcs, field, segment[piece], places.fraction[one]
                )
    return place, joined, minutes


@compiled
def _within_m(
    join_limit_m: float,
    step_m: float,
    joined: np.ndarray,
    places: np.ndarray,
    legs_m: np.ndarray,
    main: np.ndarray,
) -> tuple[float, float]:
    """Return how near to a step's middle all lies that its places can join.

    Of the main part, and else (negative where all join the main part).

    Parameters
    ----------
    join_limit_m, step_m
        Longest leg, and length of the step.
    joined, places
        Street pieces that the places at its ends join, and the numbers of these places.
    legs_m, main
        Legs by places, and whether a street piece belongs to the main part.
    """
    main_m = join_limit_m + 0.5 * step_m + ROUNDING_M
    stray_m = main_m
    for end in range(2):
        if joined[end] < 0:
            continue
        # Nobody on the step has a leg longer by more than the step; the middle is half of one.
        leg_m = legs_m[places[end]] + FLOAT32_M
        if not main[joined[end]]:
            stray_m = min(stray_m, leg_m + 1.5 * step_m)
            continue
        main_m = min(main_m, leg_m + 1.5 * step_m)
        if leg_m + step_m <= join_limit_m:
            stray_m = -1.0
    return main_m, stray_m


@compiled
def steps_between(
    pieces: Pieces,
    land: Land,
    legs_m: np.ndarray,
    window: Window,
    pairs: np.ndarray,
    ends: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> Steps:
    """Return the steps between places inside and outside, of which the ends are known."""
    width = window.minutes.shape[1]
    place, joined, minutes = ends
    line = np.zeros((len(pairs), 4))
    turned = np.empty(len(pairs), dtype=np.bool_)
    start = np.zeros(len(pairs) + 1, dtype=np.int64)
    split = np.zeros(len(pairs), dtype=np.int64)
    near = np.empty(1024, dtype=np.int64)
    walled = np.zeros(len(pairs), dtype=np.bool_)
    key = np.empty(len(pairs), dtype=np.int64)
    step_m = land.step_m
    most = np.diff(land.start).max()
    for step in range(len(pairs)):
        turned[step] = pairs[step, 0] > pairs[step, 1]
        row, column = divmod(pairs[step].min(), width)
        row += window.row
        column += window.column
        northward = abs(pairs[step, 0] - pairs[step, 1]) != 1
        line[step, 0] = column * step_m
        line[step, 1] = row * step_m
        line[step, 2 + int(northward)] = step_m
        up = row - land.row * BLOCK + 1
        across = column - land.column * BLOCK + 1
        key[step] = 2 * (up * (land.columns * BLOCK + 2) + across) + int(northward)
        # Both ends lie in, or on the rim of, the block of the middle between them.
        east = line[step, 0] + 0.5 * line[step, 2]
        north = line[step, 1] + 0.5 * line[step, 3]
        block = block_at(land, east, north)
        main_count = 0
        count = 0
        if start[step] + most > len(near):
            near = wider(near, start[step], 2 * (start[step] + most))
        if block >= 0:
            within_m = _within_m(
                land.join_limit_m, step_m, joined[step], place[step], legs_m, pieces.main
            )
            bounds = (land.start[block], land.split[block], land.start[block + 1])
            main_count, count = listed_near(
                pieces.line, land.piece, bounds, east, north, within_m, near[start[step] :]
            )
            walled[step] = land.walled[block]
        split[step] = start[step] + main_count
        start[step + 1] = start[step] + count
    return Steps(line, turned, joined, minutes, start, split, near, walled, key)
