"""All that a run found out, before it is put into words and tables for readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.coverage.assigning import CapacityAssignment
from planner.coverage.facility_rate import FacilityRate
from planner.coverage.rollup import Rollup
from planner.coverage.walking import Coverage
from planner.labels import Message
from planner.scenario import Scenario
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.streets import WalkingNetwork
from planner.workflow.covering.measures import Measures
from planner.workflow.gaps.content import FoundGaps
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.programmes.found import FoundProgramme
from planner.workflow.remedies.content import PlanRemedies
from planner.workflow.siting.answering import Siting
from planner.workflow.standards.estates import FoundEstates
from planner.workflow.standards.judging import Judged
from planner.workflow.standards.provision import Provision
from planner.workflow.years.plans import FoundYears


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
    measures: Measures
    provision: Provision
    judged: Judged
    remedies: PlanRemedies
    estates: FoundEstates | None
    areas: Rollup
    years: FoundYears | None
    programme: FoundProgramme | None
    summary: Mapping[str, Any]
    notices: tuple[Message, ...]
