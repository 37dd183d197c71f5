"""What stands beside and under the map: legend, lists, scale, north, source, stamp."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

import numpy as np
import shapely

from planner.labels import Language, text
from planner.outputs.content_parts import About
from planner.outputs.figures import population_line, stamp
from planner.outputs.printed.looks import INK, QUIET_INK, Group, Layer, Look, Sheet, Table
from planner.outputs.printed.maps import draw_areas, draw_lines, draw_swatch, outline
from planner.outputs.printed.page import Page
from planner.outputs.printed.paper import MM_A_M, Box, round_length_m
from planner.outputs.words import MISSING

STAMP_INK: Final = "#b3261e"
SWATCH_MM: Final = 7.0
SWATCH_GAP_MM: Final = 2.0
ROW_GAP_MM: Final = 1.1
BAR_PART: Final = 0.16
"""How much of the map's breadth the scale bar may take."""
SMALLEST_TITLE: Final = 0.5
REST_PART: Final = 0.8
NAMES_PART: Final = 0.4
"""How much of the panel under the legend numbered names may take from the lists."""


def _below(box: Box, top: float) -> Box:
    return Box(box.left, box.bottom, box.wide, top - box.bottom)


def draw_panel(
    page: Page,
    groups: Sequence[Group],
    sheet: Sheet,
    listed: Sequence[tuple[str, str]],
    language: Language,
) -> None:
    """Draw legend, notes and lists from the top of the panel down; what finds no room is told of.

    Names that found no room on the map, ``listed``, stand at the panel's foot.
    """
    points, box = page.paper.text_pt, page.paper.panel_box
    top = page.paragraph(text("printed.legend", language), box, points * 1.25, role="title") - 1.5
    for group in groups:
        top = _draw_group(page, _below(box, top), group)
    for note in sheet.notes:
        top = page.paragraph(note, _below(box, top), points * 0.85, colour=QUIET_INK) - ROW_GAP_MM
    if listed:
        part = NAMES_PART if any(table.rows for table in sheet.tables) else 1.0
        box = _draw_names(page, _below(box, top), listed, part, language)
    draw_tables(page, _below(box, top - 1.0), sheet.tables)


def _draw_names(
    page: Page, box: Box, listed: Sequence[tuple[str, str]], part: float, language: Language
) -> Box:
    """Draw the numbered names at the foot of a box; return what is left of the box above them."""
    points, between = page.paper.text_pt * 0.85, text("outputs.clause_mark", language)
    numbered = [f"{number} {words}" for number, words in listed if number != MISSING]
    bare = [words for number, words in listed if number == MISSING]
    mark = text("outputs.list_mark", language)
    shown = len(listed)
    while shown >= 0:
        told = between.join(numbered[:shown])
        rest = mark.join(bare[: max(shown - len(numbered), 0)])
        if rest:
            told += between + text("printed.names_without", language, names=rest)
        if shown < len(listed):
            told += between + text("printed.more_names", language, n=len(listed) - shown)
        artist = page.write(page.wrapped(told, box.wide, points), box.left, 0.0, points)
        high = page.measure(artist)[1]
        if high <= box.high * part - 8.0 or shown == 0:
            break
        artist.remove()
        shown = min(shown - 1, int(shown * 0.9))
    artist.set_position((box.left, box.bottom + high))
    title = Box(box.left, box.bottom, box.wide, high + 1.0 + page.paper.text_pt / 2)
    page.paragraph(text("printed.table_names", language), title, page.paper.text_pt, role="title")
    return Box(box.left, title.top + 1.5, box.wide, box.top - title.top - 1.5)


def _draw_group(page: Page, box: Box, group: Group) -> float:
    points, top = page.paper.text_pt, box.top
    if not group.layers:
        return top
    if group.title:
        top = page.paragraph(group.title, box, points, role="title") - ROW_GAP_MM
    if group.is_ground:
        top = _draw_pairs(page, _below(box, top), group.layers)
    else:
        for layer in group.layers:
            top = _draw_row(page, _below(box, top), layer) - ROW_GAP_MM
    if group.note:
        top = page.paragraph(group.note, _below(box, top), points * 0.85, colour=QUIET_INK)
        top -= ROW_GAP_MM
    return top - 1.2


