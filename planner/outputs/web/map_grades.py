"""The legend of the four grades on the web map: communities, gap areas, new ways."""

from __future__ import annotations

from typing import Any

from planner.labels import text
from planner.outputs.content import PlanContent
from planner.outputs.grades import UNGRADED, community_rungs, gap_rungs, grade_rows
from planner.outputs.palette import NEW_WAY
from planner.outputs.web.map_data import LISTED_GAPS


def grade_layer(content: PlanContent) -> dict[str, Any]:
    """Return the communities by grade: another look at the ground that coverage colours."""
    language, communities = content.about.language, content.communities
    grades = communities["grade"].astype(object).where(communities["grade"].notna(), UNGRADED)
    rows = grade_rows(
        grades,
        communities["elderly_60"] - communities["covered_60"],
        community_rungs(content.grades, language),
        language,
    )
    told = (f"outputs.legend_grades_{name}" for name in ("both", "own"))
    note = ("" if language == "zh" else " ").join(text(key, language) for key in told)
    return {"key": "grades", "on": False, "instead": "areas", "classes": rows, "note": note}


def gap_layers(content: PlanContent) -> list[dict[str, Any]]:
    """Return the gap areas by grade, and the new ways that would help them."""
    language, gaps = content.about.language, content.gap_areas
    if gaps.empty:
        return []
    rungs = gap_rungs(content.grades, language)
    rows = grade_rows(gaps["grade"], gaps["gap_elderly_60"], rungs, language)
    for row in rows:
        row["swatch"] = row["swatch"] | {"outlined": True}
    numbered = text("outputs.legend_gap_numbers", language, n=min(LISTED_GAPS, len(gaps)))
    told = (numbered, text("outputs.legend_grades_own", language))
    between = "" if language == "zh" else " "
    way = {
        "key": "ways",
        "label": text("outputs.legend_ways", language),
        "value": text("outputs.legend_places", language, n=len(content.new_ways)),
        "swatch": {"line": NEW_WAY, "dash": True, "broad": True},
    }
    note = text("outputs.legend_ways_note", language)
    return [
        {"key": "gaps", "on": True, "classes": rows, "note": between.join(told)},
        {
            "key": "ways",
            "on": True,
            "near": True,
            "classes": [way] if len(content.new_ways) else [],
            "note": note,
        },
    ]
