"""A programme counted again from the tables, by plain loops that know nothing of how it was found.

Read from the result: which measures, in which year, and who goes where. Everything else is worked
out anew: places, persons, square metres, money, and whether anybody more could be served.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import fsum, isnan
from typing import Any, Final

import pandas as pd

from planner.errors import SitingError
from planner.labels import Message, message
from planner.siting.asking.places import ids_of
from planner.siting.asking.recount import CLAIM_TOLERANCE, check_claim
from planner.siting.asking.weights import weights_of
from planner.siting.programmes.asked import ProgrammeAsked
from planner.siting.programmes.recount_rules import money_breaks, rule_breaks
from planner.siting.programmes.results import Programme
from planner.siting.programmes.years import PlanYear
from planner.tables import listed
from planner.units import within

PERSON_SLACK: Final = 1e-6
"""Persons: what sums of float64 and the solver's tolerance may lose at a door or a centre."""


@dataclass(frozen=True, eq=False)
class ProgrammeRecount:
    """A programme's figures, counted again.

    Parameters
    ----------
    by_year
        Index ``year``: ``served_persons, spent_yuan, shortfall_m2, walk_minutes``, and
        ``servable_persons``: persons whom the same places could serve more, by any chain of moves
        (0: the flow serves the most).
    broken
        What is not as it should be, in words; empty if all is.
    """

    by_year: pd.DataFrame
    broken: tuple[Message, ...]


def recount_programme(plan: Programme) -> ProgrammeRecount:
    """Count a programme again from the tables that it was asked with.

    Parameters
    ----------
    plan
        The answer; only ``chosen`` (ids and years), ``flows`` and ``asked`` are read.
    """
    asked = plan.asked
    names = [year.year for year in asked.years]
    done = {measure: names.index(year) for measure, year in plan.chosen["year"].to_dict().items()}
    menu = rows_by_id(asked.measures)
    broken = rule_breaks(asked, menu, done)
    rows = []
    for place, year in enumerate(asked.years):
        now = [measure for measure, built in done.items() if built <= place]
        capacity = capacity_by(asked, menu, now)
        flows = plan.flows[plan.flows["year"] == year.year]
        told, figures = _flow_figures(asked, year, capacity, flows)
        broken += told
        spent = [
            menu[one]["cost_yuan"] - number_or(menu[one].get("saves_yuan"), 0.0)
            for one, built in done.items()
            if built == place
        ]
        rows.append(
            {**figures, "spent_yuan": fsum(spent), "shortfall_m2": short_m2(asked, menu, now, year)}
        )
    table = pd.DataFrame(rows, index=pd.Index(names, name="year"))
    broken += money_breaks(asked, table["spent_yuan"].to_list())
    return ProgrammeRecount(table, tuple(broken))


def check_programme(plan: Programme) -> ProgrammeRecount:
    """Refuse a programme whose figures are not what the tables give.

    Raises
    ------
    SitingError
        If a rule is broken, a centre over full, the budget overdrawn, or a claimed figure differs
        from the recount by more than 1e-6 of it.
    """
    counted = recount_programme(plan)
    if counted.broken:
        raise SitingError(message("programme.recount_broken"), counted.broken)
    for column in ("served_persons", "spent_yuan", "shortfall_m2", "walk_minutes"):
        for claimed, found in zip(plan.by_year[column], counted.by_year[column], strict=True):
            check_claim(float(claimed), float(found))
    return counted


def rows_by_id(table: pd.DataFrame) -> dict[Any, dict[str, Any]]:
    """Return the cells of a table by id and column."""
    columns = [(str(name), table[name].tolist()) for name in table.columns]
    return {
        one: {name: values[place] for name, values in columns}
        for place, one in enumerate(table.index.tolist())
    }


def number_or(value: Any, unknown: float) -> float:
    """Return a cell as a number; ``unknown`` where it is empty."""
    return unknown if value is None or pd.isna(value) else float(value)


def capacity_by(
    asked: ProgrammeAsked, menu: dict[Any, dict[str, Any]], now: list[Any]
) -> dict[Any, float]:
    """Return what each open place takes; closed ones are absent."""
    today = {
        centre: number_or(persons, 0.0)
        for centre, persons in asked.existing["capacity_persons"].to_dict().items()
    }
    for centre in ids_of(asked.rules.must_close):
        today.pop(centre, None)
    capacity = dict(today)
    for one in now:
        row = menu[one]
        loss = -today.get(row["site"], 0.0) if row["kind"] == "close" else 0.0
        change = max(number_or(row["adds_persons"], loss), loss)
        capacity[row["site"]] = capacity.get(row["site"], 0.0) + change
    return capacity


