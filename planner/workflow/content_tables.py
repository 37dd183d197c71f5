"""The tables that the outputs show: results renamed and joined, nothing computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.coverage.areas import by_community
from planner.coverage.serving import operating
from planner.labels import Language, text
from planner.standards.floor_area.explaining import area_marks, explain
from planner.streets import WalkingNetwork
from planner.streets.joining.joining import segment_lines
from planner.tables import ELDERLY_COLUMNS
from planner.workflow.covering.grading import grade_settings, graded_communities
from planner.workflow.covering.street_rows import street_rows
from planner.workflow.findings import Findings
from planner.workflow.gaps.content import gap_rows, no_gaps, way_rows
from planner.workflow.siting.gain_rows import insist_prices, shown_gains, site_findings
from planner.workflow.standards.estate_rows import estate_columns
from planner.workflow.standards.judging_rows import breach_lines, grade_line

AGES: Final = ("60", "65", "80")
LIST_MARK: Final = "、"


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


def shown_communities(found: Findings) -> gpd.GeoDataFrame:
    """Return the communities with who of them can walk to a centre, their grade and centres."""
    table = found.ledgers.communities.table
    areas = by_community(found.coverage, table).reindex(table.index)
    counts = _open_here(found)["community"].value_counts()
    people = {name: areas[name] for name in ELDERLY_COLUMNS if name in areas}
    after: dict[str, pd.Series] = {}
    if found.siting is not None:
        after["share_60_after"] = by_community(found.siting.after, table)["elderly_60_share"]
    return table.assign(
        **people,
        **_covered_columns(areas),
        share_60=areas["elderly_60_share"],
        **{name: shares.reindex(table.index) for name, shares in after.items()},
        grade=graded_communities(found.coverage, table, grade_settings(found.scenario)),
        has_centre=found.rate.communities["has_centre"].reindex(table.index),
        rate_difference=found.rate.communities["difference"].reindex(table.index),
        centres_open=counts.reindex(table.index).fillna(0).astype(int),
    )


def shown_streets(network: WalkingNetwork) -> gpd.GeoDataFrame:
    """Return the streets as lines; ``main`` marks main roads."""
    return gpd.GeoDataFrame(
        {"main": network.segment_main_road > 0},
        geometry=segment_lines(network),
        crs=network.crs,
    )


def shown_centres(found: Findings, language: Language) -> gpd.GeoDataFrame:
    """Return the facilities with what the audit found of each."""
    table, audit = found.ledgers.centres.table, found.audit.centres
    names = found.ledgers.communities.table["name"]
    readings = audit["reading"].where(audit["reading"].notna(), "unknown")
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
        mark=[area_marks(found.audit.book, str(reading), language) for reading in readings],
        centre_grade=found.judged.grades["grade"].reindex(audit.index),
        explanation=[_explained(found, str(centre), language) for centre in audit.index],
    )
    shown = table.drop(columns=[name for name in facts.columns if name in table.columns])
    shown = shown.assign(community=table["community"].map(names).fillna(table["community"]))
    return gpd.GeoDataFrame(pd.concat([shown, facts.reindex(table.index)], axis="columns"))


def _explained(found: Findings, centre: str, language: Language) -> str:
    """Return a centre's arithmetic: its floor area, its grade, and what else it is short of."""
    lines = [
        explain(found.audit, centre, language),
        grade_line(found.judged, centre, language),
        *breach_lines(found.judged, found.audit, centre, language),
    ]
    return "\n".join(line for line in lines if line)


