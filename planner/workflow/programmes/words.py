"""A programme in words: what the money does and how surely, and its three sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.coverage.capacity import unit_text
from planner.labels import Language, Message, enumerated, message, text
from planner.outputs.content import Told
from planner.outputs.sheet_columns import COLUMNS
from planner.outputs.words import MISSING, count, percent
from planner.siting.programmes.years import ONE_YEAR
from planner.workflow.programmes.found import FoundProgramme
from planner.workflow.programmes.pools import PooledRooms
from planner.workflow.programmes.rows import (
    measure_rows,
    unused_rows,
    year_rows,
    year_word,
)
from planner.workflow.programmes.summary import programme_notices, programme_summary
from planner.workflow.programmes.years import TEN_THOUSAND

SUMMED: Final = ("served", "shortfall", "walk")
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
    figured = {
        "before": count(figures["served_before_persons"]),
        "served": count(figures["served_persons"]),
        "short_before": count(figures["shortfall_before_m2"]),
        "short": count(figures["shortfall_m2"]),
    }
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
        **figured,
    )
    return [what + _besides(summary, figured, language), _how_surely(summary, language)]


def _besides(summary: Mapping[str, Any], figured: Mapping[str, Any], language: Language) -> str:
    """Return what closes or opens whatever is chosen, and which groups the area short is of."""
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
    if len(summary["by_year"]) > 1:
        first = min(summary["by_year"])
        told.append(text("programme_run.headline_first_groups", language, first=first))
    if summary["unknown_groups"]:
        number = summary["unknown_groups"]
        told.append(text("programme_run.headline_groups", language, count=number))
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
            status=message(f"programme.status_{summary['status']}"),
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


def goal_line(goal: Mapping[str, Any], language: Language, years: int = 1) -> str:
    """Return how far one goal is reached, its bound, gap and status, in words.

    Figures of several ``years`` are summed where the goal is of all of them, and say so.
    """
    is_sum = years > 1 and goal["year"] == ONE_YEAR and goal["goal"] in SUMMED
    name = f"{'summed' if is_sum else 'goal'}_{goal['goal']}"
    money = goal["goal"] == "money"
    figures = {
        key: None if goal[key] is None else goal[key] / (TEN_THOUSAND if money else 1.0)
        for key in ("value", "bound")
    }
    return text(
        "programme_run.goal",
        language,
        goal=message(f"programme_run.{name}"),
        value=_figure(figures["value"], money=money),
        bound=_figure(figures["bound"], money=money),
        gap=percent(goal["gap"]) if np.isfinite(goal["gap"]) else MISSING,
        status=message(f"programme_run.status_{goal['status']}"),
        scope=message(f"programme_run.scope_{goal['scope']}"),
        proof=message(f"programme_run.proof_{goal['proof']}"),
    )


def _figure(value: float | None, *, money: bool) -> str:
    if value is None or not np.isfinite(value):
        return MISSING
    return f"{value:,.1f}" if money else f"{value:,.0f}"


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
        "programme": Told(done.reset_index(drop=True), _done_lines(found, summary, language)),
        "programme_years": Told(years, _year_lines(found, summary, language)),
        "programme_unused": Told(unused, _unused_lines(found, summary, language)),
    }


def _done_lines(
    found: FoundProgramme, summary: Mapping[str, Any], language: Language
) -> tuple[str, ...]:
    """Return the opening lines of the measures: what they are made of and how they are judged."""
    lines = programme_lines(summary, language)
    lines.append(_unit_line(found, language))
    lines.append(text("programme_run.line_judged", language))
    for key, twice in (("promised", found.promised), ("sited", found.sited)):
        if twice:
            lines.append(
                text(
                    f"programme_run.line_{key}",
                    language,
                    count=len(twice),
                    sites=_named(found, twice),
                )
            )
    return tuple(lines)


def _named(found: FoundProgramme, ids: Iterable[Any]) -> Message:
    return enumerated(str(found.names.get(one, one)) for one in ids)


def _settled_lines(found: FoundProgramme, language: Language) -> list[str]:
    """Return which centres open or close whatever is chosen, and that weights do not count."""
    lines = []
    decided = found.decided
    if decided is not None and len(decided.centres):
        told = enumerated(
            message(
                "programme_run.decided_centre", name=str(found.names.get(one, one)), year=int(year)
            )
            for one, year in decided.centres["from_year"].items()
        )
        lines.append(text("programme_run.line_decided", language, centres=told))
        if decided.places_unknown:
            names = _named(found, decided.places_unknown)
            lines.append(text("programme_run.line_decided_unknown", language, centres=names))
    closed = () if found.plan is None else tuple(found.plan.asked.rules.must_close)
    if closed:
        names = _named(found, closed)
        lines.append(text("programme_run.line_closed_by_rule", language, centres=names))
    if found.weights:
        lines.append(text("programme_run.weights_not_counted", language))
    return lines


def _unit_line(found: FoundProgramme, language: Language) -> str:
    unit = found.settings.unit
    return text(f"programme_run.line_{unit}", language, unit=unit_text(unit, language))


def _year_lines(
    found: FoundProgramme, summary: Mapping[str, Any], language: Language
) -> tuple[str, ...]:
    """Return the opening lines of the years: each goal with its proof, and what is not known."""
    lines = [_unit_line(found, language), text("programme_run.line_order", language)]
    for number, goal in enumerate(summary["goals"], start=1):
        of = year_word(goal["year"], language)
        told = goal_line(goal, language, len(summary["by_year"]))
        lines.append(
            text("programme_run.line_goal", language, number=number, year=of, told=told)
            if goal["year"] != ONE_YEAR
            else text("programme_run.line_goal_of_all", language, number=number, told=told)
        )
    lines.append(text("programme_run.line_groups", language))
    lines += _settled_lines(found, language)
    for key in ("unknown_centres", "unknown_groups", "rows_unknown_demand"):
        if summary[key]:
            lines.append(text(f"programme_run.line_{key}", language, count=summary[key]))
    return tuple(lines)


def _pools_lines(pools: PooledRooms, found: FoundProgramme, language: Language) -> list[str]:
    """Return how many pools are on the menu, and which candidates are their rooms."""
    told = text("programme_run.line_pools", language, count=len(pools.sites))
    same = sorted({one for many in pools.rooms["same_as"] for one in many})
    if not same:
        return [told]
    names = enumerated(str(found.names.get(one, one)) for one in same)
    return [told, text("programme_run.line_same_rooms", language, sites=names)]


def _unused_lines(
    found: FoundProgramme, summary: Mapping[str, Any], language: Language
) -> tuple[str, ...]:
    """Return the opening lines of what could not be chosen: how many, and what would tell."""
    menu = summary["menu"]
    kinds = enumerated(
        message("programme_run.of_kind", kind=message(f"programme.kind_{kind}"), count=number)
        for kind, number in menu.items()
    )
    lines = [
        text(
            "programme_run.line_menu",
            language,
            menu=sum(menu.values()),
            kinds=kinds,
            done=summary["measures"],
            aside=sum(summary["set_aside"].values()),
        )
    ]
    if summary["candidates_left_out"]:
        left = {"count": summary["candidates_left_out"], "below": summary["candidates_below_class"]}
        area = summary["least_class_m2"]
        lines.append(text("programme_run.line_left_out", language, area=area, **left))
    if found.menu is not None and found.menu.pools is not None:
        lines += _pools_lines(found.menu.pools, found, language)
    if summary["lots_unknown"]:
        lines.append(text("programme_run.line_lots", language, count=summary["lots_unknown"]))
    lines += [one.text(language) for one in programme_notices(found)]
    return tuple(lines)
