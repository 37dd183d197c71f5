"""Reading the people of the years that a project plans for."""

from __future__ import annotations

import dataclasses

import geopandas as gpd

from planner.errors import ScenarioError
from planner.labels import message
from planner.ledgers import Ledger, YearFigures, base_of, opening_later, year_figures
from planner.scenario import YearsSettings
from planner.workflow.inputs.project import PROJECT_FILE, Project


def read_years(project: Project, communities: gpd.GeoDataFrame) -> YearFigures | None:
    """Read or project the people of the years that a project plans for.

    Parameters
    ----------
    project
        The project, with its ``[years]``.
    communities
        The communities of today.

    Returns
    -------
    YearFigures or None
        None where the project has no ``[years]``. What is found wrong with rates is said of
        ``project.toml``, what is wrong with rows of their file.

    Raises
    ------
    ScenarioError
        If ``[years]`` says how people grow, and names no year.
    InputFileError, LedgerError
        As :func:`planner.ledgers.year_figures`.
    """
    settings = project.scenario.years
    if not settings.plan:
        if settings == YearsSettings():
            return None
        raise ScenarioError(message("scenario.refused"), [message("years.plan_missing")])
    figures = year_figures(
        settings,
        communities,
        folder=project.folder,
        population_date=project.scenario.communities.population_date,
    )
    told = figures.findings["file"].replace("", PROJECT_FILE)
    names = sorted(settings.files.values()) or [settings.file or ""]
    return dataclasses.replace(
        figures,
        findings=figures.findings.assign(file=told),
        file="、".join(names) if figures.rows_read else "",
    )


def opening_doubted(project: Project, centres: Ledger) -> Ledger:
    """Return the centres, with a doubt of each that operates before the year that it opens in.

    Parameters
    ----------
    project
        The project, whose ``[years]`` or date of the communities' ledger tells today's year;
        where neither does, nothing can be said.
    centres
        The ledger of centres.
    """
    scenario = project.scenario
    base = base_of(scenario.years, scenario.communities.population_date)
    if base is None:
        return centres
    journal = opening_later(centres.table, base, centres.file.name)
    return centres.with_findings(journal, centres.table)
