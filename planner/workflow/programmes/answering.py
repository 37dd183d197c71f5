"""A project's programme: what to build, enlarge, take over and close for the money, and how surely.

The menu is made of the ledgers' own facts, the answer is proven and counted again from the tables,
then walked on the streets; every site that it makes or changes is judged by the books before it is
printed.
"""

from __future__ import annotations

import dataclasses
from math import fsum
from typing import Any

import geopandas as gpd
import pandas as pd

from planner.errors import SitingError
from planner.labels import message
from planner.ledgers import base_of
from planner.scenario.siting import ProgrammeSettings
from planner.siting import PlanYear, Programme, SiteRules, least_cost, planned_centres, programme
from planner.siting.asking.recount import check_claim
from planner.siting.programmes.years import ONE_YEAR
from planner.tables import listed
from planner.workflow.covering.capacities import places_of_centres
from planner.workflow.inputs.record import Clock
from planner.workflow.inputs.walking import points_only
from planner.workflow.programmes.decided import (
    DecidedCentres,
    decided_centres,
    with_area_of_years,
    with_decided,
    without_closed,
)
from planner.workflow.programmes.found import FoundProgramme, ProgrammeGround, own_measures
from planner.workflow.programmes.menu import ProgrammeMenu, programme_menu
from planner.workflow.programmes.years import ProgrammeYears, not_reckoned, programme_years
from planner.workflow.siting.rules import site_rules
from planner.workflow.standards.planned_audit import PlannedAudit, planned_audit, planned_kind
from planner.workflow.years.reckoning import one_table


def programme_of(ground: ProgrammeGround, clock: Clock) -> FoundProgramme | None:
    """Return a project's programme; ``None`` where it asks for none.

    Raises
    ------
    SitingError
        With every rule that cannot be kept; or if the answer is not what tables and streets give.
    """
    project, ledgers = ground.project, ground.ledgers
    settings = project.scenario.programme
    if settings is None:
        return None
    homes = ledgers.residents.table["community"].astype(object)
    with clock.step(message("programme_run.step"), "programme"):
        lost = not_reckoned(settings, ground.years)
        if lost:
            nothing = (None,) * 5
            names = _names(ledgers.centres.table, ground.siting.candidates)
            return FoundProgramme(settings, *nothing, names, homes, False, lost)
        asked = with_area_of_years(
            programme_years(settings, ground.today, ledgers, ground.years), ground.years
        )
        kinds = project.scenario.coverage.centre_kinds
        decided = decided_centres(asked, ground.years, kinds, settings.unit)
        menu = programme_menu(
            project.scenario,
            settings,
            ledgers,
            ground.siting,
            ground.judgement,
            asked,
            ground.remedies.costs,
            ground.estates,
        )
        plan, before = _solved(ground, settings, asked, menu, decided)
        walked = ground.siting.asked.is_walked_only
        if walked:
            check_on_streets(ground, plan, asked, menu, decided)
        own = dataclasses.replace(plan, chosen=own_measures(plan))
        audit = _audited(ground, own, asked, menu)
    used = {one for cell in _partners(menu, own) for one in cell}
    promised = set(ground.remedies.measures["partner"].dropna().astype(str))
    sited = set(ground.siting.most.chosen) & _moved(menu, own)
    return FoundProgramme(
        settings,
        plan,
        before,
        menu,
        asked,
        audit,
        _names(ledgers.centres.table, menu.sites),
        homes,
        walked,
        (),
        promised=tuple(sorted(used & promised)),
        sited=tuple(sorted(sited)),
        weights=bool(project.scenario.siting.weights),
        decided=decided,
        beside_given=ground.siting.asked.is_given,
        base_year=base_of(project.scenario.years, project.scenario.communities.population_date),
    )


def _names(*tables: pd.DataFrame) -> pd.Series:
    names: pd.Series = pd.concat([table["name"].astype(object) for table in tables])
    return names


def _partners(menu: ProgrammeMenu, plan: Programme) -> list[tuple[Any, ...]]:
    """Return the rooms and candidates that the chosen measures use."""
    cells = menu.menu.measures.loc[plan.chosen.index, "one_of"]
    return [cell for cell in cells if isinstance(cell, tuple)]


def _moved(menu: ProgrammeMenu, plan: Programme) -> set[Any]:
    """Return the candidates that a programme makes part of another place."""
    measures = menu.menu.measures.loc[plan.chosen.index]
    return {
        one
        for site, cell in zip(measures["site"], measures["one_of"], strict=True)
        if isinstance(cell, tuple)
        for one in cell
        if one != site
    }


