"""The rooms that a centre has and lacks of its book's menu: remarks, never breaches."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from planner.standards.rulebooks.clauses import RuleBook

_BETWEEN: Final = re.compile(r"[、,，;；]")
_JOINED: Final = "、"
_BRACKETS: Final = str.maketrans("（）", "()")


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
    called = {
        name.translate(_BRACKETS): room.name
        for room in book.rooms
        for name in (room.name, *room.also_called)
    }
    found: list[tuple[str | None, str | None, str | None]] = []
    for listed in centres.reindex(columns=["rooms"])["rooms"].astype(object):
        entries = [] if pd.isna(listed) else [part.strip() for part in _BETWEEN.split(str(listed))]
        entries = [entry for entry in entries if entry]
        if not entries:
            found.append((None, None, None))
            continue
        present = {called.get(entry.translate(_BRACKETS)) for entry in entries}
        other = [entry for entry in entries if entry.translate(_BRACKETS) not in called]
        menu = [room.name for room in book.rooms]
        found.append(
            (
                _JOINED.join(name for name in menu if name in present),
                _JOINED.join(name for name in menu if name not in present),
                _JOINED.join(other),
            )
        )
    columns = ["rooms_present", "rooms_lacking", "rooms_other"]
    return pd.DataFrame(found, index=centres.index, columns=columns, dtype=object)
