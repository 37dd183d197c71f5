"""The tables of a programme's answer, from the measures that it takes."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.siting.asking.places import plain, positions
from planner.siting.programmes.coding import demands
from planner.siting.programmes.evaluating import places, shortfall, spent, walks
from planner.siting.programmes.inputs import ProgrammeQuestion
from planner.siting.programmes.menu_checks import numbers
from planner.siting.programmes.problem import summed
from planner.siting.programmes.tasks import GoalFound, GoalStatus
from planner.solver import IntArray
from planner.units import BoolArray, FloatArray, share, within

STATUSES: Final[tuple[GoalStatus, ...]] = ("optimal", "gap_reached", "best_found", "time_limit")
GOAL_COLUMNS: Final = ("year", "value", "bound", "gap", "status", "scope", "proof", "seconds")
CHOSEN_COLUMNS: Final = (
    "year", "site", "kind", "centre_class", "adds_persons", "adds_m2", "group", "cost_yuan",
    "saves_yuan",
)  # fmt: skip


def chosen_table(question: ProgrammeQuestion, when: IntArray) -> pd.DataFrame:
    """Return what is done, by year, then id."""
    problem, menu = question.problem, question.asked.measures
    done = np.flatnonzero(when < problem.years)
    done = done[np.argsort(when[done], kind="stable")]
    ids = problem.measures[done]
    table = menu.set_axis(plain(menu.index)).loc[ids].reindex(columns=CHOSEN_COLUMNS)
    years = [question.asked.years[int(year)].year for year in when[done]]
    # Closing a centre whose loss was left empty takes all of its places away.
    return table.assign(
        year=years,
        adds_persons=problem.adds[done],
        saves_yuan=table["saves_yuan"].fillna(0.0).astype(float),
    ).rename_axis("measure")


def goals_table(found: Sequence[tuple[Any, GoalFound]]) -> pd.DataFrame:
    """Return how far each goal is reached."""
    rows = [
        {"year": year, **{name: getattr(one, name) for name in GOAL_COLUMNS[1:]}}
        for year, one in found
    ]
    index = pd.Index([one.name for _, one in found], name="goal")
    return pd.DataFrame(rows, index=index, columns=list(GOAL_COLUMNS))


def status_of(found: Sequence[tuple[Any, GoalFound]]) -> GoalStatus:
    """Return the least sure of the goals' statuses."""
    return STATUSES[max(STATUSES.index(one.status) for _, one in found)]


