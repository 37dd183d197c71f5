"""For each gap the chosen site that closes it, or why none does, as rows of a sheet."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS, Told
from planner.outputs.sheet_columns import COLUMNS
from planner.outputs.small_counts import without_small_parts
from planner.siting import GapSites, gap_sites
from planner.siting.beside.gap_closing_sites import WHY_NOT
from planner.workflow.gaps.content import FoundGaps
from planner.workflow.inputs.site_names import SiteNames
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.elders import in_elders
from planner.workflow.siting.small import newly_covered, shown_gaps, shown_levels

PARTS = ("closed", *WHY_NOT)
"""Into these the elders of a gap fall whom no centre of today reaches."""


def sites_of_gaps(siting: Siting, gaps: FoundGaps) -> GapSites:
    """Return which chosen sites close each gap, and why the rest of it stays open.

    Parameters
    ----------
    siting
        The plan; its elders are counted, whatever it was asked with.
    gaps
        The gaps of the circle.
    """
    barred = siting.screening.barred.index
    return gap_sites(
        in_elders(siting.most), gaps.gaps.found.members["gap"], barred=list(barred.astype(object))
    )


def gap_site_sheet(
    siting: Siting | None, gaps: FoundGaps | None, names: SiteNames, language: Language
) -> Told:
    """Return the sheet of gaps and the sites that close them.

    Gaps of needs are asked of other centres than the plan builds: they are not told here.

    Parameters
    ----------
    siting, gaps
        What was found; ``None`` for nothing.
    names
        What places are called.
    language
        Language of the words.
    """
    empty = pd.DataFrame(columns=list(COLUMNS["gap_sites"]))
    if siting is None or gaps is None:
        return Told(empty)
    if gaps.question.needs:
        return Told(empty, (text("siting_told.gaps_of_needs", language),))
    found = sites_of_gaps(siting, gaps).gaps
    areas = gaps.gaps.found.areas
    found = found.reindex(areas.index[areas.index.isin(found.index)])
    found = found[found.index.isin(gaps.listed)]
    asking = found["weight"] - found["already"]
    found = found[asking >= LEAST_ELDERS]
    if found.empty:
        return Told(empty)
    parts = without_small_parts(found[list(PARTS)])
    newly = float(newly_covered(siting))
    is_told = shown_levels(siting).gain is not None
    parts, untold = shown_gaps(parts, "closed", newly, is_told=is_told)
    communities = gaps.gaps.found.areas["communities"]
    rank = {gap: number for number, gap in enumerate(areas.index, start=1)}

    def named(column: str, part: str) -> list[str | None]:
        return [
            names.sites(ids, language) if len(ids) and not pd.isna(shown) else None
            for ids, shown in zip(found[column], parts[part], strict=True)
        ]

    table = pd.DataFrame(
        {
            "rank": [rank[gap] for gap in found.index],
            "id": found.index.astype(str),
            "grade": gaps.grades.reindex(found.index),
            "gap_communities": [
                text("outputs.list_mark", language).join(
                    names.communities.get(one, one) for one in str(listed).split("、")
                )
                for listed in communities.reindex(found.index)
            ],
            "gap_asking_60": asking.reindex(found.index).where(~untold),
            "gap_closed_60": parts["closed"],
            "gap_closers": named("sites", "closed"),
            "gap_more_60": parts["more_centres"],
            "gap_could": named("could", "more_centres"),
            "gap_rules_60": parts["rules"],
            "gap_barred_60": parts["barred"],
            "gap_none_60": parts["no_candidate"],
        }
    )
    lines = [text("siting_told.gaps_total", language, **_sums(parts))]
    return Told(table[list(COLUMNS["gap_sites"])].reset_index(drop=True), tuple(lines))


def _sums(parts: pd.DataFrame) -> dict[str, Any]:
    """Return the sums of the figures that are shown: none tells what is withheld."""
    return {name: float(parts[name].sum()) for name in PARTS}
