"""The steps of a run that site new centres: the questions, and what is told beside the answer."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import pandas as pd

from planner.coverage.walking import Coverage
from planner.labels import message
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.workflow.gaps.ways import LONGEST_MINUTES
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.project_books import project_book
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.record import Clock
from planner.workflow.inputs.walking import Walks, points_only
from planner.workflow.siting.answering import Siting, answer_siting
from planner.workflow.siting.beside import plans_beside
from planner.workflow.siting.rules import SitesAsked, sites_asked
from planner.workflow.siting.times import open_with, site_times
from planner.workflow.siting.zones import proposed_zones
from planner.workflow.standards.planned_audit import (
    PlannedAudit,
    candidates_as_centres,
    planned_audit,
    planned_kind,
)


def project_sites(
    project: Project, ledgers: Ledgers, open_sites: gpd.GeoDataFrame
) -> SitesAsked | None:
    """Return what siting is asked with; ``None`` where the project names no candidates.

    Raises
    ------
    ScenarioError
        As :func:`planner.workflow.siting.rules.sites_asked`.
    """
    if ledgers.candidates is None:
        return None
    return sites_asked(
        project.scenario,
        ledgers.candidates.table,
        open_sites,
        ledgers.residents.table,
        project_book(project),
    )


def given_sites(
    project: Project, own: Project, ledgers: Ledgers, open_sites: gpd.GeoDataFrame
) -> SitesAsked | None:
    """Return what a chosen set is asked with, beside what the project itself asks with.

    Parameters
    ----------
    project
        With the set (:func:`planner.workflow.siting.chosen_sites.with_sites`).
    own
        The project as it is.
    ledgers
        With the classes that the set names.
    open_sites
        Centres of the circle's kinds that operate, all placed.

    Raises
    ------
    ScenarioError
        As :func:`planner.workflow.siting.rules.sites_asked`.
    """
    asked = project_sites(project, ledgers, open_sites)
    if asked is None:
        return None
    return dataclasses.replace(asked, own=project_sites(own, ledgers, open_sites))


def siting_of(
    project: Project,
    walks: Walks,
    open_sites: gpd.GeoDataFrame,
    asked: SitesAsked | None,
    coverage: Coverage,
    audit: FloorAreaAudit,
    ledgers: Ledgers,
    neighbours: pd.DataFrame | None,
    clock: Clock,
) -> Siting | None:
    """Return where the next centres should go, and what is told beside it.

    Parameters
    ----------
    project, walks, ledgers
        What went in.
    open_sites
        Centres of the circle's kinds that operate, all placed.
    asked
        The rules and weights of the plan; ``None`` without candidates, and nothing is asked.
    coverage, audit
        Today's answers.
    neighbours
        Walks between communities, by which small service groups are joined.
    clock
        Times the steps.

    Raises
    ------
    SitingError
        As :func:`planner.workflow.siting.answering.answer_siting`.
    """
    if asked is None:
        return None
    found = answer_siting(walks, open_sites, asked, clock)
    scenario = project.scenario
    with clock.step(message("workflow.site_beside")):
        beside = plans_beside(
            asked,
            found.most,
            found.fewest,
            coverage,
            audit,
            ledgers.communities.table,
            every_walk=_every_walk(found, open_sites),
        )
        proposed = None
        if scenario.siting.zones:
            proposed = proposed_zones(
                asked,
                (found.most, found.fewest),
                found.walkers,
                open_with(found.most, open_sites, asked.candidates),
                ledgers.ground,
                scenario.project.language,
            )
    with clock.step(message("workflow.site_audit", chosen=len(found.most.chosen))):
        audited = _audited(project, walks, found, ledgers, neighbours)
    return dataclasses.replace(found, beside=beside, proposed=proposed, audited=audited)


def _every_walk(found: Siting, open_sites: gpd.GeoDataFrame) -> pd.DataFrame | None:
    """Return the walks to all centres and candidates, however far anybody walks, where asked."""
    if not found.asked.settings.walks or found.asked.is_given:
        return None
    return site_times(
        found.walkers,
        points_only([open_sites, found.screening.usable]),
        straight=found.asked.settings.radius_m is not None,
        limit_minutes=LONGEST_MINUTES,
    )


def _audited(
    project: Project,
    walks: Walks,
    found: Siting,
    ledgers: Ledgers,
    neighbours: pd.DataFrame | None,
) -> PlannedAudit | None:
    """Judge the chosen sites as built ones are judged; ``None`` where none is chosen."""
    chosen = list(found.most.chosen)
    if not chosen:
        return None
    centres, usable = ledgers.centres.table, found.screening.usable
    staying = gpd.GeoDataFrame(centres[~centres.index.isin(found.most.closed)])
    rows = found.candidates.loc[chosen]
    return planned_audit(
        project,
        walks,
        staying,
        ledgers.communities.table,
        candidates_as_centres(rows, centre_kind=planned_kind(project)),
        neighbours=neighbours,
        to_visit=list(usable.index[usable["to_visit"]]),
    )
