"""Reading the list of defects (整改清单) of an earlier run's workbook, as people left it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import python_calamine
from openpyxl.utils import get_column_letter

from planner.errors import InputFileError, PlannerError
from planner.labels import LANGUAGES, Message, catalogue, message, text
from planner.standards.remedies.defect_ids import AGAIN
from planner.standards.remedies.defects import (
    CHANGES,
    COLUMNS,
    OTHER,
    PROGRESS,
    TYPED,
    FormattedNumber,
    LastList,
)
from planner.workflow.remedies.cells import Place, Unseen, typed_value, unseen_in
from planner.workflow.remedies.own_sheets import LIST_SHEET, heading_of, list_first, titles_of

MARK: Final = "；"


def read_last_list(path: Path, *, prefix: str = "?") -> LastList:
    """Read the list of defects from a workbook of an earlier run, as people left it.

    The sheet is found by its title, else by its headings; columns by their headings, wherever they
    stand. A workbook without a list gives an empty one, and says so. Formulas that have no value
    keep their text; what comments and columns of the planner's own hold comes to 其他填写.

    Parameters
    ----------
    path
        The workbook.
    prefix
        How the made-up ids of rows without one begin.

    Raises
    ------
    InputFileError
        If the workbook cannot be opened: what was typed into it would be lost.
    """
    try:
        # From its bytes: of a file, calamine believes the ending.
        content = path.read_bytes()
        book = python_calamine.load_workbook(io.BytesIO(content))
        ours = titles_of((LIST_SHEET,))
        for title in list_first(book.sheet_names):
            sheet = book.get_sheet_by_name(title)
            lines = sheet.to_python(skip_empty_area=False)
            found = heading_of(lines, named=title in ours)
            if found is not None:
                merged = tuple(sheet.merged_cell_ranges or ())
                unseen = unseen_in(content, title)
                top, places = found
                once = {name: place for place, name in sorted(places.items(), reverse=True)}
                again = {place: name for place, name in places.items() if once[name] != place}
                first = {place: name for place, name in places.items() if place not in again}
                page = _Page(path.name, title, lines, top, first, merged, unseen, prefix, again)
                return _read(page, renamed=title not in ours)
            if title in ours:
                heading = text("columns.defect")
                told = {"file": path.name, "sheet": title, "heading": heading}
                raise InputFileError(message("remedies.last_no_id_column", **told))
    except PlannerError:  # which an InputFileError is, and an OSError, too
        raise
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError) as error:
        raise InputFileError(
            message("remedies.last_unreadable", file=path.name, reason=error)
        ) from error
    return LastList(_empty(), (message("remedies.last_no_list", file=path.name),))


def _empty() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS), dtype=object)


@dataclass(frozen=True)
class _Page:
    """The sheet of a list: its lines, where its headings are, and what values do not show."""

    file: str
    title: str
    lines: list[list[Any]]
    top: int
    places: dict[int, str]
    merged: tuple[tuple[Place, Place], ...]
    unseen: Unseen
    prefix: str
    again: dict[int, str] = field(default_factory=dict)

    def own(self) -> dict[int, str]:
        """Return the headings of the columns that are none of ours, or a second one of them."""
        width = max(len(self.lines[self.top]), *(place[1] + 1 for place in self.beside()), 0)
        line = [*self.lines[self.top], *[""] * (width - len(self.lines[self.top]))]
        return {
            place: str(cell).strip() or f"#{place + 1}"
            for place, cell in enumerate(line)
            if place not in self.places
        }

    def beside(self) -> list[Place]:
        """Return the cells of formulas and comments below the headings."""
        return [at for at in (*self.unseen.formulas, *self.unseen.comments) if at[0] > self.top]

    def formatted(self, value: Any, at: Place) -> Any:
        """Return what a cell holds; a number with the format that people gave it."""
        form = self.unseen.formats.get(at)
        plain = isinstance(value, bool) or not isinstance(value, (int, float))
        return value if plain or form is None else FormattedNumber(value, form)

    def filled(self) -> tuple[list[list[Any]], bool]:
        """Return the lines with what merged cells and formulas hold; whether any were merged."""
        height = max(len(self.lines), *(place[0] + 1 for place in self.beside()), 0)
        lines = [list(line) for line in self.lines] + [[] for _ in range(height - len(self.lines))]
        width = max(len(line) for line in (*lines, self.own()))
        lines = [[*line, *[""] * (width - len(line))] for line in lines]
        for (row, column), formula in self.unseen.formulas.items():
            if row > self.top:
                lines[row][column] = formula
        merged = False
        for (row, column), (last, _) in self.merged:
            ours = self.places.get(column, OTHER)
            if row <= self.top or last == row or ours not in (*TYPED, OTHER):
                continue
            merged = merged or typed_value(lines[row][column]) is not None
            for other in range(row + 1, min(last + 1, height)):
                lines[other][column] = lines[row][column]
        return lines, merged


def _read(page: _Page, *, renamed: bool) -> LastList:
    """Return the list that stands below a row of headings, and what is to be told of it."""
    file, extra = page.file, page.own()
    lines, merged = page.filled()
    notices = _told(page, renamed=renamed, merged=merged)
    nothing = {text("outputs.no_rows", language) for language in LANGUAGES}
    found: dict[str, dict[str, Any]] = {}
    kept_extra: set[str] = set()
    for row, line in enumerate(lines[page.top + 1 :], start=page.top + 2):
        cells = {
            name: page.formatted(value, (row - 1, place)) if name in TYPED else value
            for place, name in page.places.items()
            if (value := typed_value(line[place])) is not None
        }
        others = [
            (heading, value)
            for place, heading in extra.items()
            if (value := typed_value(line[place])) is not None
        ]
        kept_extra |= {heading for heading, _ in others}
        others += _commented(page, row - 1)
        if not others and not set(cells) & {"defect", *TYPED, OTHER}:
            continue
        if set(cells) == {"defect"} and cells["defect"] in nothing:
            continue
        _keep_others(cells, others)
        notices += _add(found, cells, page, row)
    if kept_extra:
        headings = "、".join(sorted(kept_extra))
        notices.append(message("remedies.last_columns_own", file=file, headings=headings))
    # Line by line: from a dictionary of rows pandas makes plain floats of formatted numbers.
    lines = [[cells.get(name, np.nan) for name in COLUMNS] for cells in found.values()]
    rows = pd.DataFrame(lines, index=list(found), columns=list(COLUMNS), dtype=object)
    return LastList(rows if found else _empty(), tuple(notices), _project(page))


def _project(page: _Page) -> str:
    """Return the name of the project whose list it is: it stands first in the sheet's first line.

    Empty where people have written over it.
    """
    top = page.lines[0] if page.lines else []
    first = next((told for cell in top if (told := str(cell).strip())), "")
    for title in titles_of((LIST_SHEET,)):
        if first.endswith(f" · {title}"):
            return first.removesuffix(f" · {title}").strip()
    return ""


def _told(page: _Page, *, renamed: bool, merged: bool) -> list[Message]:
    """Return what is to be told of a list as a whole."""
    file, notices = page.file, []
    if renamed:
        notices.append(message("remedies.last_renamed", file=file, sheet=page.title))
    missing = [name for name in TYPED if name not in page.places.values()]
    if missing:
        headings = "、".join(text(f"columns.{name}") for name in missing)
        notices.append(message("remedies.last_columns_gone", file=file, headings=headings))
    if page.again:
        headings = "、".join(text(f"columns.{name}") for name in sorted(set(page.again.values())))
        notices.append(message("remedies.last_columns_again", file=file, headings=headings))
    if merged:
        notices.append(message("remedies.last_merged", file=file))
    for key, cells in (
        ("formulas", page.unseen.formulas),
        ("comments", page.unseen.comments),
    ):
        below = sorted(at for at in cells if at[0] > page.top)
        if below:
            told = "、".join(f"{get_column_letter(column + 1)}{row + 1}" for row, column in below)
            notices.append(message(f"remedies.last_{key}", file=file, cells=told))
    return notices


def _commented(page: _Page, row: int) -> list[tuple[str, str]]:
    """Return the comments of a row's cells under what they are headed."""
    heads = page.lines[page.top]
    return [
        (
            text("remedies.comment_of", heading=str(heads[column]) if column < len(heads) else "-"),
            said,
        )
        for (line, column), said in sorted(page.unseen.comments.items())
        if line == row
    ]


