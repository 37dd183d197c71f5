"""Every clause of a project's books held against every centre, and each centre's grade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from planner.coverage.walking import Coverage
from planner.scenario import Scenario
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.judging.facts import centre_facts
from planner.standards.judging.findings import Judgement
from planner.standards.judging.grades import (
    GRADES,
    CentreGrades,
    centre_grades,
    grade_distribution,
)
from planner.standards.judging.judge import judge
from planner.standards.rulebooks.vocabulary import BREACHES, RESULTS
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.project_books import audit_day, project_books
from planner.workflow.inputs.walking import Walks
from planner.workflow.standards.judging_near import near_centres


@dataclass(frozen=True, eq=False)
class Judged:
    """What the clauses came to in one plan.

    Parameters
    ----------
    judgement
        Every finding.
    grades
        :func:`planner.standards.judging.grades.centre_grades`: a row for each centre graded.
    settings
        The thresholds of the grades.
    """

    judgement: Judgement
    grades: pd.DataFrame
    settings: CentreGrades


def grade_thresholds(scenario: Scenario) -> CentreGrades:
    """Return the thresholds of centres: those that the project gives, else the package's own.

    Raises
    ------
    ScenarioError
        If a ladder that the project gives cannot be graded by.
    """
    given: dict[str, Any] = {
        "shortfalls": scenario.grades.centre_shortfalls,
        "breaches": scenario.grades.centre_breaches,
        "unknown_share": scenario.grades.centre_unknown_share,
    }
    return CentreGrades(**{name: value for name, value in given.items() if value is not None})


def judged(
    project: Project,
    walks: Walks,
    centres: gpd.GeoDataFrame,
    communities: pd.DataFrame,
    audit: FloorAreaAudit,
    walked: Coverage,
) -> Judged:
    """Judge the centres of a plan by all its books.

    Parameters
    ----------
    project, walks
        The project, and its residents on its streets.
    centres, communities
        The whole ledgers.
    audit, walked
        The floor-area audit, and who walks to the centres of its book's kinds.

    Raises
    ------
    RuleBookError
        If a book is not known, or badly formed.
    InputFileError, StreetsError
        If a layer that ``[standard]`` names cannot be read.
    """
    standard = project.scenario.standard
    books = project_books(project)
    kinds = tuple(dict.fromkeys(kind for book in books for kind in book.applies_to))
    near = near_centres(project, walks, centres, communities, audit, walked, kinds)
    judgement = judge(
        centre_facts(centres, audit, near=near),
        books,
        on=audit_day(project),
        small_groups=audit.small_groups,
        per_elder_decides=standard.per_elder_decides,
    )
    settings = grade_thresholds(project.scenario)
    return Judged(judgement, centre_grades(judgement, settings), settings)


def judging_summary(found: Judged) -> dict[str, Any]:
    """Return ``standards`` of ``summary.json``.

    ``findings`` counts all findings by result, also those beside and of 可; ``breaches`` those of
    应 and 宜 that decide their matter and are not met, by force, ``unknown`` those of them that
    wait for data of the ledgers; ``unknown_findings`` parts all unknown ones: ``deciding`` (that
    ``unknown``), ``deciding_on_the_spot`` (as those, but for a visit or a layer), ``others``
    (beside, or of 可). ``grades`` counts centres, in all and by kind and sub-district; ``books``
    has each book's clauses by mark.
    """
    findings, books = found.judgement.findings, found.judgement.books
    results = findings["result"].value_counts()
    grades = found.grades["grade"].value_counts()
    unknown, on_the_spot = (int(found.grades[name].sum()) for name in ("unknown", "on_the_spot"))
    return {
        "books": {
            book.name: {
                "title": book.zh,
                "place": book.place,
                "clauses_by_mark": {
                    str(mark): int(count)
                    for mark, count in pd.Series([one.mark for one in book.clauses])
                    .value_counts()
                    .sort_index()
                    .items()
                },
            }
            for book in books
        },
        "not_in_force": list(found.judgement.not_in_force),
        "findings": {name: int(results.get(name, 0)) for name in RESULTS},
        "breaches": {
            force: int(found.grades[f"breaches_{name}"].sum())
            for force, name in zip(BREACHES, ("must", "should"), strict=True)
        },
        "unknown": unknown,
        "unknown_findings": {
            "deciding": unknown,
            "deciding_on_the_spot": on_the_spot,
            "others": int(results.get("unknown", 0)) - unknown - on_the_spot,
        },
        "centres_graded": len(found.grades),
        "grades": {grade: int(grades.get(grade, 0)) for grade in GRADES},
        "grades_by_kind": _distribution(found.grades, "centre_kind"),
        "grades_by_street": _distribution(found.grades, "street"),
    }


def _distribution(grades: pd.DataFrame, by: str) -> dict[str, dict[str, int]]:
    table = grade_distribution(grades, by)
    return {
        str(name): {str(grade): int(count) for grade, count in row.items()}
        for name, row in table.to_dict(orient="index").items()
    }
