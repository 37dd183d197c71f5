"""What the district, its streets and communities have for their elders: found out, not yet told."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from planner.coverage.community_centre import community_centre, community_middles
from planner.coverage.walking import Coverage
from planner.errors import ScenarioError
from planner.labels import message
from planner.scenario import Scenario
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.floor_area.joining import join_small_groups, middles_of
from planner.standards.floor_area.service_groups import service_groups
from planner.standards.provision.pooled import community_areas, joined_with, rolled_up, spanning
from planner.standards.provision.ratios import (
    UNSTATED,
    People,
    Ratio,
    district_findings,
    ratio_of,
    with_ratios,
)
from planner.standards.provision.tiers import (
    DISTRICT,
    EVERY_LINE,
    facility_facts,
    line_elders,
    tier_table,
)
from planner.standards.rulebooks.clauses import RuleBook
from planner.tables import POPULATION_KINDS
from planner.workflow.covering.area_counts import street_names

RATIO_LINES: Final = (
    ("area", "m2", "centres"),
    ("beds", "beds", "institution"),
    ("all_beds", "beds", "all"),
    ("carers", "carers", "all"),
)
"""Name of each ratio that is told with a denominator of its own; its figure; its line."""

GIVEN: Final = ("area", "beds", "carers")
"""What ``[provision]`` may give a denominator for (``beds`` for both ratios of beds)."""


@dataclass(frozen=True, eq=False)
class Provision:
    """What is there, and what of it each area's elders have.

    Parameters
    ----------
    tiers
        :func:`planner.standards.provision.tiers.tier_table` with its ratios.
    ratios
        The district's ratios by name and denominator (``ledger``, ``control``, ``given``).
    clauses
        :func:`planner.standards.provision.ratios.district_findings`.
    communities
        :func:`planner.standards.provision.pooled.community_areas` and, of those that join others,
        :func:`planner.standards.provision.pooled.joined_with`.
    streets, district
        :func:`planner.standards.provision.pooled.rolled_up` (an empty district has no row).
    spanning
        :func:`planner.standards.provision.pooled.spanning`.
    street_names
        Street of every community and village, by its id.
    books
        The books held against the district.
    """

    tiers: pd.DataFrame
    ratios: dict[tuple[str, str], Ratio]
    clauses: pd.DataFrame
    communities: pd.DataFrame
    streets: pd.DataFrame
    district: pd.DataFrame
    spanning: pd.DataFrame
    street_names: pd.Series
    books: tuple[RuleBook, ...]


_NUMBERED: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?)?(?:[-/.]?(\d{1,2})日?)?")


def provision_of(
    scenario: Scenario,
    centres: pd.DataFrame,
    communities: pd.DataFrame,
    walked: Coverage,
    audit: FloorAreaAudit,
    neighbours: pd.DataFrame,
    books: Sequence[RuleBook],
) -> Provision:
    """Find out what the district, its streets and its communities have, require and lack.

    Parameters
    ----------
    scenario
        The project's settings.
    centres, communities
        The ledgers' tables.
    walked
        Coverage by the operating centres of the book's kinds.
    audit
        The floor-area audit.
    neighbours
        Walks between communities.
    books
        The books that are held against the district.

    Raises
    ------
    ScenarioError
        If ``[provision]`` gives a denominator for something that has none.
    """
    names = street_names(communities).reindex(communities.index)
    facts = facility_facts(centres, communities, names, book=audit.book)
    tiers = tier_table(facts, communities, names)
    ratios = _ratios(scenario, tiers)
    heads = line_elders(communities, names, "population")["everywhere"].iloc[0]
    land = ratio_of(
        tiers,
        "site_m2",
        "all",
        _kinds("all"),
        _ledger_people(scenario, heads),
        area=DISTRICT,
    )
    areas = community_areas(communities, audit.service_groups, audit.groups, book=audit.book)
    areas = areas.join(_joins(communities, centres, walked, audit, neighbours, areas))
    return Provision(
        tiers=with_ratios(tiers),
        ratios=ratios,
        clauses=district_findings(books, {"beds": ratios["beds", "ledger"], "site_m2": land}),
        communities=areas,
        streets=rolled_up(areas, names),
        district=rolled_up(areas, pd.Series(DISTRICT, index=areas.index)),
        spanning=spanning(areas, names),
        street_names=names,
        books=tuple(books),
    )


def _joins(
    communities: pd.DataFrame,
    centres: pd.DataFrame,
    walked: Coverage,
    audit: FloorAreaAudit,
    neighbours: pd.DataFrame,
    areas: pd.DataFrame,
) -> pd.DataFrame:
    """Return with whom small groups are joined, also where the project reads them pro rata."""
    base = audit.service_groups.community_group
    if audit.small_groups != "pro_rata":
        base = service_groups(
            communities,
            centres,
            community_centre(walked, communities),
            book=audit.book,
            served=audit.served,
        ).community_group
    urban = communities.loc[base.index]
    middles = middles_of(urban, community_middles(walked.residents, urban))
    joins = join_small_groups(
        base,
        urban,
        middles,
        least_population=audit.book.classes[0].population_from,
        walks=neighbours,
    )
    return joined_with(areas, base, joins)


def _kinds(key: str) -> tuple[str, ...]:
    return next(line.kinds for line in EVERY_LINE if line.key == key)


def _ledger_people(scenario: Scenario, row: pd.Series) -> People:
    """Return the persons of the communities' ledger as a denominator."""
    ours = scenario.communities
    return People(
        persons=None if pd.isna(row["persons"]) else float(row["persons"]),
        kind=ours.population_kind,
        date=ours.population_date,
        unknown=int(row["communities_unknown"]),
    )


