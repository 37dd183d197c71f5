"""Walks on 900 nodes that are all candidates (810,000 pairs): how long until a plan is proven."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from planner.siting.walking.questions import least_worst_walk, shortest_walk
from planner.siting.walking.results import WalkingPlan
from tests.benchmarks.walking_graphs import beasley_walks, walking_tables

NODES = 900
SEED = 2
CENTRES = (5, 10, 20, 45, 90)
BAR_S = 600.0


def measure(
    title: str, question: Callable[..., WalkingPlan], value: Callable[[Any], float]
) -> dict[int, float]:
    """Print how each number of centres fared, and return the seconds."""
    times, residents = walking_tables(beasley_walks(NODES, SEED))
    print(f"  {title}:       p      plan     bound       gap  seconds  status")
    seconds = {}
    for count in CENTRES:
        before = time.perf_counter()
        plan = question(times, residents, residents, new_centres=count, time_limit_s=BAR_S, gap=0.0)
        seconds[count] = time.perf_counter() - before
        print(
            f"  {'':{len(title)}}  {count:6d}  {value(plan):8,.0f}  {plan.bound:8,.0f}  "
            f"{plan.gap:8.6f}  {seconds[count]:7.1f}  {plan.status_text('en')}"
        )
    return seconds


def main() -> dict[str, dict[int, float]]:
    """Print both tables, and return their seconds."""
    print(f"{NODES} nodes, all of them candidates, {NODES * NODES:,} pairs (bar: {BAR_S:g} s each)")
    warm_times, warm_residents = walking_tables(beasley_walks(50, SEED))
    shortest_walk(warm_times, warm_residents, warm_residents, new_centres=3)  # compiled before
    return {
        "p-median": measure("p-median", shortest_walk, lambda plan: plan.walk),
        "p-center": measure("p-center", least_worst_walk, lambda plan: plan.worst),
    }


if __name__ == "__main__":
    main()
