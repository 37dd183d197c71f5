"""Where the table stands on a sheet: titles above it, headings of several rows, notes below it.

A sheet that a bureau prints is more than a table. What is no data is told apart here, row by row,
and never by guessing: a row without such a mark is data.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.labels import Message, message
from planner.ledgers.heading_rows import Heading, Known, heading_of
from planner.ledgers.raw import RawLedger, Span
from planner.ledgers.sheets import (
    CELL_END,
    Body,
    Line,
    Range,
    Sheet,
    blank,
    holds_cells,
    rows_listed,
    text_of,
    whole_text,
)

_NOTE: Final = re.compile(
    r"^[\[【(（*※]*(?:注|附注|备注|说明|填表说明|填报说明|数据来源|资料来源|填表人|制表人|填报人|审核人|审批人|"
    r"负责人|单位负责人|统计负责人|联系人|联系电话|填报单位|填表单位|制表单位|报送单位|单位盖章|填表日期|填报日期|"
    r"填报时间|填表时间|制表日期|制表时间|报送日期|截止日期|制表|审核|复核|note|notes|source)"
    r"\s*\d{0,2}\s*(?:[\])】）])?\s*[:：]",
    re.IGNORECASE,
)
_BEGINS: Final = frozenset("[【(（*※注附备说填数资制审负单统联报截复nsNS")
"""First letters of what :data:`_NOTE` matches."""

_NUMBERED: Final = re.compile(
    r"^(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）.、．:：]|[①-⑳])"
)
_UNIT: Final = re.compile(r"(?<![报表送管属制])单位:\s*(?P<unit>[^\s,;。)]+)")
PLAIN_UNITS: Final = frozenset(
    {"人", "平方米", "m2", "个", "张", "户", "套", "平米", "家", "名", "处"}
)
"""Units above a table that change no figure: they are ours."""

_ORDINALS: Final = "甲乙丙丁戊己"

IntArray = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def laid_out(sheet: Sheet, notes: Sequence[Message], known: Known) -> RawLedger:
    """Return the table of a sheet: headings, data rows, and what is neither.

    Parameters
    ----------
    sheet
        The sheet, its rows numbered from 1.
    notes
        What is to be said of the reading so far.
    known
        Tells a heading that a column of ours may have.

    Returns
    -------
    RawLedger
        Without headings where the sheet holds nothing. Notes, repeated headings and rows that only
        number the columns are in its ``aside``.
    """
    heading = heading_of(sheet, known)
    if heading is None:
        return RawLedger((), pd.DataFrame())
    body = _body(sheet, heading)
    first = whole_text(body.columns[0])
    filled = np.flatnonzero(body.is_filled(first))
    titles = [row for row in range(heading.first) if holds_cells(sheet.lines[row])]
    aside = _no_data(sheet, heading, titles, (body, filled, first))
    kept = filled[~np.isin(filled, list(aside))] if aside else filled
    width = len(body.columns)
    texts = heading.joined()
    headings = (*texts, *[""] * (width - len(texts)))
    columns = [one if len(kept) == len(one) else one[kept] for one in body.columns]
    # Columns that hold nothing at all, heading included, are the margin of a sheet.
    used = [place for place in range(width) if headings[place] or holds_cells(columns[place])]
    parts = (*heading.by_column(), *[()] * (width - len(texts)))
    blank_rows = int(filled[-1]) + 1 - len(filled) if len(filled) else 0
    rows = kept + body.first
    index = pd.Index(rows + 1, dtype=np.int64)
    return RawLedger(
        tuple(headings[place] for place in used),
        pd.DataFrame(
            {
                number: pd.Series(columns[place], index=index, dtype=columns[place].dtype)
                for number, place in enumerate(used)
            },
            index=index,
            columns=range(len(used)),
            copy=False,
        ),
        notes=(*notes, *_told(sheet, heading, titles, blank_rows, rows)),
        heading_parts=tuple(parts[place] for place in used) if len(heading.parts) > 1 else (),
        spans=_spans(sheet.merged, heading.last, used, rows) if sheet.merged else (),
        aside={body.first + place + 1: why for place, why in sorted(aside.items())},
        heading_row=heading.last + 1,
        sheet=sheet.title,
        places=tuple(used),
    )


def _body(sheet: Sheet, heading: Heading) -> Body:
    """Return the rows below the headings."""
    below = heading.last + 1
    if sheet.body is not None and sheet.body.first == below:
        return sheet.body
    lines = sheet.lines[below:]
    width = max(len(heading.parts[0]), max(map(len, lines), default=0))
    return Body.of_lines(lines, below, width)


def _spans(
    merged: Sequence[Range], last: int, used: Sequence[int], rows: IntArray
) -> tuple[Span, ...]:
    """Return the merged cells of several data rows."""
    kept = set(rows.tolist())
    place_of: Mapping[int, int] = {place: number for number, place in enumerate(used)}
    return tuple(
        Span(top + 1, bottom + 1, place_of[left])
        for (top, left), (bottom, _) in merged
        if top > last and bottom > top and left in place_of and top in kept
    )


def _told(
    sheet: Sheet, heading: Heading, titles: Sequence[int], blank_rows: int, data: IntArray
) -> list[Message]:
    """Return what is to be said of the sheet's layout."""
    told = []
    if titles:
        told.append(message("ledgers.title_rows", rows=rows_listed([row + 1 for row in titles])))
    odd = _odd_units(cell for row in titles for cell in sheet.lines[row])
    if odd:
        told.append(message("ledgers.title_unit", unit="、".join(odd)))
    if len(heading.parts) > 1:
        rows = rows_listed(range(heading.first + 1, heading.last + 2))
        told.append(message("ledgers.heading_rows", rows=rows))
    if blank_rows:
        told.append(message("ledgers.blank_rows", rows=blank_rows))
    hidden = sheet.hidden_rows.intersection(data.tolist()) if sheet.hidden_rows else []
    if hidden:
        listed = rows_listed([row + 1 for row in hidden])
        told.append(message("ledgers.hidden_rows", count=len(hidden), rows=listed))
    columns = heading.joined()
    unseen = [columns[place] for place in sorted(sheet.hidden_columns) if place < len(columns)]
    if any(unseen):
        told.append(message("ledgers.hidden_columns", headings="、".join(filter(None, unseen))))
    return told


