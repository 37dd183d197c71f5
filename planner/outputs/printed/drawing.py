"""From a sheet to a figure: where its maps stand, at which scale, and what is beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure

from planner.labels import text
from planner.outputs.content_parts import About
from planner.outputs.printed.looks import QUIET_INK, Group, Layer, Sheet
from planner.outputs.printed.maps import Frame, draw_part
from planner.outputs.printed.page import Page
from planner.outputs.printed.panel import draw_foot, draw_head, draw_panel, draw_tables
from planner.outputs.printed.paper import PAPERS, Box, Paper, round_scale

SETTINGS: Final[dict[Any, Any]] = {
    "hatch.linewidth": 0.45,
    "path.simplify": True,
    "pdf.compression": 6,
    "pdf.fonttype": 3,
    "svg.fonttype": "path",
    "svg.hashsalt": "planner",
    "text.hinting": "no_hinting",
    "text.usetex": False,
}
"""How matplotlib is to draw: nothing of the user's own settings, nothing by chance."""

PART_HEAD_MM: Final = 6.0


@contextmanager
def our_settings() -> Iterator[None]:
    """Draw with matplotlib's defaults and ours; the user's own are put back after."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        yield


def _boxes(whole: Box, columns: int, rows: int, gap: float) -> list[Box]:
    """Return where maps stand, row by row from the upper left."""
    wide = (whole.wide - gap * (columns - 1)) / columns
    high = (whole.high - gap * (rows - 1)) / rows
    return [
        Box(whole.left + (wide + gap) * column, whole.top - high - (high + gap) * row, wide, high)
        for row in range(rows)
        for column in range(columns)
    ]


def draw(sheet: Sheet, about: About, paper_name: str) -> Figure:
    """Return a sheet as a figure of one page; call within :func:`our_settings`."""
    paper = PAPERS[paper_name]
    page = Page(paper)
    boxes, inner, fits = _arranged(sheet, paper)
    listed: list[tuple[str, str]] = []
    scale = fits
    if sheet.bounds_m is None or fits is None:
        page.frame(paper.map_box)
        room = Box(boxes[0].left + 10, boxes[0].bottom, boxes[0].wide - 20, boxes[0].high - 10)
        page.paragraph(text("printed.empty", about.language), room, paper.text_pt, colour=QUIET_INK)
    else:
        for part, box, outer in zip(sheet.parts, inner, boxes, strict=False):
            page.paragraph(part.title, outer, paper.text_pt * 1.15, role="title")
            draw_part(page, Frame.around(box, sheet.bounds_m, fits), part, listed)
    if sheet.beside:
        draw_tables(page, boxes[len(sheet.parts)], sheet.beside)
    draw_panel(page, _legend(sheet), sheet, listed, about.language)
    draw_head(page, sheet, about)
    draw_foot(page, about, scale, paper_name)
    return page.figure


def _arranged(sheet: Sheet, paper: Paper) -> tuple[list[Box], list[Box], int | None]:
    """Return the places of a sheet's maps, those less their headings, and the scale that fits.

    Two maps stand side by side or one over the other: as they are the larger.
    """
    places = len(sheet.parts) + bool(sheet.beside)
    arrangements = {1: [(1, 1)], 2: [(2, 1), (1, 2)]}.get(places, [(2, 2)])
    head = PART_HEAD_MM if places > 1 else 0.0
    found = []
    for number, (columns, rows) in enumerate(arrangements):
        boxes = _boxes(paper.map_box, columns, rows, paper.gap_mm)
        inner = [Box(one.left, one.bottom, one.wide, one.high - head) for one in boxes]
        scale = None
        if sheet.bounds_m is not None:
            west, south, east, north = sheet.bounds_m
            scale = round_scale(east - west, north - south, inner[0])
        found.append(((scale or 0, number), (boxes, inner, scale)))
    return min(found, key=lambda one: one[0])[1]


def _legend(sheet: Sheet) -> list[Group]:
    """Return the groups of all maps, each layer once; the ground last."""
    seen: dict[tuple[str, str, str, str], None] = {}
    groups: dict[str, tuple[list[Layer], Group]] = {}
    for part in sheet.parts:
        for group in part.groups:
            layers, _ = groups.setdefault(group.title, ([], group))
            for layer in group.layers:
                key = (group.title, layer.label, layer.value, repr(layer.look))
                if key not in seen:
                    seen[key] = None
                    layers.append(layer)
    merged = [
        Group(title, tuple(layers), group.note, group.is_ground)
        for title, (layers, group) in groups.items()
    ]
    return sorted(merged, key=lambda group: group.is_ground)
