"""Small towns with measures, and what trying every set of measures in every year gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from planner.siting.programmes.questions import programme
from planner.siting.programmes.results import Programme
from planner.siting.programmes.years import PlanYear

LIMIT = 15.0
MINUTES = (3.0, 7.5, 15.0, 15.0000005, 15.00001, 30.0)
Value = tuple[float, float, float, float]


@dataclass(frozen=True)
class MeasureTown:
    """Tables of a town in which measures may be done."""

    times: pd.DataFrame
    residents: pd.DataFrame
    measures: pd.DataFrame
    existing: pd.DataFrame
    groups: pd.DataFrame
    years: tuple[PlanYear, ...]
    carries_over: bool = True
    settings: dict[str, Any] = field(default_factory=dict)

    def solved(self, **changes: Any) -> Programme:
        """Ask for the programme of the town."""
        asked: dict[str, Any] = {
            "existing": self.existing,
            "limit_minutes": LIMIT,
            "years": self.years,
            "groups": self.groups,
            "unit": "community_elders",
            "carries_over": self.carries_over,
            **self.settings,
            **changes,
        }
        return programme(self.times, self.residents, self.measures, **asked)

    @cached_property
    def menu(self) -> dict[str, dict[str, Any]]:
        """The measures' cells by id and column."""
        columns = {str(name): self.measures[name].tolist() for name in self.measures.columns}
        return {
            str(one): {name: cells[place] for name, cells in columns.items()}
            for place, one in enumerate(self.measures.index)
        }

    def plans(self) -> Iterator[dict[str, int]]:
        """Every allowed plan: the year (position) of each measure that is done."""
        ids = list(self.measures.index)
        count = len(self.years)
        for when in product(range(count + 1), repeat=len(ids)):
            plan = {one: year for one, year in zip(ids, when, strict=True) if year < count}
            if self.allowed(plan):
                yield plan

    def allowed(self, plan: dict[str, int]) -> bool:
        tags: set[str] = set()
        for one, year in plan.items():
            row = self.menu[one]
            if isnan(row["cost_yuan"]) or (isnan(row["adds_persons"]) and row["kind"] != "close"):
                return False
            own = set(row["one_of"]) if isinstance(row["one_of"], tuple) else set()
            if own & tags:
                return False
            tags |= own
            need = row["needs"]
            if isinstance(need, str) and plan.get(need, 99) > year:
                return False
            if row["from_year"] > float(self.years[year].year):
                return False
        closed = [self.menu[one]["site"] for one in plan if self.menu[one]["kind"] == "close"]
        others = [self.menu[one]["site"] for one in plan if self.menu[one]["kind"] != "close"]
        if set(closed) & set(others):
            return False
        left = 0.0
        for place, planned in enumerate(self.years):
            used = sum(
                self.menu[one]["cost_yuan"] - self.menu[one]["saves_yuan"]
                for one, done in plan.items()
                if done == place
            )
            left = (left if self.carries_over else 0.0) + planned.budget_yuan - used
            if left < -1e-6:
                return False
        return True

    def capacity(self, plan: dict[str, int], place: int) -> dict[str, float]:
        known = self.existing["capacity_persons"].to_dict()
        held = {str(one): 0.0 if isnan(n) else float(n) for one, n in known.items()}
        now = dict(held)
        for one, done in plan.items():
            row = self.menu[one]
            if done <= place:
                adds = -held[row["site"]] if isnan(row["adds_persons"]) else row["adds_persons"]
                now[row["site"]] = now.get(row["site"], 0.0) + max(
                    adds, -held.get(row["site"], 0.0)
                )
        return now

    def arcs(self, capacity: dict[str, float]) -> list[tuple[str, str, float]]:
        return [
            (a, b, minutes)
            for a, b, minutes in self.times[["origin", "destination", "walk_minutes"]].itertuples(
                index=False
            )
            if minutes <= LIMIT + 1e-6 and capacity.get(b, 0.0) > 0
        ]

    def served(self, plan: dict[str, int]) -> float:
        return sum(self.served_in(plan, place) for place in range(len(self.years)))

    def served_in(self, plan: dict[str, int], place: int) -> float:
        """The most persons served, by scipy's maximum flow (whole persons only)."""
        capacity = self.capacity(plan, place)
        demand = self.residents[self.years[place].weight].to_dict()
        people, sites = list(demand), list(capacity)
        end = len(people) + len(sites) + 1
        edges = [(0, 1 + number, int(demand[one])) for number, one in enumerate(people)]
        edges += [
            (1 + len(people) + number, end, int(capacity[one])) for number, one in enumerate(sites)
        ]
        edges += [
            (1 + people.index(a), 1 + len(people) + sites.index(b), 10_000)
            for a, b, _ in self.arcs(capacity)
        ]
        tails, heads, limits = (np.array(part, dtype=np.int32) for part in zip(*edges, strict=True))
        net = csr_array((limits, (tails, heads)), shape=(end + 1, end + 1))
        return float(maximum_flow(net, 0, end).flow_value)

    def short(self, plan: dict[str, int]) -> float:
        total = 0.0
        for place, year in enumerate(self.years):
            for group, row in self.groups.iterrows():
                added = sum(
                    self.menu[one]["adds_m2"]
                    for one, done in plan.items()
                    if done <= place and self.menu[one]["group"] == group
                )
                total += max(0.0, row[year.required] - row["held_m2"] - added)
        return total

    def walk(self, plan: dict[str, int]) -> float:
        """The least walk of the most persons served, by scipy's linear programme."""
        total = 0.0
        for place, year in enumerate(self.years):
            capacity = self.capacity(plan, place)
            arcs = self.arcs(capacity)
            if not arcs:
                continue
            demand = self.residents[year.weight].to_dict()
            ends = [*demand, *capacity]
            limits = [*demand.values(), *capacity.values()]
            rows = np.zeros((len(ends), len(arcs)))
            for number, (a, b, _) in enumerate(arcs):
                rows[ends.index(a), number] = 1.0
                rows[len(demand) + list(capacity).index(b), number] = 1.0
            found = linprog(
                [minutes for _, _, minutes in arcs],
                A_ub=rows,
                b_ub=limits,
                A_eq=np.ones((1, len(arcs))),
                b_eq=[self.served_in(plan, place)],
            )
            total += found.fun
        return float(total)

    def money(self, plan: dict[str, int]) -> float:
        return float(
            sum(self.menu[one]["cost_yuan"] - self.menu[one]["saves_yuan"] for one in plan)
        )

    def best(self) -> Value:
        """The best value of each goal in its turn, over every plan."""
        ranked = [(-self.served(plan), self.short(plan), plan) for plan in self.plans()]
        most = min(one[:2] for one in ranked)
        tied = [plan for served, short, plan in ranked if (served, short) == most]
        walked = [(round(self.walk(plan), 4), self.money(plan)) for plan in tied]
        return (-most[0], most[1], *min(walked))