def flow_table(question: ProgrammeQuestion, when: IntArray) -> pd.DataFrame:
    """Return who goes where in each year: most served, and of those least walked."""
    problem = question.problem
    tables = []
    for year, persons in enumerate(walks(problem, places(problem, when))):
        arcs = np.flatnonzero(persons > 0)
        tables.append(
            pd.DataFrame(
                {
                    "year": question.asked.years[year].year,
                    "resident": problem.residents[problem.reach.row_of[arcs]],
                    "site": problem.sites[problem.reach.site_of[arcs]],
                    "persons": persons[arcs],
                    "walk_minutes": problem.reach.minutes[arcs],
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def shortfall_table(question: ProgrammeQuestion, when: IntArray) -> pd.DataFrame:
    """Return required, held and short floor area of each year and group, unknown ones too."""
    problem, groups = question.problem, question.asked.groups
    ids = plain(groups.index)
    at = positions(problem.groups, ids)
    held = numbers(groups, "held_m2")
    after = shortfall(problem, when)
    tables = []
    for year, asked in enumerate(question.asked.years):
        done = (when <= year) & (problem.group >= 0)
        added = summed(problem.group[done], problem.m2[done], len(problem.groups))
        required = numbers(groups, asked.required)
        tables.append(
            pd.DataFrame(
                {
                    "year": asked.year,
                    "group": ids,
                    "required_m2": required,
                    "held_m2": held,
                    "added_m2": _spread(added, at, len(ids)),
                    "shortfall_before_m2": np.maximum(required - held, 0.0),
                    "shortfall_m2": _spread(after[year], at, len(ids)),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _spread(values: FloatArray, at: IntArray, length: int) -> FloatArray:
    spread = np.full(length, np.nan)
    spread[at] = values
    return spread


def open_places(question: ProgrammeQuestion, when: IntArray, year: int) -> BoolArray:
    """Return which places (sites of the rules, then centres kept) are open in a year."""
    asked, rules = question.asked, question.question.rules
    named = rules.sites.append(rules.kept)
    menu = asked.measures.set_axis(plain(asked.measures.index))
    done = menu.loc[question.problem.measures[when <= year]]
    closed = done.loc[done["kind"] == "close", "site"]
    opened = named.isin(plain(asked.existing.index)) | named.isin(done["site"].tolist())
    return np.asarray(opened & ~named.isin(closed.tolist()), dtype=np.bool_)


def site_table(question: ProgrammeQuestion, when: IntArray, flows: pd.DataFrame) -> pd.DataFrame:
    """Return the places that are open, and those that a measure or a rule closes, year by year."""
    problem, asked = question.problem, question.asked
    rules = question.question.rules
    named = rules.sites.append(rules.kept)
    today = np.asarray(named.isin(plain(asked.existing.index)), dtype=np.bool_)
    unknown = np.asarray(named.isin(list(question.unknown_centres)), dtype=np.bool_)
    at = positions(named, problem.sites)
    held = places(problem, when)
    tables = []
    for year, one in enumerate(asked.years):
        is_open = open_places(question, when, year)
        capacity = np.where(at >= 0, np.r_[held[year], 0.0][at], 0.0)
        # What is added to a centre of unknown capacity is known; what it holds in all is not.
        capacity = np.where(unknown & is_open & (capacity <= 0), np.nan, capacity)
        used = flows[flows["year"] == one.year].groupby("site")["persons"].sum()
        state = np.where(~is_open, "closed", np.where(today, "open_today", "new"))
        shown = is_open | today
        leaving = list(rules.must_close)
        tables.append(
            pd.DataFrame(
                {
                    "year": one.year,
                    "site": [*named[shown], *leaving],
                    "state": [*state[shown], *("closed" for _ in leaving)],
                    "capacity_persons": np.r_[capacity[shown], np.zeros(len(leaving))],
                    "served_persons": used.reindex([*named[shown], *leaving], fill_value=0.0)
                    .fillna(0.0)
                    .to_numpy(),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def year_table(
    question: ProgrammeQuestion,
    when: IntArray,
    flows: pd.DataFrame,
    sites: pd.DataFrame,
    short: pd.DataFrame,
) -> pd.DataFrame:
    """Return the figures of each year."""
    problem, asked = question.problem, question.asked
    demand = demands(asked, question.question)
    used = spent(problem, when)
    left = problem.money.limits() - (np.cumsum(used) if asked.carries_over else used)
    rows = []
    for year, one in enumerate(asked.years):
        mine = flows[flows["year"] == one.year]
        served = fsum(mine["persons"])
        walked = fsum(mine["persons"] * mine["walk_minutes"])
        areas = short[short["year"] == one.year].dropna(subset=["shortfall_m2"])
        asked_persons = fsum(demand[year])
        full, unknown = _not_served(question, when, year, mine, demand[year])
        rows.append(
            {
                "asked_persons": asked_persons,
                "served_persons": served,
                "covered_full_persons": full,
                "capacity_unknown_persons": unknown,
                "out_of_reach_persons": max(asked_persons - served - full - unknown, 0.0),
                "served_share": share(served, asked_persons),
                "capacity_persons": fsum(
                    sites.loc[sites["year"] == one.year, "capacity_persons"].dropna()
                ),
                "budget_yuan": float(one.budget_yuan),
                "spent_yuan": float(used[year]),
                "left_yuan": float(left[year]),
                "shortfall_before_m2": fsum(areas["shortfall_before_m2"]),
                "shortfall_m2": fsum(areas["shortfall_m2"]),
                "walk_minutes": walked,
                "mean_walk_minutes": walked / served if served else float("nan"),
            }
        )
    return pd.DataFrame(rows, index=pd.Index([one.year for one in asked.years], name="year"))


def _not_served(
    question: ProgrammeQuestion, when: IntArray, year: int, flows: pd.DataFrame, asked: FloatArray
) -> tuple[float, float]:
    """Return those without a place who reach an open centre: full ones, or only unknown ones."""
    seen = question.question
    named = seen.rules.sites.append(seen.rules.kept)
    is_open = open_places(question, when, year)
    unknown = is_open & np.asarray(named.isin(list(question.unknown_centres)), dtype=np.bool_)
    near = (seen.place_of >= 0) & within(seen.minutes, seen.limit_minutes)
    near &= np.isfinite(seen.minutes)
    reaches = np.zeros((2, len(seen.residents)), dtype=np.bool_)
    for kind, these in enumerate((is_open & ~unknown, unknown)):
        reaches[kind, seen.resident_of[near][these[seen.place_of[near]]]] = True
    served = np.zeros(len(seen.residents))
    np.add.at(served, positions(pd.Index(flows["resident"]), seen.residents), flows["persons"])
    left = np.maximum(asked - served, 0.0)
    return fsum(left[reaches[0]]), fsum(left[reaches[1] & ~reaches[0]])


def unreachable(question: ProgrammeQuestion) -> tuple[Any, ...]:
    """Return those who ask, and whom no centre that may stay and no measure on offer reaches."""
    seen, asked = question.question, question.asked
    asks = demands(asked, seen).sum(axis=0) > 0
    named = seen.rules.sites.append(seen.rules.kept)
    menu = asked.measures.set_axis(plain(asked.measures.index))
    on_offer = menu.loc[question.problem.measures, "site"].tolist()
    counts = named.isin(plain(asked.existing.index)) | named.isin(on_offer)
    near = (seen.place_of >= 0) & within(seen.minutes, seen.limit_minutes)
    near &= np.r_[counts, False][seen.place_of]
    asks[seen.resident_of[near & np.isfinite(seen.minutes)]] = False
    return tuple(seen.residents[asks].tolist())
