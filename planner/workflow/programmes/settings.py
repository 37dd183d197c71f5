"""What ``[programme]`` is refused for: by itself before any ledger is read, then by the ledgers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from planner.errors import ScenarioError
from planner.labels import Message, message
from planner.ledgers.forecasts import base_of
from planner.scenario import Scenario
from planner.scenario.siting import ProgrammeSettings
from planner.siting.asking.candidates import usable_candidates
from planner.siting.programmes.menu_checks import setting_problems
from planner.standards.rulebooks.clauses import RuleBook
from planner.tables import listed
from planner.workflow.covering.capacities import need_column
from planner.workflow.inputs.project import PROJECT_FILE, Project

ASKED: Final = ("budget_10k_yuan", "budgets_10k_yuan", "served_share")
"""Of these exactly one is asked."""


def programme_fault(key: str, name: str, **fields: Any) -> Message:
    """Return a fault of one key of ``[programme]``, told with the file that it stands in."""
    return message(f"programme_run.{key}", file=PROJECT_FILE, name=name, **fields)


def asked_of(settings: ProgrammeSettings) -> tuple[str, ...]:
    """Return which of :data:`ASKED` a project gives."""
    given = {
        "budget_10k_yuan": settings.budget_10k_yuan is not None,
        "budgets_10k_yuan": bool(settings.budgets_10k_yuan),
        "served_share": settings.served_share is not None,
    }
    return tuple(name for name in ASKED if given[name])


def refuse_programme(project: Project) -> None:
    """Refuse settings of a programme that contradict themselves, whatever the ledgers hold.

    Raises
    ------
    ScenarioError
        With every fault, naming its key and the remedy.
    """
    scenario = project.scenario
    settings = scenario.programme
    if settings is None:
        return
    faults = [*_asked_faults(settings), *_budget_faults(scenario, settings)]
    if scenario.candidates is None:
        faults.append(programme_fault("no_candidates", "unit"))
    faults += _weight_faults(scenario, settings)
    if faults:
        raise ScenarioError(message("scenario.refused"), faults)


def _asked_faults(settings: ProgrammeSettings) -> list[Message]:
    given = asked_of(settings)
    faults = []
    if len(given) != 1:
        told = "、".join(given)
        key = "asked_twice" if given else "asked_nothing"
        faults.append(programme_fault(key, "、".join(ASKED), given=told))
    if settings.served_share == 0:
        faults.append(programme_fault("share_zero", "served_share"))
    return faults


def _budget_faults(scenario: Scenario, settings: ProgrammeSettings) -> list[Message]:
    name = "budgets_10k_yuan"
    faults = [
        programme_fault("budget_wrong", f"{name}.{year}", value=value)
        for year, value in settings.budgets_10k_yuan.items()
        if isinstance(value, bool) or not (math.isfinite(value) and value >= 0)
    ]
    base = base_of(scenario.years, scenario.communities.population_date)
    known = sorted({int(year) for year in scenario.years.plan})
    allowed = {str(year) for year in known} | ({str(int(base))} if base is not None else set())
    strange = [year for year in settings.budgets_10k_yuan if year not in allowed]
    if strange:
        told = listed(sorted(allowed)) if known else "—"
        faults.append(programme_fault("year_strange", name, years=listed(strange), known=told))
    return faults


def _weight_faults(scenario: Scenario, settings: ProgrammeSettings) -> list[Message]:
    if not settings.goal_weights:
        return []
    if settings.served_share is not None:
        return [programme_fault("weights_with_share", "goal_weights")]
    problems = setting_problems(
        scenario.walking.limit_minutes,
        settings.time_limit_s,
        settings.gap,
        settings.unknown_capacity,
        settings.goal_weights,
        {"carries_over": settings.carries_over, "foresight": settings.foresight},
    )
    return [programme_fault("weights_wrong", "goal_weights", problem=one) for one in problems]


def refuse_programme_of(
    scenario: Scenario,
    residents: pd.DataFrame,
    open_sites: pd.DataFrame,
    candidates: pd.DataFrame | None,
    book: RuleBook,
) -> None:
    """Refuse a programme that the ledgers cannot answer, before long work.

    Parameters
    ----------
    scenario
        The project's settings.
    residents
        The residents' table.
    open_sites
        Centres of the circle's kinds that operate, all placed.
    candidates
        The candidates' ledger; ``None`` without one.
    book
        The standard's book, whose least class a new centre has at least.

    Raises
    ------
    ScenarioError
        With every fault: nobody knows how many ask for a day place; centres to be closed that
        stand in no ledger or do not operate; required sites that hold no centre of any class.
    """
    settings = scenario.programme
    if settings is None:
        return
    faults = []
    rate = scenario.capacity.demand_rate
    needs_rate = settings.unit == "day_places" and rate is None
    if needs_rate and need_column(residents, settings.unit, rate) is None:
        faults.append(programme_fault("rate_missing", "unit"))
    strange = [one for one in settings.may_close if one not in open_sites.index]
    if strange:
        told: Mapping[str, Any] = {
            "ids": listed(strange),
            "known": listed(list(open_sites.index)),
            "ledger": scenario.centres.file,
        }
        faults.append(programme_fault("may_close_strange", "may_close", **told))
    missing = _without_class(scenario, candidates, book)
    if missing:
        faults.append(message("programme_run.required_no_site", ids=listed(missing)))
    if faults:
        raise ScenarioError(message("scenario.refused"), faults)


def _without_class(
    scenario: Scenario, candidates: pd.DataFrame | None, book: RuleBook
) -> list[str]:
    """Return the required candidates that are no new centre of any class."""
    if candidates is None or not book.classes:
        return []
    usable = usable_candidates(
        candidates,
        least_area_m2=min(one.class_area_m2 for one in book.classes),
        use_area_ratio=book.figure("use_area_ratio"),
    ).usable
    known = set(candidates.index)
    return [one for one in scenario.siting.required if one in known and one not in usable.index]
