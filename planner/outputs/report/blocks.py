"""What a report is made of before it is a file: headings, paragraphs, tables, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from planner.labels import Language, text
from planner.outputs.content import PlanContent
from planner.outputs.figures import Figure, overview
from planner.outputs.sheets import translated
from planner.outputs.words import heading, is_missing, number_format, shown

Level = Literal["part", "chapter", "section", "annex", "item"]
LISTED: Final = ("part", "chapter", "section", "annex")
"""Levels of headings that stand in the list of contents."""

DECIMALS: Final = {"0.00": 2, "0.000": 3}
"""Number formats of ratios, whose decimals tell them apart."""

SLACK: Final = 1.25
"""A table a little longer than its most rows is shown whole."""


@dataclass(frozen=True)
class Heading:
    """A heading: its words without their number, and its level."""

    text: str
    level: Level


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the text (``body``), of an annex (``small``), or below a table (``note``)."""

    text: str
    kind: Literal["body", "small", "note"] = "body"


@dataclass(frozen=True)
class Table:
    """A table, its cells finished texts.

    Parameters
    ----------
    head
        Headings of the columns, repeated on every page.
    rows
        Texts, shape (rows, columns).
    right
        Which columns hold figures: set to the right.
    caption
        What it shows, without its number; a table without one is not numbered.
    weights
        Relative widths of the columns; by their texts if not given.
    is_large
        Whether it is set in the size of annexes: for the few figures that matter.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    caption: str = ""
    weights: tuple[float, ...] = ()
    is_large: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture that another output drew, with its caption."""

    path: Path
    caption: str


Block = Heading | Paragraph | Table | Picture


@dataclass(frozen=True)
class Report:
    """What stands on the cover, and what follows it."""

    cover: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...] = field(default_factory=tuple)


def lines_of(sentences: Iterable[str], kind: Literal["body", "small"] = "body") -> list[Block]:
    """Return a paragraph a sentence; empty ones are left out."""
    return [Paragraph(one, kind) for one in sentences if one]


def frame_table(
    frame: pd.DataFrame,
    columns: Sequence[str],
    caption: str,
    language: Language,
    *,
    heads: Sequence[str] = (),
) -> list[Block]:
    """Return columns of a finished table as they are headed and shown in the other outputs.

    Parameters
    ----------
    frame
        Any table of the content; columns that it does not hold are left out.
    columns
        Which, in this order.
    caption
        What the table shows.
    language
        Language of headings and words.
    heads
        Other headings than those of the workbook, one a column of ``columns``.

    Returns
    -------
    list of Block
        The table, or a sentence that there are no such rows.
    """
    titles = dict(zip(columns, heads, strict=True)) if heads else {}
    known = [name for name in columns if name in frame.columns]
    if frame.empty or not known:
        return [Paragraph(text("report.no_rows", language, what=caption), "note")]
    table = translated(frame[known], language)
    cells = [[_cell(name, value, language) for value in table[name]] for name in known]
    right = [all(_is_figure(value) for value in frame[name]) for name in known]
    return [
        Table(
            tuple(titles.get(name, heading(name, language)) for name in known),
            tuple(zip(*cells, strict=True)),
            tuple(right),
            caption,
        )
    ]


def _cell(column: str, value: Any, language: Language) -> str:
    """Return one value as text, with the decimals that the workbook gives it."""
    decimals = DECIMALS.get(number_format(column))
    if decimals is None or is_missing(value) or not _is_figure(value):
        return shown(column, value, language)
    return f"{float(value):,.{decimals}f}"


def _is_figure(value: Any) -> bool:
    """Tell whether a value is a number, or missing among numbers."""
    return is_missing(value) or (not isinstance(value, (str, bool)) and hasattr(value, "__float__"))


def figure_table(figures: Iterable[Figure], caption: str, language: Language) -> list[Block]:
    """Return labelled figures as a table of two columns; sentences become paragraphs above it."""
    told = list(figures)
    rows = tuple((one.label, one.shown()) for one in told if one.label)
    sentences = lines_of(str(one.value) for one in told if not one.label)
    if not rows:
        return sentences or [Paragraph(text("report.no_rows", language, what=caption), "note")]
    head = (text("report.indicator", language), text("report.value", language))
    return [*sentences, Table(head, rows, (False, True), caption, (2.0, 1.0))]


def overview_figures(content: PlanContent, name: str) -> tuple[Figure, ...]:
    """Return the figures of one block of the overview; none where the run has none."""
    title = text(f"outputs.overview_{name}", content.about.language)
    return next((block.figures for block in overview(content) if block.title == title), ())


def told(content: PlanContent, key: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return a finished sheet's table and sentences; empty where the run did not make it."""
    one = content.measures.get(key)
    return (pd.DataFrame(), ()) if one is None else (one.table, one.lines)


def first_rows(frame: pd.DataFrame, most: int, language: Language) -> tuple[pd.DataFrame, str]:
    """Return the first rows of a table, and a sentence on those that are left to the workbook."""
    left = len(frame) - most
    if len(frame) <= most * SLACK:
        return frame, ""
    return frame.head(most), text("report.rest", language, first=most, rest=left, all=len(frame))
