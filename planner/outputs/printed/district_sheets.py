"""The five sheets of a whole district."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
from geopandas import GeoDataFrame

from planner.labels import text
from planner.outputs.content import PlanContent
from planner.outputs.figures import standard_lines, subtitle
from planner.outputs.printed import names, tables_beside, themes
from planner.outputs.printed.looks import Group, Part, Sheet
from planner.outputs.words import MISSING, count, percent, shown, word
from planner.units import share

NUMBERED_GAPS: Final = 30
"""Gaps that are numbered on the map, and told with their cause."""

Bounds = tuple[float, float, float, float]


def bounds_of(*tables: GeoDataFrame) -> Bounds | None:
    """Return the bounds in metres of the first table that has any shape."""
    for table in tables:
        if len(table) and not table.geometry.is_empty.all():
            west, south, east, north = table.total_bounds.tolist()
            return west, south, east, north
    return None


def district_bounds(content: PlanContent) -> Bounds | None:
    """Return what a district's maps show; never the residents, whose outermost is a house."""
    return bounds_of(content.district, content.communities, content.centres, content.candidates)


def titled(content: PlanContent, sheet: str) -> str:
    """Return a sheet's title: the project's name and what is shown."""
    return text("printed.titled", content.about.language, project=content.about.title, sheet=sheet)


def chosen_of(content: PlanContent) -> GeoDataFrame:
    """Return the chosen candidates in the order of their gain."""
    chosen = content.candidates[content.candidates["state"] == "chosen"]
    return chosen.sort_values("rank", kind="stable", na_position="last")


def cause_words(content: PlanContent, gaps: pd.DataFrame) -> dict[Any, str]:
    """Return the cause of each gap, in words."""
    return {i: word(str(cause), content.about.language) for i, cause in gaps["cause"].items()}


def _sheet(
    content: PlanContent, key: str, told: str, parts: tuple[Part, ...], **more: Any
) -> Sheet:
    title = titled(content, text(f"printed.title_{key}", content.about.language))
    return Sheet(title, told, parts, district_bounds(content), **more)


def coverage_sheet(content: PlanContent) -> Sheet:
    """Return the map of communities by the share of elders who can walk to a centre."""
    elders, language = content.headline.elderly_60, content.about.language
    told = text(
        "printed.sub_coverage",
        language,
        share=percent(elders.share),
        covered=count(elders.covered),
        total=count(elders.total),
        uncovered=themes.elders_told(elders.uncovered, language),
        circle=subtitle(content.about),
    )
    groups = (
        themes.coverage(content, content.communities),
        themes.ground_below(content),
        themes.borders(content),
        themes.centres(content, content.centres),
    )
    communities = names.of_communities(content.communities, names.COMMUNITY_SIZE)
    labels = (*names.of_streets(content.communities), *communities)
    return _sheet(content, "coverage", told, (Part(groups, labels),))


def gaps_sheet(content: PlanContent) -> Sheet:
    """Return the map of gap areas with their causes."""
    language, gaps = content.about.language, content.gap_areas
    circle = subtitle(content.about)
    told = text("printed.sub_no_gaps", language, circle=circle)
    if len(gaps):
        grades = gaps["grade"].value_counts()
        told = text(
            "printed.sub_gaps",
            language,
            n=len(gaps),
            elders=count(float(gaps["gap_elderly_60"].sum())),
            red=int(grades.get("red", 0)),
            orange=int(grades.get("orange", 0)),
            circle=circle,
        )
    groups = (
        themes.ground_below(content),
        themes.gaps(content, gaps),
        themes.borders(content),
        themes.new_ways(content),
        themes.centres(content, content.centres),
    )
    labels = (
        *names.of_gaps(gaps.iloc[:NUMBERED_GAPS], cause_words(content, gaps)),
        *names.of_streets(content.communities),
    )
    tables = (tables_beside.gap_causes(content, gaps), tables_beside.gap_list(content, gaps))
    return _sheet(content, "gaps", told, (Part(groups, labels),), tables=tables)


