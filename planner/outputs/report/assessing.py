"""The first part, 评估报告: summary, method, standards, how sure the figures are, limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS, PlanContent
from planner.outputs.figures import method_lines
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
from planner.outputs.words import MISSING, count, heading, percent, word
from planner.units import share

MOST_CLAUSES: Final = 60
CURVE_MINUTES: Final = (5.0, 10.0, 15.0, 20.0, 30.0)


def summary_chapter(content: PlanContent) -> list[Block]:
    """Return the five figures that matter, and the run's own sentences."""
    language = content.about.language
    head = tuple(say(name, language) for name in ("indicator", "value", "meaning"))
    rows = five_figures(content)
    return [
        chapter("summary", language),
        section("five", language),
        Table(head, rows, (False, True, False), caption("five", language), (1.5, 0.9, 2.2), True),
        section("conclusions", language),
        *lines_of(content.headline_lines),
    ]


def five_figures(content: PlanContent) -> tuple[tuple[str, str, str], ...]:
    """Return the five figures of the summary: what, how much, of what."""
    language, head = content.about.language, content.headline
    elders, siting = head.elderly_60, content.siting
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("walking", percent(elders.share), {"part": elders.covered, "whole": elders.total}),
        (
            "uncovered",
            few(elders.uncovered, language),
            {"part": few(head.elderly_80.uncovered, language)},
        ),
        (
            "facility",
            percent(head.facility_share),
            {"part": head.communities_with_centre, "whole": head.communities},
        ),
        (
            "shortfall",
            count(head.shortfall_m2),
            {"part": head.held_m2, "whole": head.required_m2},
        ),
    ]
    if siting is None:
        below = {"part": head.centres_unknown, "whole": head.centres_open}
        rows.append(("below", count(head.centres_below), below))
    else:
        covered = siting.covered_after
        after = None if covered is None else share(covered, elders.total)
        sites = {"sites": len(siting.chosen), "part": covered}
        rows.append(("after", percent(after), sites | {"status": siting.status}))
    return tuple(
        (
            say(f"five_{name}", language),
            value,
            say(f"five_{name}_of", language, **{key: _told(one) for key, one in fields.items()}),
        )
        for name, value, fields in rows
    )


def _told(value: float | str | None) -> str:
    return value if isinstance(value, str) else count(value)


def method_chapter(content: PlanContent) -> list[Block]:
    """Return how the figures were made, by whose data, and how well each clause is known."""
    language, about = content.about.language, content.about
    judged, lines = told(content, "judged")
    clauses: list[Block] = []
    if len(judged):
        names = ["judged_what", "force", "judged_source", "judged_mark"]
        known = judged[[name for name in names if name in judged]].drop_duplicates()
        known = known.sort_values([name for name in names[2:] if name in known], kind="stable")
        shown, rest = first_rows(known, MOST_CLAUSES, language)
        clauses = [
            section("standards", language),
            *lines_of(lines),
            *frame_table(shown, names, caption("clauses", language), language),
            Paragraph(say("clauses_note", language), "note"),
            *([Paragraph(rest, "note")] if rest else []),
        ]
    return [
        chapter("method", language),
        section("method", language),
        *lines_of(method_lines(about)),
        section("sources", language),
        *lines_of(text("report.source", language, whose=one) for one in about.attributions),
        *frame_table(
            content.reconciliation,
            ("quantity", "ledger", "control", "difference", "share", "remark"),
            caption("reconciliation", language),
            language,
        ),
        *clauses,
    ]


