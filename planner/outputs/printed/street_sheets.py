"""A page a sub-district: today, gaps, plan, and the projects; and the index before them."""

from __future__ import annotations

from typing import Final

from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from planner.labels import text
from planner.outputs.content import LEAST_ELDERS, PlanContent
from planner.outputs.printed import names, tables_beside, themes
from planner.outputs.printed.district_sheets import (
    bounds_of,
    cause_words,
    chosen_of,
    district_bounds,
    titled,
)
from planner.outputs.printed.looks import Group, Label, Part, Sheet
from planner.outputs.words import MISSING, is_missing, percent, shown

FIRST_PAGE: Final = 2
"""The index is the first page."""


def streets_of(content: PlanContent) -> tuple[str, ...]:
    """Return the sub-districts that have communities, in the order of the workbook's table."""
    here = {str(name) for name in content.communities["street"].dropna()}
    told = [str(name) for name in content.streets_table.index if str(name) in here]
    return (*told, *sorted(here - set(told)))


def _within(table: GeoDataFrame, land: BaseGeometry) -> GeoDataFrame:
    """Return what stands on some land, at least in part."""
    if not len(table):
        return table
    return table[table.geometry.intersects(land).to_numpy()]


def _share_told(elders: float, covered: float, share: float, language: str) -> str:
    """Return a share; only about, where its figures would tell of a few persons."""
    few = any(0 < part < LEAST_ELDERS for part in (covered, elders - covered))
    if not few or is_missing(share):
        return percent(share)
    return text("printed.about_share", "zh" if language == "zh" else "en", share=f"{share:.0%}")


def street_figures(content: PlanContent, street: str) -> dict[str, str]:
    """Return a sub-district's figures as they are told."""
    language = content.about.language
    table = content.streets_table
    if street not in table.index:
        return dict.fromkeys(("elders", "share", "centres", "shortfall"), MISSING)
    row = table.loc[street].to_dict()
    elders, covered = float(row["elderly_60"]), float(row["covered_60"])
    return {
        "elders": themes.elders_told(elders, language),
        "share": _share_told(elders, covered, float(row["share_60"]), language),
        "centres": shown("centres_open", row.get("centres_open"), language),
        "shortfall": shown("shortfall_m2", row.get("shortfall_m2"), language),
    }


def street_told(content: PlanContent, street: str) -> str:
    """Return what a sub-district comes to, in a sentence."""
    language, figures = content.about.language, street_figures(content, street)
    told = [text("printed.sub_street", language, **figures)]
    if figures["shortfall"] != MISSING:
        told.append(text("printed.sub_street_short", language, **figures))
    mark = text("outputs.clause_mark", language)
    return mark.join(told) + text("printed.full_stop", language)


def street_sheet(content: PlanContent, street: str) -> Sheet:
    """Return the page of one sub-district: three maps at one scale, and its projects."""
    language = content.about.language
    here = content.communities[content.communities["street"] == street]
    land = here.geometry.union_all()
    centres = _within(content.centres, land)
    gaps = _within(content.gap_areas, land)
    chosen = _within(chosen_of(content), land)
    others = _within(content.candidates, land)
    programme = content.programme
    measures = None if programme is None else _within(programme, land)
    ground, edges = themes.ground_below(content), themes.borders(content, land)
    marked = themes.centres(content, centres)
    plan: tuple[Group, ...] = (
        (themes.candidates(content, others, ("chosen",)),)
        if measures is None
        else (themes.programme(content, measures), themes.candidates(content, others, ("chosen",)))
    )
    causes = cause_words(content, gaps)
    parts = (
        Part(
            (themes.coverage(content, here), ground, edges, marked),
            names.of_communities(here),
            text("printed.part_now", language),
        ),
        Part(
            (ground, themes.gaps(content, gaps), edges, marked),
            names.of_gaps(gaps, causes),
            text("printed.part_gaps", language),
        ),
        Part(
            (ground, edges, marked, *plan),
            (*names.of_sites(chosen), *_programme_names(measures, chosen)),
            text("printed.part_plan", language),
        ),
    )
    title = text("printed.title_street", language, street=street)
    return Sheet(
        titled(content, title),
        street_told(content, street),
        parts,
        bounds_of(here),
        beside=(
            tables_beside.projects(content, measures, chosen),
            tables_beside.gap_list(content, gaps, "no_gaps_here"),
        ),
    )


def _programme_names(measures: GeoDataFrame | None, chosen: GeoDataFrame) -> tuple[Label, ...]:
    """Return the names of measures, but for those at sites that are named as chosen."""
    if measures is None:
        return ()
    told = {str(one) for one in chosen.index}
    rest = measures[~measures["programme_site"].astype(str).isin(told)]
    return names.of_points(rest.set_index("programme_site"))


def index_sheet(content: PlanContent) -> Sheet:
    """Return the first page: where each sub-district lies, and on which page it stands."""
    language, streets = content.about.language, streets_of(content)
    pages = {street: str(number) for number, street in enumerate(streets, start=FIRST_PAGE)}
    rows = []
    for street, page in pages.items():
        figures = street_figures(content, street)
        rows.append((page, street, figures["elders"], figures["share"]))
    heads, widths = ("page", "street", "elders", "share"), (0.13, 0.42, 0.24, 0.21)
    table = tables_beside.listing("table_index", heads, rows, widths, language)
    nameless = int(content.communities["street"].isna().sum())
    notes = (text("printed.of_nobody", language, n=nameless),) if nameless else ()
    groups = (
        themes.coverage(content, content.communities),
        themes.ground_below(content),
        themes.borders(content),
    )
    labels = tuple(
        Label(f"{pages[one.words]} {one.words}", one.east_m, one.north_m, one.size,
              number=pages[one.words], colour=one.colour, is_listed=False)
        for one in names.of_streets(content.communities)
    )  # fmt: skip
    return Sheet(
        titled(content, text("printed.title_index", language)),
        text("printed.sub_index", language, n=len(streets)),
        (Part(groups, labels),),
        district_bounds(content),
        tables=(table,),
        notes=notes,
    )
