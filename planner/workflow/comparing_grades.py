"""What a run keeps of its audit, and what became of it since the last one."""

from __future__ import annotations

from typing import Final

import pandas as pd

from planner.coverage.comparing_centres import renamed_centres
from planner.outputs.baseline import Baseline
from planner.standards.judging.grades import GRADES
from planner.standards.provision.grade_changes import GradedAudit, JudgedChanges, grade_changes
from planner.workflow.judging import Judged

GONE: Final = ("gone", "no_centre", "no_clause")
"""What the list of defects says of those that earlier audits found and this one did not."""


def graded_audit(found: Judged, listed: pd.DataFrame | None = None) -> GradedAudit:
    """Return what of an audit is compared with a later one.

    Parameters
    ----------
    found
        Findings and grades.
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
    gone: list[str] = []
    if listed is not None:
        gone = [str(one) for one in listed.index[listed["defect_change"].isin(GONE)]]
    return GradedAudit(grades, table, frozenset(gone))


def judged_changes(before: Baseline, after: Baseline) -> JudgedChanges | None:
    """Return what became of grades and defects; None where a run kept none.

    Centres whose id changed and whose name did not are the same, as in the comparison of whom they
    cover.

    Parameters
    ----------
    before, after
        The runs.
    """
    one, two = before.audit, after.audit
    if one is None or two is None:
        return None
    renamed = renamed_centres(one.centres, two.centres)
    return grade_changes(one.renamed(renamed), two, order=GRADES[:-1])
