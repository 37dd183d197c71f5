"""Where tests keep the package's machine code, and how most of it is made before they run.

numba writes one index of machine code a function, and two processes that compile the same function
for different arguments at the same moment may write one's code under the other's name. Workers of
pytest-xdist therefore keep theirs apart, by the sources that it was made from, each beginning with
a copy of what ``python -m tests.machine_code`` made in one process: compiling takes minutes, and
``make test`` does it once, while types are checked, instead of once a worker.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
import warnings
from pathlib import Path

DAY_S = 86_400.0
ROOT = Path(__file__).parents[1]
COMMON = "common"


def machine_code_folder(worker: str) -> Path:
    """Return a worker's folder for machine code of the package as it stands."""
    sources = hashlib.sha256()
    for file in sorted((ROOT / "planner").rglob("*.py")):
        sources.update(file.read_bytes())
    return ROOT / ".pytest_cache" / "machine-code" / sources.hexdigest()[:16] / worker


def clear_old(folder: Path) -> None:
    """Remove machine code of other sources that no run has asked for since a day."""
    for other in folder.parent.parent.glob("*"):
        if other != folder.parent and other.stat().st_mtime < time.time() - DAY_S:
            shutil.rmtree(other, ignore_errors=True)


def worker_s_own(worker: str) -> Path:
    """Return a worker's folder; new, it holds a copy of what was compiled for all."""
    folder = machine_code_folder(worker)
    if not folder.exists():
        common = folder.with_name(COMMON)
        if common.exists():
            shutil.copytree(common, folder)
    folder.mkdir(parents=True, exist_ok=True)
    clear_old(folder)
    return folder


def walk_everywhere(folder: Path) -> None:
    """Do on a town of one street what the package does on any: each loop compiles as it is met."""
    import planner
    from tests.workflow.town import write_town

    project = write_town(folder / "town")
    result = planner.run(project, folder / "out")
    planner.compare(project, plan=True)
    found = result.findings
    streets, residents = found.network, found.ledgers.residents.table
    sites = planner.read_candidates(project / "candidates.xlsx", datum="cgcs2000", crs=streets.crs)
    walls = planner.read_barriers(project / "streets.osm")
    homes = planner.join_to_streets(streets, residents, barriers=walls)
    doors = planner.join_to_streets(streets, sites, barriers=walls)
    times = planner.travel_times(streets, homes, doors, limit_minutes=15, walker="elder")
    plan = planner.most_people(times, residents, sites, limit_minutes=15, new_centres=1)
    planner.verify(plan)
    planner.best_plans(plan, 2)
    planner.who_gains(plan)
    planner.shortest_walk(times, residents, sites, new_centres=1)
    planner.least_worst_walk(times, residents, sites, new_centres=1)
    planner.route(streets, residents.iloc[1:2], sites.iloc[:1], barriers=walls)
    planner.reasons(streets, homes, doors, limit_minutes=15)
    planner.shortcuts(streets, homes, doors, limit_minutes=15, weight=residents["elderly_60"])
    planner.catchments(streets, sites.iloc[:1], barriers=walls)


if __name__ == "__main__":
    os.environ["NUMBA_CACHE_DIR"] = str(worker_s_own(COMMON))  # read once, by whoever imports numba
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        walk_everywhere(Path(scratch))
