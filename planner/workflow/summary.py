"""``summary.json``: the figures of a run, the same bytes on every rerun."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import units
from planner.coverage.facility_rate import FacilityRate
from planner.coverage.walking import Coverage
from planner.scenario import Scenario
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.floor_area.required import clauses_used
from planner.standards.rulebooks.vocabulary import MARKS, PER_ELDER
from planner.streets import Walker
from planner.tables import ELDER_GROUPS, ELDERLY_COLUMNS
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.walking import walker_for
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.summary import siting_figures
from planner.workflow.standards.served_rows import district_totals, served_summary


def _elders(coverage: Coverage) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    # Ages stand there though nobody knows them; 失能 and 独居 only where they are given.
    groups = [name for name in ELDER_GROUPS if name in coverage.states.columns]
    for column in (*ELDERLY_COLUMNS, *groups):
        if column not in coverage.states.columns:
            figures[column] = {"total": None, "covered": None, "share": None}
            continue
        total = float(coverage.states[column].sum())
        covered = float(coverage.states[column]["covered"])
        figures[column] = {
            "total": total,
            "covered": covered,
            "share": units.share(covered, total),
        }
    return figures


def _two(row: pd.Series) -> dict[str, float]:
    return {name: float(row[name]) for name in ("elderly_60_covered", "elderly_60_uncovered")}


def _floor_area(audit: FloorAreaAudit) -> dict[str, Any]:
    district = audit.district
    known = district.all_held_m2 > 0 or not district.unknown_area
    return {
        "book": audit.book.name,
        "book_title": {"zh": audit.book.title("zh"), "en": audit.book.title("en")},
        "marks": _marks(audit),
        "small_groups": audit.small_groups,
        "served": audit.served,
        "per_elder_decides": audit.per_elder_decides,
        "beside": served_summary(audit),
        **district_totals(district),
        "unknown_required_m2": district.unknown_required_m2,
        "unknown_held_m2": district.unknown_held_m2,
        "unassigned_centres": district.unassigned_centres,
        "unassigned_m2": district.unassigned_m2,
        "unknown_elderly_60": district.unknown_elderly_60,
        "all_held_m2": district.all_held_m2,
        # What the ratio is of: an area of these kinds alone is no area of all home-care centres.
        "per_100_elders_of": list(audit.book.applies_to),
        # Where no area is known, what is held is unknown: 0 would be a figure.
        "per_100_elders_m2": district.per_100_elders_m2 if known else None,
        "villages": district.villages,
        "villages_elderly_60": district.villages_elderly_60,
    }


def _marks(audit: FloorAreaAudit) -> list[str]:
    """Return the marks of the clauses behind the areas required, the least known first."""
    used = {
        clause.mark
        for reading in audit.groups["reading"].unique()
        for clause in clauses_used(audit.book, str(reading))
        if clause.by_class != PER_ELDER or str(reading) == "per_elder"
    }
    return [mark for mark in reversed(MARKS) if mark in used]


def _walker(who: Walker) -> dict[str, Any]:
    """Return who walks, setting by setting; the profile's name and source are told apart."""
    return {
        "profile": who.name,
        "slope": who.slope,
        "steps_factor": who.steps_factor,
        "steps_refused": who.steps_refused,
        "signal_s": who.signal_s,
        "crossing_s": who.crossing_s,
    }


def summarised(
    scenario: Scenario,
    ledgers: Ledgers,
    coverage: Coverage,
    rate: FacilityRate,
    audit: FloorAreaAudit,
    siting: Siting | None,
    gaps: pd.DataFrame,
    open_placed: int,
) -> dict[str, Any]:
    """Return the content of ``summary.json``.

    Persons are sums over resident rows and may be fractions; areas are m² of building area.
    ``centres.open`` counts operating centres of the kinds of the circle, ``centres.open_placed``
    those of them whose own coordinates place them: the only ones that anybody walks to here.
    """
    who = walker_for(scenario.walking)
    district = audit.district
    communities = ledgers.communities.table
    urban = communities["community_kind"] == "社区"
    centres = ledgers.centres.table
    of_circle = centres["centre_kind"].isin(scenario.coverage.centre_kinds)
    return {
        "project": scenario.project.name,
        "synthetic": scenario.project.synthetic,
        "limit_minutes": scenario.walking.limit_minutes,
        "speed_m_s": who.speed_m_s,
        "walker": _walker(who),
        "centre_kinds": list(scenario.coverage.centre_kinds),
        "population_kind": scenario.communities.population_kind,
        "population_date": scenario.communities.population_date,
        "communities": {
            "rows": len(communities),
            "urban": int(urban.sum()),
            "villages": int((~urban).sum()),
            "with_centre": int(rate.kinds["with_centre"]["社区"]),
            "facility_share": rate.facility_rate,
            "why_rates_differ": {
                str(name): {"communities": int(row["communities"]), **_two(row)}
                for name, row in rate.differences.iterrows()
            },
        },
        "residents": {
            "rows": len(coverage.residents),
            "states": {str(state): int(rows) for state, rows in coverage.states["rows"].items()},
            "elderly_60": {
                str(state): float(elders) for state, elders in coverage.states["elderly_60"].items()
            },
        },
        **_elders(coverage),
        "gaps": {"rows": len(gaps), "elderly_60": float(gaps["elderly_60_uncovered"].sum())},
        "centres": {
            "rows": len(centres),
            "open": int((of_circle & (centres["status"] == "运营")).sum()),
            "open_placed": open_placed,
            "audited": district.day_care_open,
            "below_area": district.below_area,
            "meeting": district.meeting,
            "unknown_area": district.unknown_area,
            "unknown_result": district.unknown_result,
        },
        "floor_area": _floor_area(audit),
        "siting": None if siting is None else siting_figures(siting),
        "ledgers": {
            str(name): {key: row[key] for key in ("rows_read", "rows_used", "rows_set_aside")}
            for name, row in ledgers.rows.to_dict(orient="index").items()
        },
    }
