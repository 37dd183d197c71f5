"""A printed sheet of a city: 100,000 pieces of street, 1,000 communities.

The bar: at most 10 seconds a sheet, drawn and written as a PDF at 300 dots an inch. Whether the
first sheet pays for fonts is part of it.

Run as ``python -m tests.benchmarks.bench_printed``.
"""

from __future__ import annotations

import dataclasses
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.outputs.content import PlanContent
from planner.outputs.printed.drawing import our_settings
from planner.outputs.printed.printed_maps import SHEETS, UNDATED, printed_map
from tests.benchmarks.grids import alone, bar
from tests.outputs.town import CRS, SOUTH_M, WEST_M, example_content

PIECES: Final = 100_000
COMMUNITIES: Final = 1_000
SIDE_M: Final = 15_000.0
BAR_S: Final = 10.0
DOTS_AN_INCH: Final = 300


def _streets(pieces: int) -> gpd.GeoDataFrame:
    """Return a grid, cut into so many pieces at least."""
    lines = int(np.ceil(np.sqrt(pieces / 2)))
    step = SIDE_M / lines
    along, across = np.meshgrid(np.arange(lines) * step, np.arange(lines) * step)
    start = np.column_stack([WEST_M + along.ravel(), SOUTH_M + across.ravel()])
    ends = [start + np.array([step, 0.0]), start + np.array([0.0, step])]
    drawn = np.concatenate([shapely.linestrings(np.stack([start, end], axis=1)) for end in ends])
    return gpd.GeoDataFrame({"main": np.arange(len(drawn)) % 20 == 0}, geometry=drawn, crs=CRS)


def _communities(number: int, like: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    side = int(np.ceil(np.sqrt(number)))
    step = SIDE_M / side
    row, column = np.divmod(np.arange(number), side)
    west, south = WEST_M + column * step, SOUTH_M + row * step
    rows = like.iloc[np.arange(number) % len(like)].drop(columns="geometry")
    rows = pd.DataFrame(rows).reset_index(drop=True)
    rows["name"] = [f"第{n}社区" for n in range(number)]
    rows["street"] = [f"第{n}街道" for n in row // 4 * 8 + column // 4]
    return gpd.GeoDataFrame(
        rows.assign(share_60_after=rows["share_60"]).set_index(rows.index.map("{:04d}".format)),
        geometry=shapely.box(west, south, west + step, south + step),
        crs=CRS,
    )


def city() -> PlanContent:
    """Return the made-up town, blown up to a city."""
    content = example_content()
    communities = _communities(COMMUNITIES, content.communities)
    district = gpd.GeoDataFrame(geometry=[communities.union_all()], crs=CRS)
    return dataclasses.replace(
        content, streets=_streets(PIECES), communities=communities, district=district
    )


def sheets() -> dict[str, float]:
    """Draw and write every sheet of the district, and return the seconds of each."""
    content, seconds = city(), {}
    with tempfile.TemporaryDirectory() as folder:
        for name in SHEETS:
            start = time.perf_counter()
            figure = printed_map(content, name)
            with our_settings():
                file = Path(folder) / f"{name}.pdf"
                figure.savefig(file, dpi=DOTS_AN_INCH, metadata=UNDATED["pdf"])
            seconds[name] = time.perf_counter() - start
    return seconds


def main() -> dict[str, Any]:
    """Print the figures and the bar met, and return the figures."""
    print(f"printed sheets of {PIECES:,} pieces of street and {COMMUNITIES:,} communities")
    seconds = alone(sheets)
    for name, took in seconds.items():
        print(f"  {name}: {took:.1f} s")
    bar("the slowest sheet", max(seconds.values()), BAR_S, at_least=False, unit=" s")
    return seconds


if __name__ == "__main__":
    main()
