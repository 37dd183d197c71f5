"""Which sheet of a workbook holds the list of defects, and where its headings stand."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path
from typing import Any, Final

import python_calamine

from planner.labels import LANGUAGES, text
from planner.outputs.sheet_columns import ORDER
from planner.standards.remedies.defects import COLUMNS, TYPED

LIST_SHEET: Final = "defects"
LEAST_TYPED: Final = 3
"""Typed headings by which a sheet is known for the list although its title was changed."""


def own_sheets(path: Path) -> tuple[str, ...]:
    """Return the titles of the sheets of a workbook that are none of ours.

    The list itself may have been given another title.
    """
    ours, known = titles_of(ORDER), titles_of((LIST_SHEET,))
    book = python_calamine.load_workbook(io.BytesIO(path.read_bytes()))
    strange = [title for title in book.sheet_names if title not in ours]
    if strange and not known & set(book.sheet_names):
        lists = (title for title in strange if heading_of(_lines(book, title), named=False))
        strange = [title for title in strange if title != next(lists, None)]
    return tuple(strange)


def _lines(book: python_calamine.CalamineWorkbook, title: str) -> list[list[Any]]:
    return book.get_sheet_by_name(title).to_python(skip_empty_area=False)


def titles_of(keys: tuple[str, ...]) -> set[str]:
    """Return what sheets of ours are called, in either language."""
    return {text(f"outputs.sheet_{key}", language) for key in keys for language in LANGUAGES}


def list_first(titles: list[str]) -> list[str]:
    """Return titles, that of the list before all others."""
    ours = titles_of((LIST_SHEET,))
    return sorted(titles, key=lambda title: title not in ours)


def _plain(heading: object) -> str:
    """Return a heading without what typing changes: lines, spaces about it, forms of signs (㎡)."""
    return unicodedata.normalize("NFKC", "".join(str(heading).split("\n"))).strip()


def _names() -> dict[str, str]:
    """Return our columns by what they are headed, in either language."""
    return {
        _plain(text(f"columns.{name}", language)): name
        for language in LANGUAGES
        for name in ("defect", *COLUMNS)
    }


def heading_of(lines: list[list[Any]], *, named: bool) -> tuple[int, dict[int, str]] | None:
    """Return the row of headings and the column at each place; ``None`` if there is none.

    Of two columns with one heading both are returned.
    """
    names = _names()
    for row, line in enumerate(lines):
        places = {
            place: names[plain]
            for place, cell in enumerate(line)
            if (plain := _plain(cell)) in names
        }
        typed = len({name for name in places.values() if name in TYPED})
        if "defect" in places.values() and typed >= (1 if named else LEAST_TYPED):
            return row, places
    return None
