"""The figures that matter, a sentence each: what the shell prints and the README quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from planner.labels import DEFAULT_LANGUAGE, Language, text
from planner.ledgers import finding_text
from planner.outputs.words import count, word
from planner.standards.rulebooks.vocabulary import UNCHECKED_MARKS
from planner.workflow.covering.measure_words import circle_figures
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.programmes.words import programme_lines
from planner.workflow.siting.lines import siting_lines
from planner.workflow.standards.judging_words import clauses_line
from planner.workflow.standards.served_rows import beside_lines, readings
from planner.workflow.years.lines import year_lines

SEVERITIES: Final = ("grave", "doubt", "note")
LISTED_ALIKE: Final = 20
LISTED_FIRST: Final = 3
"""Findings of one rule in one file: all are listed up to 20, of more the first three."""


def _percent(share: float | None, language: Language) -> str:
    return text("workflow.no_share", language) if share is None else f"{share:.1%}"


def _tenths(ratio: float | None, language: Language) -> str:
    return text("workflow.no_share", language) if ratio is None else f"{ratio:.1f}"


def _kinds(kinds: Sequence[str], language: Language) -> str:
    mark = "、" if language == "zh" else ", "
    return mark.join(word(kind, language) for kind in kinds)


def headline(summary: Mapping[str, Any], language: Language = DEFAULT_LANGUAGE) -> list[str]:
    """Return a run's main figures as sentences.

    Parameters
    ----------
    summary
        The content of ``summary.json``.
    language
        Language of the sentences.
    """

    def say(key: str, **fields: Any) -> str:
        return text(f"workflow.headline_{key}", language, **fields)

    elders, places = summary["elderly_60"], summary["communities"]
    differ = places["why_rates_differ"]
    lines = [
        say(
            "coverage",
            minutes=summary["limit_minutes"],
            speed=summary["speed_m_s"],
            kinds=_kinds(summary["centre_kinds"], language),
            total=elders["total"],
            covered=elders["covered"],
            uncovered=elders["total"] - elders["covered"],
            share=_percent(elders["share"], language),
        ),
        say("uncovered", **summary["residents"]["elderly_60"]),
        say(
            "facilities",
            with_centre=places["with_centre"],
            urban=places["urban"],
            share=_percent(places["facility_share"], language),
        ),
        say(
            "why_differ",
            near=differ["centre_not_reached"]["communities"],
            left_out=differ["centre_not_reached"]["elderly_60_uncovered"],
            without=differ["reached_without_centre"]["communities"],
            walking=differ["reached_without_centre"]["elderly_60_covered"],
        ),
        say("circle", **circle_figures(summary)),
        _floor_area(summary, language),
        *beside_lines(summary["floor_area"], language),
    ]
    if "standards" in summary:
        lines.append(clauses_line(summary["standards"], language))
    if summary["siting"] is not None:
        lines += siting_lines(summary["siting"], language)
    lines += year_lines(summary.get("years"), language)
    programme = programme_lines(summary.get("programme"), language)
    if programme and summary["siting"] is not None and summary["siting"]["given"]:
        programme.append(text("siting_told.programme_beside", language))
    lines += programme
    rows = list(summary["ledgers"].values())
    counts = {
        name: sum(row[name] for row in rows)
        for name in ("rows_read", "rows_used", "rows_set_aside")
    }
    return [*lines, say("rows", **counts)]


def _floor_area(summary: Mapping[str, Any], language: Language) -> str:
    area, centres = summary["floor_area"], summary["centres"]
    ratio = area["per_100_elders_m2"]
    alike = next(one for one in summary["provision"]["ratios"] if one["ratio"] == "area")
    return text(
        "workflow.headline_floor_area",
        language,
        audited=centres["audited"],
        below=centres["below_area"],
        unknown=centres["unknown_result"],
        required=count(area["required_m2"]),
        held=count(area["held_m2"]),
        shortfall=count(area["shortfall_m2"]),
        groups_short=area["groups_short"],
        unknown_groups=area["unknown_groups"],
        reading=readings(area, area["served"], language),
        of=_kinds(area["per_100_elders_of"], language),
        all_held=area["all_held_m2"],
        per_100=_tenths(ratio, language),
        homes=_kinds(alike["kinds"], language),
        homes_per_100=_tenths(alike["value"], language),
        homes_unknown=alike["facilities_unknown"],
        cixi=alike["cixi"],
        book=area["book_title"][language],
        mark=_mark(area["marks"], language),
    )


def _mark(marks: Sequence[str], language: Language) -> str:
    """Return how well figures are known whose clauses have these marks."""
    if any(mark in UNCHECKED_MARKS for mark in marks):
        return text("standards.mark_to_check", language)
    told = [text(f"standards.weight_{'choice' if one == '-' else one}", language) for one in marks]
    return text("standards.marks_apart", language).join(told) or text("workflow.no_share", language)


def check_lines(ledgers: Ledgers, language: Language = DEFAULT_LANGUAGE) -> list[str]:
    """Return what a reading has to say: rows by ledger, then each finding, gravest first."""
    lines = []
    for row in _records(ledgers.rows.reset_index()):
        ledger = word(row.pop("ledger"), language)
        lines.append(text("workflow.check_rows", language, ledger=ledger, **row))
        if row["rows_added"]:
            lines.append(text("workflow.check_added", language, rows_added=row["rows_added"]))
    lines += [notice.text(language) for notice in ledgers.notices]
    findings = ledgers.findings
    for severity in SEVERITIES:
        found = findings[findings["severity"] == severity]
        counted = text(f"workflow.check_{severity}", language, count=len(found))
        lines += [counted, *_finding_lines(found, language)]
    return lines


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for _, row in table.iterrows()]


def _finding_lines(found: pd.DataFrame, language: Language) -> Iterable[str]:
    """Yield a line a finding; of a rule that speaks of many rows alike, the first few."""
    for (file, _), rows in found.groupby(["file", "key"], sort=False):
        listed = rows if len(rows) <= LISTED_ALIKE else rows.head(LISTED_FIRST)
        for _, row in listed.iterrows():
            key = "check_file" if pd.isna(row["row"]) else "check_row"
            told = finding_text(row, language)
            yield text(f"workflow.{key}", language, file=file, row=row["row"], told=told)
        if len(listed) < len(rows):
            more = len(rows) - len(listed)
            yield text("workflow.check_more", language, file=file, more=more)
