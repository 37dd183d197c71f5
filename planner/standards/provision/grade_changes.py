"""Grades of centres and their defects, held against those of an earlier audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.units import BoolArray

CHANGES: Final = ("worse", "new", "no_longer_known", "gone", "better", "now_known", "same")
"""What became of a centre's grade: not as good as before; a centre that was not there; graded
before and not now; a centre that is there no more; better; graded now and not before; the same.
In the order in which they are listed."""

DEFECT_CHANGES: Final = (
    "come_back", "new", "newly_asked", "no_longer_known", "not_asked", "gone", "closed", "stays",
)  # fmt: skip
"""What became of a defect: found again that had gone before the earlier audit; found for the first
time; of a clause that the earlier audit did not hold against anybody; nobody can tell any more;
its clause is held against nobody any more (its book was taken out, or is not in force); its centre
is graded no more; its clause is met now or binds it no longer; found both times. In the order in
which they are listed."""

_ID_PARTS: Final = 2
"""Book and clause, which hold no stroke, stand at the end of a defect's id; a centre's may."""


@dataclass(frozen=True, eq=False)
class GradedAudit:
    """What an audit said of centres, as far as another is compared with it.

    Parameters
    ----------
    centres
        By centre id, sorted: ``name`` (missing where it has none) and ``grade``; where they are
        known ``centre_kind, easting_m, northing_m``
        (:func:`planner.coverage.same_centres.same_centres`).
    findings
        ``centre``, ``clause`` (book and clause, joined by ``/``) and ``result``: one row for each
        finding that is ``short`` (a defect, whose id is ``centre/clause``:
        :func:`planner.standards.judging.findings.defect_id`) or ``unknown``.
    gone
        Ids of defects of earlier audits that this one did not find, by the list of defects.
    clauses
        All clauses that were held against centres (book and clause, as in ``findings``); None
        where an audit of an earlier version did not say.
    """

    centres: pd.DataFrame
    findings: pd.DataFrame
    gone: frozenset[str] = frozenset()
    clauses: frozenset[str] | None = None

    @property
    def defects(self) -> pd.Series:
        """Centre of each defect, by the defect's id, sorted."""
        return self._ids("short")

    @property
    def untold(self) -> pd.Index:
        """Ids, as of defects, of findings that could not be judged."""
        return self._ids("unknown").index

    def _ids(self, result: str) -> pd.Series:
        rows = self.findings[self.findings["result"] == result]
        centre = rows["centre"].astype(object)
        ids = [f"{one}/{clause}" for one, clause in zip(centre, rows["clause"], strict=True)]
        return pd.Series(centre.to_numpy(), index=pd.Index(ids, dtype=object)).sort_index()

    def renamed(self, ids: Mapping[str, str]) -> GradedAudit:
        """Return the same audit with other ids of centres, in its defects too.

        Parameters
        ----------
        ids
            New ids by old ones; others stay.
        """
        known = dict(ids)

        def changed(defect: str) -> str:
            centre, *rest = defect.rsplit("/", _ID_PARTS)
            return "/".join([known.get(centre, centre), *rest])

        centre = self.findings["centre"].astype(object)
        return GradedAudit(
            centres=self.centres.rename(index=known).sort_index(),
            findings=self.findings.assign(centre=centre.map(lambda one: known.get(one, one))),
            gone=frozenset(changed(one) for one in self.gone),
            clauses=self.clauses,
        )


@dataclass(frozen=True, eq=False)
class JudgedChanges:
    """What became of grades and defects.

    Parameters
    ----------
    centres
        By centre id (after, where it is there after), sorted: ``name, grade_before, grade_after``
        (missing where the centre was not there), ``change`` (one of :data:`CHANGES`).
    defects
        By defect id, sorted: ``centre``, ``change`` (one of :data:`DEFECT_CHANGES`).
    """

    centres: pd.DataFrame
    defects: pd.DataFrame

    @property
    def totals(self) -> pd.Series:
        """Number of centres by change, in the order of :data:`CHANGES`."""
        return self.centres["change"].value_counts().reindex(list(CHANGES), fill_value=0)

    @property
    def defect_totals(self) -> pd.Series:
        """Number of defects by change, in the order of :data:`DEFECT_CHANGES`."""
        return self.defects["change"].value_counts().reindex(list(DEFECT_CHANGES), fill_value=0)


def grade_changes(
    before: GradedAudit, after: GradedAudit, *, order: Sequence[str]
) -> JudgedChanges:
    """Hold an audit against an earlier one, centre by centre and defect by defect.

    Centres are the same if their ids are (:meth:`GradedAudit.renamed` first, where a ledger was
    numbered anew). A grade that is none of ``order`` is one that nobody knows: to come to it is
    neither better nor worse, but ``no_longer_known``; to leave it, ``now_known``. A defect whose
    clause cannot be judged any more is not closed, nor is one whose clause is asked no more.

    Parameters
    ----------
    before, after
        The audits.
    order
        The grades, from the best to the worst.
    """
    return JudgedChanges(_centres(before, after, order), _defects(before, after))


def _centres(before: GradedAudit, after: GradedAudit, order: Sequence[str]) -> pd.DataFrame:
    ids = pd.Index(sorted({*before.centres.index, *after.centres.index}), dtype=object)
    was, now = (one.centres["grade"].astype(object).reindex(ids) for one in (before, after))
    ranks = {grade: float(rank) for rank, grade in enumerate(order)}
    one, two = (grades.map(ranks).to_numpy(dtype=float) for grades in (was, now))
    change = np.select(
        [
            was.isna(),
            now.isna(),
            (was == now).to_numpy() | (np.isnan(one) & np.isnan(two)),
            np.isnan(two),
            np.isnan(one),
            two > one,
        ],
        ["new", "gone", "same", "no_longer_known", "now_known", "worse"],
        "better",
    )
    names = [audit.centres["name"].astype(object).reindex(ids) for audit in (after, before)]
    return pd.DataFrame(
        {
            "name": names[0].where(names[0].notna(), names[1]),
            "grade_before": was,
            "grade_after": now,
            "change": change.astype(object),
        },
        index=ids,
    ).rename_axis("centre")


def _defects(before: GradedAudit, after: GradedAudit) -> pd.DataFrame:
    one, two = before.defects, after.defects
    ids = pd.Index(sorted({*one.index, *two.index}), dtype=object)
    was, now = ids.isin(one.index), ids.isin(two.index)
    centre = two.reindex(ids).astype(object)
    centre = centre.where(centre.notna(), one.reindex(ids).astype(object))
    there = centre.isin(after.centres.index).to_numpy()
    asked = [_asked(ids, audit.clauses) for audit in (before, after)]
    change = np.select(
        [
            now & was,
            now & ids.isin(list(before.gone)),
            now & ~asked[0],
            now,
            ~there,
            ~asked[1],
            ids.isin(after.untold),
        ],
        ["stays", "come_back", "newly_asked", "new", "gone", "not_asked", "no_longer_known"],
        "closed",
    )
    return pd.DataFrame({"centre": centre, "change": change.astype(object)}, index=ids).rename_axis(
        "defect"
    )


def _asked(defects: pd.Index, clauses: frozenset[str] | None) -> BoolArray:
    """Tell of which defects an audit asked the clause; of all where nobody knows."""
    if clauses is None:
        return np.ones(len(defects), dtype=bool)
    own = ["/".join(str(one).rsplit("/", _ID_PARTS)[1:]) for one in defects]
    return np.array([one in clauses for one in own], dtype=bool)
