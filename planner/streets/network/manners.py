"""How a piece of street is walked: on steps, slowly, by whom, over what."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from planner.streets.arrays import BoolArray, FloatArray, IntArray

EVERYBODY = -1
"""Estate of streets that everybody may walk."""


@dataclass(frozen=True)
class Manners:
    """How each of a number of steps or pieces of street is walked; each is of one manner.

    Parameters
    ----------
    steps
        Stairs.
    pace
        Minutes are multiplied by this: 1, or more where a rule says that walking is slower.
    estate
        Number of the walled estate whose residents alone may pass; -1: everybody.
    main_road
        1 for a main road, 0.5 for a one-way carriageway of one, 0 for any other.
    off_ground
        Bridge or tunnel: heights of the ground do not hold between its ends.
    """

    steps: BoolArray
    pace: FloatArray
    estate: IntArray
    main_road: FloatArray
    off_ground: BoolArray

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.steps)

    @classmethod
    def plain(cls, count: int) -> Manners:
        """Return flat, public streets on the ground."""
        return cls(
            steps=np.zeros(count, dtype=bool),
            pace=np.ones(count),
            estate=np.full(count, EVERYBODY, dtype=np.int64),
            main_road=np.zeros(count),
            off_ground=np.zeros(count, dtype=bool),
        )

    def take(self, rows: IntArray | BoolArray) -> Manners:
        """Return those of some rows."""
        return Manners(**{entry.name: getattr(self, entry.name)[rows] for entry in fields(self)})

    def codes(self) -> IntArray:
        """Return a number for each, the same for those alike in all."""
        code = np.zeros(len(self), dtype=np.int64)
        for entry in fields(self):
            column = getattr(self, entry.name)
            values = np.unique(column)  # few: a search among them is faster than an inverse
            code = code * len(values) + np.searchsorted(values, column)
        return code

    def easiest(self, first: IntArray) -> Manners:
        """Return one for each group of rows drawn over each other: feet take what suits them.

        Groups begin at ``first`` and end where the next begins; none is empty.
        """
        if not len(first):
            return Manners.plain(0)
        public = np.minimum.reduceat(self.estate, first) == EVERYBODY
        return Manners(
            steps=np.logical_and.reduceat(self.steps, first),
            pace=np.minimum.reduceat(self.pace, first),
            estate=np.where(public, EVERYBODY, np.maximum.reduceat(self.estate, first)),
            main_road=np.maximum.reduceat(self.main_road, first),
            off_ground=np.logical_or.reduceat(self.off_ground, first),
        )


def joined_manners(one: Manners, other: Manners) -> Manners:
    """Return the manners of one lot, then those of another."""
    return Manners(
        **{
            entry.name: np.concatenate([getattr(one, entry.name), getattr(other, entry.name)])
            for entry in fields(Manners)
        }
    )
