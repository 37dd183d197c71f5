"""Sets of centres to ask coverage of: by kind, by need, by tier, by what is open."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import pandas as pd

from planner import tables
from planner.coverage.serving import DAY_CARE

DIMENSIONS: Final = ("kind", "need", "tier", "stage")
"""What a set of centres is chosen by."""

_BETWEEN: Final = re.compile(r"[、,，;；/\s]+")


@dataclass(frozen=True, eq=False)
class CentreSet:
    """Centres that answer one question, and those of which nobody knows whether they do.

    Parameters
    ----------
    dimension
        One of :data:`DIMENSIONS`.
    value
        The kind, need, tier or stage.
    centres
        Ids of the centres that do, in the order of the ids.
    unknown
        Ids of operating centres whose ledger tells neither rooms nor services: they may.
    """

    dimension: str
    value: str
    centres: tuple[str, ...]
    unknown: tuple[str, ...] = ()


@cache
def _words() -> Mapping[str, Any]:
    file = resources.files("planner.coverage").joinpath("needs.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _even(entry: str) -> str:
    """Return an entry as it is compared: without spaces, case and full-width forms."""
    return unicodedata.normalize("NFKC", entry).replace(" ", "").casefold()


def needs() -> tuple[str, ...]:
    """Return the seven needs of 咸阳's letter (咸民函〔2024〕40号), in its order."""
    return tuple(_words()["need"])


def tiers() -> Mapping[str, tuple[str, ...]]:
    """Return the kinds of facility of each of 慈溪's three tiers, the widest first."""
    return {name: tuple(kinds) for name, kinds in _words()["tier"].items()}


def _entries(column: pd.Series) -> pd.Series:
    """Return lists in cells as sets of evened entries; empty sets where nothing is listed."""
    return column.map(
        lambda listed: (
            frozenset()
            if pd.isna(listed)
            else frozenset(_even(part) for part in _BETWEEN.split(str(listed)) if part)
        )
    )


def needs_served(centres: pd.DataFrame) -> pd.DataFrame:
    """Tell which of the seven needs each centre serves, by its rooms or by its ledger's word.

    Parameters
    ----------
    centres
        A :data:`planner.tables.CENTRES` table; ``rooms`` and ``services`` joined by 、.

    Returns
    -------
    DataFrame
        Same index, a column a need: ``yes``, ``no``, or ``unknown`` where the ledger lists
        neither rooms nor services (and the kind of facility decides nothing).
    """
    known = centres.reindex(columns=["rooms", "services", "beds"])
    rooms, said = _entries(known["rooms"]), _entries(known["services"])
    silent = ~rooms.astype(bool) & ~said.astype(bool)
    beds = pd.to_numeric(known["beds"], errors="coerce").fillna(0.0) > 0
    served = {}
    for need, words in _words()["need"].items():
        listed = frozenset(map(_even, words["rooms"]))
        named = frozenset(map(_even, words["said"]))
        by_room = rooms.map(lambda entries, listed=listed: bool(entries & listed))
        by_word = said.map(lambda entries, named=named: bool(entries & named))
        by_kind = centres["centre_kind"].isin(words.get("kinds", ()))
        yes = by_room.astype(bool) | by_word.astype(bool) | by_kind
        if words.get("beds"):
            yes |= beds
        served[need] = np.select([yes, silent], ["yes", "unknown"], "no")
    return pd.DataFrame(served, index=centres.index)


def _ids(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(str(value) for value in rows.index))


def centre_sets(
    centres: pd.DataFrame, *, centre_kinds: Sequence[str] = (DAY_CARE,)
) -> tuple[CentreSet, ...]:
    """Return the sets of centres that coverage is asked of.

    - ``kind``: operating centres of each kind that the ledger holds, and of ``centre_kinds``
      together (``value`` is those kinds joined by 、): the circle of the headline.
    - ``need``: operating centres of any kind that serve each of the seven needs.
    - ``tier``: operating centres of each tier.
    - ``stage``: centres of ``centre_kinds`` that operate; also those being built or planned;
      also those closed, as if reopened.

    Parameters
    ----------
    centres
        A :data:`planner.tables.CENTRES` table: those that a place is known of.
    centre_kinds
        The kinds that the circle is drawn around.
    """
    open_ = centres[centres["status"] == tables.OPEN_STATUS]
    return (
        *_by_kind(open_, tuple(centre_kinds)),
        *_by_need(open_),
        *(
            CentreSet("tier", tier, _ids(open_[open_["centre_kind"].isin(kinds)]))
            for tier, kinds in tiers().items()
        ),
        *_by_stage(centres[centres["centre_kind"].isin(list(centre_kinds))]),
    )


def _by_kind(open_: pd.DataFrame, circle: tuple[str, ...]) -> Iterator[CentreSet]:
    yield CentreSet("kind", "、".join(circle), _ids(open_[open_["centre_kind"].isin(circle)]))
    for kind in tables.CENTRE_KINDS:
        rows = open_[open_["centre_kind"] == kind]
        if len(rows) and circle != (kind,):
            yield CentreSet("kind", kind, _ids(rows))


def _by_need(open_: pd.DataFrame) -> Iterator[CentreSet]:
    served = needs_served(open_)
    for need in served.columns:
        yes, unknown = served[need] == "yes", served[need] == "unknown"
        yield CentreSet("need", need, _ids(open_[yes]), _ids(open_[unknown]))


def _by_stage(centres: pd.DataFrame) -> Iterator[CentreSet]:
    for stage, statuses in _words()["stage"].items():
        yield CentreSet("stage", stage, _ids(centres[centres["status"].isin(statuses)]))
