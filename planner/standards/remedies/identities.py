"""Whose row it is: typed cells follow a centre by the id that its ledger gives, else by its name.

Where a ledger gives no ids, its row numbers stand for them, and a row more or less gives every
centre below another's. A name that one centre alone bears, then as now, tells where a row belongs;
a row of which nothing tells it is kept aside with all that was typed into it. Typed for one of
several of a name (namesakes), it is marked so and never comes back by itself, even where one alone
is left of them: that may be the other. An id that the ledger gives is the centre's own, whatever it
is called by now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from planner.coverage.same_centres import same_centres
from planner.labels import Message, message
from planner.standards.remedies.defect_ids import ASIDE, parts_of, plain_id, unique_ids
from planner.standards.remedies.defects import OTHER, SAME_NAME, TYPED, LastList

OF_NAMESAKES: Final = f"{ASIDE}{ASIDE}"
"""Parts the id of a row that was typed for one of several centres of a name from that name."""

MOST_NAMED: Final = 10
"""Centres named in one notice before the rest is only counted."""


def of_same_centres(
    last: LastList, names: Mapping[str, str], given: Collection[str] = frozenset()
) -> LastList:
    """Return the last list with its rows under the ids that their centres have today.

    Parameters
    ----------
    last
        The list as it was left.
    names
        Name of each centre of the ledger today, by id.
    given
        Those of the ids that the ledger itself gives: no row numbers.

    Returns
    -------
    LastList
        Rows of a given id stay as they are. Of the others those that
        :func:`planner.coverage.same_centres.same_centres` finds again by the name go to its centre,
        unless others bear the name, too: a row number proves nothing beside it. Of the rest those
        of an id that is a centre's today are kept aside under ids of their own, where anything is
        typed; else left out. A row that was kept aside comes back once its centre is known again
        and nothing is typed into its row; never one of namesakes, which are those of a name that
        several have, in the list or today, and rows that were written as such (``same_name``). All
        of it is told.
    """
    rows = last.rows
    told = [_name(value) for value in rows["name"]] if "name" in rows else [""] * len(rows)
    standing = [_standing(str(one), name) for one, name in zip(rows.index, told, strict=True)]
    settled = set(given) & {row.centre for row in standing}
    doubtful = _of_namesakes(rows, standing, names, settled)
    known = [row for row, doubt in zip(standing, doubtful, strict=True) if not doubt]
    found = _found_again([row for row in known if not row.aside], names, settled)
    back = _found_again([row for row in known if row.aside], names, settled)
    moves = _Moves(names, settled)
    ids = [
        moves.doubted(row) if doubt else moves.told_of(row, back if row.aside else found)
        for row, doubt in zip(standing, doubtful, strict=True)
    ]
    ids = _nameless_aside(ids, told)
    ids = moves.brought_back(ids, standing, _anything_typed(rows).tolist())
    kept = rows.set_axis(pd.Index(unique_ids(ids), dtype=object), axis="index")
    kept = kept[np.array([one != "" for one in ids], dtype=bool)]
    kept = kept[~(_is_aside(kept.index) & ~_anything_typed(kept))]
    return LastList(kept, (*last.notices, *moves.notices()), last.project)


class _Standing(NamedTuple):
    """A row of the last list: its id, centre (empty: none), defect, name; whether it is aside."""

    id: str
    centre: str
    defect: str
    name: str
    aside: bool


def _standing(one: str, name: str) -> _Standing:
    parts = parts_of(one)
    if parts is None:
        return _Standing(one, "", one, name, aside=False)
    if parts.aside is None:
        return _Standing(one, parts.centre, parts.defect, name, aside=False)
    # Under the name of a project, or of one long changed, it waits for somebody to choose.
    tail = one[len(parts.defect) + len(ASIDE) :]
    own = bool(name) and plain_id(name) in (plain_id(parts.aside), plain_id(tail))
    return _Standing(one, parts.centre if own else "", parts.defect, name, aside=own)


def namesakes(names: Mapping[str, str], given: Collection[str] = frozenset()) -> frozenset[str]:
    """Return the ids of centres of which neither id nor name tells who they are.

    Parameters
    ----------
    names
        Name of each centre of the ledger, by id.
    given
        Those of the ids that the ledger itself gives.
    """
    often = Counter(plain_id(name) for name in names.values())
    return frozenset(
        one for one, name in names.items() if one not in given and often[plain_id(name)] > 1
    )


def _of_namesakes(
    rows: pd.DataFrame,
    standing: Sequence[_Standing],
    names: Mapping[str, str],
    settled: Collection[str],
) -> list[bool]:
    """Tell which rows may have been typed for another centre of the same name."""
    marked = rows["defect_change"].eq(SAME_NAME) if "defect_change" in rows else [False] * len(rows)
    here = {(row.centre, plain_id(row.name)) for row in standing if row.centre and not row.aside}
    before = Counter(name for _, name in here)
    today = Counter(plain_id(name) for name in names.values())
    return [
        bool(row.centre)
        and (
            bool(mark)
            or (
                row.name != ""
                and row.centre not in settled
                and max(before[plain_id(row.name)], today[plain_id(row.name)]) > 1
            )
        )
        for row, mark in zip(standing, marked, strict=True)
    ]


@dataclass
class _Moves:
    """What becomes of rows, and what is to be told of it."""

    names: Mapping[str, str]
    settled: Collection[str]
    swapped: dict[str, str] = field(default_factory=dict)
    followed: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)

    def doubted(self, row: _Standing) -> str:
        """Return the id under which a row of namesakes is kept aside for good."""
        if not row.aside:
            self.aside.append(f"{row.centre}（{row.name}）")
        return f"{row.defect}{OF_NAMESAKES}{row.name}"

    def told_of(self, row: _Standing, found: Mapping[tuple[str, str], str]) -> str:
        """Return the id under which a row stands today."""
        now, plain = self.names.get(row.centre, ""), plain_id(row.name)
        again = found.get((row.centre, plain))
        if row.aside:
            if row.centre in self.settled:
                return row.defect if now and plain_id(now) == plain else row.id
            return row.id if again is None else again + row.defect[len(row.centre) :]
        if row.centre in self.settled or not row.centre or not row.name:
            if row.centre in self.settled and row.name and now and plain_id(now) != plain:
                self._renamed(row, now)
            return row.id
        if again is not None:
            if again != row.centre:
                self.followed[row.centre] = again
            return again + row.id[len(row.centre) :]
        if now:
            self.aside.append(f"{row.centre}（{row.name}）")
            return f"{row.defect}{ASIDE}{row.name}"
        return row.id

    def _renamed(self, row: _Standing, now: str) -> None:
        """Keep what an id of the ledger's own is called now, and who bears its name instead."""
        self.renamed[row.centre] = now
        plain = plain_id(row.name)
        others = sorted(one for one, name in self.names.items() if plain_id(name) == plain)
        if others:
            self.swapped[row.centre] = f"{row.centre}：{row.name} → {'、'.join(others)}"

    def brought_back(
        self, ids: list[str], standing: Sequence[_Standing], typed: Sequence[bool]
    ) -> list[str]:
        """Return ids; a row kept aside comes back to where nothing is typed, or else stays.

        Where another row stands at its id, that one's is empty: it is left out.
        """
        found = list(ids)
        holders: dict[str, list[int]] = {}
        for place, one in enumerate(ids):
            holders.setdefault(one, []).append(place)
        for place, row in enumerate(standing):
            if not row.aside or ids[place] == row.id:
                continue
            others = [other for other in holders[ids[place]] if other != place]
            if any(typed[other] for other in others):
                found[place] = row.id
                continue
            self.back.append(f"{row.centre}（{row.name}）")
            for other in others:
                found[other] = ""
        return found

    def notices(self) -> list[Message]:
        """Return what is to be told."""
        told = []
        for key, pairs in (
            ("renamed", [f"{one}（{name}）" for one, name in self.renamed.items()]),
            ("swapped", list(self.swapped.values())),
            ("followed", [f"{one} → {two}" for one, two in self.followed.items()]),
            ("back", list(set(self.back))),
        ):
            if pairs:
                named = "、".join(sorted(pairs)[:MOST_NAMED])
                told.append(message(f"remedies.list_{key}", centres=len(pairs), named=named))
        if self.aside:
            distinct = sorted(set(self.aside), key=plain_id)
            told.append(
                message(
                    "remedies.list_same_id",
                    rows=len(self.aside),
                    centres=len(distinct),
                    named="、".join(distinct[:MOST_NAMED]),
                )
            )
        return told