def _solved(
    ground: ProgrammeGround,
    settings: ProgrammeSettings,
    asked: ProgrammeYears,
    menu: ProgrammeMenu,
    decided: DecidedCentres,
) -> tuple[Programme, Programme]:
    """Ask for the most served with the money, or for the least money that serves a share.

    The second is the same with nothing done.
    """
    siting = ground.siting
    known = siting.asked_times
    later = asked.open_then[~asked.open_then.index.isin(_destinations(ground))]
    others = [one for one in (later, decided.centres) if len(one)]
    if menu.pools is not None:
        others.append(menu.pools.sites)
    if others:
        known = one_table(known, siting.times_to(points_only(others)))
    places = places_of_centres(
        pd.DataFrame(asked.open_then.drop(columns="geometry")), settings.unit, asked.audit.book
    )
    question: dict[str, Any] = {
        "existing": places,
        "limit_minutes": siting.asked.limit_minutes,
        "unit": settings.unit,
        "unknown_capacity": settings.unknown_capacity,
        "time_limit_s": settings.time_limit_s,
        "gap": settings.gap,
    }
    if settings.unknown_capacity == "refuse" and decided.places_unknown:
        problem = message("programme.capacity_unknown", ids=listed(list(decided.places_unknown)))
        raise SitingError(message("siting.refused"), [problem])
    rules, measures = _rules(ground, asked, menu, decided), menu.menu.measures
    if len(decided.measures):
        measures = pd.concat([measures, decided.measures]) if len(measures) else decided.measures
    years = asked.budgets or (PlanYear(ONE_YEAR, 0.0, "asks"),)
    before = programme(
        known,
        asked.people,
        decided.measures if len(decided.measures) else measures.iloc[:0],
        years=[dataclasses.replace(year, budget_yuan=0.0) for year in years],
        rules=SiteRules(radius_m=rules.radius_m, required=tuple(decided.centres.index)),
        groups=asked.groups,
        **question,
    )
    question["groups"] = without_closed(asked, rules.must_close)
    if settings.served_share is not None:
        share = settings.served_share
        plan = least_cost(
            known, asked.people, measures, served_share=share, weight="asks", rules=rules,
            **question,
        )  # fmt: skip
        return plan, before
    plan = programme(
        known,
        asked.people,
        measures,
        years=years,
        carries_over=settings.carries_over,
        foresight=settings.foresight,
        goal_weights=dict(settings.goal_weights) or None,
        rules=rules,
        **question,
    )
    return plan, before


def _destinations(ground: ProgrammeGround) -> pd.Index[Any]:
    """Return the centres that walks are known to already, those that nobody reaches among them."""
    known: pd.Index[Any] = pd.Index(list(ground.siting.most.asked.existing), dtype=object)
    return known


def _rules(
    ground: ProgrammeGround, asked: ProgrammeYears, menu: ProgrammeMenu, decided: DecidedCentres
) -> SiteRules:
    """Return ``[siting]``'s rules as far as they speak of the menu's places.

    Closing is a measure here: what ``[siting]`` may close is none of it.

    Raises
    ------
    SitingError
        If nothing can be done at a required site.
    """
    settings = ground.project.scenario.siting
    candidates = menu.sites
    on_menu = candidates[candidates.index.isin(set(menu.menu.measures["site"]))]
    missing = [one for one in settings.required if one not in on_menu.index]
    if missing:
        problem = message("programme_run.required_no_site", ids=listed(missing))
        raise SitingError(message("siting.refused"), [problem])
    on_menu = gpd.GeoDataFrame(on_menu[["geometry"]])
    places = on_menu
    if len(decided.centres):
        places = gpd.GeoDataFrame(pd.concat([on_menu, decided.centres[["geometry"]]]))
    rules = site_rules(settings, asked.open_then, places)
    rules = dataclasses.replace(rules, may_close=())
    return with_decided(rules, decided, asked.open_then.index) if len(decided.centres) else rules


def open_in_year(plan: Programme, year: Any) -> list[Any]:
    """Return the ids of the places that are open in a year of a programme."""
    sites = plan.sites
    found: list[Any] = sites.loc[
        (sites["year"] == year) & (sites["state"] != "closed"), "site"
    ].tolist()
    return found


def check_on_streets(
    ground: ProgrammeGround,
    plan: Programme,
    asked: ProgrammeYears,
    menu: ProgrammeMenu,
    decided: DecidedCentres,
) -> None:
    """Walk anew to the places open in each year, and count who reaches any.

    Raises
    ------
    SitingError
        If that differs from the programme's own count by more than one part in a million.
    """
    places = points_only([asked.open_then, menu.sites, decided.centres])
    walks = ground.today.walks
    for year in plan.asked.years:
        sites = places.loc[open_in_year(plan, year.year)]
        state = walks.coverage_by(gpd.GeoDataFrame(sites)).residents["state"]
        covered = state.index[(state == "covered").to_numpy()]
        figures = plan.by_year.loc[[year.year]]
        claimed = fsum(figures["asked_persons"] - figures["out_of_reach_persons"])
        check_claim(claimed, fsum(asked.people.loc[covered, str(year.weight)]))


def _audited(
    ground: ProgrammeGround, plan: Programme, asked: ProgrammeYears, menu: ProgrammeMenu
) -> PlannedAudit | None:
    """Judge what the programme makes or changes, all of it standing, by the people of its end."""
    project = ground.project
    centres = asked.centres
    rows = planned_centres(
        plan,
        menu.sites,
        centres,
        centre_kind=planned_kind(project),
    )
    if rows.empty:
        return None
    closed = plan.chosen.loc[plan.chosen["kind"] == "close", "site"].tolist()
    closed += list(plan.asked.rules.must_close)
    visits = menu.menu.measures.loc[plan.chosen.index]
    walks = dataclasses.replace(ground.today.walks, residents=asked.residents)
    return planned_audit(
        project,
        walks,
        gpd.GeoDataFrame(centres[~centres.index.isin(closed)]),
        asked.communities,
        rows,
        neighbours=ground.today.neighbours,
        to_visit=visits.loc[visits["to_visit"].astype(bool), "site"].tolist(),
    )