def centres_sheet(content: PlanContent) -> Sheet:
    """Return the map of centres against the standard; those that fail are named."""
    language, headline, centres = content.about.language, content.headline, content.centres
    results = centres["result"]
    found = {name: int((results == name).sum()) for name in ("meets", "short", "unknown")}
    told = text(
        "printed.sub_centres",
        language,
        judged=sum(found.values()),
        shortfall=shown("shortfall_m2", headline.shortfall_m2, language),
        book=standard_lines(content.about)[0],
        **found,
    )
    groups = (
        themes.ground_below(content),
        themes.borders(content),
        themes.centres(content, centres),
    )
    failing = centres[results.isin(["short", "unknown"])]
    labels = (*names.of_streets(content.communities), *names.of_points(failing))
    notes = (text("outputs.legend_by_group", language), standard_lines(content.about)[2])
    tables = (tables_beside.short_centres(content),)
    return _sheet(content, "centres", told, (Part(groups, labels),), tables=tables, notes=notes)


def plan_told(content: PlanContent) -> str:
    """Return what the chosen sites come to, in a sentence."""
    siting, language = content.siting, content.about.language
    if siting is None:
        return text("printed.sub_no_siting", language)
    total = content.headline.elderly_60.total
    before, after = siting.covered_before, siting.covered_after
    gain = MISSING
    if before is not None and after is not None:
        gain = themes.elders_told(after - before, language)
    return text(
        "printed.sub_siting",
        language,
        n=len(siting.chosen),
        before=MISSING if before is None else percent(share(before, total)),
        after=MISSING if after is None else percent(share(after, total)),
        gain=gain,
        status=siting.status.rstrip("。."),
    )


def _by_rule(content: PlanContent) -> tuple[str, ...]:
    if content.siting is None or not content.siting.is_by_rule:
        return ()
    return (text("printed.by_rule", content.about.language),)


def siting_sheet(content: PlanContent) -> Sheet:
    """Return the map of candidates and of those chosen, over coverage as it is today."""
    chosen = chosen_of(content)
    groups = (
        themes.coverage(content, content.communities),
        themes.ground_below(content),
        themes.borders(content),
        themes.centres(content, content.centres),
        themes.candidates(content, content.candidates, ("usable", "to_visit", "barred")),
        themes.candidates(content, content.candidates, ("chosen",)),
    )
    labels = (*names.of_sites(chosen), *names.of_streets(content.communities))
    tables = (tables_beside.chosen_sites(content, chosen),)
    told = plan_told(content)
    notes = _by_rule(content)
    return _sheet(content, "siting", told, (Part(groups, labels),), tables=tables, notes=notes)


def before_after_sheet(content: PlanContent) -> Sheet:
    """Return coverage today beside coverage with the chosen sites, at one scale."""
    language, communities = content.about.language, content.communities
    common = (themes.ground_below(content), themes.borders(content))
    operating = themes.centre_classes(content.centres).isin(["meets", "short", "unknown"])
    centres = themes.centres(content, content.centres[operating.to_numpy()])
    labels = names.of_streets(communities)
    chosen = chosen_of(content)
    groups: tuple[Group, ...] = (
        themes.coverage(content, communities, title=text("printed.legend_before", language)),
        *common,
        centres,
    )
    parts = [Part(groups, labels, text("printed.part_before", language))]
    if "share_60_after" in communities:
        title = text("printed.legend_after", language)
        groups = (
            themes.coverage(content, communities, "share_60_after", title),
            *common,
            centres,
            themes.candidates(content, content.candidates, ("chosen",)),
        )
        sites = names.of_sites(chosen)
        parts.append(Part(groups, (*sites, *labels), text("printed.part_after", language)))
    tables = (tables_beside.chosen_sites(content, chosen),)
    told = plan_told(content)
    notes = _by_rule(content)
    return _sheet(content, "before_after", told, tuple(parts), tables=tables, notes=notes)


DISTRICT_SHEETS: Final[dict[str, Callable[[PlanContent], Sheet]]] = {
    "coverage": coverage_sheet,
    "gaps": gaps_sheet,
    "centres": centres_sheet,
    "siting": siting_sheet,
    "before_after": before_after_sheet,
}