def _found_again(
    rows: Iterable[_Standing], names: Mapping[str, str], settled: Collection[str]
) -> dict[tuple[str, str], str]:
    """Return who today is the centre of an id and a plain name, where one alone can be meant."""
    of: dict[str, tuple[str, str]] = {}
    for centre, name in dict.fromkeys((row.centre, plain_id(row.name)) for row in rows):
        if centre and name and centre not in settled:
            # Two names under one id are two centres of the list; only one of them has the id.
            of[f"{centre}\n{name}" if centre in of else centre] = (centre, name)
    before = pd.DataFrame({"name": {key: name for key, (_, name) in of.items()}}, dtype=object)
    left = {one: name for one, name in names.items() if one not in settled}
    same = same_centres(before, pd.DataFrame({"name": left}, dtype=object))
    return {of[key]: after for key, after in same.after.items() if key not in same.shared}


def _nameless_aside(ids: list[str], told: list[str]) -> list[str]:
    """Return ids; a row without a name makes way for one that followed its name to the same id."""
    often = Counter(ids)
    return [
        f"{one}{ASIDE}" if often[one] > 1 and not name else one
        for one, name in zip(ids, told, strict=True)
    ]


def of_another_project(last: LastList, file: str, project: str) -> LastList:
    """Return a list with every row kept aside: it is the list of another project.

    Parameters
    ----------
    last
        The list.
    file
        Its workbook's name.
    project
        What this project is called.
    """
    rows = last.rows[_anything_typed(last.rows)]
    already = _is_aside(rows.index)
    ids = [
        one if aside else f"{one}{ASIDE}{last.project}"
        for one, aside in zip(map(str, rows.index), already, strict=True)
    ]
    told = message(
        "remedies.last_other_project", file=file, project=project, other=last.project,
        rows=len(rows),
    )  # fmt: skip
    aside = rows.set_axis(pd.Index(unique_ids(ids), dtype=object), axis="index")
    return replace(last, rows=aside, notices=(*last.notices, told))


def _name(value: Any) -> str:
    """Return a name as it stands; empty where a cell holds none."""
    return value.strip() if isinstance(value, str) else ""


def _is_aside(index: pd.Index) -> pd.Series:
    aside = [(parts := parts_of(str(one))) is not None and parts.aside is not None for one in index]
    return pd.Series(aside, index=index, dtype=bool)


def _anything_typed(rows: pd.DataFrame) -> pd.Series:
    typed: pd.Series = rows.reindex(columns=[*TYPED, OTHER]).notna().any(axis="columns")
    return typed
