"""What a run keeps of its audit, and what became of it since the last one."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.coverage.comparing_centres import placed
from planner.coverage.same_centres import COLUMNS, SameCentres, same_centres
from planner.outputs.compared.baseline import Baseline
from planner.standards.judging.grades import GRADES
from planner.standards.provision.grade_changes import GradedAudit, JudgedChanges, grade_changes
from planner.tables import PLACED
from planner.workflow.standards.judging import Judged

GONE: Final = ("gone", "no_centre", "no_clause")
"""What the list of defects says of those that earlier audits found and this one did not."""


def graded_audit(
    found: Judged, centres: gpd.GeoDataFrame, listed: pd.DataFrame | None = None
) -> GradedAudit:
    """Return what of an audit is compared with a later one.

    Parameters
    ----------
    found
        Findings and grades.
    centres
        The ledger of centres, in a metre CRS: where they stand, so that they are known again.
    listed
        :attr:`planner.standards.remedies.defects.DefectList.table`, which still holds the defects
        of earlier audits; None where there is no list.
    """
    findings = found.judgement.findings
    rows = findings[findings["result"].isin(["short", "unknown"])]
    clause = rows["book"].astype(str) + "/" + rows["clause"].astype(str)
    table = pd.DataFrame(
        {
            "centre": rows["centre"].astype(str).astype(object),
            "clause": clause.astype(object),
            "result": rows["result"].astype(object),
        }
    ).sort_values(["centre", "clause"], ignore_index=True)
    grades = found.grades.reindex(columns=["name", "grade"]).astype(object).sort_index()
    # A place that only its community tells is that of others, too.
    sure = centres[centres["position"].isin(PLACED)]
    where = placed(sure).reindex(grades.index)[["easting_m", "northing_m"]]
    kinds = centres["centre_kind"].astype(object).reindex(grades.index)
    gone: list[str] = []
    if listed is not None:
        gone = [str(one) for one in listed.index[listed["defect_change"].isin(GONE)]]
    judgement = found.judgement
    asked = {f"{book.name}/{clause.id}" for book in judgement.books for clause in book.clauses}
    return GradedAudit(
        grades.assign(centre_kind=kinds).join(where), table, frozenset(gone), frozenset(asked)
    )


def centres_of_runs(before: Baseline, after: Baseline) -> SameCentres:
    """Tell which centres of two runs are the same: those graded, and those that coverage counts.

    Parameters
    ----------
    before, after
        The runs; the earlier one's places are projected to the later's CRS.
    """
    crs = after.state.centres.crs
    return same_centres(_all_centres(before, crs), _all_centres(after, crs))


def _all_centres(run: Baseline, crs: Any) -> pd.DataFrame:
    """Return all centres of a run with what tells them again, in a CRS."""
    parts = [placed(run.state.centres)]
    if run.audit is not None:
        parts.append(run.audit.centres.reindex(columns=list(COLUMNS)))
    table, graded = parts[0], parts[-1]
    table = table.reindex(table.index.union(graded.index))
    # A centre that coverage counts is graded, as a rule: what one does not tell, the other may.
    table = table.astype(object).where(table.notna(), graded.reindex(table.index).astype(object))
    own = run.state.centres.crs
    if own is None or crs is None or own == crs:
        return table
    places = gpd.GeoSeries.from_xy(
        table["easting_m"].astype(float), table["northing_m"].astype(float), crs=own
    ).to_crs(crs)
    return table.assign(easting_m=places.x, northing_m=places.y)


def judged_changes(before: Baseline, after: Baseline, same: SameCentres) -> JudgedChanges | None:
    """Return what became of grades and defects; None where a run kept none.

    Parameters
    ----------
    before, after
        The runs.
    same
        Which of their centres are the same, as in the comparison of whom they cover.
    """
    one, two = before.audit, after.audit
    if one is None or two is None:
        return None
    return grade_changes(one.renamed(same.keys), two, order=GRADES[:-1])
