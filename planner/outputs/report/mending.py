"""The second part, 整改方案: what each failing centre needs, and where the next go."""

from __future__ import annotations

from typing import Final

import pandas as pd

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS, CentrePage, PlanContent
from planner.outputs.figures import FINE_PERCENT, Figure, plan_figures
from planner.outputs.report.blocks import (
    Block,
    Heading,
    Paragraph,
    Table,
    figure_table,
    first_rows,
    frame_table,
    lines_of,
    told,
)
from planner.outputs.report.phrases import caption, chapter, say, section
from planner.outputs.words import MISSING, count, heading

MOST_INLINE: Final = 20
"""Failing centres told in the chapter itself; of more, all stand in an annex."""

MOST_ZONES: Final = 20
MOST_POINTS: Final = 40


def remedies_chapter(content: PlanContent) -> list[Block]:
    """Return the failing centres: a list of all, and a block each, here or in the annex."""
    language, pages = content.about.language, content.centre_pages
    # What both sheets say is said of the measures; the rest is about how the sheets are used.
    listed = set(told(content, "defects")[1])
    lines = [one for one in content.centre_page_lines if one in listed]
    blocks: list[Block] = [
        chapter("remedies", language),
        *lines_of(lines[:1]),
        *lines_of(lines[1:], "small"),
    ]
    if not pages:
        return [*blocks, Paragraph(say("no_failing", language))]
    labels = list(dict.fromkeys(label for page in pages for label, _ in page.facts))
    rows = tuple(
        (str(number), page.title, *(dict(page.facts).get(one, MISSING) for one in labels))
        for number, page in enumerate(pages, start=1)
    )
    figures = [
        2 * sum(_is_number(row[place]) for row in rows) > len(rows)
        for place in range(2 + len(labels))
    ]
    head = (say("number", language), heading("name", language), *labels)
    blocks.append(Table(head, rows, tuple(figures), caption("failing", language)))
    if len(pages) > MOST_INLINE:
        return [*blocks, Paragraph(say("in_annex", language, count=len(pages)))]
    return [*blocks, *centre_blocks(content)]


def _is_number(value: str) -> bool:
    return value == MISSING or value.replace(",", "").replace(".", "").isdigit()


def remedies_annex(content: PlanContent) -> list[Block]:
    """Return a block each failing centre where they are too many for the chapter."""
    language, pages = content.about.language, content.centre_pages
    if len(pages) <= MOST_INLINE:
        return []
    return [
        Heading(say("annex_centres", language), "annex"),
        Paragraph(say("annex_centres_note", language, count=len(pages)), "small"),
        *centre_blocks(content),
    ]


def centre_blocks(content: PlanContent) -> list[Block]:
    """Return what each failing centre is, what it lacks and what is to be done, none left out."""
    language = content.about.language
    blocks: list[Block] = []
    for number, page in enumerate(content.centre_pages, start=1):
        blocks += _centre(number, page, language)
    return blocks


def _centre(number: int, page: CentrePage, language: Language) -> list[Block]:
    mark = text("outputs.clause_mark", language)
    labelled = [
        text("outputs.labelled", language, label=label, value=value) for label, value in page.facts
    ]
    names = ("number", "clause", "asked", "has", "short", "weight")
    findings = Table(
        tuple(text(f"remedies.page_{name}", language) for name in names),
        tuple((str(place), *one) for place, one in enumerate(page.findings, start=1)),
        (False,) * 6,
        "",
        (0.65, 3.2, 1.7, 1.7, 1.9, 1.4),
    )
    names = ("number", "measure", "state", "m2", "cost", "priority")
    measures = Table(
        tuple(text(f"remedies.page_{name}", language) for name in names),
        tuple(
            (str(place), what, state, _square_metres(m2), _cost(cost, language), priority)
            for place, (what, m2, cost, priority, state) in enumerate(page.measures, start=1)
        ),
        (False, False, False, True, True, False),
        "",
        (0.65, 3.4, 2.1, 1.0, 1.5, 1.3),
    )  # fmt: skip
    title = say("centre", language, number=number, name=page.title)
    return [
        Heading(title, "item"),
        *lines_of([mark.join(labelled)], "small"),
        findings,
        measures if page.measures else Paragraph(say("no_measures", language), "note"),
        *(
            Paragraph(text("outputs.labelled", language, label=label, value=value), "note")
            for label, value in page.lines
        ),
    ]


