"""A programme in words: what the money does and how surely, and its three sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from planner.coverage.capacity import unit_text
from planner.labels import Language, enumerated, message, text
from planner.outputs.content import Told
from planner.outputs.sheet_columns import COLUMNS
from planner.outputs.words import MISSING, count
from planner.siting.programmes.years import ONE_YEAR
from planner.workflow.programmes.found import FoundProgramme
from planner.workflow.programmes.goal_words import goal_line
from planner.workflow.programmes.rows import measure_rows, unused_rows
from planner.workflow.programmes.sheet_lines import (
    done_lines,
    opening_years,
    required_words,
    unused_lines,
    year_lines,
)
from planner.workflow.programmes.summary import programme_summary
from planner.workflow.programmes.year_rows import year_rows, year_word
from planner.workflow.programmes.years import TEN_THOUSAND

SHEETS: Final = ("programme", "programme_years", "programme_unused")


def programme_lines(summary: Mapping[str, Any] | None, language: Language) -> list[str]:
    """Return two sentences from ``programme`` of ``summary.json``: what for which money, how sure.

    None where the project asks for no programme, or where its years could not be reckoned.
    """
    if summary is None or summary["by_year"] is None:
        return []
    years = summary["by_year"]
    last = list(years)[-1]
    figures = years[last]
    budgets = [one["budget_yuan"] for one in years.values()]
    told = [
        message(
            "programme_run.of_kind", kind=message(f"programme.kind_{kind}"), count=number
        )
        for kind, number in summary["by_kind"].items()
    ]  # fmt: skip
    unit = unit_text(summary["unit"], language)
    money = sum(budgets) if None not in budgets else None
    areas = {
        "short_before": count(figures["shortfall_before_m2"]),
        "short": count(figures["shortfall_m2"]),
    }
    known = figures["shortfall_m2"] is not None
    changed = "area_change" if known else "area_unknown"
    figured = {
        "before": count(figures["served_before_persons"]),
        "served": count(figures["served_persons"]),
        "area": message(f"programme_run.{changed}", missing=MISSING, **areas),
    }
    now = message(f"programme_run.{'area_now' if known else changed}", missing=MISSING, **areas)
    what = text(
        "programme_run.headline_done" if told else "programme_run.headline_nothing",
        language,
        asked=_money_asked(summary, money, language),
        spent=f"{summary['cost_yuan'] / TEN_THOUSAND:,.1f}",
        measures=summary["measures"],
        kinds=enumerated(told),
        year=year_word(last, language)
        if last == ONE_YEAR
        else text("programme_run.in_year", language, year=last),
        unit=unit,
        persons=count(figures["asked_persons"]),
        **(figured if told else figured | {"area": now}),
    )
    return [what + _besides(summary, figured, language), _how_surely(summary, language)]


def _besides(summary: Mapping[str, Any], figured: Mapping[str, Any], language: Language) -> str:
    """Return what closes or opens whatever is chosen or later, and of what the area short is."""
    told = []
    closed, decided = summary["closed_by_rule"], summary["decided_centres"]
    if closed:
        names = enumerated(closed)
        told.append(text("programme_run.headline_closed", language, closed=names, **figured))
    if decided:
        centres = enumerated(
            message("programme_run.decided_centre", name=one, year=year)
            for one, year in decided.items()
        )
        told.append(text("programme_run.headline_decided", language, centres=centres))
    if summary["opens_later"]:
        sites = opening_years(summary["opens_later"])
        told.append(text("programme_run.headline_opens_later", language, sites=sites))
    unknown = summary["unknown_groups"]
    is_known = unknown < summary["groups"]
    if len(summary["by_year"]) > 1 and is_known:
        first = min(summary["by_year"])
        told.append(text("programme_run.headline_first_groups", language, first=first))
    if unknown or not is_known:
        key = "headline_groups" if is_known else "headline_groups_all"
        required = list(summary["by_year"].values())[-1]["unknown_required_m2"]
        told.append(
            text(
                f"programme_run.{key if unknown else 'headline_groups_none'}",
                language,
                count=unknown,
                required=required_words(required, language),
            )
        )
    return "".join(told if language == "zh" else [f" {one}" for one in told])


def _money_asked(summary: Mapping[str, Any], money: float | None, language: Language) -> str:
    if money is not None:
        return text("programme_run.asked_money", language, money=f"{money / TEN_THOUSAND:,.1f}")
    target = count(summary["target_persons"])
    key = "asked_reached" if summary["is_reached"] else "asked_missed"
    return text(
        f"programme_run.{key}", language, target=target, most=count(summary["most_persons"])
    )


def _how_surely(summary: Mapping[str, Any], language: Language) -> str:
    goals, years = summary["goals"], len(summary["by_year"])
    # Of the least money for a target the bound on the money is what tells.
    first = next((one for one in goals if one["goal"] == "money"), goals[0])
    first = goals[0] if summary["target_persons"] is None else first
    aside, audit = sum(summary["set_aside"].values()), summary["audit"]
    parts = [
        text(
            "programme_run.headline_proof",
            language,
            status=_status(summary, language),
            first=goal_line(first, language, years),
            walked=message(f"programme_run.walked_{str(summary['walked_on_streets']).lower()}"),
        )
    ]
    if audit is not None:
        grades = enumerated(
            message("judging.headline_grade", grade=message(f"judging.grade_{grade}"), count=number)
            for grade, number in audit["grades"].items()
        )
        parts.append(
            text(
                "programme_run.headline_audit",
                language,
                sites=audit["sites"],
                grades=grades,
                must=audit["breaches"]["应"],
                should=audit["breaches"]["宜"],
                to_visit=audit["to_visit"],
            )
        )
    if aside:
        parts.append(text("programme_run.headline_aside", language, count=aside))
    return text("programme.sentence_mark", language).join(parts)


def _status(summary: Mapping[str, Any], language: Language) -> str:
    """Return how sure the goals are; a shortfall of which nothing is known is no part of that."""
    told = text(f"programme.status_{summary['status']}", language)
    if summary["unknown_groups"] and summary["unknown_groups"] == summary["groups"]:
        told += text("programme_run.status_not_of_unknown", language)
    return told


def programme_sheets(found: FoundProgramme | None, language: Language) -> dict[str, Told]:
    """Return the sheets ``programme``, ``programme_years`` and ``programme_unused``.

    They are empty where the project asks for none.
    """
    if found is None or found.plan is None:
        return {key: Told(pd.DataFrame(columns=list(COLUMNS[key]))) for key in SHEETS}
    summary = programme_summary(found)
    if summary is None:
        return {}
    done = measure_rows(found, language).reindex(columns=list(COLUMNS["programme"]))
    years = year_rows(found, language)[list(COLUMNS["programme_years"])]
    unused = unused_rows(found, language)[list(COLUMNS["programme_unused"])]
    return {
        "programme": Told(
            done.reset_index(drop=True),
            done_lines(found, programme_lines(summary, language), language),
        ),
        "programme_years": Told(years, year_lines(found, summary, language)),
        "programme_unused": Told(unused, unused_lines(found, summary, language)),
    }
