"""Travel times against scipy on one street grid, in one run, each contender in its own process.

All search 900 m (18 minutes at 0.83 m/s) from the same kind of sources on the same grid of 202,500
corners. scipy gets the same CSR graph, its ``limit=``, and batches of sources that keep its dense
rows small. Ours stands in three lines: the compiled search alone, to 1,000 centres; the same with
every corner as a target; and the public ``travel_times`` to every corner, which also sorts the
pairs and makes their table. All in one thread; :mod:`tests.benchmarks.bench_peers` has threads.

Run as ``python -m tests.benchmarks.bench_travel_times``.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

import geopandas
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner import units
from planner.streets import (
    WalkingNetwork,
    edge_minutes,
    join_to_streets,
    nearest_centre,
    travel_times,
)
from planner.streets.search.pair_search import pairs_within, search_bench
from planner.streets.search.points import coded, search_arcs
from planner.streets.search.ways import ways_to

SIDE = 450
STEP_M = 64.0
REACH_M = 900.0
SPEED_M_S = units.ELDER_SPEED_M_S
LIMIT_MINUTES = float(units.minutes_from_metres(REACH_M, SPEED_M_S))
OUR_SOURCES = 10_000
SCIPY_SOURCES = 300
SCIPY_BATCH = 30
SEED = 20260101


@dataclass(frozen=True)
class Figures:
    """What one contender took: seconds for its sources, peak memory of its process, pairs found."""

    sources: int
    seconds: float
    peak_mb: float
    pairs: int

    @property
    def microseconds_a_source(self) -> float:
        """Microseconds a source."""
        return self.seconds / self.sources * 1e6


def street_grid(side: int = SIDE, *, seed: int = SEED) -> WalkingNetwork:
    """Return a square grid of streets of 50 m, lengthened by up to 30 % each, rows shuffled."""
    random = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    row, column = np.divmod(number.ravel(), side)
    names = np.char.add("n", number.ravel().astype(str))
    nodes = pd.DataFrame({"easting_m": column * STEP_M, "northing_m": row * STEP_M}, index=names)
    start = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    edges = pd.DataFrame(
        {
            "from_node": names[start],
            "to_node": names[end],
            "length_m": STEP_M * random.uniform(1.0, 1.3, len(start)),
        }
    )
    order = random.permutation(len(edges))
    return WalkingNetwork.from_tables(nodes.sample(frac=1.0, random_state=seed), edges.iloc[order])


def corners(network: WalkingNetwork, nodes: np.ndarray, prefix: str) -> pd.DataFrame:
    """Return nodes as joined points without legs, as ``join_to_streets`` would."""
    arc = network.arc_start[nodes]
    return pd.DataFrame(
        {
            "segment": network.arc_segment[arc].astype(np.int64),
            "fraction": np.where(network.arc_forward[arc], 0.0, 1.0),
            "leg_m": 0.0,
            "joined": True,
            "part": 0,
            "easting_m": network.node_easting_m[nodes],
            "northing_m": network.node_northing_m[nodes],
        },
        index=pd.Index([f"{prefix}{node}" for node in nodes]),
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _sources(network: WalkingNetwork, count: int) -> np.ndarray:
    return np.random.default_rng(SEED + 1).choice(network.node_count, count, replace=False)


def _kernel(target_count: int | None) -> Figures:
    """Search from 10,000 corners, by the compiled search alone."""
    network = street_grid()
    costs = edge_minutes(network)
    arcs = search_arcs(network, costs, against=False)
    targets = np.arange(network.node_count)
    if target_count is not None:
        targets = np.sort(np.random.default_rng(SEED + 3).permutation(targets)[:target_count])
    ends, order = coded(corners(network, targets, "to"), costs).targets(arcs)
    ways = ways_to(arcs, ends, order, LIMIT_MINUTES)
    starts = coded(corners(network, _sources(network, OUR_SOURCES), "from"), costs)
    bench = search_bench(ways)
    few = starts.spots(order=np.arange(5))
    pairs_within(arcs, ways, few, ends, bench)  # compiles
    sources = starts.spots()
    before = time.perf_counter()
    _, found, _ = pairs_within(arcs, ways, sources, ends, bench)
    seconds = time.perf_counter() - before
    return Figures(OUR_SOURCES, seconds, _peak_mb(), len(found))


def kernel_to_centres() -> Figures:
    """Search from 10,000 corners to 1,000 centres."""
    return _kernel(1_000)


def kernel_to_corners() -> Figures:
    """Search from 10,000 corners to all corners."""
    return _kernel(None)


def whole_job() -> Figures:
    """Make the table of travel times from 10,000 corners to all corners."""
    network = street_grid()
    origins = corners(network, _sources(network, OUR_SOURCES), "from")
    destinations = corners(network, np.arange(network.node_count), "to")
    few = origins.iloc[:10]
    travel_times(network, few, destinations, limit_minutes=LIMIT_MINUTES)  # compiles
    before = time.perf_counter()
    pairs = travel_times(network, origins, destinations, limit_minutes=LIMIT_MINUTES, threads=1)
    seconds = time.perf_counter() - before
    return Figures(OUR_SOURCES, seconds, _peak_mb(), len(pairs))


def scipys() -> Figures:
    """Search from 300 of the same corners with ``scipy.sparse.csgraph.dijkstra``."""
    network = street_grid()
    minutes = edge_minutes(network).forward[network.arc_segment]
    count = network.node_count
    graph = csr_array((minutes, network.arc_to, network.arc_start), shape=(count, count))
    sources = _sources(network, OUR_SOURCES)[:SCIPY_SOURCES]
    dijkstra(graph, indices=sources[:2], limit=LIMIT_MINUTES)
    pairs = 0
    before = time.perf_counter()
    for first in range(0, SCIPY_SOURCES, SCIPY_BATCH):
        rows = dijkstra(graph, indices=sources[first : first + SCIPY_BATCH], limit=LIMIT_MINUTES)
        pairs += int(np.isfinite(rows).sum())
    seconds = time.perf_counter() - before
    return Figures(SCIPY_SOURCES, seconds, _peak_mb(), pairs)


def a_district() -> Figures:
    """Join 30,000 residents and 100 centres to 25,000 junctions, then times and nearest centres."""
    network = street_grid(158)
    random = np.random.default_rng(SEED + 2)

    def scattered(count: int, prefix: str) -> geopandas.GeoDataFrame:
        places = random.uniform(0.0, 157 * STEP_M, (2, count))
        ids = pd.Index([f"{prefix}{number}" for number in range(count)])
        return geopandas.GeoDataFrame(index=ids, geometry=geopandas.points_from_xy(*places))

    residents, centres = scattered(30_000, "r"), scattered(100, "c")
    few = join_to_streets(network, residents.iloc[:200])
    travel_times(network, few, centres, limit_minutes=15.0)  # compiles
    nearest_centre(network, few, centres)
    before = time.perf_counter()
    homes, doors = join_to_streets(network, residents), join_to_streets(network, centres)
    pairs = travel_times(network, homes, doors, limit_minutes=15.0)
    nearest_centre(network, homes, doors)
    seconds = time.perf_counter() - before
    return Figures(len(residents), seconds, _peak_mb(), len(pairs))


def _alone(contender: Callable[[], Figures]) -> Figures:
    """Run a contender in a process of its own, so that peaks of memory do not mix."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(contender)


