"""The 四同步 of new estates: what √, 否, 已交付 and 2023年5月已验收 say, as a state and a date."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from planner.labels import message
from planner.ledgers import dates, words
from planner.ledgers.coding import coded, decoded_texts, rows_with
from planner.ledgers.draft import UNKNOWN, Draft
from planner.ledgers.values import plain
from planner.tables import STEP_STATES, STEPS

_DATE: Final = re.compile(
    r"(?<!\d)(?:19|20|21)\d{2}(?:年(?:度|底|末)?(?:\d{1,2}月(?:份|底|末)?(?:\d{1,2}[日号])?)?"
    r"|[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?:\d{1,2}:\d{2}(?::\d{2})?)?)"
)
"""A date amid other words; a bare number is none."""

_EDGES: Final = ",，.。、;；:：()（）[]【】于前"
DONE, _, NOT_DUE = STEP_STATES


def judge_steps(draft: Draft) -> None:
    """Turn the four columns of an estate into states and dates, telling of cells that say neither.

    A cell is a word (:data:`choices.toml`, ``step``), a date, or both. A date alone says that it is
    done then; with 预计, 计划 or 拟, that it is to be done then. Where a ledger has a column of
    dates of its own, that one decides.

    Parameters
    ----------
    draft
        The ledger of estates; its text becomes :data:`planner.tables.STEP_STATES` and, in the
        columns that end in ``_on``, dates of the precision given.
    """
    for step in STEPS:
        cells = draft.frame[step]
        found = [_said(str(cell)) for cell in coded(cells)[1]]
        draft.frame[step] = decoded_texts(cells, [state for state, _ in found])
        own = decoded_texts(cells, [when for _, when in found])
        odd = [place for place, (state, _) in enumerate(found) if state is None]
        for row in rows_with(cells, odd):
            _tell(draft, step, row, str(cells[row]), "ledgers.choice_unknown")
        draft.frame[f"{step}_on"] = _dates(draft, f"{step}_on").fillna(own)


def _said(cell: str) -> tuple[str | None, str | None]:
    """Return the state and the date that a cell says."""
    text = plain(cell)
    known = words.known_choices("step")
    if text in known:
        return known[text], None
    found = _DATE.search(text)
    if found is None:
        return None, None
    when = dates.date(found.group())
    rest = (text[: found.start()] + text[found.end() :]).strip(_EDGES)
    coming = re.match("预计|计划|拟", rest)
    state = DONE if not rest else NOT_DUE if coming else known.get(rest)
    return (None, None) if when is None else (state, when)


def _dates(draft: Draft, column: str) -> pd.Series:
    """Return a ledger's own column of dates."""
    cells = draft.frame[column]
    found, odd = dates.dates(cells)
    for row, cell in odd.items():
        _tell(draft, column, row, cell, "ledgers.no_date")
    return found


def _tell(draft: Draft, column: str, row: int, cell: str, key: str) -> None:
    heading = draft.heading(column)
    told = message(key, heading=heading, cell=cell, taken=UNKNOWN)
    draft.journal.add("doubt", told, action="emptied", row=row, column=heading)
