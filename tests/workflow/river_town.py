r"""A river town on streets, whose gaps are asked of real walks.

At 1 m/s 15 minutes are 900 m. Streets have a node every 20 m; the only bridge is at the north::

      w9 ─┤ (0,1000) ══ bridge, 50 m ══ (50,1000) ├─ e9        doors 10 m from their street
          │                river                  │
          │                  │                    │
      w1 ─┤ 300              │                180 ├─ e3        k1, the candidate, at (60, 90)
      Z ──┤ 0               end -600           20 ├─ e1 e2     u, 1,900 m from any street
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString

from planner.coverage.walking import Coverage
from planner.scenario import from_mapping
from planner.streets import WalkingNetwork
from planner.workflow.gaps.areas import (
    Gaps,
    find_gaps,
)
from planner.workflow.inputs.walking import Walks
from tests.streets.drawn import edge, points, town

SCENARIO = from_mapping(
    {
        "project": {"name": "河镇"},
        "streets": {"file": "streets.osm"},
        "communities": {"file": "communities.csv"},
        "residents": {"file": "residents.csv"},
        "centres": {"file": "centres.csv"},
        "walking": {"speed_m_s": 1.0, "slope": "flat", "crossing_s": 0.0, "signal_s": 0.0},
    }
)
COMMUNITIES = pd.DataFrame(
    {"name": ["河西", "河东"], "community_kind": "社区", "street": "街", "elderly_60": 0.0},
    index=["c1", "c2"],
)
RIVER = gpd.GeoDataFrame(
    {"barrier_kind": ["waterway"], "name": ["渭河"]},
    geometry=[LineString([(25, -600), (25, 990)])],
)
DOORS = {
    "w1": (-10, 300), "w9": (-10, 990), "e1": (60, 20), "e2": (60, 100), "e3": (60, 180),
    "e9": (60, 990), "u": (2000, 0),
}  # fmt: skip
CENTRE = points({"Z": (-10, 0)})


def streets(*more: dict[str, Any]) -> WalkingNetwork:
    nodes = {f"w{step}": (0.0, 20.0 * step) for step in range(51)}
    nodes |= {f"e{step}": (50.0, 20.0 * step) for step in range(51)}
    edges = [edge(f"{side}{step}", f"{side}{step + 1}") for side in "we" for step in range(50)]
    return town(nodes, [*edges, edge("w50", "e50"), *more])


def walks(network: WalkingNetwork | None = None) -> Walks:
    residents = points(DOORS).assign(
        community=["c1", "c1", "c2", "c2", "c2", "c2", "c2"],
        elderly_60=[40.0, 7.0, 30.0, 20.0, 10.0, 6.0, 3.0],
    )
    return Walks.of(network or streets(), residents, SCENARIO)


def found(**more: Any) -> tuple[Walks, Coverage, Gaps]:
    asked = walks()
    coverage = asked.coverage_by(CENTRE)
    return asked, coverage, find_gaps(asked, coverage, COMMUNITIES, CENTRE, **more)
