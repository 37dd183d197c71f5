"""Siting: the most people with n centres, against spopt and against HiGHS's bare interior point.

Towns are seeded grids of streets, 64 m a block: sites stand at corners, residents anywhere along
streets, and walks follow the streets, so that their length is the sum of the distances along the
two axes. The limit is such that a resident sees about so many sites.

1. 2,000 sites × 10,000 residents, about 5 sites a resident: at least 50 times as fast as spopt,
   build and solve together, at the same optimum. The ratio also at 8 and 15 sites a resident and
   at 300 × 3,000. Both are stopped after a time limit, and then say what they have.
2. 3,000 × 60,000, 100 centres: proven (gap up to 1e-6) within 3 times HiGHS's interior point
   without crossover on the relaxation of the reduced problem; 10,000 × 300,000, 200 centres: gap
   up to 0.01 % within 4 times that, and under 8 GB.
3. Time and memory against size, as a table and, where matplotlib is there, as a plot.

spopt comes with the extra ``bench``, or in an interpreter of its own: name it in the environment
variable ``PLANNER_BENCH_PYTHON``. What is not there is told and left out.

Run as ``python -m tests.benchmarks.bench_siting``.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from planner.siting.asking.inputs import ask
from planner.siting.covering.dominance import without_dominated
from planner.siting.covering.models import most_people_model, weight_scale
from planner.siting.covering.problem import reduce_problem
from planner.siting.covering.questions import fewest_centres, most_people
from planner.solver import solve
from tests.benchmarks.bench_peers import PYTHON_VARIABLE
from tests.benchmarks.grids import alone, bar, memory_mb

BLOCK_M: Final = 64.0
LIMIT_MINUTES: Final = 15.0
SPEED_BAR: Final = 50.0
LONGEST_S: Final = 300.0
PLOT: Final = Path(__file__).with_name("siting_growth.svg")

AGAINST_SPOPT: Final = (
    (2_000, 10_000, 5.0, 100),
    (2_000, 10_000, 8.0, 100),
    (2_000, 10_000, 15.0, 100),
    (300, 3_000, 5.0, 30),
)
"""Sites, residents, sites that a resident sees, new centres; the first has the bar."""

GROWTH: Final = (
    (1_000, 10_000, 50),
    (1_500, 30_000, 75),
    (3_000, 60_000, 100),
    (5_000, 150_000, 150),
    (10_000, 300_000, 200),
)
"""Sites, residents, new centres, at about 5 sites a resident."""

LP_BARS: Final = {60_000: (1e-6, 3.0), 300_000: (1e-4, 4.0)}
"""By residents: the gap asked for, and the time allowed as a multiple of the interior point's."""

MEMORY_BAR_MB: Final = 8_000.0

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.Index]


def grid_town(sites: int, residents: int, seen: float, seed: int = 1) -> Tables:
    """Return walking times, residents and candidates of a town on a grid of streets."""
    random = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(4 * sites)))
    length_m = (side - 1) * BLOCK_M
    corner = random.choice(side * side, sites, replace=False)
    at_sites = np.column_stack(np.divmod(corner, side)) * BLOCK_M
    along = random.uniform(0, length_m, residents)
    street = random.integers(side, size=residents) * BLOCK_M
    is_east = random.random(residents) < 0.5
    homes = np.where(
        is_east[:, None], np.column_stack([along, street]), np.column_stack([street, along])
    )
    # So many sites stand in a diamond of this radius.
    reach_m = float(np.sqrt(seen * length_m * length_m / sites / 2))
    pairs = cKDTree(homes).sparse_distance_matrix(
        cKDTree(at_sites), reach_m, p=1, output_type="ndarray"
    )
    names = pd.Index([f"r{number:06d}" for number in range(residents)])
    places = pd.Index([f"c{number:05d}" for number in range(sites)])
    times = pd.DataFrame(
        {
            "origin": pd.Categorical.from_codes(pairs["i"], names),
            "destination": pd.Categorical.from_codes(pairs["j"], places),
            "walk_minutes": pairs["v"] / reach_m * LIMIT_MINUTES,
        }
    )
    people = pd.DataFrame({"elderly_60": random.integers(1, 60, residents)}, index=names)
    return times, people, places


def _warm_up() -> None:
    """Compile and load all kernels."""
    town = grid_town(40, 200, 6.0)
    most_people(*town, limit_minutes=LIMIT_MINUTES, new_centres=8)
    fewest_centres(*town, limit_minutes=LIMIT_MINUTES)


def ours(sites: int, residents: int, seen: float, count: int, gap: float) -> dict[str, Any]:
    """Return seconds, gap and memory of the whole question, from tables to plan."""
    _warm_up()
    town = grid_town(sites, residents, seen)
    tables_mb = memory_mb("VmRSS")
    before, worked = time.perf_counter(), time.process_time()
    plan = most_people(
        *town, limit_minutes=LIMIT_MINUTES, new_centres=count, gap=gap, time_limit_s=LONGEST_S
    )
    seconds = time.perf_counter() - before
    figures = {
        "seconds": seconds,
        "processor": time.process_time() - worked,
        "covered": plan.covered,
        "gap": plan.gap,
        "status": plan.status_text("en"),
        "pairs": len(town[0]),
        "tables_mb": tables_mb,
        "peak_mb": memory_mb("VmHWM"),
    }
    return figures | interior_point(town, count)


def interior_point(town: Tables, count: int) -> dict[str, float]:
    """Return the seconds of HiGHS's interior point, no crossover, on the reduced relaxation."""
    question = ask(*town, (), limit_minutes=LIMIT_MINUTES, weight="elderly_60")
    core, _ = without_dominated(reduce_problem(question))
    model = most_people_model(core, count, integral=False)
    # The same power of two as in the search: neither has the easier numbers.
    model.cost[:] *= weight_scale(core.weights)
    before = time.perf_counter()
    solve(model, interior_point=True)
    return {
        "lp": time.perf_counter() - before,
        "sites": len(core.sites),
        "groups": core.groups,
        "entries": len(core.site_of),
    }


