"""The ledger of facilities: placed as history placed them, and kept as ledgers are kept."""

from __future__ import annotations

from typing import Final

import numpy as np

from sample_district import ground
from sample_district.communities import Community
from sample_district.ground import FloatArray

Row = dict[str, object]
HEADINGS: Final = (
    "编号", "名称", "设施类型", "运营状态", "所在街道", "所在社区", "服务社区", "经度", "纬度",
    "建筑面积", "面积口径", "共用面积", "功能用房", "楼层", "日托位", "床位",
    "投用年份",
)  # fmt: skip
KINDS: Final = {
    # kind: rows, what its name ends with, least and most m²
    "日间照料": (62, "老年人日间照料中心", 0, 0),
    "街道综合中心": (10, "综合养老服务中心", 1_050, 2_900),
    "机构": (6, "养老院", 3_600, 11_500),
    "居家服务站": (9, "居家养老服务站", 160, 420),
    "助餐点": (7, "长者食堂", 80, 260),
    "农村幸福院": (8, "互助幸福院", 180, 520),
    "活动室": (4, "老年活动室", 60, 190),
}
ROOMS: Final = (
    "休息室", "沐浴间", "餐厅", "医疗保健室", "康复训练室", "心理疏导室", "阅览室", "网络室",
    "多功能活动室", "办公室", "厨房", "洗衣房", "公共卫生间", "其他用房",
)  # fmt: skip
"""建标 143-2010 art. 10."""
DAY_STATUSES: Final = ("闲置",) * 4 + ("停运",) * 2 + ("在建",) * 4 + ("规划",) * 2
OPENS: Final = {"在建": (2026, 2027), "规划": (2030, 2034)}
"""Years in which what is being built or planned opens, in turn."""
PULL: Final = {"old": 3.6, "inner": 1.3, "rail": 0.8, "new": 0.6, "country": 0.06}
M2_PER_ELDER: Final = 0.39
CLASSES_M2: Final = ((30_000, 1_600.0), (15_000, 1_085.0), (10_000, 750.0))
USE_SHARE: Final = 0.65
DAY_USER_M2: Final = 8.5


def _places(communities: list[Community]) -> FloatArray:
    return np.array([[one.land.centroid.x, one.land.centroid.y] for one in communities])


def _seats(communities: list[Community]) -> set[str]:
    """Return the community in which each sub-district's office stands: the oldest of its middle."""
    seats = set()
    for street in sorted({one.street for one in communities}):
        here = [one for one in communities if one.street == street]
        middle = _places(here).mean(axis=0)
        seats.add(min(here, key=lambda one: float(np.hypot(
            one.land.centroid.x - middle[0], one.land.centroid.y - middle[1]))).code)  # fmt: skip
    return seats


def _door(community: Community, rng: np.random.Generator) -> ground.Point:
    """Return a door in a community: that of one of its buildings, shops first."""
    shops = [one for one in community.buildings if one.use != "住宅"]
    choices = shops if shops and rng.random() < 0.6 else community.buildings
    if not choices:
        inside = community.land.representative_point()
        return (inside.x, inside.y)
    spot = choices[int(rng.integers(len(choices)))].footprint.centroid
    return (spot.x, spot.y)


def _chosen(
    communities: list[Community], kind: str, count: int, rng: np.random.Generator
) -> list[Community]:
    """Choose where facilities stand: near offices and in old quarters, some twice in one place."""
    seats = _seats(communities)
    if kind == "农村幸福院":
        weights = [float(one.kind == "村") for one in communities]
    elif kind == "街道综合中心":
        weights = [float(one.code in seats and one.kind == "社区") for one in communities]
    elif kind == "机构":
        weights = [1.0 if one.quarter in ("rail", "country") else 0.4 for one in communities]
    else:
        weights = [PULL[one.quarter] * (5 if one.code in seats else 1) for one in communities]
    weights = [w * bool(one.buildings) for w, one in zip(weights, communities, strict=True)]
    twice = 5 if kind == "日间照料" else 0
    odds = np.array(weights) / sum(weights)
    places = rng.choice(len(communities), size=count - twice, replace=False, p=odds)
    again = rng.choice(places, size=twice, replace=False)
    return [communities[int(place)] for place in [*places, *again]]


