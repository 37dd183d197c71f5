"""Each finding's arithmetic in a line that can be checked by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.labels import DEFAULT_LANGUAGE, Language, enumerated, message, text
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.floor_area.explaining import explain as explain_floor_area
from planner.standards.judging.class_lines import class_line
from planner.standards.judging.deciding import contends_in
from planner.standards.judging.findings import Judgement
from planner.standards.judging.wording import adopted, source_of, told_finding
from planner.standards.rulebooks.vocabulary import CLASS_AREA, PER_ELDER
from planner.standards.rulebooks.wording import Row, rows_of


def finding_line(
    judgement: Judgement,
    audit: FloorAreaAudit,
    finding: Row,
    facts: Row,
    language: Language = DEFAULT_LANGUAGE,
) -> str:
    """Return a finding's arithmetic in one line, without its source.

    Parameters
    ----------
    judgement, audit
        Where it comes from.
    finding, facts
        The finding, and the facts of its centre; whatever is missing as ``None``.
    language
        Language of the line.
    """
    book = judgement.book(str(finding["book"]))
    clause = book.clause(str(finding["clause"]))
    told = told_finding(judgement, finding, facts, language)
    if clause.by_class in (CLASS_AREA, PER_ELDER):
        line = class_line(book, clause, finding, facts, audit, told.verdict, language)
        if line is not None and clause.by_class == PER_ELDER:
            return line + adopted(judgement, clause, finding, language)
        if line is not None:
            return line
    fields = {
        "what": told.what,
        "asks": told.asks,
        "force": told.force,
        "weight": told.weight,
        "verdict": told.verdict,
    }
    if not told.has:
        return text("judging.line_unknown", language, **fields)
    return text("judging.line", language, **fields, has=told.has)


def beside(
    judgement: Judgement, finding: Row, others: Sequence[Row], language: Language = DEFAULT_LANGUAGE
) -> str:
    """Return which other clauses speak of a finding's matter, and which of them decides.

    Parameters
    ----------
    judgement
        Its books.
    finding
        The finding.
    others
        All findings of its centre.
    language
        Language of the words.
    """
    clause = judgement.clause(finding["book"], finding["clause"])
    key = contends_in(clause, over=_over(finding))
    rivals = [
        row
        for row in others
        if (row["book"], row["clause"]) != (finding["book"], finding["clause"])
        and row["result"] != "not_applicable"
        and key is not None
        and contends_in(judgement.clause(row["book"], row["clause"]), over=_over(row)) == key
    ]
    if finding["result"] == "not_applicable" or not rivals:
        return ""
    decisive = [row for row in rivals if row["decides"]]
    if finding["decides"]:
        told = enumerated(_named(judgement, row, language) for row in rivals)
        return text("judging.others_beside", language, others=told)
    told = enumerated(_named(judgement, row, language) for row in decisive or rivals)
    return text("judging.decided_by", language, other=told)


def _over(finding: Row) -> bool:
    """Tell whether a finding misses the upper end of a range."""
    if finding["upper"] is None or finding["value"] is None:
        return False
    return bool(finding["value"] > finding["upper"] and finding["short_by"] > 0)


def _named(judgement: Judgement, row: Row, language: Language) -> str:
    book = judgement.book(str(row["book"]))
    clause = book.clause(str(row["clause"]))
    return text(
        "judging.other_clause",
        language,
        source=source_of(book, clause, language),
        clause=clause.id,
        force=judgement.force(book, clause),
    )


def centre_findings(judgement: Judgement, centre: str) -> list[Row]:
    """Return the findings of one centre, in the order of books and clauses.

    Raises
    ------
    KeyError
        If the judgement knows no such centre.
    """
    if centre not in judgement.facts.index:
        raise KeyError(centre)
    (code,) = judgement.facts.index.get_indexer(pd.Index([centre], dtype=object))
    codes = judgement.findings["centre"].cat.codes.to_numpy()
    first, last = np.searchsorted(codes, [code, code + 1])  # findings stand in centres' order
    return rows_of(judgement.findings.iloc[first:last])


def findings_lines(
    judgement: Judgement, audit: FloorAreaAudit, centre: str, language: Language = DEFAULT_LANGUAGE
) -> list[str]:
    """Return each finding of a centre with its arithmetic, unit, clause, force and mark.

    Clauses that do not apply are left out, but for why where none applies.

    Parameters
    ----------
    judgement
        What the clauses came to.
    audit
        The floor-area audit behind it.
    centre
        Id of the centre.
    language
        Language of the lines.

    Raises
    ------
    KeyError
        If the judgement knows no such centre.
    """
    facts = rows_of(judgement.facts.loc[[centre]])[0]
    rows = centre_findings(judgement, centre)
    lines = []
    for row in rows:
        if row["result"] == "not_applicable":
            continue
        book = judgement.book(str(row["book"]))
        clause = book.clause(str(row["clause"]))
        line = finding_line(judgement, audit, row, facts, language)
        lines.append(
            text(
                "judging.at_source",
                language,
                line=line,
                source=source_of(book, clause, language),
                clause=clause.id,
            )
            + beside(judgement, row, rows, language)
        )
    return lines or [text("judging.not_judged", language)]


def explain_findings(
    judgement: Judgement, audit: FloorAreaAudit, centre: str, language: Language = DEFAULT_LANGUAGE
) -> str:
    """Return :func:`findings_lines` as text, under the books that were held against the centre.

    Raises
    ------
    KeyError
        If the judgement knows no such centre.
    """
    books = enumerated(book.title(language) for book in judgement.books)
    head = message("judging.findings_head", books=books).text(language)
    return "\n".join([head, *findings_lines(judgement, audit, centre, language)])


def explain(
    audit: FloorAreaAudit,
    centre_id: str,
    language: Language = DEFAULT_LANGUAGE,
    *,
    judgement: Judgement | None = None,
) -> str:
    """Return a centre's findings with their arithmetic, one a line.

    Parameters
    ----------
    audit
        The floor-area audit.
    centre_id
        Id of any facility of its ledger.
    language
        Language of the lines.
    judgement
        What the clauses of all books came to (``planner.run(…).judgement``); without it only the
        floor area is told.

    Raises
    ------
    KeyError
        If the audit holds no such facility.
    """
    floor_area = explain_floor_area(audit, centre_id, language)
    if judgement is None:
        return floor_area
    return "\n".join([floor_area, explain_findings(judgement, audit, centre_id, language)])