def _odd_units(cells: Iterable[Any]) -> list[str]:
    """Return the units stated above a table that are not ours."""
    texts = (unicodedata.normalize("NFKC", text_of(cell)) for cell in cells)
    units = {unit["unit"] for text in texts for unit in _UNIT.finditer(text)}
    named = {one for unit in units for one in re.split("[、/,，和]", unit) if one}
    # "填报单位：某某民政局" names an office: a unit is short.
    return sorted(one for one in named if one not in PLAIN_UNITS and len(one) <= 4)


def _no_data(
    sheet: Sheet,
    heading: Heading,
    titles: Sequence[int],
    below: tuple[Body, IntArray, str | None],
) -> dict[int, Message]:
    """Return the rows of the body that are no data, and why; by their place in it.

    ``below`` is the body, which of its rows hold anything, and its first column as one text.
    """
    body, filled, _ = below
    aside: dict[int, Message] = {}
    if len(filled) and _numbers_columns(body.line(filled[0])):
        aside[int(filled[0])] = message("ledgers.column_numbers")
    above = (*titles, *range(heading.first, heading.last + 1))
    again = {tuple(_texts(sheet.lines[row])) for row in above}
    begins = {texts[0] for texts in again if texts}
    letters = _BEGINS | {text[0] for text in begins}
    for place in _odd_starts(*below, letters):
        texts = _texts(body.line(place))
        if texts[0] in begins and tuple(texts) in again:
            aside[place] = message("ledgers.heading_again")
        elif texts[0][0] in _BEGINS and _NOTE.match(texts[0]) is not None:
            aside[place] = message("ledgers.note_row")
    _add_notes_that_go_on(sheet, heading, body, filled, aside)
    return aside


def _odd_starts(
    body: Body, filled: IntArray, text: str | None, letters: frozenset[str]
) -> list[int]:
    """Return the rows that may be no data: first cell blank, or text with one of some letters."""
    if text is not None:
        start = f"{CELL_END}\\s*[{CELL_END}{re.escape(''.join(sorted(letters)))}]"
        if re.search(start, text) is None:
            return []
    first = body.columns[0][filled].tolist()
    return [
        place
        for place, cell in zip(filled.tolist(), first, strict=True)
        if (cell.__class__ is str and (cell.lstrip()[:1] in letters)) or blank(cell)
    ]


def _texts(line: Iterable[Any]) -> list[str]:
    """Return the cells of a row that hold anything, as text."""
    return [text_of(cell) for cell in line if not blank(cell)]


def _numbers_columns(line: Line) -> bool:
    """Tell whether a row only numbers the columns, as printed forms do: 甲 乙 1 2 3 4."""
    texts = [text.removesuffix(".0") for text in _texts(line)]
    letters = [text for text in texts if text in _ORDINALS]
    numbers = texts[len(letters) :]
    wanted = [str(number) for number in range(1, len(numbers) + 1)]
    return len(texts) > 2 and letters == list(_ORDINALS[: len(letters)]) and numbers == wanted


def _add_notes_that_go_on(
    sheet: Sheet, heading: Heading, body: Body, filled: IntArray, aside: dict[int, Message]
) -> None:
    """Add the rows at the end that are notes too: numbered points, and sentences across columns.

    Only below the data, only rows of one cell, and only where a note came before or the cell is
    merged over most of the table.
    """
    tail: list[tuple[int, str]] = []
    for place in filled[::-1].tolist():
        texts = _texts(body.line(place))
        if place not in aside and len(texts) > 1:
            break
        tail.append((place, texts[0]))
    wide = {
        top - body.first
        for (top, left), (_, right) in sheet.merged
        if top > heading.last and 2 * (right - left + 1) > len(heading.parts[0])
    }
    after_note = False
    for place, text in reversed(tail):
        if place in aside:
            after_note = True
        elif place in wide or (after_note and _NUMBERED.match(text)):
            aside[place] = message("ledgers.note_row")