def random_measure_town(seed: int) -> MeasureTown:
    """A town of few residents, candidates, centres and measures; ties and zeros are frequent."""
    rng = np.random.default_rng(seed)
    count = 1 if seed % 2 else 2
    residents = [f"r{number}" for number in range(rng.integers(1, 7))]
    candidates = [f"c{number}" for number in range(rng.integers(1, 4))]
    existing = [f"e{number}" for number in range(rng.integers(0, 3))]
    pairs = [
        (one, site, float(rng.choice(MINUTES)))
        for one in residents
        for site in candidates + existing
        if rng.random() < rng.choice([0.3, 0.6, 0.9])
    ]
    rng.shuffle(pairs)
    times = pd.DataFrame(pairs, columns=["origin", "destination", "walk_minutes"])
    people = pd.DataFrame(
        rng.integers(0, 9, (len(residents), count)),
        index=residents,
        columns=[f"asks_{year}" for year in range(count)],
    )
    people.iloc[0] += 1
    capacity = rng.integers(0, 9, len(existing)).astype(float)
    capacity[rng.random(len(existing)) < 0.1] = np.nan
    centres = pd.DataFrame({"capacity_persons": capacity}, index=existing, dtype=float)
    groups = pd.DataFrame(
        {"required_m2": [10.0, 25.0], "required_later": [20.0, 20.0], "held_m2": [5.0, 30.0]},
        index=["g0", "g1"],
    )
    rows = [
        _measure(rng, candidates, existing, number) for number in range(rng.integers(1, 6 - count))
    ]
    menu = pd.DataFrame(rows, index=[f"m{number}" for number in range(len(rows))])
    if len(rows) > 1 and rng.random() < 0.2:
        menu.loc["m0", "needs"] = "m1"
    menu = menu.drop_duplicates(["site", "kind"]) if _closes_twice(menu) else menu
    if "m1" not in menu.index:
        menu["needs"] = None
    years = tuple(
        PlanYear(
            2030 + year,
            float(rng.integers(0, 15)),
            f"asks_{year}",
            "required_later" if year else "required_m2",
        )
        for year in range(count)
    )
    return MeasureTown(
        times.astype({"walk_minutes": float}), people, menu, centres, groups, years, bool(seed % 3)
    )


def _closes_twice(menu: pd.DataFrame) -> bool:
    return bool(menu.loc[menu["kind"] == "close", "site"].duplicated().any())


def _measure(
    rng: np.random.Generator, candidates: list[str], existing: list[str], number: int
) -> dict[str, Any]:
    at_centre = bool(existing) and rng.random() < 0.4
    site = str(rng.choice(existing if at_centre else candidates))
    kind = str(rng.choice(["enlarge", "close", "take_over_rooms"])) if at_centre else "new_centre"
    closing = kind == "close"
    adds = float(rng.integers(0, 10))
    return {
        "site": site,
        "kind": kind,
        "adds_persons": (np.nan if rng.random() < 0.5 else -adds) if closing else adds,
        "adds_m2": -5.0 if closing else float(rng.integers(0, 4) * 5),
        "group": ("g0", "g1", None)[rng.integers(3)],
        "cost_yuan": np.nan if rng.random() < 0.04 else float(rng.integers(0, 10)),
        "saves_yuan": float(rng.integers(0, 6)) if closing else 0.0,
        "one_of": (site,) if rng.random() < 0.5 else (f"{site}b", "shared") if number % 2 else None,
        "needs": None,
        "from_year": 2031.0 if rng.random() < 0.1 else np.nan,
    }
