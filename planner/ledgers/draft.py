"""From a file's cells to columns of ours: headings matched, cells turned into values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from planner import tables
from planner.errors import LedgerError
from planner.labels import message
from planner.ledgers import dates, proportions, values, words
from planner.ledgers.coding import ColumnTexts, with_codes
from planner.ledgers.files import open_ledger
from planner.ledgers.findings import Journal, Severity
from planner.ledgers.headings import Matches, match_headings
from planner.ledgers.lost_digits import without_lost_digits
from planner.ledgers.quantities import COLUMN_QUANTITIES
from planner.ledgers.raw import RawLedger
from planner.ledgers.source import LedgerSource
from planner.ledgers.spans import carried_down
from planner.ledgers.totals import judge_totals, total_rows, unnamed_total
from planner.ledgers.vocabulary import column_names, label_of

CHOICE_COLUMNS: Final[Mapping[str, str]] = {
    **{
        name: name
        for name in ("centre_kind", "status", "area_kind", "community_kind", "building_use",
                     "works", "built_as", "earthquake_class", "estate_age")
    },
    "delivered_kind": "area_kind",
    **dict.fromkeys(("own_entrance", "lift", "ramp", "ambulance_access"), "presence"),
}  # fmt: skip
"""Column of choices → whose words (:mod:`planner.ledgers.words`) it is written in."""

LIST_COLUMNS: Final = ("serves", "rooms", "building_services", "grounds", "equipment")
UNKNOWN: Final = "未注明"

SEVERITY: Final[Mapping[str, Severity]] = {
    "ledgers.cpg_wrong": "doubt",
    "ledgers.bracket_ignored": "doubt",
    "ledgers.sheets_alike": "grave",
    "ledgers.sheet_hidden": "doubt",
    "ledgers.title_unit": "doubt",
    "ledgers.hidden_rows": "doubt",
    "ledgers.heading_maybe": "doubt",
}
"""How grave what is said of a file's reading is, where it is more than a note."""


@dataclass
class Draft:
    """A ledger on its way: cells are values, rows are not yet judged.

    Parameters
    ----------
    name
        Which table it is to become.
    source, raw, matches, journal
        Where it came from, as its file has it, how its headings were understood, and what is
        said of it.
    frame
        One column for each of ours that the table may hold (``id`` among them), index = row
        numbers. Columns that the ledger lacks are all empty.
    """

    name: str
    source: LedgerSource
    raw: RawLedger
    matches: Matches
    journal: Journal
    frame: pd.DataFrame

    def has(self, column: str) -> bool:
        """Tell whether the ledger itself has a column."""
        return column in self.matches.columns

    @property
    def rows_read(self) -> int:
        """Rows below the headings that hold anything: judged ones, and those that were none."""
        before = pd.Index(list(self.journal.aside)).difference(self.frame.index)
        return len(self.frame) + len(before)

    def heading(self, column: str) -> str:
        """Return the ledger's heading for one of our columns, or our name where it has none."""
        match = self.matches.columns.get(column)
        return column if match is None else match.heading


def draft_ledger(name: str, source: LedgerSource, *, required: Iterable[str]) -> Draft:
    """Read a ledger into our columns.

    Parameters
    ----------
    name
        Which table it is to become.
    source
        The file and how to read it.
    required
        Our columns without which it is refused.

    Raises
    ------
    InputFileError, LedgerError
        If the file cannot be read; or, with every problem listed, if its headings cannot be
        understood.
    """
    raw = open_ledger(source, name)
    matches = match_headings(raw, name, source)
    # Here columns of persons end: from now on only what may be compared is in memory.
    raw = replace(raw, cells=raw.cells[list(matches.kept)])
    problems = list(matches.problems)
    twice = {told.fields["column"] for told in problems}
    shown = "、".join(
        heading for heading in raw.headings if heading and heading not in matches.persons
    )
    problems += [
        message(
            "ledgers.column_required",
            file=source.file.name,
            column=column,
            label=label_of(name, column),
            headings=shown,
        )
        for column in required
        if column not in matches.columns and column not in twice
    ]
    if problems:
        lacking = {told.fields.get("column") for told in problems}
        problems += [
            told
            for told in matches.remarks
            if told.key == "ledgers.heading_maybe" and told.fields["column"] in lacking
        ]
        raise LedgerError(message("ledgers.refused", file=source.file.name), problems)
    journal = Journal(source.file.name)
    for told in (*raw.notes, *matches.remarks):
        journal.add(SEVERITY.get(told.key, "note"), told)
    for row, why in raw.aside.items():
        journal.set_aside(row, why, severity="note")
    for heading in matches.persons:
        journal.add("note", message("ledgers.person_dropped", heading=heading), column=heading)
    unmatched = [heading for heading in matches.unmatched if heading]
    if unmatched:
        journal.add("note", message("ledgers.unmatched", headings="、".join(unmatched)))
    texts = ColumnTexts(raw.cells)
    totals = total_rows(raw, matches, texts)
    summed = raw.cells.loc[[total.row for total in totals]]
    raw = replace(raw, cells=raw.cells.drop(summed.index) if totals else raw.cells)
    if raw.cells.empty:
        raise LedgerError(message("ledgers.no_rows", file=source.file.name))
    raw = carried_down(raw, matches, journal)
    if raw.cells is not texts.cells:
        texts = ColumnTexts(raw.cells)
    draft = Draft(name, source, raw, matches, journal, pd.DataFrame(index=raw.cells.index))
    draft.frame = pd.DataFrame(
        {
            column: _values(draft, column, texts)
            for column in column_names(name)
            if column not in tables.JUDGED_COLUMNS or draft.has(column)
        },
        index=raw.cells.index,
        copy=False,
    )
    if draft.has("id"):
        cells = raw.cells[matches.columns["id"].position]
        draft.frame["id"] = without_lost_digits(
            draft.frame["id"], cells, draft.heading("id"), journal
        )
    judge_totals(totals, summed, draft.frame, matches.columns, journal)
    _set_unnamed_total_aside(draft)
    _tell_cells_without_heading(draft)
    return draft


