"""A million points from web maps' coordinates to true ones, against a loop of plain Python.

The loop is the one-step inverse that public converters ship, in ``math`` alone, run on a hundredth
of the points and multiplied; it errs by metres where ours is exact to 0.01 m, and so does less.

Run as ``python -m tests.benchmarks.bench_datum``.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
import pyproj

from planner.datum import from_wgs84, from_zones, in_mainland_china, to_wgs84

POINTS = 1_000_000
LOOPED = POINTS // 100


def looped_shift(longitude: float, latitude: float) -> tuple[float, float]:
    """Return the shift of GCJ-02 in degrees, as the public formula is written."""
    east, north = longitude - 105.0, latitude - 35.0
    pi = math.pi
    waves = (20.0 * math.sin(6.0 * east * pi) + 20.0 * math.sin(2.0 * east * pi)) * 2.0 / 3.0
    up = -100.0 + 2.0 * east + 3.0 * north + 0.2 * north * north + 0.1 * east * north
    up += 0.2 * math.sqrt(abs(east)) + waves
    up += (20.0 * math.sin(north * pi) + 40.0 * math.sin(north / 3.0 * pi)) * 2.0 / 3.0
    up += (160.0 * math.sin(north / 12.0 * pi) + 320.0 * math.sin(north * pi / 30.0)) * 2.0 / 3.0
    over = 300.0 + east + 2.0 * north + 0.1 * east * east + 0.1 * east * north
    over += 0.1 * math.sqrt(abs(east)) + waves
    over += (20.0 * math.sin(east * pi) + 40.0 * math.sin(east / 3.0 * pi)) * 2.0 / 3.0
    over += (150.0 * math.sin(east / 12.0 * pi) + 300.0 * math.sin(east / 30.0 * pi)) * 2.0 / 3.0
    radians = latitude / 180.0 * pi
    magic = 1.0 - 0.00669342162296594323 * math.sin(radians) ** 2
    root = math.sqrt(magic)
    up = up * 180.0 / (6378245.0 * (1.0 - 0.00669342162296594323) / (magic * root) * pi)
    return over * 180.0 / (6378245.0 / root * math.cos(radians) * pi), up


def seconds(job: Callable[[], object], times: int = 3) -> float:
    """Return the least seconds of the processor that a job took: neighbours do not count."""
    taken = []
    for _ in range(times):
        before = time.process_time()
        job()
        taken.append(time.process_time() - before)
    return min(taken)


def main() -> None:
    """Print seconds a million points, and the ratio to the loop."""
    chance = np.random.default_rng(1)
    east, north = chance.uniform(98.0, 118.0, POINTS), chance.uniform(24.0, 38.0, POINTS)
    assert in_mainland_china(east, north).all()
    pairs = list(zip(east[:LOOPED].tolist(), north[:LOOPED].tolist(), strict=True))
    loop_s = seconds(lambda: [looped_shift(*pair) for pair in pairs]) * POINTS / LOOPED
    metres = pyproj.Transformer.from_crs(4490, 4524, always_xy=True)
    near = np.linspace(107.0, 109.0, POINTS)
    easting, northing = metres.transform(near, north)
    jobs: dict[str, Callable[[], object]] = {
        "GCJ-02 to WGS-84, to 0.01 m": lambda: to_wgs84(east, north, "gcj02"),
        "BD-09 to WGS-84, to 0.01 m": lambda: to_wgs84(east, north, "bd09"),
        "WGS-84 to GCJ-02": lambda: from_wgs84(east, north, "gcj02"),
        "WGS-84 to BD-09": lambda: from_wgs84(east, north, "bd09"),
        "CGCS2000 zones to degrees": lambda: from_zones(northing, easting),
    }
    print(f"\nCoordinates: {POINTS:,} points")
    print(f"{'Python loop, one step (GCJ-02 to WGS-84)':<44} {loop_s:8.2f} s")
    for name, job in jobs.items():
        taken = seconds(job)
        print(f"{name:<44} {taken:8.2f} s   loop / ours {loop_s / taken:6.1f}")


if __name__ == "__main__":
    main()
