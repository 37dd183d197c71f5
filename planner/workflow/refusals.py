"""Ledgers that no figure can be computed from."""

from __future__ import annotations

from planner.errors import LedgerError
from planner.labels import message
from planner.workflow.reading import Ledgers


def refuse_without_people(ledgers: Ledgers) -> None:
    """Refuse ledgers whose zeros would be no figures: no row left, or no elder known.

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
    if ledgers.residents.table["elderly_60"].isna().all():
        raise LedgerError(message("workflow.no_elders", file=ledgers.residents.file.name))