def _served(
    places: FloatArray, communities: list[Community], reach_m: float
) -> list[list[Community]]:
    """Guess whom each day-care centre serves: communities nearest to it within reach."""
    middles = _places(communities)
    gaps = np.hypot(*(middles[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    served: list[list[Community]] = [[] for _ in places]
    for number, one in enumerate(communities):
        nearest = int(gaps[number].argmin())
        if gaps[number, nearest] <= reach_m and one.kind == "社区":
            served[nearest].append(one)
    return served


def _needed_m2(served: list[Community]) -> float:
    people = sum(one.population for one in served)
    elders = sum(one.elderly_60 for one in served)
    for least, area in CLASSES_M2:
        if people >= least:
            return area
    return max(150.0, M2_PER_ELDER * elders)


def _rooms(rng: np.random.Generator, *, few: bool) -> str:
    share = 0.55 if few else 0.95
    kept = [room for room in ROOMS if rng.random() < share]
    for room in ("休息室", "公共卫生间"):
        if room not in kept and not few:
            kept.append(room)
    return "、".join(room for room in ROOMS if room in kept)


def _day_care(rows: list[Row], served: list[list[Community]], rng: np.random.Generator) -> None:
    """Fill in what a day-care centre has; about a third fall short of the standard's area."""
    statuses = ["运营"] * (len(rows) - len(DAY_STATUSES)) + list(DAY_STATUSES)
    statuses = [statuses[int(k)] for k in rng.permutation(len(rows))]
    short = [k % 3 == 0 for k in range(len(rows))]
    for number, row in enumerate(rows):
        ratio = rng.uniform(0.35, 0.93) if short[number] else rng.uniform(1.02, 1.45)
        area = round(_needed_m2(served[number]) * float(ratio))
        row["运营状态"] = statuses[number]
        row["建筑面积"] = area
        row["面积口径"] = "建筑"
        draw = rng.random()
        if draw < 0.13:
            row["面积口径"], row["建筑面积"] = "使用", round(area * USE_SHARE)
        elif draw < 0.21:
            row["面积口径"] = ""
        if rng.random() < 0.2:
            row["共用面积"] = int(rng.integers(4, 13)) * 10
        row["功能用房"] = _rooms(rng, few=number % 4 == 0)
        row["楼层"] = int(rng.choice([1, 1, 1, 1, 1, 2, 2, 3]))
        row["日托位"] = max(5, int(area * USE_SHARE / DAY_USER_M2 * float(rng.uniform(0.4, 0.9))))
        if served[number] and rng.random() < 0.36:
            row["服务社区"] = "、".join(one.name for one in served[number])


def _other(row: Row, kind: str, rng: np.random.Generator) -> None:
    """Fill in what a facility of another kind has."""
    least, most = KINDS[kind][2:]
    row["建筑面积"] = int(rng.integers(least, most))
    row["面积口径"] = "建筑" if rng.random() < 0.85 else ""
    row["运营状态"] = str(rng.choice(["运营", "运营", "运营", "运营", "运营", "在建", "停运"]))
    row["楼层"] = int(rng.choice([1, 1, 1, 2]))
    row["功能用房"] = _rooms(rng, few=kind not in ("机构", "街道综合中心"))
    if kind == "机构":
        row["床位"] = int(rng.integers(8, 30)) * 10
    elif kind == "街道综合中心":
        row["床位"], row["日托位"] = int(rng.integers(10, 40)), int(rng.integers(20, 60))


def _row(community: Community, kind: str, again: bool) -> Row:
    row: Row = dict.fromkeys(HEADINGS, "")
    row["名称"] = community.name + KINDS[kind][1] + ("（二部）" if again else "")
    row["设施类型"] = kind
    row["所在街道"] = community.street
    row["所在社区"] = community.name
    return row


def _faults(rows: list[Row], water: ground.Point) -> None:
    """Put in the faults that real ledgers have, one of each, among the operating day centres."""
    day = [row for row in rows if row["设施类型"] == "日间照料" and row["运营状态"] == "运营"]
    day[2]["建筑面积"] = ""
    day[5]["建筑面积"] = "约300㎡"
    lon, lat = ground.gcj02(np.array([water]))[0]
    day[9]["经度"], day[9]["纬度"] = f"{lon:.6f}", f"{lat:.6f}"
    day[13]["经度"], day[13]["纬度"] = "", ""
    day[17]["经度"], day[17]["纬度"] = day[17]["纬度"], day[17]["经度"]
    day[21]["建筑面积"] = 0
    day[25]["面积口径"] = "占地"
    day[29]["楼层"] = -1
    rows.insert(rows.index(day[33]) + 9, dict(day[33]))


def _opening(rows: list[Row]) -> None:
    """Date what is being built or planned, but for one that its ledger says nothing of."""
    for status, years in OPENS.items():
        coming = [row for row in rows if row["运营状态"] == status]
        for number, row in enumerate(coming):
            row["投用年份"] = years[number % len(years)]
    built = [row for row in rows if row["运营状态"] == "在建" and row["设施类型"] == "日间照料"]
    built[-1]["投用年份"] = ""


def centre_rows(communities: list[Community]) -> list[Row]:
    """Return the ledger of facilities, faults and all, one mapping a row.

    Parameters
    ----------
    communities
        Every community and village, in the order of its code.
    """
    rng = ground.random_source(40)
    rows: list[Row] = []
    points: list[ground.Point] = []
    for kind, (count, *_) in KINDS.items():
        seen: set[str] = set()
        first = len(rows)
        for community in _chosen(communities, kind, count, rng):
            rows.append(_row(community, kind, community.code in seen))
            seen.add(community.code)
            points.append(_door(community, rng))
        if kind == "日间照料":
            served = _served(np.array(points[first:]), communities, 750.0)
            _day_care(rows[first:], served, rng)
        else:
            for row in rows[first:]:
                _other(row, kind, rng)
    shifted = ground.gcj02(np.array(points))
    order = [int(k) for k in rng.permutation(len(rows))]
    for row, (lon, lat) in zip(rows, shifted, strict=True):
        row["经度"], row["纬度"] = f"{lon:.6f}", f"{lat:.6f}"
    rows = [rows[k] for k in order]
    for number, row in enumerate(rows, start=1):
        row["编号"] = f"YL{number:03d}"
    _opening(rows)
    _faults(rows, (6_180.0, ground.river_middle(6_180.0)))
    return rows
