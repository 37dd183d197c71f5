"""The years planned for in sentences: the headline, and the lines over their sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.workflow.years.plans import FoundYears
from planner.workflow.years.rows import AREA_COLUMNS


def year_lines(years: Mapping[str, Any] | None, language: Language) -> list[str]:
    """Return a sentence a year planned for, from ``years`` of ``summary.json``."""
    if years is None:
        return []
    plans = dict(years["plans"])
    base = plans.pop(str(years["base"]))
    lines = []
    for year, plan in plans.items():
        told = _people_line(year, plan, years["base"], base, language)
        area = "line_no_area" if plan["required_m2"] is None else "line_area"
        told += text(f"years.{area}", language, **{name: plan[name] for name in AREA_COLUMNS})
        if plan["unknown_groups"]:
            told += text(
                "years.line_unknown",
                language,
                groups=plan["unknown_groups"],
                required_m2=plan["unknown_required_m2"],
            )
        if plan["siting"] is None:
            told += text("years.line_end", language)
        elif plan["siting"]["given"]:
            told += _given_line(plan["siting"], language)
        else:
            told += _siting_line(plan["siting"], language)
        lines.append(told + _later_line(year, plan, language))
    for year, why in years["not_reckoned"].items():
        reason = "；".join(one[language] for one in why)
        lines.append(text("years.not_reckoned", language, year=year, reason=reason))
    return lines


def _siting_line(siting: Mapping[str, Any], language: Language) -> str:
    """Return what as many new centres as the project asks for bring; few are not told."""
    chosen, gain = len(siting["chosen"]), siting["gain"]
    if gain is None:
        return text("years.line_siting_withheld", language, chosen=chosen, least=LEAST_ELDERS)
    key = "line_siting_weights" if siting["is_weighted"] else "line_siting"
    return text(f"years.{key}", language, chosen=chosen, gain=gain)


def _given_line(siting: Mapping[str, Any], language: Language) -> str:
    """Return which sites of a chosen set are open in a year, and what they bring."""
    gain, sites = siting["gain"], siting["chosen"]
    return text(
        "siting_told.year_given" if sites else "siting_told.year_given_none",
        language,
        n=len(sites),
        sites=text("outputs.list_mark", language).join(sites),
        change=text("siting_told.not_told", language) if gain is None else f"{gain:+,.0f}",
    )


def _later_line(year: str, plan: Mapping[str, Any], language: Language) -> str:
    """Return which required sites a year does without, because they open only after it."""
    later = plan["required_later"]
    if not later:
        return ""
    sites = text("outputs.list_mark", language).join(
        text("siting_told.site_opens", language, site=one["id"], year=one["opens_year"])
        for one in later
    )
    siting = plan["siting"]
    given = siting is not None and siting["given"]
    key = "year_given_later" if given else "year_required_later"
    return text(f"siting_told.{key}", language, year=year, sites=sites)


def _people_line(
    year: str, plan: Mapping[str, Any], base_year: int, base: Mapping[str, Any], language: Language
) -> str:
    """Return the beginning of a year's sentence: its people, beside those of the base year.

    Where not the same communities are known, only those known in both years are compared.
    """
    elders, unknown, same = (
        plan[name] for name in ("elderly_60", "unknown_communities", "same_communities")
    )
    fields = {
        "year": year,
        "base": base_year,
        "total": elders["total"],
        "centres": plan["centres_open_placed"],
        "centres_base": base["centres_open_placed"],
    }
    if same is None:
        line = text(
            "years.line",
            language,
            **fields,
            total_base=base["elderly_60"]["total"],
            share=_percent(elders["share"], language),
            share_base=_percent(base["elderly_60"]["share"], language),
        )
    else:
        few = text("years.persons_few", language, least=LEAST_ELDERS)
        today = unknown["elderly_60_today"]
        line = text(
            "years.line_partial",
            language,
            **fields,
            count=unknown["count"],
            count_base=unknown["count_base"],
            today=few if today is None else text("years.persons", language, count=today),
        )
        if same["elderly_60"] is None:
            line += text("years.line_same_few", language, least=LEAST_ELDERS)
        else:
            shares = {name: _percent(same[name], language) for name in ("share", "share_base")}
            line += text("years.line_same", language, **(same | shares), base=base_year)
    homeless = plan["without_homes"]
    if homeless["communities"]:
        few = text("years.persons_few", language, least=LEAST_ELDERS)
        count = homeless["elderly_60"]
        line += text(
            "years.line_without_homes",
            language,
            communities=homeless["communities"],
            elders=few if count is None else text("years.persons", language, count=count),
        )
    return line


def sheet_lines(
    found: FoundYears | None, summary: Mapping[str, Any], language: Language
) -> tuple[str, ...]:
    """Return the lines over the sheet: a sentence a year, whose people they are, what is left out.

    Parameters
    ----------
    found
        The years, if any.
    summary
        The content of ``summary.json``.
    language
        Language of the lines.
    """
    if found is None:
        return (text("years.none", language),)
    told = [one.text(language) for one in found.notices]
    return (*year_lines(summary["years"], language), *told, text("years.small", language))


def _percent(share: float | None, language: Language) -> str:
    return text("workflow.no_share", language) if share is None else f"{share:.1%}"
