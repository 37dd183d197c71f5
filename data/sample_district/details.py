"""What clauses ask of facilities and estates, invented: rooms, widths, lifts, dates of steps.

From random sources of their own, so that everything else in the sample stays as it is without.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sample_district import ground

Row = dict[str, object]
CENTRE_DETAILS: Final = (
    "持证护理员", "建设性质", "生活服务用房面积", "保健康复用房面积", "娱乐用房面积",
    "辅助用房面积", "休息室面积", "餐厅面积", "餐位数", "休息室每间人数", "独立出入口", "电梯",
    "无障碍坡道", "救护车通达", "门净宽(m)", "走道净宽(m)", "窗地比", "耐火等级", "抗震设防类别",
    "建筑设备", "场地", "设备配备",
)  # fmt: skip
ESTATE_DETAILS: Final = (
    "所在社区", "建成情况", "养老用房楼层", "养老用房处数", "最小单处面积", "规划时间", "竣工时间",
    "验收时间", "交付时间", "住宅交付时间",
)  # fmt: skip
SURVEYED: Final = {
    "日间照料": 0.86,
    "街道综合中心": 0.9,
    "机构": 0.8,
    "居家服务站": 0.4,
    "农村幸福院": 0.3,
}
"""Share of facilities of each kind whose building somebody has measured."""

FILLED: Final = 0.93
"""Share of cells that are filled in where somebody has."""

USE_SHARE: Final = 0.65
MISSING: Final = ""
BUILDING: Final = ("供电", "给排水", "采暖通风", "通信", "消防", "网络")
GROUNDS: Final = ("道路", "停车", "绿化", "室外活动场地")
EQUIPMENT: Final = ("生活服务", "保健康复", "娱乐", "安防", "交通工具")
WINDOWS: Final = ("1:5", "1:5", "1∶6", "1/6", "1:6", "1:7", "1:8", "0.18", "17%", "15%")
FIRE: Final = ("二级", "二级", "二级", "二级", "2级", "一级", "三级", "二级及以上")
QUAKE: Final = ("重点设防类（乙类）", "乙类", "重点设防类", "标准设防类（丙类）", "丙类")
BUILT: Final = ("改建", "改建", "改造", "新建", "新建", "扩建")
DUE: Final = "2026-12"
"""When what has not reached its stage is to be done."""


def _some(items: tuple[str, ...], share: float, rng: np.random.Generator) -> str:
    kept = [item for item in items if rng.random() < share]
    return "、".join(kept or items[:1])


def _area_m2(row: Row) -> float | None:
    """Return the use area of a facility whose ledger gives a plain area, else ``None``."""
    area = row["建筑面积"]
    if not isinstance(area, int) or area <= 0 or row["面积口径"] == "占地":
        return None
    return area if row["面积口径"] == "使用" else area * USE_SHARE


def _rooms(row: Row, rng: np.random.Generator) -> Row:
    """Return areas of rooms: rest and dining rooms by the places, the rest by the groups."""
    use = _area_m2(row)
    rest_a_place, seats_a_place = float(rng.uniform(3.4, 4.8)), float(rng.uniform(0.75, 1.15))
    dining_a_seat, living = float(rng.uniform(2.2, 2.9)), float(rng.uniform(0.34, 0.44))
    shares = rng.dirichlet((24.0, 30.0, 40.0))
    places = row["日托位"]
    if use is None or not isinstance(places, int):
        return {}
    seats = round(places * seats_a_place)
    rest, dining = places * rest_a_place, seats * dining_a_seat
    wanted = max(living * use, 1.08 * (rest + dining))
    scale = min(1.0, 0.62 * use / wanted)
    wanted = max(living * use, wanted * scale)
    return {
        "生活服务用房面积": int(wanted),
        **{
            f"{name}用房面积": int((use - wanted) * float(share))
            for name, share in zip(("保健康复", "娱乐", "辅助"), shares, strict=True)
        },
        "休息室面积": int(rest * scale), "餐厅面积": int(dining * scale), "餐位数": seats,
    }  # fmt: skip


def _building(row: Row, rng: np.random.Generator) -> Row:
    upstairs = isinstance(row["楼层"], int) and row["楼层"] > 1
    there, missing = (("有", "无"), ("是", "否"), ("√", "×"))[int(rng.integers(3))]

    def stands(share: float) -> str:
        return there if rng.random() < share else missing

    door = rng.uniform(0.9, 1.15) if rng.random() < 0.78 else rng.uniform(0.78, 0.89)
    corridor = rng.uniform(1.8, 2.4) if rng.random() < 0.7 else rng.uniform(1.3, 1.78)
    return {
        "持证护理员": int(rng.integers(1, 9)),
        "建设性质": str(rng.choice(BUILT)),
        "休息室每间人数": int(rng.choice([2, 4, 4, 4, 5, 6, 6, 8])),
        "独立出入口": stands(0.85),
        "电梯": stands(0.55 if upstairs else 0.08),
        "无障碍坡道": stands(0.35 if upstairs else 0.8),
        "救护车通达": stands(0.9),
        "门净宽(m)": round(float(door), 2),
        "走道净宽(m)": round(float(corridor), 2),
        "窗地比": str(rng.choice(WINDOWS)),
        "耐火等级": str(rng.choice(FIRE)),
        "抗震设防类别": str(rng.choice(QUAKE)),
        "建筑设备": _some(BUILDING, 0.93, rng),
        "场地": _some(GROUNDS, 0.82, rng),
        "设备配备": _some(EQUIPMENT, 0.84, rng),
    }  # fmt: skip


def with_centre_details(rows: list[Row]) -> list[Row]:
    """Return the ledger of facilities with what clauses ask for; a repeated row repeats it.

    Parameters
    ----------
    rows
        The ledger as it is without: one mapping a row, ids under 编号.
    """
    rng = ground.random_source(60)
    known: dict[object, Row] = {}
    for row in rows:
        if row["编号"] in known:
            continue
        details: Row = dict.fromkeys(CENTRE_DETAILS, MISSING)
        measured = rng.random() < SURVEYED.get(str(row["设施类型"]), 0.0)
        found = {**_building(row, rng), **_rooms(row, rng)}
        filled = rng.random(len(CENTRE_DETAILS)) < FILLED
        for name, is_filled in zip(CENTRE_DETAILS, filled, strict=True):
            if measured and is_filled:
                details[name] = found.get(name, MISSING)
        known[row["编号"]] = details
    # Typed in millimetres under a heading in metres, as it happens.
    next(one for one in known.values() if one["门净宽(m)"])["门净宽(m)"] = 900
    return [{**row, **known[row["编号"]]} for row in rows]


def _month(year: int, month: int) -> str:
    """Return a month, counted on beyond December, as ledgers write it."""
    return f"{year + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}"


def _steps(row: Row, rng: np.random.Generator) -> Row:
    """Return the dates of an estate's four steps: what is 未同步 came late, or has not come."""
    year, month = int(rng.integers(2018, 2021)), int(rng.integers(1, 13))
    built = month + int(rng.integers(26, 38))
    due = {"规划": month, "建设": built, "验收": built + 2, "交付": built + 4}
    dates: Row = {}
    for step, heading in zip(
        due, ("规划时间", "竣工时间", "验收时间", "交付时间"), strict=True
    ):  # fmt: skip
        late, comes = int(rng.integers(7, 20)), rng.random() < 0.5
        if row[step] == "已同步":
            dates[heading] = _month(year, due[step])
        elif row[step] == "未同步":
            dates[heading] = _month(year, due[step] + late) if comes else MISSING
        else:
            dates[heading] = DUE if comes else MISSING
    stands = row["交付"] != "未到阶段"
    return {**dates, "住宅交付时间": _month(year, built + 5) if stands else DUE}


def with_estate_details(rows: list[Row], communities: list[str]) -> list[Row]:
    """Return the ledger of estates with floors, places and dates.

    Parameters
    ----------
    rows
        The ledger as it is without: one mapping a row.
    communities
        The name of the community that each lies in.
    """
    rng = ground.random_source(61)
    told = []
    for row, community in zip(rows, communities, strict=True):
        area, places = row["已交付养老用房"], int(rng.choice([1, 1, 2, 3]))
        floor, share = int(rng.choice([1, 1, 1, 2, 3, -1])), float(rng.uniform(0.6, 1.0))
        details: Row = {
            "所在社区": community,
            "建成情况": "已建" if row["交付"] != "未到阶段" and row["建设"] == "未同步" else "新建",
            "养老用房楼层": MISSING, "养老用房处数": MISSING, "最小单处面积": MISSING,
            **_steps(row, rng),
        }  # fmt: skip
        if isinstance(area, int) and area > 0:
            least = area if places == 1 else int(area / places * share)
            details |= {"养老用房楼层": floor, "养老用房处数": places, "最小单处面积": least}
        told.append({**row, **{name: details[name] for name in ESTATE_DETAILS}})
    return told
