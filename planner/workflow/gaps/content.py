"""The gaps of a plan as its outputs tell them: a row a gap, its new way, and a summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.coverage.gap_causes import GAP_CAUSES
from planner.coverage.grades import PATTERNS, GradeSettings, gap_grades, grade_totals
from planner.coverage.sensitivity import PERTURBED, Sensitivity
from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.outputs.small_counts import without_small_ages, without_small_parts
from planner.outputs.words import count, word
from planner.workflow.covering.asking import walker_title
from planner.workflow.gaps.areas import Gaps
from planner.workflow.gaps.listed import listed_gaps
from planner.workflow.gaps.question import GapQuestion

LIST_MARK: Final = "、"
PEOPLE: Final = {f"elderly_{age}": f"gap_elderly_{age}" for age in ("60", "65", "80")}
CAUSE_COLUMNS: Final = tuple(f"elderly_60_{cause}" for cause in GAP_CAUSES)
WAY_COLUMNS: Final = (
    "way", "way_length_m", "way_elderly_60", "way_minutes_before", "way_minutes_after",
)  # fmt: skip
CANDIDATE_COLUMNS: Final = ("candidate_name", "candidate_elderly_60", "candidate_share")


@dataclass(frozen=True, eq=False)
class FoundGaps:
    """The gaps, how sure they are, the thresholds that they are graded by, what was asked."""

    gaps: Gaps
    sure: Sensitivity
    settings: GradeSettings
    question: GapQuestion

    @property
    def grades(self) -> pd.Series:
        """红橙黄蓝 by gap."""
        return gap_grades(self.gaps.found.areas, self.settings)

    @property
    def listed(self) -> pd.Index:
        """The gaps that may be listed one by one, worst first."""
        areas = self.gaps.found.areas
        listed: pd.Index = areas.index[listed_gaps(areas, self.grades)]
        return listed


def gap_rows(
    found: FoundGaps, names: Mapping[str, Mapping[str, str]], language: Language
) -> gpd.GeoDataFrame:
    """Return a row a gap with its outline, worst first; choices are keys, as in all tables.

    Gaps of fewer than :data:`planner.outputs.content.LEAST_ELDERS` elders are left out: so few
    could be named; and so are those that would tell of them
    (:func:`planner.workflow.gaps.listed.listed_gaps`). :func:`gap_summary` counts them. Smaller
    figures within a gap are withheld (:mod:`planner.outputs.small_counts`); a candidate or way that
    brings fewer within is not named. Causes of nobody have no column.

    Parameters
    ----------
    found
        What the workflow found.
    names
        Names by id of ``communities``, ``centres`` and ``candidates``.
    language
        Language of the texts that are put together: causes and barriers.
    """
    areas, closing, sure = found.gaps.found.areas, found.gaps.closing, found.sure.gaps
    table = areas.rename(columns=PEOPLE).assign(grade=found.grades)
    table = table.loc[found.listed]
    closing, sure = closing.reindex(table.index), sure.reindex(table.index)
    people = [name for name in PEOPLE.values() if name in table.columns]
    causes = without_small_parts(table[list(CAUSE_COLUMNS)])

    def named(column: pd.Series, of: str) -> pd.Series:
        return column.map(lambda one: names[of].get(one, one) if isinstance(one, str) else None)

    rows = table.assign(
        **without_small_ages(pd.DataFrame(table[people])),
        **causes,
        grade_pattern=table["grade"].map(PATTERNS),
        gap_communities=[
            LIST_MARK.join(
                names["communities"].get(one, one) for one in str(listed).split(LIST_MARK)
            )
            for listed in table["communities"]
        ],
        gap_causes=_causes(causes, table["gap_elderly_60"], language),
        gap_barrier=[
            _barrier(kind, name, language)
            for kind, name in zip(table["barrier_kind"], table["barrier"], strict=True)
        ],
        nearest_name=named(table["nearest_centre"], "centres"),
        candidate_name=named(closing["candidate"], "candidates"),
        **closing.reindex(columns=[*CANDIDATE_COLUMNS[1:], *WAY_COLUMNS]),
        verdict=sure["verdict"].where(sure["verdict"] != "", None),
        not_under=_assumptions(sure["not_under"], language),
        runs_share=sure["runs_share"],
    )
    for elders, columns in (
        ("candidate_elderly_60", CANDIDATE_COLUMNS),
        ("way_elderly_60", WAY_COLUMNS),
    ):
        # Who brings nobody within the limit closes nothing; so few that they could be named, too.
        closes = rows[elders] >= LEAST_ELDERS
        rows = rows.assign(**{name: rows[name].where(closes, None) for name in columns})
    nobody = [name for name in CAUSE_COLUMNS if not (table[name] > 0).any()]
    return gpd.GeoDataFrame(rows.drop(columns=nobody))


def _assumptions(not_under: pd.Series, language: Language) -> list[str | None]:
    """Return in words under which assumptions gaps do not stand; None where there are none."""
    named = {
        name: word(PERTURBED, language) if name == PERTURBED else walker_title(name, language)
        for told in not_under.dropna().unique()
        for name in filter(None, str(told).split(LIST_MARK))
    }
    mark = text("outputs.list_mark", language)
    return [
        mark.join(named[name] for name in told.split(LIST_MARK))
        if isinstance(told, str) and told
        else None
        for told in not_under
    ]


def way_rows(found: FoundGaps, rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the new ways as lines, a row a gap that one would help, worst first.

    Parameters
    ----------
    found
        What the workflow found.
    rows
        What :func:`gap_rows` returned: its facts, and which ways are worth naming.
    """
    helped = rows[rows["way"].notna()]
    lines = found.gaps.ways.geometry.reindex(helped.index)
    facts = helped[["rank", "grade", "streets", "gap_communities", *WAY_COLUMNS]]
    return gpd.GeoDataFrame(pd.DataFrame(facts), geometry=lines.to_numpy(), crs=rows.crs)


