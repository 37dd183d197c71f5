"""Which rows of a sheet hold its headings: by the words that ledgers head their columns with."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from planner.ledgers.sheets import Line, Range, Sheet, holds_cells, text_of
from planner.ledgers.vocabulary import names_persons

LOOKED_AT: Final = 30
"""Among how many rows with cells the headings are looked for."""

HEADING_ROWS: Final = 3
"""Rows that a heading may take."""

LONGEST_HEADING: Final = 40
"""Characters; longer text is a sentence."""

_SAID: Final = re.compile(r"^[\s\[【(（*※]*(?P<label>[^\s:：()（）]{1,12})\s*[:：]\s*\S")
_OF_TITLES: Final = re.compile(
    r"^(?:填报|填表|制表|报送|上报|编制|主管|截止|统计|单位|日期|时间|电话)"
)
"""How what stands above a table begins: who filled it in, when; never the heading of a column
where a colon and what it says follow."""

_FIGURE: Final = re.compile(r"^[-+]?[\d,]+(?:\.\d+)?%?$")

Texts = tuple[str, ...]
"""A row of headings, or the parts of one heading."""

Known = Callable[[Texts], bool]
"""Tells whether the parts of a heading are one that a column of ours, of persons or of counters
has."""


@dataclass(frozen=True)
class Heading:
    """Where the headings of a sheet stand.

    Parameters
    ----------
    first
        Their first row, from 0.
    parts
        For each row of theirs the text above each column; a text over several columns is repeated.
    score
        How many different known headings they hold.
    """

    first: int
    parts: tuple[Texts, ...]
    score: int

    @property
    def last(self) -> int:
        """Their last row, from 0."""
        return self.first + len(self.parts) - 1

    def joined(self) -> Texts:
        """Return the heading of each column: its parts, uppermost first, each once."""
        return tuple(" ".join(parts) for parts in self.by_column())

    def by_column(self) -> tuple[Texts, ...]:
        """Return the parts of each column's heading."""
        return tuple(
            tuple(dict.fromkeys(part for part in column if part))
            for column in zip(*self.parts, strict=True)
        )


def heading_of(sheet: Sheet, known: Known) -> Heading | None:
    """Find the headings of a sheet: the rows that hold most known headings, else the first row.

    Parameters
    ----------
    sheet
        The sheet, or its first rows.
    known
        Tells a heading that a column of ours may have.

    Returns
    -------
    Heading or None
        ``None`` where the sheet holds nothing.
    """
    filled: list[int] = []
    for row, cells in enumerate(sheet.lines):
        if holds_cells(cells):
            filled.append(row)
            if len(filled) == LOOKED_AT:
                break
    if not filled:
        return None
    width = max(len(sheet.lines[row]) for row in filled)
    best: Heading | None = None
    rows = [row for row in filled if not _is_title(sheet.lines[row])]
    for row in rows or filled[:1]:
        place = filled.index(row)
        parts: list[Texts] = []
        for below in filled[place : place + HEADING_ROWS]:
            line = _padded(sheet.lines[below], width)
            if parts and (below != row + len(parts) or not _goes_on(parts, line, below, sheet)):
                break
            if parts:
                parts[-1] = _spread(parts[-1], line, below - 1, sheet.merged)
            parts.append(line)
            heading = _scored(row, parts, known)
            if best is None or _rank(heading) > _rank(best):
                best = heading
    return None if best is None else _completed(best, sheet, width, known)


def _is_title(line: Line) -> bool:
    """Tell whether a row says who filled the table in, or when (填报单位：… 联系人：…)."""
    for text in filter(None, map(text_of, line)):
        said = _SAID.match(text)
        if said and (_OF_TITLES.match(said["label"]) or names_persons(said["label"])):
            return True
    return False


def _scored(row: int, parts: Sequence[Texts], known: Known) -> Heading:
    heading = Heading(row, tuple(parts), 0)
    score = sum(bool(column) and known(column) for column in set(heading.by_column()))
    return replace(heading, score=score)


def _rank(heading: Heading) -> tuple[int, int]:
    """Return what the best heading has most of: known headings, then the fewest rows."""
    return heading.score, -len(heading.parts)


def _completed(heading: Heading, sheet: Sheet, width: int, known: Known) -> Heading:
    """Add the rows below that merged cells show to be headings, though none of ours is there."""
    while len(heading.parts) < HEADING_ROWS and heading.last + 1 < len(sheet.lines):
        below = heading.last + 1
        line = _padded(sheet.lines[below], width)
        if not _across(below - 1, sheet.merged) or not _goes_on(heading.parts, line, below, sheet):
            break
        above = _spread(heading.parts[-1], line, below - 1, sheet.merged)
        longer = _scored(heading.first, (*heading.parts[:-1], above, line), known)
        if longer.score < heading.score:
            break
        heading = longer
    return heading


def _padded(line: Line, width: int) -> Texts:
    texts = [text_of(cell) for cell in line]
    return (*texts, *[""] * (width - len(texts)))


def _across(row: int, merged: Sequence[Range]) -> list[tuple[int, int]]:
    """Return first and last column of the cells of a row that are merged over several columns."""
    return [
        (left, right)
        for (top, left), (bottom, right) in merged
        if top <= row <= bottom and right > left
    ]


def _spread(above: Texts, below: Texts, row: int, merged: Sequence[Range]) -> Texts:
    """Return a row of headings with each text repeated over the columns that it heads."""
    texts = list(above)
    groups = _across(row, merged)
    for left, right in groups:
        texts[left : right + 1] = [texts[left]] * len(texts[left : right + 1])
    if groups:
        return tuple(texts)
    group = ""
    for column, text in enumerate(above):
        if text:
            group = text if below[column] else ""
        elif below[column]:
            texts[column] = group
        else:
            group = ""
    return tuple(texts)


def _goes_on(parts: Sequence[Texts], line: Texts, row: int, sheet: Sheet) -> bool:
    """Tell whether a row is a second row of headings below those before it.

    All it holds is short text that is no figure, and it stands where the row above is merged over
    several columns, or (text files have no merged cells) where the row above is blank, or begins
    such a stretch. So a row of data below a complete heading is none. Nor is a row whose one text
    stands over every column below: that is a title, and would head them all alike.
    """
    texts = [text for text in line if text]
    if not texts or any(_FIGURE.match(text) or len(text) > LONGEST_HEADING for text in texts):
        return False
    above = parts[-1]
    if len(parts) == 1 and len({text for text in above if text}) == 1:
        over = _spread(above, line, row - 1, sheet.merged)
        if all(one for one, text in zip(over, line, strict=True) if text):
            return False
    groups = [(left, right) for left, right in _across(row - 1, sheet.merged) if above[left]]
    if groups:
        under = {column for left, right in groups for column in range(left, right + 1)}
        return all(column in under for column, text in enumerate(line) if text)
    heads = {
        column
        for column in range(len(above) - 1)
        if above[column] and not above[column + 1] and line[column] and line[column + 1]
    }
    filled = [any(part[column] for part in parts) for column in range(len(above))]
    return bool(heads) and all(
        not text or column in heads or not filled[column] for column, text in enumerate(line)
    )