def shown_candidates(found: Findings, language: Language) -> gpd.GeoDataFrame:
    """Return the candidates with their state in the plan; empty without siting."""
    siting = found.siting
    if siting is None:
        columns = ("name", "state", "rank", "gain", "in_fewest", "reasons")
        empty = pd.DataFrame({name: [] for name in columns})
        return gpd.GeoDataFrame(empty, geometry=[], crs=found.ledgers.communities.crs)
    usable, barred = siting.screening.usable, siting.screening.barred
    index = siting.candidates.index
    visit = usable["to_visit"].reindex(index).eq(True)
    state = pd.Series("usable", index=index, dtype=object).mask(visit, "to_visit")
    state = state.mask(index.isin([*barred.index, *siting.most.barred]), "barred")
    state = state.mask(index.isin(siting.most.chosen), "chosen")
    reasons = barred["reasons"].map(lambda told: "；".join(one.text(language) for one in told))
    missing = usable["unknown_facts"].map(lambda facts: _to_visit(facts, language))
    by_rule = text("siting_told.kept_out", language)
    ruled = pd.Series(by_rule, index=list(siting.most.barred), dtype=object)
    ranks = pd.Series(range(1, len(siting.most.chosen) + 1), index=list(siting.most.chosen))
    return siting.candidates.assign(
        state=state,
        rank=ranks.reindex(index).astype(float),
        gain=shown_gains(siting).reindex(index).astype(float),
        in_fewest=index.isin(siting.fewest.chosen),
        reasons=ruled.combine_first(pd.concat([reasons, missing])).reindex(index),
        insist_price=insist_prices(siting, language).reindex(index),
        **{name: told.reindex(index) for name, told in site_findings(siting, language).items()},
    )


def _to_visit(facts: tuple[str, ...], language: Language) -> str:
    if not facts:
        return ""
    names = LIST_MARK.join(text(f"columns.{fact}", language) for fact in facts)
    return text("workflow.facts_unknown", language, facts=names)


def shown_estates(found: Findings, language: Language) -> gpd.GeoDataFrame:
    """Return the new estates with what they owe and their pool; empty without their ledger."""
    ledger = found.ledgers.estates
    if ledger is None:
        return gpd.GeoDataFrame({"name": []}, geometry=[], crs=found.ledgers.communities.crs)
    return ledger.table.assign(**estate_columns(found.estates, ledger.table, language))


def shown_gaps(found: Findings) -> pd.DataFrame:
    """Return the communities with elders left out, worst first."""
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


def shown_gap_areas(
    found: Findings, language: Language
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the gap areas and the new ways that would help them."""
    if found.gap_areas is None:
        return no_gaps(found.ledgers.communities.crs)
    ledgers = {
        name: one.table["name"]
        for name, one in found.ledgers.by_name.items()
        if "name" in one.table
    }
    names = {
        name: ledgers[name].dropna().to_dict() if name in ledgers else {}
        for name in ("communities", "centres", "candidates")
    }
    rows = gap_rows(found.gap_areas, names, language)
    return rows, way_rows(found.gap_areas, rows)


def shown_groups(found: Findings, language: Language) -> pd.DataFrame:
    """Return the service groups with the names of their communities and centres."""
    groups = found.audit.groups
    communities = found.ledgers.communities.table["name"].to_dict()
    centres = found.ledgers.centres.table["name"].to_dict()
    marks = [area_marks(found.audit.book, str(reading), language) for reading in groups["reading"]]
    return groups.assign(
        communities=_named(groups["communities"], communities),
        centres=_named(groups["centres"], centres),
        per_elder_m2=groups["per_elder_area_m2"],
        reading=[text(f"standards.reading_{reading}", language) for reading in groups["reading"]],
        mark=marks,
    )


def _named(lists: pd.Series, names: Mapping[Any, str]) -> pd.Series:
    """Return lists of ids as lists of names, both joined by 、."""
    return lists.map(
        lambda ids: LIST_MARK.join(str(names.get(one, one)) for one in str(ids).split(LIST_MARK))
    )


def streets_table(found: Findings) -> pd.DataFrame:
    """Return a row a sub-district: who can walk there, centres that are open, and found short."""
    audit = found.audit.centres
    language = found.scenario.project.language
    short = found.ledgers.centres.table.loc[audit.index[audit["result"] == "short"]]
    communities = found.ledgers.communities.table
    streets = street_rows(found.areas, communities, _open_here(found), short, language)
    return streets.assign(**_covered_columns(streets))
