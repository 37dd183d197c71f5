"""Clauses on words and lists: what is there, and what is lacking of what is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.floor_area.rooms import called_names, listed_entries, plain_name
from planner.standards.judging.outcomes import Outcome, empty_columns, texts
from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.quantities import QUANTITIES
from planner.tables import LIST_MARK

NOT_FILLED: Final = "not_filled"
ROOMS: Final = "rooms"


def asked_items(book: RuleBook, clause: Clause) -> tuple[str, ...]:
    """Return what a clause asks for by name: its items, else the book's menu of rooms."""
    if clause.items or clause.quantity != ROOMS:
        return clause.items
    return tuple(room.name for room in book.rooms)


def _lacking(listed: str, items: tuple[str, ...], called: Mapping[str, str]) -> list[str]:
    """Return the items that a ledger's list does not name, by any of their names."""
    entries = [plain_name(entry) for entry in listed_entries(listed)]
    found = {*entries, *(called[entry] for entry in entries if entry in called)}
    return [item for item in items if plain_name(item) not in found]


def _unknown(facts: pd.DataFrame, clause: Clause, unknown: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return ``reason, fill_in`` of cells that are empty."""
    columns = QUANTITIES[clause.quantity].columns
    reason = np.where(unknown, texts(len(facts), NOT_FILLED), "")
    return reason, np.where(unknown, empty_columns(facts, columns), "")


def listed_outcome(facts: pd.DataFrame, book: RuleBook, clause: Clause) -> Outcome:
    """Hold lists against a clause that asks for every one of its items (``has``).

    ``value`` is how many of them the ledger lists, ``required`` how many there are, ``told``
    those that are lacking. A ledger that lists nothing leaves it unknown what there is. Names are
    compared to the letter, rooms also by their other names in the book.

    Parameters
    ----------
    facts
        :func:`planner.standards.judging.facts.centre_facts`, of the centres to be judged.
    book, clause
        The clause and its book.
    """
    items = asked_items(book, clause)
    called = called_names(book) if clause.quantity == ROOMS else {}
    codes, lists = pd.factorize(facts[clause.quantity], use_na_sentinel=True)
    lacking = [_lacking(str(listed), items, called) for listed in lists]
    # The last entry is what code -1 (an empty cell) takes.
    short = np.array([*map(len, lacking), np.nan], dtype=float)[codes]
    told = np.array([*map(LIST_MARK.join, lacking), ""], dtype=object)[codes]
    reason, fill_in = _unknown(facts, clause, np.isnan(short))
    return Outcome(
        value=len(items) - short,
        required=np.full(len(facts), float(len(items))),
        upper=np.full(len(facts), np.nan),
        short_by=short,
        told=told,
        reason=reason,
        fill_in=fill_in,
    )


def word_outcome(facts: pd.DataFrame, clause: Clause) -> Outcome:
    """Hold words against a clause that allows some of them (``one_of``).

    ``told`` is the word found where it is none of these; it is then short by 1, the one thing that
    is not as it should be.

    Parameters
    ----------
    facts
        :func:`planner.standards.judging.facts.centre_facts`, of the centres to be judged.
    clause
        The clause.
    """
    words = facts[clause.quantity]
    unknown = words.isna().to_numpy()
    met = words.isin(list(clause.items)).to_numpy()
    nothing = np.full(len(facts), np.nan)
    reason, fill_in = _unknown(facts, clause, unknown)
    return Outcome(
        value=nothing,
        required=nothing,
        upper=nothing,
        short_by=np.where(unknown, np.nan, np.where(met, 0.0, 1.0)),
        told=np.where(met | unknown, "", words.astype(object)),
        reason=reason,
        fill_in=fill_in,
    )
