"""Reading the streets of Porto: our reader and saved file against pyosmium and OSMnx, in one run.

Each contender has a process of its own, so that peaks of memory do not mix; what it imports is not
timed but is part of its peak. ``first`` is the first call in a fresh process, kernels loaded from
numba's folder (they were compiled before); ``again`` the best of three more calls in it. OSMnx
reads plain ``.osm`` only, takes minutes and gigabytes, and so runs only where the environment
variable ``PLANNER_BENCH_OSMNX`` is set; unpacking the file for it is not timed.

Run as ``python -m tests.benchmarks.bench_reading``.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import osmium
import shapely

from planner.streets import WalkingNetwork, read_streets
from tests.shared_data import FOLDER

PORTO = FOLDER / "networks" / "porto.osm.pbf"
OSMNX_VARIABLE = "PLANNER_BENCH_OSMNX"


@dataclass(frozen=True)
class Figures:
    """What one contender took: seconds of its first call and of later ones, peak memory, result."""

    first_s: float
    again_s: float
    peak_mb: float
    result: str


def _timed(job: Callable[[], str], *, times: int = 3) -> Figures:
    seconds = []
    result = ""
    for _ in range(1 + times):
        before = time.perf_counter()
        result = job()
        seconds.append(time.perf_counter() - before)
    return Figures(seconds[0], min(seconds), _peak_mb(), result)


def _peak_mb() -> float:
    """Return this process's peak of resident memory; rusage would tell its parent's, if higher."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _size(network: WalkingNetwork) -> str:
    return f"{network.node_count:,} nodes, {network.segment_count:,} segments"


def imports_only(folder: str) -> Figures:
    """Measure the memory that the imports alone take."""
    return _timed(lambda: folder and "", times=0)


def first_read(folder: str) -> Figures:
    """Read the file into a walking network; ``folder`` stays empty."""
    del folder
    return _timed(lambda: _size(read_streets(PORTO)))


def reload_saved(folder: str) -> Figures:
    """Load the network that an earlier process kept, after comparing sources and rules with it."""
    return _timed(lambda: _size(read_streets(PORTO, cache=folder)))


def library_lines(folder: str) -> Figures:
    """Hand over all ways' lines by pyosmium, without rules, ids, junctions or lengths."""
    del folder

    def lines() -> str:
        factory = osmium.geom.WKBFactory()
        found = []
        processor = osmium.FileProcessor(str(PORTO)).with_locations()
        way: Any
        for way in processor.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)):
            try:
                found.append(factory.create_linestring(way))
            except (osmium.InvalidLocationError, RuntimeError):
                continue
        return f"{len(shapely.from_wkb(found)):,} lines"

    return _timed(lines)


def osmnx_graph(folder: str) -> Figures:
    """Make OSMnx's walking graph of the same data."""
    import osmnx

    plain = Path(folder) / "porto.osm"

    def graph() -> str:
        made = osmnx.graph_from_xml(plain)
        return f"{len(made.nodes):,} nodes, {len(made.edges):,} edges"

    return _timed(graph, times=0)


def _unpack(folder: str) -> Figures:
    """Write the file as plain ``.osm``, by pyosmium."""
    with osmium.SimpleWriter(str(Path(folder) / "porto.osm")) as writer:
        for thing in osmium.FileProcessor(str(PORTO)):
            writer.add(thing)
    return Figures(0.0, 0.0, 0.0, "")


def _alone(contender: Callable[[str], Figures], folder: str) -> Figures:
    """Run a contender in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(contender, (folder,))


def main() -> dict[str, Figures]:
    """Print the table and return its figures by contender; none where the data is absent."""
    if not PORTO.exists():
        print(f"Reading: skipped, since the shared data file networks/{PORTO.name} is not here")
        return {}
    contenders: dict[str, Callable[[str], Figures]] = {
        "planner imported, nothing read": imports_only,
        "planner read_streets": first_read,
        "planner read_streets(cache=), kept": reload_saved,
        "pyosmium, lines of all ways only": library_lines,
    }
    with tempfile.TemporaryDirectory() as folder:
        _alone(reload_saved, folder)  # compiles, and keeps the network
        if os.environ.get(OSMNX_VARIABLE):
            _alone(_unpack, folder)
            contenders["osmnx graph_from_xml"] = osmnx_graph
        figures = {name: _alone(job, folder) for name, job in contenders.items()}
    read = figures["planner read_streets"]
    print(f"Porto, {PORTO.stat().st_size / 1e6:.1f} MB of .osm.pbf")
    print(f"{'':36}{'first':>10}{'again':>10}{'peak':>10}{'of our read':>13}  result")
    for name, one in figures.items():
        ratio = f"{one.first_s / read.first_s:10.2f} ×" if one.result else ""
        print(
            f"{name:36}{one.first_s:8.3f} s{one.again_s:8.3f} s{one.peak_mb:7.0f} MB"
            f"{ratio:>13}  {one.result}"
        )
    kept = figures["planner read_streets(cache=), kept"]
    print(
        f"Reload against read: {read.first_s / kept.first_s:.0f}× in fresh processes, "
        f"{read.again_s / kept.again_s:.0f}× again"
    )
    if "osmnx graph_from_xml" not in figures:
        print(
            f"osmnx graph_from_xml: not run here; set {OSMNX_VARIABLE}=1 (minutes, 2 GB). "
            "Measured once on two cores: 61.7 s, 1.86 GB"
        )
    return figures


if __name__ == "__main__":
    main()
