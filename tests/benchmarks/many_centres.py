"""A district of many centres, made up by chance, with every column that clauses ask for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from planner import tables

_LISTS = {
    "rooms": (
        "休息室", "沐浴间", "餐厅", "医疗保健室", "康复训练室", "心理疏导室", "阅览室", "网络室",
        "多功能活动室", "办公室", "厨房", "洗衣房", "公共卫生间", "库房",
    ),
    "building_services": ("供电", "给排水", "采暖通风", "通信", "消防", "网络"),
    "grounds": ("道路", "停车", "绿化", "室外活动场地"),
    "equipment": ("生活服务", "保健康复", "娱乐", "安防", "交通工具"),
}  # fmt: skip
_BOUNDS = {
    "area_m2": (200.0, 2_000.0), "capacity_persons": (5.0, 60.0), "beds": (0.0, 300.0),
    "living_area_m2": (60.0, 400.0), "health_area_m2": (20.0, 200.0),
    "recreation_area_m2": (20.0, 200.0), "support_area_m2": (40.0, 300.0),
    "rest_area_m2": (20.0, 250.0), "dining_area_m2": (20.0, 150.0), "dining_seats": (5.0, 60.0),
    "rest_room_persons": (1.0, 9.0), "door_width_m": (0.7, 1.2), "corridor_width_m": (1.2, 2.4),
    "window_ratio": (0.05, 0.3), "fire_class": (1.0, 4.0), "floor": (-1.0, 5.0),
    "site_area_m2": (100.0, 9_000.0), "building_density_percent": (10.0, 60.0),
    "ground_slope_percent": (0.0, 6.0), "shared_m2": (0.0, 100.0),
}  # fmt: skip
_WHOLE = ("capacity_persons", "beds", "dining_seats", "rest_room_persons", "fire_class", "floor")


def _texts(rng: np.random.Generator, count: int, items: tuple[str, ...]) -> list[str]:
    chosen = rng.random((count, len(items))) < 0.8
    return ["、".join(np.array(items)[row]) for row in chosen]


def many_centres(
    count: int, *, seed: int = 20_260_101, empty: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Return ``centres, communities, community_centre``, each community served by its own centre.

    Parameters
    ----------
    count
        How many of each.
    seed
        Of the chance.
    empty
        Share of the cells that clauses ask for that the ledger leaves empty.
    """
    rng = np.random.default_rng(seed)
    ids = [f"c{number:06d}" for number in range(count)]
    columns: dict[str, Any] = {
        name: rng.uniform(*bounds, count).round(0 if name in _WHOLE else 3)
        for name, bounds in _BOUNDS.items()
    }
    columns |= {name: _texts(rng, count, items) for name, items in _LISTS.items()}
    for column in tables.CENTRES:
        if column.name in tables.JUDGED_COLUMNS and column.kind == "choice":
            columns[column.name] = rng.choice(np.array(column.choices, dtype=object), count)
    columns["area_kind"] = rng.choice(np.array(["建筑", "使用", "未注明"], dtype=object), count)
    asked = pd.DataFrame(columns, index=ids)
    asked = asked.where(rng.random(asked.shape) >= empty)
    communities = pd.DataFrame(
        {
            "name": [f"{place}社区" for place in ids],
            "community_kind": "社区",
            "street": [f"{number % 20}街道" for number in range(count)],
            "population": rng.integers(3_000, 60_000, count).astype(float),
            "elderly_60": rng.integers(500, 9_000, count).astype(float),
        },
        index=[f"k{number:06d}" for number in range(count)],
    )
    kinds = np.array(["日间照料", "日间照料", "日间照料", "街道综合中心", "居家服务站", "机构"])
    centres = asked.assign(
        name=[f"{id_}中心" for id_ in ids],
        centre_kind=rng.choice(kinds, count).astype(object),
        status=rng.choice(np.array(["运营"] * 9 + ["停运"], dtype=object), count),
        position="given",
        community=list(communities.index),
        street=list(communities["street"]),
        serves=None,
    )
    serves = (centres["status"] == "运营") & (centres["centre_kind"] == "日间照料")
    walked = pd.Series(ids, index=communities.index, dtype=object).where(serves.to_numpy(), None)
    return centres, communities, walked
