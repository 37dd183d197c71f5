"""A page: one figure, measured in mm of paper, and the text that is set on it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from planner.outputs.printed.fonts import Role, face_for, literal
from planner.outputs.printed.looks import INK
from planner.outputs.printed.paper import MM_A_INCH, Box, Paper

DOTS_AN_INCH: Final = 144.0
"""At which text is measured; its size on paper does not depend on it."""

POINTS_A_MM: Final = 72.0 / MM_A_INCH
LINE: Final = 1.25
"""From one line to the next, in heights of a line."""

HALO_PT: Final = 2.0
NEVER_FIRST: Final = frozenset("、，。；：！？）》」』”’·%")
"""What no line begins with: it hangs at the end of the line before."""
WORDS: Final = re.compile(r"[!-~¡-ɏ]+ ?|.", re.DOTALL)
"""What is kept on one line: a word of Latin letters, or one Chinese character."""


class Page:
    """A figure of one sheet of paper, with axes in mm over the whole of it."""

    def __init__(self, paper: Paper) -> None:
        """Begin with an empty sheet."""
        self.paper = paper
        size = (paper.wide_mm / MM_A_INCH, paper.high_mm / MM_A_INCH)
        self.figure = Figure(figsize=size, dpi=DOTS_AN_INCH, facecolor="white")
        self._renderer = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]
        self.axes: Axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0), label="page", zorder=5)
        self.axes.set_axis_off()
        self.axes.set(xlim=(0.0, paper.wide_mm), ylim=(0.0, paper.high_mm))
        self.axes.patch.set_visible(False)
        self._width = lru_cache(maxsize=None)(self._letters_mm)

    def map_axes(self, box: Box) -> Axes:
        """Return axes in metres for a map, under the page's own; ticks and frame are left out."""
        paper = self.paper
        place = (
            box.left / paper.wide_mm,
            box.bottom / paper.high_mm,
            box.wide / paper.wide_mm,
            box.high / paper.high_mm,
        )
        axes: Axes = self.figure.add_axes(place, label="map", zorder=1)
        axes.set_axis_off()
        return axes

    def write(
        self,
        words: str,
        left: float,
        top: float,
        points: float,
        *,
        role: Role = "text",
        colour: str = INK,
        align: Literal["left", "center", "right"] = "left",
        halo: bool = False,
    ) -> Text:
        """Set a text with its upper edge at ``top``; its own line breaks are kept.

        Names are data: nothing in them is read as a formula.
        """
        lines = "\n".join(literal(line) for line in words.split("\n"))
        artist = Text(
            left,
            top,
            lines,
            color=colour,
            fontproperties=face_for(lines, role).at(points),
            horizontalalignment=align,
            verticalalignment="top" if align != "center" else "center",
            linespacing=LINE,
            usetex=False,
            parse_math=False,
        )
        if halo:
            artist.set_path_effects([withStroke(linewidth=HALO_PT, foreground="white")])
        artist.set_in_layout(False)
        self.axes.add_artist(artist)
        return artist

    def measure(self, artist: Text) -> tuple[float, float]:
        """Return breadth and height of a text."""
        extent = artist.get_window_extent(self._renderer)
        return extent.width * MM_A_INCH / DOTS_AN_INCH, extent.height * MM_A_INCH / DOTS_AN_INCH

    def paragraph(
        self, words: str, box: Box, points: float, *, top: float | None = None, **how: Any
    ) -> float:
        """Set a text in lines no broader than a box, and return where its lower edge is."""
        start = box.top if top is None else top
        artist = self.write(
            self.wrapped(words, box.wide, points, how), box.left, start, points, **how
        )
        return start - self.measure(artist)[1]

    def wrapped(
        self, words: str, wide: float, points: float, how: dict[str, Any] | None = None
    ) -> str:
        """Return a text broken into lines of at most so many mm; a long word is cut."""
        role: Role = (how or {}).get("role", "text")
        lines, line, used = [], "", 0.0
        for piece in WORDS.findall(literal(words)):
            needed = self._piece_mm(piece.rstrip(), points, role)
            if used + needed > wide and line and piece not in NEVER_FIRST:
                lines.append(line.rstrip())
                line, used = "", 0.0
            if needed > wide:
                for letter in piece:
                    step = self._width(letter, points, role)
                    if used + step > wide and line:
                        lines.append(line)
                        line, used = "", 0.0
                    line, used = line + letter, used + step
                continue
            if piece != " " or line:
                line, used = line + piece, used + self._piece_mm(piece, points, role)
        return "\n".join([*lines, line.rstrip()])

    def broad(self, words: str, points: float, role: Role = "text") -> float:
        """Return how broad a text of one line is, letter by letter."""
        return self._piece_mm(literal(words), points, role)

    def _piece_mm(self, piece: str, points: float, role: Role) -> float:
        return sum(self._width(letter, points, role) for letter in piece)

    def _letters_mm(self, letter: str, points: float, role: Role) -> float:
        properties = face_for(letter, role).at(points)
        wide, _, _ = self._renderer.get_text_width_height_descent(letter, properties, ismath=False)
        return float(wide) * MM_A_INCH / DOTS_AN_INCH

    def frame(self, box: Box, **how: Any) -> None:
        """Draw a rectangle."""
        drawn: dict[str, Any] = {"facecolor": "none", "edgecolor": INK, "linewidth": 0.8} | how
        self.axes.add_patch(Rectangle((box.left, box.bottom), box.wide, box.high, **drawn))
