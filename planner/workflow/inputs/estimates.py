"""Which figures of people rest on declared shares: 推算, said wherever they are shown."""

from __future__ import annotations

from planner.labels import Message, message
from planner.ledgers import estimated_columns
from planner.workflow.inputs.reading import Ledgers

PEOPLE_LEDGERS = ("communities", "residents")
"""Ledgers whose people may be estimated."""


def estimated_notices(ledgers: Ledgers) -> tuple[Message, ...]:
    """Return what is to be said of each column of people that declared shares stand in for.

    Parameters
    ----------
    ledgers
        As they were read.
    """
    told = []
    for name in PEOPLE_LEDGERS:
        ledger = ledgers.by_name[name]
        for column, rows in estimated_columns(ledger).items():
            label = message(f"columns.{column}")
            told.append(
                message("years.estimated", file=ledger.file.name, label=label, rows=int(rows))
            )
    return tuple(told)
