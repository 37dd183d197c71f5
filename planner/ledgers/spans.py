"""Merged cells of several rows: what they say holds for each, a figure is not each one's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from planner.labels import message
from planner.ledgers.findings import Journal
from planner.ledgers.headings import Matches
from planner.ledgers.raw import RawLedger
from planner.ledgers.sheets import blank
from planner.ledgers.totals import additive_columns


def carried_down(raw: RawLedger, matches: Matches, journal: Journal) -> RawLedger:
    """Return a ledger whose merged cells stand in every row that they cover.

    Blank cells that are not merged stay blank: they are unknown, not "as above". Areas, counts and
    sums of money stay in the first row alone: in each row they would count several times.

    Parameters
    ----------
    raw
        The ledger as its file has it; only data rows.
    matches
        How its headings were understood.
    journal
        Is told how many cells were carried down, and of every figure that was not.
    """
    if not raw.spans:
        return raw
    additive = {match.position for match in additive_columns(matches.columns).values()}
    used = {match.position: match.heading for match in matches.columns.values()}
    cells = raw.cells.copy()
    counts: dict[str, int] = {}
    rows: pd.Index = cells.index
    for span in raw.spans:
        if span.position not in used or span.first not in rows:
            continue
        covered = rows[(rows > span.first) & (rows <= span.last)]
        value: Any = cells[span.position].loc[span.first]
        if not len(covered) or blank(value):
            continue
        heading = used[span.position]
        if span.position in additive:
            told = message(
                "ledgers.merged_figure", heading=heading, first=span.first, last=int(covered[-1])
            )
            journal.add("doubt", told, row=span.first, column=heading)
            continue
        # One value, and not a list of them, for all rows.
        cells[span.position] = cells[span.position].mask(cells.index.isin(covered), value)
        counts[heading] = counts.get(heading, 0) + 1
    for heading, count in counts.items():
        told = message("ledgers.merged_carried", heading=heading, cells=count)
        journal.add("note", told, column=heading)
    return replace(raw, cells=cells, spans=())
