"""Pandana on a street grid, in a process and, if need be, an installation of its own.

Run by ``bench_peers`` as ``python peer_pandana.py grid.npz``; prints a line of JSON. It imports
nothing of the planner, since pandana is under the AGPL: it is measured beside the planner, never
joined to it.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
import pandana
import pandas as pd


def main(file: str) -> None:
    """Build pandana's network of the arrays in ``file``, then search from its sources."""
    with np.load(file) as grid:
        arrays = {name: grid[name] for name in grid.files}
    before = time.perf_counter()
    network = pandana.Network(
        pd.Series(arrays["easting_m"]),
        pd.Series(arrays["northing_m"]),
        pd.Series(arrays["start"]),
        pd.Series(arrays["end"]),
        pd.DataFrame({"length_m": arrays["length_m"]}),
        twoway=True,
    )
    build_s = time.perf_counter() - before
    network.nodes_in_range(arrays["sources"][:10], float(arrays["reach_m"]))
    seconds = []
    for _ in range(2):
        before = time.perf_counter()
        found = network.nodes_in_range(arrays["sources"], float(arrays["reach_m"]))
        seconds.append(time.perf_counter() - before)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {
        "version": pandana.__version__,
        "build_s": build_s,
        "search_s": min(seconds),
        "pairs": len(found),
        "peak_mb": peak_mb,
    }
    print("\n" + json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1])