def _square_metres(value: float | None) -> str:
    return MISSING if value is None else f"{value:,.1f}"


def _cost(cost: float | str | None, language: Language) -> str:
    if cost is None:
        return text("remedies.page_unknown_cost", language)
    return cost if isinstance(cost, str) else count(cost)


def siting_chapter(content: PlanContent) -> list[Block]:
    """Return where the next centres go, and how surely no plan of as many does more."""
    language, siting = content.about.language, content.siting
    if siting is None:
        return [chapter("siting", language), Paragraph(text("outputs.page_no_plan", language))]
    gains, gain_lines = told(content, "site_gains")
    near, near_lines = told(content, "near_plans")
    curve, curve_lines = told(content, "site_curve")
    zones, zone_lines = told(content, "zones")
    zones, zones_left = first_rows(zones, MOST_ZONES, language)
    curve, curve_left = first_rows(curve, MOST_POINTS, language)
    _, gap_lines = told(content, "gap_sites")
    return [
        chapter("siting", language),
        section("plan", language),
        *figure_table(plan_figures(content), caption("plan", language), language),
        *lines_of(siting.lines),
        section("proof", language),
        *lines_of(proof_lines(content)),
        section("sites", language),
        *_chosen(content),
        *lines_of(gain_lines),
        *frame_table(
            gains,
            ("rank", "name", "gain_60", "gain_80", "gain_communities", "cost_10k_yuan",
             "loss_replacement"),
            caption("gains", language),
            language,
        ),
        *lines_of(gap_lines),
        section("near", language),
        *lines_of(near_lines),
        *frame_table(
            near,
            ("rank", "near_new", "near_left_out", "near_60", "near_worse", "near_status"),
            caption("near", language),
            language,
        ),
        section("points", language),
        *lines_of(curve_lines),
        *frame_table(
            curve,
            ("site_number", "site_covered_60", "site_share_60", "site_gain_of_one", "site_status"),
            caption("points", language),
            language,
        ),
        *([Paragraph(curve_left, "note")] if curve_left else []),
        section("zones", language),
        *lines_of(zone_lines),
        *frame_table(
            zones,
            ("name", "zone_community", "zone_60", "zone_walk_minutes",
             "zone_walk_minutes_largest"),
            caption("zones", language),
            language,
        ),
        *([Paragraph(zones_left, "note")] if zones_left else []),
    ]  # fmt: skip


def proof_lines(content: PlanContent) -> tuple[str, ...]:
    """Return in plain words how good the plan is known to be."""
    siting, language = content.siting, content.about.language
    if siting is None:
        return ()
    fields = {
        "sites": siting.new_centres,
        "chosen": len(siting.chosen),
        "before": count(siting.covered_before),
        "after": count(siting.covered_after),
        "bound": count(siting.bound),
        "gap": Figure("", siting.gap, FINE_PERCENT).shown(),
        "status": siting.status,
        "least": LEAST_ELDERS,
    }
    given = text("siting_told.proof_given", language, **fields) if siting.is_given else None
    if siting.is_withheld:
        key = "proof_withheld"
    elif siting.bound is None:
        key = "proof_weights"
    else:
        key = "proof_best" if siting.gap <= 0 else "proof_gap"
    kept = siting.fewest_kept
    fewest = {
        "sites": len(siting.fewest_chosen),
        "kept": kept,
        "both": len(siting.fewest_chosen) + (kept or 0),
        "status": siting.fewest_status,
    }
    asked = (say("proof_what", language, **fields), say(key, language, **fields))
    return (
        *(asked if given is None else (given,)),
        say("proof_recount", language),
        say("proof_fewest" if kept is None else "proof_fewest_closing", language, **fewest),
    )


def _chosen(content: PlanContent) -> list[Block]:
    """Return the chosen sites in their order, and what their audit in advance found."""
    language = content.about.language
    table = pd.DataFrame(content.candidates.drop(columns="geometry", errors="ignore"))
    if "state" not in table or table.empty:
        return []
    table = table.loc[table["state"] == "chosen"].sort_values("rank", kind="stable")
    columns = ("rank", "name", "candidate_kind", "area_m2", "area_kind", "tenure", "acquisition",
               "cost_10k_yuan", "centre_grade")  # fmt: skip
    breaches = ("rank", "name", "site_breaches", "reasons")
    return [
        *frame_table(table, columns, caption("chosen", language), language),
        *frame_table(table, breaches, caption("site_audit", language), language),
    ]
