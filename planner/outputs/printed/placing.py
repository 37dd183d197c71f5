"""Where names stand on a map: greedily, the first asked first, never over one another.

Every name is tried at a fixed list of places around what it names, nearest first; the first at
which its box meets no other box and stays within the frame is taken. Nothing is left to chance:
the same names stand at the same places in every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from planner.outputs.printed.paper import Box

PAD_MM: Final = 0.35
"""Air around every name."""

RINGS_MM: Final = (3.5, 6.5, 10.0, 14.0)
"""How far off, by a leader line, a name may stand from what it names."""

SLIDES: Final = ((0.0, 0.0), (0.0, 0.7), (0.0, -0.7), (0.0, 1.4), (0.0, -1.4), (0.25, 0.0),
                 (-0.25, 0.0), (0.25, 0.7), (-0.25, 0.7), (0.25, -0.7), (-0.25, -0.7))  # fmt: skip
"""Where a name on an area may slide, in its own breadth and height."""

AROUND: Final = (
    (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, 1.0),
    (-1.0, -1.0),
)  # fmt: skip
"""Directions around a mark: right of it first, as readers expect."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Spot:
    """Where a name stands: its middle, and where its leader line begins (``None``: no line)."""

    middle: tuple[float, float]
    leader: tuple[tuple[float, float], tuple[float, float]] | None


class Placer:
    """The boxes that are taken within a frame, all in mm of paper."""

    def __init__(self, frame: Box) -> None:
        """Begin with an empty frame."""
        self._frame = np.array([frame.left, frame.bottom, frame.right, frame.top])
        self._boxes: FloatArray = np.empty((256, 4))
        self._taken = 0

    def block(self, box: FloatArray) -> None:
        """Take a box (left, bottom, right, top)."""
        if self._taken == len(self._boxes):
            self._boxes = np.vstack([self._boxes, np.empty_like(self._boxes)])
        self._boxes[self._taken] = box
        self._taken += 1

    def block_marks(self, places: FloatArray, half_mm: float) -> None:
        """Take the boxes of marks (n, 2) of so many mm to either side."""
        for east, north in places:
            self.block(np.array([east - half_mm, north - half_mm, east + half_mm, north + half_mm]))

    def place(
        self,
        size: tuple[float, float],
        anchor: tuple[float, float],
        clear_mm: float,
        others: Sequence[tuple[float, float]] = (),
    ) -> Spot | None:
        """Find room for a name and take it.

        Parameters
        ----------
        size
            Breadth and height of the name.
        anchor
            What it names.
        clear_mm
            Half the breadth of the mark there; 0: the name may stand on the place itself.
        others
            Further places on what it names, tried before any that needs a leader line.

        Returns
        -------
        Spot or None
            ``None`` where there is no room.
        """
        near, far_off = _candidates(size, anchor, clear_mm)
        middles: FloatArray = np.array([*near, *others, *far_off])
        half = np.array(size) / 2 + PAD_MM
        boxes = np.hstack([middles - half, middles + half])
        taken = self._about(boxes)
        for number in np.flatnonzero(self._are_free(boxes, taken)).tolist():
            box = boxes[number]
            leader = None
            if number >= len(near) + len(others):
                end = np.clip(np.array(anchor), box[:2] + PAD_MM, box[2:] - PAD_MM)
                leader = (anchor, (float(end[0]), float(end[1])))
                if _crosses(leader, taken, clear_mm):
                    continue
            self.block(box)
            return Spot((float(middles[number, 0]), float(middles[number, 1])), leader)
        return None

    def _about(self, boxes: FloatArray) -> FloatArray:
        """Return the boxes taken that any of some boxes, or a line between them, may meet."""
        taken = self._boxes[: self._taken]
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        near: FloatArray = taken[
            (taken[:, :2] < high).all(axis=1) & (taken[:, 2:] > low).all(axis=1)
        ]
        return near

    def _are_free(self, boxes: FloatArray, taken: FloatArray) -> npt.NDArray[np.bool_]:
        """Tell which boxes are within the frame and meet none that is taken."""
        inside = (boxes[:, :2] >= self._frame[:2]) & (boxes[:, 2:] <= self._frame[2:])
        over = (boxes[:, None, :2] < taken[None, :, 2:]) & (boxes[:, None, 2:] > taken[None, :, :2])
        meets = np.any(np.all(over, axis=2), axis=1)
        free: npt.NDArray[np.bool_] = np.logical_and(np.all(inside, axis=1), ~meets)
        return free


def _crosses(
    leader: tuple[tuple[float, float], tuple[float, float]], taken: FloatArray, clear_mm: float
) -> bool:
    """Tell whether a leader line would run through a name or another mark."""
    start, end = np.array(leader[0]), np.array(leader[1])
    length = float(np.hypot(*(end - start)))
    steps = np.arange(clear_mm + 0.8, max(length - 0.5, 0.0), 0.5)
    points = start + (end - start) * (steps / max(length, 1e-9))[:, None]
    inside = (points[:, None, :] > taken[None, :, :2]) & (points[:, None] < taken[None, :, 2:])
    return bool(inside.all(axis=2).any())


def _candidates(
    size: tuple[float, float], anchor: tuple[float, float], clear_mm: float
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Return the middles to try, nearest first: without a leader line, and with one."""
    wide, high = size
    near: list[tuple[float, float]] = []
    far: list[tuple[float, float]] = []
    if clear_mm <= 0:
        near += [(anchor[0] + x * wide, anchor[1] + y * high) for x, y in SLIDES]
    rings = (*((clear_mm + 0.6,) if clear_mm > 0 else ()), *(clear_mm + r for r in RINGS_MM))
    for number, ring in enumerate(rings):
        group = far if number > 0 or clear_mm <= 0 else near
        for x, y in AROUND:
            reach = ring * (0.75 if x and y else 1.0)
            middle = (
                anchor[0] + x * (reach + wide / 2 + PAD_MM),
                anchor[1] + y * (reach + high / 2 + PAD_MM),
            )
            group.append(middle)
    return near, far
