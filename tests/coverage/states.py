"""Runs drawn on one line, to be compared: doors and centres by their eastings in metres."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from planner.coverage.comparing import State
from planner.coverage.gap_areas import gap_areas
from planner.coverage.gap_causes import left_out
from planner.coverage.walking import coverage

COMMUNITIES = pd.DataFrame(
    {"name": ["甲", "乙"], "community_kind": "社区", "street": "街", "elderly_60": 0.0},
    index=["c1", "c2"],
)
EAST = {"a": 0, "b": 100, "c": 200, "d": 1000, "e": 1100, "f": 2000, "g": 3000, "h": 4000}


def state(
    minutes: dict[str, float],
    groups: str,
    centres: dict[str, float],
    *,
    elders: dict[str, float] | None = None,
    prefix: str = "",
    nearest: dict[str, str] | None = None,
) -> State:
    """Return a run: minutes by door, gaps as ``"ab c"``, centres at eastings."""
    ids = sorted(minutes)
    residents = gpd.GeoDataFrame(
        {
            "community": "c1",
            "elderly_60": [(elders or {}).get(one, 10.0) for one in ids],
            "elderly_80": 1.0,
        },
        geometry=[Point(EAST[one], 0) for one in ids],
        index=[f"{prefix}{one}" for one in ids],
    )
    walks = pd.DataFrame(
        {
            "nearest": [(nearest or {}).get(one, next(iter(centres))) for one in ids],
            "walk_minutes": [minutes[one] for one in ids],
            "leg_m": 0.0,
            "joined": True,
            "part": 0,
        },
        index=residents.index,
    )
    found = coverage(residents, walks, limit_minutes=15, open_centres=len(centres))
    lost = left_out(found, COMMUNITIES)
    group = {f"{prefix}{one}": f"{prefix}{part[0]}" for part in groups.split() for one in part}
    together = pd.Series(group, dtype=object)
    sites = gpd.GeoDataFrame(
        {"name": [f"中心{one}" for one in centres]},
        geometry=[Point(east, 0) for east in centres.values()],
        index=list(centres),
    )
    return State.of(found, gap_areas(lost, together, COMMUNITIES, residents, reach_m=60.0), sites)