def _ratios(scenario: Scenario, tiers: pd.DataFrame) -> dict[tuple[str, str], Ratio]:
    """Return the district's ratios, each to the ledger's elders and to those given beside."""
    given = given_people(scenario)
    control = scenario.control_source
    whole = tiers[(tiers["area"] == DISTRICT) & (tiers["line"] == "all")].iloc[0]
    ledger = _ledger_people(
        scenario,
        pd.Series(
            {"persons": whole["elderly_60"], "communities_unknown": whole["communities_unknown"]}
        ),
    )
    found: dict[tuple[str, str], Ratio] = {}
    for name, figure, line in RATIO_LINES:
        people = {"ledger": ledger}
        if "elderly_60" in scenario.control_totals:
            people["control"] = People(
                float(scenario.control_totals["elderly_60"]),
                control.population_kind,
                control.population_date,
                control.source,
            )
        if name.removeprefix("all_") in given:
            people["given"] = given[name.removeprefix("all_")]
        for whose, one in people.items():
            found[name, whose] = ratio_of(tiers, figure, line, _kinds(line), one, area=DISTRICT)
    return found


def _can_be_a_date(date: str) -> bool:
    """Tell whether a date is none that the calendar lacks; words such as 2024年末 pass."""
    parts = _NUMBERED.fullmatch(date.strip())
    if parts is None:
        return True
    year, month, on = (int(part or 1) for part in parts.groups())
    try:
        datetime.date(year, month, on)
    except ValueError:
        return False
    return True


def given_people(scenario: Scenario) -> dict[str, People]:
    """Return the denominators that ``[provision]`` gives, by what they are for.

    Raises
    ------
    ScenarioError
        If it gives one for something that has none, no elders, or what is no kind of population.
    """
    own = scenario.provision
    problems = [
        message("provision.given_unknown", name=name, known="、".join(GIVEN))
        for table in (own.elders, own.population_kinds, own.population_dates, own.sources)
        for name in table
        if name not in GIVEN
    ]
    problems += [
        message("provision.given_nobody", name=name)
        for name, persons in own.elders.items()
        if not persons > 0
    ]
    problems += [
        message("provision.given_date", name=name, date=date)
        for name, date in own.population_dates.items()
        if not _can_be_a_date(date)
    ]
    problems += [
        message("provision.given_kind", name=name, kind=kind, known="、".join(POPULATION_KINDS))
        for name, kind in own.population_kinds.items()
        if kind not in POPULATION_KINDS
    ]
    if problems:
        raise ScenarioError(message("scenario.refused"), problems)
    return {
        name: People(
            float(persons),
            own.population_kinds.get(name, UNSTATED),
            own.population_dates.get(name, ""),
            own.sources.get(name, ""),
        )
        for name, persons in own.elders.items()
    }
