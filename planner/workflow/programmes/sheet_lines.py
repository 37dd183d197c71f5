"""The opening lines of a programme's three sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from planner.coverage.capacity import unit_text
from planner.labels import Language, Message, enumerated, message, text
from planner.outputs.words import count
from planner.siting.programmes.years import ONE_YEAR
from planner.workflow.programmes.found import FoundProgramme
from planner.workflow.programmes.goal_words import UNKNOWN, goal_line
from planner.workflow.programmes.pools import PooledRooms
from planner.workflow.programmes.summary import programme_notices
from planner.workflow.programmes.year_rows import year_word


def done_lines(
    found: FoundProgramme, headline: Iterable[str], language: Language
) -> tuple[str, ...]:
    """Return the opening lines of the measures: what they are made of and how they are judged.

    Parameters
    ----------
    found
        The programme.
    headline
        Its sentences of the run's headline.
    language
        Language of the lines.
    """
    lines = list(headline)
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


def year_lines(
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
    statuses = {one["goal"]: one["status"] for one in summary["goals"]}
    if not summary["unknown_groups"] < summary["groups"] and statuses.get("weighted") not in (
        None, UNKNOWN,
    ) and found.settings.goal_weights.get("shortfall"):  # fmt: skip
        lines.append(text("programme_run.line_weighted_without_area", language))
    has_years = ONE_YEAR not in summary["by_year"]
    lines.append(text(f"programme_run.line_groups{'' if has_years else '_today'}", language))
    if summary["opens_later"]:
        sites = opening_years(
            {str(found.names.get(one, one)): year for one, year in summary["opens_later"].items()}
        )
        lines.append(text("programme_run.line_opens_later", language, sites=sites))
    lines += _settled_lines(found, language)
    return (*lines, *_unknown_lines(found, summary, language))


def _unknown_lines(
    found: FoundProgramme, summary: Mapping[str, Any], language: Language
) -> list[str]:
    """Return what is not known, and what counts of it all the same."""
    lines = [
        text(f"programme_run.line_{key}", language, count=summary[key])
        for key in ("unknown_centres", "unknown_groups", "rows_unknown_demand")
        if summary[key]
    ]
    if found.unknown_added_to:
        names = _named(found, found.unknown_added_to)
        lines.append(text("programme_run.line_unknown_added_to", language, centres=names))
    known = [
        message(
            "programme_run.required_in",
            year=year_word(year, language)
            if year == ONE_YEAR
            else message("programme_run.in_year", year=year),
            m2=count(figures["unknown_required_m2"]),
        )
        for year, figures in summary["by_year"].items()
        if figures["unknown_required_m2"] is not None
    ]
    if known:
        lines.append(text("programme_run.line_required", language, years=enumerated(known)))
    return lines


def opening_years(sites: Mapping[str, int]) -> Message:
    """Return places with the year in which each opens, in words."""
    return enumerated(
        message("programme_run.opens_in", name=name, year=year) for name, year in sites.items()
    )


def required_words(required_m2: float | None, language: Language) -> str:
    """Return what groups of unknown area are known to require; nothing where nobody knows it."""
    if required_m2 is None:
        return ""
    return text("programme_run.known_required", language, m2=count(required_m2))


def _pools_lines(pools: PooledRooms, found: FoundProgramme, language: Language) -> list[str]:
    """Return how many pools are on the menu, and which candidates are their rooms."""
    told = text("programme_run.line_pools", language, count=len(pools.sites))
    same = sorted({one for many in pools.rooms["same_as"] for one in many})
    if not same:
        return [told]
    names = enumerated(str(found.names.get(one, one)) for one in same)
    return [told, text("programme_run.line_same_rooms", language, sites=names)]


def unused_lines(
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
