"""Measures for 20,000 centres, every finding of four books.

Each centre stands on a grid, 400 m from the next; homes, rooms of 党群服务中心 and sites lie about
by chance. What is timed is the whole of ``find_remedies``: who bears what, rooms and sites promised
by the solver, mergers, moves and closings, and the recount of every promise. The audit before it
has a bar of its own (``bench_standards``).

Run as ``python -m tests.benchmarks.bench_remedies``.
"""

from __future__ import annotations

import time
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from planner.standards.floor_area.audit import audit_floor_area
from planner.standards.judging.facts import centre_facts
from planner.standards.judging.findings import Judgement
from planner.standards.judging.judge import judge
from planner.standards.remedies.circles import Circles, circles_of
from planner.standards.remedies.measures import Remedies, find_remedies
from planner.standards.remedies.surroundings import Surroundings
from planner.standards.rulebooks.books import rule_book
from tests.benchmarks.bench_standards import BOOKS, CENTRES
from tests.benchmarks.many_centres import many_centres

APART_M: Final = 400.0
REACH_M, MOVE_M = 300.0, 750.0
DOORS, ROOMS, SITES = 3.0, 0.1, 0.2
"""Homes, rooms and sites for each centre."""
BAR_S: Final = 30.0
CRS: Final = "EPSG:4545"


def _about(rng: np.random.Generator, centres: int, each: float) -> np.ndarray:
    side = APART_M * np.ceil(np.sqrt(centres))
    return rng.uniform(0.0, side, (max(int(centres * each), 1), 2))


def _table(points: np.ndarray, prefix: str, **columns: Any) -> gpd.GeoDataFrame:
    ids = pd.Index([f"{prefix}{number:06d}" for number in range(len(points))], dtype=object)
    return gpd.GeoDataFrame(columns, index=ids, geometry=shapely.points(points), crs=CRS)


def _walks(doors: np.ndarray, places: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return who lives within the limit of which place, by air line."""
    ids, points = list(places), np.array(list(places.values()))
    near = cKDTree(doors).query_ball_point(points, MOVE_M)
    count = [len(one) for one in near]
    return pd.DataFrame(
        {
            "origin": np.concatenate([np.asarray(one, dtype=int) for one in near]),
            "destination": np.repeat(np.array(ids, dtype=object), count),
        }
    )


def many_around(count: int, *, seed: int = 20_261_123) -> tuple[Judgement, Surroundings]:
    """Return the findings on so many centres, and what stands around them."""
    rng = np.random.default_rng(seed)
    centres, communities, walked = many_centres(count)
    books = [rule_book(name) for name in BOOKS]
    audit = audit_floor_area(centres, communities, walked)
    judgement = judge(centre_facts(centres, audit), books)
    side = int(np.ceil(np.sqrt(count)))
    grid = APART_M * np.column_stack(np.divmod(np.arange(count), side)).astype(float)
    placed = gpd.GeoDataFrame(centres, geometry=shapely.points(grid), crs=CRS)
    doors = _about(rng, count, DOORS)
    rooms, sites = _about(rng, count, ROOMS), _about(rng, count, SITES)
    running = placed[placed["status"] == "运营"]
    spots = {str(one): grid[place] for place, one in enumerate(centres.index)}
    places = {str(one): spots[str(one)] for one in running.index}
    places |= {f"s{number:06d}": point for number, point in enumerate(sites)}
    elders = pd.Series(rng.integers(0, 40, len(doors)).astype(float))
    circles: Circles = circles_of(_walks(doors, places), elders, running["centre_kind"], places)
    return judgement, Surroundings(
        centres=placed,
        party_rooms=_table(rooms, "p", area_m2=rng.uniform(50, 800, len(rooms)), to_visit=False),
        sites=_table(
            sites, "s", area_m2=rng.uniform(200, 2_000, len(sites)), to_visit=False, floor=1.0,
            cost_yuan=1e6,
        ),
        elders=audit.centres["elderly_60"].astype(float),
        centre_class=audit.centres["centre_class"].astype(object),
        groups=audit.groups,
        book=audit.book,
        small_groups=audit.small_groups,
        circles=circles,
        reach_m=REACH_M,
        move_m=MOVE_M,
    )  # fmt: skip


def main(count: int = CENTRES) -> dict[str, float]:
    """Print the figures and return them."""
    find_remedies(*many_around(50))  # loads what is loaded once
    town = many_around(count)
    begun, busy = time.perf_counter(), time.process_time()
    found: Remedies = find_remedies(*town)
    took_s, busy_s = time.perf_counter() - begun, time.process_time() - busy
    told = {
        "remedies_s": took_s,
        "processor_s": busy_s,
        "defects": float(len(found.defects)),
        "measures": float(len(found.measures)),
    }
    print(f"{count:,} centres, {len(found.defects):,} defects, {len(found.measures):,} measures")
    for kind, number in found.measures["kind"].value_counts().items():
        print(f"  {kind:20} {number:8,}")
    print(f"all measures                   {took_s:8.2f} s   bar {BAR_S:.0f} s")
    print(f"  of which the processor       {busy_s:8.2f} s")
    return told


if __name__ == "__main__":
    main()
