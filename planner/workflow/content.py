"""From results to what the outputs show: tables renamed and joined, nothing computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.coverage.areas import by_community, by_street
from planner.coverage.assigning import CapacityAssignment
from planner.coverage.facility_rate import FacilityRate
from planner.coverage.serving import operating
from planner.coverage.walking import Coverage
from planner.labels import Language, Message, text
from planner.outputs.content import About, Counted, Headline, PlanContent, SitingAnswer
from planner.scenario import Scenario
from planner.standards.audit import FloorAreaAudit
from planner.standards.explaining import explain, weight
from planner.standards.floor_area import clauses_used
from planner.streets import WalkingNetwork, rules_table
from planner.streets.joining.joining import segment_lines
from planner.tables import ELDERLY_COLUMNS
from planner.workflow.asking import asked_rows
from planner.workflow.capacities import capacity_lines, capacity_rows
from planner.workflow.gap_content import FoundGaps, gap_lines, gap_rows
from planner.workflow.reading import Ledgers
from planner.workflow.reconciliation import reconciliation
from planner.workflow.siting import Siting
from planner.workflow.walking import walker_for, walker_line

AGES: Final = ("60", "65", "80")
LIST_MARK: Final = "、"
HAIRLINE_M: Final = 0.05
"""Slits between communities of up to twice this are no land (our own bound: a line's width)."""
RULE_COLUMNS: Final = (
    "foot_rule", "rule_outcome", "ways", "ways_length_m", "ways_share", "rule_reason",
)  # fmt: skip
"""Those of :func:`planner.streets.rules_table`, as the workbook calls them."""


@dataclass(frozen=True)
class Findings:
    """All that a run found out, before it is put into words and tables for readers.

    Parameters
    ----------
    scenario, network, ledgers
        What went in.
    coverage, gaps, rate
        Who is covered, who is not, and the two rates side by side.
    audit
        Floor area and rooms against the standard.
    siting
        ``None`` where the project names no candidates.
    summary
        Content of ``summary.json``.
    notices
        What every reader must know.
    """

    scenario: Scenario
    network: WalkingNetwork
    ledgers: Ledgers
    coverage: Coverage
    gaps: pd.DataFrame
    rate: FacilityRate
    audit: FloorAreaAudit
    siting: Siting | None
    asked: pd.DataFrame
    capacities: Mapping[str, CapacityAssignment]
    gap_areas: FoundGaps | None
    summary: Mapping[str, Any]
    notices: tuple[Message, ...]


def plan_content(found: Findings) -> PlanContent:
    """Return what the map, the workbook and the layers are made from."""
    scenario, ledgers = found.scenario, found.ledgers
    language = scenario.project.language
    communities = _communities(found)
    crs = ledgers.communities.crs
    area = found.audit.district.all_held_m2
    outline = gpd.GeoDataFrame(geometry=[_outline(communities)], crs=crs)
    return PlanContent(
        about=_about(found),
        headline=_headline(found.summary),
        siting=None if found.siting is None else _answer(found.siting, language, found.summary),
        summary=found.summary,
        notices=found.notices,
        district=outline,
        communities=communities,
        streets=_streets(found.network),
        ground=ledgers.ground,
        residents=gpd.GeoDataFrame(
            found.coverage.residents[
                ["community", "state", "elderly_60", "walk_minutes", "geometry"]
            ]
        ),
        centres=_centres(found, language),
        candidates=_candidates(found, language),
        estates=_estates(ledgers),
        gaps=_gaps(found),
        groups=_groups(found, language),
        streets_table=_streets_table(found),
        states=found.coverage.states,
        reconciliation=reconciliation(ledgers, found.coverage, scenario, area, language),
        rows=ledgers.rows,
        findings=ledgers.findings,
        set_aside=ledgers.set_aside,
        foot_rules=rules_table(found.network, language=language).set_axis(
            list(RULE_COLUMNS), axis=1
        ),
        asked=asked_rows(found.asked, language),
        gap_areas=_gap_areas(found, language),
        gap_lines=() if found.gap_areas is None else gap_lines(found.gap_areas, language),
        capacity=capacity_rows(found.capacities, ledgers.centres.table["name"], language),
        capacity_lines=tuple(capacity_lines(found.capacities, language)),
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
    whose = scenario.streets.attribution or found.network.attribution
    return About(
        title=scenario.project.name,
        language=language,
        synthetic=scenario.project.synthetic,
        map_review_number=scenario.project.map_review_number,
        attributions=tuple(filter(None, [whose])),
        limit_minutes=scenario.walking.limit_minutes,
        speed_m_s=who.speed_m_s,
        walker=walker_line(who, language, heights=len(found.network.profile_height_m) > 0),
        population_kind=scenario.communities.population_kind,
        population_date=scenario.communities.population_date,
        centre_kinds=scenario.coverage.centre_kinds,
        book_title=found.audit.book.title(language),
        small_groups=scenario.standard.small_groups,
    )


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
        per_100_elders_m2=area["per_100_elders_m2"],
    )


def _answer(siting: Siting, language: Language, summary: Mapping[str, Any]) -> SitingAnswer:
    most, fewest = siting.most, siting.fewest
    return SitingAnswer(
        new_centres=most.new_centres,
        chosen=tuple(str(site) for site in most.chosen),
        covered_before=most.covered_before,
        covered_after=most.covered,
        bound=most.bound,
        gap=most.gap,
        status=most.status_text(language),
        unreachable=len(most.unreachable),
        unreachable_elderly_60=summary["siting"]["unreachable_elderly_60"],
        fewest_chosen=tuple(str(site) for site in fewest.chosen),
        fewest_status=fewest.status_text(language),
    )


def _covered_columns(areas: pd.DataFrame) -> dict[str, pd.Series]:
    """Return ``covered_60`` and kin from ``elderly_60_covered`` and kin."""
    return {
        f"covered_{age}": areas[f"elderly_{age}_covered"]
        for age in AGES
        if f"elderly_{age}_covered" in areas
    }


def _open_here(found: Findings) -> pd.DataFrame:
    """Return the operating centres of the circle's kinds."""
    centres = found.ledgers.centres.table
    kinds = found.scenario.coverage.centre_kinds
    return operating(centres, kinds)


def _communities(found: Findings) -> gpd.GeoDataFrame:
    table = found.ledgers.communities.table
    areas = by_community(found.coverage, table).reindex(table.index)
    counts = _open_here(found)["community"].value_counts()
    people = {name: areas[name] for name in ELDERLY_COLUMNS if name in areas}
    return table.assign(
        **people,
        **_covered_columns(areas),
        share_60=areas["elderly_60_share"],
        has_centre=found.rate.communities["has_centre"].reindex(table.index),
        rate_difference=found.rate.communities["difference"].reindex(table.index),
        centres_open=counts.reindex(table.index).fillna(0).astype(int),
    )


def _streets(network: WalkingNetwork) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"main": network.segment_main_road > 0},
        geometry=segment_lines(network),
        crs=network.crs,
    )


