"""Layers drawn on a map, their marks and names over it; and the same looks in the legend."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path

from planner.outputs.printed.looks import QUIET_INK, Label, Layer, Look, Part
from planner.outputs.printed.marks import MARKS, placed
from planner.outputs.printed.page import POINTS_A_MM, Page
from planner.outputs.printed.paper import MM_A_M, Box
from planner.outputs.printed.placing import Placer
from planner.outputs.words import MISSING

RASTER_PIECES: Final = 20_000
"""Layers of more lines are drawn as dots of the print's own fineness: else a PDF would take
minutes to open."""

LINES_A_PATH: Final = 200
"""Few enough for the drawing of dots, which refuses a path that crosses too many of them."""

FULL_LINES: Final = 30_000.0
LEAST_LINES: Final = 0.5
"""Lines are as broad as their look says down to this scale, then finer, but never less than so."""

WIDEST_LABEL_MM: Final = 40.0
LABEL_LINES: Final = 2
"""A name on the map has at most so many lines of that breadth; a longer one is numbered."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """Where a map stands on the page, and which ground it shows at which scale."""

    box: Box
    west_m: float
    south_m: float
    scale: float

    @classmethod
    def around(cls, box: Box, bounds_m: tuple[float, float, float, float], scale: float) -> Frame:
        """Return the frame with the middle of the bounds at its middle."""
        west, south, east, north = bounds_m
        return cls(
            box,
            (west + east) / 2 - box.wide / 2 * scale / MM_A_M,
            (south + north) / 2 - box.high / 2 * scale / MM_A_M,
            scale,
        )

    @property
    def limits_m(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what is shown."""
        wide, high = (side * self.scale / MM_A_M for side in (self.box.wide, self.box.high))
        return self.west_m, self.south_m, self.west_m + wide, self.south_m + high

    def on_page(self, places_m: FloatArray) -> FloatArray:
        """Return places (n, 2) in mm of the page."""
        metres = places_m - np.array([self.west_m, self.south_m])
        corner = np.array([self.box.left, self.box.bottom])
        found: FloatArray = metres * MM_A_M / self.scale + corner
        return found