def _set_unnamed_total_aside(draft: Draft) -> None:
    """Set a last row aside that has no label, and whose figures are the sums of those above."""
    total = unnamed_total(draft.raw.cells, draft.frame, draft.matches.columns)
    if total is None:
        return
    journal = draft.journal
    journal.found = [one for one in journal.found if one.row != total.row]
    journal.set_aside(total.row, message("ledgers.total_unnamed"), severity="doubt")
    draft.raw = replace(draft.raw, cells=draft.raw.cells.drop(index=total.row))
    draft.frame = draft.frame.drop(index=total.row)


def _values(draft: Draft, column: str, texts: ColumnTexts) -> pd.Series:
    """Return the values of one of our columns, telling of every cell that is not plain."""
    index = draft.raw.cells.index
    is_number = column in COLUMN_QUANTITIES or column == "floor"
    if not draft.has(column):
        if is_number:
            return pd.Series(np.nan, index=index, dtype=np.float64)
        return pd.Series(pd.NA, index=index, dtype="string")
    match = draft.matches.columns[column]
    cells = draft.raw.cells[match.position]
    if is_number:
        found = _numbers(cells, COLUMN_QUANTITIES.get(column), match.unit)
        _tell_remarks(draft, column, found)
        return found.figures
    if column not in (*CHOICE_COLUMNS, *LIST_COLUMNS):
        clean = words.clean_texts(cells, texts[match.position])
        if clean is not None:
            return clean
    cells, troubles = values.without_troubles(with_codes(cells))
    _tell_remarks(draft, column, troubles)
    if column in CHOICE_COLUMNS:
        return _choices(draft, column, cells)
    return words.listed(cells) if column in LIST_COLUMNS else words.texts(cells)


def _numbers(cells: pd.Series, quantity: str | None, unit: str | None) -> values.Cells:
    """Return the figures of a column; one that measures no quantity counts storeys."""
    if quantity is None:
        return values.storeys(cells)
    if quantity == "year":
        return dates.years(cells)
    if quantity == "grade":
        return proportions.grades(cells)
    if quantity in ("ratio", "percent"):
        return proportions.proportions(cells, quantity, unit)
    return values.numbers(cells, quantity, unit)


_REMARK_KEYS: Final = {
    "approximate": "ledgers.approximate",
    "range": "ledgers.range",
    "not_a_number": "ledgers.not_a_number",
    "storey_0": "ledgers.storey_0",
    "storeys": "ledgers.storeys",
    "mezzanine": "ledgers.mezzanine",
    "error": "ledgers.cell_error",
    "formula": "ledgers.cell_formula",
    "not_a_year": "ledgers.not_a_year",
    "time": "ledgers.ratio_as_time",
    "least_grade": "ledgers.least_grade",
}
_EMPTIED: Final = ("range", "not_a_number", "storey_0", "error", "formula", "not_a_year")
_NOTED: Final = ("least_grade",)
"""What is read without doubt: 二级及以上 is at least 2."""


def _tell_remarks(draft: Draft, column: str, found: values.Cells) -> None:
    heading = draft.heading(column)
    numbers = found.figures.loc[list(found.remarks)].to_numpy(dtype=np.float64)
    for (row, (remark, cell)), figure in zip(found.remarks.items(), numbers, strict=True):
        number = float(figure)
        told = message(_REMARK_KEYS[remark], heading=heading, cell=cell, number=number)
        emptied = remark in _EMPTIED
        draft.journal.add(
            "note" if remark in _NOTED else "doubt",
            told,
            action="emptied" if emptied else "kept",
            row=row,
            column=heading,
        )


def _choices(draft: Draft, column: str, cells: pd.Series) -> pd.Series:
    """Return the choices of a column; what an unknown word means is each column's own affair."""
    chosen, odd = words.choices(cells, CHOICE_COLUMNS[column])
    heading = draft.heading(column)
    other: dict[int, str] = {}
    for row, cell in odd.items():
        if column == "centre_kind":
            told = message("ledgers.kind_unknown", heading=heading, cell=cell)
            draft.journal.set_aside(row, told, column=heading)
        elif column == "building_use":
            # Any other use is a use: the word itself stays, to be named where it is set aside.
            other[row] = cell
        elif column == "community_kind":
            told = message("ledgers.community_kind_unknown", heading=heading, cell=cell)
            draft.journal.add("doubt", told, action="emptied", row=row, column=heading)
        elif column == "works":
            told = message("residents.works_unknown", heading=heading, cell=cell)
            draft.journal.add("doubt", told, action="emptied", row=row, column=heading)
        else:
            told = message("ledgers.choice_unknown", heading=heading, cell=cell, taken=UNKNOWN)
            draft.journal.add("doubt", told, action="emptied", row=row, column=heading)
    return chosen.fillna(pd.Series(other, dtype="string")) if other else chosen


def _holds_something(cell: object) -> bool:
    return cell is not None and str(cell).strip() not in ("", "nan")


def _tell_cells_without_heading(draft: Draft) -> None:
    """Tell of rows with cells right of the last heading: a stray comma shifts a whole row."""
    nameless = [place for place in draft.matches.kept if not draft.raw.headings[place]]
    if not nameless:
        return
    there = draft.raw.cells[nameless].astype(object).map(_holds_something)
    for row in draft.raw.cells.index[there.any(axis="columns")]:
        draft.journal.add("doubt", message("ledgers.cells_without_heading"), row=int(row))
