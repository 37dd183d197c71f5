"""What the tables of a programme claim, row by row, against those that it was asked with."""

from __future__ import annotations

from math import fsum, isnan, nan
from typing import Any, Final

import pandas as pd

from planner.siting.asking.places import ids_of
from planner.siting.asking.weights import weights_of
from planner.siting.beside.claims_programme_aside import aside_of, wrong_set_aside
from planner.siting.beside.verification import Claim, column_claim, ids_claim, none_claim
from planner.siting.programmes.asked import ProgrammeAsked
from planner.siting.programmes.recount import (
    PERSON_SLACK,
    capacity_by,
    known_groups,
    number_or,
    reach_of,
    rows_by_id,
    short_m2,
)
from planner.siting.programmes.results import Programme
from planner.siting.programmes.years import ONE_YEAR

COPIED: Final = ("site", "kind", "centre_class", "group", "adds_m2", "cost_yuan")
"""Cells of a chosen measure that are the menu's own."""

Cells = dict[Any, dict[str, Any]]


def strange_years(plan: Programme) -> list[Any]:
    """Return the years that a plan speaks of and that were not asked."""
    known = {year.year for year in plan.asked.years}
    told = {*plan.chosen["year"], *plan.sites["year"], *plan.flows["year"], *plan.by_year.index}
    told |= set(plan.goals["year"]) - {ONE_YEAR}
    return sorted(told - known, key=str)


def missing_years(plan: Programme) -> list[Any]:
    """Return the years asked that have no figures, or more than one row of them."""
    told = plan.by_year.index.tolist()
    return [year.year for year in plan.asked.years if told.count(year.year) != 1]


def table_claims(plan: Programme) -> list[Claim]:
    """Return the claims of a programme's tables.

    Parameters
    ----------
    plan
        A programme that speaks of the years asked only.
    """
    menu = rows_by_id(plan.asked.measures)
    return [
        none_claim("programme_measures", _wrong_measures(plan, menu)),
        none_claim("programme_sites", _wrong_sites(plan, menu)),
        none_claim("programme_walks", _wrong_walks(plan, menu)),
        none_claim("programme_shortfall", _wrong_shortfall(plan, menu)),
        *_year_claims(plan, menu),
        ids_claim("programme_unknown_centres", plan.unknown_centres, _unknown_centres(plan.asked)),
        ids_claim(
            "programme_unknown_groups",
            plan.unknown_groups,
            set(plan.asked.groups.index) - set(known_groups(plan.asked)),
        ),
        ids_claim("programme_unreachable", plan.unreachable, _unreachable(plan, menu)),
        none_claim("programme_set_aside", wrong_set_aside(plan)),
    ]


def _wrong_measures(plan: Programme, menu: Cells) -> list[Any]:
    """Return the chosen measures whose cells are not those of the menu."""
    today = plan.asked.existing["capacity_persons"].to_dict()
    wrong = []
    for one, told in rows_by_id(plan.chosen).items():
        asked = menu.get(one)
        if asked is None:
            wrong.append(one)
            continue
        loss = -number_or(today.get(asked["site"]), 0.0) if asked["kind"] == "close" else 0.0
        adds = max(number_or(asked["adds_persons"], loss), loss)
        saves = number_or(asked.get("saves_yuan"), 0.0)
        same = all(_same(told.get(name), asked.get(name)) for name in COPIED)
        if not (same and told["adds_persons"] == adds and told["saves_yuan"] == saves):
            wrong.append(one)
    return wrong


def _same(told: Any, asked: Any) -> bool:
    """Tell whether two cells are the same, or both empty."""
    empty = [one is None or (not isinstance(one, tuple) and pd.isna(one)) for one in (told, asked)]
    return all(empty) or (not any(empty) and told == asked)


def _done_by(plan: Programme, place: int) -> list[Any]:
    """Return the measures done by a year."""
    names = [year.year for year in plan.asked.years]
    years = plan.chosen["year"].to_dict()
    return [one for one, year in years.items() if names.index(year) <= place]


def _wrong_sites(plan: Programme, menu: Cells) -> list[str]:
    """Return the places, year by year, whose state, capacity or persons are not the tables'."""
    today = plan.asked.existing["capacity_persons"].to_dict()
    leaving = set(ids_of(plan.asked.rules.must_close))
    told: dict[Any, dict[Any, tuple[Any, float, float]]] = {}
    columns = ("year", "site", "state", "capacity_persons", "served_persons")
    for year, site, state, capacity, served in zip(*(plan.sites[c] for c in columns), strict=True):
        told.setdefault(year, {})[site] = (state, float(capacity), float(served))
    wrong = []
    for place, year in enumerate(plan.asked.years):
        now = [one for one in _done_by(plan, place) if one in menu]
        capacity = capacity_by(plan.asked, menu, now)
        closed = {menu[one]["site"] for one in now if menu[one]["kind"] == "close"} | leaving
        mine = plan.flows[plan.flows["year"] == year.year]
        come = mine.groupby("site", observed=True)["persons"].agg(fsum).to_dict()
        rows = told.get(year.year, {})
        for site in {*rows, *capacity, *closed}:
            state = "closed" if site in closed else "open_today" if site in today else "new"
            held = capacity.get(site, 0.0)
            if site in today and isnan(number_or(today[site], nan)) and held <= 0:
                held = nan
            found = rows.get(site)
            if found is None or not (
                found[0] == state
                and abs(found[2] - come.get(site, 0.0)) <= PERSON_SLACK
                and (site in closed or _near(found[1], held))
            ):
                wrong.append(f"{year.year}: {site}")
    return wrong