def _flow_figures(
    asked: ProgrammeAsked, year: PlanYear, capacity: dict[Any, float], flows: pd.DataFrame
) -> tuple[list[Message], dict[str, float]]:
    """Return what is wrong with a year's flow, and its figures."""
    weights = weights_of(asked.residents, year.weight)
    demand = dict(zip(asked.residents.index.tolist(), weights.tolist(), strict=True))
    reach = reach_of(asked, capacity)
    gone: dict[Any, list[float]] = {}
    come: dict[Any, list[float]] = {}
    carried: dict[tuple[Any, Any], float] = {}
    walked, strays = [], []
    for resident, site, persons in zip(
        flows["resident"], flows["site"], flows["persons"], strict=True
    ):
        minutes = reach.get(resident, {}).get(site)
        if minutes is None:
            strays.append(f"{resident} → {site}")
            continue
        gone.setdefault(resident, []).append(persons)
        come.setdefault(site, []).append(persons)
        carried[resident, site] = carried.get((resident, site), 0.0) + persons
        walked.append(persons * minutes)
    over = [one for one, parts in gone.items() if fsum(parts) > demand[one] + PERSON_SLACK]
    full = [one for one, parts in come.items() if fsum(parts) > capacity[one] + PERSON_SLACK]
    broken = [
        message(f"programme.recount_{name}", year=year.year, ids=listed(ids))
        for name, ids in (("strays", strays), ("twice", over), ("overfull", full))
        if ids
    ]
    left = {one: demand[one] - fsum(gone.get(one, ())) for one in reach}
    free = {one: places - fsum(come.get(one, ())) for one, places in capacity.items()}
    more = 0.0 if broken else _more(left, free, reach, carried)
    if more > CLAIM_TOLERANCE * max(fsum(demand.values()), 1.0):
        broken.append(message("programme.recount_more", year=year.year, persons=more))
    served = fsum(part for parts in gone.values() for part in parts)
    return broken, {
        "served_persons": served,
        "walk_minutes": fsum(walked),
        "servable_persons": more,
    }


def reach_of(asked: ProgrammeAsked, capacity: dict[Any, float]) -> dict[Any, dict[Any, float]]:
    """Return the minutes of everybody to the open places within the limit."""
    reach: dict[Any, dict[Any, float]] = {}
    radius = asked.rules.radius_m
    straight = asked.times["straight_m"] if radius is not None else asked.times["walk_minutes"]
    columns = (asked.times[name] for name in ("origin", "destination", "walk_minutes"))
    for origin, site, minutes, apart in zip(*columns, straight, strict=True):
        if site not in capacity or isnan(minutes) or not within(minutes, asked.limit_minutes):
            continue
        if radius is None or within(apart, radius):
            reach.setdefault(origin, {})[site] = minutes
    return reach


def _more(
    left: dict[Any, float],
    free: dict[Any, float],
    reach: dict[Any, dict[Any, float]],
    carried: dict[tuple[Any, Any], float],
) -> float:
    """Return how many more one chain of moves could serve: 0 if the flow serves the most."""
    seated: dict[Any, list[Any]] = {}
    for (resident, site), persons in carried.items():
        if persons > PERSON_SLACK:
            seated.setdefault(site, []).append(resident)
    waiting = deque(one for one in sorted(left, key=str) if left[one] > PERSON_SLACK)
    width = {one: left[one] for one in waiting}
    seen: set[Any] = set()
    while waiting:
        one = waiting.popleft()
        for site in reach[one]:
            if site in seen:
                continue
            seen.add(site)
            if free[site] > PERSON_SLACK:
                return min(width[one], free[site])
            for mover in seated.get(site, ()):
                if mover not in width:
                    width[mover] = min(width[one], carried[mover, site])
                    waiting.append(mover)
    return 0.0


def short_m2(
    asked: ProgrammeAsked, menu: dict[Any, dict[str, Any]], now: list[Any], year: PlanYear
) -> float:
    """Return the square metres short of the groups whose figures are known in every year."""
    known = known_groups(asked)
    added: dict[Any, list[float]] = {}
    for one in now:
        group = menu[one].get("group")
        if group is not None and not pd.isna(group):
            added.setdefault(group, []).append(number_or(menu[one].get("adds_m2"), 0.0))
    areas = rows_by_id(asked.groups)
    short = []
    for group in known:
        required, held = float(areas[group][year.required]), float(areas[group]["held_m2"])
        short.append(max(0.0, required - held - fsum(added.get(group, ()))))
    return fsum(short)


def known_groups(asked: ProgrammeAsked) -> list[Any]:
    """Return the groups whose figures are known in every year."""
    if asked.groups.empty:
        return []
    columns = ["held_m2", *(year.required for year in asked.years)]
    return asked.groups.index[asked.groups[columns].notna().all(axis=1)].tolist()