def standards_chapter(content: PlanContent) -> list[Block]:
    """Return the centres against the standards: areas, grades, levels of provision."""
    language = content.about.language
    counts, lines = told(content, "grade_counts")
    grades, _ = told(content, "centre_grades")
    levels, provision = told(content, "provision")
    if len(levels) and "street" in levels:
        levels = levels.loc[[not isinstance(one, str) or not one for one in levels["street"]]]
    grade_columns = (
        "graded_by", "graded_name", "graded_centres", "grade_met", "grade_near", "grade_wide",
        "grade_severe", "grade_unknown",
    )  # fmt: skip
    centre_columns = (
        "name", "street", "centre_grade", "breaches_must", "breaches_should", "judged_unknown",
        "grade_why",
    )  # fmt: skip
    level_columns = (
        "tier", "tier_open", "tier_m2", "tier_m2_unknown", "per_100_elders_m2",
        "per_1000_elders_beds", "per_10000_elders_carers",
    )  # fmt: skip
    figures = [*overview_figures(content, "facilities"), *overview_figures(content, "area")]
    return [
        chapter("standards", language),
        section("area", language),
        *figure_table(figures, caption("area", language), language),
        *lines_of(told(content, "served")[1][:2]),
        section("grades", language),
        *lines_of(lines),
        *frame_table(counts, grade_columns, caption("grades", language), language),
        *frame_table(grades, centre_columns, caption("centres", language), language),
        Paragraph(say("centres_note", language), "note"),
        section("provision", language),
        *frame_table(levels, level_columns, caption("provision", language), language),
        *lines_of(provision, "small"),
    ]


def certainty_chapter(content: PlanContent) -> list[Block]:
    """Return how far the figures move with pace and limit, and how evenly people are served."""
    language = content.about.language
    curve, curve_lines = told(content, "curve")
    equity, equity_lines = told(content, "equity")
    _, access_lines = told(content, "access")
    if len(equity) and "street" in equity:
        equity = equity.loc[[not isinstance(one, str) or not one for one in equity["street"]]]
    verdicts: Mapping[str, Any] = (content.summary.get("gap_areas") or {}).get("by_verdict", {})
    sure = tuple(
        (word(name, language), count(number)) for name, number in verdicts.items() if name != "none"
    )
    head = (heading("verdict", language), say("gap_count", language))
    tables: list[Block] = []
    if sure:
        table = Table(head, sure, (False, True), caption("verdicts", language), (2.0, 1.0))
        tables = [Paragraph(say("verdicts", language)), table]
    return [
        chapter("certainty", language),
        section("pace", language),
        *lines_of(curve_lines),
        *_curve(curve, language),
        *tables,
        section("equity", language),
        *lines_of(equity_lines),
        *frame_table(
            equity,
            ("equity_of", "equity_persons", "equity_mean", "equity_gini", "equity_palma",
             "equity_concentration", "equity_mean_80", "equity_ratio_80"),
            caption("equity", language),
            language,
        ),
        section("capacity", language),
        *lines_of(content.capacity_lines),
        *lines_of(access_lines, "small"),
    ]  # fmt: skip


def _curve(curve: pd.DataFrame, language: Language) -> list[Block]:
    """Return who can walk there within a few limits, a row a walker."""
    if curve.empty:
        return []
    minutes = [one for one in CURVE_MINUTES if one in set(curve["curve_minutes"])]
    if not minutes:
        return []
    rows = []
    for walker, points in curve.groupby("curve_walker", sort=False):
        shares = dict(zip(points["curve_minutes"], points["curve_share_60"], strict=True))
        rows.append((str(walker), *(percent(shares.get(one)) for one in minutes)))
    head = [say("minutes", language, minutes=f"{one:g}") for one in minutes]
    return [
        Table(
            (heading("curve_walker", language), *head),
            tuple(rows),
            (False, *(True for _ in minutes)),
            caption("curve", language),
        )
    ]


def limits_chapter(content: PlanContent) -> list[Block]:
    """Return what the figures do not say, and what the reader must know."""
    language = content.about.language
    kinds = ("reach", "marks", "spread", "visit", "paper")
    return [
        chapter("limits", language),
        *lines_of(say(f"limit_{name}", language, least=LEAST_ELDERS) for name in kinds),
        section("notices", language),
        *(lines_of(one.text(language) for one in content.notices) or [Paragraph(MISSING)]),
        *lines_of(content.estimated_lines),
    ]
