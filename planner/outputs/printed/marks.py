"""Marks of points: the shapes of the web map, as outlines to print.

Each is drawn in a box of 20 by 20 around its middle, upwards, in strokes laid over one another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from matplotlib.path import Path

PAPER: Final = "white"
"""What shines through hollow marks and parts a mark from its ground."""

HALF: Final = 10.0


@dataclass(frozen=True)
class Stroke:
    """One outline of a mark: fill and ink (``"none"`` for none), breadth of its line in units."""

    path: Path
    fill: str
    ink: str
    width: float


def _lines(*runs: tuple[tuple[float, float], ...], closed: bool = False) -> Path:
    vertices: list[tuple[float, float]] = []
    codes: list[int] = []
    for run in runs:
        vertices += [*run, run[0]] if closed else run
        steps = [Path.MOVETO, *[Path.LINETO] * (len(run) - 1), *([Path.CLOSEPOLY] * closed)]
        codes += [int(step) for step in steps]
    return Path(np.array(vertices, dtype=float), codes)


def _square(half: float) -> Path:
    return _lines(((-half, -half), (half, -half), (half, half), (-half, half)), closed=True)


def _disc(colour: str) -> Stroke:
    return Stroke(Path.circle(radius=8.0), colour, PAPER, 1.4)


def _ring(colour: str) -> Stroke:
    return Stroke(Path.circle(radius=6.6), PAPER, colour, 2.0)


def _on_disc(path: Path) -> Callable[[str], tuple[Stroke, ...]]:
    return lambda colour: (_disc(colour), Stroke(path, "none", PAPER, 2.4))


def _filled(path: Path, width: float = 1.4) -> Callable[[str], tuple[Stroke, ...]]:
    return lambda colour: (Stroke(path, colour, PAPER, width),)


def _hollow(path: Path, width: float = 2.0) -> Callable[[str], tuple[Stroke, ...]]:
    return lambda colour: (Stroke(path, PAPER, colour, width),)


def _crossed(path: Path) -> Callable[[str], tuple[Stroke, ...]]:
    return lambda colour: (
        Stroke(path, "none", PAPER, 5.0),
        Stroke(path, "none", colour, 2.6),
    )


def _dashes() -> Path:
    arcs = [Path.arc(start, start + 40.0) for start in range(0, 360, 60)]
    ring = Path.make_compound_path(*arcs)
    return Path(np.asarray(ring.vertices, dtype=float) * 6.6, ring.codes)


def _pin() -> Path:
    angles = np.radians(np.linspace(-41.0, 221.0, 30))
    round_top = np.column_stack([7.6 * np.cos(angles), 2.0 + 7.6 * np.sin(angles)])
    return _lines(((0.0, -9.4), *map(tuple, round_top)), closed=True)


_TICK = _lines(((-4.2, -0.3), (-1.2, -3.2), (4.2, 2.8)))
_MINUS = _lines(((-4.2, 0.0), (4.2, 0.0)))
_QUERY = _lines(
    ((-2.6, 2.2), (-2.2, 3.6), (0.0, 4.5), (2.2, 3.6), (2.4, 2.0), (1.6, 0.8), (0.3, -0.2),
     (0.0, -1.6)),
    ((0.0, -4.3), (0.0, -4.7)),
)  # fmt: skip
_CROSS = _lines(((-5.0, -5.0), (5.0, 5.0)), ((-5.0, 5.0), (5.0, -5.0)))
_DELTA = _lines(((0.0, 7.0), (7.0, -6.0), (-7.0, -6.0)), closed=True)
_HOUSE = _lines(((-7.0, 0.5), (0.0, 6.5), (7.0, 0.5), (7.0, -6.5), (-7.0, -6.5)), closed=True)
_GEM = _lines(((0.0, 9.2), (9.2, 0.0), (0.0, -9.2), (-9.2, 0.0)), closed=True)
_GEM_CORE = _lines(((0.0, 4.0), (4.0, 0.0), (0.0, -4.0), (-4.0, 0.0)), closed=True)
_PLATE = _lines(((-8.5, -6.5), (8.5, -6.5), (8.5, 6.5), (-8.5, 6.5)), closed=True)
_PLUS = _lines(((-4.0, 0.0), (4.0, 0.0)), ((0.0, -4.0), (0.0, 4.0)))

MARKS: Final[dict[str, Callable[[str], tuple[Stroke, ...]]]] = {
    "tick": _on_disc(_TICK),
    "minus": _on_disc(_MINUS),
    "query": _on_disc(_QUERY),
    "box": _hollow(_square(4.5)),
    "slash": lambda c: (_ring(c), Stroke(_lines(((-4.4, -4.4), (4.4, 4.4))), "none", c, 2.0)),
    "dashed": lambda c: (
        Stroke(Path.circle(radius=6.6), PAPER, "none", 0.0),
        Stroke(_dashes(), "none", c, 2.0),
    ),
    "pin": lambda c: (
        Stroke(_pin(), c, PAPER, 1.4),
        Stroke(Path.circle((0.0, 2.0), 2.8), PAPER, "none", 0.0),
    ),
    "delta": _filled(_DELTA),
    "delta_open": _hollow(_DELTA),
    "cross": _crossed(_CROSS),
    "house": _filled(_HOUSE),
    "gem": lambda c: (Stroke(_GEM, PAPER, c, 1.8), Stroke(_GEM_CORE, c, "none", 0.0)),
    "plate": lambda c: (Stroke(_PLATE, c, PAPER, 1.4), Stroke(_PLUS, "none", PAPER, 2.2)),
    "gone": lambda c: (
        Stroke(_square(7.0), PAPER, c, 2.0),
        Stroke(_lines(((-6.0, -6.0), (6.0, 6.0)), ((-6.0, 6.0), (6.0, -6.0))), "none", c, 2.0),
    ),
}
"""Strokes of each shape in a colour: those of ``assets/symbols.js``."""


def placed(stroke: Stroke, places_mm: npt.NDArray[np.float64], size_mm: float) -> list[Path]:
    """Return a stroke's outline at each place (n, 2), its box so many mm wide."""
    vertices = np.asarray(stroke.path.vertices, dtype=float) * (size_mm / (2 * HALF))
    return [Path(vertices + place, stroke.path.codes) for place in places_mm]
