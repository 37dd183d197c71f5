"""红橙黄蓝 of communities in a plan: by its own thresholds, for every output alike."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.coverage.areas import by_community
from planner.coverage.grades import UNGRADED, GradeSettings, community_grades, grade_totals
from planner.coverage.walking import Coverage
from planner.scenario import Scenario


def grade_settings(scenario: Scenario) -> GradeSettings:
    """Return the thresholds: those that the project gives, the package's own for all others."""
    return GradeSettings(**scenario.grades.given)


def graded_communities(
    coverage: Coverage, communities: pd.DataFrame, settings: GradeSettings
) -> pd.Series:
    """Return the grade of each community by its elders left out; missing where nobody is."""
    areas = by_community(coverage, communities).reindex(communities.index)
    grades = community_grades(areas, settings)
    return grades.where(grades != UNGRADED, None)


def community_grade_summary(
    coverage: Coverage, communities: pd.DataFrame, settings: GradeSettings
) -> dict[str, Any]:
    """Return ``communities_by_grade`` of ``summary.json``: communities and elders left out.

    Villages are graded like communities and counted with them; those who live outside all
    communities are in none of the sums.
    """
    areas = by_community(coverage, communities).reindex(communities.index)
    lacking = areas["elderly_60"] - areas["elderly_60_covered"]
    totals = grade_totals(community_grades(areas, settings), lacking)
    return {
        str(grade) or "none": {
            "communities": int(row["areas"]),
            "elderly_60_uncovered": float(row["elderly_60"]),
        }
        for grade, row in totals.to_dict(orient="index").items()
    }