def main() -> dict[str, Figures]:
    """Print the table and return its figures by contender."""
    contenders: dict[str, Callable[[], Figures]] = {
        "scipy dijkstra(limit=)": scipys,
        "planner kernel, 1,000 centres": kernel_to_centres,
        "planner kernel, all corners": kernel_to_corners,
        "planner travel_times, all corners": whole_job,
    }
    figures = {name: _alone(job) for name, job in contenders.items()}
    theirs = figures["scipy dijkstra(limit=)"].microseconds_a_source
    print(f"Street grid of {SIDE * SIDE:,} corners, {REACH_M:.0f} m around each source, one thread")
    print(f"{'':36}{'sources':>8}{'a source':>13}{'found':>8}{'peak':>9}{'ratio':>8}")
    for name, one in figures.items():
        print(
            f"{name:36}{one.sources:8,}{one.microseconds_a_source:10.1f} µs"
            f"{one.pairs / one.sources:8.1f}{one.peak_mb:6.0f} MB"
            f"{theirs / one.microseconds_a_source:7.1f}×"
        )
    district = figures["district"] = _alone(a_district)
    print(
        "30,000 residents and 100 centres on 25,000 junctions, joined, with times and nearest "
        f"centres: {district.seconds:.2f} s, peak {district.peak_mb:.0f} MB, {district.pairs:,} "
        "pairs"
    )
    return figures


if __name__ == "__main__":
    main()
