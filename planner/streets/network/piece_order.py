"""One order and one direction for street pieces, however they came.

A network must not depend on the order of its pieces, nor on which end each begins at.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.network.pieces import StreetPieces, flat_ranges


def turned_pieces(pieces: StreetPieces, rank: IntArray) -> BoolArray:
    """Tell which pieces run from the later node to the earlier, or, as rings, the other way round.

    A ring runs so that its second vertex comes before its last but one (by easting, northing).
    """
    start, end = rank[pieces.start], rank[pieces.end]
    second = pieces.vertex_start[:-1] + 1
    last_but_one = pieces.vertex_start[1:] - 2
    easting, northing = pieces.vertex_easting_m, pieces.vertex_northing_m
    ring_turned = (easting[second] > easting[last_but_one]) | (
        (easting[second] == easting[last_but_one]) & (northing[second] > northing[last_but_one])
    )
    turned: BoolArray = (start > end) | ((start == end) & ring_turned)
    return turned


def drawn_order(pieces: StreetPieces, turned: BoolArray, order: IntArray) -> IntArray:
    """Return the positions of all vertices, pieces in ``order``, turned ones from back to front."""
    count = np.diff(pieces.vertex_start)[order]
    position = flat_ranges(pieces.vertex_start[:-1][order], count)
    mirror = np.repeat((pieces.vertex_start[:-1] + pieces.vertex_start[1:] - 1)[order], count)
    return np.where(np.repeat(turned[order], count), mirror - position, position)


def manner_ranks(pieces: StreetPieces) -> IntArray:
    """Return numbers that tell manners apart whatever the order of the pieces; estates aside."""
    manners = replace(pieces.manners, estate=(pieces.manners.estate >= 0).astype(np.int64))
    return manners.codes()


def middles_of(pieces: StreetPieces) -> tuple[FloatArray, FloatArray]:
    """Return the mean of each piece's second and last but one vertex: tells parallels apart."""
    second = pieces.vertex_start[:-1] + 1
    last_but_one = pieces.vertex_start[1:] - 2
    easting, northing = pieces.vertex_easting_m, pieces.vertex_northing_m
    return (
        (easting[second] + easting[last_but_one]) / 2,
        (northing[second] + northing[last_but_one]) / 2,
    )
