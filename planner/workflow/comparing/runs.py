"""Where the two runs of a comparison come from: computed, kept by an earlier run, or planned."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.coverage.comparing import State
from planner.coverage.comparing_shared import shareable
from planner.coverage.gap_areas import GapAreas
from planner.coverage.walking import Coverage
from planner.errors import InputFileError, ScenarioError
from planner.labels import Message, message
from planner.outputs.compared.baseline import Baseline, read_baseline
from planner.outputs.content import LEAST_ELDERS
from planner.outputs.folder import BASELINE_FILE, RECORD_FILE
from planner.standards.provision.grade_changes import GradedAudit
from planner.standards.rulebooks.clauses import RuleBook
from planner.tables import OPEN_STATUS, PLACED
from planner.workflow.comparing.grades import graded_audit
from planner.workflow.comparing.settings import run_settings
from planner.workflow.covering.capacities import capacity_answers
from planner.workflow.findings import Findings
from planner.workflow.gaps.areas import find_gaps, project_barriers
from planner.workflow.inputs.project import PROJECT_FILE, Project, read_project
from planner.workflow.inputs.project_books import project_book
from planner.workflow.inputs.reading import (
    Ledgers,
    read_ledgers,
    read_network,
    read_project_barriers,
)
from planner.workflow.inputs.record import Clock
from planner.workflow.inputs.refusals import refuse_without_people
from planner.workflow.inputs.walking import Walks, open_centres
from planner.workflow.siting.answering import answer_siting
from planner.workflow.siting.gap_steps import asked_gaps
from planner.workflow.siting.rules import sites_asked
from planner.workflow.siting.settings import refuse_siting
from planner.workflow.siting.words import plan_notices
from planner.workflow.standards.auditing import audited
from planner.workflow.standards.judging import judged
from planner.workflow.standards.provision_neighbours import neighbour_walks

COMPUTING_STEPS: Final = 7
PLANNING_STEPS: Final = 10

SIMPLER_M: Final = 10.0
"""How far a kept district may lie from its true border: it is kept to tell places apart."""

LIST_MARK: Final = "、"


def baseline_of(
    project: Project,
    ledgers: Ledgers,
    coverage: Coverage,
    gaps: GapAreas | None,
    sites: gpd.GeoDataFrame,
    audit: GradedAudit | None = None,
) -> Baseline:
    """Return what of a run is compared, fit to be kept: nothing in it tells of fewer than five.

    Parameters
    ----------
    project, ledgers
        What went in.
    coverage
        Coverage by ``sites``.
    gaps
        None where nobody of 60+ is left out.
    sites
        Centres that coverage counts, all placed.
    audit
        Grades of centres and defects; None where they are not compared.
    """
    communities = ledgers.communities.table
    state = shareable(State.of(coverage, gaps, sites), least_elders=LEAST_ELDERS)
    return Baseline(
        settings=run_settings(project),
        state=_named(state, communities["name"]),
        district=communities.geometry.union_all().simplify(SIMPLER_M),
        audit=audit,
    )


def kept_of(project: Project, found: Findings) -> Baseline:
    """Return what a run keeps for those that will be compared with it."""
    sites = open_centres(found.ledgers.centres.table, project.scenario.coverage.centre_kinds)
    gaps = None if found.gap_areas is None else found.gap_areas.gaps.found
    centres = found.ledgers.centres.table
    audit = graded_audit(found.judged, centres, found.remedies.listed.table)
    return baseline_of(project, found.ledgers, found.coverage, gaps, sites, audit)


def _named(state: State, names: pd.Series) -> State:
    """Return a state whose gaps lie in communities by name, not by code."""
    if "communities" not in state.gaps.columns:
        return state
    known = names.dropna().to_dict()
    told = state.gaps["communities"].map(
        lambda listed: LIST_MARK.join(
            str(known.get(one, one)) for one in str(listed).split(LIST_MARK)
        )
    )
    gaps = state.gaps.assign(communities=told.astype(object))
    return dataclasses.replace(state, gaps=gaps)


def project_or_kept(folder: Path) -> Project | Baseline:
    """Return what a folder holds: a project, or what an earlier run kept.

    Raises
    ------
    InputFileError
        If it is neither, or holds results of a version that kept nothing.
    ScenarioError
        If the project's settings are wrong.
    """
    if (folder / PROJECT_FILE).is_file():
        return read_project(folder)
    kept = folder / BASELINE_FILE
    if kept.is_file():
        return read_baseline(kept)
    key = "older_version" if (folder / RECORD_FILE).is_file() else "neither"
    raise InputFileError(
        message(f"comparing.{key}", folder=str(folder), file=BASELINE_FILE, project=PROJECT_FILE)
    )


def computed(project: Project, clock: Clock) -> Baseline:
    """Compute of a project what is compared, as a run does: no siting, no outputs."""
    walks, ledgers, sites, coverage = _walked(project, clock)
    book = project_book(project)
    with clock.step(message("workflow.ask")):
        capacities = capacity_answers(walks, sites, book)
    with clock.step(message("workflow.gaps")):
        _, gaps = asked_gaps(project, walks, coverage, ledgers, capacities, ways_asked=0)
    with clock.step(message("workflow.audit", book=book.name)):
        audit = audited_anew(project, walks, ledgers, coverage, book)
    return baseline_of(project, ledgers, coverage, gaps.found, sites, audit)


def audited_anew(
    project: Project, walks: Walks, ledgers: Ledgers, coverage: Coverage, book: RuleBook
) -> GradedAudit:
    """Audit and grade a project's centres, as a run does.

    Parameters
    ----------
    project, walks, ledgers
        What went in.
    coverage
        Coverage by the centres of the circle's kinds.
    book
        The book that sets the floor areas.
    """
    communities, centres = ledgers.communities.table, ledgers.centres.table
    same = set(book.applies_to) == set(project.scenario.coverage.centre_kinds)
    walked = coverage if same else walks.coverage_by(open_centres(centres, book.applies_to))
    standard = project.scenario.standard
    neighbours = neighbour_walks(walks, communities)
    audit = audited(centres, communities, walked, book, standard, neighbours)
    return graded_audit(judged(project, walks, centres, communities, audit, walked), centres)


def today_and_plan(
    project: Project, clock: Clock
) -> tuple[Baseline, Baseline, tuple[Message, ...]]:
    """Compute a project as it is, and with the new centres that its siting chooses.

    Gaps are those of walking, of the circle's centres, on both sides: what a new centre could take
    and which needs it would serve, nobody knows yet.

    Returns
    -------
    Baseline, Baseline, tuple of Message
        Both sides, covered by the walk alone; and where the plan was asked for something else (a
        radius, further walkers, weights), what that is.

    Raises
    ------
    ScenarioError
        If the project names no candidates, or its rules of siting cannot be kept to.
    SitingError
        As :func:`planner.workflow.siting.answering.answer_siting`.
    """
    if project.scenario.candidates is None:
        raise ScenarioError(message("comparing.no_candidates", file=PROJECT_FILE))
    refuse_siting(project)
    walks, ledgers, sites, coverage = _walked(project, clock)
    if ledgers.candidates is None:
        raise ScenarioError(message("comparing.no_candidates", file=PROJECT_FILE))
    candidates = ledgers.candidates.table
    asked = sites_asked(project.scenario, candidates, sites, walks.residents, project_book(project))
    siting = answer_siting(walks, sites, asked, clock)
    staying = sites.loc[list(siting.most.existing)]
    chosen = candidates.loc[list(siting.most.chosen)]
    planned = gpd.GeoDataFrame(
        pd.concat([one.reindex(columns=["name", "geometry"]) for one in (staying, chosen)]),
        geometry="geometry",
        crs=sites.crs,
    )
    with clock.step(message("workflow.gaps")):
        found = [
            _walking_gaps(project, walks, ledgers, *one)
            for one in ((coverage, sites), (siting.after, planned))
        ]
    return (
        baseline_of(project, ledgers, coverage, found[0], sites),
        baseline_of(project, ledgers, siting.after, found[1], planned),
        plan_notices(siting),
    )


def _walking_gaps(
    project: Project, walks: Walks, ledgers: Ledgers, coverage: Coverage, sites: gpd.GeoDataFrame
) -> GapAreas:
    """Return the gaps of a circle, whoever finds a place in its centres."""
    centres = ledgers.centres.table
    kinds = project.scenario.coverage.centre_kinds
    shut: Any = centres[
        centres["centre_kind"].isin(kinds)
        & centres["position"].isin(PLACED)
        & (centres["status"] != OPEN_STATUS)
    ]
    return find_gaps(
        walks,
        coverage,
        ledgers.communities.table,
        sites,
        barriers=project_barriers(project, walks),
        closed_sites=gpd.GeoDataFrame(shut),
        ways_asked=0,
    ).found


def _walked(project: Project, clock: Clock) -> tuple[Walks, Ledgers, gpd.GeoDataFrame, Coverage]:
    """Read a project and walk to its open centres, as a run does."""
    scenario = project.scenario
    network = read_network(project, clock)
    ledgers = read_ledgers(project, clock, network)
    refuse_without_people(ledgers)
    sites = open_centres(ledgers.centres.table, scenario.coverage.centre_kinds)
    with clock.step(message("workflow.join")):
        walks = Walks.of(network, ledgers.residents.table, scenario, read_project_barriers(project))
    with clock.step(message("workflow.coverage", centres=len(sites))):
        coverage = walks.coverage_by(sites)
    return walks, ledgers, sites, coverage
