"""Colours, shapes and class bounds of all maps and sheets, in one place.

The four steps of coverage differ in lightness (L* about 94, 88, 73, 59), so that they keep their
order in grey print and for the colour-blind; the worst step and "no data" are hatched besides.
Points are told apart by shape first and by colour second.
"""

from __future__ import annotations

import math
from typing import Final

COVERAGE_BOUNDS: Final = (0.9, 0.6, 0.3)
"""Lower bounds, inclusive, of the three upper classes of the share of elders covered."""

COVERAGE_CLASSES: Final = ("most", "many", "some", "few", "nobody")
"""Classes of a community, best first; ``nobody``: no elders, so no share."""

COVERAGE_FILLS: Final = {
    "most": "#e3f1e9",
    "many": "#f6dd94",
    "some": "#e6a768",
    "few": "#cc7863",
    "nobody": "#d5d7da",
}
HATCHED: Final = ("few", "nobody")

STATE_MARKS: Final = {
    "covered": ("dot", "#2b6f66"),
    "too_far": ("square", "#b3261e"),
    "no_way_through": ("triangle", "#6a2c91"),
    "not_joined": ("ring", "#3f3f46"),
    "no_centre": ("square", "#7a5c3e"),
}
"""Shape and colour of a cell of residents, by walking state."""

CENTRE_MARKS: Final = {
    "meets": ("tick", "#1b7f79"),
    "short": ("minus", "#c8501e"),
    "unknown": ("query", "#6b7280"),
    "other": ("box", "#4b5563"),
    "closed": ("slash", "#4b5563"),
    "coming": ("dashed", "#4b5563"),
}
"""Shape and colour of a centre, by the class that the map gives it."""

CANDIDATE_MARKS: Final = {
    "chosen": ("pin", "#1d3f8f"),
    "usable": ("delta", "#2f6fc0"),
    "to_visit": ("delta_open", "#2f6fc0"),
    "barred": ("cross", "#6b7280"),
}

PROPOSAL_MARKS: Final = {"place": ("crosshair", "#7e22ce")}
"""Shape and colour of a place where a candidate would have to be."""

ESTATE_MARKS: Final = {
    "short": ("house", "#c8501e"),
    "remark": ("house", "#b08a2e"),
    "unknown": ("house", "#6b7280"),
    "meets": ("house", "#1b7f79"),
    "no_rule": ("house", "#a1a1aa"),
}
"""Shape and colour of a new estate, by its care area."""

PROGRAMME_MARKS: Final = {
    "programme_new": ("gem", "#7a1f6b"),
    "programme_larger": ("plate", "#7a1f6b"),
    "programme_gone": ("gone", "#3f3f46"),
}
"""Shape and colour of a programme's measure; its year stands in the first two."""

GRADE_FILLS: Final = {
    "red": "#ec9a92",
    "orange": "#f5c491",
    "yellow": "#f4e694",
    "blue": "#d3e3f4",
}
"""Ground of the four grades 红橙黄蓝: communities on the map, cells of the workbook. Lightness
rises from red to yellow; on the map each bears its pattern besides."""

GRADE_INKS: Final = {
    "red": "#9c1420",
    "orange": "#b4540a",
    "yellow": "#7d6500",
    "blue": "#2a5c9c",
    "none": "#8b8d91",
}
"""Outlines and patterns of the four grades."""

GRADE_NONE: Final = "#fbfaf7"
"""Ground of a community in which nobody is left out."""

NEW_WAY: Final = "#6b1fa0"
"""Dashes of a proposed way: of no grade's and no street's colour."""

RESULT_FILLS: Final = {"short": "#f7cfb8", "unknown": "#e1e3e6", "meets": "#d3ebe3"}
"""Backgrounds of audit results in the workbook."""

ESTATE_FILLS: Final = {
    "estate_short": RESULT_FILLS["short"],
    "estate_late": RESULT_FILLS["short"],
    "estate_unknown": RESULT_FILLS["unknown"],
    "estate_meets": RESULT_FILLS["meets"],
    "estate_done": RESULT_FILLS["meets"],
}
"""Backgrounds of results of new estates and their steps in the workbook."""

JUDGED_FILLS: Final = {
    "judged_short": "#f7cfb8",
    "judged_remark": "#fbe5b0",
    "judged_unknown": "#e1e3e6",
}
"""Backgrounds of the findings of clauses in the workbook."""

CENTRE_GRADE_FILLS: Final = {
    "达标": "#d3ebe3",
    "基本达标": "#fbe5b0",
    "差距较大": "#f7cfb8",
    "严重不足": "#f4b6ae",
    "资料不足": "#e1e3e6",
}
"""Backgrounds of the grades of centres in the workbook; grey is neither good nor bad."""

SEVERITY_FILLS: Final = {"grave": "#f4b6ae", "doubt": "#fbe5b0", "note": "#eef0f2"}
"""Backgrounds of quality findings in the workbook."""


def coverage_class(share: float) -> str:
    """Return the class of a covered share (0 to 1; a bound belongs to the better class)."""
    if math.isnan(share):
        return "nobody"
    for bound, name in zip(COVERAGE_BOUNDS, COVERAGE_CLASSES, strict=False):
        if share >= bound:
            return name
    return COVERAGE_CLASSES[len(COVERAGE_BOUNDS)]
