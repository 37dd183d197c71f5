"""The step of a run that finds its gaps: which tables go into the question."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd

from planner.coverage.assigning import CapacityAssignment
from planner.coverage.grades import GradeSettings
from planner.coverage.walking import Coverage
from planner.tables import OPEN_STATUS, PLACED
from planner.workflow.asking import other_walks
from planner.workflow.gap_content import FoundGaps
from planner.workflow.gaps import find_gaps, how_sure, project_barriers
from planner.workflow.project import Project
from planner.workflow.reading import Ledgers
from planner.workflow.siting import Siting
from planner.workflow.walking import Walks, open_centres


def gaps_of(
    project: Project,
    walks: Walks,
    coverage: Coverage,
    ledgers: Ledgers,
    siting: Siting | None,
    capacities: Mapping[str, CapacityAssignment],
) -> FoundGaps | None:
    """Find the gaps of a plan, their causes and cures, and how sure they are.

    Parameters
    ----------
    project, walks, coverage, ledgers
        The plan.
    siting
        Its siting, whose usable candidates and walks to them are asked for cures.
    capacities
        Who finds no place; those are no gap of walking, and told as a cause of their own.

    Returns
    -------
    FoundGaps or None
        None where nobody of 60+ is left out.
    """
    kinds = project.scenario.coverage.centre_kinds
    centres = ledgers.centres.table
    of_circle = centres[centres["centre_kind"].isin(kinds) & centres["position"].isin(PLACED)]
    open_sites = open_centres(centres, kinds)
    elders = capacities.get("community_elders")
    found = find_gaps(
        walks,
        coverage,
        ledgers.communities.table,
        open_sites,
        barriers=project_barriers(project, walks),
        closed_sites=gpd.GeoDataFrame(of_circle[of_circle["status"] != OPEN_STATUS]),
        full=None if elders is None else elders.residents["covered_full"],
        times=None if siting is None else siting.times,
        candidates=None if siting is None else siting.screening.usable.index,
    )
    if found.found.areas.empty:
        return None
    settings = GradeSettings(**project.scenario.grades.given)
    sure, _ = how_sure(other_walks(walks), coverage, found.found, open_sites)
    return FoundGaps(found, sure, settings)
