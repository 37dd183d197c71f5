"""Assignment of 20,000 residents to 500 centres that take only so many, to the proven optimum.

Each town is solved twice in one run: as the planner does, and as one plain linear programme over
all pairs within the limit, by the same solver. Both must be worth the same.

Run as ``python -m tests.benchmarks.bench_capacity``.
"""

from __future__ import annotations

import time
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.coverage import (
    CapacityDemand,
    CentreCapacity,
    assign_capacity,
    congestion_costs,
    gaussian,
    two_step_scores,
)
from planner.coverage.assigning_problem import AssignmentProblem
from planner.coverage.assigning_search import best_assignment, plain_assignment, value
from planner.units import ELDER_SPEED_M_S, LIMIT_MINUTES, metres_from_minutes
from tests.benchmarks.grids import bar

RESIDENTS: Final = 20_000
CENTRES: Final = 500
DETOUR: Final = 1.25
TOWNS: Final = {
    "roomy": (12.0, 1.5),
    "short of places here and there": (12.0, 0.9),
    "dense and short of places": (8.0, 0.9),
}
"""Side in km, and places over persons; a denser town has more centres within reach."""

RATIO_BAR: Final = 3.0


def town(side_km: float, supply: float, seed: int = 1) -> AssignmentProblem:
    """Return a town: half of the rows in clusters, walks by air times a detour."""
    random = np.random.default_rng(seed)
    centres = random.uniform(0, side_km, (CENTRES, 2))
    middles = random.uniform(0, side_km, (40, 2))
    clustered = middles[random.integers(40, size=RESIDENTS // 2)]
    homes = np.vstack(
        [
            clustered + random.normal(0, 0.8, clustered.shape),
            random.uniform(0, side_km, (RESIDENTS - RESIDENTS // 2, 2)),
        ]
    )
    persons = random.integers(1, 60, RESIDENTS).astype(np.float64) * 0.1
    share = random.uniform(0.3, 1.7, CENTRES)
    places = np.round(share / share.sum() * persons.sum() * supply)
    metres = np.hypot(*(homes[:, None] - centres[None]).T).T * 1000 * DETOUR
    minutes = metres / metres_from_minutes(1.0, ELDER_SPEED_M_S)
    rows, sites = np.nonzero(minutes <= LIMIT_MINUTES)
    kept, resident_of = np.unique(rows, return_inverse=True)
    used, site_of = np.unique(sites, return_inverse=True)
    return AssignmentProblem(
        persons[kept], places[used], resident_of, site_of, minutes[rows, sites]
    )


def tables_of(problem: AssignmentProblem) -> tuple[pd.DataFrame, CapacityDemand, CentreCapacity]:
    """Return a problem as the tables that a workflow hands over."""
    rows = [f"r{row:05d}" for row in range(len(problem.demand))]
    sites = [f"c{site:03d}" for site in range(len(problem.capacity))]
    times = pd.DataFrame(
        {
            "origin": pd.Categorical.from_codes(problem.resident_of, pd.Index(rows)),
            "destination": pd.Categorical.from_codes(problem.site_of, pd.Index(sites)),
            "walk_minutes": problem.minutes,
        }
    )
    demand = pd.DataFrame({"demand_persons": problem.demand}, index=rows)
    places = pd.DataFrame({"capacity_persons": problem.capacity}, index=sites)
    return (
        times,
        CapacityDemand("day_places", demand, None),
        CentreCapacity("day_places", places),
    )


def scores_of_a_million_pairs() -> dict[str, float]:
    """Print and return the seconds that access scores take over a million pairs."""
    random = np.random.default_rng(0)
    rows, each = 50_000, 20
    first = random.integers(CENTRES, size=(rows, 1))
    sites = (first + np.arange(each) * 7) % CENTRES
    origins, destinations = (
        [f"r{row:05d}" for row in range(rows)],
        [f"c{n}" for n in range(CENTRES)],
    )
    times = pd.DataFrame(
        {
            "origin": pd.Categorical.from_codes(
                np.repeat(np.arange(rows), each), pd.Index(origins)
            ),
            "destination": pd.Categorical.from_codes(sites.ravel(), pd.Index(destinations)),
            "walk_minutes": random.uniform(0, LIMIT_MINUTES, rows * each),
        }
    )
    demand = pd.Series(random.integers(1, 50, rows).astype(float), index=origins)
    supply = pd.Series(random.integers(10, 90, CENTRES).astype(float), index=destinations)
    given = (times, demand, supply)
    before = time.perf_counter()
    two_step_scores(*given, limit_minutes=LIMIT_MINUTES, decay=gaussian(7.5))
    seconds = {"gaussian": time.perf_counter() - before}
    before = time.perf_counter()
    congestion_costs(*given, limit_minutes=LIMIT_MINUTES, congestion_minutes=15)
    seconds["congestion"] = time.perf_counter() - before
    print(
        f"  1,000,000 pairs: Gaussian 2SFCA {seconds['gaussian']:.2f} s, "
        f"RAAM (150 cycles) {seconds['congestion']:.1f} s"
    )
    return seconds


def main() -> dict[str, Any]:
    """Print the figures and the bars met, and return the figures."""
    print(f"{RESIDENTS:,} residents assigned to {CENTRES} centres within {LIMIT_MINUTES:g} minutes")
    best_assignment(town(3.0, 0.9))  # compiled before the clock starts
    figures: dict[str, Any] = {}
    for name, (side_km, supply) in TOWNS.items():
        problem = town(side_km, supply)
        before = time.perf_counter()
        ours = best_assignment(problem)
        seconds = time.perf_counter() - before
        before = time.perf_counter()
        plain = plain_assignment(problem)
        plain_seconds = time.perf_counter() - before
        times, demand, places = tables_of(problem)
        before = time.perf_counter()
        whole = assign_capacity(times, demand, places)
        all_seconds = time.perf_counter() - before
        worth = value(problem, ours.persons)
        if abs(worth - value(problem, plain.persons)) > 1e-9 * worth:
            what = f"{name}: the two answers are not worth the same"
            raise RuntimeError(what)
        print(
            f"  {name}: {len(problem.minutes):,} pairs, {whole.served_persons:,.1f} of "
            f"{whole.demand_persons:,.1f} persons served, gap {whole.gap_person_minutes:.0e} "
            f"person-minutes; {seconds:.2f} s, with its tables {all_seconds:.2f} s; "
            f"plain {plain_seconds:.2f} s"
        )
        bar("plain / ours", plain_seconds / seconds, RATIO_BAR, at_least=True)
        figures[name] = {"ours": seconds, "tables": all_seconds, "plain": plain_seconds}
    return figures | {"scores": scores_of_a_million_pairs()}


if __name__ == "__main__":
    main()
