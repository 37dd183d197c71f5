"""What every siting question of a plan keeps to: its rules, and whom it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from planner.errors import ScenarioError
from planner.labels import Message, enumerated, message
from planner.ledgers.forecasts import base_of
from planner.scenario import Scenario
from planner.scenario.siting import SitingSettings
from planner.siting import Screening, SiteRules, Weight, too_near, usable_candidates
from planner.siting.asking.weights import factors_of, weights_of
from planner.standards.rulebooks.clauses import RuleBook
from planner.tables import listed
from planner.workflow.inputs.walking import points_only
from planner.workflow.siting.elders import PLAIN_WEIGHT
from planner.workflow.siting.settings import ID_RULES, WEIGHT_COLUMNS, siting_fault


@dataclass(frozen=True, eq=False)
class SitesAsked:
    """What every siting question of one plan is asked with.

    Parameters
    ----------
    settings
        ``[siting]``.
    candidates
        The candidates' table.
    screening
        Which of them could hold a centre, and why the others could not.
    rules
        What every plan of today keeps to.
    limit_minutes
        Largest walk that counts, for every walker.
    base_year
        Year of today's figures; ``None`` where neither settings nor date tell it.
    own
        What the project itself asks with, where the plan is a set that somebody chose; ``None``
        where the plan is the project's own best one.
    """

    settings: SitingSettings
    candidates: gpd.GeoDataFrame
    screening: Screening
    rules: SiteRules
    limit_minutes: float
    base_year: float | None = None
    own: SitesAsked | None = None

    @property
    def is_given(self) -> bool:
        """Whether the plan is a chosen set: it is told as that, and nothing is proven of it."""
        return self.own is not None

    @property
    def weight(self) -> Weight:
        """What to count: a column of the residents, or factors by column."""
        given = self.settings.weights
        factors = {name: float(factor) for name, factor in given.items() if factor > 0}
        return factors if factors and factors != {PLAIN_WEIGHT: 1.0} else PLAIN_WEIGHT

    @property
    def is_weighted(self) -> bool:
        """Whether something else is counted than elders aged 60+, each once."""
        return self.weight != PLAIN_WEIGHT

    @property
    def factors(self) -> dict[str, float]:
        """What one person of each column counts."""
        weight = self.weight
        return {} if weight is None else factors_of(weight)

    @property
    def is_walked_only(self) -> bool:
        """Whether a centre serves whoever its plan's own walker brings there in time."""
        return not self.settings.walkers and self.settings.radius_m is None

    def people(self, residents: pd.DataFrame) -> pd.DataFrame:
        """Return the residents as questions are asked of them: unknown people ask for nothing."""
        columns = dict.fromkeys((PLAIN_WEIGHT, *self.factors))
        return pd.DataFrame(residents[list(columns)]).fillna(0.0)

    def rules_among(self, open_sites: gpd.GeoDataFrame, usable: pd.DataFrame) -> SiteRules:
        """Return the rules as far as they speak of some centres and candidates."""
        return site_rules(self.settings, open_sites, usable)


def site_rules(
    settings: SitingSettings, open_sites: gpd.GeoDataFrame, usable: pd.DataFrame
) -> SiteRules:
    """Return the rules of a project as far as they speak of some centres and candidates.

    Candidates that their own facts bar, and centres that do not operate, are in no plan: rules
    that name them ask for nothing.

    Parameters
    ----------
    settings
        ``[siting]``.
    open_sites
        Centres of the circle's kinds that operate, all placed.
    usable
        Candidates that could hold a centre.
    """
    candidates, existing = set(usable.index), set(open_sites.index)
    groups = [
        tuple(one for one in ids if one in candidates or one in existing)
        for ids in settings.at_most_one.values()
    ]
    apart = None
    if settings.least_distance_m:
        places = points_only([open_sites, usable])
        apart = too_near(places, least_distance_m=settings.least_distance_m)
    return SiteRules(
        required=tuple(one for one in settings.required if one in candidates),
        barred=tuple(one for one in settings.barred if one in candidates),
        may_close=tuple(one for one in settings.may_close if one in existing),
        must_close=tuple(one for one in settings.must_close if one in existing),
        at_most_one=tuple(group for group in groups if len(group) > 1),
        apart=apart,
        radius_m=settings.radius_m,
    )


