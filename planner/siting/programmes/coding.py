"""A programme's tables, looked over, as arrays of positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import SitingError
from planner.labels import Message, message
from planner.siting.asking.inputs import Question
from planner.siting.asking.places import canonical_order, ids_of, plain, positions
from planner.siting.asking.weights import weights_of
from planner.siting.programmes.asked import ProgrammeAsked
from planner.siting.programmes.excluding import Ties, coded
from planner.siting.programmes.menu_checks import numbers
from planner.siting.programmes.problem import Money, ProgrammeProblem, Reach
from planner.siting.programmes.years import ONE_YEAR, PlanYear
from planner.solver import IntArray
from planner.tables import listed
from planner.units import BoolArray, FloatArray, within


def known_groups(asked: ProgrammeAsked) -> BoolArray:
    """Return which groups have figures that are known in every year: (rows of the groups,)."""
    known = ~np.isnan(numbers(asked.groups, "held_m2"))
    for year in asked.years:
        known &= ~np.isnan(numbers(asked.groups, year.required))
    return known


def coded_problem(
    asked: ProgrammeAsked, question: Question, ties: Ties, aside: Mapping[Any, Message]
) -> ProgrammeProblem:
    """Return the problem of tables that have been looked over.

    Parameters
    ----------
    asked, question
        As it was put, and as siting sees it.
    ties
        What measures mean for each other.
    aside
        Measures that cannot be chosen.

    Raises
    ------
    SitingError
        If a pair of the times stands twice, or nothing can be done at a required site.
    """
    every = plain(asked.measures.index)
    kept = every[~every.isin(list(aside))]
    ids = kept[canonical_order(kept)]
    menu = asked.measures.set_axis(every).loc[ids]
    places = question.rules.sites.append(question.rules.kept)
    capacity = _capacity(asked, places)
    at_place = positions(pd.Index(menu["site"].tolist(), dtype=object), places.astype(object))
    adds = numbers(menu, "adds_persons")
    today = np.where(np.isnan(capacity), 0.0, capacity)
    adds = np.where(np.isnan(adds), -today[at_place], adds)
    adds = np.maximum(adds, -today[at_place])
    useful = today > 0
    useful[at_place[adds > 0]] = True
    sites = np.cumsum(useful) - 1
    residents, reach = _reach(asked, question, useful, sites)
    groups = plain(asked.groups.index)[known_groups(asked)]
    groups = groups[canonical_order(groups)]
    area = asked.groups.set_axis(plain(asked.groups.index)).loc[groups]
    exclusive, needs = coded(ties, ids)
    return ProgrammeProblem(
        residents=residents,
        sites=places[useful],
        measures=ids,
        groups=groups,
        reach=reach,
        capacity=today[useful],
        site=np.where(useful[at_place], sites[at_place], -1).astype(np.int64),
        adds=adds,
        m2=np.nan_to_num(numbers(menu, "adds_m2")),
        group=_group_of(menu, groups),
        cost=numbers(menu, "cost_yuan") - np.nan_to_num(numbers(menu, "saves_yuan")),
        first_year=_first_years(menu, asked.years),
        required=np.stack([numbers(area, year.required) for year in asked.years]),
        held=numbers(area, "held_m2"),
        exclusive=exclusive,
        needs=needs,
        must=_must(ties, ids, asked),
        money=Money(np.array([float(y.budget_yuan) for y in asked.years]), asked.carries_over),
    )


def _must(ties: Ties, ids: pd.Index[Any], asked: ProgrammeAsked) -> tuple[IntArray, ...]:
    """Return the measures of each required site, as positions.

    Raises
    ------
    SitingError
        If nothing can be done at one.
    """
    found = [
        np.sort(positions(pd.Index(list(group), dtype=object), ids.astype(object)))
        for group in ties.must
    ]
    found = [group[group >= 0] for group in found]
    required = ids_of(asked.rules.required)
    empty = [site for site, group in zip(required, found, strict=True) if not len(group)]
    if empty:
        problem = message("programme.required_without", ids=listed(empty))
        raise SitingError(message("siting.refused"), [problem])
    return tuple(found)


def _capacity(asked: ProgrammeAsked, places: pd.Index[Any]) -> FloatArray:
    """Return what each place takes today: 0 at candidates, NaN where it is not known."""
    at = positions(places, plain(asked.existing.index))
    known = numbers(asked.existing, "capacity_persons")
    return np.where(at >= 0, np.r_[known, 0.0][at], 0.0)


def _group_of(menu: pd.DataFrame, groups: pd.Index[Any]) -> IntArray:
    if "group" not in menu.columns or not len(groups):
        return np.full(len(menu), -1, dtype=np.int64)
    return positions(pd.Index(menu["group"].tolist(), dtype=object), groups.astype(object))


def _first_years(menu: pd.DataFrame, years: tuple[PlanYear, ...]) -> IntArray:
    first = numbers(menu, "from_year")
    if years[0].year == ONE_YEAR:
        return np.zeros(len(menu), dtype=np.int64)
    names = np.array([float(year.year) for year in years])
    return np.searchsorted(names, np.where(np.isnan(first), names[0], first)).astype(np.int64)


def _reach(
    asked: ProgrammeAsked, question: Question, useful: BoolArray, sites: IntArray
) -> tuple[pd.Index[Any], Reach]:
    """Return who reaches which useful places, by resident, then by place."""
    known = question.place_of >= 0
    row, place = question.resident_of[known], question.place_of[known]
    minutes = question.minutes[known]
    order = np.lexsort((place, row))
    row, place, minutes = row[order], place[order], minutes[order]
    twice = (row[1:] == row[:-1]) & (place[1:] == place[:-1])
    if twice.any():
        named = question.rules.sites.append(question.rules.kept)
        shown = [
            f"{question.residents[a]} → {named[b]}"
            for a, b in zip(row[1:][twice], place[1:][twice], strict=True)
        ]
        problem = message("siting.pairs_repeated", pairs=listed(shown))
        raise SitingError(message("siting.refused"), [problem])
    demand = demands(asked, question)
    counts = within(minutes, question.limit_minutes) & np.isfinite(minutes)
    counts &= useful[place] & (demand.sum(axis=0) > 0)[row]
    row, place, minutes = row[counts], place[counts], minutes[counts]
    rows, row_of = np.unique(row, return_inverse=True)
    reach = Reach(demand[:, rows], row_of.astype(np.int64), sites[place].astype(np.int64), minutes)
    return question.residents[rows], reach


def demands(asked: ProgrammeAsked, question: Question) -> FloatArray:
    """Return the persons who ask in each year: (years, residents of the question)."""
    ids = plain(asked.residents.index)
    order = positions(question.residents, ids)
    return np.stack([weights_of(asked.residents, year.weight)[order] for year in asked.years])
