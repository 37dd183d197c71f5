"""Rows that sum others up (合计, 小计): told apart from data, and checked against it.

A total that stays among the rows doubles every figure of a district. A total that differs from the
rows that it sums says that one of them is wrong: both are a planner's first look at a ledger.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.labels import message
from planner.ledgers import values
from planner.ledgers.coding import ColumnTexts
from planner.ledgers.findings import Journal
from planner.ledgers.headings import Matched, Matches
from planner.ledgers.quantities import COLUMN_QUANTITIES
from planner.ledgers.raw import RawLedger
from planner.ledgers.sheets import CELL_END, blank, has_blanks
from planner.ledgers.values import plain
from planner.ledgers.vocabulary import is_counter
from planner.units import FloatArray

ADDITIVE: Final = ("area", "count", "money")
"""Quantities that a total sums up."""

LABEL_COLUMNS: Final = ("id", "name", "street", "community")
"""Columns in which a word of :data:`_TOTAL` may follow what is summed up (东街道小计)."""

LEAST_ROWS: Final = 3
"""Rows that a row without any label must sum up, to be known for their total."""

_TOTAL: Final = re.compile(
    r"^(?P<of>.{0,15}?)(?P<word>合计|小计|总计|共计|总和|汇总|累计)(?:[数值]|[:：]|\(.*\)|\d+[家个处所人户])*$"
)
_EXACT: Final = frozenset(
    {"计", "总数", "平均", "平均值", "平均数", "total", "subtotal", "grandtotal", "sum", "average"}
)
_ENDS: Final = frozenset("计和总汇均数值:：)）家个处所人户leEL")
"""Last letters of what the two above match, before width and case are evened out."""

_ENDING: Final = re.compile(f"[{re.escape(''.join(sorted(_ENDS)))}]\\s*{CELL_END}")

_SUBTOTAL: Final = frozenset({"小计", "subtotal"})
_AVERAGE: Final = frozenset({"平均", "平均值", "平均数", "average"})

FIGURE_SLACK: Final = {"count": 0.5, "area": 0.05, "money": 0.05}
"""By how much a total may differ from the sum of its rows for their rounding alone."""


@dataclass(frozen=True)
class TotalRow:
    """A row that sums up others.

    Parameters
    ----------
    row
        Its number, as a planner counts.
    of
        What it sums up, as it says itself (东街道); empty where it does not say.
    word
        Its word: 合计, 小计 …; empty where only its figures tell.
    """

    row: int
    of: str
    word: str


def total_rows(raw: RawLedger, matches: Matches, texts: ColumnTexts) -> list[TotalRow]:
    """Find the rows of a ledger that say that they sum up others.

    Parameters
    ----------
    raw
        The ledger as its file has it, without columns of persons.
    matches
        How its headings were understood.
    texts
        Its columns, each as one text.

    Returns
    -------
    list of TotalRow
        In the order of the file. The word stands in a column that says what a row is (id, name,
        sub-district, community, row counter, the first column), alone or after what is summed up;
        or alone in any other column of a row without id and name.
    """
    labels = {matches.columns[name].position for name in LABEL_COLUMNS if name in matches.columns}
    labels |= {place for place in matches.kept if is_counter(raw.headings[place])}
    labels |= set(matches.kept[:1])
    said = [matches.columns[name].position for name in ("id", "name") if name in matches.columns]
    found: dict[int, TotalRow] = {}
    for place in sorted(labels):
        text = texts[place]
        # Of a text file: one search through the column.
        if text is None or _ENDING.search(text) is not None:
            for row, cell in _likely(raw.cells[place]):
                total = _total(row, cell)
                if total is not None:
                    found.setdefault(row, total)
    nameless = _without(raw.cells, said, texts) if said else raw.cells
    for place in matches.kept:
        for row, cell in _likely(nameless[place]) if place not in labels else ():
            total = _total(row, cell)
            if total is not None and not total.of:
                found.setdefault(row, total)
    return [found[row] for row in sorted(found)]


def _without(cells: pd.DataFrame, places: Sequence[int], texts: ColumnTexts) -> pd.DataFrame:
    """Return the rows in which all of some columns are blank."""
    for place in places:
        text = texts[place]
        if text is not None and not has_blanks(text):
            return cells.iloc[:0]
        is_blank = [blank(cell) for cell in cells[place].to_numpy(dtype=object)]
        cells = cells[np.array(is_blank, dtype=bool)]
    return cells


def _likely(cells: pd.Series) -> list[tuple[int, str]]:
    """Return the rows whose cell ends as a word for a total does: most need no closer look."""
    return [
        (int(row), cell)
        for row, cell in zip(cells.index, cells.to_numpy(dtype=object), strict=True)
        if isinstance(cell, str) and cell.rstrip()[-1:] in _ENDS
    ]


def _total(row: int, cell: str) -> TotalRow | None:
    text = plain(cell)
    if text in _EXACT:
        return TotalRow(row, "", text)
    match = _TOTAL.match(text)
    return None if match is None else TotalRow(row, match["of"], match["word"])


def additive_columns(columns: Mapping[str, Matched]) -> dict[str, Matched]:
    """Return the columns whose figures a total sums up."""
    return {
        name: match for name, match in columns.items() if COLUMN_QUANTITIES.get(name) in ADDITIVE
    }


def unnamed_total(
    cells: pd.DataFrame, figures: pd.DataFrame, columns: Mapping[str, Matched]
) -> TotalRow | None:
    """Return the last row as a total where it has no label at all and its figures are the sums.

    Parameters
    ----------
    cells
        The data rows as the file has them.
    figures
        Their figures, by our columns.
    columns
        Our columns → the ledger's.
    """
    if len(cells) <= LEAST_ROWS:
        return None
    row = int(cells.index[-1])
    texts = [match.position for name, match in columns.items() if name not in COLUMN_QUANTITIES]
    if any(not blank(cells[place].iloc[-1]) for place in texts):
        return None
    additive = list(additive_columns(columns))
    said = figures.loc[row, additive].to_numpy(dtype=np.float64)
    there = ~np.isnan(said) & (said != 0.0)
    above = figures.iloc[:-1][additive].to_numpy(dtype=np.float64)
    if not there.any() or not (np.count_nonzero(above > 0.0, axis=0)[there] > 1).all():
        return None
    is_sum = np.abs(np.nansum(above, axis=0) - said) <= _slack(additive, len(above))
    return TotalRow(row, "", "") if bool(is_sum[there].all()) else None


def _slack(names: Sequence[str], rows: int) -> FloatArray:
    each = [FIGURE_SLACK[COLUMN_QUANTITIES[name]] for name in names]
    counts = np.array([COLUMN_QUANTITIES[name] == "count" for name in names])
    # Counts are whole: one person more is a difference. Other figures are rounded, row by row.
    return np.where(counts, each, np.array(each) * rows)


def judge_totals(
    totals: Sequence[TotalRow],
    cells: pd.DataFrame,
    frame: pd.DataFrame,
    columns: Mapping[str, Matched],
    journal: Journal,
) -> None:
    """Set totals aside, and tell where one differs from the sum of the rows that it sums up.

    Which rows those are, a ledger does not say in words: all, those since the last total, those up
    to the next, or those of the sub-district named. A total that is the sum of any of these is
    right; else the difference to the likeliest of them is told.

    Parameters
    ----------
    totals
        The rows, in the order of the file.
    cells
        Their cells as the file has them, index = row numbers.
    frame
        The data rows' values.
    columns
        Our columns → the ledger's.
    journal
        Is told.
    """
    additive = additive_columns(columns)
    said = {
        name: values.numbers(cells[match.position], COLUMN_QUANTITIES[name], match.unit).figures
        for name, match in additive.items()
    }
    rows = frame.index.to_numpy(dtype=np.int64)
    figures = frame[list(additive)].to_numpy(dtype=np.float64)
    numbers = [total.row for total in totals]
    for place, total in enumerate(totals):
        journal.set_aside(total.row, message("ledgers.total_row"), severity="note")
        if total.word in _AVERAGE or not len(rows):
            continue
        before = numbers[place - 1] if place else 0
        after = numbers[place + 1] if place + 1 < len(numbers) else rows[-1] + 1
        groups = _groups(total, frame, rows, (before, int(after)))
        stated = np.array([float(said[name][total.row]) for name in additive])
        sums = [np.nansum(figures[group], axis=0) for group in groups]
        slacks = [_slack(list(additive), int(group.sum())) for group in groups]
        off = [
            ~np.isnan(stated) & (np.abs(one - stated) > slack)
            for one, slack in zip(sums, slacks, strict=True)
        ]
        if any(not one.any() for one in off):
            continue
        for column in np.flatnonzero(off[0]):
            heading = list(additive.values())[column].heading
            told = message(
                "ledgers.total_differs",
                heading=heading,
                said=float(stated[column]),
                sum=float(sums[0][column]),
                rows=int(groups[0].sum()),
                unknown=int(np.isnan(figures[groups[0], column]).sum()),
            )
            journal.add("doubt", told, row=total.row, column=heading)


def _groups(total: TotalRow, frame: pd.DataFrame, rows: Any, bounds: tuple[int, int]) -> list[Any]:
    """Return the rows that a total may sum up, the likeliest first, as masks."""
    before, after = bounds
    everything = np.ones(len(rows), dtype=bool)
    since = (rows > before) & (rows < total.row)
    until = (rows > total.row) & (rows < after)
    above = rows < total.row
    named = [
        (frame[column].map(plain, na_action="ignore") == total.of)
        .fillna(value=False)
        .to_numpy(bool)
        for column in ("street", "community", "name")
        if total.of and column in frame
    ]
    groups = [group for group in named if group.any()]
    stretches = [since, until] if since.any() else [until, since]
    if total.word in _SUBTOTAL or total.of:
        groups += [*stretches, everything, above]
    else:
        groups += [everything, above, *stretches]
    return [group for group in groups if group.any()] or [everything]
