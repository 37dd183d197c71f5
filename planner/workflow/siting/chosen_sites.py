"""A set of sites that a planner chose on the map, taken as the plan of a run."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import pandas as pd

from planner.labels import Message, message
from planner.siting.programmes.menu import YUAN_PER_10K
from planner.standards.rulebooks.clauses import RuleBook
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.project_books import project_book
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.sites_file import ChosenSites, refuse_sites
from planner.workflow.siting.rules import SitesAsked
from planner.workflow.siting.what_if import class_options


def with_sites(project: Project, chosen: ChosenSites) -> Project:
    """Return a project whose plan is exactly a chosen set: these open, those close, no others.

    The other rules of ``[siting]`` stay, and a set that breaks one is refused by it.
    """
    settings = dataclasses.replace(
        project.scenario.siting,
        new_centres=len(chosen.opened),
        required=chosen.opened,
        must_close=chosen.closed,
        may_close=(),
    )
    scenario = dataclasses.replace(project.scenario, siting=settings)
    return dataclasses.replace(project, scenario=scenario)


def with_classes(
    project: Project,
    ledgers: Ledgers,
    open_sites: gpd.GeoDataFrame,
    asked: SitesAsked | None,
    chosen: ChosenSites | None,
    costs: pd.DataFrame,
) -> Ledgers:
    """Refuse a set that the ledgers cannot hold; return them with the classes that it names.

    Parameters
    ----------
    project, ledgers
        What went in.
    open_sites
        Operating centres of the circle, all placed.
    asked
        The candidates as the project itself asks of them, without the set; ``None`` without
        candidates.
    chosen
        The set; ``None``: the ledgers as they are.
    costs
        The project's unit costs; may be empty.

    Returns
    -------
    Ledgers
        A candidate of which a class is built has that class's building area, and its cost where
        the project's costs tell it.

    Raises
    ------
    ScenarioError
        With everything of the set that no ledger holds or that is barred.
    """
    if chosen is None:
        return ledgers
    held = ledgers.candidates
    options = class_options(
        pd.DataFrame() if asked is None else asked.candidates.loc[asked.screening.usable.index],
        ledgers.centres.table,
        project_book(project),
        costs,
    )
    candidates = pd.DataFrame() if asked is None else asked.screening.usable
    barred = {} if asked is None else dict(asked.screening.barred["reasons"])
    barred |= {
        one: (message("what_if.barred_by_project"),) for one in project.scenario.siting.barred
    }
    refuse_sites(
        chosen,
        name=message("what_if.chosen_set").text(project.scenario.project.language),
        centres=list(open_sites.index),
        candidates=[] if held is None else list(held.table.index),
        barred={str(one): reasons for one, reasons in barred.items()},
        classes={str(one): list(part) for one, part in options.groupby("site")["option"]},
        roomless=_roomless(candidates, project_book(project)),
    )
    if held is None or not chosen.classes:
        return ledgers
    table = held.table.copy()
    for one, option in chosen.classes.items():
        built = options[(options["site"] == one) & (options["option"] == option)].iloc[0]
        table.loc[one, ["area_m2", "area_kind"]] = [built["counted_m2"], "建筑"]
        if pd.notna(built["cost_yuan"]):
            table.loc[one, "cost_10k_yuan"] = built["cost_yuan"] / YUAN_PER_10K
    return dataclasses.replace(ledgers, candidates=dataclasses.replace(held, table=table))


def _roomless(usable: pd.DataFrame, book: RuleBook) -> dict[str, Message]:
    """Return why a candidate may have room for no class: its area, or that there are none."""
    if not book.classes:
        return {str(one): message("what_if.classes_none", book=book.name) for one in usable.index}
    least = min(one.class_area_m2 for one in book.classes)
    areas = usable.reindex(columns=["building_area_m2"])["building_area_m2"].astype(float)
    return {
        str(one): message("what_if.class_area_unknown")
        if pd.isna(area)
        else message("what_if.class_too_small", area=area, least=least)
        for one, area in areas.items()
    }