def _centres(found: Findings, language: Language) -> gpd.GeoDataFrame:
    table, audit = found.ledgers.centres.table, found.audit.centres
    names = found.ledgers.communities.table["name"]
    facts = audit[["result", "group", "centre_class"]].assign(
        building_area_m2=audit["building_m2"],
        required_m2=audit["group_required_m2"],
        held_m2=audit["group_held_m2"],
        shortfall_m2=audit["group_shortfall_m2"],
        shortfall_share=audit["group_shortfall_share"],
        per_elder_m2=audit["group_per_elder_area_m2"],
        rooms_lacking=audit["rooms_lacking"],
        area_note=[
            text(f"workflow.area_{note}", language) if isinstance(note, str) else ""
            for note in audit["area_note"]
        ],
        mark=audit["mark"].where(audit["result"].isin(["meets", "short"]), ""),
        explanation=[explain(found.audit, str(centre), language) for centre in audit.index],
    )
    shown = table.drop(columns=[name for name in facts.columns if name in table.columns])
    shown = shown.assign(community=table["community"].map(names).fillna(table["community"]))
    return gpd.GeoDataFrame(pd.concat([shown, facts.reindex(table.index)], axis="columns"))


def _candidates(found: Findings, language: Language) -> gpd.GeoDataFrame:
    siting = found.siting
    if siting is None:
        columns = ("name", "state", "rank", "gain", "in_fewest", "reasons")
        empty = pd.DataFrame({name: [] for name in columns})
        return gpd.GeoDataFrame(empty, geometry=[], crs=found.ledgers.communities.crs)
    usable, barred = siting.screening.usable, siting.screening.barred
    index = siting.candidates.index
    visit = usable["to_visit"].reindex(index).eq(True)
    state = pd.Series("usable", index=index, dtype=object).mask(visit, "to_visit")
    state = state.mask(index.isin(barred.index), "barred")
    state = state.mask(index.isin(siting.most.chosen), "chosen")
    reasons = barred["reasons"].map(lambda told: "；".join(one.text(language) for one in told))
    missing = usable["unknown_facts"].map(lambda facts: _to_visit(facts, language))
    ranks = pd.Series(range(1, len(siting.most.chosen) + 1), index=list(siting.most.chosen))
    return siting.candidates.assign(
        state=state,
        rank=ranks.reindex(index).astype(float),
        gain=siting.most.gains["gain"].reindex(index).astype(float),
        in_fewest=index.isin(siting.fewest.chosen),
        reasons=pd.concat([reasons, missing]).reindex(index),
    )


