"""The step of a run that finds its gaps: which tables go into the question."""

from __future__ import annotations

from collections.abc import Mapping

from planner.coverage.assigning import CapacityAssignment
from planner.coverage.walking import Coverage
from planner.workflow.covering.grading import grade_settings
from planner.workflow.gaps.areas import Gaps, find_gaps, how_sure, project_barriers
from planner.workflow.gaps.content import FoundGaps
from planner.workflow.gaps.question import GapQuestion, gap_question
from planner.workflow.gaps.ways import WAYS_ASKED
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.walking import Walks
from planner.workflow.siting.answering import Siting


def asked_gaps(
    project: Project,
    walks: Walks,
    coverage: Coverage,
    ledgers: Ledgers,
    capacities: Mapping[str, CapacityAssignment],
    *,
    siting: Siting | None = None,
    ways_asked: int = WAYS_ASKED,
) -> tuple[GapQuestion, Gaps]:
    """Ask for the gaps of a plan, their causes and cures; see :func:`gaps_of`.

    Returns
    -------
    tuple
        Which centres were asked of, and the gaps.
    """
    asked = gap_question(project.scenario, walks, coverage, ledgers.centres.table)
    elders = None if asked.needs else capacities.get("community_elders")
    found = find_gaps(
        walks,
        asked.coverage,
        ledgers.communities.table,
        asked.open_sites,
        barriers=project_barriers(project, walks),
        closed_sites=asked.closed_sites,
        lacking_sites=asked.lacking_sites,
        full=None if elders is None else elders.residents["covered_full"],
        times=None if siting is None else siting.times,
        candidates=None if siting is None else siting.screening.usable.index,
        ways_asked=ways_asked,
    )
    return asked, found


def gaps_of(
    project: Project,
    walks: Walks,
    coverage: Coverage,
    ledgers: Ledgers,
    siting: Siting | None,
    capacities: Mapping[str, CapacityAssignment],
    walkers: Mapping[str, Walks],
) -> FoundGaps | None:
    """Find the gaps of a plan, their causes and cures, and how sure they are.

    Parameters
    ----------
    project, walks, coverage, ledgers
        The plan.
    siting
        Its siting, whose usable candidates and walks to them are asked for cures.
    capacities
        Who finds no place; those are no gap of walking, and told as a cause of their own. Where
        the project asks for needs, places are not asked about: they are the circle's.
    walkers
        Walks of each walker (:func:`planner.workflow.covering.asking.other_walks`), the plan's own
        first.

    Returns
    -------
    FoundGaps or None
        None where nobody of 60+ is left out.
    """
    asked, found = asked_gaps(project, walks, coverage, ledgers, capacities, siting=siting)
    if found.found.areas.empty:
        return None
    settings = grade_settings(project.scenario)
    sure, _ = how_sure(walkers, asked.coverage, found.found, asked.open_sites)
    return FoundGaps(found, sure, settings, asked)
