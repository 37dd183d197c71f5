"""Twelve communities and a village, worked by hand.

Middles 1 km apart; in each cell: community, people / of whom 60+, and who serves it.

 north 3 │ k01  8000/1600 a   k02  9000/1800 a   k03  7000/1300 b   k04 16000/3000 b
       2 │ k05  5000/1000 c   k06  6000/1200 -   k07 31000/5000 d   k08  4000/ 900 -
       1 │ k09 12000/2000 e   k10  9500/2500 ef  k11 28000/5600 g   k12 25000/4400 g  v01 3000/700 h
         └─ east 0 ─────────────── 1 ────────────── 2 ────────────── 3 ─────────────── 4

a 960 m² 建筑, its list names k01, k02        e 500 m² 建筑 (100 shared), lists k09, k10
b 800 m² 使用, k03 and k04 walk to it         f 400 m² 建筑 (150 shared), lists k10; e, f in k10
c 300 m² of no stated kind, k05 walks to it   g 2,500 m² 建筑, lists k11, k12
d area missing, k07 walks to it               h 200 m² 建筑, the village walks to it
m 900 m², 停运, in k06                        s 350 m², a station (居家服务站), in k08

small_groups = pro_rata, in m²:
  group     people/60+    class            required   held                short  surplus
  k01 k02   17000/3400    二类             1,085      960                  125
  k03 k04   23000/4300    二类             1,085      800/.65 = 1,230.769         145.769
  k05        5000/1000    .39 x 1000         390      300                   90
  k06        6000/1200    .39 x 1200         468        0                  468
  k08        4000/ 900    .39 x  900         351        0                  351
  k09 k10   21500/4500    二类             1,085      500 + 400 - 100      285
  k11 k12   53000/10000   2 x 26500: 二类  2,170      2,500                       330
  known                                    6,634      5,790.769          1,319    475.769
  k07       31000/5000    一类             1,600      unknown: apart

small_groups = join_nearest:
  k08 (4,000, the smallest) joins k07, 1.000 km (k03 k04's middle is 1.045 off): 35000/5900, unknown
  k05 (5,000) joins k06, 1.000 km (k01 k02's middle is 1.132 off): 11000/2200, 三类
  k05 k06                 三类               750      300                  450
  known                                    6,175      5,790.769            860    475.769
"""

from __future__ import annotations

import pandas as pd

_PEOPLE = {
    "k01": (8_000, 1_600),
    "k02": (9_000, 1_800),
    "k03": (7_000, 1_300),
    "k04": (16_000, 3_000),
    "k05": (5_000, 1_000),
    "k06": (6_000, 1_200),
    "k07": (31_000, 5_000),
    "k08": (4_000, 900),
    "k09": (12_000, 2_000),
    "k10": (9_500, 2_500),
    "k11": (28_000, 5_600),
    "k12": (25_000, 4_400),
    "v01": (3_000, 700),
}

COMMUNITIES = pd.DataFrame(
    {
        "name": [f"{id_}名" for id_ in _PEOPLE],
        "community_kind": ["社区"] * 12 + ["村"],
        "street": ["东街"] * 13,
        "population": [float(people) for people, _ in _PEOPLE.values()],
        "elderly_60": [float(elders) for _, elders in _PEOPLE.values()],
    },
    index=list(_PEOPLE),
)

MIDDLES = pd.DataFrame(
    {
        "easting_m": [1000.0 * (place % 4) for place in range(12)] + [4000.0],
        "northing_m": [1000.0 * (3 - place // 4) for place in range(12)] + [1000.0],
    },
    index=COMMUNITIES.index,
)

WALKS = pd.Series(
    {
        "k01": "b",  # a's list comes before the walk
        "k02": None,
        "k03": "b",
        "k04": "b",
        "k05": "c",
        "k06": None,
        "k07": "d",
        "k08": None,
        "k09": "e",
        "k10": "f",
        "k11": "g",
        "k12": "g",
        "v01": "h",
    },
    dtype=object,
)

_CENTRES = {
    #    kind, status, community, serves, area, kind of area, shared
    "a": ("日间照料", "运营", "k01", "k01、k02", 960.0, "建筑", None),
    "b": ("日间照料", "运营", "k04", None, 800.0, "使用", None),
    "c": ("日间照料", "运营", "k05", None, 300.0, "未注明", None),
    "d": ("日间照料", "运营", "k07", None, None, "建筑", None),
    "e": ("日间照料", "运营", "k10", "k09、k10", 500.0, "建筑", 100.0),
    "f": ("日间照料", "运营", "k10", "k10", 400.0, "建筑", 150.0),
    "g": ("日间照料", "运营", "k11", "k11、k12", 2_500.0, "建筑", None),
    "h": ("日间照料", "运营", "v01", None, 200.0, "建筑", None),
    "m": ("日间照料", "停运", "k06", None, 900.0, "建筑", None),
    "s": ("居家服务站", "运营", "k08", None, 350.0, "建筑", None),
}

CENTRES = pd.DataFrame.from_dict(
    _CENTRES,
    orient="index",
    columns=["centre_kind", "status", "community", "serves", "area_m2", "area_kind", "shared_m2"],
).assign(name=[f"{id_}中心" for id_ in _CENTRES], position="given", street="东街")
