"""All that a run found out, before it is put into words and tables for readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd

from planner.coverage.assigning import CapacityAssignment
from planner.coverage.facility_rate import FacilityRate
from planner.coverage.rollup import Rollup
from planner.coverage.serving import operating
from planner.coverage.walking import Coverage
from planner.labels import Message
from planner.scenario import Scenario
from planner.siting.what_if.table import ReachTable
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.streets import WalkingNetwork
from planner.workflow.covering.capacities import capacity_summary
from planner.workflow.covering.grading import community_grade_summary, grade_settings
from planner.workflow.covering.measure_words import measure_summary
from planner.workflow.covering.measures import Measures
from planner.workflow.gaps.content import FoundGaps, gap_summary
from planner.workflow.inputs.estimates import estimated_notices
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.project_books import book_notices
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.walking import Walks
from planner.workflow.notices import notices_of, off_streets
from planner.workflow.programmes.found import FoundProgramme
from planner.workflow.programmes.summary import programme_notices, programme_summary
from planner.workflow.remedies.content import PlanRemedies
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.what_if import reach_table_of
from planner.workflow.standards.estate_rows import estate_summary
from planner.workflow.standards.estates import FoundEstates
from planner.workflow.standards.judging import Judged, judging_summary
from planner.workflow.standards.provision import Provision
from planner.workflow.standards.provision_words import provision_summary
from planner.workflow.summary import summarised
from planner.workflow.years.plans import FoundYears
from planner.workflow.years.rows import year_summary


@dataclass(frozen=True)
class Findings:
    """All that a run found out, before it is put into words and tables for readers.

    Parameters
    ----------
    project, network, ledgers
        What went in.
    walks
        The plan's streets, residents and limits.
    open_sites
        Operating centres of the circle whose own coordinates place them.
    coverage, gaps, rate
        Who is covered, who is not, and the two rates side by side.
    audit
        Floor area and rooms against the standard.
    siting
        ``None`` where the project names no candidates.
    measures
        Circles beside walks, access scores, equity and curves.
    provision
        What the district, its streets and its communities have, require and lack.
    judged
        Every clause held against every centre, and their grades.
    remedies
        What would cure the centres that fail, and the list of defects.
    estates
        What the new estates owe, their steps and pools; ``None`` where the project names none.
    areas
        Coverage by community, sub-district and county.
    years
        The years planned for; ``None`` where the project names none.
    programme
        What to do for the money; ``None`` where the project asks for none.
    """

    project: Project
    network: WalkingNetwork
    ledgers: Ledgers
    walks: Walks
    open_sites: gpd.GeoDataFrame
    coverage: Coverage
    gaps: pd.DataFrame
    rate: FacilityRate
    audit: FloorAreaAudit
    siting: Siting | None
    asked: pd.DataFrame
    capacities: Mapping[str, CapacityAssignment]
    gap_areas: FoundGaps | None
    measures: Measures
    provision: Provision
    judged: Judged
    remedies: PlanRemedies
    estates: FoundEstates | None
    areas: Rollup
    years: FoundYears | None
    programme: FoundProgramme | None

    @property
    def scenario(self) -> Scenario:
        """The project's settings."""
        return self.project.scenario

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Content of ``summary.json``."""
        scenario, ledgers, coverage = self.scenario, self.ledgers, self.coverage
        grades = grade_settings(scenario)
        return summarised(
            scenario,
            ledgers,
            coverage,
            self.rate,
            self.audit,
            self.siting,
            self.gaps,
            len(self.open_sites),
        ) | {
            "standards": judging_summary(self.judged),
            "remedies": self.remedies.summary,
            "capacity": capacity_summary(self.capacities),
            "communities_by_grade": community_grade_summary(
                coverage, ledgers.communities.table, grades
            ),
            "gap_areas": None if self.gap_areas is None else gap_summary(self.gap_areas),
            "years": year_summary(self.years),
            "provision": provision_summary(self.provision),
            "estates": estate_summary(self.estates),
            "programme": programme_summary(self.programme),
            **measure_summary(self.measures, coverage.limit_minutes),
        }

    @cached_property
    def reach(self) -> ReachTable | None:
        """Who walks to which sites, in groups that name nobody; ``None`` where nothing is told."""
        return reach_table_of(
            self.walks,
            self.open_sites,
            self.ledgers.centres.table,
            self.ledgers.communities.table,
            self.audit,
            self.siting,
            self.gap_areas,
            self.remedies.worded.found.costs,
        )

    @cached_property
    def notices(self) -> tuple[Message, ...]:
        """What every reader must know."""
        kinds = self.scenario.coverage.centre_kinds
        operating_count = len(operating(self.ledgers.centres.table, kinds))
        open_count = len(self.open_sites)
        known = (self.ledgers, self.coverage, self.audit, self.network, self.walks)
        return (
            *notices_of(*known, operating_count, open_count),
            *off_streets(
                self.walks, self.open_sites, None if self.siting is None else self.siting.candidates
            ),
            *estimated_notices(self.ledgers),
            *book_notices(self.project),
            *self.remedies.notices,
            *self.areas.notes,
            *(() if self.years is None else self.years.notices),
            *programme_notices(self.programme),
        )
