"""Sheets of paper, what stands where on them, and round scales. All lengths in mm of paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

MM_A_INCH: Final = 25.4
MM_A_M: Final = 1000.0

PaperName = Literal["A3", "A4"]


@dataclass(frozen=True)
class Box:
    """A rectangle on the page, from its lower left corner."""

    left: float
    bottom: float
    wide: float
    high: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.wide

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.bottom + self.high


@dataclass(frozen=True)
class Paper:
    """A sheet, lying: its size, type sizes in points, and the parts of the page.

    Parameters
    ----------
    wide_mm, high_mm
        Of the sheet.
    title_pt, text_pt, label_pt
        Sizes of the title, of text beside the map, and of names on it.
    mark_mm
        Breadth of the box of a mark; heights in the legend follow it.
    panel_mm, head_mm, foot_mm
        Breadth of the legend at the right; height of the title above and of the strip below.
    """

    wide_mm: float
    high_mm: float
    title_pt: float
    text_pt: float
    label_pt: float
    mark_mm: float
    panel_mm: float
    head_mm: float
    foot_mm: float
    margin_mm: float = 10.0
    gap_mm: float = 4.0

    @property
    def map_box(self) -> Box:
        """Where the map, or the maps, stand."""
        wide = self.wide_mm - 2 * self.margin_mm - self.panel_mm - self.gap_mm
        high = self.high_mm - 2 * self.margin_mm - self.head_mm - self.foot_mm
        return Box(self.margin_mm, self.margin_mm + self.foot_mm, wide, high)

    @property
    def panel_box(self) -> Box:
        """Where the legend stands."""
        left = self.wide_mm - self.margin_mm - self.panel_mm
        return Box(left, self.map_box.bottom, self.panel_mm, self.map_box.high)


PAPERS: Final[dict[str, Paper]] = {
    "A3": Paper(420.0, 297.0, 21.0, 9.0, 7.5, 3.4, 92.0, 24.0, 23.0),
    "A4": Paper(297.0, 210.0, 16.0, 6.8, 6.0, 2.7, 68.0, 19.0, 18.0, margin_mm=8.0, gap_mm=3.0),
}

STEPS: Final = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Leading figures of a round scale."""

BAR_STEPS: Final = (1.0, 2.0, 5.0)
LARGEST_SCALE: Final = 500
"""Nothing is drawn larger than 1:500, the largest of topographic maps."""

ROOM: Final = 0.96
"""Part of the frame that the map may fill, so that nothing touches the neat line."""


def round_scale(wide_m: float, high_m: float, frame: Box) -> int:
    """Return the largest round scale at which so many metres fit in a frame, as ``25_000``."""
    needed = MM_A_M * max(wide_m / frame.wide, high_m / frame.high) / ROOM
    if not needed > LARGEST_SCALE:
        return LARGEST_SCALE
    power = 10.0 ** math.floor(math.log10(needed))
    fits = [step * power for step in (*STEPS, 10.0) if step * power >= needed * (1 - 1e-9)]
    return round(fits[0])


def round_length_m(at_most_m: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20 … metres that is no longer than so many."""
    power = 10 ** math.floor(math.log10(at_most_m))
    return float(max(step * power for step in BAR_STEPS if step * power <= at_most_m * (1 + 1e-9)))
