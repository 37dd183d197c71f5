"""The rooms that a centre has and lacks of its book's menu: remarks, never breaches."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.rulebooks.clauses import RuleBook
from planner.tables import LIST_MARK

_BETWEEN: Final = re.compile(r"[、,，;；]")
_BRACKETS: Final = str.maketrans("（）", "()")


def listed_entries(listed: str) -> list[str]:
    """Return the entries of a ledger's list, in its order."""
    entries = (part.strip() for part in _BETWEEN.split(listed))
    return [entry for entry in entries if entry]


def plain_name(entry: str) -> str:
    """Return an entry as names are compared: wide and narrow brackets are alike."""
    return entry.translate(_BRACKETS)


def called_names(book: RuleBook) -> dict[str, str]:
    """Return each name that ledgers write for a room of a book, with the book's name for it."""
    return {
        plain_name(name): room.name
        for room in book.rooms
        for name in (room.name, *room.also_called)
    }


def rooms_found(centres: pd.DataFrame, *, book: RuleBook) -> pd.DataFrame:
    """Return which rooms of the book's menu each centre's ledger lists.

    A ledger's entry is a room's name or one of its other names in the book, to the letter (wide
    and narrow brackets are alike); an entry that is neither is listed, and proves nothing.

    Parameters
    ----------
    centres
        A :data:`planner.tables.CENTRES` table; ``rooms`` joined by 、.
    book
        The rule book.

    Returns
    -------
    DataFrame
        Same index, texts joined by 、 in the book's order: ``rooms_present, rooms_lacking,
        rooms_other`` (entries not of the menu). All missing where the ledger lists no rooms:
        then it is unknown what the centre lacks.
    """
    called, menu = called_names(book), [room.name for room in book.rooms]
    # Ledgers write the same few lists over and over: each is read once.
    codes, lists = pd.factorize(centres.reindex(columns=["rooms"])["rooms"].astype(object))
    found = [_found(str(listed), called, menu) for listed in lists]
    # The last row is what code -1 (an empty cell) takes.
    texts = np.array([*found, _NOTHING_LISTED], dtype=object)[codes]
    columns = ["rooms_present", "rooms_lacking", "rooms_other"]
    return pd.DataFrame(texts, index=centres.index, columns=columns, dtype=object)


_NOTHING_LISTED: Final = (None, None, None)


def _found(
    listed: str, called: dict[str, str], menu: list[str]
) -> tuple[str, str, str] | tuple[None, None, None]:
    """Return which rooms of the menu one list names and lacks, and what else it names."""
    entries = listed_entries(listed)
    if not entries:
        return _NOTHING_LISTED
    plain = [plain_name(entry) for entry in entries]
    present = {called.get(entry) for entry in plain}
    other = [entry for entry, name in zip(entries, plain, strict=True) if name not in called]
    return (
        LIST_MARK.join(name for name in menu if name in present),
        LIST_MARK.join(name for name in menu if name not in present),
        LIST_MARK.join(other),
    )
