"""What is to be cured: the findings that are short, and how many square metres each asks for."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.standards.judging.facts import SHARE_COLUMNS
from planner.standards.judging.findings import Judgement, defect_id
from planner.standards.rulebooks.clauses import Clause
from planner.standards.rulebooks.quantities import QUANTITIES
from planner.standards.rulebooks.vocabulary import FORCE_PLACE

BUILDING_AREA: Final = {
    "building_area": "",
    "place_area": "",
    "inner_area": "",
    "building_area_per_elder": "elderly_60",
    "building_area_per_bed": "beds",
}
"""Quantities that more floor area cures, and of what their figure is for one (facts' column)."""

USE_AREA: Final = {
    "rest_area_per_day_user": "capacity_persons",
    "recreation_area_per_day_user": "capacity_persons",
    "dining_area_per_seat": "dining_seats",
}
"""Quantities of use area in one group of rooms: cured by a change of use, or by more floor area."""

SHARES: Final = "use_area_share"
GROUP_OF: Final = {
    "rest_area_per_day_user": "生活服务",
    "dining_area_per_seat": "生活服务",
    "recreation_area_per_day_user": "娱乐",
}
"""The group of rooms that each use area belongs to (建标 143-2010, art. 10)."""

OPERATIONS: Final = ("chain_operation", "packaged_operation")
RUNNING: Final = ("building_services", "grounds", "equipment")
"""Quantities of how a centre is run: what centres of one street may be run together for."""

LAST_RESORTS: Final = ("reopen_idle", "merge", "close")
"""What may be done about too little floor area besides what its clause names, after all of it."""

TASKS: Final = ("fill_ledger", "inspect")
"""What is done about an unknown finding: it is no defect."""


def clause_table(judgement: Judgement) -> pd.DataFrame:
    """Return what remedies need to know of every clause, one row each.

    Returns
    -------
    DataFrame
        ``book, clause, book_place, clause_place`` (their order), ``quantity, comparison, force,
        by_group`` (whether the figure is the service group's), ``measures`` (tuple).
    """
    rows = [
        (
            *(book.name, clause.id, place, number),
            *(clause.quantity, clause.comparison, judgement.force(book, clause)),
            clause.by_class is not None and _subject(clause.quantity) == "group",
            _measures(clause),
        )
        for place, book in enumerate(judgement.books)
        for number, clause in enumerate(book.clauses)
    ]
    columns = ["book", "clause", "book_place", "clause_place", "quantity", "comparison", "force"]
    return pd.DataFrame(rows, columns=[*columns, "by_group", "measures"])


def _measures(clause: Clause) -> tuple[str, ...]:
    """Return the measures of a clause: those it names, then those that its matter is open to.

    What is bought for one centre, centres of one street may have together; where floor area is
    short, an idle centre, a neighbour or closing are looked at last, but before anything is built
    anew: a further centre comes after what stands already. A clause that names no measure has none.
    """
    named = clause.measures
    more: tuple[str, ...] = ()
    if clause.quantity in RUNNING and {"supply", "add_staff", "refit"} & set(named):
        more = OPERATIONS
    if clause.quantity in ("building_area", "place_area", "inner_area") and named:
        more = tuple(kind for kind in LAST_RESORTS if kind not in named)
        if "add_centre" in named:
            place = named.index("add_centre")
            standing = tuple(kind for kind in more if kind != "close")
            more = tuple(kind for kind in more if kind == "close")
            named = (*named[:place], *standing, *named[place:])
    return (*named, *(kind for kind in more if kind not in named))


def _subject(quantity: str) -> str:
    known = QUANTITIES.get(quantity)
    return "" if known is None else known.subject


def _plain(findings: pd.DataFrame) -> pd.DataFrame:
    """Return findings whose ids are plain text: categories of two tables need not agree."""
    return findings.assign(
        **{name: findings[name].astype(object) for name in ("centre", "book", "clause")}
    )


def to_cure(judgement: Judgement) -> pd.DataFrame:
    """Return every finding that is short or a remark, the deciding ones of a centre first.

    Parameters
    ----------
    judgement
        The findings.

    Returns
    -------
    DataFrame
        Index: :func:`planner.standards.judging.findings.defect_id`. The columns of the findings
        and of :func:`clause_table`; ``optional`` (a 可 remark), ``need_m2``: the floor area asked
        for, of building for :data:`BUILDING_AREA` and of use for the others; NaN where the
        finding is of no area or its m² are not known; ``is_area``: whether it is of one.
        In the order of centres (by id), short before optional, deciding before beside, 应 before
        宜, then books and clauses in theirs.
    """
    findings = _plain(judgement.findings[judgement.findings["result"].isin(("short", "remark"))])
    table = findings.merge(clause_table(judgement), on=["book", "clause"], how="left")
    table = table.assign(
        optional=table["result"] == "remark",
        force_place=table["force"].map(dict(FORCE_PLACE)),
        beside=~table["decides"].astype(bool),
    )
    order = ["centre", "optional", "beside", "force_place", "book_place", "clause_place"]
    table = table.sort_values(order, kind="stable").reset_index(drop=True)
    need = _needed(table, judgement.facts)
    ids = [
        defect_id(*names)
        for names in zip(table["centre"], table["book"], table["clause"], strict=True)
    ]
    of_area = table["quantity"].isin((*BUILDING_AREA, *USE_AREA, SHARES))
    # Too much of something is no want of area.
    is_area = of_area & ~table["comparison"].isin(("at_most", "less_than"))
    is_area &= ~((table["comparison"] == "between") & (table["value"] > table["upper"]))
    return table.assign(is_area=is_area, need_m2=need.where(is_area)).set_axis(
        pd.Index(ids, name="defect", dtype=object), axis="index"
    )


def _needed(table: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    """Return the square metres behind each shortfall; NaN where its persons are not known."""
    need = pd.Series(np.nan, index=table.index)
    short = table["short_by"].astype(float)
    of = facts.reindex(table["centre"]).set_axis(table.index, axis="index")
    for quantity, column in {**BUILDING_AREA, **USE_AREA}.items():
        rows = table["quantity"] == quantity
        each = of[column].astype(float) if column in of.columns else np.nan
        need = need.mask(rows, short * each if column else short)
    shares = table["quantity"] == SHARES
    return need.mask(shares, short / 100.0 * _use_total(of)) if shares.any() else need


def _use_total(facts: pd.DataFrame) -> pd.Series:
    areas = facts.reindex(columns=list(SHARE_COLUMNS.values())).astype(float)
    return areas.sum(axis="columns", skipna=False)


def tasks(judgement: Judgement) -> pd.DataFrame:
    """Return what is to be found out: unknown findings, by what would tell.

    Returns
    -------
    DataFrame
        ``centre, book, clause, kind`` (:data:`TASKS`: ``inspect`` where a person on the spot must
        judge, else ``fill_ledger``), ``reason, fill_in`` (columns, joined by 、). In the
        judgement's order. Statements of a 可 clause are left out: nobody need judge them.
    """
    unknown = _plain(judgement.findings[judgement.findings["result"] == "unknown"])
    told = unknown.merge(
        clause_table(judgement)[["book", "clause", "force"]], on=["book", "clause"], how="left"
    )
    on_the_spot = told["reason"] == "on_the_spot"
    told = told[~(on_the_spot & (told["force"] == "可"))]
    kinds = np.where(told["reason"] == "on_the_spot", "inspect", "fill_ledger")
    kept = ["centre", "book", "clause", "kind", "reason", "fill_in"]
    return told.assign(kind=kinds)[kept].reset_index(drop=True)