def _draw_pairs(page: Page, box: Box, layers: Sequence[Layer]) -> float:
    """Draw rows without figures two beside each other, where their words are short enough."""
    half = box.wide / 2
    room = half - SWATCH_MM - SWATCH_GAP_MM - 2.0
    short = [one for one in layers if page.broad(one.label, page.paper.text_pt) <= room]
    top = box.top
    for left, right in zip_longest(short[::2], short[1::2]):
        rows = [(one, place) for one, place in ((left, 0), (right, 1)) if one is not None]
        cells = [
            _draw_row(page, Box(box.left + half * place, box.bottom, half, top - box.bottom), one)
            for one, place in rows
        ]
        top = min(cells) - ROW_GAP_MM
    for layer in layers:
        if layer not in short:
            top = _draw_row(page, _below(box, top), layer) - ROW_GAP_MM
    return top


def _draw_row(page: Page, box: Box, layer: Layer) -> float:
    """Draw one row of the legend: the look, its words, its figure at the right or below."""
    points, wide, high = page.paper.text_pt, SWATCH_MM, page.paper.mark_mm
    left = box.left + wide + SWATCH_GAP_MM
    room = box.right - left
    value_mm = page.broad(layer.value, points) + 2.0
    beside = page.broad(layer.label, points) + value_mm <= room
    words = Box(left, box.bottom, room - value_mm if beside else room, box.high)
    low = page.paragraph(layer.label, words, points)
    if layer.value and beside:
        page.write(layer.value, box.right, box.top, points, align="right", colour=QUIET_INK)
    elif layer.value:
        under = Box(left, box.bottom, room, box.high)
        low = page.paragraph(layer.value, under, points, top=low - 0.4, colour=QUIET_INK)
    first = min(box.top - low, high)
    draw_swatch(page, layer.look, Box(box.left, box.top - first / 2 - high / 2, wide, high))
    return min(low, box.top - high)


def draw_tables(page: Page, box: Box, tables: Sequence[Table]) -> None:
    """Draw lists one under the other; of several, all but the last leave room for the rest."""
    top = box.top
    for number, table in enumerate(tables):
        rest = sum(1 for one in tables[number + 1 :] if one.rows or one.empty)
        lowest = box.bottom + (top - box.bottom) * rest / (rest + 1) * REST_PART
        top = draw_table(page, Box(box.left, lowest, box.wide, top - lowest), table) - 1.0


def draw_table(page: Page, box: Box, table: Table) -> float:
    """Draw a list from the top of a box down and return its lower edge.

    Rows that find no room are counted in a last line, never dropped in silence.
    """
    points = page.paper.text_pt * 0.9
    if not table.rows and not table.empty:
        return box.top
    top = page.paragraph(table.title, box, page.paper.text_pt, role="title") - ROW_GAP_MM
    if not table.rows:
        return page.paragraph(table.empty, _below(box, top), points, colour=QUIET_INK) - 1.0
    top = _draw_cells(page, _below(box, top), table.heads, table.widths, QUIET_INK) or top
    _rule(page, box, top - 0.2, 0.6)
    told_mm = points * 0.36 * 1.6 * 2
    for number, row in enumerate(table.rows):
        last = number == len(table.rows) - 1
        room = _below(
            Box(box.left, box.bottom + (0 if last else told_mm), box.wide, 0.0), top - 0.8
        )
        low = _draw_cells(page, room, row, table.widths, INK)
        if low is None:
            told = table.more.format(n=len(table.rows) - number)
            low = page.paragraph(told, box, points, top=top - 0.8, colour=QUIET_INK)
            return low - 1.0
        top = low
        _rule(page, box, top - 0.2, 0.2)
    return top - 2.0


def _draw_cells(
    page: Page, box: Box, cells: Sequence[str], widths: Sequence[float], colour: str
) -> float | None:
    """Draw one row and return its lower edge; ``None`` where it finds no room (nothing drawn)."""
    left, low, drawn = box.left, box.top, []
    for words, part in zip(cells, widths, strict=True):
        wide = part * box.wide - 1.2
        points = page.paper.text_pt * 0.9
        lines = page.wrapped(words, wide, points)
        drawn.append(page.write(lines, left, box.top, points, colour=colour))
        low = min(low, box.top - page.measure(drawn[-1])[1])
        left += part * box.wide
    if low < box.bottom:
        for artist in drawn:
            artist.remove()
        return None
    return low - 0.5


def _rule(page: Page, box: Box, level: float, width_pt: float) -> None:
    ends = np.array([(box.left, level), (box.right, level)])
    draw_lines(page.axes, ends, [0], Look(ink=QUIET_INK, width_pt=width_pt), zorder=2.0)


