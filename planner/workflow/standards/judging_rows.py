"""The sheets of the clause-by-clause audit: findings, grades, and how many centres have which."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from planner.labels import Language, choice, enumerated, message, text
from planner.outputs.content import Told
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.judging.explaining import centre_findings, finding_line
from planner.standards.judging.findings import Judgement
from planner.standards.judging.grades import GRADES, grade_distribution, why_graded
from planner.standards.judging.wording import column_names, told_finding
from planner.standards.rulebooks.vocabulary import CLASS_AREA
from planner.standards.rulebooks.wording import figure, rows_of
from planner.workflow.standards.judging import Judged

MOST_ROWS: Final = 20_000
"""Findings written to the sheet: more than anybody reads, far less than a sheet can hold."""

SHOWN: Final = ("short", "remark", "unknown")
"""Results that are listed, in this order after those that decide."""

GRADE_COLUMNS: Final = dict(
    zip(
        GRADES,
        ("grade_met", "grade_near", "grade_wide", "grade_severe", "grade_unknown"),
        strict=True,
    )
)


def judging_sheets(found: Judged, language: Language) -> dict[str, Told]:
    """Return what stands on the sheets: ``judged``, ``centre_grades`` and ``grade_counts``.

    Parameters
    ----------
    found
        What the clauses came to.
    language
        Language of the words.
    """
    rows, left_out = finding_rows(found.judgement, language)
    return {
        "judged": Told(rows, _finding_lines(found.judgement, left_out, language)),
        "centre_grades": Told(grade_rows(found, language), (grade_rule(found, language),)),
        "grade_counts": Told(count_rows(found, language), (grade_rule(found, language),)),
    }


def finding_rows(judgement: Judgement, language: Language) -> tuple[pd.DataFrame, int]:
    """Return the findings that are short, remarks or unknown, and how many did not fit.

    Those that decide their matter come first, then by result, then by centre.
    """
    findings = judgement.findings
    result = findings["result"].to_numpy(dtype=object)
    rank = np.select([result == name for name in SHOWN], range(len(SHOWN)), len(SHOWN))
    listed = np.flatnonzero(rank < len(SHOWN))
    beside = ~findings["decides"].to_numpy(dtype=bool)
    order = listed[np.lexsort((listed, rank[listed], beside[listed]))]
    chosen = findings.iloc[order[:MOST_ROWS]]
    facts = {
        str(id_): row
        for id_, row in zip(judgement.facts.index, rows_of(judgement.facts), strict=True)
    }
    rows = [
        _finding_row(judgement, row, facts[str(row["centre"])], language) for row in rows_of(chosen)
    ]
    columns = list(_finding_row_columns())
    return pd.DataFrame(rows, columns=columns), max(0, len(order) - MOST_ROWS)


def _finding_row_columns() -> tuple[str, ...]:
    return (
        *("id", "name", "street", "judged_what", "judged_result", "force", "judged_asks"),
        *("judged_has", "judged_verdict", "judged_share", "judged_decides", "judged_mark"),
        "judged_source",
    )


def _finding_row(
    judgement: Judgement, row: dict[str, Any], facts: dict[str, Any], language: Language
) -> dict[str, Any]:
    told = told_finding(judgement, row, facts, language)
    return {
        "id": row["centre"],
        "name": facts["name"],
        "street": facts["street"],
        "judged_what": told.what,
        "judged_result": f"judged_{row['result']}",
        "force": told.force,
        "judged_asks": told.asks,
        "judged_has": told.has,
        "judged_verdict": told.verdict,
        "judged_share": row["short_share"],
        "judged_decides": bool(row["decides"]),
        "judged_mark": told.weight,
        "judged_source": told.source,
    }


def _finding_lines(judgement: Judgement, left_out: int, language: Language) -> tuple[str, ...]:
    """Return the sheet's opening lines: the books, and what was not listed."""
    books = enumerated(book.title(language) for book in judgement.books)
    lines = [text("judging.books", language, books=books)]
    if judgement.not_in_force:
        names = enumerated(judgement.not_in_force)
        lines.append(text("judging.not_in_force", language, books=names))
    if left_out:
        told = text("judging.left_out", language, rows=f"{left_out:,}", most=f"{MOST_ROWS:,}")
        lines.append(told)
    return tuple(lines)


