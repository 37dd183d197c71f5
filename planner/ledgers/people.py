"""The rules that figures of people are held against: parts, wholes, and declared shares."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.labels import choice, message, text
from planner.ledgers.draft import UNKNOWN, Draft
from planner.ledgers.findings import Finding, Ledger
from planner.ledgers.judging import row_at
from planner.ledgers.source import LedgerSource
from planner.ledgers.vocabulary import label_of
from planner.tables import ELDER_GROUPS, ELDERLY_COLUMNS

EXCESS_TOLERANCE: Final = 1e-9
"""Relative slack before a part counts as larger than its whole: shares of floats round."""


def judge_people(draft: Draft) -> None:
    """Take declared shares where elders are missing, and empty parts larger than their whole.

    More 60+ than people, 65+ than 60+ or 80+ than 65+: which of the two is wrong cannot be
    known. The part is emptied (unknown), since a figure that is too large would swell every total,
    and the finding is grave. So it is with 失能 and 独居, which are parts of 60+.
    """
    _judge_population_kind(draft)
    _take_shares(draft)
    wholes: list[str] = ["population"]
    for column in ELDERLY_COLUMNS:
        for whole in wholes:
            _empty_parts(draft, column, whole)
        wholes.append(column)
    for column in ELDER_GROUPS:
        if column in draft.frame:
            _empty_parts(draft, column, ELDERLY_COLUMNS[0])
    _take_group_shares(draft)


def _empty_parts(draft: Draft, column: str, whole: str) -> None:
    """Empty the figures of a column that are larger than those of the column they are part of."""
    frame = draft.frame
    excess = frame[column] > frame[whole] * (1.0 + EXCESS_TOLERANCE)
    parts, totals = frame[column].to_numpy(), frame[whole].to_numpy()
    for place in np.flatnonzero(excess):
        told = message(
            "ledgers.part_above_whole",
            part=draft.heading(column),
            number=float(parts[place]),
            whole=draft.heading(whole),
            total=float(totals[place]),
        )
        draft.journal.add(
            "grave",
            told,
            action="emptied",
            row=row_at(excess, place),
            column=draft.heading(column),
        )
    frame[column] = frame[column].where(~excess)


def _judge_population_kind(draft: Draft) -> None:
    match = draft.matches.columns.get("population")
    declared = draft.source.population_kind
    if match is None or match.says is None:
        return
    if declared not in (None, UNKNOWN, match.says):
        told = message(
            "ledgers.population_kind_differs", heading=match.heading, declared=choice(declared)
        )
        draft.journal.add("grave", told, column=match.heading)
    elif declared in (None, UNKNOWN):
        told = message(
            "ledgers.population_kind_found", heading=match.heading, kind=choice(match.says)
        )
        draft.journal.add("note", told, column=match.heading)


def _take_shares(draft: Draft) -> None:
    for column, share in draft.source.elderly_shares.items():
        lacking = draft.frame[column].isna() & draft.frame["population"].notna()
        if not lacking.any():
            continue
        shares = draft.frame["population"] * share
        draft.frame[column] = draft.frame[column].where(~lacking, shares)
        told = message("ledgers.share_taken", column=column, share=share, rows=int(lacking.sum()))
        draft.journal.add("doubt", told, column=draft.heading(column))


def _take_group_shares(draft: Draft) -> None:
    """Take declared shares of those aged 60 and over where 失能 or 独居 are not given at all.

    A figure that was emptied as impossible stays unknown: an estimate would hide the fault.
    """
    emptied = {(one.row, one.column) for one in draft.journal.found if one.action == "emptied"}
    source = draft.source.shares_source or text("residents.source_unknown")
    for column, share in draft.source.group_shares.items():
        heading = draft.heading(column)
        wrong = draft.frame.index.isin([row for row, of in emptied if of == heading])
        elders = draft.frame[ELDERLY_COLUMNS[0]]
        lacking = draft.frame[column].isna() & elders.notna() & ~wrong
        if not lacking.any():
            continue
        draft.frame[column] = draft.frame[column].where(~lacking, elders * share)
        told = message(
            "residents.share_taken",
            label=label_of(draft.name, column),
            column=column,
            share=share,
            source=source,
            rows=int(lacking.sum()),
        )
        draft.journal.add("doubt", told, column=heading)
    declared = {**draft.source.elderly_shares, **draft.source.group_shares}
    if declared and not draft.source.shares_source:
        told = message("residents.share_without_source", columns="、".join(declared))
        draft.journal.add("note", told)


def tell_unused_shares(source: LedgerSource, findings: list[Finding]) -> None:
    """Tell of shares declared for residents that only distribute the communities' figures."""
    declared = {**source.elderly_shares, **source.group_shares}
    if declared:
        told = message("residents.shares_unused", columns="、".join(declared))
        findings.append(Finding(told, "doubt"))


ESTIMATED_KEYS: Final = ("ledgers.share_taken", "residents.share_taken")


def estimated_columns(ledger: Ledger) -> pd.Series:
    """Return the people columns of a ledger that rest on declared shares: 推算 in every output.

    Parameters
    ----------
    ledger
        Communities or residents, as read.

    Returns
    -------
    Series
        Number of rows whose figure was estimated, index = columns; empty if none was. Residents
        spread from communities are estimated where the communities' figures are.
    """
    found = ledger.findings[ledger.findings["key"].isin(ESTIMATED_KEYS)]
    rows = {str(one["column"]): int(one["rows"]) for one in found["fields"]}
    return pd.Series(rows, dtype=np.int64, name="rows").rename_axis("column")


def judge_elders_missing(draft: Draft) -> None:
    """Tell of rows whose elders are unknown: they count nowhere."""
    heading = draft.heading("elderly_60")
    told_of = {one.row for one in draft.journal.found if one.column == heading}
    elders = draft.frame["elderly_60"]
    for row in elders.index[elders.isna()]:
        if row not in told_of:
            draft.journal.add(
                "grave", message("ledgers.elders_missing"), row=int(row), column=heading
            )


def judge_population_none(draft: Draft) -> None:
    """Empty populations of 0: nobody could be served, or classed, and most likely none was filled.

    Every figure per head, every class and every group asks for people: read once as unknown, they
    are so everywhere.
    """
    heading = draft.heading("population")
    population = draft.frame["population"]
    none = population == 0.0
    for row in population.index[none]:
        told = message("ledgers.population_none")
        draft.journal.add("doubt", told, action="emptied", row=int(row), column=heading)
    draft.frame["population"] = population.where(~none)


def judge_elders_none(draft: Draft) -> None:
    """Tell of communities that have people and no elders: a figure left out, most likely."""
    heading = draft.heading("elderly_60")
    elders = draft.frame["elderly_60"]
    empty = {one.row for one in draft.journal.found if one.told.key == "ledgers.population_none"}
    none = (elders == 0.0) & ~elders.index.isin(list(empty))
    for row in elders.index[none]:
        draft.journal.add("doubt", message("ledgers.elders_none"), row=int(row), column=heading)
