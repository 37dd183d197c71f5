"""The years of a programme: who asks for a place in each, and what floor area groups require.

Service groups are those of the first year asked, with the centres open then, and stay the same in
later years: a programme that changed them as it opened centres would compare no two years. What a
group requires in each year is of its people of that year.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from planner.labels import Message, message
from planner.ledgers import residents_in
from planner.scenario.siting import ProgrammeSettings
from planner.siting import PlanYear
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.floor_area.group_area import group_people
from planner.standards.floor_area.required import required_floor_areas
from planner.workflow.covering.capacities import asking
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.walking import open_centres
from planner.workflow.years.gaps import HOMELESS_ID
from planner.workflow.years.plans import FoundYears, Today, YearPlan

TEN_THOUSAND = 10_000.0


@dataclass(frozen=True, eq=False)
class ProgrammeYears:
    """What a programme is asked of, year by year.

    Parameters
    ----------
    names
        The years; empty where today's people are asked for.
    budgets
        With the column of those who ask and of the area required; one, of today, where the
        project names no years. Its money is missing where the least money is asked for.
    people
        By resident id, those without homes last: a column ``asks`` or ``asks_<year>``.
    unknown_rows
        Rows of which nobody knows how many ask, in any of the years: they ask for nothing.
    groups
        By service group: ``required_m2`` or ``required_m2_<year>``, and ``held_m2``.
    required
        By service group, what each year requires of it, whatever opens by then: those columns.
    audit
        The audit whose groups these are.
    open_then
        Centres of the circle's kinds that operate in the first year, all placed.
    centres, communities, residents
        As they are in the last year.
    """

    names: tuple[int, ...]
    budgets: tuple[PlanYear, ...]
    people: pd.DataFrame
    unknown_rows: int
    groups: pd.DataFrame
    required: pd.DataFrame
    audit: FloorAreaAudit
    open_then: gpd.GeoDataFrame
    centres: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    residents: gpd.GeoDataFrame


def not_reckoned(settings: ProgrammeSettings, years: FoundYears | None) -> tuple[Message, ...]:
    """Return why a programme's years cannot be asked of; nothing where they can."""
    lost = {} if years is None else years.not_reckoned
    asked = sorted(int(year) for year in settings.budgets_10k_yuan)
    return tuple(message("programme_run.year_lost", year=year) for year in asked if year in lost)


def programme_years(
    settings: ProgrammeSettings, today: Today, ledgers: Ledgers, years: FoundYears | None
) -> ProgrammeYears:
    """Return who asks for what in the years of a programme.

    Parameters
    ----------
    settings
        ``[programme]``.
    today
        What the run has found out of today.
    ledgers
        Today's ledgers.
    years
        The years planned for; needed where the programme names years.
    """
    names = tuple(sorted(int(year) for year in settings.budgets_10k_yuan))
    plans = [years.of(name) for name in names] if years is not None else []
    walks = today.walks
    if not plans:
        return _of_today(settings, today, ledgers)
    tables = [
        residents_in(plan.year, walks.residents, ledgers.communities.table, years.figures)
        for plan in plans
        if years is not None
    ]
    rate = walks.scenario.capacity.demand_rate
    asks = {}
    for name, plan, table in zip(names, plans, tables, strict=True):
        homeless = _homeless(plan, table)
        both = pd.concat([pd.DataFrame(table.drop(columns="geometry")), homeless])
        asks[f"asks_{name}"] = asking(both, settings.unit, rate).residents["demand_persons"]
    people = pd.DataFrame(asks)
    first, last = plans[0], plans[-1]
    kinds = walks.scenario.coverage.centre_kinds
    required = {f"required_m2_{one.year}": _required(first.audit, one) for one in plans}
    groups = pd.DataFrame(required | {"held_m2": first.audit.groups["held_m2"].astype(float)})
    return ProgrammeYears(
        names=names,
        budgets=tuple(
            PlanYear(
                name,
                TEN_THOUSAND * float(settings.budgets_10k_yuan[str(name)]),
                f"asks_{name}",
                f"required_m2_{name}",
            )
            for name in names
        ),
        people=people.fillna(0.0),
        unknown_rows=int(people.loc[walks.residents.index].isna().any(axis=1).sum()),
        groups=groups,
        required=groups.drop(columns="held_m2"),
        audit=first.audit,
        open_then=open_centres(first.centres, kinds),
        centres=last.centres,
        communities=last.communities,
        residents=tables[-1],
    )


def _of_today(settings: ProgrammeSettings, today: Today, ledgers: Ledgers) -> ProgrammeYears:
    walks, scenario = today.walks, today.walks.scenario
    asks = asking(walks.residents, settings.unit, scenario.capacity.demand_rate)
    people = asks.residents["demand_persons"].rename("asks")
    audit = today.audit
    groups = audit.groups[["required_m2", "held_m2"]].astype(float)
    money = settings.budget_10k_yuan
    return ProgrammeYears(
        names=(),
        budgets=() if money is None else (PlanYear("all", TEN_THOUSAND * money, "asks"),),
        people=people.fillna(0.0).to_frame(),
        unknown_rows=int(people.isna().sum()),
        groups=groups,
        required=groups[["required_m2"]],
        audit=audit,
        open_then=open_centres(ledgers.centres.table, scenario.coverage.centre_kinds),
        centres=ledgers.centres.table,
        communities=ledgers.communities.table,
        residents=walks.residents,
    )


def _homeless(plan: YearPlan, residents: pd.DataFrame) -> pd.DataFrame:
    """Return people whose community has no homes as rows of their own, which reach nothing."""
    rows = plan.homeless
    ids = pd.Index([f"{HOMELESS_ID}{code}" for code in rows.index], dtype=object)
    known = [name for name in rows.columns if name in residents.columns]
    return rows[known].set_axis(ids).assign(community=rows.index.to_numpy(dtype=object))


def _required(audit: FloorAreaAudit, plan: YearPlan) -> pd.Series:
    """Return what the groups of one audit require for the people of a year."""
    required = required_floor_areas(
        group_people(plan.communities, audit.service_groups),
        book=audit.book,
        small_groups=audit.small_groups,
        per_elder_decides=audit.per_elder_decides,
    )
    return required["required_m2"].astype(float)
