"""The plans beside the plan: what comes near it, who gains by it, what each site is worth."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.coverage.walking import Coverage
from planner.siting import (
    BestPlans,
    CoverageCurve,
    FewestCentres,
    LeastWorstWalk,
    MostPeople,
    ShortestWalk,
    SiteRules,
    WhoGains,
    best_plans,
    coverage_by_number,
    covered_weight,
    least_worst_walk,
    losses,
    price_of_each_site,
    shortest_walk,
    site_frequency,
    verify,
    who_gains,
)
from planner.siting.asking.recount import check_claim
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.tables import LIST_MARK
from planner.workflow.siting.elders import in_elders, merged_alike
from planner.workflow.siting.rules import SitesAsked
from planner.workflow.standards.planned_audit import community_at

CURVE_POINTS: Final = 40
"""Longest curve that is drawn number by number (our own choice); the last point is the fewest's."""

BESIDE_S: Final = 60.0
"""Seconds that near plans, prices and the curve may each take at most (our own choice)."""


@dataclass(frozen=True, eq=False)
class SitingBeside:
    """What is told beside a plan of most people.

    Parameters
    ----------
    near
        The best different plans, the plan itself first; ``None`` where none are asked for, and of a
        chosen set.
    frequency
        How often each site is in them (:func:`planner.siting.site_frequency`).
    gains
        Whom each chosen site newly serves, what it saves, costs and cures: elders aged 60+,
        whatever the plan counts.
    losses
        What is lost with each chosen site, and who could step in; elders aged 60+ likewise.
    prices
        What it costs to insist on or forbid each site, in what the plan counts; of a chosen set
        none.
    curve
        Coverage by number of new centres, up to that of the fewest, by the project's own rules.
    shortest, worst
        The plans of as many new centres that walk least in sum, and least for the last; ``None``
        where the project does not ask for them.
    """

    near: BestPlans | None
    frequency: pd.DataFrame
    gains: WhoGains
    losses: pd.DataFrame
    prices: pd.DataFrame
    curve: CoverageCurve
    shortest: ShortestWalk | None
    worst: LeastWorstWalk | None


def plans_beside(
    asked: SitesAsked,
    most: MostPeople,
    fewest: FewestCentres,
    coverage: Coverage,
    audit: FloorAreaAudit,
    communities: gpd.GeoDataFrame,
    *,
    every_walk: pd.DataFrame | None = None,
) -> SitingBeside:
    """Return what is told beside a plan of most people.

    Parameters
    ----------
    asked, most, fewest
        The questions and their answers.
    coverage
        Coverage today, with everybody's walk to the nearest centre, however far.
    audit
        The floor areas of the service groups.
    communities
        The communities, with their outlines.
    every_walk
        Walks to centres and candidates without a limit, for the plans of walks; ``None`` for none.

    Raises
    ------
    SitingError
        If a claim of a plan does not stand.
    """
    settings = asked.settings
    seconds = min(settings.time_limit_s, BESIDE_S)
    near = None
    if settings.near_plans and not asked.is_given:
        near = best_plans(most, settings.near_plans, time_limit_s=seconds, skip_parts=True)
        for one in near.plans:
            verify(one.plan).raise_if_false()
    curve = _curve(most, fewest, fewest.asked.rules, seconds)
    shortest, worst = _walked(most, every_walk, seconds)
    return SitingBeside(
        near=near,
        frequency=site_frequency([most] if near is None else near),
        gains=_gains(asked, in_elders(most), coverage, audit, communities),
        losses=losses(in_elders(most)),
        prices=_no_prices()
        if asked.is_given
        else price_of_each_site(merged_alike(most), time_limit_s=seconds),
        curve=curve,
        shortest=shortest,
        worst=worst,
    )


def _gains(
    asked: SitesAsked,
    most: MostPeople,
    coverage: Coverage,
    audit: FloorAreaAudit,
    communities: gpd.GeoDataFrame,
) -> WhoGains:
    chosen = list(most.chosen)
    sites = asked.screening.usable.loc[chosen]
    costs = sites.reindex(columns=["cost_10k_yuan"])["cost_10k_yuan"].astype(float)
    groups = audit.groups
    group_of_community = {
        community: group
        for group, listed in groups["communities"].items()
        for community in str(listed).split(LIST_MARK)
    }
    community = community_at(asked.candidates.geometry.loc[chosen], communities)
    return who_gains(
        most,
        coverage.residents,
        minutes_before=coverage.residents["walk_minutes"],
        costs=costs,
        areas_m2=sites["building_area_m2"].astype(float),
        group_of=community.map(group_of_community).astype(object),
        shortfall_m2=groups["shortfall_m2"].astype(float),
    )


def _no_prices() -> pd.DataFrame:
    """Return the table of prices without a site: a chosen set has none, being no best plan."""
    columns = {"action": object, "at_least": float, "at_most": float, "is_exact": bool}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})


def _curve(
    most: MostPeople, fewest: FewestCentres, rules: SiteRules, seconds: float
) -> CoverageCurve:
    question = merged_alike(most).asked
    # Merged homes have lost their places: a radius was counted before.
    rules = dataclasses.replace(rules, radius_m=None)
    # Fewer than these would leave a required site closed.
    least = max(len(list(rules.required)) - len(list(rules.may_close)), 0)
    last = max(len(fewest.chosen), len(most.chosen), least)
    numbers = {*range(least, min(last, CURVE_POINTS) + 1), last, max(most.new_centres, least)}
    curve = coverage_by_number(
        question.times,
        question.residents,
        question.candidates,
        limit_minutes=most.limit_minutes,
        numbers=[number for number in numbers if number <= last],
        existing=question.existing,
        weight=question.weight,
        rules=rules,
        time_limit_s=seconds,
    )
    whole = most.asked
    for plan in curve.plans:
        recounted = covered_weight(
            whole.times,
            whole.residents,
            [*plan.existing, *plan.chosen],
            limit_minutes=most.limit_minutes,
            weight=whole.weight,
            radius_m=whole.rules.radius_m,
        )
        check_claim(plan.covered, recounted)
    return curve


def _walked(
    most: MostPeople, every_walk: pd.DataFrame | None, seconds: float
) -> tuple[ShortestWalk | None, LeastWorstWalk | None]:
    if every_walk is None:
        return None, None
    question = most.asked
    asked: Any = {
        "new_centres": most.new_centres,
        "existing": question.existing,
        "weight": question.weight,
        "rules": question.rules,
        "time_limit_s": seconds,
    }
    tables = (every_walk, question.residents, question.candidates)
    shortest, worst = shortest_walk(*tables, **asked), least_worst_walk(*tables, **asked)
    verify(shortest).raise_if_false()
    verify(worst).raise_if_false()
    return shortest, worst
