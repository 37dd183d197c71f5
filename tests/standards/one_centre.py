"""One centre that answers for one community, with whatever its ledger says, judged by books."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import Any

import pandas as pd

from planner import tables
from planner.standards.floor_area.audit import FloorAreaAudit, audit_floor_area
from planner.standards.judging.facts import centre_facts
from planner.standards.judging.findings import Judgement
from planner.standards.judging.judge import judge
from planner.standards.rulebooks.books import rule_book
from planner.standards.rulebooks.clauses import Clause, RuleBook

BOOK = rule_book()


def community(population: float | None = 23_400, elders: float | None = 4_446) -> pd.DataFrame:
    """Return one community, k."""
    return pd.DataFrame(
        {
            "name": ["k社区"],
            "community_kind": "社区",
            "street": "东街",
            "population": pd.array([population], dtype="Float64"),
            "elderly_60": pd.array([elders], dtype="Float64"),
        },
        index=["k"],
    )


def centre(**columns: Any) -> pd.DataFrame:
    """Return one operating centre, c, that serves k."""
    cells = {
        "name": "c中心",
        "centre_kind": "日间照料",
        "status": "运营",
        "position": "given",
        "community": "k",
        "street": "东街",
        "serves": "k",
        "area_m2": 960.0,
        "area_kind": "建筑",
        **columns,
    }
    numbers = {column.name for column in tables.CENTRES if column.kind == "number"}
    return pd.DataFrame(
        {
            name: pd.Series([value], ["c"], dtype=float if name in numbers else object)
            for name, value in cells.items()
        }
    )


def audited(
    centres: pd.DataFrame, communities: pd.DataFrame, *, book: RuleBook = BOOK
) -> FloorAreaAudit:
    """Return the floor-area audit of centres that no community walks to."""
    walks = pd.Series(None, index=communities.index, dtype=object)
    return audit_floor_area(centres, communities, walks, book=book)


def judged(
    *books: RuleBook,
    population: float | None = 23_400,
    elders: float | None = 4_446,
    near: dict[str, Any] | None = None,
    options: dict[str, Any] | None = None,
    **columns: Any,
) -> Judgement:
    """Return what books say of one centre with these cells in its ledger."""
    centres = centre(**columns)
    named = {name: centres[name].iloc[0] for name in _OF_AUDIT}
    audit = _audit_of(population, elders, tuple(named.items()))
    around = None if near is None else pd.DataFrame([near], index=["c"])
    return judge(centre_facts(centres, audit, near=around), books or (BOOK,), **(options or {}))


_OF_AUDIT = ("centre_kind", "status", "serves", "area_m2", "area_kind")


@functools.cache
def _audit_of(
    population: float | None, elders: float | None, cells: tuple[tuple[str, Any], ...]
) -> FloorAreaAudit:
    """Return the audit of one centre, which hangs on few of its cells: made once for each."""
    return audited(centre(**dict(cells)), community(population, elders))


def judged_rows(book: RuleBook, cases: Sequence[dict[str, Any]]) -> Judgement:
    """Return what a book says of several centres, c0, c1 …, each with its own community.

    ``near`` of a case is what streets and layers tell of its centre; ``population, elders`` are
    those of its community.
    """
    apart = ("near", "population", "elders")
    ids = [f"c{number}" for number in range(len(cases))]
    rows = [centre(**{k: v for k, v in case.items() if k not in apart}) for case in cases]
    people = [(case.get("population", 23_400), case.get("elders", 4_446)) for case in cases]
    centres = pd.concat(rows).set_axis(ids).assign(serves=[f"k{id_}" for id_ in ids])
    places = pd.concat([community(*one) for one in people]).set_axis([f"k{id_}" for id_ in ids])
    near = pd.DataFrame([case.get("near", {}) for case in cases], index=ids)
    audit = audited(centres, places)
    return judge(centre_facts(centres, audit, near=near), (book,))


def finding(judgement: Judgement, clause: str, book: str | None = None) -> pd.Series:
    """Return the one finding on a clause."""
    table = judgement.findings
    chosen = table[(table["clause"] == clause) & ((table["book"] == book) | (book is None))]
    assert len(chosen) == 1
    return chosen.iloc[0]


def own_book(*clauses: Clause, name: str = "own", place: str = "全国", **more: Any) -> RuleBook:
    """Return a book of day-care clauses, in force at all times."""
    book = dataclasses.replace(
        BOOK, name=name, place=place, clauses=clauses, classes=(), based_on="", **more
    )
    return dataclasses.replace(book, in_force_from=None, in_force_until=None) if not more else book


def own_clause(id_: str = "a", **changes: Any) -> Clause:
    """Return a clause that asks for a door 0.9 m wide, but for ``changes``."""
    return dataclasses.replace(BOOK.clause("door-width"), id=id_, **changes)
