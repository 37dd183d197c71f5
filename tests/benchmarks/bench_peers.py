"""Travel times against pandana and a plain C++ Dijkstra.

Two bars (900 m around each source, on grids whose nodes and streets come in shuffled order):

1. 202,500 nodes: a source at least 25 times as fast as pandana's ``nodes_in_range``; raw arrays →
   network → 20,000 sources at least 50 times as fast as pandana with its build.
2. For each settled node, one thread, within twice the time of the better of two C++ heaps.

Everything is measured in one run, each contender in a fresh process; imports are not timed, but
loading our compiled kernels from disk is. Pandana (AGPL, so no part of the planner's installation)
comes with the extra ``bench``, or in an interpreter of its own: name it in the environment variable
``PLANNER_BENCH_PYTHON``. Its build takes minutes. The C++ program needs ``g++``. What is not there
is told and left out.

Run as ``python -m tests.benchmarks.bench_peers``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.streets import WalkingNetwork, edge_minutes, travel_times
from planner.streets.search.pair_search import pairs_within, search_bench
from planner.streets.search.points import coded, search_arcs
from planner.streets.search.threads import thread_count
from planner.streets.search.ways import ways_to
from tests.benchmarks.bench_travel_times import LIMIT_MINUTES, REACH_M, SEED, corners
from tests.benchmarks.grids import (
    SOURCES,
    alone,
    at_sources,
    bar,
    everywhere,
    memory_mb,
    network_of,
    raw_grid,
)

PYTHON_VARIABLE: Final = "PLANNER_BENCH_PYTHON"
HERE: Final = Path(__file__).parent
SIDE: Final = 450
CENTRES: Final = 1_000

SOURCE_BAR: Final = 25.0
WHOLE_BAR: Final = 50.0
SETTLED_BAR: Final = 2.0


def _warm_up() -> dict[str, float]:
    """Compile and keep all kernels used below."""
    arrays = raw_grid(160)
    arrays["sources"] = arrays["sources"][:100]
    network = network_of(arrays)
    few, every = at_sources(network, arrays), everywhere(network)
    travel_times(network, few, every, limit_minutes=LIMIT_MINUTES)
    travel_times(network, every, few, limit_minutes=LIMIT_MINUTES)
    return {}


def our_whole_job() -> dict[str, float]:
    """Build the network of raw arrays, then search from 20,000 sources to every corner."""
    arrays = raw_grid(SIDE)
    before = time.perf_counter()
    network = network_of(arrays)
    built = time.perf_counter()
    origins, destinations = at_sources(network, arrays), everywhere(network)
    joined = time.perf_counter()
    pairs = travel_times(network, origins, destinations, limit_minutes=LIMIT_MINUTES)
    done = time.perf_counter()
    again = [_seconds(network, origins, destinations, threads=None) for _ in range(3)]
    alone = _seconds(network, origins, destinations, threads=1)
    return {
        "build_s": built - before,
        "join_s": joined - built,
        "search_s": done - joined,
        "again_s": min(again),
        "one_thread_s": alone,
        "pairs": len(pairs),
        "peak_mb": memory_mb("VmHWM"),
    }


def _seconds(
    network: WalkingNetwork, origins: pd.DataFrame, destinations: pd.DataFrame, **given: Any
) -> float:
    before = time.perf_counter()
    travel_times(network, origins, destinations, limit_minutes=LIMIT_MINUTES, **given)
    return time.perf_counter() - before


def our_settling() -> dict[str, float]:
    """Search by the kernel alone, in one thread, to 1,000 centres; and the C++ program beside it.

    Both walk on the same arcs in the same order; ours also looks for centres along every street.
    """
    arrays = raw_grid(SIDE)
    network = network_of(arrays)
    costs = edge_minutes(network)
    arcs = search_arcs(network, costs, against=False)
    centres = np.random.default_rng(SEED).choice(network.node_count, CENTRES, replace=False)
    ends, order = coded(corners(network, np.sort(centres), "to"), costs).targets(arcs)
    ways = ways_to(arcs, ends, order, LIMIT_MINUTES)
    origins = at_sources(network, arrays)
    sources = coded(origins, costs).spots()
    bench = search_bench(ways)
    seconds = []
    for _ in range(5):
        before = time.perf_counter()
        pairs_within(arcs, ways, sources, ends, bench)
        seconds.append(time.perf_counter() - before)
    figures = {"ours_s": min(seconds)}
    ends_here = np.where(
        sources.fraction == 0.0,
        arcs.segment_from[sources.segment],
        arcs.segment_to[sources.segment],
    )
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "graph.bin"
        with graph.open("wb") as file:
            sizes = [len(arcs.start) - 1, len(arcs.head), len(ends_here)]
            for values in (
                np.array(sizes, dtype=np.int64),
                np.array([LIMIT_MINUTES]),
                np.asarray(arcs.start, dtype=np.int64),
                np.asarray(arcs.head, dtype=np.int32),
                np.asarray(arcs.minutes, dtype=np.float64),
                ends_here.astype(np.int32),
            ):
                values.tofile(file)
        figures.update(_in_cpp(graph))
    return figures


def _in_cpp(graph: Path) -> dict[str, float]:
    """Compile and run the C++ program; nothing if there is no ``g++``."""
    compiler = shutil.which("g++")
    if compiler is None:
        return {}
    program = graph.with_name("dijkstra")
    source = str(HERE / "peer_dijkstra.cpp")
    options = ["-std=c++17", "-O3", "-march=native", "-o", str(program)]
    subprocess.run([compiler, *options, source], check=True)
    done = subprocess.run([program, graph], check=True, capture_output=True, text=True)
    figures = {}
    for line in done.stdout.splitlines():
        name, seconds, settled = line.rsplit(" ", 2)
        figures[name] = float(seconds)
        figures["settled"] = float(settled)
    return figures


def _pandana() -> dict[str, Any]:
    """Run pandana where it is installed; nothing where it is not."""
    python = os.environ.get(PYTHON_VARIABLE) or sys.executable
    asked = subprocess.run([python, "-c", "import pandana"], capture_output=True, check=False)
    if asked.returncode:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        grid = Path(folder) / "grid.npz"
        np.savez(grid, allow_pickle=False, **raw_grid(SIDE))
        done = subprocess.run(
            [python, HERE / "peer_pandana.py", grid], check=True, capture_output=True, text=True
        )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _against_pandana() -> dict[str, Any]:
    theirs = _pandana()  # first: its build takes minutes, and both searches should come together
    ours = alone(our_whole_job)
    print(f"{SIDE * SIDE:,} nodes in shuffled order, {SOURCES:,} sources, {REACH_M:.0f} m around")
    print(
        f"  planner: {ours['build_s']:.2f} s to build, {ours['join_s']:.2f} s to name the corners, "
        f"{ours['search_s']:.2f} s to search ({ours['again_s'] / SOURCES * 1e6:.1f} µs a source "
        f"again, {thread_count()} threads; {ours['one_thread_s'] / SOURCES * 1e6:.1f} µs in one), "
        f"{ours['pairs']:,.0f} pairs, {ours['peak_mb']:.0f} MB"
    )
    if not theirs:
        print(f"  pandana: not installed here (extra 'bench', or {PYTHON_VARIABLE})")
        return {"planner": ours}
    print(
        f"  pandana {theirs['version']}: {theirs['build_s']:.1f} s to build, "
        f"{theirs['search_s']:.2f} s to search ({theirs['search_s'] / SOURCES * 1e6:.1f} µs a "
        f"source), {theirs['pairs']:,} pairs, {theirs['peak_mb']:.0f} MB"
    )
    whole = ours["build_s"] + ours["join_s"] + ours["search_s"]
    search = theirs["search_s"]
    bar("a source", search / ours["again_s"], SOURCE_BAR, at_least=True)
    bar("whole job", (theirs["build_s"] + search) / whole, WHOLE_BAR, at_least=True)
    return {"planner": ours, "pandana": theirs}


def _against_cpp() -> dict[str, float]:
    figures = alone(our_settling)
    heaps = [name for name in figures if name not in ("ours_s", "settled")]
    print(f"A settled node, one thread, {CENTRES:,} centres to look for (C++: none)")
    if not heaps:
        print("  C++: no g++ here")
        return figures
    for name in ("ours_s", *heaps):
        words = "planner kernel" if name == "ours_s" else f"C++, {name}"
        print(f"  {words}: {figures[name] / figures['settled'] * 1e9:.0f} ns")
    best = min(figures[name] for name in heaps)
    bar("time of the better C++", figures["ours_s"] / best, SETTLED_BAR, at_least=False)
    return figures


def main() -> dict[str, Any]:
    """Print the figures and the bars met, and return the figures."""
    alone(_warm_up)
    return {"pandana": _against_pandana(), "c++": _against_cpp()}


if __name__ == "__main__":
    main()