def _keep_others(cells: dict[str, Any], others: list[tuple[str, Any]]) -> None:
    """Put what stood in columns that are none of ours under 其他填写; what is there, once."""
    told = [f"{heading}：{value}" for heading, value in others]
    kept = str(cells[OTHER]).split(MARK) if OTHER in cells else []
    parts = [*kept, *(one for one in told if one not in kept)]
    if parts:
        cells[OTHER] = MARK.join(parts)


def _add(
    found: dict[str, dict[str, Any]], cells: dict[str, Any], page: _Page, row: int
) -> list[Message]:
    """Add one row to those found, under an id that no other has; return what is to be told."""
    told: list[Message] = []
    file = page.file
    defect = str(cells.pop("defect", "")).strip()
    if not defect:
        told.append(message("remedies.last_no_id", file=file, row=row))
        defect = f"{page.prefix}{row}"
    elif defect in found:
        told.append(message("remedies.last_twice", file=file, row=row, id=defect))
        defect = next(
            name
            for number in range(2, row + 2)
            if (name := f"{defect}{AGAIN}{number}") not in found
        )
    cells["defect_change"] = _key("remedies.change_", CHANGES, cells.get("defect_change"))
    if "progress" in cells:
        key = _key("remedies.progress_", PROGRESS, cells["progress"])
        if key:
            cells["progress"] = key
        else:
            words = "、".join(text(f"remedies.progress_{name}") for name in PROGRESS)
            # What was typed is not repeated: it may be somebody's name.
            told.append(message("remedies.last_progress", file=file, row=row, words=words))
    found[defect] = cells
    return told


def _key(prefix: str, keys: tuple[str, ...], value: Any) -> str:
    """Return which of our words a cell holds, in either language; empty where none."""
    known: Mapping[str, str] = {
        catalogue()[f"{prefix}{key}"][language]: key
        for key in keys
        if key
        for language in LANGUAGES
    }
    return known.get(str(value).strip(), "") if value is not None else ""
