"""Where outlines cross lattice lines, found by joining and timing places of these lines anew.

An outline so follows the edge of the land shared out to a street as well as the reach along the
street. Where two lands meet, or one ends, is guessed from the metres to both streets; where the
limit is reached on one street, from the minutes. Guesses are tried, and halving finds the rest.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.compiled import compiled
from planner.streets.catchment.land import NOT_JOINED, Land, joined_among
from planner.streets.catchment.memory import Memory, remembered_in_sight
from planner.streets.catchment.places import Places
from planner.streets.catchment.search import Field, street_minutes
from planner.streets.catchment.steps import PARTS, UNKNOWN, Steps, Window, ends_of, steps_between
from planner.streets.joining.lattice import Pieces, nearest_on
from planner.streets.joining.sight import Walls
from planner.streets.walking.arcs import Arcs

GUESSES: Final = 4
"""So many places of a lattice line are guessed before it is halved."""


@compiled
def _away_m(line: np.ndarray, piece: int, step: np.ndarray, part: int) -> float:
    """Return the metres from where a part of a step begins to a street piece."""
    east = step[0] + part / PARTS * step[2]
    north = step[1] + part / PARTS * step[3]
    metres: float = np.sqrt(nearest_on(line, piece, east, north)[0])
    return metres


@compiled
def _guess(
    line: np.ndarray,
    join_limit_m: float,
    step: np.ndarray,
    parts: tuple[int, int],
    pieces: tuple[int, int],
    minutes: tuple[float, float],
    limit: float,
) -> int:
    """Guess where on a step, between two of its parts, it passes the limit.

    Parameters
    ----------
    line, join_limit_m
        Street pieces, and the longest leg.
    step, parts
        The step; a part whose beginning is within the limit, and one whose beginning is not.
    pieces, minutes, limit
        What both join, and the minutes there.
    """
    share = 0.5
    if pieces[0] == pieces[1]:
        share = (limit - minutes[0]) / (minutes[1] - minutes[0])
    elif pieces[1] != UNKNOWN:
        own_m = _away_m(line, pieces[0], step, parts[0])
        beyond_m = _away_m(line, pieces[0], step, parts[1])
        other_m = join_limit_m
        there_m = join_limit_m
        if pieces[1] != NOT_JOINED:
            other_m = _away_m(line, pieces[1], step, parts[0])
            there_m = _away_m(line, pieces[1], step, parts[1])
        ahead_m = other_m - own_m
        behind_m = beyond_m - there_m
        if ahead_m >= 0.0 and behind_m >= 0.0 and ahead_m + behind_m > 0.0:
            share = ahead_m / (ahead_m + behind_m)
    between = abs(parts[1] - parts[0])
    ahead = min(max(int(share * between), 1), between - 1)
    return parts[0] + ahead if parts[1] > parts[0] else parts[0] - ahead


@compiled
def _searched(
    arcs: Arcs,
    field: Field,
    pieces: Pieces,
    walls: Walls,
    limit_m: float,
    memory: Memory,
    minutes_per_m: float,
    limit: float,
    steps: Steps,
) -> np.ndarray:
    """Return where each step passes the limit, shape (steps, 2); ``limit_m`` is the longest leg."""
    found = np.empty((len(steps.line), 2))
    for step in range(len(steps.line)):
        line = steps.line[step]
        near = steps.near[steps.start[step] : steps.start[step + 1]]
        main_count = steps.split[step] - steps.start[step]
        inside, outside = (PARTS, 0) if steps.turned[step] else (0, PARTS)
        joined = (steps.joined[step, 0], steps.joined[step, 1])
        minutes = (steps.minutes[step, 0], steps.minutes[step, 1])
        tries = 0
        while abs(outside - inside) > 1:
            part = (inside + outside) // 2
            if tries < GUESSES:
                parts = (inside, outside)
                part = _guess(pieces.line, limit_m, line, parts, joined, minutes, limit)
            tries += 1
            east = line[0] + part / PARTS * line[2]
            north = line[1] + part / PARTS * line[3]
            piece, fraction, leg_m = joined_among(
                pieces.line, limit_m, near, main_count, east, north
            )
            if steps.walled[step] and piece != NOT_JOINED:
                piece, fraction, leg_m = remembered_in_sight(
                    pieces,
                    walls,
                    limit_m,
                    memory,
                    steps.key[step] * PARTS + part,
                    piece,
                    east,
                    north,
                )
            cost = leg_m * minutes_per_m
            if piece != NOT_JOINED and cost <= limit:
                cost += street_minutes(arcs, field, pieces.segment[piece], fraction)
            if cost <= limit:
                inside, joined, minutes = part, (piece, joined[1]), (cost, minutes[1])
            else:
                outside, joined, minutes = part, (joined[0], piece), (minutes[0], cost)
        share = 0.5 * (inside + outside) / PARTS
        found[step, 0] = line[0] + share * line[2]
        found[step, 1] = line[1] + share * line[3]
    return found


@compiled
def crossings(
    arcs: Arcs,
    field: Field,
    pieces: Pieces,
    walls: Walls,
    land: Land,
    places: Places,
    memory: Memory,
    minutes_per_m: float,
    window: Window,
    limit: float,
    pairs: np.ndarray,
) -> np.ndarray:
    """Return where outlines pass between places inside and places outside.

    Parameters
    ----------
    arcs, field, pieces, walls, land, places, memory, minutes_per_m, window, limit
        As for :func:`planner.streets.catchment.shape.outlines`.
    pairs
        Places of the window inside, and those outside beside them, shape (crossings, 2).

    Returns
    -------
    ndarray
        Easting and northing, shape (crossings, 2).
    """
    ends = ends_of(arcs, field, pieces.segment, land, places, minutes_per_m, window, pairs)
    steps = steps_between(pieces, land, places.leg_m, window, pairs, ends)
    return _searched(
        arcs, field, pieces, walls, land.join_limit_m, memory, minutes_per_m, limit, steps
    )