def spopt(python: str, town: Tables, count: int) -> dict[str, Any] | None:
    """Return the figures of spopt, or None where it failed."""
    times, people, places = town
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "town.npz"
        np.savez(
            archive,
            resident=times["origin"].cat.codes,
            site=times["destination"].cat.codes,
            minutes=times["walk_minutes"],
            weights=people["elderly_60"].to_numpy(dtype=np.float64),
            sites=len(places),
            limit=LIMIT_MINUTES,
        )
        script = Path(__file__).with_name("peer_spopt.py")
        done = subprocess.run(
            [python, str(script), str(archive), str(count), str(LONGEST_S)],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        print("  spopt failed: " + done.stderr.strip().splitlines()[-1])
        return None
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def against_spopt() -> list[dict[str, Any]]:
    """Print and return our seconds beside spopt's."""
    python = os.environ.get(PYTHON_VARIABLE) or sys.executable
    probe = subprocess.run([python, "-c", "import spopt"], capture_output=True, check=False)
    if probe.returncode:
        print(f"  spopt: not installed here (extra 'bench', or {PYTHON_VARIABLE})")
    rows = []
    for number, (sites, residents, seen, count) in enumerate(AGAINST_SPOPT):
        mine = alone(ours, sites, residents, seen, count, 0.0)
        print(
            f"  {sites:,} × {residents:,}, {seen:g} sites a resident, {count} centres: "
            f"{mine['seconds']:.2f} s, {mine['status']}, {mine['covered']:,.0f} elders"
        )
        row = {"sites": sites, "residents": residents, "seen": seen, "ours": mine}
        rows.append(row)
        theirs = None if probe.returncode else spopt(python, grid_town(*row_key(row)), count)
        if theirs is None:
            continue
        row["spopt"] = theirs
        # Others may have worked on the machine meanwhile: the smaller of two ratios counts.
        seconds = theirs["build"] + theirs["solve"]
        ratio = min(seconds / mine["seconds"], theirs["processor"] / mine["processor"])
        print(
            f"    spopt: build {theirs['build']:.1f} s, solve {theirs['solve']:.1f} s, "
            f"{theirs['covered']:,.0f} elders ({theirs['status']}), {theirs['peak_mb']:,.0f} MB; "
            f"ratio {ratio:.0f}×"
        )
        if not number:
            bar("spopt / ours", ratio, SPEED_BAR, at_least=True)
            if abs(theirs["covered"] - mine["covered"]) > 0.5:
                what = "the two optima differ"
                raise RuntimeError(what)
    return rows


def row_key(row: dict[str, Any]) -> tuple[int, int, float]:
    """Return what makes the town of a row."""
    return row["sites"], row["residents"], row["seen"]


def growth() -> list[dict[str, Any]]:
    """Print and return time and memory against size."""
    rows = []
    for sites, residents, count in GROWTH:
        gap, allowed = LP_BARS.get(residents, (0.0, np.inf))
        mine = alone(ours, sites, residents, 5.0, count, gap if gap > 1e-5 else 0.0)
        rows.append({"residents": residents} | mine)
        print(
            f"  {sites:,} × {residents:,}, {count} centres, {mine['pairs']:,} pairs (reduced: "
            f"{mine['sites']:,} × {mine['groups']:,}, {mine['entries']:,}): "
            f"{mine['seconds']:.2f} s, gap {mine['gap']:.1e}, {mine['status']}; "
            f"interior point {mine['lp']:.2f} s; "
            f"{mine['peak_mb']:,.0f} MB ({mine['tables_mb']:,.0f} MB with the tables alone)"
        )
        if residents in LP_BARS:
            bar("gap, in millionths", mine["gap"] * 1e6, gap * 1e6, at_least=False, unit="")
            bar("ours / interior point", mine["seconds"] / mine["lp"], allowed, at_least=False)
            bar("peak memory", mine["peak_mb"], MEMORY_BAR_MB, at_least=False, unit=" MB")
    return rows


def plot(rows: list[dict[str, Any]]) -> None:
    """Draw time and memory against size."""
    try:
        figures = importlib.import_module("matplotlib.figure")
    except ImportError:
        print("  no plot: matplotlib is not installed here")
        return
    thousands = [row["residents"] / 1000 for row in rows]
    figure = figures.Figure(figsize=(7.2, 3.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.loglog(thousands, [row["seconds"] for row in rows], "o-", label="most_people, proven")
    left.loglog(thousands, [row["lp"] for row in rows], "s--", label="HiGHS interior point alone")
    left.set(xlabel="thousand residents", ylabel="seconds")
    left.legend(frameon=False, fontsize=8)
    right.loglog(thousands, [row["peak_mb"] for row in rows], "o-", label="peak memory")
    right.loglog(thousands, [row["tables_mb"] for row in rows], "s--", label="tables loaded")
    right.set(xlabel="thousand residents", ylabel="MB")
    right.legend(frameon=False, fontsize=8)
    for axes in (left, right):
        axes.grid(visible=True, which="major", alpha=0.3)
    figure.savefig(PLOT, metadata={"Date": None})
    print(f"  drawn: {PLOT.name}")


def main() -> dict[str, Any]:
    """Print the figures and the bars met, and return the figures."""
    print("Most people with n centres on seeded grids of streets")
    figures = {"spopt": against_spopt(), "growth": growth()}
    plot(figures["growth"])
    return figures


if __name__ == "__main__":
    main()
