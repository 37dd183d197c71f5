"""Rooms that could become centres, and estates being built."""

from __future__ import annotations

from typing import Final

import numpy as np

from sample_district import ground
from sample_district.centres import Row
from sample_district.city import City
from sample_district.communities import Community
from sample_district.details import with_estate_details
from sample_district.ground import Point, random_source
from sample_district.names import unused_names

CANDIDATE_HEADINGS: Final = (
    "编号", "名称", "现状用途", "经度", "纬度", "可用面积", "面积口径", "楼层", "产权", "取得方式",
    "房屋安全鉴定", "消防手续", "改造费用(万元)",
)  # fmt: skip
ESTATE_HEADINGS: Final = (
    "编号", "名称", "所在街道", "经度", "纬度", "规划户数", "住宅建筑面积", "已交付养老用房",
    "规划", "建设", "验收", "交付",
)  # fmt: skip
PARTY_CENTRES: Final = 54
IDLE: Final = {"闲置厂房": ("industry", 8), "闲置学校": ("school", 9), "闲置办公楼": ("office", 9),
               "闲置商业用房": ("market", 5)}  # fmt: skip
ESTATES: Final = 15
PERMITS: Final = ("齐全", "齐全", "齐全", "不全", "未办理")


def _spread(communities: list[Community], count: int) -> list[Community]:
    """Choose communities all over the district, each far from those chosen before it."""
    able = [one for one in communities if one.buildings and one.quarter != "country"]
    able += [one for one in communities if one.buildings and one.kind == "村"][::9]
    places = np.array([[one.land.centroid.x, one.land.centroid.y] for one in able])
    elders = np.array([one.elderly_60 for one in able], dtype=float) ** 0.75
    chosen = [int(np.argmax(elders))]
    gaps = np.full(len(able), np.inf)
    while len(chosen) < count:
        gaps = np.minimum(gaps, np.hypot(*(places - places[chosen[-1]]).T))
        chosen.append(int(np.argmax(gaps * elders)))
    return [able[place] for place in sorted(chosen)]


def _party_centre(one: Community, rng: np.random.Generator) -> tuple[Row, Point]:
    """Return the room that a 党群服务中心 could share, and its door."""
    area = int(rng.choice([180, 240, 280, 320, 420, 560, 780, 820, 960, 1_120, 1_300]))
    middle = one.land.centroid
    central = sorted(one.buildings, key=lambda b: b.footprint.distance(middle))
    spot = central[int(rng.integers(min(6, len(central))))].footprint.centroid
    row: Row = {
        "名称": one.name + "党群服务中心",
        "现状用途": "党群服务中心",
        "可用面积": area + int(rng.integers(-15, 15)),
        "面积口径": "建筑" if rng.random() < 0.8 else "使用",
        "楼层": int(rng.choice([1, 1, 1, 2, 2, 3])),
        "产权": "国有" if one.kind == "社区" else "集体",
        "取得方式": "党群整合",
        "房屋安全鉴定": str(rng.choice(["合格", "合格", "合格", "合格", "未鉴定"])),
        "消防手续": str(rng.choice(PERMITS)),
        "改造费用(万元)": round(area * float(rng.uniform(0.08, 0.14))),
    }
    return row, (spot.x, spot.y)


def _idle(
    kind: str, serial: int, one: Community, use: str, rng: np.random.Generator
) -> tuple[Row, Point]:
    """Return an idle building and its door."""
    names = {"industry": "厂房", "school": "学校", "office": "办公", "market": "商业"}
    fitting = [b for b in one.buildings if b.use == names[use]] or one.buildings
    spot = fitting[int(rng.integers(len(fitting)))].footprint.centroid
    area = int(rng.integers(45, 260)) * 10
    row: Row = {
        "名称": f"{one.street}{serial}号{kind}",
        "现状用途": kind,
        "可用面积": area,
        "面积口径": str(rng.choice(["建筑", "建筑", "建筑", "使用", ""])),
        "楼层": int(rng.choice([1, 1, 1, 2, 3])),
        "产权": str(rng.choice(["国有", "国有", "集体", "私有"])),
        "取得方式": str(rng.choice(["改造", "置换", "回购", "租赁", "移交"])),
        "房屋安全鉴定": str(rng.choice(["合格", "合格", "合格", "不合格", "未鉴定"])),
        "消防手续": str(rng.choice(PERMITS)),
        "改造费用(万元)": round(area * float(rng.uniform(0.12, 0.24))),
    }
    return row, (spot.x, spot.y)


def _finish(
    rows: list[Row], points: list[Point], prefix: str, headings: tuple[str, ...]
) -> list[Row]:
    shifted = ground.gcj02(np.array(points))
    finished = []
    for number, (row, (lon, lat)) in enumerate(zip(rows, shifted, strict=True), start=1):
        whole = {**row, "编号": f"{prefix}{number:03d}", "经度": round(float(lon), 6),
                 "纬度": round(float(lat), 6)}  # fmt: skip
        finished.append({heading: whole[heading] for heading in headings})
    return finished


def candidate_rows(communities: list[Community]) -> list[Row]:
    """Return the ledger of rooms and buildings that could become centres.

    Parameters
    ----------
    communities
        Every community and village, in the order of its code.
    """
    rng = random_source(50)
    rows, points = [], []
    for one in _spread(communities, PARTY_CENTRES):
        row, point = _party_centre(one, rng)
        rows.append(row)
        points.append(point)
    for kind, (use, count) in IDLE.items():
        able = [one for one in communities if use in one.uses]
        order = rng.permutation(len(able))[:count]
        for serial, place in enumerate(order, start=1):
            row, point = _idle(kind, serial, able[int(place)], use, rng)
            rows.append(row)
            points.append(point)
    for place in (7, 31, 66):
        rows[place]["楼层"] = -1
    return _finish(rows, points, "BX", CANDIDATE_HEADINGS)


def estate_rows(city: City, communities: list[Community], taken: set[str]) -> list[Row]:
    """Return the ledger of new estates: most in the new district, few with rooms handed over.

    Parameters
    ----------
    city
        Its cleared cells are where estates are being built.
    communities
        To tell in which sub-district each lies.
    taken
        Names in use; those of the estates are added.
    """
    rng = random_source(51)
    cells = [cell for cell in city.cells if cell.use == "cleared"]
    cells += [c for c in city.cells if c.use == "homes" and c.quarter == "new"][::6]
    cells = cells[:ESTATES]
    names = unused_names(len(cells), 52, taken)
    rows, points, homes = [], [], []
    for cell, name in zip(cells, names, strict=True):
        spot = cell.polygon.centroid
        home = next(one for one in communities if one.land.contains(spot))
        households = int(cell.polygon.area / 10_000 * float(rng.uniform(55, 110)))
        stage = int(rng.integers(1, 5))
        steps = ["已同步" if rng.random() < 0.72 else "未同步" for _ in range(stage)]
        steps += ["未到阶段"] * (4 - stage)
        handed = 0
        if stage == 4 and steps[3] == "已同步":
            handed = int(households / 100 * float(rng.uniform(11, 27)))
        row: Row = {
            "名称": name + "苑", "所在街道": home.street, "规划户数": households,
            "住宅建筑面积": int(households * float(rng.uniform(98, 126))), "已交付养老用房": handed,
            "规划": steps[0], "建设": steps[1], "验收": steps[2], "交付": steps[3],
        }  # fmt: skip
        rows.append(row)
        points.append((spot.x, spot.y))
        homes.append(home.name)
    return with_estate_details(_finish(rows, points, "XJ", ESTATE_HEADINGS), homes)
