r"""A town in which every cause of a gap stands once, solved by hand.

One metre a second: 60 m a minute, the limit of 15 minutes is 900 m. The river 渭河 runs north at
easting 800, the railway east at northing -400 beyond it; the one bridge is far off the map::

                     tower (500, 300)              river 渭河
                       |  (a hill, no known         |
                       |   barrier: 20 min round)   |
    far   bend   near  Z                            |  bank1 bank2     island (no way)
    -1500 -300   450  (500, 0)                     800  850  900        950 (north 200)

    shut (-1500, 900) beside the closed centre K; need (-1500, -900) beside the meal point M.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point

from planner.coverage.gap_causes import LeftOut, left_out
from planner.coverage.severing import BarrierPieces, severing
from planner.coverage.walking import Coverage, coverage

SPEED_M_S = 1.0
LIMIT_MINUTES = 15.0

COMMUNITIES = pd.DataFrame(
    {
        "name": ["城内", "河东", "山后"],
        "community_kind": ["社区", "社区", "村"],
        "street": ["东街", "东街", "西街"],
        "elderly_60": [0.0, 0.0, 0.0],
    },
    index=["c1", "c2", "c3"],
)

# door: easting, northing, community, 60+, 80+, 失能, minutes to Z (None: no walk), joined
DOORS: dict[str, tuple[Any, ...]] = {
    "near": (450, 0, "c1", 40.0, 8.0, 2.0, 1.0, True),
    "bend": (-300, 0, "c1", 10.0, 2.0, 1.0, 16.0, True),
    "far": (-1500, 0, "c3", 20.0, 4.0, 1.0, 40.0, True),
    "tower": (500, 300, "c1", 30.0, 5.0, 0.0, 20.0, True),
    "bank1": (850, 0, "c2", 50.0, 9.0, 3.0, 60.0, True),
    "bank2": (900, 0, "c2", 25.0, 4.0, np.nan, 61.0, True),
    "island": (950, 200, "c2", 6.0, 1.0, 0.0, None, True),
    "field": (-300, 600, "c3", 7.0, 1.0, 0.0, None, False),
    "shut": (-1500, 900, "c3", 11.0, 2.0, 0.0, 50.0, True),
    "need": (-1500, -900, "c3", 12.0, 2.0, 0.0, 51.0, True),
    "blank": (-1600, 0, "c3", np.nan, np.nan, np.nan, 42.0, True),
}

RIVER = LineString([(800, -3000), (800, 3000)])
RAILWAY = LineString([(800, -400), (3000, -400)])
BARRIERS = gpd.GeoDataFrame(
    {"barrier_kind": ["waterway", "railway"], "name": ["渭河", "陇海线"]},
    geometry=[RIVER, RAILWAY],
)
CENTRES = gpd.GeoDataFrame({"name": ["中心"]}, geometry=[Point(500, 0)], index=["Z"])

RESIDENTS = gpd.GeoDataFrame(
    {
        "community": [door[2] for door in DOORS.values()],
        "elderly_60": [door[3] for door in DOORS.values()],
        "elderly_80": [door[4] for door in DOORS.values()],
        "disabled": [door[5] for door in DOORS.values()],
    },
    geometry=[Point(door[0], door[1]) for door in DOORS.values()],
    index=list(DOORS),
)

NEAREST = pd.DataFrame(
    {
        "nearest": pd.Series(
            [None if door[6] is None else "Z" for door in DOORS.values()],
            index=list(DOORS),
            dtype=object,
        ),
        "walk_minutes": [np.nan if door[6] is None else door[6] for door in DOORS.values()],
        "leg_m": [10.0 if door[7] else 450.0 for door in DOORS.values()],
        "joined": [door[7] for door in DOORS.values()],
        "part": [0 if door[7] else -1 for door in DOORS.values()],
    },
    index=RESIDENTS.index,
)


def other_centre(name: str, minutes: dict[str, float]) -> pd.DataFrame:
    """Return the nearest-centre table of a centre that few doors have a walk to."""
    names = [name if door in minutes else None for door in DOORS]
    return pd.DataFrame(
        {
            "nearest": pd.Series(names, index=RESIDENTS.index, dtype=object),
            "walk_minutes": [minutes.get(door, np.nan) for door in DOORS],
        },
        index=RESIDENTS.index,
    )


CLOSED = other_centre("K", {"shut": 1.0, "bank1": 15.5})
LACKING = other_centre("M", {"need": 15.0})

# Walks between doors, those that link at 3 minutes: bank1–bank2, far–blank.
PAIRS = pd.DataFrame(
    [("bank1", "bank2", 1.0), ("bank2", "bank1", 1.0), ("far", "blank", 2.0),
     ("bend", "tower", 3.5), ("near", "bend", 2.0), ("near", "tower", 2.0)],
    columns=["origin", "destination", "walk_minutes"],
)  # fmt: skip


def town_coverage(*, open_centres: int = 1) -> Coverage:
    """Return the coverage of the town by its one centre."""
    return coverage(RESIDENTS, NEAREST, limit_minutes=LIMIT_MINUTES, open_centres=open_centres)


def town_left_out(**more: Any) -> LeftOut:
    """Return who is left out, with everything known unless ``more`` says otherwise."""
    cut = severing(RESIDENTS, CENTRES, BarrierPieces.of(BARRIERS))
    given = {"severing": cut, "closed": CLOSED, "lacking_need": LACKING, **more}
    return left_out(town_coverage(), COMMUNITIES, speed_m_s=SPEED_M_S, **given)
