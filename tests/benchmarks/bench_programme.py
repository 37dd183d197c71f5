"""A city's programme: 500 centres, 1,000 candidates, 20,000 residents, 4 measures, 3 years.

The bar: within 1 % of the best, proven, in 10 minutes. Printed beside it: the same at a quarter of
the size, and with places for nearly all (``ample``: a large centre then takes everybody around it,
which makes the relaxed programme weaker). Peak memory counts all of a fresh process.

Residents, centres and candidates stand at random on a square that is walked along its axes; a
resident sees about 8 places. Day places are asked for by 6 in 100 elders; all centres of today
hold a third of that, and the money of three years adds about as much again.

Run as ``python -m tests.benchmarks.bench_programme``.
"""

from __future__ import annotations

import time
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.siting.programmes.questions import programme
from planner.siting.programmes.years import PlanYear
from tests.benchmarks.grids import alone, bar, memory_mb

CENTRES: Final = 500
CANDIDATES: Final = 1000
RESIDENTS: Final = 20_000
SEEN: Final = 8.0
YEARS: Final = (2028, 2030, 2035)
TIME_LIMIT_S: Final = 600.0
GAP: Final = 0.01
SEED: Final = 20260106
LIMIT: Final = 15.0


def city(part: int, *, ample: bool) -> dict[str, Any]:
    """Return the tables of a city, a ``part``-th of the full size."""
    random = np.random.default_rng(SEED)
    centres, candidates = CENTRES // part, CANDIDATES // part
    residents, places = RESIDENTS // part, (CENTRES + CANDIDATES) // part
    at = random.random((places + residents, 2))
    radius = float(np.sqrt(SEEN / places / 2.0))
    names = pd.Index(
        [f"e{one:04d}" for one in range(centres)] + [f"c{one:04d}" for one in range(candidates)]
    )
    homes = pd.Index([f"r{one:05d}" for one in range(residents)])
    origins, ends, minutes = [], [], []
    for site in range(places):
        walk = np.abs(at[places:] - at[site]).sum(axis=1)
        near = np.flatnonzero(walk <= radius)
        origins.append(near)
        ends.append(np.full(len(near), site))
        minutes.append(np.round(walk[near] / radius * LIMIT, 1))
    times = pd.DataFrame(
        {
            "origin": pd.Categorical.from_codes(np.concatenate(origins), homes),
            "destination": pd.Categorical.from_codes(np.concatenate(ends), names),
            "walk_minutes": np.concatenate(minutes),
        }
    )
    scale = 16.0 if ample else 1.0
    elders = random.integers(5, 120, residents).astype(float)
    growth = {year: 1.0 + 0.03 * (year - 2025) for year in YEARS}
    people = pd.DataFrame(
        {f"asks_{year}": np.round(elders * growth[year] * 0.06, 2) for year in YEARS}, index=homes
    )
    existing = pd.DataFrame(
        {"capacity_persons": random.integers(20, 80, centres) * scale}, index=names[:centres]
    )
    menu = _menu(names, centres, random, scale)
    groups = pd.DataFrame(
        {"required_m2": 1_600.0, "held_m2": random.uniform(400.0, 1_800.0, centres)},
        index=[f"g{one:04d}" for one in range(centres)],
    )
    money = {2028: 2.0e8, 2030: 1.5e8, 2035: 1.5e8}
    years = [PlanYear(year, money[year] / part, f"asks_{year}") for year in YEARS]
    return {
        "times": times, "residents": people, "measures": menu, "existing": existing,
        "groups": groups, "years": years,
    }  # fmt: skip


def _menu(
    names: pd.Index[Any], centres: int, random: np.random.Generator, scale: float
) -> pd.DataFrame:
    rows = []
    for site in range(len(names)):
        group = f"g{site % centres:04d}"
        if site < centres:
            offers = [("enlarge", 20.0, 300.0, 9e5), ("take_over_rooms", 10.0, 150.0, 6e4)]
        else:
            offers = [("new_centre", 83.0, 1_085.0, 3.2e6), ("convert", 57.0, 750.0, 1.6e6)]
        for kind, persons, m2, yuan in offers:
            cost = round(yuan * random.uniform(0.7, 1.3), -3)
            rows.append((f"{kind}:{names[site]}", names[site], kind, persons, m2, group, cost))
    columns = ["id", "site", "kind", "adds_persons", "adds_m2", "group", "cost_yuan"]
    menu = pd.DataFrame(rows, columns=columns).set_index("id")
    return menu.assign(adds_persons=menu["adds_persons"] * scale)


def planned(part: int, ample: bool) -> dict[str, float]:
    """Plan a city and return seconds, gaps and memory."""
    town = city(part, ample=ample)
    before = time.perf_counter()
    plan = programme(
        **town, limit_minutes=LIMIT, unit="day_places", time_limit_s=TIME_LIMIT_S, gap=GAP
    )
    goals = plan.goals
    return {
        "seconds": time.perf_counter() - before,
        "asked": float(plan.by_year["asked_persons"].sum()),
        "served": plan.served_persons,
        "chosen": float(len(plan.chosen)),
        **{f"gap_{goal}": float(goals.loc[goal, "gap"]) for goal in goals.index},
        **{f"s_{goal}": float(goals.loc[goal, "seconds"]) for goal in goals.index},
        "peak_mb": memory_mb("VmHWM"),
    }


def main() -> dict[str, Any]:
    """Print the figures and the bars met, and return the figures."""
    figures: dict[str, Any] = {}
    for part, ample in ((4, False), (1, False), (4, True)):
        one = alone(planned, part, ample)
        figures[f"{'ample' if ample else 'scarce'} 1/{part}"] = one
        print(
            f"{'ample ' if ample else 'scarce'} 1/{part}: {one['seconds']:.0f} s, "
            f"{one['served']:,.0f} of {one['asked']:,.0f} served over 3 years, "
            f"{one['chosen']:.0f} measures, {one['peak_mb']:.0f} MB"
        )
        for goal in ("served", "shortfall", "walk", "money"):
            print(f"  {goal}: gap {one[f'gap_{goal}']:.2%} in {one[f's_{goal}']:.0f} s")
    full = figures["scarce 1/1"]
    bar("gap of the first goal (%)", full["gap_served"] * 100.0, 1.0, at_least=False)
    bar("seconds", full["seconds"], TIME_LIMIT_S, at_least=False, unit=" s")
    return figures


if __name__ == "__main__":
    main()
