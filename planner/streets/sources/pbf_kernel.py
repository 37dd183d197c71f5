"""Loops over the bytes of OSM PBF blocks, compiled: no Python object a node.

The format is that of https://wiki.openstreetmap.org/wiki/PBF_Format; numbers are packed as
https://protobuf.dev/programming-guides/encoding says. Whatever a loop does not expect, it refuses
with a ``ValueError``: nothing is read beyond the end of a message.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.compiled import compiled

NO_SIGN: Final = 2**63 - 1
"""All bits of a number but the one of its sign."""

VARINT: Final = 0
EIGHT_BYTES: Final = 1
BYTES: Final = 2
FOUR_BYTES: Final = 5

GROUP_SINGLE: Final = 1
GROUP_DENSE: Final = 2
GROUP_WAYS: Final = 3
WAY_KEYS: Final = 2
WAY_VALUES: Final = 3
WAY_REFS: Final = 8


class WayColumns(NamedTuple):
    """The ways of one group as flat arrays.

    Parameters
    ----------
    refs, ref_count
        Node ids of all ways, one way after the other, and how many each has.
    keys, values, tag_count
        Positions in the block's table of texts of all wanted tags, and how many each way has.
    """

    refs: np.ndarray
    ref_count: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    tag_count: np.ndarray


@compiled
def varint(data: np.ndarray, place: int, end: int) -> tuple[int, int]:
    """Return the number that begins at ``place`` (as signed 64 bits), and where the next begins."""
    number = 0
    for part in range(10):
        if place >= end:
            raise ValueError  # a number runs beyond its message
        byte = data[place]
        place += 1
        number |= (byte & 127) << (7 * part)
        if byte < 128:
            return number, place
    raise ValueError  # a number has more than ten bytes


@compiled
def signed(number: int) -> int:
    """Return the signed number that a "zigzag" code stands for."""
    return ((number >> 1) & NO_SIGN) ^ -(number & 1)


@compiled
def field(data: np.ndarray, place: int, end: int) -> tuple[int, int, int]:
    """Return a field's number (negative unless it holds bytes), and where its content lies.

    Returns
    -------
    tuple of int
        The field's number, the first byte of its content and the one after its last: there the
        next field begins.
    """
    tag, place = varint(data, place, end)
    number, kind = tag >> 3, tag & 7
    first = place
    if kind == BYTES:
        length, first = varint(data, place, end)
        if length < 0 or length > end - first:
            raise ValueError  # a field runs beyond its message
        return number, first, first + length
    if kind == VARINT:
        _, after = varint(data, place, end)
    elif kind == EIGHT_BYTES:
        after = place + 8
    elif kind == FOUR_BYTES:
        after = place + 4
    else:
        raise ValueError  # a field is of no known kind
    if after > end or number < 1:
        raise ValueError  # a field runs beyond its message
    return -number, first, after


@compiled
def text_spans(data: np.ndarray, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """Return where each text of a block's table begins and ends."""
    begins = np.empty(end - start, dtype=np.int64)
    ends = np.empty(end - start, dtype=np.int64)
    count = 0
    place = start
    while place < end:
        number, first, place = field(data, place, end)
        if number == 1:
            begins[count] = first
            ends[count] = place
            count += 1
    return begins[:count].copy(), ends[:count].copy()


@compiled
def _way_parts(data: np.ndarray, start: int, end: int, parts: np.ndarray) -> None:
    """Note where a way's keys, values and refs lie: rows of ``parts``, shape (3, 2)."""
    parts[:] = 0
    place = start
    while place < end:
        number, first, place = field(data, place, end)
        row = -1
        if abs(number) == WAY_KEYS:
            row = 0
        elif abs(number) == WAY_VALUES:
            row = 1
        elif abs(number) == WAY_REFS:
            row = 2
        if row >= 0:
            if number < 0 or parts[row, 1] > 0:
                raise ValueError  # a way's list is not in one piece
            parts[row, 0] = first
            parts[row, 1] = place


@compiled
def _tags(
    data: np.ndarray,
    parts: np.ndarray,
    wanted: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    filled: int,
) -> tuple[int, bool]:
    """Note a way's wanted tags from ``filled`` on; tell how far, and whether it may be a street.

    ``wanted`` tells of each text of the block: 0 no wanted key, 1 one that rules look at, 2 one
    that a street must have.
    """
    street = False
    key_place, key_end = parts[0]
    value_place, value_end = parts[1]
    while key_place < key_end:
        key, key_place = varint(data, key_place, key_end)
        value, value_place = varint(data, value_place, value_end)
        if not (0 <= key < len(wanted) and 0 <= value < len(wanted)):
            raise ValueError  # a tag names a text that is not in the block
        if wanted[key] > 0:
            keys[filled] = key
            values[filled] = value
            filled += 1
            street |= wanted[key] == 2
    if value_place < value_end:
        raise ValueError  # a way has more values than keys
    return filled, street


@compiled
def _refs(data: np.ndarray, start: int, end: int, refs: np.ndarray, filled: int) -> int:
    """Note a way's node ids, each written as its step from the last one; tell how far."""
    ref = 0
    place = start
    while place < end:
        step, place = varint(data, place, end)
        ref += signed(step)
        refs[filled] = ref
        filled += 1
    return filled


@compiled
def group_ways(data: np.ndarray, start: int, end: int, wanted: np.ndarray) -> WayColumns:
    """Return the ways of a group that have a street's key and two nodes or more.

    Parameters
    ----------
    data, start, end
        Bytes of a block, and where in it the group lies.
    wanted
        What each text of the block is as a key, see :func:`_tags`; int8, shape (texts,).
    """
    room = end - start
    refs = np.empty(room, dtype=np.int64)
    keys = np.empty(room, dtype=np.int64)
    values = np.empty(room, dtype=np.int64)
    ref_count = np.empty(room, dtype=np.int64)
    tag_count = np.empty(room, dtype=np.int64)
    parts = np.zeros((3, 2), dtype=np.int64)
    ways = 0
    refs_filled = 0
    tags_filled = 0
    place = start
    while place < end:
        number, first, place = field(data, place, end)
        if number != GROUP_WAYS:
            raise ValueError  # a group holds more than ways
        _way_parts(data, first, place, parts)
        tags_end, street = _tags(data, parts, wanted, keys, values, tags_filled)
        if not street:
            continue
        refs_end = _refs(data, parts[2, 0], parts[2, 1], refs, refs_filled)
        if refs_end - refs_filled < 2:
            continue
        ref_count[ways] = refs_end - refs_filled
        tag_count[ways] = tags_end - tags_filled
        ways += 1
        refs_filled, tags_filled = refs_end, tags_end
    return WayColumns(
        refs[:refs_filled].copy(),
        ref_count[:ways].copy(),
        keys[:tags_filled].copy(),
        values[:tags_filled].copy(),
        tag_count[:ways].copy(),
    )