def draw_head(page: Page, sheet: Sheet, about: About) -> None:
    """Draw title, subtitle and, at the right, the stamp and the mark of made-up data."""
    paper = page.paper
    top = paper.high_mm - paper.margin_mm
    left_of_stamps = _draw_stamps(page, about, top)
    room = Box(paper.margin_mm, 0.0, left_of_stamps - paper.margin_mm - 5.0, top)
    points = paper.title_pt
    while points > paper.title_pt * SMALLEST_TITLE:
        if page.broad(sheet.title, points, "title") <= room.wide:
            break
        points -= 0.5
    low = page.paragraph(sheet.title, room, points, role="title")
    lines = Box(room.left, 0.0, room.wide, low - 1.6)
    page.paragraph(sheet.subtitle, lines, paper.text_pt * 1.2)


def _draw_stamps(page: Page, about: About, top: float) -> float:
    """Draw the stamps and return their left edge."""
    paper, points = page.paper, page.paper.text_pt * 1.15
    right = paper.wide_mm - paper.margin_mm
    colour = INK if about.map_review_number else STAMP_INK
    marks = [(stamp(about), colour)]
    if about.synthetic:
        marks.append((text("outputs.synthetic", about.language), INK))
    left = right
    for words, ink in marks:
        lines = page.wrapped(words, paper.panel_mm - 6.0, points, {"role": "title"})
        artist = page.write(lines, right - 2.0, top - 1.5, points, role="title", colour=ink,
                            align="right")  # fmt: skip
        wide, high = page.measure(artist)
        box = Box(right - wide - 4.0, top - high - 3.0, wide + 4.0, high + 3.0)
        page.frame(box, edgecolor=ink, linewidth=1.2)
        left, top = min(left, box.left), box.bottom - 1.5
    return left


def draw_foot(page: Page, about: About, scale: float | None, paper_name: str) -> None:
    """Draw the strip under the map: north, scale, whose data these are, and as of when."""
    paper, language = page.paper, about.language
    box = Box(paper.margin_mm, paper.margin_mm, paper.wide_mm - 2 * paper.margin_mm,
              paper.foot_mm - 3.0)  # fmt: skip
    points = paper.text_pt * 0.85
    left = box.left
    if scale is not None:
        left = _draw_scale(page, box, scale, paper_name, language)
    mark = text("outputs.clause_mark", language)
    sources = text("printed.sources", language, sources=mark.join(about.attributions) or "—")
    lines = [sources, population_line(about), text("printed.method", language)]
    if about.synthetic:
        lines.append(text("outputs.synthetic_long", language))
    between = "" if language == "zh" else " "
    room = Box(left, box.bottom, box.right - left, box.high)
    page.paragraph(between.join(lines), room, points, colour=QUIET_INK)


def _draw_scale(page: Page, box: Box, scale: float, paper_name: str, language: Language) -> float:
    """Draw north arrow, scale bar and numeric scale; return where they end."""
    points = page.paper.text_pt
    _draw_north(page, box.left + 4.0, box.top, language)
    left = box.left + 13.0
    longest_mm = page.paper.map_box.wide * BAR_PART
    length_m = round_length_m(longest_mm * scale / MM_A_M)
    wide = length_m * MM_A_M / scale
    told = text("printed.scale", language, scale=f"{scale:,.0f}", paper=paper_name)
    low = page.paragraph(told, Box(left, 0.0, 70.0, box.top), points, role="title") - 1.2
    for number in range(4):
        piece = shapely.box(
            left + number * wide / 4, low - 1.4, left + (number + 1) * wide / 4, low
        )
        look = Look(fill="white" if number % 2 else INK, ink=INK, width_pt=0.5)
        draw_areas(page.axes, [outline(piece)], look, zorder=3.0)
    unit, per = ("km", 1000.0) if length_m >= 1000 else ("m", 1.0)
    ends = []
    for part, words in (
        (0.0, "0"),
        (0.5, f"{length_m / 2 / per:g}"),
        (1.0, f"{length_m / per:g} {unit}"),
    ):
        artist = page.write(words, left + part * wide, low - 2.2, points * 0.85)
        ends.append(left + part * wide + page.measure(artist)[0])
    return max(*ends, left + page.broad(told, points, "title")) + 6.0


def _draw_north(page: Page, middle: float, top: float, language: Language) -> None:
    words = page.write(text("printed.north", language), middle, top, page.paper.text_pt,
                       role="title")  # fmt: skip
    wide, high = page.measure(words)
    words.set_position((middle - wide / 2, top))
    tip = top - high - 0.6
    for side, fill in ((-1, INK), (1, "white")):
        half = shapely.Polygon(
            [(middle, tip), (middle + side * 2.6, tip - 8.5), (middle, tip - 6.6)]
        )
        draw_areas(page.axes, [outline(half)], Look(fill=fill, ink=INK, width_pt=0.6), zorder=3.0)