def no_gaps(crs: Any) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the tables of :func:`gap_rows` and :func:`way_rows` where nobody is left out."""
    gaps: dict[str, list[Any]] = {name: [] for name in ("rank", "grade", "gap_elderly_60", "way")}
    ways: dict[str, list[Any]] = {name: [] for name in ("rank", "grade", *WAY_COLUMNS)}
    return gpd.GeoDataFrame(gaps, geometry=[], crs=crs), gpd.GeoDataFrame(
        ways, geometry=[], crs=crs
    )


def _causes(causes: pd.DataFrame, elders: pd.Series, language: Language) -> list[str]:
    """Return the persons by cause in words, the most first; withheld ones as one remainder."""
    told = []
    for row, total in zip(causes.to_dict("records"), elders, strict=True):
        shown = sorted(
            ((-value, place, str(name)) for place, (name, value) in enumerate(row.items())
             if value > 0)
        )  # fmt: skip
        parts = [
            text(
                "gaps.causes_each",
                language,
                cause=word(name.removeprefix("elderly_60_"), language),
                elders=count(-value),
            )
            for value, _, name in shown
        ]
        rest = total - sum(-value for value, _, _ in shown)
        if any(pd.isna(value) for value in row.values()):
            parts.append(text("gaps.causes_rest", language, elders=count(rest)))
        told.append(text("outputs.list_mark", language).join(parts))
    return told


def _barrier(kind: Any, name: Any, language: Language) -> str | None:
    if not isinstance(kind, str) or not kind:
        return None
    told = text(f"gaps.barrier_{kind}", language)
    return f"{told} {name}" if isinstance(name, str) and name else told


def gap_summary(found: FoundGaps) -> dict[str, Any]:
    """Return the figures of ``summary.json``: gaps, elders by cause and grade, how sure."""
    areas, asked = found.gaps.found.areas, found.question
    low, high = found.sure.range_of_share()
    totals = grade_totals(found.grades, areas["elderly_60"])
    small = areas["elderly_60"] < LEAST_ELDERS
    return {
        "needs": list(asked.needs),
        "centres_asked": len(asked.open_sites),
        "centres_lacking_needs": len(asked.lacking_sites),
        "centres_unknown_needs": asked.unknown,
        "rows": len(areas),
        "rows_under_5_elders": int(small.sum()),
        "rows_not_listed": len(areas) - len(found.listed),
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
            str(verdict) or "none": int(number)
            for verdict, number in found.sure.gaps["verdict"].value_counts().sort_index().items()
        },
        "covered_share_middle_90": [low, high],
    }


def gap_lines(found: FoundGaps, language: Language) -> tuple[str, ...]:
    """Return the sentences that stand over the gaps: how many, of which centres, how sure."""
    summary, doubt, asked = gap_summary(found), found.sure.doubt, found.question
    low, high = summary["covered_share_middle_90"]
    needs = text("outputs.list_mark", language).join(word(need, language) for need in asked.needs)
    of_needs = text(
        "gaps.needs_about",
        language,
        needs=needs,
        serving=len(asked.open_sites),
        lacking=len(asked.lacking_sites) - asked.unknown,
        unknown=asked.unknown,
    )
    more = summary["rows_not_listed"] > summary["rows_under_5_elders"]
    return (
        *((of_needs,) if asked.needs else ()),
        text(
            "gaps.line_more" if more else "gaps.line",
            language,
            gaps=summary["rows"],
            elders=round(summary["elderly_60"]),
            full=round(summary["by_cause"]["full"]),
            small=summary["rows_not_listed"],
            least=LEAST_ELDERS,
            low=f"{low:.1%}",
            high=f"{high:.1%}",
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
