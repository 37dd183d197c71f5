"""A town of two centres and three candidates, small enough to be reckoned by hand.

::

    group    60–64   65–79   80+   reaches        gap
      0       10       8      5    C1             –
      1       20      10      0    C1 C2 K1       –
      2        6       0      7    K1 K2          1
      3        9       5      0    K2             1
      4        5       0      0    K3             2
      5        8       6      5    nothing        –
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from planner.siting.what_if.table import NO_GAP, ReachTable

SITES = ("C1", "C2", "K1", "K2", "K3")


def small_table(**changes: Any) -> ReachTable:
    reach = ((0,), (0, 1, 2), (2, 3), (3,), (4,), ())
    persons = ((10, 8, 5), (20, 10, 0), (6, 0, 7), (9, 5, 0), (5, 0, 0), (8, 6, 5))
    table = ReachTable(
        bands=(60, 65, 80),
        persons=np.array(persons, dtype=np.int64) * 100,
        reach_start=np.r_[0, np.cumsum([len(one) for one in reach])].astype(np.int64),
        reach_site=np.array([site for one in reach for site in one], dtype=np.int64),
        gap=np.array([NO_GAP, NO_GAP, 1, 1, 2, NO_GAP], dtype=np.int64),
        sites=pd.DataFrame(
            {
                "role": ["centre"] * 2 + ["candidate"] * 3,
                "is_open": [True, True, False, False, False],
                "service_group": ["G1", "G2", "G1", "G2", None],
                "counted_m2": [700.0, 300.125, 1_200.5, np.nan, 800.0],
                "cost_yuan": [0.0, 0.0, 250_000.4, np.nan, 90_000.0],
            },
            index=pd.Index(SITES, dtype=object),
        ),
        options=pd.DataFrame(
            {
                "site": ["K1", "K2", "K2"],
                "option": ["class_3", "class_3", "class_2"],
                "counted_m2": [750.0, 750.0, 1_085.0],
                "cost_yuan": [100_000.0, np.nan, np.nan],
            }
        ),
        service_groups=pd.DataFrame(
            {"required_m2": [1_600.0, 1_085.0], "other_m2": [100.0, 0.0]},
            index=pd.Index(["G1", "G2"], dtype=object),
        ),
        gaps=pd.DataFrame({"elderly_60": [2_700, 500]}, index=pd.Index([1, 2])),
        plans={1: ("K2",), 2: ("K2", "K3")},
        differences={60: 6.5, 65: 3.0, 80: 0.0},
        limit_minutes=15.0,
    )
    return dataclasses.replace(table, **changes)
