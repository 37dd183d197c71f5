"""Grids, processes and bars that several benchmarks share."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.streets import WalkingNetwork
from tests.benchmarks.bench_travel_times import REACH_M, SEED, STEP_M, corners

SOURCES: Final = 20_000

Arrays = dict[str, np.ndarray]


def raw_grid(side: int) -> Arrays:
    """Return a grid of streets of 64 m, lengthened by up to 30 % each, all in shuffled order."""
    random = np.random.default_rng(SEED)
    place = random.permutation(side * side)  # where in the shuffled table each corner stands
    number = place.reshape(side, side)
    row, column = np.divmod(np.argsort(place), side)
    start = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    streets = random.permutation(len(start))
    return {
        "easting_m": column * STEP_M,
        "northing_m": row * STEP_M,
        "start": start[streets],
        "end": end[streets],
        "length_m": STEP_M * random.uniform(1.0, 1.3, len(start)),
        "sources": random.choice(side * side, SOURCES, replace=False),
        "reach_m": np.array(REACH_M),
    }


def network_of(arrays: Arrays) -> WalkingNetwork:
    """Return our network of raw arrays."""
    nodes = pd.DataFrame({name: arrays[name] for name in ("easting_m", "northing_m")})
    edges = pd.DataFrame(
        {
            "from_node": arrays["start"],
            "to_node": arrays["end"],
            "length_m": arrays["length_m"],
        }
    )
    return WalkingNetwork.from_tables(nodes, edges)


def at_sources(network: WalkingNetwork, arrays: Arrays) -> pd.DataFrame:
    """Return the sources, which the raw arrays number, as points joined to the network."""
    here = np.empty(network.node_count, dtype=np.int64)
    here[network.node_ids.astype(np.int64)] = np.arange(network.node_count)
    return corners(network, here[arrays["sources"]], "from")


def everywhere(network: WalkingNetwork) -> pd.DataFrame:
    """Return all corners as points joined to the network."""
    return corners(network, np.arange(network.node_count), "to")


def memory_mb(name: str) -> float:
    """Return a figure of this process's memory (``VmRSS`` now, ``VmHWM`` at its peak); Linux."""
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").split("\n"):
        if line.startswith(f"{name}:"):
            return float(line.split()[1]) / 1024
    return float("nan")


def alone(contender: Callable[..., dict[str, float]], *given: Any) -> dict[str, float]:
    """Run a contender in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(contender, given)


def bar(words: str, value: float, limit: float, *, at_least: bool, unit: str = "×") -> None:
    """Print a figure beside its bar, and whether it is met."""
    met = value >= limit if at_least else value <= limit
    sign = "≥" if at_least else "≤"
    print(
        f"  {words}: {value:.1f}{unit} (bar {sign} {limit:g}{unit}: {'met' if met else 'MISSED'})"
    )