def _near(told: float, counted: float) -> bool:
    """Tell whether two persons' figures are the same, or both unknown."""
    both_unknown = isnan(told) and isnan(counted)
    return both_unknown or abs(told - counted) <= PERSON_SLACK


def _wrong_walks(plan: Programme, menu: Cells) -> list[str]:
    """Return who is told to walk other minutes than the tables give."""
    places = {menu[one]["site"]: 0.0 for one in plan.chosen.index if one in menu}
    places |= dict.fromkeys(plan.asked.existing.index.tolist(), 0.0)
    reach = reach_of(plan.asked, places)
    columns = ("resident", "site", "walk_minutes")
    return [
        f"{resident} → {site}"
        for resident, site, minutes in zip(*(plan.flows[c] for c in columns), strict=True)
        if reach.get(resident, {}).get(site) != minutes
    ]


def _wrong_shortfall(plan: Programme, menu: Cells) -> list[str]:
    """Return the rows of the service groups, year by year, that are not the tables'."""
    columns = ("required_m2", "held_m2", "added_m2", "shortfall_before_m2", "shortfall_m2")
    told: dict[tuple[Any, Any], list[list[float]]] = {}
    for year, group, *figures in zip(
        *(plan.shortfall[name] for name in ("year", "group", *columns)), strict=True
    ):
        told.setdefault((year, group), []).append([float(one) for one in figures])
    counted = _counted_shortfall(plan, menu)
    wrong = [key for key in told if key not in counted]
    for key, recounted in counted.items():
        rows = told.get(key, [])
        if len(rows) != 1 or not all(map(_near, rows[0], recounted)):
            wrong.append(key)
    return [f"{year}: {group}" for year, group in wrong]


def _counted_shortfall(plan: Programme, menu: Cells) -> dict[tuple[Any, Any], list[float]]:
    """Return required, held, added, short before and short area of each year and group."""
    areas, known = rows_by_id(plan.asked.groups), set(known_groups(plan.asked))
    counted: dict[tuple[Any, Any], list[float]] = {}
    for place, year in enumerate(plan.asked.years):
        now = [menu[one] for one in _done_by(plan, place) if one in menu]
        for group, cells in areas.items():
            required = number_or(cells[year.required], nan)
            held = number_or(cells["held_m2"], nan)
            mine = [row for row in now if _same(row.get("group"), group)]
            parts = [number_or(row.get("adds_m2"), 0.0) for row in mine]
            added = fsum(parts) if group in known else nan
            # Of an unknown figure there is no most: nan stays.
            before, after = (
                need if isnan(need) else max(need, 0.0)
                for need in (required - held, required - held - added)
            )
            counted[year.year, group] = [required, held, added, before, after]
    return counted


def _year_claims(plan: Programme, menu: Cells) -> list[Claim]:
    """Return the claims of the columns of ``by_year`` that the recount of the plan leaves."""
    asked, years = plan.asked, plan.by_year
    told = rows_by_id(years)
    figures: dict[str, dict[Any, float]] = {}
    money_in, money_out = 0.0, 0.0
    for place, year in enumerate(asked.years):
        row = told[year.year]
        persons = fsum(weights_of(asked.residents, year.weight))
        served, walk = float(row["served_persons"]), float(row["walk_minutes"])
        carried = asked.carries_over
        money_in = float(year.budget_yuan) + (money_in if carried else 0.0)
        money_out = float(row["spent_yuan"]) + (money_out if carried else 0.0)
        capacity = capacity_by(asked, menu, [one for one in _done_by(plan, place) if one in menu])
        for name, value in (
            ("asked_persons", persons),
            ("served_share", served / persons if persons else nan),
            ("capacity_persons", fsum(capacity.values())),
            ("budget_yuan", float(year.budget_yuan)),
            ("left_yuan", money_in - money_out),
            ("shortfall_before_m2", short_m2(asked, menu, [], year)),
            ("mean_walk_minutes", walk / served if served else nan),
        ):
            figures.setdefault(name, {})[year.year] = value
    return [
        column_claim(f"programme_{name}", years[name].astype(float), figures[name])
        for name in figures
    ]


def _unknown_centres(asked: ProgrammeAsked) -> list[Any]:
    """Return the centres that stay and whose capacity nobody knows."""
    leaving = set(ids_of(asked.rules.must_close))
    unknown = asked.existing.index[asked.existing["capacity_persons"].isna()]
    return [one for one in unknown.tolist() if one not in leaving]


def _unreachable(plan: Programme, menu: Cells) -> list[Any]:
    """Return those who ask in some year and whom no centre of today and no measure reaches."""
    aside = set(aside_of(plan.asked))
    leaving = set(ids_of(plan.asked.rules.must_close))
    places = {row["site"]: 0.0 for one, row in menu.items() if one not in aside}
    places |= {one: 0.0 for one in plan.asked.existing.index.tolist() if one not in leaving}
    reach = reach_of(plan.asked, places)
    residents = plan.asked.residents.index.tolist()
    asking = [False] * len(residents)
    for year in plan.asked.years:
        weights = weights_of(plan.asked.residents, year.weight)
        asking = [was or weight > 0 for was, weight in zip(asking, weights, strict=True)]
    return [one for one, asks in zip(residents, asking, strict=True) if asks and one not in reach]
