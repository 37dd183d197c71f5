"""What stands at the end: what became of the ledgers' rows, and what the words mean."""

from __future__ import annotations

from typing import Final

from planner.labels import message, text
from planner.outputs.content import PlanContent
from planner.outputs.report.blocks import (
    Block,
    Heading,
    Paragraph,
    Table,
    first_rows,
    frame_table,
    lines_of,
    overview_figures,
)
from planner.outputs.report.phrases import caption, say, section
from planner.outputs.sheet_columns import SEVERITIES
from planner.outputs.words import count, heading, word

MOST_PROBLEMS: Final = 60
TERMS: Final = (
    "walking", "facility_rate", "circle", "gap", "group", "required", "shortfall", "force",
    "mark", "derived", "unknown", "grades", "places", "proof", "visit", "kinds",
)  # fmt: skip


def quality_annex(content: PlanContent) -> list[Block]:
    """Return what became of the ledgers' rows, and what was found in them, grave ones first."""
    language, findings = content.about.language, content.findings
    columns = ("ledger", "file", "rows_read", "rows_used", "rows_set_aside", "rows_added")
    rows = content.rows.rename_axis("ledger").reset_index()
    heads = tuple(say(f"rows_{name}", language) for name in columns)
    worth = findings.loc[findings["severity"].isin(["grave", "doubt"])]
    order = worth["severity"].map({name: rank for rank, name in enumerate(SEVERITIES)})
    shown, rest = first_rows(worth.loc[order.sort_values(kind="stable").index],
                             MOST_PROBLEMS, language)  # fmt: skip
    told = shown.assign(
        problem=[
            message(key, **fields).text(language)
            for key, fields in zip(shown["key"], shown["fields"], strict=True)
        ]
    )
    counts = findings["severity"].value_counts()
    return [
        Heading(say("annex_quality", language), "annex"),
        section("rows", language),
        Paragraph(text("outputs.overview_rows", language), "small"),
        *frame_table(rows, columns, caption("rows", language), language, heads=heads),
        *lines_of((str(one.value) for one in overview_figures(content, "rows")), "small"),
        section("findings", language),
        Table(
            (heading("severity", language), say("found_count", language)),
            tuple((word(name, language), count(int(counts.get(name, 0)))) for name in SEVERITIES),
            (False, True),
            caption("severities", language),
            (2.0, 1.0),
        ),
        *frame_table(
            told,
            ("severity", "file", "row", "id", "action", "problem"),
            caption("findings", language),
            language,
        ),
        *([Paragraph(rest, "note")] if rest else []),
        Paragraph(say("findings_note", language), "note"),
    ]


def terms_annex(content: PlanContent) -> list[Block]:
    """Return what the words of the report mean."""
    language = content.about.language
    return [
        Heading(say("annex_terms", language), "annex"),
        Table(
            (say("term", language), say("meaning", language)),
            tuple(
                (say(f"term_{name}", language), say(f"term_{name}_means", language))
                for name in TERMS
            ),
            (False, False),
            caption("terms", language),
            (1.0, 3.2),
        ),
    ]
