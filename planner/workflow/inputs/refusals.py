"""Ledgers that no figure can be computed from."""

from __future__ import annotations

from planner.errors import LedgerError
from planner.labels import message
from planner.workflow.inputs.reading import Ledgers


def refuse_without_people(ledgers: Ledgers) -> None:
    """Refuse ledgers whose zeros would be no figures: no row left, no elder known, or none at all.

    Raises
    ------
    LedgerError
        With each reason for which rows were set aside.
    """
    refuse_without_rows(ledgers)
    refuse_without_elders(ledgers)


def refuse_without_rows(ledgers: Ledgers) -> None:
    """Refuse a ledger all of whose rows were set aside.

    Raises
    ------
    LedgerError
        With each reason for which rows were set aside.
    """
    for ledger in (ledgers.communities, ledgers.residents, ledgers.centres):
        if ledger.table.empty:
            reasons = ledger.set_aside.drop_duplicates("key")
            raise LedgerError(
                message("workflow.nothing_left", file=ledger.file.name, rows=ledger.rows_read),
                [message(row["key"], **row["fields"]) for _, row in reasons.iterrows()],
            )


def refuse_without_elders(ledgers: Ledgers) -> None:
    """Refuse residents of whom no elder is known; a table without rows says nothing of them.

    Raises
    ------
    LedgerError
        Naming the file.
    """
    elders = ledgers.residents.table["elderly_60"]
    if elders.empty:
        return
    if elders.isna().all():
        raise LedgerError(message("workflow.no_elders", file=ledgers.residents.file.name))
    if not (elders > 0).any():
        raise LedgerError(message("workflow.nobody_old", file=ledgers.residents.file.name))
