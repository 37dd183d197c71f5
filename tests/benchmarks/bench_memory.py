"""Memory of searches on a million nodes: 20,000 sources in one call of ``travel_times``.

The bar: memory grows with the pairs found, whichever side searches. Two numbers of pairs tell how
many bytes a pair more takes at the peak. Each run has a fresh process; Linux only, which lets a
process begin its peak anew.

Run as ``python -m tests.benchmarks.bench_memory``.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

from planner.streets import travel_times
from tests.benchmarks.bench_travel_times import LIMIT_MINUTES
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

GREAT_SIDE: Final = 1000

PAIR_BYTES: Final = 16
"""Two codes of four bytes (two, in tables of few ids) and minutes of eight."""

BYTES_BAR: Final = 1.5 * PAIR_BYTES
"""More a pair would mean that answers are held twice."""


def our_memory(minutes: float, against: bool) -> dict[str, float]:
    """Search a million nodes from 20,000 sources; ``against``: the million walk to 20,000 doors."""
    arrays = raw_grid(GREAT_SIDE)
    network = network_of(arrays)
    few, every = at_sources(network, arrays), everywhere(network)
    del arrays
    origins, destinations = (every, few) if against else (few, every)
    travel_times(network, origins, destinations, limit_minutes=0.01)  # what a search needs at all
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    before_mb = memory_mb("VmRSS")
    before = time.perf_counter()
    pairs = travel_times(network, origins, destinations, limit_minutes=minutes)
    return {
        "seconds": time.perf_counter() - before,
        "pairs": len(pairs),
        "answer_mb": len(pairs) * PAIR_BYTES / 2**20,
        "peak_mb": memory_mb("VmHWM"),
        "more_mb": memory_mb("VmHWM") - before_mb,
    }


def main() -> dict[str, Any]:
    """Print the figures and the bar met, and return the figures."""
    print(f"{GREAT_SIDE**2:,} nodes, {SOURCES:,} sources in one call")
    if not Path("/proc/self/clear_refs").exists():
        print("  memory: told on Linux only")
        return {}
    all_figures: dict[str, Any] = {}
    for against in (False, True):
        side = "walked against, to doors" if against else "from sources"
        runs = [alone(our_memory, share * LIMIT_MINUTES, against) for share in (1.0, 2.0)]
        for one in runs:
            print(
                f"  {side}: {one['seconds']:.2f} s, {one['pairs']:,.0f} pairs, answer "
                f"{one['answer_mb']:.0f} MB, {one['more_mb']:.0f} MB more at the peak "
                f"({one['peak_mb']:.0f} MB in all)"
            )
        more_mb, pairs = (runs[1][name] - runs[0][name] for name in ("more_mb", "pairs"))
        bar("a pair more", more_mb * 2**20 / pairs, BYTES_BAR, at_least=False, unit=" bytes")
        all_figures[side] = runs
    return all_figures


if __name__ == "__main__":
    main()
