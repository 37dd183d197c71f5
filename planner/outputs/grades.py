"""The four grades 红橙黄蓝 as readers see them: thresholds, patterns, legend rows."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from planner.coverage.grades import GRADES, PATTERNS, GradeSettings
from planner.labels import Language, text
from planner.outputs.palette import GRADE_FILLS, GRADE_INKS, GRADE_NONE
from planner.outputs.words import count, word

UNGRADED: Final = "ungraded"
"""Class of a community in which nobody is left out."""


def gap_rungs(settings: GradeSettings, language: Language) -> dict[str, str]:
    """Return from how many elders on a gap has each grade, in words."""
    first, second, third = (f"{elders:,g}" for elders in settings.gap_elders)
    return {
        "red": text("gaps.rung_gap_first", language, least=first),
        "orange": text("gaps.rung_gap_between", language, least=second, most=first),
        "yellow": text("gaps.rung_gap_between", language, least=third, most=second),
        "blue": text("gaps.rung_gap_last", language, most=third),
    }


def community_rungs(settings: GradeSettings, language: Language) -> dict[str, str]:
    """Return from which share and number of elders left out a community has each grade."""
    steps = zip(settings.community_shares, settings.community_elders, strict=True)
    told = {
        grade: text(
            "gaps.rung_community", language, share=f"{100 * share:g}%", elders=f"{elders:,g}"
        )
        for grade, (share, elders) in zip(GRADES, steps, strict=False)
    }
    last = text("gaps.rung_community_last", language)
    return told | {GRADES[-1]: last, UNGRADED: text("gaps.rung_community_none", language)}


def grade_line(of: str, settings: GradeSettings, language: Language) -> str:
    """Return the sentence on how communities or gaps are graded, and whose thresholds these are.

    Parameters
    ----------
    of
        ``"communities"`` or ``"gaps"``.
    settings
        The thresholds.
    language
        Language of the sentence.
    """
    rungs = (gap_rungs if of == "gaps" else community_rungs)(settings, language)
    mark = text("outputs.clause_mark", language)
    told = mark.join(
        text(
            "gaps.grade_told",
            language,
            grade=word(grade, language),
            pattern=word(PATTERNS[grade], language),
            rung=rungs[grade],
        )
        for grade in GRADES
    )
    return text(f"gaps.grades_of_{of}", language, grades=told)


def swatches() -> dict[str, dict[str, str]]:
    """Return the look of each grade on the map: fill, ink of lines and pattern, pattern's name."""
    return {
        grade: {"fill": GRADE_FILLS[grade], "ink": GRADE_INKS[grade], "pattern": PATTERNS[grade]}
        for grade in GRADES
    } | {UNGRADED: {"fill": GRADE_NONE, "ink": GRADE_INKS["none"], "pattern": "plain"}}


def grade_rows(
    grades: pd.Series, elders: pd.Series, rungs: dict[str, str], language: Language
) -> list[dict[str, Any]]:
    """Return the legend's rows, worst first: grade and threshold, places and elders, swatch.

    Parameters
    ----------
    grades
        Grade of each place, :data:`UNGRADED` among them; grades that no place has still have a row.
    elders
        Persons aged 60+ left out there, on the same index.
    rungs
        What :func:`gap_rungs` or :func:`community_rungs` returned.
    language
        Language of the words.
    """
    sums, looks = elders.groupby(grades).sum(), swatches()
    rows = []
    for grade, rung in rungs.items():
        number = int((grades == grade).sum())
        if grade == UNGRADED and not number:
            continue
        few = grade == UNGRADED
        rows.append(
            {
                "key": grade,
                "label": rung
                if few
                else text("gaps.grade_row", language, grade=word(grade, language), rung=rung),
                "value": text("outputs.legend_places", language, n=number)
                if few
                else text(
                    "outputs.legend_communities",
                    language,
                    n=number,
                    elders=count(float(sums.get(grade, 0.0))),
                ),
                "swatch": looks[grade],
            }
        )
    return rows
