"""What places between those of the lattice join beside barriers, kept for other centres and limits.

To join past barriers is slow work, and the same for every centre: the places of the lattice itself
are joined once (:mod:`planner.streets.catchment.places`), those that outlines are looked for at are
remembered here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from planner.compiled import compiled
from planner.streets.catchment.land import joined_in_sight
from planner.streets.joining.lattice import Pieces
from planner.streets.joining.sight import Walls

SLOTS: Final = 2**20
"""So many places are remembered by one thread: 32 MB, taken up only where there are barriers."""


class Memory(NamedTuple):
    """What places on lattice lines beside barriers joined, for other centres and limits to ask.

    Parameters
    ----------
    key
        Number of the place in each slot, -1 for none; a place found later takes the slot over.
    piece, fraction, leg_m
        What it joins, as :func:`planner.streets.catchment.land.joined_in_sight` tells.
    """

    key: np.ndarray
    piece: np.ndarray
    fraction: np.ndarray
    leg_m: np.ndarray


def memory_for(walls: Walls) -> Memory:
    """Return an empty memory, without room where there are no barriers."""
    room = SLOTS if len(walls.line) else 0
    return Memory(
        np.full(room, -1, dtype=np.int64),
        np.empty(room, dtype=np.int64),
        np.empty(room),
        np.empty(room),
    )


@compiled
def remembered_in_sight(
    pieces: Pieces,
    walls: Walls,
    join_limit_m: float,
    memory: Memory,
    key: int,
    piece: int,
    east: float,
    north: float,
) -> tuple[int, float, float]:
    """Return what :func:`planner.streets.catchment.land.joined_in_sight` does, worked out once."""
    slot = (key ^ (key >> 15)) % len(memory.key)
    if memory.key[slot] != key:
        memory.key[slot] = key
        memory.piece[slot], memory.fraction[slot], memory.leg_m[slot] = joined_in_sight(
            pieces, walls, join_limit_m, piece, east, north
        )
    return memory.piece[slot], memory.fraction[slot], memory.leg_m[slot]
