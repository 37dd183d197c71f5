"""From results to what the outputs show: tables renamed and joined, nothing computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np

from planner.labels import Language, text
from planner.ledgers.rasters import is_raster
from planner.outputs.content import PlanContent
from planner.outputs.content_parts import About, Counted, Headline, SitingAnswer
from planner.streets import rules_table
from planner.workflow.content_tables import (
    shown_candidates,
    shown_centres,
    shown_communities,
    shown_estates,
    shown_gap_areas,
    shown_gaps,
    shown_groups,
    shown_streets,
    streets_table,
)
from planner.workflow.covering.asking import asked_rows
from planner.workflow.covering.capacities import capacity_lines, capacity_rows
from planner.workflow.covering.grading import grade_settings
from planner.workflow.covering.measure_words import measure_sheets
from planner.workflow.covering.reconciliation import reconciliation
from planner.workflow.covering.street_rows import totals
from planner.workflow.findings import Findings
from planner.workflow.gaps.content import gap_lines
from planner.workflow.headline import headline
from planner.workflow.inputs.estimates import estimated_notices
from planner.workflow.inputs.site_names import SiteNames
from planner.workflow.inputs.walking import walker_for, walker_line
from planner.workflow.programmes.rows import shown_programme
from planner.workflow.programmes.words import programme_sheets
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.gap_site_rows import gap_site_sheet
from planner.workflow.siting.lines import asked_lines, fewest_lines
from planner.workflow.siting.rows import siting_sheets
from planner.workflow.siting.words import rule_lines
from planner.workflow.siting.zone_rows import zone_points, zone_sheet
from planner.workflow.standards.estate_rows import estate_sheets
from planner.workflow.standards.judging_rows import judging_sheets
from planner.workflow.standards.provision_words import provision_sheets
from planner.workflow.standards.served_rows import served_sheets
from planner.workflow.years.areas import year_community_rows
from planner.workflow.years.lines import sheet_lines
from planner.workflow.years.rows import year_rows

HAIRLINE_M: Final = 0.05
"""Slits between communities of up to twice this are no land (our own bound: a line's width)."""
RULE_COLUMNS: Final = (
    "foot_rule", "rule_outcome", "ways", "ways_length_m", "ways_share", "rule_reason",
)  # fmt: skip
"""Those of :func:`planner.streets.rules_table`, as the workbook calls them."""


def plan_content(found: Findings) -> PlanContent:
    """Return what the map, the workbook and the layers are made from."""
    scenario, ledgers = found.scenario, found.ledgers
    language = scenario.project.language
    communities = shown_communities(found)
    crs = ledgers.communities.crs
    area = found.audit.district.all_held_m2
    outline = gpd.GeoDataFrame(geometry=[_outline(communities)], crs=crs)
    gap_areas, new_ways = shown_gap_areas(found, language)
    names = SiteNames.of(ledgers)
    return PlanContent(
        about=_about(found),
        headline=_headline(found.summary),
        siting=None if found.siting is None else _answer(found, found.siting, language),
        summary=found.summary,
        notices=found.notices,
        district=outline,
        communities=communities,
        streets=shown_streets(found.network),
        ground=ledgers.ground,
        residents=gpd.GeoDataFrame(
            found.coverage.residents[
                ["community", "state", "elderly_60", "walk_minutes", "geometry"]
            ]
        ),
        centres=shown_centres(found, language),
        candidates=shown_candidates(found, language),
        estates=shown_estates(found, language),
        gaps=shown_gaps(found),
        groups=shown_groups(found, language),
        streets_table=streets_table(found),
        states=found.coverage.states,
        reconciliation=reconciliation(ledgers, found.coverage, scenario, area, language),
        rows=ledgers.rows,
        findings=ledgers.findings,
        set_aside=ledgers.set_aside,
        foot_rules=rules_table(found.network, language=language).set_axis(
            list(RULE_COLUMNS), axis=1
        ),
        asked=asked_rows(found.asked, language),
        gap_areas=gap_areas,
        new_ways=new_ways,
        grades=grade_settings(scenario),
        gap_lines=() if found.gap_areas is None else gap_lines(found.gap_areas, language),
        capacity=capacity_rows(found.capacities, ledgers.centres.table["name"], language),
        capacity_lines=tuple(capacity_lines(found.capacities, language)),
        measures=measure_sheets(
            found.measures,
            ledgers.communities.table,
            ledgers.centres.table["name"],
            scenario.walking.limit_minutes,
            language,
        )
        | served_sheets(found.audit, language)
        | judging_sheets(found.judged, language)
        | siting_sheets(found.siting, ledgers, language)
        | {"gap_sites": gap_site_sheet(found.siting, found.gap_areas, names, language)}
        | {"zones": zone_sheet(found.siting, ledgers.communities.table, names, language)}
        | found.remedies.sheets()
        | provision_sheets(found.provision, found.audit, ledgers.communities.table, language)
        | estate_sheets(
            found.estates, None if ledgers.estates is None else ledgers.estates.table, language
        )
        | programme_sheets(found.programme, language),
        programme=shown_programme(found.programme, ledgers.centres.table, language),
        centre_pages=found.remedies.pages(),
        centre_page_lines=found.remedies.page_lines(),
        years=year_rows(found.years, scenario.coverage.centre_kinds, language),
        year_communities=year_community_rows(found.years, language),
        year_lines=sheet_lines(found.years, found.summary, language),
        street_totals=len(totals(found.areas)),
        area_lines=(text(f"years.by_{found.areas.by}", language),),
        proposals=zone_points(found.siting, ledgers.communities.table, names),
        estimated_lines=tuple(one.text(language) for one in estimated_notices(ledgers)),
        reach=found.reach,
        headline_lines=tuple(headline(found.summary, language)),
    )


def _outline(communities: gpd.GeoDataFrame) -> Any:
    """Return the communities' common outline, without the hairlines where their edges miss.

    Neighbours drawn by different hands leave slits that would be drawn as borders of the plan.
    """
    whole = communities.geometry.union_all()
    wider = whole.buffer(HAIRLINE_M, join_style="mitre")
    return wider.buffer(-HAIRLINE_M, join_style="mitre")


def _about(found: Findings) -> About:
    scenario = found.scenario
    language = scenario.project.language
    who = walker_for(scenario.walking)
    return About(
        title=scenario.project.name,
        language=language,
        synthetic=scenario.project.synthetic,
        map_review_number=scenario.project.map_review_number,
        attributions=_attributions(found),
        limit_minutes=scenario.walking.limit_minutes,
        speed_m_s=who.speed_m_s,
        walker=walker_line(who, language, heights=len(found.network.profile_height_m) > 0),
        population_kind=scenario.communities.population_kind,
        population_date=scenario.communities.population_date,
        centre_kinds=scenario.coverage.centre_kinds,
        book_title=found.audit.book.title(language),
        small_groups=scenario.standard.small_groups,
        served=scenario.standard.served,
        per_elder_decides=scenario.standard.per_elder_decides,
    )


def _attributions(found: Findings) -> tuple[str, ...]:
    """Return whose data the outputs show, each once: the streets' and the ledgers' owners.

    A raster of people is always somebody's: one without an owner's name is told as such.
    """
    scenario = found.scenario
    ledgers = (getattr(scenario, name) for name in found.ledgers.by_name)
    whose = [
        scenario.streets.attribution or found.network.attribution,
        *(ledger.attribution for ledger in ledgers if ledger is not None),
    ]
    of_raster = is_raster(found.ledgers.residents.file) or scenario.residents.blend is not None
    if of_raster and scenario.residents.attribution is None:
        whose.append(text("workflow.raster_of_nobody", scenario.project.language))
    return tuple(dict.fromkeys(filter(None, whose)))


def _counted(figures: Mapping[str, Any]) -> Counted:
    known = figures["total"] is not None
    return Counted(figures["total"], figures["covered"]) if known else Counted(np.nan, np.nan)


def _headline(summary: Mapping[str, Any]) -> Headline:
    centres, area = summary["centres"], summary["floor_area"]
    audited = centres["audited"] > 0 or area["groups"] > 0
    return Headline(
        elderly_60=_counted(summary["elderly_60"]),
        elderly_65=_counted(summary["elderly_65"]),
        elderly_80=_counted(summary["elderly_80"]),
        communities=summary["communities"]["urban"],
        communities_with_centre=summary["communities"]["with_centre"],
        centres=centres["rows"],
        centres_open=centres["open"],
        centres_below=centres["below_area"],
        centres_unknown=centres["unknown_area"],
        required_m2=area["required_m2"] if audited else None,
        held_m2=area["held_m2"] if audited else None,
        shortfall_m2=area["shortfall_m2"] if audited else None,
        area_kinds=tuple(area["per_100_elders_of"]),
        all_held_m2=area["all_held_m2"] if area["per_100_elders_m2"] is not None else None,
        per_100_elders_m2=area["per_100_elders_m2"],
    )


def _answer(found: Findings, siting: Siting, language: Language) -> SitingAnswer:
    most, fewest, summary = siting.most, siting.fewest, found.summary
    figures = summary["siting"]
    return SitingAnswer(
        new_centres=most.new_centres,
        chosen=tuple(str(site) for site in most.chosen),
        covered_before=figures["covered_before"],
        covered_after=figures["covered_after"],
        bound=figures["bound"],
        gap=most.gap,
        status=text(f"siting.status_{figures['status']}", language),
        unreachable=len(most.unreachable),
        unreachable_elderly_60=figures["unreachable_elderly_60"],
        fewest_chosen=tuple(str(site) for site in fewest.chosen),
        fewest_status=fewest.status_text(language),
        lines=(
            *rule_lines(siting, SiteNames.of(found.ledgers).sites, language),
            *asked_lines(figures, language),
            *fewest_lines(figures, language),
        ),
        left_out=figures["fewest"]["left_out_elderly_60"],
        is_by_rule=not siting.asked.is_walked_only,
        fewest_kept=None if (kept := figures["fewest"]["kept_may_close"]) is None else len(kept),
        is_withheld=figures["bound"] is None
        and figures["weighted"] is None
        and not siting.asked.is_given,
        is_given=siting.asked.is_given,
    )