def _to_visit(facts: tuple[str, ...], language: Language) -> str:
    if not facts:
        return ""
    names = LIST_MARK.join(text(f"columns.{fact}", language) for fact in facts)
    return text("workflow.facts_unknown", language, facts=names)


def _estates(ledgers: Ledgers) -> gpd.GeoDataFrame:
    if ledgers.estates is None:
        return gpd.GeoDataFrame({"name": []}, geometry=[], crs=ledgers.communities.crs)
    return ledgers.estates.table


def _gaps(found: Findings) -> pd.DataFrame:
    gaps = found.gaps
    centre_names = found.ledgers.centres.table["name"]
    renamed = {
        f"elderly_{age}_uncovered": f"uncovered_{age}"
        for age in AGES
        if f"elderly_{age}_uncovered" in gaps
    }
    return gaps.rename(columns={**renamed, "walk_minutes_median": "walk_minutes"}).assign(
        share_60=1.0 - gaps["uncovered_share"],
        nearest_name=gaps["nearest_centre"].map(centre_names),
    )


def _gap_areas(found: Findings, language: Language) -> gpd.GeoDataFrame:
    if found.gap_areas is None:
        crs = found.ledgers.communities.crs
        return gpd.GeoDataFrame({"rank": [], "gap_elderly_60": []}, geometry=[], crs=crs)
    ledgers = {
        name: one.table["name"]
        for name, one in found.ledgers.by_name.items()
        if "name" in one.table
    }
    names = {
        name: ledgers[name].dropna().to_dict() if name in ledgers else {}
        for name in ("communities", "centres", "candidates")
    }
    return gap_rows(found.gap_areas, names, language)


def _groups(found: Findings, language: Language) -> pd.DataFrame:
    groups = found.audit.groups
    communities = found.ledgers.communities.table["name"].to_dict()
    centres = found.ledgers.centres.table["name"].to_dict()
    marks = [
        "" if str(reading) == "unknown" else _mark(found.audit, str(reading), language)
        for reading in groups["reading"]
    ]
    return groups.assign(
        communities=_named(groups["communities"], communities),
        centres=_named(groups["centres"], centres),
        per_elder_m2=groups["per_elder_area_m2"],
        reading=[text(f"standards.reading_{reading}", language) for reading in groups["reading"]],
        mark=marks,
    )


def _mark(audit: FloorAreaAudit, reading: str, language: Language) -> str:
    return weight(clauses_used(audit.book, reading)[0], language)


def _named(lists: pd.Series, names: Mapping[Any, str]) -> pd.Series:
    """Return lists of ids as lists of names, both joined by 、."""
    return lists.map(
        lambda ids: LIST_MARK.join(str(names.get(one, one)) for one in str(ids).split(LIST_MARK))
    )


def _streets_table(found: Findings) -> pd.DataFrame:
    communities = found.ledgers.communities.table
    streets = by_street(found.coverage, communities)
    open_count = _open_here(found)["street"].value_counts()
    audit = found.audit.centres
    below = audit.loc[audit["result"] == "short", "street"].value_counts()
    return streets.assign(
        communities=streets["communities"] + streets["villages"],
        **_covered_columns(streets),
        share_60=streets["elderly_60_share"],
        uncovered_60=streets["elderly_60"] - streets["elderly_60_covered"],
        centres_open=open_count.reindex(streets.index).fillna(0).astype(int),
        centres_below=below.reindex(streets.index).fillna(0).astype(int),
    )
