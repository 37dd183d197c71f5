"""What the clause-by-clause audit comes to, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.labels import Language, enumerated, message, text


def clauses_line(standards: Mapping[str, Any], language: Language) -> str:
    """Return the grades and breaches of all centres as a sentence.

    Parameters
    ----------
    standards
        ``standards`` of ``summary.json``.
    language
        Language of the sentence.
    """
    grades = enumerated(
        message("judging.headline_grade", grade=message(f"judging.grade_{grade}"), count=count)
        for grade, count in standards["grades"].items()
    )
    return text(
        "judging.headline",
        language,
        centres=standards["centres_graded"],
        books=len(standards["books"]),
        grades=grades,
        must=standards["breaches"]["应"],
        should=standards["breaches"]["宜"],
        unknown=standards["unknown"],
    )
