"""The gaps of a plan as its outputs tell them: a row a gap, and a summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.coverage.gap_causes import GAP_CAUSES
from planner.coverage.grades import PATTERNS, GradeSettings, gap_grades, grade_totals
from planner.coverage.sensitivity import Sensitivity
from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.workflow.gaps import Gaps

LIST_MARK: Final = "、"
PEOPLE: Final = {f"elderly_{age}": f"gap_elderly_{age}" for age in ("60", "65", "80")}


@dataclass(frozen=True, eq=False)
class FoundGaps:
    """The gaps, how sure they are, and the thresholds that they are graded by."""

    gaps: Gaps
    sure: Sensitivity
    settings: GradeSettings

    @property
    def grades(self) -> pd.Series:
        """红橙黄蓝 by gap."""
        return gap_grades(self.gaps.found.areas, self.settings)


def gap_rows(
    found: FoundGaps, names: Mapping[str, Mapping[str, str]], language: Language
) -> gpd.GeoDataFrame:
    """Return a row a gap with its outline, worst first, in words.

    Gaps of fewer than :data:`planner.outputs.content.LEAST_ELDERS` elders are left out: so few
    could be named. :func:`gap_summary` counts them. Causes of nobody have no column.

    Parameters
    ----------
    found
        What the workflow found.
    names
        Names by id of ``communities``, ``centres`` and ``candidates``.
    language
        Language of the words.
    """
    areas, closing, sure = found.gaps.found.areas, found.gaps.closing, found.sure.gaps
    table = areas.rename(columns=PEOPLE).assign(grade=found.grades)
    table = table[table["gap_elderly_60"] >= LEAST_ELDERS]
    closing, sure = closing.reindex(table.index), sure.reindex(table.index)

    def words(column: pd.Series, topic: str) -> list[str | None]:
        return [
            text(f"gaps.{topic}_{one}", language) if isinstance(one, str) and one else None
            for one in column
        ]

    def named(column: pd.Series, of: str) -> pd.Series:
        return column.map(lambda one: names[of].get(one, one) if isinstance(one, str) else None)

    rows = table.assign(
        grade_pattern=words(table["grade"].map(PATTERNS), "pattern"),
        grade=words(table["grade"], "grade"),
        gap_communities=[
            LIST_MARK.join(
                names["communities"].get(one, one) for one in str(listed).split(LIST_MARK)
            )
            for listed in table["communities"]
        ],
        cause=words(table["cause"], "cause"),
        gap_barrier=[
            _barrier(kind, name, language)
            for kind, name in zip(table["barrier_kind"], table["barrier"], strict=True)
        ],
        nearest_name=named(table["nearest_centre"], "centres"),
        candidate_name=named(closing["candidate"], "candidates"),
        candidate_elderly_60=closing["candidate_elderly_60"].where(closing["candidate"].notna()),
        way=words(closing["way"], "way"),
        way_elderly_60=closing["way_elderly_60"],
        way_minutes_before=closing["way_minutes_before"],
        way_minutes_after=closing["way_minutes_after"],
        verdict=words(sure["verdict"], "verdict"),
        runs_share=sure["runs_share"],
    )
    causes = [f"elderly_60_{cause}" for cause in GAP_CAUSES]
    nobody = [name for name in causes if not (rows[name] > 0).any()]
    return gpd.GeoDataFrame(rows.drop(columns=nobody))


def _barrier(kind: Any, name: Any, language: Language) -> str | None:
    if not isinstance(kind, str) or not kind:
        return None
    told = text(f"gaps.barrier_{kind}", language)
    return f"{told} {name}" if isinstance(name, str) and name else told


def gap_summary(found: FoundGaps) -> dict[str, Any]:
    """Return the figures of ``summary.json``: gaps, elders by cause and grade, how sure."""
    areas = found.gaps.found.areas
    low, high = found.sure.range_of_share()
    totals = grade_totals(found.grades, areas["elderly_60"])
    small = areas["elderly_60"] < LEAST_ELDERS
    return {
        "rows": len(areas),
        "rows_under_5_elders": int(small.sum()),
        "elderly_60": float(areas["elderly_60"].sum()),
        "by_cause": {cause: float(areas[f"elderly_60_{cause}"].sum()) for cause in GAP_CAUSES},
        "by_grade": {
            str(grade) or "none": {
                "gaps": int(row["areas"]),
                "elderly_60": float(row["elderly_60"]),
            }
            for grade, row in totals.to_dict(orient="index").items()
        },
        "by_verdict": {
            str(verdict) or "none": int(count)
            for verdict, count in found.sure.gaps["verdict"].value_counts().sort_index().items()
        },
        "covered_share_middle_90": [low, high],
    }


def gap_lines(found: FoundGaps, language: Language) -> tuple[str, ...]:
    """Return the sentences that stand over the gaps: how many, how graded, how sure."""
    summary, settings, doubt = gap_summary(found), found.settings, found.sure.doubt
    low, high = summary["covered_share_middle_90"]
    return (
        text(
            "gaps.line",
            language,
            gaps=summary["rows"],
            elders=round(summary["elderly_60"]),
            full=round(summary["by_cause"]["full"]),
            small=summary["rows_under_5_elders"],
            least=LEAST_ELDERS,
            low=f"{low:.1%}",
            high=f"{high:.1%}",
        ),
        text(
            "gaps.grades_about",
            language,
            shares=_ladder([f"{share:.0%}" for share in settings.community_shares]),
            elders=_ladder([f"{elders:g}" for elders in settings.community_elders]),
            gaps=_ladder([f"{elders:g}" for elders in settings.gap_elders]),
        ),
        text(
            "gaps.doubt_about",
            language,
            speed=f"{doubt.speed_share:.0%}",
            leg_m=f"{doubt.leg_m:g}",
            runs=doubt.runs,
            seed=doubt.seed,
        ),
    )


def _ladder(steps: list[str]) -> str:
    return " / ".join(steps)
