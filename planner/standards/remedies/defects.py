"""The list of defects that people work off (整改清单): what they typed survives every rerun.

A defect's id is facility, book and clause (TRADE.md 11). What this tool finds out anew is written
over; the typed columns are kept, whatever becomes of the defect, until the planner takes the row
out of the list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from planner.labels import Message, message, text
from planner.standards.remedies.defect_ids import AGAIN, ASIDE, parts_of, plain_id, unique_ids

TYPED: Final = (
    "lead_unit", "assisting_units", "due", "funds", "progress", "evidence", "checked_by",
    "checked_on", "conclusion",
)  # fmt: skip
"""Columns that people type: 牵头单位, 配合单位, 期限, 资金, 状态, 佐证, 复查人, 复查日期, 结论."""

FOUND: Final = (
    "name", "clause_told", "asked_told", "has_told", "short_told", "measure_told", "measure_m2",
    "cost_yuan", "priority_told",
)  # fmt: skip
"""Columns that this tool finds out, as they stand in the list."""

OTHER: Final = "other_typed"
"""What stood in columns of the planner's own, with their headings: kept, in one column."""

COLUMNS: Final = ("defect_change", *FOUND, *TYPED, OTHER)

PROGRESS: Final = ("to_do", "doing", "to_check", "closed", "postponed")
"""状态: 待整改, 整改中, 待复查, 已销号, 暂缓."""
CLOSED: Final = "closed"

CHANGES: Final = (
    "", "new", "returned", "closed_found", "gone", "unclear", "no_centre", "no_clause",
    "other_name", "twice", "apart", "same_name",
)  # fmt: skip
"""What has become of a defect since the last list.

``""`` as before, or there was no list; ``new``; ``returned``: it had gone; ``closed_found``: struck
off (已销号), and still found; ``gone`` 已消除待复查; ``unclear``: the ledger no longer tells;
``no_centre``, ``no_clause``: the facility, or the clause, is no longer judged;
``other_name``: of an id that is another centre's now, or of another project's list
(:mod:`planner.standards.remedies.identities`); ``twice``: a further row of an id; ``apart``:
a row whose id is none of ours, kept as it is; ``same_name``: found, of one of
:func:`planner.standards.remedies.identities.namesakes`: what is typed cannot be carried over."""

SAME_NAME: Final = "same_name"

GONE: Final = ("gone", "unclear", "no_centre", "no_clause")


class FormattedNumber(float):
    """A number with the format in which people read it: 0.3 as 30 %.

    Parameters
    ----------
    value
        The number.
    number_format
        Its format, as spreadsheets write it.
    """

    number_format: str

    def __new__(cls, value: float, number_format: str) -> FormattedNumber:
        """Make the number; a float takes its value when it is made."""
        number = super().__new__(cls, value)
        number.number_format = number_format
        return number


@dataclass(frozen=True, eq=False)
class LastList:
    """The list of the last run, as people left it.

    Parameters
    ----------
    rows
        Index: ids as they stand (unique; rows without one, and those of an id that stood before,
        have made-up ids). Columns :data:`COLUMNS`; ``defect_change`` and ``progress`` as keys where
        they are words of ours. Missing where empty.
    notices
        What is to be told of it.
    project
        Name of the project whose list it is; empty where the workbook does not tell.
    """

    rows: pd.DataFrame
    notices: tuple[Message, ...] = ()
    project: str = ""


@dataclass(frozen=True, eq=False)
class DefectList:
    """The list as it is written now.

    Parameters
    ----------
    table
        Index: defect ids. :data:`COLUMNS`: the defects of today in the order given, then those
        that have gone, then rows kept apart.
    counts
        Rows by what has become of them (:data:`CHANGES`, ``found`` in place of ``""``).
    notices
        What is to be told.
    """

    table: pd.DataFrame
    counts: dict[str, int] = field(default_factory=dict)
    notices: tuple[Message, ...] = ()


def with_last(
    current: pd.DataFrame,
    last: LastList | None,
    results: Mapping[str, str],
    centres: frozenset[str],
    *,
    same_name: Collection[str] = frozenset(),
) -> DefectList:
    """Return the list of today's defects with all that people typed into the last one.

    Parameters
    ----------
    current
        Today's defects: index ids, columns :data:`FOUND`.
    last
        The last list; ``None`` where there is none.
    results
        What is found today under each id that was judged, short or not
        (:data:`planner.standards.rulebooks.vocabulary.RESULTS`).
    centres
        Ids of all centres of the ledger.
    same_name
        Those whose rows say that neither id nor name tells whose they are, so that no later run
        takes another for them (:func:`planner.standards.remedies.identities.namesakes`).

    Returns
    -------
    DefectList
        No typed cell is lost: ids that are no longer found come below with theirs.
    """
    if last is None:
        table = current.reindex(columns=list(COLUMNS)).astype(object)
        table["defect_change"] = [_today(one, None, same_name) for one in table.index]
        return _counted(table, ())
    before = last.rows.reindex(columns=list(COLUMNS)).astype(object)
    before, spelled = _known_ids(before, (*current.index, *results))
    here = current.reindex(columns=list(FOUND)).astype(object)
    typed = before[[*TYPED, OTHER]].reindex(here.index)
    now = pd.concat([here, typed], axis="columns")
    now.insert(0, "defect_change", [_today(one, before, same_name) for one in here.index])
    rest = before[~before.index.isin(here.index)]
    changes = [_gone(str(one), results, centres) for one in rest.index]
    rest = rest.assign(defect_change=pd.Series(changes, index=rest.index, dtype=object))
    place = rest["defect_change"].map({name: rank for rank, name in enumerate(CHANGES)})
    rest = rest.assign(_place=place).sort_values("_place", kind="stable").drop(columns="_place")
    table = pd.concat([part for part in (now, rest) if len(part)] or [now])
    return _counted(table[list(COLUMNS)].rename_axis("defect"), (*last.notices, *spelled))


