"""Whose row it is: typed cells follow a centre by the id that its ledger gives, else by its name.

Where a ledger gives no ids, its row numbers stand for them, and a row more or less gives every
centre below another's. A name that one centre alone bears, then as now, tells where a row belongs;
a row of which nothing tells it is kept aside with all that was typed into it. An id that the ledger
gives is the centre's own, whatever it is called by now.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from planner.labels import Message, message
from planner.standards.remedies.defects import OTHER, TYPED, LastList, plain_id

ASIDE: Final = "@"
"""What parts the id of a row that is kept aside from the name under which it stood."""

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
        Rows of a given id stay as they are, and so do those whose id and name are a centre's today
        if no other bears that name. Those of a name that only one centre bears, in both, go to its
        id. Of the others those of an id that is a centre's today are kept aside under ids of their
        own, where anything is typed; else left out. All of it is told.
    """
    rows = last.rows
    told = [_plain(value) for value in rows["name"]] if "name" in rows else [""] * len(rows)
    centres = [_centre_of(str(one)) for one in rows.index]
    today = _borne_once(names)
    before = _borne_once(
        {f"{centre}\n{name}": name for centre, name in zip(centres, told, strict=True) if centre}
    )
    kept_here = set(given) & set(centres)
    ids: list[str] = []
    followed: dict[str, str] = {}
    renamed: dict[str, str] = {}
    aside: list[str] = []
    for one, centre, name in zip(map(str, rows.index), centres, told, strict=True):
        now = names.get(centre)
        same = now is not None and _plain(now) == name
        if not centre or not name or (same and name in today and name in before):
            ids.append(one)
        elif now is not None and centre in given:
            ids.append(one)
            if not same:
                renamed[centre] = now
        elif name in today and name in before and today[name] not in kept_here:
            followed[centre] = today[name]
            ids.append(today[name] + one[len(centre) :])
        elif now is None:
            ids.append(one)
        else:
            aside.append(f"{centre}（{name}）")
            ids.append(f"{one}{ASIDE}{name}")
    kept = rows.set_axis(pd.Index(ids, dtype=object), axis="index")
    kept = kept[~(_is_aside(kept.index) & ~_anything_typed(kept))]
    return LastList(kept, (*last.notices, *_notices(followed, renamed, aside)), last.project)


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
    ids = [one if ASIDE in one else f"{one}{ASIDE}{last.project}" for one in map(str, rows.index)]
    told = message(
        "remedies.last_other_project", file=file, project=project, other=last.project,
        rows=len(rows),
    )  # fmt: skip
    aside = rows.set_axis(pd.Index(ids, dtype=object), axis="index")
    return replace(last, rows=aside, notices=(*last.notices, told))


def _plain(value: Any) -> str:
    """Return a name without what typing changes: full-width signs and spaces."""
    if not isinstance(value, str):
        return ""
    return "".join(unicodedata.normalize("NFKC", value).split())


def _centre_of(defect: str) -> str:
    """Return the centre of a defect's id; empty where the id is none of ours, or kept aside."""
    parts = defect.rsplit("/", 2)
    whole = len(parts) == 3 and all(parts) and ASIDE not in parts[-1] and "#" not in parts[-1]
    return parts[0] if whole else ""


def _borne_once(names: Mapping[str, str]) -> dict[str, str]:
    """Return the ids by the names that one of them alone bears."""
    plain = {one: _plain(name) for one, name in names.items()}
    often = Counter(plain.values())
    return {name: one for one, name in plain.items() if name and often[name] == 1}


def _is_aside(index: pd.Index) -> pd.Series:
    return pd.Series([ASIDE in str(one) for one in index], index=index, dtype=bool)


def _anything_typed(rows: pd.DataFrame) -> pd.Series:
    typed: pd.Series = rows.reindex(columns=[*TYPED, OTHER]).notna().any(axis="columns")
    return typed


def _notices(
    followed: Mapping[str, str], renamed: Mapping[str, str], aside: list[str]
) -> list[Message]:
    told = []
    if renamed:
        pairs = sorted(f"{one}（{name}）" for one, name in renamed.items())
        named = "、".join(pairs[:MOST_NAMED])
        told.append(message("remedies.list_renamed", centres=len(pairs), named=named))
    if followed:
        pairs = sorted(f"{one} → {two}" for one, two in followed.items())
        named = "、".join(pairs[:MOST_NAMED])
        told.append(message("remedies.list_followed", centres=len(pairs), named=named))
    if aside:
        distinct = sorted(set(aside), key=plain_id)
        named = "、".join(distinct[:MOST_NAMED])
        told.append(
            message("remedies.list_same_id", rows=len(aside), centres=len(distinct), named=named)
        )
    return told