def grade_rule(found: Judged, language: Language) -> str:
    """Return by which thresholds centres are graded, in a sentence."""
    steps = found.settings
    return text(
        "judging.grade_rule",
        language,
        wide=figure(100.0 * steps.shortfalls[0]),
        severe=figure(100.0 * steps.shortfalls[1]),
        wide_count=figure(steps.breaches[0]),
        severe_count=figure(steps.breaches[1]),
        unknown=figure(100.0 * steps.unknown_share),
    )


def grade_rows(found: Judged, language: Language) -> pd.DataFrame:
    """Return a row for each centre graded: the worst first, then by sub-district and id."""
    table = found.grades
    order = {
        grade: place
        for place, grade in enumerate(("严重不足", "差距较大", "基本达标", "资料不足", "达标"))
    }
    ranked = table.assign(
        rank=table["grade"].map(order),
        of_street=table["street"].fillna("").astype(str),
        of=table.index,
    ).sort_values(["rank", "of_street", "of"])
    columns = {
        "judged_clauses": "clauses",
        "judged_met": "met",
        "breaches_must": "breaches_must",
        "breaches_should": "breaches_should",
        "judged_remarks": "remarks",
        "judged_unknown": "unknown",
        "judged_on_the_spot": "on_the_spot",
        "judged_shortfall_share": "shortfall_share",
    }
    return pd.DataFrame(
        {
            "id": ranked.index,
            "name": ranked["name"].to_numpy(),
            "centre_kind": ranked["centre_kind"].to_numpy(),
            "street": ranked["street"].to_numpy(),
            "centre_grade": ranked["grade"].to_numpy(),
            **{ours: ranked[theirs].to_numpy() for ours, theirs in columns.items()},
            "grade_why": [why_graded(row, language) for _, row in ranked.iterrows()],
            "judged_fill_in": [
                column_names(names, language) if names else "" for names in ranked["fill_in"]
            ],
        }
    )


def count_rows(found: Judged, language: Language) -> pd.DataFrame:
    """Return how many centres have each grade: all of them, by kind, and by sub-district."""
    parts = [("all", grade_distribution(found.grades.assign(all=""), "all"))]
    parts += [(by, grade_distribution(found.grades, by)) for by in ("centre_kind", "street")]
    rows = []
    for by, table in parts:
        for name, counts in table.iterrows():
            shown = choice(str(name)) if by == "centre_kind" else str(name)
            rows.append(
                {
                    "graded_by": text(f"judging.graded_by_{by}", language),
                    "graded_name": str(enumerated([shown]).text(language)),
                    "graded_centres": int(counts["centres"]),
                    **{ours: int(counts[grade]) for grade, ours in GRADE_COLUMNS.items()},
                }
            )
    return pd.DataFrame(
        rows, columns=["graded_by", "graded_name", "graded_centres", *GRADE_COLUMNS.values()]
    )


def grade_line(found: Judged, centre: str, language: Language) -> str:
    """Return a centre's grade and why it has it; empty where it is not graded."""
    if centre not in found.grades.index:
        return ""
    row = found.grades.loc[[centre]].iloc[0]
    return text(
        "judging.grade_line",
        language,
        grade=message(f"judging.grade_{row['grade']}"),
        why=why_graded(row, language),
    )


def breach_lines(
    found: Judged, audit: FloorAreaAudit, centre: str, language: Language
) -> list[str]:
    """Return the arithmetic of what a centre is short of, a line a deciding finding.

    The floor area by class is left out: its arithmetic is told with the audit's.
    """
    facts = rows_of(found.judgement.facts.loc[[centre]])[0]
    lines = []
    for row in centre_findings(found.judgement, centre):
        clause = found.judgement.clause(row["book"], row["clause"])
        own = row["book"] == audit.book.name and clause.by_class == CLASS_AREA
        if row["decides"] and row["result"] == "short" and not own:
            lines.append(finding_line(found.judgement, audit, row, facts, language))
    return lines
