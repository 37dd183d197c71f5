"""The rules that figures of people are held against: parts, wholes, and declared shares."""

from __future__ import annotations

from typing import Final

import numpy as np

from planner.labels import message
from planner.ledgers.draft import UNKNOWN, Draft
from planner.ledgers.judging import row_at
from planner.tables import ELDERLY_COLUMNS

EXCESS_TOLERANCE: Final = 1e-9
"""Relative slack before a part counts as larger than its whole: shares of floats round."""


def judge_people(draft: Draft) -> None:
    """Take declared shares where elders are missing, and empty parts larger than their whole.

    More 60+ than people, 65+ than 60+ or 80+ than 65+: which of the two is wrong cannot be
    known. The part is emptied (unknown), since a figure that is too large would swell every total,
    and the finding is grave.
    """
    _judge_population_kind(draft)
    _take_shares(draft)
    frame = draft.frame
    wholes: list[str] = ["population"]
    for column in ELDERLY_COLUMNS:
        for whole in wholes:
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
        wholes.append(column)


def _judge_population_kind(draft: Draft) -> None:
    match = draft.matches.columns.get("population")
    declared = draft.source.population_kind
    if match is None or match.says is None:
        return
    if declared not in (None, UNKNOWN, match.says):
        told = message("ledgers.population_kind_differs", heading=match.heading, declared=declared)
        draft.journal.add("grave", told, column=match.heading)
    elif declared in (None, UNKNOWN):
        told = message("ledgers.population_kind_found", heading=match.heading, kind=match.says)
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


def judge_elders_none(draft: Draft) -> None:
    """Tell of communities that have people and no elders: a figure left out, most likely."""
    heading = draft.heading("elderly_60")
    elders = draft.frame["elderly_60"]
    none = (elders == 0.0) & ~(draft.frame["population"] == 0.0)
    for row in elders.index[none]:
        draft.journal.add("doubt", message("ledgers.elders_none"), row=int(row), column=heading)
