"""Loops over the dense nodes of OSM PBF blocks, compiled: places and tags of the wanted ones.

As :mod:`planner.streets.sources.pbf_kernel`, of which it is the other half.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.streets.sources.pbf_kernel import field, signed, varint

DENSE_IDS: Final = 1
DENSE_LATITUDES: Final = 8
DENSE_LONGITUDES: Final = 9
DENSE_TAGS: Final = 10

COORDINATE_NANODEGREES: Final = 100
"""OpenStreetMap keeps coordinates in units of 1e-7 degrees."""

WIDEST: Final = 1_800_000_000
HIGHEST: Final = 900_000_000
"""180 and 90 degrees in those units: beyond them lies no place."""


class NodePlaces(NamedTuple):
    """Where the wanted nodes lie, filled in block by block.

    Parameters
    ----------
    ids
        Ids of the wanted nodes, ascending.
    longitude, latitude
        In units of 1e-7 degrees, 0 where not known.
    seen, known
        Whether the file held the node at all, and whether it lies on the globe.
    """

    ids: np.ndarray
    longitude: np.ndarray
    latitude: np.ndarray
    seen: np.ndarray
    known: np.ndarray


class NodeTags(NamedTuple):
    """The wanted tags of wanted nodes in one group.

    Parameters
    ----------
    rank
        Place of each tag's node among the wanted ids.
    keys, values
        Positions in the block's table of texts.
    """

    rank: np.ndarray
    keys: np.ndarray
    values: np.ndarray


@compiled
def _coordinate(number: int, granularity: int, offset: int) -> int:
    """Return nanodegrees of a block as units of 1e-7 degrees, cut towards 0."""
    nanodegrees = offset + granularity * number
    if nanodegrees < 0:
        return -(-nanodegrees // COORDINATE_NANODEGREES)
    return nanodegrees // COORDINATE_NANODEGREES


@compiled
def _dense_parts(data: np.ndarray, start: int, end: int) -> np.ndarray:
    """Return where ids, latitudes, longitudes and tags of dense nodes lie, shape (4, 2)."""
    parts = np.zeros((4, 2), dtype=np.int64)
    place = start
    while place < end:
        number, first, place = field(data, place, end)
        row = -1
        if abs(number) == DENSE_IDS:
            row = 0
        elif abs(number) == DENSE_LATITUDES:
            row = 1
        elif abs(number) == DENSE_LONGITUDES:
            row = 2
        elif abs(number) == DENSE_TAGS:
            row = 3
        if row >= 0:
            if number < 0 or parts[row, 1] > 0:
                raise ValueError  # a list of nodes is not in one piece
            parts[row, 0] = first
            parts[row, 1] = place
    return parts


@compiled
def _node_tags(
    data: np.ndarray,
    place: int,
    end: int,
    wanted: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    filled: int,
) -> tuple[int, int]:
    """Note one node's wanted tags from ``filled`` on; tell how far, and where the next begin."""
    while True:
        key, place = varint(data, place, end)
        if key == 0:
            return filled, place
        value, place = varint(data, place, end)
        if not (0 <= key < len(wanted) and 0 <= value < len(wanted)):
            raise ValueError  # a tag names a text that is not in the block
        if wanted[key]:
            keys[filled] = key
            values[filled] = value
            filled += 1


@compiled
def _place(places: NodePlaces, rank: int, east: int, north: int) -> None:
    """Note where a wanted node lies."""
    if places.seen[rank]:
        raise ValueError  # a node stands twice in the file
    places.seen[rank] = True
    if -WIDEST <= east <= WIDEST and -HIGHEST <= north <= HIGHEST:
        places.longitude[rank] = east
        places.latitude[rank] = north
        places.known[rank] = True


@compiled
def place_nodes(
    data: np.ndarray,
    start: int,
    end: int,
    granularity: int,
    latitude_offset: int,
    longitude_offset: int,
    wanted: np.ndarray,
    places: NodePlaces,
) -> NodeTags:
    """Fill in where the wanted nodes among a group's dense nodes lie; return their tags.

    Parameters
    ----------
    data, start, end
        Bytes of a block, and where in it the dense nodes lie.
    granularity, latitude_offset, longitude_offset
        Of the block, in nanodegrees.
    wanted
        Whether each text of the block is a wanted key of nodes, shape (texts,).
    places
        Filled in.
    """
    parts = _dense_parts(data, start, end)
    id_place, latitude_place, longitude_place, tag_place = parts[:, 0]
    room = (parts[3, 1] - parts[3, 0]) // 2 + 1
    ranks = np.empty(room, dtype=np.int64)
    keys = np.empty(room, dtype=np.int64)
    values = np.empty(room, dtype=np.int64)
    filled = 0
    node, latitude, longitude = 0, 0, 0
    rank = 0
    while id_place < parts[0, 1]:
        step, id_place = varint(data, id_place, parts[0, 1])
        forward = signed(step)
        node += forward
        step, latitude_place = varint(data, latitude_place, parts[1, 1])
        latitude += signed(step)
        step, longitude_place = varint(data, longitude_place, parts[2, 1])
        longitude += signed(step)
        tagged = filled
        if parts[3, 1] > 0:
            tagged, tag_place = _node_tags(
                data, tag_place, parts[3, 1], wanted, keys, values, filled
            )
        if forward < 0 or rank == 0:
            rank = int(np.searchsorted(places.ids, node))
        while rank < len(places.ids) and places.ids[rank] < node:
            rank += 1
        if rank == len(places.ids) or places.ids[rank] != node:
            continue
        ranks[filled:tagged] = rank
        filled = tagged
        east = _coordinate(longitude, granularity, longitude_offset)
        north = _coordinate(latitude, granularity, latitude_offset)
        _place(places, rank, east, north)
    if tag_place < parts[3, 1]:
        raise ValueError  # there are tags of more nodes than there are
    return NodeTags(ranks[:filled].copy(), keys[:filled].copy(), values[:filled].copy())