def sites_asked(
    scenario: Scenario,
    candidates: gpd.GeoDataFrame,
    open_sites: gpd.GeoDataFrame,
    residents: pd.DataFrame,
    book: RuleBook,
) -> SitesAsked:
    """Return what the siting questions of a plan are asked with.

    Parameters
    ----------
    scenario
        The project's settings.
    candidates
        The candidates' table.
    open_sites
        Centres of the circle's kinds that operate, all placed.
    residents
        The residents' table.
    book
        The rule book, which tells building area from use area.

    Raises
    ------
    ScenarioError
        With every rule that names a stranger, asks for a site that its own facts bar or that no
        other rule allows, and every column to be counted that nobody knows.
    """
    settings = scenario.siting
    screening = usable_candidates(
        candidates,
        least_area_m2=settings.least_area_m2,
        use_area_ratio=book.figure("use_area_ratio"),
    )
    faults = [
        *_strangers(scenario, candidates, open_sites),
        *_barred_by_facts(settings.required, screening.barred),
        *_unknown_weights(scenario, residents),
    ]
    if not faults:
        rules = site_rules(settings, open_sites, screening.usable)
        faults += _clashes(settings, rules, open_sites)
    if faults:
        raise ScenarioError(message("scenario.refused"), faults)
    base_year = base_of(scenario.years, scenario.communities.population_date)
    return SitesAsked(
        settings, candidates, screening, rules, scenario.walking.limit_minutes, base_year
    )


def _strangers(
    scenario: Scenario, candidates: pd.DataFrame, open_sites: pd.DataFrame
) -> list[Message]:
    """Tell of ids that stand in no ledger, with its file and what stands there."""
    settings = scenario.siting
    ledger = scenario.candidates
    tables = {
        "candidates": ("" if ledger is None else ledger.file, candidates.index),
        "centres": (scenario.centres.file, open_sites.index),
    }
    faults = []
    for name in ID_RULES:
        of = "candidates" if name in ("required", "barred") else "centres"
        file, known = tables[of]
        if strange := [one for one in getattr(settings, name) if one not in known]:
            told = {"ledger": file, "ids": listed(strange), "known": listed(known)}
            faults.append(siting_fault(f"stranger_{of}", name, **told))
    known = candidates.index.append(open_sites.index)
    for group, ids in settings.at_most_one.items():
        if strange := [one for one in ids if one not in known]:
            told = {"group": group, "ids": listed(strange), "known": listed(known)}
            files = "、".join(file for file, _ in tables.values())
            faults.append(siting_fault("group_stranger", "at_most_one", ledger=files, **told))
    return faults


def _barred_by_facts(required: Iterable[str], barred: pd.DataFrame) -> list[Message]:
    return [
        siting_fault("required_barred", "required", id=one, why=enumerated(barred["reasons"][one]))
        for one in required
        if one in barred.index
    ]


def _unknown_weights(scenario: Scenario, residents: pd.DataFrame) -> list[Message]:
    """Tell of columns that nobody knows, and of people of whom there are none."""
    weights: Mapping[str, float] = scenario.siting.weights
    known = [
        name
        for name in WEIGHT_COLUMNS
        if name in residents.columns and residents[name].notna().any()
    ]
    told = {"ledger": scenario.residents.file, "known": "、".join(known)}
    faults = [
        siting_fault("weight_of_nobody", "weights", column=column, **told)
        for column, factor in weights.items()
        if factor > 0 and column not in known
    ]
    if weights and not faults:
        counted = {name: float(factor) for name, factor in weights.items() if factor > 0}
        people = pd.DataFrame(residents[list(counted)]).fillna(0.0)
        if not weights_of(people, counted).any():
            columns = "、".join(counted)
            faults.append(siting_fault("weights_of_none", "weights", column=columns, **told))
    return faults


def _clashes(settings: SitingSettings, rules: SiteRules, open_sites: pd.DataFrame) -> list[Message]:
    """Tell of required sites that another rule keeps closed."""
    required = set(rules.required)
    leaving = {*rules.may_close, *rules.must_close}
    forced = required | {one for one in open_sites.index if one not in leaving}
    faults = []
    for group, ids in settings.at_most_one.items():
        both = [one for one in ids if one in forced]
        if len(both) > 1 and required.intersection(both):
            faults.append(siting_fault("group_clash", "at_most_one", group=group, ids=listed(both)))
    return faults + _too_near_clashes(settings, rules, required, forced)


def _too_near_clashes(
    settings: SitingSettings, rules: SiteRules, required: set[str], forced: set[Any]
) -> list[Message]:
    if rules.apart is None:
        return []
    pairs = rules.apart
    both = pairs["first"].isin(forced) & pairs["second"].isin(forced)
    near = pairs[both & (pairs["first"].isin(required) | pairs["second"].isin(required))]
    return [
        siting_fault(
            "near_clash",
            "required",
            first=first,
            second=second,
            apart_m=apart_m,
            least_m=settings.least_distance_m,
        )
        for first, second, apart_m in near.itertuples(index=False)
    ]
