"""The first part, 评估报告: who can walk to a centre, who is left out, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from planner.coverage.gap_causes import GAP_CAUSES
from planner.labels import text
from planner.outputs.content import LEAST_ELDERS, PlanContent
from planner.outputs.grades import grade_line
from planner.outputs.report.blocks import (
    Block,
    Paragraph,
    Table,
    figure_table,
    first_rows,
    frame_table,
    lines_of,
    overview_figures,
    told,
)
from planner.outputs.report.phrases import caption, chapter, few, say, section
from planner.outputs.report.streets import street_figures
from planner.outputs.small_counts import without_small_ages, without_small_parts
from planner.outputs.words import MISSING, count, heading, percent, word

MOST_GAPS: Final = 30
STREET_COLUMNS: Final = (
    "street", "communities", "centres_open", "elderly_60", "covered_60", "uncovered_60",
    "share_60",
)  # fmt: skip


def coverage_chapter(content: PlanContent) -> list[Block]:
    """Return who can walk to a centre: by age, by sub-district, beside the circle on the map."""
    language = content.about.language
    circle, lines = told(content, "circle")
    if len(circle):
        whole = [not isinstance(name, str) or not name for name in circle["name"]]
        circle = circle.loc[whole]
        district = say("whole", language)
        circle = circle.assign(street=[one or district for one in circle["street"].fillna("")])
        # The sums stand last, as in every table of the report.
        circle = circle.sort_values("street", key=lambda one: one == district, kind="stable")
    return [
        chapter("coverage", language),
        section("ages", language),
        _ages(content),
        *figure_table(overview_figures(content, "states"), caption("states", language), language),
        section("by_street", language),
        *lines_of(content.area_lines),
        *frame_table(
            street_figures(content), STREET_COLUMNS, caption("streets", language), language
        ),
        Paragraph(say("withheld", language, least=LEAST_ELDERS), "note"),
        section("circle", language),
        *lines_of(lines),
        *frame_table(
            circle,
            ("street", "elderly_60", "circle_only_60", "circle_only_share", "walk_only_60"),
            caption("circle", language),
            language,
        ),
        section("two_rates", language),
        *_two_rates(content),
    ]


def _ages(content: PlanContent) -> Table:
    """Return who can walk there by age, without small counts and what would tell them."""
    language, head = content.about.language, content.headline
    columns = ("elderly_60", "covered_60", "uncovered_60", "share_60")
    ages = {"60": head.elderly_60, "65": head.elderly_65, "80": head.elderly_80}
    counts = pd.DataFrame(
        {age: [one.total, one.covered, one.uncovered] for age, one in ages.items()}, dtype=float
    )
    safe = without_small_ages(counts.mask((counts > 0) & (counts < LEAST_ELDERS)))
    # Of all, those who can and those who cannot, any two tell the third.
    partly = safe.isna().any()
    rows = tuple(
        (
            say("age_from", language, age=age),
            count(float(safe[age].iloc[0])),
            *(MISSING if partly[age] else count(float(value)) for value in safe[age].iloc[1:]),
            MISSING if partly[age] else percent(one.share),
        )
        for age, one in ages.items()
    )
    heads = (say("age", language), *(say(f"age_{name}", language) for name in columns))
    return Table(heads, rows, (False, True, True, True, True), caption("ages", language))


def _two_rates(content: PlanContent) -> list[Block]:
    """Return both rates side by side, and how many communities make them differ."""
    language, head = content.about.language, content.headline
    rows = [
        (text("outputs.figure_walking_60", language), percent(head.elderly_60.share)),
        (text("outputs.figure_facility_share", language), percent(head.facility_share)),
    ]
    table = Table(
        (say("indicator", language), say("value", language)),
        tuple(rows),
        (False, True),
        caption("two_rates", language),
        (2.0, 1.0),
    )
    differ: Mapping[str, Any] = content.summary.get("communities", {}).get("why_rates_differ", {})
    reasons = tuple(
        (
            word(str(name), language),
            count(row["communities"]),
            few(row.get("elderly_60_covered"), language),
            few(row.get("elderly_60_uncovered"), language),
        )
        for name, row in differ.items()
    )
    if not reasons:
        return [table]
    head_row = (
        say("why", language),
        heading("communities", language),
        heading("covered_60", language),
        heading("uncovered_60", language),
    )
    right = (False, True, True, True)
    weights = (2.2, 1.0, 1.0, 1.0)
    return [table, Table(head_row, reasons, right, caption("why_differ", language), weights)]


def gap_chapter(content: PlanContent) -> list[Block]:
    """Return where those live who are left out, why, and how sure that is."""
    language = content.about.language
    gaps = pd.DataFrame(content.gap_areas.drop(columns="geometry", errors="ignore"))
    shown, rest = first_rows(gaps, MOST_GAPS, language)
    columns = (
        "rank", "streets", "gap_communities", "gap_elderly_60", "cause", "nearest_name",
        "walk_minutes_mean",
    )  # fmt: skip
    closing = (
        "rank", "gap_communities", "gap_elderly_60", "candidate_name", "candidate_elderly_60",
        "way", "way_elderly_60", "verdict",
    )  # fmt: skip
    note = [Paragraph(rest, "note")] if rest else []
    return [
        chapter("gaps", language),
        section("gaps", language),
        *lines_of(content.gap_lines),
        *_causes(content),
        *frame_table(shown, columns, caption("gaps", language), language),
        *note,
        Paragraph(grade_line("gaps", content.grades, language), "note"),
        section("closing", language),
        *frame_table(shown, closing, caption("closing", language), language),
        *note,
    ]


def _causes(content: PlanContent) -> list[Block]:
    """Return persons left out by cause; small counts are withheld with what would tell them."""
    language = content.about.language
    gaps: Mapping[str, Any] = content.summary.get("gap_areas") or {}
    causes = gaps.get("by_cause")
    if not causes:
        return []
    order = [name for name in GAP_CAUSES if name in causes]
    order += [name for name in causes if name not in order]
    safe = without_small_parts(pd.DataFrame([[causes[name] for name in order]], columns=order))
    rows = tuple(
        (word(str(name), language), count(float(safe[name].iloc[0])) if causes[name] else "0")
        for name in order
    )
    head = (heading("cause", language), heading("uncovered_60", language))
    return [Table(head, rows, (False, True), caption("causes", language), (2.0, 1.0))]