def _counted(table: pd.DataFrame, notices: tuple[Message, ...]) -> DefectList:
    """Return the list with how many rows have become of what, each of which is told."""
    counts = table["defect_change"].replace("", "found").value_counts().to_dict()
    told = [
        message(f"remedies.list_{name}", rows=counts[name])
        for name in CHANGES
        if name and counts.get(name)
    ]
    return DefectList(
        table,
        {str(name): int(number) for name, number in counts.items()},
        (*notices, *told),
    )


def joined_lists(ours: LastList, named: LastList, file: str) -> LastList:
    """Return the list of the outputs' folder with what only another one holds.

    Parameters
    ----------
    ours
        The list in the folder of the outputs, which the run is about to replace: where both have
        something typed, and not the same, its cell wins.
    named
        The list of the workbook that ``[remedies] last`` names.
    file
        That workbook's name, for messages.

    Returns
    -------
    LastList
        Every row of both; each cell that the other had otherwise is told by id and column, never
        by what was typed: it may be somebody's name.
    """
    here, there = ours.rows.reindex(columns=list(COLUMNS)), named.rows
    there = _of_others_aside(here, there.reindex(columns=list(COLUMNS)))
    fill = [*TYPED, OTHER]
    both = [one for one in there.index if one in here.index]
    told = {one: _apart(here.loc[one, fill], there.loc[one, fill]) for one in both}
    table = pd.concat([here, there.drop(index=both)]).astype(object)
    filled = here.loc[both, fill].where(here.loc[both, fill].notna(), there.loc[both, fill])
    table.loc[both, fill] = filled
    doubtful = [one for one in both if there.loc[one, "defect_change"] == SAME_NAME]
    table.loc[doubtful, "defect_change"] = SAME_NAME
    apart = [f"{one}（{'、'.join(columns)}）" for one, columns in told.items() if columns]
    notices = [*ours.notices, *named.notices]
    if apart:
        fields = {"file": file, "count": len(apart), "cells": "；".join(apart)}
        notices.append(message("remedies.last_differs", **fields))
    return LastList(table, tuple(notices), ours.project)


def _of_others_aside(here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """Return the other list; rows of an id that is another centre's in ours have ids apart."""
    names = {str(one): name for one, name in here["name"].items() if isinstance(name, str)}
    told = {str(one): name for one, name in there["name"].items() if isinstance(name, str)}
    other = {
        one
        for one, name in told.items()
        if one in names
        and plain_id(name) != plain_id(names[one])
        and ((parts := parts_of(one)) is None or parts.aside is None)
    }
    ids = [f"{one}{ASIDE}{told[one]}" if one in other else one for one in map(str, there.index)]
    return there.set_axis(pd.Index(unique_ids(ids), dtype=object), axis="index")


def _apart(here: pd.Series, there: pd.Series) -> list[str]:
    """Return the headings of the columns in which two rows both hold something, not the same."""
    return [
        text(f"columns.{name}")
        for name in here.index
        if not pd.isna(here[name]) and not pd.isna(there[name]) and here[name] != there[name]
    ]


def _known_ids(
    before: pd.DataFrame, known: Iterable[object]
) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    """Return the last list with ids as they are known; those that cannot be told are told."""
    exact = {str(one) for one in known}
    meant: dict[str, set[str]] = {}
    for one in exact:
        meant.setdefault(plain_id(one), set()).add(one)
    ids, unclear = [str(one) for one in before.index], []
    taken = exact & set(ids)
    for place, one in enumerate(ids):
        first = one.rpartition(AGAIN)[0]
        if first in exact and first not in taken:  # the row that it repeated has been taken out
            ids[place] = first
            taken.add(first)
            continue
        if one in exact or not (candidates := meant.get(plain_id(one), set())):
            continue
        free = candidates - taken
        if len(candidates) == 1 and free:
            ids[place] = next(iter(free))
            taken.add(ids[place])
        else:
            unclear.append(one)
    notices = tuple(message("remedies.list_id_unclear", id=one) for one in unclear)
    return before.set_axis(pd.Index(ids, dtype=object), axis="index"), notices


def _today(defect: Any, before: pd.DataFrame | None, same_name: Collection[str]) -> str:
    """Return what has become of a defect that is found today."""
    parts = parts_of(str(defect))
    if parts is not None and parts.centre in same_name:
        return SAME_NAME
    if before is None:
        return ""
    if defect not in before.index:
        return "new"
    row = before.loc[defect]
    if row["defect_change"] in GONE:
        return "returned"
    return "closed_found" if row["progress"] == CLOSED else ""


def _gone(defect: str, results: Mapping[str, str], centres: frozenset[str]) -> str:
    """Return what became of a row whose defect is not found today."""
    result = results.get(defect)
    if result is not None and result != "not_applicable":
        return "unclear" if result == "unknown" else "gone"
    parts = parts_of(defect)
    if parts is None:
        return "apart"
    if parts.aside is not None:
        return "other_name"
    if parts.again:
        return "twice"
    return "no_clause" if parts.centre in centres else "no_centre"
