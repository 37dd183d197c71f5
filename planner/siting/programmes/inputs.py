"""The door of the programme: tables are looked over once, and become arrays of positions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from planner.coverage.capacity import CentreCapacity
from planner.errors import SitingError
from planner.labels import Message, message
from planner.siting.asking.inputs import Question, ask
from planner.siting.asking.kinds import refuse_kinds
from planner.siting.asking.places import (
    ids_of,
    in_order,
    plain,
)
from planner.siting.asking.weights import Weight
from planner.siting.programmes.asked import ProgrammeAsked
from planner.siting.programmes.coding import coded_problem, known_groups
from planner.siting.programmes.excluding import Ties, ties_of
from planner.siting.programmes.menu_checks import (
    centre_problems,
    group_problems,
    measure_problems,
    numbers,
    setting_problems,
    unit_problems,
    year_problems,
)
from planner.siting.programmes.problem import ProgrammeProblem
from planner.siting.programmes.years import ONE_YEAR, PlanYear
from planner.tables import listed

UnknownCapacity = Literal["nothing", "refuse"]
"""What a centre of unknown capacity means: places for nobody, told; or an error."""

NO_GROUPS: Final = pd.DataFrame({"required_m2": [], "held_m2": []}, dtype=float)


@dataclass(frozen=True, eq=False)
class ProgrammeQuestion:
    """Tables that have been looked over, and what is left to choose from.

    Parameters
    ----------
    problem
        As arrays.
    question
        Residents, places and pairs as the other questions of siting see them.
    set_aside
        Measures that cannot be chosen, index ``measure``: ``site, kind, reason`` (Message).
    unknown_centres
        Ids of the centres of today whose capacity is not known, but for those that a rule closes.
    unknown_groups
        Ids of the service groups whose required or held area is not known in some year.
    asked
        As it was put.
    """

    problem: ProgrammeProblem
    question: Question
    set_aside: pd.DataFrame
    unknown_centres: tuple[Any, ...]
    unknown_groups: tuple[Any, ...]
    asked: ProgrammeAsked


def years_of(
    budget_yuan: float | None, years: Sequence[PlanYear] | None, weight: Weight
) -> tuple[PlanYear, ...]:
    """Return the years of a question, one where only a budget is given.

    Raises
    ------
    SitingError
        If neither or both are given.
    """
    if (budget_yuan is None) == (years is None):
        raise SitingError(message("siting.refused"), [message("programme.money_missing")])
    if years is not None:
        if isinstance(years, str | Mapping) or not isinstance(years, Iterable):
            kinds = [type(years).__name__]
        else:
            years = tuple(years)
            kinds = sorted({type(one).__name__ for one in years if not isinstance(one, PlanYear)})
        if kinds:
            told = message("programme.years_kind", found=listed(kinds))
            raise SitingError(message("siting.refused"), [told])
        return tuple(years)
    return (PlanYear(ONE_YEAR, budget_yuan if budget_yuan is not None else 0.0, weight),)


def ask_programme(
    asked: ProgrammeAsked, *, given_unit: str | None, time_limit_s: object, gap: object
) -> ProgrammeQuestion:
    """Look over a programme's tables and settings, and code them.

    Raises
    ------
    SitingError
        With every problem found.
    """
    refuse_kinds(
        asked.rules,
        [year.weight for year in asked.years],
        times=asked.times,
        residents=asked.residents,
        measures=asked.measures,
        existing=asked.existing,
        groups=asked.groups,
    )
    centres = plain(asked.existing.index)
    problems = setting_problems(
        asked.limit_minutes,
        time_limit_s,
        gap,
        asked.unknown_capacity,
        asked.goal_weights,
        {"carries_over": asked.carries_over, "foresight": asked.foresight},
    )
    problems += unit_problems(asked.unit, given_unit, asked.years)
    problems += year_problems(asked.years, asked.residents)
    wrong_menu = measure_problems(asked.measures, centres)
    problems += wrong_menu + centre_problems(asked.existing)
    if asked.groups is not NO_GROUPS:
        problems += group_problems(asked.groups, asked.measures, asked.years)
    problems += _unknown_problems(asked)
    if wrong_menu or not asked.years:
        raise SitingError(message("siting.refused"), problems)
    question = _ask(asked, centres, problems)
    ties = ties_of(asked.measures, centres, asked.rules)
    aside = _set_aside(asked, ties, question)
    problem = coded_problem(asked, question, ties, aside)
    return ProgrammeQuestion(
        problem=problem,
        question=question,
        set_aside=_aside_table(asked.measures, aside),
        unknown_centres=tuple(in_order(_unknown_centres(asked)).tolist()),
        unknown_groups=tuple(in_order(plain(asked.groups.index)[~known_groups(asked)]).tolist()),
        asked=asked,
    )


def _unknown_problems(asked: ProgrammeAsked) -> list[Message]:
    if asked.unknown_capacity != "refuse" or "capacity_persons" not in asked.existing.columns:
        return []
    unknown = _unknown_centres(asked)
    return [message("programme.capacity_unknown", ids=listed(unknown))] if len(unknown) else []


def _unknown_centres(asked: ProgrammeAsked) -> pd.Index[Any]:
    """Return the centres that no rule closes, and whose capacity is not known."""
    centres = plain(asked.existing.index)
    unknown = asked.existing["capacity_persons"].isna().to_numpy()
    staying: pd.Index[Any] = centres[unknown & ~centres.isin(ids_of(asked.rules.must_close))]
    return staying


def _ask(asked: ProgrammeAsked, centres: pd.Index[Any], problems: list[Message]) -> Question:
    """Ask as every siting question does; what a measure closes is closed by nothing else."""
    measures = asked.measures
    closing = ids_of(measures.loc[measures["kind"] == "close", "site"].tolist())
    strangers = ids_of(asked.rules.may_close)
    strangers = strangers[~strangers.isin(closing)]
    if len(strangers):
        problems = [*problems, message("programme.may_close", ids=listed(strangers))]
    leaving = ids_of(asked.rules.must_close)
    moving = closing[closing.isin(centres) & ~closing.isin(leaving)]
    sites = pd.Index(measures["site"].drop_duplicates().tolist(), dtype=object)
    return ask(
        asked.times,
        asked.residents,
        sites[~sites.isin(centres)] if len(sites) else sites,
        centres,
        limit_minutes=asked.limit_minutes,
        weight=asked.years[0].weight,
        rules=replace(asked.rules, may_close=()),
        by_measure=moving,
        settings=problems,
    )


def _set_aside(asked: ProgrammeAsked, ties: Ties, question: Question) -> dict[Any, Message]:
    """Return why measures cannot be chosen, by id."""
    measures = asked.measures
    cost, adds = numbers(measures, "cost_yuan"), numbers(measures, "adds_persons")
    barred = set(ids_of(asked.rules.barred))
    leaving = set(ids_of(asked.rules.must_close))
    aside: dict[Any, Message] = {}
    rows = zip(measures.index, measures["site"], measures["kind"], cost, adds, strict=True)
    for one, site, kind, yuan, persons in rows:
        if site in barred:
            aside[one] = message("programme.aside_barred", site=site)
        elif site in leaving:
            aside[one] = message("programme.aside_closing", site=site)
        elif one in ties.shut or site in question.rules.barred:
            aside[one] = message("programme.aside_beside", site=site)
        elif np.isnan(yuan):
            aside[one] = message("programme.aside_cost")
        elif np.isnan(persons) and kind != "close":
            aside[one] = message("programme.aside_capacity")
    _never(asked, aside)
    more = True
    while more:
        more = False
        for one, other in ties.needs:
            if one not in aside and other in aside:
                aside[one] = message("programme.aside_need", other=other)
                more = True
    return aside


def _never(asked: ProgrammeAsked, aside: dict[Any, Message]) -> None:
    """Set aside what can be done only after the last year."""
    last = asked.years[-1].year
    if last == ONE_YEAR:
        return
    first = numbers(asked.measures, "from_year")
    for one, year in zip(asked.measures.index, first, strict=True):
        if year > float(last) and one not in aside:
            aside[one] = message("programme.aside_year", year=f"{year:g}")


def _aside_table(measures: pd.DataFrame, aside: Mapping[Any, Message]) -> pd.DataFrame:
    ids = in_order(pd.Index(list(aside), dtype=object))
    return pd.DataFrame(
        {
            "site": measures["site"].reindex(ids).to_list(),
            "kind": measures["kind"].reindex(ids).to_list(),
            "reason": pd.Series([aside[one] for one in ids], dtype=object).to_list(),
        },
        index=ids.rename("measure"),
        columns=["site", "kind", "reason"],
    )


def centre_table(existing: pd.DataFrame | CentreCapacity) -> tuple[pd.DataFrame, str | None]:
    """Return the table of today's centres, and the unit that it says its capacity has."""
    if isinstance(existing, CentreCapacity):
        return existing.centres, existing.unit
    return existing, None
