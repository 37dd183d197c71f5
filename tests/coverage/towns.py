"""A town small enough to be checked by hand, shared by the tests of this room."""

from __future__ import annotations

import numpy as np
import pandas as pd

#   street 东街: c1, c2      street 西街: c3 (village)      c4 names no street and is empty
COMMUNITIES = pd.DataFrame(
    {
        "name": ["一社区", "二社区", "三村", "四社区"],
        "community_kind": ["社区", "社区", "村", "社区"],
        "street": ["东街", "东街", "西街", None],
        "elderly_60": [100.0, 80.0, 30.0, 0.0],
    },
    index=["c1", "c2", "c3", "c4"],
)

#         where  60+  65+  80+   walk  joined
#   r1    c1     50   30   10     5    yes     covered
#   r2    c1     30   20    5    15    yes     covered: exactly on the limit
#   r3    c1     20   10    2    16    yes     too far
#   r4    c2     40   20    8    20    yes     too far
#   r5    c2     40   20    8     -    yes     no way through (island, part 1)
#   r6    c3     30   15    3     -    no      not joined
#   r7    -      10    5    1    18    yes     too far, outside every community
#   r8    c9      7    3    0     2    yes     covered, its community is not in the ledger
#   r9    c1      ?    ?    ?     3    yes     covered, elders not known
RESIDENTS = pd.DataFrame(
    {
        "community": ["c1", "c1", "c1", "c2", "c2", "c3", None, "c9", "c1"],
        "population": [250.0, 150, 100, 200, 200, 150, 50, 35, 60],
        "elderly_60": [50.0, 30, 20, 40, 40, 30, 10, 7, np.nan],
        "elderly_65": [30.0, 20, 10, 20, 20, 15, 5, 3, np.nan],
        "elderly_80": [10.0, 5, 2, 8, 8, 3, 1, 0, np.nan],
    },
    index=[f"r{number}" for number in range(1, 10)],
)

NEAREST = pd.DataFrame(
    {
        "nearest": ["z1", "z1", "z2", "z2", None, None, "z1", "z1", "z1"],
        "walk_minutes": [5.0, 15, 16, 20, np.nan, np.nan, 18, 2, 3],
        "leg_m": [10.0, 10, 10, 10, 10, 450, 10, 10, 10],
        "joined": [True, True, True, True, True, False, True, True, True],
        "part": [0, 0, 0, 0, 1, -1, 0, 0, 0],
    },
    index=RESIDENTS.index,
)
