"""What a printed sheet holds, before it is drawn: layers with their looks, labels, tables.

A layer is drawn on the map and explained in the legend from one and the same look, so that no
colour can stand on a map without its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

INK: Final = "#1f2937"
"""Text and neat lines."""
QUIET_INK: Final = "#52525b"
"""Notes."""

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Look:
    """How a layer looks, on the map and in the legend alike.

    Parameters
    ----------
    fill, ink
        Colours of areas, and of outlines, lines and marks; empty: none.
    hatch
        Matplotlib's pattern, in the colour ``hatch_ink``.
    width_pt
        Of outlines and lines.
    dash
        On and off in widths; empty: unbroken.
    mark
        The shape of points (:mod:`planner.outputs.printed.marks`); empty for areas and lines.
    """

    fill: str = ""
    ink: str = ""
    hatch: str = ""
    hatch_ink: str = INK
    width_pt: float = 0.6
    dash: tuple[float, ...] = ()
    mark: str = ""


@dataclass(frozen=True, eq=False)
class Layer:
    """Shapes of one look, in the plan's metre CRS, and their words in the legend."""

    look: Look
    shapes: Shapes
    label: str
    value: str = ""


@dataclass(frozen=True, eq=False)
class Group:
    """Layers under one heading of the legend, drawn in their order; the ground is listed last."""

    title: str
    layers: tuple[Layer, ...]
    note: str = ""
    is_ground: bool = False


@dataclass(frozen=True)
class Label:
    """A name on the map.

    Parameters
    ----------
    words
        The name. Outside text: drawn as it is.
    east_m, north_m
        What it names.
    size
        Type size, as a part of the paper's own size of labels.
    clear_mm
        Half the breadth of the mark that it stands beside; 0: it stands on the place itself.
    number
        What stands on the map instead, and before the name in the list at the side, where the name
        finds no room; empty: numbered in turn.
    colour
        Of the letters.
    is_listed
        Whether a name that finds no room is listed at the side; else it stands in a table anyhow.
    others_m
        Further places (east, north) on what it names, tried in turn.
    """

    words: str
    east_m: float
    north_m: float
    size: float = 1.0
    clear_mm: float = 0.0
    number: str = ""
    colour: str = INK
    is_listed: bool = True
    others_m: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Part:
    """One map of a sheet."""

    groups: tuple[Group, ...]
    labels: tuple[Label, ...]
    title: str = ""


@dataclass(frozen=True)
class Table:
    """A list at the side.

    Parameters
    ----------
    title, heads
        Over it, and over its columns.
    rows
        Texts, as many as heads.
    widths
        Part of the breadth of each column; together 1.
    empty
        What stands there instead where there are no rows; empty: nothing at all.
    more
        The sentence on ``{n}`` rows that find no room.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    empty: str = ""
    more: str = ""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A printed page.

    Parameters
    ----------
    title, subtitle
        Its heading, and the figure that matters.
    parts
        Its maps, all of them at one scale: one, two, or three and a table.
    bounds_m
        West, south, east, north of what the maps show; ``None``: there is nothing to draw.
    tables
        At the side, under the legend.
    beside
        The lists that take the fourth place beside three maps.
    notes
        Sentences under the legend.
    """

    title: str
    subtitle: str
    parts: tuple[Part, ...]
    bounds_m: tuple[float, float, float, float] | None
    tables: tuple[Table, ...] = ()
    beside: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


def shapes_of(values: Any) -> Shapes:
    """Return geometries as an array, the missing and the empty left out."""
    array = np.asarray(values, dtype=object)
    kept: Shapes = array[~(shapely.is_missing(array) | shapely.is_empty(array))]
    return kept