def outline(shape: Any) -> Path:
    """Return an area's rings as one path, holes among them."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    parts = [Path(shapely.get_coordinates(ring), closed=True) for ring in rings]
    return Path.make_compound_path(*parts)


def draw_areas(axes: Axes, paths: Sequence[Path], look: Look, **how: Any) -> None:
    """Draw areas or outlines: a ground, and the hatch in it."""
    axes.add_collection(
        PathCollection(
            list(paths),
            facecolors=look.fill or "none",
            edgecolors=look.ink or "none",
            linewidths=look.width_pt if look.ink else 0.0,
            linestyles=(0.0, look.dash) if look.dash else "solid",
            hatch=look.hatch or None,
            hatchcolors=look.hatch_ink,
            **how,
        ),
        autolim=False,
    )


def draw_lines(
    axes: Axes, coordinates: FloatArray, starts: Sequence[int], look: Look, **how: Any
) -> None:
    """Draw lines, as dots where there are very many.

    Parameters
    ----------
    axes
        Where.
    coordinates, starts
        All lines' points (n, 2), one line after the other, and where each line begins.
    look, how
        Its colour, width and dashes; further settings of the collection.
    """
    codes = np.full(len(coordinates), Path.LINETO, dtype=Path.code_type)
    codes[np.asarray(starts)] = Path.MOVETO
    # Many lines a path: a path each would cost more than all that is drawn.
    cuts = [*starts[::LINES_A_PATH], len(coordinates)]
    drawn = PathCollection(
        [Path(coordinates[one:end], codes[one:end]) for one, end in itertools.pairwise(cuts)],
        facecolors="none",
        edgecolors=look.ink,
        linewidths=look.width_pt,
        linestyles=(0.0, look.dash) if look.dash else "solid",
        **how,
    )
    drawn.set_rasterized(len(starts) > RASTER_PIECES)
    axes.add_collection(drawn, autolim=False)


def draw_marks(axes: Axes, places_mm: FloatArray, look: Look, size_mm: float, **how: Any) -> None:
    """Draw a mark at each place (n, 2) of the page."""
    strokes = MARKS[look.mark](look.ink)
    # Mark by mark, so that one that lies over another hides it whole.
    outlines = [placed(stroke, places_mm, size_mm) for stroke in strokes]
    paths = [path for of_mark in zip(*outlines, strict=True) for path in of_mark]
    unit_pt = size_mm / 20.0 * POINTS_A_MM
    drawn = PathCollection(
        paths,
        facecolors=[stroke.fill for stroke in strokes],
        edgecolors=[stroke.ink for stroke in strokes],
        linewidths=[stroke.width * unit_pt for stroke in strokes],
        **how,
    )
    axes.add_collection(drawn, autolim=False)


def _within(shapes: npt.NDArray[np.object_], frame: Frame) -> npt.NDArray[np.object_]:
    """Return the shapes that the frame may show."""
    west, south, east, north = frame.limits_m
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    seen = (bounds[:, 0] <= east) & (bounds[:, 2] >= west)
    seen &= (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    return shapes[seen]


def _draw_layer(page: Page, axes: Axes, frame: Frame, layer: Layer, order: float) -> FloatArray:
    """Draw one layer and return where its marks stand on the page (n, 2)."""
    shapes = _within(layer.shapes, frame)
    nowhere = np.empty((0, 2))
    if not len(shapes):
        return nowhere
    if layer.look.mark:
        places = frame.on_page(shapely.get_coordinates(shapely.centroid(shapes)))
        box = frame.box
        inner = np.array([box.left, box.bottom, box.right, box.top])
        inner += np.array([1.0, 1.0, -1.0, -1.0]) * page.paper.mark_mm / 2
        places = places[((places >= inner[:2]) & (places <= inner[2:])).all(axis=1)]
        if len(places):
            draw_marks(page.axes, places, layer.look, page.paper.mark_mm, zorder=order)
        return places
    parts = shapely.get_parts(shapes)
    areas = parts[np.isin(shapely.get_type_id(parts), (3,))]
    if len(areas):
        draw_areas(axes, [outline(area) for area in areas], layer.look, zorder=order)
    lines = parts[np.isin(shapely.get_type_id(parts), (1, 2))]
    if len(lines):
        coordinates, line = shapely.get_coordinates(lines, return_index=True)
        starts = np.flatnonzero(np.diff(line, prepend=-1)).tolist()
        fine = float(np.clip(FULL_LINES / frame.scale, LEAST_LINES, 1.0))
        look = replace(layer.look, width_pt=layer.look.width_pt * fine)
        draw_lines(axes, coordinates, starts, look, zorder=order)
    return nowhere


def draw_part(page: Page, frame: Frame, part: Part, listed: list[tuple[str, str]]) -> None:
    """Draw one map: its layers, its marks, its names and its neat line.

    Parameters
    ----------
    page, frame, part
        Where, and what.
    listed
        Names that found no room, each with its number on the map (``"—"`` where there is none for
        that either), for the list at the side; those of this map are added.
    """
    axes = page.map_axes(frame.box)
    west, south, east, north = frame.limits_m
    axes.set(xlim=(west, east), ylim=(south, north))
    placer = Placer(frame.box)
    order = 1.0
    for group in part.groups:
        for layer in group.layers:
            places = _draw_layer(page, axes, frame, layer, order)
            placer.block_marks(places, page.paper.mark_mm / 2)
            order += 0.01
    page.frame(frame.box, zorder=3.0)
    _name(page, frame, placer, part.labels, listed)


def _name(
    page: Page,
    frame: Frame,
    placer: Placer,
    labels: Sequence[Label],
    listed: list[tuple[str, str]],
) -> None:
    points = page.paper.label_pt
    places = frame.on_page(np.array([(one.east_m, one.north_m) for one in labels]).reshape(-1, 2))
    box = frame.box
    for label, (left, bottom) in zip(labels, places.tolist(), strict=True):
        if not (box.left <= left <= box.right and box.bottom <= bottom <= box.top):
            continue
        here = (left, bottom)
        others = frame.on_page(np.array(label.others_m).reshape(-1, 2)).tolist()
        whole = _lines_of(page, label.words, points * label.size)
        if whole is not None and _set(page, placer, whole, here, label, others):
            continue
        before = [number for number, words in listed if words == label.words and label.is_listed]
        number = label.number or next(iter(before), f"({len(listed) + 1})")
        fits = _set(page, placer, number, here, label, others)
        if label.is_listed and not before:
            listed.append((number if fits else MISSING, label.words))


def _lines_of(page: Page, words: str, points: float) -> str | None:
    """Return a name in lines of about one length; ``None`` for one that is too long for a map."""
    broad = page.broad(words, points, "title")
    lines = math.ceil(broad / WIDEST_LABEL_MM)
    if lines > LABEL_LINES:
        return None
    letter = 1.01 * points / POINTS_A_MM
    return page.wrapped(words, broad / max(lines, 1) + letter, points, {"role": "title"})


def _set(
    page: Page,
    placer: Placer,
    words: str,
    here: tuple[float, float],
    label: Label,
    others: Sequence[tuple[float, float]],
) -> bool:
    """Set a name where it finds room; tell whether it did."""
    artist = page.write(
        words,
        *here,
        page.paper.label_pt * label.size,
        role="title",
        colour=label.colour,
        align="center",
        halo=True,
    )
    spot = placer.place(page.measure(artist), here, label.clear_mm, others)
    if spot is None:
        artist.remove()
        return False
    artist.set_position(spot.middle)
    artist.set_zorder(4.0)
    if spot.leader is not None:
        ends = np.array(spot.leader)
        draw_lines(page.axes, ends, [0], Look(ink=QUIET_INK, width_pt=0.4), zorder=2.5)
    return True


def draw_swatch(page: Page, look: Look, box: Box) -> None:
    """Draw a look in the legend: an area, a line, or a mark."""
    if look.mark:
        middle = np.array([[box.left + box.wide / 2, box.bottom + box.high / 2]])
        draw_marks(page.axes, middle, look, page.paper.mark_mm, zorder=3.0)
    elif look.fill or look.hatch:
        corners = shapely.box(box.left, box.bottom, box.right, box.top)
        draw_areas(page.axes, [outline(corners)], look, zorder=3.0)
    else:
        level = box.bottom + box.high / 2
        ends = np.array([(box.left, level), (box.right, level)])
        draw_lines(page.axes, ends, [0], look, zorder=3.0)
